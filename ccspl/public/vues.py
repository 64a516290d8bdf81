"""Public pages of the commission and of its avis, and their open data."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ccspl.avis import lectures as presentation
from ccspl.filtres import AvisPublicFilter
from ccspl.models import INSTANCE, Avis, Preconisation, ServiceSuivi
from ccspl.saisines.lectures import seances_a_venir
from participation.seances.models import Instance
from participation.socle.cache_http import page_en_cache
from participation.socle.francais import accorder
from participation.socle.graphiques.vignette import vignette
from participation.socle.http import gardable, partageable, publique
from participation.socle.models import Combien, Document
from participation.socle.views.exports import Tableau, donner_a_tous, version_de
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


# Open data
def en_donnees(trouve: Avis) -> dict[str, Any]:
    return {
        "reference": trouve.reference,
        "titre": trouve.titre,
        "service": trouve.services,
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


COLONNES = {
    "reference": "Référence de l’avis, par exemple AVI-2026-0003.",
    "titre": "Sur quoi porte l’avis.",
    "service": "Service public concerné, ou plusieurs, séparés par une virgule et « et ».",
    "objet": "Ce qui est examiné : projet, rapport, saisine…",
    "saisine": "Qui a demandé l’avis.",
    "sens": "Sens de l’avis.",
    "etat": "Où en est l’avis, en clair.",
    "adopte_le": "Jour de l’adoption.",
    "transmis_le": "Jour de l’envoi aux directions et aux élus.",
    "repondu_le": "Jour de la dernière réponse attendue.",
    "deliberation": "Délibération qui a suivi.",
    "adresse": "Adresse de la page publique.",
    "preconisations": "Nombre de préconisations. En JSON, leur liste : numéro, texte, direction, suite, réponse, raison.",
    "reponses": "Nombre de préconisations qui ont reçu une réponse (CSV seulement).",
}


# Additional fields in JSON.
TEXTES = {"synthese": "L’essentiel de l’avis, en quelques phrases (JSON seulement)."}


def ligne_csv(trouve: Any) -> list[object]:
    donnees = {**en_donnees(trouve), "preconisations": trouve.lignes, "reponses": trouve.reponses}
    return [donnees[colonne] for colonne in COLONNES]


@publique
@gardable(600)
@require_safe
def donnees_ouvertes(request: HttpRequest) -> HttpResponse:
    """Page about the open data: formats, fields, licence."""
    return render(
        request,
        "ccspl/publiques/donnees_ouvertes.html",
        {
            "champs": {**COLONNES, **TEXTES}.items(),
            "adresses": [
                (forme.upper(), settings.SITE_URL + reverse("ccspl:donnees_avis", args=[forme]))
                for forme in ("csv", "json")
            ],
            "licence": settings.LICENCE,
            "url_licence": settings.LICENCE_URL,
        },
    )


@publique
@partageable
@gardable(UNE_MINUTE)
@require_safe
def donnees_avis(request: HttpRequest, extension: str) -> HttpResponseBase:
    """Published avis as JSON (with préconisations and answers) or CSV (one line each)."""
    tous = publies()
    _, version = version_de(tous, "modifie_le", "preconisations__suite__modifiee_le")
    if extension == "csv":
        contenu: dict[str, Any] = {
            "entetes": list(COLONNES),
            "lignes": lambda: map(ligne_csv, tous.iterator(chunk_size=PAR_PAQUET)),
        }
    else:
        contenu = {"forme": "json", "flux": partial(_flux_json, tous)}
    return donner_a_tous(request, Tableau("avis-ccspl", total=tous.count(), version=version, **contenu))


def _flux_json(tous: QuerySet[Avis]) -> Iterator[bytes]:
    """Stream {licence, avis: […]}, one avis at a time."""
    complets = tous.prefetch_related(
        "autres_services", "preconisations__suite__direction", "preconisations__direction"
    )
    yield f'{{"licence": {json.dumps(settings.LICENCE, ensure_ascii=False)}, "avis": ['.encode()
    virgule = ""
    for a in complets.iterator(chunk_size=PAR_PAQUET):
        preconisations = [
            {
                "numero": p.numero,
                "texte": p.texte,
                "direction": str(p.suite.direction if p.suite else p.direction or ""),
                "suite": p.suite.get_etat_display() if p.suite else None,
                "reponse": p.suite.texte_public if p.suite else "",
                "raison": p.suite.motif if p.suite else "",
            }
            for p in a.preconisations.all()
        ]
        fiche = {**en_donnees(a), "preconisations": preconisations}
        yield f"{virgule}\n{json.dumps(fiche, ensure_ascii=False)}".encode()
        virgule = ","
    yield b"\n]}\n"
