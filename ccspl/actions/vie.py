"""The life of the commission: its library, the calls to its members, its yearly report, the letter of the month."""

import hashlib
import json
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ccspl.lectures.indicateurs.presence import assiduites
from ccspl.lectures.indicateurs.rapport import donnees_du_rapport
from ccspl.lectures.indicateurs.vie import nouvelles
from ccspl.lectures.presentation import donnees_intervention
from ccspl.models import (
    INSTANCE,
    AbonnementResume,
    Avis,
    DocumentBibliotheque,
    PriseDeNouvelles,
    RapportAnnuel,
    VersionDocument,
)
from ccspl.notifications import vie as notifications
from participation.seances.actions.instances import consigner
from participation.seances.models import Instance, Membre
from participation.socle.actions.documents import demander_document, figer_document, redemander_document
from participation.socle.actions.pieces import nommer, reconnaitre
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import de
from participation.socle.models import Appartenance, Compte, Document
from participation.socle.textes import sans_controle
from participation.socle.versions import exiger_version
from participation.socle.workflow import Role

NATURE, INTERVENTION = "ccspl/rapport", "ccspl/intervention"
TEXTES = ("introduction", "conclusions")


def _exiger_agent(par: Compte) -> None:
    if not par.est_agent:
        raise RoleInsuffisant("Cet acte est réservé aux agents du service.")


def _commission() -> Instance:
    instance = Instance.objects.filter(cle=INSTANCE).first()
    if instance is None:
        raise ErreurMetier("La commission n’est pas encore installée : créez d’abord son instance.")
    return instance


# The letter of the month ---------------------------------------------------------------------------------------------


def s_abonner_au_resume(compte: Compte) -> None:
    """From the next month on. Élus, and the agents who want to read what élus read."""
    if not compte.roles & {Role.ELU, Role.AGENT}:
        raise RoleInsuffisant("Le résumé du mois est écrit pour les élus.")
    AbonnementResume.objects.update_or_create(
        compte=compte, defaults={"demande_le": timezone.now(), "arrete_le": None}
    )


def arreter_le_resume(abonnement: AbonnementResume) -> None:
    """Safe to call twice."""
    AbonnementResume.objects.filter(pk=abonnement.pk, arrete_le=None).update(arrete_le=timezone.now())


def ecrire_resumes(jour: date | None = None) -> int:
    """Write the letters of the month before `jour`; returns how many are new. Nothing new: no letter. Safe to run again."""
    jour = jour or timezone.localdate()
    fin = jour.replace(day=1) - timedelta(days=1)
    mois = nouvelles(fin.replace(day=1), fin)
    if mois.est_vide:
        return 0
    # Who is no longer élu nor agent no longer reads what they read.
    lecteurs = Appartenance.objects.en_vigueur(jour).filter(role__in=[Role.ELU, Role.AGENT])
    abonnements = AbonnementResume.objects.filter(
        arrete_le=None, compte__is_active=True, compte__in=lecteurs.values("compte")
    ).select_related("compte")
    return notifications.resume_mensuel(mois, abonnements)


@transaction.atomic
def demander_intervention(avis: Avis, *, par: Compte) -> Document:
    """The one-page sheet for who speaks at the council, with today's data, for the one who asks: élus have no dossier to read."""
    if not par.roles & {Role.ELU, Role.AGENT}:
        raise RoleInsuffisant("Cette fiche est faite pour les élus.")
    if not avis.est_rendu:
        raise ActeInterdit("La fiche se fait une fois l’avis adopté.")
    donnees = donnees_intervention(avis)
    sienne = Document.objects.filter(
        dossier=avis, nature=INTERVENTION, par=par, est_interne=False, fige_le=None
    ).first()
    if sienne is not None:
        Document.objects.filter(pk=sienne.pk).update(donnees=donnees)
        redemander_document(sienne, par=par)
        return sienne
    return demander_document(
        nature=INTERVENTION,
        titre=f"Intervention en conseil, avis {avis.reference}",
        dossier=avis,
        donnees=donnees,
        par=par,
    )


