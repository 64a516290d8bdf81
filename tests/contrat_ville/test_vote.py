"""The vote of a budget: one code gives one ballot, nothing ties one to the other, nobody reads a count before its time."""

import re
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contrat_ville import tasks, vitrine
from contrat_ville.actions import codes_de_vote, depouillement, scrutins, urne
from contrat_ville.models import BulletinVote, Code, Incompatibilite, LotDeCodes, ProjetQuartier, Scrutin
from contrat_ville.regles import codes
from contrat_ville.workflow.inter_quartiers import EtatProjetQuartier
from contrat_ville.workflow.vote import EtatLot, EtatScrutin
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from participation.suites.models import Abonnement
from tests.contrat_ville.inter_quartiers import idee_de
from tests.contrat_ville.monde_vote import (
    budget_au_vote,
    clore,
    codes_connus,
    donner,
    rejouer,
    scrutin_depouille,
    scrutin_en_preparation,
    scrutin_ouvert,
    scrutin_publie,
)
from tests.outils import a_plusieurs
from tests.socle.factories import CompteFactory


@pytest.fixture
def agent(db):
    return CompteFactory(agent=True)


@pytest.fixture
def autre_agent(db):
    return CompteFactory(agent=True)


def adresse(nom, scrutin):
    return reverse(f"contrat_ville:{nom}", args=[scrutin.pk])


def voter_en_ligne(client, scrutin, code, **choix):
    return client.post(adresse("voter", scrutin), {"etape": "voter", "code": code, **choix})


# Codes


def test_a_typing_mistake_in_a_code_is_seen_before_any_look_at_the_database():
    for _ in range(30):
        code = codes.tirer()
        assert codes.lire(f" {codes.ecrire(code).lower()} ") == code
        for rang, lettre in enumerate(code):
            autre = codes.ALPHABET[(codes.ALPHABET.index(lettre) + 5) % len(codes.ALPHABET)]
            assert codes.lire(code[:rang] + autre + code[rang + 1 :]) == ""
        assert codes.lire(code[:-1]) == codes.lire(code + "A") == codes.lire("É" * 12) == ""


def test_the_database_keeps_of_a_code_nothing_that_another_vote_or_another_key_would_give(agent, settings):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    gardee = Code.objects.get().empreinte
    assert code not in gardee
    assert gardee == urne.empreinte_de(scrutin, code)
    assert gardee != codes.empreinte(code, "un autre sel", b"codes-de-vote:" + settings.SECRET_KEY.encode())
    assert gardee != codes.empreinte(code, scrutin.sel, b"")


