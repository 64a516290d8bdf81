"""The letter to who animates a table of a forum."""

from django.urls import reverse

from participation.budgets.models import TableForum
from participation.socle.courriels.ecriture import ecrire


def ajouter_table(table: TableForum) -> None:
    """Send the facilitator the link to take notes at the table from a phone."""
    ecrire(
        "budgets/ajouter_table",
        a=[table.courriel],
        cle=f"table-forum:{table.pk}:{table.courriel}"
        + (f":{table.rang_du_lien}" if table.rang_du_lien else ""),
        contexte={
            "table": table,
            "forum": table.forum,
            "lien": reverse("budgets:table_par_lien", args=[table.jeton()]),
        },
    )
