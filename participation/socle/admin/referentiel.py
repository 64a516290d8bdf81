"""Admin of the reference tables: communes, quartiers, directions, settings of the service, retention of letters."""

import io
import warnings
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from participation.socle.graphiques.zones import etendue_de
from participation.socle.models import (
    AuditAccessibilite,
    Commune,
    Contour,
    DelaiCourriel,
    Direction,
    EcartAccessibilite,
    Logo,
    PageAuditee,
    Quartier,
    RaisonModeration,
    ReferenceLegale,
    ReglagePorte,
    ReglageService,
    ReglementCourriels,
    UneLigne,
    Voie,
)
from participation.socle.regles.lois import citer
from participation.socle.regles.textes import lire_json
from participation.socle.views.reference import Lignes, Table


class QuartierInline(Lignes):
    model = Quartier
    fields = ["nom", "code", "population", "annee_population", "vu"]


FORMES = {"Polygon", "MultiPolygon"}
PAS_UN_CONTOUR = "Ce fichier n’est pas le contour d’une commune : il faut un GeoJSON (WGS 84) avec un seul polygone, ou un seul ensemble de polygones."


class CommuneForm(forms.ModelForm):  # type: ignore[type-arg]
    contour = forms.FileField(
        required=False,
        help_text="Un fichier GeoJSON (WGS 84) de cette commune seule. Il remplace le contour d’avant. Pour toutes à la fois : "
        "la commande importer_contours.",
    )

    def clean_sigle(self) -> str:
        return str(self.cleaned_data["sigle"]).upper()

    def clean_contour(self) -> dict[str, Any] | None:
        """Return the geometry of the file, checked; None without a file."""
        fichier = self.cleaned_data.get("contour")
        if not fichier:
            return None
        try:
            lu = lire_json(fichier.read())
            objets = lu.get("features", [lu])
            (geometrie,) = (objet.get("geometry") or objet for objet in objets)
            trace = {"type": geometrie["type"], "coordinates": geometrie["coordinates"]}
        except (ValueError, KeyError, TypeError, AttributeError) as erreur:
            raise forms.ValidationError(PAS_UN_CONTOUR) from erreur
        if trace["type"] not in FORMES or etendue_de([trace]) is None:
            raise forms.ValidationError(PAS_UN_CONTOUR)
        return trace

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        trace = dit.get("contour")
        if trace and dit.get("latitude") is not None and dit.get("longitude") is not None:
            dans = etendue_de([trace])
            if dans is not None and not dans.contient(dit["latitude"], dit["longitude"]):
                self.add_error(
                    "contour",
                    "Le centre de la commune n’est pas dans ce contour : vérifiez la latitude et la longitude.",
                )
        return dit


