"""The queue of speakers: request, give and end a speech."""

from django.db import transaction
from django.utils import timezone

from participation.seances.models import Convie, Deport, Parole, Seance
from participation.seances.presence.actes import ConvieField, presents_de, signaler
from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.models import Compte


@transaction.atomic
def demander_la_parole(convie: Convie, *, par: Compte | None = None) -> Parole:
    """Put the member in the queue, or return the request or speech already there.

    Raises ErreurMetier if members who stepped aside from the current point ask for themselves: only the
    facilitator may put them in the queue.
    """
    exiger(convie, "demander_la_parole", par=par)
    seance = convie.seance
    est_elle_meme = par is None or par.pk == convie.membre.compte_id
    if est_elle_meme and Deport.objects.filter(convie=convie, point=seance.point_courant_id).exists():
        raise ErreurMetier("Vous vous déportez sur ce point : vous ne prenez pas part au débat.")
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
def retirer_la_parole(convie: Convie, *, par: Compte | None = None) -> None:
    """Leave the queue, or end one's own speech."""
    exiger(convie, "retirer_la_parole", par=par)
    if quitter_la_file(convie):
        signaler(convie.seance)


@transaction.atomic
def donner_la_parole(parole: Parole, *, par: Compte) -> None:
    """Give the floor; the current speech ends."""
    exiger(parole, "donner_la_parole", par=par)
    seance = parole.seance
    if parole.debut is not None:
        return
    finir_parole(seance)
    parole.debut, parole.point_id = timezone.now(), seance.point_courant_id
    parole.save()
    signaler(seance)


@transaction.atomic
def donner_au_suivant(seance: Seance, *, par: Compte) -> Parole | None:
    """End the current speech and give the floor to the first in the queue; None if it is empty."""
    exiger(seance, "donner_la_parole", par=par)
    finir_parole(seance)
    suivante = Parole.objects.filter(seance=seance, debut__isnull=True, retiree_le__isnull=True).first()
    if suivante is not None:
        donner_la_parole(suivante, par=par)
    else:
        signaler(seance)
    return suivante


def finir_parole(seance: Seance) -> None:
    Parole.objects.filter(seance=seance, debut__isnull=False, fin__isnull=True).update(fin=timezone.now())


def vider_la_file(seance: Seance) -> None:
    """End the current speech and withdraw the requests to speak: they are not kept for the next point."""
    finir_parole(seance)
    Parole.objects.filter(seance=seance, debut__isnull=True, retiree_le__isnull=True).update(
        retiree_le=timezone.now()
    )


def quitter_la_file(convie: Convie) -> int:
    """End this person's speech or withdraw their request. Return the number of rows changed."""
    siennes = Parole.objects.filter(convie=convie, fin__isnull=True, retiree_le__isnull=True)
    parlent = siennes.filter(debut__isnull=False).update(fin=timezone.now())
    return parlent + siennes.filter(debut__isnull=True).update(retiree_le=timezone.now())


class InscrireParoleForm(ActeForm):
    objet: Seance

    convie = ConvieField(label="Qui demande la parole", queryset=Convie.objects.none())

    def preparer(self) -> None:
        self.choisir("convie", presents_de(self.objet))
