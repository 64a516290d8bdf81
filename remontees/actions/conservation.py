"""Who said it is forgotten at the end of the règlement's delay: proposed in batches, done by an agent, the counts kept."""

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.pieces import retirer_piece
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Compte, Courriel, Courrier
from remontees.lectures.conservation import a_anonymiser, texte_efface
from remontees.models import CourrielRecu, Message, Rapporteur, Remontee

LOT = 200


@transaction.atomic
def anonymiser(remontee: Remontee, *, par: Compte) -> None:
    """Take out who said it, her words, the exact place, the photo and the letters; what counts stays."""
    pas = exiger(remontee, "anonymiser", par=par)
    efface = texte_efface(remontee)
    Rapporteur.objects.filter(remontee=remontee.pk).update(
        nom="", courriel="", telephone="", adresse="", efface_le=timezone.now()
    )
    for piece in remontee.pieces.filter(retiree_le=None):
        retirer_piece(piece, par=par, motif="Personne effacée")
    CourrielRecu.objects.filter(remontee=remontee.pk).update(expediteur="", objet="")
    Message.objects.filter(remontee=remontee.pk).update(texte=efface, cite="", de="", numero="")
    Courriel.objects.filter(dossier=remontee.pk).delete()
    effacer_courriers(Courrier.objects.filter(dossier=remontee.pk))
    pas.avancer(
        champs={
            "verbatim": efface,
            "resume": "",
            "lieu": "",
            "latitude": None,
            "longitude": None,
            "source": "",
        }
    )


def anonymiser_lot(*, par: Compte, combien: int = LOT) -> int:
    """One batch, each in its own transaction. Returns how many were done."""
    faites = 0
    for remontee in a_anonymiser()[:combien]:
        try:
            anonymiser(remontee, par=par)
            faites += 1
        except ActeInterdit:
            continue  # opened again meanwhile
    return faites
