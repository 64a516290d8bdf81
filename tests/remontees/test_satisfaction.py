"""Satisfaction: asked once by a periodic task, answered in one click, never by a mail scanner."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.models import Courriel
from remontees.messages.satisfaction import demander_les_satisfactions
from remontees.models import ReglementRemontees, Satisfaction
from tests.remontees.factories import RapporteurFactory, RemonteeFactory

pytestmark = pytest.mark.django_db


def repondue(jours, **champs):
    remontee = RemonteeFactory(repondue=True, repondue_le=timezone.localtime() - timedelta(days=jours))
    RapporteurFactory(remontee=remontee, **champs)
    return remontee


def test_it_is_asked_once_after_the_days_of_the_reglement_and_to_who_can_be_written_to(client, settings):
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    delai = ReglementRemontees.actuel().satisfaction_jours
    due = repondue(delai)
    repondue(delai - 1)
    par_sms = repondue(delai, courriel="", telephone="06 12 34 56 78")
    repondue(delai, courriel="", telephone="04 76 59 59 59")
    repondue(delai, prefere="lettre", telephone="06 12 34 56 78")
    repondue(delai, prefere="aucun")
    repondue(delai + 400)
    RemonteeFactory(repondue=True, repondue_le=timezone.localtime() - timedelta(days=delai))

    assert [demander_les_satisfactions(), demander_les_satisfactions()] == [2, 0]

    lettre, sms = Courriel.objects.filter(acte="remontees/demander_satisfaction").order_by("moyen")
    assert lettre.dossier_id == due.pk
    assert lettre.entetes["References"].startswith(f"<remontee.{due.pk}.")
    assert (sms.moyen, sms.destinataires) == ("sms", ["+33612345678"])
    page = client.get(re.search(r"http\S+?(/s/\S+)", sms.corps)[1])
    assert page.url.startswith("/remontees/satisfaction/")
    assert Satisfaction.LIEN.trouver(page.url.split("/")[3], Satisfaction.objects) == par_sms.satisfaction


def test_one_click_says_it_then_a_word_and_opening_the_page_says_nothing(client):
    demande = Satisfaction.objects.create(remontee=repondue(7))
    adresse = reverse("remontees:satisfaction", args=[demande.jeton()])

    client.get(adresse)
    demande.refresh_from_db()
    assert demande.avis == ""
    client.post(adresse, {"avis": "en_partie"})
    client.post(adresse, {"avis": "en_partie", "mot": "C’était long."})

    demande.refresh_from_db()
    assert (demande.avis, demande.mot) == ("en_partie", "C’était long.")
    assert "Vous avez répondu" in client.get(adresse).content.decode()


def test_an_answer_that_is_none_is_refused(client):
    demande = Satisfaction.objects.create(remontee=repondue(7))

    page = client.post(reverse("remontees:satisfaction", args=[demande.jeton()]), {"avis": "bof"})

    assert "sélectionnez" in page.content.decode().lower() or "choisissez" in page.content.decode().lower()
    demande.refresh_from_db()
    assert demande.avis == ""
