"""What is asked on a common list: a name for its filters, a choice of rows."""

from django import forms


class EnregistrerFiltreForm(forms.Form):
    nom = forms.CharField(label="Nom de la liste", max_length=80)
    est_partage = forms.BooleanField(label="La partager avec l’équipe", required=False)
    liste = forms.CharField(max_length=60, widget=forms.HiddenInput)
    requete = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
