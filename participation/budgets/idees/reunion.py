"""Ideas that become a projet: joined to it, taken out of it."""

from django import forms
from django.db import transaction

from participation.budgets.idees import lettres
from participation.budgets.idees.actes import dire_aux_auteurs
from participation.budgets.models import Idee, ProjetQuartier
from participation.budgets.workflow.budget import EN_PREPARATION
from participation.socle.actions import avancer, exiger, verrouiller
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


class ChoixDeProjet(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: ProjetQuartier) -> str:
        return f"{obj.reference} · {obj.titre}"


class ReunirIdeeForm(ActeForm):
    projet = ChoixDeProjet(
        label="Projet",
        queryset=ProjetQuartier.objects.none(),
        empty_label="Choisir un projet",
        error_messages={"required": "Choisissez le projet."},
    )

    def preparer(self) -> None:
        siens = ProjetQuartier.objects.filter(budget=self.objet.budget_id, etat__in=sorted(EN_PREPARATION))
        self.choisir("projet", siens.order_by("titre"))


# Grouping in a projet
@acte(Page[Idee](form=ReunirIdeeForm, consequence=dire_aux_auteurs))
@transaction.atomic
def reunir_idee(idee: Idee, *, par: Compte, projet: ProjetQuartier) -> None:
    """Add the idée to a projet.

    The row is locked: of two agents, the second is told that it is already done.
    """
    verrouiller(projet)
    _exiger_en_preparation(projet)
    pas = exiger(idee, "reunir_idee", par=par)
    if projet.budget_id != idee.budget_id:
        raise ErreurMetier("Ce projet est celui d’un autre budget.")
    pas.avancer(
        champs={"projet_quartier": projet},
        fait=f"Idée réunie dans le projet {projet.reference}",
        details={"projet": projet.pk},
    )
    projet.quartiers.add(*idee.quartiers.all())
    projet.communes.add(*idee.communes.all())
    lettres.reunir_idee(idee, projet, combien=projet.idees.count())


@acte(Page[Idee](form=demander_texte("Pourquoi", erreur="Dites pourquoi."), consequence=dire_aux_auteurs))
@transaction.atomic
def separer_idee(idee: Idee, *, par: Compte, motif: str) -> None:
    """Take the idée out of the projet, which must keep at least one idée."""
    projet = idee.projet_quartier
    if projet is None:
        raise ActeInterdit("Cette idée n’est plus dans un projet.")
    verrouiller(projet)
    pas = exiger(idee, "separer_idee", par=par)
    _exiger_en_preparation(projet)
    if idee.projet_quartier_id != projet.pk or not projet.idees.exclude(pk=idee.pk).exists():
        raise ErreurMetier("Il ne resterait aucune idée dans ce projet : abandonnez-le plutôt.")
    pas.avancer(
        champs={"projet_quartier": None},
        fait=f"Idée séparée du projet {projet.reference}",
        motif=motif,
        details={"projet": projet.pk},
    )
    lettres.separer_idee(idee, projet, motif=motif)


def _exiger_en_preparation(projet: ProjetQuartier) -> None:
    if projet.etat not in EN_PREPARATION:
        raise ErreurMetier(
            f"Le projet {projet.reference} est « {projet.get_etat_display()} » : il ne change plus."
        )


def liberer_idee(idee: Idee, projet: ProjetQuartier, *, motif: str) -> None:
    """Free an idée of an abandoned projet, in any phase: it can be part of another projet."""
    avancer(
        idee,
        "liberer_idee",
        par=None,
        champs={"projet_quartier": None},
        fait=f"Projet {projet.reference} abandonné : l’idée est libre",
        motif=motif,
        details={"projet": projet.pk},
    )
