"""Délibérations: the published file taken up, tied by number to what they decide, published in the same columns."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participation.engagements.deliberations import COLONNES, decisions_sur, importer_deliberations
from participation.engagements.models import Deliberation
from participation.socle.erreurs import ErreurMetier
from participation.suites.models import Preuve
from tests.engagements.factories import (
    DeliberationFactory,
    EngagementFactory,
    EtudeFactory,
    PropositionFactory,
)
from tests.outils import constant_queries, jour
from tests.socle.factories import CompteFactory
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db
LIGNE = {
    "COLL_NOM": "Métropole",
    "COLL_SIRET": "20004071500000",
    "DELIB_ID": "2026-0412",
    "DELIB_DATE": jour(-60).isoformat(),
    "DELIB_OBJET": "Réponse à l’Agora",
    "VOTE_POUR": "80",
    "VOTE_CONTRE": "3",
    "DELIB_URL": "https://metropole.example/2026-0412",
}


def scdl(*lignes):
    texte = io.StringIO()
    ecrivain = csv.DictWriter(texte, [*COLONNES], restval="")
    ecrivain.writeheader()
    ecrivain.writerows({**LIGNE, **ligne} for ligne in lignes)
    return SimpleUploadedFile("delib.csv", texte.getvalue().encode())


def test_the_file_is_taken_up_and_updated_by_number_and_each_wrong_row_says_why(client):
    agent = CompteFactory(agent=True)
    bilan = importer_deliberations(
        scdl(
            {},
            {"DELIB_ID": ""},
            {"DELIB_ID": "2026-0413", "DELIB_DATE": "un jour"},
            {"DELIB_ID": "2026-0413", "DELIB_DATE": jour(1).isoformat()},
            {"DELIB_ID": "2026-0414", "VOTE_POUR": "beaucoup"},
            {"DELIB_ID": "2026-0415", "DELIB_URL": "javascript:alert(1)"},
            {},
        ),
        par=agent,
    )
    assert (bilan.neuves, bilan.changees) == (1, 0)
    assert [refus["ligne"] for refus in bilan.refus] == [3, 4, 5, 6, 7, 8]

    client.force_login(agent)  # the refused rows come back in a file, to be corrected
    adresse = reverse("engagements:refus_de_deliberations")
    rendu = b"".join(client.get(adresse).streaming_content).decode("utf-8-sig").splitlines()
    assert rendu[0].endswith("Ligne;Pourquoi elle est refusée")
    assert len(rendu) == 7
    assert "javascript:alert(1)" in rendu[5]

    encore = importer_deliberations(scdl({"VOTE_POUR": "81"}), par=agent)

    assert (encore.neuves, encore.changees) == (0, 1)
    assert Deliberation.objects.get().vote_pour == 81


def test_a_table_without_its_columns_says_which_are_missing():
    with pytest.raises(ErreurMetier, match="DELIB_DATE"):
        importer_deliberations(
            SimpleUploadedFile("a.csv", b"DELIB_ID;DELIB_OBJET\n1;Budget\n"), par=CompteFactory(agent=True)
        )


def test_a_deliberation_shows_what_it_decides_promises_and_carries_by_its_number(client):
    deliberation = DeliberationFactory(numero="2026-04")
    PropositionFactory(retenue=True, deliberation="2026-04", titre="Des bancs")
    promise = {"origine": "promise", "promise_le": jour(-9)}
    SuiteFactory(intitule="Planter", acte_promesse="Délibération 2026-04.", **promise)
    SuiteFactory(intitule="Ailleurs", acte_promesse="Délibération 2026-041", **promise)
    prouvee = SuiteFactory(intitule="Éclairer")
    Preuve.objects.create(suite=prouvee, intitule="Marché", deliberation="2026-04")
    EngagementFactory(publie=True, source="délib. 2026-04", titre="Répondre")

    page = client.get(deliberation.get_public_url()).content.decode()

    for mot in ("Des bancs", "Planter", "Éclairer", "Répondre"):
        assert mot in page, mot
    assert "Ailleurs" not in page
    liste = reverse("engagements:deliberations")
    assert "2026-04" in client.get(liste, {"q": "2026-\x0004"}).content.decode()


def test_what_was_decided_on_a_dossier_is_read_in_order(client):
    DeliberationFactory(numero="2026-05")
    proposition = PropositionFactory(retenue=True, deliberation="2026-05", decidee_le=jour(-20))
    suite = SuiteFactory(
        dossier=proposition, origine="promise", promise_le=jour(-30), acte_promesse="Vœu du conseil"
    )
    Preuve.objects.create(suite=suite, intitule="Marché", deliberation="2026-06")
    DeliberationFactory(numero="2026-07", date=jour(-25))  # its own day, not that on which it was quoted
    Preuve.objects.create(suite=suite, intitule="Achat", deliberation="2026-07")

    dites = decisions_sur(proposition)

    assert [(d.jour, d.numero, d.deliberation is not None) for d in dites] == [
        (jour(-30), "", False),
        (jour(-25), "2026-07", True),
        (jour(-20), "2026-05", True),
        (jour(0), "2026-06", False),
    ]
    page = client.get(reverse("engagements:decisions", args=[proposition.reference])).content.decode()
    assert page.index("Vœu du conseil") < page.index("2026-05") < page.index("2026-06")

    etude = EtudeFactory(publiee=True, presentee_le=jour(-10), deliberation="2026-05")
    assert [(d.jour, d.numero) for d in decisions_sur(etude)] == [(jour(-10), "2026-05")]
    assert etude.titre in client.get(dites[2].deliberation.get_public_url()).content.decode()


def test_ours_are_published_in_the_columns_of_the_schema(client):
    DeliberationFactory(numero="2026-07", objet="Pas à nous")
    DeliberationFactory(numero="2026-08", objet="Des bancs")
    PropositionFactory(retenue=True, deliberation="2026-08")

    lues = b"".join(client.get(reverse("engagements:deliberations_csv"))).decode("utf-8-sig")

    (ligne,) = csv.DictReader(io.StringIO(lues), delimiter=";")
    assert list(ligne) == list(COLONNES)
    assert (ligne["DELIB_ID"], ligne["DELIB_OBJET"]) == ("2026-08", "Des bancs")


def test_the_pages_cost_the_same_for_four(client):
    DeliberationFactory(numero="2026-09")

    def une():
        PropositionFactory(retenue=True, deliberation="2026-09")
        suite = SuiteFactory()
        Preuve.objects.create(suite=suite, intitule="Marché", deliberation="2026-09")

    une()
    constant_queries(client, Deliberation.objects.get().get_public_url(), une)


def test_an_agent_takes_up_the_file_from_its_page(client):
    client.force_login(CompteFactory(agent=True))

    page = client.post(reverse("engagements:importer_deliberations"), {"fichier": scdl({})})

    assert "Le fichier est repris" in page.content.decode()
