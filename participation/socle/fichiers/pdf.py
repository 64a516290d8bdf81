"""Accessible PDFs for archiving: PDF/UA-1 and PDF/A-3a in the same file.

WeasyPrint writes a tagged PDF/A-3a. A second step adds what PDF/UA needs beyond: the scope of table headers,
page headers and footers out of the reading order, the PDF/UA mark in the XMP block.
"""

import io
import logging
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.contrib.staticfiles import finders

from participation.socle.collectivite import collectivite
from participation.socle.models import Logo

STATIQUE = "static:"


FEUILLE = "css/pdf.css"


LOGO_MM = 9  # height; its width follows


UA1 = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Indicates which part of ISO 14289 the file conforms to</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class PdfImpossible(Exception):
    """The page cannot become an accessible PDF. The message says what its template lacks."""


@dataclass(frozen=True, slots=True)
class PieceEmbarquee:
    """A file embedded in the PDF, as PDF/A-3 allows: the data behind the pages."""

    nom: str
    contenu: bytes
    description: str
    relation: str = "Data"


def fabriquer_pdf(html: str, *, base: Sequence[str] = (), pieces: Sequence[PieceEmbarquee] = ()) -> bytes:
    """Return the PDF/UA-1 and PDF/A-3a file of a whole HTML page that has a language, a title and one h1.

    `base`: stylesheets of static/ added after css/pdf.css, for example ["css/pdf-affiche.css"]. URLs in the
    page: `static:img/…` and `data:` only. Takes half a second for a few pages: call it from a task.

    Raises PdfImpossible when the page lacks a language, a title or a text alternative, or uses another URL.
    """
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    polices = FontConfiguration()
    with _reproches() as reproches:
        feuilles = [_feuille(chemin) for chemin in (FEUILLE, *base)]
        for police in (police for _, siennes in feuilles for police in siennes):
            polices.add_font_face(*police)
        rendu = weasyprint.HTML(string=html, base_url=STATIQUE, url_fetcher=_chercheur()).render(
            font_config=polices,
            pdf_variant="pdf/a-3a",
            stylesheets=[*(feuille for feuille, _ in feuilles), *_identite()],
        )
        if not rendu.metadata.title:
            reproches.append("la page n’a pas de titre")
        brut = rendu.write_pdf(
            pdf_variant="pdf/a-3a",
            attachments=[
                weasyprint.Attachment(
                    string=piece.contenu,
                    name=piece.nom,
                    description=piece.description,
                    relationship=piece.relation,
                )
                for piece in pieces
            ],
        )
    if reproches:
        raise PdfImpossible(" ; ".join(reproches))
    return _rendre_accessible(brut)


def _identite() -> list[Any]:
    """Return the stylesheet of the colour and of the logo of the collectivité, when it chose them."""
    import weasyprint

    ici, regles = collectivite(), ""
    if ici.couleur:
        regles = f":root {{ --identite: {ici.ton_clair}; }}"
    if ici.logo and (logo := Logo.objects.first()) is not None:
        regles += (
            f".tete-service {{ background: url({logo.url_de_donnees}) no-repeat left center / auto {LOGO_MM}mm;"
            f" padding-left: {LOGO_MM * min(logo.proportion, 4) + 3:.1f}mm; }}"
        )
    return [weasyprint.CSS(string=regles)] if regles else []


