"""Codes of a vote: made by lots, handed over, revoked, exchanged for a paper ballot; their forms."""

import logging
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import LOT_MAX, AdresseServie, Code, LotDeCodes, Scrutin
from participation.budgets.vote import regles
from participation.budgets.vote.lectures import feuilles_pdf
from participation.budgets.vote.urne import MOTIF, empreinte_de, pourquoi_pas
from participation.budgets.workflow.vote import EtatLot, NatureLot
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.calendrier import est_loin
from participation.socle.courriels import sms
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_langue,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import accorder, enumerer, majuscule
from participation.socle.langues import FRANCAIS
from participation.socle.models import Compte, Courriel, Quartier, Restauration
from participation.socle.regles.adresses import empreinte as empreinte_adresse
from participation.socle.travaux.differes import confier
from participation.socle.views.pages import Page, acte

journal = logging.getLogger(__name__)
TACHE = "budgets.faire_lot"
TENTATIVES_MAX = 3
ABANDON = timedelta(minutes=3)
ENVOYES = {NatureLot.COURRIELS, NatureLot.SMS}  # each address gets one code of a vote


def en_choix(choix: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(valeur, majuscule(str(mots))) for valeur, mots in choix]


class LotForm(ActeForm):
    objet: Scrutin

    nature = champ_choix(
        "Forme",
        en_choix(c for c in NatureLot.choices if c[0] != NatureLot.ACCUEIL),
        boutons=True,
        initial=NatureLot.FEUILLES,
    )
    quartier = champ_parmi(
        "Quartier",
        Quartier.objects.none(),
        "Pour compter la participation par quartier.",
        requis=False,
        vide="Sans quartier",
    )
    libelle = champ_ligne(
        "Nom du lot", "Par exemple « Maison des habitants, mars ».", maximum=120, requis=False
    )
    nombre = champ_nombre(
        "Nombre de codes", "Pour des feuilles à découper.", minimum=1, maximum=LOT_MAX, requis=False
    )
    adresses = champ_texte(
        "Destinataires",
        "Courriels : une adresse par ligne. SMS : un numéro de mobile par ligne. Lettres : nom, rue, code postal et ville séparés par des points-virgules, une "
        "lettre par ligne. Effacés dès que les codes sont faits.",
        maximum=600_000,
        lignes=6,
        requis=False,
        se_relit=False,
    )
    langue = champ_langue("Celle des courriels et des SMS. Pour une autre langue, faites un autre lot.")

    def preparer(self) -> None:
        self.choisir("quartier", Quartier.objects.order_by("nom"))
        if not sms.sont_actifs():
            nature: Any = self.fields["nature"]
            nature.choices = [choix for choix in nature.choices if choix[0] != NatureLot.SMS]

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        nature = lus.get("nature")
        lignes = [ligne.strip() for ligne in (lus.pop("adresses", "") or "").splitlines() if ligne.strip()]
        if nature == NatureLot.FEUILLES:
            if not lus.get("nombre"):
                self.add_error("nombre", "Dites combien de codes imprimer.")
            lignes = []
        elif not lignes and "adresses" not in self.errors:
            self.add_error("adresses", "Donnez une adresse par ligne.")
        if len(lignes) > LOT_MAX:
            self.add_error("adresses", f"{len(lignes)} destinataires : {LOT_MAX} au plus à la fois.")
        if nature == NatureLot.COURRIELS:
            fausses = [ligne for ligne in lignes if not _est_courriel(ligne)]
            if fausses:
                self.add_error("adresses", f"Ce n’est pas une adresse de courriel : {', '.join(fausses[:5])}")
            lignes = list(dict.fromkeys(ligne.lower() for ligne in lignes))
        if nature == NatureLot.SMS:
            if refusees := [ligne for ligne in lignes if not sms.numero_de(ligne)]:
                dits = enumerer(f"« {une} » ({sms.pourquoi_aucun(une).rstrip('.')})" for une in refusees[:5])
                self.add_error("adresses", f"Ces numéros ne reçoivent pas de SMS de ce site : {dits}.")
            lignes = list(dict.fromkeys(sms.numero_de(ligne) for ligne in lignes))
        if nature == NatureLot.LETTRES:
            lignes = [_ville_entiere(ligne) for ligne in lignes]
            sans = [ligne for ligne in lignes if not _est_postale(ligne)]
            if sans:
                self.add_error(
                    "adresses",
                    f"Il manque la rue, le code postal ou la ville : {enumerer(f'« {une} »' for une in sans[:5])}. "
                    "Une lettre sans adresse porterait un code que personne ne reçoit.",
                )
        lus["destinataires"] = ["\n".join(m.strip() for m in ligne.split(";")) for ligne in lignes]
        lus["nombre"] = lus.get("nombre") or 0
        return lus


