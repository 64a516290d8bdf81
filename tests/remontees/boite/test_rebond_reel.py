"""A letter whose mail server takes it, then sends it back: by SMTP, a worker, and the mailbox that the site reads."""

import email
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from django.urls import reverse

from participation.celery import app
from participation.socle.courriels.ecriture import deposer
from participation.socle.models import Courriel
from remontees.models import CourrielRecu
from tests.outils import PATIENCE, attendre, lire
from tests.remontees.courriels import relever
from tests.socle.boite_smtp import Boite, serveur_smtp
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)
E = Courriel.Etat
PARTIE = "josette@example.org"


class Relais(Boite):
    """A relay that accepts a letter, finds later that its mailbox is no more, and says so to who reads `imap`."""

    def __init__(self, imap):
        super().__init__()
        self.imap = imap

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd)
        reponse = await super().handle_DATA(server, session, envelope)
        if PARTIE in envelope.rcpt_tos:
            self.imap.poster(avis(email.message_from_bytes(envelope.content)).as_bytes())
        return reponse


def avis(lettre: Message) -> EmailMessage | MIMEMultipart:
    """Return the report of RFC 3464 on this letter, as it was received."""
    rapport = MIMEMultipart("report", **{"report-type": "delivery-status"})
    rapport["From"], rapport["To"] = "MAILER-DAEMON@relais.example.org", lettre["From"]
    rapport["Subject"] = "Undelivered Mail Returned to Sender"
    rapport["Message-ID"] = "<avis.1@relais.example.org>"
    rapport["Auto-Submitted"] = "auto-replied"
    serveur, boite = Message(), Message()
    serveur["Reporting-MTA"] = "dns; relais.example.org"
    boite["Final-Recipient"], boite["Action"], boite["Status"] = f"rfc822; {PARTIE}", "failed", "5.1.1"
    boite["Diagnostic-Code"] = "smtp; 550 5.1.1 No such user"
    statut = Message()
    statut["Content-Type"] = "message/delivery-status"
    statut.set_payload([serveur, boite])
    for partie in (MIMEText("Your message could not be delivered."), statut, MIMEMessage(lettre)):
        rapport.attach(partie)
    return rapport


def test_a_letter_accepted_then_sent_back_waits_in_the_day_of_an_agent(
    boite_reglee, celery_reel, lancer_worker, client
):
    client.force_login(CompteFactory(agent=True))
    lettres = [
        Courriel(expediteur="service@example.org", destinataires=[qui], sujet="Votre signalement", corps="Merci.", acte="remontees/essai")
        for qui in (PARTIE, "andree@example.org")
    ]  # fmt: skip
    relais = Relais(boite_reglee)
    relais.combien_avant_arrivee = 2
    with serveur_smtp(relais) as port:
        lancer_worker(seul=True, EMAIL_URL=f"smtp://127.0.0.1:{port}")
        deposer(lettres)
        app.send_task("participation.socle.tasks.balayer_courriels")
        assert relais.arrivee.wait(PATIENCE)
        attendre(lambda: Courriel.objects.filter(etat=E.ENVOYE).count() == 2)
    assert "non arrivée" not in lire(client.get(reverse("socle:journee")))
    assert boite_reglee.combien() == 1

    relever()

    attendre(
        lambda: Courriel.objects.filter(etat=E.REJETE).exists()
    )  # by the worker, or here: who comes first
    etats = dict(Courriel.objects.values_list("destinataires__0", "etat"))
    assert etats == {PARTIE: E.REJETE, "andree@example.org": E.ENVOYE}
    assert [recu.sort for recu in CourrielRecu.objects.all()] == [CourrielRecu.Sort.REBOND]
    assert "1 lettre non arrivée" in lire(client.get(reverse("socle:journee")))
    revenue = Courriel.objects.get(etat=E.REJETE)
    page = lire(client.get(reverse("socle:courriel", args=[revenue.pk])))
    assert f"La lettre est revenue de {PARTIE}" in page
    assert "550 5.1.1 No such user" in page

    relever()
    assert CourrielRecu.objects.count() == 1, "read once"
