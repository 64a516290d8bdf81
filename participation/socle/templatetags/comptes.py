"""Words for the pages of the account."""

from django import template

register = template.Library()

# In this order: Edge and Opera also say Chrome, Chrome also says Safari.
NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
APPAREILS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def navigateur(signature: str) -> str:
    """« Firefox sur Windows », from what the browser says of itself."""
    nom = next((nom for marque, nom in NAVIGATEURS if marque in signature), "Navigateur inconnu")
    appareil = next((nom for marque, nom in APPAREILS if marque in signature), "")
    return f"{nom} sur {appareil}" if appareil else nom