def test_sheets_are_made_by_the_worker_as_a_tagged_pdf_and_erased_once_handed_over(agent, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scrutin = scrutin_en_preparation(agent)
    lot = codes_de_vote.creer_lot(scrutin, par=agent, nature="feuilles", nombre=3, libelle="Maison")
    assert codes_de_vote.faire_lot(lot.pk)
    assert not codes_de_vote.faire_lot(lot.pk)
    lot.refresh_from_db()
    assert (lot.etat, lot.codes.count()) == (EtatLot.PRET, 3)
    import pikepdf

    with pikepdf.open(lot.fichier.path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "StructTreeRoot" in str(list(pdf.Root.keys()))
    chemin = lot.fichier.path
    with_commit(lambda: codes_de_vote.remettre_lot(lot, par=agent))
    lot.refresh_from_db()
    assert lot.etat == EtatLot.REMIS
    assert not lot.fichier
    assert not __import__("pathlib").Path(chemin).exists()


def with_commit(acte):
    from django.test.testcases import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        acte()


def test_letters_print_one_page_for_each_address_and_forget_the_addresses(agent, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scrutin = scrutin_en_preparation(agent)
    adresses = ["Ana Test\n1 rue d’Essai\n38000 Grenoble", "Bo Test\n2 rue d’Essai\n38130 Échirolles"]
    lot = codes_de_vote.creer_lot(scrutin, par=agent, nature="lettres", destinataires=adresses)
    assert codes_de_vote.faire_lot(lot.pk)
    lot.refresh_from_db()
    assert lot.destinataires == []
    import pikepdf

    with pikepdf.open(lot.fichier.path) as pdf:
        assert len(pdf.pages) >= 2


def test_a_mailbox_is_sent_one_code_of_a_vote_and_the_code_works(agent, client):
    scrutin = scrutin_ouvert(agent)
    for adresses in (["a@example.org", "b@example.org"], ["b@example.org", "c@example.org"]):
        lot = codes_de_vote.creer_lot(scrutin, par=agent, nature="courriels", destinataires=adresses)
        assert codes_de_vote.faire_lot(lot.pk)
        lot.refresh_from_db()
        assert lot.destinataires == []
    lettres = {c.destinataires[0]: c.corps for c in Courriel.objects.filter(sujet__startswith="Votre code")}
    assert sorted(lettres) == ["a@example.org", "b@example.org", "c@example.org"]
    assert scrutin.codes.count() == 3
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", lettres["b@example.org"])[0]
    assert voter_en_ligne(client, scrutin, code, projet_1="1").status_code == 303


def test_a_lost_code_is_revoked_by_its_number_with_a_reason_and_votes_no_more(agent):
    scrutin = scrutin_ouvert(agent)
    perdu, servi = codes_connus(scrutin, 2)
    codes_de_vote.revoquer_code(scrutin, par=agent, numero=1, motif="Feuille perdue")
    with pytest.raises(ErreurMetier, match="révoqué"):
        urne.voter(scrutin, code=perdu, choix="1:1")
    urne.voter(scrutin, code=servi, choix="1:1")
    with pytest.raises(ValidationError, match="déjà servi"):
        codes_de_vote.revoquer_code(scrutin, par=agent, numero=2, motif="Trop tard")
    with pytest.raises(ValidationError, match="pas de code"):
        codes_de_vote.revoquer_code(scrutin, par=agent, numero=99, motif="Inconnu")
    assert scrutin.journal.filter(acte="revoquer_code", motif="Feuille perdue").count() == 1


def test_a_lost_bundle_gives_no_vote_but_the_ballots_already_given_count(agent):
    scrutin = scrutin_ouvert(agent)
    servi, perdu = codes_connus(scrutin, 2)
    urne.voter(scrutin, code=servi, choix="1:1")
    assert codes_de_vote.revoquer_lot(LotDeCodes.objects.get(), par=agent, motif="Carton volé") == 1
    with pytest.raises(ErreurMetier, match="révoqué"):
        urne.voter(scrutin, code=perdu, choix="1:1")
    assert scrutin.bulletins.count() == 1


def test_the_desk_gives_a_code_once_and_the_journal_never_holds_it(agent):
    scrutin = scrutin_ouvert(agent)
    accueil = CompteFactory(accueil=True)
    numero, code = codes_de_vote.remettre_code(scrutin, par=accueil, raison="Sans feuille")
    codes_de_vote.remettre_code(scrutin, par=accueil, raison="Sans feuille")
    assert LotDeCodes.objects.get().codes.count() == 2
    lignes = " ".join(f"{li.fait} {li.motif} {li.details}" for li in scrutin.journal.all())
    assert f"n° {numero}" in lignes
    assert code not in lignes
    urne.voter(scrutin, code=code, choix="")
    with pytest.raises(RoleInsuffisant):
        codes_de_vote.remettre_code(scrutin, par=CompteFactory(), raison="Moi")


# To vote


def test_one_votes_on_a_phone_without_script_code_ballot_reading_again_receipt(agent, client):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    page = client.get(adresse("voter", scrutin)).content.decode()
    assert "2 projets au plus" in page
    page = client.post(
        adresse("voter", scrutin), {"etape": "choisir", "code": codes.ecrire(code)}
    ).content.decode()
    assert 'name="projet_1"' in page
    assert "2 projets au plus" in page
    reponse = client.post(
        adresse("voter", scrutin),
        {"etape": "relire", "code": code, "projet_1": "1", "projet_2": "1", "projet_3": "1"},
    )
    page = reponse.content.decode()
    assert "Vous avez choisi 3 projets. Le maximum est 2" in page.replace("\u00a0", " ")
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
    assert f"{scrutin.pk}|3:1." not in client.get(reponse.url).content.decode()  # shown once


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
    assert "Vous avez donné 12 points. Le maximum est 10" in page.replace("\u00a0", " ")
    voter_en_ligne(client, scrutin, code, projet_1="7", projet_2="3", projet_4="abc")
    assert scrutin.bulletins.get().choix == "1:7,2:3"


def test_what_is_forged_in_a_ballot_is_refused_and_takes_no_code(agent, client):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    for choix in ({"projet_1": "2"}, {"projet_1": "1", "projet_2": "1", "projet_4": "1"}):
        assert voter_en_ligne(client, scrutin, code, **choix).status_code == 200
    voter_en_ligne(
        client, scrutin, code, projet_99="1", projet_1="-1"
    )  # unknown and unreadable: nothing of them
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
    ):  # the first prepares the statement and reads the list of the process
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
    assert "déjà voté" in reponse.content.decode()
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
    for code in bons[:35]:  # all from one address: what succeeds is not counted
        assert client.post(adresse("voter", scrutin), {"etape": "choisir", "code": code}).status_code == 200
    for _ in range(5):
        client.post(
            adresse("voter", scrutin), {"etape": "choisir", "code": "ACDE"}
        )  # a typing mistake is not a guess
    statuts = [
        client.post(adresse("voter", scrutin), {"etape": "choisir", "code": codes.tirer()}).status_code
        for _ in range(250)
    ]
    assert statuts.count(200) == 30
    assert statuts.count(429) == 220
    # Guessing by the last step is no way round, even with a code that exists.
    assert voter_en_ligne(client, scrutin, bons[36], projet_1="1").status_code == 429
    # Elsewhere, people vote.
    ailleurs = client.post(
        adresse("voter", scrutin),
        {"etape": "voter", "code": bons[37], "projet_1": "1"},
        REMOTE_ADDR="192.0.2.77",
    )
    assert ailleurs.status_code == 303


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
        curseur.execute("SELECT choix FROM contrat_ville_bulletinvote ORDER BY ctid")
        return [choix for (choix,) in curseur.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_once_closed_no_ballot_shares_its_transaction_with_a_code_and_the_pages_hold_no_old_row():
    agent = CompteFactory(agent=True)
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, "1:1", "2:1", "3:1")
    jointure = """SELECT count(*) FROM contrat_ville_bulletinvote b JOIN contrat_ville_code c
        ON b.xmin = c.xmin WHERE c.est_utilise"""
    assert compter(jointure) == 3  # what the guide says of an open vote
    clore(scrutin)
    assert compter(jointure) == 0
    # The other process of the run has transactions of its own on the same server: the box waits for them, as it must.
    fin = time.monotonic() + 300
    while not (nettoyees := urne.nettoyer_urnes()) and time.monotonic() < fin:
        time.sleep(0.1)
    assert nettoyees == 1
    assert urne.nettoyer_urnes() == 0
    scrutin.refresh_from_db()
    assert scrutin.urne_nettoyee_le is not None
    assert compter("SELECT count(*) FROM contrat_ville_bulletinvote") == 3


def compter(requete):
    with connection.cursor() as curseur:
        curseur.execute(requete)
        return curseur.fetchone()[0]


def pages_du_vote(client, agent, scrutin):
    """All that may be read of an open vote, by everybody and by an agent: {address: what it says}."""
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
            reverse(f"contrat_ville:donnees_budget_{forme}", args=[budget.pk, quoi])
            for forme in ("csv", "json")
            for quoi in ("idees", "projets")
        ),
    ]
    bureau = [
        "/journee/",
        budget.get_absolute_url(),
        scrutin.get_absolute_url(),
        adresse("suivre_depouillement", scrutin),
        reverse("contrat_ville:projets_quartier", args=[budget.pk]),
        reverse("contrat_ville:projets_quartier", args=[budget.pk]) + "?format=csv",
        *(p.get_absolute_url() for p in projets),
    ]
    client.logout()
    lues = {page: client.get(page) for page in publiques}
    client.force_login(agent)
    lues |= {f"agent {page}": client.get(page) for page in bureau}
    client.logout()
    jeton = re.compile(r"\b[A-Za-z0-9]{64}\b")  # of the form, another each time

    def lue(r):
        corps = b"".join(r) if r.streaming else r.content
        dits = [r.get(nom) for nom in ("ETag", "Last-Modified", "Content-Length", "Cache-Control")]
        return r.status_code, dits, jeton.sub("", corps.decode())

    return {page: lue(r) for page, r in lues.items()}


