"""The page of the yearly reports of an app: an agent asks for one, the worker makes it, anybody reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Document
from participation.socle.workflow import Role

MONTRES = 30


class AnneeForm(forms.Form):
    annee = forms.TypedChoiceField(
        label="Année", coerce=int, error_messages={"required": "Choisissez une année."}
    )

    def __init__(
        self, data: Any = None, *, annees: Sequence[int], instruments: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(data)
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]
        if instruments:
            self.fields["instrument"] = forms.ChoiceField(
                label="Sur quoi", choices=[("", "Tous les instruments"), *instruments], required=False
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapports:
    """`nature`: of the documents. `fil`: (label, name of URL) of the page above. `rien`: said when no year may have one. `instruments`: those of which
    a report may tell alone."""

    app: str
    titre: str
    chapeau: str
    fil: tuple[str, str]
    rien: tuple[str, str]
    nature: str
    annees: Callable[[], Sequence[int]]
    demander: Callable[..., Document]
    instruments: Callable[[], Sequence[tuple[str, str]]] = tuple

    @property
    def vue(self) -> Callable[..., HttpResponseBase]:
        @reserve_a(Role.AGENT)
        @require_http_methods(["GET", "HEAD", "POST"])
        def rapports(request: RequeteConnectee) -> HttpResponse:
            annees = self.annees()
            form = AnneeForm(request.POST or None, annees=annees, instruments=self.instruments())
            if request.method == "POST" and form.is_valid():
                self.demander(par=request.user, **form.cleaned_data)
                messages.success(
                    request, "Le rapport est en cours de fabrication. Il s’affiche ici dès qu’il est prêt."
                )
                return redirect(request.path)
            documents = Document.objects.filter(nature=self.nature).order_by("-cree_le", "-pk")[:MONTRES]
            contexte = {"rapports": self, "form": form, "annees": annees, "documents": documents}
            return render(request, "socle/journee/rapports.html", contexte)

        return rapports
