"""Check the answer of each URL to each visitor against the table `acces.txt`.

A URL missing from the table fails the first test. A prefix is left to its own tests only with a reason, in
AILLEURS.
"""

import re
from collections.abc import Iterator, Sequence

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.greffons.marche import TELLE_QUELLE, essayer, ignore_qui_lit
from tests.greffons.monde import VISITEURS, clients, lire_table
from tests.greffons.regards import Interrogatoire

AILLEURS = {
    "reference/": "L’administration de Django : réservée à is_staff par un seul garde, éprouvé plus bas.",
    "comptes/": "allauth et nos pages de connexion : tests/socle/comptes.",
}


# A title or a button without text does not tell what a page is or does. A form in a form ends with it, for a browser: the
# button that follows sends nothing.
MUETS = re.compile(
    rb"<(h1|h2|h3|button)\b(?![^>]*aria-label)[^>]*>(?:\s|<br>)*</\1>|<form\b(?:(?!</form>).)*?<form\b[^>]*>",
    re.DOTALL,
)
QUI_LIT = ("anonyme", "auteur", "agent")  # visitors to whom nearly every page is shown
# On Django as it comes, nothing is shared between two visitors: two processes walk at once.
GROUPES = [VISITEURS[::2], VISITEURS[1::2]] if TELLE_QUELLE else [VISITEURS]


def adresses(resolveur: URLResolver, chemin: str = "", espace: str = "") -> Iterator[tuple[str, str]]:
    """Return (name, path) of every URL."""
    for porte in resolveur.url_patterns:
        suite = chemin + str(porte.pattern)
        if isinstance(porte, URLResolver):
            yield from adresses(porte, suite, f"{espace}{porte.namespace}:" if porte.namespace else espace)
        elif isinstance(porte, URLPattern):
            yield f"{espace}{porte.name or suite}", suite


def est_ailleurs(chemin: str) -> bool:
    return any(chemin.startswith(prefixe) for prefixe in AILLEURS)


def test_every_address_is_in_the_table() -> None:
    existantes = {nom for nom, chemin in adresses(get_resolver()) if not est_ailleurs(chemin)}

    table = set(lire_table())

    assert existantes - table == set(), "Adresses à ajouter à la table."
    assert table - existantes == set(), "Adresses de la table qui n’existent plus."


def constater(
    monde: dict[str, list[object]],
    visiteur: str,
    client: Client,
    noms: dict[str, str],
    de_tous: dict[str, int | str],
    interrogatoire: Interrogatoire | None,
) -> dict[str, int | str]:
    """Return what this visitor gets at each URL by GET: a status, or the fault of an empty title or button.

    Nothing is kept. The parameters that a page reads are tried on the way, if there is an `interrogatoire`.
    `de_tous`: answers that do not depend on the visitor.
    """
    constats = {}
    for nom, objet in noms.items():
        if nom in de_tous:
            continue
        url = reverse(nom, args=monde[objet])
        reponse = interrogatoire.demander(client, url) if interrogatoire else essayer(client.get, url)
        constats[nom] = reponse.status_code
        if visiteur in QUI_LIT and not reponse.streaming and (muet := MUETS.search(reponse.content)):
            constats[nom] = f"{reponse.status_code}, {muet[0].decode()}"
        # In this order: the recorded reads are cleared at each request.
        est_de_tous = ignore_qui_lit(reponse)
        if interrogatoire:
            est_de_tous &= interrogatoire.insister(visiteur, url, client)
        if est_de_tous:
            de_tous[nom] = constats[nom]
    return constats | de_tous


@pytest.mark.usefixtures("marche")
@pytest.mark.parametrize("visiteurs", GROUPES)
def test_each_visitor_gets_what_the_table_says(request, monde, visiteurs: Sequence[str]) -> None:
    """Also checks that no query string breaks a page: one walk for both rules, but on Django as it comes."""
    interrogatoire = None if TELLE_QUELLE else request.getfixturevalue("interrogatoire")
    table = lire_table()
    noms = {nom: objet for nom, (objet, _) in table.items()}
    de_tous: dict[str, int | str] = {}

    constats = {
        visiteur: constater(monde, visiteur, client, noms, de_tous, interrogatoire)
        for visiteur, client in clients(monde, visiteurs).items()
    }

    ecarts = [
        f"{nom} : {constats[visiteur][nom]} au lieu de {attendu} ({visiteur})"
        for nom, (_, attendus) in table.items()
        for visiteur, attendu in zip(VISITEURS, attendus, strict=True)
        if visiteur in constats and attendu != constats[visiteur][nom]
    ]
    assert ecarts == []
    assert interrogatoire is None or interrogatoire.pannes == []


def test_the_reference_tables_are_open_to_staff_alone(comptes) -> None:
    client = Client()
    for visiteur, compte in comptes.items():
        client.force_login(compte)
        for chemin in ("/reference/", "/reference/socle/commune/", "/reference/socle/compte/"):
            statut = client.get(chemin).status_code

            assert (statut == 200) is (visiteur == "staff" and chemin == "/reference/"), (visiteur, chemin)
