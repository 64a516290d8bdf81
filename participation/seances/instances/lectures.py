"""Members of a mandature on a day, by collège: seats held, substitutes, vacancies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from participation.seances.models import College, Instance, Mandature, Membre, ReglementInstance, Seance
from participation.socle.francais import enumerer, majuscule
from participation.socle.models.reglements import MODELES
from participation.socle.vitrine import Etape, Reglage

ORDRE_DES_FONCTIONS = {
    Membre.Fonction.PRESIDENT: 0,
    Membre.Fonction.COPRESIDENT: 1,
    Membre.Fonction.DELEGUE: 2,
    Membre.Fonction.MEMBRE: 3,
}


@dataclass(slots=True)
class SiegeCompose:
    """A seat, its titulaire and the titulaire's own substitutes."""

    titulaire: Membre
    suppleants: list[Membre] = field(default_factory=list)


@dataclass(slots=True)
class CollegeCompose:
    """A collège and its members. `suppleants`: substitutes of no titulaire in particular."""

    college: College
    a_le_vote: bool
    sieges: list[SiegeCompose] = field(default_factory=list)
    suppleants: list[Membre] = field(default_factory=list)
    a_venir: list[Membre] = field(default_factory=list)
    anciens: list[Membre] = field(default_factory=list)

    @property
    def vacants(self) -> int:
        return max(0, self.college.sieges - len(self.sieges))

    @property
    def en_fonction(self) -> list[Membre]:
        return [
            membre for siege in self.sieges for membre in (siege.titulaire, *siege.suppleants)
        ] + self.suppleants


def colleges_de(mandature: Mandature, jour: date | None = None) -> list[CollegeCompose]:
    """Return the collèges of a mandature on `jour`, with their members. Two queries for any number of them."""
    jour = jour or timezone.localdate()
    colleges = {
        college.pk: CollegeCompose(college, college.a_le_vote(jour)) for college in mandature.colleges.all()
    }
    membres = list(
        Membre.objects.filter(college__in=colleges).select_related(
            "compte__profil", "commune", "quartier", "remplace__compte"
        )
    )
    membres.sort(
        key=lambda m: (ORDRE_DES_FONCTIONS[Membre.Fonction(m.fonction)], m.compte.nom, m.compte.prenom, m.pk)
    )
    sieges: dict[int, SiegeCompose] = {}
    suppleants = []
    for membre in membres:
        compose = colleges[membre.college_id]
        membre.college = compose.college
        if membre.est_en_fonction(jour):
            if membre.rang == Membre.Rang.TITULAIRE:
                sieges[membre.pk] = SiegeCompose(membre)
                compose.sieges.append(sieges[membre.pk])
            else:
                suppleants.append(membre)
        elif membre.du > jour and membre.renonce_le is None:
            compose.a_venir.append(membre)
        else:
            compose.anciens.append(membre)
    for suppleant in suppleants:
        siege = sieges.get(suppleant.suppleant_de_id or 0)
        (siege.suppleants if siege else colleges[suppleant.college_id].suppleants).append(suppleant)
    return list(colleges.values())


def avec_places(instances: QuerySet[Instance]) -> QuerySet[Instance]:
    """Add the columns `sieges`, `titulaires` and `membres_en_fonction` (mandature in force), and `prochaine`.

    `prochaine`: start of the next séance.
    """
    jour = timezone.localdate()
    en_vigueur = Q(mandature__debut__lte=jour) & (
        Q(mandature__fin__isnull=True) | Q(mandature__fin__gte=jour)
    )
    colleges = College.objects.filter(en_vigueur, mandature__instance=OuterRef("pk")).order_by()
    membres = Membre.objects.en_fonction(jour).filter(college__mandature__instance=OuterRef("pk")).order_by()
    prochaines = Seance.objects.a_venir().filter(instance=OuterRef("pk"), debut__gte=timezone.now())
    compte = "college__mandature__instance"
    return instances.annotate(
        sieges=Coalesce(
            Subquery(colleges.values("mandature__instance").annotate(n=Sum("sieges")).values("n")), 0
        ),
        titulaires=Coalesce(
            Subquery(membres.titulaires().values(compte).annotate(n=Count("pk")).values("n")), 0
        ),
        membres_en_fonction=Coalesce(Subquery(membres.values(compte).annotate(n=Count("pk")).values("n")), 0),
        prochaine=Subquery(prochaines.order_by("debut").values("debut")[:1]),
    )


def colleges_vacants(instances: QuerySet[Instance]) -> Any:
    """Return the collèges in force with seats without a titulaire. Adds `occupes`: how many seats have one."""
    jour = timezone.localdate()
    return (
        College.objects.filter(
            Q(mandature__fin__isnull=True) | Q(mandature__fin__gte=jour),
            mandature__debut__lte=jour,
            mandature__instance__in=instances,
        )
        .annotate(
            occupes=Count(
                "membres",
                filter=Q(membres__rang=Membre.Rang.TITULAIRE, membres__du__lte=jour)
                & (Q(membres__au__isnull=True) | Q(membres__au__gte=jour)),
            )
        )
        .filter(sieges__gt=F("occupes"))
        .order_by("mandature__instance__nom", "ordre", "pk")
    )


# What an instance lacks, by the name of the annotation, with the place of its page where it is mended.
MANQUES: Sequence[tuple[str, str, str]] = (
    ("a_un_reglement", "pas de règlement", "#reglement"),
    ("a_le_sien", "règlement à remplacer, c’est encore un modèle", "#reglement"),
    ("a_une_mandature", "pas de mandature ouverte", "#membres"),
    ("a_des_membres", "pas de membre", "#membres"),
)


def mise_en_place() -> list[Reglage]:
    """Return what each active instance lacks before it is convened under rules of its own. One query."""
    jour = timezone.localdate()
    siens = ReglementInstance.objects.du(jour).filter(instance=OuterRef("pk"))
    mandatures = Mandature.objects.du(jour).filter(instance=OuterRef("pk"))
    membres = Membre.objects.en_fonction().filter(college__mandature__instance=OuterRef("pk"))
    instances = Instance.objects.filter(est_active=True).annotate(
        a_un_reglement=Exists(siens),
        a_le_sien=~Exists(siens.filter(version__in=MODELES)),
        a_une_mandature=Exists(mandatures),
        a_des_membres=Exists(membres),
    )
    return [_a_installer(instance) for instance in instances.order_by("nom")]


def _a_installer(instance: Any) -> Reglage:
    manquent = [(mots, ou) for nom, mots, ou in MANQUES if not getattr(instance, nom)]
    return Reglage(
        Etape.INSTANCES,
        f"Installer : {instance.nom}",
        f"{majuscule(enumerer([mots for mots, _ in manquent]))}." if manquent else "",
        "Sans membre, elle ne se réunit pas ; avec un modèle, elle se réunit sous des règles que personne ici n’a écrites.",
        f"{instance.get_absolute_url()}{manquent[0][1] if manquent else ''}",
        a_un_agent=True,
        peut_attendre=instance.a_une_mandature,
    )
