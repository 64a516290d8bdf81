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

from participation.socle.forms.filters import RANG, avec_rang, cles_trouvees, en_francais
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Dossier, parmi
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
class GenreTrouve:
    """What was found of one kind. `montres`: the best of `combien`. `est_coupe`: there is more than `PARMI`."""

    cle: str
    titre: str
    app: str
    combien: int
    montres: Sequence[Trouve]
    rang: float

    @property
    def est_coupe(self) -> bool:
        return self.combien > PARMI


def chercher_partout(mots: str, choisi: str = "") -> list[GenreTrouve]:
    """Return the kinds in which the words are found, the best first. As many queries whatever is found.

    `choisi`: the kind of which all that was found is shown.
    """
    genres = [*_pages(mots, choisi), *_dossiers(mots, choisi)]
    genres += [_lire(un, mots, choisi) for un in recueillir("cherchables")]
    return sorted((un for un in genres if un.montres), key=lambda un: -un.rang)


def _combien(cle: str, choisi: str) -> int:
    return PARMI if cle == choisi else MONTRES


def _dossiers(mots: str, choisi: str) -> list[GenreTrouve]:
    """Return the published dossiers that have a public page, by nature."""
    natures = {cle: m for cle, m in Dossier.natures().items() if hasattr(m, "get_public_url")}
    publies = Dossier.objects.a_montrer_a(AnonymousUser()).filter(nature__in=natures)
    # Found first: the index of the natures would be read whatever the words.
    trouves = publies.filter(parmi(cles_trouvees(Dossier.objects.filter(est_publie=True), mots)))
    lignes = avec_rang(trouves, mots).order_by(f"-{RANG}", "-pk").values_list("pk", "nature", RANG)
    rangs: dict[int, tuple[str, float]] = {pk: (nature, rang) for pk, nature, rang in lignes[: 5 * PARMI]}
    de_chaque = {cle: [pk for pk, (nature, _) in rangs.items() if nature == cle] for cle in natures}
    a_lire = [pk for cle, siens in de_chaque.items() for pk in siens[: _combien(cle, choisi)]]
    lus = Dossier.objects.enfants_de(a_lire)
    genres = []
    for cle, siens in de_chaque.items():
        if siens:
            meta = natures[cle]._meta
            montres = [_du_dossier(lus[pk]) for pk in siens[: _combien(cle, choisi)] if pk in lus]
            titre, rang = capfirst(str(meta.verbose_name_plural)), rangs[siens[0]][1]
            genres.append(GenreTrouve(cle, titre, meta.app_label, len(siens), montres, rang))
    return genres


def _du_dossier(dossier: Dossier) -> Trouve:
    enfant: Any = dossier.enfant
    return Trouve(dossier.titre, enfant.get_public_url(), f"{dossier.reference}, {dossier.libelle_etat}")


def _lire(un: Cherchable, mots: str, choisi: str) -> GenreTrouve:
    requete, vecteur = en_francais(mots), SearchVector(*un.champs, config="french")
    trouvees = un.ensemble().annotate(vecteur=vecteur).filter(vecteur=requete)
    classees = trouvees.annotate(**{RANG: SearchRank(vecteur, requete)}).order_by(f"-{RANG}", "-pk")
    # Found first: what a row shows may join every dossier.
    rangs: dict[Any, float] = dict(classees.values_list("pk", RANG)[: PARMI + 1])
    a_lire = list(rangs)[: _combien(un.cle, choisi)]
    lues = un.ensemble().order_by().in_bulk(a_lire)
    montres = [un.dire(lues[pk]) for pk in a_lire if pk in lues]
    return GenreTrouve(un.cle, un.titre, un.app, len(rangs), montres, max(rangs.values(), default=0.0))


def _pages(mots: str, choisi: str) -> list[GenreTrouve]:
    entrees: Iterable[EntreePublique] = recueillir("menu_public")
    pages = [(e.libelle, e.url, "") for e in entrees]
    pages += [(titre, reverse(nom), aussi) for nom, titre, aussi in PAGES]
    simples = _simple(mots).split()

    def dit(titre: str, aussi: str) -> bool:
        return all(mot in f"{_simple(titre)} {aussi}" for mot in simples)

    trouves = [Trouve(titre, url) for titre, url, aussi in pages if dit(titre, aussi)]
    montres = trouves[: _combien("pages", choisi)]
    return [GenreTrouve("pages", "Pages", "metropole", len(trouves), montres, 2.0)] if simples else []


def _simple(texte: str) -> str:
    return texte.translate(SANS_ACCENTS).lower()


@publique
@require_safe
@gardable(60)
def chercher(request: HttpRequest) -> HttpResponse:
    """`q`: the words. `genre`: one kind only, with all that was found of it."""
    mots = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    voulu = request.GET.get("genre", "")
    genres = chercher_partout(mots, voulu) if mots else []
    choisi = next((un for un in genres if un.cle == voulu), None)
    return render(
        request,
        "socle/public/chercher.html",
        {"mots": mots, "genres": genres, "choisi": choisi, "parmi": PARMI},
    )
