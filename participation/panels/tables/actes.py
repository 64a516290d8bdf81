"""The tables of a séance of a panel: who sits with whom, made again when somebody is missing; badges and cards."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.panels.models import Panel, PlanDeTables
from participation.panels.tables.lectures import Assis, assis_a, noms_par_table, plans_avant
from participation.seances.models import Seance
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_nombre, champ_parmi, champ_texte
from participation.socle.francais import accorder, jour_texte, pourcentage
from participation.socle.models import Compte, Document
from participation.socle.regles import placement
from participation.socle.regles.placement import Contraintes, Paire
from participation.socle.regles.tableaux import simplifier
from participation.socle.views.pages import Page, Reserve, acte


class DresserTablesForm(ActeForm):
    seance = champ_parmi("Séance", None, vide=None)
    tables = champ_nombre("Nombre de tables", minimum=1, maximum=100, erreur="Dites combien de tables.")
    ensemble = champ_texte(
        "À garder ensemble",
        "Une paire par ligne, deux noms séparés par « + » : une personne et son interprète.",
        requis=False,
        maximum=2000,
        lignes=2,
        se_relit=False,
    )
    separes = champ_texte(
        "À ne pas mettre ensemble", "Une paire par ligne, deux noms séparés par « + ».", requis=False, maximum=2000, lignes=2,
        se_relit=False,
    )  # fmt: skip

    def initiales(self) -> Mapping[str, Any]:
        prochaine = self.seances.filter(fin__gte=timezone.now()).first()
        return {"seance": prochaine, "tables": max(1, round(self.objet.places / 6))}

    @property
    def seances(self) -> Any:
        return Seance.objects.filter(instance=self.objet.instance_id, levee_le=None).order_by("debut", "pk")

    def preparer(self) -> None:
        self.choisir("seance", self.seances)

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if (seance := dit.get("seance")) is None:
            return dit
        presents = assis_a(seance)
        for champ in ("ensemble", "separes"):
            try:
                dit[champ] = lire_paires(dit.get(champ) or "", presents)
            except ValueError as faute:
                self.add_error(champ, str(faute))
        if not presents:
            self.add_error("seance", "Personne n’est attendu à cette séance.")
        elif "tables" in dit and dit["tables"] > len(presents):
            self.add_error("tables", f"{accorder(len(presents), 'personne est attendue', 'personnes sont attendues')} : faites moins de tables.")  # fmt: skip
        return dit


def lire_paires(texte: str, presents: list[Assis]) -> frozenset[Paire]:
    """Return the pairs of a text. Raises ValueError, a sentence, for a name that is not expected at the séance."""
    noms = {simplifier(assis.nom): assis.membre for assis in presents}
    paires = set()
    for brute in texte.splitlines():
        if not brute.strip():
            continue
        dits = [simplifier(nom) for nom in brute.split("+")]
        if len(dits) != 2 or dits[0] == dits[1]:
            raise ValueError(f"« {brute.strip()[:60]} » : écrivez deux noms séparés par « + ».")
        if inconnus := [nom for nom in dits if nom not in noms]:
            raise ValueError(f"« {inconnus[0][:60]} » n’est pas attendu à cette séance.")
        paires.add(frozenset(noms[nom] for nom in dits))
    return frozenset(paires)


def dire_le_plan(panel: Panel, plan: PlanDeTables) -> str:
    plans = [*plans_avant(plan.seance, panel), plan.tables]
    part = pourcentage(100 * placement.part_rencontree([m for t in plan.tables for m in t], plans))
    dit = f"{accorder(len(plan.tables), 'table dressée', 'tables dressées')}. {part} des paires se seront rencontrées."
    if plan.rompues:
        paires = accorder(plan.rompues, "demande n’a", "demandes n’ont")
        return Reserve(
            f"{dit} {paires} pas pu être tenue{'s' * (plan.rompues > 1)} : ajoutez une table, ou placez à la main."
        )
    return dit


@acte(
    Page[Panel](
        form=DresserTablesForm,
        consequence="Chaque table mêle les profils, et chacun y retrouve le moins possible ceux qu’il a déjà rencontrés. Qui a dit "
        "qu’il ne vient pas n’y est pas. Refaites-le s’il manque quelqu’un : le plan de la séance est remplacé.",
        succes=dire_le_plan,
        retour="#seances",
    )
)
@transaction.atomic
def dresser_tables(
    panel: Panel,
    *,
    par: Compte,
    seance: Seance,
    tables: int,
    ensemble: frozenset[Paire] = frozenset(),
    separes: frozenset[Paire] = frozenset(),
) -> PlanDeTables:
    """Seat who is expected at the séance. `plan.rompues`: how many pairs could not be kept as asked."""
    pas = exiger(panel, "dresser_tables", par=par)
    presents = assis_a(seance)
    if not presents or tables > len(presents):
        raise ValidationError({"tables": "Il y a plus de tables que de personnes attendues."})
    contraintes = Contraintes(
        deja=placement.rencontres(plans_avant(seance, panel)),
        profils={assis.membre: assis.profil for assis in presents},
        ensemble=ensemble,
        separes=separes,
    )
    dresse = placement.placer([assis.membre for assis in presents], tables, contraintes, graine=seance.pk)
    plan, _ = PlanDeTables.objects.update_or_create(
        seance=seance, defaults={"panel": panel, "tables": dresse, "fait_le": timezone.now()}
    )
    plan.rompues = len(placement.rompues(dresse, contraintes))
    pas.avancer(fait=f"{accorder(tables, 'table dressée', 'tables dressées')} : {seance.titre}"[:200])
    return plan


class BadgesForm(ActeForm):
    seance = champ_parmi("Séance", None, vide=None)

    def preparer(self) -> None:
        dressees = PlanDeTables.objects.filter(panel=self.objet.pk).values("seance")
        self.choisir("seance", Seance.objects.filter(pk__in=dressees).order_by("-debut", "pk"))

    def initiales(self) -> Mapping[str, Any]:
        return {}


@acte(
    Page[Panel](
        form=BadgesForm,
        consequence="Dix badges par feuille, à découper : le nom et la table de chacun. Puis un carton par table, à plier.",
        retour="#documents",
        succes="Les badges se fabriquent : ils s’affichent dans les documents.",
    )
)
@transaction.atomic
def imprimer_badges(panel: Panel, *, par: Compte, seance: Seance) -> Document:
    """Make the badges and the table cards of a séance. Raises ValidationError before its tables are set."""
    pas = exiger(panel, "imprimer_badges", par=par)
    plan = panel.plans.filter(seance=seance).first()
    if plan is None:
        raise ValidationError({"seance": "Dressez d’abord les tables de cette séance."})
    document = demander_document(
        nature="panels/badges",
        titre=f"Badges et cartons de table, {seance.titre}"[:160],
        dossier=panel,
        par=par,
        est_interne=True,
        donnees={
            "seance": seance.titre,
            "jour": jour_texte(seance.jour),
            "panel": panel.titre,
            "tables": noms_par_table(plan),
        },
    )
    pas.avancer(fait=f"Badges imprimés : {seance.titre}"[:200], details={"document": document.pk})
    return document
