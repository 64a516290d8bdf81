"""The speakers' queue: who asked, who speaks, for how long."""

from django.db import transaction
from django.utils import timezone

from participation.seances.actions.deroule.commun import (
    exiger_agent,
    exiger_en_cours,
    exiger_present,
    exiger_siegeant,
    finir_parole,
)
from participation.seances.actions.journal import signaler
from participation.seances.models import Convie, Parole, Seance
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Compte


@transaction.atomic
def demander_la_parole(convie: Convie) -> Parole:
    """Take a place in the queue; the place already held when there is one."""
    seance = convie.seance
    exiger_en_cours(seance)
    exiger_siegeant(convie)
    exiger_present(convie)
    parole, est_nouvelle = Parole.objects.get_or_create(
        convie=convie,
        fin__isnull=True,
        retiree_le__isnull=True,
        defaults={"seance": seance, "point_id": seance.point_courant_id},
    )
    if est_nouvelle:
        signaler(seance)
    return parole


@transaction.atomic
def retirer_la_parole(convie: Convie) -> None:
    """Leave the queue, or end one's own speech."""
    seance = convie.seance
    exiger_en_cours(seance)
    siennes = Parole.objects.filter(convie=convie, fin__isnull=True, retiree_le__isnull=True)
    changees = siennes.filter(debut__isnull=False).update(fin=timezone.now())
    changees += siennes.filter(debut__isnull=True).update(retiree_le=timezone.now())
    if changees:
        signaler(seance)


@transaction.atomic
def donner_la_parole(parole: Parole, *, par: Compte) -> None:
    """Give the floor; who spoke has spoken."""
    exiger_agent(par)
    seance = parole.seance
    exiger_en_cours(seance, ouverte=True)
    parole.refresh_from_db()
    if parole.debut is not None and parole.fin is None:
        return
    if parole.fin is not None or parole.retiree_le is not None:
        raise ActeInterdit(f"{parole.convie} n’attend plus la parole.")
    finir_parole(seance)
    parole.debut, parole.point_id = timezone.now(), seance.point_courant_id
    parole.save()
    signaler(seance)


@transaction.atomic
def donner_au_suivant(seance: Seance, *, par: Compte) -> Parole | None:
    """The first who waits; None when nobody does (who spoke has spoken all the same)."""
    exiger_agent(par)
    exiger_en_cours(seance, ouverte=True)
    finir_parole(seance)
    suivante = Parole.objects.filter(seance=seance, debut__isnull=True, retiree_le__isnull=True).first()
    if suivante is not None:
        donner_la_parole(suivante, par=par)
    else:
        signaler(seance)
    return suivante
