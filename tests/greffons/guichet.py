"""A visitor without a browser, for the pages that have no script of their own: the words of tests/greffons/navigateur."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from lxml import html

from participation.socle.models import Compte
from tests.conftest import ClientGarde

ENVOI = './/button[@type="submit"]'


class Guichet:
    """Signed in or not. It sends what the form of the page holds, its token too, as a browser does.

    `en_hate`: the page where an act leads is opened only if it is read.
    """

    def __init__(self, compte: Compte | None = None, *, en_hate: bool = False) -> None:
        self.en_hate = en_hate
        self.client = ClientGarde(enforce_csrf_checks=True)
        if compte:
            self.client.force_login(compte)
        self.adresse = "/"
        self._page: html.HtmlElement | None = None
        self.fichiers: dict[str, SimpleUploadedFile] = {}

    def aller(self, adresse: str) -> None:
        vers = urlsplit(adresse)
        self._lire(self.client.get(f"{vers.path}{'?' * bool(vers.query)}{vers.query}", follow=True))

    def _lire(self, reponse: HttpResponse) -> None:
        demande = reponse.request  # type: ignore[attr-defined]
        self.adresse = demande["PATH_INFO"] + "?" * bool(demande["QUERY_STRING"]) + demande["QUERY_STRING"]
        assert reponse.status_code == 200, f"{self.adresse} : {reponse.status_code}"
        self._page = html.document_fromstring(reponse.content.decode())

    @property
    def page(self) -> html.HtmlElement:
        if self._page is None:
            self.aller(self.adresse)
        return self._page

    @property
    def main(self) -> html.HtmlElement:
        (main,) = self.page.iter("main")
        return main

    def est_sur(self, objet: Any) -> bool:
        return urlsplit(self.adresse).path == objet.get_absolute_url()

    @property
    def titre(self) -> str:
        return "".join(next(self.page.iter("h1")).itertext())

    @property
    def dit(self) -> str:
        """The words of the whole page, what it says of the act too, with plain spaces."""
        return " ".join(self.page.text_content().split())

    def lire(self, ou: str = "") -> str:
        """Return the words of the page, or of the element of this id."""
        element = self.page.get_element_by_id(ou) if ou else self.main
        return re.sub(r"[ \n]+", " ", element.text_content())

    def suivre(self, lien: str) -> None:
        """Follow the first link of the page that says these words."""
        (premier, *_) = [a for a in self.main.iter("a") if lien in re.sub(r"[ \n]+", " ", a.text_content())]
        self.aller(urljoin(self.adresse, premier.get("href")))

    def joindre(self, nom: str, octets: bytes, genre: str) -> None:
        """Choose this file for the next act."""
        (champ, *_) = self.main.xpath('.//input[@type="file"]')
        self.fichiers = {champ.name: SimpleUploadedFile(nom, octets, genre)}

    def valider(self, adresse: str = "", *, bouton: str = "", **champs: object) -> None:
        """Open the page of an act, fill its form and push its main button, or the one that says so."""
        if adresse:
            self.aller(adresse)
        envois = self.main.xpath(f'.//form[@method="post"]{ENVOI.removeprefix(".")}')
        (choisi, *_) = [envoi for envoi in envois if bouton in re.sub(r"[ \n]+", " ", envoi.text_content())]
        formulaire = next(choisi.iterancestors("form"))
        for nom, valeur in champs.items():
            choisir(formulaire.inputs[nom], str(valeur))
        envoyes: dict[str, Any] = {}
        for nom, valeur in formulaire.form_values():
            envoyes.setdefault(nom, []).append(valeur)
        if choisi.get("name"):
            envoyes[choisi.get("name")] = choisi.get("value", "")
        envoyes |= self.fichiers
        self.fichiers = {}
        vers = urljoin(self.adresse, choisi.get("formaction") or formulaire.get("action") or self.adresse)
        reponse = self.client.post(vers, envoyes, follow=not self.en_hate)
        if self.en_hate and reponse.status_code in {302, 303}:
            self.adresse, self._page = urljoin(self.adresse, reponse["Location"]), None
        else:
            self._lire(reponse)


def choisir(champ: Any, valeur: str) -> None:
    """Fill this field; an option that the page does not offer is an error."""
    if isinstance(champ, html.CheckboxGroup):
        champ.value.add(valeur)
    elif getattr(champ, "type", "") == "checkbox":
        champ.checked = True
    elif isinstance(champ, html.SelectElement) and champ.multiple:
        champ.value.add(valeur)
    else:
        champ.value = valeur
