"""
Draw the icons of the installed app, and the badge of its notifications, from `icon.svg` into `watcher/web/static/`.

A maskable icon fills its square and keeps what matters within 80 % of it (W3C App Manifest, "icon masks"); Android
makes a badge of a picture's transparency alone.
"""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser

from docs.images.pictures import as_source

STATIC = Path(__file__).parents[2] / "watcher" / "web" / "static"


async def draw_icons(browser: Browser) -> None:
    """Write the five pictures."""
    icon = (STATIC / "icon.svg").read_text(encoding="utf-8")
    full = icon.replace(' rx="16"', "")
    roomy = full.replace("0 0 64 64", "-5 -5 74 74").replace(
        '<rect width="64" height="64"', '<rect x="-5" y="-5" width="74" height="74"'
    )
    badge = icon.replace(icon[icon.index("<rect") : icon.index("<circle")], "").replace("0 0 64 64", "5 5 54 54")
    await _draw(browser, icon, 192, "icon-192.png")
    await _draw(browser, icon, 512, "icon-512.png")
    await _draw(browser, roomy, 512, "icon-maskable.png")
    await _draw(browser, full, 180, "apple-touch-icon.png")
    await _draw(browser, badge, 96, "badge.png")


async def _draw(browser: Browser, svg: str, pixels: int, name: str) -> None:
    page = await browser.new_page(viewport={"width": pixels, "height": pixels})
    source = as_source(svg.encode(), "image/svg+xml")
    await page.set_content(f'<body style="margin:0"><img src="{source}" width="{pixels}" height="{pixels}">')
    await page.screenshot(path=STATIC / name, omit_background=True)
    await page.close()
