from participation.socle.actions.avancer import (
    Neuf,
    Pas,
    avancer,
    consigner,
    donner_reference,
    enregistrer,
    exiger,
    ouvrir,
    ouvrir_en_nombre,
    references_libres,
    verrouiller,
    verrouiller_ensemble,
)
from participation.socle.actions.demandes import (
    annoncer_demandes,
    annuler_demande,
    demander,
    lever_demandes,
    relancer_demande,
    repondre_demande,
)
from participation.socle.actions.dossiers import noter, prendre_en_charge, prendre_en_charge_lot, un_a_un
from participation.socle.actions.echeances import (
    annuler_echeance,
    faire_echeance,
    fixer_echeance,
    fixer_echeance_des_neufs,
    reprendre_horloge,
    suspendre_horloge,
)
