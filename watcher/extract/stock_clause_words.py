"""
What a clause about stock may speak of beside the goods, now and here: places, services, days to come. By stems.

Stems stand at the beginning of a word, parts anywhere: scripts that put no blanks between words. A hyphen is written
as a space.
"""

from __future__ import annotations

from typing import Final

STORE_STEMS: Final[str] = (
    "store|showroom|branch|filiale|markt|märkt|magasin|boutique|tienda|sucursal|negozi|loja|de winkel|winkels"
    "|onze winkel|sklep|salon|prodejn|predajn|üzlet|magazin|butik|varehus|myymäl|κατάστημα|καταστήματ|mağaza|магазин"
    "|veikal|parduotuv|poes|kauplus|trgovin|prodavnic|poslovnic|cửa hàng|toko|gerai|tại quầy"
    "|out of stock at|unavailable at|not available at|not in stock at|sold out at|in stock at|available in stores"
    "|at this location|in your area|at your"
)
STORE_PARTS: Final[str] = (
    "店舗|店頭|実店舗|门店|門市|线下|매장|สาขา|หน้าร้าน|المتجر|المعرض|סניף|בחנות|فروشگاه|दुकान"
    "|الفرع|فرع|其他地区|其它地区|其他地區|其他商家|其他卖家|他店|شعبه"
)
PICKUP_STEMS: Final[str] = (
    "pickup|pick up|curbside|kerbside|store pickup|click & collect|click and collect|collect in|for collection"
    "|in person|retrait|retiro"
    "|recogida|recoger|recolha|retirada|ritiro|abhol|selbstabhol|afhalen|ophalen|afhaal|odbiór|odbior|osobní odběr"
    "|vyzvednut|osobný odber|átvétel|ridicare|самовывоз|самовивіз|вземане|preuzimanje|prevzem|hämta|hämtning|afhent"
    "|hente|nouto|παραλαβ|teslim al|gel al|pengambilan|ambil di|nhận tại|mağazadan teslim"
    "|забрать|заберите|забрати"
)
PICKUP_PARTS: Final[str] = "店舗受取|店頭受取|自提|超商取货|超商取貨|픽업|الاستلام|استلام|איסוף|تحویل حضوری"
DELIVERY_STEMS: Final[str] = (
    "delivery|shipping|lieferung|versand|livraison|envío|envio|entrega|spedizion|consegna|bezorg|verzend|dostaw"
    "|wysyłk|doruč|dodání|szállít|livrare|доставк|leverans|levering|toimitus|παράδοσ|kargo|teslimat|pengiriman"
    "|giao hàng"
)
DELIVERY_PARTS: Final[str] = "التوصيل"
SERVICE_STEMS: Final[str] = (
    "free delivery|free shipping|express|same day|next day|expedited|envío gratis|envio grátis|livraison gratuite"
    "|gift wrap|gift option|gift messag|gift pack|gift box|geschenkverpack|geschenkoption|geschenkpap"
    "|emballage cadeau|papier cadeau|paquet cadeau|envoltorio|envolver|embrulho|confezione regalo|inpak|cadeauverpak"
    "|dárkové balení|darčekov|pakowani|ajándékcsomag|подарочн|подарунков|hediye paketi|gåvoinsl|gaveindpak|lahjapak"
    "|engrav|gravur|graviur|personalis|personaliz|montage|installation|assembly|financ|finanz|trade in|image"
    "|photo|picture|preview|size guide|size chart|price match|protection plan|warranty|try on"
    "|ratenzahl|ratenkauf|subscription|subscribe &|subscribe and|suscripción|assinatura|abbonament|abonnement"
    "|installment|instalment|cuotas|leasing"
    "|paypal|klarna|apple pay|google pay|cash on delivery|nachnahme|contrassegno|contra reembolso|наложен|рассрочк"
    "|оплата|gift|geschenk|regalo|cadeau|click to pay|samples|reviews|garantie|buyback|eintausch|refill"
)
SERVICE_PARTS: Final[str] = (
    "ギフト|ラッピング|熨斗|礼品包装|禮品包裝|分期|선물포장|선물 포장|할부|تغليف|אריזת מתנה|ห่อของขวัญ"
)
WEB_STEMS: Final[str] = (
    "online|on line|internet|web|e shop|eshop|e store|website|site|en ligne|en línea|em linha|nettlager|nettbutik"
    "|netbutik|netlager|verkko|e pood|e poe|e veikal|e parduotuv|e sklep|e trgovin|e mağaza|διαδικτ|trực tuyến|daring"
    "|çevrimiçi|e butik|home delivery"
)
WEB_PARTS: Final[str] = (
    "ネット|オンライン|通販|网店|網店|线上|線上|网上|網上|온라인|인터넷|ออนไลน์|أونلاين|الإنترنت|אונליין|אתר|آنلاین"
)
"""Of a clause that speaks of a place, these say that it speaks of the shop in the web as well."""

