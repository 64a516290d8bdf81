"""The end of a vote: counted by hand, totalled, shuffled."""

import random
import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.models import Bulletin, Emargement, VoixCollege, Vote
from participation.seances.presence.actes import signaler
from participation.seances.presence.lectures import Situation
from participation.seances.regles import VoixComptees, depouiller, est_a_egalite
from participation.seances.votes.actes import NETTOYER, _exiger_urne, attendus_par_college, exiger_vote
from participation.seances.votes.lectures import deja_votes, voix_ouvertes
from participation.seances.workflow import EtatVote, Sens
from participation.socle.actions import enregistrer
from participation.socle.bd.traces import plus_lues, reecrire_tables
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_choix
from participation.socle.francais import accorder, pluriel
from participation.socle.models import Compte
from participation.socle.travaux.differes import confier


@transaction.atomic
def compter_mains(vote: Vote, voix: Mapping[int, VoixComptees], *, par: Compte) -> None:
    """Save the hands counted. `voix`: {collège number: counts}. A new count replaces the former one.

    Raises ValidationError for a collège with more hands than voices.
    """
    exiger_vote(vote, "compter_mains", par=par)
    attendus = attendus_par_college(vote, Situation.de(vote.point.seance))
    erreurs = []
    for college, decompte in voix.items():
        nom, nombre = attendus.get(college, ("", 0))
        if decompte.total > nombre:
            erreurs.append(
                f"{nom or 'Ce collège'} : {decompte.total} voix comptées pour {accorder(nombre, 'personne')} "
                f"ou pouvoir{pluriel(nombre)} qui {pluriel(nombre, 'peut,peuvent')} voter."
            )
    if erreurs:
        raise ValidationError(erreurs)
    vote.voix.all().delete()
    for college, (_, nombre) in attendus.items():
        decompte = voix.get(college, VoixComptees())
        VoixCollege.objects.create(vote=vote, college_id=college, attendus=nombre, **_champs(decompte))
    signaler(vote.point.seance)


def _champs(decompte: VoixComptees) -> dict[str, int]:
    return {
        "pour": decompte.pour,
        "contre": decompte.contre,
        "abstention": decompte.abstention,
        "nppv": decompte.nppv,
    }


@transaction.atomic
def clore_vote(
    vote: Vote, *, par: Compte, voix_du_president: str | None = None, sans_attendre: bool = False
) -> None:
    """Count and close. `voix_du_president`: needed only for a tie by show of hands (NPPV: they did not vote).

    Raises ActeInterdit (already closed), ErreurMetier (hands not counted, nobody voted, tie without the
    president's vote, or voices still expected without `sans_attendre`).
    """
    pas = exiger_vote(vote, "clore_vote", par=par)
    situation = Situation.de(vote.point.seance)
    _exiger_des_voix(vote)
    if vote.forme != Vote.Forme.MAIN_LEVEE:
        if vote.forme == Vote.Forme.SECRET:
            _exiger_urne(vote)
        if not sans_attendre:
            _exiger_toutes_les_voix(vote, situation)
        _totaliser(vote, situation)
    decomptes = {ligne.college_id or 0: ligne.comptees for ligne in vote.voix.all()}
    presidence = _voix_de_la_presidence(vote, decomptes, voix_du_president)
    issue = depouiller(decomptes, vote.majorite, vote.par_college, presidence, vote.base_majorite)
    enregistrer(
        vote,
        etat=EtatVote.CLOS,
        clos_le=timezone.now(),
        resultat=issue.resultat,
        a_l_egalite=issue.a_l_egalite,
    )
    if vote.forme == Vote.Forme.SECRET:
        _remeler(vote)
        confier(NETTOYER)
    ensemble = sum(decomptes.values(), VoixComptees())
    pas.avancer(
        fait=f"Vote clos, {vote.get_resultat_display()} : {vote.objet}",
        details={"vote": vote.pk, **_champs(ensemble)},
    )


def _exiger_des_voix(vote: Vote) -> None:
    """Raise ErreurMetier if nobody voted: that is no result."""
    if not deja_votes(vote) and not any(voix.comptees.total for voix in vote.voix.all()):
        raise ErreurMetier("Personne n’a voté : attendez des voix, ou annulez ce vote.")


def _exiger_toutes_les_voix(vote: Vote, situation: Situation) -> None:
    """Raise ErreurMetier if voices are still expected: the agent has to say that they are not waited for."""
    manquent = {v for liste in voix_ouvertes(vote, situation).values() for v in liste} - deja_votes(vote)
    if manquent:
        raise ErreurMetier(
            f"{accorder(len(manquent), 'voix manque', 'voix manquent')} encore : "
            "confirmez que vous fermez le vote sans les attendre."
        )


