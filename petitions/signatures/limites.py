"""Limits on requests and confirmations from one place: signatures in excess are set aside, and nobody is
told.

A place is an IP address, its network, or a mail domain that is no common provider.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from disposable_email_domains import blocklist
from django.db import connection, transaction
from django.utils import timezone

from participation.inclusion.profils.actes import oublier_reponses
from petitions.models import DomaineSurveille, Petition, ReglageFraude, Signature
from petitions.signatures.regles import domaine, domaine_principal
from petitions.workflow import Etat

MotifEcart = Signature.MotifEcart


# Same result as `domaine_principal`.
DOMAINE_PRINCIPAL = "substring(courriel_canonique from '[^.@]+(?:[.][^.@]+)?$')"


AUTOUR = (
    "OVER (PARTITION BY petition_id, {lieu} ORDER BY {instant}"
    " RANGE BETWEEN make_interval(secs => %({duree})s) PRECEDING AND CURRENT ROW)"
)


def _compter(lieu: str, instant: str, duree: str) -> str:
    """Return the SQL count of the signatures from the same place in the period before each one."""
    return f"COUNT(*) {AUTOUR.format(lieu=lieu, instant=instant, duree=duree)}"


COMPTER_AUTOUR = f"""
SELECT id, en_rafale, soutenues, du_reseau FROM (
    SELECT id, {_compter("empreinte_ip", "demandee_le", "rafale")} AS en_rafale,
        {_compter("empreinte_ip", "demandee_le", "soutenu")} AS soutenues,
        {_compter("empreinte_reseau", "demandee_le", "soutenu")} AS du_reseau
    FROM petitions_signature
    WHERE demandee_le >= %(debut)s AND demandee_le <= %(fin)s AND empreinte_ip <> '' AND empreinte_reseau = ANY(%(lieux)s)
) AS autour WHERE id = ANY(%(ids)s)
"""  # noqa: S608 made of the constants above


COMPTER_LE_DOMAINE = f"""
SELECT id, en_rafale, soutenues FROM (
    SELECT id, {_compter(DOMAINE_PRINCIPAL, "demandee_le", "rafale")} AS en_rafale,
        {_compter(DOMAINE_PRINCIPAL, "demandee_le", "soutenu")} AS soutenues
    FROM petitions_signature
    WHERE demandee_le >= %(debut)s AND demandee_le <= %(fin)s AND {DOMAINE_PRINCIPAL} = ANY(%(lieux)s)
) AS autour WHERE id = ANY(%(ids)s)
"""  # noqa: S608 made of the constants above


# Confirmations: a first query finds the places above the lowest limit; there is almost never one.
RECENTES = f"""
WITH recentes AS (
    SELECT id, petition_id, etat, admise_le, confirmee_le, empreinte_confirmation AS ip, reseau_confirmation AS reseau,
        {DOMAINE_PRINCIPAL} AS domaine
    FROM petitions_signature WHERE petition_id = ANY(%(petitions)s) AND confirmee_le >= %(debut)s
        AND etat = 'confirmee' AND origine = 'en_ligne'
    UNION ALL
    SELECT id, petition_id, etat, admise_le, confirmee_le, empreinte_confirmation, reseau_confirmation, {DOMAINE_PRINCIPAL}
    FROM petitions_signature WHERE petition_id = ANY(%(petitions)s) AND confirmee_le >= %(debut)s
        AND etat = 'ecartee' AND origine = 'en_ligne'
)
"""  # noqa: S608 made of the constants above


LIEUX_CHARGES = f"""{RECENTES}
SELECT ip, reseau, domaine FROM recentes
GROUP BY GROUPING SETS ((petition_id, ip), (petition_id, reseau), (petition_id, domaine)) HAVING COUNT(*) > %(minimum)s
"""  # noqa: S608 made of the constants above


CONFIRMATIONS_EN_TROP = f"""{RECENTES}
SELECT id FROM (
    SELECT id, etat, admise_le, ip = ANY(%(ips)s) AND (
            {_compter("ip", "confirmee_le", "rafale")} > %(rafale_nombre)s
            OR {_compter("ip", "confirmee_le", "soutenu")} > %(soutenu_nombre)s)
        OR reseau = ANY(%(reseaux)s) AND {_compter("reseau", "confirmee_le", "soutenu")} > %(reseau_nombre)s
        OR domaine = ANY(%(domaines)s) AND (
            {_compter("domaine", "confirmee_le", "rafale")} > %(domaine_rafale_nombre)s
            OR {_compter("domaine", "confirmee_le", "soutenu")} > %(domaine_nombre)s) AS de_trop
    FROM recentes WHERE ip = ANY(%(ips)s) OR reseau = ANY(%(reseaux)s) OR domaine = ANY(%(domaines)s)
) AS autour WHERE de_trop AND etat = 'confirmee' AND admise_le IS NULL
"""  # noqa: S608 made of the constants above


def motifs_a_la_demande(lot: Sequence[Signature]) -> dict[int, str]:
    """Return, by key, the reason why some requests of the batch are set aside.

    Signatures admitted by an agent, or that already had a letter, are not checked again.
    """
    a_juger = [
        s for s in lot if s.etat == Signature.Etat.DEMANDEE and s.admise_le is None and not s.courriels_ecrits
    ]
    if not a_juger:
        return {}
    reglage, domaines = ReglageFraude.actuel(), Domaines()
    motifs: dict[int, str] = {}
    for signature in a_juger:
        hote = domaine(signature.courriel or "")
        regle = domaines.regle(hote)
        if regle == DomaineSurveille.Regle.ECARTE:
            motifs[signature.pk] = MotifEcart.DOMAINE
        elif regle is None and reglage.ecarte_les_jetables and est_jetable(hote):
            motifs[signature.pk] = MotifEcart.JETABLE
    reperables = [s for s in a_juger if s.empreinte_ip]
    for numero, en_rafale, soutenues, du_reseau in _autour(
        COMPTER_AUTOUR, reperables, {s.empreinte_reseau for s in reperables}, reglage
    ):
        if en_rafale > reglage.rafale_nombre:
            motifs.setdefault(numero, MotifEcart.RAFALE)
        elif soutenues > reglage.soutenu_nombre:
            motifs.setdefault(numero, MotifEcart.SOUTENU)
        elif du_reseau > reglage.reseau_nombre:
            motifs.setdefault(numero, MotifEcart.RESEAU)
    rares = {
        s.pk: nom
        for s in a_juger
        if domaines.regle(domaine(s.courriel or "")) is None
        and domaines.est_rare(nom := domaine_principal(s.courriel_canonique or ""))
    }
    for numero, en_rafale, soutenues in _autour(
        COMPTER_LE_DOMAINE, [s for s in a_juger if s.pk in rares], set(rares.values()), reglage
    ):
        if en_rafale > reglage.domaine_rafale_nombre or soutenues > reglage.domaine_nombre:
            motifs.setdefault(numero, MotifEcart.NOMBREUX)
    return motifs


def _autour(
    requete: str, a_juger: Sequence[Signature], lieux: Collection[str], reglage: ReglageFraude
) -> list[Any]:
    if not a_juger:
        return []
    instants = [s.demandee_le for s in a_juger]
    with connection.cursor() as curseur:
        curseur.execute(
            requete,
            {
                **_durees(reglage),
                "debut": min(instants) - _memoire(reglage),
                "fin": max(instants),
                "lieux": list(lieux),
                "ids": [s.pk for s in a_juger],
            },
        )
        return list(curseur.fetchall())


def _durees(reglage: ReglageFraude) -> dict[str, int]:
    return {"rafale": reglage.rafale_secondes, "soutenu": reglage.soutenu_secondes}


def _memoire(reglage: ReglageFraude) -> timedelta:
    return timedelta(seconds=max(reglage.rafale_secondes, reglage.soutenu_secondes))


@transaction.atomic
def ecarter_confirmations() -> int:
    """Set aside the signatures confirmed too fast from one place, before each count. Returns how many.

    It checks the current rows and not what moved, so a crash loses nothing, and running it twice changes
    nothing.
    """
    petitions = list(
        Petition.objects.filter(etat__in=[Etat.EN_COLLECTE, Etat.A_DEBATTRE]).values_list("pk", flat=True)
    )
    reglage = ReglageFraude.actuel()
    fenetre: dict[str, Any] = {
        **_durees(reglage),
        "petitions": petitions,
        "debut": timezone.now() - _memoire(reglage),
        "minimum": min(reglage.rafale_nombre, reglage.domaine_rafale_nombre, reglage.reseau_nombre),
    }
    with connection.cursor() as curseur:
        curseur.execute(LIEUX_CHARGES, fenetre)
        charges = curseur.fetchall()
        domaines = Domaines() if charges else None
        lieux = {
            "ips": [ip for ip, _, _ in charges if ip],
            "reseaux": [reseau for _, reseau, _ in charges if reseau and not reseau.startswith("connu-")],
            "domaines": [nom for _, _, nom in charges if nom and domaines and domaines.est_rare(nom)],
        }
        if not any(lieux.values()):
            return 0
        limites = (
            "rafale_nombre",
            "soutenu_nombre",
            "reseau_nombre",
            "domaine_rafale_nombre",
            "domaine_nombre",
        )
        curseur.execute(
            CONFIRMATIONS_EN_TROP, {**fenetre, **lieux, **{nom: getattr(reglage, nom) for nom in limites}}
        )
        en_trop = [numero for (numero,) in curseur.fetchall()]
    ecartees = Signature.objects.filter(pk__in=en_trop, etat=Signature.Etat.CONFIRMEE, admise_le__isnull=True)
    for numero, petition in list(ecartees.values_list("pk", "petition")):
        oublier_reponses("petition", petition, f"signature:{numero}")
    return ecartees.update(etat=Signature.Etat.ECARTEE, motif_ecart=MotifEcart.CONFIRMATIONS)


class Domaines:
    """Rules of mail domains, read once."""

    def __init__(self) -> None:
        self.regles = dict(DomaineSurveille.objects.values_list("domaine", "regle"))

    def regle(self, hote: str) -> str | None:
        """Return the rule of the domain, or of its closest parent domain."""
        while hote:
            if hote in self.regles:
                return self.regles[hote]
            hote = hote.partition(".")[2]
        return None

    def est_rare(self, nom: str) -> bool:
        """Whether the domain has no rule: neither common, admitted nor set aside.

        Always False while no common provider is listed.
        """
        return DomaineSurveille.Regle.COURANT in self.regles.values() and self.regle(nom) is None


@cache
def _jetables() -> frozenset[str]:
    return frozenset(blocklist)


def est_jetable(hote: str) -> bool:
    while "." in hote:
        if hote in _jetables():
            return True
        hote = hote.partition(".")[2]
    return False
