"""The pictures of a draw: the chances of each, then the panel beside the volunteers and the population."""

from collections.abc import Sequence

from participation.socle.francais import nombre
from participation.socle.graphiques import Graphique, Serie
from participation.tirage.models import Quota, Tirage
from participation.tirage.selection.comptes import comptes_de
from participation.tirage.workflow import EtatTirage


def image_des_chances(tirage: Tirage) -> Graphique:
    """Return the chances on a thousand of the person at each tenth of the list, from the least to the most."""
    deciles = tirage.mesures["deciles"]
    egale = round(1000 * tirage.places / comptes_de(tirage)["tirables"])
    return Graphique(
        titre="Les chances, de la plus petite à la plus grande",
        categories=[f"{10 * rang} %" for rang in range(len(deciles))],
        series=[Serie("Chances sur 1 000", deciles)],
        colonne="Place dans la liste",
        description="Toutes les personnes sont rangées par leurs chances : à 0 %, celle qui en a le moins ; à 50 %, celle du milieu ; à 100 %, celle qui en a le plus.",
        cible=egale,
        cible_libelle=f"la même chance pour tous, {nombre(egale)} sur 1 000, si aucun quota n’était à tenir",
        resume=f"De {nombre(deciles[0])} à {nombre(deciles[-1])} chances sur 1 000. Le tableau donne tous les nombres.",
    )


def images_des_profils(tirage: Tirage) -> list[Graphique]:
    """Return for each category how the panel, the volunteers and the population are shared between its values."""
    comptes = comptes_de(tirage)
    par_categorie: dict[str, list[tuple[Quota, int, int]]] = {}
    for quota, (tous, assis) in zip(tirage.quotas.all(), comptes["quotas"], strict=True):
        par_categorie.setdefault(quota.categorie, []).append((quota, tous, assis))
    return [_image(tirage, categorie, lignes) for categorie, lignes in par_categorie.items()]


def _image(tirage: Tirage, categorie: str, lignes: Sequence[tuple[Quota, int, int]]) -> Graphique:
    parts = [quota.part for quota, _, _ in lignes]
    series = [Serie("Volontaires", _parts([tous for _, tous, _ in lignes]), 2)]
    if tirage.etat == EtatTirage.TIRE:
        series.insert(0, Serie("Panel", _parts([assis for _, _, assis in lignes]), 1))
    if any(part is not None for part in parts):
        series.append(Serie("Population", [None if part is None else float(part) for part in parts], 4))
    return Graphique(
        titre=categorie,
        categories=[quota.valeur for quota, _, _ in lignes],
        series=series,
        colonne=categorie,
        unite="%",
        totaux=False,
        cote_a_cote=True,
    )


def _parts(combien: Sequence[int]) -> list[float]:
    total = sum(combien) or 1
    return [round(100 * n / total, 1) for n in combien]
