"""What the suites show on the pages shared by all: the home, the menus, « Ma journée », the page on personal data."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import INSECABLE, jour_texte, nombre, pourcentage
from participation.socle.models import Compte
from participation.socle.vitrine import (
    EntreeBureau,
    EntreePublique,
    Resultat,
    SectionAccueil,
    SectionJournee,
    Tache,
    Traitement,
)
from participation.socle.workflow import Role
from participation.suites.filters import attend_publication
from participation.suites.lectures.statistiques import bilan
from participation.suites.models import ReglementSuites, ReponseDirection, Suite
from participation.suites.workflow import ABOUTIS

A_PUBLIER_MONTREES = 20


def section_accueil() -> SectionAccueil | None:
    """What the metropolis owes, what it gave back: over all that it promised."""
    tout = bilan()
    if not tout.total:
        return None
    resultats = [
        Resultat(
            pourcentage(tout.part_repondue or 0),
            f"des {nombre(tout.total)}{INSECABLE}suites promises ont reçu une réponse publique",
        )
    ]
    if tout.mediane is not None:
        resultats.append(
            Resultat(f"{nombre(tout.mediane, 0)}{INSECABLE}jours", "pour répondre, une fois sur deux au plus")
        )
    return SectionAccueil(app="metropole", resultats=resultats, url_reponses=reverse("suites:rendu_compte"))


def menu_public() -> list[EntreePublique]:
    return [EntreePublique("Rendu compte", reverse("suites:rendu_compte"))]


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    """What is late; else, for the service, the answers to publish, and for a direction, what it owes. One query."""
    if not compte.roles & {Role.AGENT, Role.AGENT_DIRECTION, Role.ELU}:
        return None
    url = reverse("suites:suites")
    if not compte.roles & {Role.AGENT, Role.AGENT_DIRECTION}:
        return EntreeBureau("Suites à rendre", url, icone="suites")
    comptes = (
        Suite.objects.visibles_par(compte)
        .a_rendre()
        .order_by()
        .aggregate(
            a_rendre=Count("pk"),
            a_publier=Count("pk", filter=Q(attend_publication())),
            retards=Count("pk", filter=Q(date_limite__lt=timezone.localdate()) & ~Q(etat__in=ABOUTIS)),
        )
    )
    return EntreeBureau(
        "Suites à rendre",
        url,
        icone="suites",
        nombre=comptes["a_publier"] if compte.est_agent else comptes["a_rendre"],
        retards=comptes["retards"],
    )


def section_journee(compte: Compte) -> SectionJournee | None:
    """Answers of directions that wait to be read again and published, the oldest first."""
    if not compte.est_agent:
        return None
    reponses = (
        ReponseDirection.objects.filter(retenue_le=None, ecartee_le=None)
        .select_related("suite__dossier", "direction")
        .order_by("recue_le", "pk")[:A_PUBLIER_MONTREES]
    )
    taches = [
        Tache(
            quoi=f"Publier la réponse : {reponse.suite.intitule}",
            url=reverse("suites:suite", args=[reponse.suite_id]),
            bouton="Relire",
            sur_quoi=" · ".join(
                filter(
                    None,
                    [reponse.suite.dossier.reference, reponse.suite.dossier.titre, str(reponse.direction)],
                )
            ),
            genre="Suite",
            app=reponse.suite.dossier.app,
            quand=f"Reçue le {jour_texte(reponse.recue_le, 'court')}",
        )
        for reponse in reponses
    ]
    return SectionJournee("suites", "Réponses des directions à publier", taches)


def traitements() -> list[Traitement]:
    """What becomes of the addresses of those who follow a dossier."""
    reglement = ReglementSuites.objects.en_vigueur()
    jours = reglement.conservation_demandes_jours if reglement else None
    fin = f" Une demande non confirmée, ou un suivi arrêté, est effacé après {jours} jours." if jours else ""
    return [
        Traitement(
            "Suivre un dossier par courriel",
            "Adresse électronique.",
            "Écrire à chaque nouvelle du dossier suivi.",
            "Votre consentement (article 6.1.a du RGPD), donné par le lien reçu, retiré en un clic depuis chaque lettre.",
            f"Tant que vous suivez le dossier.{fin}",
            "Les agents du service participation. L’adresse n’est jamais publiée.",
        )
    ]
