"""Letters to people who asked to sign, written by the worker after the request: which one, and within
limits."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from participation.socle.bd.verrous import verrou_libre
from participation.socle.calendrier import debut_du_jour
from petitions.models import Signature
from petitions.signatures import lettres as lettres_signatures
from petitions.signatures.limites import motifs_a_la_demande

LOT = 500


MONTREES = 20  # names in the letter of the day, at most


A_CONFIRMER = frozenset({"signer", "relancer_signature"})


Adresse = tuple[int, str | None]  # (pétition, canonical address)


@dataclass(slots=True)
class Boite:
    """Letters written to one address about one pétition."""

    ecrites: int = 0
    rangs: int = 0
    reservee_le: datetime | None = None
    en_attente: list[int] = field(default_factory=list)  # requests that wait for a letter, last asked first

    def a_droit_a_celle_du_jour(self) -> bool:
        return self.reservee_le is None or self.reservee_le < debut_du_jour()


def ecrire_aux_signataires() -> int:
    """Write the letters due to those who asked to sign, in batches. Returns the number of requests processed.

    Fraud checks are made here: a signature set aside gets no letter, and its signer is not told.
    """
    traitees = 0
    while True:
        with transaction.atomic():
            if not verrou_libre("petitions:ecrire"):
                return traitees
            lot = list(
                Signature.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(a_ecrire=True)
                .select_related("petition__reglement", "commune")
                .order_by("pk")[:LOT]
            )
            _traiter(lot)
        traitees += len(lot)
        if len(lot) < LOT:
            return traitees


def _traiter(lot: Sequence[Signature]) -> None:
    if not lot:
        return
    ecarts = motifs_a_la_demande(lot)
    boites = _boites(lot)
    lettres: list[lettres_signatures.Lettre] = []
    for signature in lot:
        signature.a_ecrire = signature.lettre_due = False
        motif = ecarts.get(signature.pk)
        if motif is not None:
            signature.etat, signature.motif_ecart = Signature.Etat.ECARTEE, motif
            continue
        boite = boites[signature.petition_id, signature.courriel_canonique]
        nom = _lettre_due(signature, boite)
        if nom and _est_permise(signature, boite):
            boite.ecrites += 1
            signature.courriels_ecrits += 1
            lettres.append(lettres_signatures.Lettre(nom, signature, signature.courriels_ecrits))
        elif nom in A_CONFIRMER:
            _reserver(signature, boite, ecarts.keys(), lettres)
    Signature.objects.bulk_update(
        lot, ["a_ecrire", "etat", "motif_ecart", "courriels_ecrits", "lettre_due", "reservee_le"]
    )
    lettres_signatures.ecrire_a_chacun(lettres)


def _lettre_due(signature: Signature, boite: Boite) -> str:
    """Return the name of the letter to write, or "".

    A refusal (« Ce n’est pas moi ») applies to one name only: the others at the address still get letters.
    """
    if signature.refusee_le is not None:
        return ""
    if signature.est_confirmee:
        return "deja_signe"
    if signature.courriel is None or signature.etat not in {Signature.Etat.DEMANDEE, Signature.Etat.RETIREE}:
        return ""
    if not signature.petition.confirmation_possible():
        return ""
    if boite.rangs >= signature.petition.reglement.signatures_par_adresse:
        return "adresse_deja_servie"
    return (
        "relancer_signature"
        if signature.relancee_le and signature.demandee_le < signature.relancee_le
        else "signer"
    )


def _est_permise(signature: Signature, boite: Boite) -> bool:
    reglement = signature.petition.reglement
    return (
        boite.ecrites < reglement.courriels_max and signature.courriels_ecrits < reglement.courriels_par_nom
    )


def _reserver(
    signature: Signature, boite: Boite, ecartees: Collection[int], lettres: list[lettres_signatures.Lettre]
) -> None:
    """Write the letter of the day, the only one still sent above the limits: it lists all requests of the
    address.

    This way nobody can prevent a person from signing by asking in other names. The next requests wait for the
    letter of the next day.
    """
    if not boite.a_droit_a_celle_du_jour():
        signature.lettre_due = True
        return
    boite.reservee_le = signature.reservee_le = timezone.now()
    signature.courriels_ecrits += 1
    attendent = [numero for numero in boite.en_attente if numero not in ecartees][:MONTREES]
    lettres.append(
        lettres_signatures.Lettre("demandes_du_jour", signature, signature.courriels_ecrits, tuple(attendent))
    )


def _boites(lot: Sequence[Signature]) -> defaultdict[Adresse, Boite]:
    lignes = (
        Signature.objects.filter(
            petition__in={s.petition_id for s in lot},
            courriel_canonique__in={s.courriel_canonique for s in lot},
        )
        .order_by("-demandee_le", "-pk")
        .values_list(
            "petition_id", "courriel_canonique", "pk", "courriels_ecrits", "rang", "reservee_le", "etat"
        )
    )
    boites: defaultdict[Adresse, Boite] = defaultdict(Boite)
    for petition, courriel, numero, nombre, rang, reservee_le, etat in lignes:
        boite = boites[petition, courriel]
        boite.ecrites += nombre
        boite.rangs += rang is not None
        if reservee_le is not None and (boite.reservee_le is None or reservee_le > boite.reservee_le):
            boite.reservee_le = reservee_le
        if etat == Signature.Etat.DEMANDEE:
            boite.en_attente.append(numero)
    return boites


def reprendre_lettres_dues() -> int:
    """Mark again the letters postponed to another day. Returns the number of requests."""
    du_jour = Signature.objects.filter(
        petition=OuterRef("petition"),
        courriel_canonique=OuterRef("courriel_canonique"),
        reservee_le__gte=debut_du_jour(),
    )
    dues = Signature.objects.filter(lettre_due=True).exclude(Exists(du_jour))
    return dues.update(lettre_due=False, a_ecrire=True)
