"""Follow every link of every page, as a visitor and as each demonstration account, and print broken links."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from participation.socle.management.commands.demo import PERSONNAGES
from participation.socle.models import Compte

LIEN = re.compile(r"""<a\b[^<>]*?\bhref="([^"]*)\"""")
# Signing out would end the walk. The admin has its own tests.
LAISSES = ("/comptes/logout/", "/reference/")
DEPART = "/"


class Promenade:
    """The walk of one reader from the home page.

    A URL is counted by its route with its number of query parameters, and by its route with each of them. It is skipped
    once each of these counts has reached `par_route`, or one where it has parameters: once is enough to find filters
    that fail alone or all together.
    `regarder`: gets each URL with its answer. `avant`: the walk of a visitor. Pages that the visitor read are not
    read again, and count for those of the same route, or with the same filters, if they did not use the session: they
    are the same for all.
    """

    def __init__(
        self,
        compte: Compte | None,
        par_route: int,
        avant: "Promenade | None" = None,
        regarder: Callable[[str, Any], None] = lambda adresse, reponse: None,
    ) -> None:
        self.client = Client(raise_request_exception=False, HTTP_HOST=settings.ALLOWED_HOSTS[0].lstrip("."))
        if compte is not None:
            self.client.force_login(compte, settings.AUTHENTICATION_BACKENDS[0])
        self.par_route, self.regarder = par_route, regarder
        self.vues: Counter[str] = Counter(avant.de_tous if avant else ())
        self.de_tous: Counter[str] = Counter()
        self.connues = {DEPART}
        self.lues: set[str] = set()
        self.ouvertes = avant.lues if avant else set()

    def refus(self) -> Iterator[tuple[int, str, str]]:
        """Yield (status, URL, page with the link) for each link that answers 403, 404, 409 or 5xx."""
        file = deque([(DEPART, "")])
        while file:
            adresse, depuis = file.popleft()
            reponse: Any = self.client.get(adresse, secure=True, follow=True)
            self.regarder(adresse, reponse)
            for fermer in reponse._resource_closers:  # close() would open a connection for each page
                fermer()
            if reponse.status_code in {403, 404, 409} or reponse.status_code >= 500:
                yield reponse.status_code, adresse, depuis
                continue
            if reponse.redirect_chain:
                adresse = reponse.redirect_chain[-1][0]
            else:
                self.lues.add(adresse)
                session = getattr(reponse.wsgi_request, "session", None)
                if session is None or not session.accessed:
                    self.de_tous.update(self._cles(adresse))
            if reponse.streaming or "html" not in reponse.get("Content-Type", ""):
                continue
            for trouve in LIEN.findall(reponse.content.decode()):
                suivante = urldefrag(urljoin(reponse.wsgi_request.path, unescape(trouve))).url
                if (
                    suivante not in self.connues
                    and suivante not in self.ouvertes
                    and self._est_a_voir(suivante)
                ):
                    self.connues.add(suivante)
                    file.append((suivante, adresse))

    def _est_a_voir(self, adresse: str) -> bool:
        morceaux = urlsplit(adresse)
        if morceaux.netloc or not morceaux.path.startswith("/") or morceaux.path.startswith(LAISSES):
            return False
        cles = self._cles(adresse)
        assez = 1 if "?" in adresse else self.par_route
        if cles and min(self.vues[cle] for cle in cles) >= assez:
            return False
        self.vues.update(cles)
        return True  # a URL without a route is wanted too: it is a broken link

    def _cles(self, adresse: str) -> list[str]:
        """Keys of the count: route and number of parameters, route and each of them.

        The translations of a route, in whichever languages, are one other route. Empty if the URL matches no route.
        """
        morceaux = urlsplit(adresse)
        langue = get_language_from_path(morceaux.path)
        try:
            with override(langue or settings.LANGUAGE_CODE):
                route = resolve(morceaux.path).view_name
        except Resolver404:
            return []
        if langue:
            route = f"traduite {route}"
        mots = {nom.split("=")[0] for nom in morceaux.query.split("&") if nom}
        return [f"{route} {len(mots)}", *(f"{route}?{mot}" for mot in mots)]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--par-route", type=int, default=20, help="Pages d’une même route par visiteur (20)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        comptes = Compte.objects.filter(courriel__in=[personnage.courriel for personnage in PERSONNAGES])
        mauvais = 0
        visiteur: Promenade | None = None
        for compte in [None, *comptes]:
            promenade = Promenade(compte, options["par_route"], visiteur)
            qui = compte.courriel if compte else "visiteur"
            for statut, adresse, depuis in promenade.refus():
                mauvais += 1
                self.stdout.write(f"{statut}  {adresse}  sur {depuis}  ({qui})")
            self.stdout.write(f"{qui} : {len(promenade.lues)} pages")
            visiteur = visiteur or promenade
        if mauvais:
            raise CommandError(f"{mauvais} liens ne mènent nulle part.")
