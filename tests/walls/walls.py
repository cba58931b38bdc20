"""Walls and errors that answer 200, by name: what their makers show, in the words of 16 languages."""

# ruff: noqa: E501 - a page stands on as many lines as it needs, and no more

from __future__ import annotations

from tests.walls.shells import bare, card, document, login, own

# What firewalls and networks show.
FIREWALLS = {
    "Cloudflare, managed challenge": document(
        "Just a moment...",
        '<div class="main-wrapper"><h1 class="zone-name-title">shop.example</h1><p>Verifying you are human. This may '
        "take a few seconds.</p><p>shop.example needs to review the security of your connection before proceeding.</p>"
        "<script>(function(){window._cf_chl_opt={cvId:'3',cType:'managed'};}());</script></div>",
    ),
    "Cloudflare 1015": document(
        "Access denied | shop.example used Cloudflare to restrict access",
        "<h1><span>Error</span> <span>1015</span></h1><h2>You are being rate limited</h2><p>The owner of this website "
        "has banned you temporarily from accessing this website.</p>",
    ),
    "Cloudflare 521": document(
        "shop.example | 521: Web server is down",
        '<div id="cf-wrapper"><h1>Web server is down <span>Error code 521</span></h1><p>Visit cloudflare.com for more '
        "information.</p><p>You · Browser · Working</p><p>Frankfurt · Cloudflare · Working</p><p>shop.example · Host · "
        "Error</p><h2>What happened?</h2><p>The web server is not returning a connection. As a result, the web page is "
        "not displaying.</p><h2>What can I do?</h2><p>If you are a visitor of this website: please try again in a few "
        'minutes.</p><a href="https://www.cloudflare.com/5xx-error-landing">More</a></div>',
    ),
    "Cloudflare 522": document(
        "shop.example | 522: Connection timed out",
        "<h1>Connection timed out <span>Error code 522</span></h1><h2>What happened?</h2><p>The initial connection "
        "between Cloudflare's network and the origin web server timed out. As a result, the web page can not be "
        "displayed.</p><h2>What can I do?</h2><p>Please try again in a few minutes.</p>",
    ),
    "Cloudflare, waiting room": document(
        "Waiting Room powered by Cloudflare",
        "<h1>You are now in line.</h1><p>Thank you for your patience.</p><p>Your estimated wait time is 12 minutes.</p>"
        "<p>We are experiencing a high volume of traffic and using a virtual queue to limit the amount of users on the "
        "website at the same time.</p><p>This page will automatically refresh. Please do not close your browser.</p>",
    ),
    "Akamai, access denied": document(
        "Access Denied",
        '<H1>Access Denied</H1>You don\'t have permission to access "http&#58;&#47;&#47;shop&#46;example&#47;" on this '
        "server.<P>Reference&#32;&#35;18&#46;6d1f1702</P><P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18</P>",
    ),
    "Akamai, service unavailable": bare(
        "Error", "An error occurred while processing your request.", "Reference #97.6d1f1702.1700000000.1a2b3c"
    ),
    "Imperva": document(
        "",
        '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=23&incident_id=7-1">Request unsuccessful. '
        "Incapsula incident ID: 7-1</iframe>",
    ),
    "Imperva, error 15": document(
        "Error",
        "<h1>Access denied</h1><p>Error 15</p><p>www.shop.example</p><p>This request was blocked by our security "
        "service.</p><p>Your IP: 203.0.113.9</p><p>Proxy ID: 1204. Incident ID: 877000-1</p>"
        "<p>Powered by Imperva</p>",
    ),
    "PerimeterX": document(
        "Access to this page has been denied.",
        '<h1>Before we continue...</h1><p>Press &amp; Hold to confirm you are a human (and not a bot).</p><div id="px-'
        'captcha"></div><p>Reference ID 5a0c</p>',
    ),
    "DataDome": '<html><head><title>shop.example</title></head><body><p id="cmsg">Please enable JS and disable any ad '
    "blocker</p><script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script></body></html>",
    "DataDome, in words": card(
        "You have been blocked",
        "You have been blocked from accessing this website",
        "You are browsing and clicking at a speed much faster than expected of a human being. Something about the "
        "behaviour of the browser has caught our attention.",
    ),
    "AWS WAF, captcha": document(
        "Human Verification",
        "<h1>Let's confirm you are human</h1><p>Complete the security check before continuing. This step verifies that "
        'you are not a bot, which helps to protect your account and prevent spam.</p><button>Begin</button><div id="'
        'captcha-container"></div>',
    ),
    "AWS load balancer": bare("503 Service Temporarily Unavailable", "503 Service Temporarily Unavailable", ""),
    "API Gateway": '{"message":"Forbidden"}',
    "Queue-it": document(
        "Queue-it",
        '<h1 id="lbHeaderH2">You are in line</h1><p>When it is your turn, you will have 10 minutes to enter the '
        "website.</p><p>Number of users in line ahead of you: 4213</p><script>window.queueViewModel={};</script>",
    ),
    "Queue-it, before the sale": card(
        "Lumen & Sons",
        "The sale has not started yet",
        "You are now in the waiting room. When the sale begins, you will be assigned a random place in the queue.",
    ),
    "Sucuri": document(
        "Sucuri WebSite Firewall - Access Denied",
        "<h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner (or you manage this site), please "
        "whitelist your IP or if you think this block is an error please open a support ticket.</p>",
    ),
    "Wordfence": document(
        "Your access to this site has been limited by the site owner",
        "<h1>Your access to this site has been limited by the site owner</h1><p>Your access to this service has been "
        "limited. (HTTP response code 503)</p><p>Generated by Wordfence</p>",
    ),
    "ModSecurity": bare(
        "406 Not Acceptable",
        "Not Acceptable!",
        "An appropriate representation of the requested resource could not be found on this server. This error was "
        "generated by Mod_Security.",
    ),
    "F5": document(
        "Request Rejected",
        "The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 155",
    ),
    "Barracuda": card(
        "Access blocked", "Access to this page is blocked", "The request was blocked for security reasons."
    ),
    "Fortinet": document(
        "Web Filter Violation",
        "<h1>FortiGuard Intrusion Prevention - Access Blocked</h1><h3>Web Page Blocked</h3><p>You have tried to access "
        "a web page that is in violation of your Internet usage policy.</p>",
    ),
    "Anubis": document(
        "Making sure you're not a bot!",
        '<h1 id="title">Making sure you\'re not a bot!</h1><p id="status">Loading...</p><details><summary>Why am I '
        "seeing this?</summary><p>You are seeing this because the administrator of this website has set up Anubis to "
        "protect the server against the scourge of AI companies aggressively scraping websites.</p></details>",
    ),
    "a company's proxy": card(
        "Access Denied: URL Filtering", "Your organization's policy does not allow this site", "Category: Shopping"
    ),
    "a captive portal": card(
        "Hotel Wi-Fi", "Welcome to our Wi-Fi", "To use the Internet, please accept the terms of use and press Connect."
    ),
}

