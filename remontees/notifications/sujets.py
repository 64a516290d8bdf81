"""What is told of a sujet beyond the people who spoke: the services that answered."""

from django.urls import reverse

from participation.socle.courrier import ecrire
from participation.socle.models import Compte
from participation.socle.notifications import adresses_du_service
from participation.suites.notifications import prevenir_abonnes
from remontees.models import Sujet


def faire_relire(sujet: Sujet, *, par: Compte) -> None:
    """The other agents learn that an answer waits for one of them; alone in the service, the shared mailbox does."""
    autres = Compte.objects.agents_du_service().exclude(pk=par.pk).order_by("pk")
    ecrire(
        "remontees/faire_relire",
        a=list(autres.values_list("courriel", flat=True)) or adresses_du_service(),
        dossier=sujet,
        contexte={"sujet": sujet, "par": par, "lien": reverse("remontees:relire", args=[sujet.pk])},
    )


def repondre_sujet(sujet: Sujet) -> None:
    """The services that answered read what the people were told."""
    for part in sujet.attributions.exclude(repondue_le=None).select_related(
        "direction", "commune", "organisme"
    ):
        ecrire("remontees/repondre_sujet", a=part.adresses(), dossier=sujet, contexte={"sujet": sujet})


def annoncer_reponse(sujet: Sujet) -> None:
    """Those who follow the sujet by mail, once for each answer."""
    prevenir_abonnes(
        sujet,
        "remontees/annoncer_reponse",
        {"sujet": sujet},
        cle=f"reponse-sujet:{sujet.pk}:{sujet.repondu_le:%Y%m%d%H%M%S}",
    )
