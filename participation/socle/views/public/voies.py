"""Streets: what is proposed to who types a place, and the import of the public file of addresses."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions.voies import demander_import
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier
from participation.socle.francais import nombre
from participation.socle.http.decorateurs import gardable, publique, reserve_au_service
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import ImportDeVoies, Voie
from participation.socle.models.voies import NOM_MAX, simplifier_la_voie
from participation.socle.views.pages import essayer, lier

IMPORTS_MONTRES = 10


class ImporterVoiesForm(ActeForm):
    fichier = ChampFichier(
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
    return render(request, "socle/service/importer_voies.html", page)


PROPOSEES, LETTRES_MIN = 10, 3


def voies_proches(cherche: str, commune: str = "") -> list[Voie]:
    """Return the streets whose name has each word: first those of `commune` (its INSEE code), then those that begin so."""
    simple = simplifier_la_voie(cherche[:NOM_MAX])
    if len(simple) < LETTRES_MIN:
        return []
    voies = Voie.objects.select_related("commune")
    for mot in simple.split():
        voies = voies.filter(simple__contains=mot)
    ici = Case(When(commune=commune if commune.isalnum() else "", then=0), default=1)
    rang = Case(When(simple__startswith=simple, then=0), When(simple__contains=simple, then=1), default=2)
    return list(voies.order_by(ici, rang, "simple", "commune__cle_tri")[:PROPOSEES])
