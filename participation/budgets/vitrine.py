"""Budgets, forums and votes on the shared pages: menus, home, site map, « Ma journée », personal data."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.budgets import conservation, journee, oubli, phases
from participation.budgets.cycle import effacer_auteurs
from participation.budgets.idees import actes as idees
from participation.budgets.idees import depot
from participation.budgets.models import (
    AuteurIdee,
    Budget,
    Forum,
    Idee,
    ProjetQuartier,
    ReglementInterQuartiers,
    Scrutin,
)
from participation.budgets.public import donnees_ouvertes
from participation.budgets.workflow.budget import CanalIdee, Capacite, EtatBudget, EtatForum, EtatIdee
from participation.budgets.workflow.vote import EtatScrutin
from participation.inscriptions.lectures import a_dire_pour_venir
from participation.inscriptions.lectures import au_calendrier as au_calendrier_de
from participation.inscriptions.workflow import EtatInscription
from participation.socle import langues
from participation.socle.calendrier import du_au
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.francais import jour_texte, montant, nombre, pluriel
from participation.socle.journee import SectionJournee
from participation.socle.lectures.conservation import Delai, DemarcheEntiere, Elimination, Lot, Traitement
from participation.socle.lectures.langues import avec_titres_lus
from participation.socle.models import Compte, Quartier
from participation.socle.vitrine import (
    OUVERTS_MONTRES,
    AuCalendrier,
    Cherchable,
    Chiffre,
    ChiffresCles,
    Demarche,
    Devenir,
    EntreeBureau,
    EntreePublique,
    GenreDePapier,
    Ouvert,
    PageDuPlan,
    Rattachable,
    Reglage,
    Rubrique,
    SectionAccueil,
    Suivie,
    Trouve,
)
from participation.socle.workflow import Role


def menu_public() -> EntreePublique:
    """Never reads the database: it is called before the connection exists."""
    return EntreePublique(Rubrique.AGIR, gettext("Budgets des quartiers"), reverse("budgets:budgets_publics"))


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    """All of it for an agent; for the desk, the forums and votes that it keeps."""
    if compte.est_agent:
        attente = partial(Idee.objects.filter, etat=EtatIdee.A_LIRE)
        return [
            EntreeBureau("Budgets des quartiers", reverse("budgets:budgets"), app="budgets", nombre=attente),
            EntreeBureau("Forums", reverse("budgets:forums"), icone="salle"),
        ]
    return _de_l_accueil() if Role.ACCUEIL in compte.roles else []


def _de_l_accueil() -> list[EntreeBureau]:
    """Votes whose codes it records, then whose paper ballots it enters; forums whose door it keeps."""
    en_vue = Forum.objects.filter(etat__in=journee.EN_VUE).exists()
    forums = [EntreeBureau("Forums", reverse("budgets:forums"), icone="salle")] if en_vue else []
    ici = Scrutin.objects.filter(etat__in=[EtatScrutin.OUVERT, EtatScrutin.FERME]).select_related("budget")
    return [*forums, *(EntreeBureau(str(s), s.get_absolute_url(), icone="main") for s in ici)]


def section_accueil() -> SectionAccueil | None:
    ouverts = _ouverts()
    if not ouverts:
        return None
    return SectionAccueil(app="budgets", ouverts=ouverts, url_ouverts=reverse("budgets:budgets_publics"))


def _ouverts() -> list[Ouvert]:
    """Budgets open to idées or votes today, and forums open to registrations."""
    jour = timezone.localdate()
    lignes = []
    for budget in Budget.objects.publics().filter(etat=EtatBudget.OUVERT).avec_phases():
        phase = phases.en_cours(budget.periodes, jour)
        if phase is None or not budget.capacites(jour) & {Capacite.DEPOSER, Capacite.VOTER}:
            continue
        lignes.append(
            Ouvert(
                genre=gettext("Proposer une idée") if budget.peut(Capacite.DEPOSER) else gettext("Voter"),
                quand=gettext("jusqu’au %(jour)s") % {"jour": langues.jour(phase.fin)},
                titre=langues.ecrit(budget.titre),
                url=budget.get_public_url(),
                phrase=gettext("%(somme)s pour des projets des quartiers prioritaires.")
                % {"somme": montant(budget.montant)},
                fin=phase.fin,
            )
        )
    forums = Forum.objects.filter(etat=EtatForum.OUVERT, date_limite__gte=jour).order_by(
        "date_limite", "-debut", "-pk"
    )
    return lignes + [
        Ouvert(
            genre=gettext("Forum"),
            quand=gettext("le %(jour)s") % {"jour": langues.jour(forum.jour)},
            titre=langues.titre_lu(forum),
            url=forum.get_public_url(),
            phrase=a_dire_pour_venir(forum),
            fin=forum.date_limite,
        )
        for forum in avec_titres_lus(forums)[:OUVERTS_MONTRES]
    ]


def plan_du_site() -> list[PageDuPlan]:
    budgets = list(Budget.objects.publics())
    if not budgets:
        return []
    voix = [*Idee.objects.publics().order_by("pk"), *ProjetQuartier.objects.publics().order_by("pk")]
    return [
        PageDuPlan(reverse("budgets:budgets_publics")),
        *(PageDuPlan(b.get_public_url()) for b in budgets),
        *(PageDuPlan(reverse("budgets:idees_publiques", args=[b.pk])) for b in budgets),
        *(PageDuPlan(f.get_public_url()) for f in Forum.objects.publics()),
        *(PageDuPlan(v.get_public_url(), v.modifie_le) for v in voix),
    ]


def demarches(annee: int) -> list[Demarche]:
    """The forums of the year, and its votes once closed: until the ballots are mixed, an hour could lead to one."""
    forums = (
        Forum.objects.publics()
        .exclude(etat=EtatForum.ANNULE)
        .filter(du_au("debut", date(annee, 1, 1), date(annee, 12, 31)))
        .annotate(inscrites=Count("inscriptions", filter=Q(inscriptions__etat=EtatInscription.INSCRITE)))
        .filter(inscrites__gt=0)
    )
    votes = (
        Scrutin.objects.filter(etat__in=[EtatScrutin.FERME, EtatScrutin.DEPOUILLE, EtatScrutin.PUBLIE])
        .filter(date_fin__year=annee)
        .select_related("budget")
        .annotate(votants=Count("codes", filter=Q(codes__est_utilise=True)))
        .filter(votants__gt=0)
    )
    return [
        *(
            Demarche("forum", f.pk, "Forum", f.titre, f.get_public_url(), vars(f)["inscrites"])
            for f in forums
        ),
        *(
            Demarche("vote", s.pk, "Vote", s.budget.titre, s.get_public_url(), vars(s)["votants"])
            for s in votes
        ),
    ]


def section_journee(compte: Compte) -> SectionJournee:
    return SectionJournee("budgets", "Budgets des quartiers", journee.taches(compte))


def chiffres_du_quartier(quartier: Quartier, compte: Compte) -> ChiffresCles | None:
    """Public idées and projets; nothing before a first budget."""
    if not Budget.objects.publics().exists():
        return None
    idees: Any = Idee.objects.publics().filter(quartiers=quartier)
    projets: Any = ProjetQuartier.objects.publics().filter(quartiers=quartier)
    proposees, faits = idees.count(), projets.count()
    return ChiffresCles(
        "budgets",
        "Budgets des quartiers",
        [
            Chiffre(nombre(proposees), f"idée{pluriel(proposees)} publiée{pluriel(proposees)}", _liste_des_idees(idees, quartier)),
            Chiffre(nombre(faits), f"projet{pluriel(faits)} à partir d’elles", ""),
        ],
    )  # fmt: skip


def _liste_des_idees(idees: Any, quartier: Quartier) -> str:
    """Public list of the idées of a budget; "" if they belong to several budgets."""
    budgets = list(idees.order_by().values_list("budget", flat=True).distinct()[:2])
    if len(budgets) != 1:
        return ""
    return f"{reverse('budgets:idees_publiques', args=budgets)}?quartier={quartier.pk}"


DELAI_DES_AUTEURS = Delai(ReglementInterQuartiers, "conservation_auteurs_mois", "après la clôture du budget")
DELAI_DES_INSCRITS = Delai(ReglementInterQuartiers, "conservation_forum_jours", "après le forum")


def eliminations() -> list[Elimination]:
    """Who gave idées and who came to forums. Idées, needs and presences stay, as numbers."""
    return [
        Elimination(
            conservation.AUTEURS,
            "Auteurs des idées",
            (DELAI_DES_AUTEURS,),
            "les idées, sans le nom",
            lambda: [
                Lot(
                    b.pk,
                    b.titre,
                    n,
                    b.get_absolute_url(),
                    None,
                    timezone.localdate(b.clos_le) if b.clos_le else None,
                )
                for b, n in conservation.des_budgets()
            ],
            lambda numero, par: effacer_auteurs(Budget.objects.get(pk=numero), par=par),
        )
    ]


def demarches_entieres() -> DemarcheEntiere:
    return DemarcheEntiere(
        "budgets.forum-entier",
        "Un forum entier\u00a0: inscrits, animateurs de table",
        (DELAI_DES_INSCRITS,),
        "les besoins, les présences, les remarques des tables, en nombres",
        oubli.forums_finis,
        oubli.tient,
        oubli.oublier_la_demarche,
    )


def suivies(courriel: str) -> list[Suivie]:
    auteurs = AuteurIdee.objects.joignables().filter(courriel__iexact=courriel).select_related("idee__budget")
    return [
        Suivie(
            f"idee-{auteur.pk}",
            "Ce que devient votre idée",
            auteur.idee.titre,
            f"{auteur.idee.reference}, {auteur.idee.budget}, depuis le {jour_texte(auteur.cree_le)}",
            partial(depot.arreter_lettres, auteur),
            auteur.idee.get_public_url() if auteur.idee.est_publie else "",
        )
        for auteur in auteurs.order_by("pk")
    ]


def traitements() -> list[Traitement]:
    return [
        Traitement(
            cle="budgets-idees",
            titre="Recevoir vos idées pour les budgets des quartiers",
            personnes="Qui donne une idée, ou en tient une table.",
            donnees="Votre idée, ses quartiers ; votre nom et de quoi vous prévenir, si vous les laissez.",
            finalite="Lire et publier l’idée sans votre nom, la réunir avec d’autres, vous dire à chaque étape ce qu’elle devient.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
            destinataires="Les agents du service. Les directions et le public lisent l’idée, jamais qui l’a donnée.",
            tables=("budgets.AuteurIdee",),
            delais=(DELAI_DES_AUTEURS,),
            duree="Alors vos coordonnées sont effacées. L’idée reste, sans votre nom.",
        ),
        Traitement(
            cle="budgets-forums",
            titre="Préparer les forums des quartiers",
            personnes="Les personnes inscrites, et qui anime une table.",
            donnees="Votre nom, comment vous joindre, votre quartier, et ce qu’il vous faut pour venir : interprète, garde d’enfants, transport, boucle magnétique.",
            finalite="Réserver votre place, prévoir ce qu’il faut, vous accueillir.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD) ; votre accord pour ce que vous dites de vos besoins.",
            destinataires="Les agents du service et de l’accueil du forum. Les petits nombres ne sont pas publiés.",
            tables=("budgets.InscriptionForum", "budgets.TableForum"),
            delais=(DELAI_DES_INSCRITS,),
            duree="Plus tôt si vous ne confirmez pas votre adresse. Restent des nombres.",
            sensibles="Un besoin d’accès, qui peut parler de la santé, avec votre accord.",
        ),
    ]


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return list(donnees_ouvertes.JEUX.values())


def mise_en_place() -> list[Reglage]:
    """Nothing: a budget is prepared on its own page."""
    return []


def cherchables() -> list[Cherchable]:
    return [
        Cherchable(
            "budgets",
            "Budgets des quartiers",
            "budgets",
            Budget.objects.publics,
            ("titre", "texte"),
            lambda b: Trouve(b.titre, b.get_public_url()),
        ),
        Cherchable(
            "forums",
            "Forums",
            "budgets",
            Forum.objects.publics,
            ("titre", "lieu", "texte"),
            lambda f: Trouve(f.titre, f.get_public_url(), f"{jour_texte(f.jour)}, {f.lieu}"),
        ),
    ]


def papiers() -> list[GenreDePapier]:
    """Idées, and registrations to a forum: both are received as when an agent enters them."""
    return [
        GenreDePapier(
            "idee",
            "Idées d’un budget des quartiers",
            lambda: (
                (budget.pk, str(budget))
                for budget in Budget.objects.order_by("-pk")
                if budget.peut(Capacite.SAISIR)
            ),
            lambda cible, reponses, par: depot.SaisirIdeeForm(
                reponses, objet=Idee(budget=Budget.objects.get(pk=cible)), par=par
            ),
            lambda cible, form, par, cle: depot.saisir_idee(
                Budget.objects.get(pk=cible), par=par, cle=cle, **form.cleaned_data
            ),
            fixes={"canal": CanalIdee.PAPIER},
            en_ligne=lambda cible: reverse("budgets:proposer_idee", args=[cible]),
            est_public=True,
            saisie=lambda cible: reverse("budgets:saisir_idee", args=[cible]),
        )
    ]


def devenirs() -> list[Devenir]:
    """An idée of each budget that takes some today."""
    ouverts = Budget.objects.publics().filter(etat=EtatBudget.OUVERT).avec_phases()
    return [
        Devenir(f"idee-{budget.pk}", f"Une idée, à lire : {budget.titre}", partial(_ouvrir, budget))
        for budget in ouverts
        if budget.peut(Capacite.SAISIR)
    ]


def _ouvrir(budget: Budget, titre: str, texte: str, par: Compte) -> Idee:
    return depot.saisir_idee(
        budget,
        par=par,
        titre=titre[: depot.TITRE_MAX],
        texte=texte[: idees.TEXTE_MAX],
        canal=CanalIdee.ATELIER,
    )


def au_calendrier(annee: int) -> list[AuCalendrier]:
    """The forums; what was said at each table is on the page of the one that was held."""
    forums_publics = Forum.objects.publics().filter(du_au("debut", date(annee, 1, 1), date(annee, 12, 31)))
    return [
        au_calendrier_de(
            f, "Forum", [("Ce qui s’est dit", f.get_public_url())] if f.etat == EtatForum.TENU else []
        )
        for f in forums_publics.order_by("debut", "pk")
    ]


def rattachables() -> list[Rattachable]:
    return [
        Rattachable(Budget, lambda: Budget.objects.filter(clos_le=None).order_by("-annee", "-pk")),
        Rattachable(Forum, lambda: Forum.objects.exclude(etat=EtatForum.ANNULE).order_by("-debut", "-pk")),
    ]
