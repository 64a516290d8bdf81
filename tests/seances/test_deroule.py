"""A séance held: who comes, what is put to the vote, what is decided; and everything that is refused, with its sentence."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from participation.seances.actions import deroule
from participation.seances.actions.deroule import urne
from participation.seances.forms.deroule import CorrigerPresenceForm
from participation.seances.lectures.questions import votants
from participation.seances.models import (
    Bulletin,
    Deport,
    Emargement,
    Parole,
    Point,
    PointDossier,
    Presence,
    ReglementInstance,
    Seance,
    Vote,
)
from participation.seances.regles.votes import VoixComptees
from participation.seances.views.deroule.pages import dire_la_fin
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.workflow import Decision
from petitions.models import Petition
from tests.outils import ensemble
from tests.petitions.factories import PetitionFactory
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


def regler(seance, **champs):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(**champs)


def point_en_cours(seance, agent, **champs):
    point = PointFactory(seance=seance, **champs)
    deroule.passer_au_point(point, par=agent)
    return point


def ouvrir(point, agent, forme="nominatif"):
    return deroule.ouvrir_vote(point, par=agent, objet="Adopter l’avis", forme=forme)


# Presence


def test_twice_the_same_arrival_is_one_interval(seance, agent):
    (convie,) = convies(seance, 1, presents=False)

    premiere = deroule.arriver(convie, mode="salle", par=agent)
    seconde = deroule.arriver(convie, mode="salle", par=agent)

    assert premiere == seconde
    assert convie.presences.count() == 1


def test_going_remote_closes_an_interval_and_opens_another_at_the_same_instant(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    deroule.arriver(convie, mode="salle", par=agent)

    deroule.arriver(convie, mode="distance", par=agent)

    salle, distance = convie.presences.all()
    assert (salle.mode, distance.mode) == ("salle", "distance")
    assert salle.depart == distance.arrivee
    assert distance.depart is None


def test_leaving_twice_is_once_and_coming_back_is_another_interval(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    deroule.arriver(convie, mode="salle", par=agent)
    assert deroule.partir(convie, par=agent)
    assert deroule.partir(convie, par=agent) is None

    deroule.arriver(convie, mode="salle", par=agent)

    assert convie.presences.count() == 2


def test_nobody_comes_remotely_to_a_seance_held_in_a_room(seance, agent):
    Seance.objects.filter(pk=seance.pk).update(tenue="salle")
    (convie,) = convies(seance, 1, presents=False)

    with pytest.raises(ErreurMetier, match="se tient en salle"):
        deroule.arriver(convie, mode="distance", par=agent)
    seance.refresh_from_db()
    assert seance.modes == ["salle"]


def test_presence_is_not_noted_days_before(agent):
    seance = SeanceFactory(convoquee=True)
    (convie,) = convies(seance, 1, presents=False)

    with pytest.raises(ErreurMetier, match="se notent ce jour-là"):
        deroule.arriver(convie, mode="salle", par=agent)


def test_presence_is_not_noted_once_the_seance_is_closed(agent):
    seance = SeanceFactory(levee=True)
    (convie,) = convies(seance, 1, presents=False)

    with pytest.raises(ActeInterdit, match="levée"):
        deroule.arriver(convie, mode="salle", par=agent)


def test_a_member_named_since_the_convocation_is_welcomed_and_the_journal_says_it(seance, agent):
    membre = MembreFactory(college=CollegeFactory(mandature=seance.mandature))

    presence = deroule.accueillir(seance, membre, mode="salle", par=agent)

    assert presence.convie.membre == membre
    assert presence.convie.convoque_le is None
    assert seance.journal.filter(acte="accueillir").count() == 1


def test_somebody_of_another_instance_is_not_welcomed(seance, agent):
    from tests.seances.factories import InstanceFactory, MandatureFactory

    autre = MandatureFactory(instance=InstanceFactory(cle="autre"))

    with pytest.raises(ErreurMetier, match="pas membre de cette instance"):
        deroule.accueillir(
            seance, MembreFactory(college=CollegeFactory(mandature=autre)), mode="salle", par=agent
        )


def test_a_member_removed_in_mid_seance_leaves_and_comes_no_more(seance, agent):
    un, deux = convies(seance, 2)
    deroule.demander_la_parole(un)

    deroule.retirer_convie(un, par=agent, motif="Démission")

    assert not un.presences.filter(depart__isnull=True).exists()
    assert not Parole.objects.filter(convie=un, retiree_le__isnull=True).exists()
    with pytest.raises(ErreurMetier, match="ne siège plus"):
        deroule.arriver(un, mode="salle", par=agent)
    with pytest.raises(ActeInterdit):
        deroule.retirer_convie(un, par=agent, motif="Démission")
    assert seance.journal.get(acte="retirer_convie").motif == "Démission"
    assert set(votants(seance)) == {deux.pk}


def test_corrected_hours_stay_in_the_journal(seance, agent):
    (convie,) = convies(seance, 1)
    presence = convie.presences.get()
    arrivee = timezone.now() - timedelta(minutes=30)

    deroule.corriger_presence(presence, par=agent, arrivee=arrivee, depart=None, motif="Arrivée oubliée")

    presence.refresh_from_db()
    assert presence.arrivee == arrivee
    entree = seance.journal.get(acte="corriger_presence")
    assert entree.motif == "Arrivée oubliée"
    assert entree.details["avant"] != entree.details["apres"]


def test_hours_to_come_or_upside_down_are_refused(seance, agent):
    (convie,) = convies(seance, 1)
    presence = convie.presences.get()
    maintenant = timezone.now()

    with pytest.raises(ValidationError, match="pas encore passée"):
        deroule.corriger_presence(
            presence, par=agent, arrivee=maintenant + timedelta(hours=1), depart=None, motif="x"
        )
    with pytest.raises(ValidationError, match="précède"):
        deroule.corriger_presence(
            presence,
            par=agent,
            arrivee=maintenant - timedelta(hours=1),
            depart=maintenant - timedelta(hours=2),
            motif="x",
        )


def test_a_correction_does_not_overlap_another_interval(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    debut = timezone.now() - timedelta(hours=2)
    PresenceFactory(convie=convie, arrivee=debut, depart=debut + timedelta(hours=1))
    seconde = PresenceFactory(convie=convie, arrivee=debut + timedelta(minutes=80))

    with pytest.raises(ValidationError, match="déjà notée présente"):
        deroule.corriger_presence(
            seconde, par=agent, arrivee=debut + timedelta(minutes=30), depart=None, motif="x"
        )


# The night of the clock change: 25 October 2026, 3 a.m. becomes 2 a.m.


def test_the_timer_counts_real_seconds_on_the_night_of_the_clock_change(seance, agent, monkeypatch):
    point = point_en_cours(seance, agent)
    avant = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)  # 2:50, summer time
    Point.objects.filter(pk=point.pk).update(repris_le=avant, secondes=0)
    monkeypatch.setattr(
        timezone, "now", lambda: datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    )  # 2:10, winter time

    deroule.traiter_point(point, par=agent)

    point.refresh_from_db()
    assert point.secondes == 20 * 60


def test_an_interval_may_cross_the_clock_change(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    presence = PresenceFactory(
        convie=convie,
        arrivee=datetime(2025, 10, 26, 0, 50, tzinfo=UTC),
        depart=datetime(2025, 10, 26, 1, 10, tzinfo=UTC),
    )
    presence.full_clean(exclude={"par"})

    assert presence.depart > presence.arrivee  # 2:50 then 2:10 on the wall


def test_a_presence_that_crosses_midnight_is_corrected_and_a_slip_still_refused(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    presence = PresenceFactory(
        convie=convie,
        arrivee=datetime(2025, 11, 19, 19, 2, 30, tzinfo=UTC),  # 20:02 in Paris
        depart=datetime(2025, 11, 19, 23, 40, tzinfo=UTC),  # 0:40, the next day
    )
    saisi = {"jour": "2025-11-19", "de": "20:02", "a": "00:25", "motif": "Partie avant"}
    form = CorrigerPresenceForm(saisi, objet=presence)

    assert form.is_valid(), form.errors
    deroule.corriger_presence(presence, par=agent, **form.cleaned_data)

    presence.refresh_from_db()
    assert presence.arrivee == datetime(2025, 11, 19, 19, 2, 30, tzinfo=UTC)
    assert presence.depart == datetime(2025, 11, 19, 23, 25, tzinfo=UTC)
    assert not CorrigerPresenceForm({**saisi, "a": "19:30"}, objet=presence).is_valid()


def test_an_hour_that_comes_twice_is_told(seance):
    (convie,) = convies(seance, 1)
    form = CorrigerPresenceForm(
        {"jour": "2025-10-26", "de": "02:30", "motif": "x"}, objet=convie.presences.get()
    )

    assert not form.is_valid()
    assert "l’heure change" in form.errors["de"][0]


# Opening, suspending, closing


@pytest.fixture
def convoquee():
    return SeanceFactory(convoquee=True, debut=timezone.now() - timedelta(minutes=5))


def test_a_seance_opens_once_with_its_quorum_kept(convoquee, agent):
    president, *_ = convies(convoquee, 3)

    deroule.ouvrir(convoquee, par=agent, presidee_par=president.membre, secretaire="Léa Roux")

    assert convoquee.etat == Etat.OUVERTE
    assert convoquee.journal.get(acte="ouvrir").details["quorum"]["atteint"] == 3
    with pytest.raises(ActeInterdit):
        deroule.ouvrir(convoquee, par=agent, presidee_par=None)


def test_without_quorum_it_opens_only_without_deliberating(convoquee, agent):
    convies(convoquee, 6, presents=False)

    with pytest.raises(ErreurMetier, match="Il manque 3 membres"):
        deroule.ouvrir(convoquee, par=agent, presidee_par=None)
    deroule.ouvrir(convoquee, par=agent, presidee_par=None, sans_deliberer=True)

    point = point_en_cours(convoquee, agent)
    with pytest.raises(ErreurMetier, match="Le quorum n’est pas atteint : il manque 3 membres"):
        ouvrir(point, agent)


def test_somebody_absent_does_not_preside(convoquee, agent):
    convies(convoquee, 3)
    (absent,) = convies(convoquee, 1, presents=False)

    with pytest.raises(ErreurMetier, match=r"La présence .* n’est pas notée"):
        deroule.ouvrir(convoquee, par=agent, presidee_par=absent.membre)


def test_only_an_agent_opens(convoquee):
    (convie,) = convies(convoquee, 1)

    with pytest.raises(RoleInsuffisant):
        deroule.ouvrir(convoquee, par=convie.membre.compte, presidee_par=None)


def test_a_seance_does_not_open_days_before(agent):
    seance = SeanceFactory(convoquee=True)

    with pytest.raises(ErreurMetier, match="s’ouvre ce jour-là"):
        deroule.ouvrir(seance, par=agent, presidee_par=None)


def test_the_want_of_quorum_puts_the_seance_off(convoquee, agent):
    convies(convoquee, 6, presents=False)
    point = PointFactory(seance=convoquee)

    deroule.reporter(convoquee, par=agent)

    assert convoquee.etat == Etat.REPORTEE
    point.refresh_from_db()
    assert point.etat == "reporte"
    assert "Il manque" in convoquee.journal.get(acte="reporter").motif


def test_a_quorum_that_is_reached_forbids_to_put_off(convoquee, agent):
    convies(convoquee, 6)

    with pytest.raises(ErreurMetier, match="Le quorum est atteint"):
        deroule.reporter(convoquee, par=agent)


def test_a_suspension_stops_the_timer_and_forbids_votes(seance, agent):
    convies(seance, 3)
    point = point_en_cours(seance, agent)
    Point.objects.filter(pk=point.pk).update(repris_le=timezone.now() - timedelta(minutes=5))

    deroule.suspendre(seance, par=agent)

    point.refresh_from_db()
    assert 300 <= point.secondes < 310
    assert point.repris_le is None
    with pytest.raises(ActeInterdit, match="suspendue"):
        ouvrir(point, agent)
    deroule.reprendre(seance, par=agent)
    point.refresh_from_db()
    assert point.repris_le is not None


def test_closing_ends_presences_and_puts_off_what_was_not_treated(seance, agent):
    convies(seance, 3)
    premier = point_en_cours(seance, agent)
    second = PointFactory(seance=seance)

    deroule.lever(seance, par=agent)

    premier.refresh_from_db()
    second.refresh_from_db()
    assert (premier.etat, second.etat) == ("traite", "reporte")
    assert not Presence.objects.filter(seance=seance, depart__isnull=True).exists()
    assert seance.levee_le is not None


def test_a_seance_is_not_closed_on_an_open_vote(seance, agent):
    convies(seance, 3)
    ouvrir(point_en_cours(seance, agent), agent)

    with pytest.raises(ErreurMetier, match="Un vote est ouvert"):
        deroule.lever(seance, par=agent)


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

    deroule.passer_au_point(premier, par=agent)
    Point.objects.filter(pk=premier.pk).update(repris_le=timezone.now() - timedelta(minutes=3))
    deroule.traiter_point(premier, par=agent)

    premier.refresh_from_db()
    assert 300 <= premier.secondes < 310


def test_a_point_put_off_keeps_its_reason_and_is_treated_no_more(seance, agent):
    point = point_en_cours(seance, agent)

    deroule.reporter_point(point, par=agent, motif="Le rapporteur est absent")

    point.refresh_from_db()
    seance.refresh_from_db()
    assert (point.etat, point.motif) == ("reporte", "Le rapporteur est absent")
    assert seance.point_courant is None
    with pytest.raises(ActeInterdit, match="reporté"):
        deroule.passer_au_point(point, par=agent)


def test_a_point_that_was_voted_is_not_put_off(seance, agent):
    convies(seance, 2)
    point = point_en_cours(seance, agent)
    deroule.clore_vote(ouvrir(point, agent), par=agent)

    with pytest.raises(ErreurMetier, match="Un vote a eu lieu"):
        deroule.reporter_point(point, par=agent, motif="x")


def test_two_windows_do_not_overwrite_the_notes(seance, agent):
    from participation.socle.versions import TexteDepasse, empreinte

    point = point_en_cours(seance, agent)
    vu = empreinte(point, ["releve"])
    deroule.noter_releve(point, par=agent, releve="Premières notes", vu=vu)

    with pytest.raises(TexteDepasse):
        deroule.noter_releve(point, par=agent, releve="Autres notes", vu=vu)
    point.refresh_from_db()
    assert point.releve == "Premières notes"


def test_only_members_of_the_seance_have_a_disagreement_noted(seance, agent):
    un, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    deroule.noter_desaccord(point, un, par=agent, texte="Je ne suis pas d’accord.")
    deroule.noter_desaccord(point, un, par=agent, texte="Pas du tout.")

    assert [d.texte for d in point.desaccords.all()] == ["Pas du tout."]
    with pytest.raises(ErreurMetier, match="pas convoqué"):
        deroule.noter_desaccord(point, ConvieFactory(), par=agent, texte="x")


# Speech


def test_the_queue_is_first_come_and_one_person_speaks(seance, agent):
    un, deux, trois = convies(seance, 3)
    for convie in (un, deux, trois):
        deroule.demander_la_parole(convie)
    deroule.demander_la_parole(deux)

    assert deroule.donner_au_suivant(seance, par=agent).convie == un
    assert deroule.donner_au_suivant(seance, par=agent).convie == deux

    assert Parole.objects.get(convie=un).fin is not None
    assert Parole.objects.filter(seance=seance, debut__isnull=False, fin__isnull=True).count() == 1
    deroule.retirer_la_parole(trois)
    assert deroule.donner_au_suivant(seance, par=agent) is None


def test_who_is_not_there_does_not_ask_to_speak(seance):
    (absent,) = convies(seance, 1, presents=False)

    with pytest.raises(ErreurMetier, match=r"La présence .* n’est pas notée"):
        deroule.demander_la_parole(absent)


# Votes


def test_a_named_vote_is_counted_by_college_under_the_rule_kept(seance, agent):
    elus = convies(seance, 2, nom="Élus")
    habitants = convies(seance, 3, nom="Habitants")
    vote = ouvrir(point_en_cours(seance, agent), agent)

    for convie, sens in zip(
        [*elus, *habitants], ["pour", "contre", "pour", "abstention", "nppv"], strict=True
    ):
        deroule.voter(vote, convie, sens=sens)
    deroule.clore_vote(vote, par=agent)

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
        deroule.ouvrir_vote(point, par=agent, objet="Adopter", forme="nominatif", majorite="unanimite")

    vote = ouvrir(point, agent)
    for convie in (un, deux):
        deroule.voter(vote, convie, sens="pour")
    deroule.clore_vote(vote, par=agent)

    assert vote.resultat == "rejete"  # two of five
    client.force_login(agent)
    html = client.get(reverse("seances:animer", args=[seance.pk])).content.decode()
    assert "Plus de la moitié des membres présents ou représentés." in html
    assert "adopté, 2 sur 2" in html
    assert "rejeté, 2 sur 5" in html
    assert 'value="deux_tiers"' in html  # the next one may ask for more
    autre = deroule.ouvrir_vote(point, par=agent, objet="Encore", forme="nominatif", majorite="deux_tiers")
    assert (autre.majorite, autre.regle) == ("deux_tiers", "Deux tiers des membres présents ou représentés.")


def test_a_vote_does_not_open_outside_the_current_point(seance, agent):
    convies(seance, 2)

    with pytest.raises(ErreurMetier, match="point en cours"):
        ouvrir(PointFactory(seance=seance), agent)


def test_one_vote_is_open_at_a_time(seance, agent):
    convies(seance, 2)
    point = point_en_cours(seance, agent)
    ouvrir(point, agent)

    with pytest.raises(ActeInterdit, match="déjà ouvert"):
        ouvrir(point, agent)
    with pytest.raises(ErreurMetier, match="Un vote est ouvert"):
        point_en_cours(seance, agent)


def test_a_second_device_does_not_vote_a_second_time(seance, agent):
    un, *_ = convies(seance, 3)
    vote = ouvrir(point_en_cours(seance, agent), agent)
    deroule.voter(vote, un, sens="pour")
    deroule.voter(vote, un, sens="pour")

    with pytest.raises(ActeInterdit, match="ne compte qu’une fois"):
        deroule.voter(vote, un, sens="contre")

    assert [b.sens for b in vote.bulletins.all()] == ["pour"]


def test_a_named_vote_is_changed_while_it_is_open(seance, agent):
    un, *_ = convies(seance, 3)
    vote = ouvrir(point_en_cours(seance, agent), agent)
    deroule.voter(vote, un, sens="pour")

    deroule.voter(vote, un, sens="contre", change=True)

    assert [b.sens for b in vote.bulletins.all()] == ["contre"]
    deroule.clore_vote(vote, par=agent)
    with pytest.raises(ActeInterdit, match="clos"):
        deroule.voter(vote, un, sens="pour", change=True)


def test_a_secret_ballot_is_tied_to_nobody_and_never_changed(seance, agent):
    un, deux, trois, *_ = convies(seance, 4)
    vote = ouvrir(point_en_cours(seance, agent), agent, forme="secret")
    deroule.voter(vote, un, sens="pour")
    deroule.voter(vote, deux, sens="contre")
    deroule.voter(vote, trois, sens="abstention")

    with pytest.raises(ActeInterdit, match="déjà dans l’urne"):
        deroule.voter(vote, un, sens="contre", change=True)

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
    deroule.clore_vote(vote, par=agent)
    assert not avant & set(vote.bulletins.values_list("pk", flat=True))
    assert [(v.college, v.pour, v.contre, v.attendus) for v in vote.voix.all()] == [(None, 1, 1, 4)]
    assert vote.resultat == "rejete"


def test_a_secret_ballot_keeps_the_college_only_if_the_rule_counts_by_college(seance, agent):
    regler(seance, vote_par_college=True)
    elus, habitants = convies(seance, 3, nom="Élus"), convies(seance, 3, nom="Habitants")
    vote = ouvrir(point_en_cours(Seance.objects.get(pk=seance.pk), agent), agent, forme="secret")
    for elu, habitant in zip(elus, habitants, strict=True):
        deroule.voter(vote, elu, sens="pour")
        deroule.voter(vote, habitant, sens="contre")

    deroule.clore_vote(vote, par=agent)

    assert {str(v.college) for v in vote.voix.all()} == {"Élus", "Habitants"}
    assert vote.resultat == "rejete"
    assert {b.convie for b in vote.bulletins.all()} == {None}


def donner_pouvoir(de, a):
    de.reponse, de.pouvoir_a, de.repondu_le = "pouvoir", a, timezone.now()
    de.save()


def test_who_holds_a_pouvoir_votes_for_herself_and_for_her_mandant(seance, agent):
    porteur, autre = convies(seance, 2)
    (mandant,) = convies(seance, 1, presents=False)
    donner_pouvoir(mandant, porteur)
    vote = ouvrir(point_en_cours(seance, agent), agent)

    deroule.voter(vote, porteur, sens="pour")
    deroule.voter(vote, porteur, sens="contre", au_nom_de=mandant)
    with pytest.raises(ErreurMetier, match="ne porte pas le pouvoir"):
        deroule.voter(vote, autre, sens="pour", au_nom_de=mandant)

    assert {(b.convie_id, b.sens) for b in vote.bulletins.all()} == {
        (porteur.pk, "pour"),
        (mandant.pk, "contre"),
    }


def test_a_mandant_who_arrives_during_the_vote_votes_herself(seance, agent):
    porteur, *_ = convies(seance, 2)
    (mandant,) = convies(seance, 1, presents=False)
    donner_pouvoir(mandant, porteur)
    vote = ouvrir(point_en_cours(seance, agent), agent)
    deroule.arriver(mandant, mode="salle", par=agent)

    with pytest.raises(ErreurMetier, match="son pouvoir est tombé"):
        deroule.voter(vote, porteur, sens="pour", au_nom_de=mandant)
    deroule.voter(vote, mandant, sens="contre")

    assert Emargement.objects.get(convie=mandant).par == mandant


def test_who_leaves_during_a_vote_is_no_longer_awaited(seance, agent):
    un, deux, trois = convies(seance, 3)
    vote = ouvrir(point_en_cours(seance, agent), agent)
    deroule.voter(vote, un, sens="pour")
    deroule.partir(un, par=agent)
    deroule.partir(deux, par=agent)

    with pytest.raises(ErreurMetier, match="seules les personnes présentes votent"):
        deroule.voter(vote, deux, sens="pour")
    deroule.voter(vote, trois, sens="pour")
    deroule.clore_vote(vote, par=agent)

    assert [(v.pour, v.attendus) for v in vote.voix.all()] == [(2, 2)]


def test_who_arrives_once_the_vote_is_open_votes_at_the_next(seance, agent):
    convies(seance, 2)
    (tard,) = convies(seance, 1, presents=False)
    vote = ouvrir(point_en_cours(seance, agent), agent)
    deroule.arriver(tard, mode="salle", par=agent)

    with pytest.raises(ErreurMetier, match="déjà ouvert à votre arrivée"):
        deroule.voter(vote, tard, sens="pour")


def test_neither_absent_nor_deporte_nor_consultative_nor_removed_votes(seance, agent):
    present, deporte, retire = convies(seance, 3)
    (absent,) = convies(seance, 1, presents=False)
    (expert,) = convies(seance, 1, nom="Experts", vote_depuis=None)
    point = point_en_cours(seance, agent)
    deroule.se_deporter(point, deporte, par=agent)
    vote = ouvrir(point, agent)
    deroule.retirer_convie(retire, par=agent, motif="Démission")

    for convie, phrase in (
        (absent, r"La présence .* n’est pas notée"),
        (deporte, "se déporte"),
        (expert, "voix consultative"),
        (retire, "ne siège plus"),
    ):
        with pytest.raises(ErreurMetier, match=phrase):
            deroule.voter(vote, convie, sens="pour")
    deroule.voter(vote, present, sens="pour")
    deroule.clore_vote(vote, par=agent)
    assert [(v.pour, v.attendus) for v in vote.voix.all()] == [(1, 1)]


def test_a_substitute_whose_titulaire_sits_does_not_vote(seance, agent):
    titulaire, *_ = convies(seance, 2)
    suppleant = ConvieFactory(
        seance=seance,
        membre=MembreFactory(
            college=titulaire.membre.college, rang="suppleant", suppleant_de=titulaire.membre
        ),
    )
    PresenceFactory(convie=suppleant)
    vote = ouvrir(point_en_cours(seance, agent), agent)

    with pytest.raises(ErreurMetier, match="la personne titulaire siège"):
        deroule.voter(vote, suppleant, sens="pour")


def test_who_has_voted_does_not_step_aside(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    vote = ouvrir(point, agent)
    deroule.voter(vote, un, sens="pour")

    with pytest.raises(ErreurMetier, match="a déjà voté"):
        deroule.se_deporter(point, un, par=agent)


def test_a_deport_noted_by_mistake_is_lifted_before_any_vote(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    deport = deroule.se_deporter(point, un, par=agent)
    assert deroule.se_deporter(point, un, par=agent) == deport

    deroule.lever_deport(deport, par=agent)

    assert not Deport.objects.exists()
    deport = deroule.se_deporter(point, un, par=agent)
    ouvrir(point, agent)
    with pytest.raises(ErreurMetier, match="le déport reste"):
        deroule.lever_deport(deport, par=agent)


def test_the_deport_of_too_many_closes_the_way_to_the_vote(seance, agent):
    un, *_ = convies(seance, 2)
    convies(seance, 2, presents=False)
    point = point_en_cours(seance, agent)
    deroule.se_deporter(point, un, par=agent)

    with pytest.raises(ErreurMetier, match="il manque 1 membre"):
        ouvrir(point, agent)


def test_hands_are_counted_by_college_and_never_more_than_may_vote(seance, agent):
    convies(seance, 2, nom="Élus")
    convies(seance, 3, nom="Habitants")
    vote = ouvrir(point_en_cours(seance, agent), agent, forme="main_levee")
    elus, habitants = (c.pk for c in seance.mandature.colleges.order_by("pk"))

    with pytest.raises(ErreurMetier, match="Comptez d’abord"):
        deroule.clore_vote(vote, par=agent)
    with pytest.raises(ValidationError, match="3 voix comptées pour 2 personnes"):
        deroule.compter_mains(vote, {elus: VoixComptees(pour=3)}, par=agent)
    deroule.compter_mains(vote, {elus: VoixComptees(pour=2), habitants: VoixComptees(1, 2)}, par=agent)
    deroule.clore_vote(vote, par=agent)

    assert vote.resultat == "adopte"


def test_equal_hands_ask_what_the_chair_voted(seance, agent):
    convies(seance, 4)
    vote = ouvrir(point_en_cours(seance, agent), agent, forme="main_levee")
    college = seance.mandature.colleges.get().pk
    deroule.compter_mains(vote, {college: VoixComptees(2, 2)}, par=agent)

    with pytest.raises(ErreurMetier, match="dites ce qu’elle a voté"):
        deroule.clore_vote(vote, par=agent)
    deroule.clore_vote(vote, par=agent, voix_du_president="pour")

    assert (vote.resultat, vote.a_l_egalite) == ("adopte", True)


def test_an_equal_named_vote_is_settled_by_who_presides(seance, agent):
    president, autre = convies(seance, 2)
    Seance.objects.filter(pk=seance.pk).update(presidee_par=president.membre)
    vote = ouvrir(point_en_cours(Seance.objects.get(pk=seance.pk), agent), agent)
    deroule.voter(vote, president, sens="contre")
    deroule.voter(vote, autre, sens="pour")

    deroule.clore_vote(vote, par=agent)

    assert (vote.resultat, vote.a_l_egalite) == ("rejete", True)


def test_a_phone_does_not_vote_in_a_show_of_hands(seance, agent):
    un, *_ = convies(seance, 2)
    vote = ouvrir(point_en_cours(seance, agent), agent, forme="main_levee")

    with pytest.raises(ErreurMetier, match="levez la main"):
        deroule.voter(vote, un, sens="pour")


def test_an_agent_notes_a_named_vote_for_the_room_but_no_secret_ballot(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    vote = ouvrir(point, agent)
    deroule.voter(vote, un, sens="pour", par=agent)
    deroule.clore_vote(vote, par=agent)
    secret = ouvrir(point, agent, forme="secret")

    with pytest.raises(ErreurMetier, match="se remplit soi-même"):
        deroule.voter(secret, un, sens="pour", par=agent)


def test_a_cancelled_vote_counts_for_nothing_and_another_opens(seance, agent):
    un, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    vote = ouvrir(point, agent)
    deroule.voter(vote, un, sens="pour")

    deroule.annuler_vote(vote, par=agent, motif="Question mal posée")
    nouveau = ouvrir(point, agent)

    assert vote.etat == "annule"
    assert nouveau.bulletins.count() == 0
    with pytest.raises(ActeInterdit, match="déjà annulé"):
        deroule.annuler_vote(vote, par=agent, motif="x")


# Decisions


@pytest.fixture
def decidable(monkeypatch):
    """A pétition on which a séance may decide, by an act that the test chooses."""
    ici = f"{__name__}.appliquer"
    monkeypatch.setattr(
        Petition,
        "DECISIONS_DE_SEANCE",
        {"soutenir": Decision("Soutenir", ici), "ecarter": Decision("Écarter", ici, favorable=False)},
    )
    return lambda acte: monkeypatch.setitem(globals(), "appliquer", acte)


def appliquer(dossier, *, par, **reponses):
    """The act of the dossier's app, unless the test says otherwise."""


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

    deroule.decider(lien, "soutenir", par=agent, reponses={"motif": "Très bien"})

    lien.refresh_from_db()
    assert (lien.decision, lien.libelle_decision, lien.motif) == ("soutenir", "Soutenir", "Très bien")
    assert recues == [(lien.dossier.enfant, {"motif": "Très bien"}, agent)]
    with pytest.raises(ActeInterdit, match="déjà prise"):
        deroule.decider(lien, "ecarter", par=agent)


