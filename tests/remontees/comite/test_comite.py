"""Stalled sujets on the agenda of the comité de suivi; its decisions applied in séance."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import Instance, Point, PointDossier, Seance, Vote
from participation.seances.points.decisions import appliquer_decision
from participation.seances.workflow import Etat as EtatSeance
from participation.seances.workflow import EtatPoint, EtatVote, Part
from participation.socle.erreurs import ErreurMetier
from remontees.comite import actes as comite
from remontees.comite.lectures import candidats
from remontees.parts import actes as parts
from remontees.tri import actes as tri
from remontees.workflow import INSTANCE, Etat, EtatAttribution
from tests.greffons.guichet import Guichet
from tests.remontees.factories import AttributionFactory, RemonteeFactory, SujetFactory, lettres
from tests.seances.factories import MandatureFactory, SeanceFactory
from tests.socle.factories import DirectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.horloge]


@pytest.fixture
def seance():
    instance = Instance.objects.get(cle=INSTANCE)
    return SeanceFactory(mandature=MandatureFactory(instance=instance))


def raisons(dossier):
    return next((c.raisons for c in candidats() if c.dossier.pk == dossier.pk), ())


def test_what_a_service_left_unanswered_for_long_is_for_the_comite():
    jour = timezone.localdate()
    tard = AttributionFactory(date_limite=jour - timedelta(days=30)).dossier
    a_temps = AttributionFactory(date_limite=jour + timedelta(days=3)).dossier

    assert raisons(tard) == ("un service ne répond pas",)
    assert raisons(a_temps) == ()


def test_what_every_service_refused_is_for_the_comite():
    part = AttributionFactory(date_limite=timezone.localdate() + timedelta(days=9))
    parts.refuser_attribution(part, par=None, motif="Pas nous.")

    assert raisons(part.dossier) == ("refusée par tous les services",)


def test_a_sujet_that_doubles_in_a_month_is_for_the_comite():
    jour, sujet, calme = timezone.localdate(), SujetFactory(), SujetFactory()
    for jours, combien, lequel in ((40, 2, sujet), (3, 6, sujet), (40, 4, calme), (3, 5, calme)):
        RemonteeFactory.create_batch(
            combien, groupee=True, sujet_commun=lequel, entendue_le=jour - timedelta(days=jours)
        )

    assert raisons(sujet) == ("monte : 6 remontées en un mois, 2 le mois d’avant",)
    assert raisons(calme) == ()


def test_the_agenda_is_filled_at_once_and_nothing_twice(client, agent, seance):
    dossier = AttributionFactory(date_limite=timezone.localdate() - timedelta(days=30)).dossier
    client.force_login(agent)
    adresse = reverse("remontees:preparer_comite")
    assert dossier.reference in client.get(adresse).content.decode()

    client.post(adresse, {"seance": seance.pk, "choisis": [str(dossier.pk)]})

    point = Point.objects.get(seance=seance)
    assert list(point.dossiers.values_list("pk", flat=True)) == [dossier.pk]
    assert raisons(dossier) == ()
    with pytest.raises(ErreurMetier, match="déjà à l’ordre du jour"):
        comite.inscrire_au_comite(dossier, par=agent, seance=seance)


@pytest.mark.parametrize("decision", ["attribuer", "demander_visite", "repondre"])
def test_what_the_comite_decides_is_applied_in_its_seance(agent, decision):
    instance = Instance.objects.get(cle=INSTANCE)
    remontee = RemonteeFactory()
    a_venir = SeanceFactory(mandature=MandatureFactory(instance=instance))
    point = comite.inscrire_au_comite(remontee, par=agent, seance=a_venir)
    direction, jour = DirectionFactory(), timezone.localdate() + timedelta(days=20)
    reponses = {
        "attribuer": {"a": direction, "date_limite": jour, "consigne": ""},
        "demander_visite": {"direction": direction, "date_limite": jour, "mot": ""},
        "repondre": {"issue": "sans_suite", "reponse": "Le comité a entendu.", "date_prevue": None},
    }[decision]
    lien = PointDossier.objects.get(point=point)

    appliquer_decision(lien, decision, par=agent, reponses=reponses)

    remontee.refresh_from_db()
    assert remontee.etat == (Etat.REPONDUE if decision == "repondre" else Etat.TRANSMISE)
    assert "Décidé par le comité de suivi" in remontee.journal.values_list("fait", flat=True)[0]


def test_a_visit_is_the_part_of_the_service_that_goes(agent):
    part = comite.demander_visite(
        SujetFactory(),
        par=agent,
        direction=DirectionFactory(),
        date_limite=timezone.localdate(),
        mot="Le soir.",
    )

    assert part.etat == EtatAttribution.ENVOYEE
    assert "Aller voir sur place" in part.consigne
    assert "Le soir." in part.consigne


@pytest.fixture
def en_retard():
    direction = DirectionFactory(superieure=DirectionFactory(courriel="dga@example.org"))
    return AttributionFactory(direction=direction, date_limite=timezone.localdate() - timedelta(days=30))


def test_the_page_of_a_remontee_is_no_way_round_the_vote_of_its_comite(agent, seance, en_retard):
    dossier, jour = en_retard.dossier.enfant, timezone.localdate() + timedelta(days=8)
    point = comite.inscrire_au_comite(dossier, par=agent, seance=seance)
    point.seance.etat, point.etat = EtatSeance.OUVERTE, EtatPoint.EN_COURS
    point.seance.save()
    point.save()
    Vote.objects.create(
        point=point,
        objet="Presser le service ?",
        decision="presser_service",
        majorite=Part.MOITIE,
        etat=EtatVote.CLOS,
        clos_le=timezone.now(),
        resultat=Vote.Resultat.REJETE,
    )

    def presser(mot=""):
        comite.presser_service(dossier, par=agent, part=en_retard, date_limite=jour, mot=mot)

    with pytest.raises(ErreurMetier, match="décidez à ce point"):
        presser("Urgent.")
    with pytest.raises(ErreurMetier, match="décidez à ce point"):
        tri.attribuer(dossier, par=agent, a=DirectionFactory(), date_limite=jour)
    comite.noter_appel(dossier, par=agent, part=en_retard, dit="Rappelle demain.")  # a fact, no decision
    Seance.objects.filter(pk=seance.pk).update(etat=EtatSeance.LEVEE)
    with pytest.raises(ValidationError, match="s’écarte de ce vote"):
        presser()
    presser("Le danger est revenu.")


def test_the_comite_presses_calls_or_reports_a_service_that_does_not_answer(agent, seance, en_retard):
    dossier, jour = en_retard.dossier.enfant, timezone.localdate() + timedelta(days=8)
    lien = PointDossier.objects.get(point=comite.inscrire_au_comite(dossier, par=agent, seance=seance))

    for decision, reponses in {
        "noter_appel": {"dit": "Le responsable rappelle demain."},
        "presser_service": {"date_limite": jour, "mot": "Pour l’école."},
        "saisir_hierarchie": {"mot": "Une réponse avant la rentrée."},
    }.items():
        appliquer_decision(lien, decision, par=agent, reponses={"part": en_retard, **reponses})

    en_retard.refresh_from_db()
    assert (en_retard.date_limite, en_retard.etat) == (jour, EtatAttribution.ENVOYEE)
    assert dossier.echeances.get(cle=en_retard.cle_echeance).date_limite == jour
    assert "Pour l’école." in lettres("presser_service").get().corps
    assert lettres("saisir_hierarchie").get().destinataires == ["dga@example.org"]


def test_the_hierarchie_reads_that_a_service_is_late_only_once_its_day_is_past(client, agent, en_retard):
    dossier = en_retard.dossier.enfant
    client.force_login(agent)
    page = reverse("remontees:saisir_hierarchie", args=[dossier.pk])
    assert "n’est pas en retard" not in client.get(page).content.decode()
    comite.saisir_hierarchie(dossier, par=agent, part=en_retard, mot="Répondez.")
    assert "devait nous répondre" in lettres("saisir_hierarchie").get().corps

    comite.presser_service(dossier, par=agent, part=en_retard, date_limite=timezone.localdate())
    assert "n’est pas en retard" in client.get(page).content.decode()
    comite.saisir_hierarchie(dossier, par=agent, part=en_retard, mot="Répondez vite.")
    assert "doit nous répondre" in lettres("saisir_hierarchie").get(corps__contains="vite").corps


def test_the_comite_takes_back_what_a_service_left_unanswered_and_gives_it_again(agent, en_retard):
    dossier = en_retard.dossier.enfant

    comite.reprendre_service(dossier, par=agent, part=en_retard, motif="Sans réponse depuis un mois.")

    dossier.refresh_from_db()
    assert dossier.etat == Etat.NOUVELLE
    assert "Sans réponse depuis un mois." in lettres("retirer_attribution").get().corps
    with pytest.raises(ErreurMetier, match="Aucun service ne doit répondre"):
        comite.noter_appel(dossier, par=agent, part=en_retard, dit="Rien.")


def test_a_sujet_is_carried_before_another_instance_once(agent):
    sujet, guichet = SujetFactory(), Guichet(agent, en_hate=True)
    ailleurs = SeanceFactory()
    page = reverse("remontees:porter_en_seance", args=[sujet.pk])
    guichet.valider(page)
    assert not Point.objects.exists()
    guichet.valider(seance=ailleurs.pk)

    point = Point.objects.get()
    assert (point.seance, point.nature) == (ailleurs, Point.Nature.INFORMATION)
    assert PointDossier.objects.get(point=point).dossier_id == sujet.pk
    guichet.valider(page, seance=ailleurs.pk)
    assert "est déjà à l’ordre du jour de la séance" in guichet.dit
