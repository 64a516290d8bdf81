"""From the decision to the day when it is told: the letter, its signed copy, the sending; then the recours, and a reopening."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from contrat_ville.models import LettreDecision, Projet, Recours
from contrat_ville.notifications import comites as notifications
from contrat_ville.workflow.etats import RETENUS, Etat
from participation.socle.actions import annuler_echeance, exiger, faire_echeance, fixer_echeance, verrouiller
from participation.socle.actions.avancer import Pas
from participation.socle.actions.documents import demander_document, figer_document, redemander_document
from participation.socle.actions.pieces import PDF, reconnaitre
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import montant
from participation.socle.models import Compte, Document, ReglageService

LETTRE = "contrat_ville/decision"
RECOURS = "recours"


@transaction.atomic
def preparer_lettre(projet: Projet, *, par: Compte) -> LettreDecision:
    """Ask for its PDF, read by agents alone; again when it is prepared already: what was signed before is forgotten."""
    pas = exiger(projet, "preparer_lettre", par=par)
    donnees = donnees_de_la_lettre(projet)
    lettre: LettreDecision | None = projet.lettre_courante()
    if lettre is None:
        document = demander_document(
            nature=LETTRE,
            titre=f"Décision, {projet.reference}",
            dossier=projet,
            donnees=donnees,
            par=par,
            est_interne=True,
        )
        lettre = LettreDecision.objects.create(projet=projet, document=document)
    else:
        lettre.document.donnees = donnees
        lettre.document.save(update_fields=["donnees"])
        redemander_document(lettre.document, par=par)
        lettre.signee, lettre.sha256, lettre.signee_le, lettre.preparee_le = "", "", None, timezone.now()
        lettre.save()
    pas.avancer(details={"document": lettre.document_id})
    return lettre


def donnees_de_la_lettre(projet: Projet) -> dict[str, Any]:
    service = ReglageService.actuel()
    siens = list(projet.financements.select_related("financeur"))
    total = sum((f.accorde or Decimal(0) for f in siens), start=Decimal(0))
    return {
        "objet": "Décision sur votre projet",
        "programmation": projet.programmation.titre,
        "destinataire": destinataire_de(projet),
        "titre_projet": projet.titre,
        "reference": projet.reference,
        "retenu": projet.etat in RETENUS,
        "reserve": projet.reserve,
        "motif": projet.motif_decision,
        "lignes": [
            {
                "financeur": str(f.financeur),
                "demande": montant(f.demande),
                "accorde": montant(f.accorde or Decimal(0)),
            }
            for f in siens
        ],
        "total_demande": montant(sum((f.demande for f in siens), start=Decimal(0))),
        "total": montant(total),
        "courriel": service.contact,
        "adresse": service.adresse_postale,
        "voies_de_recours": service.voies_de_recours,
        "signataire": projet.programmation.signataire,
    }


def destinataire_de(projet: Projet) -> list[str]:
    """The lines of an address; what is not known is left out."""
    porteur = projet.porte_par
    if porteur is None:
        return []
    attention = f"À l’attention de {porteur.representant}" if porteur.representant else ""
    ville = f"{porteur.code_postal} {porteur.ville}".strip()
    return [ligne for ligne in (porteur.nom, attention, porteur.adresse, ville) if ligne]


@transaction.atomic
def joindre_lettre_signee(projet: Projet, *, par: Compte, fichier: UploadedFile) -> None:
    """Keep the signed copy: a PDF, known by its content. Raises ValidationError on « fichier »."""
    pas = exiger(projet, "joindre_lettre_signee", par=par)
    contenu = reconnaitre(fichier)
    if contenu.type_mime != PDF:
        raise ValidationError(
            {"fichier": "La lettre signée est un PDF. Numérisez-la en PDF, puis renvoyez-la."}
        )
    lettre = projet.lettre_courante()
    lettre.sha256 = hashlib.sha256(contenu.octets).hexdigest()
    lettre.signee_le, lettre.jointe_par = timezone.now(), par
    lettre.signee.save("lettre.pdf", ContentFile(contenu.octets), save=False)
    lettre.save()
    pas.avancer(details={"sha256": lettre.sha256})


@transaction.atomic
def notifier(projet: Projet, *, par: Compte) -> None:
    """Told to the whole team, with the signed letter, on this day; from now on her pages say it. Once only."""
    pas = exiger(projet, "notifier", par=par)
    lettre = projet.lettre_courante()
    with lettre.signee.open("rb") as fichier:
        octets: bytes = fichier.read()
    if hashlib.sha256(octets).hexdigest() != lettre.sha256:
        raise ErreurMetier("Le fichier de la lettre signée a changé ou a disparu. Joignez-la de nouveau.")
    document: Document = lettre.document
    if document.etat == Document.Etat.PRET and document.fige_le is None:
        figer_document(document, par=par)
    maintenant = timezone.now()
    lettre.notifiee_le = maintenant
    lettre.save(update_fields=["notifiee_le"])
    clos = {"clos_le": maintenant} if projet.etat == Etat.REFUSE else {}
    if notifications.notifier(projet, octets) is None:
        raise ErreurMetier(
            "Personne de l’équipe n’a d’adresse : notifiez par courrier, puis notez-le au journal."
        )
    pas.avancer(
        champs={"notifie_le": maintenant, **clos}, details={"lettre": lettre.pk, "sha256": lettre.sha256}
    )


@transaction.atomic
def recevoir_recours(projet: Projet, *, par: Compte, recu_le: date, texte: str) -> Recours:
    """The day by which it is answered is one of the dossier's."""
    pas = exiger(projet, "recevoir_recours", par=par)
    if recu_le > timezone.localdate():
        raise ValidationError({"recu_le": "Ce jour n’est pas encore passé."})
    recours = Recours(projet=projet, recu_le=recu_le, texte=texte)
    recours.full_clean()
    recours.save()
    pas.avancer(motif=texte, details={"recours": recours.pk})
    fixer_echeance(
        projet,
        RECOURS,
        libelle="Répondre au recours gracieux",
        date_limite=ajouter_mois(recu_le, projet.programmation.delai_recours_mois),
        est_legale=True,
        rappels=[14, 3],
        relances=[],
        responsable=projet.agent,
    )
    return recours


