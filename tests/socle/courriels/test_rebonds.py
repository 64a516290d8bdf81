"""A bounced letter is marked; a message that is no report on our letters is ignored; a forged one too."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from participation.socle.actions.courriels import envoyer, traiter_rebond
from participation.socle.courriels.message import identifiant_de
from participation.socle.models import Courriel
from tests.socle.factories import etats, lettre

pytestmark = pytest.mark.django_db
E = Courriel.Etat


REBOND = """From: MAILER-DAEMON@relais.example.org
To: service@example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261124.1@relais.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I am sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example.org

Final-Recipient: rfc822; {adresse}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {dit}

--B
Content-Type: {forme}

From: service@example.org
Message-ID: {identifiant}
Subject: Bonjour

--B--
"""


def rapport(courriel, *, action="failed", forme="message/rfc822", adresse="a@example.org", **champs):
    identifiant = champs.get("identifiant") or identifiant_de(courriel)
    dit = champs.get("dit", "550 5.1.1 No such user")
    return REBOND.format(
        action=action, forme=forme, adresse=adresse, identifiant=identifiant, dit=dit
    ).encode()


@pytest.mark.parametrize("forme", ["message/rfc822", "text/rfc822-headers"])
def test_a_letter_that_comes_back_is_marked(boite, forme):
    courriel, autre = lettre(), lettre()
    envoyer([courriel.pk, autre.pk])

    assert traiter_rebond(rapport(courriel, forme=forme)) == courriel

    courriel.refresh_from_db()
    assert courriel.etat == E.REJETE
    assert courriel.erreur == (
        "La lettre est revenue de a@example.org. D’après son serveur, cette adresse n’existe pas, ou plus. "
        "Ce que le serveur d’en face a dit : « 550 5.1.1 No such user »"
    )
    assert etats()[1] == E.ENVOYE


@pytest.mark.parametrize(
    ("statut", "dit", "sens"),
    [
        ("4.2.2", "452 over quota", "la boîte est pleine"),
        ("5.0.0", "552 5.2.2 Mailbox full", "la boîte est pleine"),
        ("5.7.1", "550 rejected", "indésirables"),
        ("5.3.4", "552 too big", "trop lourde"),
        ("5.0.0", "554 192.5.1.1 refused", ""),
    ],
)
def test_what_the_status_of_a_report_means_is_said_in_french(boite, statut, dit, sens):
    courriel = lettre()
    envoyer([courriel.pk])

    traiter_rebond(rapport(courriel, dit=dit).replace(b"Status: 5.1.1", f"Status: {statut}".encode()))

    courriel.refresh_from_db()
    assert dit in courriel.erreur
    avant = courriel.erreur.partition("Ce que le serveur")[0]
    assert sens in avant
    assert ("erveur" in avant) is bool(sens)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_that_is_no_failure_changes_nothing(boite, action):
    courriel = lettre()
    envoyer([courriel.pk])
    assert traiter_rebond(rapport(courriel, action=action)) is None
    assert etats() == [E.ENVOYE]


def test_what_is_no_report_of_ours_is_left_alone(boite):
    courriel = lettre()
    envoyer([courriel.pk])
    assert traiter_rebond(b"Subject: Bonjour\n\nTexte") is None
    for identifiant in (
        f"<courriel-{courriel.pk}@127.0.0.1>",
        f"<courriel-{courriel.pk}.{'A' * 20}@127.0.0.1>",
        identifiant_de(lettre()).replace(f"-{courriel.pk + 1}.", f"-{courriel.pk}."),
        "<courriel-999999.AAAAAAAAAAAAAAAAAAAA@127.0.0.1>",
    ):
        assert traiter_rebond(rapport(courriel, identifiant=identifiant)) is None
    assert E.REJETE not in etats()


def test_a_report_on_another_address_changes_nothing_and_a_tag_is_the_same_mailbox(boite):
    courriel = lettre()
    envoyer([courriel.pk])

    assert traiter_rebond(rapport(courriel, adresse="inconnu@example.net")) is None
    assert traiter_rebond(rapport(courriel, adresse="A+liste@Example.org")) == courriel


def test_after_a_restore_the_report_on_a_lost_letter_does_not_touch_the_one_that_took_its_number(boite):
    perdue = lettre()
    identifiant = identifiant_de(perdue)
    Courriel.objects.filter(pk=perdue.pk).update(cree_le=perdue.cree_le + timedelta(seconds=1))
    nouvelle = Courriel.objects.get(pk=perdue.pk)

    assert traiter_rebond(rapport(nouvelle, identifiant=identifiant)) is None


def test_the_words_of_a_report_are_quoted_short_and_without_a_link(boite):
    courriel = lettre()
    envoyer([courriel.pk])
    mechant = (
        "550 votre compte expire, payez sur http://evil.example/payer ou www.evil.example \x1b[31m "
        + "z " * 500
    )

    traiter_rebond(rapport(courriel, dit=mechant))

    courriel.refresh_from_db()
    assert "evil" not in courriel.erreur
    assert courriel.erreur.startswith("La lettre est revenue de a@example.org. ")
    assert "Ce que le serveur d’en face a dit : « 550" in courriel.erreur
    assert len(courriel.erreur) < 350
    assert "\x1b" not in courriel.erreur


def test_a_report_that_cannot_be_read_changes_nothing():
    emboitees = "".join(f'Content-Type: multipart/report; boundary="b{n}"\n\n--b{n}\n' for n in range(1000))
    assert traiter_rebond(emboitees.encode()) is None


def test_an_old_key_of_the_site_still_proves_the_letters_written_before(boite, settings):
    courriel = lettre()
    identifiant = identifiant_de(courriel)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60

    assert identifiant_de(courriel) != identifiant
    assert traiter_rebond(rapport(courriel, identifiant=identifiant)) == courriel


def test_the_command_reads_reports_from_files(boite, tmp_path, capsys):
    courriel = lettre()
    envoyer([courriel.pk])
    avis, autre = tmp_path / "avis.eml", tmp_path / "autre.eml"
    avis.write_bytes(rapport(courriel))
    autre.write_text("Subject: Bonjour\n\nTexte")

    call_command("rebonds", avis, autre)

    assert etats() == [E.REJETE]
    assert capsys.readouterr().out.splitlines() == [
        f"Courriel {courriel.pk} : rejeté par le destinataire",
        "Aucun courriel concerné.",
    ]
