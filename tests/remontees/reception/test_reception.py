"""Reception of messages: stored at once, made a remontée once, nothing lost."""

import io
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from participation.socle.models import Courriel
from remontees.models import Rapporteur, Reception, Remontee
from remontees.personne import titre_de
from remontees.reception import arrivees
from remontees.reception.regles import Charge, Contact
from remontees.workflow import Canal, Etat
from tests.outils import ensemble
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


def charge(**champs: object) -> Charge:
    return Charge(
        **{"verbatim": "Le lampadaire est éteint. On ne voit rien.", "canal": Canal.TERRAIN, **champs}
    )


def test_what_is_heard_is_one_statement():
    with CaptureQueriesContext(connection) as requetes:
        arrivees.deposer(charge())

    assert len(requetes) == 1


def test_it_becomes_a_remontee_with_its_reference_its_place_and_its_echeance():
    agent = CompteFactory(accueil=True)

    cle = arrivees.deposer(
        charge(commune=commune("Fontaine").pk, lieu="devant la poste", saisie_par=agent.pk)
    )
    remontee = arrivees.recevoir(cle)

    assert remontee.etat == Etat.NOUVELLE
    assert remontee.reference.startswith("REM-")
    assert remontee.titre == "Le lampadaire est éteint"
    assert remontee.ou == "devant la poste, Fontaine"
    assert list(remontee.communes.all()) == [commune("Fontaine")]
    assert remontee.auteur == agent
    assert remontee.echeances.ouvertes().get().cle == "trier"
    assert remontee.journal.get().acte == "saisir"


def test_the_same_draft_sent_twice_is_one_remontee():
    cle = uuid.uuid4()

    arrivees.deposer(charge(), cle=cle)
    arrivees.deposer(charge(verbatim="Autre chose."), cle=cle)
    arrivees.recevoir(cle)

    assert arrivees.recevoir(cle) is None
    assert Remontee.objects.get().verbatim.startswith("Le lampadaire")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_remontee():
    cle = arrivees.deposer(charge())

    assert ensemble(*[lambda: arrivees.recevoir(cle)] * 2) == ["fait", "fait"]
    assert Remontee.objects.count() == 1


def test_once_it_is_made_what_was_said_is_in_one_place():
    cle = arrivees.deposer(charge(contact=Contact(nom="Josette Arnaud", courriel="josette@example.org")))

    remontee = arrivees.recevoir(cle)

    assert Reception.objects.get(pk=cle).charge == {}
    assert Rapporteur.objects.get(remontee=remontee).courriel == "josette@example.org"
    (lettre,) = Courriel.objects.filter(dossier=remontee)
    assert lettre.destinataires == ["josette@example.org"]
    assert remontee.reference in lettre.sujet


def test_what_cannot_be_read_waits_with_its_reason_and_is_left_after_some_tries():
    cle = arrivees.deposer(charge(verbatim="   "))

    for _ in range(Reception.ESSAIS_MAX + 1):
        arrivees.recevoir_ce_qui_attend()

    attente = Reception.objects.get(pk=cle)
    assert (attente.faite_le, attente.essais) == (None, Reception.ESSAIS_MAX)
    assert attente.erreur == "Écrivez ce qui a été dit."
    assert attente.charge["canal"] == Canal.TERRAIN


def test_a_photo_that_is_not_there_stops_neither_the_others_nor_for_ever():
    sans = arrivees.deposer(charge(), photo=ContentFile(b"-", "p.jpg"))
    Path(Reception.objects.get(pk=sans).photo.path).unlink()
    suivante = arrivees.deposer(charge())

    for _ in range(Reception.ESSAIS_MAX + 1):
        arrivees.recevoir_ce_qui_attend()

    assert Reception.objects.get(pk=suivante).faite_le is not None
    attente = Reception.objects.get(pk=sans)
    assert (attente.faite_le, attente.essais) == (None, Reception.ESSAIS_MAX)
    assert attente.erreur == "La photo jointe ne se trouve pas sur cette machine."


