"""Make ``docs/images/brief.png``, the picture at the top of the README: the beginning of a brief, beside a figure.

    python tools/picture.py

It writes the brief of the bundled case to a temporary folder, opens it in a headless Chromium, and pictures the
key findings and the first figure side by side, on one sheet.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from counterpoise.brief import compose, render_html  # noqa: E402
from counterpoise.cases import load_case  # noqa: E402
from counterpoise.monitoring import detect  # noqa: E402
from counterpoise.observations.archive import Archive  # noqa: E402
from counterpoise.observations.bundled import read_bundled  # noqa: E402
from tests.browser import Browser  # noqa: E402

CASE = "belarus-eu-2021"
PICTURE = ROOT / "docs" / "images" / "brief.png"
WIDTH, HEIGHT = 1480, 1000
LARGEST_BYTES = 400_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

SHEET = """
body { display: grid; grid-template-columns: 44rem 46rem; gap: 0 1.5rem; width: 1480px; height: 1000px;
       overflow: hidden; background: #fff; align-items: start }
header, main { margin: 0; padding: 0 1.2rem; overflow: hidden; height: 1000px; max-width: none }
header { border-right: 1px solid #dfe3e8; padding-top: 1.6rem }
header nav { display: none }
header .findings li { font-size: .95rem }
main > section:not(#borders), main .alternative, footer { display: none }
main #borders h2 { margin-top: 1.2rem; border-top: 0 }
"""


def page() -> str:
    """Return the brief laid out as a sheet: title and findings on the left, the first figure on the right."""
    archive = Archive.from_batch(read_bundled())
    case = load_case(CASE)
    html = render_html(compose(archive, case, detect(archive, case=case)))
    findings = re.search(r'<section id="findings".*?</section>', html, flags=re.DOTALL)
    if findings is None:
        raise SystemExit("the brief has no findings")
    html = html.replace("</header>", findings.group(0).replace(' id="findings"', "") + "</header>", 1)
    return html.replace("</style>", f"{SHEET}</style>", 1)


def main() -> None:
    """Write the picture, or say why not."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        raise SystemExit(f"no browser found: none of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "brief.html"
        source.write_text(page(), encoding="utf-8")
        with (
            Browser.start(program, Path(folder) / "profile") as browser,
            browser.open(source, size=(WIDTH, HEIGHT)) as opened,
        ):
            PICTURE.parent.mkdir(parents=True, exist_ok=True)
            opened.screenshot(PICTURE, whole=False)
    size = PICTURE.stat().st_size
    if size > LARGEST_BYTES:
        raise SystemExit(f"{PICTURE.name} has {size:,} bytes, more than {LARGEST_BYTES:,}")
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes")


if __name__ == "__main__":
    main()
