"""Reading pages of the procès-verbaux, for members before publication and then for everybody."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from participation.seances.actions import proces_verbaux as actions
from participation.seances.forms.proces_verbaux import RemarquerForm
from participation.seances.lectures import minutes
from participation.seances.lectures.proces_verbaux import mention
from participation.seances.models import Instance, ProcesVerbal, VersionPV
from participation.seances.workflow import EtatPoint, EtatPV
from participation.socle.actions.pieces import PDF, nommer
from participation.socle.erreurs import ActeInterdit
from participation.socle.http import publique
from participation.socle.models import Compte, Document
from participation.socle.views.fichiers import servir
from participation.socle.views.pages import acte_depasse

PAR_PAGE = 20


@publique
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
                actions.remarquer_pv(pv, par=visiteur, **form.cleaned_data)
            except ActeInterdit as erreur:
                return acte_depasse(request, erreur.message, request.path)  # type: ignore[arg-type]
            messages.success(request, "Votre remarque est transmise au service.")
            return redirect(f"{request.path}#remarques")
    derniere = versions[0]
    en_entier = not est_publie and visiteur is not None and pv.est_reserve_a(visiteur)
    releve = derniere.donnees if en_entier else minutes.pour_le_public(derniere.donnees)
    caches = len(derniere.donnees["points"]) - len(releve["points"])
    reponse = render(
        request,
        "seances/lire_proces_verbal.html",
        {
            "pv": pv,
            "seance": pv.seance,
            "app": pv.seance.instance.app,
            "derniere": derniere,
            "versions": [(version, _document_lu(version, en_entier=en_entier)) for version in versions],
            "document": _document_lu(derniere, en_entier=en_entier),
            "lecture": minutes.presenter(releve, derniere.texte, huis_clos=caches),
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
            for point in minutes.pour_le_public(versions[0].donnees)["points"]
            if point["etat"] != EtatPoint.REPORTE.label
        ]
        combien = 1 + sum(bool(version.motif) for version in versions)
        lignes.append((pv, versions[0], _document_lu(versions[0], en_entier=False), combien, titres))
    reponse = render(
        request,
        "seances/proces_verbaux.html",
        {"instance": instance, "app": instance.app, "page": page, "lignes": lignes},
    )
    patch_cache_control(reponse, public=True, max_age=60, stale_while_revalidate=600)
    return reponse
