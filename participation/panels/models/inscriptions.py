"""Registration of residents: pages, addresses invited, who registered, calls, questionnaires."""

import uuid
from collections.abc import Sequence
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from participation.panels.models.panels import Equipier, Panel
from participation.panels.workflow import Adresse, Canal, Issue, Moyen, Public, Reponse
from participation.socle.calendrier import jours_entre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder, espacer
from participation.socle.langues import FRANCAIS, NOMS
from participation.socle.models import CleEtrangere, CleUnique, Compte, ImportDeTableau, Partie, PortePar
from participation.socle.models.telephones import index_du_telephone
from participation.tirage.models import Volontaire
from participation.tirage.workflow import Place

ASSIS = (Place.PANEL, Place.ENTREE)


class PageInscription(Partie):
    """The registration page in one language, in the words of agents: nothing is translated by machine."""

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="pages")
    langue = models.SlugField("code de la langue", max_length=12, help_text="fr, ar, en… ou « falc ».")
    nom_langue = models.CharField("nom de la langue, dans cette langue", max_length=40)
    se_lit_de_droite = models.BooleanField("se lit de droite à gauche", default=False)
    titre = models.CharField("titre", max_length=120)
    introduction = models.TextField("introduction", max_length=2000)
    # What the invitation by post says in this language; "" while there is none.
    lettre = models.TextField("lettre d’invitation", max_length=2500, blank=True, db_default="")
    # What the page says in French → in this language.
    traductions = models.JSONField("traductions", default=dict, blank=True)

    suivi = PortePar[Panel]("panel")

    class Meta:
        verbose_name = "page d’inscription"
        verbose_name_plural = "pages d’inscription"
        ordering = ["panel", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "langue"],
                name="page_inscription_langue_unique",
                violation_error_message="Cette langue a déjà sa page.",
            )
        ]

    def __str__(self) -> str:
        return self.nom_langue

    def get_public_url(self) -> str:
        return reverse("panels:s_inscrire", args=[self.panel.cle, self.langue])

    @property
    def html(self) -> str:
        """The code of the language for browsers: « Facile à lire » is French."""
        return "fr" if self.langue == "falc" else self.langue

    @property
    def langue_du_site(self) -> str:
        """The language in which the site says what no agent wrote: that of the page, if the site speaks it."""
        return self.html if self.html in NOMS else FRANCAIS

    def dire(self, francais: str) -> str:
        return str(self.traductions.get(francais) or francais)

    def dire_ou_francais(self, francais: str) -> SafeString:
        """As `dire`, marked French where nobody translated it."""
        if self.html == "fr" or self.traductions.get(francais):
            return format_html("{}", espacer(self.dire(francais)))
        return format_html('<span lang="fr" dir="ltr">{}</span>', espacer(francais))


class ImportDAdresses(ImportDeTableau):
    """A table of addresses to invite."""

    LECTURE: ClassVar[str] = "participation.panels.invitations.imports.LECTURE"

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="imports_adresses")
    doublons = models.PositiveIntegerField("déjà dans la liste", default=0)

    class Meta(ImportDeTableau.Meta):
        verbose_name = "import d’adresses"
        verbose_name_plural = "imports d’adresses"


class AdresseInvitee(models.Model):
    """An address that an invitation went to: what is given at registration is compared with it."""

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="adresses")
    import_fichier = CleEtrangere(
        ImportDAdresses, null=True, on_delete=models.SET_NULL, related_name="adresses", verbose_name="tableau"
    )
    simple = models.CharField("adresse, sans accent ni ponctuation", max_length=240)
    # What the envelope says, a line each; erased with who is not of the panel.
    lignes = models.TextField("adresse postale", max_length=400, blank=True, db_default="")
    strate = models.CharField("strate", max_length=80, blank=True, db_default="")
    courrier = CleEtrangere(
        "socle.Courrier", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="lettre"
    )

    class Meta:
        verbose_name = "adresse invitée"
        verbose_name_plural = "adresses invitées"
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "simple"],
                name="adresse_invitee_unique",
                violation_error_message="Cette adresse est déjà dans la liste.",
            )
        ]
        indexes = [GinIndex(OpClass(F("simple"), name="gin_trgm_ops"), name="adresse_invitee_trigrammes")]

    def __str__(self) -> str:
        return self.simple


class RefusAdresse(models.Model):
    """A row of the last table of addresses that could not be read, and why."""

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="refus_adresses")
    numero = models.PositiveIntegerField("ligne")
    contenu = models.TextField("contenu")
    raison = models.CharField("raison", max_length=120)

    class Meta:
        verbose_name = "adresse refusée"
        verbose_name_plural = "adresses refusées"
        ordering = ["panel", "numero"]

    def __str__(self) -> str:
        return f"ligne {self.numero} : {self.raison}"


