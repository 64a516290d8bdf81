"""A whole draw of invented people, every night: what breaks it is known before the day of a real one. Nothing is kept."""

import random

from participation.socle.regles.tableaux import simplifier
from participation.tirage import regles
from participation.tirage.regles import Bassin, Fourchette, Profil, fautes
from participation.tirage.selection import portefeuille
from participation.tirage.selection.controle import SECONDES_A_PART
from participation.tirage.selection.faisabilite import est_possible
from participation.tirage.selection.regles import tirer_au_plus_juste
from participation.tirage.selection.remplacement import remplacer
from participation.tirage.selection.solveur import Delai

PERSONNES, PLACES = 160, 20
QUOTAS = (
    Fourchette("Genre", "Femme", 10, 11),
    Fourchette("Genre", "Homme", 9, 10),
    Fourchette("Âge", "16 à 29 ans", 4, 5),
    Fourchette("Âge", "30 à 59 ans", 9, 11),
    Fourchette("Âge", "60 ans et plus", 5, 6),
    Fourchette("Quartier prioritaire", "oui", 4, 5),
    Fourchette("Quartier prioritaire", "non", 15, 16),
)


class RepetitionRatee(Exception):
    """A step of the rehearsal did not give what it must."""


def repeter(jour: str) -> None:
    """Play a draw, from the quotas to a replacement. `jour` seeds it: another pool every night. Raises RepetitionRatee."""
    hasard = random.Random(jour)  # noqa: S311 invented people
    numeros = [f"V{rang:05}" for rang in range(1, PERSONNES + 1)]
    foyers = {
        numero: simplifier(f"{rang // 2} rue") if rang < 20 else "" for rang, numero in enumerate(numeros)
    }
    profils = {numero: _profil(hasard) for numero in numeros}
    liste = regles.liste_publique({n: regles.engagement("00", n, foyers[n], []) for n in numeros})
    graine = regles.graine(regles.empreinte(liste), f"repetition:{jour}")
    restent = regles.par_billet(graine, "remplacement", regles.un_par_foyer(graine, foyers))
    bassin = Bassin.de(PLACES, QUOTAS, [profils[numero] for numero in restent])
    _exiger(not fautes(bassin) and est_possible(bassin), "les quotas ne peuvent pas être tenus")
    loterie = tirer_au_plus_juste(bassin, delai=Delai(SECONDES_A_PART))
    _exiger(loterie.est_achevee, "le calcul n’a pas fini à temps")
    ordre: dict[Profil, list[str]] = {}
    for numero in restent:
        ordre.setdefault(profils[numero], []).append(numero)
    panels = portefeuille.composer(loterie, bassin, ordre)
    _exiger(
        not portefeuille.fautes_du_portefeuille(panels, bassin, profils), "un panel ne tient pas les quotas"
    )
    prevue = regles.prevoir(panels, bassin, profils, [regles.Perte("", "", 10, 5)], 3, graine)
    _exiger(prevue.tenus >= regles.TENIR, "la réserve ne tient pas les quotas")
    panel = panels[hasard.randrange(len(panels))]
    reserve = [numero for numero in restent if numero not in panel]
    entres = remplacer(panel[1:], bassin, profils, reserve)
    _exiger(len(entres) == 1, "personne ne remplace qui renonce")


def _profil(hasard: random.Random) -> Profil:
    return (
        hasard.choice(("Femme", "Homme")),
        hasard.choices(("16 à 29 ans", "30 à 59 ans", "60 ans et plus"), (2, 4, 3))[0],
        hasard.choices(("oui", "non"), (2, 7))[0],
    )


def _exiger(juste: bool, sinon: str) -> None:
    if not juste:
        raise RepetitionRatee(sinon)
