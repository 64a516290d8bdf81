"""Public pages and open data on the sujets. Without cookies, kept by caches."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from participation.socle.bd.lots import par_lots
from participation.socle.calendrier import jours_entre
from participation.socle.collectivite import collectivite, ici, ici_plus_tard
from participation.socle.fichiers.jeux import Champ, Contenu, Fichiers, JeuDeDonnees, Type
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.graphiques.vignette import vignette
from participation.socle.http.cache import page_en_cache
from participation.socle.http.decorateurs import gardable, partageable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.cartes import carte
from participation.socle.models import Commune, Dossier, Entree
from participation.socle.views.exports import version_de
from participation.socle.views.pagination import ParCle
from participation.socle.views.public.donnees_ouvertes import fichier, flux_atom
from participation.suites.models import Suite
from remontees.models import Categorie, Remontee, Sujet
from remontees.sujets import lectures
from remontees.sujets.lectures import publiable
from remontees.trouver import BUREAU

ETATS = [
    ("", "Tous"),
    (lectures.SANS_REPONSE, "Sans réponse pour l’instant"),
    (lectures.REPONDU, "Avec une réponse"),
    *((issue, dit.mot) for issue, dit in lectures.ISSUES.items()),
]


class VousLAvezDitForm(forms.Form):
    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    commune = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Toutes")
    theme: Any = champ_parmi("Thème", Categorie.objects.none(), requis=False, vide="Tous")
    etat = champ_choix("Où en est le sujet", ETATS, requis=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        theme: Any = self.fields["theme"]
        theme.queryset = Categorie.objects.filter(pk__in=lectures.themes_publies())

    def filtres(self) -> lectures.FiltresDeSujets:
        self.is_valid()
        lu = self.cleaned_data
        mots = lu.get("q") or ""
        return lectures.FiltresDeSujets(
            q=mots,
            dits=lectures.qui_disent(mots) if mots else (),
            theme=lu["theme"].pk if lu.get("theme") else None,
            commune=lu["commune"].pk if lu.get("commune") else "",
            etat=lu.get("etat") or "",
        )


@publique
@require_safe
@gardable(60)
def carte_publique(request: HttpRequest) -> HttpResponse:
    """Map of published sujets, by commune."""
    form = VousLAvezDitForm(request.GET)
    filtres = form.filtres()
    points = lectures.sujets_par_commune(filtres, reverse("remontees:vous_l_avez_dit"))
    return render(
        request,
        "remontees/publiques/carte.html",
        {"form": form, "points": points, "carte_reelle": carte(points)},
    )


@reserve_a(*BUREAU)
@require_safe
def carte_du_bureau(request: RequeteConnectee) -> HttpResponse:
    """Map of the visible open remontées that have a point."""
    points = lectures.remontees_en_cours(Remontee.objects.visibles_par(request.user))
    return render(
        request,
        "remontees/sujets/carte.html",
        {"points": points, "au_plus": lectures.AU_PLUS, "carte_reelle": carte(points)},
    )


PAR_PAQUET, DANS_LE_FLUX = 500, 40


def _a_publier(filtres: lectures.FiltresDeSujets) -> Any:
    return (
        lectures.avec_nombres(lectures.selection(filtres)).select_related("categorie__parent").order_by("pk")
    )


def _fiches(sujets: Any) -> Iterator[dict[str, Any]]:
    """Yield one dict per sujet, with the fields of JEU, read in batches of PAR_PAQUET."""
    plus_petit = lectures.plus_petit_publie()
    for paquet in par_lots(sujets.iterator(chunk_size=PAR_PAQUET), PAR_PAQUET):
        yield from _fiches_du_paquet(paquet, plus_petit)


def _fiches_du_paquet(sujets: list[Any], plus_petit: int) -> Iterator[dict[str, Any]]:
    communes: dict[int, list[tuple[str, str]]] = {}
    liens = Dossier.communes.through.objects.filter(dossier__in=[sujet.pk for sujet in sujets])
    for dossier, code, nom in liens.order_by("commune").values_list("dossier", "commune", "commune__nom"):
        communes.setdefault(dossier, []).append((code, nom))
    for sujet in sujets:
        yield _fiche(sujet, communes.get(sujet.pk, []), plus_petit)


def _fiche(sujet: Any, communes: list[tuple[str, str]], plus_petit: int) -> dict[str, Any]:
    categorie, est_repondu = sujet.categorie, sujet.etat in lectures.REPONDUS
    theme = (categorie.parent or categorie) if categorie else None
    return {
        "reference": sujet.reference,
        "titre": sujet.titre,
        "url": settings.SITE_URL + sujet.get_public_url(),
        "theme": theme.nom if theme else None,
        "categorie": categorie.nom if categorie and categorie.parent_id else None,
        "communes": [code for code, _ in communes],
        "communes_noms": [nom for _, nom in communes],
        "etat": sujet.etat,
        "issue": sujet.issue if est_repondu else None,
        "ouvert_le": sujet.ouvert_le,
        "repondu_le": sujet.repondu_le if est_repondu else None,
        "jours": jours_entre(sujet.ouvert_le, sujet.repondu_le) if est_repondu and sujet.repondu_le else None,
        "date_prevue": sujet.date_prevue if est_repondu else None,
        "texte": sujet.texte_public,
        "reponse": sujet.reponse if est_repondu else None,
        "remontees": publiable(sujet.combien, plus_petit),
        "modifiee_le": sujet.modifie_le,
    }


def _contenu(request: HttpRequest) -> Contenu:
    filtres = VousLAvezDitForm(request.GET).filtres()
    choisis = lectures.selection(filtres)
    _, version = version_de(choisis, "modifie_le", "remontees__modifie_le", "communes__code_insee")
    return Contenu(
        lambda: _fiches(_a_publier(filtres)),
        choisis.count(),
        f"{version}|{lectures.plus_petit_publie()}",
        selection=filtres.requete(),
    )


def _adresses() -> dict[str, str]:
    formes = (("csv", "donnees_csv"), ("json", "donnees_json"), ("atom", "atom"))
    return {forme: reverse(f"remontees:{nom}") for forme, nom in formes}


JEU = JeuDeDonnees(
    cle="vous-l-avez-dit",
    titre="Vous l’avez dit",
    description=ici_plus_tard(
        "Les sujets que les habitantes et habitants font remonter, et ce que la {metropole} répond."
    ),
    app="remontees",
    liste="sujets",
    champs=(
        Champ("reference", "Référence du sujet, qui ne change jamais, par exemple SUJ-2026-0012."),
        Champ("titre", "Ce dont il s’agit."),
        Champ("url", "Adresse de la page publique.", Type.ADRESSE),
        Champ("theme", "Thème."),
        Champ("categorie", "Catégorie, dans ce thème (vide : le thème seul est connu)."),
        Champ("communes", "Codes Insee des communes concernées.", Type.LISTE),
        Champ("communes_noms", "Noms de ces communes.", Type.LISTE),
        Champ("etat", "État, en un mot de code (liste plus bas)."),
        Champ(
            "issue", "Ce qu’il est devenu, en un mot de code (liste plus bas ; vide : pas encore de réponse)."
        ),
        Champ("ouvert_le", "Date et heure où le service a ouvert le sujet.", Type.INSTANT),
        Champ("repondu_le", "Date et heure de la réponse.", Type.INSTANT),
        Champ("jours", "Jours du calendrier entre les deux.", Type.ENTIER),
        Champ("date_prevue", "Jour pour lequel c’est prévu (issue « prevu » seulement).", Type.JOUR),
        Champ("texte", "Ce que disent les gens, dans les mots du service."),
        Champ("reponse", ici_plus_tard("Ce que la {metropole} a répondu.")),
        Champ(
            "remontees",
            "Nombre de remontées réunies (vide quand il est trop petit pour être publié).",
            Type.ENTIER,
        ),
        Champ("modifiee_le", "Date et heure du dernier changement.", Type.INSTANT),
    ),
    lire=_contenu,
    fichiers=lambda: [Fichiers(_adresses())],
    exemple=lambda: _fiches(_a_publier(lectures.FiltresDeSujets())),
    valeurs=lectures.valeurs,
    precisions=(
        "Aucune parole, aucun nom, aucune adresse. Un nombre de remontées trop petit pour être publié est laissé vide.",
    ),
    page=reverse_lazy("remontees:vous_l_avez_dit"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")


@publique
@partageable
@require_safe
@gardable(300)
def atom(request: HttpRequest) -> HttpResponseBase:
    """Atom feed of the last DANS_LE_FLUX public journal lines of published sujets."""
    lignes = list(
        Entree.objects.filter(est_publique=True, dossier__est_publie=True, dossier__nature="sujet").order_by(
            "-le", "-pk"
        )[:DANS_LE_FLUX]
    )
    sujets: Any = Sujet.objects.select_related("categorie__parent").in_bulk(
        {ligne.dossier_id for ligne in lignes}
    )
    return flux_atom(
        ici("{nom} : vous l’avez dit, voici ce qu’on en fait"),
        "remontees:vous_l_avez_dit",
        "remontees:atom",
        "Chaque nouvelle des sujets que les habitantes et habitants font remonter.",
        (_nouvelle(ligne, sujets[ligne.dossier_id]) for ligne in lignes),
    )


def _nouvelle(ligne: Entree, sujet: Sujet) -> dict[str, Any]:
    est_reponse = ligne.acte in {"repondre_sujet", "relire"} and sujet.etat in lectures.REPONDUS
    return {
        "titre": f"{sujet.titre} : {ligne.fait_en_clair}",
        "lien": sujet.get_public_url(),
        "texte": sujet.reponse if est_reponse else sujet.texte_public,
        "author_name": collectivite().nom,
        "pubdate": ligne.le,
        "updateddate": ligne.le,
        "cle": f"{sujet.get_public_url()}#nouvelle-{ligne.pk}",
        "categories": [sujet.categorie.chemin] if sujet.categorie else [],
    }


PAR_PAGE = 12


UNE_MINUTE = 60


def _contexte(form: VousLAvezDitForm, filtres: lectures.FiltresDeSujets) -> dict[str, Any]:
    """Return the context common to the list and the figures."""
    return {
        "form": form,
        "filtres_poses": filtres.requete(),
        "requete_base": filtres.requete(etat=""),
        "requete_repondus": filtres.requete(etat=lectures.REPONDU),
        "bilan": lectures.bilan(filtres),
        "quelque_chose": lectures.publies().exists(),
    }


def _a_lire(sujets: Any) -> list[tuple[Any, lectures.OuEnEst, str]]:
    """Return (sujet, progress, number of remontées in words)."""
    plus_petit = lectures.plus_petit_publie()
    return [
        (sujet, lectures.ou_en_est(sujet), lectures.combien_dit(sujet.combien, plus_petit))
        for sujet in sujets
    ]


@publique
@require_safe
@gardable(UNE_MINUTE)
def vous_l_avez_dit(request: HttpRequest) -> HttpResponse:
    """List of published sujets, the last modified first."""
    form = VousLAvezDitForm(request.GET)
    filtres = form.filtres()
    trouves: Any = ParCle(
        lectures.avec_nombres(lectures.selection(filtres))
        .select_related("categorie__parent", "commune", "quartier")
        .order_by("-modifie_le", "-pk")
    )
    page = Paginator(trouves, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "remontees/publiques/liste.html",
        {
            **_contexte(form, filtres),
            "page": page,
            "lignes": _a_lire(page.object_list),
            "carte": lectures.carte(filtres, reverse("remontees:vous_l_avez_dit")),
        },
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def chiffres(request: HttpRequest) -> HttpResponse:
    """Figures by theme and by commune, with links to lists and open data."""
    form = VousLAvezDitForm(request.GET)
    filtres = form.filtres()
    return render(
        request,
        "remontees/publiques/chiffres.html",
        {
            **_contexte(form, filtres),
            "axes": lectures.axes(filtres),
            "titre_liste": "Vous l’avez dit",
            "adresse_liste": reverse("remontees:vous_l_avez_dit"),
            "donnees": _adresses(),
            "jeu": JEU,
        },
    )


def _sujet_public(reference: str) -> Any:
    return get_object_or_404(
        lectures.avec_nombres(lectures.publies()).select_related("categorie__parent", "commune", "quartier"),
        reference=reference,
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def sujet_public(request: HttpRequest, reference: str) -> HttpResponse:
    """Page of a sujet: text, progress, answer, suites, history."""
    sujet = _sujet_public(reference)
    ((_, ou_en_est, combien),) = _a_lire([sujet])
    return render(
        request,
        "remontees/publiques/sujet.html",
        {
            "sujet": sujet,
            "dossier": sujet,
            "ou_en_est": ou_en_est,
            "combien": combien,
            "communes": list(sujet.communes.order_by("cle_tri").values_list("nom", flat=True)),
            "est_repondu": sujet.etat in lectures.REPONDUS,
            "suites": Suite.objects.a_montrer().filter(dossier=sujet.pk),
            "histoire": lectures.histoire(sujet),
            "og_image": settings.SITE_URL + reverse("remontees:image_du_sujet", args=[sujet.reference]),
        },
    )


@publique
@require_safe
def image_du_sujet(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Image of the sujet for shared links: title and progress."""
    sujet = _sujet_public(reference)
    ((_, ou_en_est, combien),) = _a_lire([sujet])

    def rendre() -> bytes:
        fait = f"{ou_en_est.mot}, {combien}" if combien else ou_en_est.mot
        return vignette(
            app="remontees", genre=f"Vous l’avez dit, {sujet.reference}", titre=sujet.titre, fait=fait
        )

    cle = f"sujet:{sujet.pk}:{sujet.modifie_le.timestamp()}:{combien}:image"
    return page_en_cache(request, cle, sujet.modifie_le, rendre, content_type="image/png")
