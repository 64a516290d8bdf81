"""Sendings of a convocation: each letter is written once, even if a worker stops in the middle."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from participation.seances.convocation import lettres
from participation.seances.models import Convie, Convocation, Envoi, Seance
from participation.seances.workflow import Etat
from participation.socle.actions import exiger
from participation.socle.actions.documents import fabriquer_document, figer_document
from participation.socle.courriels.ecriture import Ecrite, poster
from participation.socle.courriels.retenue import due_le
from participation.socle.francais import accorder
from participation.socle.models import Document
from participation.socle.travaux.differes import confier

journal = logging.getLogger(__name__)


TACHE = "seances.envoyer_convocation"


N = Convocation.Nature


LETTRES: dict[str, Callable[[Convocation, Convie, list[lettres.Piece], lettres.Dits], Ecrite | None]] = {
    N.PREMIERE: lettres.convoquer,
    N.MODIFICATION: lettres.informer,
    N.DEPLACEMENT: lettres.deplacer,
    N.ANNULATION: lettres.annuler,
}


def mettre_en_route(convocation: Convocation) -> None:
    """Hand the sending to a worker once the transaction is committed."""
    confier(TACHE, convocation.pk)


def envoyer_convocation(numero: int) -> bool:
    """Make the PDF if needed, freeze it and write the letters. Return True if the sending has left.

    Runs in a worker. It may run again, or twice at once: letters, delivery log and date are written in one
    transaction, and each letter has its own key.
    """
    convocation = Convocation.objects.select_related("document").filter(pk=numero).first()
    if convocation is None:
        return False
    if convocation.document is not None and convocation.envoyee_le is None:
        fabriquer_document(convocation.document.pk)
    return _expedier(numero)


def envoyer_convocations() -> int:
    """Periodic task: send what a stopped worker or a lost message left, 20 at most. Return how many left."""
    en_attente = Convocation.objects.filter(envoyee_le=None).exclude(document__etat=Document.Etat.ECHEC)
    parties = 0
    for numero in list(en_attente.order_by("pk").values_list("pk", flat=True)[:20]):
        try:
            parties += envoyer_convocation(numero)
        except Exception:
            # One failure must not hold back the others. It is tried again at the next run.
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
    # Keep the order of the acts: nobody hears of a change before the convocation itself.
    # A cancellation does not wait: the earlier sendings are no longer needed.
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
        with due_le(convocation.demandee_le):
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
    pieces, dits = lettres.pdf(document), lettres.de_la_seance(seance)
    ecrire = LETTRES[convocation.nature]
    ecrites = []
    par_poste = 0
    for convie in convies:
        convie.seance = seance
        if convie.membre.compte.est_par_poste:
            lettres.ecrire_par_poste(convocation, convie, dits)
            par_poste += 1
            continue
        if (ecrite := ecrire(convocation, convie, pieces, dits)) is not None:
            ecrites.append((convie, ecrite))
        if convie.membre.copie_a:
            lettres.copier(convocation, convie, pieces, dits)
    poster([ecrite for _, ecrite in ecrites])
    envois = [
        Envoi(convocation=convocation, convie=convie, courriel=ecrite.courriel)
        for convie, ecrite in ecrites
        if ecrite.courriel.pk  # otherwise this letter was already written
    ]
    combien = par_poste + len(Envoi.objects.bulk_create(envois))
    for invite in seance.invites.filter(retire_le=None).select_related("point"):
        invite.seance = seance
        lettres.inviter(convocation, invite)
        combien += seance.se_tient_entre_invites
    return combien
