"""Reading of a Dauphin file: columns, porteurs, statuses, financers, payments, refused rows."""

import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from django.urls import reverse

from contrat_ville.dauphin import actes as actes_dauphin
from contrat_ville.dauphin import tour
from contrat_ville.dauphin.lectures import disparus
from contrat_ville.depot import equipe
from contrat_ville.depot.brouillon import enregistrer_brouillon
from contrat_ville.instruction.actes import classer_projet
from contrat_ville.instruction.echanges import completer, demander_complement
from contrat_ville.models import (
    Axe,
    ColonnesDauphin,
    CorrespondanceDauphin,
    DossierImporte,
    ImportDauphin,
    LigneImportee,
    Partenaire,
    Porteur,
    Projet,
)
from contrat_ville.workflow import Etat
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Quartier
from participation.socle.regles import classeur
from tests.contrat_ville.dauphin.monde import (
    DOSSIER,
    ENTETES,
    SIRET,
    Sort,
    appliquer,
    envoi,
    examiner,
    importer,
)
from tests.contrat_ville.factories import PorteurFactory
from tests.greffons.guichet import Guichet
from tests.outils import jour
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_a_row_refused_says_why_and_the_others_go_on(agent, annee_2026):
    refus = {
        ";Sans numéro;X;;Transmise;;;;": "La référence du dossier est vide.",
        "ABC;Titre;X;;Transmise;;;;": "n’est pas celle d’une action",
        "00000001-1;;X;;Transmise;;;;": "L’intitulé du projet est vide.",
        "00000002-1;Titre;;;Transmise;;;;": "Le porteur n’est pas dit.",
        "00000003-1;Titre;X;;Transmise;604;1,005;;": "s’arrête aux centimes",
        "00000004-1;Titre;X;;Transmise;604;-3;;": "négatif",
        "00000005-1;Titre;X;;Transmise;604;1000000000000;;": "trop grand",
        "00000006-1;Titre;X;;En cours de saisie;;;;": "Pas encore déposé",
    }
    choisi = importer(DOSSIER + "\n".join(refus) + "\n", agent)

    refusees = LigneImportee.objects.filter(import_dauphin=choisi, numero__gte=5).order_by("numero")
    assert [ligne.valeurs for ligne in refusees] == [ligne.split(";") for ligne in refus]
    for refusee, dit in zip(refusees, refus.values(), strict=True):
        assert dit in refusee.raison
    assert Projet.objects.count() == 1


def test_a_year_without_programmation_is_refused_with_what_to_do(agent, annee_2026):
    choisi = examiner(DOSSIER, agent, exercice=2031)
    assert (
        DossierImporte.objects.get(import_dauphin=choisi).raison
        == "Aucune programmation 2031 : préparez-la d’abord."
    )


def test_every_row_of_the_file_is_in_a_dossier_or_has_its_reason(agent, annee_2026):
    lignes = DOSSIER + ";;;;;;;;\nABC;a;b;;;;;;\n00000009-1;Autre;Y;;Transmise;Divers;5;;\n"
    choisi = importer(lignes, agent)

    for ligne in LigneImportee.objects.filter(import_dauphin=choisi):
        assert bool(ligne.raison) != bool(ligne.dossier_id and ligne.dossier.projet_id)
    assert LigneImportee.objects.filter(import_dauphin=choisi).count() == 5  # the empty row is not counted


def test_a_holder_without_siret_is_known_by_its_name_and_one_with_another_siret_is_another(agent, annee_2026):
    connu = PorteurFactory(nom="LES JARDINS", siret=None)
    autre = DOSSIER.replace("00012345-1", "00000002-1").replace(SIRET, "00555004100007")
    importer(DOSSIER.replace(SIRET, ""), agent)
    assert Projet.objects.get().porte_par == connu

    importer(DOSSIER.replace("00012345-1", "00000003-1"), agent)
    connu.refresh_from_db()
    assert connu.siret == SIRET  # completed by a later file

    importer(autre, agent)
    assert Porteur.objects.filter(nom__iexact="les jardins").count() == 2


