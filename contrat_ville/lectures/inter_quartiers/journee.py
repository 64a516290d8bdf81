"""What the budgets and the forums add to « Ma journée », to the menu of the office, to the page on personal data."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse
from django.utils import timezone

from contrat_ville.lectures.inter_quartiers.conservation import a_proposer
from contrat_ville.models import AvisFaisabilite, Budget, Forum, Idee, JalonProjet, ProjetQuartier
from contrat_ville.workflow.inter_quartiers import (
    Capacite,
    EtatBudget,
    EtatForum,
    EtatIdee,
    EtatProjetQuartier,
)
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.vitrine import EntreeBureau, Tache, Traitement
from participation.socle.workflow import Role

_tache = partial(Tache, genre="Budget des quartiers", app="contrat_ville")
MONTRES = 10


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    if compte.est_agent:
        attente = partial(Idee.objects.filter, etat=EtatIdee.A_LIRE)
        return [
            EntreeBureau(
                "Budgets des quartiers", reverse("contrat_ville:budgets"), icone="main", nombre=attente
            ),
            EntreeBureau("Forums", reverse("contrat_ville:forums"), icone="salle"),
        ]
    if Role.ACCUEIL in compte.roles and Forum.objects.filter(etat__in=EN_VUE).exists():
        return [EntreeBureau("Forums", reverse("contrat_ville:forums"), icone="salle")]
    return []


AVANT_LE_FORUM = timedelta(days=7)
EN_VUE = [EtatForum.OUVERT, EtatForum.FERME]


def taches(compte: Compte) -> list[Tache]:
    """For the agents: what waits, with its age. For the desk: the door of a forum."""
    if not compte.est_agent:
        return _accueils() if Role.ACCUEIL in compte.roles else []
    return [*_accueils(), *_idees(), *_projets(), *_travaux(), *_forums(), *_effacements()]


def _idees() -> Iterator[Tache]:
    """One line a budget for those to read; one for those that nobody has made part of a project while it can be done."""
    for budget in Budget.objects.filter(etat=EtatBudget.OUVERT).avec_phases():
        a_lire = budget.idees.filter(etat=EtatIdee.A_LIRE).aggregate(n=Count("pk"), depuis=Min("ouvert_le"))
        if a_lire["n"]:
            yield _tache(
                f"Lire {accorder(a_lire['n'], 'idée')}",
                f"{reverse('contrat_ville:idees', args=[budget.pk])}?etat=a_lire",
                "Lire",
                sur_quoi=budget.titre,
                depuis=a_lire["depuis"],
            )
        libres = budget.idees.filter(etat=EtatIdee.PUBLIEE).aggregate(n=Count("pk"), depuis=Min("ouvert_le"))
        if libres["n"] and budget.peut(Capacite.REUNIR):
            yield _tache(
                f"Réunir {accorder(libres['n'], 'idée libre', 'idées libres')}",
                reverse("contrat_ville:creer_projet_quartier", args=[budget.pk]),
                "Réunir",
                sur_quoi=budget.titre,
                depuis=libres["depuis"],
            )


def _projets() -> list[Tache]:
    """Every direction that was asked has answered: it waits for a decision."""
    du_projet = AvisFaisabilite.objects.filter(projet=OuterRef("pk"))
    etudies: Any = ProjetQuartier.objects.filter(
        Exists(du_projet.exclude(verdict="")),
        ~Exists(du_projet.filter(demande__repondue_le=None, demande__annulee_le=None)),
        etat=EtatProjetQuartier.FAISABILITE,
    ).order_by("modifie_le", "pk")
    return [
        _tache(
            "Décider si le projet est réalisable",
            projet.get_absolute_url(),
            "Décider",
            sur_quoi=f"{projet.reference} · {projet.titre}",
            depuis=projet.modifie_le,
        )
        for projet in etudies[:MONTRES]
    ]


def _travaux() -> list[Tache]:
    en_retard = (
        JalonProjet.objects.filter(
            fait_le=None, date_prevue__lte=timezone.localdate(), projet__etat=EtatProjetQuartier.EN_COURS
        )
        .select_related("projet")
        .order_by("date_prevue", "pk")
    )
    return [
        _tache(
            "Dire où en est l’étape",
            f"{jalon.projet.get_absolute_url()}#etapes",
            "Ouvrir",
            sur_quoi=f"{jalon.projet.reference} · {jalon.titre}",
            date_limite=jalon.date_prevue,
        )
        for jalon in en_retard[:MONTRES]
    ]


def _forums() -> list[Tache]:
    passes = Forum.objects.filter(etat__in=EN_VUE, fin__lt=timezone.now()).order_by("fin")
    return [
        _tache(
            "Publier ce qui s’est dit au forum",
            forum.get_absolute_url(),
            "Ouvrir",
            sur_quoi=forum.titre,
            genre="Forum",
            depuis=forum.fin,
        )
        for forum in passes[:MONTRES]
    ]


def _accueils() -> list[Tache]:
    """The door of a forum, in the days before it and on the day."""
    proches = Forum.objects.filter(
        etat__in=EN_VUE, fin__gte=timezone.now(), debut__lt=timezone.now() + AVANT_LE_FORUM
    ).order_by("debut")
    return [
        _tache(
            "Tenir l’accueil du forum",
            reverse("contrat_ville:bureau_du_forum", args=[forum.pk]),
            "Ouvrir",
            sur_quoi=f"{forum.titre} · {forum.lieu}",
            genre="Forum",
            date_limite=forum.jour,
        )
        for forum in proches[:MONTRES]
    ]


def _effacements() -> list[Tache]:
    return [
        _tache(
            f"Effacer {accorder(combien, 'personne')}",
            quoi.get_absolute_url(),
            "Voir",
            sur_quoi=quoi.titre,
            genre="Conservation",
            quand="Délai passé",
        )
        for quoi, combien in a_proposer()
    ]


def traitements() -> list[Traitement]:
    return [
        Traitement(
            "Recevoir vos idées pour les budgets des quartiers",
            "Votre idée, ses quartiers ; votre nom et de quoi vous prévenir, si vous les laissez.",
            "Lire et publier l’idée sans votre nom, la réunir avec d’autres, vous dire à chaque étape ce qu’elle devient.",
            "Mission d’intérêt public (article 6.1.e du RGPD).",
            "Vos coordonnées sont effacées au terme du délai du règlement, compté depuis la clôture du budget. L’idée reste, sans votre nom.",
            "Les agents du service. Les directions et le public lisent l’idée, jamais qui l’a donnée.",
        ),
        Traitement(
            "Préparer les forums des quartiers",
            "Votre nom, comment vous joindre, votre quartier, et ce qu’il vous faut pour venir : interprète, garde d’enfants, transport, boucle magnétique.",
            "Réserver votre place, prévoir ce qu’il faut, vous accueillir.",
            "Mission d’intérêt public (article 6.1.e du RGPD) ; votre accord pour ce que vous dites de vos besoins.",
            "Effacé au terme du délai du règlement, compté depuis le forum. Restent des nombres.",
            "Les agents du service et de l’accueil du forum. Les petits nombres ne sont pas publiés.",
        ),
    ]
