"""Codes handed over at the desk: limits by account and time, what the service sees of them, revoked together."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import LotDeCodes, ReglementInterQuartiers
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import urne
from participation.budgets.workflow.vote import EtatLot
from participation.socle.erreurs import ErreurMetier
from tests.budgets.vote import scrutin_ouvert
from tests.outils import a_plusieurs, lire, lisible
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reglement():
    ReglementInterQuartiers.objects.all().delete()
    return ReglementInterQuartiers.objects.create(
        version="essai",
        en_vigueur_du=timezone.localdate() - timedelta(days=1),
        codes_par_heure=8,
        codes_par_jour=10,
        codes_a_signaler=6,
    )


@pytest.fixture
def scrutin(agent, reglement):
    return scrutin_ouvert(agent)


@pytest.fixture
def midi(time_machine):
    time_machine.move_to(timezone.localtime().replace(hour=12, minute=5), tick=False)
    return time_machine


def remettre(scrutin, par, combien):
    return [codes_de_vote.remettre_code(scrutin, par=par, raison=f"Feuille {n}")[1] for n in range(combien)]


def test_an_account_hands_over_so_many_codes_an_hour_and_so_many_a_day(scrutin, midi):
    accueil = CompteFactory(accueil=True)
    remettre(scrutin, accueil, 8)
    with pytest.raises(ErreurMetier, match="8 codes en une heure, le maximum"):
        remettre(scrutin, accueil, 1)
    assert remettre(scrutin, CompteFactory(accueil=True), 1)  # another desk goes on

    midi.shift(timedelta(hours=1, minutes=1))
    remettre(scrutin, accueil, 2)
    with pytest.raises(ErreurMetier, match="10 codes aujourd’hui"):
        remettre(scrutin, accueil, 1)
    midi.shift(timedelta(hours=12))
    assert remettre(scrutin, accueil, 1)


def test_the_page_says_the_limit_before_the_button_is_pushed(client, scrutin, midi):
    accueil = CompteFactory(accueil=True)
    remettre(scrutin, accueil, 8)
    client.force_login(accueil)

    page = lisible(lire(client.get(reverse("budgets:remettre_code", args=[scrutin.pk]))))
    assert "Vous avez remis 8 codes en une heure" in page


def test_the_service_sees_who_handed_over_many_codes_when_and_why_and_revokes_what_has_not_voted(
    client, agent, scrutin, midi
):
    accueil = CompteFactory(accueil=True, prenom="Ana", nom="Guichet")
    donnes = remettre(scrutin, accueil, 7)
    for code in donnes[:5]:
        urne.voter(scrutin, code=code, choix="1:1")
    client.force_login(agent)

    page = lisible(lire(client.get(scrutin.get_absolute_url())))
    lot = LotDeCodes.objects.get(par=accueil)
    assert "Beaucoup de codes remis en une heure par le même compte." in page
    for mots in (f"par {accueil}", "12 h", "Feuille 3", reverse("budgets:revoquer_lot", args=[lot.pk])):
        assert mots in page
    assert f"7 codes remis en une heure par {accueil} : 5 ont voté" in lisible(
        lire(client.get(reverse("socle:journee")))
    )

    assert codes_de_vote.revoquer_lot(lot, par=agent, motif="Remis à personne") == 2
    with pytest.raises(ErreurMetier, match="révoqué"):
        urne.voter(scrutin, code=donnes[6], choix="1:1")
    assert scrutin.bulletins.count() == 5
    assert "codes remis en une heure" not in lisible(lire(client.get(reverse("socle:journee"))))
    # What is handed over afterwards is another lot.
    remettre(scrutin, accueil, 1)
    assert LotDeCodes.objects.filter(par=accueil, etat=EtatLot.PRET).count() == 1


def test_of_a_few_codes_nothing_says_whether_they_have_voted(client, agent, scrutin, midi):
    (code,) = remettre(scrutin, CompteFactory(accueil=True), 1)
    urne.voter(scrutin, code=code, choix="1:1")
    client.force_login(agent)

    page = lisible(lire(client.get(scrutin.get_absolute_url())))
    assert "non dit" in page
    assert "Beaucoup de codes" not in page
    assert "codes remis en une heure" not in lisible(lire(client.get(reverse("socle:journee"))))


@pytest.mark.django_db(transaction=True)
def test_ten_windows_of_one_desk_do_not_pass_the_limit_together(agent, reglement):
    scrutin, accueil = scrutin_ouvert(agent), CompteFactory(accueil=True)

    issues = a_plusieurs(
        10, lambda rang: codes_de_vote.remettre_code(type(scrutin).objects.get(), par=accueil, raison="Un")
    )

    assert sum(isinstance(issue, ErreurMetier) for issue in issues) == 2
    assert scrutin.codes.filter(lot__par=accueil).count() == 8
