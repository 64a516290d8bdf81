"""Forms of triage: note, qualify, give, refer, group."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import majuscule
from participation.socle.models import Commune, Direction, Quartier
from remontees.forms.categories import choisir_categorie
from remontees.lectures.competence import organisme_propose
from remontees.lectures.routage import delai_du_service
from remontees.lectures.sujets_proches import sujets_ouverts
from remontees.models import Categorie, Organisme, Rapporteur, Remontee, Sujet
from remontees.regles.charge import VERBATIM_MAX, Charge, Contact
from remontees.workflow import Canal

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
    prefere = champ_choix("À prévenir", Rapporteur.Prefere.choices, requis=False, initial="courriel")
    accepte_transmission = champ_case(
        "Accepte que ses coordonnées soient transmises à l’organisme compétent", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"entendue_le": timezone.localdate()}

    def preparer(self) -> None:
        choisir_categorie(self)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if dit.get("entendue_le") and dit["entendue_le"] > timezone.localdate():
            self.add_error("entendue_le", "Cette date n’est pas encore arrivée.")
        if self.errors:
            return dit
        contact = Contact(
            nom=dit["nom"],
            courriel=dit["courriel"],
            telephone=dit["telephone"],
            adresse=dit["adresse"],
            prefere=dit["prefere"],
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


class AttribuerForm(ActeForm):
    """Choice of one direction, commune or body; `clean` returns it as `a`."""

    direction: Any = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        "Un service à la fois : une direction, une commune ou un autre organisme.",
        requis=False,
        vide="Aucune",
    )
    commune: Any = champ_parmi("Commune", Commune.objects.exclude(courriel=""), requis=False, vide="Aucune")
    organisme: Any = champ_parmi(
        "Autre organisme",
        Organisme.objects.filter(est_actif=True).exclude(courriel=""),
        requis=False,
        vide="Aucun",
    )
    consigne = champ_texte("Ce qui est attendu", maximum=2000, lignes=3, requis=False)
    date_limite = champ_jour("Réponse attendue le", erreur="Donnez un jour.")

    def initiales(self) -> Mapping[str, Any]:
        categorie = self.objet.categorie
        return {
            "direction": categorie.direction if categorie else None,
            "date_limite": ajouter_jours_ouvres(timezone.localdate(), delai_du_service(self.objet)),
        }

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        choisis = [dit[nom] for nom in ("direction", "commune", "organisme") if dit.get(nom)]
        if len(choisis) != 1:
            raise ValidationError(
                "Choisissez un service, et un seul. Pour plusieurs services, recommencez : chacun a sa part."
            )
        return {"a": choisis[0], "consigne": dit.get("consigne", ""), "date_limite": dit.get("date_limite")}


SignalerUrgenceForm = demander_texte(
    "Qui avez-vous prévenu ?",
    nom="qui_est_prevenu",
    aide="En cas de danger, appelez d’abord le 112 ou l’astreinte. Écrivez ici qui, et à quelle heure.",
    maximum=500,
    erreur="Dites qui a été prévenu.",
)
EcarterForm = demander_texte(
    "Pourquoi l’écarter",
    aide="Publicité, insultes, essai, même message reçu deux fois. La personne n’est pas prévenue.",
)
DetacherForm = demander_texte("Pourquoi la détacher")
RouvrirForm = demander_texte(
    "Ce qui n’est pas réglé", aide="Les services qui avaient répondu lisent ces mots."
)
RetirerAttributionForm = demander_texte("Pourquoi la retirer", aide="Le service lit ces mots.")
RelancerAttributionForm = demander_texte("Un mot de votre part", nom="mot", facultatif=True)


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


class DemanderPrecisionForm(ActeForm):
    question = champ_texte("Votre question", maximum=2000, lignes=4, erreur="Écrivez votre question.")
    date_limite = champ_jour("Réponse attendue le", erreur="Donnez un jour.")

    def initiales(self) -> Mapping[str, Any]:
        return {"date_limite": timezone.localdate() + timedelta(days=14)}


class RattacherForm(ActeForm):
    objet: Remontee

    # Any open sujet is valid; the page shows those found by `lectures.sujets_proches.ou_rattacher`.
    sujet: Any = champ_parmi(
        "Sujet",
        Sujet.objects.none(),
        vide=None,
        erreur="Choisissez le sujet.",
        messages={"invalid_choice": "Ce sujet n’est plus ouvert : choisissez-en un autre."},
    )

    def initiales(self) -> Mapping[str, Any]:
        """Propose the sujet that the person recognised."""
        return {"sujet": self.objet.sujet_propose_id}

    def preparer(self) -> None:
        self.choisir("sujet", sujets_ouverts())

    @property
    def choisi(self) -> int | None:
        """Primary key of the ticked sujet, sent or proposed."""
        valeur = str(self["sujet"].value() or "")
        return int(valeur) if valeur.isdecimal() and len(valeur) < 10 else None
