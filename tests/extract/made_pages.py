"""Pages as no one writes them: every kind of element, badly nested, and always with templates."""

from __future__ import annotations

from hypothesis import strategies as st

_TAGS = [
    *("div", "p", "span", "a", "b", "i", "font", "nobr", "ul", "li", "dl", "dt", "section", "h1", "center", "article"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tr", "td", "th", "form", "label", "fieldset", "button"),
    *("pre", "listing", "textarea", "script", "style", "title", "noscript", "iframe", "xmp", "plaintext", "object"),
    *("br", "hr", "img", "input", "wbr", "image", "select", "optgroup", "option", "details", "summary", "ruby", "rt"),
    *("svg", "math", "linearGradient", "foreignObject", "desc", "mi", "annotation-xml", "html", "body", "head"),
    *("frameset", "frame", "applet", "x-tag", "x:tag", "x-É"),
]
_CLASSES = ["x", "X", "y", "foo-bar", "余票", "a1", "É", "é", "ſ", "K"]
_ATTRIBUTES = [
    *("id=x", "id=X", "id=main", 'id="a b"', "id", "type=A", "type=a", "type=checkbox", "lang=EN", "lang=en-US"),
    *('rel="next  Prev"', 'rel=" next"', "align=LEFT", "dir=RTL", "media=Screen", "method=POST", "scope=ROW", "rel"),
    *('data-k="v w"', "data-K=V", "data-k=v-w", 'data-k=""', "data-k", "data-k=É", 'data-k="a&#10;b"', "data-k=K"),
    *('data-k="a&nbsp;b"', 'data-k="&lt;&amp;&quot;"', 'data-k="a\tb"', 'data-k="]"', "data-k=ſ", 'data-k="a\0b"'),
    *('href="/a.b#c"', "Href=Z", "xlink:href=x", "xml:lang=de", 'xmlns:xlink="u"', "xmlns=u", "x:y=1", "É=1"),
    *('viewBox="0 0 1 1"', "viewbox=1", "clipPathUnits=a", "definitionurl=q", "checked", "hidden", 'title="  a  "'),
    *("class", "class=Y", 'class="x  y"', 'class=" x"', 'class="a1&#12;x"', 'a"b=1', 'headers="a  b"', "disabled=''"),
]
_TEXTS = [
    *("text", " ", "\n", "\r\n", "\t\f", "\0", "é", "<!--c-->", "&nbsp;", "&amp;lt;", "&#0;", "&notit;", "12<b>"),
    *("<b", "<", "</ x>", "<?pi x?>", "<![CDATA[x]]>", "</br>", "<p>", "</p>", "<a>", "</table>", "<tr>", "<td>"),
    *("</form>", "</select>", "</svg>", "</head>", "</body>", "</html>", "</template>", "<!doctype html>"),
]
_STARTS = [
    *("", "<!doctype html>", "<!doctype html><html lang=en class=x>", "<!--c--><!doctype html>", "<?xml version=1?>"),
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 3.2//EN">',  # quirks mode, too
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">',
    *("<html><frameset class=x><frame></frameset>", "<table><tr>", "<svg>", "<template>"),
]

_tags = st.sampled_from(_TAGS)
_openings = st.builds(
    "<{} class='{}' {}{}>{}".format,
    _tags,
    st.lists(st.sampled_from(_CLASSES), max_size=2).map(" ".join),
    st.lists(st.sampled_from(_ATTRIBUTES), max_size=2).map(" ".join),
    st.sampled_from(["", "", "", "", "/"]),
    st.sampled_from(["", "", "\n"]),
)
_markup = st.recursive(
    st.sampled_from(_TEXTS),
    lambda inner: st.one_of(
        st.builds("{}{}</{}>".format, _openings, inner, _tags),
        st.builds("<template>{}</template>{}".format, inner, inner),
        st.lists(inner, min_size=1, max_size=4).map("".join),
    ),
    max_leaves=25,
)
pages = st.builds(
    # Always with a template, for its contents must be hidden from both engines.
    "{}{}<template class=x><p class=x id=main><td>t<template><b class=y></b></template></template>{}".format,
    st.sampled_from(_STARTS),
    _markup,
    _markup,
)
