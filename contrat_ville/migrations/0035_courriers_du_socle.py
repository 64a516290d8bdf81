"""The letters on paper, the answers to a recours and the decisions that wait for the post become courriers of the socle."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COURRIER, DECISION = "socle/courrier", "contrat_ville/notifier"


def mots_de_la_reponse(donnees: dict[str, Any]) -> str:
    """What the sheet of an answer to a recours said."""
    prise = (
        "La décision est reprise : votre projet passe de nouveau devant le comité de pilotage. Sa nouvelle décision vous sera "
        "écrite ; celle d’avant ne compte plus."
        if donnees.get("est_reprise")
        else "La décision est confirmée."
    )
    paragraphes = [
        "Madame, Monsieur,",
        f"Vous nous avez demandé de regarder de nouveau la décision sur votre projet « {donnees.get('titre_projet', '')} », sous la "
        f"référence {donnees.get('reference', '')}. Nous avons reçu votre demande le {donnees.get('recu_le', '')}.",
        prise,
        f"Pourquoi :\n{donnees.get('reponse', '')}",
    ]
    if donnees.get("voies_de_recours") and not donnees.get("est_reprise"):
        paragraphes.append(f"Si vous n’êtes toujours pas d’accord :\n{donnees['voies_de_recours']}")
    return "\n\n".join(paragraphes)


def a_une_adresse(porteur: Any) -> bool:
    return bool(porteur is not None and porteur.adresse and porteur.ville)


def copier(apps: Apps, editeur: BaseDatabaseSchemaEditor) -> None:
    courriers: Any = apps.get_model("socle", "Courrier")
    modele: Any = apps.get_model
    for ancien in modele("contrat_ville", "Courrier").objects.select_related("document"):
        _refaire(ancien.document, {"surtitre": ancien.document.donnees.get("programmation", "")})
        courriers.objects.create(
            dossier_id=ancien.projet_id,
            lettre=f"contrat_ville/{ancien.lettre}",
            objet=ancien.objet,
            document=ancien.document,
            a_une_adresse=ancien.a_une_adresse,
            ecrit_le=ancien.ecrit_le,
            date_postee=ancien.date_postee,
            abandonne_le=ancien.abandonne_le,
        )
    recours = modele("contrat_ville", "Recours").objects.filter(document__isnull=False)
    for reponse in recours.select_related("document", "projet__porte_par"):
        document = reponse.document
        corps = mots_de_la_reponse(document.donnees)
        _refaire(document, {"corps": corps, "surtitre": document.donnees.get("programmation", "")})
        courriers.objects.create(
            dossier_id=reponse.projet_id,
            lettre="contrat_ville/repondre_recours",
            objet=document.donnees.get("objet", "Réponse à votre recours"),
            document=document,
            a_une_adresse=a_une_adresse(reponse.projet.porte_par),
            ecrit_le=reponse.repondu_le or document.cree_le,
            date_postee=reponse.date_postee,
        )
    _copier_les_decisions(apps)


def _copier_les_decisions(apps: Apps) -> None:
    courriers: Any = apps.get_model("socle", "Courrier")
    documents: Any = apps.get_model("socle", "Document").objects
    for document in documents.filter(nature="contrat_ville/decision"):
        surtitre = document.donnees.get("programmation", "")
        _refaire(document, {"gabarit": "pdf/contrat_ville/_decision.html", "surtitre": surtitre})
    lettres: Any = apps.get_model("contrat_ville", "LettreDecision").objects
    attente = lettres.filter(annulee_le=None, notifiee_le=None, projet__notifie_le=None)
    for lettre in attente.select_related("document", "projet__porte_par"):
        porteur = lettre.projet.porte_par
        est_jointe = lettre.projet.equipe.filter(compte__is_active=True).exists()
        if est_jointe or (porteur is not None and porteur.courriel):
            continue
        courriers.objects.create(
            dossier_id=lettre.projet_id,
            lettre=DECISION,
            objet=lettre.document.donnees.get("objet", "Décision sur votre projet"),
            document=lettre.document,
            a_une_adresse=a_une_adresse(porteur),
            est_a_signer=True,
            signe_le=lettre.signee_le,
            ecrit_le=lettre.preparee_le,
        )


def _refaire(document: Any, donnees: dict[str, Any]) -> None:
    document.nature, document.donnees = COURRIER, {**document.donnees, **donnees}
    document.save(update_fields=["nature", "donnees"])


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0034_versements_annules"), ("socle", "0020_courriers")]

    operations = [migrations.RunPython(copier, migrations.RunPython.noop)]
