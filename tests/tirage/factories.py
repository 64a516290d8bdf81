"""Draws in each état, with as few rows as possible: no solver is asked."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.tirage.models import ImportDeVolontaires, Quota, Tirage, Volontaire
from participation.tirage.workflow import EtatCalcul, EtatTirage, Place
from tests.outils import jour
from tests.socle.factories import CompteFactory


class TirageFactory(DjangoModelFactory[Tirage]):
    class Meta:
        model = Tirage
        skip_postgeneration_save = True

    titre = factory.Sequence(lambda n: f"Panel {n}")
    objet = "Dire comment partager l’eau."
    places = 2
    date_graine = factory.LazyFunction(lambda: jour(0))
    precision_source = "Salle du conseil, 18 heures."
    repli = "Le Loto du samedi suivant."
    tirage_le = factory.LazyFunction(timezone.now)
    lieu = "salle du conseil"

    class Params:
        fige = factory.Trait(
            etat=EtatTirage.FIGE, fige_le=factory.LazyFunction(timezone.now), empreinte_liste="a" * 64
        )
        seme = factory.Trait(fige=True, etat=EtatTirage.SEME, texte_graine="boules", graine="b" * 64)
        publie = factory.Trait(
            seme=True,
            etat=EtatTirage.PUBLIE,
            calcul=EtatCalcul.FAIT,
            panels=[["V00001", "V00002"]] * 1000,
            empreinte_panels="c" * 64,
            mesures={
                "au_mieux": 1.0,
                "au_moins": 1.0,
                "est_prouvee": True,
                "panels_differents": 1,
                "volontaires": 2,
                "profils": 1,
                "deciles": [1000] * 11,
            },
        )
        tire = factory.Trait(
            publie=True, etat=EtatTirage.TIRE, boules=42, tire_le=factory.LazyFunction(timezone.now)
        )

    @factory.post_generation
    def avec_deux_volontaires(self, create: bool, extracted: object, **options: object) -> None:
        Quota.objects.create(tirage=self, categorie="Genre", valeur="F", minimum=0, maximum=2)
        for rang in (1, 2):
            Volontaire.objects.create(
                tirage=self,
                numero=f"V{rang:05}" if self.fige_le else "",
                nom=f"Personne {rang}",
                courriel=f"volontaire{rang}@example.org",
                profil={"Genre": "F"},
                chances=1000 if self.panels else None,
                place=Place.PANEL if self.boules is not None else Place.AUCUNE,
            )


def monde_des_tirages() -> dict[str, list[object]]:
    """Access tests: a draw in each état."""
    prepare = TirageFactory()
    tirages = {etat: TirageFactory(**{etat: True}) for etat in ("fige", "seme", "publie", "tire")}
    return {
        "tirage_prepare": [prepare.pk],
        "tirage_volontaire": [prepare.volontaires.first().pk],
        "tirage_import": [
            ImportDeVolontaires.objects.create(
                tirage=prepare, nom="liste.csv", etat="fini", par=CompteFactory(agent=True)
            ).pk
        ],
        **{f"tirage_{etat}": [tirage.pk] for etat, tirage in tirages.items()},
    }
