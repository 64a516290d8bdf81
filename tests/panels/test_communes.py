"""The decentralised draw: each commune runs the stand-alone script on its own list, deposits two files, and is proved."""

import json
import runpy
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.panels.communes import actes, regles
from participation.panels.communes.regles import Part
from participation.panels.communes.vues import SCRIPT
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Commune, Courriel
from participation.tirage.regles import EXEMPLES
from tests.greffons.guichet import Guichet
from tests.outils import jour
from tests.panels.factories import PanelFactory, annoncer

script = runpy.run_path(str(SCRIPT))


def lancer(dossier, *mots):
    fait = subprocess.run(
        [sys.executable, SCRIPT, *mots], cwd=dossier, capture_output=True, text=True, check=False
    )
    return fait.returncode, fait.stdout


def fichier(octets, nom="f.json"):
    return SimpleUploadedFile(nom, octets)


@pytest.fixture
def panel(agent):
    panel = PanelFactory()
    annoncer(panel, agent)
    return panel


@pytest.fixture
def parts(agent, panel):
    Commune.objects.filter(code_insee__in=["38185", "38151"]).update(courriel="mairie@example.org")
    lues = actes.lire_parts("grenoble ; 3\nÉchirolles\t2", panel)
    return actes.demander_parts(panel, par=agent, parts=lues)


@pytest.mark.parametrize("lignes", [1, 2, 3, 7, 8, 13])
def test_the_script_and_the_product_write_the_same_texts(lignes):
    feuilles = [script["engagement"]("ab" * 16, rang, [f"{rang} rue"]) for rang in range(lignes)]
    etages = script["etages"](feuilles)
    part = Part("38185", min(3, lignes), lignes, etages[-1][0])
    parts = [part, Part("38053", 1, 4, "c" * 64)]
    graine = script["graine_de"]([(p.code, p.lettres, p.lignes, p.racine) for p in parts], "loto:x")

    assert graine == regles.graine_des_communes(parts, "loto:x")
    assert script["rangs_tires"](graine, "38185", lignes, part.lettres) == regles.rangs_tires(graine, part)
    for rang in range(lignes):
        tire = (rang, feuilles[rang], script["chemin"](etages, rang))
        assert regles.racine_de(part, tire) == part.racine == script["remonter"](rang, lignes, *tire[1:])
        assert regles.racine_de(part, (rang, "0" * 64, tire[2])) != part.racine
        assert regles.racine_de(part, (*tire[:2], [*tire[2], "0" * 64])) == ""