@acte(
    Page[Scrutin](
        form=LotForm,
        consequence="Chaque code donne un bulletin. Les codes n’existent que sur les feuilles ou dans les lettres : la base n’en garde qu’une empreinte.",
        retour="#codes",
        succes=lambda s, lot: f"{accorder(lot.nombre, 'code se prépare', 'codes se préparent')}.",
    )
)
@transaction.atomic
def creer_lot(
    scrutin: Scrutin,
    *,
    par: Compte,
    nature: str,
    nombre: int = 0,
    quartier: Quartier | None = None,
    libelle: str = "",
    destinataires: Sequence[str] = (),
    langue: str = "",
) -> LotDeCodes:
    """Ask the worker for `nombre` codes, or one per recipient."""
    pas = exiger(scrutin, "creer_lot", par=par)
    lot = enregistrer(
        LotDeCodes(
            scrutin=scrutin,
            nature=nature,
            nombre=len(destinataires) or nombre,
            quartier=quartier,
            libelle=libelle,
            destinataires=list(destinataires),
            langue=langue or FRANCAIS,
            par=par,
        )
    )
    pas.avancer(fait=f"Codes demandés : {accorder(lot.nombre, 'code')}, {lot}", details={"lot": lot.pk})
    confier(TACHE, lot.pk)
    return lot


def faire_lot(numero: int) -> bool:
    """Make the codes and their sheets or letters, all or nothing. For a worker; safe to call twice.

    Return whether they were made.
    """
    with verrou_de_session(f"lot-de-codes:{numero}") as libre:
        demandes = LotDeCodes.objects.filter(pk=numero, etat=EtatLot.A_FAIRE)
        if not libre or not demandes.update(tentatives=F("tentatives") + 1, demande_le=timezone.now()):
            return False
        lot = LotDeCodes.objects.select_related("scrutin__budget", "quartier").get(pk=numero)
        if lot.tentatives > TENTATIVES_MAX:  # each time, its worker was killed
            demandes.update(etat=EtatLot.ECHEC)
            return False
        try:
            with transaction.atomic():
                _faire(lot)
        except Exception:
            # Any error of the PDF: shown on the page, and retried by the sweep. No code has been sent.
            journal.exception("Lot de codes %s", lot.pk)
            if lot.tentatives >= TENTATIVES_MAX:
                demandes.update(etat=EtatLot.ECHEC)
            return False
    return True


def _faire(lot: LotDeCodes) -> None:
    # Lock the scrutin first: numbers stay consecutive, and a closing waits.
    Scrutin.objects.select_for_update(no_key=True).get(pk=lot.scrutin_id)
    destinataires = list(_non_servis(lot)) if lot.nature in ENVOYES else lot.destinataires
    combien = len(destinataires) if lot.nature in ENVOYES else lot.nombre
    faits = _tirer(lot, combien)
    if lot.nature in ENVOYES:
        envoyer_codes(lot, zip(destinataires, faits, strict=True))
    elif lot.nature in {NatureLot.FEUILLES, NatureLot.LETTRES}:
        lot.fichier.save("codes.pdf", ContentFile(feuilles_pdf(lot, faits, destinataires)), save=False)
    lot.etat, lot.destinataires, lot.nombre = EtatLot.PRET, [], max(combien, 1)
    lot.save()


def _non_servis(lot: LotDeCodes) -> Iterator[str]:
    """Yield the addresses without a code for this vote.

    Shuffled, so that the order of the codes reveals nothing.
    """
    adresses = list(dict.fromkeys(lot.destinataires))
    secrets.SystemRandom().shuffle(adresses)
    for adresse in adresses:
        _, nouvelle = AdresseServie.objects.get_or_create(
            scrutin=lot.scrutin, empreinte=empreinte_adresse(adresse, f"scrutin:{lot.scrutin_id}")
        )
        if nouvelle:
            yield adresse


def _tirer(lot: LotDeCodes, combien: int) -> list[tuple[int, str]]:
    """Return (number, code) of new codes. Their hashes are saved."""
    scrutin = lot.scrutin
    dernier = scrutin.codes.select_related("lot").order_by("-numero").first()
    premier = Restauration.objects.numero_apres(
        dernier.numero if dernier else 0, donne_le=(dernier.lot if dernier else lot).demande_le
    )
    faits = [(premier + rang, regles.tirer_code()) for rang in range(combien)]
    Code.objects.bulk_create(
        (
            Code(scrutin=scrutin, lot=lot, numero=numero, empreinte=empreinte_de(scrutin, code))
            for numero, code in faits
        ),
        batch_size=1000,
    )
    return faits


