"""Attacks by mail: the mailbox that becomes remontées, and the reports that say a letter came back.

Each is put in a real IMAP server (dovecot), read and processed as the worker does. Each must fail.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db.models import Max
from django.test import override_settings

from bench.attaques.signatures import Bilan
from participation.socle.actions.courriels import traiter_rebond
from participation.socle.models import Courriel
from remontees.boite import actes as boite
from remontees.boite import releve
from remontees.models import Boite, CourrielRecu, Message, Remontee
from remontees.workflow import Etat

SERVEUR = "mx.attaques.example"
SECONDES = 10.0  # of CPU, for what took minutes
RAPPORT = """From: mailer-daemon@relais.example
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; {adresse}
Action: failed
Diagnostic-Code: smtp; 550 votre compte expire http://evil.example/payer

--B
Content-Type: message/rfc822

Message-ID: {identifiant}

--B--
"""


def _lettre(
    texte: str, *, de: str = "lea@example.org", objet: str = "Un banc cassé", **entetes: str
) -> bytes:
    champs = {"From": de, "Subject": objet, "Message-ID": f"<{time.monotonic_ns()}@example.org>"}
    champs |= {nom.replace("_", "-"): valeur for nom, valeur in entetes.items()}
    tete = "".join(f"{nom}: {valeur}\r\n" for nom, valeur in champs.items() if valeur)
    return f"{tete}Content-Type: text/plain; charset=utf-8\r\n\r\n{texte}\r\n".encode()


@contextmanager
def _boite() -> Iterator[Callable[..., None]]:
    """Give a function that puts mails in an empty mailbox, reads it and processes what came."""
    dovecot: Any = import_module("tests.remontees.dovecot")
    CourrielRecu.objects.all().delete()
    Boite.objects.all().delete()
    serveur = dovecot.lancer()

    def recevoir(*lettres: bytes) -> None:
        serveur.poster(*lettres)
        releve.relever()
        boite.traiter_ce_qui_attend()

    try:
        with override_settings(BOITE_URL=serveur.url, BOITE_SERVEURS=[SERVEUR]):
            yield recevoir
    finally:
        dovecot.arreter(serveur)


def _sorts() -> dict[str, int]:
    sorts = list(CourrielRecu.objects.values_list("sort", flat=True))
    return {sort: sorts.count(sort) for sort in sorted(set(sorts))}


def courriels_lents(_: int) -> Bilan:
    """Mails of 20 KB whose text is slow to cut, to compare or to decode; then one of a person."""
    hostiles = ["De :" + " " * 20_000 + "x", "," * 20_000 + "x", "ok " * 7_000 + "?", "Le 1 a\n" * 3_000]
    lettres = [_lettre(texte, de=f"x{n}@example.org") for n, texte in enumerate(hostiles * 5)]
    lettres.append(_lettre("x", **{"Subject": "=?a?q?" * 20_000, "Content-Type": "a/b" + ";" * 300_000}))
    with _boite() as recevoir:
        debut = time.process_time()
        recevoir(*lettres, _lettre("Fuite de gaz rue C."))
        duree = time.process_time() - debut
    lue = Remontee.objects.filter(verbatim__startswith="Fuite de gaz rue C.").exists()
    attendent = CourrielRecu.objects.filter(sort="a_traiter").count()
    return (
        lue and not attendent and duree < SECONDES,
        f"{len(lettres)} courriels : {duree:.1f} s, le suivant {'lu' if lue else 'PAS LU'}",
    )


def courriels_illisibles(_: int) -> Bilan:
    """A thousand nested parts, 20,000 parts, lines in open parts; then one of a person."""
    emboite = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(1000)
    )
    tete = "From: x@example.org\r\n"
    parties = 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + "--b\r\n\r\nx\r\n" * 20_000
    lettres = [(tete + corps).encode() for corps in (emboite, emboite + "a" * 250_000, parties)]
    with _boite() as recevoir:
        recevoir(*lettres, _lettre("Fuite de gaz rue D."))
    lue = Remontee.objects.filter(verbatim__startswith="Fuite de gaz rue D.").exists()
    dits = CourrielRecu.objects.a_voir().exclude(erreur="").count()
    return lue and dits == len(lettres), f"{dits} dits aux agents, le suivant {'lu' if lue else 'PAS LU'}"


def numeros_empruntes(_: int) -> Bilan:
    """Different mails under one Message-ID, or none: all must be kept."""
    lettres = [
        _lettre(f"Trou rue {n}.{numero}", de=f"p{n}@example.org", Message_ID=numero)
        for numero in ("<meme@example.org>", "<>", "")
        for n in range(3)
    ]
    with _boite() as recevoir:
        recevoir(*lettres, *lettres)
    gardes = CourrielRecu.objects.count()
    return gardes == len(lettres), f"{gardes} gardés de {len(lettres)} remis deux fois"


def courriel_usurpe(_: int) -> Bilan:
    """The address of the person and the reference, without a check of our server: nothing must change."""
    fabrique: Any = import_module("tests.remontees.factories")
    remontee = fabrique.RapporteurFactory(
        remontee=fabrique.RemonteeFactory(repondue=True), courriel="victime@example.org"
    ).remontee
    faux = [
        "",
        "pirate.example; dmarc=pass header.from=example.org",
        f"{SERVEUR}; spf=pass smtp.mailfrom=x@pirate.example; dkim=pass header.d=pirate.example",
        f"{SERVEUR}; dmarc=permerror",
    ]
    with _boite() as recevoir:
        recevoir(
            *(
                _lettre(
                    f"Annulez {n}.", de="victime@example.org", objet=f"Re: {remontee.reference}",
                    Authentication_Results=dit, References="<remontee.1.faux@site>",
                )
                for n, dit in enumerate(faux)
            )
        )  # fmt: skip
    remontee.refresh_from_db()
    siens = Message.objects.filter(remontee=remontee, auteur=Message.Auteur.PERSONNE).count()
    a_dire = Message.objects.filter(remontee=remontee, auteur=Message.Auteur.A_VERIFIER).count()
    return (
        not siens and a_dire == len(faux) and remontee.etat == Etat.REPONDUE,
        f"{siens} pris pour la personne, {a_dire} attendent un agent",
    )


def rebonds_forges(_: int) -> Bilan:
    """Reports on each letter, by its number, with its true address or another: none must be believed."""
    fabrique: Any = import_module("tests.socle.factories")
    for n in range(5):
        fabrique.lettre([f"victime{n}@example.org"])
    Courriel.objects.filter(destinataires__0__startswith="victime").update(etat=Courriel.Etat.ENVOYE)
    dernier = Courriel.objects.aggregate(dernier=Max("pk"))["dernier"] or 0
    essais = 0
    for pk in range(max(1, dernier - 50), dernier + 5):
        connue = Courriel.objects.filter(pk=pk).first()
        for adresse in {connue.destinataires[0] if connue else "x@example.org", "inconnu@example.net"}:
            for identifiant in (f"<courriel-{pk}@site>", f"<courriel-{pk}.{'A' * 20}@site>"):
                traiter_rebond(RAPPORT.format(adresse=adresse, identifiant=identifiant).encode())
                essais += 1
    crus = Courriel.objects.filter(erreur__contains="evil.example").count()
    rejetees = Courriel.objects.filter(destinataires__0__startswith="victime", etat="rejete").count()
    return (
        not crus and not rejetees,
        f"{essais} rapports, {rejetees} lettres dites revenues, {crus} liens montrés",
    )


def assistance_en_boucle(_: int, tours: int = 12) -> Bilan:
    """A help desk that says nowhere that it is automatic, and answers each letter from a new address."""
    Courriel.objects.filter(acte="remontees/saisir").delete()
    with _boite() as recevoir, override_settings(BOITE_PAR_JOUR=5):
        for n in range(tours):
            recevoir(
                _lettre(f"Bien reçu {n}.", de=f"robot+{n}@assistance.example", objet="Bonjour"),
                _lettre(f"Encore {n}.", de=f"suivi{n}@autre-assistance.example", objet="Bonjour"),
                _lettre(f"Dossier {n}.", de="noreply@troisieme.example", objet=f"[SUP-{1000 + n}] Reçu"),
                _lettre(f"Achetez {n}.", de=f"x{n}@spam.example", X_Spam_Flag="YES"),
            )
    accuses = Courriel.objects.filter(acte="remontees/saisir").count()
    suspects = _sorts().get("suspect", 0)
    return (
        accuses <= 6 and suspects == tours,
        f"{accuses} accusés pour {4 * tours} courriels, {suspects} en quarantaine",
    )


ATTAQUES: dict[str, Callable[[int], Bilan]] = {
    "des courriels de 20 Ko faits pour être lents": courriels_lents,
    "des courriels qui ne se lisent pas": courriels_illisibles,
    "des courriels au même Message-ID": numeros_empruntes,
    "des courriels au nom de la personne": courriel_usurpe,
    "de faux avis de non-remise": rebonds_forges,
    "des robots qui répondent à tout": assistance_en_boucle,
}
