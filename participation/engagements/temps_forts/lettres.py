"""The invitation to a temps fort, to the association and each member, through the gate; on paper to who has no mailbox."""

from participation.engagements.models import TempsFort
from participation.socle.courriels import porte


def inviter_temps_fort(temps_fort: TempsFort) -> int:
    """Return how many were written to."""
    rencontre = temps_fort.reunion
    invites = list(temps_fort.collectif.voix())
    for voix in invites:
        porte.ecrire(
            "engagements/inviter_temps_fort",
            a=voix.courriel,
            sujet=temps_fort,
            dossier=temps_fort,
            mots={
                "titre": porte.lu(temps_fort, "titre"),
                **{mot: porte.lu(rencontre, mot) for mot in ("lieu", "adresse", "acces")},
                "debut": rencontre.debut,
                "lien": rencontre.get_public_url(),
            },
        )
    return len(invites)
