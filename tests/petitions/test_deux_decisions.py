"""Two agents, two decisions, the same second: one effect, one letter to each, and the other agent is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courriel
from participation.socle.workflow import Role
from petitions.actions import recevabilite
from petitions.models import ExamenCritere, Petition
from petitions.workflow import Etat
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_decisions_taken_at_once_one_is_made():
    une, autre = CompteFactory.create_batch(2, role=Role.AGENT)
    petition = PetitionFactory(deposee=True)
    for critere in petition.reglement.criteres.all():
        ExamenCritere.objects.create(petition=petition, critere=critere, appreciation="rempli", par=une)
    depart = Barrier(2)

    def decider(acte, **valeurs):
        lue = Petition.objects.get(pk=petition.pk)
        depart.wait()
        try:
            acte(lue, **valeurs)
        except ActeInterdit:
            return "refusée"
        finally:
            connection.close()
        return lue.etat

    with ThreadPoolExecutor(2) as fils:
        recevable = fils.submit(decider, recevabilite.declarer_recevable, par=une)
        transmise = fils.submit(
            decider, recevabilite.transmettre, par=autre, autorite_competente="Le Département"
        )
        issues = [recevable.result(), transmise.result()]

    petition.refresh_from_db()
    assert sorted(issues) == sorted(["refusée", petition.etat])
    assert petition.etat in {Etat.RECEVABLE, Etat.TRANSMISE}
    decisions = petition.journal.filter(acte__in=["declarer_recevable", "transmettre"])
    assert [entree.etat_apres for entree in decisions] == [petition.etat]
    assert Courriel.objects.filter(destinataires=[petition.auteur.courriel]).count() == 1
