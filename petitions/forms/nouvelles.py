"""Forms about the messages of the author to signers."""

from collections.abc import Mapping
from typing import Any

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_ligne, champ_texte
from petitions.models import Nouvelle, Petition


class ProposerNouvelleForm(ActeForm):
    objet: Petition

    titre = champ_ligne("Titre", "En quelques mots : ce qu’il y a de nouveau.", maximum=120)
    texte = champ_texte(
        "Votre message",
        "Ce qui a changé, ce que vous préparez. N’y mettez le nom ni l’adresse de personne sans son accord.",
        maximum=3000,
        lignes=10,
        erreur="Écrivez votre message.",
    )

    def initiales(self) -> Mapping[str, Any]:
        """Start from the last message if it was refused or taken back."""
        derniere = self.objet.nouvelles.first()
        if derniere is None or derniere.etat not in {Nouvelle.Etat.REFUSEE, Nouvelle.Etat.REPRISE}:
            return {}
        return {"titre": derniere.titre, "texte": derniere.texte}


RefuserNouvelleForm = demander_texte(
    "Pourquoi il n’est pas publié",
    aide="Envoyé à l’auteur, qui peut écrire son message autrement.",
    erreur="Dites à l’auteur pourquoi.",
)
DepublierNouvelleForm = demander_texte(
    "Pourquoi il est retiré",
    aide="Envoyé à l’auteur. Les lettres déjà parties ne peuvent pas être reprises.",
    erreur="Dites à l’auteur pourquoi.",
)
