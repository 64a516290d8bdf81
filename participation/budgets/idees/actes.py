"""Idées: received, read, published, set aside, gathered, withdrawn; their forms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from participation.budgets.idees import lettres
from participation.budgets.models import Budget, Idee, ProjetQuartier, ReglementInterQuartiers
from participation.budgets.workflow.budget import EtatIdee
from participation.socle.actions import annuler_echeance, avancer, faire_echeance, fixer_echeance
from participation.socle.actions.moderation import moderer
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.forms.moderation import ModererForm
from participation.socle.francais import accorder
from participation.socle.langues import plus_tard as _
from participation.socle.lectures.cartes import hors_du_territoire
from participation.socle.models import Compte, Quartier, RaisonModeration
from participation.socle.regles.traces import citer_les_traces, dire_les_traces, masquer
from participation.socle.views.pages import Page, acte

LECTURE = "lecture"


# The position is only for the public map: it is erased with the publication.
DEPUBLIEE: dict[str, Any] = {"est_publie": False, "latitude": None, "longitude": None}


def dire_avant_de_publier(idee: Idee) -> str:
    lus = "\n".join(_a_lire(idee).values())
    proposes = "\n".join(proposer_les_mots(idee).values())
    laisses = citer_les_traces(proposes)
    phrases = (
        dire_aux_auteurs(idee),
        dire_les_traces(lus),
        "Ce qui est masqué ci-dessous l’est d’office." if proposes != lus else "",
        f"Laissé tel quel : {laisses}. Retirez ce qui dit où vit une personne, ou qui elle est."
        if laisses
        else "",
        "Relisez : un nom écrit autrement n’est pas reconnu.",
    )
    return " ".join(filter(None, phrases))


def _a_lire(idee: Idee) -> dict[str, str]:
    return {"titre": idee.titre, "texte_public": idee.texte_public or idee.texte, "lieu": idee.lieu}


def proposer_les_mots(idee: Idee) -> dict[str, str]:
    """Return the words that the form shows: as received, what is recognised masked; as published afterwards."""
    mots = _a_lire(idee)
    if idee.texte_public:
        return mots
    noms = list(idee.auteurs.values_list("nom", flat=True))
    return {champ: masquer(texte, noms=noms) for champ, texte in mots.items()}


def champ_quartiers(libelle: str = "Quartiers", *, requis: bool = True) -> Any:
    return forms.ModelMultipleChoiceField(
        label=libelle,
        required=requis,
        queryset=Quartier.objects.select_related("commune"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez au moins un quartier."),
            "invalid_choice": _("Choisissez les quartiers dans la liste."),
        },
    )


class LirePoint(forms.Form):
    """Position typed or removed by an agent."""

    latitude = forms.FloatField(
        label="Latitude",
        required=False,
        help_text="Pour la carte, en degrés. Le point est public : effacez-le s’il désigne un logement.",
    )
    longitude = forms.FloatField(label="Longitude", required=False)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if (dit.get("latitude") is None) != (dit.get("longitude") is None) and not self.errors:
            self.add_error("longitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        elif not self.errors and dit.get("latitude") is not None:
            refuser_dehors(self, dit)
        return dit


TEXTE_MAX = 3000


class LireIdeeForm(LirePoint, ActeForm):
    """Publish an idée, or correct the published text."""

    field_order = ("titre", "texte_public", "quartiers", "lieu", "latitude", "longitude")
    PUBLICS = ("titre", "texte_public", "lieu")

    titre = champ_ligne("Titre", maximum=120)
    texte_public = champ_texte(
        "Texte public", "Les mots de l’auteur, sans nom ni adresse de personne.", maximum=TEXTE_MAX, lignes=8
    )
    quartiers = champ_quartiers(requis=False)
    lieu = champ_ligne(
        "Lieu",
        "Public : une rue, une place, un équipement. Effacez un nom ou le numéro d’un logement.",
        maximum=200,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        idee: Idee = self.objet
        return {
            **proposer_les_mots(idee),
            "quartiers": list(idee.quartiers.all()),
            "latitude": idee.latitude,
            "longitude": idee.longitude,
        }


LIRE = LireIdeeForm


def dire_aux_auteurs(idee: Idee) -> str:
    combien = idee.auteurs.joignables().count()
    if not combien:
        return (
            "Personne n’est prévenu : qui a donné l’idée n’a pas laissé d’adresse, ou ne l’a pas confirmée."
        )
    return f"{accorder(combien, 'auteur est prévenu', 'auteurs sont prévenus')} par courriel."


def attendre_une_lecture(idee: Idee, libelle: str) -> None:
    jours = ReglementInterQuartiers.actuel().delai_lecture_jours
    date_limite = ajouter_jours_ouvres(timezone.localdate(), jours)
    fixer_echeance(idee, LECTURE, libelle=libelle, date_limite=date_limite, rappels=[1])


def situer(dossier: Idee | ProjetQuartier, quartiers: Iterable[Quartier]) -> None:
    choisis = list(quartiers)
    dossier.quartiers.set(choisis)
    dossier.communes.set([quartier.commune for quartier in choisis])


@acte(Page[Idee](form=LIRE, consequence=dire_avant_de_publier))
@transaction.atomic
def publier_idee(
    idee: Idee,
    *,
    par: Compte,
    titre: str,
    texte_public: str,
    quartiers: Iterable[Quartier],
    lieu: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    """Publish the text read by the agent, without names of people.

    The position becomes the one given here. The words of the author are kept unchanged in `texte`.
    """
    avancer(
        idee,
        "publier_idee",
        par=par,
        champs={**_lu(titre, texte_public, lieu, latitude, longitude), "est_publie": True},
    )
    situer(idee, quartiers)
    faire_echeance(idee, LECTURE)
    lettres.a_ses_auteurs(idee, "publier_idee", cle=f"publier:{idee.pk}:{idee.modifie_le:%Y%m%d%H%M%S}")


@acte(Page[Idee](form=LIRE, consequence="Les mots de l’auteur restent au dossier."))
@transaction.atomic
def corriger_idee(
    idee: Idee,
    *,
    par: Compte,
    titre: str,
    texte_public: str,
    quartiers: Iterable[Quartier],
    lieu: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    avancer(
        idee,
        "corriger_idee",
        par=par,
        champs=_lu(titre, texte_public, lieu, latitude, longitude),
        motif=texte_public,
    )
    situer(idee, quartiers)


def _lu(
    titre: str, texte_public: str, lieu: str | None, latitude: float | None, longitude: float | None
) -> dict[str, Any]:
    """`lieu` None: unchanged."""
    return {
        **({} if lieu is None else {"lieu": lieu}),
        "titre": titre,
        "texte_public": texte_public,
        "resume": texte_public,
        "latitude": latitude,
        "longitude": longitude,
    }


@acte(Page[Idee](form=ModererForm, consequence=dire_aux_auteurs))
@transaction.atomic
def ecarter_idee(idee: Idee, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    """Set aside an idée that breaks a rule of the budget or is out of its scope. The author is told why."""
    avancer(idee, "ecarter_idee", par=par, champs={**DEPUBLIEE, "motif_refus": motif}, motif=motif)
    annuler_echeance(idee, LECTURE)
    adresses = idee.auteurs.joignables().values_list("courriel", flat=True)
    decision = moderer(
        idee, "ecarter_idee", dossier=idee, par=par, raison=raison, motif=motif, adresses=adresses
    )
    lettres.a_ses_auteurs(idee, "ecarter_idee", cle=f"ecarter:{decision.pk}", moderation=decision)


@acte(Page[Idee](form=demander_texte("Pourquoi"), consequence="Elle revient parmi celles à lire."))
@transaction.atomic
def reprendre_idee(idee: Idee, *, par: Compte, motif: str) -> None:
    avancer(idee, "reprendre_idee", par=par, champs={"motif_refus": ""}, motif=motif)
    attendre_une_lecture(idee, "Relire l’idée")


@acte(
    Page[Idee](
        form=demander_texte("Comment cela vous a été demandé", facultatif=True), consequence=dire_aux_auteurs
    )
)
@transaction.atomic
def retirer_idee(idee: Idee, *, par: Compte | None, motif: str = "") -> None:
    """Withdraw the idée at the request of the author, by link or by phone.

    Not once it is part of a projet.
    """
    avancer(idee, "retirer_idee", par=par, champs=DEPUBLIEE, motif=motif)
    annuler_echeance(idee, LECTURE)
    lettres.a_ses_auteurs(idee, "retirer_idee", cle=f"retirer:{idee.pk}")


def en_ordre(idees: Iterable[Any]) -> Sequence[Any]:
    """Return the idées in the order of locking, always the same: prevents deadlocks."""
    return sorted(idees, key=lambda idee: idee.pk)


def publiees(budget: Budget) -> Any:
    """Return the idées that may be added to a projet."""
    return Idee.objects.filter(budget=budget.pk, etat=EtatIdee.PUBLIEE)


def refuser_dehors(form: forms.Form, dit: dict[str, Any]) -> None:
    if raison := hors_du_territoire(dit["latitude"], dit["longitude"]):
        form.add_error("latitude", raison)
