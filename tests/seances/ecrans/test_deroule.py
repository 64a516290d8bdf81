"""Conduct of a séance: opening, points, suspension, closing, and the message of each refusal."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.seances.ecrans import tenue
from participation.seances.ecrans.tenue import NON_TRAITE
from participation.seances.models import Membre, Parole, Point, Presence
from participation.seances.points import actes as actes_points
from participation.seances.points import parole
from participation.seances.proces_verbaux import mise_en_page, releve
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.regles.versions import TexteDepasse, empreinte
from tests.greffons.guichet import Guichet
from tests.greffons.services import PATIENCE
from tests.seances.factories import ConvieFactory, PointFactory, SeanceFactory
from tests.seances.salle import convies, ouvrir, point_en_cours

pytestmark = pytest.mark.django_db


# Opening, suspending, closing


@pytest.fixture
def convoquee():
    return SeanceFactory(convoquee=True, debut=timezone.now() - timedelta(minutes=5))


def test_a_seance_opens_once_by_an_agent_under_somebody_there_with_its_quorum_kept(convoquee, agent):
    _, president, _ = convies(convoquee, 3)
    (absent,) = convies(convoquee, 1, presents=False)
    Membre.objects.filter(pk=absent.membre_id).update(fonction="president")
    Membre.objects.filter(pk=president.membre_id).update(fonction="delegue")
    proposee = tenue.PresiderForm(objet=convoquee).initial["presidee_par"]
    assert proposee == president.membre_id, (
        "Qui a une fonction et est là : ni la première notée, ni l’absent."
    )
    with pytest.raises(ErreurMetier, match="Le quorum est atteint"):
        tenue.reporter(convoquee, par=agent)
    with pytest.raises(RoleInsuffisant):
        tenue.ouvrir(convoquee, par=president.membre.compte, presidee_par=None)
    with pytest.raises(ErreurMetier, match=r"La présence .* n’est pas notée"):
        tenue.ouvrir(convoquee, par=agent, presidee_par=absent.membre)

    tenue.ouvrir(convoquee, par=agent, presidee_par=president.membre, secretaire="Léa Roux")

    assert convoquee.etat == Etat.OUVERTE
    assert convoquee.journal.get(acte="ouvrir").details["quorum"]["atteint"] == 3
    with pytest.raises(ActeInterdit):
        tenue.ouvrir(convoquee, par=agent, presidee_par=None)


def test_without_quorum_it_opens_only_without_deliberating(convoquee, agent):
    convies(convoquee, 6, presents=False)

    with pytest.raises(ErreurMetier, match="Il manque 3 membres"):
        tenue.ouvrir(convoquee, par=agent, presidee_par=None)
    tenue.ouvrir(convoquee, par=agent, presidee_par=None, sans_deliberer=True)

    point = point_en_cours(convoquee, agent)
    with pytest.raises(ErreurMetier, match="Le quorum n’est pas atteint : il manque 3 membres"):
        ouvrir(point, agent)


def test_a_seance_does_not_open_days_before(agent):
    seance = SeanceFactory(convoquee=True)

    with pytest.raises(ErreurMetier, match="s’ouvre ce jour-là"):
        tenue.ouvrir(seance, par=agent, presidee_par=None)


def test_a_seance_opened_before_its_hour_says_why(agent):
    seance = SeanceFactory(convoquee=True, debut=timezone.now() + timedelta(minutes=30))
    convies(seance, 3)

    assert "à partir de cette heure" in "".join(seance.obstacles("reporter", agent)), "Dit avant le clic."
    with pytest.raises(ErreurMetier, match="qui vient à l’heure"):
        tenue.ouvrir(seance, par=agent, presidee_par=None)
    tenue.ouvrir(seance, par=agent, presidee_par=None, avant_l_heure="Tout le monde est là.")

    assert seance.journal.get(acte="ouvrir").motif == "Avant l’heure : Tout le monde est là."


def test_the_want_of_quorum_puts_the_seance_off(convoquee, agent):
    convies(convoquee, 6, presents=False)
    point = PointFactory(seance=convoquee)

    tenue.reporter(convoquee, par=agent)

    assert convoquee.etat == Etat.REPORTEE
    point.refresh_from_db()
    assert point.etat == "reporte"
    assert "Il manque" in convoquee.journal.get(acte="reporter").motif


def test_a_suspension_stops_the_timer_and_forbids_votes(seance, agent):
    convies(seance, 3)
    point = point_en_cours(seance, agent)
    Point.objects.filter(pk=point.pk).update(repris_le=timezone.now() - timedelta(minutes=5))

    tenue.suspendre(seance, par=agent)

    point.refresh_from_db()
    assert 300 <= point.secondes < 300 + PATIENCE
    assert point.repris_le is None
    with pytest.raises(ActeInterdit, match="suspendue"):
        ouvrir(point, agent)
    tenue.reprendre(seance, par=agent)
    point.refresh_from_db()
    assert point.repris_le is not None


def test_closing_ends_presences_and_puts_off_what_was_not_treated(seance, agent):
    convies(seance, 3)
    premier = point_en_cours(seance, agent)
    second = PointFactory(seance=seance)

    tenue.lever(seance, par=agent)

    premier.refresh_from_db()
    second.refresh_from_db()
    assert (premier.etat, second.etat) == ("traite", "reporte")
    assert not Presence.objects.filter(seance=seance, depart__isnull=True).exists()
    assert seance.levee_le is not None


# Points


def test_the_next_point_treats_the_one_before(seance, agent):
    premier = point_en_cours(seance, agent)
    second = point_en_cours(seance, agent)

    premier.refresh_from_db()
    seance.refresh_from_db()
    assert premier.etat == "traite"
    assert seance.point_courant == second


def test_going_back_to_a_point_adds_to_its_time(seance, agent):
    premier = point_en_cours(seance, agent)
    Point.objects.filter(pk=premier.pk).update(repris_le=timezone.now() - timedelta(minutes=2))
    point_en_cours(seance, agent)

    actes_points.passer_au_point(premier, par=agent)
    Point.objects.filter(pk=premier.pk).update(repris_le=timezone.now() - timedelta(minutes=3))
    actes_points.traiter_point(premier, par=agent)

    premier.refresh_from_db()
    assert 300 <= premier.secondes < 300 + PATIENCE


def test_a_point_put_off_keeps_its_reason_and_is_treated_no_more(seance, agent):
    point = point_en_cours(seance, agent)

    actes_points.reporter_point(point, par=agent, motif="Le rapporteur est absent")

    point.refresh_from_db()
    seance.refresh_from_db()
    assert (point.etat, point.motif) == ("reporte", "Le rapporteur est absent")
    assert seance.point_courant is None
    Point.objects.filter(pk=point.pk).update(motif=NON_TRAITE)
    points = mise_en_page.presenter(releve.donnees(seance), {})["points"]
    assert [note for lu in points for note in lu["notes"]] == [
        f"Point reporté : {NON_TRAITE}"
    ]  # one full stop
    with pytest.raises(ActeInterdit, match="reporté"):
        actes_points.passer_au_point(point, par=agent)


def test_a_point_that_was_voted_is_not_put_off(seance, agent):
    un, _ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    vote = ouvrir(point, agent)
    with pytest.raises(ErreurMetier, match="Personne n’a voté"):
        cloture.clore_vote(vote, par=agent, sans_attendre=True)
    votes.voter(vote, un, sens="pour")
    with pytest.raises(ErreurMetier, match="1 voix manque"):
        cloture.clore_vote(vote, par=agent)
    cloture.clore_vote(vote, par=agent, sans_attendre=True)

    with pytest.raises(ErreurMetier, match="Un vote a eu lieu"):
        actes_points.reporter_point(point, par=agent, motif="x")


def test_two_windows_do_not_overwrite_the_notes(seance, agent):
    point = point_en_cours(seance, agent)
    vu = empreinte(point, ["releve"])
    actes_points.noter_releve(point, par=agent, releve="Premières notes", vu=vu)

    with pytest.raises(TexteDepasse):
        actes_points.noter_releve(point, par=agent, releve="Autres notes", vu=vu)
    point.refresh_from_db()
    assert point.releve == "Premières notes"


def test_only_members_of_the_seance_have_a_disagreement_noted(seance, agent):
    un, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    actes_points.noter_desaccord(point, un, par=agent, texte="Je ne suis pas d’accord.")
    actes_points.noter_desaccord(point, un, par=agent, texte="Pas du tout.")

    assert [d.texte for d in point.desaccords.all()] == ["Pas du tout."]
    with pytest.raises(ErreurMetier, match="pas convoqué"):
        actes_points.noter_desaccord(point, ConvieFactory(), par=agent, texte="x")


# Speakers


def test_the_queue_is_first_come_and_one_person_speaks(seance, agent):
    un, deux, trois = convies(seance, 3)
    for convie in (un, deux, trois):
        parole.demander_la_parole(convie)
    parole.demander_la_parole(deux)

    assert parole.donner_au_suivant(seance, par=agent).convie == un
    assert parole.donner_au_suivant(seance, par=agent).convie == deux

    assert Parole.objects.get(convie=un).fin is not None
    assert Parole.objects.filter(seance=seance, debut__isnull=False, fin__isnull=True).count() == 1
    parole.retirer_la_parole(trois)
    assert parole.donner_au_suivant(seance, par=agent) is None


def test_who_is_not_there_does_not_ask_to_speak(seance):
    (absent,) = convies(seance, 1, presents=False)

    with pytest.raises(ErreurMetier, match=r"La présence .* n’est pas notée"):
        parole.demander_la_parole(absent)


# Permissions


def test_a_member_does_not_run_the_seance(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    membre = un.membre.compte

    for acte in (
        lambda: actes_points.passer_au_point(point, par=membre),
        lambda: votes.ouvrir_vote(point, par=membre, objet="x", forme="secret"),
        lambda: tenue.lever(seance, par=membre),
        lambda: parole.donner_au_suivant(seance, par=membre),
    ):
        with pytest.raises(RoleInsuffisant):
            acte()


def test_a_point_is_withdrawn_in_mid_seance_with_its_reason(seance, agent):
    point, guichet = point_en_cours(seance, agent), Guichet(agent, en_hate=True)
    page = reverse("seances:abandonner_point", args=[point.pk])
    guichet.valider(page)
    assert Point.objects.get(pk=point.pk).etat == "en_cours"
    guichet.valider(motif="Le dossier n’est pas prêt.")

    point.refresh_from_db()
    assert (point.etat, point.motif) == ("retire", "Le dossier n’est pas prêt.")
    assert "Le point est retiré." in guichet.dit


def test_a_member_has_her_disagreement_noted_from_her_phone(seance, agent):
    une, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    guichet = Guichet(une.membre.compte, en_hate=True)
    page = f"{reverse('seances:mon_desaccord', args=[seance.pk])}?point={point.pk}"

    guichet.valider(page)
    assert not point.desaccords.exists()
    guichet.valider(page, texte="Je ne suis pas d’accord.")
    assert [(d.convie, d.texte) for d in point.desaccords.all()] == [(une, "Je ne suis pas d’accord.")]
    assert "Votre désaccord est noté." in guichet.dit


def test_who_steps_aside_has_no_disagreement_noted_on_this_point(client, seance, agent):
    une, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    actes_points.se_deporter(point, une, par=agent)

    with pytest.raises(ErreurMetier, match="se déporte sur ce point"):
        actes_points.mon_desaccord(une, point, par=une.membre.compte, texte="Non.")
    client.force_login(une.membre.compte)
    page = client.get(reverse("seances:ma_seance_en_cours", args=[seance.pk])).content.decode()
    assert "Faire noter mon désaccord" not in page
