"""The common list: search, saved filters, sort, pages, export, and acts on a selection.

An app describes its list once and passes it to `page_liste`:

    def tableau(request: RequeteConnectee) -> HttpResponseBase:
        return page_liste(request, Liste(
            cle="petitions:tableau",                 # names the list in saved filters: the name of its URL
            titre="Pétitions",
            objets=Petition.objects.au_bureau_de(request.user).select_related("agent"),
            filtres=PetitionFilter,                  # a filters.Filtres: `q` searches
            colonnes=[
                Colonne("titre", "Pétition", lambda p: Cellule(p.titre, sous=p.reference), export=lambda p: p.titre, tri="titre"),
                colonne_etat(Etat),
                Colonne("signatures", "Signatures", lambda p: p.nombre, tri="nombre", nombre=True),
            ],
            tri="-ouvert_le",
            singulier="pétition", pluriel="pétitions",
        ))

The first column is the heading of the row and has its link. `templates/socle/dossiers/liste.html` shows the list; a
template may extend it and fill `avant`, `actes_liste` or `apres`. The number of queries must not depend on
the number of rows: see `tests/outils.py`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST

from participation.socle import actions
from participation.socle.forms.actes import PrendreEnChargeForm
from participation.socle.forms.champs import champ_case, champ_ligne
from participation.socle.forms.filters import RANG, DossierFilter, Filtres, avec_echeance, natures_presentes
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Dossier, FiltreEnregistre
from participation.socle.templatetags.composants import nombre, temps
from participation.socle.views.colonnes import (
    Cellule,
    Colonne,
    colonne_agent,
    colonne_echeance,
    colonne_etat,
    colonne_reference,
    colonne_titre,
    du_clos,
)
from participation.socle.views.exports import FORMATS, Tableau, donner, nom_du_jour, version_de
from participation.socle.views.lots import ActeDeLot, page_lot
from participation.socle.views.pages import revenir
from participation.socle.views.pagination import PAR_RANG, Lire, PagesBornees, ParCle, Tri
from participation.socle.workflow import Role

LIGNES = 25
COMPTES = 10_000  # dossiers of all natures; beyond, the page says « plus de »
PAR_PAQUET = 2000
# Query parameters that are not filters.
HORS_FILTRES = {"page", "export", "tri", "choix"}


@dataclass(frozen=True, slots=True)
class Liste:
    cle: str
    titre: str
    objets: QuerySet[Any]
    filtres: type[Any]
    colonnes: Sequence[Colonne]
    tri: str
    singulier: str
    pluriel: str
    app: str = "metropole"
    lien: Callable[[Any], str] = lambda objet: str(objet.get_absolute_url())
    # Breadcrumb, when the list is under another page.
    fil: Sequence[tuple[str, str]] = ()
    chapeau: str = ""
    vide: str = ""
    lots: Sequence[ActeDeLot] = ()
    par_page: int = LIGNES
    # Maximum number of rows counted, for a table that keeps growing. 0: all are counted.
    borne: int = 0
    # Reads the rows of a page by key, when `objets` looks for all that may be read, or joins more than a page shows.
    lire: Lire | None = None


@dataclass(frozen=True, slots=True)
class CelluleMontree:
    colonne: Colonne
    texte: object
    sous: object = ""
    couleur: str = ""
    icone: str = ""
    retard: str = ""


@dataclass(frozen=True, slots=True)
class Rangee:
    pk: Any
    lien: str
    nom: str
    tete: CelluleMontree
    cellules: list[CelluleMontree]


def page_liste(
    request: RequeteConnectee,
    liste: Liste,
    gabarit: str = "socle/dossiers/liste.html",
    contexte: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Page of a list, or its export (`?export=csv|xlsx`: same rows, all pages).

    A POST starts an act on the chosen rows (`lots`).
    """
    filtre = liste.filtres(request.GET, queryset=liste.objets, request=request)
    if isinstance(filtre, Filtres) and filtre.is_valid():
        liste = _selon_les_choix(liste, filtre)
    if request.method == "POST":
        lot = next((lot for lot in liste.lots if lot.cle == request.POST.get("lot")), None)
        if lot is None:
            raise Http404
        cible = filtre.qs if "tous" in request.POST else liste.objets
        return page_lot(request, lot, cible, app=liste.app, titre_liste=liste.titre)
    if request.GET.get("export") in FORMATS:
        tri = tri_voulu(filtre.qs, liste, request.GET.get("tri", ""))
        return exporter(request, liste, tri.ranger(filtre.qs), request.GET["export"])
    pages, non_tries = _paginer(request, liste, filtre.qs)
    page = pages.get_page(request.GET.get("page"))
    colonnes = [colonne for colonne in liste.colonnes if colonne.a_l_ecran]
    requete = requete_filtres(request.GET)
    enregistres = filtres_de(request.user, liste.cle)
    return render(
        request,
        gabarit,
        {
            "liste": liste,
            "app": liste.app,
            "page": page,
            "colonnes": colonnes,
            "non_tries": [colonne for colonne in colonnes if colonne in non_tries],
            "rangees": [rangee(liste, colonnes, objet) for objet in page],
            "filtre": filtre,
            "formulaire": filtre.form,
            "tri_courant": tri_courant(liste, request.GET, non_tries),
            "filtres_enregistres": enregistres,
            "filtre_courant": next((f for f in enregistres if f.requete == requete), None),
            "requete": requete,
            "url_csv": adresse_export(request.GET, "csv"),
            "url_xlsx": adresse_export(request.GET, "xlsx"),
            "adresse": request.get_full_path(),
            **(contexte or {}),
        },
    )


