"""Acts on the life of the commission: letter of the month, calls to members, library, annual report."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ccspl.lectures.indicateurs.presence import assiduites
from ccspl.lectures.indicateurs.rapport import donnees_du_rapport
from ccspl.lectures.indicateurs.vie import nouvelles
from ccspl.models import (
    AbonnementResume,
    DocumentBibliotheque,
    PriseDeNouvelles,
    RapportAnnuel,
    VersionDocument,
)
from ccspl.notifications import vie as notifications
from participation.seances.models import Membre
from participation.socle.actions import avancer, exiger
from participation.socle.actions.avancer import Pas
from participation.socle.actions.documents import demander_document, figer_document, redemander_document
from participation.socle.actions.pieces import nommer, reconnaitre
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.francais import de, jour_texte
from participation.socle.models import Appartenance, Compte, Document
from participation.socle.textes import sans_controle
from participation.socle.versions import exiger_version
from participation.socle.workflow import Role

NATURE = "ccspl/rapport"


# The letter of the month ---------------------------------------------------------------------------------------------


def s_abonner_au_resume(compte: Compte) -> None:
    """Subscribe to the letter of the month.

    Raises RoleInsuffisant unless the account is an élu or an agent.
    """
    if not compte.roles & {Role.ELU, Role.AGENT}:
        raise RoleInsuffisant("Le résumé du mois est écrit pour les élus.")
    AbonnementResume.objects.update_or_create(
        compte=compte, defaults={"demande_le": timezone.now(), "arrete_le": None}
    )


def arreter_le_resume(abonnement: AbonnementResume) -> None:
    """Stop the subscription. Safe to call twice."""
    AbonnementResume.objects.filter(pk=abonnement.pk, arrete_le=None).update(arrete_le=timezone.now())


def ecrire_resumes(jour: date | None = None) -> int:
    """Write the letters about the month before `jour`. Returns how many are new.

    No letter is written when the month brought nothing. Safe to run again.
    """
    jour = jour or timezone.localdate()
    fin = jour.replace(day=1) - timedelta(days=1)
    mois = nouvelles(fin.replace(day=1), fin)
    if mois.est_vide:
        return 0
    # Subscribers who are no longer élus or agents get no letter.
    lecteurs = Appartenance.objects.en_vigueur(jour).filter(role__in=[Role.ELU, Role.AGENT])
    abonnements = AbonnementResume.objects.filter(
        arrete_le=None, compte__is_active=True, compte__in=lecteurs.values("compte")
    ).select_related("compte")
    return notifications.resume_mensuel(mois, abonnements)


# Members -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def prendre_des_nouvelles(
    prise: PriseDeNouvelles, *, par: Compte, date: date | None = None, note: str = ""
) -> None:
    """Record a call to a member, on a new row. Absences up to that day no longer count to suggest a call.

    Raises ValidationError for a day to come, ActeInterdit when a call is already recorded on that day.
    """
    pas = exiger(prise, "prendre_des_nouvelles", par=par)
    membre = prise.membre
    Membre.objects.select_for_update(of=("self",)).get(pk=membre.pk)
    jour = date or timezone.localdate()
    if jour > timezone.localdate():
        raise ValidationError({"date": "Ce jour n’est pas encore venu."})
    if PriseDeNouvelles.objects.filter(membre=membre, date=jour).exists():
        raise ActeInterdit(f"Un appel à {membre} est déjà noté ce jour-là.")
    absences = next((a.de_suite for a in assiduites() if a.membre.pk == membre.pk), 0)
    pas.avancer(
        champs={"date": jour, "note": sans_controle(note), "absences": absences, "par": par},
        fait=f"Nouvelles prises {de(membre)}",
        details={"absences": absences},
    )


# The library ---------------------------------------------------------------------------------------------------------


def _dit(titre: str, categorie: str, description: str, est_public: bool) -> dict[str, Any]:
    return {
        "titre": sans_controle(titre).strip(),
        "categorie": categorie,
        "description": sans_controle(description),
        "est_public": est_public,
    }


@transaction.atomic
def ajouter_document(
    document: DocumentBibliotheque,
    *,
    par: Compte,
    titre: str,
    categorie: str,
    fichier: UploadedFile,
    description: str = "",
    est_public: bool = False,
) -> DocumentBibliotheque:
    """Add a document, on a new row. Raises ValidationError, on « fichier » when its content is refused."""
    pas = exiger(document, "ajouter_document", par=par)
    for champ, valeur in _dit(titre, categorie, description, est_public).items():
        setattr(document, champ, valeur)
    document.full_clean()
    document.save()
    _deposer(document, fichier, par=par)
    pas.avancer(fait=f"Document ajouté : {document}", details={"document": document.pk})
    return document


@transaction.atomic
def modifier_document(
    document: DocumentBibliotheque,
    *,
    par: Compte,
    titre: str,
    categorie: str,
    description: str = "",
    est_public: bool = False,
    vu: str = "",
) -> None:
    """Change the title, the description or the readers of a document.

    See `remplacer_document` for the file.
    """
    pas = exiger(document, "modifier_document", par=par)
    dit = _dit(titre, categorie, description, est_public)
    exiger_version(document, {champ: dit[champ] for champ in ("titre", "description")}, vu)
    fait = f"Document modifié : {dit['titre']}"
    if document.est_public != est_public:
        fait += ", ouvert à tous" if est_public else ", réservé aux membres"
    pas.avancer(champs={**dit, "modifie_le": timezone.now()}, fait=fait, details={"document": document.pk})


@transaction.atomic
def remplacer_document(
    document: DocumentBibliotheque, *, par: Compte, fichier: UploadedFile, motif: str
) -> None:
    """Replace the file of a document. Agents keep access to the former ones."""
    pas = exiger(document, "remplacer_document", par=par)
    version = _deposer(document, fichier, par=par, motif=motif)
    pas.avancer(
        fait=f"Document remplacé : {document}, version {version.numero}",
        motif=motif,
        details={"document": document.pk, "sha256": version.sha256},
    )


@transaction.atomic
def retirer_document(document: DocumentBibliotheque, *, par: Compte, motif: str) -> None:
    """Hide a document from members and public.

    Its files are kept for the agents, since the journal mentions them.
    """
    avancer(
        document,
        "retirer_document",
        par=par,
        champs={"retire_le": timezone.now(), "motif_retrait": motif},
        fait=f"Document retiré : {document}",
        motif=motif,
        details={"document": document.pk},
    )


def _deposer(
    document: DocumentBibliotheque, fichier: UploadedFile, *, par: Compte, motif: str = ""
) -> VersionDocument:
    contenu = reconnaitre(fichier)
    empreinte = hashlib.sha256(contenu.octets).hexdigest()
    if document.version is not None and document.version.sha256 == empreinte:
        raise ValidationError({"fichier": "Ce fichier est déjà celui que la bibliothèque montre."})
    nom = nommer(fichier.name or "", contenu.extension)
    dernier = document.versions.aggregate(n=Max("numero"))["n"] or 0
    version = VersionDocument(
        document=document,
        numero=dernier + 1,
        nom=nom,
        type_mime=contenu.type_mime,
        taille=len(contenu.octets),
        sha256=empreinte,
        motif=sans_controle(motif),
        par=par,
    )
    version.full_clean(exclude=["fichier"])
    version.fichier.save(nom, ContentFile(contenu.octets), save=False)
    try:
        version.save()
        document.version, document.modifie_le = version, timezone.now()
        document.save(update_fields=["version", "modifie_le"])
    except Exception:
        version.fichier.storage.delete(version.fichier.name)
        raise
    return version


# The yearly report ---------------------------------------------------------------------------------------------------


def _exiger(rapport: RapportAnnuel, acte: str, *, par: Compte) -> Pas:
    """Create the row of the year if needed: two concurrent requests get the same row."""
    if rapport._state.adding:
        rapport.pk = RapportAnnuel.objects.get_or_create(annee=rapport.annee)[0].pk
        rapport._state.adding = False
    return exiger(rapport, acte, par=par)


@transaction.atomic
def rediger_rapport(
    rapport: RapportAnnuel, *, par: Compte, introduction: str, conclusions: str, vu: str = ""
) -> None:
    """Save the two texts. Raises TexteDepasse when they have changed since the page was shown."""
    pas = _exiger(rapport, "rediger_rapport", par=par)
    ecrits = {"introduction": sans_controle(introduction), "conclusions": sans_controle(conclusions)}
    exiger_version(rapport, ecrits, vu)
    pas.avancer(champs=ecrits, fait=f"Textes du rapport {rapport.annee} écrits")


@transaction.atomic
def preparer_rapport(rapport: RapportAnnuel, *, par: Compte) -> Document:
    """Make the PDF from current data. Until the report is arrêté, the same document is made again."""
    pas = _exiger(rapport, "preparer_rapport", par=par)
    donnees = {
        **donnees_du_rapport(rapport.annee),
        "introduction": rapport.introduction,
        "conclusions": rapport.conclusions,
        "empreinte_des_textes": rapport.empreinte_des_textes,
        "au": jour_texte(timezone.localdate()),
    }
    document: Document | None = rapport.document
    if document is None:
        document = demander_document(
            nature=NATURE, titre=f"CCSPL, rapport d’activité {rapport.annee}", donnees=donnees, par=par
        )
    else:
        Document.objects.filter(pk=document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(document, par=par)
    pas.avancer(champs={"document": document}, fait=f"Rapport {rapport.annee} mis en page")
    return document


@transaction.atomic
def arreter_rapport(rapport: RapportAnnuel, *, par: Compte) -> None:
    """Freeze the PDF of the report."""
    pas = _exiger(rapport, "arreter_rapport", par=par)
    document: Any = rapport.document
    figer_document(document, par=par)
    pas.avancer(
        champs={"arrete_le": timezone.now()},
        fait=f"Rapport {rapport.annee} arrêté",
        details={"sha256": document.sha256},
    )


@transaction.atomic
def publier_rapport(rapport: RapportAnnuel, *, par: Compte) -> None:
    """Publish the report."""
    pas = _exiger(rapport, "publier_rapport", par=par)
    Document.objects.filter(rapport_ccspl=rapport).update(est_public=True)
    pas.avancer(champs={"publie_le": timezone.now()}, fait=f"Rapport {rapport.annee} publié")
