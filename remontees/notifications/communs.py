"""Whom to write to, the page that each letter leads to, the thread that it belongs to."""

import re

from django.urls import reverse

from participation.socle.actions.courriers import PAPIER
from participation.socle.courrier import ecrire
from participation.socle.liens import LienInvalide
from participation.socle.message import hote
from participation.socle.models import Courriel
from participation.socle.notifications import adresses_du_service
from remontees.models import Rapporteur, Remontee
from remontees.notifications.courriers import ecrire_sur_papier

FIL = re.compile(r"<remontee\.([0-9]{1,18}\.[\w-]+)@", re.ASCII)


def rapporteur_de(remontee: Remontee) -> Rapporteur | None:
    return Rapporteur.objects.filter(remontee=remontee.pk, efface_le=None).first()


def adresse_de(remontee: Remontee) -> str:
    """Her address when letters reach her by mail; empty otherwise."""
    rapporteur = rapporteur_de(remontee)
    if rapporteur is None or rapporteur.moyen_d_envoi != Rapporteur.Prefere.COURRIEL:
        return ""
    return rapporteur.courriel


def lien_de_suivi(remontee: Remontee) -> str:
    return reverse("remontees:suivi", args=[remontee.jeton()])


def fil_de(remontee: Remontee) -> str:
    """The identifier that all letters to the person cite: signed, so that nobody makes it up."""
    return f"<remontee.{Remontee.FIL.jeton(remontee.pk)}@{hote()}>"


def fil_cite(references: str) -> int | None:
    """The number of the remontée whose thread these `References` cite."""
    for jeton in FIL.findall(references):
        try:
            return Remontee.FIL.lire(jeton)
        except LienInvalide:
            continue
    return None


def ecrire_a_la_personne(
    remontee: Remontee, lettre: str, *, cle: str | None = None, **contexte: object
) -> Courriel | None:
    """A letter to the person, by mail in the thread of her remontée, or by SMS; on paper, to be posted, when neither reaches her.

    None when nothing leaves by itself, or when it is written already.
    """
    rapporteur = rapporteur_de(remontee)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    fil = fil_de(remontee)
    if rapporteur is None or not moyen:
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
    )


def contexte_de(remontee: Remontee, **contexte: object) -> dict[str, object]:
    return {
        "remontee": remontee,
        "lien": lien_de_suivi(remontee),
        "lien_court": Remontee.LIEN.adresse_courte(remontee.pk),
        **contexte,
    }


def apercu(remontee: Remontee, lettre: str, **contexte: object) -> tuple[str, dict[str, object], str]:
    """(letter, context, channel) of what she would be sent, to show it before."""
    rapporteur = rapporteur_de(remontee)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    return (f"remontees/{lettre}", contexte_de(remontee, **contexte), moyen or Courriel.Moyen.COURRIEL)


def adresses_de_l_agent(remontee: Remontee) -> list[str]:
    """Who follows it, or the service."""
    return [remontee.agent.courriel] if remontee.agent is not None else adresses_du_service(remontee)
