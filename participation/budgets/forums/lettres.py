"""Letters to those who register for a forum, and to who animates a table."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import Forum, InscriptionForum, TableForum
from participation.budgets.workflow.budget import EtatInscription
from participation.seances.calendrier.ics import Methode, RendezVous, rendez_vous, type_mime
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.porte import lu


# Tables of a forum
def ajouter_table(table: TableForum) -> None:
    """Send the facilitator the link to take notes at the table from a phone."""
    ecrire(
        "budgets/ajouter_table",
        a=[table.courriel],
        cle=f"table-forum:{table.pk}:{table.courriel}"
        + (f":{table.rang_du_lien}" if table.rang_du_lien else ""),
        contexte={
            "table": table,
            "forum": table.forum,
            "lien": reverse("budgets:table_par_lien", args=[table.jeton()]),
        },
    )


def inscrire_au_forum(inscription: InscriptionForum) -> None:
    """Tell the person their seat or their rank, or how to confirm the address if it is not proved yet."""
    if inscription.a_confirmer_avant is not None:
        _demander_la_preuve(inscription)
        return
    if inscription.etat == EtatInscription.ATTENTE:
        _ecrire("attendre_forum", inscription, rang=inscription.rang_d_attente)
    else:
        _ecrire("inscrire_au_forum", inscription, methode="PUBLISH")


def confirmer_inscription(inscription: InscriptionForum) -> None:
    inscrire_au_forum(inscription)


def obtenir_place(inscription: InscriptionForum) -> None:
    """Tell a person on the waiting list that they have a seat."""
    _ecrire("obtenir_place_forum", inscription, methode="PUBLISH")


def annuler_inscription(inscription: InscriptionForum) -> None:
    _ecrire("annuler_inscription", inscription, methode="CANCEL")


def modifier_forum(inscription: InscriptionForum, *, ancien_debut: datetime, ancien_lieu: str) -> None:
    _ecrire(
        "modifier_forum", inscription, methode="PUBLISH", ancien_debut=ancien_debut, ancien_lieu=ancien_lieu
    )


def annuler_forum(inscription: InscriptionForum) -> None:
    _ecrire("annuler_forum", inscription, methode="CANCEL")


def evenement(forum: Forum, methode: Methode = "PUBLISH") -> bytes:
    debut, fin = timezone.localtime(forum.debut), timezone.localtime(forum.fin)
    return rendez_vous(
        RendezVous(
            cle=f"forum-{forum.pk}",
            sequence=forum.sequence,
            ecrit_le=forum.cree_le,
            titre=forum.titre,
            jour=forum.jour,
            de=debut.time(),
            a=fin.time(),
            lieu=f"{forum.lieu}, {forum.adresse}",
            texte=forum.acces,
            page=forum.get_public_url(),
        ),
        methode,
    )


def _demander_la_preuve(inscription: InscriptionForum) -> None:
    """Write to an address that is not proved: by the gate, with words of the forum only."""
    forum = inscription.forum
    porte.ecrire(
        "budgets/confirmer_inscription",
        a=inscription.courriel,
        sujet=forum,
        cle=f"inscription-forum:{inscription.pk}:confirmer_inscription",
        mots={
            **{mot: lu(forum, mot) for mot in ("titre", "lieu", "adresse", "acces")},
            "debut": forum.debut,
            "lien": reverse("budgets:confirmer_inscription", args=[inscription.jeton_de_confirmation()]),
        },
    )


def _ecrire(
    lettre: str, inscription: InscriptionForum, *, methode: Methode | None = None, **contexte: Any
) -> None:
    forum = inscription.forum
    pieces = [("forum.ics", type_mime(methode), evenement(forum, methode))] if methode else []
    ecrire(
        f"budgets/{lettre}",
        a=[inscription.courriel],
        cle=f"inscription-forum:{inscription.pk}:{lettre}:{timezone.now():%Y%m%d%H%M%S%f}",
        contexte={
            "inscription": inscription,
            "forum": forum,
            "lien": reverse("budgets:mon_inscription", args=[inscription.jeton()]),
            **contexte,
        },
        pieces=pieces,
    )
