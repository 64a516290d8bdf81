"""Forms of answers, by a service or to the people, and of sujets."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from participation.socle.models import Commune, Quartier
from remontees.forms.categories import choisir_categorie
from remontees.lectures.modeles import modeles_pour, valeurs_de
from remontees.models import Categorie
from remontees.regles.modeles import a_completer, remplir, reprendre
from remontees.workflow import Issue

ISSUES = [(issue.value, majuscule(issue.label)) for issue in Issue]


class RepondreForm(ActeForm):
    """Answer to a person, or to those of a sujet. Prefilled with the answers of the services."""

    issue = champ_choix(
        "Ce qu’il en devient",
        ISSUES,
        "« Traité » : c’est fait. Ne promettez rien : « prévu » demande une date.",
        boutons=True,
        erreur="Dites ce qu’il en devient.",
    )
    date_prevue = champ_jour("Prévu pour le", "Seulement si c’est prévu.", requis=False)
    reponse = champ_texte(
        "Votre réponse",
        "Envoyée telle quelle. Des mots simples.",
        maximum=6000,
        lignes=10,
        erreur="Écrivez la réponse.",
    )

    def initiales(self) -> Mapping[str, Any]:
        if getattr(self.objet, "est_a_relire", False):
            return {nom: getattr(self.objet, nom) for nom in self.base_fields}
        rendues = list(self.objet.attributions.exclude(repondue_le=None).order_by("repondue_le", "pk"))
        issues, dates = {r.issue for r in rendues}, {r.date_prevue for r in rendues if r.date_prevue}
        # All the texts of the services; the issue and the date only when they agree.
        return {
            "issue": issues.pop() if len(issues) == 1 else "",
            "date_prevue": dates.pop() if len(dates) == 1 else None,
            "reponse": "\n\n".join(r.reponse for r in rendues if r.reponse),
        }

    def clean_reponse(self) -> str:
        texte: str = self.cleaned_data["reponse"]
        if manque := a_completer(texte):
            raise ValidationError(f"Complétez « {manque} » avant d’envoyer, ou retirez-le.")
        return texte


class RepondreAvecModeleForm(RepondreForm):
    """Answer with models: choosing one fills the text, without validating or saving."""

    def preparer(self) -> None:
        self.modeles = modeles_pour(self.objet)
        self.choisi: int | None = None
        self.phrase_de_reprise = ""
        if self.is_bound and "reprendre" in self.data:
            self._reprendre()

    def _reprendre(self) -> None:
        """Unbind the form: the typed values become initial ones, without validation."""
        self.is_bound = False
        self.initial.update({nom: self.data.get(nom, "") for nom in self.base_fields})
        modele = next((m for m in self.modeles if str(m.pk) == self.data.get("modele")), None)
        if modele is None:
            self.phrase_de_reprise = "Choisissez un modèle dans la liste. Votre réponse n’a pas changé."
            return
        rempli = remplir(modele.texte, valeurs_de(self.objet))
        self.initial["reponse"] = reprendre(rempli, self.initial["reponse"])
        self.initial["issue"] = modele.issue or self.initial["issue"]
        self.choisi = modele.pk
        self.phrase_de_reprise = f"Modèle « {modele} » repris : relisez-le et changez ce qu’il faut."
        if a_completer(rempli):
            self.phrase_de_reprise += " Complétez ce qui est entre crochets."


class RelireForm(ActeForm):
    """Without field; the answer is shown again when it changed meanwhile."""

    SURVEILLES = ("issue", "reponse", "date_prevue")


class RepondreAttributionForm(ActeForm):
    issue = champ_choix("Ce qu’il en est", ISSUES, boutons=True, erreur="Dites ce qu’il en est.")
    date_prevue = champ_jour("Prévu pour le", "Seulement si c’est prévu.", requis=False)
    reponse = champ_texte(
        "Votre réponse",
        "Lue par le service participation, qui s’en sert pour répondre.",
        maximum=6000,
        lignes=8,
        erreur="Écrivez la réponse.",
    )


class RefuserAttributionForm(ActeForm):
    motif = champ_texte("Pourquoi ce n’est pas pour vous", maximum=2000, lignes=3, erreur="Dites pourquoi.")
    oriente_vers = champ_ligne("À qui le donner plutôt", "Si vous le savez.", maximum=160, requis=False)


class SujetForm(ActeForm):
    titre = champ_ligne(
        "Titre", "Ce dont il s’agit et où, en une phrase.", maximum=160, erreur="Donnez un titre."
    )
    texte_public = champ_texte(
        "Ce que disent les gens",
        "Vos mots, sans nom ni adresse. Publié seulement quand vous publiez le sujet.",
        maximum=6000,
        lignes=8,
        requis=False,
    )


class OuvrirSujetForm(SujetForm):
    categorie: Any = champ_parmi("Catégorie", Categorie.objects.none(), requis=False, vide="À choisir")
    commune: Any = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Plusieurs, ou aucune")
    quartier: Any = champ_parmi(
        "Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False, vide="Aucun"
    )

    def preparer(self) -> None:
        choisir_categorie(self)


class RedigerSujetForm(SujetForm):
    def initiales(self) -> Mapping[str, Any]:
        return {"titre": self.objet.titre, "texte_public": self.objet.texte_public}
