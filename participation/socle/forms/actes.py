"""Base of the forms of acts, and forms of the commonest acts, of demandes and of letters on paper."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import (
    ChampFichier,
    champ_case,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_qui,
    champ_texte,
    propose,
)
from participation.socle.forms.montre import montre
from participation.socle.forms.relecture import ChampRelu
from participation.socle.models import Compte, Demande, Dossier
from participation.socle.regles.traces import nommer_qui
from participation.socle.regles.versions import CHAMP, MONTRE, empreinte, resumer

TELS_QUELS = "tels_quels"


class ToutDire(forms.Form):
    """A form that shows all its errors at once.

    When a field is empty, it also shows the errors that the act would find in the others.
    """

    def exiger(self, dit: Mapping[str, Any]) -> None:
        """Check the rule of the act, which the action checks again. Raises ValidationError on fields."""
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
    """The form of an act on `objet` (None: on many objects at once). Rules belong to actions and constraints.

    What its page showed is compared before the action (`forms/montre`). `ACTUELS`: fields that begin with the
    present value of `objet`. `SURVEILLES`: texts of `objet` that are
    also saved otherwise than by the page of an act; the action then gets `vu` and calls `exiger_version`.
    """

    bound_field_class = ChampRelu
    # Fields that the public, or strangers, will read: a name, a number or an address of a person there is asked about.
    PUBLICS: ClassVar[Sequence[str]] = ()
    # The box that lets it stay, and what it says.
    TELS_QUELS: ClassVar[tuple[str, str]] = (
        "Publier ces mots tels quels",
        "Cette personne peut être nommée en public.",
    )
    ACTUELS: ClassVar[Sequence[str]] = ()
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
        if self.is_bound and any(nommer_qui(str(self.data.get(nom, ""))) for nom in self.PUBLICS):
            self.fields[TELS_QUELS] = champ_case(*self.TELS_QUELS, requis=False)

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if not dit.pop(TELS_QUELS, False):
            for nom in self.PUBLICS:
                if quoi := nommer_qui(str(dit.get(nom) or "")):
                    self.add_error(nom, f"{quoi} Retirez-le, ou cochez « {self.TELS_QUELS[0]} ».")
        return dit

    @property
    def montre(self) -> str:
        """What the page showed of the object, kept after a refused form."""
        return str(self.data.get(MONTRE) or resumer(montre(self.objet, self)))

    def ligne_montree(self) -> Any:
        """Return the row that the page shows and the act changes.

        By default `objet`; otherwise a row related to it (its porteur, its bilan).
        """
        return self.objet

    def initiales(self) -> Mapping[str, Any]:
        """Return the initial values of the fields: by default, those of `ACTUELS` and `SURVEILLES`."""
        return {champ: getattr(self.objet, champ) for champ in (*self.ACTUELS, *self.SURVEILLES)}

    def preparer(self) -> None:
        """Set the choices, labels and fields that depend on `self.objet` or on `self.par`, who acts."""

    def relire(self, champs: Iterable[str]) -> None:
        """Accept the present texts of these fields as seen: sending the form again is then a choice.

        A field left empty gets the text that another person wrote.
        """
        envoyees: Any = self.data
        donnees = envoyees.copy()  # copied with every value of multiple choices
        donnees[CHAMP] = empreinte(self.objet, self.SURVEILLES)
        for champ in champs:
            actuel = getattr(self.ligne, champ, "")
            if isinstance(actuel, str) and actuel and not str(donnees.get(champ, "")).strip():
                donnees[champ] = actuel
                self.errors.pop(champ, None)
        self.data = donnees

    def choisir(self, champ: str, possibles: Any) -> None:
        """Set the rows of a choice field: all of them, since a sliced queryset refuses every answer."""
        if possibles.query.is_sliced:
            raise ValueError(f"The rows of « {champ} » are sliced.")
        choix: Any = self.fields[champ]
        choix.queryset = possibles


class ModeleForm(ActeForm, forms.ModelForm):  # type: ignore[type-arg]  # ModelForm takes no argument when it runs
    """Fields of a model, named by `Meta`. The row stays as it is: the action validates it."""

    def _post_clean(self) -> None:
        """What Django would do here fills the row, and validates it."""


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
    se_relit: bool = True,
) -> type[ActeForm]:
    """Return the form of an act that asks for one text: a reason, a note.

    `lignes` 1: a single line. `erreur`: message when it is empty. `actuel`: the field begins with the present
    value of the object.
    """
    champ = champ_texte(
        libelle, aide, maximum=maximum, lignes=lignes, requis=not facultatif, erreur=erreur, se_relit=se_relit
    )
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
        # The person who takes charge is most often the one who clicks.
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
    se_relit=False,
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


THEMES_MONTRES = 40


class ThemeForm(ActeForm):
    ACTUELS = ("theme",)

    theme = champ_ligne("Thème", maximum=120, requis=False)

    def preparer(self) -> None:
        publies = Dossier.objects.filter(est_publie=True).exclude(theme="").order_by()  # read in their index
        connus = publies.values_list("theme", flat=True).distinct()
        if dits := sorted(set(connus[:THEMES_MONTRES])):
            self.fields["theme"].help_text = f"Les mêmes mots d’un dossier à l’autre : {', '.join(dits)}."


class JoindrePieceForm(ActeForm):
    objet: Dossier

    titre = champ_ligne("Titre de la pièce", maximum=160)
    fichier = ChampFichier(label="Fichier")
    est_publique = champ_case(
        "Montrer cette pièce au public",
        "Elle est alors visible sur la page publique du dossier.",
        requis=False,
    )

    def preparer(self) -> None:
        taille = settings.PIECE_TAILLE_MAX // (1024 * 1024)
        self.fields["fichier"].help_text = f"PDF, image, document ou tableur, {taille} Mo au plus."


def refuser(form: BaseForm, erreur: ErreurMetier | ValidationError) -> None:
    """Add the messages of a refusal to the form, each on its field if the form has it."""
    if isinstance(erreur, ErreurMetier):
        form.add_error(None, erreur.message)
    elif hasattr(erreur, "error_dict"):
        for champ, erreurs in erreur.error_dict.items():
            form.add_error(champ if champ in form.fields else None, erreurs)
    else:
        form.add_error(None, erreur)


class PosterCourrierForm(ActeForm):
    date_postee = champ_jour("Posté le", erreur="Dites quel jour il est parti.")

    def initiales(self) -> Mapping[str, Any]:
        return {"date_postee": propose(timezone.localdate())}


AbandonnerCourrierForm = demander_texte(
    "Comment la personne a été prévenue, ou pourquoi ne pas poster",
    aide="Par exemple : remis en main propre à l’accueil.",
    maximum=500,
    erreur="Dites pourquoi ce courrier ne part pas.",
)


class RepondreDemandeForm(forms.Form):
    reponse = champ_texte("Votre réponse", maximum=20000, erreur="Écrivez votre réponse.", lignes=8)
    fichier = ChampFichier(
        label="Joindre un fichier",
        required=False,
        help_text="Note, plan, tableau : PDF, image ou document de bureau. Seul le service le lit.",
    )
    hors_ressort = champ_case("Ce n’est pas de notre ressort", requis=False)
    oriente_vers = champ_ligne(
        "À qui faut-il le demander ?",
        "Si ce n’est pas de votre ressort : une direction, une commune, un organisme.",
        requis=False,
        maximum=160,
    )
    nom = champ_qui()

    def __init__(self, *args: Any, demande: Demande, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reponse"].initial = demande.proposition
        if isinstance(demande.destinataire, Compte):
            self.fields["nom"].initial = demande.destinataire.get_full_name()
            del self.fields["hors_ressort"], self.fields["oriente_vers"]
        elif self.data.get("hors_ressort"):
            self.fields["reponse"].required = False

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if lues.get("hors_ressort") and not lues.get("oriente_vers"):
            self.add_error("oriente_vers", "Dites à qui il faut le demander.")
        return lues
