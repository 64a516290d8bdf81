"""What the service keeps for itself: absences, addresses, languages, communes, the first days, a text read again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.socle.actions.absences import finir_absence, noter_absence
from participation.socle.actions.adresses import ecrire_adresse as ecrire
from participation.socle.actions.adresses import importer_adresses
from participation.socle.actions.traductions import relire_langue
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    ChampFichier,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
)
from participation.socle.forms.filters import natures_presentes
from participation.socle.forms.relecture import remarques
from participation.socle.francais import jour_texte
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a, reserve_au_service
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import AUTRES, NOMS
from participation.socle.lectures.communes import communes_de, demandes_a, dossiers_de
from participation.socle.lectures.langues import langues as toutes
from participation.socle.lectures.langues import textes_a_revoir
from participation.socle.lectures.libelles import combien_sans_traduction
from participation.socle.lectures.mise_en_place import parties, qui_bloquent
from participation.socle.models import Absence, Commune, Compte, Joignable, RelectureLangue, Suivi
from participation.socle.models.comptes import REMPLACABLES
from participation.socle.views.pages import essayer, lier
from participation.socle.vitrine import Reglage, recueillir
from participation.socle.workflow import Role


class AbsenceForm(forms.Form):
    compte = champ_parmi("Qui est absent, ou délègue", None)
    remplacant = champ_parmi(
        "Qui remplace",
        None,
        "De la même direction ou commune, ou du service participation. Cette personne voit les échéances dans sa journée, reçoit les lettres, et répond à sa place.",
    )
    domaine = champ_choix(
        "Pour quoi",
        lambda: [("", "Tout, pendant une absence"), *natures_presentes()],
        "Un domaine : c’est une délégation. Les lettres de ce domaine vont à la personne choisie, de la même direction ou commune.",
        requis=False,
    )
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour(
        "Dernier jour", "Vide : jusqu’à nouvel ordre, pour une délégation seulement.", requis=False
    )

    def __init__(self, *args: Any, par: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        service = Compte.objects.agents_du_service()
        absents = service | Compte.objects.dehors() if par.est_agent else Compte.objects.collegues(par)
        for nom, comptes in {"compte": absents, "remplacant": service | absents}.items():
            self.fields[nom].queryset = comptes  # type: ignore[attr-defined]
        self.initial = {"compte": par, "date_debut": timezone.localdate(), **self.initial}


@reserve_a(*REMPLACABLES)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: RequeteConnectee) -> HttpResponse:
    form = AbsenceForm(request.POST if request.method == "POST" else None, par=request.user)
    if form.is_valid():
        notee = essayer(form, lambda: noter_absence(par=request.user, **form.cleaned_data))
        if notee is not None:
            fin = f"au {jour_texte(notee.date_fin)}" if notee.date_fin else "jusqu’à nouvel ordre"
            messages.success(request, f"{notee} du {jour_texte(notee.date_debut)} {fin}.")
            return redirect("socle:absences")
    notees = (
        Absence.objects.a_venir().notables_par(request.user).select_related("compte", "remplacant", "par")
    )
    return render(request, "socle/comptes/absences.html", {"form": form, "absences": notees})


@reserve_a(*REMPLACABLES)
@require_POST
def finir(request: RequeteConnectee, pk: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.notables_par(request.user).select_related("compte"), pk=pk)
    finir_absence(absence)
    messages.success(request, f"C’est fini : {absence.remplacant} ne remplace plus {absence.compte}.")
    return redirect("socle:absences")


class ImporterAdressesForm(ActeForm):
    fichier = ChampFichier(
        label="Tableau des adresses",
        help_text="CSV ou classeur, avec une colonne « nom » (commune, direction, code INSEE ou sigle) et une colonne « courriel ». "
        "Une adresse déjà écrite n’est pas remplacée.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
    )


class AdresseDuServiceForm(ActeForm):
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
    return render(
        request, "socle/service/adresses.html", {"tous": [corps_de(modele) for modele in joignables()]}
    )


@reserve_au_service
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: RequeteConnectee) -> HttpResponse:
    """Write the addresses of a table, then say what became of each row."""
    form = lier(request, ImporterAdressesForm, Commune())
    bilan = None
    if form.is_valid():
        bilan = essayer(form, lambda: importer_adresses(form.cleaned_data["fichier"], par=request.user))
    return render(request, "socle/service/importer_adresses.html", {"form": form, "bilan": bilan})


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
    form = lier(request, AdresseDuServiceForm, trouve)
    if form.is_valid():
        essayer(form, lambda: ecrire(trouve, par=request.user, **form.cleaned_data))
        if not form.errors:
            messages.success(request, f"L’adresse est enregistrée pour {trouve}.")
            return redirect(f"{reverse('socle:adresses')}#{corps}")
    return render(request, "socle/service/ecrire_adresse.html", {"corps": trouve, "form": form})


@reserve_a(Role.AGENT, Role.ELU, Role.AGENT_COMMUNE)
@require_safe
def commune(request: RequeteConnectee, code: str) -> HttpResponse:
    """404 on another commune than theirs for the agents of a commune."""
    compte = request.user
    est_la_leur = code in communes_de(compte)
    if not est_la_leur and compte.roles.isdisjoint({Role.AGENT, Role.ELU}):
        raise Http404
    lue = get_object_or_404(Commune, pk=code)
    attendues, repondues = demandes_a(lue, compte)
    return render(
        request,
        "socle/service/commune.html",
        {
            "commune": lue,
            "est_la_leur": est_la_leur,
            "url_adresse": lue.url_adresse if compte.est_agent else "",
            "attendues": attendues,
            "repondues": repondues,
            "voix": [(voix, voix.nombres.get(code, 0)) for voix in recueillir("voix_par_commune")],
            "natures": dossiers_de(lue, compte),
        },
    )


class RelectureForm(forms.Form):
    langue = champ_choix("Langue", [("", "Choisissez"), *((code, NOMS[code]) for code in AUTRES)])
    est_lue = champ_choix(
        "Ce que vous dites d’elle",
        [
            ("oui", "Une personne qui parle cette langue a relu les phrases du site"),
            ("non", "Les phrases sont à relire"),
        ],
        boutons=True,
    )
    remarque = champ_ligne("Qui a relu, ou ce qui ne va pas", maximum=300, requis=False)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def langues(request: RequeteConnectee) -> HttpResponse:
    form = RelectureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        dite = form.cleaned_data
        relire_langue(
            dite["langue"], par=request.user, est_lue=dite["est_lue"] == "oui", remarque=dite["remarque"]
        )
        messages.success(request, "C’est noté. Les pages le disent dans la minute.")
        return redirect("socle:langues")
    journal = RelectureLangue.objects.select_related("par")[:20]
    contexte = {
        "form": form,
        "langues": toutes(),
        "journal": journal,
        "noms": NOMS,
        "a_revoir": textes_a_revoir(),
        "sans_traduction": combien_sans_traduction(),
    }
    return render(request, "socle/traductions/langues.html", contexte)


@reserve_au_service
@require_safe
def mise_en_place(request: RequeteConnectee) -> HttpResponse:
    lues = parties()
    restants = [un for partie in lues for un in partie.a_faire]
    ouverts = {
        un.url for partie in lues for un in (*partie.a_faire, *partie.faits) if _s_ouvre(un, request.user)
    }
    return render(
        request,
        "socle/service/mise_en_place.html",
        {
            "parties": lues,
            "bloquants": sum(1 for un in restants if not un.peut_attendre),
            "autres": sum(1 for un in restants if un.peut_attendre),
            "ouverts": ouverts,
        },
    )


def _s_ouvre(un: Reglage, compte: Compte) -> bool:
    return bool(un.url) and (compte.is_staff or not un.aux_tables) and (compte.est_agent or not un.a_un_agent)


def a_regler(compte: Compte) -> list[Reglage]:
    """Return what this account may set and holds something up; nothing once all is set."""
    return [un for un in qui_bloquent() if _s_ouvre(un, compte)]


@reserve_a(*ROLES_BUREAU)
@require_POST
def relire_texte(request: RequeteConnectee) -> HttpResponse:
    """Return the remarks on the one text that is sent. Nothing is kept."""
    texte = request.POST.get(request.headers.get("HX-Trigger-Name", ""), "")
    return render(
        request, "composants/remarques.html", {"remarques": remarques(texte)} if texte.strip() else {}
    )
