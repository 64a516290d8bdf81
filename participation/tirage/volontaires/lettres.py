"""Letters to the volunteers of a draw, each with her own number. Nobody proved these addresses: they pass the gate."""

from django.db.models import QuerySet
from django.utils import timezone

from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import deposer
from participation.socle.models import Courriel, Tournee
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.workflow import EtatTirage, Place

LOT = 200  # letters in one transaction


def joignables(tirage: Tirage) -> QuerySet[Volontaire]:
    return tirage.volontaires.exclude(courriel="").exclude(numero="").order_by("pk")


def prevenir(tournee: Tournee) -> int:
    """Write to the next volunteers who gave a mailbox: their chances once the panels are published, the result once drawn.

    Nobody gets the same letter twice.
    """
    tirage = Tirage.objects.get(pk=tournee.arguments["tirage"])
    if tirage.etat != tournee.arguments["etat"]:  # drawn meanwhile: the chances are no longer news
        return 0
    lot = list(joignables(tirage).filter(pk__gt=tournee.dernier)[:LOT])
    deposer(
        [
            _lettre(tirage, volontaire)
            for volontaire in lot
            if not porte.a_refuse(volontaire.courriel, sujet=tirage, par=tournee.par)
        ]
    )
    tournee.dernier = lot[-1].pk if lot else tournee.dernier
    return len(lot)


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
