"""What an indicator counts, in words; whether its value reaches what was aimed at."""

from decimal import Decimal

from participation.engagements.workflow import Mesure
from participation.socle.francais import pluriel

# The query said in words. `{quoi}`: « les suites », or those of one instrument.
PHRASES: dict[str, str] = {
    Mesure.PART_REPONDUE: "Parmi {quoi} publiées, la part qui a reçu une réponse publique, en pour cent.",
    Mesure.PART_A_TEMPS: (
        "Parmi {quoi} publiées qui ont une réponse ou dont la première date donnée est passée, la part dont la première "
        "réponse est venue au plus tard ce jour-là, en pour cent. Les jours où le délai était arrêté ne comptent pas."
    ),
    Mesure.DELAI_MEDIAN: (
        "Parmi {quoi} publiées qui ont une réponse, le nombre de jours, de la demande à la première réponse, que la moitié "
        "ne dépasse pas. Les jours où le délai était arrêté ne comptent pas."
    ),
    Mesure.PART_TOTALE: "Parmi {quoi} publiées, la part dont une source montre la mise en œuvre totale, en pour cent.",
    Mesure.PART_D_ACCORD: (
        "Parmi les derniers verdicts de qui a demandé {quoi}, là où la direction dit quelque chose qui se compare, la part "
        "qui dit comme elle, en pour cent."
    ),
    Mesure.COMMUNES: (
        "Parmi toutes les communes, la part de celles où une suite publiée au moins a été demandée ou promise, en pour cent."
    ),
    Mesure.PUBLICS: (
        "Parmi les groupes d’âge, de genre, de langue, de commune et de quartier dont la part dans la population est connue, "
        "le nombre de ceux qui sont moins présents parmi les personnes qui ont dit qui elles sont cette année."
    ),
    Mesure.SAISIE: "Valeur écrite par un agent, avec sa source et son jour.",
}
UNITES: dict[str, str] = {Mesure.DELAI_MEDIAN: "jour", Mesure.PUBLICS: "groupe"}
# Measures over the suites: they may be those of one instrument, and be shown commune by commune.
SUR_LES_SUITES = frozenset(
    {Mesure.PART_REPONDUE, Mesure.PART_A_TEMPS, Mesure.DELAI_MEDIAN, Mesure.PART_TOTALE, Mesure.PART_D_ACCORD}
)


def unite_de(mesure: str, ecrite: str, valeur: Decimal | float | None) -> str:
    """`ecrite`: the unit of a written value."""
    if mesure == Mesure.SAISIE:
        return ecrite
    return f"{UNITES[mesure]}{pluriel(valeur or 0)}" if mesure in UNITES else "%"


def phrase(mesure: str, instrument: str) -> str:
    """`instrument`: « pétition », "" for all."""
    quoi = (
        f"les suites de l’instrument « {instrument} »" if instrument else "les suites de tous les instruments"
    )
    return PHRASES[mesure].format(quoi=quoi)


def est_atteinte(valeur: Decimal | float | None, cible: Decimal, *, est_un_plafond: bool) -> bool | None:
    """Whether the value reaches what was aimed at; None without a value."""
    if valeur is None:
        return None
    lue = Decimal(str(valeur))
    return lue <= cible if est_un_plafond else lue >= cible
