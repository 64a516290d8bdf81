"""Form of a model of answer."""

from collections.abc import Mapping
from typing import Any

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from remontees.forms.categories import choisir_categorie
from remontees.models import Categorie, ModeleDeReponse
from remontees.models.modeles import ETATS
from remontees.workflow import Issue


class ModeleForm(ActeForm):
    objet: ModeleDeReponse
    SURVEILLES = ("nom", "texte")

    nom = champ_ligne(
        "Nom", "Celui que les agents choisissent.", maximum=80, erreur="Donnez un nom au modèle."
    )
    categorie: Any = champ_parmi(
        "Catégorie",
        Categorie.objects.none(),
        "Un thème vaut pour tout ce qu’il contient.",
        requis=False,
        vide="Toutes",
    )
    etat = champ_choix(
        "Proposé quand la remontée est",
        [("", "N’importe quand"), *((valeur, majuscule(mot)) for valeur, mot in ETATS)],
        requis=False,
    )
    issue = champ_choix(
        "Ce qu’il en devient",
        [("", "À choisir en répondant"), *((issue.value, majuscule(issue.label)) for issue in Issue)],
        requis=False,
    )
    texte = champ_texte(
        "Texte",
        "Des mots simples. Une variable s’écrit entre accolades.",
        maximum=6000,
        lignes=10,
        erreur="Écrivez le texte du modèle.",
    )
    est_actif = champ_case("Proposé aux agents", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        noms = ("nom", "categorie", "etat", "issue", "texte", "est_actif")
        return {nom: getattr(self.objet, nom) for nom in noms}

    def preparer(self) -> None:
        choisir_categorie(self)
