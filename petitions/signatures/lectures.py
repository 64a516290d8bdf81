"""How the signatures of a pétition arrived: read when a threshold is reached, to judge whether it is
usual."""

from datetime import timedelta

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.utils import timezone

from petitions.models import DomaineSurveille, Petition, ReglageFraude, Signature
from petitions.signatures.regles import Arrivees

PRINCIPAL = Func(
    F("courriel_canonique"), Value("[^.@]+(?:[.][^.@]+)?$"), function="substring", output_field=CharField()
)


def arrivees_de(petition: Petition, reglage: ReglageFraude) -> Arrivees:
    """Return the arrivals of online signatures.

    Paper is left out: two agents check each sheet, and all its lines are confirmed at once.
    """
    debut = timezone.now() - timedelta(hours=reglage.seuil_heures)
    en_ligne = Signature.objects.valables().filter(petition=petition, origine=Signature.Origine.EN_LIGNE)
    nombres = en_ligne.aggregate(total=Count("pk"), recentes=Count("pk", filter=Q(confirmee_le__gte=debut)))
    ouverte_le = petition.collecte_ouverte_le or debut
    return Arrivees(
        nombres["total"],
        nombres["recentes"],
        (debut - ouverte_le).total_seconds() / 3600,
        [*_premier_domaine(en_ligne), *_premier_reseau(en_ligne)],
    )


def _premier_domaine(en_ligne: QuerySet[Signature]) -> list[tuple[str, int]]:
    """Return the largest mail domain that is neither a common provider nor admitted.

    Empty while no common provider is listed.
    """
    dits = DomaineSurveille.objects.exclude(regle=DomaineSurveille.Regle.ECARTE)
    if not dits.filter(regle=DomaineSurveille.Regle.COURANT).exists():
        return []
    groupes = en_ligne.annotate(hote=PRINCIPAL).exclude(hote__in=dits.values("domaine")).exclude(hote=None)
    return [
        (f"du domaine @{hote}", n)
        for hote, n in groupes.order_by().values_list("hote").annotate(n=Count("pk")).order_by("-n")[:1]
    ]


def _premier_reseau(en_ligne: QuerySet[Signature]) -> list[tuple[str, int]]:
    groupes = en_ligne.exclude(reseau_confirmation="").exclude(reseau_confirmation__startswith="connu-")
    return [
        (f"du réseau {reseau[:8]}", n)
        for reseau, n in groupes.order_by()
        .values_list("reseau_confirmation")
        .annotate(n=Count("pk"))
        .order_by("-n")[:1]
    ]
