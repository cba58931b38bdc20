"""Good pages that look a little like walls: short ones, and ones that speak of captchas, logins and maintenance."""

# ruff: noqa: E501 - a page stands on as many lines as it needs, and no more

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.walls.shells import document, links

_CHANGING = re.compile(r"<(\w+) class=v>.*?</\1>")


@dataclass(frozen=True, slots=True)
class Good:
    """A good page. `{}` in its body changes from check to check; the element of class `v` around it may vanish."""

    title: str
    body: str
    language: str = "en"

    @property
    def is_json(self) -> bool:
        """Whether it is JSON."""
        return self.body.startswith("{")

    def page(self, value: str) -> str:
        """Return the page with this value."""
        body = self.body.format(value)
        return body if self.is_json else document(self.title, body, self.language)

    def without(self) -> str:
        """Return the page without its value's element."""
        return _CHANGING.sub("", self.page(""))


_NAV = f"<ul>{links('Home', 'Shop', 'Login', 'Register', 'Cart')}</ul>"
_LONG = "<p>" + "A lamp for the desk, warm white, with a switch that does what it should. " * 12 + "</p>"

SHORT = {
    "a price": Good("Lamp", "<h1>Lamp</h1><p>€ <b class=v>{}</b></p>"),
    "a heading": Good("Lamp", "<h1>Lamp <b class=v>{}</b></h1>"),
    "a number": Good("", "<p class=v>{}</p>"),
    "a sentence": Good("Parking", "<h1>Parking</h1><p><b class=v>{}</b> free places</p>"),
    "a table": Good("Courses", "<h1>Courses</h1><table><tr><td>CS101</td><td class=v>{}</td></tr></table>"),
    "a date": Good("Next concert", "<h1>Next concert</h1><p class=v>{} December</p>"),
    "a river": Good("Pegel", "<h1>Pegel Köln</h1><p><b class=v>{}</b> cm</p>", "de"),
    "a queue at the office": Good(
        "Bürgeramt", "<h1>Wartezeit</h1><p>Zurzeit <b class=v>{}</b> Personen vor Ihnen</p>", "de"
    ),
    "an exchange rate": Good("汇率", "<h1>美元兑人民币</h1><p class=v>{}</p>", "zh-CN"),
    "a stock, zh": Good("台灯", "<h1>台灯</h1><p>库存 <b class=v>{}</b></p>", "zh-CN"),
    "a stock, ja": Good("ランプ", "<h1>ランプ</h1><p>残り <b class=v>{}</b> 点</p>", "ja"),
    "a stock, ko": Good("램프", "<h1>램프</h1><p>재고 <b class=v>{}</b></p>", "ko"),
    "a stock, ru": Good("Лампа", "<h1>Лампа</h1><p>В наличии: <b class=v>{}</b></p>", "ru"),
    "a stock, pt": Good("Luminária", "<h1>Luminária</h1><p>Restam <b class=v>{}</b> unidades</p>", "pt"),
    "a stock, pl": Good("Lampa", "<h1>Lampa</h1><p>Dostępne: <b class=v>{}</b></p>", "pl"),
    "a stock, tr": Good("Lamba", "<h1>Lamba</h1><p>Stok: <b class=v>{}</b></p>", "tr"),
    "a stock, vi": Good("Đèn bàn", "<h1>Đèn bàn</h1><p>Còn <b class=v>{}</b> chiếc</p>", "vi"),
    "a stock, id": Good("Lampu", "<h1>Lampu</h1><p>Sisa <b class=v>{}</b></p>", "id"),
    "JSON": Good("", '{{"code": 0, "msg": "success", "data": {{"stock": "{}"}}}}'),
    "JSON with a login": Good("", '{{"login": false, "items": [{{"name": "Lamp", "price": "{}"}}], "message": "ok"}}'),
    "a holiday": Good("Closed", "<h1>We are closed until <b class=v>{}</b> January</h1>"),
}
SOLD_OUT = {
    "sold out": Good("Concert", "<h1>Concert</h1><p>Sold out</p><p>Next date: <b class=v>{}</b></p>"),
    "not available": Good(
        "Lamp", "<h1>Lamp</h1><p>This product is currently unavailable.</p><p>€ <b class=v>{}</b></p>"
    ),
    "no longer available": Good("Lamp", "<h1>Lamp</h1><p>No longer available. See model <b class=v>{}</b>.</p>"),
    "sold out, zh": Good("演唱会", "<h1>演唱会</h1><p>缺货登记</p><p class=v>{}</p>", "zh-CN"),
    "taken down, zh": Good("台灯", "<h1>台灯</h1><p>商品已下架</p><p class=v>{}</p>", "zh-CN"),
    "sold out, de": Good("Konzert", "<h1>Konzert</h1><p>Leider ausverkauft</p><p class=v>{}</p>", "de"),
    "sold out, fr": Good(
        "Concert", "<h1>Concert</h1><p>Complet, indisponible pour le moment</p><p class=v>{}</p>", "fr"
    ),
    "sold out, es": Good("Concierto", "<h1>Concierto</h1><p>Agotado</p><p class=v>{}</p>", "es"),
    "unavailable, it": Good("Lampada", "<h1>Lampada</h1><p>Momentaneamente non disponibile</p><p class=v>{}</p>", "it"),
    "unavailable, nl": Good("Lamp", "<h1>Lamp</h1><p>Tijdelijk niet beschikbaar</p><p class=v>{}</p>", "nl"),
    "unavailable, pl": Good("Lampa", "<h1>Lampa</h1><p>Produkt chwilowo niedostępny</p><p class=v>{}</p>", "pl"),
    "unavailable, pt": Good(
        "Luminária", "<h1>Luminária</h1><p>Produto temporariamente indisponível</p><p class=v>{}</p>", "pt"
    ),
    "unavailable, tr": Good("Lamba", "<h1>Lamba</h1><p>Ürün geçici olarak temin edilemiyor</p><p class=v>{}</p>", "tr"),
    "unavailable, ja": Good("ランプ", "<h1>ランプ</h1><p>現在お取り扱いできません</p><p class=v>{}</p>", "ja"),
    "coming soon": Good("Phone 9", "<h1>Phone 9</h1><p>Coming soon. Notify me.</p><p class=v>{}</p>"),
}
LOGINS = {
    "a member price, zh": Good("会员价", "<h1>商品</h1><p>登录后查看会员价</p><p>¥<b class=v>{}</b></p>", "zh-CN"),
    "a member price": Good("Lamp", "<h1>Lamp</h1><p>Sign in to see your member price</p><p>$<b class=v>{}</b></p>"),
    "a discount": Good("Lamp", "<h1>Lamp</h1><p>Please log in to see your discount.</p><p>€ <b class=v>{}</b></p>"),
    "a basket": Good(
        "Lampe", "<h1>Lampe</h1><p class=v>{}</p><p>Melden Sie sich an, um Ihren Warenkorb zu sehen.</p>", "de"
    ),
    "reviews": Good("Lampe", "<h1>Lampe</h1><p class=v>{}</p><p>Connectez-vous pour laisser un avis.</p>", "fr"),
    "reviews, es": Good("Lámpara", "<h1>Lámpara</h1><p class=v>{}</p><p>Inicia sesión para valorar.</p>", "es"),
    "comments": Good("Blog", "<h1>Blog</h1><p class=v>{}</p><p>You must be logged in to post a comment.</p>"),
    "comments, zh": Good("博客", "<h1>博客</h1><p class=v>{}</p><p>请先登录后发表评论</p>", "zh-CN"),
    "comments, ja": Good("ブログ", "<h1>ブログ</h1><p class=v>{}</p><p>コメントするにはログインしてください</p>", "ja"),
    "a menu": Good("Shop", _NAV + "<h1>Lamp</h1><p class=v>{}</p>"),
    "a form beside the page": Good(
        "Forum",
        "<h1>Topics</h1><p class=v>{}</p><form>Name <input> Password <input type=password><button>Sign in</button></form>",
    ),
    "a menu, zh": Good("通知", "<a href=/>首页</a><a href=/l>登录</a><h1>选课通知</h1><p class=v>{}</p>", "zh-CN"),
    "a course system": Good("课程", "<h1>数据结构</h1><p>余量 <b class=v>{}</b></p><p>登录后可选课</p>", "zh-CN"),
    "a ticket": Good("演唱会", "<h1>演唱会</h1><p>请登录后购票</p><p class=v>{}</p>", "zh-CN"),
    "a download": Good("Tool", "<h1>Tool <b class=v>{}</b></h1><p>Login required to download older versions.</p>"),
}
SECURITY = {
    "a safety lock, zh": Good("安全验证锁", "<h1>安全验证锁</h1><p>¥<b class=v>{}</b></p>", "zh-CN"),
    "a verification course": Good(
        "人机验证原理", "<h1>人机验证原理与实践</h1><p>课程费用 <b class=v>{}</b></p>", "zh-CN"
    ),
    "a captcha service": Good(
        "CaptchaKit", "<h1>CaptchaKit</h1><p>Verify that visitors are human. From $<b class=v>{}</b></p>"
    ),
    "a book": Good("Are You a Robot?", "<h1>Are You a Robot? A novel</h1><p>€ <b class=v>{}</b></p>"),
    "a course on captchas": Good("Courses", "<h1>Captcha design</h1><p>Seats: <b class=v>{}</b></p>"),
    "an article on captchas": Good(
        "Captchas", "<h1>Are captchas dead?</h1><p class=v>{}</p><p>Please verify you are human.</p>" + _LONG
    ),
    "an article on 503": Good("503", "<h1>What does 503 Service Unavailable mean?</h1><p class=v>{}</p>" + _LONG),
    "an article on 404": Good("How to fix 404", "<h1>How to fix 404 Not Found</h1><p class=v>{}</p>" + _LONG),
    "a question on 502": Good(
        "nginx - 502 Bad Gateway",
        "<h1>502 Bad Gateway with nginx and PHP</h1><p>Votes <b class=v>{}</b></p>"
        "<p>I get this error since I upgraded. What do I have to change in my configuration?</p>",
    ),
    "a firewall": Good("宝塔防火墙 使用教程", "<h1>宝塔防火墙 使用教程</h1><p>阅读 <b class=v>{}</b></p>", "zh-CN"),
    "an antivirus": Good(
        "SafeGuard", "<h1>SafeGuard Antivirus</h1><p>Access denied to malware. $<b class=v>{}</b></p>"
    ),
    "a door system": Good(
        "Zutritt", "<h1>Zutrittskontrolle</h1><p>Zugriff verweigert? Nicht mehr. <b class=v>{}</b> €</p>", "de"
    ),
    "a fire alarm": Good("Alarm", "<h1>Fire alarm</h1><p>Security check included. <b class=v>{}</b></p>"),
    "a human rights page": Good("Rights", "<h1>You are human</h1><p><b class=v>{}</b> have signed</p>"),
    "a robot shop": Good("Robots", "<h1>Robots for children</h1><p>I'm not a robot, says <b class=v>{}</b></p>"),
    "a film": Good("Access Denied", "<h1>Access Denied (2024)</h1><p>Rating <b class=v>{}</b></p>"),
    "an event": Good("Just a moment", "<h1>Just a moment – a concert</h1><p>Tickets <b class=v>{}</b></p>"),
}
MAINTENANCE = {
    "a notice": Good(
        "News",
        "<h1>Scheduled maintenance on Sunday</h1><p>On <b class=v>{}</b> December the shop is closed for an hour.</p>",
    ),
    "a blog post": Good(
        "How we moved", "<h1>We'll be back soon: how we moved our data centre</h1><p class=v>{}</p>" + _LONG
    ),
    "a status page": Good(
        "Status", "<h1>System status</h1><p>Web: operational</p><p>API: under maintenance</p><p class=v>{}</p>"
    ),
    "an outage": Good(
        "Status", "<h1>Status</h1><p>We are investigating 502 errors.</p><p>Update <b class=v>{}</b></p>"
    ),
    "a status page, zh": Good("服务状态", "<h1>服务状态</h1><p>短信服务：系统维护中</p><p class=v>{}</p>", "zh-CN"),
    "a notice, zh": Good("公告", "<h1>关于系统升级维护的公告</h1><p>维护时间：12月<b class=v>{}</b>日</p>", "zh-CN"),
    "a notice, ja": Good("お知らせ", "<h1>メンテナンスのお知らせ</h1><p>12月<b class=v>{}</b>日に実施します</p>", "ja"),
    "a notice, ko": Good("공지", "<h1>시스템 점검 예정 공지</h1><p>12월 <b class=v>{}</b>일</p>", "ko"),
    "a notice, de": Good("Hinweise", "<h1>Hinweise</h1><p>Wartungsarbeiten am <b class=v>{}</b>. Dezember</p>", "de"),
    "a notice, ru": Good("Новости", "<h1>Новости</h1><p>Технические работы <b class=v>{}</b> декабря</p>", "ru"),
    "a bicycle workshop": Good("Maintenance", "<h1>Maintenance</h1><p>Bicycle service from € <b class=v>{}</b></p>"),
    "a heating": Good("Wartung", "<h1>Wartung Ihrer Heizung</h1><p>ab <b class=v>{}</b> Euro</p>", "de"),
    "a lift": Good("Lift", "<h1>Lift 3</h1><p>Out of order until <b class=v>{}</b> May</p>"),
    "a ski area": Good("Ski", "<h1>Open lifts</h1><p><b class=v>{}</b> of 30</p><p>Lift A: temporarily closed</p>"),
    "a waiting list": Good("Kita", "<h1>Warteliste</h1><p>Platz <b class=v>{}</b></p>", "de"),
    "a restaurant queue": Good("Noodle bar", "<h1>Noodle bar</h1><p>You are number <b class=v>{}</b> in line</p>"),
}

GOOD: dict[str, Good] = {**SHORT, **SOLD_OUT, **LOGINS, **SECURITY, **MAINTENANCE}
