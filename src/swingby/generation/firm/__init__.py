"""An example firm that is in many vendors' programs: its people, what they learn, and what was tried to have them learn more.

Outsiders import from here.
"""

from __future__ import annotations

from swingby.generation.firm.description import Firm, read_firm
from swingby.generation.firm.example import FirmSummary, generate_firm
from swingby.generation.firm.places import FIRM, company_file, example_firm

__all__ = ["FIRM", "Firm", "FirmSummary", "company_file", "example_firm", "generate_firm", "read_firm"]
