// Public pages are the same for all: who is signed in is shown the way out here, by a cookie that says nothing else.
"use strict";

if (/(^|;\s*)connecte=1/.test(document.cookie)) {
  for (const sortie of document.querySelectorAll("[data-si-connecte]")) sortie.hidden = false;
}
