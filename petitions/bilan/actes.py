"""Annual report of the pétitions, as a document; its form."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.socle.actions.documents import demander_document
from participation.socle.forms.champs import champ_jour
from participation.socle.francais import jour_texte
from participation.socle.models import Commune, Compte, Document
from petitions.bilan.lectures import Mesures, mesurer, petitions_de


def demander_rapport(annee: int, *, par: Compte) -> Document:
    """Ask for the PDF of the report. Its figures are computed now and kept with the document."""
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    noms = dict(Commune.objects.values_list("pk", "nom"))
    mesures = mesurer(debut, fin)
    return demander_document(
        nature="petitions/rapport",
        titre=f"Rapport annuel des pétitions, {annee}",
        par=par,
        donnees={
            "annee": annee,
            "cette_annee": _chiffres(mesures),
            "annee_passee": _chiffres(mesurer(date(annee - 1, 1, 1), date(annee - 1, 12, 31))),
            "motifs": [[libelle, n] for _, libelle, n in mesures.par_motif],
            "communes": [
                [noms[code], n] for code, n in sorted(mesures.par_commune.items(), key=lambda c: -c[1])[:20]
            ],
            "petitions": [
                {
                    "reference": p.reference,
                    "titre": p.titre,
                    "etat": p.get_etat_display(),
                    "deposee_le": jour_texte(p.deposee_le),
                    "signatures": p.decompte.total if hasattr(p, "decompte") else 0,
                    "communes": p.decompte.communes if hasattr(p, "decompte") else 0,
                    "motif": str(p.motif_irrecevabilite or ""),
                    "date_conseil": jour_texte(p.date_conseil),
                    "repondue_le": jour_texte(p.repondue_le),
                    "suites": [
                        {
                            "intitule": s.intitule,
                            "etat": s.get_etat_display(),
                            "direction": str(s.direction),
                            "date_limite": jour_texte(s.date_limite),
                        }
                        for s in p.suites.all()
                    ],
                }
                for p in petitions_de(debut, fin)
            ],
        },
    )


def _chiffres(mesures: Mesures) -> dict[str, Any]:
    delais = mesures.delais
    return {
        "deposees": mesures.deposees,
        "recevables": mesures.recevables,
        "refusees": mesures.refusees,
        "transmises": mesures.transmises,
        "median": delais.median,
        "neuvieme_decile": delais.neuvieme_decile,
        "signatures": mesures.signatures,
        "seuils": mesures.seuils,
        "debats": mesures.debats,
        "reponses": mesures.reponses,
    }


class PeriodeForm(forms.Form):
    du = champ_jour("Du", requis=False)
    au = champ_jour("Au", requis=False)

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        du, au = reponses.get("du"), reponses.get("au")
        if du and au and au < du:
            raise ValidationError({"au": "La fin précède le début."})
        return reponses

    def periode(self) -> tuple[date, date]:
        """Return the first and last days, both included.

        By default, or for invalid input: this year to date.
        """
        jour = timezone.localdate()
        if not self.is_bound or not self.is_valid():
            return date(jour.year, 1, 1), jour
        du, au = self.cleaned_data.get("du"), self.cleaned_data.get("au") or jour
        return du or min(date(au.year, 1, 1), au), au


class AnneeForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any = None, *, annees: Sequence[int]) -> None:
        super().__init__(data, initial={"annee": annees[0]})
        self.annees = annees
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]

    def choisie(self) -> int:
        annee = self.cleaned_data.get("annee") if self.is_bound and self.is_valid() else None
        return annee or self.annees[0]