def test_a_siret_lost_by_a_spreadsheet_is_said_and_its_holder_kept(agent, annee_2026):
    choisi = importer(DOSSIER.replace(SIRET, "2,00041E+13"), agent)
    assert "SIRET perdu par un tableur" in " ".join(
        DossierImporte.objects.get(import_dauphin=choisi).remarques
    )
    assert Projet.objects.get().porte_par.siret is None


def test_the_status_of_dauphin_gives_the_first_etat(agent, annee_2026):
    attendus = {
        "Non recevable": (Etat.IRRECEVABLE, True),
        "Rejetée": (Etat.REFUSE, True),
        "Votée": (Etat.RETENU, False),
        "A justifier": (Etat.BILAN_ATTENDU, True),
        "Cloturée": (Etat.CLOS, True),
        "Quelque chose de neuf": (Etat.DEPOSE, False),
    }
    lignes = (
        DOSSIER.replace("Transmise", statut).replace("12345-1", f"12345-{rang}")
        for rang, statut in enumerate(attendus)
    )
    importer("".join(lignes), agent)

    assert {
        projet.action_dauphin.statut: (projet.etat, projet.notifie_le is not None)
        for projet in Projet.objects.all()
    } == attendus


def test_words_that_are_none_of_here_wait_until_an_agent_says_them_for_the_year(agent, annee_2026):
    metropole = Partenaire.objects.get(sous_poste="74epci")
    axe, quartier = (
        Axe.objects.create(contrat=annee_2026.contrat, nom="Lien social"),
        Quartier.objects.first(),
    )
    lignes = "".join(
        f"{ligne};Culture;{quartier.nom.upper()} | Quartier de Lune\n"
        for ligne in DOSSIER.replace("Grenoble-Alpes Métropole", "CC du Grésivaudan")
        .replace(";200;;", ";200;Fondation Exemple;150")
        .splitlines()
    )
    choisi = examiner(lignes, agent, entetes=f"{ENTETES};Thématique;Quartiers")
    dossier = DossierImporte.objects.get(import_dauphin=choisi)
    assert dossier.sort == Sort.REJETE
    for mot in ("CC du Grésivaudan", "Fondation Exemple", "Culture", "Quartier de Lune"):
        assert mot in dossier.raison
    assert not Partenaire.objects.filter(nom="Fondation Exemple").exists()

    guichet, dits = Guichet(agent, en_hate=True), {}
    guichet.aller(reverse("contrat_ville:correspondances_dauphin", args=[choisi.pk]))
    for mot, ici in (
        ("CC du Grésivaudan", str(metropole)),
        ("Fondation Exemple", "Un nouveau financeur, à ajouter à la liste"),
        ("Culture", str(axe)),
        ("Quartier de Lune", "Rien de ce contrat"),
    ):
        (numero,) = guichet.main.xpath(f".//label[contains(., '{mot}')]/@for[starts-with(., 'id_mot_')]")
        (dits[numero.removeprefix("id_")],) = guichet.main.xpath(
            f".//select[@id='{numero}']//option[contains(., \"{ici}\")]/@value"
        )
    (culture,) = guichet.main.xpath(".//input[starts-with(@name, 'aussi_')][@value='culture']")
    culture.checked = True
    guichet.valider(**dits)
    assert str(CorrespondanceDauphin.objects.get(mot="Culture")) == "« Culture » : Lien social, culture"
    tour.avancer_import(choisi.pk)
    appliquer(choisi)

    projet = Projet.objects.get()
    assert projet.financements.get(financeur=metropole).demande == Decimal(800)
    assert projet.financements.get(financeur__nom="Fondation Exemple").accorde == Decimal(150)
    assert (projet.axe, projet.est_culture, list(projet.quartiers.all())) == (axe, True, [quartier])
    assert not LigneImportee.objects.filter(import_dauphin=choisi).exclude(raison="").exists()


