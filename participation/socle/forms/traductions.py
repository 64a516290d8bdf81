"""Forms of the translations: one field a paragraph, beside its French."""

from typing import Any

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_texte
from participation.socle.francais import majuscule
from participation.socle.models import TexteTraduit
from participation.socle.models.traductions import VERSIONS
from participation.socle.regles.traductions import ABSENT, CHANGE, ParagrapheTraduit

# Pictograms of ours, for « facile à lire » (`static/img/icones.svg`).
SIGNES = (
    ("", "Sans dessin"),
    ("personnes", "Des personnes"),
    ("quartier", "Le quartier, la ville"),
    ("lieu", "Un lieu"),
    ("calendrier", "Une date"),
    ("horloge", "Une durée, une heure"),
    ("signer", "Écrire, signer"),
    ("voix", "Dire, donner son avis"),
    ("main", "Voter, aider"),
    ("salle", "Une réunion"),
    ("courriel", "Une lettre"),
    ("document", "Un papier"),
    ("info", "Une information"),
    ("alerte", "Attention"),
    ("coche", "Oui, c’est fait"),
    ("croix", "Non"),
)


class DemanderForm(ActeForm):
    langue = champ_choix("Langue", [("", "Choisissez"), *VERSIONS.items()])


class PublierForm(ActeForm):
    SURVEILLES = ("francais", "proposee")


class EcrireForm(ActeForm):
    SURVEILLES = ("francais", "proposee")

    def preparer(self) -> None:
        traduction: TexteTraduit = self.objet
        self.places: list[tuple[str, str, str]] = []  # name of the control, field, French
        for champ in traduction.textes:
            for rang, ligne in enumerate(self._lignes(traduction, champ), 1):
                nom = f"{champ}_{rang}"
                self.places.append((nom, champ, ligne.francais))
                self._ajouter(nom, traduction, champ, ligne)

    def _lignes(self, traduction: TexteTraduit, champ: str) -> list[ParagrapheTraduit]:
        """Begin with what waits for a reader, else with what is on line."""
        return traduction.lignes(champ, proposee=traduction.attend_une_relecture)

    def _ajouter(self, nom: str, traduction: TexteTraduit, champ: str, ligne: ParagrapheTraduit) -> None:
        etat = {CHANGE: " Le français a changé.", ABSENT: " Pas encore écrit."}.get(ligne.etat, "")
        libelle = majuscule(str(traduction.source._meta.get_field(champ).verbose_name))
        self.fields[nom] = champ_texte(
            f"{libelle}, paragraphe {nom.rpartition('_')[2]}.{etat}",
            f"En français : {ligne.francais}",
            requis=False,
            lignes=3,
            se_relit=traduction.est_facile,
            initial=ligne.texte,
        )
        if traduction.est_facile:
            self.fields[f"signe_{nom}"] = champ_choix(
                "Dessin à côté", SIGNES, requis=False, initial=ligne.signe
            )

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        textes: dict[str, list[list[str]]] = {}
        for nom, champ, francais in self.places:
            passage = [francais, dit.pop(nom, ""), dit.pop(f"signe_{nom}", "")]
            textes.setdefault(champ, []).append(passage)
        return {**dit, "textes": textes}
