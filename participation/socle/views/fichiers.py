"""Files given by the site: rights are checked at each request, and no script in a file can run."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from participation.socle.actions.documents import redemander_document
from participation.socle.actions.pieces import IMAGES, PDF, nommer
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.protocole import envoyer
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Document, ExamenPdf, Piece
from participation.socle.workflow import Role

# Chromium does not show a PDF in a sandbox. A PDF cannot reach the site anyway.
CSP_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
CSP_AUTRE = "default-src 'none'; sandbox; frame-ancestors 'none'"


@publique
@require_safe
def document(request: HttpRequest, cle: UUID) -> HttpResponseBase:
    """The PDF of a document. A public one is given without reading the session, and caches may keep it."""
    trouve = Document.objects.publics().filter(cle_publique=cle).first()
    est_public = trouve is not None
    if trouve is None:
        if not request.user.is_authenticated:
            return _se_connecter(request, Document.objects.filter(cle_publique=cle).exists())
        trouve = get_object_or_404(Document.objects.visibles_par(request.user), cle_publique=cle)
    if trouve.etat != Document.Etat.PRET:
        if est_public:
            raise Http404
        return redirect("socle:document_etat", cle)
    return servir(
        request,
        trouve.fichier,
        nom=nommer(trouve.titre, ".pdf"),
        type_mime=PDF,
        empreinte=trouve.sha256,
        est_public=est_public,
        est_du_service=True,
    )


@require_safe
def document_etat(request: RequeteConnectee, cle: UUID) -> HttpResponse:
    """Progress of a document. The page polls until the PDF is ready."""
    trouve = get_object_or_404(Document.objects.visibles_par(request.user), cle_publique=cle)
    gabarit = "socle/dossiers/document_etat.html"
    reponse = render(
        request,
        f"{gabarit}#etat" if getattr(request, "htmx", False) else gabarit,
        {"document": trouve, "peut_refaire": request.user.est_agent and trouve.fige_le is None},
    )
    patch_cache_control(reponse, no_store=True)
    return reponse


@require_POST
@reserve_a(Role.AGENT)
def redemander(request: RequeteConnectee, cle: UUID) -> HttpResponse:
    trouve = get_object_or_404(Document.objects.visibles_par(request.user), cle_publique=cle)
    redemander_document(trouve, par=request.user)
    return redirect("socle:document_etat", cle)


@publique
@require_safe
def piece(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An attached file. Images and PDF files are shown, other types are downloaded."""
    publiques = Piece.objects.filter(pk=pk, est_publique=True, dossier__est_publie=True, retiree_le=None)
    trouvee = publiques.first()
    est_publique = trouvee is not None
    if trouvee is None:
        if not request.user.is_authenticated:
            return _se_connecter(request, Piece.objects.filter(pk=pk, retiree_le=None).exists())
        trouvee = get_object_or_404(Piece.objects.visibles_par(request.user), pk=pk, retiree_le=None)
    return servir(
        request,
        trouvee.fichier,
        nom=trouvee.nom,
        type_mime=trouvee.type_mime,
        empreinte=trouvee.sha256,
        est_public=est_publique,
    )


def _se_connecter(request: HttpRequest, existe: bool) -> HttpResponse:
    """Redirect to the sign-in page, which leads back to the file; 404 if there is no such file."""
    if not existe:
        raise Http404
    return redirect_to_login(request.get_full_path())


def servir(
    request: HttpRequest,
    fichier: FieldFile,
    *,
    nom: str,
    type_mime: str,
    empreinte: str,
    est_public: bool,
    est_du_service: bool = False,
) -> HttpResponseBase:
    """Serve a file whose reader has already been checked by the caller.

    The ETag is its hash, so a browser downloads it once. No script in it can run.
    A PDF is shown in the browser if the service made it, or if `ExamenPdf` found it harmless; otherwise it is
    downloaded.
    """
    se_montre = type_mime in IMAGES or (
        type_mime == PDF and (est_du_service or ExamenPdf.se_montre(empreinte))
    )
    # A different ETag when the file is no longer shown: a browser that has it in cache must ask again.
    etag = quote_etag(empreinte if se_montre else f"{empreinte}-a-telecharger")
    reponse: HttpResponseBase
    if etag in [valeur.strip() for valeur in request.headers.get("If-None-Match", "").split(",")]:
        reponse = HttpResponseNotModified()
    else:
        try:
            ouvert = fichier.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        reponse = envoyer(
            request,
            ouvert.file,
            nom=nom,
            type_mime="text/plain; charset=utf-8" if type_mime.startswith("text/") else type_mime,
            joint=not se_montre,
            etag=etag,
        )
    reponse["ETag"] = etag
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = CSP_PDF if type_mime == PDF else CSP_AUTRE
    if est_public:
        patch_cache_control(reponse, public=True, max_age=300)
    else:
        patch_cache_control(reponse, private=True, no_cache=True)
    return reponse
