"""Phone of a member: « je suis là », votes, secret ballots, and who may open the page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.seances.ecrans.lectures import SeanceEnCours
from participation.seances.ecrans.place import voix_du_membre
from participation.seances.models import Presence, Seance
from participation.seances.presence import actes as presence
from participation.seances.votes import actes as votes
from tests.outils import lire
from tests.seances.factories import ConvieFactory, SeanceFactory
from tests.seances.salle import convies, donner_pouvoir, page, voter_sur
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_from_home_presence_is_noted_before_the_opening_without_the_room_s_code(client):
    seance = SeanceFactory(convoquee=True, debut=timezone.now())
    (un,) = convies(seance, 1, presents=False)
    sienne = reverse("seances:ma_seance_en_cours", args=[seance.pk])

    assert (
        f'href="{sienne}">Noter ma présence'
        in page(client, un.membre.compte, "ma_seance", seance.pk).content.decode()
    )
    assert "Je participe à distance" in client.get(sienne).content.decode()


def test_one_tap_does_not_cast_a_secret_ballot(client, seance, agent):
    un, *_ = convies(seance, 3)
    vote = voter_sur(seance, agent, forme="secret")
    client.force_login(un.membre.compte)
    ecran = reverse("seances:ma_seance_en_cours", args=[seance.pk])
    bulletin = {"vote": vote.pk, "voix": un.pk, "sens": "contre"}

    client.post(reverse("seances:voter", args=[seance.pk]), bulletin)
    assert not vote.bulletins.exists()
    html = lire(client.get(ecran))
    assert "Mettre dans l’urne : contre</button>" in html
    assert "choix=" not in html, "the choice would be in the address, and in the logs"
    client.post(reverse("seances:voter", args=[seance.pk]), {**bulletin, "confirme": "oui"})
    assert vote.bulletins.count() == 1


# Phone of a member


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
    votes.voter(vote, un, sens="contre")

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
    presence.retirer_convie(un, par=agent, motif="Démission")

    html = page(client, un.membre.compte, "ma_seance_en_cours", seance.pk).content.decode()
    assert "Votre mandat a pris fin" in html
    assert ">Pour</button>" not in html
    assert vote.point.titre not in html  # nor anything in progress
    client.post(reverse("seances:voter", args=[seance.pk]), {"vote": vote.pk, "voix": un.pk, "sens": "pour"})
    assert vote.bulletins.count() == 0


def test_a_mandant_s_voice_is_asked_apart(seance, agent):
    un, *_ = convies(seance, 2)
    (mandant,) = convies(seance, 1, presents=False)
    donner_pouvoir(mandant, un)
    voter_sur(seance, agent)

    voix = voix_du_membre(SeanceEnCours(Seance.objects.get(pk=seance.pk)), un)

    assert [(v.convie, v.est_la_sienne) for v in voix] == [(un, True), (mandant, False)]


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


def test_nobody_is_in_the_room_without_its_code(client, seance):
    (convie,) = convies(seance, 1, presents=False)
    client.force_login(convie.membre.compte)
    url = reverse("seances:changer_presence", args=[seance.pk])

    client.post(url, {"mode": "salle"})
    assert not convie.presences.exists()
    client.post(url, {"mode": "distance"})
    lue = client.post(url, {"mode": "salle"}, follow=True).content.decode()

    assert convie.presences.get().mode == "distance"
    assert "tapez le code" in lue
    assert "Je passe en salle</button>" not in lue


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
    assert client.get(reverse("seances:presence_par_lien", args=[f"{convie.pk}:1abc:def"])).status_code == 404
