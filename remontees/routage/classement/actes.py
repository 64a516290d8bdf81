"""Nightly training of the category classifier on what agents filed, with a measure on a held-out part."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F

from participation.socle.regles.mots import racine
from remontees.models import Apprentissage, Remontee
from remontees.routage.classement import regles
from remontees.routage.classement.lectures import descriptions
from remontees.workflow import Etat

# One in UN_SUR is held out; the latest MESUREES_MAX are enough to measure.
UN_SUR, MESUREES_MAX = 5, 5_000


LUES_MAX = 600_000


GARDES = 30


def apprendre() -> Apprentissage:
    """Train on four fifths of the filed remontées, measure on the rest, then add the rest to the model."""
    debut = time.perf_counter()
    lignes = descriptions()
    modele = regles.modele_appris(lignes, (exemple for pk, *exemple in _decidees() if pk % UN_SUR))  # type: ignore[misc]
    gardes = ((categorie, mots) for _, categorie, mots in _decidees(gardees=True) if categorie in lignes)
    justesse = regles.mesurer(modele, gardes)
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
