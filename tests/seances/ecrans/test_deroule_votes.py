"""Votes: what is voted, who may vote, and counts by name, by hands and in secret."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.seances.ecrans import tenue
from participation.seances.models import Bulletin, Deport, Emargement, PointDossier, Seance
from participation.seances.points import actes as points
from participation.seances.presence import actes as presence
from participation.seances.regles import VoixComptees
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from tests.outils import lire
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import ConvieFactory, PointFactory, SeanceFactory
from tests.seances.salle import (
    convies,
    donner_pouvoir,
    ouvrir,
    point_en_cours,
    regler,
    suppleant_de,
    voter_sur,
)

pytestmark = pytest.mark.django_db


# Votes


def test_a_named_vote_is_counted_by_college_under_the_rule_kept(seance, agent):
    elus = convies(seance, 2, nom="Élus")
    habitants = convies(seance, 3, nom="Habitants")
    vote = voter_sur(seance, agent)

    for convie, sens in zip(
        [*elus, *habitants], ["pour", "contre", "pour", "abstention", "nppv"], strict=True
    ):
        votes.voter(vote, convie, sens=sens)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    lignes = {str(v.college): (v.pour, v.contre, v.abstention, v.nppv, v.attendus) for v in vote.voix.all()}
    assert lignes == {"Élus": (1, 1, 0, 0, 2), "Habitants": (1, 0, 1, 1, 3)}
    assert (vote.resultat, vote.majorite) == ("adopte", "majorite")
    assert vote.quorum["est_atteint"]


def test_the_reglement_says_the_base_of_the_majority_and_the_majorities_a_vote_may_ask(client, seance, agent):
    regler(seance, base_majorite="presents", majorites_admises=["deux_tiers"])
    seance = Seance.objects.get(pk=seance.pk)
    un, deux, *_ = convies(seance, 5)
    point = point_en_cours(seance, agent)
    with pytest.raises(ErreurMetier, match="n’admet pas"):
        votes.ouvrir_vote(point, par=agent, objet="Adopter", forme="nominatif", majorite="unanimite")

    vote = ouvrir(point, agent)
    for convie in (un, deux):
        votes.voter(vote, convie, sens="pour")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    assert vote.resultat == "rejete"  # two of five
    client.force_login(agent)
    html = client.get(reverse("seances:animer", args=[seance.pk])).content.decode()
    assert "Plus de la moitié des membres présents ou représentés." in html
    assert "adopté, 2 sur 2" in html
    assert "rejeté, 2 sur 5" in html
    assert 'value="deux_tiers"' in html  # the next vote may require more
    autre = votes.ouvrir_vote(point, par=agent, objet="Encore", forme="nominatif", majorite="deux_tiers")
    assert (autre.majorite, autre.regle) == ("deux_tiers", "Deux tiers des membres présents ou représentés.")


def test_one_vote_is_open_at_a_time_on_the_current_point_alone(seance, agent):
    convies(seance, 2)
    with pytest.raises(ErreurMetier, match="point en cours"):
        ouvrir(PointFactory(seance=seance), agent)
    point = point_en_cours(seance, agent)
    ouvrir(point, agent)

    with pytest.raises(ActeInterdit, match="déjà ouvert"):
        ouvrir(point, agent)
    with pytest.raises(ErreurMetier, match="Un vote est ouvert"):
        point_en_cours(seance, agent)
    with pytest.raises(ErreurMetier, match="Un vote est ouvert"):
        tenue.lever(seance, par=agent)


def test_a_second_device_does_not_vote_a_second_time_but_a_named_vote_is_changed_while_it_is_open(
    seance, agent
):
    un, *_ = convies(seance, 3)
    vote = voter_sur(seance, agent)
    votes.voter(vote, un, sens="pour")
    votes.voter(vote, un, sens="pour")

    with pytest.raises(ActeInterdit, match="ne compte qu’une fois"):
        votes.voter(vote, un, sens="contre")
    assert [b.sens for b in vote.bulletins.all()] == ["pour"]
    votes.voter(vote, un, sens="contre", change=True)

    assert [b.sens for b in vote.bulletins.all()] == ["contre"]
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    with pytest.raises(ActeInterdit, match="clos"):
        votes.voter(vote, un, sens="pour", change=True)


def test_a_secret_ballot_is_tied_to_nobody_and_never_changed(seance, agent):
    un, deux, trois, *_ = convies(seance, 4)
    vote = voter_sur(seance, agent, forme="secret")
    votes.voter(vote, un, sens="pour")
    votes.voter(vote, deux, sens="contre")
    votes.voter(vote, trois, sens="abstention")

    with pytest.raises(ActeInterdit, match="déjà dans l’urne"):
        votes.voter(vote, un, sens="contre", change=True)

    assert {e.convie_id for e in vote.emargements.all()} == {un.pk, deux.pk, trois.pk}
    assert {(b.convie_id, b.college_id) for b in vote.bulletins.all()} == {(None, None)}
    assert {champ.name for champ in Bulletin._meta.get_fields()} == {
        "id",
        "vote",
        "sens",
        "college",
        "convie",
    }
    avant = set(vote.bulletins.values_list("pk", flat=True))
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    assert not avant & set(vote.bulletins.values_list("pk", flat=True))
    assert [(v.college, v.pour, v.contre, v.attendus) for v in vote.voix.all()] == [(None, 1, 1, 4)]
    assert vote.resultat == "rejete"


def test_a_secret_ballot_keeps_the_college_only_if_the_rule_counts_by_college(seance, agent):
    regler(seance, vote_par_college=True)
    elus, habitants = convies(seance, 3, nom="Élus"), convies(seance, 3, nom="Habitants")
    vote = ouvrir(point_en_cours(Seance.objects.get(pk=seance.pk), agent), agent, forme="secret")
    for elu, habitant in zip(elus, habitants, strict=True):
        votes.voter(vote, elu, sens="pour")
        votes.voter(vote, habitant, sens="contre")

    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    assert {str(v.college) for v in vote.voix.all()} == {"Élus", "Habitants"}
    assert vote.resultat == "rejete"
    assert {b.convie for b in vote.bulletins.all()} == {None}


def test_who_holds_a_pouvoir_votes_for_herself_and_for_her_mandant(seance, agent):
    porteur, autre = convies(seance, 2)
    (mandant,) = convies(seance, 1, presents=False)
    donner_pouvoir(mandant, porteur)
    vote = voter_sur(seance, agent)

    votes.voter(vote, porteur, sens="pour")
    votes.voter(vote, porteur, sens="contre", au_nom_de=mandant)
    with pytest.raises(ErreurMetier, match="ne porte pas le pouvoir"):
        votes.voter(vote, autre, sens="pour", au_nom_de=mandant)

    assert {(b.convie_id, b.sens) for b in vote.bulletins.all()} == {
        (porteur.pk, "pour"),
        (mandant.pk, "contre"),
    }


def test_a_mandant_who_arrives_during_the_vote_votes_herself(seance, agent):
    porteur, *_ = convies(seance, 2)
    (mandant,) = convies(seance, 1, presents=False)
    donner_pouvoir(mandant, porteur)
    vote = voter_sur(seance, agent)
    presence.arriver(mandant, mode="salle", par=agent)

    with pytest.raises(ErreurMetier, match="son pouvoir est tombé"):
        votes.voter(vote, porteur, sens="pour", au_nom_de=mandant)
    votes.voter(vote, mandant, sens="contre")

    assert Emargement.objects.get(convie=mandant).par == mandant


def test_who_leaves_during_a_vote_is_no_longer_awaited(seance, agent):
    un, deux, trois = convies(seance, 3)
    vote = voter_sur(seance, agent)
    votes.voter(vote, un, sens="pour")
    presence.partir(un, par=agent)
    presence.partir(deux, par=agent)

    with pytest.raises(ErreurMetier, match="seules les personnes présentes votent"):
        votes.voter(vote, deux, sens="pour")
    votes.voter(vote, trois, sens="pour")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    assert [(v.pour, v.attendus) for v in vote.voix.all()] == [(2, 2)]


def test_who_arrives_once_the_vote_is_open_votes_at_the_next(seance, agent):
    convies(seance, 2)
    (tard,) = convies(seance, 1, presents=False)
    vote = voter_sur(seance, agent)
    presence.arriver(tard, mode="salle", par=agent)

    with pytest.raises(ErreurMetier, match="déjà ouvert à votre arrivée"):
        votes.voter(vote, tard, sens="pour")


def test_neither_absent_nor_deporte_nor_consultative_nor_removed_votes(seance, agent):
    present, deporte, retire = convies(seance, 3)
    (absent,) = convies(seance, 1, presents=False)
    (expert,) = convies(seance, 1, nom="Experts", vote_depuis=None)
    point = point_en_cours(seance, agent)
    points.se_deporter(point, deporte, par=agent)
    vote = ouvrir(point, agent)
    presence.retirer_convie(retire, par=agent, motif="Démission")

    for convie, phrase in (
        (absent, r"La présence .* n’est pas notée"),
        (deporte, "se déporte"),
        (expert, "voix consultative"),
        (retire, "ne siège plus"),
    ):
        with pytest.raises(ErreurMetier, match=phrase):
            votes.voter(vote, convie, sens="pour")
    votes.voter(vote, present, sens="pour")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    assert [(v.pour, v.attendus) for v in vote.voix.all()] == [(1, 1)]


def test_who_does_not_vote_on_a_point_does_not_ask_for_a_secret_ballot_on_it(client, seance, agent):
    present, deporte = convies(seance, 2)
    convies(seance, 2)
    (expert,) = convies(seance, 1, nom="Experts", vote_depuis=None)
    point = point_en_cours(seance, agent)
    points.se_deporter(point, deporte, par=agent)

    for convie, phrase in ((deporte, "se déporte"), (expert, "voix consultative")):
        with pytest.raises(ErreurMetier, match=phrase):
            votes.demander_le_secret(convie, point, par=convie.membre.compte)
    # Her page was open before she stepped aside: what it sends is refused, not « notée ».
    client.force_login(deporte.membre.compte)
    adresse = reverse("seances:demander_le_secret", args=[seance.pk])
    page = lire(client.post(adresse, {"point": point.pk}, follow=True))
    assert ("se déporte sur ce point" in page, "bulletin secret est notée" in page) == (True, False)

    votes.demander_le_secret(present, point, par=present.membre.compte)
    assert [demande.convie for demande in point.demandes_secret.all()] == [present]


def test_a_substitute_whose_titulaire_sits_does_not_vote(seance, agent):
    titulaire, *_ = convies(seance, 2)
    suppleant = suppleant_de(titulaire)
    vote = voter_sur(seance, agent)

    with pytest.raises(ErreurMetier, match="la personne titulaire siège"):
        votes.voter(vote, suppleant, sens="pour")


def test_who_has_voted_does_not_step_aside(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    vote = ouvrir(point, agent)
    votes.voter(vote, un, sens="pour")

    with pytest.raises(ErreurMetier, match="a déjà voté"):
        points.se_deporter(point, un, par=agent)


def test_a_deport_noted_by_mistake_is_lifted_before_any_vote(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    deport = points.se_deporter(point, un, par=agent)
    assert points.se_deporter(point, un, par=agent) == deport

    points.lever_deport(deport, par=agent)

    assert not Deport.objects.exists()
    deport = points.se_deporter(point, un, par=agent)
    ouvrir(point, agent)
    with pytest.raises(ErreurMetier, match="le déport reste"):
        points.lever_deport(deport, par=agent)


def test_the_deport_of_too_many_closes_the_way_to_the_vote(seance, agent):
    un, *_ = convies(seance, 2)
    convies(seance, 2, presents=False)
    point = point_en_cours(seance, agent)
    points.se_deporter(point, un, par=agent)

    with pytest.raises(ErreurMetier, match="il manque 1 membre"):
        ouvrir(point, agent)


def test_hands_are_counted_by_college_and_never_more_than_may_vote(seance, agent):
    convies(seance, 2, nom="Élus")
    convies(seance, 3, nom="Habitants")
    vote = voter_sur(seance, agent, forme="main_levee")
    elus, habitants = (c.pk for c in seance.mandature.colleges.order_by("pk"))

    with pytest.raises(ErreurMetier, match="Comptez d’abord"):
        cloture.clore_vote(vote, par=agent, sans_attendre=True)
    with pytest.raises(ValidationError, match="3 voix comptées pour 2 personnes"):
        cloture.compter_mains(vote, {elus: VoixComptees(pour=3)}, par=agent)
    cloture.compter_mains(vote, {elus: VoixComptees(pour=2), habitants: VoixComptees(1, 2)}, par=agent)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    assert vote.resultat == "adopte"


def test_an_equal_named_vote_is_settled_by_who_presides(seance, agent):
    president, autre = convies(seance, 2)
    Seance.objects.filter(pk=seance.pk).update(presidee_par=president.membre)
    vote = ouvrir(point_en_cours(Seance.objects.get(pk=seance.pk), agent), agent)
    votes.voter(vote, president, sens="contre")
    votes.voter(vote, autre, sens="pour")

    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    assert (vote.resultat, vote.a_l_egalite) == ("rejete", True)


def test_a_phone_does_not_vote_in_a_show_of_hands(seance, agent):
    un, *_ = convies(seance, 2)
    vote = voter_sur(seance, agent, forme="main_levee")

    with pytest.raises(ErreurMetier, match="levez la main"):
        votes.voter(vote, un, sens="pour")


def test_an_agent_notes_a_named_vote_for_the_room_but_no_secret_ballot(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    vote = ouvrir(point, agent)
    votes.voter(vote, un, sens="pour", par=agent)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    secret = ouvrir(point, agent, forme="secret")

    with pytest.raises(ErreurMetier, match="se remplit soi-même"):
        votes.voter(secret, un, sens="pour", par=agent)


def test_a_cancelled_vote_counts_for_nothing_and_another_opens(seance, agent):
    un, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    vote = ouvrir(point, agent)
    votes.voter(vote, un, sens="pour")

    votes.annuler_vote(vote, par=agent, motif="Question mal posée")
    nouveau = ouvrir(point, agent)

    assert vote.etat == "annule"
    assert nouveau.bulletins.count() == 0
    with pytest.raises(ActeInterdit, match="déjà annulé"):
        votes.annuler_vote(vote, par=agent, motif="x")


def test_who_stepped_aside_from_a_dossier_does_so_again_in_the_next_seance_and_may_lift_it(seance, agent):
    dossier = PetitionFactory()
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    PointDossier.objects.create(point=point, dossier=dossier)
    points.se_deporter(point, un, par=agent, motif="Elle préside l’association")
    suivante = SeanceFactory(mandature=seance.mandature, reglement=seance.reglement, etat=seance.etat)
    encore = ConvieFactory(seance=suivante, membre=un.membre)
    autre = ConvieFactory(seance=suivante)
    sien, libre = PointFactory(seance=suivante), PointFactory(seance=suivante)
    PointDossier.objects.create(point=sien, dossier=dossier)
    PointDossier.objects.create(point=libre, dossier=PetitionFactory())

    points.passer_au_point(libre, par=agent)
    points.passer_au_point(sien, par=agent)

    (deport,) = Deport.objects.filter(point__seance=suivante)
    assert (deport.point, deport.convie) == (sien, encore)
    assert jour_texte(seance.debut) in deport.motif
    points.lever_deport(deport, par=agent)
    points.passer_au_point(libre, par=agent)
    points.passer_au_point(sien, par=agent)
    assert not autre.deports.exists()
    assert not encore.deports.exists(), "Lifted once, it does not come back."
