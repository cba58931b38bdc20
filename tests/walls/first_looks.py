"""
What a watch may see at its first look: 40 walls, and 40 good pages that look like some.

They were written before the readers were taught of first looks. At first sight 9 of the walls were taken as the page,
7 of them robot checks in other languages, and 4 of the good pages were accused; what they showed was mended by class.
"""

# ruff: noqa: E501 - a page stands on as many lines as it needs, and no more

from __future__ import annotations

from tests.walls.good import Good
from tests.walls.shells import bare, card, document, links

_NAV = f"<header><ul>{links('Home', 'Women', 'Men', 'Kids', 'Sale', 'Stores', 'Help')}</ul></header>"
_FOOT = f"<footer><ul>{links('Delivery', 'Returns', 'Contact', 'Imprint', 'Privacy', 'Careers')}</ul><p>© 2026 Nordlicht</p></footer>"


def _shop_login(title: str, heading: str, mail: str, secret: str, button: str, other: str, language: str) -> str:
    """The page where a shop's customers log in, with a door for new ones beside it."""
    form = f'<form action="/account" method="post"><label>{mail}<input type="email"></label><label>{secret}<input type="password"></label><button>{button}</button></form>'
    return document(
        title,
        f"{_NAV}<main><h1>{heading}</h1>{form}<section><h2>{other}</h2><a href=/new>+</a></section></main>{_FOOT}",
        language,
    )


def _consent(title: str, heading: str, text: str, yes: str, no: str, language: str) -> str:
    """A page that asks for consent, with the two buttons that all of them have."""
    buttons = f"<form><button>{no}</button><button>{yes}</button></form>"
    return document(title, f"<div role=main><h1>{heading}</h1><p>{text}</p>{buttons}</div>", language)


