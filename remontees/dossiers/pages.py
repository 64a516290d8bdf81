"""Pages of the acts on a remontée, a sujet and a part."""

from typing import Any

from django.urls import reverse

from participation.socle.francais import a_qui, de, majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Courrier
from participation.socle.views.pages import Page, Reserve, pages
from participation.suites import actes as actes_suites
from participation.suites.actes import AjouterSuiteForm
from remontees import conservation
from remontees.comite import actes as comite
from remontees.messages import actes as messages
from remontees.models import Rapporteur, Remontee, Sujet
from remontees.parts import reponse
from remontees.parts.lettres import moyen_vers
from remontees.personne import apercu
from remontees.reception import actes as reception
from remontees.sujets import actes as sujets
from remontees.sujets.rattachement import ou_rattacher
from remontees.tri import actes as tri
from remontees.tri import rapprochement
from remontees.tri.lectures import (
    dire_a_qui,
    dire_ce_qui_part_du_sujet,
    dire_l_urgence,
    dire_les_injoignables,
    parts_a_presser,
)
from remontees.workflow import Etat

CHERCHE_MAX = 100


def lettre_de_reponse(remontee: Remontee, reponses: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    repondue = Remontee(
        pk=remontee.pk,
        reference=remontee.reference,
        titre=remontee.titre,
        issue=reponses["issue"],
        reponse=reponses["reponse"],
        date_prevue=reponses["date_prevue"],
    )
    return apercu(repondue, "repondre", sujet=None)


def ou_la_rattacher(request: RequeteConnectee, remontee: Remontee, form: Any) -> dict[str, Any]:
    cherche = " ".join(request.GET.get("q", "").replace("\0", "").split())[:CHERCHE_MAX]
    trouves, il_y_en_a_d_autres = ou_rattacher(remontee, cherche, form.choisi)
    return {
        "remontee": remontee,
        "trouves": trouves,
        "il_y_en_a_d_autres": il_y_en_a_d_autres,
        "cherche": cherche,
        "retour_demande": request.GET.get("retour", ""),
        "choisi": form.choisi,
    }


def dire_a_qui_est_repondu(remontee: Remontee) -> str:
    rapporteur = getattr(remontee, "rapporteur", None)
    if rapporteur is not None and rapporteur.moyen_d_envoi:
        return "Sa réponse part à la personne."
    return "Sa réponse est au dossier : la personne ne peut pas être prévenue par nous."


def dire_le_sujet(remontee: Remontee, _: Any) -> str:
    sujet: Any = remontee.sujet_commun
    fait = f"{remontee.reference} est dans le sujet {sujet.reference}."
    if remontee.etat == Etat.REPONDUE:
        return f"{fait} {dire_a_qui_est_repondu(remontee)}"
    return avec_les_injoignables(fait, remontee) if remontee.est_urgente else fait


SAISIR: Page[Remontee] = Page(
    reception.saisir,
    tri.SaisirForm,
    "La remontée reçoit sa référence. Si la personne laisse un courriel, un accusé de réception part.",
    bouton="Enregistrer la remontée",
    succes=lambda remontee, _: f"Remontée {remontee.reference} enregistrée.",
    retour=lambda remontee, fait: remontee.get_absolute_url() if fait else reverse("remontees:remontees"),
    contexte=lambda *_: {"sujet": "Ce qu’une personne vous a dit"},
)


def avec_les_injoignables(fait: str, remontee: Remontee) -> str:
    dit = dire_les_injoignables(parts_a_presser(remontee))
    return Reserve(f"{fait} {dit}") if dit else fait


DE_LA_REMONTEE: dict[str, Page[Remontee]] = pages(
    tri.qualifier,
    tri.attribuer,
    sujets.detacher,
    tri.orienter,
    tri.ecarter,
    messages.demander_precision,
    reponse.rouvrir,
    reponse.clore,
) | {
    "signaler_urgence": Page(
        tri.signaler_urgence,
        tri.SignalerUrgenceForm,
        dire_l_urgence,
        succes=lambda remontee, _: avec_les_injoignables("Signalée comme urgente.", remontee),
    ),
    "rattacher": Page(
        sujets.rattacher,
        rapprochement.RattacherForm,
        "La réponse du sujet sera celle de cette remontée. Si le sujet est déjà répondu, elle part aussitôt à la personne.",
        gabarit="remontees/dossiers/rattacher.html",
        contexte=ou_la_rattacher,
        succes=dire_le_sujet,
    ),
    "repondre": Page(
        reponse.repondre,
        reponse.RepondreAvecModeleForm,
        dire_a_qui,
        apercu=lettre_de_reponse,
        gabarit="remontees/dossiers/repondre.html",
        succes=lambda remontee, prevenue: (
            "Réponse envoyée à la personne."
            if prevenue
            else Reserve(
                "Réponse enregistrée. Appelez la personne, puis notez l’appel : l’échéance vous le rappelle."
            )
            if moyen_vers(remontee) == Rapporteur.Prefere.RAPPEL
            else Reserve(
                "Réponse enregistrée. Le courrier se prépare : imprimez-le, postez-le, puis dites-le."
                if Courrier.objects.a_poster().filter(dossier=remontee.pk).exists()
                else "Réponse enregistrée. La personne n’est pas prévenue par nous : à vous de le faire."
            )
        ),
    ),
}


DE_LA_REMONTEE["anonymiser"] = Page(
    conservation.anonymiser,
    consequence="Qui l’a dit, ce qui a été dit mot pour mot et le lieu exact sont effacés. La catégorie, la commune, le titre "
    "et la réponse restent : les nombres ne changent pas.",
)


DU_SUJET: dict[str, Page[Sujet]] = pages(
    sujets.rediger_sujet,
    sujets.publier_sujet,
    sujets.depublier_sujet,
    sujets.repondre_sujet,
    sujets.relire,
    sujets.rouvrir_sujet,
    sujets.clore_sujet,
) | {
    "attribuer_sujet": Page(
        sujets.attribuer_sujet,
        tri.AttribuerForm,
        dire_ce_qui_part_du_sujet,
        succes=lambda _, part: f"Donné {a_qui(part.en_phrase)}.",
    )
}


# One URL for remontées and sujets: these acts have the same name for both.
DES_SUITES: dict[str, Page[Any]] = {
    "ajouter_suite": Page(
        actes_suites.ajouter_suite,
        AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. La suite d’un sujet public est publique.",
    ),
    "inscrire_au_comite": Page(
        comite.inscrire_au_comite,
        comite.InscrireAuComiteForm,
        "Un point est ajouté à l’ordre du jour de la séance choisie.",
        succes=lambda _, point: f"À l’ordre du jour de « {point.seance} ».",
    ),
    "porter_en_seance": Page(
        comite.porter_en_seance,
        comite.PorterEnSeanceForm,
        "Un point est ajouté à l’ordre du jour de cette instance.",
        succes=lambda _, point: f"À l’ordre du jour de « {point.seance} ».",
    ),
    "demander_visite": Page(
        comite.demander_visite,
        comite.DemanderVisiteForm,
        "Le service reçoit la demande d’aller voir sur place, et un lien pour dire ce qu’il a vu.",
    ),
}


DES_SUITES |= {
    "presser_service": Page(
        comite.presser_service,
        comite.PresserServiceForm,
        "Le service reçoit une lettre avec la nouvelle date, et le même lien pour répondre.",
        succes=lambda _, part: f"{majuscule(part.en_phrase)} : la nouvelle date est envoyée.",
    ),
    "noter_appel": Page(
        comite.noter_appel,
        comite.NoterAppelForm,
        "L’appel reste au journal. La date de réponse ne change pas.",
    ),
    "saisir_hierarchie": Page(
        comite.saisir_hierarchie,
        comite.SaisirHierarchieForm,
        "Une lettre part à la direction supérieure du service, ou à défaut à l’élu en charge.",
        succes=lambda _, part: f"La hiérarchie {de(part.en_phrase)} est saisie.",
    ),
    "reprendre_service": Page(
        comite.reprendre_service,
        comite.ReprendreServiceForm,
        "Plus rien ne sera attendu de ce service. Sans autre service, le dossier revient au tri.",
        succes=lambda _, part: f"Reprise {a_qui(part.en_phrase)}.",
    ),
}
