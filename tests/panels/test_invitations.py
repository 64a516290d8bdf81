"""Invitations by post: the table of addresses, the letters by lots, the paper forms that come back."""

import html
import re
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from participation.panels.inscriptions import actes as inscriptions
from participation.panels.inscriptions.regles import comparer
from participation.panels.invitations import actes, imports
from participation.panels.models import PageInscription
from participation.panels.preparation.lectures import qui_manque
from participation.socle.actions import imports as lus
from participation.socle.actions import tournees
from participation.socle.actions.courriers import poster_impression
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courrier, Impression
from tests.outils import jour, pdf_rapides
from tests.panels.factories import PanelFactory
from tests.socle.factories import CompteFactory
from tests.tirage.mene import lisible

TABLE = """Nom usuel;Prénom;Voie;CP;Ville;Secteur
Essai;Alma;3 rue des Essais;38000;Grenoble;QPV
;;3, RUE DES ESSAIS;38000;Grenoble;QPV
Modèle;Hugo;;38000;Grenoble;
Fictif;Awa;5 place d’Exemple;3800;Grenoble;
Inventé;Malik;7 place d’Exemple;38130;Échirolles;Ailleurs
"""


@pytest.fixture
def panel():
    return PanelFactory(avec_tirage=True)


def importer(panel, agent, **colonnes):
    table = SimpleUploadedFile("a.csv", TABLE.encode())
    return imports.importer_adresses(panel, par=agent, fichier=table, colonnes=colonnes)


def test_a_table_of_addresses_keeps_the_names_of_its_columns_and_gives_back_what_it_refuses(
    agent, connecte, panel
):
    with pytest.raises(ValidationError, match="Ce tableau n’a pas de colonne « Patronyme »"):
        importer(panel, agent, nom="Patronyme")
    sans = SimpleUploadedFile("a.csv", b"Voie postale;Nom\n3 rue des Essais;Alma\n")
    with pytest.raises(ValidationError, match="Ce tableau a : Voie postale, Nom"):
        imports.importer_adresses(panel, par=agent, fichier=sans)

    fait = importer(panel, agent, nom="Nom usuel")
    assert (fait.ajoutees, fait.doublons, fait.refusees) == (2, 1, 2)

    assert [a.lignes for a in panel.adresses.order_by("pk")] == [
        "Alma Essai\n3 rue des Essais\n38000 Grenoble", "Malik Inventé\n7 place d’Exemple\n38130 Échirolles",
    ]  # fmt: skip
    refusees = b"".join(connecte.get(f"/panels/{panel.pk}/adresses-refusees.csv").streaming_content).decode()
    assert refusees.split("\r\n")[0].endswith(
        "Nom usuel;Prénom;Voie;CP;Ville;Secteur;Ligne;Pourquoi elle est refusée"
    )
    assert "Modèle;Hugo;;38000;Grenoble;;4;pas d’adresse" in refusees
    assert "3800;Grenoble;;5;le code postal n’a pas cinq chiffres" in refusees
    assert 'value="Nom usuel"' in connecte.get(f"/panels/{panel.pk}/importer-adresses/").content.decode()


def test_phone_numbers_are_drawn_for_who_calls_and_written_again_the_same(connecte, panel):
    adresse, liste = f"/panels/{panel.pk}/tirer-numeros/", f"/panels/{panel.pk}/numeros.csv"
    assert connecte.get(liste).status_code == 404
    for dit, phrase in (
        ("06 12 34 ; 5", "trop peu de « x »"),
        ("06 xx xx xx xx", "écrivez «"),
        (";" * 9, "écrivez «"),
    ):
        assert phrase in lisible(connecte.post(adresse, {"tranches": dit}))
    connecte.post(adresse, {"tranches": "06 12 xx xx xx ; 40\n04 76 0x 00 xx ; 20"})

    lue, relue = (b"".join(connecte.get(liste).streaming_content).decode() for _ in range(2))
    assert lue == relue
    numeros = lue.split()[1:]
    assert len(set(numeros)) == len(numeros) == 60
    assert all(re.fullmatch(r"0612\d{6}", numero) for numero in numeros[:40])


