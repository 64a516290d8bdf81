"""Pages of a signer: the form, and personal pages by signed link. No account, no session."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.erreurs import ErreurMetier
from participation.socle.http.decorateurs import publique, reserve_a, traduite
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee, adresse_client
from participation.socle.langues import FRANCAIS, langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Commune, ReglageService
from participation.socle.regles.adresses import canoniser
from participation.socle.views import liens
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.workflow import Role
from petitions.models import Petition, Signature
from petitions.signatures import actes, retrait
from petitions.signatures.actes import CorrigerSignatureForm, LireSignatureForm, SignerForm
from petitions.signatures.referentiel import reseau_connu
from petitions.signatures.regles import nom_canonique
from petitions.trouver import petition_du_bureau

ETAPES = (_("Vos réponses"), _("Le lien reçu par courriel"), _("Signature comptée"))


@lru_cache(maxsize=1000)
def _merci(pk: int, langue: str) -> str:
    return reverse("petitions:signature_demandee", args=[pk])


@traduite
@publique
@require_http_methods(["GET", "HEAD", "POST"])
def signer(request: HttpRequest, pk: int) -> HttpResponse:
    """Valid answers cost one statement: no session, no read, no letter."""
    lecture = LireSignatureForm(request.POST if request.method == "POST" else None)
    if lecture.is_valid():
        ip = adresse_client(request)
        if actes.demander_signature(pk, **lecture.reponses, ip=ip, reseau_connu=reseau_connu(ip)):
            return Ensuite(_merci(pk, langue()), headers={"Cache-Control": "private, no-store"})
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


@traduite
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


def _signature(jeton: str) -> Signature | None:
    return Signature.LIEN.trouver(jeton, Signature.objects.select_related("petition__reglement", "commune"))


def _contexte(signature: Signature, jeton: str) -> dict[str, Any]:
    return {
        "signature": signature,
        "petition": signature.petition,
        "jeton": jeton,
        "qui": f"signature:{signature.pk}",
        "Etat": Signature.Etat,
        "etapes_signature": ETAPES,
        "adresse_publique": settings.SITE_URL + signature.petition.get_public_url(),
    }


def _confirmer(request: HttpRequest, signature: Signature) -> None:
    ip = adresse_client(request)
    actes.confirmer_signature(signature, ip=ip, reseau_connu=reseau_connu(ip))


CONFIRMER = PreuveParCourriel[Signature](
    trouver=_signature,
    prouver=_confirmer,
    app="petitions",
    gabarit="petitions/signatures/confirmer_signature.html",
    contexte=_contexte,
    quoi="aucune signature",
    est_traduite=True,
    sinon="Sinon, signez de nouveau depuis la page de la pétition : vous recevrez un autre lien.",
)
personnelle = liens.personnelle(_signature, CONFIRMER.inconnu)


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
        {**_contexte(signature, jeton), "form": form, "erreur": erreur},
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


@traduite
@personnelle
def ma_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    return _page(request, "ma_signature", signature, jeton)


@traduite
@personnelle
def corriger_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    if signature.est_sur_papier:
        return Ensuite(reverse("petitions:ma_signature", args=[jeton]))
    form = CorrigerSignatureForm.de(signature, request.POST if request.method == "POST" else None)
    if form.is_valid():
        reponses = form.cleaned_data
        try:
            actes.corriger_signature(
                signature, **{**reponses, "commune": Commune.objects.get(pk=reponses["commune"])}
            )
        except ErreurMetier as refus:
            form.add_error(None, refus.message)
        else:
            return Ensuite(reverse("petitions:ma_signature", args=[jeton]))
    return _page(request, "corriger_signature", signature, jeton, form=form)


@traduite
@personnelle
def retirer_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    ensuite = reverse("petitions:ma_signature", args=[jeton])
    return _page_a_bouton(request, retrait.retirer_signature, signature, jeton, ensuite=ensuite)


@traduite
@personnelle
def refuser_signature(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    """« Ce n’est pas moi »: GET shows a button, POST refuses."""
    ensuite = reverse("petitions:ma_signature", args=[jeton])
    if signature.est_sur_papier:
        return Ensuite(ensuite)
    return _page_a_bouton(request, retrait.refuser_signature, signature, jeton, ensuite=ensuite)


@traduite
@personnelle
def lever_refus(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    """Lift a refusal, from « Ma signature »; the person then signs with the usual form."""
    ensuite = reverse("petitions:signer", args=[signature.petition_id])
    return _page_a_bouton(request, retrait.lever_refus, signature, jeton, ensuite=ensuite)


@reserve_a(Role.AGENT)
@never_cache
@require_safe
def signature_sur_papier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The slip of who signed on paper: the code with which she reads, withdraws, and asks for erasure."""
    signature = signature_du_bureau(request, pk)
    if not signature.est_sur_papier or signature.contact is None:
        raise Http404
    petition, feuille = signature.petition, signature.feuille
    nom = f"{signature.prenom} {signature.nom}"
    return liens.papier_a_garder(
        request,
        Signature.LIEN,
        signature,
        titre="Votre signature sur papier",
        lignes=[
            f"«\u00a0{petition.titre}\u00a0» ({petition.reference}), "
            f"feuille n° {feuille.numero if feuille else '…'}, ligne {signature.ligne}\u00a0: {nom}.",
            "Ce code dit si votre signature compte, et ce que devient la pétition. Avec lui vous la retirez, ou vous demandez "
            "l’effacement de vos données, au téléphone ou au guichet.",
        ],
        langue=FRANCAIS,
        app="petitions",
        retour=(
            "Revenir aux signatures",
            f"{reverse('petitions:signataires', args=[petition.pk])}?{urlencode({'q': nom})}",
        ),
        montre=f"feuille n° {feuille.numero if feuille else '…'}, ligne {signature.ligne}",
    )


MONTREES = 20


@reserve_a(Role.AGENT)
@require_safe
def signataires(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    mots = request.GET.get("q", "").replace("\0", "").strip()[:200]
    trouvees = list(chercher(petition, mots)[: MONTREES + 1]) if mots else []
    return render(
        request,
        "petitions/signatures/signataires.html",
        {
            "petition": petition,
            "mots": mots,
            "trouvees": [(s, s.permet("retirer_signataire", request.user)) for s in trouvees[:MONTREES]],
            # Found by a word, she is told from her namesakes by the first letter of her address and its domain.
            "en_entier": "@" in mots,
            "coupee": len(trouvees) > MONTREES,
            "montrees": MONTREES,
        },
    )


def chercher(petition: Petition, mots: str) -> QuerySet[Signature]:
    """Search by whole address, or by words of the name whatever their spelling."""
    siennes = (
        petition.signatures.exclude(nom_canonique="")
        .select_related("commune", "feuille")
        .order_by("-demandee_le")
    )
    if "@" in mots:
        return siennes.filter(courriel_canonique=canoniser(mots))
    canonique = nom_canonique(mots, "")
    if not canonique:
        return siennes.none()
    for mot in canonique.split()[:5]:
        siennes = siennes.filter(nom_canonique__contains=mot)
    return siennes


def signature_du_bureau(request: RequeteConnectee, pk: int) -> Signature:
    visibles = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        Signature.objects.filter(petition__in=visibles).select_related("petition", "commune"), pk=pk
    )
