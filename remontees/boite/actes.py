"""Reading of the mailbox by IMAP, each mail saved before it is marked as read; what becomes of each."""

import imaplib
import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import validate_email
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participation.socle.actions import consigner
from participation.socle.actions.courriels import lettres_citees, traiter_rebond
from participation.socle.actions.pieces import joindre
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.calendrier import debut_du_jour, il_y_a_plus_de
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import majuscule
from participation.socle.models import Compte, ReglageService
from participation.socle.regles.adresses import canoniser, fournisseurs_courants
from participation.socle.regles.courriel_brut import Illisible, paroles_du_serveur
from participation.socle.travaux import differes as taches_differees
from remontees.boite.expediteur import Sorte
from remontees.boite.regles import Lu, cle_de, cle_par_numero, dire_de_qui, lire
from remontees.messages import actes as messages
from remontees.models import Boite, CourrielRecu, Message, Reception, Remontee
from remontees.models.boites import ESSAIS_MAX, CourrielRecuQuerySet
from remontees.personne.lettres import fil_cite, rapporteur_de
from remontees.reception import arrivees
from remontees.reception.regles import VERBATIM_MAX, Charge, Contact
from remontees.workflow import Canal

journal = logging.getLogger(__name__)


S = CourrielRecu.Sort


TACHE = "remontees.traiter_courriel"


PAR_PASSAGE = 200


ATTENTE = 20  # seconds, for each answer of the IMAP server


TAILLE_MAX = 25 * 1024 * 1024  # bytes; a heavier mail stays in the mailbox and is listed as such


NON_REGLEE = (
    "Aucune boîte n’est relevée. Pour qu’une boîte le soit : BOITE_URL=imaps://nom:mot-de-passe@serveur/INBOX "
    "(voir docs/exploitation.md)."
)


LOURD = "Ce courriel dépasse la taille acceptée : il est resté dans la boîte, ouvrez-le là."


ECHECS_MAX = 5  # passes that fail on one mail, before it is left in the mailbox and said


NON_RENDU = "Le serveur de la boîte ne rend pas ce courriel : il est resté dans la boîte, ouvrez-le là."


ESPACE_DES_NON_RENDUS = uuid.UUID("0d2a8c5e-7a55-5d0e-8f0b-9a4f1f3f6f02")


@dataclass(frozen=True, slots=True)
class Adresse:
    """Parsed BOITE_URL: `imaps://name:password@host:993/INBOX`. `imap://` is allowed only on localhost."""

    est_chiffree: bool
    hote: str
    port: int
    nom: str
    mot_de_passe: str
    dossier: str

    @classmethod
    def de(cls, url: str) -> "Adresse":
        """Parse the URL. Raises ErreurMetier that says what is wrong."""
        if not url:
            raise ErreurMetier(NON_REGLEE)
        try:
            lue = urlsplit(url)
            port = lue.port
        except ValueError as erreur:
            raise ErreurMetier(f"BOITE_URL ne se lit pas : {erreur}.") from erreur
        if lue.scheme not in {"imap", "imaps"} or not lue.hostname or not lue.username:
            raise ErreurMetier("BOITE_URL doit être de la forme imaps://nom:mot-de-passe@serveur/INBOX.")
        if lue.scheme == "imap" and lue.hostname not in {"127.0.0.1", "::1", "localhost"}:
            raise ErreurMetier(
                "BOITE_URL doit commencer par imaps:// : le mot de passe circulerait en clair."
            )
        chiffree = lue.scheme == "imaps"
        return cls(
            chiffree,
            lue.hostname,
            port or (993 if chiffree else 143),
            unquote(lue.username),
            unquote(lue.password or ""),
            unquote(lue.path.lstrip("/")) or "INBOX",
        )

    @property
    def en_clair(self) -> str:
        """Name of the mailbox without the password, to be shown."""
        return f"{self.nom}@{self.hote}/{self.dossier}"[:200]


def relever() -> int:
    """Save the new mails of the mailbox and return how many; 0 if another worker is reading it.

    Raises ErreurMetier when the server fails; the reason stays on the row, for agents.
    """
    adresse = Adresse.de(settings.BOITE_URL)
    with verrou_de_session("remontees.boite") as pris:
        if not pris:
            return 0
        boite, _ = Boite.objects.get_or_create(nom=adresse.en_clair)
        # A mailbox that is not read any more is not out of order.
        Boite.objects.exclude(pk=boite.pk).exclude(erreur="").update(erreur="", en_panne_depuis=None)
        try:
            combien = _lire(adresse, boite)
        except (DatabaseError, InterfaceError):
            raise  # ours, not the mailbox's
        except Exception as erreur:  # the server may answer anything, and each library has its own exceptions
            dit = paroles_du_serveur(str(erreur)) or type(erreur).__name__
            _noter_la_panne(boite, f"La boîte ne répond pas : {dit}")
            raise ErreurMetier(f"La boîte {boite} ne répond pas : {dit}") from erreur
        Boite.objects.filter(pk=boite.pk).update(erreur="", en_panne_depuis=None, relevee_le=timezone.now())
        return combien


