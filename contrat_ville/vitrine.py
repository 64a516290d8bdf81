"""Contrat de Ville on the shared pages: menus, « Ma journée », home, page about personal data."""

from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from contrat_ville import journee
from contrat_ville.comites.lectures import lit_les_dossiers
from contrat_ville.instruction.complet import tableaux_du_projet
from contrat_ville.models import (
    Contrat,
    Equipier,
    GroupeDiscussion,
    Programmation,
    Projet,
    ReglementDepot,
    ReglementSubventions,
)
from contrat_ville.notification import subventions
from contrat_ville.porteurs import conservation
from contrat_ville.porteurs.conservation import effacer_coordonnees
from contrat_ville.quartiers.lectures import chiffres_du_quartier as _chiffres_du_quartier
from contrat_ville.workflow import Etat
from participation.seances.models import Seance
from participation.socle import langues
from participation.socle.collectivite import ici
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.francais import accorder
from participation.socle.journee import SectionJournee
from participation.socle.lectures.conservation import Delai, Elimination, Traitement
from participation.socle.models import Compte, Dossier, Echeance
from participation.socle.vitrine import (
    Cherchable,
    EntreeBureau,
    EntreePublique,
    Etape,
    Ouvert,
    PageDuPlan,
    Porte,
    Rattachable,
    Reglage,
    Rubrique,
    SectionAccueil,
    TableauDuDossier,
    Trouve,
)
from participation.socle.workflow import Role


def espace(compte: Compte) -> str | None:
    """Home page of a porteur: « Mes projets », unless the account has the back office."""
    if compte.a_le_bureau or not Equipier.objects.filter(compte=compte).exists():
        return None
    return reverse("contrat_ville:mes_projets")


def comptes_tenus() -> QuerySet[Compte]:
    """The teams of projets that are not over."""
    return Compte.objects.filter(pk__in=Equipier.objects.filter(projet__clos_le=None).values("compte"))


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    if not compte.roles & {Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE}:
        return []
    if not compte.est_agent:
        siennes = Echeance.objects.de(compte).actives().filter(dossier__nature="projet")
        projets = EntreeBureau(
            "Contrat de Ville",
            reverse("contrat_ville:projets"),
            app="contrat_ville",
            nombre=lambda: siennes.values("dossier").distinct(),
            retards=lambda: siennes.en_retard().values("dossier").distinct(),
        )
        return [projets, _quartiers()] if Role.AGENT_COMMUNE in compte.roles else [projets]
    attente = partial(Projet.objects.filter, etat=Etat.DEPOSE)
    return [
        EntreeBureau(
            "Contrat de Ville", reverse("contrat_ville:projets"), app="contrat_ville", nombre=attente
        ),
        EntreeBureau("Programmations", reverse("contrat_ville:programmations"), icone="calendrier"),
        _quartiers(),
    ]


def _quartiers() -> EntreeBureau:
    return EntreeBureau("Suivi des quartiers", reverse("contrat_ville:quartiers_suivis"), icone="quartier")


def menu_public() -> EntreePublique:
    """Never reads the database: it is called before the connection exists."""
    return EntreePublique(Rubrique.AGIR, gettext("Contrat de Ville"), reverse("contrat_ville:appels"))


def section_accueil() -> SectionAccueil | None:
    """The calls open now."""
    appels = [
        Ouvert(
            genre=gettext("Appel à projets"),
            quand=gettext("jusqu’au %(jour)s") % {"jour": langues.jour(programmation.date_cloture)},
            titre=langues.ecrit(programmation.titre),
            url=programmation.get_public_url(),
            phrase=gettext(
                "Pour les projets faits avec les habitantes et les habitants des quartiers prioritaires."
            ),
            fin=programmation.date_cloture,
        )
        for programmation in Programmation.objects.ouvertes()
    ]
    if not appels:
        return None
    return SectionAccueil(app="contrat_ville", ouverts=appels, url_ouverts=reverse("contrat_ville:appels"))


def dossiers_de_la_seance(compte: Compte, seance: Seance) -> Porte | None:
    """Link for the members of a comité to what they read before and during its séance."""
    if not lit_les_dossiers(compte, seance):
        return None
    return Porte(
        "Lire les dossiers des projets",
        reverse("contrat_ville:dossiers_du_comite", args=[seance.pk]),
        "Projet, budget, grille, avis, et ce qui reste des enveloppes.",
        "document",
    )


def plan_du_site() -> list[PageDuPlan]:
    appels = [PageDuPlan(p.get_public_url()) for p in Programmation.objects.publiques()]
    tete = [PageDuPlan(reverse(f"contrat_ville:{page}")) for page in ("appels", "soutenus", "subventions")]
    return [*tete, *appels] if appels else []


def section_journee(compte: Compte) -> SectionJournee:
    return SectionJournee("contrat_ville", "Contrat de Ville", journee.taches(compte))


COORDONNEES = Delai(Programmation, "conservation_mois", "après la clôture de la programmation")
DAUPHIN = Delai(ReglementDepot, "conservation_imports_mois", "pour un fichier de Dauphin")
RESEAU = Delai(ReglementDepot, "conservation_reseau_mois", "après avoir été écrit, pour un message du réseau")


