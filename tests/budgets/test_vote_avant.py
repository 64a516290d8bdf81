"""Before a vote: frozen list of projects; codes drawn, printed, sent, handed out, lost."""

import re
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import Code, LotDeCodes, ProjetQuartier, Scrutin
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import regles as regles_vote
from participation.budgets.vote import scrutins, urne
from participation.budgets.workflow.vote import EtatLot
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from tests.budgets.vote import (
    budget_au_vote,
    codes_connus,
    donner,
    scrutin_en_preparation,
    scrutin_ouvert,
    voter_en_ligne,
)
from tests.greffons.guichet import Guichet
from tests.socle.factories import CompteFactory

# Codes


def test_a_typing_mistake_in_a_code_is_seen_before_any_look_at_the_database():
    for _ in range(30):
        code = regles_vote.tirer_code()
        assert regles_vote.lire_code(f" {regles_vote.ecrire_code(code).lower()} ") == code
        for rang, lettre in enumerate(code):
            autre = regles_vote.ALPHABET[(regles_vote.ALPHABET.index(lettre) + 5) % len(regles_vote.ALPHABET)]
            assert regles_vote.lire_code(code[:rang] + autre + code[rang + 1 :]) == ""
        assert (
            regles_vote.lire_code(code[:-1])
            == regles_vote.lire_code(code + "A")
            == regles_vote.lire_code("É" * 12)
            == ""
        )


def test_the_database_keeps_of_a_code_nothing_that_another_vote_or_another_key_would_give(agent, settings):
    scrutin = scrutin_ouvert(agent)
    (code,) = codes_connus(scrutin, 1)
    gardee = Code.objects.get().empreinte
    assert code not in gardee
    assert gardee == urne.empreinte_de(scrutin, code)
    assert gardee != regles_vote.empreinte(
        code, "un autre sel", b"codes-de-vote:" + settings.SECRET_KEY.encode()
    )
    assert gardee != regles_vote.empreinte(code, scrutin.sel, b"")


