"""Report of the comité: figures equal to the data, accessible PDF."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.documents import fabriquer_document
from participation.socle.models import Document
from remontees.comite.lectures import donnees_rapport
from tests.remontees.factories import AttributionFactory, RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory, DirectionFactory, commune

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]


def test_it_counts_the_period_the_services_and_hides_small_places():
    jour, eau = timezone.localdate(), DirectionFactory(nom="Eau vive")
    RemonteeFactory.create_batch(6, commune=commune("Fontaine"), entendue_le=jour)
    RemonteeFactory(repondue=True, commune=commune("Vizille"), entendue_le=jour)
    RemonteeFactory(entendue_le=jour - timedelta(days=50))
    AttributionFactory(
        direction=eau, repondue=True, dossier=RemonteeFactory(a_repondre=True, entendue_le=jour)
    )
    RemonteeFactory(groupee=True, sujet_commun=SujetFactory(titre="Rue sombre"), entendue_le=jour)

    lu = donnees_rapport(jour - timedelta(days=10), jour)

    tableaux = {tableau["entetes"][0]: tableau["lignes"] for tableau in lu["tableaux"]}
    assert "9 remontées entendues. 1 a une réponse (11,1 %)." in lu["en_bref"].replace("\xa0", " ")
    assert ["Fontaine", "6"] in tableaux["Commune"]
    assert ["Vizille", "moins de 5"] in tableaux["Commune"]
    assert tableaux["Direction"] == [["Eau vive", "1", "1", "1", "0"]]
    assert [s["titre"] for s in lu["sujets"]] == ["Rue sombre"]


def test_an_answer_that_nobody_read_again_is_not_in_it():
    sujet = SujetFactory(publie=True, a_relire=True)
    RemonteeFactory(groupee=True, sujet_commun=sujet)

    (dit,) = donnees_rapport(timezone.localdate(), timezone.localdate())["sujets"]

    assert (dit["etat"], dit["issue"], dit["reponse"]) == ("réponse à relire", "", "")


def test_an_agent_asks_for_it_and_the_worker_makes_it(client):
    client.force_login(CompteFactory(agent=True))
    adresse, jour = reverse("remontees:rapport"), timezone.localdate()
    RemonteeFactory()

    refus = client.post(adresse, {"debut": jour, "fin": jour - timedelta(days=1)})
    assert "La fin précède le début." in refus.content.decode()

    client.post(adresse, {"debut": jour - timedelta(days=30), "fin": jour})
    document = Document.objects.get()
    fabriquer_document(document.pk)

    document.refresh_from_db()
    assert document.etat == Document.Etat.PRET
    assert document.est_interne
    assert document.titre in client.get(adresse).content.decode()
