from participation.socle.actions.avancer import Pas, avancer, consigner, donner_reference, exiger, verrouiller
from participation.socle.actions.demandes import annuler_demande, demander, relancer_demande, repondre_demande
from participation.socle.actions.dossiers import noter, prendre_en_charge, prendre_en_charge_lot
from participation.socle.actions.echeances import (
    annuler_echeance,
    faire_echeance,
    fixer_echeance,
    reprendre_horloge,
    suspendre_horloge,
)

__all__ = [
    "Pas",
    "annuler_demande",
    "annuler_echeance",
    "avancer",
    "consigner",
    "demander",
    "donner_reference",
    "exiger",
    "faire_echeance",
    "fixer_echeance",
    "noter",
    "prendre_en_charge",
    "prendre_en_charge_lot",
    "relancer_demande",
    "repondre_demande",
    "reprendre_horloge",
    "suspendre_horloge",
    "verrouiller",
]
