"""What the room sees of a draw: the composition of a panel, then its procès-verbal."""

from typing import Any

from django.db.models import Count

from participation.socle.francais import instant_texte, jour_texte
from participation.tirage.models import Tirage
from participation.tirage.verification import lectures

# Who signs in the room.
QUALITES = ["Pour le service", "Qui a tiré les boules", "Témoin, garant ou commissaire de justice"]


def composition(tirage: Tirage, numeros: list[str]) -> list[dict[str, Any]]:
    """Return, for each category, how many of these people have each value. Counts alone: never a profile."""
    profils = (
        tirage.volontaires.filter(numero__in=numeros)
        .order_by()
        .values_list("profil")
        .annotate(combien=Count("pk"))
    )
    assis: dict[tuple[str, str], int] = {}
    for profil, combien in profils:
        for paire in profil.items():
            assis[paire] = assis.get(paire, 0) + combien
    categories: dict[str, list[dict[str, Any]]] = {}
    for quota in tirage.quotas.all():
        categories.setdefault(quota.categorie, []).append(
            {
                "valeur": quota.valeur,
                "assis": assis.get((quota.categorie, quota.valeur), 0),
                "bornes": quota.bornes,
            }
        )
    return [{"categorie": categorie, "valeurs": valeurs} for categorie, valeurs in categories.items()]


def mise_en_pv(tirage: Tirage) -> dict[str, Any]:
    """Return what the procès-verbal says: numbers, never a name of who was drawn. JSON values."""
    panel = lectures.panel_tire(tirage)
    comptes = tirage.comptes
    return {
        "pv": {
            "titre": tirage.titre,
            "est_repetition": tirage.est_repetition,
            "objet": tirage.objet,
            "reperes": [
                (
                    "Tirage public",
                    f"{instant_texte(tirage.tire_le)}, {tirage.lieu}" if tirage.tire_le else "",
                ),
                ("Places", str(tirage.places)),
                (
                    "Source de la graine",
                    f"{tirage.get_source_display()}, le {jour_texte(tirage.date_graine)}",
                ),
                ("Précision", tirage.precision_source),
                ("Si la source manque", tirage.repli),
                ("Volontaires", str(comptes.get("volontaires", ""))),
                ("Dans le tirage, une personne par foyer", str(comptes.get("tirables", ""))),
            ],
            "boules": tirage.numero_tire,
            "panel": panel,
            "reserve": comptes.get("reserve", []),
            "composition": composition(tirage, panel),
            "preuves": [
                ("Empreinte de la liste", tirage.empreinte_liste),
                ("Empreinte de la règle", tirage.empreinte_regle),
                ("Graine, comme elle est publiée", tirage.texte_graine),
                ("Graine", tirage.graine),
                ("Empreinte des mille panels", tirage.empreinte_panels),
            ],
            "etapes": [(quoi, instant_texte(quand)) for quoi, quand in lectures.etapes(tirage)],
        },
        "qualites": QUALITES,
        "fichier_joint": {
            "nom": "tirage.json",
            "description": "La règle, les empreintes, la graine, les boules et le panel, pour qui vérifie",
            "texte": lectures.contenu(tirage, "tirage.json"),
        },
    }
