"""What people would call the device behind a user agent."""

from flask_babel import gettext as _

WECHAT = 'WeChat'
# The first that is found names it; Edge and WeChat call themselves Chrome or Safari as well.
BROWSERS = (
    ('MicroMessenger', WECHAT), ('Edg', 'Edge'), ('Firefox', 'Firefox'), ('HuaweiBrowser', 'Huawei'),
    ('Quark', 'Quark'),    ('UCBrowser', 'UC'), ('Chrome', 'Chrome'), ('CriOS', 'Chrome'), ('Safari', 'Safari'),
)  # fmt: skip
SYSTEMS = (
    ('iPhone', 'iPhone'), ('iPad', 'iPad'), ('HarmonyOS', 'HarmonyOS'), ('Android', 'Android'), ('Windows', 'Windows'),
    ('Mac OS', 'Mac'), ('Linux', 'Linux'),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    """Return browser and system, as ``Chrome · Android``; what is not known says so."""
    found = [next((name for sign, name in known if sign in user_agent), '') for known in (BROWSERS, SYSTEMS)]
    if found[0] == WECHAT:
        found[0] = _('微信')
    return ' · '.join(name for name in found if name) or str(_('未知设备'))
