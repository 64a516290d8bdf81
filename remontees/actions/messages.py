"""Messages between the service and the person, by any channel."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.francais import jour_texte
from participation.socle.models import Compte
from remontees.actions.precisions import finir_l_attente, message_vers
from remontees.actions.reponse import rouvrir
from remontees.models import Message, ReglementRemontees, Remontee
from remontees.notifications import messages as notifications
from remontees.regles.citations import est_un_simple_merci
from remontees.workflow import FINIS, Etat

# A remontée set aside is reopened only by an agent.
ROUVRABLES = FINIS - {Etat.ECARTEE}


@dataclass(frozen=True, slots=True)
class Recu:
    """A received message. `cle`: idempotency key. `rouvre`: the person ticked that it is not settled.

    `preuve`: the check that its address passed.
    """

    texte: str
    moyen: str
    auteur: str = Message.Auteur.PERSONNE
    de: str = ""
    cite: str = ""
    numero: str = ""
    preuve: str = ""
    ecrit_le: datetime = field(default_factory=timezone.now)
    cle: uuid.UUID = field(default_factory=uuid.uuid4)
    rouvre: bool = False


@transaction.atomic
def ecrire_a_la_personne(remontee: Remontee, *, par: Compte, texte: str) -> Message:
    """Write to the person, by their preferred means. Raises ErreurMetier when none reaches them."""
    pas = exiger(remontee, "ecrire_a_la_personne", par=par)
    message = message_vers(remontee, par=par, texte=texte)
    message.full_clean()
    message.courriel = notifications.ecrire_a_la_personne(remontee, texte=texte, par=par)
    message.save()
    par_lettre = message.moyen == Message.Moyen.LETTRE
    pas.avancer(
        fait="Courrier écrit à la personne, à poster" if par_lettre else "", details={"message": message.pk}
    )
    return message


def recevoir_message(
    remontee: Remontee, *, par: Compte, texte: str, moyen: str, rouvre: bool = False
) -> Message | None:
    """Save what the person told an agent."""
    return recevoir(remontee, Recu(texte, moyen, rouvre=rouvre), par=par)


@transaction.atomic
def recevoir(remontee: Remontee, recu: Recu, *, par: Compte | None = None) -> Message | None:
    """Save a received message; None when its `cle` is already saved.

    A message of the person ends the wait of the open question. After the answer, it reopens the remontée as
    far as the règlement allows, and the services that answered are told.
    """
    pas = exiger(remontee, "recevoir_message", par=par)
    if Message.objects.filter(cle=recu.cle).exists():
        return None
    message = Message(
        remontee=remontee,
        cle=recu.cle,
        sens=Message.Sens.ENTRANT,
        moyen=recu.moyen,
        auteur=recu.auteur,
        de=recu.de[:160],
        par=par,
        texte=recu.texte.strip(),
        cite=recu.cite,
        numero=recu.numero[:255],
        preuve=recu.preuve[:120],
        ecrit_le=min(recu.ecrit_le, timezone.now()),
        est_apres_cloture=remontee.etat in FINIS,
        lu_le=timezone.now() if par is not None else None,
        lu_par=par,
    )
    message.full_clean()
    message.save()
    # The journal cannot be erased: it never has the person's words.
    pas.avancer(
        fait=f"Message reçu {message.get_moyen_display()} ({message.get_auteur_display()})",
        details={"message": message.pk},
    )
    if recu.auteur == Message.Auteur.PERSONNE:
        _suivre(message, recu)
    if par is None and recu.auteur != Message.Auteur.SERVICE:
        # A service may have an automatic mailbox: no letter follows its messages.
        notifications.recevoir_message(message)
    return message


def _suivre(message: Message, recu: Recu) -> None:
    remontee = message.remontee
    question = remontee.messages.attentes().select_related("suspension").first()
    if question is not None:
        question.remontee = remontee
        finir_l_attente(question, message)
    if not message.est_apres_cloture:
        return
    if _rouvre(remontee, recu):
        quand = jour_texte(timezone.localdate(), "chiffres")
        rouvrir(
            remontee,
            par=message.par,
            motif=f"La personne a écrit le {quand}, après la réponse : voir les échanges.",
            mot=message.texte,
        )
    else:
        notifications.message_apres_cloture(message)


def _rouvre(remontee: Remontee, recu: Recu) -> bool:
    """Whether the message reopens the remontée.

    A ticked box does; so does a mail that does more than thank, within the limit of the règlement.
    """
    if remontee.etat not in ROUVRABLES:
        return False
    if recu.rouvre or recu.moyen != Message.Moyen.COURRIEL:
        return recu.rouvre
    cap = ReglementRemontees.actuel().reouvertures_par_courriel
    return remontee.reouvertures < cap and not est_un_simple_merci(recu.texte)


def lire_message(message: Message, *, par: Compte) -> None:
    """Mark a message as read."""
    with transaction.atomic():
        exiger(message, "lire_message", par=par).avancer(
            champs={"lu_le": timezone.now(), "lu_par": par}, details={"message": message.pk}
        )


@transaction.atomic
def attribuer_message(message: Message, *, par: Compte, auteur: str) -> None:
    """Say who wrote a message whose address was not checked. The person's then does what hers do."""
    pas = exiger(message, "attribuer_message", par=par)
    pas.avancer(
        champs={"auteur": auteur, "de": "" if auteur == Message.Auteur.PERSONNE else message.de},
        fait=f"Message attribué ({Message.Auteur(auteur).label})",
        details={"message": message.pk},
    )
    if auteur == Message.Auteur.PERSONNE:
        _suivre(message, Recu(message.texte, message.moyen))
