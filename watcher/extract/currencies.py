"""
Which currency a sign stands for, where it stands.

| sign | page | currency |
|---|---|---|
| `€`, `EUR`, `zł`, `₩`, `원`, `NT$` | any | the one that writes it |
| `¥` | `lang="ja"` · `lang="zh-CN"` | JPY · CNY |
| `$` | `lang="en-AU"`, or a host in `.au` · `lang="en"` | AUD · USD |
| `kr` | `lang="sv"` · `lang="da"` | SEK · DKK |
| `$`, `¥`, `kr` | no language, or one that has none of its own | cannot be told |
| `R`, `K`, `L`, `Br` | where they are at home | ZAR, ZMW, HNL, ETB; elsewhere a letter |

Facts of ISO 4217, ISO 3166 and everyday use, written down here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from msgspec import Struct

# Code | countries | signs that are read anywhere | signs that are read at home alone. `_` is a blank in a sign.
_TABLE = """
AED | AE | د.إ درهم Dhs AED | Dh
AFN | AF | ؋ AFN |
ALL | AL | Lekë | ALL L Lek
AMD | AM | ֏ դր դրամ AMD |
AOA | AO | AOA | Kz
ARS | AR | $ AR$ ARS |
AUD | AU CC CX KI NF NR TV | $ A$ AU$ AUD |
AWG | AW | AWG Afl |
AZN | AZ | ₼ AZN |
BAM | BA | | BAM KM КМ
BBD | BB | $ Bds$ BBD |
BDT | BD | ৳ টাকা BDT | Tk TK
BGN | | лв BGN |
BHD | BH | د.ب BHD | BD
BIF | BI | BIF FBu |
BMD | BM | $ BMD |
BND | BN | $ BND |
BOB | BO | BOB | Bs
BRL | BR | R$ BRL |
BSD | BS | $ BSD |
BWP | BW | BWP | P
BYN | BY | BYN | Br руб р
BZD | BZ | $ BZ$ BZD |
CAD | CA | $ C$ CA$ CDN$ CAD |
CDF | CD | CDF | FC
CHF | CH LI | CHF Fr SFr | Franken francs franchi
CLP | CL | $ CL$ CLP |
CNY | CN | ¥ 元 圆 块 CN¥ RMB CNY |
COP | CO | $ CO$ COP |
CRC | CR | ₡ CRC |
CUP | CU | $ | CUP
CVE | CV | CVE |
CZK | CZ | Kč CZK | KČ
DJF | DJ | Fdj DJF |
DKK | DK FO GL | kr kroner DKK | KR
DOP | DO | RD$ $ DOP |
DZD | DZ | د.ج DZD | DA
EGP | EG | ج.م جنيه E£ EGP | LE
ERN | ER | Nfk ERN |
ETB | ET | ብር ETB birr Birr | Br
EUR | AD AT AX BE BG BL CY DE EA EE ES FI FR GF GP GR HR IC IE IT | € EUR Eur euro euros Euro Euros ευρώ евро євро |
EUR | LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM VA XK YT | |
FJD | FJ | $ FJ$ FJD |
FKP | FK | £ FKP |
GBP | GB GG GS IM JE | £ GBP |
GEL | GE | ₾ | GEL ლარი
GHS | GH | GH₵ ₵ GH¢ GHS |
GIP | GI | £ GIP |
GMD | GM | GMD | D
GNF | GN | GNF | FG
GTQ | GT | GTQ | Q
GYD | GY | $ G$ GYD |
HKD | HK | HK$ $ 元 HKD 港元 港幣 |
HNL | HN | HNL | L
HTG | HT | HTG | G
HUF | HU | Ft HUF forint |
IDR | ID | Rp IDR | RP
ILS | IL PS | ₪ ILS NIS ש"ח |
INR | IN BT | ₹ Rs रु रुपये ரூ రూ INR | RS
IQD | IQ | د.ع IQD |
IRR | IR | ریال ﷼ IRR |
IRT | | تومان |
ISK | IS | kr ISK |
JMD | JM | $ J$ JMD |
JOD | JO | د.أ JOD | JD
JPY | JP | ¥ 円 圓 JP¥ JPY |
KES | KE | KSh Ksh KSH Kshs KShs KES |
KGS | KG | KGS сом |
KHR | KH | ៛ KHR |
KMF | KM | KMF | CF
KPW | KP | KPW |
KRW | KR | ₩ 원 KRW |
KWD | KW | د.ك KWD | KD
KYD | KY | $ CI$ KYD |
KZT | KZ | ₸ тенге теңге тнг KZT | тг 〒
LAK | LA | ₭ | LAK
LBP | LB | ل.ل LBP | LL
LKR | LK | රු Rs ₨ LKR | RS
LRD | LR | $ LRD |
LYD | LY | د.ل LYD | LD
MAD | MA EH | د.م | MAD DH Dh Dhs درهم
MDL | MD | MDL | L lei
MGA | MG | MGA | Ar
MKD | MK | MKD ден МКД | den
MMK | MM | MMK | K Ks
MNT | MN | ₮ төгрөг MNT |
MOP | MO | MOP$ MOP 元 |
MRU | MR | أ.م MRU | UM
MUR | MU | Rs ₨ MUR |
MVR | MV | ރ MVR Rf |
MWK | MW | MWK | MK
MXN | MX | $ MX$ Mex$ MXN |
MYR | MY | RM MYR |
MZN | MZ | MTn MZN | MT
NAD | NA | NAD N$ |
NGN | NG | ₦ NGN |
NIO | NI | NIO | C$
NOK | NO SJ | kr kroner NOK | KR
NPR | NP | नेरू रू रु Rs ₨ NPR | RS
NZD | NZ CK NU PN TK | $ NZ$ NZD |
OMR | OM | ر.ع OMR |
PAB | PA | B/. B/ | PAB
PEN | PE | S/. S/ PEN |
PGK | PG | PGK | K
PHP | PH | ₱ piso PHP Php |
PKR | PK | Rs ₨ روپے PKR | ر RS
PLN | PL | zł złotych złote PLN | zl ZŁ
PYG | PY | ₲ PYG | Gs
QAR | QA | ر.ق QAR | QR
RON | RO | lei RON | Lei leu LEI
RSD | RS | дин динара рсд din dinara RSD |
RUB | RU | ₽ руб RUB рублей рубля | р РУБ
RWF | RW | RWF | RF
SAR | SA | ر.س SAR ريال | SR
SBD | SB | $ SBD |
SCR | SC | SCR | SR
SDG | SD | ج.س SDG |
SEK | SE | kr kronor SEK | KR
SGD | SG | S$ $ SGD |
SHP | SH | £ SHP |
SLE | SL | SLE | Le
SOS | SO | | SOS S Sh
SRD | SR | $ SRD |
SSP | SS | £ SSP |
STN | ST | STN | Db
SYP | SY | ل.س SYP | LS
SZL | SZ | SZL | E
THB | TH | ฿ บาท THB baht Baht |
TJS | TJ | TJS сом сомони |
TMT | TM | TMT | m
TND | TN | د.ت TND | DT
TOP | TO | T$ | TOP
TRY | TR | ₺ TL TRY |
TTD | TT | $ TT$ TTD |
TWD | TW | NT$ $ 元 TWD NTD 新台幣 新臺幣 |
TZS | TZ | TSh Tsh TSH TZS |
UAH | UA | ₴ грн гривень гривні UAH | ГРН
UGX | UG | USh UShs Ush UGX |
USD | US AS BQ DG EC FM GU IO MH MP PR PW SV TC TL UM VG VI ZW | $ US$ U$S U$D u$s USD |
UYU | UY | $ $U UYU |
UZS | UZ | soʻm so‘m so’m сўм сум so'm UZS |
VES | VE | Bs.S VES | Bs
VND | VN | ₫ VND VNĐ | đ đồng
VUV | VU | VUV | VT
WST | WS | WS$ WST |
XAF | CF CG CM GA GQ TD | FCFA CFA XAF |
XCD | AG AI DM GD KN LC MS VC | $ EC$ XCD |
XCG | CW SX | XCG Cg |
XOF | BF BJ CI GW ML NE SN TG | F_CFA FCFA CFA XOF |
XPF | NC PF WF | FCFP XPF | F
YER | YE | ر.ي YER |
ZAR | ZA LS NA | ZAR | R
ZMW | ZM | ZMW | K
"""

# Language → the country where most who write it live, for pages that name none.
_AT_HOME = """
aa ET|ab GE|ady RU|af ZA|agq CM|ak GH|am ET|an ES|ann NG|apc SY|ar EG|arn CL|ary MA|as IN|asa TZ|ast ES|az AZ|ba RU
bal PK|bas CM|be BY|bem ZM|bew ID|bez TZ|bg BG|bgc IN|bgn PK|bho IN|blo BJ|blt VN|bm ML|bn BD|bo CN|bqi IR|br FR
brh PK|brx IN|bs BA|bss CM|bua RU|byn ER|ca ES|cad US|cch NG|ccp BD|ce RU|ceb PH|cgg UG|cho US|chr US|cic US|ckb IQ
co FR|cop EG|cs CZ|csw CA|cu RU|cv RU|cy GB|da DK|dav KE|de DE|dje NE|doi IN|dsb DE|dua CM|dv MV|dyo SN|dz BT|ebu KE
ee GH|el GR|en US|es ES|et EE|eu ES|ewo CM|fa IR|ff SN|fi FI|fil PH|fo FO|fr FR|frr DE|fur IT|fy NL|ga IE|gaa GH|gd GB
gez ET|gl ES|gn PY|gsw CH|gu IN|guz KE|gv IM|ha NG|haw US|he IL|hi IN|hnj US|hr HR|hrx BR|hsb DE|ht HT|hu HU|hy AM
id ID|ie EE|ig NG|ii CN|is IS|it IT|iu CA|ja JP|jgo CM|jmc TZ|jv ID|ka GE|kaa UZ|kab DZ|kaj NG|kam KE|kbd RU|kcg NG
kde TZ|kea CV|kek GT|ken CM|kgp BR|khq ML|ki KE|kk KZ|kkj CM|kl GL|kln KE|km KH|kn IN|ko KR|kok IN|kpe LR|ks IN|ksb TZ
ksf CM|ksh DE|ku TR|kw GB|kxv IN|ky KG|la VA|lag TZ|lb LU|lg UG|lij IT|lkt US|lld IT|lmo IT|ln CD|lo LA|lrc IR|lt LT
ltg LV|lu CD|luo KE|luy KE|lv LV|lzz TR|mai IN|mas KE|mdf RU|mer KE|mfe MU|mg MG|mgh MZ|mgo CM|mhn IT|mi NZ|mic CA
mk MK|ml IN|mn MN|mni IN|moh CA|mr IN|mrh IN|ms MY|mt MT|mua CM|mus US|mww US|my MM|myv RU|mzn IR|naq NA|nb NO|nd ZW
nds DE|ne NP|nl NL|nmg CM|nn NO|nnh CM|no NO|nqo GN|nr ZA|nso ZA|nus SS|nv US|ny MW|nyn UG|oc FR|oka CA|om ET|or IN
os GE|osa US|pa IN|pap CW|pcm NG|pi GB|pis SB|pl PL|pms IT|prg PL|ps AF|pt BR|qu PE|quc GT|raj IN|rhg MM|rif MA|rm CH
rn BI|ro RO|rof TZ|ru RU|rw RW|rwk TZ|sa IN|sah RU|saq KE|sat IN|sbp TZ|sc IT|scn IT|sd PK|sdh IR|se NO|seh MZ|ses ML
sg CF|sgs LT|shi MA|shn MM|si LK|sid ET|sk SK|skr PK|sl SI|sma SE|smj SE|smn FI|sms FI|sn ZW|so SO|sq AL|sr RS|ss ZA
ssy ER|st ZA|su ID|sus GN|suz NP|sv SE|sw TZ|syr IQ|szl PL|ta IN|te IN|teo UG|tg TJ|th TH|ti ET|tig ER|tk TM|tn ZA
to TO|tpi PG|tr TR|trv TW|trw PK|ts ZA|tt RU|twq NE|tyv RU|tzm MA|ug CN|uk UA|ur PK|uz UZ|vai LR|ve ZA|vec IT|vi VN
vmw MZ|vun TZ|wa BE|wae CH|wal ET|wbp AU|wo SN|xdq RU|xh ZA|xnr IN|xog UG|yav CM|yi UA|yo NG|yrl BR|yue HK|za CN
zgh MA|zh CN|zu ZA
"""
_BY_DOMAIN = (
    "au",
    "ca",
    "nz",
    "hk",
    "sg",
    "tw",
    "mx",
    "ar",
    "cl",
    "uy",
    "cn",
    "jp",
    "se",
    "no",
    "dk",
    "is",
    "in",
    "pk",
)
"""Countries whose sign others use, too."""
_BY_SCRIPT = {"zh-hant": "TW", "pa-arab": "PK", "ff-adlm": "GN"}
_MOST_LIKELY: Final[Mapping[str, str]] = {
    "£": "GBP",
    "元": "CNY",
    "圓": "JPY",
    "FCFA": "XOF",
    "CFA": "XOF",
    "сом": "KGS",
    "Fr": "CHF",
}
"""Of signs that several have: the one that is meant on a page that is at home with none of them."""
_EUROS_WITH_POINT = frozenset({"IE", "MT"})
_THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies whose amounts have three decimals: `1.234` are no thousands."""
_WHOLE = frozenset({"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"}) | {
    *("XAF", "XOF", "XPF")
}
"""Currencies whose amounts have none."""


