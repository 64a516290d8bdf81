"""Who said it, and how she is told: by mail, SMS or paper."""

import re
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import fixer_echeance
from participation.socle.actions.courriers import PAPIER, ecrire_courrier, lien_sur_papier
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.courriels.message import hote
from participation.socle.langues import FRANCAIS
from participation.socle.models import Courriel, Courrier
from participation.socle.regles.traces import est_masque
from remontees.models import Rapporteur, ReglementRemontees, Remontee
from remontees.personne.lectures import titre_pour_elle

APPEL = "rappeler"  # key of the échéance of a call to the person
FIL = re.compile(r"<remontee\.([0-9]{1,18}\.[\w-]+)@", re.ASCII)


def rapporteur_de(remontee: Remontee) -> Rapporteur | None:
    return Rapporteur.objects.filter(remontee=remontee.pk, efface_le=None).first()


def adresse_de(remontee: Remontee) -> str:
    """Address of the person if they are reached by mail; empty otherwise."""
    rapporteur = rapporteur_de(remontee)
    if rapporteur is None or rapporteur.moyen_d_envoi != Rapporteur.Prefere.COURRIEL:
        return ""
    return rapporteur.courriel


def lien_de_suivi(remontee: Remontee) -> str:
    return reverse("remontees:suivi", args=[remontee.jeton()])


def fil_de(remontee: Remontee) -> str:
    """Identifier of the mail thread, cited by all letters to the person and signed against forgery."""
    return f"<remontee.{Remontee.FIL.jeton(remontee)}@{hote()}>"


def fil_cite(references: str) -> Remontee | None:
    """Return the remontée whose thread is cited; None without a valid one."""
    remontees: Any = Remontee.objects.all()
    citee: Remontee | None = Remontee.FIL.trouver_parmi(FIL.findall(references), remontees)
    return citee


def prevenir_la_personne(
    remontee: Remontee, lettre: str, *, cle: str | None = None, **contexte: object
) -> Courriel | None:
    """Write a letter to the person: by mail in the thread of the remontée, by SMS, or on paper.

    None when no row of Courriel is made: on paper, without contact, or already written.
    """
    rapporteur = rapporteur_de(remontee)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    fil = fil_de(remontee)
    if rapporteur is None or not moyen:
        return None
    if moyen == Rapporteur.Prefere.RAPPEL:
        if lettre in LETTRES:
            demander_un_appel(remontee)
        return None
    if moyen == PAPIER:
        ecrire_sur_papier(remontee, rapporteur, lettre, contexte_de(remontee, **contexte))
        return None
    par_sms = moyen == Courriel.Moyen.SMS
    return ecrire(
        f"remontees/{lettre}",
        a=[rapporteur.numero_sms if par_sms else rapporteur.courriel],
        dossier=remontee,
        cle=cle,
        entetes={} if par_sms else {"In-Reply-To": fil, "References": fil},
        contexte=contexte_de(remontee, **contexte),
        moyen=moyen,
        langue=rapporteur.langue,
    )


def langue_de(remontee: Remontee) -> str:
    rapporteur = rapporteur_de(remontee)
    return rapporteur.langue if rapporteur is not None else FRANCAIS


def demander_un_appel(remontee: Remontee) -> None:
    """Ask the agent to call the person, who is told by no letter."""
    jours = ReglementRemontees.actuel().delai_tri_jours
    fixer_echeance(
        remontee,
        APPEL,
        libelle=f"Appeler la personne : {remontee.titre}"[:160],
        date_limite=ajouter_jours_ouvres(timezone.localdate(), jours),
        responsable=remontee.agent,
    )


def titres_de(remontee: Remontee) -> dict[str, object]:
    """Return the title in her letter, and in its subject, which lists and journals show to others."""
    return {
        "titre": titre_pour_elle(remontee),
        "objet": remontee.reference if est_masque(remontee.titre) else remontee.titre,
    }


def contexte_de(remontee: Remontee, **contexte: object) -> dict[str, object]:
    return {
        "remontee": remontee,
        **titres_de(remontee),
        "lien": lien_de_suivi(remontee),
        "lien_court": Remontee.LIEN.adresse_courte(remontee),
        **contexte,
    }


def apercu(remontee: Remontee, lettre: str, **contexte: object) -> tuple[str, dict[str, object], str]:
    """Return (letter, context, means) for the preview of a letter to the person."""
    rapporteur = rapporteur_de(remontee)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    return (
        f"remontees/{lettre}",
        contexte_de(remontee, **contexte),
        moyen if moyen in {PAPIER, Courriel.Moyen.SMS} else Courriel.Moyen.COURRIEL,
    )


def adresses_de_l_agent(remontee: Remontee) -> list[str]:
    """Address of the agent in charge, or those of the service."""
    return [remontee.agent.courriel] if remontee.agent is not None else adresses_du_service(remontee)


# Other letters (receipt, satisfaction) are not posted.
LETTRES = frozenset({"repondre", "orienter", "renvoyer", "ecrire_a_la_personne", "demander_precision"})


AVANT_LE_CODE_POSTAL = re.compile(r"(?:[,;]|(?<![\s,;]))\s++(?=\d{5}\s)")


MOT_DU_LIEN = "Suivre votre remontée en ligne, ou y ajouter quelque chose, sans mot de passe :"


def ecrire_sur_papier(
    remontee: Remontee, rapporteur: Rapporteur, lettre: str, contexte: dict[str, object]
) -> Courrier | None:
    """Write the letter on paper; None for a letter that is not posted."""
    if lettre not in LETTRES:
        return None
    return ecrire_courrier(
        remontee,
        f"remontees/{lettre}",
        contexte,
        destinataire=lignes_d_adresse(rapporteur),
        a_une_adresse=bool(rapporteur.adresse.strip()),
        **lien_sur_papier(Remontee.LIEN, remontee, MOT_DU_LIEN),
    )


def lignes_d_adresse(rapporteur: Rapporteur) -> list[str]:
    """Return the lines of the address, with postal code and town on the last one, as the post requires."""
    adresse = [
        ligne.strip(" ,;")
        for morceau in rapporteur.adresse.splitlines()
        for ligne in AVANT_LE_CODE_POSTAL.split(morceau)
    ]
    return [ligne for ligne in (rapporteur.nom.strip(), *adresse) if ligne]
