"""Files from Dauphin brought to the projets: said first, then done, once each, with nothing lost."""

import io
import os
import subprocess
import sys
import threading
import time
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from contrat_ville.actions import dauphin
from contrat_ville.actions.dauphin import application, tour
from contrat_ville.demo.dauphin import FichierDeDauphin
from contrat_ville.models import (
    ActionDauphin,
    ColonnesDauphin,
    DossierImporte,
    ImportDauphin,
    LigneImportee,
    Partenaire,
    Porteur,
    Projet,
)
from contrat_ville.workflow.etats import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Quartier
from tests.conftest_services import _url_de_la_base
from tests.contrat_ville.factories import PorteurFactory, ProgrammationFactory, ProjetFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
Sort, Choix = DossierImporte.Sort, DossierImporte.Choix
ENTETES = "Référence administrative;Intitulé;Porteur;SIRET;Statut;Poste;Montant;Financeur;Montant voté"
SIRET = "20004071500019"
DOSSIER = f"""00012345-1;Jardin partagé;Les Jardins;{SIRET};Transmise;604;1 000,00 €;;
00012345-1;Jardin partagé;Les Jardins;{SIRET};Transmise;74epci;800;Grenoble-Alpes Métropole;
00012345-1;Jardin partagé;Les Jardins;{SIRET};Transmise;756;200;;
"""


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


@pytest.fixture
def programmation():
    return ProgrammationFactory(annee=2026)


def envoi(texte, nom="dauphin.csv"):
    return SimpleUploadedFile(nom, texte if isinstance(texte, bytes) else texte.encode())


def examiner(lignes, agent, *, entetes=ENTETES, relies=None, exercice=2026):
    """Up to the report."""
    texte = lignes if isinstance(lignes, bytes) else f"{entetes}\n{lignes}"
    choisi = dauphin.ouvrir_import(envoi(texte), par=agent, exercice=exercice)
    dauphin.relier_colonnes(choisi.pk, relies=relies or choisi.relies, exercice=exercice)
    dauphin.avancer_import(choisi.pk)
    choisi.refresh_from_db()
    return choisi


def importer(lignes, agent, **autres):
    """To the end."""
    choisi = examiner(lignes, agent, **autres)
    dauphin.lancer_application(choisi.pk)
    dauphin.avancer_import(choisi.pk)
    choisi.refresh_from_db()
    return choisi


def sorts(choisi):
    return {str(d): d.sort for d in DossierImporte.objects.filter(import_dauphin=choisi)}


def test_the_report_comes_before_anything_is_written(agent, programmation):
    choisi = examiner(DOSSIER, agent)

    assert choisi.etat == ImportDauphin.Etat.A_APPLIQUER
    assert sorts(choisi) == {"00012345-1 (2026)": Sort.NOUVEAU}
    assert not Projet.objects.exists()
    assert not Porteur.objects.filter(nom="Les Jardins").exists()
    assert LigneImportee.objects.filter(import_dauphin=choisi).count() == 3


def test_a_dossier_becomes_a_projet_with_its_number_its_budget_and_its_journal(agent, programmation):
    importer(DOSSIER, agent)

    projet = Projet.objects.get()
    assert (projet.numero_dauphin, projet.etat, projet.programmation) == (
        "00012345-1",
        Etat.DEPOSE,
        programmation,
    )
    assert (projet.porte_par.nom, projet.porte_par.siret) == ("Les Jardins", SIRET)
    assert (projet.montant_total, projet.montant_demande) == (Decimal(1000), Decimal(800))
    assert [(li.poste, li.montant) for li in projet.budget.all()] == [
        ("604", Decimal(1000)),
        ("74epci", Decimal(800)),
        ("756", Decimal(200)),
    ]
    ligne = projet.journal.get()
    assert (ligne.acte, ligne.par) == ("importer_projet", agent)
    assert ligne.details["numero_dauphin"] == "00012345-1"
    assert projet.reference.startswith("CDV-")
    assert projet.echeances.count() == 1


def test_the_same_file_again_changes_nothing(agent, programmation):
    importer(DOSSIER, agent)
    encore = importer(DOSSIER, agent)

    assert sorts(encore) == {"00012345-1 (2026)": Sort.INCHANGE}
    projet = Projet.objects.get()
    assert (projet.journal.count(), projet.budget.count()) == (1, 3)


