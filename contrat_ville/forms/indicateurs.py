"""One field for each indicator of a projet: what it aims at, or what it did."""

from typing import Any, ClassVar

from contrat_ville.forms.depot import ChampMontant
from contrat_ville.lectures.indicateurs import reponses_de
from contrat_ville.models import Projet
from participation.socle.forms.actes import ActeForm
from participation.socle.francais import nombre


class ChampValeur(ChampMontant):
    """A count as people write it: « 1 250 », « 12,5 »."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        **ChampMontant.default_error_messages,
        "invalid": "Écrivez un nombre, par exemple 12 ou 12,5.",
        "min_value": "Un nombre ne peut pas être négatif.",
        "max_value": "Ce nombre est trop grand.",
        "max_digits": "Ce nombre est trop grand.",
        "max_whole_digits": "Ce nombre est trop grand.",
    }


class IndicateursForm(ActeForm):
    """To be mixed in: `ajouter_indicateurs` adds the fields, `reprendre_indicateurs` takes their answers together."""

    objet: Projet

    def ajouter_indicateurs(self, champ: str) -> None:
        self.reponses = reponses_de(self.objet)
        for reponse in self.reponses:
            indicateur, nom = reponse.indicateur, f"i{reponse.indicateur.pk}"
            vise = (
                [f"Visé : {nombre(reponse.prevu, 2)} {indicateur.unite}."]
                if reponse.prevu is not None
                else []
            )
            self.fields[nom] = ChampValeur(
                label=f"{indicateur.intitule} ({indicateur.unite})",
                help_text=" ".join(
                    [*(vise if champ == "realise" else []), *([indicateur.aide] if indicateur.aide else [])]
                ),
                required=False,
            )
            self.initial[nom] = getattr(reponse, champ)

    def reprendre_indicateurs(self, donnees: dict[str, Any]) -> dict[int, Any]:
        return {r.indicateur.pk: donnees.pop(f"i{r.indicateur.pk}", None) for r in self.reponses}


class PrevoirForm(IndicateursForm):
    def preparer(self) -> None:
        self.ajouter_indicateurs("prevu")

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        donnees["valeurs"] = self.reprendre_indicateurs(donnees)
        return donnees
