"""Acts of registration: pages in each language, addresses invited, people; then all of them into the draw, at once."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.inclusion.profils.actes import oublier_reponses
from participation.panels.inscriptions import regles
from participation.panels.inscriptions.lectures import commence, comparer_adresse, la_plus_proche, mots_de
from participation.panels.models import Inscription, PageInscription, Panel
from participation.panels.preparation.actes import faire_etape
from participation.panels.workflow import Canal, EtatPanel
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_ligne,
    champ_piege,
    champ_texte,
    voies_proposees,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.suites.abonnements import suivre
from participation.tirage.volontaires.versement import Inscrit, verser

ORIGINE = "panels.inscription"
LUES_ENSEMBLE = 40  # addresses read on one page


class PageForm(ActeForm):
    """A registration page. What is left without translation is said in French."""

    langue = forms.SlugField(
        label="Code de la langue",
        max_length=12,
        help_text="fr, en, ar, tr… ou « falc » pour Facile à lire. Il termine l’adresse de la page.",
        error_messages={"required": "Donnez le code de la langue."},
    )
    nom_langue = champ_ligne(
        "Nom de la langue",
        "Dans cette langue : « العربية ».",
        maximum=40,
        erreur="Donnez le nom de la langue.",
    )
    se_lit_de_droite = champ_case("Se lit de droite à gauche", requis=False)
    titre = champ_ligne("Titre", maximum=120, erreur="Écrivez un titre.")
    introduction = champ_texte(
        "Introduction",
        "Qui peut s’inscrire, les dates, ce qui est payé, dans cette langue.",
        maximum=2000,
        erreur="Dites qui peut s’inscrire, et quand le panel se réunit.",
    )
    lettre = champ_texte(
        "Lettre d’invitation",
        "Ce que dit la lettre de papier dans cette langue. L’adresse courte, son code QR et l’adresse de la personne s’y ajoutent.",
        requis=False,
        maximum=2500,
        lignes=8,
    )
    traductions = champ_texte(
        "Traductions",
        "Une ligne par mot de la page : le français, le signe « = », la traduction. Rien à écrire pour une page en français.",
        requis=False,
        maximum=12_000,
        lignes=14,
        attributs={"spellcheck": "false"},
        se_relit=False,
    )

    @property
    def panel(self) -> Panel:
        return self.objet if isinstance(self.objet, Panel) else self.objet.panel

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, PageInscription):
            champs = ("langue", "nom_langue", "se_lit_de_droite", "titre", "introduction", "lettre")
            siens = {champ: getattr(self.objet, champ) for champ in champs}
            return {**siens, "traductions": regles.ecrire(self.objet.traductions, self.mots)}
        premiere = not self.panel.pages.exists()
        return {
            "traductions": regles.ecrire({}, self.mots),
            **({"langue": "fr", "nom_langue": "français", "titre": self.panel.titre} if premiere else {}),
        }

    @property
    def mots(self) -> list[str]:
        return mots_de(self.panel)

    def clean_traductions(self) -> dict[str, str]:
        try:
            return regles.lire(self.cleaned_data["traductions"], self.mots)
        except ValueError as faute:
            raise ValidationError(str(faute)) from None


@acte(
    Page[Panel](
        form=PageForm,
        consequence="Une page par langue, sous la même adresse courte. Les mots sont les vôtres : rien n’est traduit par une machine.",
        bouton="Enregistrer",
        retour="#pages",
    )
)
@transaction.atomic
def ecrire_page(panel: Panel, *, par: Compte, **champs: Any) -> PageInscription:
    pas = exiger(panel, "ecrire_page", par=par)
    page = enregistrer(PageInscription(panel=panel, **champs))
    pas.avancer(fait=f"Page d’inscription ajoutée : {page}")
    return page


@acte(Page[PageInscription](form=PageForm, bouton="Enregistrer", retour="#pages"))
@transaction.atomic
def modifier_page(page: PageInscription, *, par: Compte, **champs: Any) -> None:
    pas = exiger(page, "modifier_page", par=par)
    pas.avancer(champs=champs, fait=f"Page d’inscription modifiée : {page}")


@acte(
    Page[Panel](
        consequence=lambda panel: (
            f"La page publique et la page d’inscription sont en ligne, à l’adresse courte « /panel/{panel.cle}/ ». "
            "Les répétitions faites jusqu’ici restent à part."
        )
    )
)
@transaction.atomic
def ouvrir_inscriptions(panel: Panel, *, par: Compte) -> None:
    avancer(panel, "ouvrir_inscriptions", par=par, champs={"est_publie": True})
    for etape in ("preparer", "concevoir", "ouvrir"):
        faire_etape(panel, etape)


def champ_oui_non(libelle: Any, mots: Any) -> forms.ChoiceField:
    return champ_choix(
        libelle,
        [("oui", mots(regles.OUI)), ("non", mots(regles.NON))],
        boutons=True,
        erreur=mots(regles.REPONDEZ),
    )


class InscriptionForm(forms.Form):
    """Fields of a registration, in the words of `dire`. Its questions are the categories of the draw.

    `nommer` gives their names, which may be marked as French; an option or an error holds no mark.
    """

    panel: Panel

    def ajouter_champs(self, dire: Any, nommer: Any = None) -> None:
        self.mots, nommer = dire, nommer or dire
        self.fields |= {
            "prenom": champ_ligne(nommer(regles.PRENOM), maximum=80, erreur=dire(regles.REPONDEZ)),
            "nom": champ_ligne(nommer(regles.NOM), maximum=80, erreur=dire(regles.REPONDEZ)),
            "telephone": champ_ligne(
                nommer(regles.TELEPHONE), maximum=20, requis=False, attributs={"inputmode": "tel"}
            ),
            "courriel": champ_courriel(nommer(regles.COURRIEL), requis=False),
            "adresse": champ_ligne(
                nommer(regles.ADRESSE), nommer(regles.ADRESSE_AIDE), maximum=240, requis=False
            ),
            **{
                f"categorie_{rang}": champ_choix(
                    nommer(categorie),
                    [("", dire(regles.CHOISIR)), *((valeur, dire(valeur)) for valeur in valeurs)],
                    erreur=dire(regles.REPONDEZ),
                )
                for rang, (categorie, valeurs) in enumerate(self.panel.categories.items())
            },
            "est_eligible": champ_oui_non(nommer(regles.ELIGIBLE), dire),
            "peut_venir": champ_oui_non(nommer(regles.DISPONIBLE), dire),
            "veut_etre_informe": champ_case(nommer(regles.NOUVELLES), requis=False),
        }

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if not any(dit.get(champ) for champ in ("telephone", "courriel", "adresse")) and not (
            {"telephone", "courriel", "adresse"} & set(self.errors)
        ):
            self.add_error("telephone", self.mots(regles.JOINDRE))
        return dit

    def reponses(self) -> dict[str, Any]:
        dit = dict(self.cleaned_data)
        profil = {
            categorie: dit.pop(f"categorie_{rang}", "")
            for rang, categorie in enumerate(self.panel.categories)
        }
        oui = {champ: dit.pop(champ) == "oui" for champ in ("est_eligible", "peut_venir")}
        champs = ("prenom", "nom", "telephone", "courriel", "adresse", "veut_etre_informe")
        return {**{champ: dit[champ] for champ in champs}, **oui, "profil": profil}


class SInscrireForm(InscriptionForm, EnvoiUnique):
    """The public page. `est_piege`: filled in by a program. `ouverte`: when the page was made, signed."""

    ORIGINE = "panels.inscription"

    site = champ_piege()
    ouverte = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, page: PageInscription) -> None:
        super().__init__(data, initial={"ouverte": regles.jeton_de(page.panel_id)})
        self.panel = page.panel
        self.ajouter_champs(page.dire, page.dire_ou_francais)
        for champ, remplit in (
            ("prenom", "given-name"), ("nom", "family-name"), ("telephone", "tel"), ("courriel", "email"),
            ("adresse", "street-address"),
        ):  # fmt: skip
            self.fields[champ].widget.attrs["autocomplete"] = remplit
        self.fields["adresse"].widget.attrs.update(voies_proposees())

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    data: Any

    def exiger_le_temps(self) -> bool:
        """Whether the page was open long enough, and not too long; if not, say so and make its instant new."""
        regle = self.panel.regle
        defaut = regles.defaut_du_jeton(
            str(self.cleaned_data.get("ouverte", "")),
            self.panel.pk,
            secondes=regle.formulaire_secondes,
            jours=regle.formulaire_jours,
        )
        if not defaut:
            return True
        self.add_error(None, self.mots(defaut))
        if defaut == regles.TROP_TARD:
            self.data = {**self.data.dict(), "ouverte": regles.jeton_de(self.panel.pk)}
        return False


class InscrireForm(InscriptionForm, ActeForm):
    """What an agent hears by phone or reads on paper, several in a row."""

    canal = champ_choix(
        "Reçue",
        [(c.value, c.label) for c in (Canal.TELEPHONE, Canal.PAPIER)],
        boutons=True,
        initial=Canal.TELEPHONE,
    )

    def preparer(self) -> None:
        self.panel = self.objet
        self.ajouter_champs(str)

    def clean(self) -> dict[str, Any]:
        super().clean()
        return (
            {**self.reponses(), "canal": self.cleaned_data["canal"]} if not self.errors else self.cleaned_data
        )


@acte(
    Page[Panel](
        form=InscrireForm,
        consequence="Lisez les questions à la personne, ou recopiez le bulletin.",
        bouton="Enregistrer",
        succes=lambda _, inscription: f"{inscription} : inscription enregistrée.",
        gabarit="panels/encore.html",
        retour="#inscriptions",
    )
)
@transaction.atomic
def inscrire(
    panel: Panel,
    *,
    par: Compte | None,
    canal: str = Canal.WEB,
    page: PageInscription | None = None,
    cle: uuid.UUID | None = None,
    **reponses: Any,
) -> Inscription:
    """Register somebody; a rehearsal until registrations open. Sent twice (`cle`), it is registered once.

    Raises ActeInterdit once registrations are closed, ValidationError.
    """
    pas = exiger(panel, "inscrire", par=par)
    if cle is not None and (deja := panel.inscriptions.filter(cle=cle).first()) is not None:
        return deja
    inscription = Inscription(
        panel=panel,
        page=page,
        canal=canal,
        cle=cle,
        est_repetition=panel.etat == EtatPanel.PREPARATION,
        adresse_comparee=comparer_adresse(panel, reponses.get("adresse", "")),
        **reponses,
    )
    if canal == Canal.PAPIER and par is not None and panel.regle.saisie_double:
        inscription.saisie_par = par
    enregistrer(inscription)
    if inscription.veut_etre_informe and inscription.courriel and not inscription.est_repetition:
        suivre(panel, inscription.courriel)  # the letter asks her to confirm: her address is proved by nobody
    quoi = "Répétition d’une inscription" if inscription.est_repetition else "Inscription"
    pas.avancer(fait=f"{quoi} reçue {inscription.get_canal_display()}")
    return inscription


class RessaisirForm(InscriptionForm, ActeForm):
    """The same form of paper, typed by another person. What differs is said, and she decides with the paper."""

    garde = champ_case("J’ai relu le papier : ce qui est écrit ici est juste", requis=False)

    def preparer(self) -> None:
        self.panel = self.objet.panel
        self.ajouter_champs(str)
        self.order_fields([nom for nom in self.fields if nom != "garde"])
        if not self.is_bound:
            del self.fields["garde"]

    def initiales(self) -> Mapping[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        reponses, garde = self.reponses(), self.cleaned_data.get("garde")
        if not garde:
            for champ, avant in self.ecarts(reponses):
                self.add_error(champ, f"La première saisie dit : {avant}.")
        return reponses

    def ecarts(self, reponses: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return (field, what was typed first) for each answer that differs."""
        premiere = self.objet
        dits = regles.comparer(
            {nom: getattr(premiere, nom) for nom in reponses if nom != "profil"},
            {nom: valeur for nom, valeur in reponses.items() if nom != "profil"},
        )
        rangs = {categorie: f"categorie_{rang}" for rang, categorie in enumerate(self.panel.categories)}
        profil = regles.comparer(premiere.profil, reponses["profil"])
        return [*dits, *((rangs[categorie], avant) for categorie, avant in profil if categorie in rangs)]


