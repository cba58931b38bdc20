"""What an amount is by the words right beside it: a part of a price, a unit's, a month's, or a price by weight."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec.structs import replace

from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.price_amounts import Amount
from watcher.extract.price_conditions import is_instalment, is_lent, said_behind
from watcher.extract.price_phrases import (
    is_named_by_buyer,
    is_threshold_around,
    is_threshold_before,
    is_threshold_behind,
    role_said,
)
from watcher.extract.price_words import DEPOSITS, NOT_INCLUDED, WITH_CARD, Role

_WEIGHTS = (
    "kg|kilogramm|kilogrammes?|kilograms?|kilogramos?|килограмм|g|gr|mg|grams?|gramm|gramos?|kilo"
    "|ml|cl|dl|l|lt|litre|liter|oz|fl\\.? ?oz|lb|кг|г|гр|мл|л|克|公斤|千克|斤|毫升|升"
    "|m|м|sqm|sq\\.? ?ft|кв\\.? ?м"
)
_PIECES = (
    "stück|stk|st|piece|pc|pcs|ea|each|item|unit|pièce|pce|unidad|uds?|und|unité|unidade|unid|un|pezzo|pz|stuk"
    "|stuks|kpl|szt|sztuka|ks|kus"
    "|db|darab|buc|bucată|kom|komad|бр|шт|штука|τεμ|τεμάχιο|vnt|gab|tk|adet|cái|chiếc|buah|pcs|biji|ชิ้น|قطعة|יח"
    "|יחידה|عدد|stykke|bal|balení|balenie|opak|csomag|pack|pak|pkt|paket|уп|упак|pakke|pk|pkg|box|karton|pár|paire"
)
_TERMS = (
    "months?|mo|mth|mnth|monat|monats?|mois|mes|meses|mês|mese|mies|miesiąc|měs|měsíc|mesiac|hó|hónap|lună|luna|lună"
    "|månad|mån|måned|mnd|md|maand|kk|kuukausi|mėn|mēn|kuu|мес|месяц|міс|місяць|ay|tháng|bulan|bln|เดือน|شهر|شهرياً"
    "|חודש|ماه|माह"
    "|years?|yr|jahr|an|année|año|ano|anno|rok|év|år|jaar|год|рік|yıl|năm|tahun|weeks?|wk|woche|semaine|semana"
    "|settimana"
    "|nights?|nacht|nuit|noche|noite|notte|noc|natt|nat|yö|ночь|ніч|gece|đêm|malam|days?|tag|jour|día|dia|giorno|dag"
)
# What stands right before an amount and makes it no whole price.
_PART_BEFORE = LazyPattern(
    r"(?:(?:うち)?(?:消費)?税額?|(?<!各)(?:滿|满|買|买|任選|任选)\d+ ?[件个個]"
    r"|定金|订金|押金|已优惠|首付|尾款|每期|月供|(?<!免)运费|快递费?|邮费|配送费|運費"
    r"|外送費"
    r"|ค่าส่ง|ค่าจัดส่ง|배달비|배달팁|택배비|配送料|还差|還差|あと|現折|折抵|立減|할인"
    r"|ส่วนลด|ประหยัด|満|满|滿|减|立省|省|慳|返|抵|返现|返利|红包|(?<!百亿)补贴|最高|最大|最低消费|保证金|服务费"
    r"|券(?=$)|送料|배송비|월|할부|최대|적립금?|포인트|보증금|계약금"
    r"|サービス料|利用料|宿泊税|入湯税|清洁费|清潔費|服務費|手续费|手續費|城市税|旅客税|봉사료|서비스료|가입비|개통비|유심비"
    r"|수수료|管理費等?|共益費|送料別|物业费|手数料|保証金|ポイント|獲得"
    r"|節約|(?<!\d)\+|\d ?[x×](?: de| à)?|\d keer"
    r"|\+ ?(?:czynsz|opłaty|media|nebenkosten|nk|heizkosten|charges|gastos|expensas|comunidad|condom[ií]nio|iptu"
    r"|spese(?: condominiali)?|servicekosten|fællesudgifter|fellesutgifter|poplatky|energie|služby|rezsi"
    r"|közös költség|коммунальные|ку|жкх|комуслуги|комунальні|aidat|utilities|bills|hoa)"
    r"|\bmeses sin intereses(?: de)?|\b(?:emi|emi starts at|emi from)"
    r"|\b\d{1,2} ?(?:cuotas?|rate|rat|raty|taksit|parcelas|mensualités|mensualidades|splátek|raten|monatsraten"
    r"|termijnen|rater|avbetalningar|erää|платеж(?:а|ей)|платежів|міс|мес|payments|installments|instalments"
    r"|взнос(?:а|ов)|платеж[а-яі]{1,3}|ay)"
    r"(?: (?:of|de|da|di|von|po|x|×|à|по|van|på))?"
    r"|\b\d{1,2} ?(?:meses|mesi|mois|months|monaten?|maanden|månader|måneder|měsíců|miesięcy|luni|месяцев|місяців)"
    r" (?:of|de|da|di|von|po|x|×|à|по|van|på|av|zu)"
    r"|\b\d{1,2} (?:fois|veces|volte|vezes|keer|gånger|kertaa|krát|razy|раза?)(?: (?:de|da|di|à|po|по|van|av))?"
    r"|\b(?:deposit|payments of|anzahlung|acompte|(?<!free )shipping|(?<!free )delivery|postage|versand(?:kosten)?"
    r"|livraison|frais de port|envío|frete|dostawa|doprava|frakt|fragt|verzendkosten|spedizione|lieferung"
    r"|(?<!subscribe )(?<!subscribe & )(?<!subscribe and )save|saving|sparen|gespart|ersparnis|économisez|ahorra"
    r"|ahorras|ušetříte|sleva|bespaar|spar|spara"
    r"|risparmi|oszczędzasz|z dostawą od|(?<!offers )over|above|orders of|dont|incl\.?|inkl\.?|davon|taniej o|spend"
    r"|pfand|zzgl\.?|excl\.?|exkl\.?|ekskl\.?|exclusief|exclusive of|excluding|hors|trả trước|(?<!price )after"
    r"|nach abzug von|remise de"
    r"|ab einem bestellwert von))$"
)
_SAVED = LazyPattern(r"(?<!; )\boff ?[:：] ?$")
_OF = "un|une|il|lo|del|de|di|von|of|van|på|om|o|w|на"
_THAT_IS = (
    "also|das sind|das entspricht|d\\. ?h\\.|i\\. ?e\\.|that is|that['’]s|equal to|equivalent to|soit|c['’]est-à-dire"
    "|pari a|ovvero|ossia|cioè|es decir|o sea|equivalente a|equivale a|ou seja|isto é|oftewel|ofwel|dat is|czyli"
    "|to jest|tj\\.|tedy|tzn\\.|čiže|teda|azaz|vagyis|adică|dvs\\.|det vill säga|det är|det vil si|det vil sige|altså"
    "|alltså|eli|siis|то есть|т\\. ?е\\.|это|тобто|тоест|δηλαδή|yani|odnosno|artinya|tức là|即|つまり|즉"
)
_MUCH = (
    "hier|dabei|ganze|stolze|satte|bis zu|a total of|a whole|a whopping|over|up to|an extra|donc|ainsi|jusqu['’]à|ben"
    "|fino a|hasta|un total de|até|maar liefst|wel|tot|aż|nawet|až|akár|până la|hela|hele|upp till|op til|opptil|jopa"
    "|составит|составляет|до|целых|складе|складає|sampai|hingga"
)
_TOLD_OF = LazyPattern(
    rf"(?: (?:{_OF}))? ?;[ ,.:=–—-]*(?:[(:=–—]|(?:{_THAT_IS}) ?[:,]?) ?$|,? (?:{_THAT_IS}) ?[:,]? ?$"
    rf"| (?:{_MUCH}|{_OF}) ?$| {NOT_INCLUDED}[ :(]*$"
)
"""Stands between what is saved, or added, and how much it is: `Sie sparen 20 %, also 324 €`."""
_TIER_BEHIND = LazyPattern(
    r" ?(?:—|–|-|:|,|;)? ?\(?(?:ab|from|dès|à partir de|od|от|від|vanaf|fra|från|desde|a partir de|a partire da"
    r"|de la|da"
    rf"|από|nuo|no|alates|for|when you buy|bei|bei abnahme von|при заказе от) \d+ ?\+? ?(?:{_PIECES})(?![^\W\d_]"
    rf"|\.? ?¤)"
    r"|[ （(]*(?:满|滿)?\d+ ?[件个個](?:起|以上)| (?:when|if) you buy [2-9]\d*\b"
    rf"| (?:for|für|pour|por|za|за|voor|för|til) \d+(?: ?(?:{_PIECES})(?![^\W\d_]|\.? ?¤)| ?$|[;)])"
)
_BESIDE_BEFORE = LazyPattern(
    r"(?:\b(?:ab|from|dès|à partir de|od|от|від|vanaf|fra|från|desde|a partir de|da) \d+ ?"
    r"(?:stück|stk|st|pcs|pieces|szt|ks|db|шт|buc|unidades|unités|pezzi|stuks)\.?(?: (?:je|nur|à|a|po|per|each))?"
    r"|\b(?:llevando|comprando|buy|buying|when you buy|achetez-en|acheter|en achetant|acquistando|kupując"
    r"|przy zakupie"
    r"|při koupi|při nákupu|pri kúpe|при покупке|beli|mua|köp|køb|kjøp|osta|kaufe?|køb af|kjøp av|köp av|kauf von"
    r"|achat de"
    r"|compra de|acquisto di|aankoop van) [2-9]\d{0,2}"
    r"(?: ?(?:stück|stk|st|pcs|pieces|szt|ks|db|шт|buc|unidades|unités|pezzi|stuks|kpl)\.?)?"
    r"|\d ?(?:or more|oder mehr|ou plus|o más|ou mais|o più|of meer|eller flere|eller fler|lub więcej|a více|и более"
    r"|і більше|ve üzeri|个以上|点以上|個以上|개 이상)"
    r"|(?<!拼)单价|每|约合|≈|당|あたり|単価|="
    r"|\b(?:approximately|approx\.?|ca\.?|circa|etwa|environ|env\.|aprox\.?|ungefähr|около|grundpreis|unit price"
    r"|per unit))$"
)
_PART_BEHIND = LazyPattern(
    r" ?[x×х*] ?\d| ?/ ?期"
    r"| (?:de )?(?:shipping|delivery|postage|versand|versandkosten|livraison|frais de port|z dostawą(?! od))"
    r"\b(?!(?: (?:[&+]|[^\W\d_]{1,4}) [^\W\d_]+)? (?:included|from|ab|à partir|od|desde|от|fra|från|vanaf"
    r"|gratuit\w*|offert\w*|inclus\w*|rapide|express|sous"
    r"|en|dans|kostenlos|kostenfrei|gratis|frei|free|available|in|by|within|between|expected|estimated|time"
    r"|options?|possible|possibile|posible|disponibile|disponible|disponível|möjlig|mulig"
    r"|innerhalb|bis|möglich|heute|morgen|tomorrow|today)\b| ?[:：]| ?¤¤)"
    r"| (?:off|saved|savings?|rabatt|gespart|de réduction|de remise)\b(?! ?[:：])|(?:运费|邮费)"
    r"| ?(?:off(?![a-z])|オフ|引き)(?! ?[:：])|\D{0,8}\d{1,2}回(?:払|分割)"
)
_UNITS = (
    "kg|g|kilo|l|ml|m|fl\\.? ?oz|oz|ounce|lb|gal|gallon|ct|sheet|load|wash|dose|tablet|capsule|roll|serving|litre"
    "|liter|stück|piece|item|unit|count|pair|paar|pièce|unidad|person|personne"
    "|persona"
    "|month|mo|monat|mois|mes|måned|månad|year|jahr|an|año|week|woche|night|nacht|nuit|noche|day|tag|jour|día"
)
_PIECE_BEHIND = LazyPattern(
    rf" ?(?:/ ?1? ?(?:{_PIECES})(?![^\W\d_])|(?:(?:per|pro|je|par|por|al|za|за|pr|på|ανά|la|das|il|el) "
    rf"|l['’])(?:{_PIECES})(?![^\W\d_]"
    rf"|[ :]*¤))|/ ?[件个個只支瓶盒袋包本台枚点개]| (?:each|ea)\b"
)
_UNIT_BEHIND = LazyPattern(
    rf"起?(?: ?/ ?\d* ?(?:{_UNITS})\b|/ ?\d* ?[^\W\d]| /\d*[^\W\d]| / \d* ?[^\W\d]+[ .,;)*]*$)"
    rf"| (?:per|pro|je|par|a|al|por) (?:\d+ ?)?(?:{_UNITS})\b"
    rf"| (?:le|les|la|l['’]|au|el|il|al|za|за|på|för|pr\.?) ?(?:{_WEIGHTS})\b"
    rf"| x (?:{_WEIGHTS}|lts?|kgs?)\b"
    r"| (?:per|pro|je|par|por|al|za|за|pr\.?|på) \d{0,4} ?[^\W\d]{1,12}(?: [^\W\d]{1,12})?\)"
    r"| ?/ ?ตร\.? ?ม| p\. ?p\.?(?![^\W\d_])| p/p\b| ?/ ?㎡| ?/ ?\d{0,4} ?[^\W\d]{1,12}(?: [^\W\d]{1,12})?\)"
)
_TERM_BEHIND = LazyPattern(
    rf"起?(?: avg\.?| average)?(?: ?/ ?| (?:per|pro|je|par|a|al|por|na|i|за|на|ayda|/) ?)(?:1 ?)?(?:{_TERMS})\b"
    r"| (?:billed|paid|charged|facturée?s?|facturado|cobrado|fatturat[oi]) (?:monthly|mensuellement|mensualmente"
    r"|mensalmente|mensilmente)\b"
    r"| (?:mtl|monatlich|měsíčně|měs|mesačne|miesięcznie|monthly|mensuel|mensuels|mensuales|mensais|mensili|mensual"
    r"|weekly|biweekly|bi-weekly|fortnightly|every two weeks|semanal|semanales|semanais|quincenal|quincenales"
    r"|mensal|pm|månadsvis|havonta|lunar|щомісяця|ежемесячно|aylık|yearly|annually|jährlich"
    r"|mēnesī|mėnesiui|kuus|mesečno|mjesečno|месечно|bulanan|mỗi tháng|hàng tháng|sebulan|mensile|mensilmente"
    r"|mensualmente|в месяц|в міс|شهرياً|شهريا|شهري|חודשי|לחודש|ماهانه"
    r"|प्रति माह|p/m|pcm|pw|p\.m)(?![^\W\d_])|ต่อเดือน"
    r"|/[月年晚夜]| ?每[月年晚]|/개월|/월"
)
_SEVERAL = LazyPattern(
    r"(?<![\d.,])(?:(?:[2-9]|\d\d) ?(?:(?:for|für|pour|voor|för|til|por|per|za|за|для|点で|個で)|/)"
    r"|[2-6] ?(?:stk|st|kpl|szt|ks|db|kom|buc)\.?)$"
)
_BY_WEIGHT = LazyPattern(
    rf"起?(?: ?/ ?| (?:per|pro|je|par|por|al|za|за|pr\.?|på|för|na|voor|a|à|les?|los) )"
    rf"(?:10|50|1[. ]?000?|250|500) ?(?:{_WEIGHTS})\b"
)
_UNIT_BEFORE = LazyPattern(
    rf"(?:\b(?:kilo|kg|liter|litra|litre|litr|lt?|meter|jmf|jfr|jämför|grund|einheits|enhets|yksikkö|vertailu|unit)"
    r"[-.]{0,2} ?(?:pris|preis|prijs|hinta|price|ár|ára|fiyatı|cena|cijena)"
    r"|(?:price|prix|precio|preço|prezzo|cena|cijena|цена|ціна|preț|pret|kaina|hind|hinta|prijs|preis|pris|τιμή)"
    r" ?(?:/|\b(?:per|pro|je|por|x|al|alla|au|à|les?|za|pe|par|už|за|на|pr\.?|ανά|voor|på|för)\b) ?"
    rf"(?:1 ?)?(?:{_WEIGHTS}|litros?|litr[aiuos]?|litar|литр|литър|λίτρο"
    rf"|kilogram[aom]*|kilogramme|chilo|quilo|κιλό)"
    rf"|\b(?:gramo|mililitro|kilo|litro|unidad|und|metro|{_WEIGHTS}) a"
    r"|\b(?:le|el|o|il) (?:kg|kilo|litre|litro|quilo|chilo)"
    rf"|\A ?1 ?(?:{_WEIGHTS}|liter|litr|kilogramm?)"
    r"|\b1 ?(?:kg|㎏|l|リットル|坪|台|本|個|枚|人|名) ?(?:あたり|当たり|당))$"
)
_BY_HUNDRED = LazyPattern(r" ?/ ?hg\b| ל-? ?(?:10|50|100) ?(?:מ[\"״]ל|גרם|גר|ג)| (?:all'|l')?etto\b")
_AS_NEW = LazyPattern(r" \(?(?:new|neu|neuf|nuevo|nuovo|nieuw|novo|nowy|nová?|uusi|ny|новый|новий)\)?[ .]*$")
"""Behind the last amount: `319 € 649 € nuevo`."""
_SUM_BEHIND = LazyPattern(
    r" ?(?:total|in total|gesamt|totale|au total|en total|totaal|totalt|razem|celkem|итого|всего)\b"
)
_BY_AREA = LazyPattern(r" (?:psf|psm|per sq\.? ?ft|p\.?sq\.?ft)\b")
_PER_UNIT_BEFORE = LazyPattern(rf"\b(?:per|pro|je|par|por|al|za|pr\.?|på) (?:1 ?)?(?:{_WEIGHTS})$")
_PER_GRAMS_BEFORE = LazyPattern(
    rf"(?:\b(?:per|pro|je|par|por|al|za|за|pr\.?|på|à|a|na|les?)|/) ?(?:10|50|100|250|500) ?(?:{_WEIGHTS})$"
)
_TIER_TO = LazyPattern(
    r"(?:\b(?:bis|up to|jusqu['’]à|hasta|até|fino a|tot|t/m|do|до|til|upp till|max\.?) (\d{1,4})"
    r"|\b1 ?[-–~] ?(\d{1,4})|(?:\A|[^\d.,]|\b(?:ab|from|dès|od|от|від|vanaf|fra|från|desde|da) )(1) ?\+?)"
    r"(?: ?[^\W\d_]{1,10}\.?)?$"
)
_TIER_FROM = LazyPattern(
    r"(?<![\d.,])(?:(?:ab|from|dès|à partir de|od|от|від|vanaf|fra|från|desde|a partir de|da) )?"
    r"(\d{1,4})(?: ?[-–~] ?\d{1,4}| ?\+)?(?: ?[^\W\d_]{1,10}\.?)?$"
)
"""`Bis 4 20 € Ab 5 18 €`, `1–4 20 € 5–9 18 €`, `1+ 20 € 5+ 18 €`."""
_SHIPPING_BEFORE = LazyPattern(
    r"(?<!free )\b(?:shipping|delivery|postage|versand|lieferung|livraison|envío|env[ií]os?|frete|spedizione|consegna"
    r"|verzending|bezorging|przesyłka|dostawa|wysyłka|doprava|doručení|dodanie|dostava|szállítás|livrare|доставка"
    r"|пересылка|frakt|fragt|levering|toimitus|kargo|ongkir)"
    r"(?: ?\([^()]{1,20}\)| (?:à|a|at|for|für|til|för|za|за|por|per|pour|voor|om)"
    r"|(?: [^\W\d_]+){1,3} (?:from|ab|dès|à partir de|desde|a partir de|da|vanaf|od|от|від|fra"
    r"|från"
    r"|alk|mulai))[ :]*$"
)
"""With the name of who brings it: `Versand per DHL ab 4,99 €`, `Delivery (standard): £3.95`."""
_SECOND = LazyPattern(
    r"\b(?:2 ?(?:nd|[eè]me|e|º|°|ª|-й|-ри)|second|zweite[rs]?|segund[ao]|second[ao]|drug[aią]|druhý|druhé|второй)"
    r"(?: [^\W\d_]+){0,2} (?:for|à|per|für|za|за|por|voor|til|för)$"
)
"""What the second of two costs, beside the price of the first."""
_CARD_BEHIND = LazyPattern(rf" ?\(?{WITH_CARD}(?! ?¤)")
_WEIGHT_BEFORE = LazyPattern(
    rf"\A ?100 ?(?:{_WEIGHTS})$"
    rf"|\d ?(?:{_WEIGHTS}) ?(?:당|あたり|=|≈)$|\d ?[^\W\d_]* ?=$"
    rf"|(?:\A ?|\d ?(?:{_WEIGHTS}) ?)[|/(·•] ?1 ?(?:{_WEIGHTS})$"
)


_ADDING = LazyPattern(
    r"(?:\+|\b(?:zzgl|plus|exkl|excl|ekskl|inkl|incl|hors|más|mais|più|plús"
    r"|and|then|und|dann|et|puis|y|luego|e|poi|en|daarna|og|och|sen|i|potem|a|și|и|затем|ve)\.?) ?$"
)
_DEPOSITS = frozenset(DEPOSITS.split("|"))
_SO_MANY_MONTHS = LazyPattern(
    r"\.?(?:[^\d¤]{0,4}[x×х*] ?\d{1,2}(?!\d|[.,]\d)|[ ,;:(]{1,3}(?:for|over|für|sur|en|por|per|in"
    r"|over|på|po|na|na okres|за|на|για|για|za|su|için|trong|selama)"
    r" \d{1,2}[ -]?"
    r"(?:mos?|mth|months?|monat|monate|monaten|mois|meses|mesi|mesos|maanden|mnd|månader|mån|måneder|mdr|mánuði"
    r"|kuukautta|kuukauden|kk|miesięcy|miesiące|mies|měsíců|měsíce|měs|mesiacov|mesiace|mes|hónapra|hónapig"
    r"|hónapon|hónap|luni|месеца|месеци|месяцев|месяца|мес|місяців|місяці|міс|μήνες|mėnesių|mėnesius|mėn|mēnešus"
    r"|mēnešiem|mēn|kuud|kuuks|mjeseci|mjeseca|meseci|mesecev|mesece|ay|tháng|bulan|bln|buwan|เดือน|أشهر|شهر"
    r"|شهرا|شهرًا|חודשים|ماه|महीने|মাস)(?![^\W\d_])|[ ,(]{0,2}[x×] ?\d{1,2} ?(?:[かヶカケヵ]月|[個个]月|개월|期|回))"
)
"""Behind an amount by the month: it is paid so often, and is a part."""

_MOST_CHARS = 100
"""Of the words on one side of an amount."""


def part_or_unit(each: Amount, before: str, behind: str) -> Amount:
    """Return the amount as a part or a unit's price, when the words right beside it say so."""
    is_off = each.value < 0 and re.search(r"[^\W\d_]", before) is not None  # Gutschein: −10 €
    if each.role is Role.PART or is_off:
        return replace(each, role=Role.PART)
    return replace(each, role=_said_beside(before[-_MOST_CHARS:], behind[:_MOST_CHARS]) or each.role)


