"""
A third of the walls and of the good pages, written before the readers were taught from the others, and not since.

What fails here is reported and not mended by a word for it.
"""

# ruff: noqa: E501 - a page stands on as many lines as it needs, and no more

from __future__ import annotations

from tests.walls.good import Good
from tests.walls.shells import bare, card, document, links, login, own

WALLS: dict[str, str] = {
    "Cloudflare 1020": document(
        "Attention Required! | Cloudflare",
        "<h1>Sorry, you have been blocked</h1><h2>You are unable to access shop.example</h2><h3>Why have I been blocked?"
        "</h3><p>This website is using a security service to protect itself from online attacks.</p><p>Cloudflare Ray "
        "ID: 8f</p>",
    ),
    "Cloudflare 523": document(
        "shop.example | 523: Origin is unreachable",
        "<h1>Origin is unreachable <span>Error code 523</span></h1><p>What happened?</p><p>The origin web server is not "
        "reachable.</p>",
    ),
    "Cloudflare, Always Online": document(
        "You are viewing an archived page",
        "<h1>This page (https://shop.example/) is currently offline.</h1><p>However, because the site uses Cloudflare's "
        "Always Online technology you can continue to surf a snapshot of the site.</p>",
    ),
    "Fastly 503": document(
        "503 Service Unavailable", "<h1>Error 503 Service Unavailable</h1><p>Service Unavailable</p><h3>Error 54113</h3>"
    ),
    "Azure, front door": document(
        "", "<h2>Our services aren't available right now</h2><p>We're working to restore all services as soon as possible. "
        "Please check back soon.</p>"
    ),
    "Google, sorry": document(
        "Sorry...", "<h1>We're sorry...</h1><p>... but your computer or network may be sending automated queries. To protect "
        "our users, we can't process your request right now.</p>"
    ),
    "Amazon, dogs": document(
        "Sorry! Something went wrong!", "<p>Sorry! Something went wrong on our end. Please go back and try again or go to "
        "Amazon's home page.</p><img alt='Dogs of Amazon'>"
    ),
    "eBay": document("Pardon Our Interruption...", "<h1>Pardon Our Interruption...</h1><p>As you were browsing, something "
    "about your browser made us think you might be a bot. There are a few reasons this might happen:</p><ul><li>You're a "
    "power user moving through this website with super-human speed</li><li>You've disabled cookies in your web browser</li>"
    "</ul>"),
    "a browser that is too old": card("Unsupported browser", "Your browser is not supported", "Please update your browser to "
    "continue to our site."),
    "JavaScript asked for": card("shop.example", "JavaScript is disabled", "In order to continue, we need to verify that "
    "you're not a robot. This requires JavaScript. Enable JavaScript and then reload the page."),
    "PHP, a fatal error": "<br />\n<b>Fatal error</b>:  Uncaught Error: Call to a member function fetch() on bool in "
    "<b>/var/www/html/index.php</b> on line <b>12</b><br />",
    "PHP, too many connections": bare("Error", "Database error", "SQLSTATE[HY000] [1040] Too many connections"),
    "Symfony": document("An Error Occurred: Internal Server Error", "<h1>Oops! An Error Occurred</h1><h2>The server returned a "
    '"500 Internal Server Error".</h2><p>Something is broken. Please let us know what you were doing when this error '
    "occurred.</p>"),
    "Envoy": "no healthy upstream",
    "a gateway": "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
    "Kubernetes": bare("", "default backend - 404", ""),
    "Jenkins": document("Starting Jenkins", "<h1>Please wait while Jenkins is getting ready to work...</h1><p>Your browser will "
    "reload automatically when Jenkins is ready.</p>"),
    "Webflow": card("404", "Page Not Found", "The page you are looking for doesn't exist or has been moved"),
    "Squarespace": card("Website Expired", "Website Expired", "This account has expired. If you are the site owner, click below "
    "to login."),
    "Wix": card("Site not connected", "Looks Like This Domain Isn't Connected To A Website Yet!", "Is this your domain?"),
    "country block": own("Not available in your region", "Sorry, this content is not available in your region", "We are unable "
    "to offer our service in your country."),
    "GDPR block": card("451", "451: Unavailable due to legal reasons", "We recognise you are attempting to access this website "
    "from a country belonging to the European Economic Area (EEA) and therefore cannot grant you access at this time."),
    "age gate": card("Age check", "Are you over 18?", "You must be of legal age to enter this site. Yes, enter. No, leave."),
    "newsletter wall": card("Subscribe", "Subscribe to continue reading", "You have read your last free article this month."),
    "ad blocker": card("Ad blocker detected", "Please disable your ad blocker", "We noticed that you're using an ad blocker. "
    "Please switch it off to continue."),
    "virtual queue": card("Line", "You're in the queue", "Hang tight! You will be redirected automatically once it's your turn."),
    "ticket queue, de": card("Warteraum", "Sie befinden sich im Warteraum", "Bitte laden Sie diese Seite nicht neu.", "de"),
    "queue, fr": card("File d'attente", "Vous êtes dans la file d'attente", "Votre temps d'attente estimé est de 8 minutes.", "fr"),
    "queue, es": card("Sala de espera", "Está en la sala de espera", "Hay 3.120 personas delante de usted.", "es"),
    "queue, ja": card("待合室", "順番にご案内しております", "このままお待ちください。待ち人数：1,204人", "ja"),
    "down, de": own("Störung", "Leider ist etwas schiefgelaufen", "Unsere Techniker arbeiten daran. Versuchen Sie es in "
    "einigen Minuten erneut.", "de"),
    "down, fr": own("Oups", "Oups, une erreur est survenue", "Nos équipes travaillent à la résoudre.", "fr"),
    "down, es": own("Error", "Ha ocurrido un error inesperado", "Vuelva a intentarlo en unos minutos.", "es"),
    "down, pt": own("Erro", "Ops! Algo deu errado", "Estamos trabalhando para resolver o problema.", "pt"),
    "down, ru": own("Ошибка 500", "Что-то пошло не так", "Мы уже работаем над исправлением.", "ru"),
    "down, pl": card("Ups", "Ups, coś poszło nie tak", "Pracujemy nad rozwiązaniem problemu.", "pl"),
    "down, it": own("Errore", "Qualcosa è andato storto", "Ti invitiamo a riprovare tra qualche minuto.", "it"),
    "down, nl": card("Oeps", "Er is iets misgegaan", "We werken aan een oplossing.", "nl"),
    "down, tr": own("Hata", "Bir şeyler ters gitti", "Ekibimiz sorunu çözmek için çalışıyor.", "tr"),
    "down, vi": card("Lỗi", "Đã xảy ra lỗi", "Chúng tôi đang khắc phục sự cố.", "vi"),
    "down, id": own("Kesalahan", "Terjadi kesalahan", "Tim kami sedang memperbaikinya.", "id"),
    "down, ko": own("오류", "문제가 발생했습니다", "잠시 후 다시 이용해 주시기 바랍니다.", "ko"),
    "down, ja": own("エラー", "エラーが発生しました", "お手数ですが、時間をおいて再度アクセスしてください。", "ja"),
    "login, SAML": login("Shibboleth Identity Provider", "Sign in with your university account", "NetID", "Password", "Log in"),
    "login, ja": login("会員ログイン", "会員ログイン", "会員ID", "パスワード", "ログインする", "ja"),
    "login, SSO zh": login("单点登录", "单点登录中心", "工号", "密码", "登 录", "zh-CN", "请使用校园网账号登录"),
    "vpn, zh": card("WebVPN", "请登录 WebVPN", "您访问的资源仅限校内访问，请通过认证后访问。", "zh-CN"),
    "slider, zh": card("滑动验证页面", "访问验证", "别离开，为了更好的访问体验，请进行验证，通过后即可继续访问网页", "zh-CN"),
    "blocked, zh": bare("403", "访问被拦截", "您的访问行为存在异常，已被防火墙拦截，请稍后再试。", "zh-CN"),
    "closed, zh": own("温馨提示", "选课系统尚未开放", "当前不在选课开放时间内。", "zh-CN"),
    "down, zh": card("出错啦", "网络开小差了", "页面加载失败，点击重试。", "zh-CN"),
    "record, zh": card("网站未备案", "网站暂时无法访问", "该网站未根据工信部相关法律规定完成备案，因此无法访问。", "zh-CN"),
}  # fmt: skip

