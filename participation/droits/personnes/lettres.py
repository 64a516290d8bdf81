"""Letters to a person about what she asked, by mail, by post or by SMS: prove your address, your copy, you are erased, why not."""

from typing import Any

from django.utils import timezone

from participation.droits.models import DemandeDroit, ReglementDroits
from participation.droits.workflow import Identite
from participation.socle.actions.courriers import PAPIER, ecrire_courrier
from participation.socle.courriels import porte, sms
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Courriel
from participation.socle.regles.adresses import est_sans_boite


def demander_droit(demande: DemandeDroit) -> None:
    """Send the link that proves the address. One letter a day."""
    porte.ecrire(
        "droits/demander_droit",
        a=demande.courriel,
        sujet=demande,
        cle=f"droit:{demande.pk}:{timezone.localdate():%Y%m%d}",
        mots={"lien": demande.get_public_url(), "est_effacement": int(demande.est_effacement)},
        langue=demande.langue,
    )


def par_quoi(demande: DemandeDroit) -> str:
    """Return how she is answered: a letter where she gave an address for it, a mail, an SMS to a number of hers alone; else ""."""
    if demande.adresse:
        return PAPIER
    if demande.courriel and not est_sans_boite(demande.courriel):
        return Courriel.Moyen.COURRIEL
    return Courriel.Moyen.SMS if sms.numero_de(demande.telephone) else ""


def apercu(demande: DemandeDroit, lettre: str, motif: str = "") -> tuple[str, dict[str, Any], str]:
    """Return (letter, context, means) of an answer."""
    contexte = {"lien": demande.get_public_url(), "demande": demande, "motif": motif}
    return f"droits/{lettre}", contexte, par_quoi(demande) or Courriel.Moyen.COURRIEL


def copier_donnees(demande: DemandeDroit, annexe: dict[str, Any]) -> str:
    """Send the link of the copy to who asked by her mailbox; post it, on the sheets after the letter. Return by what."""
    if demande.identite == Identite.LIEN:
        ecrire_le_lien(demande, jours=ReglementDroits.actuel().copie_jours)
        return Courriel.Moyen.COURRIEL
    if par_quoi(demande) != PAPIER:
        return ""
    _poster(demande, "droits/copier_donnees", {}, annexe=annexe)
    return PAPIER


def _poster(demande: DemandeDroit, lettre: str, contexte: dict[str, Any], **donnees: Any) -> None:
    lignes = [demande.nom, *demande.adresse.splitlines()]
    ecrire_courrier(
        demande,
        lettre,
        contexte,
        destinataire=[ligne.strip() for ligne in lignes if ligne.strip()],
        a_une_adresse=True,
        **donnees,
    )


def ecrire_le_lien(demande: DemandeDroit, *, jours: int) -> None:
    ecrire(
        "droits/copier_donnees",
        a=[demande.courriel],
        contexte={"lien": demande.get_public_url(), "jours": jours},
        cle=f"droit:{demande.pk}:copie",
        langue=demande.langue,
    )


def repondre(demande: DemandeDroit, lettre: str, *, numero: str, motif: str = "") -> str:
    """Say that it is done, or why not: the last letter, erased after its own delay. Return by what, "" when nothing can.

    `demande`: as it was before its erasure. `numero`: her telephone, where nobody else is known by it.
    """
    nom, contexte, moyen = apercu(demande, lettre, motif=motif)
    if moyen == PAPIER:
        _poster(demande, nom, contexte)
    elif par_quoi(demande) and (moyen == Courriel.Moyen.COURRIEL or numero):
        ecrire(
            nom,
            a=[numero if moyen == Courriel.Moyen.SMS else demande.courriel],
            contexte=contexte,
            cle=f"droit:{demande.pk}:{lettre}",
            moyen=moyen,
            langue=demande.langue,
        )
    else:
        return ""
    return moyen
