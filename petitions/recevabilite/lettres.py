"""Letters of the comité: demandes to the author, decisions."""

from datetime import date
from typing import Any

from django.urls import reverse

from participation.socle.courrier import ecrire
from participation.socle.models import Demande, ReglageService
from petitions.models import Petition
from petitions.nouvelles.lettres import ecrire_aux_petitionnaires


def demander_reformulation(petition: Petition, demande: Demande) -> None:
    ecrire(
        "petitions/demander_reformulation",
        a=demande.adresses(),
        dossier=petition,
        cle=f"demande:{demande.pk}",
        contexte={
            "petition": petition,
            "demande": demande,
            "lien": reverse("petitions:reformuler", args=[petition.pk]),
        },
    )


def declarer_recevable(petition: Petition, *, date_ouverture: date) -> None:
    _dire_la_decision(
        petition,
        "declarer_recevable",
        date_ouverture=date_ouverture,
        seuils=list(petition.reglement.seuils.all()),
    )


def declarer_irrecevable(petition: Petition) -> None:
    _dire_la_decision(petition, "declarer_irrecevable")


def transmettre(petition: Petition, *, courriel: str) -> None:
    """Write to the petitioners, and to the authority when its address is known."""
    _dire_la_decision(petition, "transmettre")
    if courriel:
        ecrire(
            "petitions/transmettre_autorite",
            a=[courriel],
            dossier=petition,
            repondre_a=ReglageService.actuel().contact,
            contexte={"petition": petition, "nombre": petition.copetitionnaires.confirmes().count()},
        )


def _dire_la_decision(petition: Petition, acte: str, **contexte: Any) -> None:
    dits = {
        "petition": petition,
        "service": ReglageService.actuel(),
        "lien": reverse("petitions:ma_petition", args=[petition.pk]),
        **contexte,
    }
    ecrire_aux_petitionnaires(petition, f"petitions/{acte}", dits)
