"""Keys: what a visitor chooses reaches nothing of ours, and what opens her page is told to nobody."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from remontees.models import Reception, Remontee
from remontees.reception import arrivees
from remontees.reception import imports as fichier
from remontees.reception.actes import SuivreForm
from remontees.workflow import Canal
from tests.remontees.factories import RemonteeFactory, SujetFactory
from tests.remontees.open311 import deposee
from tests.remontees.reception.test_capture import photo_prise_sur_place
from tests.remontees.reception.test_dire import adresse, envoye
from tests.remontees.reception.test_imports import importer
from tests.remontees.reception.test_reception import charge
from tests.remontees.test_open311_messages import dire_du_nouveau
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
URL = "https://social.example/post/515151"


def fichiers(dossier) -> list[str]:
    return [f.name for f in (dossier / "remontees").rglob("*") if f.is_file()]


def test_a_visitor_who_knows_the_key_of_an_import_does_not_take_its_place(client):
    client.post(adresse(), envoye(verbatim="bonjour", cle=fichier.cle_de({"source": URL})))

    fait = importer(f"Message;URL\nDANGER : poteau électrique tombé;{URL}\n", CompteFactory(agent=True))

    assert (fait.nouvelles, fait.doublons) == (1, 0)
    arrivees.recevoir_ce_qui_attend()
    assert {r.verbatim for r in Remontee.objects.all()} == {"bonjour", "DANGER : poteau électrique tombé"}


def test_nor_that_of_an_update_of_another_application(client, categorie, cle):
    from remontees.models import ClientOpen311
    from remontees.open311.actes import NUMEROS

    remontee = deposee(client, cle)
    sienne = RemonteeFactory()
    vole = uuid.uuid5(NUMEROS, f"{ClientOpen311.objects.get().pk}|{remontee.reference}|12")
    client.post(reverse("remontees:suivi", args=[sienne.jeton()]), {"texte": "Moi.", "cle": vole})

    dire_du_nouveau(client, cle, remontee)

    assert sienne.messages.get().texte == "Moi."
    assert "Deux autres lampadaires" in remontee.messages.get().texte


def test_two_texts_under_one_key_are_both_kept_and_the_same_one_once(client):
    cle = uuid.uuid4()
    recues = [
        client.post(adresse(), envoye(cle=cle, verbatim=mots)).url
        for mots in ("Le premier.", "Le premier.", "Le second.")
    ]

    arrivees.recevoir_ce_qui_attend()

    assert recues[0] == recues[1] != recues[2]
    assert {r.verbatim for r in Remontee.objects.all()} == {"Le premier.", "Le second."}
    for adresse_recue, remontee in zip(recues[1:], Remontee.objects.order_by("pk"), strict=True):
        assert remontee.reference in client.get(adresse_recue).content.decode()


def test_two_messages_under_one_key_are_both_kept(client):
    remontee = RemonteeFactory()
    page, cle = reverse("remontees:suivi", args=[remontee.jeton()]), uuid.uuid4()

    for mots in ("Un.", "Un.", "Deux."):
        client.post(page, {"texte": mots, "cle": cle})

    assert {m.texte for m in remontee.messages.all()} == {"Un.", "Deux."}


def test_a_photo_is_named_by_us_not_by_the_key_that_opens_the_page_of_the_person(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    recue = client.post(adresse(), envoye(photo=photo_prise_sur_place()))
    gardee = Reception.objects.get()
    assert str(gardee.cle) in recue.url
    assert not any(str(gardee.cle) in nom for nom in fichiers(tmp_path))

    remontee = arrivees.recevoir(gardee.cle)

    assert [piece.nom for piece in remontee.pieces.all()] == ["photo-1.jpg"]
    client.force_login(CompteFactory(agent=True))
    donnee = client.get(reverse("socle:piece", args=[remontee.pieces.get().pk]))
    donnee.close()
    assert donnee["Content-Disposition"] == 'inline; filename="photo-1.jpg"'


def test_the_photo_of_a_message_does_not_keep_the_name_that_the_person_gave_it(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    remontee = RemonteeFactory()
    photo = photo_prise_sur_place()
    photo.name = "josette-arnaud.jpg"

    client.post(
        reverse("remontees:suivi", args=[remontee.jeton()]),
        {"texte": "Voici.", "cle": uuid.uuid4(), "photo": photo},
    )

    assert remontee.pieces.get().nom == "photo-1.jpg"


def test_a_photo_sent_again_once_it_was_treated_leaves_no_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cle = uuid.uuid4()
    for _ in range(2):
        arrivees.deposer(
            charge(), cle=cle, photo=ContentFile(photo_prise_sur_place().getvalue(), "photo.jpg")
        )
        arrivees.recevoir(cle)
        Reception.objects.filter(pk=cle).update(photo="")

    connus = {r.photo.name for r in Reception.objects.exclude(photo="")}
    assert len(fichiers(tmp_path)) <= 1  # the first copy goes at the commit
    assert connus == set()


def test_an_agent_who_treats_a_failed_reception_is_not_given_the_key_of_its_receipt(client):
    recue = Reception.objects.create(
        charge={"verbatim": "Une voix.", "canal": Canal.SITE}, essais=5, erreur="Panne."
    )
    client.force_login(CompteFactory(agent=True))

    assert str(recue.cle) not in client.get(reverse("remontees:receptions")).content.decode()


def test_a_retry_is_the_same_sending_when_a_sujet_alike_was_published_meanwhile():
    dit = {"cle": uuid.uuid4(), "sujet": "aucun"}
    avant, apres = SuivreForm(dit, proches=[]), SuivreForm(dit, proches=[SujetFactory()])

    assert avant.is_valid()
    assert apres.is_valid()
    assert avant.cle_d_envoi() == apres.cle_d_envoi()
