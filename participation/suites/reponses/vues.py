"""Pages of the answer of a direction: by its signed link, without an account; then published or set aside by an agent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.erreurs import ActeInterdit
from participation.socle.http.decorateurs import publique
from participation.socle.regles.textes import sans_controle
from participation.socle.views.liens import lien_inconnu
from participation.socle.views.pages import Page, agir, pages_de
from participation.suites.models import ReponseDirection, Suite
from participation.suites.reponses import actes
from participation.suites.reponses.actes import RepondreForm, url_publique

PAGES_DES_REPONSES: dict[str, Page[ReponseDirection]] = pages_de(Suite, actes, sur="reponsedirection")


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre(request: HttpRequest, jeton: str) -> HttpResponse:
    """Show the form, or what became of the suite once it is answered. Only a POST changes something."""
    trouvee = Suite.LIEN.trouver_precis(jeton, Suite.objects.select_related("dossier", "direction"))
    if trouvee is None:
        return lien_inconnu(request, "aucune suite")
    suite, direction = trouvee
    derniere = suite.reponses.select_related("piece").filter(direction=direction).first()
    if request.method != "POST":
        if not _est_ouverte(suite, direction, derniere):
            return _close(request, suite, direction, derniere)
        return _question(request, suite, derniere, RepondreForm(objet=suite))

    form = RepondreForm(request.POST, request.FILES, objet=suite)
    if not _est_ouverte(suite, direction, derniere):
        if _est_la_meme(request, derniere):
            # Second click on the same button: show that the answer was recorded.
            return redirect("suites:repondre", jeton)
        return _close(request, suite, direction, derniere, perdue=_ecrit(request), status=409)
    if form.is_valid():
        try:
            agir(par_lien(direction), suite, form, None, "repondre_par_lien")
        except ActeInterdit:
            suite.refresh_from_db()
            derniere = suite.reponses.filter(direction=direction).first()
            if _est_la_meme(request, derniere):
                return redirect("suites:repondre", jeton)
            return _close(request, suite, direction, derniere, perdue=_ecrit(request), status=409)
        if not form.errors:
            return redirect("suites:repondre", jeton)
    return _question(request, suite, derniere, form)


def par_lien(direction: int) -> Page[Suite]:
    return Page(
        lambda suite, par, **reponses: actes.repondre_par_lien(suite, direction_id=direction, **reponses)
    )


def _est_ouverte(suite: Suite, direction: int, derniere: ReponseDirection | None) -> bool:
    attend = derniere is not None and derniere.est_en_attente
    return suite.direction_id == direction and suite.est_ouverte and not attend


def _est_la_meme(request: HttpRequest, derniere: ReponseDirection | None) -> bool:
    """Whether this request repeats, word for word, the answer that already waits."""
    if derniere is None or not derniere.est_en_attente:
        return False
    return all(
        sans_controle(request.POST.get(champ, "")).replace("\r\n", "\n").strip() == getattr(derniere, champ)
        for champ in ("etat", "texte_public", "motif", "oriente_vers", "nom")
    )


def _ecrit(request: HttpRequest) -> str:
    textes = (request.POST.get(champ, "").strip() for champ in ("texte_public", "motif", "oriente_vers"))
    return "\n\n".join(texte for texte in textes if texte)


def _question(
    request: HttpRequest, suite: Suite, derniere: ReponseDirection | None, form: RepondreForm
) -> HttpResponse:
    return render(
        request,
        "suites/repondre.html",
        {
            "suite": suite,
            "dossier": suite.dossier,
            "url_publique": url_publique(suite),
            "a_lire": suite.dossier.enfant.a_lire(),
            "ecartee": derniere if derniere is not None and derniere.ecartee_le else None,
            "form": form,
        },
    )


def _close(
    request: HttpRequest,
    suite: Suite,
    direction: int,
    derniere: ReponseDirection | None,
    *,
    perdue: str = "",
    status: int = 200,
) -> HttpResponse:
    """Page of a suite that expects no answer. `perdue`: text just typed, shown so that it can be copied."""
    return render(
        request,
        "suites/repondre_close.html",
        {
            "suite": suite,
            "dossier": suite.dossier,
            "reponse": derniere,
            "est_ailleurs": suite.direction_id != direction,
            "url_publique": url_publique(suite),
            "perdue": perdue,
        },
        status=status,
    )
