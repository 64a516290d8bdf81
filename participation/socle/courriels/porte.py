"""The gate: the only way to write to a mailbox that asked nothing, or that is not proved yet.

No word of a stranger passes: a letter declared `{% lettre_a "inconnu" %}` is filled with days, numbers, references, links
of the site and what an agent wrote or read (`lu`). Its Reply-To is never a stranger's. Letters are counted by mailbox
(canonical address), sender, network and domain; who refused is not written to again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import date
from enum import Enum
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from participation.socle.bd.verrous import verrou
from participation.socle.calendrier import du_au, il_y_a_plus_de
from participation.socle.courriels.ecriture import Ecrite, poster, rediger
from participation.socle.langues import FRANCAIS
from participation.socle.models import Compte, Courriel, Dossier, ReglagePorte, TraceLettre
from participation.socle.regles.adresses import (
    DOMAINE_POSTE,
    canoniser,
    empreinte,
    est_par_poste,
    fournisseurs_courants,
)
from participation.socle.templatetags.lettres import PORTE
from participation.socle.vitrine import recueillir

# Of the hashes: those already kept cannot be computed again under another name.
USAGE = "petitions.invitation"


# What says the network of the current request; "" in a task.
RESEAU: ContextVar[Callable[[], str]] = ContextVar("reseau", default=str)


CHEMIN = re.compile(r"/(?!/)[\w./:?=&%~-]*(#[\w-]*)?", re.ASCII)


REFERENCE = re.compile(r"[A-Z]{2,6}-[0-9]{4}-[0-9]{1,8}", re.ASCII)


class MotInterdit(TypeError):
    """A letter to a stranger would hold a text that nobody of the service wrote or read."""


class MotLu(str):
    """A text that an agent wrote or read. Made by `lu` only."""

    __slots__ = ()


Mot = date | int | str | None


Mots = Mapping[str, Mot | Sequence[Mapping[str, Mot]]]


class Reponse(Enum):
    """What the gate answers: whether the letter left, else why not."""

    PARTIE = "partie"
    REFUSEE = "refusee"  # the owner of the mailbox said « ce n’est pas moi » to this sender, or about this
    TROP_DE_LUI = "trop_de_lui"  # the sender wrote enough today
    TROP_POUR_ELLE = "trop_pour_elle"  # her mailbox, its domain or this network had enough letters today

    def __bool__(self) -> bool:
        return self is Reponse.PARTIE


def lu(objet: models.Model, champ: str) -> MotLu:
    """Return a text of `objet` that an agent wrote or read.

    The title of a dossier once it is published, else its reference; a field that its model names in
    MOTS_DU_SERVICE. Raises MotInterdit for another one.
    """
    if isinstance(objet, Dossier) and champ == "titre":
        return MotLu(objet.titre if objet.est_publie else objet.reference or "")
    if champ not in getattr(objet, "MOTS_DU_SERVICE", ()):
        raise MotInterdit(f"{type(objet).__name__}.{champ}")
    return MotLu(getattr(objet, champ))


def rediger_par_la_porte(
    lettre: str, a: str, mots: Mots, *, cle: str | None = None, langue: str = FRANCAIS
) -> Courriel:
    """Return the row of a letter to a stranger, not saved and not counted.

    For acts that count their letters by mailbox themselves, thousands at a time; else `ecrire`.
    """
    return rediger(lettre, [a], _verifies(mots), cle=cle, langue=langue)


def ecrire(
    lettre: str,
    *,
    a: str,
    mots: Mots,
    sujet: models.Model,
    par: Compte | None = None,
    dossier: Dossier | None = None,
    cle: str | None = None,
    entetes: Mapping[str, str] | None = None,
    au_plus: int | None = None,
    langue: str = FRANCAIS,
    encadre: Callable[[], Mapping[str, str]] | None = None,
) -> Reponse:
    """Write the letter, unless a limit is reached or the owner of the mailbox refused.

    `sujet`: what it is about. `par`: who makes it leave (None: who wrote the address themselves); an agent has no
    limit. `au_plus`: letters to this mailbox about this `sujet`, ever. The limits of the day are counted under a
    lock, until the end of the transaction. `entetes`: those of a thread, made here. With a `cle` already written,
    nothing leaves and nothing is counted. `encadre`: gives the link and its code (`lien_sur_papier`), asked for who is written to by post.
    """
    with transaction.atomic():
        reponse = laisse_passer(a, sujet=sujet, par=par, au_plus=au_plus)
        if reponse and est_par_poste(a):
            sur_papier = {**_verifies(mots), "encadre": encadre() if encadre else {}}
            if list(recueillir("ecrire_par_poste", lettre, a, sur_papier, dossier, cle)):
                _noter(TraceLettre.Nature.LETTRE, a, sujet=sujet, par=par)
        elif reponse:
            courriel = rediger(lettre, [a], _verifies(mots), dossier=dossier, cle=cle, langue=langue)
            courriel.entetes = {**courriel.entetes, **(entetes or {})}
            if poster([Ecrite(courriel)]):
                _noter(TraceLettre.Nature.LETTRE, a, sujet=sujet, par=par)
    return reponse


def laisse_passer(
    courriel: str, *, sujet: models.Model, par: Compte | None = None, au_plus: int | None = None
) -> Reponse:
    """Whether one more letter may leave now. Takes the lock of the gate."""
    verrou(USAGE)
    if par is not None and par.est_agent:
        return Reponse.PARTIE
    reglage, lettres = ReglagePorte.actuel(), TraceLettre.objects.filter(nature=TraceLettre.Nature.LETTRE)
    recues = lettres.filter(adresse=empreinte(courriel, USAGE))
    if a_refuse(courriel, sujet=sujet, par=par):
        return Reponse.REFUSEE
    if au_plus is not None and recues.filter(sujet=_sujet(sujet)).count() >= au_plus:
        return Reponse.TROP_POUR_ELLE
    # Bounded on both sides: the demonstration is written in the past, app after app.
    jour = timezone.localdate()
    du_jour, a_elle = (q.filter(du_au("le", jour, jour)) for q in (lettres, recues))
    auteur, reseau, domaine = _auteur(par), _reseau(), _domaine(courriel)
    if auteur and du_jour.filter(auteur=auteur).count() >= reglage.par_personne:
        return Reponse.TROP_DE_LUI
    pleines = (
        a_elle.count() >= reglage.par_adresse,
        auteur and a_elle.filter(auteur=auteur).count() >= reglage.par_personne_et_adresse,
        reseau and a_elle.filter(reseau=reseau).count() >= reglage.par_reseau_et_adresse,
        reseau and du_jour.filter(reseau=reseau).count() >= reglage.par_reseau,
        domaine and du_jour.filter(domaine=domaine).count() >= reglage.par_domaine,
    )
    return Reponse.TROP_POUR_ELLE if any(pleines) else Reponse.PARTIE


def a_refuse(courriel: str, *, sujet: models.Model, par: Compte | None = None) -> bool:
    """Whether the owner of the mailbox refused this `sujet`, or anything of this sender."""
    du_meme = Q(auteur=_auteur(par)) & ~Q(auteur="")
    return (
        TraceLettre.objects.filter(nature=TraceLettre.Nature.REFUS, adresse=empreinte(courriel, USAGE))
        .filter(Q(sujet=_sujet(sujet)) | du_meme)
        .exists()
    )


def noter_refus(courriel: str, *, sujet: models.Model, par: Compte | None) -> None:
    """Record that the owner of the mailbox wants no other letter about `sujet`, nor from `par`."""
    _noter(TraceLettre.Nature.REFUS, courriel, sujet=sujet, par=par)


@transaction.atomic
def oublier_traces() -> int:
    """Delete the traces older than `memoire_jours`. Return how many."""
    limite = il_y_a_plus_de(ReglagePorte.actuel().memoire_jours)
    return TraceLettre.objects.filter(le__lt=limite).delete()[0]


def _noter(nature: str, courriel: str, *, sujet: models.Model, par: Compte | None) -> None:
    TraceLettre.objects.create(
        nature=nature,
        adresse=empreinte(courriel, USAGE),
        auteur=_auteur(par),
        reseau=_reseau(),
        domaine=_domaine(courriel),
        sujet=_sujet(sujet),
    )


def _verifies(mots: Mots) -> dict[str, Any]:
    """Return the context of the template. Raises MotInterdit."""
    for nom, mot in mots.items():
        if isinstance(mot, Sequence) and not isinstance(mot, str):
            for ligne in mot:
                if not isinstance(ligne, Mapping):
                    raise MotInterdit(nom)
                _verifies(ligne)
        elif isinstance(mot, str):
            if mot and not (isinstance(mot, MotLu) or CHEMIN.fullmatch(mot) or REFERENCE.fullmatch(mot)):
                raise MotInterdit(nom)
        elif mot is not None and not isinstance(mot, date | int):
            raise MotInterdit(nom)
    return {**mots, "porte": PORTE}


def _auteur(par: Compte | None) -> str:
    """Hash of the sender's mailbox: a new account under a +tag of it does not reset the limits."""
    return empreinte(par.courriel, USAGE) if par is not None else ""


def _reseau() -> str:
    reseau = RESEAU.get()()
    return empreinte(reseau, USAGE) if reseau else ""


def _domaine(courriel: str) -> str:
    domaine = canoniser(courriel).rpartition("@")[2]
    return "" if domaine in {DOMAINE_POSTE, *fournisseurs_courants()} else empreinte(domaine, USAGE)


def _sujet(sujet: models.Model) -> str:
    return f"{sujet._meta.label_lower}.{sujet.pk}"
