"""Paper ballots: codes crossed off, double entry; pending work of a vote by role."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.budgets import vitrine
from participation.budgets.models import Scrutin
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import depouillement, scrutins, urne
from participation.budgets.vote import regles as regles_vote
from participation.socle.erreurs import ErreurMetier
from tests.budgets.vote import adresse, clore, codes_connus, scrutin_en_preparation, scrutin_ouvert
from tests.outils import taches_du_jour
from tests.socle.factories import CompteFactory


@pytest.fixture
def autre_agent(db):
    return CompteFactory(agent=True)


# Paper


def test_a_code_exchanged_for_a_paper_ballot_votes_no_more_online(agent):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    codes_de_vote.emarger_papier(scrutin, par=agent, code=regles_vote.ecrire_code(code))
    with pytest.raises(ErreurMetier, match="bulletin papier"):
        urne.voter(scrutin, code=code, choix="1:1")
    with pytest.raises(ErreurMetier, match="bulletin papier"):
        codes_de_vote.emarger_papier(scrutin, par=agent, code=code)
    with pytest.raises(ValidationError):
        codes_de_vote.emarger_papier(scrutin, par=agent, code="AAAA")


def papiers(agent, combien):
    scrutin = scrutin_ouvert(agent)
    for code in codes_connus(scrutin, combien):
        codes_de_vote.emarger_papier(scrutin, par=agent, code=code)
    clore(scrutin)
    return scrutin


def test_papers_are_entered_by_two_people_compared_and_settled_before_the_count(agent, autre_agent):
    scrutin = papiers(agent, 3)
    urne.saisir_papier(scrutin, par=agent, numero=1, choix="1:1")
    with pytest.raises(ValidationError, match="autre personne"):
        urne.saisir_papier(scrutin, par=agent, numero=1, choix="1:1")
    assert urne.saisir_papier(scrutin, par=autre_agent, numero=1, choix="1:1").retenu == "1:1"
    urne.saisir_papier(scrutin, par=agent, numero=2, choix="2:1")
    papier = urne.saisir_papier(scrutin, par=autre_agent, numero=2, choix="3:1")
    assert papier.differe
    with pytest.raises(ErreurMetier, match="1 bulletin papier attend"):
        depouillement.depouiller_scrutin(scrutin, par=agent)
    urne.trancher_papier(papier, par=agent, choix="3:1", raison="Mal lu")
    urne.saisir_papier(scrutin, par=agent, numero=3, choix="nul")
    urne.saisir_papier(scrutin, par=autre_agent, numero=3, choix="nul")
    demande = depouillement.depouiller_scrutin(scrutin, par=agent)
    assert depouillement.compter_bulletins(demande.pk)
    demande.refresh_from_db()
    assert (demande.sur_papier, demande.nuls, demande.exprimes) == (3, 1, 2)
    assert demande.voix["1"] == [1, 1]
    assert demande.voix["3"] == [1, 1]


def test_a_paper_entered_under_a_number_that_is_on_none_is_taken_back(agent, autre_agent):
    """Otherwise the vote could never be counted."""
    scrutin = papiers(agent, 1)
    for numero in (1, 11):
        for personne in (agent, autre_agent):
            urne.saisir_papier(scrutin, par=personne, numero=numero, choix="1:1")
    with pytest.raises(ErreurMetier, match="il y en a trop"):
        depouillement.depouiller_scrutin(scrutin, par=agent)
    with pytest.raises(ValidationError, match="sous ce numéro"):
        urne.retirer_papier(scrutin, par=agent, numero=2, motif="Faute de frappe")
    urne.retirer_papier(scrutin, par=agent, numero=11, motif="Faute de frappe")

    assert scrutin.journal.get(acte="retirer_papier").details["retenu"] == "1:1"
    assert depouillement.depouiller_scrutin(scrutin, par=agent)


def test_more_papers_than_codes_struck_off_is_said_before_the_count(agent, autre_agent):
    scrutin = papiers(agent, 0)
    for personne in (agent, autre_agent):
        urne.saisir_papier(scrutin, par=personne, numero=1, choix="1:1")
    with pytest.raises(ErreurMetier, match="il y en a trop"):
        depouillement.depouiller_scrutin(scrutin, par=agent)


def test_who_enters_second_never_reads_what_the_first_typed(agent, autre_agent, client):
    scrutin = papiers(agent, 1)
    urne.saisir_papier(scrutin, par=agent, numero=1, choix="4:1")
    client.force_login(autre_agent)
    section = client.get(scrutin.get_absolute_url()).content.decode().partition('id="papiers"')[2]
    assert "Projet D" not in section.partition("</section>")[0]
    page = client.post(
        adresse("saisir_papier", scrutin), {"numero": "1", "projet_3": "on", "special": ""}, follow=True
    ).content.decode()
    section = page.partition('id="papiers"')[2].partition("</section>")[0]
    assert "Projet D" in section  # both entries are made: the difference is shown
    assert "Projet C" in section


def test_a_paper_with_too_many_projects_is_entered_as_void_not_as_a_choice(agent, client):
    scrutin = papiers(agent, 1)
    client.force_login(agent)
    trop = {"numero": "1", "projet_1": "on", "projet_2": "on", "projet_3": "on", "special": ""}
    reponse = client.post(adresse("saisir_papier", scrutin), trop)
    assert "il est nul" in reponse.content.decode()
    client.post(adresse("saisir_papier", scrutin), {"numero": "1", "special": "nul"})
    assert scrutin.papiers.get().premier == "nul"


def test_what_waits_of_a_vote_is_said_to_who_may_do_it_with_its_age(client, agent, autre_agent):
    accueil = CompteFactory(accueil=True)

    def attend(qui):
        return [tache.quoi for tache in taches_du_jour(qui, vitrine.section_journee)]

    scrutin = scrutin_en_preparation(agent)
    assert "Ouvrir le vote" in attend(agent)
    scrutins.ouvrir_scrutin(scrutin, par=agent)
    assert [e.url for e in vitrine.menu_bureau(accueil)] == [scrutin.get_absolute_url()]
    client.force_login(accueil)  # the budget is closed to this role: no page may link to it
    for page in (scrutin.get_absolute_url(), reverse("budgets:emarger_papier", args=[scrutin.pk])):
        assert f'href="{scrutin.budget.get_absolute_url()}"' not in client.get(page).content.decode()
    assert attend(accueil) == attend(agent) == []
    for code in codes_connus(scrutin, 3):
        codes_de_vote.emarger_papier(scrutin, par=accueil, code=code)
    clore(scrutin)
    assert attend(accueil) == ["Saisir les papiers de l’urne : 3 bulletins papier au plus"]
    urne.saisir_papier(scrutin, par=agent, numero=1, choix="1:1")
    assert "Saisir une seconde fois 1 bulletin papier" in attend(autre_agent)
    assert "Saisir une seconde fois 1 bulletin papier" not in attend(agent)
    urne.saisir_papier(scrutin, par=accueil, numero=1, choix="2:1")
    assert "Trancher 1 bulletin papier" in attend(agent)
    assert not any("Trancher" in quoi for quoi in attend(accueil))
    urne.trancher_papier(scrutin.papiers.get(), par=agent, choix="1:1", raison="Mal lu")
    (compter,) = [t for t in taches_du_jour(agent, vitrine.section_journee) if t.quoi == "Dépouiller le vote"]
    assert compter.depuis == Scrutin.objects.get().ferme_le
    with pytest.raises(ValidationError, match="3 bulletins papier donnés, 1 bulletin papier saisi"):
        depouillement.depouiller_scrutin(scrutin, par=agent)
    lance = depouillement.depouiller_scrutin(scrutin, par=agent, motif="Deux ne sont pas dans l’urne.")
    depouillement.compter_bulletins(lance.pk)
    assert "il en manque 2" in scrutin.journal.get(acte="depouiller_scrutin").motif
    assert attend(agent) == ["Relire et publier les résultats"]
    assert attend(accueil) == []
