"""Indicators of a programmation: written by the service, filled by the teams; their forms."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse

from contrat_ville.bilan.indicateurs.lectures import reponses_de
from contrat_ville.models import Axe, Indicateur, Programmation, Projet, ValeurIndicateur
from participation.socle.actions import avancer, exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import majuscule, nombre
from participation.socle.models import Compte
from participation.socle.regles.montants import MontantInvalide
from participation.socle.views.pages import Page, acte

# {indicator: value}; None erases the value.
Valeurs = Mapping[int, Decimal | None]


def _aux_indicateurs(objet: Programmation | Indicateur, fait: Any = None) -> str:
    programmation = objet.programmation if isinstance(objet, Indicateur) else objet
    return reverse("contrat_ville:indicateurs_programmation", args=[programmation.pk])


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


@acte(
    Page[Programmation](
        form=IndicateurForm,
        consequence="Chaque équipe de cet axe dit ce qu’elle vise, puis son bilan dit ce qui s’est fait.",
        retour=_aux_indicateurs,
        gabarit="contrat_ville/encore.html",
        succes="L’indicateur est ajouté.",
    )
)
@transaction.atomic
def ecrire_indicateur(programmation: Programmation, *, par: Compte, **champs: Any) -> Indicateur:
    """Add an indicator at the end of its axe. Raises ValidationError."""
    pas = exiger(programmation, "ecrire_indicateur", par=par)
    dernier = programmation.indicateurs.filter(axe=champs.get("axe")).order_by("-ordre").first()
    indicateur = Indicateur(
        programmation=programmation, ordre=dernier.ordre + 1 if dernier is not None else 0, **champs
    )
    indicateur.full_clean()
    indicateur.save()
    pas.avancer(fait=f"Indicateur ajouté : {indicateur}"[:200])
    return indicateur


@acte(
    Page[Indicateur](
        form=IndicateurForm, consequence="Ce que des équipes ont déjà répondu reste.", retour=_aux_indicateurs
    )
)
def corriger_indicateur(indicateur: Indicateur, *, par: Compte, **champs: Any) -> None:
    avant = indicateur.intitule
    avancer(
        indicateur, "corriger_indicateur", par=par, champs=champs, fait=f"Indicateur corrigé : {avant}"[:200]
    )


@acte(Page[Indicateur](consequence="Il n’est plus demandé à personne.", retour=_aux_indicateurs))
@transaction.atomic
def retirer_indicateur(indicateur: Indicateur, *, par: Compte) -> None:
    exiger(indicateur, "retirer_indicateur", par=par).avancer(fait=f"Indicateur retiré : {indicateur}"[:200])
    indicateur.delete()


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


@acte(
    Page[Projet](
        form=PrevoirForm,
        consequence="Dites ce que vous visez, à peu près. Le bilan vous demandera ce qui s’est fait. Laissez vide ce que vous ne savez pas encore.",
        est_publique=True,
        retour=lambda p, _: f"{p.get_porteur_url()}#indicateurs",
        succes="Ce que vous visez est enregistré.",
    )
)
@transaction.atomic
def prevoir_indicateurs(projet: Projet, *, par: Compte, valeurs: Valeurs) -> None:
    """Set the targets of a projet, until the bilan is asked for."""
    pas = exiger(projet, "prevoir_indicateurs", par=par)
    poser(projet, "prevu", valeurs)
    pas.avancer()


def poser(projet: Projet, champ: str, valeurs: Valeurs) -> None:
    """Write one column (« prevu » or « realise ») for the indicators asked of this projet.

    The caller holds the lock of the projet.
    """
    for reponse in reponses_de(projet):
        numero = reponse.indicateur.pk
        if numero not in valeurs:
            continue
        valeur = reponse.valeur or ValeurIndicateur(projet=projet, indicateur=reponse.indicateur)
        setattr(valeur, champ, valeurs[numero])
        valeur.full_clean(exclude=["projet", "indicateur"])
        valeur.save()


class ChampValeur(ChampMontant):
    """A number typed as « 1 250 » or « 12,5 ». Read as an amount, with messages about numbers."""

    def __init__(self, libelle: str, aide: str = "", *, requis: bool = True) -> None:
        super().__init__(libelle, aide, requis=requis)
        self.widget.attrs["class"] = "champ-court"

    def dire(self, erreur: MontantInvalide) -> str:
        mots = super().dire(erreur).replace("\u00a0€", "")
        return mots.replace("montant", "nombre").replace("centimes", "centièmes")
