"""Public home page: what is open, the last answers, the results. Without a cookie, so caches may keep it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from participation.socle.graphiques import Carte
from participation.socle.http.decorateurs import gardable, publique, traduite
from participation.socle.lectures.cartes import carte_des_communes
from participation.socle.lectures.chiffres import EN_DOUZE_MOIS
from participation.socle.models import ReglageService
from participation.socle.regles.donnees_liees import site
from participation.socle.vitrine import OUVERTS_MONTRES, Porte, SectionAccueil, recueillir

REPONSES_MONTREES = 3


@traduite
@publique
@require_safe
@gardable(60)
def accueil(request: HttpRequest) -> HttpResponse:
    sections: list[SectionAccueil] = list(recueillir("section_accueil"))
    ouverts = [(section, ouvert) for section in sections for ouvert in section.ouverts]
    reponses = [(section, echange) for section in sections for echange in section.reponses]
    return render(
        request,
        "socle/public/accueil.html",
        {
            "donnees_liees": site(),
            "portes": [
                *((s.app, porte) for s in sections for porte in [s.porte, *s.portes] if porte is not None),
                ("metropole", _mon_espace()),
            ],
            "ouverts": sorted(ouverts, key=lambda paire: (paire[1].fin is None, paire[1].fin))[
                :OUVERTS_MONTRES
            ],
            "url_ouverts": next((s.url_ouverts for s in sections if s.url_ouverts), ""),
            "reponses": sorted(reponses, key=lambda paire: paire[1].le, reverse=True)[:REPONSES_MONTREES],
            "url_reponses": next((s.url_reponses for s in sections if s.url_reponses), ""),
            "resultats": [resultat for section in sections for resultat in section.resultats],
            "carte": carte_des_voix(sections),
            "voix_cachees": any(voix is None for section in sections for voix in section.voix.values()),
            "comptes_le": min((s.comptes_le for s in sections if s.comptes_le), default=None),
        },
    )


def _mon_espace() -> Porte:
    return Porte(
        gettext("Retrouver vos dossiers"),
        reverse("socle:accueil_compte"),
        gettext("Ce que vous avez déposé, où il en est, ce qu’on vous a répondu."),
        "lecture",
    )


@publique
@require_safe
@gardable(60)
def chiffres_cles(request: HttpRequest) -> HttpResponse:
    """Key figures, for the press among others.

    Each figure links to its list; the printed page gives its day and a contact.
    """
    return render(
        request,
        "socle/public/chiffres_cles.html",
        {
            "sections": list(recueillir("chiffres_cles")),
            "service": ReglageService.actuel(),
            "jour": timezone.localdate(),
        },
    )


def carte_des_voix(sections: list[SectionAccueil]) -> Carte:
    """Map of the voices of the last twelve months by commune, all apps together.

    A number that an app hides is left out of the sum; a commune with nothing else is hidden.
    """
    nombres: dict[str, int | None] = {}
    for code, voix in (paire for section in sections for paire in section.voix.items()):
        connu = nombres.get(code)
        nombres[code] = connu if voix is None else voix + (connu or 0)
    return carte_des_communes(
        nombres,
        f"Voix reçues {EN_DOUZE_MOIS}, par commune",
        "voix",
        cache="nombre trop petit pour être montré",
    )
