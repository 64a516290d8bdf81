"""Figures of the service: medians, reasons, links to the lists, yearly report."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import fixer_echeance
from participation.socle.actions.documents import rediger_document
from participation.socle.models import Demande, Document, Suspension
from petitions.bilan import _annees, graphique_jours, mesurer
from petitions.models import Petition
from petitions.signatures import decompte
from tests.outils import requetes
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def decidee(jours, **traits):
    maintenant = timezone.localtime()  # calendar days: a day of 25 hours counts as one
    return PetitionFactory(
        **(traits or {"recevable": True}),
        deposee_le=maintenant - timedelta(days=jours),
        decidee_le=maintenant,
    )


def cette_annee():
    jour = timezone.localdate()
    return jour - timedelta(days=300), jour


def test_the_median_and_the_ninth_decile_are_of_days_to_decide():
    for jours in (10, 20, 30, 40, 100):
        decidee(jours)
    delais = mesurer(*cette_annee()).delais
    assert (delais.nombre, delais.median, delais.dans_le_delai) == (5, 30.0, 4)
    assert delais.neuvieme_decile == pytest.approx(76.0)
    assert delais.part == 80


@pytest.mark.parametrize(
    ("depot", "decision", "a_temps"),
    [
        (date(2026, 7, 1), date(2026, 9, 1), 1),
        (date(2026, 7, 1), date(2026, 9, 2), 0),
        (date(2026, 2, 1), date(2026, 4, 2), 0),  # sixty days, still too late
        (date(2027, 12, 31), date(2028, 2, 29), 1),
        (date(2027, 12, 31), date(2028, 3, 1), 0),
    ],
)
def test_in_time_is_in_the_months_of_the_reglement(depot, decision, a_temps):
    PetitionFactory(
        recevable=True,
        deposee_le=timezone.make_aware(datetime.combine(depot, time(23, 30))),
        decidee_le=timezone.make_aware(datetime.combine(decision, time(0, 30))),
    )
    assert mesurer(depot, decision).delais.dans_le_delai == a_temps


def test_beside_the_share_in_time_is_said_what_is_late_and_not_decided(client, agent):
    petition = PetitionFactory(deposee=True)
    hier = timezone.localdate() - timedelta(days=1)
    fixer_echeance(petition, "recevabilite", libelle="Répondre", date_limite=hier)
    # The period by default is that of the year: on its first days, what was filed before is not of it.
    periode = {"du": hier - timedelta(days=30), "au": timezone.localdate()}
    page = client.get(reverse("petitions:indicateurs"), periode).content.decode()
    assert "pétition attend encore sa décision, délai passé." in page


def test_what_was_filed_on_the_first_night_of_a_year_is_of_that_year():
    PetitionFactory(deposee=True, deposee_le=timezone.make_aware(datetime(2024, 1, 1, 0, 30)))
    assert _annees()[-1] == 2024


def test_days_that_wait_for_the_author_do_not_count():
    petition = decidee(50)
    demande = Demande.objects.create(
        dossier=petition,
        nature="reformulation",
        compte=petition.auteur,
        objet="Revoir",
        date_limite=timezone.localdate(),
    )
    debut = timezone.localdate() - timedelta(days=40)
    Suspension.objects.create(
        dossier=petition, demande=demande, motif="x", debut=debut, fin=debut + timedelta(days=15)
    )
    assert mesurer(*cette_annee()).delais.median == 35.0


def test_an_empty_period_has_no_figure_and_no_error(client, agent):
    mesures = mesurer(date(2020, 1, 1), date(2020, 12, 31))
    assert (mesures.deposees, mesures.delais.median, mesures.delais.part) == (0, None, None)
    assert (
        client.get(reverse("petitions:indicateurs"), {"du": "2020-01-01", "au": "2020-12-31"}).status_code
        == 200
    )


def test_each_figure_leads_to_the_petitions_it_counts(client, agent):
    refusee = PetitionFactory(irrecevable=True)
    recevable = PetitionFactory(recevable=True)
    page = client.get(reverse("petitions:indicateurs"), {"du": "2020-01-01"})
    for chiffre in page.context["chiffres"]:
        if chiffre.lien and chiffre.sens != "jours pour décider":
            assert client.get(chiffre.lien).status_code == 200
    liens = {chiffre.sens: chiffre.lien for chiffre in page.context["chiffres"]}
    liste = client.get(liens["non recevables"]).content.decode()
    assert refusee.reference in liste
    assert recevable.reference not in liste
    motif = client.get(page.context["motifs"].liens[0]).content.decode()
    assert refusee.reference in motif


def test_a_period_upside_down_is_said(client, agent):
    page = client.get(
        reverse("petitions:indicateurs"), {"du": "2026-05-01", "au": "2026-01-01"}
    ).content.decode()
    assert "La fin précède le début" in page


def test_days_without_a_signature_are_drawn_and_long_periods_go_by_week():
    courte = graphique_jours(
        [(date(2026, 3, 1), 2), (date(2026, 3, 4), 1)], date(2026, 1, 1), date(2026, 12, 31), "S"
    )
    assert courte.series[0].valeurs == [2.0, 0.0, 0.0, 1.0]
    longue = graphique_jours(
        [(date(2026, 1, 1), 2), (date(2026, 6, 30), 5)], date(2026, 1, 1), date(2026, 12, 31), "S"
    )
    assert sum(longue.series[0].valeurs) == 7
    assert longue.categories[0] == "29\u00a0déc."


def test_the_figures_cost_the_same_for_one_or_ten(client, agent):
    adresse = reverse("petitions:indicateurs")
    SignatureFactory(petition=PetitionFactory(en_collecte=True), confirmee=True)
    decompte.compter()
    requetes(client, adresse)
    une = len(requetes(client, adresse))
    for _ in range(9):
        PetitionFactory(irrecevable=True)
    assert len(requetes(client, adresse)) <= une


def test_the_report_is_a_table_a_csv_and_a_pdf(client, agent):
    petition = PetitionFactory(repondue=True)
    annee = timezone.localdate(petition.deposee_le).year
    adresse = reverse("petitions:rapport_annuel")
    assert petition.titre in client.get(adresse, {"annee": annee}).content.decode()
    csv = b"".join(client.get(adresse, {"annee": annee, "export": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert petition.reference in csv

    assert client.post(f"{adresse}?annee={annee}").status_code == 302
    document = Document.objects.get(nature="petitions/rapport")
    html = rediger_document(document)
    assert petition.titre in html
    assert 'scope="row"' in html
    assert Petition.objects.count() == 1


def test_a_year_that_nobody_offers_is_this_year(client, agent):
    assert (
        client.get(reverse("petitions:rapport_annuel"), {"annee": "1789"}).context["annee"]
        == timezone.localdate().year
    )
