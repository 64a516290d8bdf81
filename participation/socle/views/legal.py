"""Legal pages: publisher, personal data, accessibility, cookies."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.socle.actions.oubli import raisons
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.lectures.accessibilite import Declaration
from participation.socle.models import AuditAccessibilite, ReglageService
from participation.socle.vitrine import recueillir

# Texts of an audit that hold one item a line.
LISTES = ("non_conformites", "derogations", "non_soumis", "technologies", "environnement", "outils")


@publique
@require_safe
@gardable(600)
def mentions_legales(request: HttpRequest) -> HttpResponse:
    return render(request, "socle/mentions_legales.html", {"service": ReglageService.actuel()})


@publique
@require_safe
@gardable(600)
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "socle/donnees_personnelles.html",
        {
            "service": ReglageService.actuel(),
            "traitements": list(recueillir("traitements")),
            "gardes": raisons(),
            "copies_jours": settings.COPIES_JOURS,
        },
    )


@publique
@require_safe
@gardable(600)
def accessibilite(request: HttpRequest) -> HttpResponse:
    """Accessibility statement (law 2005-102, art. 47), made from the latest audit.

    Without an audit made by a person, the site is « non conforme ».
    """
    audit = AuditAccessibilite.objects.first()
    dite = Declaration.de(audit) if audit else None
    return render(
        request,
        "socle/accessibilite.html",
        {
            "service": ReglageService.actuel(),
            "audit": audit,
            "mention": audit.mention if audit else "non conforme",
            "dite": dite,
            **{champ: dite.lignes(champ) if dite else [] for champ in LISTES},
        },
    )


@publique
@require_safe
@gardable(600)
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "socle/cookies.html")
