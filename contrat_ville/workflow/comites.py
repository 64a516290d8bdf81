"""Acts of the comité technique, which proposes, of the comité de pilotage, which decides, and notification."""

from contrat_ville.workflow.etats import AGENT, PUBLIABLES, RETENUS, RIEN, VIVANTS, Etat
from participation.socle.workflow import ActeDePoste, Decision, Table, Transition, etats

E = Etat
# Keys of the two comités among the instances.
TECHNIQUE, PILOTAGE = "cdv_technique", "cdv_pilotage"
A_EXAMINER = etats(E.INSTRUCTION, E.AJOURNE)
A_DECIDER = etats(E.PROPOSE, E.AJOURNE)
A_NOTIFIER = RETENUS | etats(E.REFUSE)
# Decisions that may be contested, or reopened.
PRISES = A_NOTIFIER | etats(E.IRRECEVABLE)
# A recours is answered even if the projet has moved on since.
A_CONTESTER = PRISES | PUBLIABLES
# fmt: off
COMITES: Table = {
    "inscrire_au_comite": Transition(A_EXAMINER | A_DECIDER, RIEN, AGENT, "Inscrire à un comité", "À l’ordre du jour d’un comité", "comités", si_possible=True),
    "proposer": Transition(A_EXAMINER, etats(E.PROPOSE), AGENT, "Proposer de soutenir", "Soutien proposé au comité de pilotage", "comité technique"),
    "proposer_refus": Transition(A_EXAMINER, etats(E.PROPOSE), AGENT, "Proposer de ne pas retenir", "Refus proposé au comité de pilotage", "comité technique"),
    "retenir": Transition(A_DECIDER, etats(E.RETENU), AGENT, "Retenir", "Projet retenu", "comité de pilotage"),
    "retenir_sous_reserve": Transition(A_DECIDER, etats(E.SOUS_RESERVE), AGENT, "Retenir sous réserve", "Projet retenu sous réserve", "comité de pilotage"),
    "refuser": Transition(A_DECIDER, etats(E.REFUSE), AGENT, "Ne pas retenir", "Projet non retenu", "comité de pilotage", est_dangereux=True),
    "ajourner": Transition(etats(E.INSTRUCTION, E.PROPOSE, E.AJOURNE), etats(E.AJOURNE), AGENT, "Ajourner", "Projet ajourné", "comités"),
    "lever_reserve": Transition(etats(E.SOUS_RESERVE), etats(E.RETENU), AGENT, "Lever la réserve", "Réserve levée", "comité de pilotage"),
    # A decision is notified to the team on another day than it is taken.
    "preparer_lettre": Transition(A_NOTIFIER, RIEN, AGENT, "Préparer la lettre", "Lettre de décision préparée", "notification", si_possible=True),
    "joindre_lettre_signee": Transition(A_NOTIFIER, RIEN, AGENT, "Joindre la lettre signée", "Lettre signée jointe", "notification", si_possible=True),
    "notifier": Transition(A_NOTIFIER, RIEN, AGENT, "Notifier la décision", "Décision notifiée", "notification", si_possible=True),
    "notifier_par_courrier": Transition(A_NOTIFIER, RIEN, AGENT, "Noter la décision postée", "Décision notifiée par courrier", "notification", si_possible=True),
    "recevoir_recours": Transition(PRISES, RIEN, AGENT, "Enregistrer un recours gracieux", "Recours gracieux reçu", "recours", si_possible=True),
    "repondre_recours": Transition(A_CONTESTER, RIEN, AGENT, "Répondre au recours gracieux", "Réponse au recours gracieux", "recours", sur="recours"),
    "rouvrir": Transition(PRISES, etats(E.INSTRUCTION, E.PROPOSE), AGENT, "Rouvrir le projet", "Projet rouvert", "CRPA L242-1", est_dangereux=True),
    "noter_deport": Transition(VIVANTS, RIEN, AGENT, "Noter un déport", "Déport noté", "CRPA R133-12"),
}
# fmt: on
# Posting the letter of a decision notifies it.
LETTRE_DE_DECISION = "contrat_ville/notifier"
ACTES_DE_POSTE: dict[str, ActeDePoste] = {
    LETTRE_DE_DECISION: ActeDePoste(
        "notifier_par_courrier",
        "contrat_ville.notification.actes.notifier_par_courrier",
        "joindre_lettre_signee",
        "decision",
    )
}
AJOURNER = Decision(
    "Ajourner",
    "contrat_ville.comites.actes.ajourner",
    "contrat_ville.comites.actes.AjournerForm",
    favorable=False,
)
# Acts that each comité can do in séance, by the key of its instance.
DECISIONS: dict[str, dict[str, Decision]] = {
    TECHNIQUE: {
        "proposer": Decision(
            "Proposer de soutenir",
            "contrat_ville.comites.actes.proposer",
            "contrat_ville.comites.actes.ProposerForm",
        ),
        "proposer_refus": Decision(
            "Proposer de ne pas retenir",
            "contrat_ville.comites.actes.proposer_refus",
            "contrat_ville.comites.actes.ProposerRefusForm",
            favorable=False,
        ),
        "ajourner": AJOURNER,
    },
    PILOTAGE: {
        "retenir": Decision(
            "Retenir",
            "contrat_ville.comites.actes.retenir",
            "contrat_ville.comites.actes.RetenirForm",
            dit_sa_seance=True,
        ),
        "retenir_sous_reserve": Decision(
            "Retenir sous réserve",
            "contrat_ville.comites.actes.retenir_sous_reserve",
            "contrat_ville.comites.actes.RetenirSousReserveForm",
            dits=("reserve", "motif"),
            dit_sa_seance=True,
        ),
        "refuser": Decision(
            "Ne pas retenir",
            "contrat_ville.comites.actes.refuser",
            "contrat_ville.comites.actes.ProposerRefusForm",
            favorable=False,
            dit_sa_seance=True,
        ),
        "ajourner": AJOURNER,
    },
}
DECISIONS_DE_SEANCE: dict[str, Decision] = {
    acte: decision for decisions in DECISIONS.values() for acte, decision in decisions.items()
}
