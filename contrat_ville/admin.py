"""Admin of the reference tables of the Contrat de Ville. Models with a journal have their own pages."""

from django.contrib import admin

from contrat_ville.models import (
    Axe,
    Contrat,
    Objectif,
    Politique,
    Porteur,
    RegleDeRepartition,
    ReglementDepot,
    ReglementSubventions,
)

admin.site.register(Contrat, list_display=("nom", "date_debut", "date_fin", "date_signature"))
admin.site.register(Axe, list_display=("nom", "contrat", "ordre"))
admin.site.register(Objectif, list_display=("nom", "axe", "ordre"), list_filter=("axe",))
admin.site.register(Politique, list_display=("nom", "direction", "ordre", "est_active", "source"))
admin.site.register(
    Porteur,
    list_display=("nom", "nature", "siret", "rna", "ville"),
    list_filter=("nature",),
    search_fields=("nom", "sigle", "siret", "rna"),
)
admin.site.register(
    RegleDeRepartition,
    list_display=("ordre", "axe", "quartier", "culture", "participation", "est_active"),
    list_filter=("est_active", "axe"),
    filter_horizontal=("instructeurs",),
)
admin.site.register(
    ReglementDepot,
    list_display=(
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "brouillons_par_personne",
        "peremption_jours",
        "conservation_imports_mois",
    ),
)
admin.site.register(
    ReglementSubventions,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "seuil", "nom_attribuant", "siret_attribuant"),
)
