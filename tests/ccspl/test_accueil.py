"""What the CCSPL adds to shared pages: home, menus, « Ma journée », personal data."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from ccspl import membres, vitrine
from ccspl.models import PriseDeNouvelles, Proposition, RapportAnnuel, ReglementCommission
from participation.socle.calendrier import ajouter_mois
from participation.socle.lectures.chiffres import des_douze_mois
from participation.socle.models import Direction, Document
from tests.ccspl.annee import membre, rendu, seance
from tests.ccspl.factories import AvisFactory
from tests.outils import requetes, taches_du_jour
from tests.socle.factories import CompteFactory, agent_de_direction

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]

PARIS = ZoneInfo("Europe/Paris")


def ancienne_agente():
    """An agent for many years, so that the test may be set on any day."""
    compte = CompteFactory(agent=True)
    compte.appartenances.update(depuis=date(2020, 1, 1))
    return compte


def libelles(compte):
    return [entree.libelle for entree in vitrine.menu_bureau(compte)]


def quois(compte, mot):
    return [tache for tache in taches_du_jour(compte, vitrine.section_journee) if mot in tache.quoi]


def test_each_one_has_the_menu_of_her_work():
    assert libelles(CompteFactory(agent=True)) == [
        "CCSPL",
        "Calendrier légal",
        "Vie de la commission",
        "Bibliothèque de la CCSPL",
        "Contrôle de gestion externe",
        "Élus : avis CCSPL",
    ]
    assert libelles(CompteFactory(elu=True)) == ["Contrôle de gestion externe", "Élus : avis CCSPL"]
    assert libelles(agent_de_direction(Direction.objects.first())) == ["CCSPL"]
    assert libelles(CompteFactory(accueil=True)) == []


def test_the_public_menu_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        (entree,) = vitrine.menu_public()
    assert entree.url == reverse("ccspl:avis_liste")


def test_the_home_tells_the_last_answer(client):
    jour = timezone.localdate() - timedelta(days=30)
    avis = rendu(jour, "realisee", "non_suivie", repondu_le=timezone.now())
    page = client.get(reverse("socle:accueil")).content.decode()
    assert avis.titre in page
    assert "1 préconisation suivie sur 2" in page
    (echange,) = vitrine.section_accueil().reponses
    assert echange.etat == "Réponse reçue"


def test_the_home_says_nothing_of_what_is_not_published():
    rendu(timezone.localdate(), "suivie", est_publie=False, repondu_le=timezone.now())
    section = vitrine.section_accueil()
    assert (list(section.reponses), list(section.resultats), list(section.ouverts)) == ([], [], [])


@pytest.mark.parametrize("jour", [date(2027, 1, 2), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_figures_of_the_home_are_those_of_twelve_months_even_on_the_first_days_of_january(
    jour, monkeypatch
):
    debut = ajouter_mois(jour, -12)
    for adopte in (
        debut,
        debut + timedelta(days=1),
        jour - timedelta(days=9),
        jour,
        jour + timedelta(days=1),
    ):
        rendu(adopte)
    monkeypatch.setattr(timezone, "localdate", lambda *a: jour)
    (resultat,) = vitrine.section_accueil().resultats
    assert (resultat.valeur, resultat.libelle) == ("3", "avis rendus par la CCSPL en douze mois")
    # A date is kept as it is, an instant is converted to Paris time: both give the same days.
    bornes = [
        {
            cle.rpartition("__")[2]: borne
            for cle, borne in des_douze_mois("le", est_un_jour=est_un_jour).children
        }
        for est_un_jour in (True, False)
    ]
    assert bornes[0] == {nom: borne.astimezone(PARIS).date() for nom, borne in bornes[1].items()}


def test_the_day_of_an_agent_names_who_is_to_be_called():
    agent, une = CompteFactory(agent=True), membre()
    for n in range(3):
        seance(timezone.localdate() - timedelta(days=100 - n), [], [une])
    assert len(quois(agent, "Prendre des nouvelles")) == 1
    membres.prendre_des_nouvelles(PriseDeNouvelles(membre=une), par=agent)
    assert quois(agent, "Prendre des nouvelles") == []


def test_the_day_counts_the_wordings_to_decide():
    agent, avis = CompteFactory(agent=True), AvisFactory(en_redaction=True)
    for _ in range(2):
        Proposition.objects.create(avis=avis, texte="Mieux dit", auteur=agent)
    (tache,) = quois(agent, "rédactions proposées")
    assert tache.quoi == "Décider de 2 rédactions proposées"
    assert tache.url == reverse("ccspl:redaction", args=[avis.pk])


def test_the_report_is_due_from_its_announcement_until_it_is_stopped(monkeypatch):
    agent = ancienne_agente()
    rendu(date(2025, 5, 5))

    def le(jour):
        monkeypatch.setattr(timezone, "localdate", lambda *a: jour)
        return quois(agent, "rapport d’activité 2025")

    assert le(date(2026, 3, 1)) == []
    (tache,) = le(date(2026, 5, 2))
    assert tache.date_limite == date(2026, 6, 30)
    assert le(date(2026, 9, 1))[0].date_limite == date(2026, 6, 30)  # late, still to do
    assert le(date(2027, 1, 1))[0].date_limite == date(2026, 6, 30)  # … and the year after

    document = Document.objects.create(nature="ccspl/rapport", titre="Rapport")
    RapportAnnuel.objects.create(annee=2025, document=document, arrete_le=timezone.now())
    assert le(date(2026, 9, 1)) == []


def test_the_day_of_the_report_is_a_rule_of_the_reglement(monkeypatch):
    ReglementCommission.objects.create(
        version="1", en_vigueur_du=date(2020, 1, 1), source="Essai", rapport_mois=10, rapport_jour=15
    )
    rendu(date(2025, 5, 5))
    monkeypatch.setattr(timezone, "localdate", lambda *a: date(2026, 9, 1))
    (tache,) = quois(ancienne_agente(), "rapport d’activité 2025")
    assert tache.date_limite == date(2026, 10, 14)


def test_an_elu_has_no_task_here():
    seance(timezone.localdate() - timedelta(days=5), [], [membre()])
    assert vitrine.section_journee(CompteFactory(elu=True)) is None


def test_the_day_costs_the_same_for_ten(client):
    client.force_login(CompteFactory(agent=True))

    def fabriquer():
        avis = AvisFactory(en_redaction=True)
        Proposition.objects.create(avis=avis, texte="x", auteur=CompteFactory())
        une = membre()
        for n in range(3):
            seance(timezone.localdate() - timedelta(days=90 - n), [], [une])

    fabriquer()
    requetes(client, reverse("socle:journee"))
    une = len(requetes(client, reverse("socle:journee")))
    for _ in range(4):
        fabriquer()
    assert len(requetes(client, reverse("socle:journee"))) <= une


def test_people_are_told_what_becomes_of_their_data(client):
    page = client.get(reverse("socle:donnees_personnelles")).content.decode()
    for traitement in vitrine.traitements():
        assert traitement.titre in page


def test_a_member_finds_the_text_being_written_and_the_library_on_the_page_of_her_instance(client):
    siege = membre()
    avis = AvisFactory(en_redaction=True)
    client.force_login(siege.compte)
    html = client.get(reverse("seances:mon_instance", args=["ccspl"])).content.decode()
    assert reverse("ccspl:redaction", args=[avis.pk]) in html
    assert reverse("ccspl:bibliotheque_des_membres") in html
    # The first page shows what is asked of the member, and not the library.
    accueil = client.get(reverse("seances:espace")).content.decode()
    assert reverse("ccspl:redaction", args=[avis.pk]) in accueil
    assert reverse("ccspl:bibliotheque_des_membres") not in accueil


def test_who_sits_elsewhere_is_opened_nothing_of_the_commission():
    AvisFactory(en_redaction=True)
    assert vitrine.portes_des_membres(CompteFactory(), "ccspl") == []
    siege = membre()
    assert vitrine.portes_des_membres(siege.compte, "recevabilite") == []