def test_no_page_list_export_nor_open_data_says_more_of_an_open_vote_whatever_the_ballots(agent, client):
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, *["1:1"] * 6)
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


# Before and around


def test_opening_freezes_the_list_the_costs_the_sum_and_draws_the_seed(agent):
    budget = budget_au_vote()
    scrutin = scrutin_ouvert(agent, budget)
    lignes = list(scrutin.projets.values_list("numero", "titre", "cout"))
    assert [n for n, _, _ in lignes] == [1, 2, 3, 4]
    assert len(scrutin.graine) == 16
    assert scrutin.montant == 7000
    ProjetQuartier.objects.update(titre="Changé", cout=1)
    assert list(scrutin.projets.values_list("numero", "titre", "cout")) == lignes
    with pytest.raises(ActeInterdit):
        scrutins.regler_scrutin(scrutin, par=agent, nombre_max=1)


def test_a_vote_does_not_open_out_of_its_phase_nor_with_a_project_dearer_than_the_budget(agent):
    budget = budget_au_vote(montant=3000)
    scrutin = scrutin_en_preparation(agent, budget)
    assert "coûte plus que tout le budget" in " ".join(scrutin.manques("ouvrir_scrutin", agent))
    budget.phases.update(
        date_debut=timezone.localdate() + timedelta(days=3), date_fin=timezone.localdate() + timedelta(days=9)
    )
    with pytest.raises(ErreurMetier, match="à partir du"):
        scrutins.ouvrir_scrutin(Scrutin.objects.get(), par=agent)


