"""What the three screens show and hide, what they cost, and who may open them."""

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.seances.actions import deroule
from participation.seances.lectures.ecrans import SeanceEnCours, horloge, voix_du_membre
from participation.seances.models import Convie, Presence, Seance, Vote
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    MembreFactory,
    PointFactory,
    PresenceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


@pytest.fixture
def seance():
    return SeanceFactory(ouverte=True)


def convies(seance, nombre, *, presents=True, **champs):
    college = CollegeFactory(mandature=seance.mandature, **champs)
    faits = [ConvieFactory(seance=seance, membre=MembreFactory(college=college)) for _ in range(nombre)]
    if presents:
        for convie in faits:
            PresenceFactory(convie=convie)
    return faits


def voter_sur(seance, agent, forme="nominatif"):
    point = PointFactory(seance=seance)
    deroule.passer_au_point(point, par=agent)
    return deroule.ouvrir_vote(point, par=agent, objet="Adopter l’avis", forme=forme)


def page(client, compte, nom, *args, **kwargs):
    client.force_login(compte)
    return client.get(reverse(f"seances:{nom}", args=args), **kwargs)


@pytest.mark.parametrize(("secondes", "dit"), [(0, "00:00"), (760, "12:40"), (3725, "1:02:05")])
def test_a_duration_is_told_as_a_clock(secondes, dit):
    assert horloge(secondes) == dit


# The hot path


@pytest.mark.parametrize("nom", ["animer_etat", "ecran_etat", "ma_seance_etat"])
def test_a_screen_that_is_up_to_date_is_told_so_in_a_few_queries(client, seance, agent, nom):
    (un,) = convies(seance, 1)
    client.force_login(un.membre.compte if nom == "ma_seance_etat" else agent)
    url = reverse(f"seances:{nom}", args=[seance.pk])
    version = f"{Seance.objects.get(pk=seance.pk).version}-0"
    session = client.session.get_expiry_date()
    client.get(url, {"version": version})  # the first request of an agent writes the day of her second factor

    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(url, {"version": version})

    assert reponse.status_code == 204
    # The session, the account, its roles, and one question; of an agent, her second factor too (two).
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
        deroule.voter(vote, convie, sens="pour")
    for _ in range(3):
        PointFactory(seance=seance)
    noms = [("animer", agent), ("ecran", agent), ("ma_seance_en_cours", un.membre.compte)]
    for nom, compte in noms:
        cout(nom, compte)
    peu = [cout(nom, compte) for nom, compte in noms]
    convies(seance, 36, nom="Associations")
    for convie in Convie.objects.filter(seance=seance)[:20]:
        deroule.demander_la_parole(convie)
    for _ in range(6):
        PointFactory(seance=seance)

    assert [cout(nom, compte) for nom, compte in noms] <= [nombre + 1 for nombre in peu]


# The member's phone


def test_somebody_who_is_not_convened_has_no_screen(client, seance, agent):
    convies(seance, 1)

    assert page(client, CompteFactory(), "ma_seance_en_cours", seance.pk).status_code == 404
    assert page(client, agent, "ma_seance_en_cours", seance.pk).status_code == 404


