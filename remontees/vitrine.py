"""What the remontées show on shared pages: home, menus, « Ma journée », legal pages."""

from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from participation.socle import langues
from participation.socle.calendrier import du_au, jours_entre
from participation.socle.collectivite import ici
from participation.socle.erreurs import ErreurMetier
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.francais import INSECABLE, accorder, pourcentage
from participation.socle.journee import SectionJournee
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.communes import VoixDesCommunes
from participation.socle.lectures.conservation import Delai, Elimination, Traitement
from participation.socle.models import Compte, Dossier
from participation.socle.vitrine import (
    Demarche,
    Devenir,
    Echange,
    EntreeBureau,
    EntreePublique,
    Etape,
    GenreDePapier,
    PageDuPlan,
    Porte,
    Rattachable,
    Reglage,
    Resultat,
    Rubrique,
    SectionAccueil,
)
from participation.socle.workflow import Role
from remontees import conservation, journee
from remontees.conservation import AU_TERME, eliminer
from remontees.dossiers.filtres import qui_attendent
from remontees.models import Attribution, Categorie, ReglementRemontees, Remontee, Sujet
from remontees.reception.actes import NoterForm
from remontees.reception.arrivees import deposer, recevoir
from remontees.reception.regles import VERBATIM_MAX, Charge
from remontees.sujets import lectures as publics
from remontees.sujets import vues as vues_des_sujets
from remontees.sujets.lectures import ENSEMBLE, VOIX
from remontees.sujets.lectures import chiffres_du_quartier as _chiffres_du_quartier
from remontees.workflow import Canal

REPONSES_MONTREES = 3


def section() -> SectionAccueil:
    """Return the section of the home page. The link to the list appears once a sujet is published."""
    voix, comptes_le = publics.voix_en_douze_mois()
    bilan = publics.bilan(publics.FiltresDeSujets())
    dire = Porte(
        gettext("Dire ce qui ne va pas"),
        reverse("remontees:dire"),
        gettext("Un problème, une idée : sans compte, en deux étapes."),
        "voix",
    )
    url = reverse("remontees:vous_l_avez_dit")
    plus_petit = publics.plus_petit_publie()
    return SectionAccueil(
        app="remontees",
        porte=dire,
        portes=[
            Porte(
                gettext("Lire ce que vous faites remonter"),
                url,
                ici(gettext("Où en est chaque sujet, ce que la {metropole} a répondu.")),
                "suites",
            )
        ]
        if bilan.total
        else [],
        reponses=[_echange(sujet, plus_petit) for sujet in publics.derniers_repondus(REPONSES_MONTREES)],
        resultats=_resultats(bilan),
        voix=voix,
        comptes_le=comptes_le,
        url_reponses=f"{url}?etat={publics.REPONDU}",
    )


def menu() -> list[EntreePublique]:
    return [
        EntreePublique(
            Rubrique.AGIR,
            gettext("Nous le dire"),
            reverse("remontees:dire"),
            sous=reverse("remontees:vous_l_avez_dit"),
        )
    ]


def plan() -> list[PageDuPlan]:
    noms = ("dire", "vous_l_avez_dit", "carte_publique", "chiffres")
    pages = [PageDuPlan(reverse(f"remontees:{nom}")) for nom in noms]
    sujets = publics.publies().order_by("-pk").values_list("reference", "modifie_le")
    return [
        *pages,
        *(PageDuPlan(reverse("remontees:sujet_public", args=[reference]), le) for reference, le in sujets),
    ]


def _resultats(bilan: publics.Bilan) -> list[Resultat]:
    if not bilan.total:
        return []
    return [
        Resultat(
            pourcentage(bilan.part_repondue or 0),
            ngettext(
                "du %(nombre)s sujet que vous avez fait remonter a une réponse publique",
                "des %(nombre)s sujets que vous avez fait remonter ont une réponse publique",
                bilan.total,
            )
            % {"nombre": langues.nombre(bilan.total)},
        )
    ]


def _echange(sujet: Any, plus_petit: int) -> Echange:
    dit = publics.ou_en_est(sujet)
    jours = jours_entre(sujet.ouvert_le, sujet.repondu_le)
    return Echange(
        genre="Vous l’avez dit",
        dit=sujet.titre,
        qui=publics.combien_dit(sujet.combien, plus_petit),
        etat=dit.mot,
        couleur=dit.couleur,
        reponse=f"{sujet.reponse[:220].rstrip()}…" if len(sujet.reponse) > 220 else sujet.reponse,
        precision=f"Répondu en {jours}{INSECABLE}jours." if jours > 1 else "",
        url=f"{sujet.get_public_url()}#reponse",
        le=sujet.repondu_le,
    )


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
                f"{reverse('remontees:remontees')}?attend=oui",
                app="remontees",
                nombre=lambda: qui_attendent(Remontee.objects.visibles_par(compte), compte),
            )
        )
        entrees.append(EntreeBureau("Sujets", reverse("remontees:sujets"), icone="suites"))
    elif compte.roles & {Role.AGENT_DIRECTION, Role.AGENT_COMMUNE}:
        # As many as the list opened by the entry: what awaits the service, by kind.
        for libelle, page, nature in (
            ("Remontées", "remontees:remontees", "remontee"),
            ("Sujets", "remontees:sujets", "sujet"),
        ):
            entrees.append(
                EntreeBureau(
                    libelle,
                    f"{reverse(page)}?attend=oui",
                    app="remontees" if nature == "remontee" else "",
                    icone="" if nature == "remontee" else "suites",
                    nombre=partial(_attendues, compte, nature),
                )
            )
    return entrees


