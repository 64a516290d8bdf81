"""Vote of a budget: one code, one ballot, no link between them, no count before the closing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import BulletinVote, Code, Incompatibilite, ProjetQuartier, Scrutin
from participation.budgets.vote import depouillement, scrutins, urne
from participation.budgets.vote import regles as regles_vote
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from tests.budgets.vote import (
    adresse,
    budget_au_vote,
    clore,
    codes_connus,
    donner,
    scrutin_depouille,
    scrutin_ouvert,
    voter_en_ligne,
)
from tests.outils import a_plusieurs, des_que_possible
from tests.socle.factories import CompteFactory

# Voting


def test_one_votes_on_a_phone_without_script_code_ballot_reading_again_receipt(agent, client):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    page = client.get(adresse("voter", scrutin)).content.decode()
    assert "2 projets au plus" in page
    page = client.post(
        adresse("voter", scrutin), {"etape": "choisir", "code": regles_vote.ecrire_code(code)}
    ).content.decode()
    assert 'name="projet_1"' in page
    assert "2 projets au plus" in page
    reponse = client.post(
        adresse("voter", scrutin),
        {"etape": "relire", "code": code, "projet_1": "1", "projet_2": "1", "projet_3": "1"},
    )
    page = reponse.content.decode()
    assert "Projets choisis : 3. Au plus : 2. À retirer : 1." in page.replace("\u00a0", " ")
    assert page.count("checked") == 3
    page = client.post(
        adresse("voter", scrutin), {"etape": "relire", "code": code, "projet_3": "1"}
    ).content.decode()
    assert "Projet C" in page
    assert "encore choisir 1 projet" in page
    assert not scrutin.bulletins.exists()
    reponse = voter_en_ligne(client, scrutin, code, projet_3="1")
    assert reponse.status_code == 303
    assert reponse.url == adresse("a_vote", scrutin)
    assert scrutin.bulletins.get().choix == "3:1"
    page = client.get(reponse.url).content.decode()
    assert f"{scrutin.pk}|3:1." in page
    assert "qui participe" in page
    ensuite = client.get(reponse.url).content.decode()
    assert f"{scrutin.pk}|3:1." not in ensuite  # shown once
    assert "qui participe" not in ensuite


def test_an_empty_ballot_is_blank_and_said_so_before_it_is_given(agent, client):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    page = client.post(adresse("voter", scrutin), {"etape": "relire", "code": code}).content.decode()
    assert "Votre bulletin est blanc" in page
    voter_en_ligne(client, scrutin, code)
    assert scrutin.bulletins.get().choix == ""


def test_points_are_given_up_to_the_number_of_the_reglement(agent, client):
    scrutin = scrutin_ouvert(agent, mode="points", points=10, nombre_max=3)
    (code,) = codes_connus(scrutin, 1)
    page = client.post(
        adresse("voter", scrutin), {"etape": "relire", "code": code, "projet_1": "8", "projet_2": "4"}
    ).content.decode()
    assert "Points donnés : 12. Au plus : 10. À retirer : 2." in page.replace("\u00a0", " ")
    voter_en_ligne(client, scrutin, code, projet_1="7", projet_2="3", projet_4="abc")
    assert scrutin.bulletins.get().choix == "1:7,2:3"


def test_what_is_forged_in_a_ballot_is_refused_and_takes_no_code(agent, client):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    for choix in ({"projet_1": "2"}, {"projet_1": "1", "projet_2": "1", "projet_4": "1"}):
        assert voter_en_ligne(client, scrutin, code, **choix).status_code == 200
    voter_en_ligne(
        client, scrutin, code, projet_99="1", projet_1="-1"
    )  # unknown or unreadable codes: none is kept
    assert [b.choix for b in scrutin.bulletins.all()] == [""]


def test_each_voter_has_her_own_order_and_keeps_it_from_page_to_page(agent, client):
    scrutin = scrutin_ouvert(agent, budget_au_vote(20000, (100,) * 9))
    ordres = []
    for code in codes_connus(scrutin, 3):
        pages = [
            client.post(adresse("voter", scrutin), {"etape": etape, "code": code, **plus}).content.decode()
            for etape, plus in (("choisir", {}), ("relire", {"modifier": "oui", "projet_2": "1"}))
        ]
        lus = [re.findall(r'name="projet_(\d+)"', page) for page in pages]
        assert lus[0] == lus[1]
        ordres.append(tuple(lus[0]))
    assert len(set(ordres)) > 1


def test_giving_a_ballot_takes_three_statements_at_most(agent, client, django_assert_max_num_queries):
    scrutin = scrutin_ouvert(agent)
    premier, second = codes_connus(scrutin, 2)
    for code, combien in (
        (premier, 4),
        (second, 3),
    ):  # the first request prepares the query and fills the cache of the process
        with django_assert_max_num_queries(combien):
            assert voter_en_ligne(client, scrutin, code, projet_1="1").status_code == 303
    with django_assert_max_num_queries(1):
        client.get(adresse("voter", scrutin), HTTP_HOST="127.0.0.1")


def test_a_ballot_says_which_projects_exclude_each_other(agent, client):
    scrutin = scrutin_ouvert(agent)
    un, autre = sorted(scrutin.projets.values_list("projet", flat=True))[:2]
    Incompatibilite.objects.create(scrutin=scrutin, un_id=un, autre_id=autre, raison="Même place.")
    (code,) = codes_connus(scrutin, 1)

    page = client.post(
        adresse("voter", scrutin), {"etape": "relire", "code": code, "projet_1": "1"}
    ).content.decode()

    assert "ne seront pas retenus tous les deux" in page


def test_a_code_votes_once_and_the_second_try_says_so(agent, client):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    assert voter_en_ligne(client, scrutin, code, projet_1="1").status_code == 303
    reponse = voter_en_ligne(client, scrutin, code, projet_2="1")
    assert reponse.status_code == 409
    assert "son bulletin est bien enregistré" in reponse.content.decode()
    assert [b.choix for b in scrutin.bulletins.all()] == ["1:1"]


@pytest.mark.django_db(transaction=True)
def test_one_code_on_two_phones_at_once_counts_once():
    agent = CompteFactory(agent=True)
    scrutin = scrutin_ouvert(agent)
    for code in codes_connus(scrutin, 5):
        lus = [Scrutin.objects.get(pk=scrutin.pk) for _ in range(4)]
        issues = a_plusieurs(
            4, lambda rang, lus=lus, code=code: urne.voter(lus[rang], code=code, choix=f"{rang + 1}:1")
        )
        assert sum(isinstance(issue, ErreurMetier) for issue in issues) == 3
        assert sum(isinstance(issue, Exception) for issue in issues) == 3
    assert scrutin.bulletins.count() == 5


def test_no_ballot_enters_once_the_last_day_is_past_or_the_vote_is_closed(agent, client):
    scrutin = scrutin_ouvert(agent)
    hier, tard = codes_connus(scrutin, 2)
    Scrutin.objects.filter(pk=scrutin.pk).update(date_fin=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ErreurMetier, match="clos"):
        urne.voter(scrutin, code=hier, choix="1:1")
    assert voter_en_ligne(client, scrutin, hier, projet_1="1").status_code == 409
    assert scrutins.fermer_les_scrutins_passes() == 1
    with pytest.raises(ErreurMetier, match="clos"):
        urne.voter(scrutin, code=tard, choix="1:1")
    assert not scrutin.bulletins.exists()
    assert not Code.objects.filter(est_utilise=True).exists()


def test_guesses_are_stopped_by_the_hundred_and_a_room_that_votes_is_not(agent, client):
    scrutin = scrutin_ouvert(agent)
    bons = codes_connus(scrutin, 40)
    for code in bons[:35]:  # all from one network address: successes are not counted
        assert client.post(adresse("voter", scrutin), {"etape": "choisir", "code": code}).status_code == 200
    for _ in range(5):
        client.post(
            adresse("voter", scrutin), {"etape": "choisir", "code": "ACDE"}
        )  # a typing mistake is not counted as guessing
    statuts = [
        client.post(
            adresse("voter", scrutin), {"etape": "choisir", "code": regles_vote.tirer_code()}
        ).status_code
        for _ in range(60)
    ]
    assert statuts.count(200) == 30
    assert statuts.count(429) == 30
    # Guessing at the last step is limited too; from the same network, a voter with a code can still vote.
    assert voter_en_ligne(client, scrutin, regles_vote.tirer_code(), projet_1="1").status_code == 429
    assert voter_en_ligne(client, scrutin, bons[36], projet_1="1").status_code == 303
    assert client.post(adresse("voter", scrutin), {"etape": "choisir", "code": bons[37]}).status_code == 200


# Secrecy


def test_nothing_of_a_ballot_names_a_code_a_person_an_hour_or_a_place():
    assert [champ.name for champ in BulletinVote._meta.fields] == ["id", "scrutin", "choix"]


def test_closing_writes_all_ballots_again_under_other_numbers_in_another_order(agent):
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, *["1:1", "2:1", "3:1", "4:1"] * 6)
    avant = list(BulletinVote.objects.values_list("pk", flat=True))
    ordre = lire_dans_l_ordre_du_disque()
    clore(scrutin)
    apres = lire_dans_l_ordre_du_disque()
    assert not set(avant) & set(BulletinVote.objects.values_list("pk", flat=True))
    assert sorted(apres) == sorted(ordre)
    assert apres != ordre


def lire_dans_l_ordre_du_disque():
    with connection.cursor() as curseur:
        curseur.execute("SELECT choix FROM budgets_bulletinvote ORDER BY ctid")
        return [choix for (choix,) in curseur.fetchall()]


def compter(requete):
    with connection.cursor() as curseur:
        curseur.execute(requete)
        return curseur.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_once_closed_no_ballot_shares_its_transaction_with_a_code_and_the_pages_hold_no_old_row():
    agent = CompteFactory(agent=True)
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, "1:1", "2:1", "3:1")
    jointure = """SELECT count(*) FROM budgets_bulletinvote b JOIN budgets_code c
        ON b.xmin = c.xmin WHERE c.est_utilise"""
    assert compter(jointure) == 3  # the text of the guide on an open vote
    clore(scrutin)
    assert compter(jointure) == 0
    assert des_que_possible(urne.nettoyer_urnes) == 1
    assert urne.nettoyer_urnes() == 0
    scrutin.refresh_from_db()
    assert scrutin.urne_nettoyee_le is not None
    assert compter("SELECT count(*) FROM budgets_bulletinvote") == 3


def pages_du_vote(client, agent, scrutin):
    """Return the text of every page about an open vote, for the public and for an agent: {URL: text}."""
    budget, projets = scrutin.budget, ProjetQuartier.objects.filter(budget=scrutin.budget_id)
    publiques = [
        "/",
        "/sitemap.xml",
        budget.get_public_url(),
        adresse("scrutin_public", scrutin),
        adresse("voter", scrutin),
        adresse("lire_mon_recu", scrutin),
        adresse("bulletins_pb", scrutin),
        *(p.get_public_url() for p in projets),
        *(
            reverse(f"budgets:donnees_budget_{forme}", args=[budget.pk, quoi])
            for forme in ("csv", "json")
            for quoi in ("idees", "projets")
        ),
    ]
    bureau = [
        "/journee/",
        budget.get_absolute_url(),
        scrutin.get_absolute_url(),
        adresse("suivre_depouillement", scrutin),
        reverse("budgets:projets_quartier", args=[budget.pk]),
        reverse("budgets:projets_quartier", args=[budget.pk]) + "?format=csv",
        *(p.get_absolute_url() for p in projets),
    ]
    client.logout()
    lues = {page: client.get(page) for page in publiques}
    client.force_login(agent)
    lues |= {f"agent {page}": client.get(page) for page in bureau}
    client.logout()
    jeton = re.compile(r"\b[A-Za-z0-9]{64}\b")  # CSRF token, different in each form

    def lue(r):
        corps = b"".join(r) if r.streaming else r.content
        dits = [r.get(nom) for nom in ("ETag", "Last-Modified", "Content-Length", "Cache-Control")]
        return r.status_code, dits, jeton.sub("", corps.decode())

    return {page: lue(r) for page, r in lues.items()}


def test_no_page_list_export_nor_open_data_says_more_of_an_open_vote_whatever_the_ballots(
    agent, client, time_machine
):
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, *["1:1"] * 6)
    time_machine.move_to(timezone.now(), tick=False)  # the open data says the second when it was made
    avant = pages_du_vote(client, agent, scrutin)
    assert avant[adresse("bulletins_pb", scrutin)][0] == 404
    assert avant[f"agent {adresse('suivre_depouillement', scrutin)}"][0] == 404
    assert avant[f"agent {scrutin.get_absolute_url()}"][0] == 200
    BulletinVote.objects.update(choix="4:1")
    apres = pages_du_vote(client, agent, scrutin)
    for page, lue in avant.items():
        assert apres[page] == lue, page


def test_an_open_vote_is_not_counted_by_anybody(agent):
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, "1:1")
    with pytest.raises(ActeInterdit):
        depouillement.depouiller_scrutin(scrutin, par=agent)
    with pytest.raises(ErreurMetier, match="On vote jusqu’au"):
        scrutins.fermer_scrutin(scrutin, par=agent)


def test_between_the_count_and_its_publication_the_public_reads_nothing(agent, client):
    scrutin = scrutin_depouille(agent, "1:1", "1:1", "2:1")
    page = client.get(adresse("scrutin_public", scrutin)).content.decode()
    assert "seront publiés ici" in page
    assert "lauréat" not in page.lower()
    assert client.get(adresse("bulletins_pb", scrutin)).status_code == 404
