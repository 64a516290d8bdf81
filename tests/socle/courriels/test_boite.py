"""Letters as agents see them: secrets are masked."""

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.courriels import porte
from participation.socle.models import Courriel
from tests.outils import constant_queries, lire
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def lettre(**champs):
    return Courriel.objects.create(
        **{
            "expediteur": "s@example.org",
            "destinataires": ["x@example.org"],
            "sujet": "Bonjour",
            "corps": "Le texte.",
            "acte": "petitions/essai",
            **champs,
        }
    )


def test_a_sign_in_code_is_never_shown(client, agent):
    code = lettre(acte="", sujet="Votre code", corps="Votre code est 482915.")

    assert "482915" not in client.get(reverse("socle:courriel", args=[code.pk])).content.decode()


def test_a_personal_link_is_cut(client, agent):
    corps = "Confirmez : http://site/petitions/signature/MTI:1xVteK:FJtkTp30qEbJsdVVCFmz7DMM/confirmer/ merci"
    courriel = lettre(corps=corps)

    page = client.get(reverse("socle:courriel", args=[courriel.pk])).content.decode()

    assert "FJtkTp30qEbJsdVVCFmz7DMM" not in page
    assert "merci" in page


def test_the_letters_of_a_draft_are_its_author_s(client, agent):
    brouillon, deposee = PetitionFactory(), PetitionFactory(deposee=True)
    tue = lettre(dossier=brouillon, sujet="Un secret de brouillon", etat="echec")
    dite = lettre(dossier=deposee, sujet="Une lettre de dossier", etat="echec")
    seule = lettre(sujet="Sans dossier")

    lue = client.get(reverse("socle:courriels")).content.decode()
    assert "Une lettre de dossier" in lue
    assert "secret de brouillon" not in lue
    jour = client.get(reverse("socle:journee")).content.decode()
    assert "lettre non arrivée" in jour, "one, not two"
    for courriel, attendu in ((tue, 404), (dite, 200), (seule, 200)):
        assert client.get(reverse("socle:courriel", args=[courriel.pk])).status_code == attendu
    assert client.post(reverse("socle:renvoyer_courriel", args=[tue.pk])).status_code == 404
    assert client.get(reverse("socle:corriger_adresse", args=[tue.pk])).status_code == 404


@pytest.mark.parametrize(
    ("route", "secret"),
    [
        ("suites:confirmer", "0d3f2c1e-8a55-4b7e-9d1c-5b2f6f9a7c31"),
        ("ccspl:ne_plus_recevoir_resume", "0d3f2c1e-8a55-4b7e-9d1c-5b2f6f9a7c31"),
        ("petitions:ma_signature", "12.abcdefghijklmnop"),
        ("seances:repondre", "MTI:1xVteK:FJtkTp30qEbJsdVVCFmz7DMM"),
    ],
)
@pytest.mark.parametrize("apres", ["", ".", ") et voilà", "\nLa suite"])
def test_no_link_that_opens_a_door_is_shown(client, agent, route, secret, apres):
    courriel = lettre(corps=f"Ouvrez http://site{reverse(route, args=[secret])}{apres}")

    assert secret not in client.get(reverse("socle:courriel", args=[courriel.pk])).content.decode()


def test_a_plain_link_stays_as_words(client, agent):
    courriel = lettre(corps="Lire : http://site/petitions/12-ouvrir-les-decheteries-le-dimanche/")

    page = client.get(reverse("socle:courriel", args=[courriel.pk])).content.decode()
    assert "http://site/petitions/12-ouvrir-les-decheteries-le-dimanche/" in page
    assert 'href="http://site/' not in page  # what a letter opens may be closed to an agent


def test_a_letter_that_opens_a_door_keeps_its_address(client, agent):
    courriel = lettre(etat="echec", corps="http://site/signature/MTI:1xVteK:FJtkTp30qEbJsdVVCFmz7DMM/")
    url = reverse("socle:corriger_adresse", args=[courriel.pk])

    assert client.post(url, {"destinataires": "moi@example.org"}).status_code == 403
    courriel.refresh_from_db()
    assert courriel.destinataires == ["x@example.org"]


def test_a_wrong_address_is_corrected_and_the_letter_leaves_again(client, agent):
    courriel = lettre(etat="rejete", dossier=PetitionFactory(deposee=True))

    client.post(reverse("socle:corriger_adresse", args=[courriel.pk]), {"destinataires": "Bonne@example.org"})

    courriel.refresh_from_db()
    assert (courriel.etat, courriel.destinataires) == ("a_envoyer", ["bonne@example.org"])


def test_a_letter_is_called_off_once(client, agent):
    courriel = lettre(dossier=PetitionFactory(deposee=True))
    url = reverse("socle:annuler_courriel", args=[courriel.pk])

    premier, second = client.post(url), client.post(url)

    assert (premier.status_code, second.status_code) == (302, 409)


def test_a_letter_that_did_not_arrive_waits_in_the_day_of_the_agents_until_one_says_that_nothing_is_left_to_do(
    client, agent
):
    absente = CompteFactory(telephone="04 76 00 00 01")
    dossier = PetitionFactory(deposee=True)
    courriel = lettre(etat="rejete", dossier=dossier, destinataires=[absente.courriel])
    page, url = (
        reverse("socle:courriel", args=[courriel.pk]),
        reverse("socle:classer_courriel", args=[courriel.pk]),
    )
    assert "1 lettre non arrivée" in lire(client.get(reverse("socle:journee")))
    assert "04 76 00 00 01" in lire(client.get(page))
    assert "ne sont pas arrivées" in lire(client.get(dossier.get_absolute_url()))

    premier, second = client.post(url), client.post(url)

    assert (premier.status_code, second.status_code) == (302, 409)
    assert "non arrivée" not in lire(client.get(reverse("socle:journee")))
    assert "ne sont pas arrivées" not in lire(client.get(dossier.get_absolute_url()))
    courriel.refresh_from_db()
    assert courriel.etat == "rejete"
    assert dossier.journal.filter(acte="classer_courriel", par=agent).exists()
    client.post(reverse("socle:renvoyer_courriel", args=[courriel.pk]))
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.est_a_suivre) == ("a_envoyer", True)


def test_a_letter_with_a_link_of_its_own_says_where_its_address_is_corrected(client, agent):
    courriel = lettre(etat="rejete", corps="http://site/signature/MTI:1xVteK:FJtkTp30qEbJsdVVCFmz7DMM/")

    assert "Corrigez son adresse là où elle est gardée" in lire(
        client.get(reverse("socle:courriel", args=[courriel.pk]))
    )


def test_a_letter_asked_for_by_who_typed_the_address_gives_no_work_when_it_does_not_arrive(client, agent):
    mots = {"fin": timezone.now(), "lien": "/essai/"}
    porte.ecrire("socle/proposer_cet_appareil", a="faux@example.org", sujet=agent, mots=mots)
    Courriel.objects.update(etat="rejete")

    assert "non arrivée" not in lire(client.get(reverse("socle:journee")))
    assert "faux@example.org" in lire(client.get("/courriels/"))


def test_four_letters_cost_what_one_costs(client, agent):
    constant_queries(client, "/courriels/", lambda: lettre(dossier=PetitionFactory(deposee=True)))
