"""What the rights of people show on shared pages: menu, site map, use of personal data."""

from django.urls import reverse

from participation.droits.eliminations.lectures import LOTS
from participation.droits.models import Bordereau, DemandeDroit, ReglementDroits
from participation.droits.workflow import EtatBordereau, EtatDemande
from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import Compte
from participation.socle.vitrine import EntreeBureau, Reglage, Traitement


def menu_bureau(compte: Compte) -> list[EntreeBureau] | None:
    if not compte.est_agent:
        return None
    return [
        EntreeBureau(
            "Droits des personnes",
            reverse("droits:demandes"),
            app="droits",
            retards=lambda: DemandeDroit.objects.filter(etat=EtatDemande.EMPECHEE),
        ),
        EntreeBureau(
            "Éliminations",
            reverse("droits:bordereaux"),
            icone="horloge",
            nombre=lambda: Bordereau.objects.filter(etat=EtatBordereau.VISE, eliminer_le=None),
        ),
    ]


def chiffres_tenus() -> list[Tenu]:
    return [LOTS]


def traitements() -> Traitement:
    jours = ReglementDroits.actuel().copie_jours
    return Traitement(
        "Répondre à qui demande ses données",
        "L’adresse de courriel de qui demande une copie ou un effacement, et la copie elle-même.",
        "Vérifier que c’est bien la personne, et faire ce qu’elle demande.",
        "Obligation légale (RGPD, articles 12, 15 et 17).",
        f"L’adresse, jusqu’à ce que la demande soit faite. La copie, {jours} jours. Restent la date et des nombres, sans nom.",
        "Les agents du service.",
    )


def mise_en_place() -> list[Reglage]:
    """Nothing but its règlement."""
    return []
