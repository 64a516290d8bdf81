"""Forms of the acts on scenarios."""

from collections.abc import Mapping
from typing import Any

from django import forms

from contrat_ville.actions.scenarios import DEPARTS
from contrat_ville.models import Programmation, Scenario
from contrat_ville.workflow.comites import PILOTAGE, TECHNIQUE
from participation.seances.models import Seance
from participation.seances.workflow import EN_COURS
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule


class CreerScenarioForm(ActeForm):
    objet: Programmation

    nom = champ_ligne("Nom", "Par exemple « Priorité aux nouveaux porteurs ».", maximum=80)
    note = champ_texte("Ce qu’il cherche", maximum=1000, lignes=2, requis=False)
    depart = champ_choix(
        "D’où partir", [(cle, majuscule(mots)) for cle, mots in DEPARTS.items()], boutons=True
    )
    copie = champ_parmi(
        "Ou copier un scénario", Scenario.objects.none(), "Il remplace alors le départ choisi.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"depart": "propose"}

    def preparer(self) -> None:
        self.choisir("copie", self.objet.scenarios.all())


class RenommerScenarioForm(ActeForm):
    objet: Scenario

    nom = champ_ligne("Nom", maximum=80)
    note = champ_texte("Ce qu’il cherche", maximum=1000, lignes=2, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return {"nom": self.objet.nom, "note": self.objet.note}


class _EnSeanceForm(ActeForm):
    """Choice of the séance in progress that decides.

    Without one, the decision is recorded without a séance.
    """

    CLE = PILOTAGE
    objet: Scenario

    seance: Any = champ_parmi(
        "La séance en cours qui décide",
        Seance.objects.none(),
        "Ses points sont alors décidés en même temps. Vide : la décision est notée sans séance.",
        vide="Aucune séance",
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir(
            "seance",
            Seance.objects.filter(instance__cle=self.CLE, etat__in=EN_COURS).select_related("instance"),
        )


class ProposerScenarioForm(_EnSeanceForm):
    CLE = TECHNIQUE


class ArreterProgrammationForm(_EnSeanceForm):
    motif: forms.CharField = champ_texte(
        "Pourquoi passer outre à ce que dit le règlement",
        "Demandé quand le règlement a quelque chose à redire. Écrit au journal de la programmation.",
        maximum=2000,
        lignes=3,
        requis=False,
    )
