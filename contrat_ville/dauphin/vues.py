"""Imports from Dauphin: sending, columns, report, application, refused rows; export of the projets."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.dauphin import actes, examen, lectures
from contrat_ville.dauphin.actes import (
    ChoisirDossierForm,
    CorrespondancesForm,
    FichierDauphinForm,
    RelierColonnesForm,
)
from contrat_ville.dauphin.lectures import tableau_des_lignes
from contrat_ville.models import DossierImporte, ImportDauphin, LigneImportee, Programmation, Projet
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import instant_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views import exports
from participation.socle.views.exports import Tableau, donner, version_de
from participation.socle.workflow import Role

Etat, Sort = ImportDauphin.Etat, DossierImporte.Sort
MONTRES, PAR_PAGE, LIGNES_MONTREES = 20, 25, 50


# Colour and icon of each `sort`.
APPARENCES = {
    Sort.NOUVEAU: ("accent", "plus"),
    Sort.MODIFIE: ("info", "document"),
    Sort.INCHANGE: ("neutre", "coche"),
    Sort.A_JOINDRE: ("attention", "alerte"),
    Sort.REJETE: ("erreur", "croix"),
}


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports_dauphin(request: RequeteConnectee) -> HttpResponse:
    """Last imports, form to send a file, exports."""
    form = FichierDauphinForm(request.POST or None, request.FILES or None, objet=None)
    if request.method == "POST" and form.is_valid():
        try:
            nouveau = actes.ouvrir_import(
                form.cleaned_data["fichier"], par=request.user, exercice=form.annee()
            )
            if (avant := actes.envoye_avant(nouveau)) is not None:
                messages.warning(
                    request,
                    f"Ce fichier a déjà été envoyé le {instant_texte(avant.cree_le)} par {avant.par} : {avant.get_etat_display()}. "
                    "Si c’est par erreur, abandonnez celui-ci.",
                )
            return redirect(nouveau)
        except ErreurMetier as erreur:
            form.add_error("fichier", erreur.message)
    return render(
        request,
        "contrat_ville/dauphin/imports.html",
        {
            "form": form,
            "imports": ImportDauphin.objects.select_related("par")[:MONTRES],
            "programmations": Programmation.objects.all(),
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_dauphin(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of an import, by état: mapping of the columns, progress, or report."""
    choisi = get_object_or_404(ImportDauphin.objects.select_related("par"), pk=pk)
    if choisi.etat == Etat.A_RELIER and request.POST.get("faire") != "abandonner":
        return _relier(request, choisi)
    if request.method == "POST":
        return _faire(request, choisi)
    if choisi.est_en_train or choisi.etat == Etat.ILLISIBLE:
        return render(request, "contrat_ville/dauphin/etat.html", {"choisi": choisi, **_avancement(choisi)})
    return _rapport(request, choisi)


def _relier(request: RequeteConnectee, choisi: ImportDauphin) -> HttpResponse:
    form = RelierColonnesForm(request.POST or None, objet=choisi)
    if request.method == "POST" and form.is_valid():
        try:
            actes.relier_colonnes(choisi.pk, relies=form.relies(), exercice=form.annee())
            messages.success(
                request, "La lecture commence : rien n’est écrit sur les projets avant votre accord."
            )
            return redirect(choisi)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
    reponse = render(
        request,
        "contrat_ville/dauphin/colonnes.html",
        {"choisi": choisi, "form": form, "extrait": choisi.extrait or []},
    )
    if "HX-Request" in request.headers:  # the page of the reading asks whether it is over
        reponse["HX-Refresh"] = "true"
    return reponse


def _faire(request: RequeteConnectee, choisi: ImportDauphin) -> HttpResponse:
    try:
        if request.POST.get("faire") == "abandonner":
            actes.abandonner_import(choisi.pk)
            messages.success(request, "L’import est abandonné : rien n’a été écrit.")
        else:
            actes.lancer_application(choisi.pk)
            messages.success(request, "L’application commence.")
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
    return redirect(choisi)


