"""Messages between the service and the person, by any channel; details asked for; their forms."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from participation.socle.actions import annuler_echeance, enregistrer, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.echeances import reprendre_horloge, suspendre_horloge
from participation.socle.actions.pieces import joindre_photo
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_jour, champ_texte, propose
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.forms.photos import PhotoField
from participation.socle.francais import jour_texte, majuscule
from participation.socle.langues import plus_tard as _
from participation.socle.models import Compte
from participation.socle.views.pages import Page, Reserve, acte
from remontees import personne as communs
from remontees.messages import lettres
from remontees.messages.regles import est_un_simple_merci
from remontees.models import Message, Rapporteur, ReglementRemontees, Remontee, Satisfaction
from remontees.parts.lettres import moyen_vers
from remontees.parts.reponse import rouvrir
from remontees.personne import APPEL, apercu
from remontees.workflow import FINIS, Etat

# A remontée set aside is reopened only by an agent.
ROUVRABLES = FINIS - {Etat.ECARTEE}


class DemanderPrecisionForm(ActeForm):
    question = champ_texte("Votre question", maximum=2000, lignes=4, erreur="Écrivez votre question.")
    date_limite = champ_jour("Réponse attendue le", erreur="Donnez un jour.")

    def initiales(self) -> Mapping[str, Any]:
        return {"date_limite": propose(timezone.localdate() + timedelta(days=14))}


def dire_comment(remontee: Remontee) -> str:
    rapporteur = getattr(remontee, "rapporteur", None)
    if rapporteur is None:
        return "Cette personne ne peut pas être prévenue : elle ne s’est pas nommée."
    if not rapporteur.se_previent:
        return str(rapporteur.phrase_d_envoi)
    return f"La personne reçoit votre message {Rapporteur.Prefere(rapporteur.moyen_d_envoi).label}, et peut y répondre."


def dire_ce_qui_est_douteux(message: Message) -> str:
    debut = Truncator(" ".join(message.texte.split())).chars(200)
    return (
        f"De {message.de or 'quelqu’un'} : « {debut} » Rien ne prouve de qui vient ce courriel : en cas de doute, écrivez ou "
        "téléphonez d’abord à la personne. Si c’est elle, son message fait ce que font les siens : la question posée a sa "
        "réponse, une remontée répondue peut se rouvrir."
    )


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


EcrireALaPersonneForm = demander_texte(
    "Votre message",
    nom="texte",
    aide="La personne peut y répondre. Des mots simples.",
    maximum=4000,
    lignes=8,
    erreur="Écrivez le message.",
)


@acte(
    Page[Remontee](
        form=EcrireALaPersonneForm,
        consequence=dire_comment,
        apercu=lambda remontee, dit: apercu(remontee, "ecrire_a_la_personne", **dit),
        succes=lambda _, message: (
            Reserve("Message écrit. La lettre se prépare : imprimez-la, puis dites quand elle est postée.")
            if message.moyen == Message.Moyen.LETTRE
            else "Message envoyé à la personne."
        ),
        retour="#echanges",
    )
)
@transaction.atomic
def ecrire_a_la_personne(remontee: Remontee, *, par: Compte, texte: str) -> Message:
    """Write to the person, by their preferred means. Raises ErreurMetier when none reaches them."""
    pas = exiger(remontee, "ecrire_a_la_personne", par=par)
    message = message_vers(remontee, par=par, texte=texte)
    message.full_clean()
    message.courriel = communs.prevenir_la_personne(remontee, "ecrire_a_la_personne", texte=texte, par=par)
    message.save()
    par_lettre = message.moyen == Message.Moyen.LETTRE
    pas.avancer(
        fait="Courrier écrit à la personne, à poster" if par_lettre else "", details={"message": message.pk}
    )
    return message


MOYENS = [
    (moyen.value, majuscule(moyen.label))
    for moyen in (Message.Moyen.VIVE_VOIX, Message.Moyen.COURRIEL, Message.Moyen.LETTRE, Message.Moyen.SMS)
]


class RecevoirMessageForm(ActeForm):
    objet: Remontee

    texte = champ_texte(
        "Ce que la personne vous a dit",
        "Ses mots.",
        maximum=6000,
        lignes=6,
        erreur="Écrivez ce qui a été dit.",
    )
    moyen = champ_choix("Comment", MOYENS, boutons=True, erreur="Dites comment elle vous l’a dit.")
    rouvre = champ_case("Pour elle, ce n’est pas réglé : rouvrir", requis=False)

    def preparer(self) -> None:
        if self.objet.etat not in FINIS or self.objet.etat == Etat.ECARTEE:
            del self.fields["rouvre"]


@acte(
    Page[Remontee](
        form=RecevoirMessageForm,
        consequence="Ce qu’elle dit après une réponse est transmis aux services qui avaient répondu, sans son nom.",
        retour="#echanges",
    )
)
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
    message = enregistrer(
        Message(
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
    )
    # The journal cannot be erased: it never has the person's words.
    pas.avancer(
        fait=f"Message reçu {message.get_moyen_display()} ({message.get_auteur_display()})",
        details={"message": message.pk},
    )
    if recu.auteur == Message.Auteur.PERSONNE:
        _suivre(message, recu)
    if par is None and recu.auteur != Message.Auteur.SERVICE:
        # A service may have an automatic mailbox: no letter follows its messages.
        lettres.recevoir_message(message)
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
        lettres.message_apres_cloture(message)


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


@acte(Page[Message](en_un_clic=True, retour="#echanges"))
def lire_message(message: Message, *, par: Compte) -> None:
    """Mark a message as read."""
    with transaction.atomic():
        exiger(message, "lire_message", par=par).avancer(
            champs={"lu_le": timezone.now(), "lu_par": par}, details={"message": message.pk}
        )


class AttribuerMessageForm(ActeForm):
    auteur = champ_choix(
        "Qui a écrit",
        [
            (Message.Auteur.PERSONNE, "La personne"),
            (Message.Auteur.SERVICE, "Un service"),
            (Message.Auteur.AUTRE, "Quelqu’un d’autre"),
        ],
        boutons=True,
        erreur="Dites qui a écrit.",
    )


@acte(
    Page[Message](
        form=AttribuerMessageForm,
        consequence=dire_ce_qui_est_douteux,
        succes="C’est noté au journal.",
        retour="#echanges",
    )
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


@acte(
    Page[Remontee](
        form=DemanderPrecisionForm,
        consequence="La personne reçoit votre question.",
        apercu=lambda remontee, dit: apercu(remontee, "demander_precision", **dit),
    )
)
@transaction.atomic
def demander_precision(remontee: Remontee, *, par: Compte, question: str, date_limite: date) -> Message:
    """Ask the person a question, by their preferred means, and stop the legal clock.

    Raises ErreurMetier when nothing reaches them, ValidationError for a past date.
    """
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "La date de réponse est déjà passée."})
    pas = exiger(remontee, "demander_precision", par=par)
    message = message_vers(remontee, par=par, texte=question)
    enregistrer(
        message,
        date_limite=date_limite,
        suspension=suspendre_horloge(remontee, motif="Précision demandée à la personne"),
    )
    fixer_echeance(
        remontee,
        message.cle_echeance,
        libelle="Réponse de la personne à notre question",
        date_limite=date_limite,
        responsable=remontee.agent or par,
    )
    pas.avancer(motif=question, details={"message": message.pk, "date_limite": date_limite.isoformat()})
    message.courriel = communs.prevenir_la_personne(
        remontee, "demander_precision", question=question, date_limite=date_limite, par=par
    )
    message.save(update_fields=["courriel"])
    return message


def message_vers(remontee: Remontee, *, par: Compte, texte: str) -> Message:
    """Return an unsaved message to the person, whom something reaches: the condition of its act."""
    moyen = moyen_vers(remontee)
    return Message(
        remontee=remontee,
        sens=Message.Sens.SORTANT,
        moyen=Message.Moyen.VIVE_VOIX if moyen == Rapporteur.Prefere.RAPPEL else moyen,
        auteur=Message.Auteur.AGENT,
        par=par,
        texte=texte,
    )


class RappelerForm(ActeForm):
    a_repondu = champ_choix(
        "A-t-elle répondu ?",
        [("oui", "Oui, elle sait"), ("non", "Non, à rappeler")],
        boutons=True,
        erreur="Dites si elle a répondu.",
    )
    dit = champ_texte(
        "Ce que vous lui avez dit", "Gardé avec les échanges.", maximum=2000, lignes=4, requis=False
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        dit["a_repondu"] = dit.get("a_repondu") == "oui"
        if dit["a_repondu"] and not dit.get("dit"):
            self.add_error("dit", "Écrivez ce que vous lui avez dit.")
        return dit


@acte(
    Page[Remontee](
        form=RappelerForm,
        consequence="L’appel reste aux échanges.",
        succes=lambda _, message: (
            "Appel noté." if message else Reserve("Sans réponse : l’appel reste à faire.")
        ),
        retour="#echanges",
    )
)
@transaction.atomic
def rappeler(remontee: Remontee, *, par: Compte, dit: str, a_repondu: bool) -> Message | None:
    """Note a call to the person, kept with the exchanges. Without answer, the call stays due."""
    pas = exiger(remontee, "rappeler", par=par)
    if not a_repondu:
        pas.avancer(fait="Personne appelée, sans réponse")
        return None
    message = enregistrer(
        Message(
            remontee=remontee,
            sens=Message.Sens.SORTANT,
            moyen=Message.Moyen.VIVE_VOIX,
            auteur=Message.Auteur.AGENT,
            par=par,
            texte=dit,
        )
    )
    pas.avancer(details={"message": message.pk})
    faire_echeance(remontee, APPEL)
    return message


@acte(
    Page[Message](
        consequence="La question reste aux échanges. Les délais de la réponse reprennent.", retour="#echanges"
    )
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


@transaction.atomic
def recevoir_avec_photo(
    remontee: Remontee, recu: Recu, *, photo: "ContentFile[bytes] | None" = None
) -> Message | None:
    """Save a message and its photo; None when already saved. Raises ValidationError."""
    message = recevoir(remontee, recu)
    if message is not None and photo is not None:
        joindre_photo(remontee, photo.read(), titre="Photo envoyée par la personne", par=None)
    return message


@transaction.atomic
def dire_regle(remontee: Remontee, *, par: Compte | None) -> None:
    """Close the remontée: the person says that it is settled."""
    exiger(remontee, "dire_regle", par=par).avancer(champs={"clos_le": timezone.now()})
    annuler_echeance(remontee)


class MessageParLienForm(EnvoiUnique, ActeForm):
    """Message on the follow-up page. A form sent twice makes one message."""

    ORIGINE = "suivi"

    objet: Remontee

    texte = champ_texte(
        _("Votre message"),
        _("Lu par le service participation."),
        maximum=4000,
        lignes=5,
        erreur=_("Écrivez votre message."),
    )
    rouvre = champ_case(
        _("Ce n’est pas réglé"),
        _("Le service reprend votre remontée et prévient qui vous avait répondu."),
        requis=False,
    )
    photo = PhotoField(help_text=_("Le lieu et la date cachés dans l’image sont retirés."))

    def preparer(self) -> None:
        if self.objet.etat not in FINIS or self.objet.etat == Etat.ECARTEE:
            del self.fields["rouvre"]


class SatisfactionForm(ActeForm):
    avis = champ_choix(
        "La réponse vous convient-elle", Satisfaction.Avis.choices, erreur="Choisissez une réponse."
    )
    mot = champ_texte("Un mot", maximum=2000, lignes=3, requis=False)
