"""Projets of a quartier: made of idées, written, put to the vote, proclaimed, abandoned; their forms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.budgets.idees.actes import LirePoint, champ_quartiers, en_ordre, publiees, situer
from participation.budgets.idees.lectures import semblables
from participation.budgets.idees.reunion import liberer_idee, reunir_idee, separer_idee
from participation.budgets.models import Budget, Idee, ProjetQuartier
from participation.budgets.projets import lettres
from participation.budgets.projets.realisation import dire_a_tous_les_auteurs
from participation.budgets.workflow.budget import EN_PREPARATION
from participation.socle.actions import avancer, consigner, donner_reference, enregistrer, exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.francais import accorder, montant
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.models import Compte, Quartier
from participation.socle.views.pages import Page, acte


def pour_reunir(request: RequeteConnectee, budget: Budget, form: Any) -> Mapping[str, Any]:
    """`?idee=12`: this idée is selected, and the similar ones come first."""
    demandee = request.GET.get("idee")
    partie_de: Any = (
        Idee.objects.filter(budget=budget.pk, pk=int(demandee)).first() if est_un_numero(demandee) else None
    )
    proches = semblables(partie_de, 6) if partie_de is not None else []
    numeros = {str(s.idee.pk) for s in proches} | ({str(partie_de.pk)} if partie_de else set())
    choisies = {str(pk) for pk in (form["idees"].value() or [])} or (
        {str(partie_de.pk)} if partie_de else set()
    )
    libres = list(publiees(budget).prefetch_related("quartiers").order_by("titre"))
    return {
        "libres": sorted(libres, key=lambda i: (str(i.pk) not in numeros, i.titre)),
        "choisies": choisies,
        "proches": {str(s.idee.pk): s.mots for s in proches},
        "partie_de": partie_de,
        "projets_ouverts": ProjetQuartier.objects.filter(
            budget=budget.pk, etat__in=sorted(EN_PREPARATION)
        ).order_by("titre"),
        "sujet": budget.titre,
    }


class ChoixDIdees(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Idee) -> str:
        return f"{obj.reference} · {obj.titre}"


def champ_idees(libelle: str = "Idées") -> ChoixDIdees:
    return ChoixDIdees(
        label=libelle,
        queryset=Idee.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une idée.",
            "invalid_choice": "Une de ces idées vient d’être réunie ou retirée par quelqu’un d’autre. Relisez la liste.",
        },
    )


class CreerProjetForm(ActeForm):
    """Merge several idées into a projet with a title."""

    idees = champ_idees("Idées à réunir")
    titre = champ_ligne("Titre du projet", maximum=120, erreur="Donnez un titre au projet.")
    description = champ_texte(
        "Description", "Vide pour l’instant si vous voulez.", maximum=6000, lignes=5, requis=False
    )

    def preparer(self) -> None:
        self.choisir("idees", publiees(self.objet).order_by("titre"))


@acte(
    Page[Budget](
        form=CreerProjetForm,
        consequence="Chaque idée garde ses auteurs : ils sont prévenus.",
        succes=lambda _, projet: f"Projet {projet.reference} créé.",
        retour=lambda budget, projet: projet.get_absolute_url() if projet else budget.get_absolute_url(),
        gabarit="budgets/projets/reunir.html",
        contexte=pour_reunir,
    )
)
@transaction.atomic
def creer_projet_quartier(
    budget: Budget, *, par: Compte, titre: str, idees: Sequence[Idee], description: str = ""
) -> ProjetQuartier:
    """Create a projet from these idées. Their authors are told.

    Raises ActeInterdit when one of them was taken in the meantime.
    """
    pas = exiger(budget, "creer_projet_quartier", par=par)
    if not idees:
        raise ValidationError({"idees": "Choisissez au moins une idée."})
    projet = ProjetQuartier(
        budget=budget,
        titre=titre,
        description=description,
        resume=description,
        agent=par,
        est_publie=True,
        ouvert_le=timezone.now(),
    )
    enregistrer(projet, reference=donner_reference(projet))
    combien = accorder(len(idees), "idée")
    consigner(projet, "creer_projet_quartier", par=par, fait=f"Projet fait de {combien}", est_publique=True)
    for idee in en_ordre(idees):
        reunir_idee(idee, par=par, projet=projet)
    pas.avancer(fait=f"{projet.reference} : {combien} dans un projet", details={"projet": projet.pk})
    return projet


class AjouterIdeesForm(ActeForm):
    idees = champ_idees()

    def preparer(self) -> None:
        self.choisir("idees", publiees(self.objet.budget).order_by("titre"))


@acte(Page[ProjetQuartier](form=AjouterIdeesForm, consequence="Leurs auteurs sont prévenus."))
@transaction.atomic
def ajouter_idees(projet: ProjetQuartier, *, par: Compte, idees: Sequence[Idee]) -> None:
    pas = exiger(projet, "ajouter_idees", par=par)
    if not idees:
        raise ValidationError({"idees": "Choisissez au moins une idée."})
    for idee in en_ordre(idees):
        reunir_idee(idee, par=par, projet=projet)
    pas.avancer(details={"idees": [idee.pk for idee in idees]})


class SeparerIdeesForm(ActeForm):
    idees = champ_idees("Idées à séparer")
    motif = champ_texte("Pourquoi", "Dit à leurs auteurs.", maximum=1000, lignes=2, erreur="Dites pourquoi.")
    nouveau_titre = champ_ligne(
        "Titre d’un nouveau projet",
        "Pour en faire un autre projet. Vide : elles redeviennent libres.",
        maximum=120,
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir("idees", self.objet.idees.order_by("titre"))


@acte(
    Page[ProjetQuartier](
        form=SeparerIdeesForm,
        consequence="Leurs auteurs sont prévenus, avec la raison.",
        retour=lambda projet, nouveau: (nouveau or projet).get_absolute_url(),
    )
)
@transaction.atomic
def separer_idees(
    projet: ProjetQuartier, *, par: Compte, idees: Sequence[Idee], motif: str, nouveau_titre: str = ""
) -> ProjetQuartier | None:
    """Take idées out. With `nouveau_titre`, create and return another projet made of them."""
    pas = exiger(projet, "separer_idees", par=par)
    if not idees:
        raise ValidationError({"idees": "Choisissez au moins une idée."})
    for idee in en_ordre(idees):
        separer_idee(idee, par=par, motif=motif)
    pas.avancer(motif=motif, details={"idees": [idee.pk for idee in idees]})
    if not nouveau_titre.strip():
        return None
    return creer_projet_quartier(projet.budget, par=par, titre=nouveau_titre.strip(), idees=idees)


class RedigerProjetForm(LirePoint, ActeForm):
    field_order = ("titre", "description", "quartiers", "lieu", "latitude", "longitude")
    PUBLICS = ("titre", "description", "lieu")
    titre = champ_ligne("Titre", maximum=120)
    description = champ_texte(
        "Description", "Ce qui sera fait, pour qui, où. Public.", maximum=6000, lignes=8
    )
    quartiers = champ_quartiers()
    lieu = champ_ligne("Lieu", maximum=200, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        projet: ProjetQuartier = self.objet
        champs = ("titre", "description", "lieu", "latitude", "longitude")
        return {**{nom: getattr(projet, nom) for nom in champs}, "quartiers": list(projet.quartiers.all())}


@acte(Page[ProjetQuartier](form=RedigerProjetForm, consequence="Public dès l’enregistrement."))
@transaction.atomic
def rediger_projet_quartier(
    projet: ProjetQuartier,
    *,
    par: Compte,
    titre: str,
    description: str,
    quartiers: Iterable[Quartier],
    lieu: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    avancer(
        projet,
        "rediger_projet_quartier",
        par=par,
        champs={
            "titre": titre,
            "description": description,
            "resume": description,
            "lieu": lieu,
            "latitude": latitude,
            "longitude": longitude,
        },
        motif=description,
    )
    situer(projet, quartiers)


# Vote
@acte(
    Page[ProjetQuartier](
        consequence=lambda projet: f"Coût au vote : {montant(projet.cout)}. {dire_a_tous_les_auteurs(projet)}"
    )
)
@transaction.atomic
def mettre_au_vote(projet: ProjetQuartier, *, par: Compte) -> None:
    avancer(projet, "mettre_au_vote", par=par)
    lettres.nouvelle(projet, "mettre_au_vote")


@acte(
    Page[ProjetQuartier](
        form=demander_texte("Pourquoi", aide="Public.", erreur="Dites pourquoi."),
        consequence=dire_a_tous_les_auteurs,
    )
)
@transaction.atomic
def retirer_du_vote(projet: ProjetQuartier, *, par: Compte, motif: str) -> None:
    avancer(projet, "retirer_du_vote", par=par, motif=motif)
    lettres.nouvelle(projet, "retirer_du_vote", motif=motif)


def proclamer_laureat(projet: ProjetQuartier, *, par: Compte | None = None, phrase: str = "") -> None:
    """Called by `publier_resultats`, in its transaction. `phrase`: public sentence about the result."""
    _proclamer(projet, "proclamer_laureat", par=par, phrase=phrase)


def proclamer_non_retenu(projet: ProjetQuartier, *, par: Compte | None = None, phrase: str = "") -> None:
    _proclamer(projet, "proclamer_non_retenu", par=par, phrase=phrase)


@transaction.atomic
def _proclamer(projet: ProjetQuartier, acte: str, *, par: Compte | None, phrase: str) -> None:
    fini = {"clos_le": timezone.now()} if acte == "proclamer_non_retenu" else {}
    avancer(projet, acte, par=par, champs={"phrase_du_vote": phrase, **fini}, motif=phrase)
    lettres.nouvelle(projet, "proclamer_projet")


@acte(
    Page[ProjetQuartier](
        form=demander_texte("Pourquoi", aide="Public.", erreur="Dites pourquoi : la raison est publique."),
        consequence=dire_a_tous_les_auteurs,
    )
)
@transaction.atomic
def abandonner_projet_quartier(projet: ProjetQuartier, *, par: Compte, motif: str) -> None:
    """Abandon the projet, with a public reason. The authors are told.

    Before the vote, its idées are free again.
    """
    pas = exiger(projet, "abandonner_projet_quartier", par=par)
    en_preparation = projet.etat in EN_PREPARATION
    if (
        en_preparation
        and projet.avis_faisabilite.filter(demande__repondue_le=None, demande__annulee_le=None).exists()
    ):
        raise ErreurMetier("Une direction étudie ce projet : annulez d’abord la demande.")
    pas.avancer(champs={"motif_abandon": motif, "clos_le": timezone.now()}, motif=motif)
    lettres.nouvelle(projet, "abandonner_projet_quartier")
    if en_preparation:
        for idee in en_ordre(projet.idees.select_related("budget")):
            liberer_idee(idee, projet, motif=motif)
