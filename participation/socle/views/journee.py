"""« Ma journée »: what is late, due today or within seven days, then what awaits an answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from participation.socle.bd.sondes import CombienEtDepuis, Rangee, Rangees
from participation.socle.calendrier import debut_du_jour
from participation.socle.forms.filters import NON_ARRIVES, PARTI
from participation.socle.francais import JOURS, accorder, dans, jour_texte, majuscule, quantieme
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.journee import AttenteGroupee, SectionJournee, SectionLue, Tache, lire_la_journee
from participation.socle.models import Absence, Appartenance, Compte, Courriel, Demande, Dossier, Echeance
from participation.socle.models.champs import parmi
from participation.socle.models.dossiers import hors_reserve
from participation.socle.views.courriers import section_courriers
from participation.socle.views.exploitation import section_travaux
from participation.socle.views.moderation import section_moderation
from participation.socle.views.service import a_regler
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role

JOURS_A_VENIR = 7
JOURS_SANS_MOIS = 14  # beyond, the month is written too
# Maximum number of tasks shown. The page says that the rest is in the lists.
TACHES_MONTREES, SUIVIS_MONTRES = 40, 6
PRESSEES = frozenset({"retard", "retard_equipe", "jour"})
# Lines of a part that are read at once: the others are folded under them, never one alone.
LIGNES_MONTREES = 3
VUES = ("", "equipe", "attente")
COURRIELS_RECENTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LigneDeJournee:
    tache: Tache
    fort: str
    faible: str
    est_en_retard: bool


@dataclass(frozen=True, slots=True)
class Groupe:
    cle: str
    titre: str
    lignes: Sequence[LigneDeJournee]

    @property
    def est_pressee(self) -> bool:
        """Whether its lines are late or due today: the other parts are folded."""
        return self.cle in PRESSEES

    @property
    def premieres(self) -> Sequence[LigneDeJournee]:
        return self.lignes if len(self.lignes) <= LIGNES_MONTREES + 1 else self.lignes[:LIGNES_MONTREES]

    @property
    def suivantes(self) -> Sequence[LigneDeJournee]:
        return self.lignes[len(self.premieres) :]


@reserve_a(*ROLES_BUREAU)
@require_safe
def journee(request: RequeteConnectee) -> HttpResponse:
    compte = request.user
    vue = request.GET.get("vue", "") if compte.est_agent else ""
    vue = vue if vue in VUES else ""
    jour = timezone.localdate()
    sections, (premieres, suivis, envoyes) = lire_la_journee(
        compte,
        [] if vue else list(_sections(compte)),
        [
            Rangees(lambda: echeances_dues(compte, vue).values("pk")[: TACHES_MONTREES + 1]),
            Rangees(lambda: dossiers_suivis(compte)),
            CombienEtDepuis(envoyes_recents, "envoye_le"),
        ],
        cle=vue,
    )
    taches = [tache_de(echeance, compte) for echeance in lire_les_echeances(premieres)]
    coupee, taches = len(taches) > TACHES_MONTREES, taches[:TACHES_MONTREES]
    parties = grouper(taches, sections, jour, vue, a_l_equipe=compte.est_agent)
    return render(
        request,
        "socle/journee/journee.html",
        {
            "jour": jour,
            "vue": vue,
            "remplacements": _remplacements(compte),
            "compte": compter([une for partie in parties for une in partie.lignes], jour),
            "parties": [partie for partie in parties if partie.lignes],
            # As many as the menu says.
            "a_moi": sum(1 for t in taches if t.date_limite and t.date_limite <= jour) if not vue else 0,
            "coupee": coupee,
            "taches_montrees": TACHES_MONTREES,
            "a_regler": a_regler(compte) if compte.est_agent and not vue else [],
            "suivis": lire_les_suivis(suivis),
            "envoyes": envoyes[0],
        },
    )


def _remplacements(compte: Compte) -> Any:
    """Return the absences in which the account stands in today; asked only when there is one."""
    if not compte.suppleances:
        return ()
    return Absence.objects.du().filter(remplacant=compte).select_related("compte")


def grouper(
    taches: Sequence[Tache], sections: Sequence[SectionLue], jour: date, vue: str, *, a_l_equipe: bool
) -> list[Groupe]:
    """Group the tasks: late, today, within seven days, then each section, then later.

    `a_l_equipe`: what the sections show is for anybody of the service, and comes after what is late of one's own.

    A task of a section due within seven days goes into the first three groups. In the view « attente » (owed by
    others), anything after today is « À venir ». An échéance is left out if a section has a task with the same
    URL and date.
    """
    dites = {(t.url, t.date_limite) for s in sections for t in s.taches}
    taches = [t for t in taches if (t.url, t.date_limite) not in dites]
    horizon = jour + timedelta(days=JOURS_A_VENIR)
    datees = [t for s in sections for t in s.taches if t.date_limite and t.date_limite <= horizon]
    # The sort is stable: on the same day, the échéances come first.
    dues = sorted(((t.date_limite, t) for t in [*taches, *datees] if t.date_limite), key=lambda une: une[0])
    en_retard = [t for limite, t in dues if limite < jour]
    de_tous = [t for t in en_retard if a_l_equipe and t not in taches]
    return [
        Groupe("retard", "En retard", [ligne(t, jour) for t in en_retard if t not in de_tous]),
        Groupe("retard_equipe", "En retard, pour toute l’équipe", [ligne(t, jour) for t in de_tous]),
        Groupe("jour", "Aujourd’hui", [ligne(t, jour) for limite, t in dues if limite == jour]),
        Groupe(
            "semaine",
            "Dans les sept jours",
            [ligne(t, jour) for limite, t in dues if jour < limite <= horizon and vue != "attente"],
        ),
        *(
            Groupe(
                s.cle,
                s.titre,
                [ligne(t, jour) for t in s.taches if not t.date_limite or t.date_limite > horizon],
            )
            for s in sections
        ),
        Groupe(
            "plus_tard",
            "À venir" if vue == "attente" else "Plus tard",
            [ligne(t, jour) for limite, t in dues if limite > (jour if vue == "attente" else horizon)],
        ),
    ]


def compter(lignes: Sequence[LigneDeJournee], jour: date) -> dict[str, int]:
    """Return the counts of the first sentence of the page, sections included."""
    limites = [une.tache.date_limite for une in lignes if not une.est_en_retard]
    du_jour = limites.count(jour)
    proches = sum(1 for limite in limites if limite and 0 < (limite - jour).days <= JOURS_A_VENIR)
    return {
        "retards": len(lignes) - len(limites),
        "du_jour": du_jour,
        "proches": proches,
        "autres": len(limites) - du_jour - proches,
    }


def echeances_dues(compte: Compte, vue: str) -> QuerySet[Echeance]:
    """Return the active échéances of the view, by date.

    By default those of `compte`; « equipe »: of everybody; « attente »: what others owe on the dossiers that
    `compte` follows.
    Agents see seven days ahead. Other accounts have no other list, so they see all their échéances; so does an agent who
    stands in for one.
    """
    horizon = timezone.localdate() + timedelta(days=JOURS_A_VENIR)
    dues = Echeance.objects.actives()
    if compte.est_agent and not compte.suppleances:
        dues = dues.filter(date_limite__lte=horizon)
    if vue == "attente":
        # No limit of date here. An échéance is another's if it comes from a demande, or if it is owed by
        # another person or another direction.
        siennes = [a.direction_id for a in compte.appartenances_en_vigueur if a.direction_id]
        des_autres = (
            Q(demande__isnull=False)
            | Q(responsable__isnull=False) & ~Q(responsable=compte)
            | Q(direction__isnull=False) & ~Q(direction__in=siennes)
        )
        dues = Echeance.objects.actives().filter(des_autres, dossier__agent=compte)
    elif vue != "equipe":
        dues = dues.de(compte)
    return dues.filter(hors_reserve(compte, "dossier__")).order_by("date_limite", "pk")


def lire_les_echeances(trouvees: Sequence[Rangee]) -> QuerySet[Echeance]:
    """Read the rows of `echeances_dues`: found first, since all those of one day would be joined before the limit."""
    return (
        Echeance.objects.filter(pk__in=[une["pk"] for une in trouvees])
        .select_related(
            "dossier", "responsable", "direction", "demande__direction", "demande__commune", "demande__compte"
        )
        .order_by("date_limite", "pk")
    )


def tache_de(echeance: Echeance, compte: Compte) -> Tache:
    dossier, demande = echeance.dossier, echeance.demande
    url = echeance.page or dossier_url(dossier)
    bouton, quoi = "Ouvrir", echeance.libelle
    sur_quoi = str(echeance.responsable or echeance.direction or "")
    if demande is not None:
        sur_quoi = str(demande.destinataire)
        if est_pour(compte, demande):
            url, bouton = reverse("socle:repondre_demande", args=[demande.jeton()]), "Répondre"
        elif compte.est_agent:
            bouton, quoi = "Relancer", capfirst(str(demande))
    return Tache(
        quoi=quoi,
        url=url
        if bouton != "Relancer" or demande is None
        else reverse("socle:relancer_demande", args=[demande.pk]),
        bouton=bouton,
        sur_quoi=" · ".join(filter(None, [dossier.reference or "brouillon", dossier.titre, sur_quoi])),
        genre=capfirst(dossier.get_nature_display()),
        app=dossier.app,
        date_limite=echeance.date_limite,
    )


def est_pour(compte: Compte, demande: Demande) -> bool:
    return demande.compte_id == compte.pk or any(
        (a.direction_id and a.direction_id == demande.direction_id)
        or (a.commune_id and a.commune_id == demande.commune_id)
        for a in compte.appartenances_en_vigueur
    )


def dossier_url(dossier: Dossier) -> str:
    """URL that redirects to the app's page. Reading the row of the app for each line would cost a query."""
    return reverse("socle:dossier", args=[dossier.pk])


