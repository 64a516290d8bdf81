"""Letters after the thresholds: meetings, debate, answer, suites."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from participation.socle.courriels.ecriture import ecrire
from participation.socle.francais import enumerer, jour_texte
from participation.suites.models import ChangementSuite, Suite
from petitions.conseil.lectures import adresse_agenda, dernieres_invitations, piece_de_chacun
from petitions.models import Jalon, Petition
from petitions.nouvelles import annoncer


def rencontrer(
    petition: Petition, *, jalon: Jalon, change: str, depuis: datetime | None = None, elus: Sequence[str] = ()
) -> None:
    """`change`: what changed since it was told, at `depuis`. `elus`: the addresses of those invited."""
    donner_rendez_vous(petition, "rencontrer", jalon, change)
    piece, invitees = piece_de_chacun(jalon), dernieres_invitations(petition)
    for adresse in elus:
        ecrire(
            "petitions/rencontrer_elu",
            a=[adresse],
            dossier=petition,
            contexte={
                "petition": petition,
                "jalon": jalon,
                "change": _ce_qui_est_remplace(invitees.get(adresse), depuis, change),
                "agenda": adresse_agenda(jalon),
                "lien": petition.get_public_url(),
            },
            pieces=[piece(adresse)],
        )


def ce_qui_change(avant: Jalon, jalon: Jalon) -> str:
    """Say which of day, hour and place changed, and what was told of it; "" if nothing told did."""
    moment = "l’heure" if avant.date == jalon.date else "la date"
    changes = {
        mot: dit
        for mot, dit, nouveau in ((moment, avant.quand, jalon.quand), ("le lieu", avant.lieu, jalon.lieu))
        if dit and dit != nouveau
    }
    if not changes:
        return ""
    return f"Ce qui change : {enumerer(changes)}. Cela remplace ce que nous avions annoncé : {', '.join(changes.values())}."


def _ce_qui_est_remplace(invitee_le: datetime | None, depuis: datetime | None, change: str) -> str:
    """Return what replaces the last invitation of an élu: nothing if she had none."""
    if invitee_le is None or depuis is None:
        return ""
    if invitee_le >= depuis:
        return change
    return f"Cela remplace notre invitation du {jour_texte(invitee_le)}."


def donner_rendez_vous(
    petition: Petition, acte: str, jalon: Jalon, change: str, *, aux_signataires: bool = False
) -> None:
    """Join the ICS file to the letters of the petitioners; every letter has its URL."""
    annoncer(
        petition,
        acte,
        {"jalon": jalon, "change": change, "agenda": adresse_agenda(jalon)},
        aux_signataires=aux_signataires,
        joindre=piece_de_chacun(jalon),
    )


def repondre(petition: Petition) -> None:
    """Send the answer to the petitioners and to the signers who asked for news."""
    annoncer(
        petition,
        "repondre",
        {"suites": list(petition.suites.select_related("direction"))},
        aux_signataires=True,
        cle=f"repondre:{petition.pk}",
    )


def changer_suite(suite: Suite, changement: ChangementSuite, **_: Any) -> None:
    """Receiver of `suites.signals.suite_changee`: tell petitioners and signers about a published suite.

    Followers of the dossier get a letter from the suites themselves.
    """
    petition = Petition.objects.filter(pk=suite.dossier_id).first()
    if petition is not None and suite.est_publiee:
        annoncer(
            petition,
            "changer_suite",
            {"suite": suite, "changement": changement},
            aux_signataires=True,
            aux_abonnes=False,
            cle=changement.cle_lettre,
        )
