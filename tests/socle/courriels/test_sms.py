"""SMS: length and sending, with a real HTTP gateway and a real worker."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ops import services
from participation.socle.actions.courriels import balayer, envoyer, renvoyer
from participation.socle.courriels.sms import dire_longueur
from participation.socle.models import Courriel
from participation.socle.regles.sms import (
    abreger,
    couteux,
    indicatif_refuse,
    messages_comptes,
    numero_sms,
    simplifier,
)
from tests.greffons.services import PATIENCE
from tests.socle.courriels.passerelle_sms import passerelle_sms
from tests.socle.factories import CompteFactory

E = Courriel.Etat
HTTP = "participation.socle.courriels.sms.PasserelleHttp"


# Length


@pytest.mark.parametrize(
    ("tape", "numero"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0612345678 (le soir)", "+33612345678"),
        ("+33 6.12.34.56.78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("bureau 04 76 59 59 59, mobile 06 12 34 56 78", "+33612345678"),
        ("+41 79 123 45 67", "+41791234567"),
        ("04 76 59 59 59", ""),
        ("3939", ""),
        ("06 12 34", ""),
        ("demander à la voisine", ""),
        ("", ""),
    ],
)
def test_a_number_is_written_as_the_operators_do_or_receives_no_sms(tape, numero):
    assert numero_sms(tape, {"FR", "CH"}) == numero


@pytest.mark.parametrize(
    ("tape", "indicatif"),
    [
        ("+371 2123 4567", "+371"),
        ("+44 7400 123456", "+44"),
        ("+41 79 123 45 67, sinon 06 12 34 56 78", ""),
        ("+262 692 12 34 56", ""),
        ("04 76 59 59 59", ""),
        ("", ""),
    ],
)
def test_a_mobile_of_a_country_that_is_not_listed_is_refused_by_its_prefix(tape, indicatif):
    assert indicatif_refuse(tape, {"FR", "RE"}) == indicatif


@pytest.mark.parametrize(
    ("texte", "messages"),
    [
        ("", 1),
        ("é" * 160, 1),
        ("é" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("a" * 69 + "ê", 1),
        ("ê" + "a" * 134, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_messages_are_counted_as_the_operator_does(texte, messages):
    assert messages_comptes(texte) == messages


@given(st.text(alphabet="aé€ê😀 ", max_size=400))
def test_one_more_letter_never_costs_less(texte):
    assert messages_comptes(texte) <= messages_comptes(texte + "a")


@given(st.text(max_size=300), st.integers(min_value=10, max_value=200))
def test_what_is_shortened_holds_in_its_places(texte, places):
    court = abreger(texte, places)

    assert len(court) <= places
    assert court == simplifier(texte) or court.endswith("...")


def test_signs_of_the_printer_cost_nothing_and_letters_stay():
    assert simplifier("L’« été », c’est…\n 30 °C : cœur, forêt") == "L'\"été\", c'est... 30 °C : coeur, forêt"
    assert couteux("forêt, été, forêt, ça") == "êç"
    assert dire_longueur("forêt") == (
        "5 signes, 1 message compté par l’opérateur. Un message tient moins de signes à cause de : ê."
    )


# Sending


@pytest.fixture
def passerelle(settings):
    with passerelle_sms() as passerelle:
        settings.SMS = {
            "BACKEND": HTTP,
            "URL": passerelle.url,
            "JETON": "secret",
            "EXPEDITEUR": "Metropole",
            "ATTENTE": 5,
        }
        yield passerelle


def message(numero="+33612345678", **champs):
    return Courriel.objects.create(
        moyen="sms", destinataires=[numero], acte="remontees/saisir", sujet="SMS", corps="Bonjour\n", **champs
    )


@pytest.mark.django_db
def test_the_gateway_gets_the_documented_form(passerelle):
    sms = message()

    assert envoyer([sms.pk])

    sms.refresh_from_db()
    assert (sms.etat, sms.tentatives, sms.erreur) == (E.ENVOYE, 1, "")
    assert passerelle.demandes == [
        {
            "to": "+33612345678",
            "from": "Metropole",
            "text": "Bonjour",
            "reference": f"courriel-{sms.pk}",
            "cle": f"courriel-{sms.pk}",
            "jeton": "Bearer secret",
        }
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("statut", [400, 404, 422])
def test_a_number_that_is_refused_is_tried_once_and_the_next_one_leaves(passerelle, statut):
    refuse, bon = message("+33600000001"), message()
    passerelle.reponses["+33600000001"] = (statut, '{"message": "numéro inconnu"}')

    assert envoyer([refuse.pk, bon.pk])

    refuse.refresh_from_db()
    bon.refresh_from_db()
    assert (refuse.etat, bon.etat) == (E.REJETE, E.ENVOYE)
    assert refuse.erreur == f"La passerelle refuse ce SMS : {statut} numéro inconnu"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statut", "phrase"),
    [
        (503, "ne prend rien pour l’instant : 503 en travaux"),
        (500, "ne prend rien pour l’instant : 500 en travaux"),
        (429, "ne prend rien pour l’instant : 429 en travaux"),
        (302, "ne prend rien pour l’instant : 302 en travaux"),
        (401, "refuse notre jeton : 401 en travaux"),
    ],
)
def test_a_gateway_that_takes_nothing_is_asked_once_and_all_wait(passerelle, statut, phrase):
    passerelle.statut, passerelle.corps = statut, "en travaux"
    premier, second = message(), message()

    assert not envoyer([premier.pk, second.pk])

    premier.refresh_from_db()
    second.refresh_from_db()
    assert len(passerelle.demandes) == 1
    assert (premier.etat, premier.tentatives) == (E.A_ENVOYER, 1)
    assert (second.etat, second.tentatives) == (E.A_ENVOYER, 0)
    assert phrase in premier.erreur
    assert min(premier.prochain_essai_le, second.prochain_essai_le) > timezone.now() + timedelta(seconds=50)


@pytest.mark.django_db
def test_each_attempt_waits_twice_as_long_until_there_are_no_more(passerelle, settings):
    settings.COURRIEL_TENTATIVES = 3
    passerelle.statut = 500
    sms, repos = message(), []

    for _ in range(3):
        Courriel.objects.update(prochain_essai_le=timezone.now())
        envoyer([sms.pk])
        sms.refresh_from_db()
        repos.append(round((sms.prochain_essai_le - timezone.now()).total_seconds() / 60))

    assert repos == [1, 2, 4]
    assert sms.etat == E.ECHEC


@pytest.mark.django_db
def test_a_gateway_that_does_not_answer_in_time_is_tried_again_under_the_same_key(passerelle, settings):
    settings.SMS = {**settings.SMS, "ATTENTE": 0.2}
    passerelle.retient = True
    sms = message()

    assert not envoyer([sms.pk])
    sms.refresh_from_db()
    assert sms.erreur == "La passerelle de SMS ne répond pas : rien en 0.2 secondes."

    passerelle.retient = False
    settings.SMS = {**settings.SMS, "ATTENTE": PATIENCE}
    Courriel.objects.update(prochain_essai_le=timezone.now())
    assert envoyer([sms.pk])
    assert [demande["cle"] for demande in passerelle.demandes] == [f"courriel-{sms.pk}"] * 2
    assert len(passerelle.envoyes) == 1  # it had been sent the first time


@pytest.mark.django_db
def test_nobody_listening_is_a_failure_of_the_gateway(passerelle, settings):
    settings.SMS = {**settings.SMS, "URL": f"http://127.0.0.1:{services.port_libre()}/"}
    sms = message()

    assert not envoyer([sms.pk])
    sms.refresh_from_db()
    assert sms.erreur.startswith("La passerelle de SMS ne répond pas")
    assert "127.0.0.1" not in sms.erreur


@pytest.mark.django_db
def test_what_was_written_while_the_channel_was_on_waits_while_it_is_off(settings):
    settings.SMS = {**settings.SMS, "BACKEND": ""}
    sms = message()

    assert not envoyer([sms.pk])
    sms.refresh_from_db()
    assert (sms.etat, sms.erreur) == (E.A_ENVOYER, "Les SMS ne sont pas activés sur ce site.")


@pytest.mark.django_db
def test_a_silent_gateway_holds_no_mail_back_and_a_silent_mail_server_no_sms(passerelle, settings):
    passerelle.statut = 503
    settings.COURRIEL_TRANSPORT = {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    for n in range(30):
        message(f"+336123456{n:02}")
    lettre = Courriel.objects.create(
        expediteur="s@example.org", destinataires=["a@example.org"], sujet="A", corps="B"
    )

    balayer(120)
    lettre.refresh_from_db()
    assert lettre.etat == E.ENVOYE

    passerelle.statut = 202
    settings.COURRIEL_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": services.port_libre(),
    }
    Courriel.objects.create(expediteur="s@example.org", destinataires=["a@example.org"], sujet="A", corps="B")
    Courriel.objects.filter(moyen="sms").update(prochain_essai_le=timezone.now())

    balayer(120)
    assert Courriel.objects.filter(moyen="sms").exclude(etat=E.ENVOYE).count() == 0


@pytest.mark.django_db
def test_an_sms_that_left_leaves_again_as_an_sms(passerelle):
    sms = message(cle="remontee:1:recue")
    envoyer([sms.pk])

    second = renvoyer(sms, par=CompteFactory(agent=True))
    envoyer([second.pk])

    assert second.pk != sms.pk
    assert [demande["to"] for demande in passerelle.demandes] == ["+33612345678"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_two_lines_loses_no_sms_and_none_leaves_twice(
    passerelle, celery_reel, lancer_worker, settings
):
    """The worker is killed after the gateway accepts the message, before the row is marked as sent."""
    from participation.socle.courriels.ecriture import confier

    reglages = {
        "SMS_BACKEND": HTTP,
        "SMS_URL": passerelle.url,
        "SMS_JETON": "secret",
        "SMS_ATTENTE": str(PATIENCE),
        "COURRIEL_ABANDON": "1",
    }
    passerelle.retient, passerelle.combien_avant_arrivee = True, 5
    numeros = [message(f"+3361234{rang:04}").pk for rang in range(12)]
    worker = lancer_worker(seul=True, **reglages)
    confier(numeros)
    assert passerelle.arrivee.wait(PATIENCE)
    worker.tuer()
    assert Courriel.objects.filter(etat=E.EN_COURS).count() == 1

    passerelle.retient = False
    settings.COURRIEL_ABANDON = 1
    time.sleep(1.1)
    balayer(120)
    assert not Courriel.objects.exclude(etat=E.ENVOYE).exists()

    assert len(passerelle.demandes) == 13  # the one being sent, submitted twice with one idempotency key
    assert len(passerelle.envoyes) == 12