@pytest.mark.parametrize("refus", [ErreurMetier("Non."), ActeInterdit("Trop tard."), ValidationError("Mal.")])
def test_an_act_that_refuses_leaves_nothing(seance, agent, decidable, refus):
    def refuser(*_, **__):
        raise refus

    decidable(refuser)
    convies(seance, 2)
    (lien,) = inscrire(point_en_cours(seance, agent))
    version = Seance.objects.get(pk=seance.pk).version

    with pytest.raises(type(refus)):
        deroule.decider(lien, "soutenir", par=agent)

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
    deroule.decider_ensemble(point, liens, "soutenir", par=agent)
    assert PointDossier.objects.filter(point=point, decision="soutenir").count() == 3

    autres = inscrire(point, 2)
    with pytest.raises(ErreurMetier, match="est clos"):
        deroule.decider_ensemble(point, autres, "soutenir", par=agent)
    assert PointDossier.objects.filter(point=point, decision="").count() == 2


def test_a_decision_rests_on_the_last_vote_which_is_cancelled_no_more(seance, agent, decidable):
    un, *_ = convies(seance, 2)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    vote = ouvrir(point, agent)
    with pytest.raises(ErreurMetier, match="Un vote est ouvert"):
        deroule.decider(lien, "soutenir", par=agent)
    deroule.voter(vote, un, sens="pour")
    deroule.clore_vote(vote, par=agent)
    # Closing would leave it voted and undecided: who closes is told.
    assert f"rien n’est décidé sur « {lien.dossier.titre} »" in dire_la_fin(seance)

    deroule.decider(lien, "soutenir", par=agent)

    assert "décidé" not in dire_la_fin(seance)
    lien.refresh_from_db()
    assert lien.vote == vote
    with pytest.raises(ErreurMetier, match="s’appuie sur ce vote"):
        deroule.annuler_vote(vote, par=agent, motif="x")
    with pytest.raises(ErreurMetier, match="décision est déjà prise"):
        deroule.reporter_point(point, par=agent, motif="x")


