"""Pages of the Dauphin imports, and export that can be imported again."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from contrat_ville.dauphin import actes as actes_dauphin
from contrat_ville.dauphin import tour
from contrat_ville.models import DossierImporte, Financement, ImportDauphin, LigneBudget, Projet
from tests.contrat_ville.dauphin.monde import DOSSIER, ENTETES, SIRET, Sort, envoi, examiner, importer, sorts
from tests.contrat_ville.factories import PorteurFactory, ProjetFactory

pytestmark = pytest.mark.django_db


def lire(reponse):
    octets = b"".join(reponse.streaming_content)
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))


def test_from_the_file_to_the_projet_by_the_pages(connecte, annee_2026):
    page = connecte.post(
        reverse("contrat_ville:imports_dauphin"),
        {"fichier": envoi(f"{ENTETES}\n{DOSSIER}"), "exercice": "2026"},
        follow=True,
    )
    choisi = ImportDauphin.objects.get()
    assert "Relier les colonnes" in page.content.decode()
    assert "Les Jardins" in page.content.decode()

    page = connecte.post(choisi.get_absolute_url(), {**choisi.relies, "exercice_defaut": "2026"}, follow=True)
    assert "lecture des lignes" in page.content.decode().lower()
    tour.avancer_import(choisi.pk)

    page = connecte.get(choisi.get_absolute_url()).content.decode()
    assert "Appliquer ce rapport" in page
    assert "Jardin partagé" in page
    assert not Projet.objects.exists()

    connecte.post(choisi.get_absolute_url(), {"faire": "appliquer"})
    tour.avancer_import(choisi.pk)

    assert "Tout ce qui pouvait l’être est écrit" in connecte.get(choisi.get_absolute_url()).content.decode()
    projet = Projet.objects.get()
    assert "Importé de Dauphin" in connecte.get(projet.get_absolute_url()).content.decode()

    encore = connecte.post(
        reverse("contrat_ville:imports_dauphin"), {"fichier": envoi(f"{ENTETES}\n{DOSSIER}")}, follow=True
    )
    assert "Ce fichier a déjà été envoyé" in encore.content.decode()


def test_a_large_file_is_opened_by_the_worker_which_says_when_it_cannot(connecte, settings, monkeypatch):
    settings.TABLEAU_IMMEDIAT = 10
    with monkeypatch.context() as requete:
        requete.setattr(
            "contrat_ville.dauphin.actes.lire_tableau", lambda *a, **k: pytest.fail("in the request")
        )
        for lignes in (DOSSIER, f"{DOSSIER}\n{DOSSIER}"):
            page = connecte.post(
                reverse("contrat_ville:imports_dauphin"),
                {"fichier": envoi(f"{ENTETES}\n{lignes}")},
                follow=True,
            )
            assert "Le fichier est reçu" in page.content.decode()
    bon, long = ImportDauphin.objects.order_by("pk")
    tour.avancer_import(bon.pk)
    settings.TABLEAU_LIGNES_MAX = 1
    tour.avancer_import(long.pk)

    assert connecte.get(bon.get_absolute_url(), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = connecte.get(bon.get_absolute_url()).content.decode()
    assert "Relier les colonnes" in page
    assert "Les Jardins" in page
    long.refresh_from_db()
    assert (long.etat, bool(long.fichier)) == (ImportDauphin.Etat.ILLISIBLE, False)
    page = connecte.get(long.get_absolute_url()).content.decode()
    assert long.erreur.startswith("Ce tableau a plus de 1 ligne")
    assert "Envoyer un autre fichier" in page
    assert "Fichier illisible" in connecte.get(reverse("contrat_ville:imports_dauphin")).content.decode()


def test_what_is_no_table_is_said_beside_the_field(connecte):
    page = connecte.post(reverse("contrat_ville:imports_dauphin"), {"fichier": envoi(b"%PDF-1.7", "a.pdf")})
    assert "ni un tableau CSV ni un classeur" in page.content.decode()
    assert not ImportDauphin.objects.exists()


def test_columns_said_wrong_keep_the_page_with_the_reason(connecte, agent, annee_2026):
    choisi = actes_dauphin.ouvrir_import(envoi("A;B\n1;2\n"), par=agent)
    page = connecte.post(choisi.get_absolute_url(), {"code": "A", "intitule": "A"})
    assert "choisie deux fois : A" in page.content.decode().replace("\u00a0", " ")
    choisi.refresh_from_db()
    assert choisi.etat == ImportDauphin.Etat.A_RELIER


def test_the_rows_refused_come_back_as_they_were_with_why(connecte, agent, annee_2026):
    choisi = importer(DOSSIER + "ABC;=1+1;X;;;;;;\n", agent)

    lignes = lire(connecte.get(reverse("contrat_ville:lignes_refusees", args=[choisi.pk])))

    assert lignes[0] == [*ENTETES.split(";"), "Ligne", "Pourquoi elle est refusée"]
    assert lignes[1][:2] == ["ABC", "'=1+1"]
    assert lignes[1][-2] == "5"
    assert "n’est pas celle d’une action" in lignes[1][-1]


def test_the_report_is_a_table_of_what_changes(connecte, agent, annee_2026):
    importer(DOSSIER, agent)
    choisi = examiner(DOSSIER.replace("Jardin partagé", "Jardin commun"), agent)

    lignes = lire(connecte.get(reverse("contrat_ville:rapport_dauphin", args=[choisi.pk])))

    assert ["Intitulé", "Jardin partagé", "Jardin commun", ""] in [ligne[5:] for ligne in lignes]


def test_an_agent_joins_by_the_page_of_the_dossier(connecte, agent, annee_2026):
    ici = ProjetFactory(programmation=annee_2026, porte_par=PorteurFactory(siret=SIRET))
    choisi = examiner(DOSSIER, agent)
    dossier = DossierImporte.objects.get(import_dauphin=choisi)
    assert ici.reference in connecte.get(dossier.get_absolute_url()).content.decode()
    assert "Choisir pour 1" in connecte.get(reverse("socle:journee")).content.decode()

    assert "Choisissez." in connecte.post(dossier.get_absolute_url(), {"choix": ""}).content.decode()
    connecte.post(dossier.get_absolute_url(), {"choix": "joindre", "candidat": ici.pk})
    connecte.post(choisi.get_absolute_url(), {"faire": "appliquer"})
    tour.avancer_import(choisi.pk)

    ici.refresh_from_db()
    assert ici.numero_dauphin == "00012345-1"
    assert "Choisir pour 1" not in connecte.get(reverse("socle:journee")).content.decode()


def test_a_button_pushed_twice_says_that_it_is_done(connecte, agent, annee_2026):
    choisi = importer(DOSSIER, agent)
    page = connecte.post(choisi.get_absolute_url(), {"faire": "abandonner"}, follow=True)
    assert "a déjà avancé" in page.content.decode()


def exporter(client, annee=2026, **parametres):
    return client.get(reverse("contrat_ville:exporter_dauphin", args=[annee]), parametres)


COMPLET = (
    "code;exercice;intitule;porteur;siret;famille;courriel;statut;thematique;quartiers;periode;frequence;date_debut;"
    "date_fin;date_demande;nombre_beneficiaires;description;poste;libelle_ligne;montant;financeur;demande;propose;accorde;verse;ej"
)


def test_what_is_exported_and_read_again_changes_nothing(connecte, agent, annee_2026):
    debut = (
        f"00012345-1;2026;Jardin ; =1+1;Les Jardins;{SIRET};Association;a@example.org;Transmise;;;PONCTUELLE;"
        "RENOUVELLEMENT;01/03/2026;31/12/2026;02/01/2026;120;Ensemble"
    ).replace("Jardin ; =1+1", '"Jardin ; =1+1"')
    lignes = [
        f"{debut};604;Achat;1 000,50;;;;;;",
        f"{debut};604;Achat bis;20;;;;;;",
        f"{debut};74epci;;800;Grenoble-Alpes Métropole;;700;600;100,10;2103",
        f"{debut};74com;;220,50;Ville de Fontaine;;;;;",
        f"{debut};864;Bénévoles;300;;;;;;",
        f"{debut};870;;300;;;;;;",
    ]
    importer("\n".join(lignes) + "\n", agent, entetes=COMPLET)
    projet = Projet.objects.get()
    LigneBudget.objects.filter(projet=projet, libelle="Achat bis").update(
        libelle="Achat", montant=Decimal("1000.50")
    )
    avant = projet.journal.count()

    for forme in ("csv", "xlsx"):
        octets = b"".join(exporter(connecte, forme=forme).streaming_content)
        choisi = actes_dauphin.ouvrir_import(envoi(octets, f"export.{forme}"), par=agent)
        assert len(choisi.relies) > 30
        actes_dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=None)
        tour.avancer_import(choisi.pk)
        dossier = DossierImporte.objects.get(import_dauphin=choisi)
        assert (dossier.sort, dossier.raison, dossier.ecarts) == (Sort.INCHANGE, "", [])
    assert projet.journal.count() == avant


def test_the_export_is_written_in_the_columns_of_a_file_that_came(connecte, agent, annee_2026):
    choisi = importer(DOSSIER, agent)

    lignes = lire(exporter(connecte, comme=choisi.pk))

    assert lignes[0] == ENTETES.split(";")
    assert [ligne[0] for ligne in lignes[1:]] == ["00012345-1"] * 3
    assert [ligne[6] for ligne in lignes[1:]] == ["1000,00", "800,00", "200,00"]


def test_a_formula_in_a_title_is_harmless_in_both_forms(connecte, annee_2026):
    ProjetFactory(programmation=annee_2026, titre="=HYPERLINK(1)")

    assert any("'=HYPERLINK(1)" in ligne for ligne in lire(exporter(connecte)))
    classeur = b"".join(exporter(connecte, forme="xlsx").streaming_content)
    feuille = CalamineWorkbook.from_filelike(io.BytesIO(classeur)).get_sheet_by_index(0).to_python()
    assert "=HYPERLINK(1)" in feuille[1]


def test_what_a_financer_decides_without_a_line_is_exported_too(connecte, annee_2026):
    projet = ProjetFactory(programmation=annee_2026)
    financement = projet.financements.get()
    projet.budget.all().delete()
    Financement.objects.filter(pk=financement.pk).update(accorde=Decimal(700))

    (ligne,) = lire(exporter(connecte))[1:]
    assert "700,00" in ligne
    assert financement.financeur.nom in ligne


def test_an_export_of_ten_projets_costs_that_of_one(connecte, annee_2026, django_assert_num_queries):
    ProjetFactory(programmation=annee_2026)
    lire(exporter(connecte))  # warm the caches of the process
    with CaptureQueriesContext(connection) as un:
        lire(exporter(connecte))
    for _ in range(9):
        ProjetFactory(programmation=annee_2026)
    with django_assert_num_queries(len(un)):
        assert len(lire(exporter(connecte))) == 31


def test_a_year_or_a_form_that_is_not_is_not_found(connecte, annee_2026):
    assert exporter(connecte, annee=2031).status_code == 404
    assert exporter(connecte, forme="pdf").status_code == 404


def test_the_report_of_ten_dossiers_costs_that_of_one(connecte, agent, annee_2026, django_assert_num_queries):
    un = examiner(DOSSIER, agent)
    connecte.get(un.get_absolute_url())
    with CaptureQueriesContext(connection) as compte:
        connecte.get(un.get_absolute_url())
    dix = examiner("".join(DOSSIER.replace("12345-1", f"12345-{n}") for n in range(10)), agent)
    with django_assert_num_queries(len(compte)):
        assert connecte.get(dix.get_absolute_url()).status_code == 200
    assert len(sorts(dix)) == 10
