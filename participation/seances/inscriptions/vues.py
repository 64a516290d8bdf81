"""Pages of visits and trainings: members register, agents keep the list."""

from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from participation.seances.inscriptions import actes
from participation.seances.inscriptions.actes import (
    AjouterForm,
    InscrireForm,
    RetourForm,
    aller_aux_inscriptions,
)
from participation.seances.models import Inscription, Membre, Profil, Seance
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.exports import FORMATS
from participation.socle.views.listes import Colonne, Liste, exporter
from participation.socle.views.pages import Page, page_acte
from participation.socle.workflow import Role

BESOINS = dict(Profil.Besoin.choices)


E = Inscription.Etat


DITS: dict[str, str] = {
    E.INSCRIT: "Votre place est réservée. Une lettre vous le confirme.",
    E.ATTENTE: "Vous êtes sur la liste d’attente. Nous vous écrivons si une place se libère.",
}


def _rencontre(pk: int) -> Seance:
    return get_object_or_404(Seance.objects.avec_instance().exclude(nature__in=Seance.DELIBERANTES), pk=pk)


def _membre(request: RequeteConnectee, seance: Seance) -> Membre | None:
    """Return the mandate with which the person registered, or else their mandate today."""
    siens = Membre.objects.filter(compte=request.user).de_l_instance(seance.instance).avec_personne()
    return siens.filter(inscriptions__seance=seance).first() or siens.en_fonction().order_by("-du").first()


@require_http_methods(["GET", "HEAD", "POST"])
def inscription(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Let a member register, cancel, or give feedback: one of them at a time."""
    return LA_MIENNE.page(request, lambda: _la_mienne(request, pk))


def _la_mienne(request: RequeteConnectee, pk: int) -> Inscription:
    """Return the registration of the person, not saved if she has none. Raises Http404."""
    seance = _rencontre(pk)
    membre = _membre(request, seance)
    if membre is None or seance.etat == Etat.PROGRAMMEE:
        raise Http404
    siennes = Inscription.objects.filter(seance=seance, membre=membre).select_related("membre__compte")
    sienne = siennes.first() or Inscription(membre=membre)
    sienne.seance = seance
    return sienne


def _contexte(request: HttpRequest, ligne: Inscription) -> dict[str, Any]:
    seance = ligne.seance
    return {
        "seance": seance,
        "app": seance.instance.app,
        "inscription": ligne if ligne.pk and ligne.etat != E.ANNULEE else None,
        "rang": actes.rang_d_attente(ligne) if ligne.pk and ligne.etat == E.ATTENTE else 0,
        "est_ouverte": seance.inscriptions_ouvertes,
        "est_passee": seance.fin <= timezone.now(),
        "libres": actes.places_libres(seance),
    }


LA_MIENNE = Ensemble[Inscription](
    pages={
        "inscrire": Page(
            lambda ligne, par, **reponses: actes.inscrire(ligne.seance, ligne.membre, par=par, **reponses),
            InscrireForm,
            succes=lambda _, faite: DITS[faite.etat],
        ),
        "desinscrire": Page(actes.desinscrire, succes="Votre inscription est annulée. Merci de l’avoir dit."),
        "donner_retour": Page(actes.donner_retour, RetourForm, succes="Merci, votre retour est enregistré."),
    },
    gabarit="seances/inscriptions/inscription.html",
    contexte=_contexte,
)


COLONNES = [
    Colonne("nom", "Nom", lambda i: str(i.membre)),
    Colonne("qualite", "Qualité", lambda i: i.membre.qualite),
    Colonne("college", "Collège", lambda i: str(i.membre.college)),
    Colonne("courriel", "Courriel", lambda i: i.membre.compte.boite),
    Colonne("telephone", "Téléphone", lambda i: i.membre.compte.telephone),
    Colonne("etat", "État", lambda i: capfirst(i.get_etat_display())),
    Colonne("le", "Depuis le", lambda i: i.le),
    Colonne("besoins", "Besoins", lambda i: en_mots(i.besoins)),
    Colonne("precisions", "Précisions", lambda i: i.precisions),
    Colonne("est_venu", "Présence", lambda i: i.est_venu),
    Colonne("note", "Note sur 5", lambda i: i.note),
    Colonne("retour", "Retour", lambda i: i.retour),
]


def en_mots(besoins: list[str]) -> str:
    return ", ".join(str(BESOINS.get(besoin, besoin)) for besoin in besoins)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def inscriptions(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Show who has a place, who waits and their needs; afterwards attendance and feedback. Also exports."""
    seance = _rencontre(pk)
    toutes = seance.inscriptions.exclude(etat=E.ANNULEE).select_related(
        "membre__compte", "membre__college", "membre__commune"
    )
    if request.GET.get("export") in FORMATS:
        liste = Liste(
            cle=f"inscriptions-{seance.pk}",
            titre="Inscriptions",
            objets=toutes,
            filtres=object,
            colonnes=COLONNES,
            tri="le",
            singulier="inscription",
            pluriel="inscriptions",
        )
        return exporter(request, liste, toutes.order_by("etat", "le", "pk"), request.GET["export"])
    if request.method == "POST":
        venus = {int(numero) for numero in request.POST.getlist("venu") if est_un_numero(numero)}
        try:
            combien = actes.noter_venues(seance, venus=venus, par=request.user)
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, request.path)
        messages.success(request, f"Présences notées : {combien}.")
        return redirect(request.path)
    inscrites: list[tuple[Inscription, str]] = []
    attente: list[tuple[Inscription, str]] = []
    for ligne in toutes.order_by("le", "pk"):
        (inscrites if ligne.etat == E.INSCRIT else attente).append((ligne, en_mots(ligne.besoins)))
    besoins: dict[str, int] = {}
    for ligne, _ in inscrites:
        for besoin in ligne.besoins:
            besoins[besoin] = besoins.get(besoin, 0) + 1
    contexte: dict[str, Any] = {
        "seance": seance,
        "app": seance.instance.app,
        "inscrites": inscrites,
        "attente": attente,
        "besoins": [(BESOINS.get(cle, cle), combien) for cle, combien in sorted(besoins.items())],
        "libres": actes.places_libres(seance),
        "est_ouverte": seance.inscriptions_ouvertes,
        "est_commencee": seance.debut <= timezone.now(),
        "avis": seance.inscriptions.filter(note__isnull=False).aggregate(
            moyenne=Avg("note"), combien=Count("pk")
        ),
        "retours": [ligne for ligne, _ in inscrites if ligne.note or ligne.retour],
    }
    return render(request, "seances/inscriptions/inscriptions.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Let an agent register a member who called."""
    page: Page[Inscription] = Page(
        lambda ligne, par, membre, **reponses: actes.inscrire(ligne.seance, membre, par=par, **reponses),
        AjouterForm,
        "La personne reçoit une lettre, avec le rendez-vous pour son agenda. S’il n’y a plus de place, elle entre "
        "en liste d’attente.",
        succes=lambda _, faite: f"{faite.membre} : {faite.get_etat_display()}.",
        retour=aller_aux_inscriptions,
    )
    return page_acte(request, Inscription(seance=_rencontre(pk)), "inscrire", page)
