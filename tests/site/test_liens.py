"""Follow the links of the demonstration as one reader of each kind: each opens, and gives no key of others."""

import warnings

import pytest
from django.apps import apps
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.deprecation import RemovedInDjango60Warning

from participation.socle.management.commands.demo import DOMAINE
from participation.socle.management.commands.liens import Promenade
from participation.socle.models import Compte, Piece, PieceCourriel
from tests.site.cles import (
    CANARI,
    CODE_DE_VOTE,
    CODE_SUR_PAPIER,
    UUID,
    Fuites,
    champs_secrets,
    cles_gardees,
    planter,
)

pytestmark = pytest.mark.usefixtures("demonstration", "marche")

LECTEURS = ("petitionnaire", "membre", "accueil", "commune", "direction", "elue", "agent")


def test_every_link_opens_for_who_is_shown_it_and_shows_no_key_of_somebody_else():
    """Two URLs of each route for a visitor, one for who is signed in. The command `liens` goes further.

    One test, since the walk is long: pages, lists, their files (CSV, XLSX, JSON, Atom, ICS, PDF), their headers.
    """
    planter()
    fuites = [Fuites("visiteur")]
    visiteur = Promenade(None, 2, regarder=fuites[0].regarder)
    refus = [(*un, "visiteur") for un in visiteur.refus()]
    promenades = []
    # Signed in before the first page: signing in writes, and a write empties the cache of the walk.
    for cle in LECTEURS:
        compte = Compte.objects.get(courriel=f"{cle}@{DOMAINE}")
        fuites.append(Fuites(cle, compte))
        promenades.append((compte, Promenade(compte, 1, visiteur, fuites[-1].regarder)))
    for compte, promenade in promenades:
        refus += [(*un, str(compte)) for un in promenade.refus()]
    fuites.append(_dans_les_tables_de_reference())
    fuites.append(_dans_les_recherches())
    vues = [fuite for une in fuites for fuite in une.trouvees.values()]
    assert not refus, "\n".join(" ".join(map(str, un)) for un in refus)
    assert not vues, "\n".join(vues)
    assert _dans_les_noms() == []


def _dans_les_tables_de_reference() -> Fuites:
    admine = Compte.objects.get(courriel=f"admin@{DOMAINE}")
    fuites, client = Fuites("admin", admine), Client()
    client.force_login(admine)
    for modele in filter(admin.site.is_registered, apps.get_models()):
        nom = f"admin:{modele._meta.app_label}_{modele._meta.model_name}"
        premiere = modele._default_manager.first()
        liste = reverse(f"{nom}_changelist")
        adresses = [liste, *([reverse(f"{nom}_change", args=[premiere.pk])] if premiere else [])]
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", RemovedInDjango60Warning
            )  # the forms of Django for its own URL fields
            for adresse in adresses:
                fuites.regarder(adresse, client.get(adresse))
    return fuites


def _dans_les_recherches() -> Fuites:
    """Search for what is secret: no letter, no dossier, no person is found by it."""
    agent = Compte.objects.get(courriel=f"agent@{DOMAINE}")
    fuites, client = Fuites("agent qui cherche"), Client()
    client.force_login(agent)
    cles = cles_gardees()
    uns = {ou: cle for cle, ou in cles.items()}
    for mot in (CANARI, CODE_DE_VOTE, *uns.values()):
        for adresse in (reverse("socle:recherche"), reverse("socle:courriels"), reverse("socle:dossiers")):
            reponse = client.get(adresse, {"q": mot})
            sans_la_question = reponse.content.decode().replace(mot, "")
            if "Votre code, essai" in sans_la_question:
                fuites.trouvees[mot] = f"{mot} est trouvé par {adresse}"
    return fuites


def _dans_les_noms() -> list[str]:
    """Return the names of files that hold a key."""
    cles = cles_gardees()
    noms = [
        *Piece.objects.values_list("nom", flat=True),
        *PieceCourriel.objects.values_list("nom", flat=True),
    ]
    noms += list(Piece.objects.values_list("fichier", flat=True))
    return [nom for nom in noms if set(UUID.findall(nom)) & cles.keys()]


def test_the_walk_sees_what_it_looks_for():
    planter()
    cles = cles_gardees()
    cle, *_ = cles
    for dit in (
        f"/remontees/dire/recue/{cle}/",
        f"photo {cle}.jpg",
        f"https://site/remontees/suivi/MTI:1vPabc:{'x' * 43}/",
        f"jeton MTI:1vPabc:{'x' * 43}",
        f"« {CODE_DE_VOTE} »",
        f"<b>{CODE_SUR_PAPIER}</b>",
        CANARI,
    ):
        fuites = Fuites("quelqu’un")
        fuites.regarder("dans la page", HttpResponse(dit))
        assert fuites.trouvees, dit
    nommee = Fuites("un autre")
    nommee.regarder(
        "dans le nom", HttpResponse(headers={"Content-Disposition": f'inline; filename="{cle}.jpg"'})
    )
    assert nommee.trouvees
    assert not list(Fuites("rien").secrets("Une page sans rien de secret, du 12:30 au 13:45."))

    # The demonstration has none of the first, of a moderation, of an order; the key of the second is that of its
    # reception.
    sans = {f"{table.__name__}.{nom}" for table, nom in champs_secrets()} - set(cles.values())
    assert sans <= {"AbonnementResume.cle", "CommandeDeBesoin.sceau", "DepotOpen311.cle", "Moderation.sceau"}
