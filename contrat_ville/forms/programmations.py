"""Forms of a programmation: call, calendar, règlement."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model

from contrat_ville.models import Contrat, Programmation
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule


def champ_nombre(champ: str, aide: str = "", *, modele: type[Model] = Programmation) -> forms.IntegerField:
    """Whole number field of the model, with its label and bounds."""
    colonne: Any = modele._meta.get_field(champ)
    nombre: forms.IntegerField = colonne.formfield(
        help_text=aide or colonne.help_text, widget=forms.NumberInput(attrs={"class": "champ-court"})
    )
    nombre.label = majuscule(colonne.verbose_name)
    return nombre


class ProgrammationForm(ActeForm):
    CHAMPS = (
        "contrat",
        "annee",
        "titre",
        "texte_appel",
        "eligibilite",
        "date_ouverture",
        "date_cloture",
        "date_comite_technique",
        "date_comite_pilotage",
        "delai_recevabilite_jours",
        "delai_avis_jours",
        "delai_complement_jours",
        "escalade_jours",
        "instructeurs_par_projet",
        "ecart_a_discuter",
        "part_maximale",
        "delai_bilan_mois",
        "envois_reseau_par_jour",
        "delai_recours_mois",
        "signataire",
        "conservation_mois",
        "source",
        "est_a_confirmer",
    )
    objet: Programmation

    contrat = champ_parmi("Contrat", Contrat.objects.all(), vide=None)
    annee = champ_nombre("annee")
    titre = champ_ligne("Titre", "Par exemple « Appel à projets 2027 ».", maximum=160)
    texte_appel = champ_texte(
        "L’appel à projets", "Pour qui, pour quoi, comment : ce que lit le public.", lignes=10
    )
    eligibilite = champ_texte("Qui peut déposer, et pour quoi", "Une condition par ligne.", lignes=5)
    date_ouverture = champ_jour("Ouverture de l’appel")
    date_cloture = champ_jour("Dernier jour de l’appel", "L’appel se ferme ce jour-là à minuit.")
    date_comite_technique = champ_jour("Comité technique prévu le", requis=False)
    date_comite_pilotage = champ_jour("Comité de pilotage prévu le", requis=False)
    delai_recevabilite_jours = champ_nombre("delai_recevabilite_jours")
    delai_avis_jours = champ_nombre("delai_avis_jours")
    delai_complement_jours = champ_nombre("delai_complement_jours")
    escalade_jours = champ_nombre("escalade_jours")
    instructeurs_par_projet = champ_nombre("instructeurs_par_projet")
    ecart_a_discuter = champ_nombre("ecart_a_discuter")
    part_maximale = champ_nombre("part_maximale")
    delai_bilan_mois = champ_nombre("delai_bilan_mois")
    envois_reseau_par_jour = champ_nombre("envois_reseau_par_jour")
    delai_recours_mois = champ_nombre("delai_recours_mois")
    signataire = champ_ligne(
        "Qui signe les lettres de décision", "Au bas de chaque lettre : son nom, ou sa fonction.", maximum=160
    )
    conservation_mois = champ_nombre("conservation_mois")
    source = champ_ligne("Ce qui fonde ces règles", "Délibération, note de cadrage, lien.", maximum=300)
    est_a_confirmer = champ_case(
        "Ces chiffres sont à confirmer par les partenaires", "La page publique le dit.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {
            champ: getattr(self.objet, f"{champ}_id" if champ == "contrat" else champ)
            for champ in self.CHAMPS
        }


class ProlongerForm(ActeForm):
    date_cloture = champ_jour("Nouveau dernier jour de l’appel")
    motif = champ_texte("Pourquoi", "Publié avec la nouvelle date.", maximum=1000, lignes=3)
