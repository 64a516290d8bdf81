"""Acts on a draw in preparation: its rule, its quotas."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from participation.socle.actions.avancer import avancer, exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, ModeleForm, demander_texte
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.tirage import regles
from participation.tirage.models import Quota, Tirage
from participation.tirage.selection.controle import TROP_LONG, controle_de
from participation.tirage.workflow import EtatCalcul

QUOTAS_MAX = 120
REGLE = (
    "titre",
    "objet",
    "places",
    "est_repetition",
    "source",
    "date_graine",
    "precision_source",
    "repli",
    "tirage_le",
    "lieu",
)


def a_assouplir(request: RequeteConnectee, tirage: Tirage, form: Any) -> dict[str, Any]:
    proposes = proposer_assouplissements(tirage)
    return {"proposes": proposes, "trop_long": TROP_LONG if proposes is None else ""}


class RegleForm(ModeleForm):
    """The rule of a draw: new, or in preparation."""

    class Meta:
        model = Tirage
        fields = REGLE
        widgets: ClassVar[dict[str, Any]] = {"objet": forms.Textarea(attrs={"rows": "4"})}

    def initiales(self) -> Mapping[str, Any]:
        return forms.model_to_dict(self.objet, REGLE) if self.objet is not None else {}


@transaction.atomic
def preparer_tirage(*, par: Compte, **champs: Any) -> Tirage:
    tirage = Tirage(**champs)
    avancer(tirage, "preparer_tirage", par=par)
    return tirage


@acte(Page[Tirage](form=RegleForm, consequence="La règle se fige quand elle est publiée."))
@transaction.atomic
def modifier_tirage(tirage: Tirage, *, par: Compte, **champs: Any) -> None:
    avancer(tirage, "modifier_tirage", par=par, champs=champs)


@dataclass(frozen=True, slots=True)
class LigneDeQuota:
    categorie: str
    valeur: str
    minimum: int
    maximum: int
    part: Decimal | None = None


def lire_quotas(texte: str, places: int) -> list[LigneDeQuota]:
    """Return the quotas of a text, one a line: category ; value ; minimum ; maximum ; part of the population, as a spreadsheet copies them.

    The part may be left out; with it, an empty minimum or maximum is what it makes of the seats. Raises ValidationError, a sentence for each line that cannot be read.
    """
    lignes, fautes = [], []
    vues: set[tuple[str, str]] = set()
    for numero, brute in enumerate(texte.splitlines(), 1):
        if not brute.strip():
            continue
        try:
            ligne = _lire_ligne(brute, places)
        except ValueError as faute:
            fautes.append(f"Ligne {numero} : {faute}")
            continue
        if (ligne.categorie, ligne.valeur) in vues:
            fautes.append(
                f"Ligne {numero} : « {ligne.categorie} ; {ligne.valeur} » est déjà écrit plus haut."
            )
        vues.add((ligne.categorie, ligne.valeur))
        lignes.append(ligne)
    if len(lignes) > QUOTAS_MAX:
        fautes.append(f"Il y a {len(lignes)} lignes : {QUOTAS_MAX} au plus.")
    if fautes:
        raise ValidationError(fautes[:10])
    return lignes


def _lire_ligne(brute: str, places: int) -> LigneDeQuota:
    separateur = "\t" if "\t" in brute else ";"
    cases = [case.strip() for case in brute.split(separateur)]
    if len(cases) not in {4, 5}:
        raise ValueError("écrivez « catégorie ; valeur ; minimum ; maximum », puis la part de la population.")
    categorie, valeur, *bornes = cases[:4]
    if not categorie or not valeur:
        raise ValueError("la catégorie et la valeur ne peuvent pas être vides.")
    if len(categorie) > 60 or len(valeur) > 80:
        raise ValueError("la catégorie a 60 caractères au plus, la valeur 80.")
    part = _lire_part(cases[4]) if cases[4:] else None
    if part is not None:
        bornes = [
            dite or str(due) for dite, due in zip(bornes, regles.places_de_la_part(places, part), strict=True)
        ]
    if not all(borne.isascii() and borne.isdigit() and len(borne) < 5 for borne in bornes):
        raise ValueError("le minimum et le maximum sont des nombres entiers.")
    minimum, maximum = map(int, bornes)
    if minimum > maximum:
        raise ValueError(f"le minimum ({minimum}) dépasse le maximum ({maximum}).")
    return LigneDeQuota(categorie, valeur, minimum, maximum, part)


def _lire_part(dite: str) -> Decimal | None:
    nue = dite.replace("%", "").replace(",", ".").strip()
    if not nue:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", nue, re.ASCII) or Decimal(nue) > 100:
        raise ValueError("la part de la population est un nombre de 0 à 100.")
    return round(Decimal(nue), 1)


class QuotasForm(ActeForm):
    quotas = champ_texte(
        "Quotas",
        "Une ligne par valeur : catégorie ; valeur ; minimum ; maximum ; part de la population en %. Vous pouvez coller les colonnes "
        "d’un tableur. Donnez la part et laissez le minimum et le maximum vides : ils en viennent. La part n’est pas obligatoire.",
        maximum=20_000,
        lignes=16,
        erreur="Écrivez au moins un quota.",
        attributs={"spellcheck": "false"},
        se_relit=False,
    )
    source_parts = champ_ligne(
        "D’où viennent les parts de la population",
        "Par exemple « Insee, recensement de 2022 ». La page publique le dit, à côté du panel.",
        requis=False,
        maximum=200,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"quotas": ecrire_quotas(self.objet.quotas.all()), "source_parts": self.objet.source_parts}

    def clean_quotas(self) -> list[LigneDeQuota]:
        return lire_quotas(self.cleaned_data["quotas"], self.objet.places)

    def clean(self) -> dict[str, Any]:
        dites = super().clean()
        if any(q.part is not None for q in dites.get("quotas", ())) and not dites.get("source_parts"):
            self.add_error("source_parts", "Dites qui a compté ces parts, et en quelle année : c’est public.")
        return dites


def ecrire_quotas(quotas: Iterable[Quota]) -> str:
    return "\n".join(
        f"{q.categorie} ; {q.valeur} ; {q.minimum} ; {q.maximum}"
        + ("" if q.part is None else f" ; {str(q.part).replace('.', ',')}")
        for q in quotas
    )


@acte(
    Page[Tirage](
        form=QuotasForm,
        consequence="Combien de places, au moins et au plus, pour les personnes qui ont chaque valeur.",
        bouton="Enregistrer",
        retour="#quotas",
    )
)
@transaction.atomic
def regler_quotas(tirage: Tirage, *, par: Compte, quotas: list[LigneDeQuota], source_parts: str = "") -> None:
    pas = exiger(tirage, "regler_quotas", par=par)
    avant = ecrire_quotas(tirage.quotas.all())
    tirage.quotas.all().delete()
    Quota.objects.bulk_create(
        Quota(
            tirage=tirage,
            ordre=rang,
            categorie=q.categorie,
            valeur=q.valeur,
            minimum=q.minimum,
            maximum=q.maximum,
            part=q.part,
        )
        for rang, q in enumerate(quotas, 1)
    )
    pas.avancer(champs={"source_parts": source_parts}, details={"avant": avant})


def proposer_assouplissements(tirage: Tirage) -> list[tuple[Quota, regles.Fourchette]] | None:
    """Return the quotas to change so that a panel becomes possible, as they are and as they should be; None when it is long."""
    if (controle := controle_de(tirage)) is None:
        return None
    proposes = {(q.categorie, q.valeur): q for q in controle.proposes}
    return [
        (quota, proposes[quota.categorie, quota.valeur])
        for quota in tirage.quotas.all()
        if (quota.categorie, quota.valeur) in proposes
    ]


@acte(
    Page[Tirage](
        form=demander_texte("Pourquoi ce changement"),
        consequence="Voici le plus petit changement qui rend un panel possible. Il est dit en public.",
        gabarit="tirage/assouplir.html",
        contexte=a_assouplir,
        retour="#quotas",
    )
)
@transaction.atomic
def assouplir_quotas(tirage: Tirage, *, par: Compte, motif: str) -> None:
    """Accept the smallest change that makes a panel possible. Raises ErreurMetier when none does, or none is needed."""
    pas = exiger(tirage, "assouplir_quotas", par=par)
    proposes = proposer_assouplissements(tirage)
    if proposes is None:
        raise ErreurMetier(TROP_LONG)
    if not proposes:
        raise ErreurMetier("Aucun quota n’est à assouplir.")
    dits = []
    for quota, propose in proposes:
        dits.append(
            f"{quota} : {quota.minimum} à {quota.maximum}, puis {propose.minimum} à {propose.maximum}"
        )
        quota.minimum, quota.maximum = propose.minimum, propose.maximum
        quota.save(update_fields=["minimum", "maximum"])
    pas.avancer(motif=motif, details={"quotas": dits})


@acte(
    Page[Tirage](
        form=demander_texte("Pourquoi", aide="Cette raison est publique."),
        consequence="Ce tirage n’aura pas lieu. Ce qui est publié reste en ligne, avec la raison.",
    )
)
@transaction.atomic
def abandonner_tirage(tirage: Tirage, *, par: Compte, motif: str) -> None:
    """Give up a draw, in public, before the balls are drawn: a panel drawn is not drawn again."""
    pas = exiger(tirage, "abandonner_tirage", par=par)
    pas.avancer(
        motif=motif, champs={"calcul": EtatCalcul.ARRETE} if tirage.calcul == EtatCalcul.EN_COURS else {}
    )