def test_another_year_of_the_same_number_is_another_projet(agent, programmation):
    ProgrammationFactory(annee=2027)
    importer(DOSSIER, agent)
    importer(DOSSIER, agent, exercice=2027)

    assert list(
        Projet.objects.order_by("programmation__annee").values_list("programmation__annee", flat=True)
    ) == [2026, 2027]


def test_a_new_file_changes_what_moved_and_says_it(agent, programmation):
    importer(DOSSIER, agent)
    encore = examiner(
        DOSSIER.replace("Jardin partagé", "Jardin commun").replace("Transmise", "Recevable"), agent
    )

    dossier = DossierImporte.objects.get(import_dauphin=encore)
    assert dossier.sort == Sort.MODIFIE
    assert {(e["libelle"], e["avant"], e["apres"]) for e in dossier.ecarts} == {
        ("Intitulé", "Jardin partagé", "Jardin commun"),
        ("Statut dans Dauphin", "Transmise", "Recevable"),
    }
    assert Projet.objects.get().titre == "Jardin partagé"

    dauphin.lancer_application(encore.pk)
    dauphin.avancer_import(encore.pk)

    projet = Projet.objects.get()
    assert (projet.titre, projet.etat) == ("Jardin commun", Etat.DEPOSE)
    assert "2 changements" in projet.journal.first().fait


@pytest.mark.parametrize(("choix", "attendu"), [("", "Corrigé ici"), (Choix.DAUPHIN, "Jardin commun")])
def test_what_was_changed_on_both_sides_stays_unless_the_agent_says_otherwise(
    agent, programmation, choix, attendu
):
    importer(DOSSIER, agent)
    Projet.objects.update(titre="Corrigé ici")
    encore = examiner(DOSSIER.replace("Jardin partagé", "Jardin commun"), agent)
    dossier = DossierImporte.objects.get(import_dauphin=encore)
    assert dossier.a_conflit

    if choix:
        dauphin.choisir_dossier(dossier, choix=choix)
    dauphin.lancer_application(encore.pk)
    dauphin.avancer_import(encore.pk)

    assert Projet.objects.get().titre == attendu


def test_what_an_agent_changed_since_the_report_is_not_written_over(agent, programmation):
    importer(DOSSIER, agent)
    encore = examiner(DOSSIER.replace("Jardin partagé", "Jardin commun"), agent)
    Projet.objects.update(titre="Changé après le rapport")

    dauphin.lancer_application(encore.pk)
    dauphin.avancer_import(encore.pk)

    assert Projet.objects.get().titre == "Changé après le rapport"


def test_a_budget_that_a_decision_was_taken_on_is_not_replaced(agent, programmation):
    importer(DOSSIER, agent)
    Projet.objects.update(etat=Etat.CONVENTIONNE)
    encore = examiner(DOSSIER.replace("1 000,00", "1 500,00").replace(";200;", ";700;"), agent)
    dossier = DossierImporte.objects.get(import_dauphin=encore)
    dauphin.choisir_dossier(dossier, choix=Choix.DAUPHIN)
    dauphin.lancer_application(encore.pk)
    dauphin.avancer_import(encore.pk)

    assert dossier.a_conflit
    assert Projet.objects.get().montant_total == Decimal(1000)


def test_a_projet_filed_here_by_the_same_holder_is_proposed_and_joined_only_by_the_agent(
    agent, programmation
):
    porteur = PorteurFactory(nom="Les Jardins", siret=SIRET)
    ici = ProjetFactory(programmation=programmation, porte_par=porteur, titre="Jardin partagé du quartier")
    choisi = examiner(DOSSIER, agent)
    dossier = DossierImporte.objects.get(import_dauphin=choisi)
    assert (dossier.sort, dossier.candidat) == (Sort.A_JOINDRE, ici)

    with pytest.raises(ErreurMetier, match="choisissez d’abord"):
        dauphin.lancer_application(choisi.pk)
    dauphin.choisir_dossier(dossier, choix=Choix.JOINDRE)
    dauphin.lancer_application(choisi.pk)
    dauphin.avancer_import(choisi.pk)

    ici.refresh_from_db()
    assert Projet.objects.count() == 1
    assert (ici.numero_dauphin, ici.titre) == ("00012345-1", "Jardin partagé du quartier")
    assert ici.budget.count() == 3
    assert ici.journal.first().fait == "Joint au dossier Dauphin 00012345-1"
    assert sorts(importer(DOSSIER, agent)) == {"00012345-1 (2026)": Sort.INCHANGE}


