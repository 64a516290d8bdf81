"""Limits of SMS: countries, one number, one day, whoever asks; and what they cost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.courriels import envoyer, renvoyer
from participation.socle.courriels import sms as passage
from participation.socle.models import Courriel, JourSms
from tests.greffons.services import PATIENCE
from tests.outils import lire
from tests.socle.factories import CompteFactory

E = Courriel.Etat
PUITS = "participation.socle.courriels.sms.Puits"


@pytest.fixture(autouse=True)
def bornes(settings):
    settings.SMS = {**settings.SMS, "BACKEND": PUITS}
    settings.SMS_BORNES = {
        "PAYS": frozenset({"FR", "RE"}),
        "PAR_NUMERO_JOUR": 3,
        "PAR_NUMERO_MOIS": 5,
        "PAR_JOUR": 100,
        "PAR_APPLICATION_JOUR": 2,
        "PRIX": Decimal("0.065"),
    }
    return settings.SMS_BORNES


def message(numero="+33612345678", **champs):
    valeurs = {"acte": "remontees/saisir", "sujet": "SMS", "corps": "Bonjour\n", **champs}
    return Courriel.objects.create(moyen="sms", destinataires=[numero], **valeurs)


def etats():
    return list(Courriel.objects.order_by("pk").values_list("etat", flat=True))


@pytest.mark.django_db
def test_one_number_gets_a_few_sms_a_day_however_it_is_written_and_an_agent_reads_why():
    for numero in ("+33612345678", "06 12 34 56 78", "0033 6 12 34 56 78", "+33612345678", "+33612345678"):
        message(passage.numero_de(numero))

    assert envoyer(Courriel.objects.order_by("pk").values_list("pk", flat=True))
    assert etats() == [E.ENVOYE] * 3 + [E.ECHEC] * 2
    retenu = Courriel.objects.latest("pk")
    assert retenu.erreur.startswith("Ce numéro a déjà reçu 3 SMS aujourd’hui : celui-ci n’est pas parti.")
    assert retenu.tentatives == 0
    assert envoyer([message("+33698765432").pk])  # the neighbour still gets hers
    assert etats()[-1] == E.ENVOYE


@pytest.mark.django_db
def test_what_an_agent_sends_again_passes_the_same_gate():
    Courriel.objects.filter(pk__in=[message().pk for _ in range(3)]).update(
        etat=E.ENVOYE, envoye_le=timezone.now()
    )
    retenu = message()
    envoyer([retenu.pk])
    assert renvoyer(retenu, par=CompteFactory(agent=True)).etat == E.A_ENVOYER
    envoyer([retenu.pk])
    assert etats()[-1] == E.ECHEC

    Courriel.objects.filter(etat=E.ENVOYE).update(envoye_le=timezone.localtime() - timedelta(days=2))
    renvoyer(retenu, par=CompteFactory(agent=True))
    envoyer([retenu.pk])
    assert etats()[-1] == E.ENVOYE


@pytest.mark.django_db
def test_one_number_gets_so_many_in_thirty_days():
    Courriel.objects.filter(pk__in=[message().pk for _ in range(5)]).update(
        etat=E.ENVOYE, envoye_le=timezone.localtime() - timedelta(days=20)
    )
    envoyer([message().pk])

    assert etats()[-1] == E.ECHEC
    assert "5 SMS en trente jours" in Courriel.objects.latest("pk").erreur


@pytest.mark.django_db
@pytest.mark.parametrize(("numero", "etat"), [("+37121234567", E.ECHEC), ("+262692123456", E.ENVOYE)])
def test_an_sms_leaves_only_for_the_countries_of_the_list_whatever_wrote_it(numero, etat):
    envoyer([message(numero).pk])

    lettre = Courriel.objects.get()
    assert lettre.etat == etat
    assert ("pas de SMS aux numéros en +371" in lettre.erreur) == (etat == E.ECHEC)


@pytest.mark.django_db
def test_over_the_day_of_the_whole_site_an_sms_waits_for_the_morning_and_is_not_lost(bornes):
    bornes["PAR_JOUR"] = 1
    un, autre = message(), message("+33698765432")
    assert envoyer([un.pk, autre.pk])

    autre.refresh_from_db()
    assert (autre.etat, autre.tentatives) == (E.A_ENVOYER, 0)
    assert autre.erreur.endswith("celui-ci partira demain matin.")
    assert timezone.localdate(autre.prochain_essai_le) == timezone.localdate() + timedelta(days=1)
    # The next day has its own count.
    JourSms.objects.update(jour=timezone.localdate() - timedelta(days=1))
    Courriel.objects.update(prochain_essai_le=timezone.now())
    envoyer([autre.pk])
    assert etats() == [E.ENVOYE, E.ENVOYE]


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_send_one_too_many_to_a_number(bornes):
    bornes["PAR_NUMERO_JOUR"] = 1
    numeros, depart = [message().pk for _ in range(4)], Barrier(4)

    def partir(numero):
        try:
            depart.wait(PATIENCE)
            return envoyer([numero])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as fils:
        assert all(fils.map(partir, numeros))
    for _ in range(2):
        Courriel.objects.filter(etat=E.A_ENVOYER).update(prochain_essai_le=timezone.now())
        envoyer(numeros)

    assert sorted(etats()) == [E.ECHEC] * 3 + [E.ENVOYE]


@pytest.mark.django_db
def test_the_cost_of_each_month_stays_when_its_letters_are_erased(client, settings, bornes):
    for numero in range(4):
        message(f"+3361234567{numero}", corps="a" * 161)
    message("+37121234567")
    envoyer(Courriel.objects.values_list("pk", flat=True))
    Courriel.objects.all().delete()
    client.force_login(CompteFactory(agent=True))

    page = lire(client.get(reverse("socle:cout_des_sms")))
    for mots in ("0,52 €", "Un message compté coûte 0,065 €", "+262 et +33", "3 SMS par jour au plus"):
        assert mots in page
    jour = JourSms.objects.get()
    assert (jour.sms, jour.messages, jour.retenus) == (4, 8, 1)

    settings.SMS_BORNES = {**bornes, "PRIX": Decimal(0)}
    assert "non connu" in lire(client.get(reverse("socle:cout_des_sms")))


@pytest.mark.django_db
def test_the_list_of_letters_leads_to_the_cost_of_sms_when_they_are_on(client, settings):
    client.force_login(CompteFactory(agent=True))
    assert "Coût des SMS" in lire(client.get(reverse("socle:courriels")))
    settings.SMS = {**settings.SMS, "BACKEND": ""}
    assert "Coût des SMS" not in lire(client.get(reverse("socle:courriels")))
    page = lire(client.get(reverse("socle:cout_des_sms")))
    assert "Les SMS ne sont pas activés sur ce site." in page
    assert "Aucun SMS n’est parti" in page
