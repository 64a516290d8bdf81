"""Reading of the mailbox by IMAP, each mail saved before it is marked as read; what becomes of each."""

import logging
import uuid
from dataclasses import dataclass, replace
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import validate_email
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participation.socle.actions import consigner
from participation.socle.actions.courriels import lettres_citees, traiter_rebond
from participation.socle.actions.pieces import joindre
from participation.socle.calendrier import debut_du_jour, il_y_a_plus_de
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import majuscule
from participation.socle.models import Compte, ReglageService
from participation.socle.regles.adresses import canoniser, fournisseurs_courants
from participation.socle.regles.courriel_brut import Illisible
from remontees.boite.expediteur import Sorte
from remontees.boite.regles import Lu, dire_de_qui, lire
from remontees.messages import actes as messages
from remontees.models import CourrielRecu, Message, Reception, Remontee
from remontees.models.boites import ESSAIS_MAX, CourrielRecuQuerySet
from remontees.personne import fil_cite, rapporteur_de
from remontees.reception import arrivees
from remontees.reception.regles import VERBATIM_MAX, Charge, Contact
from remontees.workflow import Canal

journal = logging.getLogger(__name__)


S = CourrielRecu.Sort


TACHE = "remontees.traiter_courriel"


ECARTES = {Sorte.REBOND: S.REBOND, Sorte.ACCUSE: S.AUTOMATIQUE, Sorte.AUTOMATIQUE: S.AUTOMATIQUE}


SANS_TEXTE = "(Message sans texte : voir les pièces jointes.)"


DE_MAX = 160  # characters of `Message.de`


FIL, LETTRE = "réponse dans le fil signé de nos lettres", "réponse à une de nos lettres"


def traiter(cle: uuid.UUID | str, *, repris: bool = False) -> CourrielRecu | None:
    """Process a received mail. None when already processed, in progress in another worker, or failed.

    `repris`: an agent processes a mail set aside. The try is counted before it begins: a mail that kills its
    worker is left for agents after ESSAIS_MAX tries. A failed mail keeps its bytes and the reason.
    """
    if not repris and not _compter_l_essai(cle):
        return None
    try:
        with transaction.atomic():
            recus = CourrielRecu.objects.select_for_update(skip_locked=True, of=("self",))
            recu = recus.filter(pk=cle).first()
            if recu is None or not (
                recu.est_reprenable and recu.octets if repris else recu.sort == S.A_TRAITER
            ):
                return None
            _traiter(recu, lire(bytes(recu.octets), settings.BOITE_SERVEURS), repris=repris)
            recu.traite_le = timezone.now()
            recu.save()
            return recu
    except Illisible as raison:
        _dire_illisible(cle, str(raison))
    except (OperationalError, InterfaceError):
        raise  # the database, not the mail
    except Exception as erreur:  # whatever a stranger sent, the next mail is read
        journal.warning("Courriel reçu %s : %s", cle, type(erreur).__name__)
        _noter_l_echec(cle, erreur)
    return None


def _compter_l_essai(cle: uuid.UUID | str) -> bool:
    """Count a try, and commit it; False when the mail is not to be processed, or in progress elsewhere."""
    with transaction.atomic():
        libres = CourrielRecu.objects.a_traiter().select_for_update(skip_locked=True, of=("self",))
        libre = libres.filter(pk=cle).only("pk").first()
        return libre is not None and bool(
            CourrielRecu.objects.filter(pk=libre.pk).update(essais=F("essais") + 1)
        )


def _dire_illisible(cle: uuid.UUID | str, raison: str) -> None:
    """Keep the mail as it came, with the reason, for an agent."""
    recu = CourrielRecu.objects.filter(pk=cle).first()
    if recu is None:
        return
    adresse, objet = dire_de_qui(bytes(recu.octets))
    CourrielRecu.objects.filter(pk=cle).update(
        sort=S.ILLISIBLE,
        erreur=raison[:500],
        expediteur=adresse,
        boite=canoniser(adresse) if adresse else "",
        objet=objet,
        traite_le=timezone.now(),
    )


