"""Actions of aller-vers: planned, changed, told, cancelled; beside them, where the service is heard least, and their cost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.inclusion.models import ActionAllerVers
from participation.inclusion.trouver import action_du_bureau
from participation.inclusion.workflow import EtatAction
from participation.socle import vitrine
from participation.socle.actions import avancer, exiger, ouvrir
from participation.socle.actions.echeances import annuler_echeance, faire_echeance, fixer_echeance
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_nombre, champ_parmi, champ_texte
from participation.socle.forms.filters import Filtres, ParmiFilter
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import INSECABLE, accorder, jour_texte, majuscule, montant, nombre
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.communes import VoixDesCommunes
from participation.socle.models import Commune, Compte, Quartier
from participation.socle.views.colonnes import Cellule, Colonne, colonne_etat
from participation.socle.views.dossier import page_dossier
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role

PROPOSEES = 8


@dataclass(frozen=True, slots=True)
class CommuneEntendue:
    """Voices of the last twelve months for 1 000 inhabitants; None when what is known is too small to be shown."""

    commune: Commune
    voix: int | None
    actions: int

    @property
    def pour_mille(self) -> float:
        return round(1000 * (self.voix or 0) / self.commune.population, 1) if self.commune.population else 0.0


def moins_entendues() -> list[CommuneEntendue]:
    """Return the communes heard least for their population, least first."""
    connues: Counter[str] = Counter()
    cachees: set[str] = set()
    apports: Sequence[VoixDesCommunes] = list(vitrine.recueillir("voix_par_commune"))
    for voix in apports:
        for code, combien in voix.nombres.items():
            if combien is None:
                cachees.add(code)
            else:
                connues[code] += combien
    actions = dict(
        ActionAllerVers.objects.exclude(etat=EtatAction.ANNULEE)
        .order_by()
        .values_list("communes")
        .annotate(n=Count("pk"))
    )
    toutes = [
        CommuneEntendue(
            c, connues[c.pk] if connues[c.pk] or c.pk not in cachees else None, actions.get(c.pk, 0)
        )
        for c in Commune.objects.all()
    ]
    return sorted(toutes, key=lambda c: (c.pour_mille, -c.commune.population))[:PROPOSEES]


def en_chiffres(actions: QuerySet[Any]) -> str:
    """Return « 12 actions faites, 340 personnes rencontrées, 2 400 € », of what was told; "" when nothing was."""
    dites = actions.filter(etat=EtatAction.FAITE).aggregate(
        n=Count("pk"), vues=Sum("rencontrees"), cout=Sum("cout")
    )
    if not dites["n"]:
        return ""
    morceaux = [
        accorder(dites["n"], "action faite", "actions faites"),
        accorder(dites["vues"], "personne rencontrée", "personnes rencontrées"),
    ]
    if dites["cout"]:
        morceaux.append(montant(dites["cout"]))
    return ", ".join(morceaux)


def cout_par_personne(action: ActionAllerVers) -> str:
    """Return « 12,50 € par personne rencontrée »; "" without a cost or without anybody."""
    if not action.cout or not action.rencontrees:
        return ""
    return f"{nombre(action.cout / Decimal(action.rencontrees), 2)}{INSECABLE}€ par personne rencontrée"


ECHEANCE = "raconter"


class PrevoirForm(ActeForm):
    ACTUELS = ("titre", "date_prevue", "lieu", "public", "relais", "demarche")

    titre = champ_ligne(
        "En une phrase",
        "Par exemple « Café au pied de la tour 3, avec l’association du quartier ».",
        maximum=160,
    )
    date_prevue = champ_jour("Jour")
    lieu = champ_ligne("Lieu", maximum=160)
    commune = champ_parmi("Commune", Commune.objects.all())
    quartier = champ_parmi("Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False)
    public = champ_ligne("Qui nous voulons rencontrer", "Par exemple « les 15 à 29 ans ».", maximum=200)
    relais = champ_ligne(
        "Avec quel relais", "Association, gardien, centre social, école…", maximum=200, requis=False
    )
    demarche = champ_ligne(
        "Pour quelle démarche", "Vide si l’action n’en prépare aucune.", maximum=160, requis=False
    )

    def initiales(self) -> dict[str, Any]:
        deja = dict(super().initiales())
        if self.objet.pk is not None:
            deja |= {"commune": self.objet.communes.first(), "quartier": self.objet.quartiers.first()}
        return deja


def proposer(request: RequeteConnectee, action: ActionAllerVers, form: ActeForm) -> dict[str, Any]:
    """Begin with whom, or where, the pages of who is missing lead from."""
    dits = {nom: request.GET.get(nom, "").replace("\0", "")[:200] for nom in ("public", "commune")}
    form.initial.update({nom: dit for nom, dit in dits.items() if dit})
    return {}


@acte(
    Page(
        form=PrevoirForm,
        consequence="Un rappel vous demandera ce que l’action a donné.",
        contexte=proposer,
        ouvre=True,
    )
)
@transaction.atomic
def prevoir_aller_vers(
    action: ActionAllerVers, *, par: Compte, commune: Commune, quartier: Quartier | None = None, **champs: Any
) -> ActionAllerVers:
    """Raises ValidationError for a day that is gone, or a quartier of another commune."""
    _verifier(commune, quartier)
    ouvrir(action, "prevoir_aller_vers", par=par, champs=champs)
    _situer(action, commune, quartier)
    _rappeler(action, par)
    return action


@acte(Page(form=PrevoirForm))
@transaction.atomic
def modifier_aller_vers(
    action: ActionAllerVers, *, par: Compte, commune: Commune, quartier: Quartier | None = None, **champs: Any
) -> None:
    """Raises ValidationError for a quartier of another commune."""
    _verifier(commune, quartier)
    avancer(action, "modifier_aller_vers", par=par, champs=champs)
    _situer(action, commune, quartier)
    _rappeler(action, action.agent or par)


def _verifier(commune: Commune, quartier: Quartier | None) -> None:
    if quartier is not None and quartier.commune_id != commune.pk:
        raise ValidationError({"quartier": f"Ce quartier est à {quartier.commune}, pas à {commune}."})


def _situer(action: ActionAllerVers, commune: Commune, quartier: Quartier | None) -> None:
    action.communes.set([commune])
    action.quartiers.set([quartier] if quartier is not None else [])


def _rappeler(action: ActionAllerVers, agent: Compte) -> None:
    fixer_echeance(
        action,
        ECHEANCE,
        libelle="Dire ce que l’action a donné",
        date_limite=action.date_prevue,
        relances=[7, 30],
        responsable=agent,
    )


def _entier(libelle: str, aide: str = "", *, maximum: int, requis: bool = False) -> forms.IntegerField:
    return champ_nombre(
        libelle, aide, minimum=0, maximum=maximum, requis=requis, erreur="Donnez un nombre, même zéro."
    )


class RaconterForm(ActeForm):
    ACTUELS = ("rencontrees", "venues", "heures", "cout", "bilan")

    rencontrees = _entier("Personnes rencontrées", maximum=100_000, requis=True)
    venues = _entier(
        "Personnes qui ont ensuite participé", "Ce que vous savez. Vide\u00a0: pas compté.", maximum=100_000
    )
    heures = _entier("Heures de travail, à tous", maximum=10_000)
    cout = ChampMontant("Dépenses (€)", requis=False)
    bilan = champ_texte("Ce que nous avons entendu et appris", "Sans nom de personne.", maximum=3000)


@acte(Page(form=RaconterForm))
@transaction.atomic
def raconter_aller_vers(action: ActionAllerVers, *, par: Compte, **champs: Any) -> None:
    """Raises ValidationError before the day of the action."""
    pas = exiger(action, "raconter_aller_vers", par=par)
    if action.date_prevue > timezone.localdate():
        raise ValidationError(
            f"L’action est prévue le {jour_texte(action.date_prevue)}\u00a0: changez le jour, ou attendez."
        )
    pas.avancer(champs={**champs, "clos_le": timezone.now()})
    faire_echeance(action, ECHEANCE)


@acte(Page(form=RaconterForm))
def corriger_aller_vers(action: ActionAllerVers, *, par: Compte, **champs: Any) -> None:
    avancer(action, "corriger_aller_vers", par=par, champs=champs)


@acte(Page(consequence="L’action reste dans la liste, avec sa raison. Son rappel s’arrête."))
@transaction.atomic
def annuler_aller_vers(
    action: ActionAllerVers, *, par: Compte, motif: Annotated[str, champ_ligne("Pourquoi", maximum=160)]
) -> None:
    avancer(action, "annuler_aller_vers", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(action, ECHEANCE)


class ActionFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État", empty_label="Tous", choices=[(e.value, majuscule(e.label)) for e in EtatAction]
    )
    commune = ParmiFilter(
        label="Commune", queryset=Commune.objects.all(), field_name="communes", empty_label="Toutes"
    )

    class Meta:
        model = ActionAllerVers
        fields: list[str] = []


@reserve_a(Role.AGENT)
@require_safe
def liste_aller_vers(request: RequeteConnectee) -> HttpResponseBase:
    actions = ActionAllerVers.objects.visibles_par(request.user).select_related("agent")
    return page_liste(
        request,
        Liste(
            cle="inclusion:liste_aller_vers",
            titre="Aller-vers",
            chapeau="Aller là où sont les personnes que nous n’entendons pas.",
            objets=actions,
            filtres=ActionFilter,
            colonnes=[
                Colonne(
                    "titre",
                    "Action",
                    lambda a: Cellule(a.titre, sous=a.reference),
                    export=lambda a: a.titre,
                    tri="titre",
                ),
                colonne_etat("etat"),
                Colonne("jour", "Jour", lambda a: a.date_prevue, tri="date_prevue"),
                Colonne("lieu", "Lieu", lambda a: a.lieu),
                Colonne("public", "Public", lambda a: a.public),
                Colonne(
                    "rencontrees", "Rencontrées", lambda a: a.rencontrees, tri="rencontrees", nombre=True
                ),
                Colonne("cout", "Dépenses", lambda a: a.cout, tri="cout", nombre=True),
                Colonne("relais", "Relais", lambda a: a.relais, a_l_ecran=False),
                Colonne("heures", "Heures", lambda a: a.heures, a_l_ecran=False),
                Colonne("bilan", "Bilan", lambda a: a.bilan, a_l_ecran=False),
            ],
            tri="-date_prevue",
            singulier="action",
            pluriel="actions",
            app="inclusion",
            vide="Prévoyez une première action : où, quand, avec qui.",
        ),
        "inclusion/liste_aller_vers.html",
        {"moins_entendues": moins_entendues(), "en_chiffres": en_chiffres(actions)},
    )


@reserve_a(Role.AGENT)
@require_safe
def aller_vers(request: RequeteConnectee, pk: int) -> HttpResponse:
    action = action_du_bureau(request, pk)
    return page_dossier(
        request, action, "inclusion/aller_vers.html", {"cout_par_personne": cout_par_personne(action)}
    )
