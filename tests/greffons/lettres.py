"""Letters: `tests/greffons/lettres.txt` names, for each letter that the demonstration does not write, a test that does.

That test is held to it: it fails when it no longer writes the letter, or when the letter is not read in HTML as in text.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from participation.socle.actions import courriers
from participation.socle.courriels import ecriture
from participation.socle.courriels.message import expediteur, rendre_html

TEMOINS = Path(__file__).with_name("lettres.txt")
DOSSIERS = {"courriels": "courriel", "sms": "sms", "papier": "lettre"}


def temoins() -> Iterator[tuple[str, str]]:
    """Yield each letter, « courriels/petitions/signer », with the test that writes it."""
    for ligne in TEMOINS.read_text(encoding="utf-8").splitlines():
        if ligne and not ligne.startswith("#"):
            lettre, essai = ligne.split()
            yield lettre, essai


ATTENDUES: dict[str, set[str]] = defaultdict(set)
for _lettre, _essai in temoins():
    ATTENDUES[_essai].add(_lettre)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item):
    attendues = ATTENDUES.get(item.nodeid)
    if not attendues:
        return (yield)
    ecrites: set[str] = set()
    composer = ecriture.composer

    def noter(lettre, contexte, moyen="courriel", *autres, **nommes):
        sujet, corps = composer(lettre, contexte, moyen, *autres, **nommes)
        assert sujet, lettre
        assert corps.strip(), lettre
        if moyen == "courriel":
            langue = autres[0] if autres else nommes.get("langue", "fr")
            assert "<h1" in rendre_html(sujet, corps, expediteur(), langue), lettre
        ecrites.add(f"{next(d for d, m in DOSSIERS.items() if m == moyen)}/{lettre}")
        return sujet, corps

    with patch.object(ecriture, "composer", noter), patch.object(courriers, "composer", noter):
        resultat = yield
    assert attendues <= ecrites, (
        f"tests/greffons/lettres.txt: {item.nodeid} does not write {attendues - ecrites}"
    )
    return resultat
