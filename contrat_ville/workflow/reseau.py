"""Acts in the network of supported projets: join, leave, propose a contact, write to a neighbour."""

from contrat_ville.workflow.etats import AGENT, PORTEUR, PUBLIABLES, RIEN, Etat
from participation.socle.workflow import Table, Transition

# Key of the network among the instances: its meetings are séances of this instance.
RESEAU_CLE = "cdv_reseau"
# An agreement can be withdrawn in any état of the projet.
TOUS = frozenset(Etat.values)
# fmt: off
RESEAU: Table = {
    "rejoindre_reseau": Transition(PUBLIABLES, RIEN, PORTEUR, "Rejoindre le réseau", "Équipe entrée dans le réseau", "réseau", si_possible=True),
    "decrire_au_reseau": Transition(PUBLIABLES, RIEN, PORTEUR, "Changer ce que le réseau lit", "Présentation au réseau changée", "réseau", si_possible=True),
    "quitter_reseau": Transition(TOUS, RIEN, PORTEUR, "Quitter le réseau", "Équipe sortie du réseau", "réseau", est_dangereux=True, si_possible=True),
    "proposer_contact": Transition(PUBLIABLES, RIEN, PORTEUR, "Proposer un contact", "Contact proposé à un projet voisin", "réseau", si_possible=True),
    "accepter_contact": Transition(PUBLIABLES, RIEN, PORTEUR, "Accepter le contact", "Contact accepté", "réseau", sur="voisin"),
    "decliner_contact": Transition(TOUS, RIEN, PORTEUR, "Ne pas donner suite", "Contact sans suite", "réseau", sur="voisin"),
    "ecrire_voisin": Transition(PUBLIABLES, RIEN, PORTEUR, "Écrire à cette équipe", "Message écrit à un projet voisin", "réseau", sur="voisin"),
    "reprendre_contact": Transition(PUBLIABLES, RIEN, PORTEUR, "Reprendre contact", "Contact proposé de nouveau", "réseau", sur="voisin"),
    "terminer_contact": Transition(TOUS, RIEN, AGENT, "Mettre fin au contact", "Contact terminé par le service", "réseau", est_dangereux=True, sur="voisin"),
    "rompre_contact": Transition(TOUS, RIEN, PORTEUR, "Ne plus être en contact", "Contact terminé", "réseau", est_dangereux=True, sur="voisin"),
}
# fmt: on
