"""Saved filters of the lists."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from participation.socle.forms.champs import champ_case, champ_ligne
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import FiltreEnregistre
from participation.socle.views.listes import requete_filtres
from participation.socle.views.pages import revenir
from participation.socle.workflow import Role


class EnregistrerFiltreForm(forms.Form):
    nom = champ_ligne("Nom de la liste", maximum=80)
    est_partage = champ_case("La partager avec l’équipe", requis=False)
    liste = forms.CharField(max_length=60, widget=forms.HiddenInput)
    requete = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


@require_POST
@reserve_a(*Role.values)
def enregistrer_filtre(request: RequeteConnectee) -> HttpResponse:
    form = EnregistrerFiltreForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Le filtre n’est pas enregistré : donnez-lui un nom.")
        return revenir(request, reverse("socle:journee"))
    filtre = FiltreEnregistre(
        compte=request.user,
        liste=form.cleaned_data["liste"],
        nom=form.cleaned_data["nom"],
        requete=requete_filtres(QueryDict(form.cleaned_data["requete"])),
        est_partage=form.cleaned_data["est_partage"],
    )
    try:
        filtre.full_clean()
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
    else:
        filtre.save()
        messages.success(request, f"La liste « {filtre.nom} » est enregistrée.")
    return revenir(request, reverse("socle:journee"))


@require_POST
@reserve_a(*Role.values)
def supprimer_filtre(request: RequeteConnectee, pk: int) -> HttpResponse:
    filtre = get_object_or_404(FiltreEnregistre, pk=pk, compte=request.user)
    filtre.delete()
    messages.success(request, f"La liste « {filtre.nom} » est supprimée.")
    return revenir(request, reverse("socle:journee"))
