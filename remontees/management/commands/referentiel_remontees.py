"""Command that loads the initial categories, bodies and delays: its part of the pack."""

from datetime import date
from typing import Any

from participation.seances.models import Instance, ReglementInstance
from participation.socle.collectivite import ici
from participation.socle.francais import de
from participation.socle.management.paquet import Paquet, Referentiel
from participation.socle.models import Commune, Direction
from remontees.models import Categorie, Organisme, ReglementRemontees
from remontees.workflow import INSTANCE

EN_VIGUEUR_DU = date(2024, 1, 1)


class Command(Referentiel):
    help = "Charge les catégories, les organismes et les délais de départ des remontées (une fois ; ensuite compare)."
    partie, fichier = "remontees", "remontees.json"

    def charger(self, paquet: Paquet) -> None:
        self.paquet, donnees = paquet, paquet.json(self.fichier)
        self.directions = {d.sigle: d for d in Direction.objects.exclude(sigle="")}
        self.organismes = {
            ligne["nom"]: paquet.poser(Organisme, {"nature": ligne["nature"]}, nom=ligne["nom"])[0]
            for ligne in donnees["organismes"]
        }
        for commune in Commune.objects.all():
            paquet.poser(
                Organisme,
                {"nature": Organisme.Nature.COMMUNE, "commune": commune, "courriel": commune.courriel},
                nom=f"Mairie {de(commune.en_phrase)}",
            )
        for ordre, theme in enumerate(donnees["themes"]):
            racine = self._categorie(theme, None, theme.get("direction", ""), ordre)
            for rang, sous in enumerate(theme["sous"]):
                self._categorie(sous, racine, theme.get("direction", ""), rang)
        self._comite()
        if not ReglementRemontees.objects.exists():
            ReglementRemontees.objects.create(
                version="modèle de départ",
                en_vigueur_du=EN_VIGUEUR_DU,
                source=ici(
                    "Délais de départ choisis par le service, à confirmer par la {metropole} : aucun texte ne les fixe."
                ),
            )

    def _comite(self) -> None:
        """Create the comité with initial rules; agents complete its composition and quorum."""
        comite, nouveau = Instance.objects.get_or_create(
            cle=INSTANCE,
            defaults={
                "nom": "Comité de suivi du traitement des remontées",
                "sigle": "Comité de suivi",
                "fondement": "À préciser : délibération ou arrêté qui crée le comité.",
                "presentation": "Il regarde ce qui n’avance pas, ce qui monte, ce que tous les services ont refusé, et décide qui agit.",
                "app": "remontees",
                "est_publique": False,
            },
        )
        if nouveau:
            ReglementInstance.objects.create(
                instance=comite,
                version="modèle de départ",
                en_vigueur_du=EN_VIGUEUR_DU,
                source="À remplacer par le règlement du comité. Règles reprises, comme modèle, du code des relations entre le public et l’administration (articles R133-8 à R133-12) : à confirmer.",
                delai_convocation=5,
                unite_delai=ReglementInstance.Unite.CALENDAIRES,
                base_a_confirmer=True,
            )

    def _categorie(
        self, ligne: dict[str, Any], parent: Categorie | None, direction: str, ordre: int
    ) -> Categorie | None:
        est_metropolitaine = "organisme" not in ligne
        return self.paquet.poser(
            Categorie,
            {
                "nom": ligne["nom"],
                "parent": parent,
                "description": ligne.get("description", ""),
                "conseil": ligne.get("conseil", ""),
                "direction": self.directions.get(ligne.get("direction", direction))
                if est_metropolitaine
                else None,
                "est_metropolitaine": est_metropolitaine,
                "organisme": self.organismes.get(ligne.get("organisme", "")),
                "ordre": ordre,
            },
            code=ligne["code"],
        )[0]
