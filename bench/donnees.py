"""Many signatures at once, put in the database without the site: for measures, and to reach a threshold in a demonstration."""

from django.db import connection

# Addresses are of example.org: nothing of it can be written to.
INSERER = """
INSERT INTO petitions_signature (petition_id, prenom, nom, nom_canonique, courriel, courriel_canonique, commune_id, qualite,
    accord_nouvelles, etat, origine, empreinte_ip, empreinte_reseau, demandee_le, a_ecrire, courriels_ecrits, confirmee_le,
    rang, motif_ecart, est_comptee)
SELECT %(petition)s, 'Camille', 'Essai' || i, 'camille essai' || i, c, c, (%(communes)s)[1 + i %% cardinality(%(communes)s)],
    'resident', false, 'confirmee', 'en_ligne', md5(i::text), md5((i / 50)::text),
    now() - random() * %(jours)s * interval '1 day', false, 1, now() - random() * %(jours)s * interval '1 day', 1, '',
    %(comptees)s
FROM generate_series(%(debut)s::bigint, %(fin)s::bigint) AS i, LATERAL (SELECT 'essai' || %(petition)s || '-' || i || '@example.org' AS c) AS adresse
"""


def inserer(petition: int, *, nombre: int, communes: int, jours: int = 60, comptees: bool = False) -> None:
    """`nombre` confirmed signatures more, shared equally by the first `communes` communes, over the last `jours` days."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT array_agg(code_insee) FROM (SELECT code_insee FROM socle_commune ORDER BY population DESC LIMIT %s) AS c",
            [communes],
        )
        (codes,) = curseur.fetchone()
        curseur.execute(
            "SELECT count(*) FROM petitions_signature WHERE petition_id = %s AND nom_canonique LIKE 'camille essai%%'",
            [petition],
        )
        (deja,) = curseur.fetchone()
        curseur.execute(
            INSERER,
            {
                "petition": petition,
                "communes": codes,
                "jours": jours,
                "debut": deja + 1,
                "fin": deja + nombre,
                "comptees": comptees,
            },
        )
        if nombre >= 10_000:
            curseur.execute("VACUUM ANALYZE petitions_signature")
