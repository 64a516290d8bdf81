"""The author writes to the signers who want it; an agent reads it before it leaves."""

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.models import Compte
from participation.socle.textes import sans_controle
from petitions.models import Nouvelle, Petition, Signature
from petitions.notifications import nouvelles_auteur as notifications

Etat = Nouvelle.Etat


@transaction.atomic
def proposer_nouvelle(petition: Petition, *, par: Compte, titre: str, texte: str) -> Nouvelle:
    """Kept until an agent has read it; nobody else sees it. The agent in charge is told."""
    pas = exiger(petition, "proposer_nouvelle", par=par)
    nouvelle = Nouvelle(petition=petition, titre=sans_controle(titre), texte=sans_controle(texte))
    nouvelle.full_clean()
    nouvelle.save()
    pas.avancer(details={"nouvelle": nouvelle.pk})
    notifications.proposer_nouvelle(nouvelle)
    return nouvelle


@transaction.atomic
def reprendre_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """The author takes it back before it was read; her words wait in the form."""
    _decider(nouvelle, "reprendre_nouvelle", Etat.REPRISE, par=par)


@transaction.atomic
def publier_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """On the page, and by mail to each signer who asked for it: once, whoever pushes twice."""
    _decider(nouvelle, "publier_nouvelle", Etat.PUBLIEE, par=par)
    nouvelle.destinataires = notifications.publier_nouvelle(nouvelle)
    nouvelle.save(update_fields=["destinataires"])
    notifications.dire_a_l_auteur(nouvelle, "publier_nouvelle_auteur")


@transaction.atomic
def refuser_nouvelle(nouvelle: Nouvelle, *, par: Compte, motif: str) -> None:
    """The author reads why, and may write it otherwise."""
    _decider(nouvelle, "refuser_nouvelle", Etat.REFUSEE, par=par, motif=motif)
    notifications.dire_a_l_auteur(nouvelle, "refuser_nouvelle")


@transaction.atomic
def depublier_nouvelle(nouvelle: Nouvelle, *, par: Compte, motif: str) -> None:
    """Taken off the page; the letters are gone already."""
    _decider(nouvelle, "depublier_nouvelle", Etat.DEPUBLIEE, par=par, motif=motif)
    notifications.dire_a_l_auteur(nouvelle, "depublier_nouvelle")


@transaction.atomic
def ne_plus_recevoir_auteur(signature: Signature) -> None:
    """The signer wants no more of the author's words; the answer of the Métropole still comes. Safe to ask twice."""
    Signature.objects.filter(pk=signature.pk, accord_auteur=True).update(accord_auteur=False)


def _decider(nouvelle: Nouvelle, acte: str, etat: Etat, *, par: Compte, motif: str = "") -> None:
    pas = exiger(nouvelle, acte, par=par)  # locks the pétition: its parts too are read after the others' acts
    nouvelle.etat, nouvelle.decidee_par, nouvelle.motif = etat, par, motif
    if etat != Etat.DEPUBLIEE:
        nouvelle.decidee_le = timezone.now()
    nouvelle.full_clean()
    nouvelle.save(update_fields=["etat", "decidee_par", "motif", "decidee_le"])
    pas.avancer(motif=motif, details={"nouvelle": nouvelle.pk, "titre": nouvelle.titre})
