"""Erasure of signatures after the delay or by an agent, in batches; the counts remain."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel
from participation.socle.regles.petits_nombres import plus_petit_montrable
from petitions import pseudonymisation
from petitions.models import CoPetitionnaire, Decompte, Petition, Signature
from petitions.signatures import decompte, envois
from tests.droits.factories import viser
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory


@pytest.fixture
def petition(db):
    return PetitionFactory(close=True, conservation_jusqu_au=timezone.localdate() - timedelta(days=1))


def test_nothing_is_forgotten_before_the_delay(db):
    petition = PetitionFactory(close=True, conservation_jusqu_au=timezone.localdate())

    assert not pseudonymisation.petitions_a_pseudonymiser().exists()
    assert "pseudonymiser" not in petition.actes_permis_a(CompteFactory(agent=True))
    with pytest.raises(ErreurMetier, match="délai"):
        pseudonymisation.pseudonymiser(petition, par=CompteFactory(agent=True))


@pytest.mark.parametrize("etat", ["collecte_close", "repondue"])
def test_a_dossier_still_open_for_its_suites_does_not_hold_the_names_longer(db, etat):
    hier = timezone.localdate() - timedelta(days=1)
    petition = PetitionFactory(**{etat: True}, conservation_jusqu_au=hier)
    signature = SignatureFactory(petition=petition, confirmee=True)

    assert petition in pseudonymisation.petitions_a_pseudonymiser()
    assert "pseudonymiser" not in petition.actes_permis_a(CompteFactory(agent=True)), "no visa yet"
    viser("petitions.signatures", petition.pk)
    assert "pseudonymiser" in petition.actes_permis_a(CompteFactory(agent=True))
    pseudonymisation.pseudonymiser(petition, par=CompteFactory(agent=True))
    pseudonymisation.poursuivre_pseudonymisation(petition.pk)

    signature.refresh_from_db()
    assert (signature.nom, signature.courriel) == ("", None)


def test_names_and_addresses_go_counts_stay(client, petition, monkeypatch):
    monkeypatch.setattr(pseudonymisation, "LOT", 3)
    SignatureFactory.create_batch(8, petition=petition, confirmee=True)
    CoPetitionnaireFactory.create_batch(2, petition=petition, confirme=True)
    autre = SignatureFactory(a_ecrire=True)
    envois.ecrire_aux_signataires()
    Courriel.objects.create(
        cle=f"signature:{petition.pk}:1:1",
        expediteur="x@y.fr",
        destinataires=["a@b.fr"],
        sujet="s",
        corps="c",
    )
    decompte.compter()
    client.force_login(CompteFactory(agent=True))
    assert petition.titre in client.get("/petitions/conservation/").content.decode()

    viser("petitions.signatures", petition.pk)
    client.post(f"/petitions/{petition.pk}/pseudonymiser/")
    assert petition.titre in client.get("/petitions/conservation/").content.decode()
    pseudonymisation.poursuivre_pseudonymisation(petition.pk)
    pseudonymisation.poursuivre_pseudonymisation(petition.pk)

    assert set(
        Signature.objects.filter(petition=petition).values_list("nom", "courriel", "nom_canonique")
    ) == {("", None, "")}
    assert set(CoPetitionnaire.objects.filter(petition=petition).values_list("nom", "courriel")) == {
        ("–", "")
    }
    assert list(Courriel.objects.values_list("destinataires", flat=True)) == [[autre.courriel]]
    assert Petition.objects.get(pk=petition.pk).pseudonymisee_le is not None
    assert decompte.recompter() == {}
    assert Decompte.objects.get(petition=petition).total == 8
    assert petition.journal.filter(acte="pseudonymiser").count() == 1
    autre.refresh_from_db()
    assert autre.nom


@pytest.mark.parametrize(
    ("nombres", "montrable"),
    [
        ([], 5),
        ([12, 7], 5),
        ([12, 3, 2], 5),  # a group of 5 shared by two: the split cannot be deduced
        ([12, 7, 3], 8),  # a single hidden number follows by subtraction: the next one is hidden too
        ([12, 7, 1, 1], 8),  # two groups that make 2 are 1 and 1
        ([12, 7, 4, 4], 8),  # two groups that make 8 are 4 and 4
        ([3], 5),
    ],
)
def test_a_small_number_is_never_found_by_subtraction(nombres, montrable):
    assert plus_petit_montrable({str(i): n for i, n in enumerate(nombres)}, 5) == montrable