def is_added_by_term(before: str, behind: str) -> bool:
    """Return whether the texts beside an amount say that it comes on top, by the month or year."""
    return bool(_ADDING.search(before.lower()) and _TERM_BEHIND.match(behind.lower().lstrip("*")))


def is_addition(before: str, between: str) -> bool:
    """Return whether the words between two amounts name the first, which is added: `zzgl. 0,25 € Pfand 1,29 €`."""
    return bool(_ADDING.search(before[-12:])) and between.strip(" )") in _DEPOSITS


def is_tier(first: str, before: str) -> bool:
    """Return whether the text before an amount names so many as follow those before the first: `Bis 4`, `Ab 5`."""
    most, least = _TIER_TO.search(first.rstrip(" :")), _TIER_FROM.search(before.rstrip(" :"))
    if most is None or least is None:
        return False
    more = int(least[1]) - int(most[1] or most[2] or most[3])
    return more > 1 or (more == 1 and not [] != _word_before(most) == _word_before(least))  # `Zone 1 9 € Zone 2 8 €`


def _word_before(match: re.Match[str]) -> list[str]:
    return match.string[: match.start()].split()[-1:]


def is_taxed_alike(between: str) -> bool:
    """Return whether the second of two amounts is the first with tax: `100gあたり 198円（税込213円）`."""
    return between.lstrip().startswith(("(", "（", "/")) and role_said(between) in (Role.GROSS, Role.NET)


