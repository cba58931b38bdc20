"""
What walls say, and pages that are gone, by language: each an expression, matched without regard to case.

Each is a demand or a verdict, and no mere word: `Login` in a menu is neither.
"""

from __future__ import annotations

ROBOT = (
    # 中文
    r"(?m:^(?:安全|人机|滑块|行为)验证(?:页面|中)?$)|(?:请|需要?|进行|完成|通过|正在).{0,8}(?:安全|人机|滑块"
    r"|行为)验证(?!锁|码)",
    r"(?:拖动|滑动|按住)(?:下方|左边|右边)?的?滑块",
    r"请(?:先)?完成(?:下方|以下|下列)?的?(?:安全)?(?:验证|验證|驗證)",
    r"请输入(?:图片|图|下图|下方)?中?的?验证码(?:以|后)?继续",
    r"(?:访问|请求|操作)(?:过于|太|太过)频繁",
    r"您的IP.{0,10}(?:限制|封禁|异常)",
    # English
    r"verif(?:y|ying) (?:that )?(?:you are|you're|you aren't|if you are) (?:not )?(?:an? )?(?:human|robot|bot)",
    r"(?m:(?:^|[.!?|–—-] {1,3})are you (?:an? )?(?:human|robot)\W{0,5}(?:$|\n))",
    r"(?:confirm|prove) (?:that )?you(?:'re| are) (?:not )?(?:an? )?(?:human|robot|bot)",
    r"checking (?:your browser|if the site connection)",
    r"complete the (?:security check|captcha)|solve (?:the|this) captcha to",
    r"(?m:(?:^|[.!?|–—-] {1,3}|429:? )too many requests\b)",
    r"unusual (?:traffic|activity) from your",
    r"your (?:ip|access|request)(?: address)? (?:has been|was|is) (?:temporarily )?blocked",
    r"automated (?:access|requests?) (?:has|have|was|were)",
    r"enable (?:javascript|js) and cookies to continue",
    # Deutsch
    r"best[äa]tigen sie,? dass sie (?:ein mensch|kein roboter)",
    r"sind sie ein (?:mensch|roboter)\b|zu viele anfragen",
    r"sicherheits[üu]berpr[üu]fung (?:durchf|abschlie)|browser wird [üu]berpr[üu]ft",
    # Français
    r"v[ée]rifi(?:ez|er|ons) que vous (?:êtes (?:bien )?(?:un )?humain|n'êtes pas un robot)",
    r"[êe]tes-vous (?:un )?(?:humain|robot)\b|trop de requ[êe]tes",
    # Español
    r"verifi(?:que|car|ca) que (?:no )?(?:eres|es) (?:un )?(?:humano|robot)",
    r"¿eres (?:un )?(?:humano|robot)|demasiadas solicitudes",
    # 日本語, 한국어
    r"ロボットではない(?:ことを|こと)?.{0,6}(?:確認|証明)|人間であることを.{0,6}(?:確認|証明)",
    r"アクセスが集中|リクエストが多すぎ",
    r"로봇이 아닙니다|사람인지 확인|요청이 너무 많",
)

LOGIN = (
    r"请先?登[录陆]|未登[录陆]|登[录陆]已(?:过期|失效|超时)|会话已(?:过期|失效)",
    r"登[录陆]后(?:才能|才可|可|即可|方可)?(?:继续|查看|访问|浏览|使用)",
    r"please (?:log|sign) ?in\b|you (?:must|need to|have to) (?:be logged in|(?:log|sign) in)",
    r"(?:log|sign) in to (?:continue|view|see|access|proceed)|login (?:is )?required(?! to )",
    r"session (?:has )?(?:expired|timed out)",
    r"bitte (?:melden sie sich an|loggen sie sich|anmelden|einloggen)|melden sie sich an, um"
    r"|sitzung ist abgelaufen",
    r"veuillez vous (?:connecter|identifier)|connectez-vous pour|session a expir",
    r"inici[ae] sesi[óo]n para|debes? iniciar sesi[óo]n|sesi[óo]n ha (?:expirado|caducado)",
    r"(?:ログイン|サインイン)してください|ログインが必要",
    r"로그인이 필요|로그인 ?(?:해 주세요|하세요|후 이용)",
)

OFFERED = (
    r"售罄|售完|有[货票]|[缺无][货票]|购物车|[¥￥€$£₩]\s?\d|\d\s?(?:元|円|원|€|eur\b|usd\b|kr\b)",
    r"sold out|(?:in|out of) stock|add to (?:cart|basket)|ausverkauft|warenkorb|[ée]puis[ée]|agotado|在庫|品切"
    r"|품절",
)
"""What a page that sells says, and a login in front of it does not."""

LOGIN_TITLE = (
    r"(?:user |member |account |please )?(?:log[ -]?in|sign[ -]?in|log on)\b",
    r"(?:用户|账号|会员|统一)?(?:登[录陆]|身份认证)",
    r"anmeld(?:en|ung)\b|einloggen\b|connexion\b|se connecter\b|identification\b|(?:iniciar|inicio de) sesi[óo]n\b",
    r"ログイン|サインイン|로그인",
)
"""Of a page with a password field."""

GONE = (
    r"(?:error |http )?404(?: error)?[\s:,.!|–—-]*(?:not found|page not found|nicht gefunden|introuvable"
    r"|no encontrad)",
    r"(?:404\W{1,5})?not found\W*$",
    r"(?:404\W{1,5})?(?:the |this )?page (?:you .{0,40} )?(?:(?:was|is|could|can) ?not|cannot|not) (?:be )?found",
    r"(?:oops|ooops|sorry)\W{1,4}(?:the |this |that )?page .{0,30}(?:not (?:be )?found|does(?:n't| not) exist)",
    r"(?:the |this |that )?page (?:you .{0,40} )?(?:doesn't|does not|no longer)(?: seem to)? exists?",
    r"(?:很?抱歉|对不起)?[，,！! ]{0,3}[您你]?(?:要)?(?:访问|浏览|查找|请求)?的?(?:页面|网页)"
    r"(?:不存在|未找到|找不到|没有找到|已被?删除|走丢了)",
    r"(?:404\W{1,5})?(?:找不到|无法找到|未找到|没有找到)[该此]?(?:页面|网页)|頁面不存在|找不到網頁",
    r"(?:404\W{1,5})?(?:die |diese )?seite (?:wurde |konnte )?nicht gefunden",
    r"(?:404\W{1,5})?(?:page (?:introuvable|non trouv[ée]e)|cette page n'existe)",
    r"(?:404\W{1,5})?p[áa]gina no encontrada|la p[áa]gina (?:que .{0,40} )?no (?:existe|se encuentra)",
    r"(?:404\W{1,5})?(?:お探しの)?ページ(?:が|は)(?:見つかりません|存在しません)",
    r"페이지를 찾을 수 없.{0,6}",
    # português, italiano, Nederlands
    r"(?:404\W{1,5})?(?:a |la |esta |lo siento, la )?p[áa]gina (?:que .{0,40} )?(?:ya no est[áa] (?:aquí"
    r"|disponible)|não (?:foi )?(?:encontrada|existe)"
    r"|no se ha encontrado|no encontrada)",
    r"(?:404\W{1,5})?(?:la )?pagina (?:che .{0,40} )?(?:non (?:è stata )?(?:trovata|esiste)|inesistente)",
    r"(?:404\W{1,5})?(?:de |deze )?pagina (?:die .{0,40} )?(?:(?:is |kunnen we |kan |werd )?niet (?:gevonden"
    r"|vinden)|bestaat niet)",
    # svenska, norsk, dansk, suomi
    r"(?:404\W{1,5})?(?:denna |den )?sidan? (?:du .{0,40} )?(?:finns inte|hittades inte|kunde inte hittas"
    r"|kan inte hittas)",
    r"(?:404\W{1,5})?(?:denne )?siden? (?:du .{0,40} )?(?:finnes ikke|ble ikke funnet|blev ikke fundet"
    r"|(?:kunne )?ikke findes"
    r"|findes ikke|eksisterer ikke)|(?:404\W{1,5})?sivua ei (?:löyt|ole)",
    # polski, čeština, русский, українська
    r"(?:404\W{1,5})?(?:strona (?:nie (?:została )?(?:znaleziona|istnieje))|nie (?:znaleziono"
    r"|odnaleziono) (?:takiej )?strony|strona nie (?:została )?odnaleziona)",
    r"(?:404\W{1,5})?(?:(?:tato )?stránka (?:nebyla nalezena|neexistuje|nenalezena|sa nenašla)"
    r"|stránku nelze nalézt)",
    r"(?:404\W{1,5})?(?:такой )?страниц[аы] (?:не (?:найдена|существует)|удалена)"
    r"|(?:404\W{1,5})?сторінк[аи] не (?:знайдена|існує)"
    r"|(?:404\W{1,5})?сторінку не знайдено|(?:404\W{1,5})?страницата не (?:е намерена|съществува)",
    # türkçe, magyar, română, ελληνικά, …
    r"(?:404\W{1,5})?(?:aradığınız )?sayfa (?:bulunamadı|mevcut değil)|(?:404\W{1,5})?az oldal nem (?:található"
    r"|létezik)",
    r"(?:404\W{1,5})?(?:a keresett )?oldal nem található|(?:404\W{1,5})?pagina nu (?:a fost găsită|există)",
    r"(?:404\W{1,5})?η σελίδα δεν (?:βρέθηκε|υπάρχει)|(?:404\W{1,5})?(?:không tìm thấy trang|trang không tồn tại)",
    r"(?:404\W{1,5})?halaman tidak (?:ditemukan|ada)|ไม่พบหน้า|(?:404\W{1,5})?الصفحة غير موجودة"
    r"|(?:404\W{1,5})?(?:ה?דף|ה?עמוד) "
    r"(?:ה?מבוקש )?לא נמצא|(?:404\W{1,5})?(?:पृष्ठ|पेज) नहीं मिला",
    r"(?:404\W{1,5})?(?:لم يتم العثور على (?:ال)?صفحة|تعذ[ّ]?ر العثور على الصفحة"
    r"|الصفحة (?:المطلوبة )?(?:غير موجودة|لم توجد))"
    r"|(?:404\W{1,5})?страницата? не (?:беше |може да бъде |е )?(?:намерена|открита)|страница не (?:е намерена"
    r"|съществува)",
    r"(?:404\W{1,5})?sivua ei (?:löyt|löyd|ole).{0,20}|(?:404\W{1,5})?(?:nincs ilyen oldal|(?:az |a )?(?:kért "
    r"|keresett )?(?:oldal|lap) nem"
    r" (?:található|létezik))|(?:404\W{1,5})?(?:laman|halaman) (?:ini )?tidak (?:ditemukan|ada|tersedia)",
    r"(?:404\W{1,5})?(?:fant ikke siden|side ikke funnet|siden (?:er |ble )?ikke funnet|siden blev ikke fundet"
    r"|sida (?:finst|vart) ikkje.{0,8}"
    r"|fann ikkje sida)|(?:404\W{1,5})?pagin[ăa] (?:nu (?:a fost |poate fi |este )?(?:găsită|disponibilă)"
    r"|inexistentă|negăsită)",
    r"(?:404\W{1,5})?(?:stránka (?:nebola nájdená|nenájdená)|stránku (?:sa )?nepodarilo nájsť)"
    r"|(?:404\W{1,5})?(?:không tìm thấy trang.{0,12}"
    r"|trang không (?:tìm thấy|có))|(?:404\W{1,5})?(?:ה?דף|ה?עמוד) (?:ה?מבוקש )?(?:לא (?:נמצא|קיים)|אינו קיים)"
    r"|(?:पृष्ठ|पेज) (?:नहीं|लापता).{0,8}",
    r"(?:404\W{1,5})?(?:stranica nije (?:pronađena|nađena)|stran(?:i)? ni (?:bilo )?(?:mogoče )?najd.{0,8}"
    r"|lehte ei leitud|puslapis nerastas"
    r"|lapa nav atrasta|pàgina no trobada|страница није пронађена)",
    r"(?:404\W{1,5})?(?:很?抱歉|對不起)?[，,！! ]{0,3}(?:找不到|沒有找到|無法找到)[您你]?(?:要)?(?:訪問|瀏覽"
    r"|查找|尋找)?的?(?:頁面|網頁)",
)
"""At the start of a title or a line."""

GONE_TITLE = (*GONE, r"(?:error |http )?404(?: error| page)?\s*(?:$|[|–—·:-])")
"""At the start of a title: also the number alone, which in a text may count something."""

