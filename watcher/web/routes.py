"""Every route of the server. A route without a row here does not exist."""

from __future__ import annotations

from watcher.web.api.codes import create_code, query_scan, show_picture, show_short_picture
from watcher.web.api.health import healthz, metrics, readyz
from watcher.web.api.qr import show_qr, show_wechat_code
from watcher.web.api.send import delete_message, query_status, send_from_body, send_from_query
from watcher.web.api.simple import push_from_body, push_from_path
from watcher.web.api.users import list_users, list_users_v1, query_pay_end_time, reject_user, remove_user
from watcher.web.api.v1.docs import show_docs, show_document
from watcher.web.api.v1.inbox import list_inbox
from watcher.web.api.v1.operation import BASE
from watcher.web.api.v1.operations import OPERATIONS
from watcher.web.api.wechat import prove_callback, take_event
from watcher.web.assets import serve_asset
from watcher.web.console import tokens
from watcher.web.console.accounts import (
    approve_account,
    ask_to_hand_over,
    ask_to_recover,
    ask_to_remove_account,
    block_account,
    end_account_approver,
    end_account_session,
    end_account_sessions,
    hand_over_account,
    recover_account,
    remove_account,
    set_account_limits,
    show_account,
    show_accounts,
)
from watcher.web.console.acts import show_acts
from watcher.web.console.app_keys import ask_to_renew, ask_to_reset, renew_key, reset_token, show_key
from watcher.web.console.apps import (
    ask_to_remove,
    edit_app,
    make_app,
    remove_app,
    set_number,
    show_app,
    show_apps,
    show_edit,
    show_new_app,
)
from watcher.web.console.callbacks import retry_callback, show_callbacks, test_callback
from watcher.web.console.compose import compose, show_compose
from watcher.web.console.confirming import confirm as confirm_person
from watcher.web.console.confirming import show_confirm
from watcher.web.console.deferred import (
    ask_to_remove_watch,
    check_watch_text,
    edit_watch,
    remove_watch,
    replay_rules,
    show_change,
    show_new_watch,
    show_proposal,
    show_replay,
    show_saved_watch,
    show_watch_edit,
    take_proposal,
    undo_watch_edit,
)
from watcher.web.console.feed import ask_for_feed, ask_to_end_feed, end_feed, make_feed
from watcher.web.console.home import show_home
from watcher.web.console.login import log_in, log_out, log_out_everywhere, show_login
from watcher.web.console.me import (
    approve_here,
    ask_to_delete_me,
    change_name,
    delete_me,
    end_approver,
    end_other_sessions,
    end_session,
    show_me,
    show_phone_code,
)
from watcher.web.console.messages import (
    ask_to_delete,
    ask_to_send_again,
    delete,
    send_again,
    show_log,
    show_messages,
    show_version,
)
from watcher.web.console.mirrors import add_mirror, remove_mirror, test_mirror
from watcher.web.console.outbox import ask_to_drop, drop, show_outbox, try_again
from watcher.web.console.picking.pages import (
    save_choice,
    show_candidates,
    show_choice,
    show_copy,
    show_picker,
    show_showing,
)
from watcher.web.console.poster import show_poster
from watcher.web.console.scanning import (
    answer_question,
    go_on,
    make_code,
    make_confirm_code,
    show_question,
    wait_for_answer,
)
from watcher.web.console.server import show_server
from watcher.web.console.subscribers import (
    judge_subscription,
    set_remark,
    show_subscriber,
    show_subscribers,
    undo_removal,
)
from watcher.web.console.tokens import make_token, remove_token, show_new_token, show_tokens
from watcher.web.console.topic import (
    approve_all,
    ask_merge,
    ask_new_code,
    ask_removal,
    change_code,
    edit_topic,
    merge_topic,
    remove_topic,
    show_topic,
)
from watcher.web.console.topics import make_topic, show_new_topic, show_topics
from watcher.web.console.watch.acts import accept_watch, ask_to_accept, check_watch
from watcher.web.console.watch.body import show_kept_copy, show_kept_page, show_kept_source
from watcher.web.console.watch.page import show_watch
from watcher.web.console.watch_acts import act_on_watches
from watcher.web.console.watch_stream import LIVE_PATH, stream_watches
from watcher.web.console.watches import show_watches
from watcher.web.console.webhooks import (
    ask_for_secret,
    ask_to_remove_webhook,
    enable_webhook,
    make_webhook,
    remove_webhook,
    renew_secret,
    show_new_webhook,
    show_webhook,
    show_webhooks,
    test_webhook,
)
from watcher.web.middleware.guard import Handler, Role, Route
from watcher.web.ntfy.account import give_token, show_ntfy_account
from watcher.web.ntfy.publish import publish, publish_json, show_nothing
from watcher.web.ntfy.subscribe import check_access, show_health, subscribe
from watcher.web.pages.confirm import (
    ask_apprise,
    ask_bark,
    ask_by_mail,
    ask_upstream,
    confirm,
    confirm_code,
    show_confirmation,
)
from watcher.web.pages.devices import (
    delete_everything,
    end_device,
    end_other_devices,
    prepare_home_screen,
    show_claim,
    show_code,
    show_deletion,
    show_link_code,
    take_claim,
)
from watcher.web.pages.feed import show_atom, show_json_feed
from watcher.web.pages.follow import follow_target, leave_target, show_numbered, show_target, undo_leaving
from watcher.web.pages.inbox import home, note_opened, note_shown, send_command, show_inbox, stream_inbox
from watcher.web.pages.message import leave_place, mute_place, show_message, unmute_place
from watcher.web.pages.ntfy import begin_ntfy, renew_ntfy
from watcher.web.pages.pwa import show_manifest, show_worker
from watcher.web.pages.reach import end_quiet, move_channel, put_push, remove_address, set_quiet, show_reach
from watcher.web.pages.scan import follow_scan, show_scan
from watcher.web.pages.subscriptions import (
    mute_all,
    mute_target,
    show_subscriptions,
    unmute_all,
    unmute_target,
)
from watcher.web.pages.trial import begin_trial, show_trial, show_trial_start

