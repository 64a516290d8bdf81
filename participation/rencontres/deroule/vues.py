"""Views of the run-of-show: who animates (in the back office or by signed link), the room and its clock."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.rencontres.deroule import actes, lectures
from participation.rencontres.deroule.actes import RetardForm
from participation.rencontres.models import Animateur, Rencontre
from participation.rencontres.recolte.lectures import en_salle
from participation.rencontres.trouver import trouver_rencontre
from participation.seances.ecrans.vues.gestes import est_a_jour, rien_de_nouveau
from participation.socle.erreurs import ActeInterdit
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import essayer
from participation.socle.workflow import Role


def _animateur(jeton: str) -> Animateur:
    return du_lien_ou_404(Animateur.LIEN, jeton, Animateur.objects.select_related("rencontre__format"))


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deroule_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """The run-of-show; a POST says a delay."""
    animateur = _animateur(jeton)
    rencontre = animateur.rencontre
    form = (
        RetardForm(request.POST or None, objet=rencontre) if rencontre.permet("dire_retard", None) else None
    )
    statut = 200
    if request.method == "POST":
        if form is None:
            raise ActeInterdit("Un retard ne se dit plus : la rencontre est finie, annulée, ou sans déroulé.")
        fait = None
        if form.is_valid():
            fait = essayer(
                form, lambda: actes.dire_retard(rencontre, par=None, animateur=animateur, **form.cleaned_data)
            )
        if fait is not None:
            return Ensuite(request.path)
        statut = 422
    contexte = {
        "animateur": animateur,
        "form": form,
        "url_ecran": reverse("rencontres:ecran_par_lien", args=[jeton]),
    }
    return _animer(request, rencontre, contexte, statut)


@reserve_a(Role.AGENT)
@never_cache
@require_safe
def deroule(request: RequeteConnectee, pk: int) -> HttpResponse:
    rencontre = trouver_rencontre(request, pk)
    peut = rencontre.permet("dire_retard", request.user) and rencontre.blocs.exists()
    retard = reverse("rencontres:dire_retard", args=[pk]) + f"?retour={request.path}"
    contexte = {
        "url_ecran": reverse("rencontres:ecran", args=[pk]),
        "url_retard": retard if peut else "",
        "url_dossier": rencontre.get_absolute_url(),
    }
    return _animer(request, rencontre, contexte)


def _animer(
    request: HttpRequest, rencontre: Rencontre, contexte: dict[str, Any], statut: int = 200
) -> HttpResponse:
    communs = {"rencontre": rencontre, "deroule": lectures.deroule(rencontre)}
    reponse = render(request, "rencontres/animer.html", {**communs, **contexte}, status=statut)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@publique
@never_cache
@require_safe
def ecran_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    return _ecran(request, _animateur(jeton).rencontre)


@reserve_a(Role.AGENT)
@never_cache
@require_safe
def ecran(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _ecran(request, trouver_rencontre(request, pk))


def _ecran(request: HttpRequest, rencontre: Rencontre) -> HttpResponse:
    """The projected screen. It asks by itself whether what it shows is still true (`version`), its minute too."""
    maintenant = timezone.now()
    dit = lectures.deroule(rencontre, maintenant)
    salle = en_salle(rencontre)
    montre = [(li.bloc.pk, li.debut, li.fin) for li in dit.lignes]
    version = hashlib.sha256(
        repr(
            (montre, salle.version, [li.bloc.pk for li in dit.en_cours], f"{timezone.localtime():%H%M}")
        ).encode()
    ).hexdigest()[:16]
    if est_a_jour(request, version):
        return rien_de_nouveau()
    partiel = "version" in request.GET
    courant = dit.en_cours[0] if dit.en_cours else None
    reponse = render(
        request,
        "rencontres/_ecran.html" if partiel else "rencontres/ecran.html",
        {
            "rencontre": rencontre,
            "deroule": dit,
            "salle": salle,
            "version": version,
            "maintenant": maintenant,
            "ecoulees": round((maintenant - courant.debut).total_seconds()) if courant else 0,
            "suivante": dit.suivante(maintenant),
            "est_finie": bool(dit.lignes) and maintenant >= dit.fin,
        },
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse
