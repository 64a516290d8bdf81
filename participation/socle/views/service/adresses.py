"""Where the service writes: every direction, town hall, organisme and partner, and who has no address yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions.adresses import ecrire_adresse as ecrire
from participation.socle.actions.adresses import importer_adresses
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier, champ_courriel
from participation.socle.http.decorateurs import reserve_au_service
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Joignable, Suivi
from participation.socle.views.pages import essayer, lier


class ImporterAdressesForm(ActeForm):
    fichier = Fichier(
        label="Tableau des adresses",
        help_text="CSV ou classeur, avec une colonne « nom » (commune, direction, code INSEE ou sigle) et une colonne « courriel ». "
        "Une adresse déjà écrite n’est pas remplacée.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
    )


class AdresseForm(ActeForm):
    avant = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)
    courriel = champ_courriel(
        "Courriel",
        "Une boîte partagée plutôt que celle d’une personne. Vide : plus rien ne lui est envoyé.",
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"avant": self.objet.courriel, "courriel": self.objet.courriel}


@dataclass(frozen=True, slots=True)
class Corps:
    """Bodies of one kind, with and without an address."""

    cle: str
    titre: str
    sans: Sequence[Joignable]
    avec: Sequence[tuple[Joignable, Sequence[str]]]


def joignables() -> list[type[Joignable]]:
    return [modele for modele in apps.get_models() if issubclass(modele, Joignable)]


def corps_de(modele: type[Joignable]) -> Corps:
    """Read the bodies of one kind; those whose address another one holds are listed with that one."""
    tenus = [corps for corps in modele.a_joindre() if corps.tient_l_adresse is corps]
    adresses = [(corps, corps.adresses()) for corps in tenus]
    return Corps(
        str(modele._meta.model_name),
        capfirst(str(modele._meta.verbose_name_plural)),
        [corps for corps, siennes in adresses if not siennes],
        [(corps, siennes) for corps, siennes in adresses if siennes],
    )


@reserve_au_service
@require_safe
def adresses(request: RequeteConnectee) -> HttpResponse:
    return render(request, "socle/adresses.html", {"tous": [corps_de(modele) for modele in joignables()]})


@reserve_au_service
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: RequeteConnectee) -> HttpResponse:
    """Write the addresses of a table, then say what became of each row."""
    form = lier(request, ImporterAdressesForm, Commune())
    bilan = None
    if form.is_valid():
        bilan = essayer(form, lambda: importer_adresses(form.cleaned_data["fichier"], par=request.user))
    return render(request, "socle/importer_adresses.html", {"form": form, "bilan": bilan})


def _par_cle(modele: type[Model], cle: str) -> Any:
    """Return the row of this key, or None for what cannot be one."""
    try:
        return modele._base_manager.filter(pk=modele._meta.pk.to_python(cle)).first()
    except (ValidationError, OverflowError):
        return None


@reserve_au_service
@require_http_methods(["GET", "HEAD", "POST"])
def ecrire_adresse(request: RequeteConnectee, corps: str, pk: str) -> HttpResponse:
    modele = next((m for m in joignables() if m._meta.model_name == corps and not issubclass(m, Suivi)), None)
    trouve = _par_cle(modele, pk) if modele is not None else None
    if trouve is None:
        raise Http404
    form = lier(request, AdresseForm, trouve)
    if form.is_valid():
        essayer(form, lambda: ecrire(trouve, par=request.user, **form.cleaned_data))
        if not form.errors:
            messages.success(request, f"L’adresse est enregistrée pour {trouve}.")
            return redirect(f"{reverse('socle:adresses')}#{corps}")
    return render(request, "socle/ecrire_adresse.html", {"corps": trouve, "form": form})
