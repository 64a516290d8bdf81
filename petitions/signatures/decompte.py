"""Counts of every pétition, by commune and by day. No other module writes them.

`est_comptee` says whether a signature is in the counts. To count is to set this flag according to the état
and to add the differences, in one transaction: the counts stay exact whatever the order, the number of
workers or the moment of a crash.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from participation.socle.bd.verrous import verrou, verrou_libre
from participation.socle.models import Commune
from petitions.models import Decompte, DecompteCommune, DecompteJour, Petition, Signature
from petitions.signatures import lettres

VERROU = "petitions:compter"


LOT = 20_000


journal = logging.getLogger(__name__)


# Same condition as the partial index signature_a_compter: only changed rows are read. Through an array, not a
# join: the planner would take unconfirmed rows for uncounted ones, and read a million rows to find two
# thousand.
BASCULER = """
WITH a_compter AS (
    SELECT id FROM petitions_signature
    WHERE (etat = 'confirmee' AND NOT est_comptee) OR (NOT (etat = 'confirmee') AND est_comptee)
    ORDER BY petition_id LIMIT %s FOR UPDATE SKIP LOCKED
), basculees AS (
    UPDATE petitions_signature s SET est_comptee = NOT s.est_comptee WHERE s.id = ANY (ARRAY(SELECT id FROM a_compter))
    RETURNING s.petition_id, s.commune_id, s.confirmee_le, s.est_comptee
)
SELECT petition_id, commune_id, (confirmee_le AT TIME ZONE %s)::date, SUM(CASE WHEN est_comptee THEN 1 ELSE -1 END),
    COUNT(*)
FROM basculees GROUP BY 1, 2, 3
"""


RECOMPTER = """
SELECT petition_id, commune_id, (confirmee_le AT TIME ZONE %s)::date, COUNT(*)
FROM petitions_signature WHERE est_comptee GROUP BY 1, 2, 3
"""


# Insert a row of 0 first, then add: a negative difference cannot be inserted (CHECK).
AJOUTER = """
INSERT INTO {table} (petition_id, {cle}, nombre) SELECT *, 0 FROM unnest(%s::bigint[], %s::{type}[]) ON CONFLICT DO NOTHING;
UPDATE {table} t SET nombre = t.nombre + d.nombre
FROM unnest(%s::bigint[], %s::{type}[], %s::integer[]) AS d (petition_id, cle, nombre)
WHERE t.petition_id = d.petition_id AND t.{cle} = d.cle
"""


TOTALISER = """
INSERT INTO petitions_decompte AS d (petition_id, total, communes, plus_forte_id, plus_forte_nombre, compte_le, derive)
SELECT p.id, COALESCE(SUM(c.nombre), 0), COUNT(*) FILTER (WHERE c.nombre > 0),
    (ARRAY_AGG(c.commune_id ORDER BY c.nombre DESC, c.commune_id) FILTER (WHERE c.nombre > 0))[1],
    COALESCE(MAX(c.nombre), 0), now(), 0
FROM unnest(%s::bigint[]) AS p (id) LEFT JOIN petitions_decomptecommune c ON c.petition_id = p.id GROUP BY p.id
ON CONFLICT (petition_id) DO UPDATE SET total = excluded.total, communes = excluded.communes,
    plus_forte_id = excluded.plus_forte_id, plus_forte_nombre = excluded.plus_forte_nombre, compte_le = excluded.compte_le
