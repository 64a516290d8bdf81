"""Acts of triage: qualify, flag as urgent, give to a service, refer elsewhere, set aside, gather; their forms."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import annuler_echeance, avancer, exiger, verrouiller
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
    propose,
)
from participation.socle.francais import a_qui, majuscule
from participation.socle.models import Commune, Compte, Direction, Quartier
from participation.socle.views.pages import Page, Reserve, acte
from remontees.categories import choisir_categorie
from remontees.models import Attribution, Categorie, Organisme, Rapporteur, Remontee, Sujet
from remontees.parts import lettres as lettres_parts
from remontees.parts.actes import confier, presser
from remontees.personne import erreurs_du_contact, moyen_choisi
from remontees.reception.actes import saisir
from remontees.reception.regles import VERBATIM_MAX, Charge, Contact
from remontees.routage.lectures import delai_du_service, organisme_propose
from remontees.sujets.actes import attribuer_sujet
from remontees.tri.lectures import (
    dire_ce_qui_part,
    dire_ce_qui_part_du_sujet,
    dire_l_urgence,
    dire_les_injoignables,
    parts_a_presser,
)
from remontees.workflow import Canal


class QualifierForm(ActeForm):
    objet: Remontee

    titre = champ_ligne(
        "En une phrase", "Vos mots, sans nom de personne.", maximum=160, erreur="Écrivez une phrase."
    )
    categorie: Any = champ_parmi("Catégorie", Categorie.objects.none(), requis=False, vide="À choisir")
    commune: Any = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Non précisée")
    quartier: Any = champ_parmi(
        "Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False, vide="Aucun"
    )
    lieu = champ_ligne("Lieu", maximum=200, requis=False)
    est_contestation = champ_case("Conteste une décision", requis=False)
    est_individuelle = champ_case(
        "Affaire individuelle", "Elle relève d’une démarche : dites à la personne laquelle.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in self.base_fields}

    def preparer(self) -> None:
        choisir_categorie(self)


@acte(
    Page[Remontee](form=QualifierForm, consequence="Ce qui a été dit ne change pas : vos mots le résument.")
)
@transaction.atomic
def qualifier(
    remontee: Remontee,
    *,
    par: Compte,
    titre: str,
    categorie: Categorie | None,
    commune: Commune | None,
    quartier: Quartier | None,
    lieu: str = "",
    est_contestation: bool = False,
    est_individuelle: bool = False,
) -> None:
    """Set the subject and the place in the agent's words. The verbatim is never changed."""
    if quartier is not None:
        commune = quartier.commune
    avant = {"categorie": str(remontee.categorie or ""), "commune": str(remontee.commune or "")}
    champs: dict[str, Any] = {
        "titre": titre,
        "categorie": categorie,
        "commune": commune,
        "quartier": quartier,
        "lieu": lieu,
        "est_contestation": est_contestation,
        "est_individuelle": est_individuelle,
    }
    avancer(
        remontee,
        "qualifier",
        par=par,
        champs=champs,
        details={**avant, "categorie_apres": str(categorie or ""), "commune_apres": str(commune or "")},
    )
    remontee.communes.set([commune] if commune else [])
    remontee.quartiers.set([quartier] if quartier else [])


SignalerUrgenceForm = demander_texte(
    "Qui avez-vous prévenu ?",
    nom="qui_est_prevenu",
    aide="En cas de danger, appelez d’abord le 112 ou l’astreinte. Écrivez ici qui, et à quelle heure.",
    maximum=500,
    erreur="Dites qui a été prévenu.",
)


def avec_les_injoignables(fait: str, remontee: Remontee) -> str:
    dit = dire_les_injoignables(parts_a_presser(remontee))
    return Reserve(f"{fait} {dit}") if dit else fait


@acte(
    Page[Remontee](
        form=SignalerUrgenceForm,
        consequence=dire_l_urgence,
        succes=lambda remontee, _: avec_les_injoignables("Signalée comme urgente.", remontee),
    )
)
def signaler_urgence(remontee: Remontee, *, par: Compte, qui_est_prevenu: str) -> None:
    """Flag a danger. `qui_est_prevenu`: who was called and when, kept in the journal.

    The triage and the awaited parts, those of the sujet included, become due today, and the services are
    told.
    """
    with transaction.atomic():
        if remontee.sujet_commun is not None:
            # Sujet first, as in its own acts: two concurrent dangers wait for each other without a deadlock.
            verrouiller(remontee.sujet_commun)
        avancer(remontee, "signaler_urgence", par=par, champs={"est_urgente": True}, motif=qui_est_prevenu)
        for traite in remontee.traites():
            presser(traite, remontee)


