"""Common list: search, filters, sort, saved filters, bulk acts, constant number of queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle import actions
from participation.socle.forms.filters import chercher
from participation.socle.models import Dossier, FiltreEnregistre
from participation.socle.views import lots
from tests.outils import constant_queries
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db
URL = "/dossiers/"


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def titres(reponse):
    return [rangee.tete.texte for rangee in reponse.context["rangees"]]


@pytest.mark.parametrize(
    "mots",
    [
        "déchèterie",
        "dechetterie",
        "DECHETERIES",
        "déchèt",
        "ouvrir déchèteries",
        "PET-2026-4242",
        "pet-2026-42",
        "Alma Personne déchèterie",
    ],
)
def test_a_dossier_is_found_by_word_accent_beginning_misspelling_reference_or_person(mots):
    cherchee = PetitionFactory(
        deposee=True, titre="Ouvrir les déchèteries le dimanche", reference="PET-2026-4242"
    )
    PetitionFactory(deposee=True, titre="Éclairer les arrêts de bus", nom_auteur="Basile")

    trouves = chercher(Dossier.objects.all(), mots)

    assert [d.pk for d in trouves] == [cherchee.pk]


@pytest.mark.parametrize("mots", ["'", "a & | ! b", "<script>", "((", "\\", "%", ":*", "«"])
def test_no_search_breaks_the_page(client, agent, mots):
    PetitionFactory(deposee=True)

    assert client.get(URL, {"q": mots}).status_code == 200


def test_the_list_is_filtered_by_agent_commune_and_echeance(client, agent):
    mienne = PetitionFactory(deposee=True, agent=agent, titre="Mienne")
    mienne.communes.add(commune("Meylan"))
    PetitionFactory(deposee=True, titre="À personne")
    actions.fixer_echeance(
        mienne, "x", libelle="Répondre", date_limite=timezone.localdate() - timedelta(days=1)
    )

    assert titres(client.get(URL, {"agent": "moi"})) == ["Mienne"]
    assert titres(client.get(URL, {"agent": "personne"})) == ["À personne"]
    assert titres(client.get(URL, {"commune": commune("Meylan").pk})) == ["Mienne"]
    assert titres(client.get(URL, {"echeance": "retard"})) == ["Mienne"]


def test_the_sort_is_said_to_screen_readers_and_empty_values_come_last(client, agent):
    premiere = PetitionFactory(deposee=True, titre="Bus")
    PetitionFactory(deposee=True, titre="Arbres")
    actions.fixer_echeance(premiere, "x", libelle="Répondre", date_limite=timezone.localdate())

    par_titre = client.get(URL, {"tri": "titre"})

    assert titres(par_titre) == ["Arbres", "Bus"]
    assert 'aria-sort="ascending"' in par_titre.content.decode()
    assert titres(client.get(URL, {"tri": "-echeance"})) == ["Bus", "Arbres"]
    assert titres(client.get(URL, {"tri": "echeance"})) == ["Bus", "Arbres"]


def test_pages_of_25(client, agent):
    PetitionFactory.create_batch(26, deposee=True)

    assert len(titres(client.get(URL))) == 25
    assert len(titres(client.get(URL, {"page": 2}))) == 1
    assert len(titres(client.get(URL, {"page": 99}))) == 1


def test_four_dossiers_cost_what_one_costs(client, agent):
    def fabriquer():
        petition = PetitionFactory(deposee=True, agent=CompteFactory(agent=True))
        petition.communes.add(commune("Meylan"))
        actions.fixer_echeance(petition, "x", libelle="Répondre", date_limite=timezone.localdate())

    constant_queries(client, URL, fabriquer)


def test_a_saved_list_is_found_again_and_shared(client, agent):
    PetitionFactory(deposee=True, agent=agent)
    client.post(
        reverse("socle:enregistrer_filtre"),
        {
            "nom": "Les miens",
            "liste": "socle:dossiers",
            "requete": "agent=moi&page=2",
            "est_partage": "on",
            "retour": URL,
        },
    )
    filtre = FiltreEnregistre.objects.get()

    page = client.get(f"{URL}?{filtre.requete}")

    assert filtre.requete == "agent=moi"
    assert page.context["filtre_courant"] == filtre
    client.force_login(CompteFactory(agent=True))
    assert "Les miens" in client.get(URL).content.decode()


def test_one_removes_only_her_own_lists(client, agent):
    autre = FiltreEnregistre.objects.create(
        compte=CompteFactory(agent=True), liste="socle:dossiers", nom="À elle", requete="", est_partage=True
    )

    reponse = client.post(reverse("socle:supprimer_filtre", args=[autre.pk]))

    assert reponse.status_code == 404


@pytest.mark.parametrize("retour", ["https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example"])
def test_a_form_never_leads_out_of_the_site(client, agent, retour):
    reponse = client.post(
        reverse("socle:enregistrer_filtre"), {"nom": "x", "liste": "y", "requete": "", "retour": retour}
    )

    assert reponse.url == reverse("socle:journee")


def test_the_chosen_dossiers_change_agent_packet_by_packet(client, agent, monkeypatch):
    monkeypatch.setattr(lots, "PAQUET", 2)
    petitions = PetitionFactory.create_batch(3, deposee=True)
    collegue = CompteFactory(agent=True)
    choix = client.post(URL, {"lot": "prendre_en_charge", "choix": [p.pk for p in petitions]})
    reponses = {"lot": "prendre_en_charge", "total": 3, "agent": collegue.pk}

    premier = client.post(URL, {**reponses, "faits": 0, "reste": choix.context["reste"]})
    second = client.post(
        URL, {**reponses, "faits": premier.context["faits"], "reste": premier.context["reste"]}
    )

    assert premier.context["traites"] == 2
    assert 'role="progressbar"' in premier.content.decode()
    assert second.status_code == 302
    assert {Dossier.objects.get(pk=p.pk).agent for p in petitions} == {collegue}


def test_the_whole_list_is_acted_on_within_its_filters(client, agent):
    PetitionFactory(deposee=True, titre="Arbres")
    PetitionFactory(deposee=True, titre="Bus", agent=agent)

    page = client.post(f"{URL}?agent=moi", {"lot": "prendre_en_charge", "tous": "on"})

    assert page.context["total"] == 1


def test_a_closed_dossier_in_the_selection_is_told_not_lost(client, agent):
    close = PetitionFactory(close=True)
    reponses = {"lot": "prendre_en_charge", "total": 1, "faits": 0, "reste": close.pk, "agent": agent.pk}

    page = client.post(URL, reponses, follow=True).content.decode()

    assert "Sans effet sur" in page
    assert close.reference in page


def test_an_elu_sees_what_is_published_and_has_no_act_on_the_list(client):
    client.force_login(CompteFactory(elu=True))
    PetitionFactory(deposee=True, titre="Cachée")
    PetitionFactory(en_collecte=True, titre="Publiée")

    page = client.get(URL)

    assert titres(page) == ["Publiée"]
    assert 'name="choix"' not in page.content.decode()
