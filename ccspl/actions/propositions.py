"""Acts on proposed wordings: propose, accept, refuse, withdraw."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ccspl.actions.redaction import exiger_longueur
from ccspl.actions.texte import changer, inserer, supprimer, versionner
from ccspl.lectures.presentation import membre_de, seance_en_cours
from ccspl.models import Avis, Paragraphe, Proposition
from ccspl.notifications import redaction as notifications
from ccspl.regles.textes import en_paragraphes
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas
from participation.socle.models import Compte
from participation.socle.versions import TexteDepasse

Nature, Etat = Proposition.Nature, Proposition.Etat


@transaction.atomic
def proposer(avis: Avis, *, par: Compte, texte: str, raison: str = "") -> Proposition:
    """Propose a paragraph at the top of the text. The same wording sent twice is one proposition."""
    pas = exiger(avis, "proposer", par=par)
    return _proposer(pas, Proposition(avis=avis, nature=Nature.AJOUTER, raison=raison), texte, par=par)


@transaction.atomic
def proposer_paragraphe(
    paragraphe: Paragraphe,
    *,
    par: Compte,
    nature: str = Nature.MODIFIER,
    texte: str = "",
    raison: str = "",
    rang_vu: int | None = None,
) -> Proposition:
    """Propose to change the paragraph, to remove it, or to add another after it.

    `rang_vu`: version of the paragraph that the person read. Raises TexteDepasse when it has changed since,
    ValidationError without a text or when nothing would change.
    """
    pas = exiger(paragraphe, "proposer_paragraphe", par=par)
    proposition = Proposition(avis=paragraphe.avis, paragraphe=paragraphe, nature=nature, raison=raison)
    if nature != Nature.AJOUTER:
        if rang_vu is not None and rang_vu != paragraphe.rang_version:
            raise TexteDepasse(
                "Ce paragraphe a changé pendant que vous écriviez. Rien n’est perdu : relisez le texte d’aujourd’hui, "
                "puis envoyez de nouveau votre rédaction."
            )
        proposition.texte_de_depart, proposition.rang_version = paragraphe.texte, paragraphe.rang_version
    return _proposer(pas, proposition, texte, par=par)


def _proposer(pas: Pas, proposition: Proposition, texte: str, *, par: Compte) -> Proposition:
    avis: Avis = proposition.avis
    nature = proposition.nature
    texte = "" if nature == Nature.SUPPRIMER else "\n\n".join(en_paragraphes(texte))
    if nature != Nature.SUPPRIMER and not texte:
        raise ValidationError({"texte": "Écrivez la rédaction que vous proposez."})
    if nature == Nature.MODIFIER and texte == proposition.texte_de_depart:
        raise ValidationError(
            {"texte": "Ce texte est celui d’aujourd’hui : changez ce que vous voulez voir changer."}
        )
    exiger_longueur([texte])
    deja: Proposition | None = avis.propositions.filter(
        auteur=par, etat=Etat.EN_ATTENTE, nature=nature, paragraphe=proposition.paragraphe, texte=texte
    ).first()
    if deja is not None:
        return deja
    proposition.texte, proposition.auteur, proposition.membre = texte, par, membre_de(par)
    proposition.seance = seance_en_cours(avis)
    proposition.full_clean()
    proposition.save()
    pas.avancer(motif=proposition.raison, details={"proposition": proposition.pk, "nature": nature})
    notifications.proposer(proposition)
    return proposition


def _decidee(etat: str, par: Compte, **champs: Any) -> dict[str, Any]:
    return {"etat": etat, "decidee_le": timezone.now(), "decidee_par": par, **champs}


@transaction.atomic
def retirer_proposition(proposition: Proposition, *, par: Compte) -> None:
    """Withdraw a pending proposition, by its author."""
    pas = exiger(proposition, "retirer_proposition", par=par)
    pas.avancer(champs=_decidee(Etat.RETIREE, par), details={"proposition": proposition.pk, "retiree": True})


@transaction.atomic
def accepter(
    proposition: Proposition, *, par: Compte, texte: str | None = None, rang_vu: int | None = None
) -> None:
    """Accept a proposition into the text, as written or reworded (`texte`). Its author becomes a co-author.

    `rang_vu`: version of the paragraph that the agent saw. Raises TexteDepasse when it has changed since: the
    agent sees both differences and decides again.
    """
    pas = exiger(proposition, "accepter", par=par)
    avis, paragraphe = proposition.avis, proposition.paragraphe
    if paragraphe is not None:
        paragraphe.refresh_from_db()
        lu = proposition.rang_version if rang_vu is None else rang_vu
        if proposition.nature != Nature.AJOUTER and lu != paragraphe.rang_version:
            raise TexteDepasse(
                "Ce paragraphe a changé depuis que cette page est ouverte. Rien n’est enregistré : relisez les différences, puis décidez."
            )
    retenu = proposition.texte if texte is None else "\n\n".join(en_paragraphes(texte))
    if proposition.nature == Nature.SUPPRIMER:
        if paragraphe is not None and paragraphe.supprime_le is None:
            supprimer(paragraphe)
    else:
        morceaux = en_paragraphes(retenu)
        if not morceaux:
            raise ValidationError(
                {"texte": "Le texte retenu est vide : refusez la proposition, ou écrivez-le."}
            )
        exiger_longueur(morceaux)
        if proposition.nature == Nature.AJOUTER or paragraphe is None:
            inserer(avis, morceaux, paragraphe)
        else:
            changer(paragraphe, morceaux[0])
            inserer(avis, morceaux[1:], paragraphe)
    # Co-authors are published: use the name of the member, never the address of an account without a name.
    nom = str(proposition.membre) if proposition.membre else ""
    versionner(avis, par=par, origine=f"Rédaction proposée par {nom or proposition.auteur}", coauteur=nom)
    est_reprise = proposition.nature != Nature.SUPPRIMER and retenu != proposition.texte
    pas.avancer(
        champs=_decidee(Etat.ACCEPTEE, par),
        details={"proposition": proposition.pk, "reprise": est_reprise},
        motif=retenu,
    )
    notifications.accepter(proposition, texte=retenu, est_reprise=est_reprise)


@transaction.atomic
def refuser(proposition: Proposition, *, par: Compte, reponse: str) -> None:
    """Refuse a proposition; its author is told why."""
    pas = exiger(proposition, "refuser", par=par)
    if not reponse.strip():
        raise ValidationError({"reponse": "Dites pourquoi : l’auteur de la proposition le lira."})
    pas.avancer(
        champs=_decidee(Etat.REFUSEE, par, reponse=reponse.strip()),
        motif=reponse,
        details={"proposition": proposition.pk},
    )
    notifications.refuser(proposition)
