"""All edits of the city: of its program, and of its portal."""

from __future__ import annotations

from . import page_edits, portal_edits, program_edits

PROGRAM_EDITS = (*program_edits.PROGRAM_EDITS, *page_edits.IN_THE_PROGRAM)
PORTAL_EDITS = (*portal_edits.PORTAL_EDITS, *page_edits.ON_THE_PORTAL)
