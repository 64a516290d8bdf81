"""Letters to the team of a projet and to its instructor during the instruction."""

from contrat_ville.models import Commentaire, MessageProjet, Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_agent, ecrire_a_l_equipe
from participation.socle.models import Compte, Demande, ReglageService


def declarer_recevable(projet: Projet) -> None:
    ecrire_a_l_equipe(projet, "declarer_recevable")


def declarer_irrecevable(projet: Projet) -> None:
    ecrire_a_l_equipe(projet, "declarer_irrecevable", service=ReglageService.actuel())


def repartir(projet: Projet) -> None:
    ecrire_a_l_agent(projet, "repartir", cle=f"repartir:{projet.pk}:{projet.agent_id}")


def reaffecter(projet: Projet, *, par: Compte, motif: str) -> None:
    ecrire_a_l_agent(projet, "reaffecter", par=par, motif=motif)


def demander_complement(demande: Demande) -> None:
    ecrire_a_l_equipe(demande.dossier.enfant, "demander_complement", demande=demande)  # type: ignore[arg-type]  # of a projet


def commenter_champ(commentaire: Commentaire) -> None:
    ecrire_a_l_equipe(commentaire.projet, "commenter_champ", commentaire=commentaire)


def ecrire_message(message: MessageProjet) -> None:
    ecrire = ecrire_a_l_agent if message.est_du_porteur else ecrire_a_l_equipe
    ecrire(message.projet, "ecrire_message", message=message)
