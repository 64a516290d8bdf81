"""Triage: questions to the agent, queue, keyboard shortcuts."""

import itertools
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from remontees.models import Remontee
from remontees.parts import actes as parts
from remontees.routage.lectures import destination_de
from remontees.tri import actes as tri
from remontees.tri import lectures as questions
from remontees.workflow import EtatAttribution
from tests.outils import constant_queries, lire
from tests.remontees.factories import (
    AttributionFactory,
    CategorieFactory,
    MessageFactory,
    RapporteurFactory,
    RemonteeFactory,
    categorie,
)
from tests.socle.factories import CompteFactory, DirectionFactory, commune

pytestmark = pytest.mark.django_db


def test_a_category_is_chosen_in_one_click_and_the_queue_stays_on_the_remontee(connecte):
    remontee = RemonteeFactory()
    retour = f"/remontees/trier/?question=a-trier&depuis={remontee.pk}"

    reponse = connecte.post(
        f"{reverse('remontees:classer', args=[remontee.pk])}?retour={retour.replace('&', '%26')}",
        {"categorie": categorie("voirie-eclairage").pk},
        follow=True,
    )

    assert reponse.redirect_chain[0][0] == retour
    assert remontee.reference in reponse.content.decode()
    assert (
        "Catégorie : Rue et espaces publics, éclairage"
        in Remontee.objects.get().journal.get().fait.replace("\xa0", " ")
    )
    # Categories are listed under their theme.
    (liste,) = re.findall(r'<select[^>]*name="categorie".*?</select>', reponse.content.decode(), re.S)
    themes = [mots.split(",")[0] for mots in re.findall(r"<option[^>]*>\s*([^<]+?)\s*</option>", liste)]
    assert len(list(itertools.groupby(themes))) == len(set(themes)) > 5


def repondues():
    return {c.question.cle: c.nombre for c in questions.compter(CompteFactory(referent=True)) if c.nombre}


def test_each_question_finds_what_it_asks(agent):
    vieux = timezone.localtime() - timedelta(days=4)
    RemonteeFactory(a_repondre=True, ouvert_le=vieux)
    RemonteeFactory(a_repondre=True, ouvert_le=vieux, agent=agent)
    RemonteeFactory(a_repondre=True)
    assert repondues() == {"sans-agent": 1}


def test_two_services_and_one_answer_is_a_question():
    dossier = RemonteeFactory(transmise=True)
    AttributionFactory(dossier=dossier, repondue=True)
    AttributionFactory(dossier=dossier)
    AttributionFactory(dossier=RemonteeFactory(transmise=True))

    assert repondues() == {"un-seul-a-repondu": 1}


def test_a_refusal_is_a_question_until_it_is_given_again(agent):
    remontee = RemonteeFactory()
    echeance = timezone.localdate() + timedelta(days=9)
    part = tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=echeance)
    autre = tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=echeance)
    assert "refusee" not in repondues()

    parts.refuser_attribution(part, par=None, motif="Pas nous.")
    assert repondues()["refusee"] == 1
    assert autre.etat == EtatAttribution.ENVOYEE

    tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=echeance)
    assert "refusee" not in repondues()


def test_a_message_after_the_answer_is_a_question_until_it_is_read():
    message = MessageFactory(remontee=RemonteeFactory(repondue=True), est_apres_cloture=True)
    MessageFactory(remontee=RemonteeFactory(repondue=True))
    assert repondues() == {"message-apres-cloture": 1}

    message.lu_le = timezone.now()
    message.save()

    assert repondues() == {}


def test_an_answer_that_is_late_is_a_question(agent):
    remontee = RemonteeFactory()
    tri.attribuer(remontee, par=agent, a=DirectionFactory(), date_limite=timezone.localdate())
    assert "en-retard" not in repondues()

    remontee.echeances.ouvertes().update(date_limite=timezone.localdate() - timedelta(days=1))

    assert repondues()["en-retard"] == 1


def test_the_counts_of_all_the_questions_are_one_query():
    referente = CompteFactory(referent=True)
    assert referente.lit_les_reserves
    assert not referente.remplace
    with CaptureQueriesContext(connection) as requetes:
        questions.compter(referente)

    assert len(requetes) == 1


def test_a_question_not_empty_is_in_the_day_of_an_agent_and_opens_its_list(connecte):
    RemonteeFactory(
        a_repondre=True, ouvert_le=timezone.localtime() - timedelta(days=4), titre="Sans personne"
    )
    RemonteeFactory(a_repondre=True, titre="Toute neuve")

    assert "1 remontée sans agent depuis 3 jours" in lire(connecte.get("/journee/"))
    liste = connecte.get(f"{reverse('remontees:remontees')}?question=sans-agent").content.decode()
    assert "Sans personne" in liste
    assert "Toute neuve" not in liste


