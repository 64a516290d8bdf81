"""Séances, suites and the CCSPL against forged requests, curious readers and wrong roles."""

import logging
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from participation.seances.models import Convie
from participation.socle.http.journaux import SansSecret
from tests.greffons.marche import essayer
from tests.greffons.monde import VISITEURS, clients, lire_table
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    SeanceFactory,
)
from tests.socle.factories import DirectionFactory

NOUVELLES = ("seances:", "suites:", "renouvellement:", "ccspl:")


# Writing


def traces() -> dict[str, int]:
    """Return the number of row writes by table, except sessions, accounts and rate limits."""
    with connection.cursor() as curseur:
        curseur.execute(
            """
            SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
            WHERE relname !~ '^(django_session|usersessions|account_|socle_limite|socle_compte$)' AND n_tup_ins + n_tup_upd + n_tup_del > 0
            """
        )
        return dict(curseur.fetchall())


Porte = tuple[str, str]  # name, address


def poster(client: Client, portes: list[Porte], corps: dict[str, str]) -> list[tuple[str, HttpResponse]]:
    """Return the answer to a POST at each of these URLs. Fails with the URLs that wrote a row.

    The counts are read once for all, and again URL by URL if they changed: rolled back writes count too.
    """
    avant = traces()
    reponses = [(nom, essayer(client.post, url, corps)) for nom, url in portes]
    ecrites = {}
    if traces() != avant:
        for nom, url in portes:
            avant = traces()
            essayer(client.post, url, corps)
            if tables := {table for table, nombre in traces().items() if nombre != avant.get(table, 0)}:
                ecrites[nom] = tables
        assert ecrites == {}
        raise AssertionError("something was written, once")
    return reponses


def portes_ou(objets, choisir: Callable[[str, list[int]], bool]) -> list[Porte]:
    return [
        (nom, reverse(nom, args=objets[objet]))
        for nom, (objet, statuts) in lire_table().items()
        if nom.startswith(NOUVELLES) and choisir(nom, statuts)
    ]


def visiteurs_sauf_agent(objets) -> Iterator[tuple[str, Client]]:
    yield from clients(objets, [visiteur for visiteur in VISITEURS if visiteur != "agent"]).items()


def test_what_a_door_writes_is_seen_even_rolled_back(db) -> None:
    """Checks the method of the two tests below."""
    avant = traces()
    with transaction.atomic():
        DirectionFactory()
        transaction.set_rollback(True)
    assert traces() != avant


@pytest.mark.usefixtures("marche")
def test_who_has_no_right_writes_nothing_and_reads_nothing(client, monde) -> None:
    """One test, since the world takes as long to make as any of these walks."""
    passes = [*passes_aux_portes_fermees(monde), *passes_sans_le_droit(monde), *lus_d_ailleurs(monde)]
    assert [*passes, *gardees_par_un_cache(client, monde)] == []


def passes_aux_portes_fermees(monde) -> list[tuple[str, str, object]]:
    """Return the URLs closed to GET by the table that let a POST pass. No row may be written."""
    passes = []
    for visiteur, client in visiteurs_sauf_agent(monde):
        rang = VISITEURS.index(visiteur)
        fermees = portes_ou(monde, lambda _, statuts, rang=rang: statuts[rang] in {302, 403, 404})
        corps = {"motif": "x", "texte": "x", "etat": "suivie", "sens": "pour"}
        for nom, reponse in poster(client, fermees, corps):
            if reponse.status_code not in {302, 403, 404, 405}:
                passes.append((visiteur, nom, reponse.status_code))
            if reponse.status_code == 302 and visiteur != "anonyme":
                passes.append((visiteur, nom, reponse["Location"]))
    return passes


def passes_sans_le_droit(monde) -> list[tuple[str, str, int]]:
    """Return the POST-only URLs open without the right.

    Their GET gives 405, which tells nothing of the rights, so each visitor posts.
    """
    passes = []
    siennes = {
        # allowed to a member of the instance of the world
        "membre": {"voter", "parler", "changer_presence", "me_deporter", "soutenir", "ne_plus_soutenir"}
        | {"retirer_demande", "renouveler_agenda"},
        "elu": {"demander_intervention", "s_abonner_au_resume", "arreter_le_resume"},
    }
    agent = VISITEURS.index("agent")
    for visiteur, client in visiteurs_sauf_agent(monde):
        permises = siennes.get(visiteur, set())
        portes = portes_ou(
            monde,
            lambda nom, statuts, permises=permises: (
                statuts[agent] == 405 and nom.partition(":")[2] not in permises
            ),
        )
        for nom, reponse in poster(client, portes, {"sens": "haut"}):
            if reponse.status_code not in {403, 404} and not (
                visiteur == "anonyme" and reponse.status_code == 302
            ):
                passes.append((visiteur, nom, reponse.status_code))
    return passes


