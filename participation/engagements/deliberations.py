"""Délibérations of the collectivité, taken up from its SCDL file (schema 2.1.4, 17 columns) and published in the same.

A row is read, or refused with its reason. What was decided on what is tied by the number, and read in its order.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.engagements.models import (
    Deliberation,
    EngagementPris,
    Etude,
    Proposition,
    RefusDeDeliberations,
)
from participation.socle.actions.tableaux import lire_aussitot, recevoir_tableau
from participation.socle.bd.verrous import verrou
from participation.socle.collectivite import ici
from participation.socle.erreurs import ErreurMetier
from participation.socle.fichiers.jeux import Champ, JeuDeDonnees, Type, fichiers_de
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier
from participation.socle.francais import enumerer, majuscule
from participation.socle.http.decorateurs import gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Dossier
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import jour_venu, simplifier
from participation.socle.regles.textes import sans_controle
from participation.socle.views.exports import lignes_refusees
from participation.socle.views.public.donnees_ouvertes import fichier, lire_de
from participation.socle.workflow import Role
from participation.suites.models import ChangementSuite, Preuve, Suite
from participation.suites.rendu_compte.lectures import adresse_publique
from participation.suites.rendu_compte.vues import avec_dossiers

# Column of the schema → field of `Deliberation`.
COLONNES: Mapping[str, str] = {
    "COLL_NOM": "collectivite",
    "COLL_SIRET": "siret",
    "DELIB_ID": "numero",
    "DELIB_DATE": "date",
    "DELIB_MATIERE_CODE": "matiere_code",
    "DELIB_MATIERE_NOM": "matiere",
    "DELIB_OBJET": "objet",
    "BUDGET_ANNEE": "budget_annee",
    "BUDGET_NOM": "budget_nom",
    "PREF_ID": "prefecture_numero",
    "PREF_DATE": "prefecture_date",
    "VOTE_EFFECTIF": "vote_effectif",
    "VOTE_REEL": "vote_reel",
    "VOTE_POUR": "vote_pour",
    "VOTE_CONTRE": "vote_contre",
    "VOTE_ABSTENTION": "vote_abstention",
    "DELIB_URL": "adresse",
}
OBLIGATOIRES = ("DELIB_ID", "DELIB_DATE", "DELIB_OBJET")
LONGUEURS = {
    "collectivite": 200, "siret": 14, "numero": 120, "matiere_code": 20, "matiere": 200, "objet": 8000,
    "budget_annee": 10, "budget_nom": 200, "prefecture_numero": 120, "adresse": 400,
}  # fmt: skip


def rangs_de(entetes: Sequence[str]) -> dict[str, int]:
    """Return field → rank of its column. The case of the columns does not matter."""
    connues = {simplifier(colonne): champ for colonne, champ in COLONNES.items()}
    return {
        connues[simplifier(entete)]: rang
        for rang, entete in enumerate(entetes)
        if simplifier(entete) in connues
    }


def colonnes_absentes(rangs: Mapping[str, int]) -> list[str]:
    return [colonne for colonne in OBLIGATOIRES if COLONNES[colonne] not in rangs]


def lire_ligne(ligne: Sequence[str], rangs: Mapping[str, int], aujourdhui: date) -> dict[str, Any]:
    """Return the fields of a row. Raises ValueError, a sentence."""
    dits: dict[str, Any] = {}
    for champ, rang in rangs.items():
        texte = ligne[rang].strip() if rang < len(ligne) else ""
        if champ in {"date", "prefecture_date"}:
            dits[champ] = jour_venu(texte, aujourdhui)
        elif champ.startswith("vote_"):
            dits[champ] = _nombre(texte)
        elif len(texte) > LONGUEURS[champ]:
            raise ValueError(f"« {texte[:40]}… » a plus de {LONGUEURS[champ]} caractères.")
        else:
            dits[champ] = texte
    if not dits["numero"]:
        raise ValueError("il manque le numéro de la délibération.")
    if dits["date"] is None:
        raise ValueError("il manque sa date.")
    if not dits["objet"]:
        raise ValueError("il manque son objet.")
    if dits.get("adresse") and not dits["adresse"].startswith(("https://", "http://")):
        raise ValueError(f"« {dits['adresse'][:60]} » n’est pas une adresse.")
    return dits


def _nombre(texte: str) -> int | None:
    if not texte:
        return None
    if not texte.isdecimal() or len(texte) > 6:
        raise ValueError(f"« {texte[:40]} » n’est pas un nombre de voix.")
    return int(texte)


def cite(numero: str) -> str:
    """Return the pattern of a text that quotes this number: « 2026-04 » is not in « 2026-041 »."""
    return rf"(^|[^[:alnum:]-]){re.escape(numero)}($|[^[:alnum:]-])"


def suites_de(deliberation: Deliberation) -> QuerySet[Suite]:
    """Return the public suites that it promises or proves."""
    tenues = Preuve.objects.filter(deliberation=deliberation.numero).values("suite")
    return (
        Suite.objects.publiques()
        .filter(Q(pk__in=tenues) | Q(acte_promesse__regex=cite(deliberation.numero)))
        .select_related("direction", "dossier")
        .order_by("creee_le", "pk")
    )


def propositions_de(deliberation: Deliberation) -> Any:
    toutes: Any = Proposition.objects
    siennes = toutes.filter(est_publie=True, deliberation=deliberation.numero)
    return siennes.select_related("collectif").order_by("reference")


def etudes_de(deliberation: Deliberation) -> Any:
    return Etude.objects.filter(est_publie=True, deliberation=deliberation.numero).order_by("reference")


def engagements_de(deliberation: Deliberation) -> Any:
    tous: Any = EngagementPris.objects
    return tous.filter(est_publie=True, source__regex=cite(deliberation.numero)).order_by("reference")


def qui_comptent() -> QuerySet[Deliberation]:
    """Return the délibérations tied to what somebody asked: a proposition decided, a study heard, a suite proved."""
    preuves = Preuve.objects.filter(suite__est_publiee=True, suite__dossier__est_publie=True)
    propositions: Any = Proposition.objects.filter(est_publie=True)
    return Deliberation.objects.filter(
        Exists(propositions.filter(deliberation=OuterRef("numero")))
        | Exists(Etude.objects.filter(est_publie=True, deliberation=OuterRef("numero")))
        | Exists(preuves.filter(deliberation=OuterRef("numero")))
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of « what was decided on this »: its day, what, and the délibération when its file is here."""

    jour: date
    quoi: str
    precision: str = ""
    numero: str = ""
    deliberation: Deliberation | None = None
    est_citee: bool = False  # a proof: its day is that of the délibération, when its file is here


