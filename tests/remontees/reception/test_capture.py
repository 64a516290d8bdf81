"""Entry of a remontée by a reception or field agent, and what they see of it later."""

import io
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from participation.socle.actions import fixer_echeance
from participation.socle.models import Quartier
from participation.socle.views.public.machines import FICHIERS
from remontees.models import Rapporteur, Reception, Remontee
from remontees.reception.arrivees import recevoir, recevoir_ce_qui_attend
from remontees.workflow import Canal, Issue
from tests.remontees.factories import CategorieFactory, RemonteeFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db
NOTER = "/remontees/noter/"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def accueil():
    return CompteFactory(accueil=True)


def dit(**champs: object) -> dict[str, object]:
    return {"verbatim": "Le banc est cassé.", "canal": Canal.ACCUEIL.value, "cle": uuid.uuid4(), **champs}


def photo_prise_sur_place(orientation: int = 6) -> io.BytesIO:
    """Photo of 40 × 20 pixels, rotated by 90° when shown, with GPS coordinates."""
    image, sortie = Image.new("RGB", (40, 20), "red"), io.BytesIO()
    exif = image.getexif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    image.save(sortie, "JPEG", exif=exif)
    sortie.seek(0)
    sortie.name = "IMG_1.jpg"
    return sortie


def test_an_agent_of_reception_lands_on_the_page_to_note_and_an_agent_on_her_day(client, accueil):
    client.force_login(accueil)
    assert client.get(reverse("socle:accueil_compte")).url == NOTER
    client.force_login(CompteFactory(agent=True))
    assert client.get(reverse("socle:accueil_compte")).url == reverse("socle:journee")


def test_what_is_noted_becomes_a_remontee_with_who_wants_to_be_told(client, accueil):
    client.force_login(accueil)
    categorie, quartier = CategorieFactory(), Quartier.objects.create(nom="Les Essais", commune=commune())

    reponse = client.post(
        NOTER,
        dit(
            categorie=categorie.pk,
            commune=quartier.commune_id,
            quartier=quartier.pk,
            latitude="45.18",
            longitude="5.72",
            telephone="04 76 59 59 59",
            au_nom_de="on",
        ),
    )
    assert reponse.url == reverse("remontees:ma_liste")
    recevoir_ce_qui_attend()

    remontee = Remontee.objects.get()
    assert (remontee.auteur, remontee.categorie, remontee.quartier) == (accueil, categorie, quartier)
    assert (remontee.latitude, remontee.au_nom_de) == (45.18, True)
    assert Rapporteur.objects.get().prefere == Rapporteur.Prefere.RAPPEL


def test_the_same_draft_sent_by_two_tabs_is_one(client, accueil):
    client.force_login(accueil)
    meme = dit()

    assert [client.post(NOTER, meme, headers=SCRIPT).status_code for _ in range(2)] == [201, 201]
    assert Reception.objects.count() == 1
    recevoir_ce_qui_attend()
    assert client.post(NOTER, meme, headers=SCRIPT).status_code == 201
    recevoir_ce_qui_attend()
    assert Remontee.objects.count() == 1


@pytest.mark.parametrize(
    ("champs", "champ", "mots"),
    [
        ({"verbatim": " "}, "verbatim", "Écrivez ce qui a été dit."),
        ({"canal": "pigeon"}, "canal", "n’est pas dans la liste"),
        ({"courriel": "lea@"}, "courriel", "Cette adresse n’est pas complète"),
        (
            {"entendue_le": timezone.localdate() + timedelta(days=2)},
            "entendue_le",
            "n’est pas encore arrivée",
        ),
    ],
)
def test_what_is_refused_says_why_to_the_script_and_on_the_page(client, accueil, champs, champ, mots):
    client.force_login(accueil)

    par_script = client.post(NOTER, dit(**champs), headers=SCRIPT)
    par_page = client.post(NOTER, dit(lieu="Place aux Herbes", **champs))

    assert par_script.status_code == par_page.status_code == 422
    assert mots in par_script.json()["erreurs"][champ][0]
    assert "Place aux Herbes" in par_page.content.decode()
    assert not Reception.objects.exists()


def test_a_quartier_is_in_its_commune(client, accueil):
    client.force_login(accueil)
    quartier = Quartier.objects.create(nom="Les Essais", commune=commune())

    refus = client.post(
        NOTER, dit(commune=commune("Échirolles").pk, quartier=quartier.pk, canal="accueil"), headers=SCRIPT
    )

    assert "commune" in str(refus.json()["erreurs"])


