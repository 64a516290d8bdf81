"""Emails that fail the checks of their domain: content kept, no answer sent."""

from email.message import EmailMessage

import pytest

from participation.socle.models import Courriel
from remontees.boite.actes import traiter
from remontees.boite.regles import cle_de
from remontees.models import CourrielRecu, Message, Remontee
from tests.remontees.factories import RapporteurFactory, RemonteeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _notre_serveur(settings):
    settings.BOITE_SERVEURS = ["mx.example.org"]


def recevoir(objet: str, verdict: str) -> None:
    message = EmailMessage()
    message["Authentication-Results"] = f"mx.example.org; spf=pass; dmarc={verdict} header.from=example.org"
    # Only the first header counts, added by our server: the message may come with forged ones.
    message["Authentication-Results"] = "mx.example.net; dmarc=fail"
    message["From"], message["Subject"] = "Josette Arnaud <josette@example.org>", objet
    message["Message-ID"] = f"<{CourrielRecu.objects.count()}@example.org>"
    message.set_content("Le banc de la place est cassé.")
    octets = message.as_bytes()
    traiter(CourrielRecu.objects.create(cle=cle_de(octets), octets=octets).pk)


def test_an_address_that_its_domain_disowns_is_kept_and_written_to_by_nobody():
    sienne = RapporteurFactory(remontee=RemonteeFactory(), courriel="josette@example.org").remontee

    for objet in ("Un banc", sienne.reference):
        recevoir(objet, "fail (p=REJECT)")

    nouvelle = Remontee.objects.exclude(pk=sienne.pk).get()
    assert (nouvelle.rapporteur.courriel, nouvelle.rapporteur.nom[:19]) == ("", "josette@example.org")
    assert sienne.messages.get().auteur == Message.Auteur.AUTRE
    assert not Courriel.objects.filter(destinataires=["josette@example.org"]).exists()

    recevoir("Un autre banc", "pass")
    assert Remontee.objects.latest("pk").rapporteur.courriel == "josette@example.org"
