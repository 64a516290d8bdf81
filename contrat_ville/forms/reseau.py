"""Forms of the network of projets."""

from collections.abc import Mapping
from typing import Any

from django import forms

from contrat_ville.lectures.reseau import seances_du_reseau, suggestions
from contrat_ville.models import Projet
from contrat_ville.models.reseau import Methode, Public
from participation.seances.models import Seance
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_cases, champ_parmi, champ_texte
from participation.socle.francais import jour_texte, majuscule

EcrireVoisinForm = demander_texte(
    "Votre message",
    nom="texte",
    aide="L’autre équipe le lit sur sa page et par courriel. Elle ne voit pas votre adresse.",
    maximum=4000,
    lignes=8,
    erreur="Écrivez votre message.",
)


class PresentationForm(ActeForm):
    """Presentation of a projet in the network, used to suggest contacts and read by the other teams."""

    objet: Projet

    publics = champ_cases(
        "Avec qui vous travaillez surtout", [(v, majuscule(t)) for v, t in Public.choices], requis=False
    )
    methodes = champ_cases(
        "Comment vous travaillez", [(v, majuscule(t)) for v, t in Methode.choices], requis=False
    )
    mot = champ_texte(
        "Ce que vous partagez, ou cherchez",
        "En une phrase, lue par les équipes voisines. Par exemple : nous prêtons une cuisine, nous cherchons une salle.",
        requis=False,
        maximum=300,
        lignes=2,
    )

    def ligne_montree(self) -> Any:
        return getattr(self.objet, "adhesion", None)

    def initiales(self) -> Mapping[str, Any]:
        return (
            {champ: getattr(self.ligne, champ) for champ in ("publics", "methodes", "mot")}
            if self.ligne
            else {}
        )


class ProposerContactForm(ActeForm):
    objet: Projet

    autre = champ_parmi(
        "Projet", Projet.objects.none(), vide=None, erreur="Choisissez un projet de la liste.",
        messages={"invalid_choice": "Ce projet n’est plus proposé : son équipe a quitté le réseau, ou vous êtes déjà en contact."},
    )  # fmt: skip

    def preparer(self) -> None:
        proches = [suggestion.projet.pk for suggestion in suggestions(self.objet)]
        self.choisir("autre", Projet.objects.filter(pk__in=proches))


class InviterReseauForm(forms.Form):
    seance = champ_parmi("Rencontre", Seance.objects.none(), vide=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix: Any = self.fields["seance"]
        choix.queryset = seances_du_reseau()
        choix.label_from_instance = lambda s: f"{s.titre}, {jour_texte(s.jour)}"


TerminerContactForm = demander_texte(
    "Pourquoi", aide="Les deux équipes lisent ces mots.", maximum=1000, lignes=3
)
