"""What the inclusion shows on shared pages: menus, site map, use of personal data."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from participation.inclusion.profils.actes import ProfilDePapierForm, repondre
from participation.inclusion.profils.lectures import annees, par_annee
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import (
    EntreeBureau,
    EntreePublique,
    GenreDePapier,
    PageDuPlan,
    Reglage,
    Rubrique,
)


def menu_public() -> EntreePublique:
    return EntreePublique(Rubrique.SUIVRE, gettext("Qui participe"), reverse("inclusion:qui_participe"))


def plan_du_site() -> list[PageDuPlan]:
    return [PageDuPlan(reverse("inclusion:qui_participe"))]


def menu_bureau(compte: Compte) -> list[EntreeBureau] | None:
    if not compte.est_agent:
        return None
    return [
        EntreeBureau("Qui participe, qui manque", reverse("inclusion:publics"), app="inclusion"),
        EntreeBureau("Aller-vers", reverse("inclusion:liste_aller_vers"), icone="lieu"),
        EntreeBureau("Papier", reverse("inclusion:lots"), icone="document"),
        EntreeBureau("Besoins", reverse("inclusion:besoins"), icone="document"),
    ]


def chiffres_tenus() -> list[Tenu]:
    return [par_annee(annee) for annee in annees()]


def traitements() -> list[Traitement]:
    return [_profils(), _papier(), _commandes()]


def _commandes() -> Traitement:
    return Traitement(
        cle="inclusion-commandes",
        titre="Commander ce qu’il faut pour venir",
        personnes="Les prestataires : interprètes, garde d’enfants, transport.",
        donnees="Nom, courriel, prix. Aucun nom de qui a dit un besoin.",
        finalite="Que chacun puisse venir à une rencontre.",
        base_legale="Une mission d’intérêt public (article 6.1.e du RGPD).",
        destinataires="Les agents du service.",
        tables=("inclusion.CommandeDeBesoin",),
        duree="Avec la commande, qui dit à qui l’argent public a servi.",
    )


def _papier() -> Traitement:
    return Traitement(
        cle="inclusion-papier",
        titre="Enregistrer ce qui vient sur papier",
        personnes="Qui a écrit sur papier.",
        donnees="Ce qui est écrit sur le papier, dans un tableau, le temps de le comparer ligne par ligne.",
        finalite="Compter le papier comme le reste.",
        base_legale="Une mission d’intérêt public (article 6.1.e du RGPD).",
        destinataires="Les agents du service.",
        tables=("inclusion.LignePapier",),
        duree=f"Les réponses retenues sont effacées du tableau aussitôt : elles sont là où elles comptent. Les autres, {settings.PAPIER_JOURS} jours après l’envoi, une fois le lot clos.",
    )


def _profils() -> Traitement:
    return Traitement(
        cle="inclusion-profil",
        titre="Dire qui participe",
        personnes="Qui a participé et veut bien répondre.",
        donnees=(
            "Si vous répondez aux questions posées après votre participation : tranche d’âge, genre, commune, quartier "
            "prioritaire, langue, besoin d’un aménagement. Chaque réponse est gardée seule, sans votre nom."
        ),
        finalite="Savoir quels publics manquent, et aller à leur rencontre.",
        base_legale=(
            "Votre consentement : aucune réponse n’est obligatoire. Celle sur un aménagement, qui peut parler de votre santé, "
            "demande un accord à part (articles 6.1.a et 9.2.a du RGPD)."
        ),
        destinataires="Le public et les agents lisent des parts par groupe ; les petits groupes sont cachés. Personne ne lit les réponses d’une personne.",
        tables=("inclusion.ReponseDeProfil",),
        duree="Les nombres restent. Reprendre votre participation, ou répondre de nouveau sans rien choisir, efface vos réponses.",
        sensibles="Un besoin d’aménagement, qui peut parler de la santé, avec un accord à part.",
    )


def mise_en_place() -> list[Reglage]:
    """Nothing but its règlement: figures come with what people say."""
    return []


def papiers() -> GenreDePapier:
    """The questions of the profile, on paper, for a démarche of the year: none is required, and no name goes with them."""
    return GenreDePapier(
        "profil",
        "Qui participe",
        lambda: [(annee, f"Dire qui vous êtes, {annee}") for annee in annees()[:1]],
        lambda cible, reponses, par: ProfilDePapierForm(reponses, annee=cible),
        lambda cible, form, par, cle: repondre(
            form.demarche[0], form.demarche[1], f"papier:{cle}", form.reponses()
        ),
        en_ligne=lambda cible: reverse("inclusion:qui_participe"),
        texte=lambda cible: "Aucune question n’est obligatoire. N’écrivez pas votre nom.",
        est_public=True,
    )
