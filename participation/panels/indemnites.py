"""What the members of a panel are owed, séance by séance: a statement for finance, a certificate for an employer.

No bank detail is kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Annotated

from django.db import transaction
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from participation.panels.models import Inscription, Panel
from participation.panels.models.reglement import ReglementPanels, Unite
from participation.panels.trouver import trouver_panel
from participation.seances.models import Presence, Seance
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.forms.champs import champ_choix
from participation.socle.francais import instant_texte, jour_texte, montant, nombre
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Document, ReglageService
from participation.socle.views.exports import en_csv
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role

CENTIME = Decimal("0.01")


def minutes_presentes(
    intervalles: Iterable[tuple[datetime, datetime | None]], debut: datetime, fin: datetime
) -> int:
    """Return the minutes of these presences, between the beginning and the end of the séance.

    Who did not note a departure stayed until the end. Intervals do not overlap.
    """
    total = 0.0
    for arrivee, depart in intervalles:
        de, a = max(arrivee, debut), min(depart or fin, fin)
        total += max(0.0, (a - de).total_seconds())
    return int(total // 60)


def unites(minutes: int, heures_demi_journee: Decimal | None) -> Decimal:
    """Return hours, or half-days begun when `heures_demi_journee` says how long one is."""
    heures = Decimal(minutes) / 60
    return (
        heures
        if heures_demi_journee is None
        else (heures / heures_demi_journee).to_integral_value(ROUND_CEILING)
    )


def indemnite(combien: Decimal, taux: Decimal, plafond: Decimal | None) -> Decimal:
    """Return the amount of so many hours or half-days, rounded to the cent."""
    somme = (taux * combien).quantize(CENTIME, ROUND_HALF_UP)
    return somme if plafond is None else min(somme, plafond)


@dataclass(frozen=True, slots=True)
class Due:
    """A member at a séance that is over. `somme` is None while the règlement sets no amount."""

    membre: int
    nom: str
    seance: Seance
    minutes: int
    somme: Decimal | None

    @property
    def heures(self) -> Decimal:
        return (Decimal(self.minutes) / 60).quantize(CENTIME)


def dues(panel: Panel) -> list[Due]:
    """Return a line for each member present at each séance that is over, by name then by day."""
    if panel.instance_id is None:
        return []
    presences = Presence.objects.filter(
        seance__instance=panel.instance_id, seance__levee_le__isnull=False
    ).select_related("seance", "convie__membre__compte")
    noms: dict[int, str] = {}
    groupes: dict[tuple[int, int], list[Presence]] = defaultdict(list)
    for presence in presences.order_by("seance__debut", "arrivee", "pk"):
        membre = presence.convie.membre
        noms[membre.pk] = membre.compte.get_full_name()
        groupes[membre.pk, presence.seance_id].append(presence)
    regle = panel.regle
    demi = regle.heures_demi_journee if regle.indemnite_par == Unite.DEMI_JOURNEE else None
    criteres = dict(panel.inscriptions.exclude(membre=None).values_list("membre", "remplit_critere"))
    lignes = []
    for (membre_pk, _), siennes in groupes.items():
        seance = siennes[0].seance
        fin = seance.levee_le or seance.fin
        minutes = minutes_presentes(
            [(p.arrivee, p.depart) for p in siennes], seance.ouverte_le or seance.debut, fin
        )
        taux = regle.taux(criteres.get(membre_pk))
        somme = indemnite(unites(minutes, demi), taux, regle.plafond_seance) if taux is not None else None
        lignes.append(Due(membre_pk, noms[membre_pk], seance, minutes, somme))
    return sorted(lignes, key=lambda due: (due.nom, due.membre, due.seance.debut))


def par_membre(lignes: Iterable[Due]) -> list[tuple[str, Decimal]]:
    """Return what is to be paid to each member, in the order of the lines."""
    sommes: dict[tuple[int, str], Decimal] = {}
    for due in lignes:
        qui = (due.membre, due.nom)
        sommes[qui] = sommes.get(qui, Decimal(0)) + (due.somme or 0)
    return [(nom, somme) for (_, nom), somme in sommes.items()]


def dire_la_regle(regle: ReglementPanels) -> str:
    """Say what the amounts come from, for who pays them."""
    demi = regle.indemnite_par == Unite.DEMI_JOURNEE
    dit = f"{montant(regle.taux(None))} {'la demi-journée commencée' if demi else 'l’heure'}"
    if regle.critere_social and regle.majoration_sociale is not None:
        dit += f", ou {montant(regle.majoration_sociale)} ({regle.critere_social})"
    if regle.plafond_seance is not None:
        dit += f", {montant(regle.plafond_seance)} au plus pour une séance"
    return f"{dit}. Règlement des panels, {regle}."


def dues_de(inscription: Inscription) -> list[Due]:
    return [due for due in dues(inscription.panel) if due.membre == inscription.membre_id]


def avant_d_attester(inscription: Inscription, acte: str, par: object) -> list[str]:
    if inscription.membre_id is None or not dues_de(inscription):
        return ["Aucune présence de cette personne n’est notée à une séance levée."]
    return []


def avant_d_etablir(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    regle = panel.regle
    if regle.taux(None) is None:
        quoi = "une demi-journée" if regle.indemnite_par == Unite.DEMI_JOURNEE else "une heure"
        return [regle.a_regler(f"Le règlement des panels ({regle}) ne dit pas combien vaut {quoi}.", par)]
    return [] if dues(panel) else ["Aucune présence n’est notée à une séance levée."]


def avant_de_voir_le_critere(inscription: Inscription, acte: str, par: Compte | None) -> list[str]:
    regle = inscription.panel.regle
    if not regle.critere_social:
        return [regle.a_regler(f"Le règlement des panels ({regle}) n’a pas de critère social.", par)]
    return [] if inscription.membre_id is not None else ["Cette personne n’est pas membre du panel."]


@acte(
    Page[Panel](
        consequence="Un PDF pour les finances : qui est venu, combien d’heures, combien est dû. Les coordonnées bancaires restent "
        "hors du site.",
        retour="#documents",
        succes="L’état se fabrique : il s’affiche dans les documents.",
    )
)
@transaction.atomic
def etablir_indemnites(panel: Panel, *, par: Compte) -> Document:
    pas = exiger(panel, "etablir_indemnites", par=par)
    lignes = dues(panel)
    sommes = [due.somme for due in lignes if due.somme is not None]
    document = demander_document(
        nature="panels/indemnites",
        titre=f"État des indemnités, {panel.titre}"[:160],
        dossier=panel,
        par=par,
        est_interne=True,
        donnees={
            "lignes": [
                [due.nom, jour_texte(due.seance.jour), nombre(due.heures, 2), montant(due.somme)]
                for due in lignes
            ],
            "par_membre": [[nom, montant(somme)] for nom, somme in par_membre(lignes)],
            "regle": dire_la_regle(panel.regle),
            "total": montant(sum(sommes, Decimal(0))) if sommes else "",
        },
    )
    pas.avancer(details={"document": document.pk})
    return document


@acte(
    Page[Inscription](
        consequence="Un PDF à donner à l’employeur : les séances où la personne était présente, et combien d’heures.",
        retour="#documents",
        succes="L’attestation se fabrique : elle s’affiche dans les documents.",
    )
)
@transaction.atomic
def attester_presence(inscription: Inscription, *, par: Compte) -> Document:
    pas = exiger(inscription, "attester_presence", par=par)
    lignes = dues_de(inscription)
    document = demander_document(
        nature="panels/attestation",
        titre=f"Attestation de présence, {inscription}"[:160],
        dossier=inscription.panel,
        par=par,
        est_interne=True,
        donnees={
            "personne": str(inscription),
            "panel": inscription.panel.titre,
            "signataire": ReglageService.actuel().signataire,
            "lignes": [[d.seance.titre, instant_texte(d.seance.jour), nombre(d.heures, 2)] for d in lignes],
        },
    )
    pas.avancer(fait=f"Attestation de présence : {inscription.volontaire}", details={"document": document.pk})
    return document


@acte(
    Page[Inscription](
        consequence=lambda inscription: (
            f"Critère : {inscription.panel.regle.critere_social}. Regardez le justificatif, puis rendez-le : rien n’en est gardé ici que votre réponse."
        ),
        bouton="C’est vu",
        retour="#indemnites",
    )
)
@transaction.atomic
def voir_critere(
    inscription: Inscription,
    *,
    par: Compte,
    remplit: Annotated[
        str, champ_choix("La personne remplit le critère", [("oui", "Oui"), ("non", "Non")], boutons=True)
    ],
) -> None:
    """Note that the criterion was seen to be met, or not. The journal says that it was looked at, not the answer."""
    pas = exiger(inscription, "voir_critere", par=par)
    pas.avancer(
        champs={"remplit_critere": remplit == "oui"}, fait=f"Critère social vu : {inscription.volontaire}"
    )


ENTETES = ("Membre", "Séance", "Jour", "Minutes", "Heures", "Somme due")


@reserve_a(Role.AGENT)
@require_safe
def indemnites_csv(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    panel = trouver_panel(request, pk)
    lignes = (
        (due.nom, due.seance.titre, due.seance.jour.date(), due.minutes, due.heures, due.somme)
        for due in dues(panel)
    )
    return en_csv(f"indemnites-{panel.cle}", ENTETES, lignes)
