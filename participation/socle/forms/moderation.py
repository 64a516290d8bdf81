"""Forms of moderation: the reason and the words of a decision, the contest, the answer."""

from django import forms

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_parmi, champ_texte
from participation.socle.langues import plus_tard as _
from participation.socle.models import Moderation, RaisonModeration


class ModererForm(ActeForm):
    """What every act of moderation asks: a coded reason, public in figures, and the words that the author reads."""

    raison = champ_parmi(
        "Raison",
        RaisonModeration.objects.filter(est_active=True),
        "Les raisons sont celles de la page publique « Modération ».",
    )
    motif = champ_texte(
        "Pourquoi",
        "Lu par l’auteur, qui peut contester : une autre personne que vous lui répond.",
        maximum=1000,
        lignes=3,
        erreur="Dites à l’auteur pourquoi.",
    )


class JugerForm(ActeForm):
    issue = champ_choix("Ce que vous décidez", Moderation.Issue.choices, boutons=True)
    reponse = champ_texte("Votre réponse", "Envoyée à l’auteur.", maximum=2000, lignes=4)


class ContesterForm(forms.Form):
    contestation = champ_texte(
        _("Pourquoi vous n’êtes pas d’accord"),
        _("Lu par les agents du service seulement."),
        maximum=3000,
        lignes=6,
        erreur=_("Dites pourquoi vous n’êtes pas d’accord."),
        se_relit=False,
    )