@acte(
    Page[Inscription](
        form=RessaisirForm,
        consequence="Recopiez le papier sans regarder la première saisie. Ce qui diffère est montré : vous décidez, le papier en main.",
        bouton="Comparer et enregistrer",
        retour="#inscriptions",
    )
)
@transaction.atomic
def ressaisir(inscription: Inscription, *, par: Compte, **reponses: Any) -> None:
    """Keep the second entry. Before it, nobody is drawn from a paper form that one person alone typed."""
    pas = exiger(inscription, "ressaisir", par=par)
    adresse = reponses.get("adresse", "")
    if adresse != inscription.adresse:
        reponses["adresse_comparee"] = comparer_adresse(inscription.panel, adresse)
    pas.avancer(champs={**reponses, "relue_le": timezone.now()})


@acte(
    Page[Inscription](
        consequence=lambda i: (
            f"Adresse donnée : {i.adresse or 'aucune'}. Elle est {i.get_adresse_comparee_display()}."
        ),
        retour="#inscriptions",
    )
)
@transaction.atomic
def accepter_adresse(inscription: Inscription, *, par: Compte) -> None:
    avancer(inscription, "accepter_adresse", par=par, champs={"adresse_acceptee_le": timezone.now()})


class LireAdressesForm(ActeForm):
    """The addresses that wait, the oldest first, each beside the invited one that looks most like it."""

    adresses: Any = forms.ModelMultipleChoiceField(
        label="Adresses que vous acceptez",
        help_text="Celles où il ne manque que la ville sont cochées. Une adresse non cochée reste à lire : acceptez-la, ou écartez l’inscription.",
        queryset=Inscription.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une adresse.",
            "invalid_choice": "Quelqu’un vient de lire une de ces adresses : relisez la liste.",
        },
    )

    def preparer(self) -> None:
        lues = list(self.objet.inscriptions.a_lire().order_by("recue_le", "pk")[:LUES_ENSEMBLE])
        self.invitees = {i.pk: la_plus_proche(self.objet, i.adresse) for i in lues}
        champ: Any = self.fields["adresses"]
        champ.label_from_instance = self._dire
        # A function: who registers meanwhile changes nothing of what the page showed.
        champ.initial = lambda: [i.pk for i in lues if commence(self.invitees[i.pk], i.adresse)]
        self.choisir("adresses", Inscription.objects.filter(pk__in=self.invitees).order_by("recue_le", "pk"))

    def _dire(self, inscription: Inscription) -> str:
        invitee = self.invitees[inscription.pk]
        donnee = f"{inscription} : {inscription.adresse or 'pas d’adresse'}"
        return f"{donnee} (invitée : {invitee})" if invitee else f"{donnee} (aucune ne lui ressemble)"


