"""Categories proposed for a text by the last trained model (before any, from the descriptions), and remontées alike."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import TrigramDistance
from django.db.models import Q

from participation.socle.regles.mots import mots_communs
from remontees.models import Apprentissage, Categorie, Remontee
from remontees.routage.classement import regles
from remontees.workflow import Etat


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
    propositions = regles.proposer(_modele(), remontee.verbatim)
    connues = Categorie.objects.select_related("parent", "direction", "organisme").in_bulk(
        [p.categorie for p in propositions]
    )
    return [
        Proposee(connues[p.categorie], p.mots)
        for p in propositions
        if p.categorie in connues and connues[p.categorie].est_active
    ]


def _modele() -> regles.Modele:
    dernier = Apprentissage.objects.values_list("pk", flat=True).first()
    return _du_premier_jour(tuple(descriptions().items())) if dernier is None else _appris(dernier)


@lru_cache(maxsize=1)
def _du_premier_jour(textes: tuple[tuple[int, str], ...]) -> regles.Modele:
    return regles.modele_appris(dict(textes))


@lru_cache(maxsize=2)
def _appris(pk: int) -> regles.Modele:
    """Cached in the process: the row of a night never changes."""
    return regles.Modele.de_json(Apprentissage.objects.get(pk=pk).modele)


COMBIEN, JOURS = 3, 90


# Below this similarity, or with fewer words in common, matches are chance: of 38 texts of which 14 have no twin
# (`tests/remontees/ressemblances`), 0.85 of those shown are right instead of 0.67, and as many twins are found.
RESSEMBLANCE_MIN, MOTS_EN_COMMUN = 0.17, 2


# Rows read by the index, before the threshold is applied.
LUES = 12


@dataclass(frozen=True, slots=True)
class Semblable:
    remontee: Any
    mots: list[str]


def semblables(remontee: Remontee, combien: int = COMBIEN) -> list[Semblable]:
    """Return the nearest remontées, in two queries: keys by the trigram index, then rows.

    Same commune, within JOURS days, same category or none.
    """
    if not remontee.mots or remontee.est_discrimination:
        return []
    debut, fin = (remontee.entendue_le + timedelta(days=jours) for jours in (-JOURS, JOURS))
    lieu = Q(commune=remontee.commune_id) if remontee.commune_id else Q(commune__isnull=True)
    proches = (
        Remontee.objects.filter(lieu, entendue_le__range=(debut, fin), est_discrimination=False)
        .exclude(pk=remontee.pk)
        .exclude(etat=Etat.ECARTEE)
    )
    if remontee.categorie_id:
        proches = proches.filter(Q(categorie=remontee.categorie_id) | Q(categorie__isnull=True))
    cles = dict(
        proches.order_by(TrigramDistance("mots", remontee.mots)).values_list(
            "pk", TrigramDistance("mots", remontee.mots)
        )[:LUES]
    )
    gardees = [pk for pk, distance in cles.items() if distance <= 1 - RESSEMBLANCE_MIN]
    lues: Any = Remontee.objects.select_related("categorie", "commune", "quartier", "sujet_commun").in_bulk(
        gardees
    )
    trouvees = [
        Semblable(lues[pk], mots_communs(remontee.verbatim, lues[pk].verbatim))
        for pk in gardees
        if pk in lues
    ]
    communs = min(MOTS_EN_COMMUN, len(remontee.mots.split()))
    return [trouvee for trouvee in trouvees if len(trouvee.mots) >= communs][:combien]
