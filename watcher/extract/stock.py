"""
Text → whether a thing can be had, as shops write it.

| answer | phrases (the table has all) |
|---|---|
| out of stock | `售罄`, `无货`, `候补`, `即将开售`, `到货通知`, sold out, notify me, ausverkauft, épuisé |
| pre-order | `预售`, pre-order, vorbestellen, précommande, preventa, 予約受付中, 예약 구매, back-order |
| in stock | `有货`, `立即购买`, add to cart, auf Lager, en stock, 在庫あり |

1. A word of schema.org (`https://schema.org/InStock`) alone is its meaning.
2. The longer phrase is read (`缺货预订` is a pre-order), and a word that denies the phrase behind it, or only
   hopes for it, makes it out (`no tickets available`, `n'est plus disponible`, `notify when in stock`).
3. A count says it too: `余票 3` is in, `库存 0件` and `0 in stock` are out.
4. Where several answers stand, out beats pre-order beats in: `Add to cart – Sold out` is out. A page keeps its button
   while a thing is gone far more often than the word for gone while it is there; and an alert that is
   late by one check costs less than one that sends people to a shop with nothing to sell.
5. A text without any of these is refused, with the advice to say what it means by `map`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from watcher.core.values import Stock
from watcher.errors import UnparsableError
from watcher.extract.numbers import plain, quoted

# What schema.org says of stock (https://schema.org/ItemAvailability), and what that means.
MEANINGS = {
    "InStock": Stock.IN_STOCK,
    "InStoreOnly": Stock.IN_STOCK,
    "LimitedAvailability": Stock.IN_STOCK,
    "OnlineOnly": Stock.IN_STOCK,
    "PreOrder": Stock.PREORDER,
    "PreSale": Stock.PREORDER,
    "BackOrder": Stock.PREORDER,
    "MadeToOrder": Stock.PREORDER,
    "OutOfStock": Stock.OUT_OF_STOCK,
    "SoldOut": Stock.OUT_OF_STOCK,
    "Discontinued": Stock.OUT_OF_STOCK,
    "Reserved": Stock.OUT_OF_STOCK,
}
WORDS = {word.lower(): word for word in MEANINGS}
"""By the same in lower case, which is how pages write them too."""

# Chinese, Japanese, Korean: they stand anywhere. Joined by |, for some have spaces.
_CJK: dict[Stock, str] = {
    Stock.OUT_OF_STOCK: (
        "售罄|无座|已失效|无法购买|有货时通知|有货提醒|到货提醒|満席|注文できません|예매 마감|예매마감|售完|售空|缺货"
        "|缺貨|无票|無票|无货|無貨|没货|没有货|约满|額滿|额满|名额已满|即将开售|即將開賣|即将开抢|即将上架|即将发售"
        "|尚未开售|尚未開賣|暂未开售|未开售|未开始|暂停销售|暫停銷售|停止销售|停售|候补|候補|补货中|補貨中|待补货"
        "|等待补货|补货通知|上架通知|到货通知|到貨通知|有货通知|开售提醒|开抢提醒|缺货登记|已下架|下柜|已售出|抢光"
        "|抢完|订完|已订满|满房|客满|滿座|库存不足|庫存不足|沒有庫存|没有库存|无库存|無庫存|暂无库存|没有现货|无现货"
        "|无余票|没有余票|已结束|已截止|活动结束|不可售|不可购买|不可预约|不可预订|暂不可|预约已满|预售结束|预约结束"
        "|报名结束|敬请期待|即将推出|在庫切れ|在庫なし|在庫無し|在庫がありません|在庫はありません|売り切れ|売切れ"
        "|売切|品切れ|品切|完売|入荷待ち|再入荷お知らせ|再入荷のお知らせ|再入荷通知|再入荷待ち|再入荷リクエスト"
        "|再入荷予定|次回入荷未定|入荷お知らせ|お取り扱いできません|取り扱いできません|販売を終了|販売終了"
        "|予約受付終了|受付終了|予約終了|取扱終了|近日発売|キャンセル待ち|予定枚数終了|販売期間外|予約締切"
        "|予約締め切り|품절|매진|재입고 알림|재입고알림|재입고 예정|재입고 요청|재고 없음|재고없음|판매 종료|판매종료"
        "|판매중지|판매 중지|입고 알림|구매 불가|구매불가|출시 예정|예약 마감"
    ),
    Stock.PREORDER: (
        "预售|预约抢购|預售|预订|預訂|预定|預購|预购|缺货预订|缺货预定|立即预约|支付定金|付定金|全款预定|定金预售"
        "|新品预约|接受预订|予約受付中|予約受付|予約する|予約注文|予約商品|予約購入|예약 구매|예약구매|예약 판매"
        "|예약판매|사전예약|사전 예약|예약 주문"
    ),
    Stock.IN_STOCK: (
        "有票|有余票|抢票中|残席わずか|受付中|已补货|再入荷しました|재입고 완료|立刻购买|开放预约|有货|有貨|现货|現貨"
        "|尚有庫存|有库存|有庫存|库存充足|庫存充足|库存紧张|余票充足|余票紧张|余票较多|立即购买|立即購買|加入购物车"
        "|加入購物車|放入購物車|加购物车|马上抢|立即抢购|马上抢购|立即购票|特惠购票|选座购买|选座购票|立即订购"
        "|立即预订|马上预订|可预约|可预订|可預訂|可购买|可约|直接購買|去购买|领券购买|立即下单|热卖中|热售中|在售"
        "|销售中|售票中|有座|在庫あり|在庫有り|在庫残少|在庫わずか|残りわずか|カートに入れる|カートに追加|今すぐ買う"
        "|購入する|購入手続き|販売中|即納|재고 있음|재고있음|장바구니 담기|장바구니담기|장바구니에 담기|바로구매"
        "|바로 구매|구매하기|예매하기|구매 가능|판매중"
    ),
}
# Whole words only.
_LATIN: dict[Stock, str] = {
    Stock.OUT_OF_STOCK: (
        "sold out|soldout|out of stock|oos|notify me|get notified|email me when|back soon|currently unavailable"
        "|unavailable|coming soon|waitlist|waiting list|wait list|sales ended|sale ended|sales have ended"
        "|ended by the seller|discontinued|class full|fully booked|no longer available|not in stock|none left"
        "|not yet available|ausverkauft|vergriffen|benachrichtige mich|erinnere mich|out of print|registration closed"
        "|waitlisted|nicht vorrätig|ausgebucht|demnächst|bald verfügbar|wenn wieder verfügbar|wieder lieferbar ab"
        "|wieder verfügbar ab|épuisé|épuisée|épuisés|epuise|rupture de stock|en rupture|bientôt de retour"
        "|indisponible|prévenez-moi|m'avertir|m'alerter|victime de son succès|bientôt disponible|liste d'attente"
        "|pas en stock|agotado|agotada|agotados|agotadas|sin existencias|sin stock|avísame|avisame|próximamente"
        "|lista de espera|fuera de stock|no quedan|esaurito|esaurita|non disponibile|avvisami|prossimamente|esgotado"
        "|esgotada|indisponível|avise-me|fora de estoque|sem estoque|niedostępny|niedostępna|niedostępne"
        "|brak w magazynie|brak towaru|wyprzedane|wyprzedany|powiadom|uitverkocht|tijdelijk uitverkocht|binnenkort"
        "|udsolgt|utsolgt|slutsåld|slutsålt|slut i lager|vyprodáno|nedostupné|nedostupný|hlídat|нет в наличии"
        "|распродано|закончился|нет билетов|под заказ|loppuunmyyty|elfogyott|nincs raktáron|tükendi"
    ),
    Stock.PREORDER: (
        "pre order|preorder|pre orders|preorders|pre ordering|back order|backorder|backordered|back ordered|presale"
        "|pre sale|reserve now|vorbestellen|vorbestellbar|vorbestellung|vorbestellt|précommande|précommander"
        "|precommande|precommander|reserva|resérvalo|reservar ahora|preventa|pre venta|preordina|preordine|pré venda"
        "|przedsprzedaż|reserveer|pre orderen|forhåndsbestill|forudbestil|förbeställ|předobjednat|předobjednávka"
        "|předprodej|предзаказ"
    ),
    Stock.IN_STOCK: (
        "in stock|instock|left in stock|low stock|limited stock|low in stock|add to cart|add to basket|add to bag"
        "|add to trolley|buy now|buy it now|buy tickets|get tickets|book now|order now|tickets available|available"
        "|last one|enroll now|ships within|usually ships|available to ship|ready to ship|on sale now|selling fast"
        "|almost gone|auf lager|an lager|lieferbar|bestellbar|verfügbar|vorrätig|in den warenkorb"
        "|in den einkaufswagen|jetzt kaufen|sofort kaufen|tickets kaufen|jetzt bestellen|en stock|stock limité"
        "|ajouter au panier|disponible|disponibles|acheter|acheter maintenant|j'achète|réserver|añadir a la cesta"
        "|añadir al carrito|agregar al carrito|comprar|comprar ahora|comprar ya|hay existencias|disponibile"
        "|disponibili|aggiungi al carrello|acquista ora|disponibilità immediata|em estoque|adicionar ao carrinho"
        "|disponível|comprar agora|dostępny|dostępna|dostępne|dodaj do koszyka|do koszyka|kup teraz|ostatnie sztuki"
        "|w magazynie|op voorraad|leverbaar|in winkelwagen|in mijn winkelwagen|in winkelmandje|på lager|på nettlager"
        "|legg i handlekurv|læg i kurv|i lager|lägg i varukorg|lägg i kundvagn|lägg i varukorgen|skladem|do košíku"
        "|vložit do košíku|в наличии|в корзину|добавить в корзину|купить|varastossa|raktáron|sepete ekle"
    ),
}

# Whole texts that say nothing inside a longer one.
_ALONE = {
    "sold": Stock.OUT_OF_STOCK,
    "complet": Stock.OUT_OF_STOCK,
    "full": Stock.OUT_OF_STOCK,
    "无": Stock.OUT_OF_STOCK,
    "有": Stock.IN_STOCK,
}
# Phrases that only a word before them, or what follows, makes say something: `available in three colours`.
_SAYS_NOTHING = (
    "available in|available from|available on|available until|available soon|verfügbar ab|lieferbar ab|verfügbar in"
    "|disponible en|disponible à partir|disponible desde|disponible el|disponibile da|disponibile in|dostępny od"
)

# What denies the phrase behind it, or only hopes for it: `notify when in stock`.
_NEGATED = re.compile(
    r"(?:^|[^\w])(?:not|no(?! \d)|isn't|aren't|never|none|nicht|kein|keine|nie|pas|plus(?! que| de)|non|não|nao|sin"
    r"|niet|geen|ikke|inte|ej|není|nejsou|nie|brak|нет|не|when|once|notify|alert|remind|wenn|sobald|quand|lorsque"
    r"|cuando|quando|когда|gdy|når|när)(?: [\w'-]+){0,2} $|(?:不|无|無|没有?|沒有?|未|非)$"
)
_MAX_NEGATION_CHARS = 40
_DIGIT = re.compile(r"\d")
_COUNT_BEHIND = re.compile(
    r"(?:(?:余票|余|库存|庫存|剩余|剩餘|仅剩|仅余|剩|余号|号源|名额|在庫|残り|残席|재고|잔여석|잔여|남은 수량)"
    r"(?:号源|名额|座位|数量|数|量|最后|不足)?[: ]{0,3}"
    r"|\b(?:stock|seats|remaining|qty|quantity|available|left|lagerbestand|bestand) ?: ?)(\d[\d,.]{0,9})"
    # `剩余3天` is time.
    r"(?![\d,.:]| ?(?:天|日|小时|时|分|秒|周|个月|年|時間|일|시간|days?\b|hours?\b|h\b|min))"
)
_COUNT_BEFORE = re.compile(
    r"(?<![\d.,])(\d[\d,.]{0,9})\+? ?(?:(?:stück|stk\.?|tickets?|items?|pieces?|places?|seats?|spots?|ks|exemplaires?"
    r"|unidades) )?(?:left|in stock|available|remaining|auf lager|an lager|verfügbar|en stock|på (?:nett)?lager"
    r"|op voorraad|skladem|disponibles?|i lager|places? restantes?)\b"
)


def stock(text: str) -> Stock:
    """Return whether the thing can be had; UnparsableError when the text does not say."""
    line = plain(text, "state of stock").lower().replace("’", "'")
    word = WORDS.get(line.rpartition("/")[2].rpartition(":")[2].replace("_", ""))
    if word is not None:
        return MEANINGS[word]
    found = {_ALONE[line]} if line in _ALONE else {*_phrases(line), *_counted(line)}
    for state in (Stock.OUT_OF_STOCK, Stock.PREORDER, Stock.IN_STOCK):
        if state in found:
            return state
    raise UnparsableError(
        f"{quoted(text)} is no state of stock that a watch knows; say what it means, as in "
        f"`map: {{{quoted(text)}: out_of_stock}}`, or in_stock, or preorder"
    )


def _phrases(line: str) -> Iterator[Stock]:
    """Yield what each phrase says; where several begin, the longest."""
    line = line.replace("-", " ").replace("_", " ")
    latin, cjk, states = _tables()
    for pattern in (latin,) if line.isascii() else (latin, cjk):
        for match in pattern.finditer(line):
            state = states[match[0]]
            before = line[max(0, match.start() - _MAX_NEGATION_CHARS) : match.start()]
            if state is not Stock.OUT_OF_STOCK and _NEGATED.search(before):
                yield Stock.OUT_OF_STOCK
            elif state:
                yield state


def _counted(line: str) -> Iterator[Stock]:
    if not _DIGIT.search(line):
        return
    for match in (*_COUNT_BEHIND.finditer(line), *_COUNT_BEFORE.finditer(line)):
        yield Stock.IN_STOCK if match[1].strip("0,.") else Stock.OUT_OF_STOCK


@lru_cache(maxsize=1)
def _tables() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Stock | None]]:
    """Return the patterns of all phrases, and what each says. Built once, for the few watches that need them."""
    latin = _states(_LATIN) | dict.fromkeys(_SAYS_NOTHING.split("|"))
    cjk = _states(_CJK)
    return re.compile(rf"\b(?:{_longest_first(latin)})\b"), re.compile(_longest_first(cjk)), latin | cjk


def _states(table: dict[Stock, str]) -> dict[str, Stock | None]:
    return {phrase.replace("-", " "): state for state, phrases in table.items() for phrase in phrases.split("|")}


def _longest_first(phrases: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
