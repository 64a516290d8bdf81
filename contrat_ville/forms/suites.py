"""What is asked to add a suite to a dossier of the Contrat de Ville, and to link a projet to policies."""

from collections.abc import Mapping
from typing import Any

from contrat_ville.models import GroupeDiscussion, Politique, Projet
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases
from participation.suites import forms as suites


class AjouterSuiteForm(suites.AjouterSuiteForm):
    def initiales(self) -> Mapping[str, Any]:
        """Who carries it out; else who leads a policy that it serves."""
        direction = self.objet.direction_id
        if direction is None and isinstance(self.objet, Projet):
            conduites = self.objet.politiques.filter(direction__est_active=True)
            direction = conduites.values_list("direction", flat=True).first()
        return {"direction": direction}

    def preparer(self) -> None:
        super().preparer()
        if isinstance(self.objet, GroupeDiscussion):
            # What people ask in a group is asked; nobody promises it there.
            for champ in ("origine", "promise_le", "acte_promesse"):
                del self.fields[champ]


class RelierPolitiquesForm(ActeForm):
    objet: Projet

    politiques = champ_cases("Politiques métropolitaines", (), "Celles que le projet sert.", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return {"politiques": [str(pk) for pk in self.objet.politiques.values_list("pk", flat=True)]}

    def preparer(self) -> None:
        # One that is no longer active stays a choice where it was made.
        siennes = set(self.objet.politiques.values_list("pk", flat=True))
        self.possibles = [p for p in Politique.objects.all() if p.est_active or p.pk in siennes]
        choix: Any = self.fields["politiques"]
        choix.choices = [(str(p.pk), p.nom) for p in self.possibles]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        choisies = set(donnees.get("politiques", []))
        donnees["politiques"] = [p for p in self.possibles if str(p.pk) in choisies]
        return donnees
