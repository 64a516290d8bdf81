"""What was said, as the agents, the room and the public read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch

from participation.rencontres.models import Evaluation, Groupe, Note, Rencontre
from participation.rencontres.models.manques import libres
from participation.socle import vitrine
from participation.socle.vitrine import Devenir

DERNIERES = 6


def notes_de(rencontre: Rencontre) -> Any:
    return Note.objects.filter(table__rencontre=rencontre, ecartee_le=None)


@dataclass(frozen=True, slots=True)
class UnGroupe:
    groupe: Groupe
    notes: Sequence[Note]
    gommettes: int


def groupes(rencontre: Rencontre) -> list[UnGroupe]:
    """Return the groups, the most dots first."""
    siennes = Note.objects.select_related("table").order_by("pk")
    lus = (
        rencontre.groupes.select_related("rencontre", "devenu", "suite__direction")
        .prefetch_related(Prefetch("notes", queryset=siennes))
        .annotate(collees=Count("gommettes"))
    )
    dits = [UnGroupe(g, list(g.notes.all()), g.gommettes_papier + vars(g)["collees"]) for g in lus]
    return sorted(dits, key=lambda un: (-un.gommettes, un.groupe.pk))


@dataclass(frozen=True, slots=True)
class Recolte:
    """`combien`: all the notes taken. `libres`: those in no group yet."""

    combien: int
    tables: int
    libres: Sequence[Note]
    groupes: Sequence[UnGroupe]


def recolte(rencontre: Rencontre) -> Recolte:
    combien = notes_de(rencontre).aggregate(n=Count("pk"), t=Count("table", distinct=True))
    seules = list(libres(rencontre).select_related("table__rencontre", "photo"))
    return Recolte(combien["n"], combien["t"], seules, groupes(rencontre))


@dataclass(frozen=True, slots=True)
class EnSalle:
    """What the plenary sees grow: totals, the last notes, the groups and their dots."""

    combien: int
    dernieres: Sequence[Note]
    groupes: Sequence[UnGroupe]

    @property
    def version(self) -> str:
        groupes = [(un.groupe.pk, un.groupe.titre, un.gommettes, len(un.notes)) for un in self.groupes]
        return repr((self.combien, [(n.pk, n.texte) for n in self.dernieres], groupes))


def en_salle(rencontre: Rencontre) -> EnSalle:
    siennes = notes_de(rencontre)
    dernieres = siennes.filter(groupe=None).select_related("table").order_by("-pk")[:DERNIERES]
    return EnSalle(siennes.count(), list(dernieres), groupes(rencontre))


def devenirs() -> dict[str, Devenir]:
    """Return what the apps of the site may make of a group, by key."""
    return {un.cle: un for un in vitrine.recueillir("devenirs")}


def chiffres_de_l_evaluation(rencontre: Rencontre) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return, for each question, how many gave each answer."""
    lues = Evaluation.objects.filter(rencontre=rencontre)
    dits = []
    for champ in ("parole", "suite"):
        combien = dict(lues.order_by().values_list(champ).annotate(n=Count("pk")))
        question: Any = Evaluation._meta.get_field(champ)
        libelle = str(question.verbose_name)
        dits.append((libelle, [(mot, combien.get(valeur, 0)) for valeur, mot in Evaluation.NOTES]))
    return dits if lues.exists() else []
