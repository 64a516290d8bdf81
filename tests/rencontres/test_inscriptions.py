"""Registration to a rencontre: seats, waiting list and its offers, proof of the address, door, cancellation."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from participation.rencontres import vitrine
from participation.rencontres.inscriptions import actes
from participation.rencontres.models import Inscription, ReglementRencontres, Rencontre
from participation.rencontres.oubli import oublier
from participation.rencontres.preparation import actes as preparation
from participation.socle.actions.oubli import Personne
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courriel
from tests.droits.factories import viser
from tests.outils import a_plusieurs, constant_queries
from tests.rencontres.factories import InscriptionFactory, RencontreFactory

pytestmark = pytest.mark.django_db

REPONSES = {"nom": "Alma Essai", "courriel": "", "telephone": "", "site": ""}


def envoyer(rencontre: Rencontre, client: Client | None = None, **autres: object):
    client = client or Client()
    adresse = f"/les-rencontres/{rencontre.pk}/s-inscrire/"
    cle = client.get(adresse).context["form"]["cle"].value()
    return client.post(adresse, {**REPONSES, "cle": cle, **autres})


def lettres(nom: str) -> list[Courriel]:
    return list(Courriel.objects.filter(acte=f"rencontres/{nom}").order_by("pk"))


def etats(rencontre: Rencontre) -> list[str]:
    return list(rencontre.inscriptions.order_by("pk").values_list("etat", flat=True))


def test_without_an_address_the_ticket_is_shown_at_once_and_the_same_sending_gives_one_seat() -> None:
    rencontre = RencontreFactory(ouverte=True)

    reponse = envoyer(rencontre)

    assert "/ma-place/" in reponse.url
    assert etats(rencontre) == ["inscrite"]
    page = Client().get(reponse.url)
    assert "Vous avez une place" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"


def test_an_address_gives_a_seat_once_its_letter_is_answered() -> None:
    rencontre = RencontreFactory(ouverte=True)

    reponse = envoyer(rencontre, courriel="Alma@example.org", besoins=["interprete"], langue="arabe")

    assert reponse.url.endswith("/recue/")
    assert etats(rencontre) == ["a_confirmer"]
    (lettre,) = lettres("confirmer_inscription")
    lien = re.search(r"/les-rencontres/confirmer/[^\s]+", lettre.corps)
    assert lien is not None
    assert "Alma" not in lettre.corps
    Client().get(lien[0])
    assert etats(rencontre) == ["a_confirmer"]  # a scanner follows links

    assert "/ma-place/" in Client().post(lien[0]).url

    assert etats(rencontre) == ["inscrite"]
    assert [(b.besoin, b.combien) for b in vitrine.besoins_a_tenir()] == [("Un interprète (arabe)", 1)]
    assert [p.nom for p in lettres("inscrire")[0].pieces.all()] == ["rencontre.ics"]


def test_an_address_that_nobody_proves_is_erased_and_held_no_seat(time_machine) -> None:
    time_machine.move_to(timezone.localtime())
    rencontre = RencontreFactory(ouverte=True, places=1)
    envoyer(rencontre, courriel="alma@example.org")
    envoyer(rencontre)
    assert etats(rencontre) == ["a_confirmer", "attente"]

    time_machine.move_to(timezone.localtime() + timedelta(days=5))
    effacer_sans_preuve()

    assert [i.courriel for i in rencontre.inscriptions.order_by("pk")] == ["", ""]
    assert lettres("confirmer_inscription") == []


@pytest.mark.django_db(transaction=True)
def test_two_people_never_get_the_last_seat() -> None:
    rencontre = RencontreFactory(ouverte=True, places=1)
    ReglementRencontres.objects.update(part_sans_courriel=100)

    a_plusieurs(
        6, lambda n: actes.inscrire(Rencontre.objects.get(pk=rencontre.pk), par=None, nom=f"Essai {n}")
    )

    assert sorted(etats(rencontre)) == ["attente"] * 5 + ["inscrite"]


def test_a_free_seat_is_offered_in_order_and_lapses_to_the_next(agent, time_machine) -> None:
    time_machine.move_to(timezone.localtime())
    rencontre = RencontreFactory(ouverte=True, places=1)
    venue, premiere, seconde = (
        actes.inscrire(rencontre, par=agent, nom=f"Essai {n}", courriel=f"a{n}@example.org") for n in range(3)
    )
    assert etats(rencontre) == ["inscrite", "attente", "attente"]

    actes.annuler_inscription(venue, par=None)
    assert etats(rencontre) == ["annulee", "offerte", "attente"]
    tardive = actes.inscrire(rencontre, par=agent, nom="Essai 4")
    assert tardive.etat == "attente"  # the seat offered is not free

    time_machine.move_to(timezone.localtime() + timedelta(days=3))
    actes.tenir_les_places()
    assert etats(rencontre) == ["annulee", "annulee", "offerte", "attente"]
    assert [c.destinataires for c in lettres("laisser_passer")] == [["a1@example.org"]]
    with pytest.raises(ActeInterdit):
        actes.accepter_place(Inscription.objects.get(pk=premiere.pk), par=None)

    page = Client().post(f"/les-rencontres/ma-place/{seconde.jeton()}/", {"accepter": "oui"})
    assert page.status_code == 303
    assert etats(rencontre) == ["annulee", "annulee", "inscrite", "attente"]


@pytest.mark.django_db(transaction=True)
def test_a_seat_given_up_twice_at_once_is_offered_to_one_person(agent) -> None:
    rencontre = RencontreFactory(ouverte=True, places=1)
    place = InscriptionFactory(rencontre=rencontre)
    InscriptionFactory.create_batch(2, rencontre=rencontre, etat="attente")

    faits = a_plusieurs(
        2, lambda _: actes.annuler_inscription(Inscription.objects.get(pk=place.pk), par=agent)
    )

    assert sum(isinstance(fait, ActeInterdit) for fait in faits) == 1
    assert etats(rencontre) == ["annulee", "offerte", "attente"]


def test_people_without_an_address_do_not_take_every_seat_online(agent) -> None:
    rencontre = RencontreFactory(ouverte=True, places=10)

    for n in range(4):
        actes.inscrire(rencontre, par=None, nom=f"Essai {n}")

    assert etats(rencontre) == ["inscrite"] * 3 + ["attente"]


def test_a_mailbox_has_a_number_of_registrations_whatever_its_spelling(agent) -> None:
    ReglementRencontres.objects.update(inscriptions_par_boite=2)
    rencontre = RencontreFactory(ouverte=True)
    for adresse in ("alma+1@gmail.com", "al.ma@gmail.com"):
        actes.inscrire(rencontre, par=agent, nom="Alma", courriel=adresse)
    demandee = actes.inscrire(rencontre, par=None, nom="Alma", courriel="alma+3@gmail.com")

    with pytest.raises(ActeInterdit, match="le maximum"):
        actes.confirmer_inscription(demandee)


def test_everybody_registered_is_told_that_it_is_cancelled_or_moved(agent, settings) -> None:
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    rencontre = RencontreFactory(ouverte=True, places=2)
    actes.inscrire(rencontre, par=agent, nom="A", courriel="a@example.org")
    actes.inscrire(rencontre, par=agent, nom="B", telephone="06 12 34 56 78")
    actes.inscrire(rencontre, par=agent, nom="C", courriel="c@example.org")  # waits
    actes.inscrire(rencontre, par=None, nom="D", courriel="d@example.org")  # not proved: told nothing

    preparation.modifier_rencontre(
        rencontre,
        par=agent,
        debut=rencontre.debut + timedelta(hours=1),
        fin=rencontre.fin + timedelta(hours=1),
    )
    preparation.annuler_rencontre(rencontre, par=agent, motif="La salle est fermée.")

    for nom in ("deplacer_rencontre", "annuler_rencontre"):
        assert [(c.moyen, *c.destinataires) for c in lettres(nom)] == [
            ("courriel", "a@example.org"),
            ("sms", "+33612345678"),
            ("courriel", "c@example.org"),
        ]
    assert "La salle est fermée." in lettres("annuler_rencontre")[0].corps
    page = Client().get(f"/les-rencontres/{rencontre.pk}/").content.decode()
    assert "La salle est fermée." in page
    assert envoyer_ferme(rencontre).status_code == 409


def envoyer_ferme(rencontre: Rencontre):
    return Client().post(f"/les-rencontres/{rencontre.pk}/s-inscrire/", REPONSES)


def test_who_has_a_seat_is_reminded_once_at_each_step(agent, time_machine) -> None:
    time_machine.move_to(timezone.localtime().replace(hour=9, minute=0))
    rencontre = RencontreFactory(ouverte=True, places=1, debut=timezone.localtime() + timedelta(days=7))
    actes.inscrire(rencontre, par=agent, nom="A", courriel="a@example.org")
    actes.inscrire(rencontre, par=agent, nom="B", courriel="b@example.org")

    actes.rappeler()
    actes.rappeler()

    assert [c.destinataires for c in lettres("rappeler")] == [["a@example.org"]]
    time_machine.move_to(timezone.localtime() + timedelta(days=6))
    actes.rappeler()
    assert ["demain" in c.corps for c in lettres("rappeler")] == [False, True]


def test_presence_is_noted_on_the_day_by_the_code_of_the_ticket_or_at_the_door(agent, time_machine) -> None:
    time_machine.move_to(timezone.localtime().replace(hour=12))
    rencontre = RencontreFactory(ouverte=True, places=1, debut=timezone.localtime() + timedelta(days=2))
    place = actes.inscrire(rencontre, par=agent, nom="A")
    billet = f"/les-rencontres/ma-place/{place.jeton()}/"
    porte = Client()
    porte.force_login(agent)

    assert porte.post(billet).status_code == 409  # tried at home
    with pytest.raises(ValidationError):
        actes.inscrire(rencontre, par=agent, nom="B", canal="porte")
    time_machine.move_to(rencontre.debut)
    porte.post(billet)  # the session of the desk is over: nothing is given up
    assert etats(rencontre) == ["inscrite"]
    porte.force_login(agent)
    assert porte.post(billet).status_code == 302
    place.refresh_from_db()
    assert place.presente_le is not None
    assert "déjà notée" in porte.post(billet).content.decode()
    assert "Effacer la présence" in porte.get(f"/rencontres/{rencontre.pk}/accueil/").content.decode()
    assert actes.inscrire(rencontre, par=agent, nom="B", canal="porte").presente_le is not None


def test_a_stranger_reads_neither_who_comes_nor_a_rencontre_in_preparation() -> None:
    rencontre = RencontreFactory(ouverte=True)
    InscriptionFactory(rencontre=rencontre, nom="Zoé Secrète", courriel="zoe@example.org")

    page = Client().get(f"/les-rencontres/{rencontre.pk}/").content.decode()

    assert "Zoé" not in page
    assert Client().get(f"/les-rencontres/{RencontreFactory().pk}/").status_code == 404
    assert Client().get("/les-rencontres/ma-place/1:x:y/").status_code == 404


def test_the_page_of_a_rencontre_asks_as_much_of_the_database_whoever_comes(client, agent) -> None:
    client.force_login(agent)
    rencontre = RencontreFactory(ouverte=True)

    constant_queries(
        client,
        f"/rencontres/{rencontre.pk}/",
        lambda: InscriptionFactory(rencontre=rencontre, besoins=["lsf"], courriel=""),
    )


def test_who_was_registered_is_erased_at_the_delay_and_on_demand(agent) -> None:
    rencontre = RencontreFactory(tenue=True, debut=timezone.localtime() - timedelta(days=90))
    InscriptionFactory(rencontre=rencontre, courriel="a@example.org", besoins=["lsf"])
    ouverte = RencontreFactory(ouverte=True)
    InscriptionFactory(rencontre=ouverte, courriel="A@example.org")

    viser("rencontres.inscrits", rencontre.pk)
    assert actes.effacer_inscrits(rencontre, par=agent) == 1
    oublier(Personne("a@example.org", None))

    assert not Inscription.objects.exclude(courriel="").exists()
    assert etats(ouverte) == ["annulee"]
    assert rencontre.inscriptions.get().besoins == ["lsf"]


def test_who_sends_too_much_too_long_or_the_same_need_again_takes_no_more_than_the_others() -> None:
    rencontre = RencontreFactory(ouverte=True, places=200)
    ReglementRencontres.objects.update(part_sans_courriel=100)
    enorme = envoyer(rencontre, nom="x" * 40_000, precisions="y" * 40_000, langue="z" * 40_000)
    assert enorme.status_code == 422

    envoyer(rencontre, besoins=["lsf"] * 500)
    assert [b.combien for b in vitrine.besoins_a_tenir()] == [1]

    boite = [envoyer(rencontre, courriel="alma@example.org", nom=f"Alma {n}").status_code for n in range(12)]
    assert boite.count(303) == 10  # then « too many » for this mailbox
    assert len(lettres("confirmer_inscription")) <= 10
