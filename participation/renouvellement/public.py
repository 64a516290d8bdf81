"""Public pages of applicants: call, form, pages behind the signed link. No account, no session."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.renouvellement import nomination
from participation.renouvellement.candidatures import actes as candidatures
from participation.renouvellement.candidatures import retrait
from participation.renouvellement.candidatures.actes import CandidatureForm, CorrectionForm
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.renouvellement.workflow import EtatCampagne
from participation.seances.models import Instance
from participation.socle.erreurs import ErreurMetier
from participation.socle.http import limites
from participation.socle.http.decorateurs import gardable, publique, traduite
from participation.socle.http.protocole import Ensuite
from participation.socle.langues import plus_tard as _
from participation.socle.regles.textes import phrases
from participation.socle.views import liens
from participation.socle.views.pages import essayer
from participation.socle.views.preuves import PreuveParCourriel

ETAPES = (_("Vos réponses"), _("Le lien reçu par courriel"), _("Candidature enregistrée"))


HEURE = 3600  # seconds


@traduite
@publique
@gardable(60)
@require_safe
def candidater(request: HttpRequest, cle: str) -> HttpResponse:
    """Page of the call of an instance: the open one, else the coming one, else the last closed.

    Several open calls, or several coming ones, are listed. Without any call, the page says so.
    """
    appels = list(
        Campagne.objects.publiques()
        .filter(instance__cle=cle)
        .select_related("instance")
        .order_by("-ouverture", "-pk")
    )
    ouverts = [c for c in appels if c.phase == "ouverte"] or [c for c in appels if c.phase == "a_venir"]
    if len(ouverts) > 1:
        return render(
            request, "renouvellement/public/appels.html", {"instance": ouverts[0].instance, "appels": ouverts}
        )
    campagne = next(iter(ouverts or appels), None)
    if campagne is not None:
        return _appel(request, campagne.instance, campagne)
    return _appel(request, get_object_or_404(Instance, cle=cle, est_publique=True, est_active=True), None)


@traduite
@publique
@gardable(60)
@require_safe
def appel(request: HttpRequest, cle: str, pk: int) -> HttpResponse:
    """Page of one call, also before and after it."""
    campagnes = Campagne.objects.publiques().select_related("instance")
    campagne = get_object_or_404(campagnes, pk=pk, instance__cle=cle)
    return _appel(request, campagne.instance, campagne)


def _appel(request: HttpRequest, instance: Instance, campagne: Campagne | None) -> HttpResponse:
    colleges = [c for c in campagne.colleges.all() if c.est_ouvert] if campagne else []
    return render(
        request,
        "renouvellement/public/candidater.html",
        {
            "instance": instance,
            "campagne": campagne,
            "colleges": colleges,
            "phase": campagne.phase if campagne else "",
        },
    )


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deposer_candidature(request: HttpRequest, cle: str, college: int) -> HttpResponse:
    trouve = get_object_or_404(
        CollegeCampagne.objects.select_related("campagne__instance").exclude(
            campagne__etat__in=[EtatCampagne.BROUILLON, EtatCampagne.ABANDONNEE]
        ),
        pk=college,
        campagne__instance__cle=cle,
    )
    if not trouve.est_ouvert or not trouve.campagne.recoit():
        return render(
            request,
            "renouvellement/public/ferme.html",
            {
                "campagne": trouve.campagne,
                "college": trouve,
                "phase": trouve.campagne.phase,
                "ecrits": phrases(request),
            },
            status=200 if request.method != "POST" else 409,
        )
    form = CandidatureForm(request.POST or None, objet=trouve)
    statut = 200
    if form.is_valid():
        merci = Ensuite(reverse("renouvellement:candidature_demandee", args=[cle, college]))
        if form.est_piege:
            return merci
        if trop_de_demandes(request, trouve.campagne):
            form.add_error(
                None,
                _(
                    "Beaucoup de candidatures arrivent depuis votre réseau. Vos réponses sont toujours là : "
                    "envoyez-les de nouveau dans une heure."
                ),
            )
            statut = 429
        else:
            essayer(form, lambda: candidatures.candidater(trouve, **form.cleaned_data))
            if not form.errors:
                return merci
    return render(
        request,
        "renouvellement/public/deposer_candidature.html",
        {"campagne": trouve.campagne, "college": trouve, "form": form, "etapes_candidature": ETAPES},
        status=statut,
    )


def trop_de_demandes(request: HttpRequest, campagne: Campagne) -> bool:
    """Whether a network exceeds `demandes_par_heure`. Only a hash of its address is cached."""
    reseau = hashlib.sha256(limites.reseau_de(request).encode()).hexdigest()[:24]
    cle = f"candidater:{campagne.pk}:{reseau}"
    cache.add(cle, 0, HEURE)
    try:
        return cache.incr(cle) > campagne.demandes_par_heure
    except ValueError:  # expired between the two calls
        return False


@traduite
@publique
@require_safe
def candidature_demandee(request: HttpRequest, cle: str, college: int) -> HttpResponse:
    """Same page for a new, repeated or existing candidature: an address cannot be tested."""
    trouve = get_object_or_404(
        CollegeCampagne.objects.select_related("campagne__instance").exclude(
            campagne__etat=EtatCampagne.BROUILLON
        ),
        pk=college,
        campagne__instance__cle=cle,
    )
    return render(
        request,
        "renouvellement/public/demandee.html",
        {"campagne": trouve.campagne, "college": trouve, "etapes_candidature": ETAPES},
    )


# Signed link
def _candidature(jeton: str) -> Candidature | None:
    candidatures = Candidature.objects.select_related(
        "campagne__instance", "college__college__mandature", "commune", "quartier__commune", "membre"
    )
    return Candidature.LIEN.trouver(jeton, candidatures.filter(effacee_le__isnull=True))


def _contexte(candidature: Candidature, jeton: str) -> dict[str, Any]:
    return {
        "candidature": candidature,
        "campagne": candidature.campagne,
        "college": candidature.college,
        "jeton": jeton,
        "qui": f"candidature:{candidature.pk}",
        "reponses_aux_questions": candidature.reponses_aux_questions(),
        "corrigeable": candidature.campagne.recoit() and candidature.etat != "retiree",
        "confirmable": candidature.campagne.confirme(),
        "etapes_candidature": ETAPES,
        "app": candidature.campagne.instance.app,
    }


CONFIRMER = PreuveParCourriel[Candidature](
    trouver=_candidature,
    prouver=lambda request, candidature: candidatures.confirmer_candidature(candidature),
    gabarit="renouvellement/public/confirmer_candidature.html",
    contexte=_contexte,
    quoi="aucune candidature",
    est_traduite=True,
    sinon="Sinon, si l’appel est ouvert, candidatez de nouveau : vous recevrez un autre lien.",
)
personnelle = liens.personnelle(_candidature, CONFIRMER.inconnu)


def _page(
    request: HttpRequest, gabarit: str, candidature: Candidature, jeton: str, **contexte: Any
) -> HttpResponse:
    return render(
        request,
        f"renouvellement/public/{gabarit}.html",
        {**_contexte(candidature, jeton), **contexte},
        status=409 if contexte.get("erreur") and request.method == "POST" else 200,
    )


@traduite
@personnelle
def ma_candidature(request: HttpRequest, candidature: Candidature, jeton: str) -> HttpResponse:
    return _page(request, "ma_candidature", candidature, jeton)


def _faire(request: HttpRequest, acte: Callable[[], object]) -> str | None:
    """Run the act of a POST. Return its refusal as a sentence, "" when done, None for another method."""
    if request.method != "POST":
        return None
    try:
        acte()
    except ErreurMetier as refus:
        return refus.message
    except ValidationError as refus:
        return " ".join(refus.messages)
    return ""


@traduite
@personnelle
def corriger_candidature(request: HttpRequest, candidature: Candidature, jeton: str) -> HttpResponse:
    form = CorrectionForm(request.POST or None, objet=candidature)
    if form.is_valid():
        essayer(form, lambda: candidatures.corriger_candidature(candidature, **form.cleaned_data))
    if form.is_bound and not form.errors:
        etape = "ma_candidature" if candidature.deposee_le else "confirmer_candidature"
        return Ensuite(reverse(f"renouvellement:{etape}", args=[jeton]))
    return _page(request, "corriger_candidature", candidature, jeton, form=form)


@traduite
@personnelle
def retirer_candidature(request: HttpRequest, candidature: Candidature, jeton: str) -> HttpResponse:
    """Withdraw; also « Ce n’est pas moi »: a candidature never confirmed is deleted."""
    jamais_comptee = candidature.deposee_le is None
    erreur = _faire(request, lambda: retrait.retirer_candidature(candidature))
    if erreur != "":
        return _page(request, "retirer_candidature", candidature, jeton, erreur=erreur or "")
    if jamais_comptee:
        return render(request, "renouvellement/public/effacee.html", {"campagne": candidature.campagne})
    return Ensuite(reverse("renouvellement:ma_candidature", args=[jeton]))


@traduite
@personnelle
def repondre_appel(request: HttpRequest, candidature: Candidature, jeton: str) -> HttpResponse:
    """Accept or decline an offered seat."""
    erreur = _faire(request, lambda: nomination.repondre_appel(candidature, accepte="oui" in request.POST))
    if erreur == "":
        return Ensuite(request.path)
    return _page(request, "repondre_appel", candidature, jeton, erreur=erreur or "")
