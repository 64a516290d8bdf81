"""Forums of the quartiers: registration, needs, seats, welcome desk, tables, erasure."""

import re
import uuid

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.budgets.forums import actes as forums
from participation.budgets.forums import vues as vues_forums
from participation.budgets.forums.lectures import bilan_public
from participation.budgets.models import Idee, InscriptionForum, NoteDeTable
from participation.inscriptions import actes as inscriptions
from participation.inscriptions.lectures import chiffres
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder_ou_taire
from participation.socle.models import Courriel, Quartier
from tests.budgets.factories import budget_en, ecrits, forum_le, inscription_a, table_de
from tests.greffons.guichet import Guichet
from tests.outils import a_plusieurs

pytestmark = pytest.mark.django_db


def test_twelve_seats_asked_from_four_networks_for_addresses_that_nobody_reads_are_free(client):
    forum = forum_le(places=12)
    adresse = reverse("budgets:s_inscrire", args=[forum.pk])
    for n in range(12):
        assert client.post(adresse, qui(n), REMOTE_ADDR=f"198.51.{n % 4}.7").status_code == 303
    assert forum.places_libres == 12


def qui(n=1, **champs):
    return {"nom": f"Personne {n}", "courriel": f"p{n}@example.org", "cle": uuid.uuid4(), **champs}


def test_one_network_does_not_take_every_seat_and_what_was_typed_stays(client, settings):
    assert settings.LIMITES["forum.reseau"] == "20/h/key,60/d/key"
    settings.LIMITES = settings.LIMITES | {"forum.reseau": "2/h/key"}
    cache.clear()
    caches["processus"].clear()
    adresse = reverse("budgets:s_inscrire", args=[forum_le().pk])

    recus = [client.post(adresse, qui(n), REMOTE_ADDR="192.0.2.7") for n in range(3)]

    assert [recu.status_code for recu in recus] == [303, 303, 429]
    assert "Beaucoup d’inscriptions arrivent depuis votre réseau" in recus[-1].content.decode()
    assert "p2@example.org" in recus[-1].content.decode()
    assert InscriptionForum.objects.count() == 2
    assert client.post(adresse, qui(2), REMOTE_ADDR="198.51.100.7").status_code == 303


def test_the_facilitator_notes_several_in_a_row_by_her_link(client):
    budget = budget_en("discussion")
    table = table_de(forum_le(0, budget=budget))
    adresse = reverse("budgets:table_par_lien", args=[table.jeton()])
    cle = uuid.uuid4()

    client.post(adresse, {"quoi": "idee", "texte": "Un composteur par immeuble.", "cle": cle})
    client.post(adresse, {"quoi": "idee", "texte": "Un composteur par immeuble.", "cle": cle})
    page = client.post(
        adresse, {"quoi": "note", "texte": "On n’est jamais prévenus.", "cle": uuid.uuid4()}, follow=True
    )

    idee = Idee.objects.get()
    assert (idee.canal, idee.table, idee.etat) == ("atelier", table, "a_lire")
    assert NoteDeTable.objects.get().texte == "On n’est jamais prévenus."
    assert "Un composteur par immeuble" in page.content.decode()


