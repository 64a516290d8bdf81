"""What members and organisers think of a panel: given once, by nobody in particular, counted together."""

import html

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.panels.models import Equipier, ReponseQuestionnaire
from participation.panels.questionnaires import actes
from participation.panels.questionnaires.lectures import questions, resultats
from participation.panels.vitrine import portes_des_membres
from participation.socle.erreurs import ErreurMetier
from tests.panels.factories import PanelFactory
from tests.seances.factories import CollegeFactory, MandatureFactory, MembreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel():
    return PanelFactory(session=True, questionnaires_le=timezone.now())


def test_a_member_answers_once_on_line_and_may_change_it_and_no_row_says_who(client, panel):
    membre = MembreFactory(college=CollegeFactory(mandature=MandatureFactory(instance=panel.instance)))
    client.force_login(membre.compte)
    adresse = reverse("panels:repondre_questionnaire", args=[panel.cle])
    assert portes_des_membres(membre.compte, panel.instance.cle)[0].attend
    assert "Répondez à une question" in html.unescape(client.post(adresse, {}).content.decode())

    assert client.post(adresse, {"question_0": "5", "mots": "Bien."}).status_code == 302
    assert client.post(adresse, {"question_0": "2"}).status_code == 302

    reponse = ReponseQuestionnaire.objects.get()
    assert (reponse.public, reponse.notes[0], reponse.mots) == ("membres", 2, "")
    assert not panel.journal.exists()
    assert not portes_des_membres(membre.compte, panel.instance.cle)[0].attend


def test_the_team_has_its_own_questions_and_a_stranger_none(client, panel, agent):
    equipier = Equipier.objects.create(panel=panel, compte=CompteFactory(), role="animation")
    adresse = reverse("panels:repondre_questionnaire", args=[panel.cle])
    client.force_login(equipier.compte)
    assert client.post(adresse, {"question_0": "4"}).status_code == 302
    assert ReponseQuestionnaire.objects.get().public == "organisateurs"
    client.force_login(CompteFactory())
    assert client.get(adresse).status_code == 404
    with pytest.raises(ErreurMetier, match="déjà ouverts"):
        actes.ouvrir_questionnaires(panel, par=agent)


def test_small_numbers_are_hidden_and_the_evaluation_is_published_with_what_is_learnt(
    client, connecte, panel, agent
):
    combien = len(questions(panel, "membres"))
    for note in (5,) * 7 + (4,) * 5 + (1,):
        actes.saisir_questionnaire(panel, par=agent, notes=[note] * combien)
    membres, equipe = resultats(panel)
    assert dict(membres.questions[0].comptes) == {
        "Tout à fait": "7", "Plutôt oui": "caché", "Entre les deux": "0", "Plutôt non": "0", "Pas du tout": "moins de 5"
    }  # fmt: skip
    assert (equipe.phrase, equipe.questions) == ("Aucune réponse.", [])
    panel.est_publie = True
    panel.save()
    assert 'id="evaluation"' not in client.get(panel.get_public_url()).content.decode()

    dit = {"evaluation": "Plus de temps pour délibérer."}
    assert connecte.post(f"/panels/{panel.pk}/publier-evaluation/", dit).status_code == 302

    publique = client.get(panel.get_public_url()).content.decode()
    assert "Plus de temps pour délibérer." in publique
    assert "moins de 5" in publique