class InscriptionQuerySet(models.QuerySet["Inscription"]):
    def vraies(self) -> Self:
        """Leave out rehearsals, and who was set aside or erased."""
        return self.filter(est_repetition=False, ecartee_le=None, effacee_le=None)

    def tirables(self) -> Self:
        """Return who may be drawn: eligible, free on these days, at an address that an agent need not read."""
        lue = Q(adresse_comparee__in=[Adresse.MEME, Adresse.SANS_LISTE]) | Q(
            adresse_acceptee_le__isnull=False
        )
        return self.tirables_une_fois_lues().relues().filter(lue)

    def tirables_une_fois_lues(self) -> Self:
        """Return who may be drawn, or will be once an agent has read her address, or typed her paper again."""
        return self.vraies().filter(est_eligible=True, peut_venir=True)

    def relues(self) -> Self:
        """Leave out the paper forms that a second person has not typed yet."""
        return self.filter(Q(saisie_par=None) | Q(relue_le__isnull=False))

    def a_relire(self) -> Self:
        return self.vraies().filter(saisie_par__isnull=False, relue_le=None)

    def a_lire(self) -> Self:
        """Return those whose address an agent must read."""
        return self.vraies().filter(
            adresse_comparee__in=[Adresse.PROCHE, Adresse.ABSENTE], adresse_acceptee_le=None
        )

    def assises(self) -> Self:
        """Return who sits, drawn or entered in place of another."""
        return self.filter(volontaire__place__in=ASSIS, effacee_le=None)

    def a_contacter(self) -> Self:
        """Return who confirmed and whom her contact has not called yet, the longest due first."""
        dues = self.assises().filter(contact_du_le__isnull=False)
        return dues.select_related("contact__compte").order_by("contact_du_le", "pk")


