"""What somebody signed up to be told: the page that stops one kind of letters, and that of all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from participation.socle.actions.rythmes import choisir_rythme, rythme_de
from participation.socle.forms.champs import champ_choix
from participation.socle.http.decorateurs import traduite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import plus_tard as _
from participation.socle.models import RythmeDesLettres
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.vitrine import Suivie, recueillir

SINON = "Si vous recevez encore nos lettres, répondez à l’une d’elles : nous les arrêtons. Si votre adresse est déjà effacée, plus rien ne vous est écrit."
CHAQUE_LETTRE, PAR_PAGE = "chaque", 25
O = TypeVar("O")  # noqa: E741 what the link of the letter opens


def _inconnu(request: HttpRequest) -> HttpResponse:
    """A link that opens nothing stops nothing: it may be altered, or its address erased already."""
    return lien_inconnu(request, sinon=SINON)


class RythmeForm(forms.Form):
    rythme = champ_choix(
        _("Comment recevoir ce que vous suivez"),
        [(CHAQUE_LETTRE, _("une lettre à chaque nouvelle")), *RythmeDesLettres.Rythme.choices],
        boutons=True,
    )

    def __init__(self, request: HttpRequest, courriel: str) -> None:
        super().__init__(
            request.POST if request.method == "POST" and "rythme" in request.POST else None,
            initial={"rythme": rythme_de(courriel) or CHAQUE_LETTRE},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArretDesLettres(Generic[O]):
    """The page of the link by which each letter of a kind is stopped; `vue` is its view.

    A GET changes nothing, for mail scanners follow links; a bare POST stops (RFC 8058). On the same page the person
    chooses how often she wants all that she follows. The list of it is shown to who signs in alone: a letter that she
    gave to somebody must not say what else she signed.
    `trouver`: the row that the token of the URL opens, or None. `adresse`: where its letters go, "" once erased.
    `gabarit`: extends `socle/liens/arret.html`, and has `objet`, `est_arretee` and what `contexte` adds.
    """

    trouver: Callable[[Any], O | None]
    adresse: Callable[[O], str]
    arreter: Callable[[O], object]
    est_arretee: Callable[[O], bool]
    gabarit: str
    inconnu: Callable[[HttpRequest], HttpResponse] = _inconnu
    contexte: Callable[[O], Mapping[str, Any]] | None = None
    est_traduite: bool = False

    @property
    def vue(self) -> Callable[..., HttpResponse]:
        vue = personnelle(self.trouver, self.inconnu)(self.page)
        if self.est_traduite:
            traduite(vue)
        return csrf_exempt(vue)

    def page(self, request: HttpRequest, objet: O, jeton: Any) -> HttpResponse:
        adresse = self.adresse(objet)
        form = RythmeForm(request, adresse)
        arrete = request.method == "POST" and not form.is_bound
        if arrete:
            self.arreter(objet)
        elif form.is_valid() and adresse:
            choisir_rythme(adresse, form.cleaned_data["rythme"])
        contexte = {
            "objet": objet,
            "est_arretee": arrete or self.est_arretee(objet),
            "form": form if adresse else None,
            "est_note": form.is_valid(),
            **(self.contexte(objet) if self.contexte is not None else {}),
        }
        return render(request, self.gabarit, contexte)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mes_abonnements(request: RequeteConnectee) -> HttpResponse:
    """All that the address of the account follows, and how often it is told."""
    courriel = request.user.courriel
    form = RythmeForm(request, courriel)
    suivies: list[Suivie] = list(recueillir("suivies", courriel))
    if form.is_valid():
        choisir_rythme(courriel, form.cleaned_data["rythme"])
        messages.success(request, "Votre choix est enregistré.")
        return redirect("socle:mes_abonnements")
    if request.method == "POST" and not form.is_bound:
        for suivie in suivies:
            if suivie.cle == request.POST.get("arreter"):
                suivie.arreter()
        messages.success(request, "C’est arrêté : nous ne vous écrirons plus à ce sujet.")
        return redirect(request.get_full_path())
    page = Paginator(suivies, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "socle/comptes/mes_abonnements.html", {"form": form, "page": page})
