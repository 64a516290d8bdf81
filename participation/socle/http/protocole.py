"""What HTTP asks of every address: the methods that it takes, errors in the form of what was asked, parts of files."""

import re
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from django.contrib import messages
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render

from participation.socle.regles.textes import phrases

CONNUES = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
TOUTES = "GET, HEAD, POST, OPTIONS"  # of a view that does not say which it takes
PLAGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


class MethodesMiddleware:
    """Answer OPTIONS with what an address takes, and 405 with the same words to any method that the site never has.

    What it takes is said by the decorators of its view, which refuse OPTIONS: the page is not made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        demandee = request.method
        if demandee in CONNUES - {"OPTIONS"}:
            return self.get_response(request)
        request.method = "OPTIONS"
        reponse = self.get_response(request)
        if reponse.status_code >= 400 and reponse.status_code != 405:
            return reponse
        permises = dict.fromkeys([*reponse.headers.get("Allow", TOUTES).split(", "), "OPTIONS"])
        # The response is emptied, not replaced: it closes what its view opened.
        if isinstance(reponse, StreamingHttpResponse):
            reponse.streaming_content = ()
        elif isinstance(reponse, HttpResponse):
            reponse.content = b""
        for nom in ("Content-Length", "Content-Disposition", "ETag", "Location"):
            reponse.headers.pop(nom, None)
        reponse.status_code = 204 if demandee == "OPTIONS" else 405
        reponse["Allow"] = ", ".join(permises)
        if demandee != "OPTIONS" and isinstance(reponse, HttpResponse) and veut_du_json(request):
            dite = erreur_json(f"Cette adresse accepte : {reponse['Allow']}.", 405)
            reponse.content, reponse["Content-Type"] = dite.content, dite["Content-Type"]
        return reponse


def veut_du_json(request: HttpRequest) -> bool:
    """Whether the address is one of JSON, or the program accepts JSON and no page."""
    if request.path.endswith(("json", "jsonld")):
        return True
    return not request.accepts("text/html") and request.accepts("application/json")


def page_d_erreur(request: HttpRequest, statut: int, /, **dits: Any) -> HttpResponse:
    """Return `erreurs/<statut>.html`, in the language of the address: who is refused reads why, whatever the page was."""
    return render(request, f"erreurs/{statut}.html", {"est_une_erreur": True, **dits}, status=statut)


def erreur_json(phrase: str, statut: int) -> HttpResponse:
    return JsonResponse(
        {"erreur": phrase, "statut": statut}, status=statut, json_dumps_params={"ensure_ascii": False}
    )


class _Part:
    """The next `reste` bytes of an open file."""

    def __init__(self, fichier: BinaryIO, reste: int) -> None:
        self.fichier, self.reste = fichier, reste

    def read(self, combien: int = -1) -> bytes:
        lu = self.fichier.read(self.reste if combien < 0 else min(combien, self.reste))
        self.reste -= len(lu)
        return lu

    def close(self) -> None:
        self.fichier.close()


def envoyer(
    request: HttpRequest, fichier: BinaryIO, *, nom: str, type_mime: str, joint: bool = False, etag: str = ""
) -> HttpResponseBase:
    """Send an open file, or the part of it that was asked (206), if there is one (416).

    A part of another version (If-Range) is the whole file.
    """
    taille = fichier.seek(0, 2)
    fichier.seek(0)
    plage = _plage(request, taille, etag)
    reponse: HttpResponseBase
    if plage is None:
        reponse = FileResponse(fichier, as_attachment=joint, filename=nom, content_type=type_mime)
    elif not plage:
        fichier.close()
        reponse = HttpResponse(status=416)
        reponse["Content-Range"] = f"bytes */{taille}"
    else:
        fichier.seek(plage.start)
        part = _Part(fichier, len(plage))
        reponse = FileResponse(part, as_attachment=joint, filename=nom, content_type=type_mime, status=206)
        reponse["Content-Range"] = f"bytes {plage.start}-{plage.stop - 1}/{taille}"
        reponse["Content-Length"] = str(len(plage))
    reponse["Accept-Ranges"] = "bytes"
    return reponse


def _plage(request: HttpRequest, taille: int, etag: str) -> range | None:
    """Return the bytes asked: None for all of them, an empty range for bytes that do not exist."""
    lue = PLAGE.match(request.headers.get("Range", ""))
    if request.method != "GET" or lue is None or not any(lue.groups()):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    debut, fin = lue.groups()
    if not debut:
        return range(max(0, taille - int(fin)), taille)
    if fin and int(fin) < int(debut):
        return None
    return range(int(debut), min(int(fin) + 1, taille) if fin else taille)


def acte_depasse(
    request: HttpRequest,
    message: str,
    retour: str,
    *,
    est_le_sien: bool = False,
    remedes: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """`remedes`: (label, URL) of the acts that make it possible again."""
    if veut_du_json(request):
        return erreur_json(message, 409)
    dit = {
        "message": message,
        "retour": retour,
        "saisies": phrases(request),
        "est_le_sien": est_le_sien,
        "remedes": [(mots, adresse) for mots, adresse in remedes if adresse],
    }
    return page_d_erreur(request, 409, **dit)


def ferme(request: HttpRequest, message: str, retour: str) -> HttpResponse:
    """A page whose object moved on: who reads it is led to `retour`, who posts is told so and gets back what she typed."""
    if request.method == "POST":
        return acte_depasse(request, message, retour)
    messages.info(request, message)
    return HttpResponseRedirect(retour)


class Ensuite(HttpResponseRedirect):
    """303, after a public form: the browser reads the next page with GET, so a reload sends nothing again."""

    status_code = 303
