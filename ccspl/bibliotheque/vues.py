"""Library of the commission: managed by agents, read by members and, for open documents, by everybody."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from ccspl.bibliotheque import actes
from ccspl.bibliotheque.actes import BibliothequeFilter, ChercherDocumentForm
from ccspl.models import INSTANCE, DocumentBibliotheque, RapportAnnuel, VersionDocument, siege
from participation.seances.models import EntreeInstance
from participation.socle.actions.pieces import poids
from participation.socle.http.decorateurs import gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.fichiers import servir
from participation.socle.views.listes import Cellule, Colonne, Liste, page_liste
from participation.socle.views.pages import Page, pages
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

PAR_PAGE = 30


LIGNES_JOURNAL = 30


# Readers -------------------------------------------------------------------------------------------------------------
@publique
@require_safe
@gardable(60)
def bibliotheque(request: HttpRequest) -> HttpResponse:
    """Documents open to all and published reports; no account needed."""
    documents: QuerySet[DocumentBibliotheque] = DocumentBibliotheque.objects.filter(
        est_public=True, retire_le=None
    )
    return _page(request, documents, est_publique=True)


@require_safe
def bibliotheque_des_membres(request: RequeteConnectee) -> HttpResponse:
    """All documents, for members of the commission today and agents; others are redirected to the open
    ones."""
    if not (request.user.est_agent or siege(request.user)):
        # The public library links to this page for members, before they sign in: others must not get an
        # error.
        messages.info(
            request,
            "Les documents réservés s’ouvrent aux membres de la commission. Voici ceux ouverts à tous.",
        )
        return redirect("ccspl:bibliotheque")
    return _page(request, DocumentBibliotheque.objects.filter(retire_le=None), est_publique=False)


def _page(
    request: HttpRequest, documents: QuerySet[DocumentBibliotheque], *, est_publique: bool
) -> HttpResponse:
    form = ChercherDocumentForm(request.GET)
    trouves = form.filtrer(documents).select_related("version").order_by("categorie", "titre", "pk")
    return render(
        request,
        "ccspl/vie/bibliotheque.html",
        {
            "app": "ccspl",
            "est_publique": est_publique,
            "form": form,
            "cherche": any(request.GET.get(champ) for champ in form.fields),
            "page": Paginator(trouves, PAR_PAGE).get_page(request.GET.get("page")),
            "rapports": RapportAnnuel.objects.filter(publie_le__isnull=False).select_related("document")[:10],
        },
    )


@publique
@require_safe
def fichier_bibliotheque(request: HttpRequest, pk: int, numero: int) -> HttpResponseBase:
    """File of a version. Former versions are for agents only.

    An open file does not read the session.
    """
    version = get_object_or_404(
        VersionDocument.objects.select_related("document"), document=pk, numero=numero
    )
    document = version.document
    montree = document.version_id == version.pk and document.retire_le is None
    est_ouverte = montree and document.est_public
    if not est_ouverte:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        if not (request.user.est_agent or (montree and siege(request.user))):
            raise Http404
    return servir(
        request,
        version.fichier,
        nom=version.nom,
        type_mime=version.type_mime,
        empreinte=version.sha256,
        est_public=est_ouverte,
    )


# Agents --------------------------------------------------------------------------------------------------------------
@reserve_a(Role.AGENT)
@require_safe
def documents(request: RequeteConnectee) -> HttpResponseBase:
    def lecteurs(document: DocumentBibliotheque) -> Cellule:
        if document.retire_le is not None:
            return Cellule("Retiré", couleur="neutre", icone="croix")
        if document.est_public:
            return Cellule("Tout le monde", couleur="succes", icone="lecture")
        return Cellule("Les membres", couleur="accent", icone="personnes")

    return page_liste(
        request,
        Liste(
            cle="ccspl:documents_bibliotheque",
            titre="Bibliothèque de la commission",
            app="ccspl",
            objets=DocumentBibliotheque.objects.select_related("version"),
            filtres=BibliothequeFilter,
            colonnes=[
                Colonne(
                    "titre",
                    "Document",
                    lambda d: Cellule(d.titre, sous=d.description),
                    export=lambda d: d.titre,
                    tri="titre",
                ),
                Colonne(
                    "categorie", "Rubrique", lambda d: capfirst(d.get_categorie_display()), tri="categorie"
                ),
                Colonne("lecteurs", "Lu par", lecteurs, export=lambda d: lecteurs(d).texte),
                Colonne(
                    "version",
                    "Version",
                    lambda d: Cellule(d.version.numero, sous=poids(d.version.taille)) if d.version else None,
                    export=lambda d: d.version.numero if d.version else None,
                ),
                Colonne(
                    "modifie_le", "Changé le", lambda d: timezone.localdate(d.modifie_le), tri="modifie_le"
                ),
            ],
            tri="titre",
            singulier="document",
            pluriel="documents",
            vide="Ajoutez le règlement intérieur, un guide, une étude : les membres les retrouvent ici.",
        ),
        gabarit="ccspl/vie/documents.html",
    )


@require_safe
@reserve_a(Role.AGENT)
def document(request: RequeteConnectee, pk: int) -> HttpResponse:
    """A document: description, versions, journal."""
    trouve = document_bibliotheque(request, pk)
    return render(
        request,
        "ccspl/vie/document.html",
        {
            "app": "ccspl",
            "document": trouve,
            "boutons": boutons_de(trouve, request.user),
            "versions": trouve.versions.select_related("par"),
            "journal": EntreeInstance.objects.filter(
                instance__cle=INSTANCE, acte__endswith="_document", details__document=pk
            ).select_related("par")[:LIGNES_JOURNAL],
        },
    )


document_bibliotheque = par_numero(DocumentBibliotheque, "version")


AJOUTER = pages(actes.ajouter_document)


PAGES: dict[str, Page[DocumentBibliotheque]] = pages(
    actes.modifier_document, actes.remplacer_document, actes.retirer_document
)
