"""The sendings of a séance: asked for in an act, gone when their PDF is made, each person once, whatever crashes."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from participation.seances.models import Convie, Convocation, Envoi, Seance
from participation.seances.notifications import convocation as notifications
from participation.seances.workflow import Etat
from participation.socle.actions import exiger
from participation.socle.actions.documents import fabriquer_document, figer_document
from participation.socle.courrier import Ecrite, poster
from participation.socle.francais import accorder
from participation.socle.models import Document
from participation.socle.taches_differees import confier

journal = logging.getLogger(__name__)
TACHE = "seances.envoyer_convocation"
N = Convocation.Nature
LETTRES: dict[
    str, Callable[[Convocation, Convie, list[notifications.Piece], notifications.Dits], Ecrite | None]
] = {
    N.PREMIERE: notifications.convoquer,
    N.MODIFICATION: notifications.informer,
    N.DEPLACEMENT: notifications.deplacer,
    N.ANNULATION: notifications.annuler,
}


def mettre_en_route(convocation: Convocation) -> None:
    """Hand the sending to a worker once the act is committed."""
    confier(TACHE, convocation.pk)


def envoyer_convocation(numero: int) -> bool:
    """In a worker: make the PDF if nobody has, freeze it, write the letters. True when the sending has left.

    Safe to call again or twice at once: letters, log and date are one transaction, each letter has its key.
    """
    convocation = Convocation.objects.select_related("document").filter(pk=numero).first()
    if convocation is None:
        return False
    if convocation.document is not None and convocation.envoyee_le is None:
        fabriquer_document(convocation.document.pk)
    return _expedier(numero)


def envoyer_convocations() -> int:
    """The sweep: sendings that a dead worker or a lost broker left behind. Returns how many have left."""
    en_attente = Convocation.objects.filter(envoyee_le=None).exclude(document__etat=Document.Etat.ECHEC)
    parties = 0
    for numero in list(en_attente.order_by("pk").values_list("pk", flat=True)[:20]):
        try:
            parties += envoyer_convocation(numero)
        except Exception:
            # One that cannot leave keeps nobody else waiting; it is tried again at the next turn.
            journal.exception("Convocation %s", numero)
    return parties


@transaction.atomic
def _expedier(numero: int) -> bool:
    seance = Seance.objects.avec_instance().get(convocations=numero)
    pas = exiger(seance, "envoyer_convocation", par=None)
    convocation = (
        Convocation.objects.select_for_update(of=("self",)).select_related("document").get(pk=numero)
    )
    if convocation.envoyee_le is not None:
        return False
    # In the order of the acts: nobody hears of a change before the séance itself. Called off, nothing before it is owed.
    est_annulation = convocation.nature == N.ANNULATION
    if not est_annulation and seance.convocations.filter(envoyee_le=None, pk__lt=numero).exists():
        return False
    document = convocation.document
    if document is not None:
        if document.etat != Document.Etat.PRET:
            return False
        if document.fige_le is None:
            figer_document(document, par=None)
    combien = 0
    if est_annulation or seance.etat != Etat.ANNULEE:
        combien = _ecrire_a_tous(convocation, seance, document)
    convocation.envoyee_le = timezone.now()
    convocation.save(update_fields=["envoyee_le"])
    pas.avancer(
        fait=f"{Convocation.dite_envoyee(convocation.libelle)} à {accorder(combien, 'personne')}",
        details={"convocation": convocation.pk, "sha256": document.sha256 if document else ""},
    )
    return True


def _ecrire_a_tous(convocation: Convocation, seance: Seance, document: Document | None) -> int:
    convies = seance.convies.filter(retire_le=None).select_related("membre__compte", "membre__college")
    pieces, dits = notifications.pdf(document), notifications.de_la_seance(seance)
    ecrire = LETTRES[convocation.nature]
    ecrites = []
    for convie in convies:
        convie.seance = seance
        if (ecrite := ecrire(convocation, convie, pieces, dits)) is not None:
            ecrites.append((convie, ecrite))
        if convie.membre.copie_a:
            notifications.copier(convocation, convie, pieces, dits)
    poster([ecrite for _, ecrite in ecrites])
    envois = [
        Envoi(convocation=convocation, convie=convie, courriel=ecrite.courriel)
        for convie, ecrite in ecrites
        if ecrite.courriel.pk  # else it was in the box already
    ]
    combien = len(Envoi.objects.bulk_create(envois))
    for invite in seance.invites.filter(retire_le=None).select_related("point"):
        invite.seance = seance
        notifications.inviter(convocation, invite)
        combien += seance.se_tient_entre_invites
    return combien
