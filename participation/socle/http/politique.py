"""Security headers of every answer: Content-Security-Policy and policies on features and embedding."""

from functools import cached_property
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy

# Features of the device that no page of the site uses. Passkeys stay allowed.
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


# For a page with a button that asks for the position.
PERMISSIONS_AVEC_POSITION = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")


class PolitiqueMiddleware(CSPMiddleware):
    """The middleware of django-csp, with the policy built once for answers that do not change it: nearly all."""

    @cached_property
    def _commune(self) -> str:
        return str(build_policy())

    def process_response(self, request: Any, response: Any) -> Any:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Other sites may embed only the open data (Access-Control-Allow-Origin).
        ailleurs = "cross-origin" if response.has_header("Access-Control-Allow-Origin") else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", ailleurs)
        if hasattr(request, "_csp_nonce") or any(nom.startswith("_csp") for nom in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._commune)
        return response
