"""Keys of Open311 clients: create and withdraw."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Combien
from participation.socle.workflow import Role
from remontees.actions import open311 as actions
from remontees.forms.open311 import ClientOpen311Form
from remontees.models import ClientOpen311, DepotOpen311


@reserve_a(Role.AGENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clients(request: RequeteConnectee) -> HttpResponse:
    """List of clients. A new key is shown once, in the answer to the POST, and is not kept."""
    form, donnee = ClientOpen311Form(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            client, cle = actions.creer_client(par=request.user, **form.cleaned_data)
            donnee, form = (client, cle), ClientOpen311Form()
        except ValidationError as erreur:
            form.add_error("nom", erreur.messages[0])
    siens = ClientOpen311.objects.select_related("cree_par", "retire_par").annotate(
        depots_recus=Combien(DepotOpen311.objects.filter(client=OuterRef("pk")))
    )
    return render(
        request,
        "remontees/clients_open311.html",
        {"form": form, "donnee": donnee, "clients": siens.order_by("retire_le", "nom")},
    )


@reserve_a(Role.AGENT)
@require_POST
def retirer_client(request: RequeteConnectee, pk: int) -> HttpResponse:
    client = get_object_or_404(ClientOpen311, pk=pk)
    actions.retirer_client(client, par=request.user)
    messages.success(request, f"La clé « {client} » n’ouvre plus rien.")
    return redirect("remontees:clients_open311")