DOWN = (
    # servers and programs
    r"(?:http (?:status|error) )?(?:error )?(?:code )?5[0-2]\d\b.{0,60}",
    r".{0,40}\b(?:bad gateway|gateway time-?out|internal server error|service unavailable|backend fetch failed)",
    r"(?:runtime|server|application|database|unexpected|fatal) error.{0,40}|error|an error occurred.{0,60}",
    r"(?:error )?establishing a database connection|error establishing a database connection",
    (
        r"(?:(?:oops|whoops|ups|sorry|uh oh|pardon)\W{1,5})?(?:we'?re sorry, but )?(?:something|an error|there"
        r" was an error)(?: has| is| have)? (?:went|gone|go|going|occurred|wrong).{0,30}"
    ),
    r"there has been (?:a critical|an) error.{0,60}",
    r"(?:web server is down|connection timed out|origin is unreachable).{0,30}",
    (
        r"(?:the )?(?:service|site|website|page|server|store|shop)(?: is)?(?: currently| temporarily)* (?:down"
        r"|offline|unavailable).{0,20}"
    ),
    r"(?:service |site |website )?temporarily unavailable",
    (
        r"(?:(?:the |this |our )?(?:site|website|store|shop|system|server|service|page)\b.{0,20} )?(?:(?:is"
        r"|are) )?(?:currently )?(?:under|down for|undergoing|in) (?:scheduled |planned |routine )?maintenance"
        r"(?: mode)?"
    ),
    r"(?:scheduled |planned |site |website )?maintenance(?: mode| break)?",
    r"briefly unavailable for scheduled maintenance.{0,40}",
    r"we(?:'|’)?(?:ll| will) be (?:right )?back(?: soon| shortly| later)?",
    r"(?:site|website) will be (?:available|back) soon",
    r"(?:we(?:'|’| a)re |we are )?(?:experiencing|facing) .{0,30}(?:traffic|demand|difficulties|problems)",
    r"too busy",
    r"account suspended|(?:website|domain|account) (?:has )?expired|site not (?:found|connected)",
    r"welcome to nginx|it works",
    # 中文
    (
        r"(?:系统|系統|网站|網站|服务器?|服務器?|平台|本站)?(?:正在|目前|暂时|升级|升級|进行|進行|的)*(?:维护"
        r"|維護|升级|升級)(?:中|公告|升级|通知)?"
    ),
    r"(?:系统|网络|服务器?|服务)(?:繁忙|异常|错误|出错|开小差了?|开小差啦|不可用)",
    r"(?:内部|网关|服务器)(?:内部)?错误|出错[了啦]|出现错误",
    r"(?:网站|網站|页面|服务|系统)?(?:暂时|暫時)?(?:无法访问|無法訪問|不可用|暂停服务|暫停服務)",
    r"(?:没有找到|未找到)站点|5\d\d ?.{0,10}错误",
    r"(?:活动|页面|访问|前方)?(?:太|过于)?(?:火爆|拥挤)[了啦]?|当前(?:访问|选课|排队)?人数(?:过多|较多)",
    # Deutsch
    r"wartungs(?:arbeiten|modus|pause)?|wartung|wir sind gleich (?:wieder )?(?:zurück|da)|hoher andrang",
    r"überlastet|störung",
    r"(?:leider )?(?:ist )?(?:etwas|ein fehler) (?:ist )?(?:schief|aufgetreten|falsch).{0,20}",
    r"(?:seite|dienst|website|server) .{0,20}nicht (?:erreichbar|verfügbar)|fehler(?: \d{3})?",
    # Français
    r"(?:le |notre )?(?:site |service )?(?:est )?(?:actuellement )?en maintenance",
    r"maintenance (?:en cours|du site)|(?:oups\W{1,4})?une erreur (?:est survenue|s'est produite).{0,20}|oups",
    r"erreur(?: \d{3})?|(?:site |service |page )?(?:temporairement|momentanément) indisponible",
    r"(?:site|service) indisponible.{0,20}",
    # Español, português
    (
        r"(?:el |nuestro |o |nosso )?(?:sitio|sitio web|site|página|sistema)? ?(?:está )?(?:en|em) "
        r"(?:mantenimiento|manutenção)"
    ),
    r"mantenimiento|manutenção|(?:estamos|em) .{0,10}(?:mantenimiento|manutenção)",
    r"(?:ha ocurrido|se ha producido|ocurrió) un error.{0,20}",
    r"(?:¡?vaya!? ?|¡?ups!? ?)?algo (?:salió|ha ido|deu|saiu) (?:mal|errado).{0,10}",
    r"(?:ops\W{1,3})?(?:algo deu errado|ocorreu um erro).{0,20}|erro(?: \d{3})?",
    (
        r"(?:servicio|serviço|sitio|site|página)(?: web)?(?: está)?(?: temporalmente| temporariamente|"
        r" momentaneamente)? ?(?:no|não|in)[ -]?(?:disponible|disponível)(?: temporalmente)?"
    ),
    r"serviço temporariamente indisponível|servicio no disponible.{0,20}",
    # Русский
    r"(?:ведутся |проводятся )?(?:технические|профилактические) работы",
    r"(?:сайт|сервис|страница|сервер) (?:временно |сейчас )?недоступ(?:ен|на)|что-то пошло не так",
    r"(?:произошла )?ошибка(?: \d{3}| сервера)?|(?:сайт|система) на обслуживании",
    # Polski
    r"przerwa techniczna|prace (?:techniczne|konserwacyjne)",
    r"(?:serwis|strona|usługa) (?:jest )?(?:chwilowo |tymczasowo )?niedostępn[ya]",
    r"(?:ups\W{1,3})?coś poszło nie tak|(?:wystąpił )?błąd(?: \d{3}| serwera)?|konserwacja",
    # Türkçe
    r"bakım(?: çalışması| modu)?|(?:site(?:miz)?|sistem) .{0,20}bakımda(?:dır)?",
    r"(?:hizmet|site|sayfa) .{0,20}kullanılamıyor|bir (?:şeyler|hata) (?:ters gitti|oluştu)|hata(?: \d{3})?",
    # Italiano
    r"(?:il )?(?:sito |servizio )?(?:è )?in manutenzione|manutenzione",
    r"(?:qualcosa è andato|si è verificato un errore).{0,20}|errore(?: \d{3})?",
    r"(?:servizio|sito|pagina) (?:temporaneamente |momentaneamente )?non (?:disponibile|raggiungibile)",
    # Nederlands
    r"(?:even geduld, )?(?:we zijn )?(?:bezig met )?onderhoud|(?:in|gepland) onderhoud|storing",
    r"(?:oeps\W{1,3})?er (?:is|ging) iets (?:mis|fout).{0,10}|oeps",
    r"(?:website|site|pagina|dienst) .{0,15}niet (?:bereikbaar|beschikbaar)",
    # Bahasa Indonesia, tiếng Việt
    r"(?:situs |sistem )?(?:sedang )?(?:dalam )?(?:pemeliharaan|perbaikan)",
    r"(?:terjadi )?kesalahan(?: \d{3}| server)?|gangguan",
    r"(?:layanan|situs|halaman) (?:sementara )?tidak (?:tersedia|dapat diakses)",
    r"(?:hệ thống |trang web |website )?(?:đang )?bảo trì(?: hệ thống)?|(?:đã )?(?:xảy ra|có) lỗi.{0,10}",
    r"lỗi(?: \d{3})?|(?:dịch vụ|trang web|trang) .{0,15}không (?:khả dụng|truy cập được)",
    # 日本語, 한국어
    r"(?:ただいま|現在)?(?:システム)?メンテナンス(?:中)?(?:です)?|(?:システム)?エラー(?:が発生しました)?",
    r"(?:アクセスが)?(?:集中|混雑)(?:して(?:い|おり)ます)?",
    r"サービス(?:は|が)?(?:一時的に)?(?:ご?利用|停止).{0,10}|しばらくお待ちください",
    r"(?:시스템 |서버 )?점검 ?(?:중|안내)?(?:입니다)?",
    r"(?:일시적(?:으로|인)? ?)?(?:서비스를 )?이용할 수 없습니다|(?:문제|오류)가 발생(?:했|하였)습니다",
    r"일시적(?:으로|인) .{0,20}|오류",
    # the site is being mended, in the languages that are not above: all of a heading
    r"(?:webbplatsen |sidan |systemet )?(?:är )?(?:under|för) (?:planerat )?underhåll|(?:pågående "
    r"|planerat )?underhåll"
    r"(?:sarbete)?(?: pågår)?|(?:nettstedet |nettsiden |siden "
    r"|systemet )?(?:er )?under (?:planlagt )?vedlikehold|vedlikehold"
    r"(?: pågår)?|(?:hjemmesiden |siden |webstedet |systemet )?(?:er )?under vedligeholdelse|vedligeholdelse"
    r"|(?:sivusto |palvelu "
    r"|verkkokauppa )?(?:on )?huollossa|huolto(?:katko|työ)(?: käynnissä)?|sivustoa huolletaan",
    r"(?:web |stránky |server |e-?shop |obchod |stránka )?(?:je |jsou |sú )?(?:právě |momentálně "
    r"|momentálne )?(?:v|mimo) "
    r"(?:údržbě|údržbe|provoz|prevádzky)|(?:plánovaná |probíhá |prebieha )?(?:údržba|odstávka)(?: (?:webu"
    r"|stránek|systému"
    r"|serveru|stránok))?|(?:az |a )?(?:oldal|honlap|weboldal|webáruház"
    r"|rendszer)(?:unk)? (?:jelenleg )?karbantartás alatt"
    r"(?: áll)?|karbantartás|(?:site-ul |pagina |magazinul )?(?:este |se află )?(?:în|in) (?:mentenanță"
    r"|întreținere)|mentenanță",
    r"(?:η |ο )?(?:ιστοσελίδα|ιστότοπος|σελίδα|σύστημα)? ?(?:μας )?(?:είναι |βρίσκεται )?(?:σε|υπό) συντήρηση"
    r"|(?:сайтът? "
    r"|системата )?(?:е |се намира )?в (?:процес на )?поддръжка|профилактика|(?:сайт|портал"
    r"|система) (?:перебуває )?на "
    r"(?:технічному )?обслуговуванні|технічні роботи|технічне обслуговування|(?:stranica|sajt|web stranica"
    r"|trgovina) (?:je "
    r")?(?:u|na) (?:održavanju|izradi)|održavanje(?: u tijeku)?|(?:сајт|страница) је (?:у|на) одржавању"
    r"|(?:spletna )?stran je v "
    r"(?:vzdrževanju|izdelavi)|vzdrževanje",
    r"(?:الموقع|المنصة|النظام|البوابة|المتجر|الصفحة)(?: الإلكتروني(?:ة)?)? (?:حالي[اً]{1,2} )?(?:تحت|قيد"
    r"|في) (?:ال)?(?:صيانة|تحديث"
    r"|إنشاء)(?: حالي[اً]{1,2})?|(?:أعمال )?صيانة(?: مجدولة)?|(?:ה)?(?:אתר|מערכת|חנות) (?:נמצאת? )?ב(?:תחזוקה"
    r"|שיפוצים|שדרוג)"
    r"|(?:עבודות )?תחזוקה|(?:วเว็บไซต์|เว็บไซต์|ระบบ)?(?:อยู่(?:ใน)?ระหว่าง|กำลัง|ปิด)(?:การ)?(?:ปรับปรุง"
    r"|บำรุงรักษา)(?:ระบบ)?"
    r"|(?:(?:वेब)?साइट|सिस्टम) (?:का )?रखरखाव(?: में| के अधीन)?(?: है)?|(?:سایت|وب‌?سایت|سامانه) (?:در (?:حال"
    r"|دست) )(?:تعمیر"
    r"|به‌?روزرسانی)(?: است)?|(?:sait|veebileht|leht) on hoolduses|hooldustööd|(?:svetainė"
    r"|sistema) (?:yra )?(?:atnaujinama"
    r"|tvarkoma)|(?:vietne|lapa) tiek (?:atjaunota|uzlabota)|(?:el )?(?:lloc|web"
    r"|pàgina)(?: web)? (?:està )?en manteniment"
    r"|(?:situs|laman)(?: web)? (?:kami )?(?:sedang )?dalam (?:pemeliharaan|perbaikan|penyelenggaraan)",
)
"""All of a title, of its part between two signs, or of a heading: the site is down, and this is no page."""

DENIED = (
    (
        r"(?:403|401|error)?\W{0,3}(?:access|permission|request)(?: (?:to (?:this|the) (?:page|site|website)"
        r"|was|is|has been))* (?:denied|forbidden|blocked|rejected|restricted|limited).{0,30}"
    ),
    r"(?:403\W{0,3})?forbidden.{0,30}",
    r"(?:sorry, )?you have been blocked.{0,50}|not acceptable!?",
    r".{0,40}not available in your (?:region|country|area)",
    r"your access to this (?:site|service) has been limited.{0,40}|web filter violation|web page blocked",
    r"unavailable due to legal.{0,20}",
    r"(?:您的?|你的?)?(?:访问|請求|请求|訪問|存取)(?:已?被|受到?了?)?(?:拒绝|拒絕|拦截|攔截|限制|受限|阻断|禁止)",
    r"拦截提示|禁止访问|没有权限|无权访问",
    r"zugriff (?:verweigert|nicht erlaubt|gesperrt)|zugang (?:verweigert|gesperrt)",
    r"accès (?:refusé|interdit|bloqué)",
    r"acceso (?:denegado|restringido|prohibido)|acesso (?:negado|bloqueado|restrito)",
    r"accesso (?:negato|vietato|bloccato)",
    r"доступ (?:запрещ[её]н|ограничен|закрыт|заблокирован).{0,20}|(?:odmowa|brak) dostępu",
    r"dostęp (?:zabroniony|zablokowany)",
    r"erişim (?:engellendi|reddedildi|yasaklandı)|toegang (?:geweigerd|geblokkeerd)",
    r"akses (?:ditolak|diblokir|dibatasi)",
    r"(?:truy cập bị )?từ chối(?: truy cập)?|truy cập bị (?:từ chối|chặn)",
    r"アクセス(?:が)?(?:拒否|制限|禁止)(?:されました|されています)?",
    r"접근(?:이)? ?(?:거부|차단|제한)(?:되었습니다|됨)?",
)
"""As DOWN: whoever asks is refused."""

QUEUE = (
    (
        r"(?:you(?:'|’)?(?:re| are)(?: now)? in (?:the )?(?:line|queue|waiting room)|(?:virtual )?waiting (?:room"
        r"|line)"
        r"|queue-it\b).{0,30}"
    ),
    r"the sale has not started yet|排队中|前方排队.{0,12}|等候室|(?:sie befinden sich im )?warteraum",
    r"(?:vous êtes dans la )?file d'attente",
    r"(?:está en la )?sala de espera|fila de espera|sala d'attesa|(?:вы в )?очеред[иь]|poczekalnia",
    r"bekleme odası|wachtrij|ruang tunggu|phòng chờ|待合室|順番にご案内.{0,10}|대기실|접속 대기.{0,8}",
)
"""As DOWN: a waiting room."""

CONSENT = (
    r"before you continue.{0,20}|(?:cookie )?consent|your privacy choices|we value your privacy",
    r"age (?:check|verification)",
    r"zustimmung|einwilligung|datenschutz-?einstellungen|voordat je verdergaat|avant de continuer",
    r"antes de continuar|prima di continuare",
    r"subscribe to continue.{0,20}|please disable your ad ?blocker|ad ?blocker detected",
    r"(?:your )?(?:browser is not supported|unsupported browser)",
    r"javascript is disabled",
)
"""As DOWN: a consent is asked for."""

