"""Acts on an instance, its règlement, its mandatures and their collèges; their forms."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.apps import apps
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import capfirst

from participation.seances.models import College, Instance, Mandature, Membre, ReglementInstance
from participation.seances.workflow import Part
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases, champ_choix, champ_jour, jours_de
from participation.socle.francais import accorder, jour_texte, majuscule
from participation.socle.models import Compte, Dossier
from participation.socle.views.pages import Page, acte

# Keys that would collide with the URL of another page.
CLES_RESERVEES = frozenset({"agenda", "ajouter", "calendrier", "moi", "profil", "seances"})


def changes(objet: Any, champs: dict[str, Any]) -> list[str]:
    """Return the names of the fields that would change."""
    return [nom for nom, valeur in champs.items() if getattr(objet, nom) != valeur]


def dire_changes(objet: Any, noms: Iterable[str]) -> str:
    return ", ".join(str(objet._meta.get_field(nom).verbose_name) for nom in noms)


@transaction.atomic
def creer_instance(*, par: Compte, **champs: Any) -> Instance:
    """Create an instance. Raises ValidationError, also for a reserved key."""
    cle = champs.get("cle", "")
    if cle in CLES_RESERVEES:
        raise ValidationError({"cle": f"« {cle} » sert déjà à une autre page. Choisissez une autre clé."})
    instance = Instance()
    avancer(instance, "creer_instance", par=par, champs=champs)
    return instance


class ColonnesForm(ActeForm):
    """A form made from the columns of a model. `LIBELLES`: names and labels of the columns.

    The action checks the rules of the model, under its lock.
    """

    MODELE: ClassVar[type[models.Model]]
    LIBELLES: ClassVar[Mapping[str, str]]
    WIDGETS: ClassVar[Mapping[str, forms.Widget]] = {}
    ERREURS: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    def initiales(self) -> Mapping[str, Any]:
        """Return the values of the row, when the act changes one."""
        if not isinstance(self.objet, self.MODELE) or self.objet.pk is None:
            return {}
        return {nom: getattr(self.objet, nom) for nom in self.LIBELLES}

    def preparer(self) -> None:
        colonnes = forms.fields_for_model(
            self.MODELE,
            fields=list(self.LIBELLES),
            labels=self.LIBELLES,  # type: ignore[arg-type]  # the stubs ask for a dict
            widgets=self.WIDGETS,  # type: ignore[arg-type]
            field_classes=jours_de(self.MODELE),
            error_messages=self.ERREURS,  # type: ignore[arg-type]
        )
        self.fields = {nom: champ for nom, champ in colonnes.items() if champ is not None} | self.fields


class InstanceForm(ColonnesForm):
    MODELE = Instance
    LIBELLES = {
        "nom": "Nom",
        "sigle": "Nom court",
        "cle": "Clé",
        "fondement": "Fondement",
        "presentation": "Présentation",
        "app": "Domaine",
        "est_publique": "Instance publique",
        "ouvre_le_bureau": "Ses membres instruisent des dossiers",
        "est_active": "Instance active",
        "ordre_du_jour_type": "Ordre du jour type",
    }
    WIDGETS = {
        "ordre_du_jour_type": forms.Textarea(attrs={"rows": 5}),
        "fondement": forms.Textarea(attrs={"rows": 2}),
        "presentation": forms.Textarea(attrs={"rows": 3}),
    }
    ERREURS = {
        "nom": {"required": "Donnez un nom à l’instance."},
        "sigle": {"required": "Donnez un nom court, pour les listes et les agendas."},
        "cle": {
            "required": "Donnez une clé, qui sert dans les adresses.",
            "unique": "Une autre instance a cette clé.",
        },
        "fondement": {"required": "Dites ce qui fonde l’instance : loi, délibération."},
    }

    def preparer(self) -> None:
        super().preparer()
        self.fields["app"] = champ_choix("Domaine", _domaines, "Il donne sa couleur à l’instance.")
        if self.objet.pk:
            del self.fields["cle"]  # URLs and feeds that people keep contain it
        else:
            del self.fields["est_active"]


@acte(Page[Instance](form=InstanceForm, bouton="Enregistrer", succes="L’instance est modifiée."))
@transaction.atomic
def modifier_instance(instance: Instance, *, par: Compte, **champs: Any) -> None:
    pas = exiger(instance, "modifier_instance", par=par)
    if nouveaux := changes(instance, champs):
        pas.avancer(champs=champs, fait=f"Instance modifiée : {dire_changes(instance, nouveaux)}")


class ReglementForm(ColonnesForm):
    """A new version of the règlement, filled in from the version in force."""

    annonces_fin = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=36),
        label="Fin de mandat annoncée, en mois avant",
        required=False,
        help_text="Au membre et au service. Des nombres séparés par des virgules : 6, 3, 1.",
        error_messages={"item_invalid": "Écrivez des nombres de mois séparés par des virgules : 6, 3, 1."},
    )

    MODELE = ReglementInstance
    LIBELLES = {
        "version": "Version",
        "en_vigueur_du": "En vigueur du",
        "source": "Source",
        "delai_convocation": "Délai de convocation",
        "unite_delai": "Compté en",
        "delai_urgence": "Délai en cas d’urgence",
        "quorum": "Quorum",
        "base_quorum": "Calculé sur",
        "quorum_par_college": "Le quorum est demandé dans chaque collège",
        "distance_compte": "Les présents à distance comptent",
        "pouvoirs_comptent": "Les pouvoirs comptent dans le quorum",
        "seconde_sans_quorum": "Après une seconde convocation, le quorum n’est plus demandé",
        "delai_seconde": "Délai de la seconde convocation, en jours",
        "pouvoirs_par_personne": "Pouvoirs par personne",
        "pouvoir_entre_colleges": "Un pouvoir peut aller à un autre collège",
        "avec_suppleants": "Un titulaire absent est suppléé",
        "majorite": "Majorité",
        "base_majorite": "Comptée sur",
        "majorites_admises": "",
        "part_secret": "Membres présents qui obtiennent un vote secret",
        "voix_preponderante": "À égalité, la voix de la présidence l’emporte",
        "vote_par_college": "La majorité est demandée dans chaque collège",
        "part_inscription": "Qui obtient un point à l’ordre du jour",
        "duree_mandat_mois": "Durée du mandat, en mois",
        "copresidents_max": "Coprésidences au plus",
        "annonces_fin": "",
        "absences_a_signaler": "Absences de suite avant un appel",
    }
    WIDGETS = {"source": forms.Textarea(attrs={"rows": 2})}

    def initiales(self) -> Mapping[str, Any]:
        """Return the fields of the version in force, without those that identify it."""
        reglement = self.objet.reglement_du() or self.objet.reglements.first()
        repris = set(self.LIBELLES) - {"version", "en_vigueur_du", "source"}
        return {nom: getattr(reglement, nom) for nom in repris} if reglement is not None else {}

    def preparer(self) -> None:
        super().preparer()
        self.fields["part_inscription"] = champ_choix(
            "Qui obtient un point à l’ordre du jour", PARTS_DE_DEMANDE
        )
        self.fields["majorites_admises"] = champ_cases(
            "Autres majorités qu’un vote peut demander",
            [(valeur, majuscule(mot)) for valeur, mot in Part.choices],
            "Cochez celles que le règlement prévoit ; l’animateur choisit à l’ouverture du vote.",
            requis=False,
        )
        for nom in ("quorum", "majorite"):
            champ = self.fields[nom]
            if isinstance(champ, forms.TypedChoiceField):
                champ.choices = [(valeur, majuscule(mot)) for valeur, mot in Part.choices]
        self.helper = plan(
            self,
            Fieldset("Cette version", Row("version", "en_vigueur_du"), "source"),
            Fieldset("Convocation", Row("delai_convocation", "unite_delai"), "delai_urgence"),
            Fieldset(
                "Quorum",
                Row("quorum", "base_quorum"),
                "quorum_par_college",
                "distance_compte",
                "pouvoirs_comptent",
                "seconde_sans_quorum",
                "delai_seconde",
            ),
            Fieldset(
                "Pouvoirs et suppléance", "pouvoirs_par_personne", "pouvoir_entre_colleges", "avec_suppleants"
            ),
            Fieldset(
                "Vote",
                Row("majorite", "base_majorite"),
                "majorites_admises",
                "part_secret",
                "voix_preponderante",
                "vote_par_college",
            ),
            Fieldset(
                "Membres",
                "part_inscription",
                Row("duree_mandat_mois", "copresidents_max"),
                "annonces_fin",
                "absences_a_signaler",
            ),
        )


@acte(
    Page[Instance](
        form=ReglementForm,
        consequence="Elle s’applique aux séances programmées à partir de son premier jour ; celles qui le sont déjà gardent leur version. La version précédente finit la veille.",
        bouton="Enregistrer cette version",
        succes=lambda _, reglement: f"La version {reglement.version} est écrite.",
        retour="#reglement",
    )
)
@transaction.atomic
def ecrire_reglement(instance: Instance, *, par: Compte, **champs: Any) -> ReglementInstance:
    """Write a new version of the règlement. The version in force until then ends the day before.

    Séances already planned keep their version. Raises ValidationError.
    """
    pas = exiger(instance, "ecrire_reglement", par=par)
    du = champs["en_vigueur_du"]
    precedente = instance.reglements.filter(en_vigueur_du__lt=du).order_by("-en_vigueur_du").first()
    if precedente is not None and (precedente.en_vigueur_au is None or precedente.en_vigueur_au >= du):
        precedente.en_vigueur_au = du - timedelta(days=1)
        precedente.save(update_fields=["en_vigueur_au"])
    reglement = enregistrer(ReglementInstance(instance=instance, **champs))
    pas.avancer(
        fait=f"Règlement : version {reglement.version}, en vigueur du {jour_texte(du)}",
        motif=reglement.source,
    )
    return reglement


class MandatureForm(ColonnesForm):
    MODELE = Mandature
    LIBELLES = {
        "intitule": "Intitulé",
        "debut": "Premier jour",
        "fin": "Dernier jour",
        "deliberation": "Délibération de composition",
    }

    def preparer(self) -> None:
        super().preparer()
        self.fields["fin"].help_text = "Les mandats en cours finissent ce jour-là."
        self.helper = plan(self, "intitule", Row("debut", "fin"), "deliberation")


@acte(
    Page[Instance](
        form=MandatureForm,
        succes=lambda _, mandature: f"La mandature {mandature.intitule} est ouverte. Créez ses collèges.",
    )
)
@transaction.atomic
def ouvrir_mandature(instance: Instance, *, par: Compte, **champs: Any) -> Mandature:
    pas = exiger(instance, "ouvrir_mandature", par=par)
    mandature = enregistrer(Mandature(instance=instance, **champs))
    pas.avancer(fait=f"Mandature {mandature.intitule} ouverte")
    return mandature


@acte(
    Page[Mandature](
        form=MandatureForm,
        consequence="Si le dernier jour change, les mandats qui devaient finir avec elle suivent.",
        bouton="Enregistrer",
        succes="La mandature est modifiée.",
        retour=lambda mandature, _: mandature.adresse,
    )
)
@transaction.atomic
def modifier_mandature(mandature: Mandature, *, par: Compte, **champs: Any) -> None:
    """Change a mandature. If its end moves, mandates that end with it move too. Raises ValidationError."""
    pas = exiger(mandature, "modifier_mandature", par=par)
    ancienne, nouveaux = mandature.fin, changes(mandature, champs)
    if not nouveaux:
        return
    pas.avancer(
        champs=champs,
        fait=f"Mandature {champs.get('intitule', mandature.intitule)} modifiée : {dire_changes(mandature, nouveaux)}",
    )
    if "fin" in nouveaux:
        touches = Membre.objects.filter(
            college__mandature=mandature, motif_fin="", terme=ancienne, au=ancienne
        )
        if mandature.fin is not None:
            touches = touches.filter(du__lte=mandature.fin)
        touches.update(au=mandature.fin, terme=mandature.fin)


class InstallerForm(ActeForm):
    le = champ_jour("Installée le", initial=timezone.localdate)


@acte(
    Page[Mandature](
        form=InstallerForm,
        consequence="L’installation est la première séance de la mandature, où les membres prennent place.",
        succes="La mandature est installée.",
        retour=lambda mandature, _: mandature.adresse,
    )
)
@transaction.atomic
def installer(mandature: Mandature, *, par: Compte, le: date) -> None:
    """Note the day on which the mandature was installed.

    Raises ActeInterdit if it already has one, ValidationError outside the mandature.
    """
    pas = exiger(mandature, "installer", par=par)
    if le < mandature.debut or (mandature.fin is not None and le > mandature.fin):
        raise ValidationError({"le": "Choisissez un jour de la mandature."})
    pas.avancer(
        champs={"installee_le": le}, fait=f"Mandature {mandature.intitule} installée le {jour_texte(le)}"
    )


class CollegeForm(ColonnesForm):
    MODELE = College
    LIBELLES = {
        "nom": "Nom",
        "ordre": "Rang dans la composition",
        "sieges": "Sièges de titulaires",
        "vote_depuis": "Droit de vote depuis le",
        "a_des_suppleants": "Ce collège a des suppléants",
        "est_elu": "Collège d’élus",
    }

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, Mandature):
            return {"ordre": self.objet.colleges.count() + 1, "vote_depuis": self.objet.debut}
        return super().initiales()


@acte(
    Page[Mandature](
        form=CollegeForm,
        succes=lambda _, college: f"Le collège « {college.nom} » est créé.",
        retour=lambda mandature, _: mandature.adresse,
    )
)
@transaction.atomic
def creer_college(mandature: Mandature, *, par: Compte, **champs: Any) -> College:
    pas = exiger(mandature, "creer_college", par=par)
    college = enregistrer(College(mandature=mandature, **champs))
    pas.avancer(fait=f"Collège « {college.nom} » créé, {accorder(college.sieges, 'siège')}")
    return college


@acte(
    Page[College](
        form=CollegeForm,
        bouton="Enregistrer",
        succes="Le collège est modifié.",
        retour=lambda college, _: college.mandature.adresse,
    )
)
@transaction.atomic
def modifier_college(college: College, *, par: Compte, **champs: Any) -> None:
    """Change a collège.

    Raises ValidationError for fewer seats than titulaires, or for excluding substitutes while some sit.
    """
    pas = exiger(college, "modifier_college", par=par)
    en_fonction = college.membres.encore_la()
    titulaires = en_fonction.titulaires().count()
    if champs.get("sieges", college.sieges) < titulaires:
        raise ValidationError(
            {
                "sieges": f"{titulaires} titulaires siègent dans ce collège : il ne peut pas avoir moins de sièges."
            }
        )
    if (
        not champs.get("a_des_suppleants", college.a_des_suppleants)
        and en_fonction.filter(rang=Membre.Rang.SUPPLEANT).exists()
    ):
        raise ValidationError(
            {"a_des_suppleants": "Des suppléants siègent dans ce collège. Mettez d’abord fin à leur mandat."}
        )
    if nouveaux := changes(college, champs):
        nom = champs.get("nom", college.nom)
        pas.avancer(champs=champs, fait=f"Collège « {nom} » modifié : {dire_changes(college, nouveaux)}")


PARTS_DE_DEMANDE = [
    (Part.AUCUNE, "Un membre suffit"),
    (Part.TIERS, "Un tiers des membres"),
    (Part.MOITIE, "La moitié des membres"),
    (Part.MAJORITE, "Plus de la moitié des membres"),
    (Part.DEUX_TIERS, "Les deux tiers des membres"),
    (Part.UNANIMITE, "Tous les membres"),
]


def plan(form: forms.BaseForm, *elements: Any) -> FormHelper:
    """Return the layout of a form whose <form> tag and CSRF token are in the page's template."""
    aide = FormHelper(form)
    aide.form_tag = False
    aide.disable_csrf = True
    aide.layout = Layout(*elements)
    return aide


def _domaines() -> list[tuple[str, str]]:
    """Return « Toute la participation », then each app that has dossiers."""
    configs = {modele._meta.app_config for modele in Dossier.natures().values()}
    siens = [(c.label, capfirst(str(c.verbose_name))) for c in apps.get_app_configs() if c in configs]
    return [("metropole", "Toute la participation"), *siens]
