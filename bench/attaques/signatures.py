"""Attacks that once succeeded, replayed over HTTP against a running copy of the site. Each must fail."""

import http.client
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.utils import timezone

from bench.donnees.signatures import petition_ouverte
from bench.tableaux import milliers
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.renouvellement.workflow import EtatCampagne
from participation.seances.models import Instance
from participation.socle.models import Commune, Courriel
from petitions import tasks
from petitions.models import Petition, Signature

JETON = "a" * 32  # CSRF token: the same in the cookie and in the header
LOT = 50  # requests between two runs of the periodic tasks
MILLE = 1000

Poster = Callable[[str, dict[str, str], str], int]  # (path, form data, address of the client) → status
Bilan = tuple[bool, str]  # (whether the attack failed, result)


def poster_vers(port: int) -> Poster:
    def poster(chemin: str, reponses: dict[str, str], ip: str) -> int:
        connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        entetes = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={JETON}",
            "X-CSRFToken": JETON,
            "X-Forwarded-For": ip,
        }
        connexion.request("POST", chemin, urlencode(reponses), entetes)
        statut = connexion.getresponse().status
        connexion.close()
        return statut

    return poster


def lettres(n: int) -> str:
    """Write a number in letters, because names cannot have digits."""
    return "".join("abcdefghij"[int(chiffre)] for chiffre in str(n))


def signer(
    poster: Poster, petition: Petition, n: int, *, courriel: str, ip: str, prenom: str = "Anne"
) -> None:
    communes = Commune.objects.order_by("pk").values_list("pk", flat=True)
    reponses = {
        "prenom": prenom,
        "nom": f"Essai {lettres(n)}",
        "courriel": courriel,
        "commune": communes[n % 15],
        "qualite": "resident",
        "age": "on",
    }
    statut = poster(f"/petitions/{petition.pk}/signer/", reponses, ip)
    assert statut == 303, statut


def _liens(acte: str, adresse: str = "") -> list[str]:
    """Return the paths of the confirmation links in the letters."""
    ecrites = Courriel.objects.filter(acte__startswith=acte)
    if adresse:
        ecrites = ecrites.filter(destinataires__contains=[adresse])
    return [
        urlsplit(lien).path
        for corps in ecrites.order_by("pk").values_list("corps", flat=True)
        for lien in re.findall(r"https?://\S+/confirmer/", corps)
    ]


def _foule(
    poster: Poster,
    *,
    combien: int,
    courriel: Callable[[int], str],
    ip: Callable[[int], str],
    ou: Callable[[int], str],
) -> Bilan:
    """Ask, read the letters and confirm, while the periodic tasks run.

    The attack fails if no threshold is recorded.
    """
    Courriel.objects.all().delete()
    petition = petition_ouverte()
    for n in range(combien):
        signer(poster, petition, n, courriel=courriel(n), ip=ip(n))
        if n % LOT == LOT - 1:
            tasks.ecrire_aux_signataires()
    tasks.ecrire_aux_signataires()
    for n, lien in enumerate(_liens("petitions/signer")):
        poster(lien, {}, ou(n))
        if n % LOT == LOT - 1:
            tasks.compter()
    tasks.compter()
    tasks.compter()
    comptees = petition.signatures.filter(est_comptee=True).count()
    ecartees = petition.signatures.filter(etat=Signature.Etat.ECARTEE).count()
    attend = " ; le seuil attend un agent" if petition.seuils_a_decider().exists() else ""
    vu = f"{milliers(comptees)} comptées, {milliers(ecartees)} à l’écart{attend}"
    return not petition.seuils_atteints.exists(), vu


def domaine_attrape_tout(poster: Poster, combien: int = MILLE) -> Bilan:
    """A single catch-all domain, five requests for each IP address, all confirmed from one address."""
    return _foule(
        poster,
        combien=combien,
        courriel=lambda n: f"x{n}@attrape-tout.example",
        ip=lambda n: f"203.{n // 5}.113.7",
        ou=lambda n: "198.51.100.1",
    )


def un_seul_confirme(poster: Poster, combien: int = MILLE) -> Bilan:
    """Mailboxes of a shared provider, requested from many addresses, all confirmed from one address."""
    return _foule(
        poster,
        combien=combien,
        courriel=lambda n: f"x{n}@orange.fr",
        ip=lambda n: f"203.{n // 5}.113.7",
        ou=lambda n: "198.51.100.1",
    )


def trop_vite(poster: Poster, combien: int = MILLE) -> Bilan:
    """Signatures with nothing in common but the time: the threshold must wait for an agent."""
    return _foule(
        poster,
        combien=combien,
        courriel=lambda n: f"x{n}@orange.fr",
        ip=lambda n: f"203.{n % 200}.{n // 200}.7",
        ou=lambda n: f"203.{n % 200}.{n // 200}.7",
    )


