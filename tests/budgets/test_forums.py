"""Forums of the quartiers: registration, needs, seats, welcome desk, tables, erasure."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.budgets.forums import actes as forums
from participation.budgets.forums import vues as vues_forums
from participation.budgets.forums.lectures import bilan_public, chiffres
from participation.budgets.models import Idee, InscriptionForum, NoteDeTable
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder_ou_taire
from participation.socle.models import Courriel, Quartier
from tests.budgets.factories import budget_en, ecrits, forum_le, inscription_a, table_de
from tests.droits.factories import viser
from tests.outils import a_plusieurs, constant_queries
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def qui(n=1, **champs):
    return {"nom": f"Personne {n}", "courriel": f"p{n}@example.org", "cle": uuid.uuid4(), **champs}


def test_the_seats_then_the_waiting_list_then_the_seat_that_somebody_leaves(agent):
    forum = forum_le(places=1)
    une, deux, trois = (forums.inscrire_au_forum(forum, par=agent, **qui(n)) for n in (1, 2, 3))
    assert [i.etat for i in (une, deux, trois)] == ["inscrite", "attente", "attente"]
    assert trois.rang_d_attente == 2

    forums.annuler_inscription(une, par=None)

    deux.refresh_from_db()
    assert deux.etat == "inscrite"
    assert ecrits("inscrire_au_forum") == ["p1@example.org"]
    assert ecrits("attendre_forum") == ["p2@example.org", "p3@example.org"]
    assert ecrits("obtenir_place_forum") == ["p2@example.org"]


def test_registering_is_public_says_needs_and_gives_a_ticket_with_its_calendar(client):
    forum = forum_le()
    adresse = reverse("budgets:s_inscrire", args=[forum.pk])
    dit = {**qui(), "besoins": ["interprete", "garde"], "langue": "arabe", "enfants": "2"}

    recu = client.post(adresse, dit)
    client.post(adresse, dit)

    inscription = InscriptionForum.objects.get()
    assert (inscription.langue, inscription.enfants) == ("arabe", 2)
    assert "votre place est prise à ce moment-là" in client.get(recu.url).content.decode()
    forums.confirmer_inscription(inscription)
    lettre = Courriel.objects.get(acte="budgets/inscrire_au_forum")
    assert lettre.pieces.get().nom == "forum.ics"
    billet = re.search(r"/contrat-de-ville/quartiers/inscription/\S+", lettre.corps)[0]
    page = client.get(billet).content.decode()
    assert "<svg" in page
    assert "Un interprète (arabe)" in page
    assert recu.status_code == 303
    assert inscription.jeton() not in client.get(recu.url).content.decode()


@pytest.mark.parametrize(
    ("besoin", "phrase"), [("interprete", "quelle langue l’interprète"), ("garde", "combien d’enfants")]
)
def test_an_interpreter_has_a_language_and_childcare_a_number(client, besoin, phrase):
    adresse = reverse("budgets:s_inscrire", args=[forum_le().pk])

    page = client.post(adresse, {**qui(), "besoins": [besoin], "precisions": "Merci à vous"})

    assert page.status_code == 422
    assert phrase in page.content.decode()
    assert "Merci à vous" in page.content.decode()
    assert not InscriptionForum.objects.exists()


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


def test_too_late_is_said_online_and_an_agent_still_registers(client, agent):
    forum = forum_le(2, date_limite=timezone.localdate() - timedelta(days=1))

    refus = client.post(reverse("budgets:s_inscrire", args=[forum.pk]), qui())
    client.force_login(agent)
    client.post(reverse("budgets:inscrire_au_forum", args=[forum.pk]), {"nom": "Sans adresse"})

    assert refus.status_code == 409
    assert InscriptionForum.objects.get().nom == "Sans adresse"


def test_the_code_of_the_letter_shows_her_ticket_to_anybody_and_notes_her_at_the_desk_once(client):
    inscription = inscription_a(forum_le(0))
    billet = reverse("budgets:mon_inscription", args=[inscription.jeton()])
    assert "Annuler mon inscription" in client.get(billet).content.decode()

    client.force_login(CompteFactory(role="accueil"))
    assert "Noter la présence" in client.get(billet).content.decode()
    client.post(billet)
    seconde = client.post(billet)

    inscription.refresh_from_db()
    assert inscription.presente_le is not None
    assert inscription.etat == "inscrite"
    assert seconde.status_code == 409
    assert "est déjà notée" in seconde.content.decode()


def test_the_button_of_the_desk_cancels_no_place_once_its_session_is_over_and_her_own_does(client):
    inscription = inscription_a(forum_le(2))
    billet = reverse("budgets:mon_inscription", args=[inscription.jeton()])

    client.post(billet)
    inscription.refresh_from_db()
    assert inscription.etat == "inscrite"

    client.post(billet, {"annuler": "oui"})
    inscription.refresh_from_db()
    assert inscription.etat == "annulee"


def test_who_waited_and_comes_is_in_and_who_never_registered_too(agent):
    forum = forum_le(0, places=1)
    inscription_a(forum)
    attente = inscription_a(forum, nom="En attente", etat="attente")

    forums.noter_presence(attente, par=agent)
    venue = forums.inscrire_au_forum(forum, par=agent, nom="Venue", est_la=True)

    attente.refresh_from_db()
    assert attente.etat == venue.etat == "inscrite"
    assert venue.presente_le is not None
    assert forum.places_libres == 0


def test_the_desk_finds_a_name_and_costs_the_same_for_ten(client):
    forum = forum_le(0)
    inscription_a(forum, nom="Zoé Martin")
    client.force_login(CompteFactory(role="accueil"))
    adresse = reverse("budgets:bureau_du_forum", args=[forum.pk])

    assert "Zoé Martin" in client.get(f"{adresse}?q=martin").content.decode()
    assert "Personne de ce nom" in client.get(f"{adresse}?q=dupont").content.decode()
    assert client.get(f"{adresse}?q=mar%00tin").status_code == 200
    quartier = Quartier.objects.first()
    constant_queries(client, adresse, lambda: inscription_a(forum, quartier=quartier))


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


def test_another_place_is_told_to_who_registered_with_a_newer_event(agent):
    forum = forum_le()
    inscription_a(forum)
    inscription_a(forum, nom="Partie", courriel="partie@example.org", etat="annulee")

    forums.modifier_forum(forum, par=agent, texte="Autre déroulement.")
    assert ecrits("modifier_forum") == []
    forums.modifier_forum(forum, par=agent, lieu="Gymnase")

    assert (ecrits("modifier_forum"), forum.sequence) == (["lea@example.org"], 1)


def test_more_seats_are_given_to_who_waits_and_fewer_than_taken_are_refused(agent):
    forum = forum_le(places=1)
    inscription_a(forum)
    attente = inscription_a(forum, courriel="b@example.org", etat="attente")

    forums.modifier_forum(forum, par=agent, places=2)

    attente.refresh_from_db()
    assert attente.etat == "inscrite"
    with pytest.raises(ValidationError, match="2 personnes ont déjà une place"):
        forums.modifier_forum(forum, par=agent, places=1)


def test_a_forum_called_off_says_why_and_crosses_it_out_of_calendars(agent):
    forum = forum_le()
    inscription_a(forum)

    forums.annuler_forum(forum, par=agent, motif="La salle est fermée.")

    lettre = Courriel.objects.get(acte="budgets/annuler_forum")
    assert "La salle est fermée." in lettre.corps
    contenu = bytes(lettre.pieces.get().contenu).decode()
    assert "METHOD:CANCEL" in contenu
    assert "STATUS:CANCELLED" in contenu


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

    assert (vus.enfants, vus.langues) == (3, [("arabe", 1)])
    assert ("Une garde d’enfants", 2) in vus.besoins


def test_registrations_are_forgotten_after_the_delay_and_the_numbers_stay(agent):
    recent, ancien = forum_le(-2, etat="tenu"), forum_le(-100, etat="tenu")
    for forum in (recent, ancien):
        inscription_a(forum, presente_le=timezone.now(), besoins=["interprete"], langue="arabe")
    with pytest.raises(ErreurMetier, match="délai de conservation"):
        forums.effacer_inscrits(recent, par=agent)

    viser("budgets.inscrits", ancien.pk)
    assert forums.effacer_inscrits(ancien, par=agent) == 1

    inscription = ancien.inscriptions.get()
    assert (inscription.nom, inscription.courriel, inscription.langue) == ("", "", "")
    assert chiffres(ancien).presentes == 1
    assert recent.inscriptions.get().nom


def test_a_person_who_asks_leaves_the_list_of_a_forum_to_come():
    inscription = inscription_a(forum_le())

    oublier(Personne("lea@example.org"))

    inscription.refresh_from_db()
    assert (inscription.etat, inscription.courriel) == ("annulee", "")


def test_a_cancelled_registration_is_not_cancelled_twice():
    inscription = inscription_a(forum_le(), etat="annulee")
    with pytest.raises(ActeInterdit, match="déjà annulée"):
        forums.annuler_inscription(inscription, par=None)
