"""Dauphin imports: report first, then changes applied once, with nothing lost."""

import os
import subprocess
import sys
from decimal import Decimal

import pytest
from django.utils import timezone

from contrat_ville.comites.scenarios.lectures import comparer
from contrat_ville.dauphin import actes as actes_dauphin
from contrat_ville.dauphin import application, tour
from contrat_ville.demo.dauphin import A_POSTER, EN_ATTENTE, FichierDeDauphin
from contrat_ville.models import (
    ActionDauphin,
    DossierImporte,
    ImportDauphin,
    LigneImportee,
    Porteur,
    Projet,
    Scenario,
)
from contrat_ville.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Courrier, Demande
from tests.contrat_ville.dauphin.monde import (
    DOSSIER,
    ENTETES,
    SIRET,
    Choix,
    Sort,
    appliquer,
    envoi,
    examiner,
    importer,
    sorts,
)
from tests.contrat_ville.factories import PorteurFactory, ProgrammationFactory, ProjetFactory
from tests.greffons.services import _url_de_la_base
from tests.outils import ensemble, jour
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_the_report_comes_before_anything_is_written(agent, annee_2026):
    choisi = examiner(DOSSIER, agent)

    assert choisi.etat == ImportDauphin.Etat.A_APPLIQUER
    assert sorts(choisi) == {"00012345-1 (2026)": Sort.NOUVEAU}
    assert not Projet.objects.exists()
    assert not Porteur.objects.filter(nom="Les Jardins").exists()
    assert LigneImportee.objects.filter(import_dauphin=choisi).count() == 3


def test_what_dauphin_did_today_is_dated_of_now_and_the_rest_of_its_day(agent, annee_2026):
    hier, ce_jour, demain = (f"{jour(n):%d/%m/%Y}" for n in (-1, 0, 1))
    lignes = "".join(
        f"0001234{n}-1;Jardin {n};Les Jardins;;Votée;74epci;800;Grenoble-Alpes Métropole;800;{depot};{decision}\n"
        for n, (depot, decision) in enumerate([(hier, hier), (hier, ce_jour), (ce_jour, demain)])
    )
    avant = timezone.now()
    importer(lignes, agent, entetes=f"{ENTETES};Date de la demande;Date de décision")

    projets = Projet.objects.order_by("numero_dauphin")
    lus = [(timezone.localdate(p.depose_le), timezone.localdate(p.decide_le)) for p in projets]
    assert lus == [(jour(-1), jour(-1)), (jour(-1), jour()), (jour(), jour())]
    assert [avant <= p.decide_le <= timezone.now() for p in projets] == [False, True, True]
    assert all(p.depose_le <= p.decide_le for p in projets)


