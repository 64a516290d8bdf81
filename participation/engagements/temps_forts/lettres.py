"""What the association and each member are told of a temps fort, through the gate; on paper to who has no mailbox."""

from collections.abc import Sequence
from datetime import datetime

from participation.engagements.models import TempsFort
from participation.socle.courriels import porte


def inviter_temps_fort(temps_fort: TempsFort) -> int:
    """Return how many were written to."""
    return _ecrire("inviter_temps_fort", temps_fort, [voix.courriel for voix in temps_fort.collectif.voix()])


def deplacer_temps_fort(temps_fort: TempsFort, *, ancien_debut: datetime) -> None:
    _ecrire("deplacer_temps_fort", temps_fort, a_prevenir(temps_fort), ancien_debut=ancien_debut)


def annuler_temps_fort(temps_fort: TempsFort) -> None:
    _ecrire("annuler_temps_fort", temps_fort, a_prevenir(temps_fort))


def a_prevenir(temps_fort: TempsFort) -> list[str]:
    """Return who was invited, but for who is registered: the rencontre tells her."""
    if temps_fort.invite_le is None:
        return []
    inscrits = set(temps_fort.reunion.inscriptions.joignables().values_list("courriel", flat=True))
    return [voix.courriel for voix in temps_fort.collectif.voix() if voix.courriel.lower() not in inscrits]


def _ecrire(lettre: str, temps_fort: TempsFort, a: Sequence[str], **mots: datetime) -> int:
    rencontre = temps_fort.reunion
    for courriel in a:
        porte.ecrire(
            f"engagements/{lettre}",
            a=courriel,
            sujet=temps_fort,
            dossier=temps_fort,
            mots={
                "titre": porte.lu(temps_fort, "titre"),
                "raison": porte.lu(temps_fort, "raison"),
                **{mot: porte.lu(rencontre, mot) for mot in ("lieu", "adresse", "acces")},
                "debut": rencontre.debut,
                "lien": rencontre.get_public_url(),
                "page": temps_fort.get_public_url(),
                **mots,
            },
        )
    return len(a)
