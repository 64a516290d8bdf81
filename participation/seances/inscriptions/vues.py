"""Pages of visits and trainings: members register, agents keep the list."""

from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from participation.seances.inscriptions import actes
from participation.seances.inscriptions.actes import AjouterForm, InscrireForm, RetourForm
from participation.seances.models import Inscription, Membre, Profil, Seance
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import RequeteConnectee, est_un_numero, reserve_a
from participation.socle.views.exports import FORMATS
from participation.socle.views.listes import Colonne, Liste, exporter
from participation.socle.views.pages import Page, acte_depasse, lier, page_acte
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


def inscription(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Let a member register, cancel, or give feedback: one of them at a time."""
    seance = _rencontre(pk)
    membre = _membre(request, seance)
    if membre is None or seance.etat == Etat.PROGRAMMEE:
        raise Http404
    sienne = Inscription.objects.filter(seance=seance, membre=membre).select_related("membre__compte").first()
    if sienne is not None:
        sienne.seance = seance
    form: InscrireForm | RetourForm | None = None
    demande = request.POST.get("acte", "")
    est_inscrite = sienne is not None and sienne.etat != E.ANNULEE
    attend_retour = sienne is not None and sienne.attend_un_retour
    if attend_retour and sienne is not None:
        form = lier(request, RetourForm, sienne)
    elif not est_inscrite and seance.inscriptions_ouvertes:
        form = lier(request, InscrireForm, Inscription(seance=seance, membre=membre))
    if request.method == "POST":
        try:
            if demande == "desinscrire" and sienne is not None:
                actes.desinscrire(sienne, par=request.user)
                messages.success(request, "Votre inscription est annulée. Merci de l’avoir dit.")
                return redirect(request.path)
            if demande == "retour" and sienne is not None and isinstance(form, RetourForm):
                if form.is_valid():
                    actes.donner_retour(sienne, par=request.user, **form.cleaned_data)
                    messages.success(request, "Merci, votre retour est enregistré.")
                    return redirect(request.path)
            elif demande == "inscrire":
                # Without a form, the page was opened too early or too late: the act raises the error to show.
                if not isinstance(form, InscrireForm):
                    actes.inscrire(seance, membre, par=request.user)
                elif form.is_valid():
                    faite = actes.inscrire(seance, membre, par=request.user, **form.cleaned_data)
                    messages.success(request, DITS[faite.etat])
                    return redirect(request.path)
            else:
                raise ActeInterdit("Cet acte n’est plus possible.")
        except ErreurMetier as erreur:
            return acte_depasse(request, erreur.message, request.path)
    return render(
        request,
        "seances/inscription.html",
        {
            "seance": seance,
            "app": seance.instance.app,
            "inscription": sienne if est_inscrite else None,
            "rang": actes.rang_d_attente(sienne) if sienne is not None and sienne.etat == E.ATTENTE else 0,
            "form": form,
            "attend_retour": attend_retour,
            "est_ouverte": seance.inscriptions_ouvertes,
            "est_passee": seance.fin <= timezone.now(),
            "libres": actes.places_libres(seance),
        },
    )


COLONNES = [
    Colonne("nom", "Nom", lambda i: str(i.membre)),
    Colonne("qualite", "Qualité", lambda i: i.membre.qualite),
    Colonne("college", "Collège", lambda i: str(i.membre.college)),
    Colonne("courriel", "Courriel", lambda i: i.membre.compte.courriel),
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
    return render(request, "seances/inscriptions.html", contexte)


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


def aller_aux_inscriptions(ligne: Inscription, _: object) -> str:
    return reverse("seances:inscriptions", args=[ligne.seance_id])


PAGES: dict[str, Page[Inscription]] = {
    "desinscrire": Page(
        actes.desinscrire,
        consequence="La personne est prévenue. La première de la liste d’attente a sa place et reçoit une lettre.",
        succes="L’inscription est annulée.",
        retour=aller_aux_inscriptions,
    )
}
