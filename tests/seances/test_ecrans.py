"""What the three screens show and hide, what they cost, and who may open them."""

import re

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participation.seances.actions import deroule
from participation.seances.lectures import minutes
from participation.seances.lectures.ecrans import SeanceEnCours, horloge, voix_du_membre
from participation.seances.models import (
    Convie,
    EntreeSeance,
    Membre,
    Presence,
    ReglementInstance,
    Seance,
    Vote,
)
from participation.seances.regles.votes import VoixComptees
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import heure
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


def version_affichee(client, url):
    """Of a screen asked whole."""
    return re.search(r'data-version="([^"]+)"', client.get(url).content.decode())[1]


def sans_insecables(reponse):
    return reponse.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


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
    version = version_affichee(client, url)
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


# What they say


def test_after_the_end_the_screen_tells_what_happened_and_hours_are_corrected(client, seance, agent):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(quorum="aucune")
    un, deux, trois, *_ = convies(seance, 5)
    vote = voter_sur(seance, agent)
    deroule.voter(vote, un, sens="pour")
    deroule.partir(trois, par=agent)
    deroule.clore_vote(vote, par=agent)
    deroule.lever(seance, par=agent)

    html = page(client, agent, "animer", seance.pk).content.decode()

    assert "4 en salle" in html
    assert "Adopté\u00a0: 1 pour" in html
    heures = reverse("seances:corriger_presence", args=[deux.presences.get().pk])
    assert heures in html
    assert "Partie à" in html
    assert client.get(heures).status_code == 200
    assert html.count("Partie à") == 1, "said once, on the button that corrects it"
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
        deroule.partir(convie, par=agent)

    html = page(client, agent, "animer", seance.pk).content.decode()

    assert "Le quorum n’est plus atteint" in html
    assert reverse("seances:reporter", args=[seance.pk]) in html
    assert f"Partie à {heure(autres[0].presences.get().depart)}" in html
    # She comes back: two intervals, both to be corrected.
    deroule.arriver(autres[0], mode="salle", par=agent)
    html = page(client, agent, "animer", seance.pk).content.decode()
    for presence in autres[0].presences.all():
        assert reverse("seances:corriger_presence", args=[presence.pk]) in html


def test_equal_hands_are_told_equal_until_the_casting_vote(client, seance, agent):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(voix_preponderante=True)
    seance = Seance.objects.get(pk=seance.pk)
    un, deux = convies(seance, 2)
    vote = voter_sur(seance, agent)
    deroule.voter(vote, un, sens="pour")
    deroule.voter(vote, deux, sens="contre")

    ouvert = page(client, agent, "ecran", seance.pk).content.decode()
    deroule.clore_vote(vote, par=agent)  # nobody presides
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
    deroule.passer_au_point(PointFactory(seance=seance, est_confidentiel=True), par=agent)

    assert "le public quitte la salle" in page(client, agent, "ecran", seance.pk).content.decode()


def test_from_home_presence_is_noted_before_the_opening_without_the_room_s_code(client):
    seance = SeanceFactory(convoquee=True, debut=timezone.now())
    (un,) = convies(seance, 1, presents=False)
    sienne = reverse("seances:ma_seance_en_cours", args=[seance.pk])

    assert (
        f'href="{sienne}">Noter ma présence'
        in page(client, un.membre.compte, "ma_seance", seance.pk).content.decode()
    )
    assert "Je participe à distance" in client.get(sienne).content.decode()


def test_acts_that_follow_each_other_bring_the_screen_back_once(client, seance, agent):
    un, deux = convies(seance, 2, presents=False)
    client.force_login(agent)
    url = reverse("seances:noter_presence", args=[seance.pk])
    suite = {"HX-Request": "true", "Prefer": "return=minimal"}

    assert client.post(url, {"arriver": f"{un.pk}:salle"}, headers=suite).status_code == 204
    refus = client.post(url, {"arriver": f"{deux.pk}:ailleurs"}, headers=suite)
    dernier = client.post(url, {"arriver": f"{deux.pk}:salle"}, headers={"HX-Request": "true"})

    assert refus.status_code == 204
    assert "on ne peut pas y être" in dernier.content.decode()  # told with the last
    assert un.presences.count() == deux.presences.count() == 1


def test_the_roll_call_notes_a_whole_vote_and_leaves_what_a_phone_said_meanwhile(client, seance, agent):
    un, deux, trois = convies(seance, 3)
    vote = voter_sur(seance, agent)
    deroule.voter(vote, un, sens="pour")
    url = reverse("seances:faire_l_appel", args=[vote.pk])
    client.force_login(agent)
    page_appel = client.get(url)
    montre = page_appel.context["form"]["vu"].value()
    deroule.voter(vote, un, sens="contre", change=True)  # from her phone, while the roll is called

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
    deroule.clore_vote(vote, par=agent)
    with pytest.raises(ActeInterdit):
        deroule.faire_l_appel(vote, voix={un.pk: "pour"}, par=agent)


