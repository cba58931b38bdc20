"""What kind of page has a heading: the table of `page_titles.py`, in several languages."""

from __future__ import annotations

import pytest

from watcher.extract.suggesting.page_titles import PageKind, is_of_the_past, kind_of_page

KINDS = {
    PageKind.FIXED: [
        "Thank you for your order!",
        "Vielen Dank für Ihre Bestellung",
        "FAQ",
        "Häufige Fragen",
        "Domande frequenti",
        "よくあるご質問",
        "Contact us",
        "Kontakt – Anfahrt",
        "Impressum",
        "Mentions légales",
        "Shipping and delivery",
        "Versand und Zahlung",
        "Envíos y devoluciones",
        "Öffnungszeiten",
        "Guide des tailles : chaussons d’escalade",
        "Tabulka velikostí – dětské oblečení",
        "サイズ表",
        "Sitemap",
    ],
    PageKind.LEGAL: [
        "Privacy policy",
        "Datenschutzerklärung",
        "About us",
        "Über uns",
        "Notre histoire",
        "AGB",
        "利用規約",
    ],
    PageKind.MANUAL: ["User manual", "Bedienungsanleitung P100", "Was ist Zinseszins?", "Troubleshooting", "操作手册"],
    PageKind.CALCULATOR: [
        "Mortgage calculator",
        "Kreditrechner",
        "Simulateur de prêt",
        "房贷计算器",
        "Inch to cm converter",
    ],
    PageKind.OTHER: [
        "Contact lenses",
        "Delivery driver (m/f)",
        "Currency converter",
        "Währungsrechner",
        "About time",
        "What’s on",
        "Co je nového",
        "Horaires des bus",
        "Programm",
        "Questions",
        "Help",
        "Road conditions",
        "merci Finest Selection 400 g",
        "Services",
        "Returning to the sea, and other stories of ships, storms and long delays",
    ],
}