def test_a_long_table_is_read_by_a_worker_another_takes_it_up_and_an_agent_takes_it_back(
    agent, connecte, panel, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.TABLEAU_IMMEDIAT = 10
    monkeypatch.setattr(lus, "LOT", 2)
    with pytest.raises(ValidationError, match="Patronyme"):
        importer(panel, agent, nom="Patronyme")
    pris = importer(panel, agent)
    page = connecte.get(f"/panels/{panel.pk}/").content.decode()
    assert "Le site lit" in page
    with pytest.raises(ErreurMetier, match="en cours de lecture"):
        importer(panel, agent)
    assert "en cours de lecture" in str(panel.manques("imprimer_invitations", agent))

    recevoir = imports._Lecteur.recevoir

    def mourir(lecteur, lot):
        recevoir(lecteur, lot)
        if lecteur.choisi.lues:
            raise KeyboardInterrupt

    monkeypatch.setattr(imports._Lecteur, "recevoir", mourir)
    with pytest.raises(KeyboardInterrupt):
        lus.lire_import("panels.importdadresses", pris.pk)
    assert panel.adresses.count() == 1
    monkeypatch.setattr(imports._Lecteur, "recevoir", recevoir)
    monkeypatch.setattr(lus, "confier", lambda _, *quoi, priorite: lus.lire_import(*quoi))
    lus.reprendre_imports()
    pris.refresh_from_db()
    assert (pris.etat, pris.lues, pris.ajoutees, pris.doublons, pris.refusees) == ("fini", 5, 2, 1, 2)

    lettre = Courrier.objects.create(dossier=panel, lettre="panels/invitation", objet="Lettre")
    panel.adresses.filter(strate="QPV").update(courrier=lettre)
    imports.annuler_adresses(panel, par=agent)
    assert [adresse.strate for adresse in panel.adresses.all()] == ["QPV"]
    assert not panel.refus_adresses.exists()

    def annuler_avant_le_second_lot(choisi):
        if choisi.lues == 2 and panel.imports_adresses.filter(etat="en_cours").exists():
            imports.annuler_adresses(panel, par=agent)
        return verrouiller(choisi)

    verrouiller = imports.LECTURE.verrouiller
    arretee = replace(imports.LECTURE, verrouiller=annuler_avant_le_second_lot)
    monkeypatch.setattr(imports, "LECTURE", arretee)
    monkeypatch.setattr(lus, "confier", lambda *_, **__: None)
    coupe = importer(panel, agent)
    with django_capture_on_commit_callbacks(execute=True):
        lus.lire_import("panels.importdadresses", coupe.pk)
    assert panel.adresses.count() == 1
    assert not coupe.fichier.storage.exists(coupe.fichier.name)
    assert panel.imports_adresses.get(pk=coupe.pk).etat == "annule"


def test_each_address_gets_one_letter_and_a_lot_is_posted_with_the_other_courriers(
    agent, connecte, panel, monkeypatch
):
    importer(panel, agent)
    sans = PageInscription.objects.create(
        panel=panel, langue="en", nom_langue="English", titre="T", introduction="I"
    )
    assert "Écrivez la lettre" in str(panel.manques("imprimer_invitations", agent))
    page = PageInscription.objects.create(
        panel=panel, langue="fr", nom_langue="français", titre="Venez", introduction="Ici", lettre="Vous êtes tirés au sort."
    )  # fmt: skip
    monkeypatch.setattr(actes, "LOT", 1)
    with pytest.raises(ValidationError, match="n’a pas de lettre"):
        actes.imprimer_invitations(panel, par=agent, page=sans, combien=1)
    with pytest.raises(ValidationError, match="1 adresse attend"):
        actes.imprimer_invitations(panel, par=agent, page=page, combien=2, strate="QPV")

    tournee = actes.imprimer_invitations(panel, par=agent, page=page, combien=2)
    assert "Les lettres se préparent" in connecte.get(f"/panels/{panel.pk}/").content.decode()
    tournees.poursuivre(tournee.pk)

    lots = list(Courrier.objects.filter(dossier=panel, lettre="panels/invitation").order_by("pk"))
    assert [lot.document.donnees["destinataires"] for lot in lots] == [
        [["Alma", "3 rue des Essais", "38000 Grenoble"]], [["Malik", "7 place d’Exemple", "38130 Échirolles"]],
    ]  # fmt: skip
    pdf_rapides(monkeypatch)
    assert fabriquer_document(lots[0].document.pk)
    assert "Aucune adresse n’attend" in str(panel.manques("imprimer_invitations", agent))
    assert "1&nbsp;courrier à poster" in connecte.get("/courriers/").content.decode()
    assert (
        poster_impression(Impression.objects.get(pk=lots[0].impression_id), par=agent, date_postee=jour(0))[0]
        == 1
    )
    assert panel.adresses.filter(courrier__date_postee=jour(0)).count() == 1


REPONSES = {
    "prenom": "Alma", "nom": "Essai", "telephone": "06 00 00 00 00", "courriel": "", "adresse": "3 rue des Essais",
    "categorie_0": "F", "est_eligible": "oui", "peut_venir": "oui",
}  # fmt: skip


def test_a_paper_form_is_drawn_once_another_person_typed_it_and_judged_what_differs(agent, client, panel):
    PageInscription.objects.create(
        panel=panel, langue="fr", nom_langue="français", titre="T", introduction="I"
    )
    inscriptions.ouvrir_inscriptions(panel, par=agent)
    inscription = inscriptions.inscrire(
        panel, par=agent, canal="papier", prenom="Alma", nom="Essai", telephone="06 00 00 00 01",
        adresse="3 rue des essais", profil={"Genre": "F"},
    )  # fmt: skip
    assert not panel.inscriptions.tirables().exists()
    assert [ligne.inscrits for ligne in qui_manque(panel)] == [1]
    assert "seconde saisie" in str(panel.manques("verser_au_tirage", agent))
    adresse = f"/panels/inscriptions/{inscription.pk}/ressaisir/"
    client.force_login(agent)
    assert "un collègue fait la seconde" in client.get(adresse).content.decode()
    assert client.post(adresse, REPONSES).status_code == 200
    assert "Saisir une seconde fois" not in client.get("/journee/").content.decode()
    client.force_login(CompteFactory(agent=True))
    assert "Saisir une seconde fois" in client.get("/journee/").content.decode()

    refusee = html.unescape(client.post(adresse, REPONSES).content.decode())
    assert "La première saisie dit" in refusee
    assert "06 00 00 00 01" in refusee
    assert client.post(adresse, {**REPONSES, "garde": "on"}).status_code == 302

    inscription.refresh_from_db()
    assert inscription.telephone == "06 00 00 00 00"
    assert inscription in panel.inscriptions.tirables()


def test_case_and_accents_are_no_difference_between_two_entries():
    assert comparer(
        {"nom": "Éléonore  B", "peut_venir": True}, {"nom": "eleonore b", "peut_venir": False}
    ) == [("peut_venir", "oui")]
