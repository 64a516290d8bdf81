"""No form of the site breaks its page, whatever is posted."""

import re
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import FileField
from django.forms.forms import BaseForm
from django.http import QueryDict
from django.test import Client
from django.utils.datastructures import MultiValueDict

from participation.socle.regles.versions import MONTRE
from tests.greffons.marche import essayer, ignore_qui_lit, rien_ne_reste
from tests.greffons.regards import DU_CORPS, ORDURES, S_IL_Y_EN_A, portes

CHAMP = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"[^>]*>")
CODAGE = {"data": "a=%FF%FE%00&b[]=%00", "content_type": "application/x-www-form-urlencoded; charset=utf-16"}
CORPS = (
    CODAGE,
    {"data": '{"a": [1, {}]}', "content_type": "application/json"},
    {"data": b"--x\r\ncontent", "content_type": "multipart/form-data; boundary=x"},
)
LONGUE = "é" * 300_000
NOMBRE = "9" * 18  # the id of no row
MELANGE = " ".join(ORDURES).replace("\x00", "")
# For public visitors an act is tried with each bad value; for staff, with all of them at once.
INCONNUS = ("anonyme", "auteur")
MONTREE = re.compile(rf'name="{MONTRE}" value="([^"]+)"')
Cles = tuple[str | None, ...]


def noms(page: Any) -> set[str]:
    """Return the names of the fields and buttons of a page."""
    est_une_page = page.status_code in {200, 422} and "html" in page.get("Content-Type", "")
    return set(CHAMP.findall(page.content.decode())) - {"csrfmiddlewaretoken"} if est_une_page else set()


def mots(regards: set[tuple[object, ...]]) -> set[str]:
    """Return the names that a view reads in the body itself: the page need not show them."""
    lus = {regard[0][1] for regard in regards if isinstance(regard[0], tuple)}
    return {str(mot) for mot in lus} - {"*", S_IL_Y_EN_A}


def donnees(champs: set[str], ordure: str) -> dict[str, str]:
    choisis = sorted(champs or {"q"})
    return dict.fromkeys(choisis[:3] if ordure is LONGUE else choisis, ordure)


def cle(form: BaseForm, envoyees: dict[str, str]) -> str | None:
    """Return the cleaned data of the form for these values, or None if it refuses them."""
    form.data, form.files, form.is_bound = QueryDict(mutable=True), MultiValueDict(), True
    form.data.update(envoyees)
    with rien_ne_reste():
        form.full_clean()
    return None if form.errors else repr(form.cleaned_data)


def especes(forms: list[BaseForm]) -> set[tuple[type, type]]:
    return {(type(champ), type(champ.widget)) for form in forms for champ in form.fields.values()}


