"""How far the mailing of a panel is."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q

from participation.panels.invitations import regles
from participation.panels.models import ImportDAdresses, Panel
from participation.socle.francais import accorder


@dataclass(frozen=True, slots=True)
class EtatDeLEnvoi:
    adresses: int
    a_inviter: int
    imprimees: int
    postees: int
    a_des_numeros: bool


def envoi(panel: Panel) -> EtatDeLEnvoi:
    comptes = panel.adresses.aggregate(
        adresses=Count("pk"),
        a_inviter=Count("pk", filter=Q(courrier=None) & ~Q(lignes="")),
        imprimees=Count("pk", filter=Q(courrier__isnull=False)),
        postees=Count("pk", filter=Q(courrier__date_postee__isnull=False)),
    )
    return EtatDeLEnvoi(**comptes, a_des_numeros=panel.journal.filter(acte="tirer_numeros").exists())


def bilan(choisi: ImportDAdresses) -> str:
    """Return what became of the rows of a table."""
    dits = [accorder(choisi.ajoutees, "adresse ajoutée", "adresses ajoutées", aucun="aucune")]
    if choisi.doublons:
        dits.append(accorder(choisi.doublons, "déjà dans la liste", "déjà dans la liste"))
    if choisi.refusees:
        dits.append(accorder(choisi.refusees, "ligne refusée", "lignes refusées"))
    return ", ".join(dits)


def numeros_tires(panel: Panel) -> Iterator[str] | None:
    """Return the phone numbers drawn last, made again from their seed; None when none were."""
    tirage = panel.journal.filter(acte="tirer_numeros").order_by("-pk").first()
    if tirage is None:
        return None
    tranches = regles.lire_tranches("\n".join(tirage.details["tranches"]))
    return regles.numeros(tranches, tirage.details["graine"])
