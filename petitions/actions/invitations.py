"""How many letters a person may have sent to others, and what is remembered of them once her draft is gone."""

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
    """The owner of the address said no, to this pétition or to another one of its author."""
    return (
        TraceInvitation.objects.filter(nature=Nature.REFUS, adresse=empreinte(courriel, USAGE))
        .filter(Q(petition=petition.pk) | (Q(auteur=_auteur(petition)) & ~Q(auteur="")))
        .exists()
    )


def peut_ecrire(petition: Petition, courriel: str) -> bool:
    """Whether one more letter may leave today: for this pétition, for its author, for who receives it.

    To be asked in a transaction, before `noter`: one writer at a time, so that two drafts do not count apart.
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
    """Her mailbox, not her account: closing it and opening another under a +tag starts nothing anew."""
    return empreinte(petition.auteur.courriel, USAGE) if petition.auteur else ""


@transaction.atomic
def oublier_invitations() -> int:
    """What is older than the memory of the service; returns how many traces went."""
    limite = il_y_a_plus_de(ReglageInvitations.actuel().memoire_jours)
    return TraceInvitation.objects.filter(le__lt=limite).delete()[0]
