"""An address proved by mail: one mechanism for whoever asks without an account."""

from datetime import timedelta
from threading import Event

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.preuves import demandeur, effacer_sans_preuve
from participation.socle.models import AProuver
from participation.suites import abonnements
from participation.suites.models import Abonnement
from tests.greffons.services import PATIENCE
from tests.outils import ensemble
from tests.petitions.factories import PetitionFactory
from tests.suites.factories import AbonnementFactory

A_PROUVER = [m for m in apps.get_models() if issubclass(m, AProuver)]
VIEUX = timedelta(days=400)


@pytest.mark.django_db
@pytest.mark.parametrize("modele", A_PROUVER, ids=lambda m: m.__name__)
def test_each_kind_says_what_is_erased_without_its_proof(modele: type[AProuver]) -> None:
    for perimees in modele.sans_preuve():
        assert perimees.model is modele
    assert {modele.DEMANDEE, modele.PROUVEE} <= {champ.name for champ in modele._meta.get_fields()}


@pytest.mark.django_db
def test_a_link_cut_by_a_mail_program_gets_a_page_that_says_how_to_get_another(client) -> None:
    coupe = "1:1abc:def"
    for nom, quoi in (
        ("petitions:confirmer_signature", "aucune signature"),
        ("petitions:confirmer_copetitionnaire", "aucune invitation"),
        ("renouvellement:confirmer_candidature", "aucune candidature"),
    ):
        reponse = client.get(reverse(nom, args=[coupe]))
        assert reponse.status_code == 404, nom
        assert f"Ce lien ne mène à {quoi}" in reponse.content.decode()
        assert reponse["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db(transaction=True)
def test_an_address_proved_while_the_night_erases_is_kept() -> None:
    """The task has chosen the row; its owner pushes the button before the task locks it."""
    vieux = timezone.localtime() - VIEUX
    tenue = AbonnementFactory(confirme_le=None, demande_le=vieux)
    perdue = AbonnementFactory(confirme_le=None, demande_le=vieux)
    verrouillee = Event()

    def confirmer() -> None:
        with transaction.atomic():
            abonnements.confirmer(tenue)
            verrouillee.set()
            effacee.wait(0.3)

    effacee = Event()

    def effacer() -> None:
        assert verrouillee.wait(PATIENCE)
        assert effacer_sans_preuve() == 1
        effacee.set()

    assert ensemble(confirmer, effacer) == ["fait", "fait"]
    assert list(Abonnement.objects.values_list("pk", flat=True)) == [tenue.pk]
    assert perdue.pk


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_for_one_address_get_one_row() -> None:
    petition = PetitionFactory(en_collecte=True)

    def demander() -> None:
        with transaction.atomic():
            demandeur(Abonnement, "alma@example.org", dossier_id=petition.pk)

    assert ensemble(demander, demander) == ["fait", "fait"]
    assert Abonnement.objects.count() == 1
