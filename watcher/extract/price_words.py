"""
The words that shops of some thirty languages write beside a price, and what they make of it.

They are whole words, in lower case; languages without blanks between words stand in a table of their own, for there
a word may begin and end anywhere. Looking them up takes a step for each word of a text, however many there are here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final


class Role(IntEnum):
    """What an amount is; the lowest is taken."""

    CONDITIONAL = 0
    COUPON = 1
    FINAL = 2
    NOW = 3
    GROSS = 4
    EVERYBODY = 5
    PLAIN = 6
    PIECE = 7
    UNIT = 8
    TERM = 9
    BESIDE = 10
    NET = 11
    LIST = 12
    ASIDE = 13
    WAS = 14
    MEMBER = 15
    PART = 16


DEPOSITS: Final = (
    "pfand|einwegpfand|mehrwegpfand|flaschenpfand|pant|panten|pantti|pantit|panttia|pantin|statiegeld|leeggoed"
    "|emballage|consigne|la consigne|de consigne|cauzione|vuoto|depósito|envase|vasilhame|kaucja|kaucji|kaucją|záloha"
    "|zálohy|zálohu|vratná záloha|záloh|betétdíj|visszaváltási díj|üvegbetét|sgr|garanție|garanție sgr|garantie sgr"
    "|depozit|depozito|depozitas|depozīts|depozīta|tagatisraha|pandiraha|povratna naknada|kavcija|kaucija|депозит"
    "|депозита|залог|залоговая стоимость|тара|застава|εγγύηση|skilagjald|bottle deposit|container deposit|crv|crf"
    "|deposit|пфанд|פיקדון|容器保证金"
)
"""For a bottle or a can."""

UNSPACED: Final[Mapping[Role, str]] = {
    Role.COUPON: (
        "券后|券後|预估到手|预估到手价|用券|领券价|쿠폰적용가|쿠폰할인가|쿠폰가|쿠폰적용|쿠폰"
        "|クーポン適用|クーポン利用|クーポン価格"
        "|クーポン|ใช้คูปอง|优惠码|折扣码|領券"
    ),
    Role.CONDITIONAL: (
        "即決|一口价"
        "|app专享|手机专享|アプリ限定|앱전용|앱 전용|앱할인가"
        "|앱 할인가|앱 전용가|앱 할인|첫 구매가|첫구매가|첫 구매 할인가|첫구매 할인가|첫구매할인가|첫 주문|신규 가입"
    ),
    Role.FINAL: "实付|實付|折后价|折後價|最终价|到手价|到手價|到手约|到手",
    Role.NOW: (
        "现价|現價|促销价|促銷價|秒杀|秒殺|活动价|活動價|特惠|售价|售價|京东价|当当价|拼单价|抢购价|特价|特價|优惠价"
        "|優惠價|优惠后"
        "|限时|限時|预售价|百亿补贴|补贴价|折扣价|折扣價|本店价|本店價|网购价|網路價|今日价"
        "|特別価格|販売価格|セール価格|現在価格|割引後|当店価格|通販価格|ネット価格|タイムセール|値下げ後"
        "|할인가|판매가격|세일가|특가|혜택가|즉시할인가|현재가"
        "|ราคาโปรโมชั่น|ราคาพิเศษ|ราคาลด|ลดเหลือ|ราคาขาย|เหลือเพียง"
    ),
    Role.GROSS: "税込|稅込|含税|含稅|부가세포함|부가세 포함",
    Role.EVERYBODY: "非会员价|非会员|非會員|一般価格|非会員",
    Role.PLAIN: "판매가",
    Role.BESIDE: "单买价|单独购买|約合|约合|最低价格|历史最低|起拍价|起标价|開始価格|参考均价",
    Role.NET: "税抜|税別|未税|不含税|本体価格|稅前|부가세별도|부가세 별도",
    Role.WAS: ("原价|原價|划线价|劃線價|過去価格|元の価格|旧価格|値下げ前|기존가|원가|ราคาเดิม|จากราคา"),
    Role.LIST: (
        "优惠前|券前|定价|定價|市场价|市場價|市價|市价|指导价|日常价|日常售价|吊牌价|专柜价|專櫃價"
        "|官网价|影院价"
        "|门市价|門市價|参考价|參考價|建议零售价|建議售價|零售价"
        "|参考価格|通常価格|希望小売価格|定価|標準価格"
        "|정가|정상가|소비자가|시중가|출시가"
        "|ราคาปกติ|ราคาเต็ม|ปกติ"
    ),
    Role.MEMBER: (
        "최대할인가|최대 할인가|최대할인|최대 할인|최대혜택가|최대 혜택가|최저혜택가|카드최대할인가"
        "|会员价|會員價|会員価格|会員様|会員限定|会员专享|会员|會員|회원가|회원전용|회원|新人专享价"
        "|新客专享价|学生专享价|专享价"
        "|plus价|新人价|新客价|首单价|学生价|以旧换新价|下取り|批发价|批发"
        "|批發價|批發|卸価格|도매가|도매|보상판매"
        "|ポイント利用|ราคาสมาชิก|สมาชิก|와우할인가|와우회원가|와우|멤버십|카드할인|카드할인가"
        "|카드 할인가|카드 할인|카드혜택가|카드 혜택가|카드최대혜택가|카드가|카드 즉시할인|vip價"
        "|청구할인|제휴카드|88vip价|vip价"
        "|会員"
    ),
}

SPACED: Final[Mapping[Role, str]] = {
    Role.COUPON: (
        "after voucher|with voucher|selepas baucar|dengan baucar|setelah voucher|dengan voucher|pakai voucher"
        "|after coupon|with coupon|coupon price|price with coupon|with code|use code|promo code|code"
        "|mit gutschein|mit code|gutscheincode|rabattcode|avec le code|code promo|con cupón|cupón|con código|código"
        "|cupom|com cupom|con codice|codice|coupon|z kodem|kod|kuponem|s kódem|kóddal|kuponnal|cu codul|cod|met code"
        "|kortingscode|med kod|rabattkod|med kode|koodilla|купон|с купоном|по купону|промокод"
        "|с промокодом|по промокоду|за промокодом"
        "|με κωδικό|kuponla|kupon|dengan kupon|nhập mã|mã giảm giá|कूपन|قسيمة|كوبون|קופון"
        "|havale|havale ile|eft ile|vorkasse|per überweisung|par virement|con bonifico|przelewem|převodem|no pix|pix"
        "|à vista no pix|boleto|no boleto|transferencia|transferencia bancaria|con transferencia"
        "|efectivo|en efectivo|in contanti|za gotovinu|cijena za gotovinu|gotovina|gotovinska cena|наличными"
        "|при оплате наличными|via pix|com pix|pagando no pix|pix ou boleto|no boleto bancário|no depósito|no débito"
        "|depósito|con débito|contanti|bar bezahlt|cash price|cash payment|gotówką|v hotovosti|készpénzes"
    ),
    Role.CONDITIONAL: (
        "à vista|contado|al contado|sepette|sepet fiyatı|sepette ödenecek|buy it now|buy now|sofort-kaufen|sofortkauf"
        "|achat immédiat|cómpralo ya|compralo subito|kup teraz|купить сейчас|hemen al"
        "|app price|in-app price|in the app|in der app|dans l'appli|dans l'application|en la app|no app|nell'app"
        "|in de app|i appen|w aplikacji|v aplikaci|в приложении|у застосунку|mobil uygulamada|uygulamada"
        "|after registration|nach anmeldung|po registraci|po přihlášení|po zalogowaniu|при регистрации"
    ),
    Role.NOW: (
        # English, German, French
        "now|now only|sale price|sale|deal price|your price|our price|you pay|current price|today"
        "|special price"
        "|reduced to"
        "|discounted price|promo price|offer price|price now|new price|pay only|clearance|final price"
        "|jetzt|nur|aktionspreis|angebotspreis|neuer preis|sonderpreis|sale-preis|ihr preis|dein preis"
        "|unser preis"
        "|reduzierter preis|verkaufspreis|aktuell|heute|nur noch|im angebot"
        "|nouveau prix|prix de vente|prix promo|prix promotionnel|prix soldé|prix réduit|prix remisé"
        "|prix actuel"
        "|maintenant"
        "|en solde|soldé|notre prix|votre prix"
        # Spanish, Portuguese, Italian, Romanian, Catalan
        "|ahora|precio rebajado|precio de oferta|precio oferta|precio actual|precio final"
        "|precio especial"
        "|precio promocional"
        "|oferta|hoy|rebajado|precio con descuento|nuestro precio|tu precio|por solo|solo por"
        "|por|agora|preço promocional|preço com desconto|preço atual|preço de venda|preço especial"
        "|por apenas|promoção"
        "|hoje|preço de saldo"
        "|ora|adesso|prezzo scontato|prezzo attuale|prezzo di vendita|prezzo speciale|prezzo promo"
        "|in offerta|oggi"
        "|il nostro prezzo"
        "|preț redus|pret redus|preț special|preț promoțional|preț nou|pret nou|acum|preț curent"
        "|preț promo|ofertă"
        "|ara|preu rebaixat|preu d'oferta"
        # Dutch, Swedish, Danish, Norwegian, Finnish, Icelandic
        "|voor|nu|aanbiedingsprijs|actieprijs|nieuwe prijs|huidige prijs|kortingsprijs|onze prijs"
        "|sale prijs|actie"
        "|jouw prijs"
        "|nu endast|nu från|försäljningspris|reapris|kampanjpris|nytt pris|nedsatt pris|extrapris"
        "|vårt pris|ditt pris"
        "|aktuellt pris"
        "|nu kun|udsalgspris|tilbudspris|tilbud|nedsat pris|din pris|ny pris|nuværende pris"
        "|kampagnepris"
        "|nå|nå kun|salgspris|kampanjepris|nedsatt|nåpris|nåværende pris"
        "|nyt|alennushinta|tarjoushinta|tarjous|alehinta|uusi hinta|nykyinen hinta|nyt vain"
        "|kampanjahinta"
        "|tilboð|tilboðsverð|útsöluverð|nú"
        # Polish, Czech, Slovak, Hungarian
        "|promocja|cena promocyjna|cena sprzedaży|nowa cena|teraz|aktualna cena|cena aktualna"
        "|cena po rabacie"
        "|cena z rabatem"
        "|cena specjalna|obniżona cena|cena obniżona|wyprzedaż|nasza cena|cena wyprzedażowa|tylko"
        "|výprodejová cena|akční cena|cena po slevě|nyní|nová cena|zlevněná cena|naše cena"
        "|prodejní cena|v akci"
        "|cena ve slevě"
        "|akciová cena|teraz len|zľavnená cena|cena po zľave|výpredajová cena|naša cena|predajná cena"
        "|aktuálna cena"
        "|aktuální cena"
        "|akciós ár|kedvezményes ár|most|új ár|most csak|jelenlegi ár|eladási ár|akció|leárazva|akciós"
        # Croatian, Serbian, Slovene, Bulgarian, Greek
        "|akcijska cijena|snižena cijena|nova cijena|sada|cijena s popustom|akcija|webshop cijena"
        "|akcijska cena|snižena cena|nova cena|cena sa popustom|znižana cena|zdaj|cena s popustom"
        "|zdaj samo"
        "|posebna cena|sad"
        "|акцијска цена|снижена цена|нова цена|сада"
        "|нова цена|сега|промо цена|промоционална цена|намалена цена|цена с отстъпка|промоция"
        "|текуща цена"
        "|τιμή έκπτωσης|τιμή προσφοράς|τώρα|νέα τιμή|τιμή πώλησης|τελική τιμή|προσφορά|ειδική τιμή"
        "|τιμή μας"
        "|τρέχουσα τιμή"
        # Lithuanian, Latvian, Estonian
        "|kaina su nuolaida|dabar|akcijos kaina|nauja kaina|speciali kaina|išpardavimo kaina|akcija"
        "|dabartinė kaina"
        "|akcijas cena|tagad|jaunā cena|cena ar atlaidi|īpašā cena|atlaižu cena|pašreizējā cena"
        "|soodushind|nüüd|uus hind|müügihind|kampaaniahind|allahindlusega|sooduspakkumine|praegune hind"
        "|soodne hind"
        # Russian, Ukrainian, Kazakh
        "|цена со скидкой|новая цена|сейчас|по акции|акция|цена по акции|со скидкой|текущая цена"
        "|ваша цена|наша цена"
        "|акционная цена|теперь|специальная цена|цена продажи"
        "|ціна зі знижкою|нова ціна|зараз|акційна ціна|за акцією|акція|зі знижкою|поточна ціна"
        "|спеціальна ціна"
        "|наша ціна"
        # Turkish, Vietnamese, Indonesian, Malay, Filipino
        "|indirimli fiyat|şimdi|yeni fiyat|kampanyalı fiyat|satış fiyatı|indirimli|güncel fiyat"
        "|kampanya fiyatı"
        "|i̇ndirimli fiyat|i̇ndirimli"
        "|giá ưu đãi|giá khuyến mãi|giá bán|giá sale|chỉ còn|còn|giá mới|giá hiện tại|giá giảm"
        "|khuyến mãi|giá đặc biệt"
        "|giảm còn"
        "|harga obral|harga promo|harga diskon|sekarang|harga spesial|harga sekarang|harga jual"
        "|harga khusus|promo"
        "|hanya"
        "|harga jualan|harga tawaran|kini|harga istimewa|presyo ngayon|ngayon"
        # Arabic, Hebrew, Persian, Hindi, Bengali
        "|سعر التخفيض|السعر بعد الخصم|الآن|سعر العرض|السعر الحالي|بعد الخصم|السعر الجديد|سعر البيع"
        "|السعر المخفض|سعر خاص"
        "|عرض|فقط"
        "|מחיר מבצע|עכשיו|מחיר חדש|במבצע|מחיר סופי|מבצע|מחיר אונליין|מחיר מוזל|רק|מחיר מכירה"
        "|המחיר הנוכחי|מחיר אתר"
        "|قیمت با تخفیف|اکنون|قیمت ویژه|قیمت جدید|با تخفیف|قیمت فعلی|قیمت نهایی|فروش ویژه|قیمت فروش"
        "|अब|ऑफ़र मूल्य|विक्रय मूल्य|बिक्री मूल्य|डील मूल्य|विशेष मूल्य|छूट मूल्य|सेल प्राइस"
        "|वर्तमान मूल्य"
        "|এখন|বর্তমান মূল্য|অফার মূল্য|ছাড় মূল্য|বিক্রয় মূল্য"
    ),
    Role.GROSS: (
        "ttc|tax included|tax incl|incl tax|including tax|inc tax|with tax|brutto|inkl. mwst|inkl. ust|inc vat"
        "|incl vat|incl. vat|inc. vat|including vat|with vat"
        "|inc gst|incl. gst"
        "|inc. gst"
        "|iva incluido|iva incl|iva inclusa|iva inclusive|con iva|iva compresa|com iva|iva incluído"
        "|impuestos incluidos"
        "|iva inc"
        "|s dph|včetně dph|vr. dph|s daní|z vat|inkl. moms|inkl moms|ink moms|inkl. mva|inkl mva"
        "|incl. btw|incl btw"
        "|inclusief btw"
        "|sis. alv|sis alv|bruttó|áfával|tva inclus|cu tva|с ндс|включая ндс|з пдв|с ддс|με φπα"
        "|kdv dahil|s pdv"
        "|sa pdv-om|z ddv"
        "|su pvm|ar pvn|km-ga|termasuk ppn|đã gồm vat|đã bao gồm vat"
        '|شامل الضريبة|כולל מע״מ|כולל מע"מ|bruto'
    ),
    Role.PLAIN: (
        "prijs van|de prijs van dit product is|sale ends|sale ends soon|offer ends|deal ends|on sale|for sale"
        "|angebot endet|fin de l'offre"
        "|la oferta termina"
        "|de remise|de réduction|de descuento|de desconto|di sconto"
        "|promocja trwa|akce končí|акция до|акция действует"
    ),
    Role.EVERYBODY: (
        "non-member price|non-member|non-members|non member|nonmember|without card|without membership|nichtmitglieder"
        "|ohne karte|ohne kundenkarte|non-membres|sans carte|no socios|sin tarjeta|non soci|senza tessera|não sócios"
        "|zonder kaart|bez karty|bez klubové karty|utan kort|uten kort|uden kort|ilman korttia|kártya nélkül"
        "|fără card|без карты|цена без карты|без ozon карты|без ozon банка"
        "|без кошелька|без wb кошелька|без картки|без карта"
        "|ohne vertrag|without contract|sans abonnement|bez umowy|zonder abonnement|utan abonnemang|uden abonnement"
        "|sin contrato|senza contratto|bez abonamentu|без контракта|one-time purchase|one-time|einmalkauf"
        "|einmaliger kauf"
        "|achat unique|compra única|acquisto singolo|eenmalige aankoop|jednorazowy zakup"
        "|bez kartice|be kortelės|bez kartes|kaardita|χωρίς κάρτα|kartsız"
    ),
    Role.BESIDE: (
        "bieden vanaf|bids from|bid from|gebot ab|bieten ab|enchère à partir de|offerte vanaf|bud fra|bud från|bud från"
        "|pigiausia|pigiausiai|najniższa cena|niedrigster preis|lowest price|prix le plus bas|precio más bajo"
        "|prezzo più basso|laagste prijs|lägsta pris|laveste pris|alin hinta|nejnižší cena|najnižšia cena"
        "|legalacsonyabb ár|cel mai mic preț|cel mai mic pret|najniža cijena|najnižja cena|најнижа цена"
        "|най-ниска цена"
        "|χαμηλότερη τιμή|mažiausia kaina|zemākā cena|madalaim hind|preço mais baixo|approximately|approx"
        "|starting bid"
        "|startgebot|mise à prix|opening bid|estimate|schätzpreis"
        "|legalacsonyabb ára|en düşük fiyatı|en düşük fiyat|menor preço|самая низкая цена|минимальная цена"
        "|найнижча ціна|niedrigster gesamtpreis|günstigster preis|tiefster preis|lowest recent price|recent lowest"
        "|precio mínimo|preço mínimo|prezzo minimo|cena minimalna|minimální cena"
        "|lowest prior price|lowest previous price|prior lowest price|bestpreis|tiefstpreis|najniższa cena z"
        "|median price|mittlerer preis|medianpreis|precio mediano|prix médian|preço mediano|mediana ceny|mediaanprijs"
        "|medianpris|mediaanihinta|prezzo mediano|average price|durchschnittspreis"
        "|prix moyen|precio medio|preço médio"
        "|prezzo medio|średnia cena|průměrná cena|средняя цена|середня ціна|gemiddelde prijs|genomsnittspris"
        "|gennemsnitspris|keskihinta|átlagár|preț mediu|ortalama fiyat"
        "|vieneto kaina|ühiku hind|vienības cena|единичная цена|birim fiyat|birim fiyatı"
    ),
    Role.ASIDE: (
        "grundpreis|unit price|jämförpris|jfr pris|jmf pris|vertailuhinta|prix au kilo|prix au litre|prezzo al kg"
        "|precio por kg|cena jednostkowa|jednotková cena|egységár|preț unitar|enhetspris|sammenligningspris"
        "|prijs per kilo|měrná cena|merná cena"
    ),
    Role.NET: (
        "kaina eksportui|eksportui|export price|exportpreis|for export|cena eksportowa|na eksport|nettoexportpreis"
        "|exportpris|prix export|precio exportación|cena pro export|vientihinta|экспортная цена"
        "|+ áfa|+ moms|+ mva|+ dph|+ vat|+ tva|+ pdv|+ ddv|+ gst|+ tax|+ kdv|+ btw|+ ust|+ mwst|+ ндс"
        "|+ пдв|+ ддс"
        "|excl tax|excluding tax|ex tax|tax excluded|without tax|plus tax|sin impuestos|sin impuestos nacionales"
        "|sem impostos"
        "|ht|hors taxe|hors taxes|hors tva|h.t|netto|ohne mwst|zzgl. mwst|exkl. mwst|zzgl. ust"
        "|exkl. ust|ex vat|ex. vat"
        "|excl vat"
        "|excl. vat|exc. vat|exc vat|excluding vat|without vat|before vat|plus vat|ex gst|excl. gst"
        "|exc gst|plus gst"
        "|before tax"
        "|excl btw|excl. btw|exclusief btw|ex btw|ex. btw|bez dph|bez daně|bez vat|sin iva|más iva"
        "|iva no incluido"
        "|+ iva|iva esclusa"
        "|senza iva|sem iva|exkl. moms|exkl moms|ex moms|ex. moms|ekskl. moms|uden moms|utan moms"
        "|eks. mva|ekskl. mva"
        "|eks mva"
        "|uten mva|alv 0 %|alv 0%|veroton|ilman alv|nettó|áfa nélkül|fără tva|fara tva|без ндс|без пдв"
        "|без ддс"
        "|χωρίς φπα"
        "|kdv hariç|bez pdv|bez pdv-a|brez ddv|be pvm|bez pvn|ilma km-ta|km-ta|belum termasuk ppn"
        "|chưa vat"
        "|chưa bao gồm vat"
        "|غير شامل الضريبة|لפני מע״מ|ללא מע״מ|neto"
    ),
    Role.PART: (
        f"{DEPOSITS}|"
        "আপনি সাশ্রয় করছেন|সাশ্রয় করছেন|আপনি সাশ্রয় করছেন|depositum|"
        "épargnez|vous épargnez|épargne|épargner|épargnes|tu économises|économiser|vous gagnez|spar|spart|einsparung"
        "|preisvorteil|ihr preisvorteil|ihr vorteil|you'll save|saves|ahorre|ahórrate|te ahorrás|ahorrás|ahorrar"
        "|estalvia|estalvies|economizas|economizar|poupa|poupança|poupe já|risparmiate|risparmia|risparmi subito"
        "|economisește|economie|besparing|je voordeel|voordeel|jouw voordeel"
        "|bespaart|besparelse|du sparar nu|besparing"
        "|säästä nyt|etusi|þú sparar|sparaðu|zaoszczędź|oszczędź|oszczędzaj|zyskujesz|ušetřete|ušetříte až|úspora"
        "|ušetri|ušetrite|spórolj|megspórol|megtakarít|ön megtakarít|uštedi|štedite|ušteda od|prihrani|prihranite"
        "|спести|спестете|εξοικονομήστε|εξοικονομείτε|γλιτώνεις|γλιτώνετε|sutaupysi|sutaupai|taupykite|ietaupījums"
        "|säästate|сэкономьте|сэкономите|экономьте|экономишь|заощаджуйте|заощадьте|економте|tasarruf edin|kazan"
        "|tiết kiệm được|hematlah|jimatkan|makatipid|وفري|وفروا|احفظ|חסוך|חסכו|تخفیف شما|बचाएं|बचाओ"
        "|get|get a|get up to|receive|earn|earn up to|up to|includes a|include a|includes|plus a|apply|redeem"
        "|gift card|baucar|baucer|omregistrering|registration fee|überführung|überführungskosten|zulassung|road tax"
        "|frais d'immatriculation|frais d'agence|provision|courtage|commission|spedizione disponibile"
        "|delivery available"
        "|shipping available|livraison disponible|envío disponible|versand möglich"
        "|cashback|cash back|cashback of|reward|rewards|credit|trade-in credit|trade-in value|points|bonus|rebate"
        "|voucher"
        "|fee|fees|tax|taxes|surcharge|service fee|service charge|booking fee|cleaning fee|setup fee|set-up fee"
        "|activation fee"
        "|donation|down payment|security deposit|bid deposit|gutschein|guthaben|geschenkkarte|du erhältst"
        "|sie erhalten|sichere dir"
        "|bis zu|gebühr|gebühren|anschlusspreis|anschlussgebühr|einmalig|bereitstellungspreis|cagnotte|recevez|gagnez"
        "|carte cadeau|frais de service|frais de dossier|gana|recibe|tarjeta regalo|cuota inicial"
        "|ganhe|receba|vale-presente|ricevi|ottieni|buono|attivazione|acconto|krijg|ontvang|cadeaubon|aanbetaling"
        "|aansluitkosten|verwijderingsbijdrage|recupel|recyclage|vrg|weee|raee|eco-part|éco-part|écotaxe|ecotax"
        "|presentkort"
        "|startavgift|lahjakortti|zyskaj|odbierz|voucher|zaliczka|kaucja|získejte|poukaz"
        "|előleg|primești|avans|получите|вернём|вернем|начислим|кешбэк|кэшбэк|подарок|сертификат|первоначальный взнос"
        "|отримайте|кешбек|завдаток|аванс|kazan|peşinat|hediye çeki|kapora|nhận|hoàn|đặt cọc|dapatkan|uang muka"
        "|deposit|احصل على|استرداد|קבלו|مقدم|کش بک|कैशबैक|पाएं"
        "|you save|save|saving|savings|you are saving|shipping|delivery|postage|deposit|per month from"
        "|du sparst"
        "|sie sparen|sparen"
        "|ersparnis|vous économisez|économisez|économie|ahorras|ahorra|ahorro|te ahorras|poupe"
        "|economize|economia"
        "|você economiza"
        "|risparmi|risparmio|hai risparmiato|economisești|economisesti|je bespaart|u bespaart|bespaar"
        "|du sparar|spara"
        "|du sparer|spar"
        "|säästät|säästö|oszczędzasz|oszczędność|taniej o|ušetříte|ušetrite|ušetříš|ušetríte"
        "|megtakarítás|megtakarítasz"
        "|ušteda|uštedite|uštedjeli ste"
        "|prihranek|prihranite|спестявате|спестяваш|κερδίζετε|κερδίζεις|κέρδος|sutaupote|sutaupykite"
        "|ietaupi|ietaupiet"
        "|ietaupījums|säästad|säästa"
        "|экономия|выгода|вы экономите|экономите|скидка до|економія|ви економите|вигода|kazancınız"
        "|tasarruf|kazanç"
        "|tiết kiệm|hemat|jimat|anda hemat"
        "|وفر|توفير|وفرت|חסכון|חיסכון|אתם חוסכים|سود شما|बचत|आप बचाते हैं|সাশ্রয়|tipid"
        "|dostawa|doprava|dostava|dodání|доставка|пересылка|стоимость доставки|kargo|kargo ücreti"
        "|toimitus"
        "|toimituskulut|szállítás|szállítási díj"
        "|livrare|transport|cost livrare|αποστολή|μεταφορικά|dostavljanje|pristatymas|piegāde|tarne"
        "|saatmine"
        "|phí vận chuyển|phí ship|ongkir|ongkos kirim"
        "|shipping fee|delivery fee|الشحن|رسوم الشحن|التوصيل|משלוח|דמי משלוח|هزینه ارسال|शिपिंग|डिलीवरी"
        "|envío"
        "|gastos de envío|frete|portes|frais de port"
        "|frakt|fragt|porto|versand|versandkosten|verzendkosten|spedizione|livraison|eco participation"
        "|éco participation|pfand|statiegeld|kaution|caution"
        "|záloha|kaucja|pant|panttia|depozit|депозит|залог|predplatné"
        "|one-off|one-time fee|upfront|eenmalig|servicekosten|engångskostnad|engångsavgift|engangsbeløb|oprettelse"
        "|etablering|jednorazowo|jednorázově|jednorazový poplatok|egyszeri díj|pago único|una tantum|разово"
        "|разовый платёж|подключение|підключення|tek seferlik|fianza|anticipo|caparra|cauzione|caução|kauce"
        "|service costs|admin fee|administration fee|insurance|montage|installation|eco fee|recycling fee"
        "|environmental fee|extra|seguro|montaż|garanzia|warranty|protection plan|garantie"
        "|mindestbestellwert|minimum order|min order|minimum order value|commande minimum|minimum de commande"
        "|pedido mínimo|ordine minimo|minimale bestelwaarde|minimalne zamówienie|minimální objednávka"
        "|минимальный заказ|мінімальне замовлення"
        "|spare|spar|spara|rabatt|rabat|rabatu|zniżka|korting|sconto|descuento|desconto|remise|réduction|indirim"
        "|giảm|diskon|potongan|скидка|скидки|знижка|отстъпка|popust|έκπτωση|nuolaida|atlaide|soodustus|alennus"
        "|kedvezmény|reducere|discount|خصم|הנחה|تخفیف|छूट|add|add another|noch|encore|plus que|te faltan|faltam"
        "|ti mancano|nog|ještě|už jen|jeszcze|ešte|még|ещё|еще|ще|αγόρασε ακόμα"
        "|shipping handling|s h|lieferkosten|liefergebühr|versandgebühr|frais de livraison|consegna"
        "|spese di spedizione|spese di consegna|costo de envío|gastos de entrega|taxa de entrega|bezorgkosten"
        "|verzending|koszt dostawy|przesyłka|wysyłka|koszt wysyłki|poštovné|dopravné|szállítási költség"
        "|taxă de livrare|fraktkostnad|forsendelse|levering|toimitusmaksu|postikulut|έξοδα αποστολής|siuntimas"
        "|pristatymo kaina|piegādes maksa|saatekulu|poštarina|poštnina|вартість доставки|teslimat ücreti"
        "|phí giao hàng|biaya pengiriman|kos penghantaran|penghantaran|تكلفة الشحن|עלות משלוח|डिलीवरी शुल्क"
        "|säästä|sparst du|économie de|ahorro de"
    ),
    Role.WAS: (
        "down from|marked down from|cut from|anstelle von|anstatt von|à la place de|plutôt que"
        "|no lugar de|ao invés de|en vez de|en lloc de|invece che|in luogo di"
        "|in loco di|ipv|i.s.t.f|i st f|i stället för|istf|i.st.f|í stað|í staðinn fyrir"
        "|sijaan|sen sijaan|asemesta|miesto|na místo"
        "|namísto|na miesto|zamiast ceny|umjesto cijene|mesto|наместо|заместо"
        "|вместо цены|замість ціни|αντί για|αντί του"
        "|vietā|vietoje|selle asemel|asemel|thay vì|alih-alih|daripada|bukannya|बजाय|के बजाय|عوضا عن|عوضاً عن|به جای"
        "|était|etait|c'était|valait|was|originally|reduced from|compare at|compare at price|compare-at price|before"
        "|old price"
        "|previous price|previously|instead of|from was|price was|original price|original|orig"
        "|strike-through price|statt|vorher|ursprünglich|ursprünglicher preis|bisher|bisheriger preis"
        "|alter preis|früher|zuvor|stattpreis|anstatt|war|vorheriger preis|originalpreis|ehemals|einst"
        "|streichpreis|früherer preis|au lieu de|ancien prix|prix barré|prix d'origine|prix d’origine"
        "|avant|prix initial|prix précédent|prix de comparaison|antes|precio original|precio anterior"
        "|en lugar de|precio antiguo|precio sin descuento|precio tachado|preço original|preço anterior"
        "|em vez de|preço antigo|preço sem desconto|era|prezzo originale|prezzo precedente|prima"
        "|invece di|anziché|prezzo iniziale|al posto di|preț inițial|pret initial|preț vechi|pret vechi"
        "|în loc de|înainte|prețul vechi|preț original|preț anterior|van|oude prijs|oorspronkelijke prijs"
        "|was voor|in plaats van|i.p.v|voorheen|vorige prijs|van voor|originele prijs|tidigare"
        "|tidigare pris|istället för|innan|gammalt pris|originalpris|lägsta tidigare pris|förr"
        "|jämförpris tidigare|før|førpris|oprindelig pris|tidligere pris|gammel pris|i stedet for"
        "|spar fra|opprinnelig pris|gammel|ennen|alkuperäinen hinta|aiempi hinta|vanha hinta|oli|áður"
        "|poprzednia cena|cena przed|zamiast|stara cena|cena pierwotna|poprzednio|było"
        "|cena początkowa|původně|původní cena|místo|dříve|stará cena|cena před slevou|pôvodná cena"
        "|pôvodne|namiesto|predtým|cena pred zľavou|eredeti ár|helyett|korábbi ár|régi ár|eredetileg"
        "|kezdeti ár|stara cijena|prije|umjesto|početna cijena|pre|umesto|prej|namesto|prvotna cena"
        "|стара цена|преди|вместо|първоначална цена|предишна цена|пре|уместо|αρχική τιμή|πριν|αντί"
        "|παλιά τιμή|προηγούμενη τιμή|sena kaina|buvo|vietoj|ankstesnė kaina|pradinė kaina"
        "|kaina be nuolaidos|vecā cena|bija|iepriekš|sākotnējā cena|iepriekšējā cena|vana hind|enne"
        "|endine hind|algne hind|старая цена|было|цена без скидки|прежняя цена|раньше|без скидки"
        "|исходная цена|первоначальная цена|стара ціна|було|замість|ціна без знижки|попередня ціна|раніше"
        "|початкова ціна|без знижки|eski fiyat|önceki fiyat|yerine|önce|orijinal fiyat|ilk fiyat"
        "|i̇lk fiyat|giá cũ|giá gốc|trước đây|giá ban đầu|harga asli|harga awal|sebelumnya|harga coret"
        "|harga asal|harga lama|harga sebelum|orihinal na presyo|dating presyo|السعر قبل الخصم|قبل|كان"
        "|السعر الأصلي|قبل الخصم|السعر القديم|السعر السابق|بدلا من|بدلاً من|במקום|מחיר קודם|לפני"
        "|מחיר מקורי|היה|מחיר לפני הנחה|מחיר ישן|قیمت اصلی|قیمت قبل|قبلا|قیمت قبلی|قیمت بدون تخفیف"
        "|قیمت قدیم|قبل از تخفیف|पहले|पुराना मूल्य|मूल मूल्य|मूल कीमत|আগে|আগের মূল্য|পূর্বের মূল্য"
        "|পূর্বমূল্য|আসল মূল্য"
        "|initialement|initial|inizialmente|inicialmente|anfangs"
    ),
    Role.LIST: (
        # English, German, French
        "list price|list|typical price|rrp|msrp|srp|reg|regular price|regular"
        "|retail|retail price|normal price|normally"
        "|usual price"
        "|usually"
        "|mrp|m.r.p|market price|full price"
        "|uvp"
        "|regulärer preis"
        "|regulär|normalpreis"
        "|listenpreis|unverbindliche preisempfehlung"
        "|ladenpreis"
        "|prix conseillé"
        "|prix habituel"
        "|prix normal"
        "|prix public|prix courant|prix régulier|prix de base|prix catalogue"
        "|prix de référence"
        # Spanish, Portuguese, Italian, Romanian
        "|pvpr|pvp|precio habitual|precio normal|precio regular"
        "|precio de lista"
        "|precio lista"
        "|precio recomendado"
        "|preço normal|preço de tabela|preço regular"
        "|prezzo consigliato|prezzo di listino"
        "|listino"
        "|prezzo pieno|prezzo normale|prezzo regolare|prezzo base"
        "|preț obișnuit|pret obisnuit|prp"
        "|preț recomandat"
        "|preț întreg|preț de listă"
        # Dutch, Swedish, Danish, Norwegian, Finnish, Icelandic
        "|adviesprijs|normale prijs"
        "|normaal"
        "|reguliere prijs|winkelprijs|adviesverkoopprijs"
        "|ordinarie pris|ord. pris|ord pris|ord|rek. pris|rekommenderat pris"
        "|normalt pris|ord.pris"
        "|normalpris|vejl. pris|vejledende pris"
        "|vanlig pris|veil. pris|veiledende pris|ordinær pris"
        "|normaalihinta|norm|normaali hinta|ovh|suositushinta"
        "|normaalisti"
        "|listaverð|venjulegt verð|fullt verð"
        # Polish, Czech, Slovak, Hungarian
        "|cena regularna|cena katalogowa"
        "|cena normalna|cena standardowa|cena sugerowana|sugerowana cena"
        "|cena detaliczna"
        "|cena podstawowa"
        "|běžná cena|běžně|doporučená cena"
        "|katalogová cena"
        "|standardní cena"
        "|bežná cena|odporúčaná cena"
        "|moc|bežne"
        "|listaár|normál ár|ajánlott ár|fogyasztói ár"
        "|rendes ár"
        "|teljes ár"
        # Croatian, Serbian, Slovene, Bulgarian, Greek
        "|redovna cijena|mpc|preporučena cijena|regularna cijena"
        "|redovna cena|redna cena|običajna cena|ppc"
        "|priporočena cena"
        "|regularna cena"
        "|редовна цена|стандартна цена|пцд"
        "|нормална цена"
        "|κανονική τιμή|τιμή καταλόγου|λιανική τιμή"
        "|προτεινόμενη τιμή"
        "|π.λ.τ"
        # Lithuanian, Latvian, Estonian
        "|įprasta kaina|reguliari kaina"
        "|standartinė kaina"
        "|parastā cena|regulārā cena"
        "|standarta cena"
        "|tavahind|täishind|jaehind|tavaline hind"
        "|soovituslik hind"
        # Russian, Ukrainian, Kazakh
        "|обычная цена|рекомендованная цена|ррц"
        "|розничная цена"
        "|регулярная цена|базовая цена"
        "|звичайна ціна"
        "|рекомендована ціна|рекомендована"
        "|роздрібна ціна"
        "|регулярна ціна"
        # Turkish, Vietnamese, Indonesian, Malay
        "|normal fiyat|liste fiyatı|piyasa fiyatı"
        "|tavsiye edilen fiyat"
        "|etiket fiyatı"
        "|giá thông thường|giá niêm yết|giá thị trường|giá thường|giá bìa"
        "|nguyên giá"
        "|harga reguler|harga normal|harga biasa"
        "|harga eceran"
        # Arabic, Hebrew, Persian, Hindi, Bengali
        "|السعر العادي"
        "|سعر التجزئة"
        "|מחיר רגיל|מחיר מחירון|מחירון|מחיר מלא"
        "|מחיר לצרכן"
        "|قیمت مصرف کننده|قیمت عادی"
        "|नियमित मूल्य|एमआरपी|अधिकतम खुदरा मूल्य|सूची मूल्य|एम.आर.पी"
        "|सामान्य मूल्य"
        "|নিয়মিত মূল্য"
        "|mp cena|mp cijena|мп цена|comp value|comp price|comparable value|comparable price|compare value"
        "|retail value|valued at|a value of|total value"
        "|regularly|normal retail|suggested retail price|manufacturer's suggested retail price"
    ),
    Role.MEMBER: (
        "с ozon банком|c ozon банком|ozon банком|abonné paie|abonnés paient"
        "|suscriptor|suscriptores|suscriptor paga|abonnenten|subscriber|subscribers"
        "|subscribers pay|abbonati|prenumeranter"
        "|tilaajille|dla abonentów|pro předplatitele|подписчикам|передплатникам|abonelere"
        "|exclusivo cmr|precio exclusivo cmr|cmr|tarjeta cmr|exclusivo tarjeta|precio exclusivo tarjeta|tarjeta ripley"
        "|tarjeta cencosud|exclusivo con tarjeta|exclusive to members|kartla özel|nur mit karte|carte exclusive"
        "|care plan|premium'a özel|premium price|à volonté|באילת|מחיר באילת|ikea family|family pris|family price"
        "|family preis|kortele|karti|kartele|kaardiga|säästukaardiga|partnerkaardiga|kortilla|plussakortilla"
        "|etukortilla|bonuskaart"
        "|klantenkaart|kundkort|stamkort|karticom|kartou|kartą|clubcarddal|kártyára|nectar|lidl plus|kaufland card"
        "|z aplikacją|s aplikací|s aplikáciou|with the app|mit app|mit der app|avec l'appli|con la app|com o app"
        "|met de app|med appen|moja biedronka|payback|mano rimi|mans rimi|minu rimi|flybuys|everyday rewards"
        "|real rewards|tarjeta|carte fidélité|carta fedeltà|cartão continente|carte de fidélité|fidelity card"
        "|loyalty card|bonus card|bonuskarte|vorteilskarte|karta stałego klienta|бонусная карта|картой|карткою"
        "|with trade-in|trade-in|with eligible trade-in|after trade-in|first order|new customers"
        "|first-time customers|subscribe|subscribe save|autoship|auto-delivery|student price"
        "|mit inzahlungnahme|bei inzahlungnahme|inzahlungnahme|neukunden|im abo|sparabo|spar-abo|avec reprise"
        "|reprise|abonnés|con permuta|permuta|nuevos clientes|suscríbete|precio tarjeta|na troca|con rottamazione"
        "|met inruil|inruil|med inbyte|w abonamencie|dla nowych klientów|в trade-in|по trade-in|по подписке"
        "|с кошельком|с wb кошельком|c ozon картой|ozon картой|по ozon карте"
        "|member price|members price|member's price|members' price|members pay|members|member|club price"
        "|clubcard price"
        "|clubcard|nectar price|loyalty price|rewards price|for members|with card|card price"
        "|prime price"
        "|subscriber price|plus price"
        "|mitglieder|für mitglieder|mitgliederpreis|mitgliedspreis|clubpreis|kundenkarte|mit karte"
        "|kartenpreis"
        "|mit payback"
        "|prix membre|prix membres|prix adhérent|adhérents|adhérent|prix club|membres|avec la carte"
        "|prix fidélité"
        "|prix carte"
        "|precio socio|precio socios|socios|precio club|para socios|precio miembro|con tarjeta"
        "|precio con tarjeta"
        "|preço sócio|sócios|preço clube|membros|preço de membro|preço cartão|com cartão|assinantes"
        "|prezzo soci|soci|prezzo club|prezzo per soci|con carta|prezzo membri|con tessera"
        "|prezzo fidelity"
        "|preț membru|preț club|membri|cu card|preț card"
        "|ledenprijs|leden|clubprijs|met kaart|voor leden|ledenvoordeel|medlemspris|medlem|medlemmar"
        "|klubbpris"
        "|medlemmer|klubpris"
        "|medlemstilbud|jäsenhinta|jäsenille|plussahinta|s-etukortilla|kanta-asiakashinta|jäsen"
        "|cena klubowa|cena dla członków|klubowicze|z kartą|cena z kartą|dla klubowiczów|dla członków"
        "|klubová cena|pro členy|členská cena|s kartou|cena s kartou|cena pro členy|pre členov|klubovka"
        "|cena s klubovou kartou"
        "|klubár|tagoknak|klubtagoknak|kártyával|klubcena|cijena za članove|za članove|s karticom"
        "|cena za člane"
        "|s kartico|za člane"
        "|клубна цена|за членове|с карта|цена с карта|τιμή μέλους|για μέλη|μέλη|με κάρτα|nariams"
        "|nario kaina|su kortele"
        "|biedriem"
        "|ar karti|biedru cena|liikmehind|liikmele|kliendikaardiga|püsikliendihind|kliendikaardi hind"
        "|цена по карте|по карте|с картой|клубная цена|для участников|членам клуба|с ozon картой"
        "|цена с картой"
        "|ціна за карткою|за карткою|з карткою|клубна ціна|для учасників|учасникам"
        "|üyelere özel|üye fiyatı|üyelere|kartla|kart ile|giá thành viên|thành viên"
        "|harga member|harga anggota"
        "|anggota"
        "|harga ahli|ahli|سعر الأعضاء|للأعضاء|سعر العضو|מחיר חבר|לחברי מועדון|חברי מועדון|מחיר מועדון"
        "|למועדון|قیمت اعضا"
        "|ویژه اعضا"
        "|सदस्य मूल्य|सदस्यों|সদস্য মূল্য"
        "|plussa hinta|plussahinta|bonuskortilla|wholesale|wholesale price|trade price|bulk price|großhandelspreis"
        "|händlerpreis|prix de gros|prix pro|precio mayorista|precio mayoreo|mayoreo|por mayor|atacado"
        "|preço atacado|ingrosso|prezzo ingrosso|groothandel|grossistpris|cena hurtowa|hurtowa|hurt"
        "|velkoobchodní cena|veľkoobchodná cena|nagyker ár|preț engros|цена на едро|на едро|veleprodajna cijena"
        "|veleprodajna cena|χονδρική|оптовая цена|оптовая|опт|оптом|оптова ціна|оптова|гурт|toptan|toptan fiyat"
        "|giá sỉ|grosir|harga grosir|جملة|סיטונאי|عمده"
    ),
}

PREPOSITIONS = (
    "ab|alk|starting at|starts at|starting from"
    "|über|von|over|above|from|of|exceeding|dès|à partir de|au-dessus de|plus de|pour|desde"
    "|a partir de|superiores a"
    "|más de|acima de"
    "|sopra i|sopra|oltre|oltre i|da|superiori a|od|nad|powyżej|vanaf|boven|fra|från|över|yli|alkaen"
    "|peste|de la"
    "|od kwoty|min|от|над|свыше"
    "|від|понад|από|άνω των|nuo|no|virs|alates|üle|felett|üzeri|üstü|từ|trên|di atas|mulai|min. belanja"
    "|minimum|ตั้งแต่"
    "|เกิน|فوق|من|מעל|מ-|בקנייה מעל|at least|spend|iznad|preko"
)
"""What stands between the words of a threshold and its amount, in the languages of FREE_DELIVERY."""
FREE_DELIVERY = (
    "free shipping|free delivery|ships free|free postage|versandkostenfrei|versandkostenfreie lieferung"
    "|gratisversand"
    "|gratis versand"
    "|kostenloser versand|kostenlose lieferung|kostenfreier versand|portofrei|frei haus"
    "|livraison gratuite"
    "|livraison offerte"
    "|port offert|frais de port offerts|envío gratis|envío gratuito|envíos gratis|envio gratis"
    "|frete grátis"
    "|portes grátis|envio grátis"
    "|entrega grátis|spedizione gratuita|spedizione gratis|consegna gratuita|gratis verzending"
    "|gratis bezorging"
    "|gratis verzonden"
    "|gratis levering|gratis bezorgd|fri frakt|fraktfritt|gratis frakt|fri fragt|gratis fragt"
    "|fri levering"
    "|ilmainen toimitus"
    "|toimitus veloituksetta|maksuton toimitus|darmowa dostawa|bezpłatna dostawa|doprava zdarma"
    "|doprava zadarmo"
    "|ingyenes szállítás"
    "|ingyenes kiszállítás|transport gratuit|livrare gratuită|livrare gratuita|бесплатная доставка"
    "|доставка бесплатно"
    "|безкоштовна доставка|доставка безкоштовно|безплатна доставка|δωρεάν αποστολή|δωρεάν μεταφορικά"
    "|besplatna dostava"
    "|brezplačna dostava"
    "|nemokamas pristatymas|bezmaksas piegāde|tasuta tarne|tasuta kohaletoimetamine|ücretsiz kargo"
    "|kargo bedava"
    "|miễn phí vận chuyển"
    "|miễn phí giao hàng|freeship|gratis ongkir|bebas ongkir|penghantaran percuma|ส่งฟรี|شحن مجاني"
    "|توصيل مجاني"
    "|משלוח חינם|ارسال رایگان"
    "|при заказе|при покупке|на заказ|при замовленні|при поръчка|przy zamówieniu|pri narudžbi|pri nákupe|při nákupu"
    "|bei bestellung|bei einkauf|dès l'achat|para pedidos|em compras|en compras|su ordini|bij bestelling|vid köp"
    "|siparişlerde|đơn hàng|untuk pembelian"
    "|free returns|free gift|orders|bestellungen|commandes|pedidos|ordini|bestellingen|zamówień"
    "|objednávky"
)
_OR_MORE = (
    "以上|이상|or more|and over|and above|ou plus|o más|ou mais|o più|of meer|eller mer|tai yli|lub więcej"
    "|a více"
    "|vagy több"
    "|sau mai mult|и выше|и более|і більше|ve üzeri|ve üstü|üzeri|trở lên|atau lebih|feletti|fölött"
    "|ขึ้นไป"
    "|أو أكثر|ומעלה"
)
LABELS: Final[Mapping[str, Role]] = {
    **dict.fromkeys(("internet", "online", "web", "webpreis", "oferta", "evento"), Role.NOW),
    **dict.fromkeys(("normal", "regular", "ordinario", "habitual", "lista", "antes", "normaal"), Role.LIST),
}
"""Words that say so when they're all that stands beside an amount on its line."""
OR_MORE: Final = tuple(_OR_MORE.split("|"))
"""Right behind an amount."""