WALLS: dict[str, str] = {
    # rate limits
    "rate limit, en": card("Slow down", "You're going too fast", "You have been rate limited. Please wait a few minutes before you try again."),
    "rate limit, de": bare("429", "Zu viele Zugriffe", "Sie haben die zulässige Anzahl an Zugriffen überschritten. Bitte versuchen Sie es später noch einmal.", "de"),
    "rate limit, fr": card("Limite atteinte", "Limite de requêtes atteinte", "Vous avez effectué trop de demandes. Veuillez patienter avant de réessayer.", "fr"),
    "rate limit, pt": card("Limite excedido", "Muitas requisições", "Você excedeu o limite de requisições. Tente novamente mais tarde.", "pt"),
    "rate limit, ru": bare("429", "Слишком много запросов", "С вашего IP-адреса поступает слишком много запросов. Повторите попытку позже.", "ru"),
    "rate limit, it": card("Errore 429", "Troppe richieste", "Hai effettuato troppe richieste in poco tempo. Riprova tra qualche minuto.", "it"),
    "rate limit, zh": card("提示", "操作太频繁", "您的访问次数过多，请稍后再试。", "zh-CN"),
    "rate limit, ja": bare("429", "アクセス回数の上限に達しました", "短時間に多数のアクセスがありました。しばらくしてから再度お試しください。", "ja"),
    # challenges
    "challenge, sv": card("Kontroll", "Bekräfta att du är en människa", "Vi behöver kontrollera att du inte är en robot innan du kan fortsätta.", "sv"),
    "challenge, nl": card("Even controleren", "Bevestig dat u geen robot bent", "Vink het vakje aan om verder te gaan.", "nl"),
    "challenge, pl": card("Weryfikacja", "Sprawdzamy, czy nie jesteś robotem", "To potrwa tylko kilka sekund.", "pl"),
    "challenge, cs": card("Ověření", "Ověřte, že nejste robot", "Před pokračováním dokončete prosím bezpečnostní kontrolu.", "cs"),
    "challenge, ru": card("Проверка", "Подтвердите, что запросы отправляли вы, а не робот", "Нам очень жаль, но запросы с вашего устройства похожи на автоматические.", "ru"),
    "challenge, ko": card("잠시만요", "사람인지 확인하고 있습니다", "계속하려면 보안 확인을 완료하세요.", "ko"),
    "challenge, es": card("Un momento…", "Verificando que usted es un ser humano", "Esto puede tardar unos segundos.", "es"),
    "challenge, tr": card("Bir dakika lütfen", "İnsan olduğunuz doğrulanıyor", "Devam etmeden önce bağlantınızın güvenliği kontrol ediliyor.", "tr"),
    # logins of shops
    "shop login, en": _shop_login("Customer Login", "Customer Login", "Email", "Password", "Sign In", "New Customers", "en"),
    "shop login, account": _shop_login("My Account – Nordlicht", "My account", "Username or email address", "Password", "Log in", "Register", "en"),
    "shop login, de": _shop_login("Mein Konto | Nordlicht", "Mein Konto", "E-Mail-Adresse", "Passwort", "Anmelden", "Neu bei uns?", "de"),
    "shop login, fr": _shop_login("Mon compte - Nordlicht", "Connectez-vous à votre compte", "E-mail", "Mot de passe", "Connexion", "Pas de compte ? Créez-en un", "fr"),
    "shop login, es": _shop_login("Mi cuenta | Nordlicht", "Mi cuenta", "Correo electrónico", "Contraseña", "Acceder", "Crear una cuenta", "es"),
    "shop login, pl": _shop_login("Moje konto - Nordlicht", "Zaloguj się do swojego konta", "E-mail", "Hasło", "Zaloguj się", "Nie masz konta?", "pl"),
    "shop login, zh": _shop_login("会员中心 - 北光商城", "欢迎登录", "手机号", "密码", "登录", "免费注册", "zh-CN"),
    "shop login, ja": _shop_login("マイページ | ノルトリヒト", "ログイン", "メールアドレス", "パスワード", "ログイン", "はじめてのお客様", "ja"),
    # consent
    "consent, en": _consent("Nordlicht News", "Before you continue", "We and our 842 partners use cookies and data to deliver and maintain our services, measure audience engagement and show personalised ads. If you choose to reject, we will not use cookies for these additional purposes.", "Accept all", "Reject all", "en"),
    "consent, de": _consent("Bevor Sie fortfahren", "Wir schätzen Ihre Privatsphäre", "Wir und unsere Partner speichern Informationen auf einem Gerät, wie z. B. Cookies, und verarbeiten personenbezogene Daten.", "Alle akzeptieren", "Alle ablehnen", "de"),
    "consent, fr": _consent("Nordlicht", "Nous respectons votre vie privée", "Avec votre accord, nos partenaires et nous utilisons des cookies pour stocker et accéder à des informations personnelles comme votre visite sur ce site.", "Tout accepter", "Tout refuser", "fr"),
    "consent, it": _consent("Nordlicht", "Prima di continuare", "Utilizziamo cookie e dati per fornire e gestire i nostri servizi.", "Accetta tutto", "Rifiuta tutto", "it"),
    "consent, nl": _consent("Nordlicht", "Wij waarderen uw privacy", "Wij en onze partners gebruiken cookies om onze diensten te leveren.", "Alles accepteren", "Alles weigeren", "nl"),
    # parked, suspended, expired
    "parked, en": document("nordlicht.example", "<h1>nordlicht.example</h1><p>This domain is parked free of charge. Is this your domain? Start your website here.</p><ul><li>Related searches</li></ul>"),
    "for sale, en": card("nordlicht.example is for sale", "nordlicht.example", "The domain nordlicht.example may be for sale. Get this domain."),
    "suspended": bare("Account Suspended", "Account Suspended", "This Account has been suspended. Contact your hosting provider for more information."),
    "suspended, fr": card("Site suspendu", "Ce site a été suspendu", "Veuillez contacter votre hébergeur pour plus d'informations.", "fr"),
    "registered, de": card("nordlicht.example", "Diese Domain wurde erfolgreich registriert", "Hier entsteht in Kürze eine neue Internetpräsenz.", "de"),
    "expired, zh": card("域名已过期", "该域名已过期", "如果您是域名所有者，请尽快续费。", "zh-CN"),
    # defaults of servers
    "Apache on Debian": document("Apache2 Debian Default Page: It works", "<h1>Apache2 Debian Default Page</h1><p>It works! This is the default welcome page used to test the correct operation of the Apache2 server after installation on Debian systems. If you can read this page, it means that the Apache HTTP server installed at this site is working properly. You should replace this file before continuing to operate your HTTP server.</p>"),
    "nginx": document("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.</p><p>Thank you for using nginx.</p>"),
    "IIS": document("IIS Windows Server", "<a href=//iis.example><img src=iis.png alt=IIS></a>"),
    "an index": document("Index of /", '<h1>Index of /</h1><table><tr><th><a href="?C=N">Name</a></th><th>Last modified</th></tr><tr><td><a href=cgi-bin/>cgi-bin/</a></td><td>2026-01-04 10:11</td></tr></table>'),
    "a panel's default": document("Domain Default page", "<h1>Web Server's Default Page</h1><p>This page is generated by Plesk, the leading hosting automation software. You see this page because there is no Web site at this address.</p>"),
}  # fmt: skip

