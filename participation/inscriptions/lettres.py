"""Letters and SMS to who registers for an event: the same words for all, with those of the event."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from participation.inscriptions.models import Evenement, InscriptionAEvenement
from participation.inscriptions.workflow import EtatInscription
from participation.seances.calendrier.ics import Methode, RendezVous, rendez_vous, type_mime
from participation.socle.courriels import porte, sms
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.porte import lu
from participation.socle.models import Courriel, Dossier


def a_prevenir(evenement: Evenement) -> list[InscriptionAEvenement]:
    """Return who is registered or waits, whatever she left."""
    lues = list(evenement.inscriptions.vivantes().order_by("pk"))
    for inscription in lues:
        inscription.evenement = evenement
    return lues


def confirmer_inscription(inscription: InscriptionAEvenement) -> None:
    """Write to an address that is not proved: by the gate, with words of the service only."""
    evenement: Evenement = inscription.evenement
    porte.ecrire(
        "inscriptions/confirmer_inscription",
        a=inscription.courriel,
        sujet=evenement,
        dossier=_dossier(evenement),
        cle=f"{inscription.CLE}:{inscription.pk}:confirmer",
        mots={
            **{mot: lu(evenement, mot) for mot in ("titre", "lieu", "adresse", "acces")},
            "debut": evenement.debut,
            "lien": evenement.adresse_de("confirmer_inscription", inscription.jeton_de_confirmation()),
        },
    )


def inscrire(inscription: InscriptionAEvenement) -> None:
    """Tell her seat, or her rank."""
    if inscription.etat == EtatInscription.ATTENTE:
        _ecrire("attendre", inscription, rang=inscription.rang_d_attente)
    else:
        _ecrire("inscrire", inscription, methode="PUBLISH")


def proposer_place(inscription: InscriptionAEvenement) -> None:
    _ecrire("proposer_place", inscription)


def obtenir_place(inscription: InscriptionAEvenement) -> None:
    """Tell who waited that she has a seat, where seats are given without asking."""
    _ecrire("obtenir_place", inscription, methode="PUBLISH")


def laisser_passer(inscription: InscriptionAEvenement) -> None:
    """Tell that the offer lapsed: she keeps her rank no longer."""
    _ecrire("laisser_passer", inscription)


def annuler_inscription(inscription: InscriptionAEvenement) -> None:
    _ecrire("annuler_inscription", inscription, methode="CANCEL")


def deplacer(
    inscription: InscriptionAEvenement, *, ancien_debut: datetime, ancien_lieu: str, motif: str
) -> None:
    """`motif`: "" when no reason was asked."""
    _ecrire(
        "deplacer",
        inscription,
        methode="PUBLISH",
        ancien_debut=ancien_debut,
        ancien_lieu=ancien_lieu,
        motif=motif,
    )


def annuler(inscription: InscriptionAEvenement) -> None:
    """Tell that the event is called off, and why."""
    _ecrire("annuler", inscription, methode="CANCEL")


def rappeler(inscription: InscriptionAEvenement, jours: int) -> None:
    """Remind, once for each step and each day of the event."""
    _ecrire("rappeler", inscription, cle=f"rappel-{jours}-{inscription.evenement.jour:%Y%m%d}", jours=jours)


def agenda(evenement: Evenement, methode: Methode = "PUBLISH") -> bytes:
    """Return the calendar file of an event."""
    debut, fin = timezone.localtime(evenement.debut), timezone.localtime(evenement.fin)
    return rendez_vous(
        RendezVous(
            cle=f"{evenement.NATURE}-{evenement.pk}",
            sequence=evenement.sequence,
            ecrit_le=evenement.cree_le,
            titre=evenement.titre,
            jour=evenement.jour,
            de=debut.time(),
            a=fin.time(),
            lieu=f"{evenement.lieu}, {evenement.adresse}",
            texte=evenement.acces,
            page=evenement.get_public_url(),
        ),
        methode,
    )


def _dossier(evenement: Evenement) -> Any:
    return evenement if isinstance(evenement, Dossier) else None


def _ecrire(
    lettre: str,
    inscription: InscriptionAEvenement,
    *,
    methode: Methode | None = None,
    cle: str = "",
    **contexte: Any,
) -> None:
    """Write by mail, else by SMS to who left a mobile number, else nothing: an agent calls."""
    evenement: Evenement = inscription.evenement
    dit = {
        "inscription": inscription,
        "evenement": evenement,
        "mots": evenement.MOTS,
        "lien": evenement.adresse_de("mon_inscription", inscription.jeton()),
        "court": inscription.LIEN.adresse_courte(inscription),
        **contexte,
    }
    cle = f"{inscription.CLE}:{inscription.pk}:{cle or f'{lettre}-{timezone.now():%Y%m%d%H%M%S%f}'}"
    nom, dossier = f"inscriptions/{lettre}", _dossier(evenement)
    if inscription.courriel:
        piece = f"{evenement.NATURE}.ics"
        pieces = [(piece, type_mime(methode), agenda(evenement, methode))] if methode else []
        ecrire(nom, a=[inscription.courriel], dossier=dossier, cle=cle, contexte=dit, pieces=pieces)
    elif numero := sms.numero_de(inscription.telephone):
        ecrire(nom, a=[numero], dossier=dossier, cle=cle, contexte=dit, moyen=Courriel.Moyen.SMS)
