"""A new app changes INSTALLED_APPS, one `include` and one colour only: shared code finds the rest by name."""

import re
import tomllib

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from participation.celery import app as celery
from participation.socle import menus
from participation.socle.actions import donner_reference
from participation.socle.filters import natures_presentes
from participation.socle.models import Dossier
from participation.socle.passages import horaires
from participation.socle.vitrine import EntreePublique, Rubrique, fonctions
from tests.maison import MODULES, RACINE
from tests.socle.factories import CompteFactory

THEME = RACINE / "static/css/theme.css"
PROJET = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


@pytest.fixture
def reclamation(db, settings):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.appli_essai"]
    apps.clear_cache()  # Django caches the child models of a dossier
    settings.ROOT_URLCONF = "tests.appli_essai.routes"
    modele = apps.get_model("appli_essai", "Reclamation")
    with connection.schema_editor() as editeur:  # rolled back with the test
        editeur.create_model(modele)
    return modele.objects.create(titre="Un banc cassé", est_publie=True)


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def test_its_menus_and_its_tasks_of_the_day_are_shown(client, reclamation, agent):
    journee = client.get(reverse("socle:journee")).content.decode()

    assert "Réclamations reçues" in journee
    assert "Lire une réclamation" in journee
    assert "Réclamations" in client.get(reverse("socle:donnees_personnelles")).content.decode()


def test_its_dossier_has_the_common_page_with_the_button_of_its_act(client, reclamation, agent):
    page = client.get(reverse("socle:dossier", args=[reclamation.pk])).content.decode()

    assert "Un banc cassé" in page
    assert "réclamation" in page.lower()
    assert reverse("appli_essai:traiter", args=[reclamation.pk]) in page


def test_its_act_has_its_page_and_is_written_in_the_journal(client, reclamation, agent):
    adresse = reverse("appli_essai:traiter", args=[reclamation.pk])

    assert "Traiter la réclamation" in client.get(adresse).content.decode()
    client.post(adresse)

    reclamation.refresh_from_db()
    assert reclamation.etat == "traitee"
    assert reclamation.journal.get().acte == "traiter"


def test_its_nature_is_found_searched_and_numbered(client, reclamation, agent):
    dossier = Dossier.objects.avec_enfants().get(pk=reclamation.pk)

    assert dossier.enfant == reclamation
    assert dossier.get_nature_display() == "réclamation"
    assert ("reclamation", "Réclamation") in natures_presentes()
    assert donner_reference(reclamation).startswith("REC-")


def test_its_timetable_is_kept_by_the_clock(reclamation):
    assert horaires()["appli_essai.relire"]["schedule"] == 60.0


def test_it_is_gone_when_it_is_not_installed():
    assert "reclamation" not in Dossier.natures()
    assert "appli_essai.relire" not in horaires()
    assert not [f for f in fonctions("menu_public") if f.__module__.startswith("tests.")]


