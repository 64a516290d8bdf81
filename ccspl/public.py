"""Public pages of the commission and of its avis, and their open data."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_safe

from ccspl import avis as presentation
from ccspl.filtres import AvisPublicFilter
from ccspl.models import INSTANCE, Avis, Preconisation, ServiceSuivi
from ccspl.saisines.lectures import seances_a_venir
from participation.seances.models import Instance
from participation.socle.fichiers.jeux import Champ, Contenu, Fichiers, JeuDeDonnees, Type
from participation.socle.francais import accorder
from participation.socle.graphiques.vignette import vignette
from participation.socle.http.cache import page_en_cache
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Combien, Document
from participation.socle.views.exports import version_de
from participation.socle.views.public.donnees_ouvertes import fichier, ouverte
from participation.suites.models import Suite

PAR_PAGE, PAR_PAQUET = 12, 200


UNE_MINUTE = 60


def publies() -> QuerySet[Avis]:
    """Return the published avis with their numbers of préconisations and of answers."""
    siennes = Preconisation.objects.filter(avis=OuterRef("pk"))
    trouves: QuerySet[Avis] = (
        Avis.objects.filter(est_publie=True, adopte_le__isnull=False)
        .select_related("service")
        .prefetch_related("autres_services")
        .annotate(lignes=Combien(siennes), reponses=Combien(siennes.filter(suite__repondue_le__isnull=False)))
        .order_by("-adopte_le", "-pk")
    )
    return trouves


@publique
@gardable(UNE_MINUTE)
@require_safe
def commission(request: HttpRequest) -> HttpResponse:
    """The commission: role, services, next séances, last avis."""
    instance = Instance.objects.filter(cle=INSTANCE).first()
    return render(
        request,
        "ccspl/publiques/commission.html",
        {
            "instance": instance,
            "derniers": publies()[:4],
            "services": ServiceSuivi.objects.filter(est_actif=True)
            .annotate(n=Count("avis", filter=Q(avis__est_publie=True)))
            .order_by("nom"),
            "seances": seances_a_venir().select_related("instance")[:4]
            if instance is not None and instance.est_publique
            else [],
        },
    )


@publique
@gardable(UNE_MINUTE)
@require_safe
def avis_liste(request: HttpRequest) -> HttpResponse:
    filtre = AvisPublicFilter(request.GET, queryset=publies(), request=request)
    page = Paginator(filtre.qs, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ccspl/publiques/liste.html",
        {"form": filtre.form, "page": page, "cherche": any(request.GET.get(n) for n in filtre.form.fields)},
    )


@publique
@gardable(UNE_MINUTE)
@require_safe
def avis(request: HttpRequest, reference: str) -> HttpResponse:
    """One avis in plain words: question, avis, answers to each préconisation."""
    trouve: Any = get_object_or_404(
        Avis.objects.filter(est_publie=True, adopte_le__isnull=False).select_related(
            "service__direction", "conseil", "document", "mandature__instance"
        ),
        reference=reference,
    )
    preconisations = presentation.preconisations_de(trouve)
    return render(
        request,
        "ccspl/publiques/avis.html",
        {
            "avis": trouve,
            "dossier": trouve,
            "og_image": settings.SITE_URL + reverse("ccspl:image_avis", args=[trouve.reference]),
            "version": presentation.version_adoptee(trouve),
            "preconisations": preconisations,
            "phrase_reponses": presentation.phrase_des_reponses(preconisations),
            "autres_suites": Suite.objects.a_montrer().filter(dossier=trouve.pk, preconisation__isnull=True),
            "positions": trouve.positions.select_related("membre__compte__profil", "membre__commune"),
            "resultat": presentation.resultat_du_vote(trouve),
            "pdf": trouve.document
            if trouve.document is not None and trouve.document.etat == Document.Etat.PRET
            else None,
            "fiche": trouve.documents.filter(
                nature="ccspl/fiche", est_public=True, etat=Document.Etat.PRET
            ).first(),
            "ensuite": trouve.ensuite(),
        },
    )


@publique
@require_safe
def image(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Image of the avis for social networks: title and sens."""
    trouve: Any = get_object_or_404(publies(), reference=reference)

    def rendre() -> bytes:
        fait = f"Avis {trouve.get_sens_display()}"
        if trouve.lignes:
            fait += f", {accorder(trouve.lignes, 'préconisation')}"
        return vignette(
            app="ccspl", genre=f"Avis {trouve.reference} de la CCSPL", titre=trouve.titre, fait=fait
        )

    cle = f"avis:{trouve.pk}:{trouve.modifie_le.timestamp()}:{trouve.lignes}:image"
    return page_en_cache(request, cle, trouve.modifie_le, rendre, content_type="image/png")


