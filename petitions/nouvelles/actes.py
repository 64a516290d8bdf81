"""Messages of the author to the signers who want them; an agent reads each one before it is sent."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.models import Compte
from participation.socle.regles.textes import sans_controle
from petitions.models import Nouvelle, Petition, Signature
from petitions.nouvelles import lettres

Etat = Nouvelle.Etat


@transaction.atomic
def proposer_nouvelle(petition: Petition, *, par: Compte, titre: str, texte: str) -> Nouvelle:
    """Keep the message until an agent has read it, and write to the agent in charge."""
    pas = exiger(petition, "proposer_nouvelle", par=par)
    nouvelle = Nouvelle(petition=petition, titre=sans_controle(titre), texte=sans_controle(texte))
    nouvelle.full_clean()
    nouvelle.save()
    pas.avancer(details={"nouvelle": nouvelle.pk})
    lettres.proposer_nouvelle(nouvelle)
    return nouvelle


@transaction.atomic
def reprendre_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """Take back a message that no agent has read yet; its text is given again in the form."""
    _decider(nouvelle, "reprendre_nouvelle", Etat.REPRISE, par=par)


@transaction.atomic
def publier_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """Publish the message on the page and send it once to each signer who asked for it."""
    _decider(nouvelle, "publier_nouvelle", Etat.PUBLIEE, par=par)
    nouvelle.destinataires = lettres.publier_nouvelle(nouvelle)
    nouvelle.save(update_fields=["destinataires"])
    lettres.dire_a_l_auteur(nouvelle, "publier_nouvelle_auteur")


@transaction.atomic
def refuser_nouvelle(nouvelle: Nouvelle, *, par: Compte, motif: str) -> None:
    """Refuse a message. The author is told why, and may write another one."""
    _decider(nouvelle, "refuser_nouvelle", Etat.REFUSEE, par=par, motif=motif)
    lettres.dire_a_l_auteur(nouvelle, "refuser_nouvelle")


@transaction.atomic
def depublier_nouvelle(nouvelle: Nouvelle, *, par: Compte, motif: str) -> None:
    """Remove a published message from the page; its letters are already sent."""
    _decider(nouvelle, "depublier_nouvelle", Etat.DEPUBLIEE, par=par, motif=motif)
    lettres.dire_a_l_auteur(nouvelle, "depublier_nouvelle")


@transaction.atomic
def ne_plus_recevoir_auteur(signature: Signature) -> None:
    """Stop the messages of the author to this signer; news of the Métropole continue.

    Doing it twice is safe.
    """
    Signature.objects.filter(pk=signature.pk, accord_auteur=True).update(accord_auteur=False)


def _decider(nouvelle: Nouvelle, acte: str, etat: Etat, *, par: Compte, motif: str = "") -> None:
    # locks the pétition; the état of the message is then read after concurrent acts
    pas = exiger(nouvelle, acte, par=par)
    nouvelle.etat, nouvelle.decidee_par, nouvelle.motif = etat, par, motif
    if etat != Etat.DEPUBLIEE:
        nouvelle.decidee_le = timezone.now()
    nouvelle.full_clean()
    nouvelle.save(update_fields=["etat", "decidee_par", "motif", "decidee_le"])
    pas.avancer(motif=motif, details={"nouvelle": nouvelle.pk, "titre": nouvelle.titre})


class ProposerNouvelleForm(ActeForm):
    objet: Petition

    titre = champ_ligne("Titre", "En quelques mots : ce qu’il y a de nouveau.", maximum=120)
    texte = champ_texte(
        "Votre message",
        "Ce qui a changé, ce que vous préparez. N’y mettez le nom ni l’adresse de personne sans son accord.",
        maximum=3000,
        lignes=10,
        erreur="Écrivez votre message.",
    )

    def initiales(self) -> Mapping[str, Any]:
        """Start from the last message if it was refused or taken back."""
        derniere = self.objet.nouvelles.first()
        if derniere is None or derniere.etat not in {Nouvelle.Etat.REFUSEE, Nouvelle.Etat.REPRISE}:
            return {}
        return {"titre": derniere.titre, "texte": derniere.texte}


RefuserNouvelleForm = demander_texte(
    "Pourquoi il n’est pas publié",
    aide="Envoyé à l’auteur, qui peut écrire son message autrement.",
    erreur="Dites à l’auteur pourquoi.",
)


DepublierNouvelleForm = demander_texte(
    "Pourquoi il est retiré",
    aide="Envoyé à l’auteur. Les lettres déjà parties ne peuvent pas être reprises.",
    erreur="Dites à l’auteur pourquoi.",
)
