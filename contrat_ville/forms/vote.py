"""Forms around a vote: its rule, codes, paper ballots, derogations from the result."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from contrat_ville.models.inter_quartiers import ProjetQuartier
from contrat_ville.models.vote import LOT_MAX, NUL, BulletinPapier, ProjetAuVote, Scrutin
from contrat_ville.models.vote.scrutins import AUGMENTATIONS, REGLES, UTILITES
from contrat_ville.regles import bulletin
from contrat_ville.workflow.vote import ModeVote, NatureLot
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from participation.socle.models import Quartier

MOTIF = "Écrit dans le journal du vote."


def _dits(choix: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(valeur, majuscule(str(mots))) for valeur, mots in choix]


class ReglesForm(ActeForm):
    """The rule of the vote, in the words of the public page."""

    objet: Scrutin

    qui_vote = champ_texte(
        "Qui peut voter",
        "Âge, quartiers, comment obtenir un code : en phrases simples.",
        maximum=1500,
        lignes=4,
    )
    mode = champ_choix("Bulletin", _dits(ModeVote.choices), boutons=True)
    nombre_max = forms.IntegerField(
        label="Projets au plus sur un bulletin", min_value=1, max_value=50, initial=5
    )
    points = forms.IntegerField(
        label="Points à donner",
        help_text="Seulement si l’on donne des points.",
        min_value=1,
        max_value=100,
        initial=10,
    )
    regle = champ_choix("Règle du résultat", _dits(REGLES), boutons=True)
    utilite = champ_choix(
        "Parts égales : à chaque étape, le projet pris est celui dont", UTILITES, boutons=True
    )
    augmentation = champ_choix("Parts égales : augmentation des parts", _dits(AUGMENTATIONS), boutons=True)
    completion = champ_case(
        "Parts égales : compléter avec ce qui reste du budget",
        "Du projet le plus soutenu au moins soutenu.",
        requis=False,
    )
    minimum = forms.IntegerField(
        label="Bulletins qu’un projet doit avoir au moins", min_value=1, max_value=1_000_000, initial=1
    )

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.base_fields}

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        if lus.get("mode") == ModeVote.POINTS and lus.get("points", 0) < 2:
            self.add_error("points", "Avec un seul point, choisissez plutôt « choisir des projets ».")
        return lus


class IncompatiblesForm(ActeForm):
    objet: Scrutin

    un = champ_parmi("Premier projet", ProjetQuartier.objects.none())
    autre = champ_parmi("Second projet", ProjetQuartier.objects.none())
    raison = champ_ligne("Pourquoi les deux ne peuvent pas se faire", "Lu par tous.", maximum=200)

    def preparer(self) -> None:
        projets = ProjetQuartier.objects.filter(budget=self.objet.budget_id).au_vote().order_by("reference")
        self.choisir("un", projets)
        self.choisir("autre", projets)


class LotForm(ActeForm):
    objet: Scrutin

    nature = champ_choix(
        "Forme",
        _dits(c for c in NatureLot.choices if c[0] != NatureLot.ACCUEIL),
        boutons=True,
        initial=NatureLot.FEUILLES,
    )
    quartier = champ_parmi(
        "Quartier",
        Quartier.objects.none(),
        "Pour compter la participation par quartier.",
        requis=False,
        vide="Sans quartier",
    )
    libelle = champ_ligne(
        "Nom du lot", "Par exemple « Maison des habitants, mars ».", maximum=120, requis=False
    )
    nombre = forms.IntegerField(
        label="Nombre de codes",
        help_text="Pour des feuilles à découper.",
        min_value=1,
        max_value=LOT_MAX,
        required=False,
    )
    adresses = champ_texte(
        "Destinataires",
        "Courriels : une adresse par ligne. Lettres : nom, rue, code postal et ville séparés par des points-virgules, une "
        "lettre par ligne. Effacés dès que les codes sont faits.",
        maximum=600_000,
        lignes=6,
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir("quartier", Quartier.objects.order_by("nom"))

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        nature = lus.get("nature")
        lignes = [ligne.strip() for ligne in (lus.pop("adresses", "") or "").splitlines() if ligne.strip()]
        if nature == NatureLot.FEUILLES:
            if not lus.get("nombre"):
                self.add_error("nombre", "Dites combien de codes imprimer.")
            lignes = []
        elif not lignes and "adresses" not in self.errors:
            self.add_error("adresses", "Donnez une adresse par ligne.")
        if len(lignes) > LOT_MAX:
            self.add_error("adresses", f"{len(lignes)} destinataires : {LOT_MAX} au plus à la fois.")
        if nature == NatureLot.COURRIELS:
            fausses = [ligne for ligne in lignes if not _est_courriel(ligne)]
            if fausses:
                self.add_error("adresses", f"Ce n’est pas une adresse de courriel : {', '.join(fausses[:5])}")
            lignes = list(dict.fromkeys(ligne.lower() for ligne in lignes))
        lus["destinataires"] = ["\n".join(m.strip() for m in ligne.split(";")) for ligne in lignes]
        lus["nombre"] = lus.get("nombre") or 0
        return lus


def _est_courriel(texte: str) -> bool:
    try:
        validate_email(texte)
    except ValidationError:
        return False
    return True


class RevoquerCodeForm(ActeForm):
    numero = forms.IntegerField(
        label="Numéro du code",
        help_text="Imprimé à côté du code. Le code lui-même n’est pas demandé.",
        min_value=1,
    )
    motif = champ_ligne("Pourquoi", MOTIF, maximum=300)


class RetirerPapierForm(ActeForm):
    numero = forms.IntegerField(label="Numéro écrit sur le bulletin", min_value=1)
    motif = champ_ligne("Pourquoi", "Écrit dans le journal du vote.", maximum=300)


RevoquerLotForm = demander_texte("Pourquoi", aide=MOTIF, maximum=300)
RemettreCodeForm = demander_texte(
    "Pourquoi",
    nom="raison",
    aide="Par exemple « feuille perdue, code n° 12 révoqué ». Ne nommez personne.",
    maximum=300,
    lignes=1,
)
AnnulerScrutinForm = demander_texte("Pourquoi", aide="La raison est publique.")
ReprendreForm = demander_texte("Pourquoi", aide=MOTIF)


class EmargerForm(ActeForm):
    code = champ_ligne(
        "Code de la personne",
        "Douze lettres et chiffres. Il ne pourra plus servir en ligne.",
        maximum=40,
        attributs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class _BulletinForm(ActeForm):
    """One field for each projet, named by its number, and the choice of a blank or void ballot."""

    scrutin: Scrutin

    def ajouter_projets(self, scrutin: Scrutin) -> None:
        self.scrutin = scrutin
        for ligne in scrutin.projets.order_by("numero"):
            nom = f"projet_{ligne.numero}"
            if scrutin.est_par_points:
                self.fields[nom] = forms.IntegerField(
                    label=str(ligne), required=False, min_value=0, max_value=scrutin.points
                )
            else:
                self.fields[nom] = forms.BooleanField(label=str(ligne), required=False)
        self.fields["special"] = forms.ChoiceField(
            label="Ce bulletin est",
            choices=[
                ("", "rempli, comme ci-dessus"),
                ("blanc", "blanc"),
                (NUL, "nul : illisible, ou trop rempli"),
            ],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        points = {
            int(nom.removeprefix("projet_")): int(lus.pop(nom) or 0)
            for nom in [n for n in self.fields if n.startswith("projet_")]
            if nom in lus
        }
        special = lus.pop("special", "")
        choix = bulletin.ecrire(points)
        if special and choix:
            self.add_error("special", "Ce bulletin porte des projets : il n’est ni blanc ni nul.")
        if not special and not choix and not self.errors:
            self.add_error("special", "Aucun projet : dites s’il est blanc ou nul.")
        if not special:
            try:
                bulletin.verifier(
                    bulletin.lire(choix),
                    numeros=list(points),
                    nombre_max=self.scrutin.nombre_max,
                    points=self.scrutin.points if self.scrutin.est_par_points else 0,
                )
            except bulletin.BulletinRefuse as refus:
                self.add_error(None, f"{refus} Si le papier est ainsi, il est nul.")
        lus["choix"] = NUL if special == NUL else choix
        return lus


class PapierForm(_BulletinForm):
    objet: Scrutin

    numero = forms.IntegerField(label="Numéro écrit sur le bulletin", min_value=1, max_value=1_000_000)

    def preparer(self) -> None:
        self.ajouter_projets(self.objet)


class TrancherForm(_BulletinForm):
    objet: BulletinPapier

    def preparer(self) -> None:
        self.ajouter_projets(self.objet.scrutin)
        self.fields["raison"] = champ_ligne("Ce qui faisait différer les deux saisies", MOTIF, maximum=300)


class DerogerForm(ActeForm):
    objet: Scrutin

    ligne = champ_parmi(
        "Projet",
        ProjetAuVote.objects.none(),
        "Un projet que le résultat retient sera écarté ; un autre sera ajouté, si le budget le permet.",
    )
    raison = champ_texte("Raison, lue par tous", maximum=2000, lignes=4)

    def preparer(self) -> None:
        self.choisir("ligne", self.objet.projets.all())
