"""Exports: complete, streamed, safe."""

import csv
import io
import os
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import exports
from participation.socle.fichiers.export import csv_en_flux, texte, xlsx
from participation.socle.models import Export
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory


@pytest.mark.parametrize(
    "cellule",
    [
        *("=1+1", "+33 6", "-2", "@SUM(A1)", "\tx", "\rx", "  =cmd|' /C calc'!A0", "−1"),
        *("＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1", "⁺1"),
        *(
            f"{vide}=1+1"
            for vide in "\u200b\ufeff\u2060\u00ad\u00a0\u202f\u3000\u2028\x0b\x00\u034f\ufe0f\u3164\u2800"
        ),
        "\u200b \u200b\t=1",
    ],
)
def test_a_cell_is_never_a_formula(cellule):
    assert texte(cellule) == f"'{cellule}"


@pytest.mark.parametrize("cellule", ["Rue d’Alembert", "« = » seul", "été -1", "\u200bmot", "", " "])
def test_a_plain_text_is_left_as_it_is(cellule):
    assert texte(cellule) == cellule


@pytest.mark.parametrize(
    ("valeur", "dit"),
    [
        (None, ""),
        (True, "oui"),
        (-3, "-3"),
        (Decimal("2.5"), "2,5"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 22, 30, tzinfo=UTC), "2026-11-24 23:30:00"),
    ],
)
def test_dates_are_iso_and_local_numbers_stay_numbers(valeur, dit):
    assert texte(valeur) == dit


def test_a_csv_opens_in_a_french_spreadsheet():
    octets = b"".join(csv_en_flux(["Été", "b"], [["à ; côté", 'dit "oui"']]))

    assert octets.startswith("\ufeff".encode())
    assert list(csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";")) == [
        ["Été", "b"],
        ["à ; côté", 'dit "oui"'],
    ]


def test_a_csv_is_given_before_its_end_is_known():
    def lignes():
        yield from ([rang] for rang in range(1000))
        raise RuntimeError

    flux = csv_en_flux(["n"], lignes())

    assert next(flux)


def test_a_workbook_keeps_text_as_text():
    with (
        xlsx(["a"], [["=1+1"], ["https://example.org"], ["x" * 500]]) as fichier,
        zipfile.ZipFile(fichier) as archive,
    ):
        feuille = archive.read("xl/worksheets/sheet1.xml").decode()
    # Readable when opened: no column fills the screen.
    assert re.search(r'<col min="1" max="1" width="60\.', feuille)

    assert "<f>" not in feuille
    assert "=1+1" in feuille
    assert "hyperlink" not in feuille


@pytest.mark.django_db
def test_the_export_of_a_list_has_its_filters_all_its_pages_and_no_formula(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    PetitionFactory.create_batch(30, deposee=True, agent=agent, titre="=HYPERLINK(1)")
    PetitionFactory(deposee=True)

    reponse = client.get("/dossiers/", {"agent": "moi", "export": "csv"})

    assert reponse.streaming
    lignes = list(
        csv.DictReader(io.StringIO(b"".join(reponse.streaming_content).decode("utf-8-sig")), delimiter=";")
    )
    assert len(lignes) == 30
    assert lignes[0]["Dossier"] == "'=HYPERLINK(1)"
    assert lignes[0]["État"] == "en examen de recevabilité"
    assert "attachment" in reponse["Content-Disposition"]


@pytest.mark.django_db
def test_the_workbook_of_a_list_downloads(client):
    client.force_login(CompteFactory(agent=True))
    PetitionFactory(deposee=True)

    reponse = client.get("/dossiers/", {"export": "xlsx"})

    assert zipfile.is_zipfile(io.BytesIO(b"".join(reponse.streaming_content)))
    # An exported row can be found again on the site.
    liste = client.get(reverse("petitions:tableau"), {"export": "csv"})
    entetes = b"".join(liste.streaming_content).decode("utf-8-sig").splitlines()[0]
    assert entetes.startswith("Pétition;Référence;")


def test_an_export_that_fails_each_time_is_given_up_asked_again_then_erased_with_its_file(
    db, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path

    def demander():
        return exports.demander_export(cle="c", par=par, adresse="/liste/", nom="liste.csv", total=1)

    def rater(_):
        raise OSError("disque plein")

    par = CompteFactory()
    export = demander()
    assert [exports.ecrire_export(export.pk, rater) for _ in range(exports.TENTATIVES_MAX)] == [False] * 3
    export.refresh_from_db()
    assert export.etat == Export.Etat.ECHEC
    assert not exports.ecrire_export(export.pk, lambda _: [b"a"])  # given up

    assert demander().etat == Export.Etat.EN_PREPARATION
    assert exports.ecrire_export(export.pk, lambda _: [b"a"])
    assert not exports.ecrire_export(export.pk, rater)  # done: nothing is written twice
    (fichier,) = (tmp_path / "exports").iterdir()
    assert (fichier.read_bytes(), demander().etat) == (b"a", Export.Etat.PRET)

    vieux = timezone.now() - timedelta(hours=settings.EXPORTS_HEURES + 1)
    Export.objects.update(demande_le=vieux)
    os.utime(fichier, (vieux.timestamp(), vieux.timestamp()))
    assert exports.effacer_exports() == 1
    assert not fichier.exists()


def test_an_export_whose_worker_is_killed_each_time_is_given_up(db):
    export = exports.demander_export(
        cle="c", par=CompteFactory(), adresse="/liste/", nom="liste.csv", total=1
    )
    Export.objects.update(tentatives=exports.TENTATIVES_MAX)

    assert not exports.ecrire_export(export.pk, lambda _: [b"a"])
    export.refresh_from_db()
    assert export.etat == Export.Etat.ECHEC
