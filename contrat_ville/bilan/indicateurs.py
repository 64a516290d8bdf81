"""Indicators of a programmation: written by the service, aimed at and filled by the teams, counted over its supported projets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contrat_ville.models import Axe, Indicateur, Programmation, Projet, ValeurIndicateur
from contrat_ville.trouver import programmation_du_bureau
from contrat_ville.workflow import PUBLIABLES
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import majuscule, nombre
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.montants import MontantInvalide
from participation.socle.views.dossier import boutons_de
from participation.socle.views.exports import FORMATS, Tableau, donner
from participation.socle.views.pages import Page, acte
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

CENTIEME = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Valeur:
    """Target and result of one projet. None: not given."""

    prevu: Decimal | None = None
    realise: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Agregat:
    """`prevu_des_rendus`: targets of the projets that gave a result, so that the two can be compared.

    None when one of these projets has no target.
    """

    prevu: Decimal | None
    prevus: int
    realise: Decimal | None
    realises: int
    prevu_des_rendus: Decimal | None

    @property
    def part(self) -> int | None:
        """Result as a percentage of the targets of the same projets."""
        if self.realise is None or not self.prevu_des_rendus:
            return None
        return round(100 * self.realise / self.prevu_des_rendus)


def agreger(valeurs: Iterable[Valeur], *, en_moyenne: bool = False) -> Agregat:
    """Add up the values, or take their mean when a sum has no meaning (a share, an age)."""
    lues = list(valeurs)
    prevus = [v.prevu for v in lues if v.prevu is not None]
    realises = [v.realise for v in lues if v.realise is not None]
    deux = [(v.prevu, v.realise) for v in lues if v.prevu is not None and v.realise is not None]
    # A result without a target has nothing to be compared with.
    complets = len(deux) == len(realises)
    return Agregat(
        _reunir(prevus, en_moyenne),
        len(prevus),
        _reunir(realises, en_moyenne),
        len(realises),
        _reunir([prevu for prevu, _ in deux], en_moyenne) if complets else None,
    )


def _reunir(valeurs: list[Decimal], en_moyenne: bool) -> Decimal | None:
    if not valeurs:
        return None
    somme = sum(valeurs, start=Decimal(0))
    return (somme / len(valeurs)).quantize(CENTIEME) if en_moyenne else somme


ENTETES = [
    "Axe",
    "Indicateur",
    "Unité",
    "Réunion des projets",
    "Visé",
    "Projets qui l’ont dit",
    "Réalisé",
    "Projets qui ont rendu compte",
    "Visé par ces projets",
    "Réalisé sur cent",
]
TOUS_LES_AXES = "Tous les axes"


@dataclass(frozen=True, slots=True)
class ReponseDIndicateur:
    """An indicator and the answer of one projet."""

    indicateur: Indicateur
    valeur: ValeurIndicateur | None

    @property
    def prevu(self) -> Decimal | None:
        return self.valeur.prevu if self.valeur is not None else None

    @property
    def realise(self) -> Decimal | None:
        return self.valeur.realise if self.valeur is not None else None


def reponses_de(projet: Projet) -> list[ReponseDIndicateur]:
    """Indicators of all axes and of the axe of the projet, in their order."""
    if not projet.pk:
        return []
    poses = Indicateur.objects.filter(
        Q(axe=None) | Q(axe=projet.axe_id), programmation=projet.programmation_id
    ).select_related("axe")
    dites = {valeur.indicateur_id: valeur for valeur in projet.valeurs.all()}
    return [ReponseDIndicateur(indicateur, dites.get(indicateur.pk)) for indicateur in poses]


@dataclass(frozen=True, slots=True)
class LigneIndicateur:
    """A row of the table. `boutons`: allowed acts, added by the page."""

    indicateur: Indicateur
    axe: str
    agregat: Agregat
    boutons: Sequence[Any] = ()


def tableau(programmation: Programmation) -> list[LigneIndicateur]:
    """Each indicator over the supported projets, in two queries.

    Answers given under a former axe of the projet are left out.
    """
    valeurs: dict[int, list[Valeur]] = {}
    dites = ValeurIndicateur.objects.filter(
        Q(indicateur__axe=None) | Q(indicateur__axe=F("projet__axe")),
        indicateur__programmation=programmation,
        projet__etat__in=sorted(PUBLIABLES),
    )
    for indicateur, prevu, realise in dites.order_by().values_list("indicateur", "prevu", "realise"):
        valeurs.setdefault(indicateur, []).append(Valeur(prevu, realise))
    return [
        LigneIndicateur(
            indicateur,
            str(indicateur.axe or TOUS_LES_AXES),
            agreger(valeurs.get(indicateur.pk, ()), en_moyenne=indicateur.en_moyenne),
        )
        for indicateur in programmation.indicateurs.select_related("axe")
    ]


def lignes_du_tableau(lignes: list[LigneIndicateur]) -> Iterator[list[object]]:
    for ligne in lignes:
        a = ligne.agregat
        yield [
            ligne.axe,
            ligne.indicateur.intitule,
            ligne.indicateur.unite,
            majuscule(ligne.indicateur.get_reunion_display()),
            a.prevu,
            a.prevus,
            a.realise,
            a.realises,
            a.prevu_des_rendus,
            a.part,
        ]


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
        gabarit="contrat_ville/cadre/encore.html",
        succes="L’indicateur est ajouté.",
    )
)
@transaction.atomic
def ecrire_indicateur(programmation: Programmation, *, par: Compte, **champs: Any) -> Indicateur:
    """Add an indicator at the end of its axe. Raises ValidationError."""
    pas = exiger(programmation, "ecrire_indicateur", par=par)
    dernier = programmation.indicateurs.filter(axe=champs.get("axe")).order_by("-ordre").first()
    indicateur = enregistrer(
        Indicateur(
            programmation=programmation, ordre=dernier.ordre + 1 if dernier is not None else 0, **champs
        )
    )
    pas.avancer(fait=f"Indicateur ajouté : {indicateur}")
    return indicateur


@acte(
    Page[Indicateur](
        form=IndicateurForm, consequence="Ce que des équipes ont déjà répondu reste.", retour=_aux_indicateurs
    )
)
def corriger_indicateur(indicateur: Indicateur, *, par: Compte, **champs: Any) -> None:
    avant = indicateur.intitule
    avancer(indicateur, "corriger_indicateur", par=par, champs=champs, fait=f"Indicateur corrigé : {avant}")


@acte(Page[Indicateur](consequence="Il n’est plus demandé à personne.", retour=_aux_indicateurs))
@transaction.atomic
def retirer_indicateur(indicateur: Indicateur, *, par: Compte) -> None:
    exiger(indicateur, "retirer_indicateur", par=par).avancer(fait=f"Indicateur retiré : {indicateur}")
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


indicateur = par_numero(Indicateur, "programmation__contrat", "axe")


@reserve_a(Role.AGENT)
@require_safe
def indicateurs_programmation(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Indicators by axe; `?export=csv` or `xlsx` exports the same rows."""
    programmation = programmation_du_bureau(request, pk)
    lignes = tableau(programmation)
    forme = request.GET.get("export", "")
    if forme in FORMATS.keys() - {"json"}:
        return donner(
            request,
            Tableau(
                f"indicateurs-{programmation.annee}",
                ENTETES,
                lambda: lignes_du_tableau(lignes),
                len(lignes),
                forme=forme,
                titre=f"Indicateurs {programmation.annee}",
            ),
        )
    return render(
        request,
        "contrat_ville/evaluation/indicateurs.html",
        {
            "programmation": programmation,
            "lignes": [
                replace(ligne, boutons=boutons_de(ligne.indicateur, request.user)) for ligne in lignes
            ],
            "peut_ecrire": programmation.permet("ecrire_indicateur", request.user),
        },
    )