def tirer_codes(lot: LotDeCodes) -> list[str]:
    """Return the codes of a batch without printing them.

    Only for the demonstration, which votes with them.
    """
    faits = _tirer(lot, lot.nombre)
    LotDeCodes.objects.filter(pk=lot.pk).update(etat=EtatLot.REMIS)
    return [code for _, code in faits]


def effacer_les_lettres(scrutin: Scrutin) -> None:
    """Erase the letters that hold a code, once the vote is over.

    Before that, their content is needed: a letter that bounced is sent again.
    """
    Courriel.objects.filter(cle__startswith=f"{cle_des_codes(scrutin)}:").delete()


def lots_abandonnes() -> list[int]:
    """Return batches that no worker made: the worker was killed, or the broker lost the message."""
    return list(
        LotDeCodes.objects.filter(est_loin("demande_le", ABANDON), etat=EtatLot.A_FAIRE).values_list(
            "pk", flat=True
        )[:20]
    )


def imprimer_codes(lot: LotDeCodes, *, par: Compte) -> None:
    """Note in the journal who took the file of the codes: whoever has it may vote with those not given yet."""
    avancer(
        lot,
        "imprimer_codes",
        par=par,
        fait=f"Codes ouverts pour être imprimés : lot {lot.pk}",
        details={"lot": lot.pk},
    )


@acte(
    Page[LotDeCodes](
        consequence="Le fichier est effacé : assurez-vous que les feuilles sont imprimées. Les codes restent valables.",
        retour="#codes",
    )
)
@transaction.atomic
def remettre_lot(lot: LotDeCodes, *, par: Compte) -> None:
    """Erase the file of the codes once printed. It is the only copy."""
    pas = exiger(lot, "remettre_lot", par=par)
    fichier = lot.fichier.name
    transaction.on_commit(lambda: lot.fichier.storage.delete(fichier), robust=True)
    etat = EtatLot.REMIS if lot.etat == EtatLot.PRET else lot.etat
    LotDeCodes.objects.filter(pk=lot.pk).update(fichier="", etat=etat)
    pas.avancer(fait=f"Fichier des codes effacé : lot {lot.pk}", details={"lot": lot.pk})


RevoquerLotForm = demander_texte("Pourquoi", aide=MOTIF, maximum=300)


@acte(
    Page[LotDeCodes](
        form=RevoquerLotForm,
        consequence="Aucun code de ce lot ne donnera plus de bulletin. Les bulletins déjà donnés comptent : ils ne sont pas reliés aux codes.",
        retour="#codes",
        succes=lambda lot, combien: f"{accorder(combien, 'code révoqué')}.",
    )
)
@transaction.atomic
def revoquer_lot(lot: LotDeCodes, *, par: Compte, motif: str) -> int:
    """Revoke the unused codes of a lost batch. Return their number."""
    pas = exiger(lot, "revoquer_lot", par=par)
    revoques = lot.codes.filter(est_utilise=False, est_revoque=False).update(
        est_revoque=True, motif=motif[:300]
    )
    LotDeCodes.objects.filter(pk=lot.pk).update(etat=EtatLot.REVOQUE, motif=motif[:300])
    pas.avancer(
        fait=f"Lot {lot.pk} révoqué : {accorder(revoques, 'code')}", motif=motif, details={"lot": lot.pk}
    )
    return revoques


class RevoquerCodeForm(ActeForm):
    numero = champ_nombre(
        "Numéro du code", "Imprimé à côté du code. Le code lui-même n’est pas demandé.", minimum=1
    )
    motif = champ_ligne("Pourquoi", MOTIF, maximum=300)


@acte(
    Page[Scrutin](
        form=RevoquerCodeForm,
        consequence="Ce code ne donnera plus de bulletin. Un code qui a déjà servi ne se révoque pas.",
        retour="#codes",
    )
)
@transaction.atomic
def revoquer_code(scrutin: Scrutin, *, par: Compte, numero: int, motif: str) -> None:
    """Revoke a lost code, by its number.

    Raises ValidationError when it is unknown, used or already revoked.
    """
    pas = exiger(scrutin, "revoquer_code", par=par)
    code = Code.objects.select_for_update().filter(scrutin=scrutin, numero=numero).first()
    if code is None:
        raise ValidationError({"numero": "Ce vote n’a pas de code de ce numéro."})
    if code.est_utilise:
        raise ValidationError({"numero": "Ce code a déjà servi : il ne se révoque plus."})
    if code.est_revoque:
        raise ValidationError({"numero": "Ce code est déjà révoqué."})
    code.est_revoque, code.motif = True, motif[:300]
    code.save()
    pas.avancer(fait=f"Code n° {numero} révoqué", motif=motif)


RemettreCodeForm = demander_texte(
    "Pourquoi",
    nom="raison",
    aide="Par exemple « feuille perdue, code n° 12 révoqué ». Ne nommez personne.",
    maximum=300,
    lignes=1,
)


