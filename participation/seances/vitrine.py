"""What the séances show on the pages shared by all: menus, home, « Ma journée », the page on personal data."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.lectures.composition import vacances
from participation.seances.models import (
    Convie,
    DemandePoint,
    Instance,
    Membre,
    Prevision,
    ProcesVerbal,
    Seance,
    SeanceQuerySet,
    instances_ou_siege,
)
from participation.seances.regles.delais import dernier_jour
from participation.seances.workflow import Etat, EtatPV
from participation.socle.bd.ensembles import redire
from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import INSECABLE, accorder, heure, jour_texte
from participation.socle.models import Compte
from participation.socle.vitrine import (
    EntreeBureau,
    EntreePublique,
    Ouvert,
    PageDuPlan,
    SectionAccueil,
    SectionJournee,
    Tache,
    Traitement,
)
from participation.socle.workflow import Role

# How far ahead « Ma journée » looks for a séance to convene, beyond what its règlement asks.
JOURS_POUR_CONVOQUER, HORIZON = 14, 120
MONTREES = 20
OUVERTS_MONTRES = 3


def espace(compte: Compte) -> str | None:
    """Where a member lands after sign-in, when she has no place in the back office."""
    if Membre.objects.filter(compte=compte).exists():
        return reverse("seances:espace")
    return None


def menu_public() -> list[EntreePublique]:
    """Without a query: it stands on every public page."""
    return [EntreePublique("Instances", reverse("seances:instances_publiques"))]


def plan_du_site() -> list[PageDuPlan]:
    pages = [PageDuPlan(reverse(f"seances:{nom}")) for nom in ("instances_publiques", "calendrier_public")]
    for instance in Instance.objects.filter(est_publique=True, est_active=True).order_by("pk"):
        pages.append(PageDuPlan(instance.get_public_url()))
        pages.append(PageDuPlan(reverse("seances:proces_verbaux", args=[instance.cle])))
    ouvertes = Seance.objects.annoncees().filter(est_publique=True, instance__est_publique=True)
    pages += [
        PageDuPlan(reverse("seances:seance_publique", args=[pk]))
        for pk in ouvertes.order_by("-pk").values_list("pk", flat=True)
    ]
    publies = ProcesVerbal.objects.publies().order_by("-pk").values_list("seance", flat=True)
    pages += [PageDuPlan(reverse("seances:lire_proces_verbal", args=[pk])) for pk in publies]
    return pages


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    entrees = []
    if compte.est_agent:
        a_convoquer, retards = _nombres_a_convoquer()
        entrees += [
            EntreeBureau(
                "Séances", reverse("seances:seances"), app="metropole", nombre=a_convoquer, retards=retards
            ),
            EntreeBureau("Instances", reverse("seances:instances"), icone="personnes"),
        ]
    if compte.roles & {Role.AGENT, Role.ELU, Role.AGENT_DIRECTION}:
        entrees.append(
            EntreeBureau("Calendrier des séances", reverse("seances:calendrier"), icone="calendrier")
        )
    if instances_ou_siege(compte):
        entrees.append(EntreeBureau("Mes instances", reverse("seances:espace"), icone="salle"))
    return entrees


def _a_programmer() -> SeanceQuerySet:
    maintenant = timezone.now()
    return Seance.objects.filter(
        etat=Etat.PROGRAMMEE, debut__gte=maintenant, debut__lte=maintenant + timedelta(days=HORIZON)
    )


def _a_convoquer() -> list[Seance]:
    """Planned séances whose convocation must leave soon, the most pressing first."""
    bientot = timezone.localdate() + timedelta(days=JOURS_POUR_CONVOQUER)
    seances = _a_programmer().avec_instance()
    return sorted((s for s in seances if s.date_limite <= bientot), key=lambda s: (s.date_limite, s.pk))


def _nombres_a_convoquer() -> tuple[int, int]:
    """The same, for the menu of every page: only what the last day depends on is read."""
    regles = [f"reglement__{champ}" for champ in ("delai_convocation", "unite_delai", "delai_seconde")]
    lues = redire(
        f"a_convoquer.{timezone.localtime():%F %R %z}",
        0,
        lambda: _a_programmer().order_by().values_list("debut", "rang_convocation", *regles),
    )
    jour = timezone.localdate()
    limites = [dernier_jour(timezone.localdate(debut), *regle) for debut, *regle in lues]
    bientot = jour + timedelta(days=JOURS_POUR_CONVOQUER)
    return sum(limite <= bientot for limite in limites), sum(limite < jour for limite in limites)


def section_accueil() -> SectionAccueil | None:
    """The next séances that anybody may attend."""
    seances = (
        Seance.objects.a_venir()
        .annoncees()
        .filter(
            est_publique=True,
            instance__est_publique=True,
            debut__gte=timezone.now(),
            debut__lte=timezone.now() + timedelta(days=HORIZON),
        )
        .select_related("instance")
        .order_by("debut", "pk")[:OUVERTS_MONTRES]
    )
    ouverts = [
        Ouvert(
            genre="Séance publique",
            quand=f"{jour_texte(seance.debut)} à {heure(seance.debut)}",
            titre=seance.titre,
            url=seance.get_public_url(),
            phrase=f"{seance.instance.nom}, {seance.get_tenue_display()}{f'{INSECABLE}: {seance.lieu}' if seance.lieu else ''}.",
            fin=timezone.localdate(seance.debut),
        )
        for seance in seances
    ]
    return SectionAccueil(app="metropole", ouverts=ouverts) if ouverts else None


# « Ma journée »


def section_journee(compte: Compte) -> list[SectionJournee]:
    sections = (_convocations(compte), _seances(compte))
    return [section for section in sections if section is not None]


def _seances(compte: Compte) -> SectionJournee | None:
    """For the agents: what to convene, to write, to put on an agenda, whom to replace. First what has a date."""
    if not compte.est_agent:
        return None
    taches = [
        *(_tache_convoquer(seance) for seance in _a_convoquer()),
        *_taches_proces_verbaux(),
        *_taches_demandes(),
        *_taches_programme(),
        *_taches_mandats(),
        *_taches_vacances(),
    ]
    return SectionJournee("seances", "Séances et instances", taches[:MONTREES]) if taches else None


def _convocations(compte: Compte) -> SectionJournee | None:
    """For whoever sits somewhere and works in the back office: the convocations that await her answer."""
    convies = (
        Convie.objects.filter(
            membre__compte=compte,
            reponse="",
            retire_le__isnull=True,
            convoque_le__isnull=False,
            seance__etat=Etat.CONVOQUEE,
            seance__nature__in=Seance.DELIBERANTES,
            seance__debut__gte=timezone.now(),
        )
        .select_related("seance__instance")
        .order_by("seance__debut")[:MONTREES]
    )
    return SectionJournee(
        "convocations",
        "Convocations à répondre",
        [
            Tache(
                quoi=f"Dire si vous venez{INSECABLE}: {convie.seance.titre}",
                url=reverse("seances:repondre", args=[convie.jeton()]),
                bouton="Répondre",
                sur_quoi=f"le {jour_texte(convie.seance.debut)} à {heure(convie.seance.debut)}",
                genre=convie.seance.instance.sigle,
                app=convie.seance.instance.app,
                date_limite=timezone.localdate(convie.seance.debut),
            )
            for convie in convies
        ],
    )


def _tache_convoquer(seance: Seance) -> Tache:
    return Tache(
        quoi="Convoquer les membres",
        url=seance.get_absolute_url(),
        bouton="Ouvrir",
        sur_quoi=f"{seance.titre}, le {jour_texte(seance.debut)}",
        genre=seance.instance.sigle,
        app=seance.instance.app,
        date_limite=seance.date_limite,
    )


def _taches_proces_verbaux() -> list[Tache]:
    seances = (
        Seance.objects.filter(Q(proces_verbal__isnull=True) | Q(proces_verbal__etat=EtatPV.BROUILLON))
        .filter(etat=Etat.LEVEE, nature__in=Seance.DELIBERANTES)
        .select_related("instance")
        .order_by("debut")[:MONTREES]
    )
    return [
        Tache(
            quoi="Écrire et soumettre le procès-verbal",
            url=seance.get_absolute_url(),
            bouton="Ouvrir",
            sur_quoi=seance.titre,
            genre=seance.instance.sigle,
            app=seance.instance.app,
            quand=f"Tenue le {jour_texte(seance.debut)}",
        )
        for seance in seances
    ]


def _taches_demandes() -> list[Tache]:
    demandes = (
        DemandePoint.objects.filter(etat=DemandePoint.Etat.DUE)
        .select_related("instance")
        .order_by("due_le")[:MONTREES]
    )
    return [
        Tache(
            quoi="Inscrire le point demandé par les membres",
            url=demande.instance.get_absolute_url(),
            bouton="Ouvrir",
            sur_quoi=demande.titre,
            genre=demande.instance.sigle,
            app=demande.instance.app,
            quand=f"Dû depuis le {jour_texte(demande.due_le)}" if demande.due_le else "Dû",
        )
        for demande in demandes
    ]


def _taches_programme() -> list[Tache]:
    previsions = (
        Prevision.objects.a_inscrire()
        .filter(date_prevue__lt=timezone.localdate(), instance__est_active=True)
        .select_related("instance")
        .order_by("date_prevue")[:MONTREES]
    )
    # One line for what waits in the programme of a year: they are settled on the same page.
    groupes: dict[tuple[str, int], list[Prevision]] = {}
    for prevision in previsions:
        groupes.setdefault((prevision.instance.cle, prevision.annee), []).append(prevision)
    return [
        Tache(
            quoi=f"Mettre {len(groupe)} points à l’ordre du jour, ou les déplacer"
            if len(groupe) > 1
            else "Mettre à l’ordre du jour, ou déplacer",
            url=f"{reverse('seances:programme', args=[cle, annee])}#p-{groupe[0].pk}",
            bouton="Ouvrir",
            sur_quoi=", ".join(prevision.titre for prevision in groupe[:3])
            + ("…" if len(groupe) > 3 else ""),
            genre=groupe[0].instance.sigle,
            app=groupe[0].instance.app,
            date_limite=groupe[0].date_prevue,
        )
        for (cle, annee), groupe in groupes.items()
    ]


def _taches_mandats() -> list[Tache]:
    """One line for all who leave an instance the same day, as early as the règlement announces it."""
    ce_jour = timezone.localdate()
    finissants = (
        Membre.objects.en_fonction()
        .filter(
            au__isnull=False,
            motif_fin="",
            au__lte=ajouter_mois(ce_jour, 36),
            college__mandature__instance__est_active=True,
        )
        .select_related("compte", "college__mandature__instance")
        .order_by("au", "pk")
    )
    groupes: dict[tuple[Instance, object], list[Membre]] = {}
    annonces: dict[int, int] = {}
    for membre in finissants:
        instance = membre.college.mandature.instance
        if instance.pk not in annonces:
            reglement = instance.reglement_du()
            annonces[instance.pk] = max(reglement.annonces_fin, default=0) if reglement else 0
        if membre.au and membre.au <= ajouter_mois(ce_jour, annonces[instance.pk]):
            groupes.setdefault((instance, membre.au), []).append(membre)
    return [
        Tache(
            quoi=f"Préparer la fin de {accorder(len(membres), 'mandat')}",
            url=f"{instance.get_absolute_url()}#membres",
            bouton="Ouvrir",
            sur_quoi=", ".join(str(membre) for membre in membres[:3]) + ("…" if len(membres) > 3 else ""),
            genre=instance.sigle,
            app=instance.app,
            date_limite=membres[0].au,
        )
        for (instance, _), membres in groupes.items()
    ]


def _taches_vacances() -> list[Tache]:
    return [
        Tache(
            quoi=f"Pourvoir {accorder(combien, 'siège')}",
            url=f"{instance.get_absolute_url()}#college-{college.pk}",
            bouton="Ouvrir",
            sur_quoi=f"Collège {college.nom}",
            genre=instance.sigle,
            app=instance.app,
            quand="Vacant",
        )
        for instance, college, combien in vacances(Instance.objects.filter(est_active=True))
    ]


def traitements() -> list[Traitement]:
    return [
        Traitement(
            "Siéger dans une instance",
            "Nom, adresse électronique, téléphone si vous le donnez, collège, organisme, commune, dates du mandat. Convocations, réponses, présences et votes nominatifs. Si vous le voulez : besoins pour venir, présentation, genre, tranche d’âge.",
            "Convoquer, compter le quorum et les votes, écrire les procès-verbaux, publier la composition ; mesurer la diversité de l’instance, en nombres seulement.",
            "Obligation légale et mission d’intérêt public (articles 6.1.c et 6.1.e du RGPD). Ce qui est facultatif repose sur votre accord, que vous reprenez dans « Mon profil ».",
            f"Le nom, le mandat et les procès-verbaux sont gardés comme archives de l’instance. Les besoins dits pour une séance sont effacés {settings.BESOINS_JOURS} jours après elle. Le profil est effacé à la fermeture du compte.",
            "Les agents du service. Le nom, la fonction et l’organisme sont publics ; la commune et la présentation ne le sont que si vous l’acceptez. Les autres membres voient vos coordonnées seulement si vous l’acceptez.",
        )
    ]