ROBOT_HEAD = (
    r"安全验证|人机验证|访问验证|验证码拦截|滑动验证(?:页面)?",
    r"(?:请|請)(?:先)?(?:完成|进行|進行|证明|證明).{0,20}|身份验证|驗證|验证",
    r"(?:please )?(?:verify|verifying|confirm|prove|let's confirm|making sure) .{0,20}(?:human|robot|bot)s?",
    r"human verification|security (?:check|verification)|robot (?:check|or human)",
    r"are you (?:a )?(?:human|robot)|pardon our interruption.{0,5}",
    r"just a moment|one moment, please|attention required!?|before we continue",
    r"access to this page has been denied",
    r"sicherheits(?:überprüfung|prüfung)|bestätigen sie.{0,40}|v[ée]rification(?: de sécurité)?",
    r"vérifiez que.{0,40}|verificación|verifi(?:ca|que) que.{0,40}",
    r"verificação|(?:confirme|verifique|prove) que (?:você )?.{0,10}(?:robô|humano)|проверка(?: браузера)?",
    r"подтвердите, что вы.{0,20}|(?:вы )?не робот",
    r"weryfikacja|potwierdź, że .{0,30}|doğrulama|robot olmadığınızı .{0,20}",
    r"verifica(?: di non essere un robot)?|verificatie|verifikasi(?: bahwa.{0,25})?",
    r"xác minh(?: bạn.{0,30})?|.{0,12}ロボットではない.{0,20}|(?:セキュリティ)?確認|로봇이 아님을.{0,15}",
    r"(?:보안 )?확인",
)
"""As DOWN: a robot check."""

LOGIN_HEAD = (
    (
        r"(?:(?:user|member|account|customer|please) )?(?:log[ -]?in|sign[ -]?in|log on)(?: required| to"
        r" .{0,40}| with your .{0,30})?"
    ),
    (
        r"(?:(?:用户|账号|帐号|会员|管理员|统一|单点|欢迎|请|請|扫码|學生|学生)(?:先)?)?(?:登[录陆錄]|登入"
        r"|身份认证|身份验证)(?:中心|页面|平台|系统|超时|已过期)?.{0,8}"
    ),
    r"(?:统一)?身份认证(?:平台|系统|中心)?|.{0,4}欢迎登录",
    r"anmelde(?:n|ung)|einloggen|connexion|se connecter|identifi(?:cation|ez-vous)",
    r"inici(?:ar|o de|e|a) sesi[óo]n|acced(?:er|i)(?: al tuo account)?",
    r"entr(?:ar|e na sua conta|e)|(?:fazer )?login|вход(?: в .{0,25})?|войти|авторизация|logowanie",
    r"zaloguj(?: się)?|giriş(?: yap)?|oturum aç",
    r"inloggen|aanmelden|masuk(?: ke akun.{0,8})?|đăng nhập(?: .{0,20})?|(?:会員)?(?:ログイン|サインイン)",
    r"로그인|session expired",
    # a session that is over
    r"(?:your |the )?(?:session|login) (?:has |was )?(?:expired|timed out|ended)|(?:ihre |deine "
    r"|die )?(?:sitzung|session|anmeldung)"
    r" (?:ist )?(?:abgelaufen|beendet)|(?:votre |la )?session (?:a |est )?(?:expirée?|terminée)|(?:su |tu "
    r"|la )?sesi[óo]n (?:ha )?"
    r"(?:expirado|caducado|finalizado)|(?:a )?(?:sua |tua )?sess[ãa]o (?:expirou|terminou|foi encerrada)"
    r"|(?:la )?(?:tua |sua )?"
    r"sessione (?:è )?(?:scaduta|terminata)|(?:uw |je )?sessie (?:is )?verlopen"
    r"|(?:din )?session(?:en)? har (?:gått ut|löpt ut"
    r"|avslutats)|(?:din )?(?:økt|økten|session|sessionen)(?: din)? (?:har |er )?(?:utløpt|udløbet)"
    r"|istunto(?:si)? (?:on )?"
    r"(?:vanhentunut|päättynyt)",
    r"(?:twoja |państwa )?sesja (?:wygasła|została zakończona)|(?:vaše |vaše přihlášení )?(?:relace "
    r"|přihlášení )?vypršel[ao]?"
    r"(?: platnost.{0,20})?|(?:platnost )?(?:vaší |vašej )?(?:relace|relácie) (?:vypršela|skončila)"
    r"|(?:ваша )?(?:сессия|сессии"
    r"|срок действия сессии) (?:истекл[ао]|ист[её]к|завершена)|(?:ваш[аі]? )?(?:сесія|сеанс) (?:закінчилася"
    r"|закінчився|завершено)"
    r"|(?:вашата )?сесия(?:та)? (?:е )?изтекла|(?:a )?munkamenet(?:e)? lejárt|sesiunea (?:dvs\. "
    r"|ta )?a expirat|η (?:συνεδρία|σύνδεσή)"
    r" (?:σας )?(?:έληξε|έχει λήξει)|oturum(?:unuz(?:un)?|un)?(?: süresi)? (?:doldu|sona erdi"
    r"|zaman aşımına uğradı)",
    r"sesi (?:anda )?(?:telah )?(?:berakhir|habis|kedaluwarsa)|phiên (?:đăng nhập"
    r"|làm việc)(?: của bạn)? (?:đã )?hết hạn"
    r"|เซสชัน(?:ของคุณ)?หมดอายุ.{0,6}|انتهت (?:صلاحية )?(?:ال)?جلس(?:ة|تك|تكم).{0,12}|(?:תוקף )?(?:ה)?(?:חיבור"
    r"|הפעלה|סשן)(?: שלך)? "
    r"(?:פג|הסתיים)|(?:आपका )?सत्र समाप्त.{0,12}|(?:登[录錄陆]|会话|會話|登入)(?:状态|狀態)?(?:已"
    r"|已经)?(?:过期|過期|失效|超时|逾時)"
    r"|セッション(?:が|の)(?:有効期限が)?(?:切れ|終了|タイムアウト).{0,10}|세션이? ?(?:만료|종료).{0,10}"
    r"|로그인 (?:시간|세션)이? 만료.{0,10}"
    r"|(?:vaša )?sesija je istekla|seja je potekla|seanss (?:on )?aegunud|sesija (?:baigėsi|beigusies)",
)
"""As DOWN: a login."""

GONE_HEAD = (
    *GONE,
    r"(?:error |http )?404(?: error| page)?",
    r"(?:oops\W{1,4})?(?:page |)?not found",
)
"""As DOWN: the page is gone."""

CHALLENGE = (
    r"samo trenut(?:ek|ak)|секунду|един момент|bir saniye|hetkinen|üks hetk|(?:vienu|vien) (?:brīdi|akimirką)"
    r"|o clipă|μια στιγμή|รอสักครู่|لحظة(?: من فضلك)?|רק רגע",
    r".{0,20}(?:\b(?:not|no|kein|pas|não|non|nie|nej\w{1,4}|inte|ikke|ikkje|ei|en ole|nem|nu|δεν|не"
    r"|değil\w{0,3}|niet|geen|bukan|không|ne|ni[sj]\w{1,3})\b"
    r"|n'|לא|אינ|لست|ليس|नहीं|ไม่).{0,25}(?:\brob[oô]\w{0,6}|робот\w{0,3}|ρομπότ|רובוט|روبوت|ربات|रोबोट"
    r"|หุ่นยนต์|người máy).{0,20}",
    r".{0,20}(?:robot|רובוט|روبوت|रोबोट|ロボット|로봇|机器人|機器人).{0,12}(?:değil|olma|nahi|नहीं|ない|なく"
    r"|아니|아님|아닙|vagyok|en ole).{0,20}|.{0,8}(?:不是|并非|非|不为)(?:机器人|機器人).{0,8}",
    # a verb that verifies, and the human or the robot, in either order
    r".{0,40}(?:verif|confirm|v[ée]rifi|prove|check|best[äa]tig|überprüf|prüf|bewei|bevestig|controle|kontroll"
    r"|bekräfta|bekreft|bekræft"
    r"|godtgør|vahvista|varmista|sprawdz|potwierd|weryfik|udowodni|ověř|potvr|dokaž|over|доказ|подтвер|провер"
    r"|підтвер|перевір|потвърд|doğrula"
    r"|kontrol|kanıtla|ellenőr|igazol|erősít|confirm|demonstr|demuestr|compro|assegur|mostr|dimostr|conferm"
    r"|démontr|prouv|assur|επιβεβαι|επαλήθ"
    r"|xác (?:minh|nhận)|konfirmasi|pastikan|buktikan|ยืนยัน|تحقق|تأكيد|אמת|ודא|सत्यापित|पुष्टि).{0,60}(?:robot"
    r"|robô|bots?\b|human|humain"
    r"|humano|umano|persona\b|mensch|een mens\b|mennesk|människ|ihmi|człowiek|člověk|človek|человек|людин|человеч"
    r"|робот|insan|ember|(?:ești|sunteți) (?:om|uman)\b"
    r"|άνθρωπος|ρομπότ|con người|người máy|manusia|มนุษย์|หุ่นยนต์|إنسان|روبوت|אנושי|רובוט|इंसान|मानव"
    r"|रोबोट).{0,40}",
    r".{0,20}robot (?:olmad|değil).{0,30}|.{0,20}insan ol(?:up"
    r"|duğ).{0,40}|.{0,20}(?:机器人|機器人).{0,10}"
    r"(?:验证|驗證|检测|檢測|校验)|.{0,12}(?:不是|并非|非)(?:机器人|機器人).{0,10}|.{0,12}(?:真人|人机|人類"
    r"|人类)(?:验证|驗證|校验|检测).{0,6}"
    r"|.{0,16}(?:ロボット|人間)(?:で(?:は)?(?:ない|ある)).{0,20}|.{0,10}(?:사람|로봇).{0,6}(?:인지|아님|확인"
    r"|아닌지).{0,16}",
    r"(?:un|one|einen|ein|één|een|et|ett|eén|bir|um) (?:moment(?:o|je)?|instant|øjeblik|øyeblikk|ögonblick"
    r"|dakika|attimo)"
    r"(?: (?:bitte|please|por favor|s'il vous plaît|alstublieft|lütfen|proszę|prosím))?|even geduld.{0,12}"
    r"|chwileczkę"
    r"|okamžik|минут(?:у|очку)|зачекайте|подождите|잠시만(?:요| 기다려.{0,8})|少々お待ちください|请稍[候等]",
    r"(?:security|sicherheits|veiligheids|säkerhets|sikkerheds?|bezpečnostní|güvenlik) ?-?(?:check|prüfung"
    r"|überprüfung|controle|kontroll?|kontrola"
    r"|kontrolü|verification)|(?:contr[ôo]le|comprobación|verificação|verifica|controllo) (?:de "
    r"|di )?(?:sécurité|seguridad|segurança|sicurezza)"
    r"|kontrola (?:bezpieczeństwa|zabezpieczeń)|проверка безопасности|перевірка безпеки|kontroll|kontrolle"
    r"|ověření|weryfikacja|doğrulama|overení",
    # the security, the browser or the connection is checked, or must be
    r".{0,20}(?:checking|verifying|inspecting) (?:the |your |that |if )?(?:browser|connection|security|device"
    r"|request|site"
    r" connection).{0,30}|.{0,20}(?:complete|pass|finish) (?:the |a |this )?(?:security|human) (?:check"
    r"|verification).{0,20}"
    r"|.{0,20}(?:browser|verbindung|sicherheit|anfrage|gerät)\w{0,3} (?:wird|werden) (?:gerade )?(?:ge"
    r"|über)prüft|(?:bitte )?"
    r".{0,20}sicherheits(?:über)?prüfung (?:ab|durch|wird).{0,20}|(?:nous )?(?:vérifi(?:ons"
    r"|cation)) (?:de )?(?:votre "
    r"(?:navigateur|connexion)|la (?:sécurité|connexion)).{0,30}",
    r"(?:estamos )?(?:comprobando|verificando|revisando) (?:tu|su|la|el) (?:navegador|conexión|seguridad).{0,20}"
    r"|(?:estamos )?(?:verificando|a verificar) (?:o |a )?(?:seu |sua )?(?:navegador|conexão|ligação"
    r"|segurança).{0,20}|(?:stiamo )?"
    r"(?:verific|controll)\w{2,6} (?:il |la |del |della )?(?:tuo |tua |suo |sua )?(?:browser|connessione"
    r"|sicurezza).{0,20}|(?:we )?"
    r"control(?:eren|e van) (?:uw |je |de )?(?:browser|verbinding|beveiliging).{0,20}"
    r"|(?:vi )?(?:kontroller\w{1,3}|tjekker|sjekker)"
    r" (?:din |säkerheten|nettleseren|webbläsaren|forbindelsen).{0,30}|(?:selainta(?:si)?|yhteyttä"
    r"|selaimen?) .{0,8}tarkist.{0,12}",
    r"(?:sprawdzamy|sprawdzanie|weryfikujemy) (?:twoj\w{1,3} )?(?:przeglądark|połączen|bezpieczeńst).{0,20}"
    r"|(?:kontrolujeme|ověřujeme"
    r"|probíhá kontrola|overujeme|kontrola) (?:váš|vaš[ie]|vašeho|vášho)? ?(?:prohlíže|prehliada|připojen"
    r"|pripojen|zabezpečen).{0,20}"
    r"|(?:мы )?(?:проверяем|проверка|идёт проверка) (?:ваш\w{0,3} )?(?:браузер|соединени|подключени"
    r"|безопасност).{0,40}|(?:перевіряємо"
    r"|перевірка) (?:ваш\w{0,3} )?(?:браузер|з(?:'|’)єднан|безпек).{0,40}|(?:проверяваме"
    r"|проверка на) (?:вашия )?(?:браузър|връзка).{0,20}",
    r".{0,20}(?:böngésző|kapcsolat|biztonság)\w{0,8} ellenőrz.{0,20}|(?:verificăm|se verifică"
    r"|verificarea?) (?:browser|conexiun|securit)"
    r".{0,20}|(?:ελέγχουμε|έλεγχος|γίνεται έλεγχος) .{0,14}(?:περιήγησης|σύνδεσης|ασφάλειας|browser).{0,20}"
    r"|(?:tarayıcınız|bağlantınız"
    r"|güvenlik)\w{0,5} (?:kontrol|doğrula).{0,24}|(?:sedang )?memeriksa (?:browser|peramban|koneksi"
    r"|keamanan).{0,20}|(?:đang )?kiểm tra"
    r" (?:trình duyệt|kết nối|bảo mật).{0,20}|(?:กำลัง)?ตรวจสอบ(?:เบราว์เซอร์|การเชื่อมต่อ|ความปลอดภัย).{0,20}",
    r"(?:جار[ٍي]? )?(?:التحقق|فحص|نتحقق) (?:من )?(?:متصفحك|المتصفح|الاتصال|اتصالك|أمان).{0,20}|(?:בודקים|בדיקת"
    r"|אימות) (?:את )?(?:ה)?(?:דפדפן"
    r"|אבטחה|חיבור).{0,20}|(?:आपके )?(?:ब्राउज़र|कनेक्शन|सुरक्षा) की जाँच.{0,20}|(?:در حال )?(?:بررسی"
    r"|تأیید) (?:مرورگر|اتصال|امنیت).{0,20}"
    r"|(?:正在)?(?:进行|進行)?(?:安全|环境|浏览器|客户端环境|環境|瀏覽器)(?:检测|检查|校验|檢測|檢查)(?:中)?"
    r"|正在(?:检测|检查|校验|验证)(?:您|你)?的?"
    r"(?:浏览器|客户端环境|访问环境|网络环境|连接|安全).{0,16}|(?:ブラウザ|接続|セキュリティ|安全性)(?:を"
    r"|の)(?:確認|チェック|検証).{0,20}|.{0,8}"
    r"(?:보안|브라우저|자동 ?입력|연결) ?(?:확인|검사|인증|방지)(?:을|를|이)? ?(?:완료|진행|하고|중|필요"
    r"|필요합니다|문자).{0,14}",
)
"""As DOWN, at a first look: a robot check, in any order of words."""