def decisions_sur(dossier: Dossier) -> list[Decision]:
    """Return what was decided on the dossier, in order, in a fixed number of queries."""
    suites = list(Suite.objects.filter(dossier=dossier.pk, est_publiee=True).prefetch_related("preuves"))
    dites = [
        *_de_la_proposition(dossier),
        *_de_l_etude(dossier),
        *_promises(suites),
        *_repondues(suites),
        *_prouvees(suites),
    ]
    numeros = {decision.numero for decision in dites if decision.numero}
    connues = {d.numero: d for d in Deliberation.objects.filter(numero__in=numeros)}
    lues = [_liee(d, connues[d.numero]) if d.numero in connues else d for d in dites]
    return sorted(lues, key=lambda decision: (decision.jour, decision.quoi))


def _liee(decision: Decision, deliberation: Deliberation) -> Decision:
    jour = deliberation.date if decision.est_citee else decision.jour
    return replace(decision, jour=jour, deliberation=deliberation)


def _de_la_proposition(dossier: Dossier) -> Iterator[Decision]:
    proposition: Any = Proposition.objects.filter(pk=dossier.pk, decidee_le__isnull=False).first()
    if proposition is not None:
        quoi = f"Proposition {proposition.get_etat_display()}"
        yield Decision(proposition.decidee_le, quoi, proposition.decidee_par, proposition.deliberation)


def _de_l_etude(dossier: Dossier) -> Iterator[Decision]:
    etude: Any = Etude.objects.filter(pk=dossier.pk, presentee_le__isnull=False).first()
    if etude is not None:
        yield Decision(etude.presentee_le, "Présentée au conseil", etude.retour, etude.deliberation)


