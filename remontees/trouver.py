"""Remontées, sujets and parts by number, as the visitor may see them."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from participation.socle.actions.pieces import IMAGES
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Piece
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.trouver import par_numero_visible
from participation.socle.workflow import Role
from remontees.models import Attribution, Remontee, Sujet
from remontees.workflow import PARTS_LISANTES

BUREAU = (Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE)


def images_de(dossier: Remontee | Sujet) -> list[tuple[Piece, str]]:
    """Return the images with their URLs, for signed-in readers."""
    pieces = dossier.pieces.filter(retiree_le=None, type_mime__in=IMAGES)
    return [(piece, reverse("socle:piece", args=[piece.pk])) for piece in pieces]


remontee_du_bureau = par_numero_visible(
    Remontee,
    "categorie__parent",
    "categorie__direction",
    "categorie__organisme",
    "commune",
    "quartier",
    "sujet_commun",
    "organisme",
    "agent",
    "direction",
    "auteur",
)
sujet_du_bureau = par_numero_visible(
    Sujet, "categorie__parent", "categorie__direction", "commune", "quartier", "agent", "direction"
)


def part_du_bureau(request: RequeteConnectee, pk: int) -> Attribution:
    part = get_object_or_404(
        Attribution.objects.select_related("dossier", "direction", "commune", "organisme", "par"), pk=pk
    )
    if part.etat not in PARTS_LISANTES and part.roles_de(request.user) and not part.dossier.est_reserve:
        return part  # every act is refused: the page shows what was typed, and nothing of the dossier
    part.dossier = trouver_dossier(request.user, part.dossier_id)
    return part


def traite_du_bureau(request: RequeteConnectee, pk: int) -> Remontee | Sujet:
    """Return the visible remontée or sujet with this primary key. Raises Http404."""
    trouve = trouver_dossier(request.user, pk)
    if not isinstance(trouve, Remontee | Sujet):
        raise Http404
    return trouve
