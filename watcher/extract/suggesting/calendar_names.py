"""
The names of months and of days of the week in all languages that are official somewhere, as CLDR has them.

Signs that combine with letters are left out. Written by `python -m tests.extract.calendar_names` from the data of the
Unicode Common Locale Data Repository, © 1991 Unicode, Inc., which is under the Unicode License v3
(https://www.unicode.org/license.txt).
"""

# ruff: noqa: E501, SIM905  it is written by a program, and shorter so

from __future__ import annotations

MONTHS = frozenset(
    """
    abendua abriil abril abriu abrëll aburil abuztua abɛibe adeɛmekpɔxe afuabe afɔ afɔfĩe agasti agbiɛnaa aggusti
    aggustip agosetose agost agosti agosto agostu agustus aharabata ahinime aibreán alemle antɔŋ anyɔnyɔ aogositra
    août apirila aporele aprel apriili apriilip april aprile aprili aprilie aprill aprily apríl apríla aprīlis
    aralık arhostosi auguscht august augusta augusti augusts augustus augusztus averil avgust avientu avqust avrigl
    avril avrril avust awgust awril awst awwissu ayɛwohomumu azaroa ağu ağustos balandis balandžio beal bealtaine
    bhimbidvwane birž birželio birželis boaldyn borg borgemánnu bowte bêl bêläwü bře březen března chikumi
    chikunguru chivabvu chwef chwefror colte cuoŋ cuoŋománnu cutanbir czerwca czerwiec cèit dame deasiamime decembar
    decembari decembarip december decembra decembre decembrie decembris decembro deireadh dekabr desambra desemba
    desember desembre deseme desimber desàmbar desèmber dets detsember dezember dezembr dezembro dezenbre dezämber
    dfómh dhjetor dicembre diciembre diphalane disambar diseembar disemba disember disemere disyembre diċ diċembru
    duben dubna dujanbir duujal dzivamisoko dzodze dzome dzove dàmh déc décembre dùbh eanáir ebrill ekaina ekim
    elokuu elokuuta enero ephreli epreli epril epulo eylül fanadur faoi favr favrer feabh feabhra febbraio
    febereware febr febraayo febraro febreiro febrer febrero febreru febrewaris febrewoore febrièr febroary
    februaari februaarip februar februari februarie february februeri februwari február februára februāris febrúar
    febrüari febuluwale ferikgong fevereiro fevral fewral fewriyee frar fulundïgi fulwana fulwi fébirie fév févr
    février fön föndo fēp fēpueli gashyantare gearr geas geassemánnu gegužė gegužės gener genièr gennaio gibl
    gicurasi gitugutu giugno golg golggotmánnu gorff gorffennaf grudnia grudzień gruod gruodis gruodžio gumiguru
    gunyana guov guovvamánnu gush gusht gèr haziran heinä heinäkuu heinäkuuta helmi helmikuu helmikuuta hepetema
    hereuèr hlakola hlakubele huhti huhtikuu huhtikuuta hukuri hulyo hune hunyo hydref hān hānuere hūr hūrae ianuali
    ianuarie ibrir imphala indlovana ingci ingongoni inhlaba inkhwekhweti inyoni ionawr iraila iuch iulai iulie iune
    iunie iyul iyun iúil iýul iýun jaan jaanuar janaayo janabari janar janeiro janer janeware janewoore jannaayo
    jannar jannewaris janoary januaari januaarip januar januari januarie january janueri januwale januwari január
    januára janv janvier janvāris janyuwari janúar jasyapy jasykõi jasypa jasypakõi jasypateĩ jasypo jasypoapy
    jasypokõi jasyporundy jasypoteĩ jasyrundy jasyteĩ jenaro jolal jolay jona joulu joulukuu joulukuuta jugno juil
    juill juillet juin juko julae julai julayi julhet julho juli julie julij julio juliol july june junh junho juni
    junie junij junio juny juov juovlamánnu juriòl juuli juulip juun juuni juunip jän jänner júl júla július júlí
    jún júna június júní jül jün jüüle jüüne jūl jūlijs jūn jūnijs kakauka kamena kanama kasım kekemapa kele
    kepakemapa kesä kesäkuu kesäkuuta kholwane khotavuxika khubvumedzi kigarama kolovoz kolovoza korr korrik korse
    kovas kovo kubvumbi kukadzi kurume kutawonsa kvě květen května kwiecień kwietnia kük kükürü kɔtɔnimma kṭu kṭuber
    lambamai lapkr lapkritis lapkričio leden ledna lengua liep liepa liepos lipanj lipca lipiec lipnja listopad
    listopada listopadu loka lokakuu lokakuuta luanistyn luglio luhuhi lujo lulju lutego luty luulyo lweti lwetse
    lwezi lùna lún lúnasa maaie maaji maajip maalis maaliskuu maaliskuuta maarso maart maarts maawɛ maayo mabasa
    machi maggio maiatza maig maijs maio maja majo malaki malichi manyawale marca march marec maret marras marraskuu
    marraskuuta mars marsi marsip marso mart martie marts martsa martxoa marzec marzo marzu març março masa mashi
    mata matg matshi matšhe mawrth mawuwani mayo mayrnt mayu mayyu mayıs maí maý maʻa maʻasi mbimbitho mbooy mbudzi
    mbä mbängü medi mehefin meith meitheamh mejju meyi meán mfumfu mfómh mhawuri mies miessemánnu mmesa mopitlo
    moranang morso motsheanong motsheganong mpal mpalakazi mpan mpandula mphalane mudyaxihi mukakaro munyonyo
    mutarama mvuka màrt máj mája május márc március márta mäe mäerz mär märts märz māe māehe nabändüru nabʼe
    ncwabakazi ndamukiza ndira ndwenbet ndwencaet ndwencib ndwencibngeih ndwengouj ndwenit ndwenloeg ndwenngeih
    ndwenngux ndwensam ndwenseiq ndzhati ngberere ngubùe ngwanatsele nhla nhlangula nhlo nhlolanja nisan njuk
    njukčamánnu nkwenkwezi nobyembre noema nofember nofemere noiembrie noll nollaig noofeembar novambra novemba
    novembar novembari novembarip november novembr novembra novembre novembris novembro novembru noveme novenbre
    noviembre novimber novämber novèmber nowemapa nowàmbar noyabr noý noýabr ntulikazi ntwarante nwanbir nyakanga
    nyamavhuvhu nyandagaro nyendavhusiku nyenyankulu nyenye nyenyenyani nzeri nzero nën nëntor nóv nóvember nōv
    nōvema obubuo ocak ochobre october octobre octombrie octubre octòbre oflɔ oforisuo ogas ogasiti ogos ogosto
    oketopa oktabr okthoba okthobha oktoba oktobar oktobari oktobarip oktober oktobore oktobra oktobris oktoobar
    oktoober oktubre oktuuber oktyabr október októbra oktýabr okutoba otobre otsaila otsokrikri ottobre ottubru
    otubr otukwajan otukwajaŋ ougùstùs outubro ođđajagemánnu ođđj ožu ožujak ožujka payares paź październik
    października pebrero pepeluali phando phato phatwe pherekgong phukwi phupjane phupu prill prosinac prosinca
    prosince prosinec pudungwana pēp pēpuere qershor rhag rhagfyr rugp rugpjūtis rugpjūčio rugs rugsėjis rugsėjo
    ruheshi ruhuhuma rujan rujna rujulaʼj rukabʼlaʼj rusama samh samhain samwiyee sanvie saus sausio sausis schan
    schaner sebteembar sebtembar sedimonthole seetebosigo seeɗto sentabr sentyabr sentýabr sept septambra septemba
    septembar septembari septembarip september septembra septembre septembrie septembris septhemba septiembre
    septimber septiyembre septämber seputemba setembr setembre setembro seteme setemere setenbre setiembre sett
    settembar settember settembre settembru setyembre shkurt shtator shundunthule siamlɔm sierpień sierpnia siilo
    siilto siječanj siječnja siulai skáb skábmamánnu spal spalio spalis srpanj srpen srpna srpnja studeni studenoga
    styczeń stycznia sueŋ sulet sult sune sunguti suoi suoidnemánnu suwe svibanj svibnja syys syyskuu syyskuuta
    szept szeptember sàt sàttumbar sèp sèptèmber súuyee sān sānuali sēp sēpitema tach tachwedd tammi tammikuu
    tammikuuta tedoxe temmuz tetor tlhakole touko toukokuu toukokuuta travanj travnja tshimedzi tshitwe tīh tīhema
    tīs tīsema ubʼelej ufeberbari ugushyingo ukabʼ ukaj ukuboza ukwakira ulajuj umatjhi urox uroʼ urria urtarrila
    usinyikhaba uwajxaq uwaq uwuq uztaila vasario vasaris veebr veebruar velj veljača veljače werurwe wrzesień
    września xaneiro xineru xullo xunetu xunu xuño yanvar yanüari yarkomaa yebrayer yennayer yulyuz yunyu yül yüli
    yün yüni zercl zercladur zibandlela zvita zář září ágú ágúst ápr április ògmh òkt òktober úno únor února ýan
    ýanwar āku ākuhata āpe āperira čakč čakčamánnu červen července červenec června čvc čvn ġun ġunju říj říjen října
    şub şubat ɔbɛnem ɔgyefoɔ ɔpɛnimma ɔpɛpɔn ɔsanaa ɔtb ɛbɔ ɣuc ɣuct ʻaok ʻaokosi ʻap ʻapelila ʻau ʻaukake ʻepe
    ʻepeleli ʻok ʻoka ʻokakopa ʻokatopa απρ απρίλιοσ απριλίου αυγ αυγούστου αύγ αύγουστοσ δεκ δεκέμβριοσ δεκεμβρίου
    ιαν ιανουάριοσ ιανουαρίου ιουλ ιουλίου ιουν ιουνίου ιούλ ιούλιοσ ιούν ιούνιοσ μάι μάιοσ μάρ μάρτιοσ μαρ μαρτίου
    νοέ νοέμβριοσ νοε νοεμβρίου οκτ οκτωβρίου οκτώβριοσ σεπ σεπτέμβριοσ σεπτεμβρίου φεβ φεβρουάριοσ φεβρουαρίου абҵ
    абҵара авг август августа августы ажь ажьырныҳəа алт алтынньы апр апрел апрелы апрель апреля април аравдугаар
    арбадугаар арбан арван атр атырдьых ауг аугуст ахс ахсынньы аца ацамков ашт аштемков ақп ақпан бадзэуэгъуэ
    бадзэуэгъуэм балаҕан бер березень березня блҕ бэдзэогъу бэдзэогъум бэс вер верасень верасня верасьня вересень
    вересня груд грудень грудня гуравдугаар гурбадугаар гъатхэпэ гъатхэпэм гъэтхапэ гъэтхапэм гыйн гыйнвар дав
    даволков дек декабр декабры декабрь декабря декември дец децембар долодугаар долоодугаар дыгъэгъазэ дыгъэгъазэм
    дүрбэдүгээр дөрөвдүгээр есдүгээр жəаб жəабран жел желтоқсан жні жнівень жніўня жовт жовтень жовтня жъоныгъуакӏ
    жъоныгъуакӏэм жьҭ жьҭаара жэпуэгъуэ жэпуэгъуэм зургаадугаар зургадугаар июл июлы июль июля июн июны июнь июня
    ијл ијн ијул ијун кас кастрычнік кастрычніка квіт квітень квітня клн кра красавік красавіка кулун лаҵ лаҵара лип
    липень липня лист листопад листопада лют лютага лютий лютого люты ліп ліпень ліпеня ліс лістапад лістапада мазае
    мазаем май майы мам мамыр мар март марта мартъи мартъийы мау маусым мая мај мед медьков мсу муус мшаԥы мэзаем
    мэзай мэкъуауэгъуэ мэкъуауэгъуэм мэкъуогъу мэкъуогъум мэлыжьыхь мэлыжьыхьэм мэлылъфэгъу мэлылъфэгъум наймадугаар
    наймдугаар накъыгъэ накъыгъэм нанҳəа нанҳә нау наурыз нов новембар ное ноември ноя нояб ноябр ноябры ноябрь
    ноября ној нојабр нэгдүгээр нэгэдүгээр ожо ожоков окт октобар октомври октябр октябры октябрь октября октјабр
    олун олунньу отй пан панжиков рашəара рашә сак сакавік сакавіка сен сент сентябр сентябры сентябрь сентября
    сентјабр сеп септ септембар септември серп серпень серпня сне снежань снежня сту студзень студзеня сун
    сундерьков сьн сьнежань сьнежня сэт сэтинньи січ січень січня сәу сәуір табадугаар тавдугаар там тамыз таш
    таштамков тохс тохсунньу тра трав травень травня траўня тыгъэгъаз тыгъэгъазэм ума умарьков феб фебруар фев февр
    феврал февралы февраль февраля февруари фокӏадэ фокӏадэм хəажəкыра хəажә хоёрдугаар цəыб цəыббра чад чадыков
    черв червень червня чъэпыогъу чъэпыогъум чэр чэрвень чэрвеня шышъхьэӏу шышъхьэӏум шыщхьэӏу шыщхьэӏум шэкӏогъу
    шэкӏогъум шіл шілде щакӏуэгъуэ щакӏуэгъуэм щылэмаз щылэмазэм щӏышылэ щӏышылэм ыам эйз эйзюрков юли юни юһэдүгээр
    якш якшамков янв январ январы январь января яну януари јан јанвар јануар јануари јул јули јун јуни ғин ғинуар
    қаз қазан қар қараша қаң қаңтар қыр қыркүйек ӏоныгъу ӏоныгъум ԥхынгəы ԥхынгә ԥхынҷ ԥхынҷкәын ապր ապրիլ ապրիլի
    դեկ դեկտեմբեր դեկտեմբերի հլս հնս հնվ հոկ հոկտեմբեր հոկտեմբերի հուլիս հուլիսի հունիս հունիսի հունվար հունվարի
    մայիս մայիսի մարտ մարտի մյս մրտ նոյ նոյեմբեր նոյեմբերի սեպ սեպտեմբեր սեպտեմբերի փետրվար փետրվարի փտվ օգոստոս
    օգոստոսի օգս אוגוסט אוקטובר אפריל דצמבר יולי יוני ינואר מאי מרץ נובמבר ספטמבר פברואר ءساۋىر آذار آوریل آڪٽوبر
    آگسٽ أبريل أغسطس أغشت أفريل أكتوبر أوت أيار أيلول إبريل ئاب ئازار ئاپرېل ئاۋغۇست ئایار ئىيۇل ئىيۇن ئۆكتەبىر
    ئەیلوول اقپان اوت اوکتوبر اپر اپريل اپریل اڤريل اکت اکتبر اکتوبر اګست اگس اگست تامىز تشرين تشرینی تموز تەمووز
    جانفي جانواري جلایی جنو جنوري جنوری جوان جول جولاء جولائی جولاي جولای جولایی جون جويلية جەلتوقسان حزيران
    حوزەیران دجمبر دجنبر دسامبر دسم دسمبر ديسمبر ديسيمبر دېكابىر سبتمبر ستمبر سيپٽمبر سيڤتيمبر سپت سپتامبر سپتمبر
    سېنتەبىر سېپتمبر شباط شتمبر شتنبر شوبات شىلدە غشت فبر فبراير فبروري فبروری فروری فوریه فيبروري فيبواري فيفري
    فېبروري فېۋرال قاراشا قازان قاڭتار قىركۇيەك كانون مئي مئی مار مارت مارس مارچ مامىر ماي مايو ماۋسىم ناۋرىز نوامبر
    نوفمبر نوم نومبر نونبر نويابىر نوۏيمبر نيسان نیسان يانۋار يناير يوليو يوليوز يونيو ڊسمبر ژانویه ژوئن ژوئیه
    کانونی کانوونی ݢوس अकटबर अकतबर अकतबरमस अकतमबर अग अगसट अगसत अगसतमस अपर अपरल अपरलमस आकटबर आगसट एपर एपरल ऑकट ऑकटबर
    ऑग ऑगसट जन जनमस जनवर जनवरमस जल जलई जलईमस जलय डस डसबर डसमबर दसबर दसबरमस दसमबर नभमबर नव नवबर नवबरमस नवमबर नवह
    नवहबर फबर फबरअर फबरवर फर फरवर फरवरमस मई मईमस मरच मरचमस सतबर सतबरमस सतमबर सपट सपटबर सपटमबर অকট অকটবর অকটবৰ আগ
    আগষট আগসট এপর এপরল এপৰল ছপত ছপতমবৰ জন জনযর জনৱৰ জল জলই ডচ ডচমবৰ ডস ডসমবর নভ নভমবর নৱ নৱমবৰ ফব ফবরযর ফবৰ ফবৰৱৰ
    মরচ মৰচ সপ সপট সপটমবর ਅਕਤ ਅਕਤਬਰ ਅਗ ਅਗਸਤ ਅਪਰ ਅਪਰਲ ਜਨ ਜਨਵਰ ਜਲ ਜਲਈ ਦਸ ਦਸਬਰ ਨਵ ਨਵਬਰ ਫਰ ਫਰਵਰ ਮਈ ਮਰਚ ਸਤ ਸਤਬਰ એપરલ ઑકટ
    ઑકટબર ઑગસટ જન જનય જનયઆર જલઈ ડસ ડસમબર નવ નવમબર ફબર ફબરઆર મરચ સપટ સપટમબર ଅକଟବର ଅଗଷଟ ଅପରଲ ଜନ ଜନଆର ଜଲଇ ଡସମବର ନଭମବର
    ଫବଆର ମଇ ମରଚଚ ସପଟମବର அக அகடபர ஆக ஆகஸட ஏப ஏபரல சப சபடமபர ஜன ஜனவர ஜல டச டசமபர நவ நவமபர பப பபரவர மர மரச అకట అకటబర ఆగ
    ఆగసట ఏపర ఏపరల జన జనవర జల డస డసబర నవ నవబర ఫబర ఫబరవర మరచ సపట సపటబర ಅಕಟ ಅಕಟಬರ ಆಗ ಆಗಸಟ ಏಪರ ಏಪರಲ ಜನ ಜನವರ ಜಲ ಡಸ ಡಸಬರ
    ನವ ನವಬರ ಫಬರ ಫಬರವರ ಮರಚ ಸಪಟ ಸಪಟಬರ ഏപര ഏപരൽ ഒകട ഓഗ ഓഗസററ ജന ജനവര ജല ജൺ ഡസ ഡസബർ നവ നവബർ ഫബര ഫബരവര മയ മർ മർചച സപററ
    സപററബർ ඇසළ ඉල උඳවප දරත නකණ නවම පසන බක බනර මදන වප වසක กนยายน กมภาพนธ กรกฎาคม ตลาคม ธนวาคม พฤศจกายน พฤษภาคม มกราคม
    มถนายน มนาคม สงหาคม เมษายน ກນຍາ ກມພາ ກລະກດ ຕລາ ທນວາ ພດສະພາ ພະຈກ ມງກອນ ມຖນາ ມນາ ສງຫາ ເມສາ စက စကတငဘ ဇန ဇနနဝရ ဇလင
    ဒဇငဘ နဝငဘ ဖဖဝရ မတ အက အကတဘ ဧပ ဩဂတ აგვ აგვისტო აპრ აპრილი დეკ დეკემბერი თებ თებერვალი იან იანვარი ივლ ივლისი ივნ
    ივნისი მაი მაისი მარ მარტი ნოე ნოემბერი ოქტ ოქტომბერი სექ სექტემბერი ለካ ለካቲት ሓም ሓምለ ሕዳ ሕዳር መስ መስከረም መጋ መጋቢት ሚያ
    ሚያዝያ ማርች ሜይ ሰነ ሴፕቴ ሴፕቴምበር ታሕ ታሕሳስ ነሓ ነሓሰ ኖቬም ኖቬምበር ኤፕሪ ኤፕሪል ኦክቶ ኦክቶበር ኦገስ ኦገስት ዲሴም ዲሴምበር ጁላይ ጁን ጃን ጃንዋሪ ጉንበት ግን
    ጥሪ ጥቅ ጥቅምቲ ፌብ ፌብሩዋሪ ᐆᑦᑑᕝᕙ ᐊᐃᑉᐳᓗ ᐊᐅᒡᒍᓯ ᑎᓯᐱᕆ ᒪᐃ ᒫᑦᓯ ᓄᕕᐱᕆ ᓯᑎᐱᕆ ᔪᓚᐃ ᔫᓂ ᔭᓐᓄᐊᓕ ᕕᕝᕗᐊᓕ កកកដ កញញ កមភ តល ធន មករ មថន មន មស
    វចឆក សហ ឧសភ ᠠᠷᠪᠠᠨ ᠠᠷᠪᠠᠳᠣᠭᠠᠷ ᠨᠠᠢᠮᠠᠳᠥᠭᠠᠷ ᠨᠢᠭᠡᠳᠥᠭᠡᠷ ᠬᠣᠶᠠᠳᠣᠭᠠᠷ ᠭᠣᠷᠪᠡᠳᠣᠭᠠᠷ ᠲᠠᠪᠣᠳᠣᠭᠠᠷ ᠲᠣᠯᠣᠭᠠᠳᠣᠭᠠᠷ ᠳᠥᠷᠪᠡᠳᠥᠭᠡᠷ
    ᠵᠢᠷᠭᠣᠭᠠᠳᠣᠭᠠᠷ ᠶᠢᠰᠥᠳᠥᠭᠡᠷ ᱚᱠᱴ ᱚᱠᱴᱚᱵᱟᱨ ᱟᱜᱟ ᱟᱜᱟᱥᱛ ᱟᱯᱨ ᱟᱯᱨᱮᱞ ᱡᱟᱱ ᱡᱟᱱᱣᱟᱨᱤ ᱡᱩᱞ ᱡᱩᱞᱟᱭ ᱡᱩᱱ ᱢᱟᱨ ᱢᱟᱨᱪ ᱢᱮ ᱥᱮᱯ ᱥᱮᱯᱴᱮᱢᱵᱟᱨ ᱫᱤᱥ
    ᱫᱤᱥᱟᱢᱵᱟᱨ ᱯᱷᱟ ᱯᱷᱟᱨᱣᱟᱨᱤ ᱱᱟᱣ ᱱᱟᱣᱟᱢᱵᱟᱨ ḽar ḽara ṱha ṱhafamuhwe ṱhangule ṱhf ὀκτ ὀκτωβρίου ὀκτώβριοσ 一月 七月 三月 九月 二月
    五月 八月 六月 十一月 十二月 十月 四月 𐐩𐐹𐑉 𐐩𐐹𐑉𐐮𐑊 𐐪𐑀 𐐪𐑀𐐲𐑅𐐻 𐐱𐐿𐐻 𐐱𐐿𐐻𐐬𐐺𐐲𐑉 𐐼𐐨𐑅 𐐼𐐨𐑅𐐯𐑋𐐺𐐲𐑉 𐐾𐐭𐑊 𐐾𐐭𐑊𐐴 𐐾𐐭𐑌 𐐾𐐰𐑌 𐐾𐐰𐑌𐐷𐐭𐐯𐑉𐐨 𐑁𐐯𐐺 𐑁𐐯𐐺𐑉𐐭𐐯𐑉𐐨 𐑅𐐯𐐹
    𐑅𐐯𐐹𐐻𐐯𐑋𐐺𐐲𐑉 𐑋𐐩 𐑋𐐪𐑉 𐑋𐐪𐑉𐐽 𐑌𐐬𐑂 𐑌𐐬𐑂𐐯𐑋𐐺𐐲𐑉 𞤣𞤵𞤶 𞤣𞤵𞤶𞤮 𞤥𞤮𞤪 𞤥𞤮𞤪𞤧𞤮 𞤦𞤮𞤱 𞤦𞤮𞤱𞤼𞤮 𞤧𞤫𞤼 𞤧𞤫𞤼𞤮 𞤧𞤭𞤤 𞤧𞤭𞤤𞤮 𞤧𞤭𞤤𞤼𞤮 𞤲𞤦𞤮𞤴 𞤲𞤦𞤮𞤴𞤮 𞤳𞤮𞤪 𞤳𞤮𞤪𞤧𞤮 𞤴𞤢𞤪
    𞤴𞤢𞤪𞤳𞤮 𞤶𞤮𞤤 𞤶𞤮𞤤𞤮 𞤶𞤵𞤳 𞤶𞤵𞤳𞤮 𞤷𞤮𞤤 𞤷𞤮𞤤𞤼𞤮
    """.split()
)
SHORT_MONTHS = frozenset(
    """
    ab abe abr abu ade afu ag aga agb ago agt agu aha aib ale am ant any aog api apl apo apr ara arh aug avg avi avq
    avr awg awr aww aza bal bhi bow chg chk chv chw col cuo cut cze dam de dea dec dek des det dez dhj dic dip dis
    dsb dub duj duu dzd dzi dzm dzv ean ebr eka eki elo ene eph epr epu eyl fan fbl fe feb fer fev few fra ful gas
    gbo geg gen gic giu gor gru gum gun haz hep her hlb huk hul hun hyd ian ibr ion ira iul iun iyl iyn jan jen jol
    jon jug jui juk jul jun jur kak kam kan kas kek kel kep kho khu kol kor kov kub kuk kul kur kwi lam led len leo
    lip lis lug luh luj lul lut lwa lwe lwi ma maa mab mac mag mai maj mal man mar mas mat maw may mbi mbo mbu me
    mee meh mei mej mey mfu mha mme mop mor mot mph mrt msi mud mut mvu mē nab ncw ndi ndz ngb ngc ngo ngu ngw nhl
    nis nkh nkw no nob noe nof nov now noy ntu nvb nwa nya nye nyo nze oca och oct ofl oga ogo ogs ok oke okt oku
    oto ots ott otu oug out pay peb pep pha phe phu pri pro pun qer ruj sa sam se seb sed see sen sep set shk sht
    shu sia sie sii sij siu slt srp stb stu sty su sul sun suw svi sú ted tem tet tlh tra tsh ugu uku ukw upu urr
    urt usi ut uzt van vas vol wer wrz xan xin xnt xul xun yan yar yeb yen yul yun zib zvi мш от آب مئ مه مي مچ می
    مۍ ज म ম મ ம మ ಮ ဇ ဒ န ဖ မ ဧ ဩ
    """.split()
)
"""They are other words, too."""
WEEKDAYS = (
    frozenset(
        """
        aaɓ aaɓnde ajé al alats alatsinainy alt altine arakõi astelehena ata ataasinngorneq ayn aynas bazar del
        deluns dil dilluns diluain diluns djaluna dl dush dushanba duş duşenbe dwo dwoada dzo dzoɖa esmaspäev gli
        glindesdi hétfő hën isn isniin isnin jel jelhein ju jumatatu lem llu llun llunes lolemba luan lun lundi
        lunedì lunes luni luns ma maanantai maanantaina maandag man mandag mande mane mantaha mbe mma mo moandei mon
        monday montag mos mosupologo mošupologo mso mun mundai mus musumbhunuku musumbuluwo muv muvhuro mvu mvulo má
        mán mánadagur mánnodat mánudagur mä määntig må mån måndag méi méindeg mōn mōnite pazartesi pirmadienis pirmd
        pirmdiena po pon pondelok pondělí ponedeljak ponedeljek ponedjeljak poniedziałek poʻakahi pr pzt seg segunda
        sen senin singhgizit som somar somwaar ten teneŋ tne ukabʼ umsombuluko umvulo vuos vuossárga ybo δευ δευτέρα
        атя атяньчи атяньчистэ ашә ашәахьа базар блыпэ блыщхьэ бн бэнидиэнньик да дабаа даваа дс душ душанба душанбе
        дшб дүй дүйсенбі дүйшөмбү дүш дүшәмбе крс къуырисӕр ор оршот пан панядзелак пн пон понеделник понедельник
        понедељак понеділок понедјељак երկ երկուշաբթի اثنين الاثنين دوشنبه دووشەممە دۇي دۇيسەنبى دۈ دۈشەنبە سومر پیر
        ژندرروار ژندروار चदरवर सम समबर समर समवर समवसर সম সমবর সমবৰ ਸਮ ਸਮਵਰ સમ સમવર ସମ ସମବର தங தஙகள సమ సమవర ಸಮ ಸಮವರ
        തങകൾ සඳද จนทร วนจนทร ຈນ ວນຈນ တနငလ ორშ ორშაბათი ሰኑ ሰኑይ ሰኞ ᓇᒡᒐᔾᔭᐅ ចនទ ᠲᠠ ᠳᠠ ᠳᠠᠸᠠ ᱚᱛ ᱚᱛᱮ 周一 星期一 月曜日 週一 월요일 𐑋𐐲𐑌
        𐑋𐐲𐑌𐐼𐐩 𞤢𞤩𞤵 𞤢𞤩𞤵𞤲𞥋𞤣𞤫
        """.split()
    ),
    frozenset(
        """
        an antradienis ar araapy asinas asn asteartea bed ben benada bil bin bir bla blaɖa chipiri chp di dienstag
        dim dimars dimarts dimàirt dinsdag disdat djamars dma dt dën dënschdeg jem jemayrt juf jufɔ jumanne kab kedd
        labb labobedi lachiwiri lesibili lwesb lwesibini ma mangal mangalwaar mar mardi marlunngorneq martedì martes
        marti marți maw mawbaare maŋ maŋŋebárga mbl mon mongllar máirt otrd otrdiena poʻalua ravumbirhi sal salı sel
        selasa sesh seshanba sib sibili singhgizngeih siş sişenbe tal talaado talaata talata tei teisdai teisipäev
        ter terça ti tiisdei tiistai tiistaina tir tirs tirsdag tis tisdag tldo tli tor torek tue tuesday tun tunde
        ty tysdag týs týsdagur tūr tūrei tūs tūsite ulesibili ulwesibili urox ut uto utorak utorok vhi wir wt wtorek
        zi ziischtig çərşənbə ìsɛgun ìsẹgun út úterý þri þriðjudagur τρί τρίτη аў аўт аўторак аҩ аҩаша вас вастаньчи
        вастаньчистэ вт вто вторник вівторок гъубдж гъубж дцг дыццӕг мигмар мя мягмар оп оптуорунньук сейсенбі сеш
        сешанба сешанбе сиш сишәмбе сс сшб уто уторак чәршәнбә шейш шейшемби ши шинара шиш шишәмбе երեքշաբթի երք
        الثلاثاء اڱارو بۆموار ثلاث سه سێشەممە سە سەي سەيسەنبى سەيشەنبە منگل बमवर बवर मग मगल मगलवर मगलवसर मगळ मगळर
        मगळवर मङगल मङगलबर মঙগল মঙগলবর মঙগলবৰ ਮਗਲ ਮਗਲਵਰ મગળ મગળવર ମଙଗଳ ମଙଗଳବର சவ சவவய మగళ మగళవర ಮಗಳ ಮಗಳವರ ചവവ ചവവഴച
        අඟහ අඟහරවද วนองคาร องคาร ວນອງຄານ ອງຄານ အငဂ სამ სამშაბათი ማክሰ ማክሰኞ ሰሉ ሰሉስ ᓇᒡᒐᔾᔭᐅᓕᖅᑭ អងគរ ᠮᠢᠠᠠᠮᠠᠷ ᠮᠢᠭ ᱵᱟ ᱵᱟᱞᱮ
        ḽavhuvhili 周二 星期二 火曜日 週二 화요일 𐐻𐐭𐑆 𐐻𐐭𐑆𐐼𐐩 𞤥𞤢𞤦 𞤥𞤢𞤱𞤦𞤢𞤪𞤫
        """.split()
    ),
    frozenset(
        """
        akr akras ala alar alarbay alarobia ararundy arbaco arbc asteazkena az bud budh budhvar budhwaar chitatu
        chor chorshanba cht céad dc dic diciadain dimecres dimècres dimèrcles djarason dmè erb ga gask gaskavahkku
        gtu har jerc jercean jumatano ke keskiviikko keskiviikkona kolmapäev kuɖ kuɖa laboraro labr lachitatu
        lesithathu lesitsatfu lwesithathu me mer mercoledì mercredi mesemna mi mie miercuri mik mikudagur mittwoch
        mittwuch miy miyerkules mié miércoles mið miðvikudagur mst mèrcore mér mércores mër mët mëttwoch nje
        njeslaare on ons onsdag pin pingasunngorneq poʻakolu pul pulelulu qua quarta rab rabu rar ravunharhu shɔ
        singhgizsam sit sithathu sre sreda sri srijeda st streda středa sze szerda tat tha tr trečiadienis trešd
        trešdiena tri trinde tsa ukaj ulwesithathu wed wednesday weedensdai wen wenerei wo woansdei woensdag wuk
        wukuada àla àlarba çar çarşamba çarşenbe çərşənbə śr środa ɔjɔrú τετ τετάρτη ах ахаша бэрэжей бэрэскэжъый
        кун куншкачи куншкачистэ кха кхаара лх лхагва сер серада середа ср сре среда сри сриједа сряда сэ сэрэдэ
        сәрсенбі чор чоршанба чоршанбе чшб чәр чәршәмбе чәршәнбә шар шарш шаршамбы шаршемби һарба ӕрт ӕртыццӕг
        չորեքշաբթի չրք اربع الأربعاء بدھ بودوار رابو سار سارسەنبى چا چارشەنبە چهارشنبه چوارشەممە बदवर बध बधबर बधवर
        बधवसर ॿध ॿधर বধ বধবর বধবৰ ਬਧ ਬਧਵਰ બધ બધવર ବଧ ବଧବର பத பதன బధ బధవర ಬಧ ಬಧವರ ബധൻ බදද พธ วนพธ ພດ ວນພດ ဗဒဓဟ ოთხ
        ოთხშაბათი ረቡ ረቡዕ ᐱᖓᑦᓯᖅ ពធ ᡀᠠ ᡀᠠᠭᠪᠠ ᱥᱟᱹ ᱥᱟᱹᱜᱩᱱ ḽavhuraru ọjọrú 周三 星期三 水曜日 週三 수요일 𐐶𐐯𐑌 𐐶𐐯𐑌𐑆𐐼𐐩 𞤲𞤶𞤫𞤧𞤤𞤢𞤪𞤫 𞤶𞤫𞤧
        """.split()
    ),
    frozenset(
        """
        akw akwas alak alakamisy alhamisi alx alxamis ara aramisay arapo birestar bre ceturtd ceturtdiena china chn
        cs csütörtök czw czwartek cümə dia diardaoin dij dijaus dijous dijòus dj djaweps do don donderdag donnerstag
        donneschdeg du dunschtig duor duorasdat duorastat déar déardaoin enj fim fimmtudagur fon fonde gie gievgia
        gio giovedì guru guruwaar huw huwebes hós hósdagur iau jerd jerdein jeu jeudi joi jue jueves kam kamis kan
        ketvirtadienis kha khamiis khamis khms kt labn labone lachinayi lesine lwesine min naa naasaande nai ne
        neljapäev og osteguna pay payshanba pen penşenbe per perşembe poʻahā qui quinta ravumune roʼ sin sine
        singhgizseiq sis sisamanngorneq soo thu thursday to tongersdei tor tors torsdag torstai torstaina tuʻa
        tuʻapulelulu tür tüürsdai tāi tāite ulesine ulwesine xov xoves xue xueves yaw yawoada yawoɖa zob zoba čet
        četrtek četvrtak čt čtvrtek ħam št štvrtok ɔjɔbɔ πέμ πέμπτη аԥ аԥшьаша бейсенбі бейш бейшемби бс еа еара кал
        калоньчи калоньчистэ кес кесаҙна махуэку мэфэкъу пай пайшанба панҷшанбе пшб пү пүрбэ пүрэв пәнҗ пәнҗешәмбе
        цпр цыппӕрӕм чац чацвер чацьвер чет четвер четверг четвртак четврток четвъртък чп чт чц чэппиэр ҹүмә
        հինգշաբթի հնգ الخميس برؠسوار بەي بەيسەنبى جمعرات خميس پنج پنجشنبه پێنجشەممە پە پەيشەنبە गर गरवर बरसतर बरसवर
        बह बहबर बहसपत वस वसपत বহ বহসপত বহসপতবর বহসপতবৰ ਵਰ ਵਰਵਰ ગર ગરવર ଗର ଗରବର வய வயழன గర గరవర ಗರ ಗರವರ വയഴ พฤหส
        วนพฤหสบด ພະຫດ ວນພະຫດ ကသပတ ხუთ ხუთშაბათი ሐሙስ ሓሙ ሓሙስ ᓯᑕᒻᒥᖅ ពរហ ពរហសបត ᠫᠥᠷ ᠫᠦᠷ ᠫᠦᠷᠪᠦ ᱥᱟᱹᱨ ᱥᱟᱹᱨᱫᱤ ḽavhuṋa ṋa
        ọjọbọ 周四 星期四 木曜日 週四 목요일 𐑃𐐲𐑉 𐑃𐐲𐑉𐑆𐐼𐐩 𞤲𞤢𞤧 𞤲𞤢𞤧𞤢𞤲𞤣𞤫
        """.split()
    ),
    frozenset(
        """
        ann anna aoine arapoteĩ arj arjuma asimwas asm be bear bearjadat biy biyernes chishanu chs cum cuma cümə dih
        dihaoine diu diuendres divendres djabièrnè dv fal falaite fia fiada fiɖ fiɖa fr fra fraide fre fredag freed
        freidai freideg freitag fri friday friitig frí fríggjadagur fös föstudagur gnu gwe gwen hla ijumaa jeh
        jeheiney jimco jmc jum juma jumaat jumat labohlano labotlhano labt lachisanu lesihlanu lwesihlanu lâp lâpôsö
        mawnde mtn mwd ngolesihlanu or ostirala par paraire pe penktadienis perjantai perjantaina pet petak petek pi
        piatok piektd piektdiena piątek pn poʻalima pre pt pá pátek péntek ravuntlhanu reede san sex sexta shukra
        shukrawaar sih sihlanu singhgizhaj soh sohaa suk sukrar tal tallimanngorneq tlh ulwesihlanu uwaq ve ven
        venderdi vendredi venerdì venres vie vienres viernes vin vineri vr vrijdag vrydag vèn vènare zom zoma àjj
        àjjuma ġim ɛtì παρ παρασκευή ахә ахәаша ба баасан бэ бэрэскэшху бээтиҥсэ жм жум жума жұма йом йома майрӕмбон
        мрб мэрем пʼятниця пет петак петок петък пт пят пятница пятніца пӏе пӏераска сюк сюконьчи сюконьчистэ җом
        җомга ҷмъ ҷумъа ҹүмә ուր ուրբաթ الجمعة جمعة جمعه جمعو جمعہ جمہ جۇم جۇما جۈ جۈمە ھەینی जम जमम शकर शकरबर शकरर
        शकरवर शकरवसर শকর শকরবর শকৰ শকৰবৰ ਸਕਰ ਸਕਰਵਰ શકર શકરવર ଶକର ଶକରବର வள வளள శకర శకరవర ಶಕರ ಶಕರವರ വളള සක සකරද วนศกร
        ศกร ວນສກ ສກ သက პარ პარასკევი ዓር ዓርቢ ዓርብ ᑕᓪᓕᒻᒥᐅᑦ សករ ᠪᠠ ᠪᠠᠰᠠᠩ ᱡᱟᱹ ᱡᱟᱹᱨᱩᱢ ḽavhuṱanu ṱan ẹtì 周五 星期五 週五 金曜日 금요일
        𐑁𐑉𐐴 𐑁𐑉𐐴𐐼𐐩 𞤥𞤢𞤣 𞤥𞤢𞤱𞤲𞤣𞤫
        """.split()
    ),
    frozenset(
        """
        arapokõi arf arfininngorneq asab asabotsy ase aseer asiḍyas asḍ cmt cumartesi dis disathairne dissabte
        djasabra ds gnd gqi hbi hɔɔ jes jesarn jumamosi la larunbata lau lauantai lauantaina laugardagur laupäev
        laurdag ley leygardagur loweruka lr lá láv lávvardat lávvordat lây lâyenga lör lördag lør lørdag mat
        matlhatso mem memeneda memleɖa mgc mgq mgqibelo mok mokibelo moq moqebelo mps mpɔsɔ mug mugivhela mugovera
        mugqivela poʻaono rāh rāhoroi sa sab sabado sabato sabo sabti sabtu sad sam samedi samschdeg samschtig
        samstag san saninj sar sarere sat saterdag sath saturday sbti sestd sestdiena shan shanba shani shaniwaar
        sht sib sibiti singhgizroek sneon so sob sobota son sonda sonvar sub subota szo szombat sáb sábado sábadu
        sâm sâmbătă tok tokonaki umgcibelo umgqibelo wer wuq za zaterdag àbámɛta àbámẹta şen şenbe şənbə šeštadienis
        št σάβ σάββατο ас асабша бимба бя бямба ишемби ишм мэфэзакъу саб сабат сабота сб сбт сенбі суб суббота
        субота субуота събота шан шанба шанбе шим шимбә шля шлямочи шлямочистэ шнб шуо шуот шэмбэт шәм шәмбе шәнбә
        щэбэт շաբաթ շբթ שבת السبت اونۍ بٹوار سبتو سەن سەنبى شنبه شە شەممە شەنبە ڇنڇر ہفتہ छछ छछर बटवर शन शनबर शनवर
        शनवसर শন শনবর শনবৰ ਸਨ ਸਨਵਰ શન શનવર ଶନ ଶନବର சன శన శనవర ಶನ ಶನವರ ശന සන සනසරද วนเสาร เสาร ວນເສາ ເສາ စန შაბ
        შაბათი ቀዳ ቀዳም ቅዳሜ ᓈᑦᓰᖑᔭᓛᕐᓂᐊᖅ សរ ᠪᠢᠮ ᠪᠢᠮᠪᠠ ᱧᱩ ᱧᱩᱦᱩᱢ 周六 土曜日 星期六 週六 토요일 𐑅𐐰𐐻 𐑅𐐰𐐻𐐲𐑉𐐼𐐩 𞤸𞤮𞤪 𞤸𞤮𞤪𞤦𞤭𞤪𞤫
        """.split()
    ),
    frozenset(
        """
        ahad ahd ait aitar alah alahady arateĩ asa asamas axad axd bazar caw cawe chủ cn cu cyu dew dewo dg dib
        dibéer did didòmhnaich die dim dimanche dimas dimenge diumenge djadumingu dom domenica domh domingo domingu
        doménega du dum dumengia duminică eye eyenga hɔg hɔgbaa ig igandea isonto jed jedoonee jumapili ku kwa kɔs
        kɔsiɖa lam lamorena lamulungu lin linggo lisontfo lp lāpule min minggu mul nabʼe ne ned nedelja nedeľa
        nedjelja neděle ngoenzsinghgiz niedz niedziela paz pazar pühapäev ravi raviwaar rāt rātapu san sande sap
        sapaat sekmadienis si sk snein so son sondag sonndeg sonntag sonta sontaha sonto sotn sotnabeaivi su sul sun
        sunday sunntig sunnudagur sunnuntai sunnuntaina svo svondo svētd svētdiena swo swondaha sön söndag söndai sø
        søn søndag sāp sāpate tsh tshipi usonto vasárnap yak yakshanba zo zondag àìkú ýek ýekşenbe ħad κυρ κυριακή
        ам амҽыша базар баскыһыанньа бс воскресенье вс жек жексенбі жекшемби жс йәк йәкшәмбе кӏи кӏира нд нед недела
        неделя недеља неділя недјеља нима ня няд нядзеля ням тар таргочи таргочистэ тхьаумаф тхьэмахуэ ух хуыцаубон
        хцб якш якшанба якшанбе якшәмбе яшб կիր կիրակի آتھوار آچر اتوار احد الأحد جەك جەكسەنبى يە يەكشەنبە یکشنبه
        یەکشەممە आइत आइतबर आथवर आयतर आरत आरतवर रव रववर रववसर দও দওবৰ রব রববর ਐਤ ਐਤਵਰ રવ રવવર ରବ ରବବର ஞய ஞயற ఆద ఆదవర
        ಭನ ಭನವರ ഞയർ ඉරද วนอาทตย อาทตย ວນອາທດ ອາທດ တနငဂန კვი კვირა ሰን ሰንበት እሑድ ᓈᑦᑏᖑᔭᖅ អទតយ ᠨᠢ ᱥᱤᱸ ᱥᱤᱸᱜᱮ 周日 日曜日 星期日 週日
        일요일 𐑅𐐲𐑌 𐑅𐐲𐑌𐐼𐐩 𞤪𞤫𞤬 𞤪𞤫𞤬𞤦𞤭𞤪𞤫
        """.split()
    ),
)
"""From Monday to Sunday; a name may be that of several, in different languages."""