MESSAGE_STEMS: Final[str] = (
    "wartelist|waiting list|waitlist|wait list|liste d'attente|lista de espera|lista d'attesa|wachtlijst|väntelist"
    "|ventelist|venteliste|jonotus|лист ожидания|keep me posted|keep me updated|let me know|tell me when"
    "|e mail|email|emailt|sähköpost|el. pašt|pašto|poštn|értesít|obavijest|obavest|obvest|praneš|ilmoit|muistut|notif"
    "|benachricht|powiadom|уведом|сообщ|повідом|ειδοπο|ενημερ|bildir|haber ver|thông báo|meddel|varsl|besked|melding"
    "|upozor|hlíd|strážiť|bevak|teavit|paziņo|anunț|anunt|уведоми|извест|beri tahu|ingatkan|maklum"
)
MESSAGE_PARTS: Final[str] = (
    "キャンセル待ち|通知|提醒|お知らせ|알림|候补|候補|אימייל|הודיעו|עדכנו|اطلاع|خبر|میل|أعلم|أبلغ|نبه|إشعار|แจ้ง|सूचित"
)

MONTHS: Final[str] = (
    "jan|feb|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|january|february|march|april|june|july|august|september"
    "|october|november|december|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril"
    "|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    "|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    "|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|januari|februari|maart|mei"
    "|augustus|augusti|maj|stycznia|lutego|marca|kwietnia|czerwca|lipca|sierpnia|września|października|listopada"
    "|grudnia|ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince|januára|februára"
    "|januára|mája|júna|júla|októbra|novembra|decembra|január|február|március|április|május|június|július"
    "|augusztus|szeptember|október|ianuarie|februarie|martie|aprilie|iunie|iulie|septembrie|octombrie|noiembrie"
    "|decembrie|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|січня|лютого"
    "|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|ocak|şubat|mart|nisan|mayıs|haziran"
    "|temmuz|ağustos|eylül|ekim|kasım|aralık|tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta"
    "|heinäkuuta|elokuuta|syyskuuta|lokakuuta|marraskuuta|joulukuuta|desember|tháng|maret|agustus|ιανουαρίου"
    "|φεβρουαρίου|μαρτίου|απριλίου|μαΐου|ιουνίου|ιουλίου|αυγούστου|σεπτεμβρίου|οκτωβρίου|νοεμβρίου|δεκεμβρίου"
    "|spring|summer|autumn|frühjahr|sommer|herbst|q1|q2|q3|q4"
)
FROM: Final[str] = (
    "from|on|in|starting|ab|am|à partir|a partir|partir|dès|le|desde|el|em|dal|dall'|da|vanaf|per|op|od|w dniu|från"
    "|den|fra|с|від|от|з|alkaen|από|στις|începând|din|mulai|từ"
    "|il|начиная|prévu le|prévu|du|des"
)
"""What stands before the day from which something is there: `verfügbar ab 3. Februar`."""
AVAILABLE_STEMS: Final[str] = (
    "availab|lieferbar|verfügbar|erhältlich|vorrätig|bestellbar|disponi|dispo|leverbaar|beschikbaar|verkrijgbaar"
    "|voorraad|dostępn|dostupn|dostępno|skladem|sklade|elérhető|kapható|raktár|stoc|stok|доступ|наличи|продаж|наявн"
    "|διαθέσιμ|mevcut|satışta|tilgængelig|tilgjengelig|tillgänglig|lager|saatavilla|varasto|tersedia|có hàng"
    "|in store on|release|erschein|parution|paraît|sortie|lanzamiento|a la venta|lançamento|uscita|esce il|verschijn"
    "|premier|vyjde|vychází|megjelen|apariți|выход|релиз|вихід|släpps|utkommer|udkommer|utgis|ilmesty|κυκλοφορ|çıkış"
)
AVAILABLE_PARTS: Final[str] = "発売|入荷|발매|출시|입고|上市|发售|發售|上架|有货|有貨|补货|補貨|到货|到貨"
AGAIN: Final[str] = (
    "back in stock|back on|available again|restock|wieder|de retour|à nouveau|de nouveau|di nuovo|de vuelta|de nuevo"
    "|nuevamente|de novo|novamente|weer|ponownie|znowu|opět|znovu|снова|знову|újra|din nou|отново|ξανά|tekrar|taas"
    "|igen"
    "|åter|tilbake|på nytt|tillbaka|vrátí|powrót|volver"
    "|in arrivo|arrivage|in transit|incoming|im zulauf|na cestě|due back|due in|due on|due to arrive|reposición"
    "|réassort|в пути|на пути|onderweg|på väg"
    "|på vej"
)
EXPECTED: Final[str] = (
    "expected|estimated|voraussichtlich|erwartet|prévu|prévue|attendu|previst|previsto|prevista|atteso|verwacht"
    "|oczekiwan|przewidywan|očekáv|ожида|очіку|várható|beräkn|forvent|odotet|estimad|eta|due|arriving"
    "|ventes|kommer|verwachte|expect|se espera|esperad|spodziewan|очаква|väntas|bekleniyor|αναμέν"
)
AWAITED: Final[str] = (
    "expected|next expected|erwartet|wird erwartet|attendu|attendue|atteso|attesa|previsto|esperad|se espera|verwacht"
    "|oczekiwan|spodziewan|očekáv|ожида|очіку|очаква|odotet|forvent|väntas|ventes|várható|αναμέν|bekleniyor"
)
"""Beside a day, and without a word of delivery: the goods are not there yet."""
EXPECTED_PARTS: Final[str] = "予定|예정|预计|預計|予約"
SHIPS_STEMS: Final[str] = (
    "ship|dispatch|despatch|versand|versend|expédi|envío|envia|wysył|отправ|відправ|skickas|sendes"
)
SHIPS_PARTS: Final[str] = "发货|發貨|出货|出貨|発送|出荷|발송|출고|배송"
LEAD_TIME_STEMS: Final[str] = (
    "expected by|expected between|lead time|lieferzeit|liefertermin|délai|plazo|prazo|tempi|levertijd"
    "|leveringstid|leveranstid|dodací|termin|срок"
    "|поставк|χρόνος|teslimat|toimitusaika|szállítási|deliver|arrive|ready|liefer"
)
LEAD_TIME_PARTS: Final[str] = "納期|届け|お取り寄せ|到货|到貨|交期|交货|送达|도착"
WEEKS: Final[str] = (
    "week|woche|semain|seman|settiman|weken|tygod|týd|týž|недел|тижн|hét|săptăm|седмиц|εβδομάδ|hafta|tuần|minggu"
    "|vecko|uger|uker|viikko|savai|nedēļ|nädal|teden|tjed|недељ|month|monat|mois|meses|mesi|maand|miesi|měsíc|mesiac"
    "|месяц|місяц|hónap|luni|månad|måned|kuukau|bulan|tháng"
)
WEEKS_PARTS: Final[str] = (
    "週間|周|星期|週|か月|ヶ月|カ月|ヵ月|个月|個月|개월|주 이내|주 소요|สัปดาห์|เดือน|أسابيع|أسبوع|שבועות|हफ्ते|सप्ताह"
)
RESERVE: Final[str] = (
    "reserve|reservar|reserver|réserver|prenota|reserveer|reservieren|zarezerwuj|rezervovat|rezervovať|rezervă"
    "|забронировать|забронювати|foglalás|boka|reserver"
)
RESERVE_PARTS: Final[str] = "予約|예약|预约|預約|预订|預訂"
"""What is a pre-order beside a day to come, and might else be a table or a room."""

