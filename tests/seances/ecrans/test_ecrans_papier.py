"""Secret vote partly on paper: two tellers count, and neither sees the count of the other."""

import pytest
from django.urls import reverse

from participation.seances.ecrans import tenue
from participation.seances.models import Convie, EntreeSeance, ReglementInstance, Seance
from participation.seances.points import actes as points
from participation.seances.proces_verbaux import releve
from participation.seances.regles import VoixComptees
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.seances.votes import papier as votes_papier
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from tests.outils import lire
from tests.seances.factories import PointFactory, SeanceFactory
from tests.seances.salle import convies, page, voter_sur

pytestmark = pytest.mark.django_db


def test_members_obtain_a_secret_ballot_and_who_votes_on_paper_no_more_votes_on_a_phone(
    client, seance, agent
):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(part_secret="tiers")
    seance = Seance.objects.get(pk=seance.pk)
    un, deux, _, *papier = convies(seance, 7)
    point = PointFactory(seance=seance)
    points.passer_au_point(point, par=agent)
    for convie in (un, deux, deux, papier[0]):
        client.force_login(convie.membre.compte)
        client.post(reverse("seances:demander_le_secret", args=[seance.pk]), {"point": point.pk})
    html = lire(page(client, agent, "animer", seance.pk))
    assert "3 membres demandent un vote à bulletin secret : le règlement l’impose à partir de 3." in html
    with pytest.raises(ErreurMetier, match="le règlement l’impose"):
        votes.ouvrir_vote(point, par=agent, objet="Élire", forme="nominatif")
    vote = votes.ouvrir_vote(point, par=agent, objet="Élire", forme="secret")
    votes.voter(vote, un, sens="pour")
    url = reverse("seances:compter_bulletins", args=[vote.pk])
    sur_papier = [convie.pk for convie in papier]

    def noter(**saisi):
        demande = {"votants": sur_papier, "premier": un.pk, "second": deux.pk, **saisi}
        return lire(client.post(url, demande))

    assert "Deux personnes différentes" in noter(second=un.pk)
    assert "en compter moins dirait" in noter(votants=sur_papier[:2])
    assert "n’est pas dans la liste" in noter(votants=[un.pk, *sur_papier])
    assert vote.emargements.count() == 1
    noter()

    assert vote.emargements.count() == 5
    with pytest.raises(ErreurMetier, match="un vote secret ne se change pas"):
        votes.voter(vote, papier[0], sens="contre")
    with pytest.raises(ErreurMetier, match="encore à compter"):
        cloture.clore_vote(vote, par=agent)
    client.post(reverse("seances:ne_pas_compter", args=[vote.pk]))
    assert vote.emargements.count() == 1


@pytest.fixture
def papier(seance, agent):
    """Seven members in a secret vote: three vote on phones, then count the four paper ballots."""
    un, deux, trois, *autres = convies(seance, 7)
    vote = voter_sur(seance, agent, forme="secret")
    for convie in (un, deux, trois):
        votes.voter(vote, convie, sens="pour")
    votes_papier.compter_bulletins(vote, votants=autres, scrutateurs=[un, deux], par=agent)
    return vote, un, deux


def compter(client, seance, convie, **bulletins):
    client.force_login(convie.membre.compte)
    url = reverse("seances:mon_compte_papier", args=[seance.pk])
    return lire(client.post(url, bulletins, follow=True))


def test_each_teller_counts_the_paper_without_seeing_the_other_s_count(client, seance, agent, papier):
    vote, un, deux = papier
    assert "3 bulletins comptés pour 4 voix" in compter(client, seance, un, pour_0=3)
    assert "Votre compte est gardé" in compter(client, seance, un, pour_0=3, contre_0=1)

    html = lire(page(client, agent, "animer", seance.pk))
    assert "Bulletins papier : 4 à compter" in html
    assert "Compte donné" in html
    for lecteur in (agent, deux.membre.compte):
        for nom in ("animer", "ma_seance_en_cours", "mon_compte_papier"):
            assert "3 pour" not in lire(page(client, lecteur, nom, seance.pk))
    assert not EntreeSeance.objects.filter(fait__contains="3 pour").exists()
    assert vote.bulletins.count() == 3
    # From the screen of the facilitator, for members without a phone.
    client.force_login(agent)
    autre = vote.comptes_papier.get(convie=deux)
    dit = client.post(
        reverse("seances:donner_son_compte", args=[autre.pk]), {"pour_0": 3, "contre_0": 1}, follow=True
    )

    assert "Les deux comptes sont les mêmes : 4 bulletins dans l’urne." in lire(dit)
    vote.refresh_from_db()
    assert (vote.papier, vote.sur_papier, vote.bulletins.count()) == (4, [], 7)
    assert not vote.comptes_papier.exists()
    assert not vote.bulletins.filter(convie__isnull=False).exists()
    cloture.clore_vote(vote, par=agent)
    assert (vote.voix.get().pour, vote.voix.get().contre) == (6, 1)
    tenue.lever(seance, par=agent)
    lu = releve.donnees(Seance.objects.get(pk=seance.pk))["points"][0]["votes"][0]
    assert (lu["papier"], lu["scrutateurs"]) == (4, f"{un} et {deux}")


