"""Acts of the comités: the comité technique proposes amounts, the comité de pilotage decides them.

Rows are always locked in this order: séance, programmation, projet. So only one decision at a time reads the
envelopes.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.lectures.comites import a_inscrire, seance_de
from contrat_ville.lectures.enveloppes import parts_de, phrases_de_trop
from contrat_ville.lectures.scenarios import reproches_du_projet
from contrat_ville.models import Deport, Financement, Projet
from contrat_ville.notifications import comites as notifications
from contrat_ville.regles.budget import MontantInvalide, montant_de
from contrat_ville.workflow.etats import AvisTechnique
from participation.seances.actions.preparation import ajouter_point
from participation.seances.models import Point, Seance
from participation.socle.actions import exiger, lever_demandes, verrouiller
from participation.socle.actions.avancer import Pas
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte

MINUTES_PAR_PROJET = 5
# Shown to those whose opinion was asked: the decision itself is not revealed before the team knows it.
EXAMINE = "Le comité de pilotage a examiné le projet."
# {financer: amount}
Montants = Mapping[int, Decimal]


@transaction.atomic
def inscrire_au_comite(projet: Projet, *, par: Compte, seance: Seance) -> Point:
    """Put the projet on the agenda. Raises ErreurMetier when it is already on one, or not for this comité."""
    (point,) = remplir_le_comite(seance, [projet], par=par)
    return point


@transaction.atomic
def remplir_le_comite(
    seance: Seance, projets: Iterable[Projet], *, par: Compte, par_axe: bool = False
) -> list[Point]:
    """Put projets on the agenda in this order, one point per projet or per axe. All of them or none."""
    verrouiller(seance)  # serialises agents who fill agendas at the same time
    attendus = set(a_inscrire(seance.instance.cle).values_list("pk", flat=True))
    groupes: dict[int | None, list[Projet]] = {}
    for projet in projets:
        pas = exiger(projet, "inscrire_au_comite", par=par)
        if projet.pk not in attendus:
            raise ErreurMetier(_pourquoi_pas(projet, seance))
        pas.avancer(
            fait=f"À l’ordre du jour : {seance.instance.sigle}, séance du {jour_texte(seance.jour)}",
            details={"seance": seance.pk},
        )
        groupes.setdefault(projet.axe_id if par_axe else projet.pk, []).append(projet)
    return [
        ajouter_point(
            seance,
            par=par,
            dossiers=siens,
            nature=Point.Nature.DECISION,
            titre=str((siens[0].axe or "Sans axe") if par_axe else siens[0].titre)[:200],
            duree=MINUTES_PAR_PROJET * len(siens),
        )
        for siens in groupes.values()
    ]


def _pourquoi_pas(projet: Projet, seance: Seance) -> str:
    deja = seance_de(projet)
    if deja is not None:
        return f"« {projet.titre} » est déjà à l’ordre du jour de la séance du {jour_texte(deja.jour)}."
    return f"« {projet.titre} » est {projet.get_etat_display()} : {seance.instance.sigle} n’a rien à en dire."


# Proposals of the comité technique


@transaction.atomic
def proposer(projet: Projet, *, par: Compte, montants: Montants, motif: str = "") -> None:
    """Propose these amounts. The envelopes may be exceeded here, but not by the decision."""
    pas = _exiger(projet, "proposer", par=par)
    total = _ecrire_montants(projet, "propose", montants)
    if total <= 0:
        raise ValidationError("Proposez un montant pour au moins un financeur.")
    pas.avancer(
        champs={"avis_technique": AvisTechnique.FAVORABLE, "raisons_techniques": motif, "motif_decision": ""},
        motif=motif,
        details={"montants": _en_texte(montants)},
    )


@transaction.atomic
def proposer_refus(projet: Projet, *, par: Compte, motif: str) -> None:
    """Propose a refusal, with the reason. Only the comité de pilotage refuses."""
    pas = _exiger(projet, "proposer_refus", par=par)
    _ecrire_montants(projet, "propose", {})
    pas.avancer(
        champs={
            "avis_technique": AvisTechnique.DEFAVORABLE,
            "raisons_techniques": motif,
            "motif_decision": "",
        },
        motif=motif,
    )


# Decisions of the comité de pilotage


@transaction.atomic
def retenir(projet: Projet, *, par: Compte, montants: Montants, motif: str = "", malgre: str = "") -> None:
    """Grant these amounts. `malgre`: why, in spite of the objections of the règlement.

    Raises ErreurMetier when an envelope would be exceeded, even if others decide at the same time;
    ValidationError on « malgre » when it is missing.
    """
    pas = _exiger(projet, "retenir", par=par)
    _accorder(pas, projet, montants, {"motif_decision": motif, "reserve": ""}, motif, malgre)


@transaction.atomic
def retenir_sous_reserve(
    projet: Projet, *, par: Compte, montants: Montants, reserve: str, motif: str = "", malgre: str = ""
) -> None:
    """Grant these amounts on a condition. Raises as `retenir`."""
    pas = _exiger(projet, "retenir_sous_reserve", par=par)
    _accorder(pas, projet, montants, {"motif_decision": motif, "reserve": reserve}, motif or reserve, malgre)


def _accorder(
    pas: Pas, projet: Projet, montants: Montants, champs: Mapping[str, Any], motif: str, malgre: str
) -> None:
    total = _ecrire_montants(projet, "accorde", montants)
    if total <= 0:
        raise ValidationError("Dites ce que donne au moins un financeur.")
    _exiger_les_enveloppes(projet)
    a_redire = reproches_du_projet(projet)
    if a_redire and not malgre.strip():
        raise ValidationError({"malgre": [*a_redire, "Corrigez, ou dites pourquoi vous passez outre."]})
    pas.avancer(
        champs={**champs, "decide_le": timezone.now()},
        motif="\n".join(mots for mots in (motif, malgre if a_redire else "") if mots),
        details={"montants": _en_texte(montants), **({"a_redire": a_redire} if a_redire else {})},
    )
    lever_demandes(projet, par=pas.par, motif=EXAMINE)


def _exiger_les_enveloppes(projet: Projet) -> None:
    """Raise ErreurMetier if an envelope is exceeded. The caller holds the lock of the programmation."""
    siens = list(projet.financements.select_related("financeur"))
    parts = parts_de((projet, f.financeur_id, f.accorde or Decimal(0)) for f in siens)
    if trop := phrases_de_trop(
        projet.programmation, parts, {f.financeur_id: f.financeur.court for f in siens}
    ):
        raise ErreurMetier(" ".join(trop))


@transaction.atomic
def refuser(projet: Projet, *, par: Compte, motif: str) -> None:
    """Refuse the projet. The team is told later, by the signed letter."""
    pas = _exiger(projet, "refuser", par=par)
    _ecrire_montants(projet, "accorde", {})
    pas.avancer(champs={"motif_decision": motif, "reserve": "", "decide_le": timezone.now()}, motif=motif)
    lever_demandes(projet, par=par, motif=EXAMINE)


@transaction.atomic
def ajourner(projet: Projet, *, par: Compte, motif: str) -> None:
    """Postpone the decision to another comité.

    The team is told why at once: it may have to complete the projet.
    """
    pas = _exiger(projet, "ajourner", par=par)
    pas.avancer(champs={"motif_decision": motif}, motif=motif)
    notifications.ajourner(projet)


@transaction.atomic
def lever_reserve(projet: Projet, *, par: Compte, motif: str) -> None:
    """Lift the condition. The team is told only if the decision is notified."""
    pas = exiger(projet, "lever_reserve", par=par)
    pas.avancer(champs={"reserve": ""}, motif=motif, details={"reserve": projet.reserve})
    if projet.notifie_le is not None:
        notifications.lever_reserve(projet, motif=motif)


@transaction.atomic
def noter_deport(projet: Projet, *, par: Compte, compte: Compte, motif: str = "") -> None:
    """Record that a member with an interest steps aside: a vote with them would be void."""
    pas = exiger(projet, "noter_deport", par=par)
    deport = Deport(projet=projet, compte=compte, motif=motif)
    deport.full_clean()
    deport.save()
    projet.__dict__.pop("_deportes", None)
    pas.avancer(fait=f"Déport noté : {compte}", motif=motif, details={"compte": compte.pk})


# Amounts


def _exiger(projet: Projet, acte: str, *, par: Compte) -> Pas:
    verrouiller(projet.programmation)
    return exiger(projet, acte, par=par)


def _ecrire_montants(projet: Projet, champ: str, montants: Montants) -> Decimal:
    """Write the amount of each financer of the projet; zero for those left out. Return the sum."""
    siens: Sequence[Financement] = list(projet.financements.select_related("financeur"))
    if inconnus := set(montants) - {f.financeur_id for f in siens}:
        raise ErreurMetier(f"Ce projet ne demande rien à {len(inconnus)} de ces financeurs.")
    total = Decimal(0)
    for financement in siens:
        try:
            somme = montant_de(montants.get(financement.financeur_id, Decimal(0)))
        except MontantInvalide as erreur:
            raise ValidationError(f"{financement.financeur.court} : {erreur}") from erreur
        setattr(financement, champ, somme)
        financement.full_clean(exclude=["projet", "financeur"])
        total += somme
    Financement.objects.bulk_update(siens, [champ])
    return total


def _en_texte(montants: Montants) -> dict[str, str]:
    return {str(financeur): str(somme) for financeur, somme in montants.items()}
