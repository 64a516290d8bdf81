"""Savepoints said with the next statement: what is kept and what is undone is what Django's own keep and undo."""

import io

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.socle.bd.base import DatabaseWrapper

GESTES = st.sampled_from(["ecrire", "doublon", "illisible", "lire", "copier", "paquet", "nomme", "divers"])
BLOCS = st.recursive(
    GESTES,
    lambda dedans: st.tuples(st.booleans(), st.booleans(), st.lists(dedans, max_size=4)),
    max_leaves=12,
)


class Echec(Exception):
    pass


class Piece:
    """Plays gestures on a table of its own; `vu` is all that was read or refused."""

    def __init__(self):
        self.vu, self.suivant = [], 0

    def jouer(self, blocs):
        for bloc in blocs:
            if isinstance(bloc, str):
                getattr(self, bloc)()
                continue
            echoue, sauvegarde, dedans = bloc
            try:
                with transaction.atomic(savepoint=sauvegarde):
                    self.jouer(dedans)
                    if echoue:
                        raise Echec
            except Echec as erreur:
                if not sauvegarde:  # what is around is undone too
                    raise erreur

    def dire(self, sql, *valeurs):
        with connection.cursor() as curseur:
            curseur.execute(sql, valeurs or None)
            return curseur.fetchall() if curseur.description else None

    def ecrire(self):
        self.suivant += 1
        self.dire("INSERT INTO gestes VALUES (%s)", self.suivant)

    def doublon(self):
        try:
            with transaction.atomic():
                self.dire("INSERT INTO gestes VALUES (0), (0)")
        except DatabaseError as erreur:
            self.vu.append(type(erreur))

    def illisible(self):
        for valeur in ("a\0b", object()):  # nothing reaches the server
            try:
                with transaction.atomic():
                    self.dire("SELECT %s", valeur)
            except (ValueError, DatabaseError) as erreur:
                self.vu.append(type(erreur))

    def lire(self):
        self.vu.append(self.dire("SELECT n FROM gestes ORDER BY n"))

    def copier(self):
        self.suivant += 1
        with connection.cursor() as curseur:
            curseur.copy_expert("COPY gestes FROM STDIN", io.BytesIO(b"%d\n" % self.suivant))

    def paquet(self):
        self.suivant += 1
        with connection.cursor() as curseur:
            curseur.executemany("INSERT INTO gestes VALUES (%s)", [(self.suivant,)])

    def nomme(self):
        with connection.chunked_cursor() as curseur:
            curseur.execute("SELECT count(*) FROM gestes")
            self.vu.append(curseur.fetchall())

    def divers(self):
        self.vu.append(self.dire("SELECT '100 %'"))


def ce_qui_reste(blocs):
    piece = Piece()
    try:
        with transaction.atomic():
            piece.dire("CREATE TEMPORARY TABLE IF NOT EXISTS gestes (n int PRIMARY KEY)")
            try:
                with transaction.atomic():
                    piece.jouer(blocs)
            except Echec:
                piece.vu.append(Echec)
            piece.lire()
            raise Echec
    except Echec:
        return piece.vu


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocs=st.lists(BLOCS, max_size=5))
def test_what_is_undone_is_what_django_undoes(db, blocs):
    ici = ce_qui_reste(blocs)
    nos_facons = {
        nom: DatabaseWrapper.__dict__[nom]
        for nom in ("_savepoint", "_savepoint_commit", "_savepoint_rollback")
    }
    try:
        for nom in nos_facons:
            setattr(DatabaseWrapper, nom, getattr(BaseDatabaseWrapper, nom))
        assert ici == ce_qui_reste(blocs)
    finally:
        for nom, facon in nos_facons.items():
            setattr(DatabaseWrapper, nom, facon)


def test_a_savepoint_is_said_with_what_follows_and_never_alone(db):
    with CaptureQueriesContext(connection) as requetes, transaction.atomic(), transaction.atomic():
        Piece().dire("SELECT 1")
        with transaction.atomic():
            pass
        assert connection.attente == []
    assert [requete["sql"] for requete in requetes.captured_queries] == ["SELECT 1"]
    with connection.cursor() as curseur:
        curseur.execute("SELECT 2")
        assert curseur.cursor.query == b"SELECT 2"
