"""Letters about a service that does not answer."""

from participation.socle.courriels.ecriture import ecrire
from participation.socle.francais import majuscule
from participation.socle.regles.adresses import est_fermee
from remontees.models import Attribution
from remontees.parts.lettres import au_service


def presser_service(part: Attribution, *, mot: str) -> None:
    au_service(part, "presser_service", mot=mot)


def hierarchie_de(part: Attribution) -> list[str]:
    """Return who the service answers to: the direction above it, else the élu in charge of it."""
    direction = part.direction
    if direction is None:
        return []
    siennes = direction.superieure.adresses() if direction.superieure else []
    if not siennes and direction.elu is not None and direction.elu.is_active:
        siennes = [direction.elu.courriel]
    return [adresse for adresse in siennes if not est_fermee(adresse)]


def saisir_hierarchie(part: Attribution, *, mot: str) -> None:
    ecrire(
        "remontees/saisir_hierarchie",
        a=hierarchie_de(part),
        dossier=part.dossier,
        repondre_a=part.par.courriel if part.par else "",
        contexte={
            "part": part,
            "dossier": part.dossier.enfant,
            "service": majuscule(part.en_phrase),
            "a_lire": part.dossier.enfant.a_lire(),
            "mot": mot,
        },
    )
