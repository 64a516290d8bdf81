"""Letters and SMS to who registers for an event: the same words for all, with those of the event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy

from participation.inscriptions.lectures import qui_a_dit
from participation.inscriptions.models import Evenement, InscriptionAEvenement
from participation.inscriptions.workflow import EtatInscription
from participation.seances.calendrier.ics import Methode, RendezVous, rendez_vous, type_mime
from participation.socle.actions.tournees import EtapeDeTournee, a_chacun
from participation.socle.courriels import porte, sms
from participation.socle.courriels.ecriture import Ecrite, poster, preparer
from participation.socle.courriels.porte import lu
from participation.socle.lectures.langues import traduit_en
from participation.socle.models import Courriel, Dossier


def confirmer_inscription(inscription: InscriptionAEvenement) -> None:
    """Write to an address that is not proved: by the gate, with words of the service only."""
    evenement: Evenement = inscription.evenement
    porte.ecrire(
        "inscriptions/confirmer_inscription",
        a=inscription.courriel,
        sujet=evenement,
        dossier=_dossier(evenement),
        cle=f"{inscription.CLE}:{inscription.pk}:confirmer",
        langue=inscription.langue_lettres,
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


def deplacer(evenement: Evenement, *, ancien_debut: datetime, ancien_lieu: str, motif: str) -> None:
    """Tell who is registered or waits another day or place. `motif`: "" when no reason was asked."""
    dit = {"ancien_debut": ancien_debut, "ancien_lieu": ancien_lieu, "motif": motif}
    _a_tous(evenement, "deplacer", methode="PUBLISH", **dit)


def annuler(evenement: Evenement) -> None:
    """Tell who is registered or waits that the event is called off, and why."""
    _a_tous(evenement, "annuler", methode="CANCEL")


def _a_tous(evenement: Evenement, lettre: str, **dit: Any) -> None:
    """In lots, whatever each of them left."""
    cle = f"{lettre}-{timezone.now():%Y%m%d%H%M%S%f}"
    de = {"evenement": evenement, "sequence": evenement.sequence, "lettre": lettre, "cle_des_lettres": cle}
    a_chacun(etape, evenement, cle=cle, dit=dit, **de)


def etape(
    evenement: Evenement, sequence: int, lettre: str, cle_des_lettres: str, dit: Mapping[str, Any]
) -> EtapeDeTournee:
    if evenement.sequence != sequence:  # moved again, or called off: another letter says it
        return EtapeDeTournee(evenement.inscriptions.none(), len)

    def ecrire(lot: Sequence[InscriptionAEvenement]) -> None:
        for inscription in lot:
            inscription.evenement = evenement
        prets = [_preparer(lettre, inscription, cle=cle_des_lettres, **dit) for inscription in lot]
        poster([pret for pret in prets if pret is not None])

    return EtapeDeTournee(evenement.inscriptions.vivantes(), ecrire)


def assurer_besoin(evenement: Evenement, besoin: str) -> None:
    """Tell who said this need that it is met; name it, in the language of the letter: she may have said several."""
    for inscription, dit in qui_a_dit(evenement, besoin):
        inscription.evenement = evenement
        _ecrire("assurer_besoin", inscription, besoin=lazy(inscription.besoin_en_mots, str)(dit))


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


def _ecrire(lettre: str, inscription: InscriptionAEvenement, **dit: Any) -> None:
    if (pret := _preparer(lettre, inscription, **dit)) is not None:
        poster([pret])


def _preparer(
    lettre: str,
    inscription: InscriptionAEvenement,
    *,
    methode: Methode | None = None,
    cle: str = "",
    **contexte: Any,
) -> Ecrite | None:
    """In the language that she reads, by mail, else by SMS to who left a mobile number, else nothing: an agent calls."""
    evenement: Evenement = inscription.evenement
    dit = {
        "inscription": inscription,
        "evenement": traduit_en(evenement, inscription.langue_lettres),
        "mots": evenement.MOTS,
        "lien": evenement.adresse_de("mon_inscription", inscription.jeton()),
        "court": inscription.LIEN.adresse_courte(inscription),
        **contexte,
    }
    cle = f"{inscription.CLE}:{inscription.pk}:{cle or f'{lettre}-{timezone.now():%Y%m%d%H%M%S%f}'}"
    nom, dossier, langue = f"inscriptions/{lettre}", _dossier(evenement), inscription.langue_lettres
    if inscription.courriel:
        piece = f"{evenement.NATURE}.ics"
        pieces = [(piece, type_mime(methode), agenda(evenement, methode))] if methode else []
        return preparer(
            nom,
            a=[inscription.courriel],
            dossier=dossier,
            cle=cle,
            contexte=dit,
            pieces=pieces,
            langue=langue,
        )
    if numero := sms.numero_de(inscription.telephone):
        return preparer(
            nom, a=[numero], dossier=dossier, cle=cle, contexte=dit, moyen=Courriel.Moyen.SMS, langue=langue
        )
    return None
