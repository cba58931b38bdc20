"""Every route of the server. A route without a row here does not exist."""

from __future__ import annotations

from watcher.web.api.codes import create_code, query_scan, show_picture, show_short_picture
from watcher.web.api.health import healthz
from watcher.web.api.inbox import list_inbox
from watcher.web.api.qr import show_qr
from watcher.web.api.send import delete_message, query_status, send_from_body, send_from_query
from watcher.web.api.simple import push_from_body, push_from_path
from watcher.web.api.users import list_users, list_users_v1, query_pay_end_time, reject_user, remove_user
from watcher.web.api.v1.docs import show_docs, show_document
from watcher.web.api.v1.operation import BASE
from watcher.web.api.v1.operations import OPERATIONS
from watcher.web.assets import serve_asset
from watcher.web.guard import Handler, Role, Route
from watcher.web.pages.follow import follow_target, leave_target, show_target
from watcher.web.pages.inbox import home, note_shown, send_command, show_inbox, stream_inbox
from watcher.web.pages.message import show_message
from watcher.web.pages.scan import follow_scan, show_scan
from watcher.web.pages.subscriptions import (
    mute_all,
    mute_target,
    show_subscriptions,
    unmute_all,
    unmute_target,
)
from watcher.web.pages.trial import begin_trial, show_trial, show_trial_start

_TABLE: tuple[tuple[Role, str, str, Handler], ...] = (
    # WxPusher's API
    (Role.APP_TOKEN, "POST", "/api/send/message", send_from_body),
    (Role.APP_TOKEN, "GET", "/api/send/message", send_from_query),
    (Role.APP_TOKEN, "DELETE", "/api/send/message", delete_message),
    (Role.SPT, "POST", "/api/send/message/simple-push", push_from_body),
    (Role.SPT, "GET", "/api/send/message/{spt:SPT_[^/]*}/{content:.+}", push_from_path),
    (Role.PUBLIC, "GET", "/api/send/query/status", query_status),
    (Role.PUBLIC, "GET", "/api/send/query/{send_record_id}", query_status),
    (Role.APP_TOKEN, "GET", "/api/fun/wxuser/v2", list_users),
    (Role.APP_TOKEN, "GET", "/api/fun/wxuser", list_users_v1),
    (Role.APP_TOKEN, "DELETE", "/api/fun/remove", remove_user),
    (Role.APP_TOKEN, "PUT", "/api/fun/reject", reject_user),
    (Role.PUBLIC, "GET", "/api/product/query-pay-end-time", query_pay_end_time),
    # Our API
    (Role.DEVICE, "GET", "/api/v1/inbox", list_inbox),
    (Role.PUBLIC, "GET", "/healthz", healthz),
    # Pages
    (Role.PUBLIC, "GET", "/", home),
    (Role.PUBLIC, "GET", "/{kind:t|a}/{slug}", show_target),
    (Role.PUBLIC, "POST", "/{kind:t|a}/{slug}", follow_target),
    (Role.PUBLIC, "POST", "/{kind:t|a}/{slug}/leave", leave_target),
    (Role.PUBLIC, "GET", "/{kind:t|a}/{slug}/qr.{format:svg|png}", show_qr),
    (Role.PUBLIC, "GET", "/m/{slug}", show_message),
    (Role.PUBLIC, "GET", "/api/message/{slug}", show_message),
    (Role.DEVICE, "GET", "/inbox", show_inbox),
    (Role.DEVICE, "GET", "/inbox/events", stream_inbox),
    (Role.DEVICE, "POST", "/inbox/shown", note_shown),
    (Role.DEVICE, "GET", "/subscriptions", show_subscriptions),
    (Role.DEVICE, "POST", "/subscriptions/mute", mute_all),
    (Role.DEVICE, "POST", "/subscriptions/unmute", unmute_all),
    (Role.DEVICE, "POST", "/{kind:t|a}/{slug}/mute", mute_target),
    (Role.DEVICE, "POST", "/{kind:t|a}/{slug}/unmute", unmute_target),
    (Role.PUBLIC, "GET", "/try", show_trial_start),
    (Role.PUBLIC, "POST", "/try", begin_trial),
    (Role.PUBLIC, "GET", "/try/{code}", show_trial),
    # Parametric QR codes and up-commands
    (Role.APP_TOKEN, "POST", "/api/fun/create/qrcode", create_code),
    (Role.PUBLIC, "GET", "/api/fun/scan-qrcode-uid", query_scan),
    (Role.PUBLIC, "GET", "/api/qrcode/{code}.jpg", show_picture),
    (Role.PUBLIC, "GET", "/q/{slug}/qr.{format:svg|png}", show_short_picture),
    (Role.PUBLIC, "GET", "/q/{slug}", show_scan),
    (Role.PUBLIC, "POST", "/q/{slug}", follow_scan),
    (Role.DEVICE, "POST", "/inbox/command", send_command),
    (Role.DEVICE, "GET", "/inbox/command", show_inbox),
    # Our own API: each with its scope, in `api/v1/operations.py`
    *((Role.BEARER, each.method, f"{BASE}{each.path}", each.handle) for each in OPERATIONS),
    (Role.PUBLIC, "GET", "/api/v1/openapi.json", show_document),
    (Role.PUBLIC, "GET", "/docs", show_docs),
    # Files
    (Role.PUBLIC, "GET", "/static/{name}", serve_asset),
)

ROUTES = tuple(Route(role=role, method=method, path=path, handler=handler) for role, method, path, handler in _TABLE)
