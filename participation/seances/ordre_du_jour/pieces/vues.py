"""Pages of the documents of a séance: join, withdraw, read."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.models import PieceSeance, Seance
from participation.seances.ordre_du_jour.pieces import actes
from participation.seances.ordre_du_jour.pieces.actes import JoindrePieceSeanceForm
from participation.seances.ordre_du_jour.pieces.lectures import est_publique, peut_lire
from participation.socle.forms.actes import ActeForm
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.fichiers import servir
from participation.socle.views.pages import Page, pages_de


@publique
@require_safe
def piece(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a document: to everybody if public, otherwise to agents and to members who may read the séance."""
    trouvee = get_object_or_404(
        PieceSeance.objects.select_related("seance__instance", "point"), pk=pk, retiree_le=None
    )
    publique_a_tous = est_publique(trouvee)
    if not publique_a_tous:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not peut_lire(trouvee, request.user):
            raise Http404
    return servir(
        request,
        trouvee.fichier,
        nom=trouvee.nom,
        type_mime=trouvee.type_mime,
        empreinte=trouvee.sha256,
        est_public=publique_a_tous,
    )


def dire_piece(seance: Seance) -> str:
    if timezone.localdate() > seance.date_limite:
        return "Le délai de convocation est passé : cette pièce sera montrée comme « envoyée hors délai »."
    return "Les personnes convoquées la trouvent sur la page de la séance."


def demander_le_point(request: RequeteConnectee, seance: Seance, form: ActeForm) -> dict[str, Any]:
    form.initial["point"] = request.GET.get("point", "")
    return {}


PAGES_PIECES_JOINTES: dict[str, Page[Seance]] = {
    "joindre_piece": Page(
        lambda seance, par, point, fichier, **reponses: actes.joindre_piece(
            seance, point, fichier, par=par, **reponses
        ),
        JoindrePieceSeanceForm,
        dire_piece,
        succes="La pièce est jointe.",
        retour="#pieces",
        contexte=demander_le_point,
    )
}


PAGES_PIECES: dict[str, Page[PieceSeance]] = pages_de(Seance, actes, sur="pieceseance")
