"""The run-of-show: hours, tracks, delays made up; its three views and its sheet."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.rencontres.deroule import actes, lectures, regles
from participation.rencontres.deroule.regles import Etape
from participation.rencontres.models import Animateur, Bloc, Format
from participation.rencontres.vitrine import section_journee
from participation.socle.actions.documents import fabriquer_document
from participation.socle.models import Courriel
from tests.greffons.guichet import Guichet
from tests.outils import fautes_pdf, lire, taches_du_jour
from tests.rencontres.factories import InscriptionFactory, RencontreFactory
from tests.socle.factories import DirectionFactory

ACCUEIL, EST, OUEST, PAUSE, FIN = (
    Etape(1, 15),
    Etape(2, 30, "est"),
    Etape(3, 40, "ouest", au_moins=30),
    Etape(4, 10, peut_sauter=True),
    Etape(5, 20, au_moins=15),
)
TOUT = [ACCUEIL, EST, OUEST, PAUSE, FIN]


def test_tracks_run_side_by_side_and_the_room_waits_for_the_longest() -> None:
    assert regles.debuts(TOUT) == {1: 0, 2: 15, 3: 15, 4: 55, 5: 65}
    assert regles.duree(TOUT) == 85
    assert [e.cle for e in regles.en_cours(TOUT, 20)] == [2, 3]


@pytest.mark.parametrize(
    ("cle", "minutes", "couper", "changes", "reste"),
    [
        (1, 7, False, {1: 22}, 7),
        (1, 5, True, {1: 20, 5: 15}, 0),  # what may be shortened, from the last
        (1, 7, True, {1: 22, 5: 15, 3: 38}, 0),
        (1, 25, True, {1: 40, 5: 15, 3: 30, 4: 0}, 0),  # then what may be cut
        (1, 40, True, {1: 55, 5: 15, 3: 30, 4: 0}, 15),
        (5, 7, True, {5: 27}, 7),  # nothing comes after
        (2, 7, True, {2: 37}, 0),  # the other track is longer: nobody is late
    ],
)
def test_a_delay_is_made_up_by_what_may_be_shortened_then_cut(cle, minutes, couper, changes, reste) -> None:
    fait = regles.retarder(TOUT, cle, minutes, couper=couper)

    assert (dict(fait.minutes), fait.reste) == (changes, reste)


@pytest.fixture
def prevue(db):
    rencontre = RencontreFactory(ouverte=True, debut=timezone.localtime() + timedelta(minutes=-10))
    for rang, (titre, minutes, autres) in enumerate(
        [("Accueil", 30, {}), ("Tables", 60, {"au_moins": 50, "consignes": "Ne pas couper la parole"}),
         ("Régie", 5, {"est_public": False, "peut_sauter": True}), ("Plénière", 25, {})], 1
    ):  # fmt: skip
        Bloc.objects.create(rencontre=rencontre, rang=rang, titre=titre, minutes=minutes, **autres)
    return rencontre


def test_seven_minutes_late_changes_the_three_views_and_may_be_undone(agent, client, prevue) -> None:
    animateur = Animateur.objects.create(rencontre=prevue, nom="Sami Essai")
    client.force_login(agent)
    accueil = prevue.blocs.get(rang=1)

    reponse = client.post(
        f"/rencontres/{prevue.pk}/dire-retard/", {"minutes": "12", "etape": str(accueil.pk), "comment": "couper"}, follow=True
    )  # fmt: skip

    assert "Coupée : « Régie »." in lire(reponse)
    dit = lectures.deroule(prevue)
    assert [li.bloc.effectives for li in dit.lignes] == [42, 50, 0, 25]
    assert dit.ecart == -3
    publique = Client().get(f"/les-rencontres/{prevue.pk}/").content.decode()
    assert "Plénière" in publique
    assert "Régie" not in publique
    assert "Ne pas couper" not in publique
    sienne = Client().get(f"/les-rencontres/animer/{animateur.jeton()}/").content.decode()
    assert "Ne pas couper la parole" in sienne

    actes.retablir_deroule(prevue, par=agent)
    assert lectures.deroule(prevue).ecart == 0


def test_the_screen_of_the_room_answers_nothing_while_what_it_shows_is_true(
    agent, client, prevue, time_machine
) -> None:
    time_machine.move_to(timezone.localtime().replace(second=10), tick=False)
    client.force_login(agent)
    adresse = f"/rencontres/{prevue.pk}/ecran/"
    page = client.get(adresse)
    assert "Accueil" in page.content.decode()

    version = page.context["version"]
    assert client.get(adresse, {"version": version}).status_code == 204
    accueil = prevue.blocs.get(rang=1)
    actes.dire_retard(prevue, par=agent, minutes=3, etape=str(accueil.pk), comment="decaler")
    assert client.get(adresse, {"version": version}).status_code == 200


def test_the_printed_sheet_is_a_tagged_pdf(agent, prevue) -> None:
    document = actes.imprimer_deroule(prevue, par=agent)
    fabriquer_document(document.pk)
    document.refresh_from_db()
    with document.fichier.open() as fichier:
        assert fautes_pdf(fichier.read(), "ua1") == []


def test_who_animates_says_a_delay_by_her_link_and_twice_the_same_counts_once(client, prevue):
    adresse = reverse(
        "rencontres:deroule_par_lien", args=[Animateur.objects.create(rencontre=prevue, nom="Sami").jeton()]
    )
    etape = prevue.blocs.get(titre="Accueil").pk
    envoi = {"minutes": "7", "etape": str(etape), "comment": "decaler", "vu": lectures.durees(prevue)}

    assert client.post(adresse, envoi).status_code == 303
    deux = client.post(adresse, envoi)

    assert deux.status_code == 422
    assert "vient de changer" in deux.content.decode()
    assert prevue.blocs.get(pk=etape).jouees == 37
    type(prevue).objects.filter(pk=prevue.pk).update(etat="annulee")
    assert client.post(adresse, envoi).status_code == 409
    assert "Dire un retard" not in client.get(adresse).content.decode()


def test_a_rencontre_a_step_and_a_format_are_written_again_and_who_registered_is_told_of_the_new_place(
    agent, prevue
):
    guichet = Guichet(agent, en_hate=True)
    inscrite = InscriptionFactory(evenement=prevue, courriel="alma@example.org")
    plenier = prevue.blocs.get(rang=4)
    guichet.valider(
        reverse("rencontres:modifier_bloc", args=[plenier.pk]),
        rang="2",
        minutes="45",
        titre="Plénière, ouverture",
    )
    assert prevue.journal.first().fait == "Étape modifiée : Plénière, devenue « Plénière, ouverture »"
    rangs = prevue.blocs.order_by("rang").values_list("titre", "minutes")
    assert list(rangs) == [("Accueil", 30), ("Plénière, ouverture", 45), ("Tables", 60), ("Régie", 5)]

    guichet.valider(f"/rencontres/{prevue.pk}/modifier-rencontre/", lieu="Salle des fêtes")
    prevue.refresh_from_db()
    assert prevue.lieu == "Salle des fêtes"
    (lettre,) = Courriel.objects.filter(acte="inscriptions/deplacer")
    assert lettre.destinataires == [inscrite.courriel]
    assert "Salle des fêtes" in lettre.corps

    guichet.valider(
        reverse("rencontres:ecrire_format"), nom="Ronde", but="Parler", personnes_min="4", personnes_max="8", minutes="30",
        etapes="Un\nDeux",
    )  # fmt: skip
    ronde = Format.objects.get(nom="Ronde")
    assert ronde.liste_des_etapes == ["Un", "Deux"]
    guichet.valider(reverse("rencontres:modifier_format", args=[ronde.pk]), personnes_max="3")
    assert "Le plus grand nombre est plus petit que l’autre." in guichet.dit
    guichet.valider(personnes_max="12")
    ronde.refresh_from_db()
    assert ronde.personnes_max == 12
    assert "De 4 à 12 personnes" in lire(guichet.client.get(reverse("rencontres:formats")))


def test_a_past_rencontre_waits_in_ma_journee_then_is_owed_a_suite(agent):
    direction, guichet = DirectionFactory(), Guichet(agent, en_hate=True)
    passee = RencontreFactory(ouverte=True, debut=timezone.localtime() - timedelta(days=2))
    assert [(t.quoi, t.sur_quoi) for t in taches_du_jour(agent, section_journee)] == [
        ("Dire que la rencontre a eu lieu", passee.titre)
    ]
    tenue = RencontreFactory(tenue=True)
    guichet.valider(
        f"/rencontres/{tenue.pk}/ajouter-suite/", intitule="Poser un banc", direction=direction.pk
    )
    assert tenue.suites.get().direction == direction
