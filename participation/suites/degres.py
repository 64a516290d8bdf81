"""Say what is shown to be done, with its source; put right what was said wrongly."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import exiger
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm, ToutDire
from participation.socle.forms.champs import ChampFichier, champ_jour, champ_ligne, propose
from participation.socle.francais import majuscule
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.suites.actes import champ_long, dire, fixer, le_degre
from participation.suites.models import ChangementSuite, Preuve, Suite
from participation.suites.models.suspensions import mesures_de
from participation.suites.preuves import ajouter_preuve, champ_deliberation
from participation.suites.regles import degre_apres, degres_possibles
from participation.suites.workflow import MOTIVES, RECTIFIES, Degre, Etat


class DireDegreForm(ToutDire, ActeForm):
    degre = forms.ChoiceField(
        label="Ce que l’on peut montrer",
        widget=forms.RadioSelect,
        help_text="Les mots de la Cour des comptes. Seul ce qui se prouve est dit.",
        error_messages={"required": "Dites ce qui est mis en œuvre."},
    )
    constate_le = champ_jour("Constaté le", initial=timezone.localdate)
    precision = champ_ligne(
        "En une phrase",
        "Publique. Par exemple « Deux carrefours sur trois sont refaits ».",
        maximum=200,
        requis=False,
    )
    adresse = forms.URLField(
        label="Source : adresse d’une page",
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text="Une page, un fichier ou une délibération : l’un des trois est demandé. Public.",
    )
    fichier = ChampFichier(label="Ou un fichier", required=False)
    deliberation = champ_deliberation()

    def initiales(self) -> Mapping[str, Any]:
        return {"degre": self.objet.degre, "constate_le": propose(timezone.localdate())}

    def preparer(self) -> None:
        degre: Any = self.fields["degre"]
        degre.choices = [(d.value, majuscule(d.label)) for d in degres_possibles(self.objet.etat)]

    def exiger(self, dit: Mapping[str, Any]) -> None:
        exiger_source(
            **{
                champ: dit.get(champ)
                for champ in ("degre", "precision", "fichier", "adresse", "deliberation")
            }
        )


class RectifierForm(ActeForm):
    etat = forms.ChoiceField(
        label="Où en est vraiment la suite ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites où en est la suite."},
    )
    raison = champ_long(
        "Ce qui était faux, et pourquoi (public)", lignes=3, erreur="Dites ce qui était faux : c’est public."
    )

    def preparer(self) -> None:
        etat: Any = self.fields["etat"]
        etat.choices = [(e.value, majuscule(e.label)) for e in Etat if e in RECTIFIES]


def exiger_source(*, degre: Any, precision: Any, fichier: Any, adresse: Any, deliberation: Any) -> None:
    """Check that a degree has its source; and « pas de preuve », why. Raises ValidationError."""
    if degre == Degre.SANS_PREUVE and not (precision or "").strip():
        raise ValidationError({"precision": "Dites pourquoi ce qui était montré ne l’est plus."})
    if degre and degre != Degre.SANS_PREUVE and not (fichier or adresse or (deliberation or "").strip()):
        raise ValidationError({"adresse": "Donnez la source : une page, un fichier ou une délibération."})


@acte(
    Page[Suite](
        form=DireDegreForm,
        consequence=lambda s: (
            f"Aujourd’hui : {s.get_degre_display()}. Ce que vous dites est public, daté, avec sa source, et envoyé aux "
            "auteurs et aux personnes qui suivent le dossier."
        ),
    )
)
@transaction.atomic
def dire_degre(
    suite: Suite,
    *,
    par: Compte,
    degre: str,
    constate_le: date,
    precision: str = "",
    fichier: UploadedFile | None = None,
    adresse: str = "",
    deliberation: str = "",
    preuve: Preuve | None = None,
    au_nom_de: str = "",
) -> ChangementSuite:
    """Say what is shown to be done on a day, with its source. Authors and followers are told.

    `preuve`: a source that was added before. Raises ValidationError without a source, on a day to come, or when nothing changes.
    """
    pas = exiger(suite, "dire_degre", par=par)
    if degre not in degres_possibles(suite.etat):
        raise ActeInterdit(
            f"D’une suite « {suite.get_etat_display()} », on ne dit pas « {Degre(degre).label} »."
        )
    if preuve is None:
        exiger_source(
            degre=degre, precision=precision, fichier=fichier, adresse=adresse, deliberation=deliberation
        )
    if constate_le > timezone.localdate():
        raise ValidationError({"constate_le": "Cette date n’est pas encore venue."})
    if degre == suite.degre == Degre.SANS_PREUVE:
        raise ErreurMetier("Rien n’est changé : il n’y avait déjà pas de preuve.")
    avant = suite.degre
    pas.avancer(
        fait=f"{majuscule(Degre(degre).label)} : {suite.intitule}",
        motif=precision,
        details={"suite": suite.pk, "avant": avant, "apres": degre},
        est_publique=suite.est_publiee,
        champs={"degre": degre},
    )
    if preuve is None and degre != Degre.SANS_PREUVE:
        preuve = ajouter_preuve(
            suite, par=par, intitule=precision, fichier=fichier, adresse=adresse, deliberation=deliberation
        )
    changement = ChangementSuite.retenir(
        suite,
        ChangementSuite.Nature.DEGRE,
        par=par,
        degre_avant=avant,
        degre_apres=degre,
        preuve=preuve,
        au_nom_de=au_nom_de,
        constate_le=constate_le,
        precision=precision,
        motif="",
    )
    dire(suite, changement)
    return changement


@acte(
    Page[Suite](
        form=RectifierForm,
        consequence=lambda s: (
            f"La suite est dite « {s.get_etat_display()} ». Elle revient au travail, et son histoire publique dit que ce "
            "qui était écrit était faux. Rien n’est effacé."
        ),
    )
)
@transaction.atomic
def rectifier(suite: Suite, *, par: Compte, etat: str, raison: str) -> ChangementSuite:
    """Put a closed suite back to work: what was said of it was wrong. What was written stays in its history only."""
    pas = exiger(suite, "rectifier", par=par)
    if not raison.strip():
        raise ValidationError({"raison": "Dites ce qui était faux : c’est public."})
    avant, degre_avant, dit_a_tort = suite.etat, suite.degre, suite.texte_public
    pas.avancer(
        vers=etat,
        fait=f"Rectifié, {Etat(etat).label} : {suite.intitule}",
        motif=raison,
        details={"suite": suite.pk, "avant": avant, "etat": etat},
        est_publique=suite.est_publiee,
        champs={
            "texte_public": raison,
            "motif": raison if etat in MOTIVES else "",
            "oriente_vers": "",
            "degre": degre_apres(avant, etat, degre_avant, a_source=False),
            **mesures_de(suite),
        },
    )
    fixer(suite)
    changement = ChangementSuite.retenir(
        suite,
        ChangementSuite.Nature.RECTIFIEE,
        par=par,
        etat_avant=avant,
        texte_public=dit_a_tort,
        motif=raison,
        precision=f"Il était dit, à tort : {Etat(avant).label}",
        **le_degre(suite, degre_avant),
    )
    dire(suite, changement)
    return changement
