"""Acts on a suite: add it, record the answer of its direction, change its état, manage the followers."""

from participation.suites.actions.abonnements import arreter, confirmer, purger_abonnements, suivre
from participation.suites.actions.reponses import ecarter, repondre_par_lien, retenir
from participation.suites.actions.suivi import (
    ajouter_suite,
    changer_direction,
    changer_etat,
    cle,
    corriger,
    deplacer_date,
    promettre,
    prouver,
    relancer,
)