def test_the_agent_may_keep_the_two_apart_or_do_nothing(agent, programmation):
    porteur = PorteurFactory(nom="Les Jardins", siret=SIRET)
    ProjetFactory(programmation=programmation, porte_par=porteur)
    choisi = examiner(DOSSIER + DOSSIER.replace("00012345-1", "00012345-2"), agent)
    premier, second = DossierImporte.objects.filter(import_dauphin=choisi)
    dauphin.choisir_dossier(premier, choix=Choix.CREER)
    dauphin.choisir_dossier(second, choix=Choix.IGNORER)
    dauphin.lancer_application(choisi.pk)
    dauphin.avancer_import(choisi.pk)

    assert sorted(Projet.objects.values_list("numero_dauphin", flat=True)) == ["", "00012345-1"]


def test_a_choice_made_after_the_rest_is_applied_is_done_too(agent, programmation):
    porteur = PorteurFactory(nom="Les Jardins", siret=SIRET)
    ProjetFactory(programmation=programmation, porte_par=porteur)
    autre = (
        DOSSIER.replace("00012345-1", "00099999-1").replace(SIRET, "").replace("Les Jardins", "Le Fournil")
    )
    choisi = importer(DOSSIER + autre, agent)
    assert choisi.etat == ImportDauphin.Etat.FINI
    en_attente = DossierImporte.objects.filter(import_dauphin=choisi).a_decider().get()

    dauphin.choisir_dossier(en_attente, choix=Choix.CREER)
    dauphin.lancer_application(choisi.pk)
    dauphin.avancer_import(choisi.pk)

    assert Projet.objects.count() == 3


@pytest.mark.parametrize(
    ("ligne", "dit"),
    [
        (";Sans numéro;X;;Transmise;;;;", "La référence du dossier est vide."),
        ("ABC;Titre;X;;Transmise;;;;", "n’est pas celle d’une action"),
        ("00000007-1;;X;;Transmise;;;;", "L’intitulé du projet est vide."),
        ("00000007-1;Titre;;;Transmise;;;;", "Le porteur n’est pas dit."),
        ("00000007-1;Titre;X;;Transmise;604;1,005;;", "s’arrête aux centimes"),
        ("00000007-1;Titre;X;;Transmise;604;-3;;", "négatif"),
        ("00000007-1;Titre;X;;Transmise;604;1000000000000;;", "trop grand"),
        ("00000007-1;Titre;X;;En cours de saisie;;;;", "Pas encore déposé"),
    ],
)
def test_a_row_refused_says_why_and_the_others_go_on(agent, programmation, ligne, dit):
    choisi = importer(DOSSIER + ligne + "\n", agent)

    refusee = LigneImportee.objects.get(import_dauphin=choisi, numero=5)
    assert dit in refusee.raison
    assert refusee.valeurs == ligne.split(";")
    assert Projet.objects.count() == 1


def test_a_year_without_programmation_is_refused_with_what_to_do(agent, programmation):
    choisi = examiner(DOSSIER, agent, exercice=2031)
    assert (
        DossierImporte.objects.get(import_dauphin=choisi).raison
        == "Aucune programmation 2031 : préparez-la d’abord."
    )


def test_every_row_of_the_file_is_in_a_dossier_or_has_its_reason(agent, programmation):
    lignes = DOSSIER + ";;;;;;;;\nABC;a;b;;;;;;\n00000009-1;Autre;Y;;Transmise;Divers;5;;\n"
    choisi = importer(lignes, agent)

    for ligne in LigneImportee.objects.filter(import_dauphin=choisi):
        assert bool(ligne.raison) != bool(ligne.dossier_id and ligne.dossier.projet_id)
    assert LigneImportee.objects.filter(import_dauphin=choisi).count() == 5  # the empty one is none