def test_a_projet_that_vanished_from_the_next_file_is_listed(client, agent, annee_2026):
    importer(DOSSIER, agent)
    disparu = Projet.objects.get()
    suivant = examiner(DOSSIER.replace("00012345-1", "00012346-1"), agent)
    client.force_login(agent)
    assert disparus(suivant) == [disparu]
    assert disparu.get_absolute_url() in client.get(suivant.get_absolute_url()).content.decode()


def test_the_rows_of_the_payer_are_shared_between_the_actions_of_its_dossier(agent, annee_2026):
    deux = "".join(
        DOSSIER.replace("00012345-1", f"00012345-{n}").replace("Métropole;", f"Métropole;{accorde}")
        for n, accorde in ((1, "600"), (2, "300"))
    )
    importer(deux, agent)

    choisi = importer(
        "00012345;2104;Grenoble-Alpes Métropole;450,01\n",
        agent,
        entetes="Référence administrative;ej;Financeur;Montant versé",
    )

    dossier = DossierImporte.objects.get(import_dauphin=choisi)
    verses = {p.numero_dauphin: p.financements.get().verse for p in Projet.objects.all()}
    assert dossier.sort == Sort.MODIFIE
    assert verses == {"00012345-1": Decimal("300.01"), "00012345-2": Decimal("150.00")}
    assert {p.financements.get().ej for p in Projet.objects.all()} == {"2104"}


def test_more_paid_than_granted_is_refused_before_the_database_does(agent, annee_2026):
    importer(DOSSIER.replace("Métropole;", "Métropole;500"), agent)
    choisi = examiner(
        "00012345-1;Grenoble-Alpes Métropole;501\n",
        agent,
        entetes="Référence administrative;Financeur;Montant versé",
    )
    assert "dépasse le montant voté" in DossierImporte.objects.get(import_dauphin=choisi).raison


def test_an_engagement_that_changes_with_the_year_is_an_update_like_another(agent, annee_2026):
    entetes = f"{ENTETES};ej"
    importer(DOSSIER.replace("Métropole;", "Métropole;;2103"), agent, entetes=entetes)
    encore = importer(DOSSIER.replace("Métropole;", "Métropole;;2999"), agent, entetes=entetes)

    (ecart,) = DossierImporte.objects.get(import_dauphin=encore).ecarts
    assert (ecart["avant"], ecart["apres"]) == ("2103", "2999")


def test_columns_once_said_are_remembered_and_a_mapping_without_reference_is_refused(agent, annee_2026):
    choisi = actes_dauphin.ouvrir_import(envoi("Quoi;Nom\n00000001;Jardin\n"), par=agent)
    with pytest.raises(ErreurMetier, match="référence administrative"):
        actes_dauphin.relier_colonnes(choisi.pk, relies={"intitule": "Nom"}, exercice=2026)
    actes_dauphin.relier_colonnes(choisi.pk, relies={"code": "Quoi", "intitule": "Nom"}, exercice=2026)

    encore = actes_dauphin.ouvrir_import(envoi("Quoi;Nom\n00000002;Four\n"), par=agent)
    assert encore.relies == {"code": "Quoi", "intitule": "Nom"}
    assert ColonnesDauphin.objects.count() == 1


def test_a_workbook_is_read_as_the_same_table(agent, annee_2026):
    memoire = io.BytesIO()
    with xlsxwriter.Workbook(memoire) as livre:
        feuille = livre.add_worksheet()
        for rang, ligne in enumerate([ENTETES, *DOSSIER.splitlines()]):
            for colonne, valeur in enumerate(ligne.split(";")):
                nombre = colonne in {3, 6} and valeur.isdigit()
                feuille.write(rang, colonne, float(valeur) if nombre else valeur)

    importer(memoire.getvalue(), agent)

    assert Projet.objects.get().porte_par.siret == SIRET


