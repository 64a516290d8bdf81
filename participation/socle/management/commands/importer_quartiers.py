"""Import the quartiers prioritaires: national codes, populations, contours."""

import csv
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from participation.socle.actions.avancer import enregistrer
from participation.socle.francais import sans_accent
from participation.socle.management.commands.importer_contours import FORMES, lire_geojson, premier
from participation.socle.models import Commune, Contour, Quartier

CODES = ("code", "code_qp", "code_quartier", "codeqp", "CODE_QP")
NOMS = ("nom", "nom_qp", "libelle", "lib_qp", "NOM_QP")
COMMUNES = ("code_insee", "insee_com", "code_commune", "commune", "nom_commune", "commune_qp", "insee")
POPULATIONS = ("population", "pop", "population_qp", "pmun")
ANNEES = ("annee_population", "annee", "millesime")
CODE_QN = re.compile(r"Q[NP]\d{5}[A-Z0-9]|QP\d{6}")


class Command(BaseCommand):
    help = (
        "Importe les quartiers prioritaires depuis un CSV (; ou ,) ou un GeoJSON : nom, commune (code Insee ou nom), code, "
        "population, année. Un quartier connu par son code, sinon par son nom dans sa commune, est complété ; un autre est créé."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--essai", action="store_true", help="Dit ce qui serait fait, sans rien écrire.")

    def handle(self, *args: Any, fichier: Path, essai: bool, **options: Any) -> None:
        lignes = lire(fichier)
        self.communes = {c.code_insee: c for c in Commune.objects.all()}
        self.par_nom = {c.cle_tri: c for c in self.communes.values()}
        completes: list[str] = []
        crees: list[str] = []
        refuses: list[str] = []
        with transaction.atomic():
            for rang, ligne in enumerate(lignes, start=1):
                try:
                    quartier, neuf = self._importer(ligne)
                except ValidationError as erreur:
                    refuses.append(f"objet {rang} : {' '.join(erreur.messages)}")
                else:
                    (crees if neuf else completes).append(str(quartier))
            if essai:
                transaction.set_rollback(True)
        verbe = "serait" if essai else "est"
        self.stdout.write(
            f"{len(completes)} quartiers connus, {len(crees)} nouveaux, {len(refuses)} refusés"
            + (" (essai : rien n’est écrit)." if essai else ".")
        )
        for nom in crees:
            self.stdout.write(f"Nouveau : {nom} {verbe} créé.")
        for refus in refuses:
            self.stdout.write(f"Refusé : {refus}")
        sans_code = [str(q) for q in Quartier.objects.filter(code__isnull=True).select_related("commune")]
        if sans_code:
            self.stdout.write(f"Toujours sans code : {', '.join(sans_code)}.")

    def _importer(self, ligne: dict[str, Any]) -> tuple[Quartier, bool]:
        """Complete or create one quartier; raises ValidationError with a French message."""
        code, nom, lieu = premier(ligne, CODES).upper(), premier(ligne, NOMS), premier(ligne, COMMUNES)
        if code and not CODE_QN.fullmatch(code):
            raise ValidationError(
                f"« {code} » n’est pas un code de quartier prioritaire (exemple : QN03814M)."
            )
        commune = self.communes.get(lieu) or self.par_nom.get(sans_accent(lieu))
        quartier = Quartier.objects.filter(code=code).first() if code else None
        if quartier is None:
            if commune is None:
                raise ValidationError(f"« {nom or code} » : la commune « {lieu} » n’est pas du territoire.")
            if not nom:
                raise ValidationError(f"« {code} » n’a pas de nom.")
            quartier = next(
                (q for q in Quartier.objects.filter(commune=commune) if cle(q.nom) == cle(nom)), None
            )
        neuf = quartier is None
        quartier = quartier or Quartier(nom=nom, commune=commune)
        quartier.code = code or quartier.code
        quartier.population = entier(premier(ligne, POPULATIONS)) or quartier.population
        enregistrer(quartier, annee_population=entier(premier(ligne, ANNEES)) or quartier.annee_population)
        if trace := ligne.get("_contour"):
            Contour.objects.update_or_create(quartier=quartier, defaults={"geometrie": trace})
        return quartier, neuf


def lire(fichier: Path) -> list[dict[str, Any]]:
    if fichier.suffix.lower() in {".geojson", ".json"}:
        lignes = []
        for objet in lire_geojson(fichier):
            geometrie = objet.get("geometry") or {}
            contour = geometrie if geometrie.get("type") in FORMES else None
            lignes.append({**(objet.get("properties") or {}), "_contour": contour})
        return lignes
    try:
        texte = fichier.read_text(encoding="utf-8-sig")
    except OSError as erreur:
        raise CommandError(f"Le fichier {fichier} ne peut pas être lu : {erreur.strerror}.") from erreur
    except UnicodeDecodeError as erreur:
        raise CommandError(f"Le fichier {fichier} n’est pas en UTF-8.") from erreur
    entete = texte.partition("\n")[0]
    lecteur = csv.DictReader(texte.splitlines(), delimiter=";" if ";" in entete else ",")
    lignes = [{(nom or "").strip().lower(): valeur for nom, valeur in ligne.items()} for ligne in lecteur]
    if not lignes or not any(nom in lignes[0] for nom in (*CODES, *NOMS)):
        raise CommandError("Le fichier n’a ni colonne « nom » ni colonne « code ».")
    return lignes


def cle(nom: str) -> str:
    """Normalise a name for comparison: no accent, no punctuation."""
    return re.sub(r"\W+", " ", sans_accent(nom)).strip()


def entier(texte: str) -> int | None:
    """« 1 234 » or « 1234.0 » → 1234; empty → None. Raises ValidationError if it is not a number."""
    net = re.sub(r"\s", "", texte)
    if not net:
        return None
    try:
        return int(float(net.replace(",", ".")))
    except ValueError:
        raise ValidationError(f"« {texte} » n’est pas un nombre.") from None
