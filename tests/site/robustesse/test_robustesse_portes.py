"""No URL breaks, opens wrongly or is cached, whatever is in its path, body or headers."""

import pytest
from django.conf import settings
from django.urls import resolve, reverse

from tests.greffons.marche import essayer
from tests.greffons.monde import clients, lire_table
from tests.petitions.factories import PetitionFactory


@pytest.mark.usefixtures("marche")
def test_no_number_breaks_an_address_and_no_post_is_let_in_without_its_token(monde, refus) -> None:
    """One test, since the world takes as long to make as either walk."""
    assert [*pannes_des_numeros(monde, refus), *ouverts_sans_jeton(monde)] == []


def pannes_des_numeros(monde, refus) -> list[tuple[str, str]]:
    """Return the URLs that fail on a bad number.

    One number is tried at every URL; the others unless the same lines of code, with the same look-up
    function, already refused them all.
    """
    pannes, eprouves = [], set()
    client = clients(monde, ("agent",))["agent"]
    for nom, (objet, _) in lire_table().items():
        args = monde[objet]
        if not args or not isinstance(args[0], int):
            continue
        siens: set[tuple[object, ...]] = set()
        for cle in ("9" * 30, "0", "9223372036854775808"):
            url = reverse(nom, args=[int(cle), *args[1:]])
            for appel in (client.get, client.post):
                refus.clear()
                statut = essayer(appel, url).status_code
                if statut >= 500:
                    pannes.append((appel.__name__, url))
                ou = refus or [nom if statut != 405 else ""]  # refused before its number is read
                siens.add((appel.__name__, statut, *ou))
            if siens <= eprouves:
                break
        else:
            eprouves |= siens
    return pannes


def test_no_choice_of_rows_breaks_an_act_on_many(connecte) -> None:
    PetitionFactory.create_batch(2, deposee=True)
    url = reverse("socle:dossiers")

    for choix in (["²"], ["9" * 40], ["9" * 5000], ["1,2", "٣"], ["-1"], ["\x00"], [""]):
        for corps in (
            {"lot": "prendre_en_charge", "choix": choix},
            {"lot": "prendre_en_charge", "reste": choix[0], "total": "x", "faits": "²"},
            {"lot": "x", "choix": choix},
        ):
            assert connecte.post(url, corps).status_code < 500, corps


def test_no_cache_keeps_a_page_of_the_back_office_nor_of_an_account(connecte) -> None:
    for nom in ("socle:journee", "socle:dossiers", "socle:mon_compte", "petitions:tableau", "admin:index"):
        assert "private" in connecte.get(reverse(nom)).get("Cache-Control", ""), nom


DESABONNEMENTS = {
    "petitions:ne_plus_recevoir",
    "petitions:ne_plus_recevoir_auteur",
    "suites:arreter",
    "budgets:arreter_lettres",
    "ccspl:ne_plus_recevoir_resume",
}


def ouverts_sans_jeton(monde) -> list[tuple[str, str, int]]:
    """Return the URLs that take a POST without a CSRF token.

    A view says by its mark that it takes one; the middleware of Django answers for all others before they run, so that
    one of each app is enough. Allowed: the one-click unsubscription of RFC 8058, and the unknown URLs of Open311, whose
    clients have keys.
    """
    assert "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE
    urls = {nom: reverse(nom, args=monde[objet]) for nom, (objet, _) in lire_table().items()}
    a_voir = {nom: url for nom, url in urls.items() if getattr(resolve(url).func, "csrf_exempt", False)}
    a_voir |= {nom: urls[nom] for nom in {nom.partition(":")[0]: nom for nom in urls}.values()}
    assert a_voir.keys() > DESABONNEMENTS
    ouverts = []
    for visiteur, client in clients(monde, ("anonyme", "agent"), enforce_csrf_checks=True).items():
        for nom, url in a_voir.items():
            statut = essayer(client.post, url, {}).status_code
            if statut not in {403, 405} and nom not in {*DESABONNEMENTS, "open311:inconnue"}:
                ouverts.append((visiteur, nom, statut))
    return ouverts
