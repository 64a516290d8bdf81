"""Acts of special cases: quick category, online procedure, discrimination."""

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import annuler_echeance, avancer, exiger
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.models import Compte
from remontees.models import Categorie, Remontee
from remontees.parts import lettres as lettres_parts
from remontees.parts.actes import REPONSE, TRI, devoir, retirer_attribution
from remontees.workflow import PARTS_VIVANTES, Issue

CIRCUIT_A_PART = "Elle suit désormais son propre circuit, au service participation seul."


def classer(remontee: Remontee, *, par: Compte, categorie: Categorie) -> None:
    """Set the category and nothing else."""
    avancer(
        remontee,
        "classer",
        par=par,
        champs={"categorie": categorie},
        fait=f"Catégorie : {categorie.chemin}",
        details={"categorie": str(remontee.categorie or ""), "categorie_apres": str(categorie)},
    )


@transaction.atomic
def renvoyer(remontee: Remontee, *, par: Compte, reponse: str) -> bool:
    """Answer an individual matter with its online procedure.

    Return whether the letter leaves by mail or SMS.
    """
    pas = exiger(remontee, "renvoyer", par=par)
    adresse = remontee.categorie.adresse_demarche if remontee.categorie else ""
    pas.avancer(
        champs={
            "est_individuelle": True,
            "issue": Issue.TRANSMIS,
            "reponse": f"{reponse.strip()}\n\n{adresse}" if adresse not in reponse else reponse,
            "repondue_le": timezone.now(),
        },
        motif=reponse,
        details={"demarche": adresse},
    )
    for cle in (TRI, REPONSE):
        annuler_echeance(remontee, cle)
    return lettres_parts.renvoyer(remontee, adresse=adresse)


@transaction.atomic
def signaler_discrimination(remontee: Remontee, *, par: Compte, motif: str) -> None:
    """Move the remontée to the circuit of discriminations.

    Its services lose their parts, it leaves its sujet, and only the agents who have the right read it. They
    are told. The agent in charge is kept only if they have this right.
    """
    pas = exiger(remontee, "signaler_discrimination", par=par)
    for part in remontee.attributions.filter(etat__in=sorted(PARTS_VIVANTES)).select_related(
        "direction", "commune", "organisme", "par", "dossier"
    ):
        retirer_attribution(part, par=par, motif=CIRCUIT_A_PART)
    agent = remontee.agent if remontee.agent is not None and remontee.agent.lit_les_reserves else None
    pas.avancer(
        champs={"est_discrimination": True, "sujet_commun": None, "direction": None, "agent": agent},
        motif=motif,
    )
    devoir(remontee, TRI, "Orienter la personne : discrimination")
    # Without any word of the remontée: mailboxes are shared.
    ecrire(
        "remontees/signaler_discrimination",
        a=adresses_du_service(remontee),
        dossier=remontee,
        contexte={"remontee": remontee, "lien": remontee.get_absolute_url()},
    )


@transaction.atomic
def lever_discrimination(remontee: Remontee, *, par: Compte, motif: str) -> None:
    """Move the remontée back to triage, where all agents read it."""
    avancer(remontee, "lever_discrimination", par=par, champs={"est_discrimination": False}, motif=motif)
    devoir(remontee, TRI, "Choisir qui s’en occupe")
