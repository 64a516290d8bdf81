"""Public pages of the commission and of its avis, and their open data."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ccspl.avis import lectures as presentation
from ccspl.filtres import AvisPublicFilter
from ccspl.models import INSTANCE, Avis, Preconisation, ServiceSuivi
from ccspl.saisines.lectures import seances_a_venir
from participation.seances.models import Instance
from participation.socle.francais import accorder
from participation.socle.graphiques.vignette import vignette
from participation.socle.http.cache import page_en_cache
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Combien, Document
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
            "services": ServiceSuivi.objects.filter(est_actif=True).annotate(
                n=Count("avis", filter=Q(avis__est_publie=True))
            ),
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
            "ensuite": trouve.apparence.ensuite.format_map(trouve.mots_de_suite()),
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
