"""Nothing of a forum is given before the mailbox is proved: neither seat, nor rank, nor ticket."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from participation.budgets.forums import actes as forums
from participation.budgets.models import Forum, InscriptionForum
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courriel
from tests.budgets.factories import ecrits, forum_le
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def qui(n):
    return {"nom": f"Personne {n}", "courriel": f"p{n}@example.org", "cle": uuid.uuid4()}


def lien_de(courriel):
    corps = Courriel.objects.get(acte="budgets/confirmer_inscription", destinataires=[courriel]).corps
    return re.search(r"/contrat-de-ville/quartiers/confirmer-inscription/\S+", corps)[0]


def test_addresses_never_proved_take_no_seat_from_who_proves_hers(client):
    """Attack: twelve seats asked from four networks for addresses that nobody reads."""
    forum = forum_le(places=12)
    adresse = reverse("budgets:s_inscrire", args=[forum.pk])
    for n in range(12):
        assert client.post(adresse, qui(n), REMOTE_ADDR=f"198.51.{n % 4}.7").status_code == 303
    assert forum.places_libres == 12

    client.post(adresse, qui(99))

    page = client.get(lien_de("p99@example.org")).content.decode()
    assert "Il reste des places" in page
    assert "Vous avez une place" in client.post(lien_de("p99@example.org"), follow=True).content.decode()
    assert forum.places_libres == 11
    assert ecrits("inscrire_au_forum") == ["p99@example.org"]


def test_only_the_letter_proves_the_mailbox_then_gives_the_seat_or_the_last_rank(client):
    """Not the page of the answer, a GET, or the link of the ticket."""
    forum = forum_le(places=1)
    tot, tard = (forums.inscrire_au_forum(forum, par=None, **qui(n)) for n in (1, 2))
    assert [i.etat for i in (tot, tard)] == ["rendue", "rendue"]
    confirmer = lien_de("p2@example.org")
    assert client.get(reverse("budgets:confirmer_inscription", args=[tard.jeton()])).status_code == 404
    client.get(confirmer)
    tard.refresh_from_db()
    assert tard.est_a_confirmer

    sienne = reverse("budgets:mon_inscription", args=[tard.jeton()]).partition(":")[0]
    assert client.post(confirmer).url.startswith(f"{sienne}:")
    assert client.post(confirmer).status_code == 303
    assert "complet" in client.get(lien_de("p1@example.org")).content.decode()
    assert (
        "en liste d’attente, au rang 1"
        in client.post(lien_de("p1@example.org"), follow=True).content.decode()
    )
    rouvert = client.get(lien_de("p1@example.org")).content.decode()
    assert "Vous êtes en liste d’attente, au rang 1" in rouvert
    assert "est confirmée" not in rouvert

    assert (ecrits("inscrire_au_forum"), ecrits("attendre_forum")) == (["p2@example.org"], ["p1@example.org"])
    forums.annuler_inscription(InscriptionForum.objects.get(pk=tard.pk), par=None)
    assert ecrits("obtenir_place_forum") == ["p1@example.org"]


def test_who_registers_somebody_else_gets_no_ticket_and_cancels_nothing(client):
    forum = forum_le()
    dit = qui(1)
    recue = client.post(reverse("budgets:s_inscrire", args=[forum.pk]), dit).url
    inscription = InscriptionForum.objects.get()

    with pytest.raises(ActeInterdit, match="pas confirmée"):
        forums.annuler_inscription(inscription, par=None)
    forums.confirmer_inscription(inscription)  # by the person, from her letter
    assert inscription.jeton() not in client.get(recue).content.decode()
    # Nor by an account of one's own, under the key of the first request.
    client.force_login(CompteFactory(courriel="autre@example.org"))
    autre = {**dit, "courriel": "autre@example.org"}
    assert inscription.jeton() not in client.post(reverse("budgets:s_inscrire", args=[forum.pk]), autre).url


def test_who_is_signed_in_with_this_mailbox_has_her_seat_at_once(client):
    client.force_login(CompteFactory(courriel="p1@example.org"))
    adresse = reverse("budgets:s_inscrire", args=[forum_le().pk])

    assert "projection-qr" in client.post(adresse, qui(1), follow=True).content.decode()
    client.post(adresse, qui(2))

    etats = dict(InscriptionForum.objects.values_list("courriel", "etat"))
    assert etats == {"p1@example.org": "inscrite", "p2@example.org": "rendue"}
    assert ecrits("inscrire_au_forum") == ["p1@example.org"]


def test_a_link_serves_while_registrations_are_open_then_what_was_asked_is_erased(client):
    inscription = forums.inscrire_au_forum(forum_le(), par=None, **qui(1))
    lien = lien_de("p1@example.org")
    Forum.objects.update(etat="ferme")
    assert "closes" in client.get(lien).content.decode()
    assert client.post(lien).status_code == 409
    Forum.objects.update(etat="annule")
    assert "Ce forum est annulé" in client.get(lien).content.decode()
    Forum.objects.update(etat="ouvert")
    InscriptionForum.objects.update(inscrite_le=timezone.localtime() - timedelta(days=40))

    assert effacer_sans_preuve() == 1

    assert "Elle est effacée" in client.get(lien).content.decode()
    inscription.refresh_from_db()
    assert (inscription.nom, inscription.courriel) == ("", "")


def test_a_seat_that_the_former_version_held_is_kept_until_the_hour_that_it_told(agent):
    forum = forum_le(places=1)
    tenue = forums.inscrire_au_forum(forum, par=agent, **qui(1))
    attend = forums.inscrire_au_forum(forum, par=agent, **qui(2))
    InscriptionForum.objects.filter(pk=tenue.pk).update(
        a_confirmer_avant=timezone.now() + timedelta(minutes=5)
    )
    forums.tenir_les_places()
    assert InscriptionForum.objects.get(pk=tenue.pk).etat == "inscrite"

    InscriptionForum.objects.filter(pk=tenue.pk).update(a_confirmer_avant=timezone.now())
    forums.tenir_les_places()

    etats = dict(InscriptionForum.objects.values_list("pk", "etat"))
    assert etats == {tenue.pk: "rendue", attend.pk: "inscrite"}


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_for_the_last_seat_one_has_it_the_other_waits():
    forum = forum_le(places=1)
    numeros = [forums.inscrire_au_forum(forum, par=None, **qui(n)).pk for n in (1, 2)]

    def confirmer(numero):
        try:
            inscription = InscriptionForum.objects.get(pk=numero)
            forums.confirmer_inscription(inscription)
            return inscription.etat
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        assert sorted(fils.map(confirmer, numeros)) == ["attente", "inscrite"]


def test_one_mailbox_does_not_take_every_seat_whatever_its_spelling_nor_its_proof(client):
    """Attack: the holder of one mailbox registers twelve times, signed in, then by twelve letters."""
    forum, compte = forum_le(places=12), CompteFactory(courriel="une.boite@gmail.com")
    adresse = reverse("budgets:s_inscrire", args=[forum.pk])
    client.force_login(compte)
    ecritures = [f"une.boite+{n}@gmail.com" for n in range(4)] + [
        "UneBoite@googlemail.com",
        "uneboite@gmail.com",
    ]
    pages = [client.post(adresse, {**qui(n), "courriel": ecriture}) for n, ecriture in enumerate(ecritures)]
    assert [page.status_code for page in pages] == [303] * 5 + [200]
    assert "déjà 5 inscriptions à ce forum" in pages[-1].content.decode()

    client.logout()
    client.post(adresse, {**qui(9), "courriel": "u.neboite@gmail.com"}, REMOTE_ADDR="198.51.100.7")
    page = client.post(lien_de("u.neboite@gmail.com"))

    assert page.status_code == 409
    assert "le maximum" in page.content.decode()
    assert forum.places_prises == 5
    par_l_accueil = {**qui(10), "courriel": "uneboite@gmail.com"}
    assert forums.inscrire_au_forum(forum, par=CompteFactory(agent=True), **par_l_accueil).etat == "inscrite"


def test_each_person_with_a_seat_is_given_a_table_by_the_mechanism_of_panels(agent, client):
    forum = forum_le(places=5)
    assert "Ajoutez d’abord les tables" in str(forum.manques("dresser_tables", agent))
    for numero in (1, 2):
        forums.ajouter_table(forum, par=agent, numero=numero, sujet="L’eau")
    gens = [forums.inscrire_au_forum(forum, par=agent, **qui(n)) for n in range(6)]  # the last one waits

    assert forums.dresser_tables(forum, par=agent) == 5

    tables = list(forum.inscriptions.exclude(table=None).values_list("table__numero", flat=True))
    assert sorted(tables) in ([1, 1, 1, 2, 2], [1, 1, 2, 2, 2])
    gens[-1].refresh_from_db()
    assert gens[-1].table is None
    client.force_login(agent)
    accueil = client.get(reverse("budgets:bureau_du_forum", args=[forum.pk])).content.decode()
    assert "<strong>table 1</strong>" in accueil
