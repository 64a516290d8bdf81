"""Presence by collège in the data of `releve`. People are given by name."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from participation.seances.models import Convie, Membre, Presence, Seance
from participation.seances.workflow import Mode

PRESENT, SUPPLEE, REPRESENTE, EXCUSE, ABSENT = "present", "supplee", "represente", "excuse", "absent"


def instant(valeur: datetime | None) -> str | None:
    return timezone.localtime(valeur).isoformat(timespec="seconds") if valeur else None


def nommer(membre: Membre) -> str:
    """Return the name, never the email address, which an account without a name would show."""
    return membre.compte.get_full_name() or "Membre sans nom"


def nom(convie: Convie) -> str:
    return nommer(convie.membre)


def presence_a(seance: Seance) -> list[dict[str, Any]]:
    convies = list(
        Convie.objects.filter(seance=seance).select_related(
            "membre__compte__profil", "membre__college", "membre__commune"
        )
    )
    intervalles: dict[int, list[Presence]] = defaultdict(list)
    for presence in Presence.objects.filter(seance=seance).order_by("arrivee", "pk"):
        intervalles[presence.convie_id].append(presence)
    par_numero = {convie.pk: convie for convie in convies}
    suppleants = _suppleants(convies, intervalles)
    donnes: dict[int, list[Convie]] = defaultdict(list)
    attendus = [convie for convie in convies if intervalles[convie.pk] or not _parti_avant(convie, seance)]
    for convie in attendus:
        if _est_represente(convie, intervalles, suppleants) and convie.pouvoir_a_id:
            donnes[convie.pouvoir_a_id].append(convie)
    colleges: dict[int, dict[str, Any]] = {}
    for convie in attendus:
        venus = intervalles[convie.pk]
        if convie.membre.rang == Membre.Rang.SUPPLEANT and not venus and convie.remplace_id is None:
            continue  # shown on the line of the titulaire
        supplee_par = suppleants.get(convie.pk)
        statut = _statut(convie, intervalles, suppleants)
        titulaire = _titulaire(convie, convies) if convie.membre.rang == Membre.Rang.SUPPLEANT else None
        college = convie.membre.college
        groupe = colleges.setdefault(
            college.pk,
            {"nom": college.nom, "a_le_vote": college.a_le_vote(seance.jour.date()), "personnes": []},
        )
        groupe["personnes"].append(
            {
                "numero": convie.pk,
                "nom": nom(convie),
                "qualite": convie.membre.qualite_publique,  # the document is published
                "rang": convie.membre.get_rang_display(),
                "statut": statut,
                "intervalles": [
                    {
                        "mode": presence.get_mode_display(),
                        "de": instant(presence.arrivee),
                        "a": instant(presence.depart or seance.levee_le),
                    }
                    for presence in venus
                ],
                "supplee": nom(titulaire) if titulaire else "",
                "supplee_par": nom(supplee_par) if supplee_par and statut == SUPPLEE else "",
                "pouvoir_a": nom(par_numero[convie.pouvoir_a_id])
                if statut == REPRESENTE and convie.pouvoir_a_id
                else "",
                "pouvoirs_de": [nom(mandant) for mandant in donnes[convie.pk]],
                "retire_le": instant(convie.retire_le),
            }
        )
    return list(colleges.values())


def _statut(convie: Convie, intervalles: dict[int, list[Presence]], suppleants: dict[int, Convie]) -> str:
    if intervalles[convie.pk]:
        return PRESENT
    if convie.pk in suppleants:
        return SUPPLEE
    if _est_represente(convie, intervalles, suppleants):
        return REPRESENTE
    return EXCUSE if convie.est_absent else ABSENT


def _parti_avant(convie: Convie, seance: Seance) -> bool:
    """Whether the person left the list before the opening.

    Reasons: mandate over, titulaire back, or convened again in another capacity.
    """
    return convie.retire_le is not None and (
        seance.ouverte_le is None or convie.retire_le <= seance.ouverte_le
    )


def _titulaire(suppleant: Convie, convies: list[Convie]) -> Convie | None:
    for convie in convies:
        if convie.pk == suppleant.remplace_id:
            return convie
    return next((c for c in convies if c.membre_id == suppleant.membre.suppleant_de_id), None)


def _suppleants(convies: list[Convie], intervalles: dict[int, list[Presence]]) -> dict[int, Convie]:
    """Return the substitutes who came, by the Convie number of the seat they held."""
    trouves: dict[int, Convie] = {}
    par_membre = {convie.membre_id: convie.pk for convie in convies}
    for convie in convies:
        if convie.membre.rang == Membre.Rang.SUPPLEANT and intervalles[convie.pk]:
            numero = convie.remplace_id or par_membre.get(convie.membre.suppleant_de_id or 0)
            if numero is not None:
                trouves.setdefault(numero, convie)
    return trouves


def _est_represente(
    convie: Convie, intervalles: dict[int, list[Presence]], suppleants: dict[int, Convie]
) -> bool:
    """Whether the pouvoir holds: the giver and the giver's substitute are away, and the bearer came."""
    return (
        convie.pouvoir_a_id is not None
        and not intervalles[convie.pk]
        and convie.pk not in suppleants
        and bool(intervalles[convie.pouvoir_a_id])
    )


def totaux(presence: list[dict[str, Any]]) -> dict[str, int]:
    personnes = [personne for college in presence for personne in college["personnes"]]
    distance = str(Mode.DISTANCE.label)

    def combien(statut: str) -> int:
        return sum(personne["statut"] == statut for personne in personnes)

    return {
        "presents": combien(PRESENT),
        "a_distance": sum(
            personne["statut"] == PRESENT and all(i["mode"] == distance for i in personne["intervalles"])
            for personne in personnes
        ),
        "supplees": combien(SUPPLEE),
        "representes": combien(REPRESENTE),
        "excuses": combien(EXCUSE),
        "absents": combien(ABSENT),
    }
