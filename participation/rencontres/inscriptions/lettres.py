"""Letters and SMS to who registers for a rencontre."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.rencontres.models import Inscription, Rencontre
from participation.rencontres.workflow import EtatInscription
from participation.seances.calendrier.ics import Methode, RendezVous, rendez_vous, type_mime
from participation.socle.courriels import porte, sms
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.porte import lu
from participation.socle.models import Courriel


def a_prevenir(rencontre: Rencontre) -> list[Inscription]:
    """Return who is registered or waits, whatever she left."""
    lues = list(rencontre.inscriptions.vivantes().order_by("pk"))
    for inscription in lues:
        inscription.rencontre = rencontre
    return lues


def confirmer_inscription(inscription: Inscription) -> None:
    """Write to an address that is not proved: by the gate, with words of the service only."""
    rencontre = inscription.rencontre
    porte.ecrire(
        "rencontres/confirmer_inscription",
        a=inscription.courriel,
        sujet=rencontre,
        dossier=rencontre,
        cle=f"{inscription.CLE}:{inscription.pk}:confirmer",
        mots={
            **{mot: lu(rencontre, mot) for mot in ("titre", "lieu", "adresse", "acces")},
            "debut": rencontre.debut,
            "lien": reverse("rencontres:confirmer_inscription", args=[inscription.jeton_de_confirmation()]),
        },
    )


def inscrire(inscription: Inscription) -> None:
    """Tell her seat, or her rank."""
    if inscription.etat == EtatInscription.ATTENTE:
        _ecrire("attendre", inscription, rang=inscription.rang_d_attente)
    else:
        _ecrire("inscrire", inscription, methode="PUBLISH")


def proposer_place(inscription: Inscription) -> None:
    _ecrire("proposer_place", inscription)


def laisser_passer(inscription: Inscription) -> None:
    """Tell that the offer lapsed: she keeps her rank no longer."""
    _ecrire("laisser_passer", inscription)


def annuler_inscription(inscription: Inscription) -> None:
    _ecrire("annuler_inscription", inscription, methode="CANCEL")


def deplacer_rencontre(inscription: Inscription, *, ancien_debut: datetime, ancien_lieu: str) -> None:
    _ecrire("deplacer_rencontre", inscription, methode="PUBLISH", ancien_debut=ancien_debut, ancien_lieu=ancien_lieu)  # fmt: skip


def annuler_rencontre(inscription: Inscription) -> None:
    _ecrire("annuler_rencontre", inscription, methode="CANCEL")


def rappeler(inscription: Inscription, jours: int) -> None:
    """Remind, once for each step and each day of the rencontre."""
    _ecrire("rappeler", inscription, cle=f"rappel-{jours}-{inscription.rencontre.jour:%Y%m%d}", jours=jours)


def evenement(rencontre: Rencontre, methode: Methode = "PUBLISH") -> bytes:
    debut, fin = timezone.localtime(rencontre.debut), timezone.localtime(rencontre.fin)
    return rendez_vous(
        RendezVous(
            cle=f"rencontre-{rencontre.pk}",
            sequence=rencontre.sequence,
            ecrit_le=rencontre.cree_le,
            titre=rencontre.titre,
            jour=rencontre.jour,
            de=debut.time(),
            a=fin.time(),
            lieu=f"{rencontre.lieu}, {rencontre.adresse}",
            texte=rencontre.acces,
            page=rencontre.get_public_url(),
        ),
        methode,
    )


def _ecrire(
    lettre: str, inscription: Inscription, *, methode: Methode | None = None, cle: str = "", **contexte: Any
) -> None:
    """Write by mail, else by SMS to who left a mobile number, else nothing: an agent calls."""
    rencontre = inscription.rencontre
    dit = {
        "inscription": inscription,
        "rencontre": rencontre,
        "lien": reverse("rencontres:mon_inscription", args=[inscription.jeton()]),
        "court": Inscription.LIEN.adresse_courte(inscription),
        **contexte,
    }
    cle = f"{inscription.CLE}:{inscription.pk}:{cle or f'{lettre}-{timezone.now():%Y%m%d%H%M%S%f}'}"
    if inscription.courriel:
        pieces = [("rencontre.ics", type_mime(methode), evenement(rencontre, methode))] if methode else []
        ecrire(f"rencontres/{lettre}", a=[inscription.courriel], dossier=rencontre, cle=cle, contexte=dit, pieces=pieces)  # fmt: skip
    elif numero := sms.numero_de(inscription.telephone):
        ecrire(f"rencontres/{lettre}", a=[numero], dossier=rencontre, cle=cle, contexte=dit, moyen=Courriel.Moyen.SMS)  # fmt: skip
