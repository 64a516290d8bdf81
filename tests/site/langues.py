"""What a catalogue of sentences holds, the sentences that the sources mark, and what a page leaves in French."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.maison import APPS, GABARITS, RACINE, code

LIGNE = re.compile(r"(msgid|msgid_plural|msgstr(?:\[\d\])?) (\".*\")$")
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
BALISE = re.compile(r"{% translate \"([^\"]*)\"|\b_\(\"([^\"]*)\"\)")
BLOC = re.compile(r"{% blocktranslate(?P<tete>[^%]*)%}(?P<un>.*?){% endblocktranslate %}", re.DOTALL)
PLURIEL = re.compile(r"{% plural %}")
FRANCAIS = re.compile(
    r".{0,30}(?<![-\w])(?:le|la|les|des|une|vous|votre|pour|dans|est|et|sur|par)(?![-\w]).{0,30}"
)
FONCTIONS = {"_", "gettext", "gettext_noop", "ngettext"}
VIDES = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "use", "wbr"}


def lire(po: Path) -> dict[str, dict[str, str]]:
    """Return the entries of a .po, by msgid; the header, whose msgid is empty, too."""
    entrees: dict[str, dict[str, str]] = {}
    for bloc in po.read_text(encoding="utf-8").split("\n\n"):
        entree, mot = {}, ""
        for ligne in bloc.splitlines():
            if trouvee := LIGNE.match(ligne):
                mot = trouvee[1]
                entree[mot] = ast.literal_eval(trouvee[2])
            elif ligne.startswith('"'):
                entree[mot] += ast.literal_eval(ligne)
        if entree:
            entrees[entree["msgid"]] = entree
    return entrees


def marquees() -> set[str]:
    """Return the msgid of every sentence that a template or a module marks as translatable."""
    trouvees = set()
    for gabarit in sorted(GABARITS.rglob("*")):
        if gabarit.suffix in {".html", ".txt"}:
            texte = gabarit.read_text(encoding="utf-8")
            trouvees |= {un or autre for un, autre in BALISE.findall(texte)}
            for bloc in BLOC.finditer(texte):
                un = PLURIEL.split(bloc["un"])[0]
                trouvees.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", un))
    for module in code(*APPS):
        texte = module.read_text(encoding="utf-8")
        if "django.utils.translation" in texte or "plus_tard" in texte:
            trouvees |= set(_appels(ast.parse(texte)))
    return trouvees - {""}


def _appels(arbre: ast.AST) -> Iterator[str]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name) and noeud.func.id in FONCTIONS:
            premier = noeud.args[0] if noeud.args else None
            if isinstance(premier, ast.Constant) and isinstance(premier.value, str):
                yield premier.value


class Reste(HTMLParser):
    """The text of a page outside of what is said to be in French."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.textes: list[str] = []
        self.francais: list[str] = []
        self.ouvertes: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        dits = dict(attrs)
        dedans = self.ouvertes[-1][1] if self.ouvertes else False
        langue = dits.get("lang")
        est_francais = dedans if langue is None else langue == "fr"
        if not est_francais:
            self.textes += [str(dits[nom]) for nom in ("aria-label", "placeholder", "alt") if dits.get(nom)]
        if tag not in VIDES:
            self.ouvertes.append((tag, est_francais))

    def handle_endtag(self, tag: str) -> None:
        while self.ouvertes and tag in {ouverte for ouverte, _ in self.ouvertes}:
            if self.ouvertes.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not (self.ouvertes and (self.ouvertes[-1][1] or self.ouvertes[-1][0] in {"script", "style"})):
            self.textes.append(data)

    @property
    def texte(self) -> str:
        return " ".join(" ".join(self.textes).split())


def po(code_langue: str) -> Path:
    return RACINE / "locale" / code_langue / "LC_MESSAGES" / "django.po"
