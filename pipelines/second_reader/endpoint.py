"""One question over the OpenAI chat API: any server that speaks it, within one time limit.

What a server says when it fails is not repeated: it may hold the key, or words of the press.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from urllib.parse import urlsplit

import httpx

from pipelines.config import SecondReader
from pipelines.second_reader.question import RESPONSE_FORMAT
from pipelines.shapes import Json

#: Most bytes of an answer that are read: a quote and eight short fields are some 600.
ANSWER_BYTES = 64 * 1024
HINTS = {
    400: "perhaps the model does not take response_format json_schema",
    401: "check api_key",
    403: "check api_key",
    404: "check model, and url: the base address, as in http://127.0.0.1:11434/v1",
    429: "too many questions, or no credit left",
}


class FailedError(Exception):
    """The endpoint did not answer; the next question would fare the same."""


class UnusableError(Exception):
    """What it answered is no answer of this API."""


def ask(reader: SecondReader, key: str | None, messages: list[Json]) -> str:
    """The model's answer. Raises FailedError and UnusableError, without secrets."""
    body = {"model": reader.model, "messages": messages, "response_format": RESPONSE_FORMAT}
    host = urlsplit(reader.url).hostname
    try:
        content = asyncio.run(_post(reader, key, json.dumps(body).encode()))
    except (TimeoutError, httpx.TimeoutException):
        raise FailedError(f"{host} did not answer within {reader.timeout_seconds} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        # the text of these errors may hold the address
        raise FailedError(f"{host} cannot be asked ({type(error).__name__})") from None
    return _answer(content)


async def _post(reader: SecondReader, key: str | None, body: bytes) -> bytes:
    url = httpx.URL(reader.url)
    url = url.copy_with(path=f"{url.path.rstrip('/')}/chat/completions")
    headers = {"Content-Type": "application/json", "User-Agent": "veille"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    limit = reader.timeout_seconds
    # one limit for the whole: httpx's own start anew with every byte
    async with (
        asyncio.timeout(limit),
        # proxies and .netrc of the environment are not asked, redirects not followed
        httpx.AsyncClient(
            timeout=limit, trust_env=False, verify=ssl.create_default_context()
        ) as client,
        client.stream("POST", url, content=body, headers=headers) as response,
    ):
        if response.status_code != httpx.codes.OK:
            hint = HINTS.get(response.status_code, "it moved" if response.is_redirect else "")
            told = f"{url.host} answered {response.status_code}"
            raise FailedError(f"{told}; {hint}" if hint else told)
        content = b""
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > ANSWER_BYTES:
                raise UnusableError("the answer is too long")
        return content


def _answer(content: bytes) -> str:
    try:
        found = json.loads(content)["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise UnusableError("no answer of the chat API") from None
    if not isinstance(found, str):
        raise UnusableError("the model gave no text")
    return found
