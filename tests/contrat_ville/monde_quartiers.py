"""Access tests: quartiers followed by référents."""

from contrat_ville.projets.suites import ajouter_suite
from contrat_ville.quartiers import actes as quartiers
from contrat_ville.quartiers import groupes
from participation.socle.models import Compte, Direction
from tests.contrat_ville.quartiers import groupe_de, image, restitue, suivi_de, tenu
from tests.outils import jour


def monde_des_quartiers(agent: Compte, direction: Direction) -> dict[str, list[object]]:
    suivi = suivi_de()
    reunion = quartiers.noter_reunion(
        suivi, par=agent, date=jour(), participants="La ville", notes="Le parc."
    )
    observation = quartiers.noter_observation(
        suivi, par=agent, date=jour(), texte="Un banc cassé.", photo=image(), description_photo="Un banc"
    )
    tenus = tenu(groupe_de(suivi, agent), agent)
    parole = groupes.noter_parole(tenus, par=agent, texte="On marche.", participant=tenus.participants.get())
    publie = restitue(groupe_de(suivi, agent), agent)
    groupes.publier_synthese(publie, par=agent)
    clos = restitue(groupe_de(suivi, agent), agent)
    ajouter_suite(publie, par=agent, intitule="Éclairer", direction=direction)
    return {
        "qua": [suivi.pk],
        "qua_reunion": [reunion.pk],
        "qua_observation": [observation.pk],
        "qua_prepare": [groupe_de(suivi, agent).pk],
        "qua_tenu": [tenus.pk],
        "qua_restitue": [clos.pk],
        "qua_public": [publie.reference],
        "qua_personne": [tenus.participants.get().pk],
        "qua_parole": [parole.pk],
    }
