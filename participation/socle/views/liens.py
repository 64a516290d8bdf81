"""Signed links: the row of one, the pages that they open, the short ones of SMS, the codes on paper, the page of an unknown one."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import segno
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_info
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions import consigner
from participation.socle.calendrier import debut_du_jour
from participation.socle.forms.champs import champ_ligne
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import adresse_en
from participation.socle.langues import plus_tard as _
from participation.socle.liens import Lien, LienExpire, LienInvalide, adresse_du_code, adresse_longue
from participation.socle.models import ReglageService, Scelle, de_quoi

M = TypeVar("M", bound=Scelle)
O = TypeVar("O")  # noqa: E741 what the link opens


@traduite
@publique
@never_cache
@require_safe
def lien_court(request: HttpRequest, jeton: str) -> HttpResponse:
    try:
        return redirect(adresse_longue(jeton))
    except LienExpire:
        return render(request, "socle/liens/lien_expire.html", status=410)
    except LienInvalide:
        return lien_inconnu(request, par_sms=True)


class CodeDuPapierForm(forms.Form):
    code = champ_ligne(
        _("Votre code"),
        _(
            "Une lettre, un numéro, puis huit lettres et chiffres. Les tirets et les majuscules ne comptent pas."
        ),
        maximum=60,
        erreur=_("Écrivez le code de votre papier."),
        attributs={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "dir": "ltr",
        },
    )


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mon_code(request: HttpRequest) -> HttpResponse:
    """Where who has a code on paper types it. A network that failed too often is not read."""
    form = CodeDuPapierForm(request.POST if request.method == "POST" else None)
    statut = 200
    if form.is_bound:
        statut = 422
        if limites.est_epuise(request, CODE):
            form.add_error(
                None,
                _("Trop de codes inconnus depuis votre réseau. Attendez un quart d’heure, ou appelez-nous."),
            )
            statut = 429
        elif form.is_valid():
            try:
                return Ensuite(adresse_du_code(form.cleaned_data["code"]))
            except LienInvalide:
                limites.compter_echec(request, CODE)
                form.add_error("code", _("Aucun papier ne porte ce code. Relisez-le, ou appelez-nous."))
    return render(
        request,
        "socle/liens/mon_code.html",
        {"form": form, "service": ReglageService.actuel()},
        status=statut,
    )


CODE = "code_papier"


def papier_a_garder(
    request: RequeteConnectee,
    lien: Lien,
    objet: Scelle,
    *,
    titre: str,
    lignes: Sequence[str] = (),
    langue: str,
    app: str,
    retour: tuple[str, str],
    montre: str = "",
) -> HttpResponse:
    """A slip to print for who has no mailbox: her code, where to type it, whom to call; in the language that she reads.

    `titre`: in this language. `lignes`: what else it says, in French. `retour`: (words, address) of the page that the
    agent comes from. `montre`: whose code it is, for the journal of what the row is about; "" when the act that made
    the slip wrote its line.
    """
    if montre and request.method == "GET":
        _dire_au_journal(objet, montre, request)
    suivi = settings.SITE_URL + adresse_en(reverse(lien.page, args=[lien.jeton(objet)]), langue)
    reponse = render(
        request,
        "socle/liens/papier_a_garder.html",
        {
            "titre": titre,
            "lignes": lignes,
            "code": lien.code(objet),
            "qr": segno.make(suivi, error="m", micro=False).svg_data_uri(scale=4, border=1),
            "ou": settings.SITE_URL.partition("//")[2] + adresse_en(reverse("socle:mon_code"), langue),
            "langue": langue,
            "sens": "rtl" if get_language_info(langue)["bidi"] else "ltr",
            "app": app,
            "retour": retour,
            "service": ReglageService.actuel(),
        },
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def _dire_au_journal(objet: Any, montre: str, request: RequeteConnectee) -> None:
    """A code opens what is hers alone: who read it is kept, once a day."""
    fait = f"Code sur papier montré : {montre}"
    lu = {"acte": "montrer_code", "fait": fait, "par": request.user, "le__gte": debut_du_jour()}
    if not de_quoi(objet)[0].porteur.journal.filter(**lu).exists():
        consigner(objet, "montrer_code", par=request.user, fait=fait, est_lu=True)


class LienPerdu(Http404):
    """A link of a letter that opens nothing: cut, altered, or what it opened is erased. Its page says so.

    `quoi` and `sinon`: as for `lien_inconnu`.
    """

    def __init__(self, quoi: str = "", sinon: str = "") -> None:
        super().__init__()
        self.quoi, self.sinon = quoi, sinon


def du_lien_ou_404(lien: Lien, jeton: str, objets: QuerySet[M]) -> M:
    """Return the row that a signed link opens, among these. Raises LienPerdu."""
    objet = lien.trouver(jeton, objets)
    if objet is None:
        raise LienPerdu
    return objet


def personnelle(
    trouver: Callable[[Any], O | None], inconnu: Callable[[HttpRequest], HttpResponse]
) -> Callable[[Callable[[HttpRequest, O, Any], HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a page that a letter's link opens: no account, never cached, never indexed.

    The page is called with what `trouver` returns for the token of the URL, and the token. When that is None,
    `inconnu` answers.
    """

    def decorer(page: Callable[[HttpRequest, O, Any], HttpResponse]) -> Callable[..., HttpResponse]:
        def vue(request: HttpRequest, **adresse: Any) -> HttpResponse:
            (jeton,) = adresse.values()
            objet = trouver(jeton)
            reponse = inconnu(request) if objet is None else page(request, objet, jeton)
            reponse["X-Robots-Tag"] = "noindex"
            return reponse

        vue.__name__, vue.__doc__ = page.__name__, page.__doc__
        return publique(never_cache(require_http_methods(["GET", "HEAD", "POST"])(vue)))  # type: ignore[return-value]

    return decorer


def lien_inconnu(
    request: HttpRequest, quoi: str = "", *, app: str = "metropole", sinon: str = "", par_sms: bool = False
) -> HttpResponse:
    """Page of an unknown signed link (404): it explains how to get the whole link.

    Most often, a mail program has cut the link. `quoi`: « aucune demande », "" when the link does not say. `sinon`: how to get another one, when
    it is not by answering our letter.
    """
    contexte = {"quoi": quoi, "app": app, "sinon": sinon, "par_sms": par_sms}
    reponse = render(request, "socle/liens/lien_inconnu.html", contexte, status=404)
    add_never_cache_headers(reponse)
    return reponse