def test_sheets_are_made_by_the_worker_as_a_tagged_pdf_and_erased_once_handed_over(
    client, agent, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    scrutin = scrutin_en_preparation(agent)
    lot = codes_de_vote.creer_lot(scrutin, par=agent, nature="feuilles", nombre=3, libelle="Maison")
    assert codes_de_vote.faire_lot(lot.pk)
    assert not codes_de_vote.faire_lot(lot.pk)
    lot.refresh_from_db()
    assert (lot.etat, lot.codes.count()) == (EtatLot.PRET, 3)
    with pikepdf.open(lot.fichier.path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "StructTreeRoot" in str(list(pdf.Root.keys()))
    chemin = lot.fichier.path
    client.force_login(agent)
    adresse = reverse("budgets:imprimer_codes", args=[lot.pk])
    assert client.get(adresse).status_code == 405
    pdf = client.post(adresse)
    assert (pdf["Content-Type"], b"".join(pdf.streaming_content)[:5]) == ("application/pdf", b"%PDF-")
    prise = scrutin.journal.filter(acte="imprimer_codes").get()
    assert (prise.par, prise.details) == (agent, {"lot": lot.pk})
    with django_capture_on_commit_callbacks(execute=True):
        codes_de_vote.remettre_lot(lot, par=agent)
    lot.refresh_from_db()
    assert lot.etat == EtatLot.REMIS
    assert not lot.fichier
    assert not Path(chemin).exists()


def test_letters_print_one_page_for_each_address_and_forget_the_addresses(agent, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scrutin = scrutin_en_preparation(agent)
    adresses = ["Ana Test\n1 rue d’Essai\n38000 Grenoble", "Bo Test\n2 rue d’Essai\n38130 Échirolles"]
    lot = codes_de_vote.creer_lot(scrutin, par=agent, nature="lettres", destinataires=adresses)
    assert codes_de_vote.faire_lot(lot.pk)
    lot.refresh_from_db()
    assert lot.destinataires == []
    with pikepdf.open(lot.fichier.path) as pdf:
        assert len(pdf.pages) >= 2


def test_a_code_is_sent_by_sms_to_mobile_numbers_once(agent, client, settings):
    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    scrutin = scrutin_ouvert(agent)
    donnees = {"nature": "sms", "adresses": "06 12 34 56 78\n+33612345678\n06 12 34 56 79"}
    fixe = {**donnees, "adresses": "06 12 34 56 78\n04 76 00 00 00"}
    refuse = codes_de_vote.LotForm(fixe, objet=scrutin)
    assert "« 04 76 00 00 00 »" in refuse.errors["adresses"][0]

    for _ in range(2):
        form = codes_de_vote.LotForm(donnees, objet=scrutin)
        assert form.is_valid()
        lot = codes_de_vote.creer_lot(scrutin, par=agent, **form.cleaned_data)
        assert codes_de_vote.faire_lot(lot.pk)

    sms = {c.destinataires[0]: c for c in Courriel.objects.filter(acte="budgets/code_de_vote")}
    assert sorted(sms) == ["+33612345678", "+33612345679"]
    assert {(c.moyen, c.est_secrete) for c in sms.values()} == {("sms", True)}
    assert scrutin.codes.count() == 2
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", sms["+33612345679"].corps)[0]
    assert voter_en_ligne(client, scrutin, code, projet_1="1").status_code == 303


def test_a_letter_without_an_address_is_not_given_a_code(agent):
    lignes = ["Ana Test ; 1 rue d’Essai ; 38000 Grenoble", "Sans Adresse", "Bo Test ; Grenoble"]
    form = codes_de_vote.LotForm(
        {"nature": "lettres", "adresses": "\n".join(lignes)}, objet=scrutin_en_preparation(agent)
    )

    assert "« Sans Adresse » et « Bo Test ; Grenoble »" in form.errors["adresses"][0]


def test_a_postal_code_and_its_town_are_one_line_of_the_letter(agent):
    lignes = ["Ana Test ; 1 rue d’Essai ; 38000 ; Grenoble", "Bo Test ; 38000 ; Grenoble"]
    dites = {"nature": "lettres", "adresses": lignes[0]}
    form = codes_de_vote.LotForm(dites, objet=scrutin_en_preparation(agent))
    assert form.is_valid()
    assert form.cleaned_data["destinataires"] == ["Ana Test\n1 rue d’Essai\n38000 Grenoble"]
    form = codes_de_vote.LotForm({**dites, "adresses": lignes[1]}, objet=form.objet)
    assert "Il manque la rue" in form.errors["adresses"][0]


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
    assert scrutin.codes.filter(lot__nature="accueil", lot__par=accueil).count() == 2
    lignes = " ".join(f"{li.fait} {li.motif} {li.details}" for li in scrutin.journal.all())
    assert f"n° {numero}" in lignes
    assert code not in lignes
    urne.voter(scrutin, code=code, choix="")
    with pytest.raises(RoleInsuffisant):
        codes_de_vote.remettre_code(scrutin, par=CompteFactory(), raison="Moi")


# Before the vote, and its settings


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


def test_a_list_of_mailboxes_is_read_line_by_line_each_once(agent):
    scrutin, guichet = scrutin_ouvert(agent), Guichet(agent, en_hate=True)
    page = reverse("budgets:creer_lot", args=[scrutin.pk])

    guichet.valider(page, nature="courriels")
    assert "Donnez une adresse par ligne." in guichet.dit
    guichet.valider(adresses="a@example.org\nMadame Personne")
    assert "Ce n’est pas une adresse de courriel : Madame Personne" in guichet.dit
    guichet.valider(nature="feuilles")
    assert "Dites combien de codes imprimer." in guichet.dit
    guichet.valider(nature="courriels", adresses="a@example.org\nA@example.org\n\nb@example.org")

    (lot,) = scrutin.lots.filter(nature="courriels")
    assert (lot.destinataires, lot.nombre) == (["a@example.org", "b@example.org"], 2)