def test_nothing_is_decided_without_quorum_nor_on_a_point_to_come(seance, agent, decidable):
    convies(seance, 1)
    point = point_en_cours(seance, agent)
    (lien,) = inscrire(point)
    (plus_tard,) = inscrire(PointFactory(seance=seance))
    with pytest.raises(ErreurMetier, match="Passez d’abord"):
        deroule.decider(plus_tard, "soutenir", par=agent)
    convies(seance, 8, presents=False)

    with pytest.raises(ErreurMetier, match="Le quorum n’est pas atteint : il manque"):
        deroule.decider(lien, "soutenir", par=agent)
    with pytest.raises(ErreurMetier, match="ne prend pas cette décision"):
        deroule.decider(lien, "inconnue", par=agent)


# Who may


def test_a_member_does_not_run_the_seance(seance, agent):
    un, *_ = convies(seance, 3)
    point = point_en_cours(seance, agent)
    membre = un.membre.compte

    for acte in (
        lambda: deroule.passer_au_point(point, par=membre),
        lambda: deroule.ouvrir_vote(point, par=membre, objet="x", forme="secret"),
        lambda: deroule.lever(seance, par=membre),
        lambda: deroule.donner_au_suivant(seance, par=membre),
    ):
        with pytest.raises(RoleInsuffisant):
            acte()


# Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("forme", ["nominatif", "secret"])
def test_two_devices_that_vote_at_once_give_one_voice(forme):
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    un, *_ = convies(seance, 3)
    vote = ouvrir(point_en_cours(seance, agent), agent, forme=forme)

    def voter(sens):
        lu = Vote.objects.select_related("point__seance").get(pk=vote.pk)
        return lambda: deroule.voter(
            lu, type(un).objects.select_related("membre__college").get(pk=un.pk), sens=sens
        )

    assert ensemble(voter("pour"), voter("contre")) == ["ActeInterdit", "fait"]
    assert vote.bulletins.count() == 1
    assert vote.emargements.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_close_one_vote_once():
    agent, autre, seance = CompteFactory(agent=True), CompteFactory(agent=True), SeanceFactory(ouverte=True)
    convies(seance, 2)
    vote = ouvrir(point_en_cours(seance, agent), agent)

    def clore(par):
        lu = Vote.objects.select_related("point__seance").get(pk=vote.pk)
        return lambda: deroule.clore_vote(lu, par=par)

    assert ensemble(clore(agent), clore(autre)) == ["ActeInterdit", "fait"]
    assert seance.journal.filter(acte="clore_vote").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_arrive_at_once_are_one_presence():
    seance = SeanceFactory(ouverte=True)
    (convie,) = convies(seance, 1, presents=False)

    def arriver():
        lu = type(convie).objects.select_related("seance", "membre__compte").get(pk=convie.pk)
        return lambda: deroule.arriver(lu, mode="salle", par=None, source="code")

    assert ensemble(arriver(), arriver()) == ["fait", "fait"]
    assert Presence.objects.filter(convie=convie).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one(decidable):
    agent, autre, seance = CompteFactory(agent=True), CompteFactory(agent=True), SeanceFactory(ouverte=True)
    convies(seance, 2)
    (lien,) = inscrire(point_en_cours(seance, agent))

    def decider(decision, par):
        lu = PointDossier.objects.select_related("point__seance").get(pk=lien.pk)
        return lambda: deroule.decider(lu, decision, par=par)

    assert ensemble(decider("soutenir", agent), decider("ecarter", autre)) == ["ActeInterdit", "fait"]


