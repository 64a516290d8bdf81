"""A row of a table read as the answers of a form: its columns are the fields, its words the choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.datastructures import MultiValueDict

from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import enumerer
from participation.socle.models import Compte
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import simplifier
from participation.socle.vitrine import GenreDePapier, recueillir

OUI = frozenset({"oui", "o", "x", "1", "vrai", "ok", "coche"})
MONTRES = 6  # possible answers told to who wrote another


def genres() -> dict[str, GenreDePapier]:
    return {genre.cle: genre for genre in recueillir("papiers")}


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Reads the rows of one lot: what each column is called, and the value of each word."""

    genre: GenreDePapier
    cible: int
    par: Compte | None
    titres: Mapping[str, str]  # field → name of its column
    requises: frozenset[str]
    champs: Mapping[str, forms.Field]
    mots: Mapping[str, Mapping[str, str]]  # field with choices → simplified word → value

    @classmethod
    def de(cls, genre: GenreDePapier, cible: int, par: Compte | None) -> "Lecteur":
        vide = genre.formulaire(cible, None, par)
        champs = {
            nom: champ
            for nom, champ in vide.fields.items()
            if nom not in {*genre.hors, *genre.fixes} and not champ.widget.is_hidden
        }
        return cls(
            genre,
            cible,
            par,
            {nom: str(champ.label or nom).rstrip(" ?\u00a0") for nom, champ in champs.items()},
            frozenset(nom for nom, champ in champs.items() if champ.required),
            champs,
            {nom: _mots(champ) for nom, champ in champs.items() if hasattr(champ, "choices")},
        )

    def relier(self, entetes: Sequence[str]) -> dict[str, str]:
        """Return field → column. Raises ErreurMetier when a column that is needed is missing."""
        trouvees = tableaux.deviner(entetes, {nom: [titre, nom] for nom, titre in self.titres.items()})
        manquent = [f"« {self.titres[nom]} »" for nom in self.titres if nom in self.requises - set(trouvees)]
        if manquent:
            quoi = "Il manque la colonne" if len(manquent) == 1 else "Il manque les colonnes"
            raise ErreurMetier(f"{quoi} {enumerer(manquent)}. Partez du modèle de tableau.")
        return trouvees

    def formulaire(self, valeurs: Mapping[str, str]) -> tuple[Any, list[str]]:
        """Return the form bound to the row, and what is wrong in it, in sentences."""
        reponses, fautes = MultiValueDict[str, str](), []
        for nom, champ in self.champs.items():
            dites, inconnues = self._dire(nom, champ, valeurs.get(nom, "").strip())
            reponses.setlist(nom, dites)
            fautes += [self._inconnue(nom, mot) for mot in inconnues]
        for nom, valeur in self.genre.fixes.items():
            reponses[nom] = valeur
        form = self.genre.formulaire(self.cible, reponses, self.par)
        if not fautes and not form.is_valid():
            for nom, erreurs in form.errors.items():
                libelle = self.titres.get(nom, "")
                fautes += [f"{libelle} : {erreur}" if libelle else str(erreur) for erreur in erreurs]
        return form, fautes

    def _dire(self, nom: str, champ: forms.Field, mot: str) -> tuple[list[str], list[str]]:
        """Return the answers of a cell, and its words that are none of the possible answers."""
        if not mot:
            return [], []
        if isinstance(champ, forms.BooleanField):
            return (["on"], []) if simplifier(mot) in OUI else ([], [])
        if isinstance(champ, forms.DateField):
            try:
                jour = tableaux.jour_de(mot)
            except ValueError:
                return [mot], []
            return [jour.isoformat() if jour else ""], []
        if nom not in self.mots:
            return [mot], []
        plusieurs = isinstance(champ, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        dits = [un.strip() for un in mot.replace(";", ",").split(",") if un.strip()] if plusieurs else [mot]
        connus = self.mots[nom]
        return (
            [connus[simplifier(un)] for un in dits if simplifier(un) in connus],
            [un for un in dits if simplifier(un) not in connus],
        )

    def _inconnue(self, nom: str, mot: str) -> str:
        champ: Any = self.champs[nom]
        choix: list[tuple[Any, Any]] = list(flatten_choices(champ.choices))
        possibles = [str(libelle) for valeur, libelle in choix if str(valeur)]
        exemples = ", ".join(possibles[:MONTRES]) + ("…" if len(possibles) > MONTRES else "")
        return f"{self.titres[nom]} : « {mot[:60]} » n’est pas une réponse possible ({exemples})."


def _mots(champ: Any) -> dict[str, str]:
    mots: dict[str, str] = {}
    choix: list[tuple[Any, Any]] = list(flatten_choices(champ.choices))
    for valeur, libelle in choix:
        if str(valeur):
            mots.setdefault(simplifier(str(libelle)), str(valeur))
            mots.setdefault(simplifier(str(valeur)), str(valeur))
    return mots
