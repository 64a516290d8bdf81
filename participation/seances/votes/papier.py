"""Paper ballots in a secret vote, next to those given on phones."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db import transaction

from participation.seances.animation import en_animant, fil
from participation.seances.models import Bulletin, College, ComptePapier, Convie, Emargement, Vote
from participation.seances.presence.actes import ConvieField, presents_de
from participation.seances.presence.lectures import Situation
from participation.seances.regles import VoixComptees
from participation.seances.votes.actes import exiger_voix, exiger_vote
from participation.seances.votes.lectures import (
    SECRET_AU_MOINS,
    deja_votes,
    trop_peu_hors_papier,
    voix_ouvertes,
)
from participation.seances.workflow import Mode, Sens
from participation.socle.actions import exiger
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_nombre
from participation.socle.francais import accorder, de, enumerer
from participation.socle.models import Compte
from participation.socle.views.pages import Reserve, acte

SENS = tuple(Sens.values)


COMPTES_DIFFERENTS = (
    "Les deux comptes sont différents : recomptez, puis chaque personne donne de nouveau le sien."
)


class CompterBulletinsForm(ActeForm):
    votants = forms.ModelMultipleChoiceField(
        label="Qui a voté sur papier",
        queryset=Convie.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez les personnes qui ont voté sur papier."},
    )
    premier = ConvieField(label="Première personne qui compte", queryset=Convie.objects.none())
    second = ConvieField(label="Seconde personne qui compte", queryset=Convie.objects.none())

    objet: Vote

    def initiales(self) -> Mapping[str, Any]:
        """Return the current list of voters and tellers, to be corrected."""
        scrutateurs = self.objet.comptes_papier.values_list("convie", flat=True)
        return {
            "votants": self.objet.sur_papier,
            **dict(zip(("premier", "second"), scrutateurs, strict=False)),
        }

    def preparer(self) -> None:
        seance = self.objet.point.seance
        situation = Situation.de(seance)
        salle = {numero for numero, presence in situation.presences.items() if presence.mode == Mode.SALLE}
        par_porteur = voix_ouvertes(self.objet, situation)
        ouvertes = {voix for liste in par_porteur.values() for voix in liste}
        en_salle = {voix for porteur, liste in par_porteur.items() if porteur in salle for voix in liste}
        libres = ouvertes - deja_votes(self.objet) | set(self.objet.sur_papier)
        self.choisir(
            "votants",
            Convie.objects.filter(pk__in=libres & en_salle).select_related(
                "membre__compte", "membre__college"
            ),
        )
        for nom in ("premier", "second"):
            self.choisir(nom, presents_de(seance).filter(pk__in=salle))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        return {
            "votants": list(donnees.get("votants") or []),
            "scrutateurs": [donnees[nom] for nom in ("premier", "second") if donnees.get(nom)],
        }


@acte(
    en_animant(
        form=CompterBulletinsForm,
        consequence=f"Pour qui n’a pas de téléphone : {SECRET_AU_MOINS} personnes au moins, et {SECRET_AU_MOINS} au moins sur un téléphone si "
        "quelqu’un y vote. Deux personnes comptent, chacune de son côté, sur son téléphone ou sur cet écran ; les bulletins rejoignent "
        "l’urne quand elles ont trouvé la même chose.",
        succes=lambda vote, nombre: (
            f"{accorder(nombre, 'bulletin')} papier à compter : chaque personne donne son compte."
        ),
    )
)
@transaction.atomic
def compter_bulletins(
    vote: Vote, *, votants: Sequence[Convie], scrutateurs: Sequence[Convie], par: Compte
) -> int:
    """Start the count of the paper ballots. From now on, these voices cannot be given on a phone.

    `votants`: the voices given on paper. A second call starts again. Returns the number of ballots. Raises
    ErreurMetier: not two tellers, a voice already given, or too few ballots for a secret.
    """
    pas = exiger_vote(vote, "compter_bulletins", par=par)
    vote.refresh_from_db(fields=["sur_papier"])
    if len({scrutateur.pk for scrutateur in scrutateurs}) != 2:
        raise ErreurMetier("Deux personnes différentes comptent les bulletins papier.")
    _oublier_le_papier(vote)
    situation = Situation.de(vote.point.seance)
    for scrutateur in scrutateurs:
        _exiger_en_salle(scrutateur, situation, "elle ne compte pas de bulletins papier")
    porteurs = _exiger_votants(vote, votants, situation)
    _exiger_nombre(vote, votants, porteurs)
    _exiger_les_autres(vote, votants, situation)
    Emargement.objects.bulk_create(
        Emargement(vote=vote, convie=voix, par=porteur)
        for voix, porteur in zip(votants, porteurs, strict=True)
    )
    ComptePapier.objects.bulk_create(ComptePapier(vote=vote, convie=convie) for convie in scrutateurs)
    noms = enumerer(str(scrutateur) for scrutateur in scrutateurs)
    vote.sur_papier = sorted(voix.pk for voix in votants)
    vote.save(update_fields=["sur_papier"])
    pas.avancer(
        fait=f"{accorder(len(votants), 'bulletin')} papier à compter par {noms}",
        details={"vote": vote.pk},
        nomme=[scrutateur.membre.compte for scrutateur in scrutateurs],
    )
    return len(votants)


@acte(
    en_animant(
        consequence="Les comptes donnés sont oubliés. Les personnes notées sur papier peuvent de nouveau voter.",
        succes="Aucun bulletin papier n’est compté.",
    )
)
@transaction.atomic
def ne_pas_compter(vote: Vote, *, par: Compte) -> None:
    """Leave the paper ballots out. Their voices may be given again, on a phone or on paper."""
    pas = exiger_vote(vote, "ne_pas_compter", par=par)
    vote.refresh_from_db(fields=["sur_papier"])
    _oublier_le_papier(vote)
    vote.save(update_fields=["sur_papier"])
    pas.avancer(details={"vote": vote.pk})


def _oublier_le_papier(vote: Vote) -> None:
    vote.emargements.filter(convie__in=vote.sur_papier).delete()
    vote.comptes_papier.all().delete()
    vote.sur_papier = []


class DonnerSonCompteForm(ActeForm):
    objet: ComptePapier

    def preparer(self) -> None:
        vote = self.objet.vote
        self.colleges = {0: ""}
        if vote.par_college:
            colleges = College.objects.filter(membres__convocations__in=vote.sur_papier).distinct()
            self.colleges = dict(colleges.values_list("pk", "nom"))
        for college, titre in self.colleges.items():
            for sens, libelle in Sens.choices:
                self.fields[f"{sens}_{college}"] = champ_nombre(
                    f"{titre}, {libelle}" if titre else f"Bulletins « {libelle} »",
                    minimum=0,
                    maximum=9999,
                    requis=False,
                )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        decomptes = {
            college: VoixComptees(*((donnees.get(f"{sens}_{college}") or 0) for sens in Sens.values))
            for college in self.colleges
        }
        return {"decomptes": decomptes}


def dire_le_compte(compte: ComptePapier, dit: str) -> str:
    """Make the sentence a warning if the two counts differ: the count must be done again."""
    return Reserve(dit) if dit == COMPTES_DIFFERENTS else dit


@acte(
    en_animant(
        form=DonnerSonCompteForm,
        titre=lambda compte: f"Compte {de(compte)}",
        bouton="Garder ce compte",
        consequence=lambda compte: (
            f"Donnez l’écran à {compte} : ce compte n’est montré à personne avant que l’autre soit donné. Une case vide vaut zéro."
        ),
        succes=dire_le_compte,
        contexte=lambda request, compte, form: {**fil(request, compte, form), "sans_facultatif": True},
    )
)
@transaction.atomic
def donner_son_compte(compte: ComptePapier, *, decomptes: Mapping[int, VoixComptees], par: Compte) -> str:
    """Keep one teller's count; with the second, compare both. Return the sentence to show.

    `decomptes`: counts by collège if the rule counts by collège, otherwise under 0. Raises ErreurMetier
    (number of ballots different from the number of voters), ActeInterdit (already given, or the count was
    restarted).
    """
    vote = compte.vote
    pas = exiger(compte, "donner_son_compte", par=par)
    vote.refresh_from_db(fields=["sur_papier", "papier"])
    comptes = list(vote.comptes_papier.select_related("convie__membre__compte"))
    sien = next((ligne for ligne in comptes if ligne.pk == compte.pk), None)
    if sien is None or sien.compte is not None:
        raise ActeInterdit("Ce compte n’est plus attendu : le dépouillement a changé entre-temps.")
    _exiger_total(vote, decomptes)
    sien.compte = {
        str(cle): [getattr(voix, sens) for sens in SENS] for cle, voix in decomptes.items() if voix.total
    }
    autre = next(ligne for ligne in comptes if ligne.pk != compte.pk)
    if autre.compte is None:
        sien.save(update_fields=["compte"])
        pas.avancer(
            fait=f"Compte des bulletins papier donné par {sien}",
            details={"vote": vote.pk},
            nomme=[sien.convie.membre.compte],
        )
        return f"Le compte est gardé. {autre} donne maintenant le sien."
    if autre.compte != sien.compte:
        for ligne in comptes:
            ligne.compte, ligne.precedent = None, (sien if ligne is sien else autre).compte
        ComptePapier.objects.bulk_update(comptes, ["compte", "precedent"])
        pas.avancer(fait="Bulletins papier : deux comptes différents, à recompter", details={"vote": vote.pk})
        return COMPTES_DIFFERENTS
    nombre = _mettre_dans_l_urne(vote, sien.compte)
    noms = enumerer(str(ligne) for ligne in comptes)
    _finir(vote, nombre, noms)
    pas.avancer(
        fait=f"{accorder(nombre, 'bulletin')} papier, comptés par {noms}",
        details={"vote": vote.pk},
        nomme=[ligne.convie.membre.compte for ligne in comptes],
    )
    return f"Les deux comptes sont les mêmes : {accorder(nombre, 'bulletin')} dans l’urne."


def _finir(vote: Vote, nombre: int, noms: str) -> None:
    vote.comptes_papier.all().delete()
    vote.par_papier = sorted({*vote.par_papier, *vote.sur_papier})
    vote.sur_papier, vote.papier, vote.scrutateurs = [], vote.papier + nombre, noms
    vote.full_clean()
    vote.save(update_fields=["par_papier", "sur_papier", "papier", "scrutateurs"])


def _mettre_dans_l_urne(vote: Vote, compte: Mapping[str, Sequence[int]]) -> int:
    bulletins = [
        Bulletin(vote=vote, sens=sens, college_id=int(college) or None)
        for college, nombres in compte.items()
        for sens, nombre in zip(SENS, nombres, strict=True)
        for _ in range(nombre)
    ]
    random.SystemRandom().shuffle(bulletins)
    Bulletin.objects.bulk_create(bulletins)
    return len(bulletins)


def _exiger_votants(vote: Vote, votants: Sequence[Convie], situation: Situation) -> list[Convie]:
    """Return the person who gives each voice, in the order of `votants`. Raises ErreurMetier."""
    donnees = deja_votes(vote)
    de_qui = {v: p for p, liste in voix_ouvertes(vote, situation).items() for v in liste}
    porteurs = []
    for voix in votants:
        if voix.pk in donnees:
            raise ErreurMetier(f"{voix} a déjà voté, peut-être sur son téléphone.")
        porteur = situation.par_numero(de_qui.get(voix.pk, voix.pk)) or voix
        exiger_voix(vote, porteur, voix, situation)
        _exiger_en_salle(porteur, situation, "elle ne vote pas sur papier")
        porteurs.append(porteur)
    return porteurs


def _exiger_en_salle(convie: Convie, situation: Situation, sinon: str) -> None:
    presence = situation.presences.get(convie.pk)
    if presence is None or presence.mode != Mode.SALLE:
        raise ErreurMetier(f"{convie} n’est pas en salle : {sinon}.")


def _exiger_les_autres(vote: Vote, votants: Sequence[Convie], situation: Situation) -> None:
    """Raise ErreurMetier if the paper leaves so few ballots on phones that its count would say what they hold."""
    papier = {voix.pk for voix in votants} | set(vote.par_papier)
    donnees = deja_votes(vote) - papier
    for numeros in trop_peu_hors_papier(vote, situation, papier):
        if donnees & numeros:
            raise ErreurMetier(
                f"Moins de {SECRET_AU_MOINS} personnes voteraient sur un téléphone, et une voix y est déjà donnée : "
                "le compte du papier la dirait. Laissez d’autres personnes voter sur leur téléphone, ou annulez ce vote."
            )


def _exiger_nombre(vote: Vote, votants: Sequence[Convie], porteurs: Sequence[Convie]) -> None:
    personnes: dict[int, set[int]] = {}
    for voix, porteur in zip(votants, porteurs, strict=True):
        personnes.setdefault(voix.membre.college_id if vote.par_college else 0, set()).add(porteur.pk)
    if any(len(ensemble) < SECRET_AU_MOINS for ensemble in personnes.values()):
        raise ErreurMetier(
            f"Il faut {SECRET_AU_MOINS} personnes au moins sur papier : en compter moins dirait ce que chacune a voté."
        )


def _exiger_total(vote: Vote, decomptes: Mapping[int, VoixComptees]) -> None:
    colleges = Convie.objects.filter(pk__in=vote.sur_papier).values_list("membre__college", flat=True)
    attendus = Counter(colleges) if vote.par_college else Counter({0: len(vote.sur_papier)})
    comptes = {college: compte.total for college, compte in decomptes.items() if compte.total}
    if comptes != dict(attendus):
        raise ErreurMetier(
            f"{accorder(sum(comptes.values()), 'bulletin compté')} pour {accorder(len(vote.sur_papier), 'voix')} : "
            "recomptez, ou faites corriger la liste de qui a voté sur papier."
        )
