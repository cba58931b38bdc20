import pytest

from tests.extract.stocks import IN, OUT, PRE, REFUSED, STOCKS
from watcher.errors import UnparsableError
from watcher.extract.stock import stock

# All refused.
KNOWN_WRONG = frozenset(
    {"We are out of this item", "Stock: low", "Noch 2 Plätze frei", "Reste 4 places", "Quedan 2 unidades"}
    | {"Meld på venteliste"}
)


def answer(text: str) -> str:
    try:
        return stock(text).value
    except UnparsableError:
        return REFUSED


def test_the_table_is_as_wide_as_it_claims() -> None:
    assert len(STOCKS) == len({text for text, *_ in STOCKS}) >= 150
    assert len({shop for _, _, shop, _ in STOCKS}) >= 20


def test_at_least_97_of_100_states_are_read_as_a_reader_does() -> None:
    wrong = {text for text, _, _, expected in STOCKS if answer(text) != expected}
    assert wrong == KNOWN_WRONG
    assert len(wrong) / len(STOCKS) <= 0.03


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("https://schema.org/InStock", IN, id="schema.org"),
        pytest.param("BackOrder", PRE, id="schema.org, the word alone"),
        pytest.param("OUT_OF_STOCK", OUT, id="as programs write it"),
        pytest.param("缺货预订", PRE, id="the longer phrase"),
        pytest.param("立即预订", IN, id="the longer phrase, of a ticket"),
        pytest.param("no tickets available", OUT, id="denied"),
        pytest.param("n’est plus disponible", OUT, id="denied in French"),
        pytest.param("plus de 10 en stock", IN, id="more than, not no more"),
        pytest.param("plus que 2 en stock", IN, id="only, not no more"),
        pytest.param("Notify when in stock", OUT, id="hoped for"),
        pytest.param("没有现货", OUT, id="denied in Chinese"),
        pytest.param("not available in stores", OUT, id="denied, of a phrase that says nothing"),
        pytest.param("余票 3", IN, id="a count"),
        pytest.param("余票：０张", OUT, id="no count"),
        pytest.param("Only 0 left", OUT, id="no count before its word"),
        pytest.param("1,000 in stock", IN, id="a count with noughts"),
        pytest.param("Add to cart – Sold out", OUT, id="out beats in"),
        pytest.param("缺货，接受预订", OUT, id="out beats pre-order"),
        pytest.param("Disponible en précommande", PRE, id="pre-order beats in"),
        pytest.param("Back in stock!", IN, id="back again"),
        pytest.param("已补货", IN, id="filled up again"),
        pytest.param("Complet", OUT, id="a whole text"),
        pytest.param("Kit complet - Ajouter au panier", IN, id="the same word inside a text"),
        pytest.param("UNAVAILABLE", OUT, id="no word inside a word"),
    ],
)
def test_a_rule_finds_the_state(text: str, expected: str) -> None:
    assert stock(text) == expected


@pytest.mark.parametrize(
    "text", ["", "blue", "1", "true", "Available in 3 colours", "Available from 4 December", "剩余3天", "查看详情"]
)
def test_a_text_that_does_not_say_is_refused_with_the_advice_to_map_it(text: str) -> None:
    with pytest.raises(UnparsableError, match=r"no state of stock that a watch knows; say what it means, as in `map: "):
        stock(text)
