"""Public pages of a draw: how it is made, its pictures, its files, who checks it."""

from collections.abc import Sequence
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from participation.socle.francais import nombre, pourcentage
from participation.socle.graphiques import Graphique, Serie
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Document
from participation.tirage import regles, verification
from participation.tirage.models import Quota, Tirage
from participation.tirage.selection.comptes import comptes_de, repartition
from participation.tirage.trouver import trouver_public
from participation.tirage.verification import FICHIERS
from participation.tirage.workflow import EtatTirage


def image_des_chances(tirage: Tirage) -> Graphique:
    """Return the chances on a thousand of the person at each tenth of the list, from the least to the most."""
    deciles = tirage.mesures["deciles"]
    egale = round(1000 * tirage.places / comptes_de(tirage)["tirables"])
    return Graphique(
        titre="Les chances, de la plus petite à la plus grande",
        categories=[f"{10 * rang} %" for rang in range(len(deciles))],
        series=[Serie("Chances sur 1 000", deciles)],
        colonne="Place dans la liste",
        description="Toutes les personnes sont rangées par leurs chances : à 0 %, celle qui en a le moins ; à 50 %, celle du milieu ; à 100 %, celle qui en a le plus.",
        cible=egale,
        cible_libelle=f"la même chance pour tous, {nombre(egale)} sur 1 000, si aucun quota n’était à tenir",
        resume=f"De {nombre(deciles[0])} à {nombre(deciles[-1])} chances sur 1 000. Le tableau donne tous les nombres.",
    )


def images_des_profils(tirage: Tirage) -> list[Graphique]:
    """Return for each category how the panel, the volunteers and the population are shared between its values."""
    comptes = comptes_de(tirage)
    par_categorie: dict[str, list[tuple[Quota, int, int]]] = {}
    for quota, (tous, assis) in zip(tirage.quotas.all(), comptes["quotas"], strict=True):
        par_categorie.setdefault(quota.categorie, []).append((quota, tous, assis))
    return [_image(tirage, categorie, lignes) for categorie, lignes in par_categorie.items()]


def _image(tirage: Tirage, categorie: str, lignes: Sequence[tuple[Quota, int, int]]) -> Graphique:
    parts = [quota.part for quota, _, _ in lignes]
    series = [Serie("Volontaires", _parts([tous for _, tous, _ in lignes]), 2)]
    if tirage.etat == EtatTirage.TIRE:
        series.insert(0, Serie("Panel", _parts([assis for _, _, assis in lignes]), 1))
    if any(part is not None for part in parts):
        population = [None if part is None else float(part) for part in parts]
        series.append(Serie("Population", population, 4, sans="inconnue"))
    return Graphique(
        titre=categorie,
        categories=[quota.valeur for quota, _, _ in lignes],
        series=series,
        colonne=categorie,
        unite="%",
        totaux=False,
        cote_a_cote=True,
    )


def _parts(combien: Sequence[int]) -> list[float]:
    total = sum(combien) or 1
    return [round(100 * n / total, 1) for n in combien]


SCRIPT = Path(__file__).parent / "donnees" / "verifier.py"


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
            "ensuite": tirage.ensuite(mots),
            "apparence": tirage.apparence,
            "etapes": verification.etapes(tirage),
            "repartition": repartition(tirage),
            "image_des_chances": image_des_chances(tirage) if mesures else None,
            "images_des_profils": images_des_profils(tirage),
            "remplacements": verification.remplacements(tirage),
            "nombre": comptes["volontaires"],
            "tirables": comptes["tirables"],
            "fichiers": verification.fichiers(tirage),
            "panel": verification.panel_tire(tirage),
            "mesures": mesures,
            "pv": _pv_public(tirage),
            "prevision": verification.prevision(tirage),
            "reserve": comptes.get("reserve", []),
            "au_mieux": pourcentage(mesures["au_mieux"] * 100, 2) if mesures else "",
            "au_moins": pourcentage(mesures["au_moins"] * 100, 2) if mesures else "",
            "cherche": cherche,
            "trouve": verification.chercher_numero(tirage, cherche) if cherche else None,
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
        texte = verification.contenu(tirage, nom)
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
    return render(
        request, "tirage/verifier.html", {"tirage": tirage, "fichiers": verification.fichiers(tirage)}
    )


def _telecharger(texte: str, nom: str, genre: str) -> HttpResponse:
    reponse = HttpResponse(texte, content_type=f"{genre}; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    patch_cache_control(reponse, public=True, max_age=60)
    return reponse
