"""Pages of the procès-verbaux: written, approved and published by agents; read and remarked by members."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.seances.models import Instance, ProcesVerbal, Seance, VersionPV
from participation.seances.proces_verbaux import actes, mise_en_page, texte
from participation.seances.proces_verbaux import releve as proces_verbaux_releve
from participation.seances.proces_verbaux.actes import RemarquerForm, TexteForm
from participation.seances.proces_verbaux.documents import fabriquer_feuille
from participation.seances.proces_verbaux.lectures import a_faire, est_adopte, mention, points_d_approbation
from participation.seances.trouver import proces_verbal_du_bureau
from participation.seances.workflow import ENSUITE_ENTRE_INVITES, EtatPoint, EtatPV
from participation.socle.actions.pieces import PDF, nommer
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Document
from participation.socle.views.dossier import avec_actes
from participation.socle.views.fichiers import servir
from participation.socle.views.pages import Page, agir
from participation.socle.workflow import Role


@require_safe
@reserve_a(Role.AGENT)
def proces_verbal(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show the état of the procès-verbal, what is left to do, its documents and its text."""
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    if not seance.est_deliberante:
        raise Http404  # a visit has no procès-verbal
    pv = ProcesVerbal.objects.filter(seance=seance).select_related("approuve_a__seance", "feuille").first()
    contexte: dict[str, Any] = {"seance": seance, "pv": pv, "app": seance.instance.app}
    if pv is not None:
        pv.seance = seance
        entre_invites = pv.est_entre_invites()
        versions = list(pv.versions.select_related("document", "document_public", "par"))
        points = points_d_approbation(pv) if pv.etat == EtatPV.SOUMIS else []
        contexte |= {
            "versions": versions,
            "est_entre_invites": entre_invites,
            "ensuite": ENSUITE_ENTRE_INVITES[pv.etat]
            if entre_invites and pv.etat in ENSUITE_ENTRE_INVITES
            else (
                pv.apparence.ensuite,
                avec_actes(pv, request.user, a_faire(pv, pv.apparence.pour.get(Role.AGENT, ""))),
            ),
            "lecture": mise_en_page.presenter(proces_verbaux_releve.donnees(seance), pv.texte),
            "a_resoumettre": pv.etat == EtatPV.SOUMIS and bool(versions) and versions[0].texte != pv.texte,
            "approuve_en_seance": next((point for point in points if est_adopte(point)), None),
            "remarques": list(pv.remarques.select_related("membre__compte")),
            "en_preparation": any(_se_prepare(version) for version in versions),
        }
    reponse = render(request, "seances/proces_verbaux/proces_verbal.html", contexte)
    patch_cache_control(reponse, no_store=True)
    return reponse


def _se_prepare(version: VersionPV) -> bool:
    return any(
        document is not None and document.etat == Document.Etat.EN_PREPARATION
        for document in (version.document, version.document_public)
    )