def eliminations() -> Elimination:
    """How to reach the porteurs. What they did with public money stays."""
    return Elimination(
        conservation.COORDONNEES,
        "Coordonnées des porteurs de projets",
        (COORDONNEES,),
        "les projets, leurs montants, les décisions, le nom des organismes",
        conservation.lots,
        lambda numero, par: effacer_coordonnees(Programmation.objects.get(pk=numero), par=par),
    )


def traitements() -> list[Traitement]:
    return [
        Traitement(
            cle="contrat-ville-projets",
            titre="Instruire les projets du Contrat de Ville",
            personnes="Qui représente un porteur, et son équipe.",
            donnees="Qui porte le projet, comment lui écrire, qui compose l’équipe ; le projet, son budget et ses pièces.",
            finalite="Instruire les demandes de subvention, décider, verser, accompagner, rendre compte.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
            destinataires="Les agents du service, les partenaires du contrat à qui un avis est demandé, les membres des comités.",
            tables=("contrat_ville.Porteur", "contrat_ville.Equipier"),
            delais=(COORDONNEES, DAUPHIN),
            duree=(
                "Un brouillon où personne n’écrit pendant "
                f"{accorder(ReglementDepot.actuel().peremption_jours, 'jour')} est effacé, après un courriel. Les subventions accordées restent publiques."
            ),
        ),
        Traitement(
            cle="contrat-ville-groupes",
            titre="Écouter des groupes de discussion dans les quartiers",
            personnes="Les personnes venues à un groupe de discussion.",
            donnees="Un profil (tranche d’âge, une phrase), l’accord donné, les mots de qui accepte qu’ils soient gardés. Ni nom, ni adresse.",
            finalite=ici(
                "Comprendre ce que vivent les habitantes et habitants, demander à la {metropole} d’y répondre."
            ),
            base_legale="Votre consentement (article 6.1.a du RGPD), que vous pouvez retirer à tout moment auprès de qui anime le groupe.",
            destinataires="Les référents du quartier, les agents du service, ceux de la commune. La synthèse peut être publiée.",
            tables=("contrat_ville.ParticipantGroupe", "contrat_ville.Parole"),
            duree="Les mots et le profil sont effacés dès que l’accord est retiré. La synthèse, sans nom, reste.",
        ),
        Traitement(
            cle="contrat-ville-reseau",
            titre="Mettre en relation les projets soutenus",
            personnes="Les équipes des projets soutenus.",
            donnees="L’accord de l’équipe, ce qu’elle dit de son public et de sa méthode, les messages qu’elle échange avec d’autres équipes.",
            finalite="Proposer des projets voisins aux équipes qui en sont d’accord, et leur permettre de s’écrire sans donner leur adresse.",
            base_legale="Consentement de l’équipe (article 6.1.a du RGPD), retiré à tout moment sur la page du réseau.",
            destinataires="Les équipes qui ont rejoint le réseau ; pour les messages, les deux équipes en contact.",
            tables=("contrat_ville.MessageReseau",),
            delais=(RESEAU,),
            duree="L’accord et la présentation s’effacent quand l’équipe quitte le réseau.",
        ),
    ]


# Figures of the page of a quartier.
chiffres_du_quartier = _chiffres_du_quartier


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [subventions.JEU]


def mise_en_place() -> list[Reglage]:
    contrats = Contrat.objects.filter(date_fin__gte=timezone.localdate())
    return [
        Reglage(
            Etape.REGLES,
            "Écrire le Contrat de Ville et ses axes",
            "" if contrats.filter(axes__isnull=False).exists() else "Aucun contrat en cours n’a d’axes.",
            "Aucun appel à projets ne peut être ouvert.",
            reverse("admin:contrat_ville_contrat_changelist"),
            aux_tables=True,
        ),
        Reglage(
            Etape.OUVRIR,
            "Préparer une programmation",
            "" if Programmation.objects.exists() else "Aucune n’est préparée.",
            "Aucun projet ne peut être déposé.",
            reverse("contrat_ville:programmations"),
            a_un_agent=True,
            peut_attendre=True,
        ),
        Reglage(
            Etape.OUVRIR,
            "Donner le SIRET de la collectivité",
            "" if ReglementSubventions.actuel().siret_attribuant else "Rien n’est écrit.",
            "Les données sur les subventions ne sont pas publiées.",
            reverse("admin:contrat_ville_reglementsubventions_changelist"),
            aux_tables=True,
            peut_attendre=True,
        ),
    ]


def dossier_complet(dossier: Dossier) -> list[TableauDuDossier]:
    return tableaux_du_projet(dossier) if isinstance(dossier, Projet) else []


def cherchables() -> Cherchable:
    return Cherchable(
        "appels",
        "Appels à projets",
        "contrat_ville",
        Programmation.objects.publiques,
        ("titre", "texte_appel", "eligibilite"),
        lambda p: Trouve(p.titre, p.get_public_url()),
    )


def rattachables() -> Rattachable:
    return Rattachable(GroupeDiscussion, lambda: GroupeDiscussion.objects.order_by("-ouvert_le", "-pk"))
