"""One field for each indicator of a projet: what it aims at, or what it did."""

from typing import Any

from contrat_ville.forms.montants import ChampMontant
from contrat_ville.lectures.indicateurs import reponses_de
from contrat_ville.models import Projet
from contrat_ville.regles.budget import MontantInvalide
from participation.socle.forms.actes import ActeForm
from participation.socle.francais import nombre


class ChampValeur(ChampMontant):
    """A count as people write it: « 1 250 », « 12,5 ». Read as an amount, in words of numbers."""

    def dire(self, erreur: MontantInvalide) -> str:
        mots = super().dire(erreur).replace("\u00a0€", "")
        return mots.replace("montant", "nombre").replace("centimes", "centièmes")


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
                f"{indicateur.intitule} ({indicateur.unite})",
                " ".join(
                    [*(vise if champ == "realise" else []), *([indicateur.aide] if indicateur.aide else [])]
                ),
                requis=False,
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
