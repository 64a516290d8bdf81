"""Pages of draws for agents: list, new draw, page of a draw."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.francais import accorder, pourcentage
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Tournee
from participation.socle.views.dossier import Boutons, avec_actes, boutons_de
from participation.socle.views.pages import essayer, lier
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role
from participation.tirage import quotas, regles
from participation.tirage.models import ImportDeVolontaires, Tirage
from participation.tirage.selection.comptes import comptes_de, repartition
from participation.tirage.trouver import trouver_tirage
from participation.tirage.verification import prevision, remplacements
from participation.tirage.workflow import EtatCalcul, EtatTirage

REFUS_MONTRES = 5
JOURNAL = 30  # lines per page
PRINCIPAUX = ("tirer", "publier_panels", "calculer", "semer", "figer")
# Their buttons stand in the section that they are about.
AILLEURS = {
    "ajouter_volontaire",
    "annuler_volontaires",
    "arreter_calcul",
    "assouplir_quotas",
    "controler_quotas",
    "importer_volontaires",
    "preparer_pv",
    "prevoir_pertes",
    "regler_quotas",
}
A_REPLIER = {"abandonner_tirage"}


@reserve_a(Role.AGENT)
@require_safe
def tirages(request: RequeteConnectee) -> HttpResponse:
    lignes = [(t, t.ensuite()) for t in Tirage.objects.defer("panels")]
    return render(request, "tirage/tirages.html", {"lignes": lignes})


@require_http_methods(["GET", "HEAD", "POST"])
def preparer_tirage(request: RequeteConnectee) -> HttpResponse:
    if refus := Tirage().refus("preparer_tirage", request.user):
        raise refus
    form = lier(request, quotas.RegleForm, None)
    if form.is_valid():
        prepare = essayer(form, lambda: quotas.preparer_tirage(par=request.user, **form.cleaned_data))
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
    comptes = comptes_de(trouve)
    importe = trouve.imports.first()
    return render(
        request,
        "tirage/tirage.html",
        {
            "tirage": trouve,
            "pour_qui": next(recueillir("pour_qui_on_tire", trouve.pk), None),
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": avec_actes(trouve, compte, apparence.pour.get(Role.AGENT, "").format_map(mots)),
            "apparence": apparence,
            "actes": permis,
            "boutons": boutons(trouve, request),
            "manques": trouve.manques("figer", compte) if trouve.etat == EtatTirage.PREPARATION else [],
            "reserves": regles.reserves(trouve.categories),
            "repartition": repartition(trouve),
            "nombre": comptes["volontaires"],
            "tirables": comptes["tirables"],
            "foyers": comptes["foyers"],
            "importe": importe,
            "tournee": Tournee.objects.pour(trouve),
            "prevision": prevision(trouve),
            "remplacements": remplacements(trouve),
            "refus_dits": dire_les_refus(importe) if importe else "",
            "au_mieux": pourcentage(trouve.mesures["au_mieux"] * 100, 2) if trouve.mesures else "",
            "au_moins": pourcentage(trouve.mesures["au_moins"] * 100, 2) if trouve.mesures else "",
            "controle": trouve.controle,
            "assouplir": trouve.calcul == EtatCalcul.IMPOSSIBLE,
            "assis": trouve.volontaires.assis(),
            "journal": Paginator(trouve.journal.select_related("par"), JOURNAL).get_page(
                request.GET.get("lignes")
            ),
        },
    )


def dire_les_refus(importe: ImportDeVolontaires) -> str:
    premieres = " ".join(
        f"Ligne {refus.numero} : {refus.raison}" for refus in importe.refus.all()[:REFUS_MONTRES]
    )
    return f"{accorder(importe.refusees, 'ligne refusée', 'lignes refusées')}. {premieres}"


def boutons(tirage: Tirage, request: RequeteConnectee) -> Boutons:
    offerts = {b.acte: b for b in boutons_de(tirage, request.user) if b.acte not in AILLEURS}
    principal = next((offerts[acte] for acte in PRINCIPAUX if acte in offerts), None)
    seconds = [b for b in offerts.values() if b is not principal and b.acte not in A_REPLIER]
    return Boutons(principal, seconds, [b for b in offerts.values() if b.acte in A_REPLIER])
