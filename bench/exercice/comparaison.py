"""What the restored site has of what the burnt one had: row by row, file by file."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2

TABLES = """
SELECT c.relname, array_agg(format('t.%I', a.attname) ORDER BY a.attnum)
  FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
 GROUP BY c.relname ORDER BY c.relname
"""
# When each row was committed: PostgreSQL knows it (track_commit_timestamp).
LIGNES = "SELECT ROW({cle})::text, md5(t::text), pg_xact_commit_timestamp(xmin) FROM {table} t"

Etats = dict[str, tuple[str, datetime | None]]  # key of a row → its content, when it was written


@dataclass
class Ecart:
    """What differs in one table, or among the files. Instants are those of what was lost."""

    nom: str
    total: int = 0
    perdues: list[datetime] = field(default_factory=list)  # not there any more
    anciennes: list[datetime] = field(default_factory=list)  # there, as they were before
    revenues: int = 0  # had been deleted since the last copy
    decidees: int = 0  # changed or written by the restore itself
    sans_date: int = 0  # lost, and nothing says since when

    @property
    def est_vide(self) -> bool:
        return not (self.perdues or self.anciennes or self.revenues or self.decidees or self.sans_date)

    @property
    def plus_ancienne(self) -> datetime | None:
        """When what was lost first was written."""
        return min((*self.perdues, *self.anciennes), default=None)


def restauree_jusqu_a(url: str) -> datetime:
    """Return when the last transaction that the archive gave back was committed."""
    with psycopg2.connect(url) as base, base.cursor() as curseur:
        curseur.execute("SELECT coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time())")
        instants: list[tuple[datetime]] = curseur.fetchall()
    base.close()
    return instants[0][0]


def comparer_les_bases(brulee: str, restauree: str, restauree_a: datetime) -> list[Ecart]:
    """Compare two databases, given by their URLs. `restauree_a`: the instant up to which the second was restored."""
    with psycopg2.connect(brulee) as avant, psycopg2.connect(restauree) as apres:
        with avant.cursor() as curseur:
            curseur.execute(TABLES)
            tables = curseur.fetchall()
        ecarts = [
            comparer(table, _lignes(avant, table, cle), _lignes(apres, table, cle), restauree_a)
            for table, cle in tables
        ]
    avant.close()
    apres.close()
    return ecarts


def _lignes(base: Any, table: str, cle: list[str]) -> Etats:
    with base.cursor() as curseur:
        curseur.execute(LIGNES.format(table=f'"{table}"', cle=", ".join(cle)))
        return {numero: (contenu, le) for numero, contenu, le in curseur}


def comparer(nom: str, avant: Etats, apres: Etats, restauree_a: datetime) -> Ecart:
    ecart = Ecart(nom, total=len(avant))
    for cle in apres.keys() - avant.keys():
        quand = apres[cle][1]
        if quand is not None and quand > restauree_a:
            ecart.decidees += 1
        else:
            ecart.revenues += 1
    for cle, (contenu, ecrite_le) in avant.items():
        retrouve, quand = apres.get(cle, (None, None))
        if retrouve == contenu:
            continue
        if quand is not None and quand > restauree_a:
            ecart.decidees += 1
        elif ecrite_le is None:
            ecart.sans_date += 1
        else:
            (ecart.perdues if retrouve is None else ecart.anciennes).append(ecrite_le)
    return ecart


def comparer_les_fichiers(brules: Path, restaures: Path, sauf: tuple[str, ...]) -> Ecart:
    """Compare the content of two folders. `sauf`: folders that are not copied, on purpose."""
    ecart, la = Ecart("fichiers"), dict(_fichiers(restaures, sauf))
    for nom, chemin in _fichiers(brules, sauf):
        ecart.total += 1
        ecrit_le = datetime.fromtimestamp(chemin.stat().st_mtime).astimezone()
        if nom not in la:
            ecart.perdues.append(ecrit_le)
        elif _empreinte(chemin) != _empreinte(la[nom]):
            ecart.anciennes.append(ecrit_le)
    ecart.revenues = len(la.keys() - dict(_fichiers(brules, sauf)).keys())
    return ecart


def _fichiers(dossier: Path, sauf: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for chemin in sorted(dossier.rglob("*")):
        nom = chemin.relative_to(dossier)
        if chemin.is_file() and nom.parts[0] not in sauf:
            yield str(nom), chemin


def _empreinte(chemin: Path) -> str:
    with chemin.open("rb") as fichier:
        return hashlib.file_digest(fichier, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Acte:
    """Something that was said to be done. `cle` finds it again in the database."""

    genre: str
    cle: str
    le: datetime


# How each kind of act is found again.
RETROUVER: Mapping[str, str] = {
    "signature": "SELECT courriel FROM petitions_signature WHERE courriel = ANY (%s)",
    "confirmation": "SELECT courriel FROM petitions_signature WHERE etat = 'confirmee' AND courriel = ANY (%s)",
    "bulletin": "SELECT empreinte FROM budgets_code WHERE est_utilise AND empreinte = ANY (%s)",
    "remontée avec photo": """
        SELECT dit FROM unnest(%s) AS dit
         WHERE EXISTS (SELECT FROM remontees_remontee WHERE verbatim = dit)
            OR EXISTS (SELECT FROM remontees_reception WHERE charge ->> 'verbatim' = dit)
    """,
    "PDF": "SELECT cle_publique::text FROM socle_document WHERE etat = 'pret' AND cle_publique::text = ANY (%s)",
}


def actes_perdus(url: str, actes: list[Acte]) -> list[Acte]:
    """Return the acts that this database does not know."""
    with psycopg2.connect(url) as base, base.cursor() as curseur:
        connus: set[tuple[str, str]] = set()
        for genre, requete in RETROUVER.items():
            curseur.execute(requete, [[acte.cle for acte in actes if acte.genre == genre]])
            connus |= {(genre, cle) for (cle,) in curseur.fetchall()}
    base.close()
    return [acte for acte in actes if (acte.genre, acte.cle) not in connus]
