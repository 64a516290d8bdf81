"""Acts for the comité de suivi: put on its agenda, ask for a visit."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from participation.seances.actions.preparation import ajouter_point
from participation.seances.models import Point, Seance
from participation.socle.actions import exiger, faire_echeance
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import a_qui, jour_texte
from participation.socle.models import Compte, Direction
from remontees.actions.parts import TRI, donner
from remontees.lectures.comite import seance_de
from remontees.models import Attribution, Remontee, Sujet

MINUTES = 10  # default duration of a point
VISITE = "Aller voir sur place, et dire ce que vous avez constaté."


@transaction.atomic
def inscrire_au_comite(dossier: Remontee | Sujet, *, par: Compte, seance: Seance) -> Point:
    """Add a point for the dossier. Raises ErreurMetier when another séance of the comité has it."""
    return _inscrire(dossier, "inscrire_au_comite", seance, par=par)


@transaction.atomic
def porter_en_seance(dossier: Remontee | Sujet, *, par: Compte, seance: Seance) -> Point:
    """Add a point to a séance of another instance, such as the CCSPL. Raises as `inscrire_au_comite`."""
    return _inscrire(dossier, "porter_en_seance", seance, par=par)


def _inscrire(dossier: Remontee | Sujet, acte: str, seance: Seance, *, par: Compte) -> Point:
    pas = exiger(dossier, acte, par=par)
    deja = seance_de(dossier, seance.instance_id)
    if deja is not None:
        raise ErreurMetier(
            f"« {dossier.titre} » est déjà à l’ordre du jour de la séance du {jour_texte(deja.debut)}."
        )
    point = ajouter_point(
        seance,
        par=par,
        dossiers=[dossier],
        nature=Point.Nature.DECISION if acte == "inscrire_au_comite" else Point.Nature.INFORMATION,
        titre=dossier.titre,
        direction=dossier.direction,
        duree=MINUTES,
    )
    pas.avancer(
        fait=f"À l’ordre du jour de la séance du {jour_texte(seance.debut)} ({seance.instance})"[:200],
        details={"seance": seance.pk, "point": point.pk},
    )
    return point


@transaction.atomic
def remplir_le_comite(seance: Seance, dossiers: Iterable[Remontee | Sujet], *, par: Compte) -> int:
    """Put several dossiers on the agenda, all or none; return how many."""
    combien = 0
    for dossier in dossiers:
        inscrire_au_comite(dossier, par=par, seance=seance)
        combien += 1
    return combien


@transaction.atomic
def demander_visite(
    dossier: Remontee | Sujet, *, par: Compte, direction: Direction, date_limite: date, mot: str = ""
) -> Attribution:
    """Give a service the part of visiting the place; its answer says what it saw."""
    pas = exiger(dossier, "demander_visite", par=par)
    part = donner(dossier, par=par, a=direction, date_limite=date_limite, consigne=f"{VISITE} {mot}".strip())
    pas.avancer(
        fait=f"Visite sur place demandée {a_qui(part.en_phrase)}"[:200],
        motif=mot,
        details={"attribution": part.pk},
    )
    faire_echeance(dossier, TRI)
    return part
