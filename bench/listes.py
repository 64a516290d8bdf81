"""Every list of the site with years of rows: time of the page, and of its SQL alone."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from statistics import median
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.donnees.signatures import inserer
from bench.serveurs import charge_machine
from bench.tableaux import milliers, tableau, virgule
from petitions.signatures import decompte

TOURS = 5
BUT_MS = 150


@dataclass(frozen=True, slots=True)
class Volumes:
    signatures: int = 2_000_000
    lettres: int = 1_000_000
    suites: int = 20_000
    avis: int = 3_000
    seances: int = 500
    petitions: int = 400

    def dixieme(self) -> "Volumes":
        return Volumes(200_000, 100_000, 2_000, 300, 50, 40)


def mesurer(*, rapide: bool) -> None:
    volumes = Volumes().dixieme() if rapide else Volumes()
    debut = time.perf_counter()
    petition = remplir(volumes)
    print(f"… remplie en {time.perf_counter() - debut:.0f} s", flush=True)
    comptes: Any = import_module("tests.socle.factories")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(comptes.CompteFactory(agent=True))
    print(f"… listes ({charge_machine()})", flush=True)
    lignes = [_mesurer(client, nom, url) for nom, url in pages(petition)]
    tableau(
        f"Listes : {milliers(volumes.signatures)} signatures, {milliers(volumes.lettres)} lettres, "
        f"{milliers(volumes.suites)} suites, {milliers(volumes.avis)} avis, {volumes.seances} séances "
        f"(médiane de {TOURS} ; but : {BUT_MS} ms)",
        ("", "page ms", "dont SQL ms", "rapport", "requêtes", "but"),
        lignes,
    )


def pages(petition: Any) -> list[tuple[str, str]]:
    return [
        ("Ma journée", "/journee/"),
        ("courriels", "/courriels/"),
        ("courriels, une page loin", "/courriels/?page=400"),
        ("courriels, par adresse", "/courriels/?q=essai4242@example.org"),
        ("courriels, par objet", "/courriels/?q=signature+4242"),
        ("courriels en échec", "/courriels/?etat=echec"),
        ("tous les dossiers", "/dossiers/"),
        ("tous les dossiers, cherchés", "/dossiers/?q=piste"),
        ("recherche", "/recherche/?q=piste"),
        ("pétitions du bureau", "/petitions/dossiers/"),
        ("dossier d’une pétition", f"/petitions/dossiers/{petition.pk}/"),
        ("pétitions, page publique", "/petitions/"),
        ("une pétition, à refaire toute", petition.get_public_url()),
        ("avis du bureau", "/ccspl/dossiers/"),
        ("avis, avec leurs réponses", "/ccspl/tableau-de-bord/avis/"),
        ("avis, page publique", "/ccspl/avis/"),
        ("vie de la commission", "/ccspl/vie/"),
        ("participation des membres", "/ccspl/vie/participation/"),
        ("séances", "/seances/"),
        ("rendu compte, page publique", "/rendu-compte/"),
    ]


def _mesurer(client: Client, nom: str, url: str) -> list[str]:
    durees, sql, combien = [], [], 0
    for tour in range(TOURS + 1):
        for cache in ("pages", "default"):
            caches[cache].clear()
        pris: list[float] = []
        with connection.execute_wrapper(_chronometre(pris)):
            debut = time.perf_counter()
            reponse = client.get(url)
            duree = time.perf_counter() - debut
        if reponse.status_code != 200:
            return [nom, f"({reponse.status_code})", "", "", "", ""]
        if tour:  # the first round compiles templates and fills caches
            durees.append(1000 * duree)
            sql.append(1000 * sum(pris))
        combien = len(pris)
    page, base = median(durees), median(sql)
    return [
        nom,
        virgule(page),
        virgule(base, 1),
        virgule(page / base, 1) if base else "",
        str(combien),
        "tenu" if page < BUT_MS else "non",
    ]


def _chronometre(pris: list[float]) -> Callable[..., Any]:
    def mesurer_une(executer: Callable[..., Any], *arguments: Any) -> Any:
        debut = time.perf_counter()
        try:
            return executer(*arguments)
        finally:
            pris.append(time.perf_counter() - debut)

    return mesurer_une


# Rows ----------------------------------------------------------------------------------------------------------------


def remplir(volumes: Volumes) -> Any:
    """Create one row of each kind with the factories, then copy it in SQL."""
    annee, monde = import_module("tests.ccspl.annee"), import_module("tests.petitions.factories")
    jour = timezone.localdate() - timedelta(days=400)
    petition = monde.PetitionFactory(en_collecte=True, titre="Une piste cyclable de Vizille à Grenoble")
    monde.PetitionFactory(deposee=True)
    petitions = copier_dossier(petition, volumes.petitions, "PET")
    suites_par_avis = max(1, volumes.suites * 3 // 4 // volumes.avis)
    avis = annee.rendu(
        jour, *(["suivie", "recue", "realisee", "a_l_etude"] * suites_par_avis)[:suites_par_avis]
    )
    tous = copier_dossier(avis, volumes.avis, "AVI")
    _suites_des_avis(avis, tous)
    suite = avis.suites.first()
    copier("suites_suite", suite.pk, volumes.suites // 4, dossier_id=f"{petitions[0]} + i % {len(petitions)}")
    _seances(annee, volumes.seances)
    lettres(petition, volumes.lettres)
    for numero in petitions[:10]:
        inserer(numero, nombre=volumes.signatures // 10, communes=49)
    decompte.compter()
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE")
        curseur.execute("CHECKPOINT")
    return petition


def copier(table: str, modele: int, nombre: int, cle: str = "id", /, **colonnes: str) -> range:
    """Copy the row `modele` `nombre` times, numbered after the last one. Returns the new numbers.

    `colonnes`: SQL of the columns that differ, where `i` counts from 1.
    """
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY 1",
            [table],
        )
        noms = [nom for (nom,) in curseur.fetchall()]
        curseur.execute(f"SELECT COALESCE(MAX({cle}), 0) FROM {table}")
        (dernier,) = curseur.fetchone()
        valeurs = {cle: f"{dernier} + i", **colonnes}
        if cle not in colonnes and cle == "id":
            curseur.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {dernier + nombre})")
        curseur.execute(
            f"INSERT INTO {table} ({', '.join(noms)}) SELECT {', '.join(valeurs.get(nom, f't.{nom}') for nom in noms)}"
            f" FROM {table} t, generate_series(1, {nombre}) AS i WHERE t.{cle} = {modele}"
        )
    return range(dernier + 1, dernier + nombre + 1)


def copier_dossier(dossier: Any, nombre: int, prefixe: str, **colonnes: str) -> range:
    """Copy a dossier of any nature. Each copy has its own reference, title and date.

    `colonnes`: SQL of the columns of its nature that differ.
    """
    numeros = copier(
        "socle_dossier",
        dossier.pk,
        nombre,
        reference=f"'{prefixe}-2001-' || i",
        titre="t.titre || ', n° ' || i",
        ouvert_le="t.ouvert_le - i * interval '7 hours'",
    )
    table, cle = dossier._meta.db_table, "dossier_ptr_id"
    copier(table, dossier.pk, nombre, cle, **{cle: f"{numeros[0] - 1} + i", **colonnes})
    return numeros


def _suites_des_avis(avis: Any, copies: range) -> None:
    for ligne in list(avis.preconisations.select_related("suite")):
        suites = copier("suites_suite", ligne.suite_id, len(copies), dossier_id=f"{copies[0] - 1} + i")
        copier(
            "ccspl_preconisation",
            ligne.pk,
            len(copies),
            avis_id=f"{copies[0] - 1} + i",
            suite_id=f"{suites[0] - 1} + i",
        )


def _seances(annee: Any, nombre: int) -> None:
    """One séance a week with 32 members; one member out of three was absent."""
    membres = [annee.membre() for _ in range(32)]
    tenue = annee.seance(timezone.localdate() - timedelta(days=7), membres)
    copies = copier(
        "seances_seance",
        tenue.pk,
        nombre,
        debut="t.debut - i * interval '7 days'",
        fin="t.fin - i * interval '7 days'",
        identifiant="gen_random_uuid()",
    )
    for convie in list(tenue.convies.all()):
        conviees = copier("seances_convie", convie.pk, nombre, seance_id=f"{copies[0] - 1} + i")
        presence = convie.presences.first()
        venues = copier(
            "seances_presence",
            presence.pk,
            nombre,
            convie_id=f"{conviees[0] - 1} + i",
            seance_id=f"{copies[0] - 1} + i",
        )
        with connection.cursor() as curseur:
            curseur.execute(
                "DELETE FROM seances_presence WHERE id BETWEEN %s AND %s AND (id + %s) %% 3 = 0",
                [venues[0], venues[-1], convie.pk],
            )


def lettres(petition: Any, nombre: int) -> None:
    """One letter for each signature, over a year; one in five hundred did not arrive."""
    from participation.socle.models import Courriel

    lettre = Courriel.objects.create(
        dossier_id=petition.pk,
        acte="petitions/confirmer",
        expediteur="participation@example.org",
        destinataires=["essai@example.org"],
        sujet="Confirmez votre signature",
        corps="Bonjour.\n\n" + "Pour confirmer votre signature, suivez le lien de cette lettre. " * 12,
        etat="envoye",
        envoye_le=timezone.now(),
        en_nombre=True,
    )
    copier(
        "socle_courriel",
        lettre.pk,
        nombre,
        destinataires="ARRAY['essai' || i || '@example.org']",
        sujet="'Confirmez votre signature ' || i",
        etat="CASE WHEN i % 500 = 0 THEN 'echec' ELSE 'envoye' END",
        cree_le="now() - i * interval '31 seconds'",
        envoye_le="now() - i * interval '31 seconds'",
    )
