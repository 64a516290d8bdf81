"""Library of the commission: kept by agents, read by members and, for open documents, by everybody."""

import hashlib
from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from ccspl.models import INSTANCE, DocumentBibliotheque, RapportAnnuel, VersionDocument, siege
from participation.seances.models import EntreeInstance
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.pieces import nommer, poids, reconnaitre
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import ChampFichier, champ_case, champ_choix, champ_ligne, champ_texte
from participation.socle.forms.filters import Filtres
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.textes import sans_controle
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.dossier import boutons_de
from participation.socle.views.fichiers import servir
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.pages import Page, acte
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role


# The library ---------------------------------------------------------------------------------------------------------
def _dit(titre: str, categorie: str, description: str, est_public: bool) -> dict[str, Any]:
    return {
        "titre": sans_controle(titre).strip(),
        "categorie": categorie,
        "description": sans_controle(description),
        "est_public": est_public,
    }


ACCEPTES = "PDF, image, texte ou tableur."


Categorie = DocumentBibliotheque.Categorie


class DireDocumentForm(ActeForm):
    titre = champ_ligne("Titre", maximum=160)
    categorie = champ_choix("Rubrique", [(c.value, majuscule(c.label)) for c in Categorie])
    description = champ_texte(
        "En une phrase", "Ce qu’on y trouve, et à quoi il sert.", lignes=2, requis=False, maximum=400
    )
    est_public = champ_case(
        "Ouvert à tous", "Sinon, seuls les membres de la commission et les agents le lisent.", requis=False
    )


class AjouterDocumentForm(DireDocumentForm):
    fichier = ChampFichier(label="Fichier", help_text=ACCEPTES)
    field_order = ("titre", "categorie", "description", "fichier", "est_public")


@acte(
    Page[DocumentBibliotheque](
        ouvre=True,
        form=AjouterDocumentForm,
        consequence="Les membres le trouvent aussitôt dans la bibliothèque de la commission.",
        succes="Le document est dans la bibliothèque.",
        retour=lambda *_: reverse("ccspl:documents_bibliotheque"),
    )
)
@transaction.atomic
def ajouter_document(
    document: DocumentBibliotheque,
    *,
    par: Compte,
    titre: str,
    categorie: str,
    fichier: UploadedFile,
    description: str = "",
    est_public: bool = False,
) -> DocumentBibliotheque:
    """Add a document, on a new row. Raises ValidationError, on « fichier » when its content is refused."""
    pas = exiger(document, "ajouter_document", par=par)
    enregistrer(document, **_dit(titre, categorie, description, est_public))
    _deposer(document, fichier, par=par)
    pas.avancer(fait=f"Document ajouté : {document}", details={"document": document.pk})
    return document


class ModifierDocumentForm(DireDocumentForm):
    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in self.base_fields}


@acte(Page[DocumentBibliotheque](form=ModifierDocumentForm, succes="La présentation est modifiée."))
@transaction.atomic
def modifier_document(
    document: DocumentBibliotheque,
    *,
    par: Compte,
    titre: str,
    categorie: str,
    description: str = "",
    est_public: bool = False,
) -> None:
    """Change the title, the description or the readers of a document.

    See `remplacer_document` for the file.
    """
    pas = exiger(document, "modifier_document", par=par)
    dit = _dit(titre, categorie, description, est_public)
    fait = f"Document modifié : {dit['titre']}"
    if document.est_public != est_public:
        fait += ", ouvert à tous" if est_public else ", réservé aux membres"
    pas.avancer(champs={**dit, "modifie_le": timezone.now()}, fait=fait, details={"document": document.pk})


class RemplacerDocumentForm(ActeForm):
    fichier = ChampFichier(label="Nouveau fichier", help_text=ACCEPTES)
    motif = champ_ligne(
        "Ce qui a changé", "Montré avec le document, dans la liste des versions.", maximum=200
    )


@acte(
    Page[DocumentBibliotheque](
        form=RemplacerDocumentForm,
        consequence="Le nouveau fichier est montré à la place de l’ancien, qui est gardé pour les agents.",
        succes="Le fichier est remplacé.",
    )
)
@transaction.atomic
def remplacer_document(
    document: DocumentBibliotheque, *, par: Compte, fichier: UploadedFile, motif: str
) -> None:
    """Replace the file of a document. Agents keep access to the former ones."""
    pas = exiger(document, "remplacer_document", par=par)
    version = _deposer(document, fichier, par=par, motif=motif)
    pas.avancer(
        fait=f"Document remplacé : {document}, version {version.numero}",
        motif=motif,
        details={"document": document.pk, "sha256": version.sha256},
    )


