"""Insert years of remontées into the database: one row of each kind by the factories, copied in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.listes import copier
from participation.socle.actions import fixer_echeance

TEXTE = (
    "lampadaire éteint rue noir trottoir trou chaussée poubelle bac collecte oubliée tram bus retard arrêt école cantine vélo piste"
    " coupée fuite odeur égout rat bruit nuit chantier arbre branche ascenseur panne chauffage vitesse passage piéton banc fontaine"
    " place marché parking voiture gênante dépôt encombrants matelas digue rivière piscine stade horaires guichet"
)
MOTS = TEXTE.split()
# Number of distinct street and place names: a search for one of them finds few texts.
NOMS = 4000
# Rows that are open: to be sorted, or to be answered.
OUVERTES = "i % 50 = 0 OR i % 20 = 1"


def remplir(combien: int, sujets: int) -> tuple[int, int]:
    """Insert the rows. Returns the numbers of a remontée in the middle and of one to be sorted."""
    fabrique: Any = import_module("tests.remontees.factories")
    sujet, remontee = fabrique.SujetFactory(), fabrique.RemonteeFactory(verbatim="Un lampadaire éteint.")
    with sans_index("remontees_remontee"), sans_index("socle_dossier"):
        titres = copier_sujets(sujet, sujets)
        numeros = copier_remontees(remontee, combien, titres)
    echeances(remontee, range(titres[0], numeros[-1] + 1))
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE")
    a_trier = numeros[0] - 1 + 50 * (len(numeros) // 100)
    return numeros[len(numeros) // 2], a_trier


def phrase(graine: str) -> str:
    """Return the SQL of a text: fourteen words and a name, always the same for a given seed."""
    mots = f"ARRAY[{','.join(repr(mot) for mot in MOTS)}]"
    nom = f"'nom' || (hashint8({graine} + 77) & 1048575) % {NOMS}"
    return (
        f"(SELECT string_agg(({mots})[1 + (hashint8({graine} + j) & 1023) % {len(MOTS)}], ' ') FROM generate_series(1, 14) AS j)"
        f" || ' ' || {nom}"
    )


def _ou_et_quoi() -> dict[str, str]:
    themes = "SELECT array_agg(id) FROM remontees_categorie WHERE parent_id IS NOT NULL"
    return {
        "commune_id": "((SELECT array_agg(code_insee) FROM socle_commune))[1 + i % 49]",
        "categorie_id": f"(({themes}))[1 + (i / 7) % (SELECT cardinality(({themes})))]",
    }


def _dossiers(dossier: Any, nombre: int, prefixe: str, ouverts: str, graine: str, **colonnes: str) -> range:
    return copier(
        "socle_dossier",
        dossier.pk,
        nombre,
        reference=f"'{prefixe}-2001-' || i",
        titre="t.titre || ', n° ' || i",
        resume=phrase(graine),
        ouvert_le="t.ouvert_le - i * interval '3 minutes'",
        modifie_le="t.modifie_le - i * interval '3 minutes'",
        clos_le=f"CASE WHEN {ouverts} THEN NULL ELSE now() END",
        **colonnes,
    )


def copier_sujets(sujet: Any, nombre: int, publie: str = "t.est_publie") -> range:
    numeros = _dossiers(sujet, nombre, "SUJ", "i % 4 = 0", "i * 7", est_publie=publie)
    copier(
        "remontees_sujet",
        sujet.pk,
        nombre,
        "dossier_ptr_id",
        dossier_ptr_id=f"{numeros[0] - 1} + i",
        etat="CASE WHEN i % 4 = 0 THEN 'ouvert' ELSE 'clos' END",
        issue="CASE WHEN i % 4 = 0 THEN '' ELSE 'traite' END",
        reponse="CASE WHEN i % 4 = 0 THEN '' ELSE 'C’est fait.' END",
        texte_public=phrase("i * 7"),
        mots=phrase("i * 7"),
        **_ou_et_quoi(),
    )
    return numeros


def copier_remontees(remontee: Any, nombre: int, sujets: range, **colonnes: str) -> range:
    numeros = _dossiers(remontee, nombre, "REM", OUVERTES, "i * 31")
    copier(
        "remontees_remontee",
        remontee.pk,
        nombre,
        "dossier_ptr_id",
        **{
            "dossier_ptr_id": f"{numeros[0] - 1} + i",
            "etat": "CASE WHEN i % 50 = 0 THEN 'nouvelle' WHEN i % 20 = 1 THEN 'a_repondre' WHEN i % 10 = 2 THEN 'groupee' ELSE 'close' END",
            "sujet_commun_id": f"CASE WHEN i % 10 = 2 THEN {sujets[0]} + i % {len(sujets)} END",
            "entendue_le": "current_date - (i % 1095)::int",
            "verbatim": phrase("i * 31"),
            **_ou_et_quoi(),
            **colonnes,
        },
    )
    return numeros


def echeances(remontee: Any, numeros: range) -> None:
    """Open dossiers are due within a month, or late by ten days at most."""
    fixer_echeance(
        remontee,
        "trier",
        libelle="Choisir qui s’en occupe",
        date_limite=timezone.localdate(),
        est_legale=True,
    )
    modele = remontee.echeances.get(cle="trier")
    colonnes = "cle, libelle, est_legale, rappels, relances, escalade, escalade_elu, lien, page, fixee_le"
    lues = ", ".join(f"e.{colonne}" for colonne in colonnes.split(", "))
    with connection.cursor() as curseur:
        curseur.execute(
            f"INSERT INTO socle_echeance (dossier_id, date_limite, {colonnes})"
            f" SELECT d.id, current_date + (d.id / 50 %% 40)::int - 10, {lues} FROM socle_dossier d, socle_echeance e"
            " WHERE e.id = %s AND d.id BETWEEN %s AND %s AND d.clos_le IS NULL AND d.id <> e.dossier_id",
            [modele.pk, numeros[0], numeros[-1]],
        )


@contextmanager
def sans_index(table: str) -> Iterator[None]:
    """Create the indexes after the rows, which saves some minutes."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [table],
        )
        index = curseur.fetchall()
        for nom, _ in index:
            curseur.execute(f'DROP INDEX "{nom}"')
        yield
        curseur.execute("SET maintenance_work_mem = '256MB'")
        for _, definition in index:
            curseur.execute(definition)