def copies(table):
    """(transaction that wrote it, that deleted it) of each row that the pages of a table still hold, deleted ones included."""
    with connection.cursor() as curseur:
        curseur.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        curseur.execute(
            """SELECT i.t_xmin::text, i.t_xmax::text
            FROM generate_series(0, pg_relation_size(%s::regclass) / current_setting('block_size')::int - 1) page,
                 heap_page_items(get_raw_page(%s, page::int)) i WHERE i.t_xmin IS NOT NULL""",
            [table, table],
        )
        return curseur.fetchall()


def ecrites_depuis(debut, table, *, supprimees=False):
    """In order, the transactions from `debut` on that wrote the rows a table still holds; only of deleted rows with `supprimees`."""
    return sorted(
        int(ecrite)
        for ecrite, supprimee in copies(table)
        if int(ecrite) >= debut and (supprimee != "0" or not supprimees)
    )


def nettoyer_des_que_possible():
    """The other process of the run has transactions of its own on the same server: the box waits for them, as it must."""
    fin = time.monotonic() + 300
    while not (nettoyees := urne.nettoyer_urnes()) and time.monotonic() < fin:
        time.sleep(0.1)
    return nettoyees


@pytest.mark.django_db(transaction=True)
def test_once_a_secret_vote_is_closed_the_database_itself_ties_no_ballot_to_anybody():
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    votants = convies(seance, 5)
    with (
        connection.cursor() as curseur
    ):  # what other tests undid may stay while a transaction of the other process is open
        curseur.execute("VACUUM (FULL) seances_bulletin, seances_emargement")
        curseur.execute("SELECT txid_current()::text")
        debut = int(curseur.fetchone()[0])
    vote = ouvrir(point_en_cours(seance, agent), agent, forme="secret")
    for convie, sens in zip(votants, ("pour", "contre", "abstention", "nppv", "pour"), strict=True):
        deroule.voter(vote, convie, sens=sens)
    deroule.clore_vote(vote, par=agent)
    # What the worker is for: the ballots deleted and the émargements are in the same order, one between two of the others.
    supprimes = ecrites_depuis(debut, "seances_bulletin", supprimees=True)
    emargees = ecrites_depuis(debut, "seances_emargement")
    assert len(supprimes) == len(emargees) == 5
    assert all(bulletin <= emargement for bulletin, emargement in zip(supprimes, emargees, strict=True))
    assert all(emargement < suivant for emargement, suivant in zip(emargees, supprimes[1:], strict=False))

    assert nettoyer_des_que_possible() == 1

    assert len(copies("seances_bulletin")) == 5
    assert not {*supprimes, *emargees} & {
        int(numero) for copie in copies("seances_bulletin") for numero in copie
    }
    assert urne.nettoyer_urnes() == 0
    vote.refresh_from_db()
    assert vote.urne_nettoyee_le is not None
    assert dict(Counter(vote.bulletins.values_list("sens", flat=True)))["pour"] == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_another_database_makes_the_box_wait_too():
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    votants = convies(seance, 3)
    vote = ouvrir(point_en_cours(seance, agent), agent, forme="secret")
    ailleurs = connection.copy()
    ailleurs.settings_dict = {**connection.settings_dict, "NAME": "postgres"}
    try:
        ailleurs.set_autocommit(False)
        with ailleurs.cursor() as curseur:
            curseur.execute("SELECT pg_current_xact_id()")
        for convie in votants:
            deroule.voter(vote, convie, sens="pour")
        deroule.clore_vote(vote, par=agent)
        assert urne.nettoyer_urnes() == 0
    finally:
        ailleurs.rollback()
        ailleurs.close()
    assert nettoyer_des_que_possible() == 1
    assert len(copies("seances_bulletin")) == 3


@pytest.mark.django_db(transaction=True)
def test_a_box_that_a_long_reading_keeps_dirty_is_cleaned_at_a_later_turn():
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    votants = convies(seance, 3)
    vote = ouvrir(point_en_cours(seance, agent), agent, forme="secret")
    lecture = connection.copy()
    try:
        lecture.set_autocommit(False)
        with lecture.cursor() as curseur:
            curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            curseur.execute("SELECT 1")
        for convie in votants:
            deroule.voter(vote, convie, sens="pour")
        deroule.clore_vote(vote, par=agent)

        assert urne.nettoyer_urnes() == 0
        vote.refresh_from_db()
        assert vote.urne_nettoyee_le is None
    finally:
        lecture.rollback()  # at once for the server, which forgets a connection closed a little later
        lecture.close()
    assert nettoyer_des_que_possible() == 1