@lru_cache(maxsize=1_000)
def _said_beside(before: str, behind: str) -> Role | None:
    """Return what the words beside an amount say; they are the same at the next check of a page."""
    tail = before[-30:].rstrip(" :：(（")
    named = _TOLD_OF.sub(" ", before)
    if tail.endswith("=") and _SUM_BEHIND.match(behind):
        return Role.FINAL
    if (
        _PART_BEHIND.match(behind)
        or any(map(_PART_BEFORE.search, (tail, named[-30:].rstrip(" :：(（"))))
        or _SECOND.search(tail)
        or _SAVED.search(before[-30:])
        or _SHIPPING_BEFORE.search(before)
        or is_threshold_before(before)
        or is_threshold_around(before, behind)
        or (is_threshold_behind(behind) and not is_named_by_buyer(before, behind))
        or (role_said(named) is Role.PART and not named.endswith("; "))
    ):
        return Role.PART
    role = _role_beside(tail, before, behind)
    is_financed = is_instalment(before) or (role is Role.TERM and _is_lent(tail, behind))
    return Role.PART if is_financed else role


def _is_lent(tail: str, behind: str) -> bool:
    """Return whether an amount by the month is paid so often, or to somebody who lends."""
    term = _TERM_BEHIND.match(behind)
    is_counted = term is not None and _SO_MANY_MONTHS.match(behind, term.end()) is not None
    return (
        is_counted
        or is_lent(behind)
        or is_instalment(behind[term.end() : term.end() + 20] if term else "")
        or tail.endswith("as low as")
    )


