"""What everybody reads: the commission, its avis, what became of each line; the same as data."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ccspl.filters import AvisPublicFilter
from ccspl.lectures import presentation
from ccspl.lectures.calendrier_legal import seances_a_venir
from ccspl.models import INSTANCE, Avis, ServiceSuivi
from participation.seances.models import Instance
from participation.socle.export import csv_en_flux
from participation.socle.http import gardable, publique
from participation.socle.models import Document
from participation.suites.models import Suite

PAR_PAGE = 12
UNE_MINUTE = 60


def publies() -> QuerySet[Avis]:
    """Adopted and published, with the number of their lines and of the answers."""
    trouves: QuerySet[Avis] = (
        Avis.objects.filter(est_publie=True, adopte_le__isnull=False)
        .select_related("service")
        .annotate(
            lignes=Count("preconisations", distinct=True),
            reponses=Count(
                "preconisations", filter=Q(preconisations__suite__repondue_le__isnull=False), distinct=True
            ),
        )
        .order_by("-adopte_le", "-pk")
    )
    return trouves


@publique
@gardable(UNE_MINUTE)
@require_safe
def commission(request: HttpRequest) -> HttpResponse:
    """What the commission is, who sits, when it meets, what it said last."""
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
            "seances": seances_a_venir()[:4] if instance is not None and instance.est_publique else [],
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
    """One avis in plain words: what was asked, what the commission says, what the Métropole answered, line by line."""
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
            "adresse_page": settings.SITE_URL + trouve.get_public_url(),
        },
    )


# Open data


def en_donnees(trouve: Avis) -> dict[str, Any]:
    return {
        "reference": trouve.reference,
        "titre": trouve.titre,
        "service": trouve.service.nom,
        "objet": trouve.get_objet_display(),
        "saisine": trouve.get_saisine_display(),
        "sens": trouve.get_sens_display(),
        "etat": trouve.get_etat_display(),
        "adopte_le": timezone.localdate(trouve.adopte_le).isoformat() if trouve.adopte_le else None,
        "transmis_le": timezone.localdate(trouve.transmis_le).isoformat() if trouve.transmis_le else None,
        "repondu_le": timezone.localdate(trouve.repondu_le).isoformat() if trouve.repondu_le else None,
        "deliberation": trouve.deliberation,
        "synthese": trouve.synthese,
        "adresse": settings.SITE_URL + trouve.get_public_url(),
    }


COLONNES = (
    "reference",
    "titre",
    "service",
    "objet",
    "saisine",
    "sens",
    "etat",
    "adopte_le",
    "transmis_le",
    "repondu_le",
    "deliberation",
    "adresse",
    "preconisations",
    "reponses",
)


def ligne_csv(trouve: Any) -> list[object]:
    donnees = {**en_donnees(trouve), "preconisations": trouve.lignes, "reponses": trouve.reponses}
    return [donnees[colonne] for colonne in COLONNES]


@publique
@gardable(UNE_MINUTE)
@require_safe
def donnees_avis(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Published avis as JSON (with their lines and answers) or as CSV (one line each)."""
    tous = publies()
    if extension == "csv":
        reponse = StreamingHttpResponse(
            csv_en_flux(COLONNES, map(ligne_csv, tous.iterator(chunk_size=500))),
            content_type="text/csv; charset=utf-8",
        )
        reponse["Content-Disposition"] = 'attachment; filename="avis-ccspl.csv"'
        return reponse
    complets = tous.prefetch_related("preconisations__suite__direction", "preconisations__direction")
    return JsonResponse(
        {
            "avis": [
                {
                    **en_donnees(a),
                    "preconisations": [
                        {
                            "numero": p.numero,
                            "texte": p.texte,
                            "direction": str(p.suite.direction if p.suite else p.direction or ""),
                            "suite": p.suite.get_etat_display() if p.suite else None,
                            "reponse": p.suite.texte_public if p.suite else "",
                            "raison": p.suite.motif if p.suite else "",
                        }
                        for p in a.preconisations.all()
                    ],
                }
                for a in complets
            ]
        },
        json_dumps_params={"ensure_ascii": False},
    )
