"""Scenarios of a programmation: created, changed, renamed, set aside; their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contrat_ville.comites.enveloppes import enveloppes_de, parts_accordees, parts_de, reste_pour
from contrat_ville.comites.enveloppes import prise as prise_de
from contrat_ville.comites.scenarios import lectures
from contrat_ville.comites.scenarios.adoption import vers_le_scenario
from contrat_ville.comites.scenarios.lectures import (
    A_CHOISIR,
    SANS_AXE,
    communes_des_quartiers,
    projets_du_scenario,
    sans_choix,
)
from contrat_ville.models import (
    ChoixScenario,
    Financement,
    LigneScenario,
    Programmation,
    Projet,
    Scenario,
    financeurs_de,
)
from contrat_ville.workflow import AvisTechnique
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import accorder, enumerer, majuscule, montant
from participation.socle.models import Commune, Compte
from participation.socle.views.pages import Page, acte

C = ChoixScenario.Choix
DEPARTS = {
    "propose": "ce que le comité technique propose",
    "demande": "ce qui est demandé",
    "remplir": "ce qui est proposé ou demandé, dans l’ordre, tant qu’il reste de quoi",
    "rien": "une page blanche",
}


def combien_sans_choix(scenario: Scenario) -> str:
    combien = len(lectures.sans_choix(scenario))
    if not combien:
        return "Chaque projet a déjà son choix dans ce scénario."
    return f"{accorder(combien, 'projet n’a', 'projets n’ont')} pas encore de choix dans ce scénario. Les autres ne changent pas."


@dataclass(frozen=True, slots=True)
class Saisie:
    """A typed value, and the value shown before: an unchanged field overwrites nothing."""

    valeur: Any
    avant: Any


class CreerScenarioForm(ActeForm):
    objet: Programmation

    nom = champ_ligne("Nom", "Par exemple « Priorité aux nouveaux porteurs ».", maximum=80)
    note = champ_texte("Ce qu’il cherche", maximum=1000, lignes=2, requis=False)
    depart = champ_choix(
        "D’où partir", [(cle, majuscule(mots)) for cle, mots in DEPARTS.items()], boutons=True
    )
    copie = champ_parmi(
        "Ou copier un scénario", Scenario.objects.none(), "Il remplace alors le départ choisi.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"depart": "propose"}

    def preparer(self) -> None:
        self.choisir("copie", self.objet.scenarios.all())


@acte(
    Page[Programmation](
        form=CreerScenarioForm,
        consequence="Rien n’est décidé : un scénario se compare, se change, et s’adopte ou s’écarte.",
        retour=vers_le_scenario,
        succes="Le scénario est écrit.",
    )
)
@transaction.atomic
def creer_scenario(
    programmation: Programmation,
    *,
    par: Compte,
    nom: str,
    note: str = "",
    depart: str = "propose",
    copie: Scenario | None = None,
) -> Scenario:
    """Create a scenario from a start (`DEPARTS`) or from a copy of another."""
    pas = exiger(programmation, "creer_scenario", par=par)
    scenario = enregistrer(Scenario(programmation=programmation, nom=nom.strip(), note=note, par=par))
    if copie is not None:
        _copier(copie, scenario)
    elif depart != "rien":
        _partir(scenario, depart)
    pas.avancer(fait=f"Scénario écrit : {scenario.nom}", details={"scenario": scenario.pk})
    return scenario


def _copier(copie: Scenario, scenario: Scenario) -> None:
    LigneScenario.objects.bulk_create(
        LigneScenario(scenario=scenario, financement_id=financement, montant=somme)
        for financement, somme in copie.lignes.values_list("financement", "montant")
    )
    ChoixScenario.objects.bulk_create(
        ChoixScenario(scenario=scenario, projet_id=projet, choix=choix, motif=motif)
        for projet, choix, motif in copie.choix.values_list("projet", "choix", "motif")
    )


def _partir(scenario: Scenario, depart: str) -> None:
    projets = list(projets_du_scenario(scenario.programmation).filter(etat__in=sorted(A_CHOISIR)))
    financements: dict[int, list[Financement]] = {projet.pk: [] for projet in projets}
    for f in Financement.objects.filter(projet__in=projets).order_by("pk"):
        financements[f.projet_id].append(f)
    sommes = {
        f.pk: f.demande if depart == "demande" or f.propose is None else f.propose
        for siens in financements.values()
        for f in siens
    }
    if depart == "remplir":
        sommes = _remplir(scenario.programmation, projets, financements, sommes)
    LigneScenario.objects.bulk_create(
        LigneScenario(scenario=scenario, financement_id=pk, montant=somme)
        for pk, somme in sommes.items()
        if somme
    )
    ChoixScenario.objects.bulk_create(
        ChoixScenario(scenario=scenario, projet=projet, **_choix_de_depart(projet, donne))
        for projet in projets
        if (donne := sum((sommes[f.pk] for f in financements[projet.pk]), start=Decimal(0)))
        or projet.avis_technique == AvisTechnique.DEFAVORABLE
    )


def _choix_de_depart(projet: Projet, donne: Decimal) -> dict[str, str]:
    if projet.avis_technique == AvisTechnique.DEFAVORABLE:
        return {"choix": C.REFUSE, "motif": projet.raisons_techniques}
    return {"choix": C.RETENU if donne else ""}


def _remplir(
    programmation: Programmation,
    projets: Sequence[Projet],
    financements: Mapping[int, Sequence[Financement]],
    voulues: Mapping[int, Decimal],
) -> dict[int, Decimal]:
    """Give each projet, in order, what is wanted or what is left. Granted amounts are already deducted."""
    enveloppes = enveloppes_de(programmation)
    prises = dict.fromkeys((e.cle for e in enveloppes), Decimal(0))
    for part in parts_accordees(programmation):
        for enveloppe in enveloppes:
            prises[enveloppe.cle] += prise_de(enveloppe, part)
    lus = [(projet, f) for projet in projets for f in financements[projet.pk]]
    donnees = {}
    for (projet, f), part in zip(
        lus, parts_de((projet, f.financeur_id, voulues[f.pk]) for projet, f in lus), strict=True
    ):
        ecarte = projet.avis_technique == AvisTechnique.DEFAVORABLE
        somme = Decimal(0) if ecarte else reste_pour(enveloppes, prises, part, part.montant)
        donnee = replace(part, montant=somme)
        for enveloppe in enveloppes:
            prises[enveloppe.cle] += prise_de(enveloppe, donnee)
        donnees[f.pk] = somme
    return donnees


@transaction.atomic
def changer_scenario(
    scenario: Scenario,
    *,
    par: Compte,
    projet: Projet,
    montants: Mapping[int, Saisie],
    choix: Saisie | None = None,
    motif: Saisie | None = None,
) -> list[str]:
    """Save the changes on one projet. `montants`: {financement: Saisie}.

    When somebody changed the same field meanwhile, nothing of the row is saved (a reason goes with its choice):
    the sentences returned say what is there, and what was typed. Raises RoleInsuffisant on the amount of another financer.
    """
    exiger(scenario, "changer_scenario", par=par)
    lu: Any = Projet.objects.filter(programmation=scenario.programmation_id, pk=projet.pk).first()
    if lu is None or lu.etat not in A_CHOISIR:
        raise ErreurMetier(f"« {projet.titre} » n’est plus à choisir : sa décision est prise.")
    phrases, ecrit = [], False
    for financement in lu.financements.select_related("financeur").filter(pk__in=montants):
        dit, fait = _changer_montant(scenario, financement, montants[financement.pk], par=par)
        phrases += dit
        ecrit |= fait
    dit, fait = _changer_choix(scenario, lu, choix, motif, par=par)
    phrases += dit
    if phrases:
        transaction.set_rollback(True)
        return [*phrases, "Rien de ce que vous avez mis pour ce projet n’est enregistré."]
    if ecrit or fait:
        scenario.version += 1
        scenario.save(update_fields=["version"])
    return phrases


def _changer_montant(
    scenario: Scenario, financement: Financement, saisie: Saisie, *, par: Compte
) -> tuple[list[str], bool]:
    if saisie.valeur == saisie.avant:
        return [], False
    if not par.est_agent and financement.financeur_id not in financeurs_de(par):
        raise RoleInsuffisant(
            f"{financement.financeur.court} décide de son montant : il ne vous est pas ouvert."
        )
    ligne = LigneScenario.objects.filter(scenario=scenario, financement=financement).first()
    actuel = ligne.montant if ligne is not None else Decimal(0)
    if actuel == saisie.valeur:
        return [], False
    if actuel != saisie.avant:
        qui = f"{ligne.par} a mis" if ligne is not None and ligne.par else "il est devenu"
        return [
            f"{financement.financeur.court}, {financement.projet.nom_court} : entre-temps, {qui} {montant(actuel)}. "
            f"Votre montant, {montant(saisie.valeur)}, n’est pas enregistré."
        ], False
    ligne = ligne or LigneScenario(scenario=scenario, financement=financement)
    ligne.montant, ligne.par, ligne.le = saisie.valeur, par, timezone.now()
    ligne.full_clean(exclude=["scenario", "financement"], validate_unique=False)
    ligne.save()
    return [], True


def _changer_choix(
    scenario: Scenario, projet: Projet, choix: Saisie | None, motif: Saisie | None, *, par: Compte
) -> tuple[list[str], bool]:
    voulus = {
        nom: s for nom, s in (("choix", choix), ("motif", motif)) if s is not None and s.valeur != s.avant
    }
    if not voulus:
        return [], False
    if not par.est_agent:
        raise RoleInsuffisant("Le choix d’un projet est noté par un agent du service.")
    ligne = ChoixScenario.objects.filter(scenario=scenario, projet=projet).first()
    phrases, ecrit = [], False
    for nom, saisie in voulus.items():
        actuel = getattr(ligne, nom) if ligne is not None else ""
        if actuel == saisie.valeur:
            continue
        if actuel != saisie.avant:
            phrases.append(
                f"{projet.nom_court} : entre-temps, {(ligne and ligne.par) or 'quelqu’un'} a mis « {_en_mots(nom, actuel)} »."
            )
            continue
        ligne = ligne or ChoixScenario(scenario=scenario, projet=projet)
        setattr(ligne, nom, saisie.valeur)
        ecrit = True
    if ligne is not None and ecrit:
        ligne.par, ligne.le = par, timezone.now()
        ligne.full_clean(exclude=["scenario", "projet"], validate_unique=False)
        ligne.save()
    if phrases:
        mis = enumerer(f"« {_en_mots(nom, saisie.valeur)} »" for nom, saisie in voulus.items())
        phrases.append(f"Vous aviez mis {mis}.")
    return phrases, ecrit


def _en_mots(nom: str, valeur: str) -> str:
    return C(valeur).label if nom == "choix" and valeur in C else valeur or "rien"


class ChoisirLeResteForm(ActeForm):
    objet: Scenario

    choix = champ_choix(
        "Pour chaque projet sans choix",
        [(c.value, majuscule(c.label)) for c in C if c in ChoixScenario.SANS_MONTANT],
        boutons=True,
    )
    motif = champ_texte(
        "Pourquoi",
        "La même raison pour tous. Chaque porteur la lira dans sa lettre ; elle se change ensuite projet par projet.",
        maximum=2000,
        lignes=3,
    )
    axe = champ_choix("Seulement cet axe", [], requis=False)
    commune = champ_parmi("Seulement cette commune", Commune.objects.none(), requis=False, vide="Toutes")

    def initiales(self) -> Mapping[str, Any]:
        return {"choix": C.REFUSE.value}

    def preparer(self) -> None:
        axe: Any = self.fields["axe"]
        axes = self.objet.programmation.contrat.axes.all()
        axe.choices = [("", "Tous les axes"), *((str(a.pk), str(a)) for a in axes), (SANS_AXE, "Sans axe")]
        self.choisir("commune", communes_des_quartiers())


@acte(
    Page[Scenario](
        form=ChoisirLeResteForm,
        consequence=combien_sans_choix,
        retour=vers_le_scenario,
        succes=lambda _, combien: f"Choix écrit pour {accorder(combien, 'projet')}.",
    )
)
@transaction.atomic
def choisir_le_reste(
    scenario: Scenario, *, par: Compte, choix: str, motif: str, axe: str = "", commune: Commune | None = None
) -> int:
    """Write one choice, without money, for each projet that has none yet. Return their number.

    A reason already written for a projet stays.

    `axe`, `commune`: only theirs; `axe` is a number, or `SANS_AXE`.
    """
    pas = exiger(scenario, "choisir_le_reste", par=par)
    reste = sans_choix(scenario, axe=axe, commune=commune)
    if not reste:
        raise ErreurMetier("Plus aucun projet n’attend de choix ici.")
    ecrits = dict(scenario.choix.filter(projet__in=reste).values_list("projet", "motif"))
    ChoixScenario.objects.bulk_create(
        (
            ChoixScenario(
                scenario=scenario, projet_id=projet, choix=choix, motif=ecrits.get(projet) or motif, par=par
            )
            for projet in reste
        ),
        update_conflicts=True,
        unique_fields=["scenario", "projet"],
        update_fields=["choix", "motif", "par", "le"],
    )
    scenario.version += 1
    scenario.save(update_fields=["version"])
    pas.avancer(
        fait=f"Choix fait pour {accorder(len(reste), 'projet')} : {C(choix).label}",
        motif=motif,
        details={"scenario": scenario.pk, "projets": reste},
    )
    return len(reste)


class RenommerScenarioForm(ActeForm):
    objet: Scenario

    nom = champ_ligne("Nom", maximum=80)
    note = champ_texte("Ce qu’il cherche", maximum=1000, lignes=2, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return {"nom": self.objet.nom, "note": self.objet.note}


@acte(Page[Scenario](form=RenommerScenarioForm, retour=vers_le_scenario))
def renommer_scenario(scenario: Scenario, *, par: Compte, nom: str, note: str = "") -> None:
    avancer(
        scenario,
        "renommer_scenario",
        par=par,
        champs={"nom": nom.strip(), "note": note, "version": scenario.version + 1},
        fait=f"Scénario renommé : {nom.strip()}",
    )


@acte(
    Page[Scenario](
        consequence="Il reste lisible et comparable, et ne change plus.",
        retour=lambda s, _: reverse("contrat_ville:scenarios", args=[s.programmation_id]),
    )
)
def ecarter_scenario(scenario: Scenario, *, par: Compte, motif: str = "") -> None:
    """Set the scenario aside: readable, but not changeable."""
    avancer(
        scenario,
        "ecarter_scenario",
        par=par,
        champs={"etat": Scenario.Etat.ECARTE},
        fait=f"Scénario écarté : {scenario.nom}",
        motif=motif,
    )
