"""Admin of the accounts. Adding an account invites its holder. An account is never deleted, it is closed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest  # noqa: TID251 the type of what the admin hands over

from participation.socle.actions import comptes
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.comptes import InviterForm
from participation.socle.models import Appartenance, Compte


class AppartenanceInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Appartenance
    extra = 0


@admin.register(Compte)
class CompteAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["courriel", "nom", "prenom", "fonction", "roles_du_jour", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "appartenances__role"]
    search_fields = ["courriel", "nom", "prenom"]
    readonly_fields = ["courriel", "cree_le", "last_login"]
    fields = [
        "courriel",
        ("prenom", "nom"),
        ("fonction", "telephone"),
        "mfa_exigee_le",
        ("is_active", "is_staff", "is_superuser"),
        "groups",
        ("cree_le", "last_login"),
    ]
    filter_horizontal = ["groups"]
    inlines = [AppartenanceInline]
    actions = ["inviter", "retirer_second_facteur", "fermer_comptes"]

    @admin.display(description="rôles")
    def roles_du_jour(self, compte: Compte) -> str:
        return ", ".join(a.get_role_display() for a in compte.appartenances_en_vigueur)

    def has_delete_permission(self, request: HttpRequest, obj: Compte | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: Compte | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else InviterForm

    def get_fields(self, request: HttpRequest, obj: Compte | None = None) -> Any:
        return super().get_fields(request, obj) if obj else list(InviterForm.base_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Compte | None = None) -> Any:
        if obj is None:
            return []
        reserves = [] if request.user.is_superuser else ["is_staff", "is_superuser", "groups"]
        return [*self.readonly_fields, *reserves]

    def get_inlines(self, request: HttpRequest, obj: Compte | None) -> Any:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: Compte, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.pk = comptes.inviter(**form.invitation, par=_administrateur(request)).pk
        obj.refresh_from_db()

    @admin.action(description="Envoyer de nouveau l’invitation")
    def inviter(self, request: HttpRequest, queryset: QuerySet[Compte]) -> None:
        envoyees = sum(
            comptes.renvoyer_invitation(compte, par=_administrateur(request)) for compte in queryset
        )
        self.message_user(request, f"Invitations envoyées : {envoyees}.")

    @admin.action(description="Retirer le second facteur (téléphone perdu)")
    def retirer_second_facteur(self, request: HttpRequest, queryset: QuerySet[Compte]) -> None:
        for compte in queryset:
            comptes.retirer_second_facteur(compte, par=_administrateur(request))
        self.message_user(request, "Le second facteur est retiré. Il sera demandé à la prochaine connexion.")

    @admin.action(description="Fermer les comptes (efface les noms, définitif)")
    def fermer_comptes(self, request: HttpRequest, queryset: QuerySet[Compte]) -> None:
        for compte in queryset:
            try:
                comptes.fermer_compte(compte, par=_administrateur(request))
            except ErreurMetier as erreur:
                self.message_user(request, f"{compte} : {erreur.message}", level="ERROR")
        self.message_user(request, "Les comptes sont fermés.")


def _administrateur(request: HttpRequest) -> Compte:
    if not isinstance(request.user, Compte):
        raise TypeError("L’administration est réservée aux comptes.")
    return request.user
