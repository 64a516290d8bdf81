"""The draw by lot: our lottery and the reference library's on the same instance, turn by turn; then the import of a long table.

An instance is a folder of two tables: categories.csv (feature, value, min, max) and respondents.csv (id, one column a
category, foyer). Its name ends with the seats, « metropole_600_60 ». One person a household is kept, by ticket, for both.
"""

import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.bassins import bassin_de
from bench.serveurs import charge_machine
from bench.tableaux import milliers, tableau, virgule

RACINE = Path(__file__).resolve().parent.parent
TEMOIN = RACINE / ".data" / "temoin-tirage"
LIGNES = 50_000
IMPORT_SECONDES, IMPORT_MIO = 30, 200
AU_MOINS = 3  # times faster


def mesurer(instances: Path | None, *, bibliotheque: bool, au_plus: int, rapide: bool) -> None:
    print(f"… tirage au sort ({charge_machine()})", flush=True)
    with tempfile.TemporaryDirectory() as ici:
        dossiers = (
            [_un_par_foyer(d, Path(ici)) for d in sorted(instances.iterdir(), key=_taille)]
            if instances
            else []
        )
        dossiers += [_peu_de_profils(Path(ici)), _presque_uniques(Path(ici))]
        python = _temoin() if bibliotheque else None
        lignes = [_comparer(dossier, python, au_plus) for dossier in dossiers if _taille(dossier)[0]]
    tableau(
        f"Loterie la plus juste ; témoin : sortition-algorithms, maximin, {au_plus} s au plus",
        [
            "",
            "la nôtre",
            "témoin",
            "rapport",
            "processeur",
            "témoin",
            "plus petite chance",
            "témoin",
            "plus juste que nous",
            "prouvée",
        ],
        lignes,
    )
    importer(LIGNES // 10 if rapide else LIGNES)


def _taille(dossier: Path) -> tuple[int, int]:
    mots = dossier.name.split("_")
    return (
        (int(mots[-1]), int(mots[-2]))
        if len(mots) > 2 and mots[-1].isdigit() and mots[-2].isdigit()
        else (0, 0)
    )


def _comparer(dossier: Path, python: Path | None, au_plus: int) -> list[str]:
    places = _taille(dossier)[0]
    notre: dict[str, Any] = (
        _lancer([sys.executable, "-m", "bench.tirage", str(dossier), str(places)], None) or {}
    )
    sienne = (
        _lancer([str(python), str(RACINE / "bench" / "temoin_tirage.py"), str(dossier), str(places)], au_plus)
        if python
        else None
    )
    dite = f"témoin {virgule(sienne['secondes'], 2)} s" if sienne else "témoin non fini"
    print(
        f"… {dossier.name} : {virgule(notre['secondes'], 2)} s, {dite if python else 'sans témoin'}",
        flush=True,
    )
    temps, calcul = (f"{virgule(notre[cle], 2)} s" for cle in ("secondes", "calcul"))
    if sienne is None:
        absente = f"> {au_plus} s" if python else "–"
        rapport = f"> {virgule(au_plus / notre['secondes'])}" if python else "–"
        return [
            dossier.name,
            temps,
            absente,
            rapport,
            calcul,
            absente,
            _chance(notre),
            "–",
            "–",
            _oui(notre["est_prouvee"]),
        ]
    return [
        dossier.name,
        temps,
        f"{virgule(sienne['secondes'], 2)} s",
        virgule(sienne["secondes"] / notre["secondes"], 1),
        calcul,
        f"{virgule(sienne['calcul'], 2)} s",
        _chance(notre),
        _chance(sienne),
        _oui(_depasse(sienne["chances"], notre["chances"])),
        _oui(notre["est_prouvee"]),
    ]


def _depasse(siennes: Sequence[float], notres: Sequence[float], ecart: float = 1e-4) -> bool:
    """Whether these sorted chances are fairer than ours: at the first that differs, theirs is greater."""
    for sienne, notre in zip(siennes, notres, strict=True):
        if abs(sienne - notre) > ecart:
            return sienne > notre
    return False


def _oui(juste: bool) -> str:
    return "oui" if juste else "non"


def _chance(mesure: dict[str, Any]) -> str:
    return f"{virgule(100 * mesure['chances'][0], 3)} %"


def _lancer(commande: list[str], secondes: float | None) -> dict[str, Any] | None:
    try:
        fait = subprocess.run(
            commande, capture_output=True, text=True, timeout=secondes, cwd=RACINE, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if fait.returncode:
        raise SystemExit(fait.stderr[-2000:])
    lu: dict[str, Any] = json.loads(fait.stdout.splitlines()[-1])
    return lu


def _temoin() -> Path:
    """Return the Python that has the library, in an environment made once."""
    python = TEMOIN / "bin" / "python"
    if not python.exists():
        print("… environnement du témoin (500 Mo)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", TEMOIN], check=True)
        exigences = RACINE / "bench" / "requirements-tirage.in"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", exigences], check=True)
    return python


def _lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(newline="", encoding="utf-8") as fichier:
        return list(csv.DictReader(fichier))


def _ecrire(chemin: Path, lignes: Sequence[dict[str, Any]]) -> None:
    with chemin.open("w", newline="", encoding="utf-8") as fichier:
        sortie = csv.DictWriter(fichier, list(lignes[0]))
        sortie.writeheader()
        sortie.writerows(lignes)


def _un_par_foyer(dossier: Path, vers: Path) -> Path:
    from participation.tirage.regles import un_par_foyer

    copie = vers / dossier.name
    if not _taille(dossier)[0]:
        return copie
    personnes = _lire(dossier / "respondents.csv")
    gardes = set(un_par_foyer("00", {p["id"]: p.get("foyer", "") for p in personnes}))
    copie.mkdir()
    _ecrire(copie / "respondents.csv", [p for p in personnes if p["id"] in gardes])
    _ecrire(copie / "categories.csv", _lire(dossier / "categories.csv"))
    return copie


def _peu_de_profils(vers: Path) -> Path:
    dossier = vers / "peu_de_profils_2000_200"
    dossier.mkdir()
    _ecrire(
        dossier / "categories.csv",
        [
            {"feature": "genre", "value": "F", "min": 99, "max": 101},
            {"feature": "genre", "value": "H", "min": 99, "max": 101},
            {"feature": "âge", "value": "jeune", "min": 90, "max": 110},
            {"feature": "âge", "value": "autre", "min": 90, "max": 110},
        ],
    )
    hasard = random.Random(7)
    ages = ("jeune", "autre", "autre", "autre")
    _ecrire(
        dossier / "respondents.csv",
        [{"id": f"V{n:05}", "genre": hasard.choice("FH"), "âge": hasard.choice(ages)} for n in range(2000)],
    )
    return dossier


def _presque_uniques(vers: Path) -> Path:
    bassin = bassin_de(2500, 100)
    dossier = vers / "presque_uniques_2500_100"
    dossier.mkdir()
    _ecrire(
        dossier / "categories.csv",
        [
            {"feature": q.categorie, "value": q.valeur, "min": q.minimum, "max": q.maximum}
            for q in bassin.quotas
        ],
    )
    tous = [p for p, n in zip(bassin.profils, bassin.effectifs, strict=True) for _ in range(n)]
    _ecrire(
        dossier / "respondents.csv",
        [
            {"id": f"V{rang:05}", **dict(zip(bassin.categories, profil, strict=True))}
            for rang, profil in enumerate(tous)
        ],
    )
    return dossier


def calculer(dossier: Path, places: int) -> None:
    """Our lottery on an instance, printed as JSON. For a process of its own."""
    from participation.tirage.regles import Bassin, Fourchette
    from participation.tirage.selection.regles import tirer_au_plus_juste

    quotas = [
        Fourchette(c["feature"], c["value"], int(c["min"]), int(c["max"]))
        for c in _lire(dossier / "categories.csv")
    ]
    categories = dict.fromkeys(quota.categorie for quota in quotas)
    profils = Counter(tuple(p[c] for c in categories) for p in _lire(dossier / "respondents.csv"))
    bassin = Bassin.compte(places, quotas, profils)
    debut, calcul = time.perf_counter(), time.process_time()
    loterie = tirer_au_plus_juste(bassin)
    mesure = {"secondes": time.perf_counter() - debut, "calcul": time.process_time() - calcul}
    chances = sorted(c for c, n in zip(loterie.chances, bassin.effectifs, strict=True) for _ in range(n))
    print()  # highspy prints its name
    print(json.dumps({**mesure, "chances": chances, "est_prouvee": loterie.est_prouvee}))


def importer(combien: int) -> None:
    """The import of a table by the worker, from its form to its rows: volunteers, one refused in a hundred; addresses to invite."""
    lues = {}
    with tempfile.TemporaryDirectory() as ici:
        for quoi in ("volontaires", "adresses"):
            for forme in ("csv", "xlsx"):
                fichier = Path(ici) / f"t.{forme}"
                fichier.write_bytes(_table(forme, combien))
                lues[f"{quoi}, {forme.upper()}"] = (
                    _lancer([sys.executable, "-m", "bench.tirage", "_importer", str(fichier), quoi], None)
                    or {}
                )
    tableau(
        f"Import de {milliers(combien)} lignes par un worker",
        ["", "durée", "processeur", "mémoire en plus", "entrées", "refusées", "attendu"],
        [
            [
                sorte,
                f"{virgule(lu['secondes'], 1)} s",
                f"{virgule(lu['calcul'], 1)} s",
                f"{virgule(lu['mio'])} Mio",
                milliers(lu["ajoutees"]),
                milliers(lu["refusees"]),
                f"< {IMPORT_SECONDES} s, < {IMPORT_MIO} Mio",
            ]
            for sorte, lu in lues.items()
        ],
    )


def _importer(fichier: Path, quoi: str) -> None:
    os.environ["TABLEAU_IMMEDIAT"] = "0"
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from participation.socle.actions import imports
    from participation.socle.models import Appartenance, Compte
    from participation.socle.workflow import Role

    agent, _ = Compte.objects.get_or_create(courriel="tirage@banc.example.org")
    Appartenance.objects.get_or_create(compte=agent, role=Role.AGENT)
    envoye = SimpleUploadedFile(fichier.name, fichier.read_bytes())
    choisi = {"volontaires": _volontaires, "adresses": _adresses}[quoi](agent, envoye)
    avant = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    debut, calcul = time.perf_counter(), time.process_time()
    imports.lire_import(choisi._meta.label_lower, choisi.pk)
    secondes, calcul = time.perf_counter() - debut, time.process_time() - calcul
    choisi.refresh_from_db()
    mio = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - avant) / 1024
    assert choisi.etat == "fini", choisi.erreur
    mesure = {"secondes": secondes, "calcul": calcul, "mio": mio}
    print(json.dumps({**mesure, "ajoutees": choisi.ajoutees, "refusees": choisi.refusees}))


