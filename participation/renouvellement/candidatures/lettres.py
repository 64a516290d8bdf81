"""Letters to an applicant about their candidature.

The key of a letter begins with the primary key of its candidature, so that erasure finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.renouvellement.models import Candidature
from participation.socle.actions.courriers import ecrire_courrier
from participation.socle.courriels.ecriture import Ecrite, ecrire, poster
from participation.socle.courriels.porte import Mot, lu, rediger_par_la_porte
from participation.socle.models import ReglageService


def contexte_de(candidature: Candidature, **autres: Any) -> dict[str, Any]:
    jeton = candidature.jeton() if candidature.pk else ""
    service = ReglageService.actuel()
    return {
        "candidature": candidature,
        "campagne": candidature.campagne,
        "college": candidature.college,
        "service": service,
        "signataire": service.signataire,
        "lien": reverse("renouvellement:ma_candidature", args=[jeton]) if jeton else "",
        **autres,
    }


def ecrire_au_candidat(lettre: str, candidature: Candidature, cle: str, **autres: Any) -> None:
    """By mail or, to who gave none, on paper."""
    if candidature.courriel:
        ecrire(
            f"renouvellement/{lettre}",
            a=[candidature.courriel],
            cle=f"candidature:{candidature.pk}:{cle}",
            contexte=contexte_de(candidature, **autres),
            langue=candidature.langue,
        )
    else:
        ecrire_par_poste(lettre, candidature, **autres)


def ecrire_par_poste(lettre: str, candidature: Candidature, **autres: Any) -> None:
    """The courrier is that of the campaign, and is erased with the candidature."""
    adresse, contexte = candidature.adresse, contexte_de(candidature, **autres)
    ecrire_courrier(
        candidature.campagne,
        f"renouvellement/{lettre}",
        contexte,
        # The sheet is signed; a letter written for mail says itself who signs it.
        signataire=contexte["signataire"] if lettre == "arreter" else "",
        destinataire=[candidature.personne, *(adresse.split(", ") if adresse else [])],
        a_une_adresse=bool(adresse),
        surtitre=candidature.campagne.titre,
        candidature=candidature.pk,
    )


def _par_la_porte(
    lettre: str, candidature: Candidature, cle: str, **mots: Mot | Sequence[Mapping[str, Mot]]
) -> None:
    """Write before the mailbox is proved. `candidater` counts these letters by mailbox."""
    campagne = candidature.campagne
    courriel = rediger_par_la_porte(
        f"renouvellement/{lettre}",
        candidature.courriel,
        {
            "titre": lu(campagne, "titre"),
            "college": lu(candidature.college, "nom"),
            "purge_jours": campagne.purge_jours,
            "fin": campagne.fin_des_confirmations,
            "numero": candidature.numero,
            "deposee_le": candidature.deposee_le,
            "lien": reverse("renouvellement:ma_candidature", args=[candidature.jeton()]),
            **mots,
        },
        cle=f"candidature:{candidature.pk}:{cle}",
        langue=candidature.langue,
    )
    poster([Ecrite(courriel)])


def candidater(candidature: Candidature) -> None:
    lien = reverse("renouvellement:confirmer_candidature", args=[candidature.jeton()])
    _par_la_porte("candidater", candidature, f"candidater:{candidature.lettres_ecrites}", lien=lien)


def candidatures_du_jour(candidature: Candidature, en_attente: Iterable[Candidature]) -> None:
    """Write the letter of the day to a mailbox above its limit, with the link of each pending request."""
    demandes: list[Mapping[str, Mot]] = [
        {
            "college": lu(c.college, "nom"),
            "le": c.cree_le,
            "lien": reverse("renouvellement:confirmer_candidature", args=[c.jeton()]),
        }
        for c in en_attente
    ]
    cle = f"du_jour:{timezone.localdate():%Y%m%d}"
    _par_la_porte("candidatures_du_jour", candidature, cle, demandes=demandes)


def deja_candidat(candidature: Candidature) -> None:
    """Tell an applicant who already has a candidature, at most once a day: the page must not say so."""
    _par_la_porte("deja_candidat", candidature, f"deja:{timezone.localdate():%Y%m%d}")
