"""
Words and signs right beside an amount that say what it is, for whom, and in how many parts it is paid.

Whole words in lower case, as in `price_words.py`, with those of languages without blanks in expressions of their own.
`¤` stands for another amount.
"""

from __future__ import annotations

import re

from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.price_words import FEES, NOT_INCLUDED, WITH_CARD, Role

WEIGHTS = (
    "kg|kilogramm|kilogrammes?|kilograms?|kilogramos?|килограмм|g|gr|mg|grams?|gramm|gramos?|kilo"
    "|ml|cl|dl|l|lt|litre|liter|oz|fl\\.? ?oz|lb|кг|г|гр|мл|л|克|公斤|千克|斤|毫升|升"
    "|m[²2³3]?|м[²2³3]?|sqm|sq\\.? ?ft|кв\\.? ?м|chilo|quilo|litr(?:o|os|i|a|e|u|ą|ę|ů|ul|en)?|литр|литър"
    "|літр|килограм"
    "|кілограм|λίτρο|κιλό|square (?:met(?:re|er)|foot)|quadratmeter|mètre carré|metro cuadrado|metro quadro"
    "|metro quadrado"
    "|kvadratmeter|vierkante meter"
)
PIECES = (
    "stück|stk|st|piece|pc|pcs|ea|each|item|unit|pièce|pce|unidad|uds?|und|unité|unidade|unid|un|pezzo|pz|stuk"
    "|stuks|kpl|szt|sztuka|ks|kus"
    "|db|darab|buc|bucată|kom|komad|бр|шт|штука|τεμ|τεμάχιο|vnt|gab|tk|adet|cái|chiếc|buah|pcs|biji|ชิ้น|قطعة|יח"
    "|יחידה|عدد|stykke|bal|balení|balenie|opak|csomag|pack|pak|pkt|paket|уп|упак|pakke|pk|pkg|box|karton|pár|paire"
)
TERMS = (
    "months?|mo|mth|mnth|monat|monats?|mois|mes|meses|mês|mese|mies|miesiąc|měs|měsíc|mesiac|hó|hónap|lună|luna|lună"
    "|månad|mån|måned|mnd|md|maand|kk|kuukausi|mėn|mēn|kuu|мес|месяц|міс|місяць|ay|tháng|bulan|bln|เดือน|شهر|شهرياً"
    "|חודש|ماه|माह"
    "|years?|yr|jahr|an|année|año|ano|anno|rok|év|år|jaar|год|рік|yıl|năm|tahun|weeks?|wk|woche|semaine|semana"
    "|settimana"
    "|nights?|nacht|nuit|noche|noite|notte|noc|natt|nat|yö|ночь|ніч|gece|đêm|malam|days?|tag|jour|día|dia|giorno|dag"
)
# What stands right before an amount and makes it no whole price.
PART_BEFORE = LazyPattern(
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
SAVED = LazyPattern(r"(?<!; )\boff ?[:：] ?$")
OF = "un|une|il|lo|del|de|di|von|of|van|på|om|o|w|на"
THAT_IS = (
    "also|das sind|das entspricht|d\\. ?h\\.|i\\. ?e\\.|that is|that['’]s|equal to|equivalent to|soit|c['’]est-à-dire"
    "|pari a|ovvero|ossia|cioè|es decir|o sea|equivalente a|equivale a|ou seja|isto é|oftewel|ofwel|dat is|czyli"
    "|to jest|tj\\.|tedy|tzn\\.|čiže|teda|azaz|vagyis|adică|dvs\\.|det vill säga|det är|det vil si|det vil sige|altså"
    "|alltså|eli|siis|то есть|т\\. ?е\\.|это|тобто|тоест|δηλαδή|yani|odnosno|artinya|tức là|即|つまり|즉"
)
MUCH = (
    "hier|dabei|ganze|stolze|satte|bis zu|a total of|a whole|a whopping|over|up to|an extra|donc|ainsi|jusqu['’]à|ben"
    "|fino a|hasta|un total de|até|maar liefst|wel|tot|aż|nawet|až|akár|până la|hela|hele|upp till|op til|opptil|jopa"
    "|составит|составляет|до|целых|складе|складає|sampai|hingga"
)
TOLD_OF = LazyPattern(
    rf"(?: (?:{OF}))? ?;[ ,.:=–—-]*(?:[(:=–—]|(?:{THAT_IS}) ?[:,]?) ?$|,? (?:{THAT_IS}) ?[:,]? ?$"
    rf"| (?:{MUCH}|{OF}) ?$| {NOT_INCLUDED}[ :(]*$"
)
"""Stands between what is saved, or added, and how much it is: `Sie sparen 20 %, also 324 €`."""
TIER_BEHIND = LazyPattern(
    r" ?(?:—|–|-|:|,|;)? ?\(?(?:ab|from|dès|à partir de|od|от|від|vanaf|fra|från|desde|a partir de|a partire da"
    r"|de la|da"
    rf"|από|nuo|no|alates|for|when you buy|bei|bei abnahme von|при заказе от) \d+ ?\+? ?(?:{PIECES})(?![^\W\d_]"
    rf"|\.? ?¤)"
    r"|[ （(]*(?:满|滿)?\d+ ?[件个個](?:起|以上)| (?:when|if) you buy [2-9]\d*\b"
    rf"| (?:for|für|pour|por|za|за|voor|för|til) \d+(?: ?(?:{PIECES})(?![^\W\d_]|\.? ?¤)| ?$|[;)])"
)
BESIDE_BEFORE = LazyPattern(
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
SIDE_COSTS = LazyPattern(
    r"(?:\A|[·•|;.!)\n])[^\w]*(?:(?:\+|zzgl\.?|plus|excl\.?|exkl\.?|optional|optionnel|opcional|inkl\.?"
    r"|incl\.?) )?(?:"
    r"(?:with |standard |express |home |local |store |in-store )?(?:shipping|delivery|postage|freight"
    r"|installation"
    r"|assembly|fitting|measuring|pick-?up|click ?(?:&|and) ?collect|haul-away)"
    r"|(?:mit |standard|express|spezial)?(?:versand|lieferung|liefer|speditions|fracht|montage|einbau|aufbau"
    r"|aufmaß"
    r"|abhol|selbstabhol)(?:kosten|pauschale|gebühr|service|ung)?"
    r"|(?:avec |frais de )?(?:livraison|port|expédition|pose|montage|installation|retrait|mise en service)"
    r"|(?:con |gastos de |costo de |costos de )?(?:envíos?|entrega|despacho|retiro|recogida|instalación"
    r"|montaje|flete)"
    r"|(?:com |taxa de |custo de )?(?:frete|entregas?|envio|portes|retirada|levantamento|montagem|instalação)"
    r"|(?:con |spese di |costi di )?(?:spedizion[ei]|consegna|ritiro|montaggio|installazione|posa)"
    r"|(?:met )?(?:verzend(?:ing|kosten)|bezorg(?:ing|kosten)|levering|afhal(?:en|ing)|montage|installatie"
    r"|plaatsing)"
    r"|(?:med |inkl )?(?:frakt|fragt|leverans|levering|hemleverans|hjemmelevering|avhämtning|afhentning|henting"
    r"|montering|installation)(?:skostnad|kostnad|gebyr|avgift)?"
    r"|(?:toimitus|kotiinkuljetus|nouto|asennus|kuljetus)(?:kulut|maksu)?"
    r"|(?:z |koszt )?(?:dostaw[aąy]|przesyłk[aąi]|wysyłk[aąi]|odbiór|montaż|wniesienie|transport)"
    r"|(?:s )?(?:doprav(?:a|ou|né)|poštovné|doručení|doručenie|osobní odběr|osobný odber|vyzvednutí|montáž"
    r"|instalace)"
    r"|(?:szállítás|kiszállítás|házhozszállítás|átvétel|beszerelés|szerelés)(?:i díj|sal)?"
    r"|(?:cu )?(?:livrare|transport|ridicare|montaj|instalare)|(?:dostava|isporuka|preuzimanje|montaža|prevzem)"
    r"|(?:с )?(?:доставк[аио]й?|самовывоз|монтаж|установка|сборка|замер|подъ[её]м|пересылка)"
    r"|(?:з )?(?:доставк[аи]|самовивіз|встановлення|монтаж|замір|пересилання)|(?:доставка|куриер|монтаж)"
    r"|(?:αποστολή|μεταφορικά|παράδοση|παραλαβή|τοποθέτηση|συναρμολόγηση)"
    r"|(?:kargo|teslimat|nakliye|montaj|kurulum)(?: ücreti| bedeli)?|(?:pristatymas|atsiėmimas|piegāde|tarne"
    r"|kättetoimetamine)"
    r"|(?:phí )?(?:vận chuyển|giao hàng|lắp đặt)|(?:ongkir|pengiriman|ongkos kirim|pemasangan|penghantaran)"
    r"|(?:الشحن|شحن|التوصيل|توصيل|التركيب|תוספת|משלוח|הובלה|התקנה|ارسال|نصب))(?![^\W\d_])"
    r"(?!.{0,30}(?:\bfree|gratis|gratuit|offerte?|kostenlos|includ|inclus|inkl|incl|enthalten|zdarma|zadarmo|darmow|бесплатн"
    r"|безкоштовн|безплатн|δωρεάν|ücretsiz|bedava|ilmai|ingyen|miễn phí|مجان|חינם))"
    r"|送料|配送|運費|运费|快递|物流|自提|取付|設置|組立|工事費|施工費|安装费|安裝費|測量|배송|설치|택배"
    r"|픽업|ค่าส่ง|ค่าจัดส่ง|ค่าติดตั้ง",
)
"""Begins a line or a clause: what it names is paid beside the price, however many amounts it has."""
USED = LazyPattern(
    r"\b(?:used|pre-?owned|pre-?loved|refurbished|renewed|second-?hand|open[- ]box|like new|trade-?in"
    r"|gebraucht\w*"
    r"|generalüberholt\w*|refurbed|b-ware|aus zweiter hand|inzahlungnahme|d['’]occasion|occasions?"
    r"|reconditionn\w+|seconde main"
    r"|reprise|usad[oa]s?|segunda mano|reacondicionad[oa]s?|seminuev[oa]s?|recondicionad[oa]s?|seminov[oa]s?"
    r"|segunda mão"
    r"|ricondizionat[oaie]|usat[oaie]|seconda mano|tweedehands|tweedekans|gebruikt|refurbished|inruil\w*"
    r"|begagnad\w*|brugte?|brukte?"
    r"|käytet\w+|kunnostet\w+|notuð|używan\w+|odnowion\w+|poleasingow\w+|použit\w+|repasovan\w+|bazar(?:ové"
    r"|ová)|használt|felújított"
    r"|utilizat\w*|recondiționat\w*|rabljen\w*|polovn\w*|obnovljen\w*|korišten\w*|употребяван\w*"
    r"|рециклиран\w*|б/у|бу|подержан\w*"
    r"|восстановлен\w*|уцен[её]н\w*|вживан\w*|відновлен\w*|trade-in|μεταχειρισμέν\w*|ανακατασκευασμέν\w*"
    r"|ikinci el|yenilenmiş"
    r"|naudot\w+|lietot\w+|kasutatud|cũ|đã qua sử dụng|bekas|terpakai|مستعمل\w*|مجدد\w*|יד שנייה|מחודש"
    r"|دست دوم|کارکرده)(?![^\W\d_])"
    r"|中古|下取り|買取|二手|翻新|以旧换新|回收|중고|리퍼|มือสอง",
)
"""An offer of the same that is not new, or taken in exchange, beside the price of a new one."""
TIER = LazyPattern(
    rf"(?<![\d.,])(?:(?:ab|from|dès|à partir de|od|от|від|vanaf|fra|från|desde|a partir de|da|de la|από|nuo"
    rf"|no|alates|min\.?"
    rf"|bei|for|für|pour|per|por|za|за|x|×) )?([2-9]|[1-9]\d{{1,3}})"
    rf"(?: ?(?:[-–] ?\d{{1,4}} ?)?(?:\+|{PIECES}|units?|bottles?|flaschen|bouteilles|items|packs?|kus[yů]?"
    rf"|sztuki|штук|дана"
    rf"|botellas|garrafas|bottiglie|flessen|flaskor)(?![^\W\d_])\.?| ?[-–] ?\d{{1,4}}"
    rf"| ?[本個件个枚개箱瓶]以?[上起]?)[ :：—–-]*$"
)
"""Before an amount: what one costs of so many."""
SO_MANY_OF = LazyPattern(r"(?<![\d.,])([2-9]|[1-9]\d)(?: ?[^\W\d_]{1,15})?(?: [^\W\d_]{1,15})?\.?[ :：—–-]*$")
PRICE_OF = LazyPattern(
    r"\b(?:\w{0,12}(?:preis|pris|prijs)|price|cost|prix|precio|preço|prezzo|cena|cijena|hinta|ár|ára|preț"
    r"|цена|ціна|τιμή|kaina|hind"
    r"|fiyat\w*|harga|giá)\b|価格|价格?|價|가격|ราคา"
)
ON_REQUEST = LazyPattern(
    r"(?:\A|[\n|·•;])[^\w\n]*(?:(?:price|pricing|preise?|prix|tarifs?|precios?|preços?|prezz[oi]|prijs"
    r"|prijzen|pris|cen[ay]|hinta|ár"
    r"|preț|цен[аы]|ціна|τιμή|kaina|hind|fiyat|harga|giá|السعر|מחיר|價格|价格|価格|가격|ราคา)[ :：—–-]*"
    r"(?:(?:up)?on (?:request|application|inquiry|enquiry)|by (?:request|quote)|auf anfrage|n(?:ach"
    r"|\.) (?:anfrage|vereinbarung)"
    r"|sur (?:devis|demande)|nous consulter|a consultar|bajo (?:pedido|consulta|solicitud)|sob (?:consulta"
    r"|orçamento|pedido)|su richiesta"
    r"|a richiesta|op aanvraag|på (?:forespørgsel|forespørsel|begäran|förfrågan)|pyynnöstä|kysy(?:ttäessä)?"
    r"|na (?:zapytanie|dotaz"
    r"|vyžádání|vyžiadanie|upit|povpraševanje)|do uzgodnienia|dohodou|kérésre|érdeklődésre|la cerere"
    r"|по (?:запросу|запиту|заявка"
    r"|договор[её]нности)|договорная|договірна|κατόπιν (?:ζήτησης|συνεννόησης)|pagal užklausą"
    r"|pēc pieprasījuma|päringul|sorunuz"
    r"|için (?:arayın|sorunuz)|liên hệ|hubungi kami|عند الطلب|על פי בקשה|面议|面議|電洽|洽詢|请咨询"
    r"|お問い?合わせ|要問合せ|応相談|문의|별도 ?문의"
    r"|สอบถาม)"
    r"|(?:call|contact us|ask|email us|inquire|enquire) for (?:a )?(?:price|pricing|quote)|request a quote"
    r"|quote on request|p\.?o\.?a\b"
    r"|(?:preis )?auf anfrage|sur devis|prix sur devis|nous consulter|consultar precio|precio a consultar"
    r"|sob consulta|(?:preço )?sob orçamento"
    r"|prezzo su richiesta|preventivo su richiesta|prijs op aanvraag|offert på begäran|begär offert"
    r"|be om tilbud|pyydä tarjous|pyydä hinta"
    r"|zapytaj o cenę|cena na telefon|na dotaz|ajánlatkérés|ajánlatot kérek|cere ofertă|узнать цену"
    r"|цену уточняйте|ціну уточнюйте"
    r"|уточняйте (?:цену|ціну)|fiyat sorunuz|fiyat için arayın|teklif (?:alın|isteyin)|liên hệ(?: báo giá)?"
    r"|hubungi kami|"
    r"お見積り?(?:もり)?|要見積り?|応相談|オープン価格|电议|面议|面議|询价|詢價|견적 ?문의|가격 ?문의"
    r"|전화 ?문의|สอบถามราคา|السعر عند الطلب|מחיר לפי פנייה)"
    r"(?=[^\w\n]*(?:\Z|[\n(（|·•;:]))",
    re.IGNORECASE,
)
"""Stands where a price would: amounts beside it are of something else."""
PART_BEHIND = LazyPattern(
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
UNITS = (
    "kg|g|kilo|l|ml|m|fl\\.? ?oz|oz|ounce|lb|gal|gallon|ct|sheet|load|wash|dose|tablet|capsule|roll|serving|litre"
    "|liter|stück|piece|item|unit|count|pair|paar|pièce|unidad|person|personne"
    "|persona"
    "|month|mo|monat|mois|mes|måned|månad|year|jahr|an|año|week|woche|night|nacht|nuit|noche|day|tag|jour|día"
)
PIECE_BEHIND = LazyPattern(
    rf" ?(?:/ ?1? ?(?:{PIECES})(?![^\W\d_])|(?:(?:per|pro|je|par|por|al|za|за|pr|på|ανά|la|das|il|el) "
    rf"|l['’])(?:{PIECES})(?![^\W\d_]"
    rf"|[ :]*¤))|/ ?[件个個只支瓶盒袋包本台枚点개]| (?:each|ea)\b"
)
UNIT_BEHIND = LazyPattern(
    rf"起?(?: ?/ ?\d* ?(?:{UNITS})\b|/ ?\d* ?[^\W\d]| /\d*[^\W\d]| / \d* ?[^\W\d]+[ .,;)*]*$)"
    rf"| (?:per|pro|je|par|a|al|por) (?:\d+ ?)?(?:{UNITS}|{WEIGHTS})\b"
    rf"| (?:le|les|la|l['’]|au|el|il|al|za|за|på|för|pr\.?) ?(?:{WEIGHTS})\b"
    rf"| x (?:{WEIGHTS}|lts?|kgs?)\b"
    r"| (?:per|pro|je|par|por|al|za|за|pr\.?|på) \d{0,4} ?[^\W\d]{1,12}(?: [^\W\d]{1,12})?\)"
    r"| ?/ ?ตร\.? ?ม| p\. ?p\.?(?![^\W\d_])| p/p\b| ?/ ?㎡| ?/ ?\d{0,4} ?[^\W\d]{1,12}(?: [^\W\d]{1,12})?\)"
)
TERM_BEHIND = LazyPattern(
    rf"起?(?: avg\.?| average)?(?: ?/ ?| (?:per|pro|je|par|a|al|por|na|i|за|на|ayda|/) ?)(?:1 ?)?(?:{TERMS})\b"
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
SEVERAL = LazyPattern(
    r"(?<![\d.,])(?:(?:[2-9]|\d\d) ?(?:(?:for|für|pour|voor|för|til|por|per|za|за|для|点で|個で)|/)"
    r"|[2-6] ?(?:stk|st|kpl|szt|ks|db|kom|buc)\.?)$"
)
BY_WEIGHT = LazyPattern(
    rf"起?(?: ?/ ?| (?:per|pro|je|par|por|al|za|за|pr\.?|på|för|na|voor|a|à|les?|los) )"
    rf"(?:10|50|1[. ]?000?|250|500) ?(?:{WEIGHTS})\b"
)
UNIT_BEFORE = LazyPattern(
    rf"(?:\b(?:kilo|kg|m[²2]?|м[²2]?|metrekare|kvm|kvadratmeter|quadratmeter|liter|litra|litre|litr|lt?|meter|jmf|jfr|jämför|grund|einheits|enhets|yksikkö"
    rf"|vertailu|unit)"
    r"[-.]{0,2} ?(?:pris|preis|prijs|hinta|price|ár|ára|fiyatı|cena|cijena)"
    r"|(?:price|prix|precio|preço|prezzo|cena|cijena|цена|ціна|preț|pret|kaina|hind|hinta|prijs|preis|pris"
    r"|τιμή)"
    r" ?(?:/|\b(?:per|pro|je|por|x|al|alla|au|à|les?|za|pe|par|už|за|на|pr\.?|ανά|voor|på|för)\b) ?"
    rf"(?:1 ?)?(?:{WEIGHTS}|litros?|litr[aiuos]?|litar|литр|литър|λίτρο"
    rf"|kilogram[aom]*|kilogramme|chilo|quilo|κιλό)"
    rf"|\b(?:gramo|mililitro|kilo|litro|unidad|und|metro|{WEIGHTS}) a"
    r"|\b(?:le|el|o|il) (?:kg|kilo|litre|litro|quilo|chilo)"
    rf"|\A ?1 ?(?:{WEIGHTS}|liter|litr|kilogramm?)"
    r"|\b1 ?(?:kg|㎏|l|リットル|坪|台|本|個|枚|人|名) ?(?:あたり|当たり|당))$"
)
BY_HUNDRED = LazyPattern(r" ?/ ?hg\b| ל-? ?(?:10|50|100) ?(?:מ[\"״]ל|גרם|גר|ג)| (?:all'|l')?etto\b")
AS_NEW = LazyPattern(r" \(?(?:new|neu|neuf|nuevo|nuovo|nieuw|novo|nowy|nová?|uusi|ny|новый|новий)\)?[ .]*$")
"""Behind the last amount: `319 € 649 € nuevo`."""
SUM_BEHIND = LazyPattern(
    r" ?(?:total|in total|gesamt|totale|au total|en total|totaal|totalt|razem|celkem|итого|всего)\b"
)
BY_AREA = LazyPattern(r" (?:psf|psm|per sq\.? ?ft|p\.?sq\.?ft)\b")
PER_UNIT_BEFORE = LazyPattern(rf"\b(?:per|pro|je|par|por|al|za|pr\.?|på) (?:1 ?)?(?:{WEIGHTS})$")
PER_GRAMS_BEFORE = LazyPattern(
    rf"(?:\b(?:per|pro|je|par|por|al|za|за|pr\.?|på|à|a|na|les?)|/) ?(?:10|50|100|250|500) ?(?:{WEIGHTS})$"
)
TIER_TO = LazyPattern(
    r"(?:\b(?:bis|up to|jusqu['’]à|hasta|até|fino a|tot|t/m|do|до|til|upp till|max\.?) (\d{1,4})"
    r"|\b1 ?[-–~] ?(\d{1,4})|(?:\A|[^\d.,]|\b(?:ab|from|dès|od|от|від|vanaf|fra|från|desde|da) )(1) ?\+?)"
    r"(?: ?[^\W\d_]{1,10}\.?)?$"
)
TIER_FROM = LazyPattern(
    r"(?<![\d.,])(?:(?:ab|from|dès|à partir de|od|от|від|vanaf|fra|från|desde|a partir de|da) )?"
    r"(\d{1,4})(?: ?[-–~] ?\d{1,4}| ?\+)?(?: ?[^\W\d_]{1,10}\.?)?$"
)
"""`Bis 4 20 € Ab 5 18 €`, `1–4 20 € 5–9 18 €`, `1+ 20 € 5+ 18 €`."""
SHIPPING_BEFORE = LazyPattern(
    r"(?<!free )\b(?:shipping|delivery|postage|versand|lieferung|livraison|envío|env[ií]os?|frete|spedizione|consegna"
    r"|verzending|bezorging|przesyłka|dostawa|wysyłka|doprava|doručení|dodanie|dostava|szállítás|livrare|доставка"
    r"|пересылка|frakt|fragt|levering|toimitus|kargo|ongkir)"
    r"(?: ?\([^()]{1,20}\)| (?:à|a|at|for|für|til|för|za|за|por|per|pour|voor|om)"
    r"|(?: [^\W\d_]+){1,3} (?:from|ab|dès|à partir de|desde|a partir de|da|vanaf|od|от|від|fra"
    r"|från"
    r"|alk|mulai))[ :]*$"
)
"""With the name of who brings it: `Versand per DHL ab 4,99 €`, `Delivery (standard): £3.95`."""
SECOND = LazyPattern(
    r"\b(?:2 ?(?:nd|[eè]me|e|º|°|ª|-й|-ри)|second|zweite[rs]?|segund[ao]|second[ao]|drug[aią]|druhý|druhé|второй)"
    r"(?: [^\W\d_]+){0,2} (?:for|à|per|für|za|за|por|voor|til|för)$"
)
"""What the second of two costs, beside the price of the first."""
CARD_BEHIND = LazyPattern(rf" ?\(?{WITH_CARD}(?! ?¤)")
WEIGHT_BEFORE = LazyPattern(
    rf"\A ?100 ?(?:{WEIGHTS})$"
    rf"|\d ?(?:{WEIGHTS}) ?(?:당|あたり|=|≈)$|\d ?[^\W\d_]* ?=$"
    rf"|(?:\A ?|\d ?(?:{WEIGHTS}) ?)[|/(·•] ?1 ?(?:{WEIGHTS})$"
)
ADDING = LazyPattern(
    r"(?:\+|\b(?:zzgl|plus|exkl|excl|ekskl|inkl|incl|hors|más|mais|più|plús"
    r"|and|then|und|dann|et|puis|y|luego|e|poi|en|daarna|og|och|sen|i|potem|a|și|и|затем|ve)\.?) ?$"
)
SO_MANY_MONTHS = LazyPattern(
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
SO_LONG = LazyPattern(
    rf"(?<![\d.,])\d{{1,2}}(?:[ -]?(?:{TERMS}|monate|miesiące|miesięcy|měsíců|mesiacov|meses|mesi|maanden"
    rf"|månader"
    rf"|måneder|kuukautta|месяц\w+|місяц\w+|hónap|luni)(?![^\W\d_])| ?(?:[かヶカケヵ]月|[個个]月|개월|期|回))"
)
"""Of a contract."""
CLASSES = (
    "adult|adults|child|children|kid|kids|student|students|senior|seniors|youth|concession|concessions|infant|infants"
    "|teen|teens|family|pensioner|pensioners|under 16|over 65"
    "|erwachsene|erwachsener|kind|kinder|schüler|studenten|studierende|senioren|jugendliche|familien|vollpreis"
    "|vollzahler|ermäßigt|ermässigt|rentner"
    "|adulte|adultes|enfant|enfants|étudiant|étudiants|réduit|tarif réduit|plein tarif|tarif plein|jeune|jeunes"
    "|famille"
    "|adulto|adultos|niño|niños|estudiante|estudiantes|jubilados|mayores|reducido|reducida|menores|infantil|familia"
    "|criança|crianças|estudante|estudantes|idoso|idosos|inteira|meia entrada|meia|jovem|família"
    "|adulti|bambino|bambini|ragazzi|studenti|intero|ridotto|anziani|famiglia|volwassene|volwassenen|kinderen"
    "|jongeren"
    "|studenten|gezin|vuxen|vuxna|barn|studerande|pensionär|pensionärer|ungdom|voksen|voksne|børn|pensionist|honnør"
    "|aikuinen|aikuiset|aikuisille|lapsi|lapset|opiskelija|opiskelijat|eläkeläinen|eläkeläiset|fullorðnir|börn"
    "|normalny|ulgowy|dorosły|dorośli|dziecko|dzieci|studenci|seniorzy|rodzinny|dospělý|dospělí|dítě|děti|senioři"
    "|rodinné|snížené|základní|dospelý|dospelí|dieťa|deti|študent|študenti|felnőtt|gyermek|gyerek|diák|nyugdíjas"
    "|adulți|copil|copii|elev|elevi|studenți|pensionar|pensionari|възрастен|възрастни|дете|деца|ученик|ученици"
    "|пенсионер|пенсионери|odrasli|djeca|dijete|deca|dete|učenici|umirovljenici|penzioneri|otroci|upokojenci|dijaki"
    "|ενήλικας|ενήλικες|παιδί|παιδιά|φοιτητής|φοιτητές|μειωμένο|φοιτητικό|suaugęs|suaugusiems|suaugusiam|vaikas"
    "|vaikams|vaikui|studentams|senjorams|moksleiviams|pensininkams|pieaugušais|pieaugušajiem|bērns|bērniem"
    "|studentiem"
    "|skolēniem|pensionāriem|senioriem|täiskasvanu|laps|lapsed|õpilane|üliõpilane|pensionär|sooduspilet|täispilet"
    "|взрослый|взрослые|детский|дети|ребенок|ребёнок|студент|студенты|студенческий|школьник|школьники|льготный|полный"
    "|дорослий|дорослі|дитячий|діти|дитина|студентський|студенти|пільговий|пенсіонер|пенсіонери"
    "|yetişkin|çocuk|öğrenci|tam|emekli|người lớn|trẻ em|sinh viên|học sinh|người cao tuổi|dewasa|anak|anak anak"
    "|pelajar|mahasiswa|lansia|kanak kanak|warga emas|matanda|bata"
    "|بالغ|البالغين|للبالغين|الكبار|للكبار|طفل|الأطفال|للأطفال|طالب|الطلاب|كبار السن|מבוגר|מבוגרים|ילד|ילדים|סטודנט"
    "|סטודנטים|גמלאי|אזרח ותיק|נוער|بزرگسال|کودک|دانشجو|دانشجویی|वयस्क|बच्चे|बच्चा|छात्र|वरिष्ठ नागरिक"
    "|প্রাপ্তবয়স্ক|শিশু|ছাত্র"
)
UNSPACED_CLASS = (
    "(?:成人|儿童|兒童|学生|學生|全价|全價|半价|全|半|优惠|優待|敬老|长者|長者|家庭|亲子|老人)票?"
    "|大人|小人|子供|こども|小児|一般|シニア"
    "|小学生|中学生|高校生|大学生|中高生|幼児|高齢者|성인|어른|어린이|청소년|학생|경로|대인|소인|유아|일반"
    "|ผู้ใหญ่|เด็ก|นักเรียน|นักศึกษา|ผู้สูงอายุ"
)
CLASS_BEFORE = LazyPattern(rf"(?:{UNSPACED_CLASS})[ :：(（]*$")
CLASS_BEHIND = LazyPattern(rf"[ (（]*(?:{UNSPACED_CLASS})(?![^\W\d_]| ?[:：])")
LENDERS = (
    "klarna|afterpay|sezzle|affirm|clearpay|laybuy|scalapay|atome|tabby|tamara|zip pay|paypal pay later|paypal credit"
    "|pay later|pay in 3|pay in 4|oney|cofidis|pledg|cetelem|aplazo|kueski|kueski pay|kredivo|spaylater|akulaku"
    "|bread pay|splitit|paidy|walley|riverty|heidipay|sequra|aplazame|paypo|twisto|ratepay|ratenkauf|easycredit"
    "|lazypay|bajaj finserv|postpay|shop pay installments|долями|сплит|подели|paypal ratenzahlung"
)
LENDERS_BY_NAME = f"{LENDERS}|alma|zip|paypal|valu|addi|simpl|in3|humm|svea|paidy|grabpay|shop pay"
"""Words that mean a lender behind a preposition alone."""
BY = "with|via|by|through|using|mit|über|per|avec|con|com|met|med|z|ze|s|с|со|через|ile|dengan|kanssa"
INSTALMENTS = (
    f"{LENDERS}|თვეში|განვადება|განვადებით|ամսական|айына|ayda|aylıq|oyiga|ойига|muddatli to'lov"
    f"|bo'lib to'lash|apr financing|prequalify|interest-free|"
    "msi|installment|installments|instalment|instalments|financing|financed|emi|emis|lease|leasing|monthly payments"
    "|ratenzahlung|ratenkauf|finanzierung|finanzieren|monatsrate|monatliche rate|monatsraten|financement|mensualité"
    "|mensualités|en plusieurs fois|financiación|financiamiento|mensualidades|meses sin intereses|a meses"
    "|quincenas|pagos quincenales|pago quincenal|pagos semanales|pago semanal|abono semanal|abonos semanales"
    "|abono quincenal|abonos quincenales|abono mensual|pago mensual|cuotas|a plazos"
    "|financiamento|parcelas|prestações|finanziamento|rate da|rate a|rate mensili|gespreid betalen|termijnen"
    "|delbetala|delbetalning|avbetalning|månadskostnad|afdrag|delbetaling|nedbetaling|osamaksu|osamaksulla"
    "|kuukausierä|na raty|raty|rata|splátky|na splátky|splátka|részlet|részletre|hitel|thm|în rate|rate lunare|rată"
    "|на изплащане|вноска|вноски|na rate|obroka|obrok|obroki|δόσεις|δόση|išsimokėtinai|nomaksa|nomaksā|järelmaks"
    "|kuumakse|в рассрочку|рассрочка|в кредит|кредит|частями|розстрочка|в розстрочку|частинами|taksit|taksitle"
    "|trả góp|cicilan|angsuran|ansuran|hulugan|أقساط|قسط|تقسيط|دفعات|תשלומים|תשלום|اقساط|قسط|किस्त|ईएमआई|কিস্তি"
)
UNSPACED_INSTALMENT = LazyPattern(
    "每期|每月|每個月|月供|首付|分期付|花呗分期|白条|あと払い|ペイディ|分割払|月々|頭金|할부|무이자|분할"
    "|ผ่อน|งวดละ|เดือนละ"
)
LENT = f"{INSTALMENTS}|{LENDERS_BY_NAME}|finance|apr|interest"
SO_MANY = LazyPattern(
    r"\b\d{1,2} ?(?:[x×] )?(?:[^\W\d_]+[- ]){0,2}?"
    r"(?:payments|paiements|versements|échéances|installments|instalments|pagos|plazos|cuotas|mensualités"
    r"|mensualidades|parcelas|prestações|rate|rat|raty"
    r"|splátek|splátky|részlet|taksit|δόσεις|вноски|obroka|obrokov|obrocima|платежа|платежей|платежі|платежів|взноса"
    r"|взносов|termijnen|termin|avbetalningar|delbetalningar|rater|raten|erää|erässä|įmokos|maksājumi|osamakset"
    r"|ansuran"
    r"|cicilan|תשלומים|msi|دفعات|أقساط|قسط)\b"
)
BEHIND = {
    Role.PART: (
        "refundable deposit|security deposit|damage deposit|refundable|kaution|pfand|de caution|de fianza|di cauzione"
        "|kauce|kaucji|borg|gift card|gift cards|giftcard|e-gift card|egift card|gift certificate|voucher|coupon"
        "|store credit|credit"
        "|cashback"
        "|cash back|down|due now|bonus|rebate|reward|rewards|in rewards|in points"
        "|mail-in rebate|mail in rebate|instant rebate|instant savings|manufacturer rebate|price drop|price cut"
        "|price reduction|off msrp|below msrp|below market|under msrp|below list"
        "|deposit|down payment|setup fee|setup|set-up|activation fee|activation|upfront|up front|upfront cost"
        "|to start"
        "|d'avance|d'activation|de mise en service|alta|de alta|cuota de alta|di attivazione|vooraf|aansluitkosten"
        "|startavgift|oprettelse|opstart|na start|aktywacja|vopred|předem|einmalig|anschlussgebühr|bereitstellung"
        "|installation|assembly|haul-away"
        "|instant discount|extra discount|bank discount|discount|fee|fees|in fees"
        "|minimum|due at signing|due at lease signing|trade-in credit|bill credit|"
        + "|".join(f"{by} {lender}" for by in BY.split("|") for lender in LENDERS_BY_NAME.split("|"))
        + f"|{FEES}|gebühr|gebühren|poplatek|gebyr"
        "|gutschein|geschenkgutschein|geschenkkarte|guthaben|startguthaben|willkommensbonus|neukundenbonus|anzahlung"
        "|einmalig|anschlusspreis|de cashback|de bônus|de desconto|de bon d'achat|en bon d'achat|offerts"
        "|d'économie|d'économies|économisés|de remboursement|cagnottés|cagnotté|cagnottées|crédités|remboursés"
        "|de cagnotte|fidélité"
        "|sur votre cagnotte|d'acompte|de frais|d'éco-participation|de descuento|de reembolso|de regalo|de entrada"
        "|de señal"
        "|di sconto|di rimborso|di acconto|in buoni|korting|cadeaubon|tegoed|retour|presentkort|i rabatt|i bonus"
        "|alennusta|bonusta|lahjakortti|zniżki|rabatu|zwrotu|premii|slevy|zpět|zľavy|kedvezmény|utalvány"
        "|reducere|отстъпка|popusta|έκπτωση|nuolaidos|atlaides|soodustust|скидки|бонусов|баллов|кешбэка|кэшбэка"
        "|кешбэк"
        "|знижки|бонусів|кешбеку|indirim|indirim kuponu|hediye çeki|puan|giảm giá|potongan|خصم|استرداد|הנחה|تخفیف|छूट"
        "|कैशबैक"
    ),
    Role.MEMBER: (
        "with 1 year contract|on a 1 year contract|on 1 year contract|with a 1 year contract"
        "|on a 1 year plan|with 1 year plan|with 1 year agreement|with 2 year contract|on a 2 year contract"
        "|on 2 year contract|with a 2 year contract|on a 2 year plan|with 2 year plan|with 2 year agreement"
        "|with 3 year contract|on a 3 year contract|on 3 year contract|with a 3 year contract"
        "|on a 3 year plan|with 3 year plan|with 3 year agreement|with 12 month contract"
        "|on a 12 month contract|on 12 month contract|with a 12 month contract|on a 12 month plan"
        "|with 12 month plan|with 12 month agreement|with 18 month contract|on a 18 month contract"
        "|on 18 month contract|with a 18 month contract|on a 18 month plan|with 18 month plan"
        "|with 18 month agreement|with 24 month contract|on a 24 month contract|on 24 month contract"
        "|with a 24 month contract|on a 24 month plan|with 24 month plan|with 24 month agreement"
        "|with 30 month contract|on a 30 month contract|on 30 month contract|with a 30 month contract"
        "|on a 30 month plan|with 30 month plan|with 30 month agreement|with 36 month contract"
        "|on a 36 month contract|on 36 month contract|with a 36 month contract|on a 36 month plan"
        "|with 36 month plan|with 36 month agreement|with a contract|with new contract|on contract"
        "|with new line|with a new line|with a plan|on a plan"
        "|with a phone plan|with tarif|mit tarif|im tarif|zum tarif|mit handytarif|mit handyvertrag"
        "|mit mobilfunkvertrag|mit laufzeitvertrag|bei vertragsabschluss|avec forfait|avec un forfait"
        "|avec engagement|avec contrat|avec souscription|con contrato|con permanencia|con portabilidad"
        "|con plan|con tarifa|com plano|com contrato|com fidelização|com portabilidade|con contratto"
        "|con abbonamento|con piano|con offerta operatore|met abonnement|bij abonnement|met contract"
        "|w abonamencie|z abonamentem|z umową|przy umowie|med abonnemang|med abonnement|med bindning"
        "|med binding|liittymän kanssa|se smlouvou|s tarifem|s úvazkem|so zmluvou|s paušálom|előfizetéssel"
        "|kétéves hűséggel|cu abonament|с контрактом|по контракту|з контрактом|με συμβόλαιο|uz ugovor"
        "|taahhütlü|kèm hợp đồng|dengan kontrak|"
        "with trade-in|with trade in|with eligible trade-in|with any trade-in|after trade-in|trade-in price"
        "|with prime"
        "|with membership|for members|members only|member price|with subscription|with a subscription"
        "|with subscribe save|with subscribe and save|with autoship|when you subscribe"
        "|with contract|for new customers|with student discount|with clubcard|with card|with my best buy"
        "|mit inzahlungnahme|bei inzahlungnahme|bei eintausch|für mitglieder|mit karte|mit vertrag|für neukunden"
        "|im abo"
        "|avec reprise|avec la reprise|avec la carte|avec carte|avec abonnement|con permuta|con tarjeta|con carta"
        "|con rottamazione|con tessera|entregando tu usado|com cartão|na troca|met inruil|bij inruil|met kaart"
        "|med inbyte|för medlemmar|med kort|for medlemmer|for medlemmar|jäsenille|z kartą|s kartou|kártyával|cu card"
        "|w card|w clubcard|w plus|с подпиской|по подписке|с плюсом|с яндекс плюсом|со сберпраймом|со скидками"
        "|с учетом скидок|с учётом скидок|с учетом всех скидок"
        "|с картой|по карте|с ozon картой|c ozon картой|с ozon банком|c ozon банком"
        "|ozon картой|с кошельком|с wb кошельком|при обмене"
        "|по trade-in|в trade-in|за карткою"
        "|с карта|με κάρτα|kartla|with bank card|vào thành viên"
    ),
    Role.CONDITIONAL: "in cart|at checkout|in basket|in the cart|im warenkorb|dans le panier|sepette|в корзине",
    Role.COUPON: (
        "after voucher|with voucher|selepas baucar|dengan baucar|setelah voucher|dengan voucher|pakai voucher"
        "|with bank offer|with offer|with offers|with special offer|with 1 special offer|after bank discount"
        "|no pix|via pix|com pix|à vista no pix|no boleto|with code|with coupon"
        "|after coupon|with promo code|using code"
        "|mit code|mit gutschein|mit dem code|avec le code|avec code|con cupón|con el código|con código|con coupon"
        "|con codice|com cupom|com o cupom|z kodem|s kódem|kóddal|cu codul|met code|met kortingscode|med kod"
        "|med rabattkod"
        "|med koden|koodilla|с промокодом|по промокоду|за промокодом|με κωδικό|kuponla|con transferencia|en efectivo"
        "|pagando con transferencia|dengan kupon|pakai kupon"
    ),
    Role.PLAIN: "down from|rewards members|rewards member|reward members|credit card|credit cards|bonus pack",
    Role.EVERYBODY: (
        "without card|without membership|without trade-in|ohne karte|sans carte|sin tarjeta|senza tessera"
        "|zonder kaart"
        "|bez karty|utan kort|uten kort|uden kort|ilman korttia|без карты"
        "|без ozon карты|без ozon банка|без кошелька|без картки"
    ),
}
UNSPACED_BEHIND = LazyPattern(
    r" ?(?:off|オフ)?(?:クーポン|引き?(?!越)|割引|還元|お得|절약|キャッシュバック|분?적립|쿠폰|할인|할인쿠폰|优惠券"
    r"|代金券|红包|返现|ギフト券|기프트카드)(?![^\W\d_]| ?[:;¤])"
)
OR = frozenset(
    ["or", "oder", "ou", "o", "of", "lub", "nebo", "alebo", "vagy", "sau", "или", "або", "eller", "tai", "veya"]
)
INCLUDED = (
    "(?:inclu|inkl|incl|einschl|compris|compres|enthalten|inbegr|inräknad|wliczon|w cenie|zahrnut|v ceně|uključen|dahil"
    "|включ|входит)"
)
LEADS_ON = LazyPattern(rf" ?[:;(]| (?:(?:is|are|è|ist|est) )?{INCLUDED}| {NOT_INCLUDED}[ :(]*¤¤")
"""`tassa di soggiorno esclusa 2,00 €` is what is said of the amount behind it."""
COUPON = LazyPattern(
    r" ?(?:[^\W\d_]+ )?(?:coupon|code|gutschein|cup[oó][nm]|kupon|купон|промокод|券|クーポン|쿠폰)", re.IGNORECASE
)
LATER = LazyPattern(
    r"\b(?:then|thereafter|danach|anschließend|ab dem \d+\. monat|puis|ensuite|luego|después|poi|depois|daarna|herefter"
    r"|derefter|därefter|deretter|sen jälkeen|potem|(?<!płać )później|następnie|poté|potom|utána|apoi|затем|далее"
    r"|потом|далі"
    r"|потім|sonra|sau đó|selanjutnya|setelah itu)\b|以降|이후|次月|之后|之後",
    re.IGNORECASE,
)
"""What is asked first is not what is asked on."""
ONCE = LazyPattern(
    r"\b(?:up ?front|one-(?:off|time)|initial|activation|set-?up|einmalig|anschluss|bereitstellung|anzahlung|comptant"
    r"|à la commande|mise en service|apport|acompte|inicial|entrada|pago único|alta|anticipo|una tantum|attivazione"
    r"|adesão|eenmalig|vooraf|aansluit|jednoraz|na start|aktywac|jednoráz|předem|egyszeri|engång|startavgift|engangs"
    r"|oprettelse|etablering|kertamaksu|aloitusmaksu|avans|разов|подключ|разово|підключ|tek sefer|peşin|ilk ödeme)"
    r"|初期費用|事務手数料|頭金|首付|가입비|개통비",
    re.IGNORECASE,
)
MONTHLY = LazyPattern(
    r"\b(?:month|monat|mtl\b|mensu|mensi|mensal|maand|miesi|měsíč|mesač|havi|måned|månad|kuukau|ежемес|щоміс|aylık|lunar"
    r"|mois\b|mo\b|mes\b|mese\b|mies\b|měs\b|mån\b|mnd\b|md\b|мес|міс|ay\b|kk\b|p/?m\b)|月|월",
    re.IGNORECASE,
)
