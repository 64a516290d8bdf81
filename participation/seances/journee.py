"""Tasks that « Ma journée » shows for séances and instances."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.seances.instances.lectures import colleges_vacants
from participation.seances.models import (
    Convie,
    DemandePoint,
    Inscription,
    Instance,
    Membre,
    Point,
    Prevision,
    ReglementInstance,
    Seance,
    SeanceQuerySet,
)
from participation.seances.workflow import A_VENIR, EN_COURS, FINIES, Etat, EtatPV
from participation.socle.bd.sondes import Rangee
from participation.socle.calendrier import ajouter_mois, debut_du_jour, fin_du_jour
from participation.socle.francais import INSECABLE, accorder, heure, jour_texte
from participation.socle.journee import Attendue, Attente, AttenteLue, SectionJournee, Tache
from participation.socle.models import Compte

# In days. A séance shows from 14 days before its last day to convene; later than 120 days, it is not read.
JOURS_POUR_CONVOQUER, HORIZON = 14, 120


# Longest notice of the end of a mandate that a règlement may set, in months.
ANNONCE_MAX = 36


MONTREES = 20


DE_L_INSTANCE = ("instance__cle", "instance__sigle", "instance__app")


def sections(compte: Compte) -> list[SectionJournee]:
    siennes = [_ouvertes(compte), _convocations(compte)]
    convocations = SectionJournee("convocations", "Convocations à répondre", siennes)
    return [convocations, _du_service()] if compte.est_agent else [convocations]


def _du_service() -> SectionJournee:
    """Tasks of the service, those with a date first."""
    attendues: list[Attendue] = [
        Attente(lambda: a_programmer(debut_du_jour(), fin_du_jour()), _convoquer),
        _proces_verbaux(),
        _venues(),
        _demandes(),
        _programme(),
        _mandats(),
        _vacances(),
    ]
    return SectionJournee("seances", "Séances et instances", attendues, au_plus=MONTREES)


def a_programmer(de: Any = None, a: Any = None) -> SeanceQuerySet:
    """Planned séances of the next HORIZON days, from `de` (default: now)."""
    maintenant = timezone.localtime()
    return Seance.objects.filter(
        etat=Etat.PROGRAMMEE,
        debut__gte=de or maintenant,
        debut__lte=(a or maintenant) + timedelta(days=HORIZON),
    )


def _convoquer() -> list[Tache]:
    """Tasks to convene the members of coming séances, the earliest deadline first."""
    bientot = timezone.localdate() + timedelta(days=JOURS_POUR_CONVOQUER)
    seances = [s for s in a_programmer().avec_instance() if s.date_limite <= bientot]
    return [
        Tache(
            quoi="Convoquer les membres",
            url=seance.get_absolute_url(),
            bouton="Ouvrir",
            sur_quoi=f"{seance.titre}, le {jour_texte(seance.debut)}",
            genre=seance.instance.sigle,
            app=seance.instance.app,
            date_limite=seance.date_limite,
        )
        for seance in sorted(seances, key=lambda s: (s.date_limite, s.pk))
    ]


def _ouvertes(compte: Compte) -> Attente:
    """The séances under way where she is expected: today's first thing, for who does not start from the members' space."""

    def ouvertes() -> QuerySet[Convie]:
        return Convie.objects.filter(membre__compte=compte, retire_le__isnull=True, seance__etat__in=EN_COURS)

    return Attente(
        ouvertes,
        lambda: [
            Tache(
                quoi=f"Entrer dans la séance ouverte{INSECABLE}: {convie.seance.titre}",
                url=reverse("seances:ma_seance", args=[convie.seance_id]),
                bouton="Entrer",
                sur_quoi=f"depuis {heure(ouverte)}" if (ouverte := convie.seance.ouverte_le) else "",
                genre=convie.seance.instance.sigle,
                app=convie.seance.instance.app,
                date_limite=timezone.localdate(),
            )
            for convie in ouvertes().select_related("seance__instance").order_by("seance__debut")[:MONTREES]
        ],
    )


def _convocations(compte: Compte) -> Attente:
    """Convocations that this agent has not answered, as a member of an instance."""

    def attendues(depuis: Any) -> QuerySet[Convie]:
        return Convie.objects.filter(
            membre__compte=compte,
            reponse="",
            retire_le__isnull=True,
            convoque_le__isnull=False,
            seance__etat=Etat.CONVOQUEE,
            seance__nature__in=Seance.DELIBERANTES,
            seance__debut__gte=depuis,
        )

    return Attente(
        lambda: attendues(debut_du_jour()),
        lambda: [
            Tache(
                quoi=f"Dire si vous venez{INSECABLE}: {convie.seance.titre}",
                url=reverse("seances:repondre", args=[convie.jeton()]),
                bouton="Répondre",
                sur_quoi=f"le {jour_texte(convie.seance.debut)} à {heure(convie.seance.debut)}",
                genre=convie.seance.instance.sigle,
                app=convie.seance.instance.app,
                date_limite=timezone.localdate(convie.seance.debut),
            )
            for convie in attendues(timezone.now())
            .select_related("seance__instance")
            .order_by("seance__debut")[:MONTREES]
        ],
    )


def _de_l_instance(quoi: str, url: str, lue: Rangee, sur_quoi: str, **quand: Any) -> Tache:
    return Tache(
        quoi=quoi,
        url=url,
        bouton="Ouvrir",
        sur_quoi=sur_quoi,
        genre=lue["instance__sigle"],
        app=lue["instance__app"],
        **quand,
    )


def _page(instance: str, ancre: str = "") -> str:
    return f"{reverse('seances:instance', args=[instance])}{ancre}"


def _proces_verbaux() -> AttenteLue:
    """Procès-verbaux to write, and those submitted whose approval is on no coming agenda."""

    def attendus() -> Any:
        inscrit = Point.objects.filter(pv_de=OuterRef("pk"), seance__etat__in=A_VENIR | EN_COURS)
        attendu = (
            Q(proces_verbal__isnull=True)
            | Q(proces_verbal__etat=EtatPV.BROUILLON)
            | Q(proces_verbal__etat=EtatPV.SOUMIS) & ~Exists(inscrit)
        )
        finies = Seance.objects.filter(attendu, etat__in=FINIES, nature__in=Seance.DELIBERANTES)
        champs = ("pk", "titre", "debut", "proces_verbal__etat", *DE_L_INSTANCE)
        return finies.order_by("debut").values(*champs)[:MONTREES]

    return AttenteLue(attendus, lambda seances: [_proces_verbal(seance) for seance in seances])


def _proces_verbal(seance: Rangee) -> Tache:
    est_soumis = seance["proces_verbal__etat"] == EtatPV.SOUMIS
    return _de_l_instance(
        "Faire approuver le procès-verbal" if est_soumis else "Écrire et soumettre le procès-verbal",
        reverse("seances:proces_verbal" if est_soumis else "seances:seance", args=[seance["pk"]]),
        seance,
        f"{seance['titre']}, le {jour_texte(seance['debut'])}"
        + (" · à l’ordre du jour d’aucune séance à venir" if est_soumis else ""),
        depuis=seance["debut"],
    )


def _venues() -> AttenteLue:
    """Visits and trainings that are over without attendance. Those who came are then asked for feedback."""

    def a_noter() -> Any:
        inconnues = Inscription.objects.filter(
            seance=OuterRef("pk"), etat=Inscription.Etat.INSCRIT, est_venu__isnull=True
        )
        finies = Seance.objects.filter(Exists(inconnues), etat=Etat.LEVEE)
        finies = finies.exclude(nature__in=Seance.DELIBERANTES).order_by("debut")
        return finies.values("pk", "titre", "debut", *DE_L_INSTANCE)[:MONTREES]

    return AttenteLue(
        a_noter,
        lambda finies: [
            _de_l_instance(
                "Noter qui est venu",
                reverse("seances:inscriptions", args=[finie["pk"]]),
                finie,
                f"{finie['titre']}, le {jour_texte(finie['debut'])}",
                depuis=finie["debut"],
            )
            for finie in finies
        ],
    )


def _demandes() -> AttenteLue:
    def dues() -> Any:
        demandes = DemandePoint.objects.filter(etat=DemandePoint.Etat.DUE).order_by("due_le")
        return demandes.values("titre", "due_le", *DE_L_INSTANCE)[:MONTREES]

    return AttenteLue(
        dues,
        lambda demandes: [
            _de_l_instance(
                "Inscrire le point demandé par les membres",
                _page(demande["instance__cle"]),
                demande,
                demande["titre"],
                quand="Dû",
                depuis=demande["due_le"],
            )
            for demande in demandes
        ],
    )


def _programme() -> AttenteLue:
    def passees() -> Any:
        previsions = Prevision.objects.a_inscrire().filter(
            date_prevue__lt=timezone.localdate(), instance__est_active=True
        )
        champs = ("pk", "annee", "titre", "date_prevue", *DE_L_INSTANCE)
        return previsions.order_by("date_prevue").values(*champs)[:MONTREES]

    return AttenteLue(passees, _du_programme)


def _du_programme(previsions: list[Rangee]) -> list[Tache]:
    """One task for each instance and year: its late items are handled on the same page."""
    groupes = _grouper(previsions, lambda p: (p["instance__cle"], p["annee"]))
    return [
        _de_l_instance(
            f"Mettre {len(groupe)} points à l’ordre du jour, ou les déplacer"
            if len(groupe) > 1
            else "Mettre à l’ordre du jour, ou déplacer",
            f"{reverse('seances:programme', args=[cle, annee])}#p-{groupe[0]['pk']}",
            groupe[0],
            _trois_premiers([prevision["titre"] for prevision in groupe]),
            date_limite=groupe[0]["date_prevue"],
        )
        for (cle, annee), groupe in groupes.items()
    ]


def _grouper(lues: list[Any], par: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groupes: dict[Any, list[Any]] = {}
    for lue in lues:
        groupes.setdefault(par(lue), []).append(lue)
    return groupes


def _trois_premiers(noms: list[str]) -> str:
    return ", ".join(noms[:3]) + ("…" if len(noms) > 3 else "")


def _mandats() -> AttenteLue:
    def finissants() -> Any:
        membres = Membre.objects.en_fonction().filter(
            au__isnull=False,
            motif_fin="",
            au__lte=ajouter_mois(timezone.localdate(), ANNONCE_MAX),
            college__mandature__instance__est_active=True,
        )
        de_l_instance = {champ: F(f"college__mandature__{champ}") for champ in ("instance", *DE_L_INSTANCE)}
        return membres.order_by("au", "pk").values("au", "compte__prenom", "compte__nom", **de_l_instance)

    return AttenteLue(finissants, _fins_de_mandat)


def _fins_de_mandat(finissants: list[Rangee]) -> list[Tache]:
    """One task for all mandates of an instance that end the same day, as early as its règlement announces it."""
    ce_jour = timezone.localdate()
    reglements = ReglementInstance.objects.du(ce_jour).filter(
        instance__in={f["instance"] for f in finissants}
    )
    annonces = {r.instance_id: ajouter_mois(ce_jour, max(r.annonces_fin, default=0)) for r in reglements}
    groupes: dict[tuple[int, date], list[Rangee]] = {}
    for finissant in finissants:
        if finissant["au"] <= annonces.get(finissant["instance"], ce_jour):
            groupes.setdefault((finissant["instance"], finissant["au"]), []).append(finissant)
    return [
        _de_l_instance(
            f"Préparer la fin de {accorder(len(groupe), 'mandat')}",
            _page(groupe[0]["instance__cle"], "#membres"),
            groupe[0],
            _trois_premiers([_nom(finissant) for finissant in groupe]),
            date_limite=au,
        )
        for (_, au), groupe in groupes.items()
    ]


def _nom(membre: Rangee) -> str:
    return f"{membre['compte__prenom']} {membre['compte__nom']}".strip() or "Membre sans nom"


def _vacances() -> AttenteLue:
    def vacants() -> Any:
        colleges = colleges_vacants(Instance.objects.filter(est_active=True))
        de_l_instance = {champ: F(f"mandature__{champ}") for champ in DE_L_INSTANCE}
        return colleges.values("pk", "nom", "sieges", "occupes", **de_l_instance)

    return AttenteLue(
        vacants,
        lambda colleges: [
            _de_l_instance(
                f"Pourvoir {accorder(college['sieges'] - college['occupes'], 'siège')}",
                _page(college["instance__cle"], f"#college-{college['pk']}"),
                college,
                f"Collège {college['nom']}",
                quand="Vacant",
            )
            for college in colleges
        ],
    )
