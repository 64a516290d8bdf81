"""Load the reference data: contrat, axes, partners, required papers, comités, network. Can be run again."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from contrat_ville.models import (
    Axe,
    Contrat,
    Objectif,
    Partenaire,
    Politique,
    ReglementDepot,
    ReglementSubventions,
    SuiviQuartier,
    TypePiece,
)
from participation.seances.models import Instance, ReglementInstance
from participation.socle.models import Commune, Quartier

DONNEES = Path(__file__).resolve().parents[2] / "donnees"


class Command(BaseCommand):
    help = "Charge le contrat, ses axes, ses partenaires, les pièces, les comités et le réseau de départ (sans rien écraser)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        donnees = json.loads((DONNEES / "referentiel.json").read_text(encoding="utf-8"))
        contrat, _ = Contrat.objects.get_or_create(
            nom=donnees["contrat"]["nom"],
            defaults={cle: valeur for cle, valeur in donnees["contrat"].items() if cle != "nom"},
        )
        for ordre, ligne in enumerate(donnees["axes"]):
            axe, _ = Axe.objects.get_or_create(contrat=contrat, nom=ligne["nom"], defaults={"ordre": ordre})
            for rang, nom in enumerate(ligne["objectifs"]):
                Objectif.objects.get_or_create(axe=axe, nom=nom, defaults={"ordre": rang})
        communes = {commune.nom: commune for commune in Commune.objects.all()}
        for ordre, ligne in enumerate(donnees["partenaires"]):
            commune = communes.get(ligne.get("commune", ""))
            Partenaire.objects.get_or_create(
                nom=ligne["nom"],
                defaults={
                    **ligne,
                    "ordre": ordre,
                    "commune": commune,
                    "courriel": commune.courriel if commune else "",
                },
            )
            # A commune partner that an earlier list had loaded without its commune.
            Partenaire.objects.filter(nom=ligne["nom"], nature=ligne["nature"], commune=None).update(
                commune=commune
            )
        for ordre, nom in enumerate(donnees["politiques"]["noms"]):
            Politique.objects.get_or_create(
                nom=nom, defaults={"ordre": ordre, "source": donnees["politiques"]["source"]}
            )
        for ordre, ligne in enumerate(donnees["pieces"]):
            TypePiece.objects.get_or_create(code=ligne["code"], defaults={**ligne, "ordre": ordre})
        if not ReglementSubventions.objects.exists():
            ReglementSubventions.objects.create(**donnees["subventions"])
        if not ReglementDepot.objects.exists():
            ReglementDepot.objects.create(**donnees["depot"])
        for quartier in Quartier.objects.all():
            SuiviQuartier.objects.get_or_create(quartier=quartier)
        for ligne in donnees["instances"]:
            self._comite(**ligne)

    def _comite(self, cle: str, **champs: str) -> None:
        """Create a comité, with a first règlement to be confirmed: the rules of administrative commissions."""
        comite, nouveau = Instance.objects.get_or_create(
            cle=cle,
            defaults={
                "fondement": "À préciser : délibération ou article du contrat qui crée le comité.",
                **champs,
                "app": "contrat_ville",
                "est_publique": False,
            },
        )
        if nouveau:
            ReglementInstance.objects.create(
                instance=comite,
                version="modèle de départ",
                en_vigueur_du=date(2024, 1, 1),
                source="À remplacer par le règlement du comité. Règles reprises, comme modèle, du code des relations entre le public et l’administration (articles R133-8 à R133-12) : à confirmer.",
                delai_convocation=5,
                unite_delai=ReglementInstance.Unite.CALENDAIRES,
                base_a_confirmer=True,
            )