LIMITED = (
    r"(?:error )?(?:429\W{0,3})?too many (?:requests|attempts|tries|login attempts|connections)",
    r"(?:rate|request|quota|usage|access) limits?(?: has been| was| is)? (?:exceeded|reached|hit)|rate limited",
    r"you(?:'|’)?(?:re| are|(?:'|’)ve| have) (?:been )?(?:going|browsing|clicking|making|sent|sending|rate"
    r"|made) .{0,30}"
    r"(?:fast|quickly|requests|limited)|(?:please )?slow down",
    r"(?:请求|操作|访问|提交|点击)(?:次数)?(?:过于|太过|太|过)(?:频繁|快|多)(?:[了啦])?",
    r"(?:您的?)?(?:请求|访问)(?:次数|频率)?(?:已)?(?:超出|超过|达到).{0,6}(?:限制|上限)|請求過於頻繁|操作過於頻繁",
    r"zu viele (?:anfragen|zugriffe|aufrufe|versuche)|(?:anfrage|zugriffs|abfrage)limit (?:erreicht|überschritten)",
    r"trop de (?:requêtes|demandes|tentatives|connexions)|limite (?:de requêtes|d'accès"
    r"|de demandes)? ?(?:atteinte|dépassée)",
    r"demasiad[ao]s (?:solicitudes|peticiones|intentos)|límite de (?:solicitudes|peticiones) (?:excedido"
    r"|superado|alcanzado)",
    r"(?:muitas|demasiadas|excesso de) (?:requisições|solicitações|tentativas|pedidos)|limite (?:de .{0,15} )?"
    r"(?:excedido|atingido)",
    r"troppe (?:richieste|tentativi)|troppi tentativi|limite di richieste (?:superato|raggiunto)",
    r"te veel (?:verzoeken|aanvragen|pogingen)|zbyt (?:wiele|dużo) (?:żądań|zapytań|prób)",
    r"слишком (?:много|частые) (?:запрос(?:ов|ы)|попыток)|превышен(?:о)? (?:лимит|число|количество) запросов",
    r"забагато запитів|příliš mnoho (?:požadavků|pokusů)|för många (?:förfrågningar|försök|anrop)",
    r"(?:for|alt for) mange (?:forespørsler|forsøg|forespørgsler|anmodninger)|liian monta (?:pyyntöä|yritystä)",
    r"çok fazla (?:istek|deneme)|terlalu banyak (?:permintaan|percobaan)|quá nhiều (?:yêu cầu|lần thử)",
    r"túl sok (?:kérés|kísérlet|próbálkozás)|prea multe (?:cereri|solicitări|încercări)|πάρα πολλά αιτήματα",
    r"(?:リクエスト|アクセス)(?:数|回数)?(?:が|の)(?:多すぎ|上限|制限).{0,12}|요청이 너무 많(?:습니다|아요)"
    r"|요청 (?:한도|횟수).{0,6}초과.{0,8}",
    r"طلبات كثيرة جد[اً]{1,2}|יותר מדי בקשות|คำขอมากเกินไป",
)
"""As DOWN: too much was asked for."""

UNUSED = (
    # refusals
    r"(?:تم رفض (?:الإذن|الوصول|الصلاحية)|الوصول مرفوض|(?:ال)?(?:إذن|صلاحية) مرفوضة?|ممنوع|غير مسموح.{0,20}"
    r"|достъпът? (?:е )?(?:отказан|забранен)"
    r"|отказан достъп|забранено|přístup (?:odepřen|zamítnut|zakázán)|oprávnění (?:odepřeno|zamítnuto)"
    r"|zakázáno|(?:adgang|tilladelse) nægtet|ingen adgang"
    r"|forbudt|(?:zugriff|berechtigung|zugang) (?:verweigert|nicht gestattet)|keine berechtigung|verboten"
    r"|(?:δεν επιτρέπεται|απαγορεύεται) η πρόσβαση"
    r"|άρνηση (?:πρόσβασης|άδειας)|η πρόσβαση (?:απαγορεύεται|απορρίφθηκε)|απαγορευμένο|permiso denegado"
    r"|acceso no (?:permitido|autorizado))",
    r"(?:pääsy (?:evätty|estetty|kielletty)|(?:käyttö)?oikeu(?:s|det) (?:evätty|puuttuvat?)|lupa evätty"
    r"|ei käyttöoikeutta|permission refusée"
    r"|accès non autorisé|ה?גישה נדחתה|ה?הרשאה נדחתה|אין הרשאה|hozzáférés (?:megtagadva|tiltva)|(?:engedély"
    r"|jogosultság) megtagadva|nincs jogosultság.{0,10}"
    r"|(?:izin|akses) ditolak|terlarang|permesso negato|permessi insufficienti|autorizzazione negata"
    r"|accesso non consentito)",
    r"(?:(?:アクセス|権限|許可|アクセス権)(?:が|は)?(?:拒否|ありません|されていません|禁止).{0,10}|(?:권한"
    r"|접근|액세스)(?:이|가)? ?(?:거부|없).{0,8}|(?:tilgang|tillatelse)"
    r" (?:nektet|avslått)|ingen tilgang|(?:toegang|toestemming) geweigerd|geen (?:toegang|toestemming)"
    r"|verboden|(?:odmowa|brak) (?:dostępu|uprawnień)"
    r"|permissão (?:negada|recusada)|acesso não (?:permitido|autorizado)|(?:acces|permisiune)(?:ul"
    r"|a)? (?:interzis|refuzat|respins)ă?)",
    r"(?:(?:доступ|в доступе) (?:запрещ[её]н|отказано)|отказано в доступе|нет (?:прав|доступа)|(?:prístup"
    r"|oprávnenie|povolenie) (?:odmietnut|zamietnut|zakázan)[ýé]"
    r"|(?:åtkomst|tillträde|behörighet) (?:nekad|nekas|saknas)|(?:การเข้าถึง|สิทธิ์?"
    r"|การอนุญาต)?(?:ถูก)?ปฏิเสธ.{0,20}|ไม่มีสิทธิ์.{0,10}|(?:izin|erişim|yetki)"
    r" (?:reddedildi|engellendi|yok)|(?:доступ|у доступі|дозвіл) (?:заборонено|відмовлено)|(?:访问|存取|权限"
    r"|權限|许可|許可)(?:被)?(?:拒绝|拒絕|不足|被拒|禁止)"
    r"|(?:无|無|没有|沒有)(?:访问|存取)?(?:权限|權限)|(?:quyền|truy cập) bị từ chối|không có quyền.{0,10})",
    r".{2,40} ?\((?:error )?(?:40[0-9]|410|429|451|50[0-4])\)|(?:http |error )?(?:40[0-35-9]|429|451"
    r"|50[2-4])\b[\s:–|-]{1,3}\D{2,40}",
    r"(?:خطأ|грешка|сървърна грешка|chyb[ay]|fejl|serverfejl|fehler|serverfehler|σφάλμα|virhe|palvelinvirhe"
    r"|שגיאה|שגיאת שרת|त्रुटि|सर्वर त्रुटि|hiba"
    r"|(?:szerver|kiszolgáló) ?hiba|galat|kesalahan|feil|(?:tjener|server)feil|fout|serverfout|błąd|eroare|fel"
    r"|serverfel|ข้อผิดพลาด|помилка|lỗi|错误|錯誤|エラー"
    r"|오류|에러|hata|sunucu hatası|error|errore|erreur|erro|ошибка|greška|грешка|napaka|viga|klaida"
    r"|kļūda)(?: (?:na|na serveru|serveru|servera"
    r"|serwera|del? servidor|no servidor|do servidor|nel server|del server|du serveur|сервера|на сървъра"
    r"|διακομιστή|de server|server|peladen"
    r"|máy chủ|في الخادم|في المزود|pada server|på servern?|på serveren"
    r"|palvelimella))?[\s:]{0,2}\(?(?:[45]\d\d)?\)?",
    # servers and sites that are down, in words that may be news of a page that is known
    r"(?:error |http )?(?:4[0-5]\d|5\d\d)(?: error)?|no healthy upstream|upstream (?:connect error"
    r"|request timeout).{0,90}",
    r"default backend - 404|(?:please wait|starting|just a second|hold on|hang tight)\b.{0,60}|(?:we(?:'|’)re "
    r"|we are )?sorry",
    r".{1,40} (?:is|are) (?:currently |temporarily )?(?:under|undergoing|down for|in) (?:\w+ )?maintenance.{0,20}",
    r"(?:our |the |this )?(?:page|site|website|services?|store|shop)(?: \S{3,60})? (?:is|are|isn't|aren't"
    r"|is not|are not)"
    r" (?:currently |temporarily )?(?:offline|available|unavailable|reachable)(?: right now| at the moment"
    r"| at this time)?",
    r"(?:diese |die |unsere )?(?:seite|webseite|website|dienste?|shop) (?:ist|sind) (?:derzeit |zurzeit "
    r"|momentan |gerade |leider )*"
    r"(?:offline|nicht (?:erreichbar|verfügbar)|in wartung)|wir sind (?:bald|gleich|in kürze) (?:wieder"
    r"|zurück).{0,20}",
    r"(?:nous revenons|de retour) (?:bientôt|très vite).{0,20}|(?:volvemos|volveremos|regresamos) (?:pronto"
    r"|enseguida).{0,20}",
    r"(?:voltamos|voltaremos) (?:já|logo|em breve).{0,20}|torniamo (?:presto|subito).{0,20}|(?:we zijn )?(?:zo"
    r"|snel) terug.{0,10}",
    # defaults of servers
    r"welcome to (?:nginx|openresty|caddy|tengine|apache|litespeed).{0,20}|it works.{0,10}|iis windows server"
    r"|iis\d{1,2}"
    r"|internet information services",
    r".{0,20}(?:apache|nginx|http server|web ?server|litespeed|hosting|domain)(?:2| http server)?(?:'s|’s)?"
    r"(?: \w{1,12})? (?:default|test|placeholder|welcome) page.{0,40}",
    r"(?:default|test) (?:web ?site |web )?page|test page for .{0,50}"
    r"|your (?:new )?web ?server is (?:now )?(?:working|running).{0,20}",
    r"congratulations[!,.]? .{0,30}(?:installed|working|running|live).{0,30}|apache is functioning normally",
    r"index of /(?!\w).{0,2}|(?:dit is de )?standaardpagina|standardseite|page par défaut"
    r"|página (?:predeterminada|padrão)",
    r"恭喜[,，]?\s?站点创建成功.{0,4}|站点创建成功.{0,4}|默认(?:页面|站点)|没有找到站点.{0,4}",
    # accounts and sites that were stopped
    r"(?:this |the |your )?(?:account|web ?site|site|domain|hosting)(?: \S{3,40})?"
    r"(?: (?:has been|is|was))?(?: temporarily| currently)? (?:suspended|disabled|deactivated|expired|blocked"
    r"|closed"
    r"|parked|for sale|not connected|not configured|not published|unavailable)",
    r"(?:site|website|domain|dns) (?:not|is not|isn't) (?:found|connected|configured|published|active"
    r"|available).{0,30}",
    r"(?:bandwidth|resource) limit (?:has been )?(?:exceeded|reached)|.{0,60}isn(?:'"
    r"|’)t connected to a website.{0,10}",
    r"(?:dieser |das |diese )?(?:account|konto|website|webseite|seite|domain|shop"
    r"|webspace)(?: \S{3,40})? (?:ist |wurde )?"
    r"(?:derzeit |vorübergehend )?(?:gesperrt|deaktiviert|abgelaufen|gekündigt|geparkt|zu verkaufen"
    r"|steht zum verkauf)",
    r"(?:ce |votre |le )?(?:site|compte|nom de domaine|domaine|hébergement)(?: \S{3,40})? (?:est |a été "
    r"|a )?(?:suspendu"
    r"|désactivé|expiré|à vendre|en parking|réservé)",
    r"(?:este |esta |el |la |o |a )?(?:sitio|cuenta|dominio|página|tienda|site|conta|domínio"
    r"|loja)(?: web)?(?: \S{3,40})?"
    r" (?:está |ha sido |foi |se encuentra )?(?:temporalmente )?(?:suspendid[oa]|suspens[oa]|desactivad[oa]"
    r"|desativad[oa]"
    r"|caducado|expirado|en venta|à venda|aparcado|estacionado)",
    r"(?:il |questo |l')?(?:sito|account|dominio|spazio web)(?: \S{3,40})? (?:è |è stato )?(?:sospeso"
    r"|disattivato|scaduto"
    r"|in vendita|parcheggiato)",
    r"(?:this |deze )?(?:domeinnaam|domein|website|account)(?: \S{3,40})? (?:is |wordt )?(?:geparkeerd|te koop"
    r"|opgeschort"
    r"|geblokkeerd|verlopen|gereserveerd)",
    r"(?:эт[оа]т? )?(?:сайт|аккаунт|домен|хостинг)(?: \S{3,40})? (?:временно )?(?:заблокирован|отключ[её]н"
    r"|приостановлен"
    r"|прода[её]тся|припаркован|просрочен)",
    r"(?:срок регистрации домена .{0,40}ист[её]к|работа сайта приостановлена).{0,10}",
    r"(?:strona|konto|domena|witryna)(?: \S{3,40})? (?:została |zostało |jest )?(?:zawieszon[ae]"
    r"|zablokowan[ae]|wygasła"
    r"|zaparkowana|na sprzedaż|utrzymywana .{0,40})",
    r"(?:(?:该|此|您的|本)?(?:网站|站点|域名|账[号户]|空间|主机|店铺)(?:已|已被|被|暂时|暂)*(?:过期|到期|停用"
    r"|暂停|关闭|冻结|封禁"
    r"|停放|出售|转让|待售)(?:访问|服务|使用)?(?:中)?)|域名(?:出售|停放|转让).{0,6}|(?:该)?网站(?:未"
    r"|尚未)(?:备案|绑定|开通|配置).{0,6}",
    r"(?:この)?(?:ドメイン|サイト|アカウント|サーバー?)(?:は|が)(?:現在)?.{0,12}(?:停止|凍結|失効|期限切れ|販売"
    r"|取得され|移転).{0,16}",
    r"(?:이 )?(?:도메인|사이트|계정)[은이].{0,12}(?:정지|만료|중지|판매|주차).{0,12}",
    # domains that nobody uses
    r"(?:this |the )?(?:domain(?: name)?|web ?site)(?: \S{3,60})? (?:is|may be|might be|has been|was) (?:parked"
    r"|available"
    r"|reserved|registered|for sale|successfully).{0,60}|parked (?:domain|page|site).{0,20}|buy this domain.{0,20}",
    r"[\w-]{2,60}(?:\.[\w-]{2,20}){1,3} (?:is for sale|is parked|may be for sale|steht zum verkauf"
    r"|ist zu verkaufen|est à"
    r" vendre|está en venta|está à venda|is te koop|è in vendita|продаётся|продается|域名出售|正在出售).{0,30}",
    r"(?:future home of .{0,60}|(?:this )?(?:site|website|web page|page) is under construction|under construction)",
    r"(?:hier entsteht|diese domain (?:wurde|ist)) .{0,60}|(?:ce )?(?:site"
    r"|nom de domaine) .{0,20}(?:en construction|déposé"
    r"|réservé).{0,20}|(?:sito|sitio|site|página) (?:web )?(?:in costruzione|en construcción|em construção)",
    r"сайт (?:находится )?в разработке|strona w (?:budowie|przygotowaniu)|yapım aşamasında.{0,10}|网站建设中"
    r"|(?:サイト)?準備中|"
    r"홈페이지 준비 ?중.{0,6}",
)
"""As DOWN, at a first look: nobody has a site there, or has one any more, or it is away."""

