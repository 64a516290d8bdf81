"""Helpers for a séance in progress: members, point, vote."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from participation.seances.models import Convie, Point, ReglementInstance, Seance, Vote
from participation.seances.points import actes as points
from participation.seances.votes import actes as votes
from participation.socle.models import Compte
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    MembreFactory,
    PointFactory,
    PresenceFactory,
)


def convies(seance: Seance, nombre: int, *, presents: bool = True, **champs: object) -> list[Convie]:
    college = CollegeFactory(mandature=seance.mandature, **champs)
    faits = [ConvieFactory(seance=seance, membre=MembreFactory(college=college)) for _ in range(nombre)]
    if presents:
        for convie in faits:
            PresenceFactory(convie=convie)
    return faits


def suppleant_de(titulaire: Convie) -> Convie:
    """Convene the suppléant of a member, and mark them present."""
    membre = MembreFactory(college=titulaire.membre.college, rang="suppleant", suppleant_de=titulaire.membre)
    return PresenceFactory(convie=ConvieFactory(seance=titulaire.seance, membre=membre)).convie


def donner_pouvoir(de: Convie, a: Convie, rang: int = 0) -> None:
    de.reponse, de.pouvoir_a, de.repondu_le = "pouvoir", a, timezone.now() + timedelta(seconds=rang)
    de.save()


def regler(seance: Seance, **champs: object) -> None:
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(**champs)
    seance.reglement.refresh_from_db()


def point_en_cours(seance: Seance, agent: Compte, **champs: object) -> Point:
    point = PointFactory(seance=seance, **champs)
    points.passer_au_point(point, par=agent)
    return point


def ouvrir(point: Point, agent: Compte, forme: str = "nominatif") -> Vote:
    return votes.ouvrir_vote(point, par=agent, objet="Adopter l’avis", forme=forme)


def voter_sur(seance: Seance, agent: Compte, forme: str = "nominatif") -> Vote:
    """Open a vote on a new point."""
    return ouvrir(point_en_cours(seance, agent), agent, forme)


def page(client, compte, nom, *args, **kwargs):
    client.force_login(compte)
    return client.get(reverse(f"seances:{nom}", args=args), **kwargs)
