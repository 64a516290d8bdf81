"""Mails that the tests put in the mailbox, and the reading of it."""

import time
from email.message import EmailMessage

from remontees.boite import actes as boite
from remontees.boite import releve
from remontees.models import CourrielRecu

MX = "mx.exemple.fr"  # our mail server, which checked the address


def lettre(
    texte="Le banc de la place est cassé.",
    *,
    de="Josette Arnaud <josette@example.org>",
    objet="Un banc cassé",
    **entetes,
):
    message = EmailMessage()
    message["Authentication-Results"] = f"{MX}; dmarc=pass header.from=example.org"
    message["From"], message["To"], message["Subject"] = de, "participation@example.org", objet
    message["Message-ID"] = entetes.pop("numero", f"<{time.monotonic_ns()}@example.org>")
    message["Date"] = "Thu, 05 Nov 2026 08:12:00 +0100"
    for nom, valeur in entetes.items():
        message[nom.replace("_", "-")] = valeur
    message.set_content(texte)
    return message


def relever():
    releve.relever()
    boite.traiter_ce_qui_attend()


def sorts():
    return sorted(CourrielRecu.objects.values_list("sort", flat=True))
