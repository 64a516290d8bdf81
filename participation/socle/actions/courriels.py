"""Send letters, with retries and bounces; send again, cancel or correct one for an agent; erase those past their delay."""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parseaddr
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from participation.socle.actions.avancer import consigner, enregistrer
from participation.socle.bd.lots import par_lots
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.courriels import sms
from participation.socle.courriels.ecriture import LOT, confier
from participation.socle.courriels.message import est_identifiant_de
from participation.socle.courriels.transport import Echec, transport_de
from participation.socle.erreurs import ActeInterdit
from participation.socle.francais import accorder
from participation.socle.models import Compte, Courriel, PieceCourriel, ReglementCourriels
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.courriel_brut import Illisible, citer_le_serveur, entete, ouvrir

E, M = Courriel.Etat, Courriel.Moyen
PREMIER_REPOS, DERNIER_REPOS = 60, 3600  # seconds between attempts: doubled each time, one hour at most
ANNULABLES = (E.A_ENVOYER, E.ECHEC, E.RETENU, E.A_REUNIR)
# Message-ID of our letters (`identifiant_de`).
NUMERO = re.compile(r"\bcourriel-([0-9]{1,18})\.([\w-]{20})@", re.ASCII)
CITEES_MAX = 20  # letters looked for in one mail
PARTIES_LUES, BLOCS_LUS, CITATION_MAX = 50, 100, 20_000  # of a report: parts, addresses, characters
CHAMPS_CITANTS = ("Message-ID", "X-Original-Message-ID", "In-Reply-To", "References")


def envoyer(numeros: Iterable[int]) -> bool:
    """Send those of the letters that are still to be sent, over one connection per channel.

    Return False when a server fails. Each row is marked as taken, and committed, before it is sent: two
    workers never send the same letter. If a worker is killed in between, the row stays « en cours » and the
    sweep takes it back. Letters that somebody waits for (`attendue`) are sent before the next one of the
    batch. A failing SMS gateway does not stop emails.
    """
    attente = list(numeros)
    par_sms = set(Courriel.objects.filter(pk__in=attente, moyen=M.SMS).values_list("pk", flat=True))
    canaux = {
        M.COURRIEL: [numero for numero in attente if numero not in par_sms],
        M.SMS: [numero for numero in attente if numero in par_sms],
    }
    marchent = [_envoyer(moyen, siens) for moyen, siens in canaux.items() if siens]
    return all(marchent)


def _envoyer(moyen: str, attente: Sequence[int]) -> bool:
    fin = time.monotonic() + settings.TACHE_DUREE / 2  # a slow server: the sweep takes the rest
    with transport_de(moyen) as transport:
        for rang, numero in _attendues_d_abord(attente) if moyen == M.COURRIEL else enumerate(attente):
            courriel = _prendre(numero) if time.monotonic() < fin else None
            if courriel is None:
                continue
            echec = transport.envoyer(courriel)
            if echec is None:
                _noter_envoi(courriel)
                continue
            _noter_echec(courriel, echec)
            if echec.du_serveur:
                # The others wait too, without counting an attempt.
                Courriel.objects.filter(pk__in=attente[rang + 1 :], etat=E.A_ENVOYER).update(
                    prochain_essai_le=timezone.now() + timedelta(seconds=PREMIER_REPOS), erreur=echec.phrase
                )
                return False
    return True