def _selon_les_choix(liste: Liste, filtre: Filtres) -> Liste:
    """Sort what is closed by the day of its closing, shown in the place of what is due; what has nothing due, the last first."""
    par_echeance = liste.tri == "echeance_le"
    if filtre.ne_montre_que_le_clos:
        colonnes = du_clos(liste.colonnes, de_toute_nature=liste.objets.model is Dossier)
        return replace(liste, colonnes=colonnes, tri="-clos_le" if par_echeance else liste.tri)
    return replace(liste, tri="-ouvert_le") if par_echeance and filtre.rien_n_y_est_du else liste


def _paginer(
    request: RequeteConnectee, liste: Liste, filtres: QuerySet[Any]
) -> "tuple[Paginator[Any], list[Colonne]]":
    """Return the pages, and the columns by which so many rows are not sorted: the default sort is then kept."""
    demande = request.GET.get("tri", "")
    tri = tri_voulu(filtres, liste, demande)
    if not liste.borne:
        toutes: Any = ParCle(tri.ranger(filtres))
        return Paginator(toutes, liste.par_page), []

    def bornees(tri: Tri) -> PagesBornees:
        return PagesBornees(
            filtres, liste.par_page, liste.borne, tri, mots=request.GET.get("q", ""), lire=liste.lire
        )

    pages = bornees(tri)
    if not (pages.est_au_dela and pages.borne == liste.borne):
        return pages, []
    non_tries = [colonne for colonne in liste.colonnes if colonne.tri_borne]
    if demande.lstrip("-") in {colonne.cle for colonne in non_tries}:
        pages = bornees(tri_voulu(filtres, liste, ""))
    return pages, non_tries


def tri_courant(liste: Liste, requete: Mapping[str, str], non_tries: Sequence[Colonne]) -> str:
    """Return the sort that the rows are in, which a column unknown or refused (`non_tries`) does not change."""
    demande = requete.get("tri", "")
    if demande.lstrip("-") in {c.cle for c in liste.colonnes if c.tri and c not in non_tries}:
        return demande
    if requete.get("q", "").strip():
        return ""
    cles = {c.tri: c.cle for c in liste.colonnes if isinstance(c.tri, str)}
    champ = liste.tri.lstrip("-")
    return liste.tri.replace(champ, cles.get(champ, champ))


def tri_voulu(objets: QuerySet[Any], liste: Liste, demande: str) -> Tri:
    """Return the sort by the column asked for, else by the rank of a search, else the default sort of the list."""
    tris = {colonne.cle: colonne.tri for colonne in liste.colonnes if colonne.tri}
    descend, cle = demande.startswith("-"), demande.lstrip("-")
    if cle not in tris:
        if RANG in objets.query.annotations:
            return PAR_RANG
        descend, cle = liste.tri.startswith("-"), liste.tri.lstrip("-")
    champs = tris.get(cle, cle)
    return Tri((champs,) if isinstance(champs, str) else tuple(champs), descend)


def rangee(liste: Liste, colonnes: Sequence[Colonne], objet: Any) -> Rangee:
    tete, *cellules = [montrer(colonne, colonne.cellule(objet)) for colonne in colonnes]
    return Rangee(objet.pk, liste.lien(objet), str(objet), tete, cellules)


def montrer(colonne: Colonne, valeur: object) -> CelluleMontree:
    if not isinstance(valeur, Cellule):
        return CelluleMontree(colonne, en_mots(valeur))
    return CelluleMontree(
        colonne,
        en_mots(valeur.texte),
        en_mots(valeur.sous) if valeur.sous else "",
        valeur.couleur,
        valeur.icone,
        valeur.retard,
    )


def en_mots(valeur: object) -> str | SafeString:
    if valeur is None or valeur == "":
        return "–"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime | date):
        return temps(valeur, "court")
    return valeur if isinstance(valeur, SafeString) else nombre(valeur)


# Exports -------------------------------------------------------------------------------------------------------------


def exporter(request: RequeteConnectee, liste: Liste, objets: QuerySet[Any], forme: str) -> HttpResponseBase:
    """Export the list. Rows are read and written in packets, so memory does not grow with the list."""
    total, version = version_de(objets)
    return donner(
        request,
        Tableau(
            nom_du_jour(liste.cle.replace(":", "-")),
            [colonne.libelle for colonne in liste.colonnes],
            lambda: lignes(liste, objets),
            total,
            version,
            forme,
            liste.titre,
        ),
    )


