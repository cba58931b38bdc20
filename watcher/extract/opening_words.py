"""
What the name of a number says: that so many are left to be had (`seats_left`, `余票`), or that it is a price (`cents`).

A name that also says that they are gone or waited for, or how many there are in all, counts something else
(`seats_taken`), and one that is a place alone is a rank (`Platz`).
"""

from __future__ import annotations

from typing import Final

from watcher.extract.lazy_pattern import LazyPattern

PLACES: Final = (
    "seats?|tickets?|spots?|places?|slots?|copies|vacanc|plätze|platz|sitzpl|restpl|karten|exemplar|billets?|exemplaire"
    "|plazas?|entradas|boletos|asientos|cupos|ejemplar|post[io]\\b|bigliett|copie\\b|vagas?|lugares|bilhetes|ingressos"
    "|plaats|plekken|plek\\b|kaarten|platser|biljett|pladser|plasser|billett|paik(?:ka|at|koja)|lippu|miejsc|bilet"
    "|egzempl|míst|miest|lístk|vstupen|hely|jegy|locuri|θέσ|εισιτήρ|мест|билет|экземпл|місц|квитк|koltuk|kontenjan"
    "|kursi|tiket|chỗ|vé\\b|مقعد|مقاعد|تذكر|تذاكر|أماكن|מקומות|כרטיס|صندلی|ظرفیت|सीट"
)
LEFT: Final = (
    "left\\b|remaining|available|in stock|übrig|verfügbar|frei\\b|freie|restant|disponib|libres?\\b|quedan|rimast"
    "|liber[io]"
    "|restam|livres\\b|vrije?\\b|kvar\\b|lediga?|ledige|tilbage|igjen|jäljellä|vapaa|pozosta|został|wolny|wolne|zbýv"
    "|voln|voľn|ostáva|marad|szabad|rămas|libere|απομέν|διαθέσιμ|ελεύθερ|остал|свобод|залиш|вільн|kaldı|kalan|boş\\b"
    "|tersisa"
    "|còn lại|còn trống|متبق|متاح|נותר|פנוי"
)
_OPEN = (
    "avail|vacanc|vacant|remain|open(?:ings?)?\\b|free\\b|stock|inventory|on hand|quantity|qty|spaces?\\b|rooms? left"
    "|lager|bestand|stan\\b|sklad|наличи|склад|stok\\b|余票|余量|余位|剩余|剩餘|名额|名額|席位|空位|库存|庫存|残席|残り|空席|空き"
    "|在庫|잔여|남은|좌석|재고|คงเหลือ|ว่าง"
)
_GONE = (
    "taken|sold|booked|reserved|filled|occupied|used|total|overall|capacity|max|limit|wait|queue|enrol|registered|signed"
    "|belegt|gebucht|vergeben|verkauft|gesamt|warte|vendu|réserv|occup|complet|vendid|reservad|ocupad|totale|prenotat"
    "|vendut|bezet|verkocht|såld|bokad|solgt|varattu|myyty|zajęt|sprzeda|obsaz|prodan|foglalt|eladott|занят|продан"
    "|зайнят|dolu\\b|satılan|已售|已报|已報|已占|已满|已滿|总|總|候补|候補|完売|予約済|定員|예약|판매|정원"
)
_RANKS = (
    "place|platz|plaats|plass|plads|plats|post[io]|lugar|miejsce|místo|miesto|hely(?:ezés)?|место|місце|position"
    "|θέση|locul"
)
_PRICES = (
    "prices?|pricing|prix|[^\\W_]*preise?|precios?|preços?|prezz[io]|cen[ay]|ceny|cijena|prij[sz]en?|pris|hinta|fiyatı?"
    "|harga|giá|árak?|τιμή|цена|ціна|costs?|fares?|rents?|[^\\W_]*miete|loyer|alquiler|affitto|cents|amount|fee"
    "|[^\\W_]*(?:价|價|価格|운임|가격|ราคา|賃料|租金)[^\\W_]*"
)
_OPENING: Final = LazyPattern(rf"\b(?:{PLACES}|{LEFT}|{_OPEN})|余|残")
_TAKEN: Final = LazyPattern(rf"\b(?:{_GONE})|(?:已售|已报|已報|总|總|定員)")
_RANK: Final = LazyPattern(_RANKS)
_PRICED: Final = LazyPattern(rf"\b(?:{_PRICES})\b")


def is_opening(name: str) -> bool:
    """Return whether a number of this name says how many are left to be had."""
    words = name.replace("_", " ").casefold()
    is_left = _OPENING.search(words) is not None and _RANK.fullmatch(words) is None
    return is_left and _TAKEN.search(words) is None


def is_priced(name: str) -> bool:
    """Return whether a number of this name is a price."""
    return _PRICED.search(name.replace("_", " ").casefold()) is not None
