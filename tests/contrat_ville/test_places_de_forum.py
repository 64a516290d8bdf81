"""Seats of a forum are held for a time, until the letter proves the address, else given to the next."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contrat_ville.actions import forums
from contrat_ville.models import Forum, InscriptionForum
from participation.socle.models import Courriel
from tests.contrat_ville.factories import ecrits
from tests.contrat_ville.inter_quartiers import forum_le

pytestmark = pytest.mark.django_db


def qui(n):
    return {"nom": f"Personne {n}", "courriel": f"p{n}@example.org", "cle": uuid.uuid4()}


def test_a_seat_is_held_until_its_address_is_proved_then_given_to_who_proved_hers(client):
    """Only the letter proves an address: not the page of the answer, a GET, or the link of the ticket."""
    forum = forum_le(places=1)
    fausse, vraie, muette = (forums.inscrire_au_forum(forum, par=None, **qui(n)) for n in (1, 2, 3))
    assert [i.etat for i in (fausse, vraie, muette)] == ["inscrite", "attente", "attente"]
    assert ecrits("garder_place") == [f"p{n}@example.org" for n in (1, 2, 3)]
    confirmer = re.search(
        r"/contrat-de-ville/quartiers/confirmer-inscription/\S+",
        Courriel.objects.get(destinataires=["p2@example.org"]).corps,
    )[0]
    recue = client.get(reverse("contrat_ville:inscription_recue", args=[vraie.cle])).content.decode()
    assert "pour confirmer votre inscription" in recue
    assert "confirmer-inscription" not in recue
    assert client.get(confirmer.replace(vraie.jeton_de_confirmation(), vraie.jeton())).status_code == 404
    client.get(confirmer)
    vraie.refresh_from_db()
    assert vraie.est_a_confirmer
    assert client.post(confirmer).url == reverse("contrat_ville:mon_inscription", args=[vraie.jeton()])
    assert client.post(confirmer).status_code == 302
    forums.tenir_les_places()
    assert ecrits("rendre_place") == []

    InscriptionForum.objects.exclude(pk=vraie.pk).update(a_confirmer_avant=timezone.now())
    forums.tenir_les_places()
    forums.tenir_les_places()

    etats = dict(InscriptionForum.objects.values_list("pk", "etat"))
    assert etats == {fausse.pk: "rendue", vraie.pk: "inscrite", muette.pk: "rendue"}
    assert ecrits("rendre_place") == ["p1@example.org", "p3@example.org"]
    assert all(
        "s’il en reste" in une.corps for une in Courriel.objects.filter(acte="contrat_ville/rendre_place")
    )
    assert ecrits("obtenir_place_forum") == ecrits("attendre_forum") == ["p2@example.org"]
    assert (
        "n’est plus gardée"
        in client.get(reverse("contrat_ville:mon_inscription", args=[fausse.jeton()])).content.decode()
    )
    retour = reverse("contrat_ville:confirmer_inscription", args=[muette.jeton_de_confirmation()])
    assert "en liste d’attente, au rang 1" in client.post(retour, follow=True).content.decode()
    Forum.objects.update(etat="ferme")
    tard = reverse("contrat_ville:confirmer_inscription", args=[fausse.jeton_de_confirmation()])
    assert "closes" in client.get(tard).content.decode()
    assert client.post(tard).status_code == 409
    Forum.objects.update(etat="annule")
    assert "Ce forum est annulé" in client.get(retour).content.decode()
    Forum.objects.update(etat="ouvert")
    InscriptionForum.objects.filter(pk=fausse.pk).update(
        inscrite_le=timezone.localtime() - timedelta(days=40)
    )
    assert forums.purger_inscriptions() == 1
    assert "Elle est effacée" in client.get(tard).content.decode()
    fausse.refresh_from_db()
    assert (fausse.nom, fausse.courriel) == ("", "")


@pytest.mark.django_db(transaction=True)
def test_two_people_for_the_last_seat_one_has_it_the_other_waits():
    forum = forum_le(places=1)

    def s_inscrire(n):
        try:
            return forums.inscrire_au_forum(Forum.objects.get(pk=forum.pk), par=None, **qui(n)).etat
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        assert sorted(fils.map(s_inscrire, (1, 2))) == ["attente", "inscrite"]

    forum.inscriptions.update(etat="rendue")

    def confirmer(numero):
        try:
            inscription = InscriptionForum.objects.get(pk=numero)
            forums.confirmer_inscription(inscription)
            return inscription.etat
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        numeros = list(forum.inscriptions.values_list("pk", flat=True))
        assert sorted(fils.map(confirmer, numeros)) == ["attente", "inscrite"]
