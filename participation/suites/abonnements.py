"""Follow a dossier by mail: request, confirm, stop; the letters to those who do.

No page reveals whether an address is known: an unknown key stops too.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions.preuves import demandeur
from participation.socle.actions.tournees import AQuiEcrire, ecrire_en_nombre
from participation.socle.calendrier import debut_du_jour
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import Destinataire
from participation.socle.forms.champs import champ_courriel
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.langues import langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Dossier
from participation.socle.views.abonnements import ArretDesLettres
from participation.socle.views.preuves import PreuveParCourriel
from participation.suites.models import Abonnement, ReglementSuites
from participation.suites.rendu_compte.lectures import adresse_publique


def confirmer_l_abonnement(abonnement: Abonnement) -> None:
    """Send the link that confirms, or the link that stops if the address already follows. One letter a day."""
    porte.ecrire(
        "suites/suivre",
        a=abonnement.courriel,
        sujet=abonnement.dossier,
        dossier=abonnement.dossier,
        cle=f"suivre:{abonnement.cle}:{timezone.localdate():%Y%m%d}",
        langue=abonnement.langue,
        mots={
            "est_actif": abonnement.est_actif,
            "titre": porte.lu(abonnement.dossier, "titre"),
            "lien": reverse("suites:confirmer", args=[abonnement.cle]),
            "arret": reverse("suites:arreter", args=[abonnement.cle]),
            "page": adresse_publique(abonnement.dossier),
        },
    )


def prevenir_abonnes(dossier: Dossier, lettre: str, contexte: Mapping[str, Any], *, cle: str) -> int:
    """Write `lettre` to each follower of a published dossier, in lots. Return how many follow it.

    The template receives `dossier`, `lien` (public page) and `desabonnement`. Addresses that already have a letter
    with this `cle` are skipped.
    """
    if not dossier.est_publie:
        return 0
    return ecrire_en_nombre(
        lettre,
        abonnes,
        dossier,
        contexte={"dossier": dossier, "lien": adresse_publique(dossier), **contexte},
        cle=cle,
    )


def abonnes(dossier: Dossier) -> AQuiEcrire:
    """The followers of the dossier, each with their own link to unsubscribe."""
    return AQuiEcrire(Abonnement.objects.actifs().filter(dossier=dossier.pk), destinataire)


def destinataire(abonne: Abonnement) -> Destinataire:
    arret = reverse("suites:arreter", args=[abonne.cle])
    return Destinataire(abonne.courriel, desabonnement=arret, langue=abonne.langue)


class SuivreForm(forms.Form):
    courriel = champ_courriel(
        _("Votre adresse de courriel"),
        erreur=_("Écrivez votre adresse de courriel."),
        attributs={"autocomplete": "email"},
        max_length=254,
    )


def suivre(dossier: Dossier, courriel: str) -> None:
    """Write the letter that asks to confirm. The same to the eye whether the address follows already or not.

    One letter a day for an address and a dossier, and no more a day for an address than the règlement says.
    """
    courriel = courriel.strip().lower()
    reglement = ReglementSuites.objects.en_vigueur()
    with transaction.atomic():
        abonnement = demandeur(Abonnement, courriel, dossier_id=dossier.pk)
        demandes = Abonnement.objects.filter(courriel__iexact=courriel, demande_le__gte=debut_du_jour())
        if reglement and demandes.exclude(pk=abonnement.pk).count() >= reglement.demandes_par_jour:
            return
        if abonnement.arrete_le is not None:
            abonnement.arrete_le, abonnement.confirme_le = None, None
        if not abonnement.est_actif:  # who knows a proved address does not choose the language of its letters
            abonnement.langue = langue()
        abonnement.demande_le = timezone.now()
        abonnement.save()
        confirmer_l_abonnement(abonnement)


def confirmer(abonnement: Abonnement) -> None:
    """Confirm the subscription. Idempotent. A stopped one stays stopped: it must be requested again."""
    Abonnement.objects.filter(pk=abonnement.pk, confirme_le=None, arrete_le=None).update(
        confirme_le=timezone.now()
    )
    abonnement.refresh_from_db()


def arreter(abonnement: Abonnement) -> None:
    """Stop the subscription. Idempotent."""
    Abonnement.objects.filter(pk=abonnement.pk, arrete_le=None).update(arrete_le=timezone.now())
    abonnement.refresh_from_db()


def _dossier(pk: int) -> Dossier:
    return get_object_or_404(Dossier, pk=pk, est_publie=True)


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page_pour_suivre(request: HttpRequest, pk: int) -> HttpResponse:
    """Form to follow a dossier, on its own page: the public pages of dossiers set no cookie."""
    dossier = _dossier(pk)
    form = SuivreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        courriel = form.cleaned_data["courriel"]
        # The page is the same when no letter is sent, so that it reveals nothing about the address.
        if limites.tenter(request, "suivre", courriel):
            suivre(dossier, courriel)
        return redirect("suites:suivi_demande", pk)
    reglement = ReglementSuites.objects.en_vigueur()
    return render(
        request,
        "suites/suivre.html",
        {
            "form": form,
            "dossier": dossier,
            "app": dossier.app,
            "retour": adresse_publique(dossier),
            "jours": reglement.conservation_demandes_jours if reglement else None,
        },
    )


@traduite
@publique
@never_cache
@require_safe
def suivi_demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Page after a request, the same for every address."""
    dossier = _dossier(pk)
    return render(
        request,
        "suites/suivi_demande.html",
        {"dossier": dossier, "app": dossier.app, "retour": adresse_publique(dossier)},
    )


def _abonnement(cle: uuid.UUID) -> Abonnement | None:
    return Abonnement.objects.select_related("dossier").filter(cle=cle).first()


def _contexte(abonnement: Abonnement, cle: uuid.UUID) -> dict[str, Any]:
    dossier = abonnement.dossier
    retour = adresse_publique(dossier) if dossier.est_publie else ""
    return {"abonnement": abonnement, "dossier": dossier, "app": dossier.app, "retour": retour}


CONFIRMER = PreuveParCourriel[Abonnement](
    trouver=_abonnement,
    prouver=lambda request, abonnement: confirmer(abonnement),
    gabarit="suites/confirmer.html",
    contexte=_contexte,
    quoi="aucune demande",
    sinon="Sinon, demandez un nouveau lien depuis la page du dossier.",
    est_traduite=True,
)


ARRETER = ArretDesLettres[Abonnement](
    trouver=_abonnement,
    adresse=lambda abonnement: abonnement.courriel,
    arreter=arreter,
    est_arretee=lambda abonnement: abonnement.arrete_le is not None,
    gabarit="suites/arreter.html",
    contexte=lambda abonnement: _contexte(abonnement, abonnement.cle),
    est_traduite=True,
)
