"""What several tests need."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def requetes(client: Client, url: str) -> list[str]:
    """The SQL of one GET. The page must answer 200."""
    with CaptureQueriesContext(connection) as contexte:
        reponse = client.get(url)
        if reponse.streaming:
            b"".join(reponse.streaming_content)
    assert reponse.status_code == 200, f"{url} : {reponse.status_code}"
    return [requete["sql"] for requete in contexte.captured_queries]


def constant_queries(client: Client, url: str, fabriquer: Callable[[], object], lignes: int = 10) -> None:
    """Ten rows cost what one costs: the same number of queries after `fabriquer` made one row, then nine more.

        constant_queries(client_agent, reverse("socle:dossiers"), lambda: PetitionFactory(deposee=True))

    `fabriquer` makes one row as different from the others as life does (another author, another agent, another commune), else
    a shared object hides a query per row.
    """
    fabriquer()
    requetes(client, url)  # what is kept for later (content types, sites) is kept now
    une = requetes(client, url)
    for _ in range(lignes - 1):
        fabriquer()
    dix = requetes(client, url)
    assert len(dix) <= len(une), (
        f"{url} : {len(une)} requêtes pour une ligne, {len(dix)} pour {lignes} :\n"
        + "\n".join(sorted(set(dix) - set(une))[:5])
    )