def _noter_la_panne(boite: Boite, dit: str) -> None:
    Boite.objects.filter(pk=boite.pk).update(
        erreur=dit[:300], en_panne_depuis=Coalesce("en_panne_depuis", timezone.now())
    )


@contextmanager
def _ouverte(adresse: Adresse) -> Iterator[Any]:
    """Open and log in to the mailbox. The socket is always closed: imap_tools leaves it open on failure."""
    from imap_tools import MailBox, MailBoxUnencrypted

    ouvrir = MailBox if adresse.est_chiffree else MailBoxUnencrypted
    courrier = ouvrir(adresse.hote, adresse.port, timeout=ATTENTE)
    try:
        yield courrier.login(adresse.nom, adresse.mot_de_passe, adresse.dossier)
        courrier.logout()
    finally:
        with suppress(OSError):
            courrier.client.shutdown()


def _lire(adresse: Adresse, boite: Boite) -> int:
    from imap_tools import AND, UidRange

    with _ouverte(adresse) as courrier:
        validite = int(courrier.folder.status(adresse.dossier, ["UIDVALIDITY"])["UIDVALIDITY"])
        if validite != boite.validite:
            # UIDs start again: read everything; known mails have the same key.
            boite.validite, boite.dernier, boite.echecs = validite, 0, 0
            boite.save(update_fields=["validite", "dernier", "echecs"])
        suivants = sorted(int(uid) for uid in courrier.uids(AND(uid=UidRange(str(boite.dernier + 1), "*"))))
        nouveaux = [uid for uid in suivants if uid > boite.dernier][:PAR_PASSAGE]
        for uid in nouveaux:
            _garder(courrier.client, boite, uid)
            boite.dernier, boite.echecs = uid, 0
            Boite.objects.filter(pk=boite.pk).update(dernier=uid, echecs=0)
            # Saved here: it may be shown as read there.
            courrier.client.uid("STORE", str(uid), "+FLAGS", "(\\Seen)")
    return len(nouveaux)


def _garder(client: Any, boite: Boite, uid: int) -> None:
    """Write the row of a mail. Raises while the server fails on it; after ECHECS_MAX passes, the row says so."""
    if boite.echecs >= ECHECS_MAX:
        cle = uuid.uuid5(ESPACE_DES_NON_RENDUS, f"{boite.pk}:{boite.validite}:{uid}")
        _inserer(CourrielRecu(cle=cle, sort=S.ILLISIBLE, erreur=NON_RENDU, traite_le=timezone.now()))
        return
    try:
        _ecrire(client, uid)
    except Exception:
        Boite.objects.filter(pk=boite.pk).update(echecs=F("echecs") + 1)
        raise


def _ecrire(client: Any, uid: int) -> None:
    taille = _taille(client, uid)
    est_lourd = taille > TAILLE_MAX
    octets = _chercher(client, uid, "BODY.PEEK[HEADER]" if est_lourd else "BODY.PEEK[]")
    if octets is None:
        return  # deleted meanwhile
    recu = CourrielRecu(
        cle=cle_de(octets, taille if est_lourd else 0),
        octets=octets,
        taille=taille,
        sort=S.LOURD if est_lourd else S.A_TRAITER,
        erreur=LOURD if est_lourd else "",
    )
    if est_lourd:
        recu.expediteur, recu.objet = dire_de_qui(octets)
        recu.traite_le = timezone.now()
    if _est_connu_par_son_numero(octets, taille):
        return
    if _inserer(recu) and not est_lourd:
        taches_differees.confier(TACHE, str(recu.cle))


def _inserer(recu: CourrielRecu) -> bool:
    """Insert the row; False when this very mail has one."""
    with transaction.atomic():
        if CourrielRecu.objects.filter(pk=recu.pk).exists():
            return False
        CourrielRecu.objects.bulk_create([recu], ignore_conflicts=True)
    return True


def _est_connu_par_son_numero(octets: bytes, taille: int) -> bool:
    """Whether the mail was received before rows had a fingerprint: same Message-ID, same size."""
    cle = cle_par_numero(octets)
    return cle is not None and CourrielRecu.objects.filter(pk=cle, taille=taille).exists()


def _taille(client: Any, uid: int) -> int:
    _, reponse = client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    trouve = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(r for r in reponse if isinstance(r, bytes)))
    return int(trouve[1]) if trouve else 0


def _chercher(client: Any, uid: int, quoi: str) -> bytes | None:
    """Return the raw bytes: a library that serialises the message again would lose what it cannot parse."""
    etat, reponse = client.uid("FETCH", str(uid), f"({quoi})")
    if etat != "OK":
        raise imaplib.IMAP4.error(f"FETCH {uid} : {etat}")
    return next((bytes(partie[1]) for partie in reponse if isinstance(partie, tuple)), None)


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


def traiter_ce_qui_attend(limite: int = 200) -> int:
    """Process the pending mails in order of arrival; return how many."""
    attente = CourrielRecu.objects.a_traiter().order_by("recu_le", "cle").values_list("cle", flat=True)
    return sum(traiter(cle) is not None for cle in attente[:limite])


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
