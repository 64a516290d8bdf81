"""Letters to those who sign, and about a crowd or a threshold to the agents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle.courriels.ecriture import deposer, ecrire
from participation.socle.courriels.porte import lu, rediger_par_la_porte
from participation.socle.courriels.retenue import due_le
from participation.socle.models import Compte
from petitions.models import Petition, Seuil, SeuilEnAttente, Signature
from petitions.nouvelles import annoncer


@dataclass(frozen=True, slots=True)
class Lettre:
    """A letter to a signer: its name, and its rank for this signature (1 is the first)."""

    nom: str
    signature: Signature
    rang: int
    attendent: tuple[int, ...] = ()  # for the letter of the day: keys of all requests of this address

    @property
    def due_le(self) -> date | datetime:
        """Since when it is due: the request, or the day of the reminder."""
        demandee = self.signature.demandee_le
        if self.nom != "relancer_signature":
            return demandee
        return timezone.localdate(demandee) + timedelta(days=self.signature.petition.reglement.relance_jours)


def ecrire_a_chacun(lettres: Sequence[Lettre]) -> None:
    """Write all the letters in one statement.

    They are not linked to the dossier: a million letters would make its list unusable.
    """
    courriels = []
    attendues = Signature.objects.in_bulk({numero for lettre in lettres for numero in lettre.attendent})
    for lettre in lettres:
        signature, petition = lettre.signature, lettre.signature.petition
        jeton = signature.jeton()
        with due_le(lettre.due_le):
            courriel = rediger_par_la_porte(
                f"petitions/{lettre.nom}",
                signature.courriel or "",
                {
                    "titre": lu(petition, "titre"),
                    "purge_jours": petition.reglement.purge_jours,
                    "grace_heures": petition.reglement.grace_heures,
                    "signatures_par_adresse": petition.reglement.signatures_par_adresse,
                    "demandee_le": signature.demandee_le,
                    "lien_jusqu_au": signature.lien_jusqu_au,
                    "confirmee_le": signature.confirmee_le,
                    "lien_confirmer": reverse("petitions:confirmer_signature", args=[jeton]),
                    "lien_refuser": reverse("petitions:refuser_signature", args=[jeton]),
                    "lien": reverse("petitions:ma_signature", args=[jeton]),
                    "demandes": [
                        {
                            "le": attendues[n].demandee_le,
                            "lien": reverse("petitions:confirmer_signature", args=[attendues[n].jeton()]),
                        }
                        for n in lettre.attendent
                        if n in attendues
                    ],
                    "signees": _signees(signature) if lettre.nom == "adresse_deja_servie" else [],
                },
                cle=signature.cle_de_lettre(lettre.rang),
                langue=signature.langue,
            )
        courriels.append(courriel)
    deposer(courriels, en_nombre=False)


def _signees(demande: Signature) -> list[dict[str, Any]]:
    """Return the signatures that this address has in the count, for who reads its mailbox."""
    siennes = Signature.objects.valables().filter(
        petition=demande.petition_id, courriel_canonique=demande.courriel_canonique
    )
    return [
        {"le": s.confirmee_le, "lien": reverse("petitions:ma_signature", args=[s.jeton()])}
        for s in siennes.order_by("rang", "pk")
    ]


def ecrire_aux_agents(lettre: str, petition: Petition, *, cle: str | None = None, **contexte: Any) -> None:
    ecrire(
        f"petitions/{lettre}",
        a=list(Compte.objects.agents_du_service().values_list("courriel", flat=True)),
        dossier=petition,
        cle=cle,
        contexte={"petition": petition, "lien": petition.get_absolute_url(), **contexte},
    )


def atteindre_seuil(petition: Petition, seuil: Seuil, *, fois: int) -> None:
    """`fois`: number of times the threshold was reached; it makes the key of the letters."""
    cle = f"atteindre_seuil:{petition.pk}:{seuil.pk}:{fois}"
    annoncer(petition, "atteindre_seuil", {"seuil": seuil}, aux_signataires=True, cle=cle)
    ecrire_aux_agents("atteindre_seuil_agents", petition, cle=f"{cle}:agents", seuil=seuil)


def perdre_seuil(petition: Petition, seuil: Seuil, *, fois: int) -> None:
    cle = f"perdre_seuil:{petition.pk}:{seuil.pk}:{fois}"
    annoncer(petition, "perdre_seuil", {"seuil": seuil}, cle=cle)
    ecrire_aux_agents("perdre_seuil_agents", petition, cle=f"{cle}:agents", seuil=seuil)


def signaler_seuil_en_attente(attente: SeuilEnAttente) -> None:
    """Write to agents only: nobody else is told before their decision."""
    ecrire_aux_agents(
        "seuil_en_attente",
        attente.petition,
        cle=f"seuil_en_attente:{attente.pk}",
        attente=attente,
        lien=reverse("petitions:confirmer_seuil", args=[attente.pk]),
    )


def signaler_rafale(petition: Petition, *, pics: Sequence[object], heure: str) -> None:
    """Write one letter by pétition and hour to the agents. `pics`: networks and names above the limit."""
    lien = reverse("petitions:rafales", args=[petition.pk])
    ecrire_aux_agents("signaler_rafale", petition, cle=f"rafale:{petition.pk}:{heure}", pics=pics, lien=lien)
