"""What a temps fort prints and shows: each proposition with its answer, what is done, and its version; the figures."""

from typing import Any

from participation.engagements.models import Proposition, TempsFort, VersionDeProposition
from participation.engagements.models.versions import FACILE, VERSIONS
from participation.engagements.propositions.actes import SENS
from participation.engagements.propositions.lectures import PAR_NUMERO, avec_suites, etapes, versions_de
from participation.socle.francais import instant_texte, jour_texte, majuscule

DE_DROITE = frozenset({"ar", "fa", "ps", "ur", "he"})


def propositions_de(temps_fort: TempsFort) -> Any:
    siennes: Any = Proposition.objects.filter(collectif=temps_fort.collectif_id, est_publie=True)
    return siennes.select_related("collectif").order_by(*PAR_NUMERO)


def ce_qui_manque(temps_fort: TempsFort) -> list[tuple[str, str, int]]:
    """Return (code, name, how many propositions have no version or an old one) of each version."""
    siennes = list(propositions_de(temps_fort).prefetch_related("versions"))
    a_jour = {code: 0 for code, _ in VERSIONS}
    for proposition in siennes:
        for version, est_vieille in versions_de(proposition):
            a_jour[version.langue] += not est_vieille
    return [(code, nom, len(siennes) - a_jour[code]) for code, nom in VERSIONS]


def fiches(temps_fort: TempsFort, langue: str = "") -> list[dict[str, Any]]:
    """Return the sheets, in the order of the numbers. `langue`: version printed beside the French; "" for none."""
    lues = list(propositions_de(temps_fort).prefetch_related("versions"))
    return [
        {
            "numero": proposition.numero,
            "theme": proposition.theme,
            "titre": proposition.titre,
            "texte": proposition.texte,
            "portee_par": proposition.portee_par,
            "sens": dict(SENS).get(proposition.etat, ""),
            "retour": proposition.retour,
            "decidee_le": jour_texte(proposition.decidee_le) if proposition.decidee_le else "",
            "degres": sorted({majuscule(suite.get_degre_display()) for suite in suites}),
            "version": next((_version(v) for v in proposition.versions.all() if v.langue == langue), None),
        }
        for proposition, suites in avec_suites(lues)
    ]


def _version(version: VersionDeProposition) -> dict[str, str]:
    return {"titre": version.titre, "texte": version.texte, "retour": version.retour}


def mise_en_page(langue: str) -> dict[str, Any]:
    """Return how a version is printed: its code for the reader of the page, its name, its direction."""
    return {
        "langue": "fr" if langue in {"", FACILE} else langue,
        "nom_de_version": dict(VERSIONS).get(langue, ""),
        "de_droite": langue in DE_DROITE,
    }


def diaporama(temps_fort: TempsFort) -> dict[str, Any]:
    comptes = etapes(temps_fort.collectif)
    return {
        "collectif": str(temps_fort.collectif),
        "quand": instant_texte(temps_fort.reunion.debut),
        "ou": f"{temps_fort.reunion.lieu}, {temps_fort.reunion.adresse}",
        "total": comptes.total,
        "decidees": [[c.libelle, c.combien] for c in comptes.decidees],
        "faites": [[c.libelle, c.combien] for c in comptes.faites],
        "fiches": fiches(temps_fort),
    }
