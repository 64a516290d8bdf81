"""Screens of the facilitator and of the room: content, number of queries, acts."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.seances.ecrans import tenue
from participation.seances.ecrans.blocs import horloge
from participation.seances.ecrans.lectures import SeanceEnCours
from participation.seances.models import (
    Convie,
    EntreeSeance,
    Membre,
    Presence,
    ReglementInstance,
    Seance,
    Vote,
)
from participation.seances.points import actes as points
from participation.seances.points import parole
from participation.seances.presence import actes as actes_presence
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.socle.erreurs import ActeInterdit
from participation.socle.francais import heure
from tests.outils import lire
from tests.seances.factories import PointFactory, SeanceFactory
from tests.seances.salle import convies, page, voter_sur

pytestmark = pytest.mark.django_db


def version_affichee(client, url):
    """Return the version shown by a full screen."""
    return re.search(r'data-version="([^"]+)"', client.get(url).content.decode())[1]


@pytest.mark.parametrize(("secondes", "dit"), [(0, "00:00"), (760, "12:40"), (3725, "1:02:05")])
def test_a_duration_is_told_as_a_clock(secondes, dit):
    assert horloge(secondes) == dit


# Polling


@pytest.mark.parametrize("nom", ["animer_etat", "ecran_etat", "ma_seance_etat"])
def test_a_screen_that_is_up_to_date_is_told_so_in_a_few_queries(client, seance, agent, nom):
    (un,) = convies(seance, 1)
    client.force_login(un.membre.compte if nom == "ma_seance_etat" else agent)
    url = reverse(f"seances:{nom}", args=[seance.pk])
    version = version_affichee(client, url)
    session = client.session.get_expiry_date()
    # the first request of an agent saves the day of their second factor
    client.get(url, {"version": version})

    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(url, {"version": version})

    assert reponse.status_code == 204
    # Session, account, roles and one query; for an agent, two more for the second factor.
    assert len(requetes) <= (4 if nom == "ma_seance_etat" else 6)
    assert not [r for r in requetes if r["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert client.session.get_expiry_date() >= session
    assert client.get(url, {"version": "0-9"}).status_code == 200


def test_the_screens_cost_the_same_for_forty_people_as_for_four(client, seance, agent):
    def cout(nom, compte):
        client.force_login(compte)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(reverse(f"seances:{nom}", args=[seance.pk])).status_code == 200
        return len(requetes)

    (un, *autres) = convies(seance, 4)
    vote = voter_sur(seance, agent)
    for convie in autres:
        votes.voter(vote, convie, sens="pour")
    for _ in range(3):
        PointFactory(seance=seance)
    noms = [("animer", agent), ("ecran", agent), ("ma_seance_en_cours", un.membre.compte)]
    for nom, compte in noms:
        cout(nom, compte)
    peu = [cout(nom, compte) for nom, compte in noms]
    convies(seance, 36, nom="Associations")
    for convie in Convie.objects.filter(seance=seance)[:20]:
        parole.demander_la_parole(convie)
    for _ in range(6):
        PointFactory(seance=seance)

    assert [cout(nom, compte) for nom, compte in noms] <= [nombre + 1 for nombre in peu]


# Content


def test_after_the_end_the_screen_tells_what_happened_and_hours_are_corrected(client, seance, agent):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(quorum="aucune")
    un, deux, trois, *_ = convies(seance, 5)
    vote = voter_sur(seance, agent)
    votes.voter(vote, un, sens="pour")
    actes_presence.partir(trois, par=agent)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    tenue.lever(seance, par=agent)

    html = page(client, agent, "animer", seance.pk).content.decode()

    assert "4 en salle" in html
    assert "Adopté\u00a0: 1 pour" in html
    heures = reverse("seances:corriger_presence", args=[deux.presences.get().pk])
    assert heures in html
    assert "Départ à" in html
    assert client.get(heures).status_code == 200
    assert html.count("Départ à") == 1, "said once, on the button that corrects it"
    telephone = page(client, un.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    assert "Il manque" not in telephone
    assert "il manque" not in telephone


def test_the_loss_of_the_quorum_is_an_alarm_with_its_act(client, seance, agent):
    _, *autres = convies(seance, 4)
    EntreeSeance.objects.create(
        seance=seance, acte="ouvrir", fait="Ouverte", details={"quorum": {"est_atteint": True}}
    )
    assert "n’est plus" not in page(client, agent, "animer", seance.pk).content.decode()
    for convie in autres:
        actes_presence.partir(convie, par=agent)

    html = page(client, agent, "animer", seance.pk).content.decode()

    assert "Le quorum n’est plus atteint" in html
    assert reverse("seances:reporter", args=[seance.pk]) in html
    assert f"Départ à {heure(autres[0].presences.get().depart)}" in html
    # A return makes two intervals, both to be corrected.
    actes_presence.arriver(autres[0], mode="salle", par=agent)
    html = page(client, agent, "animer", seance.pk).content.decode()
    for presence in autres[0].presences.all():
        assert reverse("seances:corriger_presence", args=[presence.pk]) in html


def test_equal_hands_are_told_equal_until_the_casting_vote(client, seance, agent):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(voix_preponderante=True)
    seance = Seance.objects.get(pk=seance.pk)
    un, deux = convies(seance, 2)
    vote = voter_sur(seance, agent)
    votes.voter(vote, un, sens="pour")
    votes.voter(vote, deux, sens="contre")

    ouvert = page(client, agent, "ecran", seance.pk).content.decode()
    cloture.clore_vote(vote, par=agent, sans_attendre=True)  # without a president
    clos = page(client, agent, "ecran", seance.pk).content.decode()

    for html in (ouvert, clos):
        assert "Égalité" in html
        assert "Rejeté" not in html
    assert "La voix de la présidence l’emporte" in ouvert


def test_who_holds_the_chair_is_chosen_beforehand(client, agent):
    seance = SeanceFactory(convoquee=True, debut=timezone.now())
    _, presidente = convies(seance, 2)
    Membre.objects.filter(pk=presidente.membre_id).update(fonction="copresident")
    choisie = f'<option value="{presidente.membre_id}" selected>'

    assert choisie in page(client, agent, "animer", seance.pk).content.decode()
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte", ouverte_le=timezone.now())
    assert choisie in page(client, agent, "presider", seance.pk).content.decode()


def test_closed_doors_are_announced_in_the_room(client, seance, agent):
    convies(seance, 2)
    secret = PointFactory(seance=seance, est_confidentiel=True, duree=10)
    assert "minutes, à huis clos" in page(client, agent, "animer", seance.pk).content.decode()
    points.passer_au_point(secret, par=agent)

    assert "le public quitte la salle" in page(client, agent, "ecran", seance.pk).content.decode()


def test_acts_that_follow_each_other_bring_the_screen_back_once(client, seance, agent):
    un, deux = convies(seance, 2, presents=False)
    client.force_login(agent)
    url = reverse("seances:noter_presence", args=[seance.pk])
    suite = {"HX-Request": "true", "Prefer": "return=minimal"}

    assert client.post(url, {"arriver": f"{un.pk}:salle"}, headers=suite).status_code == 204
    refus = client.post(url, {"arriver": f"{deux.pk}:ailleurs"}, headers=suite)
    dernier = client.post(url, {"arriver": f"{deux.pk}:salle"}, headers={"HX-Request": "true"})

    assert refus.status_code == 204
    assert "on ne peut pas y être" in dernier.content.decode()  # shown with the last one
    assert un.presences.count() == deux.presences.count() == 1


def test_the_roll_call_notes_a_whole_vote_and_leaves_what_a_phone_said_meanwhile(client, seance, agent):
    un, deux, trois = convies(seance, 3)
    vote = voter_sur(seance, agent)
    votes.voter(vote, un, sens="pour")
    url = reverse("seances:faire_l_appel", args=[vote.pk])
    client.force_login(agent)
    page_appel = client.get(url)
    montre = page_appel.context["form"]["vu"].value()
    votes.voter(vote, un, sens="contre", change=True)  # from a phone, during the roll call

    client.post(
        url, {"vu": montre, f"voix_{un.pk}": "pour", f"voix_{deux.pk}": "nppv", f"voix_{trois.pk}": "pour"}
    )

    assert dict(vote.bulletins.values_list("convie", "sens")) == {
        un.pk: "contre",
        deux.pk: "nppv",
        trois.pk: "pour",
    }
    assert vote.emargements.count() == 3
    assert seance.journal.get(acte="faire_l_appel").fait == "Appel : 2 voix notées"
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    with pytest.raises(ActeInterdit):
        votes.faire_l_appel(vote, voix={un.pk: "pour"}, par=agent)


# Secret ballots


def test_while_a_secret_ballot_is_open_no_screen_shows_a_partial_result(client, seance, agent):
    un, deux, trois, *_ = convies(seance, 4)
    vote = voter_sur(seance, agent, forme="secret")
    votes.voter(vote, un, sens="contre")
    votes.voter(vote, deux, sens="contre")

    for nom in ("animer", "ecran"):
        html = page(client, agent, nom, seance.pk).content.decode()
        assert "table-votes" not in html
        assert "2" in html
    bloc = SeanceEnCours(Seance.objects.get(pk=seance.pk)).vote
    assert (bloc.lignes, bloc.recus, bloc.attendus) == ([], 2, 4)

    votes.voter(vote, trois, sens="contre")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    html = page(client, agent, "animer", seance.pk).content.decode()
    assert "Rejeté" in html


# Facilitator


def test_a_one_click_act_with_script_answers_the_regions_alone(client, seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    client.force_login(agent)

    reponse = client.post(
        reverse("seances:noter_presence", args=[seance.pk]),
        {"arriver": f"{convie.pk}:salle"},
        headers={"HX-Request": "true"},
    )

    html = reponse.content.decode()
    assert reponse.status_code == 200
    assert "<html" not in html
    assert "data-region" in html
    assert Presence.objects.filter(convie=convie).count() == 1


def test_the_opening_form_says_what_is_missing_and_keeps_what_was_typed(client, agent):
    seance = SeanceFactory(convoquee=True, debut=timezone.now())
    convies(seance, 4, presents=False)
    client.force_login(agent)

    reponse = client.post(reverse("seances:ouvrir", args=[seance.pk]), {"secretaire": "Léa Roux"})

    html = lire(reponse)
    assert "Il manque 2 membres" in html
    assert "Léa Roux" in html
    assert reverse("seances:reporter", args=[seance.pk]) in html


def test_who_opens_a_seance_that_another_opened_meanwhile_is_told_so(client, seance, agent):
    client.force_login(agent)

    reponse = client.post(reverse("seances:ouvrir", args=[seance.pk]), {"secretaire": ""})

    assert reponse.status_code == 409
    assert "n’est plus possible" in lire(reponse)


def test_hands_counted_and_closed_in_one_go(client, seance, agent):
    convies(seance, 4)
    vote = voter_sur(seance, agent, forme="main_levee")
    college = seance.mandature.colleges.get().pk
    client.force_login(agent)
    url = reverse("seances:compter_mains", args=[vote.pk])

    trop = client.post(url, {f"pour_{college}": "9", "clore": "oui"})
    assert "voix comptées pour 4 personnes" in trop.content.decode()
    illisible = client.post(url, {f"pour_{college}": "deux"}, headers={"HX-Request": "true"})
    assert "Un compte n’est pas un nombre" in illisible.content.decode()
    egales = client.post(url, {f"pour_{college}": "2", f"contre_{college}": "2", "clore": "oui"})
    assert "dites ce qu’elle a voté" in egales.content.decode()
    client.post(
        url, {f"pour_{college}": "2", f"contre_{college}": "2", "voix_du_president": "pour", "clore": "oui"}
    )

    vote.refresh_from_db()
    assert (vote.etat, vote.resultat, vote.a_l_egalite) == ("clos", "adopte", True)


def test_two_facilitators_notes_are_both_shown(client, seance, agent):
    point = PointFactory(seance=seance)
    points.passer_au_point(point, par=agent)
    client.force_login(agent)
    url = reverse("seances:noter_releve", args=[point.pk])
    vu = client.get(url).context["form"].initial["vu"]
    client.post(url, {"releve": "Notes de la première fenêtre", "vu": vu})

    reponse = client.post(url, {"releve": "Notes de la seconde", "vu": vu})
    enregistrement = client.post(url, {"releve": "Autre", "vu": vu}, headers={"HX-Request": "true"})

    html = reponse.content.decode()
    assert "Notes de la première fenêtre" in html
    assert "Notes de la seconde" in html
    assert enregistrement.status_code == 409
    assert "autre fenêtre" in enregistrement.json()["dit"]


def test_the_projected_screen_shows_the_code_and_its_qr(client, seance, agent):
    html = page(client, agent, "ecran", seance.pk).content.decode()

    assert seance.code in html
    assert "projection-qr" in html
    assert 'http-equiv="refresh"' in html  # without JavaScript


def test_a_vote_noted_for_somebody_of_the_room(client, seance, agent):
    un, *_ = convies(seance, 2)
    vote = voter_sur(seance, agent)
    client.force_login(agent)

    client.post(reverse("seances:voter_pour", args=[vote.pk]), {"voix": un.pk, "sens": "abstention"})

    assert Vote.objects.get(pk=vote.pk).bulletins.get().convie == un