TITLES = {
    "thanks": (
        PageKind.FIXED,
        "Thanks for signing up|Thank you! Your payment was successful|Order received|Your booking is confirmed"
        "|Donation received|Danke für deine Anmeldung|Ihre Bestellung ist eingegangen|Bestellung abgeschlossen"
        "|Merci pour votre inscription|Votre commande est confirmée|Commande confirmée|Gracias por tu compra"
        "|¡Gracias por tu pedido!|Pedido realizado con éxito|Tu pedido ha sido confirmado"
        "|Grazie per il tuo ordine|Ordine confermato|Obrigado pela sua compra|Compra concluída"
        "|Bedankt voor je bestelling|Je bestelling is geplaatst|Tack för din beställning|Tak for din ordre"
        "|Takk for bestillingen|Kiitos tilauksestasi|Dziękujemy za zamówienie|Děkujeme za objednávku"
        "|Köszönjük a rendelést|Mulțumim pentru comandă|Ευχαριστούμε για την παραγγελία|Спасибо за заказ"
        "|Ваш заказ принят|Дякуємо за замовлення|Siparişiniz alındı|Teşekkürler|Terima kasih atas pesanan Anda"
        "|Cảm ơn bạn đã đặt hàng|شكرا لطلبك|תודה על ההזמנה|感谢您的购买|感谢您的捐赠|订单提交成功"
        "|ご注文ありがとうございました|ご購入ありがとうございます|お申し込みを受け付けました"
        "|주문이 완료되었습니다|감사합니다|ขอบคุณสำหรับคำสั่งซื้อ",
    ),
    "answers": (
        PageKind.FIXED,
        "FAQs|Frequently Asked Questions (FAQ)|Help & FAQ|Help centre|Questions and answers"
        "|Häufig gestellte Fragen|FAQ – Häufige Fragen|Foire aux questions (FAQ)|Questions fréquentes"
        "|Preguntas frecuentes|Domande frequenti|Perguntas frequentes|Veelgestelde vragen|Vanliga frågor"
        "|Frågor och svar|Ofte stillede spørgsmål|Spørsmål og svar|Usein kysytyt kysymykset"
        "|Najczęściej zadawane pytania|Pytania i odpowiedzi|Často kladené dotazy|Časté otázky|Gyakori kérdések"
        "|Întrebări frecvente|Συχνές Ερωτήσεις|Частые вопросы|Вопрос-ответ|Часті запитання|Sıkça Sorulan Sorular"
        "|Pertanyaan yang Sering Diajukan|Câu hỏi thường gặp|الأسئلة الشائعة|שאלות נפוצות|常见问题|よくある質問"
        "|자주 묻는 질문|คำถามที่พบบ่อย|Često postavljana pitanja|Pogosta vprašanja|Често задавани въпроси|KKK"
        "|Biežāk uzdotie jautājumi|DUK|سوالات متداول",
    ),
    "contacts": (
        PageKind.FIXED,
        "Contact|Contact us|Get in touch|Contact and directions|Find us|How to find us|Visit us|Kontakt"
        "|Kontakt & Anfahrt|Kontaktformular|Ihr Weg zu uns|Anfahrt|Contactez-nous|Nous contacter|Nous trouver"
        "|Contact et accès|Plan d'accès|Contacto|Contáctanos|Dónde estamos|Cómo llegar|Contatti|Dove siamo"
        "|Contato|Fale conosco|Onde estamos|Contact opnemen|Kontakta oss|Hitta hit|Kontakt os|Kontakt oss"
        "|Finn oss|Ota yhteyttä|Yhteystiedot|Skontaktuj się z nami|Dojazd|Kontakty|Kapcsolat|Elérhetőségeink"
        "|Επικοινωνία|Контакты|Как нас найти|Контакти|İletişim|Hubungi Kami|Liên hệ|اتصل بنا|צור קשר|联系我们"
        "|お問い合わせ|アクセス|연락처|찾아오시는 길|ติดต่อเรา|تماس با ما",
    ),
    "imprints": (
        PageKind.FIXED,
        "Imprint|Legal notice|Impressum|Mentions légales|Aviso legal|Note legali|Colofon|Kolofon|Tiráž|Impresszum"
        "|Юридическая информация|Реквизиты|Künye|特定商取引法に基づく表記|法律声明|Rechtliche Hinweise"
        "|Informations légales",
    ),
    "sizes": (
        PageKind.FIXED,
        "Size guide|Size chart|Sizing guide|Größentabelle|Größenberatung|Guide des tailles|Tableau des tailles"
        "|Guía de tallas|Guida alle taglie|Tabella taglie|Guia de tamanhos|Maattabel|Maatgids|Storleksguide"
        "|Størrelsesguide|Størrelsestabell|Kokotaulukko|Koko-opas|Tabela rozmiarów|Tabulka velikostí"
        "|Mérettáblázat|Ghid de mărimi|Μεγεθολόγιο|Οδηγός μεγεθών|Таблица размеров|Таблиця розмірів|Beden tablosu"
        "|Panduan ukuran|Bảng size|دليل المقاسات|מדריך מידות|尺码表|尺码对照表|サイズガイド|サイズ表"
        "|사이즈 가이드|ตารางไซส์",
    ),
    "privacy": (
        PageKind.LEGAL,
        "Privacy Policy|Privacy notice|Datenschutz|Datenschutzerklärung|Politique de confidentialité"
        "|Protection des données personnelles|Política de privacidad|Aviso de privacidad"
        "|Informativa sulla privacy|Privacy|Política de privacidade|Privacybeleid|Privacyverklaring"
        "|Integritetspolicy|Privatlivspolitik|Personvern|Personvernerklæring|Tietosuojaseloste"
        "|Polityka prywatności|Zásady ochrany osobních údajů|Ochrana osobních údajů|Adatkezelési tájékoztató"
        "|Politica de confidențialitate|Πολιτική απορρήτου|Политика конфиденциальности|Політика конфіденційності"
        "|Gizlilik politikası|KVKK Aydınlatma Metni|Kebijakan privasi|Chính sách bảo mật|سياسة الخصوصية"
        "|מדיניות פרטיות|隐私政策|隱私權政策|プライバシーポリシー|個人情報保護方針|개인정보처리방침"
        "|นโยบายความเป็นส่วนตัว|Politika privatnosti|Поверителност",
    ),
    "terms": (
        PageKind.LEGAL,
        "Terms and Conditions|Terms of service|Terms of use|AGB|Allgemeine Geschäftsbedingungen"
        "|Nutzungsbedingungen|Conditions générales de vente|CGV|Términos y condiciones|Condiciones generales"
        "|Termini e condizioni|Condizioni generali|Termos e condições|Algemene voorwaarden|Allmänna villkor"
        "|Köpvillkor|Handelsbetingelser|Vilkår|Käyttöehdot|Regulamin|Regulamin sklepu|Obchodní podmínky|ÁSZF"
        "|Termeni și condiții|Όροι χρήσης|Пользовательское соглашение|Публичная оферта|Умови користування"
        "|Kullanım koşulları|Mesafeli satış sözleşmesi|Syarat dan ketentuan|Điều khoản sử dụng|الشروط والأحكام"
        "|תנאי שימוש|用户协议|服务条款|利用規約|이용약관|ข้อกำหนดและเงื่อนไข",
    ),
    "firms": (
        PageKind.LEGAL,
        "About us|Our story|Who we are|Über uns|Unsere Geschichte|Wer wir sind|Qui sommes-nous ?|À propos"
        "|Notre histoire|Sobre nosotros|Quiénes somos|Nuestra historia|Chi siamo|La nostra storia|Sobre nós"
        "|Quem somos|Over ons|Wie zijn wij|Om oss|Om os|Vår historia|Meistä|Tietoa meistä|O nas|O nás|Rólunk"
        "|Despre noi|Σχετικά με εμάς|Ποιοι είμαστε|О нас|О компании|Про нас|Hakkımızda|Tentang kami|Về chúng tôi"
        "|من نحن|אודות|关于我们|私たちについて|会社案内|회사 소개|เกี่ยวกับเรา|O nama|За нас|Par mums|Apie mus",
    ),
    "delivery": (
        PageKind.FIXED,
        "Shipping & Returns|Delivery information|Versand & Lieferung|Versandkosten|Livraison et retours"
        "|Envíos y devoluciones|Spedizioni e resi|Envios e devoluções|Verzending en retour"
        "|Verzenden & retourneren|Frakt och retur|Levering og retur|Toimitus ja palautus|Dostawa i zwroty"
        "|Doprava a platba|Szállítás és fizetés|Livrare și retur|Αποστολές και επιστροφές|Доставка и оплата"
        "|Доставка і оплата|Kargo ve iade|Teslimat ve iade|Pengiriman|Giao hàng và đổi trả|الشحن والإرجاع"
        "|משלוחים והחזרות|配送说明|送料について|배송 안내|การจัดส่ง",
    ),
    "manuals": (
        PageKind.MANUAL,
        "Instruction manual|User guide|Quick start guide|Bedienungsanleitung|Mode d'emploi"
        "|Manual de instrucciones|Manuale d'uso|Handleiding|Bruksanvisning|Brugsanvisning|Käyttöohje"
        "|Instrukcja obsługi|Návod k použití|Οδηγίες χρήσης|Инструкция по эксплуатации|Hướng dẫn sử dụng"
        "|دليل المستخدم|מדריך למשתמש|使用说明|取扱説明書|사용설명서|คู่มือการใช้งาน|Care instructions",
    ),
}


