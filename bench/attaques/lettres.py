"""Attacks by the letters that a stranger makes the service send, replayed over HTTP. Each must fail."""

import re
import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.urls import reverse

from bench.attaques.acces import Ouvrir
from bench.attaques.signatures import Bilan
from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.models import Projet
from participation.budgets.models import InscriptionForum
from participation.socle.models import Courriel

HAMECON = "URGENT votre compte http://evil.example"
INVITATION = "contrat_ville/inviter_equipier"


def _monde(nom: str) -> Any:
    return import_module(f"tests.{nom}")


def _compte(**champs: str) -> Any:
    return _monde("socle.factories").CompteFactory(**champs)


def _brouillon(titre: str = HAMECON, **champs: str) -> Projet:
    return brouillon_du_depot.commencer(
        par=_compte(**champs),
        programmation=_monde("contrat_ville.factories").ProgrammationFactory(),
        titre=titre,
    )


def _inviter(ouvrir: Ouvrir, projet: Projet, adresses: list[str], ip: str) -> None:
    assert projet.auteur is not None
    navigateur = ouvrir(ip, projet.auteur)
    for adresse in adresses:
        navigateur.post(
            reverse("contrat_ville:inviter_equipier", args=[projet.pk]),
            {"courriel": adresse, "role": "redacteur"},
        )


def hameconnage(ouvrir: Ouvrir) -> Bilan:
    """A new account writes its own words, by its name and its title, to one mailbox spelled twelve ways."""
    Courriel.objects.all().delete()
    projet = _brouillon(prenom="Service des impots,", nom="http://evil.example/payer")
    _inviter(ouvrir, projet, [f"victime10+{n}@exemple.fr" for n in range(12)], "203.0.113.21")
    lettres = list(Courriel.objects.filter(acte=INVITATION))
    a_elle = [le for le in lettres if re.search("evil|impots", le.sujet + le.corps + le.repondre_a)]
    return (
        not a_elle and 0 < len(lettres) <= 2,
        f"{len(lettres)} lettres sur 12, {len(a_elle)} avec ses mots",
    )


def points_de_gmail(ouvrir: Ouvrir) -> Bilan:
    """One mailbox of a provider that ignores dots."""
    Courriel.objects.all().delete()
    adresses = [f"{'victime'[:n]}.{'victime'[n:]}@gmail.com" for n in range(1, 7)]
    _inviter(ouvrir, _brouillon(), adresses, "203.0.113.22")
    lettres = Courriel.objects.filter(acte=INVITATION).count()
    return 0 < lettres <= 2, f"{lettres} lettres sur {len(adresses)}"


def fournisseur_ferme(ouvrir: Ouvrir) -> Bilan:
    """Throw-away accounts invite at a common provider until nobody else there can be invited."""
    Courriel.objects.all().delete()
    for rang in range(6):
        adresses = [f"jetable{rang}x{n}@orange.fr" for n in range(17)]
        _inviter(ouvrir, _brouillon(), adresses, f"203.0.{rang}.23")
    _inviter(ouvrir, _brouillon("Un banc"), ["amie@orange.fr"], "198.51.100.24")
    amie = Courriel.objects.filter(acte=INVITATION, destinataires=["amie@orange.fr"]).exists()
    return amie, f"102 jetables, puis l’amie {'est invitée' if amie else 'ne l’est pas'}"


def forum_rempli(ouvrir: Ouvrir) -> Bilan:
    """Eighty requests from four networks, for addresses that nobody reads, take the twelve seats of a forum."""
    forum = _monde("budgets.factories").forum_le(places=12)
    adresse = reverse("budgets:s_inscrire", args=[forum.pk])
    recues = []
    for n in range(80):
        dit = {"nom": "Personne", "courriel": f"personne{n}@exemple.fr", "cle": str(uuid.uuid4())}
        recues.append(ouvrir(f"203.0.{n % 4}.31", None).post(adresse, dit)[1])
    tenues, billets = forum.places_prises, 0
    siennes: Any = InscriptionForum.objects.filter(evenement=forum)
    for inscription, page in zip(siennes, recues, strict=True):
        billets += inscription.jeton() in ouvrir("203.0.113.32", None).get(page)[2]
    return not tenues and not billets, f"{tenues} places tenues sur 12, {billets} billets donnés"


def rencontre_remplie(ouvrir: Ouvrir) -> Bilan:
    """Eighty requests from four networks, half without any address, take the twelve seats of a rencontre."""
    rencontre = _monde("rencontres.factories").RencontreFactory(ouverte=True, places=12)
    adresse = reverse("rencontres:s_inscrire", args=[rencontre.pk])
    for n in range(80):
        dit = {
            "nom": "Personne",
            "courriel": f"personne{n}@exemple.fr" if n % 2 else "",
            "cle": str(uuid.uuid4()),
        }
        ouvrir(f"203.0.{n % 4}.33", None).post(adresse, dit)
    part = rencontre.places - rencontre.places_libres
    permis = rencontre.places * rencontre.regle.part_sans_courriel // 100
    return part <= permis, f"{part} places tenues sur {rencontre.places}, au plus {permis} sans adresse"


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "inviter dans l’équipe pour écrire ses mots à une boîte, 12 fois": hameconnage,
    "la même boîte par les points d’un fournisseur": points_de_gmail,
    "cent invitations jetables ferment un fournisseur": fournisseur_ferme,
    "un forum rempli d’adresses jamais prouvées": forum_rempli,
    "une rencontre remplie par qui ne laisse aucune adresse": rencontre_remplie,
}
