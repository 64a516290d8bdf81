"""Load the reference data: contrat, axes, partners, required papers, comités, network: its part of the pack."""

from datetime import date
from typing import Any

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
from participation.socle.management.paquet import Paquet, Referentiel
from participation.socle.models import Commune, Quartier


class Command(Referentiel):
    help = "Charge le contrat, ses axes, ses partenaires, les pièces, les comités et le réseau de départ (une fois ; ensuite compare)."
    partie, fichier = "contrat_ville", "contrat_ville.json"

    def charger(self, paquet: Paquet) -> None:
        donnees = paquet.json(self.fichier)
        lu = donnees["contrat"]
        jours = {cle: date.fromisoformat(lu[cle]) for cle in lu if cle.startswith("date_")}
        contrat, _ = paquet.poser(
            Contrat, {**{c: v for c, v in lu.items() if c != "nom"}, **jours}, nom=lu["nom"]
        )
        if contrat is not None:
            self._axes(paquet, contrat, donnees["axes"])
        communes = {commune.nom: commune for commune in Commune.objects.all()}
        for ordre, ligne in enumerate(donnees["partenaires"]):
            commune = communes.get(ligne.get("commune", ""))
            valeurs = {cle: valeur for cle, valeur in ligne.items() if cle != "nom"}
            courriel = commune.courriel if commune else ""
            paquet.poser(
                Partenaire,
                {**valeurs, "ordre": ordre, "commune": commune, "courriel": courriel},
                nom=ligne["nom"],
            )
        for ordre, nom in enumerate(donnees["politiques"]["noms"]):
            paquet.poser(Politique, {"ordre": ordre, "source": donnees["politiques"]["source"]}, nom=nom)
        for ordre, ligne in enumerate(donnees["pieces"]):
            valeurs = {cle: valeur for cle, valeur in ligne.items() if cle != "code"}
            paquet.poser(TypePiece, {**valeurs, "ordre": ordre}, code=ligne["code"])
        if not ReglementSubventions.objects.exists():
            ReglementSubventions.objects.create(**donnees["subventions"])
        if not ReglementDepot.objects.exists():
            ReglementDepot.objects.create(**donnees["depot"])
        for quartier in Quartier.objects.all():
            SuiviQuartier.objects.get_or_create(quartier=quartier)
        for ligne in donnees["instances"]:
            self._comite(**ligne)

    def _axes(self, paquet: Paquet, contrat: Contrat, axes: list[dict[str, Any]]) -> None:
        for ordre, ligne in enumerate(axes):
            axe, _ = paquet.poser(Axe, {"ordre": ordre}, contrat=contrat, nom=ligne["nom"])
            for rang, nom in enumerate(ligne["objectifs"] if axe else ()):
                paquet.poser(Objectif, {"ordre": rang}, axe=axe, nom=nom)

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
