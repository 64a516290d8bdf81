"""Letter to those who gave their support: the réclamation was dealt with."""

from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from tests.appli_essai.models import Appui, Reclamation


def traiter(reclamation: Reclamation) -> None:
    prouves = Appui.objects.filter(reclamation=reclamation, confirme_le__isnull=False).order_by("pk")
    ecrire_a_plusieurs(
        "appli_essai/traiter",
        (Destinataire(courriel) for courriel in prouves.values_list("courriel", flat=True)),
        contexte={"reclamation": reclamation, "lien": reclamation.get_public_url()},
        dossier=reclamation,
        cle=f"reclamation:{reclamation.pk}:traiter",
    )
