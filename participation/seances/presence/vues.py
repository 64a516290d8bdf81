"""Pages where members note their presence, with the code of the room, signed in or by their signed link."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.seances.models import Convie, Presence, Seance
from participation.seances.presence import actes
from participation.seances.presence.actes import CodeForm
from participation.seances.workflow import EN_COURS, Etat
from participation.socle.erreurs import ErreurMetier
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte

INCONNU = "Ce code n’est celui d’aucune séance en cours. Vérifiez-le sur l’écran de la salle."


def seance_du_code(code: str) -> Seance | None:
    return (
        Seance.objects.avec_instance()
        .filter(code=code.upper(), etat__in=[Etat.CONVOQUEE, *EN_COURS], nature__in=Seance.DELIBERANTES)
        .order_by("debut")
        .first()
    )


@require_http_methods(["GET", "HEAD", "POST"])
def saisir_code(request: RequeteConnectee) -> HttpResponse:
    """Ask for the code of the room, typed by a person without a camera."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if seance_du_code(code) is not None:
            return redirect("seances:presence", code)
        form.add_error("code", INCONNU)
    return render(request, "seances/presence/presence.html", {"form": form, "app": "metropole"})


@require_http_methods(["GET", "HEAD", "POST"])
def presence(request: RequeteConnectee, code: str) -> HttpResponse:
    """Note an arrival from the QR code of the projected screen. One button for each mode of the séance."""
    seance = seance_du_code(code)
    if seance is None:
        form = CodeForm({"code": code})
        form.full_clean()
        form.add_error("code", INCONNU)
        return render(
            request, "seances/presence/presence.html", {"form": form, "app": "metropole"}, status=404
        )
    convie = _convie(seance, request.user)
    if convie is None:
        return render(
            request,
            "seances/presence/presence.html",
            {"seance": seance, "inconnu": True, "app": seance.instance.app},
        )
    if request.method == "POST" and _arriver(request, convie, request.user):
        return redirect("seances:ma_seance_en_cours", seance.pk)
    return render(request, "seances/presence/presence.html", _contexte(seance, convie))


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def presence_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """Note an arrival without an account: the signed link identifies the person, the code proves the room."""
    convie = Convie.LIEN.trouver(
        jeton,
        Convie.objects.select_related(
            "membre__compte", "seance__instance", "seance__reglement", "seance__mandature"
        ).filter(seance__nature__in=Seance.DELIBERANTES),
    )
    if convie is None:
        return render(
            request, "seances/presence/presence.html", {"lien_mort": True, "app": "metropole"}, status=404
        )
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["code"] != convie.seance.code:
            form.add_error("code", INCONNU)
        elif _arriver(request, convie, None):
            return redirect(reverse("seances:presence_par_lien", args=[jeton]))
    return render(
        request, "seances/presence/presence.html", {**_contexte(convie.seance, convie), "form": form}
    )


def _convie(seance: Seance, compte: Compte) -> Convie | None:
    convie = (
        Convie.objects.select_related("membre__compte")
        .filter(seance=seance, membre__compte=compte)
        .order_by(F("retire_le").asc(nulls_first=True), "pk")
        .first()
    )
    if convie is not None:
        convie.seance = seance
    return convie


def _contexte(seance: Seance, convie: Convie) -> dict[str, object]:
    return {
        "seance": seance,
        "convie": convie,
        "presence": Presence.objects.filter(convie=convie, depart__isnull=True).first(),
        "modes": seance.modes,
        "app": seance.instance.app,
    }


def _arriver(request: HttpRequest, convie: Convie, par: Compte | None) -> bool:
    try:
        actes.arriver(convie, mode=request.POST.get("mode", ""), par=par, source=Presence.Source.CODE)
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
        return False
    return True
