"""Back office pages of a member: mandate, replacement, end."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.seances.membres.lectures import suppleants_de
from participation.seances.models import Convie, Membre, Profil
from participation.seances.trouver import membre_du_bureau
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def membre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show a mandate: its séances, its journal, and the other seats of the person."""
    membre = membre_du_bureau(request, pk)
    profil = getattr(membre.compte, "profil", None)
    return render(
        request,
        "seances/membres/membre.html",
        {
            "membre": membre,
            "instance": membre.college.mandature.instance,
            "app": membre.college.mandature.instance.app,
            "profil": profil,
            "besoins": [Profil.Besoin(besoin).label for besoin in profil.besoins] if profil else [],
            "suppleants": suppleants_de(membre),
            "remplacant": membre.remplacants.select_related("compte").first(),
            "autres": Membre.objects.filter(compte=membre.compte)
            .exclude(pk=membre.pk)
            .avec_personne()
            .order_by("-du"),
            "convocations": Convie.objects.filter(membre=membre)
            .select_related("seance")
            .prefetch_related("presences")
            .order_by("-seance__debut")[:12],
            "journal": membre.journal.select_related("par"),
            "boutons": boutons_de(membre, request.user),
        },
    )