def ligne(tache: Tache, jour: date) -> LigneDeJournee:
    """Format the delay or the date of a task.

    « 12 jours de retard », « 3 jours de retard, 12 jours d’attente »; « Jeudi 26, dans 2 jours », with its
    month when it is far; « 5 jours d’attente ».
    """
    limite = tache.date_limite
    attente = (jour - timezone.localdate(tache.depuis)).days if tache.depuis else 0
    if limite is None and tache.depuis is not None:
        if attente <= 0:
            return LigneDeJournee(tache, "Aujourd’hui", "", False)
        return LigneDeJournee(tache, accorder(attente, "jour"), "d’attente", False)
    if limite is None:
        return LigneDeJournee(tache, tache.quand, "", False)
    jours = (limite - jour).days
    if jours < 0:
        de_retard = f"de retard, {accorder(attente, 'jour')} d’attente" if attente > 0 else "de retard"
        return LigneDeJournee(tache, accorder(-jours, "jour"), de_retard, True)
    if jours == 0:
        return LigneDeJournee(tache, "Aujourd’hui", "", False)
    proche = f"{majuscule(JOURS[limite.weekday()])} {quantieme(limite)}"
    return LigneDeJournee(
        tache, proche if jours <= JOURS_SANS_MOIS else jour_texte(limite, "court"), dans(jours), False
    )


