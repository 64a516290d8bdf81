"""A page where one of several acts may be done on an object: that of a signed link, that of a member."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.montre import est_deja_ecrit
from participation.socle.http.protocole import acte_depasse
from participation.socle.models import Compte, Partie, Suivi, de_quoi
from participation.socle.views.pages import Page, agir, annoncer

O = TypeVar("O", bound=Suivi | Partie)  # noqa: E741 the object of the acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble(Generic[O]):
    """`pages`: the acts, in the order of the page; a POST names one as `acte`, among those that may be done.

    The `gabarit` has `objet` and `formulaires` (each act that may be done now, and its form), beside what `contexte`
    adds; `socle/demandes/_questions.html` draws a form, with what was refused. `par_lien`: who comes holds a signed
    link, and acts without an account, even signed in.
    """

    pages: Mapping[str, Page[O]]
    gabarit: str
    contexte: Callable[[HttpRequest, O], Mapping[str, Any]]
    par_lien: bool = False

    def page(self, request: HttpRequest, trouver: Callable[[], O]) -> HttpResponse:
        """Show the acts (GET), or do one (POST). 409, with what was typed, when it may no longer be done."""
        objet, par = trouver(), None if self.par_lien else request.user
        acte = request.POST.get("acte", "")
        if request.method != "POST":
            return self._montrer(request, objet, par, {})
        if acte not in self.pages:
            return acte_depasse(
                request, "Cette page n’a pas, ou n’a plus, ce bouton. Relisez-la.", request.path
            )
        page, form = self.pages[acte], self._lier(request, acte, objet, par)
        suivi, partie = de_quoi(objet)
        refus = suivi.refus(acte, par if isinstance(par, Compte) else None, partie)
        if not form.is_valid():
            if refus is not None:
                return acte_depasse(request, refus.message, request.path)
            return self._montrer(request, objet, par, {acte: form})
        try:
            if refus is not None:
                raise refus
            fait = agir(page, objet, form, par, acte, trouver)
        except ActeInterdit as erreur:
            if est_deja_ecrit(form, trouver()):
                return redirect(request.path)
            return acte_depasse(request, erreur.message, request.path)
        if form.errors:
            return self._montrer(request, vars(form).get("relu", objet), par, {acte: form})
        if page.succes:
            annoncer(request, page.succes(objet, fait) if callable(page.succes) else page.succes)
        return redirect(request.path)

    def _lier(self, request: HttpRequest, acte: str, objet: O, par: Any) -> Any:
        form = self.pages[acte].form
        donnees = (request.POST, request.FILES) if request.POST.get("acte") == acte else ()
        return form(*donnees, objet=objet, par=par) if form is not None else Form(*donnees)

    def _montrer(self, request: HttpRequest, objet: O, par: Any, lies: Mapping[str, Any]) -> HttpResponse:
        compte = par if isinstance(par, Compte) else None
        suivi, partie = de_quoi(objet)
        permis = [acte for acte in self.pages if suivi.permet(acte, compte, partie)]
        contexte = {
            "objet": objet,
            "formulaires": {acte: lies.get(acte) or self._lier(request, acte, objet, par) for acte in permis},
            **self.contexte(request, objet),
        }
        return render(request, self.gabarit, contexte)
