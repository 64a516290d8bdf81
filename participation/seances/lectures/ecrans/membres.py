"""Data of one member for the screens: voices to give, and members who may still arrive."""

from collections.abc import Iterable

from participation.seances.lectures.ecrans.blocs import VoixAVoter
from participation.seances.lectures.ecrans.seance_en_cours import SeanceEnCours
from participation.seances.lectures.questions import deja_votes
from participation.seances.models import Bulletin, Convie, Membre, Seance, Vote


def voix_du_membre(en_cours: SeanceEnCours, convie: Convie) -> list[VoixAVoter]:
    """Return the voices this member may give in the open vote: their own, then those given by pouvoir."""
    ouvert = en_cours.vote_ouvert
    if ouvert is None or ouvert.vote.forme == Vote.Forme.MAIN_LEVEE:
        return []
    permises = en_cours.voix_ouvertes.get(convie.pk, [])
    donnees = deja_votes(ouvert.vote)
    sens: dict[int | None, str] = {}
    if ouvert.vote.forme == Vote.Forme.NOMINATIF:
        sens = {
            b.convie_id: str(b.get_sens_display())
            for b in Bulletin.objects.filter(vote=ouvert.vote, convie__in=permises)
        }
    voix = []
    for numero in permises:
        sienne = en_cours.situation.par_numero(numero)
        if sienne is not None:
            voix.append(VoixAVoter(sienne, numero == convie.pk, numero in donnees, sens.get(numero, "")))
    return voix


def a_accueillir(seance: Seance, convies: Iterable[Convie]) -> list[Membre]:
    """Return the members in office that day who are not on the list, for instance a substitute."""
    connus = {convie.membre_id for convie in convies}
    return [
        membre
        for membre in Membre.objects.filter(college__mandature=seance.mandature_id)
        .en_fonction(seance.jour.date())
        .select_related("compte", "college", "commune")
        if membre.pk not in connus
    ]
