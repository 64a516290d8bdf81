"""Processing of a mail: message of a remontée, new remontée, or nothing for an automatic mail."""

import email
import logging
import uuid
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.socle.actions import consigner
from participation.socle.actions.courriels import NUMERO, traiter_rebond
from participation.socle.actions.pieces import joindre
from participation.socle.adresses import canoniser
from participation.socle.calendrier import debut_du_jour, il_y_a_plus_de
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte, Courriel, ReglageService
from remontees.actions import messages, reception
from remontees.models import CourrielRecu, Message, Reception, Remontee
from remontees.notifications.communs import fil_cite, rapporteur_de
from remontees.regles.charge import VERBATIM_MAX, Charge, Contact
from remontees.regles.courriels import Lu, Sorte, lire
from remontees.workflow import Canal

journal = logging.getLogger(__name__)
S = CourrielRecu.Sort
ECARTES = {Sorte.REBOND: S.REBOND, Sorte.ACCUSE: S.AUTOMATIQUE, Sorte.AUTOMATIQUE: S.AUTOMATIQUE}
SANS_TEXTE = "(Message sans texte : voir les pièces jointes.)"


def traiter(cle: uuid.UUID | str, *, repris: bool = False) -> CourrielRecu | None:
    """Process a received mail. None when already processed, or in progress in another worker.

    `repris`: an agent processes a mail set aside. A failed mail keeps its bytes and the reason, and is tried
    again.
    """
    try:
        with transaction.atomic():
            recus = CourrielRecu.objects.select_for_update(skip_locked=True, of=("self",))
            recu = recus.filter(pk=cle).first()
            if recu is None or not (recu.se_reprend if repris else recu.sort == S.A_TRAITER):
                return None
            _traiter(recu, lire(bytes(recu.octets)), repris=repris)
            recu.traite_le = timezone.now()
            recu.save()
            return recu
    except (ErreurMetier, ValidationError, ValueError, TypeError, RecursionError) as erreur:
        journal.warning("Courriel reçu %s : %s", cle, type(erreur).__name__)
        dit = "; ".join(getattr(erreur, "messages", None) or [str(erreur)])
        CourrielRecu.objects.filter(pk=cle).update(erreur=dit[:500], essais=F("essais") + 1)
        return None


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
    """Delete the bytes of processed mails older than BOITE_GARDE_JOURS; return how many."""
    limite = il_y_a_plus_de(settings.BOITE_GARDE_JOURS)
    vieux = CourrielRecu.objects.exclude(octets=b"").exclude(sort=S.A_TRAITER).filter(recu_le__lt=limite)
    return vieux.update(octets=b"")


def _traiter(recu: CourrielRecu, lu: Lu, *, repris: bool) -> None:
    recu.expediteur, recu.objet = lu.adresse, lu.objet
    if not repris:
        if lu.sorte == Sorte.REBOND:
            traiter_rebond(email.message_from_bytes(bytes(recu.octets)))
        ecarte = ECARTES.get(lu.sorte) or (S.NOTRE if _est_de_nous(lu) else None)
        if ecarte is None and _ecrit_trop(lu):
            ecarte = S.TROP
        if ecarte is not None:
            recu.sort = ecarte
            return
    suite = _trouver(lu)
    if suite is not None:
        recu.remontee, recu.sort = suite.remontee, S.MESSAGE
        recu.message = messages.recevoir(
            suite.remontee,
            messages.Recu(
                lu.dit or SANS_TEXTE,
                Message.Moyen.COURRIEL,
                auteur=suite.auteur,
                de="" if suite.auteur == Message.Auteur.PERSONNE else lu.nom or lu.adresse,
                cite=lu.cite,
                numero=lu.numero,
                ecrit_le=lu.le or timezone.now(),
                cle=recu.cle,
            ),
        )
    else:
        recu.remontee, recu.sort = _nouvelle(recu, lu), S.REMONTEE
    recu.erreur = _joindre(recu.remontee, lu)[:500]
    recu.octets = b""


def _est_de_nous(lu: Lu) -> bool:
    """Whether it is one of our own letters, sent back by a forwarding rule or a list."""
    notres = {settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL, ReglageService.actuel().contact}
    boites = {canoniser(parseaddr(adresse)[1]) for adresse in notres if adresse}
    return canoniser(lu.adresse) in boites or bool(NUMERO.match(lu.numero))


