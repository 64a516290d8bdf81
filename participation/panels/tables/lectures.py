"""Who is expected at a séance of a panel, where each one sits, and who met whom."""

from dataclasses import dataclass
from typing import Any

from participation.panels.models import Inscription, Panel, PlanDeTables
from participation.seances.models import Convie, Membre, Seance
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.francais import nombre, pourcentage
from participation.socle.regles import placement


@dataclass(frozen=True, slots=True)
class Assis:
    membre: int
    nom: str
    profil: tuple[str, ...]


def assis_a(seance: Seance) -> list[Assis]:
    """Return who is expected: the members of that day, without those who answered that they do not come."""
    membres = list(
        Membre.objects.de_l_instance(seance.instance).en_fonction(seance.jour.date()).select_related("compte")
    )
    convies = Convie.objects.filter(seance=seance)
    absents = {convie.membre_id for convie in convies if convie.est_absent or convie.retire_le is not None}
    profils = dict(Inscription.objects.filter(membre__in=membres).values_list("membre", "profil"))
    return sorted(
        (
            Assis(
                m.pk,
                m.compte.get_full_name(),
                tuple(str(v) for _, v in sorted(profils.get(m.pk, {}).items())),
            )
            for m in membres
            if m.pk not in absents
        ),
        key=lambda assis: (assis.nom, assis.membre),
    )


def plans_avant(seance: Seance, panel: Panel) -> list[Any]:
    """Return the tables of the séances before this one."""
    avant = PlanDeTables.objects.filter(panel=panel, seance__debut__lt=seance.debut)
    return list(avant.order_by("seance__debut", "seance").values_list("tables", flat=True))


def noms_par_table(plan: PlanDeTables) -> list[list[tuple[str, str]]]:
    """Return who sits at each table, in the order of names: first name, last name. Who left since is not there."""
    membres = Membre.objects.filter(pk__in=[m for table in plan.tables for m in table])
    noms = {m.pk: (m.compte.prenom, m.compte.nom) for m in membres.select_related("compte")}
    return [
        sorted((noms[m] for m in table if m in noms), key=lambda dit: (dit[1], dit[0]))
        for table in plan.tables
    ]


@dataclass(frozen=True, slots=True)
class SeanceDuPanel:
    """A séance as the page of the panel shows it."""

    seance: Seance
    attendus: int
    presents: int
    tables: list[list[str]]
    rencontres: str  # the share of pairs who met, « 36 % »
    prevue: str  # who was foreseen in the room, beside who came; "" when nothing was
    est_sous_la_prevision: bool


def seances(panel: Panel) -> list[SeanceDuPanel]:
    """Return the séances, with who came, the tables by names, and the share of pairs who had met by then."""
    if panel.instance_id is None:
        return []
    plans = {p.seance_id: p.tables for p in panel.plans.all()}
    membres = Membre.objects.filter(college__mandature__instance=panel.instance_id).select_related("compte")
    noms = {m.pk: m.compte.get_full_name() for m in membres}
    faits: list[Any] = []
    lignes = []
    prevues = _prevues(panel)
    tenues = 0
    for seance in Seance.objects.filter(instance=panel.instance_id).order_by("debut", "pk"):
        tables = plans.get(seance.pk, [])
        if tables:
            faits.append(tables)
        convies = list(Convie.objects.filter(seance=seance).prefetch_related("presences"))
        presents = len([c for c in convies if c.presences.all()])
        est_tenue = seance.etat != EtatSeance.ANNULEE
        moyenne, dix = prevues[tenues] if est_tenue and tenues < len(prevues) else (0.0, 0)
        tenues += est_tenue
        lignes.append(
            SeanceDuPanel(
                seance,
                len([c for c in convies if c.retire_le is None]),
                presents,
                [[noms.get(m, "parti") for m in table] for table in tables],
                pourcentage(100 * placement.part_rencontree([m for t in tables for m in t], faits))
                if tables
                else "",
                f"Prévu avant le tirage : {nombre(moyenne)} en moyenne, {dix} au moins neuf fois sur dix."
                if dix
                else "",
                bool(dix and seance.levee_le and presents < dix),
            )
        )
    return lignes


def _prevues(panel: Panel) -> list[tuple[float, int]]:
    """Return who was foreseen in the room at each séance: the mean, and the number reached nine times in ten."""
    mesures = panel.tirage.mesures if panel.tirage is not None else {}
    return [
        (float(moyenne), int(dix)) for moyenne, dix in (mesures.get("prevision") or {}).get("presents", [])
    ]
