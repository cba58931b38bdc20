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


def _folded(text: str) -> str:
    """Return a text by which titles are compared: in small letters, of which a dotted capital I has no dot too many."""
    return text.replace("’", "'").casefold().replace("\u0307", "")


_SEPARATOR = re.compile(r" [–—|·-] | ?: |：")
_IN_BRACKETS = re.compile(r"\s?[(（][^()（）]{0,40}[)）]")
_AND = re.compile(r" (?:and|und|et|y|e|en|och|og|ja|i|a|és|și|ve|и|і|та|και|dan|và) |\s?[&+,/・と]\s?")
_THANKS = re.compile(
    r"""
    thank\ you\b|thanks(?:\ for|\W*\Z)|(?:(?:your\ )?(?:order|payment|booking|purchase|registration|donation))\ (?:is\s
    |was\s
    |has\ been\ )?
    (?:confirmed|confirmation|received|complete|placed|successful)|(?:vielen|herzlichen)\ dank|danke(?:\ (?:für|dass
    |sehr)|\W*\Z)
    |bestellbestätigung
    |(?:ihre\ |deine\ )?(?:bestellung|buchung|zahlung|spende)\ (?:ist\ |wurde\ )?(?:eingegangen|abgeschlossen|bestätigt
    |erfolgreich)
    |merci(?:\ (?:pour|de|d['’]|beaucoup)|\W*\Z)|confirmation\ de\ (?:votre\ )?commande
    |(?:votre\ )?commande\ (?:est\ )?(?:confirmée|validée|enregistrée)
    |¡?(?:muchas\ )?gracias(?:\ por|\W*\Z)|confirmación\ de(?:l|\ tu|\ su)?\ pedido|(?:tu\s
    |su\ )?pedido\ (?:ha\ sido\ )?(?:confirmado
    |realizado|recibido)
    |(?:mille\ )?grazie(?:\ per|\W*\Z)|conferma\ (?:dell')?ordine|(?:il\ tuo\ )?ordine\ (?:confermato|ricevuto
    |completato)
    |(?:muito\ )?obrigad[oa]|(?:seu\ )?pedido\ (?:confirmado|realizado)|compra\ (?:concluída|aprovada|realizada)
    |bedankt|dank\ (?:je|u)\b|(?:je|uw)\ bestelling\ is|tack\ för|tak\ for|takk\ for|kiitos|dziękujemy|děkujeme|ďakujeme
    |köszönjük
    |(?:vă\ )?mulțumi|(?:σας\ )?ευχαριστ|спасибо|благодар|(?:ваш\ )?заказ\ (?:принят|оформлен)|дякуємо|teşekkür
    |siparişiniz\ (?:alındı|tamamlandı)|terima\ kasih|(?:xin\ )?cảm\ ơn|شكر|תודה
    |感谢您|感謝您|谢谢|下单成功|(?:订单)?(?:已)?提交成功|订单已提交|支付成功|ご注文ありがとう|.{0,12}ありがとうございま
    |(?:送信|登録|受付)完了|.{0,12}受け付けました|감사합니다|.{0,6}주문(?:이\ )?완료|ขอบคุณ
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIXED_PHRASES = (
    "faq|faqs|f.a.q|help & faq|help and faq|questions and answers|questions & answers|fragen und antworten"
    "|questions et réponses|questions-réponses|preguntas y respuestas|domande e risposte|perguntas e respostas"
    "|vragen en antwoorden|frågor och svar|spørgsmål og svar|spørsmål og svar|kysymykset ja vastaukset"
    "|pytania i odpowiedzi|вопросы и ответы|otázky a odpovědi|kérdések és válaszok|întrebări și răspunsuri"
    "|ερωτήσεις και απαντήσεις|sorular ve cevaplar|help centre|help center|frequently asked questions"
    "|häufig gestellte fragen|häufige fragen|foire aux questions|questions fréquentes|preguntas frecuentes"
    "|domande frequenti|perguntas frequentes|veelgestelde vragen|vanliga frågor|ofte stillede spørgsmål"
    "|ofte stilte spørsmål|usein kysytyt kysymykset|usein kysyttyä|najczęściej zadawane pytania"
    "|často kladené dotazy|často kladené otázky|časté dotazy|časté otázky|gyakori kérdések"
    "|gyakran ismételt kérdések|întrebări frecvente|συχνές ερωτήσεις|часто задаваемые вопросы|частые вопросы"
    "|вопрос-ответ|поширені запитання|часті запитання|часті питання|често задавани въпроси"
    "|često postavljana pitanja|pogosta vprašanja|kkk|korduma kippuvad küsimused|biežāk uzdotie jautājumi|duk"
    "|sıkça sorulan sorular|sık sorulan sorular|pertanyaan umum|pertanyaan yang sering diajukan"
    "|câu hỏi thường gặp|الأسئلة الشائعة|الأسئلة المتكررة|سوالات متداول|שאלות נפוצות|שאלות ותשובות|常见问题"
    "|常见问题解答|常見問題|よくある質問|よくあるご質問|자주 묻는 질문|자주묻는질문|คำถามที่พบบ่อย|contact"
    "|contact us|contact details|contact information|contact info|contact form|contact page|get in touch"
    "|directions|find us|visit us|how to find us|how to reach us|where to find us|kontakt|anfahrt"
    "|kontaktformular|so finden sie uns|ihr weg zu uns|lageplan|contactez-nous|contactez nous|nous contacter"
    "|nous trouver|accès|plan d'accès|contacto|contáctanos|contáctenos|dónde estamos|cómo llegar|contatti"
    "|contattaci|dove siamo|contato|contatos|contactos|fale conosco|onde estamos|como chegar|contact opnemen"
    "|neem contact op|kontakta oss|hitta hit|kontakt os|find vej|kontakt oss|finn oss|finn fram|ota yhteyttä"
    "|yhteystiedot|skontaktuj się z nami|dojazd|kontakty|kapcsolat|elérhetőség|elérhetőségek|elérhetőségeink"
    "|contactează-ne|επικοινωνία|контакты|контакти|как нас найти|зв'язок|iletişim|bize ulaşın|hubungi kami"
    "|kontak|liên hệ|اتصل بنا|تواصل معنا|تماس با ما|צור קשר|צרו קשר|联系我们|联系方式|聯絡我們|聯繫我們"
    "|聯絡方式|お問い合わせ|お問合せ|アクセス|交通アクセス|연락처|문의|문의하기|오시는 길|찾아오시는 길"
    "|ติดต่อเรา|ติดต่อ|imprint|impressum|legal notice|legal information|rechtliche hinweise|mentions légales"
    "|informations légales|aviso legal|note legali|colofon|kolofon|nota prawna|tiráž|impresszum"
    "|юридическая информация|реквизиты|реквізити|künye|法律声明|特定商取引法に基づく表記"
    "|特定商取引法に基づく表示|opening hours|opening times|visiting hours|öffnungszeiten|horaires d'ouverture"
    "|orario di apertura|orari di apertura|horario de apertura|horarios de apertura|horario de atención"
    "|horário de funcionamento|horário de atendimento|openingstijden|öppettider|åbningstider|åpningstider"
    "|aukioloajat|godziny otwarcia|otevírací doba|otváracie hodiny|nyitvatartás|program de lucru"
    "|ώρες λειτουργίας|ωράριο λειτουργίας|часы работы|график работы|режим работы|графік роботи|години роботи"
    "|çalışma saatleri|jam buka|giờ mở cửa|ساعات العمل|שעות פתיחה|营业时间|開館時間|営業時間|영업시간|운영시간"
    "|shipping|delivery|returns|refunds|payment|payments|shipping costs|shipping information|shipping policy"
    "|delivery information|delivery costs|returns policy|return policy|refund policy|warranty|guarantee|versand"
    "|versandkosten|versandarten|versandinformationen|lieferung|lieferzeiten|rückgabe|rücksendung|retouren"
    "|zahlung|zahlungsarten|garantie|livraison|retours|retour|frais de livraison|frais de port|paiement|envíos"
    "|envío|devoluciones|gastos de envío|entregas|pagos|formas de pago|garantía|spedizioni|spedizione|resi"
    "|pagamenti|garanzia|envios|envio|entrega|trocas|devoluções|pagamento|verzending|verzenden|verzendkosten"
    "|bezorging|bezorgen|levering|retourneren|betaling|betalen|frakt|leverans|retur|returer|betalning|fragt"
    "|toimitus|toimitustavat|toimitusehdot|palautus|palautukset|maksutavat|dostawa|wysyłka|zwroty|płatności"
    "|płatność|doprava|platba|reklamace|vrácení|szállítás|fizetés|livrare|retururi|plată|αποστολές|αποστολή"
    "|επιστροφές|πληρωμή|доставка|оплата|возврат|повернення|гарантия|гарантія|kargo|teslimat|iade|ödeme"
    "|pengiriman|pengembalian|giao hàng|đổi trả|thanh toán|الشحن|الشحن والإرجاع|الشحن والتوصيل|الإرجاع|التوصيل|משלוחים"
    "|משלוחים והחזרות|החזרות|配送|配送说明"
    "|配送方式|配送について|送料|送料について|返品|返品について|运费|运费说明|退换货|退换货政策|售后服务|배송"
    "|배송 안내|배송안내|반품|การจัดส่ง|การคืนสินค้า|glossary|glossar|glossaire|glosario|glossario|glosariusz"
    "|词汇表|術語表|用語集|용어집|size guide|size chart|size guides|sizing guide|sizing chart"
    "|women's size guide|men's size guide|größentabelle|größentabellen|größenberater|größenberatung|größenguide"
    "|guide des tailles|tableau des tailles|guía de tallas|tabla de tallas|guida alle taglie|tabella taglie"
    "|tabella delle taglie|guia de tamanhos|tabela de medidas|tabela de tamanhos|maattabel|maatgids|matentabel"
    "|storleksguide|storlekstabell|størrelsesguide|størrelsestabell|størrelsesskema|kokotaulukko|koko-opas"
    "|tabela rozmiarów|tabulka velikostí|tabuľka veľkostí|mérettáblázat|ghid de mărimi|ghid mărimi|μεγεθολόγιο"
    "|οδηγός μεγεθών|таблица размеров|таблиця розмірів|tablica veličina|suuruste tabel|beden tablosu"
    "|panduan ukuran|bảng size|bảng kích cỡ|دليل المقاسات|جدول المقاسات|מדריך מידות|טבלת מידות|尺码表|尺碼表"
    "|尺码对照表|尺码指南|サイズ表|サイズガイド|サイズ一覧|사이즈표|사이즈 표|사이즈 가이드|사이즈 안내"
    "|ตารางไซส์|ตารางไซซ์|sitemap|site map|inhaltsverzeichnis|plan du site|mapa del sitio|mapa del sitio web"
    "|mappa del sito|mapa do site|sivukartta|mapa strony|mapa stránek|mapa webu|oldaltérkép|карта сайта"
    "|site haritası|网站地图|網站地圖|サイトマップ|사이트맵"
)
"""Answers, contacts, opening hours, delivery, sizes: nothing on such a page is news."""
_FIXED = frozenset(map(_folded, _FIXED_PHRASES.split("|")))
_LEGAL_PHRASES = (
    "privacy|privacy policy|privacy notice|datenschutz|protection des données"
    "|protection des données personnelles|aviso de privacidad|protección de datos|privacidad|privacidade"
    "|integritetspolicy|privatlivspolitik|personvern|personvernerklæring|tietosuoja|tietosuojaseloste"
    "|prywatność|zásady ochrany osobních údajů|ochrana osobních údajů|ochrana osobných údajov"
    "|adatkezelési tájékoztató|adatvédelem|politica de confidențialitate|confidențialitate|πολιτική απορρήτου"
    "|политика конфиденциальности|політика конфіденційності|поверителност|politika privatnosti"
    "|gizlilik politikası|kvkk aydınlatma metni|kebijakan privasi|chính sách bảo mật|سياسة الخصوصية"
    "|מדיניות פרטיות|個人情報保護方針|個人情報の取扱い|นโยบายความเป็นส่วนตัว|terms & conditions"
    "|terms and conditions|términos y condiciones|termini e condizioni|termos e condições|termeni și condiții"
    "|syarat dan ketentuan|terms of service|terms of use|terms of sale|conditions of use|conditions of sale"
    "|general terms|agb|allgemeine geschäftsbedingungen|nutzungsbedingungen|widerrufsbelehrung|widerrufsrecht"
    "|cgv|cgu|conditions générales|conditions générales de vente|conditions générales d'utilisation"
    "|condiciones generales|condiciones de uso|términos de uso|condizioni generali|condizioni di vendita"
    "|termini di servizio|termos de uso|condições gerais|algemene voorwaarden|gebruiksvoorwaarden"
    "|allmänna villkor|köpvillkor|villkor|handelsbetingelser|vilkår|käyttöehdot|toimitusehdot|regulamin"
    "|regulamin sklepu|obchodní podmínky|obchodné podmienky|ászf|általános szerződési feltételek|όροι χρήσης"
    "|пользовательское соглашение|публичная оферта|условия использования|умови користування|общи условия"
    "|kullanım koşulları|kullanım şartları|mesafeli satış sözleşmesi|điều khoản sử dụng|điều khoản"
    "|الشروط والأحكام|תנאי שימוש|תקנון|用户协议|服务条款|服務條款|利用規約|이용약관|이용 약관|ข้อกำหนดและเงื่อนไข"
    "|accessibility statement|barrierefreiheit|erklärung zur barrierefreiheit|déclaration d'accessibilité|about"
    "|about us|our story|our history|our mission|our values|our team|our people|our staff|our services"
    "|who we are|what we do|meet the team|the team|team|staff|people|company profile|company history"
    "|about the company|about the club|about the museum|about the library|about the project|über uns"
    "|wir über uns|wer wir sind|unsere geschichte|unser team|das team|unser leitbild|unsere philosophie"
    "|unsere leistungen|leistungen|vorstand|chronik|geschichte|qui sommes-nous|à propos|à propos de nous"
    "|notre histoire|notre équipe|l'équipe|nos services|histoire|sobre nosotros|quiénes somos|nuestra historia"
    "|nuestro equipo|nuestros servicios|historia|chi siamo|la nostra storia|il nostro team|i nostri servizi"
    "|storia|sobre nós|quem somos|nossa história|a empresa|nossos serviços|over ons|wie zijn wij|wie wij zijn"
    "|ons team|ons verhaal|onze diensten|geschiedenis|om oss|vår historia|vårt team|om os|vores historie|meistä"
    "|tietoa meistä|yritys|o nas|nasza historia|o nás|náš příběh|o firmě|rólunk|történetünk|despre noi"
    "|povestea noastră|σχετικά με εμάς|ποιοι είμαστε|о нас|о компании|наша история|про нас|про компанію|за нас"
    "|o nama|par mums|apie mus|meist|hakkımızda|hikayemiz|tentang kami|về chúng tôi|giới thiệu|من نحن"
    "|معلومات عنا|אודות|אודותינו|关于我们|關於我們|公司简介|企业简介|公司介绍|会社概要|会社案内|企業情報"
    "|私たちについて|沿革|회사 소개|회사소개|연혁|เกี่ยวกับเรา"
)
"""Privacy, terms, a firm and its people: what is news there has a date."""
_LEGAL = frozenset(map(_folded, _LEGAL_PHRASES.split("|")))
_MANUAL = re.compile(
    r"""
    (?:.{0,30}\ )?(?:user|owner|operating|instruction|installation|care)['’]?s?\ (?:manual|guide|handbook
    |instructions)\b
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
    |took\ place|(?:ist|sind)\ .{0,40}(?:vorbei|beendet|abgeschlossen|zu\ ende|vorüber)|hat\ .{0,20}stattgefunden
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
_SENTENCE_END = re.compile(r"(?:(?<!\d)\.|[!?。！？])+")
"""A point behind a number is that of a day: `on 12. October`."""


def kind_of_page(title: str, *, has_form: bool) -> PageKind:
    """Return what kind of page has this heading. `has_form`: it asks for figures, as a calculator does."""
    if len(title) > _TITLE_CHARACTERS:
        return PageKind.OTHER
    begin = _IN_BRACKETS.sub("", _folded(_SEPARATOR.split(title, maxsplit=1)[0])).strip(" !?.:¿")
    if _THANKS.match(title) or _says(begin, _FIXED):
        return PageKind.FIXED
    if is_legal_title(title) or _says(begin, _LEGAL):
        return PageKind.LEGAL
    if _MANUAL.match(title):
        return PageKind.MANUAL
    if has_form and _CALCULATOR.search(title) and not _CURRENCIES.search(title):
        return PageKind.CALCULATOR
    return PageKind.OTHER


def _says(title: str, phrases: frozenset[str]) -> bool:
    """Return whether a title is one of the phrases, or several of them: `Versand & Lieferung`."""
    return title in phrases or all(part.strip() in phrases for part in _AND.split(title))


def is_of_the_past(text: str) -> bool:
    """Return whether a notice says that what a page is about is over: “This event has ended”."""
    sentences = _SENTENCE_END.split(text)
    return _ARCHIVED.search(text) is not None or any(_EVENT.search(one) and _ENDED.search(one) for one in sentences)