OFFER_STEMS: Final[str] = (
    "add|buy|order|cart|basket|bag|trolley|book|get|ticket|warenkorb|einkaufswagen|korb|kaufen|bestellen|buchen|panier"
    "|sac|acheter|achète|commander|réserver|carrito|cesta|carro|comprar|compra|carrello|acquist|carrinho|cesto|sacola"
    "|cabaz|winkelwagen|winkelmand|mandje|koop|bestel|koszyk|kup|корзин|купить|заказать|кошик|купити|koš|objedn|koup"
    "|kúpiť|korpu|kosár|megvesz|megvásár|coș|coş|cos|cumpăr|καλάθι|αγορ|sepet|satın|hemen al|varukorg|kundvagn|köp"
    "|kurv|indkøb|køb|kjøp|handle|ostoskori|kori|osta|giỏ|mua|keranjang|beli|troli|количка|купи|krepšel|pirk|groz"
    "|korvi|cistella|lieferzeit|lieferung|versand|delivery|ship|dispatch|livraison|expédi|envío|entrega|consegna|spedi"
    "|levertijd|bezorg|wysył|доставк|отправ|dodá|doruč|szállít|livr|leverans|levering|toimit|παράδοσ|αποστολ|kargo"
    "|teslim|giao"
)
OFFER_PARTS: Final[str] = (
    "购|買|买|订|訂|抢|搶|下单|カート|カゴ|かご|バッグ|注文|予約|담기|구매|구입|예매|예약|주문|ตะกร้า|ซื้อ|السلة|اشتر"
    "|سلة|עגלה|לסל|קנה|سبد"
    "|خرید|कार्ट|खरीद|发货|發貨|送达|発送|届け|배송|발송|출고|التوصيل|משלוח"
)
"""What a button says, or a line of delivery, which stay where they are while the goods are gone."""

