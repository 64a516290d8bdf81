"""Years of everything on top of the demonstration: its rows, copied in SQL."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from bench import listes
from bench.comites import LIGNES
from bench.croissance import Volumes
from bench.donnees import instances, remontees
from bench.donnees.signatures import inserer
from bench.listes import copier, copier_dossier
from ccspl.models import Avis
from contrat_ville.models import Projet
from participation.seances.models import Seance
from participation.suites.models import Suite
from petitions.models import Petition
from petitions.signatures import decompte
from remontees.models import Attribution, Remontee, Sujet

# Five remontées in six were answered when they were finished; one comes each three minutes, for nearly three years.
REPONDUE, IL_Y_A = "i % 6 > 0", "now() - i * interval '3 minutes'"


def remplir(volumes: Volumes, dire: Callable[[str], None]) -> None:
    """Copy the rows of the demonstration until there are as many as `volumes` says."""
    for nom, faire in (
        ("remontées", _remontees),
        ("pétitions et signatures", _petitions),
        ("avis", _avis),
        ("projets", _projets),
        ("séances", _seances),
        ("instances, rencontres, personnes", instances.remplir),
        ("lettres", lambda v: listes.lettres(_petition("en_collecte"), v.lettres)),
    ):
        dire(nom)
        faire(volumes)
    dire("statistiques")
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE")
        curseur.execute("CHECKPOINT")


def _petition(etat: str) -> Petition:
    return Petition.objects.filter(etat=etat, est_publie=True).earliest("pk")


def _petitions(volumes: Volumes) -> None:
    """One in four collects signatures; ten of them share the signatures."""
    ouvertes = copier_dossier(_petition("en_collecte"), volumes.petitions // 4, "PET")
    copier_dossier(_petition("repondue"), volumes.petitions - len(ouvertes), "PEX")
    for numero in ouvertes[:10]:
        inserer(numero, nombre=volumes.signatures // 10, communes=49, comptees=True)
    decompte.recompter()  # quicker than the count of what is new


def _avis(volumes: Volumes) -> None:
    """Three avis in four have their answers; the others await them. The suites beyond theirs are those of pétitions."""
    rendus: Any = Avis.objects.filter(reference__isnull=False, etat="repondu").earliest("pk")
    attendus: Any = Avis.objects.filter(etat="transmis", est_publie=True).latest("pk")
    suites = 0
    for modele, nombre, prefixe in (
        (rendus, volumes.avis * 3 // 4, "AVI"),
        (attendus, volumes.avis // 4, "AVX"),
    ):
        copies = copier_dossier(modele, nombre, prefixe)
        ici = f"{copies[0] - 1} + i"
        for ligne in list(modele.preconisations.exclude(suite=None)):
            siennes = copier("suites_suite", ligne.suite_id, nombre, dossier_id=ici)
            copier("ccspl_preconisation", ligne.pk, nombre, avis_id=ici, suite_id=f"{siennes[0] - 1} + i")
            suites += nombre
        for transmission in list(modele.transmissions.all()):
            copier("ccspl_transmission", transmission.pk, nombre, avis_id=ici, courriel_id="NULL")
        for numero, echeance in enumerate(modele.echeances.all()):
            copier(
                "socle_echeance",
                echeance.pk,
                nombre,
                dossier_id=ici,
                cle=f"t.cle || '-{numero}'",
                date_limite="t.date_limite + (i % 60)::int",
                demande_id="NULL",
            )
    suite = Suite.objects.filter(dossier__nature="petition", etat="recue").earliest("pk")
    repondues = (
        Petition.objects.filter(reference__startswith="PEX-").order_by("pk").values_list("pk", flat=True)
    )
    if (reste := volumes.suites - suites) > 0:
        copier("suites_suite", suite.pk, reste, dossier_id=f"{repondues[0]} + i % {len(repondues)}")


def _remontees(volumes: Volumes) -> None:
    """A sujet in five is public. No text is erased yet."""
    sujet = Sujet.objects.filter(etat="repondu", est_publie=True).earliest("pk")
    remontee: Any = Remontee.objects.filter(
        etat="repondue", est_discrimination=False, rapporteur__isnull=False
    ).earliest("pk")
    with remontees.sans_index("remontees_remontee"), remontees.sans_index("socle_dossier"):
        sujets = remontees.copier_sujets(sujet, volumes.sujets, "i % 5 = 1")
        numeros = remontees.copier_remontees(
            remontee,
            volumes.remontees,
            sujets,
            entendue_le="current_date - (i / 480)::int",
            etat=f"CASE WHEN i % 50 = 0 THEN 'nouvelle' WHEN i % 20 = 1 THEN 'a_repondre' WHEN i % 10 = 2 THEN 'groupee' WHEN {REPONDUE} THEN 'close' ELSE 'ecartee' END",
            repondue_le=f"CASE WHEN {REPONDUE} AND i % 50 > 0 AND i % 20 <> 1 AND i % 10 <> 2 THEN {IL_Y_A} END",
        )
    remontees.echeances(remontee, range(sujets[0], numeros[-1] + 1))
    with connection.cursor() as curseur:
        for table in ("remontees_sujet", "remontees_remontee"):
            curseur.execute(
                f"INSERT INTO socle_dossier_communes (dossier_id, commune_id) SELECT dossier_ptr_id, commune_id FROM {table}"
                " WHERE commune_id IS NOT NULL ON CONFLICT DO NOTHING"
            )
    ici, combien = f"{numeros[0] - 1} + i", volumes.remontees
    copier(
        "remontees_rapporteur",
        remontee.rapporteur.pk,
        combien,
        remontee_id=ici,
        courriel="'essai' || i || '@example.org'",
    )
    for entree in remontee.journal.all()[:3]:
        copier("socle_entree", entree.pk, combien, dossier_id=ici, le="t.le - i * interval '3 minutes'")
    directions = "(SELECT array_agg(id ORDER BY id) FROM socle_direction)"
    une = f"({directions})[1 + i % (SELECT count(*) FROM socle_direction)]"
    # The open parts are those of the remontées « a_repondre » (`i % 20 = 1`); the others are not among them.
    for etat, nombre, rang in (
        ("repondue", combien // 5, "i * 5 - 1"),
        ("envoyee", combien // 20, "i * 20 - 19"),
    ):
        copier(
            "remontees_attribution",
            Attribution.objects.filter(etat=etat, direction__isnull=False).earliest("pk").pk,
            nombre,
            dossier_id=f"{numeros[0] - 1} + {rang}",
            direction_id=une,
            envoyee_le="t.envoyee_le - i * interval '3 minutes'",
            date_limite="current_date + (i % 40)::int - 10",
        )


def _projets(volumes: Volumes) -> None:
    """Half are under instruction, half go on; each has the budget of the bench of the comités."""
    for etat, prefixe in (("depose", "CDX"), ("en_cours", "CDY")):
        modele: Any = Projet.objects.filter(
            etat=etat, quartiers__isnull=False, budget__isnull=False
        ).earliest("pk")
        nombre = volumes.projets // 2
        copies = copier_dossier(modele, nombre, prefixe)
        ici = f"{copies[0] - 1} + i"
        lignes = list(modele.budget.all())
        for rang in range(LIGNES):
            copier("contrat_ville_lignebudget", lignes[rang % len(lignes)].pk, nombre, projet_id=ici)
        for financement in list(modele.financements.all()):
            copier("contrat_ville_financement", financement.pk, nombre, projet_id=ici)
        for lien in modele.quartiers.through.objects.filter(dossier=modele.pk):
            copier("socle_dossier_quartiers", lien.pk, nombre, dossier_id=ici)
        for echeance in modele.echeances.all():
            copier(
                "socle_echeance",
                echeance.pk,
                nombre,
                dossier_id=ici,
                date_limite="t.date_limite + (i % 60)::int",
                demande_id="NULL",
            )


def _seances(volumes: Volumes) -> None:
    """One a week, with its members; one convened person in three did not come."""
    modele: Any = Seance.objects.filter(etat="levee", instance__cle="ccspl", points__isnull=False).latest(
        "debut"
    )
    nombre = volumes.seances
    avant = {"debut": "t.debut - i * interval '7 days'", "fin": "t.fin - i * interval '7 days'"}
    copies = copier("seances_seance", modele.pk, nombre, identifiant="gen_random_uuid()", **avant)
    ici = f"{copies[0] - 1} + i"
    for point in list(modele.points.all()):
        copier("seances_point", point.pk, nombre, seance_id=ici)
    for rang, convie in enumerate(list(modele.convies.prefetch_related("presences"))):
        conviees = copier("seances_convie", convie.pk, nombre, seance_id=ici)
        if rang % 3 and (presence := convie.presences.first()):
            copier("seances_presence", presence.pk, nombre, convie_id=f"{conviees[0] - 1} + i", seance_id=ici)
