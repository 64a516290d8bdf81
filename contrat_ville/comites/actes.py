"""Comités: projets put on an agenda, proposed, supported, refused, postponed; their forms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.comites import lettres
from contrat_ville.comites.lectures import COMITES, a_inscrire, seance_de, seances_de, seances_pour
from contrat_ville.enveloppes.lectures import parts_de, phrases_de_trop, reproches_du_projet, restes_de
from contrat_ville.instruction.lectures import grille_de
from contrat_ville.models import Deport, Financement, Projet
from contrat_ville.porteurs.phrases import et_l_equipe
from contrat_ville.workflow.etats import AvisTechnique
from participation.seances.models import Point, Seance
from participation.seances.ordre_du_jour.actes import ajouter_point
from participation.seances.points.decisions import exiger_le_vote
from participation.socle.actions import exiger, lever_demandes, verrouiller
from participation.socle.actions.avancer import Pas
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
    propose,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import heure, jour_texte, majuscule, montant
from participation.socle.models import Compte
from participation.socle.regles.montants import MontantInvalide, montant_de
from participation.socle.views.pages import Page, acte

MINUTES_PAR_PROJET = 5


# Shown to those whose opinion was asked: the decision itself is not revealed before the team knows it.
EXAMINE = "Le comité de pilotage a examiné le projet."


# {financer: amount}
Montants = Mapping[int, Decimal]


class ChampSeance(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Choice of a séance, labelled by its comité and its date."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.instance.sigle}, {jour_texte(obj.debut)} : {obj.titre}"


class InscrireForm(ActeForm):
    objet: Projet

    seance = ChampSeance(
        label="À quelle séance",
        queryset=None,
        empty_label=None,
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )

    def preparer(self) -> None:
        self.choisir("seance", seances_pour(self.objet))


@acte(
    Page[Projet](
        form=InscrireForm,
        consequence="Le projet devient un point de l’ordre du jour. Plusieurs projets s’inscrivent ensemble depuis la page du comité.",
        succes=lambda _, point: f"À l’ordre du jour du {jour_texte(point.seance.debut)}.",
    )
)
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
    """Propose these amounts. The envelopes may be exceeded here, but not by the decision.

    Raises ValidationError on « motif » when the règlement objects and nothing is said of it.
    """
    pas = _exiger(projet, "proposer", par=par, motif=motif)
    total = _ecrire_montants(projet, "propose", montants)
    if total <= 0:
        raise ValidationError("Proposez un montant pour au moins un financeur.")
    a_redire = reproches_du_projet(projet, "propose")
    if a_redire and not motif.strip():
        raise ValidationError(
            {"motif": [*a_redire, "Corrigez, ou dites pourquoi le comité le propose quand même."]}
        )
    pas.avancer(
        champs={"avis_technique": AvisTechnique.FAVORABLE, "raisons_techniques": motif, "motif_decision": ""},
        motif=motif,
        details={"montants": _en_texte(montants), **({"a_redire": a_redire} if a_redire else {})},
    )


@transaction.atomic
def proposer_refus(projet: Projet, *, par: Compte, motif: str) -> None:
    """Propose a refusal, with the reason. Only the comité de pilotage refuses."""
    pas = _exiger(projet, "proposer_refus", par=par, motif=motif)
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
def retenir(
    projet: Projet,
    *,
    par: Compte,
    montants: Montants,
    motif: str = "",
    malgre: str = "",
    le: date | None = None,
) -> None:
    """Grant these amounts. `malgre`: why, in spite of the objections of the règlement; `le`: the day of the comité.

    Raises ErreurMetier when an envelope would be exceeded, even if others decide at the same time;
    ValidationError on « malgre » when it is missing.
    """
    pas = _exiger(projet, "retenir", par=par, motif=motif)
    champs = {"motif_decision": motif, "reserve": "", "decide_le": decide_le(projet, le)}
    _accorder(pas, projet, montants, champs, motif, malgre)


@transaction.atomic
def retenir_sous_reserve(
    projet: Projet,
    *,
    par: Compte,
    montants: Montants,
    reserve: str,
    motif: str = "",
    malgre: str = "",
    le: date | None = None,
) -> None:
    """Grant these amounts on a condition. Raises as `retenir`."""
    pas = _exiger(projet, "retenir_sous_reserve", par=par, motif=motif)
    champs = {"motif_decision": motif, "reserve": reserve, "decide_le": decide_le(projet, le)}
    _accorder(pas, projet, montants, champs, motif or reserve, malgre)


def decide_le(projet: Projet, le: date | None) -> datetime:
    """Return the instant of a decision taken that day: now for today, else noon. The letter says this day.

    Raises ValidationError on « le » for a day to come, or before the deposit.
    """
    if le is None or le == timezone.localdate():
        return timezone.now()
    if le > timezone.localdate():
        raise ValidationError({"le": "Ce jour n’est pas encore passé : une décision se note une fois prise."})
    if projet.depose_le is not None and le < timezone.localdate(projet.depose_le):
        raise ValidationError({"le": f"Le projet n’a été déposé que le {jour_texte(projet.depose_le)}."})
    return timezone.make_aware(datetime.combine(le, time(12)))


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
        champs=champs,
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
def refuser(projet: Projet, *, par: Compte, motif: str, le: date | None = None) -> None:
    """Refuse the projet. The team is told later, by the signed letter. `le`: the day of the comité."""
    pas = _exiger(projet, "refuser", par=par, motif=motif)
    _ecrire_montants(projet, "accorde", {})
    champs = {"motif_decision": motif, "reserve": "", "decide_le": decide_le(projet, le)}
    pas.avancer(champs=champs, motif=motif)
    lever_demandes(projet, par=par, motif=EXAMINE)


@transaction.atomic
def ajourner(projet: Projet, *, par: Compte, motif: str) -> None:
    """Postpone the decision to another comité.

    The team is told why at once: it may have to complete the projet.
    """
    pas = _exiger(projet, "ajourner", par=par, motif=motif)
    pas.avancer(champs={"motif_decision": motif}, motif=motif)
    lettres.ajourner(projet)


LeverReserveForm = demander_texte(
    "Ce qui lève la réserve", aide="Écrit au journal, et au porteur s’il connaît déjà la décision.", lignes=4
)


@acte(
    Page[Projet](
        form=LeverReserveForm,
        consequence=lambda p: et_l_equipe(
            "lever_reserve", "L’équipe est prévenue.", f"La réserve : {p.reserve}"
        )(p),
    )
)
@transaction.atomic
def lever_reserve(projet: Projet, *, par: Compte, motif: str) -> None:
    """Lift the condition. The team is told only if the decision is notified."""
    pas = exiger(projet, "lever_reserve", par=par)
    pas.avancer(champs={"reserve": ""}, motif=motif, details={"reserve": projet.reserve})
    if projet.notifie_le is not None:
        lettres.lever_reserve(projet, motif=motif)


class NoterDeportForm(ActeForm):
    compte = champ_parmi("Qui se déporte", Compte.objects.none(), "Parmi les membres des deux comités.")
    motif = champ_ligne("Pourquoi, si elle le dit", maximum=200, requis=False)

    def preparer(self) -> None:
        self.choisir("compte", membres_des_comites())


@acte(
    Page[Projet](
        form=NoterDeportForm,
        consequence="Un vote où cette personne figure ne décide rien sur ce projet. L’équipe du projet est déportée sans qu’il faille le noter.",
    )
)
@transaction.atomic
def noter_deport(projet: Projet, *, par: Compte, compte: Compte, motif: str = "") -> None:
    """Record that a member with an interest steps aside: a vote with them would be void."""
    pas = exiger(projet, "noter_deport", par=par)
    deport = Deport(projet=projet, compte=compte, motif=motif)
    deport.full_clean()
    deport.save()
    projet.__dict__.pop("_deportes", None)
    pas.avancer(fait=f"Déport noté : {compte}", motif=motif, details={"compte": compte.pk}, nomme=[compte])


# Amounts
def _exiger(projet: Projet, acte: str, *, par: Compte, motif: str) -> Pas:
    verrouiller(projet.programmation)
    pas = exiger(projet, acte, par=par)
    exiger_le_vote(projet, acte, par=par, motif=motif)
    return pas


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


def champ_jour_du_comite() -> forms.DateField:
    return champ_jour(
        "Le comité a décidé le",
        "La lettre dit ce jour. Corrigez-le si le comité s’est réuni un autre jour.",
        requis=False,
    )


class ProposerRefusForm(ActeForm):
    """The reason starts with the sentences of the criteria that are not met, in the words of the letter.

    Else with those of the comité technique, if it proposed the refusal: what it said to support is not for the porteur.
    """

    objet: Projet

    motif = champ_texte(
        "Pourquoi",
        "Le porteur lit ces mots dans la lettre : dites-lui simplement ce qui a manqué.",
        maximum=4000,
        lignes=6,
    )

    def initiales(self) -> Mapping[str, Any]:
        phrases = grille_de(self.objet).phrases_negatives
        if not phrases and self.objet.avis_technique == AvisTechnique.DEFAVORABLE:
            phrases = [self.objet.raisons_techniques]
        return {"motif": "\n".join(phrases)}


class RefuserForm(ProposerRefusForm):
    le = champ_jour_du_comite()

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "le": propose(timezone.localdate())}


AjournerForm = demander_texte(
    "Pourquoi, et ce qui est attendu",
    aide="Le porteur reçoit ces mots tout de suite.",
    maximum=4000,
    lignes=5,
)


class ChampSeanceDuComite(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choice of a séance of a known comité, labelled by its date."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{majuscule(jour_texte(obj.debut, 'long'))}, {heure(obj.debut)}, {obj.lieu or obj.titre}"


class InscrireEnLotForm(ActeForm):
    """One séance for all the selected projets."""

    seance = ChampSeance(
        label="À quelle séance",
        queryset=None,
        empty_label="Choisissez",
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )

    def preparer(self) -> None:
        self.choisir("seance", seances_de())


class PreparerForm(forms.Form):
    """Choice of the projets for a séance, and of how they are grouped into points."""

    seance = ChampSeanceDuComite(
        label="Séance du comité",
        queryset=None,
        empty_label=None,
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )
    points = champ_choix(
        "Combien de points",
        [("projet", "Un point par projet : chacun a son vote et ses déports"), ("axe", "Un point par axe")],
        boutons=True,
    )
    projets: Any = forms.MultipleChoiceField(
        label="Projets à examiner",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": "Choisissez au moins un projet.",
            "invalid_choice": "Un de ces projets est déjà à l’ordre du jour, ou déjà décidé.",
        },
    )

    def __init__(self, *args: Any, candidats: Any, seances: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seance: Any = self.fields["seance"]
        seance.queryset = seances
        champ: Any = self.fields["projets"]
        champ.choices = [(str(c.projet.pk), c.projet.reference) for c in candidats]  # the page says the rest
        self.initial.setdefault("points", "projet")


class MontantsForm(ActeForm):
    """One amount for each financer asked by the projet. `CHAMP`: field with the amounts already given."""

    CHAMP = "propose"
    objet: Projet

    def initiales(self) -> Mapping[str, Any]:
        return {
            f"montant_{f.financeur_id}": self._de_depart(f)
            for f in self.objet.financements.select_related("financeur")
        }

    def _de_depart(self, financement: Any) -> Decimal:
        dit = getattr(financement, self.CHAMP)
        depart: Decimal = financement.demande if dit is None else dit
        return depart

    def preparer(self) -> None:
        self.financeurs = {
            f"montant_{f.financeur_id}": f for f in self.objet.financements.select_related("financeur")
        }
        self.restes = restes_de(self.objet)
        champs = {
            nom: ChampMontant(f"{f.financeur} donne, en euros", self._aide(f), requis=False, vide=Decimal(0))
            for nom, f in self.financeurs.items()
        }
        self.fields = {**champs, **self.fields}

    def _aide(self, financement: Any) -> str:
        phrases = [f"Demandé : {montant(financement.demande)}."]
        if self.CHAMP != "propose" and financement.propose is not None:
            phrases.append(f"Proposé par le comité technique : {montant(financement.propose)}.")
        if (reste := self.restes.get(financement.financeur_id)) is not None:
            phrases.append(f"Il reste {montant(reste)} pour ce projet dans ses enveloppes.")
        return " ".join(phrases)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        montants = {f.financeur_id: donnees.pop(nom) for nom, f in self.financeurs.items() if nom in donnees}
        return {**donnees, "montants": montants}


class ProposerForm(MontantsForm):
    motif = champ_texte(
        "Ce que le comité technique en dit",
        "Lu par le comité de pilotage. Pas par le porteur.",
        maximum=4000,
        lignes=4,
        requis=False,
    )


class RetenirForm(MontantsForm):
    le = champ_jour_du_comite()
    motif = champ_texte(
        "Un mot pour le porteur", "Repris dans la lettre.", maximum=4000, lignes=3, requis=False
    )
    malgre = champ_texte(
        "Pourquoi passer outre à ce que dit le règlement",
        "Demandé quand le règlement a quelque chose à redire. Écrit au journal, pas dans la lettre.",
        maximum=2000,
        lignes=2,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "le": propose(timezone.localdate())}

    def _de_depart(self, financement: Any) -> Decimal:
        # After a reopening, start from the proposed amounts, not from those granted before.
        depart: Decimal = financement.demande if financement.propose is None else financement.propose
        return depart

    CHAMP = "accorde"


class RetenirSousReserveForm(RetenirForm):
    reserve = champ_texte(
        "La réserve", "Ce que le porteur doit faire pour que le projet soit retenu.", maximum=2000, lignes=3
    )


def membres_des_comites() -> Any:
    return Compte.objects.filter(sieges__college__mandature__instance__cle__in=COMITES).distinct()