def voix_par_commune() -> VoixDesCommunes:
    voix, _ = publics.voix_en_douze_mois()
    return VoixDesCommunes("remontees", "Remontées", ("remontée", "remontées"), voix)


def demarches(annee: int) -> list[Demarche]:
    """The remontées of the year, as one démarche: each is one person's."""
    recues = Dossier.objects.filter(
        du_au("ouvert_le", date(annee, 1, 1), date(annee, 12, 31)), nature="remontee"
    ).count()
    if not recues:
        return []
    url = reverse("remontees:remontees")
    return [Demarche("remontees", annee, "Remontées", f"Remontées de {annee}", url, recues)]


def _attendues(compte: Compte, nature: str) -> Any:
    return Attribution.attendues_du_compte(compte).filter(dossier__nature=nature)


def section_journee(compte: Compte) -> SectionJournee:
    return SectionJournee("remontees", "Remontées", journee.taches(compte))


CONSERVATION = Delai(ReglementRemontees, "conservation_mois", "après la réponse")


def eliminations() -> Elimination:
    """Who spoke and their words, at the term. What is counted stays."""
    return Elimination(
        conservation.REMONTEES,
        "Remontées\u00a0: qui a parlé, ses mots, le lieu exact, la photo, les lettres",
        (CONSERVATION,),
        "la catégorie, la commune, le titre, la réponse",
        conservation.lots,
        eliminer,
    )


def traitements() -> list[Traitement]:
    return [
        Traitement(
            cle="remontees-traiter",
            titre="Traiter ce que vous faites remonter",
            personnes="Qui nous dit quelque chose ; les responsables d’une application qui nous envoie des signalements.",
            donnees="Ce que vous dites et où ; votre nom et de quoi vous prévenir, si vous les laissez ; une photo, sans ses données cachées.",
            finalite="Trouver qui s’en occupe, vous répondre, rendre compte de ce que les gens disent.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD) ; votre accord pour transmettre vos coordonnées à un autre organisme.",
            destinataires="Les agents du service. Les services qui traitent lisent ce qui a été dit ; le nom et les coordonnées leur sont masqués, sauf s’ils disent pourquoi ils en ont besoin. Rien n’est publié mot pour mot.",
            tables=("remontees.Rapporteur", "remontees.ClientOpen311"),
            delais=(CONSERVATION,),
            duree="Alors vos coordonnées sont effacées. Ce qui a été dit reste, sans votre nom.",
        )
    ]


def chiffres_tenus() -> list[Tenu]:
    return [VOIX, ENSEMBLE, AU_TERME]


# Defined next to the figures that they show.
section_accueil, menu_public, plan_du_site = section, menu, plan


chiffres_du_quartier = _chiffres_du_quartier


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [vues_des_sujets.JEU]


def mise_en_place() -> list[Reglage]:
    proposees = Categorie.objects.filter(est_active=True, sous_categories__isnull=True)
    sans = proposees.filter(est_metropolitaine=True, direction=None).count()
    return [
        Reglage(
            Etape.REGLES,
            "Écrire les catégories des remontées",
            "" if proposees.exists() else "Aucune catégorie n’est proposée.",
            "Personne ne peut dire de quoi il parle.",
            reverse("admin:remontees_categorie_changelist"),
            aux_tables=True,
        ),
        Reglage(
            Etape.REGLES,
            "Dire quelle direction traite chaque catégorie",
            f"{accorder(sans, 'catégorie')} sans direction." if sans else "",
            "L’application ne propose pas à qui donner la remontée.",
            reverse("admin:remontees_categorie_changelist"),
            aux_tables=True,
            peut_attendre=True,
        ),
    ]


def devenirs() -> list[Devenir]:
    return [Devenir("remontee", "Une remontée, à trier", _ouvrir)]


def _ouvrir(titre: str, texte: str, par: Compte) -> Remontee:
    """Make a remontée of what was said at a meeting, at once."""
    charge = Charge(
        f"{titre}\n\n{texte}"[:VERBATIM_MAX],
        Canal.REUNION,
        titre=titre,
        saisie_par=par.pk,
        entendue_le=timezone.localdate(),
    )
    faite = recevoir(deposer(charge))
    if faite is None:
        raise ErreurMetier("La remontée n’a pas pu être ouverte : recommencez.")
    return faite


def papiers() -> GenreDePapier:
    """What people write for the service, without a meeting or a form on line."""
    return GenreDePapier(
        "remontee",
        "Remontées",
        lambda: [(1, ici("Dire quelque chose à la {metropole}"))],
        lambda cible, reponses, par: NoterForm(reponses),
        lambda cible, form, par, cle: deposer(form.charge(par), cle=cle, photo=None),
        fixes={"canal": Canal.COURRIER},
        hors=frozenset({"photo", "categorie", "est_urgente"}),
        en_ligne=lambda cible: reverse("remontees:dire"),
        texte=lambda cible: "En cas de danger, appelez d’abord le 112.",
        mots={
            "verbatim": "Que voulez-vous nous dire ? Depuis quand ?",
            "lieu": "Où ? Rue, arrêt, équipement",
            "entendue_le": "Date",
            "au_nom_de": "Vous parlez au nom de quelqu’un d’autre",
            "prefere": "Comment voulez-vous notre réponse ?",
            "accepte_transmission": "Vous acceptez que vos coordonnées soient transmises à l’organisme compétent",
        },
        est_public=True,
        saisie=lambda cible: reverse("remontees:noter"),
    )


def rattachables() -> Rattachable:
    return Rattachable(
        Sujet,
        # Its nature is said for the index of the dossiers by nature and day: the last are read, not all.
        lambda: Sujet.objects.filter(nature="sujet", clos_le=None).order_by("-ouvert_le", "-pk"),
        "tous les sujets",
    )