def _role_beside(tail: str, before: str, behind: str) -> Role | None:
    """Return what an amount is by what stands right beside it: of a unit, by weight, of members."""
    behind = behind.lstrip("*°")
    if _CARD_BEHIND.match(behind[:80]):
        return Role.MEMBER
    if _TERM_BEHIND.match(behind):
        return Role.TERM
    if _PER_GRAMS_BEFORE.search(tail):
        return Role.ASIDE
    if _UNIT_BEFORE.search(tail) or _PER_UNIT_BEFORE.search(tail):
        return Role.UNIT
    piece = _PIECE_BEHIND.match(behind)
    if piece and not before.endswith(("(", "（")):
        is_tier = _BESIDE_BEFORE.search(tail) or _TIER_BEHIND.match(behind[piece.end() :].lstrip("."))
        return Role.BESIDE if is_tier else Role.PIECE
    if _AS_NEW.match(behind) and not before.strip(" (|/·–-"):
        return Role.LIST
    unit = _UNIT_BEHIND.match(behind)
    if _TIER_BEHIND.match(behind):
        return Role.BESIDE
    if (
        _BY_AREA.match(behind)
        or _BY_HUNDRED.match(behind)
        or _BY_WEIGHT.match(behind)
        or _WEIGHT_BEFORE.search(tail)
        or _SEVERAL.search(tail)
        or (unit and before.endswith(("(", "（")))
    ):
        return Role.ASIDE
    if unit:
        return Role.UNIT
    return Role.BESIDE if _BESIDE_BEFORE.search(tail) else said_behind(behind)