def test_one_tap_does_not_cast_a_secret_ballot(client, seance, agent):
    un, *_ = convies(seance, 3)
    vote = voter_sur(seance, agent, forme="secret")
    client.force_login(un.membre.compte)
    ecran = reverse("seances:ma_seance_en_cours", args=[seance.pk])
    bulletin = {"vote": vote.pk, "voix": un.pk, "sens": "contre"}

    client.post(reverse("seances:voter", args=[seance.pk]), bulletin)
    assert not vote.bulletins.exists()
    html = sans_insecables(client.get(ecran))
    assert "Mettre dans l’urne : contre</button>" in html
    assert "choix=" not in html, "the choice would be in the address, and in the logs"
    client.post(reverse("seances:voter", args=[seance.pk]), {**bulletin, "confirme": "oui"})
    assert vote.bulletins.count() == 1


def test_members_obtain_a_secret_ballot_and_who_votes_on_paper_no_more_votes_on_a_phone(
    client, seance, agent
):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(part_secret="tiers")
    seance = Seance.objects.get(pk=seance.pk)
    un, deux, *papier = convies(seance, 6)
    point = PointFactory(seance=seance)
    deroule.passer_au_point(point, par=agent)
    for convie in (un, deux, deux):
        client.force_login(convie.membre.compte)
        client.post(reverse("seances:demander_le_secret", args=[seance.pk]), {"point": point.pk})
    html = sans_insecables(page(client, agent, "animer", seance.pk))
    assert "2 membres demandent un vote à bulletin secret : le règlement l’impose à partir de 2." in html
    with pytest.raises(ErreurMetier, match="le règlement l’impose"):
        deroule.ouvrir_vote(point, par=agent, objet="Élire", forme="nominatif")
    vote = deroule.ouvrir_vote(point, par=agent, objet="Élire", forme="secret")
    deroule.voter(vote, un, sens="pour")
    url = reverse("seances:compter_bulletins", args=[vote.pk])
    sur_papier = [convie.pk for convie in papier]

    def noter(**saisi):
        demande = {"votants": sur_papier, "premier": un.pk, "second": deux.pk, **saisi}
        return sans_insecables(client.post(url, demande))

    assert "Deux personnes différentes" in noter(second=un.pk)
    assert "en compter moins dirait" in noter(votants=sur_papier[:2])
    assert "n’est pas dans la liste" in noter(votants=[un.pk, *sur_papier])
    assert vote.emargements.count() == 1
    noter()

    assert vote.emargements.count() == 5
    with pytest.raises(ErreurMetier, match="un vote secret ne se change pas"):
        deroule.voter(vote, papier[0], sens="contre")
    with pytest.raises(ErreurMetier, match="encore à compter"):
        deroule.clore_vote(vote, par=agent)
    client.post(reverse("seances:ne_pas_compter", args=[vote.pk]))
    assert vote.emargements.count() == 1


@pytest.fixture
def papier(seance, agent):
    """Six people, a secret vote: two voted on their phones, who count the four ballots of the others."""
    un, deux, *autres = convies(seance, 6)
    vote = voter_sur(seance, agent, forme="secret")
    for convie in (un, deux):
        deroule.voter(vote, convie, sens="pour")
    deroule.compter_bulletins(vote, votants=autres, scrutateurs=[un, deux], par=agent)
    return vote, un, deux


def compter(client, seance, convie, **bulletins):
    client.force_login(convie.membre.compte)
    url = reverse("seances:mon_compte_papier", args=[seance.pk])
    return sans_insecables(client.post(url, bulletins, follow=True))


