"""What signers are told, one letter each; and what agents are told of the count and of fraud."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from participation.socle.courrier import deposer, ecrire, rediger
from participation.socle.liens import Lien
from participation.socle.models import Compte, Courriel
from petitions.models import Petition, Seuil, SeuilEnAttente, Signature
from petitions.notifications.nouvelles import annoncer

# Short, since it is read on paper and by phone.
LIEN = Lien("petitions.signature", est_court=True)


@dataclass(frozen=True, slots=True)
class Lettre:
    """A letter to write to a signer: which one, and its rank at this address (1 is the first)."""

    nom: str
    signature: Signature
    rang: int
    attendent: tuple[int, ...] = ()  # the letter of the day: every request that waits at this address


def ecrire_aux_signataires(lettres: Sequence[Lettre]) -> None:
    """One row each, in one statement. Not hung on the dossier, which a million letters would drown."""
    courriels = []
    attendues = Signature.objects.in_bulk({numero for lettre in lettres for numero in lettre.attendent})
    for lettre in lettres:
        signature = lettre.signature
        jeton = LIEN.jeton(signature.pk)
        courriels.append(
            rediger(
                f"petitions/{lettre.nom}",
                [signature.courriel or ""],
                {
                    "signature": signature,
                    "petition": signature.petition,
                    "lien_confirmer": reverse("petitions:confirmer_signature", args=[jeton]),
                    "lien_refuser": reverse("petitions:refuser_signature", args=[jeton]),
                    "lien": reverse("petitions:ma_signature", args=[jeton]),
                    "demandes": [
                        (attendues[n], reverse("petitions:confirmer_signature", args=[LIEN.jeton(n)]))
                        for n in lettre.attendent
                        if n in attendues
                    ],
                },
                cle=_cle(signature.petition_id, signature.pk, lettre.rang),
            )
        )
    deposer(courriels, en_nombre=False)


def _cle(petition: int, signature: int, rang: int | str) -> str:
    return f"signature:{petition}:{signature}:{rang}"


def oublier_lettres(petition: Petition, signatures: Iterable[int]) -> None:
    """Delete the letters written to these signers: they hold an address, a name and a link. Before the signers are."""
    ecrits = Signature.objects.filter(pk__in=signatures, courriels_ecrits__gt=0)
    cles = [
        _cle(petition.pk, signature, rang)
        for signature, nombre in ecrits.values_list("pk", "courriels_ecrits")
        for rang in range(1, nombre + 1)
    ]
    lot = 5000
    for debut in range(0, len(cles), lot):
        Courriel.objects.filter(cle__in=cles[debut : debut + lot]).delete()


def _ecrire_aux_agents(lettre: str, petition: Petition, *, cle: str | None = None, **contexte: Any) -> None:
    ecrire(
        f"petitions/{lettre}",
        a=list(Compte.objects.agents_du_service().values_list("courriel", flat=True)),
        dossier=petition,
        cle=cle,
        contexte={"petition": petition, "lien": petition.get_absolute_url(), **contexte},
    )


def atteindre_seuil(petition: Petition, seuil: Seuil, *, fois: int) -> None:
    """`fois` tells a threshold reached again, after a loss, from the first time."""
    cle = f"atteindre_seuil:{petition.pk}:{seuil.pk}:{fois}"
    annoncer(petition, "atteindre_seuil", {"seuil": seuil}, aux_signataires=True, cle=cle)
    _ecrire_aux_agents("atteindre_seuil_agents", petition, cle=f"{cle}:agents", seuil=seuil)


def perdre_seuil(petition: Petition, seuil: Seuil, *, fois: int) -> None:
    cle = f"perdre_seuil:{petition.pk}:{seuil.pk}:{fois}"
    annoncer(petition, "perdre_seuil", {"seuil": seuil}, cle=cle)
    _ecrire_aux_agents("perdre_seuil_agents", petition, cle=f"{cle}:agents", seuil=seuil)


def clore_collecte(
    petition: Petition, *, total: int, est_a_debattre: bool, prevue: date | None = None
) -> None:
    """`prevue`: the last day that had been said, when it is closed before."""
    annoncer(
        petition,
        "clore_collecte",
        {"total": total, "est_a_debattre": est_a_debattre, "prevue": prevue},
        aux_signataires=True,
        cle=f"clore_collecte:{petition.pk}",
    )


def recompter(petition: Petition, *, ecart: int) -> None:
    _ecrire_aux_agents("recompter", petition, ecart=ecart)


def signaler_seuil_en_attente(attente: SeuilEnAttente) -> None:
    """To agents alone: nobody else is told anything before they have decided."""
    _ecrire_aux_agents(
        "seuil_en_attente",
        attente.petition,
        cle=f"seuil_en_attente:{attente.pk}",
        attente=attente,
        lien=reverse("petitions:confirmer_seuil", args=[attente.pk]),
    )


def signaler_rafale(petition: Petition, *, pics: Sequence[object], heure: str) -> None:
    """`pics`: the networks and domains above the limit in that hour. One letter per pétition and hour."""
    lien = reverse("petitions:rafales", args=[petition.pk])
    _ecrire_aux_agents("signaler_rafale", petition, cle=f"rafale:{petition.pk}:{heure}", pics=pics, lien=lien)