def test_a_photo_is_kept_upright_without_its_place(client, accueil):
    client.force_login(accueil)
    lourde = photo_prise_sur_place()

    cle = client.post(NOTER, dit(photo=lourde), headers=SCRIPT).json()["cle"]

    with Reception.objects.get(pk=cle).photo.open() as fichier, Image.open(fichier) as gardee:
        assert gardee.size == (20, 40)
        assert not gardee.getexif()
    recevoir(cle)
    assert Remontee.objects.get().pieces.get().est_publique is False


@pytest.mark.parametrize(
    ("nom", "octets", "mots"),
    [
        ("tract.pdf", b"%PDF-1.4", "pas une photo"),
        ("photo.jpg", b"rien", "pas une photo"),
        ("photo.jpg", b"\xff\xd8\xff" + b"0" * 40, "abîmée"),
        ("photo.jpg", b"", "vide"),
    ],
)
def test_a_file_that_is_no_photo_says_what_to_do(client, accueil, nom, octets, mots):
    client.force_login(accueil)
    fichier = io.BytesIO(octets)
    fichier.name = nom

    assert mots in client.post(NOTER, dit(photo=fichier), headers=SCRIPT).json()["erreurs"]["photo"][0]


def test_a_photo_too_heavy_says_so(client, accueil, settings):
    settings.PHOTO_TAILLE_MAX = 500
    client.force_login(accueil)

    refus = client.post(NOTER, dit(photo=photo_prise_sur_place(), verbatim="Un trou."), headers=SCRIPT)

    assert "maximum" in refus.json()["erreurs"]["photo"][0]


def test_her_list_says_what_became_of_each_and_of_nobody_elses(client, accueil):
    RemonteeFactory(auteur=accueil, titre="Le banc", repondue=True, issue=Issue.TRAITE, reponse="Changé.")
    RemonteeFactory(titre="Autre chose")
    attendue = RemonteeFactory(auteur=accueil, titre="Le lampadaire")
    avant_hier = timezone.localdate() - timedelta(days=2)
    fixer_echeance(attendue, "reponse", libelle="Répondre", date_limite=avant_hier)
    client.force_login(accueil)
    client.post(NOTER, dit(verbatim="La fontaine fuit."))

    page = client.get(reverse("remontees:ma_liste")).content.decode()

    assert "Le banc" in page
    assert "Changé." in page
    assert "2 jours de retard" in page
    assert "La fontaine fuit." in page
    assert "Autre chose" not in page


def test_her_empty_list_says_what_will_be_there(client, accueil):
    client.force_login(accueil)
    assert "Rien de noté" in client.get(reverse("remontees:ma_liste")).content.decode()


@pytest.mark.usefixtures("en_clair")
def test_what_is_noted_is_three_statements_beside_the_look_at_the_second_factor(client, accueil):
    client.force_login(accueil)
    quartier = Quartier.objects.create(nom="Les Essais", commune=commune())
    entier = {
        "categorie": CategorieFactory().pk,
        "commune": quartier.commune_id,
        "quartier": quartier.pk,
        "entendue_le": timezone.localdate() - timedelta(days=1),
        "telephone": "06 12 34 56 78",
    }
    client.post(NOTER, dit(**entier), headers=SCRIPT)  # choices are cached for a minute

    with CaptureQueriesContext(connection) as saisie:
        assert client.post(NOTER, dit(**entier), headers=SCRIPT).status_code == 201

    # Session, account with its roles, writes.
    siennes = [r["sql"] for r in saisie if "mfa_authenticator" not in r["sql"]]
    assert [re.search(r"(?:FROM|INTO) \"(\w+)\"", sql)[1] for sql in siennes] == [
        "django_session",
        "socle_appartenance",
        "remontees_reception",
    ]


def test_a_session_that_ended_is_told_apart_from_a_cut(client):
    reponse = client.get(reverse("remontees:jeton_de_saisie"), headers=SCRIPT)
    assert reponse.status_code == 302


def test_the_service_worker_names_files_that_exist(client):
    texte = client.get(reverse("remontees:service_de_saisie")).content.decode()
    assert [nom for nom in FICHIERS if finders.find(nom) is None] == []
    assert all(nom in texte for nom in FICHIERS)