class Place(Struct, frozen=True):
    """Where a text stands: the page's language (`zh`, `de`; empty where it says none) and country (`CN`), if told."""

    language: str = ""
    country: str = ""


NOWHERE = Place()


def _rows() -> dict[str, tuple[list[str], list[str], list[str]]]:
    table: dict[str, tuple[list[str], list[str], list[str]]] = {}
    for row in _TABLE.strip().splitlines():
        (code,), *cells = (cell.split() for cell in row.split("|"))
        known = table.setdefault(code, ([], [], []))
        for signs, cell in zip(known, cells, strict=True):
            signs += [sign.replace("_", " ") for sign in cell]
    return table


_ROWS = _rows()
CODES: Final = frozenset(_ROWS)
"""Of ISO 4217, and `IRT` for toman, which has none."""
_OF_COUNTRY = {country: code for code, (countries, _, _) in _ROWS.items() for country in countries}
_HOMES = dict(each.split() for line in _AT_HOME.strip().splitlines() for each in line.split("|"))
SIGNS: Final = frozenset(sign for _, anywhere, _ in _ROWS.values() for sign in anywhere)
"""Of all currencies: those that are read on any page."""


def _owners() -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for code, (_, anywhere, _) in _ROWS.items():
        for sign in anywhere:
            owners[sign] = (*owners.get(sign, ()), code)
    return owners


