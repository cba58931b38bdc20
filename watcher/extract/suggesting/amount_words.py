"""
What the words beside an amount of money say of it, in some thirty languages.

| beside the amount | it is |
|---|---|
| `Current bid`, `Höchstgebot`, `现在価格`, `Our price` | what the thing costs now |
| `Estimate`, `Startpreis`, `Caution`, `起拍价`, `Was` | another amount, as an estimate |
| `Delivery`, `Versandkosten` | what it costs to send the thing |

What shops write beside their prices is known to the reader of prices (`price_words.py`); here is what auctions, rents
and collections say besides.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from watcher.extract.price_phrases import first_in
from watcher.extract.price_relations import SENDING
from watcher.extract.price_words import Role

_BIDS = re.compile(
    r"""
    (?:current|highest|latest|leading|winning|top|live)\ (?:bid|price|offer)|(?:current|live)\ (?:rent|rate)
    |(?:aktuelles|höchstes|derzeitiges|momentanes|letztes)\ gebot|höchstgebot|aktueller\ (?:preis|stand)|gebotsstand
    |(?:kalt|warm|gesamt)miete|kaufpreis
    |(?:enchère|offre|prix)\ (?:actuelle?|en\ cours|courante?)|(?:dernière|meilleure)\ (?:offre|enchère)|loyer
    |(?:puja|oferta|precio)\ (?:actual|más\ alta|vigente)|(?:última|mayor)\ (?:puja|oferta)|alquiler
    |(?:lance|licitação|oferta|preço)\ (?:atual|actual|mais\ alt[oa])|maior\ lance|último\ lance|aluguel
    |(?:offerta|prezzo)\ (?:attuale|corrente|più\ alta)|(?:miglior|ultima)e?\ offerta|canone
    |(?:huidige?|hoogste|laatste)\ (?:bod|prijs)|huurprijs
    |(?:högsta|ledande|aktuellt|nuvarande|senaste)\ bud|(?:højeste|aktuelle?t?|nuværende|seneste)\ bud
    |(?:høyeste|gjeldende|nåværende|siste)\ bud|(?:korkein|nykyinen|tämänhetkinen|johtava)\ (?:tarjous|huuto|hinta)
    |(?:aktualna|najwyższa|obecna|bieżąca)\ (?:oferta|cena|licytacja|stawka)
    |(?:aktuální|nejvyšší|současn[áý]|aktuálna|najvyššia)\ (?:cena|příhoz|nabídka|ponuka)
    |(?:jelenlegi|aktuális|legmagasabb)\ (?:licit|ajánlat|ár)|(?:oferta|licitare|preț(?:ul)?)\ (?:curentă?|actuală?)
    |(?:τρέχουσα|υψηλότερη)\ (?:προσφορά|τιμή)|(?:текущая|последняя|максимальная|высшая)\ (?:ставка|цена)
    |(?:поточна|найвища|остання)\ (?:ставка|ціна)|(?:güncel|mevcut|en\ yüksek|son)\ (?:teklif|fiyat|pey)
    |(?:المزايدة|السعر|العرض)\ الحالي|أعلى\ (?:مزايدة|عرض|سعر)|(?:הצעה|מחיר)\ (?:נוכחי|גבוה)
    |(?:当前|目前|现时|當前)(?:价|價|出价|出價|竞价|競價|最高价|价格|價格)|最[高新]出[价價]|現價
    |現在(?:価格|の価格|の入札|値|額|の最高)|最高入札|現在\ ?\Z|현재\ ?(?:가|입찰가|최고가|호가)|최고\ ?입찰가
    |nájem|czynsz|\bhyra\b|husleje|\bleie\b|vuokra|bérleti|\bkira\b|аренд|оренд|家賃|賃料|월세|租金|chirie|ενοίκιο|najemnin
    |ราคาปัจจุบัน|ราคาประมูลปัจจุบัน|giá\ hiện\ tại|(?:tawaran|penawaran|harga)\ (?:saat\ ini|tertinggi)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OTHERS = re.compile(
    r"""
    \best(?:imated?|imation|imativa|\.)|\bappraisal|valuation|\breserve\b|(?:starting|opening|minimum|next
    |min\.?)\ (?:bid|price)
    |start\ price|increment|buyer'?s?\ premium|deposit|(?:booking|holding|service|admin)\ (?:fee|charge)|\bfees?\b
    |shipping
    |postage|delivery|handling|\bgoal\b|\btarget\b|\byou\ save|cashback|utilities|council\ tax|insurance
    |monthly\ payment
    |schätz|\btaxe\b|limitpreis|start(?:preis|gebot)|mindestgebot|(?:auf|aus)ruf(?:preis)?|rufpreis|nächstes\ gebot
    |aufgeld
    |kaution|nebenkosten|heizkosten|provision|courtage|versand|lieferung|anzahlung|spendenziel|gebühr|verkehrswert
    |\bziel\b
    |mise\ à\ prix|prix\ de\ (?:départ|réserve)|enchère\ min|\bfrais\b|caution|garantie|\bcharges|honoraires|livraison
    |acompte|objectif|tasación|valoración|(?:precio|puja|oferta)\ (?:de\ salida|inicial|mínim[oa]|de\ reserva)|fianza
    |gastos
    |comisi[óo]n|envío|depósito|objetivo|avaliação|lance\ (?:inicial|mínimo)|incremento|cauç|condomínio|\biptu\b
    |\btaxas?\b
    |frete|\bsinal\b|\bmeta\b|\bstima|base\ d['’]asta|prezzo\ (?:di\ partenza|base|di\ riserva)|offerta\ (?:minima
    |iniziale)
    |rilancio|cauzione|\bspese\b|commission|spedizione|acconto|obiettivo|geschat|schatting|taxatie|start(?:prijs|bod)
    |minimum
    |veilingkosten|\bborg\b|servicekosten|verzend|bezorg|aanbetaling|\butrop|värdering|estimat|utgångspris|startpris
    |reservationspris|frakt|deposi|vurdering|mindstebud|næste\ bud|fragt|\btakst\b|felleskost|omkostning|arvio
    |lähtöhinta
    |hintavaraus|toimitus|vakuus|wywoławcz|estymac|wycena|minimaln|kaucj|dostaw|przesyłk|wadium|opłat|vyvoláv|odhad
    |minimáln
    |kauce|poplat|doprav|poštovné|záloh|kikiált|becsült|kaució|szállítás|rezsi|de\ pornire|de\ strigare|garanț|livrare
    |țint
    |εκτίμησ|εκκίνησ|ελάχιστ|εγγύησ|μεταφορικ|στόχος|начальн|стартов|оценк|эстимейт|минимальн|\bшаг\b|залог|комисс
    |доставк
    |\bцель\b|початков|оцінк|мінімальн|застав|комісі|başlangıç|tahmini|muhammen|depozito|kargo|aidat|hedef|الابتدائي
    |الافتتاحي|التقدير|الأدنى|التأمين|الشحن|التوصيل|الهدف|פתיחה|הערכה|מינימום|משלוח|פיקדון
    |起拍|起始|起標|评估|估价|估價|預估|保留价|加价|保证金|佣金|[运運]费|運費|押金|底價|中介费|物业费|目标|开始价
    |開始(?:価格|額)|予想|評価額
    |見積|最低|入札単位|送料|手数料|敷金|礼金|管理費|共益費|保証金|目標|시작가|추정가|감정가|최저|예상가|배송|보증금
    |관리비|수수료|목표
    |เริ่มต้น|ประเมิน|จัดส่ง|ประกัน|khởi\ điểm|ước\ tính|\bphí\b|đặt\ cọc|harga\ awal|estimasi|ongkir
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SENT = re.compile(SENDING, re.IGNORECASE)
_PRESENT = frozenset({Role.NOW, Role.FINAL})
_BESIDE = frozenset(
    {Role.UNIT, Role.TERM, Role.BESIDE, Role.NET, Role.LIST, Role.ASIDE, Role.WAS, Role.MEMBER, Role.PART, Role.COUPON}
)


_NEAR = 60
"""So many characters may stand between the words for a bid and its amount: “Open for bids”, and a currency."""


class AmountIs(Enum):
    """What an amount is by the words beside it."""

    PRESENT = auto()
    OTHER = auto()
    SENDING = auto()
    UNSAID = auto()


def names_present(text: str) -> bool:
    """Return whether a text names a bid, a price or a rent that is the present one, and its amount soon behind."""
    return any(any(map(str.isdigit, text[found.end() : found.end() + _NEAR])) for found in _BIDS.finditer(text))


@lru_cache(maxsize=1_000)
def amount_by_label(label: str) -> AmountIs:
    """Return what the words beside an amount say of it: `Current bid (reserve not met)` is a present one."""
    if _BIDS.match(label):
        return AmountIs.PRESENT
    role = first_in(label.lower())
    if _OTHERS.search(label) or role in _BESIDE:
        return AmountIs.SENDING if _SENT.search(label) else AmountIs.OTHER
    return AmountIs.PRESENT if _BIDS.search(label) or role in _PRESENT else AmountIs.UNSAID
