"""Changes made by a complément: each field when it was asked for and when it was given back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contrat_ville.lectures.completude import projet_pieces
from contrat_ville.lectures.dossier import TEXTES, budget_de
from contrat_ville.models import PhotoProjet, Projet
from participation.socle.francais import jour_texte, majuscule, montant, nombre
from participation.socle.regles.differences import Difference, comparer_textes, differences

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
        for ligne in [*budget.depenses, *budget.recettes]
    ]
    pieces = [
        f"{jointe.type_piece.nom} : {jointe.piece.nom}"
        for jointe in projet_pieces(projet)
        if jointe.piece.retiree_le is None
    ]
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