_NAMED_BY_BUYER = frozenset(
    ["", "name your price", "pay what you want", "pay what you can", "you choose", "prix libre"]
)


TOKEN = re.compile(r"[^\W\d_]+|\d+|[+%]")
_MAX_CHARS = 80
"""Of the text on one side of an amount: words farther away do not speak of it."""
_MOST_CHARS = 400
"""Of an element with several amounts."""
_THIRTY = re.compile(r"\b30(?!\d)")
_PRICE_OF_THIRTY = re.compile(
    r"(?:cena|ceny|cenu|preis|price|prix|precio|preço|prezzo|prijs|pris|hinta|cijena|цена|ціна|τιμή|kaina|hind|ár|ára"
    r"|preț)\b.{0,40}\b30(?!\d)|\b30(?:[- ]?[^\W\d_]{1,12})?\.?[- ](?:[^\W\d_]{1,15} )?[^\W\d_]{0,12}"
    r"(?:cena|preis|price|prix|precio|prijs|pris|hinta|cijena|цена|τιμή|kaina|hind|ár)\b"
)
"""Days, of which the lowest price is told (directive (EU) 2019/2161)."""
_MAX_BETWEEN = 4
"""Words between those of free delivery and the preposition before a threshold."""


WITH_CARD: Final = (
    r"\b(?:with|mit|avec|con|com|met|med|z|ze|s|se|с|со|з|із|cu|su|ar|using) (?:[^\s;]+ ){0,4}?"
    r"(?<!credit )(?<!debit )(?<!bank )(?:card|karte|carte|tarjeta|cartão|kaart"
    r"|kort|kartą|kartou|картой|карткою|carta"
    r"|tessera|kortele|karti|kartom|karticom|картица|plus)\b"
)
"""A card of a shop's own name: `with Target Circle Card`."""
_WITH_CARD = re.compile(WITH_CARD)


