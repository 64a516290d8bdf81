"""What is told of a vote: a late voice, a rejection that the counts do not explain, a secret that is impossible."""

import pytest
from django.urls import reverse

from participation.seances.models import DemandeSecret, Deport, Seance
from participation.seances.presence import actes as presence
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture, papier
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import de
from tests.outils import lire
from tests.seances.factories import PointFactory
from tests.seances.salle import convies, ouvrir, page, point_en_cours, regler, voter_sur

pytestmark = pytest.mark.django_db


def test_a_voice_given_after_the_close_is_said_not_counted_to_both(client, seance, agent):
    un, deux, trois = convies(seance, 3)
    vote = voter_sur(seance, agent)
    votes.voter(vote, un, sens="pour")
    votes.voter(vote, trois, sens="pour")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    client.force_login(deux.membre.compte)
    donnees = {"vote": vote.pk, "voix": deux.pk, "sens": "contre"}
    for _ in range(2):
        dit = lire(client.post(reverse("seances:voter", args=[seance.pk]), donnees, HTTP_HX_REQUEST="true"))
        assert "clos : cette voix n’est pas comptée" in dit

    assert f"la voix {de(deux)}" in lire(page(client, agent, "animer", seance.pk))
    assert seance.journal.filter(acte="noter_voix_tardive").count() == 1
    assert vote.voix.get().contre == 0


def test_a_rejection_says_what_was_missing_when_the_counts_do_not(client, seance, agent):
    regler(seance, vote_par_college=True)
    elus, habitants = convies(seance, 2, nom="Élus"), convies(seance, 2, nom="Habitants")
    vote = voter_sur(Seance.objects.get(pk=seance.pk), agent)
    for convie, sens in zip([*elus, *habitants], ["pour", "contre", "pour", "pour"], strict=True):
        votes.voter(vote, convie, sens=sens)
    cloture.clore_vote(vote, par=agent)

    for compte, nom in ((agent, "ecran"), (agent, "animer"), (elus[0].membre.compte, "ma_seance_en_cours")):
        assert "Il manque la majorité demandée dans le collège « Élus »." in lire(
            page(client, compte, nom, seance.pk)
        )


def test_where_too_few_vote_for_a_secret_none_is_imposed(client, seance, agent):
    regler(seance, part_secret="tiers", vote_par_college=True)
    seance = Seance.objects.get(pk=seance.pk)
    un, _ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    DemandeSecret.objects.create(point=point, convie=un)
    with pytest.raises(ErreurMetier, match="trop peu"):
        ouvrir(point, agent, "secret")

    for compte, nom in ((agent, "animer"), (un.membre.compte, "ma_seance_en_cours")):
        vue = page(client, compte, nom, seance.pk)
        assert "trop peu pour qu’un bulletin reste secret" in lire(vue)
        assert 'value="secret"' not in vue.text
        assert "Demander un vote" not in vue.text
    assert ouvrir(point, agent).forme == "nominatif"


def test_people_at_a_distance_neither_count_nor_vote_on_paper(seance, agent):
    loin, *la = convies(seance, 5)
    presence.arriver(loin, mode="distance", par=agent)
    vote = voter_sur(seance, agent, forme="secret")

    with pytest.raises(ErreurMetier, match="n’est pas en salle"):
        papier.compter_bulletins(vote, votants=la, scrutateurs=[loin, la[0]], par=agent)
    with pytest.raises(ErreurMetier, match="n’est pas en salle"):
        papier.compter_bulletins(vote, votants=[loin, *la], scrutateurs=la[:2], par=agent)
    papier.compter_bulletins(vote, votants=la, scrutateurs=la[:2], par=agent)
    with pytest.raises(ErreurMetier, match="Votez sur papier"):
        votes.voter(vote, loin, sens="pour")


def test_a_member_is_told_what_stepping_aside_does_and_may_come_back_on_it(client, seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    client.force_login(un.membre.compte)
    adresse = f"{reverse('seances:me_deporter', args=[seance.pk])}?point={point.pk}"

    assert "Vous ne prenez part ni au débat ni au vote" in lire(client.get(adresse))
    assert not Deport.objects.exists()
    client.post(adresse, {"motif": "Je suis salarié du délégataire."})
    assert Deport.objects.get(point=point, convie=un).motif == "Je suis salarié du délégataire."

    assert "Revenir sur mon déport" in lire(page(client, un.membre.compte, "ma_seance_en_cours", seance.pk))
    client.post(reverse("seances:lever_mon_deport", args=[seance.pk]), {"point": point.pk})
    assert not Deport.objects.exists()


def test_the_room_does_not_read_the_title_of_a_closed_door_point(client, seance, agent):
    convies(seance, 2)
    point_en_cours(seance, agent, titre="Contentieux secret", est_confidentiel=True)
    PointFactory(seance=seance, titre="Autre secret", est_confidentiel=True)

    vue = lire(page(client, agent, "ecran", seance.pk))
    assert "Point à huis clos" in vue
    assert "secret" not in vue
