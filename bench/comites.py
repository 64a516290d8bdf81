"""List of projets and screen of the comité, 1 000 dossiers of 40 budget lines; compared with their SQL alone."""

from importlib import import_module
from statistics import median
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.listes import copier, copier_dossier
from bench.reference_remontees import Instruction, executer
from bench.remontees import noter_les, processeur
from bench.serveurs import charge_machine
from bench.tableaux import milliers, tableau, virgule
from contrat_ville.comites.scenarios import actes as scenarios
from contrat_ville.comites.scenarios.lectures import version_de
from contrat_ville.models import Enveloppe, Financement, LigneBudget, Partenaire, Porteur
from contrat_ville.regles import POSTES, TITRES
from participation.socle.actions import fixer_echeance
from participation.socle.models import Quartier

DOSSIERS, LIGNES, PORTEURS, TOURS = 1_000, 40, 300, 9
BUT = 1.5


def mesurer(*, rapide: bool) -> None:
    combien = DOSSIERS // 10 if rapide else DOSSIERS
    scenario, agent = remplir(combien)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(agent)
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE")
        # A single PostgreSQL process, so that all its CPU time is counted.
        curseur.execute("SET max_parallel_workers_per_gather = 0")
    axe = scenario.programmation.contrat.axes.first().pk
    ecran = f"/contrat-de-ville/scenarios/{scenario.pk}/"
    pages = [
        ("liste des projets", "/contrat-de-ville/projets/"),
        ("liste, par axe", f"/contrat-de-ville/projets/?axe={axe}"),
        ("écran du comité, enveloppes du moment", ecran),
        ("le même, un axe, page 3", f"{ecran}?axe={axe}&page=3"),
        ("ce qu’il redemande, un montant a changé", f"{ecran}etat/?version=avant"),
        ("ce qu’il redemande, rien de neuf", f"{ecran}etat/?version={version_de(scenario.pk)}"),
        ("scénarios comparés", f"/contrat-de-ville/programmations/{scenario.programmation_id}/scenarios/"),
        ("préparer le comité technique", "/contrat-de-ville/comites/cdv_technique/"),
    ]
    tableau(
        f"Comités : {milliers(combien)} dossiers de {LIGNES} lignes, {charge_machine()} "
        f"(médiane de {TOURS}, ms de processeur ; but : {virgule(BUT, 1)} fois le SQL de la page, seul)",
        ("", "page", "son SQL seul", "rapport", "requêtes", "but"),
        [_page(client, *page) for page in pages],
    )


def _page(client: Client, nom: str, url: str) -> list[str]:
    page, seul, combien = cpu_et_requetes(client, url)
    return [
        nom,
        virgule(page, 1),
        virgule(seul, 1),
        virgule(page / seul, 2),
        str(combien),
        "tenu" if page <= BUT * seul else "non",
    ]


def cpu_et_requetes(client: Client, url: str) -> tuple[float, float, int]:
    """Return the CPU time of a page, that of its queries alone by psycopg, and the number of queries.

    Times are medians, in milliseconds.
    """
    pages, seuls, combien = [], [], 0
    for tour in range(TOURS + 1):
        caches["pages"].clear()
        prises: list[Instruction] = []
        with connection.execute_wrapper(noter_les(prises)):
            debut = processeur()
            reponse = client.get(url)
            page = processeur() - debut
        assert reponse.status_code in {200, 204}, (url, reponse.status_code)
        debut = processeur()
        executer(prises)
        seul = processeur() - debut
        if tour:  # the first round compiles templates and fills caches
            pages.append(page)
            seuls.append(seul)
        combien = len(prises)
    return median(pages), median(seuls), combien


def remplir(combien: int) -> tuple[Any, Any]:
    """Create one projet with the factories and copy it in SQL; three financeurs, an enveloppe for each axe."""
    fabriques: Any = import_module("tests.contrat_ville.factories")
    comptes: Any = import_module("tests.socle.factories")
    agent = comptes.CompteFactory(agent=True)
    programmation = fabriques.ProgrammationFactory(en_instruction=True)
    projet = fabriques.ProjetFactory(en_instruction=True, programmation=programmation, budget=False)
    financeurs = list(Partenaire.objects.filter(est_financeur=True)[:3])
    axes = list(programmation.contrat.axes.all())
    codes = [code for code in POSTES if code not in TITRES]
    porteurs = Porteur.objects.bulk_create(Porteur(nom=f"Association {n}") for n in range(PORTEURS))
    projet.quartiers.add(Quartier.objects.first())
    fixer_echeance(projet, "instruire", libelle="Instruire le projet", date_limite=timezone.localdate())
    lignes = LigneBudget.objects.bulk_create(
        LigneBudget(projet=projet, sens="depense", poste=codes[n % len(codes)], montant=100 + n)
        for n in range(LIGNES)
    )
    demandes = Financement.objects.bulk_create(
        Financement(projet=projet, financeur=financeur, demande=300) for financeur in financeurs
    )
    Enveloppe.objects.bulk_create(
        Enveloppe(programmation=programmation, financeur=financeur, axe=axe, montant=80_000)
        for financeur in financeurs
        for axe in axes
    )
    copies = copier_dossier(projet, combien - 1, "CDV")
    ici = f"{copies[0] - 1} + i"
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE contrat_ville_projet SET axe_id = (%s::bigint[])[1 + dossier_ptr_id %% %s],"
            " porte_par_id = (%s::bigint[])[1 + dossier_ptr_id %% %s]",
            [[axe.pk for axe in axes], len(axes), [p.pk for p in porteurs], PORTEURS],
        )
    for ligne in lignes:
        copier("contrat_ville_lignebudget", ligne.pk, combien - 1, projet_id=ici)
    for demande in demandes:
        copier("contrat_ville_financement", demande.pk, combien - 1, projet_id=ici)
    lien = projet.quartiers.through.objects.get(dossier=projet.pk)
    copier("socle_dossier_quartiers", lien.pk, combien - 1, dossier_id=ici)
    copier(
        "socle_echeance",
        projet.echeances.get().pk,
        combien - 1,
        dossier_id=ici,
        date_limite="t.date_limite + i % 60",
    )
    scenario = scenarios.creer_scenario(
        programmation, par=agent, nom="Tout ce qui est demandé", depart="demande"
    )
    return scenario, agent