def test_one_ballot_given_on_a_phone_beside_the_paper_is_not_found_by_taking_it_away(client, seance, agent):
    un, deux, trois, *autres = convies(seance, 7)
    vote = voter_sur(seance, agent, forme="secret")
    votes.voter(vote, un, sens="contre")
    votes_papier.compter_bulletins(vote, votants=autres, scrutateurs=[deux, trois], par=agent)
    for teller in (deux, trois):
        compter(client, seance, teller, pour_0=4)
    vote.refresh_from_db()
    assert vote.papier == 4

    # The two tellers know the four: the fifth would be hers.
    with pytest.raises(ErreurMetier, match="Une seule personne a voté sur un téléphone"):
        cloture.clore_vote(vote, par=agent, sans_attendre=True)


def test_two_counts_that_differ_are_both_shown_and_counted_again(client, seance, agent, papier):
    vote, un, deux = papier
    compter(client, seance, un, pour_0=3, contre_0=1)
    client.force_login(deux.membre.compte)
    dit = client.post(reverse("seances:mon_compte_papier", args=[seance.pk]), {"pour_0": 4}, follow=True)
    # No change succeeded: shown as a warning.
    assert [(m.level_tag, "recomptez" in m.message) for m in dit.context["messages"]] == [("warning", True)]

    for compte, nom in ((agent, "animer"), (un.membre.compte, "ma_seance_en_cours")):
        html = lire(page(client, compte, nom, seance.pk))
        assert "3 pour et 1 contre" in html
        assert "4 pour" in html
    assert vote.bulletins.count() == 3
    with pytest.raises(ErreurMetier, match="encore à compter"):
        cloture.clore_vote(vote, par=agent)
    compter(client, seance, un, pour_0=4)
    compter(client, seance, deux, pour_0=4)
    vote.refresh_from_db()
    assert (vote.papier, vote.bulletins.count()) == (4, 7)


def test_the_paper_counted_by_college_falls_in_its_college(client, agent):
    seance = SeanceFactory(ouverte=True)
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(vote_par_college=True)
    seance.reglement.refresh_from_db()
    habitants, elus = convies(seance, 3, nom="Habitants"), convies(seance, 3, nom="Élus")
    vote = voter_sur(seance, agent, forme="secret")
    un, deux = habitants[:2]
    votes_papier.compter_bulletins(vote, votants=[*habitants, *elus], scrutateurs=[un, deux], par=agent)
    h, e = habitants[0].membre.college_id, elus[0].membre.college_id
    assert "6 bulletins comptés pour 6 voix" in compter(
        client, seance, un, **{f"pour_{h}": 4, f"pour_{e}": 2}
    )
    compter(client, seance, un, **{f"pour_{h}": 3, f"pour_{e}": 2, f"contre_{e}": 1})
    compter(client, seance, deux, **{f"pour_{h}": 2, f"contre_{h}": 1, f"pour_{e}": 3})
    html = lire(page(client, agent, "animer", seance.pk))
    assert "Habitants : 3 pour ; Élus : 2 pour et 1 contre" in html
    for convie in (un, deux):
        compter(client, seance, convie, **{f"pour_{h}": 3, f"contre_{e}": 3})

    cloture.clore_vote(vote, par=agent)
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
        votes_papier.donner_son_compte(compte, decomptes={0: VoixComptees(pour=4)}, par=autre.membre.compte)
    votes.annuler_vote(vote, par=agent, motif="Trop tard")
    assert not vote.comptes_papier.exists()