PERIODIQUES = {
    "participation.socle.tasks.balayer_exports",
    "participation.socle.tasks.effacer_exports",
    "participation.socle.tasks.balayer_courriels",
    "participation.socle.tasks.balayer_documents",
    "participation.socle.tasks.balayer_codes",
    "participation.socle.tasks.effacer_sessions",
    "participation.socle.tasks.examiner_pdf",
    "participation.socle.tasks.effacer_fichiers_orphelins",
    "participation.socle.tasks.oublier_traces",
    "participation.socle.tasks.effacer_sans_preuve",
    "participation.socle.tasks.purger_courriels",
    "participation.socle.tasks.rappeler_echeances",
    "participation.socle.tasks.tenir_les_chiffres",
    "petitions.clore_collectes",
    "petitions.ouvrir_collectes",
    "petitions.compter",
    "petitions.constater_jalons",
    "petitions.ecrire_aux_signataires",
    "petitions.prevenir_des_changements",
    "petitions.recompter",
    "petitions.relancer_signatures",
    "petitions.reprendre_lettres_dues",
    "petitions.reprendre_travaux",
    "petitions.signaler_rafales",
    "contrat_ville.clore_les_appels",
    "contrat_ville.clore_les_votes",
    "contrat_ville.nettoyer_urnes",
    "contrat_ville.purger_adresses",
    "contrat_ville.purger_imports",
    "contrat_ville.purger_messages_reseau",
    "contrat_ville.reprendre_le_vote",
    "contrat_ville.reprendre_les_imports",
    "contrat_ville.suivre_le_calendrier",
    "contrat_ville.suivre_les_brouillons",
    "contrat_ville.tenir_les_places",
    "remontees.apprendre",
    "remontees.cesser_les_attentes_passees",
    "remontees.clore_les_repondues",
    "remontees.demander_les_satisfactions",
    "remontees.effacer_les_courriels_recus",
    "remontees.recevoir_ce_qui_attend",
    "remontees.relever_boite",
    "remontees.reprendre_les_imports",
    "remontees.traiter_les_courriels_recus",
    "renouvellement.clore_appels",
    "renouvellement.ecrire_lettres_dues",
    "ccspl.resumer_le_mois",
    "seances.achever_rencontres",
    "seances.annoncer_fins_de_mandat",
    "seances.envoyer_convocations",
    "seances.figer_proces_verbaux",
    "seances.oublier_besoins",
    "seances.nettoyer_urnes",
    "seances.remplir_rencontres",
}
# Called by an act, for one dossier: not scheduled.
A_LA_DEMANDE = {
    "contrat_ville.compter_bulletins",
    "contrat_ville.faire_lot",
    "contrat_ville.importer_dauphin",
    "remontees.importer",
    "remontees.traiter_courriel",
    "remontees.recevoir",
    "participation.socle.tasks.ecrire_export",
    "participation.socle.tasks.ecrire_fichier_public",
    "participation.socle.tasks.envoyer_courriels",
    "participation.socle.tasks.fabriquer_document",
    "petitions.poursuivre_invalidation",
    "petitions.poursuivre_pseudonymisation",
    "seances.envoyer_convocation",
}


def test_the_clock_holds_every_task_of_every_app():
    celery.loader.import_default_modules()
    notres = {nom for nom in celery.tasks if not nom.startswith(("celery.", "appli_essai."))}

    assert set(horaires()) == PERIODIQUES
    assert notres == PERIODIQUES | A_LA_DEMANDE


def test_each_app_that_has_dossiers_has_its_colour():
    couleurs = set(re.findall(r'\[data-app="(\w+)"\]', THEME.read_text()))

    for app in {modele._meta.app_label for modele in Dossier.natures().values()}:
        assert app in couleurs, f"static/css/theme.css, « One accent per app » : la ligne de « {app} »"


@pytest.mark.parametrize("module", MODULES)
def test_the_layers_hold_each_app(module):
    """Says which list of pyproject.toml lacks an app of INSTALLED_APPS."""
    etages, _, *pieces = PROJET["contracts"]
    ou = "pyproject.toml, [tool.importlinter]"

    assert module.partition(".")[0] in PROJET["root_packages"], f"{ou} root_packages : « {module} »"
    assert module in " | ".join(etages["layers"]).split(" | "), f"{ou} « {etages['name']} » : « {module} »"
    if module != "participation.socle":
        assert any(module in contrat["containers"] for contrat in pieces), (
            f"{ou} « The subjects of {module} »"
        )


def test_the_public_menu_holds_twelve_entries(monkeypatch):
    """Apps to come add theirs: the header keeps one button for each thing that a person comes to do."""
    douze = [EntreePublique(list(Rubrique)[n % 3], f"Entrée {n}", f"/{n}/") for n in range(12)]
    monkeypatch.setattr(menus, "recueillir", lambda ou: douze)

    menu = menus.menu_public("/7/page/")

    assert [rubrique["titre"] for rubrique in menu] == list(Rubrique)
    assert [e["libelle"] for r in menu for e in r["entrees"] if e["actif"]] == ["Entrée 7"]
    assert [rubrique["actif"] for rubrique in menu] == [False, True, False]
