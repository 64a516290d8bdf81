"""The register of treatments as open data."""

from hashlib import sha256

from django.http import HttpRequest
from django.urls import reverse_lazy

from participation.droits.registre import lectures
from participation.socle.fichiers.jeux import Champ, Contenu, JeuDeDonnees, Type, fichiers_de
from participation.socle.views.donnees_ouvertes import fichier


def _contenu(request: HttpRequest) -> Contenu:
    """Its delays are those of the règlements in force: it may change any day."""
    lues = list(lectures.fiches())
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
    exemple=lectures.fiches,
    precisions=("Aucune donnée personnelle.",),
    page=reverse_lazy("socle:donnees_personnelles"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")
