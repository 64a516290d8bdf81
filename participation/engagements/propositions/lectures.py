"""What was proposed, decided, done and judged, group by group."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q
from django.db.models.functions import Length

from participation.engagements.models import Collectif, Proposition
from participation.engagements.workflow import EtatProposition
from participation.socle.bd.cache import une_minute
from participation.socle.bd.lots import par_lots
from participation.socle.forms.filters import cles_trouvees
from participation.socle.models import Dossier
from participation.suites.models import Suite, Verdict
from participation.suites.workflow import Degre

PAR_NUMERO = (Length("numero"), "numero", "reference")  # 2 before 10


@dataclass(frozen=True, slots=True)
class FiltresDePropositions:
    """An empty filter keeps everything."""

    q: str = ""
    collectif: str = ""
    etat: str = ""
    theme: str = ""
    degre: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Compte:
    """A figure, and the filter that lists what it counts: « etat=retenue »."""

    libelle: str
    combien: int
    filtre: str


@dataclass(frozen=True, slots=True)
class Etapes:
    """What was proposed, decided, done, judged: each a few figures."""

    total: int
    decidees: Sequence[Compte]
    faites: Sequence[Compte]
    verdicts: int
    accords: int


def publiees() -> Any:
    tous: Any = Proposition.objects
    return tous.filter(est_publie=True).select_related("collectif")


def selection(filtres: FiltresDePropositions) -> Any:
    trouvees = publiees()
    if filtres.collectif:
        trouvees = trouvees.filter(collectif__cle=filtres.collectif)
    if filtres.etat:
        trouvees = trouvees.filter(etat=filtres.etat)
    if filtres.theme:
        trouvees = trouvees.filter(theme=filtres.theme)
    if filtres.degre:
        siennes = Suite.objects.filter(est_publiee=True, degre=filtres.degre)
        trouvees = trouvees.filter(pk__in=siennes.order_by().values("dossier"))
    if filtres.verdict:
        juges = Verdict.objects.comparables()
        juges = juges.d_accord() if filtres.verdict == "accord" else juges.exclude(jugement=F("dit"))
        trouvees = trouvees.filter(pk__in=juges.order_by().values("suite__dossier"))
    if mots := filtres.q.strip():
        dites = cles_trouvees(Dossier.objects.filter(nature="proposition", est_publie=True), mots)
        trouvees = trouvees.filter(Q(pk__in=dites) | Q(numero=mots))
    return trouvees


def etapes(collectif: Collectif | None = None) -> Etapes:
    """Count what is public: three queries, whatever there is."""
    siennes = publiees() if collectif is None else publiees().filter(collectif=collectif.pk)
    comptes: Mapping[str, int] = siennes.order_by().aggregate(
        total=Count("pk"), **{etat.value: Count("pk", filter=Q(etat=etat)) for etat in EtatProposition}
    )
    suites = Suite.objects.publiques()
    if collectif is None:
        suites = suites.filter(dossier__nature="proposition")
    else:
        suites = suites.filter(dossier__proposition__collectif=collectif.pk)
    degres = dict(suites.order_by().values_list("degre").annotate(n=Count("pk")))
    verdicts = (
        Verdict.objects.comparables()
        .filter(suite__in=suites.order_by().values("pk"))
        .order_by()
        .aggregate(total=Count("pk"), accords=Count("pk", filter=Q(jugement=F("dit"))))
    )
    return Etapes(
        comptes["total"],
        [Compte(etat.label, comptes[etat.value], f"etat={etat.value}") for etat in EtatProposition],
        [
            Compte(degre.label, degres[degre.value], f"degre={degre.value}")
            for degre in Degre
            if degres.get(degre.value)
        ],
        verdicts["total"],
        verdicts["accords"],
    )


def themes() -> list[str]:
    """Return the themes of what is published. Cached for one minute."""

    def lire() -> list[str]:
        nommes = Dossier.objects.filter(nature="proposition", est_publie=True).exclude(theme="").order_by()
        return sorted(nommes.values_list("theme", flat=True).distinct())

    return une_minute("propositions.themes", lire)


def avec_suites(propositions: Sequence[Any]) -> list[tuple[Any, list[Suite]]]:
    """Return each with its public suites, in a fixed number of queries."""
    par_dossier: dict[int, list[Suite]] = {}
    suites = Suite.objects.filter(est_publiee=True, dossier__in=[p.pk for p in propositions])
    for suite in suites.prefetch_related("verdicts__sollicitation", "suspensions").order_by("creee_le", "pk"):
        par_dossier.setdefault(suite.dossier_id, []).append(suite)
    return [(p, par_dossier.get(p.pk, [])) for p in propositions]


def fiches(propositions: Any) -> Iterator[dict[str, Any]]:
    """Yield the public propositions, one row each; the degree is that of the last suite."""
    for paquet in par_lots(propositions.iterator(chunk_size=500), 500):
        yield from map(_fiche, avec_suites(paquet))


def _fiche(ligne: tuple[Any, list[Suite]]) -> dict[str, Any]:
    proposition, suites = ligne
    return {
        "reference": proposition.reference,
        "collectif": proposition.collectif.nom,
        "numero": proposition.numero or None,
        "theme": proposition.theme or None,
        "titre": proposition.titre,
        "texte": proposition.texte,
        "portee_par": proposition.portee_par or None,
        "etat": proposition.etat,
        "reponse": proposition.retour or None,
        "decidee_le": proposition.decidee_le,
        "decidee_par": proposition.decidee_par or None,
        "deliberation": proposition.deliberation or None,
        "suite": suites[-1].etat if suites else None,
        "degre": suites[-1].degre if suites else None,
        "url": settings.SITE_URL + proposition.get_public_url(),
        "modifiee_le": proposition.modifie_le,
    }