_OWNERS = _owners()


@lru_cache(maxsize=1_000)
def place_of(tag: str, host: str = "") -> Place:
    """
    Return where a page is at home.

    Args:
        tag: its language, as `<html lang>` has it: `zh-Hant-TW`, `en_US`, `sv`.
        host: its server's name. A country in it is believed before the language's, for shop software writes `en-US`
            everywhere; generic ones such as `.io` say nothing.
    """
    language, *rest = tag.replace("_", "-").strip()[:40].lower().split("-")
    domain = host.rpartition(".")[2].lower()
    if domain in _BY_DOMAIN:
        return Place(language, "GB" if domain == "uk" else domain.upper())
    region = next((part.upper() for part in rest if len(part) == 2 and part.isalpha()), "")
    likely = _BY_SCRIPT.get("-".join((language, *rest[:1]))) or _HOMES.get(language, "")
    return Place(language, region if region in _OF_COUNTRY else "" if "419" in rest else likely)


def home_signs(place: Place) -> tuple[str, ...]:
    """Return the signs that are read on pages of this place alone."""
    code = _OF_COUNTRY.get(place.country)
    return tuple(_ROWS[code][2]) if code else ()


def code_of(sign: str | None, place: Place) -> str | None:
    """Return the currency that a sign stands for in this place; None when that cannot be told."""
    if sign is None:
        return None
    own = _OF_COUNTRY.get(place.country)
    if own and (sign in _ROWS[own][1] or sign in _ROWS[own][2]):
        return own
    owners = _OWNERS.get(sign, ())
    return owners[0] if len(owners) == 1 else _MOST_LIKELY.get(sign)


def decimal_mark_at_home(place: Place, code: str | None) -> str | None:
    """Return what stands before cents where a currency is at home, for those that fuel is priced in to a tenth."""
    if code is None or code != _OF_COUNTRY.get(place.country):
        return None
    if code == "EUR":
        return "," if place.language != "en" else "." if place.country in _EUROS_WITH_POINT else None
    return "." if code in ("USD", "GBP") else None


def is_shared(sign: str) -> bool:
    """Return whether several currencies write this sign."""
    return len(_OWNERS.get(sign, ())) > 1


def may_mean(sign: str, code: str) -> bool:
    """Return whether this currency writes this sign."""
    return code in _OWNERS.get(sign, ())


def has_thousandths(code: str | None) -> bool:
    """Return whether an amount in this currency has three decimals."""
    return code in _THOUSANDTHS


def decimals_of(code: str | None) -> int:
    """Return how many decimals an amount in this currency has; none where no currency is known."""
    if code is None or code in _WHOLE:
        return 0
    return 3 if has_thousandths(code) else 2
