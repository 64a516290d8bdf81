"""The site of another collectivité: an invented agglomération of eight communes, and not a word of the first one."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from participation.seances.convocation import actes as convocation
from participation.seances.convocation import envois
from participation.seances.models import Instance
from participation.socle.collectivite import CLE
from participation.socle.models import Commune, Courriel, Document
from petitions.collecte import actes as collecte
from remontees.parts import reponse
from tests.greffons.base import _tables_occupees
from tests.maison import APPS, code
from tests.outils import pdf_rapides
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import nommee
from tests.seances.factories import (
    CollegeFactory,
    MandatureFactory,
    MembreFactory,
    PointFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory

RACINE = Path(settings.BASE_DIR)
PAQUET = RACINE / "tests" / "site" / "paquets" / "val-perdu"
REGLEMENT = "/petitions/reglement/"
D_ICI = re.compile(r"grenoble|métropol", re.IGNORECASE)
# Where the words of one place may stand: packs, scenes of the demonstration, tests, benches, guides.
A_PART = re.compile(r"(^|/)(paquets|donnees|demo|tests|docs|bench)/|/demo\.py$|^README\.md$|(^|/)migrations/")
PRODUIT = re.compile(r"\.(py|html|txt|js|css|svg|json|xml|conf|sh|exemple|service|toml)$")


def fichiers_du_produit() -> list[Path]:
    lus = subprocess.run(["git", "ls-files"], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    return [RACINE / nom for nom in lus.splitlines() if PRODUIT.search(nom) and not A_PART.search(nom)]


def test_no_file_of_the_product_names_the_place():
    assert [
        str(lu.relative_to(RACINE))
        for lu in fichiers_du_produit()
        if lu.is_file() and "grenoble" in lu.read_text(encoding="utf-8").lower()
    ] == []


D_UN_LIEU = re.compile(r"étropol|\bdix quartiers|\b49.{0,6}communes")
# They say the kinds themselves.
DES_NATURES = {"participation/socle/collectivite.py", "participation/socle/models/reglages.py"}


def test_no_sentence_of_the_product_says_what_kind_it_is():
    """A template says `{% metropole %}`, a text of Python `ici("la {metropole}…")`."""
    fautes = []
    for lu in fichiers_du_produit():
        nom = str(lu.relative_to(RACINE))
        if not lu.is_file() or nom in DES_NATURES:
            continue
        texte = lu.read_text(encoding="utf-8")
        if lu.suffix == ".py" and D_UN_LIEU.search(texte):
            fautes += [f"{nom}:{n.lineno}" for n in litteraux(ast.parse(texte)) if D_UN_LIEU.search(n.value)]
        elif nom.startswith("templates/") and D_UN_LIEU.search(texte):
            fautes.append(nom)
    assert fautes == []


def litteraux(arbre: ast.AST) -> list[ast.Constant]:
    """Return the texts of a module, docstrings left out."""
    docstrings = {
        id(noeud.body[0].value)
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Module | ast.ClassDef | ast.FunctionDef)
        and noeud.body
        and isinstance(noeud.body[0], ast.Expr)
    }
    return [
        noeud
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and id(noeud) not in docstrings
    ]


JOUR_ECRIT = re.compile(r"\bdate(time)?\(20\d\d|20\d\d-\d\d-\d\d")


def test_no_scene_of_the_demonstration_stands_on_a_written_day():
    """Scenes count their days from today (`jour(-20)`): a mandature of 2024 to 2030 ended before its own séance."""
    scenes = [c for c in code(*APPS) if "demo" in {c.parent.name, c.stem} and "commands" not in c.parts]
    assert [
        f"{scene.relative_to(RACINE)}: {ligne.strip()}"
        for scene in sorted(scenes)
        for ligne in scene.read_text(encoding="utf-8").splitlines()
        if JOUR_ECRIT.search(ligne)
    ] == []


@pytest.fixture
def val_perdu(db: None) -> Iterator[None]:
    """The base of a new site that loaded another pack; the rows of the first one come back with the transaction."""
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")  # journals refuse DELETE
        for table in _tables_occupees(curseur):
            if not table.startswith(("django_", "auth_")):
                curseur.execute(f'DELETE FROM "{table}"')
        curseur.execute("SET LOCAL session_replication_role = origin")
    caches["processus"].delete(CLE)
    call_command("charger_referentiel", paquet=str(PAQUET), verbosity=0)
    yield
    caches["processus"].delete(CLE)


def test_eight_communes_have_a_site_that_says_nothing_of_the_first_place(client, val_perdu, monkeypatch):
    pdf_rapides(monkeypatch)
    agent, bourg = CompteFactory(agent=True), Commune.objects.get(nom="Val-le-Bourg")
    textes: dict[str, str] = {}

    def lire(chemin: str) -> str:
        page = client.get(chemin)
        assert page.status_code == 200, chemin
        textes[chemin] = page.content.decode()
        return textes[chemin]

    petition = PetitionFactory(recevable=True, titre="Une piste vers Ormeval", commune_auteur=bourg)
    collecte.ouvrir_collecte(petition, par=agent)
    remontee = nommee({"a_repondre": True}, courriel="une@example.org")
    reponse.repondre(remontee, par=agent, issue="traite", reponse="C’est réparé.")
    seance = SeanceFactory(
        mandature=MandatureFactory(instance=Instance.objects.get(cle="ccspl")), titre="Plénière du Val"
    )
    PointFactory(seance=seance, titre="Rapport de l’eau")
    MembreFactory(college=CollegeFactory(mandature=seance.mandature))
    envois.envoyer_convocation(convocation.convoquer(seance, par=agent).pk)

    accueil = lire("/")
    for chemin in (
        petition.get_public_url(), "/petitions/", REGLEMENT, reverse("petitions:commencer"), reverse("remontees:dire"),
        reverse("remontees:dire_sur", args=["voirie-trou"]), reverse("ccspl:commission"), "/mentions-legales/",
        "/donnees-personnelles/", "/donnees-ouvertes/", reverse("socle:catalogue"), reverse("socle:manifeste"),
    ):  # fmt: skip
        lire(chemin)
    for lettre in Courriel.objects.order_by("pk"):
        textes[lettre.sujet] = f"{lettre.expediteur}\n{lettre.corps}"
        for piece in lettre.pieces.all():
            textes[f"{lettre.sujet}, {piece.nom}"] = bytes(piece.contenu).decode(errors="replace")
    for document in Document.objects.exclude(fichier="").order_by("pk"):
        with document.fichier.open("rb") as fichier:
            textes[document.titre] = fichier.read().decode()

    assert [nom for nom, texte in textes.items() if D_ICI.search(texte)] == []
    assert "Participation, Communauté d’agglomération du Val Perdu" in accueil
    assert "des 8&nbsp;communes" in accueil
    assert "le conseil communautaire" in textes[REGLEMENT]
    lettres = "\n".join(Courriel.objects.values_list("corps", flat=True))
    assert "Le service participation de la Communauté d’agglomération du Val Perdu" in lettres
