"""Sign in, see and change one's account, close it, sign out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.views import ConfirmLoginCodeView, LoginView, LogoutView, RequestLoginCodeView
from allauth.core.exceptions import RateLimited
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from requests import RequestException

from participation.socle.actions import comptes
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.comptes import FermerCompteForm, MonCompteForm, MotDePasseForm
from participation.socle.francais import accorder
from participation.socle.http import limites, oidc
from participation.socle.http.adaptateurs import TROP_D_ESSAIS
from participation.socle.http.decorateurs import ROLES_BUREAU, publique, reserve_a
from participation.socle.http.intergiciels import dire_deconnecte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.mise_en_place import qui_bloquent
from participation.socle.liens import LienExpire, LienInvalide
from participation.socle.models import Compte, Dossier, FiltreEnregistre
from participation.socle.models.comptes import ROLES_DU_BUREAU
from participation.socle.views.liens import LienPerdu
from participation.socle.vitrine import recueillir


class ProcessusCode(LoginCodeVerificationProcess):
    """Sign-in by code. A code is sent to any address, known or not, and the page answers with the same words.

    The account is created once the code proves the address.
    """

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        if self.user is None and Compte.objects.filter(courriel=email).exists():
            # The account was closed by an administrator: an email says so, and no code is valid.
            get_adapter().send_mail("account/email/unknown_account", email, {"request": self.request})
            return
        code = self.generate_code()
        get_adapter().send_mail("account/email/login_code", email, {"request": self.request, "code": code})

    def resend(self) -> None:
        if limites.tenter(self.request, "code", self.state["email"]) is None:
            raise RateLimited
        super().resend()

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is None:
            self._user = comptes.ouvrir_compte(self.state["email"])
        elif self.user.courriel == self.state["email"]:
            comptes.prouver_adresse(self.user)
        return super().finish(redirect_url)

    @classmethod
    def commencer(cls, request: HttpRequest, *, compte: Compte | None, courriel: str) -> None:
        """Like `initiate` of allauth, which names its own class."""
        login = Login(user=compte, email=courriel)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        etape = LoginByCodeStage(LoginStageController(request, login), request, login)
        etape.state.update(cls.initial_state(user=compte, email=courriel), initiated_by_user=True)
        processus = cls(stage=etape)
        processus.send()
        processus.persist()


class DemanderCodeView(RequestLoginCodeView):
    """The page « Se connecter »."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "email": self.request.GET.get("courriel", "")[:254]}

    def form_valid(self, form: Form) -> HttpResponse:
        self.request.session[limites.PAS_LE_MIEN] = form.cleaned_data[limites.PAS_LE_MIEN]
        ProcessusCode.commencer(self.request, compte=form._user, courriel=form.cleaned_data["email"])  # type: ignore[attr-defined]
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mot_de_passe = self.passthrough_next_url(reverse("socle:mot_de_passe"))
        attend = oidc.a_relier(self.request) if "identite" in self.request.GET else None
        return {
            **super().get_context_data(**kwargs),
            "url_mot_de_passe": mot_de_passe,
            "identite_de": oidc.nom_du_fournisseur(attend.account.provider) if attend else "",
        }