class AttribuerForm(ActeForm):
    """Choice of one direction, commune or body; `clean` returns it as `a`."""

    direction: Any = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        "Un service à la fois : une direction, une commune ou un autre organisme.",
        requis=False,
        vide="Aucune",
    )
    commune: Any = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Aucune")
    organisme: Any = champ_parmi(
        "Autre organisme", Organisme.objects.filter(est_actif=True), requis=False, vide="Aucun"
    )
    consigne = champ_texte("Ce qui est attendu", maximum=2000, lignes=3, requis=False)
    date_limite = champ_jour("Réponse attendue le", erreur="Donnez un jour.")

    def initiales(self) -> Mapping[str, Any]:
        categorie = self.objet.categorie
        return {
            "direction": categorie.direction if categorie else None,
            "date_limite": propose(ajouter_jours_ouvres(timezone.localdate(), delai_du_service(self.objet))),
        }

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        choisis = [dit[nom] for nom in ("direction", "commune", "organisme") if dit.get(nom)]
        if len(choisis) != 1:
            raise ValidationError(
                "Choisissez un service, et un seul. Pour plusieurs services, recommencez : chacun a sa part."
            )
        return {"a": choisis[0], "consigne": dit.get("consigne", ""), "date_limite": dit.get("date_limite")}


@acte(
    Page[Remontee](
        form=AttribuerForm,
        consequence=lambda remontee: dire_ce_qui_part(
            remontee, "Le service reçoit ce qui a été dit et un lien pour répondre"
        ),
        succes=lambda _, part: f"Donnée {a_qui(part.en_phrase)}.",
    )
)
@transaction.atomic
def attribuer(
    remontee: Remontee,
    *,
    par: Compte,
    a: Direction | Commune | Organisme,
    date_limite: date,
    consigne: str = "",
) -> Attribution:
    """Give a part to a service; several may have one. Raises ValidationError when it already has one."""
    return confier(remontee, "attribuer", "Donnée", par=par, a=a, date_limite=date_limite, consigne=consigne)


ATTRIBUER_SUJET: Page[Sujet] = Page(
    attribuer_sujet,
    AttribuerForm,
    dire_ce_qui_part_du_sujet,
    succes=lambda _, part: f"Donné {a_qui(part.en_phrase)}.",
)


class OrienterForm(ActeForm):
    objet: Remontee

    organisme: Any = champ_parmi(
        "Organisme compétent",
        Organisme.objects.filter(est_actif=True),
        erreur="Choisissez l’organisme.",
        vide="À choisir",
    )
    mot = champ_texte("Un mot pour la personne", maximum=2000, lignes=4, requis=False)
    transmettre = champ_case(
        "Transmettre la remontée à cet organisme",
        "Avec les coordonnées de la personne, si elle l’a accepté.",
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"organisme": organisme_propose(self.objet)}


@acte(
    Page[Remontee](
        form=OrienterForm,
        consequence=ici_plus_tard("La personne apprend quel organisme est compétent ({loi_transmission})."),
    )
)
@transaction.atomic
def orienter(
    remontee: Remontee, *, par: Compte, organisme: Organisme, mot: str = "", transmettre: bool = False
) -> None:
    """Refer the person to the competent body, or hand over with their consent (CRPA L114-2).

    Raises ErreurMetier to hand over without consent, or to a body without address.
    """
    pas = exiger(remontee, "orienter", par=par)
    lettres_parts.exiger_transmission(remontee, organisme, transmettre=transmettre)
    pas.avancer(
        champs={"organisme": organisme, "reponse": mot, "issue": "transmis", "repondue_le": timezone.now()},
        fait=f"{'Transmise' if transmettre else 'Orientée vers'} {'à ' if transmettre else ''}{organisme}"[
            :200
        ],
        motif=mot,
        details={"organisme": organisme.pk, "transmise": transmettre},
    )
    annuler_echeance(remontee)
    lettres_parts.orienter(remontee, organisme=organisme, mot=mot, transmise=transmettre)


EcarterForm = demander_texte(
    "Pourquoi l’écarter",
    aide="Publicité, insultes, essai, même message reçu deux fois. La personne n’est pas prévenue.",
)


