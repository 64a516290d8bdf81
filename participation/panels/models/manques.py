"""What must come first, as the table of acts names it."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.droits.models import sans_visa
from participation.panels.models.communes import TirageDesCommunes
from participation.panels.models.inscriptions import AdresseInvitee, ImportDAdresses, Inscription
from participation.panels.models.panels import Panel
from participation.panels.workflow import EtatPanel, Reponse
from participation.socle.calendrier import debut_du_jour
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte, Tournee
from participation.tirage.workflow import EtatTirage


def sans_tirage(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    return ["Ce panel a déjà son tirage."] if panel.tirage_id else []


def a_son_comite(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    return ["Ce panel a déjà son comité de suivi."] if panel.comite_id else []


def questionnaires_ouverts(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    return ["Les questionnaires sont déjà ouverts."] if panel.questionnaires_le else []


def questionnaires_fermes(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    return [] if panel.questionnaires_le else ["Les questionnaires ne sont pas ouverts."]


def avant_de_rappeler(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    if panel.questionnaires_le is None:
        return ["Les questionnaires ne sont pas ouverts."]
    if panel.evaluation_le:
        return ["L’évaluation est publiée : plus personne n’attend de réponse."]
    lettres = panel.journal.filter(acte__in=["ouvrir_questionnaires", "relancer_questionnaires"])
    partie = lettres.filter(le__gte=debut_du_jour()).exists()
    return ["Une lettre est partie aujourd’hui : attendez demain au moins."] if partie else []


def avant_d_inscrire(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    absents: list[str] = []
    if panel.tirage is None:
        absents.append(
            Manque(
                "Préparez d’abord son tirage : les questions de l’inscription viennent de ses quotas.",
                reverse("panels:preparer_son_tirage", args=[panel.pk]),
            )
        )
    elif not panel.categories:
        absents.append(
            Manque(
                "Écrivez les quotas de son tirage : les questions de l’inscription en viennent.",
                reverse("tirage:regler_quotas", args=[panel.tirage.pk]),
            )
        )
    if not panel.pages.exists():
        absents.append(
            Manque("Écrivez au moins une page d’inscription.", reverse("panels:ecrire_page", args=[panel.pk]))
        )
    return absents


def sans_adresse_a_lire(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    return [] if panel.inscriptions.a_lire().exists() else ["Toutes les adresses sont lues."]


def avant_de_verser(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    absents: list[str] = []
    if panel.tirage is not None and panel.tirage.etat != EtatTirage.PREPARATION:
        absents.append("La liste de son tirage est déjà figée : personne ne peut plus y entrer.")
    if combien := panel.inscriptions.a_lire().count():
        absents.append(
            Manque(
                f"{accorder(combien, 'adresse reste', 'adresses restent')} à lire : acceptez ou écartez d’abord.",
                reverse("panels:accepter_adresses", args=[panel.pk]),
            )
        )
    if combien := panel.inscriptions.a_relire().count():
        absents.append(
            f"{accorder(combien, 'bulletin de papier attend', 'bulletins de papier attendent')} sa seconde saisie."
        )
    tirables = panel.inscriptions.tirables().count()
    if tirables < panel.places:
        absents.append(
            f"{accorder(tirables, 'personne peut', 'personnes peuvent')} être tirée{'s' * (tirables > 1)}, "
            f"pour {panel.places} places."
        )
    return absents


def lettres_en_cours(panel: Panel) -> list[str]:
    if Tournee.objects.pour(panel) is None:
        return []
    return ["Des lettres se préparent : attendez qu’elles soient faites."]


def tableau_en_cours(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    en_cours = panel.imports_adresses.filter(etat=ImportDAdresses.Etat.EN_COURS)
    return (
        [Manque("Un tableau est en cours de lecture : attendez, ou annulez-le.", acte="annuler_adresses")]
        if en_cours.exists()
        else []
    )


def dernier_tableau(panel: Panel) -> ImportDAdresses | None:
    """Return the last table that is being read, or that added an address without a letter."""
    siennes = AdresseInvitee.objects.filter(import_fichier=OuterRef("pk"), courrier=None)
    return panel.imports_adresses.filter(Q(etat=ImportDAdresses.Etat.EN_COURS) | Exists(siennes)).first()


def a_retirer(tableau: ImportDAdresses) -> QuerySet[AdresseInvitee]:
    return AdresseInvitee.objects.filter(import_fichier=tableau, courrier=None)


def avant_d_annuler(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    if dernier_tableau(panel) is None:
        return ["Aucun tableau n’a d’adresse à retirer."]
    return lettres_en_cours(panel)


def avant_d_imprimer(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    absents = [*tableau_en_cours(panel, acte, par), *lettres_en_cours(panel)]
    if not panel.pages.exclude(lettre="").exists():
        absents.append(
            Manque("Écrivez la lettre d’une page d’inscription.", f"{panel.get_absolute_url()}#pages")
        )
    if not panel.adresses.filter(courrier=None).exclude(lignes="").exists():
        absents.append(
            Manque(
                "Aucune adresse n’attend sa lettre : importez les adresses invitées.",
                acte="importer_adresses",
            )
        )
    return absents


def deja_annonce(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    if panel.parts.exists():
        return ["Des communes ont déjà reçu leur demande : la règle annoncée ne change plus."]
    return []


def avant_de_demander(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    regle = TirageDesCommunes.objects.filter(panel=panel.pk).first()
    if regle is None:
        return [
            Manque(
                "Annoncez d’abord le tirage des communes : sa règle est publique avant tout.",
                reverse("panels:annoncer_tirage_communes", args=[panel.pk]),
            )
        ]
    if timezone.localdate() >= regle.date_graine:
        return ["Le jour de la graine est venu : plus aucune commune ne peut s’engager."]
    return []


def avant_de_semer(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    regle = TirageDesCommunes.objects.filter(panel=panel.pk).first()
    if regle is None:
        return ["Aucun tirage des communes n’est annoncé."]
    if regle.graine:
        return ["La graine des communes est déjà écrite : elle ne change plus."]
    if timezone.localdate() < regle.date_graine:
        return [f"La graine n’est connue que le {jour_texte(regle.date_graine)}."]
    if not panel.parts.filter(engagee_le__isnull=False).exists():
        return ["Aucune commune n’a déposé ses engagements."]
    return []


def avant_de_ressaisir(inscription: Inscription, acte: str, par: Compte | None) -> list[str]:
    if inscription.saisie_par_id is None or inscription.relue_le or inscription.ecartee_le:
        return ["Cette inscription n’attend pas de seconde saisie."]
    premier = par is not None and inscription.saisie_par_id == par.pk
    return ["Vous avez fait la première saisie : un collègue fait la seconde."] if premier else []


def avant_d_appeler(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    tire = panel.tirage is not None and panel.tirage.etat == EtatTirage.TIRE
    return (
        []
        if tire
        else [
            Manque(
                "Le tirage n’a pas encore eu lieu.",
                panel.tirage.get_absolute_url() if panel.tirage is not None else "",
            )
        ]
    )


def sans_renoncant(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    return [] if renoncants(panel).exists() else ["Personne ne renonce."]


RENONCENT = (Reponse.REFUSEE, Reponse.INJOIGNABLE)


def renoncants(panel: Panel) -> Any:
    """Return who was drawn and said no, or cannot be reached, and still holds a seat."""
    return panel.inscriptions.assises().filter(reponse__in=RENONCENT)


def avant_de_constituer(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    assises = panel.inscriptions.assises()
    absents: list[str] = []
    if reste := assises.filter(reponse=Reponse.A_APPELER).count():
        absents.append(
            Manque(
                f"{accorder(reste, 'personne reste', 'personnes restent')} à appeler.",
                reverse("panels:appels", args=[panel.pk]),
            )
        )
    if renoncants(panel).exists():
        absents.append(Manque("Remplacez d’abord qui renonce.", acte="remplacer_renoncants"))
    if not assises.exists():
        absents.append(
            Manque(
                "Personne n’est tiré.", panel.tirage.get_absolute_url() if panel.tirage is not None else ""
            )
        )
    return absents


def nouveaux(panel: Panel) -> Any:
    """Return who confirmed and is not a member yet."""
    return panel.inscriptions.assises().filter(reponse=Reponse.CONFIRMEE, membre=None)


def sans_nouveau(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    return [] if nouveaux(panel).exists() else ["Aucun remplaçant n’a confirmé."]


INSCRITS = "panels.inscrits"


def a_effacer(panel: Panel) -> Any:
    """Return who is not of the panel and whose time is past: for an agent, who erases them in one batch."""
    if panel.etat == EtatPanel.ABANDONNE:
        return panel.inscriptions.filter(effacee_le=None)
    if panel.date_constitution is None:
        return Inscription.objects.none()
    if timezone.localdate() < panel.date_constitution + timedelta(days=panel.regle.conservation_jours):
        return panel.inscriptions.filter(effacee_le=None, est_repetition=True)
    return panel.inscriptions.filter(effacee_le=None, membre=None)


def rien_a_effacer(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    """People invented for a rehearsal need no visa."""
    siens = a_effacer(panel)
    if siens.filter(est_repetition=False).exists():
        return sans_visa(INSCRITS, panel.pk)
    return [] if siens.exists() else ["Personne n’est à effacer."]


def avant_de_transmettre(panel: Panel, acte: str, par: Compte | None) -> list[str]:
    adoptees = panel.recommandations.filter(est_adoptee=True)
    if not adoptees.filter(suite=None).exists():
        return ["Toutes les recommandations adoptées sont transmises."]
    if combien := adoptees.filter(suite=None, direction=None).count():
        return [
            f"{accorder(combien, 'recommandation n’a', 'recommandations n’ont')} pas de direction qui réponde."
        ]
    return []
