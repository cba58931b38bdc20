"""
An element → the text from which its state of stock is read.

| in the element | in the text |
|---|---|
| a control that cannot be used: `disabled`, `aria-disabled`, `inert`, a class `disabled` | `[disabled: Add to cart]` |
| one that is hidden, also in a closed `<dialog>`; a choice that cannot be taken | `[hidden: Add to cart]` |
| other text that is hidden, and what is struck through | left out |
| nothing but hidden text | `[unseen: In stock]` |
| choices that do not agree | `[choice: S sold out] [choice: M]` |
| one that is open, where others are closed as sold out | `[open: M]` |
| nothing, or nothing of stock, in words | `aria-label` and `title` |
| `<input type=submit value=…>`, `<img alt=…>`, `<link itemprop=availability href=…>` | what they show or say |

All else is as in `text_of`; what the marks mean is said in `stock.py`. Hidden is what `hidden`, or `display: none` or
`visibility: hidden` in `style`, says of it; no stylesheet is consulted. A text that is found within something hidden
is read, for tabs hide what a reader opens; a control within it is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

import turbohtml
from turbohtml import Element, Text

from watcher.core.values import Stock, ValueType
from watcher.errors import UnparsableError
from watcher.extract.nesting import outermost
from watcher.extract.numbers import MAX_TEXT_CHARS
from watcher.extract.shown_attributes import shown_attribute
from watcher.extract.stock import said
from watcher.extract.text import one_line, text_of, text_of_markup

_MAX_MARKUP_CHARS = 64_000
"""Of an element that is looked at closely, which takes 0.6 s if it was made to be slow. Real ones have a tenth."""
_MAX_MARK_CHARS = 80
_MAX_MARKS = 4
_MAX_CONTROLS = 100
"""Of those that offer nothing, of each kind, so many are read; all are cut out."""
_MAX_LABEL_CHARS = 8_000
"""Of markup, an icon before the words included."""
_MAX_CHOICES = 100
_MAX_LABELS = 20
_TELLING = re.compile(
    r"disabled|hidden|inert|<dialog|display|visibility|<option|itemprop|<del|<s[ >]|<strike|<input|<img", re.IGNORECASE
)
"""What markup has that needs a closer look than its text."""
_LABELLED = re.compile(r" (?:aria-label|title)=|<title", re.IGNORECASE)
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_INLINE = "a|abbr|b|em|i|label|small|span|strong|svg|u"
_ANSWER = re.compile(r"</dt>\s*<dd[^<>]*>")
_APART = re.compile(rf"</button>|</(?:{_INLINE})>(?=\s*<(?:{_INLINE}|button)[ >])")
"""Where the text of a part ends in markup, though a browser shows it on the same line."""
_STRUCK = "del, s, strike"
_CONTROL = "button, a, input, select, [role=button], .btn"
_WITHHELD = "[disabled], [aria-disabled=true i], [inert], .disabled, .is-disabled, .btn-disabled"
_WITHHELD_AROUND = "fieldset[disabled], optgroup[disabled], [inert]"
_PERHAPS_UNSEEN = "[hidden], dialog, [style*=display i], [style*=visibility i]"
_BUTTON_TYPES = frozenset({"submit", "button", "image"})


def stock_text(element: Element, spend: Callable[[int], None]) -> str:
    """
    Return the text from which the state of stock is read.

    Args:
        spend: is told how many characters of markup are read, before the most is done with them.
    """
    attribute = "href" if element.tag == "link" else shown_attribute(element, ValueType.STOCK)
    shown = None if attribute is None else (element.attr(attribute) or "").strip()
    markup = element.html
    spend(len(markup))
    if len(markup) > _MAX_MARKUP_CHARS:
        text = text_of(element)
        return text if len(text) > MAX_TEXT_CHARS else _mark("unseen", text)
    state = _withheld(element.closest(f"{_CONTROL}, option"))
    if state is not None:
        return _mark(state, _label_and_reason(element) if shown is None else shown)
    if shown is not None:
        return shown
    apart = _apart(markup)
    text = _text_of_part(apart) if _TELLING.search(apart) else text_of_markup(apart) or text_of(element)
    return text if not _LABELLED.search(markup) or _says(text) else _labelled(element, text)


def _apart(markup: str) -> str:
    """Return the markup with an end of line behind each of its parts, so what they say is told apart."""
    return _APART.sub(r"\g<0><br>", _ANSWER.sub(": ", markup))


def _withheld(control: Element | None) -> str | None:
    """Return why a control offers nothing, None when it does."""
    if control is None:
        return None
    if control.matches(_WITHHELD) or control.closest(_WITHHELD_AROUND) is not None:
        return "disabled"
    around = control.closest(_PERHAPS_UNSEEN)
    while around is not None and not _is_unseen(around):
        parent = around.parent
        around = parent.closest(_PERHAPS_UNSEEN) if isinstance(parent, Element) else None
    return None if around is None else "hidden"


def _is_unseen(element: Element) -> bool:
    if element.attr("hidden") is not None or (element.tag == "dialog" and element.attr("open") is None):
        return True
    style = element.attr("style")
    return style is not None and bool(_UNSEEN_STYLE.search(style))


def _text_of_part(markup: str) -> str:
    """Return the text of markup that has what needs a closer look."""
    part = turbohtml.parse_fragment(markup)
    whole = one_line(text_of(part))
    marks = dict.fromkeys([*_cut_unseen(part), *_cut_choices(part), *_cut_disabled(part)])
    for struck in part.select(_STRUCK):
        struck.clear()
    for each in part.select("input, img"):
        each.replace_with(Text(f" {_label(each)} "))
    text = text_of(part)
    telling = islice((mark for mark in marks if mark.startswith("[choice") or _says(mark)), _MAX_MARKS)
    return "\n".join(filter(None, (text, *telling))) or _told(part) or _mark("unseen", whole)


def _labelled(element: Element, text: str) -> str:
    """Return the text with what pictures and buttons without words are called, if that says of stock."""
    named = [element, *element.select("[aria-label], [title], svg title")[:_MAX_LABELS]]
    told = "\n".join(filter(_says, [_called(each) for each in named if _withheld(each) is None]))
    return f"{text}\n{told}" if told else text


def _told(part: Element) -> str:
    """Return what an element without a text tells machines."""
    told = part.select_one("[itemprop~=availability]")
    return "" if told is None else (told.attr("href") or told.attr("content") or "")


def _cut_unseen(part: Element) -> Iterator[str]:
    """Cut out what is hidden, and yield a mark for each control in it."""
    left = _MAX_CONTROLS
    for element in outermost([each for each in part.select("[hidden], [style], dialog") if _is_unseen(each)]):
        controls = [*([element] if element.matches(_CONTROL) else ()), *element.select(_CONTROL)][:left]
        left -= len(controls)
        yield from [_mark("hidden", _label(control)) for control in controls]
        element.decompose()


def _cut_choices(part: Element) -> Iterator[str]:
    """Cut out the choices that cannot be taken, and all that do not agree, and yield a mark for each."""
    for choices in _choices(part):
        closed = [choice for choice in choices if _is_closed(choice)]
        labels = [_label(each) for each in choices if each not in closed and each.attr("value") != ""]
        labels = [label for label in labels if label]
        states = {_says(label) for label in labels}
        if not labels:
            yield from (_mark("disabled", _label(choice)) for choice in closed)
        elif len(states) > 1 and states != {None, Stock.IN_STOCK}:
            yield from (_mark("choice", label) for label in labels)
        else:
            if states == {None} and any(_says(_label(choice)) is Stock.OUT_OF_STOCK for choice in closed):
                yield _mark("open", labels[0])
            yield from (_mark("hidden", _label(choice)) for choice in closed)
            choices = closed
        for choice in choices:
            choice.clear()


def _choices(part: Element) -> Iterator[list[Element]]:
    """Yield the choices of each list of them: of options, of radio buttons, and of items of which some are closed."""
    for select in outermost(part.select("select")):
        yield select.select("option")[:_MAX_CHOICES]
    radios = [*_radios(part)]
    if len(radios) > 1:
        yield radios
    for items in outermost(part.select("ul, ol, [role=radiogroup], [role=listbox]")):
        choices = items.select("li, [role=radio], [role=option]")[:_MAX_CHOICES]
        if len(choices) > 1 and any(map(_is_closed, choices)):
            yield choices


def _radios(part: Element) -> Iterator[Element]:
    """Yield the label of each radio button, disabled as the button is."""
    buttons = part.select("input[type=radio i]")[:_MAX_CHOICES]
    labels = {label.attr("for"): label for label in part.select("label[for]")[:_MAX_CHOICES]} if buttons else {}
    for button in buttons:
        label = button.closest("label") or labels.get(button.attr("id"))
        if label is not None:
            if button.matches(_WITHHELD):
                label.add_class("disabled")
            yield label


def _is_closed(choice: Element) -> bool:
    """Return whether a choice cannot be taken."""
    if choice.tag == "option":
        return choice.matches("[disabled], optgroup[disabled] *")
    return choice.matches(_WITHHELD)


def _cut_disabled(part: Element) -> Iterator[str]:
    controls = outermost(part.select(f":is({_CONTROL}):is({_WITHHELD}, :is({_WITHHELD_AROUND}) *)"))
    for number, control in enumerate(controls):
        if number < _MAX_CONTROLS:
            yield _mark("disabled", _label_and_reason(control))
        control.decompose()


def _says(text: str) -> Stock | None:
    try:
        return said(text).state
    except UnparsableError:
        return None


def _label(element: Element) -> str:
    """Return what a control, or a picture, shows or is called."""
    if element.tag == "input":
        is_button = (element.attr("type") or "").lower() in _BUTTON_TYPES
        return (element.attr("value") or element.attr("alt") or "") if is_button else ""
    if element.tag == "img":
        return element.attr("alt") or ""
    return one_line(text_of_markup(element.inner_html[:_MAX_LABEL_CHARS])) or _called(element)


def _label_and_reason(control: Element) -> str:
    """Return what a control shows and, where it says so, why it cannot be used."""
    label, reason = _label(control), control.attr("title") or ""
    return label if reason in label else f"{label} ({reason.strip()})"


def _called(element: Element) -> str:
    """Return what an element without words is called."""
    called = element.text if element.tag == "title" else element.attr("aria-label") or element.attr("title")
    return (called or "").strip()


def _mark(name: str, text: str) -> str:
    """Return the text within a mark; it holds no bracket, so the mark ends where it ends."""
    plain = text.replace("[", "(").replace("]", ")").strip()
    return f"[{name}: {plain[:_MAX_MARK_CHARS]}]" if plain else ""
