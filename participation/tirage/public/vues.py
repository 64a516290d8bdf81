"""Public pages of a draw: how it is made, its files, who checks it."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from participation.socle.francais import pourcentage
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Document
from participation.tirage.models import Tirage
from participation.tirage.public.lectures import image_des_chances, images_des_profils
from participation.tirage.regles import preuve as regles
from participation.tirage.selection.comptes import comptes_de, repartition
from participation.tirage.trouver import trouver_public
from participation.tirage.verification import lectures
from participation.tirage.verification.lectures import FICHIERS

SCRIPT = Path(__file__).parent.parent / "donnees" / "verifier.py"


@publique
@gardable(60)
@require_safe
def tirages_publics(request: HttpRequest) -> HttpResponse:
    return render(request, "tirage/publics.html", {"tirages": Tirage.objects.publics().defer("panels")})


@publique
@gardable(30)
@require_safe
def tirage_public(request: HttpRequest, pk: int) -> HttpResponse:
    """How the draw is made, in plain French, with its figures and its files."""
    tirage = trouver_public(request, pk, sans=("panels",))
    comptes = comptes_de(tirage)
    mots = tirage.mots_de_suite()
    cherche = request.GET.get("numero", "").strip()[:12]
    mesures = tirage.mesures if tirage.empreinte_panels else {}
    return render(
        request,
        "tirage/public.html",
        {
            "tirage": tirage,
            "ensuite": tirage.apparence.ensuite.format_map(mots),
            "apparence": tirage.apparence,
            "etapes": lectures.etapes(tirage),
            "repartition": repartition(tirage),
            "image_des_chances": image_des_chances(tirage) if mesures else None,
            "images_des_profils": images_des_profils(tirage),
            "remplacements": lectures.remplacements(tirage),
            "nombre": comptes["volontaires"],
            "tirables": comptes["tirables"],
            "fichiers": lectures.fichiers(tirage),
            "panel": lectures.panel_tire(tirage),
            "mesures": mesures,
            "pv": _pv_public(tirage),
            "prevision": lectures.prevision(tirage),
            "reserve": comptes.get("reserve", []),
            "au_mieux": pourcentage(mesures["au_mieux"] * 100, 2) if mesures else "",
            "au_moins": pourcentage(mesures["au_moins"] * 100, 2) if mesures else "",
            "cherche": cherche,
            "trouve": lectures.chercher_numero(tirage, cherche) if cherche else None,
            "motif": getattr(tirage.journal.filter(acte="abandonner_tirage").first(), "motif", ""),
            "exemple": regles.EXEMPLES[tirage.source],
        },
    )


def _pv_public(tirage: Tirage) -> Document | None:
    if tirage.proces_verbal_id is None:
        return None
    return Document.objects.publics().filter(pk=tirage.proces_verbal_id, etat=Document.Etat.PRET).first()


@publique
@require_safe
def fichier(request: HttpRequest, pk: int, nom: str) -> HttpResponse:
    """One of the files that anybody checks; 404 before it is published."""
    tirage = trouver_public(request, pk)
    try:
        texte = lectures.contenu(tirage, nom)
    except KeyError:
        raise Http404 from None
    return _telecharger(texte, nom, FICHIERS[nom])


@publique
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The stand-alone script that checks a draw."""
    return _telecharger(SCRIPT.read_text(encoding="utf-8"), "verifier.py", "text/x-python")


@publique
@gardable(60)
@require_safe
def verifier(request: HttpRequest, pk: int) -> HttpResponse:
    """A page that checks the files in the browser, off line once it is open."""
    tirage = trouver_public(request, pk, sans=("panels",))
    return render(request, "tirage/verifier.html", {"tirage": tirage, "fichiers": lectures.fichiers(tirage)})


def _telecharger(texte: str, nom: str, genre: str) -> HttpResponse:
    reponse = HttpResponse(texte, content_type=f"{genre}; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    patch_cache_control(reponse, public=True, max_age=60)
    return reponse