def test_the_queue_shows_urgent_ones_then_the_oldest_and_comes_round(agent):
    premiere_venue, deuxieme, urgente = (
        RemonteeFactory(),
        RemonteeFactory(),
        RemonteeFactory(est_urgente=True),
    )
    file = questions.a_trier(Remontee.objects.all())

    ordre, apres = [], None
    for _ in range(4):
        trouvee = questions.suivante(file, apres, qui=agent)
        apres = trouvee.pk
        ordre.append(trouvee)

    assert ordre == [urgente, premiere_venue, deuxieme, urgente]


def test_after_an_act_the_queue_goes_on_to_the_next(connecte):
    une, deux = RemonteeFactory(titre="La première"), RemonteeFactory(titre="La seconde")
    retour = f"/remontees/trier/%3Fquestion=a-trier%26depuis={une.pk}"

    page = connecte.post(
        f"{reverse('remontees:ecarter', args=[une.pk])}?retour={retour}", {"motif": "Un essai."}, follow=True
    )

    assert page.context["remontee"] == deux


@pytest.mark.parametrize(
    "adresse", ["?apres=abc", "?apres=99999999999999999999999", "?question=rien", "?depuis=0"]
)
def test_a_strange_address_of_the_queue_shows_the_queue(connecte, adresse):
    assert connecte.get(f"{reverse('remontees:trier')}{adresse}").status_code == 200


def test_an_empty_queue_says_so(connecte):
    assert "Rien à trier ici" in connecte.get(reverse("remontees:trier")).content.decode()


def test_each_key_is_on_its_button_and_belongs_to_one(connecte):
    ici = commune("Fontaine")
    for _ in range(2):
        RemonteeFactory(commune=ici, categorie=categorie("voirie-eclairage"))

    page = connecte.get(reverse("remontees:trier")).content.decode()

    touches = re.findall(r'data-touche="(.)"', page)
    assert len(touches) == len(set(touches))
    assert {"1", "d", "a", "r", "h", "u", "e", "n", "q", "s"} <= set(touches)
    assert all(f"<kbd>{touche}</kbd>" in page for touche in touches)


def test_a_long_queue_costs_what_a_short_one_costs(connecte):
    constant_queries(
        connecte, reverse("remontees:trier"), lambda: RemonteeFactory(categorie=CategorieFactory())
    )


@pytest.mark.parametrize(
    ("prefere", "phrase"),
    [
        ("courriel", "La personne peut être prévenue par courriel."),
        ("sms", "La personne peut être prévenue par courriel."),
        ("lettre", "Cette personne ne peut pas être prévenue par un envoi"),
        ("aucun", "Cette personne ne veut pas de nouvelles"),
    ],
)
def test_a_person_is_said_to_be_told_only_by_what_leaves_from_here(client, prefere, phrase):
    RapporteurFactory(prefere=prefere, telephone="06 00 00 00 00", adresse="1 rue Haute")
    client.force_login(CompteFactory(agent=True))

    assert phrase in client.get(reverse("remontees:trier")).content.decode()


def test_two_agents_read_different_remontees_and_one_act_is_done_once(client, agent):
    """The one who comes second reads what a colleague did, not that no rule says to whom to give it."""
    premiere, seconde = (RemonteeFactory(categorie=CategorieFactory()) for _ in range(2))
    file, collegue = reverse("remontees:trier"), CompteFactory(agent=True)
    client.force_login(collegue)
    assert premiere.reference in lire(client.get(file))
    client.force_login(agent)
    assert seconde.reference in lire(client.get(file))
    assert "Vous lisez la même" in lire(client.get(file, {"depuis": premiere.pk}))
    vu = destination_de(premiere).vu
    client.force_login(collegue)
    adresse = reverse("remontees:router", args=[premiere.pk])
    client.post(adresse, {"vu": vu})

    client.force_login(agent)
    reponse = client.post(adresse, {"vu": vu})

    assert reponse.status_code == 409
    assert f"est déjà donnée à {premiere.attributions.get().en_phrase}" in lire(reponse)


def test_an_agent_undoes_what_they_have_just_given(connecte):
    remontee = RemonteeFactory(categorie=CategorieFactory())
    connecte.post(reverse("remontees:router", args=[remontee.pk]), {"vu": destination_de(remontee).vu})

    page = lire(connecte.get(reverse("remontees:trier"), {"depuis": remontee.pk}))

    adresse = reverse("remontees:retirer_attribution", args=[remontee.attributions.get().pk])
    assert f'href="{adresse}?retour=' in page
    connecte.post(adresse, {"motif": "Donnée par erreur."})
    remontee.refresh_from_db()
    assert remontee.etat == "nouvelle"