def test_a_budget_has_one_vote_at_a_time_and_a_cancelled_one_leaves_its_place(agent):
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, "1:1")
    with pytest.raises(ValidationError, match="déjà son vote"):
        scrutin_en_preparation(agent, scrutin.budget)
    scrutins.annuler_scrutin(scrutin, par=agent, motif="Une liste fausse.")
    assert not scrutin.bulletins.exists()
    scrutin_en_preparation(agent, scrutin.budget)


# Paper


def test_a_code_exchanged_for_a_paper_ballot_votes_no_more_online(agent):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    codes_de_vote.emarger_papier(scrutin, par=agent, code=codes.ecrire(code))
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
    assert "Projet D" in section  # both are in: the difference is shown
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
        section = vitrine.section_journee(qui)
        return [tache.quoi for tache in section.taches] if section else []

    scrutin = scrutin_en_preparation(agent)
    assert "Ouvrir le vote" in attend(agent)
    scrutins.ouvrir_scrutin(scrutin, par=agent)
    assert [e.url for e in vitrine.menu_bureau(accueil)] == [scrutin.get_absolute_url()]
    client.force_login(accueil)  # the budget is closed to her: no page of hers leads there
    for page in (scrutin.get_absolute_url(), reverse("contrat_ville:emarger_papier", args=[scrutin.pk])):
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
    (compter,) = [t for t in vitrine.section_journee(agent).taches if t.quoi == "Dépouiller le vote"]
    assert compter.depuis == Scrutin.objects.get().ferme_le
    depouillement.compter_bulletins(depouillement.depouiller_scrutin(scrutin, par=agent).pk)
    assert attend(agent) == ["Relire et publier les résultats"]
    assert attend(accueil) == []


# The count and after


