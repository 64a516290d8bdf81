"""Filters for the pages of the account."""

from django import template

register = template.Library()

# The order matters: the user agents of Edge and Opera also hold Chrome, and that of Chrome holds Safari.
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
    """Return « Firefox sur Windows », from the User-Agent header."""
    nom = next((nom for marque, nom in NAVIGATEURS if marque in signature), "Navigateur inconnu")
    appareil = next((nom for marque, nom in APPAREILS if marque in signature), "")
    return f"{nom} sur {appareil}" if appareil else nom
