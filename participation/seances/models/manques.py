"""Why an act on a séance is refused now, and what must be done first, in sentences. Nothing is written."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.seances.workflow import Etat, EtatPoint
from participation.socle.erreurs import Manque
from participation.socle.francais import heure, jour_texte
from participation.socle.models import Compte, Partie

NOTER_LA_PRESENCE = frozenset({"accueillir", "arriver", "partir", "noter_invite"})
# Of a séance that is animated on its screens: a visit or a training is not.
EN_SEANCE = frozenset({"ouvrir", "reporter", "accueillir"})
AU_VOTE = frozenset({"ouvrir_vote", "ouvrir_election", "imprimer_bulletins", "demander_le_secret"})
A_REPRENDRE = frozenset({"passer_au_point", "donner_la_parole", "ouvrir_vote"})


def trop_tot_ou_trop_tard(seance: Any, acte: str) -> str:
    """Return why the act is refused now, where the sentence of the table would be too short; else ""."""
    if acte == "repondre" and seance.etat != Etat.CONVOQUEE:
        suite = " Prévenez l’animateur." if seance.est_en_cours else ""
        return f"Votre réponse ne change plus : la séance est « {seance.libelle_etat} ».{suite}"
    if acte in NOTER_LA_PRESENCE and seance.etat == Etat.PROGRAMMEE:
        return "Les membres ne sont pas encore convoqués à cette séance."
    if acte in EN_SEANCE and not seance.est_deliberante:
        return "Une visite ou une formation ne s’anime pas : ses présences se notent après."
    if acte in AU_VOTE and not seance.vote:
        return "Une réunion ne vote pas : ce qu’elle dit se note dans le point."
    if acte in A_REPRENDRE and seance.etat == Etat.SUSPENDUE:
        return "La séance est suspendue : reprenez-la d’abord."
    if acte == "convoquer" and seance.etat == Etat.CONVOQUEE:
        return "Les membres sont déjà convoqués à cette séance."
    if (
        acte == "seconde_convocation"
        and seance.etat == Etat.REPORTEE
        and type(seance).objects.filter(premiere=seance).exists()
    ):
        return "La seconde convocation est déjà partie."
    if acte == "achever" and (seance.est_deliberante or seance.fin > timezone.now()):
        return "Cette rencontre n’est pas finie."
    if acte == "noter_venues" and seance.debut > timezone.now():
        return "La rencontre n’a pas commencé : notez les présences ensuite."
    return ""


def de_quoi_convoquer(seance: Any, acte: str, par: Compte | None) -> list[str]:
    manques: list[str] = []
    modifier = reverse("seances:modifier", args=[seance.pk])
    if seance.debut <= timezone.now():
        manques.append(Manque("Cette séance est passée : changez sa date avant de convoquer.", modifier))
    if seance.est_deliberante and not seance.points.exclude(etat=EtatPoint.RETIRE).exists():
        dit = "L’ordre du jour est vide : ajoutez au moins un point avant de convoquer."
        manques.append(Manque(dit, reverse("seances:ajouter_point", args=[seance.pk])))
    if seance.tenue != seance.Tenue.SALLE and not seance.lien_visio:
        dit = "Ajoutez le lien de la visioconférence : il est écrit dans la convocation."
        manques.append(Manque(dit, modifier))
    if not seance.membres_a_convoquer() and not seance.se_tient_entre_invites:
        manques.append("Aucun titulaire n’est en fonction ce jour-là : il n’y a personne à convoquer.")
    return manques


def points_a_reprendre(seance: Any, acte: str, par: Compte | None) -> list[str]:
    if seance.points_a_reprendre():
        return []
    return [
        "Tous les points ont été traités avant que le quorum manque : il n’y a rien à convoquer de nouveau."
    ]


def participants_a_choisir(seance: Any, acte: str, par: Compte | None) -> list[str]:
    if seance.se_choisit:
        return []
    return [
        "Tous les membres prennent part à cette séance : seuls un bureau et un groupe de travail se choisissent."
    ]


def jour_venu(objet: Any, acte: str, par: Compte | None) -> list[str]:
    seance: Any = objet.suivi if isinstance(objet, Partie) else objet
    if seance.etat != Etat.CONVOQUEE or not seance.est_trop_tot:
        return []
    jour = f"{jour_texte(seance.jour)} à {heure(seance.jour)}"
    return [f"La séance est le {jour} : les présences se notent ce jour-là."]


def heure_venue(seance: Any, acte: str, par: Compte | None) -> list[str]:
    """Who comes on time is still counted: a want of quorum is not found before the hour."""
    if timezone.now() >= seance.debut - timedelta(minutes=1):
        return []
    return [
        f"La séance commence à {heure(seance.jour)} : l’absence de quorum se constate à partir de cette heure."
    ]


def de_quoi_informer(seance: Any, acte: str, par: Compte | None) -> list[str]:
    a_dire = seance.ordre_du_jour_a_change or seance.membres_oublies()
    return [] if a_dire else ["Rien n’a changé depuis le dernier envoi."]


def reponses_attendues(seance: Any, acte: str, par: Compte | None) -> list[str]:
    muets = seance.convies.filter(retire_le__isnull=True, reponse="")
    return [] if muets.exists() else ["Tout le monde a répondu : il n’y a personne à relancer."]
