"""Pages of a programmation, in the back office, and of the contrat and its calls, in public."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contrat_ville.bilan.indicateurs import vues as indicateurs
from contrat_ville.cadre import vues as cadre
from contrat_ville.cadre.programmations import lectures
from contrat_ville.models import Contrat, Programmation, TypePiece
from contrat_ville.trouver import programmation_du_bureau
from contrat_ville.workflow.etats import Etape
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Boutons, avec_actes, boutons_de, pages_du_journal
from participation.socle.workflow import Role


@publique
@require_safe
def appels(request: HttpRequest) -> HttpResponse:
    """The contrat and its yearly calls."""
    return render(
        request,
        "contrat_ville/publiques/appels.html",
        {
            "contrat": Contrat.objects.prefetch_related("axes__objectifs").first(),
            "programmations": Programmation.objects.publiques(),
            "ouvertes": Programmation.objects.ouvertes(),
            "soutien": lectures.soutien(),
        },
    )


@publique
@require_safe
def appel(request: HttpRequest, annee: int) -> HttpResponse:
    trouve = get_object_or_404(Programmation.objects.publiques().select_related("contrat"), annee=annee)
    criteres = list(trouve.criteres.all())
    return render(
        request,
        "contrat_ville/publiques/appel.html",
        {
            "programmation": trouve,
            "recevabilite": [c for c in criteres if c.etape == Etape.RECEVABILITE],
            "merite": [c for c in criteres if c.etape == Etape.MERITE],
            "pieces": TypePiece.objects.filter(est_active=True),
        },
    )


A_REPLIER = {"clore_appel"}
DANS_LA_PAGE = frozenset(cadre.DE_LA_PROGRAMMATION) | frozenset(indicateurs.DE_LA_PROGRAMMATION)


@reserve_a(Role.AGENT)
@require_safe
def programmations(request: RequeteConnectee) -> HttpResponse:
    lignes = [
        (programmation, programmation.apparence.ensuite.format_map(programmation.mots_de_suite()))
        for programmation in Programmation.objects.select_related("contrat")
    ]
    return render(request, "contrat_ville/programmations.html", {"lignes": lignes})


@reserve_a(Role.AGENT)
@require_safe
def programmation(request: RequeteConnectee, pk: int) -> HttpResponse:
    """State of a programmation: calendar, grid, envelopes, journal."""
    trouvee, compte = programmation_du_bureau(request, pk), request.user
    apparence, mots = trouvee.apparence, trouvee.mots_de_suite()
    criteres = trouvee.criteres.select_related("programmation")
    enveloppes = trouvee.enveloppes.select_related("programmation", "financeur", "axe", "quartier")
    return render(
        request,
        "contrat_ville/programmation.html",
        {
            "programmation": trouvee,
            "apparence": apparence,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": avec_actes(trouvee, compte, apparence.pour.get(Role.AGENT, "")),
            "boutons": boutons_de_la_programmation(trouvee, compte),
            "manques": trouvee.manques("ouvrir_appel", compte)
            if trouvee.permet("ouvrir_appel", compte)
            else [],
            "grille": [
                (etape, [(c, boutons_de(c, compte)) for c in criteres if c.etape == etape.value])
                for etape in Etape
            ],
            "enveloppes": [(e, boutons_de(e, compte)) for e in enveloppes],
            "gel_de_la_grille": trouvee.gel_de_la_grille(),
            "gel_des_enveloppes": trouvee.gel_des_enveloppes(),
            "total_enveloppes": sum((e.montant for e in enveloppes), start=Decimal(0)),
            "dans_la_page": {b.acte: b for b in boutons_de(trouvee, compte) if b.acte in DANS_LA_PAGE},
            "combien": trouvee.projets.deposes().count(),
            "journal": pages_du_journal(request, trouvee),
        },
    )


def boutons_de_la_programmation(programmation: Programmation, compte: Compte) -> Boutons:
    """Main button: open the call. Beside: the other acts. Folded: close the call."""
    offerts = [b for b in boutons_de(programmation, compte) if b.acte not in DANS_LA_PAGE]
    principal = next((b for b in offerts if b.acte == "ouvrir_appel"), None)
    return Boutons(
        principal,
        [b for b in offerts if b is not principal and b.acte not in A_REPLIER],
        [b for b in offerts if b.acte in A_REPLIER],
    )
