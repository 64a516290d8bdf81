"""What must be done before an act on a projet, in sentences. Read only."""

from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from contrat_ville import regles
from contrat_ville.models.pieces import TypePiece
from contrat_ville.models.porteurs import adresses_de
from contrat_ville.workflow import PILOTAGE, PRISES, TECHNIQUE, Etape, Etat
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint
from participation.socle.erreurs import Manque
from participation.socle.francais import jour_texte, minuscule, montant
from participation.socle.models import Compte
from participation.socle.models.echeances import avant_le

# For each step of the form: (field, sentence when it is empty).
CHAMPS_DES_ETAPES: dict[str, list[tuple[str, str]]] = {
    "porteur": [("porte_par_id", "Dites qui porte le projet.")],
    "projet": [
        ("objet", "Dites votre projet en une phrase."),
        ("description", "Dites ce que vous voulez faire."),
        ("objectifs", "Dites ce que cela va changer."),
        ("axe_id", "Choisissez l’axe du contrat."),
    ],
    "publics": [
        ("publics", "Dites pour qui est le projet."),
        ("participation_habitants", "Dites la place des habitantes et des habitants."),
    ],
    "moyens": [
        ("date_debut", "Dites quand le projet commence."),
        ("date_fin", "Dites quand le projet finit."),
        ("moyens_humains", "Dites qui y travaille."),
        ("evaluation_prevue", "Dites comment vous saurez si c’est réussi."),
    ],
    "budget": [],
    "pieces": [],
}


