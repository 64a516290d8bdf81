"""Search in all the content from one field."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.views.recherche import DEPOSES_MONTRES
from tests.outils import requetes
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
URL = "/recherche/"


def test_an_exact_reference_goes_straight_to_its_dossier(client):
    client.force_login(CompteFactory(agent=True))
    petition = PetitionFactory(deposee=True, reference="PET-2026-0777")

    reponse = client.get(URL, {"q": " pet-2026-0777 "})

    assert reponse.url == reverse("socle:dossier", args=[petition.pk])


def test_an_agent_finds_dossiers_persons_and_communes(client):
    client.force_login(CompteFactory(agent=True))
    PetitionFactory(deposee=True, titre="Une fontaine au parc")
    CompteFactory(prenom="Zoé", nom="Fontaine")

    page = client.get(URL, {"q": "fontaine"}).content.decode()

    assert "Une fontaine au parc" in page
    assert "Zoé Fontaine" in page
    assert "Dossiers de Fontaine" in page


def test_others_than_agents_find_no_person_and_no_hidden_dossier(client):
    client.force_login(CompteFactory(elu=True))
    PetitionFactory(deposee=True, titre="Une fontaine cachée")
    CompteFactory(prenom="Zoé", nom="Fontaine")

    page = client.get(URL, {"q": "fontaine"}).content.decode()

    assert "Une fontaine cachée" not in page
    assert "Zoé Fontaine" not in page


def test_nothing_found_says_what_to_try(client):
    client.force_login(CompteFactory(agent=True))

    assert "Essayez un seul mot" in client.get(URL, {"q": "xyzzy"}).content.decode()


def test_an_author_and_a_copetitionnaire_lead_to_what_they_signed(client):
    petition = PetitionFactory(deposee=True, titre="Un banc à Vif", auteur=CompteFactory(nom="Ravix"))
    CoPetitionnaireFactory(petition=petition, prenom="Ondine", nom="Bruyère", courriel="ondine@exemple.fr")
    brouillon = PetitionFactory(titre="Un secret")
    CoPetitionnaireFactory(petition=brouillon, prenom="Oreste", nom="Bruyère")

    signee = SignatureFactory(courriel="iris.fabre@exemple.fr").petition
    client.force_login(CompteFactory(agent=True))
    assert (
        reverse("petitions:signataires", args=[signee.pk])
        in client.get(URL, {"q": "Iris.Fabre+x@exemple.fr"}).content.decode()
    )
    assert reverse("socle:dossier", args=[petition.pk]) in client.get(URL, {"q": "ravix"}).content.decode()
    for mots in ("bruyère ondine", "ondine@exemple.fr"):
        assert petition.get_absolute_url() in client.get(URL, {"q": mots}).content.decode()
    assert "Oreste" not in client.get(URL, {"q": "bruyère"}).content.decode()

    client.force_login(CompteFactory(elu=True))
    assert "Ondine" not in client.get(URL, {"q": "bruyère"}).content.decode()


def test_a_person_who_filed_many_dossiers_has_the_last_ones_and_how_many_are_followed(client):
    client.force_login(CompteFactory(agent=True))
    guichet = CompteFactory(prenom="Zoé", nom="Fontaine", agent=True)
    for rang in range(DEPOSES_MONTRES + 1):
        PetitionFactory(
            deposee=True,
            titre=f"Un banc {rang}",
            auteur=guichet,
            agent=guichet,
            ouvert_le=timezone.localtime() - timedelta(days=rang),
        )

    page = client.get(URL, {"q": "fontaine"}).content.decode()

    assert "Un banc 0" in page
    assert f"Un banc {DEPOSES_MONTRES - 1}" in page
    assert f"Un banc {DEPOSES_MONTRES}" not in page
    assert "Ce sont ses plus récents" in page
    assert f"{DEPOSES_MONTRES + 1} dossiers suivis" in page


def test_words_are_looked_for_in_the_nature_of_the_list(client):
    client.force_login(CompteFactory(agent=True))

    cherches = [s for s in requetes(client, "/remontees/sujets/?q=banc") if '"titre_simple" %>' in s]

    assert cherches
    assert all('"nature" = ' in s for s in cherches)
