"""Adoption of a scenario: proposed to the comités, then the programmation adopted and closed; its forms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.comites import actes as comites
from contrat_ville.comites.scenarios import lectures
from contrat_ville.comites.scenarios.lectures import Decision, empechements_de, plan_de, reproches_de
from contrat_ville.models import Programmation, Projet, Scenario
from contrat_ville.workflow import A_EXAMINER, PILOTAGE, TECHNIQUE
from participation.seances.models import PointDossier, Seance
from participation.seances.points import decisions as points_decisions
from participation.seances.workflow import EN_COURS, EtatPoint
from participation.socle.actions import avancer, consigner, exiger, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_parmi, champ_texte
from participation.socle.francais import accorder, enumerer, jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


def vers_le_scenario(objet: Any, fait: Any) -> str:
    return str((fait if isinstance(fait, Scenario) else objet).get_absolute_url())


def contexte_adoption(request: RequeteConnectee, trouve: Scenario, form: Any) -> dict[str, Any]:
    return {
        "scenario": trouve,
        "empechements": empechements_de(trouve),
        "a_redire": reproches_de(trouve),
        "enveloppes": lectures.enveloppes_du_scenario(trouve),
    }


class _EnSeanceForm(ActeForm):
    """Choice of the séance in progress that decides.

    Without one, the decision is recorded without a séance.
    """

    CLE = PILOTAGE
    objet: Scenario

    seance: Any = champ_parmi(
        "La séance en cours qui décide",
        Seance.objects.none(),
        "Ses points sont alors décidés en même temps.",
        vide="Aucune séance",
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir(
            "seance",
            Seance.objects.filter(instance__cle=self.CLE, etat__in=EN_COURS).select_related("instance"),
        )


class ProposerScenarioForm(_EnSeanceForm):
    CLE = TECHNIQUE


class ArreterProgrammationForm(comites.HorsSeance, _EnSeanceForm):
    motif: forms.CharField = champ_texte(
        "Pourquoi passer outre à ce que dit le règlement",
        "Demandé quand le règlement a quelque chose à redire. Écrit au journal de la programmation.",
        maximum=2000,
        lignes=3,
        requis=False,
    )


@acte(
    Page[Scenario](
        form=ProposerScenarioForm,
        consequence="Chaque projet en instruction passe devant le comité de pilotage, avec ces montants ou cette raison.",
        retour=vers_le_scenario,
        succes=lambda _, combien: f"{accorder(combien, 'projet proposé', 'projets proposés')}.",
    )
)
@transaction.atomic
def proposer_scenario(scenario: Scenario, *, par: Compte, seance: Seance | None = None) -> int:
    """Propose each projet that awaits the comité technique, as the scenario says. Return their number."""
    if seance is not None:
        verrouiller(seance)
    pas = exiger(scenario, "proposer_scenario", par=par)
    plan = [d for d in plan_de(scenario, technique=True) if d.projet.etat in A_EXAMINER]
    if not plan:
        raise ErreurMetier(
            "Aucun projet n’attend le comité technique, ou aucun n’a de choix dans ce scénario."
        )
    muets = [d.projet for d in plan if d.a_redire and not d.reponses["motif"].strip()]
    if muets:
        raise ErreurMetier(
            "Le règlement a quelque chose à redire : corrigez, ou dites dans le scénario pourquoi proposer "
            f"{enumerer(f'« {projet.titre} »' for projet in muets)}."
        )
    _appliquer(plan, seance, par=par)
    pas.avancer(
        fait=f"Scénario proposé : {scenario.nom}", details={"scenario": scenario.pk, "projets": len(plan)}
    )
    return len(plan)


@acte(
    Page[Scenario](
        form=ArreterProgrammationForm,
        consequence="Chaque projet est décidé comme ce scénario le dit, en une fois. Rien n’est encore dit aux porteurs, sauf à ceux qui sont ajournés.",
        gabarit="contrat_ville/scenarios/arreter.html",
        contexte=contexte_adoption,
        retour=lambda s, _: s.programmation.get_absolute_url(),
        succes=lambda _, combien: (
            f"La programmation est arrêtée : {accorder(combien, 'projet décidé', 'projets décidés')}."
        ),
    )
)
@transaction.atomic
def arreter_programmation(
    scenario: Scenario,
    *,
    par: Compte,
    seance: Seance | None = None,
    motif: str = "",
    le: date | None = None,
    raison_sans_comite: str = "",
) -> int:
    """Adopt the scenario: decide each projet as it says. Return the number of projets.

    The programmation is locked: no envelope is exceeded, even if others decide at the same time. Who decided is said
    as for one projet: `seance`, or the day `le` of the comité, or why without it.

    Raises ErreurMetier with everything that prevents it; ValidationError on « motif » when the règlement has
    objections and no reason is given.
    """
    if seance is not None:
        verrouiller(seance)
    pas = exiger(scenario, "arreter_programmation", par=par)
    if empechements := empechements_de(scenario):
        raise ErreurMetier(" ".join(empechements))
    a_redire = reproches_de(scenario)
    if a_redire and not motif.strip():
        raise ValidationError(
            {"motif": "Le règlement a quelque chose à redire : dites pourquoi vous passez outre."}
        )
    plan = plan_de(scenario, malgre=motif)
    dits = {"seance": seance, "le": le, "raison_sans_comite": raison_sans_comite}
    _appliquer(plan, seance, par=par, ecart=motif, dits=dits)
    pas.avancer(
        champs={
            "etat": Scenario.Etat.ADOPTE,
            "adopte_le": timezone.now(),
            "seance": seance,
            "version": scenario.version + 1,
        },
        fait=f"Programmation arrêtée : scénario « {scenario.nom} »",
        motif=motif,
        details={"scenario": scenario.pk, "projets": len(plan), "a_redire": a_redire},
    )
    return len(plan)


@acte(Page[Programmation](consequence="L’année est finie pour les comités. Les projets continuent leur vie."))
def clore_programmation(programmation: Programmation, *, par: Compte) -> None:
    """Close the programmation. Every decision must be notified, and no projet may wait for a comité."""
    avancer(programmation, "clore_programmation", par=par)


def _appliquer(
    plan: Iterable[Decision],
    seance: Seance | None,
    *,
    par: Compte,
    ecart: str = "",
    dits: Mapping[str, Any] | None = None,
) -> None:
    """`dits`: who decides, given to the decisions whose letter says it."""
    decisions = list(plan)
    liens = _liens(seance, [d.projet for d in decisions]) if seance is not None else {}
    for decision in decisions:
        lien = liens.get(decision.projet.pk)
        if lien is not None:
            points_decisions.decider(
                lien, decision.acte, par=par, reponses=decision.reponses, ecart=ecart, en_bloc=True
            )
            continue
        siens = dits or {} if decision.projet.DECISIONS_DE_SEANCE[decision.acte].dit_sa_seance else {}
        getattr(comites, decision.acte)(decision.projet, par=par, **decision.reponses, **siens)
        if seance is not None:
            consigner(
                decision.projet,
                "decider_en_seance",
                par=par,
                fait=f"{decision.projet.DECIDE_EN_SEANCE} du {jour_texte(seance.jour)}",
                details={"seance": seance.pk},
            )


def _liens(seance: Seance, projets: Sequence[Projet]) -> dict[int, PointDossier]:
    """Return {projet: its undecided point on the agenda}.

    Raises ErreurMetier if a point is not opened yet.
    """
    liens = {
        lien.dossier_id: lien
        for lien in PointDossier.objects.filter(
            point__seance=seance, dossier__in=[p.pk for p in projets], decision=""
        ).select_related("point__seance__instance")
    }
    loin = {lien.point.titre for lien in liens.values() if lien.point.etat == EtatPoint.A_TRAITER}
    if loin:
        raise ErreurMetier(
            f"La séance n’en est pas à {enumerer(f'« {titre} »' for titre in sorted(loin))} : passez d’abord à ce point."
        )
    return liens
