"""Letters about a séance: convocation, move, cancellation, answers, pouvoirs and substitutes."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from participation.seances.calendrier import ics
from participation.seances.convocation.lectures import presidents
from participation.seances.models import Convie, Convocation, Envoi, Invite, Membre, Seance
from participation.seances.ordre_du_jour.lectures import lignes_points
from participation.socle.actions.courriers import ecrire_courrier
from participation.socle.courriels.ecriture import Ecrite, ecrire, preparer
from participation.socle.francais import enumerer
from participation.socle.models import Courrier, Document, ReglageService

Piece = tuple[str, str, bytes]


Dits = Mapping[str, Any]


def lien_reponse(convie: Convie) -> str:
    return reverse("seances:repondre", args=[convie.jeton()])


def lien_membre(seance: Seance) -> str:
    return reverse("seances:ma_seance", args=[seance.pk])


def de_la_seance(seance: Seance) -> dict[str, Any]:
    """Return the context shared by the letters of a séance. Presidents are read once, if a letter shows them."""
    qui = cache(lambda: presidents(seance))
    return {
        "seance": seance,
        "instance": seance.instance,
        "reglement": seance.reglement,
        "service": ReglageService.actuel(),
        "presidence": lambda: enumerer(qui()),
        "presidents": lambda: len(qui()),
        "page": lien_membre(seance),
        "lien_inscription": reverse("seances:inscription", args=[seance.pk]),
        "points": seance.points.exclude(etat="retire").order_by("ordre", "pk"),
    }


def contexte(
    convie: Convie, convocation: Convocation | None = None, dits: Dits | None = None
) -> dict[str, Any]:
    """Return the context of one person's letter or its preview. `dits`: the result of `de_la_seance`."""
    return {
        **(dits or de_la_seance(convie.seance)),
        "convie": convie,
        "convocation": convocation,
        "lien": lien_reponse(convie) if convie.pk else "/…",
    }


def invitation(seance: Seance, convie: Convie, methode: ics.Methode, *, sequence: int | None = None) -> Piece:
    nom = "annulation.ics" if methode == "CANCEL" else "invitation.ics"
    return nom, ics.type_mime(methode), ics.invitation(seance, methode, [convie], sequence=sequence)


def pdf(document: Document | None) -> list[Piece]:
    if document is None:
        return []
    with document.fichier.open("rb") as fichier:
        return [("convocation.pdf", "application/pdf", fichier.read())]


def convoquer(convocation: Convocation, convie: Convie, pieces: list[Piece], dits: Dits) -> Ecrite | None:
    return _ecrire("seances/convoquer", convocation, convie, pieces, dits, "REQUEST")


def deplacer(convocation: Convocation, convie: Convie, pieces: list[Piece], dits: Dits) -> Ecrite | None:
    return _ecrire("seances/deplacer", convocation, convie, pieces, dits, "REQUEST")


def informer(convocation: Convocation, convie: Convie, pieces: list[Piece], dits: Dits) -> Ecrite | None:
    return _ecrire("seances/informer", convocation, convie, pieces, dits, "REQUEST")


def annuler(convocation: Convocation, convie: Convie, pieces: list[Piece], dits: Dits) -> Ecrite | None:
    return _ecrire("seances/annuler", convocation, convie, pieces, dits, "CANCEL")


def ecrire_par_poste(convocation: Convocation, convie: Convie, dits: Dits) -> Courrier:
    """Write on paper to a member without a mailbox what the sending says."""
    membre = convie.membre
    return ecrire_courrier(
        convie.seance,
        "seances/convoquer_par_poste",
        contexte(convie, convocation, dits),
        destinataire=[str(membre), *membre.adresse_postale.split(", ")],
        a_une_adresse=bool(membre.adresse_postale),
        surtitre=convie.seance.instance.nom,
        membre=membre.pk,
    )


def copier(convocation: Convocation, convie: Convie, pieces: list[Piece], dits: Dits) -> None:
    """Send a member's letter to their secretariat, without the personal link."""
    seance, adresse = convie.seance, convie.membre.copie_a
    methode: ics.Methode = "CANCEL" if convocation.nature == Convocation.Nature.ANNULATION else "REQUEST"
    ecrire(
        "seances/copier",
        a=[adresse],
        contexte=contexte(convie, convocation, dits),
        cle=f"convocation:{convocation.pk}:copie:{convie.pk}",
        pieces=[
            *pieces,
            _rendez_vous(seance, methode, str(convie.membre), adresse, sequence=convocation.sequence),
        ],
    )


def inviter(convocation: Convocation, invite: Invite) -> None:
    """Write to an invited person for each sending, by post without a mailbox: no document and no closed-door point."""
    seance, dits = invite.seance, _contexte_d_invite(invite, convocation)
    if not invite.courriel:
        _par_poste_a("seances/inviter", invite, dits)
        return
    methode: ics.Methode = "CANCEL" if convocation.nature == Convocation.Nature.ANNULATION else "REQUEST"
    ecrire(
        "seances/inviter",
        a=[invite.courriel],
        contexte=dits,
        cle=f"convocation:{convocation.pk}:invite:{invite.pk}",
        pieces=[_rendez_vous(seance, methode, invite.nom, invite.courriel, sequence=convocation.sequence)],
    )