# Reading


def lus_d_ailleurs(monde) -> list[tuple[str, str, int]]:
    """Return the pages read by a member of another instance."""
    ailleurs = MembreFactory(
        college=CollegeFactory(mandature=MandatureFactory(instance=InstanceFactory(cle="ailleurs")))
    ).compte
    client = Client(raise_request_exception=False)
    client.force_login(ailleurs)
    lus = []
    for nom, (objet, statuts) in lire_table().items():
        if (
            not nom.startswith(NOUVELLES)
            or statuts[1] in {200, 301}
            or nom in {"seances:espace", "seances:profil"}
        ):
            continue
        for appel in (client.get, client.post):
            statut = essayer(appel, reverse(nom, args=monde[objet])).status_code
            if statut not in {403, 404, 405} and nom not in {
                "seances:renouveler_agenda",  # the page of the account
                "seances:calendrier",
                "ccspl:bibliotheque_des_membres",  # redirected to the public page
            }:
                lus.append((nom, appel.__name__, statut))
    return lus


def gardees_par_un_cache(client: Client, monde) -> list[tuple[str, str]]:
    """Return the personal pages that a cache or a search engine may keep."""
    gardees = []
    for nom in (
        "seances:repondre",
        "seances:presence_par_lien",
        "seances:agenda_personnel",
        "suites:repondre",
        "suites:confirmer",
        "suites:arreter",
        "ccspl:accuser",
        "renouvellement:ma_candidature",
        "ccspl:ne_plus_recevoir_resume",
    ):
        reponse = client.get(reverse(nom, args=monde[lire_table()[nom][0]]))
        dit = reponse.get("Cache-Control", "")
        if "private" not in dit and "no-store" not in dit:
            gardees.append((nom, dit))
    return gardees


# Links


def formes_de_jeton(jeton: str, numero: int) -> list[str]:
    return [
        jeton[:-1] + ("a" if jeton[-1] != "a" else "b"),
        jeton + "a",
        jeton.upper(),
        Convie.LIEN.sceller(numero, uuid.uuid4()),
        *(f"{corps}:1abc:def" for corps in ("-1", 10**30, "²", "", "1-2", numero)),
        "\x00",
        "é",
        ":" * 50,
        "x" * 5000,
    ]


@pytest.mark.parametrize("porte", ["seances:repondre", "seances:presence_par_lien"])
def test_a_forged_link_opens_no_door_of_a_seance(client, db, porte) -> None:
    convie = ConvieFactory(seance=SeanceFactory(convoquee=True))

    for jeton in formes_de_jeton(convie.jeton(), convie.pk):
        for appel in (client.get, client.post):
            assert appel(reverse(porte, args=[jeton])).status_code == 404, (porte, jeton[:40])


@pytest.mark.parametrize("porte", ["suites:repondre", "ccspl:accuser", "renouvellement:ma_candidature"])
def test_a_link_of_one_door_opens_no_other(client, db, porte) -> None:
    convie = ConvieFactory(seance=SeanceFactory(convoquee=True))

    for jeton in (*formes_de_jeton(convie.jeton(), convie.pk), convie.jeton()):
        for appel in (client.get, client.post):
            reponse = appel(reverse(porte, args=[jeton]))
            assert reponse.status_code in {200, 404}, (porte, jeton[:40])
            if reponse.status_code == 200:  # the page that says the link has expired, shown to anybody
                assert "lien" in reponse.content.decode()


@pytest.mark.parametrize(
    "chemin",
    [
        "/seances/repondre/SECRET",
        "/presence/lien/SECRET/",
        "/suites/repondre/SECRET/",
        "/nouvelles/SECRET/arreter/",
        "/agenda/moi/SECRET.ics",
        "/ccspl/accuser/SECRET/",
        "/ccspl/resume/SECRET/",
        "/candidature/SECRET/retirer/",
    ],
)
def test_the_logs_keep_no_link_of_a_member_nor_of_a_direction(chemin) -> None:
    ligne = SansSecret("%(message)s").format(
        logging.LogRecord("x", logging.WARNING, "", 1, "Not Found: %s", (chemin,), None)
    )

    assert "SECRET" not in ligne
