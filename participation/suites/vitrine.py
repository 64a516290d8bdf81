"""What the suites add to shared pages: home, menus, « Ma journée », key figures, personal data."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from participation.socle import langues
from participation.socle.calendrier import debut_du_jour
from participation.socle.collectivite import collectivite, ici
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.francais import INSECABLE, jour_texte, majuscule, nombre, pluriel, pourcentage
from participation.socle.journee import Attente, SectionJournee, Tache
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.conservation import Delai, Traitement
from participation.socle.models import Compte, Dossier, Quartier
from participation.socle.vitrine import (
    Cherchable,
    Chiffre,
    ChiffresCles,
    EntreeBureau,
    EntreePublique,
    PageDuPlan,
    Reglage,
    Resultat,
    Rubrique,
    SectionAccueil,
    Suivie,
    TableauDuDossier,
    Trouve,
)
from participation.socle.workflow import Role
from participation.suites.abonnements import arreter
from participation.suites.filtres import attend_publication
from participation.suites.models import Abonnement, ReglementSuites, ReponseDirection, Suite, Verdict
from participation.suites.models.suites import CHAMPS_CHERCHES, SuiteQuerySet
from participation.suites.rendu_compte import vues as rendu_compte
from participation.suites.rendu_compte.lectures import (
    Bilan,
    FiltresDeSuites,
    a_son_rapport,
    adresse_publique,
    bilan,
    tenus,
)

A_PUBLIER_MONTREES = 20


def section_accueil() -> SectionAccueil | None:
    """Share of the public suites that have an answer, and the median delay. None without a suite."""
    tout = bilan()
    if not tout.total:
        return None
    resultats = [
        Resultat(
            pourcentage(tout.part_repondue or 0),
            ngettext(
                "de %(nombre)s demande ou promesse a reçu une réponse publique",
                "des %(nombre)s demandes et promesses ont reçu une réponse publique",
                tout.total,
            )
            % {"nombre": langues.nombre(tout.total)},
        )
    ]
    if tout.mediane is not None:
        resultats.append(
            Resultat(
                langues.nombre(round(tout.mediane)), gettext("jours pour répondre, une fois sur deux au plus")
            )
        )
    if tout.totales:
        resultats.append(
            Resultat(
                pourcentage(tout.part_totale or 0),
                gettext("sont totalement mises en œuvre, preuve à l’appui"),
            )
        )
    if tout.verdicts:
        resultats.append(
            Resultat(
                pourcentage(tout.part_d_accord or 0),
                ngettext(
                    "d’accord entre la direction et qui l’a demandé, sur %(nombre)s verdict",
                    "d’accord entre la direction et qui l’a demandé, sur %(nombre)s verdicts",
                    tout.verdicts,
                )
                % {"nombre": langues.nombre(tout.verdicts)},
            )
        )
    return SectionAccueil(
        app="metropole", resultats=resultats, url_reponses=reverse("suites:rendu_compte"), comptes_le=tout.le
    )


def chiffres_tenus() -> list[Tenu]:
    return tenus()


def chiffres_cles() -> ChiffresCles | None:
    """Figures of the public suites. « Asked » and « promised » are counted apart. None without a suite."""
    tout = bilan()
    if not tout.total:
        return None
    liste, filtres = reverse("suites:rendu_compte"), FiltresDeSuites()
    demandees = tout.total - tout.promises

    def adresse(**choisis: str) -> str:
        return f"{liste}?{filtres.requete(**choisis)}"

    chiffres = [
        Chiffre(nombre(demandees), f"demandée{pluriel(demandees)} par une voix", adresse(origine="demandee")),
        Chiffre(
            nombre(tout.promises),
            f"promise{pluriel(tout.promises)} par la {collectivite().sorte.mot}",
            adresse(origine="promise"),
        ),
        Chiffre(
            nombre(tout.repondues),
            f"{pluriel(tout.repondues, 'a,ont')} reçu une réponse publique",
            adresse(reponse="oui"),
            f", soit {tout.part_repondue}{INSECABLE}%",
        ),
        Chiffre(
            nombre(tout.a_temps),
            "à temps",
            adresse(reponse="a_temps"),
            f", sur {nombre(tout.exigibles)} à mesurer",
        ),
        Chiffre(
            nombre(tout.en_retard),
            f"attend{pluriel(tout.en_retard, 'ent')} encore, la date passée",
            adresse(reponse="attendue"),
        ),
    ]
    chiffres += _ce_qui_est_fait(tout, adresse)
    if tout.mediane is not None:
        chiffres.append(
            Chiffre(
                f"{nombre(tout.mediane, 0)}{INSECABLE}jour{pluriel(tout.mediane)}",
                "pour répondre, une fois sur deux au plus",
                adresse(reponse="oui"),
            )
        )
    return ChiffresCles(
        "metropole",
        "Suites données",
        chiffres,
        ici(
            "Une suite est ce qu’une voix demande (pétition, avis, remontée, projet ou groupe d’un quartier), ou ce que la {metropole} promet par un acte. Demandé n’est pas promis."
        ),
    )


def _ce_qui_est_fait(tout: Bilan, adresse: Callable[..., str]) -> list[Chiffre]:
    """What is shown to be done, and how often who asked says the same as the direction."""
    chiffres = [
        Chiffre(
            nombre(tout.totales),
            f"totalement mise{pluriel(tout.totales)} en œuvre, preuve à l’appui",
            adresse(degre="totale"),
        )
    ]
    if tout.verdicts:
        chiffres.append(
            Chiffre(
                nombre(tout.accords),
                f"verdict{pluriel(tout.accords)} de qui l’a demandé d’accord avec la direction",
                adresse(verdict="accord"),
                f", sur {nombre(tout.verdicts)}",
            )
        )
    return chiffres


def menu_public() -> list[EntreePublique]:
    return [EntreePublique(Rubrique.SUIVRE, gettext("Rendu compte"), reverse("suites:rendu_compte"))]


def plan_du_site() -> list[PageDuPlan]:
    pages = ("suites:rendu_compte", "suites:chiffres", "socle:chiffres_cles")
    return [PageDuPlan(reverse(nom)) for nom in pages]


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    """Menu entry with its counts: the late suites; else answers to publish (service) or to give (direction)."""
    if not compte.roles & {Role.AGENT, Role.AGENT_DIRECTION, Role.ELU}:
        return None
    entree = partial(EntreeBureau, icone="suites")
    url = reverse("suites:suites")
    if not compte.roles & {Role.AGENT, Role.AGENT_DIRECTION}:
        return entree("Suites", url)

    # One query for each count, each on its own index: a single query over all suites was slower.
    def siennes() -> SuiteQuerySet:
        return Suite.objects.visibles_par(compte)

    if compte.est_agent:
        return entree(
            "Suites",
            url,
            nombre=lambda: siennes().ouvertes().filter(attend_publication()),
            retards=lambda: siennes().en_retard(),
        )
    return entree(
        "Suites à rendre",
        f"{url}?suivi=a_rendre",
        nombre=lambda: siennes().a_rendre(),
        retards=lambda: siennes().a_rendre().en_retard(),
    )


def section_journee(compte: Compte) -> SectionJournee | None:
    """Answers of directions and words of who asked, to read and publish, the oldest first; the report of last year that
    is due. For the agents of the service only.
    """
    if not compte.est_agent:
        return None
    attendues = partial(ReponseDirection.objects.filter, retenue_le=None, ecartee_le=None)
    mots = Verdict.objects.a_lire
    annee = timezone.localdate().year - 1
    racontees = partial(Suite.objects.publiques().filter, creee_le__lt=debut_du_jour(date(annee + 1, 1, 1)))
    return SectionJournee(
        "suites",
        "Suites : à lire et à publier",
        [
            Attente(attendues, lambda: _a_publier(attendues().order_by("recue_le", "pk"))),
            Attente(mots, lambda: _mots_a_lire(mots().order_by("donne_le", "pk"))),
            Attente(racontees, lambda: _rapport_a_faire(annee)),
        ],
    )


def _rapport_a_faire(annee: int) -> list[Tache]:
    """Some days before the limit of the règlement, then until it is asked for."""
    regle = ReglementSuites.actuel()
    limite = regle.limite_du_rapport(annee)
    if timezone.localdate() < limite - timedelta(days=regle.rapport_annonce) or a_son_rapport(annee):
        return []
    return [
        Tache(
            quoi=f"Faire le rapport de l’année {annee}",
            url=reverse("suites:rapports"),
            bouton="Faire",
            sur_quoi="Rendu compte à présenter à l’assemblée",
            genre="Rapport",
            date_limite=limite,
        )
    ]


def _mots_a_lire(verdicts: QuerySet[Verdict]) -> list[Tache]:
    lus = verdicts.select_related("suite__dossier", "sollicitation")[:A_PUBLIER_MONTREES]
    return [
        Tache(
            quoi=f"Lire un mot sur : {verdict.suite.intitule}",
            url=reverse("suites:suite", args=[verdict.suite_id]),
            bouton="Lire",
            sur_quoi=f"{verdict.get_jugement_display()}, dit {verdict.sollicitation.qualite}",
            genre="Suite",
            app=verdict.suite.dossier.app,
            depuis=verdict.donne_le,
        )
        for verdict in lus
    ]


def _a_publier(reponses: QuerySet[ReponseDirection]) -> list[Tache]:
    lues = reponses.select_related("suite__dossier", "direction")[:A_PUBLIER_MONTREES]
    return [
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
            depuis=reponse.recue_le,
        )
        for reponse in lues
    ]


def suivies(courriel: str) -> list[Suivie]:
    suivis = Abonnement.objects.actifs().filter(courriel__iexact=courriel)
    return [
        Suivie(
            f"suites-{abonnement.pk}",
            "Les nouvelles d’un dossier",
            abonnement.dossier.titre,
            f"{majuscule(abonnement.dossier.enfant._meta.verbose_name)} {abonnement.dossier.reference}, suivi depuis le {jour_texte(abonnement.demande_le)}",
            partial(arreter, abonnement),
            adresse_publique(abonnement.dossier) if abonnement.dossier.est_publie else "",
            abonnement.langue,
        )
        for abonnement in suivis.order_by("pk").prefetch_related(
            Prefetch("dossier", Dossier.objects.avec_enfants())
        )
    ]


def traitements() -> list[Traitement]:
    """How the addresses of followers are processed, for the page on personal data."""
    reglement = ReglementSuites.objects.en_vigueur()
    return [
        Traitement(
            cle="suites-suivre",
            titre="Suivre un dossier par courriel",
            personnes="Qui suit un dossier.",
            donnees="Adresse électronique.",
            finalite="Écrire à chaque nouvelle du dossier suivi.",
            base_legale="Votre consentement (article 6.1.a du RGPD), donné par le lien reçu, retiré en un clic depuis chaque lettre.",
            destinataires="Les agents du service participation. L’adresse n’est jamais publiée.",
            tables=("suites.Abonnement",),
            delais=(
                Delai(
                    ReglementSuites,
                    "conservation_demandes_jours",
                    "si vous ne confirmez pas, ou après l’arrêt",
                ),
            )
            if reglement
            else (),
            duree="Sinon, tant que vous suivez le dossier.",
        ),
        Traitement(
            cle="suites-verdict",
            titre="Verdict de qui a demandé une suite",
            personnes="Qui a demandé une suite.",
            donnees="Verdict et mot ; une empreinte de l’adresse, qui ne permet pas de la retrouver.",
            finalite="Publier, à côté de ce que dit la direction, ce qu’en dit qui l’a demandé.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD). Chaque lettre permet de ne plus être interrogé.",
            destinataires="Tout le monde pour le verdict, et pour le mot une fois lu par un agent. Personne pour l’empreinte.",
            tables=("suites.Sollicitation", "suites.Verdict"),
            duree="Le verdict, sans nom, est gardé avec la suite. L’empreinte est effacée si vous le demandez.",
        ),
    ]


def chiffres_du_quartier(quartier: Quartier, compte: Compte) -> ChiffresCles:
    """Figures of the suites of a quartier: all of them for the service, the public ones for other accounts."""
    toutes = Suite.objects.visibles_par(compte) if compte.est_agent else Suite.objects.publiques()
    siennes = toutes.filter(dossier__quartiers=quartier)
    total, rendues, retards = siennes.count(), siennes.repondues().count(), siennes.en_retard().count()
    liste = f"{reverse('suites:suites')}?quartier={quartier.pk}" if compte.est_agent else ""
    return ChiffresCles(
        "metropole",
        "Suites",
        [
            Chiffre(nombre(total), f"demandée{pluriel(total)} ou promise{pluriel(total)}", liste),
            Chiffre(
                nombre(rendues),
                f"{pluriel(rendues, 'a,ont')} reçu une réponse",
                f"{liste}&suivi=repondues" if liste else "",
            ),
            Chiffre(nombre(retards), "en retard", f"{liste}&suivi=retard" if liste else ""),
        ],
        "Après une remontée, un projet, un groupe de discussion.",
    )


def dossier_complet(dossier: Dossier) -> list[TableauDuDossier]:
    suites = dossier.suites.select_related("direction").order_by("creee_le", "pk")
    return [
        TableauDuDossier(
            "Suites",
            ("Suite", "Direction", "Attendue le", "Où elle en est", "Réponse"),
            [
                (
                    suite.intitule,
                    str(suite.direction),
                    jour_texte(suite.date_limite),
                    majuscule(suite.get_etat_display()),
                    "\n".join(filter(None, (suite.texte_public, suite.motif))) or "–",
                )
                for suite in suites
            ],
        )
    ]


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [rendu_compte.JEU]


def mise_en_place() -> list[Reglage]:
    """Nothing: a suite begins with what a dossier asks."""
    return []


def cherchables() -> Cherchable:
    """The suites, on the public page of what they answer."""
    natures = [f"dossier__{cle}" for cle, m in Dossier.natures().items() if hasattr(m, "get_public_url")]
    noms = [nom.removeprefix("dossier__") for nom in natures]
    return Cherchable(
        "suites",
        "Suites données",
        "metropole",
        lambda: Suite.objects.publiques().filter(dossier__nature__in=noms).select_related(*natures),
        CHAMPS_CHERCHES,
        lambda s: Trouve(s.intitule, f"{s.dossier.enfant.get_public_url()}#suites", s.get_etat_display()),
    )
