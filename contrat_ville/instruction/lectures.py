"""What the instruction shows: grids filled, what a complement changed, opinions, history of the porteur."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from contrat_ville import regles
from contrat_ville.instruction.dossier import TEXTES, budget_de, pieces_en_cours
from contrat_ville.models import (
    AvisRendu,
    Commentaire,
    Critere,
    Evaluation,
    Jugement,
    MessageProjet,
    PhotoProjet,
    Projet,
)
from contrat_ville.workflow import Etape, Etat
from participation.socle.francais import jour_texte, majuscule, montant, nombre
from participation.socle.models import Demande, Entree
from participation.socle.regles.differences import Difference, comparer_textes, differences


@dataclass(frozen=True, slots=True)
class LigneDeGrille:
    """A criterion and the judgement of each instructor, in the same order (None: not given)."""

    critere: Critere
    jugements: Sequence[Jugement | None]

    @property
    def est_discutee(self) -> bool:
        return regles.desaccords([j.resultat for j in self.jugements if j is not None])


@dataclass(frozen=True, slots=True)
class Grille:
    evaluations: Sequence[Evaluation]
    lignes: Sequence[LigneDeGrille]
    scores: Sequence[Fraction | None]
    note: Fraction | None  # out of 100, mean of the instructors
    desaccord: str  # a sentence, or ""

    @property
    def phrases_negatives(self) -> list[str]:
        """Sentences of the criteria not met, for the letter, without duplicates."""
        dites = [
            ligne.critere.phrase_negative
            for ligne in self.lignes
            if ligne.critere.phrase_negative
            and any(j is not None and j.resultat == regles.NON_REMPLI for j in ligne.jugements)
        ]
        return list(dict.fromkeys(dites))


GRILLES = (
    Prefetch("evaluations", Evaluation.objects.select_related("instructeur")),
    Prefetch("evaluations__jugements", Jugement.objects.select_related("critere")),
)


def avec_grilles(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Prefetch the grids of the projets, in two more queries."""
    return projets.prefetch_related(*GRILLES)


def grille_de(projet: Projet, criteres: Iterable[Critere] | None = None) -> Grille:
    """Return the grid. `criteres`: criteria of the programmation, if already read."""
    lus = list(
        projet.programmation.criteres.order_by("-etape", "ordre", "pk") if criteres is None else criteres
    )
    prefetch_related_objects([projet], *GRILLES)  # nothing is read again after `avec_grilles`
    evaluations = list(projet.evaluations.all())
    par_critere = [{j.critere_id: j for j in evaluation.jugements.all()} for evaluation in evaluations]
    scores = [score_de(evaluation) for evaluation in evaluations]
    return Grille(
        evaluations=evaluations,
        lignes=[LigneDeGrille(c, [jugements.get(c.pk) for jugements in par_critere]) for c in lus],
        scores=scores,
        note=regles.moyenne(scores),
        desaccord=regles.dire_l_ecart(scores, projet.programmation.ecart_a_discuter),
    )


def score_de(evaluation: Evaluation) -> Fraction | None:
    """Mark out of 100, from the marked criteria of the step « mérite »."""
    return regles.score(
        regles.Note(jugement.note, jugement.critere.note_max, jugement.critere.poids)
        for jugement in evaluation.jugements.all()
        if jugement.note is not None and jugement.critere.etape == Etape.MERITE
    )


# Fields other than the texts, in the order of the page.
AUTRES: Mapping[str, str] = {
    "titre": "nom du projet",
    "porteur": "porteur",
    "axe": "axe",
    "quartiers": "quartiers",
    "dates": "dates",
    "nombre_beneficiaires": "personnes concernées",
    "budget": "budget",
    "pieces": "pièces",
}
LISTES = frozenset({"budget", "pieces"})


@dataclass(frozen=True, slots=True)
class Complement:
    """The last complément given back: changes of each field."""

    recu_le: datetime
    changements: dict[str, list[Difference]]

    @property
    def autres(self) -> list[tuple[str, list[Difference]]]:
        """(label, differences) of the fields that have no text of their own on the page."""
        return [(majuscule(nom), self.changements[c]) for c, nom in AUTRES.items() if c in self.changements]


