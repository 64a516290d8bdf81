"""No dead end: an act that is shown opens, and what it says must come first is done somewhere that its reader may go."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import resolve

from participation.socle.management.commands.demo import DOMAINE, PERSONNAGES
from participation.socle.models import Compte, Partie, Suivi, de_quoi
from participation.socle.views.pages import Page, adresse_acte, est_en_un_clic, situer
from tests.greffons.marche import essayer

# Of one kind, in one état, for one reader, this many objects are looked at; each act of them.
PAR_ETAT = 3


def objets(modele: type[Any], compte: Compte) -> Iterator[Suivi | Partie]:
    """Yield some objects of each état that this reader sees; of the parts, some of each état of what bears them."""
    visibles_par = getattr(modele.objects, "visibles_par", None)
    vus: Counter[tuple[str, str]] = Counter()
    for objet in (visibles_par(compte) if visibles_par else modele.objects.all()).order_by("-pk")[:400]:
        suivi = de_quoi(objet)[0].enfant
        ou = suivi.etat_actuel, str(getattr(objet, "etat", ""))
        vus[ou] += 1
        if vus[ou] <= PAR_ETAT:
            yield suivi if isinstance(objet, Suivi) else objet


def offerts(compte: Compte) -> Iterator[tuple[Suivi | Partie, str, str]]:
    """Yield (object, act, URL of its page) for each act shown to this reader."""
    for modele in apps.get_models():
        if not issubclass(modele, Suivi | Partie) or (issubclass(modele, Suivi) and not modele.TRANSITIONS):
            continue
        for objet in objets(modele, compte):
            for acte in objet.actes_permis_a(compte):
                adresse = adresse_acte(objet, acte)
                if adresse and not est_en_un_clic(adresse):
                    yield objet, acte, adresse


@pytest.mark.usefixtures("demonstration", "marche")
def test_an_act_that_is_shown_opens_and_each_obstacle_says_where_it_is_mended() -> None:
    fautes: dict[str, str] = {}
    for compte in Compte.objects.filter(courriel__in=[p.courriel for p in PERSONNAGES]):
        client = Client()
        client.force_login(compte)
        ouvertes: dict[str, int] = defaultdict(int)

        def ouvre(adresse: str, client: Client = client, ouvertes: dict[str, int] = ouvertes) -> int:
            route = resolve(adresse.split("#")[0]).view_name
            if route not in ouvertes:
                ouvertes[route] = essayer(client.get, adresse).status_code
            return ouvertes[route]

        for objet, acte, adresse in offerts(compte):
            qui = f"{compte.courriel.removesuffix('@' + DOMAINE)} {type(objet).__name__}.{acte}"
            if (statut := ouvre(adresse)) != 200:
                fautes[qui] = f"{statut} {adresse}"
            suivi, partie = de_quoi(objet)
            for manque in situer(suivi, suivi.enfant.manques(acte, compte, partie), compte):
                if not manque.ou:
                    fautes[f"{qui} ?"] = manque
                elif (statut := ouvre(manque.ou)) != 200:
                    fautes[f"{qui} →"] = f"{statut} {manque.ou} : {manque}"
            if vide := sans_choix(adresse, objet, acte, compte):
                fautes[f"{qui} ∅"] = f"{adresse} {vide}"
    assert not fautes, "\n".join(f"{qui} : {quoi}" for qui, quoi in sorted(fautes.items()))


def sans_choix(adresse: str, objet: Suivi | Partie, acte: str, compte: Compte) -> list[str]:
    """Return the required lists of its form that have nothing to choose: no answer would be valid."""
    page = getattr(resolve(adresse).func, "page", None)
    suivi, partie = de_quoi(objet)
    if not isinstance(page, Page) or page.form is None or suivi.enfant.manques(acte, compte, partie):
        return []
    form: Any = page.form(objet=objet, par=compte)
    return [
        nom
        for nom, champ in form.fields.items()
        if champ.required
        and hasattr(champ, "choices")
        and not any(valeur for valeur, _ in plats(champ.choices))
    ]


def plats(choix: Any) -> Iterator[tuple[Any, Any]]:
    for valeur, mots in choix:
        if isinstance(mots, list | tuple):
            yield from plats(mots)
        else:
            yield str(valeur), mots