@acte(
    Page[Scrutin](
        form=RemettreCodeForm,
        consequence="Vérifiez d’abord que la personne peut voter et n’a pas déjà un code : sinon, révoquez le sien. Le code s’affiche une seule fois.",
        succes=lambda s, fait: (
            f"Code n° {fait[0]} : {regles.ecrire_code(fait[1])}. Donnez-le à la personne : il ne s’affichera plus."
        ),
    )
)
@transaction.atomic
def remettre_code(scrutin: Scrutin, *, par: Compte, raison: str) -> tuple[int, str]:
    """Make a code for a person at the desk. Return (number, code), shown once. `raison` must name nobody.

    The codes that one account hands over in one hour are one lot: they are seen, and revoked, together.
    """
    pas = exiger(scrutin, "remettre_code", par=par)
    heure = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    siens = scrutin.lots.filter(nature=NatureLot.ACCUEIL, par=par, demande_le=heure, etat=EtatLot.PRET)
    lot = siens.first() or LotDeCodes.objects.create(
        scrutin=scrutin,
        nature=NatureLot.ACCUEIL,
        nombre=1,
        etat=EtatLot.PRET,
        libelle="Codes remis à l’accueil en une heure",
        demande_le=heure,
        par=par,
    )
    ((numero, code),) = _tirer(lot, 1)
    LotDeCodes.objects.filter(pk=lot.pk).update(nombre=lot.codes.count())
    pas.avancer(fait=f"Code n° {numero} remis à l’accueil", motif=raison, details={"lot": lot.pk})
    return numero, code


class EmargerForm(ActeForm):
    code = champ_ligne(
        "Code de la personne",
        "Douze lettres et chiffres. Il ne pourra plus servir en ligne.",
        maximum=40,
        attributs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


@acte(
    Page[Scrutin](
        form=EmargerForm,
        consequence="Le code est rayé, et la personne reçoit un bulletin papier à mettre dans l’urne. Le bulletin ne porte pas le code.",
        succes="Le code est rayé : donnez un bulletin papier à la personne.",
    )
)
@transaction.atomic
def emarger_papier(scrutin: Scrutin, *, par: Compte, code: str) -> None:
    """Mark the code as used and allow a paper ballot.

    Raises ValidationError for an unreadable code, ErreurMetier for a code that gives no vote.
    """
    pas = exiger(scrutin, "emarger_papier", par=par)
    lu = regles.lire_code(code)
    if not lu:
        raise ValidationError({"code": "Ce code ne se lit pas : une lettre est fausse, ou il en manque une."})
    libres = Code.objects.filter(
        scrutin=scrutin, empreinte=empreinte_de(scrutin, lu), est_utilise=False, est_revoque=False
    )
    if not libres.update(est_utilise=True, sur_papier=True):
        raise ErreurMetier(pourquoi_pas(scrutin, lu))
    pas.avancer()


CODE_POSTAL = re.compile(r"(?<!\d)\d{5}(?!\d)")


def _ville_entiere(ligne: str) -> str:
    """Join a postal code and the town typed after it in a field of its own: the post reads them on one line."""
    return re.sub(r";\s*(\d{5})\s*;\s*(?=\S)", r"; \1 ", ligne)


def _est_postale(ligne: str) -> bool:
    """Whether a line has a name, a street, then a postal code and a town."""
    morceaux = [m.strip() for m in ligne.split(";") if m.strip()]
    return len(morceaux) >= 3 and CODE_POSTAL.search(" ".join(morceaux[2:])) is not None


def _est_courriel(texte: str) -> bool:
    try:
        validate_email(texte)
    except ValidationError:
        return False
    return True


def cle_des_codes(scrutin: Scrutin) -> str:
    """Prefix of the keys of the letters that hold a code of this vote: used to erase them."""
    return f"code-de-vote:{scrutin.pk}"


def envoyer_codes(lot: LotDeCodes, servis: Iterable[tuple[str, tuple[int, str]]]) -> int:
    """Send one letter, or one SMS, for each (address, (number, code))."""
    scrutin = lot.scrutin
    return ecrire_a_plusieurs(
        "budgets/code_de_vote",
        (
            Destinataire(
                adresse, contexte={"code": regles.ecrire_code(code), "numero": numero}, langue=lot.langue
            )
            for adresse, (numero, code) in servis
        ),
        contexte={
            "budget": scrutin.budget,
            "lien": reverse("budgets:voter", args=[scrutin.pk]),
            "fin": scrutin.phase_fin(),
        },
        cle=cle_des_codes(scrutin),
        moyen=Courriel.Moyen.SMS if lot.nature == NatureLot.SMS else Courriel.Moyen.COURRIEL,
    )
