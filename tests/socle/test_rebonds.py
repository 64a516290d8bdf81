"""A bounced letter is marked; a message that is no report on our letters is ignored."""

import email

import pytest
from django.core.management import call_command

from participation.socle.actions.courriels import envoyer, traiter_rebond
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

Final-Recipient: rfc822; a@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--B
Content-Type: {forme}

From: service@example.org
Message-ID: <courriel-{numero}@127.0.0.1>
Subject: Bonjour

--B--
"""


@pytest.mark.parametrize("forme", ["message/rfc822", "text/rfc822-headers"])
def test_a_letter_that_comes_back_is_marked(boite, forme):
    courriel, autre = lettre(), lettre()
    envoyer([courriel.pk, autre.pk])

    texte = REBOND.format(action="failed", forme=forme, numero=courriel.pk)
    assert traiter_rebond(email.message_from_string(texte)) == courriel

    courriel.refresh_from_db()
    assert courriel.etat == E.REJETE
    assert courriel.erreur == "La lettre est revenue : a@example.org : 550 5.1.1 No such user"
    assert etats()[1] == E.ENVOYE


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_that_is_no_failure_changes_nothing(boite, action):
    courriel = lettre()
    envoyer([courriel.pk])
    texte = REBOND.format(action=action, forme="message/rfc822", numero=courriel.pk)
    assert traiter_rebond(email.message_from_string(texte)) is None
    assert etats() == [E.ENVOYE]


def test_what_is_no_report_of_ours_is_left_alone():
    assert traiter_rebond(email.message_from_string("Subject: Bonjour\n\nTexte")) is None
    texte = REBOND.format(action="failed", forme="message/rfc822", numero=999_999)
    assert traiter_rebond(email.message_from_string(texte)) is None


def test_the_command_reads_reports_from_files(boite, tmp_path, capsys):
    courriel = lettre()
    envoyer([courriel.pk])
    avis, autre = tmp_path / "avis.eml", tmp_path / "autre.eml"
    avis.write_text(REBOND.format(action="failed", forme="message/rfc822", numero=courriel.pk))
    autre.write_text("Subject: Bonjour\n\nTexte")

    call_command("rebonds", avis, autre)

    assert etats() == [E.REJETE]
    assert capsys.readouterr().out.splitlines() == [
        f"Courriel {courriel.pk} : rejeté par le destinataire",
        "Aucun courriel concerné.",
    ]