# What servers and programs show when they fail.
ERRORS = {
    "nginx 502": "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
    "</center>\r\n<hr><center>nginx/1.18.0 (Ubuntu)</center>\r\n</body>\r\n</html>",
    "nginx 504": bare("504 Gateway Time-out", "504 Gateway Time-out", "nginx"),
    "nginx 403": bare("403 Forbidden", "403 Forbidden", "nginx"),
    "nginx, default page": document(
        "Welcome to nginx!",
        "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. "
        "Further configuration is required.</p><p><em>Thank you for using nginx.</em></p>",
    ),
    "Apache 503": document(
        "503 Service Unavailable",
        "<h1>Service Unavailable</h1><p>The server is temporarily unable to service your request due to maintenance "
        "downtime or capacity problems. Please try again later.</p><hr><address>Apache/2.4.41 (Ubuntu) Server at "
        "shop.example Port 443</address>",
    ),
    "Apache 403": document(
        "403 Forbidden",
        "<h1>Forbidden</h1><p>You don't have permission to access this resource.</p><hr><address>Apache/2.4</address>",
    ),
    "Apache 500": document(
        "500 Internal Server Error",
        "<h1>Internal Server Error</h1><p>The server encountered an internal error or misconfiguration and was unable to "
        "complete your request.</p><p>Please contact the server administrator at webmaster@localhost.</p>",
    ),
    "IIS 403": document(
        "403 - Forbidden: Access is denied.",
        '<div id="header"><h1>Server Error</h1></div><h2>403 - Forbidden: Access is denied.</h2><h3>You do not have '
        "permission to view this directory or page using the credentials that you supplied.</h3>",
    ),
    "IIS 503": "<HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD><BODY><h2>Service Unavailable</h2><hr><p>HTTP Error "
    "503. The service is unavailable.</p></BODY></HTML>",
    "ASP.NET": document(
        "Runtime Error",
        "<h1>Server Error in '/' Application.</h1><h2><i>Runtime Error</i></h2><p>Description: An application error "
        "occurred on the server. The current custom error settings for this application prevent the details of the "
        "application error from being viewed remotely.</p>",
    ),
    "Tomcat": document(
        "HTTP Status 500 – Internal Server Error",
        "<h1>HTTP Status 500 – Internal Server Error</h1><hr><p><b>Type</b> Exception Report</p><p><b>Description</b> The "
        "server encountered an unexpected condition that prevented it from fulfilling the request.</p>",
    ),
    "Varnish": document(
        "503 Backend fetch failed",
        "<h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru Meditation:</h3><p>XID: 328721</p>"
        "<hr><p>Varnish cache server</p>",
    ),
    "HAProxy": "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>",
    "Squid": document(
        "ERROR: The requested URL could not be retrieved",
        "<h1>ERROR</h1><h2>The requested URL could not be retrieved</h2><p>The following error was encountered while "
        "trying to retrieve the URL: Connection to 192.0.2.1 failed.</p><p>The system returned: (110) Connection timed "
        "out</p>",
    ),
    "Heroku": document(
        "Application error",
        "<h1>Application error</h1><p>An error occurred in the application and your "
        "page could not be served. If you are the application owner, check your logs for details.</p>",
    ),
    "Rails": document(
        "We're sorry, but something went wrong (500)",
        "<h1>We're sorry, but something went wrong.</h1><p>If you are the application owner check the logs for more "
        "information.</p>",
    ),
    "Django": document("Server Error (500)", "<h1>Server Error (500)</h1>"),
    "Laravel": document("Service Unavailable", '<div class="code">503</div><h1>Service Unavailable</h1>'),
    "WordPress, maintenance": document(
        "Maintenance",
        '<div class="wp-die-message"><h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1></div>',
    ),
    "WordPress, database": document("Database Error", "<h1>Error establishing a database connection</h1>"),
    "WordPress, critical": document(
        "WordPress › Error",
        "<h1>There has been a critical error on this website.</h1><p><a href='https://wordpress.org/'>Learn more about "
        "troubleshooting WordPress.</a></p>",
    ),
    "WordPress, a plugin": card(
        "Lumen & Sons is undergoing maintenance", "Site will be available soon", "Thank you for your patience!"
    ),
    "Shopify, password": document(
        "Lumen & Sons – Opening Soon",
        '<h1>Opening soon</h1><p>Be the first to know when we launch.</p><form><input type="email"><button>Notify me'
        "</button></form><p>Enter using password</p><p>Are you the store owner? <a href=/admin>Log in here</a></p>"
        '<form><input type="password"><button>Enter</button></form>',
    ),
    "Magento": document(
        "Error",
        "<h1>There has been an error processing your request</h1><p>Exception printing is disabled by default for "
        "security reasons.</p><p>Error log record number: 1234567</p>",
    ),
    "Drupal": card(
        "Site under maintenance",
        "Site under maintenance",
        "Lumen is currently under maintenance. We should be back shortly. Thank you for your patience.",
    ),
    "Joomla": card("Lumen", "Lumen", "This site is down for maintenance.<br>Please check back again soon."),
    "PrestaShop": card(
        "Lumen",
        "We'll be back soon.",
        "We are currently updating our shop and will be back really soon. Thanks for your patience.",
    ),
    "GitLab": document(
        "GitLab is not responding (502)",
        "<h1>502</h1><h3>Whoops, GitLab is taking too much time to respond.</h3><p>Try refreshing the page, or going back "
        "and attempting the action again.</p>",
    ),
    "a suspended account": document(
        "Account Suspended",
        "<h1>Account Suspended</h1><p>This Account has been suspended. Contact your hosting provider "
        "for more information.</p>",
    ),
    "a parked domain": document(
        "shop.example",
        "<h1>shop.example</h1><p>This domain is for sale! Buy this domain.</p><p>Related searches</p><ul><li>"
        "<a href=/a>Lamps</a></li><li><a href=/b>Desk lamps</a></li><li><a href=/c>LED</a></li></ul>",
    ),
    "Netlify": card(
        "Site not found",
        "Site not found",
        "Looks like you've followed a broken link or entered a URL that doesn't exist on this site.",
    ),
    "an empty body": document("", ""),
    "a script alone": document("", '<div id="root"></div><script src="/app.js"></script>'),
    "an error in the site's look": own(
        "Error | Lumen & Sons",
        "Oops! Something went wrong",
        "An unexpected error has occurred. Please try again later or contact our support.",
    ),
    "busy, in the site's look": own(
        "Lumen & Sons",
        "We are experiencing high traffic",
        "Our site is temporarily "
        "unavailable because too many people are visiting it. Please try again in a few minutes.",
    ),
    "gone, in the site's look": own(
        "Page not found | Lumen & Sons",
        "Page not found",
        "We could not find the page you were looking for. Try the search or go back to the home page.",
    ),
}

