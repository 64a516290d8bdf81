"""A year of the commission: séances, avis in every état, answers late or in time."""

from ccspl.demo import mandatures
from ccspl.demo.a_venir import preparer
from ccspl.demo.annee import Annee
from ccspl.demo.mandatures import renouveler
from ccspl.demo.troupe import Troupe


def jouer() -> None:
    troupe = Troupe()
    mandatures.ancienne_mandature(troupe)
    annee = Annee(troupe, mandatures.installer_mandature(troupe))
    annee.vivre()
    preparer(annee)
    renouveler(troupe)
