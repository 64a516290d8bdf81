"""Pages of the volunteers of a draw."""

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.socle.fichiers.export import csv_en_flux
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page, Reserve
from participation.socle.workflow import Role
from participation.tirage.models import ImportDeVolontaires, Tirage, Volontaire
from participation.tirage.trouver import trouver_tirage
from participation.tirage.volontaires import actes, imports
from participation.tirage.workflow import EtatTirage

PAR_PAGE = 50


@reserve_a(Role.AGENT)
@require_safe
def volontaires(request: RequeteConnectee, pk: int) -> HttpResponse:
    tirage = trouver_tirage(request, pk)
    personnes = tirage.volontaires.all()
    if cherche := sans_controle(request.GET.get("q", "")).strip()[:60]:
        personnes = personnes.filter(nom__icontains=cherche) | personnes.filter(numero__iexact=cherche)
    page = Paginator(personnes, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "tirage/volontaires.html",
        {
            "tirage": tirage,
            "page": page,
            "q": cherche,
            "lignes": [(p, p.profil_pour(tirage.categories)) for p in page],
            "peut_retirer": tirage.permet("retirer_volontaire", request.user),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def refus(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """CSV of the rows of a table that were refused, with the reason."""
    choisi = get_object_or_404(ImportDeVolontaires, pk=pk)
    return StreamingHttpResponse(
        csv_en_flux([*choisi.entetes, "Ligne", "Pourquoi elle est refusée"], imports.refus_en_lignes(choisi)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="lignes-refusees-{choisi.pk}.csv"'},
    )


@reserve_a(Role.AGENT)
@require_safe
def a_prevenir(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """CSV for letters merged from a word processor: to each her number and her chances, and where she checks them."""
    tirage = trouver_tirage(request, pk)
    adresse = request.build_absolute_uri(tirage.get_public_url())
    lignes = (
        [p.numero, p.nom, p.courriel, p.telephone, p.foyer, p.chance_en_mots, f"{adresse}?numero={p.numero}"]
        for p in tirage.volontaires.iterator(chunk_size=1000)
    )
    return StreamingHttpResponse(
        csv_en_flux(
            ["Numéro", "Nom", "Courriel", "Téléphone", "Adresse", "Chances", "Page à ouvrir"], lignes
        ),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="volontaires-a-prevenir-{pk}.csv"'},
    )


def dire_import(tirage: Tirage, fait: ImportDeVolontaires) -> str:
    if fait.etat == ImportDeVolontaires.Etat.EN_COURS:
        return "Le tableau est reçu. Cette page dit où en est sa lecture."
    dit = accorder(fait.ajoutees, "personne entre dans la liste.", "personnes entrent dans la liste.")
    if not fait.refusees:
        return dit
    return Reserve(
        f"{dit} {accorder(fait.refusees, 'ligne est refusée', 'lignes sont refusées')} : la page dit pourquoi."
    )


def dire_les_lettres(tirage: Tirage) -> str:
    sans = tirage.volontaires.filter(courriel="").count()
    quoi = "le résultat" if tirage.etat == EtatTirage.TIRE else "ses chances, et le jour du tirage"
    dit = f"Chaque personne qui a donné un courriel reçoit son numéro, et {quoi}. Personne ne reçoit deux fois la même lettre."
    if not sans:
        return dit
    return f"{dit} {accorder(sans, 'personne n’a pas', 'personnes n’ont pas')} de courriel : « Numéros et chances (CSV) » sert à leur lettre de papier."


PAGES: dict[str, Page[Tirage]] = {
    "importer_volontaires": Page(
        imports.importer_volontaires,
        imports.ImporterForm,
        "Les personnes dont la ligne se lit entrent dans la liste. Les autres lignes sont gardées à part, avec la raison : "
        "téléchargez-les, corrigez-les, puis importez-les.",
        succes=dire_import,
        retour="#volontaires",
    ),
    "ajouter_volontaire": Page(
        actes.ajouter_volontaire,
        actes.VolontaireForm,
        "Une personne qui accepte d’être tirée au sort.",
        succes="La personne est dans la liste.",
        retour="#volontaires",
    ),
    "figer": Page(
        actes.figer,
        consequence="Chaque personne reçoit un numéro au hasard. La règle et une empreinte de chaque personne, qui ne dit rien "
        "d’elle, sont publiées. La liste, les quotas et la règle ne changent plus.",
    ),
    "prevenir_volontaires": Page(
        actes.prevenir_volontaires,
        consequence=dire_les_lettres,
        bouton="Écrire à chacun",
        succes=lambda _, combien: (
            f"{accorder(combien, 'lettre se prépare', 'lettres se préparent')}. Qui l’a déjà reçue n’en reçoit pas d’autre."
        ),
        retour="#volontaires",
    ),
    "semer": Page(
        actes.semer,
        actes.SemerForm,
        lambda t: (
            f"Source annoncée : {t.get_source_display()}. {t.precision_source} Chaque personne reçoit son billet, et "
            "une seule par foyer reste dans le tirage."
        ),
    ),
}

PAGES_DES_VOLONTAIRES: dict[str, Page[Volontaire]] = {
    "retirer_volontaire": Page(
        actes.retirer_volontaire, consequence="Rien n’est gardé de cette personne.", retour="#volontaires"
    )
}
