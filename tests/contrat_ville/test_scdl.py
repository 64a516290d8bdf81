"""Open data on subsidies (SCDL): legal format, legal scope, only notified decisions, no natural persons."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contrat_ville.models import Partenaire, ReglementSubventions
from contrat_ville.notification import subventions as regles_subventions
from contrat_ville.workflow import Etat
from tests.contrat_ville.factories import PorteurFactory, ProjetFactory

SCHEMA = Path(__file__).parent / "donnees" / "scdl-subventions-2.1.1.json"
SIRET_METROPOLE = "20004071500019"


def reproches(octets):
    """Return the errors of the validator against the schema; empty when valid."""
    # Slow to import, and only this process needs it.
    from frictionless import Dialect, Resource, Schema, validate
    from frictionless.formats import CsvControl

    ressource = Resource(
        data=octets,
        format="csv",
        encoding="utf-8",
        schema=Schema.from_descriptor(json.loads(SCHEMA.read_text(encoding="utf-8"))),
        dialect=Dialect(controls=[CsvControl(delimiter=",")]),
    )
    return [erreur.message for erreur in validate(ressource).tasks[0].errors]


def subvention(**autres):
    jour = timezone.localdate()
    return regles_subventions.Subvention(
        **{
            "attribuant": "Grenoble-Alpes Métropole",
            "siret_attribuant": SIRET_METROPOLE,
            "convention": jour,
            "reference": "CDV-2026-0001",
            "beneficiaire": "Les Jardins",
            "siret": SIRET_METROPOLE,
            "rna": "",
            "objet": "Jardin partagé",
            "montant": Decimal("30000.50"),
            "est_echelonnee": False,
            "debut": jour,
            "fin": jour + timedelta(days=200),
            "dispositif": "Appel à projets",
            **autres,
        }
    )


def test_the_names_and_their_order_are_those_of_the_schema():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [champ["name"] for champ in schema["fields"]] == list(regles_subventions.CHAMPS)


def test_the_validator_refuses_what_is_false():
    faux = b"".join(
        regles_subventions.en_csv(
            [subvention(siret="123", montant=Decimal(5)).fiche() | {"nature": "argent"}]
        )
    )
    assert len(reproches(faux)) == 2


@given(
    textes=st.lists(st.text(min_size=1, max_size=300).filter(str.split), min_size=3, max_size=3),
    montant=st.decimals("23000.01", "999999999.99", places=2),
    est_echelonnee=st.booleans(),
    duree=st.integers(0, 1000),
)
def test_whatever_is_written_in_a_projet_the_file_is_valid(textes, montant, est_echelonnee, duree):
    jour = timezone.localdate()
    objet, beneficiaire, dispositif = textes
    fiche = subvention(
        objet=objet,
        beneficiaire=beneficiaire,
        dispositif=dispositif,
        montant=montant,
        est_echelonnee=est_echelonnee,
        debut=jour,
        fin=jour + timedelta(days=duree),
    ).fiche()
    (lue,) = csv.DictReader(io.StringIO(b"".join(regles_subventions.en_csv([fiche])).decode()))
    assert lue == fiche
    assert Decimal(lue["montant"]) == montant
    assert len(lue["objet"]) <= 256
    assert not lue["objet"].startswith(("=", "+", "-", "@"))


@pytest.fixture
def regle(db):
    regle = ReglementSubventions.objects.get()
    regle.siret_attribuant = SIRET_METROPOLE
    regle.full_clean()
    regle.save()
    return regle


@pytest.fixture
def metropole(db):
    return Partenaire.objects.get(nature="metropole")


def accorder(metropole, montant="30000", *, siret=SIRET_METROPOLE, rna="", nature="association", **autres):
    porteur = PorteurFactory(siret=siret, rna=rna, nature=nature)
    projet = ProjetFactory(**{"notifie": True, **autres}, porte_par=porteur)
    projet.financements.all().delete()
    projet.financements.create(financeur=metropole, demande=Decimal(montant), accorde=Decimal(montant))
    return projet


def publiees(client):
    reponse = client.get(reverse("contrat_ville:subventions_csv"))
    octets = b"".join(reponse.streaming_content)
    return octets, [ligne["referenceDecision"] for ligne in csv.DictReader(io.StringIO(octets.decode()))]


def test_what_is_published_is_valid_and_says_the_grant(client, regle, metropole):
    projet = accorder(metropole, "30000.50")

    octets, references = publiees(client)

    assert reproches(octets) == []
    assert references == [projet.reference]
    (fiche,) = json.loads(b"".join(client.get(reverse("contrat_ville:subventions_json")).streaming_content))
    assert (fiche["montant"], fiche["idAttribuant"], fiche["notificationUE"]) == (
        30000.5,
        SIRET_METROPOLE,
        False,
    )
    page = client.get(reverse("contrat_ville:subventions")).content.decode()
    assert projet.titre in page
    assert "30\u00a0000,50\u00a0€" in page


@pytest.mark.parametrize(
    "autres",
    [
        {"montant": "23000"},  # above the threshold, not equal to it
        {"nature": "collectif", "siret": None},
        {"siret": None},  # nothing identifies the beneficiary
        {"notifie": False, "retenu": True},  # decided, not notified
        {"notifie": False, "refuse": True},
        {"etat": Etat.PROPOSE},
    ],
)
def test_what_the_law_does_not_want_is_not_published(client, regle, metropole, autres):
    accorder(metropole, **autres)
    octets, references = publiees(client)
    assert references == []
    assert reproches(octets) == []


def test_an_association_known_by_its_rna_alone_is_published(client, regle, metropole):
    accorder(metropole, siret=None, rna="W381234567")
    octets, references = publiees(client)
    assert (len(references), reproches(octets)) == (1, [])


def test_what_others_grant_is_theirs_to_publish(client, regle, metropole):
    accorder(Partenaire.objects.get(nature="etat"))
    assert publiees(client)[1] == []


def test_nothing_is_published_before_the_siret_of_who_grants_is_known(client, metropole):
    accorder(metropole)
    assert publiees(client)[1] == []
    assert "Aucune subvention publiée" in client.get(reverse("contrat_ville:subventions")).content.decode()


def test_another_amount_in_the_reglement_changes_what_is_published(client, regle, metropole):
    accorder(metropole, "30000")
    ReglementSubventions.objects.update(seuil=Decimal(50000))
    assert publiees(client)[1] == []


def test_a_siret_that_is_none_is_refused(db):
    regle = ReglementSubventions.objects.get()
    regle.siret_attribuant = "12345678901234"
    with pytest.raises(ValidationError, match="quatorze chiffres"):
        regle.full_clean()


def test_who_has_the_file_is_not_given_it_again(client, regle, metropole):
    projet = accorder(metropole)
    premiere = client.get(reverse("contrat_ville:subventions_csv"))
    assert (
        client.get(
            reverse("contrat_ville:subventions_csv"), headers={"If-None-Match": premiere["ETag"]}
        ).status_code
        == 304
    )
    projet.financements.update(accorde=Decimal(40000))
    assert (
        client.get(
            reverse("contrat_ville:subventions_csv"), headers={"If-None-Match": premiere["ETag"]}
        ).status_code
        == 200
    )


def test_ten_subsidies_cost_the_queries_of_one(client, regle, metropole, django_assert_num_queries):
    for rang in range(10):
        accorder(metropole, siret=None, rna=f"W38123456{rang}")
    with django_assert_num_queries(4):
        assert len(publiees(client)[1]) == 10