@acte(
    Page[Remontee](form=EcarterForm, consequence="La remontée n’est pas traitée. Elle pourra être rouverte.")
)
@transaction.atomic
def ecarter(remontee: Remontee, *, par: Compte, motif: str) -> None:
    """Set aside what needs no treatment: insults, advertising, test, duplicate. It can be reopened."""
    avancer(remontee, "ecarter", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(remontee)


# Channels by which an agent hears; the others arrive automatically.
CANAUX_ENTENDUS = [
    Canal.ACCUEIL,
    Canal.TELEPHONE,
    Canal.TERRAIN,
    Canal.COURRIER,
    Canal.REUNION,
    Canal.INSTANCE,
    Canal.RESEAU,
]


class SaisirForm(ActeForm):
    """What an agent heard; `clean` returns it as `charge`."""

    objet: Remontee

    verbatim = champ_texte(
        "Ce qui a été dit",
        "Mot pour mot, sans les noms si possible.",
        maximum=VERBATIM_MAX,
        lignes=5,
        erreur="Écrivez ce qui a été dit.",
    )
    titre = champ_ligne("En une phrase", "Vide : la première phrase.", maximum=160, requis=False)
    canal = champ_choix(
        "Par où",
        [(c.value, majuscule(c.label)) for c in CANAUX_ENTENDUS],
        erreur="Dites par où c’est arrivé.",
    )
    entendue_le = champ_jour("Le", requis=False)
    categorie: Any = champ_parmi(
        "Catégorie", Categorie.objects.none(), requis=False, vide="À choisir plus tard"
    )
    commune: Any = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Non précisée")
    quartier: Any = champ_parmi(
        "Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False, vide="Aucun"
    )
    lieu = champ_ligne("Lieu", "Rue, arrêt, équipement.", maximum=200, requis=False)
    source = champ_ligne("Adresse du message", "Pour un réseau social : le lien.", maximum=500, requis=False)
    au_nom_de = champ_case("Dite au nom de quelqu’un d’autre", requis=False)
    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "off"})
    courriel = champ_courriel("Courriel", requis=False)
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "off", "inputmode": "tel"}
    )
    adresse = champ_ligne("Adresse postale", maximum=300, requis=False, attributs={"autocomplete": "off"})
    prefere = champ_choix(
        "À prévenir", [("", "Selon ce qui est laissé"), *Rapporteur.Prefere.choices], requis=False
    )
    accepte_transmission = champ_case(
        "Accepte que ses coordonnées soient transmises à l’organisme compétent", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"entendue_le": propose(timezone.localdate())}

    def preparer(self) -> None:
        choisir_categorie(self)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if dit.get("entendue_le") and dit["entendue_le"] > timezone.localdate():
            self.add_error("entendue_le", "Cette date n’est pas encore arrivée.")
        for champ, dite in erreurs_du_contact(dit).items():
            if champ not in self.errors:
                self.add_error(champ, dite)
        if self.errors:
            return dit
        contact = Contact(
            nom=dit["nom"],
            courriel=dit["courriel"],
            telephone=dit["telephone"],
            adresse=dit["adresse"],
            prefere=moyen_choisi(dit),
            accepte_transmission=dit["accepte_transmission"],
        )
        est_connu = any((contact.nom, contact.courriel, contact.telephone, contact.adresse))
        return {
            "charge": Charge(
                verbatim=dit["verbatim"],
                titre=dit["titre"],
                canal=dit["canal"],
                entendue_le=dit["entendue_le"],
                categorie=dit["categorie"].pk if dit["categorie"] else None,
                commune=dit["commune"].pk if dit["commune"] else "",
                quartier=dit["quartier"].pk if dit["quartier"] else None,
                lieu=dit["lieu"],
                source=dit["source"],
                au_nom_de=dit["au_nom_de"],
                saisie_par=self.par.pk if self.par else None,
                contact=contact if est_connu else Contact(),
            )
        }


SAISIR: Page[Remontee] = Page(
    saisir,
    SaisirForm,
    "La remontée reçoit sa référence. Si la personne laisse un courriel, un accusé de réception part.",
    bouton="Enregistrer la remontée",
    succes=lambda remontee, _: f"Remontée {remontee.reference} enregistrée.",
    retour=lambda remontee, fait: remontee.get_absolute_url() if fait else reverse("remontees:remontees"),
    contexte=lambda *_: {"sujet": "Ce qu’une personne vous a dit"},
)
