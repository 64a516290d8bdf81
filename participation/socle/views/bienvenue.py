"""The page of the first sign-in to the back office: what she may see, and what is left to set."""

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, FiltreEnregistre
from participation.socle.models.comptes import ROLES_DU_BUREAU


@dataclass(frozen=True, slots=True)
class Pas:
    """Something to set. `est_fait`: read from what is set; None for what comes later."""

    quoi: str
    pourquoi: str
    url: str
    est_fait: bool | None = None


@reserve_a(*ROLES_DU_BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def bienvenue(request: RequeteConnectee) -> HttpResponse:
    compte = request.user
    if request.method == "POST":
        Compte.objects.filter(pk=compte.pk, accueilli_le=None).update(accueilli_le=timezone.now())
        return redirect("socle:accueil_compte")
    return render(request, "socle/bienvenue.html", {"pas": list(_pas(compte))})


def _pas(compte: Compte) -> Iterator[Pas]:
    facteurs = Authenticator.objects.filter(user=compte).exclude(type=Authenticator.Type.RECOVERY_CODES)
    yield Pas(
        "Ajouter un second facteur",
        "L’empreinte de votre téléphone, une clé ou une application de codes. Sans lui, le site se ferme à vous au bout de quelques jours.",
        reverse("mfa_index"),
        facteurs.exists(),
    )
    yield Pas(
        "Dire votre nom et votre fonction",
        "Vos collègues les lisent dans l’histoire des dossiers, et les personnes dans vos réponses.",
        reverse("socle:mon_compte"),
        bool(compte.get_full_name() and compte.fonction),
    )
    if compte.se_remplace:
        yield Pas(
            "Savoir noter une absence",
            "Avant de partir, dites qui reçoit vos échéances et vos lettres.",
            reverse("socle:absences"),
        )
    if compte.est_agent:
        yield Pas(
            "Enregistrer une vue",
            "Dans une liste, choisissez des filtres, puis donnez-leur un nom : vous les retrouvez d’un clic.",
            reverse("socle:dossiers"),
            FiltreEnregistre.objects.filter(compte=compte).exists(),
        )
    yield Pas(
        "Choisir ce que vous suivez",
        "Une lettre à chaque nouvelle, ou un résumé par jour ou par semaine.",
        reverse("socle:mes_abonnements"),
    )
