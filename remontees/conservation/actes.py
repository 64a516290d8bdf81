"""Erasure of people at the term of the règlement: proposed in batches, started by an agent."""

from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone

from participation.droits.eliminations.actes import eliminee
from participation.droits.models import LigneBordereau, sans_visa
from participation.droits.models.bordereaux import lignes_visees
from participation.socle.actions import exiger
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.documents import effacer_documents
from participation.socle.actions.pieces import retirer_piece
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Compte, Courriel, Courrier, Document
from remontees.conservation.lectures import AU_TERME, REMONTEES, au_terme, est_au_terme, finies_avant
from remontees.models import CourrielRecu, Message, Rapporteur, Remontee, Satisfaction
from remontees.models.remontees import EFFACE, EFFACE_AVANT, EFFACES

LOT = 200


@transaction.atomic
def anonymiser(remontee: Remontee, *, par: Compte) -> None:
    """Erase the person, their words, the exact place, the photo and the letters. What is counted stays."""
    pas = exiger(remontee, "anonymiser", par=par)
    efface = EFFACE if est_au_terme(remontee) else EFFACE_AVANT
    Rapporteur.objects.filter(remontee=remontee.pk).update(
        nom="", courriel="", telephone="", adresse="", efface_le=timezone.now()
    )
    for piece in remontee.pieces.all():
        if piece.retiree_le is None:
            retirer_piece(piece, par=par, motif="Personne effacée")
        transaction.on_commit(partial(piece.fichier.storage.delete, piece.fichier.name), robust=True)
    CourrielRecu.objects.filter(remontee=remontee.pk).update(expediteur="", boite="", objet="", preuve="")
    messages = Message.objects.filter(remontee=remontee.pk)
    messages.update(cite="", de="", numero="", preuve="")
    messages.exclude(texte__in=EFFACES).update(texte=efface)
    Satisfaction.objects.filter(remontee=remontee.pk).update(mot="")
    Courriel.objects.filter(dossier=remontee.pk).delete()
    effacer_courriers(Courrier.objects.filter(dossier=remontee.pk))
    # The unfrozen PDF of the whole dossier is deleted: it is made again on demand.
    effacer_documents(Document.objects.filter(dossier=remontee.pk, nature="socle/audit", fige_le=None))
    pas.avancer(
        champs={
            "verbatim": remontee.verbatim if remontee.verbatim in EFFACES else efface,
            "resume": "",
            "lieu": "",
            "latitude": None,
            "longitude": None,
            "source": "",
        }
    )


def anonymiser_lot(*, par: Compte, combien: int = LOT) -> int:
    """Erase one batch of what the archives allowed, one transaction per remontée; return how many.

    Raises ErreurMetier without a visa: nothing is erased.
    """
    if refus := sans_visa(REMONTEES):
        raise ErreurMetier(refus[0])
    return sum(_anonymiser_lot(ligne, par, combien) for ligne in lignes_visees(REMONTEES))


def _anonymiser_lot(ligne: LigneBordereau, par: Compte, combien: int) -> int:
    """Erase what was at its term when the slip was written, and note on it when nothing is left."""
    permises, faites = finies_avant(date.fromordinal(ligne.objet)), 0
    for remontee in au_terme(combien, permises):
        try:
            anonymiser(remontee, par=par)
            faites += 1
        except ActeInterdit:
            continue  # reopened meanwhile
    if not au_terme(1, permises):
        eliminee(REMONTEES, ligne.objet, ligne.nombre)
    AU_TERME.oublier()
    return faites


def eliminer(numero: int, par: Compte) -> int:
    """Erase all that a line of a slip allows, batch after batch."""
    total = 0
    for ligne in lignes_visees(REMONTEES, numero):
        while faites := _anonymiser_lot(ligne, par, LOT):
            total += faites
    return total
