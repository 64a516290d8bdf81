"""Load the commission, a model of its rules, the services it follows and its yearly items: its part of the pack."""

from datetime import date

from ccspl.models import INSTANCE, ServiceSuivi
from ccspl.saisines.regles import titre_du_rapport
from participation.seances.models import Instance, Point, Recurrence, ReglementInstance
from participation.socle.collectivite import ici
from participation.socle.management.paquet import Paquet, Referentiel
from participation.socle.models import Direction

# Entry into force of the current article (law of 21 February 2022, article 6).
EN_VIGUEUR_DU = date(2022, 2, 23)


class Command(Referentiel):
    help = "Charge la CCSPL, son règlement de départ, les services suivis et leurs rapports annuels (une fois ; ensuite compare)."
    partie, fichier = "ccspl", "ccspl.json"

    def charger(self, paquet: Paquet) -> None:
        lu = paquet.json(self.fichier)
        instance = self._instance(lu["a_remplacer"])
        directions = {d.sigle: d for d in Direction.objects.exclude(sigle="")}
        for donnees in lu["services"]:
            service, nouveau = paquet.poser(
                ServiceSuivi,
                {
                    "domaine": donnees["domaine"],
                    "gestion": donnees.get("gestion", ServiceSuivi.Gestion.AUTRE),
                    "exploitant": donnees.get("exploitant", ""),
                    "direction": directions.get(donnees["sigle"]),
                    "a_un_rapport_annuel": donnees["rapport"],
                },
                nom=donnees["nom"],
            )
            # Only for new services: an agent may have removed the yearly item of an existing one.
            if service is not None and nouveau and donnees["rapport"]:
                Recurrence.objects.get_or_create(
                    instance=instance,
                    titre=titre_du_rapport(service.nom),
                    defaults={
                        "nature": Point.Nature.PRISE_ACTE,
                        "direction": service.direction,
                        "mois": donnees["mois"],
                        "fondement": donnees["fondement"],
                    },
                )

    def _instance(self, a_remplacer: str) -> Instance:
        """Create the commission with a model of rules: the règlement intérieur is not known."""
        instance, _ = Instance.objects.get_or_create(
            cle=INSTANCE,
            defaults={
                "nom": "Commission consultative des services publics locaux",
                "sigle": "CCSPL",
                "fondement": "Article L1413-1 du code général des collectivités territoriales.",
                "presentation": ici(
                    "Des élues et élus, des associations, des habitantes et habitants examinent les services publics de la {metropole} : l’eau, les déchets, l’énergie… Ils donnent leur avis avant que le conseil décide."
                ),
                "app": "ccspl",
                "est_publique": True,
            },
        )
        if not instance.reglements.exists():
            ReglementInstance.objects.create(
                instance=instance,
                version="modèle de départ",
                en_vigueur_du=EN_VIGUEUR_DU,
                source=f"À remplacer par {a_remplacer}. Règles reprises, comme modèle, du code des relations entre le public et l’administration (articles R133-3 à R133-13), sauf la base de la majorité, prise à l’article L2121-20 du code général des collectivités territoriales : à confirmer.",
                delai_convocation=5,
                unite_delai=ReglementInstance.Unite.CALENDAIRES,
                base_a_confirmer=True,
            )
        return instance