_TOPIC = "/{topic:[-_A-Za-z0-9]{1,64}}"
_TOPICS = "/{topics:[-_A-Za-z0-9]{1,64}(?:,[-_A-Za-z0-9]{1,64})*}"

_TABLE: tuple[tuple[Role, str, str, Handler], ...] = (
    # WxPusher's API
    (Role.APP_TOKEN, "POST", "/api/send/message", send_from_body),
    (Role.APP_TOKEN, "GET", "/api/send/message", send_from_query),
    (Role.APP_TOKEN, "DELETE", "/api/send/message", delete_message),
    (Role.SPT, "POST", "/api/send/message/simple-push", push_from_body),
    (Role.SPT, "GET", "/api/send/message/{spt:\\s*SPT_[^/]*}/{content:.+}", push_from_path),
    (Role.OPEN, "GET", "/api/send/query/status", query_status),
    (Role.OPEN, "GET", "/api/send/query/{send_record_id}", query_status),
    (Role.APP_TOKEN, "GET", "/api/fun/wxuser/v2", list_users),
    (Role.APP_TOKEN, "GET", "/api/fun/wxuser", list_users_v1),
    (Role.APP_TOKEN, "DELETE", "/api/fun/remove", remove_user),
    (Role.APP_TOKEN, "PUT", "/api/fun/reject", reject_user),
    (Role.OPEN, "GET", "/api/product/query-pay-end-time", query_pay_end_time),
    # Our API
    (Role.DEVICE, "GET", "/api/v1/inbox", list_inbox),
    (Role.PUBLIC, "GET", "/healthz", healthz),
    (Role.PUBLIC, "GET", "/readyz", readyz),
    (Role.MONITOR, "GET", "/metrics", metrics),
    # Pages
    (Role.PUBLIC, "GET", "/", home),
    (Role.PUBLIC, "GET", "/wxuser", show_numbered),
    (Role.PUBLIC, "GET", "/{kind:t|a}/{slug}", show_target),
    (Role.PUBLIC, "POST", "/{kind:t|a}/{slug}", follow_target),
    (Role.PUBLIC, "POST", "/{kind:t|a}/{slug}/leave", leave_target),
    (Role.DEVICE, "POST", "/{kind:t|a}/{slug}/undo", undo_leaving),
    (Role.PUBLIC, "GET", "/{kind:t|a}/{slug}/qr.{format:svg|png}", show_qr),
    (Role.PUBLIC, "GET", "/{kind:t|a}/{slug}/wechat.svg", show_wechat_code),
    (Role.PUBLIC, "GET", "/m/{slug}", show_message),
    (Role.DEVICE, "POST", "/m/{slug}/mute", mute_place),
    (Role.DEVICE, "POST", "/m/{slug}/unmute", unmute_place),
    (Role.DEVICE, "POST", "/m/{slug}/leave", leave_place),
    (Role.PUBLIC, "GET", "/api/message/{slug}", show_message),
    (Role.PUBLIC, "GET", "/feed/{feed}/atom.xml", show_atom),
    (Role.PUBLIC, "GET", "/feed/{feed}/feed.json", show_json_feed),
    (Role.DEVICE, "GET", "/inbox", show_inbox),
    (Role.DEVICE, "GET", "/inbox/events", stream_inbox),
    (Role.DEVICE, "POST", "/inbox/shown", note_shown),
    (Role.DEVICE, "POST", "/inbox/opened", note_opened),
    (Role.DEVICE, "GET", "/subscriptions", show_subscriptions),
    (Role.DEVICE, "POST", "/subscriptions/mute", mute_all),
    (Role.DEVICE, "POST", "/subscriptions/unmute", unmute_all),
    (Role.DEVICE, "POST", "/{kind:t|a}/{slug}/mute", mute_target),
    (Role.DEVICE, "POST", "/{kind:t|a}/{slug}/unmute", unmute_target),
    # Where else a subscriber is reached
    (Role.DEVICE, "POST", "/push", put_push),
    (Role.DEVICE, "GET", "/reach", show_reach),
    # Where its forms lead, when the page that came of one is loaded again.
    *(
        (Role.DEVICE, "GET", f"/reach/{form}", show_reach)
        for form in ("quiet", "mail", "upstream", "bark", "apprise", "code")
    ),
    (Role.DEVICE, "POST", "/reach/ntfy", begin_ntfy),
    (Role.DEVICE, "POST", "/reach/ntfy/renew", renew_ntfy),
    (Role.DEVICE, "POST", "/reach/{id}/remove", remove_address),
    (Role.DEVICE, "POST", "/reach/order", move_channel),
    (Role.DEVICE, "POST", "/reach/quiet", set_quiet),
    (Role.DEVICE, "POST", "/reach/quiet/off", end_quiet),
    (Role.DEVICE, "POST", "/reach/mail", ask_by_mail),
    (Role.DEVICE, "POST", "/reach/upstream", ask_upstream),
    (Role.DEVICE, "POST", "/reach/bark", ask_bark),
    (Role.DEVICE, "POST", "/reach/apprise", ask_apprise),
    (Role.DEVICE, "POST", "/reach/code", confirm_code),
    (Role.PUBLIC, "GET", "/confirm/{token}", show_confirmation),
    (Role.PUBLIC, "POST", "/confirm/{token}", confirm),
    (Role.DEVICE, "POST", "/devices", show_code),
    (Role.DEVICE, "POST", "/devices/home", prepare_home_screen),
    (Role.DEVICE, "POST", "/devices/wechat", show_link_code),
    (Role.DEVICE, "POST", "/devices/end-others", end_other_devices),
    (Role.DEVICE, "POST", "/devices/{id}/end", end_device),
    (Role.DEVICE, "GET", "/subscriptions/delete", show_deletion),
    (Role.DEVICE, "POST", "/subscriptions/delete", delete_everything),
    (Role.PUBLIC, "GET", "/claim/{token}", show_claim),
    (Role.PUBLIC, "POST", "/claim/{token}", take_claim),
    (Role.PUBLIC, "GET", "/try", show_trial_start),
    (Role.PUBLIC, "POST", "/try", begin_trial),
    (Role.PUBLIC, "GET", "/try/{code}", show_trial),
    # The console: signing in, and its first page
    (Role.PUBLIC, "GET", "/console/login", show_login),
    (Role.PUBLIC, "POST", "/console/login", log_in),
    (Role.ACCOUNT, "POST", "/console/logout", log_out),
    (Role.ACCOUNT, "POST", "/console/logout/all", log_out_everywhere),
    (Role.ACCOUNT, "GET", "/console/confirm", show_confirm),
    (Role.ACCOUNT, "POST", "/console/confirm", confirm_person),
    (Role.ACCOUNT, "GET", "/console", show_home),
    # The console: watches
    (Role.OPERATOR, "GET", "/console/watches", show_watches),
    (Role.OPERATOR, "GET", LIVE_PATH, stream_watches),
    (Role.OPERATOR, "POST", "/console/watches", act_on_watches),
    (Role.OPERATOR, "GET", "/console/watches/pick/{pick}", show_picker),
    (Role.OPERATOR, "POST", "/console/watches/pick/{pick}", save_choice),
    (Role.OPERATOR, "GET", "/console/watches/pick/{pick}/page", show_copy),
    (Role.OPERATOR, "GET", "/console/watches/pick/{pick}/candidates", show_candidates),
    (Role.OPERATOR, "GET", "/console/watches/pick/{pick}/choice", show_choice),
    (Role.OPERATOR, "GET", "/console/watches/pick/{pick}/showing", show_showing),
    (Role.OPERATOR, "GET", "/console/watches/new", show_new_watch),
    (Role.OPERATOR, "POST", "/console/watches/new", edit_watch),
    (Role.OPERATOR, "POST", "/console/watches/check", check_watch_text),
    (Role.OPERATOR, "GET", "/console/watches/saved/{edit}", show_saved_watch),
    (Role.OPERATOR, "POST", "/console/watches/saved/{edit}", undo_watch_edit),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/edit", show_watch_edit),
    (Role.OPERATOR, "POST", "/console/watches/{watch}/edit", edit_watch),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/remove", ask_to_remove_watch),
    (Role.OPERATOR, "POST", "/console/watches/{watch}/remove", remove_watch),
    (Role.OPERATOR, "GET", "/console/watches/{watch}", show_watch),
    (Role.OPERATOR, "POST", "/console/watches/{watch}/check", check_watch),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/accept", ask_to_accept),
    (Role.OPERATOR, "POST", "/console/watches/{watch}/accept", accept_watch),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/page", show_kept_page),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/page/copy", show_kept_copy),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/page/source", show_kept_source),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/proposal", show_proposal),
    (Role.OPERATOR, "POST", "/console/watches/{watch}/proposal", show_change),
    (Role.OPERATOR, "POST", "/console/watches/{watch}/proposal/take", take_proposal),
    (Role.OPERATOR, "GET", "/console/watches/{watch}/replay", show_replay),
    (Role.OPERATOR, "POST", "/console/watches/{watch}/replay", replay_rules),
    # The console: accounts, sign-ins by scanning, sessions, the log
    (Role.PUBLIC, "POST", "/console/code", make_code),
    (Role.PUBLIC, "GET", "/console/code/state", wait_for_answer),
    (Role.PUBLIC, "POST", "/console/code/go", go_on),
    (Role.PUBLIC, "GET", "/console/in/{code}", show_question),
    (Role.PUBLIC, "POST", "/console/in/{code}", answer_question),
    (Role.ACCOUNT, "POST", "/console/confirm/code", make_confirm_code),
    (Role.ACCOUNT, "GET", "/console/me", show_me),
    (Role.ACCOUNT, "POST", "/console/me/name", change_name),
    (Role.ACCOUNT, "POST", "/console/me/phone", show_phone_code),
    (Role.ACCOUNT, "POST", "/console/me/approve-here", approve_here),
    (Role.ACCOUNT, "POST", "/console/me/approvers/{id}/end", end_approver),
    (Role.ACCOUNT, "POST", "/console/me/sessions/{id}/end", end_session),
    (Role.ACCOUNT, "POST", "/console/me/sessions/end-others", end_other_sessions),
    (Role.ACCOUNT, "GET", "/console/me/delete", ask_to_delete_me),
    (Role.ACCOUNT, "POST", "/console/me/delete", delete_me),
    (Role.ACCOUNT, "GET", "/console/acts", show_acts),
    (Role.OPERATOR, "GET", "/console/accounts", show_accounts),
    (Role.OPERATOR, "GET", "/console/accounts/{account}", show_account),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/approve", approve_account),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/block", block_account),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/limits", set_account_limits),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/sessions/end", end_account_sessions),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/sessions/{id}/end", end_account_session),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/approvers/{id}/end", end_account_approver),
    (Role.OPERATOR, "GET", "/console/accounts/{account}/recovery", ask_to_recover),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/recovery", recover_account),
    (Role.OPERATOR, "GET", "/console/accounts/{account}/hand-over", ask_to_hand_over),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/hand-over", hand_over_account),
    (Role.OPERATOR, "GET", "/console/accounts/{account}/delete", ask_to_remove_account),
    (Role.OPERATOR, "POST", "/console/accounts/{account}/delete", remove_account),
    # The console: applications, tokens, callbacks
    (Role.ACCOUNT, "GET", "/console/apps", show_apps),
    (Role.ACCOUNT, "GET", "/console/apps/new", show_new_app),
    (Role.ACCOUNT, "POST", "/console/apps/new", make_app),
    (Role.ACCOUNT, "GET", "/console/apps/{app}", show_app),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/edit", show_edit),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/edit", edit_app),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/number", set_number),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/token", ask_to_reset),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/token", reset_token),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/key", show_key),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/key/renew", ask_to_renew),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/key/renew", renew_key),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/remove", ask_to_remove),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/remove", remove_app),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/callbacks", show_callbacks),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/callbacks/test", test_callback),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/callbacks/{callback}/retry", retry_callback),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/webhooks", show_webhooks),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/webhooks/new", show_new_webhook),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/webhooks/new", make_webhook),
    (Role.ACCOUNT, "GET", "/console/webhooks/{webhook}", show_webhook),
    (Role.ACCOUNT, "POST", "/console/webhooks/{webhook}/test", test_webhook),
    (Role.ACCOUNT, "POST", "/console/webhooks/{webhook}/enable", enable_webhook),
    (Role.ACCOUNT, "GET", "/console/webhooks/{webhook}/secret", ask_for_secret),
    (Role.ACCOUNT, "POST", "/console/webhooks/{webhook}/secret", renew_secret),
    (Role.ACCOUNT, "GET", "/console/webhooks/{webhook}/remove", ask_to_remove_webhook),
    (Role.ACCOUNT, "POST", "/console/webhooks/{webhook}/remove", remove_webhook),
    (Role.ACCOUNT, "GET", "/console/tokens", show_tokens),
    (Role.ACCOUNT, "GET", "/console/tokens/new", show_new_token),
    (Role.ACCOUNT, "POST", "/console/tokens/new", make_token),
    (Role.ACCOUNT, "GET", "/console/tokens/{access_token}/remove", tokens.ask_to_remove),
    (Role.ACCOUNT, "POST", "/console/tokens/{access_token}/remove", remove_token),
    # The console: topics
    (Role.ACCOUNT, "GET", "/console/topics", show_topics),
    (Role.ACCOUNT, "GET", "/console/topics/new", show_new_topic),
    (Role.ACCOUNT, "POST", "/console/topics/new", make_topic),
    (Role.ACCOUNT, "GET", "/console/topics/{topic}", show_topic),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}", edit_topic),
    (Role.ACCOUNT, "GET", "/console/topics/{topic}/poster", show_poster),
    (Role.ACCOUNT, "GET", "/console/topics/{topic}/code", ask_new_code),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/code", change_code),
    (Role.ACCOUNT, "GET", "/console/topics/{topic}/feed", ask_for_feed),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/feed", make_feed),
    (Role.ACCOUNT, "GET", "/console/topics/{topic}/feed/end", ask_to_end_feed),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/feed/end", end_feed),
    (Role.ACCOUNT, "GET", "/console/topics/{topic}/merge", ask_merge),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/merge", merge_topic),
    (Role.ACCOUNT, "GET", "/console/topics/{topic}/remove", ask_removal),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/remove", remove_topic),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/approve", approve_all),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/mirrors", add_mirror),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/mirrors/{mirror}/test", test_mirror),
    (Role.ACCOUNT, "POST", "/console/topics/{topic}/mirrors/{mirror}/remove", remove_mirror),
    # The console: subscribers
    (Role.ACCOUNT, "GET", "/console/subscribers", show_subscribers),
    (Role.ACCOUNT, "GET", "/console/apps/{app}/subscribers/{uid}", show_subscriber),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/subscribers/{uid}", set_remark),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/subscribers/{uid}/undo", undo_removal),
    (Role.ACCOUNT, "POST", "/console/apps/{app}/subscriptions/{subscription}", judge_subscription),
    # The console: messages, what waits, what was given up
    (Role.ACCOUNT, "GET", "/console/messages", show_messages),
    (Role.ACCOUNT, "GET", "/console/compose", show_compose),
    (Role.ACCOUNT, "POST", "/console/compose", compose),
    (Role.ACCOUNT, "GET", "/console/messages/{message}", show_log),
    (Role.ACCOUNT, "GET", "/console/messages/{message}/state", show_version),
    (Role.ACCOUNT, "GET", "/console/messages/{message}/delete", ask_to_delete),
    (Role.ACCOUNT, "POST", "/console/messages/{message}/delete", delete),
    (Role.ACCOUNT, "GET", "/console/messages/{message}/again", ask_to_send_again),
    (Role.ACCOUNT, "POST", "/console/messages/{message}/again", send_again),
    (Role.OPERATOR, "GET", "/console/outbox", show_outbox),
    (Role.OPERATOR, "POST", "/console/outbox/{entry}/try", try_again),
    (Role.OPERATOR, "GET", "/console/outbox/{entry}/drop", ask_to_drop),
    (Role.OPERATOR, "POST", "/console/outbox/{entry}/drop", drop),
    # The console: the server and its channels
    (Role.OPERATOR, "GET", "/console/server", show_server),
    # WeChat's own calls
    (Role.SIGNED, "GET", "/wechat", prove_callback),
    (Role.SIGNED, "POST", "/wechat", take_event),
    # Parametric QR codes and up-commands
    (Role.APP_TOKEN, "POST", "/api/fun/create/qrcode", create_code),
    (Role.OPEN, "GET", "/api/fun/scan-qrcode-uid", query_scan),
    (Role.OPEN, "GET", "/api/qrcode/{code}.jpg", show_picture),
    (Role.PUBLIC, "GET", "/q/{slug}/qr.{format:svg|png}", show_short_picture),
    (Role.PUBLIC, "GET", "/q/{slug}", show_scan),
    (Role.PUBLIC, "POST", "/q/{slug}", follow_scan),
    (Role.DEVICE, "POST", "/inbox/command", send_command),
    (Role.DEVICE, "GET", "/inbox/command", show_inbox),
    # ntfy's protocol, at the root, where its apps look, and below a name that meets no page of ours
    *((Role.NTFY, "GET", f"{at}{_TOPICS}/{{form:json|sse|raw|ws}}", subscribe) for at in ("", "/ntfy")),
    *((Role.NTFY, "GET", f"{at}{_TOPICS}/auth", check_access) for at in ("", "/ntfy")),
    *((Role.OPEN, "GET", f"{at}/v1/health", show_health) for at in ("", "/ntfy")),
    *((Role.NTFY, "GET", f"{at}/v1/account", show_ntfy_account) for at in ("", "/ntfy")),
    *((Role.NTFY, "POST", f"{at}/v1/account/token", give_token) for at in ("", "/ntfy")),
    *((Role.PUBLIC, "GET", f"{at}{_TOPIC}", show_nothing) for at in ("", "/ntfy")),
    *((Role.NTFY, method, path, publish_json) for method in ("POST", "PUT") for path in ("/", "/ntfy")),
    *((Role.NTFY, method, f"{at}{_TOPIC}", publish) for method in ("POST", "PUT") for at in ("", "/ntfy")),
    *((Role.NTFY, "GET", f"{at}{_TOPIC}/{{act:publish|send|trigger}}", publish) for at in ("", "/ntfy")),
    # Our own API: each with its scope, beside its function in `api/v1`
    *((Role.BEARER, each.method, f"{BASE}{each.path}", each.handle) for each in OPERATIONS),
    (Role.OPEN, "GET", "/api/v1/openapi.json", show_document),
    (Role.PUBLIC, "GET", "/docs", show_docs),
    # Files
    (Role.PUBLIC, "GET", "/manifest.webmanifest", show_manifest),
    (Role.PUBLIC, "GET", "/sw.js", show_worker),
    (Role.PUBLIC, "GET", "/static/{name}", serve_asset),
)

ROUTES = tuple(Route(role=role, method=method, path=path, handler=handler) for role, method, path, handler in _TABLE)
