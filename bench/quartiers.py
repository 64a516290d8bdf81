"""Pages used after the decisions, with 1 000 projets of 40 lines and 300 idées."""

from importlib import import_module
from typing import Any

from django.db import connection
from django.test import Client

from bench.comites import LIGNES, cpu_et_requetes
from bench.listes import copier, copier_dossier
from bench.serveurs import charge_machine
from bench.tableaux import milliers, tableau, virgule
from contrat_ville.models import Axe, Equipier, Financement, LigneBudget, Partenaire, Porteur
from contrat_ville.regles import POSTES, TITRES
from contrat_ville.reseau import actes as reseau
from participation.socle.models import Quartier

PROJETS, IDEES, PORTEURS = 1_000, 300, 200
BUT_MS = 150


def mesurer(*, rapide: bool) -> None:
    """Measure each page with half of the rows, then with all. The number of queries must not grow."""
    projets, idees = (PROJETS // 10, IDEES // 10) if rapide else (PROJETS, IDEES)
    comptes: Any = import_module("tests.socle.factories")
    agent, porteuse = comptes.CompteFactory(agent=True), comptes.CompteFactory()
    projet = _projet(agent, porteuse)
    budget, idee = _idee()
    _copier(projet, idee, projets // 2, "CDX", idees // 2)
    pages = [
        ("évaluation", agent, f"/contrat-de-ville/programmations/{projet.programmation_id}/evaluation/"),
        (
            "indicateurs, par axe",
            agent,
            f"/contrat-de-ville/programmations/{projet.programmation_id}/indicateurs/",
        ),
        ("suivi des quartiers", agent, "/contrat-de-ville/suivi-des-quartiers/"),
        (
            "un quartier",
            agent,
            f"/contrat-de-ville/suivi-des-quartiers/{projet.quartiers.get().suivi_cdv.pk}/",
        ),
        ("réseau, pour le service", agent, "/contrat-de-ville/reseau/"),
        ("réseau, pour une équipe", porteuse, f"/contrat-de-ville/mes-projets/{projet.pk}/reseau/"),
        ("idées du bureau", agent, f"/contrat-de-ville/budgets/{budget.pk}/idees/"),
        ("une idée et ses semblables", agent, f"/contrat-de-ville/idees/{idee.pk}/"),
        ("idées, page publique", None, f"/contrat-de-ville/quartiers/budget/{budget.pk}/idees/"),
        ("carte des idées", None, f"/contrat-de-ville/quartiers/budget/{budget.pk}/carte/"),
    ]
    moitie = [_mesurer(qui, url)[2] for _, qui, url in pages]
    _copier(projet, idee, projets // 2 - 1, "CDY", idees // 2 - 1)
    with connection.cursor() as curseur:
        curseur.execute("VACUUM ANALYZE")
    lignes = []
    for (nom, qui, url), avant in zip(pages, moitie, strict=True):
        page, seul, requetes = _mesurer(qui, url)
        tenu = page < BUT_MS and requetes <= avant
        lignes.append(
            [nom, virgule(page, 1), virgule(seul, 1), str(avant), str(requetes), "tenu" if tenu else "non"]
        )
    tableau(
        f"Quartiers : {milliers(projets)} projets de {LIGNES} lignes, {idees} idées, {charge_machine()} "
        f"(ms de processeur ; but : {BUT_MS} ms, autant de requêtes qu’à la moitié)",
        ("", "page", "son SQL seul", "requêtes à la moitié", "requêtes", "but"),
        lignes,
    )


def _mesurer(qui: Any, url: str) -> tuple[float, float, int]:
    client = Client(SERVER_NAME="127.0.0.1")
    if qui is not None:
        client.force_login(qui)
    return cpu_et_requetes(client, url)


def _projet(agent: Any, porteuse: Any) -> Any:
    """Return a projet that is funded, notified, in the network, with its budget."""
    fabriques: Any = import_module("tests.contrat_ville.factories")
    suivis: Any = import_module("tests.contrat_ville.quartiers")
    projet = fabriques.ProjetFactory(en_cours=True, equipe=[porteuse], budget=False)
    codes = [code for code in POSTES if code not in TITRES]
    LigneBudget.objects.bulk_create(
        LigneBudget(projet=projet, sens="depense", poste=codes[n % len(codes)], montant=100 + n)
        for n in range(LIGNES)
    )
    for financeur in Partenaire.objects.filter(est_financeur=True)[:3]:
        Financement.objects.create(projet=projet, financeur=financeur, demande=300, accorde=200, verse=100)
    projet.quartiers.add(suivis.suivi_de().quartier)
    reseau.rejoindre_reseau(projet, par=porteuse, publics=["jeunes"], methodes=["marche"])
    Porteur.objects.bulk_create(Porteur(nom=f"Association {n}") for n in range(PORTEURS))
    Equipier.objects.filter(projet=projet).exclude(compte=porteuse).delete()
    return projet


def _idee() -> tuple[Any, Any]:
    fabriques: Any = import_module("tests.budgets.factories")
    budget = fabriques.budget_en("idees")
    return budget, fabriques.idee_de(budget, courriel="lea@example.org", latitude=45.16, longitude=5.72)


def _copier(projet: Any, idee: Any, combien: int, prefixe: str, idees: int) -> None:
    """Copy the projet and the idée. Porteurs, axes and quartiers are assigned in turn."""
    copies = copier_dossier(projet, combien, prefixe)
    ici = f"{copies[0] - 1} + i"
    axes, porteurs = (
        list(Axe.objects.values_list("pk", flat=True)),
        list(Porteur.objects.values_list("pk", flat=True)),
    )
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE contrat_ville_projet SET axe_id = (%s::bigint[])[1 + dossier_ptr_id %% %s],"
            " porte_par_id = (%s::bigint[])[1 + dossier_ptr_id %% %s] WHERE dossier_ptr_id BETWEEN %s AND %s",
            [axes, len(axes), porteurs, len(porteurs), copies[0], copies[-1]],
        )
    for table, lignes in (
        ("contrat_ville_lignebudget", projet.budget.all()),
        ("contrat_ville_financement", projet.financements.all()),
        ("contrat_ville_adhesionreseau", [projet.adhesion]),
    ):
        for ligne in lignes:
            copier(table, ligne.pk, combien, projet_id=ici)
    siennes = copier_dossier(idee, idees, f"{prefixe}I")
    for dossier, numeros in ((projet, copies), (idee, siennes)):
        lien = dossier.quartiers.through.objects.filter(dossier=dossier.pk).first()
        quartiers = list(Quartier.objects.values_list("pk", flat=True))
        copier(
            "socle_dossier_quartiers",
            lien.pk,
            len(numeros),
            dossier_id=f"{numeros[0] - 1} + i",
            quartier_id=f"(ARRAY{quartiers}::bigint[])[1 + i % {len(quartiers)}]",
        )
    for auteur in idee.auteurs.all():
        copier("budgets_auteuridee", auteur.pk, idees, idee_id=f"{siennes[0] - 1} + i")