def envoyes_recents() -> QuerySet[Courriel]:
    """Letters sent today or in the seven days before."""
    return Courriel.objects.filter(
        etat=Courriel.Etat.ENVOYE, envoye_le__gte=debut_du_jour() - COURRIELS_RECENTS
    )


def dossiers_suivis(compte: Compte) -> QuerySet[Any, Any]:
    """Keys of the last open dossiers that the person follows (agents) or filed, each kind read along an index."""
    ouverts = Dossier.objects.ouverts().filter(hors_reserve(compte)).order_by("-ouvert_le", "-pk")
    suivis, deposes = (
        ouverts.filter(siens).values("pk", "nature")[:SUIVIS_MONTRES]
        for siens in (Q(agent=compte), Q(auteur=compte))
    )
    return suivis.union(deposes)


def lire_les_suivis(trouves: Sequence[Rangee]) -> list[Dossier]:
    """Read the rows of `dossiers_suivis`: found first, since joining all the natures would read every dossier."""
    natures = {un["pk"]: un["nature"] for un in trouves}
    lus = Dossier.objects.filter(pk__in=natures).avec_enfants(set(natures.values()))
    return list(lus.order_by("-ouvert_le", "-pk")[:SUIVIS_MONTRES])


def _sections(compte: Compte) -> Iterator[SectionJournee]:
    if compte.est_agent:
        yield from (section_travaux(), section_courriels(compte), section_retenues())
        yield section_courriers(compte)
        yield section_moderation(compte)
        yield section_partis(compte)
    yield from recueillir("section_journee", compte)