def photo_de(projet: Projet) -> dict[str, str]:
    """Return each field written by the team, as a text: one line for each budget line, for each piece."""
    porteur = projet.porte_par
    jours = [jour_texte(jour) for jour in (projet.date_debut, projet.date_fin) if jour is not None]
    budget = budget_de(projet)
    lignes = [
        f"{majuscule(ligne.get_sens_display())}, {ligne.intitule}"
        f"{f' ({ligne.financeur or ligne.libelle})' if ligne.financeur or ligne.libelle else ''} : {montant(ligne.montant)}"
        for ligne in [*budget.depenses.lignes, *budget.recettes.lignes]
    ]
    pieces = [f"{jointe.type_piece.nom} : {jointe.piece.nom}" for jointe in pieces_en_cours(projet)]
    return {
        **{champ: str(getattr(projet, champ)) for champ in TEXTES},
        "titre": projet.titre,
        # No name of a person: this copy may be kept longer than the porteur.
        "porteur": ", ".join(filter(None, (porteur.nom, porteur.siret))) if porteur is not None else "",
        "axe": str(projet.axe or ""),
        "quartiers": ", ".join(sorted(quartier.nom for quartier in projet.quartiers.all())),
        "dates": " – ".join(jours),
        "nombre_beneficiaires": nombre(projet.nombre_beneficiaires)
        if projet.nombre_beneficiaires is not None
        else "",
        "budget": "\n".join(lignes),
        "pieces": "\n".join(sorted(pieces)),
    }


def dernier_complement(projet: Projet) -> Complement | None:
    photos = PhotoProjet.objects.filter(demande__dossier=projet.pk, apres__isnull=False)
    photo = photos.select_related("demande").order_by("-demande__repondue_le", "-pk").first()
    if photo is None or photo.demande.repondue_le is None:
        return None
    avant, apres = photo.avant, photo.apres or {}
    return Complement(
        photo.demande.repondue_le,
        {
            champ: _comparer(champ, avant.get(champ, ""), apres.get(champ, ""))
            for champ in [*TEXTES, *AUTRES]
            if avant.get(champ, "") != apres.get(champ, "")
        },
    )


def _comparer(champ: str, avant: str, apres: str) -> list[Difference]:
    """Compare a text word by word. For a list, keep only the lines that changed."""
    if champ not in LISTES:
        return differences(avant, apres)
    lues: list[Difference] = []
    for ligne in comparer_textes(avant.splitlines(), apres.splitlines()):
        if any(difference.operation != "egal" for difference in ligne):
            lues += [*ligne, Difference("egal", "\n")]
    return lues[:-1]


AFFECTATIONS = ("repartir", "reaffecter", "prendre_en_charge")


@dataclass(frozen=True, slots=True)
class Avis:
    """A requested opinion, with its sense once given."""

    demande: Demande
    sens: str
    couleur: str

    @property
    def est_en_retard(self) -> bool:
        return self.demande.est_ouverte and self.demande.date_limite < timezone.localdate()


COULEURS = {
    AvisRendu.Sens.FAVORABLE: "succes",
    AvisRendu.Sens.RESERVE: "attention",
    AvisRendu.Sens.DEFAVORABLE: "erreur",
    AvisRendu.Sens.SANS_AVIS: "neutre",
}


def demandes_d_avis(demandes: Any) -> Any:
    """Keep the requested opinions, in order, without those cancelled."""
    return (
        demandes.filter(nature=Demande.Nature.AVIS, annulee_le=None)
        .select_related("direction", "commune", "compte", "piece", "avis_rendu")
        .order_by("ouverte_le", "pk")
    )


def avis_de(projet: Projet, demandes: Iterable[Demande] | None = None) -> list[Avis]:
    """Return the opinions. `demandes`: the `demandes_d_avis` of the projet, if already read."""
    lus = []
    for demande in demandes_d_avis(projet.demandes) if demandes is None else demandes:
        rendu = getattr(demande, "avis_rendu", None)
        sens = rendu.get_sens_display() if rendu else ("répondu" if demande.repondue_le else "attendu")
        lus.append(Avis(demande, sens, COULEURS.get(rendu.sens, "info") if rendu else "info"))
    return lus


def compte_des_avis(avis: Sequence[Avis]) -> str:
    """« 2/3 »: opinions given out of those requested; "" if none."""
    return f"{sum(1 for a in avis if a.demande.repondue_le)}/{len(avis)}" if avis else ""


def pourquoi_moi(projet: Projet) -> Entree | None:
    """Last line of the journal that explains the choice of the instructor."""
    lignes = projet.journal.filter(acte__in=AFFECTATIONS).select_related("par")
    return lignes.order_by("-le", "-pk").first()


def historique_du_porteur(projet: Projet) -> Any:
    """Other projets of the porteur, the most recent first, drafts left out, as a queryset."""
    autres: Any = Projet.objects.filter(porte_par=projet.porte_par_id, porte_par__isnull=False)
    return autres.exclude(pk=projet.pk).exclude(etat=Etat.BROUILLON).order_by("-ouvert_le", "-pk")


def commentaires_de(projet: Projet) -> list[Commentaire]:
    return list(projet.commentaires.select_related("par"))


def messages_de(projet: Projet) -> list[MessageProjet]:
    return list(projet.messages.select_related("par"))
