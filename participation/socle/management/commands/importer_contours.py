"""Import the official contours of the communes from a GeoJSON file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.socle.francais import sans_accent
from participation.socle.models import Commune, Contour

CODES = ("code_insee", "insee", "code", "codgeo", "INSEE_COM", "insee_com", "com")
NOMS = ("nom", "name", "NOM", "libelle", "nom_com", "libgeo")
FORMES = {"Polygon", "MultiPolygon"}


class Command(BaseCommand):
    help = (
        "Importe les contours des communes depuis un fichier GeoJSON (WGS 84). Chaque objet est rapproché par son code "
        "Insee, sinon par son nom."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--essai", action="store_true", help="Dit ce qui serait fait, sans rien écrire.")

    def handle(self, *args: Any, fichier: Path, essai: bool, **options: Any) -> None:
        communes = {commune.code_insee: commune for commune in Commune.objects.all()}
        par_nom = {commune.cle_tri: commune for commune in communes.values()}
        trouvees: dict[str, Contour] = {}
        inconnus, illisibles = [], []
        for objet in lire_geojson(fichier):
            proprietes, geometrie = objet.get("properties") or {}, objet.get("geometry") or {}
            code = premier(proprietes, CODES)
            nom = premier(proprietes, NOMS)
            commune = communes.get(code) or par_nom.get(sans_accent(nom))
            if commune is None:
                inconnus.append(f"{nom or 'sans nom'} ({code or 'sans code'})")
            elif geometrie.get("type") not in FORMES or not geometrie.get("coordinates"):
                illisibles.append(commune.nom)
            else:
                trace = {"type": geometrie["type"], "coordinates": geometrie["coordinates"]}
                trouvees[commune.code_insee] = Contour(commune=commune, geometrie=trace)
        if not essai:
            Contour.objects.bulk_create(
                trouvees.values(),
                update_conflicts=True,
                unique_fields=["commune"],
                update_fields=["geometrie"],
            )
        manquantes = [commune.nom for code, commune in communes.items() if code not in trouvees]
        ecrits = "seraient importés" if essai else "importés"
        self.stdout.write(f"{len(trouvees)} contours {ecrits} sur {len(communes)} communes.")
        for titre, noms in (
            ("Objets du fichier qui ne sont aucune de nos communes", inconnus),
            ("Communes dont le contour n’est pas un polygone", illisibles),
            ("Communes absentes du fichier", manquantes),
        ):
            if noms:
                self.stdout.write(f"{titre} : {', '.join(noms)}.")


def lire_geojson(fichier: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file; raises CommandError with a French message."""
    try:
        contenu = json.loads(fichier.read_text(encoding="utf-8-sig"))
    except OSError as erreur:
        raise CommandError(f"Le fichier {fichier} ne peut pas être lu : {erreur.strerror}.") from erreur
    except ValueError as erreur:
        raise CommandError(f"Le fichier {fichier} n’est pas du JSON : {erreur}.") from erreur
    objets = contenu.get("features") if isinstance(contenu, dict) else None
    if not isinstance(objets, list):
        raise CommandError("Le fichier n’est pas une collection GeoJSON (« FeatureCollection »).")
    return [objet for objet in objets if isinstance(objet, dict)]


def premier(proprietes: dict[str, Any], noms: tuple[str, ...]) -> str:
    """Return the first of these properties that has a value, as text, or an empty string."""
    return next((str(proprietes[nom]).strip() for nom in noms if proprietes.get(nom)), "")
