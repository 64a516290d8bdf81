"""Open data about the published pétitions. Field names are an API: add some, never rename one."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse, reverse_lazy

from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.fichiers.jeux import Champ, Contenu, Fichiers, JeuDeDonnees, Type, en_json
from participation.socle.http.cache import page_en_cache
from participation.socle.http.requete import est_un_numero
from participation.socle.regles.petits_nombres import plus_petit_montrable
from participation.socle.views.exports import version_de
from participation.socle.views.public.donnees_ouvertes import fichier, flux_atom, ouverte
from petitions.models import Petition
from petitions.public import vues
from petitions.public.vues import trouver
from petitions.workflow import Etat

LICENCE = settings.LICENCE


FRAICHEUR = "public, max-age=60, stale-while-revalidate=300, stale-if-error=3600"


PAR_PAGE, PAR_PAGE_MAX = 50, 100


DANS_LE_FLUX = 40


CHAMPS = (
    Champ("id", "Numéro de la pétition, qui ne change jamais.", Type.ENTIER),
    Champ("reference", "Référence, par exemple PET-2026-0012."),
    Champ("titre", "Titre."),
    Champ("url", "Adresse de la page publique.", Type.ADRESSE),
    Champ("etat", "Étape, en un mot de code (liste plus bas)."),
    Champ("etat_libelle", "Étape, en clair."),
    Champ("auteur", "Nom public de l’auteur."),
    Champ("commune_auteur", "Code Insee de la commune de l’auteur."),
    Champ("commune_auteur_nom", "Nom de cette commune."),
    Champ("deposee_le", "Date et heure du dépôt.", Type.INSTANT),
    Champ("decidee_le", "Date et heure de la décision de recevabilité.", Type.INSTANT),
    Champ("motif_code", "Motif d’irrecevabilité, en un mot de code."),
    Champ("motif_libelle", "Motif d’irrecevabilité, en clair."),
    Champ("motif", "Raisons de la décision."),
    Champ("autorite_competente", "Autorité à qui la pétition est transmise."),
    Champ("collecte_ouverte_le", "Date et heure d’ouverture des signatures.", Type.INSTANT),
    Champ("date_fin_collecte", "Dernier jour pour signer.", Type.JOUR),
    Champ("collecte_close_le", "Date et heure de la clôture.", Type.INSTANT),
    Champ("signatures", "Nombre de signatures vérifiées.", Type.ENTIER),
    Champ("signatures_communes", "Nombre de communes représentées.", Type.ENTIER),
    Champ("compte_le", "Date et heure du comptage.", Type.INSTANT),
    Champ("seuils_atteints", "Nombres de signatures des seuils atteints.", Type.LISTE),
    Champ("date_conseil", "Jour du débat au conseil.", Type.JOUR),
    Champ("repondue_le", "Date et heure de la réponse.", Type.INSTANT),
    Champ("clos_le", "Date et heure de la clôture du dossier.", Type.INSTANT),
    Champ("reglement", "Version du règlement qui s’applique."),
    Champ("modifiee_le", "Date et heure du dernier changement.", Type.INSTANT),
)


TEXTES: dict[str, str] = {
    "demande": "Ce que demande la pétition (null si le texte n’est pas publié).",
    "raisons": "Pourquoi.",
    "competence": "Qui peut agir, selon les auteurs.",
    "issue_debat": "Ce que le conseil a dit.",
    "avis_panel": "L’avis du panel citoyen.",
    "reponse": "La réponse de la {metropole}.",
}


def publiees() -> QuerySet[Petition]:
    return (
        Petition.objects.publiees()
        .select_related("decompte", "motif_irrecevabilite", "reglement", "commune_auteur")
        .prefetch_related("seuils_atteints__seuil")
        .order_by("pk")
    )


def fiche(petition: Petition) -> dict[str, Any]:
    """Return the public facts of a pétition, one value for each of CHAMPS."""
    decompte = getattr(petition, "decompte", None)
    motif = petition.motif_irrecevabilite
    return {
        "id": petition.pk,
        "reference": petition.reference,
        "titre": petition.titre,
        "url": settings.SITE_URL + petition.get_public_url(),
        "etat": petition.etat,
        "etat_libelle": petition.get_etat_display(),
        "auteur": petition.nom_auteur,
        "commune_auteur": petition.commune_auteur_id,
        "commune_auteur_nom": str(petition.commune_auteur or "") or None,
        "deposee_le": petition.deposee_le,
        "decidee_le": petition.decidee_le,
        "motif_code": motif.code if motif else None,
        "motif_libelle": motif.libelle if motif else None,
        "motif": petition.motif or None,
        "autorite_competente": petition.autorite_competente or None,
        "collecte_ouverte_le": petition.collecte_ouverte_le,
        "date_fin_collecte": petition.date_fin_collecte,
        "collecte_close_le": petition.collecte_close_le,
        "signatures": decompte.total if decompte else 0,
        "signatures_communes": decompte.communes if decompte else 0,
        "compte_le": decompte.compte_le if decompte else None,
        "seuils_atteints": [a.seuil.signatures for a in petition.seuils_atteints.all() if a.perdu_le is None],
        "date_conseil": petition.date_conseil,
        "repondue_le": petition.repondue_le,
        "clos_le": petition.clos_le,
        "reglement": petition.reglement.version,
        "modifiee_le": petition.modifie_le,
    }


def textes(petition: Petition) -> dict[str, str | None]:
    masque = petition.texte_masque
    return {
        "demande": None if masque else petition.demande,
        "raisons": None if masque else petition.raisons,
        "competence": None if masque else petition.competence,
        "issue_debat": petition.issue_debat or None,
        "avis_panel": petition.avis_panel or None,
        "reponse": petition.reponse or None,
    }


@ouverte
def donnees_json(request: HttpRequest) -> HttpResponse:
    """All published pétitions, paginated with `page` and `par_page` (100 at most)."""
    paginateur = Paginator(publiees(), _entier(request, "par_page", PAR_PAGE, PAR_PAGE_MAX))
    try:
        page = paginateur.page(request.GET.get("page", 1))
    except InvalidPage as erreur:  # 404 tells a program that it has read all the pages
        raise Http404 from erreur
    return HttpResponse(
        en_json(
            {
                "licence": LICENCE,
                "total": paginateur.count,
                "page": page.number,
                "pages": paginateur.num_pages,
                "par_page": paginateur.per_page,
                "suivante": _page(page.next_page_number(), paginateur.per_page) if page.has_next() else None,
                "precedente": _page(page.previous_page_number(), paginateur.per_page)
                if page.has_previous()
                else None,
                "petitions": [
                    {**fiche(petition), "donnees": _adresse("petitions:donnees_petition", petition.pk)}
                    for petition in page.object_list
                ],
            }
        ),
        content_type="application/json",
    )


@ouverte
def donnees_petition(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One pétition: texts, thresholds, signatures by commune and by day."""
    version = vues.version_de(pk)
    return page_en_cache(
        request,
        f"{version.cle}:donnees",
        version.le,
        lambda: en_json(detail(trouver(pk))),
        content_type="application/json",
        fraicheur=FRAICHEUR,
    )


