"""The demo's watches, in the words that an operator would write."""

from __future__ import annotations

from string import Template

_WATCHES = Template("""\
topics:
  demo:
    name: Watcher demo
    description: A book that gets cheaper, a course with free seats, a ticket sale that opens

defaults:
  every: 2s
  jitter: 0%
  timeout: 5s
  allow_private: true
  per_host:
    concurrency: 3
    min_delay: 0s

watches:
  dune:
    name: Dune
    url: "$site/books/dune"
    link: "$links/books/dune"
    topic: demo
    extract:
      price: {css: .price, type: money}
    notify_when:
      - price: {below: 10}

  courses:
    name: Courses
    url: "$site/courses"
    link: "$links/courses"
    topic: demo
    items:
      css: table#courses tbody tr
      key: td.code
      fields:
        title: td.title
        seats: {css: td.seats, type: integer}
    notify_when:
      - added
      - seats: {above: 0}

  tickets:
    name: Harbour Lights live
    url: "$site/tickets"
    link: "$links/tickets"
    topic: demo
    extract:
      buy: {css: "#buy", optional: true}
    notify_when:
      - buy: appears
""")


def demo_watches(site_url: str, *, link_base: str | None = None) -> str:
    """
    Return the text of a watches.yaml that watches the demo's site.

    Args:
        site_url: where the watcher finds the site, without a slash at the end.
        link_base: where the readers' phones find it; the same unless told otherwise.
    """
    return _WATCHES.substitute(site=site_url, links=link_base or site_url)
