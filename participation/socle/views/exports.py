"""Exports of tables as files.

A small table is written in the request, a large one by the worker. A public table is cached by the version of
its data. A view describes its table and passes it on:

    return donner(request, Tableau("signatures-PET-2026-0001", ENTETES, lambda: lignes(petition), total, version))

For a large table, the worker calls the same URL with the same account, so that rights, filters and rows are
those of the view.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, Count, F, Max, QuerySet
from django.db.models.expressions import RawSQL
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from participation.socle.actions.exports import demander_export, en_le_disant
from participation.socle.fichiers import publics as fichiers_publics
from participation.socle.fichiers.export import csv_en_flux, xlsx
from participation.socle.http.protocole import envoyer
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Export
from participation.socle.travaux.differes import EN_NOMBRE, confier

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TACHE_PUBLIQUE = "participation.socle.tasks.ecrire_fichier_public"
# Query parameters that do not change the rows.
HORS_CONTENU = frozenset({"page", "choix"})


@dataclass(frozen=True, slots=True)
class Tableau:
    """A table to export.

    `version`: changes whenever the rows change.
    `selection`: the filters in a canonical form, for a public table that has filters.
    `flux`: gives the bytes of a file written by the caller (JSON).
    """

    nom: str
    entetes: Sequence[str] = ()
    lignes: Callable[[], Iterable[Sequence[object]]] = tuple
    total: int = 0
    version: str = ""
    forme: str = "csv"
    titre: str = ""
    selection: str = ""
    flux: Callable[[], Iterable[bytes]] | None = None

    @property
    def fichier(self) -> str:
        return f"{self.nom}.{self.forme}"

    @property
    def etat(self) -> str:
        """Version of the data, with the day: some cells count days, and some rows become late today."""
        return f"{self.version}|{timezone.localdate()}"

    def octets(self, lignes: Iterable[Sequence[object]] | None = None) -> Iterable[bytes]:
        if self.flux is not None:
            return self.flux()
        return csv_en_flux(self.entetes, self.lignes() if lignes is None else lignes)


def version_de(objets: QuerySet[Any], *dates: str) -> tuple[int, str]:
    """Return the number of rows and their version.

    The version is made of the newest transaction that wrote a row (xmin) and the latest values of `dates`.
    """
    derniere = RawSQL(  # noqa: S611 the name of a model table
        f'"{objets.model._meta.db_table}".xmin::text::bigint', [], output_field=BigIntegerField()
    )
    lu = (
        objets.order_by()
        .annotate(_ecrite=derniere)
        .aggregate(n=Count("pk"), v=Max("_ecrite"), **{f"d{i}": Max(d) for i, d in enumerate(dates)})
    )
    return lu["n"], "|".join(str(valeur) for valeur in lu.values())


def donner(request: HttpRequest, tableau: Tableau) -> HttpResponseBase:
    """Give a table to one person.

    Beyond EXPORT_IMMEDIAT rows, ask the worker for the file and redirect to the page that shows its progress.
    """
    ecrit = getattr(request, "export_en_cours", None)
    if ecrit is None and tableau.total > settings.EXPORT_IMMEDIAT and isinstance(request.user, Compte):
        parametres = sorted(
            (cle, v) for cle, vs in request.GET.lists() if cle not in HORS_CONTENU for v in vs
        )
        export = demander_export(
            cle=fichiers_publics.cle_de(request.path, parametres, request.user.pk, tableau.etat),
            par=request.user,
            adresse=request.get_full_path(),
            nom=tableau.fichier[:160],
            total=tableau.total,
        )
        return redirect(export)
    reponse = _repondre(tableau, en_le_disant(ecrit, tableau.lignes()) if ecrit is not None else None)
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def donner_a_tous(request: HttpRequest, tableau: Tableau) -> HttpResponseBase:
    """Give a table to anybody.

    Beyond EXPORT_IMMEDIAT rows, a version of the table is read from the database once, then served from a
    file. While a new version is written, the previous one is served. If no file can be served or written now,
    answer 503 with Retry-After.
    """
    if tableau.total <= settings.EXPORT_IMMEDIAT:
        etag = quote_etag(fichiers_publics.cle_de(tableau.fichier, tableau.selection, tableau.etat)[:32])
        return _si_autre(request, etag, lambda: _repondre(tableau))
    demande = tableau.fichier, tableau.selection, tableau.etat
    chemin, est_actuel = fichiers_publics.trouver(*demande)
    if chemin is not None and not est_actuel and not hasattr(request, "export_en_cours"):
        if fichiers_publics.est_a_refaire(chemin):
            confier(TACHE_PUBLIQUE, request.get_full_path(), priorite=EN_NOMBRE)
    elif not est_actuel:
        chemin = fichiers_publics.ecrire(*demande, tableau.octets)
    if chemin is None:
        attente = HttpResponse(
            "Le fichier se prépare : demandez-le de nouveau dans quelques secondes.", status=503
        )
        attente["Content-Type"], attente["Retry-After"], attente["Cache-Control"] = (
            "text/plain; charset=utf-8",
            "10",
            "no-store",
        )
        return attente
    ouvrir = partial(
        FileResponse,
        as_attachment=tableau.forme != "json",
        filename=tableau.fichier,
        content_type=FORMATS[tableau.forme],
    )
    return _si_autre(request, quote_etag(chemin.stem), lambda: ouvrir(chemin.open("rb")))


def _si_autre(request: HttpRequest, etag: str, repondre: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer 304, without reading any row, if the client already has this version."""
    reponse: HttpResponseBase = get_conditional_response(request, etag=etag) or repondre()
    reponse["ETag"] = etag
    return reponse


