"""
What walls say, and pages that are gone, by language: each an expression, matched without regard to case.

Each is a demand or a verdict, and no mere word: `Login` in a menu is neither.
"""

from __future__ import annotations

ROBOT = (
    # 中文
    r"安全验证|人机验证|滑块验证|行为验证",
    r"(?:拖动|滑动|按住)(?:下方|左边|右边)?的?滑块",
    r"请(?:先)?完成(?:下方|以下|下列)?的?(?:安全)?(?:验证|验證|驗證)",
    r"请输入(?:图片|图|下图|下方)?中?的?验证码(?:以|后)?继续",
    r"(?:访问|请求|操作)(?:过于|太|太过)频繁",
    r"您的IP.{0,10}(?:限制|封禁|异常)",
    # English
    r"verif(?:y|ying) (?:that )?(?:you are|you're|you aren't|if you are) (?:not )?(?:an? )?(?:human|robot|bot)",
    r"are you (?:an? )?(?:human|robot)\b",
    r"(?:confirm|prove) (?:that )?you(?:'re| are) (?:not )?(?:an? )?(?:human|robot|bot)",
    r"checking (?:your browser|if the site connection)",
    r"complete the (?:security check|captcha)|solve (?:the|this) captcha to",
    r"too many requests",
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
    r"(?:log|sign) in to (?:continue|view|see|access|proceed)|login (?:is )?required",
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
