"""After the request: is it a person, which letter is owed, is there one left to write. All that signing does not wait for."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from disposable_email_domains import blocklist
from django.db import connection, transaction

from participation.socle.verrous import verrou_libre
from petitions.models import DomaineSurveille, ReglageFraude, Signature
from petitions.notifications import signatures as notifications
from petitions.regles.adresses import domaine

LOT = 500
MotifEcart = Signature.MotifEcart
Adresse = tuple[int, str | None]  # (pétition, canonical address)

# Each request with how many came from the same place just before it: what a limit is compared with.
COMPTER_AUTOUR = """
SELECT id, en_rafale, soutenues, du_reseau FROM (
    SELECT id,
        COUNT(*) OVER (PARTITION BY petition_id, empreinte_ip ORDER BY demandee_le
            RANGE BETWEEN make_interval(secs => %(rafale)s) PRECEDING AND CURRENT ROW) AS en_rafale,
        COUNT(*) OVER (PARTITION BY petition_id, empreinte_ip ORDER BY demandee_le
            RANGE BETWEEN make_interval(secs => %(soutenu)s) PRECEDING AND CURRENT ROW) AS soutenues,
        COUNT(*) OVER (PARTITION BY petition_id, empreinte_reseau ORDER BY demandee_le
            RANGE BETWEEN make_interval(secs => %(soutenu)s) PRECEDING AND CURRENT ROW) AS du_reseau
    FROM petitions_signature
    WHERE demandee_le >= %(debut)s AND demandee_le <= %(fin)s AND empreinte_ip <> '' AND empreinte_reseau = ANY(%(reseaux)s)
) AS autour WHERE id = ANY(%(ids)s)
"""


def ecrire_aux_signataires() -> int:
    """Write what is owed to those who asked to sign, in batches. Returns the number of requests treated.

    Fraud checks happen here: who is set aside gets no letter, and no hint.
    """
    traitees = 0
    while True:
        with transaction.atomic():
            if not verrou_libre("petitions:ecrire"):
                return traitees
            lot = list(
                Signature.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(a_ecrire=True)
                .select_related("petition__reglement", "commune")
                .order_by("pk")[:LOT]
            )
            _traiter(lot)
        traitees += len(lot)
        if len(lot) < LOT:
            return traitees


def _traiter(lot: Sequence[Signature]) -> None:
    if not lot:
        return
    ecarts = _ecarter(lot)
    deja_ecrits, refusees, confirmes = _adresses(lot)
    lettres: list[notifications.Lettre] = []
    for signature in lot:
        signature.a_ecrire = False
        cle = (signature.petition_id, signature.courriel_canonique)
        motif = ecarts.get(signature.pk)
        if motif is not None:
            signature.etat, signature.motif_ecart = Signature.Etat.ECARTEE, motif
            continue
        nom = _lettre_due(signature, confirmes)
        if nom and cle not in refusees and deja_ecrits[cle] < signature.petition.reglement.courriels_max:
            deja_ecrits[cle] += 1
            signature.courriels_ecrits += 1
            lettres.append(notifications.Lettre(nom, signature, signature.courriels_ecrits))
    Signature.objects.bulk_update(lot, ["a_ecrire", "etat", "motif_ecart", "courriels_ecrits"])
    notifications.ecrire_aux_signataires(lettres)


def _lettre_due(signature: Signature, confirmes: dict[Adresse, int]) -> str:
    """The letter's name; empty when nothing is owed."""
    if signature.etat == Signature.Etat.CONFIRMEE:
        return "deja_signe"
    if signature.courriel is None or signature.etat not in {Signature.Etat.DEMANDEE, Signature.Etat.RETIREE}:
        return ""
    if not signature.petition.confirmation_possible():
        return ""
    pris = confirmes[signature.petition_id, signature.courriel_canonique]
    if pris >= signature.petition.reglement.signatures_par_adresse:
        return "adresse_deja_servie"
    return (
        "relancer_signature"
        if signature.relancee_le and signature.demandee_le < signature.relancee_le
        else "signer"
    )


def _adresses(lot: Sequence[Signature]) -> tuple[dict[Adresse, int], set[Adresse], dict[Adresse, int]]:
    """By (pétition, address): letters already written; addresses that refused; ranks taken."""
    meme_adresse = Signature.objects.filter(
        petition__in={s.petition_id for s in lot}, courriel_canonique__in={s.courriel_canonique for s in lot}
    )
    ecrits: dict[Adresse, int] = defaultdict(int)
    confirmes: dict[Adresse, int] = defaultdict(int)
    refusees = set()
    for petition, courriel, nombre, rang, refusee in meme_adresse.values_list(
        "petition_id", "courriel_canonique", "courriels_ecrits", "rang", "refusee_le"
    ):
        ecrits[petition, courriel] += nombre
        confirmes[petition, courriel] += rang is not None
        if refusee is not None:
            refusees.add((petition, courriel))
    return ecrits, refusees, confirmes


def _ecarter(lot: Sequence[Signature]) -> dict[int, str]:
    """Why some of the batch are set aside. What an agent admitted, or a person confirmed, is not judged again."""
    a_juger = [
        s for s in lot if s.etat == Signature.Etat.DEMANDEE and s.admise_le is None and not s.courriels_ecrits
    ]
    if not a_juger:
        return {}
    reglage = ReglageFraude.actuel()
    regles = dict(DomaineSurveille.objects.values_list("domaine", "regle"))
    motifs: dict[int, str] = {}
    for signature in a_juger:
        hote = domaine(signature.courriel or "")
        regle = _regle_du_domaine(hote, regles)
        if regle == DomaineSurveille.Regle.ECARTE:
            motifs[signature.pk] = MotifEcart.DOMAINE
        elif regle is None and reglage.ecarte_les_jetables and est_jetable(hote):
            motifs[signature.pk] = MotifEcart.JETABLE
    for numero, en_rafale, soutenues, du_reseau in _autour(a_juger, reglage):
        if en_rafale > reglage.rafale_nombre:
            motifs.setdefault(numero, MotifEcart.RAFALE)
        elif soutenues > reglage.soutenu_nombre:
            motifs.setdefault(numero, MotifEcart.SOUTENU)
        elif du_reseau > reglage.reseau_nombre:
            motifs.setdefault(numero, MotifEcart.RESEAU)
    return motifs


def _autour(a_juger: Sequence[Signature], reglage: ReglageFraude) -> list[tuple[int, int, int, int]]:
    reperables = [s for s in a_juger if s.empreinte_ip]
    if not reperables:
        return []
    instants = [s.demandee_le for s in reperables]
    with connection.cursor() as curseur:
        curseur.execute(
            COMPTER_AUTOUR,
            {
                "rafale": reglage.rafale_secondes,
                "soutenu": reglage.soutenu_secondes,
                "debut": min(instants)
                - timedelta(seconds=max(reglage.rafale_secondes, reglage.soutenu_secondes)),
                "fin": max(instants),
                "reseaux": list({s.empreinte_reseau for s in reperables}),
                "ids": [s.pk for s in reperables],
            },
        )
        return list(curseur.fetchall())


def _regle_du_domaine(hote: str, regles: dict[str, str]) -> str | None:
    """The rule of the domain, or of the nearest one above it."""
    while hote:
        if hote in regles:
            return regles[hote]
        hote = hote.partition(".")[2]
    return None


@cache
def _jetables() -> frozenset[str]:
    return frozenset(blocklist)


def est_jetable(hote: str) -> bool:
    while "." in hote:
        if hote in _jetables():
            return True
        hote = hote.partition(".")[2]
    return False
