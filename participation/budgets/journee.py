"""Budgets and forums in « Ma journée »."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from participation.budgets.conservation import A_PROPOSER
from participation.budgets.models import AvisFaisabilite, Forum, Idee, JalonProjet, Phase, ProjetQuartier
from participation.budgets.vote import journee as votes
from participation.budgets.workflow.budget import (
    CAPACITES,
    Capacite,
    EtatBudget,
    EtatForum,
    EtatIdee,
    EtatProjetQuartier,
)
from participation.socle.bd.sondes import Rangee
from participation.socle.calendrier import debut_du_jour, fin_du_jour
from participation.socle.francais import accorder
from participation.socle.journee import Attendue, Attente, AttenteLue, Tache
from participation.socle.models import Compte
from participation.socle.workflow import Role

_tache = partial(Tache, genre="Budget des quartiers", app="budgets")
MONTRES = 10


AVANT_LE_FORUM = timedelta(days=7)
EN_VUE = [EtatForum.OUVERT, EtatForum.FERME]


def taches(compte: Compte) -> list[Attendue]:
    """Tasks of an agent; for the role ACCUEIL, the desk of a forum and the paper ballots of a vote."""
    return [*_des_budgets(compte), *votes.taches(compte)]


def _des_budgets(compte: Compte) -> list[Attendue]:
    if not compte.est_agent:
        return [_accueils()] if Role.ACCUEIL in compte.roles else []
    return [_accueils(), _idees(), _projets(), _a_mener(), _travaux(), _forums(), *_effacements()]


def _idees() -> AttenteLue:
    """For each budget, one line for the idées to read, one for those that may be merged today."""
    return AttenteLue(_idees_en_attente, lambda lues: [_tache_des_idees(lue) for lue in lues])


def _idees_en_attente() -> Any:
    jour = timezone.localdate()
    reunissent = [nature for nature, permises in CAPACITES.items() if Capacite.REUNIR in permises]
    phases = Phase.objects.filter(
        budget=OuterRef("budget"), nature__in=reunissent, date_debut__lte=jour, date_fin__gte=jour
    )
    return (
        Idee.objects.filter(
            Q(etat=EtatIdee.A_LIRE) | Q(Exists(phases), etat=EtatIdee.PUBLIEE), budget__etat=EtatBudget.OUVERT
        )
        .order_by()
        .values("budget", "budget__titre", "etat")
        .annotate(n=Count("pk"), depuis=Min("ouvert_le"))
        .order_by("-budget__annee", "-budget", "etat")
    )


def _tache_des_idees(lue: Rangee) -> Tache:
    if lue["etat"] == EtatIdee.A_LIRE:
        return _tache(
            f"Lire {accorder(lue['n'], 'idée')}",
            f"{reverse('budgets:idees', args=[lue['budget']])}?etat=a_lire",
            "Lire",
            sur_quoi=lue["budget__titre"],
            depuis=lue["depuis"],
        )
    return _tache(
        f"Réunir {accorder(lue['n'], 'idée libre', 'idées libres')}",
        reverse("budgets:creer_projet_quartier", args=[lue["budget"]]),
        "Réunir",
        sur_quoi=lue["budget__titre"],
        depuis=lue["depuis"],
    )


def _projets() -> AttenteLue:
    """Projets for which all the directions have answered: to be decided."""

    def etudies() -> Any:
        du_projet = AvisFaisabilite.objects.filter(projet=OuterRef("pk"))
        lus = ProjetQuartier.objects.filter(
            Exists(du_projet.exclude(verdict="")),
            ~Exists(du_projet.filter(demande__repondue_le=None, demande__annulee_le=None)),
            etat=EtatProjetQuartier.FAISABILITE,
        )
        return lus.order_by("modifie_le", "pk").values("pk", "reference", "titre", "modifie_le")[:MONTRES]

    return AttenteLue(
        etudies,
        lambda lus: [
            _tache(
                "Décider si le projet est réalisable",
                reverse("budgets:projet_quartier", args=[lu["pk"]]),
                "Décider",
                sur_quoi=f"{lu['reference']} · {lu['titre']}",
                depuis=lu["modifie_le"],
            )
            for lu in lus
        ],
    )


def _a_mener() -> AttenteLue:
    """By budget: projets to write and have studied, and winning projets whose works have not begun."""
    attendus = Q(etat=EtatProjetQuartier.LAUREAT) | Q(
        etat=EtatProjetQuartier.ETUDE, budget__etat=EtatBudget.OUVERT
    )
    return AttenteLue(
        lambda: (
            ProjetQuartier.objects.filter(attendus)
            .order_by()
            .values("budget", "budget__titre", "etat")
            .annotate(n=Count("pk"), depuis=Min("modifie_le"))
            .order_by("depuis", "budget")[:MONTRES]
        ),
        lambda lus: [_mener(lu) for lu in lus],
    )


def _mener(lu: Rangee) -> Tache:
    if lu["etat"] == EtatProjetQuartier.LAUREAT:
        quoi = f"Lancer la réalisation : {accorder(lu['n'], 'projet choisi', 'projets choisis')} par le vote"
    else:
        quoi = f"Écrire {accorder(lu['n'], 'projet')}, puis demander l’étude d’une direction"
    return _tache(
        quoi,
        f"{reverse('budgets:projets_quartier', args=[lu['budget']])}?etat={lu['etat']}",
        "Ouvrir",
        sur_quoi=lu["budget__titre"],
        depuis=lu["depuis"],
    )


def _travaux() -> AttenteLue:
    en_retard = partial(JalonProjet.objects.filter, fait_le=None, projet__etat=EtatProjetQuartier.EN_COURS)
    champs = ("projet", "projet__reference", "titre", "date_prevue")
    return AttenteLue(
        lambda: (
            en_retard(date_prevue__lte=timezone.localdate())
            .order_by("date_prevue", "pk")
            .values(*champs)[:MONTRES]
        ),
        lambda lus: [
            _tache(
                "Dire où en est l’étape",
                f"{reverse('budgets:projet_quartier', args=[lu['projet']])}#etapes",
                "Ouvrir",
                sur_quoi=f"{lu['projet__reference']} · {lu['titre']}",
                date_limite=lu["date_prevue"],
            )
            for lu in lus
        ],
    )


def _en_vue() -> Any:
    return Forum.objects.filter(etat__in=EN_VUE)


def _forums() -> Attente:
    return Attente(
        lambda: _en_vue().filter(fin__lt=fin_du_jour()),
        lambda: [
            _tache(
                "Publier ce qui s’est dit au forum",
                forum.get_absolute_url(),
                "Ouvrir",
                sur_quoi=forum.titre,
                genre="Forum",
                depuis=forum.fin,
            )
            for forum in _en_vue().filter(fin__lt=timezone.now()).order_by("fin")[:MONTRES]
        ],
    )


def _accueils() -> Attente:
    """Desk of a forum, from seven days before."""

    def proches() -> Any:
        maintenant = timezone.localtime()
        return _en_vue().filter(fin__gte=maintenant, debut__lt=maintenant + AVANT_LE_FORUM)

    return Attente(
        lambda: _en_vue().filter(fin__gte=debut_du_jour(), debut__lt=fin_du_jour() + AVANT_LE_FORUM),
        lambda: [
            _tache(
                "Tenir l’accueil du forum",
                reverse("budgets:accueil", args=[forum.pk]),
                "Ouvrir",
                sur_quoi=f"{forum.titre} · {forum.lieu}",
                genre="Forum",
                date_limite=forum.jour,
            )
            for forum in proches().order_by("debut")[:MONTRES]
        ],
    )


def _effacements() -> list[Attente]:
    return [_a_effacer(pas_effaces, proposer) for pas_effaces, proposer in A_PROPOSER]


def _a_effacer(pas_effaces: Callable[[], Any], proposer: Callable[[], list[tuple[Any, int]]]) -> Attente:
    return Attente(
        pas_effaces,
        lambda: [
            _tache(
                f"Effacer {accorder(combien, 'personne')}",
                quoi.get_absolute_url(),
                "Voir",
                sur_quoi=quoi.titre,
                genre="Conservation",
                quand="Délai passé",
            )
            for quoi, combien in proposer()
        ],
    )
