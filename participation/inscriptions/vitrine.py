"""What the registrations of all events show on shared pages: needs to meet, paper, who may be erased."""

from typing import Any

from participation.inscriptions import actes, lectures, lettres
from participation.inscriptions.models import Evenement, evenements
from participation.inscriptions.workflow import Canal
from participation.socle.calendrier import debut_du_jour
from participation.socle.francais import enumerer
from participation.socle.lectures.conservation import Delai, Elimination, Lot
from participation.socle.vitrine import BesoinATenir, GenreDePapier


def besoins_a_tenir() -> list[BesoinATenir]:
    return [besoin for modele in evenements() for besoin in _besoins(modele)]


def besoin_assure(page: str, besoin: str) -> None:
    for modele in evenements():
        for evenement in modele.ouverts().filter(debut__gte=debut_du_jour()):
            if evenement.get_absolute_url() == page:
                lettres.assurer_besoin(evenement, besoin)


def _besoins(modele: type[Evenement]) -> list[BesoinATenir]:
    siens = modele.ouverts().filter(debut__gte=debut_du_jour())
    inscriptions = modele.inscription().objects.filter(evenement__in=siens.order_by().values("pk"))
    dits = lectures.besoins_de(inscriptions)
    return [
        BesoinATenir(e.debut, e.titre, page, besoin, n, f"{e.lieu}, {e.adresse}")
        for e in siens.filter(pk__in=dits).only("titre", "debut", "lieu", "adresse")
        for page in [e.get_absolute_url()]
        for besoin, n in sorted(dits[e.pk].items())
    ]


def eliminations() -> list[Elimination]:
    """Who registered. Needs and presence stay, without name."""
    return [_elimination(modele) for modele in evenements()]


def _elimination(modele: type[Evenement]) -> Elimination:
    return Elimination(
        modele.lot(),
        f"Inscrits aux {modele.MOTS.pluriel}",
        (Delai(modele.REGLEMENT, modele.CONSERVATION, f"après {modele.SUJET}"),),
        f"{enumerer(modele.inscription().RESTE)}, sans nom",
        lambda: [
            Lot(e.pk, e.titre, n, e.get_absolute_url(), e.jour, e.jour)
            for e in modele.tous().filter(inscriptions__efface_le=None).distinct().order_by("pk")
            if e.transition("effacer_inscrits").part_de(e.etat) and (n := lectures.a_effacer(e).count())
        ],
        lambda numero, par: actes.effacer_inscrits(modele.tous().get(pk=numero), par=par),
    )


def papiers() -> list[GenreDePapier]:
    return [_papier(modele) for modele in evenements()]


def _papier(modele: type[Evenement]) -> GenreDePapier:
    def le(numero: int) -> Any:
        return modele.tous().get(pk=numero)

    return GenreDePapier(
        modele.NATURE,
        f"Inscriptions à {modele.MOTS.un}",
        lambda: ((evenement.pk, str(evenement)) for evenement in modele.ouverts()),
        lambda cible, reponses, par: actes.InscrireForm(reponses, objet=le(cible), par=par),
        lambda cible, form, par, cle: actes.inscrire(le(cible), par=par, cle=cle, **form.cleaned_data),
        fixes={"canal": Canal.PAPIER},
        en_ligne=lambda cible: le(cible).adresse_de("s_inscrire"),
        mots={
            "nom": "Votre nom",
            "besoins": "De quoi avez-vous besoin pour venir ?",
            "langue_lettres": "Dans quelle langue voulez-vous nos lettres ?",
        },
        est_public=True,
        saisie=lambda cible: le(cible).adresse_de("inscrire"),
    )
