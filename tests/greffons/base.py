"""Pytest plugin: the test database and the fixtures `agent`, `connecte` and `demonstration`.

The database is built once per run, copied for each process, and restored after each test that commits.
"""

import contextlib
import fcntl
import io
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings as reglages
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.test import Client, TransactionTestCase

from participation.socle.models import Compte
from tests.greffons.services import MODELE, cle_du_modele
from tests.socle.factories import CompteFactory

Lignes = dict[str, bytes]  # output of COPY, by table


def photographier() -> Lignes:
    """Return the rows of every table that is not empty."""
    photo = {}
    with connection.cursor() as curseur:
        for table in _tables_occupees(curseur):
            tampon = io.BytesIO()
            curseur.copy_expert(f'COPY "{table}" TO STDOUT', tampon)
            photo[table] = tampon.getvalue()
    return photo


# Size of the rows, in bytes, above which TRUNCATE is faster than DELETE.
GROS = 200_000


def remettre(photo: Lignes) -> None:
    """Restore exactly these rows in the database."""
    actuelles = photographier()
    changees = {table for table in {*photo, *actuelles} if photo.get(table) != actuelles.get(table)}
    with transaction.atomic(), connection.cursor() as curseur:
        gros = sum(len(actuelles.get(table, b"")) for table in changees) > GROS
        curseur.execute("SELECT current_setting('is_superuser') = 'on'")
        if gros or curseur.fetchone() != (True,):
            # The journals refuse DELETE. TRUNCATE costs about 0.25 s: new files for each table and those that
            # reference it.
            curseur.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in actuelles) + " CASCADE")
            ajouter(photo)
            return
        # Triggers and foreign keys are off: the restored rows were consistent at the start.
        curseur.execute("SET LOCAL session_replication_role = replica")
        for table in changees & actuelles.keys():
            curseur.execute(f'DELETE FROM "{table}"')
        ajouter({table: photo[table] for table in changees & photo.keys()})


def ajouter(photo: Lignes) -> None:
    """Insert rows in any order: foreign keys are checked at the end of the transaction."""
    with connection.cursor() as curseur:
        for table, lignes in photo.items():
            curseur.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(lignes))


OCCUPEES = """
DO $$
DECLARE nom text; une boolean; occupees text[] := '{}';
BEGIN
    FOR nom IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               AND pg_relation_size(oid) > 0 ORDER BY relname
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', nom) INTO une;
        IF une THEN occupees := occupees || nom; END IF;
    END LOOP;
    PERFORM set_config('essais.occupees', array_to_string(occupees, ' '), false);
END $$;
SELECT current_setting('essais.occupees')"""


def _tables_occupees(curseur: Any) -> list[str]:
    """Return the tables with rows.

    One query per table: a single query on all of them takes longer to plan.
    """
    curseur.execute(OCCUPEES)
    ((occupees,),) = curseur.fetchall()
    return str(occupees).split()


def dossier_commun(fabrique: pytest.TempPathFactory) -> Path:
    """Return a folder shared by all the processes of the run."""
    propre = fabrique.getbasetemp()
    return propre.parent if "PYTEST_XDIST_WORKER" in os.environ else propre


@contextlib.contextmanager
def un_seul(temoin: Path) -> Iterator[bool]:
    """Hold a lock between the processes of the run. Yields True if the file `temoin` is still to be made."""
    with temoin.with_suffix(".verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield not temoin.exists()


def _cle_gardee() -> str:
    """Return the key of the model database already on this server, or an empty string."""
    with connections["default"]._nodb_cursor() as curseur:  # type: ignore[attr-defined]
        curseur.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [MODELE]
        )
        trouve = curseur.fetchone()
    return str(trouve[0]) if trouve else ""


@pytest.fixture(scope="session")
def base_modele(
    django_db_modify_db_settings: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Make the database with the schema and reference data, used only as a template for the others.

    It is made again when a migration has changed since the last run. Reference data is loaded each time.
    """
    temoin = dossier_commun(tmp_path_factory) / "modele"
    with un_seul(temoin) as a_faire, django_db_blocker.unblock():
        if a_faire:
            base = connections["default"]
            avant = base.settings_dict["NAME"]
            deja = _cle_gardee() == cle_du_modele()
            with mock.patch.dict(base.settings_dict["TEST"], {"NAME": MODELE, "MIGRATE": not deja}):
                base.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=deja)
            call_command("charger_referentiel", verbosity=0)
            with base.cursor() as curseur:
                curseur.execute(f"COMMENT ON DATABASE {MODELE} IS '{cle_du_modele()}'")
            base.close()
            base.settings_dict["NAME"] = reglages.DATABASES["default"]["NAME"] = avant
            temoin.touch()
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = MODELE
    return MODELE


@pytest.fixture(scope="session")
def django_db_setup(
    base_modele: str, django_db_setup: None, connexions_reprises: None, django_db_blocker: Any
) -> Iterator[None]:
    """Give each test the 49 communes and the règlements, and remove what a test commits."""
    with django_db_blocker.unblock():
        # the template was made over TCP: reconnect through the socket, see `_par_la_prise`
        connections["default"].close()
        photo = photographier()
    # Django would empty every table, then recreate content types and permissions: several times slower.
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", side_effect=lambda: remettre(photo)):
        yield
    # Live server threads and killed workers may hold a connection: the database could not be dropped.
    with django_db_blocker.unblock(), connections["default"].cursor() as curseur:
        curseur.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def agent(db: None) -> Compte:
    return CompteFactory(agent=True)


@pytest.fixture
def connecte(client: Client, agent: Compte) -> Client:
    """Client signed in as the agent."""
    client.force_login(agent)
    return client


@pytest.fixture
def demonstration(
    transactional_db: None, settings: Any, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Load the rows and files of `make demo`: the first test loads them, the others copy them.

    Uses `transactional_db`: the copy must always include what is done on commit.
    """
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    garde = dossier_commun(tmp_path_factory) / "demonstration"
    with un_seul(garde) as a_faire:
        if a_faire:
            call_command("demo", verbosity=0)
            brouillon = garde.with_suffix(".brouillon")
            shutil.copytree(settings.MEDIA_ROOT, brouillon / "fichiers")
            (brouillon / "lignes").write_bytes(pickle.dumps(photographier()))
            brouillon.rename(garde)
            return
    shutil.copytree(garde / "fichiers", settings.MEDIA_ROOT)
    remettre(pickle.loads((garde / "lignes").read_bytes()))
    with connection.cursor() as curseur:
        for ordre in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            curseur.execute(ordre)
