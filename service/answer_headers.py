"""Headers that every answer has: the plugins send them, and nginx, which keeps none of them in its cache."""

# What no page here needs, of the features that browsers of today know by these names.
REFUSED_FEATURES = [
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
]  # fmt: skip
FOR_BROWSERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in REFUSED_FEATURES),
}
FOR_SCRIPTS_OF_OTHERS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Content-Type, If-None-Match, Mcp-Protocol-Version",
    "access-control-expose-headers": "ETag, Link",
    "access-control-max-age": "3600",
}
