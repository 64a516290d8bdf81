"""Counts of signatures are exact, in any order, with any number of workers, at any time."""

import random
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from participation.socle.models import Commune, Courriel
from petitions.models import Decompte, DecompteCommune, DecompteJour, Signature
from petitions.signatures import decompte
from petitions.signatures.actes import corriger_signature
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.horloge


def compte_vrai(petition):
    return Signature.objects.valables().filter(petition=petition).count()


def test_nothing_new_moves_nothing(db):
    petition = SignatureFactory(confirmee=True).petition
    decompte.compter()
    avant = Decompte.objects.get(petition=petition)

    assert decompte.compter() == 0

    assert Decompte.objects.get(petition=petition).compte_le == avant.compte_le


def test_what_is_counted_is_found_by_its_key_whatever_the_planner_believes(db):
    """The planner expects every row to match: a join read the whole table (1.9 s for a million rows)."""
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_seqscan = off")
        curseur.execute(f"EXPLAIN {decompte.BASCULER}", [decompte.LOT, "Europe/Paris"])
        plan = "\n".join(ligne for (ligne,) in curseur.fetchall())
    assert "signature_a_compter" in plan
    assert "petitions_signature_pkey" in plan
    assert "Join" not in plan
    assert "Nested Loop" not in plan


def test_the_count_follows_in_both_directions(db):
    petition = PetitionFactory(en_collecte=True)
    grenoble = SignatureFactory.create_batch(3, petition=petition, confirmee=True)
    SignatureFactory(petition=petition, confirmee=True, commune=commune("Vif"))
    SignatureFactory(petition=petition)  # not confirmed
    decompte.compter()
    fait = Decompte.objects.get(petition=petition)
    assert (fait.total, fait.communes, fait.plus_forte.nom, fait.plus_forte_nombre) == (4, 2, "Grenoble", 3)

    Signature.objects.filter(pk__in=[s.pk for s in grenoble]).update(etat="invalidee")
    decompte.compter()
    fait.refresh_from_db()
    assert (fait.total, fait.communes, fait.plus_forte.nom) == (1, 1, "Vif")
    assert sum(DecompteJour.objects.filter(petition=petition).values_list("nombre", flat=True)) == 1


def test_a_signature_counts_on_its_day_in_paris(db):
    minuit_trente = timezone.localtime().replace(hour=0, minute=30)
    signature = SignatureFactory(confirmee=True, confirmee_le=minuit_trente)

    decompte.compter()

    assert DecompteJour.objects.get(petition=signature.petition).jour == minuit_trente.date()


def test_a_corrected_commune_moves_in_the_count(db):
    signature = SignatureFactory(confirmee=True)
    decompte.compter()
    signature.refresh_from_db()

    corriger_signature(signature, prenom="Léa", nom="Roux", commune=commune("Vif"), accord_nouvelles=False)

    petition = signature.petition
    assert dict(
        DecompteCommune.objects.filter(petition=petition, nombre__gt=0).values_list("commune__nom", "nombre")
    ) == {"Vif": 1}
    assert Decompte.objects.get(petition=petition).plus_forte.nom == "Vif"
    assert decompte.recompter() == {}


def test_the_nightly_recount_repairs_and_warns(db):
    agent = CompteFactory(agent=True)
    petition = PetitionFactory(en_collecte=True)
    SignatureFactory.create_batch(4, petition=petition, confirmee=True)
    decompte.compter()
    DecompteCommune.objects.filter(petition=petition).update(nombre=9)
    Decompte.objects.filter(petition=petition).update(total=9)

    assert decompte.recompter() == {petition.pk: 5}

    fait = Decompte.objects.get(petition=petition)
    assert (fait.total, fait.derive) == (4, 5)
    assert Courriel.objects.get(acte="petitions/recompter").destinataires == [agent.courriel]
    assert decompte.recompter() == {}
    fait.refresh_from_db()
    assert (fait.derive, fait.recompte_le is not None) == (0, True)


@pytest.mark.django_db(transaction=True)
def test_the_count_is_exact_while_people_sign_withdraw_and_two_counters_run():
    petition = PetitionFactory(en_collecte=True)
    communes = list(Commune.objects.all()[:6])
    fin = threading.Event()

    def agir(graine):
        hasard = random.Random(graine)
        try:
            miennes = []
            for i in range(40):
                if miennes and hasard.random() < 0.3:
                    Signature.objects.filter(pk=miennes.pop().pk).update(etat="retiree", rang=None)
                else:
                    adresse = f"p{graine}-{i}@example.org"
                    miennes.append(
                        SignatureFactory(
                            petition=petition,
                            confirmee=True,
                            courriel=adresse,
                            confirmee_le=timezone.now() - timedelta(hours=hasard.randint(0, 60)),
                            commune=hasard.choice(communes),
                        )
                    )
        finally:
            connection.close()

    def compter():
        try:
            while not fin.is_set():
                decompte.compter()
        finally:
            connection.close()

    acteurs = [threading.Thread(target=agir, args=[graine]) for graine in range(4)]
    compteurs = [threading.Thread(target=compter) for _ in range(2)]
    for fil in [*acteurs, *compteurs]:
        fil.start()
    for fil in acteurs:
        fil.join()
    fin.set()
    for fil in compteurs:
        fil.join()
    decompte.compter()

    assert Decompte.objects.get(petition=petition).total == compte_vrai(petition) > 0
    assert decompte.recompter() == {}
