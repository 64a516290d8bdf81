"""Categories proposed for a text, by a naive Bayes classifier trained each night on what agents filed.

It says the words that support each proposal, and is measured on a held-out part. Before any training, descriptions serve.
"""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any, Self

from django.contrib.postgres.search import TrigramDistance
from django.db import transaction
from django.db.models import F, Q

from participation.socle.regles.mots import mots_communs, mots_de_racines, racine, racines
from remontees.models import Apprentissage, Categorie, Remontee
from remontees.workflow import Etat

# Number of texts that a description counts for.
POIDS_DESCRIPTION = 3


LISSAGE = 0.3


PROPOSEES = 3


MOTS_DITS = 4


@dataclass(frozen=True, slots=True)
class Proposition:
    """`mots`: words of the text that support the category, as written in it."""

    categorie: int
    mots: list[str]


@dataclass(slots=True)
class Modele:
    """`textes`: number of texts by category. `racines`: for each root, its count by category."""

    textes: Counter[int] = field(default_factory=Counter)
    racines: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    totaux: Counter[int] = field(default_factory=Counter)

    def lire(self, categorie: int, trouvees: Iterable[str], poids: int = 1) -> None:
        self.textes[categorie] += poids
        for trouvee in set(trouvees):
            self.racines[trouvee][categorie] += poids
            self.totaux[categorie] += poids

    def en_json(self, moins_de: int = 2) -> dict[str, Any]:
        """Return the model as JSON, without the roots met once: they are most of them and teach nothing."""
        gardees = {r: dict(c) for r, c in self.racines.items() if sum(c.values()) >= moins_de}
        return {"textes": dict(self.textes), "racines": gardees}

    @classmethod
    def de_json(cls, valeurs: Mapping[str, Any]) -> Self:
        modele = cls()
        modele.textes.update({int(c): n for c, n in valeurs.get("textes", {}).items()})
        for trouvee, compte in valeurs.get("racines", {}).items():
            for categorie, nombre in compte.items():
                modele.racines[trouvee][int(categorie)] += nombre
                modele.totaux[int(categorie)] += nombre
        return modele


def modele_appris(
    descriptions: Mapping[int, str], exemples: Iterable[tuple[int, Sequence[str]]] = ()
) -> Modele:
    """Train a model on the description of each category and on filed texts, given as roots."""
    modele = Modele()
    for categorie, description in descriptions.items():
        modele.lire(categorie, racines(description), POIDS_DESCRIPTION)
    for categorie, trouvees in exemples:
        if categorie in descriptions:
            modele.lire(categorie, trouvees)
    return modele


def classer(modele: Modele, trouvees: Sequence[str]) -> list[tuple[int, dict[str, float]]]:
    """Return the categories, most likely first, with what each root adds above the mean.

    Categories that no root supports are left out.
    """
    connues = [r for r in dict.fromkeys(trouvees) if r in modele.racines]
    if not connues or not modele.textes:
        return []
    taille, ensemble = len(modele.racines), sum(modele.textes.values())
    notes: dict[int, float] = {}
    apports: dict[int, dict[str, float]] = {}
    parts = {}
    for trouvee in connues:
        compte = modele.racines[trouvee]
        parts[trouvee] = {
            categorie: math.log(
                (compte.get(categorie, 0) + LISSAGE) / (modele.totaux[categorie] + LISSAGE * taille)
            )
            for categorie in modele.textes
        }
    moyennes = {r: sum(p.values()) / len(p) for r, p in parts.items()}
    for categorie, nombre in modele.textes.items():
        notes[categorie] = math.log((nombre + 1) / (ensemble + len(modele.textes)))
        notes[categorie] += sum(parts[r][categorie] for r in connues)
        apports[categorie] = {
            r: parts[r][categorie] - moyennes[r]
            for r in connues
            if modele.racines[r].get(categorie) and parts[r][categorie] > moyennes[r]
        }
    ordre = sorted(notes, key=lambda c: (-notes[c], c))
    return [(c, apports[c]) for c in ordre if apports[c]]


def proposer(modele: Modele, texte: str, combien: int = PROPOSEES) -> list[Proposition]:
    """Return the most likely categories of a text; empty when none of its words is known."""
    propositions = []
    for categorie, apports in classer(modele, racines(texte))[:combien]:
        fortes = sorted(apports, key=lambda r: -apports[r])[:MOTS_DITS]
        propositions.append(Proposition(categorie, mots_de_racines(texte, fortes, MOTS_DITS)))
    return propositions


