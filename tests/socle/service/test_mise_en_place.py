"""The first days of a site: what must be set, where, by whom; each address written once."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.socle.lectures.mise_en_place import tous
from participation.socle.models import Commune, Compte, Direction, ReglageService
from participation.socle.views.service import joignables
from participation.socle.vitrine import _vitrine
from remontees.models import Organisme
from tests.maison import APPS
from tests.remontees.factories import RemonteeFactory
from tests.seances.factories import InstanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db
PAGE = "/mise-en-place/"


@pytest.fixture
def administratrice(client):
    compte = CompteFactory(is_staff=True, is_superuser=True)
    client.force_login(compte)
    return compte


def reste(quoi):
    return next(un.reste for un in tous() if un.quoi == quoi)


def test_every_app_says_what_must_be_set_and_every_body_what_fails_without_its_address():
    muettes = [app for app in APPS if _vitrine(app) and not hasattr(_vitrine(app), "mise_en_place")]

    assert muettes == []
    assert all(modele.SANS_ADRESSE and modele.a_joindre() is not None for modele in joignables())


def test_an_administrator_without_role_lands_on_what_is_to_be_set_in_order(client, administratrice):
    assert client.get(reverse("socle:accueil_compte")).url == PAGE

    page = client.get(PAGE).content.decode()

    assert (
        page.index("Dire qui vous êtes") < page.index("Donner les adresses") < page.index("Ouvrir au public")
    )
    assert "Les mentions légales, que la loi demande, restent incomplètes." in page
    ReglageService(contact="ici@exemple.fr", adresse_postale="1 rue X").save()
    assert reste("Dire où vous joindre") == ""
    assert "rien n’est écrit" in reste("Dire qui publie le site")


def test_an_agent_is_told_in_ma_journee_what_she_may_set_herself(client):
    client.force_login(CompteFactory(agent=True))
    InstanceFactory(nom="Comité des essais")

    journee = client.get(reverse("socle:journee")).content.decode()

    assert "Écrire les adresses" in journee
    assert "Dire qui publie le site" not in journee
    page = client.get(PAGE).content.decode()
    assert "Installer&nbsp;: Comité des essais" in page.replace("\xa0", "&nbsp;")
    assert "Un administrateur le règle dans les tables de référence." in page


@pytest.mark.parametrize("qui", [{"is_staff": True, "is_superuser": True}, {"agent": True}])
def test_what_is_to_be_set_links_only_to_what_its_reader_may_open(client, qui):
    client.force_login(CompteFactory(**qui))
    InstanceFactory(nom="Comité des essais")
    page = client.get(PAGE).content.decode()
    liens = set(re.findall(r'<a href="([^"#]+)[^"]*"><strong>', page))
    if "is_staff" in qui:  # her menu too, which no other test opens
        for menu in re.findall(r'<nav aria-label="Menu">.*?</nav>', page, re.DOTALL):
            liens |= set(re.findall(r'href="(/[^"#]+)"', menu))

    assert len(liens) > 1
    for lien in liens:
        assert client.get(lien, follow=True).status_code == 200


def test_an_address_is_written_once_by_an_agent_for_every_name_of_the_body(client):
    client.force_login(CompteFactory(agent=True))
    commune = Commune.objects.get(nom="Eybens")
    Commune.objects.filter(pk=commune.pk).update(courriel="")
    mairie = Organisme.objects.create(nom="Mairie d’essai", nature="commune", commune=commune)
    assert "Eybens" in client.get(mairie.url_adresse).content.decode()

    client.post(mairie.url_adresse, {"courriel": "mairie@exemple.fr", "avant": ""})

    mairie.refresh_from_db()
    assert mairie.adresses() == ["mairie@exemple.fr"] == mairie.commune.adresses()
    seconde = client.post(mairie.url_adresse, {"courriel": "autre@exemple.fr", "avant": ""})
    assert "a changé pendant que vous l’écriviez" in seconde.content.decode()
    assert Commune.objects.get(pk=commune.pk).courriel == "mairie@exemple.fr"


def test_the_addresses_of_a_table_are_written_where_there_is_none_yet(client):
    client.force_login(CompteFactory(agent=True))
    Commune.objects.filter(nom__in=["Eybens", "Vif"]).update(courriel="")
    Commune.objects.filter(nom="Claix").update(courriel="mairie@claix.example")
    direction = DirectionFactory(nom="Direction d’essai", sigle="DESS", courriel="")
    tableau = (
        "Commune;Mail\nMairie d’Eybens;mairie@eybens.example\nEYBENS;mairie@eybens.example\nDESS;dess@exemple.fr\n"
        "Vif;pas une adresse\nclaix;autre@claix.example\nAilleurs;a@exemple.fr\nVif;\n"
    )
    adresse = reverse("socle:importer_adresses")

    sans = client.post(adresse, {"fichier": SimpleUploadedFile("a.csv", b"Ville;Tel\nVif;04")}).text
    page = client.post(adresse, {"fichier": SimpleUploadedFile("a.csv", tableau.encode())}).text

    assert "Il faut une colonne" in sans
    assert Commune.objects.get(nom="Eybens").courriel == "mairie@eybens.example"
    assert Commune.objects.get(nom="Claix").courriel == "mairie@claix.example"
    assert Commune.objects.get(nom="Vif").courriel == ""
    direction.refresh_from_db()
    assert direction.courriel == "dess@exemple.fr"
    assert LogEntry.objects.count() == 2
    assert "2 adresses écrites" in page.replace("\xa0", " ")
    assert "2 lignes laissées de côté" in page.replace("\xa0", " ")
    assert "autre@claix.example" in page


def test_the_addresses_of_who_serves_nobody_are_not_found(client):
    client.force_login(CompteFactory(agent=True))

    for corps, pk in (("compte", "1"), ("direction", "1x"), ("direction", "9" * 30), ("partenaire", "1")):
        assert client.get(reverse("socle:ecrire_adresse", args=[corps, pk])).status_code == 404
    client.force_login(CompteFactory(elu=True))
    assert client.get(reverse("socle:adresses")).status_code == 403


def test_a_refusal_for_want_of_an_address_leads_where_it_is_written(client):
    client.force_login(CompteFactory(agent=True))
    direction, remontee = DirectionFactory(courriel=""), RemonteeFactory()

    page = client.post(
        reverse("remontees:attribuer", args=[remontee.pk]),
        {"direction": direction.pk, "date_limite": timezone.localdate() + timedelta(days=3)},
    ).content.decode()

    assert "n’a pas d’adresse électronique" in page
    assert f'href="{direction.url_adresse}"' in page


def test_ten_bodies_without_address_cost_what_one_costs(django_assert_num_queries):
    avec, sans = CompteFactory(), DirectionFactory(courriel="")
    sans.referents.add(avec)
    with CaptureQueriesContext(connection) as une:
        tous()
    DirectionFactory.create_batch(9, courriel="")
    with django_assert_num_queries(len(une)):
        tous()


def test_the_first_administrator_is_made_by_one_french_command():
    dit = StringIO()
    call_command("administrateur", " Camille@Exemple.fr", stdout=dit)

    compte = Compte.objects.get(courriel="camille@exemple.fr")
    assert compte.is_superuser
    assert not compte.has_usable_password()
    assert PAGE in dit.getvalue()


def test_a_group_opens_its_tables_and_no_other(client, administratrice):
    client.post(reverse("admin:auth_group_add"), {"name": "Directions", "tables": ["socle.direction"]})
    autre = CompteFactory(is_staff=True)
    autre.groups.add(Group.objects.get())
    client.force_login(autre)
    direction = DirectionFactory(nom="Avant")

    assert client.get(reverse("admin:socle_compte_changelist")).status_code == 403
    assert client.get(reverse("admin:auth_group_changelist")).status_code == 403
    client.post(
        reverse("admin:socle_direction_change", args=[direction.pk]), {"nom": "Après", "est_active": "on"}
    )
    assert Direction.objects.get(pk=direction.pk).nom == "Après"
