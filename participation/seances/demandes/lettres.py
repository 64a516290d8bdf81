"""Letters about demands of members."""

from django.urls import reverse

from participation.seances.models import DemandePoint, Seance
from participation.socle.courriels.ecriture import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.models import Compte


def devoir_inscrire(demande: DemandePoint, *, requis: int) -> None:
    """Tell the agents that a demand must be put on an agenda."""
    for agent in Compte.objects.agents_du_service():
        ecrire(
            "seances/devoir_inscrire",
            a=[agent.courriel],
            cle=f"devoir_inscrire:{demande.pk}:{agent.pk}",
            contexte={
                "demande": demande,
                "requis": requis,
                "lien": reverse("seances:inscrire_demande", args=[demande.pk]),
            },
        )


def inscrire_demande(demande: DemandePoint, seance: Seance) -> None:
    """Tell the author and the supporters which séance has their point on its agenda."""
    soutiens = demande.soutiens.select_related("membre__compte")
    ecrire_a_plusieurs(
        "seances/inscrire_demande",
        [Destinataire(soutien.membre.compte.courriel) for soutien in soutiens],
        cle=f"inscrire_demande:{demande.pk}",
        contexte={
            "demande": demande,
            "seance": seance,
            "lien": reverse("seances:ma_seance", args=[seance.pk]),
        },
    )