def desinviter(invite: Invite) -> None:
    """Nothing for who heard nothing: a letter not yet posted leaves the pile."""
    seance, dits = invite.seance, _contexte_d_invite(invite, None)
    if not invite.courriel:
        siens = seance.courriers.filter(document__donnees__invite=invite.pk)
        siens.a_poster().update(abandonne_le=timezone.now())
        if siens.exclude(date_postee=None).exists():
            _par_poste_a("seances/desinviter", invite, dits)
    elif seance.convocations.exclude(envoyee_le=None).exists():
        ecrire(
            "seances/desinviter",
            a=[invite.courriel],
            contexte=dits,
            pieces=[_rendez_vous(seance, "CANCEL", invite.nom, invite.courriel, sequence=seance.sequence)],
        )


def _par_poste_a(lettre: str, invite: Invite, dits: Dits) -> None:
    if invite.adresse_postale:
        ecrire_courrier(
            invite.seance,
            lettre,
            dits,
            destinataire=[invite.nom, *invite.adresse_postale.split(", ")],
            a_une_adresse=True,
            surtitre=invite.seance.instance.nom,
            invite=invite.pk,
        )


def _contexte_d_invite(invite: Invite, convocation: Convocation | None) -> dict[str, Any]:
    seance = invite.seance
    points = seance.points.exclude(etat="retire").filter(est_confidentiel=False).order_by("ordre", "pk")
    return {
        "invite": invite,
        "seance": seance,
        "instance": seance.instance,
        "convocation": convocation,
        "points": points,
        "heure_du_point": next(
            (ligne.debut for ligne in lignes_points(seance, []) if ligne.point.pk == invite.point_id), None
        ),
    }


def _rendez_vous(seance: Seance, methode: ics.Methode, nom: str, adresse: str, *, sequence: int) -> Piece:
    fichier = "annulation.ics" if methode == "CANCEL" else "invitation.ics"
    evenement = ics.invitation(seance, methode, [], autres=[(nom, adresse)], sequence=sequence)
    return fichier, ics.type_mime(methode), evenement


def convoquer_suppleant(convie: Convie, *, remplace: Convie) -> None:
    """Convene a substitute, with the PDF of the last sending."""
    _ecrire_hors_envoi(
        "seances/convoquer_suppleant", convie, methode="REQUEST", plus={"remplace": remplace}, avec_pdf=True
    )


def liberer_suppleant(
    convie: Convie, *, remplace: Convie, cause: str = "", deplacee_du: datetime | None = None
) -> None:
    """Tell a substitute that they are no longer convened. Same parameters as the action."""
    plus = {"remplace": remplace, "cause": cause, "deplacee_du": deplacee_du}
    _ecrire_hors_envoi("seances/liberer_suppleant", convie, methode="CANCEL", plus=plus)


def retirer_convie(convie: Convie) -> None:
    """Write to a member whose mandate ends before the new day of the séance."""
    _ecrire_hors_envoi("seances/retirer_convie", convie, methode="CANCEL")


def assurer_au_membre(membre: Membre, seance: Seance, besoin: str, lien: str) -> None:
    """Name the need: she may have said several."""
    dits = {**de_la_seance(seance), "besoin": besoin, "lien": lien}
    ecrire("seances/assurer_besoin", a=[membre.compte.courriel], contexte=dits)


def recevoir_pouvoir(convie: Convie, *, de: Convie) -> None:
    ecrire(
        "seances/recevoir_pouvoir", a=[convie.membre.compte.courriel], contexte={**contexte(convie), "de": de}
    )


def perdre_pouvoir(convie: Convie, *, de: Convie) -> None:
    ecrire(
        "seances/perdre_pouvoir", a=[convie.membre.compte.courriel], contexte={**contexte(convie), "de": de}
    )


def relancer_reponse(convie: Convie) -> bool:
    """Write the reminder of the day. Return False if it is already written, or for a closed account."""
    return (
        ecrire(
            "seances/relancer_reponse",
            a=[convie.membre.compte.courriel],
            contexte=contexte(convie),
            cle=f"relance_reponse:{convie.pk}:{timezone.localdate():%Y%m%d}",
        )
        is not None
    )


def _ecrire(
    lettre: str,
    convocation: Convocation,
    convie: Convie,
    pieces: list[Piece],
    dits: Dits,
    methode: ics.Methode,
) -> Ecrite | None:
    """Prepare the letter of one person in one sending, for `poster`. Its key prevents a second one.

    Return None for a closed account.
    """
    return preparer(
        lettre,
        a=[convie.membre.compte.courriel],
        contexte=contexte(convie, convocation, dits),
        cle=f"convocation:{convocation.pk}:{convie.pk}",
        pieces=[*pieces, invitation(convie.seance, convie, methode, sequence=convocation.sequence)],
    )


def _ecrire_hors_envoi(
    lettre: str,
    convie: Convie,
    *,
    methode: ics.Methode,
    plus: Mapping[str, Any] | None = None,
    avec_pdf: bool = False,
) -> None:
    """Write to one person between two sendings, and note it in the delivery log of the last one.

    The séance's `sequence` is incremented: a calendar accepts a CANCEL and then a REQUEST only if it grows.
    """
    seance = convie.seance
    derniere = seance.convocations.exclude(envoyee_le=None).select_related("document").first()
    Seance.objects.filter(pk=seance.pk).update(sequence=F("sequence") + 1)
    seance.refresh_from_db(fields=["sequence"])
    pieces = pdf(derniere.document) if avec_pdf and derniere is not None else []
    courriel = ecrire(
        lettre,
        a=[convie.membre.compte.courriel],
        contexte={**contexte(convie, derniere), **(plus or {})},
        pieces=[*pieces, invitation(seance, convie, methode)],
    )
    if derniere is not None:
        Envoi.objects.update_or_create(
            convocation=derniere,
            convie=convie,
            defaults={"courriel": courriel, "le": timezone.now(), "ouvert_le": None},
        )
