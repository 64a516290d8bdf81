"""Volunteers of a draw: tables read in part, long ones by a worker, registrations poured, quotas written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from participation.socle.actions import imports as lus
from participation.socle.erreurs import ErreurMetier
from participation.tirage.selection import controle
from participation.tirage.tasks import controler
from participation.tirage.volontaires import actes as volontaires
from participation.tirage.volontaires.versement import Inscrit, verser
from tests.greffons.guichet import Guichet
from tests.tirage.mene import lisible, tableau


def test_rows_that_cannot_be_read_stay_apart_with_the_reason_and_the_others_enter(connecte, poster, prepare):
    texte = "nom;courriel;genre;age\nUne;une@exemple.org;F;16-39\nDeux;deux@;H;16-39\nTrois;;F;vieux\n;;F;16-39\n\n"

    poster("importer_volontaires", fichier=SimpleUploadedFile("t.csv", texte.encode()))

    assert [p.nom for p in prepare.volontaires.all()] == ["Une"]
    choisi = prepare.imports.get()
    assert "3 lignes refusées" in lisible(connecte.get(f"/tirages/{prepare.pk}/"))
    reponse = connecte.get(f"/tirages/imports/{choisi.pk}/lignes-refusees.csv")
    refuses = b"".join(reponse.streaming_content).decode()
    assert "Trois;;F;vieux;4;" in refuses
    assert "« deux@ » n’est pas une adresse" in refuses
    assert "manque un nom" in refuses


def test_a_table_of_which_nothing_can_be_read_is_refused_and_leaves_nothing(poster, prepare):
    dit = poster(
        "importer_volontaires", refuse=True, fichier=SimpleUploadedFile("t.csv", b"nom;genre;age\n;F;16-39\n")
    )

    assert "Ligne 2 : il manque un nom" in dit
    assert not prepare.imports.exists()


def test_a_long_table_is_read_by_a_worker_that_another_takes_up(
    connecte, poster, prepare, settings, monkeypatch
):
    settings.TABLEAU_IMMEDIAT = 10
    monkeypatch.setattr(lus, "LOT", 15)
    poster("importer_volontaires", fichier=tableau(40))
    choisi = prepare.imports.get()
    assert not prepare.volontaires.exists()
    assert "déjà en cours" in poster("importer_volontaires", refuse=True, fichier=tableau(40))
    assert "en cours de lecture" in poster("figer", refuse=True)

    recevoir = volontaires._Lecteur.recevoir

    def mourir(lecteur, lot):
        if lecteur.choisi.lues:
            raise KeyboardInterrupt
        recevoir(lecteur, lot)

    monkeypatch.setattr(volontaires._Lecteur, "recevoir", mourir)
    with pytest.raises(KeyboardInterrupt):
        lus.lire_import(choisi._meta.label_lower, choisi.pk)
    assert prepare.volontaires.count() == 15
    monkeypatch.setattr(volontaires._Lecteur, "recevoir", recevoir)
    for _ in range(2):
        lus.lire_import(choisi._meta.label_lower, choisi.pk)

    assert prepare.volontaires.count() == 40
    assert prepare.imports.get().etat == "fini"
    assert "40 volontaires importés" in lisible(connecte.get(f"/tirages/{prepare.pk}/"))


def test_the_last_table_is_cancelled_with_whom_it_brought_and_a_reading_stops(
    connecte, poster, prepare, settings, django_capture_on_commit_callbacks
):
    poster("ajouter_volontaire", nom="Seule", categorie_0="F", categorie_1="16-39")
    assert "déjà dans la liste" in poster(
        "ajouter_volontaire", refuse=True, nom="Seule", categorie_0="F", categorie_1="16-39"
    )
    poster("importer_volontaires", fichier=tableau(4))
    settings.TABLEAU_IMMEDIAT = 10
    poster("importer_volontaires", fichier=tableau(40))
    attendu = prepare.imports.first()

    with django_capture_on_commit_callbacks(execute=True):
        poster("annuler_volontaires")
    lus.lire_import(attendu._meta.label_lower, attendu.pk)
    assert not attendu.fichier.storage.exists(attendu.fichier.name)
    assert prepare.volontaires.count() == 5

    assert "4 personnes quittent la liste" in lisible(
        connecte.get(f"/tirages/{prepare.pk}/annuler-volontaires/")
    )
    poster("annuler_volontaires")
    assert [p.nom for p in prepare.volontaires.all()] == ["Seule"]
    assert prepare.journal.first().fait == "Tableau de volontaires annulé, 4 personnes retirées"
    assert "Aucun tableau" in poster("annuler_volontaires", refuse=True)


def test_a_long_check_of_the_quotas_is_left_to_a_worker(connecte, poster, prepare, monkeypatch):
    poster("importer_volontaires", fichier=tableau())
    monkeypatch.setattr(controle, "SECONDES_D_UNE_PAGE", 0.0)
    assert "il se fait à part" in poster("figer", refuse=True)
    assert "il se fait à part" in lisible(connecte.get(f"/tirages/{prepare.pk}/assouplir-quotas/"))

    poster("controler_quotas")
    controler(prepare.pk)

    page = lisible(connecte.get(f"/tirages/{prepare.pk}/"))
    assert "un panel tient tous les quotas" in page
    assert f'<a href="/tirages/{prepare.pk}/figer/">figez la liste</a>' in page
    poster("figer")


def test_registrations_poured_twice_follow_what_they_became_and_are_found_again_after_the_draw(
    agent, poster, prepare
):
    def inscrits(combien, **autre):
        return [
            Inscrit(
                f"panels.inscription:{n}",
                {"Genre": "FH"[n % 2], "Âge": "16-39" if n % 4 < 2 else "40 ET plus"} | autre,
            )
            for n in range(combien)
        ]

    poster("importer_volontaires", fichier=tableau(4))
    with pytest.raises(ErreurMetier, match="Âge : « vieux » n’est dans aucun quota"):
        verser(prepare, inscrits(3, Âge="vieux"), par=agent)
    verser(prepare, inscrits(30), par=agent)
    assert verser(prepare, inscrits(20), par=agent) == 20
    assert prepare.volontaires.count() == 24


def test_a_table_that_lacks_a_category_is_refused(poster, prepare):
    dit = poster(
        "importer_volontaires", refuse=True, fichier=SimpleUploadedFile("t.csv", b"nom;genre\nUne;F\n")
    )
    assert "« Âge »" in dit


def test_the_same_table_twice_adds_nobody(poster, prepare):
    poster("importer_volontaires", fichier=tableau())
    dit = poster("importer_volontaires", refuse=True, fichier=tableau())
    assert "déjà dans la liste" in dit
    assert prepare.volontaires.count() == 40


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("Genre ; F ; 1", "écrivez « catégorie ; valeur ; minimum ; maximum »"),
        ("Genre ; F ; 3 ; 1", "dépasse le maximum"),
        ("Genre ; F ; un ; 2", "nombres entiers"),
        ("Genre ; F ; 1 ; 2\nGenre ; F ; 1 ; 2", "déjà écrit plus haut"),
        (" ; F ; 1 ; 2", "ne peuvent pas être vides"),
        ("Genre ; F ; ; ; 120", "un nombre de 0 à 100"),
        ("Genre ; F ; ; ; 52", "Dites qui a compté ces parts"),
    ],
)
def test_quotas_that_cannot_be_read_are_refused_line_by_line(poster, prepare, texte, phrase):
    assert phrase in poster("regler_quotas", refuse=True, quotas=texte)
    assert prepare.quotas.count() == 4


def test_one_volunteer_is_added_by_hand_and_a_rule_in_preparation_is_written_again(agent, prepare):
    guichet, page = Guichet(agent, en_hate=True), reverse("tirage:ajouter_volontaire", args=[prepare.pk])
    guichet.valider(page, nom="Une")
    assert "Choisissez : Genre." in guichet.dit
    guichet.valider(categorie_0="F", categorie_1="16-39", courriel="une@example.org")
    (une,) = prepare.volontaires.all()
    assert (une.nom, une.courriel, une.profil) == ("Une", "une@example.org", {"Genre": "F", "Âge": "16-39"})

    guichet.valider(
        reverse("tirage:modifier_tirage", args=[prepare.pk]), titre="Panel de l’eau", lieu="Salle 4"
    )
    prepare.refresh_from_db()
    assert (prepare.titre, prepare.lieu) == ("Panel de l’eau", "Salle 4")
