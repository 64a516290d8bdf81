"""Pages of the acts that follow the decision, up to the bilan."""

from contrat_ville.accompagnement import actes as accompagnement
from contrat_ville.bilan import actes
from contrat_ville.bilan.lectures import bilan_a_completer
from contrat_ville.conventions import actes as conventions
from contrat_ville.fiches import actes as fiches
from contrat_ville.models import Projet
from contrat_ville.porteurs import actes as porteurs
from contrat_ville.porteurs.vues import c_est_dit, et_l_equipe, lettre_vers
from participation.socle.francais import accorder
from participation.socle.views.pages import Page


def dire_l_adresse(projet: Projet) -> str:
    suite = "Les courriers qui ne sont pas encore postés sont refaits avec elle, et s’impriment de nouveau."
    oubli = (
        "Une adresse laissée vide est oubliée, avec les courriers qui la portent, sauf les décisions signées."
    )
    return f"L’adresse est celle du porteur, pour tous ses projets. {suite} {oubli}"


def dire_les_courriers(projet: Projet, combien: int) -> str:
    dit = (
        "L’adresse est enregistrée"
        if projet.porte_par and projet.porte_par.adresse
        else "L’adresse est oubliée"
    )
    return (
        f"{dit} : {accorder(combien, 'courrier se refait', 'courriers se refont')}." if combien else f"{dit}."
    )


DU_PROJET: dict[str, Page[Projet]] = {
    "conventionner": Page(
        conventions.conventionner,
        conventions.ConventionForm,
        et_l_equipe("conventionner", "Son équipe est prévenue.", "Le projet peut commencer."),
        retour="#apres",
    ),
    "enregistrer_versement": Page(
        conventions.enregistrer_versement,
        conventions.VersementForm,
        "Une erreur se corrige ensuite, avec sa raison.",
        retour="#apres",
    ),
    "demarrer": Page(
        accompagnement.demarrer, consequence="Il commence aussi de lui-même à sa date de début."
    ),
    "noter_accompagnement": Page(
        accompagnement.noter_accompagnement,
        accompagnement.AccompagnementForm,
        "Le service seul le lit.",
        retour="#apres",
    ),
    "attendre_bilan": Page(
        actes.attendre_bilan,
        consequence=lambda p: et_l_equipe(
            "attendre_bilan",
            "L’équipe en reçoit la demande.",
            f"Le bilan est à rendre dans les {p.programmation.delai_bilan_mois} mois après la fin du projet. "
            "Il se demande aussi de lui-même le lendemain de cette fin.",
        )(p),
        succes=c_est_dit("attendre_bilan", "Le bilan est demandé"),
    ),
    "demander_bilan": Page(
        actes.demander_bilan,
        actes.DemanderBilanForm,
        et_l_equipe("attendre_bilan", "L’équipe en reçoit la demande.", "Ce projet vient de Dauphin."),
        apercu=lambda p, reponses: lettre_vers(p, "attendre_bilan", **reponses),
        retour="#apres",
        succes=c_est_dit("attendre_bilan", "Le bilan est demandé"),
    ),
    "corriger_adresse_postale": Page(
        porteurs.corriger_adresse_postale,
        porteurs.AdressePostaleForm,
        dire_l_adresse,
        succes=dire_les_courriers,
    ),
    "saisir_bilan": Page(
        actes.saisir_bilan,
        actes.SaisirBilanForm,
        et_l_equipe(
            "saisir_bilan",
            "Un accusé de réception part à l’équipe par courriel.",
            "Recopiez ce que dit le papier, sans rien ajouter. Le bilan compte comme rendu le jour où il est arrivé.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "saisir_bilan", recu_le=reponses["recu_le"]),
        bouton="Enregistrer le bilan",
        retour="#apres",
        succes=c_est_dit("saisir_bilan", "Le bilan est saisi"),
    ),
    "renvoyer_bilan": Page(
        actes.renvoyer_bilan,
        actes.RenvoyerBilanForm,
        et_l_equipe(
            "renvoyer_bilan",
            "Elle reçoit ces mots par courriel.",
            "L’équipe peut de nouveau écrire son bilan.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "renvoyer_bilan", **reponses),
        succes=c_est_dit("renvoyer_bilan", "Le bilan est à compléter"),
    ),
    "clore": Page(
        actes.clore,
        actes.CloreForm,
        et_l_equipe("clore", "L’équipe est prévenue par courriel.", "Plus rien n’est attendu."),
        succes=c_est_dit("clore", "Le dossier est clos"),
    ),
    "publier_fiche": Page(
        fiches.publier_fiche,
        consequence="La fiche dit le projet, son porteur et ce qu’il reçoit. Ni coordonnées, ni pièces.",
    ),
    "depublier_fiche": Page(fiches.depublier_fiche, fiches.DepublierForm),
}
DE_L_EQUIPE: dict[str, Page[Projet]] = {
    "demander_aide": Page(
        accompagnement.demander_aide,
        accompagnement.AideForm,
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Votre demande est partie : le service vous répond.",
    ),
    "rendre_bilan": Page(
        actes.rendre_bilan,
        actes.BilanForm,
        lambda p: (
            f"À compléter : {manque}"
            if (manque := bilan_a_completer(p))
            else "Dites simplement ce qui s’est passé. Le service lit tout, et vous écrit s’il manque quelque chose."
        ),
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Votre bilan est rendu. Merci.",
    ),
}
