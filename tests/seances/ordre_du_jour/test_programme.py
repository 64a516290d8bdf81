"""Programme of a year: planned once, moved with a reason, sent to the directions, put on an agenda."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import Instance, Prevision, Recurrence
from participation.seances.ordre_du_jour.programme import actes as programme
from participation.seances.ordre_du_jour.programme.vues import ANNEES_APRES
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from tests.greffons.guichet import Guichet
from tests.outils import a_plusieurs, constant_queries
from tests.seances.factories import InstanceFactory, MandatureFactory, PointFactory, SeanceFactory
from tests.socle.factories import CompteFactory, DirectionFactory, agent_de_direction

pytestmark = pytest.mark.django_db
ANNEE = timezone.localdate().year


@pytest.fixture
def eau():
    return DirectionFactory(nom="Eau", courriel="eau@example.org")


def recurrence(**champs) -> Recurrence:
    instance = champs.pop("instance", None) or InstanceFactory()
    return Recurrence.objects.create(instance=instance, **{"titre": "Rapport de l’eau", "mois": 6, **champs})


def prevision(**champs) -> Prevision:
    return Prevision.objects.create(
        **{
            "instance": InstanceFactory(),
            "annee": ANNEE,
            "titre": "Rapport de l’eau",
            "date_prevue": date(ANNEE, 6, 15),
            **champs,
        }
    )


def test_a_year_is_planned_once_and_each_direction_gets_one_letter(agent, eau):
    recurrence(direction=eau)
    recurrence(titre="Rapport de l’assainissement", mois=9, direction=eau)
    recurrence(titre="État des travaux", mois=5)
    recurrence(titre="Ancien rapport", mois=5, est_active=False)
    instance = InstanceFactory()

    faites = programme.preparer_annee(instance, ANNEE, par=agent)
    encore = programme.preparer_annee(instance, ANNEE, par=agent)

    assert len(faites) == 3
    assert encore == []
    assert all(p.date_prevue.weekday() < 5 for p in faites)
    lettre = Courriel.objects.get(acte="seances/preparer_annee")
    assert lettre.destinataires == ["eau@example.org"]
    assert "Rapport de l’assainissement" in lettre.corps
    assert "État des travaux" not in lettre.corps


def test_what_comes_later_is_planned_alone(agent, eau):
    recurrence(direction=eau)
    instance = InstanceFactory()
    programme.preparer_annee(instance, ANNEE, par=agent)
    recurrence(titre="Rapport des déchets")

    assert [p.titre for p in programme.preparer_annee(instance, ANNEE, par=agent)] == ["Rapport des déchets"]


def test_the_direction_of_an_item_added_alone_hears_of_it_before_it_moves(agent, eau):
    champs = {"titre": "Rapport des lacs", "nature": "information", "date_prevue": date(ANNEE, 6, 15)}
    programme.ajouter_prevision(InstanceFactory(), ANNEE, par=agent, direction=eau, **champs)

    lettre = Courriel.objects.get(acte="seances/preparer_annee")
    assert (lettre.destinataires, "Rapport des lacs" in lettre.corps) == (["eau@example.org"], True)


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_plan_one_year(transactional_db):
    recurrence()
    recurrence(titre="Rapport des déchets")
    agent = CompteFactory(agent=True)
    lues = [Instance.objects.get(cle="essai") for _ in range(2)]

    preparees = a_plusieurs(2, lambda rang: programme.preparer_annee(lues[rang], ANNEE, par=agent))

    assert sorted(map(len, preparees)) == [0, 2]
    assert Prevision.objects.count() == 2


def test_moving_keeps_the_reason_and_tells_the_direction(client, agent, eau):
    prevue = prevision(direction=eau)

    programme.deplacer_prevision(prevue, par=agent, vers=date(ANNEE, 10, 1), motif="Comptes en retard")

    assert Prevision.objects.get().date_prevue == date(ANNEE, 10, 1)
    assert "Comptes en retard" in Courriel.objects.get(acte="seances/deplacer_prevision").corps
    assert InstanceFactory().journal.get(acte="deplacer_prevision").motif == "Comptes en retard"
    client.force_login(agent)
    html = client.get(reverse("seances:programme", args=["essai", ANNEE])).content.decode()
    assert "Comptes en retard" in html


def test_an_item_does_not_move_to_another_age_nor_to_the_same_day(agent):
    prevue = prevision()

    with pytest.raises(ValidationError, match="Choisissez un jour de"):
        programme.deplacer_prevision(prevue, par=agent, vers=date(ANNEE + 2, 1, 1), motif="x")
    with pytest.raises(ValidationError, match="déjà le jour prévu"):
        programme.deplacer_prevision(prevue, par=agent, vers=prevue.date_prevue, motif="x")
    programme.deplacer_prevision(prevue, par=agent, vers=date(ANNEE + 1, 1, 20), motif="Reporté")
    assert Prevision.objects.get().annee == ANNEE


def test_what_is_given_up_stays_written_and_moves_no_more(agent, eau):
    prevue = prevision(direction=eau)

    programme.abandonner_prevision(prevue, par=agent, motif="Service repris en régie")

    assert Courriel.objects.filter(acte="seances/abandonner_prevision").count() == 1
    with pytest.raises(ActeInterdit, match="retiré du programme"):
        programme.deplacer_prevision(prevue, par=agent, vers=date(ANNEE, 11, 1), motif="x")


def test_an_item_is_set_once_on_the_agenda_of_a_seance_to_come(agent, eau):
    prevue, seance = prevision(direction=eau), SeanceFactory()

    point = programme.inscrire_prevision(prevue, seance, par=agent)

    assert (point.titre, point.direction, point.seance) == ("Rapport de l’eau", eau, seance)
    assert Prevision.objects.get().est_inscrite
    with pytest.raises(ActeInterdit, match="à l’ordre du jour"):
        programme.inscrire_prevision(prevue, SeanceFactory(), par=agent)


def test_an_item_goes_neither_to_another_instance_nor_to_a_past_seance(agent):
    ailleurs = SeanceFactory(mandature=MandatureFactory(instance=InstanceFactory(cle="ailleurs")))

    with pytest.raises(ErreurMetier, match="autre instance"):
        programme.inscrire_prevision(prevision(), ailleurs, par=agent)
    with pytest.raises(ActeInterdit, match="à venir"):
        programme.inscrire_prevision(prevision(titre="Autre"), SeanceFactory(levee=True), par=agent)


@pytest.mark.parametrize(
    ("etat_point", "etat_seance", "tient"),
    [
        (EtatPoint.A_TRAITER, Etat.CONVOQUEE, True),
        (EtatPoint.TRAITE, Etat.LEVEE, True),
        (EtatPoint.RETIRE, Etat.CONVOQUEE, False),
        (EtatPoint.REPORTE, Etat.LEVEE, False),
        (EtatPoint.A_TRAITER, Etat.ANNULEE, False),
    ],
)
def test_an_item_whose_point_falls_is_to_be_planned_again(etat_point, etat_seance, tient):
    point = PointFactory(etat=etat_point, seance=SeanceFactory(etat=etat_seance))
    prevue = prevision(point=point, date_prevue=timezone.localdate() - timedelta(days=1))

    assert prevue.est_inscrite is tient
    assert prevue.est_en_retard is not tient
    assert (prevue in Prevision.objects.a_inscrire()) is not tient


def test_an_item_without_agenda_is_to_be_planned():
    assert prevision() in Prevision.objects.a_inscrire()
    assert prevision(titre="Autre", abandonnee_le=timezone.now()) not in Prevision.objects.a_inscrire()


def test_the_page_warns_of_what_is_past_and_on_no_agenda(client, agent):
    prevision(date_prevue=timezone.localdate() - timedelta(days=3))
    client.force_login(agent)

    html = client.get(reverse("seances:programme", args=["essai", ANNEE])).content.decode()
    journee = client.get(reverse("socle:journee")).content.decode()

    assert "1 point dont le jour est passé" in html.replace("\xa0", " ")
    assert "Mettre à l’ordre du jour, ou déplacer" in journee


def test_a_direction_reads_its_items_and_acts_on_none(client, eau):
    prevision(direction=eau)
    prevision(titre="Rapport des déchets", direction=DirectionFactory())
    client.force_login(agent_de_direction(eau))

    html = client.get(
        reverse("seances:programme", args=["essai", ANNEE]), {"direction": eau.pk}
    ).content.decode()

    assert "Rapport de l’eau" in html
    assert "Rapport des déchets" not in html
    assert "Déplacer" not in html
    assert (
        client.get(reverse("seances:deplacer_prevision", args=[Prevision.objects.first().pk])).status_code
        == 403
    )


def test_four_items_cost_what_one_costs(client, agent):
    client.force_login(agent)

    def fabriquer():
        prevue = prevision(
            titre=f"Rapport {Prevision.objects.count()}", direction=DirectionFactory(), point=PointFactory()
        )
        prevue.deplacements.create(
            de=date(ANNEE, 1, 1), vers=prevue.date_prevue, motif="x", par=CompteFactory()
        )
        recurrence(titre=f"Récurrent {Recurrence.objects.count()}", direction=DirectionFactory())

    constant_queries(client, reverse("seances:programme", args=["essai", ANNEE]), fabriquer)


def test_the_last_year_that_has_a_page_leads_to_no_year_beyond(client, agent):
    MandatureFactory(instance=InstanceFactory())
    client.force_login(agent)
    derniere = timezone.localdate().year + ANNEES_APRES
    html = client.get(reverse("seances:programme", args=["essai", derniere])).content.decode()
    assert reverse("seances:programme", args=["essai", derniere - 1]) in html
    assert reverse("seances:programme", args=["essai", derniere + 1]) not in html


def test_an_item_that_comes_each_year_is_added_then_stopped_and_what_is_planned_stays(agent, eau):
    instance, guichet = InstanceFactory(), Guichet(agent, en_hate=True)
    page = reverse("seances:ajouter_recurrence", args=[instance.cle])
    guichet.valider(page, nature="avis", mois="6", direction=eau.pk)
    assert not instance.recurrences.exists()
    guichet.valider(titre="Rapport de l’eau")
    une = instance.recurrences.get()
    assert (une.mois, une.direction, une.est_active) == (6, eau, True)
    assert "« Rapport de l’eau » revient maintenant chaque année." in guichet.dit
    (prevue,) = programme.preparer_annee(instance, ANNEE, par=agent)

    modifier = reverse("seances:modifier_recurrence", args=[une.pk])
    guichet.valider(modifier, titre="Rapport sur l’eau")
    une.refresh_from_db()
    assert (une.titre, une.est_active) == ("Rapport sur l’eau", True)
    guichet.aller(modifier)
    guichet.main.xpath(".//input[@name='est_active']")[0].checked = False
    guichet.valider()
    une.refresh_from_db()
    prevue.refresh_from_db()
    assert (une.est_active, prevue.titre) == (False, "Rapport de l’eau")
    faits = instance.journal.filter(acte="modifier_recurrence").order_by("pk").values_list("fait", flat=True)
    assert list(faits) == [
        "Point récurrent modifié : Rapport sur l’eau",
        "Point récurrent arrêté : Rapport sur l’eau",
    ]


def test_a_point_of_the_agenda_is_written_again(agent):
    point, guichet = PointFactory(), Guichet(agent, en_hate=True)
    page = reverse("seances:point", args=[point.pk])
    guichet.valider(page, titre="")
    assert point.titre in str(type(point).objects.get())
    guichet.valider(titre="L’eau en 2027", duree="25")

    point.refresh_from_db()
    assert (point.titre, point.duree) == ("L’eau en 2027", 25)
    assert point.seance.journal.get(acte="modifier_point").fait == "Point modifié : L’eau en 2027"
