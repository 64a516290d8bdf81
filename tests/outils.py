"""Helpers used by tests of several apps."""

import io
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any, TypeVar

import page
import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.socle.actions import documents
from participation.socle.journee import Tache, lire_la_journee
from participation.socle.models import Compte, Demande
from tests.greffons.services import PATIENCE

T = TypeVar("T")


def requetes(client: Client, url: str) -> list[str]:
    """Return the SQL queries of one GET. The page must answer 200."""
    with CaptureQueriesContext(connection) as contexte:
        reponse = client.get(url)
        if reponse.streaming:
            b"".join(reponse.streaming_content)
    assert reponse.status_code == 200, f"{url} : {reponse.status_code}"
    return [requete["sql"] for requete in contexte.captured_queries]


def constant_queries(client: Client, url: str, fabriquer: Callable[[], object], lignes: int = 4) -> None:
    """Assert that a page makes as many queries with four rows as with one.

        constant_queries(client_agent, reverse("socle:dossiers"), lambda: PetitionFactory(deposee=True))

    `fabriquer` makes one row, and is called once, then three more times. Rows must differ (other author,
    agent and commune): a shared object hides a query per row.
    """
    fabriquer()
    requetes(client, url)  # fill the cache of content types first
    une = requetes(client, url)
    for _ in range(lignes - 1):
        fabriquer()
    plusieurs = requetes(client, url)
    assert len(plusieurs) <= len(une), (
        f"{url} : {len(une)} requêtes pour une ligne, {len(plusieurs)} pour {lignes} :\n"
        + "\n".join(sorted(set(plusieurs) - set(une))[:5])
    )


# The checker counts a compressed stream that ends with 0x0D one byte too long: qpdf checks its length.
MAL_MESUREE = "PDFA3A-STREAM-LENGTH-001"


def fautes_pdf(octets: bytes, profil: str) -> list[Any]:
    """What PDF/UA-1 (« ua1 ») or PDF/A-3a (« 3a ») reproaches to this file; empty when it complies."""
    fautes = list(page.validate_pdf_bytes(octets, profile=profil).failures)
    if any(faute.rule_id == MAL_MESUREE for faute in fautes):
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            if not pdf.check_pdf_syntax():
                fautes = [faute for faute in fautes if faute.rule_id != MAL_MESUREE]
    return fautes


def demandes_ouvertes_par(texte: str) -> list[int]:
    """Return the numbers of the demandes that the signed links of a text open.

    Two links of one demande may differ by their time.
    """
    return [
        Demande.LIEN.ouvrir(jeton, Demande.objects.all()).pk
        for jeton in re.findall(r"/repondre/([\w:-]+)/", texte)
    ]


def a_plusieurs(combien: int, geste: Callable[[int], Any]) -> list[Any]:
    """Run `geste(rang)` at once in as many threads and connections.

    Returns the results or exceptions, by rank.
    """
    depart = Barrier(combien)

    def un(rang: int) -> Any:
        depart.wait()
        try:
            return geste(rang)
        except Exception as erreur:
            return erreur
        finally:
            connection.close()

    with ThreadPoolExecutor(combien) as fils:
        return list(fils.map(un, range(combien)))


def ensemble(*actes: Callable[[], object]) -> list[str]:
    """Run functions at once, each in its thread and connection.

    Returns « fait » or the exception names, sorted.
    """
    issues = a_plusieurs(len(actes), lambda rang: actes[rang]())
    return sorted(type(issue).__name__ if isinstance(issue, Exception) else "fait" for issue in issues)


def lisible(texte: str) -> str:
    """Replace non-breaking spaces by plain ones, and « 1<sup>er</sup> mai » by « 1er mai »."""
    plat = texte.replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"<sup>(\w{1,2})</sup>", r"\1", plat)


def lire(reponse: Any) -> str:
    """Return the text of a page, as it is read."""
    return lisible(reponse.content.decode())


def taches_du_jour(compte: Compte, section_journee: Callable[[Compte], Any]) -> list[Tache]:
    """Return the lines of this app in « Ma journée » of an agent."""
    donne = section_journee(compte)
    sections = donne if isinstance(donne, list) else [donne] if donne else []
    return [
        tache for section in lire_la_journee(compte, sections, cle="essai")[0] for tache in section.taches
    ]


def des_que_possible(geste: Callable[[], T]) -> T:
    """Retry until the transactions of the other test processes, on the same server, are over."""
    fin = time.monotonic() + PATIENCE
    while not (donne := geste()) and time.monotonic() < fin:
        time.sleep(0.05)
    return donne


def attendre(condition: Callable[[], Any]) -> None:
    assert des_que_possible(condition), "trop long"


def jour(dans: int = 0) -> date:
    """Return the date in so many days."""
    return timezone.localdate() + timedelta(days=dans)


def pdf_rapides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the PDF by its HTML, for tests that are not about the PDF itself."""
    monkeypatch.setattr(documents, "fabriquer_pdf", lambda html, pieces: b"%PDF-1.7 " + html.encode())
