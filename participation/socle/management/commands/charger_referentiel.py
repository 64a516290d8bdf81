"""Load the local pack: the collectivité, its communes, quartiers and directions, then the part of each app.

Each part once; afterwards it is compared (`participation.socle.management.paquet`).
"""

from typing import Any

from django.core.management import call_command, get_commands, load_command_class

from participation.socle.management.paquet import Paquet, Referentiel
from participation.socle.models import Commune, Contour, Direction, Quartier, ReglageService

OPTIONS = ("paquet", "ajouter", "remplacer", "verbosity")


class Command(Referentiel):
    help = "Charge le paquet local, la première fois ; ensuite dit seulement ce qui diffère de lui."
    partie = "territoire"

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        for nom, app in sorted(get_commands().items()):
            if nom.startswith("referentiel_"):
                est_local = isinstance(load_command_class(str(app), nom), Referentiel)
                suite = {cle: options[cle] for cle in OPTIONS} if est_local else {}
                call_command(nom, stdout=self.stdout, **suite)

    def charger(self, paquet: Paquet) -> None:
        service = ReglageService.actuel()
        if not service.nom:
            for champ, valeur in paquet.json("collectivite.json").items():
                setattr(service, champ, valeur)
            service.save()
        self._communes(paquet)
        for ligne in paquet.lignes("quartiers.csv"):
            paquet.poser(
                Quartier,
                {
                    "code": ligne["code"] or None,
                    "population": int(ligne["population"]) if ligne["population"] else None,
                    "annee_population": int(ligne["annee_population"]) if ligne["annee_population"] else None,
                },
                commune_id=ligne["commune"],
                nom=ligne["nom"],
            )
        for ligne in paquet.lignes("directions.csv"):
            paquet.poser(Direction, {"sigle": ligne["sigle"]}, nom=ligne["nom"])

    def _communes(self, paquet: Paquet) -> None:
        """Contours are official, simplified; those imported since stay."""
        for ligne in paquet.lignes("communes.csv"):
            paquet.poser(
                Commune,
                {
                    "nom": ligne["nom"],
                    "sigle": ligne["sigle"],
                    "siren": ligne["siren"],
                    "codes_postaux": ligne["codes_postaux"].split(),
                    "population": int(ligne["population"]),
                    "longitude": float(ligne["longitude"]),
                    "latitude": float(ligne["latitude"]),
                    "tuile_x": int(ligne["tuile_x"]),
                    "tuile_y": int(ligne["tuile_y"]),
                },
                code_insee=ligne["code_insee"],
            )
        connues = set(Commune.objects.values_list("pk", flat=True))
        traces = paquet.json("communes.geojson")["features"] if paquet.a("communes.geojson") else []
        for trace in traces:
            if trace["properties"]["code"] in connues:
                paquet.poser(
                    Contour, {"geometrie": trace["geometry"]}, commune_id=trace["properties"]["code"]
                )
