"""The Content-Security-Policy of every page, written once instead of at each answer; what a browser lets the page do, and others do with it."""

from functools import cached_property
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy

# What no page of ours asks of a device. Passkeys stay allowed to the site itself.
PERMISSIONS = ", ".join(
    f"{quoi}=()"
    for quoi in (
        *(
            "accelerometer",
            "bluetooth",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
        ),
        *("hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
    )
)
# On a page that asks where one stands, when one pushes its button.
PERMISSIONS_AVEC_POSITION = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")


class PolitiqueMiddleware(CSPMiddleware):
    """django-csp's own, but for the answers that ask nothing of it (no nonce, no decorator): nearly all of them."""

    @cached_property
    def _commune(self) -> str:
        return str(build_policy())

    def process_response(self, request: Any, response: Any) -> Any:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Another site shows nothing of ours in its pages, but the open data (Access-Control-Allow-Origin).
        ailleurs = "cross-origin" if response.has_header("Access-Control-Allow-Origin") else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", ailleurs)
        if hasattr(request, "_csp_nonce") or any(nom.startswith("_csp") for nom in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._commune)
        return response
