"""Local mailbox of `make run`: takes every mail by SMTP, shows them on a page, sends none.

`python -m ops.boite --smtp 1025 --http 8025 --dossier .data/boite`
"""

import argparse
import email
import html
import mimetypes
import re
import secrets
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PAR_PAGE = 100
NOM = re.compile(r"^\d{8}T\d{12}-[0-9a-f]{6}$")
LIEN = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]»]")
# The page shows what others wrote: no script, no style but ours, nothing from elsewhere.
CSP = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"
STYLE = """
:root { color-scheme: light dark; --accent: light-dark(#0b5d4e, #7fd6c2) }
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem }
a { color: var(--accent) } a:focus-visible, button:focus-visible, input:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px }
ul.lettres { list-style: none; padding: 0 }
ul.lettres li { border-top: 1px solid light-dark(#767676, #8a8a8a); padding: .8rem 0 }
ul.lettres a { font-weight: 600; display: inline-block; min-height: 24px }
.texte { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem;
  border: 1px solid light-dark(#767676, #8a8a8a); border-radius: .4rem }
dt { font-weight: 600 } dd { margin: 0 0 .5rem; overflow-wrap: anywhere }
input, button { font: inherit; min-height: 44px; padding: 0 .8rem }
form { display: flex; gap: .5rem; flex-wrap: wrap; align-items: center }
"""


