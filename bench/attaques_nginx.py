"""Attacks through the nginx of deploy/, in front of the real site. Each must fail."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from bench.attaques import JETON, Bilan
from bench.attaques import signer as signer_par
from bench.donnees import petition_ouverte
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.models import Courriel
from petitions import tasks

LIEN = re.compile(r"https?://\S+")
SECRET = re.compile(r"[^/]*[:A-Z][^/]*|[0-9a-f-]{32,}|[0-9a-z]+-[0-9a-z]+-[0-9a-f]{20,}")


def page_empoisonnee(nginx: Any, dossier: Path) -> Bilan:
    """Cache poisoning: a header of one visitor must not change the page of others, sign-in included."""
    accueil, entree = "/", reverse("account_login")
    for piege in ("comptes/login/", " /comptes/login/", "true /comptes/login/", "TRUE"):
        nginx.demander(accueil, entetes={"HX-Request": piege})
        nginx.demander(entree, entetes={"HX-Request": piege})
    trompees = [
        chemin
        for chemin, signe in ((accueil, 'name="password"'), (entree, "<html"))
        if (signe in nginx.demander(chemin).corps.decode()) == (chemin == accueil)
    ]
    return not trompees, f"{len(trompees)} page sur 2 donnée pour une autre"


def liens_dans_les_journaux(nginx: Any, dossier: Path) -> Bilan:
    """Follow signed links, well and badly, refused (429) and without response: no log may keep their secrets."""
    Courriel.objects.all().delete()
    petition, adresse = petition_ouverte(), "journaux@orange.fr"
    signer_par(_poster(nginx), petition, 3, courriel=adresse, ip="203.0.113.7")
    tasks.ecrire_aux_signataires()
    compte = ouvrir_compte(adresse)
    compte.set_password("trois-marmottes-au-soleil")
    compte.save()
    _poster(nginx)(reverse("account_reset_password"), {"email": adresse}, "203.0.113.7")
    liens = {
        urlsplit(lien).path
        for corps in Courriel.objects.values_list("corps", flat=True)
        for lien in LIEN.findall(corps)
    }
    secrets = {
        bout for lien in liens for bout in lien.split("/") if len(bout) >= 20 and SECRET.fullmatch(bout)
    }
    for lien in liens:
        venu = {"Referer": f"https://participation.example.org{lien}"}
        nginx.demander(lien, entetes=venu)
        nginx.demander(f"{lien}autre/", entetes=venu)
        nginx.demander("/static/absente.css", entetes=venu)
        nginx.demander(lien, en_clair=True)
        for _ in range(60):
            nginx.demander(lien, "POST", corps=b"a=1", entetes=venu, de="127.0.0.3")
    ecrits = nginx.journaux + (dossier / "gunicorn.log").read_text(errors="replace")
    gardes = [secret for secret in secrets if secret in ecrits]
    refuses = ecrits.count('" 429')
    vu = f"{len(secrets)} liens suivis, {refuses} refus (429), {len(gardes)} dans les journaux"
    return len(secrets) >= 2 and refuses > 0 and not gardes, vu


def _poster(nginx: Any) -> Callable[[str, dict[str, str], str], int]:
    def poster(chemin: str, reponses: dict[str, str], ip: str) -> int:
        entetes = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={JETON}",
            "X-CSRFToken": JETON,
            "Referer": "https://participation.example.org/",
        }
        statut: int = nginx.demander(
            chemin, "POST", corps=urlencode(reponses).encode(), entetes=entetes, de="127.0.0.4"
        ).statut
        return statut

    return poster


ATTAQUES: dict[str, Callable[[Any, Path], Bilan]] = {
    "une page publique remplacée par un en-tête (nginx devant)": page_empoisonnee,
    "les liens des lettres lus dans les journaux (nginx devant)": liens_dans_les_journaux,
}
