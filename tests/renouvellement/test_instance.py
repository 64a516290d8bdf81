"""Renewal of any instance: texts, accent colour, URLs."""

import pytest
from django.urls import reverse

from participation.renouvellement import nomination, vitrine
from participation.renouvellement.campagne import actes as actes_campagne
from participation.renouvellement.models import Campagne
from participation.renouvellement.workflow import EtatCampagne
from participation.socle.models import Courriel
from participation.socle.workflow import Role
from tests.renouvellement.factories import (
    CampagneFactory,
    CandidatureFactory,
    CollegeCampagneFactory,
    CritereCampagneFactory,
)
from tests.seances.factories import InstanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def conseil():
    """The call of another council, open at the same time as that of the CCSPL."""
    instance = InstanceFactory(
        cle="conseil-habitants", nom="Conseil des habitants", sigle="CDH", app="petitions"
    )
    campagne = CampagneFactory(
        ouverte=True,
        instance=instance,
        titre="Rejoindre le conseil",
        denomination="le conseil",
        nomme_par="la maire de quartier",
        presentation="Le conseil parle de la vie de tous les jours.",
        conservation_mois=9,
    )
    CampagneFactory(ouverte=True)
    return CollegeCampagneFactory(campagne=campagne, nom="Habitantes et habitants")


def test_each_instance_has_its_call_its_accent_and_its_words(client, conseil):
    appel = client.get(reverse("renouvellement:candidater", args=["conseil-habitants"])).content.decode()
    formulaire = client.get(
        reverse("renouvellement:deposer_candidature", args=["conseil-habitants", conseil.pk])
    ).content.decode()

    assert "Rejoindre le conseil" in appel
    assert 'data-app="petitions"' in appel
    assert "Pourquoi voulez-vous rejoindre le conseil" in formulaire
    assert "commission" not in appel + formulaire
    # The appointing authority belongs to the call, not to the metropolis.
    assert "Nomination par la maire de quartier" in appel
    assert "conseil métropolitain" not in appel
    assert "CCSPL" not in appel.partition("<main")[2].partition("</main>")[0]


def test_a_second_campaign_hides_no_open_call(client):
    """Each call has its URL; that of the instance leads to the open call, or to a choice between calls."""
    adresse = reverse("renouvellement:candidater", args=["ccspl"])
    ouverte = CampagneFactory(ouverte=True, titre="Rejoindre la commission")
    fermee = CampagneFactory(close=True, titre="Compléter le collège")
    Campagne.objects.filter(pk=fermee.pk).update(ouverture=ouverte.ouverture, cloture=ouverte.cloture)

    assert "Rejoindre la commission" in client.get(adresse).content.decode()
    assert "Compléter le collège" in client.get(fermee.get_public_url()).content.decode()

    autre = CampagneFactory(etat=EtatCampagne.BROUILLON, titre="Second appel")
    college = CollegeCampagneFactory(campagne=autre)
    CritereCampagneFactory(campagne=autre)
    actes_campagne.ouvrir_appel(autre, par=CompteFactory(role=Role.AGENT))
    page = client.get(adresse).content.decode()
    for campagne in (ouverte, autre):
        assert campagne.get_public_url() in page
    assert client.get(reverse("renouvellement:appel", args=["autre", autre.pk])).status_code == 404
    assert str(college.nom) in client.get(autre.get_public_url()).content.decode()


def test_a_college_is_found_under_its_own_instance_alone(client, conseil):
    autre = reverse("renouvellement:deposer_candidature", args=["ccspl", conseil.pk])

    assert client.get(autre).status_code == 404
    assert client.get(reverse("renouvellement:candidater", args=["inconnue"])).status_code == 404


def test_an_instance_that_is_not_public_and_calls_nobody_has_no_page(client):
    InstanceFactory(cle="interne", est_publique=False)

    assert client.get(reverse("renouvellement:candidater", args=["interne"])).status_code == 404


def test_the_home_shows_each_open_call_under_the_accent_of_its_instance(conseil):
    sections = {section.app: section for section in vitrine.section_accueil()}

    assert set(sections) == {"petitions", "ccspl"}
    assert sections["petitions"].portes[0].titre == "Rejoindre le conseil"
    assert sections["petitions"].ouverts[0].url == conseil.campagne.get_public_url()


def test_the_page_on_personal_data_tells_the_delay_of_each_instance(conseil):
    duree = vitrine.traitements().conservation.replace("\u00a0", " ")

    assert "9 mois après la décision (CDH)" in duree
    assert "6 mois" in duree


def test_a_seat_is_offered_with_the_words_of_the_instance(conseil):
    campagne = conseil.campagne
    campagne.etat, campagne.arretee_le = EtatCampagne.ARRETEE, campagne.cree_le
    campagne.save()
    CandidatureFactory(college=conseil, eligible=True, choix="attente", rang_attente=1)

    nomination.appeler_suivant(conseil, par=CompteFactory(role=Role.AGENT))

    lettre = Courriel.objects.get(acte="renouvellement/appeler_suivant")
    assert lettre.sujet == "Une place se libère : voulez-vous rejoindre le conseil ?"
    assert "(Conseil des habitants, candidature n° 1)" in lettre.corps


def test_the_former_addresses_of_the_ccspl_lead_to_the_new_ones(client):
    assert client.get("/ccspl/candidater/").headers["Location"] == "/candidater/ccspl/"
    assert client.get("/ccspl/candidater/3/8/").headers["Location"] == "/candidater/ccspl/8/"


def test_the_page_of_the_balance_opens_no_act_that_is_over(client):
    client.force_login(CompteFactory(agent=True))
    campagne = CandidatureFactory().campagne
    actes_campagne.abandonner_campagne(
        campagne, par=CompteFactory(agent=True), motif="Le conseil a décidé autrement."
    )
    page = client.get(reverse("renouvellement:equilibre", args=[campagne.pk])).content.decode()

    assert "ne sont pas saisis" in page
    assert "noter-parts" not in page
