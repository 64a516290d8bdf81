"""What the engagements show on shared pages: menus, site map, open data, kept figures, personal data."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from participation.engagements import deliberations
from participation.engagements.models import (
    Collectif,
    EngagementPris,
    Etude,
    Principe,
    Proposition,
    ReponseArgumentee,
)
from participation.engagements.promesses import vues as promesses
from participation.engagements.promesses.actes import ecrire_engagement
from participation.engagements.promesses.lectures import PUBLICS
from participation.engagements.propositions import vues as propositions
from participation.engagements.propositions.actes import saisir_proposition
from participation.engagements.workflow import EtatReponse
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.journee import Attente, SectionJournee, Tache
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import (
    Devenir,
    EntreeBureau,
    EntreePublique,
    Etape,
    PageDuPlan,
    Rattachable,
    Reglage,
    Rubrique,
)
from participation.socle.workflow import Role

A_LIRE_MONTREES = 20
TITRE_MAX, TEXTE_MAX = 160, 4000
PAGES_PUBLIQUES = ("engagements", "propositions", "deliberations")


def menu_public() -> list[EntreePublique]:
    return [
        EntreePublique(Rubrique.SUIVRE, gettext("Propositions"), reverse("engagements:propositions")),
        EntreePublique(Rubrique.SUIVRE, gettext("Engagements"), reverse("engagements:engagements")),
    ]


def plan_du_site() -> list[PageDuPlan]:
    modeles: list[Any] = [EngagementPris, Etude, Proposition, ReponseArgumentee]
    publies = [
        dossier
        for modele in modeles
        for dossier in modele.objects.filter(est_publie=True).order_by("pk").only("reference", "modifie_le")
    ]
    collectifs = Collectif.objects.filter(propositions__est_publie=True).distinct().order_by("pk")
    return [
        *(PageDuPlan(reverse(f"engagements:{page}")) for page in PAGES_PUBLIQUES),
        *(PageDuPlan(collectif.get_public_url()) for collectif in collectifs),
        *(PageDuPlan(publie.get_public_url(), publie.modifie_le) for publie in publies),
    ]


def menu_bureau(compte: Compte) -> list[EntreeBureau] | None:
    if not compte.est_agent:
        return None
    return [
        EntreeBureau("Propositions", reverse("engagements:dossiers_propositions"), app="engagements"),
        EntreeBureau("Engagements", reverse("engagements:dossiers_engagements"), icone="coche"),
    ]


def section_journee(compte: Compte) -> SectionJournee | None:
    """What an élu has to read before it leaves."""
    if Role.ELU not in compte.roles:
        return None
    a_lire = partial(ReponseArgumentee.objects.filter, etat=EtatReponse.A_LIRE, elu=compte.pk)
    return SectionJournee(
        "reponses", "Réponses à lire avant leur départ", [Attente(a_lire, lambda: _taches(a_lire()))]
    )


def _taches(reponses: Any) -> list[Tache]:
    return [
        Tache(
            quoi=f"Lire : {reponse.titre}",
            url=reponse.get_absolute_url(),
            bouton="Lire",
            sur_quoi=f"{reponse.reference} · {reponse.collectif}",
            genre="Réponse argumentée",
            app="engagements",
            depuis=reponse.modifie_le,
        )
        for reponse in reponses.select_related("collectif").order_by("ouvert_le", "pk")[:A_LIRE_MONTREES]
    ]


def chiffres_tenus() -> list[Tenu]:
    return [PUBLICS]


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [propositions.JEU, promesses.JEU, deliberations.JEU]


def devenirs() -> list[Devenir]:
    """A proposition of each group, to decide; an engagement, to write."""
    return [
        *(
            Devenir(
                f"proposition-{collectif.pk}", f"Une proposition : {collectif}", partial(_proposer, collectif)
            )
            for collectif in Collectif.objects.all()
        ),
        Devenir("engagement", "Un engagement, à écrire", _engager),
    ]


def _proposer(collectif: Collectif, titre: str, texte: str, par: Compte) -> Proposition:
    return saisir_proposition(
        Proposition(), par=par, collectif=collectif, titre=titre[:TITRE_MAX], texte=texte[:TEXTE_MAX] or titre
    )


def _engager(titre: str, texte: str, par: Compte) -> EngagementPris:
    return ecrire_engagement(
        EngagementPris(), par=par, titre=titre[:TITRE_MAX], texte=texte[:TEXTE_MAX] or titre
    )


def traitements() -> Traitement:
    return Traitement(
        cle="engagements-propositions",
        titre="Suivre les propositions d’un collectif",
        personnes="Les associations et les membres de leur instance.",
        donnees=(
            "Adresse électronique de l’association ; courriel des membres de l’instance. Un prénom ou un pseudonyme suffit pour "
            "porter une proposition. Ni la nationalité, ni la situation administrative de personne."
        ),
        finalite="Dire au collectif ce que deviennent ses propositions, et lui demander si c’est fait.",
        base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
        destinataires="Les agents du service participation. Aucune adresse n’est publiée.",
        tables=("engagements.Collectif",),
        duree="Tant que le collectif suit ses propositions, ou jusqu’à votre demande.",
    )


def mise_en_place() -> list[Reglage]:
    """The principles that frame the engagements: without them the site serves, and its list has no headings."""
    reste = "" if Principe.objects.exists() else "Aucun principe n’est écrit."
    return [
        Reglage(
            Etape.REGLES,
            "Écrire les principes qui cadrent les engagements",
            reste,
            "Les engagements pour la participation sont listés sans titre.",
            reverse("admin:engagements_principe_changelist"),
            aux_tables=True,
            peut_attendre=True,
        )
    ]


def rattachables() -> list[Rattachable]:
    propositions: Any = Proposition.objects.filter(est_publie=True)
    reponses: Any = ReponseArgumentee.objects.filter(clos_le=None)
    engagements: Any = EngagementPris.objects.filter(clos_le=None)
    return [
        Rattachable(
            Proposition, lambda: propositions.order_by("-ouvert_le", "-pk"), "toutes les propositions"
        ),
        Rattachable(ReponseArgumentee, lambda: reponses.order_by("-ouvert_le", "-pk")),
        Rattachable(
            EngagementPris, lambda: engagements.order_by("-ouvert_le", "-pk"), "tous les engagements"
        ),
    ]
