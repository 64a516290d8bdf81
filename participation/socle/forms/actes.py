"""What an act asks for: one signature for all, and the words of the commonest questions."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model

from participation.socle.forms.champs import champ_case, champ_ligne, champ_parmi, champ_texte
from participation.socle.models import Compte, Dossier
from participation.socle.versions import CHAMP, MONTRE, empreinte


class ToutDire(forms.Form):
    """Says at once all that is missing: beside an empty field, what the act would refuse of the others (`exiger`)."""

    def exiger(self, dit: Mapping[str, Any]) -> None:
        """The rule of the act, which asks it again. Raises ValidationError on its fields."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if self.errors:
            try:
                self.exiger(dit)
            except ValidationError as refus:
                for champ, fautes in refus.error_dict.items():
                    if champ not in self.errors:
                        self.add_error(champ, fautes)
        return dit


class ActeForm(forms.Form):
    """The form of an act on `objet` (None: on many at once), bound by the one page of acts. Rules belong to actions and constraints.

    `SURVEILLES`: texts of `objet` that others may change meanwhile; then `vu` is given to the action, which asks `exiger_version`.
    `montres`: without it, the fields of `objet` (or of its `ligne`) that the page shows as they are, to be changed: looked at again
    before the action.
    """

    SURVEILLES: ClassVar[Sequence[str]] = ()

    def __init__(self, data: Any = None, files: Any = None, *, objet: Any, par: Any = None) -> None:
        self.objet = objet
        self.par: Compte | None = par
        self.ligne = self.ligne_montree()
        super().__init__(data, files, initial=dict(self.initiales()))
        if self.SURVEILLES:
            self.fields[CHAMP] = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
            self.initial[CHAMP] = empreinte(objet, self.SURVEILLES)
        self.preparer()
        self.montres = self._montres()

    def _montres(self) -> tuple[str, ...]:
        if self.SURVEILLES or not isinstance(self.ligne, Model) or self.ligne.pk is None:
            return ()
        siens = {champ.name for champ in self.ligne._meta.concrete_fields}
        return tuple(
            nom
            for nom in self.fields
            if nom in siens and nom in self.initial and self.initial[nom] == getattr(self.ligne, nom)
        )

    @property
    def montre(self) -> str:
        """What the page was made from, kept from one refusal to the next."""
        return str(self.data.get(MONTRE) or empreinte(self.ligne, self.montres))

    def ligne_montree(self) -> Any:
        """The row that the page shows and the act changes: `objet`, unless it is one that hangs on it (its porteur, its bilan)."""
        return self.objet

    def initiales(self) -> Mapping[str, Any]:
        """What the fields hold before anything is typed: the texts watched, by default."""
        return {champ: getattr(self.objet, champ) for champ in self.SURVEILLES}

    def preparer(self) -> None:
        """Choices, labels and fields that depend on `self.objet`, or on who acts (`self.par`)."""

    def relire(self) -> None:
        """The page now shows today's text: sending it again is a choice. Where she wrote nothing, it is what another wrote."""
        envoyees: Any = self.data
        donnees = envoyees.copy()  # every value of a choice of many
        donnees[CHAMP] = empreinte(self.objet, self.SURVEILLES)
        donnees[MONTRE] = empreinte(self.ligne, self.montres)
        for champ in self.SURVEILLES:
            actuel = getattr(self.objet, champ)
            if actuel and not str(donnees.get(champ, "")).strip():
                donnees[champ] = actuel
                self.errors.pop(champ, None)
        self.data = donnees

    def choisir(self, champ: str, possibles: Any) -> None:
        """Give its rows to a field of choice."""
        choix: Any = self.fields[champ]
        choix.queryset = possibles


def demander_texte(
    libelle: str,
    *,
    nom: str = "motif",
    aide: str = "",
    maximum: int = 2000,
    lignes: int = 3,
    facultatif: bool = False,
    erreur: str = "",
    actuel: bool = False,
) -> type[ActeForm]:
    """The form of an act that asks for one text: a reason, a note, a word. `lignes` 1: a single line; `erreur`: when it is empty.

    `actuel`: what the object of the act says today under this name is already typed.
    """
    champ = champ_texte(libelle, aide, maximum=maximum, lignes=lignes, requis=not facultatif, erreur=erreur)
    corps: dict[str, Any] = {nom: champ}
    if actuel:
        corps["initiales"] = lambda form: {nom: getattr(form.objet, nom)}
    return type("TexteForm", (ActeForm,), corps)


class PrendreEnChargeForm(ActeForm):
    agent = champ_parmi(
        "Agent chargé du suivi",
        Compte.objects.none(),
        "Ses échéances passent avec le dossier. Si ce n’est pas vous, la personne reçoit un courriel.",
        vide=None,
    )

    def initiales(self) -> Mapping[str, Any]:
        # Who takes charge is most often who pushes the button.
        return {**super().initiales(), "agent": self.par}

    def preparer(self) -> None:
        reserve = self.objet is not None and self.objet.est_reserve
        self.choisir("agent", Compte.objects.referents() if reserve else Compte.objects.agents_du_service())


NoterForm = demander_texte(
    "Note",
    nom="note",
    aide="Visible des agents du service seulement. Elle ne pourra être ni changée ni effacée.",
    maximum=5000,
    lignes=10,
)
AnnulerDemandeForm = demander_texte(
    "Pourquoi annuler cette demande", aide="La personne à qui elle était adressée lit ces mots."
)
RelancerDemandeForm = demander_texte(
    "Un mot de votre part",
    nom="mot",
    aide="Ajouté à la lettre, avant le rappel de la demande.",
    facultatif=True,
)
RetirerPieceForm = demander_texte(
    "Pourquoi la retirer", aide="Écrit dans le journal du dossier.", maximum=160, lignes=1
)


class JoindrePieceForm(ActeForm):
    objet: Dossier

    titre = champ_ligne("Titre de la pièce", maximum=160)
    fichier = forms.FileField(label="Fichier")
    est_publique = champ_case(
        "Montrer cette pièce au public",
        "Elle est alors visible sur la page publique du dossier.",
        requis=False,
    )

    def preparer(self) -> None:
        taille = settings.PIECE_TAILLE_MAX // (1024 * 1024)
        self.fields["fichier"].help_text = f"PDF, image, document ou tableur, {taille} Mo au plus."