def test_a_holder_without_siret_is_known_by_its_name_and_one_with_another_siret_is_another(
    agent, programmation
):
    connu = PorteurFactory(nom="LES JARDINS", siret=None)
    autre = DOSSIER.replace("00012345-1", "00000002-1").replace(SIRET, "00555004100007")
    importer(DOSSIER.replace(SIRET, ""), agent)
    assert Projet.objects.get().porte_par == connu

    importer(DOSSIER.replace("00012345-1", "00000003-1"), agent)
    connu.refresh_from_db()
    assert connu.siret == SIRET  # completed by the file that says it

    importer(autre, agent)
    assert Porteur.objects.filter(nom__iexact="les jardins").count() == 2


def test_a_siret_lost_by_a_spreadsheet_is_said_and_its_holder_kept(agent, programmation):
    choisi = importer(DOSSIER.replace(SIRET, "2,00041E+13"), agent)
    assert "SIRET perdu par un tableur" in " ".join(
        DossierImporte.objects.get(import_dauphin=choisi).remarques
    )
    assert Projet.objects.get().porte_par.siret is None


@pytest.mark.parametrize(
    ("statut", "etat", "est_notifie"),
    [
        ("Non recevable", Etat.IRRECEVABLE, True),
        ("Rejetée", Etat.REFUSE, True),
        ("Votée", Etat.RETENU, False),
        ("A justifier", Etat.BILAN_ATTENDU, True),
        ("Cloturée", Etat.CLOS, True),
        ("Quelque chose de neuf", Etat.DEPOSE, False),
    ],
)
def test_the_status_of_dauphin_gives_the_first_etat(agent, programmation, statut, etat, est_notifie):
    importer(DOSSIER.replace("Transmise", statut), agent)
    projet = Projet.objects.get()
    assert (projet.etat, projet.notifie_le is not None) == (etat, est_notifie)
    assert projet.action_dauphin.statut == statut


def test_financers_are_found_under_the_names_they_have_here_or_added(agent, programmation):
    metropole = Partenaire.objects.get(sous_poste="74epci")
    lignes = DOSSIER.replace("Grenoble-Alpes Métropole", "METRO de Grenoble").replace(
        ";200;;", ";200;Fondation Exemple;150"
    )
    choisi = importer(lignes, agent)

    projet = Projet.objects.get()
    assert projet.financements.get(financeur=metropole).demande == Decimal(800)
    assert projet.financements.get(financeur__nom="Fondation Exemple").accorde == Decimal(150)
    assert "Nouveau financeur" in " ".join(DossierImporte.objects.get(import_dauphin=choisi).remarques)


def test_the_rows_of_the_payer_are_shared_between_the_actions_of_its_dossier(agent, programmation):
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


def test_more_paid_than_granted_is_refused_before_the_database_does(agent, programmation):
    importer(DOSSIER.replace("Métropole;", "Métropole;500"), agent)
    choisi = examiner(
        "00012345-1;Grenoble-Alpes Métropole;501\n",
        agent,
        entetes="Référence administrative;Financeur;Montant versé",
    )
    assert "dépasse le montant voté" in DossierImporte.objects.get(import_dauphin=choisi).raison


def test_an_engagement_that_changes_with_the_year_is_an_update_like_another(agent, programmation):
    entetes = f"{ENTETES};ej"
    importer(DOSSIER.replace("Métropole;", "Métropole;;2103"), agent, entetes=entetes)
    encore = importer(DOSSIER.replace("Métropole;", "Métropole;;2999"), agent, entetes=entetes)

    (ecart,) = DossierImporte.objects.get(import_dauphin=encore).ecarts
    assert (ecart["avant"], ecart["apres"]) == ("2103", "2999")