def test_a_small_workbook_fills_neither_memory_nor_disk_nor_a_minute(monkeypatch):
    """Attacks: 42 KB of one text shown by every cell took 1.3 GB in the worker; two distant cells, a minute of a page."""
    monkeypatch.setattr(classeur, "SORTIE_MAX", 1_000_000)
    texte = "a" * 32_000
    sortie = io.StringIO()

    assert classeur.ecrire([[texte] * 10] * 1000, sortie) == classeur.TROP_LOURD
    assert sortie.tell() < 1_500_000
    assert classeur.ecrire([[texte]], io.StringIO()) == 0

    monkeypatch.setattr(classeur, "CREUSES_MAX", 1000)
    memoire = io.BytesIO()
    with xlsxwriter.Workbook(memoire) as livre:
        livre.add_worksheet().write(1000, 199, "loin")
        livre.get_worksheet_by_name("Sheet1").write(0, 0, "nom")
    with pytest.raises(MemoryError):
        classeur.lire(memoire.getvalue(), 10)


def test_a_cell_holds_no_character_that_the_database_refuses():
    """« _x0000_ » in a workbook: the request that read it was a 500, the worker began again without end."""
    sortie = io.StringIO()
    classeur.ecrire([["3 rue\0 des Essais"]], sortie)
    assert sortie.getvalue() == '["3 rue des Essais"]\n'


def test_a_formula_whose_result_is_not_in_the_file_is_refused_with_what_to_do(agent):
    octets, sans_valeur = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(octets) as ecrit:
        ecrit.add_worksheet().write_formula("A1", "=1+1", value=2)
    with zipfile.ZipFile(octets) as lu, zipfile.ZipFile(sans_valeur, "w") as refait:
        for nom in lu.namelist():
            refait.writestr(nom, lu.read(nom).replace(b"<v>2</v>", b""))
    assert not classeur.a_des_formules_sans_valeur(octets.getvalue())
    with pytest.raises(ErreurMetier, match="formules sans leur résultat"):
        actes_dauphin.ouvrir_import(envoi(sans_valeur.getvalue(), "a.xlsx"), par=agent)


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "vide"),
        (b"%PDF-1.7", "ni un tableau CSV ni un classeur"),
        (b"PK\x03\x04", "ne s’ouvre pas"),
        (b"a;b\n", "aucune ligne"),
        (b"A;B;C\n1;2;3\n4;5", "arrivé coupé"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(agent, octets, dit):
    with pytest.raises(ErreurMetier, match=dit):
        actes_dauphin.ouvrir_import(envoi(octets), par=agent)
    assert not ImportDauphin.objects.exists()


def test_an_imported_projet_is_classed_given_a_team_and_completed(agent, annee_2026):
    importer(DOSSIER, agent)
    projet, porteuse = Projet.objects.get(), CompteFactory()
    axe, quartier = (
        Axe.objects.create(contrat=annee_2026.contrat, nom="Lien social"),
        Quartier.objects.first(),
    )
    classer_projet(
        projet,
        par=agent,
        axe=axe,
        objectif=None,
        quartiers=[quartier],
        est_culture=True,
        est_participation=False,
    )
    with pytest.raises(ErreurMetier, match="Ouvrir l’espace du porteur"):
        demander_complement(projet, par=agent, texte="Quand ?", date_limite=jour(9))

    equipier = equipe.ouvrir_equipe(projet, par=agent, courriel=porteuse.courriel)
    assert (
        "Le service qui suit ce projet" in Courriel.objects.get(acte="contrat_ville/inviter_equipier").corps
    )
    equipe.rejoindre_equipe(equipier, par=porteuse)
    demander_complement(projet, par=agent, texte="Quand ?", date_limite=jour(9))
    enregistrer_brouillon(projet, par=porteuse, objet="En mai.")
    completer(projet, par=porteuse, reponse="En mai.")

    projet.refresh_from_db()
    assert (projet.axe, projet.est_culture, projet.objet) == (axe, True, "En mai.")
    assert list(projet.quartiers.all()) == [quartier]
    with pytest.raises(ErreurMetier, match="déjà son équipe"):
        equipe.ouvrir_equipe(projet, par=agent, courriel="autre@example.org")
