"""The page of the link that proves an address: a GET shows a button, for mail scanners follow links; a POST proves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.http.decorateurs import traduite
from participation.socle.http.protocole import Ensuite
from participation.socle.models import AProuver
from participation.socle.views.liens import lien_inconnu, personnelle

M = TypeVar("M", bound=AProuver)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreuveParCourriel(Generic[M]):
    """The page that proves an address; `vue` is its view.

    `trouver`: the row that the token of the URL opens, or None. `prouver`: the act, safe to do twice; called with the
    request, the row and the answers of `form`, if something is asked with the proof. `refuser`: what the button named
    « refuser » does (« Ce n’est pas moi »).
    `quoi`: what an unknown link opens not (« aucune candidature »); `sinon`: how to get another link.
    `gabarit`: extends `socle/liens/preuve.html`, and has `objet`, what `contexte` adds, `est_prouvee`, `trop_tard` (why it
    can no longer be proved) and `erreur` (a refusal of the act).
    `est_traduite`: its sentences are those of a translated page.
    `ensuite`: where a proof leads; by default the same page, which says that it is done.
    """

    trouver: Callable[[Any], M | None]
    prouver: Callable[..., object]
    form: Callable[..., ActeForm] | None = None
    refuser: Callable[[M], object] | None = None
    quoi: str
    sinon: str = ""
    app: str = "metropole"
    est_traduite: bool = False
    gabarit: str = "socle/liens/preuve.html"
    contexte: Callable[[M, Any], Mapping[str, Any]] | None = None
    ensuite: Callable[[M], str] | None = None

    @property
    def vue(self) -> Callable[..., HttpResponse]:
        vue = personnelle(self.trouver, self.inconnu)(self.page)
        if self.est_traduite:
            traduite(vue)
        return vue

    def inconnu(self, request: HttpRequest) -> HttpResponse:
        return lien_inconnu(request, self.quoi, app=self.app, sinon=self.sinon)

    def page(self, request: HttpRequest, objet: M, jeton: Any) -> HttpResponse:
        erreur, refuse = "", self.refuser is not None and "refuser" in request.POST
        form = self._form(request.POST if request.method == "POST" else None, objet, est_posee=not refuse)
        if form.is_valid():
            erreur = self._faire(request, objet, form.cleaned_data, refuse=refuse)
            if not erreur:
                return Ensuite(self.ensuite(objet) if self.ensuite and not refuse else request.path)
            objet.refresh_from_db()
        if refuse:
            form = self._form(None, objet, est_posee=True)
        contexte = {
            "objet": objet,
            "app": self.app,
            "form": form,
            "est_prouvee": objet.est_prouvee,
            "trop_tard": objet.trop_tard(),
            "erreur": erreur,
            **(self.contexte(objet, jeton) if self.contexte is not None else {}),
        }
        return render(request, self.gabarit, contexte, status=409 if erreur else 200)

    def _form(self, donnees: Any, objet: M, *, est_posee: bool) -> Any:
        return self.form(donnees, objet=objet) if self.form is not None and est_posee else Form(donnees)

    def _faire(self, request: HttpRequest, objet: M, reponses: dict[str, Any], *, refuse: bool) -> str:
        """Prove or refuse. Return why not, as a sentence."""
        try:
            if refuse and self.refuser is not None:
                self.refuser(objet)
            else:
                self.prouver(request, objet, **reponses)
        except ErreurMetier as refus:
            return refus.message
        except ValidationError as refus:
            return " ".join(refus.messages)
        return ""
