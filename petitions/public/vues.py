"""Public list and pages of the pétitions, and the published version of a text. Without cookies, kept by caches."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

import segno
from django import forms
from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.francais import accorder, espacer, majuscule, nombre
from participation.socle.graphiques import Carte, pourcent
from participation.socle.graphiques.vignette import vignette
from participation.socle.http.cache import FRAICHEUR_LISTE, page_en_cache
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.langues import EnFrancais
from participation.socle.langues import plus_tard as _
from participation.socle.lectures.langues import avec_titres_lus
from participation.socle.models import Combien, Commune, Document, Echeance, Entree, Piece, Suspension
from participation.suites.models import Suite
from petitions.conseil import lectures as agenda
from petitions.conseil.lectures import frise_de
from petitions.conseil.vues import a_lire, faits_de
from petitions.models import CoPetitionnaire, Jalon, Nouvelle, Petition, ReglementPetition, SeuilAtteint
from petitions.seuils.lectures import Ligne, avec_comptes, carte_de, jauges_de, nombres_par_commune
from petitions.workflow import Etat

# A dossier may be closed without an answer, when no threshold was reached: hence the test on `repondue_le`.
ONGLETS: dict[str, Q] = {
    "ouvertes": Q(etat__in=[Etat.EN_COLLECTE, Etat.SUSPENDUE]),
    "conseil": Q(etat__in=[Etat.A_DEBATTRE, Etat.EN_PANEL, Etat.DEBATTUE]),
    "repondues": Q(etat__in=[Etat.REPONDUE, Etat.CLOSE], repondue_le__isnull=False),
    "closes": Q(etat__in=[Etat.COLLECTE_CLOSE, Etat.RETIREE]) | Q(etat=Etat.CLOSE, repondue_le__isnull=True),
    "refusees": Q(etat__in=[Etat.IRRECEVABLE, Etat.TRANSMISE]),
    "toutes": Q(),
}


class ListePubliqueForm(forms.Form):
    LIBELLES: ClassVar[dict[str, str]] = {
        "ouvertes": _("À signer ou suspendues"),
        "conseil": _("Au conseil"),
        "repondues": _("Avec une réponse"),
        "closes": _("Closes sans débat"),
        "refusees": _("Non recevables"),
        "toutes": _("Toutes"),
    }
    TRIS: ClassVar[list[tuple[str, str]]] = [
        ("", _("Ordre conseillé")),
        ("recentes", _("Les plus récentes")),
        ("signees", _("Les plus signées")),
        ("fin", _("Celles qui finissent bientôt")),
    ]

    q = champ_ligne(_("Mots cherchés"), maximum=120, requis=False, attributs={"type": "search"})
    commune = champ_parmi(_("Commune concernée"), Commune.objects.all(), requis=False, vide=_("Toutes"))
    theme = forms.ChoiceField(label=_("Thème"), required=False)
    tri = champ_choix(_("Trier par"), TRIS, requis=False)
    liste = forms.ChoiceField(
        choices=[(nom, nom) for nom in ONGLETS], required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        themes = champ_choix(
            _("Thème"),
            [("", _("Tous")), *((mot, EnFrancais(majuscule(mot))) for mot in themes_publies())],
            requis=False,
        )
        self.fields["theme"] = themes

    @property
    def cherche(self) -> bool:
        return any(self.cleaned_data.get(champ) for champ in ("q", "commune", "theme"))

    @property
    def onglet(self) -> str:
        """Return the tab asked for. By default a search covers all tabs, otherwise « ouvertes »."""
        demande: str = self.cleaned_data.get("liste") or ""
        return demande or ("toutes" if self.cherche else "ouvertes")

    def chercher(self, petitions: QuerySet[Petition]) -> QuerySet[Petition]:
        mots = self.cleaned_data.get("q")
        if mots:
            requete = SearchQuery(mots, config="french", search_type="websearch")
            petitions = petitions.annotate(rang=SearchRank(F("recherche"), requete)).filter(
                Q(recherche=requete, texte_masque=False)  # so that a search cannot reveal a hidden text
                | Q(titre__trigram_word_similar=mots)
                | Q(titre__icontains=mots)
                | Q(reference__iexact=mots)
            )
        commune = self.cleaned_data.get("commune")
        if commune:
            concernees = Petition.objects.filter(Q(communes=commune) | Q(commune_auteur=commune))
            petitions = petitions.filter(pk__in=concernees.values("pk"))
        theme = self.cleaned_data.get("theme")
        return petitions.filter(mots_cles__contains=[theme]) if theme else petitions

    def trier(self, petitions: QuerySet[Petition], onglet: str) -> QuerySet[Petition]:
        recentes = (F("decidee_le").desc(nulls_last=True), "-pk")
        fin = (F("date_fin_collecte").asc(nulls_last=True), "pk")
        tri = self.cleaned_data.get("tri")
        if tri == "signees":
            return petitions.order_by(F("decompte__total").desc(nulls_last=True), "-pk")
        if tri == "fin":
            return petitions.order_by(*fin)
        if tri == "recentes":
            return petitions.order_by(*recentes)
        if self.cleaned_data.get("q"):
            return petitions.order_by(F("rang").desc(), "-pk")
        return petitions.order_by(*fin) if onglet == "ouvertes" else petitions.order_by(*recentes)


def themes_publies() -> list[str]:
    """Return the keywords given by agents to published pétitions."""
    mots = Petition.objects.publiees().order_by().values_list("mots_cles", flat=True).distinct()
    return sorted({mot for liste in mots for mot in liste})


PAR_PAGE = 12


AVEC_AFFICHE = frozenset({Etat.EN_COLLECTE, Etat.SUSPENDUE})
# Shown with the text; a cahier d’acteur shows its own.
JOINTES = {"est_publique": True, "retiree_le": None, "cahier": None}


@traduite
@publique
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Published pétitions by stage, with search, filters and sort order."""
    form = ListePubliqueForm(request.GET)
    form.is_valid()
    publiees = form.chercher(Petition.objects.publiees())
    nombres = publiees.order_by().aggregate(
        **{nom: Count("pk", filter=choix, distinct=True) for nom, choix in ONGLETS.items()}
    )
    onglet = form.onglet
    trouvees = publiees.filter(ONGLETS[onglet])
    page = Paginator(avec_titres_lus(avec_comptes(form.trier(trouvees, onglet))), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    reponse = render(
        request,
        "petitions/publiques/liste.html",
        {
            "form": form,
            "page": page,
            "lignes": [Ligne.de(petition) for petition in page.object_list],
            "onglet": onglet,
            "onglets": [
                (nom, form.LIBELLES[nom], nombres[nom], _lien_onglet(request, nom)) for nom in ONGLETS
            ],
            "url_commencer": reverse("petitions:commencer"),
        },
    )
    reponse["Cache-Control"] = FRAICHEUR_LISTE
    return reponse


def _lien_onglet(request: HttpRequest, nom: str) -> str:
    """Return the URL of the same search in another tab, first page."""
    parametres = request.GET.copy()
    parametres.pop("page", None)
    parametres["liste"] = nom
    return f"?{parametres.urlencode()}"


@traduite
@publique
@require_safe
def petition(request: HttpRequest, pk: int, slug: str) -> HttpResponseBase:
    """Page of a pétition: one query when it is cached, eight at most to render it again."""
    version = version_de(pk)
    if slug != version.slug:
        return redirect("petitions:petition", pk, version.slug, permanent=True)
    return page_en_cache(
        request,
        f"{version.cle}:page",
        version.le,
        lambda: render_to_string("petitions/publiques/petition.html", contexte_public(trouver(pk)), request),
    )


@publique
@require_safe
def facile(request: HttpRequest, pk: int, slug: str) -> HttpResponseBase:
    """The old address of the « facile à lire » version, in links that people kept."""
    return redirect("socle:facile", pk)


def trouver(pk: int) -> Petition:
    """Return a published pétition with the data of its page.

    Annotations say which related lists are empty, to avoid their queries (`a_lire`).
    """
    siens, dossier = {"petition": OuterRef("pk")}, {"dossier": OuterRef("pk")}
    return get_object_or_404(
        Petition.objects.publiees()
        .select_related(
            "reglement", "commune_auteur", "motif_irrecevabilite", "decompte__plus_forte", "reunie_a"
        )
        .annotate(
            nombre_confirmes=Combien(CoPetitionnaire.objects.confirmes().filter(**siens)),
            a_jalons=Exists(Jalon.objects.filter(**siens)),
            a_suites=Exists(Suite.objects.filter(est_publiee=True, **dossier)),
            a_suspension=Exists(Suspension.objects.filter(**dossier)),
            a_corrections=Exists(Entree.objects.filter(acte="amender", est_publique=True, **dossier)),
            a_reunies=Exists(Petition.objects.publiees().filter(reunie_a=OuterRef("pk"))),
            a_nouvelles=Exists(Nouvelle.objects.publiees().filter(**siens)),
            a_pieces=Exists(Piece.objects.filter(**JOINTES, **dossier)),
        )
        .prefetch_related(
            "reglement__seuils",
            Prefetch("seuils_atteints", SeuilAtteint.objects.select_related("seuil")),
            Prefetch(
                "echeances",
                Echeance.objects.ouvertes().filter(est_legale=True).order_by("date_limite"),
                to_attr="echeances_legales",
            ),
        ),
        pk=pk,
    )


def contexte_public(petition: Petition) -> dict[str, Any]:
    """Return the context of the public page. It does not depend on the visitor."""
    faits = faits_de(petition)
    nombres = nombres_par_commune(petition) if petition.collecte_ouverte_le else {}
    carte = carte_de(petition, nombres) if petition.collecte_ouverte_le else None
    decompte = getattr(petition, "decompte", None)
    adresse_page = settings.SITE_URL + petition.get_public_url()
    return {
        "petition": petition,
        "faits": faits,
        "ligne": Ligne.de(petition),
        "decompte": decompte,
        "jauges": jauges_de(petition, nombres) if petition.collecte_ouverte_le else [],
        "carte": carte,
        "premieres": premieres_communes(carte) if carte else [],
        "frise": frise_de(faits),
        "apparence": petition.apparence,
        "ensuite": petition.apparence.ensuite.format_map(petition.mots_de_suite()),
        "corrections": list(petition.journal.filter(acte="amender", est_publique=True))
        if a_lire(petition, "corrections")
        else [],
        "pieces": list(petition.pieces.filter(**JOINTES)) if a_lire(petition, "pieces") else [],
        "reunies": list(petition.reunies.filter(est_publie=True).order_by("clos_le", "pk"))
        if a_lire(petition, "reunies")
        else [],
        "nouvelles": list(petition.nouvelles.publiees()) if a_lire(petition, "nouvelles") else [],
        "a_une_affiche": petition.etat in AVEC_AFFICHE,
        "adresse_page": adresse_page,
        "adresse_courte": settings.SITE_URL + reverse("petitions:court", args=[petition.pk]),
        "og_image": settings.SITE_URL + reverse("petitions:image", args=[petition.pk]),
        "partage_courriel": "mailto:?subject={}&body={}".format(
            quote(petition.titre),
            quote(f"Une pétition à lire et à signer : {petition.titre}\n\n{adresse_page}\n"),
        ),
        "url_signer": reverse("petitions:signer", args=[petition.pk]) if petition.est_signable else "",
    }


def premieres_communes(carte: Carte) -> list[tuple[str, int, str]]:
    """Return (name, signatures, length of the bar) of the most represented communes whose number may be
    shown."""
    premieres = carte.classees[:5]
    haut = premieres[0].nombre if premieres else 0
    return [(t.nom, t.nombre or 0, pourcent((t.nombre or 0) / (haut or 1))) for t in premieres]


@publique
@require_safe
def qr(request: HttpRequest, pk: int) -> HttpResponseBase:
    """QR code of the page, in SVG."""
    version = version_de(pk)
    lien = settings.SITE_URL + reverse("petitions:petition", args=[pk, version.slug])

    def rendre() -> str:
        dessin = io.BytesIO()
        segno.make(lien, error="m", micro=False).save(
            dessin, kind="svg", scale=8, border=2, light="#fff", xmldecl=False
        )
        return dessin.getvalue().decode()

    return page_en_cache(
        request,
        f"{version.cle}:qr",
        version.le,
        rendre,
        content_type="image/svg+xml",
        fraicheur="public, max-age=86400",
    )


@publique
@require_safe
def image(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Image of the page for social networks: title, signatures, next threshold."""
    version = version_de(pk)

    def rendre() -> bytes:
        petition = trouver(pk)
        ligne = Ligne.de(petition)
        combien = accorder(ligne.total, "signature")
        if not petition.collecte_ouverte_le:
            fait, part = capfirst(petition.get_etat_display()), None
        else:
            # Once signatures are over, the état says more than a number to reach.
            est_ouverte = petition.etat == Etat.EN_COLLECTE
            sur = f"{combien} sur {nombre(ligne.requis)}" if ligne.requis else combien
            fait = sur if est_ouverte else espacer(f"{combien} : {petition.get_etat_display()}")
            part = ligne.part if est_ouverte else None
        return vignette(
            app="petitions",
            genre=f"Pétition {petition.reference}",
            titre=petition.titre,
            fait=fait,
            part=part,
        )

    return page_en_cache(request, f"{version.cle}:image", version.le, rendre, content_type="image/png")


@publique
@require_safe
def rendez_vous(request: HttpRequest, pk: int, nature: str) -> HttpResponseBase:
    """ICS file of a meeting, with its current data and sequence number."""
    version = version_de(pk)
    jalon = get_object_or_404(
        Jalon.objects.select_related("petition"), petition=pk, nature=nature, nature__in=agenda.NATURES
    )
    reponse = page_en_cache(
        request,
        f"{version.cle}:{nature}",
        version.le,
        lambda: agenda.fichier(jalon),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
    )
    reponse["Content-Disposition"] = f'inline; filename="{nature}.ics"'
    return reponse


@publique
@require_safe
def court(request: HttpRequest, pk: int) -> HttpResponse:
    """Short URL, for telephone and posters; redirects to the page."""
    return redirect("petitions:petition", pk, version_de(pk).slug)


@publique
@require_safe
def affiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the latest poster; while it is being made, a page says so (202)."""
    petition = get_object_or_404(Petition.objects.publiees().filter(etat__in=AVEC_AFFICHE), pk=pk)
    document = (
        Document.objects.filter(dossier=petition.pk, nature="petitions/affiche", est_public=True, etat="pret")
        .order_by("-cree_le", "-pk")
        .first()
    )
    if document is not None:
        return redirect("socle:document", document.cle_publique)
    reponse = render(
        request, "petitions/publiques/affiche_en_preparation.html", {"petition": petition}, status=202
    )
    reponse["Cache-Control"] = "no-store"
    return reponse


@publique
@require_safe
def reglement(request: HttpRequest, version: str = "") -> HttpResponse:
    """The règlement in plain words: version in force, or the version given."""
    versions = ReglementPetition.objects.order_by("-en_vigueur_du")
    regle = get_object_or_404(versions, version=version) if version else versions.en_vigueur()
    if regle is None:
        raise Http404
    reponse = render(
        request,
        "petitions/publiques/reglement.html",
        {
            "reglement": regle,
            "est_en_vigueur": regle.regit(timezone.localdate()),
            "criteres": regle.criteres.order_by("ordre"),
            "seuils": regle.seuils.order_by("ordre"),
            "versions": [autre for autre in versions if autre.pk != regle.pk],
            "url_commencer": reverse("petitions:commencer"),
            "nombre_communes": Commune.objects.count(),
        },
    )
    reponse["Cache-Control"] = FRAICHEUR_LISTE
    return reponse


@dataclass(frozen=True, slots=True)
class Version:
    """Version of a published pétition, read in one query."""

    pk: int
    slug: str
    modifie_le: datetime
    compte_le: datetime | None

    @property
    def le(self) -> datetime:
        """Last change of the page. At least the last midnight, because the page shows remaining days."""
        minuit = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return max(self.modifie_le, self.compte_le or self.modifie_le, minuit)

    @property
    def cle(self) -> str:
        compte = self.compte_le.timestamp() if self.compte_le else 0
        return f"petition:{self.pk}:{self.modifie_le.timestamp()}:{compte}:{timezone.localdate()}"


def version_de(pk: int) -> Version:
    """Return the version of the page; raises Http404 when the pétition is not published."""
    lignes = Petition.objects.publiees().filter(pk=pk).order_by()
    ligne = lignes.values_list("pk", "slug", "modifie_le", "decompte__compte_le").first()
    if ligne is None:
        raise Http404
    return Version(*ligne)
