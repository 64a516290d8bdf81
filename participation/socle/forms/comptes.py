"""Forms of sign-in and of accounts: those of allauth with our labels, and our own."""

from typing import Any, ClassVar

from allauth.account import forms as connexion
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as second_facteur
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.core.validators import EmailValidator

from participation.socle.actions.comptes import marquer_servi, utiliser_code
from participation.socle.forms.champs import champ_case, champ_choix, champ_jour, champ_parmi
from participation.socle.http import limites
from participation.socle.models import Appartenance, Commune, Compte, Direction

REGLE_MOT_DE_PASSE = "Au moins 12 caractères. Une phrase que vous retenez convient bien."
CODE = {"inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}


class FormEnFrancais:
    """Mixin for a form of allauth: our labels, hints and messages, no placeholder."""

    LIBELLES: ClassVar[dict[str, str]] = {}
    INDICES: ClassVar[dict[str, str]] = {}
    MANQUES: ClassVar[dict[str, str]] = {
        "email": "Écrivez votre adresse de courriel.",
        "login": "Écrivez votre adresse de courriel.",
        "code": "Recopiez le code.",
        "password": "Écrivez votre mot de passe.",
        "oldpassword": "Écrivez votre mot de passe actuel.",
        "password1": "Choisissez un mot de passe.",
        "password2": "Écrivez le mot de passe une seconde fois.",
        "name": "Donnez un nom à la clé.",
    }
    ATTRIBUTS: ClassVar[dict[str, dict[str, str]]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            champ.label = self.LIBELLES.get(nom, champ.label)
            champ.help_text = self.INDICES.get(nom, "")
            champ.error_messages["required"] = self.MANQUES.get(nom, "Répondez ici pour continuer.")
            if isinstance(champ, forms.EmailField):
                champ.validators = [EmailValidator()]
            for attribut, valeur in self.ATTRIBUTS.get(nom, {}).items():
                champ.widget.attrs[attribut] = valeur


class BoiteComptee:
    """Mixin for a form that sends a letter to any address: limits the number of letters for one mailbox."""

    LIMITE: ClassVar[str]

    def clean_email(self) -> str:
        courriel = str(super().clean_email())  # type: ignore[misc]  # a mixin
        if limites.tenter(context.request, self.LIMITE, courriel) is None:
            raise get_adapter().trop_d_essais(context.request, courriel)
        return courriel


class Emprunte(FormEnFrancais):
    """Mixin for sign-in on somebody else's device: the session ends when the browser closes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[limites.PAS_LE_MIEN] = champ_case(
            "Ce n’est pas mon appareil", "La connexion se ferme avec le navigateur.", requis=False
        )


class DemandeCodeForm(Emprunte, BoiteComptee, connexion.RequestLoginCodeForm):
    LIMITE = "code"
    LIBELLES = {"email": "Adresse de courriel"}
    INDICES = {"email": "Nous y envoyons un code. Pas besoin de mot de passe, ni d’avoir déjà un compte."}
    ATTRIBUTS = {"email": {"spellcheck": "false", "autocapitalize": "off"}}


class CodeForm(FormEnFrancais, connexion.ConfirmLoginCodeForm):
    LIBELLES = {"code": "Code reçu par courriel"}
    INDICES = {"code": "Six chiffres."}
    ATTRIBUTS = {"code": {**CODE, "class": "champ-court"}}


class CodeAdresseForm(FormEnFrancais, connexion.ConfirmEmailVerificationCodeForm):
    LIBELLES = CodeForm.LIBELLES
    INDICES = CodeForm.INDICES
    ATTRIBUTS = CodeForm.ATTRIBUTS


class MotDePasseForm(Emprunte, connexion.LoginForm):
    LIBELLES = {"login": "Adresse de courriel", "password": "Mot de passe"}
    ATTRIBUTS = {"login": {"spellcheck": "false", "autocapitalize": "off"}}

    def _setup_password_field(self) -> None:
        """Keep the field: allauth removes it when accounts are created without password, as here."""


class AdresseForm(FormEnFrancais, BoiteComptee, connexion.AddEmailForm):
    LIMITE = "code"
    LIBELLES = {"email": "Nouvelle adresse de courriel"}
    INDICES = {"email": "Nous y envoyons un code. L’adresse change quand vous l’avez recopié."}


class MotDePasseOublieForm(FormEnFrancais, BoiteComptee, connexion.ResetPasswordForm):
    LIMITE = "oubli"
    LIBELLES = {"email": "Adresse de courriel"}


class ChangerMotDePasseForm(FormEnFrancais, connexion.ChangePasswordForm):
    LIBELLES = {
        "oldpassword": "Mot de passe actuel",
        "password1": "Nouveau mot de passe",
        "password2": "Nouveau mot de passe, une seconde fois",
    }
    INDICES = {"password1": REGLE_MOT_DE_PASSE}


class ChoisirMotDePasseForm(FormEnFrancais, connexion.SetPasswordForm):
    LIBELLES = {"password1": "Mot de passe", "password2": "Mot de passe, une seconde fois"}
    INDICES = {"password1": REGLE_MOT_DE_PASSE}


class NouveauMotDePasseForm(FormEnFrancais, connexion.ResetPasswordKeyForm):
    LIBELLES = {"password1": "Nouveau mot de passe", "password2": "Nouveau mot de passe, une seconde fois"}
    INDICES = {"password1": REGLE_MOT_DE_PASSE}


class ConfirmerMotDePasseForm(FormEnFrancais, connexion.ReauthenticateForm):
    LIBELLES = {"password": "Mot de passe"}


class UneSeuleFois:
    """Mixin: a code of the authenticator app is accepted once only (RFC 6238 §5.2).

    allauth forgets a used code after a third of its validity.
    """

    authenticator: Authenticator

    def clean_code(self) -> str:
        code = str(super().clean_code())  # type: ignore[misc]  # a mixin
        if self.authenticator.type == Authenticator.Type.TOTP and not utiliser_code(self.authenticator, code):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class SecondFacteurForm(FormEnFrancais, UneSeuleFois, second_facteur.AuthenticateForm):
    LIBELLES = {"code": "Code"}
    INDICES = {
        "code": "Les six chiffres que montre votre application, ou l’un de vos codes de secours (huit chiffres)."
    }
    ATTRIBUTS = {"code": {**CODE, "class": "champ-court"}}


class ConfirmerSecondFacteurForm(FormEnFrancais, UneSeuleFois, second_facteur.ReauthenticateForm):
    LIBELLES = SecondFacteurForm.LIBELLES
    INDICES = SecondFacteurForm.INDICES
    ATTRIBUTS = SecondFacteurForm.ATTRIBUTS


class ActiverApplicationForm(FormEnFrancais, ActivateTOTPForm):
    LIBELLES = {"code": "Code montré par l’application"}
    INDICES = {"code": "Six chiffres, qui changent toutes les trente secondes."}
    ATTRIBUTS = {"code": {**CODE, "class": "champ-court"}}

    def clean_code(self) -> str:
        code = str(super().clean_code())
        marquer_servi(self.user, code)
        return code


class AjouterCleForm(FormEnFrancais, AddWebAuthnForm):
    LIBELLES = {"name": "Nom de la clé", "passwordless": "Me connecter avec cette clé seule"}
    INDICES = {
        "name": "Pour la reconnaître plus tard : « Mon téléphone », « Clé du bureau ».",
        "passwordless": "Sans courriel ni mot de passe : l’empreinte ou le code de l’appareil suffit.",
    }


class RenommerCleForm(FormEnFrancais, EditWebAuthnForm):
    LIBELLES = {"name": "Nom de la clé"}


class MonCompteForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Compte
        fields = ["prenom", "nom", "fonction", "telephone"]
        widgets = {
            "prenom": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "nom": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "fonction": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "telephone": forms.TextInput(
                attrs={"autocomplete": "tel", "type": "tel", "class": "champ-court"}
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.roles:
            del self.fields["fonction"]  # residents have no function here
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Row("prenom", "nom"), *[nom for nom in ("fonction", "telephone") if nom in self.fields]
        )


class FermerCompteForm(forms.Form):
    confirme = champ_case(
        "Je ferme mon compte. Je sais que c’est définitif.", erreur="Cochez la case pour fermer votre compte."
    )


class InviterForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account to invite, with its first role."""

    role = champ_choix("Rôle", Appartenance.ROLES)
    direction = champ_parmi(
        "Direction", Direction.objects.all(), "Pour l’agent d’une direction.", requis=False
    )
    commune = champ_parmi("Commune", Commune.objects.all(), "Pour l’agent d’une commune.", requis=False)
    jusqu_a = champ_jour("Jusqu’au", "Vide : sans fin prévue.", requis=False, attributs={"type": "date"})

    class Meta:
        model = Compte
        fields = ["courriel", "prenom", "nom", "fonction"]
        # The browser would offer the data of the agent.
        widgets = {
            "courriel": forms.EmailInput(attrs={"autocomplete": "off"}),
            "prenom": forms.TextInput(attrs={"autocomplete": "off"}),
            "nom": forms.TextInput(attrs={"autocomplete": "off"}),
            "fonction": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    @property
    def invitation(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in self.fields}

    def clean_courriel(self) -> str:
        return str(self.cleaned_data["courriel"]).lower()

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        role = {nom: donnees.get(nom) for nom in ("role", "direction", "commune", "jusqu_a")}
        if not self.errors:
            Appartenance(**role).full_clean(exclude=["compte"], validate_unique=False)
        return donnees
