"""Admin of the accounts and of their groups. Adding an account invites its holder; none is deleted, it is closed."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from participation.socle.actions import comptes
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.comptes import InviterForm
from participation.socle.models import Appartenance, Compte, Dossier, Echeance
from participation.socle.views.reference import Lignes, Table


class AppartenanceInline(Lignes):
    model = Appartenance


class Accueil(admin.SimpleListFilter):
    title, parameter_name = "page de bienvenue", "accueilli"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("oui", "Lue"), ("non", "Pas encore lue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(accueilli_le__isnull=self.value() == "non") if self.value() else queryset


@admin.register(Compte)
class CompteAdmin(Table):
    list_display = ["courriel", "nom", "prenom", "fonction", "roles_du_jour", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "appartenances__role", Accueil]
    search_fields = ["courriel", "nom", "prenom"]
    readonly_fields = ["courriel", "cree_le", "last_login", "accueilli_le"]
    fields = [
        "courriel",
        ("prenom", "nom"),
        ("fonction", "telephone"),
        "mfa_exigee_le",
        ("is_active", "is_staff", "is_superuser"),
        "groups",
        ("cree_le", "last_login", "accueilli_le"),
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
    def fermer_comptes(self, request: HttpRequest, queryset: QuerySet[Compte]) -> HttpResponse | None:
        """Nothing gives back what it erases: a page says whose accounts they are, and what each is in charge of."""
        if "confirme" not in request.POST:
            contexte = {
                **self.admin_site.each_context(request),
                "title": "Fermer les comptes",
                "comptes": queryset.annotate(
                    dossiers_ouverts=_combien(
                        Dossier.objects.filter(agent=OuterRef("pk"), clos_le=None), "agent"
                    ),
                    echeances_ouvertes=_combien(
                        Echeance.objects.ouvertes().filter(responsable=OuterRef("pk")), "responsable"
                    ),
                ),
            }
            return TemplateResponse(request, "admin/fermer_comptes.html", contexte)
        fermes = 0
        for compte in queryset:
            try:
                comptes.fermer_compte(compte, par=_administrateur(request))
                fermes += 1
            except ErreurMetier as erreur:
                self.message_user(request, f"{compte} : {erreur.message}", level="ERROR")
        self.message_user(request, f"Comptes fermés : {fermes}.")
        return None


def _combien(lignes: QuerySet[Any], de: str) -> Subquery:
    return Subquery(lignes.order_by().values(de).annotate(combien=Count("pk")).values("combien"))


class GroupeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A group opens whole tables: what is kept of the permissions of Django, said in words."""

    tables = forms.MultipleChoiceField(
        label="tables ouvertes",
        widget=forms.CheckboxSelectMultiple,
        help_text="Les comptes du groupe, s’ils sont cochés « accès aux tables de référence », y lisent et y écrivent.",
    )

    class Meta:
        model = Group
        fields = ["name"]
        labels = {"name": "nom"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables: Any = self.fields["tables"]
        tables.choices = _tables()
        if self.instance.pk:
            self.initial["tables"] = list({_table(une) for une in _droits(self.instance.permissions)})


@admin.register(Group)
class GroupeAdmin(Table):
    """Only a super-user gives rights."""

    form = GroupeForm
    search_fields = ["name"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        voulues = set(form.cleaned_data["tables"])
        form.instance.permissions.set(
            [une for une in _droits(Permission.objects.all()) if _table(une) in voulues]
        )


def _tables() -> list[tuple[str, str]]:
    """Return the reference tables by label, with their plural, but those that give rights."""
    modeles = [m for m in apps.get_models() if admin.site.is_registered(m) and m not in {Compte, Group}]
    return sorted(
        ((m._meta.label_lower, str(m._meta.verbose_name_plural)) for m in modeles), key=lambda une: une[1]
    )


def _droits(permissions: Any) -> QuerySet[Permission]:
    lues: QuerySet[Permission] = permissions.filter(
        Q(codename__startswith="view_") | Q(codename__startswith="add_") | Q(codename__startswith="change_")
    ).select_related("content_type")
    return lues


def _table(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.content_type.model}"


def _administrateur(request: HttpRequest) -> Compte:
    if not isinstance(request.user, Compte):
        raise TypeError("L’administration est réservée aux comptes.")
    return request.user
