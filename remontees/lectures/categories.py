"""Categories proposed for a text, by the last trained model; before any training, from the descriptions."""

from dataclasses import dataclass
from functools import lru_cache

from remontees.models import Apprentissage, Categorie, Remontee
from remontees.regles import classement


@dataclass(frozen=True, slots=True)
class Proposee:
    categorie: Categorie
    mots: list[str]


def descriptions() -> dict[int, str]:
    """Return the text that describes each category that may be chosen: those without sub-category."""
    categories = Categorie.objects.filter(est_active=True).values_list("pk", "parent", "nom", "description")
    themes = {parent for _, parent, _, _ in categories if parent}
    return {pk: f"{nom} {description}" for pk, _, nom, description in categories if pk not in themes}


def proposees(remontee: Remontee) -> list[Proposee]:
    """Return at most three categories, most likely first, with the words that support each."""
    propositions = classement.proposer(_modele(), remontee.verbatim)
    connues = Categorie.objects.select_related("parent", "direction", "organisme").in_bulk(
        [p.categorie for p in propositions]
    )
    return [
        Proposee(connues[p.categorie], p.mots)
        for p in propositions
        if p.categorie in connues and connues[p.categorie].est_active
    ]


def _modele() -> classement.Modele:
    dernier = Apprentissage.objects.values_list("pk", flat=True).first()
    return _du_premier_jour(tuple(descriptions().items())) if dernier is None else _appris(dernier)


@lru_cache(maxsize=1)
def _du_premier_jour(textes: tuple[tuple[int, str], ...]) -> classement.Modele:
    return classement.apprendre(dict(textes))


@lru_cache(maxsize=2)
def _appris(pk: int) -> classement.Modele:
    """Cached in the process: the row of a night never changes."""
    return classement.Modele.de_json(Apprentissage.objects.get(pk=pk).modele)