def noms_empruntes(poster: Poster) -> Bilan:
    """Five requests in other names with the address of the victim. The victim must still be able to sign."""
    Courriel.objects.all().delete()
    petition, victime = petition_ouverte(), "victime@orange.fr"
    for n in range(5):
        signer(poster, petition, n, courriel=victime, ip=f"203.0.{n}.7", prenom="Faux")
    tasks.ecrire_aux_signataires()
    signer(poster, petition, 9, courriel=victime, ip="198.51.100.9", prenom="Vraie")
    tasks.ecrire_aux_signataires()
    sienne = petition.signatures.get(prenom="Vraie")
    jeton = sienne.jeton()
    for lien in {lien for lien in _liens("petitions/", victime) if f"/{jeton}/" in lien}:
        poster(lien, {}, "198.51.100.9")
    sienne.refresh_from_db()
    return sienne.est_confirmee, "elle signe" if sienne.est_confirmee else "elle ne peut pas signer"


def refus_emprunte(poster: Poster) -> Bilan:
    """Somebody signs for the victim, who answers « ce n’est pas moi ». The victim must be able to sign later."""
    Courriel.objects.all().delete()
    petition, victime = petition_ouverte(), "victime@orange.fr"
    signer(poster, petition, 9, courriel=victime, ip="203.0.113.7")
    tasks.ecrire_aux_signataires()
    racine = _liens("petitions/signer", victime)[0].removesuffix("confirmer/")
    poster(f"{racine}ce-n-est-pas-moi/", {}, "198.51.100.9")
    poster(f"{racine}lever-le-refus/", {}, "198.51.100.9")
    signer(poster, petition, 9, courriel=victime, ip="198.51.100.9")
    tasks.ecrire_aux_signataires()
    for lien in _liens("petitions/signer", victime)[-1:]:
        poster(lien, {}, "198.51.100.9")
    signe = petition.signatures.valables().exists()
    return signe, "elle signe" if signe else "elle ne peut pas signer"


def candidatures_empruntees(poster: Poster) -> Bilan:
    """Five candidatures in other names with the address of the victim, whose own must be kept and its link sent."""
    Courriel.objects.all().delete()
    college = _appel()
    for n, (prenom, nom) in enumerate([("Faux", lettres(n)) for n in range(5)] + [("Vraie", "Personne")]):
        reponses = {
            "prenom": prenom,
            "nom": nom,
            "courriel": "victime@orange.fr",
            "commune": Commune.objects.order_by("pk").values_list("pk", flat=True)[0],
            "motivation": "Je veux donner mon avis.",
            "disponibilites": "soir",
            "atteste_age": "on",
            "atteste_lieu": "on",
        }
        chemin = f"/candidater/{college.campagne.instance.cle}/{college.pk}/"
        assert poster(chemin, reponses, f"203.0.113.{n}") == 303
    sienne = Candidature.objects.filter(campagne=college.campagne, prenom="Vraie").first()
    jetons = [lien.split("/")[2] for lien in _liens("renouvellement/") if lien.startswith("/candidature/")]
    recu = sienne is not None and any(
        Candidature.LIEN.trouver(jeton, Candidature.objects.filter(pk=sienne.pk)) for jeton in jetons
    )
    return recu, "gardée, lien reçu" if recu else "perdue"


def _appel() -> CollegeCampagne:
    jour = timezone.localdate()
    instance, _ = Instance.objects.get_or_create(cle="attaques", defaults={"nom": "Instance de l’essai"})
    campagne = Campagne.objects.create(
        instance=instance,
        titre="Rejoindre l’instance",
        denomination="l’instance",
        mandature_intitule="essai",
        mandature_debut=jour + timedelta(days=90),
        mandature_fin=jour + timedelta(days=900),
        presentation="Un essai.",
        temps_demande="Six réunions.",
        ouverture=jour - timedelta(days=1),
        cloture=jour + timedelta(days=10),
        age_minimum=16,
        conservation_mois=6,
        etat=EtatCampagne.OUVERTE,
    )
    return CollegeCampagne.objects.create(campagne=campagne, nom="Habitants", sieges=2)


ATTAQUES: dict[str, Callable[[Poster], Bilan]] = {
    "1 000 signatures d’un domaine attrape-tout": domaine_attrape_tout,
    "1 000 signatures confirmées d’un seul endroit": un_seul_confirme,
    "1 000 signatures de partout en une minute": trop_vite,
    "cinq demandes à d’autres noms bloquent une adresse": noms_empruntes,
    "« ce n’est pas moi » empêche de signer": refus_emprunte,
    "cinq candidatures à d’autres noms en effacent une": candidatures_empruntees,
}
