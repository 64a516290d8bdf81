"""Letters about a sujet: to agents, services and subscribers."""

from django.urls import reverse

from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.models import Compte
from participation.suites.abonnements.lettres import prevenir_abonnes
from remontees.models import Sujet


def faire_relire(sujet: Sujet, *, par: Compte) -> None:
    """Tell the other agents that an answer awaits them; without any, write to the shared mailbox."""
    autres = Compte.objects.agents_du_service().exclude(pk=par.pk).order_by("pk")
    ecrire(
        "remontees/faire_relire",
        a=list(autres.values_list("courriel", flat=True)) or adresses_du_service(),
        dossier=sujet,
        contexte={"sujet": sujet, "par": par, "lien": reverse("remontees:relire", args=[sujet.pk])},
    )


def repondre_sujet(sujet: Sujet) -> None:
    """Tell the services that answered what was sent to the people."""
    for part in sujet.attributions.exclude(repondue_le=None).select_related(
        "direction", "commune", "organisme"
    ):
        ecrire("remontees/repondre_sujet", a=part.adresses(), dossier=sujet, contexte={"sujet": sujet})


def annoncer_reponse(sujet: Sujet) -> None:
    """Tell the subscribers of the sujet, once per answer."""
    prevenir_abonnes(
        sujet,
        "remontees/annoncer_reponse",
        {"sujet": sujet},
        cle=f"reponse-sujet:{sujet.pk}:{sujet.repondu_le:%Y%m%d%H%M%S}",
    )
