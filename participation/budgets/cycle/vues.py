"""Back office: list of budgets, page of a budget."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.budgets.conservation.lectures import a_proposer, auteurs_a_effacer
from participation.budgets.cycle import lectures
from participation.budgets.models import Budget
from participation.budgets.trouver import budget_du_bureau
from participation.budgets.workflow.budget import LAUREATS, Capacite, EtatIdee, EtatProjetQuartier
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Bouton, Boutons, avec_actes, boutons_de, pages_du_journal
from participation.socle.workflow import Role

PRINCIPAUX = ("publier_budget", "creer_projet_quartier", "clore_budget")
AILLEURS = {"deplacer_phase", "effacer_auteurs"}


@reserve_a(Role.AGENT)
@require_safe
def budgets(request: RequeteConnectee) -> HttpResponse:
    lignes = [
        (budget, budget.apparence.ensuite.format_map(budget.mots_de_suite()))
        for budget in Budget.objects.avec_phases().annotate(
            combien_d_idees=Count("idees", distinct=True), combien_de_projets=Count("projets", distinct=True)
        )
    ]
    return render(request, "budgets/cycle/budgets.html", {"lignes": lignes, "a_effacer": a_proposer()})


@reserve_a(Role.AGENT)
@require_safe
def budget(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a budget: état, what may be done today, pending idées and projets."""
    trouve = budget_du_bureau(request, pk)
    apparence, mots = trouve.apparence, trouve.mots_de_suite()
    return render(
        request,
        "budgets/cycle/budget.html",
        {
            "budget": trouve,
            "apparence": apparence,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": avec_actes(trouve, request.user, apparence.pour.get(Role.AGENT, "")),
            "boutons": boutons(trouve, request.user),
            "maintenant": lectures.maintenant(trouve),
            "phases": [(phase, boutons_de(phase, request.user)) for phase in trouve.phases.all()],
            "avant_de_publier": trouve.manques("publier_budget", request.user)
            if trouve.etat == "preparation"
            else [],
            "attentes": attentes(trouve),
            "sommes": sommes(trouve),
            "forums": trouve.forums.all(),
            "actes": trouve.actes_permis_a(request.user),
            "peut_noter": trouve.peut(Capacite.SAISIR),
            "a_effacer": auteurs_a_effacer(trouve).count(),
            "journal": pages_du_journal(request, trouve),
        },
    )


def boutons(budget: Budget, compte: Compte) -> Boutons:
    """Main button: the act that is due. The other acts beside; the dangerous ones folded."""
    offerts = {b.acte: b for b in boutons_de(budget, compte) if b.acte not in AILLEURS}
    dus = [acte for acte in PRINCIPAUX if acte != "clore_budget" or budget.est_au_bout]
    principal = next(
        (offerts[acte] for acte in dus if acte in offerts and not budget.manques(acte, compte)), None
    )
    seconds: list[Bouton] = [b for b in offerts.values() if b is not principal and not b.est_dangereux]
    return Boutons(
        principal, seconds, [b for b in offerts.values() if b.est_dangereux and b is not principal]
    )


def attentes(budget: Budget) -> list[tuple[str, int, str, datetime | None]]:
    """(words, number, end of the URL of the list, date of the oldest one that waits for an agent)."""
    en_etude = frozenset(
        {EtatProjetQuartier.ETUDE, EtatProjetQuartier.FAISABILITE, EtatProjetQuartier.FAISABLE}
    )
    sortes: tuple[tuple[str, Any, Any, str, frozenset[str]], ...] = (
        ("Idées", budget.idees, EtatIdee, "ouvert_le", frozenset({EtatIdee.A_LIRE})),
        ("Projets", budget.projets, EtatProjetQuartier, "modifie_le", en_etude),
    )
    lignes = []
    for nom, voix, etats, le, attendus in sortes:
        lus = voix.order_by().values_list("etat").annotate(n=Count("pk"), depuis=Min(le))
        par_etat = {etat: (combien, depuis) for etat, combien, depuis in lus}
        for etat, mot in etats.choices:
            if etat in par_etat:
                combien, depuis = par_etat[etat]
                adresse = f"{nom.lower().replace('é', 'e')}/?etat={etat}"
                lignes.append((f"{nom} : {mot}", combien, adresse, depuis if etat in attendus else None))
    return lignes


def sommes(budget: Budget) -> dict[str, Any]:
    """Costs of the projets, to compare with the amount of the budget."""
    lues = budget.projets.aggregate(
        au_vote=Sum("cout", filter=Q(etat=EtatProjetQuartier.AU_VOTE)),
        laureats=Sum("cout", filter=Q(etat__in=sorted(LAUREATS))),
        depense=Sum("jalons__depense"),
    )
    # Separate queries: the join with the jalons would count a cost several times.
    lues["laureats"] = budget.projets.filter(etat__in=sorted(LAUREATS)).aggregate(n=Sum("cout"))["n"]
    lues["au_vote"] = budget.projets.filter(etat=EtatProjetQuartier.AU_VOTE).aggregate(n=Sum("cout"))["n"]
    return lues