def _avancement(choisi: ImportDauphin) -> dict[str, Any]:
    """Progress of the worker: rows read, dossiers examined, or dossiers applied."""
    dossiers: Any = DossierImporte.objects.filter(import_dauphin=choisi)
    if choisi.etat == Etat.LECTURE:
        fait, total, quoi = choisi.lues, choisi.total, "Lignes lues"
    elif choisi.etat == Etat.EXAMEN:
        fait, total, quoi = dossiers.filter(est_examine=True).count(), dossiers.count(), "Dossiers examinés"
    else:
        fait = dossiers.filter(applique_le__isnull=False).count()
        total, quoi = fait + dossiers.a_appliquer().count(), "Dossiers appliqués"
    return {
        "fait": fait,
        "total_a_faire": total,
        "quoi": quoi,
        "pour_cent": 100 * fait // total if total else 100,
    }


def _rapport(request: RequeteConnectee, choisi: ImportDauphin) -> HttpResponse:
    dossiers: Any = DossierImporte.objects.filter(import_dauphin=choisi)
    comptes = dossiers.compter()
    sort = request.GET.get("sort", "")
    montres = dossiers.filter(sort=sort) if sort in Sort.values else dossiers
    page = Paginator(montres.select_related("projet").order_by("rang"), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    orphelines = LigneImportee.objects.filter(import_dauphin=choisi, dossier__isnull=True).exclude(raison="")
    refusees = LigneImportee.objects.filter(import_dauphin=choisi).exclude(raison="").count()
    return render(
        request,
        "contrat_ville/dauphin/rapport.html",
        {
            "choisi": choisi,
            "comptes": comptes,
            "onglets": [(s.value, s.label, comptes[s]) for s in Sort if comptes[s]],
            "sort": sort,
            "page": page,
            "lignes": [(dossier, *APPARENCES[Sort(dossier.sort)]) for dossier in page if dossier.sort],
            "orphelines": orphelines[:LIGNES_MONTREES],
            "disparus": lectures.disparus(choisi) if choisi.etat in {Etat.A_APPLIQUER, Etat.FINI} else [],
            "mots": sum(1 for mot in lectures.mots_de(choisi) if mot.combien)
            if choisi.etat in {Etat.A_APPLIQUER, Etat.FINI}
            else 0,
            "inchanges": dossiers.a_appliquer().filter(sort=Sort.INCHANGE).count(),
            "refusees": refusees,
            "a_appliquer": dossiers.a_appliquer().count()
            if choisi.etat in {Etat.A_APPLIQUER, Etat.FINI}
            else 0,
            "a_decider": dossiers.a_decider().count() if choisi.etat in {Etat.A_APPLIQUER, Etat.FINI} else 0,
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def correspondances_dauphin(request: RequeteConnectee, pk: int) -> HttpResponse:
    """What each word of the file is here: said once for the year, then the dossiers are examined again."""
    choisi = get_object_or_404(ImportDauphin, pk=pk)
    if choisi.etat not in {Etat.A_APPLIQUER, Etat.FINI}:
        return redirect(choisi)
    form = CorrespondancesForm(request.POST or None, objet=choisi)
    if request.method == "POST" and form.is_valid():
        try:
            actes.dire_correspondances(choisi.pk, par=request.user, dites=form.dites())
            messages.success(request, "C’est noté pour cette année : les dossiers sont examinés de nouveau.")
            return redirect(choisi)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
    return render(
        request,
        "contrat_ville/dauphin/correspondances.html",
        {
            "choisi": choisi,
            "form": form,
            "a_dire": [rangee for rangee in form.rangees() if rangee[0].combien],
            "deja": [rangee for rangee in form.rangees() if not rangee[0].combien],
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def dossier_importe(request: RequeteConnectee, pk: int, dossier: int) -> HttpResponse:
    """A dossier of the import: changes, remarks, rows, and the choice of the agent if one is needed."""
    trouve = get_object_or_404(
        DossierImporte.objects.select_related("import_dauphin", "projet", "candidat"),
        import_dauphin=pk,
        pk=dossier,
    )
    choisi = trouve.import_dauphin
    se_choisit = (
        choisi.etat in {Etat.A_APPLIQUER, Etat.FINI}
        and trouve.applique_le is None
        and (trouve.sort == Sort.A_JOINDRE or trouve.a_conflit)
    )
    form = None
    if se_choisit:
        form = ChoisirDossierForm(
            request.POST or None, objet=trouve, candidats=examen.candidats_du_dossier(trouve)
        )
        if request.method == "POST" and form.is_valid():
            try:
                actes.choisir_dossier(trouve, **form.reponse())
                messages.success(request, "Votre choix est gardé.")
                return redirect(choisi)
            except ErreurMetier as erreur:
                form.add_error(None, erreur.message)
    communes, entetes, lignes = tableau_des_lignes(
        choisi.entetes, list(trouve.lignes.all()[:LIGNES_MONTREES])
    )
    return render(
        request,
        "contrat_ville/dauphin/dossier.html",
        {
            "choisi": choisi,
            "dossier": trouve,
            "ecarts": lectures.ecarts_par_ligne(trouve.ecarts),
            "apparence": APPARENCES[Sort(trouve.sort)] if trouve.sort else ("neutre", "horloge"),
            "form": form,
            "communes": communes,
            "entetes": entetes,
            "lignes": lignes,
            "combien": trouve.lignes.count(),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def lignes_refusees(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """CSV of the refused rows, unchanged, with the reason. Once corrected, it can be sent as a new file."""
    choisi = get_object_or_404(ImportDauphin, pk=pk)
    refusees = LigneImportee.objects.filter(import_dauphin=choisi).exclude(raison="").order_by("numero")
    return exports.lignes_refusees(f"dauphin-lignes-refusees-{choisi.pk}", choisi.entetes, refusees)


@reserve_a(Role.AGENT)
@require_safe
def rapport_dauphin(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """Report as a CSV: for each dossier, one row, then one row for each change."""
    choisi = get_object_or_404(ImportDauphin, pk=pk)

    def lignes() -> Iterator[list[Any]]:
        dossiers = (
            DossierImporte.objects.filter(import_dauphin=choisi).select_related("projet").order_by("rang")
        )
        for dossier in dossiers.iterator(chunk_size=500):
            debut = [
                dossier.code,
                dossier.exercice,
                dossier.titre,
                dossier.get_sort_display(),
                dossier.projet.reference if dossier.projet else "",
            ]
            yield [*debut, "", "", "", " ".join([dossier.raison, *dossier.remarques]).strip()]
            for ecart in lectures.ecarts_par_ligne(dossier.ecarts):
                conflit = "Changé aussi ici depuis le dernier import" if ecart["est_conflit"] else ""
                yield [*debut, ecart["libelle"], ecart["avant"], ecart["apres"], conflit]

    return exports.en_csv(
        f"dauphin-rapport-{choisi.pk}",
        [
            "Référence",
            "Exercice",
            "Intitulé",
            "Ce qu’il devient",
            "Projet",
            "Ce qui change",
            "Ici",
            "Dauphin",
            "Remarques",
        ],
        lignes(),
    )


@reserve_a(Role.AGENT)
@require_safe
def exporter_dauphin(request: RequeteConnectee, annee: int) -> HttpResponseBase:
    """Export the projets of a year in the columns of Dauphin, or in those of a former import (`?comme=`)."""
    programmation = get_object_or_404(Programmation, annee=annee)
    forme = request.GET.get("forme", "csv")
    if forme not in {"csv", "xlsx"}:
        raise Http404
    modele = None
    if est_un_numero(comme := request.GET.get("comme")):
        modele = get_object_or_404(ImportDauphin, pk=comme)
    projets: Any = Projet.objects.deposes().filter(programmation=programmation)
    _, version = version_de(projets, "modifie_le", "budget__pk")
    return donner(
        request,
        Tableau(
            f"dauphin-{annee}",
            lectures.entetes(modele),
            lambda: lectures.lignes(projets, modele),
            lectures.combien(projets),
            version,
            forme=forme,
            titre=f"Contrat de Ville {annee}",
        ),
    )