def detail(petition: Petition) -> dict[str, Any]:
    communes = list(
        petition.decomptes_communes.filter(nombre__gt=0)
        .select_related("commune")
        .order_by("-nombre", "commune")
    )
    minimum = plus_petit_montrable(
        {c.commune_id: c.nombre for c in communes}, petition.reglement.secret_statistique
    )
    tenus = {a.seuil_id: a.atteint_le for a in petition.seuils_atteints.all() if a.perdu_le is None}
    return {
        "licence": LICENCE,
        **fiche(petition),
        **textes(petition),
        "mots_cles": petition.mots_cles,
        "communes": list(petition.communes.values_list("code_insee", flat=True)),
        "seuils": [
            {
                "signatures": seuil.signatures,
                "communes": seuil.communes,
                "part_max": f"{seuil.part_max_numerateur}/{seuil.part_max_denominateur}",
                "effet": seuil.effet,
                "atteint_le": tenus.get(seuil.pk),
            }
            for seuil in petition.reglement.seuils.order_by("ordre")
        ],
        "signatures_par_commune": [
            {"code_insee": c.commune_id, "nom": c.commune.nom, "signatures": c.nombre}
            for c in communes
            if c.nombre >= minimum
        ],
        "communes_sous_le_seuil": sum(c.nombre < minimum for c in communes),
        "seuil_de_publication": minimum,
        "signatures_par_jour": [
            {"jour": jour, "signatures": nombre}
            for jour, nombre in petition.decomptes_jours.order_by("jour").values_list("jour", "nombre")
        ],
        "suites": [
            {
                "intitule": suite.intitule,
                "direction": str(suite.direction),
                "date_limite": suite.date_limite,
                "etat": suite.etat,
                "texte": suite.texte_public or None,
                "motif": suite.motif or None,
            }
            for suite in petition.suites.select_related("direction")
        ],
    }