AWAY = (
    # sites that are being mended, in any order of words
    r".{0,30}(?:hệ thống|trang web|website|cổng|dịch vụ).{0,20}(?:đang |được |tạm )+(?:bảo trì|nâng cấp"
    r"|ngừng).{0,20}"
    r"|.{0,20}(?:ιστοσελίδα|ιστότοπος|ιστοχώρος|σύστημα|υπηρεσία).{0,20}(?:αναβαθμίζεται|συντηρείται"
    r"|συντήρησης?|αναβάθμιση|εκτός λειτουργίας|μη διαθέσιμ).{0,20}|σύντομα κοντά σας|εργασίες συντήρησης",
    r".{0,20}(?:estamos|estem|stiamo) (?:actualizando|mejorando|trabajando|realizando|actualitzant|millorant"
    r"|atualizando|melhorando|aggiornando|lavorando).{0,40}|(?:volveremos|volvemos|regresaremos|estaremos"
    r" de vuelta|tornarem|tornem) .{0,20}|.{0,20}(?:página|sitio|web).{0,12} en (?:mantenimiento|obras"
    r"|construcción)",
    r".{0,20}(?:сайт\w{0,3}|портал\w{0,3}|систем\w{1,3}|сервіс\w{0,3}|послуг\w{0,2}|услуг\w{0,2}"
    r"|обслуговування|обслуживание).{0,25}(?:недоступн|призупинен|приостановлен|обслуговуван|обслуживан"
    r"|профілактик|профилактик|оновлю|обновля|вимкнен|отключен|заблокован|заблокирован).{0,20}"
    r"|(?:технічні|планові|профілактичні|плановые|профилактические) роботы?и?",
    r".{0,20}(?:stron[ay]|serwis|witryna|sklep|web|stránky|stránka|systém|obchod|e-shop|portál).{0,25}"
    r"(?:przebudowie|konserwacji|modernizacji|wyłączon|údržb|odstáv|rekonštrukci|rekonstrukci|mimo provoz"
    r"|nedostupn).{0,20}|(?:zaraz|wkrótce) wracamy|brzy (?:se vrátíme|jsme zpět)|čoskoro sme späť",
    r".{0,20}(?:sidan|webbplatsen|nettsiden|siden|hjemmesiden|sivusto|verkkosivusto|palvelu|järjestelmä|systemet"
    r"|tjenesten|tjänsten).{0,25}(?:underhåll|vedlikehold|vedligeholdelse|huollossa|huoltokatko|uppdateras"
    r"|oppdateres"
    r"|opdateres|päivitetään|stängd för|nede).{0,20}|vi (?:är|er) (?:snart|straks) (?:tillbaka|tilbake"
    r"|tilbage).{0,10}"
    r"|palaamme pian.{0,10}|huoltokatko",
    r".{0,20}(?:oldal|weboldal|honlap|webáruház|rendszer|site-ul|pagina|sistem(?:ul|imiz)?|site(?:miz)?"
    r"|sayfa(?:mız)?"
    r"|situs|laman|layanan).{0,25}(?:karbantartás|frissít|fejleszt|mentenanță|întreținere|actualizare|bakım"
    r"|güncellen"
    r"|pemeliharaan|perbaikan|diperbarui).{0,20}|hamarosan (?:visszatérünk|jövünk).{0,10}|revenim (?:imediat"
    r"|în curând)"
    r"|(?:yakında|birazdan) (?:döneceğiz|buradayız|geri).{0,12}|kami (?:akan )?segera kembali",
    r".{0,20}(?:ระบบ|เว็บไซต์|บริการ).{0,20}(?:ปรับปรุง|ปิดปรับปรุง|บำรุงรักษา|ซ่อมบำรุง).{0,20}"
    r"|.{0,20}(?:الموقع|النظام|الخدمة|المنصة|المتجر).{0,20}(?:صيانة|الصيانة|التحديث|متوقف|متوقفة|غير متاح).{0,20}"
    r"|.{0,20}(?:האתר|המערכת|השירות|החנות).{0,20}(?:תחזוקה|שדרוג|אינו זמין|לא זמין).{0,20}"
    r"|.{0,20}(?:साइट|वेबसाइट|सेवा|सिस्टम).{0,20}(?:रखरखाव|अनुरक्षण|उपलब्ध नहीं).{0,20}"
    r"|.{0,20}(?:وب‌?سایت|سایت|سامانه).{0,20}(?:تعمیر|به‌?روزرسانی|در دست).{0,20}",
    r".{0,16}(?:サイト|サービス|システム).{0,20}(?:メンテナンス|停止して|休止|ご利用いただけま).{0,16}"
    r"|.{0,16}(?:사이트|서비스|시스템|홈페이지).{0,16}(?:점검|일시 ?중단|이용할 수 없|개편).{0,12}"
    r"|.{0,16}(?:系统|系統|网站|網站|平台|服务|服務).{0,16}(?:维护|維護|升级|升級|暂停|暫停|关闭|關閉).{0,10}",
    # domains that nobody uses
    r".{0,60}(?:域名|網域|网域)[^,，。]{0,60}(?:已|被)?(?:过期|過期|到期|失效|出售|转让|轉讓).{0,10}"
    r"|.{0,40}(?:ドメイン|ウェブサイト|サイト)(?:は|が|を)?.{0,8}(?:販売|売り出し|有効期限|購入).{0,16}"
    r"|.{0,40}(?:도메인|사이트).{0,16}(?:판매|만료|매각|구매).{0,12}"
    r"|.{0,60}(?:ten miền|tên miền|domain).{0,60}(?:hết hạn|đang bán|được bán|dijual|kedaluwarsa|satılık|süresi dol"
    r"|eladó|lejárt|de vânzare|expirat|na predaj|na prodej|expirovala|expirovaná|vypršela|til salg|till salu"
    r"|utløpt|udløbet|har gått ut|myytävänä|vanhentunut|πωλείται|έχει λήξει|продается|продаётся|продається"
    r"|закінчився|истек|истёк|abgelaufen|expiré|à vendre|caducad|expirad|en venta|à venda|scadut|in vendita"
    r"|verlopen|te koop|wygas|na sprzedaż|هذا النطاق|للبيع|למכירה).{0,20}",
    r"(?:this |the |your )?(?:domain(?: name)?|web ?site|hosting)(?: \S{3,60})? (?:has |is |was )?(?:expired|lapsed"
    r"|for sale|pending|not renewed).{0,40}",
    r".{0,30}(?:сайтът|хостингът|домейнът|stranica|domena|domenet?|domänen?|domænet|verkkotunnus|domeen|domenas"
    r"|domēns|svetainė).{0,30}"
    r"(?:спрян|изтекъл|в ремонт|поддръжка|istekla|obustavljen|na prodaju|naprodaj|potekla|utløpt|til salgs"
    r"|till salu|löpt ut|udløbet"
    r"|vanhentunut|myynnissä|aegunud|müüa|pasibaig|parduodam|beidzies|pārdod|prijungt|laikinai neveik|održavanj"
    r"|vzdrževanj).{0,20}",
    r".{0,60}(?:údržb|odstáv|mimo provoz|mimo prevádzk|karbantart|mentenanț|întreținer|συντήρησ|održavanj"
    r"|vzdrževanj|поддръжк"
    r"|обслуговуван|underhåll|vedlikehold|vedligehold|huolto|hooldus|bakım|pemelihara|manteniment|manutenzion"
    r"|manutenç|onderhoud"
    r"|konserwacj|wartung|bảo trì|ปรับปรุง|บำรุงรักษา|صيانة|الصيانة|תחזוקה|रखरखाव|メンテナンス|점검|维护"
    r"|維護).{0,60}",
)
"""As UNUSED, beside a look of a wall: news of a system that is mended say the same."""

ABROAD = (
    r".{0,60}(?:(?:in|from|for|to) your (?:current )?(?:country|region|location|area|territory|market|jurisdiction)"
    r"|european economic area|outside (?:of )?(?:the |our )\w{2,20}|your (?:country|region|location) is).{0,50}",
    r".{0,60}(?:in|aus|für) (?:ihrem|deinem|ihr|dein|ihrer|deiner|ihre|deine) (?:land|region|gebiet|standort"
    r"|länder).{0,50}"
    r"|.{0,60}(?:dans|depuis|pour) (?:votre|ton) (?:pays|région|zone|territoire|localisation).{0,50}",
    r".{0,60}(?:en|desde|para|em|no|na|do|da) (?:tu|su|seu|sua|teu|tua) (?:país|región|região|zona|área|ubicación"
    r"|localização|territorio|território).{0,50}|.{0,60}(?:nel|dal|nella|dalla) (?:tuo|suo|tua|sua|vostro"
    r"|vostra) (?:paese"
    r"|regione|zona|area|territorio|posizione).{0,50}",
    r".{0,60}(?:in|vanuit|voor) (?:uw|jouw|je) (?:land|regio|gebied|locatie).{0,50}|.{0,60}(?:i|från|fra) (?:ditt"
    r"|din|dit)"
    r" (?:land|region|område|plats|sted).{0,50}|.{0,60}(?:maassasi|alueellasi|sijainnissasi).{0,50}",
    r".{0,60}(?:w|z) (?:twoim|twojego|twojej|państwa) (?:kraju|regionie|regionu|lokalizacji).{0,50}|.{0,60}(?:ve|z"
    r"|vo)"
    r" (?:vaší|vašej|vašem|vašom) (?:zemi|oblasti|krajin[eě]|regionu|regióne).{0,50}",
    r".{0,60}(?:в|во|из|у|з|для) (?:вашей|вашем|вашего|вашій|вашому|вашої|вашата) (?:стран[еыа]|регион[еа]"
    r"|країн[іи]"
    r"|регіон[іу]).{0,50}|.{0,60}(?:ülkeniz|bölgeniz|bulunduğunuz (?:ülke|bölge)).{0,50}",
    r".{0,60}(?:az ön |a te )?(?:országá?od?ban|országában|régió(?:já|d)ban|térségében).{0,50}|.{0,60}(?:în"
    r"|din) (?:țara|"
    r"regiunea|zona) (?:dvs|ta|dumneavoastră).{0,50}|.{0,60}(?:στη|από τη)ν? (?:χώρα|περιοχή) σας.{0,50}",
    r".{0,60}di (?:negara|wilayah|kawasan|lokasi) (?:anda|kamu).{0,50}|.{0,60}(?:quốc gia|khu vực|vùng"
    r"|đất nước) (?:của"
    r" )?(?:bạn|quý khách).{0,50}|.{0,60}(?:ประเทศ|พื้นที่|ภูมิภาค|เขต)ของ(?:คุณ|ท่าน).{0,50}",
    r".{0,60}(?:في|من) (?:بلدك|بلدكم|منطقتك|منطقتكم|دولتك).{0,50}|.{0,60}(?:ב|מ)(?:מדינה|אזור|ארץ) ?(?:שלך|שלכם"
    r"|מגוריך).{0,50}"
    r"|.{0,60}(?:आपके|आपकी) (?:देश|क्षेत्र).{0,50}|.{0,60}(?:کشور|منطقه) شما.{0,50}",
    r".{0,30}(?:您|你)(?:所在|目前所在|当前所在|當前所在)?的?(?:国家|國家|地区|地區|区域|區域).{0,40}"
    r"|.{0,30}(?:お住まいの|"
    r"ご利用の|お客様の|現在の)(?:国|地域|場所).{0,40}|.{0,30}(?:거주|해당|현재|고객님의|귀하의) ?(?:국가"
    r"|지역)(?:에서|에).{0,40}",
)
"""As DENIED, at a first look: nothing is shown where its reader is."""

