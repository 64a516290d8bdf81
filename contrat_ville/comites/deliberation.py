"""Table of the délibération: by axe, what each financer is asked and grants, with the reason.

A spreadsheet written on request, a PDF made by the worker.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from contrat_ville.comites.enveloppes import COMPTES
from contrat_ville.models import Financement, Partenaire, Programmation, Projet
from contrat_ville.trouver import programmation_du_bureau
from contrat_ville.workflow import Etat, EtatProgrammation
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document, redemander_document
from participation.socle.fichiers.export import csv_en_flux
from participation.socle.francais import a_qui, jour_texte, lieu, majuscule, montant
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Document
from participation.socle.views.exports import Tableau, donner
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role

# États of the projets decided by the comité de pilotage. It never examines an « irrecevable » projet.
DELIBERES = COMPTES | {Etat.REFUSE, Etat.AJOURNE}
ARRETEES = frozenset({EtatProgrammation.PROGRAMMEE, EtatProgrammation.CLOSE})
SENS = {Etat.SOUS_RESERVE: "retenu sous réserve", Etat.REFUSE: "non retenu", Etat.AJOURNE: "ajourné"}
Z = Decimal(0)


# By financer: (asked, granted).
Parts = dict[int, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class ProjetDecide:
    projet: Projet
    financements: Sequence[Financement]

    @property
    def parts(self) -> Parts:
        return {f.financeur_id: (f.demande, f.accorde or Z) for f in self.financements}

    @property
    def sens(self) -> str:
        return SENS.get(Etat(self.projet.etat), "retenu")

    @property
    def raison(self) -> str:
        return self.projet.reserve or self.projet.motif_decision


@dataclass(frozen=True, slots=True)
class Groupe:
    """An axe and its projets."""

    axe: str
    lignes: Sequence[ProjetDecide]

    @property
    def cout(self) -> Decimal:
        return sum((ligne.projet.montant_total for ligne in self.lignes), start=Z)

    @property
    def parts(self) -> Parts:
        return additionner(ligne.parts for ligne in self.lignes)


@dataclass(frozen=True, slots=True)
class Deliberation:
    programmation: Programmation
    financeurs: Sequence[Partenaire]
    groupes: Sequence[Groupe]

    @property
    def cout(self) -> Decimal:
        return sum((groupe.cout for groupe in self.groupes), start=Z)

    @property
    def parts(self) -> Parts:
        return additionner(groupe.parts for groupe in self.groupes)

    @property
    def combien(self) -> int:
        return sum(len(groupe.lignes) for groupe in self.groupes)


def additionner(toutes: Any) -> Parts:
    sommes: Parts = {}
    for parts in toutes:
        for cle, (demande, accorde) in parts.items():
            avant = sommes.get(cle, (Z, Z))
            sommes[cle] = avant[0] + demande, avant[1] + accorde
    return sommes


def en_tout(parts: Parts) -> tuple[Decimal, Decimal]:
    return sum((d for d, _ in parts.values()), start=Z), sum((a for _, a in parts.values()), start=Z)


def deliberation_de(programmation: Programmation) -> Deliberation:
    """Return the table as decided today. Four queries, whatever the number of projets."""
    projets: Any = (
        programmation.projets.filter(etat__in=sorted(DELIBERES))
        .select_related("porte_par", "axe")
        .prefetch_related("financements__financeur")
        .order_by("axe__ordre", "axe__nom", "depose_le", "pk")
    )
    groupes: dict[str, list[ProjetDecide]] = {}
    financeurs: dict[int, Partenaire] = {}
    for projet in projets:
        siens = list(projet.financements.all())
        financeurs |= {f.financeur_id: f.financeur for f in siens}
        groupes.setdefault(str(projet.axe or "Sans axe"), []).append(ProjetDecide(projet, siens))
    ordre = sorted(financeurs.values(), key=lambda f: (f.ordre, f.nom))
    return Deliberation(programmation, ordre, [Groupe(axe, lignes) for axe, lignes in groupes.items()])


# Table of numbers, for a spreadsheet
def entetes(deliberation: Deliberation) -> list[str]:
    par_financeur = [
        mots
        for financeur in deliberation.financeurs
        for mots in (f"Demandé {a_qui(lieu(financeur.court))}", f"Accordé par {financeur.court}")
    ]
    return [
        *("Axe", "Référence", "N° Dauphin", "Porteur", "SIRET", "Projet", "Budget total"),
        *par_financeur,
        *("Demandé en tout", "Accordé en tout", "Décision", "Raison"),
    ]


def lignes_du_tableau(deliberation: Deliberation) -> Iterator[list[object]]:
    """One row for each projet, a total for each axe, a grand total."""
    for groupe in deliberation.groupes:
        for ligne in groupe.lignes:
            projet, porteur = ligne.projet, ligne.projet.porte_par
            yield [
                *(groupe.axe, projet.reference, projet.numero_dauphin),
                *((porteur.nom, porteur.siret or "") if porteur is not None else ("", "")),
                *(projet.titre, projet.montant_total),
                *_sommes(deliberation, ligne.parts),
                *(majuscule(ligne.sens), ligne.raison),
            ]
        yield _total(f"Total, {groupe.axe}", deliberation, groupe.cout, groupe.parts)
    yield _total("Total", deliberation, deliberation.cout, deliberation.parts)


def _total(mots: str, deliberation: Deliberation, cout: Decimal, parts: Parts) -> list[object]:
    return [mots, "", "", "", "", "", cout, *_sommes(deliberation, parts), "", ""]


def _sommes(deliberation: Deliberation, parts: Parts) -> list[Decimal | None]:
    """None, rather than zero, for a financer asked for nothing."""
    siennes: list[Decimal | None] = []
    for financeur in deliberation.financeurs:
        siennes += parts.get(financeur.pk, (None, None))
    return [*siennes, *en_tout(parts)]


# Texts, for the PDF
def en_mots(deliberation: Deliberation) -> dict[str, Any]:
    """Context of the template of the PDF, with the same table as an attached CSV."""
    programmation = deliberation.programmation
    adopte = programmation.scenarios.filter(etat="adopte").select_related("seance__instance").first()
    seance = adopte.seance if adopte is not None else None
    texte = b"".join(csv_en_flux(entetes(deliberation), lignes_du_tableau(deliberation))).decode()
    return {
        "programmation": programmation.titre,
        "annee": programmation.annee,
        "au": jour_texte(timezone.localdate()),
        "contrat": str(programmation.contrat),
        "arretee_le": jour_texte(adopte.adopte_le) if adopte is not None else "",
        "seance": f"{seance.instance.sigle}, séance du {jour_texte(seance.jour)}" if seance else "",
        "combien": deliberation.combien,
        "groupes": [
            {
                "axe": groupe.axe,
                "lignes": [_ligne_en_mots(ligne) for ligne in groupe.lignes],
                **_sommes_en_mots(groupe.cout, groupe.parts),
            }
            for groupe in deliberation.groupes
        ],
        "financeurs": _par_financeur(deliberation),
        "total": _sommes_en_mots(deliberation.cout, deliberation.parts),
        "fichier_joint": {
            "nom": f"deliberation-{programmation.annee}.csv",
            "description": "Le même tableau, en CSV",
            "texte": texte,
        },
    }


def _ligne_en_mots(ligne: ProjetDecide) -> dict[str, Any]:
    projet, porteur = ligne.projet, ligne.projet.porte_par
    demande, accorde = en_tout(ligne.parts)
    return {
        "reference": projet.reference,
        "dauphin": projet.numero_dauphin,
        "titre": projet.titre,
        "porteur": porteur.nom if porteur is not None else "",
        "siret": (porteur.siret if porteur is not None else "") or "",
        "cout": montant(projet.montant_total),
        "parts": [
            {"nom": f.financeur.court, "demande": montant(f.demande), "accorde": montant(f.accorde or Z)}
            for f in ligne.financements
        ],
        "demande": montant(demande),
        "accorde": montant(accorde),
        "sens": majuscule(ligne.sens),
        "raison": ligne.raison,
    }


def _par_financeur(deliberation: Deliberation) -> list[dict[str, str]]:
    """For each financer: amounts asked and granted, then by axe."""
    dits = []
    for financeur in deliberation.financeurs:
        demande, accorde = deliberation.parts[financeur.pk]
        donnes = [
            (groupe.axe, groupe.parts[financeur.pk][1])
            for groupe in deliberation.groupes
            if financeur.pk in groupe.parts
        ]
        dits.append(
            {
                "nom": str(financeur),
                "demande": montant(demande),
                "accorde": montant(accorde),
                "par_axe": " ; ".join(f"{axe} : {montant(somme)}" for axe, somme in donnes if somme),
            }
        )
    return dits


def _sommes_en_mots(cout: Decimal, parts: Parts) -> dict[str, str]:
    demande, accorde = en_tout(parts)
    return {"cout": montant(cout), "demande": montant(demande), "accorde": montant(accorde)}


NATURE = "contrat_ville/deliberation"


@acte(
    Page[Programmation](
        consequence="Le PDF se prépare avec les décisions d’aujourd’hui, notifiées ou non : les agents du service le lisent, et eux seuls. Refait, il garde la même adresse.",
        retour=lambda p, fait: (
            reverse("socle:document_etat", args=[fait.cle_publique]) if fait else p.get_absolute_url()
        ),
        succes="Le tableau de la délibération se prépare.",
    )
)
@transaction.atomic
def preparer_deliberation(programmation: Programmation, *, par: Compte) -> Document:
    """Ask for the PDF, or make it again under the same address.

    For agents only: decisions may not be notified.
    """
    pas = exiger(programmation, "preparer_deliberation", par=par)
    donnees = en_mots(deliberation_de(programmation))
    document: Document | None = programmation.deliberation
    if document is None:
        document = demander_document(
            nature=NATURE,
            titre=f"Tableau de la délibération, {programmation.titre}",
            donnees=donnees,
            par=par,
            est_interne=True,
        )
    else:
        Document.objects.filter(pk=document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(document, par=par)
    pas.avancer(champs={"deliberation": document}, details={"document": document.pk})
    return document


@reserve_a(Role.AGENT)
@require_safe
def deliberation_xlsx(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    programmation = programmation_du_bureau(request, pk)
    if programmation.etat not in ARRETEES:
        raise Http404
    lue = deliberation_de(programmation)
    return donner(
        request,
        Tableau(
            f"deliberation-contrat-de-ville-{programmation.annee}",
            entetes(lue),
            lambda: lignes_du_tableau(lue),
            total=lue.combien,
            forme="xlsx",
            titre=f"Délibération, {programmation.titre}",
        ),
    )