def _totaliser(vote: Vote, situation: Situation) -> None:
    """Write one row for each collège, or a single row when a secret ballot does not keep the collège."""
    attendus = attendus_par_college(vote, situation)
    nombres: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for college, sens in vote.bulletins.values_list("college", "sens"):
        nombres[college][sens] += 1
    vote.voix.all().delete()
    if vote.forme == Vote.Forme.SECRET and not vote.par_college:
        total = sum(nombre for _, nombre in attendus.values())
        VoixCollege.objects.create(vote=vote, attendus=total, **nombres[None])
        return
    for college, (_, nombre) in attendus.items():
        VoixCollege.objects.create(vote=vote, college_id=college, attendus=nombre, **nombres[college])


def _voix_de_la_presidence(
    vote: Vote, decomptes: Mapping[int, VoixComptees], voix_du_president: str | None
) -> str:
    if not vote.voix_preponderante or vote.forme == Vote.Forme.SECRET:
        return ""
    if vote.forme == Vote.Forme.MAIN_LEVEE:
        ensemble = sum(decomptes.values(), VoixComptees())
        egalite = est_a_egalite(ensemble, vote.majorite, vote.base_majorite)
        if egalite and voix_du_president is None:
            raise ErreurMetier(
                "Il y a autant de voix pour que contre. La voix de la présidence l’emporte : dites ce qu’elle a voté."
            )
        return voix_du_president or ""
    bulletin = Bulletin.objects.filter(vote=vote, convie__membre=vote.point.seance.presidee_par_id).first()
    return bulletin.sens if bulletin is not None else ""


def _remeler(vote: Vote) -> None:
    bulletins = list(vote.bulletins.all())
    vote.bulletins.all().delete()
    hasard = random.SystemRandom()
    hasard.shuffle(bulletins)
    Bulletin.objects.bulk_create(
        Bulletin(id=uuid.uuid4(), vote=vote, sens=b.sens, college_id=b.college_id) for b in bulletins
    )


class CompterMainsForm(forms.Form):
    """One row of counts for each collège. `decomptes()` returns them once the form is valid."""

    PRESIDENCE = (
        ("pour", "a voté pour"),
        ("contre", "a voté contre"),
        ("nppv", "n’a voté ni pour ni contre"),
    )
    voix_du_president = champ_choix(
        "Si les voix sont à égalité, la présidence", PRESIDENCE, requis=False, boutons=True
    )

    def __init__(
        self, *args: Any, colleges: Mapping[int, tuple[str, int]], vote: Vote, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.colleges = colleges
        comptes = {voix.college_id: voix for voix in vote.voix.all()}
        for college, (nom, _) in colleges.items():
            for sens, libelle in Sens.choices:
                cle = f"{sens}_{college}"
                self.fields[cle] = forms.IntegerField(
                    label=f"{nom}, {libelle}",
                    min_value=0,
                    max_value=9999,
                    required=False,
                    widget=forms.NumberInput(
                        attrs={"class": "form-control case-compte", "inputmode": "numeric"}
                    ),
                )
                compte = comptes.get(college)
                if compte is not None:
                    self.initial[cle] = getattr(compte, sens)
        if not vote.voix_preponderante:
            del self.fields["voix_du_president"]

    def lignes(self) -> list[tuple[str, int, list[forms.BoundField]]]:
        return [
            (nom, attendus, [self[f"{sens}_{college}"] for sens in Sens.values])
            for college, (nom, attendus) in self.colleges.items()
        ]

    def decomptes(self) -> dict[int, VoixComptees]:
        return {
            college: VoixComptees(
                *((self.cleaned_data.get(f"{sens}_{college}") or 0) for sens in Sens.values)
            )
            for college in self.colleges
        }


def nettoyer_urnes() -> int:
    """Rewrite the tables for the secret votes closed or cancelled. Return how many votes are now clean.

    Returns 0 when a table is in use: the next run tries again.
    """
    fermes = Vote.objects.filter(forme=Vote.Forme.SECRET, urne_nettoyee_le=None).exclude(etat=EtatVote.OUVERT)
    votes = list(plus_lues(fermes).values_list("pk", flat=True))
    if not votes or not reecrire_tables(Bulletin, Emargement):
        return 0
    with transaction.atomic():
        return Vote.objects.filter(pk__in=votes).update(urne_nettoyee_le=timezone.now())
