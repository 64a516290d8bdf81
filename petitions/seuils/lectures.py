"""What a page says of a petition: gauges, map, days, lines of lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import (
    INSECABLE,
    accorder,
    jour_texte,
    majuscule,
    nombre,
    pluriel,
    pourcentage,
)
from participation.socle.graphiques import Carte, Graphique, Jauge, Repere, Serie, Ton
from participation.socle.lectures.cartes import carte_des_communes, communes
from participation.socle.models import Compte, Quartier
from participation.socle.regles.petits_nombres import plus_petit_montrable
from participation.socle.vitrine import Chiffre, ChiffresCles
from petitions.models import (
    DecompteCommune,
    DecompteJour,
    DomaineSurveille,
    Petition,
    ReglageFraude,
    Seuil,
    Signature,
)
from petitions.seuils.regles import ECRETE, Evaluation, evaluer
from petitions.signatures.regles import Arrivees
from petitions.workflow import Etat

FRACTIONS = {
    (1, 2): "la moitié",
    (1, 3): "un tiers",
    (1, 4): "un quart",
    (1, 5): "un cinquième",
    (2, 3): "deux tiers",
}


PRESQUE = 0.85  # of the permitted part: above, the gauge shows a warning


def nombres_par_commune(petition: Petition) -> dict[str, int]:
    """Return {code of the commune: number of signatures}, without communes at 0."""
    return dict(
        DecompteCommune.objects.filter(petition=petition, nombre__gt=0).values_list("commune_id", "nombre")
    )


def fraction(evaluation: Evaluation) -> str:
    seuil = evaluation.seuil
    paire = (seuil.part_max_numerateur, seuil.part_max_denominateur)
    return FRACTIONS.get(paire, f"{paire[0]}/{paire[1]}")


def jauges_de(
    petition: Petition, nombres: Mapping[str, int], lecture: str = "", *, pour_agents: bool = False
) -> list[Jauge]:
    """Return three gauges (number, communes, largest part), each with what is missing for the next
    threshold."""
    lecture = lecture or petition.reglement.lecture_du_tiers
    seuils = sorted(petition.reglement.seuils.all(), key=lambda seuil: seuil.ordre)
    evaluations = [evaluer(seuil, nombres.values(), lecture) for seuil in seuils]
    if not evaluations:
        return []
    atteints = {
        note.seuil_id: note.atteint_le for note in petition.seuils_atteints.all() if note.perdu_le is None
    }
    prochaine = next((e for e in evaluations if not e.atteint), evaluations[-1])
    faits = "".join(
        f"{nombre(e.seuil.signatures)} atteint le {jour_texte(atteints[e.seuil.pk])}. "
        for e in evaluations
        if e.seuil.pk in atteints
    )
    return [
        _jauge_nombre(evaluations, prochaine, faits, est_close=petition.collecte_close_le is not None),
        _jauge_communes(prochaine, est_close=petition.collecte_close_le is not None),
        _jauge_part(petition, prochaine, nombres, pour_agents=pour_agents),
    ]


def _jauge_nombre(
    evaluations: list[Evaluation], prochaine: Evaluation, faits: str, *, est_close: bool
) -> Jauge:
    plafond = max(e.seuil.signatures for e in evaluations)
    manque = prochaine.signatures_manquantes
    if manque:
        rang = "le seuil" if len(evaluations) == 1 else "le prochain seuil"
        phrase = f"{faits}{'Il en a manqué' if est_close else 'Encore'} {nombre(manque)} pour {rang}."
    elif prochaine.atteint:
        phrase = faits or "Le nombre est atteint."
    else:
        phrase = f"{faits}Le nombre est atteint ; une autre condition manque."
    if prochaine.retenu < prochaine.total:
        phrase += (
            f" {nombre(prochaine.total - prochaine.retenu)} ne comptent pas : elles dépassent la part "
            "permise à une commune."
        )
    return Jauge(
        titre="Signatures vérifiées",
        valeur=nombre(prochaine.retenu),
        sur=f"sur {nombre(plafond)}",
        proportion=prochaine.retenu / plafond,
        reperes=[Repere(e.seuil.signatures / plafond, nombre(e.seuil.signatures)) for e in evaluations],
        phrase=phrase.strip(),
        ton="atteint" if not manque else "manque",
    )


def _jauge_communes(evaluation: Evaluation, *, est_close: bool) -> Jauge:
    toutes = len(communes())
    requises, manque = evaluation.seuil.communes, evaluation.communes_manquantes
    return Jauge(
        titre="Communes représentées",
        valeur=nombre(evaluation.communes),
        sur=f"sur {toutes}",
        cases=(evaluation.communes, toutes),
        reperes=[Repere(requises / toutes, str(requises))] if requises > 1 and toutes else [],
        phrase=f"Il en fallait au moins {requises} : il en a manqué {manque}."
        if manque and est_close
        else f"Il en faut au moins {requises} : il en manque {manque}. Une signature suffit dans la commune qui manque."
        if manque == 1
        else f"Il en faut au moins {requises} : {accorder(manque, 'commune')} à gagner."
        if manque
        else f"Il en faut au moins {requises} : c’est acquis.",
        ton="manque" if manque else "atteint",
    )


def _jauge_part(
    petition: Petition, evaluation: Evaluation, nombres: Mapping[str, int], *, pour_agents: bool
) -> Jauge:
    seuil = evaluation.seuil
    limite = seuil.part_max_numerateur / seuil.part_max_denominateur
    dite = fraction(evaluation)
    # The part of a named commune and the public total would reveal its number.
    montrable = pour_agents or evaluation.plus_forte >= petition.reglement.secret_statistique
    premiere = max(nombres, key=lambda code: (nombres[code], code), default="")
    ton: Ton
    if not montrable:
        phrase, ton = f"{majuscule(dite)} au plus. Calculée dès les premières signatures.", "manque"
    elif evaluation.lecture == ECRETE:
        depasse = evaluation.part > limite
        ton = "proche" if depasse else "atteint"
        phrase = (
            f"{majuscule(dite)} au plus : ce qui dépasse n’est pas compté."
            if depasse
            else f"{majuscule(dite)} au plus : respecté."
        )
    elif not evaluation.part_respectee:
        phrase = (
            f"{majuscule(dite)} au plus : il {'fallait' if petition.collecte_close_le else 'faut'} {accorder(evaluation.ailleurs, 'signature')} "
            "d’autres communes."
        )
        ton = "manque"
    elif evaluation.part > limite * PRESQUE:
        phrase, ton = f"{majuscule(dite)} au plus : respecté, mais proche de la limite.", "proche"
    else:
        phrase, ton = f"{majuscule(dite)} au plus : respecté.", "atteint"
    return Jauge(
        titre="Part de la première commune",
        valeur=pourcentage(round(100 * evaluation.part, 1)) if montrable else "–",
        sur=communes()[premiere].nom if montrable and premiere else "",
        proportion=evaluation.part if montrable else 0.0,
        reperes=[Repere(limite, f"maximum {dite}")],
        interdit=limite,
        phrase=phrase,
        ton=ton,
    )


def carte_de(petition: Petition, nombres: Mapping[str, int], *, pour_agents: bool = False) -> Carte:
    """Return the map of signatures by commune.

    For the public, small numbers are grouped under « moins de ».
    """
    montrable = 1 if pour_agents else plus_petit_montrable(nombres, petition.reglement.secret_statistique)
    premier = max(montrable, 5)
    return carte_des_communes(
        {code: None if 0 < n < montrable else n for code, n in nombres.items()},
        "Signatures par commune",
        bornes=(premier, max(25, premier + 1), max(100, premier + 2), max(250, premier + 3)),
        total=sum(nombres.values()) or None,
    )


def jours_de(petition: Petition) -> Graphique:
    """Return the chart of signatures by day since the first one, days without signatures included."""
    par_jour = dict(DecompteJour.objects.filter(petition=petition).values_list("jour", "nombre"))
    jours = sorted(jour for jour, n in par_jour.items() if n)
    etendue = [jours[0] + timedelta(days=i) for i in range((jours[-1] - jours[0]).days + 1)] if jours else []
    return Graphique(
        titre="Signatures par jour",
        colonne="Jour",
        categories=[f"{jour:%d/%m}" for jour in etendue],
        series=[Serie("Signatures", [par_jour.get(jour, 0) for jour in etendue])],
        totaux=False,
    )


def avec_comptes(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """Join what each line shows, so that the number of queries does not depend on the length of the list."""
    return petitions.select_related(
        "reglement", "commune_auteur", "motif_irrecevabilite", "decompte"
    ).prefetch_related("reglement__seuils", "seuils_atteints")


@dataclass(frozen=True, slots=True)
class Ligne:
    petition: Petition
    total: int
    communes: int
    plus_forte: int  # signatures of the most represented commune
    prochain: Seuil | None
    repere: float | None
    jours: int
    est_atteint: bool

    @classmethod
    def de(cls, petition: Petition) -> "Ligne":
        decompte = getattr(petition, "decompte", None)
        total = decompte.total if decompte else 0
        seuils = sorted(petition.reglement.seuils.all(), key=lambda seuil: seuil.ordre)
        tenus = {a.seuil_id for a in petition.seuils_atteints.all() if a.perdu_le is None}
        prochain = next((seuil for seuil in seuils if seuil.pk not in tenus), seuils[-1] if seuils else None)
        precedent = None
        if prochain is not None:
            precedent = next(
                (s for s in reversed(seuils) if s.pk in tenus and s.signatures < prochain.signatures), None
            )
        fin = petition.date_fin_collecte
        return cls(
            petition,
            total,
            decompte.communes if decompte else 0,
            decompte.plus_forte_nombre if decompte else 0,
            prochain,
            precedent.signatures / prochain.signatures if precedent and prochain else None,
            max(0, (fin - timezone.localdate()).days) if fin else 0,
            prochain is not None and prochain.pk in tenus,
        )

    @property
    def requis(self) -> int:
        return self.prochain.signatures if self.prochain else 0

    @property
    def part(self) -> float:
        return min(1.0, self.total / self.requis) if self.requis else 0.0

    @property
    def manque(self) -> int:
        return max(0, self.requis - self.total)

    @property
    def condition(self) -> str:
        """What the next threshold requires besides the number of signatures, as a clause without full stop,
        or ""."""
        if self.prochain is None or self.est_atteint or not self.total:
            return ""
        lecture = self.petition.reglement.lecture_du_tiers
        compte = Evaluation(self.prochain, lecture, self.total, self.total, self.communes, self.plus_forte)
        if communes := compte.communes_manquantes:
            return f"il manque {accorder(communes, 'commune', espace=INSECABLE)}"
        part = fraction(compte)
        if lecture == ECRETE:
            return f"ce qui dépasse {part} dans une commune ne compte pas"
        if ailleurs := compte.ailleurs:
            return f"il manque {accorder(ailleurs, 'signature', espace=INSECABLE)} d’autres communes, car l’une dépasse {part}"
        return ""

    @property
    def demande_d_autres_communes(self) -> bool:
        """Whether the next threshold asks today for signatures from other communes, besides their number."""
        if self.prochain is None or self.est_atteint or not self.total:
            return False
        lecture = self.petition.reglement.lecture_du_tiers
        compte = Evaluation(self.prochain, lecture, self.total, self.total, self.communes, self.plus_forte)
        return bool(compte.communes_manquantes or (lecture != ECRETE and compte.ailleurs))


def chiffres_du_quartier(quartier: Quartier, compte: Compte) -> ChiffresCles:
    """Return the figures of the commune of the quartier, the same as on the public list."""
    commune = quartier.commune
    concernees = Petition.objects.filter(Q(communes=commune) | Q(commune_auteur=commune)).values("pk")
    publiees: Any = Petition.objects.publiees().filter(pk__in=concernees)
    lues = publiees.aggregate(
        toutes=Count("pk"), ouvertes=Count("pk", filter=Q(etat__in=[Etat.EN_COLLECTE, Etat.SUSPENDUE]))
    )
    toutes = lues["toutes"]
    liste = f"{reverse('petitions:liste')}?commune={commune.pk}&liste="
    return ChiffresCles(
        "petitions",
        "Pétitions",
        [
            Chiffre(nombre(toutes), f"pétition{pluriel(toutes)} publiée{pluriel(toutes)}", f"{liste}toutes"),
            Chiffre(nombre(lues["ouvertes"]), "à signer", f"{liste}ouvertes"),
        ],
        "Une pétition dit les communes qu’elle concerne, pas les quartiers : ces chiffres sont ceux de toute la commune.",
    )


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
