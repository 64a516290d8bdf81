"""Forms of messages: by an agent, and by the person on the follow-up page."""

from collections.abc import Mapping
from typing import Any

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_texte
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import majuscule
from remontees.forms.photo import PhotoField
from remontees.models import Message, Rapporteur, Remontee, Satisfaction
from remontees.workflow import FINIS, Etat

MOYENS = [
    (moyen.value, majuscule(moyen.label))
    for moyen in (Message.Moyen.VIVE_VOIX, Message.Moyen.COURRIEL, Message.Moyen.LETTRE, Message.Moyen.SMS)
]

EcrireALaPersonneForm = demander_texte(
    "Votre message",
    nom="texte",
    aide="La personne peut y répondre. Des mots simples.",
    maximum=4000,
    lignes=8,
    erreur="Écrivez le message.",
)


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


class CorrigerAdressePostaleForm(ActeForm):
    objet: Remontee

    adresse = champ_texte(
        "Adresse postale",
        "Numéro et rue, puis code postal et ville. Pour oublier une adresse, laissez vide.",
        maximum=300,
        lignes=3,
        requis=False,
    )

    def ligne_montree(self) -> Rapporteur | None:
        return getattr(self.objet, "rapporteur", None)

    def initiales(self) -> Mapping[str, Any]:
        return {"adresse": self.ligne.adresse if self.ligne else ""}


class MessageParLienForm(EnvoiUnique, ActeForm):
    """Message on the follow-up page. A form sent twice makes one message."""

    ORIGINE = "suivi"

    objet: Remontee

    texte = champ_texte(
        "Votre message",
        "Lu par le service participation.",
        maximum=4000,
        lignes=5,
        erreur="Écrivez votre message.",
    )
    rouvre = champ_case(
        "Ce n’est pas réglé",
        "Le service reprend votre remontée et prévient qui vous avait répondu.",
        requis=False,
    )
    photo = PhotoField(help_text="Le lieu et la date cachés dans l’image sont retirés.")

    def preparer(self) -> None:
        if self.objet.etat not in FINIS or self.objet.etat == Etat.ECARTEE:
            del self.fields["rouvre"]


class SatisfactionForm(ActeForm):
    avis = champ_choix(
        "La réponse vous convient-elle", Satisfaction.Avis.choices, erreur="Choisissez une réponse."
    )
    mot = champ_texte("Un mot", maximum=2000, lignes=3, requis=False)
