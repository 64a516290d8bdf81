"""Proofs of what was done after a voice: given, read, tied to a deliberation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from participation.socle.actions import enregistrer, exiger
from participation.socle.actions.pieces import joindre
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_ligne
from participation.socle.models import Compte, Piece
from participation.socle.views.pages import Page, acte
from participation.suites.models import Preuve, Suite


def champ_deliberation() -> Any:
    return champ_ligne(
        "Ou le numéro d’une délibération", "Par exemple « 2026-0412 ».", maximum=120, requis=False
    )


class ProuverForm(ActeForm):
    intitule = champ_ligne("Ce que cela montre", "Par exemple « Photo du carrefour refait ».", maximum=160)
    adresse = forms.URLField(label="Adresse", required=False, max_length=400, assume_scheme="https")
    fichier = ChampFichier(label="Ou un fichier", required=False)
    deliberation = champ_deliberation()


@acte(
    Page[Suite](
        form=ProuverForm,
        consequence="Une adresse ou un fichier qui montre ce qui est fait. Visible de tous, comme la suite.",
    )
)
@transaction.atomic
def prouver(
    suite: Suite,
    *,
    par: Compte,
    intitule: str,
    fichier: UploadedFile | None = None,
    adresse: str = "",
    deliberation: str = "",
) -> Preuve:
    """Add evidence that the suite was done: a file, an address, a délibération."""
    pas = exiger(suite, "prouver", par=par)
    preuve = ajouter_preuve(
        suite, par=par, intitule=intitule, fichier=fichier, adresse=adresse, deliberation=deliberation
    )
    pas.avancer(
        fait=f"Preuve ajoutée : {preuve.intitule}",
        details={"suite": suite.pk, "preuve": preuve.pk},
        est_publique=suite.est_publiee,
    )
    return preuve


def noter_preuve(
    suite: Suite, *, intitule: str, piece: Piece | None = None, adresse: str = "", deliberation: str = ""
) -> Preuve:
    return enregistrer(
        Preuve(
            suite=suite,
            intitule=intitule[:160],
            piece=piece,
            adresse=adresse,
            deliberation=deliberation.strip(),
        )
    )


def ajouter_preuve(
    suite: Suite,
    *,
    par: Compte | None,
    intitule: str,
    fichier: UploadedFile | None,
    adresse: str,
    deliberation: str = "",
) -> Preuve:
    if fichier is None and not adresse and not deliberation.strip():
        raise ValidationError("Joignez un fichier, donnez une adresse ou le numéro d’une délibération.")
    sinon = f"Délibération {deliberation}" if deliberation else f"Ce qui le montre : {suite.intitule}"
    titre = intitule.strip() or sinon[:160]
    piece = None
    if fichier is not None:
        piece = joindre(suite.dossier, fichier=fichier, titre=titre, par=par, est_publique=suite.est_publiee)
    return noter_preuve(suite, intitule=titre, piece=piece, adresse=adresse, deliberation=deliberation)
