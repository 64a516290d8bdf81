"""Forms of visits and trainings: registration by the member or an agent, and feedback."""

from collections.abc import Mapping
from typing import Any

from django import forms

from participation.seances.models import Membre, Profil
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases, champ_parmi, champ_texte

ETOILES = [(5, "5, très utile"), (4, "4"), (3, "3"), (2, "2"), (1, "1, peu utile")]


class InscrireForm(ActeForm):
    besoins = champ_cases("De quoi avez-vous besoin pour venir ?", Profil.Besoin.choices, requis=False)
    precisions = champ_texte(
        "Précisions", "Lues par les agents du service seulement.", maximum=600, requis=False, lignes=2
    )

    def initiales(self) -> Mapping[str, Any]:
        """Return the usual needs of the person."""
        profil = Profil.objects.filter(compte__sieges=self.objet.membre_id).first()
        return {"besoins": profil.besoins if profil else []}


class AjouterForm(InscrireForm):
    """Registration by an agent, for a member who called."""

    field_order = ("membre", "besoins", "precisions")
    membre = champ_parmi("Membre", Membre.objects.none())

    def initiales(self) -> Mapping[str, Any]:
        return {}

    def preparer(self) -> None:
        champ: Any = self.fields["membre"]
        seance = self.objet.seance
        inscrits = seance.inscriptions.exclude(etat="annulee").values("membre")
        possibles = Membre.objects.de_l_instance(seance.instance).en_fonction().exclude(pk__in=inscrits)
        self.choisir(
            "membre", possibles.select_related("compte", "college").order_by("compte__nom", "compte__prenom")
        )
        champ.label_from_instance = lambda m: f"{m} ({m.college})"
        self.fields["besoins"].label = "Besoins"


class RetourForm(ActeForm):
    note = forms.TypedChoiceField(
        label="Cette rencontre vous a-t-elle été utile ?",
        choices=ETOILES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    retour = champ_texte("Ce que vous en retenez, ce qui manquait", maximum=2000, requis=False, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"note": self.objet.note, "retour": self.objet.retour}
