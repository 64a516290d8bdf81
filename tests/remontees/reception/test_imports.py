"""Import of messages from a spreadsheet of any software: once each, with the reason of each refusal."""

import csv
import io
import time
from datetime import timedelta

import clevercsv
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.regles import tableaux
from remontees.models import Import, Reception, Remontee
from remontees.reception import arrivees, imports
from tests.socle.factories import commune

pytestmark = pytest.mark.django_db
TABLE = """Date;Auteur;Message;URL;Ville
05/11/2026;marmotte38;Le banc est cassé;https://reseau.example.org/1;Fontaine
06/11/2026;;"Deux lignes
d’un ; message";https://reseau.example.org/2;
"""


def envoi(texte, nom="export.csv", encodage="utf-8"):
    octets = texte if isinstance(texte, bytes) else texte.encode(encodage)
    return SimpleUploadedFile(nom, octets, "text/csv")


def importer(texte, agent, **relies):
    choisi = imports.ouvrir_import(envoi(texte), par=agent)
    imports.lancer_import(choisi.pk, relies=relies or choisi.relies)
    imports.importer(choisi.pk)
    choisi.refresh_from_db()
    return choisi


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_how_a_table_is_written_is_guessed(separateur, encodage):
    texte = f"Date{separateur}Texte\n05/11/2026{separateur}Déjà cassé\n06/11/2026{separateur}L’été\n"

    octets = texte.encode(encodage)
    forme = tableaux.lire_forme(octets)

    assert (forme.separateur, forme.entetes) == (separateur, ("Date", "Texte"))
    assert [ligne[1] for ligne in tableaux.lignes_de(octets, forme)] == ["Déjà cassé", "L’été"]