def test_the_link_of_a_table_is_that_of_who_facilitates_and_floods_nobody(client, agent, monkeypatch):
    table = table_de(forum_le(0, budget=budget_en("discussion")), courriel="a@example.org")

    def adresse():
        return reverse("budgets:table_par_lien", args=[table.jeton()])

    premier = adresse()
    for courriel in ("b@example.org", "a@example.org"):
        forums.modifier_table(table, par=agent, numero=1, sujet="Nature en ville", courriel=courriel)
    assert client.get(premier).status_code == 404
    assert client.get(adresse()).status_code == 200
    # The link depends on the second of its signing: only its content is compared.
    corps = Courriel.objects.filter(destinataires=["a@example.org"]).latest("pk").corps
    (ecrite,) = re.findall(re.escape(adresse().split(":")[0]) + r":[\w:-]+/", corps)
    assert client.get(ecrite).status_code == 200

    def noter(**champs):
        return client.post(adresse(), {"quoi": "idee", "texte": "Un banc.", "cle": uuid.uuid4(), **champs})

    statuts = [noter(courriel="victime@example.org").status_code for _ in range(12)]
    assert statuts == [302] * 10 + [429] * 2
    monkeypatch.setattr(vues_forums, "PAR_HEURE", 11)
    assert [noter().status_code, noter().status_code] == [302, 429]
    assert "Un banc." in noter().content.decode()
    oublier(Personne("a@example.org"))
    assert client.get(adresse()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_measure_of_a_table_holds_when_its_link_is_used_by_many_at_once(monkeypatch):
    monkeypatch.setattr(vues_forums, "PAR_HEURE", 3)
    table = table_de(forum_le(0, budget=budget_en("discussion")))
    adresse = reverse("budgets:table_par_lien", args=[table.jeton()])

    def noter(rang):
        champs = {"quoi": ("idee", "note")[rang % 2], "texte": "Un banc.", "cle": uuid.uuid4()}
        return Client().post(adresse, champs).status_code

    assert sorted(a_plusieurs(8, noter)) == [302] * 3 + [429] * 5
    assert table.idees.count() + table.notes.count() == 3


def test_an_idea_out_of_its_phase_is_refused_at_the_table_and_what_was_typed_stays(client):
    table = table_de(forum_le(0, budget=budget_en("vote")))

    page = client.post(
        reverse("budgets:table_par_lien", args=[table.jeton()]),
        {"quoi": "idee", "texte": "Un composteur.", "cle": uuid.uuid4()},
    )

    assert page.status_code == 409
    assert "Un composteur." in page.content.decode()
    assert not Idee.objects.exists()


def test_a_forum_to_come_is_not_held(agent):
    with pytest.raises(ErreurMetier, match="pas encore commencé"):
        forums.tenir_forum(forum_le(), par=agent)


def test_what_was_said_is_public_once_held_and_small_numbers_are_hidden(client, agent):
    budget = budget_en("discussion")
    forum = forum_le(-1, budget=budget, etat="ferme")
    table = table_de(forum)
    NoteDeTable.objects.create(table=table, texte="On manque d’ombre.")
    quartier = Quartier.objects.order_by("pk").first()
    for n in range(6):
        inscription_a(forum, nom=str(n), presente_le=timezone.now(), quartier=quartier if n < 2 else None)
    assert "On manque d’ombre." not in client.get(forum.get_public_url()).content.decode()

    forums.tenir_forum(forum, par=agent)

    page = client.get(forum.get_public_url()).content.decode()
    assert "On manque d’ombre." in page
    bilan = bilan_public(forum)
    assert (bilan.presentes, bilan.par_quartier) == ("6 personnes", [(quartier.nom, "moins de 5 personnes")])
    assert [accorder_ou_taire(n, 5, "personne") for n in (0, 1, 5)] == [
        "aucune personne",
        "moins de 5 personnes",
        "5 personnes",
    ]


def test_a_small_number_alone_is_not_found_by_taking_the_others_from_the_total():
    forum = forum_le(-1, etat="tenu")
    petit, moyen, grand = Quartier.objects.order_by("nom")[:3]
    for quartier, combien in ((petit, 2), (moyen, 6), (grand, 9)):
        for n in range(combien):
            inscription_a(forum, nom=str(n), presente_le=timezone.now(), quartier=quartier)

    assert dict(bilan_public(forum).par_quartier) == {
        petit.nom: "moins de 5 personnes",
        moyen.nom: "non publié",
        grand.nom: "9 personnes",
    }


def test_who_organises_sees_the_needs_added_up():
    forum = forum_le()
    inscription_a(forum, besoins=["garde", "interprete"], enfants=2, langue="Arabe")
    inscription_a(forum, besoins=["garde"], enfants=1)
    inscription_a(forum, besoins=["garde"], enfants=4, etat="annulee")

    vus = chiffres(forum)

    assert vus.besoins == [("Un interprète (arabe)", 1), ("Une garde d’enfants", 3)]  # children, not families


def test_each_person_with_a_seat_is_given_a_table_by_the_mechanism_of_panels(agent, client):
    forum = forum_le(places=5)
    assert "Ajoutez d’abord les tables" in str(forum.manques("dresser_tables", agent))
    for numero in (1, 2):
        forums.ajouter_table(forum, par=agent, numero=numero, sujet="L’eau")
    gens = [inscriptions.inscrire(forum, par=agent, **qui(n)) for n in range(6)]  # the last one waits

    assert forums.dresser_tables(forum, par=agent) == 5

    tables = list(forum.inscriptions.exclude(table=None).values_list("table__numero", flat=True))
    assert sorted(tables) in ([1, 1, 1, 2, 2], [1, 1, 2, 2, 2])
    gens[-1].refresh_from_db()
    assert gens[-1].table is None
    client.force_login(agent)
    accueil = client.get(reverse("budgets:accueil", args=[forum.pk])).content.decode()
    assert "<strong>table 1</strong>" in accueil


def test_another_place_is_told_to_who_registered_and_no_seat_is_taken_back(agent):
    forum, guichet = forum_le(), Guichet(agent, en_hate=True)
    for nom in ("Léa", "Max"):
        inscription_a(forum, nom=nom, courriel=f"{nom}@example.org", confirmee_le=timezone.now())
    guichet.valider(reverse("budgets:modifier_forum", args=[forum.pk]), places="1")
    assert "2 personnes ont déjà une place." in guichet.dit
    guichet.valider(places="20", lieu="Salle des fêtes")

    forum.refresh_from_db()
    assert (forum.places, forum.lieu, forum.sequence) == (20, "Salle des fêtes", 1)
    assert sorted(ecrits("deplacer")) == ["Léa@example.org", "Max@example.org"]
