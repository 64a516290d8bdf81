"""What the team and the instructor say to one another: complements, comments on a field, messages; their forms."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from contrat_ville.instruction.actes import dans
from contrat_ville.instruction.dossier import etapes_de
from contrat_ville.instruction.lectures import photo_de
from contrat_ville.models import COMMENTABLES, Commentaire, MessageProjet, PhotoProjet, Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_agent, ecrire_a_l_equipe
from participation.socle.actions import demander, enregistrer, exiger, repondre_demande
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_texte, propose
from participation.socle.francais import majuscule
from participation.socle.models import Compte, Demande
from participation.socle.views.pages import Page, acte

COMPLEMENT = "Compléter votre projet"


def lettre_de_complement(projet: Projet, reponses: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    demande = {"texte": reponses["texte"], "date_limite": reponses["date_limite"]}
    return "contrat_ville/demander_complement", {
        "projet": projet,
        "demande": demande,
        "lien": projet.get_porteur_url(),
    }


class ComplementForm(ActeForm):
    objet: Projet

    texte = champ_texte("Ce qui manque", "L’équipe lit ces mots.", maximum=4000, lignes=6)
    date_limite = champ_jour("Réponse attendue le", "Le délai du service est arrêté jusque-là.")

    def initiales(self) -> Mapping[str, Any]:
        return {"date_limite": propose(dans(self.objet.programmation.delai_complement_jours))}


# Requests to the team
@acte(
    Page[Projet](
        form=ComplementForm,
        consequence="L’équipe peut de nouveau écrire le projet, jusqu’à ce qu’elle le renvoie. Le délai du service est arrêté.",
        apercu=lettre_de_complement,
        succes="L’équipe du projet est prévenue.",
        retour="#demandes",
    )
)
@transaction.atomic
def demander_complement(projet: Projet, *, par: Compte, texte: str, date_limite: date) -> Demande:
    """Ask the team for what is missing. The legal clock stops, and the team may write until it answers."""
    exiger(projet, "demander_complement", par=par)
    signataire = projet.equipe.presents().filter(role="signataire", compte__is_active=True).first()
    if signataire is None:
        raise ErreurMetier(
            "Ce projet n’a pas d’équipe en ligne : « Ouvrir l’espace du porteur », ou écrivez-lui et notez sa réponse."
        )
    demande = demander(
        projet,
        par=par,
        nature=Demande.Nature.COMPLEMENT,
        a=signataire.compte,
        objet=COMPLEMENT,
        texte=texte,
        date_limite=date_limite,
        suspend_le_delai=True,
        avertir=_dire_demander_complement,
    )
    PhotoProjet.objects.create(demande=demande, avant=photo_de(projet))
    return demande


CompleterForm = demander_texte(
    "Ce que vous avez complété", nom="reponse", aide="En une ou deux phrases.", lignes=4
)


@acte(
    Page[Projet](
        form=CompleterForm,
        consequence="Vous renvoyez le projet : vous ne pourrez plus l’écrire, sauf si le service vous le demande.",
        titre="Renvoyer le projet complété",
        gabarit="contrat_ville/equipe/completer.html",
        contexte=lambda _, projet, __: {
            "projet": projet,
            "complement": projet.complement_ouvert(),
            "lues": etapes_de(projet),
        },
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Le projet est renvoyé : le service en est prévenu.",
    )
)
@transaction.atomic
def completer(projet: Projet, *, par: Compte, reponse: str) -> None:
    """Send the completed projet back. The legal clock starts again."""
    exiger(projet, "completer", par=par).avancer(motif=reponse)
    demande = projet.complement_ouvert()
    if demande is None:
        raise ErreurMetier("Aucun complément n’est attendu.")
    PhotoProjet.objects.filter(demande=demande).update(apres=photo_de(projet))
    repondre_demande(demande, reponse=reponse, par=par)


class CommenterForm(ActeForm):
    champ = champ_choix("Sur quoi", [(cle, majuscule(mot)) for cle, mot in COMMENTABLES.items()])
    texte = champ_texte("Votre question", "L’équipe du projet la lit, et y répond.", maximum=2000, lignes=4)


@acte(
    Page[Projet](
        form=CommenterForm,
        consequence="L’équipe du projet reçoit votre question par courriel.",
        retour="#commentaires",
    )
)
@transaction.atomic
def commenter_champ(projet: Projet, *, par: Compte, champ: str, texte: str) -> Commentaire:
    pas = exiger(projet, "commenter_champ", par=par)
    commentaire = enregistrer(Commentaire(projet=projet, champ=champ, texte=texte, par=par))
    pas.avancer(fait=f"Commenté : {commentaire.nom_du_champ}", motif=texte)
    ecrire_a_l_equipe(commentaire.projet, "commenter_champ", commentaire=commentaire)
    return commentaire


ResoudreForm = demander_texte("Votre réponse", nom="reponse", lignes=4)


@acte(
    Page[Commentaire](
        form=ResoudreForm,
        consequence=lambda c: f"Sur « {c.nom_du_champ} », le service demande : {c.texte}",
        est_publique=True,
        retour=lambda c, _: f"{c.projet.get_porteur_url()}#commentaires",
        succes="Votre réponse est enregistrée.",
    )
)
@transaction.atomic
def resoudre_commentaire(commentaire: Commentaire, *, par: Compte, reponse: str) -> None:
    exiger(commentaire, "resoudre_commentaire", par=par).avancer(
        champs={"etat": Commentaire.Etat.RESOLU, "reponse": reponse, "resolu_le": timezone.now()},
        motif=reponse,
    )


@acte(Page[Commentaire](retour=lambda c, _: f"{c.projet.get_absolute_url()}#commentaires", en_un_clic=True))
@transaction.atomic
def clore_commentaire(commentaire: Commentaire, *, par: Compte) -> None:
    exiger(commentaire, "clore_commentaire", par=par).avancer(champs={"etat": Commentaire.Etat.CLOS})


MessageForm = demander_texte("Votre message", nom="texte", maximum=6000, lignes=8)


@acte(
    Page[Projet](
        form=MessageForm,
        consequence="L’équipe du projet reçoit votre message par courriel.",
        retour="#messages",
        succes="Votre message est parti.",
    )
)
@transaction.atomic
def ecrire_message(projet: Projet, *, par: Compte, texte: str) -> MessageProjet:
    """Write a message. The other side is told."""
    pas = exiger(projet, "ecrire_message", par=par)
    message = enregistrer(
        MessageProjet(
            projet=projet, par=par, texte=texte, est_du_porteur=not par.est_agent, ecrit_le=timezone.now()
        )
    )
    pas.avancer(
        fait="Message de l’équipe du projet" if message.est_du_porteur else "Message à l’équipe du projet",
        motif=texte,
    )
    ecrire = ecrire_a_l_agent if message.est_du_porteur else ecrire_a_l_equipe
    ecrire(message.projet, "ecrire_message", message=message)
    return message


@acte(Page[MessageProjet](retour=lambda m, _: f"{m.projet.get_absolute_url()}#messages", en_un_clic=True))
@transaction.atomic
def lire_message(message: MessageProjet, *, par: Compte) -> None:
    exiger(message, "lire_message", par=par).avancer(champs={"lu_le": timezone.now()})


def _dire_demander_complement(demande: Demande) -> None:
    ecrire_a_l_equipe(demande.dossier.enfant, "demander_complement", demande=demande)  # type: ignore[arg-type]  # of a projet
