"""Pages of the acts on a remontée, a sujet and a part."""

from typing import Any

from django.urls import reverse

from participation.socle.collectivite import ici_plus_tard
from participation.socle.francais import a_qui, accorder, de, majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Courrier
from participation.socle.views.pages import Page, Reserve
from participation.suites import actes as actes_suites
from participation.suites.actes import AjouterSuiteForm
from remontees.comite import actes as comite
from remontees.conservation import actes as conservation
from remontees.messages import actes as messages
from remontees.models import Attribution, Rapporteur, Remontee, Sujet
from remontees.parts import actes as parts
from remontees.parts.lettres import moyen_vers
from remontees.personne.lettres import apercu
from remontees.reception import actes as reception
from remontees.sujets import actes as sujets
from remontees.sujets.lectures import ou_rattacher
from remontees.tri import actes as tri
from remontees.tri.lectures import (
    dire_a_combien,
    dire_a_qui,
    dire_ce_qu_on_en_fait,
    dire_ce_qui_devient_public,
    dire_ce_qui_part,
    dire_ce_qui_part_du_sujet,
    dire_l_urgence,
    dire_la_relecture,
    dire_les_injoignables,
    parts_a_presser,
)
from remontees.workflow import Etat

CHERCHE_MAX = 100


def lettre_a_toutes(sujet: Sujet, reponses: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    """Preview of the letter to all the people, with the first remontée, by mail."""
    premiere: Any = sujet.remontees.filter(etat=Etat.GROUPEE).order_by("pk").first() or Remontee(
        reference=sujet.reference, titre=sujet.titre
    )
    lien = reverse("remontees:suivi", args=[premiere.jeton()]) if premiere.pk else ""
    for champ in ("issue", "reponse", "date_prevue"):
        setattr(premiere, champ, reponses[champ])
    return "remontees/repondre", {"remontee": premiere, "sujet": sujet, "lien": lien}, "courriel"


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


DE_LA_REMONTEE: dict[str, Page[Remontee]] = {
    "qualifier": Page(
        tri.qualifier, tri.QualifierForm, "Ce qui a été dit ne change pas : vos mots le résument."
    ),
    "signaler_urgence": Page(
        tri.signaler_urgence,
        tri.SignalerUrgenceForm,
        dire_l_urgence,
        succes=lambda remontee, _: avec_les_injoignables("Signalée comme urgente.", remontee),
    ),
    "attribuer": Page(
        tri.attribuer,
        tri.AttribuerForm,
        lambda remontee: dire_ce_qui_part(
            remontee, "Le service reçoit ce qui a été dit et un lien pour répondre"
        ),
        succes=lambda _, part: f"Donnée {a_qui(part.en_phrase)}.",
    ),
    "rattacher": Page(
        sujets.rattacher,
        tri.RattacherForm,
        "La réponse du sujet sera celle de cette remontée. Si le sujet est déjà répondu, elle part aussitôt à la personne.",
        gabarit="remontees/rattacher.html",
        contexte=ou_la_rattacher,
        succes=dire_le_sujet,
    ),
    "detacher": Page(sujets.detacher, tri.DetacherForm, "La remontée revient au tri."),
    "orienter": Page(
        tri.orienter,
        tri.OrienterForm,
        ici_plus_tard("La personne apprend quel organisme est compétent ({loi_transmission})."),
    ),
    "ecarter": Page(
        tri.ecarter, tri.EcarterForm, "La remontée n’est pas traitée. Elle pourra être rouverte."
    ),
    "demander_precision": Page(
        messages.demander_precision,
        tri.DemanderPrecisionForm,
        "La personne reçoit votre question.",
        apercu=lambda remontee, dit: apercu(remontee, "demander_precision", **dit),
    ),
    "repondre": Page(
        parts.repondre,
        parts.RepondreAvecModeleForm,
        dire_a_qui,
        apercu=lettre_de_reponse,
        gabarit="remontees/repondre.html",
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
    "rouvrir": Page(parts.rouvrir, tri.RouvrirForm, "La remontée revient au tri."),
    "clore": Page(
        parts.clore, consequence="Plus rien n’est attendu. La personne pourra encore la faire rouvrir."
    ),
}


DE_LA_REMONTEE["anonymiser"] = Page(
    conservation.anonymiser,
    consequence="Qui l’a dit, ce qui a été dit mot pour mot et le lieu exact sont effacés. La catégorie, la commune, le titre "
    "et la réponse restent : les nombres ne changent pas.",
)


OUVRIR_SUJET: Page[Sujet] = Page(
    sujets.ouvrir_sujet,
    parts.OuvrirSujetForm,
    "Un sujet réunit plusieurs remontées : une seule réponse, que chacune reçoit.",
    succes=lambda sujet, _: f"Sujet {sujet.reference} ouvert.",
    retour=lambda sujet, fait: sujet.get_absolute_url() if fait else reverse("remontees:sujets"),
    contexte=lambda *_: {"sujet": "Plusieurs remontées qui disent la même chose"},
)


DU_SUJET: dict[str, Page[Sujet]] = {
    "rediger_sujet": Page(
        sujets.rediger_sujet, parts.RedigerSujetForm, "Vos mots : aucun nom, aucune adresse de personne."
    ),
    "publier_sujet": Page(sujets.publier_sujet, consequence=dire_ce_qui_devient_public),
    "depublier_sujet": Page(sujets.depublier_sujet, tri.DetacherForm, "La page publique n’existe plus."),
    "attribuer_sujet": Page(
        sujets.attribuer_sujet,
        tri.AttribuerForm,
        dire_ce_qui_part_du_sujet,
        succes=lambda _, part: f"Donné {a_qui(part.en_phrase)}.",
    ),
    "repondre_sujet": Page(
        sujets.repondre_sujet,
        parts.RepondreAvecModeleForm,
        dire_a_combien,
        apercu=lettre_a_toutes,
        gabarit="remontees/repondre.html",
        succes=lambda _, combien: (
            "Réponse enregistrée. Un autre agent la relit avant qu’elle parte."
            if combien is None
            else f"Réponse donnée pour {accorder(combien, 'remontée')}."
        ),
    ),
    "relire": Page(
        sujets.relire,
        parts.RelireForm,
        dire_la_relecture,
        succes=lambda _, combien: f"Réponse donnée pour {accorder(combien, 'remontée')}.",
        gabarit="remontees/relire.html",
        contexte=lambda _requete, sujet, _form: {
            "rendues": sujet.attributions.exclude(reponse="").select_related(
                "direction", "commune", "organisme"
            )
        },
    ),
    "rouvrir_sujet": Page(
        sujets.rouvrir_sujet, tri.RouvrirForm, "Le sujet revient au tri ; les réponses déjà données restent."
    ),
    "clore_sujet": Page(sujets.clore_sujet, consequence="Plus rien n’est attendu sur ce sujet."),
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


DES_PARTS: dict[str, Page[Attribution]] = {
    "prendre_attribution": Page(
        parts.prendre_attribution,
        consequence="Le service participation voit que vous vous en occupez.",
        succes="C’est noté : le service participation voit que vous vous en occupez.",
    ),
    "refuser_attribution": Page(
        parts.refuser_attribution,
        parts.RefuserAttributionForm,
        "Le service participation choisit un autre service.",
        succes="C’est rendu au service participation, qui choisit un autre service.",
    ),
    "repondre_attribution": Page(
        parts.repondre_attribution,
        parts.RepondreAttributionForm,
        dire_ce_qu_on_en_fait,
        succes="La réponse est au service participation.",
    ),
    "lire_en_entier": Page(
        parts.lire_en_entier,
        parts.LireEnEntierForm,
        "Vous lisez ensuite le nom, le téléphone ou l’adresse que la personne a écrits dans son message. Servez-vous-en pour "
        "cette remontée seulement : c’est toujours le service participation qui lui répond.",
        succes="Vous lisez tout ce qui a été dit. C’est noté au journal du dossier.",
    ),
    "clore_attribution": Page(parts.clore_attribution, consequence="Ce qui était prévu est fait."),
    "retirer_attribution": Page(
        parts.retirer_attribution,
        tri.RetirerAttributionForm,
        lambda part: f"Plus rien ne sera attendu {de(part.en_phrase)}.",
    ),
    "relancer_attribution": Page(
        parts.relancer_attribution,
        tri.RelancerAttributionForm,
        "Le service reçoit une lettre de rappel, avec le même lien.",
    ),
}