class Phrases:
    """Phrases of whole words → what they mean. A blank, a point or a dash between words makes no difference."""

    def __init__(self, meanings: Mapping[Role, str]) -> None:
        self._meanings: dict[tuple[str, ...], Role] = {}
        self._longest: dict[str, int] = {}
        for role, phrases in meanings.items():
            for phrase in phrases.split("|"):
                words = tuple(TOKEN.findall(phrase))
                self._meanings.setdefault(words, role)
                self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def at(self, words: Sequence[str], index: int) -> tuple[int, Role] | None:
        """Return how many words the longest phrase has that begins here, and what it means."""
        for count in range(min(self._longest.get(words[index], 0), len(words) - index), 0, -1):
            role = self._meanings.get(tuple(words[index : index + count]))
            if role is not None:
                return count, role
        return None


@lru_cache(maxsize=1)
def _spaced() -> Phrases:
    return Phrases(SPACED)


@lru_cache(maxsize=1)
def _free_delivery() -> tuple[Phrases, Phrases]:
    return Phrases({Role.PART: FREE_DELIVERY}), Phrases({Role.PART: PREPOSITIONS})


@lru_cache(maxsize=1)
def _unspaced() -> tuple[re.Pattern[str], Mapping[str, Role]]:
    roles = {word: role for role, words in UNSPACED.items() for word in words.split("|")}
    longest_first = sorted(roles, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), roles


