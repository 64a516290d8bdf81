"""Entries of the remontées on shared pages: menus, « Ma journée », the page on personal data."""

from functools import partial

from django.urls import reverse

from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import Compte
from participation.socle.vitrine import EntreeBureau, SectionJournee, Traitement
from participation.socle.workflow import Role
from remontees.lectures import accueil, journee
from remontees.lectures.conservation import AU_TERME
from remontees.lectures.publics import ENSEMBLE, VOIX
from remontees.lectures.quartier import chiffres_du_quartier as _chiffres_du_quartier
from remontees.models import Remontee
from remontees.workflow import Etat


def espace_du_bureau(compte: Compte) -> str | None:
    """Return the page to note a remontée for an account whose only role is reception; None for others."""
    return reverse("remontees:noter") if compte.roles == {Role.ACCUEIL} else None


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    entrees = []
    if compte.roles & {Role.AGENT, Role.ACCUEIL}:
        entrees.append(EntreeBureau("Noter une remontée", reverse("remontees:noter"), icone="plus"))
    if compte.est_agent:
        entrees.append(
            EntreeBureau(
                "Remontées",
                reverse("remontees:remontees"),
                app="remontees",
                nombre=lambda: Remontee.objects.visibles_par(compte).filter(
                    etat__in=[Etat.NOUVELLE, Etat.A_REPONDRE]
                ),
            )
        )
        entrees.append(EntreeBureau("Sujets", reverse("remontees:sujets"), icone="suites"))
    elif compte.roles & {Role.AGENT_DIRECTION, Role.AGENT_COMMUNE}:
        siennes = partial(journee.parts_de, compte)
        entrees.append(
            EntreeBureau("Remontées", reverse("remontees:remontees"), app="remontees", nombre=siennes)
        )
    return entrees


def section_journee(compte: Compte) -> SectionJournee:
    return SectionJournee("remontees", "Remontées", journee.taches(compte))


def traitements() -> list[Traitement]:
    return [
        Traitement(
            "Traiter ce que vous faites remonter",
            "Ce que vous dites et où ; votre nom et de quoi vous prévenir, si vous les laissez ; une photo, sans ses données cachées.",
            "Trouver qui s’en occupe, vous répondre, rendre compte de ce que les gens disent.",
            "Mission d’intérêt public (article 6.1.e du RGPD) ; votre accord pour transmettre vos coordonnées à un autre organisme.",
            "Vos coordonnées sont effacées au terme du délai du règlement des remontées, compté depuis la réponse. Ce qui a été dit reste, sans votre nom.",
            "Les agents du service. Les services qui traitent lisent ce qui a été dit, jamais qui l’a dit. Rien n’est publié mot pour mot.",
        )
    ]


def chiffres_tenus() -> list[Tenu]:
    return [VOIX, ENSEMBLE, AU_TERME]


# Defined next to the figures that they show.
section_accueil, menu_public, plan_du_site = accueil.section, accueil.menu, accueil.plan
chiffres_du_quartier = _chiffres_du_quartier
