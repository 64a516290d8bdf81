"""Who a letter is written to in the end: who stands in, who is written to by post."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from participation.socle.models import Absence, Compte, Dossier
from participation.socle.regles.adresses import est_par_poste, est_sans_boite
from participation.socle.vitrine import recueillir

# Name of the value, in a letter, that opens something without anything else.
OUVRE_SEUL = "code"


def avec_remplacants(adresses: Sequence[str], dossier: Dossier | None) -> list[str]:
    """Add who stands in today for each agent away among these addresses, who gets the letter too, after her.

    Of what she delegated, the letter goes to the other alone. Of a reserved dossier, only to who may read it.
    """
    suppleances = Absence.objects.du().pour(dossier).filter(remplacant__is_active=True)
    if dossier is not None and dossier.est_reserve:
        suppleances = suppleances.filter(remplacant__in=Compte.objects.referents())
    delegues = suppleances.exclude(domaine="").filter(compte__courriel__in=adresses)
    cedees = dict(delegues.values_list("compte__courriel", "remplacant__courriel"))
    restent = [cedees.get(adresse, adresse) for adresse in adresses]
    absents = suppleances.filter(domaine="", compte__courriel__in=restent)
    return list(dict.fromkeys([*restent, *absents.values_list("remplacant__courriel", flat=True)]))


def avec_boite(
    lettre: str,
    adresses: Iterable[str],
    contexte: Mapping[str, Any],
    dossier: Dossier | None,
    cle: str | None,
) -> list[str]:
    """Return the addresses to write to. The letter of who is written to by post is made on paper, by the app that knows
    where they live; a letter that opens something by itself never is."""
    boites = []
    for adresse in adresses:
        if adresse and not est_sans_boite(adresse):
            boites.append(adresse)
        elif est_par_poste(adresse) and OUVRE_SEUL not in contexte:
            list(recueillir("ecrire_par_poste", lettre, adresse, contexte, dossier, cle))
    return boites
