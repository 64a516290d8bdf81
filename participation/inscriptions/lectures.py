"""Who is registered, in numbers and in lists; who may be erased."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, Func, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from participation.droits.models import sans_visa
from participation.inscriptions.models import Evenement, InscriptionAEvenement
from participation.inscriptions.workflow import ASSISES, NON_PROUVEES, Besoin, EtatInscription
from participation.socle.francais import accorder, majuscule
from participation.socle.langues import ecrit, nommee_en_francais
from participation.socle.models import Compte
from participation.socle.vitrine import AuCalendrier


def a_dire_pour_venir(evenement: Evenement) -> SafeString:
    """Return where it is, and what whoever comes may ask for."""
    return format_html(
        "{}. {}",
        ecrit(evenement.lieu),
        gettext("Interprète, garde d’enfants, transport, boucle magnétique : dites-nous ce qu’il vous faut."),
    )


def compter(
    inscriptions: QuerySet[Any], de: str, *, interprete: str, garde: str
) -> Mapping[Any, Counter[Any]]:
    """Return, by the value of `de` (« rencontre »), how many need what: keys are (need, language).

    The rows have `besoins`, `langue` and `enfants`. `interprete` is the need whose language counts apart, `garde` the
    one that counts children.
    """
    dits = (
        inscriptions.exclude(besoins=[])
        .order_by()
        .annotate(besoin=Func(F("besoins"), function="unnest", output_field=CharField()))
        .values_list(de, "besoin", "langue")
        .annotate(gens=Count("pk"), petits=Sum(Greatest("enfants", 1)))
    )
    comptes: dict[Any, Counter[Any]] = {}
    for lieu, besoin, langue, gens, petits in dits:
        dite = nommee_en_francais(langue) if besoin == interprete else ""
        comptes.setdefault(lieu, Counter())[besoin, dite] += petits if besoin == garde else gens
    return comptes


E = EtatInscription
# Who has a seat, who is offered one, who waits; then who did not prove her address, then who cancelled.
ORDRE = (E.INSCRITE, E.OFFERTE, E.ATTENTE, E.A_CONFIRMER, E.RENDUE, E.ANNULEE)
CACHEES = sorted(NON_PROUVEES | {E.ANNULEE})


@dataclass(frozen=True, slots=True)
class Chiffres:
    assises: int  # seats taken or offered
    attente: int
    a_confirmer: int
    presentes: int
    libres: int
    besoins: list[tuple[str, int]]


def chiffres(evenement: Evenement) -> Chiffres:
    """Exact figures, for the organisers."""
    lus = evenement.inscriptions.aggregate(
        assises=Count("pk", filter=Q(etat__in=sorted(ASSISES))),
        attente=Count("pk", filter=Q(etat=E.ATTENTE)),
        a_confirmer=Count("pk", filter=Q(etat__in=sorted(NON_PROUVEES), efface_le=None)),
        presentes=Count("pk", filter=Q(presente_le__isnull=False)),
    )
    return Chiffres(
        **lus, libres=max(evenement.places - lus["assises"], 0), besoins=sorted(besoins(evenement).items())
    )


def besoins(evenement: Evenement) -> Counter[str]:
    """Return how many need what: interpreters by language, children counted."""
    return besoins_de(evenement.inscriptions.all()).get(evenement.pk, Counter())


def besoins_de(inscriptions: QuerySet[Any]) -> dict[int, Counter[str]]:
    """Return the same for each event of these registrations, by its number. One query."""
    assises = inscriptions.filter(etat__in=sorted(ASSISES))
    comptes = compter(assises, "evenement", interprete=Besoin.INTERPRETE, garde=Besoin.GARDE)
    return {
        numero: Counter({nom_du_besoin(besoin, langue): n for (besoin, langue), n in lus.items()})
        for numero, lus in comptes.items()
    }


def nom_du_besoin(besoin: str, langue: str) -> str:
    """Return « Un interprète (arabe) », as the list of needs says it."""
    return f"{majuscule(Besoin(besoin).label)}{f' ({langue})' if langue else ''}"


def qui_a_dit(evenement: Evenement, besoin: str) -> list[tuple[InscriptionAEvenement, Besoin]]:
    """Return the registrations with a seat that said this need, named as in the list of needs, with its code."""
    assises = evenement.inscriptions.filter(etat__in=sorted(ASSISES), efface_le=None).exclude(besoins=[])
    return [
        (une, Besoin(dit))
        for une in assises.order_by("pk")
        for dit in une.besoins
        if besoin == nom_du_besoin(dit, nommee_en_francais(une.langue) if dit == Besoin.INTERPRETE else "")
    ]


def inscrites(evenement: Evenement, mots: str = "") -> Any:
    """Return who is registered, who has a seat first, then by name. `mots`: a part of the name.

    Who did not prove her address, or cancelled, is listed only when she is looked for.
    """
    rang = Case(
        *(When(etat=etat, then=Value(n)) for n, etat in enumerate(ORDRE)), output_field=IntegerField()
    )
    gens = evenement.inscriptions.filter(efface_le=None)
    gens = gens.select_related("evenement", *evenement.inscription().JOINTS)
    cherche = mots.strip()[:60]
    gens = gens.filter(nom__icontains=cherche) if cherche else gens.exclude(etat__in=CACHEES)
    return gens.order_by(rang, "nom", "pk")


def attendues(evenement: Evenement, sauf: Sequence[InscriptionAEvenement]) -> list[list[Any]]:
    """Return [number, name] of who may still come in and is not in `sauf`: the door looks for them without network."""
    gens = evenement.inscriptions.filter(efface_le=None, presente_le=None).exclude(etat=E.ANNULEE)
    lues = gens.exclude(pk__in=[une.pk for une in sauf]).order_by("nom", "pk").values_list("pk", "nom")
    return [list(une) for une in lues]


def a_appeler(evenement: Evenement) -> Any:
    """Return who is registered and left no mailbox: called when something changes."""
    return evenement.inscriptions.vivantes().filter(courriel="").order_by("nom", "pk")


def a_effacer(evenement: Evenement) -> Any:
    """Return who may be erased: her time is past. For an agent, in one batch."""
    limite = timezone.localdate() - timedelta(days=getattr(evenement.regle, evenement.CONSERVATION))
    if evenement.jour >= limite:
        return evenement.inscriptions.none()
    return evenement.inscriptions.filter(efface_le=None)


# What must come first, as the rows of the table name it.
def avant_le_jour(inscription: InscriptionAEvenement, acte: str, par: Compte | None) -> list[str]:
    mots = inscription.evenement.pas_encore_le_jour()
    return [mots] if mots else []


def rien_a_effacer(evenement: Evenement, acte: str, par: Compte | None) -> list[str]:
    if a_effacer(evenement).exists():
        return sans_visa(evenement.lot(), evenement.pk)
    return ["Le délai de conservation n’est pas passé, ou plus personne n’est à effacer."]


def dire_aux_inscrits(evenement: Evenement) -> str:
    vivantes = evenement.inscriptions.vivantes()
    combien, sans = vivantes.count(), vivantes.filter(courriel="").count()
    if not combien:
        return "Personne n’est inscrit."
    dit = f"{accorder(combien, 'personne inscrite est prévenue', 'personnes inscrites sont prévenues')} par courriel ou par SMS."
    reste = f" {accorder(sans, 'n’a pas', 'n’ont pas')} donné de courriel : la liste de qui appeler reste sur cette page."
    return dit + (reste if sans else "")


def dire_les_places(evenement: Evenement) -> str:
    libres = evenement.places_libres
    return f"Il reste {accorder(libres, 'place')}." if libres else "C’est complet : la personne entre en liste d’attente."  # fmt: skip


def dire_la_place(_: Evenement, inscription: InscriptionAEvenement) -> str:
    if inscription.presente_le is not None:
        return f"{inscription} : inscription prise, présence notée."
    if inscription.etat == E.ATTENTE:
        return f"{inscription} est en liste d’attente, au rang {inscription.rang_d_attente}."
    return f"{inscription} a une place."


def au_calendrier(evenement: Any, genre: str, sorti: Sequence[tuple[str, str]]) -> AuCalendrier:
    """Return the line of an event in the public calendar, with what came out of it."""
    return AuCalendrier(
        cle=f"{genre.lower()}-{evenement.pk}",
        genre=genre,
        app=evenement._meta.app_label,
        titre=evenement.titre,
        debut=evenement.debut,
        fin=evenement.fin,
        lieu=evenement.lieu,
        url=evenement.get_public_url(),
        sequence=evenement.sequence,
        modifie_le=getattr(evenement, "modifie_le", evenement.cree_le),
        est_annule=evenement.etat == evenement.ANNULE,
        sorti=sorti,
    )
