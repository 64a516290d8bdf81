"""The temps fort of a group: prepared with its checklist, told, printed, held, its remarks answered; its forms."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.engagements.models import Collectif, Proposition, Remarque, Tache, TacheType, TempsFort
from participation.engagements.temps_forts import lectures
from participation.engagements.workflow import EtatTempsFort
from participation.inscriptions import actes as inscriptions
from participation.inscriptions.actes import EvenementForm
from participation.inscriptions.lectures import dire_aux_inscrits
from participation.inscriptions.models import Evenement
from participation.rencontres.models import Rencontre
from participation.rencontres.preparation import RencontreForm, annuler_rencontre, preparer_rencontre
from participation.socle.actions import avancer, enregistrer, exiger, ouvrir
from participation.socle.actions.documents import demander_document
from participation.socle.actions.echeances import annuler_echeance, faire_echeance, fixer_echeance
from participation.socle.courriels import porte
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import accorder, instant_texte
from participation.socle.models import Compte, Document
from participation.socle.models.traductions import VERSIONS
from participation.socle.views.pages import Page, acte
from participation.suites.models import ReglementSuites

FICHES, DIAPORAMA, INVITATION = "engagements/fiches", "engagements/diaporama", "engagements/invitation"
PREPARE, DOCUMENTS = "Le document se prépare : il s’affiche dans « Documents et pièces ».", "#documents"


class PreparerTempsFortForm(RencontreForm):
    collectif = champ_parmi("De qui", Collectif.objects.all(), erreur="Dites de quel collectif.")

    def preparer(self) -> None:
        super().preparer()
        del self.fields["demarche"]  # it serves the temps fort
        self.order_fields(("collectif", *RencontreForm.field_order))

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        dit.pop("origine", None)
        return dit


class DeplacerForm(EvenementForm):
    CHAMPS = ("lieu", "adresse", "acces", "date_limite")
    field_order = ("jour", "de", "a", *CHAMPS, "raison")

    raison = champ_texte(
        "Pourquoi ce changement", "Lu par qui est invité, et sur la page publique.", maximum=1000, lignes=3
    )

    def preparer(self) -> None:
        del self.fields["titre"], self.fields["places"]

    def initiales(self) -> dict[str, Any]:
        rencontre = self.objet.reunion
        return {**{nom: getattr(rencontre, nom) for nom in self.CHAMPS}, **self.quand(rencontre)}


class RemarqueForm(ActeForm):
    proposition: Any = champ_parmi(
        "Sur quelle proposition", Proposition.objects.none(), requis=False, vide="Sur toutes, ou une autre chose"
    )  # fmt: skip
    texte = champ_texte(
        "Ce qui s’est dit", "Dans les mots de la personne, sans son nom. Public.", maximum=4000
    )

    def preparer(self) -> None:
        temps_fort = self.objet.temps_fort if isinstance(self.objet, Remarque) else self.objet
        self.choisir("proposition", lectures.propositions_de(temps_fort))


class CorrigerForm(RemarqueForm):
    ACTUELS = ("proposition", "texte")


@acte(
    Page[TempsFort](
        ouvre=True,
        form=PreparerTempsFortForm,
        consequence="Une rencontre est préparée, et les tâches habituelles sont datées. Personne n’est encore invité.",
    )
)
@transaction.atomic
def preparer_temps_fort(
    temps_fort: TempsFort, *, par: Compte, collectif: Collectif, titre: str, **champs: Any
) -> TempsFort:
    """Prepare the rencontre where it is held, and date its tasks back from its day."""
    rencontre = preparer_rencontre(Rencontre(), par=par, titre=titre, **champs)
    ouvrir(
        temps_fort,
        "preparer_temps_fort",
        par=par,
        champs={"titre": titre, "collectif": collectif, "reunion": rencontre},
    )
    Rencontre.objects.filter(pk=rencontre.pk).update(origine=temps_fort.pk)
    for tache in TacheType.objects.filter(est_active=True):
        _ajouter(temps_fort, tache.libelle, rencontre.jour - timedelta(days=tache.jours_avant))
    return temps_fort


def _ajouter(temps_fort: TempsFort, libelle: str, date_limite: date) -> Tache:
    tache = Tache(temps_fort=temps_fort, libelle=libelle)
    _dater(tache, date_limite)
    return tache


def _dater(tache: Tache, date_limite: date) -> None:
    """Give it this day, or today if it is past, and its échéance."""
    enregistrer(tache, date_limite=max(date_limite, timezone.localdate()))
    temps_fort = tache.temps_fort
    reglement = ReglementSuites.objects.en_vigueur()
    fixer_echeance(
        temps_fort,
        tache.cle,
        libelle=tache.libelle,
        date_limite=tache.date_limite,
        relances=reglement.relances if reglement else (),
        responsable=temps_fort.agent,
    )


@acte(Page[TempsFort](consequence="Un rappel vient ce jour-là à qui le suit.", retour="#taches"))
@transaction.atomic
def ajouter_tache(
    temps_fort: TempsFort,
    *,
    par: Compte,
    libelle: Annotated[str, champ_ligne("À faire", maximum=120)],
    date_limite: Annotated[date, champ_jour("Au plus tard le")],
) -> Tache:
    """Add a task to its checklist. Raises ValidationError for a day that is past."""
    pas = exiger(temps_fort, "ajouter_tache", par=par)
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Ce jour est déjà passé."})
    tache = _ajouter(temps_fort, libelle, date_limite)
    pas.avancer(fait=f"Tâche ajoutée : {libelle}")
    return tache


@acte(Page[Tache](en_un_clic=True, retour="#taches"))
@transaction.atomic
def faire_tache(tache: Tache, *, par: Compte) -> None:
    pas = exiger(tache, "faire_tache", par=par)
    pas.avancer(fait=f"Fait : {tache}", champs={"faite_le": timezone.now()})
    faire_echeance(tache.temps_fort, tache.cle)


@acte(Page[Tache](consequence="Elle ne sera plus rappelée.", retour="#taches"))
@transaction.atomic
def retirer_tache(tache: Tache, *, par: Compte) -> None:
    pas = exiger(tache, "retirer_tache", par=par)
    annuler_echeance(tache.temps_fort, tache.cle)
    Tache.objects.filter(pk=tache.pk).delete()
    pas.avancer(fait=f"Tâche retirée : {tache}")


def dire_les_invites(temps_fort: TempsFort) -> str:
    combien = sum(1 for _ in temps_fort.collectif.voix()) if temps_fort.pk else 0
    if not combien:
        return "Personne n’est connu par son adresse : imprimez l’invitation. La page du temps fort devient publique."
    return (
        f"{accorder(combien, 'lettre part', 'lettres partent')} à l’association et aux membres ; qui n’a pas de courriel la reçoit "
        "par la poste. La page du temps fort devient publique."
    )


@acte(
    Page[TempsFort](
        consequence=dire_les_invites,
        succes=lambda _, combien: f"{accorder(combien, 'invitation écrite', 'invitations écrites')}.",
    )
)
@transaction.atomic
def inviter_temps_fort(temps_fort: TempsFort, *, par: Compte) -> int:
    pas = exiger(temps_fort, "inviter_temps_fort", par=par)
    pas.avancer(champs={"invite_le": timezone.now(), "est_publie": True})
    return _ecrire("inviter_temps_fort", temps_fort, [voix.courriel for voix in temps_fort.collectif.voix()])


def dire_qui_est_prevenu(temps_fort: TempsFort) -> str:
    """Say who hears that the day or the place changes, or that it is called off."""
    if temps_fort.pk is None:
        return ""
    inscrits = dire_aux_inscrits(temps_fort.reunion)
    if temps_fort.invite_le is None:
        return f"Personne n’a encore été invité. {inscrits}"
    combien = accorder(
        len(a_prevenir(temps_fort)), "personne invitée est prévenue", "personnes invitées sont prévenues"
    )
    return f"{combien} par lettre. {inscrits} Qui a reçu l’invitation en main propre n’est pas connu : dites-le autour de vous."


@acte(
    Page[TempsFort](
        form=DeplacerForm,
        bouton="Enregistrer et prévenir",
        consequence=lambda t: (
            f"{dire_qui_est_prevenu(t)} Les tâches qui restent se décalent d’autant. Le diaporama et l’invitation imprimés "
            "disent l’ancien jour : ils quittent la page publique, refaites-les."
        ),
    )
)
@transaction.atomic
def deplacer_temps_fort(temps_fort: TempsFort, *, par: Compte, raison: str, **champs: Any) -> None:
    """Move its rencontre, which it follows. Raises ValidationError when nothing changes."""
    exiger(temps_fort, "deplacer_temps_fort", par=par)
    rencontre = temps_fort.reunion
    if all(champs.get(nom) == getattr(rencontre, nom) for nom in inscriptions.ANNONCES):
        raise ValidationError({"jour": "C’est déjà ce jour, cette heure et ce lieu."})
    inscriptions.modifier(rencontre, "modifier_rencontre", par=par, champs=champs, motif=raison)


@acte(Page[TempsFort](consequence=dire_qui_est_prevenu))
@transaction.atomic
def annuler_temps_fort(
    temps_fort: TempsFort,
    *,
    par: Compte,
    motif: Annotated[
        str, champ_texte("Pourquoi il n’a pas lieu", "Lu par qui était invité, et sur la page publique.", maximum=1000, lignes=3)
    ],
) -> None:  # fmt: skip
    """Call off its rencontre, which it follows, unless that is done."""
    exiger(temps_fort, "annuler_temps_fort", par=par)
    if temps_fort.reunion.est_annule:
        _annuler(temps_fort, motif, par=par)
    else:
        annuler_rencontre(temps_fort.reunion, par=par, motif=motif)


def suivre_la_rencontre(
    *, evenement: Evenement, avant: Mapping[str, Any], par: Compte, motif: str, **_: Any
) -> None:
    """Go with the rencontre where it is held: called off, moved with its tasks; who was invited is told."""
    if not isinstance(evenement, Rencontre):
        return
    siens: Any = TempsFort.objects.filter(reunion=evenement.pk, etat=EtatTempsFort.A_PREPARER)
    temps_fort: TempsFort | None = siens.first()
    if temps_fort is None:
        return
    temps_fort.reunion = evenement
    if evenement.est_annule:
        _annuler(temps_fort, motif, par=par)
        return
    ancien_debut = avant["debut"]
    fait = f"Changé : il était prévu le {instant_texte(ancien_debut)}, {avant['lieu']}"[:200]
    avancer(temps_fort, "deplacer_temps_fort", par=par, champs={"raison": motif}, motif=motif, fait=fait)
    decalage = evenement.jour - timezone.localdate(ancien_debut)
    for tache in temps_fort.taches.filter(faite_le=None) if decalage else ():
        tache.temps_fort = temps_fort
        _dater(tache, tache.date_limite + decalage)
    _retirer_ce_qui_dit_le_jour(temps_fort)
    _ecrire("deplacer_temps_fort", temps_fort, a_prevenir(temps_fort), ancien_debut=ancien_debut)


def _annuler(temps_fort: TempsFort, raison: str, *, par: Compte) -> None:
    champs = {"raison": raison, "clos_le": timezone.now()}
    avancer(temps_fort, "annuler_temps_fort", par=par, champs=champs, motif=raison)
    annuler_echeance(temps_fort)
    _retirer_ce_qui_dit_le_jour(temps_fort)
    _ecrire("annuler_temps_fort", temps_fort, a_prevenir(temps_fort))


def _retirer_ce_qui_dit_le_jour(temps_fort: TempsFort) -> None:
    Document.objects.filter(dossier=temps_fort.pk, nature__in=(DIAPORAMA, INVITATION)).update(
        est_public=False
    )


def _imprimer(
    temps_fort: TempsFort, nom: str, nature: str, titre: str, *, par: Compte, donnees: dict[str, Any]
) -> Document:
    pas = exiger(temps_fort, nom, par=par)
    document = demander_document(
        nature=nature, titre=titre, dossier=temps_fort, par=par, est_public=True, donnees=donnees
    )
    pas.avancer(details={"document": document.pk})
    return document


@acte(
    Page[TempsFort](
        consequence="Une fiche par proposition, en grands caractères : proposé, répondu, fait.",
        succes=PREPARE,
        retour=DOCUMENTS,
    )
)
@transaction.atomic
def faire_fiches(
    temps_fort: TempsFort,
    *,
    par: Compte,
    langue: Annotated[
        str,
        champ_choix(
            "À côté du français",
            [("", "Rien"), *VERSIONS.items()],
            "Une version qui manque est dite sur la fiche.",
            requis=False,
        ),
    ] = "",
) -> Document:
    """`langue`: what is printed beside the French."""
    forme = lectures.mise_en_page(langue)
    version = f", {forme['nom_de_version']}" if langue else ""
    titre = f"Fiches{version} : {temps_fort.titre}"
    donnees = {**forme, "fiches": lectures.fiches(temps_fort, langue)}
    return _imprimer(temps_fort, "faire_fiches", FICHES, titre, par=par, donnees=donnees)


@acte(
    Page[TempsFort](
        consequence="Une page par proposition, à projeter, avec les nombres d’ensemble.",
        succes=PREPARE,
        retour=DOCUMENTS,
    )
)
@transaction.atomic
def faire_diaporama(temps_fort: TempsFort, *, par: Compte) -> Document:
    return _imprimer(
        temps_fort,
        "faire_diaporama",
        DIAPORAMA,
        f"Diaporama : {temps_fort.titre}",
        par=par,
        donnees=lectures.diaporama(temps_fort),
    )


@acte(
    Page[TempsFort](
        consequence="Une page à donner ou à poster à qui n’a pas laissé d’adresse : le jour, le lieu, comment venir.",
        succes=PREPARE,
        retour=DOCUMENTS,
    )
)
@transaction.atomic
def imprimer_invitation(temps_fort: TempsFort, *, par: Compte) -> Document:
    rencontre = temps_fort.reunion
    donnees = {
        "collectif": str(temps_fort.collectif),
        "quand": lectures.quand(rencontre),
        **{mot: getattr(rencontre, mot) for mot in ("but", "lieu", "adresse", "acces")},
        "lien": rencontre.get_public_url(),
    }
    return _imprimer(
        temps_fort, "imprimer_invitation", INVITATION, f"Invitation : {temps_fort.titre}", par=par, donnees=donnees
    )  # fmt: skip


@acte(Page[TempsFort](consequence="Le registre des remarques devient public, avec chaque réponse."))
def tenir_temps_fort(temps_fort: TempsFort, *, par: Compte) -> None:
    avancer(temps_fort, "tenir_temps_fort", par=par, champs={"est_publie": True})


@acte(Page[TempsFort](form=RemarqueForm, bouton="Noter", retour="#registre"))
@transaction.atomic
def noter_remarque(
    temps_fort: TempsFort, *, par: Compte, texte: str, proposition: Proposition | None = None
) -> Remarque:
    pas = exiger(temps_fort, "noter_remarque", par=par)
    remarque = enregistrer(Remarque(temps_fort=temps_fort, texte=texte, proposition=proposition))
    pas.avancer()
    return remarque


@acte(Page[Remarque](form=CorrigerForm, bouton="Enregistrer", retour="#registre"))
def corriger_remarque(remarque: Remarque, *, par: Compte, **champs: Any) -> None:
    avancer(remarque, "corriger_remarque", par=par, champs=champs)


@acte(Page[Remarque](consequence=lambda r: r.texte, bouton="Répondre", retour="#registre"))
def repondre_remarque(
    remarque: Remarque,
    *,
    par: Compte,
    reponse: Annotated[
        str,
        champ_texte("La réponse", "Publique : ce qui sera fait ou non, et pourquoi.", maximum=6000),
        ACTUEL,
    ],
) -> None:
    """Answer it, or correct the answer, in public."""
    avancer(
        remarque,
        "repondre_remarque",
        par=par,
        fait="Réponse à une remarque corrigée" if remarque.reponse else "",
        champs={"reponse": reponse, "repondue_le": timezone.now()},
        est_publique=remarque.temps_fort.est_publie,
    )


@acte(Page[TempsFort](consequence="Chaque remarque a sa réponse. La page reste publique."))
@transaction.atomic
def clore_temps_fort(temps_fort: TempsFort, *, par: Compte) -> None:
    avancer(temps_fort, "clore_temps_fort", par=par, champs={"clos_le": timezone.now()})
    annuler_echeance(temps_fort)


def a_prevenir(temps_fort: TempsFort) -> list[str]:
    """Return who was invited, but for who is registered: the rencontre tells her."""
    if temps_fort.invite_le is None:
        return []
    inscrits = set(temps_fort.reunion.inscriptions.joignables().values_list("courriel", flat=True))
    return [voix.courriel for voix in temps_fort.collectif.voix() if voix.courriel.lower() not in inscrits]


def _ecrire(lettre: str, temps_fort: TempsFort, a: Sequence[str], **mots: datetime) -> int:
    rencontre = temps_fort.reunion
    for courriel in a:
        porte.ecrire(
            f"engagements/{lettre}",
            a=courriel,
            sujet=temps_fort,
            dossier=temps_fort,
            mots={
                "titre": porte.lu(temps_fort, "titre"),
                "raison": porte.lu(temps_fort, "raison"),
                **{mot: porte.lu(rencontre, mot) for mot in ("lieu", "adresse", "acces")},
                "debut": rencontre.debut,
                "lien": rencontre.get_public_url(),
                "page": temps_fort.get_public_url(),
                **mots,
            },
        )
    return len(a)