BARRED = (
    r"(?:page|site|website|web ?page|url|access|content|address).{0,20} (?:has been |is |was )?(?:blocked"
    r"|restricted|barred"
    r"|filtered|seized).{0,60}|(?:blocked|restricted) (?:page|site|website|content|by .{3,40})"
    r"|this .{0,20}has been seized.{0,40}",
    r".{0,30}(?:seite|webseite|website|zugriff|inhalt).{0,30}(?:gesperrt|blockiert|untersagt|beschlagnahmt)"
    r"|.{0,20}(?:page|site|accès|contenu).{0,20}(?:bloqué|interdit|restreint|saisi)e?.{0,20}",
    r".{0,20}(?:página|sitio|acceso|acesso|site|conteúdo|contenido).{0,20}(?:bloquead|restringid|proibid"
    r"|prohibid)[oa].{0,20}"
    r"|.{0,20}(?:pagina|sito|accesso|contenuto).{0,20}(?:bloccat|oscurat|inibit|sequestrat|vietat)[oa].{0,20}",
    r".{0,20}(?:pagina|website|toegang|site).{0,20}(?:geblokkeerd|ontzegd|beperkt)|.{0,20}(?:sidan|siden"
    r"|webbplatsen|nettstedet"
    r"|adgang|åtkomst).{0,20}(?:blockera[dt]s?|blokkert|blokeret|spärra[dt]s?|sperret)|.{0,20}(?:sivu|sivusto"
    r"|pääsy).{0,20}estetty",
    r".{0,20}(?:strona|witryna|dostęp|stránka|stránky|přístup|prístup).{0,20}(?:zablokowan|ograniczon|blokován"
    r"|zablokován"
    r"|blokovan|omezen|zakázán).{0,20}|.{0,20}(?:сайт|ресурс|доступ|страница|сторінка).{0,30}(?:заблокирован"
    r"|заблокован|ограничен"
    r"|обмежен|закрыт|закрит).{0,30}",
    r".{0,20}(?:erişim|site|sayfa).{0,20}engel(?:i|lendi|len\w{1,12})?|.{0,20}(?:oldal|hozzáférés"
    r"|webhely).{0,20}(?:letiltva"
    r"|blokkolva|korlátozva|tiltott)|.{0,20}(?:pagina|accesul|site-ul).{0,20}(?:blocat|restricționat)ă?"
    r"|.{0,20}(?:πρόσβαση|σελίδα"
    r"|ιστότοπος).{0,20}(?:αποκλε|απαγορ|μπλοκ).{0,20}",
    r".{0,20}(?:situs|laman|akses|halaman).{0,20}(?:diblokir|dibatasi|ditutup)|.{0,20}(?:trang|truy cập"
    r"|website).{0,20}(?:bị chặn"
    r"|bị khóa|bị hạn chế)|.{0,20}(?:เว็บไซต์|หน้าเว็บ|การเข้าถึง).{0,20}(?:ถูกบล็อก|ถูกระงับ|ถูกปิดกั้น).{0,20}",
    r".{0,20}(?:حجب|حظر|تم حجب|تم حظر).{0,20}(?:الموقع|الصفحة|الوصول).{0,20}|.{0,20}(?:האתר|הדף"
    r"|הגישה).{0,20}(?:נחסמ?ה?|חסומה?)"
    r"|.{0,10}(?:页面|網頁|网页|网站|網站|内容).{0,8}(?:被|已)(?:拦截|攔截|屏蔽|屏蔽|封锁|封鎖|阻止|查封).{0,10}"
    r"|.{0,16}(?:ページ|サイト)"
    r".{0,12}(?:ブロック|遮断|閲覧でき).{0,12}|.{0,16}(?:페이지|사이트|접속).{0,12}(?:차단|제한).{0,12}",
)
"""As DENIED, beside a look of a wall: a filter, an office or a court bars the page, and a road is barred, too."""

WAITING = (
    r".{0,30}(?:\b(?:waiting (?:room|list page)|virtual queue|queue (?:number|position)|place in (?:line"
    r"|the queue)|you(?:'|’)?(?:re|"
    r" are) (?:now )?(?:in|next in) (?:line|the queue))\b|warteschlange|warteraum|virtuelle[rn]? warte\w{4,9}"
    r"|file d(?:'|’)attente"
    r"|salle d(?:'|’)attente|(?:fila|cola|sala) (?:virtual|de espera)|(?:coda|fila|sala) (?:virtuale|d(?:'"
    r"|’)attesa)).{0,50}",
    r".{0,30}(?:wachtrij|wachtkamer|väntrum|virtuell kö|i kön?\b|venterom|venterum|\bi kø(?:en)?\b|^kö$|^kø$"
    r"|odotushuone|jonossa"
    r"|virtuaalijono"
    r"|poczekalni|kolej(?:ce|ka)|čekárn|čakár|ve frontě|fronta|v rade|virtuális (?:sor|váró)|sorban (?:áll|vár)"
    r"|sala de așteptare"
    r"|(?:la|coada) (?:rând|virtuală)|αίθουσα αναμονής|ουρά|очеред|очікуван|у черзі|черга|sanal (?:sıra|kuyruk)"
    r"|sırada\w{0,6}"
    r"|bekleme (?:odası|salonu)).{0,50}",
    r".{0,30}(?:antrean|ruang tunggu|hàng đợi|phòng chờ|xếp hàng|ห้องรอ|คิว|غرفة الانتظار|قائمة الانتظار|طابور"
    r"|חדר המתנה|בתור|प्रतीक्षा"
    r" कक्ष|कतार|排队|排隊|等候室|候位|順番待ち|お待ちの(?:方|お客様)|待合室|混み合|混雑|アクセス集中|대기(?:열|실"
    r"| ?순)|접속자가? 많).{0,40}",
    r".{0,30}(?:high (?:traffic|demand|volume)|hohe(?:s|r|n)? (?:andrang|aufkommen|nachfrage)|forte (?:affluence"
    r"|demande)|alta demanda"
    r"|muchos (?:usuarios|visitantes)|molto traffico|höga? tryck|stor trafik|访问人数|人数较多|擁擠|인파).{0,30}",
)
"""As QUEUE, beside a look of a wall: a hospital has a queue, too."""

AGE = (r"(?<!\d)(?:1[689]|2[01])(?!\d)[^?？؟]{0,30}[?？؟]$",)
"""Of a heading, in any language: it asks for an age."""

TRACE = (
    r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\b(?=[a-f]{0,9}\d)[0-9a-f]{16,64}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-"
    r"|\b(?:web|host|post)master@|\berror (?:code )?1\d{3}\b",
)
"""What tells an operator whose request it was: an address of the Internet, a number, whom to write to."""

REQUEST = (r"\b(?:request|ray|incident|reference|trace|support|correlation)\b.{0,9}[0-9a-f-]{12}",)
"""A number that is called so."""

QUOTES = ('"', "'", "“", "„", "«", "‹", "「", "『", "‘", "”")
"""What begins a heading that quotes."""

MARKUP = (
    r"maintenance|coming-?soon|under-?construction|(?:cookie|consent|cmp|login|auth)-?wall|\bage-?(?:gate|verif"
    r"|check|confirm|restrict)",
    r"geo-?(?:block|restrict|fence)|waiting-?room|queue-?it\b|queue-fair|domain-?(?:parking|for-?sale|expired"
    r"|sale)|sedoparking",
    r"parking-?crew|bodis\b|parklogic|\blander\b|suspended|bot-?(?:shield|protect|detect|check|fight|manager)"
    r"|firewall|\bwaf\b"
    r"|access-?denied|(?:consent|cookie|cmp|privacy)-(?:page|gate)|collectconsent|paywall|(?:block|blocked"
    r"|error|denied)-?page|layout-error|rate-?limit",
)
"""What those who write walls call their parts, in any language: classes, ids and files."""

ACCOUNT = (
    r"(?:σύνδεση|είσοδος|bejelentkezés|belépés|autentificare|conectare|prihlás|přihlá|เข้าสู่ระบบ|ลงชื่อ|вхід"
    r"|увійти|авторизація|تسجيل الدخول|دخول"
    r"|लॉग ?इन|प्रवेश|acessar|entrar|вход|kirjaudu|log ind|logg inn|logga in|התחבר|כניסה|đăng nhập|masuk|prijav"
    r"|пријав|logi sisse|sisselogimine"
    r"|prisijung|pieslēg|iniciar? (?:la )?sessi|ورود|giriş|oturum aç|accedi|accesso|zaloguj|logowanie|anmeld"
    r"|einlogg|connexion|se connecter"
    r"|ログイン|サインイン|로그인|登[录陆入錄]).{0,40}",
    r"(?:opening|coming) soon|(?:enter|this .{0,30}) (?:using |the |store )*password.{0,20}"
    r"|(?:password )?protected(?: page| site"
    r"| area)?.{0,20}|(?:this )?(?:site|page|blog|store) is (?:private|password.protected|protected).{0,20}",
    r"(?:my|your) account|account(?: login| area)?|customer (?:login|area|account|portal)|(?:members?|client"
    r"|customer)(?: only)?"
    r"(?: area| zone| login| portal)?|welcome back.{0,15}|returning customers?|log ?in or (?:register"
    r"|create .{0,20})"
    r"|(?:log|sign) in (?:or|to) .{0,40}|login(?: ?/ ?register)?",
    r"mein(?: kunden)? ?konto|kundenkonto|kunden-?(?:login|bereich)|ich bin bereits kunde|(?:login|anmelden"
    r"|anmeldung).{0,30}"
    r"|willkommen zurück",
    r"mon compte|(?:espace|compte) (?:client|membre|personnel)|déjà client.{0,4}|connectez-vous.{0,40}"
    r"|identifiez-vous.{0,30}",
    r"mi cuenta|(?:área|zona) de clientes?|(?:acceso|ya soy) clientes?|inicia(?:r)? sesión.{0,30}"
    r"|accede a tu cuenta",
    r"minha conta|área do cliente|já sou cliente|(?:acesse|entre n?a) sua conta|iniciar sessão.{0,20}",
    r"il mio account|area (?:clienti|riservata)|sei già cliente.{0,3}|accedi.{0,30}|accesso.{0,30}",
    r"mijn account|mijn .{0,20}|klant(?:en)?login|inloggen.{0,40}|log in op .{0,20}",
    r"moje konto|logowanie.{0,40}|zaloguj się.{0,40}|strefa klienta|můj účet|přihlášení.{0,30}"
    r"|přihlaste se.{0,30}|přihlásit se.{0,20}|mitt konto",
    r"mina sidor|logga in.{0,20}|min (?:side|konto)|logg inn.{0,20}|log ind.{0,20}|oma tili|kirjaudu.{0,20}",
    r"личный кабинет|мой кабинет|вход.{0,30}|авторизация.{0,20}|войти.{0,20}|особистий кабінет|вхід.{0,20}",
    r"hesabım|(?:üye|müşteri) girişi|giriş yap.{0,20}|fiókom|bejelentkezés.{0,20}|contul meu|autentificare.{0,20}"
    r"|ο λογαριασμός μου|σύνδεση.{0,20}",
    r"akun saya|masuk.{0,20}|tài khoản của tôi|đăng nhập.{0,20}|บัญชีของฉัน|เข้าสู่ระบบ.{0,20}|حسابي"
    r"|تسجيل الدخول.{0,20}|החשבון שלי"
    r"|(?:כניסה|התחברות).{0,20}|लॉग ?इन.{0,20}|साइन ?इन.{0,20}",
    r"(?:我的)?(?:账户|帐户|账号|帐号|會員中心|会员中心|会员登[录陆]|用户中心|个人中心)|欢迎(?:回来"
    r"|登[录陆]).{0,10}|(?:账号|密码|手机|扫码|短信)登[录陆].{0,10}",
    r"マイ(?:ページ|アカウント)|会員(?:ページ|ログイン)|ログイン.{0,15}|마이 ?페이지|내 계정|회원 ?로그인"
    r"|로그인.{0,10}",
)
"""As LOGIN_HEAD, beside a password field: how the page of a customer is called."""

