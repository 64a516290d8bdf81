"""Page to answer a demande without an account, by the signed link of the letter."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions.demandes import repondre_demande
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import RepondreDemandeForm, refuser
from participation.socle.http.decorateurs import publique
from participation.socle.models import Compte, Demande, Dossier
from participation.socle.views.fichiers import servir
from participation.socle.views.liens import LienPerdu, lien_inconnu


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_demande_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    demande = demande_du_lien(jeton)
    if demande is None:
        return lien_inconnu(request, "aucune demande")
    ailleurs = demande.dossier.enfant.lien_reponse(demande)
    if resolve(ailleurs).view_name != "socle:repondre_demande":  # two signatures of one link differ
        return redirect(ailleurs)
    return page_de_reponse(
        request,
        demande,
        lambda *donnees: RepondreDemandeForm(*donnees, demande=demande),
        lambda reponses: repondre_demande(demande, **reponses),
        est_close=not demande.est_ouverte or demande.dossier.clos_le is not None,
    )


def _qui_repond(request: HttpRequest, demande: Demande) -> Compte | None:
    """The account that is signed in, if the demande is addressed to it: the link alone does not say who holds it."""
    qui = request.user
    return qui if isinstance(qui, Compte) and demande.est_pour(qui) else None


def page_de_reponse(
    request: HttpRequest,
    demande: Demande,
    lier: Callable[..., Any],
    repondre: Callable[[dict[str, Any]], Any],
    *,
    est_close: bool,
    gabarit: str = "socle/demandes/repondre_demande.html",
    mots: str = "reponse",
    sens: str = "",
) -> HttpResponse:
    """Page of a demande and of its answer, which can be given once.

    An app with its own kind of answer gives its form (`lier`), its action (`repondre`), the field of the text
    (`mots`) and the words shown with a given answer (`sens`). A text sent too late is shown, so that it can
    be copied.
    """
    if request.method != "POST":
        return (
            _close(request, demande, sens=sens)
            if est_close
            else _question(request, demande, _nommer(request, lier()), gabarit)
        )
    form = lier(request.POST, request.FILES)
    if form.is_valid():
        try:
            repondre({**form.cleaned_data, "par": _qui_repond(request, demande)})
        except ActeInterdit:
            demande.refresh_from_db()
            return _close(request, demande, perdue=form.cleaned_data[mots], status=409)
        except (ErreurMetier, ValidationError) as refus:
            refuser(form, refus)
        else:
            return redirect(request.path)
    return _question(request, demande, form, gabarit)


def _nommer(request: HttpRequest, form: Any) -> Any:
    """Fill in the name of a person who is signed in. They can change it."""
    if isinstance(request.user, Compte) and not form.fields["nom"].initial:
        form.initial["nom"] = request.user.get_full_name()
    return form


@publique
@never_cache
@require_safe
def piece_de_la_demande(request: HttpRequest, jeton: str, pk: int) -> HttpResponseBase:
    """A file of the dossier that the demande is about, given by the same signed link."""
    demande = demande_du_lien(jeton)
    if demande is None:
        raise LienPerdu
    piece = get_object_or_404(demande.pieces_a_lire(), pk=pk)
    return servir(
        request,
        piece.fichier,
        nom=piece.nom,
        type_mime=piece.type_mime,
        empreinte=piece.sha256,
        est_public=False,
    )


def _lecture(demande: Demande) -> dict[str, Any]:
    """Texts and files of the dossier that the demande is about."""
    if not demande.montre_le_dossier:
        return {}
    jeton = demande.jeton()
    return {
        "a_lire": demande.dossier.enfant.a_lire(),
        "pieces": [
            (piece, reverse("socle:piece_de_la_demande", args=[jeton, piece.pk]))
            for piece in demande.pieces_a_lire()
        ],
    }


def demande_du_lien(jeton: str) -> Demande | None:
    """Return the demande of a signed link, or None if the link is unknown."""
    return Demande.LIEN.trouver(
        jeton, Demande.objects.select_related("dossier", "direction", "commune", "compte", "par")
    )


def _question(request: HttpRequest, demande: Demande, form: Any, gabarit: str) -> HttpResponse:
    return render(
        request,
        gabarit,
        {
            "demande": demande,
            "dossier": demande.dossier.enfant,
            "form": form,
            "autres": _autres_avis(demande),
            **_lecture(demande),
        },
    )


def _autres_avis(demande: Demande) -> list[tuple[Demande, str]]:
    """The other opinions due by who holds the link of an opinion, each with its page."""
    if demande.nature != Demande.Nature.AVIS or demande.annulee_le is not None:
        return []
    autres = demande.autres_avis().prefetch_related(Prefetch("dossier", Dossier.objects.avec_enfants()))
    return [(autre, autre.dossier.enfant.lien_reponse(autre)) for autre in autres]


def _close(
    request: HttpRequest, demande: Demande, *, perdue: str = "", sens: str = "", status: int = 200
) -> HttpResponse:
    """Page of a demande that is closed or already answered.

    `perdue`: the text sent too late, shown so that it can be copied.
    """
    return render(
        request,
        "socle/demandes/repondre_demande_close.html",
        {
            "demande": demande,
            "dossier": demande.dossier.enfant,
            "perdue": perdue,
            "sens": sens,
            "autres": _autres_avis(demande),
        },
        status=status,
    )
