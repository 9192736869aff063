"""Where the example firms of a source tree are."""

from __future__ import annotations

from pathlib import Path

from swingby.errors import MisusedError

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
VENDOR, FIRM = "archetypes.yaml", "firm.yaml"


def company_file(name: str, below: Path = EXAMPLES) -> Path:
    """The file that describes an example company: the archetypes of a vendor's partners, or a firm.

    Raises
    ------
    MisusedError
        ``company-unknown`` when no folder of that name holds either.
    """
    found = {path.parent.name: path for kind in (VENDOR, FIRM) for path in sorted(below.glob(f"*/{kind}"))}
    if name not in found:
        hint = f"There is {' and '.join(sorted(found))}." if found else f"There is none under {below}."
        raise MisusedError(code="company-unknown", message=f"There is no example company {name!r}.", hint=hint)
    return found[name]


def example_firm(below: Path = EXAMPLES) -> Path | None:
    """The file that describes the first example firm; None where there is none."""
    return next(iter(sorted(below.glob(f"*/{FIRM}"))), None)
