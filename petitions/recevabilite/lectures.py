"""Examination of the comité on the page of a dossier: grid, remaining delay, similar pétitions,
rewordings."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import accorder
from participation.socle.models import Echeance
from petitions.models import Petition
from petitions.workflow import Appreciation

PROCHES_MONTREES = 6


@dataclass(frozen=True, slots=True)
class Silence:
    """Notice about the end of the delay of the comité: tone, title and sentence."""

    ton: str
    titre: str
    phrase: str


def raisons_de_la_grille(petition: Petition) -> str:
    """Return the reasons given for what is not met, as a start for those of a decision."""
    dites = [raison for ligne in petition.grille() for raison in ligne.raisons(Appreciation.NON_REMPLI)]
    return "\n\n".join(dict.fromkeys(dites))


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