def _promises(suites: Sequence[Suite]) -> Iterator[Decision]:
    for suite in suites:
        if suite.promise_le is not None:
            promis = ici("Promis par la {metropole}")
            yield Decision(suite.promise_le, f"{promis} : {suite.intitule}", suite.acte_promesse)


def _repondues(suites: Sequence[Suite]) -> Iterator[Decision]:
    etats = [ChangementSuite.Nature.ETAT, ChangementSuite.Nature.RECTIFIEE]
    dits = ChangementSuite.objects.filter(suite__in=suites, nature__in=etats).select_related("suite")
    for changement in dits.order_by("le", "pk"):
        etat = majuscule(changement.get_etat_apres_display())
        yield Decision(
            timezone.localdate(changement.le),
            f"{etat} : {changement.suite.intitule}",
            changement.motif or changement.texte_public,
        )


def _prouvees(suites: Sequence[Suite]) -> Iterator[Decision]:
    for suite in suites:
        for preuve in suite.preuves.all():
            if preuve.deliberation:
                quoi = f"Délibération citée : {suite.intitule}"
                dit_le = timezone.localdate(preuve.le)
                yield Decision(dit_le, quoi, preuve.intitule, preuve.deliberation, est_citee=True)


def fiches(deliberations: QuerySet[Deliberation]) -> Iterator[dict[str, Any]]:
    """Yield each in the columns of the schema."""
    for deliberation in deliberations.iterator(chunk_size=500):
        yield {colonne: getattr(deliberation, champ) for colonne, champ in COLONNES.items()}


@dataclass(frozen=True, slots=True)
class Bilan:
    """What became of the rows of a file. `refus`: ligne, valeurs and raison of those that were not read."""

    neuves: int
    changees: int
    refus: list[dict[str, Any]]


class ImporterForm(ActeForm):
    fichier = ChampFichier(
        label="Fichier des délibérations",
        help_text="CSV ou classeur, au schéma SCDL « délibérations » 2.1.4. Une délibération déjà reprise est mise à jour, par son numéro.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
    )


@transaction.atomic
def importer_deliberations(fichier: UploadedFile, *, par: Compte) -> Bilan:
    """Add or update the délibérations of the file, by number. A row that cannot be read is refused alone.

    Raises ErreurMetier when the file cannot be read or lacks a column.
    """
    octets = recevoir_tableau(fichier)
    forme = lire_aussitot(octets).forme
    rangs = rangs_de(forme.entetes)
    if absentes := colonnes_absentes(rangs):
        raise ErreurMetier(
            f"Ce tableau n’a pas les colonnes du schéma des délibérations. Il manque {enumerer(absentes)}."
        )
    lues: dict[str, Deliberation] = {}
    refus = []
    for numero, ligne in enumerate(tableaux.lignes_de(octets, forme), 2):
        if not any(cellule.strip() for cellule in ligne):
            continue
        try:
            dits = lire_ligne(ligne, rangs, timezone.localdate())
        except ValueError as faute:
            refus.append(_refuser(numero, ligne, str(faute)))
            continue
        if dits["numero"] in lues:
            deja_lue = f"la délibération {dits['numero']} est déjà dans ce tableau."
            refus.append(_refuser(numero, ligne, deja_lue))
            continue
        lues[dits["numero"]] = Deliberation(**dits, importee_le=timezone.now())
    verrou("deliberations")  # two files at once: their numbers are counted one after the other
    deja = Deliberation.objects.filter(numero__in=lues).count()
    champs = [champ for champ in [*rangs, "importee_le"] if champ != "numero"]
    Deliberation.objects.bulk_create(
        lues.values(), update_conflicts=True, unique_fields=["numero"], update_fields=champs, batch_size=500
    )
    RefusDeDeliberations.objects.update_or_create(
        par=par, defaults={"entetes": list(forme.entetes), "refus": refus, "le": timezone.now()}
    )
    return Bilan(len(lues) - deja, deja, refus)


def _refuser(numero: int, ligne: Sequence[str], raison: str) -> dict[str, Any]:
    return {"ligne": numero, "valeurs": list(ligne), "raison": raison}


PAR_PAGE, REFUS_MONTRES = 20, 50


