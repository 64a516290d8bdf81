"""Access tests: a séance in progress."""

from participation.seances.models import ComptePapier, Deport, Election, PointDossier, Seance, Vote
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PointFactory,
    PresenceFactory,
    SeanceFactory,
)


def monde_du_deroule(membre, petition) -> dict[str, list[object]]:
    """Make a séance in progress, with `membre` present and a vote open."""
    seance = SeanceFactory(ouverte=True, mandature=MandatureFactory(instance=InstanceFactory(cle="deroule")))
    convie = ConvieFactory(
        seance=seance, membre=MembreFactory(college=CollegeFactory(mandature=seance.mandature), compte=membre)
    )
    presence = PresenceFactory(convie=convie)
    point = PointFactory(seance=seance, etat="en_cours")
    Seance.objects.filter(pk=seance.pk).update(point_courant=point)
    vote = Vote.objects.create(
        point=point, objet="Adopter", majorite="majorite", inscrits={str(convie.pk): [convie.pk]}
    )
    election = Election.objects.create(point=point, objet="Délégué")
    proposee = Election.objects.create(
        point=PointFactory(seance=seance),
        objet="Délégué",
        etat="propose",
        proposition=1,
        proposes=[convie.membre_id],
    )
    lien = PointDossier.objects.create(point=point, dossier_id=petition.pk)
    return {
        "deroule": [seance.pk],
        "deroule_point": [point.pk],
        "deroule_vote": [vote.pk],
        "deroule_election": [election.pk],
        "deroule_proposee": [proposee.pk],
        "deroule_presence": [presence.pk],
        "deroule_convie": [convie.pk],
        "deroule_deport": [Deport.objects.create(point=PointFactory(seance=seance), convie=convie).pk],
        "deroule_papier": [ComptePapier.objects.create(vote=vote, convie=convie).pk],
        "deroule_lien": [lien.pk, next(iter(petition.DECISIONS_DE_SEANCE))],
        "deroule_code": [seance.code],
        "deroule_jeton": [convie.jeton()],
    }