RetirerDocumentForm = demander_texte("Pourquoi le retirer", maximum=200, lignes=1)


@acte(
    Page[DocumentBibliotheque](
        form=RetirerDocumentForm,
        consequence="Les membres et le public ne le trouvent plus. Les agents gardent ses fichiers.",
        succes="Le document est retiré.",
    )
)
@transaction.atomic
def retirer_document(document: DocumentBibliotheque, *, par: Compte, motif: str) -> None:
    """Hide a document from members and public.

    Its files are kept for the agents, since the journal mentions them.
    """
    avancer(
        document,
        "retirer_document",
        par=par,
        champs={"retire_le": timezone.now(), "motif_retrait": motif},
        fait=f"Document retiré : {document}",
        motif=motif,
        details={"document": document.pk},
    )


def _deposer(
    document: DocumentBibliotheque, fichier: UploadedFile, *, par: Compte, motif: str = ""
) -> VersionDocument:
    contenu = reconnaitre(fichier)
    empreinte = hashlib.sha256(contenu.octets).hexdigest()
    if document.version is not None and document.version.sha256 == empreinte:
        raise ValidationError({"fichier": "Ce fichier est déjà celui que la bibliothèque montre."})
    nom = nommer(fichier.name or "", contenu.extension)
    dernier = document.versions.aggregate(n=Max("numero"))["n"] or 0
    version = VersionDocument(
        document=document,
        numero=dernier + 1,
        nom=nom,
        type_mime=contenu.type_mime,
        taille=len(contenu.octets),
        sha256=empreinte,
        motif=sans_controle(motif),
        par=par,
    )
    version.full_clean(exclude=["fichier"])
    version.fichier.save(nom, ContentFile(contenu.octets), save=False)
    try:
        version.save()
        document.version, document.modifie_le = version, timezone.now()
        document.save(update_fields=["version", "modifie_le"])
    except Exception:
        version.fichier.storage.delete(version.fichier.name)
        raise
    return version


class BibliothequeFilter(Filtres):
    """Filters for agents, who also see withdrawn documents."""

    categorie = django_filters.ChoiceFilter(label="Rubrique", choices=Categorie.choices, empty_label="Toutes")
    lecteurs = django_filters.ChoiceFilter(
        label="Lu par",
        choices=(("tous", "Tout le monde"), ("membres", "Les membres")),
        empty_label="Tous",
        method="par_lecteurs",
    )
    retires = django_filters.ChoiceFilter(
        label="Montré",
        choices=(("non", "Dans la bibliothèque"), ("oui", "Retiré")),
        empty_label="Tous",
        method="par_retrait",
    )

    class Meta:
        model = DocumentBibliotheque
        fields: list[str] = []

    def chercher(self, documents: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        return documents.filter(mots_du_document(mots))

    def par_lecteurs(self, documents: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return documents.filter(est_public=valeur == "tous")

    def par_retrait(self, documents: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return documents.filter(retire_le__isnull=valeur == "non")


def mots_du_document(mots: str) -> Q:
    """Condition: each word is in the title or in the description; accents are ignored."""
    condition = Q()
    for mot in mots.split()[:10]:
        condition &= Q(titre__unaccent__icontains=mot) | Q(description__unaccent__icontains=mot)
    return condition


class ChercherDocumentForm(forms.Form):
    """Search form for members and for the public."""

    q = champ_ligne("Mots", maximum=100, requis=False, attributs={"type": "search"})
    rubrique = champ_choix("Rubrique", [("", "Toutes"), *Categorie.choices], requis=False)

    def filtrer(self, documents: QuerySet[DocumentBibliotheque]) -> QuerySet[DocumentBibliotheque]:
        if not self.is_valid():
            return documents
        documents = documents.filter(mots_du_document(self.cleaned_data["q"]))
        rubrique = self.cleaned_data["rubrique"]
        return documents.filter(categorie=rubrique) if rubrique else documents


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
        "ccspl/bibliotheque/bibliotheque.html",
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
        gabarit="ccspl/bibliotheque/documents.html",
    )


@require_safe
@reserve_a(Role.AGENT)
def document(request: RequeteConnectee, pk: int) -> HttpResponse:
    """A document: description, versions, journal."""
    trouve = document_bibliotheque(request, pk)
    return render(
        request,
        "ccspl/bibliotheque/document.html",
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
