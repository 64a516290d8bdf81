"""Pages of the volunteers of a draw."""

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.regles.textes import sans_controle
from participation.socle.views.exports import en_csv, lignes_refusees
from participation.socle.workflow import Role
from participation.tirage.models import ImportDeVolontaires
from participation.tirage.trouver import trouver_tirage

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
    return lignes_refusees(f"lignes-refusees-{choisi.pk}", choisi.entetes, choisi.refus.all())


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
    entetes = ["Numéro", "Nom", "Courriel", "Téléphone", "Adresse", "Chances", "Page à ouvrir"]
    return en_csv(f"volontaires-a-prevenir-{pk}", entetes, lignes)