def test_an_agent_sees_what_waits_and_since_when_tries_again_or_lets_it_go(client):
    Reception.objects.create(
        charge={"verbatim": "Une voix.", "canal": "inconnu"}, essais=5, erreur="Canal inconnu."
    )
    autre = Reception.objects.create(
        charge={"verbatim": "Bonjour.", "canal": "terrain"}, essais=5, erreur="Panne."
    )
    client.force_login(CompteFactory(agent=True))
    adresse = reverse("remontees:receptions")
    assert adresse in client.get(reverse("socle:journee")).content.decode()
    page = client.get(adresse).content.decode()
    assert "Une voix." in page
    assert "Canal inconnu." in page

    client.post(adresse, {"reception": autre.repere})
    assert Remontee.objects.get().verbatim == "Bonjour."
    client.post(adresse, {"reception": Reception.objects.get(faite_le=None).repere, "abandonner": "1"})

    assert not Reception.objects.en_panne().exists()
    assert "Rien à relire" in client.get(adresse).content.decode()


def test_a_photo_is_kept_once_whatever_the_number_of_sendings(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(image, "JPEG")
    cle = uuid.uuid4()
    for _ in range(2):
        arrivees.deposer(charge(), cle=cle, photo=ContentFile(image.getvalue(), "photo.jpg"))
    assert len([f for f in (tmp_path / "remontees").rglob("*") if f.is_file()]) == 1

    remontee = arrivees.recevoir(cle)

    assert remontee.pieces.get().titre == "Photo"
    assert not Reception.objects.get(pk=cle).photo


def test_a_photo_that_this_machine_does_not_see_counts_as_a_try_and_stops_no_other(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "premiere"
    image = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(image, "JPEG")
    cle = arrivees.deposer(charge(), photo=ContentFile(image.getvalue(), "photo.jpg"))
    autre = arrivees.deposer(charge(verbatim="La fontaine fuit."))
    settings.MEDIA_ROOT = tmp_path / "seconde"

    for _ in range(Reception.ESSAIS_MAX):
        arrivees.recevoir_ce_qui_attend()

    assert Reception.objects.get(pk=autre).faite_le
    [attend] = Reception.objects.en_panne()
    assert attend.pk == cle
    assert attend.erreur == arrivees.SANS_PHOTO

    settings.MEDIA_ROOT = tmp_path / "premiere"
    assert arrivees.recevoir(cle)  # tried again by an agent, once the folder is shared


def test_what_a_lost_broker_left_is_taken_up_in_order():
    cles = [arrivees.deposer(charge(verbatim=f"Numéro {n}")) for n in range(3)]

    assert arrivees.recevoir_ce_qui_attend() == 3
    assert [Reception.objects.get(pk=cle).remontee.verbatim for cle in cles] == [
        "Numéro 0",
        "Numéro 1",
        "Numéro 2",
    ]


@pytest.mark.parametrize(
    ("verbatim", "titre"),
    [
        ("Le bus passe trop tard. Merci.", "Le bus passe trop tard"),
        ("Oui. Le bus passe trop tard.", "Oui. Le bus passe trop tard"),
        ("Le bus passe trop tard...", "Le bus passe trop tard..."),
        ("mot " * 100, f"{'mot ' * 38}mot…"),
    ],
)
def test_a_title_is_the_first_sentence_cut_between_words(verbatim, titre):
    assert titre_de(verbatim) == titre


def test_the_worker_makes_a_remontee_in_few_statements_and_says_in_words_what_the_database_refuses():
    bonne, mauvaise = arrivees.deposer(charge()), arrivees.deposer(charge(latitude=200.0, longitude=5.7))
    arrivees.recevoir(arrivees.deposer(charge()))  # fill the caches first
    with CaptureQueriesContext(connection) as requetes:
        assert arrivees.recevoir(bonne) is not None
    assert len(requetes) <= 16

    assert arrivees.recevoir(mauvaise) is None
    assert Reception.objects.get(pk=mauvaise).erreur == "Ce point n’est pas sur la Terre."
