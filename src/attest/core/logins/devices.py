"""What browsers say of themselves, as a person would put it: "Chrome on Windows"."""

# Most browsers also carry the names of those they grew from: the particular ones stand first.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
PHONES = ("iPhone", "Android")


def device_name(user_agent: str) -> str:
    """Browser and system, or what is known of them; "Unknown device" for neither."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return " on ".join(filter(None, (browser, system))) or "Unknown device"


def is_phone(user_agent: str) -> bool:
    """Whether it is something to hold in a hand."""
    return any(sign in user_agent for sign in PHONES)