class ConfirmerCodeView(ConfirmLoginCodeView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._process = ProcessusCode(stage=self.stage)
        return super().post(request, *args, **kwargs)


class MotDePasseView(LoginView):
    """Sign-in by password, for people who have chosen one."""

    def get_form_class(self) -> type[MotDePasseForm]:
        return MotDePasseForm

    def form_valid(self, form: Form) -> HttpResponse:
        emprunte = form.cleaned_data[limites.PAS_LE_MIEN]
        self.request.session[limites.PAS_LE_MIEN] = emprunte
        reponse: HttpResponse = super().form_valid(form)
        if emprunte:
            self.request.session.set_expiry(0)  # allauth has just set another expiry
        return reponse


demander_code = DemanderCodeView.as_view()
confirmer_code = ConfirmerCodeView.as_view()
mot_de_passe = MotDePasseView.as_view()


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reconnaitre_appareil(request: HttpRequest, jeton: str) -> HttpResponse:
    """Recognise this browser, by the link of the letter sent to a person locked out by the limits of sign-in.

    The person then signs in as usual. A GET changes nothing, because mail scanners follow links.
    """
    try:
        compte = Compte.LIEN_APPAREIL.ouvrir(jeton, Compte.objects.filter(is_active=True))
    except LienExpire:
        return render(request, "socle/comptes/reconnaitre_appareil.html", {"est_perime": True}, status=410)
    except LienInvalide as erreur:
        raise LienPerdu from erreur
    if request.method != "POST":
        return render(request, "socle/comptes/reconnaitre_appareil.html")
    reponse = redirect(f"{reverse('account_login')}?{urlencode({'courriel': compte.courriel})}")
    limites.reconnaitre(request, reponse, compte.courriel, lien=jeton)
    return reponse


def au_revoir(request: HttpRequest, ailleurs: str, *, service: str, fait: str) -> HttpResponse:
    """Say that the session here is over, and lead to the end of the other one.

    A page and not a redirection: the content policy would stop a form that leads elsewhere.
    """
    return render(
        request, "socle/comptes/au_revoir.html", {"ailleurs": ailleurs, "service": service, "fait": fait}
    )


@publique
@require_http_methods(["GET", "HEAD", "POST"])
def deconnexion(request: HttpRequest) -> HttpResponseBase:
    """Sign out. Public: somebody who leaves in the middle of a sign-in is not signed in yet."""
    ailleurs, service = oidc.sortie(request)
    reponse: HttpResponse = LogoutView.as_view()(request)
    if not request.user.is_authenticated:
        if ailleurs and request.method == "POST":
            reponse = au_revoir(request, ailleurs, service=service, fait="Vous êtes déconnecté de ce site.")
        dire_deconnecte(reponse)
    return reponse


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def oidc_connexion(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _chez_le_fournisseur(request, provider_id, OAuth2LoginView)


@publique
@never_cache
@require_safe
def oidc_retour(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _chez_le_fournisseur(request, provider_id, OAuth2CallbackView)


def _chez_le_fournisseur(request: HttpRequest, provider_id: str, etape: Any) -> HttpResponseBase:
    """Call the OpenID Connect provider: 404 if it is not set, 503 page if it does not answer."""
    try:
        return etape.adapter_view(oidc.FournisseurOidc(request, provider_id))(request)
    except SocialApp.DoesNotExist as erreur:
        raise Http404 from erreur
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", status=503)


@require_GET
def accueil_compte(request: RequeteConnectee) -> HttpResponse:
    """Redirect after sign-in: to the back office, to the reference tables, or to the space of a resident."""
    if oidc.a_relier(request):
        return redirect("socle:relier_identite")
    if request.user.a_le_bureau and request.user.accueilli_le is None:
        return redirect("socle:bienvenue")
    if request.user.roles & set(ROLES_BUREAU):
        return redirect(next(recueillir("espace_du_bureau", request.user), "socle:journee"))
    if request.user.is_staff:
        return redirect("socle:mise_en_place" if qui_bloquent() else "admin:index")
    return redirect(next(recueillir("espace", request.user), settings.ACCUEIL_RESIDENT))


@require_http_methods(["GET", "HEAD", "POST"])
def mon_compte(request: RequeteConnectee) -> HttpResponse:
    form = MonCompteForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Vos informations sont enregistrées.")
        return redirect("socle:mon_compte")
    return render(
        request,
        "socle/comptes/mon_compte.html",
        {
            "form": form,
            "adresse_en_attente": EmailAddress.objects.get_new(request.user),
            "facteurs": Authenticator.objects.filter(user=request.user).exclude(
                type=Authenticator.Type.RECOVERY_CODES
            ),
            "identites": [
                (identite, oidc.nom_du_fournisseur(identite.provider))
                for identite in SocialAccount.objects.filter(user=request.user).order_by("pk")
            ],
            "sessions": len(UserSession.objects.purge_and_list(request.user)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def relier_identite(request: RequeteConnectee) -> HttpResponse:
    """Tie the identity that this browser has just proved to the account that it has just proved too."""
    connexion = oidc.a_relier(request)
    if connexion is None:
        messages.info(request, "Rien n’attend d’être relié : recommencez la connexion si besoin.")
        return redirect("socle:mon_compte")
    service = oidc.nom_du_fournisseur(connexion.account.provider)
    if request.method != "POST":
        return render(request, "socle/comptes/relier_identite.html", {"service": service})
    del request.session[oidc.CLE_A_RELIER]
    if "refuser" in request.POST:
        messages.info(request, f"Votre compte n’est pas relié à {service}.")
    elif oidc.relier(request, request.user, connexion):
        messages.success(request, f"C’est fait : {service} vous connecte maintenant à ce compte.")
    else:
        messages.error(request, f"Cette identité {service} est déjà reliée à un compte. Rien n’a été changé.")
    return redirect("socle:accueil_compte")


@require_http_methods(["GET", "HEAD", "POST"])
def delier_identite(request: RequeteConnectee, pk: int) -> HttpResponse:
    identite = get_object_or_404(SocialAccount, pk=pk, user=request.user)
    service = oidc.nom_du_fournisseur(identite.provider)
    if request.method != "POST":
        return render(request, "socle/comptes/delier_identite.html", {"service": service})
    oidc.delier(request.user, identite)
    messages.success(request, f"{service} ne vous connecte plus à ce compte.")
    return redirect("socle:mon_compte")


@require_http_methods(["GET", "HEAD", "POST"])
def prouver_ma_boite(request: RequeteConnectee) -> HttpResponse:
    """Sign in again by a code sent to the address of the account, before the first second factor."""
    trop = ""
    if request.method == "POST":
        compte, emprunte = request.user, request.session.get_expire_at_browser_close()
        if limites.tenter(request, "code", compte.courriel) is not None:
            logout(request)
            request.session[limites.PAS_LE_MIEN] = emprunte
            ProcessusCode.commencer(request, compte=compte, courriel=compte.courriel)
            suite = urlencode({"next": reverse("mfa_index")})
            reponse = redirect(f"{reverse('account_confirm_login_code')}?{suite}")
            dire_deconnecte(reponse)
            return reponse
        trop = TROP_D_ESSAIS
    return render(request, "socle/comptes/prouver_ma_boite.html", {"trop": trop}, status=429 if trop else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def fermer_compte(request: RequeteConnectee) -> HttpResponse:
    form = FermerCompteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            comptes.fermer_compte(request.user, par=request.user)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
        else:
            ailleurs, service = oidc.sortie(request)
            logout(request)
            ferme = "Votre compte est fermé. Un courriel vous le confirme."
            if ailleurs:
                reponse = au_revoir(request, ailleurs, service=service, fait=ferme)
            else:
                messages.success(request, ferme)
                reponse = redirect("account_login")
            dire_deconnecte(reponse)
            return reponse
    suivis = Dossier.objects.ouverts().filter(agent=request.user).count()
    contexte = {
        "form": form,
        "suivis": f"Vous suivez {accorder(suivis, 'dossier')} en cours." if suivis else "",
        "liste_des_suivis": f"{reverse('socle:dossiers')}?agent=moi&ouverts=oui",
    }
    return render(request, "socle/comptes/fermer_compte.html", contexte)


@dataclass(frozen=True, slots=True)
class PasDAccueil:
    """Something to set. `est_fait`: read from what is set; None for what comes later."""

    quoi: str
    pourquoi: str
    url: str
    est_fait: bool | None = None


@reserve_a(*ROLES_DU_BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def bienvenue(request: RequeteConnectee) -> HttpResponse:
    compte = request.user
    if request.method == "POST":
        Compte.objects.filter(pk=compte.pk, accueilli_le=None).update(accueilli_le=timezone.now())
        return redirect("socle:accueil_compte")
    return render(request, "socle/comptes/bienvenue.html", {"pas": list(_pas(compte))})


def _pas(compte: Compte) -> Iterator[PasDAccueil]:
    facteurs = Authenticator.objects.filter(user=compte).exclude(type=Authenticator.Type.RECOVERY_CODES)
    yield PasDAccueil(
        "Ajouter un second facteur",
        "L’empreinte de votre téléphone, une clé ou une application de codes. Sans lui, le site se ferme à vous au bout de quelques jours.",
        reverse("mfa_index"),
        facteurs.exists(),
    )
    yield PasDAccueil(
        "Dire votre nom et votre fonction",
        "Vos collègues les lisent dans l’histoire des dossiers, et les personnes dans vos réponses.",
        reverse("socle:mon_compte"),
        bool(compte.get_full_name() and compte.fonction),
    )
    if compte.se_remplace:
        yield PasDAccueil(
            "Savoir noter une absence",
            "Avant de partir, dites qui reçoit vos échéances et vos lettres.",
            reverse("socle:absences"),
        )
    if compte.est_agent:
        yield PasDAccueil(
            "Enregistrer une vue",
            "Dans une liste, choisissez des filtres, puis donnez-leur un nom : vous les retrouvez d’un clic.",
            reverse("socle:dossiers"),
            FiltreEnregistre.objects.filter(compte=compte).exists(),
        )
    yield PasDAccueil(
        "Choisir ce que vous suivez",
        "Une lettre à chaque nouvelle, ou un résumé par jour ou par semaine.",
        reverse("socle:mes_abonnements"),
    )
