"""Acts that prepare a panel: mandate, team, mailing, draw; its steps become échéances."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.panels.models import Equipier, Panel, ReglementPanels, Strate
from participation.panels.preparation import regles
from participation.panels.preparation.contacts import tenir_contacts
from participation.panels.preparation.lectures import cle_d_etape, etapes
from participation.panels.workflow import EtatPanel, RoleEquipe
from participation.socle.actions import (
    annuler_echeance,
    avancer,
    enregistrer,
    exiger,
    faire_echeance,
    fixer_echeance,
    ouvrir,
)
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.forms.actes import ActeForm, ModeleForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne, champ_texte, jours_de
from participation.socle.models import Compte, Dossier
from participation.socle.views.pages import Page, acte
from participation.tirage import quotas as tirages
from participation.tirage.models import Tirage
from participation.tirage.quotas import RegleForm

CHAMPS = (
    "titre", "cle", "mandat", "repond_a", "engagement", "financement", "places", "seances_prevues",
    "date_premiere_seance", "lieu", "voie", "prestataire",
)  # fmt: skip
STRATES_MAX = 60


class PanelForm(ModeleForm):
    """Mandate and frame of a panel, new or not yet in session."""

    class Meta:
        model = Panel
        fields = CHAMPS
        field_classes = jours_de(Panel)
        widgets: ClassVar[dict[str, Any]] = {
            "mandat": forms.Textarea(attrs={"rows": "3"}),
            "engagement": forms.Textarea(attrs={"rows": "3"}),
            "financement": forms.Textarea(attrs={"rows": "2"}),
            "voie": forms.RadioSelect,
        }

    def initiales(self) -> Mapping[str, Any]:
        return forms.model_to_dict(self.objet, CHAMPS) if self.objet.pk else {}

    def preparer(self) -> None:
        if self.objet.etat != EtatPanel.PREPARATION:
            for champ in ("cle", "places"):  # printed on the letters, and the seats of the draw
                del self.fields[champ]


@acte(
    Page[Panel](
        ouvre=True,
        form=PanelForm,
        consequence="Personne ne le voit avant l’ouverture des inscriptions. Ses étapes deviennent des échéances.",
        retour=lambda panel, fait: panel.get_absolute_url() if panel.pk else panel.fil_avant[-1][1],
    )
)
@transaction.atomic
def preparer_panel(panel: Panel, *, par: Compte, origine: Dossier | None = None, **champs: Any) -> Panel:
    """Prepare a panel, by itself or for the dossier that asks for it (`origine`)."""
    reglement = ReglementPanels.actuel()
    ouvrir(
        panel,
        "preparer_panel",
        par=par,
        champs={
            **champs,
            "origine_id": origine.pk if origine is not None else None,
            "reglement": reglement if reglement.pk else None,
            "auteur": par,
        },
    )
    planifier(panel)
    return panel


def ouvrir_pour(
    dossier: Dossier, *, par: Compte, places: int, date_premiere_seance: date, lieu: str
) -> Panel:
    """Prepare the panel that a dossier asks for, in neutral words that an agent then completes."""
    deja = Panel.objects.filter(origine=dossier.pk).count()
    return preparer_panel(
        Panel(),
        par=par,
        origine=dossier,
        titre=f"Panel citoyen : {dossier.titre}"[:160],
        cle=f"{dossier.reference}{f'-{deja + 1}' if deja else ''}".lower(),
        mandat=f"Donner un avis sur « {dossier.titre} ».",
        repond_a="l’assemblée qui débattra",
        places=places,
        date_premiere_seance=date_premiere_seance,
        lieu=lieu,
    )


@transaction.atomic
def constater_avis(dossier: Dossier) -> None:
    """Close the panels of a dossier that has their opinion and that were led elsewhere: nothing of them began here."""
    for panel in Panel.objects.filter(origine=dossier.pk, etat=EtatPanel.PREPARATION):
        avancer(panel, "constater_avis", par=None, champs={"clos_le": timezone.now()})
        annuler_echeance(panel)


@acte(
    Page[Panel](
        form=PanelForm, consequence="Si la première séance change, les étapes qui restent se déplacent."
    )
)
@transaction.atomic
def modifier_panel(panel: Panel, *, par: Compte, **champs: Any) -> None:
    avant = (panel.date_premiere_seance, panel.voie)
    avancer(panel, "modifier_panel", par=par, champs=champs)
    if (panel.date_premiere_seance, panel.voie) != avant:
        planifier(panel)


def planifier(panel: Panel) -> None:
    """Write or move the échéances of the steps that are not done: none is late on the day when it is planned."""
    faites = set(panel.echeances.filter(faite_le__isnull=False).values_list("cle", flat=True))
    a_faire = [etape for etape in etapes(panel) if cle_d_etape(etape.cle) not in faites]
    tenables = regles.resserrer(a_faire, panel.date_premiere_seance, timezone.localdate())
    dues = {cle_d_etape(etape.cle): etape for etape in tenables}
    for ancienne in (
        panel.echeances.ouvertes().filter(cle__startswith=cle_d_etape("")).values_list("cle", flat=True)
    ):
        if ancienne not in dues:
            annuler_echeance(panel, ancienne)
    for cle, etape in dues.items():
        fixer_echeance(
            panel, cle, libelle=etape.libelle, date_limite=etape.jour, rappels=[7], responsable=panel.agent
        )


def faire_etape(panel: Panel, cle: str) -> None:
    """A step of the règlement is done by the act that does it; nothing when no step has this key."""
    faire_echeance(panel, cle_d_etape(cle))


class NoterEtapeForm(ActeForm):
    etape = champ_choix("Étape", [], boutons=True, erreur="Choisissez l’étape.")

    def preparer(self) -> None:
        champ: Any = self.fields["etape"]
        dues = self.objet.echeances.ouvertes().filter(cle__startswith=cle_d_etape(""))
        champ.choices = list(dues.order_by("date_limite", "pk").values_list("cle", "libelle"))


@acte(
    Page[Panel](
        form=NoterEtapeForm,
        consequence="Plus personne n’en reçoit de rappel.",
        bouton="C’est fait",
        retour="#mandat",
    )
)
@transaction.atomic
def noter_etape(panel: Panel, *, par: Compte, etape: str) -> None:
    """Note a step that no act does by itself. `etape`: key of its échéance. Raises ValidationError if it is not open."""
    pas = exiger(panel, "noter_etape", par=par)
    due = panel.echeances.ouvertes().filter(cle=etape, cle__startswith=cle_d_etape("")).first()
    if due is None:
        raise ValidationError({"etape": "Cette étape est déjà faite."})
    faire_echeance(panel, etape)
    pas.avancer(fait=f"Étape faite : {due.libelle}")


def lire_strates(texte: str, taux: Decimal) -> list[Strate]:
    """Return the strata of a text, one a line: name ; addresses ; seats ; answers in %.

    Raises ValidationError, a sentence for each line that cannot be read.
    """
    lues: dict[str, Strate] = {}
    fautes = []
    for numero, brute in enumerate(texte.splitlines(), 1):
        if not brute.strip():
            continue
        cases = [case.strip() for case in brute.split("\t" if "\t" in brute else ";")]
        try:
            strate = _strate(cases, taux)
            if strate.nom in lues:
                raise ValueError(f"« {strate.nom} » est déjà écrite plus haut.")
        except ValueError as faute:
            fautes.append(f"Ligne {numero} : {faute}")
            continue
        strate.ordre = len(lues) + 1
        lues[strate.nom] = strate
    if len(lues) > STRATES_MAX:
        fautes.append(f"Il y a {len(lues)} strates : {STRATES_MAX} au plus.")
    if fautes:
        raise ValidationError(fautes[:10])
    return list(lues.values())


def _strate(cases: list[str], taux: Decimal) -> Strate:
    if len(cases) not in {3, 4} or not cases[0]:
        raise ValueError("écrivez « strate ; adresses ; places ; réponses en % ».")
    nom, population, places = cases[:3]
    population, places = population.replace(" ", "").replace("\u202f", ""), places
    if not all(dit.isascii() and dit.isdigit() and len(dit) < 8 for dit in (population, places)):
        raise ValueError("les adresses et les places sont des nombres entiers.")
    if not int(population):
        raise ValueError("il faut au moins une adresse.")
    dit = cases[3].replace(",", ".").removesuffix("%").strip() if len(cases) == 4 else ""
    try:
        part = Decimal(dit) if dit else taux
    except InvalidOperation:
        part = Decimal(0)
    if not part.is_finite() or not Decimal("0.1") <= part <= 100:
        raise ValueError("les réponses sont un pourcentage, de 0,1 à 100.")
    return Strate(
        nom=nom[:80], population=int(population), places=min(int(places), 9999), taux=round(part, 1)
    )


def ecrire_strates(strates: Iterable[Strate]) -> str:
    return "\n".join(
        f"{s.nom} ; {s.population} ; {s.places} ; {f'{s.taux}'.replace('.', ',')}" for s in strates
    )


class StratesForm(ActeForm):
    strates = champ_texte(
        "Strates",
        "Une ligne par strate : nom ; adresses ; places voulues ; réponses attendues en %. Sans la dernière case, "
        "le taux du règlement est repris. Vous pouvez coller quatre colonnes d’un tableur.",
        maximum=8000,
        lignes=10,
        erreur="Écrivez au moins une strate.",
        attributs={"spellcheck": "false"},
        se_relit=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"strates": ecrire_strates(self.objet.strates.all())}

    def clean_strates(self) -> list[Strate]:
        return lire_strates(self.cleaned_data["strates"], self.objet.regle.taux_reponse)


@acte(
    Page[Panel](
        form=StratesForm,
        consequence="Le nombre d’invitations de chaque strate vient de ses places et de ce qu’elle répond d’habitude : "
        "qui répond le moins reçoit plus de lettres.",
        bouton="Enregistrer",
        retour="#envoi",
    )
)
@transaction.atomic
def regler_strates(panel: Panel, *, par: Compte, strates: list[Strate]) -> None:
    pas = exiger(panel, "regler_strates", par=par)
    avant = ecrire_strates(panel.strates.all())
    panel.strates.all().delete()
    for strate in strates:
        strate.panel = panel
    Strate.objects.bulk_create(strates)
    pas.avancer(details={"avant": avant})


class TirageForm(RegleForm):
    """The rule of the draw of a panel: what the panel says already is not asked again."""

    def initiales(self) -> Mapping[str, Any]:
        return {}

    def preparer(self) -> None:
        for champ in ("titre", "objet", "places"):
            del self.fields[champ]


@acte(
    Page[Panel](
        form=TirageForm,
        consequence="Le tirage reprend le titre, la question et les places du panel. Écrivez ensuite ses quotas : "
        "les questions de l’inscription en viennent.",
        retour=lambda panel, tirage: tirage.get_absolute_url() if tirage else panel.get_absolute_url(),
    )
)
@transaction.atomic
def preparer_son_tirage(panel: Panel, *, par: Compte, **regle: Any) -> Tirage:
    pas = exiger(panel, "preparer_son_tirage", par=par)
    tirage = tirages.preparer_tirage(
        par=par, titre=panel.titre, objet=panel.mandat, places=panel.places, **regle
    )
    pas.avancer(champs={"tirage": tirage})
    return tirage


@acte(
    Page[Panel](
        consequence=lambda panel: (
            "Qui appelle pour le service ne voit du panel que la liste des personnes à appeler, et se connecte par un "
            "code reçu par courriel."
        ),
        retour="#equipe",
    )
)
@transaction.atomic
def ajouter_equipier(
    panel: Panel,
    *,
    par: Compte,
    prenom: Annotated[str, champ_ligne("Prénom", maximum=80)],
    nom: Annotated[str, champ_ligne("Nom", maximum=80)],
    courriel: Annotated[str, champ_courriel("Adresse de courriel")],
    role: Annotated[str, champ_choix("Rôle", RoleEquipe.choices, boutons=True)],
) -> Equipier:
    pas = exiger(panel, "ajouter_equipier", par=par)
    equipier = enregistrer(
        Equipier(
            panel=panel, compte=ouvrir_compte(courriel, est_prouve=False, prenom=prenom, nom=nom), role=role
        )
    )
    pas.avancer(fait=f"Équipe : {equipier}", nomme=[equipier.compte])
    tenir_contacts(panel)
    return equipier


@acte(Page[Equipier](consequence="Cette personne n’a plus accès au panel.", retour="#equipe"))
@transaction.atomic
def retirer_equipier(equipier: Equipier, *, par: Compte) -> None:
    pas = exiger(equipier, "retirer_equipier", par=par)
    dit, compte = str(equipier), equipier.compte
    equipier.delete()
    pas.avancer(fait=f"Hors de l’équipe : {dit}", nomme=[compte])
    tenir_contacts(equipier.panel)


@acte(
    Page[Panel](
        consequence="Ce panel n’aura pas lieu. Sa page reste en ligne si elle l’était, avec la raison."
    )
)
@transaction.atomic
def abandonner_panel(
    panel: Panel,
    *,
    par: Compte,
    motif: Annotated[str, champ_texte("Pourquoi", "Public.", maximum=1000, lignes=3)],
) -> None:
    avancer(panel, "abandonner_panel", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(panel)


@acte(Page[Panel](consequence="Plus rien n’est attendu. La page publique reste."))
@transaction.atomic
def clore_panel(panel: Panel, *, par: Compte) -> None:
    avancer(panel, "clore_panel", par=par, champs={"clos_le": timezone.now()})
    annuler_echeance(panel)
