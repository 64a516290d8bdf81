"""The page of a commune: what is asked of it, the voices that came from it, the dossiers that concern it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from participation.socle.francais import majuscule
from participation.socle.models import Commune, Compte, Demande, Dossier
from participation.socle.models.dossiers import hors_reserve, reunis

DOSSIERS_MONTRES, DEMANDES_MONTREES = 8, 20
PEU = 1000  # keys written in a statement


@dataclass(frozen=True, slots=True)
class Voix:
    """The voices of the last twelve months that an app counts, by code Insee; None when small, not to be shown.

    `mots`: singular and plural (« signature », « signatures »).
    """

    app: str
    titre: str
    mots: tuple[str, str]
    nombres: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class DossiersDUneNature:
    """The latest dossiers of one nature that the reader may open, and whether there are more."""

    nature: str
    titre: str
    app: str
    dossiers: Sequence[Dossier]
    est_coupee: bool


def communes_de(compte: Compte) -> list[str]:
    """Return the codes Insee of the communes that the account works for."""
    return [a.commune_id for a in compte.appartenances_en_vigueur if a.commune_id]


def demandes_a(commune: Commune, compte: Compte) -> tuple[list[Demande], list[Demande]]:
    """Return what is asked of the commune: still awaited, the nearest day first, then what it answered."""
    siennes: QuerySet[Demande] = Demande.objects.filter(
        hors_reserve(compte, "dossier__"), commune=commune, annulee_le__isnull=True
    ).select_related("dossier")
    return (
        list(siennes.filter(repondue_le__isnull=True).order_by("date_limite", "pk")),
        list(siennes.filter(repondue_le__isnull=False).order_by("-repondue_le", "-pk")[:DEMANDES_MONTREES]),
    )


def dossiers_de(commune: Commune, compte: Compte) -> list[DossiersDUneNature]:
    """Return the dossiers about this commune or one of its quartiers, nature by nature, the latest first."""
    trouves = []
    for nature, cles in _concernes(commune).items():
        modele = Dossier.natures()[nature]
        lus = list(_vus(modele, cles, compte)[: DOSSIERS_MONTRES + 1])
        if lus:
            titre = majuscule(str(modele._meta.verbose_name_plural))
            trouves.append(
                DossiersDUneNature(
                    nature, titre, lus[0].app, lus[:DOSSIERS_MONTRES], len(lus) > DOSSIERS_MONTRES
                )
            )
    return trouves


def _concernes(commune: Commune) -> dict[str, Any]:
    """Return the keys of the dossiers about the commune, by nature: found once, each reason by its own index.

    A queryset for a nature that has too many to be written in a statement.
    """
    raisons = [Q(communes=commune), Q(quartiers__commune=commune)]
    raisons += [
        Q(**{f"{nature}__commune": commune})
        for nature, modele in Dossier.natures().items()
        if "commune" in {champ.name for champ in modele._meta.concrete_fields}
    ]
    tous = Dossier.objects.filter(pk__in=reunis(*raisons), ouvert_le__isnull=False).order_by()
    cles = dict(tous.values_list("nature").annotate(cles=ArrayAgg("pk")))
    return {
        nature: cles[nature] if len(cles[nature]) <= PEU else tous.filter(nature=nature).values("pk")
        for nature in Dossier.natures()
        if nature in cles
    }


def _vus(modele: type[Dossier], cles: Any, compte: Compte) -> QuerySet[Any]:
    lus: Any = modele.objects
    vus: QuerySet[Any] = lus.visibles_par(compte).filter(pk__in=cles)
    tus = modele.tus_pour(compte)
    return (vus if tus is None else vus.exclude(pk__in=tus)).order_by("-ouvert_le", "-pk")
