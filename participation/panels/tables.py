"""The tables of a séance of a panel: who is expected, who sits with whom and who met whom; badges and cards.

Made again when somebody is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.panels.models import Inscription, Panel, PlanDeTables
from participation.seances.models import Convie, Membre, Seance
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_nombre, champ_parmi, champ_texte
from participation.socle.francais import accorder, jour_texte, nombre, pourcentage
from participation.socle.models import Compte, Document
from participation.socle.regles import placement
from participation.socle.regles.placement import Contraintes, Paire
from participation.socle.regles.tableaux import simplifier
from participation.socle.views.pages import Page, Reserve, acte


@dataclass(frozen=True, slots=True)
class Assis:
    membre: int
    nom: str
    profil: tuple[str, ...]


def assis_a(seance: Seance) -> list[Assis]:
    """Return who is expected: the members of that day, without those who answered that they do not come."""
    membres = list(
        Membre.objects.de_l_instance(seance.instance).en_fonction(seance.jour.date()).select_related("compte")
    )
    convies = Convie.objects.filter(seance=seance)
    absents = {convie.membre_id for convie in convies if convie.est_absent or convie.retire_le is not None}
    profils = dict(Inscription.objects.filter(membre__in=membres).values_list("membre", "profil"))
    return sorted(
        (
            Assis(
                m.pk,
                m.compte.get_full_name(),
                tuple(str(v) for _, v in sorted(profils.get(m.pk, {}).items())),
            )
            for m in membres
            if m.pk not in absents
        ),
        key=lambda assis: (assis.nom, assis.membre),
    )


def plans_avant(seance: Seance, panel: Panel) -> list[Any]:
    """Return the tables of the séances before this one."""
    avant = PlanDeTables.objects.filter(panel=panel, seance__debut__lt=seance.debut)
    return list(avant.order_by("seance__debut", "seance").values_list("tables", flat=True))


def noms_par_table(plan: PlanDeTables) -> list[list[tuple[str, str]]]:
    """Return who sits at each table, in the order of names: first name, last name. Who left since is not there."""
    membres = Membre.objects.filter(pk__in=[m for table in plan.tables for m in table])
    noms = {m.pk: (m.compte.prenom, m.compte.nom) for m in membres.select_related("compte")}
    return [
        sorted((noms[m] for m in table if m in noms), key=lambda dit: (dit[1], dit[0]))
        for table in plan.tables
    ]


@dataclass(frozen=True, slots=True)
class SeanceDuPanel:
    """A séance as the page of the panel shows it."""

    seance: Seance
    attendus: int
    presents: int
    tables: list[list[str]]
    rencontres: str  # the share of pairs who met, « 36 % »
    prevue: str  # who was foreseen in the room, beside who came; "" when nothing was
    est_sous_la_prevision: bool


def seances(panel: Panel) -> list[SeanceDuPanel]:
    """Return the séances, with who came, the tables by names, and the share of pairs who had met by then."""
    if panel.instance_id is None:
        return []
    plans = {p.seance_id: p.tables for p in panel.plans.all()}
    membres = Membre.objects.filter(college__mandature__instance=panel.instance_id).select_related("compte")
    noms = {m.pk: m.compte.get_full_name() for m in membres}
    faits: list[Any] = []
    lignes = []
    prevues = _prevues(panel)
    tenues = 0
    for seance in Seance.objects.filter(instance=panel.instance_id).order_by("debut", "pk"):
        tables = plans.get(seance.pk, [])
        if tables:
            faits.append(tables)
        convies = list(Convie.objects.filter(seance=seance).prefetch_related("presences"))
        presents = len([c for c in convies if c.presences.all()])
        est_tenue = seance.etat != EtatSeance.ANNULEE
        moyenne, dix = prevues[tenues] if est_tenue and tenues < len(prevues) else (0.0, 0)
        tenues += est_tenue
        lignes.append(
            SeanceDuPanel(
                seance,
                len([c for c in convies if c.retire_le is None]),
                presents,
                [[noms.get(m, "parti") for m in table] for table in tables],
                pourcentage(100 * placement.part_rencontree([m for t in tables for m in t], faits))
                if tables
                else "",
                f"Prévu avant le tirage : {nombre(moyenne)} en moyenne, {dix} au moins neuf fois sur dix."
                if dix
                else "",
                bool(dix and seance.levee_le and presents < dix),
            )
        )
    return lignes


def _prevues(panel: Panel) -> list[tuple[float, int]]:
    """Return who was foreseen in the room at each séance: the mean, and the number reached nine times in ten."""
    mesures = panel.tirage.mesures if panel.tirage is not None else {}
    return [
        (float(moyenne), int(dix)) for moyenne, dix in (mesures.get("prevision") or {}).get("presents", [])
    ]


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
    pas.avancer(fait=f"{accorder(tables, 'table dressée', 'tables dressées')} : {seance.titre}")
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
    pas.avancer(fait=f"Badges imprimés : {seance.titre}", details={"document": document.pk})
    return document