def dire_les_adresses(panel: Panel, combien: int) -> str:
    dit = f"{accorder(combien, 'adresse acceptée', 'adresses acceptées')}."
    reste = panel.inscriptions.a_lire().count()
    return f"{dit} Il en reste {reste} à lire." if reste else dit


@acte(
    Page[Panel](
        form=LireAdressesForm,
        consequence="Comparez ce que chacun a écrit avec l’adresse invitée qui lui ressemble le plus.",
        bouton="Accepter",
        succes=dire_les_adresses,
        retour=lambda panel, combien: (
            reverse("panels:accepter_adresses", args=[panel.pk])
            if combien and panel.inscriptions.a_lire().exists()
            else f"{panel.get_absolute_url()}#inscriptions"
        ),
    )
)
@transaction.atomic
def accepter_adresses(panel: Panel, *, par: Compte, adresses: Any) -> int:
    """Accept several addresses at once. Return how many; raises ActeInterdit when somebody read them all before."""
    pas = exiger(panel, "accepter_adresses", par=par)
    acceptees = panel.inscriptions.a_lire().filter(pk__in=[inscription.pk for inscription in adresses])
    combien: int = acceptees.update(adresse_acceptee_le=timezone.now())
    if not combien:
        raise ActeInterdit("Quelqu’un vient de lire ces adresses.")
    pas.avancer(fait=accorder(combien, "adresse acceptée", "adresses acceptées"))
    return combien


