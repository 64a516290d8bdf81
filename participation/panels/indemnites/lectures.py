"""What the members of a panel are owed, séance by séance, from the presences noted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from participation.panels.models import Inscription, Panel
from participation.panels.models.reglement import ReglementPanels, Unite
from participation.seances.models import Presence, Seance
from participation.socle.francais import montant
from participation.socle.models import Compte

CENTIME = Decimal("0.01")


def minutes_presentes(
    intervalles: Iterable[tuple[datetime, datetime | None]], debut: datetime, fin: datetime
) -> int:
    """Return the minutes of these presences, between the beginning and the end of the séance.

    Who did not note a departure stayed until the end. Intervals do not overlap.
    """
    total = 0.0
    for arrivee, depart in intervalles:
        de, a = max(arrivee, debut), min(depart or fin, fin)
        total += max(0.0, (a - de).total_seconds())
    return int(total // 60)


def unites(minutes: int, heures_demi_journee: Decimal | None) -> Decimal:
    """Return hours, or half-days begun when `heures_demi_journee` says how long one is."""
    heures = Decimal(minutes) / 60
    return (
        heures
        if heures_demi_journee is None
        else (heures / heures_demi_journee).to_integral_value(ROUND_CEILING)
    )


def indemnite(combien: Decimal, taux: Decimal, plafond: Decimal | None) -> Decimal:
    """Return the amount of so many hours or half-days, rounded to the cent."""
    somme = (taux * combien).quantize(CENTIME, ROUND_HALF_UP)
    return somme if plafond is None else min(somme, plafond)


@dataclass(frozen=True, slots=True)
class Due:
    """A member at a séance that is over. `somme` is None while the règlement sets no amount."""

    membre: int
    nom: str
    seance: Seance
    minutes: int
    somme: Decimal | None

    @property
    def heures(self) -> Decimal:
        return (Decimal(self.minutes) / 60).quantize(CENTIME)


def dues(panel: Panel) -> list[Due]:
    """Return a line for each member present at each séance that is over, by name then by day."""
    if panel.instance_id is None:
        return []
    presences = Presence.objects.filter(
        seance__instance=panel.instance_id, seance__levee_le__isnull=False
    ).select_related("seance", "convie__membre__compte")
    noms: dict[int, str] = {}
    groupes: dict[tuple[int, int], list[Presence]] = defaultdict(list)
    for presence in presences.order_by("seance__debut", "arrivee", "pk"):
        membre = presence.convie.membre
        noms[membre.pk] = membre.compte.get_full_name()
        groupes[membre.pk, presence.seance_id].append(presence)
    regle = panel.regle
    demi = regle.heures_demi_journee if regle.indemnite_par == Unite.DEMI_JOURNEE else None
    criteres = dict(panel.inscriptions.exclude(membre=None).values_list("membre", "remplit_critere"))
    lignes = []
    for (membre_pk, _), siennes in groupes.items():
        seance = siennes[0].seance
        fin = seance.levee_le or seance.fin
        minutes = minutes_presentes(
            [(p.arrivee, p.depart) for p in siennes], seance.ouverte_le or seance.debut, fin
        )
        taux = regle.taux(criteres.get(membre_pk))
        somme = indemnite(unites(minutes, demi), taux, regle.plafond_seance) if taux is not None else None
        lignes.append(Due(membre_pk, noms[membre_pk], seance, minutes, somme))
    return sorted(lignes, key=lambda due: (due.nom, due.membre, due.seance.debut))


def par_membre(lignes: Iterable[Due]) -> list[tuple[str, Decimal]]:
    """Return what is to be paid to each member, in the order of the lines."""
    sommes: dict[tuple[int, str], Decimal] = {}
    for due in lignes:
        qui = (due.membre, due.nom)
        sommes[qui] = sommes.get(qui, Decimal(0)) + (due.somme or 0)
    return [(nom, somme) for (_, nom), somme in sommes.items()]


def dire_la_regle(regle: ReglementPanels) -> str:
    """Say what the amounts come from, for who pays them."""
    demi = regle.indemnite_par == Unite.DEMI_JOURNEE
    dit = f"{montant(regle.taux(None))} {'la demi-journée commencée' if demi else 'l’heure'}"
    if regle.critere_social and regle.majoration_sociale is not None:
        dit += f", ou {montant(regle.majoration_sociale)} ({regle.critere_social})"
    if regle.plafond_seance is not None:
        dit += f", {montant(regle.plafond_seance)} au plus pour une séance"
    return f"{dit}. Règlement des panels, {regle}."


def dues_de(inscription: Inscription) -> list[Due]:
    return [due for due in dues(inscription.panel) if due.membre == inscription.membre_id]


def avant_d_attester(inscription: Inscription, acte: str, par: object) -> list[str]:
    if inscription.membre_id is None or not dues_de(inscription):
        return ["Aucune présence de cette personne n’est notée à une séance levée."]
    return []


def avant_d_etablir(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    regle = panel.regle
    if regle.taux(None) is None:
        quoi = "une demi-journée" if regle.indemnite_par == Unite.DEMI_JOURNEE else "une heure"
        return [regle.a_regler(f"Le règlement des panels ({regle}) ne dit pas combien vaut {quoi}.", par)]
    return [] if dues(panel) else ["Aucune présence n’est notée à une séance levée."]


def avant_de_voir_le_critere(inscription: Inscription, acte: str, par: Compte | None) -> list[str]:
    regle = inscription.panel.regle
    if not regle.critere_social:
        return [regle.a_regler(f"Le règlement des panels ({regle}) n’a pas de critère social.", par)]
    return [] if inscription.membre_id is not None else ["Cette personne n’est pas membre du panel."]
