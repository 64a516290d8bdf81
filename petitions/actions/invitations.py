"""Limits on the letters that a person makes the service send to others, and traces kept after the draft."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.socle.adresses import empreinte
from participation.socle.calendrier import debut_du_jour, il_y_a_plus_de
from participation.socle.verrous import verrou
from petitions.models import Petition, ReglageInvitations, TraceInvitation

USAGE = "petitions.invitation"
Nature = TraceInvitation.Nature


def a_refuse(petition: Petition, courriel: str) -> bool:
    """Whether the owner of the address refused this pétition, or another one of the same author."""
    return (
        TraceInvitation.objects.filter(nature=Nature.REFUS, adresse=empreinte(courriel, USAGE))
        .filter(Q(petition=petition.pk) | (Q(auteur=_auteur(petition)) & ~Q(auteur="")))
        .exists()
    )


def peut_ecrire(petition: Petition, courriel: str) -> bool:
    """Whether one more letter may be sent today: limits by pétition, by author and by recipient.

    To be called in a transaction, before `noter`: it takes a lock, so that letters of two drafts are counted
    together.
    """
    verrou(USAGE)
    reglage, depuis = ReglageInvitations.actuel(), debut_du_jour()
    lettres = TraceInvitation.objects.filter(nature=Nature.LETTRE)
    recues = lettres.filter(adresse=empreinte(courriel, USAGE))
    return (
        recues.filter(petition=petition.pk).count() < petition.reglement.courriels_max
        and recues.filter(le__gte=depuis).count() < reglage.par_adresse_et_jour
        and lettres.filter(auteur=_auteur(petition), le__gte=depuis).count() < reglage.par_jour
    )


def noter(nature: TraceInvitation.Nature, petition: Petition, courriel: str) -> None:
    TraceInvitation.objects.create(
        nature=nature,
        adresse=empreinte(courriel, USAGE),
        auteur=_auteur(petition),
        petition=petition.pk,
        le=timezone.now(),
    )


def _auteur(petition: Petition) -> str:
    """Return the hash of the mailbox of the author.

    Not of the account: a new account under a +tag of the same mailbox does not reset the limits.
    """
    return empreinte(petition.auteur.courriel, USAGE) if petition.auteur else ""


@transaction.atomic
def oublier_invitations() -> int:
    """Delete the traces older than `memoire_jours`. Returns how many."""
    limite = il_y_a_plus_de(ReglageInvitations.actuel().memoire_jours)
    return TraceInvitation.objects.filter(le__lt=limite).delete()[0]
