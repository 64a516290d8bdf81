"""Decisions of the séance on dossiers, applied by the dossier’s app in the same transaction; the points that a dossier goes to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from participation.seances.models import Convie, Point, PointDossier, Vote
from participation.seances.points.actes import relire_point
from participation.seances.presence.lectures import Situation
from participation.seances.workflow import Etat, EtatPoint, EtatVote
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.actions import consigner, enregistrer, exiger
from participation.socle.erreurs import ErreurMetier, Manque
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_texte
from participation.socle.francais import jour_texte, minuscule
from participation.socle.models import Compte, Dossier
from participation.socle.workflow import Decision


def points_de(dossier: Dossier) -> list[PointDossier]:
    """Return its points, by their day, without those withdrawn or left undecided by a séance."""
    liens = PointDossier.objects.filter(dossier=dossier.pk).exclude(
        Q(point__etat__in=[EtatPoint.RETIRE, EtatPoint.REPORTE]) | Q(point__seance__etat=Etat.ANNULEE),
        decision="",
    )
    return list(liens.select_related("point__seance").order_by("point__seance__debut", "pk"))


SANS_COMITE = "Le comité n’a pas décidé en séance : dites pourquoi la décision est prise sans lui."


def manque_de_quorum(point: Point) -> str:
    """Return why nothing can be decided at this point without a vote: too few are there; "" otherwise."""
    quorum = Situation.de(point.seance).quorum(point)
    if quorum.est_atteint:
        return ""
    manque = minuscule(quorum.phrase)
    return f"Le quorum n’est pas atteint : {manque} Aucune décision ne peut être prise."


@transaction.atomic
def decider(
    point_dossier: PointDossier,
    decision: str,
    *,
    par: Compte,
    vote: Vote | None = None,
    reponses: Mapping[str, Any] | None = None,
    ecart: str = "",
    en_bloc: bool = False,
) -> None:
    """Write the decision and apply it to the dossier, or neither.

    The act of the dossier's app may raise ErreurMetier, ValidationError or ActeInterdit: nothing is kept
    then. A dossier is decided once at a point (ActeInterdit). `vote`: the vote it rests on; by default the
    last closed vote of the point. `ecart`: why the decision does not follow this vote (ValidationError on it
    if it does not and none is given). `en_bloc`: the vote was on a plan that says each decision, so that all of
    them follow it once adopted.
    """
    pas = exiger(point_dossier, "decider", par=par)
    point = point_dossier.point
    relire_point(point)
    if point.etat not in {EtatPoint.EN_COURS, EtatPoint.TRAITE}:
        raise ErreurMetier("Passez d’abord à ce point de l’ordre du jour.")
    if point.votes.filter(etat=EtatVote.OUVERT).exists():
        raise ErreurMetier("Un vote est ouvert sur ce point : fermez-le avant de décider.")
    dossier = Dossier.objects.get(pk=point_dossier.dossier_id).enfant
    options = dossier.decisions_en(point.seance.instance.cle)
    if decision not in options:
        raise ErreurMetier("Cette instance ne prend pas cette décision sur ce dossier.")
    vote = vote or dernier_vote(point)
    if vote is not None and (vote.point_id != point.pk or vote.etat != EtatVote.CLOS):
        raise ErreurMetier("Ce vote n’est pas un vote clos de ce point.")
    if vote is None and (manque := manque_de_quorum(point)):
        raise ErreurMetier(manque)
    avertissement = ecart_du_vote(vote, decision, options[decision], en_bloc=en_bloc)
    if avertissement and not ecart.strip():
        raise ValidationError({"ecart": f"{avertissement} Dites pourquoi, ou prenez une autre décision."})
    donnees = dict(reponses or {})
    enregistrer(
        point_dossier,
        decision=decision,
        libelle_decision=options[decision].libelle,
        motif="\n".join(filter(None, (str(donnees.get(nom) or "") for nom in options[decision].dits))),
        ecart=ecart.strip() if avertissement else "",
        vote=vote,
        decidee_le=timezone.now(),
        decidee_par=par,
    )
    appliquer_decision(point_dossier, decision, par=par, reponses=donnees, vote=vote)
    pas.avancer(
        fait=f"{dossier.reference or dossier.titre} : {options[decision].libelle}",
        motif=point_dossier.ecart,
        details={"point_dossier": point_dossier.pk, "dossier": dossier.pk, "decision": decision},
    )


def exiger_le_vote(
    dossier: Dossier, decision: str, *, par: Compte | None, motif: str, champ: str = "motif"
) -> None:
    """A decision taken from the page of the dossier is not another way round a vote of a séance.

    Raises ErreurMetier while it can still be taken at its point; after the séance, ValidationError on `champ` when it
    contradicts the vote and nothing is said of it (`motif`).
    """
    votes = PointDossier.objects.filter(
        dossier=dossier.pk, decision="", point__votes__etat__in=[EtatVote.OUVERT, EtatVote.CLOS]
    ).exclude(point__seance__etat=EtatSeance.ANNULEE)
    lien = votes.select_related("point__seance__instance").order_by("-pk").first()
    if lien is None:
        return
    options = dossier.decisions_en(lien.point.seance.instance.cle)
    if decision not in options:
        return
    if lien.permet("decider", par):
        dit = "vote" if lien.point.votes.filter(etat=EtatVote.OUVERT).exists() else "a voté"
        phrase = (
            f"La séance du {jour_texte(lien.point.seance.jour)} {dit} sur ce dossier : décidez à ce point, où la "
            "décision suit son vote ou dit pourquoi elle s’en écarte."
        )
        raise ErreurMetier(Manque(phrase, reverse("seances:decider_dossier", args=[lien.pk, decision])))
    ecart = ecart_du_vote(dernier_vote(lien.point), decision, options[decision])
    if ecart and not motif.strip():
        raise ValidationError({champ: f"{ecart} Dites pourquoi."})


class SansComite(ActeForm):
    """What is asked besides when the comité does not decide itself, in a séance."""

    raison_sans_comite = champ_texte(
        "Pourquoi décider sans le comité",
        "Le comité ne s’est pas réuni sur ce dossier : ce qui dit la décision le dit, avec cette raison.",
        maximum=1000,
        erreur=SANS_COMITE,
    )


def dernier_vote(point: Point) -> Vote | None:
    """Return the closed vote that a decision on this point rests on."""
    return point.votes.filter(etat=EtatVote.CLOS).last()


def ecart_du_vote(vote: Vote | None, decision: str, option: Decision, *, en_bloc: bool = False) -> str:
    """Return the sentence that says how this decision contradicts the vote, or ""."""
    if vote is None or vote.mene_a(decision, est_favorable=option.favorable or en_bloc):
        return ""
    return (
        f"Le vote « {vote.objet} » a été {vote.get_resultat_display()} : "
        f"« {option.libelle} » s’écarte de ce vote."
    )


def appliquer_decision(
    point_dossier: PointDossier,
    decision: str,
    *,
    par: Compte,
    reponses: Mapping[str, Any],
    vote: Vote | None = None,
) -> None:
    """Call the act that the dossier's app names, and write in its journal in which séance it was decided.

    Raises what the act raises; ErreurMetier if a voter had stepped aside from the dossier.
    """
    dossier = Dossier.objects.get(pk=point_dossier.dossier_id).enfant
    if vote is not None:
        _exiger_les_deports(dossier, vote)
    seance, option = point_dossier.point.seance, dossier.DECISIONS_DE_SEANCE[decision]
    dite = {"seance": seance} if option.dit_sa_seance else {}
    import_string(option.action)(dossier, par=par, **reponses, **dite)
    consigner(
        dossier,
        "decider_en_seance",
        par=par,
        fait=f"{dossier.DECIDE_EN_SEANCE} du {jour_texte(seance.jour)}",
        details={"seance": seance.pk, "point": point_dossier.point_id, "vote": vote.pk if vote else None},
        est_publique=dossier.SEANCE_EST_DITE,
    )


def _exiger_les_deports(dossier: Dossier, vote: Vote) -> None:
    votants = {int(numero) for numeros in vote.inscrits.values() for numero in numeros}
    for convie in Convie.objects.filter(
        pk__in=votants, membre__compte__in=dossier.comptes_deportes()
    ).select_related("membre__compte"):
        raise ErreurMetier(
            f"{convie} se déporte de ce dossier et figure parmi les votants : "
            "annulez ce vote, notez son déport au point, puis votez de nouveau."
        )


@transaction.atomic
def decider_ensemble(
    point: Point,
    choisis: Sequence[PointDossier],
    decision: str,
    *,
    par: Compte,
    vote: Vote | None = None,
    ecart: str = "",
) -> None:
    """Take the same decision on several dossiers of a point, or on none of them.

    Only for decisions without a form of their own.
    """
    if not choisis:
        raise ErreurMetier("Choisissez au moins un dossier.")
    for lien in choisis:
        if lien.point_id != point.pk:
            raise ErreurMetier("Ce dossier n’est pas à ce point.")
        option = lien.dossier.enfant.decisions_en(point.seance.instance.cle).get(decision)
        if option is None or option.form:
            raise ErreurMetier("Cette décision se prend dossier par dossier.")
        decider(lien, decision, par=par, vote=vote, ecart=ecart)


def champ_ecart(*, requis: bool) -> forms.CharField:
    return champ_texte(
        "Pourquoi la décision s’écarte du vote",
        "Le procès-verbal le dit, avec le résultat du vote.",
        maximum=1000,
        lignes=2,
        requis=requis,
    )


class DeciderEnsembleForm(forms.Form):
    dossiers = forms.ModelMultipleChoiceField(
        label="Dossiers", queryset=PointDossier.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    decision = forms.ChoiceField(label="Décision", widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        liens: Iterable[PointDossier],
        decisions: list[tuple[str, str]],
        peut_s_ecarter: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossiers"].queryset = PointDossier.objects.filter(  # type: ignore[attr-defined]
            pk__in=[lien.pk for lien in liens]
        ).select_related("dossier", *[f"dossier__{nature}" for nature in Dossier.natures()])
        self.fields["decision"].choices = decisions  # type: ignore[attr-defined]
        if peut_s_ecarter:
            self.fields["ecart"] = champ_ecart(requis=False)
