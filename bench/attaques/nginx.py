"""Attacks through the nginx of deploy/, in front of the real site. Each must fail."""

import re
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.urls import reverse

from bench.attaques.signatures import JETON, Bilan
from bench.attaques.signatures import signer as signer_par
from bench.donnees.signatures import petition_ouverte
from bench.serveurs import PROCESSUS
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.models import Courriel
from petitions import tasks
from remontees.models import Remontee

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


def adresse_mentie(nginx: Any, dossier: Path) -> Bilan:
    """Codes of papers guessed from one address that says to be many; streets asked, and imported, as from inside."""
    bon = Remontee.LIEN.code(import_module("tests.remontees.factories").RemonteeFactory())
    code, voies, importer = (reverse(f"socle:{nom}") for nom in ("mon_code", "voies", "importer_voies"))
    lus = {400, 422}

    def mentie(n: int) -> dict[str, str]:
        faux = f"10.{n % 250}.0.{n % 200}"
        return {
            "X-Forwarded-For": f"{faux}, 127.0.0.1",
            "X-Real-IP": faux,
            "Forwarded": f"for={faux};host=ailleurs.example",
            "X-Forwarded-Host": "ailleurs.example",
        }

    def taper(essai: str, de: str, n: int) -> int:
        return _poster(nginx, de, mentie(n))(code, {"code": essai}, "")

    statuts = []
    for n in range(120):
        statuts.append(taper(f"R{1000 + n}-ACDE-FG34", "127.0.80.1", n))
        time.sleep(0.1)  # nginx itself refuses who goes faster
    juges = sum(statut in lus for statut in statuts)
    encore, ailleurs = taper(bon, "127.0.80.1", 121), taper(bon, "127.0.81.1", 122)
    pages = [
        nginx.demander(f"{voies}?q={quote(mots)}", entetes=mentie(n), de="127.0.80.3")
        for n, mots in enumerate(("rue", "%_%" * 9, "a\0b", "x " * 3000, "' OR 1=1 --", "\u202e" * 900))
    ]
    pages.append(nginx.demander(importer, entetes=mentie(1), de="127.0.80.3"))
    pannes = [p.statut for p in pages if p.statut >= 500] + [s for s in statuts if s >= 500]
    trompees = [p for p in pages if b"ailleurs.example" in p.corps or "ailleurs" in str(p.entetes)]
    vu = (
        f"{juges} codes jugés sur {len(statuts)}, le bon ensuite : {encore}, d’ailleurs : {ailleurs} ; "
        f"{len(trompees)} page trompée, {len(pannes)} pannes, l’import : {pages[-1].statut}"
    )
    tient = 0 < juges <= 30 * PROCESSUS and encore == 429 and ailleurs < 400 and pages[-1].statut != 200
    return tient and not trompees and not pannes, vu


def _poster(
    nginx: Any, de: str = "127.0.0.4", dits: Mapping[str, str] | None = None
) -> Callable[[str, dict[str, str], str], int]:
    def poster(chemin: str, reponses: dict[str, str], ip: str) -> int:
        entetes = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={JETON}",
            "X-CSRFToken": JETON,
            "Referer": "https://participation.example.org/",
            **(dits or {}),
        }
        statut: int = nginx.demander(
            chemin, "POST", corps=urlencode(reponses).encode(), entetes=entetes, de=de
        ).statut
        return statut

    return poster


ATTAQUES: dict[str, Callable[[Any, Path], Bilan]] = {
    "une page publique remplacée par un en-tête (nginx devant)": page_empoisonnee,
    "des codes devinés et des voies demandées sous une adresse mentie (nginx devant)": adresse_mentie,
    "les liens des lettres lus dans les journaux (nginx devant)": liens_dans_les_journaux,
}