def test_a_dossier_becomes_a_projet_with_its_number_its_budget_and_its_journal(agent, annee_2026):
    importer(DOSSIER, agent)

    projet = Projet.objects.get()
    assert (projet.numero_dauphin, projet.etat, projet.programmation) == (
        "00012345-1",
        Etat.DEPOSE,
        annee_2026,
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


def test_the_same_file_again_changes_nothing(agent, annee_2026):
    importer(DOSSIER, agent)
    encore = importer(DOSSIER, agent)

    assert sorts(encore) == {"00012345-1 (2026)": Sort.INCHANGE}
    projet = Projet.objects.get()
    assert (projet.journal.count(), projet.budget.count()) == (1, 3)


def test_two_reports_made_before_either_is_applied_write_once_and_the_second_says_so(agent, annee_2026):
    un, deux = examiner(DOSSIER, agent), examiner(DOSSIER, agent)
    for rapport in (un, deux):
        appliquer(rapport)

    assert [sorts(un), sorts(deux)] == [
        {"00012345-1 (2026)": Sort.NOUVEAU},
        {"00012345-1 (2026)": Sort.INCHANGE},
    ]
    assert Projet.objects.get().journal.count() == 1


def test_another_year_of_the_same_number_is_another_projet(agent, annee_2026):
    ProgrammationFactory(annee=2027)
    importer(DOSSIER, agent)
    importer(DOSSIER, agent, exercice=2027)

    assert list(
        Projet.objects.order_by("programmation__annee").values_list("programmation__annee", flat=True)
    ) == [2026, 2027]


def test_a_new_file_changes_what_moved_and_says_it(agent, annee_2026):
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

    appliquer(encore)

    projet = Projet.objects.get()
    assert (projet.titre, projet.etat) == ("Jardin commun", Etat.DEPOSE)
    assert "2 changements" in projet.journal.first().fait


@pytest.mark.parametrize(("choix", "attendu"), [("", "Corrigé ici"), (Choix.DAUPHIN, "Jardin commun")])
def test_what_was_changed_on_both_sides_stays_unless_the_agent_says_otherwise(
    agent, annee_2026, choix, attendu
):
    importer(DOSSIER, agent)
    Projet.objects.update(titre="Corrigé ici")
    encore = examiner(DOSSIER.replace("Jardin partagé", "Jardin commun"), agent)
    dossier = DossierImporte.objects.get(import_dauphin=encore)
    assert dossier.a_conflit

    if choix:
        actes_dauphin.choisir_dossier(dossier, choix=choix)
    appliquer(encore)

    assert Projet.objects.get().titre == attendu


def test_what_an_agent_changed_since_the_report_is_not_written_over(agent, annee_2026):
    importer(DOSSIER, agent)
    encore = examiner(DOSSIER.replace("Jardin partagé", "Jardin commun"), agent)
    Projet.objects.update(titre="Changé après le rapport")

    appliquer(encore)

    assert Projet.objects.get().titre == "Changé après le rapport"


def test_a_budget_that_a_decision_was_taken_on_is_not_replaced(agent, annee_2026):
    importer(DOSSIER, agent)
    Projet.objects.update(etat=Etat.CONVENTIONNE)
    encore = examiner(DOSSIER.replace("1 000,00", "1 500,00").replace(";200;", ";700;"), agent)
    dossier = DossierImporte.objects.get(import_dauphin=encore)
    actes_dauphin.choisir_dossier(dossier, choix=Choix.DAUPHIN)
    appliquer(encore)

    assert dossier.a_conflit
    assert Projet.objects.get().montant_total == Decimal(1000)


def test_a_projet_filed_here_by_the_same_holder_is_proposed_and_joined_only_by_the_agent(agent, annee_2026):
    porteur = PorteurFactory(nom="Les Jardins", siret=SIRET)
    ici = ProjetFactory(programmation=annee_2026, porte_par=porteur, titre="Jardin partagé du quartier")
    choisi = examiner(DOSSIER, agent)
    dossier = DossierImporte.objects.get(import_dauphin=choisi)
    assert (dossier.sort, dossier.candidat) == (Sort.A_JOINDRE, ici)

    with pytest.raises(ErreurMetier, match="choisissez d’abord"):
        actes_dauphin.lancer_application(choisi.pk)
    actes_dauphin.choisir_dossier(dossier, choix=Choix.JOINDRE)
    appliquer(choisi)

    ici.refresh_from_db()
    assert Projet.objects.count() == 1
    assert (ici.numero_dauphin, ici.titre) == ("00012345-1", "Jardin partagé du quartier")
    assert ici.budget.count() == 3
    assert ici.journal.first().fait == "Joint au dossier Dauphin 00012345-1"
    assert sorts(importer(DOSSIER, agent)) == {"00012345-1 (2026)": Sort.INCHANGE}


def test_the_agent_may_keep_the_two_apart_or_do_nothing(agent, annee_2026):
    porteur = PorteurFactory(nom="Les Jardins", siret=SIRET)
    ProjetFactory(programmation=annee_2026, porte_par=porteur)
    choisi = examiner(DOSSIER + DOSSIER.replace("00012345-1", "00012345-2"), agent)
    premier, second = DossierImporte.objects.filter(import_dauphin=choisi)
    actes_dauphin.choisir_dossier(premier, choix=Choix.CREER)
    actes_dauphin.choisir_dossier(second, choix=Choix.IGNORER)
    appliquer(choisi)

    assert sorted(Projet.objects.values_list("numero_dauphin", flat=True)) == ["", "00012345-1"]


def test_a_choice_made_after_the_rest_is_applied_is_done_too(agent, annee_2026):
    porteur = PorteurFactory(nom="Les Jardins", siret=SIRET)
    ProjetFactory(programmation=annee_2026, porte_par=porteur)
    autre = (
        DOSSIER.replace("00012345-1", "00099999-1").replace(SIRET, "").replace("Les Jardins", "Le Fournil")
    )
    choisi = importer(DOSSIER + autre, agent)
    assert choisi.etat == ImportDauphin.Etat.FINI
    en_attente = DossierImporte.objects.filter(import_dauphin=choisi).a_decider().get()

    actes_dauphin.choisir_dossier(en_attente, choix=Choix.CREER)
    appliquer(choisi)

    assert Projet.objects.count() == 3


def test_an_import_is_applied_once_and_one_given_up_never(agent, annee_2026):
    choisi = importer(DOSSIER, agent)
    with pytest.raises(ErreurMetier):
        actes_dauphin.lancer_application(choisi.pk)

    autre = examiner(DOSSIER.replace("12345", "54321"), agent)
    actes_dauphin.abandonner_import(autre.pk)
    with pytest.raises(ActeInterdit):
        actes_dauphin.lancer_application(autre.pk)
    assert Projet.objects.count() == 1


def test_one_that_cannot_be_written_is_refused_and_the_others_are(agent, annee_2026, monkeypatch):
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
    agent, annee_2026, django_assert_max_num_queries
):
    dix = "".join(DOSSIER.replace("12345-1", f"12345-{n}") for n in range(10))
    importer(dix, agent)
    choisi = actes_dauphin.ouvrir_import(envoi(f"{ENTETES}\n{dix}"), par=agent, exercice=2026)
    actes_dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=2026)

    with django_assert_max_num_queries(60):
        tour.avancer_import(choisi.pk)

    assert DossierImporte.objects.filter(import_dauphin=choisi, sort=Sort.INCHANGE).count() == 10


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_file_do_it_once(monkeypatch):
    agent = CompteFactory(agent=True)
    ProgrammationFactory(annee=2026)
    monkeypatch.setattr(tour, "DOSSIERS_PAR_PAQUET", 2)
    monkeypatch.setattr(tour, "LIGNES_PAR_PAQUET", 4)
    douze = "".join(DOSSIER.replace("12345-1", f"12345-{n}") for n in range(12))
    choisi = actes_dauphin.ouvrir_import(envoi(f"{ENTETES}\n{douze}"), par=agent, exercice=2026)
    actes_dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=2026)

    for _ in range(2):
        assert ensemble(*[lambda: tour.avancer_import(choisi.pk)] * 2) == ["fait", "fait"]
        tour.avancer_import(choisi.pk)
        choisi.refresh_from_db()
        if choisi.etat == ImportDauphin.Etat.A_APPLIQUER:
            actes_dauphin.lancer_application(choisi.pk)

    tour.avancer_import(choisi.pk)
    choisi.refresh_from_db()
    assert choisi.etat == ImportDauphin.Etat.FINI
    assert (Projet.objects.count(), ActionDauphin.objects.count()) == (12, 12)
    assert LigneImportee.objects.count() == 36
    assert all(projet.journal.count() == 1 for projet in Projet.objects.all())


