"""What a draw led by its acts needs: its rule, a table of volunteers, a seed, the files that anybody downloads."""

import csv
import html
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.outils import jour

QUOTAS = """Genre ; F ; 3 ; 5
Genre ; H ; 3 ; 5
Âge ; 16-39 ; 3 ; 5
Âge\t40 et plus\t3\t5"""


def lisible(reponse):
    """The page as it is read, without what typography adds."""
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def tableau(combien=40):
    """A table of volunteers: two of each three live alone, the others share a household two by two."""
    sortie = io.StringIO()
    lignes = csv.writer(sortie, delimiter=";")
    lignes.writerow(["Nom", "Courriel", "Foyer", "genre", "AGE"])
    for n in range(combien):
        foyer = f"{n // 2} rue des Essais" if n % 3 == 0 or (n % 3 == 1 and n < 20) else ""
        lignes.writerow(
            [
                f"Personne {n}",
                f"p{n}@exemple.org",
                foyer,
                "F" if n % 2 else "H",
                "16-39" if n % 4 < 2 else "40 et plus",
            ]
        )
    return SimpleUploadedFile("volontaires.csv", sortie.getvalue().encode())


REGLE = {
    "titre": "Panel sur l’eau",
    "objet": "Dire comment partager l’eau.",
    "places": 8,
    "source": "boules",
    "precision_source": "Salle du conseil, 18 heures.",
    "repli": "Le Loto du samedi suivant.",
    "lieu": "salle du conseil",
}


def graine():
    return f"boules:{jour(0).isoformat()}:4-0-9-1-1-7-3-8-2-6"


def telecharger(client, tirage, dossier):
    for nom in ("tirage.json", "volontaires.csv", "panels.csv"):
        reponse = client.get(f"/tirages-au-sort/{tirage.pk}/{nom}")
        assert reponse.status_code == 200, nom
        (dossier / nom).write_bytes(reponse.content)
    return dossier
