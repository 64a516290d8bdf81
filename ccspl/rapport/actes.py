"""Acts on the yearly report: write, prepare the PDF, close, publish."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from ccspl.models import RapportAnnuel
from ccspl.rapport.lectures import donnees_du_rapport
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas
from participation.socle.actions.documents import demander_document, figer_document, redemander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_texte
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Document
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page, acte

NATURE = "ccspl/rapport"


# The yearly report ---------------------------------------------------------------------------------------------------
def _exiger(rapport: RapportAnnuel, acte: str, *, par: Compte) -> Pas:
    """Create the row of the year if needed: two concurrent requests get the same row."""
    if rapport._state.adding:
        rapport.pk = RapportAnnuel.objects.get_or_create(annee=rapport.annee)[0].pk
        rapport._state.adding = False
    return exiger(rapport, acte, par=par)


def dire_l_arret(rapport: RapportAnnuel) -> str:
    fin = f"L’année {rapport.annee} n’est pas finie : ce qui se passera jusqu’au 31 décembre n’y sera pas. "
    dit = "Ni ses textes, ni ses chiffres, ni son fichier ne changeront plus. Relisez le PDF avant."
    return f"{fin}{dit}" if rapport.annee >= timezone.localdate().year else dit


class RedigerRapportForm(ActeForm):
    ACTUELS = ("introduction", "conclusions")

    introduction = champ_texte(
        "Introduction",
        "Le mot de la présidence, ce qui a marqué l’année. Une ligne vide sépare deux paragraphes.",
        lignes=10,
        requis=False,
        maximum=20000,
    )
    conclusions = champ_texte(
        "Conclusions",
        "Ce que la commission retient, ce qu’elle veut faire l’année suivante.",
        lignes=10,
        requis=False,
        maximum=20000,
    )


@acte(
    Page[RapportAnnuel](
        form=RedigerRapportForm,
        consequence="Le reste du rapport vient des données : séances, avis, réponses, visites.",
        succes="Les textes sont enregistrés.",
    )
)
@transaction.atomic
def rediger_rapport(rapport: RapportAnnuel, *, par: Compte, introduction: str, conclusions: str) -> None:
    pas = _exiger(rapport, "rediger_rapport", par=par)
    ecrits = {"introduction": sans_controle(introduction), "conclusions": sans_controle(conclusions)}
    pas.avancer(champs=ecrits, fait=f"Textes du rapport {rapport.annee} écrits")


@acte(
    Page[RapportAnnuel](
        consequence="Un PDF est fait avec les textes et les données d’aujourd’hui. Vous pourrez le refaire tant que le rapport n’est pas arrêté.",
        succes="Le rapport est en cours de fabrication. Il s’affiche ici dès qu’il est prêt.",
    )
)
@transaction.atomic
def preparer_rapport(rapport: RapportAnnuel, *, par: Compte) -> Document:
    """Make the PDF from current data. Until the report is arrêté, the same document is made again."""
    pas = _exiger(rapport, "preparer_rapport", par=par)
    donnees = {
        **donnees_du_rapport(rapport.annee),
        "introduction": rapport.introduction,
        "conclusions": rapport.conclusions,
        "empreinte_des_textes": rapport.empreinte_des_textes,
        "au": jour_texte(timezone.localdate()),
    }
    document: Document | None = rapport.document
    if document is None:
        document = demander_document(
            nature=NATURE, titre=f"CCSPL, rapport d’activité {rapport.annee}", donnees=donnees, par=par
        )
    else:
        Document.objects.filter(pk=document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(document, par=par)
    pas.avancer(champs={"document": document}, fait=f"Rapport {rapport.annee} mis en page")
    return document


@acte(Page[RapportAnnuel](consequence=dire_l_arret, succes="Le rapport est arrêté : son fichier est figé."))
@transaction.atomic
def arreter_rapport(rapport: RapportAnnuel, *, par: Compte) -> None:
    """Freeze the PDF of the report."""
    pas = _exiger(rapport, "arreter_rapport", par=par)
    document: Any = rapport.document
    figer_document(document, par=par)
    pas.avancer(
        champs={"arrete_le": timezone.now()},
        fait=f"Rapport {rapport.annee} arrêté",
        details={"sha256": document.sha256},
    )


@acte(
    Page[RapportAnnuel](
        consequence="Tout le monde pourra le lire dans la bibliothèque de la commission.",
        succes="Le rapport est publié.",
    )
)
@transaction.atomic
def publier_rapport(rapport: RapportAnnuel, *, par: Compte) -> None:
    """Publish the report."""
    pas = _exiger(rapport, "publier_rapport", par=par)
    Document.objects.filter(rapport_ccspl=rapport).update(est_public=True)
    pas.avancer(champs={"publie_le": timezone.now()}, fait=f"Rapport {rapport.annee} publié")


class AnneeForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any = None, *, annees: Sequence[int], choisie: int) -> None:
        super().__init__(data, initial={"annee": choisie})
        self.par_defaut = choisie
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]

    def annee_choisie(self) -> int:
        annee = self.cleaned_data.get("annee") if self.is_bound and self.is_valid() else None
        return annee or self.par_defaut
