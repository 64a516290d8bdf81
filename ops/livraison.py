"""What the version that was delivered asks of its database, and holds in it: `make livraison` writes it, the tests of the next
version read it.

While a new version is put in place, its migrations are applied and the old code still serves: the columns that it reads must
be there, and the rows that it writes must be accepted. What was in the base must still be there after.
"""

import contextlib
import io
import json
import lzma
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import psycopg2

from ops import services
from ops.run import preparer_la_base

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

RACINE = Path(__file__).resolve().parent.parent
LIVREE = RACINE / "tests" / "exploitation" / "version_livree.json"
# Rows of its demonstration, as COPY writes them, each table after its name and its columns.
LIGNES = RACINE / "tests" / "exploitation" / "version_livree.copy.xz"
CALCULEE = "calculée"  # a generated column: read, never written
OU_RIEN = " ou rien"  # after the type of a column that the code may leave empty
Tables = dict[str, dict[str, str]]  # table → column → type

EXIGEES = """
SELECT attname FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
   AND attnotnull AND NOT atthasdef AND attidentity = ''
"""


def tables() -> Tables:
    """Return the columns that the models of this version read and write."""
    from django.apps import apps
    from django.db import connection
    from django.db.models import GeneratedField

    lues: Tables = {}
    for modele in apps.get_models(include_auto_created=True):
        if modele._meta.proxy or not modele._meta.managed:
            continue
        colonnes = lues.setdefault(modele._meta.db_table, {})
        for champ in modele._meta.local_concrete_fields:
            genre = CALCULEE if isinstance(champ, GeneratedField) else str(champ.db_type(connection))
            colonnes[str(champ.column)] = genre + (OU_RIEN if champ.null and genre != CALCULEE else "")
    return lues


def lire() -> Tables:
    lues: Tables = json.loads(LIVREE.read_text())
    return lues


def ecrire() -> None:
    """One table a line, so that a change is seen in a review."""
    lignes = (
        f"{json.dumps(nom)}: {json.dumps(colonnes, ensure_ascii=False, sort_keys=True)}"
        for nom, colonnes in sorted(tables().items())
    )
    LIVREE.write_text("{\n" + ",\n".join(lignes) + "\n}\n")


def refus(livree: Tables) -> list[str]:
    """Say what of the delivered version this database would refuse, in French; nothing when it can go on serving.

    Reads every column that it reads and prepares every insertion that it does, on the tables as they are now.
    """
    actuelles = tables()
    return [
        phrase
        for table, colonnes in sorted(livree.items())
        for phrase in (*_lectures(table, colonnes), *_types(table, colonnes, actuelles.get(table, {})))
    ]


def _lectures(table: str, colonnes: dict[str, str]) -> list[str]:
    from django.db import DatabaseError, connection, transaction

    ecrites = {nom: genre for nom, genre in colonnes.items() if genre != CALCULEE}
    liste = ", ".join(f'"{nom}"' for nom in ecrites)
    genres = ", ".join(_sans_rien(genre) for genre in ecrites.values())
    valeurs = ", ".join(f"${n}" for n in range(1, len(ecrites) + 1))
    with connection.cursor() as curseur:
        try:
            with transaction.atomic():
                curseur.execute("SELECT {} FROM {} LIMIT 0".format(*_entre_guillemets(colonnes, table)))
                curseur.execute(
                    f'PREPARE livree ({genres}) AS INSERT INTO "{table}" ({liste}) VALUES ({valeurs})'
                )
                curseur.execute("DEALLOCATE livree")
        except DatabaseError as erreur:
            return [f"{table} : {str(erreur).splitlines()[0]}"]
        return [f"{table}.{nom} est devenue obligatoire." for nom in _exigees(curseur, table, colonnes)]


def _entre_guillemets(colonnes: dict[str, str], table: str) -> tuple[str, str]:
    return ", ".join(f'"{nom}"' for nom in colonnes), f'"{table}"'