CHINESE = {
    "京东, risk": document(
        "京东验证", '<div id="app"></div><p>京东验证</p><script src="//storage.360buyimg.example/verify.js"></script>'
    ),
    "京东, login": login("京东-欢迎登录", "欢迎登录", "账号名/邮箱/手机号", "密码", "登录", "zh-CN"),
    "淘宝, slider": document(
        "验证码拦截",
        "<p>亲，请拖动下方滑块完成验证</p><p>通过验证以确保正常访问</p><p>点我反馈 &gt;</p>"
        "<script>window._config_={'url':'https://s.example/_____tmd_____/punish?x5secdata=1'}</script>",
        "zh-CN",
    ),
    "阿里云 WAF": document(
        "405",
        "<h1>405</h1><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是：707c</p>",
        "zh-CN",
    ),
    "阿里云 WAF, cookie": "<html><script>var arg1='3BDF0AB0E3BBA6D4';setCookie('acw_sc__v2',x);</script></html>",
    "腾讯云 WAF": document(
        "拦截提示",
        "<h1>拦截提示</h1><p>很抱歉，您提交的请求可能对网站造成威胁，请求已被管理员设置的策略阻断</p>",
        "zh-CN",
    ),
    "12306, busy": card("中国铁路12306网站", "网络繁忙", "您的请求过于频繁，请稍后重试。", "zh-CN"),
    "12306, night": card("铁路客户服务中心", "系统维护", "系统维护时间为每日01:00-05:00，在此期间暂停服务。", "zh-CN"),
    "school CAS": document(
        "统一身份认证平台",
        "<h1>统一身份认证</h1><form><input name=username placeholder=学号/工号><input type=password name=password>"
        "<button>登录</button></form><p>忘记密码？</p><p>首次登录请使用身份证后六位</p>",
        "zh-CN",
    ),
    "教务系统, session": document(
        "提示信息", "<script>alert('登录超时，请重新登录')</script><p>登录超时，请重新登录</p>", "zh-CN"
    ),
    "教务系统, busy": bare("提示", "系统繁忙", "当前选课人数过多，请稍后再试！", "zh-CN"),
    "宝塔, stopped": document(
        "没有找到站点",
        "<h1>没有找到站点</h1><p>您的请求在Web服务器中没有找到对应的站点！</p><p>可能原因：您没有将此域名或IP绑定到对应站点!</p>",
        "zh-CN",
    ),
    "maintenance, zh": card(
        "系统维护中", "系统维护中", "为了给您提供更好的服务，系统正在升级维护，预计恢复时间：6:00。", "zh-CN"
    ),
    "maintenance in the look, zh": own(
        "网站维护公告", "网站正在维护", "网站正在维护升级，暂时无法访问，敬请谅解。", "zh-CN"
    ),
    "denied, zh": card(
        "访问受限", "您的访问受到限制", "您的IP访问异常，已被系统暂时限制访问，如有疑问请联系客服。", "zh-CN"
    ),
    "queue, zh": card("排队中", "前方排队人数较多", "您已进入等候室，请勿刷新页面，预计等待 5 分钟。", "zh-CN"),
    "captcha, zh": card("安全验证", "请完成安全验证", "检测到异常流量，请完成下方验证后继续访问。", "zh-CN"),
    "login, zh": login("用户登录 - 票星", "用户登录", "手机号", "密码", "登录", "zh-CN", "请先登录后再继续操作"),
    "error, zh": card("出错了", "出错了", "服务器开小差了，请稍后再试～", "zh-CN"),
    "502, zh": bare("502 错误", "502 网关错误", "网站暂时无法访问，请稍后重试", "zh-CN"),
    "crowded, zh": own("票星", "活动太火爆啦", "当前访问人数过多，请稍后再试", "zh-CN"),
    "maintenance, zh-tw": card("系統維護中", "系統維護中", "網站目前進行維護，暫停服務，造成不便敬請見諒。", "zh-TW"),
    "robot, zh-tw": card("驗證", "請證明您不是機器人", "請完成驗證後繼續瀏覽本網站。", "zh-TW"),
    "JSON, login": '{"code":-101,"message":"账号未登录","ttl":1}',
    "JSON, often": '{"code":429,"msg":"访问太频繁，请稍后再试"}',
}