def _ecrit_trop(lu: Lu) -> bool:
    """Whether the mailbox has reached BOITE_PAR_JOUR mails in 24 hours.

    Variants of an address count together.
    """
    if not lu.adresse:
        return False
    recents = CourrielRecu.objects.filter(
        expediteur__endswith=lu.adresse.rpartition("@")[2],
        recu_le__gte=debut_du_jour(),
        sort__in=[S.REMONTEE, S.MESSAGE],
    ).values_list("expediteur", flat=True)
    boite = canoniser(lu.adresse)
    return bool(sum(canoniser(adresse) == boite for adresse in recents) >= settings.BOITE_PAR_JOUR)


@dataclass(frozen=True, slots=True)
class Suite:
    remontee: Remontee
    auteur: str


def _trouver(lu: Lu) -> Suite | None:
    """Return the remontée that the mail is about: by the thread token, a letter of ours, or its reference."""
    cites = " ".join(lu.cites)
    numero = fil_cite(cites)
    remontee: Any = Remontee.objects.filter(pk=numero).first() if numero is not None else None
    if remontee is not None:
        return Suite(remontee, _qui(remontee, lu))
    courriels = [int(n) for n in NUMERO.findall(cites)]
    for courriel in Courriel.objects.filter(pk__in=courriels, dossier__isnull=False).order_by("-pk"):
        remontee = Remontee.objects.filter(pk=courriel.dossier_id or 0).first()
        # Primary keys of letters can be guessed: the sender must be one of the recipients.
        if remontee is not None and lu.adresse in {parseaddr(a)[1].lower() for a in courriel.destinataires}:
            qui = _qui(remontee, lu)
            return Suite(remontee, Message.Auteur.SERVICE if qui == Message.Auteur.AUTRE else qui)
    for reference in lu.references:
        remontee = Remontee.objects.filter(reference=reference).first()
        if remontee is None:
            continue
        qui = _qui(remontee, lu)
        # A stranger who only cites a reference in the text makes a new remontée.
        if qui != Message.Auteur.AUTRE or reference in lu.objet or _est_agent(lu.adresse):
            return Suite(remontee, qui)
    return None


def _qui(remontee: Remontee, lu: Lu) -> str:
    if lu.est_usurpe:
        return Message.Auteur.AUTRE
    rapporteur = rapporteur_de(remontee)
    if (
        rapporteur is not None
        and rapporteur.courriel
        and canoniser(rapporteur.courriel) == canoniser(lu.adresse)
    ):
        return Message.Auteur.PERSONNE
    parts = remontee.attributions.select_related("direction", "commune", "organisme")
    if any(lu.adresse in map(str.lower, part.adresses()) for part in parts):
        return Message.Auteur.SERVICE
    return Message.Auteur.AUTRE


def _est_agent(adresse: str) -> bool:
    return Compte.objects.agents_du_service().filter(courriel__iexact=adresse).exists()


def _nouvelle(recu: CourrielRecu, lu: Lu) -> Remontee:
    """Make a remontée, through the reception common to all channels, with the key of the mail."""
    texte = (f"{lu.dit}\n\n{lu.cite}" if lu.cite else lu.dit).strip()
    charge = Charge(
        verbatim=(texte or lu.objet or SANS_TEXTE)[:VERBATIM_MAX],
        canal=Canal.COURRIEL,
        titre=lu.objet[:160],
        entendue_le=timezone.localdate(lu.le) if lu.le else None,
        source=lu.numero,
        contact=_contact(lu),
    )
    reception.deposer(charge, cle=recu.cle)
    remontee = reception.recevoir(recu.cle)
    if remontee is None:
        deja = Reception.objects.select_related("remontee").get(pk=recu.cle)
        if deja.remontee is None:
            raise ErreurMetier(deja.erreur or "La remontée est en train d’être écrite.")
        remontee = deja.remontee
    return remontee


def _contact(lu: Lu) -> Contact:
    if lu.est_usurpe:
        # DMARC failed: the words are kept, but no answer goes to an address that may be forged.
        return Contact(nom=f"{lu.adresse} (adresse que le serveur de courriel dit fausse)"[:120])
    try:
        validate_email(lu.adresse)
    except ValidationError:
        return Contact(nom=lu.nom)
    return Contact(nom=lu.nom, courriel=lu.adresse, prefere="courriel")


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