@transaction.atomic
def repondre_recours(recours: Recours, *, par: Compte, issue: str, reponse: str) -> bool:
    """The decision holds, or it is taken back and the comité de pilotage decides again. Its team is told why, in one letter:
    False when nobody of it has an address.
    """
    projet = recours.projet
    est_reprise = issue == Recours.Issue.REPRISE
    if est_reprise:
        verrouiller(projet.programmation)
    pas = exiger(recours, "repondre_recours", par=par)
    pas.avancer(
        champs={"issue": issue, "reponse": reponse, "repondu_le": timezone.now()},
        fait=f"Recours gracieux : {Recours.Issue(issue).label}",
        motif=reponse,
        details={"recours": recours.pk},
    )
    faire_echeance(projet, RECOURS)
    if est_reprise:
        _reprendre(exiger(projet, "rouvrir", par=par), projet, motif=reponse, vers=Etat.PROPOSE)
    return notifications.repondre_recours(recours) is not None


@transaction.atomic
def rouvrir(projet: Projet, *, par: Compte, motif: str, vers: str) -> None:
    """Take the decision back, with a reason: what was granted is granted no more. Its team is told when it knew of it."""
    verrouiller(projet.programmation)
    pas = exiger(projet, "rouvrir", par=par)
    etait_dite = projet.notifie_le is not None
    projet.recours.filter(repondu_le__isnull=True).update(
        repondu_le=timezone.now(), issue=Recours.Issue.REPRISE, reponse=motif
    )
    _reprendre(pas, projet, motif=motif, vers=vers)
    annuler_echeance(projet, RECOURS)
    if etait_dite:
        notifications.rouvrir(projet, motif=motif)


def _reprendre(pas: Pas, projet: Projet, *, motif: str, vers: str) -> None:
    projet.financements.update(accorde=None)
    projet.lettres.filter(annulee_le__isnull=True).update(annulee_le=timezone.now())
    pas.avancer(
        vers=vers,
        champs={"decide_le": None, "notifie_le": None, "clos_le": None, "motif_decision": "", "reserve": ""},
        motif=motif,
        details={"motif_d_avant": projet.motif_decision},
    )