def _volontaires(agent: Any, envoye: Any) -> Any:
    from django.utils import timezone

    from participation.tirage import quotas
    from participation.tirage.volontaires.actes import importer_volontaires

    tirage = quotas.preparer_tirage(
        par=agent,
        titre="Essai",
        objet="Essai.",
        places=40,
        date_graine=timezone.localdate(),
        precision_source="Hall.",
        repli="Loto.",
        tirage_le=timezone.now() + timedelta(minutes=5),
        lieu="hall",
    )
    texte = "Genre;F;19;21\nGenre;H;19;21\nÂge;16-29;8;12\nÂge;30-59;16;20\nÂge;60+;10;12"
    quotas.regler_quotas(tirage, par=agent, quotas=quotas.lire_quotas(texte, tirage.places))
    return importer_volontaires(tirage, par=agent, fichier=envoye)


def _adresses(agent: Any, envoye: Any) -> Any:
    """Each row of the same table is an address of its own by the name of its person."""
    from django.utils import timezone

    from participation.panels.invitations.imports import importer_adresses
    from participation.panels.models import Panel
    from participation.panels.preparation.actes import preparer_panel

    panel = preparer_panel(
        Panel(), par=agent, titre="Essai", cle=f"essai-{time.time_ns()}", mandat="Essai.", repond_a="Essai.", places=2,
        date_premiere_seance=timezone.localdate() + timedelta(days=200),
    )  # fmt: skip
    return importer_adresses(panel, par=agent, fichier=envoye, colonnes={"adresse": "Nom"})


def _table(forme: str, combien: int) -> bytes:
    from participation.socle.fichiers.export import xlsx

    lignes = [["Nom", "Courriel", "Téléphone", "Foyer", "Genre", "Âge"]]
    for n in range(combien):
        age = ("16-29", "30-59", "60+")[n % 3] if n % 100 else "inconnu"
        lignes.append(
            [
                f"Personne {n}",
                f"p{n}@example.org",
                "04 00 00 00 00",
                f"{n // 2} rue de l’Essai",
                "FH"[n % 2],
                age,
            ]
        )
    if forme == "csv":
        texte = io.StringIO()
        csv.writer(texte, delimiter=";").writerows(lignes)
        return texte.getvalue().encode()
    with xlsx(lignes[0], lignes[1:]) as classeur:
        return classeur.read()


if __name__ == "__main__":
    if sys.argv[1] == "_importer":
        _importer(Path(sys.argv[2]), sys.argv[3])
    else:
        calculer(Path(sys.argv[1]), int(sys.argv[2]))
