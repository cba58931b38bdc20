"""
Words for what pages count, in some thirty languages: `12,846 signatures`, `noch 7 Plätze frei`, `残り7席`, `84 / 250`.

A text is a count where a number stands in it, or one of all that there are, beside a few words of which one says what
is counted or that so much is left. A time that is left (`3 days left`) is none.

The name of a number says that so many are left (`seats_left`, `余票`), or that it is a price (`cents`). One that also
says that they are gone or waited for (`seats_taken`) counts something else, and a place alone is a rank (`Platz`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from watcher.core.ages import TIME
from watcher.extract.lazy_pattern import LazyPattern

_PLACES = (
    "seats?|tickets?|spots?|places?|slots?|copies|vacanc|plätze|platz|sitzpl|restpl|karten|exemplar|billets?|exemplaire"
    "|plazas?|entradas|boletos|asientos|cupos|ejemplar|post[io]\\b|bigliett|copie\\b|vagas?|lugares|bilhetes|ingressos"
    "|plaats|plekken|plek\\b|kaarten|platser|biljett|pladser|plasser|billett|paik(?:ka|at|koja)|lippu|miejsc|bilet"
    "|egzempl|míst|miest|lístk|vstupen|hely|jegy|locuri|θέσ|εισιτήρ|мест|билет|экземпл|місц|квитк|koltuk|kontenjan"
    "|kursi|tiket|chỗ|vé\\b|مقعد|مقاعد|تذكر|تذاكر|أماكن|מקומות|כרטיס|صندلی|ظرفیت|सीट"
)
_SIGNATURES = (
    "signatur|signed|signat|unterschrift|unterzeichn|signé|firmas?\\b|firmad|firmante|han firmado|firm[ae]\\b|firmat"
    "|assinatur|assinaram|handtekening|ondertekend|underskrift|undertecknat|skrivit under|allekirjoit|podpis|подпис"
    "|підпис|aláír|semnăt|semnat|υπογρα|υπογρά|imza|توقيع|وقع|חתימ|חתמו|امضا|tanda tangan|chữ ký"
)
_VOTES = (
    "votes?\\b|voted|stimmen|abgestimmt|voix|votos?\\b|voti\\b|stemmen|röster|stemmer|ään(?:tä|iä)|głos|hlas|szavaz"
    "|voturi|ψήφ|голос|oylar|oy\\b|أصوات|צביע|suara|phiếu"
)
_DOWNLOADS = (
    "downloads?|herunterlad|téléchargement|descargas|scaricament|transferências|nedladd|nedlast|lataus|pobra|stažen"
    "|letölt|descărcări|λήψεις|загруз|скачив|завантаж|indirme|unduhan|تنزيل|הורדות"
)
_BIDS = (
    "bids?\\b|gebote?\\b|enchères?|pujas?|offerte\\b|lances?|biedingen|bud\\b|tarjou|ofert|příhoz|licit|προσφορ|ставк"
    "|ставок|teklif|مزايد|הצעות"
)
_PEOPLE = (
    "members?|people|players?|followers?|subscribers?|participants?|applica(?:nts?|tions?)|attendees?|attending"
    "|backers?"
    "|supporters?|donors?|donations?|registered|registrations?|enrol|joined|waiting|watching|stars?\\b|items?\\b"
    "|units?\\b"
    "|teilnehm|angemeldet|anmeldung|mitglieder|abonnent|unterstütz|spender|spenden|bewerb|spieler|wartende"
    "|inscri(?:t|pt)|participant|abonné|membres|soutiens|contributeur|donateur|candidat|joueurs|en attente"
    "|participan|inscrip|miembros|seguidor|suscript|donante|solicitud|jugador|en espera|iscritt|partecip|membri\\b"
    "|sosten"
    "|donator|giocator|in attesa|inscrit|assinantes|apoiador|doador|jogador|deelnem|aanmeld|leden\\b|volgers|steun"
    "|spelers"
    "|deltag|anmäl|tilmeld|påmeld|medlem|följar|følger|bidragsgiv|spelare|osallist|ilmoittaut|jäsen|seuraaj|lahjoit"
    "|pelaaj|uczestni|zapisan|obserwuj|wspiera|członk|graczy|účastn|přihláš|člen|sleduj|podporov|hráč|résztvev"
    "|jelentkez"
    "|követő|támogat|játékos|participanț|înscri|urmărit|susțin|συμμετ|εγγραφ|μέλ|ακόλουθ|υποστηρ|участник|записал"
    "|подписч"
    "|поддерж|игрок|учасник|підписн|katılım|kayıtlı|üye|takipç|destekç|bağış|oyuncu|peserta|anggota|pengikut|pemain"
    "|tham gia|người theo|مشارك|مسجل|متابع|أعضاء|عضو|משתתפ|נרשמ|עוקב|חברים"
)
_LEFT = (
    "left\\b|remaining|available|in stock|übrig|verfügbar|frei\\b|freie|restant|disponib|libres?\\b|quedan|rimast"
    "|liber[io]"
    "|restam|livres\\b|vrije?\\b|kvar\\b|lediga?|ledige|tilbage|igjen|jäljellä|vapaa|pozosta|został|wolny|wolne|zbýv"
    "|voln|voľn|ostáva|marad|szabad|rămas|libere|απομέν|διαθέσιμ|ελεύθερ|остал|свобод|залиш|вільн|kaldı|kalan|boş\\b"
    "|tersisa"
    "|còn lại|còn trống|متبق|متاح|נותר|פנוי"
)
_UNSPACED = (
    "人(?:已)?(?:参与|參與|参加|报名|報名|签名|簽名|关注|投票|支持|想看|排队|购买|订阅|联署)|次下载|下载|名额|席位"
    "|余票|剩余|剩餘|签名|簽名"
    "|联署|投票|粉丝|已售|出价|报名|库存|[张票]\\Z"
    "|署名|賛同|席|ダウンロード|入札|参加|フォロワー|登録者|応募|支援者|残り|空席|空き|在庫|枚\\Z"
    "|명 ?(?:참여|참가|서명|동의|신청)|서명|동의|투표|좌석|잔여|남음|남았|다운로드|입찰|참가|팔로워|구독자|신청"
    "|[석표]\\Z"
    "|ที่นั่ง|ที่ว่าง|ลายเซ็น|ลงชื่อ|เข้าร่วม|ดาวน์โหลด|โหวต|ผู้ติดตาม|เหลือ"
)
_STEMS = "|".join((_PLACES, _SIGNATURES, _VOTES, _DOWNLOADS, _BIDS, _PEOPLE, _LEFT))
_WORD = LazyPattern(rf"\b(?:{_STEMS})[^\W\d_]*|{_UNSPACED}", re.IGNORECASE)

_OTHER_LABELS = (
    "\\b(?:seat|place|spot|avail|left|remain|stock|quantity|participant|attend|regist|capacity|vote|download|applica"
    "|signature"
    "|supporter|backer|donat|member|follower|subscriber|star|view|bid|player|queue|waiting)|frei|plätze|rest|anzahl"
    "|名额|余|剩|人数|人數|库存|数量|數量|浏览|下载|报名|关注|销量|已售|排队|席位|残|空席|잔여|남은|좌석|재고|수량|인원"
    "|плаза|plaza|libre|liber[eio]|posti|disponib|vaga|restant|ledig|pladser|platser|wolne|miejsc|voln|мест|остал"
    "|свободн"
    "|doluluk|水位|貯水|occupan|level|pegel|wasserstand|füllstand|auslastung|livello|niveau|nivel|уровень|waterstand"
    "|\\bnow\\b|current|aktuell|derzeit|just nu|actuel|attual|actual|momenteel|сейчас|当前|現在|현재"
    "|θέσεις|διαθέσιμ|υπόλοιπ|szabad|hely\\b|vapaa|paikk|jäljellä|\\bnyt\\b|متبق|متاح|مقاعد|kalan|kontenjan"
    "|còn lại|คงเหลือ|ว่าง|נותר|פנוי|залиш|вільн|locuri|rămas|tersisa|ventetid|oczekiwan|várakozás"
    "|visitor|guest|besucher|gäste|visiteur|visitante|ospiti|visitator|bezoeker|besökar|gæster|kävijä|gości|návštěvník"
    "|vendég|vizitator|επισκέπτ|посетител|відвідувач|ziyaretçi|pengunjung|زائر|מבקרים|来場|入場|在场|在馆|방문"
    "|wait|wartezeit|espera|attes[ao]|attente|ожидан|等待|待ち|대기"
)
COUNT_LABEL = LazyPattern(rf"{_OTHER_LABELS}|\b(?:{_STEMS})|{_UNSPACED}", re.IGNORECASE)
"""What stands beside a figure that counts or measures something."""

_NUMBER = r"\d{1,3}(?:[.,  ’']\d{3})+|\d{1,9}"
_OF = r"of|out of|von|sur|de|di|von|van|av|af|z|ze|od|из|з|από|din|dari|dari|من|מתוך|の|중|trên|à|/|／|a"
_COUNTED = LazyPattern(
    rf"(?P<before>\D{{0,30}}?)(?P<number>{_NUMBER})(?: ?(?:{_OF}) ?(?P<all>{_NUMBER}))?(?P<behind>\D{{0,40}})"
)
_TIME = LazyPattern(TIME, re.IGNORECASE)
_OPEN = (
    "avail|vacanc|vacant|remain|open(?:ings?)?\\b|free\\b|stock|inventory|on hand|quantity|qty|spaces?\\b|rooms? left"
    "|lager|bestand|stan\\b|sklad|наличи|склад|stok\\b|余票|余量|余位|剩余|剩餘|名额|名額|席位|空位|库存|庫存|残席|残り|空席|空き"
    "|在庫|잔여|남은|좌석|재고|คงเหลือ|ว่าง"
)
_GONE = (
    "taken|sold|booked|reserved|filled|occupied|used|total|overall|capacity|max|limit|wait|queue|enrol|registered|signed"
    "|belegt|gebucht|vergeben|verkauft|gesamt|warte|vendu|réserv|occup|complet|vendid|reservad|ocupad|totale|prenotat"
    "|vendut|bezet|verkocht|såld|bokad|solgt|varattu|myyty|zajęt|sprzeda|obsaz|prodan|foglalt|eladott|занят|продан"
    "|зайнят|dolu\\b|satılan|已售|已报|已報|已占|已满|已滿|总|總|候补|候補|完売|予約済|定員|예약|판매|정원"
)
_RANKS = (
    "place|platz|plaats|plass|plads|plats|post[io]|lugar|miejsce|místo|miesto|hely(?:ezés)?|место|місце|position"
    "|θέση|locul"
)
_PRICES = (
    "prices?|pricing|prix|[^\\W_]*preise?|precios?|preços?|prezz[io]|cen[ay]|ceny|cijena|prij[sz]en?|pris|hinta|fiyatı?"
    "|harga|giá|árak?|τιμή|цена|ціна|costs?|fares?|rents?|[^\\W_]*miete|loyer|alquiler|affitto|cents|amount|fee"
    "|[^\\W_]*(?:价|價|価格|운임|가격|ราคา|賃料|租金)[^\\W_]*"
)
_OPENING = LazyPattern(rf"\b(?:{_PLACES}|{_LEFT}|{_OPEN})|余|残")
_TAKEN = LazyPattern(rf"\b(?:{_GONE})|已售|已报|已報|总|總|定員")
_RANK = LazyPattern(_RANKS)
_PRICED = LazyPattern(rf"\b(?:{_PRICES})\b")
_MONEY = LazyPattern(r"[$€£¥￥₹₩₽₺₫฿₴₱₪]|\b[A-Z]{3} ?\d|\d ?(?:kr|zł|Kč|Ft|lei|元|円|원)")
_MOST_WORDS = 7
_OF_YEAR = re.compile(r"\d+ ?/ ?(?:19[5-9]|20(?!00)[0-4])\d")
_NO_DAY = re.compile(r"3[2-9]|[4-9]\d|\d{3}|\d\D+\d[\d.,’' ]*[^\W\d]")
COUNT_OF_ALL = r"\d[\d., ]*"
"""What reads the count, `84`, of `84 / 250`."""


@lru_cache(maxsize=1_000)
def what_is_counted(text: str) -> str:
    """Return the word for what a short text counts, in lower case; empty of a text that is no count."""
    found = _COUNTED.fullmatch(text)
    if found is None or _TIME.search(found["behind"]) or _MONEY.search(text) or len(text.split()) > _MOST_WORDS:
        return ""
    word = _WORD.search(found["behind"]) or _WORD.search(found["before"])
    return word[0].lower() if word else ""


def is_of_all(text: str) -> bool:
    """Return whether a count names all that there are, too: `84 of 250`."""
    found = _COUNTED.fullmatch(text)
    if found is None or found["all"] is None:
        return False
    number, whole = (int(re.sub(r"\D", "", found[name])) for name in ("number", "all"))
    return number <= whole  # unlike `24/7`


def are_of_all(texts: Sequence[str], name: str) -> bool:
    """Return whether each counts some of all, `0 / 60`, and is no day (`3/12`) or number of a year (`14/2026`)."""
    if not texts or not all(map(is_of_all, texts)) or all(map(_OF_YEAR.fullmatch, texts)):
        return False
    return COUNT_LABEL.search(name) is not None or any(map(_NO_DAY.search, texts))


def is_opening(name: str) -> bool:
    """Return whether a number of this name says how many are left to be had."""
    words = name.replace("_", " ").casefold()
    is_left = _OPENING.search(words) is not None and _RANK.fullmatch(words) is None
    return is_left and _TAKEN.search(words) is None


def is_priced(name: str) -> bool:
    """Return whether a number of this name is a price."""
    return _PRICED.search(name.replace("_", " ").casefold()) is not None