# Members -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def prendre_des_nouvelles(
    membre: Membre, *, par: Compte, date: date | None = None, note: str = ""
) -> PriseDeNouvelles:
    """Note that the member was called: absences up to that day no longer suggest a call."""
    _exiger_agent(par)
    membre = (
        Membre.objects.select_for_update(of=("self",))
        .select_related("compte", "college__mandature__instance")
        .get(pk=membre.pk)
    )
    jour = date or timezone.localdate()
    if jour > timezone.localdate():
        raise ValidationError({"date": "Ce jour n’est pas encore venu."})
    if PriseDeNouvelles.objects.filter(membre=membre, date=jour).exists():
        raise ActeInterdit(f"Un appel à {membre} est déjà noté ce jour-là.")
    suivi = next((a for a in assiduites() if a.membre.pk == membre.pk), None)
    prise = PriseDeNouvelles(
        membre=membre, date=jour, note=sans_controle(note), absences=suivi.de_suite if suivi else 0, par=par
    )
    prise.full_clean()
    prise.save()
    consigner(
        membre.college.mandature.instance,
        "prendre_des_nouvelles",
        f"Nouvelles prises {de(membre)}",
        par=par,
        membre=membre,
        absences=prise.absences,
    )
    return prise


# The library ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def ajouter_document(
    *,
    par: Compte,
    titre: str,
    categorie: str,
    fichier: UploadedFile,
    description: str = "",
    est_public: bool = False,
) -> DocumentBibliotheque:
    """Raises ValidationError, on the field « fichier » when its content is refused."""
    _exiger_agent(par)
    document = DocumentBibliotheque(
        titre=sans_controle(titre).strip(),
        categorie=categorie,
        description=sans_controle(description),
        est_public=est_public,
    )
    document.full_clean()
    document.save()
    _deposer(document, fichier, par=par)
    consigner(
        _commission(), "ajouter_document", f"Document ajouté : {document}", par=par, document=document.pk
    )
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
    """What is said of it, and who may read it; the file is replaced by `remplacer_document`."""
    _exiger_agent(par)
    _verrouiller(document)
    ecrits = {"titre": sans_controle(titre).strip(), "description": sans_controle(description)}
    exiger_version(document, ecrits, vu)
    etait_public = document.est_public
    document.titre, document.description = ecrits["titre"], ecrits["description"]
    document.categorie, document.est_public = categorie, est_public
    document.modifie_le = timezone.now()
    document.full_clean()
    document.save()
    fait = f"Document modifié : {document}"
    if etait_public != est_public:
        fait += ", ouvert à tous" if est_public else ", réservé aux membres"
    consigner(_commission(), "modifier_document", fait, par=par, document=document.pk)


@transaction.atomic
def remplacer_document(
    document: DocumentBibliotheque, *, par: Compte, fichier: UploadedFile, motif: str
) -> VersionDocument:
    """The new file is shown; those before it are kept, for the agents."""
    _exiger_agent(par)
    _verrouiller(document)
    version = _deposer(document, fichier, par=par, motif=motif)
    consigner(
        _commission(),
        "remplacer_document",
        f"Document remplacé : {document}, version {version.numero}",
        par=par,
        motif=motif,
        document=document.pk,
        sha256=version.sha256,
    )
    return version


@transaction.atomic
def retirer_document(document: DocumentBibliotheque, *, par: Compte, motif: str) -> None:
    """Out of sight of members and public; its files stay, so that the journal tells the truth."""
    _exiger_agent(par)
    _verrouiller(document)
    document.retire_le, document.motif_retrait = timezone.now(), motif
    document.full_clean()
    document.save()
    consigner(
        _commission(),
        "retirer_document",
        f"Document retiré : {document}",
        par=par,
        motif=motif,
        document=document.pk,
    )


def _verrouiller(document: DocumentBibliotheque) -> None:
    document.refresh_from_db(from_queryset=DocumentBibliotheque.objects.select_for_update(of=("self",)))
    if document.retire_le is not None:
        raise ActeInterdit("Ce document est retiré de la bibliothèque.")


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