def section_courriels(compte: Compte) -> SectionJournee:
    """Letters that did not arrive, as one task with the age of the oldest."""
    pannes = AttenteGroupee(
        lambda: Courriel.objects.en_souffrance().visibles_par(compte),
        "cree_le",
        lambda combien, depuis: Tache(
            "Corriger l’adresse, ou renvoyer",
            f"{reverse('socle:courriels')}?etat={NON_ARRIVES}",
            "Voir",
            sur_quoi=accorder(combien, "lettre non arrivée", "lettres non arrivées"),
            depuis=depuis,
        ),
    )
    return SectionJournee("courriels", "Courriels non arrivés", [pannes])


def section_partis(compte: Compte) -> SectionJournee:
    """Open dossiers of who left the service: nobody follows them, until somebody gives them to a colleague."""
    siens = AttenteGroupee(
        lambda: (
            Dossier.objects.ouverts()
            .filter(hors_reserve(compte), parmi(Appartenance.objects.anciens_agents(), "agent_id"))
            .order_by()
        ),
        "ouvert_le",
        lambda combien, depuis: Tache(
            "Confier à quelqu’un",
            f"{reverse('socle:dossiers')}?agent={PARTI}&ouverts=oui",
            "Choisir",
            sur_quoi=f"{accorder(combien, 'dossier suivi', 'dossiers suivis')} par quelqu’un qui a quitté le service",
            depuis=_premier_depart(compte),
        ),
    )
    return SectionJournee("partis", "Dossiers que plus personne ne suit", [siens])


def _premier_depart(compte: Compte) -> datetime | None:
    """Return since when the first of these dossiers has nobody: the day after the last of a role; None when no day ended it."""
    laisses = Dossier.objects.ouverts().filter(hors_reserve(compte), agent=OuterRef("compte"))
    roles = Appartenance.objects.filter(
        Exists(laisses), role=Role.AGENT, compte__in=Appartenance.objects.anciens_agents()
    )
    fins = roles.order_by().values("compte").annotate(fin=Max("jusqu_a")).values_list("fin", flat=True)
    fin = min((un for un in fins if un is not None), default=None)
    return debut_du_jour(fin + timedelta(days=1)) if fin else None


def section_retenues() -> SectionJournee:
    """Letters held back after a restore, which any agent may decide on."""
    retenues = AttenteGroupee(
        lambda: Courriel.objects.filter(etat=Courriel.Etat.RETENU),
        "cree_le",
        lambda combien, depuis: Tache(
            "Décider des lettres retenues",
            reverse("socle:courriels_retenus"),
            "Décider",
            sur_quoi=f"{accorder(combien, 'lettre')} depuis la restauration d’une sauvegarde",
            depuis=depuis,
        ),
    )
    return SectionJournee("retenues", "Après une restauration", [retenues])
