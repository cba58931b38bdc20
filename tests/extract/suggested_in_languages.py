"""
Pages of our own in forty languages and twenty scripts, by what tells that they change: days, ranks, times, figures.

Each is but the main part of a page, as short as can be. None has a word that the code knows by its language: a day is
told by its notation or by the names that CLDR has, a league by its figures.
"""

# ruff: noqa: E501  markup is easier to read when it is not broken wherever a line is full

from __future__ import annotations

from tests.extract.suggested import COOKIES, FOOTER, NAV, Accepted, Truth

_KINDS = ("table", "list", "value", "json")


def _table(names: str, rows: str) -> str:
    head = "".join(f"<th>{name}" for name in names.split("|"))
    body = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row.split("|")) for row in rows.split(";"))
    return f"<table><tr>{head}</tr>{body}</table>"


def _rows(rows: str, markup: str = "<li>{}</li>") -> str:
    return "<ul>" + "".join(markup.format(*row.split("|")) for row in rows.split(";")) + "</ul>"


_SOMETHING = {
    "fa league": (
        "<h1>جدول رده‌بندی لیگ برتر</h1>"
        + _table(
            "تیم|بازی|برد|مساوی|باخت|امتیاز",
            "پرسپولیس|۱۲|۹|۲|۱|۲۹;سپاهان|۱۲|۸|۲|۲|۲۶;تراکتور|۱۲|۷|۳|۲|۲۴;استقلال|۱۲|۵|۴|۳|۱۹;فولاد|۱۲|۳|۳|۶|۱۲;ملوان|۱۲|۱|۲|۹|۵",
        ),
        ["سپاهان", "26"],
    ),
    "mr league no title": (
        "<h1>गुणतालिका</h1>"
        + _table("क्र.|संघ|सामने|विजय|गुण", "१|पुणे|१०|८|१६;२|मुंबई|१०|७|१४;३|नागपूर|१०|५|१०;४|नाशिक|१०|३|६;५|ठाणे|१०|१|२"),
        ["नागपूर"],
    ),
    "ta exams": (
        "<h1>பொதுத் தேர்வு அட்டவணை</h1>"
        + _table(
            "தேதி|பாடம்|நேரம்",
            "2 மார்ச் 2027|தமிழ்|10:00 - 1:15;5 மார்ச் 2027|ஆங்கிலம்|10:00 - 1:15;9 மார்ச் 2027|கணிதம்|10:00 - 1:15;12 மார்ச் 2027|அறிவியல்|10:00 - 1:15",
        ),
        ["கணிதம்"],
    ),
    "th exams": (
        "<h1>ตารางสอบปลายภาค</h1>"
        + _table(
            "วันที่|วิชา|เวลา",
            "๑๕ ธันวาคม ๒๕๖๙|คณิตศาสตร์|๙.๐๐-๑๑.๐๐ น.;๑๖ ธันวาคม ๒๕๖๙|ภาษาไทย|๙.๐๐-๑๑.๐๐ น.;๑๗ ธันวาคม ๒๕๖๙|วิทยาศาสตร์|๙.๐๐-๑๑.๐๐ น.",
        ),
        ["ภาษาไทย"],
    ),
    "fa exams": (
        "<h1>برنامه امتحانات</h1>"
        + _table(
            "تاریخ|درس|ساعت", "۲۰ دی ۱۴۰۵|ریاضی|۸:۳۰;۲۳ دی ۱۴۰۵|فیزیک|۸:۳۰;۲۷ دی ۱۴۰۵|ادبیات|۸:۳۰;۳۰ دی ۱۴۰۵|شیمی|۸:۳۰"
        ),
        ["فیزیک"],
    ),
    "he exams": (
        "<h1>לוח מבחנים</h1>"
        + _table(
            "תאריך|מקצוע|שעה", "15 בינואר 2027|מתמטיקה|09:00;19 בינואר 2027|היסטוריה|09:00;22 בינואר 2027|אנגלית|13:30"
        ),
        ["היסטוריה"],
    ),
    "am exams": ("<h1>የፈተና ፕሮግራም</h1>" + _table("ቀን|ትምህርት", "ጥር 5 2019|ሒሳብ;ጥር 7 2019|ፊዚክስ;ጥር 9 2019|ታሪክ"), ["ፊዚክስ"]),
    "pl zastepstwa": (
        "<h1>Zastępstwa</h1><h2>Poniedziałek 30 listopada</h2>"
        + _table(
            "Klasa|Lekcja|Przedmiot|Za kogo|Zastępuje|Uwagi",
            "1a|3|matematyka|Nowak|Kowal|;1a|4|fizyka|Nowak|—|odwołane;2b|1|chemia|Wójcik|Lis|sala 12;3c|5|historia|Zając|Mazur|",
        ),
        ["odwołane"],
    ),
    "hu helyettesites divs": (
        "<h1>Helyettesítések</h1><div class=day><h3>2026. november 30., hétfő</h3><div class=row><span class=cls>9.A</span><span class=h>2. óra</span><span class=sub>Kiss → Nagy</span><span class=room>12</span></div><div class=row><span class=cls>9.B</span><span class=h>3. óra</span><span class=sub>elmarad</span><span class=room>–</span></div><div class=row><span class=cls>10.C</span><span class=h>1. óra</span><span class=sub>Tóth → Varga</span><span class=room>tornaterem</span></div><div class=row><span class=cls>11.A</span><span class=h>6. óra</span><span class=sub>Szabó → Kun</span><span class=room>204</span></div></div>",
        ["tornaterem"],
    ),
    "cs departures": (
        "<h1>Odjezdy – Hlavní nádraží</h1>"
        + _rows(
            "206|Letná|16:30;12|Brno, Královo Pole|16:34;206|Letná|16:45;7|Bystrc|16:47;12|Brno|16:58",
            "<li><b>{}</b> <span class=d>{}</span> <time>{}</time></li>",
        ),
        ["Bystrc"],
    ),
    "de bins": (
        "<h1>Abfuhrtermine Lindenweg</h1>"
        + _rows(
            "Restmüll|Mo, 07.12.;Bio|Di, 08.12.;Papier|Fr, 11.12.;Gelber Sack|Do, 17.12.;Restmüll|Mo, 21.12.",
            "<li>{} <span>{}</span></li>",
        ),
        ["Gelber Sack"],
    ),
    "sv bins text": (
        "<h1>Sophämtning</h1>"
        + _rows(
            "Hushållsavfall – torsdag 3 december;Matavfall – torsdag 10 december;Plast – fredag 18 december;Hushållsavfall – torsdag 17 december"
        ),
        ["Matavfall"],
    ),
    "de lunch": (
        "<h1>Speiseplan</h1><h2>KW 49 (30.11.–04.12.2026)</h2>"
        + _table(
            "Tag|Menü 1|Menü 2",
            "Montag|Linseneintopf|Gemüselasagne;Dienstag|Hühnerfrikassee|Spinatknödel;Mittwoch|Bratwurst|Pilzragout;Donnerstag|Gulasch|Käsespätzle;Freitag|Fischfilet|Milchreis",
        ),
        ["Spinatknödel"],
    ),
    "fi lunch sections": (
        "<h1>Lounas</h1><p>Viikko 49</p><section><h3>Maanantai 30.11.</h3><p>Lohikeitto</p><p>Kasvispihvit</p></section><section><h3>Tiistai 1.12.</h3><p>Makaronilaatikko</p><p>Linssikeitto</p></section><section><h3>Keskiviikko 2.12.</h3><p>Jauhelihapihvit</p><p>Pinaattiletut</p></section><section><h3>Torstai 3.12.</h3><p>Hernekeitto</p><p>Pannukakku</p></section><section><h3>Perjantai 4.12.</h3><p>Kalaa</p><p>Risotto</p></section>",
        ["Linssikeitto"],
    ),
    "tr fuel": (
        "<h1>Akaryakıt Fiyatları</h1>"
        + _table(
            "İl|Benzin|Motorin|LPG", "Ankara|53,41|54,80|28,12;İstanbul|52,90|54,21|27,95;İzmir|53,77|55,02|28,40"
        ),
        ["54,21"],
    ),
    "uk rates no date": (
        "<h1>Курс валют</h1>" + _table("Валюта|Купівля|Продаж", "USD|41,25|41,80;EUR|47,90|48,65;PLN|11,02|11,40"),
        ["47,90"],
    ),
    "ar gold": (
        "<h1>أسعار الذهب</h1>"
        + _table("العيار|السعر", "٢٤|٣٢١٫٥٠;٢٢|٢٩٤٫٧٥;٢١|٢٨١٫٢٠;١٨|٢٤١٫٠٠")
        + "<p>آخر تحديث: ٢٨ نوفمبر ٢٠٢٦</p>",
        ["294.75|٢٩٤٫٧٥"],
    ),
    "pl water": (
        "<h1>Wodowskaz Nowy Targ</h1><div class=stan><span class=lbl>Stan wody</span> <strong>234 cm</strong></div><p>28.11.2026, 07:00</p>",
        ["234"],
    ),
    "de pollen": (
        "<h1>Pollenflug Freiburg</h1><p>28.11.2026</p>"
        + _table(
            "Pflanze|heute|morgen",
            "Hasel|gering|mittel;Erle|keine|gering;Birke|keine|keine;Gräser|keine|keine;Roggen|keine|keine",
        ),
        ["Erle"],
    ),
    "ko air": (
        "<h1>대기질 현황</h1><p>2026-11-28 09시</p>"
        + _rows(
            "종로구|34|좋음;강남구|58|보통;송파구|61|보통;마포구|92|나쁨",
            "<li><span>{}</span><em>{}</em><b>{}</b></li>",
        ),
        ["송파구"],
    ),
    "en library": (
        "<h1>The Sea, the Sea</h1><p>Murdoch, Iris</p>"
        + _table(
            "Branch|Shelfmark|Status",
            "Central|FIC MUR|On shelf;Northside|FIC MUR|On loan, due 12 Dec;Harbour|FIC MUR|On shelf",
        ),
        ["Northside"],
    ),
    "no wait": (
        "<h1>Legevakt</h1><div class=box><h2>Ventetid nå</h2><p class=big>45 min</p></div><p>Oppdatert 14:32</p>",
        ["45 min"],
    ),
    "bg tenders": (
        "<h1>Обществени поръчки</h1>"
        + _table(
            "№|Предмет|Срок",
            "00234|Ремонт на улици|15.01.2027 г.;00235|Доставка на храни|20.01.2027 г.;00236|Охрана|22.01.2027 г.",
        ),
        ["Доставка"],
    ),
    "en visa bulletin": (
        "<h1>Visa Bulletin for January 2027</h1><table><tr><th>Family<th>All<th>China<th>India<th>Mexico</tr><tr><td>F1<td>08NOV16<td>08NOV16<td>08NOV16<td>22NOV05</tr><tr><td>F2A<td>01FEB24<td>01FEB24<td>01FEB24<td>01FEB23</tr><tr><td>F2B<td>01DEC16<td>01DEC16<td>01DEC16<td>15MAY08</tr><tr><td>F3<td>08SEP11<td>08SEP11<td>08SEP11<td>01MAY01</tr></table>",
        ["F2B"],
    ),
    "en processing": (
        "<h1>Processing times</h1>"
        + _table(
            "Application|Time", "Work permit|14 weeks;Study permit|9 weeks;Visitor visa|31 days;Citizenship|10 months"
        )
        + "<p>Last updated: 26 November 2026</p>",
        ["31 days"],
    ),
    "it court": (
        "<h1>Ruolo udienze</h1><h2>Lunedì 30 novembre 2026 – Aula 4</h2>"
        + _table(
            "Ora|R.G.|Parti",
            "09:00|1234/2025|Rossi c. Bianchi;09:30|2210/2024|Verdi c. Neri;10:15|876/2026|Comune c. Gallo",
        ),
        ["Verdi"],
    ),
    "pt election": (
        "<h1>Apuração – Prefeito</h1>"
        + _table("Candidato|Votos|%", "Ana Lima|48.212|51,3%;José Prado|40.118|42,7%;Rui Melo|5.630|6,0%")
        + "<p>98,2% das seções apuradas</p>",
        ["José Prado"],
    ),
    "vi lottery": (
        "<h1>Kết quả xổ số miền Bắc</h1><p>Ngày 27/11/2026</p>"
        + _table("Giải|Số", "Đặc biệt|48213;Nhất|90311;Nhì|22018 77120;Ba|10233 55120"),
        ["48213"],
    ),
    "hr tv": (
        "<h1>TV program – HRT 1</h1>"
        + _rows(
            "06:00|Dobro jutro;09:05|Serija;12:00|Dnevnik 1;13:30|Film: Zora;20:00|Dnevnik",
            "<li><span class=t>{}</span> <span class=n>{}</span></li>",
        ),
        ["Zora"],
    ),
    "lt flights": (
        "<h1>Atvykimai</h1>"
        + _table(
            "Laikas|Reisas|Iš|Būsena",
            "10:20|LO771|Varšuva|Nusileido;10:45|BT341|Ryga|Vėluoja 11:10;11:00|FR2871|Londonas|Numatoma;11:35|SK744|Kopenhaga|Numatoma",
        ),
        ["Ryga"],
    ),
    "ar prayer": (
        "<h1>مواقيت الصلاة</h1><p>السبت ٢٨ نوفمبر ٢٠٢٦</p>"
        + _table("الصلاة|الوقت", "الفجر|٠٥:١٢;الشروق|٠٦:٣٨;الظهر|١١:٤٥;العصر|١٤:٣٣;المغرب|١٦:٥١;العشاء|١٨:١٢"),
        ["الظهر"],
    ),
    "en blood": (
        "<h1>Blood stock levels</h1><ul class=stock><li class=g><span class=grp>O+</span><span class='lvl low'>Low</span></li><li class=g><span class=grp>O-</span><span class='lvl crit'>Critical</span></li><li class=g><span class=grp>A+</span><span class='lvl ok'>Good</span></li><li class=g><span class=grp>A-</span><span class='lvl low'>Low</span></li><li class=g><span class=grp>B+</span><span class='lvl ok'>Good</span></li></ul>",
        ["Critical"],
    ),
    "pl cinema": (
        "<h1>Repertuar</h1><article class=film><h2>Zimna noc</h2><p>dramat, 112 min</p><ul><li>16:30</li><li>19:00</li><li>21:15</li></ul></article><article class=film><h2>Wilk</h2><p>animacja, 90 min</p><ul><li>14:00</li><li>16:00</li></ul></article><article class=film><h2>Ostatni pociąg</h2><p>thriller, 128 min</p><ul><li>18:20</li><li>20:45</li></ul></article>",
        ["Wilk"],
    ),
    "fr menu": (
        "<h1>Menu du jour</h1>"
        + _rows(
            "Soupe à l'oignon|7,50 €;Bavette frites|16,00 €;Tarte tatin|6,50 €",
            "<li><span class=n>{}</span><span class=p>{}</span></li>",
        ),
        ["Bavette"],
    ),
    "hi mandi": (
        "<h1>आज का मंडी भाव</h1>"
        + _table(
            "फसल|न्यूनतम|अधिकतम|औसत",
            "गेहूँ|2,450|2,610|2,530;चना|5,800|6,120|5,960;सोयाबीन|4,210|4,480|4,350;प्याज|1,100|1,850|1,400",
        ),
        ["सोयाबीन"],
    ),
    "es embalses": (
        "<h1>Nivel de los embalses</h1>"
        + _table(
            "Embalse|Capacidad (hm³)|Actual|%",
            "La Serena|3.219|1.204|37,4;Alcántara|3.160|1.990|63,0;Buendía|1.639|402|24,5",
        ),
        ["Buendía"],
    ),
    "de parking": (
        "<h1>Parkhäuser</h1><div class=''><div class=ph><span>Rathaus</span> <span class=num>112</span> <span>frei</span></div><div class=ph><span>Bahnhof</span> <span class=num>0</span> <span>besetzt</span></div><div class=ph><span>Markt</span> <span class=num>37</span> <span>frei</span></div><div class=ph><span>Oper</span> <span class=num>250</span> <span>frei</span></div></div>",
        ["Markt"],
    ),
    "ru chess": (
        "<h1>Кубок города</h1>"
        + _table(
            "Место|Участник|Рейтинг|Очки",
            "1|Иванов П.|2210|6½;2|Смирнова А.|2150|6;3|Ким В.|2301|5½;4|Орлов Д.|1988|5;5|Белов К.|2012|4½",
        ),
        ["Ким"],
    ),
    "nl rooster": (
        "<h1>Zwemrooster</h1>"
        + _table(
            "Tijd|Ma|Di|Wo|Do|Vr",
            "7:00|banenzwemmen|banenzwemmen|—|banenzwemmen|banenzwemmen;9:00|aquafit|ouder en kind|aquafit|—|senioren;13:00|recreatief|recreatief|recreatief|recreatief|recreatief;19:00|banenzwemmen|club|banenzwemmen|club|—",
        ),
        ["aquafit"],
    ),
    "el deadlines": (
        "<h1>Πρόσκληση υποβολής</h1>"
        + _rows("Υποβολή περιλήψεων: 15 Ιανουαρίου 2027;Ειδοποίηση: 1 Μαρτίου 2027;Συνέδριο: 10 Ιουνίου 2027"),
        ["15 Ιανουαρίου"],
    ),
    "en cfp dl": (
        "<h1>Call for papers</h1><p>We invite submissions on all aspects of tides.</p><dl><dt>Abstracts due</dt><dd>1 February 2027</dd><dt>Notification</dt><dd>15 March 2027</dd><dt>Camera-ready</dt><dd>20 April 2027</dd></dl>",
        ["1 February|2027-02-01"],
    ),
    "de changelog": (
        "<h1>Versionsgeschichte</h1><h2>4.2.0 <small>12.11.2026</small></h2><ul><li>Neue Karte</li><li>Fehler behoben</li></ul><h2>4.1.3 <small>02.10.2026</small></h2><ul><li>Export als CSV</li><li>Fehler behoben</li></ul><h2>4.1.2 <small>11.09.2026</small></h2><ul><li>Drucken</li><li>Fehler behoben</li></ul><h2>4.1.1 <small>01.08.2026</small></h2><ul><li>Suche</li><li>Fehler behoben</li></ul>",
        ["4.1.3"],
    ),
    "sk waitlist": (
        "<h1>Poradovník na byty</h1><p>Stav k 27. 11. 2026</p>"
        + _table(
            "Poradie|Číslo žiadosti|Počet bodov",
            "1|2019/044|87;2|2020/112|85;3|2018/201|85;4|2021/009|80;5|2022/031|78",
        ),
        ["2018/201"],
    ),
    "fr baignade": (
        "<h1>Qualité des eaux de baignade</h1><p>Prélèvement du 26 novembre 2026</p>"
        + _table("Plage|Qualité", "Grande Plage|Bonne;Port|Moyenne;Les Dunes|Bonne;La Pointe|Mauvaise"),
        ["Les Dunes"],
    ),
    "pt incendio": (
        "<h1>Perigo de incêndio</h1>"
        + _table(
            "Concelho|Hoje|Amanhã",
            "Monção|Reduzido|Reduzido;Arouca|Moderado|Elevado;Sertã|Elevado|Muito elevado;Silves|Máximo|Máximo;Loulé|Elevado|Elevado",
        ),
        ["Sertã"],
    ),
    "it meteo": (
        "<h1>Previsioni per Trento</h1><div class=days><div class=day><b>Sab</b><span class=max>7°</span><span class=min>-1°</span><span class=txt>Sereno</span></div><div class=day><b>Dom</b><span class=max>5°</span><span class=min>0°</span><span class=txt>Nuvoloso</span></div><div class=day><b>Lun</b><span class=max>3°</span><span class=min>-2°</span><span class=txt>Neve debole</span></div><div class=day><b>Mar</b><span class=max>4°</span><span class=min>-3°</span><span class=txt>Sereno</span></div><div class=day><b>Mer</b><span class=max>6°</span><span class=min>-1°</span><span class=txt>Variabile</span></div></div>",
        ["Neve debole"],
    ),
    "en snow": (
        "<h1>Snow report</h1><dl class=facts><dt>Snow depth, top</dt><dd>85 cm</dd><dt>Lifts open</dt><dd>12 / 18</dd><dt>Last snowfall</dt><dd>26 Nov 2026</dd></dl>",
        ["85|12"],
    ),
    "id harga pangan": (
        "<h1>Harga Pangan Hari Ini</h1><div class=''><div class=item><p>Beras medium</p><p><strong>Rp 13.500</strong>/kg</p></div><div class=item><p>Cabai rawit</p><p><strong>Rp 61.200</strong>/kg</p></div><div class=item><p>Bawang merah</p><p><strong>Rp 34.900</strong>/kg</p></div><div class=item><p>Gula</p><p><strong>Rp 17.800</strong>/kg</p></div></div>",
        ["Cabai"],
    ),
    "zh waitlist stats": (
        "<h1>公租房轮候情况</h1>"
        + _table("区域|轮候户数|可配租房源", "东城区|1203|35;西城区|998|12;海淀区|3410|88;朝阳区|4120|102"),
        ["海淀区"],
    ),
    "en playlist": (
        "<h1>Recently played</h1>"
        + _rows(
            "14:52|Low Tide|Harbour Lights;14:48|Mira Voss|Paper Boats;14:43|The Kelp|North Window;14:39|Low Tide|Salt",
            "<li><span>{}</span><b>{}</b><i>{}</i></li>",
        ),
        ["Paper Boats"],
    ),
    "ro bursa": (
        "<h1>Cotații</h1>" + _table("Simbol|Preț|Var.", "TLV|28,40|+0,85%;SNP|0,7115|-0,28%;BRD|19,22|0,00%"),
        ["SNP"],
    ),
    "et stat": (
        "<h1>Tarbijahinnaindeks</h1>"
        + _table("Kuu|Indeks|Muutus, %", "August|132,1|4,9;September|132,8|5,1;Oktoober|133,0|4,8"),
        ["132,8"],
    ),
    "mk upis": (
        "<h1>Слободни места по насоки</h1>"
        + _table("Насока|Квота|Пријавени", "Информатика|120|87;Право|90|95;Медицина|60|60;Економија|150|44"),
        ["Право"],
    ),
    "si cricket": (
        "<h1>ලකුණු පුවරුව</h1>" + _table("කණ්ඩායම|තරග|ජය|ලකුණු", "කොළඹ|6|5|10;ගාල්ල|6|4|8;මහනුවර|6|3|6;යාපනය|6|1|2"),
        ["මහනුවර"],
    ),
    "km schedule": (
        "<h1>កាលវិភាគរថយន្តក្រុង</h1>"
        + _table("គោលដៅ|ម៉ោងចេញ|តម្លៃ", "សៀមរាប|៧:៣០|៤៨០០០៛;បាត់ដំបង|៨:០០|៤៤០០០៛;កំពត|៩:១៥|៣២០០០៛"),
        ["កំពត"],
    ),
    "my exchange": (
        "<h1>ငွေလဲနှုန်း</h1>" + _table("ငွေကြေး|ဝယ်|ရောင်း", "USD|၂၁၀၀|၂၁၀၈;EUR|၂၂၇၅|၂၂၉၀;SGD|၁၅၆၀|၁၅၇၂"),
        ["EUR"],
    ),
    "gu water cuts": (
        "<h1>પાણી પુરવઠો</h1><h2>સોમવાર, ૩૦ નવેમ્બર ૨૦૨૬</h2>"
        + _table("વિસ્તાર|સમય|નોંધ", "નવરંગપુરા|સવારે ૬|નિયમિત;મણિનગર|સવારે ૭|ઓછું દબાણ;વસ્ત્રાલ|બંધ|સમારકામ"),
        ["મણિનગર"],
    ),
    "hy grid": (
        "<h1>Դասացուցակ</h1>"
        + _table(
            "Ժամ|Երկուշաբթի|Երեքշաբթի|Չորեքշաբթի",
            "9:00|Հանրահաշիվ|Ֆիզիկա|Քիմիա;10:00|Պատմություն|Հանրահաշիվ|Գրականություն;11:00|Քիմիա|Լեզու|Ֆիզիկա",
        ),
        ["Ֆիզիկա"],
    ),
    "ka level": (
        "<h1>მდინარე მტკვარი</h1><div class=card><div class=t>წყლის დონე</div><div class=v>312 სმ</div><div class=d>28.11.2026 08:00</div></div>",
        ["312"],
    ),
    "is road": (
        "<h1>Færð á vegum</h1>"
        + _table(
            "Vegur|Ástand|Hiti",
            "Hellisheiði|Hálka|-2;Þrengsli|Greiðfært|1;Holtavörðuheiði|Ófært|-6;Öxnadalsheiði|Þungfært|-5",
        ),
        ["Holtavörðuheiði"],
    ),
    "lv seats": (
        "<h1>Brīvās vietas bērnudārzos</h1>"
        + _table("Iestāde|Grupa|Vietas", "Saulīte|3–4 gadi|2;Zvaniņš|4–5 gadi|0;Pasaciņa|2–3 gadi|5"),
        ["Zvaniņš"],
    ),
    "sl price": (
        "<h1>Drva bukova</h1><div class=buy><span class=cena>189,00 €</span><button>V košarico</button></div><p>Suha bukova drva.</p>",
        ["189"],
    ),
    "az rate": ("<h1>Məzənnə</h1><p>1 USD = 1,7000 AZN</p><p>28.11.2026</p>", ["1.7|1,7"]),
    "th lottery": (
        "<h1>ผลสลากกินแบ่งรัฐบาล</h1><p>งวดประจำวันที่ 16 พฤศจิกายน 2569</p><div class=prizes><div><span>รางวัลที่ 1</span><b>482913</b></div><div><span>เลขท้าย 2 ตัว</span><b>47</b></div><div><span>เลขหน้า 3 ตัว</span><b>129 774</b></div></div>",
        ["482913"],
    ),
    "vi scores": (
        "<h1>Lịch thi đấu</h1>"
        + _table(
            "Giờ|Trận|Sân",
            "17:00|Hà Nội - Nam Định|Hàng Đẫy;18:00|HAGL - SLNA|Pleiku;19:15|TP.HCM - Bình Dương|Thống Nhất",
        ),
        ["SLNA"],
    ),
    "de abfahrt flex": (
        "<h1>Abfahrten Marktplatz</h1><div class=deps><div class=dep><span class=line>5</span><span class=dest>Messe</span><span class=min>2 min</span></div><div class=dep><span class=line>12</span><span class=dest>Klinikum</span><span class=min>4 min</span></div><div class=dep><span class=line>5</span><span class=dest>Süd</span><span class=min>9 min</span></div><div class=dep><span class=line>N8</span><span class=dest>Bahnhof</span><span class=min>17 min</span></div></div>",
        ["Klinikum"],
    ),
    "en council": (
        "<h1>Planning applications</h1><div class=app><h3>26/01234/FUL</h3><p>Two storey extension, 4 Mill Lane</p><p>Valid from 24 Nov 2026</p></div><div class=app><h3>26/01240/HHA</h3><p>Loft conversion, 11 High St</p><p>Valid from 25 Nov 2026</p></div><div class=app><h3>26/01251/LBC</h3><p>Replace windows, The Old Rectory</p><p>Valid from 26 Nov 2026</p></div>",
        ["26/01240"],
    ),
    "pt obras": (
        "<h1>Cortes de trânsito</h1>"
        + _rows(
            "Rua do Ouro|de 1 a 5 de dezembro;Av. Central|de 3 a 10 de dezembro;Largo da Sé|até 20 de dezembro",
            "<li><strong>{}</strong> <span>{}</span></li>",
        ),
        ["Av. Central"],
    ),
    "ko bids": (
        "<h1>입찰공고</h1>"
        + _table(
            "번호|공고명|마감",
            "1204|청사 청소 용역|2026.12.11 14:00;1203|도로 보수 공사|2026.12.09 10:00;1202|급식 재료 구매|2026.12.07 17:00",
        ),
        ["도로 보수"],
    ),
    "hi result": (
        "<h1>मौसम आज</h1><div class=temp><span>तापमान</span><b>२३°</b></div><div class=temp><span>नमी</span><b>४८%</b></div>",
        ["23°|२३"],
    ),
    "ja quake": (
        "<h1>地震情報</h1>"
        + _table(
            "発生時刻|震源地|規模|最大震度",
            "11月28日 04:12|茨城県沖|M4.1|2;11月27日 22:50|熊本県|M3.0|1;11月27日 09:33|十勝沖|M5.2|3",
        ),
        ["熊本県"],
    ),
    "zh hsk": (
        "<h1>考试报名</h1>"
        + _table(
            "级别|考试时间|报名截止|余位",
            "三级|2027年1月9日|2026年12月13日|42;四级|2027年1月9日|2026年12月13日|0;五级|2027年1月10日|2026年12月13日|17",
        ),
        ["五级"],
    ),
    "fi vapaat": (
        "<h1>Vapaat ajat</h1>"
        + _rows(
            "ma 30.11.|9.00, 9.30, 13.00;ti 1.12.|ei vapaita aikoja;ke 2.12.|10.15",
            "<li><b>{}</b> <span>{}</span></li>",
        ),
        ["10.15"],
    ),
    "pl stan": (
        "<h1>Wolne pokoje</h1>"
        + _table("Termin|Pokój 2-os.|Pokój 3-os.", "4–6 grudnia|2|0;11–13 grudnia|0|1;18–20 grudnia|4|2"),
        ["18–20"],
    ),
    "en availability p": (
        "<h1>Vintage brass lamp</h1><p class=art>Art. 1182</p><p class=availability>Sold out – back in January</p>",
        ["Sold out|out of stock"],
    ),
    "tr sinav": (
        "<h1>Sınav Takvimi</h1>"
        + _table(
            "Ders|Tarih|Saat|Salon",
            "Matematik I|11 Ocak 2027|10:00|A101;Fizik I|13 Ocak 2027|13:30|B204;Kimya|15 Ocak 2027|10:00|A101",
        ),
        ["Fizik"],
    ),
    "sq autobus": (
        "<h1>Orari i autobusëve</h1>"
        + _table(
            "Linja|Nisja e parë|Nisja e fundit|Intervali",
            "Tiranë–Durrës|06:00|21:00|15;Tiranë–Elbasan|06:30|20:00|30;Tiranë–Shkodër|07:00|18:30|60",
        ),
        ["Elbasan"],
    ),
    "cy pwyllgor": (
        "<h1>Cyfarfodydd</h1>"
        + _rows(
            "Cabinet|Mawrth 8 Rhagfyr, 10:00;Cynllunio|Iau 10 Rhagfyr, 13:00;Craffu|Mercher 16 Rhagfyr, 14:00",
            "<li><h3>{}</h3><p>{}</p></li>",
        ),
        ["Craffu"],
    ),
    "eu bilerak": (
        "<h1>Hitzorduak</h1>" + _rows("Abenduak 4 – Batzar nagusia;Abenduak 11 – Kontzertua;Abenduak 20 – Azoka"),
        ["Kontzertua"],
    ),
    "en score": (
        "<h1>Live scores</h1><div class=match><span class=home>Reds</span><span class=sc>2–1</span><span class=away>Blues</span><span class=min>67'</span></div><div class=match><span class=home>Rovers</span><span class=sc>0–0</span><span class=away>United</span><span class=min>54'</span></div><div class=match><span class=home>Town</span><span class=sc>1–3</span><span class=away>City</span><span class=min>FT</span></div>",
        ["Rovers"],
    ),
    "nb skrens": (
        "<h1>Skredvarsel</h1><div class=region><h2>Lyngen</h2><p class=level>3 – Betydelig</p></div><div class=region><h2>Tromsø</h2><p class=level>2 – Moderat</p></div><div class=region><h2>Indre Troms</h2><p class=level>4 – Stor</p></div><p>Gjelder lørdag 28. november 2026</p>",
        ["Tromsø"],
    ),
    "lt rates article": (
        "<article class=page>"
        + "<h1>Valiutų kursai</h1><p>Kursai atnaujinami kasdien.</p>"
        + _table(
            "Valiuta|Perka|Parduoda",
            "USD – JAV doleris|0,9210|0,9480;GBP – svaras|1,1720|1,2105;PLN – zlotas|0,2290|0,2388;SEK – krona|0,0861|0,0902",
        )
        + "</article>",
        ["0,2388"],
    ),
    "hu rates article h2": (
        "<article class=page>"
        + "<h1>Árfolyamok</h1>"
        + _table("Deviza|Vétel|Eladás", "EUR|389,12|405,30;USD|352,00|371,15;CHF|401,20|421,90")
        + "</article>",
        ["405,30"],
    ),
    "bg fuel": (
        "<article class=page>"
        + "<h1>Цени на горивата</h1>"
        + _table("Бензиностанция|А95|Дизел", "Изток|2,49|2,55;Запад|2,52|2,54;Център|2,47|2,60")
        + "</article>",
        ["2,60"],
    ),
    "fi div table": (
        "<h1>Junat Pasila</h1><div class=board><div class=r><div class=c1>12:03</div><div class=c2>K</div><div class=c3>Kerava</div><div class=c4>2</div></div><div class=r><div class=c1>12:07</div><div class=c2>E</div><div class=c3>Kauklahti</div><div class=c4>5</div></div><div class=r><div class=c1>12:09</div><div class=c2>R</div><div class=c3>Riihimäki</div><div class=c4>2</div></div><div class=r><div class=c1>12:14</div><div class=c2>P</div><div class=c3>Lentoasema</div><div class=c4>4</div></div></div>",
        ["Riihimäki"],
    ),
    "de dl termine": (
        "<h1>Gottesdienste</h1><dl><dt>So 29.11., 10 Uhr</dt><dd>1. Advent mit Abendmahl, Pfr. Klein</dd><dt>So 06.12., 10 Uhr</dt><dd>2. Advent, Prädikantin Voss</dd><dt>So 13.12., 17 Uhr</dt><dd>3. Advent mit Chor</dd></dl>",
        ["Prädikantin"],
    ),
    "it h3 p avvisi": (
        "<h1>Avvisi</h1><div class=avviso><span class=data>27/11/2026</span><h3>Chiusura uffici</h3><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. </p></div><div class=avviso><span class=data>25/11/2026</span><h3>Interruzione acqua</h3><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. </p></div><div class=avviso><span class=data>20/11/2026</span><h3>Bando mensa</h3><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. </p></div>",
        ["Interruzione acqua"],
    ),
    "es h3 p avisos sin fecha": (
        "<h1>Avisos de servicio</h1><article class=aviso><h3>Línea 3 sin servicio</h3><time datetime=2026-11-27>27 nov</time><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. </p></article><article class=aviso><h3>Obras en Sol</h3><time datetime=2026-11-26>26 nov</time><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. </p></article><article class=aviso><h3>Ascensor averiado</h3><time datetime=2026-11-24>24 nov</time><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. </p></article>",
        ["Obras en Sol"],
    ),
    "el counter": (
        "<h1>Υπογράψτε για το δάσος</h1><div class=cnt><b>8.412</b> <span>υπογραφές</span></div>",
        ["8412|8.412"],
    ),
    "ka price": (
        "<h1>ველოსიპედი MTB 29</h1><div class=product-price>1 249 ₾</div><button>კალათაში</button>",
        ["1249|1 249"],
    ),
    "hy price": ("<h1>Սուրճի մեքենա</h1><div class=price>89 900 ֏</div><p>Առկա է</p>", ["89900|89 900"]),
    "bn price": ("<h1>ফ্যান ৫৬ ইঞ্চি</h1><div class=price>৳ ৩,৪৫০</div><button>কার্টে যোগ করুন</button>", ["3450|৩,৪৫০"]),
    "fa price": (
        "<h1>قهوه‌ساز مدل ۲۰</h1><span class=price>۲٬۴۵۰٬۰۰۰ تومان</span><button>افزودن به سبد</button>",
        ["2450000|۲٬۴۵۰٬۰۰۰"],
    ),
    "kk price": ("<h1>Шай 500 г</h1><p class=price>2 190 ₸</p><button>Себетке</button>", ["2190|2 190"]),
    "th price": ("<h1>รองเท้าวิ่ง</h1><p class=price>฿1,890</p><button>หยิบใส่ตะกร้า</button>", ["1890|1,890"]),
    "vi price": ("<h1>Nồi cơm điện</h1><p class=price>1.290.000₫</p><button>Mua ngay</button>", ["1290000|1.290.000"]),
    "ar sold out": ("<h1>ساعة يدوية</h1><p class=price>٤٥٠ ر.س</p><p class=stock>غير متوفر حالياً</p>", ["450|٤٥٠"]),
    "he seats": ("<h1>סדנת קרמיקה</h1><p>מתחילים ב-15 בינואר</p><p class=seats>נותרו 4 מקומות</p>", ["4"]),
    "pl status single": (
        "<h1>Wniosek 2026/118</h1><dl><dt>Złożono</dt><dd>12.11.2026</dd><dt>Status</dt><dd>W trakcie rozpatrywania</dd></dl>",
        ["W trakcie"],
    ),
    "cs voda": (
        "<h1>Koupaliště Džbán</h1><div class=stav><span>Teplota vody</span><strong>21,4 °C</strong></div><div class=stav><span>Otevřeno</span><strong>ano</strong></div>",
        ["21,4|21.4"],
    ),
    "da isbane": (
        "<h1>Skøjtebanen</h1><p class='status open'>Banen er åben</p><p>Opdateret i dag kl. 9.15</p>",
        ["åben"],
    ),
    "sv snow cards": (
        "<h1>Liftar och pister</h1><div class=lift><span class=name>Toppliften</span><span class='state open'>Öppen</span></div><div class=lift><span class=name>Familjeliften</span><span class='state closed'>Stängd</span></div><div class=lift><span class=name>Västra</span><span class='state open'>Öppen</span></div><div class=lift><span class=name>Nattliften</span><span class='state closed'>Stängd</span></div>",
        ["Familjeliften"],
    ),
    "en chart table": (
        "<h1>Top 40</h1>"
        + _table(
            "This week|Last week|Title|Artist",
            "1|3|Salt|Low Tide;2|1|Paper Boats|Mira Voss;3|New|North Window|The Kelp;4|2|Harbour|Tern",
        ),
        ["North Window"],
    ),
    "uk tenders cards": (
        "<h1>Закупівлі</h1><div class=tender><div class=id>UA-2026-11-20-001</div><div class=name>Ремонт школи</div><div class=sum>1 250 000,00 грн</div><div class=due>до 10.12.2026</div></div><div class=tender><div class=id>UA-2026-11-21-014</div><div class=name>Вугілля</div><div class=sum>840 000,00 грн</div><div class=due>до 11.12.2026</div></div><div class=tender><div class=id>UA-2026-11-24-003</div><div class=name>Меблі</div><div class=sum>96 500,00 грн</div><div class=due>до 15.12.2026</div></div>",
        ["Вугілля"],
    ),
    "en nested schedule": (
        "<h1>Term dates 2026–27</h1><section><h2>Autumn</h2><ul><li>Starts: 2 September 2026</li><li>Half term: 26–30 October</li><li>Ends: 18 December 2026</li></ul></section><section><h2>Spring</h2><ul><li>Starts: 4 January 2027</li><li>Half term: 15–19 February</li><li>Ends: 26 March 2027</li></ul></section><section><h2>Summer</h2><ul><li>Starts: 12 April 2027</li><li>Half term: 31 May – 4 June</li><li>Ends: 21 July 2027</li></ul></section>",
        ["12 April|4 January"],
    ),
    "ro orar grid": (
        "<h1>Orar clasa a V-a</h1>"
        + _table(
            "Ora|Luni|Marți|Miercuri|Joi|Vineri",
            "8–9|Română|Mate|Sport|Mate|Engleză;9–10|Mate|Română|Română|Istorie|Sport;10–11|Istorie|Bio|Engleză|Română|Geo;11–12|Muzică|Desen|Bio|Geo|Relig",
        ),
        ["Geo"],
    ),
    "hr vodostaj": (
        "<h1>Vodostaji</h1>"
        + _table("Rijeka|Postaja|cm|Promjena", "Sava|Zagreb|-112|+4;Drava|Osijek|88|-2;Kupa|Karlovac|140|+11"),
        ["Karlovac"],
    ),
    "et ilm": (
        "<h1>Vaatlused</h1><p>28.11.2026 kell 12:00</p>"
        + _table("Jaam|Temp °C|Tuul m/s", "Tallinn|-1,2|5,4;Tartu|-3,0|2,1;Pärnu|0,4|6,6"),
        ["Pärnu"],
    ),
    "ko volunteer": (
        "<h1>자원봉사 모집</h1>"
        + _rows(
            "도서 정리|모집중|3/10명;급식 보조|마감|20/20명;환경 정화|모집중|7/15명",
            "<li><strong>{}</strong><em>{}</em><span>{}</span></li>",
        ),
        ["급식 보조"],
    ),
    "zh bus": (
        "<h1>公交到站</h1>"
        + _rows(
            "101路|3分钟|距离2站;202路|8分钟|距离5站;303路|15分钟|距离9站", "<li><b>{}</b><span>{}</span><i>{}</i></li>"
        ),
        ["202路"],
    ),
    "en auction closing": (
        "<h1>Lot 44: Oak bureau</h1><p>Bidding closes 3 December 2026 at 19:00</p><div class=bid><span>Current bid</span><b>£420</b></div>",
        ["420"],
    ),
    "fr dispo": (
        "<h1>Gîte des Prés</h1><h2>Prochaines disponibilités</h2>"
        + _rows(
            "du 5 au 12 décembre|640 €;du 19 au 26 décembre|890 €;du 2 au 9 janvier|590 €",
            "<li><span>{}</span><span>{}</span></li>",
        ),
        ["890"],
    ),
    "en table 2026-27": (
        "<h1>Season 2026/27: table</h1>"
        + _table("Pos|Team|P|W|Pts", "1|Reds|12|9|29;2|Blues|12|8|26;3|Town|12|5|18;4|City|12|1|5"),
        ["Town"],
    ),
    "ru turnir 2026": (
        "<h1>Турнир памяти Алёхина</h1><p>Тур 5, 27 ноября 2026 г.</p>"
        + _table("Место|Участник|Очки", "1|Иванов|4½;2|Смирнова|4;3|Ким|3;4|Орлов|2;5|Белов|1"),
        ["Ким"],
    ),
    "da afstemning live": (
        "<h1>Afstemning om havnen</h1><p>Slutter 15. december 2026</p>"
        + _table("Forslag|Stemmer|Andel", "Bro|412|51 %;Færge|301|37 %;Intet|98|12 %"),
        ["Færge"],
    ),
    "pt concurso live": (
        "<h1>Concurso 02/2026</h1><p>Resultado parcial em 24/11/2026</p>"
        + _table("Classificação|Candidato|Nota", "1|Ana Lima|92,5;2|José Prado|90,0;3|Rui Melo|88,5;4|Eva Reis|81,0"),
        ["Rui Melo"],
    ),
    "es cursos": (
        "<h1>Cursos</h1>"
        + _table(
            "Fecha|Tema|Plazas", "4 de marzo de 2027|Barro|8;11 de marzo de 2027|Torno|0;18 de marzo de 2027|Esmalte|3"
        ),
        ["Torno"],
    ),
    "en decisions old+new": (
        "<h1>Decisions</h1>"
        + _table("Date|Decision|Vote", "12 Nov 2026|Bridge toll|7–2;8 Oct 2026|Library hours|9–0;3 Sep 2025|Park|5–4"),
        ["Bridge toll"],
    ),
    "am price": (
        "<h1>ቡና 1 ኪሎ</h1><div class=price-box><span class=price>ብር 850.00</span></div><button>ወደ ጋሪ</button>",
        ["850"],
    ),
    "ne bid": (
        "<h1>Lot 12</h1><div class=lot><div>हालको बोल</div><div class=amt>रु ४५,०००</div><button>बोल</button></div>",
        ["45000|४५,०००"],
    ),
    "et queue": (
        "<h1>Piirijärjekord</h1><div class=stat><span>Ootavaid sõidukeid</span><b>214</b></div><p>28.11.2026 10:05</p>",
        ["214"],
    ),
    "mt status": ("<h1>Talba 11822</h1><dl><dt>Status</dt><dd>Qed tiġi pproċessata</dd></dl>", ["Qed"]),
    "ga flood": (
        "<h1>Leibhéal na habhann</h1><div class=reading><strong>1.84 m</strong><time datetime=2026-11-28T07:00>07:00</time></div>",
        ["1.84"],
    ),
    "sl parking single": (
        "<h1>Garaža Kongresni trg</h1><p>Prosta mesta: <strong>112</strong></p><p>28. 11. 2026 ob 10.15</p>",
        ["112"],
    ),
    "hu verzio": ("<h1>Szerkesztő</h1><p>Legújabb verzió: <code>5.8.2</code> (2026. november 20.)</p>", ["5.8.2"]),
    "ro petitie": (
        "<h1>Salvați parcul</h1><div class=counter><span>4.218</span><small>semnături</small></div>",
        ["4218|4.218"],
    ),
    "az növbə": (
        "<h1>Növbə</h1><div class=queue><span class=lbl>Çağırılan nömrə</span><span class=num>B-047</span></div><p>10:42</p>",
        ["B-047"],
    ),
    "en preorder": (
        "<h1>Field Recorder Mk II</h1><div class=product__price>£349.00</div><p class=badge>Pre-order – ships March 2027</p>",
        ["349"],
    ),
    "cs byt": (
        "<h1>Pronájem bytu 2+kk, Brno</h1><table><tr><th>Nájem</th><td>18 500 Kč</td></tr><tr><th>Poplatky</th><td>4 200 Kč</td></tr><tr><th>Plocha</th><td>54 m²</td></tr><tr><th>Volné od</th><td>1. 2. 2027</td></tr></table>",
        ["18500"],
    ),
    "sv status page": (
        "<h1>Driftstatus</h1><div class=component><span>E-tjänster</span><span class='status-ok'>Fungerar</span></div><div class=component><span>Webbplats</span><span class='status-ok'>Fungerar</span></div><div class=component><span>Telefoni</span><span class='status-warn'>Störning</span></div>",
        ["Störning"],
    ),
    "hi jobs": (
        "<h1>रिक्तियाँ</h1>"
        + _table("पद|संख्या|अंतिम तिथि", "लिपिक|12|15 जनवरी 2027;चालक|4|20 जनवरी 2027;सहायक|30|31 जनवरी 2027"),
        ["चालक"],
    ),
    "te notices": (
        "<h1>ప్రకటనలు</h1><ul class=''><li><span class=d>28 నవంబర్ 2026</span> <a href=/n/x.pdf>పరీక్ష ఫలితాలు</a></li><li><span class=d>25 నవంబర్ 2026</span> <a href=/n/x.pdf>సెలవు ప్రకటన</a></li><li><span class=d>20 నవంబర్ 2026</span> <a href=/n/x.pdf>టెండర్</a></li></ul>",
        ["సెలవు"],
    ),
    "kn bus": (
        "<h1>ಬಸ್ ವೇಳಾಪಟ್ಟಿ</h1>"
        + _table(
            "ಮಾರ್ಗ|ಹೊರಡುವ ಸಮಯ|ತಲುಪುವ ಸಮಯ", "ಬೆಂಗಳೂರು–ಮೈಸೂರು|06:10|09:25;ಬೆಂಗಳೂರು–ಹಾಸನ|07:40|11:05;ಬೆಂಗಳೂರು–ಮಂಗಳೂರು|21:15|05:30"
        ),
        ["ಹಾಸನ"],
    ),
    "ml gold": (
        "<h1>സ്വർണവില</h1><p>28 നവംബർ 2026</p>" + _table("ഗ്രാം|വില", "1 ഗ്രാം|₹ 9,120;8 ഗ്രാം|₹ 72,960;10 ഗ്രാം|₹ 91,200"),
        ["72960|72,960"],
    ),
    "si exam": (
        "<h1>විභාග කාලසටහන</h1>"
        + _table("දිනය|විෂයය|වේලාව", "2027 ජනවාරි 4|ගණිතය|08.30;2027 ජනවාරි 6|විද්‍යාව|08.30;2027 ජනවාරි 8|ඉතිහාසය|08.30"),
        ["ඉතිහාසය"],
    ),
    "my notices": (
        "<h1>ကြေညာချက်</h1>"
        + _rows("၂၈ နိုဝင်ဘာ ၂၀၂၆|စာမေးပွဲ;၂၅ နိုဝင်ဘာ ၂၀၂၆|ပိတ်ရက်;၂၀ နိုဝင်ဘာ ၂၀၂၆|တင်ဒါ", "<li><b>{}</b> <span>{}</span></li>"),
        ["ပိတ်ရက်"],
    ),
    "km exam": (
        "<h1>កាលបរិច្ឆេទប្រឡង</h1>" + _table("ថ្ងៃ|មុខវិជ្ជា", "៤ មករា ២០២៧|គណិតវិទ្យា;៦ មករា ២០២៧|រូបវិទ្យា;៨ មករា ២០២៧|គីមីវិទ្យា"),
        ["រូបវិទ្យា"],
    ),
    "ur notices": (
        "<h1>اعلانات</h1>"
        + _rows(
            "۲۸ نومبر ۲۰۲۶|امتحانی نتائج;۲۵ نومبر ۲۰۲۶|تعطیل;۲۰ نومبر ۲۰۲۶|ٹینڈر", "<li><b>{}</b> <span>{}</span></li>"
        ),
        ["تعطیل"],
    ),
    "ckb bazar": (
        "<h1>نرخی بازاڕ</h1>" + _table("دراو|کڕین|فرۆشتن", "دۆلار|١٤٢٥|١٤٣٠;یۆرۆ|١٦٥٠|١٦٦٠;تمەن|٢٤|٢٥"),
        ["یۆرۆ"],
    ),
    "mn exchange": (
        "<h1>Ханш</h1>" + _table("Валют|Авах|Зарах", "USD|3420.00|3435.00;CNY|480.50|484.00;RUB|41.20|42.90"),
        ["484"],
    ),
    "tg narx": (
        "<h1>Қурби асъор</h1><p>28.11.2026</p>"
        + _table("Асъор|Харид|Фурӯш", "USD|10,62|10,71;EUR|12,30|12,48;RUB|0,128|0,133"),
        ["12,48"],
    ),
    "sw ratiba": (
        "<h1>Ratiba ya mechi</h1>"
        + _table(
            "Tarehe|Mechi|Uwanja",
            "5 Desemba 2026|Simba – Yanga|Mkapa;8 Desemba 2026|Azam – Coastal|Chamazi;12 Desemba 2026|Namungo – KMC|Majaliwa",
        ),
        ["Azam"],
    ),
    "yo / ha kasuwa": (
        "<h1>Farashin kasuwa</h1>"
        + _table("Kaya|Kano|Kaduna", "Masara|52000|49500;Shinkafa|91000|94000;Wake|88000|86500;Dawa|47000|48000"),
        ["Shinkafa"],
    ),
    "zu / xh": (
        "<h1>Izikhala</h1>"
        + _table(
            "Isikhundla|Indawo|Usuku lokuvala",
            "Unesi|eThekwini|15 Januwari 2027;Uthisha|eMgungundlovu|22 Januwari 2027;Umshayeli|eNewcastle|29 Januwari 2027",
        ),
        ["Uthisha"],
    ),
    "json state": (
        '<h1>Live map</h1><div id=map></div><script>window.__STATE__={"stations":[{"id":1,"name":"Dock A","bikes":4,"docks":12},{"id":2,"name":"Dock B","bikes":0,"docks":9},{"id":3,"name":"Dock C","bikes":11,"docks":1}]};</script>',
        ["Dock B"],
    ),
    "two header rows": (
        "<h1>Tabela</h1><table><tr><th rowspan=2>Drużyna</th><th colspan=2>Mecze</th><th rowspan=2>Pkt</th></tr><tr><th>W</th><th>P</th></tr><tr><td>Lech</td><td>9</td><td>1</td><td>27</td></tr><tr><td>Wisła</td><td>7</td><td>3</td><td>21</td></tr><tr><td>Pogoń</td><td>6</td><td>4</td><td>20</td></tr><tr><td>Arka</td><td>2</td><td>8</td><td>6</td></tr></table>",
        ["Pogoń"],
    ),
    "rowspan dates": (
        "<h1>Rasporedi ispita</h1><table><tr><th>Datum</th><th>Sat</th><th>Predmet</th><th>Dvorana</th></tr><tr><td rowspan=2>18. siječnja 2027.</td><td>9:00</td><td>Fizika</td><td>A1</td></tr><tr><td>12:00</td><td>Kemija</td><td>A2</td></tr><tr><td rowspan=2>20. siječnja 2027.</td><td>9:00</td><td>Biologija</td><td>A1</td></tr><tr><td>12:00</td><td>Povijest</td><td>B3</td></tr></table>",
        ["Povijest"],
    ),
    "row headers th": (
        "<h1>Stavovi reka</h1><table><thead><tr><th>Reka</th><th>Vodostaj</th><th>Promena</th></tr></thead><tbody><tr><th scope=row>Dunav</th><td>312</td><td>+4</td></tr><tr><th scope=row>Sava</th><td>280</td><td>-12</td></tr><tr><th scope=row>Tisa</th><td>198</td><td>0</td></tr></tbody></table>",
        ["Tisa"],
    ),
    "title row": (
        "<h1>Ceny skupu</h1><table><tr><td colspan=3><b>Skup złomu – cennik 28.11.2026</b></td></tr><tr><td>Rodzaj</td><td>Detal</td><td>Hurt</td></tr><tr><td>Miedź</td><td>32,50</td><td>33,80</td></tr><tr><td>Mosiądz</td><td>19,20</td><td>20,00</td></tr><tr><td>Aluminium</td><td>6,40</td><td>7,10</td></tr></table>",
        ["Mosiądz"],
    ),
    "per day tables": (
        "<h1>Predstave</h1><h3>Petek, 4. december</h3><table><tr><th>Ura</th><th>Naslov</th><th>Dvorana</th></tr><tr><td>18:00</td><td>Galeb</td><td>Velika</td></tr><tr><td>20:10</td><td>Hlapci</td><td>Mala</td></tr></table><h3>Sobota, 5. december</h3><table><tr><th>Ura</th><th>Naslov</th><th>Dvorana</th></tr><tr><td>17:00</td><td>Pika</td><td>Velika</td></tr><tr><td>20:00</td><td>Galeb</td><td>Velika</td></tr></table><h3>Nedelja, 6. december</h3><table><tr><th>Ura</th><th>Naslov</th><th>Dvorana</th></tr><tr><td>11:00</td><td>Pika</td><td>Velika</td></tr><tr><td>19:30</td><td>Samorog</td><td>Mala</td></tr></table>",
        ["Hlapci|Samorog|Pika"],
    ),
    "group rows": (
        "<h1>Odlety</h1><table><tr><th>Čas</th><th>Let</th><th>Kam</th><th>Stav</th></tr><tr><td colspan=4>Dopoledne</td></tr><tr><td>06:10</td><td>OK612</td><td>Paříž</td><td>odletěl</td></tr><tr><td>07:25</td><td>FR991</td><td>Londýn</td><td>nástup</td></tr><tr><td>09:40</td><td>LH1393</td><td>Frankfurt</td><td>zpožděn</td></tr><tr><td colspan=4>Odpoledne</td></tr><tr><td>13:05</td><td>QS2211</td><td>Řím</td><td></td></tr></table>",
        ["Londýn"],
    ),
    "no header pairs": (
        "<h1>Kurs NBP</h1><table><tr><td>1 USD</td><td>3,9812</td></tr><tr><td>1 EUR</td><td>4,2731</td></tr><tr><td>1 GBP</td><td>5,0120</td></tr><tr><td>1 CHF</td><td>4,5544</td></tr></table><p>28.11.2026</p>",
        ["5,0120"],
    ),
    "div grid header": (
        "<h1>Lediga tider</h1><div class=tbl><div class=hd><span>Dag</span><span>Tid</span><span>Läkare</span></div><div class=rw><span>mån 30 nov</span><span>09:10</span><span>Dr Alm</span></div><div class=rw><span>tis 1 dec</span><span>13:40</span><span>Dr Berg</span></div><div class=rw><span>tor 3 dec</span><span>10:20</span><span>Dr Alm</span></div></div>",
        ["Dr Berg"],
    ),
    "details": (
        "<h1>Turnusi</h1><details open><summary>Zima 2027</summary>"
        + _table(
            "Termin|Kraj|Prosta mesta", "3.–10. januar|Kranjska Gora|4;10.–17. januar|Rogla|0;17.–24. januar|Krvavec|11"
        )
        + "</details>",
        ["Krvavec"],
    ),
    "ascii pre": (
        "<h1>Ephemeris</h1><pre>2026-11-28  06:12  rise\n2026-11-28  16:04  set\n</pre><p class=now><b>Tide now: 2.31 m</b> at 09:40</p>",
        ["2.31"],
    ),
    "images links": (
        "<h1>Adoptuj psa</h1><div class=dog><a href=/pies/Burek><img src=/i/Burek.jpg></a><h3>Burek</h3><p>3 lata</p></div><div class=dog><a href=/pies/Luna><img src=/i/Luna.jpg></a><h3>Luna</h3><p>5 lata</p></div><div class=dog><a href=/pies/Max><img src=/i/Max.jpg></a><h3>Max</h3><p>2 lata</p></div>",
        ["Luna"],
    ),
    "comment counts": (
        "<h1>Рейтинг шкіл</h1>"
        + _table(
            "Місце|Школа|Бал",
            "1|Ліцей №1|187,4;2|Гімназія «Промінь»|182,0;3|Школа №12|176,9;4|Ліцей №7|171,1;5|Школа №3|169,8",
        ),
        ["Промінь"],
    ),
    "vaccination": (
        "<h1>Vaccin mot influensa</h1>"
        + _table("Vårdcentral|Drop-in|Doser kvar", "Centrum|tis 9–11|120;Norr|ons 13–15|0;Söder|tors 9–11|45"),
        ["Söder"],
    ),
}
"""The main part of each page, and what is found there; any of several notations of the first text."""
_NOTHING = {
    "de torque": "<h1>Anzugsmomente</h1>"
    + _table(
        "Schraube|Gewinde|Moment (Nm)",
        "Zylinderkopf|M8|24;Zündkerze|M14|20;Ölablass|M12|28;Radmutter|M12|110;Kupplung|M6|9",
    ),
    "en specs": "<h1>Technical data</h1>"
    + _table("Model|Power|Weight|Noise", "A10|1200 W|3.4 kg|72 dB;A20|1500 W|3.9 kg|74 dB;A30|1800 W|4.4 kg|75 dB"),
    "fr pointures": "<h1>Pointures enfant</h1>"
    + _table("Âge|Pied|Pointure", "2 ans|13,5 cm|22;3 ans|14,7 cm|24;4 ans|15,9 cm|26;5 ans|17,0 cm|28"),
    "hi sizes": "<h1>माप तालिका</h1>" + _table("माप|छाती|कमर", "S|86|70;M|92|76;L|98|82;XL|104|88"),
    "ka sizes": "<h1>ზომების ცხრილი</h1>"
    + _table("ზომა|მკერდი|წელი|თეძო", "XS|80|62|88;S|84|66|92;M|88|70|96;L|94|76|102"),
    "th hours": "<h1>เวลาทำการ</h1>" + _table("วัน|เวลา", "จันทร์–ศุกร์|๐๘.๓๐–๑๖.๓๐ น.;เสาร์|๐๙.๐๐–๑๒.๐๐ น.;อาทิตย์|ปิด"),
    "bn hours": "<h1>খোলার সময়</h1>"
    + _table("দিন|সকাল|বিকাল", "শনি–বুধ|৯:০০–১:০০|৪:০০–৮:০০;বৃহস্পতি|৯:০০–১:০০|বন্ধ;শুক্র|বন্ধ|৪:০০–৮:০০"),
    "es concluded": "<h1>Festival 2019</h1><p>Gracias a todos.</p>"
    + _table("Día|Hora|Grupo", "12 de julio|18:00|Los Robles;12 de julio|20:30|Elna;13 de julio|13:00|Teatro"),
    "en conjug": "<h1>The verb ‘to go’</h1>"
    + _table("Person|Present|Past", "I|go|went;you|go|went;he, she|goes|went;we|go|went;they|go|went"),
    "it ricetta": "<h1>Pane di segale</h1><ul><li>500 g farina</li><li>350 ml acqua</li><li>10 g sale</li><li>5 g lievito</li></ul>",
    "ja history": "<h1>沿革</h1>"
    + _table("年月|内容", "1998年4月|会社設立;2003年10月|工場建設;2011年6月|本社移転;2018年3月|海外支店"),
    "en periodic": "<h1>Elements</h1>"
    + _table(
        "Symbol|Name|Number|Mass",
        "H|Hydrogen|1|1.008;He|Helium|2|4.003;Li|Lithium|3|6.941;Be|Beryllium|4|9.012;B|Boron|5|10.81",
    ),
    "ru params": "<h1>Параметры API</h1>"
    + _table(
        "Параметр|Тип|По умолчанию|Описание",
        "limit|int|20|Сколько записей вернуть;offset|int|0|С какой начать;sort|str|name|Поле сортировки",
    ),
    "pl kontakt": "<h1>Kontakt</h1>"
    + _table(
        "Dział|Telefon|E-mail",
        "Sekretariat|22 111 22 33|a@b.example;Kadry|22 111 22 34|k@b.example;Księgowość|22 111 22 35|f@b.example",
    ),
    "en nutrition": "<h1>Porridge</h1>"
    + _table("Per|100 g|Serving", "Energy|374|150;Fat|8|3;Carbs|60|24;Protein|11|4"),
    "fa faq": "<h1>سوالات متداول</h1><details><summary>ارسال چند روز طول می‌کشد؟</summary><p>۳ تا ۵ روز کاری.</p></details><details><summary>آیا می‌توان مرجوع کرد؟</summary><p>تا ۷ روز.</p></details><details><summary>پشتیبانی چه ساعتی است؟</summary><p>۹ تا ۱۷</p></details>",
    "sw elimu table": "<h1>Vipimo vya nguo</h1>"
    + _table("Saizi|Kifua|Kiuno|Nyonga", "S|86|70|92;M|92|76|98;L|98|82|104;XL|104|88|110"),
    "en results 2019": "<h1>Spring Regatta 2019 – results</h1>"
    + _table("Place|Boat|Points", "1|Merlin|12;2|Skua|15;3|Tern|19;4|Gannet|22;5|Puffin|30"),
    "de hist": "<h1>Unser Verein</h1>"
    + _table("Zeitraum|Vorsitz", "1921–1933|Karl Adam;1946–1958|Otto Berg;1958–1977|Hans Cramer;1977–2001|Ida Dorn"),
    "fr shipping": "<h1>Modes de livraison</h1>"
    + _table("Mode|Délai|Pays", "Standard|3–5 jours|France;Express|24 h|France;Europe|5–8 jours|UE"),
    "en features": "<h1>Why us</h1><div class=grid><div class=card><i class=icon></i><h3>24/7 support</h3><p>We answer within 2 hours.</p></div><div class=card><i class=icon></i><h3>10 years</h3><p>of experience in boats.</p></div><div class=card><i class=icon></i><h3>500 clients</h3><p>trust us.</p></div><div class=card><i class=icon></i><h3>100 % green</h3><p>Power from wind.</p></div></div>",
    "de team": "<h1>Team</h1><div class=grid><div class=card><i class=icon></i><h3>Ida Voss</h3><p>Leitung</p></div><div class=card><i class=icon></i><h3>Karl Berg</h3><p>Technik</p></div><div class=card><i class=icon></i><h3>Lea Ohm</h3><p>Büro</p></div></div>",
    "fr etapes": "<h1>Comment ça marche</h1><ol><li>Choisissez</li><li>Commandez en 3 clics</li><li>Recevez sous 48 h</li></ol>",
    "es testimonios": "<h1>Opiniones</h1><div class=grid><div class=card><i class=icon></i><h3>Ana</h3><p>Muy bien, 12 de mayo volveremos</p></div><div class=card><i class=icon></i><h3>Luis</h3><p>Excelente trato</p></div><div class=card><i class=icon></i><h3>Eva</h3><p>Repetiré</p></div></div>",
    "pl timeline": "<h1>Historia firmy</h1><div class=grid><div class=card><i class=icon></i><h3>1998</h3><p>Założenie firmy</p></div><div class=card><i class=icon></i><h3>2004</h3><p>Pierwsza hala</p></div><div class=card><i class=icon></i><h3>2012</h3><p>Eksport</p></div><div class=card><i class=icon></i><h3>2019</h3><p>Nowa siedziba</p></div></div>",
    "hu koszonjuk": "<h1>Köszönjük a rendelését!</h1><p>Rendelésszám: 2026-11882</p>"
    + _table("Termék|Db|Ár", "Bögre|2|3 980 Ft;Tányér|4|7 600 Ft"),
    "lt dydziai": "<h1>Dydžių lentelė</h1>" + _table("Dydis|Krūtinė|Liemuo", "XS|80|62;S|84|66;M|88|70;L|94|76"),
    "et suurus": "<h1>Suurused</h1>"
    + _table("Suurus|Rind|Vöö|Puus", "36|84|66|92;38|88|70|96;40|92|74|100;42|96|78|104"),
    "vi size": "<h1>Bảng kích cỡ</h1>"
    + _table("Cỡ|Ngực|Eo|Mông", "Nhỏ|84|66|90;Vừa|88|70|94;Lớn|94|76|100;Rất lớn|100|82|106"),
    "ar sizes words": "<h1>دليل المقاسات</h1>" + _table("المقاس|الصدر|الخصر", "صغير|٨٤|٦٦;متوسط|٨٨|٧٠;كبير|٩٤|٧٦"),
    "en sizes words": "<h1>Size guide</h1>"
    + _table("Size|Chest|Waist|Hips", "Small|86|70|92;Medium|92|76|98;Large|98|82|104;Extra large|104|88|110"),
    "ko hours li": "<h1>이용안내</h1>"
    + _rows("월요일|09:00;화요일|09:00;수요일|13:00;목요일|09:00;금요일|09:00", "<li><b>{}</b> <span>{}</span></li>"),
    "pt horario": "<h1>Horário de missas</h1>"
    + _table("Dia|Hora", "Segunda|08:00;Terça|08:00;Sábado|18:00;Domingo|09:00"),
    "it ingredienti": "<h1>Torta di mele</h1>"
    + _table("Ingrediente|Quantità", "Farina|300 g;Zucchero|150 g;Mele|4;Uova|3;Burro|100 g"),
    "en glossary": "<h1>Glossary</h1><dl><dt>Ebb</dt><dd>The falling tide.</dd><dt>Flood</dt><dd>The rising tide.</dd><dt>Neap</dt><dd>The smallest range.</dd></dl>",
    "sv galleri": "<h1>Bilder från sommarlägret</h1><div class=gal><figure><img src=/i/0.jpg alt=x><figcaption>Lägret 10 juli</figcaption></figure><figure><img src=/i/1.jpg alt=x><figcaption>Lägret 11 juli</figcaption></figure><figure><img src=/i/2.jpg alt=x><figcaption>Lägret 12 juli</figcaption></figure><figure><img src=/i/3.jpg alt=x><figcaption>Lägret 13 juli</figcaption></figure><figure><img src=/i/4.jpg alt=x><figcaption>Lägret 14 juli</figcaption></figure><figure><img src=/i/5.jpg alt=x><figcaption>Lägret 15 juli</figcaption></figure></div>",
    "cs 404": "<h1>404</h1><p>Stránka nenalezena.</p><ul><li><a href=/a>Domů</a></li><li><a href=/b>Kontakt</a></li></ul>",
    "ru login": "<h1>Вход</h1><form><label>Логин<input></label><label>Пароль<input type=password></label><button>Войти</button></form>",
    "nl huisregels": "<h1>Huisregels</h1><ul><li>Stilte na 22:00</li><li>Ontbijt van 8:00 tot 10:00</li><li>Uitchecken voor 11:00</li><li>Niet roken</li></ul>",
    "en daily routine": "<h1>Our day at nursery</h1><p>Every day looks much the same.</p>"
    + _rows(
        "08:00|Arrival;09:30|Circle time;10:00|Snack;12:00|Lunch;13:00|Nap;15:00|Outdoor play",
        "<li><b>{}</b> <span>{}</span></li>",
    ),
    "de notenschluessel": "<h1>Notenschlüssel</h1>"
    + _table(
        "Note|ab Punkte|bis Punkte", "sehr gut|92|100;gut|81|91;befriedigend|67|80;ausreichend|50|66;mangelhaft|30|49"
    ),
    "en scrabble": "<h1>Letter values</h1>" + _table("Letter|Tiles|Points", "A|9|1;B|2|3;C|2|3;D|4|2;E|12|1"),
    "fr result 2024": "<h1>Trail des Crêtes 2024 : classement</h1>"
    + _table("Rang|Nom|Temps", "1|Paul Roux|3:12:44;2|Léa Petit|3:20:10;3|Marc Noir|3:25:51;4|Eva Blanc|3:31:08"),
    "el epikoinonia": "<h1>Πού θα μας βρείτε</h1>"
    + _table(
        "Κατάστημα|Διεύθυνση|Τηλέφωνο",
        "Κέντρο|Ερμού 12|210 111 2222;Πειραιάς|Ακτή 5|210 333 4444;Χαλάνδρι|Αγίας 8|210 555 6666",
    ),
    "bg dostavka": "<h1>Доставка</h1>"
    + _table("Начин|Срок|Цена", "До офис|1–2 дни|5,90 лв.;До адрес|2–3 дни|7,90 лв."),
    "id syarat": "<h1>Syarat dan Ketentuan</h1><ol><li>Berlaku sejak 1 Januari 2026.</li><li>Pengguna wajib berusia 18 tahun.</li><li>Perubahan diumumkan 30 hari sebelumnya.</li></ol>",
    "de handbuch article": "<article class=page>"
    + "<h1>Wartung</h1><h2>Intervalle</h2>"
    + _table("Bauteil|Intervall|Bemerkung", "Filter|3 Monate|reinigen;Dichtung|12 Monate|ersetzen;Öl|6 Monate|wechseln")
    + "</article>",
    "en maintenance hours": "<article class=page>"
    + "<h1>Service intervals</h1>"
    + _table("Part|Hours|Km", "Oil filter|250|10000;Air filter|500|20000;Spark plugs|1000|40000;Belt|1500|60000")
    + "</article>",
    "fr codes postaux": "<h1>Codes postaux</h1>"
    + _table("Commune|Code|INSEE", "Auray|56400|56007;Baud|56150|56010;Carnac|56340|56034;Lorient|56100|56121"),
    "es prefijos": "<h1>Prefijos</h1>"
    + _table("País|Prefijo", "España|34;Francia|33;Italia|39;Portugal|351;Alemania|49"),
    "en country facts": "<article class=page><h1>Districts of Norland</h1><p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. </p><table><tr><th>District<th>Area (km²)<th>Population</tr><tr><td>North<td>120<td>4210</tr><tr><td>South<td>88<td>11902</tr><tr><td>East<td>230<td>980</tr><tr><td>West<td>45<td>5120</tr></table></article>",
    "it error codes": "<h1>Codici errore</h1>"
    + _table(
        "Codice|Significato|Azione",
        "E01|Porta aperta|Chiudere;E02|Sensore guasto|Assistenza;E03|Acqua assente|Aprire rubinetto",
    ),
    "pl gwarancja": "<h1>Warunki gwarancji</h1>"
    + _table("Produkt|Okres", "Rower|24 miesiące;Rama|60 miesięcy;Bateria|12 miesięcy"),
    "ja size shoes": "<h1>サイズ表</h1>" + _table("cm|EU|US", "23.0|36|5;24.0|38|7;25.0|39.5|8;26.0|41|9"),
    "ko privacy": "<h1>개인정보처리방침</h1>"
    + _table("항목|보유기간|근거", "주문|5년|전자상거래법;로그|3개월|통신비밀보호법;상담|3년|전자상거래법"),
    "en gallery dates": "<h1>Wedding of Ana and Tom</h1><div class=g><a href=/img/0.jpg><img src=/t/0.jpg alt='photo 0'></a><a href=/img/1.jpg><img src=/t/1.jpg alt='photo 1'></a><a href=/img/2.jpg><img src=/t/2.jpg alt='photo 2'></a><a href=/img/3.jpg><img src=/t/3.jpg alt='photo 3'></a><a href=/img/4.jpg><img src=/t/4.jpg alt='photo 4'></a><a href=/img/5.jpg><img src=/t/5.jpg alt='photo 5'></a><a href=/img/6.jpg><img src=/t/6.jpg alt='photo 6'></a><a href=/img/7.jpg><img src=/t/7.jpg alt='photo 7'></a><a href=/img/8.jpg><img src=/t/8.jpg alt='photo 8'></a></div>",
    "tr tesekkur": "<h1>Siparişiniz alındı</h1><p>Sipariş no: 882190</p>"
    + _table("Ürün|Adet|Tutar", "Kupa|2|199,80 TL;Tabak|1|149,90 TL"),
    "da opskrift": "<article class=page>"
    + "<h1>Rugbrød</h1><p>Forberedelse 20 min, bagetid 60 min, 12 stk.</p><ul><li>500 g rugmel</li><li>7 dl vand</li><li>1 spsk salt</li></ul>"
    + "</article>",
    "en resume": "<h1>Jane Doe</h1>"
    + _table("Years|Role|Company", "2019–2024|Engineer|Acme;2015–2019|Developer|Bolt;2012–2015|Intern|Cog"),
    "ru school rules bells": "<h1>Расписание звонков</h1>"
    + _table("Урок|Начало|Конец", "1|8:30|9:15;2|9:25|10:10;3|10:25|11:10;4|11:20|12:05"),
    "en morse": "<h1>Morse code</h1>" + _table("Letter|Code", "A|.-;B|-...;C|-.-.;D|-.."),
    "nl verzending": "<h1>Verzending en retour</h1>"
    + _table("Land|Kosten|Levertijd", "Nederland|€ 4,95|1 dag;België|€ 6,95|2 dagen;Duitsland|€ 8,95|3 dagen"),
    "sr konverzija": "<h1>Mere u kuhinji</h1>"
    + _table("Namirnica|Šolja|Kašika", "Brašno|120|8;Šećer|200|13;Ulje|220|14;Mleko|240|15"),
    "en calories exercise": "<h1>Calories by activity</h1>"
    + _table("Activity|30 min|60 min", "Walking|120|240;Running|300|600;Cycling|250|500;Swimming|220|440"),
    "fi linkit": "<h1>Linkkejä</h1><ul><li><a href=https://a.example>Kunta</a></li><li><a href=https://b.example>Seura</a></li><li><a href=https://c.example>Museo</a></li></ul>",
    "ar opening": "<h1>أوقات العمل</h1>"
    + _table("اليوم|من|إلى", "الأحد|٠٨:٠٠|١٦:٠٠;الاثنين|٠٨:٠٠|١٦:٠٠;الثلاثاء|٠٨:٠٠|١٦:٠٠;الخميس|٠٩:٠٠|١٣:٠٠"),
    "hi pustakalay": "<h1>पुस्तकालय समय</h1>"
    + _rows("सोमवार|९:०० – ५:००;मंगलवार|९:०० – ५:००;शनिवार|१०:०० – १:००", "<li>{} <b>{}</b></li>"),
    "en past results list": "<h1>Photo contest 2022: winners</h1>"
    + _rows("1st|Ada|Mist;2nd|Bo|Pier;3rd|Cy|Gulls", "<li><b>{}</b><span>{}</span><i>{}</i></li>"),
    "fi huutokauppa": "<h1>Kohde 118: Senkki</h1><div class=notice>Huutokauppa on päättynyt 12.3.2025</div><div class=bid><span>Myyty hintaan</span><b>420 €</b></div>",
    "cs sbirka": "<h1>Sbírka na varhany</h1><p class=stav>Sbírka byla ukončena 30. 6. 2024. Děkujeme!</p><div><b>1 204 500 Kč</b> <span>vybráno</span></div><div><b>834</b> <span>dárců</span></div>",
    "hu palyazat": "<h1>Pályázat: művelődési referens</h1><p>A pályázat lezárult 2024. május 3-án.</p><p>Munkaidő: heti 40 óra. Bér: 480 000 Ft.</p>",
    "en election 2021": "<h1>By-election results</h1><p>Held on 6 May 2021</p>"
    + _table(
        "Candidate|Party|Votes", "Ann Ash|Green|1204;Bob Bay|Labour|1190;Cy Cole|Independent|644;Di Day|Liberal|402"
    ),
    "de wettbewerb": "<h1>Fotowettbewerb: Die Gewinner</h1><p>Der Wettbewerb ist beendet. Einsendeschluss war der 31. August 2023.</p>"
    + _rows(
        "1. Platz|Ada Voss|Nebel;2. Platz|Karl Berg|Hafen;3. Platz|Lea Ohm|Möwen",
        "<li><b>{}</b> <span>{}</span> <i>{}</i></li>",
    ),
    "fr sondage": "<h1>Consultation : place du marché</h1><p>Consultation close le 15 mars 2024</p>"
    + _table("Proposition|Voix", "Arbres|812;Parking|401;Fontaine|633"),
    "es curso terminado": "<h1>Curso de cerámica</h1><p>Este curso ya ha finalizado (marzo–mayo de 2024).</p>"
    + _table(
        "Fecha|Tema|Hora",
        "4 de marzo de 2024|Barro|18:00;11 de marzo de 2024|Torno|18:00;18 de marzo de 2024|Esmalte|18:00",
    ),
    "pl petycja": "<h1>Ratujmy park</h1><p>Zbieranie podpisów zakończono 1 lutego 2024 r.</p><div><b>3 412</b> <span>podpisów</span></div>",
    "it asta": "<h1>Lotto 22 – Comò</h1><p class=stato>Asta conclusa il 4 maggio 2024</p><p>Aggiudicato a € 1.200</p>",
    "sv evenemang": "<h1>Höstmarknad</h1><p>Marknaden ägde rum 7 oktober 2023. Tack till alla!</p>"
    + _table(
        "Tid|Programpunkt|Plats",
        "10:05|Invigning|Torget;11:20|Folkdans|Scenen;13:10|Tipspromenad|Parken;14:45|Prisutdelning|Scenen",
    ),
    "ru turnir": "<h1>Турнир памяти Алёхина</h1><p>Турнир завершён 12 мая 2023 г.</p>"
    + _table("Место|Участник|Очки", "1|Иванов|8;2|Смирнова|7;3|Ким|6;4|Орлов|4;5|Белов|3"),
    "tr proje": "<h1>Proje sonuçları</h1><p>Proje 30 Haziran 2022 tarihinde tamamlandı.</p>"
    + _table("Ortak|Bütçe|Katılımcı", "Belediye|120000|48;Üniversite|98000|112;Dernek|30500|260"),
    "ja saiji": "<h1>春の写真展</h1><p>会期:2023年4月1日～4月16日(終了しました)</p><ul><li>会場:市民ギャラリー</li><li>入場者:1,204人</li></ul>",
    "ko gongmo": "<h1>공모전 수상작</h1><p>접수 마감: 2023.05.31</p>"
    + _table("상|이름|작품", "대상|김하나|바다;최우수상|이두리|산;우수상|박세나|들"),
    "nl veiling": "<h1>Kavel 7: klok</h1><p class=label>Verkocht</p><p>Gesloten op 2 juni 2024</p><p>Hamerprijs <b>€ 310</b></p>",
    "pt concurso": "<h1>Concurso 02/2022</h1><p>Resultado final publicado em 10/10/2022</p>"
    + _table("Classificação|Candidato|Nota", "1|Ana Lima|92,5;2|José Prado|90,0;3|Rui Melo|88,5;4|Eva Reis|81,0"),
    "da afstemning": "<h1>Afstemning om havnen</h1><p>Afstemningen sluttede 1. maj 2023</p>"
    + _table("Forslag|Stemmer|Andel", "Bro|412|51 %;Færge|301|37 %;Intet|98|12 %"),
    "ar maarid": "<h1>معرض الكتاب</h1><p>انتهى المعرض في ١٢ مايو ٢٠٢٣</p>"
    + _table("اليوم|الزوار|الناشرون", "الأول|١٢٠٤|٨٠;الثاني|١٩٠٢|٨٢;الثالث|٩٨٨|٧٩"),
    "el agonas": "<h1>Αποτελέσματα αγώνα</h1><p>Κυριακή 14 Μαΐου 2023</p>"
    + _table("Θέση|Όνομα|Χρόνος|Αριθμός", "1|Παππάς|33:49|486;2|Νίκου|33:53|963;3|Ρήγας|34:02|120;4|Λάμπρου|34:40|77"),
    "en obituary list": "<h1>Season 2022/23: final table</h1>"
    + _table("Pos|Team|P|W|Pts", "1|Reds|22|16|50;2|Blues|22|15|47;3|Town|22|9|30;4|City|22|4|15"),
    "am contact": "<h1>አድራሻ</h1><p>ስልክ 011 551 0000</p><p>ከሰኞ እስከ ዓርብ 2:30–11:30</p>",
    "th about": "<h1>เกี่ยวกับเรา</h1><p>ก่อตั้งเมื่อ 12 พฤษภาคม 2541 มีพนักงาน 120 คน</p><ul><li>โรงงาน 3 แห่ง</li><li>สาขา 14 แห่ง</li></ul>",
    "ka impressum": "<h1>კომპანიის შესახებ</h1>"
    + _table("დასახელება|შპს მაგალითი", "ს/კ|405123456;მისამართი|თბილისი, აბაშიძის 12;ტელ.|032 211 22 33"),
    "hy faq": "<h1>ՀՏՀ</h1><div class=q><h3>Որքա՞ն է առաքումը</h3><p>2–3 օր։</p></div><div class=q><h3>Ինչպե՞ս վճարել</h3><p>Քարտով կամ կանխիկ։</p></div><div class=q><h3>Կա՞ երաշխիք</h3><p>12 ամիս։</p></div>",
    "bn size": "<h1>সাইজ চার্ট</h1>" + _table("সাইজ|বুক|কোমর", "এস|৩৬|৩০;এম|৩৮|৩২;এল|৪০|৩৪;এক্সএল|৪২|৩৬"),
    "fa privacy": "<h1>حریم خصوصی</h1>" + _table("داده|مدت نگهداری", "سفارش‌ها|۵ سال;گزارش‌ها|۳ ماه;پیام‌ها|۱ سال"),
    "ur opening": "<h1>اوقات کار</h1>"
    + _rows("پیر|صبح ۹ تا شام ۵;منگل|صبح ۹ تا شام ۵;جمعہ|صبح ۹ تا ۱۲", "<li>{} <span>{}</span></li>"),
    "my gallery": "<h1>ဓာတ်ပုံများ</h1><figure><img src=/i/1.jpg><figcaption>၂၀၂၆ မတ် 1</figcaption></figure><figure><img src=/i/2.jpg><figcaption>၂၀၂၆ မတ် 2</figcaption></figure><figure><img src=/i/3.jpg><figcaption>၂၀၂၆ မတ် 3</figcaption></figure><figure><img src=/i/4.jpg><figcaption>၂၀၂၆ မတ် 4</figcaption></figure><figure><img src=/i/5.jpg><figcaption>၂၀၂၆ မတ် 5</figcaption></figure>",
    "km steps": "<h1>របៀបចុះឈ្មោះ</h1><ol><li>បំពេញទម្រង់</li><li>បង់ ៥០០០៛</li><li>ទទួលសំបុត្រ</li></ol>",
    "si manual": "<h1>ගැලපුම්</h1>" + _table("කොටස|ව්‍යවර්තය (Nm)", "බෝල්ට් M8|24;බෝල්ට් M10|48;නට් M12|80"),
    "te recipe": "<h1>పులిహోర</h1><ul><li>బియ్యం 2 కప్పులు</li><li>చింతపండు 50 గ్రా</li><li>నూనె 3 చెంచాలు</li></ul>",
    "gu old event": "<h1>પુસ્તક મેળો ૨૦૧૯</h1>"
    + _table("દિવસ|સમય|કાર્યક્રમ", "૧૨ મે|૧૮:૦૦|ઉદ્ઘાટન;૧૩ મે|૧૦:૩૦|કવિતા;૧૪ મે|૧૭:૧૫|સમાપન"),
    "sw kuhusu": "<h1>Kuhusu sisi</h1>" + _rows("Ilianzishwa 1998;Wafanyakazi 120;Matawi 14;Wateja 3000"),
    "ml about founder": "<h1>ചരിത്രം</h1>"
    + _table("വർഷം|സംഭവം", "1956|സ്ഥാപനം;1978|പുതിയ കെട്ടിടം;2004|ഡിജിറ്റൽ;2018|പുനരുദ്ധാരണം"),
    "mk conv": "<h1>Претворање</h1>" + _table("Инчи|Сантиметри", "1|2,54;2|5,08;3|7,62;4|10,16;5|12,7"),
    "en pricing faq": "<h1>Plans compared</h1>"
    + _table("Feature|Basic|Plus", "Users|5|25;Projects|3|50;Storage|10 GB|100 GB;Support|mail|phone"),
    "de feiertage wissen": "<h1>Planetenzeichen</h1>"
    + _rows("Merkur|☿;Venus|♀;Mars|♂;Jupiter|♃", "<li><b>{}</b> <span>{}</span></li>"),
}


