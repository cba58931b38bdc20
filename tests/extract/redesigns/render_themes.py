# mypy: ignore-errors
"""
Renders one page of Sphinx under many themes, before and after its values changed.

Run by `make redesigns` in an environment of its own: `python render_themes.py DIRECTORY`. Each page is a file of the
directory, THEME.before.html and THEME.after.html, and `values.json` there holds what both show.
"""

import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from sphinx.application import Sphinx

THEMES = (
    *("alabaster", "agogo", "basic", "bizstyle", "classic", "haiku", "nature", "pyramid", "scrolls", "sphinxdoc"),
    *("traditional", "cloud", "furo", "insipid", "piccolo_theme", "pydata_sphinx_theme", "shibuya"),
    *("sphinx_book_theme", "sphinx_material", "sphinx_rtd_theme"),
)
VALUES = {
    "release": ("3.2.14", "3.3.05"),
    "licence fee": ("€ 41.70", "€ 43.90"),
    "released": ("2026-11-12", "2026-11-19"),
    "end of support": ("2029-04-31", "2030-05-31"),
    "default timeout": ("31.5 s", "42.5 s"),
    "retries": ("7041", "9052"),
    "pool since": ("2.91", "2.92"),
    "parameter": ("8123", "8456"),
    "downloads": ("61,204", "72,415"),
    "maintainer": ("Ada Brunel", "Eve Carnot"),
    "port": ("5544", "6655"),
    "last seat": ("only 13 left", "only 11 left"),
}
PAGE = """
Paramix
=======

Paramix reads and writes tables. The current release is **{release}**, and it costs *{licence fee}* a year.

:Released: {released}
:Maintainer: {maintainer}
:Support until: {end of support}

Installation
------------

Install it with pip:

.. code-block:: console

   $ pip install paramix

.. note:: The course in spring has *{last seat}*.

Settings
--------

.. list-table:: What can be set
   :header-rows: 1

   * - Setting
     - Default
     - Since
   * - ``cache``
     - on
     - 1.0
   * - ``timeout``
     - {default timeout}
     - 1.4
   * - ``retries``
     - {retries}
     - 2.0
   * - ``pool``
     - 16
     - {pool since}

Network
~~~~~~~

host
    The host that it listens on, ``localhost``.

port
    *{port}*

user
    The user that it runs as.

Functions
---------

.. py:function:: connect(url, chunk={parameter}, strict=True)

   Open a table.

   :param url: where it is.
   :param chunk: rows at a time.

Numbers
-------

* Stars: **5,213**
* Downloads: **{downloads}**
* Issues: **118**

.. toctree::
   :hidden:

   guide
   changes
"""


def main(directory: Path) -> None:
    """Render all pages into the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    # Extensions of themes leave things behind in their process.
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for _ in pool.map(render, THEMES, [directory] * len(THEMES)):
            pass
    (directory / "values.json").write_text(json.dumps(VALUES, ensure_ascii=False, indent=1))
    print(f"{len(THEMES)} themes of Sphinx")


def render(theme: str, directory: Path) -> None:
    """Render both versions of the page under a theme."""
    for number, name in enumerate(("before", "after")):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "source")
            source.mkdir()
            values = {place: both[number] for place, both in VALUES.items()}
            source.joinpath("index.rst").write_text(PAGE.format(**values))
            for other in ("guide", "changes"):
                source.joinpath(f"{other}.rst").write_text(f"{other.title()}\n=======\n\nMore of it.\n")
            (directory / f"{theme}.{name}.html").write_text(rendered(source, Path(folder, "built"), theme))


def rendered(source: Path, target: Path, theme: str) -> str:
    """Return the page under a theme."""
    settings = {"project": "Paramix", "html_theme": theme, "extensions": [], "html_title": "Paramix"}
    application = Sphinx(
        srcdir=source,
        confdir=None,
        outdir=target,
        doctreedir=target / "doctrees",
        buildername="html",
        confoverrides=settings,
        status=None,
        warning=None,
        freshenv=True,
    )
    application.build()
    return (target / "index.html").read_text()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