def role_said(gap: str) -> Role | None:
    """
    Return what the last phrase in the text before (or behind) an amount, in lower case, says of it.

    That it is a part is believed of the words right before it alone: `Free delivery: now $5`.
    """
    if "30" in gap and _PRICE_OF_THIRTY.search(gap[-_MAX_CHARS:]):
        return Role.ASIDE
    found = _said(gap[-_MAX_CHARS:])
    if not found:
        return None
    is_lowest = any(role is Role.BESIDE for _, _, role in found)
    return Role.ASIDE if is_lowest and _THIRTY.search(gap) else max(found)[2]


def says(text: str, role: Role) -> bool:
    """Return whether some phrase in a text, in lower case, says this."""
    return any(said is role for _, _, said in _said(text[:_MOST_CHARS]))


def role_alone(before: str, behind: str) -> Role | None:
    """Return what the phrase that ends right before a lone amount, or is all that stands behind it, says of it."""
    before, behind = before[-_MAX_CHARS:].rstrip(" :：(（"), behind[:_MAX_CHARS].strip(" :：()（）.")
    if role_said(before) is Role.ASIDE:
        return Role.ASIDE
    ending = [role for _, end, role in _said(before) if end == len(before)]
    whole = [role for start, end, role in _said(behind) if (start, end) == (0, len(behind))]
    return next(iter(ending + whole), None)