class Epreuve:
    """Post to every URL: an empty body, then each of ORDURES in every field, unless that adds nothing new.

    Each form cleans each value. A post is sent only where the page would behave otherwise: an act done with
    other values (INCONNUS), a refused form, drawn once per page and once per kind of field and value. A view
    that only tests for a body gets one. A view that reads the body itself gets every value, unless the same
    lines of code were already tried. Without a form, the names that the view reads are its fields, and are
    also sent one by one.
    """

    def __init__(self, regards: list[tuple[object, ...]], formulaires: list[BaseForm]) -> None:
        self.regards, self.formulaires = regards, formulaires
        self.pannes: list[tuple[object, ...]] = []
        self.eprouves: set[tuple[object, ...]] = set()  # reads that met each of ORDURES
        self.codes: set[tuple[object, ...]] = set()  # reads of a body that met each of CORPS
        # kinds of fields drawn after a refusal, with the value
        self.dessinees: set[tuple[object, ...]] = set()
        self.de_tous: set[str] = set()  # URLs whose answer ignores who is signed in

    def porte(self, visiteur: str, url: str, client: Client) -> None:
        self.ou = visiteur, url
        self.client, self.forms = client, []
        self.siens: set[tuple[object, ...]] = set()  # reads of a name in the body
        self.acces: set[tuple[object, ...]] = set()  # reads of the body
        self.faites: set[Cles] = set()
        self.est_de_tous = True
        # What the page shows goes back with the post, as a browser does: the act compares it.
        page = essayer(client.get, url)
        champs = noms(page)
        montre = {MONTRE: MONTREE.findall(page.content.decode())[0]} if MONTRE in champs else {}
        vide = self.poster({}, data=montre)
        est_lu = vide.request["wsgi.input"].read_started
        if est_lu:  # if refused before the body is read, other bodies change nothing
            self.remplir(champs or noms(vide))
        acces = self.acces or {("rien",)}
        if not acces <= self.codes:
            # The charset is read before the body. Other bodies are tried only where one is read.
            for options in CORPS if est_lu else (CODAGE,):
                self.poster(None, **options)
            self.codes |= acces
            self.televerser(champs) if est_lu else None
        elif any(issubclass(champ, FileField) for champ, _ in especes(self.forms)):
            self.televerser(champs)
        if visiteur == "anonyme" and self.est_de_tous:
            self.de_tous.add(url)

    def remplir(self, champs: set[str]) -> None:
        sautees = 0
        seuls = set() if self.forms else mots(self.siens)
        champs = champs | seuls
        for ordure in (*ORDURES, LONGUE):
            envoyees = donnees(champs, ordure)
            if self.est_nouvelle(ordure, envoyees):
                self.poster(envoyees, ordure, data=envoyees)
            else:
                sautees += 1
        if not sautees:
            if len(seuls) > 1:  # of several buttons, the first one present hides the others
                for mot, ordure in product(sorted(seuls), (MELANGE, NOMBRE)):
                    self.poster(None, data={mot: ordure})
            self.eprouves |= self.siens
        if self.ou[0] not in INCONNUS and any(une is not None for cles in self.faites for une in cles):
            # Fields only: a button, or the mark of an old page, would keep the act from being done.
            melees = {
                form.add_prefix(nom): MELANGE for form in self.forms for nom in form.fields if nom != "vu"
            }
            # Without fields, the post is the first again; refused as before, the page was already drawn.
            cles = self.cles(melees)
            if melees and (any(une is not None for une in cles) or cles not in self.faites):
                self.poster(melees, data=melees)

    def televerser(self, champs: set[str]) -> None:
        piege = {
            nom: SimpleUploadedFile("../../\x00a.svg", b"<svg onload=alert(1)>") for nom in champs or {"q"}
        }
        self.poster(None, data=piege)

    def est_nouvelle(self, ordure: str, envoyees: dict[str, str]) -> bool:
        cles = self.cles(envoyees)
        if self.est_a_remplir or not self.siens <= self.eprouves or (cles and cles not in self.faites):
            return True
        return any(
            (espece, ordure) not in self.dessinees
            for form, une in zip(self.forms, cles, strict=True)
            if une is None
            for espece in especes([form])
        )

    def cles(self, envoyees: dict[str, str]) -> Cles:
        cles = tuple(cle(form, envoyees) for form in self.forms)
        return cles if self.ou[0] in INCONNUS else tuple(une and "acceptée" for une in cles)

    def poster(self, envoyees: dict[str, str] | None, ordure: str = "", **options: Any) -> Any:
        self.regards.clear()
        self.formulaires.clear()
        reponse = essayer(self.client.post, self.ou[1], **options)
        if reponse.status_code >= 500:
            self.pannes.append((*self.ou, str(options)[:60], reponse.exc_info and reponse.exc_info[1]))
        self.acces |= {regard for regard in self.regards if regard[0] in DU_CORPS}
        self.siens |= {
            regard
            for regard in self.regards
            if regard[0] == "body" or (isinstance(regard[0], tuple) and regard[0][1] != S_IL_Y_EN_A)
        }
        self.est_a_remplir = not envoyees and ("posté", S_IL_Y_EN_A) in {regard[0] for regard in self.regards}
        self.est_de_tous = self.est_de_tous and ignore_qui_lit(reponse)
        if envoyees is not None:
            self.forms = [*self.formulaires] or self.forms
            cles = self.cles(envoyees)
            self.faites.add(cles)
            refuses = [form for form, une in zip(self.forms, cles, strict=True) if une is None]
            self.dessinees |= {(espece, ordure) for espece in especes(refuses)}
        return reponse


@pytest.mark.usefixtures("marche")
def test_no_form_breaks_a_page(monde, regards, formulaires) -> None:
    epreuve = Epreuve(regards, formulaires)
    for visiteur, url, client in portes(monde, ("anonyme", "auteur", "agent")):
        if url not in epreuve.de_tous:
            epreuve.porte(visiteur, url, client)
    assert epreuve.pannes == []
