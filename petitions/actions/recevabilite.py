"""Acts of the comité de recevabilité: examination, demandes, decisions.

A séance runs the same acts, inside its own transaction.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import (
    annuler_echeance,
    demander,
    exiger,
    faire_echeance,
    fixer_echeance,
    repondre_demande,
)
from participation.socle.actions.avancer import Pas
from participation.socle.calendrier import ajouter_mois, jours_entre
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte, Demande, Direction
from participation.socle.textes import sans_controle
from participation.socle.versions import exiger_version
from petitions.actions.changements import prevenir_du_changement, retenir_le_texte
from petitions.actions.depot import clore_attentes
from petitions.models import Deport, ExamenCritere, MotifIrrecevabilite, Petition
from petitions.notifications import recevabilite as notifications

RAPPELS_D_OUVERTURE = (7, 2)
GARDE_MAX = 5000  # characters of each text kept before it is sent


@transaction.atomic
def examiner(petition: Petition, appreciations: Mapping[int, tuple[str, str]], *, par: Compte) -> None:
    """Save the appréciations of `par`, as {key of the criterion: (appréciation, reasons)}.

    Each person has their own appréciations, next to those of the others. Criteria left out are unchanged; an
    empty appréciation deletes the former one. An appréciation saved again, even unchanged, applies to the
    current text.
    """
    pas = exiger(petition, "examiner", par=par)
    criteres = {critere.pk: critere for critere in petition.reglement.criteres.all()}
    lignes = []
    for numero, (appreciation, motif) in appreciations.items():
        critere = criteres[numero]
        examen = petition.examens.filter(critere=critere, par=par).first()
        if not appreciation:
            if examen is not None:
                examen.delete()
                lignes.append({"critere": critere.libelle, "appreciation": "à examiner"})
            continue
        examen = examen or ExamenCritere(petition=petition, critere=critere)
        examen.appreciation, examen.motif, examen.par, examen.le = appreciation, motif, par, timezone.now()
        examen.full_clean()
        examen.save()
        lignes.append(
            {"critere": critere.libelle, "appreciation": examen.get_appreciation_display(), "motif": motif}
        )
    if lignes:
        pas.avancer(details={"criteres": lignes})


@transaction.atomic
def se_deporter(petition: Petition, *, par: Compte, motif: str = "") -> None:
    """Record the déport of a member: they neither examine this pétition nor decide on it."""
    pas = exiger(petition, "se_deporter", par=par)
    deport = Deport(petition=petition, compte=par, motif=motif)
    deport.full_clean()
    deport.save()
    petition.__dict__.pop("_deportes", None)
    pas.avancer()


@transaction.atomic
def demander_reformulation(
    petition: Petition, *, par: Compte, texte: str, date_limite: date, proposition: str = ""
) -> Demande:
    """Ask the author for another wording. The delay of the comité is stopped until the answer.

    A `proposition` identical to the current demand is saved as empty.
    """
    exiger(petition, "demander_reformulation", par=par)
    auteur = petition.auteur
    assert auteur is not None  # noqa: S101 checked by `manques`
    return demander(
        petition,
        par=par,
        nature=Demande.Nature.REFORMULATION,
        a=auteur,
        objet="Revoir le texte de la pétition",
        texte=texte,
        proposition="" if proposition.split() == petition.demande.split() else proposition,
        date_limite=date_limite,
        suspend_le_delai=True,
        avertir=lambda demande: notifications.demander_reformulation(petition, demande),
    )


@transaction.atomic
def reformuler(
    petition: Petition, *, par: Compte, titre: str, demande: str, raisons: str, vu: str = ""
) -> None:
    """Save the new wording of the author: the clock resumes, and both texts stay in the journal.

    `vu`: see `amender`. Raises ErreurMetier when the text is the same.
    """
    pas = exiger(petition, "reformuler", par=par)
    textes = {"titre": titre, "demande": demande, "raisons": raisons}
    exiger_version(petition, textes, vu)
    changes = {champ: texte for champ, texte in textes.items() if texte != getattr(petition, champ)}
    if not changes:
        raise ErreurMetier("Le texte est le même : changez ce que le comité vous demande de revoir.")
    avant = {champ: getattr(petition, champ) for champ in changes}
    attente = petition.reformulation_ouverte()
    retenir_le_texte(petition, changes)
    pas.avancer(details={"avant": avant, "apres": changes}, champs={**changes, "reformulation_gardee": {}})
    if attente is not None:
        repondre_demande(attente, reponse="Une nouvelle rédaction a été proposée.", par=par)
    prevenir_du_changement(petition)


@transaction.atomic
def garder_reformulation(petition: Petition, *, par: Compte, **textes: str) -> None:
    """Keep what the author has rewritten so far, complete or not (« Répondre plus tard »).

    Nobody else reads it.
    """
    exiger(petition, "reformuler", par=par)
    petition.reformulation_gardee = {
        champ: sans_controle(texte)[:GARDE_MAX] for champ, texte in textes.items()
    }
    petition.save(update_fields=["reformulation_gardee"])


@transaction.atomic
def demander_avis(
    petition: Petition,
    *,
    par: Compte,
    directions: Iterable[Direction],
    objet: str,
    texte: str,
    date_limite: date,
) -> list[Demande]:
    """Ask directions for an avis, by one letter each. The delay of the comité is not stopped."""
    exiger(petition, "demander_avis", par=par)
    return [
        demander(
            petition,
            par=par,
            nature=Demande.Nature.AVIS,
            a=direction,
            objet=objet,
            texte=texte,
            date_limite=date_limite,
        )
        for direction in directions
    ]


# Decisions


@transaction.atomic
def declarer_recevable(petition: Petition, *, par: Compte, motif: str = "") -> None:
    """Declare the pétition recevable: the collecte must be opened within the delay of the règlement."""
    pas = exiger(petition, "declarer_recevable", par=par)
    _clore_examen(petition, par=par)
    _decider(pas, petition, motif=motif)
    date_ouverture = timezone.localdate() + timedelta(days=petition.reglement.delai_ouverture_jours)
    fixer_echeance(
        petition,
        "ouverture",
        libelle="Ouvrir la collecte de signatures",
        date_limite=date_ouverture,
        est_legale=True,
        rappels=RAPPELS_D_OUVERTURE,
    )
    notifications.declarer_recevable(petition, date_ouverture=date_ouverture)


@transaction.atomic
def declarer_irrecevable(
    petition: Petition, *, par: Compte, motif_irrecevabilite: MotifIrrecevabilite, motif: str
) -> None:
    """Refuse the pétition, for a coded reason and the reasons of the comité, both published.

    Some coded reasons hide the text of the pétition.
    """
    pas = exiger(petition, "declarer_irrecevable", par=par)
    _clore_examen(petition, par=par)
    _decider(
        pas,
        petition,
        motif=motif,
        motif_irrecevabilite=motif_irrecevabilite,
        texte_masque=motif_irrecevabilite.masque_le_texte,
        **_cloture(petition),
    )
    if petition.texte_masque:
        # If the text is hidden, the joined files must be hidden too, even by direct URL.
        petition.pieces.update(est_publique=False)
    notifications.declarer_irrecevable(petition)


@transaction.atomic
def transmettre(
    petition: Petition, *, par: Compte, autorite_competente: str, courriel: str = "", motif: str = ""
) -> None:
    """Transmit the pétition to the competent authority, and tell its authors (CRPA L114-2).

    `courriel`: address of the authority; without it, the service sends the pétition by other means.
    """
    pas = exiger(petition, "transmettre", par=par)
    _clore_examen(petition, par=par)
    _decider(
        pas,
        petition,
        motif=motif,
        details={"autorite": autorite_competente, "courriel": courriel},
        autorite_competente=autorite_competente,
        **_cloture(petition),
    )
    notifications.transmettre(petition, courriel=courriel)


def _clore_examen(petition: Petition, *, par: Compte) -> None:
    """Cancel the open demandes, resume the clock, and mark the legal échéance as met."""
    clore_attentes(petition, par=par, motif="La décision de recevabilité est prise.")
    faire_echeance(petition, "recevabilite")


def _decider(
    pas: Pas, petition: Petition, *, motif: str, details: Mapping[str, Any] | None = None, **champs: Any
) -> None:
    decidee_le = timezone.now()
    jours = jours_entre(petition.deposee_le, decidee_le) if petition.deposee_le else None
    # `motif` of avancer goes to the journal; the public page reads the field of the row.
    pas.avancer(
        motif=motif,
        details={"jours": jours, **(details or {})},
        champs={"decidee_le": decidee_le, "motif": motif, **champs},
    )


def _cloture(petition: Petition) -> dict[str, Any]:
    annuler_echeance(petition)
    return {
        "est_publie": True,
        "clos_le": timezone.now(),
        "conservation_jusqu_au": ajouter_mois(
            timezone.localdate(), petition.reglement.conservation_sans_seuil_mois
        ),
    }
