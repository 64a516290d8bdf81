"""Attacks on the addresses of the languages, replayed through the nginx of deploy/. Each must fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.attaques.signatures import Bilan

LANGUES = ("ar", "en", "uk")
AILLEURS = "evil.example"


def page_d_une_autre_langue(nginx: Any, dossier: Path) -> Bilan:
    """Headers and cookies of one visitor choose no language, no host and no page for the next one."""
    pieges = [
        {"Accept-Language": "ar"},
        {"Accept-Language": "ar;q=1," * 400},
        {"Cookie": "django_language=ar; connecte=1"},
        {"Content-Language": "ar", "X-Forwarded-Host": AILLEURS},
        {"X-Original-URL": "/ar/", "X-Rewrite-URL": "/ar/"},
        {"X-Forwarded-Prefix": f"//{AILLEURS}", "X-Script-Name": f"//{AILLEURS}", "Script-Name": "/ar"},
    ]
    fautes, essais = [], 0
    for rang, piege in enumerate(pieges):
        for langue in ("fr", *LANGUES):
            essais += 1
            chemin = ("/" if langue == "fr" else f"/{langue}/") + f"petitions/?piege={rang}"
            nginx.demander(chemin, entetes=piege, de="127.0.81.1")
            recue = nginx.demander(chemin, de="127.0.81.2")
            corps = recue.corps.decode(errors="replace")
            if recue.statut != 200 or f'lang="{langue}"' not in corps or AILLEURS in corps:
                fautes.append(f"{langue}, {next(iter(piege))} : {recue.statut}")
            if "Set-Cookie" in str(recue.entetes):
                fautes.append(f"{langue} : un cookie dans une page gardée")
    return not fautes, f"{essais} essais ; {' ; '.join(fautes) or 'chacun sa langue'}"


def sortir_par_la_langue(nginx: Any, dossier: Path) -> Bilan:
    """Prefixes that look like an address elsewhere lead nowhere else."""
    chemins = [
        *(f"{prefixe}{fin}" for prefixe in ("/ar", "/ar/", "/xx/", "/") for fin in (f"//{AILLEURS}/", f"/\\{AILLEURS}/", f"/%2f%2f{AILLEURS}", f"/%5c{AILLEURS}/")),
        f"/ar/comptes/login/?next=//{AILLEURS}/",
        f"/ar/comptes/login/?next=https:{AILLEURS}",
        f"/ar/%0d%0aLocation:%20https://{AILLEURS}/",
        "/ar/ar/petitions/",
        "/AR/petitions/",
        "/ar-MA/petitions/",
        "/" + "ar/" * 2000,
        "/fr/petitions/",
        f"/ar/petitions?next=//{AILLEURS}",
    ]  # fmt: skip
    fautes = []
    for chemin in chemins:
        recue = nginx.demander(chemin, de="127.0.82.1")
        ou = str(dict(recue.entetes).get("Location", ""))
        if recue.statut >= 500 or ou.lstrip().startswith(("//", "/\\", "https:e", f"https://{AILLEURS}")):
            fautes.append(f"{chemin[:40]} : {recue.statut} {ou[:40]}")
    return not fautes, f"{len(chemins)} adresses ; {' ; '.join(fautes) or 'aucune ne mène ailleurs'}"


ATTAQUES: dict[str, Callable[[Any, Path], Bilan]] = {
    "une page donnée dans la langue d’une autre (nginx devant)": page_d_une_autre_langue,
    "sortir du site par une adresse de langue (nginx devant)": sortir_par_la_langue,
}
