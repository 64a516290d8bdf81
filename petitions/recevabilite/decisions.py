"""Decisions on the recevabilité: receivable, not receivable, sent to who is competent; their forms."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.models import PointDossier, Seance
from participation.seances.points.decisions import SANS_COMITE, SansComite, exiger_le_vote, points_de
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.actions import annuler_echeance, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.avancer import Pas
from participation.socle.calendrier import ajouter_mois, jours_entre
from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_courriel, champ_ligne, champ_parmi, champ_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, ReglageService
from participation.socle.views.pages import Page, acte
from petitions.depot.actes import clore_attentes
from petitions.models import MotifIrrecevabilite, Petition
from petitions.recevabilite import lettres
from petitions.recevabilite.lectures import raisons_de_la_grille
from petitions.recevabilite.lettres import lettre_de_decision
from petitions.workflow import Appreciation

RAPPELS_D_OUVERTURE = (7, 2)


def est_a_venir(lien: PointDossier) -> bool:
    """Whether the séance is still to decide: the point is open, and the séance neither over nor cancelled."""
    fini = {EtatSeance.LEVEE, EtatSeance.ANNULEE}
    return not lien.decision and not lien.point.est_clos and lien.point.seance.etat not in fini


def contexte_decision(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    attendues = petition.demandes.filter(repondue_le__isnull=True, annulee_le__isnull=True)
    return {
        "petition": petition,
        "signataire": ReglageService.actuel().signataire,
        "avis_attendus": attendues.select_related("direction", "commune", "compte"),
        "seance_prevue": next((lien.point.seance for lien in points_de(petition) if est_a_venir(lien)), None),
    }


DECISION: dict[str, Any] = {"gabarit": "petitions/recevabilite/decision.html", "contexte": contexte_decision}


class DeclarerRecevableForm(ActeForm):
    motif = champ_texte(
        "Un mot aux pétitionnaires",
        "Publié avec la décision et repris dans la lettre.",
        lignes=4,
        maximum=2000,
        requis=False,
    )


class DeclarerRecevableSansComiteForm(SansComite, DeclarerRecevableForm):
    pass


# Decisions
@acte(
    Page[Petition](
        form=DeclarerRecevableSansComiteForm,
        consequence="L’auteur et les co-pétitionnaires reçoivent la décision. La collecte est ensuite à ouvrir.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_recevable", p, reponses, None),
        **DECISION,
    )
)
@transaction.atomic
def declarer_recevable(
    petition: Petition,
    *,
    par: Compte,
    motif: str = "",
    raison_sans_comite: str = "",
    seance: Seance | None = None,
) -> None:
    """Declare the pétition recevable: the collecte must be opened within the delay of the règlement.

    `raison_sans_comite`: why the comité did not decide, published; required unless `seance`, its séance, decides.
    """
    pas = exiger(petition, "declarer_recevable", par=par)
    _clore_examen(petition, par=par)
    _decider(pas, petition, motif=motif, raison_sans_comite=raison_sans_comite, seance=seance)
    date_ouverture = timezone.localdate() + timedelta(days=petition.reglement.delai_ouverture_jours)
    fixer_echeance(
        petition,
        "ouverture",
        libelle="Ouvrir la collecte de signatures",
        date_limite=date_ouverture,
        est_legale=True,
        rappels=RAPPELS_D_OUVERTURE,
    )
    lettres.declarer_recevable(petition, date_ouverture=date_ouverture)


class DeclarerIrrecevableForm(ActeForm):
    motif_irrecevabilite = champ_parmi(
        "Motif",
        MotifIrrecevabilite.objects.filter(est_actif=True),
        "Son texte est publié. Certains motifs cachent le texte de la pétition.",
        erreur="Choisissez le motif du refus.",
        vide="Choisir dans la liste",
    )
    motif = champ_texte(
        "Les raisons de la décision",
        "Reprises de la grille, à relire. Publiées avec la décision. Écrivez pour la personne qui a déposé : la raison d’abord, puis ce qu’elle peut faire.",
        maximum=4000,
        erreur="Expliquez la décision : elle est publiée avec ses raisons.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"motif": raisons_de_la_grille(self.objet)}


class DeclarerIrrecevableSansComiteForm(SansComite, DeclarerIrrecevableForm):
    pass


@acte(
    Page[Petition](
        form=DeclarerIrrecevableSansComiteForm,
        consequence="Le dossier est clos. La décision et ses raisons sont publiées et envoyées aux pétitionnaires.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_irrecevable", p, reponses, None),
        **DECISION,
    )
)
@transaction.atomic
def declarer_irrecevable(
    petition: Petition,
    *,
    par: Compte,
    motif_irrecevabilite: MotifIrrecevabilite,
    motif: str,
    raison_sans_comite: str = "",
    seance: Seance | None = None,
) -> None:
    """Refuse the pétition, for a coded reason and the reasons of the decision, both published.

    Some coded reasons hide the text of the pétition.
    """
    pas = exiger(petition, "declarer_irrecevable", par=par)
    _clore_examen(petition, par=par)
    _decider(
        pas,
        petition,
        motif=motif,
        raison_sans_comite=raison_sans_comite,
        seance=seance,
        motif_irrecevabilite=motif_irrecevabilite,
        texte_masque=motif_irrecevabilite.masque_le_texte,
        **_cloture(petition),
    )
    if petition.texte_masque:
        # If the text is hidden, the joined files must be hidden too, even by direct URL.
        petition.pieces.update(est_publique=False)
    lettres.dire_la_decision(petition, "declarer_irrecevable")


class TransmettreForm(ActeForm):
    autorite_competente = champ_ligne(
        "Autorité compétente",
        "Par exemple : le Département, une commune, un syndicat.",
        maximum=160,
        erreur="Dites à quelle autorité la pétition est transmise.",
    )
    courriel = champ_courriel(
        "Son adresse de courriel",
        "La pétition y est envoyée. Sans adresse, envoyez-la vous-même par la poste.",
        requis=False,
    )
    motif = champ_texte(
        "Pourquoi cette autorité",
        "Publié avec la décision et repris dans les lettres.",
        lignes=4,
        maximum=2000,
        requis=False,
    )


class TransmettreSansComiteForm(SansComite, TransmettreForm):
    pass


@acte(
    Page[Petition](
        form=TransmettreSansComiteForm,
        consequence=ici_plus_tard(
            "Le dossier est clos à la {metropole} : l’autorité compétente répond aux pétitionnaires, qui en sont avertis."
        ),
        apercu=lambda p, reponses: lettre_de_decision("transmettre", p, reponses, None),
        **DECISION,
    )
)
@transaction.atomic
def transmettre(
    petition: Petition,
    *,
    par: Compte,
    autorite_competente: str,
    courriel: str = "",
    motif: str = "",
    raison_sans_comite: str = "",
    seance: Seance | None = None,
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
        raison_sans_comite=raison_sans_comite,
        seance=seance,
        details={"autorite": autorite_competente, "courriel": courriel},
        autorite_competente=autorite_competente,
        **_cloture(petition),
    )
    lettres.transmettre(petition, courriel=courriel)


def _clore_examen(petition: Petition, *, par: Compte) -> None:
    """Cancel the open demandes, resume the clock, and mark the legal échéance as met."""
    clore_attentes(petition, par=par, motif="La décision de recevabilité est prise.")
    faire_echeance(petition, "recevabilite")


def _decider(
    pas: Pas,
    petition: Petition,
    *,
    motif: str,
    raison_sans_comite: str,
    seance: Seance | None,
    details: Mapping[str, Any] | None = None,
    **champs: Any,
) -> None:
    exiger_le_vote(petition, pas.acte, par=pas.par, motif=motif)
    if seance is None and not raison_sans_comite:
        raise ValidationError({"raison_sans_comite": SANS_COMITE})
    decidee_le = timezone.now()
    jours = jours_entre(petition.deposee_le, decidee_le) if petition.deposee_le else None
    # `motif` of avancer goes to the journal; the public page reads the field of the row.
    pas.avancer(
        motif=motif,
        details={"jours": jours, **(details or {})},
        champs={
            "decidee_le": decidee_le,
            "motif": motif,
            "decidee_en_seance": seance,
            "raison_sans_comite": "" if seance else raison_sans_comite,
            **champs,
        },
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


def lignes_de_grille(form: ActeForm, criteres: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the fields of each criterion, for the page."""
    return [
        {
            "critere": critere,
            "appreciation": form[f"appreciation_{critere.pk}"],
            "motif": form[f"motif_{critere.pk}"],
        }
        for critere in criteres
    ]


def exiger_les_raisons(form: ActeForm, reponses: Mapping[str, Any], criteres: Iterable[Any]) -> None:
    """Add an error to each reason that is missing."""
    for critere in criteres:
        a_motiver = reponses.get(f"appreciation_{critere.pk}") in {
            Appreciation.NON_REMPLI,
            Appreciation.A_REFORMULER,
        }
        if a_motiver and not reponses.get(f"motif_{critere.pk}"):
            form.add_error(f"motif_{critere.pk}", f"Dites pourquoi, pour le critère « {critere} ».")