def _repondre(tableau: Tableau, lignes: Iterable[Sequence[object]] | None = None) -> HttpResponseBase:
    if tableau.forme == "xlsx":
        return FileResponse(
            xlsx(
                tableau.entetes, tableau.lignes() if lignes is None else lignes, tableau.titre or tableau.nom
            ),
            as_attachment=True,
            filename=tableau.fichier,
            content_type=FORMATS["xlsx"],
        )
    reponse = StreamingHttpResponse(tableau.octets(lignes), content_type=FORMATS[tableau.forme])
    if tableau.forme != "json":
        reponse["Content-Disposition"] = f'attachment; filename="{tableau.fichier}"'
    return reponse


# Calls by the worker


def rejouer(export: Export) -> Iterator[bytes]:
    """Yield the bytes that the URL of the export gives to the same account today. Rights are checked again."""
    return _demander(export.adresse, export.compte, export)


def rejouer_public(adresse: str) -> None:
    """Write again the file of the public table at this URL."""
    for _ in _demander(adresse, AnonymousUser(), True):
        break


def _demander(adresse: str, visiteur: Compte | AnonymousUser, marque: object) -> Iterator[bytes]:
    decoupee = urlsplit(adresse)
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", decoupee.path, decoupee.path
    request.GET = QueryDict(decoupee.query)
    request.META = {
        "QUERY_STRING": decoupee.query,
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
    }
    request.user = visiteur
    request.export_en_cours = marque  # type: ignore[attr-defined]
    trouvee = request.resolver_match = resolve(decoupee.path)
    reponse: Any = trouvee.func(request, *trouvee.args, **trouvee.kwargs)
    if reponse.status_code != 200 or not reponse.streaming:
        raise Http404(f"{adresse} : {reponse.status_code}")
    # `reponse.close()` would also close the database connection, which the worker still uses.
    with contextlib.ExitStack() as ouverts:
        for fermer in reponse._resource_closers:
            ouverts.callback(fermer)
        yield from reponse.streaming_content


# Pages


@require_safe
def export(request: RequeteConnectee, cle: UUID) -> HttpResponse:
    """Progress of an export. The page polls until the file is ready."""
    trouve = get_object_or_404(Export, compte=request.user, cle_publique=cle)
    gabarit = "socle/dossiers/export.html"
    reponse = render(
        request, f"{gabarit}#etat" if getattr(request, "htmx", False) else gabarit, {"export": trouve}
    )
    patch_cache_control(reponse, no_store=True)
    return reponse


@require_safe
def fichier_export(request: RequeteConnectee, cle: UUID) -> HttpResponseBase:
    trouve = get_object_or_404(Export, compte=request.user, cle_publique=cle, etat=Export.Etat.PRET)
    try:
        ouvert = trouve.fichier.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    forme = FORMATS[trouve.nom.rpartition(".")[2]]
    reponse = envoyer(request, ouvert.file, nom=trouve.nom, type_mime=forme, joint=True)
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def en_csv(nom: str, entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Return a table as a file of this name, to whoever the view lets in: nothing keeps it."""
    return StreamingHttpResponse(
        csv_en_flux(entetes, lignes),
        content_type=FORMATS["csv"],
        headers={"Content-Disposition": f'attachment; filename="{nom}.csv"'},
    )


def lignes_refusees(
    nom: str, entetes: Sequence[str], refus: Iterable[Mapping[str, Any]] | QuerySet[Any]
) -> StreamingHttpResponse:
    """CSV of the rows refused when a table was taken up, with the reason, to be corrected and taken up again.

    Each has its `ligne`, `valeurs` and `raison`; a row of the database, its `numero` instead.
    """
    if isinstance(refus, QuerySet):
        refus = refus.values("valeurs", "raison", ligne=F("numero")).iterator(chunk_size=1000)
    largeur = len(entetes)
    lignes = ([*[*r["valeurs"], *[""] * largeur][:largeur], r["ligne"], r["raison"]] for r in refus)
    return en_csv(nom, [*entetes, "Ligne", "Pourquoi elle est refusée"], lignes)


def nom_du_jour(nom: str) -> str:
    return f"{nom}-{timezone.localdate():%Y-%m-%d}"
