"""Handwritten SQL of the pages of the remontées: the reference of their measure.

The queries of a page on other tables (session, account, menus, choices of the filters) are run again
unchanged, by psycopg alone.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

Instruction = tuple[str, Any]

EN_COURS = "('a_repondre', 'nouvelle', 'transmise')"
LISIBLES = "NOT r.est_discrimination"
ACTIVE = "e.faite_le IS NULL AND e.annulee_le IS NULL AND e.suspendue_le IS NULL"
# Columns of a row of the list.
COLONNES = """d.id, d.reference, d.titre, r.etat, r.lieu, r.canal, r.entendue_le, r.issue, k.nom, p.nom, c.nom, q.nom,
    a.prenom, a.nom, e.date_limite, e.libelle"""
JOINTES = f"""JOIN remontees_remontee r ON r.dossier_ptr_id = d.id
    LEFT JOIN remontees_categorie k ON k.id = r.categorie_id LEFT JOIN remontees_categorie p ON p.id = k.parent_id
    LEFT JOIN socle_commune c ON c.code_insee = r.commune_id LEFT JOIN socle_quartier q ON q.id = r.quartier_id
    LEFT JOIN socle_compte a ON a.id = d.agent_id
    LEFT JOIN LATERAL (SELECT e.date_limite, e.libelle FROM socle_echeance e WHERE e.dossier_id = d.id AND {ACTIVE}
                       ORDER BY e.date_limite, e.id LIMIT 1) e ON true"""
# All the columns of a remontée and its relations.
ENTIERE = f"""SELECT d.*, r.*, k.*, c.code_insee, c.nom, q.nom, s.*, o.nom, a.prenom, a.nom FROM socle_dossier d {JOINTES}
    LEFT JOIN remontees_sujet s ON s.dossier_ptr_id = r.sujet_commun_id
    LEFT JOIN remontees_organisme o ON o.id = r.organisme_id"""
AGENT_DEPUIS = "d.agent_id IS NULL AND d.clos_le IS NULL AND d.ouvert_le <= now() - interval '3 days'"


def _question(condition: str) -> str:
    return (
        f"SELECT count(*), min(r.dossier_ptr_id) FROM remontees_remontee r WHERE {LISIBLES} AND {condition}"
    )


def questions() -> Instruction:
    """For each of the seven questions: the number of remontées, and the first one."""
    parts = "SELECT 1 FROM remontees_attribution p WHERE p.dossier_id = r.dossier_ptr_id AND p.etat IN"
    dossiers = f"SELECT d.id FROM socle_dossier d WHERE d.nature = 'remontee' AND {AGENT_DEPUIS}"
    retards = f"SELECT e.dossier_id FROM socle_echeance e WHERE {ACTIVE} AND e.cle <> 'trier' AND e.date_limite < current_date"
    posees = [
        "r.etat = 'nouvelle'",
        f"r.est_urgente AND r.etat IN {EN_COURS}",
        f"r.etat IN {EN_COURS} AND r.dossier_ptr_id IN ({dossiers})",
        f"r.etat IN {EN_COURS} AND EXISTS ({parts} ('refusee'))",
        "r.dossier_ptr_id IN (SELECT m.remontee_id FROM remontees_message m WHERE m.est_apres_cloture AND m.lu_le IS NULL AND m.sens = 'entrant')",
        f"r.etat IN ('a_repondre', 'groupee', 'nouvelle', 'transmise') AND r.dossier_ptr_id IN ({retards})",
        f"r.etat = 'transmise' AND EXISTS ({parts} ('repondue', 'close')) AND EXISTS ({parts} ('envoyee', 'prise'))",
    ]
    return " UNION ALL ".join(f"({_question(condition)})" for condition in posees), None


def liste(condition: str = "true", valeurs: Sequence[object] = ()) -> list[Instruction]:
    """Queries of the list: 25 rows by next échéance, their number (up to 10 001), and the seven questions."""
    dues = f"""SELECT e.dossier_id, min(e.date_limite) AS le FROM (
        SELECT e.dossier_id, e.date_limite FROM socle_echeance e JOIN remontees_remontee r ON r.dossier_ptr_id = e.dossier_id
        JOIN socle_dossier d ON d.id = e.dossier_id WHERE {ACTIVE} AND {LISIBLES} AND {condition}
        ORDER BY e.date_limite, e.dossier_id LIMIT 31) e GROUP BY 1 ORDER BY 2, 1 LIMIT 25"""
    return [
        (
            f"SELECT {COLONNES} FROM ({dues}) m JOIN socle_dossier d ON d.id = m.dossier_id {JOINTES} ORDER BY m.le, d.id",
            valeurs,
        ),
        (
            f"""SELECT count(*) FROM (SELECT 1 FROM remontees_remontee r JOIN socle_dossier d ON d.id = r.dossier_ptr_id
                WHERE {LISIBLES} AND {condition} LIMIT 10001) t""",
            valeurs,
        ),
        questions(),
    ]


def cherchee(mot: str) -> list[Instruction]:
    """Queries of a search: the best 25 rows, their number, and the seven questions."""
    requete = "websearch_to_tsquery('french', %s) || to_tsquery('simple', %s) || to_tsquery('french', %s)"
    disent = f"""SELECT d.id, ts_rank(d.recherche, {requete}) AS rang FROM socle_dossier d
        WHERE d.nature = 'remontee' AND (d.recherche @@ ({requete}) OR d.titre_simple %%> %s OR d.titre_simple LIKE %s)"""
    lus = [mot, f"{mot}:*", f"{mot}:*"]
    valeurs = [*lus, *lus, mot, f"%{mot}%"]
    rangs = f"SELECT t.id, t.rang FROM ({disent}) t ORDER BY t.rang DESC, t.id LIMIT 25"
    return [
        (
            f"SELECT {COLONNES} FROM ({rangs}) m JOIN socle_dossier d ON d.id = m.id {JOINTES} WHERE {LISIBLES} ORDER BY m.rang DESC, d.id",
            valeurs,
        ),
        (f"SELECT count(*) FROM ({disent} LIMIT 10001) t", valeurs),
        questions(),
    ]


def semblables(numero: int) -> list[Instruction]:
    """The nearest texts of the same commune within ninety days, then their rows."""
    avec = "r.dossier_ptr_id <> l.dossier_ptr_id AND r.etat <> 'ecartee' AND NOT r.est_discrimination"
    proches = f"""SELECT r.dossier_ptr_id FROM remontees_remontee l JOIN LATERAL (
        SELECT r.dossier_ptr_id, r.mots <-> l.mots AS d FROM remontees_remontee r
        WHERE r.commune_id = l.commune_id AND r.entendue_le BETWEEN l.entendue_le - 90 AND l.entendue_le + 90 AND {avec}
          AND (r.categorie_id = l.categorie_id OR r.categorie_id IS NULL)
        ORDER BY 2 LIMIT 12) r ON true WHERE l.dossier_ptr_id = %s"""
    # With known keys: otherwise the planner joins all the rows first.
    return [(f"{ENTIERE} WHERE d.id = ANY(ARRAY({proches} LIMIT 3))", [numero])]


def une(numero: int) -> list[Instruction]:
    return [(f"{ENTIERE} WHERE d.id = %s", [numero]), *semblables(numero)]


def file_du_tri(numero: int) -> list[Instruction]:
    premiere = f"{ENTIERE} WHERE r.etat = 'nouvelle' AND {LISIBLES} ORDER BY r.est_urgente DESC, r.dossier_ptr_id LIMIT 1"
    return [(premiere, None), *semblables(numero), questions()]


def executer(instructions: Sequence[Instruction]) -> None:
    """Run the queries and fetch their rows, by psycopg alone."""
    connection.ensure_connection()
    with connection.connection.cursor() as curseur:
        for sql, valeurs in instructions:
            curseur.execute(sql, valeurs)
            if curseur.description is not None:
                curseur.fetchall()
