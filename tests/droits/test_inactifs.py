"""Who no longer signs in is told a day, then erased on it; who comes back, or has something open, stays."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from participation.droits.inactifs import garder_compte, suivre_les_inactifs
from participation.droits.models import DemandeDroit, ReglementDroits
from participation.droits.personnes.actes import executer_demande
from participation.socle.models import Compte, Courriel
from tests.contrat_ville.factories import ProjetFactory
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db

VIEUX = timezone.localtime() - timedelta(days=3000)


def oublie(**champs):
    compte = CompteFactory(cree_le=VIEUX, last_login=VIEUX, **champs)
    EmailAddress.objects.create(user=compte, email=compte.courriel, primary=True, verified=True)
    return compte


def le_jour_dit():
    DemandeDroit.objects.update(date_effacement=timezone.localdate())
    suivre_les_inactifs()
    for demande in DemandeDroit.objects.filter(etat="a_faire"):
        executer_demande(demande.pk)


def test_who_never_comes_back_is_told_once_then_erased_with_a_report():
    compte = oublie()
    PetitionFactory(auteur=compte, close=True, clos_le=VIEUX)
    suivre_les_inactifs()
    suivre_les_inactifs()

    demande = DemandeDroit.objects.get()
    attendu = timezone.localdate() + timedelta(days=ReglementDroits.actuel().preavis_jours)
    assert demande.date_effacement == attendu
    assert Courriel.objects.filter(acte="droits/prevenir_inactif").count() == 1
    assert Compte.objects.get(pk=compte.pk).is_active

    le_jour_dit()

    compte.refresh_from_db()
    demande.refresh_from_db()
    assert (compte.is_active, demande.etat, demande.courriel) == (False, "faite", "")
    assert demande.rapport


def test_who_comes_back_before_the_day_stays_and_the_address_leaves_the_list():
    compte = oublie()
    suivre_les_inactifs()
    Compte.objects.filter(pk=compte.pk).update(last_login=timezone.now())

    le_jour_dit()

    demande = DemandeDroit.objects.get()
    assert (demande.etat, demande.courriel) == ("sans_suite", "")
    assert Compte.objects.get(pk=compte.pk).is_active


def test_whom_an_agent_keeps_is_not_told_again_the_next_day():
    oublie()
    suivre_les_inactifs()
    garder_compte(DemandeDroit.objects.get(), par=CompteFactory(agent=True))

    suivre_les_inactifs()

    assert DemandeDroit.objects.get().etat == "sans_suite"


def test_nobody_with_a_role_a_dossier_or_a_projet_is_told():
    oublie(agent=True)
    oublie(is_staff=True)
    PetitionFactory(auteur=oublie())
    ProjetFactory(equipe=[oublie()])
    CompteFactory(cree_le=VIEUX, last_login=VIEUX)  # a mailbox that nobody proved
    CompteFactory(cree_le=timezone.now())

    suivre_les_inactifs()

    assert not DemandeDroit.objects.exists()
