"""Comités: projets proposed, supported, refused, postponed; who steps aside from one; their forms."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.comites.enveloppes import parts_de, phrases_de_trop, reproches_du_projet, restes_de
from contrat_ville.comites.lectures import COMITES
from contrat_ville.instruction.lectures import grille_de
from contrat_ville.models import Deport, Financement, Projet
from contrat_ville.models.manques import seance_de
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe, et_l_equipe
from contrat_ville.workflow import AvisTechnique
from participation.seances.models import Seance
from participation.seances.points.decisions import SANS_COMITE, exiger_le_vote
from participation.socle.actions import exiger, lever_demandes, verrouiller
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, montant
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.montants import MontantInvalide, montant_de
from participation.socle.views.pages import Page, acte


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
    enregistrer(Deport(projet=projet, compte=compte, motif=motif))
    projet.__dict__.pop("_deportes", None)
    pas.avancer(fait=f"Déport noté : {compte}", motif=motif, details={"compte": compte.pk}, nomme=[compte])


def membres_des_comites() -> Any:
    return Compte.objects.filter(sieges__college__mandature__instance__cle__in=COMITES).distinct()


# Shown to those whose opinion was asked: the decision itself is not revealed before the team knows it.
EXAMINE = "L’examen du projet est fini."


# {financer: amount}
Montants = Mapping[int, Decimal]


class QuiDecide(TypedDict, total=False):
    """Who decides: the comité in its `seance`, or elsewhere on the day `le`, or the service without it, for this reason."""

    seance: Seance | None
    le: date | None
    raison_sans_comite: str


def contexte_decision(request: RequeteConnectee, projet: Projet, form: Any) -> dict[str, Any]:
    """Show the séance that has the projet on its agenda, since a decision here is made without it."""
    return {"projet": projet, "seance_prevue": seance_de(projet)}


une_decision: Callable[..., Page[Projet]] = partial(
    Page, gabarit="contrat_ville/comites/decision.html", contexte=contexte_decision
)
TU = "L’équipe du projet n’en sait rien tant que la décision n’est pas notifiée."


class HorsSeance(ActeForm):
    """Asked besides on the page of a decision: the comité took it elsewhere, on a day, or the service without it."""

    le = champ_jour(
        "Le comité a décidé le",
        "S’il s’est réuni sans que sa séance soit tenue ici. La lettre dit ce jour.",
        requis=False,
    )
    raison_sans_comite = champ_texte(
        "Sinon, pourquoi décider sans le comité",
        "La lettre dit alors que le service décide sans réunion du comité, avec cette raison.",
        maximum=1000,
        lignes=3,
        requis=False,
    )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("le") and donnees.get("raison_sans_comite"):
            self.add_error(
                "raison_sans_comite", "Le comité a décidé ce jour-là, ou non : videz l’une des deux réponses."
            )
        return donnees


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


@acte(
    une_decision(
        form=ProposerForm, consequence="Le projet passe devant le comité de pilotage avec ces montants."
    )
)
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


@acte(
    une_decision(
        form=ProposerRefusForm,
        consequence="Le projet passe devant le comité de pilotage, qui seul décide de ne pas le retenir.",
    )
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


class RetenirForm(MontantsForm):
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

    def _de_depart(self, financement: Any) -> Decimal:
        # After a reopening, start from the proposed amounts, not from those granted before.
        depart: Decimal = financement.demande if financement.propose is None else financement.propose
        return depart

    CHAMP = "accorde"


class RetenirHorsSeanceForm(HorsSeance, RetenirForm):
    pass


@acte(une_decision(form=RetenirHorsSeanceForm, consequence=TU))
# Decisions of the comité de pilotage
@transaction.atomic
def retenir(
    projet: Projet,
    *,
    par: Compte,
    montants: Montants,
    motif: str = "",
    malgre: str = "",
    **qui_decide: Unpack[QuiDecide],
) -> None:
    """Grant these amounts. `malgre`: why, in spite of the objections of the règlement.

    Raises ErreurMetier when an envelope would be exceeded, even if others decide at the same time;
    ValidationError on « malgre » when it is missing.
    """
    pas = _exiger(projet, "retenir", par=par, motif=motif)
    champs = {"motif_decision": motif, "reserve": "", **_qui_decide(projet, **qui_decide)}
    _accorder(pas, projet, montants, champs, motif, malgre)


class RetenirSousReserveForm(RetenirForm):
    reserve = champ_texte(
        "La réserve", "Ce que le porteur doit faire pour que le projet soit retenu.", maximum=2000, lignes=3
    )


class RetenirSousReserveHorsSeanceForm(HorsSeance, RetenirSousReserveForm):
    pass


@acte(une_decision(form=RetenirSousReserveHorsSeanceForm, consequence=TU))
@transaction.atomic
def retenir_sous_reserve(
    projet: Projet,
    *,
    par: Compte,
    montants: Montants,
    reserve: str,
    motif: str = "",
    malgre: str = "",
    **qui_decide: Unpack[QuiDecide],
) -> None:
    """Grant these amounts on a condition. Raises as `retenir`."""
    pas = _exiger(projet, "retenir_sous_reserve", par=par, motif=motif)
    champs = {"motif_decision": motif, "reserve": reserve, **_qui_decide(projet, **qui_decide)}
    _accorder(pas, projet, montants, champs, motif or reserve, malgre)


def _qui_decide(
    projet: Projet, seance: Seance | None = None, le: date | None = None, raison_sans_comite: str = ""
) -> dict[str, Any]:
    """Return what the letter says of who decided, and when.

    Raises ValidationError when nothing is said of it, and for a day to come or before the deposit.
    """
    aujourd_hui = timezone.localdate()
    if seance is not None:
        le, raison_sans_comite = min(timezone.localdate(seance.jour), aujourd_hui), ""
    elif le is None and not raison_sans_comite.strip():
        raise ValidationError({"raison_sans_comite": SANS_COMITE})
    elif le is not None and le > aujourd_hui:
        raise ValidationError({"le": "Ce jour n’est pas encore passé : une décision se note une fois prise."})
    elif le is not None and projet.depose_le is not None and le < timezone.localdate(projet.depose_le):
        raise ValidationError({"le": f"Le projet n’a été déposé que le {jour_texte(projet.depose_le)}."})
    midi = timezone.make_aware(datetime.combine(le or aujourd_hui, time(12)))
    decide_le = timezone.now() if le in {None, aujourd_hui} else midi
    return {"decide_le": decide_le, "raison_sans_comite": raison_sans_comite}


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


class RefuserHorsSeanceForm(HorsSeance, ProposerRefusForm):
    pass


@acte(une_decision(form=RefuserHorsSeanceForm, consequence=TU))
@transaction.atomic
def refuser(projet: Projet, *, par: Compte, motif: str, **qui_decide: Unpack[QuiDecide]) -> None:
    """Refuse the projet. The team is told later, by the signed letter."""
    pas = _exiger(projet, "refuser", par=par, motif=motif)
    _ecrire_montants(projet, "accorde", {})
    champs = {"motif_decision": motif, "reserve": "", **_qui_decide(projet, **qui_decide)}
    pas.avancer(champs=champs, motif=motif)
    lever_demandes(projet, par=par, motif=EXAMINE)


AjournerForm = demander_texte(
    "Pourquoi, et ce qui est attendu",
    aide="Le porteur reçoit ces mots tout de suite.",
    maximum=4000,
    lignes=5,
)


@acte(
    une_decision(
        form=AjournerForm,
        consequence=et_l_equipe(
            "ajourner", "Son équipe reçoit la raison par courriel.", "Le projet revient devant un comité."
        ),
    )
)
@transaction.atomic
def ajourner(projet: Projet, *, par: Compte, motif: str) -> None:
    """Postpone the decision to another comité.

    The team is told why at once: it may have to complete the projet.
    """
    pas = _exiger(projet, "ajourner", par=par, motif=motif)
    pas.avancer(champs={"motif_decision": motif}, motif=motif)
    ecrire_a_l_equipe(projet, "ajourner")


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
        ecrire_a_l_equipe(projet, "lever_reserve", motif=motif)


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