def lignes(liste: Liste, objets: QuerySet[Any]) -> Iterator[list[object]]:
    for objet in objets.iterator(chunk_size=PAR_PAQUET):
        yield [valeur_exportee(colonne, objet) for colonne in liste.colonnes]


def valeur_exportee(colonne: Colonne, objet: Any) -> object:
    valeur = (colonne.export or colonne.cellule)(objet)
    return valeur.texte if isinstance(valeur, Cellule) else valeur


def adresse_export(parametres: QueryDict, forme: str) -> str:
    gardes = [(cle, v) for cle, vs in parametres.lists() if cle not in {"page", "export"} for v in vs]
    return f"?{urlencode([*gardes, ('export', forme)])}"


# Saved filters -------------------------------------------------------------------------------------------------------


def requete_filtres(parametres: QueryDict) -> str:
    """Return the filters of the URL in a canonical form: equal for two URLs that show the same rows."""
    return urlencode(
        sorted((cle, v) for cle, vs in parametres.lists() if cle not in HORS_FILTRES for v in vs if v)
    )


def filtres_de(compte: Compte, liste: str) -> list[FiltreEnregistre]:
    """Return the saved filters of the person for this list, and those shared with the team."""
    siens = Q(compte=compte) | Q(est_partage=True)
    return list(FiltreEnregistre.objects.filter(siens, liste=liste).select_related("compte"))


# All the dossiers ----------------------------------------------------------------------------------------------------


@reserve_a(*ROLES_BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: RequeteConnectee) -> HttpResponseBase:
    """List of the dossiers of every nature."""
    visibles = Dossier.objects.a_montrer_a(request.user, mots=request.GET.get("q", ""))
    if not request.user.est_agent:
        visibles = visibles.filter(ouvert_le__isnull=False)
    lus: Any = avec_echeance(Dossier.objects.select_related("agent"))
    return page_liste(
        request,
        Liste(
            cle="socle:dossiers",
            titre="Tous les dossiers",
            objets=avec_echeance(visibles.avec_enfants().select_related("agent")),
            filtres=DossierFilter,
            colonnes=[
                colonne_titre(),
                colonne_reference(),
                *(
                    [Colonne("nature", "Nature", lambda d: capfirst(d.get_nature_display()), tri="nature")]
                    if len(natures_presentes()) > 1
                    else []
                ),
                colonne_etat(),
                colonne_echeance(),
                Colonne("ouvert_le", "Ouvert le", lambda d: d.ouvert_le, tri="ouvert_le", tri_borne=True),
                colonne_agent(),
            ],
            tri="-ouvert_le",
            singulier="dossier",
            pluriel="dossiers",
            lien=lambda d: d.enfant.get_absolute_url(),
            vide="Les dossiers ouverts s’affichent ici, quelle que soit leur nature.",
            borne=COMPTES,
            lire=lus.enfants_de,
            lots=[lot_changer_agent(request.user)] if request.user.est_agent else [],
        ),
    )


def lot_changer_agent(compte: Compte) -> ActeDeLot:
    """The act « Changer d’agent » on chosen rows of any list of dossiers."""
    return ActeDeLot(
        "prendre_en_charge",
        "Changer d’agent",
        lambda dossiers, reponses: actions.prendre_en_charge_lot(dossiers, par=compte, **reponses),
        form=PrendreEnChargeForm,
        consequence="Les dossiers choisis passent à cette personne, avec leurs échéances.",
    )


class EnregistrerFiltreForm(forms.Form):
    nom = champ_ligne("Nom de la liste", maximum=80)
    est_partage = champ_case("La partager avec l’équipe", requis=False)
    liste = forms.CharField(max_length=60, widget=forms.HiddenInput)
    requete = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


@require_POST
@reserve_a(*Role.values)
def enregistrer_filtre(request: RequeteConnectee) -> HttpResponse:
    form = EnregistrerFiltreForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Le filtre n’est pas enregistré : donnez-lui un nom.")
        return revenir(request, reverse("socle:journee"))
    filtre = FiltreEnregistre(
        compte=request.user,
        liste=form.cleaned_data["liste"],
        nom=form.cleaned_data["nom"],
        requete=requete_filtres(QueryDict(form.cleaned_data["requete"])),
        est_partage=form.cleaned_data["est_partage"],
    )
    try:
        filtre.full_clean()
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
    else:
        filtre.save()
        messages.success(request, f"La liste « {filtre.nom} » est enregistrée.")
    return revenir(request, reverse("socle:journee"))


@require_POST
@reserve_a(*Role.values)
def supprimer_filtre(request: RequeteConnectee, pk: int) -> HttpResponse:
    filtre = get_object_or_404(FiltreEnregistre, pk=pk, compte=request.user)
    filtre.delete()
    messages.success(request, f"La liste « {filtre.nom} » est supprimée.")
    return revenir(request, reverse("socle:journee"))
