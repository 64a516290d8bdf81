"""A new app changes INSTALLED_APPS, one `include` and one colour only: shared code finds the rest by name."""

import re
import tomllib
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.state import ProjectState
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.celery import app as celery
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.forms.filters import natures_presentes
from participation.socle.http import menus
from participation.socle.models import Courriel, Dossier
from participation.socle.travaux.passages import horaires
from participation.socle.vitrine import EntreePublique, Rubrique, fonctions
from tests.maison import MODULES, RACINE
from tests.socle.factories import CompteFactory

THEME = RACINE / "static/css/theme.css"
PROJET = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


@pytest.fixture
def appli(db, settings):
    """The app, installed, with its tables; rolled back with the test."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.appli_essai"]
    apps.clear_cache()  # Django caches the child models of a dossier
    settings.ROOT_URLCONF = "tests.appli_essai.routes"
    with connection.schema_editor() as editeur:
        for modele in apps.get_app_config("appli_essai").get_models():
            editeur.create_model(modele)


@pytest.fixture
def reclamation(appli):
    modele = apps.get_model("appli_essai", "Reclamation")
    return modele.objects.create(
        titre="Un banc cassé", texte="Place Victor Hugo.", reference="REC-2026-0001", ouvert_le=timezone.now()
    )


@pytest.fixture
def publiee(reclamation):
    modele = type(reclamation)
    modele.objects.filter(pk=reclamation.pk).update(etat="publiee", est_publie=True)
    return modele.objects.get(pk=reclamation.pk)


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def test_its_migration_makes_its_tables(appli):
    """Read, not applied: what it makes are the models, whose tables the other tests use."""
    elle, sans_elle = ProjectState.from_apps(apps), ProjectState.from_apps(apps)
    for modele in apps.get_app_config("appli_essai").get_models():
        sans_elle.remove_model("appli_essai", modele._meta.model_name)
    migration = import_module("tests.appli_essai.migrations.0001_tables").Migration(
        "0001_tables", "appli_essai"
    )
    ecarts = MigrationAutodetector(migration.mutate_state(sans_elle), elle).changes(graph=MigrationGraph())

    assert ecarts.get("appli_essai", []) == []


def test_its_menus_and_its_tasks_of_the_day_are_shown(client, reclamation, agent):
    journee = client.get(reverse("socle:journee")).content.decode()

    assert "Réclamations reçues" in journee
    assert "Lire une réclamation" in journee
    donnees = client.get(reverse("socle:donnees_personnelles")).content.decode()
    assert "Réclamations" in donnees
    assert "Appuyer une réclamation" in donnees


def test_its_page_creates_from_the_class_alone(client, appli, agent):
    """No row is asked of the app to draw the page: neither its breadcrumb nor its way back break."""
    adresse = reverse("appli_essai:saisir")
    page = client.get(adresse).content.decode()
    assert "Noter une réclamation" in page
    assert f'href="{reverse("socle:journee")}"' in page

    client.post(adresse, {"titre": "Un banc cassé", "texte": ""})
    reponse = client.post(adresse, {"titre": "Un banc cassé", "texte": "Place Victor Hugo."})

    creee = apps.get_model("appli_essai", "Reclamation").objects.get()
    assert reponse.url == creee.get_absolute_url()
    assert (creee.reference or "").startswith("REC-")
    assert creee.journal.get().acte == "saisir"


def test_its_dossier_has_the_common_page_with_the_button_of_its_act(client, reclamation, agent):
    page = client.get(reverse("socle:dossier", args=[reclamation.pk])).content.decode()

    assert "Un banc cassé" in page
    assert "réclamation" in page.lower()
    assert reverse("appli_essai:publier", args=[reclamation.pk]) in page


def test_it_is_published_read_by_all_and_dealt_with(client, reclamation, agent):
    publique = reverse("appli_essai:reclamation_publique", args=[reclamation.pk])
    assert Client().get(publique).status_code == 404

    for acte in ("publier", "traiter"):
        adresse = reverse(f"appli_essai:{acte}", args=[reclamation.pk])
        assert client.get(adresse).status_code == 200
        client.post(adresse)

    reclamation.refresh_from_db()
    assert reclamation.etat == "traitee"
    assert list(reclamation.journal.order_by("pk").values_list("acte", flat=True)) == ["publier", "traiter"]
    page = Client().get(publique).content.decode()
    assert "Place Victor Hugo." in page
    assert 'data-app="appli_essai"' in page


def test_anybody_supports_it_once_by_an_address_proved_by_mail(client, publiee):
    for _ in range(2):
        client.post(reverse("appli_essai:appuyer", args=[publiee.pk]), {"courriel": "Alma@example.org"})

    appui, lettre = publiee.appuis.get(), Courriel.objects.get()
    (lien,) = re.findall(r"(/reclamations/appui/\S+)", lettre.corps)
    assert lettre.destinataires == ["alma@example.org"]
    assert "Moi aussi" in client.get(lien).content.decode()
    appui.refresh_from_db()
    assert not appui.est_prouvee

    assert client.post(lien).status_code == 303
    client.post(lien)

    appui.refresh_from_db()
    assert appui.est_prouvee
    assert publiee.journal.filter(acte="appuyer").count() == 1
    assert "Votre appui compte" in client.get(lien).content.decode()
    assert client.get(f"{lien[:-9]}/").status_code == 404


def test_the_letter_of_its_act_leaves_to_the_proved_alone(client, publiee, agent):
    for courriel, le in (("alma@example.org", timezone.now()), ("ours@example.org", None)):
        publiee.appuis.create(courriel=courriel, confirme_le=le)

    client.post(reverse("appli_essai:traiter", args=[publiee.pk]))

    lettre = Courriel.objects.get(acte="appli_essai/traiter")
    assert lettre.destinataires == ["alma@example.org"]


def test_what_it_keeps_of_people_is_erased_in_time_and_on_request(publiee):
    vieux = timezone.localtime() - timedelta(days=30)
    gardee = publiee.appuis.create(courriel="alma@example.org", confirme_le=vieux, demande_le=vieux)
    publiee.appuis.create(courriel="ours@example.org", demande_le=vieux)

    assert effacer_sans_preuve() == 1
    assert publiee.appuis.get() == gardee

    oublier(Personne("alma@example.org"))
    assert not publiee.appuis.exists()


def test_its_nature_is_found_searched_and_numbered(client, reclamation, agent):
    dossier = Dossier.objects.avec_enfants().get(pk=reclamation.pk)

    assert dossier.enfant == reclamation
    assert dossier.get_nature_display() == "réclamation"
    assert ("reclamation", "Réclamation") in natures_presentes()
    # A nature is a row of its own under the dossier: none is lost, nor found two floors below, whatever its class comes from.
    modeles = [m for m in apps.get_models() if issubclass(m, Dossier) and m is not Dossier]
    assert Dossier.natures() == {m._meta.model_name: m for m in modeles if not m._meta.proxy}


def test_its_timetable_is_kept_by_the_clock(reclamation):
    assert horaires()["appli_essai.relire"]["schedule"] == 60.0


def test_it_is_gone_when_it_is_not_installed():
    assert "reclamation" not in Dossier.natures()
    assert "appli_essai.relire" not in horaires()
    assert not [f for f in fonctions("menu_public") if f.__module__.startswith("tests.")]


def test_each_task_has_its_time_or_says_what_an_act_asks_of_it():
    """A task that nobody calls is in no timetable, and has no word for the agent who is told that it stopped."""
    celery.loader.import_default_modules()
    notres = {nom for nom in celery.tasks if not nom.startswith(("celery.", "appli_essai."))}
    demandees = {nom for nom in notres if getattr(celery.tasks[nom], "dit", "")}

    assert notres - demandees == set(horaires())
    assert "appli_essai.relire" not in horaires()


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
