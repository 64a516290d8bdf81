"""Letters to the directions about the programme of the year."""

from collections.abc import Sequence

from django.urls import reverse

from participation.seances.models import Deplacement, Instance, Prevision
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Compte, Direction


def preparer_annee(
    instance: Instance, annee: int, direction: Direction, previsions: Sequence[Prevision], *, par: Compte
) -> None:
    ecrire(
        "seances/preparer_annee",
        a=direction.adresses(),
        repondre_a=par.courriel,
        contexte={
            "instance": instance,
            "annee": annee,
            "direction": direction,
            "previsions": previsions,
            "par": par,
            "lien": _lien(instance, annee, direction),
        },
    )


def deplacer_prevision(deplacement: Deplacement, *, par: Compte) -> None:
    prevision = deplacement.prevision
    if prevision.direction is not None:
        ecrire(
            "seances/deplacer_prevision",
            a=prevision.direction.adresses(),
            repondre_a=par.courriel,
            contexte={
                "deplacement": deplacement,
                "prevision": prevision,
                "instance": prevision.instance,
                "par": par,
                "lien": _lien(prevision.instance, prevision.annee, prevision.direction),
            },
        )


def abandonner_prevision(prevision: Prevision, *, par: Compte) -> None:
    if prevision.direction is not None:
        ecrire(
            "seances/abandonner_prevision",
            a=prevision.direction.adresses(),
            repondre_a=par.courriel,
            contexte={"prevision": prevision, "instance": prevision.instance, "par": par},
        )


def _lien(instance: Instance, annee: int, direction: Direction) -> str:
    return f"{reverse('seances:programme', args=[instance.cle, annee])}?direction={direction.pk}"
