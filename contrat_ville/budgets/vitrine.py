"""Budgets and forums on the shared pages: what is open now, the site map."""

from django.urls import reverse
from django.utils import timezone

from contrat_ville import phases
from contrat_ville.models import Budget, Forum, Idee, ProjetQuartier
from contrat_ville.workflow.inter_quartiers import Capacite, EtatBudget, EtatForum
from participation.socle.francais import jour_texte, montant
from participation.socle.vitrine import Ouvert, PageDuPlan


def ouverts() -> list[Ouvert]:
    """Budgets open to idées or votes today, and forums open to registrations."""
    jour = timezone.localdate()
    lignes = []
    for budget in Budget.objects.publics().filter(etat=EtatBudget.OUVERT).avec_phases():
        phase = phases.en_cours(budget.periodes, jour)
        if phase is None or not budget.capacites(jour) & {Capacite.DEPOSER, Capacite.VOTER}:
            continue
        lignes.append(
            Ouvert(
                genre="Proposer une idée" if budget.peut(Capacite.DEPOSER) else "Voter",
                quand=f"jusqu’au {jour_texte(phase.fin)}",
                titre=budget.titre,
                url=budget.get_public_url(),
                phrase=f"{montant(budget.montant)} pour des projets des dix quartiers prioritaires.",
                fin=phase.fin,
            )
        )
    forums = Forum.objects.filter(etat=EtatForum.OUVERT, date_limite__gte=jour)
    return lignes + [
        Ouvert(
            genre="Forum",
            quand=f"le {jour_texte(forum.jour)}",
            titre=forum.titre,
            url=forum.get_public_url(),
            phrase=f"{forum.lieu}. Interprète, garde d’enfants, transport : dites ce qu’il vous faut.",
            fin=forum.date_limite,
        )
        for forum in forums
    ]


def quelque_chose() -> bool:
    return Budget.objects.publics().exists()


def plan() -> list[PageDuPlan]:
    budgets = list(Budget.objects.publics())
    if not budgets:
        return []
    voix = [*Idee.objects.publics().order_by("pk"), *ProjetQuartier.objects.publics().order_by("pk")]
    return [
        PageDuPlan(reverse("contrat_ville:budgets_publics")),
        *(PageDuPlan(b.get_public_url()) for b in budgets),
        *(PageDuPlan(reverse("contrat_ville:idees_publiques", args=[b.pk])) for b in budgets),
        *(PageDuPlan(f.get_public_url()) for f in Forum.objects.publics()),
        *(PageDuPlan(v.get_public_url(), v.modifie_le) for v in voix),
    ]
