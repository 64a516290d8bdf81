"""Open data on published sujets: CSV, JSON, Atom, with CORS. No personal data, no small count."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, linebreaks
from django.views.decorators.http import require_safe

from participation.socle.calendrier import jours_entre
from participation.socle.export import instant
from participation.socle.http import gardable, partageable, publique
from participation.socle.models import Dossier, Entree
from participation.socle.textes import sans_controle
from participation.socle.views.exports import Tableau, donner_a_tous, version_de
from remontees.forms.publiques import VousLAvezDitForm
from remontees.lectures import publics
from remontees.lectures.champs_publics import CHAMPS
from remontees.models import Sujet
from remontees.regles.secret import publiable

PAR_PAQUET, DANS_LE_FLUX = 500, 40


def _a_publier(filtres: publics.FiltresDeSujets) -> Any:
    return publics.avec_nombres(publics.selection(filtres)).select_related("categorie__parent").order_by("pk")


def _fiches(sujets: Any) -> Iterator[dict[str, Any]]:
    """Yield one dict per sujet, with the keys of CHAMPS, read in batches of PAR_PAQUET."""
    plus_petit = publics.plus_petit_publie()
    paquet: list[Any] = []
    for sujet in sujets.iterator(chunk_size=PAR_PAQUET):
        paquet.append(sujet)
        if len(paquet) >= PAR_PAQUET:
            yield from _fiches_du_paquet(paquet, plus_petit)
            paquet = []
    yield from _fiches_du_paquet(paquet, plus_petit)


def _fiches_du_paquet(sujets: list[Any], plus_petit: int) -> Iterator[dict[str, Any]]:
    communes: dict[int, list[tuple[str, str]]] = {}
    liens = Dossier.communes.through.objects.filter(dossier__in=[sujet.pk for sujet in sujets])
    for dossier, code, nom in liens.order_by("commune").values_list("dossier", "commune", "commune__nom"):
        communes.setdefault(dossier, []).append((code, nom))
    for sujet in sujets:
        yield _fiche(sujet, communes.get(sujet.pk, []), plus_petit)


def _fiche(sujet: Any, communes: list[tuple[str, str]], plus_petit: int) -> dict[str, Any]:
    categorie, est_repondu = sujet.categorie, sujet.etat in publics.REPONDUS
    theme = (categorie.parent or categorie) if categorie else None
    return {
        "reference": sujet.reference,
        "titre": sujet.titre,
        "url": settings.SITE_URL + sujet.get_public_url(),
        "theme": theme.nom if theme else None,
        "categorie": categorie.nom if categorie and categorie.parent_id else None,
        "communes": [code for code, _ in communes],
        "communes_noms": [nom for _, nom in communes],
        "etat": sujet.etat,
        "issue": sujet.issue if est_repondu else None,
        "ouvert_le": sujet.ouvert_le,
        "repondu_le": sujet.repondu_le if est_repondu else None,
        "jours": jours_entre(sujet.ouvert_le, sujet.repondu_le) if est_repondu and sujet.repondu_le else None,
        "date_prevue": sujet.date_prevue if est_repondu else None,
        "texte": sujet.texte_public,
        "reponse": sujet.reponse if est_repondu else None,
        "remontees": publiable(sujet.combien, plus_petit),
        "modifiee_le": sujet.modifie_le,
    }


def _tableau(filtres: publics.FiltresDeSujets, **contenu: Any) -> Tableau:
    choisis = publics.selection(filtres)
    _, version = version_de(choisis, "modifie_le", "remontees__modifie_le", "communes__code_insee")
    return Tableau(
        "vous-l-avez-dit",
        total=choisis.count(),
        version=f"{version}|{publics.plus_petit_publie()}",
        selection=filtres.requete(),
        **contenu,
    )


@publique
@partageable
@require_safe
@gardable(300)
def donnees_csv(request: HttpRequest) -> HttpResponseBase:
    """CSV, one line per filtered sujet, streamed."""
    filtres = VousLAvezDitForm(request.GET).filtres()

    def lignes() -> Iterator[list[Any]]:
        for fiche in _fiches(_a_publier(filtres)):
            yield [
                (", " if cle == "communes_noms" else " ").join(valeur)
                if isinstance(valeur, list)
                else instant(valeur)
                for cle, valeur in fiche.items()
            ]

    return donner_a_tous(request, _tableau(filtres, entetes=list(CHAMPS), lignes=lignes))


@publique
@partageable
@require_safe
@gardable(300)
def donnees_json(request: HttpRequest) -> HttpResponseBase:
    """JSON {licence, le, sujets: […]}, streamed."""
    filtres = VousLAvezDitForm(request.GET).filtres()

    def flux() -> Iterator[bytes]:
        entete = {"licence": settings.LICENCE, "le": timezone.now()}
        yield (_json(entete)[:-1] + ', "sujets": [').encode()
        virgule = ""
        for fiche in _fiches(_a_publier(filtres)):
            yield f"{virgule}\n{_json(fiche)}".encode()
            virgule = ","
        yield b"\n]}\n"

    return donner_a_tous(request, _tableau(filtres, forme="json", flux=flux))


def _json(valeur: object) -> str:
    return json.dumps(valeur, ensure_ascii=False, cls=DjangoJSONEncoder)


@publique
@partageable
@require_safe
@gardable(300)
def atom(request: HttpRequest) -> HttpResponseBase:
    """Atom feed of the last DANS_LE_FLUX public journal lines of published sujets."""
    racine = settings.SITE_URL
    flux = Atom1Feed(
        title="Grenoble-Alpes Métropole : vous l’avez dit, voici ce qu’on en fait",
        link=racine + reverse("remontees:vous_l_avez_dit"),
        feed_url=racine + reverse("remontees:atom"),
        description="Chaque nouvelle des sujets que les habitantes et habitants font remonter.",
        language="fr",
        feed_copyright=settings.LICENCE,
    )
    lignes = list(
        Entree.objects.filter(est_publique=True, dossier__est_publie=True, dossier__nature="sujet").order_by(
            "-le", "-pk"
        )[:DANS_LE_FLUX]
    )
    sujets: Any = Sujet.objects.select_related("categorie__parent").in_bulk(
        {ligne.dossier_id for ligne in lignes}
    )
    for ligne in lignes:
        sujet = sujets[ligne.dossier_id]
        est_reponse = ligne.acte in {"repondre_sujet", "relire"} and sujet.etat in publics.REPONDUS
        flux.add_item(
            title=sans_controle(f"{sujet.titre} : {ligne.fait}"),
            link=racine + sujet.get_public_url(),
            description=linebreaks(
                escape(sans_controle(sujet.reponse if est_reponse else sujet.texte_public))
            ),
            author_name="Grenoble-Alpes Métropole",
            pubdate=ligne.le,
            updateddate=ligne.le,
            unique_id=f"{racine}{sujet.get_public_url()}#nouvelle-{ligne.pk}",
            categories=[sujet.categorie.chemin] if sujet.categorie else [],
        )
    return HttpResponse(flux.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