GOOD: dict[str, Good] = {
    "an article on captchas": Good("Why captchas fail", "<h1>Why captchas fail</h1><p class=v>{} readers</p><p>“Verify you are human”, says the box, and nobody does.</p>"),
    "a tutorial for a login page": Good("How to build a login page in Django", "<h1>How to build a login page in Django</h1><p>Part <b class=v>{}</b></p><p>Add a form with a user name and a password, and a view that checks them.</p>"),
    "a login component": Good("Login form | Components", "<nav><a href=/>Components</a></nav><h1>Login form</h1><p>Version <b class=v>{}</b></p><p>A form for user name and password with validation and a link to reset it. Copy the source below into your project.</p><pre>&lt;input type=password&gt;</pre>"),
    "a shop with a login link": Good("Teapot", "<a href=/login>Login</a> <a href=/basket>Basket</a><h1>Teapot</h1><p>£<b class=v>{}</b></p>"),
    "a garage": Good("Parking garage at the opera", "<h1>Parking garage</h1><p>This space is parked: <b class=v>{}</b> cars</p>"),
    "a garage, de": Good("Parkhaus Dom", "<h1>Parkhaus Dom</h1><p>Freie Plätze: <b class=v>{}</b></p><p>Zufahrt gesperrt bei Überfüllung</p>", "de"),
    "a status page": Good("Nordlicht Status", "<h1>Nordlicht Status</h1><p>Website: under maintenance</p><p>Checkout: operational, <b class=v>{}</b> ms</p>"),
    "a status page, one line": Good("Is it down?", "<h1>Is Nordlicht down?</h1><p>No. Last outage <b class=v>{}</b> days ago.</p>"),
    "a house for sale": Good("For sale", "<h1>This house is for sale</h1><p>Offers above <b class=v>{}</b> thousand</p>"),
    "domain prices": Good("Domains", "<h1>Find your domain</h1><p>.com from $<b class=v>{}</b></p><p>Is your domain expired? Renew it.</p>"),
    "a suspended match": Good("Live", "<h1>Match suspended</h1><p>Minute <b class=v>{}</b></p>"),
    "a suspended bridge": Good("Bridges", "<h1>Suspension bridges</h1><p>Length <b class=v>{}</b> m</p>"),
    "a licence register": Good("Register", "<h1>Licence register</h1><p>Status: account suspended</p><p>Number <b class=v>{}</b></p>"),
    "a course with registration": Good("Anmeldung zum Sommerkurs", "<h1>Anmeldung</h1><p>Sommerkurs Töpfern, noch <b class=v>{}</b> Plätze</p>", "de"),
    "a registration, short": Good("Anmeldung", "<h1>Anmeldung</h1><p>Die Anmeldung beginnt am <b class=v>{}</b>. März.</p>", "de"),
    "an entrance": Good("Вход в музей", "<h1>Вход</h1><p>Взрослый билет <b class=v>{}</b> ₽</p>", "ru"),
    "train connections": Good("Connexion", "<h1>Connexions en gare de Lyon</h1><p>Voie <b class=v>{}</b></p>", "fr"),
    "a verification office": Good("Verificación técnica", "<h1>Verificación vehicular</h1><p>Citas libres: <b class=v>{}</b></p>", "es"),
    "rate limits documented": Good("Rate limits – API", "<h1>Rate limits</h1><p>Each key may send <b class=v>{}</b> requests a minute; after that the API answers 429 Too Many Requests.</p>"),
    "an error list": Good("Error codes", "<h1>Error codes</h1><table><tr><td>E<b class=v>{}</b></td><td>Door open</td></tr><tr><td>E5</td><td>No water</td></tr></table>"),
    "an issue": Good("Too many requests when polling · Issue 14", "<h1>Too many requests when polling</h1><p>Open, <b class=v>{}</b> comments</p>"),
    "a cookie shop": Good("Cookies", "<h1>Our cookies</h1><p>Accept all flavours: box of <b class=v>{}</b></p>"),
    "a page with a cookie banner": Good("Pegel Ems", "<h1>Pegel Ems</h1><p><b class=v>{}</b> cm</p><div role=dialog><p>Wir schätzen Ihre Privatsphäre</p><button>Alle akzeptieren</button><button>Alle ablehnen</button></div>", "de"),
    "a page with a banner, fr": Good("Marées à Brest", "<div class=cookies>Nous respectons votre vie privée <button>Tout accepter</button><button>Tout refuser</button></div><h1>Marées à Brest</h1><p>Pleine mer <b class=v>{}</b></p>", "fr"),
    "a privacy policy": Good("Privacy policy", "<h1>Privacy policy</h1><p>Version <b class=v>{}</b></p><p>We value your privacy. We use cookies only to keep you signed in.</p>"),
    "a film, The Waiting Room": Good("The Waiting Room (2012)", "<h1>The Waiting Room</h1><p>Rating <b class=v>{}</b></p>"),
    "waiting time": Good("Notaufnahme", "<h1>Wartezeiten</h1><p>Warteraum A: <b class=v>{}</b> Minuten</p>", "de"),
    "a maintenance plan": Good("Wartungsplan", "<h1>Wartungsplan Aufzug</h1><p>Nächste Wartung: <b class=v>{}</b>. Mai</p>", "de"),
    "a company called Maintenance": Good("Nordlicht Maintenance", "<h1>Maintenance</h1><p>Call us for boilers, lifts and doors. <b class=v>{}</b> engineers in the north, day and night, and all parts in the van.</p>"),
    "a nginx tutorial": Good("Install nginx on Debian", "<h1>Install nginx on Debian</h1><p>Step <b class=v>{}</b></p><p>You should now see “Welcome to nginx!” in your browser.</p>"),
    "an index of releases": Good("Index of /releases/", "<h1>Index of /releases/</h1><ul><li><a href=a>tool-1.<b class=v>{}</b>.tar.gz</a></li><li><a href=b>tool-1.1.tar.gz</a></li><li><a href=c>tool-1.0.tar.gz</a></li></ul>"),
    "a short page": Good("Eiscafé", "<h1>Eiscafé</h1><p class=v>{} Sorten heute</p>", "de"),
    "a short page, zh": Good("图书馆", "<h1>图书馆座位</h1><p>剩余 <b class=v>{}</b></p>", "zh-CN"),
    "a tool for human verification, zh": Good("验证码识别教程", "<h1>验证码识别教程</h1><p>第<b class=v>{}</b>课</p><p>请完成课后练习。</p>", "zh-CN"),
    "a login help page": Good("ログインできない場合", "<h1>ログインできない場合</h1><p>更新 <b class=v>{}</b>回</p><p>パスワードを再設定してください。</p>", "ja"),
    "a forum's front page": Good("Forum", "<h1>Garden forum</h1><ul><li>Roses <b class=v>{}</b></li><li>Tulips 4</li></ul><form>User <input> Password <input type=password><button>Log in</button></form>"),
    "a coming product": Good("Phone Z", "<h1>Phone Z</h1><p>Coming soon: <b class=v>{}</b> May</p><p>Sign in to be told.</p>"),
    "a closed shop for the holidays": Good("Hofladen", "<h1>Hofladen</h1><p>Wir sind bald zurück: ab <b class=v>{}</b>. Januar</p>", "de"),
    "an account book": Good("Mein Konto – das Haushaltsbuch", "<h1>Mein Konto – das Haushaltsbuch</h1><p>Auflage <b class=v>{}</b></p>", "de"),
    "a security check at the airport": Good("Security check", "<h1>Security check</h1><p>Terminal 1: <b class=v>{}</b> minutes</p><p>Terminal 2: 4 minutes</p>"),
}  # fmt: skip
