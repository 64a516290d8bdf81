"""Legal pages: publisher, personal data, accessibility, cookies."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.socle.actions.oubli import raisons
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import AuditAccessibilite, EcartAccessibilite, PageAuditee, ReglageService
from participation.socle.vitrine import recueillir


@dataclass(frozen=True, slots=True)
class CritereEnEcart:
    """A criterion of the référentiel and its faults, in the order of their pages."""

    numero: str
    ecarts: Sequence[EcartAccessibilite]


@dataclass(frozen=True, slots=True)
class Declaration:
    """An audit as the page tells it. `restent`: faults that no version corrected."""

    audit: AuditAccessibilite
    restent: Sequence[CritereEnEcart]
    corriges: Sequence[EcartAccessibilite]
    pages: Sequence[PageAuditee]

    @classmethod
    def de(cls, audit: AuditAccessibilite) -> "Declaration":
        ecarts = sorted(audit.ecarts.select_related("page"), key=lambda ecart: (ecart.rang, ecart.pk))
        par_critere: dict[str, list[EcartAccessibilite]] = {}
        for ecart in ecarts:
            if not ecart.corrige_en:
                par_critere.setdefault(ecart.critere, []).append(ecart)
        return cls(
            audit,
            [CritereEnEcart(numero, siens) for numero, siens in par_critere.items()],
            [ecart for ecart in ecarts if ecart.corrige_en],
            list(audit.pages.all()),
        )

    def lignes(self, champ: str) -> list[str]:
        """Return the lines of a text of the audit, one an item."""
        return [ligne.strip() for ligne in getattr(self.audit, champ).splitlines() if ligne.strip()]


# Texts of an audit that hold one item a line.
LISTES = ("non_conformites", "derogations", "non_soumis", "technologies", "environnement", "outils")


@publique
@require_safe
@gardable(600)
def mentions_legales(request: HttpRequest) -> HttpResponse:
    return render(request, "socle/public/mentions_legales.html", {"service": ReglageService.actuel()})


@publique
@require_safe
@gardable(600)
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "socle/public/donnees_personnelles.html",
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
        "socle/public/accessibilite.html",
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
    return render(request, "socle/public/cookies.html")