def _noter_l_echec(cle: uuid.UUID | str, erreur: Exception) -> None:
    """Keep the reason; after the last try, the mail is one that could not be read."""
    phrases = getattr(erreur, "messages", None) or [str(erreur)]
    CourrielRecu.objects.filter(pk=cle).update(erreur="; ".join(phrases)[:500] or type(erreur).__name__)
    CourrielRecu.objects.filter(pk=cle, sort=S.A_TRAITER, essais__gte=ESSAIS_MAX).update(
        sort=S.ILLISIBLE, traite_le=timezone.now()
    )


D_UN_COUP = 200  # mails


def traiter_ce_qui_attend() -> int:
    """Process the pending mails in order of arrival; return how many."""
    attente = CourrielRecu.objects.a_traiter().order_by("recu_le", "cle").values_list("cle", flat=True)
    return sum(traiter(cle) is not None for cle in attente[:D_UN_COUP])


def reprendre(recu: CourrielRecu) -> CourrielRecu | None:
    """Process a mail that an agent says a person wrote. Raises ErreurMetier when its content is not kept."""
    repris = traiter(recu.pk, repris=True)
    if repris is None:
        recu.refresh_from_db()
        raise ErreurMetier(recu.erreur or "Ce courriel est déjà traité, ou son contenu n’est plus gardé.")
    return repris


def effacer_les_vieux() -> int:
    """Delete what mails older than BOITE_GARDE_JOURS said, but those that wait for an agent; return how many."""
    limite = il_y_a_plus_de(settings.BOITE_GARDE_JOURS)
    gardes = CourrielRecu.objects.filter(~Q(octets=b"") | Q(lu__isnull=False), recu_le__lt=limite)
    attendus = CourrielRecu.objects.a_voir().values("pk")
    return gardes.exclude(sort=S.A_TRAITER).exclude(pk__in=attendus).update(octets=b"", lu=None)


@transaction.atomic
def ranger(recu: CourrielRecu, *, par: Compte) -> None:
    """Say that an agent has looked at a mail and makes nothing of it. Raises ErreurMetier when it does not wait."""
    recu.refresh_from_db(from_queryset=CourrielRecu.objects.select_for_update(of=("self",)))
    if not recu.est_a_voir:
        raise ErreurMetier("Ce courriel n’attend plus personne.")
    recu.vu_le, recu.vu_par = timezone.now(), par
    recu.save(update_fields=["vu_le", "vu_par"])


def _traiter(recu: CourrielRecu, lu: Lu, *, repris: bool) -> None:
    recu.expediteur, recu.objet, recu.lu = lu.adresse, lu.objet, lu.en_json()
    recu.boite = canoniser(_de_qui(lu)[1]) if lu.adresse else ""
    recu.preuve, recu.erreur = lu.verdict.preuve, ""
    if not repris:
        ecarte, pourquoi = _ecarter(recu, lu)
        if ecarte is not None:
            recu.sort, recu.erreur = ecarte, pourquoi
            return
    suite = _trouver(lu)
    if suite is not None:
        recu.remontee, recu.sort, recu.preuve = suite.remontee, S.MESSAGE, suite.preuve
        recu.message = messages.recevoir(
            suite.remontee,
            messages.Recu(
                lu.dit or SANS_TEXTE,
                Message.Moyen.COURRIEL,
                auteur=suite.auteur,
                de="" if suite.auteur == Message.Auteur.PERSONNE else _dire_qui(lu),
                cite=lu.cite,
                numero=lu.numero,
                preuve=suite.preuve,
                ecrit_le=lu.le or timezone.now(),
                cle=recu.cle,
            ),
        )
    else:
        recu.remontee, recu.sort = _nouvelle(recu, lu), S.REMONTEE
    recu.erreur = _joindre(recu.remontee, lu)[:500]
    recu.octets, recu.lu = b"", None


def _ecarter(recu: CourrielRecu, lu: Lu) -> tuple[S | None, str]:
    """Return what becomes of a mail that no person wrote, or that an agent must see first, and why."""
    if lu.sorte == Sorte.REBOND:
        traiter_rebond(bytes(recu.octets))
    if lu.sorte in ECARTES:
        return ECARTES[lu.sorte], ""
    if _est_de_nous(lu):
        return S.NOTRE, ""
    if lu.doute:
        return S.SUSPECT, lu.doute
    if lu.adresse and _du_jour(recu).count() >= settings.BOITE_PAR_JOUR:
        return S.TROP, ""
    return None, ""