@ouverte
def atom(request: HttpRequest) -> HttpResponse:
    """Feed of the pétitions last published or changed."""
    return flux_atom(
        ici("Pétitions citoyennes {de_nom}"),
        "petitions:liste",
        "petitions:atom",
        "Les pétitions publiées, et ce qu’elles deviennent.",
        (
            {
                "titre": f"{petition.titre} ({petition.get_etat_display()})",
                "lien": petition.get_public_url(),
                "texte": petition.reponse or ("" if petition.texte_masque else petition.demande),
                "author_name": petition.nom_auteur or "Participation",
                "pubdate": petition.collecte_ouverte_le or petition.decidee_le or petition.cree_le,
                "updateddate": petition.modifie_le,
                "cle": f"/petitions/{petition.pk}",
                "categories": petition.mots_cles,
            }
            for petition in Petition.objects.publiees().order_by("-modifie_le")[:DANS_LE_FLUX]
        ),
    )


def _adresse(nom: str, *arguments: object) -> str:
    return f"{settings.SITE_URL}{reverse(nom, args=arguments)}"


def _page(numero: int, par_page: int) -> str:
    return f"{_adresse('petitions:donnees_json')}?page={numero}&par_page={par_page}"


def _entier(request: HttpRequest, nom: str, defaut: int, maximum: int) -> int:
    valeur = request.GET.get(nom, "")
    return min(max(int(valeur), 1), maximum) if est_un_numero(valeur) else defaut


def _lire(request: HttpRequest) -> Contenu:
    total, version = version_de(Petition.objects.publiees(), "modifie_le", "decompte__compte_le")
    return Contenu(_fiches, total, version)


def _fiches() -> Iterator[dict[str, Any]]:
    return map(fiche, publiees().iterator(chunk_size=200))


def _fichiers() -> list[Fichiers]:
    formes = (("csv", "donnees_csv"), ("json", "donnees_json"), ("atom", "atom"))
    toutes = Fichiers({forme: reverse(f"petitions:{nom}") for forme, nom in formes})
    une = Petition.objects.publiees().order_by("pk").values_list("pk", flat=True).first()
    if une is None:
        return [toutes]
    detail = reverse("petitions:donnees_petition", args=[une])
    return [
        toutes,
        Fichiers({"json": detail}, "Une pétition, avec ses textes, ses signatures par commune et par jour"),
    ]


JEU = JeuDeDonnees(
    cle="petitions",
    titre="Pétitions citoyennes",
    description="Les pétitions publiées, leurs signatures et ce qu’elles deviennent.",
    app="petitions",
    liste="petitions",
    champs=(
        *CHAMPS,
        *(
            Champ(nom, ici_plus_tard(f"{sens} Dans l’adresse d’une pétition."), seulement="json")
            for nom, sens in TEXTES.items()
        ),
    ),
    lire=_lire,
    fichiers=_fichiers,
    exemple=_fiches,
    valeurs=lambda: [
        (f"etat = {etat}", str(etat.label))
        for etat in Etat
        if etat not in {Etat.BROUILLON, Etat.DEPOSEE, Etat.RECEVABLE}
    ],
    precisions=(
        f"Le JSON se lit par pages : « ?page=2&par_page={PAR_PAGE_MAX} » ({PAR_PAGE_MAX} au plus). « suivante » donne "
        "l’adresse de la page qui suit, « null » à la fin.",
        "Une commune qui compte moins de signatures que « seuil_de_publication » n’apparaît pas dans "
        "« signatures_par_commune ». Elle est comptée dans « communes_sous_le_seuil ».",
    ),
    page=reverse_lazy("petitions:liste"),
)
donnees_csv = fichier(JEU, "csv")
