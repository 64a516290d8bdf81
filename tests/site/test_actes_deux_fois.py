"""An act sent twice, from two windows or from a page that has aged, is done once, and loses no word of who typed it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from lxml import html

from participation.socle.management.commands.demo import PERSONNAGES
from participation.socle.models import Compte, Partie, Suivi, de_quoi
from participation.socle.regles.versions import MONTRE
from tests.greffons.marche import rien_ne_reste
from tests.site.test_impasses import offerts

MOTS = "Les voisins du parc l’attendent depuis deux ans."
# Of one act, this many objects are tried before one whose page takes what is typed.
ESSAIS = 2
# Fewer would say that the pages are no longer filled.
AU_MOINS = 100
# Sent twice, the form finds its own answers: the row is written again as it is, no letter leaves, the journal says it twice.
SE_REDISENT = {"Avis.citer", "Cadre.constater_attente", "Panel.annoncer_tirage_communes", "Remontee.classer"}
Envoi = dict[str, list[str]]


@dataclass(frozen=True)
class Fenetre:
    """The page of an act, open and filled by who may do it."""

    client: Client
    objet: Suivi | Partie
    acte: str
    adresse: str
    envoi: Envoi
    deplace: bool = False  # once sent, its object is in another état

    @property
    def suivi(self) -> Suivi:
        return de_quoi(self.objet)[0].enfant

    @property
    def nom(self) -> str:
        return f"{type(self.suivi).__name__}.{self.acte}"

    @property
    def montre(self) -> list[str]:
        return self.envoi.get(MONTRE, [])

    def etat(self) -> str:
        return str(type(self.suivi)._base_manager.get(pk=self.suivi.pk).etat_actuel)

    def lignes(self) -> int:
        """Count what the journal says of this act."""
        compte: int = self.suivi.porteur.journal.filter(acte=self.acte).count()  # type: ignore[attr-defined]
        return compte

    def envoyer(self) -> tuple[Any, int]:
        """Send it; return the answer, and how many lines the journal has more."""
        avant = self.lignes()
        reponse = self.client.post(self.adresse, self.envoi)
        return reponse, self.lignes() - avant

    def faute(self, reponse: Any, ecrites: int, *, se_refait: bool) -> str:
        """Say what is wrong in the answer to a page that no longer is what it was; "" if nothing is."""
        if reponse.status_code >= 500:
            return f"{reponse.status_code} {reponse.exc_info and reponse.exc_info[1]!r}"
        if reponse.status_code in {302, 303}:
            return "" if se_refait and ecrites <= 1 else f"faite encore : {ecrites} ligne(s) de plus"
        if ecrites:
            return f"{reponse.status_code}, et {ecrites} ligne(s) de plus"
        typees = any(MOTS in valeurs for valeurs in self.envoi.values())
        perdues = reponse.status_code in {200, 409} and typees and MOTS not in reponse.content.decode()
        return f"{reponse.status_code}, et les mots sont perdus" if perdues else ""


def ouvrir(client: Client, objet: Suivi | Partie, acte: str, adresse: str) -> Fenetre | None:
    """Open the page of this act and fill what its form requires; None where it has no form to send."""
    reponse = client.get(adresse)
    if reponse.status_code != 200:
        return None
    for formulaire in html.document_fromstring(reponse.content.decode()).xpath(
        '//main//form[@method="post"]'
    ):
        if (urlsplit(formulaire.get("action") or adresse).path or adresse) == urlsplit(adresse).path:
            return Fenetre(client, objet, acte, adresse, remplir(formulaire))
    return None


def remplir(formulaire: html.HtmlElement) -> Envoi:
    """Return what a browser sends of this form, once what it requires is chosen or typed."""
    envoi: Envoi = {}
    for nom, valeur in formulaire.form_values():
        envoi.setdefault(nom, []).append(valeur)
    for champ in formulaire.xpath(".//*[@name][@required]"):
        if not any(dit.strip() for dit in envoi.get(champ.name, ())) and (valeur := valeur_de(champ)):
            envoi[champ.name] = [valeur]
    return envoi


def valeur_de(champ: html.HtmlElement) -> str:
    """Return something that this field may take: the first choice, a day to come, the least number, a few words."""
    if isinstance(champ, html.SelectElement):
        return next(filter(None, champ.value_options), "")
    jour = timezone.localdate() + timedelta(days=20)
    valeurs = {
        "checkbox": champ.get("value", "on"),
        "radio": champ.get("value", ""),
        "date": champ.get("min") or champ.get("max") or jour.isoformat(),
        "time": "18:00",
        "datetime-local": f"{jour}T18:00",
        "number": champ.get("min") or "1",
        "email": "lina.essai@example.org",
    }
    if champ.get("inputmode") in {"numeric", "decimal"}:
        return "1"
    return valeurs.get(champ.get("type", "text"), MOTS[: int(champ.get("maxlength") or len(MOTS))])


def fenetres() -> Iterator[tuple[Fenetre, Fenetre | None]]:
    """Yield each act of each table once, if its page takes what is typed here: with itself, then with one that ages it."""
    faits: set[str] = set()
    tentes: Counter[str] = Counter()
    for compte in Compte.objects.filter(courriel__in=[p.courriel for p in PERSONNAGES]):
        client = Client(raise_request_exception=False)
        client.force_login(compte)
        for _, siens in groupby(offerts(compte), key=lambda offert: offert[0]):
            acceptees = []
            for objet, acte, adresse in siens:
                nom = f"{type(de_quoi(objet)[0].enfant).__name__}.{acte}"
                if nom in faits or tentes[nom] == ESSAIS or not hasattr(de_quoi(objet)[0].porteur, "journal"):
                    continue
                tentes[nom] += 1
                with rien_ne_reste():
                    page = ouvrir(client, objet, acte, adresse)
                if page is None:
                    continue
                with rien_ne_reste():
                    etat, reponse = page.etat(), page.envoyer()[0]
                    est_faite = reponse.status_code in {302, 303}
                    # What ends with its object (a row withdrawn, a draft) has no second window to send.
                    existe = type(page.suivi)._base_manager.filter(pk=page.suivi.pk).exists()
                    deplace = est_faite and existe and page.etat() != etat
                if est_faite and existe:
                    faits.add(nom)
                    acceptees.append(replace(page, deplace=deplace))
            for page in acceptees:
                yield page, None
                autres = (une for une in acceptees if une.deplace and une.acte != page.acte)
                if (autre := next(autres, None)) is not None:
                    yield page, autre


@pytest.mark.usefixtures("demonstration", "marche")
def test_an_act_sent_from_two_windows_or_an_aged_page_is_done_once() -> None:
    """Each act of the demonstration whose required fields can be filled without knowing it, by the role that may do it.

    Two windows: the second adds nothing to the journal and gives its words back. Aged: another act of the same page's
    reader has moved the object since; it is refused so, or done once. Left out: acts of one click; acts whose form needs
    more than a first choice, a day or a few words (a file, an amount that fits, boxes to choose), or that wait for
    another first; pages of members and of signed links; two people at the same instant (threads, `test_deux_fenetres`).
    An act that leaves its page as it was (a note, one row more, a text sent again as it is) may be done again, and so may `SE_REDISENT`.
    """
    fautes: dict[str, str] = {}
    joues: defaultdict[str, int] = defaultdict(int)
    with transaction.atomic():  # what `rien_ne_reste` undoes
        for page, autre in fenetres():
            quand = f"après {autre.acte}" if autre else "deux fenêtres"
            with rien_ne_reste():
                (autre or page).envoyer()
                encore = ouvrir(page.client, page.objet, page.acte, page.adresse)
                comme_avant = encore is not None and encore.montre == page.montre
                se_refait = autre is not None or comme_avant or page.nom in SE_REDISENT
                if faute := page.faute(*page.envoyer(), se_refait=se_refait):
                    fautes[f"{page.nom}, {quand}"] = faute
            joues["vieillie" if autre else "deux fenêtres"] += 1
    assert not fautes, "\n".join(f"{qui} : {quoi}" for qui, quoi in sorted(fautes.items()))
    assert min(joues["deux fenêtres"], joues["vieillie"]) >= AU_MOINS, dict(joues)
