"""Remontées that say the same: joined in a sujet."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.socle.actions import exiger, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_parmi
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from remontees.models import Remontee, Sujet
from remontees.routage.classement import semblables
from remontees.sujets.actes import etendre, exiger_en_cours, ouvrir_sujet, rattacher
from remontees.sujets.rattachement import ou_rattacher, sujets_ou_rattacher
from remontees.tri.actes import avec_les_injoignables
from remontees.workflow import Etat, EtatSujet


class ReunirForm(ActeForm):
    objet: Remontee

    autre = champ_ligne(
        "Référence de l’autre remontée",
        "Par exemple REM-2026-0012. Si elle est déjà dans un sujet, c’est celui-là.",
        maximum=20,
        erreur="Donnez la référence de l’autre remontée.",
        court=True,
    )
    titre = champ_ligne(
        "Titre du sujet", "Ce dont il s’agit et où. Aucun nom de personne.", maximum=160, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        proche = next(iter(semblables(self.objet, 1)), None)
        return {"autre": proche.remontee.reference if proche else "", "titre": self.objet.titre}

    def clean_autre(self) -> Remontee:
        reference = str(self.cleaned_data["autre"]).strip().upper()
        visibles = Remontee.objects.visibles_par(self.par) if self.par else Remontee.objects.none()
        trouvee: Any = visibles.filter(reference=reference).first()
        if trouvee is None:
            raise ValidationError(f"Aucune remontée ne porte la référence « {reference} ».")
        if trouvee.pk == self.objet.pk:
            raise ValidationError("C’est la remontée que vous lisez : donnez la référence de l’autre.")
        autre: Remontee = trouvee
        return autre


@acte(
    Page[Remontee](
        form=ReunirForm,
        consequence="Une seule réponse pour toutes les deux. Vous pourrez détacher l’une ou l’autre.",
        gabarit="remontees/tri/acte_de_tri.html",
        contexte=lambda _, remontee, form: {
            "remontee": remontee,
            "semblables": semblables(remontee),
            "proposees": [],
        },
        succes=lambda remontee, sujet: f"{remontee.reference} est dans le sujet {sujet.reference}.",
    )
)
@transaction.atomic
def reunir(remontee: Remontee, *, par: Compte, autre: Remontee, titre: str = "") -> Sujet:
    """Group two remontées in the sujet of `autre`, or in a new one; return the sujet.

    Raises ErreurMetier when `autre` cannot be grouped, ValidationError for a new sujet without title.
    """
    if autre.pk == remontee.pk:
        raise ErreurMetier("C’est la même remontée.")
    pas = exiger(remontee, "reunir", par=par)
    if autre.sujet_commun is not None:
        verrouiller(autre.sujet_commun)  # lock order: the sujet before its remontées, as when it is answered
    relue: Any = Remontee.objects.select_for_update(of=("self",), no_key=True).get(pk=autre.pk)
    autre = relue
    sujet = autre.sujet_commun
    if sujet is None:
        if not titre.strip():
            raise ValidationError({"titre": "Donnez un titre au sujet."})
        sujet = ouvrir_sujet(
            Sujet(),
            par=par,
            titre=titre,
            categorie=remontee.categorie or autre.categorie,
            commune=remontee.commune if remontee.commune == autre.commune else None,
            quartier=remontee.quartier if remontee.quartier == autre.quartier else None,
        )
        rattacher(autre, par=par, sujet=sujet)
    else:
        exiger_en_cours(sujet)
    pas.avancer(
        champs={"sujet_commun": sujet, "agent": remontee.agent or sujet.agent},
        fait=f"Réunie avec {autre.reference} dans le sujet {sujet.reference}",
        details={"sujet": sujet.pk, "autre": autre.pk},
    )
    etendre(sujet, remontee)
    return sujet


class RattacherForm(ActeForm):
    objet: Remontee

    # Any that `sujets_ou_rattacher` gives is valid; the page shows those found by `lectures.sujets_proches.ou_rattacher`.
    sujet: Any = champ_parmi(
        "Sujet",
        Sujet.objects.none(),
        vide=None,
        erreur="Choisissez le sujet.",
        messages={"invalid_choice": "Ce sujet n’est plus proposé (il est clos) : choisissez-en un autre."},
    )

    def initiales(self) -> Mapping[str, Any]:
        """Propose the sujet that the person recognised."""
        return {"sujet": self.objet.sujet_propose_id}

    def preparer(self) -> None:
        self.choisir("sujet", sujets_ou_rattacher(self.objet))

    @property
    def choisi(self) -> int | None:
        """Primary key of the ticked sujet, sent or proposed."""
        valeur = str(self["sujet"].value() or "")
        return int(valeur) if valeur.isdecimal() and len(valeur) < 10 else None


CHERCHE_MAX = 100


def ou_la_rattacher(request: RequeteConnectee, remontee: Remontee, form: Any) -> dict[str, Any]:
    cherche = " ".join(request.GET.get("q", "").replace("\0", "").split())[:CHERCHE_MAX]
    trouves, il_y_en_a_d_autres = ou_rattacher(remontee, cherche, form.choisi)
    return {
        "remontee": remontee,
        "trouves": trouves,
        "il_y_en_a_d_autres": il_y_en_a_d_autres,
        "cherche": cherche,
        "retour_demande": request.GET.get("retour", ""),
        "choisi": form.choisi,
    }


def dire_a_qui_est_repondu(remontee: Remontee) -> str:
    rapporteur = getattr(remontee, "rapporteur", None)
    if rapporteur is not None and rapporteur.moyen_d_envoi:
        return "Sa réponse part à la personne."
    return "Sa réponse est au dossier : la personne ne peut pas être prévenue par nous."


def dire_le_sujet(remontee: Remontee, _: Any) -> str:
    sujet: Any = remontee.sujet_commun
    fait = f"{remontee.reference} est dans le sujet {sujet.reference}."
    if remontee.etat == Etat.REPONDUE:
        return f"{fait} {dire_a_qui_est_repondu(remontee)}"
    return avec_les_injoignables(fait, remontee) if remontee.est_urgente else fait


RATTACHER: Page[Remontee] = Page(
    rattacher,
    RattacherForm,
    "La réponse du sujet sera celle de cette remontée. Si le sujet est déjà répondu, elle part aussitôt à la personne.",
    gabarit="remontees/dossiers/rattacher.html",
    contexte=ou_la_rattacher,
    succes=dire_le_sujet,
)


class RattacherEnNombreForm(ActeForm):
    sujet = champ_ligne(
        "Référence du sujet",
        "Par exemple SUJ-2026-0012. Pas encore de sujet ? Ouvrez-en un d’abord.",
        maximum=20,
        erreur="Donnez la référence du sujet.",
        court=True,
    )

    def clean_sujet(self) -> Sujet:
        reference = str(self.cleaned_data["sujet"]).strip().upper()
        sujet: Any = Sujet.objects.filter(reference=reference).exclude(etat=EtatSujet.CLOS).first()
        if sujet is None:
            raise ValidationError(f"Aucun sujet en cours ou répondu ne porte la référence « {reference} ».")
        trouve: Sujet = sujet
        return trouve
