"""A new agent is welcomed: what she may see, what to set, until she closes the page; who has not is listed."""

import pytest
from django.urls import reverse

from participation.socle.lectures.mise_en_place import parties
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_the_first_sign_in_opens_the_page_until_she_closes_it(client):
    nouvelle = CompteFactory(agent=True, prenom="Nour", accueilli_le=None)
    client.force_login(nouvelle)
    assert client.get(reverse("socle:accueil_compte")).url == reverse("socle:bienvenue")
    page = client.get(reverse("socle:bienvenue")).content.decode()
    for dit in (
        "Bienvenue Nour",
        "Ajouter un second facteur",
        "Savoir noter une absence",
        "ne sont lus que par",
    ):
        assert dit in page
    assert "Nour" in en_attente()

    client.post(reverse("socle:bienvenue"))
    assert client.get(reverse("socle:accueil_compte")).url == reverse("socle:journee")
    assert "Nour" not in en_attente()


def test_who_has_no_back_office_is_sent_to_her_own_space(client):
    client.force_login(CompteFactory(accueilli_le=None))
    assert client.get(reverse("socle:accueil_compte")).url != reverse("socle:bienvenue")
    assert client.get(reverse("socle:bienvenue")).status_code == 403


def en_attente():
    """What the page of the first days says of the accounts to welcome."""
    reglages = [un for partie in parties() for un in (*partie.a_faire, *partie.faits)]
    return next(un.reste for un in reglages if un.quoi == "Accueillir les nouveaux comptes")
