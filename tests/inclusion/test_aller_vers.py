"""Actions of aller-vers: planned, told, cancelled; the needs of the meetings to come."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.inclusion import aller_vers
from participation.inclusion.models import ActionAllerVers
from participation.inclusion.workflow import EtatAction
from participation.socle.models import Quartier
from tests.budgets.factories import forum_le, inscription_a
from tests.greffons.guichet import Guichet
from tests.inclusion.factories import ActionFactory, prevoir
from tests.outils import constant_queries, jour
from tests.rencontres.factories import InscriptionFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


def test_an_action_is_planned_reminded_told_and_counted(client, agent):
    reponse = client.post(
        reverse("inclusion:prevoir_aller_vers"),
        {
            "titre": "Café au pied de la tour",
            "date_prevue": jour(0).isoformat(),
            "lieu": "Tour 3",
            "commune": commune("Meylan").pk,
            "public": "Les 15 à 29 ans",
        },
    )
    action = ActionAllerVers.objects.get()
    assert reponse.url == action.get_absolute_url()
    assert action.reference.startswith("ALV-")
    rappel = action.echeances.get()
    assert (rappel.date_limite, rappel.responsable) == (jour(0), agent)

    client.post(
        reverse("inclusion:raconter_aller_vers", args=[action.pk]),
        {"rencontrees": "20", "venues": "", "heures": "3", "cout": "50", "bilan": "On parle des bus."},
    )
    action.refresh_from_db()
    assert action.etat == EtatAction.FAITE
    assert not action.echeances.ouvertes().exists()
    page = client.get(action.get_absolute_url()).content.decode()
    assert "2,50\u00a0€ par personne rencontrée" in page
    liste = client.get(reverse("inclusion:liste_aller_vers")).content.decode()
    assert "1 action faite, 20 personnes rencontrées" in liste


def test_what_has_not_happened_is_not_told_and_a_quartier_is_of_its_commune(agent):
    action = prevoir(agent, date_prevue=jour(3))
    with pytest.raises(ValidationError, match="changez le jour, ou attendez"):
        aller_vers.raconter_aller_vers(action, par=agent, rencontrees=3)

    ailleurs = Quartier.objects.exclude(commune__nom="Meylan").first()
    with pytest.raises(ValidationError, match="pas à Meylan"):
        prevoir(agent, quartier=ailleurs)


def test_a_cancelled_action_waits_for_nothing_and_says_why(client, agent):
    action = prevoir(agent)

    client.post(reverse("inclusion:annuler_aller_vers", args=[action.pk]), {"motif": "Pluie."})

    action.refresh_from_db()
    assert action.etat == EtatAction.ANNULEE
    assert action.journal.latest("pk").motif == "Pluie."
    assert not action.echeances.ouvertes().exists()


def test_the_communes_heard_least_come_first_with_the_actions_made_there(client, agent):
    ActionFactory(agent=agent)
    page = client.get(reverse("inclusion:liste_aller_vers")).content.decode()

    assert "Où nous entendons le moins" in page

    page = client.get(reverse("inclusion:prevoir_aller_vers"), {"public": "15 à 29 ans"}).content.decode()
    assert 'value="15 à 29 ans"' in page  # the page of who is missing leads there


def test_needs_said_at_registrations_are_one_list(client, agent):
    forum = forum_le()
    for dite in ("arabe", "العربية", "Arabic", " Арабська"):
        inscription_a(forum, besoins=["interprete"], langue=dite)
    inscription_a(forum, besoins=["garde"], enfants=2)

    page = client.get(reverse("inclusion:besoins")).content.decode()

    assert "Un interprète (arabe)&nbsp;: <strong>4</strong>" in page
    assert "Une garde d’enfants&nbsp;: <strong>2</strong>" in page


def test_the_list_of_needs_costs_as_much_for_many_meetings(client, agent):
    rencontres = (
        InscriptionFactory(besoins=["interprete"], langue=langue) for langue in ("Arabe ", "arabe", "turc")
    )

    constant_queries(client, reverse("inclusion:besoins"), lambda: next(rencontres), lignes=3)

    page = client.get(reverse("inclusion:besoins")).content.decode()
    assert page.count("(arabe)&nbsp;: <strong>1</strong>") == 2


def test_an_action_is_written_again_before_and_after_it_took_place(agent):
    action, guichet = prevoir(agent, date_prevue=jour(3)), Guichet(agent, en_hate=True)
    ailleurs = Quartier.objects.exclude(commune__nom="Meylan").first()
    page = reverse("inclusion:modifier_aller_vers", args=[action.pk])

    guichet.valider(page, quartier=ailleurs.pk)
    assert "pas à Meylan" in guichet.dit
    guichet.valider(page, date_prevue=jour(0).isoformat(), lieu="Tour 4")
    action.refresh_from_db()
    assert (action.lieu, action.communes.get().nom) == ("Tour 4", "Meylan")
    assert action.echeances.get().date_limite == jour(0)  # the reminder follows

    aller_vers.raconter_aller_vers(action, par=agent, rencontrees=3)
    guichet.valider(
        reverse("inclusion:corriger_aller_vers", args=[action.pk]), rencontrees="13", bilan="Des bus."
    )
    action.refresh_from_db()
    assert (action.etat, action.rencontrees, action.bilan) == (EtatAction.FAITE, 13, "Des bus.")
