"""A budget in a phase, ideas, projects, a forum, with as few rows as possible."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from participation.budgets.models import (
    AuteurIdee,
    Budget,
    Forum,
    Idee,
    InscriptionForum,
    JalonProjet,
    Phase,
    ProjetQuartier,
    TableForum,
)
from participation.budgets.workflow.budget import EtatBudget, NaturePhase
from participation.socle.actions import donner_reference
from participation.socle.models import Courriel, Quartier

PHASES = list(NaturePhase)
DUREE = 20  # length of a phase, in days


def budget_en(phase: str = "idees", **champs) -> Budget:
    """Make a published budget in the middle of this phase."""
    budget = Budget.objects.create(
        **{
            "titre": "Budget des quartiers",
            "annee": 2027,
            "montant": Decimal(100_000),
            "texte": "Proposez.",
            "etat": EtatBudget.OUVERT,
            **champs,
        }
    )
    poser_phases(budget, phase)
    return budget


def poser_phases(budget: Budget, phase: str) -> None:
    budget.phases.all().delete()
    debut = timezone.localdate() - timedelta(days=DUREE * PHASES.index(NaturePhase(phase)) + DUREE // 2)
    for rang, nature in enumerate(PHASES):
        premier = debut + timedelta(days=DUREE * rang)
        Phase.objects.create(
            budget=budget, nature=nature, date_debut=premier, date_fin=premier + timedelta(days=DUREE - 1)
        )


def idee_de(budget: Budget, *, courriel: str = "", confirme: bool = True, **champs) -> Idee:
    """Make an idea, published by default, with an author if an address is given."""
    etat = champs.setdefault("etat", "publiee")
    texte = champs.setdefault("texte", "Des bancs à l’ombre sur la place.")
    idee = Idee(
        budget=budget,
        est_publie=etat in {"publiee", "reunie"},
        ouvert_le=timezone.now(),
        **{"titre": "Des bancs", "texte_public": texte, **champs},
    )
    idee.reference = donner_reference(idee)
    idee.save()
    idee.quartiers.add(Quartier.objects.order_by("pk").first())
    if courriel:
        AuteurIdee.objects.create(
            idee=idee, nom="Léa", courriel=courriel, confirme_le=timezone.now() if confirme else None
        )
    return idee


def projet_de(budget: Budget, *, courriel: str = "", **champs) -> ProjetQuartier:
    """Make a project with one idea, and its author if an address is given."""
    etat = champs.setdefault("etat", "etude")
    if etat not in {"etude", "faisabilite", "infaisable", "abandonne"}:
        champs.setdefault("cout", Decimal(20_000))
        champs.setdefault("verdict", "faisable")
    if etat == "infaisable":
        champs.setdefault("motif_faisabilite", "Le sol ne le permet pas.")
    projet = ProjetQuartier(
        budget=budget,
        est_publie=True,
        ouvert_le=timezone.now(),
        **{"titre": "Une place ombragée", "description": "Des bancs et des arbres.", **champs},
    )
    projet.reference = donner_reference(projet)
    projet.save()
    idee_de(budget, etat="reunie", projet_quartier=projet, courriel=courriel)
    return projet


def jalon_de(projet: ProjetQuartier, **champs) -> JalonProjet:
    return JalonProjet.objects.create(
        projet=projet, **{"titre": "Plantation", "date_prevue": timezone.localdate(), **champs}
    )


def forum_le(jours: int = 10, **champs) -> Forum:
    debut = timezone.localtime() + timedelta(days=jours)
    return Forum.objects.create(
        **{
            "titre": "Forum des quartiers",
            "debut": debut,
            "fin": debut + timedelta(hours=3),
            "lieu": "Maison des habitants",
            "adresse": "1 place de l’Exemple",
            "acces": "Entrée sans marche.",
            "texte": "Des tables.",
            "places": 2,
            "date_limite": timezone.localdate(debut),
            "etat": "ouvert",
            **champs,
        }
    )


def table_de(forum: Forum, numero: int = 1, **champs) -> TableForum:
    return TableForum.objects.create(forum=forum, numero=numero, **{"sujet": "Nature en ville", **champs})


def inscription_a(forum: Forum, **champs) -> InscriptionForum:
    return InscriptionForum.objects.create(
        evenement=forum, **{"nom": "Léa Martin", "courriel": "lea@example.org", **champs}
    )


def ecrits(acte: str) -> list[str]:
    """Return the addresses to which the letters of an act were sent."""
    lettres = Courriel.objects.filter(acte__in=[f"budgets/{acte}", f"inscriptions/{acte}"]).order_by("pk")
    return [lettre.destinataires[0] for lettre in lettres]