def test_columns_once_said_are_remembered_and_a_mapping_without_reference_is_refused(agent, programmation):
    choisi = dauphin.ouvrir_import(envoi("Quoi;Nom\n00000001;Jardin\n"), par=agent)
    with pytest.raises(ErreurMetier, match="référence administrative"):
        dauphin.relier_colonnes(choisi.pk, relies={"intitule": "Nom"}, exercice=2026)
    dauphin.relier_colonnes(choisi.pk, relies={"code": "Quoi", "intitule": "Nom"}, exercice=2026)

    encore = dauphin.ouvrir_import(envoi("Quoi;Nom\n00000002;Four\n"), par=agent)
    assert encore.relies == {"code": "Quoi", "intitule": "Nom"}
    assert ColonnesDauphin.objects.count() == 1


def test_a_workbook_is_read_as_the_same_table(agent, programmation):
    memoire = io.BytesIO()
    with xlsxwriter.Workbook(memoire) as livre:
        feuille = livre.add_worksheet()
        for rang, ligne in enumerate([ENTETES, *DOSSIER.splitlines()]):
            for colonne, valeur in enumerate(ligne.split(";")):
                nombre = colonne in {3, 6} and valeur.isdigit()
                feuille.write(rang, colonne, float(valeur) if nombre else valeur)

    importer(memoire.getvalue(), agent)

    assert Projet.objects.get().porte_par.siret == SIRET


def test_quartiers_and_axe_are_those_of_here_and_the_others_are_said(agent, programmation):
    quartier = Quartier.objects.first()
    choisi = importer(
        f"{DOSSIER.splitlines()[0]};{quartier.nom.upper()} | Quartier de Lune\n",
        agent,
        entetes=f"{ENTETES};Quartiers",
    )
    assert list(Projet.objects.get().quartiers.all()) == [quartier]
    assert "Quartier de Lune" in " ".join(DossierImporte.objects.get(import_dauphin=choisi).remarques)


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "vide"),
        (b"%PDF-1.7", "ni un tableau CSV ni un classeur"),
        (b"PK\x03\x04", "ne s’ouvre pas"),
        (b"a;b\n", "aucune ligne"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(agent, octets, dit):
    with pytest.raises(ErreurMetier, match=dit):
        dauphin.ouvrir_import(envoi(octets), par=agent)
    assert not ImportDauphin.objects.exists()


def test_an_import_is_applied_once_and_one_given_up_never(agent, programmation):
    choisi = importer(DOSSIER, agent)
    with pytest.raises(ErreurMetier):
        dauphin.lancer_application(choisi.pk)

    autre = examiner(DOSSIER.replace("12345", "54321"), agent)
    dauphin.abandonner_import(autre.pk)
    with pytest.raises(ActeInterdit):
        dauphin.lancer_application(autre.pk)
    assert Projet.objects.count() == 1


def test_one_that_cannot_be_written_is_refused_and_the_others_are(agent, programmation, monkeypatch):
    vrai = application._creer

    def tombe(*args):
        if Projet.objects.count() == 1:
            raise ErreurMetier("Plus de numéro.")
        return vrai(*args)

    monkeypatch.setattr(application, "_creer", tombe)
    trois = "".join(
        DOSSIER.replace("12345", f"1234{n}").replace(SIRET, "").replace("Les Jardins", f"J{n}") for n in "678"
    )
    choisi = importer(trois, agent)

    assert Projet.objects.count() == 1
    refuses = DossierImporte.objects.filter(import_dauphin=choisi, sort=Sort.REJETE)
    assert {d.raison for d in refuses} == {"Le dossier n’a pas pu être écrit : Plus de numéro."}
    assert LigneImportee.objects.exclude(raison="").count() == 6


def test_ten_dossiers_unchanged_are_examined_in_the_queries_of_one(
    agent, programmation, django_assert_max_num_queries
):
    dix = "".join(DOSSIER.replace("12345-1", f"12345-{n}") for n in range(10))
    importer(dix, agent)
    choisi = dauphin.ouvrir_import(envoi(f"{ENTETES}\n{dix}"), par=agent, exercice=2026)
    dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=2026)

    with django_assert_max_num_queries(60):
        dauphin.avancer_import(choisi.pk)

    assert DossierImporte.objects.filter(import_dauphin=choisi, sort=Sort.INCHANGE).count() == 10


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_file_do_it_once(monkeypatch):
    agent = CompteFactory(agent=True)
    ProgrammationFactory(annee=2026)
    monkeypatch.setattr(tour, "DOSSIERS_PAR_PAQUET", 2)
    monkeypatch.setattr(tour, "LIGNES_PAR_PAQUET", 4)
    douze = "".join(DOSSIER.replace("12345-1", f"12345-{n}") for n in range(12))
    choisi = dauphin.ouvrir_import(envoi(f"{ENTETES}\n{douze}"), par=agent, exercice=2026)
    dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=2026)

    def en_file():
        try:
            dauphin.avancer_import(choisi.pk)
        finally:
            connection.close()

    for _ in range(2):
        deux = [threading.Thread(target=en_file) for _ in range(2)]
        for fil in deux:
            fil.start()
        for fil in deux:
            fil.join()
        dauphin.avancer_import(choisi.pk)
        choisi.refresh_from_db()
        if choisi.etat == ImportDauphin.Etat.A_APPLIQUER:
            dauphin.lancer_application(choisi.pk)

    dauphin.reprendre_les_imports()
    choisi.refresh_from_db()
    assert choisi.etat == ImportDauphin.Etat.FINI
    assert (Projet.objects.count(), ActionDauphin.objects.count()) == (12, 12)
    assert LigneImportee.objects.count() == 36
    assert all(projet.journal.count() == 1 for projet in Projet.objects.all())


