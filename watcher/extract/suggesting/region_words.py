"""Words of classes, ids and headings by which the parts of a page are told that are not its content."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from watcher.extract.lasting import STATE_WORDS

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[\u4e00-\u9fff]+")

_OUT = frozenset(
    re.findall(
        r"\w+",
        """
        footer foot footnav breadcrumb breadcrumbs crumb crumbs cookie cookies consent gdpr ccpa onetrust
        cookiebot pagination pager paging paginator sidebar sidenav aside related recommend recommended
        recommendation recommendations recommends similar upsell upsells crosssell crosssells alsolike viewed
        trending sponsor sponsored sponsors advert adverts advertisement ads banner modal popup popover
        newsletter skiplink filter filters facet facets refine sorting sortbar toolbar friendlink friendlinks
        flink copyright sitemap tagcloud topbar toast tooltip lightbox megamenu offcanvas drawer minicart
        autocomplete
        """,
    )
)
"""A part with such a word is out."""
_LINKED = frozenset(
    re.findall(
        r"\w+",
        """
        nav navbar navigation menu menubar submenu topnav mainnav subnav tags tag share sharing social lang
        langs language languages locale locales links tabs tabbar toc index categories channel quicklinks
        actions steps az alphabet
        """,
    )
)
"""One of these is out where most of its text is links: a restaurant's menu is none."""
_COMMENTS = frozenset(
    {"comments", "commentlist", "commentarea", "disqus", "respond", "kommentare", "commentaires", "comentarios"}
    | {"commenti", "reacties", "kommentarer", "komentarze", "pinglun"}
)
"""All of them: one alone, that is called a comment, may be of a thread, which its page is about."""
_SAID_OF_WHOLE = frozenset({"with", "has", "no", "without", "main", "result", "results", "open", "closed", "is", "js"})
"""`page-with-sidebar` is no sidebar."""
_PAIRS = re.compile(
    r"also[-_]?(?:like|bought|viewed)|cross[-_]?sell|up[-_]?sell|recently[-_]?viewed|you[-_]?may", re.IGNORECASE
)
_POST = re.compile(r"post-\d+")
"""A post of WordPress, whose other classes say of what it is: `tag-ads`."""

STATE_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
        status state availability stock durum estado etat zustand stato stan stav disponibilidad disponibilite
        verfuegbarkeit lager lagerstatus tillgaenglighet beschikbaarheid stoktadurumu zhuangtai
        jokyo joukyou situacao estatus trangthai
        """,
    )
)
"""One of these in its names says that an element shows how something is just now."""

_OTHERS = re.compile(
    r"""
    related|recommended\ (?:for|products|items|posts|articles|reading)|recommendations|(?:you|customers)\ (?:may|might)
    |(?:you'll|you\ will)\ also|also\ (?:like|bought|viewed|interested|read|love)|similar\ (?:products|items|jobs|posts)
    |recently\ viewed|frequently\ bought|people\ also|more\ from|read\ next|(?:most\ )?(?:popular|read|trending)$
    |popular\ (?:posts|tags|products|articles)|trending|sponsored|complete\ the\ look|goes\ well\ with|tags$
    |相关|猜你喜欢|推荐|热门|友情链接|大家都在|看了又看|买了还买|还买了|也喜欢|最近浏览|浏览记录|热销|相似
    |ähnliche|auch\ gefallen|kunden\ kauften|passend\ dazu|vous\ aimerez|produits\ (?:similaires|associés)
    |también|te\ puede|relacionad|potrebbe|correlati|おすすめ|関連|人気
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HEADING_CHARACTERS = 45
"""What is longer is no heading of such a part, but the title of something; one in Han characters has a third."""


@lru_cache(maxsize=5_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a class or an id, in lower case: `productCard__price-now` has four."""
    return tuple(word.lower() for word in _WORD.findall(name[:100]))


def is_out_by_name(names: Collection[str], *, is_linked: bool) -> bool:
    """Return whether one of the names says that a part is no content. `is_linked`: most of its text is links."""
    is_post = any(map(_POST.fullmatch, names))
    return not is_post and any(_is_out(name) or (is_linked and _is_navigation(name)) for name in names)


def is_of_comments(names: Iterable[str]) -> bool:
    """Return whether one of the names says that a part holds what readers wrote below an article."""
    return any(_COMMENTS.intersection(words_of(name)) for name in names)


def is_state_name(name: str) -> bool:
    """Return whether a class says how a row is now, and not what it is: `odd`, `is-sold-out`."""
    lowered = name.lower()
    words = words_of(name)
    return lowered in STATE_WORDS or lowered.startswith(("is-", "has-")) or (bool(words) and set(words) <= STATE_WORDS)


def is_heading_of_others(text: str) -> bool:
    """Return whether a heading stands before what is not the page's own content, as “Related products”."""
    most = _HEADING_CHARACTERS if text.isascii() else _HEADING_CHARACTERS // 3
    return len(text) <= most and _OTHERS.search(text) is not None


@lru_cache(maxsize=5_000)
def _is_out(name: str) -> bool:
    words = words_of(name)
    return not _SAID_OF_WHOLE.intersection(words) and (
        bool(_OUT.intersection(words)) or _PAIRS.search(name) is not None
    )


@lru_cache(maxsize=5_000)
def _is_navigation(name: str) -> bool:
    words = words_of(name)
    return bool(_LINKED.intersection(words)) or any(word.endswith(("nav", "menu", "breadcrumb")) for word in words)
