"""Forms to put a dossier on an agenda, and to ask for a visit."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from participation.seances.models import Seance
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_parmi, champ_texte
from participation.socle.francais import jour_texte
from participation.socle.models import Direction
from remontees.lectures.comite import Candidat, autres_seances, seances_du_comite
from remontees.models import ReglementRemontees


def nommer(seance: Seance) -> str:
    """Name the séance with its day: several have the same title."""
    return f"{seance.titre}, le {jour_texte(seance.debut)}"


def choisir(champ: Any, seances: Any, *, avec_instance: bool = False) -> None:
    champ.queryset = seances
    champ.label_from_instance = (
        (lambda seance: f"{seance.instance} : {nommer(seance)}") if avec_instance else nommer
    )


class InscrireAuComiteForm(ActeForm):
    seance: Any = champ_parmi(
        "Séance du comité", Seance.objects.none(), erreur="Choisissez une séance.", vide=None
    )

    def preparer(self) -> None:
        choisir(self.fields["seance"], seances_du_comite())


class PorterEnSeanceForm(ActeForm):
    seance: Any = champ_parmi(
        "Séance", Seance.objects.none(), erreur="Choisissez une séance.", vide="À choisir"
    )

    def preparer(self) -> None:
        choisir(self.fields["seance"], autres_seances(), avec_instance=True)


class DemanderVisiteForm(ActeForm):
    direction: Any = champ_parmi(
        "Qui va voir",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="À choisir",
    )
    date_limite = champ_jour("Avant le", erreur="Donnez un jour.")
    mot = champ_texte("Ce qu’il faut regarder", maximum=1000, lignes=3, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        jours = ReglementRemontees.actuel().delai_service_jours
        return {
            "direction": self.objet.direction_id,
            "date_limite": ajouter_jours_ouvres(timezone.localdate(), jours),
        }


class PreparerComiteForm(forms.Form):
    """Choice of candidates, and of the séance of the comité."""

    seance: Any = champ_parmi("Séance", Seance.objects.none(), vide=None)
    choisis = forms.MultipleChoiceField(
        label="À mettre à l’ordre du jour",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une ligne."},
    )

    def __init__(self, *donnees: Any, candidats: Sequence[Candidat]) -> None:
        super().__init__(*donnees)
        champs: Any = self.fields
        choisir(champs["seance"], seances_du_comite())
        champs["choisis"].choices = [(c.cle, c.dossier.titre) for c in candidats]
