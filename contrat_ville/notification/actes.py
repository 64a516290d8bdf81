"""Letter of a decision: prepared, signed, sent or posted."""

import hashlib
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from contrat_ville.models import LettreDecision, Projet
from contrat_ville.models.porteurs import adresses_de, lignes_d_adresse
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe, signataire_de
from contrat_ville.workflow import LETTRE_DE_DECISION, RETENUS, Etat
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas
from participation.socle.actions.courriers import NATURE, exiger_jour
from participation.socle.actions.documents import demander_document, figer_document, redemander_document
from participation.socle.actions.pieces import PDF, reconnaitre
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, PosterCourrierForm
from participation.socle.forms.champs import ChampFichier
from participation.socle.francais import jour_texte, montant
from participation.socle.models import Compte, Courrier, Document, ReglageService
from participation.socle.views.pages import Page, acte


class JoindreLettreForm(ActeForm):
    fichier = ChampFichier(
        label="La lettre signée, en PDF",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={"required": "Choisissez la lettre signée.", "empty": "Ce fichier est vide."},
    )


GABARIT = "pdf/contrat_ville/_decision.html"
OBJET = "Décision sur votre projet"


@acte(
    Page[Projet](
        consequence="Le PDF de la lettre se prépare, avec les montants et la raison. À lui seul, il ne prévient personne. Une copie signée déjà jointe est oubliée.",
        retour="#documents",
    )
)
@transaction.atomic
def preparer_lettre(projet: Projet, *, par: Compte) -> LettreDecision:
    """Ask for the PDF of the letter, for agents only. Prepared again, the letter loses its signed copy."""
    pas = exiger(projet, "preparer_lettre", par=par)
    donnees = donnees_de_la_lettre(projet)
    lettre: LettreDecision | None = projet.lettre_courante()
    if lettre is None:
        document = demander_document(
            nature=NATURE,
            titre=f"Décision, {projet.reference}",
            dossier=projet,
            donnees=donnees,
            par=par,
            est_interne=True,
        )
        lettre = LettreDecision.objects.create(projet=projet, document=document)
    else:
        lettre.document.nature, lettre.document.donnees = NATURE, donnees
        lettre.document.save(update_fields=["nature", "donnees"])
        redemander_document(lettre.document, par=par)
        lettre.signee, lettre.sha256, lettre.signee_le, lettre.preparee_le = "", "", None, timezone.now()
        lettre.save()
    _suivre_sur_papier(projet, lettre)
    pas.avancer(details={"document": lettre.document_id})
    return lettre


def _suivre_sur_papier(projet: Projet, lettre: LettreDecision) -> None:
    """Create or update the courrier of a team without email: printed, signed, posted.

    A letter prepared again is printed again.
    """
    courrier = Courrier.objects.filter(document=lettre.document_id).first()
    if adresses_de(projet):
        ne_plus_poster(projet)
        return
    if courrier is None:
        courrier = Courrier(dossier_id=projet.pk, lettre=LETTRE_DE_DECISION, document=lettre.document)
    if lettre.signee_le is None:
        courrier.impression, courrier.ecrit_le = None, lettre.preparee_le
    courrier.objet, courrier.est_a_signer, courrier.abandonne_le = OBJET, True, None
    courrier.signe_le = lettre.signee_le
    courrier.a_une_adresse = projet.porte_par is not None and projet.porte_par.a_une_adresse
    courrier.save()


def ne_plus_poster(projet: Projet) -> None:
    """Cancel the posting: the decision is notified otherwise, or taken back."""
    attente = Courrier.objects.a_poster().filter(dossier=projet.pk, lettre=LETTRE_DE_DECISION)
    attente.update(abandonne_le=timezone.now())


def donnees_de_la_lettre(projet: Projet) -> dict[str, Any]:
    service = ReglageService.actuel()
    siens = list(projet.financements.select_related("financeur"))
    total = sum((f.accorde or Decimal(0) for f in siens), start=Decimal(0))
    return {
        "gabarit": GABARIT,
        "le": jour_texte(timezone.localdate()),
        "objet": OBJET,
        "decidee_le": jour_texte(projet.decide_le),
        "raison_sans_comite": projet.raison_sans_comite,
        "surtitre": projet.programmation.titre,
        "destinataire": lignes_d_adresse(projet.porte_par),
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
        "signataire": signataire_de(projet, service),
    }


