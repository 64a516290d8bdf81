"""Form of a common list, to save its filters under a name."""

from django import forms

from participation.socle.forms.champs import champ_case, champ_ligne


class EnregistrerFiltreForm(forms.Form):
    nom = champ_ligne("Nom de la liste", maximum=80)
    est_partage = champ_case("La partager avec l’équipe", requis=False)
    liste = forms.CharField(max_length=60, widget=forms.HiddenInput)
    requete = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
