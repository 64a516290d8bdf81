"""Acts of the decentralised draw: its rule, what communes are asked, what they deposit by their link, the seed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.panels.communes import regles
from participation.panels.communes.lectures import engagees, part_dite
from participation.panels.models import Panel, PartDeCommune, TirageDesCommunes
from participation.panels.models.communes import LETTRES_MAX
from participation.socle.actions import enregistrer, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.tableaux import recevoir_tableau
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm, ModeleForm
from participation.socle.forms.champs import (
    ChampFichier,
    champ_jour,
    champ_ligne,
    champ_nombre,
    champ_texte,
    jours_de,
)
from participation.socle.francais import accorder, enumerer, jour_texte
from participation.socle.models import Commune, Compte
from participation.socle.regles.tableaux import simplifier
from participation.socle.views.pages import Page, acte
from participation.tirage.regles import EXEMPLES, defaut_de_la_source

REGLE = ("source", "date_graine", "precision_source", "repli")
GRAINE = "graine-communes"


class AnnoncerForm(ModeleForm):
    class Meta:
        model = TirageDesCommunes
        fields = REGLE
        field_classes: ClassVar[Any] = jours_de(TirageDesCommunes)

    def ligne_montree(self) -> Any:
        return TirageDesCommunes.objects.filter(panel=self.objet.pk).first()

    def initiales(self) -> Mapping[str, Any]:
        return forms.model_to_dict(self.ligne, REGLE) if self.ligne is not None else {}

    def clean_date_graine(self) -> date:
        jour: date = self.cleaned_data["date_graine"]
        if jour <= timezone.localdate():
            raise ValidationError(
                "La graine vient après aujourd’hui : les communes s’engagent avant de la connaître."
            )
        return jour


@acte(
    Page[Panel](
        form=AnnoncerForm,
        consequence="Chaque commune tirera elle-même dans sa liste, qui ne quitte pas la mairie, et postera ses lettres. La règle "
        "et la page publique de ce tirage paraissent aussitôt, avec le titre du panel.",
        retour="#communes",
    )
)
@transaction.atomic
def annoncer_tirage_communes(panel: Panel, *, par: Compte, **regle: Any) -> TirageDesCommunes:
    """Publish where the seed comes from. Changed until a commune is asked its part, not after."""
    pas = exiger(panel, "annoncer_tirage_communes", par=par)
    annonce, _ = TirageDesCommunes.objects.update_or_create(panel=panel, defaults=regle)
    annonce.full_clean()
    fixer_echeance(
        panel,
        GRAINE,
        libelle="Écrire la graine du tirage des communes",
        date_limite=annonce.date_graine,
        responsable=panel.agent,
    )
    pas.avancer(
        fait=f"Tirage des communes annoncé : graine du {jour_texte(annonce.date_graine)}, {annonce.get_source_display()}"
    )
    return annonce


def lire_parts(texte: str, panel: Panel) -> list[PartDeCommune]:
    """Return the parts of a text, one a line: commune ; letters. Raises ValidationError, a sentence a line."""
    connues = {simplifier(commune.nom): commune for commune in Commune.a_joindre()}
    deja = set(panel.parts.values_list("commune_id", flat=True))
    lues: list[PartDeCommune] = []
    fautes = []
    for numero, brute in enumerate(texte.splitlines(), 1):
        if not brute.strip():
            continue
        nom, _, combien = brute.replace("\t", ";").rpartition(";")
        try:
            part = PartDeCommune(
                panel=panel, commune=_commune(nom, connues, deja), lettres=_lettres(combien.strip())
            )
        except ValueError as faute:
            fautes.append(f"Ligne {numero} : {faute}")
            continue
        deja.add(part.commune_id)
        lues.append(part)
    if fautes:
        raise ValidationError(fautes[:10])
    return lues


def _commune(nom: str, connues: Mapping[str, Commune], deja: set[str]) -> Commune:
    commune = connues.get(simplifier(nom))
    if commune is None:
        raise ValueError(
            f"« {nom.strip()[:60]} » n’est pas une commune du territoire. Écrivez « commune ; lettres »."
        )
    if commune.pk in deja:
        raise ValueError(f"la part de {commune} est déjà demandée.")
    if not commune.adresses():
        raise ValueError(f"{commune} n’a pas d’adresse : écrivez-la dans le menu « Adresses ».")
    return commune


def _lettres(dit: str) -> int:
    if not (dit.isascii() and dit.isdigit() and len(dit) < 7 and 0 < int(dit) <= LETTRES_MAX):
        raise ValueError(f"les lettres sont un nombre, de 1 à {LETTRES_MAX}.")
    return int(dit)


class DemanderPartsForm(ActeForm):
    parts = champ_texte(
        "Communes",
        "Une ligne par commune : nom ; lettres à poster. Le calcul de l’envoi est sur la page du panel. Vous pouvez coller deux "
        "colonnes d’un tableur.",
        maximum=4000,
        lignes=10,
        erreur="Écrivez au moins une commune.",
        attributs={"spellcheck": "false"},
        se_relit=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {}

    def clean_parts(self) -> list[PartDeCommune]:
        return lire_parts(self.cleaned_data["parts"], self.objet)


@acte(
    Page[Panel](
        form=DemanderPartsForm,
        consequence="Chaque mairie reçoit un lien : le script, la commande à taper, et où déposer ses deux fichiers. Le nombre de "
        "lettres ne change plus ensuite.",
        bouton="Écrire aux mairies",
        succes=lambda _, parts: (
            f"{accorder(len(parts), 'mairie reçoit son lien', 'mairies reçoivent leur lien')}."
        ),
        retour="#communes",
    )
)
@transaction.atomic
def demander_parts(panel: Panel, *, par: Compte, parts: list[PartDeCommune]) -> list[PartDeCommune]:
    pas = exiger(panel, "demander_parts", par=par)
    for part in parts:
        enregistrer(part, panel=panel)
        _ecrire("panels/demander_part", part)
    dites = enumerer(f"{part} ({part.lettres})" for part in parts[:8])
    reste = f", et {len(parts) - 8} autres" if len(parts) > 8 else ""
    pas.avancer(
        fait=f"Parts demandées : {dites}{reste}", details={"parts": {p.commune_id: p.lettres for p in parts}}
    )
    return parts


class EngagementsForm(ActeForm):
    fichier = ChampFichier(
        label="engagements.json",
        help_text="Le petit fichier que fait « engager ». La liste, elle, reste à la mairie.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if (fichier := dit.pop("fichier", None)) is None:
            return dit
        try:
            dit["dite"] = regles.lire_engagements(_octets(fichier), self.objet.commune_id, self.objet.lettres)
        except ValueError as faute:
            self.add_error("fichier", str(faute))
        return dit


def _octets(fichier: UploadedFile) -> bytes:
    return recevoir_tableau(fichier)


@transaction.atomic
def deposer_engagements(part: PartDeCommune, *, par: None = None, dite: regles.Part) -> None:
    """Bind a commune to its list before the seed: the number of lines and the root. They never change."""
    pas = exiger(part, "deposer_engagements", par=None)
    pas.avancer(
        champs={"lignes": dite.lignes, "racine": dite.racine, "engagee_le": timezone.now()},
        fait=f"{part} s’engage sur {accorder(dite.lignes, 'ligne')}",
        details={"commune": part.commune_id, "lignes": dite.lignes, "racine": dite.racine},
    )


class SemerCommunesForm(ActeForm):
    texte_graine = champ_ligne("La graine, comme elle est publiée", maximum=200, erreur="Écrivez la graine.")

    def preparer(self) -> None:
        self.regle = TirageDesCommunes.objects.filter(panel=self.objet.pk).first()
        if self.regle is not None:
            exemple = EXEMPLES[self.regle.source]
            self.fields["texte_graine"].help_text = f"Exactement sous cette forme : {exemple}"

    def clean_texte_graine(self) -> str:
        texte = str(self.cleaned_data["texte_graine"]).strip()
        if self.regle is not None and (
            defaut := defaut_de_la_source(self.regle.source, texte, self.regle.date_graine)
        ):
            raise ValidationError(defaut)
        return texte


def dire_la_graine(panel: Panel) -> str:
    combien = len(engagees(panel))
    return (
        f"{accorder(combien, 'commune s’est engagée', 'communes se sont engagées')} : chacune reçoit la commande à taper. "
        "Les autres ne tirent pas."
    )


@acte(
    Page[Panel](
        form=SemerCommunesForm,
        consequence=dire_la_graine,
        succes="La graine est publiée. Chaque mairie engagée reçoit la commande à taper.",
        retour="#communes",
    )
)
@transaction.atomic
def semer_communes(panel: Panel, *, par: Compte, texte_graine: str) -> None:
    """Write the seed, bound to all that was deposited: it names the lines of each list, that nobody here has seen."""
    pas = exiger(panel, "semer_communes", par=par)
    parts = engagees(panel)
    graine = regles.graine_des_communes([part_dite(part) for part in parts], texte_graine)
    TirageDesCommunes.objects.filter(panel=panel).update(texte_graine=texte_graine, graine=graine)
    faire_echeance(panel, GRAINE)
    _dire_semer_communes(
        PartDeCommune.objects.filter(pk__in=[p.pk for p in parts]).select_related("commune", "panel")
    )
    pas.avancer(fait=f"Graine des communes : {texte_graine}", details={"graine": graine})


class PreuveForm(ActeForm):
    fichier = ChampFichier(
        label="preuve.json",
        help_text="Le fichier que fait « tirer ».",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    postees = champ_nombre(
        "Lettres postées", minimum=0, maximum=LETTRES_MAX, erreur="Dites combien de lettres sont postées."
    )
    date_postee = champ_jour("Postées le")

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if dit.get("postees", 0) > self.objet.lettres:
            self.add_error("postees", f"Il y a {accorder(self.objet.lettres, 'lettre')} à poster, pas plus.")
        if (
            jour := dit.get("date_postee")
        ) and not self.objet.regle.date_graine <= jour <= timezone.localdate():
            self.add_error(
                "date_postee",
                f"Entre le {jour_texte(self.objet.regle.date_graine)}, jour de la graine, et aujourd’hui.",
            )
        if (fichier := dit.pop("fichier", None)) is None or self.errors:
            return dit
        try:
            dit["tires"] = regles.lire_preuve(
                _octets(fichier), self.objet.regle.graine, part_dite(self.objet)
            )
        except ValueError as faute:
            self.add_error("fichier", str(faute))
        return dit


@transaction.atomic
def deposer_preuve(
    part: PartDeCommune, *, par: None = None, tires: list[Any], postees: int, date_postee: date
) -> None:
    """Keep the proof of a commune, checked, and what it posted."""
    pas = exiger(part, "deposer_preuve", par=None)
    pas.avancer(
        champs={"tires": tires, "postees": postees, "date_postee": date_postee, "prouvee_le": timezone.now()},
        fait=f"{part} prouve son tirage : {accorder(postees, 'lettre postée', 'lettres postées')}",
        details={"commune": part.commune_id, "postees": postees},
    )


def _dire_semer_communes(parts: Iterable[PartDeCommune]) -> None:
    for part in parts:
        _ecrire("panels/semer_communes", part)


def _ecrire(lettre: str, part: PartDeCommune) -> None:
    ecrire(
        lettre,
        a=part.commune.adresses(),
        contexte={
            "part": part,
            "panel": part.panel,
            "regle": part.regle,
            "lien": reverse("panels:part_de_commune", args=[part.jeton()]),
        },
        dossier=part.panel,
    )
