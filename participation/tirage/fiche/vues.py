"""Pages of draws for agents: list, new draw, page of a draw."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import Boutons, boutons_de
from participation.socle.views.pages import essayer, lier
from participation.socle.workflow import Role
from participation.tirage.models import Tirage
from participation.tirage.quotas import actes
from participation.tirage.regles import quotas as regles
from participation.tirage.trouver import trouver_tirage
from participation.tirage.verification.lectures import repartition
from participation.tirage.volontaires.actes import foyers_partages
from participation.tirage.workflow import EtatCalcul, EtatTirage

JOURNAL = 30  # lines per page
PRINCIPAUX = ("tirer", "publier_panels", "calculer", "semer", "figer")
AILLEURS = {"regler_quotas", "importer_volontaires", "ajouter_volontaire", "assouplir_quotas"}
A_REPLIER = {"abandonner_tirage"}


@reserve_a(Role.AGENT)
@require_safe
def tirages(request: RequeteConnectee) -> HttpResponse:
    lignes = [(t, t.apparence.ensuite.format_map(t.mots_de_suite())) for t in Tirage.objects.defer("panels")]
    return render(request, "tirage/tirages.html", {"lignes": lignes})


def preparer_tirage(request: RequeteConnectee) -> HttpResponse:
    if refus := Tirage().refus("preparer_tirage", request.user):
        raise refus
    form = lier(request, actes.RegleForm, None)
    if form.is_valid():
        prepare = essayer(form, lambda: actes.preparer_tirage(par=request.user, **form.cleaned_data))
        if prepare is not None:
            messages.success(
                request, "Le tirage est préparé. Écrivez ses quotas, puis réunissez les volontaires."
            )
            return redirect(prepare)
    return render(request, "tirage/preparer_tirage.html", {"form": form})


@reserve_a(Role.AGENT)
@require_safe
def tirage(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a draw: état, next step, buttons, quotas, volunteers, chances, panel."""
    trouve, compte = trouver_tirage(request, pk), request.user
    apparence, mots = trouve.apparence, trouve.mots_de_suite()
    permis = trouve.actes_permis_a(compte)
    bassin = trouve.bassin()
    return render(
        request,
        "tirage/tirage.html",
        {
            "tirage": trouve,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": apparence.pour.get(Role.AGENT, "").format_map(mots),
            "apparence": apparence,
            "actes": permis,
            "boutons": boutons(trouve, request),
            "manques": trouve.manques("figer", compte) if trouve.etat == EtatTirage.PREPARATION else [],
            "reserves": regles.reserves(bassin),
            "repartition": repartition(trouve),
            "nombre": trouve.volontaires.count(),
            "tirables": sum(bassin.effectifs),
            "foyers": foyers_partages(trouve),
            "assouplir": trouve.calcul == EtatCalcul.IMPOSSIBLE,
            "assis": trouve.volontaires.assis(),
            "journal": Paginator(trouve.journal.select_related("par"), JOURNAL).get_page(
                request.GET.get("lignes")
            ),
        },
    )


def boutons(tirage: Tirage, request: RequeteConnectee) -> Boutons:
    offerts = {b.acte: b for b in boutons_de(tirage, request.user) if b.acte not in AILLEURS}
    principal = next((offerts[acte] for acte in PRINCIPAUX if acte in offerts), None)
    seconds = [b for b in offerts.values() if b is not principal and b.acte not in A_REPLIER]
    return Boutons(principal, seconds, [b for b in offerts.values() if b.acte in A_REPLIER])
