from time import thread_time

import pytest

from tests.extract.stocks import IN, OUT, PRE, REFUSED, STOCKS
from watcher.errors import UnparsableError
from watcher.extract.numbers import MAX_TEXT_CHARS
from watcher.extract.stock import stock
from watcher.extract.stock_clauses import is_offer
from watcher.extract.stock_words import ALONE, PARTS, WORDS


def answer(text: str) -> str:
    try:
        return stock(text).value
    except UnparsableError:
        return REFUSED


def test_the_table_is_as_wide_as_it_claims() -> None:
    assert len(STOCKS) == len({text for text, *_ in STOCKS}) >= 150
    assert len({shop for _, _, shop, _ in STOCKS}) >= 20


def test_every_state_that_was_tried_before_is_read_as_a_reader_does() -> None:
    assert not {text for text, _, _, expected in STOCKS if answer(text) != expected}


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
        pytest.param("0 of 30 left", OUT, id="none of many"),
        pytest.param("12/30 left", IN, id="some of many"),
        pytest.param("Available: No", OUT, id="an answer"),
        pytest.param("Disponibile: sì", IN, id="an answer in Italian"),
        pytest.param("Almost sold out", IN, id="almost out is in"),
        pytest.param("품절임박", IN, id="almost out, in Korean"),
        pytest.param("即将售完", IN, id="almost out, in Chinese"),
        pytest.param("Lieferzeit: 2-4 Tage", IN, id="a time of delivery"),
        pytest.param("付款后48小时内发货", IN, id="a time of dispatch"),
        pytest.param("在庫 △", IN, id="a mark"),
        pytest.param("在庫：×", OUT, id="a mark for none"),
        pytest.param("Prodotto esauritoAvvisami", OUT, id="two spans that touch"),
        pytest.param("Not available in stores. Add to basket", IN, id="gone elsewhere"),
        pytest.param("STOKTA YOK", OUT, id="in capitals"),
        pytest.param("TÜKENDİ", OUT, id="in Turkish capitals"),
        pytest.param("You can get an email alert when this product is back in stock.", OUT, id="a mail to come"),
        pytest.param("9,99 £ Verfügbar In den Warenkorb", IN, id="a phrase within one that says nothing"),
        pytest.param("Stokta değil", OUT, id="denied behind"),
        pytest.param("3 in stock (can be backordered)", IN, id="some left, and more to come"),
        pytest.param("在庫：なし", OUT, id="an answer in Japanese"),
        pytest.param("Nu mai este în stoc", OUT, id="denied in Romanian"),
        pytest.param("UNAVAILABLE", OUT, id="no word inside a word"),
        pytest.param("Retrait en magasin indisponible\nAjouter au panier", IN, id="no pick-up"),
        pytest.param("Indisponible en magasin", OUT, id="gone from the store, and nothing else is said"),
        pytest.param("Online ausverkauft, in 3 Filialen verfügbar", OUT, id="gone from the web shop, not from stores"),
        pytest.param("Gift wrapping not available. In stock", IN, id="no service"),
        pytest.param("Disponible a partir del 14/11/2030\nReservar", PRE, id="a later day"),
        pytest.param("Back in stock: January 2031", OUT, id="back on a later day"),
        pytest.param("Anmeldung startet am 12.12.2031", OUT, id="a sale that opens later"),
        pytest.param("On sale until 5 December. Add to cart", IN, id="until a day"),
        pytest.param("Mail mij als het weer op voorraad is", OUT, id="a message to come"),
        pytest.param("Was sold out, now back in stock", IN, id="gone once"),
        pytest.param("Never out of stock: 350 units available", IN, id="not gone"),
        pytest.param("Butik: 0 st\nWebblager: 25+ st", IN, id="counts of a store and of the web shop"),
        pytest.param("24 / 24 enrolled", OUT, id="all places taken"),
        pytest.param("1 of 30 places free", IN, id="a place free"),
        pytest.param("Dostępność: brak", OUT, id="an answer that is a word alone"),
    ],
)
def test_a_rule_finds_the_state(text: str, expected: str) -> None:
    assert stock(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "blue", "1", "true", "Available in 3 colours", "Available from 4 December", "剩余3天", "查看详情"),
        *(
            "Never out of stock",
            "Nicht ausverkauft",
            "In stock?",
            "Gift wrapping available",
            "Only 3 reviews",
            "已售1000件",
        ),
        *(
            "Noch 3 Tage",
            "Delivery in 6 weeks",
            "○=在庫あり △=残りわずか ×=在庫なし",
            "Qty: 1",
            "Ships in 2–3 weeks\nAdd to cart",
            "Buy now\nNotify me",
            "S: sold out\nL: in stock",
            "Only available in store",
            "Retrait indisponible",
            "Gift wrapping not available",
            "Delivery unavailable\nPickup available",
            "Registration opens January 5\nAdd to cart",
            "Starts 5 December 2031",
            "Buy 2 get 1 free",
            "Sold out?",
            "Sign in to add to cart",
            "抽選受付中",
            "No delivery within 2 days",
        ),
    ],
)
def test_a_text_that_does_not_say_is_refused_with_the_advice_to_map_it(text: str) -> None:
    with pytest.raises(UnparsableError, match=r"no state of stock that a watch knows; say what it means, as in `map: "):
        stock(text)