@publique
@require_safe
@gardable(300)
def deliberations(request: HttpRequest) -> HttpResponse:
    q = sans_controle(request.GET.get("q", "")).strip()[:120]
    trouvees = qui_comptent()
    if q:  # what is looked for may be any of the file
        trouvees = Deliberation.objects.filter(Q(objet__icontains=q) | Q(numero__icontains=q))
    page = Paginator(trouvees, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "engagements/deliberations.html", {"page": page, "q": q})


@publique
@require_safe
@gardable(300)
def deliberation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided, and on what."""
    trouvee = get_object_or_404(Deliberation, pk=pk)
    return render(
        request,
        "engagements/deliberation.html",
        {
            "deliberation": trouvee,
            "propositions": propositions_de(trouvee),
            "etudes": etudes_de(trouvee),
            "suites": avec_dossiers(suites_de(trouvee)),
            "engagements": engagements_de(trouvee),
        },
    )


@publique
@require_safe
@gardable(300)
def decisions(request: HttpRequest, reference: str) -> HttpResponse:
    """What was decided on a published dossier of any app, in which order."""
    trouve = get_object_or_404(Dossier, reference=reference, est_publie=True, est_reserve=False)
    return render(
        request,
        "engagements/decisions.html",
        {"dossier": trouve, "adresse": adresse_publique(trouve), "decisions": decisions_sur(trouve)},
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: RequeteConnectee) -> HttpResponse:
    """Take up the file that the collectivité publishes. The page says what became of each row."""
    form = ImporterForm(request.POST or None, request.FILES or None, objet=None)
    bilan = None
    if request.method == "POST" and form.is_valid():
        try:
            bilan = importer_deliberations(form.cleaned_data["fichier"], par=request.user)
        except ErreurMetier as erreur:
            form.add_error("fichier", erreur.message)
    return render(
        request,
        "engagements/importer_deliberations.html",
        {
            "form": form,
            "bilan": bilan,
            "refus": bilan.refus[:REFUS_MONTRES] if bilan else [],
            "total": Deliberation.objects.count(),
            "colonnes": list(COLONNES),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def refus(request: RequeteConnectee) -> StreamingHttpResponse:
    dernier = get_object_or_404(RefusDeDeliberations, par=request.user)
    return lignes_refusees("deliberations-refusees", dernier.entetes, dernier.refus)


JEU = JeuDeDonnees(
    cle="deliberations",
    titre="Délibérations qui répondent à une voix",
    description="Les délibérations qui décident d’une proposition ou prouvent une suite, aux colonnes du schéma SCDL 2.1.4.",
    app="engagements",
    liste="deliberations",
    champs=(
        Champ("COLL_NOM", "Nom de la collectivité."),
        Champ("COLL_SIRET", "Son SIRET."),
        Champ("DELIB_ID", "Numéro de la délibération."),
        Champ("DELIB_DATE", "Date de la séance.", Type.JOUR),
        Champ("DELIB_MATIERE_CODE", "Code de la matière."),
        Champ("DELIB_MATIERE_NOM", "Matière."),
        Champ("DELIB_OBJET", "Objet."),
        Champ("BUDGET_ANNEE", "Année du budget."),
        Champ("BUDGET_NOM", "Budget."),
        Champ("PREF_ID", "Numéro de dépôt en préfecture."),
        Champ("PREF_DATE", "Date de réception en préfecture.", Type.JOUR),
        Champ("VOTE_EFFECTIF", "Membres en exercice.", Type.ENTIER),
        Champ("VOTE_REEL", "Votants.", Type.ENTIER),
        Champ("VOTE_POUR", "Voix pour.", Type.ENTIER),
        Champ("VOTE_CONTRE", "Voix contre.", Type.ENTIER),
        Champ("VOTE_ABSTENTION", "Abstentions.", Type.ENTIER),
        Champ("DELIB_URL", "Adresse du texte.", Type.ADRESSE),
    ),
    lire=lire_de(qui_comptent, fiches, "importee_le"),
    fichiers=fichiers_de("engagements:deliberations"),
    exemple=lambda: fiches(qui_comptent()),
    precisions=("Aucune donnée personnelle.",),
    page=reverse_lazy("engagements:deliberations"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")
