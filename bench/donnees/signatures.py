"""Insert many signatures directly into the database: for measures, and to reach a threshold in a demonstration."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from participation.socle.models import Compte
from petitions.models import Petition, ReglementPetition
from petitions.seuils import actes as seuils
from petitions.signatures import decompte
from petitions.workflow import Etat

# Domains that cannot exist (RFC 2606), many of them: with a single domain, the threshold would wait for an
# agent.
INSERER = """
INSERT INTO petitions_signature (petition_id, prenom, nom, nom_canonique, courriel, courriel_canonique, commune_id, qualite,
    accord_nouvelles, etat, origine, empreinte_ip, empreinte_reseau, demandee_le, a_ecrire, courriels_ecrits, confirmee_le,
    rang, motif_ecart, est_comptee)
SELECT %(petition)s, 'Camille', 'Essai' || i, 'camille essai' || i, courriel, courriel,
    (%(communes)s)[1 + i %% cardinality(%(communes)s)], 'resident', false, 'confirmee', 'en_ligne', md5(i::text),
    md5((i / 50)::text), instant, false, 1, instant, 1, '', %(comptees)s
FROM generate_series(%(debut)s::bigint, %(fin)s::bigint) AS i, LATERAL (
    SELECT 'essai' || %(petition)s || '-' || i || '@essai' || i %% 997 || '.example' AS courriel,
        now() - random() * %(jours)s * interval '1 day' AS instant) AS tirage
"""
COMMUNES = """
SELECT array_agg(code_insee ORDER BY population DESC) FROM (
    SELECT code_insee, population FROM socle_commune ORDER BY population DESC LIMIT %s) AS grandes
"""
DEJA = """
SELECT COALESCE(MAX(substring(nom FROM 6)::bigint), 0) FROM petitions_signature
WHERE petition_id = %s AND courriel_canonique LIKE 'essai%%.example'
"""


def inserer(petition: int, *, nombre: int, communes: int, jours: float = 60, comptees: bool = False) -> None:
    """Insert `nombre` confirmed signatures, dated over the last `jours` days.

    They are shared by the `communes` largest communes. They are not counted yet: the counting task does it, as for any signature.
    `comptees`: the caller counts everything again.
    """
    with connection.cursor() as curseur:
        curseur.execute(COMMUNES, [communes])
        (codes,) = curseur.fetchone()
        curseur.execute(DEJA, [petition])
        (deja,) = curseur.fetchone()
        curseur.execute(
            INSERER,
            {
                "petition": petition,
                "communes": codes,
                "jours": jours,
                "comptees": comptees,
                "debut": deja + 1,
                "fin": deja + nombre,
            },
        )


def completer(petition: Petition, volume: int) -> None:
    """Insert and count signatures until the pétition has at least `volume`.

    Then VACUUM ANALYZE and CHECKPOINT, to leave the table as autovacuum would.
    """
    manque = volume - petition.signatures.count()
    if manque > 0:
        inserer(petition.pk, nombre=manque, communes=49)
    decompte.compter()
    seuils.constater_seuils()
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE petitions_signature")
        curseur.execute("CHECKPOINT")


def petition_ouverte() -> Petition:
    """Return a pétition open to signatures, as long as a real one (about 5 kB of text)."""
    phrase = (
        "Nous demandons une piste cyclable continue, éclairée, séparée de la route, de Vizille à Grenoble. "
    )
    maintenant = timezone.now()
    reglement = ReglementPetition.objects.en_vigueur()
    assert reglement is not None
    return Petition.objects.create(
        titre="Une piste cyclable de Vizille à Grenoble",
        auteur=Compte.objects.first() or Compte.objects.create_user("bench@example.org"),
        reglement=reglement,
        demande=phrase * 20,
        raisons=phrase * 30,
        nom_auteur="Alma Personne",
        etat=Etat.EN_COLLECTE,
        est_publie=True,
        reference=f"PET-2026-{Petition.objects.count() + 1:04d}",
        ouvert_le=maintenant - timedelta(days=60),
        deposee_le=maintenant - timedelta(days=60),
        decidee_le=maintenant - timedelta(days=40),
        collecte_ouverte_le=maintenant - timedelta(days=30),
        date_fin_collecte=timezone.localdate() + timedelta(days=60),
    )
