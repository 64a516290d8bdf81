"""Each kind of letter is kept for its own delay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.droits.models import DemandeDroit
from participation.droits.personnes.actes import demander_droit
from participation.socle.actions.courriels import purger_courriels
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Courriel, ReglementCourriels
from participation.suites.abonnements import suivre
from participation.suites.models import Abonnement
from tests.petitions.factories import PetitionFactory
from tests.renouvellement.factories import CandidatureFactory
from tests.socle.oubli.test_oubli import ADRESSE, tables_ou
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db


def lettre(acte: str, jours: int, **champs) -> Courriel:
    return Courriel.objects.create(
        expediteur="s@x.fr",
        destinataires=["x@example.org"],
        sujet=acte,
        corps="-",
        acte=acte,
        **{"etat": "envoye", "cree_le": timezone.localtime() - timedelta(days=jours), **champs},
    )


def test_each_kind_of_letter_goes_after_its_own_delay():
    reglement = ReglementCourriels.objects.en_vigueur()
    reglement.delais.all().delete()
    reglement.jours_codes, reglement.jours = 7, 100
    reglement.save()
    reglement.delais.create(lettre="petitions/", jours=50)
    reglement.delais.create(lettre="petitions/signer", jours=20)
    gardees = [("", 6), ("petitions/signer", 19), ("petitions/deposer", 49), ("socle/demander", 99)]
    for acte, jours in gardees:
        lettre(acte, jours)
        lettre(acte, jours + 2)
    en_attente = lettre("", 30, etat="a_envoyer")

    assert purger_courriels() == 4

    assert sorted(Courriel.objects.exclude(pk=en_attente.pk).values_list("acte", flat=True)) == sorted(
        acte for acte, _ in gardees
    )


def test_letters_go_with_the_subscription_the_request_and_the_candidature_never_confirmed():
    suite = SuiteFactory(dossier=PetitionFactory(en_collecte=True))
    suivre(suite.dossier, ADRESSE)
    demander_droit(ADRESSE, "copie")
    candidature = CandidatureFactory(a_confirmer=True, courriel=ADRESSE)
    ecrire("socle/fermer_compte", a=[ADRESSE], contexte={}, cle=f"candidature:{candidature.pk}:candidater")
    assert Courriel.objects.count() == 3
    avant = timezone.localtime() - timedelta(days=400)
    for modele in (Abonnement, DemandeDroit):
        modele.objects.update(demande_le=avant)
    type(candidature).objects.update(cree_le=avant)

    effacer_sans_preuve()

    assert tables_ou(ADRESSE) == set()
