"""What members and organisers think of a panel: given once, by nobody in particular, counted together."""

import html
import uuid
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.inclusion.papier.actes import imprimer_formulaire
from participation.panels import questionnaires
from participation.panels.models import Equipier, ReponseQuestionnaire
from participation.panels.questionnaires import questions, resultats
from participation.panels.vitrine import papiers, portes_des_membres, section_journee
from participation.socle.actions.comptes import ouvrir_compte_par_poste
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Courrier
from tests.outils import taches_du_jour
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
        questionnaires.ouvrir_questionnaires(panel, par=agent)


def test_small_numbers_are_hidden_and_the_evaluation_is_published_with_what_is_learnt(
    client, connecte, panel, agent
):
    combien = len(questions(panel, "membres"))
    for note in (5,) * 7 + (4,) * 5 + (1,):
        questionnaires.saisir_questionnaire(panel, par=agent, notes=[note] * combien)
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


def test_a_letter_tells_all_that_a_questionnaire_waits_by_mail_or_on_paper_and_once_a_day(
    panel, agent, time_machine
):
    panel = PanelFactory(session=True, agent=agent)
    college = CollegeFactory(mandature=MandatureFactory(instance=panel.instance))
    membre = MembreFactory(college=college)
    MembreFactory(college=college, compte=ouvrir_compte_par_poste(prenom="Odile", nom="Sansboite"))
    Equipier.objects.create(panel=panel, compte=CompteFactory(), role="animation")

    questionnaires.ouvrir_questionnaires(panel, par=agent)

    lettres = Courriel.objects.filter(sujet__startswith="Votre avis")
    assert lettres.count() == 3
    assert f"/panels-citoyens/{panel.cle}/mon-avis/" in unquote(
        lettres.get(destinataires=[membre.compte.courriel]).corps
    )
    assert "Odile" in str(Courrier.objects.get().document.donnees)
    (tache,) = [t for t in taches_du_jour(agent, section_journee) if t.sur_quoi == panel.titre]
    assert (tache.quoi, tache.depuis) == ("Donner votre avis sur le panel", panel.questionnaires_le)
    with pytest.raises(ErreurMetier, match="attendez demain"):
        questionnaires.relancer_questionnaires(panel, par=agent)
    questionnaires.repondre_questionnaire(panel, agent, public="organisateurs", notes=[4] * 6)
    assert not [t for t in taches_du_jour(agent, section_journee) if t.sur_quoi == panel.titre]

    time_machine.move_to(timezone.localtime() + timedelta(days=2))
    questionnaires.relancer_questionnaires(panel, par=agent)

    # Who answered gets it too: to whom it is missing would say whose the free words are.
    assert Courriel.objects.filter(sujet__startswith="Rappel").count() == 3
    questionnaires.publier_evaluation(panel, par=agent, evaluation="Bien.")
    assert not panel.echeances.ouvertes().filter(cle="evaluation").exists()
    with pytest.raises(ErreurMetier, match="n’attend de réponse"):
        questionnaires.relancer_questionnaires(panel, par=agent)


def test_the_questionnaire_is_printed_and_a_row_of_a_table_of_papers_counts_once(panel, agent):
    genre = next(genre for genre in papiers() if genre.cle == "questionnaire")
    numero = uuid.uuid4()
    form = genre.formulaire(panel.pk, {"question_0": "4"}, agent)
    assert form.is_valid()
    for _ in range(2):
        genre.inscrire(panel.pk, form, agent, numero)
    assert ReponseQuestionnaire.objects.get().cle is None

    document = imprimer_formulaire(genre, panel.pk, par=agent, en_gros=False)

    assert document.donnees["questions"][0]["choix"][0] == "Tout à fait"
    assert not document.donnees["courriel"]