PLEA = (
    r"în curând|revenim|lucrăm|скоро|работим|радимо|radimo|uskoro|brzo|hamarosan|dolgoz(?:unk|ik)|\bsnart\b"
    r"|\bpian\b|wkrótce|\bbrzy\b"
    r"|čoskoro|pracujeme|yakında|segera|sớm|قريب|בקרוב|जल्द|arbet(?:ar|er) (?:på|med)|arbejder på|εργαζόμαστε"
    r"|σύντομα|لطفا|به‌زودی"
    r"|молим|molimo|prosimo|palun|lūdzu|prašome|si us plau|моля|ju lutem",
    r"(?:court|decision|order) (?:of|no\b|dated)|by order|pursuant to|access cannot be|kararı|sayılı kanun|mahkeme"
    r"|gerichtsbeschluss|beschluss"
    r"|ordonnance|décision de justice|tribunal|sentencia|decreto|ordine del|provvedimento|по решению"
    r"|федеральн\w{2,4} закон\w{0,2}|за рішенням"
    r"|postanowieni|rozhodnutí|根据.{0,12}(?:法|规定)|裁判所|법률|판결",
    r"gracias por (?:su|tu) paciencia|disculpen? las molestias|merci de votre (?:patience|compréhension)"
    r"|danke für (?:ihre|deine) geduld"
    r"|obrigad[oa] pela|grazie per la (?:pazienza|comprensione)|bedankt voor (?:uw|je) geduld|tack för (?:ditt"
    r"|ert) tålamod|takk for tålmodigheten"
    r"|tak for tålmodigheden|kiitos kärsivällisyy|děkujeme za (?:trpělivost|pochopení)|ďakujeme za|dziękujemy za"
    r"|дякуємо за|спасибо за (?:понимание"
    r"|терпение)|köszönjük (?:a )?türelm|mulțumim pentru|ευχαριστούμε για την|sabrınız için|anlayışınız için"
    r"|terima kasih atas|cảm ơn|ขอบคุณที่|感谢您的(?:耐心"
    r"|理解)|ご理解|양해|شكرا لتفهم|תודה על",
    r"ви власник|вы владелец|владельц|propietario del|proprietário do|proprietario del|propriétaire du"
    r"|inhaber de[rs]|eigenaar van|właściciel"
    r"|majitel|tulajdonos|proprietarul|sahibiyseniz|pemilik (?:situs|domain)|chủ sở hữu|所有者|소유자",
    r"vă rugăm|încerca|prosím|skúste|neskôr|будь ласка|зачекайте|спробуйте|silakan|mohon|tunggu|يرجى|الرجاء"
    r"|من فضلك|انتظر|कृपया|प्रतीक्षा|אנא|המתן|בבקשה"
    r"|παρακαλ|περιμένετε|odota|yritä|моля|изчакайте|опитайте|kérjük|várjon|próbál|กรุณา|โปรด|รอสักครู่|xin"
    r"|vui lòng|thử lại|ขออภัย|λυπ[οό]|sajnál|pahoittel"
    r"|beklag|beklager|съжал|вибач|ne pare rău|ospravedl|omlouv|maaf|נא |מצטער|מתנצל|عذر|نأسف|खेद|क्षमा|rất tiếc",
    r"try (?:refreshing|searching|reloading|going|one of|a different)|(?:going|go) back|you will be redirected"
    r"|redirect(?:ed|ing)|your turn"
    r"|ahead of you|in line|cannot grant you|(?:can't|cannot|could not|couldn't|unable to) (?:process|complete"
    r"|connect|verify|access|load|display"
    r"|be (?:found|reached|displayed))|automated|make an offer|buy this domain|get this domain"
    r"|if you (?:are the|own|think|believe|continue)"
    r"|vor ihnen|devant vous|delante de|(?:à|na) sua frente|davanti a (?:te|lei)|voor u|przed tobą|перед вами"
    r"|您(?:的)?前|kontrollera|controleer"
    r"|überprüfen sie|vérifi|verifi(?:que|ca)|compruebe|controlla|sprawdź|проверьте|暂停服务|在此期间|请(?:通过"
    r"|使用|点击|返回|输入|检查|核对|拨打)",
    r"(?:please )?(?:try|come|check|visit|refresh|reload)(?: this page| the page| it| us)? ?(?:again|back)"
    r"|(?:be |back )(?:right )?back"
    r"|shortly|in a (?:few|moment|little)|please (?:wait|contact|enable|complete|update|switch|check|do not"
    r"|consult|visit)"
    r"|contact (?:your|the|us|our|support)|administrator|(?:site|website|domain) owner|hosting provider"
    r"|incident|request id"
    r"|ray id|reference|support id|your ip|ip address|we(?:'|’)?(?:re| are) (?:working|sorry|experiencing"
    r"|currently)"
    r"|this (?:page|site|domain|server|address|account|request)|the (?:requested|server|origin|page you)"
    r"|(?:do not|don't) have"
    r" permission|to continue|before (?:continuing|you)|is this your domain|accept all|reject all"
    r"|(?:http )?error \w*\d",
    r"bitte|versuchen sie|später|in kürze|wir arbeiten|administrator|betreiber|fortfahren|alle akzeptieren"
    r"|alle ablehnen",
    r"veuillez|réessay|plus tard|merci de|nos équipes|administrateur|hébergeur|quelques (?:minutes|instants)"
    r"|pour continuer"
    r"|tout (?:accepter|refuser)",
    r"(?:por favor|int[ée]ntelo|inténtalo|vuelva|vuelve|más tarde|administrador|unos minutos|para continuar"
    r"|aceptar todo"
    r"|rechazar todo|proveedor|disculpe)",
    r"(?:tente|mais tarde|aguarde|estamos trabalhando|alguns (?:minutos|instantes)|em breve|volte"
    r"|aceitar (?:tudo|todos))",
    r"(?:riprova|più tardi|per favore|attend(?:ere|i)|tra qualche|stiamo (?:lavorando|eseguendo)|torna"
    r"|accetta tutto|contatta)",
    r"(?:probeer|later|even geduld|een ogenblik|we werken|beheerder|alles accepteren|verder te gaan|alstublieft)",
    r"(?:повторите|попробуйте|позже|пожалуйста|мы (?:уже )?работаем|администратор|обратитесь|подождите|продолжить)",
    r"(?:spróbuj|później|prosimy|proszę|pracujemy|administrator|poczekaj|chwil[ęi]|kontynuować|zkuste|prosím"
    r"|později)",
    r"(?:daha sonra|lütfen|tekrar deneyin|çalışıyoruz|bekleyin|devam etmek|yönetici)",
    r"(?:försök igen|vänta|senare|fortsätta|prøv igen|prøv igjen|vennligst|venligst|senere|yritä|odota|myöhemmin)",
    r"(?:próbálja|később|kérjük|încercați|mai târziu|vă rugăm|παρακαλώ|δοκιμάστε|αργότερα|спробуйте|пізніше)",
    r"(?:silakan|coba lagi|nanti|mohon|sedang|vui lòng|thử lại|quay lại|chúng tôi đang|กรุณา|โปรด|ลองใหม่)",
    r"请(?:您)?(?:稍后|稍候|稍等|先|联系|尽快|刷新|检查|完成|重试|重新|耐心|勿)|(?:请|請)稍|稍[后後]|重试|重試"
    r"|管理[员員]|联系|給您帶來不便|给您带来不便|不便|继续访问",
    r"(?:しばらく|お待ち|再度|ご迷惑|お手数|申し訳|管理者|お問い合わせ|後ほど|のちほど|続けるには)",
    r"(?:잠시|다시|나중에|불편|문의|관리자|기다려|계속하려면|죄송)",
    r"(?:يرجى|الرجاء|لاحق|אנא|נסו|מאוחר)",
)
"""What a wall asks of the reader, or says of who may mend it. Beside a title or a heading that says what it is."""

CONSENT_ASKED = (
    r".{0,20}(?:vos choix|votre choix|your choices|ihre (?:auswahl|entscheidung)|sus (?:opciones|preferencias)"
    r"|tus (?:opciones"
    r"|preferencias)|suas (?:opções|escolhas)|le tue scelte|uw keuzes?|jouw keuzes?|dina val|dine valg"
    r"|twoje wybory|ваш выбор"
    r"|tercihleriniz).{0,20}(?:cookie|traceur|daten|datos|dados|dati|données|data|файл).{0,20}",
    r"(?:innan|før|inden|ennen kuin) (?:du |dere |I )?(?:går vidare|fortsätter|fortsetter|går videre|fortsætter"
    r"|jatkat|siirryt).{0,20}"
    r"|(?:než|predtým,? než|skôr ako) (?:budete )?pokrač.{0,20}|mielőtt (?:folytat|tovább).{0,20}|înainte (?:de a"
    r"|să) continu.{0,20}"
    r"|πριν (?:συνεχίσετε|προχωρήσετε).{0,20}|перш ніж (?:продовжити|перейти).{0,20}|преди да продължите.{0,20}"
    r"|sebelum (?:anda )?"
    r"melanjutkan.{0,20}|trước khi (?:bạn )?tiếp tục.{0,20}|ก่อน(?:ที่คุณจะ)?(?:ดำเนินการต่อ|ไปต่อ).{0,20}"
    r"|قبل (?:المتابعة|أن تتابع)"
    r".{0,20}|לפני (?:שתמשיכו|שממשיכים|ההמשך).{0,20}|(?:在)?(?:继续|繼續)之前.{0,8}",
    r"(?:ověření|overenie|kontrola|potvrzení) věku|overenie veku|weryfikacja wieku|(?:проверка|подтверждение"
    r"|подтвердите).{0,12} возраст\w{0,2}"
    r"|(?:перевірка|підтвердження) віку|ålders(?:kontroll|verifiering|gräns)|alders(?:kontroll?|bekreftelse"
    r"|verifikation|grense)"
    r"|ikä(?:raja|tarkistus|vahvistus).{0,12}|ikärajavahvistus|életkor.{0,24}|verificarea? vârstei"
    r"|επαλήθευση ηλικίας|yaş (?:doğrulama|kontrolü"
    r"|sınırı).{0,4}|verifikasi (?:usia|umur)|xác (?:minh|nhận) (?:độ )?tuổi|ยืนยันอายุ.{0,8}|التحقق من العمر"
    r"|אימות גיל|आयु सत्यापन"
    r"|verificación de (?:la )?edad|verificação de idade|verifica (?:dell')?età|vérification de l(?:'|’)âge"
    r"|leeftijdscontrole",
    # age gates and networks of hotels
    r"are you (?:over|at least|of legal|old|18|21).{0,30}|(?:age|alters|leeftijds)(?: |-)?(?:gate|check"
    r"|verification|prüfung|controle"
    r"|abfrage|verifikation)|(?:sind sie|bist du) (?:über|mindestens|schon|bereits|volljährig).{0,30}"
    r"|avez-vous (?:plus de )?(?:18|l'âge).{0,20}",
    r"¿?(?:eres|es usted|tienes) (?:mayor|más).{0,30}|(?:você )?(?:é maior|tem mais) de.{0,20}|(?:hai"
    r"|sei) (?:più di|almeno|maggiorenne).{0,20}"
    r"|ben je (?:18|ouder).{0,20}|(?:czy )?masz (?:ukończone )?18.{0,10}|вам (?:уже )?(?:есть"
    r"|исполнилось) 18.{0,10}|您?是否(?:已)?(?:年)?满.{0,8}"
    r"|(?:あなたは)?(?:18|20)歳以上ですか|年齢確認|연령 확인|年[龄齡](?:验证|確認|确认)",
    r"welcome to .{0,30}wi-?fi.{0,10}|.{0,20}(?:guest|free|public) wi-?fi.{0,20}|(?:wi-?fi|hotspot) (?:login"
    r"|access|portal|anmeldung).{0,10}"
    r"|(?:gäste|gast)-?wlan.{0,10}|wlan-?zugang",
    r".{0,40}(?:your|our respect for your) privacy(?: .{0,30})?|.{0,20}your (?:data|cookie)s?(?: choices"
    r"| settings| preferences)?",
    r"(?:cookie )?consent(?: required| needed)?|(?:continue|keep) reading .{0,40}|before you (?:continue|go"
    r"|start|read).{0,30}"
    r"|(?:accept|agree) (?:and|or) (?:continue|subscribe|pay).{0,20}|with your (?:consent|permission|agreement)",
    r".{0,40}(?:ihre|deine) privatsphäre.{0,30}|zustimmung(?: erforderlich| nötig)?|(?:ihre "
    r"|deine )?einwilligung.{0,20}"
    r"|bevor (?:sie|du) (?:fortfahren|weiterlesen|fortfährst|weiterliest).{0,20}|(?:weiter(?:lesen)?"
    r"|weiter) mit werbung.{0,30}"
    r"|mit werbung weiter(?:lesen)?|datenschutz-?einstellungen",
    r".{0,40}votre vie privée.{0,30}|(?:votre|le) consentement|avec votre (?:accord|consentement)"
    r"|avant de (?:continuer|poursuivre).{0,20}"
    r"|continuer (?:la lecture|à lire) .{0,40}|(?:accepter|s'abonner) (?:et|ou) .{0,30}",
    r".{0,40}(?:tu|su|sua) (?:privacidad|privacidade).{0,30}|(?:tu|su|o seu|seu) (?:consentimiento|consentimento)"
    r"|antes de (?:continuar|seguir).{0,20}|aceptar (?:y|o) .{0,30}|(?:acept|aceit)a(?:r)? (?:o|e|y) (?:suscr"
    r"|assin|contin).{0,20}",
    r".{0,40}(?:tua|vostra|sua) (?:privacy|riservatezza).{0,30}|(?:il tuo )?consenso.{0,20}"
    r"|prima di (?:continuare|proseguire).{0,20}"
    r"|accetta (?:o|e) (?:abbonati|continua).{0,20}|continua a leggere.{0,40}",
    r".{0,40}(?:uw|jouw|je) privacy.{0,30}|(?:uw |jouw )?toestemming.{0,20}|voordat (?:je|u) (?:verder ?gaat"
    r"|doorgaat).{0,20}",
    r".{0,40}(?:din|ditt|deres|dit) (?:integritet|personvern|privatliv|samtycke|samtykke|val om data).{0,20}"
    r"|samtykke|samtycke"
    r"|.{0,40}yksityisyy(?:ttäsi|destäsi|tesi).{0,20}|(?:evästeasetukset|suostumus)",
    r".{0,40}(?:twoj[aąeę]|państwa|twojej) prywatnoś.{0,30}|(?:twoja )?zgoda.{0,20}|zanim przejdziesz (?:dalej"
    r"|do).{0,20}",
    r".{0,40}(?:vaše|vašeho|vaší|vašu) soukromí.{0,20}|.{0,40}(?:вашу|вашей|вашої) (?:конфиденциальност"
    r"|приватн).{0,20}"
    r"|(?:ваше )?согласие.{0,20}|прежде чем продолжить.{0,20}",
    r".{0,40}gizliliğin(?:iz|ize|izi).{0,20}|devam etmeden önce.{0,20}|.{0,40}(?:adatvédelm"
    r"|magánszféráj).{0,20}|.{0,40}confidențialitatea"
    r" (?:dvs|ta).{0,20}|.{0,40}(?:το απόρρητό|την ιδιωτικότητά) σας.{0,20}",
    r".{0,20}(?:您|你)的(?:隐私|隱私)(?:权|權)?.{0,10}|(?:续|繼續|继续)(?:访问|阅读|前)?.{0,6}"
    r"|.{0,12}プライバシー(?:を|は).{0,12}|続行する前に.{0,8}"
    r"|.{0,10}개인정보.{0,6}(?:소중|존중|보호).{0,10}|계속하기 전에.{0,6}",
    r".{0,20}خصوصيت(?:ك|كم).{0,10}|الموافقة.{0,12}|.{0,20}הפרטיות שלך.{0,10}|.{0,20}privasi anda.{0,20}"
    r"|.{0,20}quyền riêng tư của bạn.{0,20}",
)
"""As CONSENT, beside words that accept: how a page is called that asks before it shows anything."""