def test_a_commune_is_bound_before_the_seed_then_proves_its_draw_to_anybody(
    agent, panel, parts, tmp_path, time_machine
):
    grenoble, autre = parts
    (tmp_path / "liste.csv").write_text(
        "Nom;Adresse\n" + "".join(f"Essai {n % 11};{n % 11} rue  d’Exemple\n" for n in range(14)) + ";\n"
    )
    adresse = f"/panels-citoyens/part/{grenoble.jeton()}/"
    page = Client().get(adresse).content.decode()
    assert "python3 commune.py engager liste.csv 38185" in page
    code, dit = lancer(tmp_path, "engager", "liste.csv", "38185")
    assert (code, dit.splitlines()[0]) == (0, "11 lignes engagées, 4 vides ou en double enlevées.")
    engagements = (tmp_path / "engagements.json").read_bytes()

    assert (
        Client().post(adresse, {"acte": "deposer_engagements", "fichier": fichier(engagements)}).status_code
        == 302
    )

    assert "rue" not in engagements.decode()
    with pytest.raises(ActeInterdit, match="ne changent plus"):
        actes.deposer_engagements(grenoble, dite=Part("38185", 3, 11, "d" * 64))
    assert "La graine n’est connue que le" in str(panel.manques("semer_communes", agent))
    time_machine.move_to(timezone.localtime() + timedelta(days=3), tick=False)
    with pytest.raises(ActeInterdit, match="trop tard"):
        actes.deposer_engagements(autre, dite=Part("38151", 2, 11, "d" * 64))

    texte = f"boules:{jour(0).isoformat()}:4-0-9-1-1-7-3-8-2-6"
    actes.semer_communes(panel, par=agent, texte_graine=texte)

    assert Courriel.objects.filter(sujet__contains="la graine est connue, Grenoble peut tirer").count() == 1
    panel.tirage_des_communes.refresh_from_db()
    graine = panel.tirage_des_communes.graine
    assert f"tirer liste_engagee.csv 38185 {graine} 3" in Client().get(adresse).content.decode()
    assert lancer(tmp_path, "tirer", "liste_engagee.csv", "38185", graine, "3")[0] == 0
    preuve = (tmp_path / "preuve.json").read_bytes()
    posee = {"acte": "deposer_preuve", "postees": "3", "date_postee": jour(0).isoformat()}
    faussee = json.loads(preuve)
    faussee["tires"][0][1] = "e" * 64
    refusee = Client().post(adresse, {**posee, "fichier": fichier(json.dumps(faussee).encode())})
    assert "n’était pas dans la liste engagée" in refusee.content.decode().replace("&#x27;", "’")

    assert Client().post(adresse, {**posee, "fichier": fichier(preuve)}).status_code == 302

    publique = Client().get(f"/panels-citoyens/{panel.cle}/communes/").content.decode()
    assert "Part prouvée" in publique
    assert "Ne s’est pas engagée à temps" in publique
    assert "mairie@" not in publique
    (tmp_path / "communes.json").write_bytes(
        Client().get(f"/panels-citoyens/{panel.cle}/communes.json").content
    )
    assert lancer(tmp_path, "verifier", "communes.json") == (0, "38185 : juste\nTout est juste.\n")
    publie = json.loads((tmp_path / "communes.json").read_text())
    publie["parts"][0]["lignes"] = 12
    (tmp_path / "communes.json").write_text(json.dumps(publie))
    assert lancer(tmp_path, "verifier", "communes.json")[0] == 1
    tirees = (tmp_path / "a_poster.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(tirees) == 4


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("Nulle part ; 3", "n’est pas une commune"),
        ("Grenoble ; 0", "les lettres sont un nombre"),
        ("Grenoble ; 2\ngrenoble ; 2", "déjà demandée"),
        ("Meylan ; 2", "n’a pas d’adresse"),
    ],
)
def test_a_line_of_communes_that_cannot_be_asked_is_refused_with_the_reason(panel, texte, phrase):
    Commune.objects.filter(code_insee="38185").update(courriel="mairie@example.org")
    with pytest.raises(ValidationError, match=phrase):
        actes.lire_parts(texte, panel)


@pytest.mark.parametrize(
    ("lu", "phrase"),
    [
        (b"\x00[[[", "engagements.json"),
        (b'{"format":"engagements-v1","code":"38053"}', "pas de cette commune"),
        (b'{"format":"engagements-v1","code":"38185","lignes":"9"}', "nombre de lignes"),
        (
            b'{"format":"engagements-v1","code":"38185","lignes":2,"racine":"' + b"a" * 64 + b'"}',
            "au moins 3",
        ),
    ],
)
def test_a_file_that_no_script_made_is_refused_in_words(lu, phrase):
    with pytest.raises(ValueError, match=phrase):
        regles.lire_engagements(lu, "38185", 3)


def test_a_seed_of_today_or_of_another_shape_is_refused_in_words(agent, panel, parts, time_machine):
    guichet = Guichet(agent, en_hate=True)
    autre = reverse("panels:annoncer_tirage_communes", args=[PanelFactory().pk])
    guichet.valider(
        autre, source="boules", date_graine=jour(0).isoformat(), precision_source="Ici.", repli="Là."
    )
    assert "La graine vient après aujourd’hui" in guichet.dit

    actes.deposer_engagements(parts[0], dite=Part("38185", 3, 11, "a" * 64))
    time_machine.move_to(timezone.localtime() + timedelta(days=3))
    guichet = Guichet(agent, en_hate=True)
    guichet.valider(f"/panels/{panel.pk}/semer-communes/", texte_graine="7")
    assert not panel.journal.filter(acte="semer_communes").exists()
    assert f"Écrivez-la exactement sous cette forme : {EXEMPLES['boules']}" in guichet.dit
    graine = f"boules:{jour(0)}:4-0-9-1-1-7-3-8-2-6"
    guichet.valider(texte_graine=graine)
    assert panel.journal.get(acte="semer_communes").fait == f"Graine des communes : {graine}"