def _fiches() -> Iterator[dict[str, Any]]:
    complets = publies().prefetch_related("preconisations__suite__direction", "preconisations__direction")
    return map(_fiche, complets.iterator(chunk_size=PAR_PAQUET))


def _fiche(avis: Any) -> dict[str, Any]:
    return {
        "reference": avis.reference,
        "titre": avis.titre,
        "service": avis.services,
        "objet": avis.get_objet_display(),
        "saisine": avis.get_saisine_display(),
        "sens": avis.get_sens_display(),
        "etat": avis.get_etat_display(),
        "adopte_le": _jour(avis.adopte_le),
        "transmis_le": _jour(avis.transmis_le),
        "repondu_le": _jour(avis.repondu_le),
        "deliberation": avis.deliberation,
        "adresse": settings.SITE_URL + avis.get_public_url(),
        "reponses": avis.reponses,
        "synthese": avis.synthese,
        "preconisations": [_preconisation(p) for p in avis.preconisations.all()],
    }


def _jour(instant: Any) -> Any:
    return timezone.localdate(instant) if instant else None


def _preconisation(p: Any) -> dict[str, Any]:
    return {
        "numero": p.numero,
        "texte": p.texte,
        "direction": str(p.suite.direction if p.suite else p.direction or ""),
        "suite": p.suite.get_etat_display() if p.suite else None,
        "reponse": p.suite.texte_public if p.suite else "",
        "raison": p.suite.motif if p.suite else "",
    }


def _lire(request: HttpRequest) -> Contenu:
    _, version = version_de(publies(), "modifie_le", "preconisations__suite__modifiee_le")
    return Contenu(_fiches, publies().count(), version)


JEU = JeuDeDonnees(
    cle="avis-ccspl",
    titre="Avis de la CCSPL",
    description="Les avis publiés de la Commission consultative des services publics locaux, leurs préconisations et les réponses reçues.",
    app="ccspl",
    liste="avis",
    champs=(
        Champ("reference", "Référence de l’avis, par exemple AVI-2026-0003."),
        Champ("titre", "Sur quoi porte l’avis."),
        Champ("service", "Service public concerné, ou plusieurs, séparés par une virgule et « et »."),
        Champ("objet", "Ce qui est examiné : projet, rapport, saisine…"),
        Champ("saisine", "Qui a demandé l’avis."),
        Champ("sens", "Sens de l’avis."),
        Champ("etat", "Où en est l’avis, en clair."),
        Champ("adopte_le", "Jour de l’adoption.", Type.JOUR),
        Champ("transmis_le", "Jour de l’envoi aux directions et aux élus.", Type.JOUR),
        Champ("repondu_le", "Jour de la dernière réponse attendue.", Type.JOUR),
        Champ("deliberation", "Délibération qui a suivi."),
        Champ("adresse", "Adresse de la page publique.", Type.ADRESSE),
        Champ("preconisations", "Nombre de préconisations.", Type.ENTIER, seulement="csv"),
        Champ("reponses", "Nombre de préconisations qui ont reçu une réponse.", Type.ENTIER),
        Champ("synthese", "L’essentiel de l’avis, en quelques phrases.", seulement="json"),
        Champ(
            "preconisations",
            "Les préconisations : numéro, texte, direction, suite, réponse, raison.",
            seulement="json",
        ),
    ),
    lire=_lire,
    fichiers=lambda: [
        Fichiers({forme: reverse("ccspl:donnees_avis", args=[forme]) for forme in ("csv", "json")})
    ],
    exemple=_fiches,
    page=reverse_lazy("ccspl:avis_liste"),
)
VUES = {forme: fichier(JEU, forme) for forme in ("csv", "json")}


@ouverte
def donnees_avis(request: HttpRequest, extension: str) -> HttpResponseBase:
    return VUES[extension](request)