@contextmanager
def _reproches() -> Iterator[list[str]]:
    """Collect the errors that WeasyPrint only logs: the page is not accessible, or a file is missing."""
    entendus: list[str] = []

    class Oreille(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            entendus.append(record.getMessage())

    oreille = Oreille(logging.ERROR)
    journal = logging.getLogger("weasyprint")
    journal.addHandler(oreille)
    try:
        yield entendus
    finally:
        journal.removeHandler(oreille)


class _Polices(list[tuple[Any, Any]]):
    """Fonts that a stylesheet declares, so that each PDF can declare them again."""

    def add_font_face(self, police: Any, chercheur: Any) -> None:
        self.append((police, chercheur))


@cache
def _feuille(chemin: str) -> tuple[Any, _Polices]:
    """Return a parsed stylesheet and its fonts.

    Cached: parsing took a third of the time of a one-page letter.
    """
    import weasyprint

    polices = _Polices()
    return weasyprint.CSS(url=STATIQUE + chemin, url_fetcher=_chercheur(), font_config=polices), polices


@cache
def _chercheur() -> Any:
    """Return the URL fetcher: static files and `data:` only; no network, no other file of the machine."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Chercheur(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith(STATIQUE):
                return super().fetch(url, headers)
            chemin = finders.find(unquote(url.removeprefix(STATIQUE)).lstrip("/"))
            if not isinstance(chemin, str):
                raise ValueError(f"Fichier statique introuvable : {url}")
            type_mime = mimetypes.guess_type(chemin)[0] or "application/octet-stream"
            contenu = _depliee(chemin) if chemin.endswith(".woff2") else Path(chemin).read_bytes()
            return URLFetcherResponse(url, contenu, {"Content-Type": type_mime})

    return Chercheur(allowed_protocols=["data"])


@cache
def _depliee(chemin: str) -> bytes:
    """Return a web font decompressed, as WeasyPrint needs it.

    Cached: it took half of the time of each PDF.
    """
    from fontTools.ttLib import woff2

    sortie = io.BytesIO()
    with Path(chemin).open("rb") as police:
        woff2.decompress(police, sortie)
    return sortie.getvalue()


def _rendre_accessible(brut: bytes) -> bytes:
    import pikepdf

    with pikepdf.open(io.BytesIO(brut)) as pdf:
        if "/AF" in pdf.Root:  # WeasyPrint lists each file twice
            pdf.Root.AF = pikepdf.Array({piece.objgen: piece for piece in pdf.Root.AF}.values())
        racine = pdf.Root.StructTreeRoot
        for element in _enfants(racine):
            _dire_portee(element, dans_entete=False)
        numeros = racine.ParentTree.Nums
        for rang, page in enumerate(pdf.pages):
            _retirer_reperes(pdf, page, numeros[2 * rang + 1])
        with pdf.open_metadata(set_pikepdf_as_editor=False):
            pass  # writes the XMP block in its final, uncompressed form
        xmp = bytes(pdf.Root.Metadata.read_bytes())
        fin = xmp.rindex(b"</rdf:RDF>")
        metadonnees = pdf.make_stream(xmp[:fin] + UA1 + xmp[fin:])
        metadonnees.Type, metadonnees.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = metadonnees
        sortie = io.BytesIO()
        # The same page gives the same bytes, and so the same SHA-256.
        pdf.save(sortie, deterministic_id=True)
    return sortie.getvalue()


def _enfants(element: Any) -> list[Any]:
    """Return the structure elements directly under this one, without marked contents (plain numbers)."""
    import pikepdf

    enfants = element.get("/K")
    if isinstance(enfants, pikepdf.Array):
        return [enfant for enfant in enfants if isinstance(enfant, pikepdf.Dictionary)]
    return [enfants] if isinstance(enfants, pikepdf.Dictionary) else []


def _dire_portee(element: Any, *, dans_entete: bool) -> None:
    """Give every TH its scope: column in a table head, row elsewhere (WeasyPrint issue 2508)."""
    import pikepdf

    nature = str(element.get("/S", ""))
    dans_entete = dans_entete or nature == "/THead"
    if nature == "/TH":
        attributs = element.get("/A")
        portee = pikepdf.Name.Column if dans_entete else pikepdf.Name.Row
        if isinstance(attributs, pikepdf.Dictionary):
            attributs.Scope = portee
        else:
            element.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=portee)
    for enfant in _enfants(element):
        _dire_portee(enfant, dans_entete=dans_entete)


def _retirer_reperes(pdf: Any, page: Any, elements: Any) -> None:
    """Make page headers and footers artifacts, which screen readers skip: they are tagged but in no tree."""
    import pikepdf

    orphelins = {mcid for mcid, element in enumerate(elements) if not _est_rattache(element)}
    if not orphelins:
        return
    operations: list[tuple[Any, Any]] = []
    for instruction in pikepdf.parse_content_stream(page):
        operandes, operateur = instruction.operands, instruction.operator
        if (
            str(operateur) == "BDC"
            and isinstance(operandes[1], pikepdf.Dictionary)
            and int(operandes[1].get("/MCID", -1)) in orphelins
        ):
            repere = pikepdf.Dictionary(Type=pikepdf.Name.Pagination)
            operations.append(([pikepdf.Name.Artifact, repere], operateur))
        else:
            operations.append((operandes, operateur))
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(operations) + b"\n")
    for mcid in orphelins:
        elements[mcid] = pikepdf.Object.parse(b"null")


def _est_rattache(element: Any) -> bool:
    import pikepdf

    while True:
        parent = element.get("/P")
        if parent is None or str(parent.get("/Type", "")) == "/StructTreeRoot":
            return True
        freres = parent.get("/K")
        if isinstance(freres, pikepdf.Array) and not any(
            isinstance(frere, pikepdf.Dictionary) and frere.objgen == element.objgen for frere in freres
        ):
            return False
        element = parent
