"""What is foreseen of who will leave: rates by group, entered or learnt; the figures that follow; the reserve."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q

from participation.socle.actions.avancer import exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_nombre, champ_texte
from participation.socle.francais import nombre
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.tirage import regles
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.regles import Perte
from participation.tirage.workflow import EtatTirage, Place

TOUS = "tous"
LIGNES_MAX = 120
SEANCES_MAX = 30
APPRIS_AU_MOINS = 5  # people of a group who were drawn: below, a rate says nothing


def lire_pertes(texte: str, tirage: Tirage) -> list[Perte]:
    """Return the rates of a text, one a line. Raises ValidationError, a sentence for each line that cannot be read."""
    connues = {(quota.categorie, quota.valeur) for quota in tirage.quotas.all()} | {(TOUS, "")}
    lues, fautes = [], []
    for numero, brute in enumerate(texte.splitlines(), 1):
        if not brute.strip():
            continue
        try:
            categorie, valeur, avant, par_seance = _cases(brute)
        except ValueError as faute:
            fautes.append(f"Ligne {numero} : {faute}")
            continue
        if (categorie.lower() if not valeur else categorie, valeur) not in connues:
            fautes.append(f"Ligne {numero} : « {categorie} ; {valeur} » n’est dans aucun quota.")
        lues.append(Perte("" if not valeur else categorie, valeur, avant, par_seance))
    if len(lues) > LIGNES_MAX:
        fautes.append(f"Il y a {len(lues)} lignes : {LIGNES_MAX} au plus.")
    if fautes:
        raise ValidationError(fautes[:10])
    return lues


def _cases(brute: str) -> tuple[str, str, float, float]:
    """Raises ValueError, a sentence."""
    cases = [case.strip() for case in brute.split("\t" if "\t" in brute else ";")]
    if len(cases) != 4:
        raise ValueError("écrivez « catégorie ; valeur ; avant ; par séance ».")
    categorie, valeur, *taux = cases
    lus = [float(part.rstrip(" %").replace(",", ".")) if _est_un_taux(part) else -1.0 for part in taux]
    if not all(0 <= part <= 95 for part in lus):
        raise ValueError("un taux va de 0 à 95, en pour cent.")
    return categorie, valeur, lus[0], lus[1]


def _est_un_taux(dit: str) -> bool:
    chiffres = dit.rstrip(" %").replace(",", ".").replace(".", "", 1)
    return chiffres.isascii() and chiffres.isdigit() and len(chiffres) < 6


def ecrire_pertes(pertes: Sequence[Perte]) -> str:
    return "\n".join(
        f"{p.categorie or TOUS} ; {p.valeur} ; {nombre(p.avant)} ; {nombre(p.par_seance)}" for p in pertes
    )


class PertesForm(ActeForm):
    seances = champ_nombre("Nombre de séances", minimum=1, maximum=SEANCES_MAX)
    pertes = champ_texte(
        "Qui s’en va, en pour cent",
        "Une ligne par groupe : catégorie ; valeur ; avant la première séance ; à chaque séance. « tous ; ; 10 ; 3 » vaut pour "
        "tout le monde. Quand plusieurs lignes disent une personne, le plus grand taux compte.",
        maximum=10_000,
        lignes=8,
        requis=False,
        attributs={"spellcheck": "false"},
        se_relit=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {
            "seances": self.objet.seances,
            "pertes": ecrire_pertes(pertes_de(self.objet) or taux_appris(self.objet)),
        }

    def clean_pertes(self) -> list[Perte]:
        return lire_pertes(self.cleaned_data["pertes"], self.objet)


@acte(
    Page[Tirage](
        form=PertesForm,
        consequence="Ces taux disent combien de personnes seront dans la salle, et quelle réserve tirer en même temps que le panel. "
        "Ils sont publiés avec la règle. Les taux proposés d’abord sont ceux des panels passés, s’il y en a.",
        bouton="Enregistrer",
        retour="#pertes",
    )
)
@transaction.atomic
def prevoir_pertes(tirage: Tirage, *, par: Compte, seances: int, pertes: list[Perte]) -> None:
    """Write how many of each group will probably leave. They are part of the rule: nothing changes once panels are published."""
    pas = exiger(tirage, "prevoir_pertes", par=par)
    champs: dict[str, Any] = {"seances": seances, "pertes": [list(astuple(perte)) for perte in pertes]}
    tirage.seances, tirage.pertes = seances, champs["pertes"]
    if tirage.panels:
        champs["mesures"] = {
            **tirage.mesures,
            "prevision": prevision(tirage, list(tirage.volontaires.tirables())),
        }
    pas.avancer(champs=champs)


def pertes_de(tirage: Tirage) -> list[Perte]:
    return [Perte(*ligne) for ligne in tirage.pertes]


def prevision(tirage: Tirage, personnes: Sequence[Volontaire]) -> dict[str, Any] | None:
    """Return what to expect of the panels of this draw (`regles.Prevision`, as data); None when no rate is written."""
    if not tirage.pertes:
        return None
    profils = {p.numero: p.profil_pour(tirage.categories) for p in personnes}
    prevue = regles.prevoir(
        tirage.panels,
        tirage.bassin(list(personnes)),
        profils,
        pertes_de(tirage),
        tirage.seances,
        tirage.graine,
    )
    return asdict(prevue)


def taux_appris(tirage: Tirage) -> list[Perte]:
    """Return the share who gave up in past panels, in all and for each value of these quotas, when enough were drawn."""
    passes = Volontaire.objects.filter(tirage__etat=EtatTirage.TIRE, tirage__est_repetition=False).exclude(
        place__in=[Place.AUCUNE, Place.ENTREE]
    )
    groupes = [("", ""), *((quota.categorie, quota.valeur) for quota in tirage.quotas.all())]
    mesures: dict[str, Count] = {}
    for rang, (categorie, valeur) in enumerate(groupes):
        siens = Q(profil__contains={categorie: valeur}) if categorie else Q()
        mesures[f"tires_{rang}"] = Count("pk", filter=siens or None)
        mesures[f"partis_{rang}"] = Count("pk", filter=siens & Q(place=Place.PARTIE))
    lus = passes.aggregate(**mesures)
    return [
        Perte(categorie, valeur, round(100 * lus[f"partis_{rang}"] / lus[f"tires_{rang}"], 1), 0.0)
        for rang, (categorie, valeur) in enumerate(groupes)
        if lus[f"tires_{rang}"] >= APPRIS_AU_MOINS
    ]
