"""The public search: one field for all that anybody may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchRank, SearchVector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from participation.socle.forms.filters import RANG, en_francais
from participation.socle.forms.filters import chercher as chercher_les_dossiers
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Dossier
from participation.socle.regles.mots import SANS_ACCENTS
from participation.socle.vitrine import Cherchable, EntreePublique, Trouve, recueillir

# Matches kept of each kind, and shown of it beside the others.
PARMI, MONTRES = 100, 4
# Pages of text, with words that somebody may type for them.
PAGES = (
    ("socle:accueil", "Accueil", "participation"),
    ("socle:chiffres_cles", "Chiffres clés", "presse statistiques nombres"),
    ("socle:donnees_ouvertes", "Données ouvertes", "open data csv fichiers telecharger"),
    ("socle:accessibilite", "Accessibilité", "handicap rgaa declaration"),
    ("socle:donnees_personnelles", "Données personnelles", "rgpd vie privee effacer conservation dpo"),
    ("socle:mentions_legales", "Mentions légales", "editeur hebergeur contact"),
    ("socle:cookies", "Cookies", "traceurs"),
)


@dataclass(frozen=True, slots=True)
class Genre:
    """What was found of one kind, best first. `est_coupe`: there is more than `PARMI`."""

    cle: str
    titre: str
    app: str
    trouves: Sequence[Trouve]
    rang: float

    @property
    def est_coupe(self) -> bool:
        return len(self.trouves) > PARMI

    @property
    def montres(self) -> Sequence[Trouve]:
        return self.trouves[:MONTRES]


def chercher_partout(mots: str) -> list[Genre]:
    """Return the kinds in which the words are found, the best first. As many queries whatever is found."""
    genres = [*_pages(mots), *_dossiers(mots)]
    genres += [_lire(un, mots) for un in recueillir("cherchables")]
    return sorted((un for un in genres if un.trouves), key=lambda un: -un.rang)


def _dossiers(mots: str) -> list[Genre]:
    """Return the published dossiers that have a public page, by nature."""
    natures = {cle: m for cle, m in Dossier.natures().items() if hasattr(m, "get_public_url")}
    publies = Dossier.objects.a_montrer_a(AnonymousUser()).filter(nature__in=natures)
    lignes = (
        chercher_les_dossiers(publies, mots).order_by(f"-{RANG}", "-pk").values_list("pk", "nature", RANG)
    )
    rangs: dict[int, tuple[str, float]] = {pk: (nature, rang) for pk, nature, rang in lignes[: 5 * PARMI]}
    lus = Dossier.objects.enfants_de(rangs)
    genres = []
    for cle, modele in natures.items():
        siens = [pk for pk, (nature, _) in rangs.items() if nature == cle and pk in lus]
        if siens:
            titre = capfirst(str(modele._meta.verbose_name_plural))
            trouves = [_du_dossier(lus[pk]) for pk in siens[: PARMI + 1]]
            genres.append(Genre(cle, titre, modele._meta.app_label, trouves, rangs[siens[0]][1]))
    return genres


def _du_dossier(dossier: Dossier) -> Trouve:
    enfant: Any = dossier.enfant
    return Trouve(dossier.titre, enfant.get_public_url(), f"{dossier.reference}, {dossier.libelle_etat}")


def _lire(un: Cherchable, mots: str) -> Genre:
    requete, vecteur = en_francais(mots), SearchVector(*un.champs, config="french")
    trouvees = un.ensemble().annotate(vecteur=vecteur).filter(vecteur=requete)
    classees = trouvees.annotate(**{RANG: SearchRank(vecteur, requete)}).order_by(f"-{RANG}", "-pk")
    # Found first: what a row shows may join every dossier.
    rangs: dict[Any, float] = dict(classees.values_list("pk", RANG)[: PARMI + 1])
    lues = un.ensemble().order_by().in_bulk(list(rangs))
    trouves = [un.dire(lues[pk]) for pk in rangs if pk in lues]
    return Genre(un.cle, un.titre, un.app, trouves, max(rangs.values(), default=0.0))


def _pages(mots: str) -> list[Genre]:
    entrees: Iterable[EntreePublique] = recueillir("menu_public")
    pages = [(e.libelle, e.url, "") for e in entrees]
    pages += [(titre, reverse(nom), aussi) for nom, titre, aussi in PAGES]
    simples = _simple(mots).split()

    def dit(titre: str, aussi: str) -> bool:
        return all(mot in f"{_simple(titre)} {aussi}" for mot in simples)

    trouves = [Trouve(titre, url) for titre, url, aussi in pages if dit(titre, aussi)]
    return [Genre("pages", "Pages", "metropole", trouves, 2.0)] if simples else []


def _simple(texte: str) -> str:
    return texte.translate(SANS_ACCENTS).lower()


@publique
@require_safe
@gardable(60)
def chercher(request: HttpRequest) -> HttpResponse:
    """`q`: the words. `genre`: one kind only, with all that was found of it."""
    mots = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    genres = chercher_partout(mots) if mots else []
    choisi = next((un for un in genres if un.cle == request.GET.get("genre")), None)
    return render(
        request,
        "socle/public/chercher.html",
        {"mots": mots, "genres": genres, "choisi": choisi, "parmi": PARMI},
    )