def test_a_rare_separator_is_guessed_from_little_text(monkeypatch):
    """Of 10,000 characters « 1.1.1 », guessing took seconds, in the request."""
    lus, deviner = [], clevercsv.Detector.detect
    monkeypatch.setattr(clevercsv.Detector, "detect", lambda soi, dit: lus.append(dit) or deviner(soi, dit))

    assert tableaux.separateur_de("Date:Texte\n" + "05-11-2026:Un banc cassé\n" * 2000) == ":"
    tableaux.separateur_de("1." * 20_000)

    assert max(map(len, lus)) <= 2_000


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"  \n", "est vide"),
        (b"PK\x03\x04", "pas un tableau CSV"),
        (b"a;b\n", "aucune ligne"),
        (b";;\n1;2;3", "nom des colonnes"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(agent, octets, dit):
    with pytest.raises(ErreurMetier, match=dit):
        imports.ouvrir_import(envoi(octets), par=agent)
    assert not Import.objects.exists()


def test_a_table_of_too_many_rows_or_too_heavy_says_how_to_cut_it(agent, settings):
    settings.TABLEAU_LIGNES_MAX = 3
    with pytest.raises(ErreurMetier, match=r"plus de 3 lignes, le maximum\. Partagez-le"):
        imports.ouvrir_import(envoi("texte\n" + "a\n" * 4), par=agent)

    settings.TABLEAU_OCTETS_MAX = 10
    with pytest.raises(ErreurMetier, match=r"le maximum est de .* Partagez-le"):
        imports.ouvrir_import(envoi("texte\n" + "a\n" * 4), par=agent)
    assert not Import.objects.exists()


def test_a_large_table_is_opened_by_the_worker_and_the_request_only_keeps_it(
    client, agent, settings, monkeypatch
):
    settings.TABLEAU_IMMEDIAT = 10
    client.force_login(agent)
    with monkeypatch.context() as requete:
        requete.setattr(imports, "lire_tableau", lambda octets: pytest.fail("read in the request"))
        page = client.post(reverse("remontees:imports"), {"fichier": envoi(TABLE)}, follow=True)
    choisi = Import.objects.get()
    assert choisi.etat == Import.Etat.A_LIRE
    assert "Le fichier est reçu" in page.content.decode()
    with pytest.raises(ErreurMetier, match="a déjà avancé"):
        imports.lancer_import(choisi.pk, relies={"verbatim": "Message"})

    imports.importer(choisi.pk)

    # The page that waited is drawn again whole.
    assert client.get(choisi.get_absolute_url(), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = client.get(choisi.get_absolute_url()).content.decode()
    assert "Relier les colonnes" in page
    assert "marmotte38" in page  # the first rows, kept by the worker
    client.post(choisi.get_absolute_url(), Import.objects.get().relies)
    imports.importer(choisi.pk)
    choisi.refresh_from_db()
    assert (choisi.etat, choisi.nouvelles, choisi.extrait) == (Import.Etat.FINI, 2, None)


def test_a_large_table_that_cannot_be_read_is_dropped_and_says_why(client, agent, settings):
    settings.TABLEAU_IMMEDIAT, settings.TABLEAU_LIGNES_MAX = 10, 3
    client.force_login(agent)
    choisi = imports.ouvrir_import(envoi("texte\n" + "a\n" * 4), par=agent)
    fichier = choisi.fichier.name

    imports.importer(choisi.pk)

    choisi.refresh_from_db()
    assert choisi.etat == Import.Etat.ECHEC
    assert "plus de 3 lignes, le maximum" in client.get(choisi.get_absolute_url()).content.decode().replace(
        "&nbsp;", " "
    ).replace("\xa0", " ")
    assert not choisi.fichier.storage.exists(fichier)


def test_from_the_file_to_the_remontees_by_the_pages(client, agent):
    client.force_login(agent)
    page = client.post(reverse("remontees:imports"), {"fichier": envoi(TABLE)}, follow=True)
    choisi = Import.objects.get()
    assert "marmotte38" in page.content.decode()
    assert choisi.relies == {
        "verbatim": "Message",
        "source": "URL",
        "entendue_le": "Date",
        "commune": "Ville",
        "nom": "Auteur",
    }

    client.post(choisi.get_absolute_url(), choisi.relies)
    imports.importer(choisi.pk)
    arrivees.recevoir_ce_qui_attend()

    assert "Nouvelles" in client.get(choisi.get_absolute_url()).content.decode()
    premiere = Remontee.objects.get(source="https://reseau.example.org/1")
    assert (premiere.canal, premiere.commune, premiere.auteur) == ("reseau", commune("Fontaine"), agent)
    assert premiere.entendue_le.isoformat() == "2026-11-05"
    assert premiere.rapporteur.nom == "marmotte38"
    assert (
        Remontee.objects.get(source="https://reseau.example.org/2").verbatim == "Deux lignes\nd’un ; message"
    )


def test_the_same_file_twice_doubles_nothing(agent):
    importer(TABLE, agent)
    encore = importer(TABLE + "05/11/2026;x;Le banc est cassé;https://reseau.example.org/1;\n", agent)

    assert (encore.nouvelles, encore.doublons) == (0, 3)
    assert Reception.objects.count() == 2


def test_columns_once_said_are_remembered_for_the_next_file(agent):
    importer("Quoi;Ou\nUn banc;là\n", agent, verbatim="Quoi", lieu="Ou")

    assert imports.ouvrir_import(envoi("Quoi;Ou\nUn autre;ici\n"), par=agent).relies == {
        "verbatim": "Quoi",
        "lieu": "Ou",
    }


def test_rows_refused_come_back_as_they_were_with_why(client, agent):
    demain = timezone.localdate() + timedelta(days=1)
    choisi = importer(
        "texte;date;commune;url\n"
        ";05/11/2026;;\n"
        f"À venir;{demain:%d/%m/%Y};;\n"
        "Date fausse;hier;;\n"
        "Ailleurs;;Lyon;\n"
        "Adresse;;;javascript:alert(1)\n"
        "=1+1;;Lyon;\n"
        "Bonne;2026-11-05T23:30:00Z;fontaine;\n",
        agent,
    )
    client.force_login(agent)

    reponse = client.get(reverse("remontees:rejets", args=[choisi.pk]))
    texte = b"".join(reponse.streaming_content).decode("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(texte), delimiter=";"))

    assert (choisi.nouvelles, choisi.rejetees) == (1, 6)
    assert lignes[0] == ["texte", "date", "commune", "url", "Ligne", "Pourquoi elle est refusée"]
    assert [ligne[4] for ligne in lignes[1:]] == ["2", "3", "4", "5", "6", "7"]
    assert [ligne[5].split(" :")[0] for ligne in lignes[1:]] == [
        "Le texte du message est vide.",
        "La date est à venir",
        "La date ne se lit pas",
        "Commune inconnue",
        "L’adresse du message doit commencer par https://",
        "Commune inconnue",
    ]
    assert not lignes[6][0].startswith("="), "A spreadsheet runs nothing of it."
    assert Reception.objects.get().charge["entendue_le"] == "2026-11-06", "A day is one of Paris."


def test_a_column_chosen_twice_or_no_text_is_refused(agent):
    choisi = imports.ouvrir_import(envoi(TABLE), par=agent)

    with pytest.raises(ErreurMetier, match="deux fois"):
        imports.lancer_import(choisi.pk, relies={"verbatim": "Message", "titre": "Message"})
    with pytest.raises(ErreurMetier, match="texte du message"):
        imports.lancer_import(choisi.pk, relies={"titre": "Message"})


def test_an_import_is_started_once(agent):
    choisi = imports.ouvrir_import(envoi(TABLE), par=agent)
    imports.lancer_import(choisi.pk, relies=choisi.relies)

    with pytest.raises(ActeInterdit):
        imports.lancer_import(choisi.pk, relies=choisi.relies)


def test_a_worker_killed_in_the_middle_is_taken_up_where_it_was(agent, monkeypatch):
    monkeypatch.setattr(imports, "PAQUET", 2)
    choisi = imports.ouvrir_import(envoi("texte\n" + "".join(f"Message {n}\n" for n in range(5))), par=agent)
    imports.lancer_import(choisi.pk, relies=choisi.relies)
    imports._un_paquet(choisi.pk)
    choisi.refresh_from_db()
    assert (choisi.lues, choisi.pour_cent) == (2, 40)

    imports.importer(choisi.pk)

    choisi.refresh_from_db()
    assert (choisi.etat, choisi.nouvelles, Reception.objects.count()) == ("fini", 5, 5)


def test_ten_thousand_posts_are_received_under_a_minute(agent):
    table = "texte;url\n" + "".join(
        f"Le lampadaire numéro {n} est éteint.;https://reseau.example.org/{n}\n" for n in range(10_000)
    )

    debut = time.process_time()
    choisi = importer(table, agent)

    assert choisi.nouvelles == 10_000
    assert time.process_time() - debut < 60


def test_the_columns_that_bear_the_names_of_our_fields_are_all_known():
    assert imports.deviner(list(imports.CHAMPS.values())) == dict(imports.CHAMPS)