GOOD: dict[str, Good] = {
    "a bike lock": Good("U-Lock Pro", "<h1>U-Lock Pro – security you can verify</h1><p>€ <b class=v>{}</b></p><p>In stock</p>"),
    "a captcha plugin": Good("Friendly Captcha for WordPress", "<h1>Friendly Captcha</h1><p>Version <b class=v>{}</b></p><p>"
    "Protects your forms: are you human? No puzzle needed.</p>"),
    "a robot vacuum": Good("Robot X1", "<h1>Robot X1</h1><p>Are you a robot fan? <b class=v>{}</b> left</p>"),
    "a member price": Good("Lamp", "<h1>Lamp</h1><p>Sign in to see your member price</p><p class=v>{}</p>"),
    "a login hint, zh": Good("台灯", "<h1>台灯</h1><p>登录后查看会员价</p><p>¥<b class=v>{}</b></p>", "zh-CN"),
    "a lock, zh": Good("智能锁", "<h1>安全验证锁 Pro</h1><p>限时价 <b class=v>{}</b></p>", "zh-CN"),
    "a queue barrier": Good("Barriers", "<h1>Queue barriers and waiting room chairs</h1><p class=v>{}</p>"),
    "a museum closed on Monday": Good("Museum", "<h1>Opening hours</h1><p>Closed on Mondays. Next tour: <b class=v>{}</b></p>"),
    "sold out, en": Good("Concert", "<h1>Concert</h1><p>Sold out. Waiting list: <b class=v>{}</b></p>"),
    "sold out, ja": Good("ライブ", "<h1>ライブ</h1><p>完売しました。次回 <b class=v>{}</b></p>", "ja"),
    "sold out, ko": Good("공연", "<h1>공연</h1><p>매진 <b class=v>{}</b></p>", "ko"),
    "unavailable product": Good("Lamp", "<h1>Lamp</h1><p>Temporarily unavailable. Last seen at € <b class=v>{}</b></p>"),
    "unavailable product, de": Good("Lampe", "<h1>Lampe</h1><p>Derzeit nicht verfügbar. <b class=v>{}</b></p>", "de"),
    "unavailable product, fr": Good("Lampe", "<h1>Lampe</h1><p>Temporairement indisponible <b class=v>{}</b></p>", "fr"),
    "unavailable product, ru": Good("Лампа", "<h1>Лампа</h1><p>Временно недоступен. <b class=v>{}</b></p>", "ru"),
    "a status page": Good("Status", "<h1>All systems operational</h1><p>Uptime <b class=v>{}</b> %</p><p>API, Web, Mail</p>"),
    "an incident": Good("Status", "<h1>Partial outage</h1><p>Update <b class=v>{}</b>: some users see 503 Service "
    "Unavailable.</p>"),
    "a maintenance notice": Good("Notices", "<h1>Notices</h1><p>Scheduled maintenance on <b class=v>{}</b> December.</p>"),
    "a maintenance notice, zh": Good("通知", "<h1>通知公告</h1><ul><li>关于系统维护的通知</li><li class=v>{}</li></ul>", "zh-CN"),
    "a maintenance job": Good("Jobs", "<h1>Maintenance technician</h1><p>Salary <b class=v>{}</b></p>"),
    "a course on access control": Good("Course", "<h1>Access denied? Access control for beginners</h1><p class=v>{}</p>"),
    "a book on 404": Good("Book", "<h1>404: A novel</h1><p>€ <b class=v>{}</b></p>"),
    "a counter": Good("", "<p class=v>{}</p>"),
    "one line": Good("", "<h1>Open</h1><p class=v>{}</p>"),
    "a weather page": Good("Wetter", "<h1>Wetter am See</h1><p><b class=v>{}</b> Grad</p>", "de"),
    "exam results": Good("成绩", "<h1>考试成绩</h1><p>请登录教务系统查看详情</p><p class=v>{}</p>", "zh-CN"),
    "a forum": Good("Forum", f"<ul>{links('Home', 'Login', 'Register')}</ul><h1>Thread</h1><p class=v>{{}}</p><p>Please log "
    "in to reply.</p>"),
    "a login beside news": Good("News", "<h1>News</h1><p class=v>{}</p><form>User <input> Password <input type=password>"
    "<button>Log in</button></form>"),
    "a cookie banner": Good("News", "<div>We use cookies. <button>Accept all</button><button>Reject</button></div><h1>News</h1>"
    "<p class=v>{}</p>"),
    "a cookie banner, de": Good("Aktuelles", "<h1>Aktuelles</h1><p class=v>{}</p><div>Wir verwenden Cookies. <button>Alle "
    "akzeptieren</button></div>", "de"),
    "a release": Good("Releases", "<h1>Version <b class=v>{}</b></h1><p>Fixes: too many requests were sent.</p>"),
    "a train": Good("Zug", "<h1>ICE 503</h1><p>Verspätung <b class=v>{}</b> Minuten</p>", "de"),
    "a flight": Good("Flight", "<h1>Flight LH 404</h1><p>Gate <b class=v>{}</b></p>"),
    "a password manager": Good("KeyBox", "<h1>KeyBox – sign in once</h1><p>$<b class=v>{}</b> a month</p>"),
    "a firewall on sale": Good("Firewall", "<h1>FortiGate 40F firewall</h1><p>€ <b class=v>{}</b></p><p>Blocks attacks.</p>"),
    "a word list": Good("Vocabulary", "<h1>Access denied: 拒绝访问</h1><p class=v>{}</p><p>Page not found: 找不到页面</p>"),
    "opening soon": Good("Restaurant", "<h1>Opening soon: our second restaurant</h1><p>Opening on <b class=v>{}</b> May</p>"),
    "a vote": Good("Vote", "<h1>Vote</h1><p class=v>{}</p><p>You must be logged in to vote.</p>"),
    "JSON, stock": Good("", '{{"code": 0, "message": "ok", "stock": "{}"}}'),
    "a petition": Good("Petition", "<h1>Petition</h1><p><b class=v>{}</b> have signed</p><p>Verify your e-mail to sign.</p>"),
}  # fmt: skip
