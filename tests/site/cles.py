"""Keys, codes and signed links found in what leaves the site, whatever its form."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone
from PIL import Image

from participation.rencontres.models import AuteurDeNote, Note
from participation.socle.http.journaux import portes_secretes
from participation.socle.liens import LISIBLES
from participation.socle.models import Compte, Courriel, Dossier
from participation.suites.models import Abonnement
from petitions.models import Petition, Rapprochement
from remontees.models import Categorie, ClientOpen311, DepotOpen311, Reception, Remontee, Satisfaction
from remontees.reception import arrivees
from remontees.reception.regles import Charge
from remontees.workflow import Canal
from tests.droits.factories import DemandeDroitFactory, viser

# Keys that open nothing without the rights of who asks, or that are published.
PUBLIQUES = {
    "socle.Document.cle_publique",
    "socle.Export.cle_publique",
    "seances.Seance.identifiant",  # of the event in calendars
    "seances.Bulletin.id",  # random numbers, published with the result
    "budgets.BulletinVote.id",
    "remontees.CourrielRecu.cle",  # a hash of the mail, for agents only
    "remontees.Message.cle",  # makes one message of two sendings; no page opens with it
}
# Doors that a reader is shown: her own.
LES_SIENNES = {
    "membre": {"/agenda/moi/", "/seances/repondre/"},
    "elue": {"/agenda/moi/", "/seances/repondre/"},
    "commune": {"/repondre/"},
    "direction": {"/agenda/moi/", "/repondre/", "/contrat-de-ville/avis/"},  # the other opinions that it owes
    # What the author passes round to find her co-petitioners; her own answer to a rapprochement.
    "petitionnaire": {"/petitions/rejoindre/", "/petitions/rapprochement/"},
}
# Slips that who notes for somebody without a mailbox prints and gives: their code is the matter.
BILLETS = re.compile(r"^/remontees/noter/papier/|/(?:places|signatures)/\d+/papier/$")
EXEMPLE = "R1042-ACDE-FG34"  # of the help of a field
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SIGNE = re.compile(r"(?<![\w-])[\w-]+:[0-9A-Za-z]{6}:[\w-]{43}(?![\w-])|(?<![\w.-])\d+\.[\w-]{43}(?![\w-])")
# Of a vote, or on paper. Alone: a UUID may hold three groups of digits.
CODE = re.compile(
    rf"(?<![\w-])(?:[A-Z0-9]{{4}}-[A-Z0-9]{{4}}-[A-Z0-9]{{4}}|[A-Z]\d{{1,19}}-[{LISIBLES}]{{4}}-[{LISIBLES}]{{4}})(?![\w-])"
)
# What each holds, from its rarest character on: looked for first, since it is found a hundred times faster.
COEURS = {
    UUID: re.compile(r"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    SIGNE: re.compile(r"[:.][\w-]{43}"),
    CODE: re.compile(r"-[A-Z0-9]{4}-[A-Z0-9]{4}"),
}
ENTETES = ("Content-Disposition", "Location", "ETag", "Link", "Refresh")
CANARI, CODE_DE_VOTE, CODE_SUR_PAPIER = "canari482915", "VPHK-G7LH-3YNT", "R7-ACDE-FG34"


def champs_secrets() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every key of every table, those of a new app too, but for `PUBLIQUES`."""
    for table in apps.get_models():
        for champ in table._meta.local_concrete_fields:
            nom = f"{table._meta.app_label}.{table.__name__}.{champ.name}"
            if isinstance(champ, models.UUIDField) and nom not in PUBLIQUES:
                yield table, champ.name


def cles_gardees(sauf_de: Compte | None = None) -> dict[str, str]:
    """Return key → where it is stored, but for those of this account."""
    gardees = {}
    for table, nom in champs_secrets():
        lignes = table._base_manager.exclude(**{nom: None})
        if sauf_de is not None and any(champ.name == "compte" for champ in table._meta.concrete_fields):
            lignes = lignes.exclude(compte=sauf_de)
        gardees |= {str(cle): f"{table.__name__}.{nom}" for cle in lignes.values_list(nom, flat=True)}
    return gardees


