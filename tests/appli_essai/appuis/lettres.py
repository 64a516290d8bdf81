"""The letter that asks for the proof, through the gate."""

from django.urls import reverse
from django.utils import timezone

from participation.socle.courriels import porte
from tests.appli_essai.models import Appui


def appuyer(appui: Appui) -> None:
    """Write at most once a day."""
    porte.ecrire(
        "appli_essai/appuyer",
        a=appui.courriel,
        sujet=appui.reclamation,
        dossier=appui.reclamation,
        cle=f"{appui.CLE}:{appui.pk}:appuyer:{timezone.localdate():%Y%m%d}",
        mots={
            "titre": porte.lu(appui.reclamation, "titre"),
            "est_prouvee": appui.est_prouvee,
            "lien": reverse("appli_essai:confirmer_appui", args=[appui.jeton()]),
        },
    )
