"""Words by which what nobody watches is told: cookies, privacy, the sizes of clothes, and examples."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COOKIES = re.compile(
    r"""
    cookie[\s-]?(?:policy|policies|notice|statement|declaration|list|settings|preferences|consent|overview|table)
    |cookies?\ (?:we|that\ we|this\ (?:web)?site)\ (?:use|set)|(?:use|types|kinds|list|categories)\ of\ cookies
    |(?:which|what)\ cookies|how\ we\ use\ cookies|cookies\ (?:used|set|in\ use)
    |(?:necessary|essential|functional|functionality|performance|analytics?|analytical|statistics?|marketing
    |advertising|targeting|preference|social\ media|session|persistent|(?:first|third)[\s-]party)\ cookies
    |cookie[\s-]?(?:richtlinie|erklärung|hinweis|einstellungen|liste|übersicht)|welche\ cookies|arten\ von\ cookies
    |(?:notwendige|funktionale|essenzielle|statistik|marketing)[\s-]?cookies|cookies,?\ die\ wir
    |(?:politique|gestion|liste|types)\ (?:de|des)\ (?:la\ )?cookies|(?:quels\ )?cookies\ (?:utilisés|nécessaires)
    |(?:política|lista|tipos)\ (?:de|sobre)\ (?:las\ )?cookies|cookies\ (?:utilizadas|necesarias)
    |(?:informativa|politica)\ (?:sui|dei|sull'uso\ dei)\ cookie|cookiebeleid|cookieverklaring|polityka\ cookies
    |cookies?\s?(?:政策|声明|聲明|列表|设置|設定|ポリシー|一覧|정책)|(?:使用的?|使用する)\s?cookies?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LEGAL = re.compile(
    r"""
    (?:privacy|data\ protection)\ (?:policy|notice|statement)|datenschutz(?:erklärung|hinweise?)
    |politique\ de\ (?:confidentialité|protection)|política\ de\ privacidad|informativa\ (?:sulla\ )?privacy
    |privacy(?:beleid|verklaring)|polityka\ prywatności|política\ de\ privacidade|隐私(?:政策|声明|权)|隱私權?政策
    |プライバシーポリシー|개인정보\ ?(?:처리방침|보호정책)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EXAMPLE = re.compile(
    r"""
    (?:worked\ |sample\ |calculation\ )?examples?(?:\W.*|\ (?:calculations?|of|for|data|tables?)\b.*)?
    |sample\ (?:calculation|data|output|invoice)s?
    |(?:rechen)?beispiele?(?:rechnung(?:en)?|tabelle)?(?:\W.*)?|exemples?(?:\ (?:de|d['’]|pour)\W?.*|\W.*)?
    |ejemplos?(?:\ (?:de|para)\ .*|\W.*)?
    |esempi[o]?(?:\ (?:di|per)\ .*|\W.*)?|exemplos?(?:\ (?:de|para)\ .*|\W.*)?|(?:reken)?voorbeeld(?:en)?(?:\ (?:van
    |voor)\ .*|berekening|\W.*)?
    |(?:räkne|beräknings)?exempel(?:\W.*)?|(?:regne)?eksempel(?:\W.*)?|esimerkk?i(?:laskelma)?(?:\W.*)?|przykład(?:y
    |owe.*)?(?:\W.*)?|příklad(?:y)?(?:\W.*)?
    |példa(?:számítás)?(?:\W.*)?|exempl[ue](?:\ de\ .*|\W.*)?|παράδειγμα(?:\W.*)?|пример(?:ы)?(?:\ рас.*|\W.*)?
    |приклад(?:и)?(?:\ роз.*|\W.*)?|örnek(?:\ .*)?
    |contoh(?:\ .*)?|ví\ dụ(?:\W.*)?|(?:أ?مثال)(?:\W.*)?|דוגמ[הא](?:\W.*)?|(?:计算)?(?:示例|举例|範例|范例)(?:\W.*)?
    |(?:計算|試算)例(?:\W.*)?|(?:계산\ ?)?예[시제](?:\W.*)?
    |ตัวอย่าง.{0,20}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HEADING_CHARACTERS = 60
"""What is longer is the title of an article on the subject."""

_COOKIE = re.compile(r"cookies?\b", re.IGNORECASE)
_OF_COOKIES = re.compile(
    r"""
    provider|vendor|domain|host|purpose|function|duration|durée|durata|duración|expiry|expires|expiration|lifetime
    |lifespan|storage|retention|category|type|party|description|name
    |anbieter|zweck|ablauf|dauer|laufzeit|speicher|kategorie|typ|beschreibung|fournisseur|finalité|expire|proveedor
    |finalidad|caducidad|fornitore|finalità|scadenza|aanbieder|doel|bewaar|dostawca|cel|wygaśni
    |提供|用途|目的|期限|有效期|类型|類型|種類|说明|說明|名称|名稱|名前
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BASIS = re.compile(
    r"(?:legal|lawful) (?:basis|ground)|rechtsgrundlage|base (?:légale|jurídica|legal)|base giuridica|rechtsgrond"
    r"|podstawa prawna|retention (?:period|time)|speicherdauer|durée de conservation|bewaartermijn"
    r"|法律依据|法的根拠|法律基础|保存期限|保管期間",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:eu|uk|us|usa|int|fr|it|de|jp|cn|au|br|es|international|europe|size|sizes|shoe size|your size|letter size"
    r"|größen?|grösse|konfektionsgröße|tailles?|talla|taglia|maat|rozmiar|storlek|størrelse|koko|tamanho|размер"
    r"|velikost|veľkosť|méret|mărime|μέγεθος|розмір|beden|numara|ukuran|kích (?:cỡ|thước)|suurus|izmērs|dydis|veličina"
    r"|المقاس|מידה|ขนาด|ไซส์"
    r"|尺码|尺碼|尺寸|码数|サイズ|사이즈)(?:[ -](?:size|größe|taille))?(?: ?\(.{1,15}\))?",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"""
    \b(?:chest|bust|waist|hips?|inseam|inside\ leg|sleeves?|shoulders?|neck|collar|foot|feet|head\ circumference
    |body\ height|brust\w*|taillen\w*|hüft\w*|schritt\w*|fußlänge|körpergröße|poitrine|tour\ de\ \w+|hanches
    |pecho|cintura|cadera|petto|vita|fianchi|borst|heup\w*|biust|talia|biodra|klatka\ piersiowa|wzrost|altezza|estatura
    |altura|peito|quadril
    |taille\ \(cm\)|hanche\w*|stature|lengte|taille\w*umfang|bröst\w*|midje\w*|stuss|bryst\w*|talje|hofte\w*|livvidde
    |rinnanympärys|vyötärö\w*|lantio
    |hrudník|hruď|pas|boky|bok|výška|mell\w*|derék\w*|csípő\w*|magasság|piept|talie|șold\w*|înălțime|στήθος|μέση|ύψος
    |грудь|талия|б[её]дра|рост|груди|талія
    |стегна|зріст|göğüs|bel|kalça|boy|lingkar\ \w+|vòng\ \w+|الصدر|الخصر|חזה|מותניים)\b
    |胸围|胸圍|腰围|腰圍|臀围|臀圍|肩宽|肩寬|衣长|衣長|袖长|袖長|裤长|身高|脚长|バスト|ウエスト|ヒップ|肩幅|着丈|袖丈
    |身幅
    |가슴|허리|엉덩이|어깨|총장|อก|เอว|สะโพก
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LETTER_SIZE = re.compile(r"(?:\d?X{0,4}[SL]|M|\d{2}(?:[/-]\d{2})?)", re.IGNORECASE)
_LEAST = 2
_MOST_OF = 0.6


def is_heading_of_unwatched(text: str) -> bool:
    """Return whether a heading stands before an example, or a list of cookies: “Cookies we use”; not “Our cookies”."""
    is_short = len(text) <= _HEADING_CHARACTERS
    return is_short and (_COOKIES.search(text) is not None or _EXAMPLE.fullmatch(text) is not None)


def is_legal_title(text: str) -> bool:
    """Return whether a page with this heading or title tells of cookies or privacy."""
    return len(text) <= _HEADING_CHARACTERS and (_COOKIES.search(text) or _LEGAL.search(text)) is not None


def is_unwatched_table(header: Sequence[str]) -> bool:
    """
    Return whether a table with these columns is one that nobody watches.

    It tells of cookies, of the grounds on which data is kept, or of sizes. A table with anything else in most of its
    columns is none: of cookies with their prices, or of sizes with what is left of them.
    """
    names = [name for name in header if name]
    if any(map(_BASIS.search, names)):
        return True
    if any(map(_COOKIE.search, names)):
        return sum(_OF_COOKIES.search(name) is not None for name in names) >= _LEAST
    return _is_of_sizes(names)


def _is_of_sizes(names: Sequence[str]) -> bool:
    """Return whether most columns are kinds of sizes or measures of the body, or letters such as S, M and L."""
    sizes = sum(_SIZE.fullmatch(name) is not None for name in names)
    measures = sum(_MEASURE.search(name) is not None for name in names)
    letters = sum(_LETTER_SIZE.fullmatch(name) is not None for name in names)
    has_several = sizes + measures >= _LEAST and (measures > 0 or sizes > _LEAST)
    has_letters = letters >= _LEAST and sizes + measures > 0
    return (has_several or has_letters) and sizes + measures + letters >= _MOST_OF * len(names)
