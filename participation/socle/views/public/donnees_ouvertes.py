"""« Données ouvertes »: the files of each jeu, their page, their schemas, and the catalogue for other portals."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, linebreaks
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from participation.socle.collectivite import collectivite, ici_plus_tard
from participation.socle.collectivite import ici as dire
from participation.socle.fichiers import jeux
from participation.socle.fichiers.jeux import Champ, Contenu, Fiche, JeuDeDonnees, Type, fichiers_de
from participation.socle.http.decorateurs import gardable, partageable, publique
from participation.socle.lectures.cartes import communes as les_communes
from participation.socle.lectures.cartes import contours_des_communes
from participation.socle.models import Commune, Contour
from participation.socle.regles.textes import sans_controle
from participation.socle.views.exports import FORMATS, Tableau, donner_a_tous, version_de
from participation.socle.views.moderation import JEU as MODERATION
from participation.socle.vitrine import recueillir

UNE_MINUTE = 60
LECTURES = ("GET", "HEAD", "OPTIONS")
FORMES = {
    "csv": "Tableau CSV",
    "json": "Données JSON",
    "geojson": "Carte GeoJSON",
    "atom": "Ce qui change, en flux Atom",
}
# Vocabularies of the Publications Office of the EU, as DCAT-AP wants them.
EUROPE = "http://publications.europa.eu/resource/authority"
CONTEXTE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def ouverte(vue: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view of open data: for programs of anybody, any site (CORS) and any cache.

    It is only read: another method is told so (405), OPTIONS answers what may be done, and errors are JSON.
    """
    lire = gardable(UNE_MINUTE)(vue)

    @wraps(vue)
    def repondre(request: HttpRequest, *arguments: Any, **adresse: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _permise(HttpResponse(status=204))
        if request.method not in LECTURES:
            return _permise(_erreur("Ces données se lisent avec GET.", 405))
        try:
            return lire(request, *arguments, **adresse)
        except Http404:
            return _erreur("Rien à cette adresse.", 404)

    # Nothing is changed here: a form key would only hide the true answer.
    return csrf_exempt(publique(partageable(repondre)))


def _permise(reponse: HttpResponse) -> HttpResponse:
    reponse["Allow"] = reponse["Access-Control-Allow-Methods"] = ", ".join(LECTURES)
    return reponse


def _erreur(phrase: str, statut: int) -> HttpResponse:
    corps = jeux.en_json({"erreur": phrase, "statut": statut})
    return HttpResponse(corps, status=statut, content_type="application/json")


def fichier(jeu: JeuDeDonnees, forme: str) -> Callable[..., HttpResponseBase]:
    """Return the view of a file of this jeu: « csv », « json » or « geojson ». Streamed."""

    def vue(request: HttpRequest, **adresse: Any) -> HttpResponseBase:
        contenu = jeu.lire(request, **adresse)
        tableau = Tableau(
            contenu.nom or jeu.cle,
            total=contenu.total,
            version=contenu.version,
            forme=forme,
            selection=contenu.selection,
            flux=lambda: jeu.octets(forme, contenu),
        )
        return donner_a_tous(request, tableau)

    vue.__name__, vue.__doc__ = f"{jeu.cle}_{forme}", jeu.description
    return ouverte(vue)


def lire_de(
    trouver: Callable[[], QuerySet[Any, Any]], fiches: Callable[[Any], Iterable[Fiche]], *dates: str
) -> Callable[[HttpRequest], Contenu]:
    """Return the reading of a table of rows: `dates` are the columns that change with them (`version_de`)."""

    def lire(request: HttpRequest) -> Contenu:
        trouves = trouver()
        total, version = version_de(trouves, *dates)
        return Contenu(lambda: fiches(trouves), total, version)

    return lire


def flux_atom(
    titre: str, page: str, flux: str, description: str, nouvelles: Iterable[Mapping[str, Any]]
) -> HttpResponse:
    """Return an Atom feed; `page`, `flux`: names of URLs.

    Of each of `nouvelles`, `lien` and `cle` are paths, `texte` is plain; the rest is as Django names it.
    """
    racine = settings.SITE_URL
    atom = Atom1Feed(
        title=titre,
        link=racine + reverse(page),
        feed_url=racine + reverse(flux),
        description=description,
        language="fr",
        feed_copyright=settings.LICENCE,
    )
    for nouvelle in nouvelles:
        dite = dict(nouvelle)
        atom.add_item(
            title=sans_controle(dite.pop("titre")),
            link=racine + dite.pop("lien"),
            description=linebreaks(escape(sans_controle(dite.pop("texte")))),  # feed readers parse it as HTML
            unique_id=racine + dite.pop("cle"),
            **dite,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _fiches_des_communes() -> Iterator[Fiche]:
    contours = contours_des_communes()
    for commune in les_communes().values():
        contour = contours.get(commune.pk)
        yield {
            "code_insee": commune.pk,
            "nom": commune.nom,
            "siren": commune.siren or None,
            "codes_postaux": commune.codes_postaux,
            "population": commune.population,
            "latitude": commune.latitude,
            "longitude": commune.longitude,
            "geometrie": (contour.get("geometry") or contour) if isinstance(contour, dict) else None,
        }


def _communes(request: HttpRequest) -> Contenu:
    total, version = version_de(Commune.objects.all())
    _, traces = version_de(Contour.objects.filter(commune__isnull=False))
    return Contenu(_fiches_des_communes, total, f"{version}|{traces}")


COMMUNES = JeuDeDonnees(
    cle="communes",
    titre=ici_plus_tard("Les communes de la {metropole}"),
    description="Nom, codes, population et contour de chaque commune. En GeoJSON, son contour.",
    app="metropole",
    liste="communes",
    champs=(
        Champ("code_insee", "Code Insee."),
        Champ("nom", "Nom."),
        Champ("siren", "Numéro SIREN."),
        Champ("codes_postaux", "Codes postaux.", Type.LISTE),
        Champ("population", "Nombre d’habitants.", Type.ENTIER),
        Champ("latitude", "Latitude du centre (WGS 84).", Type.NOMBRE),
        Champ("longitude", "Longitude du centre (WGS 84).", Type.NOMBRE),
    ),
    lire=_communes,
    fichiers=fichiers_de("socle:communes", ("csv", "json", "geojson")),
    exemple=_fiches_des_communes,
    precisions=(settings.CONTOURS_MENTION,) if settings.CONTOURS_MENTION else (),
)


def tous_les_jeux() -> list[JeuDeDonnees]:
    return [*recueillir("jeux_de_donnees"), COMMUNES, MODERATION]


@publique
@require_safe
@gardable(UNE_MINUTE)
def donnees_ouvertes(request: HttpRequest) -> HttpResponse:
    """The one page about open data: files, fields, codes, licence."""
    return render(
        request,
        "socle/public/donnees_ouvertes.html",
        {
            "jeux": [
                {
                    "jeu": jeu,
                    "fichiers": [
                        (groupe.titre, [(FORMES[forme], a) for forme, a in groupe.adresses.items()])
                        for groupe in jeu.fichiers()
                    ],
                    "valeurs": jeu.valeurs(),
                    "schema": jeu.norme or reverse("socle:schema_de_donnees", args=[jeu.cle]),
                }
                for jeu in tous_les_jeux()
            ],
            "separateur": jeux.SEPARATEUR,
            "licence": settings.LICENCE,
            "url_licence": settings.LICENCE_URL,
            "donnees_liees": _pour_les_moteurs(),
        },
    )


def _pour_les_moteurs() -> dict[str, Any]:
    """Return the same catalogue in the words of schema.org."""
    ici = settings.SITE_URL + reverse("socle:donnees_ouvertes")
    return {
        "@type": "DataCatalog",
        "name": "Données ouvertes de la participation",
        "url": ici,
        "dataset": [
            {
                "@type": "Dataset",
                "name": jeu.titre,
                "description": jeu.description,
                "url": f"{ici}#{jeu.cle}",
                "license": settings.LICENCE_URL,
                "creator": {"@type": "GovernmentOrganization", "name": collectivite().nom},
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": FORMATS[forme].partition(";")[0],
                        "contentUrl": settings.SITE_URL + adresse,
                    }
                    for groupe in jeu.fichiers()
                    for forme, adresse in groupe.adresses.items()
                    if forme in FORMATS
                ],
            }
            for jeu in tous_les_jeux()
        ],
    }