OUVRIER = """
import sys, django
django.setup()
from contrat_ville.dauphin import tour
tour.DOSSIERS_PAR_PAQUET = 1
vrai = tour.appliquer
def lent(choisi, paquet, faits=[]):
    vrai(choisi, paquet)
    print("un", flush=True)
    faits.append(paquet)
    if len(faits) == 3:
        sys.stdin.read()  # killed here: the packet is not committed yet
tour.appliquer = lent
tour.avancer_import(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_is_taken_up_and_nothing_is_done_twice():
    agent = CompteFactory(agent=True)
    ProgrammationFactory(annee=2026)
    six = "".join(DOSSIER.replace("12345-1", f"12345-{n}") for n in range(6))
    choisi = examiner(six, agent)
    actes_dauphin.lancer_application(choisi.pk)
    with subprocess.Popen(
        [sys.executable, "-c", OUVRIER, str(choisi.pk)],
        stdin=subprocess.PIPE,
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
    assert Projet.objects.count() == 2  # the batch in progress is rolled back whole

    tour.avancer_import(choisi.pk)

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


def test_the_demonstration_holds_a_decision_posted_opinions_that_wait_and_a_scenario_with_its_choices(
    demonstration,
):
    attendus = Demande.objects.filter(
        nature="avis", repondue_le=None, dossier__in=Projet.objects.values("pk")
    )
    jours = attendus.values_list("date_limite", flat=True)

    assert Projet.objects.get(titre=A_POSTER).lettre_courante().date_postee is not None
    assert Courrier.objects.a_poster().get(lettre__startswith="contrat_ville/").dossier.titre == EN_ATTENTE
    assert {limite < timezone.localdate() for limite in jours} == {True, False}
    (bilan,) = comparer(Scenario.objects.select_related("programmation").get(etat="adopte").programmation)
    assert bilan.combien["retenu"] > 0
    assert bilan.par_ailleurs == 0
