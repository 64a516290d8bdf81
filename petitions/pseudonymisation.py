"""Erasure of the signers once the delay of the règlement is past. Counts by commune and by day are kept."""

from django.db import connection, transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from participation.droits.eliminations.actes import eliminee
from participation.socle.actions import avancer
from participation.socle.actions.documents import effacer_documents
from participation.socle.bd.verrous import verrou
from participation.socle.models import Compte, Courriel, Entree
from participation.socle.travaux.differes import EN_NOMBRE, confier
from participation.socle.views.pages import Page, acte
from petitions.copetitionnaires.actes import LETTRES_AUX_COPETITIONNAIRES
from petitions.models import CoPetitionnaire, Petition, Signature
from petitions.workflow import EFFACABLES

TACHE = "petitions.poursuivre_pseudonymisation"


LOT = 10_000


EFFACE = "–"  # constraint: a confirmed co-pétitionnaire has a name


# Names become empty and addresses NULL, so that the uniqueness of an address no longer applies.
EFFACER = """
WITH lot AS (
    SELECT id FROM petitions_signature WHERE petition_id = %s AND id > %s ORDER BY id LIMIT %s
), effacees AS (
    UPDATE petitions_signature s SET prenom = '', nom = '', nom_canonique = '', courriel = NULL, courriel_canonique = NULL,
        empreinte_ip = '', empreinte_reseau = '', empreinte_confirmation = '', reseau_confirmation = '', rang = NULL, a_ecrire = false, accord_nouvelles = false,
        accord_auteur = false
    FROM lot WHERE s.id = lot.id RETURNING s.id
) SELECT max(id) FROM effacees
"""


def petitions_a_pseudonymiser() -> QuerySet[Petition]:
    """Return the pétitions to propose to agents: delay past, and pseudonymisation not asked for yet."""
    return (
        Petition.objects.filter(
            etat__in=EFFACABLES, pseudonymisee_le__isnull=True, conservation_jusqu_au__lt=timezone.localdate()
        )
        .exclude(_demandee())
        .select_related("reglement")
        .order_by("conservation_jusqu_au", "pk")
    )


def petitions_en_cours() -> QuerySet[Petition]:
    """Return the pétitions whose pseudonymisation is asked for and not finished; a periodic task resumes
    them."""
    return Petition.objects.filter(_demandee(), pseudonymisee_le__isnull=True)


def _demandee() -> Exists:
    return Exists(Entree.objects.filter(dossier=OuterRef("pk"), acte="pseudonymiser"))


@acte(
    Page[Petition](
        consequence="Noms, adresses et lettres des signataires et des co-pétitionnaires sont effacés pour toujours. "
        "Les nombres par commune et par jour restent."
    )
)
@transaction.atomic
def pseudonymiser(petition: Petition, *, par: Compte) -> None:
    """Start the pseudonymisation in the background. It cannot be undone."""
    avancer(petition, "pseudonymiser", par=par)
    confier(TACHE, petition.pk, priorite=EN_NOMBRE)


def poursuivre_pseudonymisation(numero: int) -> None:
    """Erase batch after batch, one transaction each, so that other signatures do not wait: the signers, the letters, the rest.

    Safe to run again.
    """
    depuis: int | None = 0
    while depuis is not None:
        depuis = _effacer_des_signataires(numero, depuis)
    while _effacer_des_lettres(numero):
        pass
    _oublier_les_autres(numero)


def _a_effacer(numero: int) -> Petition | None:
    verrou(f"petitions:pseudonymiser:{numero}")
    petition = Petition.objects.get(pk=numero)
    return petition if petition.pseudonymisee_le is None else None


@transaction.atomic
def _effacer_des_signataires(numero: int, depuis: int) -> int | None:
    """Return the last one of the batch; None when none is left."""
    if _a_effacer(numero) is None:
        return None
    with connection.cursor() as curseur:
        curseur.execute(EFFACER, [numero, depuis, LOT])
        dernier: int | None = curseur.fetchone()[0]
    return dernier


@transaction.atomic
def _effacer_des_lettres(numero: int) -> int:
    """The letters to the co-pétitionnaires and to the signers."""
    petition = _a_effacer(numero)
    if petition is None:
        return 0
    auteur = petition.auteur.courriel if petition.auteur else ""
    adresses = set(petition.copetitionnaires.values_list("courriel", flat=True))
    lettres = Courriel.objects.filter(
        Q(cle__startswith=f"signature:{petition.pk}:")
        | Q(dossier=petition, en_nombre=True)
        | Q(dossier=petition, acte__in=LETTRES_AUX_COPETITIONNAIRES)
        | Q(dossier=petition, destinataires__overlap=sorted(adresses - {auteur}))
    )
    return Courriel.objects.filter(pk__in=list(lettres.values_list("pk", flat=True)[:LOT])).delete()[0]


@transaction.atomic
def _oublier_les_autres(numero: int) -> None:
    """The co-pétitionnaires, and the PDFs that copied the letters."""
    petition = _a_effacer(numero)
    if petition is None:
        return
    CoPetitionnaire.objects.filter(petition=petition).update(
        prenom=EFFACE,
        nom=EFFACE,
        courriel="",
        courriel_canonique=Concat(Value("oublie-"), Cast("pk", CharField())),
    )
    effacer_documents(petition.documents.filter(nature="socle/audit", fige_le__isnull=True))
    eliminee("petitions.signatures", petition.pk, petition.signatures.count())
    Petition.objects.filter(pk=petition.pk).update(pseudonymisee_le=timezone.now())


def avancement(petition: Petition) -> tuple[int, int]:
    """Return (number of signatures erased, total)."""
    total = Signature.objects.filter(petition=petition).count()
    return total - Signature.objects.filter(petition=petition).exclude(nom_canonique="").count(), total


def reprendre_pseudonymisations() -> None:
    for numero in petitions_en_cours().values_list("pk", flat=True):
        confier(TACHE, numero, priorite=EN_NOMBRE)