def test_the_phone_asks_one_question_then_confirms(client, seance, agent):
    un, *_ = convies(seance, 2)
    vote = voter_sur(seance, agent)

    html = page(client, un.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    for mot in ("Pour", "Contre", "Abstention", "Ne prend pas part"):
        assert f">{mot}</button>" in html

    client.post(reverse("seances:voter", args=[seance.pk]), {"vote": vote.pk, "voix": un.pk, "sens": "pour"})
    html = page(client, un.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    assert "Vous avez voté <strong>pour</strong>" in html
    assert ">Contre</button>" not in html
    html = page(
        client, un.membre.compte, "ma_seance_en_cours", seance.pk, data={"changer": un.pk}
    ).content.decode()
    assert ">Contre</button>" in html


def test_a_second_device_is_told_that_the_voice_is_given(client, seance, agent):
    un, *_ = convies(seance, 2)
    vote = voter_sur(seance, agent)
    client.force_login(un.membre.compte)
    url = reverse("seances:voter", args=[seance.pk])
    client.post(url, {"vote": vote.pk, "voix": un.pk, "sens": "pour"})

    sans_script = client.post(url, {"vote": vote.pk, "voix": un.pk, "sens": "contre"})
    avec = client.post(
        url, {"vote": vote.pk, "voix": un.pk, "sens": "contre"}, headers={"HX-Request": "true"}
    )

    assert sans_script.status_code == 409
    assert "ne compte qu’une fois" in sans_script.content.decode()
    assert avec.status_code == 200
    assert "ne compte qu’une fois" in avec.content.decode()
    assert vote.bulletins.count() == 1


def test_the_phone_of_a_secret_ballot_never_says_what_was_voted(client, seance, agent):
    un, *_ = convies(seance, 3)
    vote = voter_sur(seance, agent, forme="secret")
    html = page(client, un.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    assert "séparé de votre nom" in html
    deroule.voter(vote, un, sens="contre")

    html = page(client, un.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()

    assert "dans l’urne" in html
    assert "Changer" not in html


def test_a_member_cannot_vote_in_the_name_of_another_nor_on_another_seance(client, seance, agent):
    un, deux = convies(seance, 2)
    vote = voter_sur(seance, agent)
    ailleurs = SeanceFactory(ouverte=True, mandature=seance.mandature, reglement=seance.reglement)
    ConvieFactory(seance=ailleurs, membre=un.membre)
    client.force_login(un.membre.compte)

    client.post(
        reverse("seances:voter", args=[seance.pk]), {"vote": vote.pk, "voix": deux.pk, "sens": "pour"}
    )
    reponse = client.post(
        reverse("seances:voter", args=[ailleurs.pk]), {"vote": vote.pk, "voix": un.pk, "sens": "pour"}
    )

    assert reponse.status_code == 404
    assert vote.bulletins.count() == 0


def test_a_member_whose_mandate_ended_is_told_and_can_do_nothing(client, seance, agent):
    un, *_ = convies(seance, 3)
    vote = voter_sur(seance, agent)
    deroule.retirer_convie(un, par=agent, motif="Démission")

    html = page(client, un.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    assert "Votre mandat a pris fin" in html
    assert ">Pour</button>" not in html
    client.post(reverse("seances:voter", args=[seance.pk]), {"vote": vote.pk, "voix": un.pk, "sens": "pour"})
    assert vote.bulletins.count() == 0


def test_a_mandant_s_voice_is_asked_apart(seance, agent):
    un, *_ = convies(seance, 2)
    (mandant,) = convies(seance, 1, presents=False)
    mandant.reponse, mandant.pouvoir_a, mandant.repondu_le = "pouvoir", un, timezone.now()
    mandant.save()
    voter_sur(seance, agent)

    voix = voix_du_membre(SeanceEnCours(Seance.objects.get(pk=seance.pk)), un)

    assert [(v.convie, v.est_la_sienne) for v in voix] == [(un, True), (mandant, False)]


# Secret


def test_while_a_secret_ballot_is_open_no_screen_shows_a_partial_result(client, seance, agent):
    un, deux, trois, *_ = convies(seance, 4)
    vote = voter_sur(seance, agent, forme="secret")
    deroule.voter(vote, un, sens="contre")
    deroule.voter(vote, deux, sens="contre")

    for nom in ("animer", "ecran"):
        html = page(client, agent, nom, seance.pk).content.decode()
        assert "table-votes" not in html
        assert "2" in html
    bloc = SeanceEnCours(Seance.objects.get(pk=seance.pk)).vote
    assert (bloc.lignes, bloc.recus, bloc.attendus) == ([], 2, 4)

    deroule.voter(vote, trois, sens="contre")
    deroule.clore_vote(vote, par=agent)
    html = page(client, agent, "animer", seance.pk).content.decode()
    assert "Rejeté" in html


# The facilitator


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

    html = reponse.content.decode().replace("\u00a0", " ")
    assert "Il manque 2 membres" in html
    assert "Léa Roux" in html
    assert reverse("seances:reporter", args=[seance.pk]) in html


def test_hands_counted_and_closed_in_one_go(client, seance, agent):
    convies(seance, 4)
    vote = voter_sur(seance, agent, forme="main_levee")
    college = seance.mandature.colleges.get().pk
    client.force_login(agent)
    url = reverse("seances:compter_mains", args=[vote.pk])

    trop = client.post(url, {f"pour_{college}": "9", "clore": "oui"})
    assert "voix comptées pour 4 personnes" in trop.content.decode()
    egales = client.post(url, {f"pour_{college}": "2", f"contre_{college}": "2", "clore": "oui"})
    assert "dites ce qu’elle a voté" in egales.content.decode()
    client.post(
        url, {f"pour_{college}": "2", f"contre_{college}": "2", "voix_du_president": "pour", "clore": "oui"}
    )

    vote.refresh_from_db()
    assert (vote.etat, vote.resultat, vote.a_l_egalite) == ("clos", "adopte", True)


def test_two_facilitators_notes_are_both_shown(client, seance, agent):
    point = PointFactory(seance=seance)
    deroule.passer_au_point(point, par=agent)
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


# « Je suis là »


def test_the_code_of_the_room_notes_a_signed_in_member(client, seance):
    (convie,) = convies(seance, 1, presents=False)
    client.force_login(convie.membre.compte)
    redirige = client.post(reverse("seances:saisir_code"), {"code": f" {seance.code.lower()} "})
    assert redirige["Location"] == reverse("seances:presence", args=[seance.code])

    client.post(redirige["Location"], {"mode": "salle"})
    client.post(redirige["Location"], {"mode": "salle"})

    presence = Presence.objects.get(convie=convie)
    assert (presence.mode, presence.source, presence.par) == ("salle", "code", convie.membre.compte)


def test_a_wrong_code_and_a_stranger_are_told_so(client, seance):
    client.force_login(CompteFactory())

    assert (
        "aucune séance en cours"
        in client.post(reverse("seances:saisir_code"), {"code": "ZZZZZZ"}).content.decode()
    )
    assert client.get(reverse("seances:presence", args=["ZZZZZZ"])).status_code == 404
    html = client.get(reverse("seances:presence", args=[seance.code])).content.decode()
    assert "Vous n’êtes pas sur la liste" in html


def test_the_link_of_the_convocation_and_the_code_note_who_has_no_account(client, seance):
    (convie,) = convies(seance, 1, presents=False)
    url = reverse("seances:presence_par_lien", args=[convie.jeton()])

    assert "Vérifiez-le" in client.post(url, {"code": "ZZZZZZ", "mode": "salle"}).content.decode()
    assert not Presence.objects.exists()
    client.post(url, {"code": seance.code, "mode": "salle"})

    presence = Presence.objects.get(convie=convie)
    assert (presence.source, presence.par) == ("code", None)
    assert (
        client.get(reverse("seances:presence_par_lien", args=[signing.dumps(1, salt="autre")])).status_code
        == 404
    )


def test_the_projected_screen_shows_the_code_and_its_qr(client, seance, agent):
    html = page(client, agent, "ecran", seance.pk).content.decode()

    assert seance.code in html
    assert "projection-qr" in html
    assert 'http-equiv="refresh"' in html  # without script


def test_a_vote_noted_for_somebody_of_the_room(client, seance, agent):
    un, *_ = convies(seance, 2)
    vote = voter_sur(seance, agent)
    client.force_login(agent)

    client.post(reverse("seances:voter_pour", args=[vote.pk]), {"voix": un.pk, "sens": "abstention"})

    assert Vote.objects.get(pk=vote.pk).bulletins.get().convie == un
