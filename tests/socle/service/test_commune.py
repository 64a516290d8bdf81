"""The page of a commune: what is asked of it, the voices that came from it, the dossiers that concern it."""

import pytest
from django.urls import reverse

from participation.socle.actions import demander
from participation.socle.models import Courriel
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import decisions
from tests.outils import jour, lire
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import RemonteeFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def luc():
    return CompteFactory(role=Role.AGENT_COMMUNE, commune=commune("Vizille"))


def test_a_commune_asked_about_a_petition_answers_from_its_page_and_finds_its_dossiers(agent, luc, client):
    petition = PetitionFactory(deposee=True)
    petition.communes.add(commune("Vizille"))
    sienne = PetitionFactory(en_collecte=True, titre="Un abri à Vizille")
    sienne.communes.add(commune("Vizille"))
    client.force_login(agent)
    envoi = client.post(
        reverse("petitions:demander_avis", args=[petition.pk]),
        {
            "communes": [commune("Vizille").pk],
            "objet_de_la_demande": "La rue est-elle à vous ?",
            "texte": "Dites-nous.",
            "date_limite": jour(9).isoformat(),
        },
    )
    assert envoi.status_code == 302
    (lettre,) = Courriel.objects.filter(acte="socle/demander")
    assert lettre.destinataires == [luc.courriel]  # the town hall has no address: its agents are written to
    assert "Notre demande\u00a0: La rue est-elle à vous ?" in lettre.corps

    client.force_login(luc)
    page = client.get(reverse("socle:commune", args=[commune("Vizille").pk]))

    dit = lire(page)
    assert "La rue est-elle à vous ?" in dit
    assert f"/repondre/{page.context['attendues'][0].pk}:" in page.content.decode()
    assert sienne.titre in dit
    assert petition.titre in dit  # open to the commune while something is asked of it
    assert "Ma commune" in lire(client.get(reverse("socle:journee")))
    assert client.get(reverse("socle:commune", args=[commune("Vif").pk])).status_code == 404


def test_a_question_to_nobody_is_asked_to_whom(agent, client):
    petition = PetitionFactory(deposee=True)
    client.force_login(agent)

    page = client.post(
        reverse("petitions:demander_avis", args=[petition.pk]), {"objet_de_la_demande": "Est-ce possible ?"}
    )

    assert "Choisissez au moins une direction ou une commune." in lire(page)
    assert "Est-ce possible ?" in lire(page)


def test_the_page_of_a_commune_shows_no_small_number_and_nothing_that_the_reader_may_not_open(
    agent, luc, client
):
    remontee = RemonteeFactory(commune=commune("Vizille"), titre="Un trou devant l’école")
    reserve = PetitionFactory(deposee=True, titre="Un secret")
    reserve.communes.add(commune("Vizille"))
    url = reverse("socle:commune", args=[commune("Vizille").pk])
    client.force_login(agent)
    assert remontee.titre in lire(client.get(url))

    client.force_login(luc)
    page = client.get(url)
    assert reserve.titre not in lire(page)
    assert remontee.titre not in lire(page)
    assert {voix.app for voix in recueillir("voix_par_commune")} == {"petitions", "remontees"}


def test_what_is_over_is_not_asked_again(agent, luc, client):
    petition = PetitionFactory(deposee=True)
    demande = demander(
        petition,
        par=agent,
        nature="avis",
        a=commune("Vizille"),
        objet="Votre avis",
        texte="T",
        date_limite=jour(9),
    )
    tout = {c.pk: ("rempli", "") for c in petition.reglement.criteres.all()}
    recevabilite.examiner(petition, tout, par=agent)
    decisions.declarer_recevable(petition, par=agent, raison_sans_comite="Urgence.")
    client.force_login(luc)

    page = client.get(reverse("socle:commune", args=[commune("Vizille").pk]))

    assert page.context["attendues"] == []
    assert demande.objet not in lire(page)
