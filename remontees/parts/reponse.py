"""The answer to the person, once services have given theirs; the end, the reopening."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.points.decisions import exiger_le_vote
from participation.socle.actions import annuler_echeance, avancer, exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_texte
from participation.socle.models import Compte, Courrier
from participation.socle.views.pages import Page, Reserve, acte
from remontees.modeles import a_completer, modeles_pour, remplir, reprendre, valeurs_de
from remontees.models import Rapporteur, ReglementRemontees, Remontee, Sujet
from remontees.parts import lettres
from remontees.parts.actes import ISSUES, REPONSE, TRI, RouvrirForm, devoir, exiger_jour
from remontees.personne import apercu, dire_a_qui
from remontees.workflow import Etat, Issue


def clore_les_repondues() -> int:
    """Close the remontées answered longer ago than `cloture_jours`; return how many."""
    jour = timezone.localdate() - timedelta(days=ReglementRemontees.actuel().cloture_jours)
    anciennes: Any = Remontee.objects.filter(
        etat__in=[Etat.REPONDUE, Etat.ORIENTEE], repondue_le__date__lt=jour
    ).order_by("pk")
    closes = 0
    for remontee in anciennes.iterator(chunk_size=500):
        try:
            clore(remontee, par=None)
            closes += 1
        except ActeInterdit:
            continue  # reopened meanwhile
    return closes


class RepondreForm(ActeForm):
    """Answer to a person, or to those of a sujet. Prefilled with the answers of the services."""

    issue = champ_choix(
        "Ce qu’il en devient",
        ISSUES,
        "« Traité » : c’est fait. Ne promettez rien : « prévu » demande une date.",
        boutons=True,
        erreur="Dites ce qu’il en devient.",
    )
    date_prevue = champ_jour("Prévu pour le", "Seulement si c’est prévu.", requis=False)
    reponse = champ_texte(
        "Votre réponse",
        "Envoyée telle quelle. Des mots simples.",
        maximum=6000,
        lignes=10,
        erreur="Écrivez la réponse.",
    )

    def initiales(self) -> Mapping[str, Any]:
        if getattr(self.objet, "est_a_relire", False):
            return {nom: getattr(self.objet, nom) for nom in self.base_fields}
        rendues = list(self.objet.attributions.exclude(repondue_le=None).order_by("repondue_le", "pk"))
        issues, dates = {r.issue for r in rendues}, {r.date_prevue for r in rendues if r.date_prevue}
        # All the texts of the services; the issue and the date only when they agree.
        return {
            "issue": issues.pop() if len(issues) == 1 else "",
            "date_prevue": dates.pop() if len(dates) == 1 else None,
            "reponse": "\n\n".join(r.reponse for r in rendues if r.reponse),
        }

    def clean_reponse(self) -> str:
        texte: str = self.cleaned_data["reponse"]
        if manque := a_completer(texte):
            raise ValidationError(f"Complétez « {manque} » avant d’envoyer, ou retirez-le.")
        return texte


class RepondreAvecModeleForm(RepondreForm):
    """Answer with models: choosing one fills the text, without validating or saving."""

    def preparer(self) -> None:
        self.modeles = modeles_pour(self.objet)
        self.choisi: int | None = None
        self.phrase_de_reprise = ""
        if self.is_bound and "reprendre" in self.data:
            self._reprendre()

    def _reprendre(self) -> None:
        """Unbind the form: the typed values become initial ones, without validation."""
        self.is_bound = False
        self.initial.update({nom: self.data.get(nom, "") for nom in self.base_fields})
        modele = next((m for m in self.modeles if str(m.pk) == self.data.get("modele")), None)
        if modele is None:
            self.phrase_de_reprise = "Choisissez un modèle dans la liste. Votre réponse n’a pas changé."
            return
        rempli = remplir(modele.texte, valeurs_de(self.objet))
        self.initial["reponse"] = reprendre(rempli, self.initial["reponse"])
        self.initial["issue"] = modele.issue or self.initial["issue"]
        self.choisi = modele.pk
        self.phrase_de_reprise = f"Modèle « {modele} » repris : relisez-le et changez ce qu’il faut."
        if a_completer(rempli):
            self.phrase_de_reprise += " Complétez ce qui est entre crochets."


def lettre_de_reponse(remontee: Remontee, reponses: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    repondue = Remontee(
        pk=remontee.pk,
        reference=remontee.reference,
        titre=remontee.titre,
        issue=reponses["issue"],
        reponse=reponses["reponse"],
        date_prevue=reponses["date_prevue"],
    )
    return apercu(repondue, "repondre", sujet=None)


def dire_si_elle_l_apprend(remontee: Remontee, prevenue: bool) -> str:
    if prevenue:
        return "Réponse envoyée à la personne."
    if lettres.moyen_vers(remontee) == Rapporteur.Prefere.RAPPEL:
        return Reserve(
            "Réponse enregistrée. Appelez la personne, puis notez l’appel : l’échéance vous le rappelle."
        )
    if Courrier.objects.a_poster().filter(dossier=remontee.pk).exists():
        return Reserve("Réponse enregistrée. Le courrier se prépare : imprimez-le, postez-le, puis dites-le.")
    return Reserve("Réponse enregistrée. La personne n’est pas prévenue par nous : à vous de le faire.")


@acte(
    Page[Remontee](
        form=RepondreAvecModeleForm,
        consequence=dire_a_qui,
        apercu=lettre_de_reponse,
        gabarit="remontees/dossiers/repondre.html",
        succes=dire_si_elle_l_apprend,
    )
)
@transaction.atomic
def repondre(
    remontee: Remontee, *, par: Compte, issue: str, reponse: str, date_prevue: date | None = None
) -> bool:
    """Answer the person. Return whether the letter leaves by mail or SMS.

    Raises ErreurMetier while a service must answer, ValidationError for « prévu » without a date.
    """
    exiger_jour(issue, date_prevue)
    pas = exiger(remontee, "repondre", par=par)
    exiger_le_vote(remontee, "repondre", par=par, motif=reponse, champ="reponse")
    pas.avancer(
        champs=_reponse(issue, reponse, date_prevue), fait=f"Réponse : {Issue(issue).label}", motif=reponse
    )
    annuler_echeance(remontee, REPONSE)
    annuler_echeance(remontee, TRI)
    return lettres.repondre(remontee)


def _reponse(issue: str, reponse: str, date_prevue: date | None) -> dict[str, Any]:
    return {"issue": issue, "reponse": reponse, "date_prevue": date_prevue, "repondue_le": timezone.now()}


def repondre_du_sujet(remontee: Remontee, sujet: Sujet, *, par: Compte | None) -> bool:
    """Copy the answer of the sujet to the remontée. Return whether the letter leaves by mail or SMS."""
    with transaction.atomic():
        avancer(
            remontee,
            "repondre_du_sujet",
            par=par,
            champs=_reponse(sujet.issue, sujet.reponse, sujet.date_prevue),
            motif=sujet.reponse,
            details={"sujet": sujet.pk},
        )
        return lettres.repondre(remontee, sujet=sujet)


@acte(Page[Remontee](form=RouvrirForm, consequence="La remontée revient au tri."))
@transaction.atomic
def rouvrir(remontee: Remontee, *, par: Compte | None, motif: str, mot: str = "") -> None:
    """Reopen a remontée, back to triage; the services that answered are told.

    `mot`: text for the services in place of `motif`, which the journal keeps for ever.
    """
    pas = exiger(remontee, "rouvrir", par=par)
    sujet = remontee.sujet_commun
    pas.avancer(
        champs={
            "issue": "",
            "reponse": "",
            "date_prevue": None,
            "repondue_le": None,
            "clos_le": None,
            "sujet_commun": None,
            # The sujet that gave the answer stays proposed.
            "sujet_propose": sujet,
            "organisme": None,
            "reouvertures": remontee.reouvertures + 1,
        },
        motif=motif,
    )
    devoir(remontee, TRI, "Relire ce qui a été rouvert")
    lettres.rouvrir(remontee, sujet, motif=mot or motif)


@acte(Page[Remontee](consequence="Plus rien n’est attendu. La personne pourra encore la faire rouvrir."))
def clore(remontee: Remontee, *, par: Compte | None) -> None:
    """Close a remontée, by an agent or by the daily task."""
    with transaction.atomic():
        avancer(remontee, "clore", par=par, champs={"clos_le": timezone.now()})
        annuler_echeance(remontee)


class RelireForm(ActeForm):
    """Without field; the answer is shown again when it changed meanwhile."""

    SURVEILLES = ("issue", "reponse", "date_prevue")