def first_in(text: str) -> Role | None:
    """Return what the first phrase in a text says, in lower case."""
    return LABELS.get(text.strip(" :()")) or min(_said(text[:_MAX_CHARS]), default=(0, 0, None))[2]


def first_said(gap: str, *, is_last: bool) -> Role | None:
    """Return what the phrase at the beginning of a text between two amounts says of the first, if others follow"
    " it."""
    found = sorted(_said(gap[:_MAX_CHARS]))
    is_of_first = bool(found) and (is_last or len(found) > 1) and not gap[: found[0][0]].strip(" (")
    return found[0][2] if is_of_first else None


@lru_cache(maxsize=1_000)
def _said(gap: str) -> Sequence[tuple[int, int, Role]]:
    """Return where each phrase begins and ends, and what it says; gaps are the same at the next check of a page."""
    cards = ((*card.span(), Role.MEMBER) for card in _WITH_CARD.finditer(gap))
    return (*_spaced_in(gap), *cards, *(() if gap.isascii() else _unspaced_in(gap)))


def _spaced_in(gap: str) -> Iterator[tuple[int, int, Role]]:
    tokens = list(TOKEN.finditer(gap))
    words = [token[0] for token in tokens]
    index = 0
    while index < len(words):
        count, role = _spaced().at(words, index) or (1, None)
        end = index + count
        is_last = end == len(words) or (role is Role.PART and _reaches_end(_free_delivery()[1], words, end))
        if role is not None and (role is not Role.PART or is_last):
            yield tokens[index].start(), tokens[index + count - 1].end(), role
        index += count


