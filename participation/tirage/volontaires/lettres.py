"""Letters to the volunteers of a draw, each with her own number. Nobody proved these addresses: they pass the gate."""

from collections.abc import Iterator

from django.utils import timezone

from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import deposer
from participation.socle.models import Compte, Courriel
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.workflow import EtatTirage, Place


def prevenir(tirage: Tirage, *, par: Compte) -> int:
    """Write to each volunteer who gave a mailbox: her chances once the panels are published, the result once drawn.

    Return the number of new letters: called again, it writes to nobody twice.
    """
    return deposer(list(_lettres(tirage, par)))


def _lettres(tirage: Tirage, par: Compte) -> Iterator[Courriel]:
    joignables = tirage.volontaires.exclude(courriel="").exclude(numero="").order_by("pk")
    for volontaire in joignables.iterator(chunk_size=1000):
        if not porte.a_refuse(volontaire.courriel, sujet=tirage, par=par):
            yield _lettre(tirage, volontaire)


def _lettre(tirage: Tirage, volontaire: Volontaire) -> Courriel:
    est_tire = tirage.etat == EtatTirage.TIRE
    mots: dict[str, porte.Mot] = {
        "titre": porte.lu(tirage, "titre"),
        "numero": porte.lu(volontaire, "numero"),
        "page": tirage.get_public_url(),
    }
    if est_tire:
        mots |= {
            "est_tiree": int(volontaire.place in {Place.PANEL, Place.ENTREE}),
            "en_reserve": int(volontaire.est_en_reserve),
        }
    else:
        mots |= {"chances": volontaire.chances or 0, "jour": timezone.localdate(tirage.tirage_le)}
    return porte.rediger_par_la_porte(
        "tirage/annoncer_resultat" if est_tire else "tirage/annoncer_chances",
        volontaire.courriel,
        mots,
        cle=f"tirage-{tirage.etat}:{volontaire.pk}",
    )