@acte(Page[Inscription](consequence="Cette personne ne sera pas dans le tirage.", retour="#inscriptions"))
@transaction.atomic
def ecarter_inscription(
    inscription: Inscription, *, par: Compte, motif: Annotated[str, champ_ligne("Pourquoi", maximum=160)]
) -> None:
    avancer(inscription, "ecarter_inscription", par=par, motif=motif, champs={"ecartee_le": timezone.now()})
    oublier_reponses("panel", inscription.panel_id, f"inscription:{inscription.pk}")


@acte(
    Page[Panel](
        consequence=lambda panel: (
            f"{accorder(panel.inscriptions.tirables().count(), 'personne entre', 'personnes entrent')} dans le tirage. "
            "Les inscriptions se ferment. Qui ne remplit pas les conditions, qui ne peut pas venir et les répétitions n’y entrent pas."
        ),
        retour=lambda panel, combien: (
            panel.tirage.get_absolute_url() if combien and panel.tirage else panel.get_absolute_url()
        ),
        succes=lambda _, combien: f"{combien} personnes sont dans le tirage. Figez maintenant sa liste.",
    )
)
@transaction.atomic
def verser_au_tirage(panel: Panel, *, par: Compte) -> int:
    """Close registrations and make a volunteer of each who may be drawn. Return how many."""
    pas = exiger(panel, "verser_au_tirage", par=par)
    assert panel.tirage is not None  # noqa: S101 registrations do not open without it
    inscriptions = list(panel.inscriptions.tirables().select_related("page"))
    verser(
        panel.tirage,
        (
            Inscrit(f"{ORIGINE}:{i.pk}", i.profil, nom=str(i), courriel=i.courriel, telephone=i.telephone, foyer=i.adresse[:200], langue=i.langue_lettres)
            for i in inscriptions
        ),
        par=par,
    )  # fmt: skip
    versees = dict(panel.tirage.volontaires.exclude(origine="").values_list("origine", "pk"))
    for inscription in inscriptions:
        inscription.volontaire_id = versees[f"{ORIGINE}:{inscription.pk}"]
    Inscription.objects.bulk_update(inscriptions, ["volontaire"], batch_size=1000)
    pas.avancer(details={"volontaires": len(inscriptions)})
    return len(inscriptions)
