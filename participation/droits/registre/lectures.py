"""The register of treatments, made from what each app says of its own and from the columns of its tables."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings

from participation.droits.personnes.lectures import colonnes
from participation.socle import vitrine
from participation.socle.actions.oubli import raison_de
from participation.socle.collectivite import collectivite
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import ReglageService

MESURES = (
    "Accès selon le rôle, second facteur pour les agents, journal que personne ne peut changer, "
    "copies de secours chiffrées, gardées {jours} jours"
)


def traitements() -> list[Traitement]:
    return list(vitrine.recueillir("traitements"))


def fiches() -> Iterator[dict[str, Any]]:
    """Yield the rows, in the columns of the model of the CNIL, then what the tables hold."""
    service = ReglageService.actuel()
    for traitement in traitements():
        modeles = [apps.get_model(table) for table in traitement.tables]
        yield {
            "reference": traitement.cle,
            "activite": traitement.titre,
            "responsable": collectivite().nom,
            "delegue": " ".join(service.dpo.split()),
            "finalite": traitement.finalite,
            "base_legale": traitement.base_legale,
            "personnes": traitement.personnes,
            "donnees": traitement.donnees,
            "donnees_sensibles": traitement.sensibles,
            "conservation": traitement.conservation,
            "destinataires": traitement.destinataires,
            "hebergeur": " ".join(service.hebergeur.split()),
            "mesures": MESURES.format(jours=settings.COPIES_JOURS),
            "colonnes": [
                f"{modele._meta.verbose_name}\u00a0: {', '.join(str(c.verbose_name) for c in colonnes(modele))}"
                for modele in modeles
            ],
            "ce_qui_reste": list(dict.fromkeys(filter(None, map(raison_de, modeles)))),
        }
