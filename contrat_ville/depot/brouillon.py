"""Draft of a projet: begun, its texts, its porteur and its documents; their forms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from stdnum.fr.siret import compact

from contrat_ville.instruction.dossier import pieces_de, pieces_en_cours
from contrat_ville.models import (
    Axe,
    Equipier,
    Objectif,
    PieceProjet,
    Porteur,
    Programmation,
    Projet,
    ReglementDepot,
    TypePiece,
)
from contrat_ville.models.manques import CHAMPS_DES_ETAPES
from contrat_ville.models.porteurs import lire_rna, lire_siret
from participation.socle.actions import enregistrer, exiger
from participation.socle.actions.pieces import EXTENSIONS, joindre, retirer_piece
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    ChampFichier,
    champ_case,
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
    voies_proposees,
)
from participation.socle.francais import accorder, majuscule
from participation.socle.models import Commune, Compte, Piece, Quartier
from participation.socle.regles.versions import exiger_version

DOUBLE_CLIC = timedelta(seconds=30)


@transaction.atomic
def commencer(*, par: Compte, programmation: Programmation, titre: str) -> Projet:
    """Create a draft, whose creator is the first signataire.

    A double click gives the same draft. Raises ErreurMetier when the call is closed or when the person has
    too many drafts.
    """
    if not programmation.est_ouverte:
        raise ErreurMetier("L’appel à projets n’est pas ouvert.")
    Compte.objects.select_for_update().get(pk=par.pk)  # serialises the clicks of one person
    brouillons = Projet.objects.filter(auteur=par, etat="brouillon")
    recents = brouillons.filter(programmation=programmation, cree_le__gte=timezone.now() - DOUBLE_CLIC)
    deux_fois: Any = recents.filter(titre=titre).first()
    if isinstance(deux_fois, Projet):
        return deux_fois
    siens = brouillons.count()
    if siens >= ReglementDepot.actuel().brouillons_par_personne:
        raise ErreurMetier(
            f"Vous avez déjà {accorder(siens, 'brouillon')} : déposez-en un, ou retirez-en un d’abord."
        )
    projet = enregistrer(Projet(auteur=par, programmation=programmation, titre=titre))
    Equipier.objects.create(projet=projet, compte=par, role=Equipier.Role.SIGNATAIRE)
    return projet


# Fields that two windows may both change: those of `SURVEILLES` in the form, in the same order.
TEXTES = (
    *("titre", "objet", "description", "objectifs"),
    *("publics", "participation_habitants", "lieux"),
    *("moyens_humains", "moyens_materiels", "evaluation_prevue"),
)


@transaction.atomic
def enregistrer_brouillon(
    projet: Projet,
    *,
    par: Compte,
    quartiers: Iterable[Quartier] | None = None,
    communes: Iterable[Commune] | None = None,
    vu: str = "",
    **champs: Any,
) -> None:
    """Save what the team has written, complete or not, without a line in the journal.

    `vu`: the version shown by the page. Raises TexteDepasse when another window changed it since.
    """
    exiger(projet, "enregistrer_brouillon", par=par)
    exiger_version(projet, {champ: champs[champ] for champ in TEXTES if champ in champs}, vu)
    if quartiers is not None:
        projet.quartiers.set(quartiers)
    if communes is not None:
        projet.communes.set(communes)
    enregistrer(projet, **champs)


# Porteur
@transaction.atomic
def dire_porteur(projet: Projet, *, par: Compte, **champs: Any) -> None:
    """Set the porteur of the projet. Raises ValidationError.

    An organisation already known by its SIRET is used as it is: a team cannot change what another one wrote.
    """
    exiger(projet, "enregistrer_brouillon", par=par)
    connue = porteur_connu(champs.get("siret"))
    actuel = projet.porte_par
    if connue is not None and (actuel is None or connue.pk != actuel.pk):
        enregistrer(projet, porte_par=connue)
        return
    porteur = actuel if actuel is not None and est_a_lui_seul(actuel, projet) else Porteur()
    enregistrer(porteur, **champs)
    enregistrer(projet, porte_par=porteur)


def porteur_connu(siret: str | None) -> Porteur | None:
    return Porteur.objects.filter(siret=compact(siret)).first() if siret else None


def est_a_lui_seul(porteur: Porteur, projet: Projet) -> bool:
    """Whether only this projet uses the porteur, and so may change it."""
    return not porteur.projets.exclude(pk=projet.pk).exists()


# Papers
@transaction.atomic
def retirer_du_projet(projet: Projet, *, par: Compte, piece: Piece) -> None:
    """Remove a paper of the projet, while the team may write. Raises ActeInterdit."""
    exiger(projet, "enregistrer_brouillon", par=par)
    retirer_piece(piece, par=par)


@transaction.atomic
def joindre_au_projet(
    projet: Projet,
    *,
    par: Compte,
    type_piece: TypePiece,
    fichier: UploadedFile,
    aussi: Iterable[TypePiece] = (),
) -> Piece:
    """Join a paper of this type, which is also those of `aussi`. Raises ValidationError.

    It replaces the former ones, hidden once each of their types has a newer file. The same file sent again gets one
    more type.
    """
    exiger(projet, "enregistrer_brouillon", par=par)
    types = {un.pk: un for un in (type_piece, *aussi)}
    siennes = projet.pieces.filter(du_projet__isnull=False, retiree_le=None).distinct()
    piece = joindre(projet, fichier=fichier, titre=_titre_de(types.values()), par=par, parmi=siennes)
    piece.du_projet.filter(type_piece__in=types).delete()  # the newest link of a type is the one that counts
    PieceProjet.objects.bulk_create(PieceProjet(piece=piece, type_piece=un) for un in types.values())
    en_cours = {lien.piece_id for lien in pieces_en_cours(projet)}
    for ancienne in siennes.exclude(pk__in=en_cours).select_related("dossier").order_by("pk"):
        retirer_piece(ancienne, par=par, motif="Remplacée.")
    piece.titre = _titre_de(lien.type_piece for lien in piece.du_projet.select_related("type_piece"))
    piece.save(update_fields=["titre"])
    return piece


def _titre_de(types: Iterable[TypePiece]) -> str:
    premier, *autres = sorted(un.nom for un in types)
    return f"{premier} et {accorder(len(autres), 'autre pièce')}" if autres else premier


ATTENDUS = {champ.removesuffix("_id") for champs in CHAMPS_DES_ETAPES.values() for champ, _ in champs}


class CommencerForm(ActeForm):
    titre = champ_ligne(
        "Le nom de votre projet",
        "Court : il se lit dans une liste.",
        maximum=160,
        erreur="Donnez un nom au projet.",
    )


class EtapeForm(ActeForm):
    """A step of the draft. Every field may be empty: the page shows what is missing beside the form."""

    objet: Projet
    CHAMPS: ClassVar[Sequence[str]] = ()
    AUSSI_ATTENDUS: ClassVar[frozenset[str]] = frozenset()

    def preparer(self) -> None:
        """Mark the fields needed for the deposit, or to give the projet back.

        The others are « facultatif ».
        """
        avant = "déposer" if self.objet.depose_le is None else "renvoyer"
        for nom in ATTENDUS | self.AUSSI_ATTENDUS:
            if nom in self.fields:
                champ: Any = self.fields[nom]
                champ.attendu = f"à remplir avant de {avant}"

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.CHAMPS}


class PorteurForm(EtapeForm):
    AUSSI_ATTENDUS = frozenset({"representant", "courriel"})
    CHAMPS = (
        "nature", "nom", "sigle", "siret", "rna", "adresse", "code_postal", "ville", "representant",
        "qualite_representant", "courriel", "telephone",
    )  # fmt: skip

    nature = champ_choix("Vous êtes", [(v, majuscule(t)) for v, t in Porteur.Nature.choices], boutons=True)
    nom = champ_ligne(
        "Nom de la structure ou du collectif",
        maximum=160,
        erreur="Dites le nom du porteur.",
        attributs={"autocomplete": "organization"},
    )
    sigle = champ_ligne("Sigle", requis=False, maximum=30, court=True)
    siret = champ_ligne(
        "SIRET",
        "Quatorze chiffres. Laissez vide si vous n’en avez pas.",
        requis=False,
        maximum=20,
        court=True,
        attributs={"inputmode": "numeric", "autocomplete": "off"},
    )
    rna = champ_ligne(
        "Numéro RNA", "Pour une association : W et neuf chiffres.", requis=False, maximum=20, court=True
    )
    adresse = champ_ligne(
        "Adresse",
        requis=False,
        maximum=200,
        attributs={"autocomplete": "address-line1", **voies_proposees("ville")},
    )
    code_postal = champ_ligne(
        "Code postal",
        requis=False,
        maximum=5,
        court=True,
        attributs={"inputmode": "numeric", "autocomplete": "postal-code"},
    )
    ville = champ_ligne("Ville", requis=False, maximum=80, attributs={"autocomplete": "address-level2"})
    representant = champ_ligne("Qui représente le porteur", "Prénom et nom.", requis=False, maximum=120)
    qualite_representant = champ_ligne("En qualité de", "Par exemple : présidente.", requis=False, maximum=80)
    courriel = champ_courriel("Adresse de courriel du porteur", requis=False)
    telephone = champ_ligne(
        "Téléphone",
        requis=False,
        maximum=30,
        court=True,
        attributs={"inputmode": "tel", "autocomplete": "off"},
    )

    def ligne_montree(self) -> Porteur | None:
        return self.objet.porte_par

    def initiales(self) -> Mapping[str, Any]:
        dit = self.ligne or self.repris
        if dit is None:
            return {"nature": Porteur.Nature.ASSOCIATION}
        return {champ: getattr(dit, champ) for champ in self.CHAMPS}

    def preparer(self) -> None:
        super().preparer()
        if self.repris is not None:
            nom: Any = self.fields["nom"]
            nom.help_text = "Repris de votre dernier projet : relisez, et changez ce qui a changé."

    @cached_property
    def repris(self) -> Porteur | None:
        """Porteur of the last projet of the account, to fill in an empty form.

        None if a team without the account may have changed this porteur.
        """
        if self.ligne is not None or self.par is None or self.objet._state.adding:
            return None
        siens: Any = Projet.objects.de_l_equipe(self.par).filter(porte_par__isnull=False)
        dernier = siens.select_related("porte_par").order_by("-pk").first()
        porteur: Porteur | None = dernier.porte_par if dernier else None
        if porteur is None or porteur.projets.exclude(pk__in=Projet.objects.de_l_equipe(self.par)).exists():
            return None
        return porteur

    def clean_siret(self) -> str | None:
        return lire_siret(self.cleaned_data["siret"])

    def clean_rna(self) -> str:
        return lire_rna(self.cleaned_data["rna"])


class ProjetForm(EtapeForm):
    SURVEILLES = ("titre", "objet", "description", "objectifs")
    CHAMPS = (
        *SURVEILLES,
        "axe",
        "objectif",
        "est_participation",
        "est_culture",
        "est_renouvellement",
        "est_pluriannuel",
    )

    titre = champ_ligne("Le nom du projet", maximum=160, erreur="Donnez un nom au projet.")
    description = champ_texte(
        "Ce que vous voulez faire",
        "Ce qui se passe, avec qui, combien de fois.",
        requis=False,
        maximum=8000,
        lignes=8,
    )
    objectifs = champ_texte(
        "Ce que cela va changer", "Pour les gens, dans le quartier.", requis=False, maximum=4000, lignes=5
    )
    axe = champ_parmi("Axe du contrat", Axe.objects.all(), requis=False)
    objectif = champ_parmi("Objectif", Objectif.objects.select_related("axe"), requis=False)
    est_participation = champ_case("C’est un projet de participation citoyenne", requis=False)
    est_culture = champ_case("C’est un projet culturel", requis=False)
    est_renouvellement = champ_case("Il continue un projet déjà financé", requis=False)
    est_pluriannuel = champ_case("Il dure plusieurs années", requis=False)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        objectif, axe = donnees.get("objectif"), donnees.get("axe")
        if objectif is not None and axe is not None and objectif.axe_id != axe.pk:
            self.add_error("objectif", "Cet objectif n’est pas de cet axe.")
        return donnees


# `objet` already names the object of the form, so this field is added to `base_fields`.
ProjetForm.base_fields["objet"] = champ_ligne(
    "Le projet en une phrase", "Comme vous le diriez à une voisine.", requis=False, maximum=300
)
ProjetForm.base_fields = {
    nom: ProjetForm.base_fields[nom]
    for nom in ("titre", "objet", *(n for n in ProjetForm.base_fields if n not in {"titre", "objet"}))
}


class PublicsForm(EtapeForm):
    AUSSI_ATTENDUS = frozenset({"quartiers"})
    SURVEILLES = ("publics", "participation_habitants", "lieux")
    CHAMPS = (*SURVEILLES, "nombre_beneficiaires")

    publics = champ_texte(
        "Pour qui", "Âge, situation, comment vous les rencontrez.", requis=False, maximum=2000, lignes=4
    )
    nombre_beneficiaires = champ_nombre(
        "Combien de personnes, à peu près", minimum=0, maximum=1_000_000, requis=False
    )
    participation_habitants = champ_texte(
        "La place des habitantes et des habitants",
        "Qui a eu l’idée ? Qui décide ? Qui fait ?",
        requis=False,
        maximum=4000,
        lignes=5,
    )
    quartiers = champ_cases("Dans quels quartiers", (), requis=False)
    lieux = champ_ligne(
        "Les lieux précis", "Par exemple : la place, la maison des habitants.", requis=False, maximum=300
    )

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "quartiers": [str(q.pk) for q in self.objet.quartiers.all()]}

    def preparer(self) -> None:
        super().preparer()
        cases: Any = self.fields["quartiers"]
        cases.choices = [(str(q.pk), str(q)) for q in Quartier.objects.select_related("commune")]

    def clean_quartiers(self) -> list[Quartier]:
        return list(Quartier.objects.filter(pk__in=self.cleaned_data["quartiers"]))


class MoyensForm(EtapeForm):
    SURVEILLES = ("moyens_humains", "moyens_materiels", "evaluation_prevue")
    CHAMPS = ("date_debut", "date_fin", *SURVEILLES)

    date_debut = champ_jour("Début du projet", requis=False)
    date_fin = champ_jour("Fin du projet", requis=False)
    moyens_humains = champ_texte(
        "Qui y travaille",
        "Bénévoles, personnes salariées, partenaires.",
        requis=False,
        maximum=3000,
        lignes=4,
    )
    moyens_materiels = champ_texte(
        "De quoi vous avez besoin", "Local, matériel, prêt.", requis=False, maximum=3000, lignes=3
    )
    evaluation_prevue = champ_texte(
        "Comment vous saurez si c’est réussi",
        "Ce que vous compterez, à qui vous demanderez.",
        requis=False,
        maximum=3000,
        lignes=4,
    )


class JoindreForm(ActeForm):
    objet: Projet

    type_piece = champ_parmi("Quelle pièce", None, vide=None)
    fichier = ChampFichier(
        label="Fichier",
        help_text="PDF, photo ou document.",
        # With `accept`, a phone converts its own photo format into one of these.
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(EXTENSIONS))}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    aussi = champ_cases(
        "Ce fichier contient aussi", (), "Si un seul fichier réunit plusieurs pièces.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        """Select the first paper still missing, so that a paper just sent is not replaced by mistake."""
        manquante = next((t for t, jointe in pieces_de(self.objet) if jointe is None), None)
        return {"type_piece": manquante} if manquante is not None else {}

    def preparer(self) -> None:
        types = [t for t, _ in pieces_de(self.objet)]
        self.choisir("type_piece", TypePiece.objects.filter(pk__in=[t.pk for t in types]))
        aussi: Any = self.fields["aussi"]
        aussi.choices = [(str(t.pk), t.nom) for t in types]
        if len(types) < 2:
            del self.fields["aussi"]

    def clean_aussi(self) -> list[TypePiece]:
        return list(TypePiece.objects.filter(pk__in=self.cleaned_data["aussi"]))
