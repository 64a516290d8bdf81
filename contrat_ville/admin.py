"""Reference tables of the Contrat de Ville: contrat, axes, partners, grid, envelopes, papers."""

from django.contrib import admin

from contrat_ville.models import (
    Axe,
    Contrat,
    Critere,
    Enveloppe,
    Indicateur,
    Objectif,
    Partenaire,
    Politique,
    Porteur,
    RegleDeRepartition,
    ReglementDepot,
    ReglementInterQuartiers,
    ReglementSubventions,
    SuiviQuartier,
    TypePiece,
)


@admin.register(Contrat)
class ContratAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ("nom", "date_debut", "date_fin", "date_signature")


@admin.register(Axe)
class AxeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("nom", "contrat", "ordre")


@admin.register(Objectif)
class ObjectifAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("nom", "axe", "ordre")
    list_filter = ("axe",)


@admin.register(Partenaire)
class PartenaireAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("nom", "nature", "courriel", "est_financeur", "sous_poste", "ordre", "est_actif")
    list_filter = ("nature", "est_financeur", "est_actif")


@admin.register(Politique)
class PolitiqueAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("nom", "direction", "ordre", "est_active", "source")


@admin.register(Porteur)
class PorteurAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("nom", "nature", "siret", "rna", "ville")
    list_filter = ("nature",)
    search_fields = ("nom", "sigle", "siret", "rna")


@admin.register(SuiviQuartier)
class SuiviQuartierAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("quartier", "table_de_quartier", "courriel")
    filter_horizontal = ("referents",)


@admin.register(Enveloppe)
class EnveloppeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("programmation", "financeur", "axe", "quartier", "montant")
    list_filter = ("programmation", "financeur")


@admin.register(Critere)
class CritereAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("intitule", "programmation", "etape", "forme", "poids", "est_eliminatoire", "ordre")
    list_filter = ("programmation", "etape")


@admin.register(Indicateur)
class IndicateurAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("intitule", "programmation", "axe", "unite", "reunion", "ordre")
    list_filter = ("programmation", "axe")


@admin.register(TypePiece)
class TypePieceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("nom", "code", "natures", "est_obligatoire", "est_reservee", "ordre", "est_active")


@admin.register(RegleDeRepartition)
class RegleDeRepartitionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("ordre", "axe", "quartier", "culture", "participation", "est_active")
    list_filter = ("est_active", "axe")
    filter_horizontal = ("instructeurs",)


@admin.register(ReglementDepot)
class ReglementDepotAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "brouillons_par_personne",
        "invitations_par_personne",
        "peremption_jours",
        "conservation_imports_mois",
    )


@admin.register(ReglementInterQuartiers)
class ReglementInterQuartiersAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "delai_lecture_jours",
        "delai_etude_jours",
        "conservation_auteurs_mois",
        "conservation_forum_jours",
    )


@admin.register(ReglementSubventions)
class ReglementSubventionsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "seuil",
        "nom_attribuant",
        "siret_attribuant",
    )