OUVRIER = """
import sys, django
django.setup()
from contrat_ville.actions.dauphin import tour
tour.DOSSIERS_PAR_PAQUET = 1
vrai = tour.appliquer
def lent(choisi, paquet):
    vrai(choisi, paquet)
    print("un", flush=True)
    import time; time.sleep(0.2)  # killed here too: the packet is not committed yet
tour.appliquer = lent
tour.avancer_import(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_is_taken_up_and_nothing_is_done_twice():
    agent = CompteFactory(agent=True)
    ProgrammationFactory(annee=2026)
    six = "".join(DOSSIER.replace("12345-1", f"12345-{n}") for n in range(6))
    choisi = examiner(six, agent)
    dauphin.lancer_application(choisi.pk)
    with subprocess.Popen(
        [sys.executable, "-c", OUVRIER, str(choisi.pk)],
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "participation.settings",
            "DATABASE_URL": _url_de_la_base(),
            "CONN_MAX_AGE": "0",
        },
    ) as ouvrier:
        for _ in range(3):
            assert ouvrier.stdout.readline() == b"un\n"
        ouvrier.kill()
    attente = time.monotonic() + 10
    faits = Projet.objects.count()
    while time.monotonic() < attente and not 2 <= faits <= 3:
        time.sleep(0.1)
        faits = Projet.objects.count()
    assert 2 <= faits <= 3  # the packet in flight is undone whole

    dauphin.reprendre_les_imports()

    choisi.refresh_from_db()
    assert choisi.etat == ImportDauphin.Etat.FINI
    assert sorted(Projet.objects.values_list("numero_dauphin", flat=True)) == [
        f"00012345-{n}" for n in range(6)
    ]
    assert all((p.journal.count(), p.budget.count()) == (1, 3) for p in Projet.objects.all())


def test_the_file_of_the_demonstration_shows_each_fate_once(client):
    for nom in ("agent", "agent2"):
        CompteFactory(agent=True, courriel=f"{nom}@{DOMAINE}")
    annee = timezone.localdate().year
    ici = ProjetFactory(
        programmation=ProgrammationFactory(annee=annee), porte_par__nom="Les Ateliers du Palier"
    )

    FichierDeDauphin().vivre()

    choisi = ImportDauphin.objects.get()
    assert {d.code: d.sort for d in DossierImporte.objects.filter(import_dauphin=choisi)} == {
        "00104512-1": Sort.NOUVEAU,
        "00104512-2": Sort.NOUVEAU,
        "00107733-1": Sort.NOUVEAU,
        "00108801-1": Sort.NOUVEAU,
        "00108822-1": Sort.A_JOINDRE,
        "00108901-1": Sort.REJETE,
        "00108950-1": Sort.REJETE,
    }
    assert DossierImporte.objects.filter(import_dauphin=choisi).a_decider().get().candidat == ici
    assert Projet.objects.exclude(numero_dauphin="").count() == 4
