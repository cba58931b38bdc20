"""
What kind of page it is by its heading, where nobody watches pages of this kind, or only some of what stands on them.

| the heading is | on the page is watched |
|---|---|
| `Thank you for your order`, `FAQ`, `Contact`, `Impressum`, `Versand und Zahlung`, `Size guide` | nothing |
| `Privacy policy`, `Cookies`, `About us`, `User manual` | lists with dates or prices, as of old versions |
| `Mortgage calculator`, `Inch to cm converter`, with a form | what was not computed |
| any other | everything |

A heading is looked at as a whole: `Contact lenses` is no contact, and a rate that a currency converter shows is news.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from watcher.extract.suggesting.unwatched_words import is_legal_title

_TITLE_CHARACTERS = 60
"""What is longer is the title of an article."""


class PageKind(Enum):
    """What a page is, by its heading."""

    FIXED = auto()
    LEGAL = auto()
    MANUAL = auto()
    CALCULATOR = auto()
    OTHER = auto()


_SEPARATOR = re.compile(r" [–—|·-] | ?: |：")
_THANKS = re.compile(
    r"""
    thank(?:s|\ you)\b|(?:order|payment|booking|purchase|registration)\ (?:confirmed|confirmation|received|complete)
    |(?:vielen|herzlichen)\ dank|danke\b|bestellbestätigung|merci\b|confirmation\ de\ (?:votre\ )?commande
    |(?:muchas\ )?gracias|confirmación\ de(?:l|\ tu|\ su)?\ pedido|(?:mille\ )?grazie|conferma\ (?:dell')?ordine
    |obrigad[oa]
    |pedido\ confirmado|bedankt|dank\ (?:je|u)\b|tack\ för|tak\ for|takk\ for|kiitos|dziękujemy|děkujeme|ďakujeme
    |köszönjük
    |(?:vă\ )?mulțumi|(?:σας\ )?ευχαριστ|спасибо|благодар|дякуємо|teşekkür|terima\ kasih|(?:xin\ )?cảm\ ơn|شكر|תודה
    |感谢您|感謝您|谢谢|下单成功|订单(?:已)?提交|支付成功|提交成功|ご注文ありがとう|.{0,12}ありがとうございま|(?:送信
    |登録)完了|감사합니다
    |.{0,6}주문(?:이\ )?완료|ขอบคุณ
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIXED = re.compile(
    r"""
    (?:our\ |the\ )?(?:faqs?|f\.a\.q\.?|frequently\ asked\ questions)|(?:häufig(?:\ gestellte)?e?\ fragen|fragen\ (?:und
    |&)\ antworten)
    |foire\ aux\ questions|questions\ (?:fréquentes|&?\ ?réponses)|preguntas\ frecuentes|domande\ frequenti
    |perguntas\ frequentes|veelgestelde\ vragen|vanliga\ frågor(?:\ och\ svar)?|ofte\ stil(?:lede|te)\ spørgsmål
    |usein\ kysyt(?:tyä|yt\ kysymykset)|najczęściej\ zadawane\ pytania|často?\ kladené\ (?:dotazy|otázky)|časté\ dotazy
    |gyakori\ kérdések|gyakran\ ismételt\ kérdések|întrebări\ frecvente|συχνές\ ερωτήσεις|часто\ задаваемые\ вопросы
    |вопросы\ и\ ответы|(?:поширені|часті)\ (?:за)?питання|sık(?:ça)?\ sorulan\ sorular|pertanyaan\ (?:umum
    |yang\ sering.*)
    |câu\ hỏi\ thường\ gặp|الأسئلة\ (?:الشائعة|المتكررة)|שאלות\ (?:נפוצות|ותשובות)|常见问题(?:解答)?|常見問題
    |よくある(?:ご)?質問|자주\ ?묻는\ ?질문
    |คำถามที่พบบ่อย
    |contact(?:\ (?:us|details|information|info|form|page))?|get\ in\ touch|how\ to\ (?:find|reach)\ us|(?:kontakt
    |anfahrt)(?:\ und\ \w+)?
    |so\ finden\ sie\ uns|contactez[\s-]nous|nous\ contacter|cont[aá]ct(?:o|anos)|contatt(?:i|aci)|contatos?|contactos
    |fale\ conosco
    |(?:ota\ )?yhteyt(?:tä|stiedot)|yhteystiedot|elérhetőség(?:ek|eink)?|kapcsolat|επικοινωνία|контакты|контакти
    |зв['’]язок
    |iletişim|hubungi\ kami|liên\ hệ|اتصل\ بنا|تواصل\ معنا|צ(?:ו)?ר(?:ו)?\ קשר|联系(?:我们|方式)|聯[絡繫](?:我們|方式)
    |お問い合わせ|アクセス
    |연락처|문의(?:하기)?|오시는\ ?길|ติดต่อ(?:เรา)?
    |imprint|impressum|legal\ notice|mentions\ légales|aviso\ legal|note\ legali|colofon|nota\ prawna|tiráž|impresszum
    |künye
    |法律声明|特定商取引法.{0,12}|(?:our\ )?(?:opening|visiting)\ (?:hours|times)|öffnungszeiten
    |horaires\ d['’]ouverture|orari(?:o)?\ di\ apertura
    |horarios?\ de\ (?:apertura|atención|atendimento)|openingstijden|öppettider|åbningstider|åpningstider|aukioloajat
    |godziny\ otwarcia
    |otevírací\ doba|nyitvatartás|program\ de\ lucru|ώρες\ λειτουργίας|(?:часы|график|режим)\ работы|çalışma\ saatleri
    |营业时间|開館時間|営業時間|영업시간
    |(?:free\ )?(?:shipping|delivery|returns?)(?:\ (?:and|&|costs?|charges|rates|information|info|policy|times|payment
    |delivery|returns?|refunds?|shipping))*
    |(?:versand|lieferung|rückgabe|rücksendung|zahlung)(?:sart(?:en)?|skosten|sinformationen)?(?:(?:\ und\s|\ &\s|,\ ?)
    (?:versand|lieferung|rückgabe|rücksendung|zahlung)\w*)*
    |(?:livraison|retours?|frais\ de\ (?:port|livraison))(?:\ (?:et|&)\ (?:retours?|paiement|livraison))?
    |(?:envíos?|devoluciones|gastos\ de\ envío)(?:\ y\ (?:devoluciones|entregas|pagos?))?|(?:spedizion[ei]
    |resi)(?:\ e\ \w+)?
    |(?:envios?|entregas?|trocas)(?:\ e\ \w+)?|(?:verzend(?:ing|en|kosten)|bezorg(?:ing|en)|levering
    |retour(?:neren)?)(?:\ (?:en|&)\ \w+)?
    |(?:frakt|leverans|levering)(?:\ (?:och|og|&)\ \w+)?|toimitus(?:tavat|ehdot|\ ja\ \w+)?|(?:dostawa|wysyłka
    |zwroty)(?:\ i\ \w+)?
    |(?:doprava)(?:\ a\ \w+)?|szállítás(?:\ és\ \w+)?|(?:доставка|оплата|возврат)(?:\ и\ \w+)?|(?:kargo|teslimat
    |iade)(?:\ ve\ \w+)?
    |(?:配送|送料|返品)(?:について|・.{1,10}|と.{1,10})?|(?:配送|运费|退换货)(?:说明|政策|方式)|배송(?:\ ?(?:안내|정보
    |및.{1,10}))?
    |site\ ?map|inhaltsverzeichnis|plan\ du\ site|mapa\ (?:del?|do)\ (?:la\ )?(?:sitio|site|web)|mappa\ del\ sito
    |sivukartta
    |mapa\ strony|mapa\ (?:stránek|webu)|oldaltérkép|карта\ сайта|site\ haritası|网站地图|網站地圖|サイトマップ
    |사이트\ ?맵
    |glossary|glossar|glossaire|glosario|glossario|glosariusz|词汇表|術語表|用語集
    |(?:(?:women|men|kid|children)['’]?s\ )?siz(?:e|ing)\ (?:guide|chart)s?|größen(?:tabellen?|berater|guide)
    |guide\ des\ tailles
    |guía\ de\ tallas|tabla\ de\ tallas|guida\ alle\ taglie|guia\ de\ tamanhos|maattabel|storleks(?:guide|tabell)
    |størrelsesguide
    |kokotaulukko|tabela\ rozmiarów|tabulka\ velikostí|mérettáblázat|таблица\ размеров|beden\ tablosu|尺[码碼](?:表
    |对照表|指南)|サイズ(?:表|ガイド|一覧)
    |ghid\ (?:de\ )?mărimi|οδηγός\ μεγεθών|tabela\ de\ (?:medidas|tamanhos)|bảng\ (?:size|kích\ cỡ)|panduan\ ukuran
    |מדריך\ מידות|دليل\ المقاسات|ตารางไซ[ซส]์|таблиця\ розмірів|tabuľka\ veľkostí|suuruste\ tabel
    |사이즈\ ?(?:표|가이드|안내)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT = re.compile(
    r"""
    about(?:\ us)?|about\ (?:the|our)\ (?:company|club|museum|library|project|shop|team)|who\ we\ are|what\ we\ do
    |our\ (?:history|story|mission|team|values|people|staff|services)|(?:meet\ the\ |the\ )team|services
    |company\ (?:profile|history)|(?:wir\ )?über\ uns|unsere?\ (?:geschichte|team|leitbild|philosophie|leistungen)
    |(?:das\ )?team
    |vorstand|leistungen|chronik|geschichte|qui\ sommes[\s-]nous\ ?\??|à\ propos(?:\ de\ nous)?|notre\ (?:histoire
    |équipe)|nos\ services
    |quiénes\ somos|sobre\ n(?:osotros|ós)|nuestr[ao]\ (?:historia|equipo)|nuestros\ servicios|chi\ siamo
    |la\ nostra\ storia|i\ nostri\ servizi
    |quem\ somos|a\ empresa|nossa\ história|over\ ons|wie\ (?:zijn\ wij|wij\ zijn)|ons\ team|onze\ (?:diensten
    |geschiedenis)|om\ (?:oss|os)
    |(?:tietoa\ )?meistä|o\ (?:nas|nás)|rólunk|despre\ noi|σχετικά\ με\ εμάς|ποιοι\ είμαστε|о\ (?:нас|компании)|про\ нас
    |hakkımızda
    |tentang\ kami|(?:giới\ thiệu|về\ chúng\ tôi)|(?:من\ نحن|معلومات\ عنا)|אודות(?:ינו)?|关于我们|關於我們|(?:公司
    |企业)(?:简介|介绍)|会社(?:概要|案内)
    |私たちについて|회사\ ?소개|เกี่ยวกับเรา
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LAW = re.compile(
    r"""
    accessibility\ statement|(?:erklärung\ zur\ )?barrierefreiheit|déclaration\ d['’]accessibilité
    |(?:general\ )?terms(?:\ (?:and|&)\ conditions|\ of\ (?:use|service|sale))?(?:\ .{0,20})?|conditions\ of\ (?:use
    |sale)
    |(?:allgemeine\ )?(?:geschäfts|nutzungs)bedingungen.{0,8}|agb|widerruf\w*|conditions\ générales.{0,30}|(?:términos
    |condiciones).{0,30}
    |(?:termini|condizioni)\ .{0,30}|termos\ .{0,30}|algemene\ voorwaarden|(?:köp|allmänna\ )villkor|handelsbetingelser
    |käyttöehdot
    |regulamin(?:\ .{0,30})?|obchodní\ podmínky|általános\ szerződési.{0,12}|termeni\ și\ condiții|όροι\ .{0,20}
    |(?:пользовательское\ соглашение|условия\ .{0,20})|kullanım\ (?:koşulları|şartları)|(?:用户|服务)(?:协议|條款|条款)
    |利用規約|이용\ ?약관
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MANUAL = re.compile(
    r"""
    (?:.{0,30}\ )?(?:user|owner|operating|instruction|installation)['’]?s?\ (?:manual|guide|handbook|instructions)\b
    |(?:manual|handbook)\b
    |getting\ started|quick\ start|troubleshooting|keyboard\ shortcuts|error\ codes|what\ (?:is|are)\ (?!on\b|new\b)
    |how\ (?:does|do|to)\ .*(?:work|use)|tutorial
    |(?:.{0,30}\ )?(?:bedienungs|gebrauchs|installations)?anleitung\b|handbuch|was\ (?:ist|sind)\ |fehler(?:behebung
    |codes)|tastenkürzel
    |(?:mode\ d['’]emploi|manuel)\b|qu['’]est-ce|raccourcis|manual\ de|(?:qué|cómo)\ (?:es|son|funciona)|manuale
    |cos['’]è|(?:o\ que|como)\ (?:é|são|funciona)
    |handleiding|wat\ (?:is|zijn)\ (?!er\b)|bruksanvisning|brugsanvisning|vad\ är\ (?!på)|hvad\ er|hva\ er|käyttöohje
    |mikä\ on|instrukcja|(?:czym|co\ to)\ jest
    |návod|co\ je\ (?!nov)|použit|útmutató|mi\ az|ghid|ce\ este|οδηγίες|τι\ είναι|(?:инструкция|руководство)\b
    |что\ такое|посібник|що\ таке|kılavuz
    |.{1,30}\ nedir|panduan|apa\ itu|hướng\ dẫn|دليل|ما\ (?:هو|هي)|מדריך|מה\ ז[הו]|.{0,20}(?:使用|操作|安装)(?:说明|說明
    |手册|指南)|什么是
    |.{0,20}取扱説明書|.{0,20}の?使い方|.{1,20}とは|.{0,20}사용\ ?(?:법|설명서)|คู่มือ
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CALCULATOR = re.compile(
    r"""
    \bcalculators?\b|\bconverter\b|\bconversion\b|rechner\b|\bcalculat(?:eur|rice)|\bsimulat(?:eur|or|ore)\b
    |\bcalculadora|\bsimulador
    |\bcalcolator[ei]|\bconvert(?:isseur|itore)|\bconversor|umrechn|rekentool|berekenen|räknare|kalkyl
    |beregner\b
    |kalkulator|kalkulačka|kalkulačk|kalkulátor|laskuri|omreken|przelicznik|převodník|υπολογιστ|калькулятор|конвертер
    |hesapla|çevirici
    |máy\ tính|حاسبة|מחשבון|计算器|計算機|計算ツール|計算|シミュレー|换算|換算|変換|계산기|변환기|เครื่องคำนวณ
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CURRENCIES = re.compile(
    r"currenc|exchange|forex|bitcoin|crypto|währung|devise|wechselkurs|divisa|moneda|cambio|câmbio|valuta|cambi\b|kurs"
    r"|walut"
    r"|měn|valut|deviza|schimb|νόμισμα|ισοτιμ|валют|курс|döviz|kur\b|mata uang|tỷ giá|عملات|מטבע|汇率|匯率|外汇|為替"
    r"|환율",
    re.IGNORECASE,
)


_EVENT = re.compile(
    r"""
    \b(?:event|auction|show|concert|competition|contest|vot(?:e|ing)|poll|petition|consultation|campaign|survey
    |exhibition|festival
    |workshop|webinar|tour|match|conference|congress|symposium|meeting|fair|tournament|race|raffle|giveaway|summit)\b
    |veranstaltung|auktion|\baktion|konzert|wettbewerb|abstimmung|umfrage|ausstellung|konferenz|tagung|kongress|messe\b
    |turnier
    |gewinnspiel|événement|évènement|\bvente|enquête|pétition|concours|exposition|conférence|congrès|colloque|salon\b
    |tournoi
    |evento|subasta|concierto|concurso|petición|votación|consulta|exposición|conferencia|congreso|sorteo|torneo|\basta\b
    |concerto
    |concorso|petizione|mostra\b|convegno|congresso|leilão|petição|votação|exposição|conferência|torneio
    |evenement|veiling|tentoonstelling|actie\b|congres|conferentie|evenemang|arrangement|konsert|utställning|utstilling
    |udstilling
    |konferans|konference|tävling|tapahtuma|huutokauppa|näyttely|konferenssi|wydarzeni|aukcj|licytacj|koncert|wystaw
    |konferencj
    |akce\b|aukce|událost|výstav|konferenc|esemény|aukció|rendezvény|kiállítás|eveniment|licitați|expoziți|conferinț
    |εκδήλωσ
    |δημοπρασί|συναυλί|έκθεσ|συνέδρι|мероприяти|аукцион|торги|концерт|голосовани|событи|выставк|конференци|подія|аукціон
    |захід
    |виставк|конференці|etkinlik|müzayede|ihale|konser|sergi|acara|lelang|الفعالية|المزاد|الحدث|الحفل|المؤتمر|האירוע
    |המכרז|ההופעה|הכנס
    |活动|活動|拍卖|拍賣|投票|比赛|比賽|展览|展覽|征集|会议|會議|大会|大會|イベント|オークション|公演|展示|展覧会|이벤트
    |경매|행사|공연|투표|전시|대회
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ENDED = re.compile(
    r"""
    (?:has|have)\ (?:now\ )?(?:ended|finished|passed|taken\ place|been\ (?:completed|held))|(?:is
    |are)\ (?:now\ )?(?:over|finished)
    |took\ place|(?:ist|sind)\ .{0,20}(?:vorbei|beendet|abgeschlossen|zu\ ende|vorüber)|hat\ .{0,20}stattgefunden
    |est\ (?:terminée?|passée?|achevée?)
    |a\ eu\ lieu|ha\ (?:finalizado|terminado|concluido)|finalizó|terminó|(?:è|sono)\ (?:conclus|terminat|finit)
    |si\ è\ (?:conclus|svolt)
    |(?:foi|está)\ (?:encerrad|finalizad|realizad)|terminou|(?:is|zijn)\ (?:afgelopen|voorbij|beëindigd|geweest)
    |avslutad|avslutta?et|afsluttet
    |(?:är|er)\ (?:slut|over|forbi|över)|ägt\ rum|päättyn|on\ ohi\b|zakończ(?:on|ył)|odbył[ao]?\ się|skonči|ukončen
    |proběhl|véget\ ért|lezárult
    |lezajlott|s-a\ încheiat|a\ avut\ loc|ολοκληρώθ|έληξε|τελείωσ|заверш[её]н|завершил|окончен|закончил|прош[её]л
    |закінчи|завершен|відбу[вл]
    |sona\ er(?:di|miş)|bit(?:ti|miş)|tamamlandı|telah\ (?:berakhir|selesai)|đã\ kết\ thúc|انته[تىي]|הסתיי|已经?结束
    |已經?結束|结束了|終了(?:し|いた)|종료(?:되|했)|끝났
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ARCHIVED = re.compile(
    r"""
    no\ longer\ (?:being\ )?(?:updated|maintained)|(?:page|site)\ is\ (?:an\ archive|archived)|nicht\ (?:mehr
    |länger)\ (?:aktualisiert|gepflegt)
    |plus\ (?:mise?s?\ à\ jour|actualisée?)|ya\ no\ se\ actualiza|mais\ atualizad|più\ aggiornat|(?:meer
    |langer)\ (?:bijgewerkt|onderhouden)
    |uppdateras\ (?:inte|ej)\ längre|oppdateres\ ikke\ lenger|opdateres\ ikke\ længere|ei\ enää\ päivitetä
    |nie\ jest\ już\ aktualizowan
    |již\ (?:není\ aktualiz|neaktualiz)|már\ nem\ frissül|nu\ mai\ este\ actualizat|δεν\ ενημερώνεται\ πλέον|бол(?:ьше
    |ее)\ не\ обновля
    |більше\ не\ оновлю|artık\ güncellenm|tidak\ lagi\ diperbarui|không\ còn\ được\ cập\ nhật|אינו\ מתעדכן|不再更新
    |停止更新|更新を終了|更新されません
    |더\ 이상\ 업데이트
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[.!?。！？]+")


def kind_of_page(title: str, *, has_form: bool) -> PageKind:
    """Return what kind of page has this heading. `has_form`: it asks for figures, as a calculator does."""
    if len(title) > _TITLE_CHARACTERS:
        return PageKind.OTHER
    begin = _SEPARATOR.split(title, maxsplit=1)[0].strip(" !?.:")
    if _THANKS.match(title) or _FIXED.fullmatch(begin):
        return PageKind.FIXED
    if is_legal_title(title) or _ABOUT.fullmatch(begin) or _LAW.fullmatch(begin):
        return PageKind.LEGAL
    if _MANUAL.match(title):
        return PageKind.MANUAL
    if has_form and _CALCULATOR.search(title) and not _CURRENCIES.search(title):
        return PageKind.CALCULATOR
    return PageKind.OTHER


def is_of_the_past(text: str) -> bool:
    """Return whether a notice says that what a page is about is over: “This event has ended”."""
    sentences = _SENTENCE_END.split(text)
    return _ARCHIVED.search(text) is not None or any(_EVENT.search(one) and _ENDED.search(one) for one in sentences)
