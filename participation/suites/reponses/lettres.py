"""Letters about the answer of a direction: received, to publish, published, set aside."""

from participation.suites.lettres import ecrire_a_propos
from participation.suites.models import ReponseDirection
from participation.suites.rendu_compte.lectures import adresse_publique


def repondre_par_lien(reponse: ReponseDirection) -> None:
    """Acknowledge the answer of the direction."""
    ecrire_a_propos("repondre_par_lien", reponse.suite, reponse.direction.adresses(), reponse=reponse)


def annoncer_reponse(reponse: ReponseDirection) -> None:
    """Tell the agent who follows the dossier that an answer is to be published."""
    suite, agent = reponse.suite, reponse.suite.dossier.agent
    a = [agent.courriel] if agent is not None and agent.is_active else []
    ecrire_a_propos("annoncer_reponse", suite, a, reponse=reponse, page=suite.get_absolute_url())


def retenir(reponse: ReponseDirection) -> None:
    page = adresse_publique(reponse.suite.dossier)
    ecrire_a_propos("retenir", reponse.suite, reponse.direction.adresses(), reponse=reponse, page=page)


def ecarter(reponse: ReponseDirection) -> None:
    ecrire_a_propos("ecarter", reponse.suite, reponse.direction.adresses(), reponse=reponse)
