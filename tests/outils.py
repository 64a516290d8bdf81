"""What several tests need."""

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
from participation.socle.models import Compte, Demande
from participation.socle.vitrine import SectionJournee, Tache, lire_la_journee

T = TypeVar("T")


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


# The checker reads a compressed stream that ends with 0x0D as one byte too long: qpdf, which measures it, is then asked.
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
    """The numbers of the demandes that the signed links of a page or of a letter open: two links of one demande differ by their second."""
    return [Demande.LIEN.lire(jeton) for jeton in re.findall(r"/repondre/([\w:-]+)/", texte)]


def a_plusieurs(combien: int, geste: Callable[[int], Any]) -> list[Any]:
    """Run `geste(rang)` in as many threads and connections, all at once; what each gave or raised, by rank."""
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
    """All at once, each in its thread and connection: « fait », or the name of what was raised; sorted."""
    issues = a_plusieurs(len(actes), lambda rang: actes[rang]())
    return sorted(type(issue).__name__ if isinstance(issue, Exception) else "fait" for issue in issues)


def lisible(texte: str) -> str:
    """Its non-breaking spaces made plain ones, and the first of a month one word as other days: « 1<sup>er</sup> mai » is « 1er mai »."""
    plat = texte.replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"<sup>(\w{1,2})</sup>", r"\1", plat)


def lire(reponse: Any) -> str:
    """What a page says, as it is read."""
    return lisible(reponse.content.decode())


def taches_du_jour(compte: Compte, section_journee: Callable[[Compte], Any]) -> list[Tache]:
    """The lines that this app has for her in « Ma journée »."""

    def faire(qui: Compte) -> list[SectionJournee]:
        donne = section_journee(qui)
        return donne if isinstance(donne, list) else [donne] if donne else []

    return [tache for section in lire_la_journee(compte, faire, cle="essai")[0] for tache in section.taches]


def des_que_possible(geste: Callable[[], T]) -> T:
    """What it gives at last: the other process of the run has transactions of its own on the same server, for which it waits."""
    fin = time.monotonic() + 300
    while not (donne := geste()) and time.monotonic() < fin:
        time.sleep(0.1)
    return donne


def jour(dans: int = 0) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=dans)


def pdf_rapides(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF is its HTML, for what is not about the PDF itself."""
    monkeypatch.setattr(documents, "fabriquer_pdf", lambda html, pieces: b"%PDF-1.7 " + html.encode())
