"""The text of a mail written in HTML. A sweep that only goes forward: its cost grows as the page does.

`html.parser` starts again at each « < » of a broken page, and a parser of trees walks up all open elements.
"""

import html
import re

HTML_MAX = 1_000_000  # characters


BLOCS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"})


TUS = frozenset({"style", "script", "head", "title"})


BLANCS = re.compile(r"\s+")


NOM_DE_BALISE = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]{0,15}")


def texte_du_html(page: str) -> str:
    """Return the text, one line per block; quoted lines begin with « > »."""
    page = page[:HTML_MAX]
    basse = page.lower() if len(page.lower()) == len(page) else page
    morceaux: list[str] = []
    cites = ou = 0
    while ou < len(page):
        chevron = page.find("<", ou)
        texte = page[ou:] if chevron < 0 else page[ou:chevron]
        if texte.strip():
            morceaux.append(BLANCS.sub(" ", _caracteres(texte)))
        if chevron < 0:
            break
        if page.startswith("<!--", chevron):
            ou = _apres(page, "-->", chevron)
            continue
        trouve = NOM_DE_BALISE.match(page, chevron + 1)
        if trouve is None and not page.startswith(("<!", "<?"), chevron):
            morceaux.append("<")
            ou = chevron + 1
            continue
        ou = _apres(page, ">", chevron)
        balise = trouve[0].lower() if trouve else ""
        nom = balise.lstrip("/")
        if balise in TUS:
            ou = _apres(page, ">", _avant(basse, f"</{nom}", ou))
        if nom == "blockquote":
            cites = max(0, cites + (-1 if balise != nom else 1))
        if nom in BLOCS and balise != "/br":
            morceaux.append("\n> " if cites else "\n")
    return "".join(morceaux)


def _apres(page: str, quoi: str, ou: int) -> int:
    """Return the place after the next `quoi`; the end without any: nothing is looked for twice."""
    trouve = page.find(quoi, ou)
    return trouve + len(quoi) if trouve >= 0 else len(page)


def _avant(page: str, quoi: str, ou: int) -> int:
    trouve = page.find(quoi, ou)
    return trouve if trouve >= 0 else len(page)


def _caracteres(texte: str) -> str:
    try:
        return html.unescape(texte)
    except (ValueError, OverflowError):  # a number of thousands of digits
        return texte
