"""Sujets in public: list, état, figures, maps, sujets alike, open data. Never a remontée, never a small count.

Statistical secrecy: small counts are not published, and cannot be deduced from others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone

from participation.socle.bd.cache import une_minute
from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.filters import cles_trouvees
from participation.socle.francais import accorder, jour_texte, nombre, pluriel
from participation.socle.graphiques import Carte
from participation.socle.lectures.cartes import PointDeCarte, carte_des_communes
from participation.socle.lectures.chiffres import Tenu, des_douze_mois
from participation.socle.models import Combien, Commune, Compte, Dossier, Entree, Quartier, parmi
from participation.socle.models.dossiers import hors_reserve
from participation.socle.models.suivi import nommer
from participation.socle.vitrine import Chiffre, ChiffresCles
from participation.socle.workflow import Couleur
from participation.suites.rendu_compte.comptes import Centile
from participation.suites.rendu_compte.lectures import part
from remontees.models import Categorie, ReglementRemontees, Remontee, Sujet
from remontees.workflow import SUJETS_EN_COURS, VIVANTS, EtatSujet, Issue


def publiable(combien: int, plus_petit: int) -> int | None:
    """Return the count, or None when it is too small to be published. Zero is published."""
    return combien if combien == 0 or combien >= plus_petit else None


def publiables(nombres: Mapping[str, int], plus_petit: int) -> dict[str, int | None]:
    """Apply `publiable` to counts shown side by side.

    A single hidden count could be deduced from the total: the smallest other one is then hidden too.
    """
    caches = {cle for cle, n in nombres.items() if publiable(n, plus_petit) is None}
    if len(caches) == 1 and (montres := [(n, cle) for cle, n in nombres.items() if n and cle not in caches]):
        caches.add(min(montres)[1])
    return {cle: None if cle in caches else n for cle, n in nombres.items()}


SANS_REPONSE, REPONDU = "sans_reponse", "repondu"


REPONDUS = frozenset({EtatSujet.REPONDU, EtatSujet.CLOS})


BORNES = (2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class OuEnEst:
    """Progress of a sujet in public words. « Answered » gives the issue: closed does not mean settled."""

    mot: str
    couleur: str
    icone: str
    phrase: str


EN_COURS: dict[str, OuEnEst] = {
    EtatSujet.OUVERT: OuEnEst(
        "Reçu", Couleur.ATTENTION, "horloge", "Le service participation choisit qui s’en occupe."
    ),
    EtatSujet.TRANSMIS: OuEnEst(
        "Transmis aux services", Couleur.INFO, "personnes", "Les services concernés doivent répondre."
    ),
    EtatSujet.A_REPONDRE: OuEnEst(
        "Réponse en préparation",
        Couleur.ACCENT,
        "document",
        "Les services ont répondu. La réponse publique s’écrit et se relit.",
    ),
}


ISSUES: dict[str, OuEnEst] = {
    Issue.TRAITE: OuEnEst("Traité", Couleur.SUCCES, "coche", "C’est fait."),
    Issue.PREVU: OuEnEst("Prévu", Couleur.ACCENT, "calendrier", "C’est décidé, pas encore fait."),
    Issue.IMPOSSIBLE: OuEnEst(
        "Pas possible", Couleur.ERREUR, "croix", "Ce ne sera pas fait. La réponse dit pourquoi."
    ),
    Issue.TRANSMIS: OuEnEst(
        "Transmis à un autre organisme",
        Couleur.INFO,
        "lien",
        ici_plus_tard("La {metropole} n’est pas compétente. La réponse dit qui l’est."),
    ),
    Issue.SANS_SUITE: OuEnEst(
        "Sans suite possible", Couleur.NEUTRE, "croix", "Rien ne sera fait. La réponse dit pourquoi."
    ),
}


def ou_en_est(sujet: Sujet) -> OuEnEst:
    if sujet.etat not in REPONDUS:
        return EN_COURS[sujet.etat]
    dit = ISSUES[sujet.issue]
    if sujet.issue == Issue.PREVU and sujet.date_prevue:
        return replace(dit, phrase=f"C’est prévu pour le {jour_texte(sujet.date_prevue)}.")
    return dit


@dataclass(frozen=True, slots=True)
class FiltresDeSujets:
    """Filters of the public page. Empty: everything. `dits`: keys found by the words `q`, once for the page."""

    q: str = ""
    dits: Sequence[int] = ()
    theme: int | None = None
    commune: str = ""
    etat: str = ""

    def requete(self, **changements: object) -> str:
        """Return the query string of these filters, with some changed."""
        valeurs = {**asdict(self), **changements, "dits": None}
        return urlencode({cle: valeur for cle, valeur in valeurs.items() if valeur})


def publies() -> Any:
    return Sujet.objects.filter(est_publie=True)


def qui_disent(mots: str) -> list[int]:
    """Return the keys of what is published, of any nature, and has the words: its indexes know no nature."""
    return [cle["pk"] for cle in cles_trouvees(Dossier.objects.filter(est_publie=True), mots)]


def selection(filtres: FiltresDeSujets) -> Any:
    # The nature goes without saying: said, it opens the index of the sujets published among all that is.
    sujets = publies().filter(nature="sujet")
    if filtres.q:
        sujets = sujets.filter(parmi(filtres.dits))
    if filtres.theme:
        du_theme = Categorie.objects.filter(Q(pk=filtres.theme) | Q(parent=filtres.theme)).order_by()
        sujets = sujets.filter(parmi(du_theme.values("pk"), "categorie"))
    if filtres.commune:
        d_ici = Dossier.communes.through.objects.filter(commune=filtres.commune, dossier__est_publie=True)
        sujets = sujets.filter(parmi(d_ici.values("dossier")))
    if filtres.etat == SANS_REPONSE:
        sujets = sujets.filter(etat__in=sorted(SUJETS_EN_COURS))
    elif filtres.etat == REPONDU:
        sujets = sujets.filter(etat__in=sorted(REPONDUS))
    elif filtres.etat:
        sujets = sujets.filter(etat__in=sorted(REPONDUS), issue=filtres.etat)
    return sujets


def avec_nombres(sujets: Any) -> QuerySet[Any]:
    """Annotate `combien`: number of grouped remontées, to be shown through `combien_dit`."""
    annotes: QuerySet[Any] = sujets.annotate(
        combien=Combien(Remontee.objects.filter(sujet_commun=OuterRef("pk")))
    )
    return annotes


def derniers_repondus(combien: int) -> QuerySet[Any]:
    """Return the published sujets that were answered last, along the index of the answers."""
    repondus = publies().filter(etat__in=sorted(REPONDUS), repondu_le__isnull=False)
    return avec_nombres(repondus).order_by("-repondu_le", "-pk")[:combien]


def plus_petit_publie() -> int:
    return ReglementRemontees.actuel().secret_statistique


def combien_dit(combien: int, plus_petit: int) -> str:
    """Say « 12 remontées » or « moins de 5 remontées »; empty for zero."""
    if not combien:
        return ""
    if publiable(combien, plus_petit) is None:
        return f"moins de {plus_petit} remontées"
    return accorder(combien, "remontée")


@dataclass(frozen=True, slots=True)
class Bilan:
    """Figures of a set of sujets.

    `au_moins`: remontées of the sujets whose count is published; a full total would reveal the hidden counts.
    """

    total: int
    repondus: int
    mediane: float | None
    au_moins: int
    par_issue: Sequence[tuple[OuEnEst, int, str]]
    le: datetime | None  # when the kept figures were counted; None when they are those of now

    @property
    def part_repondue(self) -> int | None:
        return part(self.repondus, self.total)


def _jours() -> Any:
    """Return the calendar days from opening to answer (in PostgreSQL, date - date is an integer)."""
    zone = timezone.get_current_timezone()
    return Func(
        TruncDate("repondu_le", tzinfo=zone),
        TruncDate("ouvert_le", tzinfo=zone),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def _mesures() -> dict[str, Any]:
    return {
        "total": Count("pk"),
        "repondus": Count("pk", filter=Q(etat__in=sorted(REPONDUS))),
        "mediane": Centile(_jours(), 0.5),
    }


def bilan(filtres: FiltresDeSujets) -> Bilan:
    """Return the figures, in two queries: those of all the sujets are kept.

    The filter on état is ignored, so that shares have a full total.
    """
    base = replace(filtres, etat="")
    lu, le = ENSEMBLE.lire() if base == FiltresDeSujets() else (_mesurer(base), None)
    issues = lu["issues"]
    return Bilan(
        **{nom: n for nom, n in lu.items() if nom != "issues"},
        le=le,
        par_issue=[
            (dit, issues[issue], base.requete(etat=issue))
            for issue, dit in ISSUES.items()
            if issues.get(issue)
        ],
    )


def _mesurer(filtres: FiltresDeSujets) -> dict[str, Any]:
    sujets: Any = selection(filtres).order_by()
    issues = {
        issue: Count("pk", filter=Q(etat__in=sorted(REPONDUS), issue=issue)) for issue in map(str, ISSUES)
    }
    comptes = sujets.aggregate(**_mesures(), **issues)
    siennes = Remontee.objects.filter(parmi(sujets.values("pk"), "sujet_commun")).order_by()
    par_sujet = siennes.values("sujet_commun").annotate(n=Count("pk")).filter(n__gte=plus_petit_publie())
    return {
        "au_moins": par_sujet.aggregate(total=Sum("n"))["total"] or 0,
        "issues": {issue: comptes.pop(issue) for issue in issues},
        **comptes,
    }


ENSEMBLE = Tenu("remontees.ensemble", lambda: _mesurer(FiltresDeSujets()))


@dataclass(frozen=True, slots=True)
class LigneAxe:
    """Row of a breakdown: figures, with the query string of the list behind each."""

    libelle: str
    total: int
    repondus: int
    mediane: float | None
    requete: str
    requete_repondus: str

    @property
    def part_repondue(self) -> int | None:
        return part(self.repondus, self.total)


@dataclass(frozen=True, slots=True)
class Axe:
    cle: str
    titre: str
    colonne: str
    lignes: Sequence[LigneAxe]


def axes(filtres: FiltresDeSujets) -> list[Axe]:
    """Return the figures by theme and by commune, in four queries: one for each and for its names."""
    base = replace(filtres, etat="")
    sujets: Any = selection(base).order_by()
    return [
        _axe(
            ("theme", "Par thème", "Thème"),
            sujets,
            Coalesce("categorie__parent", "categorie"),
            dict(Categorie.objects.values_list("pk", "nom")),
            base,
        ),
        _axe(
            ("commune", "Par commune", "Commune"),
            sujets,
            F("communes"),
            dict(Commune.objects.values_list("pk", "nom")),
            base,
        ),
    ]


def _axe(
    mots: tuple[str, str, str], sujets: Any, expression: Any, noms: Mapping[Any, str], base: FiltresDeSujets
) -> Axe:
    cle, titre, colonne = mots
    lignes = []
    for groupe in sujets.annotate(axe=expression).values("axe").annotate(**_mesures()):
        valeur = groupe.pop("axe")
        if valeur is None or (cle == "commune" and base.commune and valeur != base.commune):
            continue
        lignes.append(
            LigneAxe(
                noms[valeur],
                **groupe,
                requete=base.requete(**{cle: valeur}),
                requete_repondus=base.requete(**{cle: valeur, "etat": REPONDU}),
            )
        )
    lignes.sort(key=lambda ligne: (-ligne.total, ligne.libelle))
    return Axe(cle, titre, colonne, lignes)


def nombres_par_commune(filtres: FiltresDeSujets) -> dict[str, int]:
    """Count the published sujets by commune, without zeros; the filter on commune is ignored."""
    base = replace(filtres, commune="")
    nombres = selection(base).order_by().values_list("communes").annotate(n=Count("pk")).order_by()
    return {code: n for code, n in nombres if code}


def carte(filtres: FiltresDeSujets, adresse: str) -> Carte:
    """Map of published sujets by commune; each tile links to its list.

    Sujets are public: no count is hidden.
    """
    base, nombres = replace(filtres, commune=""), nombres_par_commune(filtres)
    return carte_des_communes(
        nombres,
        "Sujets par commune",
        "sujets",
        bornes=BORNES,
        lien=lambda code: f"{adresse}?{base.requete(commune=code)}",
    )


def _compter_les_voix() -> dict[str, int]:
    siennes = Remontee.objects.filter(
        des_douze_mois("entendue_le"), commune__isnull=False, est_discrimination=False
    )
    return dict(siennes.order_by().values_list("commune").annotate(n=Count("pk")))


VOIX = Tenu("remontees.voix", _compter_les_voix)


def voix_en_douze_mois() -> tuple[dict[str, int | None], datetime]:
    """Return the remontées of the last twelve months by commune, grouped or not, and when they were counted.

    Small counts are hidden.
    """
    nombres, le = VOIX.lire()
    return publiables(nombres, plus_petit_publie()), le


def themes_publies() -> list[int]:
    """Return the primary keys of the themes that have a published sujet; cached for one minute."""

    def lire() -> list[int]:
        # One sujet found for each category, rather than all of them read.
        un = publies().filter(categorie=OuterRef("pk")).order_by().values("pk")[:1]
        ont = Categorie.objects.alias(un=Subquery(un)).filter(un__isnull=False)
        return list(ont.order_by().values_list(Coalesce("parent", "pk"), flat=True).distinct())

    return une_minute("remontees.themes", lire)


def histoire(sujet: Sujet) -> list[Entree]:
    """Return the public lines of the journal, the latest first; `motif` is not loaded."""
    return nommer(sujet.journal.filter(est_publique=True).only("fait", "le", "acte", "dossier", "details"))


AU_PLUS = 500


def sujets_par_commune(filtres: FiltresDeSujets, adresse: str) -> list[PointDeCarte]:
    """Return one point per commune, at its centre: an exact place could identify a person."""
    nombres = nombres_par_commune(filtres)
    return [
        PointDeCarte(
            f"{commune.nom} : {accorder(nombres[commune.pk], 'sujet')}",
            f"{adresse}?{filtres.requete(commune=commune.pk)}",
            commune.latitude,
            commune.longitude,
            nombres[commune.pk],
        )
        for commune in Commune.objects.filter(pk__in=nombres)
    ]


def remontees_en_cours(visibles: Any) -> list[PointDeCarte]:
    """Return the open remontées that have a point, the latest first, at most AU_PLUS."""
    trouvees = visibles.filter(latitude__isnull=False, etat__in=sorted(VIVANTS)).order_by("-pk")
    return [
        PointDeCarte(f"{r.reference} : {r.titre}", r.get_absolute_url(), r.latitude, r.longitude)
        for r in trouvees.only("reference", "titre", "latitude", "longitude")[:AU_PLUS]
        if r.latitude is not None and r.longitude is not None
    ]


def chiffres_du_quartier(quartier: Quartier, compte: Compte) -> ChiffresCles:
    """Return the figures of what the reader may see; only agents get links to the lists."""
    siennes: Any = Remontee.objects.filter(hors_reserve(compte), quartiers=quartier)
    if compte.est_agent:
        siennes = siennes.visibles_par(compte)
    lues = siennes.aggregate(toutes=Count("pk"), ouvertes=Count("pk", filter=Q(clos_le__isnull=True)))
    sujets = Sujet.objects.filter(hors_reserve(compte), quartiers=quartier).count()
    question = f"?quartier={quartier.pk}"
    liste = f"{reverse('remontees:remontees')}{question}" if compte.est_agent else ""
    liste_des_sujets = f"{reverse('remontees:sujets')}{question}" if compte.est_agent else ""
    return ChiffresCles(
        "remontees",
        "Remontées",
        [
            Chiffre(nombre(lues["toutes"]), f"remontée{pluriel(lues['toutes'])}", liste),
            Chiffre(nombre(lues["ouvertes"]), "en cours", f"{liste}&ouverts=oui" if liste else ""),
            Chiffre(nombre(sujets), f"sujet{pluriel(sujets)}", liste_des_sujets),
        ],
        "Ce qui est dit de ce quartier, par tous les canaux.",
    )


MONTRES, MONTRES_AU_BUREAU = 5, 12


# Minimum similarity; bonuses for the same category and the same place. The category alone is no likeness: half of the
# texts without a twin were shown a sujet of something else.
SEUIL, MEME_CATEGORIE, MEME_LIEU = 0.35, 0.2, 0.15


# Number read by each index before the exact measure.
VUS = 40


def valeurs() -> list[tuple[str, str]]:
    """Return (« field = code », meaning) for the two fields whose values are codes."""
    etats = [*EN_COURS.items(), (EtatSujet.REPONDU, None), (EtatSujet.CLOS, None)]
    return [
        *((f"etat = {code}", dit.mot if dit else EtatSujet(code).label) for code, dit in etats),
        *((f"issue = {code}", f"{dit.mot}. {dit.phrase}") for code, dit in ISSUES.items()),
    ]
