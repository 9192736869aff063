"""The face of the pages: Hanken Grotesk, taken from its package and cut down for the web.

The package holds desktop files of 87 KB a weight. The first start cuts them to the letters of the Latin scripts and
packs them as WOFF2 (about 22 KB a weight) into a cache folder; later starts find them there.
"""

import os
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

FOLDER = "swingby/fonts"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
LATIN = (*range(0x20, 0x7F), *range(0xA0, 0x180))
SIGNS = (*range(0x2010, 0x2040), 0x20AC, 0x2122, 0x2190, 0x2192, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265)
FEATURES = ("ccmp", "kern", "liga", "locl", "mark", "mkmk")


def cut_for_web(source: Path, target: Path) -> None:
    """Write the letters we need of one desktop font as WOFF2; readers never see a half-written file."""
    from fontTools import subset  # takes 0.2 s and is needed only on the first start

    options = subset.Options(flavor="woff2", layout_features=list(FEATURES))
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=(*LATIN, *SIGNS))
    cutter.subset(font)
    handle, unfinished = tempfile.mkstemp(dir=target.parent, suffix=".part")
    os.close(handle)
    subset.save_font(font, unfinished, options)
    ready = Path(unfinished)
    ready.chmod(0o644)
    ready.replace(target)


def cache_folder() -> Path:
    """A folder that this process may write: the configured one, the user's cache, or a fresh temporary one."""
    chosen = getattr(settings, "SWINGBY_FONT_CACHE", None)
    folder = Path(chosen) if chosen else Path.home() / ".cache" / "swingby" / "fonts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="swingby-fonts-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="swingby-fonts-"))


@cache
def ready_folder() -> Path:
    """The folder with all weights in it, made on the first call."""
    folder = cache_folder()
    package = Path(str(files("font_hanken_grotesk"))) / "files"
    for weight in WEIGHTS:
        target = folder / f"HankenGrotesk-{weight}.woff2"
        if not target.exists():
            cut_for_web(package / f"HankenGrotesk-{weight}.otf", target)
    return folder


class FontFinder(BaseFinder):
    """Offers the fonts to Django's static files under ``swingby/fonts/``."""

    def check(self, **_options: Any) -> list[CheckMessage]:
        """Nothing can be set wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:  # noqa: FBT001, FBT002 - Django's own signature
        """The file behind a static path, as Django's finders answer."""
        folder, _, name = path.rpartition("/")
        known = folder == FOLDER and name in {f"HankenGrotesk-{weight}.woff2" for weight in WEIGHTS}
        found = str(ready_folder() / name) if known else None
        return ([found] if found else []) if find_all else found

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every font with the storage that holds it."""
        storage = FileSystemStorage(location=ready_folder())
        storage.prefix = FOLDER  # type: ignore[attr-defined]  # collectstatic reads this to place the files
        for weight in WEIGHTS:
            yield f"HankenGrotesk-{weight}.woff2", storage
