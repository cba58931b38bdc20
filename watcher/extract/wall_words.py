"""
What walls say, and pages that are gone, by language: each an expression, matched without regard to case.

Each is a demand or a verdict, and no mere word: `Login` in a menu is neither.
"""

from __future__ import annotations

ROBOT = (
    # 中文
    r"(?m:^(?:安全|人机|滑块|行为)验证(?:页面|中)?$)|(?:请|需要?|进行|完成|通过|正在).{0,8}(?:安全|人机|滑块|行为)验证(?!锁|码)",
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
    r"bitte (?:melden sie sich an|loggen sie sich|anmelden|einloggen)|melden sie sich an, um|sitzung ist abgelaufen",
    r"veuillez vous (?:connecter|identifier)|connectez-vous pour|session a expir",
    r"inici[ae] sesi[óo]n para|debes? iniciar sesi[óo]n|sesi[óo]n ha (?:expirado|caducado)",
    r"(?:ログイン|サインイン)してください|ログインが必要",
    r"로그인이 필요|로그인 ?(?:해 주세요|하세요|후 이용)",
)

OFFERED = (
    r"售罄|售完|有[货票]|[缺无][货票]|购物车|[¥￥€$£₩]\s?\d|\d\s?(?:元|円|원|€|eur\b|usd\b|kr\b)",
    r"sold out|(?:in|out of) stock|add to (?:cart|basket)|ausverkauft|warenkorb|[ée]puis[ée]|agotado|在庫|品切|품절",
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
    r"(?:error |http )?404(?: error)?[\s:,.!|–—-]*(?:not found|page not found|nicht gefunden|introuvable|no encontrad)",
    r"(?:404\W{1,5})?not found\W*$",
    r"(?:404\W{1,5})?(?:the |this )?page (?:you .{0,40} )?(?:(?:was|is|could|can) ?not|cannot|not) (?:be )?found",
    r"(?:oops|ooops|sorry)\W{1,4}(?:the |this |that )?page .{0,30}(?:not (?:be )?found|does(?:n't| not) exist)",
    r"(?:the |this |that )?page (?:you .{0,40} )?(?:doesn't|does not|no longer) exists?",
    r"(?:很?抱歉|对不起)?[，,！! ]{0,3}[您你]?(?:要)?(?:访问|浏览|查找|请求)?的?(?:页面|网页)"
    r"(?:不存在|未找到|找不到|没有找到|已被?删除|走丢了)",
    r"(?:404\W{1,5})?(?:找不到|无法找到)[该此]?(?:页面|网页)|頁面不存在|找不到網頁",
    r"(?:404\W{1,5})?(?:die |diese )?seite (?:wurde |konnte )?nicht gefunden",
    r"(?:404\W{1,5})?(?:page (?:introuvable|non trouv[ée]e)|cette page n'existe)",
    r"(?:404\W{1,5})?p[áa]gina no encontrada|la p[áa]gina (?:que .{0,40} )?no (?:existe|se encuentra)",
    r"(?:404\W{1,5})?(?:お探しの)?ページ(?:が|は)(?:見つかりません|存在しません)",
    r"페이지를 찾을 수 없",
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
        r"(?:you(?:'|’)?(?:re| are)(?: now)? in (?:the )?(?:line|queue|waiting room)|(?:virtual )?waiting (?:room|line)"
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
)
"""As DOWN: a login."""

GONE_HEAD = (
    *GONE,
    r"(?:error |http )?404(?: error| page)?",
    r"(?:oops\W{1,4})?(?:page |)?not found",
)
"""As DOWN: the page is gone."""