def _exigees(curseur: "CursorWrapper", table: str, colonnes: dict[str, str]) -> list[str]:
    """Columns that must now have a value, that the delivered version does not always give."""
    curseur.execute(EXIGEES, [f'"{table}"'])
    return sorted(
        nom for (nom,) in curseur.fetchall() if nom not in colonnes or colonnes[nom].endswith(OU_RIEN)
    )


def _types(table: str, avant: dict[str, str], apres: dict[str, str]) -> list[str]:
    return [
        f"{table}.{nom} passe de {_sans_rien(avant[nom])} à {_sans_rien(apres[nom])}."
        for nom in sorted(avant.keys() & apres.keys())
        if not _aussi_large(_sans_rien(avant[nom]), _sans_rien(apres[nom]))
    ]


def _aussi_large(avant: str, apres: str) -> bool:
    """Whether a value of the type `avant` is one of `apres`: the same, or a longer text."""
    texte = re.compile(r"varchar\((\d+)\)")
    ancien, nouveau = texte.fullmatch(avant), texte.fullmatch(apres)
    if ancien and nouveau:
        return int(nouveau[1]) >= int(ancien[1])
    return avant == apres or bool(ancien and apres == "text")


def _sans_rien(genre: str) -> str:
    return genre.removesuffix(OU_RIEN)


# Sessions and generated columns are left out.
A_COPIER = """
SELECT format('%I (%s)', relname, string_agg(quote_ident(attname), ', ' ORDER BY attnum))
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'django_session'
   AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
 GROUP BY relname ORDER BY relname
"""
FIN = b"\\.\n"


def garder_les_lignes() -> None:
    """Load the demonstration in a base of its own, and keep its rows."""
    with tempfile.TemporaryDirectory() as dossier, _base(Path(dossier)) as url:
        preparer_la_base({**os.environ, "DATABASE_URL": url, "DOSSIER_DONNEES": dossier}, "--demonstration")
        copie = io.BytesIO()
        with contextlib.closing(psycopg2.connect(url)) as connexion, connexion.cursor() as curseur:
            curseur.execute(A_COPIER)
            for (table,) in curseur.fetchall():
                copie.write(f"{table}\n".encode())
                curseur.copy_expert(f"COPY {table} TO STDOUT", copie)
                copie.write(FIN)
    LIGNES.write_bytes(lzma.compress(copie.getvalue(), preset=9 | lzma.PRESET_EXTREME))


@contextlib.contextmanager
def _base(dossier: Path) -> Iterator[str]:
    serveur = services.preparer_postgres(dossier, services.PG_JETABLE)
    processus = services.lancer(serveur.commande, dossier / "postgres.log")
    try:
        services.attendre_postgres(serveur.url, processus, dossier / "postgres.log")
        yield serveur.url
    finally:
        services.arreter(processus, serveur.signal_arret)


def lignes() -> Iterator[tuple[str, bytes]]:
    """Yield each table that had rows with its columns, « socle_commune (code, nom) », and these rows for COPY."""
    with lzma.open(LIGNES) as copie:
        for entete in copie:
            rangees = b"".join(iter(copie.readline, FIN))
            if rangees:
                yield entete.decode().strip(), rangees


def migrations() -> dict[str, str]:
    """Last migration of each app in the delivered version, of those that are still files."""
    from django.db.migrations.loader import MigrationLoader

    rangees = next(r for table, r in lignes() if table.startswith("django_migrations "))
    faites = {(app, nom) for app, nom in (ligne.split("\t")[1:3] for ligne in rangees.decode().splitlines())}
    return dict(sorted(faites & MigrationLoader(None).disk_migrations.keys()))


def main(*_: Any) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
    django.setup()
    ecrire()
    garder_les_lignes()
    print(f"{LIVREE.relative_to(RACINE)} : {len(lire())} tables.")
    print(f"{LIGNES.relative_to(RACINE)} : {LIGNES.stat().st_size // 1000} ko.")


if __name__ == "__main__":
    main()
