"""Pages of the models of answer: list and form, with a preview on a real remontée."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import essayer, lier
from participation.socle.workflow import Role
from remontees.modeles.actes import ModeleForm, enregistrer_modele
from remontees.modeles.lectures import exemple_pour, valeurs_de
from remontees.modeles.regles import VARIABLES, fautes, remplir
from remontees.models import ModeleDeReponse


@reserve_a(Role.AGENT)
@require_safe
def modeles(request: RequeteConnectee) -> HttpResponse:
    tous = ModeleDeReponse.objects.select_related("categorie__parent").order_by("-est_actif", "nom")
    return render(request, "remontees/modeles.html", {"modeles": tous})


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def modele(request: RequeteConnectee, pk: int | None = None) -> HttpResponse:
    """Form of a model. The button « Voir » makes a preview without saving."""
    objet = get_object_or_404(ModeleDeReponse, pk=pk) if pk is not None else ModeleDeReponse()
    nom = str(objet)
    form = lier(request, ModeleForm, objet)
    apercu, exemple = "", None
    if form.is_valid():
        for phrase in fautes(form.cleaned_data["texte"]):
            form.add_error("texte", phrase)
    if form.is_bound and not form.errors:
        dit = form.cleaned_data
        if "voir" in request.POST:
            exemple = exemple_pour(ModeleDeReponse(categorie=dit["categorie"]), request.user)
            apercu = remplir(dit["texte"], valeurs_de(exemple) if exemple is not None else {})
        elif essayer(form, lambda: enregistrer_modele(objet, par=request.user, **dit)) is not None:
            messages.success(request, f"Modèle « {objet} » enregistré.")
            return redirect("remontees:modeles")
    return render(
        request,
        "remontees/modele.html",
        {
            "modele": objet,
            "nom": nom,
            "form": form,
            "apercu": apercu,
            "exemple": exemple,
            "variables": [(f"{{{variable}}}", quoi) for variable, quoi in VARIABLES.items()],
        },
    )
