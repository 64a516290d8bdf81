"""A candidature taken back, by its link or by the service."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.inclusion.profils.actes import oublier_reponses
from participation.renouvellement.candidatures import lettres
from participation.renouvellement.candidatures.actes import SANS_CHOIX, RetirerForm, resserrer_attente
from participation.renouvellement.models import Candidature
from participation.renouvellement.workflow import EtatCandidature
from participation.socle.actions.avancer import Pas, exiger
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


@transaction.atomic
def retirer_candidature(candidature: Candidature) -> None:
    """Withdraw a candidature by its link."""
    _retirer(candidature, exiger(candidature, "retirer_candidature", par=None), "retirée par son auteur")


@acte(
    Page[Candidature](
        form=RetirerForm,
        consequence="À la demande de la personne, reçue hors ligne. Elle en est prévenue par courriel.",
        succes="La candidature est retirée.",
        retour=lambda candidature, _: reverse("renouvellement:candidatures", args=[candidature.campagne_id]),
    )
)
@transaction.atomic
def retirer_candidature_agent(candidature: Candidature, *, par: Compte, motif: str) -> None:
    """Withdraw a candidature for the person, who asked by other means."""
    _retirer(candidature, exiger(candidature, "retirer_candidature_agent", par=par), "retirée", motif)


def _retirer(candidature: Candidature, pas: Pas, dit: str, motif: str = "") -> None:
    """Erase at once a candidature never confirmed; keep another until the end of the delay."""
    if candidature.etat == EtatCandidature.RETIREE:
        return
    if candidature.etat == EtatCandidature.A_CONFIRMER:
        candidature.delete()
        return
    candidature.conserver()
    oublier_reponses("candidature", candidature.campagne_id, f"candidature:{candidature.pk}")
    pas.avancer(
        champs={"etat": EtatCandidature.RETIREE, "retiree_le": timezone.now(), **SANS_CHOIX},
        fait=f"Candidature n° {candidature.numero} {dit}",
        motif=motif,
    )
    resserrer_attente(candidature.college)
    lettres.ecrire_au_candidat("retirer_candidature", candidature, "retirer")