def planter() -> None:
    """Give a key, a code or a photo to whatever may bear one, in the demonstration."""
    image = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(image, "JPEG")
    dite = Charge(verbatim="Un banc est cassé.", canal=Canal.SITE)
    arrivees.recevoir(arrivees.deposer(dite, photo=ContentFile(image.getvalue(), "photo.jpg")))
    seules = Remontee.objects.filter(reception=None)
    Reception.objects.bulk_create(Reception(remontee=r, faite_le=timezone.now()) for r in seules)
    client = ClientOpen311.objects.create(nom="Essai", courriel="essai@example.org", debut="x", empreinte="x")
    service = Categorie.objects.exclude(code="").first()
    DepotOpen311.objects.create(client=client, cle=Reception.objects.latest("recue_le").cle, service=service)
    for dossier in Dossier.objects.filter(est_publie=True)[:20]:
        Abonnement.objects.create(dossier=dossier, courriel="essai@example.org", confirme_le=timezone.now())
    close, vers = Petition.objects.filter(est_publie=True).order_by("pk")[:2]
    Rapprochement.objects.create(
        petition=close,
        vers=vers,
        texte="Elles demandent la même chose.",
        date_limite=timezone.localdate(),
        propose_par=Compte.objects.agents_du_service().first(),
    )
    DemandeDroitFactory()
    viser("essai", 1)
    for note in Note.objects.order_by("pk")[:1]:
        AuteurDeNote.objects.create(note=note, courriel="essai@example.org")
    for remontee in Remontee.objects.filter(satisfaction=None)[:5]:
        Satisfaction.objects.create(remontee=remontee)
    for rang, (acte, corps) in enumerate([("", CANARI), ("budgets/code_de_vote", CODE_DE_VOTE)]):
        Courriel.objects.create(
            acte=acte,
            sujet=f"Votre code, essai {rang}",
            corps=f"{corps}\n",
            est_secrete=True,
            expediteur="service@example.org",
            destinataires=["lea@example.org"],
        )
    for table, nom in champs_secrets():
        champ = table._meta.get_field(nom)
        if champ.null:
            with connection.cursor() as curseur:
                curseur.execute(f"UPDATE {table._meta.db_table} SET {champ.column} = gen_random_uuid()")


def tous(motif: re.Pattern[str], dit: str) -> list[str]:
    return [trouve[0] for trouve in motif.finditer(dit)] if COEURS[motif].search(dit) else []


def lire(reponse: Any) -> str:
    """Return all that an answer says: headers, then its text, that of a workbook or a PDF taken out."""
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    if octets[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            octets = b"\n".join(archive.read(nom) for nom in archive.namelist())
    elif octets[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            octets = b"\n".join(_objet(objet) for objet in pdf.objects)
    dits = [reponse.get(nom, "") for nom in ENTETES]
    return "\n".join([*dits, octets.decode("utf-8", "replace")])


def _objet(objet: pikepdf.Object) -> bytes:
    if not isinstance(objet, pikepdf.Stream):
        return objet.unparse()
    est_un_fichier = objet.stream_dict.get("/Type") == "/EmbeddedFile"
    return objet.stream_dict.unparse() + (objet.read_bytes() if est_un_fichier else b"")


class Fuites:
    """What a reader is given that opens the door of somebody else."""

    def __init__(self, qui: str, compte: Compte | None = None) -> None:
        self.qui, self.cles = qui, cles_gardees(sauf_de=compte)
        # The common « / » first: the search then skips from one to the next.
        portes = "|".join(sorted({porte.removeprefix("/") for porte in portes_secretes()}))
        self.porte = re.compile(rf"/({portes})[^/\s?\"'<\\]{{20,}}")
        self.trouvees: dict[str, str] = {}

    def regarder(self, adresse: str, reponse: Any) -> None:
        for quoi in self.secrets(lire(reponse)):
            if quoi == EXEMPLE or (BILLETS.search(adresse) and CODE.fullmatch(quoi)):
                continue
            self.trouvees.setdefault(quoi, f"{self.qui} : {quoi}, sur {adresse}")

    def secrets(self, dit: str) -> Iterable[str]:
        yield from (self.cles[cle] for cle in tous(UUID, dit) if cle in self.cles)
        for trouve in self.porte.finditer(dit):
            if f"/{trouve[1]}" not in LES_SIENNES.get(self.qui, ()):
                yield f"un lien /{trouve[1]}"
        yield from (f"le jeton {jeton}" for jeton in tous(SIGNE, self.porte.sub("", dit)))
        yield from tous(CODE, dit)
        if CANARI in dit:
            yield "le code d’un compte"