def _unspaced_in(gap: str) -> Iterator[tuple[int, int, Role]]:
    expression, roles = _unspaced()
    for match in expression.finditer(gap):
        is_other_word = match[0] == "到手" and gap[match.end() : match.end() + 1] == "机"
        if not is_other_word:
            yield match.start(), match.end(), roles[match[0]]


def is_threshold_before(gap: str) -> bool:
    """Return whether the text before an amount, in lower case, makes it what free delivery asks for."""
    words = TOKEN.findall(gap[-_MAX_CHARS:])
    free, prepositions = _free_delivery()
    for index in range(len(words)):
        found = free.at(words, index)
        if found:
            rest = words[index + found[0] :]
            starts = range(max(0, len(rest) - _MAX_BETWEEN), len(rest))
            return any(_reaches_end(prepositions, rest, start) for start in starts) and len(rest) <= 2 * _MAX_BETWEEN
    return False


def _reaches_end(phrases: Phrases, words: Sequence[str], start: int) -> bool:
    found = phrases.at(words, start)
    return found is not None and start + found[0] == len(words)


def is_threshold_around(before: str, behind: str) -> bool:
    """Return whether a preposition stands before an amount, and free delivery behind it: `ab 50 € portofrei`."""
    words, following = TOKEN.findall(before[-_MAX_CHARS:]), TOKEN.findall(behind[:_MAX_CHARS])
    free, prepositions = _free_delivery()
    return (
        bool(following)
        and free.at(following, 0) is not None
        and any(
            _reaches_end(prepositions, words, start) for start in range(max(0, len(words) - _MAX_BETWEEN), len(words))
        )
    )


def is_threshold_behind(gap: str) -> bool:
    """Return whether the text behind an amount, in lower case, says that it is the least of something."""
    return gap.lstrip(" )）").startswith(OR_MORE)


def is_named_by_buyer(before: str, behind: str) -> bool:
    """Return whether a buyer may pay more than a lone amount: nothing but `or more` stands beside it."""
    return before.strip(" :") in _NAMED_BY_BUYER and behind.strip(" .!()") in OR_MORE
