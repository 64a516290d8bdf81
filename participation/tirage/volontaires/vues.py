"""Pages of the volunteers of a draw."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page
from participation.socle.workflow import Role
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.trouver import trouver_tirage
from participation.tirage.volontaires import actes

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


PAGES: dict[str, Page[Tirage]] = {
    "importer_volontaires": Page(
        actes.importer_volontaires,
        actes.ImporterForm,
        "Le tableau est lu en entier. Si une ligne ne peut pas être lue, rien n’est importé et la page dit pourquoi.",
        succes=lambda tirage, combien: f"{combien} personnes sont dans la liste.",
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