@require_POST
@reserve_a(Role.AGENT)
def rediger(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    try:
        actes.rediger_pv(seance, par=request.user)
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, seance.get_absolute_url())
    return redirect("seances:ecrire_pv", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def ecrire(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Edit the text, part by part, beside the data. A POST with `rester` comes back to this page."""
    return _page_texte(
        request,
        proces_verbal_du_bureau(request, pk),
        "ecrire_pv",
        "Enregistrer le texte",
        "Le texte est enregistré.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def corriger(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _page_texte(
        request,
        proces_verbal_du_bureau(request, pk),
        "corriger_pv",
        "Enregistrer la correction",
        "La correction est enregistrée : une nouvelle version se prépare, les membres sont prévenus.",
    )


def _page_texte(
    request: RequeteConnectee, pv: ProcesVerbal, acte: str, bouton: str, succes: str
) -> HttpResponse:
    retour, refus = pv.get_absolute_url(), pv.refus(acte, request.user)
    if isinstance(refus, RoleInsuffisant):
        raise refus
    if refus is not None:
        return acte_depasse(request, refus.message, retour)
    avec_motif = acte == "corriger_pv"
    lecture = mise_en_page.presenter(proces_verbaux_releve.donnees(pv.seance), pv.texte)
    form = TexteForm(
        request.POST or None,
        pv=pv,
        points=[(point["cle"], f"{point['numero']}. {point['titre']}") for point in lecture["points"]],
        avec_motif=avec_motif,
    )
    if form.is_valid():
        page: Page[ProcesVerbal] = Page(actes.corriger_pv if avec_motif else actes.ecrire_pv)
        try:
            agir(page, pv, form, request.user)
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, retour)
        if not form.errors:
            messages.success(request, succes)
            return redirect(request.path if "rester" in request.POST else retour)
    return render(
        request,
        "seances/proces_verbaux/corriger.html",
        {
            "pv": pv,
            "seance": pv.seance,
            "app": pv.seance.instance.app,
            "form": form,
            "lecture": lecture,
            "ouverture": (form.champ(texte.OUVERTURE), form.champ_vu(texte.OUVERTURE)),
            "fin": (form.champ(texte.FIN), form.champ_vu(texte.FIN)),
            "parties": [
                (point, form.champ(point["cle"]), form.champ_vu(point["cle"])) for point in lecture["points"]
            ],
            "titre": pv.transition(acte).libelle,
            "bouton": bouton,
            "retour": retour,
            "avec_motif": avec_motif,
        },
    )


@require_POST
@reserve_a(Role.AGENT)
def feuille_presence(request: RequeteConnectee, pk: int) -> HttpResponse:
    seance = get_object_or_404(Seance.objects.avec_instance(), pk=pk)
    if not seance.est_deliberante:
        raise Http404
    document = fabriquer_feuille(seance, par=request.user)
    return redirect("socle:document_etat", document.cle_publique)


PAR_PAGE = 20


@publique
@require_http_methods(["GET", "HEAD", "POST"])
def lire_proces_verbal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the text and its PDF; members may ask for a change while it is submitted.

    Before publication, only members and agents may read it.
    """
    pv = ProcesVerbal.objects.publies().filter(seance=pk).select_related("seance__instance").first()
    est_publie = pv is not None
    visiteur: Compte | None = None
    if pv is None or request.method == "POST":
        if not request.user.is_authenticated:
            if not ProcesVerbal.objects.filter(seance=pk, versions__isnull=False).exists():
                raise Http404
            return redirect_to_login(request.get_full_path())
        visiteur = request.user
        pv = get_object_or_404(
            ProcesVerbal.objects.visibles_par(visiteur).select_related("seance__instance"), seance=pk
        )
    lues = pv.versions_publiques if est_publie else pv.versions.all()
    versions = list(lues.select_related("document", "document_public"))
    if not versions:
        raise Http404
    peut_remarquer = visiteur is not None and pv.etat == EtatPV.SOUMIS and pv.membre_de(visiteur) is not None
    form = RemarquerForm(request.POST or None) if peut_remarquer else None
    if request.method == "POST":
        if form is None or visiteur is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                actes.remarquer_pv(pv, par=visiteur, **form.cleaned_data)
            except ActeInterdit as erreur:
                return acte_depasse(request, erreur.message, request.path)
            messages.success(request, "Votre remarque est transmise au service.")
            return redirect(f"{request.path}#remarques")
    derniere = versions[0]
    en_entier = not est_publie and visiteur is not None and pv.est_reserve_a(visiteur)
    releve = derniere.donnees if en_entier else proces_verbaux_releve.pour_le_public(derniere.donnees)
    caches = len(derniere.donnees["points"]) - len(releve["points"])
    reponse = render(
        request,
        "seances/proces_verbaux/lire_proces_verbal.html",
        {
            "pv": pv,
            "seance": pv.seance,
            "app": pv.seance.instance.app,
            "derniere": derniere,
            "versions": [(version, _document_lu(version, en_entier=en_entier)) for version in versions],
            "document": _document_lu(derniere, en_entier=en_entier),
            "lecture": mise_en_page.presenter(releve, derniere.texte, huis_clos=caches),
            "mention": mention(pv, derniere),
            "form": form,
            "est_personnelle": visiteur is not None,
            "remarques": pv.remarques.filter(membre__compte=visiteur) if peut_remarquer else [],
        },
    )
    if visiteur is not None:
        patch_cache_control(reponse, private=True, no_store=True)
    else:
        patch_cache_control(reponse, public=True, max_age=60, stale_while_revalidate=600)
    return reponse


def _document_lu(version: VersionPV, *, en_entier: bool) -> Document | None:
    """Return the PDF that this reader may have, or None if it is not made yet."""
    document = version.document
    if not en_entier and version.a_huis_clos:
        document = version.document_public
    if document is None or document.etat != Document.Etat.PRET:
        return None
    return document


@publique
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the PDF of a version. The URL stays the same when the PDF is made again, so letters may hold it."""
    version = get_object_or_404(
        VersionPV.objects.select_related("proces_verbal__seance", "document", "document_public"), pk=pk
    )
    pv = version.proces_verbal
    est_public = (
        pv.etat == EtatPV.APPROUVE and pv.est_publie and pv.versions_publiques.filter(pk=version.pk).exists()
    )
    if est_public and not (version.a_huis_clos and request.GET.get("version") == "membres"):
        fichier = _document_lu(version, en_entier=False)
    else:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not pv.est_lu_par(request.user):
            raise Http404
        est_public, fichier = False, _document_lu(version, en_entier=pv.est_reserve_a(request.user))
    if fichier is None:
        raise Http404
    return servir(
        request,
        fichier.fichier,
        nom=nommer(fichier.titre, ".pdf"),
        type_mime=PDF,
        empreinte=fichier.sha256,
        est_public=est_public,
        est_du_service=True,
    )


@publique
@require_safe
def proces_verbaux(request: HttpRequest, cle: str) -> HttpResponse:
    """List the published procès-verbaux of an instance, the latest séance first."""
    instance = get_object_or_404(Instance, cle=cle, est_publique=True)
    publies = (
        ProcesVerbal.objects.publies()
        .de_l_instance(instance)
        .select_related("seance")
        .prefetch_related("versions__document", "versions__document_public")
        .order_by("-seance__debut", "-pk")
    )
    page = Paginator(publies, PAR_PAGE).get_page(request.GET.get("page"))
    lignes = []
    for pv in page:
        versions = list(pv.versions.all())
        titres = [
            point["titre"]
            for point in proces_verbaux_releve.pour_le_public(versions[0].donnees)["points"]
            if point["etat"] != EtatPoint.REPORTE.label
        ]
        combien = 1 + sum(bool(version.motif) for version in versions)
        lignes.append((pv, versions[0], _document_lu(versions[0], en_entier=False), combien, titres))
    reponse = render(
        request,
        "seances/proces_verbaux/proces_verbaux.html",
        {"instance": instance, "app": instance.app, "page": page, "lignes": lignes},
    )
    patch_cache_control(reponse, public=True, max_age=60, stale_while_revalidate=600)
    return reponse
