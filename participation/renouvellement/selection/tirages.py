"""Seats of a collège drawn by lot on this site: its candidatures are poured into a draw, whose panel comes back as decisions."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.renouvellement.models import Candidature, CollegeCampagne
from participation.renouvellement.selection.actes import designer, le_classement
from participation.socle.actions.avancer import exiger
from participation.socle.forms.actes import ModeleForm
from participation.socle.francais import accorder, enumerer
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.tirage import quotas
from participation.tirage.models import Tirage
from participation.tirage.volontaires.versement import Inscrit, verser
from participation.tirage.workflow import Place

# Category of the only quota that a draw begins with: all the seats, for all. Agents write the others.
COLLEGE = "Collège"
NON_DIT = "non dit"
CATEGORIES = ("Genre", "Âge", "Commune", "Quartier prioritaire")
REGLE = ("source", "date_graine", "precision_source", "repli", "tirage_le", "lieu")


class TirageAuSortForm(ModeleForm):
    """The rule of the draw; its seats are those of the collège."""

    class Meta:
        model = Tirage
        fields = REGLE

    def initiales(self) -> dict[str, Any]:
        return {}


@acte(
    Page[CollegeCampagne](
        form=TirageAuSortForm,
        consequence="Les candidatures recevables deviennent les volontaires d’un tirage au sort, que chacun pourra vérifier. Sa règle est "
        "publiée avant. Vous pourrez y écrire des quotas. Aucune lettre ne part.",
        retour=lambda college, tirage: tirage.get_absolute_url() if tirage else le_classement(college),
    )
)
@transaction.atomic
def preparer_tirage_au_sort(college: CollegeCampagne, *, par: Compte, **regle: Any) -> Tirage:
    """Prepare the draw of these seats, with one quota that everybody keeps, and pour the eligible candidatures into it."""
    pas = exiger(college, "preparer_tirage_au_sort", par=par)
    tirage = quotas.preparer_tirage(
        par=par,
        titre=f"{college.campagne} : {college}"[:160],
        objet=f"Désigner au sort les personnes qui siègent au collège « {college} ».",
        places=college.sieges,
        **regle,
    )
    tous = quotas.LigneDeQuota(COLLEGE, college.nom, college.sieges, college.sieges)
    quotas.regler_quotas(tirage, par=par, quotas=[tous])
    verser(tirage, inscrits(college), par=par)
    pas.avancer(champs={"tirage": tirage}, details={"tirage": tirage.pk})
    return tirage


@acte(
    Page[CollegeCampagne](
        consequence="Les volontaires du tirage deviennent les candidatures recevables d’aujourd’hui, avec ce que demandent ses quotas "
        f"({enumerer(CATEGORIES)} ; « {NON_DIT} » quand la personne n’a pas répondu).",
        succes=lambda _, combien: accorder(
            combien, "candidature est dans le tirage.", "candidatures sont dans le tirage."
        ),
        retour=lambda college, _: le_classement(college),
    )
)
@transaction.atomic
def verser_candidatures(college: CollegeCampagne, *, par: Compte) -> int:
    """Make the volunteers of the draw the candidatures that are eligible now, with what its quotas ask. Raises ErreurMetier."""
    pas = exiger(college, "verser_candidatures", par=par)
    combien = verser(_tirage_de(college), inscrits(college), par=par)
    pas.avancer(details={"combien": combien})
    return combien


@acte(
    Page[CollegeCampagne](
        consequence="Le panel tiré prend les places. Les autres vont en liste d’attente, dans l’ordre de leurs billets. Aucune lettre ne part.",
        succes=lambda _, retenues: accorder(len(retenues), "place est désignée.", "places sont désignées."),
        retour=lambda college, _: le_classement(college),
    )
)
@transaction.atomic
def designer_par_tirage(college: CollegeCampagne, *, par: Compte) -> list[Candidature]:
    """Give the seats to the panel, the waiting list to the others in the order of their tickets; as they are after the replacements.

    Who is no longer eligible is passed over: the next by ticket sits. Return who has a seat.
    """
    pas = exiger(college, "designer_par_tirage", par=par)
    tirage = _tirage_de(college)
    venus = tirage.volontaires.exclude(origine="")
    assis = venus.filter(place__in=[Place.PANEL, Place.ENTREE]).par_billet()
    attente = venus.attente()
    ordre = [_numero(origine) for lu in (assis, attente) for origine in lu.values_list("origine", flat=True)]
    retenues = designer(college, ordre)
    reference = f"Tirage au sort n° {tirage.pk}, boules {tirage.numero_tire}"
    pas.avancer(
        champs={
            "tirage_reference": reference,
            "tirage_empreinte": tirage.empreinte_panels,
            "tirage_le": timezone.localdate(tirage.tire_le) if tirage.tire_le else None,
        },
        fait=f"{college} : places désignées par le tirage au sort",
        details={"reference": reference, "retenues": [c.numero for c in retenues]},
    )
    return retenues


def _tirage_de(college: CollegeCampagne) -> Tirage:
    tirage = college.tirage_vivant
    if tirage is None:  # refused before, by `manques`
        raise ValueError("This collège has no draw.")
    return tirage


def inscrits(college: CollegeCampagne) -> Iterable[Inscrit]:
    """Return the eligible candidatures of a collège. No household: its rule is one candidature a person."""
    candidatures = college.candidatures.eligibles().select_related("commune")
    return [
        Inscrit(
            origine=f"renouvellement.candidature:{candidature.pk}",
            profil={
                COLLEGE: college.nom,
                "Genre": candidature.get_genre_display() or NON_DIT,
                "Âge": candidature.get_age_display() or NON_DIT,
                "Commune": candidature.commune.nom if candidature.commune else NON_DIT,
                "Quartier prioritaire": "oui" if candidature.quartier_id else "non",
            },
            nom=candidature.nom_affiche[:120],
            courriel=candidature.courriel,
            telephone=candidature.telephone,
        )
        for candidature in candidatures
    ]


def _numero(origine: str) -> int:
    return int(origine.rpartition(":")[2])
