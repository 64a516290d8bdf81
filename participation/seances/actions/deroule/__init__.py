"""What is done while a séance is open: presence, quorum, points, speech, votes, decisions."""

from participation.seances.actions.deroule.decisions import decider, decider_ensemble
from participation.seances.actions.deroule.parole import (
    demander_la_parole,
    donner_au_suivant,
    donner_la_parole,
    retirer_la_parole,
)
from participation.seances.actions.deroule.points import (
    abandonner_point,
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
    ouvrir_vote,
    voter,
    voter_pour,
)

__all__ = [
    "abandonner_point",
    "accueillir",
    "annuler_vote",
    "arriver",
    "attendus_par_college",
    "clore_vote",
    "compter_mains",
    "corriger_presence",
    "decider",
    "decider_ensemble",
    "demander_la_parole",
    "donner_au_suivant",
    "donner_la_parole",
    "lever",
    "lever_deport",
    "me_deporter",
    "mon_desaccord",
    "noter_desaccord",
    "noter_releve",
    "ouvrir",
    "ouvrir_vote",
    "partir",
    "passer_au_point",
    "presider",
    "reporter",
    "reporter_point",
    "reprendre",
    "retirer_convie",
    "retirer_la_parole",
    "se_deporter",
    "suspendre",
    "traiter_point",
    "voter",
    "voter_pour",
]
