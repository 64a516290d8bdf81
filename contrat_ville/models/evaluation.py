"""Groups of projets used to evaluate a programmation. Each filed projet is in exactly one `Sort`."""

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils import timezone

from contrat_ville.workflow import ACCOMPAGNES, EN_EXAMEN, PUBLIABLES, Etat
from participation.socle.models import Echeance


class Sort(TextChoices):
    RETENUS = "retenus", "retenus"
    REFUSES = "refuses", "non retenus"
    RETIRES = "retires", "retirés"
    EN_EXAMEN = "en_examen", "en examen"


class EtatBilan(TextChoices):
    RECUS = "recus", "reçus"
    ATTENDUS = "attendus", "attendus, dans les temps"
    EN_RETARD = "en_retard", "en retard"


# A draft withdrawn by its team was never filed.
DEPOSES = ~Q(etat=Etat.BROUILLON) & ~Q(etat=Etat.RETIRE, depose_le__isnull=True)
SORTS: dict[str, Q] = {
    Sort.RETENUS: Q(etat__in=sorted(PUBLIABLES)),
    Sort.REFUSES: Q(etat__in=[Etat.REFUSE, Etat.IRRECEVABLE]),
    Sort.RETIRES: Q(etat=Etat.RETIRE, depose_le__isnull=False),
    Sort.EN_EXAMEN: Q(etat__in=sorted(EN_EXAMEN)),
}


# The decision is notified: the public page of a quartier calls these projets « soutenu ».
SOUTENUS = Q(etat__in=sorted(ACCOMPAGNES | {Etat.CLOS}), notifie_le__isnull=False)


def de_ce_bilan(etat: str) -> Q:
    """Return the Q of the projets whose bilan was received, is expected in time, or is late today."""
    if etat == EtatBilan.RECUS:
        return Q(bilan__isnull=False, etat__in=[Etat.EVALUE, Etat.CLOS])
    due = Echeance.objects.ouvertes().filter(
        dossier=OuterRef("pk"), cle="bilan", date_limite__lt=timezone.localdate()
    )
    en_retard = Exists(due) if etat == EtatBilan.EN_RETARD else ~Exists(due)
    return Q(etat=Etat.BILAN_ATTENDU) & Q(en_retard)
