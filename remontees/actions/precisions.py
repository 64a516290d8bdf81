"""Questions to the person: the answer is awaited, and the legal clock stops meanwhile."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import annuler_echeance, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.echeances import reprendre_horloge, suspendre_horloge
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Compte
from remontees.models import Message, Remontee
from remontees.notifications import messages as notifications
from remontees.notifications.reponse import moyen_vers


@transaction.atomic
def demander_precision(remontee: Remontee, *, par: Compte, question: str, date_limite: date) -> Message:
    """Ask the person a question, by their preferred means, and stop the legal clock.

    Raises ErreurMetier when nothing reaches them, ValidationError for a past date.
    """
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "La date de réponse est déjà passée."})
    pas = exiger(remontee, "demander_precision", par=par)
    message = message_vers(remontee, par=par, texte=question)
    message.date_limite = date_limite
    message.suspension = suspendre_horloge(remontee, motif="Précision demandée à la personne")
    message.full_clean()
    message.save()
    fixer_echeance(
        remontee,
        message.cle_echeance,
        libelle="Réponse de la personne à notre question",
        date_limite=date_limite,
        responsable=remontee.agent or par,
    )
    pas.avancer(motif=question, details={"message": message.pk, "date_limite": date_limite.isoformat()})
    message.courriel = notifications.demander_precision(
        remontee, question=question, date_limite=date_limite, par=par
    )
    message.save(update_fields=["courriel"])
    return message


def message_vers(remontee: Remontee, *, par: Compte, texte: str) -> Message:
    """Return an unsaved message to the person. Raises ErreurMetier when nothing reaches them."""
    moyen = moyen_vers(remontee)
    if not moyen:
        raise ErreurMetier(
            "Cette personne ne peut pas être jointe : elle n’a rien laissé qui le permette, ou ne le veut pas."
        )
    return Message(
        remontee=remontee,
        sens=Message.Sens.SORTANT,
        moyen=moyen,
        auteur=Message.Auteur.AGENT,
        par=par,
        texte=texte,
    )


@transaction.atomic
def cesser_attente_message(message: Message, *, par: Compte | None) -> None:
    """End the wait without answer; the legal clock resumes."""
    pas = exiger(message, "cesser_attente_message", par=par)
    finir_l_attente(message, None)
    pas.avancer(details={"message": message.pk})


def finir_l_attente(question: Message, reponse: Message | None) -> None:
    """End the wait of a question. Call within the act, with the remontée locked."""
    question.attente_close_le, question.reponse = timezone.now(), reponse
    question.save(update_fields=["attente_close_le", "reponse"])
    if reponse is None:
        annuler_echeance(question.remontee, question.cle_echeance)
    else:
        faire_echeance(question.remontee, question.cle_echeance)
    if question.suspension is not None:
        reprendre_horloge(question.suspension)
        _avancer_les_parts(question.remontee)


def _avancer_les_parts(remontee: Remontee) -> None:
    """Copy the dates of the échéances to the parts."""
    jours = dict(remontee.echeances.ouvertes().values_list("cle", "date_limite"))
    for part in remontee.attributions.all():
        jour = jours.get(part.cle_echeance)
        if jour is not None and jour != part.date_limite:
            part.date_limite = jour
            part.save(update_fields=["date_limite"])


def cesser_les_attentes_passees() -> int:
    """End the waits whose date has passed; return how many."""
    passees: Any = Message.objects.attentes().filter(date_limite__lt=timezone.localdate())
    combien = 0
    for message in passees.select_related("remontee", "suspension").order_by("pk"):
        try:
            cesser_attente_message(message, par=None)
            combien += 1
        except ActeInterdit:
            continue  # answered meanwhile
    return combien
