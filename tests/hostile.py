"""What pages have been seen to put, or might put, into a title or a sentence."""

from __future__ import annotations

HOSTILE = {
    "header injection": "titre\r\nBcc: tous@example.org\r\n\r\nCorps",
    "bare line feed": "titre\nSubject: autre",
    "bare carriage return": "titre\rX-Autre: 1",
    "NUL": "avant\x00après",
    "line separators": "un\u2028deux\u2029trois\x85quatre",
    "escape sequences": "\x1b[2J\x1b]0;titre\x07\x9b31mrouge",
    "Slack mention": "<!channel> <!here> <@U0123> <#C0123>",
    "Slack link": "<https://evil.example|cliquez ici> <mailto:a@b.example|moi>",
    "Slack markup": "*gras* _ital_ ~barré~ `code` ```bloc``` > cité",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "template": "{{ 7 * 7 }} {% for x in y %} ${7*7} %s %(a)s {0}",
    "formula": '=HYPERLINK("https://evil.example";"Gagnez")',
    "right to left": "\u202ecod.exe\u202c \u2066isolé\u2069 \u200fmarque",
    "invisible": "a\u200bb\ufeffc\u2060d\U000e0041e",
    "long word": "a" * 10_000,
    "long text": "mot " * 2_500,
    "lone surrogates": "haut \ud83d bas \ude00",
    "emoji": "🚀 👩‍👩‍👧‍👦 🇫🇷",
    "combining marks": "Z" + "\u0301" * 500,
    "entities": "&lt;b&gt; &amp; &#x3c;script&#x3e; &amp;lt;",
    "percent": "100 % de %0d%0aSet-Cookie: a=b",
    "SMTP end of text": "ligne\r\n.\r\nMAIL FROM:<a@b.example>",
    "boundary": "--===============0000000000==\r\nContent-Type: text/html",
    "encoded word": "=?utf-8?q?=0D=0ABcc=3A_a=40b=2Eexample?=",
    "only spaces": " \t\r\n ",
    "nothing": "",
}
#: Addresses that a page might give for itself.
ADDRESSES = (
    "javascript:alert(1)",
    "https://a.example/\r\nBcc: x@example.org",
    'https://a.example/"><script>alert(1)</script>',
    "https://a.example/|autre>",
    "https://a.example/" + "x" * 5_000,
    "https://\ud800.example/",
    "http://[::1",
    "data:text/html,<script>alert(1)</script>",
    "//a.example/sans",
    "",
)
