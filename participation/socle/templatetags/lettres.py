"""To whom a letter is written, said by its template; filter for the HTML version of letters."""

import re

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from participation.socle.models import ReglageService

register = template.Library()

# Who reads a letter, and who may therefore have a word in it.
A_QUI = frozenset(
    {
        "service",  # agents, directions, élus, partners: addresses kept by the service
        "prouvee",  # who signed in, or opened the link of an earlier letter: the mailbox is theirs
        "agent",  # who an agent writes to: a member, a guest, a person heard at the desk
        "inconnu",  # who asked nothing, or whose mailbox is not proved: by the gate only (`porte`)
    }
)
PORTE = object()  # in the context of a letter that passed the gate


SIGNATURE = "courriels/socle/_signature.txt"


@register.tag
def lettre_a(parser: Parser, token: Token) -> template.Node:
    """`{% lettre_a "inconnu" %}`: first line of each letter, one of A_QUI. What follows is its plain text, signed at its end.

    `sans_signature`: of a letter that a program writes to agents, or whose foot signs. `se_redemande`: asked for on a
    public page by who typed this address; should it not arrive, she asks again, and no agent has to look at it.
    """
    _, dit, *reste = token.split_contents()
    qui = dit.strip('"')
    if qui not in A_QUI or reste not in ([], ["sans_signature"], ["se_redemande"]):
        raise template.TemplateSyntaxError(
            f"lettre_a {dit}: one of {sorted(A_QUI)}, then sans_signature, se_redemande or nothing."
        )
    return LettreA(
        qui, parser.parse(), est_signee="sans_signature" not in reste, se_redemande="se_redemande" in reste
    )


class LettreA(template.Node):
    def __init__(
        self, qui: str, nodelist: template.NodeList, *, est_signee: bool, se_redemande: bool
    ) -> None:
        self.qui, self.nodelist, self.est_signee = qui, nodelist, est_signee
        self.se_redemande = se_redemande

    def render(self, context: Context) -> str:
        """Raise RuntimeError when a letter to a stranger does not come by the gate, or another one does."""
        if (context.get("porte") is PORTE) != (self.qui == "inconnu"):
            raise RuntimeError(
                f"This letter is written to « {self.qui} »: see participation.socle.courriels.porte."
            )
        dehors, context.autoescape = context.autoescape, False
        texte: str = self.nodelist.render(context)
        if self.est_signee and context.template is not None:
            signature = context.template.engine.get_template(SIGNATURE).render(context)
            texte = f"{texte.rstrip()}\n\n{signature}"
        context.autoescape = dehors
        return texte


# Read from the settings, whatever the letter was given: each letter of decision includes `courriels/socle/_decision.txt`.
@register.simple_tag
def voies_de_recours() -> str:
    return ReglageService.actuel().voies_de_recours


@register.simple_tag(takes_context=True)
def signataire_de_la_decision(context: Context) -> str:
    """Name and quality of who signs (L212-1 CRPA): that of the app when it has its own, else that of the service."""
    return context.get("signataire") or ReglageService.actuel().signataire


# A URL in a sentence, without the final punctuation.
ADRESSE = re.compile(r"https?://[^\s<>«»]*[^\s<>«».,;:!?)]")


@register.filter
def avec_liens(texte: str) -> SafeString:
    """Escape a text and turn its URLs into links, shown in full."""
    morceaux, fin = [], 0
    for trouve in ADRESSE.finditer(texte):
        adresse = escape(trouve[0])
        morceaux += [escape(texte[fin : trouve.start()]), f'<a href="{adresse}">{adresse}</a>']
        fin = trouve.end()
    return mark_safe("".join([*morceaux, escape(texte[fin:])]))  # noqa: S308 escaped piece by piece