# By language: maintenance, denied, overloaded, login in the site's look, a robot check or consent.
WORDS = {
    "en": (
        ("Maintenance", "We'll be back soon!", "Sorry for the inconvenience. We are performing some maintenance at the moment."),
        ("Access denied", "Access denied", "You do not have permission to access this page. Your IP address has been logged."),
        ("Too busy", "Temporarily unavailable", "The service is temporarily unavailable. Please try again later."),
        ("Sign in – Lumen", "Sign in to your account", "Email", "Password", "Sign in"),
        ("Before you continue", "Before you continue", "We use cookies and data to deliver our services. Accept all. Reject all."),
    ),
    "de": (
        ("Wartungsarbeiten", "Wartungsarbeiten", "Wegen Wartungsarbeiten ist unsere Seite zurzeit nicht erreichbar. Wir sind gleich wieder da."),
        ("Zugriff verweigert", "Zugriff verweigert", "Sie haben keine Berechtigung, auf diese Seite zuzugreifen."),
        ("Überlastet", "Hoher Andrang", "Der Server ist derzeit überlastet. Bitte versuchen Sie es später noch einmal."),
        ("Anmelden", "Anmelden", "E-Mail-Adresse", "Passwort", "Anmelden"),
        ("Zustimmung", "Willkommen bei See", "Um unsere Seite zu nutzen, stimmen Sie der Verwendung von Cookies zu oder schließen Sie ein Pur-Abo ab."),
    ),
    "fr": (
        ("Maintenance", "Site en maintenance", "Notre site est actuellement en maintenance. Nous serons de retour très bientôt."),
        ("Accès refusé", "Accès refusé", "Vous n'avez pas l'autorisation d'accéder à cette page."),
        ("Indisponible", "Service temporairement indisponible", "Veuillez réessayer dans quelques instants."),
        ("Connexion", "Connexion", "Adresse e-mail", "Mot de passe", "Se connecter"),
        ("Vérification", "Vérification de sécurité", "Vérifiez que vous êtes humain en complétant l'action ci-dessous."),
    ),
    "es": (
        ("Mantenimiento", "Sitio en mantenimiento", "Estamos realizando tareas de mantenimiento. Volveremos pronto."),
        ("Acceso denegado", "Acceso denegado", "No tiene permiso para acceder a esta página."),
        ("No disponible", "Servicio no disponible temporalmente", "Por favor, inténtelo de nuevo más tarde."),
        ("Iniciar sesión", "Iniciar sesión", "Correo electrónico", "Contraseña", "Entrar"),
        ("Verificación", "Verifica que eres humano", "Completa la comprobación de seguridad para continuar."),
    ),
    "pt": (
        ("Manutenção", "Site em manutenção", "Estamos em manutenção e voltaremos em breve."),
        ("Acesso negado", "Acesso negado", "Você não tem permissão para acessar esta página."),
        ("Indisponível", "Serviço temporariamente indisponível", "Tente novamente mais tarde."),
        ("Entrar", "Entre na sua conta", "E-mail", "Senha", "Entrar"),
        ("Verificação", "Confirme que você não é um robô", "Conclua a verificação de segurança para continuar."),
    ),
    "ru": (
        ("Технические работы", "Ведутся технические работы", "Сайт временно недоступен. Приносим извинения за неудобства."),
        ("Доступ запрещён", "Доступ запрещён", "У вас нет прав для просмотра этой страницы."),
        ("Ошибка", "Сервис временно недоступен", "Пожалуйста, попробуйте позже."),
        ("Вход", "Вход в личный кабинет", "Логин", "Пароль", "Войти"),
        ("Проверка", "Подтвердите, что вы не робот", "Проверка браузера перед переходом на сайт."),
    ),
    "pl": (
        ("Przerwa techniczna", "Przerwa techniczna", "Trwają prace konserwacyjne. Zapraszamy wkrótce."),
        ("Brak dostępu", "Odmowa dostępu", "Nie masz uprawnień do wyświetlenia tej strony."),
        ("Błąd", "Serwis chwilowo niedostępny", "Spróbuj ponownie później."),
        ("Logowanie", "Zaloguj się", "E-mail", "Hasło", "Zaloguj się"),
        ("Weryfikacja", "Potwierdź, że nie jesteś robotem", "Sprawdzamy Twoją przeglądarkę."),
    ),
    "tr": (
        ("Bakım", "Bakım çalışması", "Sitemiz şu anda bakımdadır. Kısa süre içinde geri döneceğiz."),
        ("Erişim engellendi", "Erişim engellendi", "Bu sayfaya erişim izniniz yok."),
        ("Hata", "Hizmet geçici olarak kullanılamıyor", "Lütfen daha sonra tekrar deneyin."),
        ("Giriş", "Giriş yap", "E-posta", "Şifre", "Giriş yap"),
        ("Doğrulama", "Robot olmadığınızı doğrulayın", "Devam etmek için güvenlik kontrolünü tamamlayın."),
    ),
    "it": (
        ("Manutenzione", "Sito in manutenzione", "Stiamo effettuando lavori di manutenzione. Torneremo presto online."),
        ("Accesso negato", "Accesso negato", "Non hai i permessi per accedere a questa pagina."),
        ("Errore", "Servizio temporaneamente non disponibile", "Riprova più tardi."),
        ("Accedi", "Accedi al tuo account", "Email", "Password", "Accedi"),
        ("Verifica", "Verifica di non essere un robot", "Completa il controllo di sicurezza per proseguire."),
    ),
    "nl": (
        ("Onderhoud", "Even geduld, we zijn bezig met onderhoud", "Onze website is tijdelijk niet bereikbaar. We zijn zo snel mogelijk terug."),
        ("Toegang geweigerd", "Toegang geweigerd", "U hebt geen toestemming om deze pagina te bekijken."),
        ("Storing", "Tijdelijk niet beschikbaar", "Probeer het later opnieuw."),
        ("Inloggen", "Inloggen", "E-mailadres", "Wachtwoord", "Inloggen"),
        ("Cookies", "Welkom", "Voordat je verdergaat: wij en onze partners gebruiken cookies. Alles accepteren of voorkeuren instellen."),
    ),
    "id": (
        ("Pemeliharaan", "Situs sedang dalam pemeliharaan", "Kami akan segera kembali. Mohon maaf atas ketidaknyamanannya."),
        ("Akses ditolak", "Akses ditolak", "Anda tidak memiliki izin untuk mengakses halaman ini."),
        ("Gangguan", "Layanan sementara tidak tersedia", "Silakan coba lagi nanti."),
        ("Masuk", "Masuk ke akun Anda", "Email", "Kata sandi", "Masuk"),
        ("Verifikasi", "Verifikasi bahwa Anda bukan robot", "Selesaikan pemeriksaan keamanan untuk melanjutkan."),
    ),
    "vi": (
        ("Bảo trì", "Hệ thống đang bảo trì", "Trang web đang được nâng cấp, vui lòng quay lại sau."),
        ("Từ chối truy cập", "Truy cập bị từ chối", "Bạn không có quyền truy cập trang này."),
        ("Lỗi", "Dịch vụ tạm thời không khả dụng", "Vui lòng thử lại sau."),
        ("Đăng nhập", "Đăng nhập", "Email", "Mật khẩu", "Đăng nhập"),
        ("Xác minh", "Xác minh bạn không phải là robot", "Vui lòng hoàn tất kiểm tra bảo mật để tiếp tục."),
    ),
    "ja": (
        ("メンテナンス中", "ただいまメンテナンス中です", "ご迷惑をおかけして申し訳ございません。しばらくお待ちください。"),
        ("アクセス拒否", "アクセスが拒否されました", "このページを表示する権限がありません。"),
        ("混雑", "アクセスが集中しています", "ただいま大変混み合っております。しばらくしてから再度お試しください。"),
        ("ログイン", "ログイン", "メールアドレス", "パスワード", "ログイン"),
        ("確認", "あなたがロボットではないことを確認してください", "続行するにはセキュリティチェックを完了してください。"),
    ),
    "ko": (
        ("점검 중", "시스템 점검 안내", "현재 시스템 점검 중입니다. 이용에 불편을 드려 죄송합니다."),
        ("접근 거부", "접근이 거부되었습니다", "이 페이지를 볼 권한이 없습니다."),
        ("오류", "일시적으로 서비스를 이용할 수 없습니다", "잠시 후 다시 시도해 주세요."),
        ("로그인", "로그인", "이메일", "비밀번호", "로그인"),
        ("확인", "로봇이 아님을 확인해 주세요", "계속하려면 보안 확인을 완료하세요."),
    ),
}  # fmt: skip


def _in_languages() -> dict[str, str]:
    walls = {}
    for number, (language, (maintenance, denied, busy, sign_in, robot)) in enumerate(WORDS.items()):
        shells = (bare, card, own)
        walls[f"maintenance, {language}"] = shells[number % 3](*maintenance, language)
        walls[f"denied, {language}"] = shells[(number + 1) % 3](*denied, language)
        walls[f"unavailable, {language}"] = shells[(number + 2) % 3](*busy, language)
        walls[f"login, {language}"] = login(*sign_in, language)
        walls[f"robot or consent, {language}"] = card(*robot, language)
    return walls


WALLS: dict[str, str] = {
    **FIREWALLS,
    **ERRORS,
    **CHINESE,
    **_in_languages(),
}
"""By name; `shells.within` puts one before a site."""