def test_each_teller_counts_the_paper_without_seeing_the_other_s_count(client, seance, agent, papier):
    vote, un, deux = papier
    assert "3 bulletins comptés pour 4 voix" in compter(client, seance, un, pour_0=3)
    assert "Votre compte est gardé" in compter(client, seance, un, pour_0=3, contre_0=1)

    html = sans_insecables(page(client, agent, "animer", seance.pk))
    assert "Bulletins papier : 4 à compter" in html
    assert "Compte donné" in html
    for lecteur in (agent, deux.membre.compte):
        for nom in ("animer", "ma_seance_en_cours", "mon_compte_papier"):
            assert "3 pour" not in sans_insecables(page(client, lecteur, nom, seance.pk))
    assert not EntreeSeance.objects.filter(fait__contains="3 pour").exists()
    assert vote.bulletins.count() == 2
    # From the facilitator's screen, for who has no phone.
    client.force_login(agent)
    autre = vote.comptes_papier.get(convie=deux)
    dit = client.post(
        reverse("seances:donner_son_compte", args=[autre.pk]), {"pour_0": 3, "contre_0": 1}, follow=True
    )

    assert "Les deux comptes sont les mêmes : 4 bulletins dans l’urne." in sans_insecables(dit)
    vote.refresh_from_db()
    assert (vote.papier, vote.sur_papier, vote.bulletins.count()) == (4, [], 6)
    assert not vote.comptes_papier.exists()
    assert not vote.bulletins.filter(convie__isnull=False).exists()
    deroule.clore_vote(vote, par=agent)
    assert (vote.voix.get().pour, vote.voix.get().contre) == (5, 1)
    deroule.lever(seance, par=agent)
    lu = minutes.donnees(Seance.objects.get(pk=seance.pk))["points"][0]["votes"][0]
    assert (lu["papier"], lu["scrutateurs"]) == (4, f"{un} et {deux}")


def test_two_counts_that_differ_are_both_shown_and_counted_again(client, seance, agent, papier):
    vote, un, deux = papier
    compter(client, seance, un, pour_0=3, contre_0=1)
    assert "recomptez" in compter(client, seance, deux, pour_0=4)

    for compte, nom in ((agent, "animer"), (un.membre.compte, "ma_seance_en_cours")):
        html = sans_insecables(page(client, compte, nom, seance.pk))
        assert "3 pour et 1 contre" in html
        assert "4 pour" in html
    assert vote.bulletins.count() == 2
    with pytest.raises(ErreurMetier, match="encore à compter"):
        deroule.clore_vote(vote, par=agent)
    compter(client, seance, un, pour_0=4)
    compter(client, seance, deux, pour_0=4)
    vote.refresh_from_db()
    assert (vote.papier, vote.bulletins.count()) == (4, 6)


def test_the_paper_counted_by_college_falls_in_its_college(client, agent):
    seance = SeanceFactory(ouverte=True)
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(vote_par_college=True)
    seance.reglement.refresh_from_db()
    habitants, elus = convies(seance, 3, nom="Habitants"), convies(seance, 3, nom="Élus")
    vote = voter_sur(seance, agent, forme="secret")
    un, deux = habitants[:2]
    deroule.compter_bulletins(vote, votants=[*habitants, *elus], scrutateurs=[un, deux], par=agent)
    h, e = habitants[0].membre.college_id, elus[0].membre.college_id
    assert "6 bulletins comptés pour 6 voix" in compter(
        client, seance, un, **{f"pour_{h}": 4, f"pour_{e}": 2}
    )
    compter(client, seance, un, **{f"pour_{h}": 3, f"pour_{e}": 2, f"contre_{e}": 1})
    compter(client, seance, deux, **{f"pour_{h}": 2, f"contre_{h}": 1, f"pour_{e}": 3})
    html = sans_insecables(page(client, agent, "animer", seance.pk))
    assert "Habitants : 3 pour ; Élus : 2 pour et 1 contre" in html
    for convie in (un, deux):
        compter(client, seance, convie, **{f"pour_{h}": 3, f"contre_{e}": 3})

    deroule.clore_vote(vote, par=agent)
    assert {str(v.college): (v.pour, v.contre) for v in vote.voix.all()} == {
        "Habitants": (3, 0),
        "Élus": (0, 3),
    }


def test_who_does_not_count_gives_no_count(client, seance, agent, papier):
    vote, *_ = papier
    autre = Convie.objects.exclude(pk__in=vote.comptes_papier.values("convie")).first()

    assert page(client, autre.membre.compte, "mon_compte_papier", seance.pk).status_code == 404
    compte = vote.comptes_papier.first()
    with pytest.raises(RoleInsuffisant):
        deroule.donner_son_compte(compte, decomptes={0: VoixComptees(pour=4)}, par=autre.membre.compte)
    deroule.annuler_vote(vote, par=agent, motif="Trop tard")
    assert not vote.comptes_papier.exists()


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
    assert vote.point.titre not in html  # nor anything of what goes on
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


def test_nobody_is_in_the_room_without_its_code(client, seance):
    (convie,) = convies(seance, 1, presents=False)
    client.force_login(convie.membre.compte)
    url = reverse("seances:changer_presence", args=[seance.pk])

    client.post(url, {"mode": "salle"})
    assert not convie.presences.exists()
    client.post(url, {"mode": "distance"})
    page = client.post(url, {"mode": "salle"}, follow=True).content.decode()

    assert convie.presences.get().mode == "distance"
    assert "tapez le code" in page
    assert "Je passe en salle</button>" not in page


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