ONLY: Final[str] = (
    "only|exclusive|exclusively|solely|nur|ausschließlich|uniquement|seulement|exclusivement|solo|sólo|únicamente"
    "|exclusivamente|soltanto|esclusivamente|apenas|somente|alleen|uitsluitend|tylko|wyłącznie|pouze|len|csak|doar"
    "|numai|только|лише|тільки|само|samo|bara|endast|kun|vain|μόνο|sadece|yalnızca|chỉ|hanya"
)
"""Of a store: what can be had there, and is not said of the web shop."""

STARTS: Final[str] = (
    "begin|start|open|on sale|onsale|öffnet|verkaufsstart|ouverture|ouvre|début|empieza|comienza|abre|apertura|inicia"
    "|inizia|apre|começa|abertura|otwarcie|rozpocz|zahájení|začátek|začín|старт|начало|начн|откро|почат|öppnar|åpner"
    "|åbner|alkaa|avautuu|başlıyor|başlayacak|açılıyor|açılacak|mulai|bắt đầu|mở bán"
    "|möglich|possible à partir|posible a partir|possibile da"
)
STARTS_PARTS: Final[str] = "开售|開賣|开抢|開搶|販売開始|受付開始|販売予定|オープン|오픈|판매 시작|예매 시작"
SALE_STEMS: Final[str] = (
    "sale|presale|onsale|ticket|registr|booking|enrol|application|anmeldung|verkauf|vorverkauf|buchung|billet|vente"
    "|inscri|réservation|venta|entradas|matrícula|boletos|vendit|prevendit|biglietti|iscrizion|venda|ingressos"
    "|bilhetes|verkoop|voorverkoop|inschrijv|sprzedaż|zapisy|bilety|prodej|vstupen|predaj|jegy|értékes|jelentkez"
    "|vânz|bilete|înscri|продаж|билет|регистрац|запись|квитк|реєстрац|försälj|förköp|biljett|anmäl|salg|billett"
    "|påmeld|tilmeld|myynti|lippu|ilmoittaut|πώληση|προπώληση|εισιτήρια|satış|bilet|kayıt|penjualan|tiket|đăng ký"
    "|mở bán"
    "|vorbestell|précommande|preorder|pre order"
)
UNTIL: Final[str] = (
    "until|till|through|ends|ending|bis|jusqu'au|jusqu|hasta|fino|tot|t/m|do|až do|до|till och med|til og med|asti"
    "|saakka"
    "|kadar|sampai|đến|până|éως|μέχρι"
)
"""Before a day that ends what is now: `on sale until 5 December`."""

CHOOSE_STEMS: Final[str] = (
    "select|choose|pick a|wähl|auswähl|auswahl|choisi|sélectionn|seleccion|elige|elegir|escolh|selecion|scegli"
    "|selezion"
    "|kies|selecteer|wybierz|vyber|выбер|выбрать|оберіть|välj|vælg|velg|valitse|seç|pilih|chọn|επιλέξ|válassz|alege"
    "|izaber|odaber|izber|изберете"
)
CHOOSE_PARTS: Final[str] = "選択|选择|選擇|请选|請選|선택|เลือก|اختر|בחר|انتخاب|चुनें"
"""What a button waits for that cannot be pressed yet."""
