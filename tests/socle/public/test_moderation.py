"""A text is not shown for a reason of the public policy; its author contests; somebody else answers."""

import pytest
from django.urls import reverse

from participation.socle.actions.moderation import contester_moderation, juger_moderation
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel, Moderation
from participation.socle.views.moderation import section_moderation
from participation.suites.models import Sollicitation, Verdict
from participation.suites.verdicts import ecarter_mot
from petitions.models import Nouvelle
from petitions.nouvelles import depublier_nouvelle, proposer_nouvelle, publier_nouvelle, refuser_nouvelle
from tests.outils import taches_du_jour
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, raison
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nouvelle():
    petition = PetitionFactory(en_collecte=True)
    return proposer_nouvelle(petition, par=petition.auteur, titre="Du neuf", texte="Le voisin ment.")


@pytest.fixture
def refusee(nouvelle, agent):
    refuser_nouvelle(nouvelle, par=agent, raison=raison(), motif="Il nomme quelqu’un.")
    return Moderation.objects.get()


def test_the_author_contests_by_the_link_and_somebody_else_answers(client, refusee, agent):
    lettre = Courriel.objects.get(acte="petitions/refuser_nouvelle")
    assert "Met en cause une personne" in lettre.corps
    assert refusee.url_contestation[:-50] in lettre.corps
    autre = CompteFactory(agent=True)
    assert taches_du_jour(autre, section_moderation) == []

    client.post(refusee.url_contestation, {"contestation": "Je ne nomme personne."})
    refusee.refresh_from_db()
    assert refusee.contestation == "Je ne nomme personne."
    seconde = client.post(refusee.url_contestation, {"contestation": "Écrit dans une autre fenêtre."})
    assert (seconde.status_code, "Écrit dans une autre fenêtre." in seconde.content.decode()) == (409, True)
    assert "est reçue" in client.get(refusee.url_contestation).content.decode()

    (tache,) = taches_du_jour(autre, section_moderation)
    assert tache.depuis == refusee.contestee_le
    client.force_login(autre)
    journal = client.get(reverse("socle:moderations")).content.decode()
    assert reverse("socle:juger_moderation", args=[refusee.pk]) in journal
    assert taches_du_jour(agent, section_moderation) == [], "Not to who decided."
    client.force_login(agent)
    assert client.get(tache.url).status_code == 403
    client.force_login(autre)
    page = client.get(tache.url).content.decode()
    assert "Je ne nomme personne." in page
    assert "Le voisin ment." in page
    client.post(tache.url, {"issue": "levee", "reponse": "Vous avez raison."}, follow=True)

    refusee.refresh_from_db()
    assert (refusee.issue, refusee.jugee_par) == ("levee", autre)
    assert Nouvelle.objects.get().etat == Nouvelle.Etat.PROPOSEE, "Given back, to be read again."
    assert "Vous avez raison." in Courriel.objects.get(acte="socle/juger_moderation").corps


def test_a_published_message_given_back_is_on_the_page_again(nouvelle, agent):
    publier_nouvelle(nouvelle, par=agent)
    depublier_nouvelle(nouvelle, par=agent, raison=raison(), motif="Il nomme quelqu’un.")
    moderation = Moderation.objects.get()
    contester_moderation(moderation, contestation="Non.")
    juger_moderation(moderation, par=CompteFactory(agent=True), issue="levee", reponse="Oui.")
    assert Nouvelle.objects.get().etat == Nouvelle.Etat.PUBLIEE


def test_a_word_set_aside_is_contested_from_the_page_where_it_was_said(client, agent):
    demande = Sollicitation.objects.create(personne="x", qualite="l’auteur de la pétition")
    suite = SuiteFactory(est_publiee=True)
    verdict = Verdict.objects.create(
        suite=suite, sollicitation=demande, jugement="pas_fait", est_courant=True, mot="Rien."
    )
    ecarter_mot(verdict, par=agent, raison=raison("hors-sujet"), motif="Dites ce qui manque.")
    moderation = Moderation.objects.get()
    page = client.get(reverse("suites:juger", args=[demande.jeton()])).content.decode()
    assert "Dites ce qui manque." in page
    assert f"/moderation/{moderation.pk}:" in page

    contester_moderation(moderation, contestation="C’est ce que je vois.")
    juger_moderation(moderation, par=CompteFactory(agent=True), issue="levee", reponse="Oui.")
    verdict.refresh_from_db()
    assert verdict.mot_est_publie


def test_a_decision_is_contested_and_answered_once(refusee, agent):
    with pytest.raises(ErreurMetier, match="n’attend pas de réponse"):
        juger_moderation(refusee, par=CompteFactory(agent=True), issue="maintenue", reponse="Non.")
    contester_moderation(refusee, contestation="Non.")
    with pytest.raises(ErreurMetier, match="déjà contestée"):
        contester_moderation(refusee, contestation="Encore.")
    with pytest.raises(ErreurMetier, match="une autre personne"):
        juger_moderation(refusee, par=agent, issue="maintenue", reponse="Non.")


def test_the_policy_and_its_log_are_public_without_text_nor_name(client, refusee):
    page = client.get(reverse("socle:moderation")).content.decode()
    for dit in ("Met en cause une personne", "Message de l’auteur non publié", "1 décision,"):
        assert dit in page
    donnees = b"".join(client.get(reverse("socle:moderation_csv"))).decode()
    assert ";personne;" in donnees
    assert "Du neuf" not in donnees
    assert "nomme" not in donnees