@ouverte
def schema(request: HttpRequest, cle: str) -> HttpResponse:
    """Table Schema of the CSV of a jeu."""
    jeu = next((jeu for jeu in tous_les_jeux() if jeu.cle == cle and not jeu.norme), None)
    if jeu is None:
        raise Http404
    return HttpResponse(jeux.en_json(jeu.schema()), content_type="application/json")


@ouverte
def catalogue(request: HttpRequest) -> HttpResponse:
    """DCAT-AP in JSON-LD: what a data portal harvests."""
    ici = settings.SITE_URL + reverse("socle:donnees_ouvertes")
    editeur = {"@id": settings.SITE_URL, "@type": "foaf:Agent", "foaf:name": collectivite().nom}
    document = {
        "@context": CONTEXTE,
        "@id": ici,
        "@type": "dcat:Catalog",
        "dct:title": _dit("Données ouvertes de la participation"),
        "dct:description": _dit(
            dire("Ce que disent les habitantes et habitants, et ce que la {metropole} répond.")
        ),
        "dct:publisher": editeur,
        "dct:language": {"@id": f"{EUROPE}/language/FRA"},
        "dct:license": {"@id": settings.LICENCE_URL},
        "foaf:homepage": {"@id": ici},
        "dcat:dataset": [_dataset(jeu, ici, editeur) for jeu in tous_les_jeux()],
    }
    return HttpResponse(jeux.en_json(document), content_type="application/ld+json")


