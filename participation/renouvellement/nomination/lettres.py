"""Letters about a place offered after the list is settled."""

from django.urls import reverse

from participation.renouvellement.candidatures.lettres import contexte_de, ecrire_au_candidat
from participation.renouvellement.models import Candidature
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service


def dire_l_appel(candidature: Candidature) -> None:
    lien = reverse("renouvellement:repondre_appel", args=[candidature.jeton()])
    ecrire_au_candidat("appeler_suivant", candidature, "appeler", lien=lien)


def dire_la_reponse(candidature: Candidature) -> None:
    """Tell the service that an offered seat was accepted or declined."""
    ecrire(
        "renouvellement/repondre_appel",
        a=adresses_du_service(),
        cle=f"candidature:{candidature.pk}:repondre_appel",
        contexte=contexte_de(candidature, lien=candidature.get_absolute_url()),
    )
