"""Forms of the imports from Dauphin: the file, the mapping of its columns, the choice for a dossier."""

from typing import Any

from django import forms
from django.conf import settings

from contrat_ville.models import DossierImporte, ImportDauphin, Programmation
from contrat_ville.regles.dauphin.colonnes import CHAMPS, PREFIXE_POSTE
from contrat_ville.regles.nomenclature import libelle
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases, champ_choix
from participation.socle.francais import nombre

Choix = DossierImporte.Choix
EXERCICE = "Année des lignes qui ne la disent pas"


def _annees() -> list[tuple[str, str]]:
    annees = Programmation.objects.values_list("annee", flat=True)
    return [("", "Le fichier la dit"), *((str(annee), str(annee)) for annee in annees)]


class FichierDauphinForm(ActeForm):
    fichier = forms.FileField(
        label="Fichier CSV ou classeur",
        help_text=f"CSV, XLSX, XLS ou ODS ; la première ligne dit le nom des colonnes. {nombre(settings.TABLEAU_LIGNES_MAX)} lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods,text/csv"}),
    )
    exercice = champ_choix(EXERCICE, (), requis=False)

    def preparer(self) -> None:
        self.fields["exercice"].choices = _annees()  # type: ignore[attr-defined]
        derniere = Programmation.objects.first()
        self.initial["exercice"] = str(derniere.annee) if derniere else ""

    def annee(self) -> int | None:
        return int(self.cleaned_data["exercice"]) if self.cleaned_data["exercice"] else None


class RelierColonnesForm(ActeForm):
    """One column for each field, by group. Columns named after an account are ticked."""

    objet: ImportDauphin

    def preparer(self) -> None:
        colonnes = [("", "Aucune colonne"), *((nom, nom) for nom in self.objet.entetes)]
        self.fields["exercice_defaut"] = champ_choix(EXERCICE, _annees(), requis=False)
        self.initial["exercice_defaut"] = str(self.objet.exercice or "")
        for champ, decrit in CHAMPS.items():
            self.fields[champ] = champ_choix(decrit.libelle, colonnes, decrit.aide, requis=False)
            self.initial[champ] = self.objet.relies.get(champ, "")
        postes = {c: nom for c, nom in self.objet.relies.items() if c.startswith(PREFIXE_POSTE)}
        if postes:
            self.fields["postes"] = champ_cases(
                "Colonnes lues comme des lignes du budget",
                [(c, f"{nom} : {libelle(c.removeprefix(PREFIXE_POSTE))}") for c, nom in postes.items()],
                requis=False,
            )
            self.initial["postes"] = list(postes)

    def groupes(self) -> list[tuple[str, list[Any]]]:
        """(title, fields) of each group, in the order of `CHAMPS`."""
        trouves: dict[str, list[Any]] = {}
        for champ, decrit in CHAMPS.items():
            trouves.setdefault(decrit.groupe, []).append(self[champ])
        return list(trouves.items())

    def annee(self) -> int | None:
        dite = self.cleaned_data["exercice_defaut"]
        return int(dite) if dite else None

    def relies(self) -> dict[str, str]:
        choisis = {c: self.cleaned_data[c] for c in CHAMPS if self.cleaned_data.get(c)}
        return choisis | {c: self.objet.relies[c] for c in self.cleaned_data.get("postes", [])}


class ChoisirDossierForm(ActeForm):
    objet: DossierImporte

    choix = champ_choix("Que faire de ce dossier", (), boutons=True, erreur="Choisissez.")
    candidat = champ_choix("Projet déposé ici", (), requis=False)

    def __init__(self, *args: Any, candidats: Any = (), **options: Any) -> None:
        self.candidats = list(candidats)
        super().__init__(*args, **options)

    def preparer(self) -> None:
        offerts = (
            [Choix.JOINDRE, Choix.DAUPHIN, Choix.CREER, Choix.IGNORER]
            if self.candidats
            else [Choix.DAUPHIN, Choix.IGNORER]
        )
        noms = {
            Choix.JOINDRE: "Joindre au projet déposé ici : ce que le porteur a écrit reste, Dauphin remplit ce qui est vide",
            Choix.DAUPHIN: "Joindre, et prendre ce que dit Dauphin là où les deux diffèrent"
            if self.candidats
            else "Prendre ce que dit Dauphin là où les deux ont changé",
        }
        lignes = [(c.value, noms.get(c, c.label)) for c in offerts]
        if not self.candidats:
            lignes.insert(0, ("garder", "Garder ce qui est écrit ici, prendre le reste"))
        self.fields["choix"].choices = lignes  # type: ignore[attr-defined]
        self.initial["choix"] = self.objet.choix or ("" if self.candidats else "garder")
        if self.candidats:
            self.fields["candidat"].choices = [  # type: ignore[attr-defined]
                (str(p.pk), f"{p.reference} · {p.titre}") for p in self.candidats
            ]
            self.initial["candidat"] = str(self.objet.candidat_id or self.candidats[0].pk)
        else:
            del self.fields["candidat"]

    def reponse(self) -> dict[str, Any]:
        choix = self.cleaned_data["choix"]
        candidat = self.cleaned_data.get("candidat")
        return {
            "choix": "" if choix == "garder" else choix,
            "candidat": int(candidat) if candidat and choix in {Choix.JOINDRE, Choix.DAUPHIN} else None,
        }