def _dit(mots: str) -> dict[str, str]:
    return {"@value": mots, "@language": "fr"}


def _dataset(jeu: JeuDeDonnees, ici: str, editeur: dict[str, str]) -> dict[str, Any]:
    return {
        "@id": f"{ici}#{jeu.cle}",
        "@type": "dcat:Dataset",
        "dct:identifier": jeu.cle,
        "dct:title": _dit(jeu.titre),
        "dct:description": _dit(jeu.description),
        "dct:publisher": {"@id": editeur["@id"]},
        "dct:accrualPeriodicity": {"@id": f"{EUROPE}/frequency/CONT"},
        "dcat:theme": {"@id": f"{EUROPE}/data-theme/GOVE"},
        "dcat:landingPage": {"@id": f"{ici}#{jeu.cle}"},
        "dcat:distribution": [
            _distribution(jeu, ici, groupe.titre, forme, adresse)
            for groupe in jeu.fichiers()
            for forme, adresse in groupe.adresses.items()
            if forme in FORMATS
        ],
    }


def _distribution(jeu: JeuDeDonnees, ici: str, titre: str, forme: str, adresse: str) -> dict[str, Any]:
    entiere = settings.SITE_URL + adresse
    norme = jeu.norme or settings.SITE_URL + reverse("socle:schema_de_donnees", args=[jeu.cle])
    return {
        "@id": entiere,
        "@type": "dcat:Distribution",
        "dct:title": _dit(f"{titre or jeu.titre} ({forme.upper()})"),
        "dcat:accessURL": {"@id": f"{ici}#{jeu.cle}"},
        "dcat:downloadURL": {"@id": entiere},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{FORMATS[forme].partition(';')[0]}"
        },
        "dct:license": {"@id": settings.LICENCE_URL},
        **({"dct:conformsTo": {"@id": norme}} if forme == "csv" else {}),
    }