def test_a_text_made_to_be_slow_is_read_at_once() -> None:
    answer("in stock")  # the first one of a process compiles what all are read with
    for part in ("not ", "0 of ", "only ", "在庫", "available ", "库存 1", "a", "A", "1,", "[hidden: ", "sold-"):
        text = (part * MAX_TEXT_CHARS)[:MAX_TEXT_CHARS]
        began = thread_time()
        answer(text)
        assert thread_time() - began < 0.05
    with pytest.raises(UnparsableError, match=r"1,000,000 characters are no state of stock"):
        stock("in stock  " * 100_000)


def test_no_phrase_says_two_things_in_one_language() -> None:
    for table in (*WORDS.values(), *PARTS.values(), ALONE):
        phrases = [phrase for states in table for phrase in set(states.split("|")) if phrase]
        assert len(phrases) == len(set(phrases)), {phrase for phrase in phrases if phrases.count(phrase) > 1}
    assert len(WORDS) + len(PARTS) >= 30


def test_a_phrase_alone_is_what_its_table_says_in_all_languages() -> None:
    tables = [*WORDS.values(), *PARTS.values()]
    wrong = {
        phrase
        for table in tables
        for expected, phrases in zip((OUT, PRE, IN), table, strict=True)
        for phrase in phrases.split("|")
        if answer(phrase) != expected and not any(phrase in of_other[0].split("|") for of_other in tables)
    }
    assert not wrong


def test_no_word_for_gone_beside_a_button_is_in_and_few_are_refused() -> None:
    answers = [
        answer(f"{gone}\n{button}")
        for out, _, there in (*WORDS.values(), *PARTS.values())
        for button in [phrase for phrase in there.split("|") if is_offer(phrase)][:1]
        for gone in out.split("|")
    ]
    assert {*answers} == {OUT, REFUSED}
    assert answers.count(REFUSED) < len(answers) / 8


def test_a_dash_between_words_parts_phrases() -> None:
    assert stock("Купить - билеты проданы") == OUT


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(
            "Not sure if it's in stock? Call us|When will it be back in stock?|有货吗？|Is this item in stock?"
            "|Ist der Artikel auf Lager?|¿Está disponible?",
            REFUSED,
            id="questions",
        ),
        pytest.param("How do I know if it is in stock? Add to cart|Is it in stock? Yes, in stock", IN, id="answers"),
        pytest.param("Is it in stock? Sold out", OUT, id="an answer that it is gone"),
        pytest.param(
            "In-stock guarantee|In stock policy|Garantie en stock|Wir garantieren: auf Lager|Availability guaranteed",
            REFUSED,
            id="guarantees",
        ),
        pytest.param(
            "Backorders accepted|Back-orders allowed|In Rückstand|En reliquat|Restnotering|På restorder|On back order",
            PRE,
            id="back-orders",
        ),
        pytest.param("No backorders", REFUSED, id="no back-orders"),
        pytest.param(
            "Curbside unavailable, Add to cart|Pickup unavailable\nShipping available|Curbside unavailable\nIn stock"
            "|Retrait indisponible, livraison disponible|Abholung nicht verfügbar, In den Warenkorb",
            IN,
            id="one way of delivery is unavailable",
        ),
        pytest.param(
            "Add to cart. Expected 5 March 2027|Add to basket\nExpected: 12 Jan 2027"
            "|In den Warenkorb. Erwartet am 5. März|Ajouter au panier. Attendu le 5 mars|В корзину. Ожидается 5 марта"
            "|Añadir al carrito. Se espera el 5 de marzo",
            PRE,
            id="offered, and expected on a day",
        ),
        pytest.param(
            "Expected delivery Tue 5 March. Add to cart|Add to cart. Expected by 5 March", IN, id="sent by a day"
        ),
        pytest.param("Out of stock. Expected 5 March", OUT, id="gone, and expected on a day"),
        pytest.param(
            "Ychwanegu at y fasged|Cuir sa chiseach|Engadir ao carriño|Дадаць у кошык|Żid mal-basket|Weka kwenye kikapu"
            "|Сагсанд нэмэх|Ба сабад илова кардан|Sebede goş|Gehitu saskira|Savatchaga qo'shish|Ievietot grozā"
            "|Ku dar gaadhiga|Li selikê zêde bike|कार्टमध्ये जोडा|कार्टमा थप्नुहोस्|કાર્ટમાં ઉમેરો|ਕਾਰਟ ਵਿੱਚ ਪਾਓ"
            "|కార్ట్‌కు జోడించు|ಕಾರ್ಟ್‌ಗೆ ಸೇರಿಸಿ|കാർട്ടിലേക്ക് ചേർക്കുക|කරත්තයට එක් කරන්න|စျေးခြင်းထဲသို့ထည့်ပါ"
            "|បន្ថែមទៅកន្ត្រក|ເພີ່ມໃສ່ກະຕ່າ|ወደ ጋሪ ጨምር|Ավելացնել զամբյուղում|زیادکردن بۆ سەبەتە|ٹوکری میں شامل کریں"
            "|ঝুড়িতে যোগ করুন|வண்டியில் சேர்|เพิ่มลงในรถเข็น",
            IN,
            id="languages",
        ),
    ],
)
def test_classes_of_texts_are_read_alike(texts: str, expected: str) -> None:
    read = {text: answer(text) for text in texts.split("|")}
    assert {text: state for text, state in read.items() if state != expected} == {}