class Inscription(Partie):
    """Somebody who accepts to be drawn. Three questions, three answers: eligible, free on these days, wants news."""

    # Written down by who called her.
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"acces"})

    panel = CleEtrangere(Panel, related_name="inscriptions")
    page = CleEtrangere(PageInscription, null=True, on_delete=models.SET_NULL, related_name="inscriptions")
    canal = models.CharField("reçue", max_length=10, choices=Canal)
    est_repetition = models.BooleanField("répétition", default=False)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    adresse = models.CharField("adresse postale", max_length=240, blank=True)
    profil = models.JSONField("profil", default=dict, blank=True)
    est_eligible = models.BooleanField("remplit les conditions", default=True)
    peut_venir = models.BooleanField("peut venir à toutes les séances", default=True)
    veut_etre_informe = models.BooleanField("veut des nouvelles du panel", default=False)
    adresse_comparee = models.CharField(
        "adresse comparée", max_length=10, choices=Adresse, default=Adresse.SANS_LISTE
    )
    adresse_acceptee_le = models.DateTimeField("adresse acceptée le", null=True, blank=True)
    recue_le = models.DateTimeField("reçue le", default=timezone.now)
    # A paper form typed by one person, until another types it too.
    saisie_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="saisie une première fois par"
    )
    relue_le = models.DateTimeField("saisie une seconde fois le", null=True, blank=True)
    ecartee_le = models.DateTimeField("écartée le", null=True, blank=True)
    effacee_le = models.DateTimeField("effacée le", null=True, blank=True)
    cle = models.UUIDField("clé de l’envoi", null=True, unique=True, editable=False)
    volontaire = CleUnique(
        Volontaire,
        null=True,
        on_delete=models.SET_NULL,
        related_name="inscription",
        verbose_name="volontaire",
    )
    # Once drawn
    reponse = models.CharField("réponse", max_length=12, choices=Reponse, default=Reponse.A_APPELER)
    contact = CleEtrangere(
        Equipier, null=True, on_delete=models.SET_NULL, related_name="suivies", verbose_name="contact"
    )
    # From the call where she confirmed to that of her contact.
    contact_du_le = models.DateTimeField("appel de son contact attendu le", null=True, blank=True)
    enfants = models.PositiveSmallIntegerField("enfants à garder", default=0)
    transport = models.BooleanField("a besoin d’un transport", default=False)
    interprete = models.CharField("langue de l’interprète", max_length=60, blank=True)
    acces = models.CharField("ce qu’il lui faut pour venir", max_length=200, blank=True)
    # What an agent saw of the social criterion of the règlement; the proof itself is never kept.
    remplit_critere = models.BooleanField("remplit le critère social", null=True, blank=True)
    membre = CleUnique(
        "seances.Membre",
        null=True,
        on_delete=models.SET_NULL,
        related_name="inscription",
        verbose_name="membre",
    )

    suivi = PortePar[Panel]("panel")
    objects = InscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["panel", "recue_le", "pk"]
        indexes = [index_du_telephone("inscription_panel_telephone")]
        constraints = [
            models.CheckConstraint(
                condition=Q(est_repetition=False) | Q(volontaire=None, membre=None),
                name="inscription_panel_repetition_a_part",
                violation_error_message="Une répétition n’entre jamais dans un vrai tirage.",
            ),
            models.CheckConstraint(
                condition=Q(effacee_le__isnull=False) | ~Q(courriel="") | ~Q(telephone="") | ~Q(adresse=""),
                name="inscription_panel_joignable",
                violation_error_message="Donnez un téléphone, une adresse électronique ou une adresse postale.",
            ),
        ]

    @property
    def langue_lettres(self) -> str:
        """The language of the page where she registered; French of a form on paper."""
        return self.page.langue_du_site if self.page is not None else FRANCAIS

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip() or f"inscription n° {self.pk}"

    @property
    def designation(self) -> str:
        return f"{self}, {self.panel.titre}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "noter_appel" and (self.volontaire is None or self.volontaire.place not in ASSIS):
            return ActeInterdit("Cette personne n’est pas, ou n’est plus, tirée au sort.")
        if acte in {"accepter_adresse", "ecarter_inscription"} and self.ecartee_le is not None:
            return ActeInterdit("Cette inscription est déjà écartée.")
        return super().refus(acte, par)

    @property
    def adresse_a_lire(self) -> bool:
        """Whether an agent must judge the address: near an invited one, or absent."""
        douteuse = self.adresse_comparee in {Adresse.PROCHE, Adresse.ABSENTE}
        return douteuse and self.adresse_acceptee_le is None

    @property
    def retard_du_contact(self) -> str:
        """« 5 heures », « 2 jours »: for how long her contact should have called; "" when nothing is late."""
        maintenant = timezone.now()
        if self.contact_du_le is None or self.contact_du_le >= maintenant:
            return ""
        if jours := jours_entre(self.contact_du_le, maintenant):
            return accorder(jours, "jour")
        return accorder(max(1, (maintenant - self.contact_du_le).seconds // 3600), "heure")

    @property
    def besoins(self) -> list[str]:
        """Return « garde d’enfants (2) », « interprète (arabe) »…"""
        return list(self.besoins_par_champ.values())

    @property
    def besoins_par_champ(self) -> dict[str, str]:
        dits = {
            "enfants": f"garde d’enfants ({self.enfants})" if self.enfants else "",
            "transport": "transport" if self.transport else "",
            "interprete": f"interprète ({self.interprete})" if self.interprete else "",
            "acces": self.acces,
        }
        return {champ: mot for champ, mot in dits.items() if mot}

    @classmethod
    def effacer(cls, numeros: Sequence[int]) -> int:
        """Erase who it is. The profile stays, to be counted with others: it is never published one by one."""
        siennes = cls.objects.filter(pk__in=numeros, effacee_le=None)
        Appel.objects.filter(inscription__in=siennes).update(note="")
        return siennes.update(
            prenom="", nom="", courriel="", telephone="", adresse="", interprete="", acces="", cle=None,
            veut_etre_informe=False, effacee_le=timezone.now(),
        )  # fmt: skip


class Appel(models.Model):
    """One attempt to reach somebody drawn, with its coded outcome."""

    inscription = CleEtrangere(Inscription, on_delete=models.CASCADE, related_name="appels")
    le = models.DateTimeField("le", default=timezone.now)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+")
    moyen = models.CharField("moyen", max_length=10, choices=Moyen)
    issue = models.CharField("issue", max_length=14, choices=Issue)
    note = models.CharField("note", max_length=200, blank=True)

    class Meta:
        verbose_name = "appel"
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_moyen_display()} : {self.get_issue_display()}"


class ReponseQuestionnaire(models.Model):
    """One answer. `cle`: a keyed hash of who gave it, so that it is given once or changed; none on paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="reponses")
    public = models.CharField("donnée par", max_length=14, choices=Public)
    cle = models.CharField("clé de la réponse", max_length=64, unique=True, null=True, editable=False)
    # One a question of the règlement, in its order: 1 (not at all) to 5 (wholly); 0 when it is not answered.
    notes = models.JSONField("réponses", default=list)
    mots = models.TextField("en quelques mots", max_length=1000, blank=True)

    class Meta:
        verbose_name = "réponse à un questionnaire"
        verbose_name_plural = "réponses aux questionnaires"
        ordering = ["panel", "public", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(notes=[]),
                name="reponse_questionnaire_dite",
                violation_error_message="Répondez à une question.",
            )
        ]

    def __str__(self) -> str:
        return self.get_public_display()