def avis_donne(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return (
        []
        if projet.avis_technique
        else [Manque("Le comité technique n’a pas encore dit ce qu’il propose.", acte="proposer")]
    )


def avant_de_deposer(projet: Any, acte: str, par: Compte | None) -> list[str]:
    """Return what a draft still lacks, in the order of its form."""
    ferme = [] if projet.programmation.est_ouverte else ["L’appel à projets n’est pas ouvert aujourd’hui."]
    return ferme + manques_du_contenu(projet)


def manques_du_contenu(projet: Any) -> list[str]:
    return [phrase for etape in CHAMPS_DES_ETAPES for phrase in manques_de_l_etape(projet, etape)]


def manques_de_l_etape(projet: Any, etape: str) -> list[str]:
    vides = [phrase for champ, phrase in CHAMPS_DES_ETAPES[etape] if not getattr(projet, champ)]
    return vides + {
        "porteur": _du_porteur,
        "publics": _des_lieux,
        "budget": _du_budget,
        "pieces": _des_pieces,
    }.get(etape, lambda p: [])(projet)


def _du_porteur(projet: Any) -> list[str]:
    porteur = projet.porte_par
    if porteur is None:
        return []
    manques: list[str] = []
    if not porteur.representant:
        manques.append("Dites qui représente le porteur.")
    if not porteur.courriel:
        manques.append("Dites à quelle adresse lui écrire.")
    # Known from other projets, it is not for this team to complete: an address that a team gave would be written to
    # about the projets of others. The letters of this one go to its team.
    ailleurs = bool(manques) and projet.pk and porteur.projets.exclude(pk=projet.pk).exists()
    return [] if ailleurs else manques


def _des_lieux(projet: Any) -> list[str]:
    return [] if projet.pk and projet.quartiers.exists() else ["Choisissez au moins un quartier."]


def _du_budget(projet: Any) -> list[str]:
    """Check the balance of the budget, and that a financer is asked."""
    ecrites = projet.budget.values_list("sens", "poste", "montant", "libelle") if projet.pk else []
    lignes = [regles.Ligne(*ecrite) for ecrite in ecrites]
    manques = list(regles.equilibre(lignes).manques)
    if lignes and not projet.financements.exists():
        manques.append("Dites à quel financeur vous demandez une subvention.")
    return manques


def _des_pieces(projet: Any) -> list[str]:
    if not projet.pk or projet.porte_par is None:
        return ["Dites d’abord qui porte le projet : les pièces en dépendent."]
    jointes = set(projet.pieces.filter(retiree_le=None).values_list("du_projet__type_piece", flat=True))
    return [
        f"Joignez : {minuscule(type_piece.nom)}."
        for type_piece in TypePiece.objects.filter(est_active=True, est_obligatoire=True)
        if type_piece.concerne(projet.porte_par.nature) and type_piece.pk not in jointes
    ]


def avant_de_notifier(projet: Any, acte: str, par: Compte | None) -> list[str]:
    """Order of the notification: prepare the letter, sign it, send it. A recours comes after."""
    if acte == "recevoir_recours":
        if projet.notifie_le is None:
            return ["La décision n’est pas encore notifiée."]
        if projet.recours.filter(repondu_le__isnull=True).exists():
            return [
                Manque(
                    "Un recours attend déjà sa réponse : répondez-y d’abord.",
                    f"{projet.get_absolute_url()}#decision",
                )
            ]
        return []
    if projet.notifie_le is not None:
        return ["La décision est déjà notifiée."]
    if acte == "preparer_lettre":
        return []
    lettre = projet.lettre_courante()
    if lettre is None:
        return [Manque("Préparez d’abord la lettre.", acte="preparer_lettre")]
    if acte != "joindre_lettre_signee" and not lettre.signee:
        return [Manque("Joignez d’abord la lettre signée.", acte="joindre_lettre_signee")]
    if acte == "notifier" and not adresses_de(projet):
        return [
            Manque(
                "Personne de l’équipe n’a d’adresse de courriel : postez la lettre, puis notez-la postée.",
                acte="notifier_par_courrier",
            )
        ]
    return []


def avant_d_examiner(projet: Any, acte: str, par: Compte | None) -> list[str]:
    """Return what prevents « recevable »: the grid, a late bilan, an open complément."""
    non_remplis = [
        (jugement.critere.intitule, jugement.critere.est_eliminatoire)
        for evaluation in projet.evaluations.prefetch_related("jugements__critere")
        for jugement in evaluation.jugements.all()
        if jugement.resultat == regles.NON_REMPLI and jugement.critere.etape == Etape.RECEVABILITE
    ]
    sans = regles.empechements(list(dict.fromkeys(non_remplis)))
    phrases: list[str] = [Manque(phrase, acte="evaluer") for phrase in sans]
    if not projet.bilan_leve:
        phrases += [
            Manque(
                f"{projet.porte_par} doit le bilan de « {autre.titre} » ({autre.reference}) : attendez-le, ou passez outre en disant pourquoi.",
                acte="lever_bilan_manquant",
            )
            for autre in projet.bilans_en_retard
        ]
    if projet.complement_ouvert() is not None:
        phrases.append(
            Manque(
                "Un complément est demandé : attendez la réponse de l’équipe, ou annulez la demande.",
                f"{projet.get_absolute_url()}#demandes",
            )
        )
    return phrases


def avant_de_lever(projet: Any, acte: str, par: Compte | None) -> list[str]:
    if projet.bilan_leve or not projet.bilans_en_retard:
        return ["Aucun bilan manquant n’empêche l’examen."]
    return []


def avant_d_ecrire(projet: Any, acte: str, par: Compte | None) -> list[str]:
    if projet.etat == Etat.BROUILLON or projet.complement_ouvert() is not None:
        return []
    return ["Le projet est chez le service : il ne s’écrit que si le service demande de le compléter."]


def sans_complement(projet: Any, acte: str, par: Compte | None) -> list[str]:
    attendu = projet.complement_ouvert() is not None
    return (
        [
            Manque(
                "Un complément est déjà demandé : attendez la réponse, ou annulez la demande.",
                f"{projet.get_absolute_url()}#demandes",
            )
        ]
        if attendu
        else []
    )


def avant_de_completer(projet: Any, acte: str, par: Compte | None) -> list[str]:
    if projet.complement_ouvert() is None:
        return ["Aucun complément n’est attendu."]
    # A projet that was filed here complete must be sent back complete.
    manques = manques_du_contenu(projet) if projet.engagement_le is not None else []
    return ["Le projet n’est plus complet.", *manques] if manques else []


def avant_de_conventionner(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return (
        []
        if projet.notifie_le is not None
        else [Manque("Notifiez d’abord la décision au porteur.", acte=projet.acte_du() or "notifier")]
    )


def avant_de_publier(projet: Any, acte: str, par: Compte | None) -> list[str]:
    if projet.est_publie:
        return ["La fiche est déjà publiée."]
    return [] if projet.notifie_le is not None else ["La décision n’est pas notifiée : rien ne s’en publie."]


def avant_de_depublier(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return [] if projet.est_publie else ["La fiche n’est pas publiée."]


def avant_de_prevoir(projet: Any, acte: str, par: Compte | None) -> list[str]:
    poses = projet.programmation.indicateurs.filter(Q(axe=None) | Q(axe=projet.axe_id))
    return [] if poses.exists() else ["Aucun indicateur n’est demandé pour ce projet."]


def avant_de_rejoindre(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return ["Votre projet est déjà dans le réseau."] if hasattr(projet, "adhesion") else []


def est_du_reseau(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return [] if hasattr(projet, "adhesion") else ["Votre projet n’est pas dans le réseau."]


def avant_du_bilan(projet: Any, acte: str, par: Compte | None) -> list[str]:
    if type(projet).objects.bilan_a_demander().filter(pk=projet.pk).exists():
        return []
    return ["Le bilan est déjà demandé à cette équipe."]


def sans_equipe(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return ["Ce projet a déjà son équipe : elle invite elle-même."] if projet.equipe.exists() else []


def porteur_connu(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return [] if projet.porte_par_id else ["Dites d’abord qui porte le projet."]


def avant_d_arreter(projet: Any, acte: str, par: Compte | None) -> list[str]:
    return [] if projet.financements.filter(accorde__gt=0).exists() else ["Aucune subvention n’est accordée."]


def tout_est_verse(projet: Any, acte: str, par: Compte | None) -> list[str]:
    reste = projet.financements.filter(verse__lt=Coalesce("definitif", "accorde"))
    return [] if reste.exists() else ["Aucun financeur ne doit plus rien verser."]


def avant_de_clore(projet: Any, acte: str, par: Compte | None) -> list[str]:
    """Nothing is closed with money that somebody still owes."""
    siens = list(projet.financements.filter(accorde__gt=0).select_related("financeur"))
    if any(f.definitif is None for f in siens):
        return [
            Manque(
                "Arrêtez d’abord les comptes : ce que chaque financeur doit d’après le bilan.",
                acte="arreter_comptes",
            )
        ]
    phrases: list[str] = [
        Manque(
            f"Il reste {montant(f.reste)} à verser ({f.financeur.court}) : notez le versement, ou arrêtez de nouveau les comptes.",
            acte="enregistrer_versement",
        )
        for f in siens
        if f.reste
    ]
    attendus = [r for f in siens for r in f.reversements.filter(annule_le=None) if r.reste]
    return phrases + [
        Manque(
            f"Un reversement de {montant(r.reste)} est attendu ({r.financement.financeur.court}).",
            acte="enregistrer_reversement",
            objet=r,
        )
        for r in attendus
    ]


def acte_apres_le_bilan(projet: Any) -> str:
    if projet.financements.filter(accorde__gt=0, definitif=None).exists():
        return "arreter_comptes"
    return "" if avant_de_clore(projet, "clore", None) else "clore"


def apres_le_bilan(projet: Any) -> str:
    """Return what happens once the bilan is received: it is read, then each pays what the accounts say."""
    arretes = projet.financements.filter(accorde__gt=0).values_list("definitif", flat=True)
    if projet.etat != Etat.EVALUE or not arretes or None in arretes:
        return "le bilan est reçu ; le service le lit"
    return "les comptes sont arrêtés ; le dossier est clos quand chacun a versé ou rendu ce qu’il doit"


def a_clore(projet: Any) -> str:
    """Return what the agent does next once the bilan is received."""
    if projet.etat != Etat.EVALUE:
        return ""
    manques = avant_de_clore(projet, "clore", None)
    return "lisez le bilan, puis [closez le dossier](clore)." if not manques else minuscule(manques[0])


def prochaine_echeance(projet: Any) -> Any:
    # Échéances of the suites are those of the directions, not of the projet.
    siennes = projet.echeances.ouvertes().exclude(cle__startswith="suite-")
    if projet.etat == Etat.BILAN_ATTENDU:  # the échéances of others do not matter to the porteur
        siennes = siennes.filter(cle="bilan")
    return siennes.order_by("date_limite").first()


def avant_la_convention(projet: Any, echeance: Any) -> str:
    """Return what comes before the convention of a supported projet."""
    if projet.notifie_le is None:
        return "[notifiez la décision](notifier), puis "
    if echeance is not None and echeance.cle == "recours":
        return f"répondez au recours{avant_le(echeance.date_limite)}, puis "
    return ""


# Points to come of the comités, among the links of the dossiers. One already decided by its séance is left out.
A_UN_ORDRE_DU_JOUR = Q(
    decision="",
    point__etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS],
    point__seance__etat__in=A_VENIR | EN_COURS,
    point__seance__instance__cle__in=[TECHNIQUE, PILOTAGE],
)


def seance_de(projet: Any) -> Any:
    """Return the next séance of a comité that has the projet on its agenda."""
    liens = projet.liens_points.filter(A_UN_ORDRE_DU_JOUR).select_related("point__seance__instance")
    lien = liens.order_by("point__seance__debut").first()
    return lien.point.seance if lien is not None else None


def sans_ordre_du_jour(projet: Any, acte: str, par: Compte | None) -> list[str]:
    deja = seance_de(projet)
    if deja is None:
        return []
    dit = f"« {projet.titre} » est déjà à l’ordre du jour de la séance du {jour_texte(deja.jour)}."
    return [Manque(dit, deja.get_absolute_url())]


def comite_a_venir(projet: Any) -> Any:
    """Return the séance that is to look at the projet, while this is what comes next."""
    return seance_de(projet) if projet.etat_pour_le_porteur in {Etat.PROPOSE, Etat.AJOURNE} else None


def a_inscrire(projet: Any, seance: Any) -> str:
    """Return what the agent does next for a projet that a comité is to look at: put it on an agenda, or wait."""
    if projet.etat not in {Etat.PROPOSE, Etat.AJOURNE}:
        return ""
    if seance is not None:
        instance = minuscule(seance.instance.nom_court)
        return f"il est à l’ordre du jour du {instance} du {jour_texte(seance.debut)}."
    if projet.etat == Etat.AJOURNE:
        return (
            "[demandez à l’équipe de compléter](demander_complement) s’il le faut (la raison est au journal), "
            "puis [inscrivez-le de nouveau](inscrire_au_comite)."
        )
    return "[inscrivez le projet au comité de pilotage](inscrire_au_comite)."


def au_recours(projet: Any, echeance: Any) -> str:
    """« le service répond au recours gracieux au plus tard le 2 février 2027 » while one waits, else ""."""
    if projet.etat not in PRISES or echeance is None or echeance.cle != "recours":
        return ""
    return f"le service répond au recours gracieux{avant_le(echeance.date_limite)}."


def a_faire_de_la_decision(projet: Any, echeance: Any) -> str:
    """Return what the agent does next after a refusal: notify it, answer a recours."""
    if projet.notifie_le is None:
        return "[notifiez la décision](notifier)."
    if echeance is not None and echeance.cle == "recours":
        return f"répondez au recours{avant_le(echeance.date_limite)}."
    return "rien à faire."
