"""Open311: the public interface, and the keys of its clients."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.socle.collectivite import collectivite
from participation.socle.http.decorateurs import gardable, partageable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee, Vue
from participation.socle.models import Combien
from participation.socle.workflow import Role
from remontees.models import Categorie, ClientOpen311, DepotOpen311
from remontees.open311 import actes, lectures
from remontees.open311.actes import ClientOpen311Form
from remontees.open311.regles import LISTES, ErreurOpen311, en_xml, lire_recherche


@reserve_a(Role.AGENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clients(request: RequeteConnectee) -> HttpResponse:
    """List of clients. A new key is shown once, in the answer to the POST, and is not kept."""
    form, donnee = ClientOpen311Form(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            client, cle = actes.creer_client(par=request.user, **form.cleaned_data)
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
    actes.retirer_client(client, par=request.user)
    messages.success(request, f"La clé « {client} » n’ouvre plus rien.")
    return redirect("remontees:clients_open311")


CONTRAT = Path(__file__).resolve().parents[1] / "donnees" / "open311.json"


SANS_FICHIER = "Le fichier joint n’est pas gardé : donnez l’adresse d’une photo (media_url)."


PRISE = "Votre demande est reçue. Son numéro se lit avec ce jeton, dès qu’elle est enregistrée."


def _ecrire(forme: str, racine: str, contenu: Any, statut: int = 200) -> HttpResponse:
    if forme == "xml":
        return HttpResponse(en_xml(racine, contenu), content_type="text/xml; charset=utf-8", status=statut)
    return JsonResponse(
        contenu,
        safe=False,
        json_dumps_params={"ensure_ascii": False},
        status=statut,
        content_type="application/json; charset=utf-8",
    )


LIRE = ("GET", "HEAD")


ECRITURES = {"application/x-www-form-urlencoded", "multipart/form-data"}


def _refuser(forme: str, erreur: ErreurOpen311, methodes: tuple[str, ...] = LIRE) -> HttpResponse:
    contenu = [{"code": erreur.code, "description": erreur.description}]
    reponse = _ecrire(forme, "errors", contenu, erreur.code)
    if erreur.code == 405:
        reponse["Allow"] = ", ".join(methodes)
    if erreur.code == 429:
        reponse["Retry-After"] = "3600"
    return reponse


def _exiger_une_methode(request: HttpRequest, methodes: tuple[str, ...]) -> None:
    if request.method not in methodes:
        raise ErreurOpen311(405, f"This address answers {', '.join(methodes)}.")
    if request.method == "POST" and request.content_type not in ECRITURES:
        raise ErreurOpen311(400, "Post a form: Content-Type is application/x-www-form-urlencoded.")


def geo_report(racine: str, methodes: tuple[str, ...] = LIRE) -> Callable[[Vue], Vue]:
    """Decorate a view that returns data: JSON or XML by the URL, errors as in the specification."""

    def decorer(vue: Callable[..., Any]) -> Vue:
        @wraps(vue)
        def ecrite(request: HttpRequest, forme: str, **adresse: Any) -> HttpResponseBase:
            try:
                _exiger_une_methode(request, methodes)
                _exiger_le_territoire(request)
                return _ecrire(forme, racine, vue(request, **adresse))
            except ErreurOpen311 as erreur:
                return _refuser(forme, erreur, methodes)
            except MultiPartParserError:
                return _refuser(forme, ErreurOpen311(400, "What is posted is no multipart/form-data."))
            except SuspiciousOperation:
                return _refuser(
                    forme, ErreurOpen311(400, "What is posted is too heavy, or has too many fields.")
                )

        # API clients have no cookie. Without CSRF check, a method not allowed gets 405, not a misleading 403.
        return csrf_exempt(ecrite)

    return decorer


def _exiger_le_territoire(request: HttpRequest) -> None:
    """Raise ErreurOpen311 (404) for another jurisdiction; the parameter may be omitted."""
    dit = request.GET.get("jurisdiction_id") or (
        request.POST.get("jurisdiction_id") if request.method == "POST" else None
    )
    if dit and dit != settings.OPEN311_JURISDICTION:
        raise ErreurOpen311(
            404, f"jurisdiction_id was not found: here it is {settings.OPEN311_JURISDICTION}."
        )


def _parametres(request: HttpRequest) -> dict[str, str]:
    """Return the parameters; repeated ones are joined with commas. NUL is removed: PostgreSQL refuses it."""
    lus = request.GET.lists()
    return {
        nom: (",".join(valeurs) if nom in LISTES else valeurs[-1]).replace("\0", "") for nom, valeurs in lus
    }


def _client(request: HttpRequest) -> ClientOpen311 | None:
    """Return the client of `api_key`, who also sees its own requests; None without a key.

    Raises ErreurOpen311 for an unknown key.
    """
    cle = request.GET.get("api_key", "")
    return actes.reconnaitre_client(cle) if cle else None


@publique
@partageable
@gardable(3600)
@geo_report("discovery")
def decouverte(request: HttpRequest) -> Any:
    return lectures.decouverte()


@publique
@partageable
@gardable(300)
@geo_report("services")
def services(request: HttpRequest) -> Any:
    return lectures.services()


@publique
@partageable
@gardable(300)
@geo_report("service_definition")
def service(request: HttpRequest, code: str) -> Any:
    trouve: Categorie | None = lectures.proposes().filter(code=code.replace("\0", "")).first()
    if trouve is None:
        raise ErreurOpen311(404, "service_code was not found.")
    return lectures.definition(trouve)


@csrf_exempt
@publique
@never_cache
@partageable
@geo_report("service_requests", (*LIRE, "POST"))
def demandes(request: HttpRequest) -> Any:
    """GET: list of requests. POST: new request, with the key of a client."""
    if request.method == "POST":
        lu = {nom: str(valeur) for nom, valeur in request.POST.items()}
        client = actes.reconnaitre_client(lu.get("api_key") or request.GET.get("api_key", ""))
        jeton = actes.poster_demande(client, lu, fichiers=len(request.FILES))
        avis = f"{PRISE} {SANS_FICHIER}" if request.FILES else PRISE
        return [{"token": str(jeton), "service_notice": avis, "account_id": None}]
    return lectures.demandes(lire_recherche(_parametres(request), timezone.now()), _client(request))


@publique
@never_cache
@partageable
@geo_report("service_requests")
def demande(request: HttpRequest, numero: str) -> Any:
    recherche = lire_recherche({"service_request_id": numero.replace("\0", "")}, timezone.now())
    trouvees = lectures.demandes(recherche, _client(request)) if recherche.numeros else []
    if not trouvees:
        raise ErreurOpen311(404, "service_request_id was not found.")
    return trouvees[:1]


@publique
@never_cache
@partageable
@geo_report("service_requests")
def jeton(request: HttpRequest, cle: str) -> Any:
    try:
        numero = lectures.numero_du_jeton(UUID(cle))
    except ValueError:
        numero = None
    if numero is None:
        raise ErreurOpen311(404, "token was not found.")
    return [{"service_request_id": numero, "token": str(UUID(cle))}]


@csrf_exempt
@publique
@never_cache
@partageable
@geo_report("service_request_updates", (*LIRE, "POST"))
def nouvelles(request: HttpRequest) -> Any:
    """GET: list of updates. POST: update of a request, by the client that posted it."""
    if request.method == "POST":
        lu = {nom: str(valeur) for nom, valeur in request.POST.items()}
        client = actes.reconnaitre_client(lu.get("api_key") or request.GET.get("api_key", ""))
        return [{"update_id": actes.poster_nouvelle(client, lu)}]
    return lectures.nouvelles(lire_recherche(_parametres(request), timezone.now()), _client(request))


@csrf_exempt
@publique
@never_cache
@partageable
def inconnue(request: HttpRequest, reste: str) -> HttpResponse:
    """Answer 404 as in the specification to any other URL, such as one without format."""
    dite = "There is nothing at this address: they end with .json or .xml."
    forme = "json" if reste.endswith(".json") or "json" in request.headers.get("Accept", "") else "xml"
    return _ecrire(forme, "errors", [{"code": 404, "description": dite}], 404)


@publique
@partageable
@require_safe
@gardable(3600)
def contrat(request: HttpRequest) -> HttpResponse:
    """OpenAPI description."""
    lu = json.loads(
        CONTRAT.read_text(encoding="utf-8").replace("{jurisdiction}", settings.OPEN311_JURISDICTION)
    )
    lu["info"]["title"] += f", {collectivite().nom}"
    lu["servers"] = [{"url": settings.SITE_URL + reverse("open311:contrat").rpartition("/")[0]}]
    return JsonResponse(lu, json_dumps_params={"ensure_ascii": False})