@acte(
    Page[Projet](
        form=JoindreLettreForm, consequence="L’équipe du projet ne la voit pas avant la notification."
    )
)
@transaction.atomic
def joindre_lettre_signee(projet: Projet, *, par: Compte, fichier: UploadedFile) -> None:
    """Save the signed copy, a PDF checked by its content. Raises ValidationError on « fichier »."""
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
    _suivre_sur_papier(projet, lettre)
    pas.avancer(details={"sha256": lettre.sha256})


@acte(
    Page[Projet](
        consequence="Toute l’équipe du projet reçoit la lettre signée par courriel. La décision se voit alors sur ses pages.",
        lettre=lambda p: (
            "contrat_ville/notifier",
            {"projet": p, "lien": p.get_porteur_url(), "retenu": p.etat != "refuse"},
        ),
        succes="La décision est notifiée.",
    )
)
@transaction.atomic
def notifier(projet: Projet, *, par: Compte) -> None:
    """Notify the decision, once: send the signed letter to the team.

    Its pages show the decision from now on.
    """
    pas = exiger(projet, "notifier", par=par)
    lettre = projet.lettre_courante()
    octets = _lettre_intacte(lettre)
    ecrire_a_l_equipe(
        projet,
        "notifier",
        pieces=[(f"decision-{projet.reference}.pdf", "application/pdf", octets)],
        retenu=projet.etat in RETENUS,
    )
    ne_plus_poster(projet)
    _est_dite(pas, projet, lettre, timezone.now())


@acte(
    Page[Projet](
        form=PosterCourrierForm,
        consequence="La décision est notifiée ce jour-là, et se voit sur les pages de l’équipe. Aucun courriel ne part : la lettre signée est déjà à la poste.",
        retour="#decision",
        succes="La décision est notifiée par courrier.",
    )
)
@transaction.atomic
def notifier_par_courrier(projet: Projet, *, par: Compte, date_postee: date) -> None:
    """Record that the signed letter was posted that day, which is the day of notification. No email is sent.

    Raises ValidationError on « date_postee ».
    """
    pas = exiger(projet, "notifier_par_courrier", par=par)
    lettre = projet.lettre_courante()
    exiger_jour(date_postee, lettre.preparee_le, "Cette lettre n’a été préparée que le")
    _lettre_intacte(lettre)
    lettre.date_postee = date_postee
    Courrier.objects.a_poster().filter(document=lettre.document_id, signe_le__isnull=False).update(
        date_postee=date_postee, poste_par=par
    )
    midi = timezone.make_aware(datetime.combine(date_postee, time(12)))
    le = timezone.now() if date_postee == timezone.localdate() else max(midi, lettre.preparee_le)
    _est_dite(
        pas, projet, lettre, le, fait=f"Décision notifiée par courrier posté le {jour_texte(date_postee)}"
    )


def _lettre_intacte(lettre: LettreDecision) -> bytes:
    """Return the signed copy, checked by its hash. Raises ErreurMetier."""
    try:
        with lettre.signee.open("rb") as fichier:
            octets: bytes = fichier.read()
    except FileNotFoundError:
        octets = b""
    if hashlib.sha256(octets).hexdigest() != lettre.sha256:
        raise ErreurMetier("Le fichier de la lettre signée a changé ou a disparu. Joignez-la de nouveau.")
    return octets


def _est_dite(pas: Pas, projet: Projet, lettre: LettreDecision, le: datetime, *, fait: str = "") -> None:
    document: Document = lettre.document
    if document.etat == Document.Etat.PRET and document.fige_le is None:
        figer_document(document, par=pas.par)
    lettre.notifiee_le = le
    lettre.save(update_fields=["notifiee_le", "date_postee"])
    clos = {"clos_le": timezone.now()} if projet.etat == Etat.REFUSE else {}
    pas.avancer(
        champs={"notifie_le": le, **clos}, fait=fait, details={"lettre": lettre.pk, "sha256": lettre.sha256}
    )
