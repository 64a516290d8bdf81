"""Development only: every letter as it was written, with sign-in codes and personal links."""

from functools import wraps
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.courriels.message import html_de
from participation.socle.courriels.sms import dire_longueur
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import Vue
from participation.socle.models import Courriel, PieceCourriel
from participation.socle.views.courriels import ASPECTS

LETTRES_MONTREES = 50
# A letter is content written by others: it must run no script and load nothing from elsewhere.
CSP_LETTRE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


def en_developpement(vue: Vue) -> Vue:
    """Open a view to everybody when settings.LETTRES_LISIBLES is true; 404 otherwise.

    It is true only if ENVIRONNEMENT is explicitly set to developpement, as `make run` does.
    """

    @wraps(vue)
    def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.LETTRES_LISIBLES:
            raise Http404
        return never_cache(vue)(request, *args, **kwargs)

    return publique(require_safe(gardee))


@en_developpement
def lettres(request: HttpRequest) -> HttpResponse:
    pour = request.GET.get("pour", "").replace("\0", "").strip()[:320]
    trouvees = Courriel.objects.filter(destinataires__icontains=pour) if pour else Courriel.objects.all()
    lignes = [
        {"lettre": lettre, "aspect": ASPECTS[Courriel.Etat(lettre.etat)]}
        for lettre in trouvees.defer("corps", "corps_html", "entetes")[:LETTRES_MONTREES]
    ]
    return render(request, "socle/lettres.html", {"lignes": lignes, "pour": pour})


@en_developpement
def lettre(request: HttpRequest, pk: int) -> HttpResponse:
    trouvee = get_object_or_404(Courriel, pk=pk)
    return render(
        request,
        "socle/lettre.html",
        {
            "courriel": trouvee,
            "aspect": ASPECTS[Courriel.Etat(trouvee.etat)],
            "pieces": trouvee.pieces.defer("contenu"),
            "longueur": dire_longueur(trouvee.corps) if trouvee.est_un_sms else "",
        },
    )


@en_developpement
def lettre_html(request: HttpRequest, pk: int) -> HttpResponse:
    """HTML version of an email, as a mail program shows it; 404 for an SMS."""
    trouvee = get_object_or_404(Courriel, moyen=Courriel.Moyen.COURRIEL, pk=pk)
    return HttpResponse(html_de(trouvee), headers={"Content-Security-Policy": CSP_LETTRE})


@en_developpement
def piece_lettre(request: HttpRequest, pk: int) -> FileResponse:
    """An attached file, always downloaded: an HTML file shown here would run with the origin of the site."""
    piece = get_object_or_404(PieceCourriel, pk=pk)
    return FileResponse(
        BytesIO(piece.contenu), as_attachment=True, filename=piece.nom, content_type=piece.type_mime
    )
