"""A signature taken back: by its link, by an agent, by the owner of the mailbox who never asked."""

from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from participation.inclusion.profils.actes import oublier_reponses
from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_choix, champ_texte
from participation.socle.models import Compte
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page, acte
from petitions.models import Signature
from petitions.signatures.actes import exiger_vivante, verrouiller_adresse


@transaction.atomic
def retirer_signature(signature: Signature) -> None:
    """Withdraw a signature for its signer: it leaves the count and frees the address. Safe to do twice."""
    verrouiller_adresse(signature)
    if signature.etat == Signature.Etat.RETIREE:
        return
    exiger_vivante(signature)
    signature.etat, signature.retiree_le = Signature.Etat.RETIREE, timezone.now()
    signature.rang, signature.a_ecrire = None, False
    signature.accord_nouvelles = signature.accord_auteur = False
    signature.save(
        update_fields=["etat", "retiree_le", "rang", "a_ecrire", "accord_nouvelles", "accord_auteur"]
    )
    oublier_reponses("petition", signature.petition_id, f"signature:{signature.pk}")


# How somebody may ask it, beside her link.
MOYENS = [(moyen, moyen) for moyen in ("Par téléphone", "Par lettre", "Par courriel", "Au guichet")]


@acte(
    Page[Signature](
        consequence="La signature quitte le compte et l’adresse redevient libre. Rien n’est envoyé à la personne.",
        succes="La signature est retirée.",
    )
)
@transaction.atomic
def retirer_signataire(
    signature: Signature,
    *,
    par: Compte,
    moyen: Annotated[str, champ_choix("Comment la personne l’a demandé", MOYENS, boutons=True)],
    motif: Annotated[
        str,
        champ_texte(
            "Ce qu’elle a dit",
            "Il reste au journal du dossier : n’écrivez ni nom ni adresse.",
            erreur="Dites pourquoi la signature est retirée.",
            maximum=500,
        ),
    ],
) -> None:
    """Withdraw a signature asked by telephone, letter or at the desk.

    The journal says how and why, not who.
    """
    pas = exiger(signature, "retirer_signataire", par=par)
    retirer_signature(signature)
    pas.avancer(motif=f"{moyen}. {sans_controle(motif)}", details={"signature": signature.pk})


@transaction.atomic
def refuser_signature(signature: Signature) -> None:
    """« Ce n’est pas moi »: cancel the request; erase the name and the address that were typed.

    The same name is refused at this address for `refus_jours`. Other names are not: the owner of the mailbox
    may sign, or lift the refusal (`lever_refus`).
    """
    verrouiller_adresse(signature)
    if (
        signature.est_sur_papier
    ):  # no address was typed for her: her line is withdrawn, and stays on its sheet
        raise ErreurMetier(signature.trop_tard())
    if signature.refusee_le is not None:
        return
    signature.refusee_le = signature.retiree_le = timezone.now()
    if signature.etat in {Signature.Etat.DEMANDEE, Signature.Etat.CONFIRMEE, Signature.Etat.RETIREE}:
        signature.etat = Signature.Etat.RETIREE
    signature.rang, signature.a_ecrire = None, False
    signature.accord_nouvelles = signature.accord_auteur = False
    signature.lettre_due = False
    signature.prenom = signature.nom = ""
    signature.courriel = None
    signature.save()


@transaction.atomic
def lever_refus(signature: Signature) -> None:
    """Delete a refusal: the person may ask to sign again.

    Raises ErreurMetier while it is still in the count.
    """
    verrouiller_adresse(signature)
    if signature.refusee_le is None:
        return
    if signature.est_comptee:  # for a few seconds: the counting task needs the row to subtract it
        raise ErreurMetier(gettext("La signature annulée est encore comptée : réessayez dans une minute."))
    Signature.effacer_lettres([signature.pk])
    signature.delete()