@pytest.mark.parametrize(("kind", "titles"), TITLES.values(), ids=TITLES.keys())
def test_headings_in_all_languages_say_it(kind: PageKind, titles: str) -> None:
    assert [title for title in titles.split("|") if kind_of_page(title, has_form=False) is not kind] == []


@pytest.mark.parametrize(("kind", "title"), [(kind, title) for kind, titles in KINDS.items() for title in titles])
def test_a_heading_says_what_kind_of_page_it_is(kind: PageKind, title: str) -> None:
    assert kind_of_page(title, has_form=True) is kind


def test_what_is_called_a_calculator_and_asks_for_nothing_is_sold() -> None:
    assert kind_of_page("Graphing calculator TI-84", has_form=False) is PageKind.OTHER


@pytest.mark.parametrize(
    ("text", "is_over"),
    [
        ("This event has ended.", True),
        ("Die Veranstaltung ist leider vorbei.", True),
        ("L’exposition est terminée.", True),
        ("Konferansen er avsluttet.", True),
        ("Аукцион завершён", True),
        ("活动已结束", True),
        ("このイベントは終了しました", True),
        ("This site is no longer updated.", True),
        ("The event is sold out.", False),
        ("Registration for the event has closed. The waiting list is open.", False),
        ("The event begins when the exhibition of last year is opened.", False),
        ("The season has ended.", False),
    ],
)
def test_a_notice_says_that_something_is_over(text: str, is_over: bool) -> None:
    assert is_of_the_past(text) is is_over
