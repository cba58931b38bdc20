"""
Words for whom an amount is, in how many parts it is paid, and what stands right behind one that is no price.

Whole words in lower case, as in `price_words.py`, with those of languages without blanks in expressions of their own.
"""

from __future__ import annotations

from functools import lru_cache

from watcher.extract.lazy_pattern import LazyPattern
from watcher.extract.price_phrases import TOKEN, Phrases
from watcher.extract.price_words import FEES, NOT_INCLUDED, Role

_CLASSES = (
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
_UNSPACED_CLASS = (
    "(?:成人|儿童|兒童|学生|學生|全价|全價|半价|全|半|优惠|優待|敬老|长者|長者|家庭|亲子|老人)票?"
    "|大人|小人|子供|こども|小児|一般|シニア"
    "|小学生|中学生|高校生|大学生|中高生|幼児|高齢者|성인|어른|어린이|청소년|학생|경로|대인|소인|유아|일반"
    "|ผู้ใหญ่|เด็ก|นักเรียน|นักศึกษา|ผู้สูงอายุ"
)
_CLASS_BEFORE = LazyPattern(rf"(?:{_UNSPACED_CLASS})[ :：(（]*$")
_CLASS_BEHIND = LazyPattern(rf"[ (（]*(?:{_UNSPACED_CLASS})(?![^\W\d_]| ?[:：])")

_LENDERS = (
    "klarna|afterpay|sezzle|affirm|clearpay|laybuy|scalapay|atome|tabby|tamara|zip pay|paypal pay later|paypal credit"
    "|pay later|pay in 3|pay in 4|oney|cofidis|pledg|cetelem|aplazo|kueski|kueski pay|kredivo|spaylater|akulaku"
    "|bread pay|splitit|paidy|walley|riverty|heidipay|sequra|aplazame|paypo|twisto|ratepay|ratenkauf|easycredit"
    "|lazypay|bajaj finserv|postpay|shop pay installments|долями|сплит|подели|paypal ratenzahlung"
)
_LENDERS_BY_NAME = f"{_LENDERS}|alma|zip|paypal|valu|addi|simpl|in3|humm|svea|paidy|grabpay|shop pay"
"""Words that mean a lender behind a preposition alone."""
_BY = "with|via|by|through|using|mit|über|per|avec|con|com|met|med|z|ze|s|с|со|через|ile|dengan|kanssa"
_INSTALMENTS = (
    f"{_LENDERS}|თვეში|განვადება|განვადებით|ամսական|айына|ayda|aylıq|oyiga|ойига|muddatli to'lov"
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
_UNSPACED_INSTALMENT = LazyPattern(
    "每期|每月|每個月|月供|首付|分期付|花呗分期|白条|あと払い|ペイディ|分割払|月々|頭金|할부|무이자|분할"
    "|ผ่อน|งวดละ|เดือนละ"
)
_LENT = f"{_INSTALMENTS}|{_LENDERS_BY_NAME}|finance|apr|interest"
_SO_MANY = LazyPattern(
    r"\b\d{1,2} ?(?:[x×] )?(?:[^\W\d_]+[- ]){0,2}?"
    r"(?:payments|paiements|versements|échéances|installments|instalments|pagos|plazos|cuotas|mensualités"
    r"|mensualidades|parcelas|prestações|rate|rat|raty"
    r"|splátek|splátky|részlet|taksit|δόσεις|вноски|obroka|obrokov|obrocima|платежа|платежей|платежі|платежів|взноса"
    r"|взносов|termijnen|termin|avbetalningar|delbetalningar|rater|raten|erää|erässä|įmokos|maksājumi|osamakset"
    r"|ansuran"
    r"|cicilan|תשלומים|msi|دفعات|أقساط|قسط)\b"
)

_BEHIND = {
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
        + "|".join(f"{by} {lender}" for by in _BY.split("|") for lender in _LENDERS_BY_NAME.split("|"))
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
_UNSPACED_BEHIND = LazyPattern(
    r" ?(?:off|オフ)?(?:クーポン|引き?(?!越)|割引|還元|お得|절약|キャッシュバック|분?적립|쿠폰|할인|할인쿠폰|优惠券"
    r"|代金券|红包|返现|ギフト券|기프트카드)(?![^\W\d_]| ?[:;¤])"
)

_OR = frozenset(
    ["or", "oder", "ou", "o", "of", "lub", "nebo", "alebo", "vagy", "sau", "или", "або", "eller", "tai", "veya"]
)
_MAX_WORDS_ON = 2
"""Between a phrase and the next amount, to which both may belong: `con carta fedeltà 24,90 €`."""
_INCLUDED = (
    "(?:inclu|inkl|incl|einschl|compris|compres|enthalten|inbegr|inräknad|wliczon|w cenie|zahrnut|v ceně|uključen|dahil"
    "|включ|входит)"
)
_LEADS_ON = LazyPattern(rf" ?[:;(]| (?:(?:is|are|è|ist|est) )?{_INCLUDED}| {NOT_INCLUDED}[ :(]*¤¤")
"""`tassa di soggiorno esclusa 2,00 €` is what is said of the amount behind it."""
NEXT, LESS = "¤", "¤¤"
"""Stand for the next amount, at the end of what stands behind one; the second for one that is less."""


@lru_cache(maxsize=1)
def _phrases() -> tuple[Phrases, Phrases, Phrases, Phrases]:
    meanings = ({Role.PLAIN: _CLASSES}, {Role.PART: _INSTALMENTS}, _BEHIND, {Role.PART: _LENT})
    classes, instalments, behind, lent = map(Phrases, meanings)
    return classes, instalments, behind, lent


def is_class(before: str, behind: str) -> bool:
    """Return whether the word right before an amount, or right behind it, in lower case, says what people it is"
    " for."""
    classes = _phrases()[0]
    words = TOKEN.findall(before[-40:])[-2:]
    for start in range(len(words)):
        found = classes.at(words, start)
        if found and start + found[0] == len(words):
            return True
    following = TOKEN.findall(behind[:40].partition(":")[0])
    if following and classes.at(following, 0):
        return True
    return bool(_CLASS_BEFORE.search(before[-20:]) or _CLASS_BEHIND.match(behind))


def is_instalment(before: str) -> bool:
    """Return whether the text before an amount, in lower case, speaks of paying in parts."""
    before = before[-80:]
    words = TOKEN.findall(before)
    instalments = _phrases()[1]
    if any(instalments.at(words, index) for index in range(len(words))):
        return True
    return bool(_SO_MANY.search(before) or _UNSPACED_INSTALMENT.search(before))


def is_lent(behind: str) -> bool:
    """Return whether the text behind an amount by the month, in lower case, names who lends it."""
    words, lenders = TOKEN.findall(behind[:80]), _phrases()[3]
    return any(lenders.at(words, index) for index in range(len(words)))


def said_behind(behind: str) -> Role | None:
    """Return what the phrase that begins right behind an amount, in lower case, says of it."""
    if _UNSPACED_BEHIND.match(behind):
        return Role.PART
    tokens = list(TOKEN.finditer(behind[:60]))
    if not tokens or behind[: tokens[0].start()].strip(" (*"):
        return None
    found = _phrases()[2].at([token[0] for token in tokens], 0)
    if not found:
        return None
    count, role = found
    rest = behind[tokens[count - 1].end() :]
    if role is Role.PART:
        is_of_next = rest.strip(" .,)") == LESS or _LEADS_ON.match(rest) is not None
    else:
        words = TOKEN.findall(rest)
        is_of_next = NEXT in rest and len(words) <= _MAX_WORDS_ON and not _OR.intersection(words)
    return None if is_of_next else role
