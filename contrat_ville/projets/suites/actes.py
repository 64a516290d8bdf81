"""Suites asked by a dossier, and policies of the metropolis that a projet serves; their forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from contrat_ville.models import GroupeDiscussion, Politique, Projet
from contrat_ville.projets.suites import lettres
from participation.socle.actions import exiger
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.suites import actes as actes_suites
from participation.suites.models import Suite
from participation.suites.workflow import Origine


@transaction.atomic
def ajouter_suite(dossier: Projet | GroupeDiscussion, *, par: Compte, **champs: Any) -> Suite:
    """Add a suite, asked or promised, and tell the people who asked.

    Raises ErreurMetier for a promise on a focus group: its suites are asked first, then promised by another
    act.
    """
    if isinstance(dossier, GroupeDiscussion) and champs.get("origine") == Origine.PROMISE:
        raise ErreurMetier(
            ici("Ce qu’un groupe de discussion demande n’est pas une promesse de la {metropole}.")
        )
    suite = actes_suites.ajouter_suite(dossier, par=par, **champs)
    lettres.dire_la_suite(suite)
    return suite


class RelierPolitiquesForm(ActeForm):
    objet: Projet

    politiques = champ_cases(
        ici_plus_tard("Politiques {metropolitaines}"), (), "Celles que le projet sert.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"politiques": [str(pk) for pk in self.objet.politiques.values_list("pk", flat=True)]}

    def preparer(self) -> None:
        # Inactive policies stay available for the projets that already have them.
        siennes = set(self.objet.politiques.values_list("pk", flat=True))
        self.possibles = [p for p in Politique.objects.all() if p.est_active or p.pk in siennes]
        choix: Any = self.fields["politiques"]
        choix.choices = [(str(p.pk), p.nom) for p in self.possibles]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        choisies = set(donnees.get("politiques", []))
        donnees["politiques"] = [p for p in self.possibles if str(p.pk) in choisies]
        return donnees


@acte(
    Page[Projet](
        form=RelierPolitiquesForm, consequence="Dit sur la fiche du projet, et dans les filtres de la liste."
    )
)
@transaction.atomic
def relier_politiques(projet: Projet, *, par: Compte, politiques: Sequence[Politique]) -> None:
    """Link the projet to these policies; none removes all links."""
    pas = exiger(projet, "relier_politiques", par=par)
    projet.politiques.set(politiques)
    noms = ", ".join(politique.nom for politique in politiques)
    pas.avancer(motif=noms, fait="" if politiques else ici("Relié à aucune politique {metropolitaine}"))


class AjouterSuiteForm(actes_suites.AjouterSuiteForm):
    def initiales(self) -> Mapping[str, Any]:
        """The direction that carries out the dossier, else the one in charge of a policy of the projet."""
        direction = self.objet.direction_id
        if direction is None and isinstance(self.objet, Projet):
            conduites = self.objet.politiques.filter(direction__est_active=True)
            direction = conduites.values_list("direction", flat=True).first()
        return {"direction": direction}

    def preparer(self) -> None:
        super().preparer()
        if isinstance(self.objet, GroupeDiscussion):
            # A suite of a focus group is always « demandée », never « promise ».
            for champ in ("origine", "promise_le", "acte_promesse"):
                del self.fields[champ]
