"""A réponse argumentée: every proposition answered, read by the élu in charge before it leaves, given back at a meeting."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.engagements import reponses
from participation.engagements.models import ReponseArgumentee
from participation.engagements.workflow import EtatProposition, EtatReponse
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from tests.engagements.factories import CollectifFactory, LigneFactory, PropositionFactory, ReponseFactory
from tests.outils import jour, pdf_rapides
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def elue():
    return CompteFactory(elu=True)


def test_an_answer_leaves_whole_once_the_elue_read_it_and_owes_a_restitution(
    client, agent, elue, monkeypatch
):
    pdf_rapides(monkeypatch)
    agora = CollectifFactory()
    une, deux = (PropositionFactory(collectif=agora, publiee=True, numero=str(n)) for n in (1, 2))
    PropositionFactory(collectif=agora)  # not published
    PropositionFactory(collectif=agora, retenue=True)  # answered
    reponse = reponses.preparer_reponse(
        ReponseArgumentee(), par=agent, collectif=agora, titre="Réponse à l’Agora", introduction="", elu=elue
    )
    oui, non = reponse.lignes.order_by("proposition__numero")
    assert (oui.proposition, non.proposition) == (une, deux)
    with pytest.raises(ErreurMetier, match="2 propositions attendent"):
        reponses.soumettre_reponse(reponse, par=agent)
    champs = {"deliberation": "", "date_limite": None}
    reponses.repondre_ligne(oui, par=agent, sens="retenue", retour="Oui, en mai.", **champs)
    reponses.repondre_ligne(non, par=agent, sens="non_retenue", retour="C’est à l’État.", **champs)
    reponses.soumettre_reponse(reponse, par=agent)
    with pytest.raises(RoleInsuffisant):
        reponses.viser_reponse(reponse, par=agent)
    with pytest.raises(RoleInsuffisant):
        reponses.viser_reponse(reponse, par=CompteFactory(elu=True))
    reponses.viser_reponse(reponse, par=elue)
    with pytest.raises(ErreurMetier, match="doit une restitution"):
        reponses.publier_reponse(reponse, par=agent)
    reponses.preparer_restitution(
        reponse, par=agent, date=jour(9), heure=timezone.now().time(), restitution_lieu="Salle 1"
    )
    client.force_login(agent)

    reponses.publier_reponse(reponse, par=agent)

    une.refresh_from_db()
    deux.refresh_from_db()
    assert (une.etat, deux.etat) == (EtatProposition.RETENUE, EtatProposition.NON_RETENUE)
    lettres = Courriel.objects.filter(destinataires__contains=[agora.courriel])
    assert [lettre.acte for lettre in lettres] == ["engagements/publier_reponse"]  # one, for all the answers
    page = client.get(reponse.get_public_url()).content.decode()
    assert "C’est à l’État." in page
    assert "Salle 1" in page
    livret = reponse.documents.get(nature="engagements/reponse")
    assert [ligne["sens"] for ligne in livret.donnees["lignes"]] == ["Oui", "Non"]
    rappel = reponse.echeances.get()
    assert rappel.date_limite == jour(9)
    with pytest.raises(ValidationError, match="attendez"):
        reponses.rendre_reponse(reponse, par=agent, compte_rendu="Merci.")


def test_what_the_elue_asks_to_correct_goes_back_to_who_writes(client, elue):
    reponse = ReponseFactory(etat=EtatReponse.A_LIRE, elu=elue)
    client.force_login(elue)

    client.post(reverse("engagements:renvoyer_reponse", args=[reponse.pk]), {"motif": "Trop long."})

    reponse.refresh_from_db()
    assert reponse.etat == EtatReponse.A_ECRIRE
    lettre = Courriel.objects.get(acte="engagements/viser_reponse")
    assert lettre.destinataires == [reponse.agent.courriel]
    assert "Trop long." in lettre.corps


def test_an_elue_finds_what_she_has_to_read_and_only_hers(client, elue):
    sienne, autre = (
        ReponseFactory(etat=EtatReponse.A_LIRE, elu=compte) for compte in (elue, CompteFactory())
    )
    client.force_login(elue)

    assert client.get(sienne.get_absolute_url()).status_code == 200
    assert client.get(autre.get_absolute_url()).status_code == 404
    assert sienne.titre in client.get(reverse("socle:journee")).content.decode()


def test_a_text_that_was_read_is_read_again_once_it_changes(agent):
    lue = ReponseFactory(lue=True)

    reponses.reprendre_reponse(lue, par=agent)

    lue.refresh_from_db()
    assert (lue.etat, lue.lue_le) == (EtatReponse.A_ECRIRE, None)


def test_a_proposition_waits_in_one_answer_at_a_time(agent):
    ligne = LigneFactory()
    autre = ReponseFactory(collectif=ligne.reponse.collectif)

    assert reponses.ajouter_lignes(autre, par=agent) == 0
    reponses.retirer_ligne(ligne, par=agent)
    assert reponses.ajouter_lignes(autre, par=agent) == 1


def test_a_refusal_has_no_day(agent):
    with pytest.raises(ValidationError, match="ne donnez pas de date"):
        reponses.repondre_ligne(
            LigneFactory(), par=agent, sens="non_retenue", retour="Non.", deliberation="", date_limite=jour(9)
        )


def test_what_was_said_at_the_restitution_is_public(client, agent):
    publiee = ReponseFactory(publiee=True)

    reponses.rendre_reponse(publiee, par=agent, compte_rendu="On demande des bancs avant l’été.")

    assert "avant l’été" in client.get(publiee.get_public_url()).content.decode()
