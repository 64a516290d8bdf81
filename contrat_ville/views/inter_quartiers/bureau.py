"""Back office of the inter-quartier budgets: budgets, idées, projets."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contrat_ville.forms.inter_quartiers.filtres import IdeeFilter, ProjetQuartierFilter
from contrat_ville.lectures.inter_quartiers import publics
from contrat_ville.lectures.inter_quartiers.conservation import a_proposer, auteurs_a_effacer
from contrat_ville.lectures.inter_quartiers.semblables import semblables
from contrat_ville.models import Budget, Idee, ProjetQuartier
from contrat_ville.views.inter_quartiers.trouver import budget_du_bureau, idee_du_bureau, projet_du_bureau
from contrat_ville.views.suites import contexte_des_suites
from contrat_ville.workflow.inter_quartiers import (
    IDEES_VIVANTES,
    LAUREATS,
    Capacite,
    EtatIdee,
    EtatProjetQuartier,
)
from participation.socle.filters import avec_echeance
from participation.socle.francais import enumerer, montant
from participation.socle.http import ROLES_BUREAU, RequeteConnectee, reserve_a
from participation.socle.models import Compte
from participation.socle.views.dossier import (
    Bouton,
    Boutons,
    boutons_de,
    ou_se_lit,
    page_dossier,
    pages_du_journal,
)
from participation.socle.views.listes import (
    Cellule,
    Colonne,
    Liste,
    colonne_agent,
    colonne_etat,
    colonne_titre,
    page_liste,
)
from participation.socle.workflow import Role

PRINCIPAUX = ("publier_budget", "creer_projet_quartier", "clore_budget")
AILLEURS = {"deplacer_phase", "effacer_auteurs"}


def _quartiers(objet: Any) -> str | None:
    noms = [q.nom for q in objet.quartiers.all()]
    return enumerer(noms) if noms else None


COLONNES_DES_IDEES = [
    colonne_titre("Idée"),
    colonne_etat("etat"),
    Colonne("quartiers", "Quartiers", _quartiers),
    Colonne("canal", "Reçue", lambda i: i.get_canal_display(), tri="canal"),
    Colonne(
        "projet",
        "Projet",
        lambda i: i.projet_quartier.reference if i.projet_quartier else None,
        tri="projet_quartier__reference",
    ),
    Colonne("ouvert_le", "Le", lambda i: i.ouvert_le, tri="ouvert_le"),
    colonne_agent(),
]
COLONNES_DES_PROJETS = [
    colonne_titre("Projet"),
    colonne_etat("etat"),
    Colonne("quartiers", "Quartiers", _quartiers, a_l_ecran=False),
    Colonne("combien", "Idées", lambda p: p.combien, tri="combien", nombre=True),
    Colonne(
        "avis",
        "Avis",
        lambda p: f"{p.rendus}/{p.demandes_avis}" if p.demandes_avis else None,
        tri="demandes_avis",
    ),
    Colonne(
        "cout",
        "Coût",
        lambda p: montant(p.cout) if p.cout is not None else None,
        export=lambda p: p.cout,
        tri="cout",
        nombre=True,
    ),
    Colonne(
        "echeance",
        "Échéance",
        lambda p: Cellule(p.echeance_le),
        export=lambda p: p.echeance_le,
        tri="echeance_le",
    ),
    colonne_agent(),
]


@reserve_a(Role.AGENT)
@require_safe
def budgets(request: RequeteConnectee) -> HttpResponse:
    lignes = [
        (budget, budget.apparence.ensuite.format_map(budget.mots_de_suite()))
        for budget in Budget.objects.avec_phases().annotate(
            combien_d_idees=Count("idees", distinct=True), combien_de_projets=Count("projets", distinct=True)
        )
    ]
    return render(
        request, "contrat_ville/inter_quartiers/budgets.html", {"lignes": lignes, "a_effacer": a_proposer()}
    )


@reserve_a(Role.AGENT)
@require_safe
def budget(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a budget: état, what may be done today, pending idées and projets."""
    trouve = budget_du_bureau(request, pk)
    apparence, mots = trouve.apparence, trouve.mots_de_suite()
    return render(
        request,
        "contrat_ville/inter_quartiers/budget.html",
        {
            "budget": trouve,
            "apparence": apparence,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": apparence.pour.get(Role.AGENT, ""),
            "boutons": boutons(trouve, request.user),
            "maintenant": publics.maintenant(trouve),
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


@reserve_a(Role.AGENT)
@require_safe
def idees(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """List of the idées, the oldest first."""
    trouve = budget_du_bureau(request, pk)
    objets: Any = Idee.objects.visibles_par(request.user).filter(budget=trouve)
    return page_liste(
        request,
        Liste(
            cle="contrat_ville:idees",
            titre=f"Idées, {trouve.titre}",
            objets=objets.select_related("projet_quartier", "agent", "budget").prefetch_related("quartiers"),
            filtres=IdeeFilter,
            colonnes=COLONNES_DES_IDEES,
            tri="ouvert_le",
            singulier="idée",
            pluriel="idées",
            app="contrat_ville",
            fil=trouve.fil,
            chapeau="Ce que les habitantes et habitants proposent, par tous les canaux.",
            vide="Les idées s’affichent ici dès que la phase du dépôt commence.",
        ),
        "contrat_ville/inter_quartiers/idees.html",
        {"budget": trouve, "a_lire": objets.filter(etat=EtatIdee.A_LIRE).count()},
    )


@reserve_a(Role.AGENT)
@require_safe
def projets_quartier(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    trouve = budget_du_bureau(request, pk)
    objets: Any = avec_echeance(ProjetQuartier.objects.visibles_par(request.user).filter(budget=trouve))
    objets = objets.annotate(
        combien=Count("idees", distinct=True),
        demandes_avis=Count("avis_faisabilite", distinct=True),
        rendus=Count("avis_faisabilite", filter=~Q(avis_faisabilite__verdict=""), distinct=True),
    )
    return page_liste(
        request,
        Liste(
            cle="contrat_ville:projets_quartier",
            titre=f"Projets, {trouve.titre}",
            objets=objets.select_related("agent", "budget").prefetch_related("quartiers"),
            filtres=ProjetQuartierFilter,
            colonnes=COLONNES_DES_PROJETS,
            tri="echeance_le",
            singulier="projet",
            pluriel="projets",
            app="contrat_ville",
            fil=trouve.fil,
            chapeau="Chaque projet est fait d’une ou de plusieurs idées, qui gardent leurs auteurs.",
            vide="Réunissez des idées : le projet s’affiche ici.",
        ),
        "contrat_ville/inter_quartiers/projets.html",
        {"budget": trouve},
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def idee(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = idee_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouvee)
    return page_dossier(
        request,
        trouvee,
        "contrat_ville/inter_quartiers/idee.html",
        {
            "idee": trouvee,
            "quartiers": trouvee.quartiers.all(),
            "semblables": semblables(trouvee) if trouvee.etat in IDEES_VIVANTES else [],
            # Shown to agents only, who deal with the authors.
            "auteurs": trouvee.auteurs.all(),
        },
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def projet_quartier(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = projet_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouve)
    return page_dossier(
        request,
        trouve,
        "contrat_ville/inter_quartiers/projet.html",
        {
            "projet": trouve,
            "quartiers": trouve.quartiers.all(),
            "idees": trouve.idees.annotate(
                prevenus=Count("auteurs", filter=Q(auteurs__confirme_le__isnull=False), distinct=True)
            ).order_by("pk"),
            "avis": trouve.avis_faisabilite.select_related("direction", "demande"),
            "jalons": [
                (jalon, boutons_de(jalon, request.user)) for jalon in trouve.jalons.select_related("photo")
            ],
            "depense": trouve.depense,
            **contexte_des_suites(trouve, request.user),
            "abonnes": trouve.abonnements.actifs().count(),
        },
    )