def _page(main: str) -> str:
    return f"<!doctype html><html><head><title>Page</title></head><body>{NAV}{COOKIES}<main>{main}</main>{FOOTER}</body></html>"


def _accepted(texts: list[str]) -> tuple[Accepted, ...]:
    first, *others = texts
    return tuple(Accepted(kind, (notation, *others)) for kind in _KINDS for notation in first.split("|"))


LANGUAGE_PAGES = [
    *(Truth(name=name, html=_page(main), accepted=_accepted(texts)) for name, (main, texts) in _SOMETHING.items()),
    *(Truth(name=name, html=_page(main)) for name, main in _NOTHING.items()),
]
_LINE = "Here is a sentence that says something of what one sees on the page, and of whom to ask. "
_SIDE = (
    "<div class=col-md-3><div class=box><h4>Service</h4><ul>"
    + "".join(f"<li><a href=/{name}>{name} and more</a></li>" for name in ("Forms", "Directions", "Newsletter"))
    + "</ul></div><div class=box><p>Main street 4, 12345 Town</p><p>Mon–Fri 8:00–16:00</p></div></div>"
)


def _among_others(main: str) -> str:
    """Return the page with two paragraphs above what it shows, one below, and boxes at the side."""
    title, _, shown = main.partition("</h1>")
    text = f"<p>{_LINE * 2}</p>"
    return (
        f"<!doctype html><html><head><title>Page</title></head><body>{NAV}{COOKIES}<div class=row><div class=col-md-9><main>"
        f"{title}</h1>{text * 2}{shown}<p class=note>{_LINE}</p></main></div>{_SIDE}</div>{FOOTER}</body></html>"
    )


_ALL_IN_ALL = frozenset({"en chart table"})
"""What is offered because the page shows nothing else."""
LANGUAGE_PAGES_AMONG_OTHERS = [
    *(
        Truth(name=name, html=_among_others(main), accepted=_accepted(texts))
        for name, (main, texts) in _SOMETHING.items()
        if name not in _ALL_IN_ALL
    ),
    *(Truth(name=name, html=_among_others(main)) for name, main in _NOTHING.items()),
]
