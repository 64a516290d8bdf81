"""The register of treatments, made from what each app says of its own and from the columns of its tables; its open data."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy

from participation.droits.personnes.lectures import colonnes
from participation.socle import vitrine
from participation.socle.actions.oubli import raison_de
from participation.socle.collectivite import collectivite
from participation.socle.fichiers.jeux import Champ, Contenu, JeuDeDonnees, Type, fichiers_de
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import ReglageService
from participation.socle.views.public.donnees_ouvertes import fichier

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


def _contenu(request: HttpRequest) -> Contenu:
    """Its delays are those of the règlements in force: it may change any day."""
    lues = list(fiches())
    return Contenu(lambda: lues, len(lues), sha256(repr(lues).encode()).hexdigest())


JEU = JeuDeDonnees(
    cle="registre",
    titre="Registre des activités de traitement",
    description="Les usages que le site fait de données personnelles (RGPD, article 30), aux colonnes du modèle de la CNIL.",
    app="metropole",
    liste="traitements",
    champs=(
        Champ("reference", "Référence de l’activité."),
        Champ("activite", "Nom de l’activité."),
        Champ("responsable", "Responsable du traitement."),
        Champ("delegue", "Délégué à la protection des données. Vide tant que le service ne l’a pas dit."),
        Champ("finalite", "Finalité."),
        Champ("base_legale", "Base légale."),
        Champ("personnes", "Catégories de personnes concernées."),
        Champ("donnees", "Catégories de données."),
        Champ("donnees_sensibles", "Données sensibles (article 9). Vide : aucune."),
        Champ("conservation", "Durées de conservation, lues dans le règlement en vigueur."),
        Champ("destinataires", "Catégories de destinataires."),
        Champ("hebergeur", "Hébergeur. Vide tant que le service ne l’a pas dit."),
        Champ("mesures", "Mesures de sécurité."),
        Champ("colonnes", "Ce que tiennent les tables du site, lu dans le logiciel.", Type.LISTE),
        Champ("ce_qui_reste", "Ce qui reste quand une personne est effacée, et pourquoi.", Type.LISTE),
    ),
    lire=_contenu,
    fichiers=fichiers_de("droits:registre"),
    exemple=fiches,
    precisions=("Aucune donnée personnelle.",),
    page=reverse_lazy("socle:donnees_personnelles"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")