def _est_de_nous(lu: Lu) -> bool:
    """Whether it is one of our own letters, sent back by a forwarding rule or a list."""
    notres = {settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL, ReglageService.actuel().contact}
    boites = {canoniser(parseaddr(adresse)[1]) for adresse in notres if adresse}
    return canoniser(lu.adresse) in boites or bool(lettres_citees(lu.numero))


def _du_jour(recu: CourrielRecu) -> CourrielRecuQuerySet:
    """Return the other mails of this mailbox, under any spelling, that were taken today."""
    pris = CourrielRecu.objects.filter(recu_le__gte=debut_du_jour(), sort__in=[S.REMONTEE, S.MESSAGE])
    return pris.filter(boite=recu.boite).exclude(pk=recu.pk)


def _silence(recu: CourrielRecu, lu: Lu) -> str:
    """Return why no receipt goes; empty when one goes.

    Two automatic mailboxes would answer each other for ever: an address gets BOITE_ACCUSES, a domain
    that is nobody's in particular BOITE_PAR_JOUR.
    """
    if lu.silence:
        return lu.silence
    if _du_jour(recu).filter(sort=S.REMONTEE).count() >= settings.BOITE_ACCUSES:
        return "cette adresse en a déjà reçu aujourd’hui"
    domaine = recu.boite.rpartition("@")[2]
    du_domaine = CourrielRecu.objects.filter(
        recu_le__gte=debut_du_jour(), sort=S.REMONTEE, boite__endswith=f"@{domaine}"
    )
    if domaine not in fournisseurs_courants() and du_domaine.count() >= settings.BOITE_PAR_JOUR:
        return "beaucoup de courriels de ce domaine sont arrivés aujourd’hui"
    return ""


def _dire_qui(lu: Lu) -> str:
    """Return the name with the address: anybody may sign with the name of the person."""
    if not lu.nom or not lu.adresse or lu.nom == lu.adresse:
        return lu.nom or lu.adresse
    place = DE_MAX - len(lu.adresse) - 3
    return f"{lu.nom[:place]} ({lu.adresse})" if place > 0 else lu.adresse[:DE_MAX]


@dataclass(frozen=True, slots=True)
class Suite:
    """The remontée that a mail is about, who wrote, and what proves it; empty when nothing does."""

    remontee: Remontee
    auteur: str
    preuve: str


def _trouver(lu: Lu) -> Suite | None:
    """Return the remontée that the mail is about: by the thread token, a letter of ours, or its reference."""
    cites = " ".join(lu.cites)
    remontee: Any = fil_cite(cites)
    if remontee is not None:
        return _suite(remontee, lu, FIL)
    for courriel in lettres_citees(cites):
        remontee = Remontee.objects.filter(pk=courriel.dossier_id or 0).first()
        # A letter may have been forwarded: the sender must be one of its recipients.
        if remontee is not None and lu.adresse in {parseaddr(a)[1].lower() for a in courriel.destinataires}:
            suite = _suite(remontee, lu, LETTRE)
            est_autre = suite.auteur == Message.Auteur.AUTRE and not lu.verdict.est_usurpe
            return replace(suite, auteur=Message.Auteur.SERVICE) if est_autre else suite
    for reference in lu.references:
        remontee = Remontee.objects.filter(reference=reference).first()
        if remontee is None:
            continue
        suite = _suite(remontee, lu)
        # A stranger who only cites a reference in the text makes a new remontée.
        if suite.auteur != Message.Auteur.AUTRE or reference in lu.objet or _est_agent(lu.adresse):
            return suite
    return None


def _suite(remontee: Remontee, lu: Lu, lien: str = "") -> Suite:
    """Say who wrote. `lien`: what the mail bears that only a reader of our letters has.

    The address alone proves nothing, since anybody writes it: without a proof, an agent says who wrote.
    """
    auteur = Message.Auteur.AUTRE if lu.verdict.est_usurpe else _qui_a_cette_adresse(remontee, lu.adresse)
    # The thread is in the letters to the person only: who writes there as a direction proves nothing by it.
    du_fil_d_autrui = lien == FIL and auteur == Message.Auteur.SERVICE
    preuve = lu.verdict.preuve if du_fil_d_autrui else lien or lu.verdict.preuve
    if auteur != Message.Auteur.AUTRE and not preuve:
        auteur = Message.Auteur.A_VERIFIER
    return Suite(remontee, auteur, "" if lu.verdict.est_usurpe else preuve)