def test_a_closed_vote_is_counted_compared_proclaimed_told_and_replayed_from_what_is_published(
    agent, client, tmp_path
):
    scrutin = scrutin_ouvert(agent)
    projets = {projet.titre[-1]: projet for projet in ProjetQuartier.objects.all()}
    for lettre, qui in (("A", "lea"), ("B", "bo"), ("D", "dan")):
        idee_de(scrutin.budget, etat="reunie", projet_quartier=projets[lettre], courriel=f"{qui}@example.org")
    Abonnement.objects.create(
        dossier=projets["A"], courriel="abonnee@example.org", confirme_le=timezone.now()
    )
    donner(scrutin, *["1:1,2:1", "1:1", "2:1,3:1", "2:1", ""] * 4)
    clore(scrutin)
    client.force_login(agent)

    client.post(adresse("depouiller_scrutin", scrutin))
    progres = client.get(scrutin.get_absolute_url()).content.decode()
    assert 'data-hx-trigger="every 2s"' in progres
    tasks.compter_bulletins(scrutin.depouillements.get().pk)
    relu = client.get(scrutin.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "celle du règlement" in relu
    assert "Les plus soutenus d’abord" in relu
    assert set(ProjetQuartier.objects.values_list("etat", flat=True)) == {EtatProjetQuartier.AU_VOTE}
    assert not Courriel.objects.filter(acte="contrat_ville/proclamer_projet").exists()
    client.post(adresse("publier_resultats", scrutin))
    client.logout()

    etats = {projet.titre[-1]: projet.etat for projet in ProjetQuartier.objects.all()}
    gagne, perdu = EtatProjetQuartier.LAUREAT, EtatProjetQuartier.NON_RETENU
    assert etats == {"A": gagne, "B": gagne, "C": perdu, "D": perdu}
    assert ProjetQuartier.objects.get(titre="Projet B").phrase_du_vote == "12 bulletins l’ont choisi, sur 16."
    lettres = Courriel.objects.filter(acte="contrat_ville/proclamer_projet")
    assert {c.destinataires[0]: c.sujet.partition(" :")[0] for c in lettres} == {
        "lea@example.org": "Lauréat",
        "bo@example.org": "Lauréat",
        "abonnee@example.org": "Lauréat",
        "dan@example.org": "Non retenu par le vote",
    }
    page = client.get(adresse("scrutin_public", scrutin)).content.decode().replace("&nbsp;", " ")
    assert "2 projets lauréats, pour 7 000 €" in page.replace("\u00a0", " ")
    assert scrutin.graine in page
    assert "12 bulletins l’ont choisi" in client.get(projets["B"].get_public_url()).content.decode()

    fichiers = {}
    for nom, url in (
        ("bulletins.pb", adresse("bulletins_pb", scrutin)),
        ("rejouer.py", reverse("contrat_ville:rejouer_py")),
    ):
        assert url in page
        fichiers[nom] = tmp_path / nom
        fichiers[nom].write_bytes(client.get(url).content)
    assert "blancs=4" in fichiers["bulletins.pb"].read_text()
    numeros, dernier = rejouer(*fichiers.values())
    assert numeros == [str(ligne.numero) for ligne in depouillement.gagnants(scrutin)]
    assert "publié" in dernier


def test_the_receipt_says_after_the_count_what_my_voice_paid_for_and_is_only_ours(agent, client):
    from contrat_ville.views.vote.voter import recu

    scrutin = scrutin_depouille(agent, "1:1,2:1", "1:1", "2:1,3:1", "2:1")
    texte = recu(scrutin.pk, "1:1,2:1")
    assert (
        "ne sont pas encore publiés"
        in client.post(adresse("lire_mon_recu", scrutin), {"recu": texte}).content.decode()
    )
    depouillement.publier_resultats(scrutin, par=agent)
    page = client.post(adresse("lire_mon_recu", scrutin), {"recu": f"Mon reçu :\n{texte}"}).content.decode()
    assert "Projet A" in page
    assert "1 bulletin identique" in page.replace("\u00a0", " ").replace("&nbsp;", " ")
    faux = texte.replace("2:1", "3:1")
    assert client.post(adresse("lire_mon_recu", scrutin), {"recu": faux}).status_code == 400
    autre = recu(scrutin.pk + 1, "1:1")
    assert client.post(adresse("lire_mon_recu", scrutin), {"recu": autre}).status_code == 400


def test_a_reasoned_override_is_applied_after_the_count_within_the_budget_and_shown(agent, client):
    scrutin = scrutin_depouille(agent, "1:1,2:1", "1:1", "2:1,3:1", "2:1")
    ligne = {ligne.titre: ligne for ligne in scrutin.projets.all()}
    with pytest.raises(ErreurMetier, match="Écartez d’abord"):
        depouillement.deroger(scrutin, par=agent, ligne=ligne["Projet C"], raison="Plus utile.")
    depouillement.deroger(scrutin, par=agent, ligne=ligne["Projet A"], raison="Le terrain n’est plus libre.")
    ajout = depouillement.deroger(scrutin, par=agent, ligne=ligne["Projet C"], raison="Il prend la place.")
    assert [x.titre for x in depouillement.gagnants(scrutin)] == ["Projet B", "Projet C"]
    with pytest.raises(ErreurMetier, match="dépassé"):
        depouillement.lever_derogation(scrutin.derogations.exclude(pk=ajout.pk).get(), par=agent)
    depouillement.publier_resultats(scrutin, par=agent)
    page = client.get(adresse("scrutin_public", scrutin)).content.decode()
    assert "Le terrain n’est plus libre." in page
    assert ProjetQuartier.objects.get(titre="Projet A").etat == EtatProjetQuartier.NON_RETENU


def test_incompatible_projects_are_never_both_taken(agent):
    budget = budget_au_vote()
    scrutin = scrutin_en_preparation(agent, budget)
    a, b = ProjetQuartier.objects.order_by("pk")[:2]
    scrutins.declarer_incompatibles(scrutin, par=agent, un=b, autre=a, raison="Même place")
    with pytest.raises(ValidationError):
        scrutins.declarer_incompatibles(scrutin, par=agent, un=a, autre=b, raison="Encore")
    with pytest.raises(ValidationError, match="différents"):
        scrutins.declarer_incompatibles(scrutin, par=agent, un=a, autre=a, raison="Lui-même")
    scrutins.ouvrir_scrutin(scrutin, par=agent)
    donner(scrutin, *["1:1,2:1"] * 5)
    clore(scrutin)
    demande = depouillement.depouiller_scrutin(scrutin, par=agent)
    depouillement.compter_bulletins(demande.pk)
    assert len({x.titre for x in depouillement.gagnants(scrutin)} & {"Projet A", "Projet B"}) == 1


def test_a_count_killed_in_the_middle_is_taken_up_and_one_that_fails_three_times_says_so(agent, monkeypatch):
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, "1:1")
    clore(scrutin)
    demande = depouillement.depouiller_scrutin(scrutin, par=agent)
    assert depouillement.depouillements_abandonnes() == []
    type(demande).objects.update(demande_le=timezone.now() - timedelta(minutes=10))
    assert depouillement.depouillements_abandonnes() == [demande.pk]

    def tomber(*_a, **_k):
        raise RuntimeError("en panne")

    monkeypatch.setattr(depouillement, "ecrire_pb", tomber)
    assert [depouillement.compter_bulletins(demande.pk) for _ in range(4)] == [False] * 4
    demande.refresh_from_db()
    assert (demande.etat, demande.tentatives) == ("echec", 3)
    monkeypatch.undo()
    seconde = depouillement.depouiller_scrutin(scrutin, par=agent)
    assert depouillement.compter_bulletins(seconde.pk)
    assert Scrutin.objects.get().etat == EtatScrutin.DEPOUILLE


def test_nothing_on_screen_is_called_by_a_word_that_the_law_keeps(agent, client):
    scrutin = scrutin_publie(agent, "1:1", "2:1")
    client.force_login(agent)
    pages = [
        adresse("scrutin_public", scrutin),
        scrutin.get_absolute_url(),
        adresse("lire_mon_recu", scrutin),
    ]
    for page in pages:
        assert not re.search("référendum|votation", client.get(page).content.decode(), re.IGNORECASE)
