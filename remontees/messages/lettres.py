"""Letters about messages: to the person, to the agent, to the services that answered."""

from participation.socle.courriels.ecriture import ecrire
from remontees import personne as communs
from remontees.models import Message


def recevoir_message(message: Message) -> None:
    """Tell the agent in charge of a message received."""
    ecrire(
        "remontees/recevoir_message",
        a=communs.adresses_de_l_agent(message.remontee),
        dossier=message.remontee,
        cle=f"message:{message.pk}",
        contexte={
            "message": message,
            "remontee": message.remontee,
            "lien": f"{message.remontee.get_absolute_url()}#echanges",
        },
    )


def message_apres_cloture(message: Message) -> None:
    """Send the message to every service that answered; to none for a discrimination."""
    if message.remontee.est_discrimination:
        return
    for part in message.remontee.attributions.exclude(repondue_le=None).select_related(
        "direction", "commune", "organisme"
    ):
        ecrire(
            "remontees/message_apres_cloture",
            a=part.adresses(),
            dossier=message.remontee,
            cle=f"message:{message.pk}:part:{part.pk}",
            contexte={"message": message, "remontee": message.remontee},
        )