def _attendues_d_abord(numeros: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (rank in the batch, letter number).

    Letters that somebody waits for come before the next of the batch.
    """
    for rang, numero in enumerate(numeros):
        for attendue in Courriel.objects.attendues().order_by("pk").values_list("pk", flat=True)[:LOT]:
            if attendue != numero:
                yield rang - 1, attendue
        yield rang, numero


def balayer(duree: float = 20.0) -> int:
    """Send what no worker is sending: due rows that the broker lost, and rows taken by a worker that died.

    Works `duree` seconds at most, a quarter of it at most for SMS. Letters written one by one come before
    mass mailings. Return the number of rows looked at.
    """
    reprendre_abandonnes()
    debut = time.monotonic()
    return _balayer(M.SMS, debut + duree / 4) + _balayer(M.COURRIEL, debut + duree)


def balayer_les_codes(duree: float = 20.0) -> int:
    """Send the letters that somebody waits for and that no worker is sending. Return their number."""
    numeros = list(Courriel.objects.attendues().order_by("pk").values_list("pk", flat=True)[:LOT])
    fin = time.monotonic() + duree
    for lot in par_lots(numeros, 5):
        if time.monotonic() > fin or not envoyer(lot):
            break
    return len(numeros)


def _balayer(moyen: str, fin: float) -> int:
    vus = 0
    while time.monotonic() < fin:
        dus = Courriel.objects.a_envoyer().filter(moyen=moyen)
        numeros = list(
            dus.order_by("-attendue", "en_nombre", "prochain_essai_le", "pk").values_list("pk", flat=True)[
                :100
            ]
        )
        if not numeros:
            break
        vus += len(numeros)
        if not all(envoyer(lot) for lot in par_lots(numeros, 20) if time.monotonic() < fin):
            break
    return vus


def reprendre_abandonnes() -> int:
    """Put back in the queue the rows taken long ago by a worker that never finished. Return their number.

    The letter may then be sent twice, but never lost. One that waits for a time further than any rest was written
    while a clock was ahead: it is due now.
    """
    plus_tard = timezone.now() + timedelta(seconds=2 * DERNIER_REPOS)
    Courriel.objects.filter(etat=E.A_ENVOYER, prochain_essai_le__gt=plus_tard).update(
        prochain_essai_le=timezone.now()
    )
    return Courriel.objects.abandonnes(timedelta(seconds=settings.COURRIEL_ABANDON)).update(
        etat=E.A_ENVOYER, prochain_essai_le=timezone.now()
    )


def _prendre(numero: int) -> Courriel | None:
    with transaction.atomic():
        courriel = (
            Courriel.objects.a_envoyer()
            .filter(pk=numero)
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if courriel is not None:
            courriel.etat, courriel.pris_le = E.EN_COURS, timezone.now()
            courriel.tentatives += 1
            courriel.save(update_fields=["etat", "pris_le", "tentatives"])
    return courriel


@transaction.atomic
def _noter_envoi(courriel: Courriel) -> None:
    envoye: dict[str, Any] = {"etat": E.ENVOYE, "envoye_le": timezone.now(), "erreur": ""}
    if courriel.est_d_un_compte and not settings.LETTRES_LISIBLES:
        envoye |= {"corps": "", "corps_html": ""}
    Courriel.objects.filter(pk=courriel.pk).update(**envoye)
    if courriel.est_un_sms:
        sms.compter_un_envoi(courriel.corps)


def _noter_echec(courriel: Courriel, echec: Echec) -> None:
    if echec.du_site:
        _noter_borne(courriel, echec)
        return
    if echec.definitif:
        etat = E.REJETE
    elif courriel.tentatives >= settings.COURRIEL_TENTATIVES:
        etat = E.ECHEC
    else:
        etat = E.A_ENVOYER
    repos = min(PREMIER_REPOS * 2 ** (courriel.tentatives - 1), DERNIER_REPOS)
    # `pris_le`: if the sweep took the row back meanwhile, another worker has it.
    Courriel.objects.filter(pk=courriel.pk, etat=E.EN_COURS, pris_le=courriel.pris_le).update(
        etat=etat, erreur=echec.phrase, prochain_essai_le=timezone.now() + timedelta(seconds=repos)
    )


@transaction.atomic
def _noter_borne(courriel: Courriel, echec: Echec) -> None:
    """Keep an SMS that our limits stop: until `reprise`, or for an agent. It was not tried."""
    attend = echec.reprise is not None
    Courriel.objects.filter(pk=courriel.pk, etat=E.EN_COURS, pris_le=courriel.pris_le).update(
        etat=E.A_ENVOYER if attend else E.ECHEC,
        erreur=echec.phrase,
        prochain_essai_le=echec.reprise or timezone.now(),
        tentatives=F("tentatives") - 1,
    )
    if not attend:
        sms.compter_un_refus()


@transaction.atomic
def renvoyer(courriel: Courriel, *, par: Compte, vu: datetime | None = None) -> Courriel:
    """Send a letter again. Return the row that is sent.

    A failed letter is sent as it is. A letter already sent is copied into a new row, and both are kept.
    Raises ActeInterdit when it is about to be sent anyway, or left since `vu`, the instant of the page that asks.
    """
    _verrouiller(courriel)
    if vu and _est_repartie(courriel, vu):
        raise ActeInterdit("Cette lettre est repartie depuis que cette page est ouverte.")
    if courriel.etat in {E.A_ENVOYER, E.EN_COURS}:
        raise ActeInterdit("Cette lettre est déjà sur le départ.")
    if not courriel.corps:
        raise ActeInterdit(
            "Cette lettre portait un code, effacé une fois parti. La personne peut en demander un autre."
        )
    if courriel.etat == E.ENVOYE:
        pieces = list(courriel.pieces.all())
        courriel = Courriel.objects.create(
            dossier_id=courriel.dossier_id,
            moyen=courriel.moyen,
            acte=courriel.acte,
            # The key begins as the first one's: erasing the first by its key erases this one too.
            cle=courriel.cle and f"{courriel.cle[:100]}:{get_random_string(12)}",
            en_nombre=courriel.en_nombre,
            est_secrete=courriel.est_secrete,
            expediteur=courriel.expediteur,
            destinataires=courriel.destinataires,
            repondre_a=courriel.repondre_a,
            sujet=courriel.sujet,
            corps=courriel.corps,
            corps_html=courriel.corps_html,
            langue=courriel.langue,
            entetes=courriel.entetes,
        )
        PieceCourriel.objects.bulk_create(
            PieceCourriel(courriel=courriel, nom=p.nom, type_mime=p.type_mime, contenu=p.contenu)
            for p in pieces
        )
    else:
        courriel.etat, courriel.tentatives, courriel.erreur = E.A_ENVOYER, 0, ""
        courriel.prochain_essai_le, courriel.est_a_suivre = timezone.now(), True
        courriel.save(update_fields=["etat", "tentatives", "erreur", "prochain_essai_le", "est_a_suivre"])
    _consigner(courriel, "renvoyer", par=par, fait="Courriel renvoyé")
    confier([courriel.pk])
    return courriel


@transaction.atomic
def annuler(courriel: Courriel, *, par: Compte) -> None:
    """Cancel a letter that has not been sent. Raises ActeInterdit otherwise."""
    _verrouiller(courriel)
    if courriel.etat not in ANNULABLES:
        raise ActeInterdit(
            f"Cette lettre ne peut plus être annulée : elle est « {courriel.get_etat_display()} »."
        )
    courriel.etat = E.ANNULE
    courriel.save(update_fields=["etat"])
    _consigner(courriel, "annuler", par=par, fait="Courriel annulé")


@transaction.atomic
def classer(courriel: Courriel, *, par: Compte) -> None:
    """Say that nothing is left to do about a letter that did not arrive. Raises ActeInterdit for any other letter."""
    _verrouiller(courriel)
    if courriel.etat not in {E.REJETE, E.ECHEC}:
        raise ActeInterdit("Cette lettre n’est plus en panne.")
    if not courriel.est_a_suivre:
        raise ActeInterdit("C’est déjà dit : cette lettre n’attend plus personne.")
    enregistrer(courriel, est_a_suivre=False)
    _consigner(courriel, "classer", par=par, fait="Courriel non arrivé classé")


@transaction.atomic
def corriger_adresse(courriel: Courriel, *, par: Compte, destinataires: list[str]) -> None:
    """Send a refused or failed letter to a corrected address. Raises ActeInterdit for any other letter."""
    _verrouiller(courriel)
    if courriel.etat not in {E.REJETE, E.ECHEC}:
        raise ActeInterdit("Seule une lettre refusée ou en échec peut changer d’adresse.")
    anciens, courriel.destinataires = courriel.destinataires, destinataires
    enregistrer(
        courriel,
        etat=E.A_ENVOYER,
        tentatives=0,
        erreur="",
        prochain_essai_le=timezone.now(),
        est_a_suivre=True,
    )
    _consigner(
        courriel,
        "corriger_adresse",
        par=par,
        fait="Adresse d’un courriel corrigée",
        # The journal cannot be erased: it holds the number of addresses, never the addresses.
        motif=f"{accorder(len(set(anciens) - set(destinataires)), 'adresse remplacée')}.",
    )
    confier([courriel.pk])


def lettres_citees(texte: str) -> list[Courriel]:
    """Return the letters whose Message-ID is in the text, with its signature; the latest first."""
    citees = dict(NUMERO.findall(texte)[:CITEES_MAX])
    lettres = Courriel.objects.filter(pk__in=map(int, citees)).order_by("-pk")
    return [lettre for lettre in lettres if est_identifiant_de(lettre, citees[str(lettre.pk)])]


@transaction.atomic
def traiter_rebond(octets: bytes) -> Courriel | None:
    """Mark as refused the letter that a delivery report (RFC 3464) is about, and return it.

    Anybody may write a report: it must cite the signed Message-ID of the letter, and fail for one of its
    addresses. What it says is quoted, never said. None when the report is about none of our letters, only says
    « delayed » or « delivered », or cannot be read.
    """
    try:
        rebond = ouvrir(octets)
    except Illisible:
        return None
    echecs, citations = _lire_rapport(rebond)
    lettre = next(iter(lettres_citees(" ".join(citations))), None) if echecs else None
    if lettre is None:
        return None
    courriel = Courriel.objects.select_for_update(of=("self",)).get(pk=lettre.pk)
    revenues = [adresse for adresse in courriel.destinataires if _boite(adresse) in echecs]
    if courriel.etat == E.REJETE or not revenues or courriel.est_un_sms:
        return courriel if courriel.etat == E.REJETE else None
    courriel.etat = E.REJETE
    dites = citer_le_serveur(*echecs[_boite(revenues[0])])
    courriel.erreur = f"La lettre est revenue de {', '.join(revenues)}. {dites}".strip()
    courriel.save(update_fields=["etat", "erreur"])
    return courriel


def _lire_rapport(rebond: Message) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return the mailboxes that failed, with the words of their server and its status, and the text that cites our letter."""
    echecs: dict[str, tuple[str, str]] = {}
    citations: list[str] = []
    for partie in islice(rebond.walk(), PARTIES_LUES):
        citations += [entete(partie, champ) for champ in CHAMPS_CITANTS]
        if partie.get_content_type() == "text/rfc822-headers":
            citations.append(str(partie.get_payload())[:CITATION_MAX])
        if partie.get_content_type() == "message/delivery-status":
            for bloc in _blocs(partie)[:BLOCS_LUS]:
                if entete(bloc, "Action").strip().lower() == "failed":
                    statut = entete(bloc, "Status")
                    raison = (entete(bloc, "Diagnostic-Code") or statut).split(";")[-1]
                    for champ in ("Original-Recipient", "Final-Recipient"):
                        echecs.setdefault(_boite(entete(bloc, champ).split(";")[-1]), (raison, statut))
    return echecs, citations


def _boite(adresse: str) -> str:
    return canoniser(parseaddr(adresse)[1].strip())


def _blocs(rapport: Message) -> list[Message]:
    contenu = rapport.get_payload()
    return [bloc for bloc in contenu if isinstance(bloc, Message)] if isinstance(contenu, list) else []


def _est_repartie(courriel: Courriel, depuis: datetime) -> bool:
    copies = Courriel.objects.filter(
        acte=courriel.acte,
        dossier=courriel.dossier_id,
        destinataires=courriel.destinataires,
        sujet=courriel.sujet,
        cree_le__gte=depuis,
    )
    return (courriel.envoye_le is not None and courriel.envoye_le >= depuis) or copies.exists()


def _verrouiller(courriel: Courriel) -> None:
    courriel.refresh_from_db(from_queryset=Courriel.objects.select_for_update(of=("self",)))


def _consigner(courriel: Courriel, acte: str, *, par: Compte, fait: str, motif: str = "") -> None:
    if courriel.dossier is not None:
        consigner(
            courriel.dossier,
            f"{acte}_courriel",
            par=par,
            fait=f"{fait} : {courriel.sujet}"[:160],
            motif=motif,
            details={"courriel": courriel.pk},
        )


LOT_EFFACE = 2000
# Letters still to be sent are never erased, however long the mail server is down.
A_PARTIR = (Courriel.Etat.A_ENVOYER, Courriel.Etat.EN_COURS, Courriel.Etat.RETENU, Courriel.Etat.A_REUNIR)


def purger_courriels() -> int:
    """Erase the letters past their delay (nightly task). Return their number.

    Without a règlement in force, nothing is erased.
    """
    reglement = ReglementCourriels.objects.en_vigueur()
    return sum(_purger(quoi, jours) for quoi, jours in _delais(reglement)) if reglement else 0


def _delais(reglement: ReglementCourriels) -> Iterator[tuple[Q, int]]:
    """Yield (condition on letters, days) pairs that do not overlap. The longest matching beginning wins."""
    yield Q(acte=""), reglement.jours_codes
    deja = Q(acte="")
    for delai in sorted(reglement.delais.all(), key=lambda d: -len(d.lettre)):
        siennes = Q(acte__startswith=delai.lettre)
        yield siennes & ~deja, delai.jours
        deja |= siennes
    yield ~deja, reglement.jours


def _purger(quoi: Q, jours: int) -> int:
    perimees = (
        Courriel.objects.filter(quoi, cree_le__lt=il_y_a_plus_de(jours)).exclude(etat__in=A_PARTIR).order_by()
    )
    nombre = 0
    while numeros := list(perimees.values_list("pk", flat=True)[:LOT_EFFACE]):
        Courriel.objects.filter(pk__in=numeros).delete()
        nombre += len(numeros)
    return nombre
