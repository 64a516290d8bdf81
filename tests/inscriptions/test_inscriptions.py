"""Registration for any event: seats, waiting list, proof of the address, door, what is told, what is erased."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from participation.inscriptions import actes, vitrine
from participation.inscriptions.oubli import oublier
from participation.socle.actions import tournees
from participation.socle.actions.oubli import Personne
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.calendrier import debut_du_jour
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courriel, Tournee
from tests.droits.factories import viser
from tests.outils import a_plusieurs, constant_queries, lire
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def lettres(nom: str) -> list[Courriel]:
    return list(Courriel.objects.filter(acte=f"inscriptions/{nom}").order_by("pk"))


def ecrits(nom: str) -> list[str]:
    return [lettre.destinataires[0] for lettre in lettres(nom)]


def etats(evenement) -> list[str]:
    return list(evenement.inscriptions.order_by("pk").values_list("etat", flat=True))


def lien_de(courriel: str) -> str:
    corps = Courriel.objects.get(acte="inscriptions/confirmer_inscription", destinataires=[courriel]).corps
    return re.search(r"/\S+/confirmer(?:-inscription)?/\S+", corps)[0]


def relu(inscription):
    return type(inscription).objects.get(pk=inscription.pk)


# On line
def test_without_an_address_the_ticket_is_shown_at_once(sorte) -> None:
    evenement = sorte.ouvrir(places=20)
    sorte.regler(evenement, part_sans_courriel=30)

    reponse = sorte.demander(evenement)

    assert etats(evenement) == ["inscrite"]
    page = Client().get(reponse.url)
    assert "Vous avez une place" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"


def test_an_address_gives_a_seat_once_the_button_of_its_letter_is_pushed(sorte) -> None:
    """Not the page of the answer, a GET, or the link of the ticket."""
    evenement = sorte.ouvrir(places=1)

    reponse = sorte.demander(evenement, courriel="Alma@example.org", besoins=["interprete"], langue="arabe")

    assert "votre place est prise à ce moment-là" in Client().get(reponse.url).content.decode()
    assert etats(evenement) == ["a_confirmer"]
    (lettre,) = lettres("confirmer_inscription")
    assert "Alma" not in lettre.corps
    inscription = evenement.inscriptions.get()
    assert Client().get(evenement.adresse_de("confirmer_inscription", inscription.jeton())).status_code == 404
    lien = lien_de("alma@example.org")
    assert "Il reste des places" in Client().get(lien).content.decode()
    assert etats(evenement) == ["a_confirmer"]  # a scanner follows links

    billet = Client().post(lien)
    assert Client().post(lien).status_code == 303  # safe to do twice

    assert etats(evenement) == ["inscrite"]
    assert "Un interprète (arabe)" in Client().get(billet.url).content.decode()
    assert [(b.besoin, b.combien) for b in vitrine.besoins_a_tenir()] == [("Un interprète (arabe)", 1)]
    assert [p.nom for p in lettres("inscrire")[0].pieces.all()] == [f"{sorte.nom}.ics"]


def test_who_proves_hers_when_it_is_full_has_a_rank_and_no_code(sorte, agent) -> None:
    evenement = sorte.ouvrir(places=1)
    actes.inscrire(evenement, par=None, nom="Awa", courriel="awa@example.org")
    actes.inscrire(evenement, par=agent, nom="Léa")
    lien = lien_de("awa@example.org")
    assert "complet" in Client().get(lien).content.decode()

    page = Client().post(lien, follow=True).content.decode()

    assert "en liste d’attente, au rang 1" in page
    assert "projection-qr" not in page
    assert "Vous êtes en liste d’attente, au rang 1" in Client().get(lien).content.decode()
    assert (ecrits("attendre"), ecrits("inscrire")) == (["awa@example.org"], [])


def test_addresses_never_proved_take_no_seat_and_are_erased(sorte, time_machine) -> None:
    time_machine.move_to(timezone.localtime())
    evenement = sorte.ouvrir(40, places=2)
    sorte.regler(evenement, part_sans_courriel=100)
    sorte.demander(evenement, courriel="alma@example.org")
    sorte.demander(evenement)
    assert (etats(evenement), evenement.places_libres) == (["a_confirmer", "inscrite"], 1)
    lien = lien_de("alma@example.org")

    time_machine.move_to(timezone.localtime() + timedelta(days=31))
    effacer_sans_preuve()

    assert [i.courriel for i in evenement.inscriptions.order_by("pk")] == ["", ""]
    assert lettres("confirmer_inscription") == []
    assert "Elle est effacée" in Client().get(lien).content.decode()


def test_a_link_says_that_registrations_are_closed_or_that_it_is_called_off(sorte) -> None:
    evenement = sorte.ouvrir()
    actes.inscrire(evenement, par=None, nom="Alma", courriel="alma@example.org")
    lien = lien_de("alma@example.org")
    hier = timezone.localdate() - timedelta(days=1)
    type(evenement).objects.filter(pk=evenement.pk).update(date_limite=hier)

    assert "closes" in Client().get(lien).content.decode()
    assert Client().post(lien).status_code == 409
    type(evenement).objects.filter(pk=evenement.pk).update(etat=evenement.ANNULE)
    assert "Cette réunion n’a pas lieu" in Client().get(lien).content.decode()


def test_who_registers_somebody_else_gets_no_ticket_and_cancels_nothing(sorte, client) -> None:
    """Nor by an account of her own, under the key of the first request."""
    evenement = sorte.ouvrir()
    recue = sorte.demander(evenement, courriel="p1@example.org").url
    inscription = evenement.inscriptions.get()
    with pytest.raises(ActeInterdit, match="pas confirmée"):
        actes.annuler_inscription(inscription, par=None)
    actes.confirmer_inscription(inscription)  # by the person, from her letter
    assert inscription.jeton() not in Client().get(recue).content.decode()

    client.force_login(CompteFactory(courriel="autre@example.org"))
    deja = actes.inscrire(evenement, par=None, nom="x", courriel="autre@example.org", cle=inscription.cle)
    assert deja == inscription
    assert inscription.jeton() not in sorte.demander(evenement, client, courriel="p1@example.org").url


def test_who_is_signed_in_with_this_mailbox_has_her_seat_at_once(sorte, client) -> None:
    evenement = sorte.ouvrir()
    client.force_login(CompteFactory(courriel="p1@example.org"))

    vers = [sorte.demander(evenement, client, courriel=f"p{n}@example.org").url for n in (1, 2)]

    assert "projection-qr" in client.get(vers[0]).content.decode()
    assert etats(evenement) == ["inscrite", "a_confirmer"]
    assert ecrits("inscrire") == ["p1@example.org"]


@pytest.mark.parametrize(
    ("besoin", "phrase"), [("interprete", "quelle langue l’interprète"), ("garde", "combien d’enfants")]
)
def test_an_interpreter_has_a_language_and_childcare_a_number(sorte, besoin, phrase) -> None:
    evenement = sorte.ouvrir()

    page = sorte.demander(evenement, courriel="a@example.org", besoins=[besoin], precisions="Merci à vous")

    assert page.status_code == 422
    assert phrase in page.content.decode()
    assert "Merci à vous" in page.content.decode()
    assert etats(evenement) == []


def test_too_late_is_said_on_line_and_an_agent_still_registers(sorte, client, agent) -> None:
    evenement = sorte.ouvrir(date_limite=timezone.localdate() - timedelta(days=1))

    assert Client().post(evenement.adresse_de("s_inscrire"), {"nom": "Alma"}).status_code == 409
    client.force_login(agent)
    client.post(evenement.adresse_de("inscrire"), {"nom": "Sans adresse", "canal": "telephone"})

    assert evenement.inscriptions.get().nom == "Sans adresse"


def test_a_mailbox_has_a_number_of_registrations_whatever_its_spelling_nor_its_proof(sorte, client) -> None:
    evenement = sorte.ouvrir(places=12)
    sorte.regler(evenement, inscriptions_par_boite=2)
    client.force_login(CompteFactory(courriel="une.boite@gmail.com"))
    ecritures = ["une.boite+1@gmail.com", "UneBoite@googlemail.com", "uneboite@gmail.com"]
    pages = [sorte.demander(evenement, client, courriel=ecriture) for ecriture in ecritures]
    assert [page.status_code for page in pages] == [303, 303, 422]
    assert "déjà 2 inscriptions, le maximum" in pages[-1].content.decode()

    actes.inscrire(evenement, par=None, nom="Alma", courriel="u.neboite@gmail.com")
    page = Client().post(lien_de("u.neboite@gmail.com"))

    assert (page.status_code, evenement.places_prises) == (409, 2)
    assert "le maximum" in page.content.decode()
    par_l_accueil = actes.inscrire(evenement, par=CompteFactory(agent=True), nom="A", courriel=ecritures[2])
    assert par_l_accueil.etat == "inscrite"


def test_who_sends_too_much_too_long_or_the_same_need_again_takes_no_more_than_the_others(sorte) -> None:
    evenement = sorte.ouvrir(places=200)
    sorte.regler(evenement, part_sans_courriel=100)
    enorme = sorte.demander(evenement, nom="x" * 40_000, precisions="y" * 40_000, langue="z" * 40_000)
    assert enorme.status_code == 422

    sorte.demander(evenement, besoins=["lsf"] * 500)
    assert [b.combien for b in vitrine.besoins_a_tenir()] == [1]

    boite = [
        sorte.demander(evenement, courriel="alma@example.org", nom=f"A{n}").status_code for n in range(12)
    ]
    assert boite.count(303) == 10  # then « too many » for this mailbox
    assert len(lettres("confirmer_inscription")) <= 10


def test_people_without_an_address_do_not_take_every_seat_on_line(sorte) -> None:
    evenement = sorte.ouvrir(places=10)
    sorte.regler(evenement, part_sans_courriel=30)

    for n in range(4):
        actes.inscrire(evenement, par=None, nom=f"Essai {n}")

    assert etats(evenement) == ["inscrite"] * 3 + ["attente"]
    refusee = sorte.demander(evenement)
    assert refusee.status_code == 422  # her form asks for an address, and says what to do without one
    assert "Appelez-nous&nbsp;: nous vous inscrivons." in refusee.content.decode()
    assert evenement.inscriptions.count() == 4


# Seats and waiting list
def test_a_free_seat_is_offered_in_order_and_lapses_to_the_next(sorte, agent, time_machine) -> None:
    time_machine.move_to(timezone.localtime())
    evenement = sorte.ouvrir(places=1)
    sorte.regler(evenement, offre_jours=2)
    venue, premiere, seconde = (
        actes.inscrire(evenement, par=agent, nom=f"Essai {n}", courriel=f"a{n}@example.org") for n in range(3)
    )
    assert (etats(evenement), seconde.rang_d_attente) == (["inscrite", "attente", "attente"], 2)

    actes.annuler_inscription(venue, par=None)
    assert etats(evenement) == ["annulee", "offerte", "attente"]
    tardive = actes.inscrire(evenement, par=agent, nom="Essai 4")
    assert tardive.etat == "attente"  # the seat offered is not free

    time_machine.move_to(timezone.localtime() + timedelta(days=3))
    actes.tenir_les_places()
    assert etats(evenement) == ["annulee", "annulee", "offerte", "attente"]
    assert ecrits("laisser_passer") == ["a1@example.org"]
    with pytest.raises(ActeInterdit):
        actes.accepter_place(relu(premiere), par=None)

    page = Client().post(evenement.adresse_de("mon_inscription", seconde.jeton()), {"accepter": "oui"})
    assert page.status_code == 303
    assert etats(evenement) == ["annulee", "annulee", "inscrite", "attente"]


def test_a_free_seat_is_given_in_order_where_no_answer_is_asked(sorte, agent) -> None:
    evenement = sorte.ouvrir(places=1)
    sorte.regler(evenement, offre_jours=0)
    une, _, _ = (
        actes.inscrire(evenement, par=agent, nom=f"Essai {n}", courriel=f"a{n}@example.org") for n in range(3)
    )

    actes.annuler_inscription(une, par=None)

    assert etats(evenement) == ["annulee", "inscrite", "attente"]
    assert (ecrits("attendre"), ecrits("obtenir_place")) == (["a1@example.org", "a2@example.org"], ["a1@example.org"])  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_people_never_get_the_last_seat(sorte, agent) -> None:
    evenement = sorte.ouvrir(places=1)
    demandees = [
        actes.inscrire(evenement, par=None, nom=f"Essai {n}", courriel=f"a{n}@example.org") for n in range(4)
    ]

    a_plusieurs(4, lambda n: actes.confirmer_inscription(relu(demandees[n])))

    assert sorted(etats(evenement)) == ["attente"] * 3 + ["inscrite"]


@pytest.mark.django_db(transaction=True)
def test_a_seat_given_up_twice_at_once_goes_to_one_person(sorte, agent) -> None:
    evenement = sorte.ouvrir(places=1)
    sorte.regler(evenement, offre_jours=2)
    place = sorte.inscrit(evenement)
    for _ in range(2):
        sorte.inscrit(evenement, etat="attente")

    faits = a_plusieurs(2, lambda _: actes.annuler_inscription(relu(place), par=agent))

    assert sum(isinstance(fait, ActeInterdit) for fait in faits) == 1
    assert etats(evenement) == ["annulee", "offerte", "attente"]


# What is told
def test_everybody_registered_is_told_that_it_is_moved_or_called_off(
    sorte, agent, settings, monkeypatch
) -> None:
    monkeypatch.setattr(tournees, "LOT", 1)
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    evenement = sorte.ouvrir(places=2)
    actes.inscrire(evenement, par=agent, nom="A", courriel="a@example.org")
    actes.inscrire(evenement, par=agent, nom="B", telephone="06 12 34 56 78")
    actes.inscrire(evenement, par=agent, nom="C", courriel="c@example.org")  # waits
    actes.inscrire(evenement, par=None, nom="D", courriel="d@example.org")  # not proved: told nothing
    debut, fin = (instant + timedelta(hours=1) for instant in (evenement.debut, evenement.fin))

    actes.modifier(evenement, f"modifier_{sorte.nom}", par=agent, champs={"acces": "Autre entrée."})
    assert lettres("deplacer") == []
    actes.modifier(evenement, f"modifier_{sorte.nom}", par=agent, champs={"debut": debut, "fin": fin})
    tournees.poursuivre(Tournee.objects.lettres_de(evenement).get().pk)
    actes.annuler(evenement, f"annuler_{sorte.nom}", par=agent, motif="La salle est fermée.")

    tournees.poursuivre(Tournee.objects.lettres_de(evenement).get().pk)

    for nom in ("deplacer", "annuler"):
        assert [(c.moyen, *c.destinataires) for c in lettres(nom)] == [
            ("courriel", "a@example.org"),
            ("sms", "+33612345678"),
            ("courriel", "c@example.org"),
        ]
    assert evenement.sequence == 2
    assert "La salle est fermée." in lettres("annuler")[0].corps
    agenda = bytes(lettres("annuler")[0].pieces.get().contenu).decode()
    assert "METHOD:CANCEL" in agenda
    assert "STATUS:CANCELLED" in agenda
    assert "La salle est fermée." in Client().get(evenement.get_public_url()).content.decode()
    assert Client().post(evenement.adresse_de("s_inscrire"), {"nom": "Alma"}).status_code == 409


def test_more_seats_go_to_who_waits_and_fewer_than_taken_are_refused(sorte, agent) -> None:
    evenement = sorte.ouvrir(places=1)
    sorte.regler(evenement, offre_jours=0)
    sorte.inscrit(evenement)
    sorte.inscrit(evenement, etat="attente")

    actes.modifier(evenement, f"modifier_{sorte.nom}", par=agent, champs={"places": 2})

    assert etats(evenement) == ["inscrite", "inscrite"]
    with pytest.raises(ValidationError, match="2 personnes ont déjà une place"):
        actes.modifier(evenement, f"modifier_{sorte.nom}", par=agent, champs={"places": 1})


def test_who_has_a_seat_is_reminded_once_at_each_step(sorte, agent, time_machine) -> None:
    time_machine.move_to(timezone.localtime().replace(hour=9, minute=0))
    debut = timezone.localtime() + timedelta(days=7)
    evenement = sorte.ouvrir(places=1, debut=debut, fin=debut + timedelta(hours=2))
    actes.inscrire(evenement, par=agent, nom="A", courriel="a@example.org")
    actes.inscrire(evenement, par=agent, nom="B", courriel="b@example.org")

    actes.rappeler()
    actes.rappeler()

    assert ecrits("rappeler") == ["a@example.org"]
    time_machine.move_to(timezone.localtime() + timedelta(days=6))
    actes.rappeler()
    assert ["demain" in c.corps for c in lettres("rappeler")] == [False, True]


def test_once_it_is_over_the_page_of_a_place_promises_nothing(sorte, agent, time_machine) -> None:
    evenement = sorte.ouvrir(places=1)
    places = [sorte.inscrit(evenement), sorte.inscrit(evenement, etat="attente")]
    time_machine.move_to(evenement.fin + timedelta(minutes=1))

    for place in places:
        page = lire(Client().get(evenement.adresse_de("mon_inscription", place.jeton())))
        assert "Cette réunion est passée." in page
        assert "Vous avez une place" not in page
        assert "liste d’attente" not in page


# The door
def test_presence_is_noted_on_the_day_by_the_code_of_the_ticket_or_at_the_door(sorte, agent, time_machine) -> None:  # fmt: skip
    time_machine.move_to(timezone.localtime().replace(hour=12))
    debut = timezone.localtime() + timedelta(days=2)
    evenement = sorte.ouvrir(places=1, debut=debut, fin=debut + timedelta(hours=2))
    place = actes.inscrire(evenement, par=agent, nom="A")
    attend = actes.inscrire(evenement, par=agent, nom="C")
    billet = evenement.adresse_de("mon_inscription", place.jeton())
    porte = Client()
    porte.force_login(agent)

    assert porte.post(billet).status_code == 409  # tried at home
    with pytest.raises(ValidationError):
        actes.inscrire(evenement, par=agent, nom="B", canal="porte")
    time_machine.move_to(debut)
    Client().post(billet)  # the session of the desk is over: nothing is given up
    assert relu(place).etat == "inscrite"
    porte.force_login(agent)
    assert "Noter la présence" in porte.get(billet).content.decode()
    assert porte.post(billet).status_code == 302
    assert relu(place).presente_le is not None
    assert "projection-qr" not in Client().get(billet).content.decode()  # her code was shown
    assert "est déjà notée" in porte.post(billet).content.decode()
    assert "Effacer la présence" in porte.get(evenement.adresse_de("accueil")).content.decode()
    # Who waited and comes is in, and who never registered too.
    actes.noter_presence(relu(attend), par=agent)
    venue = actes.inscrire(evenement, par=agent, nom="B", canal="porte")
    assert relu(attend).etat == venue.etat == "inscrite"
    assert venue.presente_le is not None
    assert evenement.places_libres == 0


def test_a_presence_kept_without_network_has_the_hour_of_its_click_never_before_the_day(sorte, agent, time_machine) -> None:  # fmt: skip
    time_machine.move_to(timezone.localtime().replace(hour=12))
    evenement = sorte.ouvrir(places=3, debut=timezone.localtime())
    tot, longtemps, deja = (actes.inscrire(evenement, par=agent, nom=nom) for nom in "ABC")
    actes.noter_presence(relu(deja), par=agent)
    notee = relu(deja).presente_le

    actes.noter_presence(relu(tot), par=agent, il_y_a=3600)
    actes.noter_presence(relu(longtemps), par=agent, il_y_a=5 * 86400)
    actes.noter_presence(relu(deja), par=agent, il_y_a=60)

    assert timezone.localtime(relu(tot).presente_le).hour == 11
    assert relu(longtemps).presente_le == debut_du_jour()
    assert relu(deja).presente_le == notee


def test_her_own_button_cancels_once(sorte) -> None:
    evenement = sorte.ouvrir()
    inscription = sorte.inscrit(evenement)
    billet = evenement.adresse_de("mon_inscription", inscription.jeton())
    assert "Annuler mon inscription" in Client().get(billet).content.decode()

    Client().post(billet, {"annuler": "oui"})

    assert etats(evenement) == ["annulee"]
    with pytest.raises(ActeInterdit, match="déjà annulée"):
        actes.annuler_inscription(relu(inscription), par=None)


def test_the_desk_finds_a_name_and_costs_the_same_for_four(sorte, client) -> None:
    evenement = sorte.ouvrir()
    sorte.inscrit(evenement, nom="Zoé Martin")
    client.force_login(CompteFactory(role="accueil"))
    adresse = evenement.adresse_de("accueil")

    assert "Zoé Martin" in client.get(f"{adresse}?q=martin").content.decode()
    assert "Personne de ce nom" in client.get(f"{adresse}?q=dupont").content.decode()
    assert client.get(f"{adresse}?q=mar%00tin").status_code == 200
    constant_queries(client, adresse, lambda: sorte.inscrit(evenement, besoins=["lsf"]))


def test_the_page_of_an_event_asks_as_much_of_the_database_whoever_comes(sorte, client, agent) -> None:
    client.force_login(agent)
    evenement = sorte.ouvrir()

    constant_queries(
        client, evenement.get_absolute_url(), lambda: sorte.inscrit(evenement, besoins=["lsf"], courriel="")
    )


def test_a_stranger_reads_neither_who_comes_nor_a_ticket_nor_what_is_in_preparation(sorte) -> None:
    evenement = sorte.ouvrir()
    sorte.inscrit(evenement, nom="Zoé Secrète", courriel="zoe@example.org")

    assert "Zoé" not in Client().get(evenement.get_public_url()).content.decode()
    assert Client().get(evenement.adresse_de("mon_inscription", "1:x:y")).status_code == 404
    assert Client().get(sorte.preparer().get_public_url()).status_code == 404


# What stays
def test_who_was_registered_is_erased_at_the_delay_and_on_demand(sorte, agent) -> None:
    ancien, recent, a_venir = sorte.ouvrir(), sorte.ouvrir(), sorte.ouvrir()
    fini = next(iter(ancien.acte("effacer_inscrits").de - {ancien.ANNULE}))
    for evenement, jours in ((ancien, 90), (recent, 2)):
        debut = timezone.localtime() - timedelta(days=jours)
        dits = {"etat": fini, "debut": debut, "fin": debut + timedelta(hours=2)}
        type(evenement).objects.filter(pk=evenement.pk).update(**dits)
        evenement.refresh_from_db()
        sorte.inscrit(evenement, courriel="a@example.org", besoins=["interprete"], langue="arabe")
    sorte.inscrit(a_venir, courriel="A@example.org")
    assert recent.obstacles("effacer_inscrits", agent) == [
        "Le délai de conservation n’est pas passé, ou plus personne n’est à effacer."
    ]

    viser(ancien.lot(), ancien.pk)
    assert actes.effacer_inscrits(ancien, par=agent) == 1
    assert recent.inscriptions.get().nom
    oublier(Personne("a@example.org", None))

    effacee = ancien.inscriptions.get()
    assert (effacee.nom, effacee.courriel, effacee.langue) == ("", "", "")
    assert effacee.besoins == ["interprete"]
    assert not ancien.inscription().objects.exclude(courriel="").exists()
    assert etats(a_venir) == ["annulee"]


def test_who_has_no_mailbox_is_erased_on_demand_and_her_seat_goes_to_the_next(sorte, agent) -> None:
    evenement = sorte.ouvrir(places=1)
    sorte.regler(evenement, offre_jours=0)
    une, autre = (
        actes.inscrire(evenement, par=agent, nom=f"Essai {n}", telephone="06 00 00 00 00") for n in range(2)
    )

    actes.effacer_inscription(une, par=agent)

    assert (relu(une).nom, relu(une).telephone, relu(autre).etat) == ("", "", "inscrite")
    with pytest.raises(ActeInterdit):
        actes.effacer_inscription(relu(une), par=agent)
