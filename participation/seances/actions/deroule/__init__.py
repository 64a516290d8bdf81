"""Acts on a séance under way: presence, points, speech, votes, decisions."""

from participation.seances.actions.deroule.decisions import decider, decider_ensemble
from participation.seances.actions.deroule.papier import (
    COMPTES_DIFFERENTS,
    compter_bulletins,
    donner_son_compte,
    ne_pas_compter,
)
from participation.seances.actions.deroule.parole import (
    demander_la_parole,
    donner_au_suivant,
    donner_la_parole,
    retirer_la_parole,
)
from participation.seances.actions.deroule.points import (
    abandonner_point,
    demander_le_secret,
    lever_deport,
    me_deporter,
    mon_desaccord,
    noter_desaccord,
    noter_releve,
    passer_au_point,
    reporter_point,
    se_deporter,
    traiter_point,
)
from participation.seances.actions.deroule.presence import (
    accueillir,
    arriver,
    corriger_presence,
    partir,
    retirer_convie,
)
from participation.seances.actions.deroule.tenue import (
    lever,
    ouvrir,
    presider,
    reporter,
    reprendre,
    suspendre,
)
from participation.seances.actions.deroule.votes import (
    annuler_vote,
    attendus_par_college,
    clore_vote,
    compter_mains,
    faire_l_appel,
    ouvrir_vote,
    voter,
    voter_pour,
)
