"""Search of the agents: signers on paper, who have no address to be found by."""

import pytest
from django.urls import reverse

from petitions.models import FeuillePapier
from petitions.signatures.regles import nom_canonique
from tests.outils import lire
from tests.petitions.factories import PetitionFactory, SignatureFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mots", ["Ginette Feuille", "feuille ginette"])
def test_a_signer_on_paper_is_found_by_her_whole_name_in_either_order(agent, client, mots):
    petition = PetitionFactory(en_collecte=True)
    feuille = FeuillePapier.objects.create(petition=petition, numero=1)
    SignatureFactory(
        petition=petition,
        confirmee=True,
        prenom="Ginette",
        nom="Feuille",
        nom_canonique=nom_canonique("Ginette", "Feuille"),
        courriel=None,
        courriel_canonique="",
        origine="papier",
        feuille=feuille,
        ligne=1,
    )
    client.force_login(agent)

    page = lire(client.get(reverse("socle:recherche"), {"q": mots}))

    assert f"signataire sur papier de « {petition.titre} »" in page


def test_found_by_a_word_a_signer_shows_no_whole_address(agent, client):
    une = SignatureFactory(
        confirmee=True,
        nom="Ravel",
        nom_canonique=nom_canonique("", "Ravel"),
        courriel="lucie@essai.fr",
        courriel_canonique="lucie@essai.fr",
    )
    client.force_login(agent)
    adresse = reverse("petitions:signataires", args=[une.petition_id])

    par_le_mot = lire(client.get(adresse, {"q": "ravel"}))
    par_l_adresse = lire(client.get(adresse, {"q": "lucie@essai.fr"}))

    assert ("lucie@essai.fr" in par_le_mot, "l…@essai.fr" in par_le_mot) == (False, True)
    assert "lucie@essai.fr, " in par_l_adresse