class Depot:
    """The folder of mails, one `.eml` each, named after the instant it came."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        dossier.mkdir(parents=True, exist_ok=True)

    def ranger(self, contenu: bytes) -> None:
        cle = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        brouillon = self.dossier / f"{cle}.tmp"
        brouillon.write_bytes(contenu)
        brouillon.rename(self.dossier / f"{cle}.eml")

    def lire(self, cle: str) -> EmailMessage | None:
        chemin = self.dossier / f"{cle}.eml"
        if not NOM.match(cle) or not chemin.is_file():
            return None
        return email.message_from_bytes(chemin.read_bytes(), EmailMessage, policy=default)

    def cles(self) -> list[str]:
        """Newest first."""
        return sorted((chemin.stem for chemin in self.dossier.glob("*.eml")), reverse=True)


class Reception:
    """SMTP side: everything is accepted."""

    def __init__(self, depot: Depot) -> None:
        self.depot = depot

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd)
        contenu = envelope.original_content or b""
        # A blind copy is in no header: without this line nobody could read who got the letter.
        pour = ", ".join(envelope.rcpt_tos)
        self.depot.ranger(f"X-Envoye-A: {pour}\r\n".encode() + contenu)
        return "250 OK"


def _texte(lettre: EmailMessage) -> str:
    corps = lettre.get_body(preferencelist=("plain", "html"))
    if corps is None:
        return ""
    texte = str(corps.get_content())
    if corps.get_content_subtype() == "html":
        texte = html.unescape(re.sub(r"<[^>]+>", "", texte))
    return texte


def _avec_liens(texte: str) -> str:
    morceaux, debut = [], 0
    for lien in LIEN.finditer(texte):
        url = html.escape(lien[0])
        morceaux += [html.escape(texte[debut : lien.start()]), f'<a href="{url}">{url}</a>']
        debut = lien.end()
    return "".join([*morceaux, html.escape(texte[debut:])])


def _entete(lettre: EmailMessage, nom: str) -> str:
    return html.escape(str(lettre.get(nom, "")))


def _recue_le(cle: str) -> str:
    instant = datetime.strptime(cle[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC).astimezone()
    return f"{instant:%d/%m/%Y à %H:%M:%S}"


def _page(titre: str, contenu: str) -> bytes:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{titre}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main><h1>{titre}</h1>{contenu}</main></body></html>"
    ).encode()


def page_liste(depot: Depot, pour: str, page: int) -> bytes:
    lignes = []
    lues = 0
    debut = (page - 1) * PAR_PAGE
    for cle in depot.cles():
        lettre = depot.lire(cle)
        if lettre is None:
            continue
        destinataires = f"{lettre.get('X-Envoye-A', '')} {lettre.get('To', '')}"
        if pour and pour.lower() not in destinataires.lower():
            continue
        lues += 1
        if lues <= debut:
            continue
        if lues > debut + PAR_PAGE:
            break
        sujet = _entete(lettre, "Subject") or "(sans objet)"
        lignes.append(
            f'<li><a href="/lettre/{cle}">{sujet}</a><br>pour {_entete(lettre, "To")}, '
            f"le {_recue_le(cle)}</li>"
        )
    contenu = (
        "<p>Rien ne part d'ici : ces lettres ont été retenues sur cette machine.</p>"
        '<form role="search"><label for="pour">Adresse du destinataire</label>'
        f'<input id="pour" name="pour" value="{html.escape(pour)}">'
        '<button>Chercher</button><a href="/">Tout voir, actualiser</a></form>'
    )
    contenu += f'<ul class="lettres">{"".join(lignes)}</ul>' if lignes else "<p>Aucune lettre.</p>"
    if lues > debut + PAR_PAGE:
        suite = html.escape(urlencode({"pour": pour, "page": page + 1}))
        contenu += f'<p><a href="/?{suite}">Lettres plus anciennes</a></p>'
    return _page("Lettres envoyées par le site", contenu)


def page_lettre(cle: str, lettre: EmailMessage) -> bytes:
    entetes = "".join(
        f"<dt>{libelle}</dt><dd>{_entete(lettre, nom)}</dd>"
        for libelle, nom in (
            ("De", "From"),
            ("Pour", "To"),
            ("Copie", "Cc"),
            ("Répondre à", "Reply-To"),
            ("Remise à", "X-Envoye-A"),
        )
        if lettre.get(nom)
    )
    pieces = "".join(
        f'<li><a href="/lettre/{cle}/{rang}">{html.escape(piece.get_filename() or "sans nom")}</a>'
        f" ({html.escape(piece.get_content_type())})</li>"
        for rang, piece in enumerate(lettre.iter_attachments())
    )
    contenu = (
        f'<p><a href="/">Toutes les lettres</a></p><dl>{entetes}'
        f"<dt>Reçue le</dt><dd>{_recue_le(cle)}</dd></dl>"
        f'<div class="texte">{_avec_liens(_texte(lettre))}</div>'
    )
    if pieces:
        contenu += f"<h2>Pièces jointes</h2><ul>{pieces}</ul>"
    contenu += f'<p><a href="/lettre/{cle}/source">Lettre telle que reçue</a></p>'
    return _page(_entete(lettre, "Subject") or "(sans objet)", contenu)


class Guichet(BaseHTTPRequestHandler):
    """HTTP side: the list, a letter, its attachments."""

    depot: Depot

    def do_GET(self) -> None:
        # Another site, open in the same browser, must not read the letters under its own name.
        hote = self.headers.get("Host", "").rsplit(":", 1)[0]
        if hote not in {"127.0.0.1", "localhost"}:
            return self._repondre(b"", "text/plain", HTTPStatus.MISDIRECTED_REQUEST)
        adresse = urlsplit(self.path)
        match adresse.path.strip("/").split("/"):
            case [""]:
                demande = parse_qs(adresse.query)
                page = demande.get("page", ["1"])[0]
                return self._repondre(
                    page_liste(
                        self.depot, demande.get("pour", [""])[0], max(1, int(page)) if page.isdecimal() else 1
                    )
                )
            case ["style.css"]:
                return self._repondre(STYLE.encode(), "text/css; charset=utf-8")
            case ["lettre", cle] if lettre := self.depot.lire(cle):
                return self._repondre(page_lettre(cle, lettre))
            case ["lettre", cle, "source"] if lettre := self.depot.lire(cle):
                return self._repondre(lettre.as_bytes(), "text/plain; charset=utf-8")
            case ["lettre", cle, rang] if rang.isdecimal() and (lettre := self.depot.lire(cle)):
                return self._piece(lettre, int(rang))
        page_vide = _page(
            "Page introuvable", '<p>Cette lettre n\'est pas là. <a href="/">Voir les lettres</a></p>'
        )
        return self._repondre(page_vide, statut=HTTPStatus.NOT_FOUND)

    def _piece(self, lettre: EmailMessage, rang: int) -> None:
        for numero, piece in enumerate(lettre.iter_attachments()):
            if numero == rang:
                contenu = piece.get_payload(decode=True)
                octets = contenu if isinstance(contenu, bytes) else piece.as_bytes()
                extension = mimetypes.guess_extension(piece.get_content_type()) or ".bin"
                # Always saved, never shown: an attached page would run at our address.
                self._repondre(octets, "application/octet-stream", nom=f"piece-{rang + 1}{extension}")
                return
        self._repondre(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _repondre(
        self,
        corps: bytes,
        genre: str = "text/html; charset=utf-8",
        statut: HTTPStatus = HTTPStatus.OK,
        nom: str = "",
    ) -> None:
        self.send_response(statut)
        self.send_header("Content-Type", genre)
        self.send_header("Content-Length", str(len(corps)))
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if nom:
            self.send_header("Content-Disposition", f'attachment; filename="{nom}"')
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *args: object) -> None:
        """Silent: the letters hold sign-in links, which belong in no log."""


def main() -> None:
    parseur = argparse.ArgumentParser(description="Boîte aux lettres locale")
    parseur.add_argument("--smtp", type=int, required=True)
    parseur.add_argument("--http", type=int, required=True)
    parseur.add_argument("--dossier", type=Path, required=True)
    options = parseur.parse_args()
    Guichet.depot = Depot(options.dossier)
    Controller(Reception(Guichet.depot), hostname="127.0.0.1", port=options.smtp).start()
    site = ThreadingHTTPServer(("127.0.0.1", options.http), Guichet)
    print(f"boîte : smtp {options.smtp}, http {options.http}", flush=True)
    with site:
        site.serve_forever()


if __name__ == "__main__":
    main()
