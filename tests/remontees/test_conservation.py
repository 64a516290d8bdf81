"""Retention: after the delay nobody can be identified, and the figures do not change."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.dossiers import auditer
from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Document
from remontees import conservation
from remontees.messages.actes import Recu, lire_message, recevoir
from remontees.models import Message, Rapporteur, Remontee, Satisfaction
from remontees.models.remontees import EFFACE, EFFACE_AVANT, EFFACES
from remontees.parts import reponse
from tests.droits.factories import viser
from tests.remontees.factories import RapporteurFactory, RemonteeFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]


def ancienne(**champs):
    return RemonteeFactory(repondue=True, repondue_le=timezone.localtime() - timedelta(days=800), **champs)


def test_only_what_is_past_the_delay_is_proposed_and_a_batch_forgets_it(client):
    vieille, recente = (
        ancienne(lieu="12 rue des Lilas", commune=commune("Fontaine")),
        RemonteeFactory(repondue=True),
    )
    RapporteurFactory(remontee=vieille, nom="Josette Arnaud", telephone="06 00 00 00 00")
    Courriel.objects.create(
        expediteur="s@example.org",
        destinataires=["j@example.org"],
        sujet="Bonjour",
        corps="Josette",
        dossier=vieille,
    )
    client.force_login(CompteFactory(agent=True))
    adresse = reverse("remontees:conservation")
    assert vieille.reference in client.get(adresse).content.decode()

    viser("remontees.remontees", timezone.localdate().toordinal())

    client.post(adresse)

    vieille.refresh_from_db()
    rapporteur = Rapporteur.objects.get(remontee=vieille)
    assert (vieille.verbatim, vieille.lieu, vieille.commune) == (EFFACE, "", commune("Fontaine"))
    assert (rapporteur.nom, rapporteur.courriel, rapporteur.telephone) == ("", "", "")
    assert rapporteur.efface_le is not None
    assert not Courriel.objects.filter(dossier=vieille).exists()
    assert Remontee.objects.count() == 2
    assert not conservation.au_terme(1)
    recente.refresh_from_db()
    assert recente.verbatim not in EFFACES

    # Erased earlier, on request: the page never says that the delay had passed.
    conservation.anonymiser(recente, par=CompteFactory(agent=True))
    Remontee.objects.filter(pk=recente.pk).update(repondue_le=timezone.localtime() - timedelta(days=800))
    conservation.anonymiser(recente, par=CompteFactory(agent=True))
    assert recente.verbatim == EFFACE_AVANT
    assert not conservation.au_terme(1)


def test_who_writes_again_by_a_link_kept_for_years_is_forgotten_in_her_turn_once_read(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    agent, remontee = CompteFactory(agent=True), ancienne()
    with pytest.raises(ErreurMetier, match="visa"):
        conservation.anonymiser_lot(par=agent)
    viser("remontees.remontees", timezone.localdate().toordinal())
    demande = Satisfaction.objects.create(remontee=remontee, avis="non", mot="Josette n’est pas contente.")
    joindre(remontee, fichier=SimpleUploadedFile("a.txt", b"Josette"), titre="Photo", par=None)
    (photo,) = Path(tmp_path).glob("pieces/*")
    assert "lampadaire" in str(auditer(remontee, par=agent).donnees)
    with django_capture_on_commit_callbacks(execute=True):
        assert conservation.anonymiser_lot(par=agent) == 1
    demande.refresh_from_db()
    assert demande.mot == ""
    assert not photo.exists()
    assert not Document.objects.filter(dossier=remontee).exists()

    message = recevoir(remontee, Recu("C’est Josette, de la rue des Lilas.", Message.Moyen.SITE))
    assert not conservation.au_terme(1), "personne ne l’a lu"
    lire_message(message, par=agent)
    assert not conservation.au_terme(1), "le délai court"
    Message.objects.update(ecrit_le=timezone.localtime() - timedelta(days=800))
    viser("remontees.remontees", timezone.localdate().toordinal(), visa="2027-2")
    assert conservation.anonymiser_lot(par=agent) == 1

    message.refresh_from_db()
    assert message.texte == EFFACE
    assert not conservation.au_terme(1)


def test_what_is_opened_again_meanwhile_is_not_forgotten():
    agent, remontee = CompteFactory(agent=True), ancienne()
    reponse.rouvrir(remontee, par=agent, motif="Encore.")
    viser("remontees.remontees", timezone.localdate().toordinal())

    assert conservation.anonymiser_lot(par=agent) == 0


def test_a_slip_is_eliminated_batch_after_batch_and_what_is_recent_stays(monkeypatch):
    agent, vieilles, recente = CompteFactory(agent=True), [ancienne() for _ in range(3)], RemonteeFactory()
    jour = timezone.localdate().toordinal()
    assert conservation.eliminer(jour, agent) == 0  # the archives have said nothing
    viser("remontees.remontees", jour)
    monkeypatch.setattr(conservation, "LOT", 2)

    assert conservation.eliminer(jour, agent) == 3
    assert {r.verbatim for r in Remontee.objects.exclude(pk=recente.pk)} == {EFFACE}
    recente.refresh_from_db()
    assert recente.verbatim != EFFACE
    assert len(vieilles) == 3
