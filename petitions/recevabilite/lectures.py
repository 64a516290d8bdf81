"""Examination of the comité on the page of a dossier: grid, remaining delay, similar pétitions,
rewordings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import accorder, majuscule
from participation.socle.models import Echeance
from petitions.models import ExamenCritere, Petition

PROCHES_MONTREES = 6


@dataclass(frozen=True, slots=True)
class LigneExamen:
    """A criterion, its last examination, and whether the text has changed since."""

    critere: Any
    examen: ExamenCritere | None
    est_depasse: bool = False
    autres: Sequence[ExamenCritere] = ()  # earlier examinations by other people, latest first

    @property
    def couleur(self) -> str:
        if self.examen is None:
            return "neutre"
        return {"rempli": "succes", "a_reformuler": "attention", "non_rempli": "erreur"}[
            self.examen.appreciation
        ]

    @property
    def libelle(self) -> str:
        return majuscule(self.examen.get_appreciation_display()) if self.examen else "À examiner"


@dataclass(frozen=True, slots=True)
class Silence:
    """Notice about the end of the delay of the comité: tone, title and sentence."""

    ton: str
    titre: str
    phrase: str


def grille(petition: Petition, texte_change_le: Any) -> list[LigneExamen]:
    tous = list(petition.examens.select_related("par").order_by("-le", "-pk"))
    lignes = []
    for critere in petition.reglement.criteres.all():
        dits = [examen for examen in tous if examen.critere_id == critere.pk]
        examen = dits[0] if dits else None
        depasse = examen is not None and texte_change_le is not None and examen.le < texte_change_le
        lignes.append(LigneExamen(critere, examen, depasse, dits[1:]))
    return lignes


def silence(petition: Petition) -> Silence | None:
    """Return the notice about the delay, from the first reminder of the règlement on; None before."""
    echeance: Echeance | None = petition.echeances.ouvertes().filter(cle="recevabilite").first()
    if echeance is None:
        return None
    if echeance.suspendue_le is not None:
        return Silence(
            "info",
            "Le délai du comité est arrêté.",
            f"Il s’est arrêté {dire_jours(echeance.jours_restants()).replace('dans', 'à')} de sa fin ; il reprend quand l’auteur répond.",
        )
    jours = echeance.jours_restants()
    if jours < 0:
        return Silence(
            "erreur",
            f"Le comité est {dire_jours(jours)}.",
            "Les pétitionnaires attendent une réponse depuis la fin du délai du règlement.",
        )
    paliers = [palier for palier in echeance.rappels if jours <= palier]
    if not paliers:
        return None
    fin = "aujourd’hui" if jours == 0 else dire_jours(jours)
    return Silence(
        "erreur" if min(paliers) == min(echeance.rappels) else "attention",
        f"Le délai du comité finit {fin}.",
        "Sans réponse à cette date, les pétitionnaires resteraient sans nouvelles.",
    )


def debut_carence(petition: Petition) -> Any:
    depose = timezone.localdate(petition.deposee_le) if petition.deposee_le else timezone.localdate()
    return ajouter_mois(depose, -petition.reglement.carence_sujet_mois)


def petitions_proches(petition: Petition) -> list[Petition]:
    """Return the similar pétitions filed within `carence_sujet_mois` before this one."""
    deposees = Petition.objects.filter(
        deposee_le__date__gte=debut_carence(petition), deposee_le__lt=petition.deposee_le
    ).exclude(pk=petition.pk)
    return list(deposees.proches(petition.titre)[:PROCHES_MONTREES])


def dire_jours(jours: int) -> str:
    if jours < 0:
        return f"en retard de {accorder(-jours, 'jour')}"
    return "aujourd’hui" if jours == 0 else f"dans {accorder(jours, 'jour')}"
