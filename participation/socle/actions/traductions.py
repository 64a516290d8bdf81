"""Translations of public texts: asked for, written, read by a second person, kept after a typing error, withdrawn; whether a language was read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions.avancer import consigner, exiger
from participation.socle.lectures import langues, libelles
from participation.socle.models import Compte, LibelleTraduit, RelectureLangue, TexteTraduit
from participation.socle.models.traductions import VERSIONS
from participation.socle.regles.traductions import ABSENT
from participation.socle.regles.versions import depasse, empreinte

# What its page showed: its French, and what was already proposed.
MONTRES = ("francais", "proposee")


@transaction.atomic
def demander_traduction(porteur: Any, *, par: Compte, langue: str) -> TexteTraduit:
    exiger(porteur, "demander_traduction", par=par)
    if porteur.traductions.filter(langue=langue).exists():
        raise ValidationError({"langue": "Ce texte a déjà cette langue : ouvrez-la dans la liste."})
    demandee: TexteTraduit = porteur.traductions.create(langue=langue)
    consigner(porteur, "demander_traduction", par=par, fait=f"Traduction demandée : {VERSIONS[langue]}")
    return demandee


@transaction.atomic
def ecrire_traduction(
    traduction: TexteTraduit, *, par: Compte, textes: Mapping[str, Sequence[Sequence[str]]], vu: str
) -> None:
    """Propose this version: nobody reads it before a second person has. What is on line stays meanwhile."""
    pas = exiger(traduction, "ecrire_traduction", par=par)
    _exiger_vu(traduction, vu)
    if not any(passage[1] for passages in textes.values() for passage in passages):
        raise ValidationError("Traduisez au moins un paragraphe.")
    pas.avancer(
        champs={"proposee": textes, "proposee_par": par},
        fait=f"Version proposée : {VERSIONS[traduction.langue]}",
    )


@transaction.atomic
def publier_traduction(traduction: TexteTraduit, *, par: Compte, vu: str) -> None:
    """Put on line what somebody else wrote."""
    pas = exiger(traduction, "publier_traduction", par=par)
    _exiger_vu(traduction, vu)
    pas.avancer(
        champs={
            "en_ligne": traduction.proposee,
            "ecrite_par": traduction.proposee_par,
            "en_ligne_le": timezone.now(),
            "relue_par": par,
            "proposee": {},
            "proposee_par": None,
        },
        fait=f"Version relue et mise en ligne : {VERSIONS[traduction.langue]}",
    )
    _dire_facile(traduction, est_la=True)


@transaction.atomic
def garder_traduction(traduction: TexteTraduit, *, par: Compte) -> None:
    """The French only lost a typing error: what is on line is true of it."""
    pas = exiger(traduction, "garder_traduction", par=par)
    lignes = {champ: traduction.lignes(champ) for champ in traduction.textes}
    gardees = {
        champ: [[une.francais, une.texte, une.signe] for une in siennes if une.etat != ABSENT]
        for champ, siennes in lignes.items()
    }
    pas.avancer(
        champs={"en_ligne": gardees}, fait=f"Version gardée, faute de frappe : {VERSIONS[traduction.langue]}"
    )


@transaction.atomic
def retirer_traduction(traduction: TexteTraduit, *, par: Compte, motif: str) -> None:
    """Take it off the public page, and erase it."""
    exiger(traduction, "retirer_traduction", par=par)
    consigner(
        traduction.source,
        "retirer_traduction",
        par=par,
        motif=motif,
        fait=f"Version retirée : {VERSIONS[traduction.langue]}",
    )
    _dire_facile(traduction, est_la=False)
    traduction.delete()


def _dire_facile(traduction: TexteTraduit, *, est_la: bool) -> None:
    """Public pages read it from what bears the text, in no further statement."""
    if traduction.est_facile:
        porteur = traduction.porteur
        type(porteur).objects.filter(pk=porteur.pk).update(est_en_facile=est_la)


def _exiger_vu(traduction: TexteTraduit, vu: str) -> None:
    if vu and vu != empreinte(traduction, MONTRES):
        raise depasse("Le français ou sa traduction a changé pendant que cette page était ouverte.", {})


def relire_langue(code: str, *, par: Compte, est_lue: bool, remarque: str = "") -> None:
    """Say that who knows a language found its sentences right, or not. Pages say it within a minute.

    It is written in the journal of the language, unless it is already so.
    """
    caches["processus"].delete(langues.CLE)
    if langues.est_relue(code) == est_lue:
        return
    RelectureLangue.objects.create(
        langue=code, est_relue=est_lue, empreinte=langues.empreinte(code), remarque=remarque, par=par
    )
    caches["processus"].delete(langues.CLE)


def traduire_libelles(code: str, textes: Mapping[str, str], *, par: Compte) -> int:
    """Write the labels that changed, by their French, and return how many. Pages say them within a minute."""
    dites = libelles.dernieres(code)
    changes = {
        mot: texte for mot, texte in textes.items() if texte != (dites[mot].texte if mot in dites else "")
    }
    _ecrire_libelles(code, changes, par)
    return len(changes)


def livrer_libelles(code: str, textes: Mapping[str, str]) -> None:
    """Write what the site brings for the labels of which nobody ever wrote anything; never over an agent."""
    dites = libelles.dernieres(code)
    _ecrire_libelles(code, {mot: texte for mot, texte in textes.items() if mot not in dites}, None)


def _ecrire_libelles(code: str, textes: Mapping[str, str], par: Compte | None) -> None:
    LibelleTraduit.objects.bulk_create(
        [LibelleTraduit(langue=code, francais=mot, texte=texte, par=par) for mot, texte in textes.items()]
    )
    caches["processus"].delete(libelles.CLE)
