"""French sentences that describe a règlement, built from the fields that the code applies. No query."""

from typing import TYPE_CHECKING

from participation.seances.regles import en_mots as delai_en_mots
from participation.seances.workflow import BaseMajorite, Part
from participation.socle.francais import accorder, enumerer

if TYPE_CHECKING:
    from participation.seances.models import ReglementInstance


PARTS = {
    Part.TIERS: "un tiers",
    Part.MOITIE: "la moitié",
    Part.MAJORITE: "plus de la moitié",
    Part.DEUX_TIERS: "les deux tiers",
}


def part_de(part: str, quoi: str) -> str:
    """Return the share in words: « la moitié des membres en exercice », « tous les membres en exercice »."""
    if part == Part.UNANIMITE:
        return f"tous les {quoi}"
    return f"{PARTS[Part(part)]} des {quoi}"


def phrase_convocation(reglement: "ReglementInstance") -> str:
    """« Les membres sont convoqués 5 jours francs au moins avant la séance, 1 jour franc en cas d’urgence. »"""
    delai = delai_en_mots(reglement.delai_convocation, reglement.unite_delai)
    phrase = f"Les membres sont convoqués {delai} au moins avant la séance"
    if reglement.delai_urgence is not None:
        phrase += f", {delai_en_mots(reglement.delai_urgence, reglement.unite_delai)} en cas d’urgence"
    return f"{phrase}."


def phrase_quorum(reglement: "ReglementInstance") -> str:
    """« La séance délibère si la moitié des membres en exercice sont là, à distance compris. »"""
    if reglement.quorum == Part.AUCUNE:
        return "Aucun quorum n’est demandé : la séance délibère quel que soit le nombre de présents."
    if reglement.base_quorum == "sieges":
        mesure = (
            "tous les sièges" if reglement.quorum == Part.UNANIMITE else part_de(reglement.quorum, "sièges")
        )
        phrase = f"La séance délibère si {mesure} prévus sont occupés par un membre présent"
    else:
        phrase = f"La séance délibère si {part_de(reglement.quorum, 'membres en exercice')} sont là"
    if reglement.quorum_par_college:
        phrase += ", dans chaque collège"
    phrase += ", à distance compris" if reglement.distance_compte else ", en salle seulement"
    if reglement.pouvoirs_par_personne:
        phrase += ", pouvoirs compris" if reglement.pouvoirs_comptent else ", sans compter les pouvoirs"
    return f"{phrase}."


def phrase_seconde(reglement: "ReglementInstance") -> str:
    """Say what happens when the quorum is not reached; "" when the règlement requires none."""
    if reglement.quorum == Part.AUCUNE:
        return ""
    delai = reglement.delai_seconde
    jours = accorder(delai, "jour")
    fin = "sans condition de quorum" if reglement.seconde_sans_quorum else "sous la même condition"
    return (
        "Si le quorum n’y est pas, une seconde convocation part avec le même ordre du jour, "
        f"{jours} au moins avant la nouvelle séance, qui délibère {fin}."
    )


def phrase_pouvoirs(reglement: "ReglementInstance") -> str:
    nombre = reglement.pouvoirs_par_personne
    if not nombre:
        return "Les pouvoirs ne sont pas admis."
    combien = "un seul pouvoir" if nombre == 1 else f"{nombre} pouvoirs au plus"
    ou = "quel que soit le collège" if reglement.pouvoir_entre_colleges else "de son collège seulement"
    return f"Un membre absent peut donner pouvoir à un autre ; chacun porte {combien}, {ou}."


def phrase_suppleants(reglement: "ReglementInstance") -> str:
    if reglement.avec_suppleants:
        return "Un titulaire absent est remplacé par son suppléant, convoqué aussitôt."
    return "Un titulaire absent n’est pas remplacé."


def phrase_vote(reglement: "ReglementInstance") -> str:
    if reglement.majorite == Part.AUCUNE:
        return (
            "Un vote est adopté par une voix favorable au moins, quel que soit le nombre de voix contraires."
        )
    sur = (
        "voix exprimées, pour et contre"
        if reglement.base_majorite == BaseMajorite.EXPRIMES
        else "membres présents ou représentés"
    )
    if reglement.majorite == Part.UNANIMITE:
        phrase = f"Un vote est adopté à l’unanimité des {sur}"
    else:
        quoi = {
            Part.TIERS: "le tiers au moins",
            Part.MOITIE: "la moitié au moins",
            Part.MAJORITE: "plus de la moitié",
            Part.DEUX_TIERS: "les deux tiers au moins",
        }[Part(reglement.majorite)]
        phrase = f"Un vote est adopté s’il réunit {quoi} des {sur}"
    if reglement.vote_par_college:
        phrase += ", dans chaque collège"
    if reglement.voix_preponderante and reglement.majorite == Part.MAJORITE:
        phrase += " ; à égalité, la voix du président ou de la présidente l’emporte"
    if reglement.base_a_confirmer:
        phrase += " (la base de la majorité est celle d’un modèle, à confirmer)"
    if reglement.majorites_admises:
        autres = enumerer(str(Part(part).label) for part in reglement.majorites_admises)
        phrase += f". Un vote peut demander une autre majorité : {autres}"
    return f"{phrase}."


def phrase_demande(reglement: "ReglementInstance") -> str:
    if reglement.part_inscription == Part.AUCUNE:
        return "Un membre peut demander seul l’inscription d’un point à l’ordre du jour."
    qui = part_de(reglement.part_inscription, "membres en exercice")
    return f"Un point est inscrit à l’ordre du jour quand {qui} le demandent."


def phrase_mandat(reglement: "ReglementInstance") -> str:
    """Say how long a mandate lasts; "" when the règlement sets no duration."""
    mois = reglement.duree_mandat_mois
    if not mois:
        return ""
    if mois % 12 == 0:
        ans = mois // 12
        return f"On siège {accorder(ans, 'an')}, et au plus jusqu’à la fin de la mandature."
    return f"On siège {mois} mois, et au plus jusqu’à la fin de la mandature."


def regles(reglement: "ReglementInstance") -> list[tuple[str, str]]:
    """Return pairs (subject, sentence) in the order of a séance, without subjects that have no sentence."""
    paires = [
        ("Convocation", phrase_convocation(reglement)),
        ("Quorum", phrase_quorum(reglement)),
        ("Sans quorum", phrase_seconde(reglement)),
        ("Pouvoirs", phrase_pouvoirs(reglement)),
        ("Suppléance", phrase_suppleants(reglement)),
        ("Vote", phrase_vote(reglement)),
        ("Demande des membres", phrase_demande(reglement)),
        ("Mandat", phrase_mandat(reglement)),
    ]
    return [(titre, phrase) for titre, phrase in paires if phrase]
