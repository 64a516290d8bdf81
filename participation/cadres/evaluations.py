"""The evaluation of a démarche: who fills its grid, by a link; each criterion before and after, where they disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.cadres.models import Cadre, Critere, Evaluateur, NoteDeCritere, ReglementCadres
from participation.cadres.models.evaluations import ECHELLE
from participation.cadres.workflow import Moment
from participation.socle.actions import enregistrer, exiger
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne, champ_texte
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import publique
from participation.socle.http.protocole import Ensuite
from participation.socle.models import Compte
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import Page, acte, essayer


@dataclass(frozen=True, slots=True)
class Notes:
    """What was noted of one criterion at one moment."""

    valeurs: Sequence[int]

    @property
    def moyenne(self) -> Decimal | None:
        return Decimal(sum(self.valeurs)) / len(self.valeurs) if self.valeurs else None

    @property
    def etendue(self) -> int:
        return max(self.valeurs) - min(self.valeurs) if self.valeurs else 0


@dataclass(frozen=True, slots=True)
class Resultat:
    """`est_partage`: those who evaluate are further apart than the règlement says it must be told."""

    critere: Critere
    avant: Notes
    apres: Notes
    est_partage: bool

    @property
    def ecart(self) -> Decimal | None:
        """Return after minus before; None when one is missing."""
        avant, apres = self.avant.moyenne, self.apres.moyenne
        return apres - avant if avant is not None and apres is not None else None


def resultats(cadre: Cadre) -> list[Resultat]:
    """Return one line for each criterion that somebody noted, in the order of the grid: two queries."""
    lues: dict[tuple[int, str], list[int]] = {}
    notes = NoteDeCritere.objects.filter(evaluateur__cadre=cadre.pk).order_by("pk")
    for critere, moment, note in notes.values_list("critere", "evaluateur__moment", "note"):
        lues.setdefault((critere, moment), []).append(note)
    seuil = ReglementCadres.actuel().ecart_a_dire
    dits = []
    for critere in Critere.objects.filter(pk__in={numero for numero, _ in lues}):
        avant, apres = (Notes(lues.get((critere.pk, moment), ())) for moment in Moment)
        dits.append(Resultat(critere, avant, apres, max(avant.etendue, apres.etendue) >= seuil))
    return dits


MOMENTS = [(m.value, majuscule(m.label)) for m in Moment]
REPONSES = [(str(note), majuscule(mot)) for note, mot in ECHELLE] + [("", "Je ne sais pas")]


class EvaluerForm(ActeForm):
    """One question for each criterion; an answer left out says nothing. `notes`: by the number of its criterion."""

    remarque = champ_texte("Ce que les notes ne disent pas", maximum=3000, lignes=4, requis=False)

    def preparer(self) -> None:
        poses = Critere.objects.filter(est_actif=True)
        questions: dict[str, forms.Field] = {
            f"note_{critere.pk}": champ_choix(
                critere.question, REPONSES, critere.source, boutons=True, requis=False
            )
            for critere in poses
        }
        self.fields = {**questions, **self.fields}
        if isinstance(self.objet, Evaluateur):
            for note in self.objet.notes.all():
                self.initial[f"note_{note.critere_id}"] = str(note.note)
            self.initial["remarque"] = self.objet.remarque

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        notes = {
            int(nom[5:]): int(valeur) for nom, valeur in dit.items() if nom.startswith("note_") and valeur
        }
        if not self.errors and not notes and not dit.get("remarque"):
            raise ValidationError("Répondez au moins à une question, ou écrivez une remarque.")
        return {"remarque": dit.get("remarque", ""), "notes": notes}


@acte(
    Page[Cadre](
        consequence="Avec une adresse, elle ou il reçoit le lien de la grille, qui s’ouvre sans compte. Sans adresse, recopiez sa grille papier.",
        retour="#evaluation",
    )
)
@transaction.atomic
def inviter_evaluateur(
    cadre: Cadre,
    *,
    par: Compte,
    moment: Annotated[str, champ_choix("Moment", MOMENTS, boutons=True)],
    nom: Annotated[str, champ_ligne("Nom", "Lu par le service seul.", maximum=120)],
    qualite: Annotated[
        str, champ_ligne("Qualité", "« Participante », « élu », « commission d’évaluation ».", maximum=120, requis=False)
    ] = "",
    courriel: Annotated[str, champ_courriel("Adresse de courriel", requis=False)] = "",
) -> Evaluateur:  # fmt: skip
    pas = exiger(cadre, "inviter_evaluateur", par=par)
    if moment == Moment.AVANT and cadre.est_commence:
        raise ValidationError({"moment": "La démarche a commencé : il reste la grille d’après."})
    evaluateur = enregistrer(
        Evaluateur(cadre=cadre, moment=moment, nom=nom, qualite=qualite, courriel=courriel.strip().lower())
    )
    pas.avancer()
    if evaluateur.courriel:
        # Send the link of the grid, which opens without an account.
        ecrire(
            "cadres/inviter_evaluateur",
            a=[evaluateur.courriel],
            dossier=evaluateur.cadre,
            cle=f"cadres-evaluateur:{evaluateur.pk}",
            contexte={
                "cadre": evaluateur.cadre,
                "moment": evaluateur.get_moment_display(),
                "jusqu_au": evaluateur.cadre.date_debut if evaluateur.moment == Moment.AVANT else None,
                "lien": reverse("cadres:evaluer_par_lien", args=[evaluateur.jeton()]),
            },
        )
    return evaluateur


@acte(
    Page[Evaluateur](
        consequence="Son lien ne s’ouvre plus, et ses réponses sont effacées.", retour="#evaluation"
    )
)
@transaction.atomic
def retirer_evaluateur(evaluateur: Evaluateur, *, par: Compte) -> None:
    pas = exiger(evaluateur, "retirer_evaluateur", par=par)
    Evaluateur.objects.filter(pk=evaluateur.pk).delete()
    pas.avancer()


@acte(
    Page[Evaluateur](
        form=EvaluerForm,
        consequence=lambda e: f"La grille papier de {e}, {e.get_moment_display()}.",
        bouton="Enregistrer",
        retour="#evaluation",
    )
)
@transaction.atomic
def evaluer(
    evaluateur: Evaluateur, *, par: Compte | None, notes: Mapping[int, int], remarque: str = ""
) -> None:
    """Keep what she says; said again, it replaces what was. `notes`: criterion → 1 to 4."""
    pas = exiger(evaluateur, "evaluer", par=par)
    evaluateur.notes.all().delete()
    NoteDeCritere.objects.bulk_create(
        NoteDeCritere(evaluateur=evaluateur, critere_id=critere, note=note) for critere, note in notes.items()
    )
    pas.avancer(champs={"remarque": remarque, "rendue_le": timezone.now()})


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluer_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """Her answers stay there, to be changed."""
    evaluateur = du_lien_ou_404(Evaluateur.LIEN, jeton, Evaluateur.objects.select_related("cadre"))
    form = EvaluerForm(request.POST or None, objet=evaluateur)
    peut = evaluateur.permet("evaluer", None) and not evaluateur.est_close
    if request.method == "POST" and form.is_valid():
        essayer(form, lambda: evaluer(evaluateur, par=None, **form.cleaned_data))
        if not form.errors:
            return Ensuite(request.path)
    reponse = render(
        request,
        "cadres/evaluer.html",
        {"evaluateur": evaluateur, "cadre": evaluateur.cadre, "form": form, "peut": peut},
        status=422 if form.errors else 200,
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
