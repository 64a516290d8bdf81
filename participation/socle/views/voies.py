"""Streets: what is proposed to who types a place, and the import of the public file of addresses."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions.voies import demander_import
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier
from participation.socle.francais import nombre
from participation.socle.http.decorateurs import gardable, publique, reserve_au_service
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.voies import voies_proches
from participation.socle.models import ImportDeVoies, Voie
from participation.socle.views.pages import essayer, lier

IMPORTS_MONTRES = 10


class ImporterVoiesForm(ActeForm):
    fichier = Fichier(
        label="Fichier des adresses",
        help_text="Le CSV de la Base Adresse Nationale, décompressé, ou la base adresse d’une commune. Colonnes lues : « nom_voie » et "
        f"« code_insee ». {nombre(settings.TABLEAU_LIGNES_MAX)} lignes au plus : au-delà, plusieurs fichiers.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


@publique
@require_safe
@gardable(600)
def voies(request: HttpRequest) -> JsonResponse:
    """Propose streets (`static/js/voies.js`)."""
    trouvees = voies_proches(request.GET.get("q", ""), request.GET.get("commune", ""))
    return JsonResponse(
        {"voies": [{"nom": v.nom, "commune": v.commune.nom, "code": v.commune_id} for v in trouvees]}
    )


@reserve_au_service
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: RequeteConnectee) -> HttpResponse:
    """Give a file to a worker; show what became of the last ones."""
    form = lier(request, ImporterVoiesForm, Voie())
    if form.is_valid():
        essayer(form, lambda: demander_import(form.cleaned_data["fichier"], par=request.user))
        if not form.errors:
            messages.success(request, "Le fichier est reçu. Ses voies s’ajoutent.")
            return redirect("socle:importer_voies")
    imports = list(ImportDeVoies.objects.select_related("par")[:IMPORTS_MONTRES])
    attend = any(un.etat == ImportDeVoies.Etat.EN_COURS for un in imports)
    page = {"form": form, "imports": imports, "attend": attend, "combien": Voie.objects.count()}
    return render(request, "socle/importer_voies.html", page)