@admin.register(Commune)
class CommuneAdmin(Table):
    """Codes and places are official data. The email address of the town hall is filled in by an agent."""

    form = CommuneForm
    list_display = ["nom", "code_insee", "population", "courriel", "a_son_contour"]
    search_fields = ["nom", "code_insee", "cle_tri"]
    fields = [
        ("nom", "code_insee"),
        "courriel",
        ("population", "siren"),
        "codes_postaux",
        ("longitude", "latitude"),
        ("sigle", "tuile_x", "tuile_y"),
        "contour",
        "a_son_contour",
    ]
    inlines = [QuartierInline]

    @admin.display(description="contour déjà donné", boolean=True)
    def a_son_contour(self, commune: Commune) -> bool:
        return bool(getattr(commune, "est_trace", False))  # get_queryset; a new one has none

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commune]:
        traces = Contour.objects.filter(commune=OuterRef("pk"))
        lues: QuerySet[Commune] = super().get_queryset(request).annotate(est_trace=Exists(traces))
        return lues

    def get_readonly_fields(self, request: HttpRequest, obj: Commune | None = None) -> list[str]:
        """A code is the key of what was said there: given once."""
        return ["code_insee", "a_son_contour"] if obj else ["a_son_contour"]

    def save_model(self, request: HttpRequest, obj: Commune, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if trace := form.cleaned_data.get("contour"):
            Contour.objects.update_or_create(commune=obj, defaults={"geometrie": trace})

    def has_delete_permission(self, request: HttpRequest, obj: Commune | None = None) -> bool:
        return False


admin.site.register(
    Quartier,
    list_display=["nom", "commune", "code", "population", "annee_population"],
    list_filter=[("commune", admin.RelatedOnlyFieldListFilter)],
    list_select_related=["commune"],
    search_fields=["nom", "code", "commune__nom"],
    fields=["nom", "commune", "code", ("population", "annee_population")],
)


admin.site.register(
    Voie,
    list_display=["nom", "commune"],
    list_filter=[("commune", admin.RelatedOnlyFieldListFilter)],
    list_select_related=["commune"],
    search_fields=["nom", "simple"],
)


class DirectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Direction
        fields = ["nom", "sigle", "courriel", "superieure", "elu", "referents", "est_active"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        superieure = donnees.get("superieure")
        while superieure is not None:
            if superieure.pk == self.instance.pk:
                self.add_error("superieure", "Une direction ne peut pas dépendre d’elle-même.")
                break
            superieure = superieure.superieure
        return donnees


@admin.register(Direction)
class DirectionAdmin(Table):
    """Directions are not deleted but made inactive: dossiers keep their name."""

    form = DirectionForm
    list_display = ["nom", "sigle", "courriel", "superieure", "elu", "est_active"]
    list_filter = ["est_active"]
    list_select_related = ["superieure", "elu"]
    search_fields = ["nom", "sigle", "courriel"]
    autocomplete_fields = ["superieure", "elu", "referents"]

    def has_delete_permission(self, request: HttpRequest, obj: Direction | None = None) -> bool:
        return False


@admin.register(ReglagePorte)
class UneLigneAdmin(Table):
    """A table of one row, which cannot be deleted: its list is the page of the row."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        ligne = self.model._default_manager.first()
        if request.method not in {"GET", "HEAD"} or (ligne is None and not self.has_add_permission(request)):
            return super().changelist_view(request, extra_context)
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_{'change' if ligne else 'add'}"
        return HttpResponseRedirect(reverse(page, args=[ligne.pk] if ligne else []))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: UneLigne | None = None) -> bool:
        return False


PHRASES = (
    "{site}",
    "Le service participation {de_nom}",
    "Les pétitions adressées {a_nom} : le {conseil} en débat, la {metropole} répond.",
    "{Le_nom} a reçu votre demande. Les {communes} communes, les politiques {metropolitaines}.",
    "{court} : votre remontée est notée.",
)


def apercu(service: ReglageService) -> str:
    """Return the sentences of the site as this row makes them, a line each."""
    ici = service.collectivite()
    couleur = f"Couleur : {ici.ton_clair} sur un fond clair, {ici.ton_sombre} sur un fond sombre."
    return "\n".join([*(ici.dire(phrase) for phrase in PHRASES), ici.pied, couleur])


LOGO_MAX = (720, 240)  # pixels: four times what a page shows, for sharp screens and paper
LOGO_OCTETS = 2_000_000


def en_png(fichier: UploadedFile) -> bytes:
    """Draw the picture again as a small PNG, without what else the file holds. Raises ValidationError."""
    from PIL import Image

    if (fichier.size or 0) > LOGO_OCTETS:
        raise forms.ValidationError("Ce fichier pèse plus de 2 Mo : donnez une image plus petite.")
    sortie = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(fichier, formats=["PNG", "JPEG", "WEBP"]) as image:
                dessin = image.convert("RGBA")
        dessin.thumbnail(LOGO_MAX)
        dessin.save(sortie, "PNG")
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as faute:
        raise forms.ValidationError(
            "Ce fichier n’est pas une image PNG, JPEG ou WebP qui s’ouvre."
        ) from faute
    return sortie.getvalue()


class ReglageServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    voir = forms.BooleanField(
        label="voir d’abord",
        required=False,
        help_text="Cochez, puis enregistrez : les phrases du site s’affichent en haut, et rien n’est enregistré.",
    )

    nouveau_logo = forms.FileField(
        label="logo",
        required=False,
        help_text="PNG, JPEG ou WebP, 2 Mo au plus. En haut des pages, dans leur pied sur un fond blanc, et en tête des documents.",
    )
    sans_logo = forms.BooleanField(label="retirer le logo", required=False)

    def clean_couleur(self) -> str:
        return str(self.cleaned_data["couleur"]).lower()

    def clean_nouveau_logo(self) -> bytes | None:
        donne = self.cleaned_data.get("nouveau_logo")
        return en_png(donne) if donne else None

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if dit.get("voir") and not self.errors:
            vu = forms.models.construct_instance(self, ReglageService())
            self.add_error(
                None,
                [
                    "Rien n’est enregistré. Le site dirait :",
                    *apercu(vu).splitlines(),
                    "Décochez « voir d’abord » pour enregistrer.",
                ],
            )
        return dit


@admin.register(ReglageService)
class ReglageServiceAdmin(UneLigneAdmin):
    """Who runs the site. Its history is kept by the admin; every process says the new words within a minute."""

    form = ReglageServiceForm
    readonly_fields = ["phrases", "logo_montre"]
    fieldsets = [
        (
            "La collectivité",
            {
                "fields": [("article", "nom"), "nom_court", "nature", "conseil", "elus", "nom_service", "voir", "phrases"],
                "description": "Ces mots sont lus par toutes les pages, les lettres et les documents, en une minute au plus. "
                "Ce qui est déjà envoyé ou figé ne change pas.",
            },
        ),
        (
            "Apparence",
            {"fields": ["couleur", ("nouveau_logo", "sans_logo"), "logo_montre", "pied"]},
        ),
        ("Joindre le service", {"fields": ["contact", "telephone", "adresse_postale"]}),
        ("Pages légales", {"fields": ["editeur", "directeur_publication", "hebergeur", "dpo"]}),
        ("Lettres de décision", {"fields": ["voies_de_recours", "signataire"]}),
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: ReglageService, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if png := form.cleaned_data["nouveau_logo"]:
            Logo(png=png).save()
        elif form.cleaned_data["sans_logo"]:
            for logo in Logo.objects.all():
                logo.delete()

    @admin.display(description="logo d’aujourd’hui")
    def logo_montre(self, service: ReglageService) -> str:
        empreinte = service.collectivite().logo
        return (
            format_html('<img src="{}?{}" height="48" alt="">', reverse("socle:logo"), empreinte)
            if empreinte
            else "–"
        )

    @admin.display(description="ce que dit le site")
    def phrases(self, service: ReglageService) -> str:
        return apercu(service)


class ReferenceLegaleForm(forms.ModelForm):  # type: ignore[type-arg]
    voir = forms.BooleanField(
        label="voir d’abord",
        required=False,
        help_text="Cochez, puis enregistrez : la phrase s’affiche en haut, et rien n’est enregistré.",
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if dit.get("voir") and not self.errors:
            vue = citer(dit["articles"], dit["texte"])
            self.add_error(None, ["Rien n’est enregistré. Les lettres et les pages diraient :", f"({vue})"])
        return dit


@admin.register(ReferenceLegale)
class ReferenceLegaleAdmin(Table):
    """An article that changes is corrected here, once; letters already sent do not change."""

    form = ReferenceLegaleForm
    list_display = ["cle", "__str__"]
    fields = ["articles", "texte", "voir"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ReferenceLegale | None = None) -> bool:
        return False


@admin.register(RaisonModeration)
class RaisonModerationAdmin(Table):
    list_display = ["libelle", "code", "est_active"]

    def has_delete_permission(self, request: HttpRequest, obj: RaisonModeration | None = None) -> bool:
        return False


class PageAuditeeInline(Lignes):
    model = PageAuditee


class EcartInline(Lignes):
    model = EcartAccessibilite

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Propose the pages of this audit alone."""
        formset = super().get_formset(request, obj, **kwargs)
        pages: Any = formset.form.base_fields["page"]
        pages.queryset = PageAuditee.objects.filter(audit=obj)
        return formset


@admin.register(AuditAccessibilite)
class AuditAccessibiliteAdmin(Table):
    """The latest audit makes the accessibility statement and the mention of the footer.

    Caches may keep the statement for 10 minutes, the mention for one.
    """

    list_display = ["date", "referentiel", "auditeur", "taux_dit", "mention_dite"]
    inlines = [PageAuditeeInline, EcartInline]

    @admin.display(description="critères respectés")
    def taux_dit(self, audit: AuditAccessibilite) -> str:
        return f"{audit.taux} %"

    @admin.display(description="mention")
    def mention_dite(self, audit: AuditAccessibilite) -> str:
        return audit.mention


class DelaiCourrielInline(Lignes):
    model = DelaiCourriel


@admin.register(ReglementCourriels)
class ReglementCourrielsAdmin(Table):
    """How long each kind of letter is kept. The version in force applies to all letters, old ones included."""

    list_display = ["version", "en_vigueur_du", "en_vigueur_au", "jours_codes", "jours"]
    inlines = [DelaiCourrielInline]
