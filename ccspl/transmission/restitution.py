"""What became of an avis, told to the members; its end; its sheets."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from ccspl import avis as presentation
from ccspl.avis import aux_membres
from ccspl.models import INSTANCE, Avis
from ccspl.transmission import lettres
from ccspl.transmission.actes import FICHE, INTERVENTION, CloreForm, RepondreForm, dire_la_presentation
from ccspl.workflow import Etat
from participation.seances.models import Point, Seance
from participation.seances.ordre_du_jour.actes import ajouter_point
from participation.seances.workflow import A_VENIR
from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance
from participation.socle.actions.avancer import verrouiller
from participation.socle.actions.documents import demander_document, redemander_document
from participation.socle.collectivite import collectivite
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_parmi
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte, Document
from participation.socle.views.pages import Page, acte
from participation.suites.models import Suite

MINUTES_DE_RESTITUTION = 10


def dire_cloture(avis: Avis) -> str:
    reste = avis.suites.filter(repondue_le__isnull=False).ouvertes().count()
    suivies = accorder(reste, "suite reste suivie", "suites restent suivies")
    return (
        "Plus rien n’est attendu sur ce dossier."
        + (f" {suivies} dans « Suites »." if reste else "")
        + dire_la_presentation(avis.presentees_le)
    )


@acte(
    Page[Avis](
        form=RepondreForm,
        consequence="L’avis devient « répondu » de lui-même quand chaque suite a sa réponse. À faire ici quand rien n’était demandé ligne à ligne.",
    )
)
@transaction.atomic
def repondre(avis: Avis, *, par: Compte | None, motif: str = "") -> None:
    """Mark the avis as answered, and tell the members.

    Done automatically after the last answer, or by an agent when the avis has no suites.
    """
    avancer(avis, "repondre", par=par, motif=motif, champs={"repondu_le": timezone.now()})
    faire_echeance(avis, "reponse")
    lettres.repondre(avis)


class SeanceAVenirForm(ActeForm):
    """Choice of a séance to come of the commission."""

    seance: Any = champ_parmi(
        "Séance",
        Seance.objects.none(),
        erreur="Choisissez une séance.",
        messages={"invalid_choice": "Cette séance n’est plus à venir."},
        vide=None,
    )

    def preparer(self) -> None:
        a_venir = Seance.objects.filter(
            instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES
        )
        self.choisir("seance", a_venir.order_by("debut"))


@acte(
    Page[Avis](
        form=SeanceAVenirForm,
        consequence="Un point d’information est ajouté à l’ordre du jour de la séance choisie.",
        succes="Les réponses sont à l’ordre du jour de la séance.",
    )
)
@transaction.atomic
def rendre_aux_membres(avis: Avis, *, par: Compte, seance: Seance) -> Point:
    """Put the answers on the agenda of a séance, as an information point."""
    jour = timezone.localdate(seance.debut)
    avancer(
        avis,
        "rendre_aux_membres",
        par=par,
        fait=f"Réponses à l’ordre du jour du {jour_texte(jour)}",
        details={"seance": seance.pk},
        champs={"rendu_le": jour},
    )
    return ajouter_point(
        seance,
        par=par,
        dossiers=[avis],
        nature=Point.Nature.INFORMATION,
        titre=f"Réponses de la {collectivite().sorte.mot} : {avis.titre}"[:200],
        direction=avis.direction,
        duree=MINUTES_DE_RESTITUTION,
    )


@acte(Page[Avis](form=CloreForm, consequence=dire_cloture))
@transaction.atomic
def clore(avis: Avis, *, par: Compte, motif: str = "") -> None:
    """Close the dossier: its échéances are cancelled. Its suites are still followed."""
    avancer(avis, "clore", par=par, motif=motif, champs={"clos_le": timezone.now()})
    for cle in ("avis", "reponse"):
        annuler_echeance(avis, cle)
    aux_membres(avis, "clore", cle=f"clore:{avis.pk}", lien=avis.get_public_url())


# Sheets
@acte(
    Page[Avis](
        succes="Le PDF se prépare : il s’affiche ici dès qu’il est prêt.",
        retour="#documents",
        en_un_clic=True,
    )
)
@transaction.atomic
def faire_fiche(avis: Avis, *, par: Compte) -> Document:
    """Ask for the public communication sheet, with current data."""
    exiger(avis, "faire_fiche", par=par)
    deja = avis.documents.filter(nature=FICHE, fige_le=None).first()
    donnees, titre = presentation.donnees_fiche(avis), f"Fiche de l’avis {avis.reference}"
    return _faire(avis, deja, FICHE, titre, donnees, par=par, est_public=True)


@transaction.atomic
def demander_intervention(avis: Avis, *, par: Compte) -> Document:
    """Ask for the one-page sheet for a speaker at the council, with current data.

    It is for the account that asks: élus have no access to the dossier.
    """
    exiger(avis, "demander_intervention", par=par)
    sienne = avis.documents.filter(nature=INTERVENTION, par=par, est_interne=False, fige_le=None).first()
    donnees, titre = (
        presentation.donnees_intervention(avis),
        f"Intervention en conseil, avis {avis.reference}",
    )
    return _faire(avis, sienne, INTERVENTION, titre, donnees, par=par)


def _faire(
    avis: Avis,
    deja: Document | None,
    nature: str,
    titre: str,
    donnees: dict[str, Any],
    *,
    par: Compte,
    est_public: bool = False,
) -> Document:
    if deja is None:
        return demander_document(
            nature=nature, titre=titre, dossier=avis, donnees=donnees, par=par, est_public=est_public
        )
    deja.donnees = donnees
    deja.save(update_fields=["donnees"])
    redemander_document(deja, par=par)
    return deja


def constater_reponse(sender: Any, *, suite: Suite, **autres: Any) -> None:
    """Receiver of `suite_changee`: after the last answer, the avis becomes answered and its members are
    told."""
    avis: Any = Avis.objects.filter(pk=suite.dossier_id, etat=Etat.TRANSMIS).first()
    if avis is None or not suite.est_repondue:
        return
    with transaction.atomic():
        verrouiller(avis)  # two last answers at the same time: the second transaction sees the first
        if avis.etat == Etat.TRANSMIS and not avis.manques("repondre", None):
            repondre(avis, par=None)