ACCEPT = (
    r"(?:ano|áno|igen|evet|kyllä|nai|ναι|iya|có|vâng|ใช่|نعم|כן|так|네|tak|ja|yes)[,，،:] ?|jsem starší|elmúltam"
    r"|fylt |fyllt |επιβεβαιών|zakceptować"
    r"|potvrzuji|potvrdzujem|подтверждаю|підтверджую|onaylıyorum|avvisa alla|neka alla|afvis alle|odmítnout vše"
    r"|odrzuć wsz|tümünü reddet"
    r"|hylkää|αποδοχ|respinge|elutasít|відхилити|отклонить все|tolak semua|từ chối tất cả|拒绝|拒絕|拒否|거부|رفض"
    r"|דחה",
    r"yes,? (?:enter|i am)|i am (?:over|18|21|of)|enter (?:the )?(?:site|website)|(?:of )?legal age|(?:accept"
    r"|agree to) (?:the|our) (?:terms|conditions)"
    r"|(?:ja|yes|oui|sí|sì|sim|tak|да|是|はい|예),? |nutzungsbedingungen|conditions d'utilisation"
    r"|voorkeuren instellen|"
    r"gebruiken cookies|utilisons des (?:cookies|traceurs)",
    r"accept (?:all|and|cookies)|agree (?:and|to all)|i agree|(?:allow|reject) all|(?:alle[ns]?"
    r"|cookies) (?:akzeptieren|zulassen|ablehnen)"
    r"|akzeptieren (?:und|&)|(?:zustimmen|einverstanden)|stimmen sie|tout (?:accepter|refuser)|accepter (?:et"
    r"|tout|les)|j'accepte|acept(?:ar|o)"
    r" (?:todo|y|todas|las)|rechazar todo|aceptar|aceitar|aceito|accett[ao] (?:tutto|tutti|e|i)|rifiuta tutto"
    r"|accetta"
    r"|alles (?:accepteren|weigeren|toestaan)|akkoord|godkänn|acceptera|tillåt alla|godta|tillad alle"
    r"|accepter alle|hyväksy"
    r"|zaakceptuj|akceptuj|zgadzam|přijmout|souhlasím|prijať|принять|соглас|прийняти|kabul et|elfogad"
    r"|accept(?:ă|ați)? to|αποδοχή"
    r"|同意|接受|동의|수락|موافق|أوافق|الموافقة|קבל|מסכים|terima|setuju|chấp nhận|đồng ý|ยอมรับ",
)
"""What a reader may press on a page that asks for consent."""

SUBSCRIBERS = (
    r"(?:this |the |premium )?(?:article|content|story|page)?(?: is)? ?(?:(?:reserved "
    r"|only )?(?:available )?for|exclusive"
    r" to|reserved for|only for) (?:our )?(?:premium |digital |paying )?(?:subscribers|members)(?: only)?"
    r"|(?:subscribers"
    r"|members)[ -]only.{0,20}|subscribe to (?:read|continue|keep|unlock).{0,30}|(?:this |you(?:'"
    r"|’)ve ).{0,40}free articles"
    r".{0,20}",
    r"(?:dieser |der )?(?:artikel|inhalt|beitrag)?.{0,10}(?:nur |exklusiv )?für (?:unsere )?(?:abonnent"
    r"|digitalabonnent"
    r"|plus-?(?:abonnent|mitglied|leser)|mitglied)\w*.{0,16}|(?:weiterlesen|jetzt) mit .{2,20}(?:abo|plus)",
    r"(?:(?:cet |l')?article |(?:ce )?contenu |la suite (?:de cet article )?)?(?:est "
    r"|exclusivement )*réservée? (?:à nos |aux )"
    r"abonn[ée]s.{0,10}|il vous reste .{2,30} de cet article.{0,10}",
    r"(?:este |el )?(?:artículo|contenido|reportaje)? ?(?:es )?(?:exclusivo|solo|sólo|reservado) (?:para"
    r"|a) (?:nuestros )?"
    r"(?:suscriptor|socio|abonado)\w*.{0,10}|suscríbete para (?:seguir|continuar|leer).{0,20}",
    r"(?:este |o )?(?:artigo|conteúdo)? ?(?:é )?(?:exclusivo|só|apenas|reservado) (?:para|a|aos|de) (?:nossos )?"
    r"(?:assinante|subscritor)s?.{0,10}|assine para (?:continuar|ler).{0,20}",
    r"(?:questo |l')?(?:articolo|contenuto)? ?(?:è )?(?:riservato|esclusivo|solo|disponibile solo) (?:a|agli"
    r"|ai|per gli)"
    r" (?:nostri )?(?:abbonati|iscritti).{0,10}|abbonati per (?:continuare|leggere).{0,20}",
    r"(?:dit |deze )?(?:artikel|inhoud)? ?(?:is )?(?:alleen|exclusief|enkel) (?:voor"
    r"|beschikbaar voor) (?:abonnees|leden)"
    r".{0,10}",
    r"(?:denna |den här |denne |det her )?(?:artikeln?|artikkelen|saken|innholdet|innehållet)? ?(?:är|er)?"
    r" ?(?:bara |kun |endast |forbeholdt? )?(?:för|for|til)? ?(?:våra |våre |vores )?(?:prenumeranter|abonnenter)"
    r".{0,10}|(?:tämä )?(?:artikkeli|juttu|sisältö) ?(?:on )?(?:vain )?tilaajille.{0,10}|vain tilaajille",
    r"(?:ten )?(?:artykuł|tekst|treść)? ?(?:jest )?(?:dostępn[ya]|przeznaczon[ya]|tylko) (?:tylko |wyłącznie )?dla"
    r" (?:prenumeratorów|subskrybentów).{0,10}|(?:(?:tento |tenhle )?(?:článek|článok"
    r"|obsah) )?(?:je )?(?:pouze |len |jen )"
    r"(?:pro|pre) (?:předplatitele|predplatiteľov).{0,10}",
    r"(?:(?:эта )?(?:статья|материал|этот материал) )?(?:доступн[аоы]? |доступен )?(?:только )(?:для "
    r"|по )?(?:подписчик|подписке)"
    r"\w{0,3}|(?:ця стаття |матеріал )?(?:доступн\w{1,3} )?(?:лише|тільки) (?:для )?передплатник\w{0,3}"
    r"|само за абонати",
    r"(?:ez a |a )?(?:cikk|tartalom) .{0,10}előfizetőknek.{0,20}|csak előfizetőknek.{0,20}|.{0,20}(?:doar"
    r"|rezervat|exclusiv)"
    r" (?:pentru )?abonați\w{0,3}.{0,10}|.{0,30}(?:μόνο|αποκλειστικά) (?:για|σε) συνδρομητές.{0,10}"
    r"|(?:bu )?(?:içerik|makale"
    r"|haber|yazı) .{0,10}abonelere (?:özel|açık)\w{0,4}|.{0,30}(?:khusus|hanya) (?:untuk )?pelanggan.{0,10}"
    r"|.{0,30}(?:dành (?:riêng )?cho|chỉ dành cho) (?:người đăng ký|thuê bao|hội viên).{0,10}",
    r".{0,20}เฉพาะสมาชิก.{0,20}|.{0,30}(?:للمشتركين|المشتركين) (?:فقط|حصر).{0,6}|.{0,20}למנויים בלבד.{0,6}"
    r"|.{0,20}केवल (?:सदस्यों|ग्राहकों) के लिए.{0,8}|.{0,30}(?:会员|會員|订阅用户|訂閱用戶|付费用户"
    r"|订户)(?:专享|專享|专属|可读"
    r"|才能阅读|限定).{0,8}|.{0,20}(?:会員|有料会員|購読者)(?:限定|専用|のみ).{0,12}|.{0,20}(?:유료 ?회원"
    r"|구독자)(?:만|"
    r" ?전용).{0,20}",
)
"""As DENIED, at a first look: those who pay are shown more."""

PRINTED = (
    # all that a page says before its scripts have filled it
    r"(?:(?:please wait\W{1,4})?(?:now )?loading(?: (?:page|app|application|content|data))?|wird geladen"
    r"|(?:seite |daten )?"
    r"(?:lädt|laden)|bitte warten|(?:en cours de )?chargement(?: en cours)?|cargando|carregando|a carregar"
    r"|caricamento(?: in corso)?|(?:aan het |bezig met )?laden|laddar|(?:siden )?laster(?: inn)?|indlæser|ladataan"
    r"|(?:trwa )?(?:ładowanie|wczytywanie)|načítání|načítá se|načítava sa|načítavanie)[\s.…]{0,5}$",
    r"(?:загрузка|загружается|идёт загрузка|завантаження|зареждане(?: се)?|зарежда се|учитавање|učitavanje"
    r"|nalaganje|betöltés|se încarcă|încărcare|φόρτωση|yükleniyor|memuat|đang tải|กำลังโหลด|جار[ٍي]? ?التحميل"
    r"|جارٍ التحميل|در حال بارگذاری|טוען|लोड हो रहा है|(?:正在|页面)?(?:加载|載入|加載|载入)中?|読み込み中(?:です)?"
    r"|ロード中|로딩 ?중|불러오는 중(?:입니다)?|laadimine|laadib|kraunama|įkeliama|ielādē|carregant)[\s.…]{0,5}$",
    # what a program of a server prints, in the language of programs
    r"^\W{0,3}(?:a (?:php|database) error (?:was encountered|occurred)|(?:php )?(?:fatal error|parse error"
    r"|warning|notice"
    r"|deprecated)\s?: .{2,300} (?:on line|in /|in [a-z]:)|sqlstate\[|ora-\d{5}|traceback \(most recent call"
    r"|server error in '/|whoops, looks like something|an unhandled exception|uncaught \w{2,40}(?:error|exception)"
    r"|microsoft (?:ole db|vbscript|odbc)|you have an error in your sql syntax|unable to connect to (?:your "
    r"|the )?database"
    r"|(?:could not|can(?:'|no)t|unable to|failed to) connect to (?:\w{1,20} )?(?:mysql|database|postgres|db"
    r"|redis|server)"
    r"|mysqli?(?:_connect|::)|pg_connect|org\.(?:hibernate|springframework|apache|postgresql)|java\.\w{2,20}\."
    r"|system\.\w{2,20}exception|django\.\w{2,20}|activerecord::|pdoexception"
    r"|doctrine\\|illuminate\\|too many connections"
    r"|psycopg2?\.|sqlite3\.|mongo\w{0,12}(?:error|exception)|http status 500|whitelabel error page"
    r"|cannot (?:get|post) /)",
)
"""What is printed in place of a page; at the start of its prose."""

INTERJECTION = (
    r"^(?:oo+ps(?:ie)?|who+ps|ups|hups(?:is)?|ho+psa?|hoppla|hoppsan|oups|oeps|ops|vaya|oj(?:ej)?|jejda"
    r"|hopp[áa]|jaj|aha"
    r"|ой|упс|опа|ай|ωχ|ουπς|üps|ups[ii]?|waduh|ối|úi|อุ๊ปส์?|أوبس|عذر[اً]{1,2}|אופס|ओह|उफ़?|おっと|앗|이런"
    r"|哎呀|糟糕|啊哦|噢"
    r"|sorry|pardon|entschuldigung|(?:wir sind )?(?:nous sommes )?désolés?|lo sentimos|¡?lo siento|desculpe"
    r"|lamentamos|ci"
    r" dispiace|siamo spiacenti|spiacenti|helaas|tyvärr|beklager|desværre|valitettavasti|pahoittelemme"
    r"|przepraszamy|niestety"
    r"|omlouváme se|je nám líto|bohužel|ľutujeme|ospravedlňujeme sa|извините|простите|к сожалению|вибачте"
    r"|на жаль|съжаляваме"
    r"|sajnáljuk|elnézést|ne pare rău|λυπούμαστε|συγγνώμη|üzgünüz|maaf|xin lỗi|rất tiếc|ขออภัย|(?:نعتذر|نأسف)"
    r"|מצטערים"
    r"|क्षमा करें|(?:很|非常)?抱歉|对不起|對不起|申し訳(?:ございません|ありません)|죄송합니다|žao nam je|žal"
    r"|vabandust|atsiprašome"
    r"|atvainojiet)\s?[!！,，:：.…。–-]{1,3}\s?",
)
"""What a heading says before it says what is the matter."""

COOKIES = (
    r"cookie|traceur|rastreador|evästei|informasjonskaps|sušenk|файл\w{0,3} (?:куки|cookie)|\bкук[иів]"
    r"|ส(?:คุ)?กกี้|คุกกี้|쿠키"
    r"|クッキー|קוקיז|עוגיות|كوكيز|ملفات (?:تعريف|ال)|کوکی|कुकी|çerez|sütik|μπισκότ|kolačić|piškotk|бисквитк"
    r"|隐私|隱私",
)
"""What a request for consent is about."""

ASIDE = "header, nav, footer, aside, dialog, [role=dialog]"
"""What a site shows on all of its pages."""

AUTHORED = (
    "[rel~=author], [itemprop~=author], [class*=author i]:not([class*=authori i]), [class*=byline i]"
    ", [class*=autor i]:not([class*=autori i]), [class*=comment i]"
)
"""Who wrote it, and who answered; a form that authorizes has neither."""

FORMS = (
    "form:has(input[type=password i])",
    "form:has(input[name*=captcha i]):not(:has(textarea, [type=email i]))",
    "form:has([maxlength='2'] ~ [maxlength='2'] ~ [maxlength='4'], input[name*=birth i], select[name*=birth i])",
)
"""What a login, a robot check and a request for an age are made of."""

SPINNERS = (
    "[class*=spinner i], [class*=loader i], [class*=loading i], [id*=loader i], [id*=loading i], [class*=splash i]"
)

REQUESTS = "[class*=consent i], [class*=cookie i], [class*=cmp i], [class*=privacy i], [id*=consent i], [id*=cookie i]"
"""What requests for consent are called."""

PROGRESS = "progress, [role=progressbar], [class*=progressbar i], [class*=progress-bar i]"

WHOLE = ", ".join(
    f".{name}:is(html, body)" for name in ("maintenance", "maintenance-mode", "under-maintenance", "maintenance-page")
)
"""What a site that is being mended calls all of its page."""

WAYS_OUT = "main a[href='/'], main input[type=search], h1 ~ * a[href='/'], h1 ~ a[href='/']"
"""What a page that is gone offers instead, below its heading."""
