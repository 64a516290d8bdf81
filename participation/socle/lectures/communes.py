"""The page of a commune: what is asked of it, the voices that came from it, the dossiers that concern it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from participation.socle.francais import majuscule
from participation.socle.models import Commune, Compte, Demande, Dossier, parmi
from participation.socle.models.dossiers import hors_reserve

DOSSIERS_MONTRES, DEMANDES_MONTREES = 8, 20
PEU = 100  # last dossiers, among which those to show are looked for first


@dataclass(frozen=True, slots=True)
class VoixDesCommunes:
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
    tous = _concernes(commune)
    derniers = ArrayAgg("pk", order_by=("-ouvert_le", "-pk"))
    cles = dict(tous.values_list("nature").annotate(cles=derniers))
    for nature, modele in Dossier.natures().items():
        lus: list[Any] = []
        if nature in cles:
            vus = _vus(modele, compte)
            lus = list(vus.filter(parmi(cles[nature][:PEU]))[: DOSSIERS_MONTRES + 1])
            # Who reads few of them finds too few among the last ones.
            if len(lus) <= DOSSIERS_MONTRES and len(cles[nature]) > PEU:
                siens = tous.filter(nature=nature).values("pk")
                lus = list(vus.filter(pk__in=siens)[: DOSSIERS_MONTRES + 1])
        if lus:
            titre = majuscule(str(modele._meta.verbose_name_plural))
            trouves.append(
                DossiersDUneNature(
                    nature, titre, lus[0].app, lus[:DOSSIERS_MONTRES], len(lus) > DOSSIERS_MONTRES
                )
            )
    return trouves


def _concernes(commune: Commune) -> QuerySet[Dossier]:
    """Return the dossiers about the commune, in no order: each reason by its own index."""
    natures: list[Any] = [*Dossier.natures().values()]
    premiers, *autres = (
        Dossier.communes.through.objects.filter(commune=commune).values("dossier"),
        Dossier.quartiers.through.objects.filter(quartier__commune=commune).values("dossier"),
        *(
            modele.objects.filter(commune=commune).order_by().values("pk")
            for modele in natures
            if "commune" in {champ.name for champ in modele._meta.concrete_fields}
        ),
    )
    return Dossier.objects.filter(parmi(premiers.union(*autres)), ouvert_le__isnull=False).order_by()


def _vus(modele: type[Dossier], compte: Compte) -> QuerySet[Any]:
    lus: Any = modele.objects
    vus: QuerySet[Any] = lus.visibles_par(compte).order_by("-ouvert_le", "-pk")
    tus = modele.tus_pour(compte)
    return vus if tus is None else vus.exclude(pk__in=tus)
