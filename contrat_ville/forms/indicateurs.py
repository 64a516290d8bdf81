"""Forms of the indicators: one indicator of a programmation, then the values of a projet."""

from collections.abc import Mapping
from typing import Any

from contrat_ville.forms.montants import ChampMontant
from contrat_ville.lectures.indicateurs import reponses_de
from contrat_ville.models import Axe, Indicateur, Programmation, Projet
from contrat_ville.regles.budget import MontantInvalide
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.francais import majuscule, nombre


class IndicateurForm(ActeForm):
    objet: Programmation | Indicateur

    axe = champ_parmi("Axe", Axe.objects.none(), requis=False, vide="Tous les axes")
    intitule = champ_ligne("Indicateur", "Par exemple : habitants qui décident.", maximum=160)
    unite = champ_ligne("Unité", "Au pluriel : personnes, ateliers, heures.", maximum=40, court=True)
    aide = champ_ligne("Comment le compter", "Lu par les équipes.", maximum=300, requis=False)
    reunion = champ_choix(
        "Pour plusieurs projets",
        [(v, majuscule(t)) for v, t in Indicateur.Reunion.choices],
        "La moyenne sert pour une part ou un âge, qui ne s’additionnent pas.",
        boutons=True,
        initial=Indicateur.Reunion.SOMME,
    )

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, Programmation):
            return {}
        return {champ: getattr(self.objet, champ) for champ in self.base_fields}

    def preparer(self) -> None:
        programmation = self.objet if isinstance(self.objet, Programmation) else self.objet.programmation
        self.choisir("axe", Axe.objects.filter(contrat=programmation.contrat_id))


class ChampValeur(ChampMontant):
    """A number typed as « 1 250 » or « 12,5 ». Read as an amount, with messages about numbers."""

    def __init__(self, libelle: str, aide: str = "", *, requis: bool = True) -> None:
        super().__init__(libelle, aide, requis=requis)
        self.widget.attrs["class"] = "champ-court"

    def dire(self, erreur: MontantInvalide) -> str:
        mots = super().dire(erreur).replace("\u00a0€", "")
        return mots.replace("montant", "nombre").replace("centimes", "centièmes")


class IndicateursForm(ActeForm):
    """Base of the forms that ask for the values of the indicators.

    Call `ajouter_indicateurs` in `preparer`, and `reprendre_indicateurs` in `clean`.
    """

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