def _qui_a_cette_adresse(remontee: Remontee, adresse: str) -> str:
    rapporteur = rapporteur_de(remontee)
    if (
        rapporteur is not None
        and rapporteur.courriel
        and canoniser(rapporteur.courriel) == canoniser(adresse)
    ):
        return Message.Auteur.PERSONNE
    parts = remontee.attributions.select_related("direction", "commune", "organisme")
    if any(adresse in map(str.lower, part.adresses()) for part in parts):
        return Message.Auteur.SERVICE
    return Message.Auteur.AUTRE


def _est_agent(adresse: str) -> bool:
    return Compte.objects.agents_du_service().filter(courriel__iexact=adresse).exists()


def _nouvelle(recu: CourrielRecu, lu: Lu) -> Remontee:
    """Make a remontée, through the reception common to all channels, with a key of the mail."""
    silence = _silence(recu, lu)
    texte = (f"{lu.dit}\n\n{lu.cite}" if lu.cite else lu.dit).strip()
    charge = Charge(
        verbatim=(texte or lu.objet or SANS_TEXTE)[:VERBATIM_MAX],
        canal=Canal.COURRIEL,
        titre=lu.objet[:160],
        entendue_le=timezone.localdate(lu.le) if lu.le else None,
        source=lu.numero,
        contact=_contact(lu),
        accuse=not silence,
    )
    # The key of a reception opens the receipt of the person: whoever has the mail must not find it.
    cle = uuid.UUID(salted_hmac("courriel reçu", str(recu.cle), algorithm="sha256").hexdigest()[:32])
    arrivees.deposer(charge, cle=cle)
    remontee = arrivees.recevoir(cle)
    if remontee is None:
        deja = Reception.objects.select_related("remontee").get(pk=cle)
        if deja.remontee is None:
            raise ErreurMetier(deja.erreur or "La remontée est en train d’être écrite.")
        remontee = deja.remontee
    if silence and lu.adresse:
        consigner(
            remontee,
            "noter",
            par=None,
            fait="Pas d’accusé de réception envoyé",
            motif=f"{majuscule(silence)}.",
        )
    return remontee


def _de_qui(lu: Lu) -> tuple[str, str]:
    """Return (name, address) of who spoke: a form of a checked sender writes for the person it names in Reply-To.

    Of a sender that nothing proves, Reply-To would have us write to whom it likes.
    """
    return lu.repondre_a if lu.repondre_a[1] and lu.verdict.preuve else (lu.nom, lu.adresse)


def _contact(lu: Lu) -> Contact:
    if lu.verdict.est_usurpe:
        # DMARC failed: the words are kept, but no answer goes to an address that may be forged.
        return Contact(nom=f"{lu.adresse} (adresse que le serveur de courriel dit fausse)"[:120])
    nom, adresse = _de_qui(lu)
    try:
        validate_email(adresse)
    except ValidationError:
        return Contact(nom=nom)
    return Contact(nom=nom, courriel=adresse, prefere="courriel")


def _joindre(remontee: Remontee, lu: Lu) -> str:
    """Save the attachments with the usual checks; return what was refused, also written in the journal."""
    laissees = []
    for piece in lu.pieces:
        envoi = SimpleUploadedFile(piece.nom, piece.octets, piece.type_mime)
        try:
            with transaction.atomic():
                joindre(remontee, fichier=envoi, titre=piece.nom, par=None)
        except ValidationError as refus:
            if any(erreur.code == "deja_joint" for erreur in refus.error_dict.get("fichier", [])):
                continue
            laissees.append(f"{piece.nom} : {' '.join(refus.messages)}")
    if laissees:
        consigner(
            remontee, "noter", par=None, fait="Pièce non gardée d’un courriel", motif="\n".join(laissees)
        )
    return " ; ".join(laissees)
