"""The list for the door: a name is looked for, a presence noted in one click."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.rencontres.inscriptions import lectures
from participation.rencontres.trouver import trouver_rencontre
from participation.rencontres.workflow import RECUEILLENT
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import sans_portes_fermees
from participation.socle.workflow import Role

PAR_PAGE = 60


@reserve_a(Role.AGENT, Role.ACCUEIL)
@never_cache
@require_safe
def accueil(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver_rencontre(request, pk)
    mots = sans_controle(request.GET.get("q", ""))
    gens = Paginator(lectures.inscrites(trouvee, mots), PAR_PAGE).get_page(request.GET.get("page"))
    for inscription in gens:
        inscription.rencontre = trouvee
    return render(
        request,
        "rencontres/accueil.html",
        {
            "rencontre": trouvee,
            "fil": sans_portes_fermees(trouvee.fil, request.user),
            "gens": gens,
            "mots": mots,
            "chiffres": lectures.chiffres(trouvee),
            "est_ouverte": trouvee.etat in RECUEILLENT,
            "peut_inscrire": trouvee.permet("inscrire", request.user),
            "trop_tot": trouvee.pas_encore_le_jour(),
        },
    )