@transaction.atomic
def rediger_rapport(
    annee: int, *, par: Compte, introduction: str, conclusions: str, vu: str = ""
) -> RapportAnnuel:
    """Write the two texts. Raises TexteDepasse when somebody wrote them meanwhile."""
    _exiger_agent(par)
    rapport = _rapport(annee)
    ecrits = {"introduction": sans_controle(introduction), "conclusions": sans_controle(conclusions)}
    exiger_version(rapport, ecrits, vu)
    rapport.introduction, rapport.conclusions = ecrits["introduction"], ecrits["conclusions"]
    rapport.full_clean()
    rapport.save()
    consigner(_commission(), "rediger_rapport", f"Textes du rapport {annee} écrits", par=par)
    return rapport


@transaction.atomic
def preparer_rapport(annee: int, *, par: Compte) -> Document:
    """Make the PDF from the data of now: again, under the same address, as long as it is not stopped."""
    _exiger_agent(par)
    rapport = _rapport(annee)
    donnees = {
        **donnees_du_rapport(annee),
        "introduction": rapport.introduction,
        "conclusions": rapport.conclusions,
        "empreinte_des_textes": empreinte_des_textes(rapport),
    }
    if rapport.document is None:
        rapport.document = demander_document(
            nature=NATURE, titre=f"CCSPL, rapport d’activité {annee}", donnees=donnees, par=par
        )
        rapport.save()
    else:
        Document.objects.filter(pk=rapport.document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(rapport.document, par=par)
    consigner(_commission(), "preparer_rapport", f"Rapport {annee} mis en page", par=par)
    return rapport.document


@transaction.atomic
def arreter_rapport(annee: int, *, par: Compte) -> None:
    """Freeze the PDF as it is. Raises ErreurMetier when its texts are no longer those that were written."""
    _exiger_agent(par)
    rapport = _rapport(annee)
    if rapport.document is None:
        raise ErreurMetier("Mettez d’abord le rapport en page, et relisez-le.")
    if rapport.document.donnees.get("empreinte_des_textes") != empreinte_des_textes(rapport):
        raise ErreurMetier(
            "Les textes ont changé depuis la mise en page. Mettez le rapport en page de nouveau."
        )
    figer_document(rapport.document, par=par)
    rapport.arrete_le = timezone.now()
    rapport.full_clean()
    rapport.save()
    consigner(
        _commission(), "arreter_rapport", f"Rapport {annee} arrêté", par=par, sha256=rapport.document.sha256
    )


@transaction.atomic
def publier_rapport(annee: int, *, par: Compte) -> None:
    """Open it to all, once it was presented to the council."""
    _exiger_agent(par)
    rapport = _rapport(annee, est_ouvert=False)
    if rapport.arrete_le is None or rapport.document is None:
        raise ActeInterdit("Arrêtez le rapport avant de le publier.")
    if rapport.publie_le is not None:
        raise ActeInterdit("Ce rapport est déjà publié.")
    Document.objects.filter(pk=rapport.document.pk).update(est_public=True)
    rapport.publie_le = timezone.now()
    rapport.full_clean()
    rapport.save()
    consigner(_commission(), "publier_rapport", f"Rapport {annee} publié", par=par)


def empreinte_des_textes(rapport: RapportAnnuel) -> str:
    textes = [getattr(rapport, champ) for champ in TEXTES]
    return hashlib.sha256(json.dumps(textes).encode()).hexdigest()[:32]


def _rapport(annee: int, *, est_ouvert: bool = True) -> RapportAnnuel:
    """The row of the year, locked; two who begin it at once get the same one."""
    RapportAnnuel.objects.get_or_create(annee=annee)
    rapport = (
        RapportAnnuel.objects.select_for_update(of=("self",)).select_related("document").get(annee=annee)
    )
    if est_ouvert and rapport.arrete_le is not None:
        raise ActeInterdit(f"Le rapport {annee} est arrêté : il ne change plus.")
    return rapport
