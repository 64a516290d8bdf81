"""A scenario: its lines and its enveloppes, the comparison, and what stands against its adoption."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Sum

from contrat_ville.comites import enveloppes as regles_enveloppes
from contrat_ville.comites.enveloppes import (
    COMPTES,
    Demande,
    Faits,
    bilans_dus,
    parts_accordees,
    parts_de,
    phrases_de_trop,
    reproches,
)
from contrat_ville.models import (
    ChoixScenario,
    Enveloppe,
    Financement,
    LigneScenario,
    Partenaire,
    Programmation,
    Projet,
    Scenario,
)
from contrat_ville.workflow import EN_EXAMEN, Etat
from participation.socle.francais import accorder, enumerer, montant, pluriel
from participation.socle.models import Commune, Quartier

C = ChoixScenario.Choix


# États of the projets that a scenario decides on. Those of COMPTES also count in the envelopes.
A_CHOISIR = EN_EXAMEN - {Etat.DEPOSE}
MONTRES = EN_EXAMEN | COMPTES


# (« enveloppe » or « financeur », pk): (asked, given).
Cumuls = dict[tuple[str, int], tuple[Decimal, Decimal]]
CUMULS = """
WITH part AS (
  SELECT f.financeur_id, f.projet_id, p.axe_id, f.demande,
         CASE WHEN p.etat = ANY(%(comptes)s) THEN COALESCE(f.accorde, 0)
              WHEN COALESCE(c.choix, '') = ANY(%(sans)s) THEN 0
              WHEN p.etat = ANY(%(a_choisir)s) THEN COALESCE(l.montant, 0)
              ELSE 0 END AS donne
  FROM contrat_ville_financement f
  JOIN contrat_ville_projet p ON p.dossier_ptr_id = f.projet_id
  LEFT JOIN contrat_ville_lignescenario l ON l.financement_id = f.id AND l.scenario_id = %(scenario)s
  LEFT JOIN contrat_ville_choixscenario c ON c.projet_id = f.projet_id AND c.scenario_id = %(scenario)s
  WHERE p.programmation_id = %(programmation)s AND p.etat = ANY(%(montres)s)
), lieu AS (
  SELECT q.dossier_id, q.quartier_id, COUNT(*) OVER du_projet AS n,
         ROW_NUMBER() OVER (PARTITION BY q.dossier_id ORDER BY q.quartier_id) - 1 AS rang
  FROM socle_dossier_quartiers q
  WHERE EXISTS (SELECT FROM contrat_ville_enveloppe WHERE programmation_id = %(programmation)s AND quartier_id IS NOT NULL)
    AND q.dossier_id IN (SELECT projet_id FROM part)
  WINDOW du_projet AS (PARTITION BY q.dossier_id)
), prise AS (
  SELECT e.id AS enveloppe,
         CASE WHEN e.quartier_id IS NULL THEN part.demande
              WHEN lieu.n IS NULL THEN 0
              ELSE (DIV(part.demande * 100, lieu.n) + (lieu.rang < MOD(part.demande * 100, lieu.n))::int) / 100 END AS demande,
         CASE WHEN e.quartier_id IS NULL THEN part.donne
              WHEN lieu.n IS NULL THEN 0
              ELSE (DIV(part.donne * 100, lieu.n) + (lieu.rang < MOD(part.donne * 100, lieu.n))::int) / 100 END AS donne
  FROM contrat_ville_enveloppe e
  JOIN part ON part.financeur_id = e.financeur_id AND (e.axe_id IS NULL OR e.axe_id = part.axe_id)
  LEFT JOIN lieu ON lieu.dossier_id = part.projet_id AND lieu.quartier_id = e.quartier_id
  WHERE e.programmation_id = %(programmation)s
)
SELECT 'enveloppe', enveloppe, SUM(demande), SUM(donne) FROM prise GROUP BY enveloppe
UNION ALL
SELECT 'financeur', financeur_id, SUM(demande), SUM(donne) FROM part GROUP BY financeur_id
"""


@dataclass(frozen=True, slots=True)
class LigneEnveloppe:
    """An envelope in the scenario. `limite` is None for a financer without an envelope."""

    nom: str
    demande: Decimal
    donne: Decimal
    limite: Decimal | None

    @property
    def reste(self) -> Decimal | None:
        return None if self.limite is None else self.limite - self.donne

    @property
    def est_depassee(self) -> bool:
        return self.limite is not None and self.donne > self.limite

    @property
    def phrase(self) -> str:
        """What is left, or how much is exceeded."""
        if self.reste is None:
            return "sans enveloppe dite"
        if self.est_depassee:
            return f"dépassée de {montant(-self.reste)}"
        return f"reste {montant(self.reste)}"


@dataclass(frozen=True, slots=True)
class MontantDeScenario:
    """Amount of one financer for one projet. `modifiable`: the reader may change it."""

    financement: Financement
    montant: Decimal
    modifiable: bool

    @property
    def nom(self) -> str:
        return f"montant_{self.financement.pk}"


@dataclass(frozen=True, slots=True)
class LigneProjet:
    projet: Projet
    rang: int
    cases: Sequence[MontantDeScenario]
    choix: str = ""
    motif: str = ""
    phrases: Sequence[str] = ()
    se_choisit: bool = True

    @property
    def total(self) -> Decimal:
        return sum((case.montant for case in self.cases), start=Decimal(0))


@dataclass(frozen=True, slots=True)
class BilanDeScenario:
    """Figures of a scenario, to compare it with the others."""

    scenario: Scenario
    choix: dict[str, int] = field(default_factory=dict)
    total: Decimal = Decimal(0)
    depassees: Sequence[LigneEnveloppe] = ()
    # Projets already supported without being chosen here. Their amounts count in every total.
    par_ailleurs: int = 0

    @property
    def combien(self) -> dict[str, int]:
        """Number of projets for each choice."""
        return {cle: self.choix.get(cle, 0) for cle in ChoixScenario.Choix.values}


def version_de(scenario: int) -> str | None:
    """Version of what the screen shows: it changes with the scenario, the envelopes or a projet.

    One query.
    """
    enveloppes = (
        Enveloppe.objects.filter(programmation=OuterRef("programmation")).order_by().values("programmation")
    )
    lue: Any = (
        Scenario.objects.filter(pk=scenario)
        .annotate(
            combien=Subquery(enveloppes.annotate(n=Count("pk")).values("n")),
            somme=Subquery(enveloppes.annotate(s=Sum("montant")).values("s")),
            bouge=Subquery(
                Projet.objects.filter(programmation=OuterRef("programmation"))
                .order_by()
                .values("programmation")
                .annotate(m=Max("modifie_le"))
                .values("m")
            ),
        )
        .values_list("version", "etat", "combien", "somme", "bouge")
        .first()
    )
    return (
        "-".join(str(valeur) for valeur in lue).replace(" ", "").replace("+", ".")
        if lue is not None
        else None
    )


def enveloppes_du_scenario(scenario: Scenario) -> list[LigneEnveloppe]:
    """Envelopes with the amounts of this scenario, then the financers without an envelope."""
    return _enveloppes(scenario, _cumuls(scenario))


def _enveloppes(scenario: Scenario, cumuls: Cumuls) -> list[LigneEnveloppe]:
    enveloppes = list(scenario.programmation.enveloppes.select_related("financeur", "axe", "quartier"))
    lignes = [
        LigneEnveloppe(str(e), *cumuls.get(("enveloppe", e.pk), (Decimal(0), Decimal(0))), e.montant)
        for e in enveloppes
    ]
    connus = {e.financeur_id for e in enveloppes}
    autres = [cle for genre, cle in cumuls if genre == "financeur" and cle not in connus]
    noms = {p.pk: p.court for p in Partenaire.objects.filter(pk__in=autres)} if autres else {}
    return [*lignes, *(LigneEnveloppe(noms[cle], *cumuls["financeur", cle], None) for cle in autres)]


def _cumuls(scenario: Scenario) -> Cumuls:
    with connection.cursor() as curseur:
        curseur.execute(
            CUMULS,
            {
                "scenario": scenario.pk,
                "programmation": scenario.programmation_id,
                "comptes": sorted(COMPTES),
                "sans": sorted(ChoixScenario.SANS_MONTANT),
                "a_choisir": sorted(A_CHOISIR),
                "montres": sorted(MONTRES),
            },
        )
        return {(genre, cle): (demande, donne) for genre, cle, demande, donne in curseur.fetchall()}


def projets_du_scenario(programmation: Programmation) -> Any:
    """Projets of the scenario, by date of deposit."""
    return (
        programmation.projets.filter(etat__in=sorted(MONTRES))
        .select_related("porte_par", "axe")
        .order_by("depose_le", "pk")
    )


SANS_AXE = "sans"
SANS_CHOIX = "aucun"


def filtrer(
    projets: Any, *, axe: str = "", commune: Any = None, choix: str = "", scenario: Scenario | None = None
) -> Any:
    """Keep the projets of an axe (its number, or `SANS_AXE`), of a commune, with this choice in the scenario.

    `choix`: « aucun » for those that have none yet.
    """
    if axe:
        projets = projets.filter(axe__isnull=True) if axe == SANS_AXE else projets.filter(axe=axe)
    if commune:
        projets = projets.filter(Exists(Quartier.objects.filter(commune=commune, dossiers=OuterRef("pk"))))
    if choix:
        siens = ChoixScenario.objects.filter(scenario=scenario, projet=OuterRef("pk")).exclude(choix="")
        projets = projets.filter(etat__in=sorted(A_CHOISIR)) if choix == SANS_CHOIX else projets
        projets = projets.filter(~Exists(siens) if choix == SANS_CHOIX else Exists(siens.filter(choix=choix)))
    return projets


def sans_choix(scenario: Scenario, *, axe: str = "", commune: Any = None) -> list[int]:
    """Numbers of the projets that wait for a choice in this scenario."""
    projets = projets_du_scenario(scenario.programmation)
    siens = filtrer(projets, axe=axe, commune=commune, choix=SANS_CHOIX, scenario=scenario)
    return list(siens.values_list("pk", flat=True))


def communes_des_quartiers() -> QuerySet[Commune]:
    """Communes with at least one quartier of the contrat."""
    return Commune.objects.filter(Exists(Quartier.objects.filter(commune=OuterRef("pk"))))


def lignes_de(
    scenario: Scenario, projets: Iterable[Projet], *, debut: int = 1, financeurs: frozenset[int] | None = None
) -> list[LigneProjet]:
    """Rows of these projets.

    `financeurs`: those whose amounts the reader may change; None: all.
    """
    lus = list(projets)
    numeros = [projet.pk for projet in lus]
    montants = dict(
        LigneScenario.objects.filter(scenario=scenario, financement__projet__in=numeros).values_list(
            "financement", "montant"
        )
    )
    choix = {c.projet_id: c for c in ChoixScenario.objects.filter(scenario=scenario, projet__in=numeros)}
    financements: dict[int, list[Financement]] = {}
    for f in Financement.objects.filter(projet__in=numeros).select_related("financeur"):
        financements.setdefault(f.projet_id, []).append(f)
    bilans = bilans_dus({projet.porte_par_id for projet in lus if projet.porte_par_id})
    return [
        _ligne(
            projet,
            rang,
            financements.get(projet.pk, []),
            montants,
            choix.get(projet.pk),
            [ref for ref, pk in bilans.get(projet.porte_par_id or 0, ()) if pk != projet.pk],
            scenario,
            financeurs,
        )
        for rang, projet in enumerate(lus, start=debut)
    ]


def _ligne(
    projet: Projet,
    rang: int,
    financements: Sequence[Financement],
    montants: dict[int, Decimal],
    choix: ChoixScenario | None,
    bilans: Sequence[str],
    scenario: Scenario,
    financeurs: frozenset[int] | None,
) -> LigneProjet:
    se_choisit = projet.etat in A_CHOISIR
    donnes = {
        f.pk: (f.accorde or Decimal(0)) if projet.etat in COMPTES else montants.get(f.pk, Decimal(0))
        for f in financements
    }
    ecarte = choix is not None and choix.choix in ChoixScenario.SANS_MONTANT
    faits = Faits(
        cout=projet.montant_total,
        demandes=[
            Demande(f.financeur.court, f.demande, Decimal(0) if ecarte else donnes[f.pk])
            for f in financements
        ],
        part_maximale=scenario.programmation.part_maximale,
        recevable=None if projet.etat == Etat.DEPOSE else True,
        bilans=bilans,
    )
    return LigneProjet(
        projet,
        rang,
        [
            MontantDeScenario(
                f, donnes[f.pk], se_choisit and (financeurs is None or f.financeur_id in financeurs)
            )
            for f in financements
        ],
        choix.choix if choix is not None else "",
        choix.motif if choix is not None else "",
        reproches(faits),
        se_choisit,
    )


def parts_du_scenario(scenario: Scenario) -> list[regles_enveloppes.Part]:
    """Parts in the format of the rules: amounts already granted, then those of the scenario."""
    ecartes = scenario.choix.filter(choix__in=sorted(ChoixScenario.SANS_MONTANT)).values("projet")
    lignes = (
        scenario.lignes.filter(financement__projet__etat__in=sorted(A_CHOISIR), montant__gt=0)
        .exclude(financement__projet__in=ecartes)
        .select_related("financement__projet")
    )
    return [
        *parts_accordees(scenario.programmation),
        *parts_de(
            (ligne.financement.projet, ligne.financement.financeur_id, ligne.montant) for ligne in lignes
        ),
    ]


def comparer(programmation: Programmation) -> list[BilanDeScenario]:
    """Figures of all the scenarios of a programmation. A few queries for each."""
    scenarios = list(programmation.scenarios.select_related("par"))
    for scenario in scenarios:
        scenario.programmation = programmation
    comptes: dict[int, dict[str, int]] = {}
    for scenario, choix, combien in (
        ChoixScenario.objects.filter(scenario__in=scenarios)
        .exclude(choix="")
        .values_list("scenario", "choix")
        .annotate(n=Count("pk"))
    ):
        comptes.setdefault(scenario, {})[choix] = combien
    donnent = programmation.projets.filter(etat__in=sorted(COMPTES)).count()
    siens = ChoixScenario.objects.filter(
        scenario__in=scenarios, choix__in=[C.RETENU, C.SOUS_RESERVE], projet__etat__in=sorted(COMPTES)
    )
    choisis = dict(siens.values_list("scenario").annotate(n=Count("pk")).order_by())
    bilans = []
    for scenario in scenarios:
        cumuls = _cumuls(scenario)
        donnes = [donne for (genre, _), (_, donne) in cumuls.items() if genre == "financeur"]
        depassees = [ligne for ligne in _enveloppes(scenario, cumuls) if ligne.est_depassee]
        total = sum(donnes, start=Decimal(0))
        ailleurs = donnent - choisis.get(scenario.pk, 0)
        bilans.append(BilanDeScenario(scenario, comptes.get(scenario.pk, {}), total, depassees, ailleurs))
    return bilans


def annonce(enveloppes: Sequence[LigneEnveloppe]) -> str:
    """Sentence read aloud by a screen reader after a change."""
    depassees = sum(ligne.est_depassee for ligne in enveloppes)
    if depassees:
        return f"{accorder(depassees, 'enveloppe dépassée', 'enveloppes dépassées')}."
    reste = sum((ligne.reste for ligne in enveloppes if ligne.reste is not None), start=Decimal(0))
    return f"Aucune enveloppe dépassée. Reste {montant(reste)} en tout."


CITES = 5  # most projets named in a sentence


@dataclass(frozen=True, slots=True)
class Decision:
    """An act on one projet, with its answers."""

    projet: Projet
    acte: str
    reponses: Mapping[str, Any]
    a_redire: Sequence[str] = ()  # objections of the règlement to a proposal


def plan_de(scenario: Scenario, *, technique: bool = False, malgre: str = "") -> list[Decision]:
    """Return the decisions of a scenario, in the order of its list.

    A projet already put off is left out when the scenario puts it off again. `malgre`: the reason to override
    the warnings of the règlement.
    """
    projets = projets_du_scenario(scenario.programmation).filter(etat__in=sorted(A_CHOISIR))
    plan = []
    for ligne in lignes_de(scenario, projets):
        montants = {case.financement.financeur_id: case.montant for case in ligne.cases}
        match ligne.choix:
            case C.RETENU | C.SOUS_RESERVE if technique:
                reponses = {"montants": montants, "motif": ligne.motif}
                plan.append(Decision(ligne.projet, "proposer", reponses, ligne.phrases))
            case C.RETENU:
                dits = {"motif": ligne.motif, "malgre": malgre}
                plan.append(Decision(ligne.projet, "retenir", {"montants": montants, **dits}))
            case C.SOUS_RESERVE:
                dits = {"reserve": ligne.motif, "malgre": malgre}
                plan.append(Decision(ligne.projet, "retenir_sous_reserve", {"montants": montants, **dits}))
            case C.REFUSE:
                acte = "proposer_refus" if technique else "refuser"
                plan.append(Decision(ligne.projet, acte, {"motif": ligne.motif}))
            case C.AJOURNE if ligne.projet.etat != Etat.AJOURNE:
                plan.append(Decision(ligne.projet, "ajourner", {"motif": ligne.motif}))
    return plan


def empechements_de(scenario: Scenario) -> list[str]:
    """Return, in sentences, why the scenario cannot be adopted.

    A choice, an opinion, an amount or a reason is missing, or an envelope is exceeded.
    """
    projets = projets_du_scenario(scenario.programmation).filter(etat__in=sorted(A_CHOISIR))
    lignes = lignes_de(scenario, projets)
    cas = [
        ("pas encore de décision", [li for li in lignes if not li.choix]),
        (
            "pas encore d’avis du comité technique",
            [li for li in lignes if li.choix and li.choix != C.AJOURNE and not li.projet.avis_technique],
        ),
        (
            "pas de montant accordé",
            [li for li in lignes if li.choix in {C.RETENU, C.SOUS_RESERVE} and not li.total],
        ),
        (
            "pas de raison écrite, ou de réserve",
            [
                li
                for li in lignes
                if li.choix in {C.SOUS_RESERVE, C.REFUSE, C.AJOURNE} and not li.motif.strip()
            ],
        ),
    ]
    phrases = [
        f"{_citer(siennes)} {pluriel(len(siennes), 'n’a,n’ont')} {mots}." for mots, siennes in cas if siennes
    ]
    parts = parts_du_scenario(scenario)
    noms = {f.financeur_id: f.financeur.court for li in lignes for f in (c.financement for c in li.cases)}
    siens = {li.projet.pk for li in lignes}
    trop = phrases_de_trop(scenario.programmation, [p for p in parts if p.projet in siens], noms)
    return phrases + trop


def _citer(lignes: Sequence[Any]) -> str:
    refs = [ligne.projet.nom_court for ligne in lignes[:CITES]]
    if len(lignes) > CITES:
        refs.append(f"{len(lignes) - CITES} autres")
    return f"{accorder(len(lignes), 'projet')} ({enumerer(refs)})" if len(lignes) > 1 else refs[0]


def reproches_de(scenario: Scenario) -> list[str]:
    """Warnings of the règlement about the scenario. They can be overridden with a reason."""
    projets = projets_du_scenario(scenario.programmation).filter(etat__in=sorted(A_CHOISIR))
    return [
        f"{ligne.projet.nom_court} : {phrase}"
        for ligne in lignes_de(scenario, projets)
        for phrase in ligne.phrases
    ]
