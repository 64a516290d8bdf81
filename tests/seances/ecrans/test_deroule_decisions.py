"""Decisions of a séance on dossiers, made in one transaction with the act of their app."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.seances.ecrans.lectures import SeanceEnCours
from participation.seances.ecrans.tenue import dire_la_fin
from participation.seances.models import PointDossier, Seance
from participation.seances.points import actes as points
from participation.seances.points import decisions
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.workflow import Decision, FaitAvantVote
from petitions.models import Petition
from tests.greffons.guichet import Guichet
from tests.outils import ensemble
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import PointFactory, SeanceFactory
from tests.seances.salle import convies, ouvrir, point_en_cours
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


# Decisions


@pytest.fixture
def decidable(monkeypatch):
    """A pétition that a séance may decide on, by an act chosen by the test."""
    ici = f"{__name__}.appliquer"
    monkeypatch.setattr(
        Petition,
        "DECISIONS_DE_SEANCE",
        {"soutenir": Decision("Soutenir", ici), "ecarter": Decision("Écarter", ici, favorable=False)},
    )
    return lambda acte: monkeypatch.setitem(globals(), "appliquer", acte)


def appliquer(dossier, *, par, **reponses):
    """Decide with the act of the app of the dossier, unless the test gives another."""


def inscrire(point, nombre=1):
    return [
        PointDossier.objects.create(point=point, dossier_id=PetitionFactory(deposee=True).pk, ordre=rang)
        for rang in range(nombre)
    ]


def test_a_decision_is_applied_in_the_same_transaction_and_taken_once(seance, agent, decidable):
    recues = []
    decidable(lambda dossier, par, **reponses: recues.append((dossier, reponses, par)))
    convies(seance, 2)
    (lien,) = inscrire(point_en_cours(seance, agent))

    decisions.decider(lien, "soutenir", par=agent, reponses={"motif": "Très bien"})

    lien.refresh_from_db()
    assert (lien.decision, lien.libelle_decision, lien.motif) == ("soutenir", "Soutenir", "Très bien")
    assert recues == [(lien.dossier.enfant, {"motif": "Très bien"}, agent)]
    with pytest.raises(ActeInterdit, match="déjà prise"):
        decisions.decider(lien, "ecarter", par=agent)


@pytest.mark.parametrize("refus", [ErreurMetier("Non."), ActeInterdit("Trop tard."), ValidationError("Mal.")])
def test_an_act_that_refuses_leaves_nothing(seance, agent, decidable, refus):
    def refuser(*_, **__):
        raise refus

    decidable(refuser)
    convies(seance, 2)
    (lien,) = inscrire(point_en_cours(seance, agent))
    version = Seance.objects.get(pk=seance.pk).version

    with pytest.raises(type(refus)):
        decisions.decider(lien, "soutenir", par=agent)

    lien.refresh_from_db()
    assert lien.decision == ""
    assert not seance.journal.filter(acte="decider").exists()
    assert Seance.objects.get(pk=seance.pk).version == version


def test_one_act_decides_several_dossiers_or_none(seance, agent, decidable):
    vus = []

    def ecouter(dossier, **_):
        vus.append(dossier.pk)
        if len(vus) == 5:
            raise ErreurMetier("Ce dossier est clos.")

    decidable(ecouter)
    convies(seance, 2)
    point = point_en_cours(seance, agent)
    liens = inscrire(point, 3)
    decisions.decider_ensemble(point, liens, "soutenir", par=agent)
    assert PointDossier.objects.filter(point=point, decision="soutenir").count() == 3

    autres = inscrire(point, 2)
    with pytest.raises(ErreurMetier, match="est clos"):
        decisions.decider_ensemble(point, autres, "soutenir", par=agent)
    assert PointDossier.objects.filter(point=point, decision="").count() == 2


def test_a_decision_rests_on_the_last_vote_which_is_cancelled_no_more(seance, agent, decidable):
    un, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    vote = ouvrir(point, agent)
    with pytest.raises(ErreurMetier, match="Un vote est ouvert"):
        decisions.decider(lien, "soutenir", par=agent)
    votes.voter(vote, un, sens="pour")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    # Closing leaves the point voted but undecided: the agent is warned.
    assert f"rien n’est décidé sur « {lien.dossier.titre} »" in dire_la_fin(seance)
    assert SeanceEnCours(seance).vote_annulable

    decisions.decider(lien, "soutenir", par=agent)

    assert "décidé" not in dire_la_fin(seance)
    lien.refresh_from_db()
    assert lien.vote == vote
    assert not SeanceEnCours(seance).vote_annulable
    with pytest.raises(ErreurMetier, match="s’appuie sur ce vote"):
        votes.annuler_vote(vote, par=agent, motif="x")
    with pytest.raises(ErreurMetier, match="décision est déjà prise"):
        points.reporter_point(point, par=agent, motif="x")


def test_nothing_is_decided_without_quorum_nor_on_a_point_to_come(seance, agent, decidable):
    convies(seance, 1)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    (plus_tard,) = inscrire(PointFactory(seance=seance))
    with pytest.raises(ErreurMetier, match="Passez d’abord"):
        decisions.decider(plus_tard, "soutenir", par=agent)
    convies(seance, 8, presents=False)

    with pytest.raises(ErreurMetier, match="Le quorum n’est pas atteint : il manque"):
        decisions.decider(lien, "soutenir", par=agent)
    with pytest.raises(ErreurMetier, match="ne prend pas cette décision"):
        decisions.decider(lien, "inconnue", par=agent)


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one(decidable):
    agent, autre, seance = CompteFactory(agent=True), CompteFactory(agent=True), SeanceFactory(ouverte=True)
    convies(seance, 2)
    (lien,) = inscrire(point_en_cours(seance, agent))

    def decider(decision, par):
        lu = PointDossier.objects.select_related("point__seance").get(pk=lien.pk)
        return lambda: decisions.decider(lu, decision, par=par)

    assert ensemble(decider("soutenir", agent), decider("ecarter", autre)) == ["ActeInterdit", "fait"]


# A decision follows its vote


def voter_et_clore(point, agent, presents, sens, **champs):
    vote = votes.ouvrir_vote(point, par=agent, objet="Soutenir", forme="nominatif", **champs)
    for convie in presents:
        votes.voter(vote, convie, sens=sens)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)


@pytest.mark.parametrize(
    ("mise_au_vote", "sens", "decision", "suit"),
    [
        ("", "contre", "soutenir", False),
        ("", "contre", "ecarter", True),
        ("", "pour", "soutenir", True),
        ("", "pour", "ecarter", False),
        ("ecarter", "pour", "ecarter", True),
        ("ecarter", "contre", "ecarter", False),
    ],
)
def test_a_decision_follows_its_vote_or_says_why_not(
    seance, agent, decidable, mise_au_vote, sens, decision, suit
):
    presents = convies(seance, 2)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    voter_et_clore(point, agent, presents, sens, decision=mise_au_vote)

    if not suit:
        with pytest.raises(ValidationError, match="s’écarte de ce vote"):
            decisions.decider(lien, decision, par=agent)
    decisions.decider(lien, decision, par=agent, ecart="Urgence constatée.")

    lien.refresh_from_db()
    assert lien.ecart == ("" if suit else "Urgence constatée.")
    assert seance.journal.get(acte="decider").motif == lien.ecart


def test_the_page_of_the_dossier_is_no_way_round_the_vote_of_a_seance(seance, agent, decidable):
    presents = convies(seance, 2)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    petition = lien.dossier.enfant
    decisions.exiger_le_vote(petition, "soutenir", par=agent, motif="")  # no vote yet
    en_cours = votes.ouvrir_vote(point, par=agent, objet="Soutenir", forme="nominatif")
    with pytest.raises(ErreurMetier, match="vote sur ce dossier"):
        decisions.exiger_le_vote(petition, "soutenir", par=agent, motif="Urgence.")
    en_cours.delete()
    voter_et_clore(point, agent, presents, "contre")

    with pytest.raises(ErreurMetier, match="a voté sur ce dossier") as refus:
        decisions.exiger_le_vote(petition, "soutenir", par=agent, motif="Urgence.")
    assert refus.value.message.ou == reverse("seances:decider_dossier", args=[lien.pk, "soutenir"])

    Seance.objects.filter(pk=seance.pk).update(etat="levee")
    with pytest.raises(ValidationError, match="s’écarte de ce vote"):
        decisions.exiger_le_vote(petition, "soutenir", par=agent, motif="")
    decisions.exiger_le_vote(petition, "soutenir", par=agent, motif="Urgence.")
    decisions.exiger_le_vote(petition, "ecarter", par=agent, motif="")


def test_the_page_of_a_decision_warns_asks_why_and_shows_what_to_know_first(
    client, seance, agent, decidable, monkeypatch
):
    monkeypatch.setattr(
        Petition,
        "faits_avant_vote",
        lambda self, instance: [FaitAvantVote("Il reste dans l’enveloppe", "3 000 €", True)],
    )
    presents = convies(seance, 2)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    adresse = reverse("seances:decider_dossier", args=[lien.pk, "soutenir"])
    client.force_login(agent)
    for page in (adresse, reverse("seances:decider", args=[point.pk])):
        assert "prise sans vote" in client.get(page).text
    voter_et_clore(point, agent, presents, "contre")

    vue = client.get(adresse).text
    assert "Le vote a dit autre chose" in vue
    assert "Il reste dans l’enveloppe" in vue
    assert "Il reste dans l’enveloppe" in client.get(reverse("seances:animer", args=[seance.pk])).text
    client.post(adresse)
    lien.refresh_from_db()
    assert lien.decision == ""
    client.post(adresse, {"ecart": "Urgence constatée."})
    lien.refresh_from_db()
    assert (lien.decision, lien.ecart) == ("soutenir", "Urgence constatée.")


def test_a_vote_on_a_decision_of_the_dossiers_says_it_for_its_question(client, seance, agent, decidable):
    convies(seance, 2)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    client.force_login(agent)

    client.post(
        reverse("seances:ouvrir_vote", args=[point.pk]), {"decision": "soutenir", "forme": "nominatif"}
    )

    vote = point.votes.get()
    assert (vote.decision, vote.objet) == ("soutenir", f"Soutenir : {lien.dossier.titre}")


def test_the_page_of_several_dossiers_decides_those_that_are_ticked(seance, agent, decidable):
    convies(seance, 2)
    point, guichet = point_en_cours(seance, agent), Guichet(agent, en_hate=True)
    une, autre, laissee = inscrire(point, 3)
    page = reverse("seances:decider", args=[point.pk])

    guichet.valider(page, decision="soutenir")
    assert not PointDossier.objects.exclude(decision="").exists()
    for lien in (une, autre):
        guichet.main.xpath(f".//input[@name='dossiers'][@value='{lien.pk}']")[0].checked = True
    guichet.valider(decision="soutenir")

    assert {lien.pk for lien in PointDossier.objects.filter(decision="soutenir")} == {une.pk, autre.pk}
    assert guichet.client.get(page).context["form"] is None  # one is left: it is decided alone
    laissee.refresh_from_db()
    assert laissee.decision == ""
