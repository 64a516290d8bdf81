"""Forms that add a suite to a dossier, and link a projet to policies."""

from collections.abc import Mapping
from typing import Any

from contrat_ville.models import GroupeDiscussion, Politique, Projet
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases
from participation.suites import forms as suites


class AjouterSuiteForm(suites.AjouterSuiteForm):
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


class RelierPolitiquesForm(ActeForm):
    objet: Projet

    politiques = champ_cases("Politiques métropolitaines", (), "Celles que le projet sert.", requis=False)

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
