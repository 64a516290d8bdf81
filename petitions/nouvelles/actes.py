"""Messages of the author to the signers who want them; an agent reads each one before it is sent."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.actions.moderation import moderer
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.forms.moderation import ModererForm
from participation.socle.francais import accorder, instant_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, RaisonModeration
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Lettre, Page, acte
from petitions.models import Nouvelle, Petition, Signature
from petitions.nouvelles import lettres
from petitions.nouvelles.lettres import contexte_de_la_lettre, voulues

Etat = Nouvelle.Etat


def fil_de_l_auteur(request: RequeteConnectee, objet: Petition | Nouvelle, form: Any) -> dict[str, Any]:
    """Breadcrumb to the page of the author, who has no access to the back office."""
    petition = objet if isinstance(objet, Petition) else objet.petition
    sienne = reverse("petitions:ma_petition", args=[petition.pk])
    return {"fil": [("Mes pétitions", reverse("petitions:mes_petitions")), (petition.titre, sienne)]}


def chez_l_auteur(objet: Petition | Nouvelle, fait: Any) -> str:
    petition = objet if isinstance(objet, Petition) else objet.petition
    return reverse("petitions:ma_petition", args=[petition.pk]) + "#nouvelles"


def dire_la_proposition(petition: Petition) -> str:
    reglement = petition.reglement
    return (
        "Le service relit votre message avant qu’il parte. Il est ensuite publié sur la page de la pétition, et envoyé "
        f"aux signataires qui le veulent : {accorder(voulues(petition), 'personne')} aujourd’hui. Au plus un message en "
        f"{accorder(reglement.nouvelles_intervalle_jours, 'jour')}, et {accorder(reglement.nouvelles_max, 'message')} en tout."
    )


def dire_la_publication(nouvelle: Nouvelle) -> str:
    combien = voulues(nouvelle.petition)
    envoi = (
        f"part à {accorder(combien, 'signataire qui veut', 'signataires qui veulent')} ces messages"
        if combien
        else "n’est envoyé à personne : aucun signataire n’a demandé ces messages"
    )
    return (
        f"Proposé le {instant_texte(nouvelle.proposee_le)}. Le message est publié sur la page de la pétition et {envoi}. "
        "Relisez la lettre : une fois partie, elle ne peut pas être reprise."
    )


def lettre_de_nouvelle(nouvelle: Nouvelle) -> Lettre:
    return "petitions/publier_nouvelle", {**contexte_de_la_lettre(nouvelle), "desabonnement": "/…"}


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


@acte(
    Page[Petition](
        form=ProposerNouvelleForm,
        consequence=dire_la_proposition,
        bouton="Proposer ce message",
        succes="Votre message est chez nous : nous vous écrivons dès qu’il est relu.",
        retour=chez_l_auteur,
        contexte=fil_de_l_auteur,
        est_publique=True,
    )
)
@transaction.atomic
def proposer_nouvelle(petition: Petition, *, par: Compte, titre: str, texte: str) -> Nouvelle:
    """Keep the message until an agent has read it, and write to the agent in charge."""
    pas = exiger(petition, "proposer_nouvelle", par=par)
    nouvelle = Nouvelle(petition=petition, titre=sans_controle(titre), texte=sans_controle(texte))
    nouvelle.full_clean()
    nouvelle.save()
    pas.avancer(details={"nouvelle": nouvelle.pk})
    lettres.lettre_de_la_proposition(nouvelle)
    return nouvelle


@acte(
    Page[Nouvelle](
        consequence="Le service ne le relira pas. Votre texte est gardé : vous pourrez le corriger et le proposer de nouveau.",
        succes="Votre message n’attend plus d’être relu.",
        retour=chez_l_auteur,
        contexte=fil_de_l_auteur,
        est_publique=True,
    )
)
@transaction.atomic
def reprendre_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """Take back a message that no agent has read yet; its text is given again in the form."""
    _decider(nouvelle, "reprendre_nouvelle", Etat.REPRISE, par=par)


@acte(
    Page[Nouvelle](
        consequence=dire_la_publication,
        lettre=lettre_de_nouvelle,
        gabarit="petitions/suivi/publier_nouvelle.html",
        contexte=lambda request, nouvelle, form: {
            "nouvelle": nouvelle,
            "peut_refuser": nouvelle.permet("refuser_nouvelle", request.user),
        },
        retour="#nouvelles",
    )
)
@transaction.atomic
def publier_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """Publish the message on the page and send it once to each signer who asked for it."""
    _decider(nouvelle, "publier_nouvelle", Etat.PUBLIEE, par=par)
    nouvelle.destinataires = lettres.dire_la_nouvelle(nouvelle)
    nouvelle.save(update_fields=["destinataires"])
    lettres.dire_a_l_auteur(nouvelle, "publier_nouvelle_auteur")


@acte(
    Page[Nouvelle](
        form=ModererForm,
        consequence="Le message ne part pas. Son auteur lit votre raison et peut l’écrire autrement.",
        retour="#nouvelles",
    )
)
@transaction.atomic
def refuser_nouvelle(nouvelle: Nouvelle, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    """Refuse a message. The author is told why, and may write another one, or contest."""
    _moderer(nouvelle, "refuser_nouvelle", Etat.REFUSEE, par=par, raison=raison, motif=motif)


@acte(
    Page[Nouvelle](
        form=ModererForm,
        consequence="Le message disparaît de la page publique. Son auteur lit votre raison.",
        retour="#nouvelles",
    )
)
@transaction.atomic
def depublier_nouvelle(nouvelle: Nouvelle, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    """Remove a published message from the page; its letters are already sent."""
    _moderer(nouvelle, "depublier_nouvelle", Etat.DEPUBLIEE, par=par, raison=raison, motif=motif)


def rendre_nouvelle(nouvelle: Nouvelle, *, par: Compte, motif: str) -> None:
    """Give back a message whose author contested and was right: on the page again, or to be read again.

    In the transaction of the answer, which locks the pétition. Raises ErreurMetier when another message waits.
    """
    nouvelle.etat = Etat.PUBLIEE if nouvelle.etat == Etat.DEPUBLIEE else Etat.PROPOSEE
    if nouvelle.etat == Etat.PROPOSEE and nouvelle.petition.nouvelles.a_relire().exists():
        raise ErreurMetier("Un autre message de cet auteur attend d’être relu : lisez-le d’abord.")
    nouvelle.motif = ""
    nouvelle.save(update_fields=["etat", "motif"])


@transaction.atomic
def ne_plus_recevoir_auteur(signature: Signature) -> None:
    """Stop the messages of the author to this signer; news of the Métropole continue.

    Doing it twice is safe.
    """
    Signature.objects.filter(pk=signature.pk, accord_auteur=True).update(accord_auteur=False)


def _moderer(
    nouvelle: Nouvelle, acte: str, etat: Etat, *, par: Compte, raison: RaisonModeration, motif: str
) -> None:
    _decider(nouvelle, acte, etat, par=par, motif=motif)
    petition = nouvelle.petition
    adresses = [petition.auteur.courriel] if petition.auteur else []
    moderation = moderer(
        nouvelle, acte, dossier=petition, par=par, raison=raison, motif=motif, adresses=adresses
    )
    lettres.dire_a_l_auteur(nouvelle, acte, moderation=moderation)


def _decider(nouvelle: Nouvelle, acte: str, etat: Etat, *, par: Compte, motif: str = "") -> None:
    # locks the pétition; the état of the message is then read after concurrent acts
    pas = exiger(nouvelle, acte, par=par)
    nouvelle.etat, nouvelle.decidee_par, nouvelle.motif = etat, par, motif
    if etat != Etat.DEPUBLIEE:
        nouvelle.decidee_le = timezone.now()
    nouvelle.full_clean()
    nouvelle.save(update_fields=["etat", "decidee_par", "motif", "decidee_le"])
    pas.avancer(motif=motif, details={"nouvelle": nouvelle.pk, "titre": nouvelle.titre})
