"""Actions of aller-vers: planned, changed, told, cancelled."""

from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.inclusion.models import ActionAllerVers
from participation.socle.actions import avancer, exiger, ouvrir
from participation.socle.actions.echeances import annuler_echeance, faire_echeance, fixer_echeance
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_nombre, champ_parmi, champ_texte
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte, Quartier
from participation.socle.views.pages import Page, acte

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
    Page(form=PrevoirForm, consequence="Un rappel vous demandera ce que l’action a donné.", contexte=proposer)
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
