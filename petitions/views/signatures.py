"""Pages of a signer: the form, and personal pages by signed link. No account, no session."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.erreurs import ErreurMetier
from participation.socle.http import adresse_client, publique
from participation.socle.models import Commune, ReglageService
from participation.socle.views.ensuite import Ensuite
from petitions.actions import signatures as actions
from petitions.forms.signatures import CorrigerSignatureForm, LireSignatureForm, SignerForm
from petitions.lectures.referentiel import reseau_connu
from petitions.models import Petition, Signature

ETAPES = ("Vos réponses", "Le lien reçu par courriel", "Signature comptée")
Page = Callable[[HttpRequest, Signature, str], HttpResponse]


@lru_cache(maxsize=1000)
def _merci(pk: int) -> str:
    return reverse("petitions:signature_demandee", args=[pk])


@publique
@require_http_methods(["GET", "HEAD", "POST"])
def signer(request: HttpRequest, pk: int) -> HttpResponse:
    """Valid answers cost one statement: no session, no read, no letter."""
    lecture = LireSignatureForm(request.POST if request.method == "POST" else None)
    if lecture.is_valid():
        ip = adresse_client(request)
        if actions.demander_signature(pk, **lecture.reponses, ip=ip, reseau_connu=reseau_connu(ip)):
            return Ensuite(_merci(pk), headers={"Cache-Control": "private, no-store"})
    return _formulaire(request, pk)


@never_cache
def _formulaire(request: HttpRequest, pk: int) -> HttpResponse:
    petition = get_object_or_404(Petition.objects.publiees().select_related("reglement"), pk=pk)
    if not petition.est_signable:
        return render(request, "petitions/signatures/fermee.html", {"petition": petition})
    form = SignerForm(request.POST if request.method == "POST" else None)
    form.dire_age(petition.reglement.age_minimum)
    return render(
        request,
        "petitions/signatures/signer.html",
        {"petition": petition, "form": form, "etapes_signature": ETAPES, "service": ReglageService.actuel()},
    )


@publique
@cache_control(public=True, max_age=60)
@require_safe
def signature_demandee(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page in all cases (new, repeated, confirmed, set aside), so that nobody can test an
    address."""
    petition = get_object_or_404(Petition.objects.publiees().select_related("reglement"), pk=pk)
    return render(
        request, "petitions/signatures/demandee.html", {"petition": petition, "etapes_signature": ETAPES}
    )


def personnelle(page: Page) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorator of a page by signed link: not cached, not indexed; an invalid link gets an explanation
    (404)."""

    def vue(request: HttpRequest, jeton: str) -> HttpResponse:
        signature = Signature.LIEN.trouver(
            jeton, Signature.objects.select_related("petition__reglement", "commune")
        )
        if signature is None:
            reponse = render(request, "petitions/signatures/lien_perdu.html", status=404)
        else:
            reponse = page(request, signature, jeton)
        reponse["X-Robots-Tag"] = "noindex"
        return reponse

    vue.__name__ = page.__name__
    vue.__doc__ = page.__doc__
    return publique(never_cache(require_http_methods(["GET", "HEAD", "POST"])(vue)))  # type: ignore[return-value]


def _page(
    request: HttpRequest,
    gabarit: str,
    signature: Signature,
    jeton: str,
    *,
    form: CorrigerSignatureForm | None = None,
    erreur: str = "",
) -> HttpResponse:
    return render(
        request,
        f"petitions/signatures/{gabarit}.html",
        {
            "signature": signature,
            "petition": signature.petition,
            "jeton": jeton,
            "form": form,
            "erreur": erreur,
            "Etat": Signature.Etat,
            "etapes_signature": ETAPES,
            "adresse_publique": settings.SITE_URL + signature.petition.get_public_url(),
            "possible": signature.petition.confirmation_possible(),
        },
        status=409 if erreur and request.method == "POST" else 200,
    )


def _page_a_bouton(
    request: HttpRequest, acte: Callable[[Signature], None], signature: Signature, jeton: str, *, ensuite: str
) -> HttpResponse:
    erreur = ""
    if request.method == "POST":
        try:
            acte(signature)
        except ErreurMetier as refus:
            erreur = refus.message
        else:
            return Ensuite(ensuite)
    return _page(request, acte.__name__, signature, jeton, erreur=erreur)


@personnelle
def confirmer_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    """GET shows a button and changes nothing, so that a mail scanner that follows links signs nothing."""

    def confirmer_signature(signature: Signature) -> None:
        ip = adresse_client(request)
        actions.confirmer_signature(signature, ip=ip, reseau_connu=reseau_connu(ip))

    return _page_a_bouton(request, confirmer_signature, signature, jeton, ensuite=request.path)


@personnelle
def ma_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    return _page(request, "ma_signature", signature, jeton)


@personnelle
def corriger_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    form = CorrigerSignatureForm.de(signature, request.POST if request.method == "POST" else None)
    if form.is_valid():
        reponses = form.cleaned_data
        try:
            actions.corriger_signature(
                signature, **{**reponses, "commune": Commune.objects.get(pk=reponses["commune"])}
            )
        except ErreurMetier as refus:
            form.add_error(None, refus.message)
        else:
            return Ensuite(reverse("petitions:ma_signature", args=[jeton]))
    return _page(request, "corriger_signature", signature, jeton, form=form)


@personnelle
def retirer_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    ensuite = reverse("petitions:ma_signature", args=[jeton])
    return _page_a_bouton(request, actions.retirer_signature, signature, jeton, ensuite=ensuite)


@personnelle
def refuser_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    """« Ce n’est pas moi »: GET shows a button, POST refuses."""
    if request.method == "POST":
        actions.refuser_signature(signature)
        return Ensuite(reverse("petitions:ma_signature", args=[jeton]))
    return _page(request, "refuser_signature", signature, jeton)


@personnelle
def lever_refus(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    """Lift a refusal, from « Ma signature »; the person then signs with the usual form."""
    ensuite = reverse("petitions:signer", args=[signature.petition_id])
    return _page_a_bouton(request, actions.lever_refus, signature, jeton, ensuite=ensuite)