"""


Ligne = tuple[int, str, date, int]


K = TypeVar("K", str, date)


def compter() -> int:
    """Count what changed since the last time. Returns how many signatures moved.

    Stops at once when another worker is counting.
    """
    deplacees = 0
    while True:
        with transaction.atomic():
            if not verrou_libre(VERROU):
                return deplacees
            lot = _basculer()
        deplacees += lot
        if lot < LOT:
            return deplacees


def compter_sous_verrou() -> None:
    """Count all that changed, in the transaction of the caller: the counts are exact until it ends."""
    verrou(VERROU)
    while _basculer():
        pass


def _basculer() -> int:
    with connection.cursor() as curseur:
        curseur.execute(BASCULER, [LOT, timezone.get_default_timezone_name()])
        lignes = curseur.fetchall()
    _appliquer(ligne[:4] for ligne in lignes)
    return sum(ligne[4] for ligne in lignes)


def _lire(requete: str, *valeurs: str) -> list[Ligne]:
    with connection.cursor() as curseur:
        curseur.execute(requete, valeurs)
        return list(curseur.fetchall())


def _appliquer(lignes: Iterable[Ligne]) -> None:
    communes: Counter[tuple[int, str]] = Counter()
    jours: Counter[tuple[int, date]] = Counter()
    for petition, commune, jour, nombre in lignes:
        communes[petition, commune] += nombre
        jours[petition, jour] += nombre
    if not communes:
        return
    with connection.cursor() as curseur:
        _ajouter(curseur, "petitions_decomptecommune", "commune_id", "text", communes)
        _ajouter(curseur, "petitions_decomptejour", "jour", "date", jours)
        curseur.execute(TOTALISER, [sorted({petition for petition, _ in communes})])


def _ajouter(
    curseur: CursorWrapper, table: str, cle: str, type_sql: str, deltas: Mapping[tuple[int, Any], int]
) -> None:
    lignes = sorted((petition, valeur, nombre) for (petition, valeur), nombre in deltas.items() if nombre)
    if lignes:
        petitions, cles, nombres = (list(colonne) for colonne in zip(*lignes, strict=True))
        curseur.execute(
            AJOUTER.format(table=table, cle=cle, type=type_sql), [petitions, cles, petitions, cles, nombres]
        )


def deplacer(signature: Signature, commune: Commune) -> None:
    """Move a counted signature to another commune in the counts, at once.

    The caller saves the signature, in the same transaction.
    """
    if not signature.est_comptee:
        return
    verrou(VERROU)
    signature.refresh_from_db(fields=["est_comptee"])
    if signature.est_comptee and signature.confirmee_le is not None:
        jour = timezone.localdate(signature.confirmee_le)
        _appliquer(
            [
                (signature.petition_id, signature.commune_id, jour, -1),
                (signature.petition_id, commune.pk, jour, 1),
            ]
        )


def numero_suivant(petition: int) -> int:
    """Return the number told to the next person who confirms: signatures counted, those about to be, plus
    one."""
    with connection.cursor() as curseur:
        curseur.execute(
            """SELECT COALESCE((SELECT total FROM petitions_decompte WHERE petition_id = %(petition)s), 0) + (
                SELECT COALESCE(SUM(CASE WHEN est_comptee THEN -1 ELSE 1 END), 0) FROM petitions_signature
                WHERE petition_id = %(petition)s AND (
                    (etat = 'confirmee' AND NOT est_comptee) OR (NOT (etat = 'confirmee') AND est_comptee)))""",
            {"petition": petition},
        )
        (nombre,) = curseur.fetchone()
    return int(nombre) + 1


def recompter() -> dict[int, int]:
    """Count everything again from the signatures, repair the counts, and write to agents about each
    difference.

    Returns the differences by pétition, without those at 0.
    """
    with transaction.atomic():
        compter_sous_verrou()
        communes: Counter[tuple[int, str]] = Counter()
        jours: Counter[tuple[int, date]] = Counter()
        for petition, commune, jour, nombre in _lire(RECOMPTER, timezone.get_default_timezone_name()):
            communes[petition, commune] += nombre
            jours[petition, jour] += nombre
        totaux: Counter[int] = Counter()
        for (petition, _), nombre in communes.items():
            totaux[petition] += nombre
        ecarts_communes = _ecarts(
            communes, DecompteCommune.objects.values_list("petition_id", "commune_id", "nombre")
        )
        ecarts_jours = _ecarts(jours, DecompteJour.objects.values_list("petition_id", "jour", "nombre"))
        derives: Counter[int] = Counter()
        for ecarts in (ecarts_communes, ecarts_jours):
            par_petition: Counter[int] = Counter()
            for (petition, _), nombre in ecarts.items():
                par_petition[petition] += abs(nombre)
            derives |= par_petition
        for petition, total in Decompte.objects.values_list("petition_id", "total"):
            derives[petition] = max(derives[petition], abs(totaux[petition] - total))
        trouves = {petition: nombre for petition, nombre in derives.items() if nombre}
        with connection.cursor() as curseur:
            _ajouter(curseur, "petitions_decomptecommune", "commune_id", "text", ecarts_communes)
            _ajouter(curseur, "petitions_decomptejour", "jour", "date", ecarts_jours)
            if trouves:
                curseur.execute(TOTALISER, [sorted(trouves)])
        Decompte.objects.exclude(petition__in=trouves).update(recompte_le=timezone.now(), derive=0)
        for trouvee in Petition.objects.filter(pk__in=trouves):
            ecart = trouves[trouvee.pk]
            Decompte.objects.filter(petition=trouvee).update(recompte_le=timezone.now(), derive=ecart)
            journal.error("Décompte de %s : écart de %s, réparé", trouvee.reference, ecart)
            lettres.ecrire_aux_agents("recompter", trouvee, ecart=ecart)
    return trouves


def _ecarts(vrais: Counter[tuple[int, K]], ecrits: Iterable[tuple[int, K, int]]) -> Counter[tuple[int, K]]:
    ecarts = Counter(vrais)
    for petition, cle, nombre in ecrits:
        ecarts[petition, cle] -= nombre
    return ecarts