@dataclass(slots=True)
class Justesse:
    """Accuracy, measured on texts that were not used for training."""

    mesures: int = 0
    premiere: int = 0
    parmi_trois: int = 0
    frequente: int = 0
    par_categorie: dict[int, list[int]] = field(default_factory=dict)

    def noter(self, vraie: int, proposees: Sequence[int], la_plus_frequente: int | None) -> None:
        ligne = self.par_categorie.setdefault(vraie, [0, 0, 0])
        bonne, dedans = proposees[:1] == [vraie], vraie in proposees[:PROPOSEES]
        self.mesures += 1
        self.premiere += bonne
        self.parmi_trois += dedans
        self.frequente += vraie == la_plus_frequente
        ligne[0] += 1
        ligne[1] += bonne
        ligne[2] += dedans


def mesurer(modele: Modele, gardes: Iterable[tuple[int, Sequence[str]]]) -> Justesse:
    """Measure the accuracy on unseen texts, and that of always proposing the most frequent category."""
    justesse = Justesse()
    frequente = max(modele.textes, key=lambda c: modele.textes[c]) if modele.textes else None
    for vraie, trouvees in gardes:
        justesse.noter(vraie, [c for c, _ in classer(modele, trouvees)[:PROPOSEES]], frequente)
    return justesse


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
    propositions = proposer(_modele(), remontee.verbatim)
    connues = Categorie.objects.select_related("parent", "direction", "organisme").in_bulk(
        [p.categorie for p in propositions]
    )
    return [
        Proposee(connues[p.categorie], p.mots)
        for p in propositions
        if p.categorie in connues and connues[p.categorie].est_active
    ]


def _modele() -> Modele:
    dernier = Apprentissage.objects.values_list("pk", flat=True).first()
    return _du_premier_jour(tuple(descriptions().items())) if dernier is None else _appris(dernier)


@lru_cache(maxsize=1)
def _du_premier_jour(textes: tuple[tuple[int, str], ...]) -> Modele:
    return modele_appris(dict(textes))


@lru_cache(maxsize=2)
def _appris(pk: int) -> Modele:
    """Cached in the process: the row of a night never changes."""
    return Modele.de_json(Apprentissage.objects.get(pk=pk).modele)


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


# One in UN_SUR is held out; the latest MESUREES_MAX are enough to measure.
UN_SUR, MESUREES_MAX = 5, 5_000


LUES_MAX = 600_000


GARDES = 30


def apprendre() -> Apprentissage:
    """Train on four fifths of the filed remontées, measure on the rest, then add the rest to the model."""
    debut = time.perf_counter()
    lignes = descriptions()
    modele = modele_appris(lignes, (exemple for pk, *exemple in _decidees() if pk % UN_SUR))  # type: ignore[misc]
    gardes = ((categorie, mots) for _, categorie, mots in _decidees(gardees=True) if categorie in lignes)
    justesse = mesurer(modele, gardes)
    for _, categorie, mots in _decidees(gardees=True):
        if categorie in lignes:
            modele.lire(categorie, mots)
    with transaction.atomic():
        appris = Apprentissage.objects.create(
            exemples=Remontee.objects.filter(**_TRIEES).count(),
            mesures=justesse.mesures,
            premiere=justesse.premiere,
            parmi_trois=justesse.parmi_trois,
            frequente=justesse.frequente,
            par_categorie={str(c): ligne for c, ligne in justesse.par_categorie.items()},
            modele=modele.en_json(),
            secondes=round(time.perf_counter() - debut, 1),
        )
        anciens = Apprentissage.objects.values("pk")[GARDES:]
        Apprentissage.objects.filter(pk__in=list(anciens.values_list("pk", flat=True))).delete()
    return appris


# Remontées that an agent filed and sent on. Those set aside or not yet read teach nothing.
# Discriminations are left out: the words that support a proposal are shown.
_TRIEES: dict[str, Any] = {
    "categorie__isnull": False,
    "est_discrimination": False,
    "etat__in": [Etat.TRANSMISE, Etat.A_REPONDRE, Etat.GROUPEE, Etat.REPONDUE, Etat.ORIENTEE, Etat.CLOSE],
}


def _decidees(*, gardees: bool = False) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (primary key, category, roots). The stored words already have no accents nor stop words."""
    cache: dict[str, str] = {}
    triees = Remontee.objects.filter(**_TRIEES).order_by("-pk")
    if gardees:
        triees = triees.annotate(rang=F("pk") % UN_SUR).filter(rang=0)[:MESUREES_MAX]
    else:
        triees = triees[:LUES_MAX]
    for pk, categorie, mots in triees.values_list("pk", "categorie_id", "mots").iterator(chunk_size=5_000):
        trouvees = []
        for mot in mots.split():
            if mot not in cache:
                cache[mot] = racine(mot)
            trouvees.append(cache[mot])
        yield pk, categorie, trouvees
