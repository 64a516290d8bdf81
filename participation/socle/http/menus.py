"""Menus of every page: the public one, and the one of the back office with what is waiting."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from participation.socle import vitrine
from participation.socle.bd.sondes import Ensemble, Nombre, sonder
from participation.socle.http.decorateurs import ROLES_BUREAU
from participation.socle.lectures.communes import communes_de
from participation.socle.models import Compte, Courrier, Echeance
from participation.socle.vitrine import EntreeBureau, Rubrique, recueillir

# The menu of every page counts no further: « 99+ ».
COMPTES = 99


# Settings that stay in sight, whatever the open domain; title of those that more of them fold.
REGLAGES_EN_VUE, AILLEURS = 6, "Réglages des autres domaines"


Groupes = list[tuple[str, list[EntreeBureau]]]


def _actif(ici: str, url: str) -> bool:
    url = url.partition("?")[0]
    return ici == url or (len(url) > 1 and ici.startswith(url))


def menu_public(ici: str) -> list[dict[str, Any]]:
    """Return the public menu: a list by rubrique, as `rubrique`. `ici`: path of the page. No query."""
    entrees = list(recueillir("menu_public"))
    # Only one entry is active: that with the longest path, since one may contain another.
    active = max(
        (entree.url for entree in entrees if _actif(ici, entree.sous or entree.url)), key=len, default=""
    )
    return [
        rubrique(
            gettext(titre), [(e.libelle, e.url, e.url == active) for e in entrees if e.rubrique is titre]
        )
        for titre in Rubrique
        if any(e.rubrique is titre for e in entrees)
    ]


def rubrique(titre: str, entrees: Iterable[tuple[str, str, bool]]) -> dict[str, Any]:
    """Return one list of the menu. `entrees`: label, URL, whether it is the page. Without `titre`, nothing folds it."""
    siennes = [{"libelle": libelle, "url": url, "actif": actif} for libelle, url, actif in entrees]
    return {"titre": titre, "entrees": siennes, "actif": any(e["actif"] for e in siennes)}


def menu_bureau(compte: Compte, ici: str, espace: str) -> list[dict[str, Any]]:
    """Return the menu of the back office. All its numbers are counted in one statement.

    `espace`: app of the page.
    """
    groupes = _groupes(compte) if compte.roles & set(ROLES_BUREAU) else [("", _tables(compte))]
    combien = _comptes(groupes, compte)
    # A page that no entry names belongs to the domain of its app.
    domaine = next((e.url for e in _entrees(groupes) if e.app and e.app == espace), "")
    # The longest path wins: « /petitions/tableau/ » rather than « /petitions/ ». A list of the socle, « /dossiers/ »,
    # does not take the pages that an app with its own domain has below it.
    actives = [e.url for e in _entrees(groupes) if _actif(ici, e.url) and (e.domaine or not domaine)]
    active = max(actives, key=len, default="") or domaine
    return [
        {
            "titre": titre,
            "est_plie": titre == AILLEURS,
            "entrees": [
                {
                    **{nom: getattr(e, nom) for nom in ("libelle", "url", "app", "icone")},
                    "nombre": min(nombre := combien(e.nombre), COMPTES),
                    "retards": min(retards := combien(e.retards), COMPTES),
                    "au_dela": (retards or nombre) > COMPTES,
                    "actif": e.url == active,
                }
                for e in groupe
            ],
        }
        for titre, groupe in _deplies(groupes, espace)
        if groupe
    ]


def _deplies(groupes: Groupes, espace: str) -> Groupes:
    """Leave in sight the settings of the open domain, and fold those of the others; few are never folded."""
    *autres, (titre, reglages) = groupes
    if len(reglages) <= REGLAGES_EN_VUE:
        return groupes
    d_ici = [entree for entree in reglages if entree.domaine in ("", espace)]
    return [*autres, (titre, d_ici), (AILLEURS, [entree for entree in reglages if entree not in d_ici])]


def _groupes(compte: Compte) -> Groupes:
    dues = partial(Echeance.objects.dues_par, compte)
    bureau = [EntreeBureau("Ma journée", reverse("socle:journee"), icone="accueil", nombre=dues)]
    if siennes := communes_de(compte):
        bureau.append(EntreeBureau("Ma commune", reverse("socle:commune", args=[siennes[0]]), icone="lieu"))
    bureau.append(EntreeBureau("Tous les dossiers", reverse("socle:dossiers"), icone="recherche"))
    if compte.est_agent:
        bureau.append(EntreeBureau("Courriels", reverse("socle:courriels"), icone="courriel"))
        a_poster = partial(Courrier.objects.a_poster_par, compte)
        bureau.append(
            EntreeBureau("Courriers à poster", reverse("socle:courriers"), icone="imprimer", nombre=a_poster)
        )
    entrees = list(_des_apps(compte))
    domaines = [entree for entree in entrees if entree.app]
    tableaux = [entree for entree in entrees if not entree.app]
    return [("", bureau), ("Domaines", domaines), ("Suivi et réglages", [*tableaux, *_tables(compte)])]


def _tables(compte: Compte) -> list[EntreeBureau]:
    """Return what an agent of the service sets here, and what an administrator sets in the reference tables."""
    entrees = []
    if compte.est_agent or compte.is_staff:
        entrees = [
            EntreeBureau("Mise en place", reverse("socle:mise_en_place"), icone="coche"),
            EntreeBureau("Adresses", reverse("socle:adresses"), icone="courriel"),
        ]
    if compte.est_agent:
        entrees += [
            EntreeBureau("Langues du site", reverse("socle:langues"), icone="document"),
            EntreeBureau("Modération", reverse("socle:moderations"), icone="document"),
        ]
    if compte.is_staff:
        entrees.append(EntreeBureau("Tables de référence", reverse("admin:index"), icone="reglages"))
    return entrees


def _des_apps(compte: Compte) -> Iterator[EntreeBureau]:
    """Yield the entries of each app, which say whose they are."""
    for fonction in vitrine.fonctions("menu_bureau"):
        donne = fonction(compte)
        app = fonction.__module__.rsplit(".", 2)[-2]
        for entree in donne if isinstance(donne, list | tuple) else [donne]:
            if entree is not None:
                yield replace(entree, domaine=app)


def _entrees(groupes: Groupes) -> list[EntreeBureau]:
    return [entree for _, groupe in groupes for entree in groupe]


def _comptes(groupes: Groupes, compte: Compte) -> Callable[["int | Ensemble"], int]:
    a_compter = [
        (e.url, n) for e in _entrees(groupes) for n in (e.nombre, e.retards) if not isinstance(n, int)
    ]
    comptes = sonder(
        f"menu {[url for url, _ in a_compter]}",
        compte,
        lambda: [Nombre(nombre, COMPTES) for _, nombre in a_compter],
    )
    par_ensemble = {id(nombre): combien for (_, nombre), combien in zip(a_compter, comptes, strict=True)}
    return lambda n: n if isinstance(n, int) else par_ensemble[id(n)]
