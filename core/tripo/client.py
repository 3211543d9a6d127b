"""The client of Tripo's API: one method for each thing asked, typed in and out, both versions alike.

It never sleeps and never repeats a request: waiting and trying again belong to task rows and ticks. It may be used
from many threads at once.
"""

from __future__ import annotations

import json
import logging
import math
import ssl
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache, partial
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode

import httpx

from core.errors import ReadFailedError, RejectedError, TripoError
from core.tripo import answers, verdict
from core.tripo.addresses import base_is_loopback, checked_base, default_base, default_file_hosts
from core.tripo.catalog import BATCH_MOST, DIRECT_UPLOAD_BYTES_MOST, USAGE_PAGE_MOST, Version
from core.tripo.connections import KeptConnections, Reply, leads_directly
from core.tripo.echo import Likeness, likeness
from core.tripo.envelope import Answer, answer_from
from core.tripo.files import FileFetcher, Sink
from core.tripo.images import IMAGE_CURE, UnfitImageError, checked_image
from core.tripo.keys import check_key_fits, clean_key
from core.tripo.messages import Balance, Created, Download, ProviderTask, ReadMany, Request, UsageRow
from core.tripo.said import said
from core.tripo.sending import TimedFile, put_file
from core.tripo.verdict import AnswerTooLongError, Purpose
from core.tripo.wire import Attachment, Call, Wire
from core.tripo.wire_v2 import WireV2
from core.tripo.wire_v3 import WireV3

_log = logging.getLogger("hatchery.tripo")

# httpx and its transport log whole addresses, and signed links are among them.
for _chatty in ("httpx", "httpcore"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)

_WIRES: dict[Version, Wire] = {"v2": WireV2(), "v3": WireV3()}

_BATCH_PAUSE_SECONDS = 600.0  # a gateway without the route may be mended

_T = TypeVar("_T")
ValueOf = Callable[[object, Answer], _T]  # from the data of an answer, and the answer itself


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each part of a request may take; `answer_seconds` is for an answer of the API as a whole.

    `read_seconds` is for the next part of an answer, and for the whole answer to a read. `upload_seconds` is for a
    file and its answer.
    """

    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    write_seconds: float = 30.0
    pool_seconds: float = 5.0
    answer_seconds: float = 60.0
    upload_seconds: float = 75.0  # less than the time for which a claim to send is held


class TripoClient:
    """Speaks one version of Tripo's API with one key.

    `file_hosts` are the host suffixes from which files may be fetched, empty for Tripo's own. A given `http` is
    used for the API and left open at the end; files always go through a client of their own, which knows no key.
    Raises SettingsError for a key or an address that cannot be right.
    """

    def __init__(
        self,
        key: str,
        *,
        version: Version = "v3",
        base_url: str = "",
        file_hosts: Sequence[str] = (),
        http: httpx.Client | None = None,
        timeouts: Timeouts | None = None,
        answer_bytes_most: int = 16 * 1024**2,
        direct_upload_bytes_most: int = DIRECT_UPLOAD_BYTES_MOST,
        batch_reads: bool = True,
    ) -> None:
        self._key = clean_key(key)
        self._wire = _WIRES[version]
        self._base = checked_base(base_url or default_base(version))
        check_key_fits(self._key, self._base)
        self._timeouts = timeouts or Timeouts()
        self._answer_bytes_most = answer_bytes_most
        self._direct_upload_bytes_most = direct_upload_bytes_most
        self._headers = (
            f"Authorization: Bearer {self._key}",
            "User-Agent: hatchery",
        )
        self._quiet_until = 0.0
        self._no_batch_until = 0.0 if batch_reads else math.inf
        self._is_local = local = base_is_loopback(self._base)
        self._creates = _new_http(self._timeouts, local, keep_alive=False)
        self._keyless = _new_http(self._timeouts, local)
        self._reads = _for_reads(self._base, self._timeouts, answer_bytes_most, local)
        self._owned = (self._creates, self._keyless, self._reads)
        if http is not None:
            self._reads = self._creates = http
        self._files = FileFetcher(
            self._keyless, tuple(file_hosts) or default_file_hosts(), from_loopback=local
        )

    def __repr__(self) -> str:
        return f"TripoClient({self.version}, {self._base})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        for http in self._owned:
            http.close()

    @property
    def version(self) -> Version:
        """The version of the API that is spoken."""
        return self._wire.version

    @property
    def is_local(self) -> bool:
        """Whether it speaks to this machine: to a sandbox, not to Tripo."""
        return self._is_local

    @property
    def reads_many(self) -> bool:
        """Whether one request may ask about many tasks; not where that is switched off or was not found lately."""
        return time.monotonic() >= self._no_batch_until

    @property
    def quiet_for_seconds(self) -> float:
        """How long no request may be sent, since the provider said that the allowance is used up; 0 for none."""
        return max(self._quiet_until - time.monotonic(), 0.0)

    @property
    def has_usage(self) -> bool:
        """Whether the account's history can be read, and a lost create be looked for in it."""
        return self._wire.usage(1, 0) is not None

    def create(self, request: Request) -> Created:
        """Order a task. Costs credits; never repeat it after OutcomeUnknownError.

        Raises NothingHappenedError (Busy, Unreachable, KeyRefused, WalletEmpty), RejectedError, OutcomeUnknownError.
        """
        call = self._wire.create(request)
        created = self._ask(self._creates, call, verdict.CREATE, partial(_created, call))
        _log.info("created task %s, trace %s", created.task_id, created.trace_id)
        return created

    def upload(self, name: str, content: bytes, media_type: str) -> str:
        """Upload an image and return its token, which lives about a day and belongs to this key.

        What is too large for the direct way goes through a presigned link, where the version has one. Raises
        RejectedError, unsent, for what Tripo does not take, and NothingHappenedError for all that may pass.
        """
        _refuse_unfit(content, media_type)
        if len(content) > self._direct_upload_bytes_most:
            call = self._wire.presign(media_type.removeprefix("image/"))
            if call is not None:
                return self._upload_to_link(call, content, media_type)
        call = self._wire.upload(Attachment(name, content, media_type))
        return self._ask(self._creates, call, verdict.UPLOAD, lambda data, _: answers.upload_token_from(data))

    def _upload_to_link(self, call: Call, content: bytes, media_type: str) -> str:
        place = self._ask(
            self._creates, call, verdict.UPLOAD, lambda data, _: answers.upload_place_from(data)
        )
        put_file(
            self._keyless,
            place.url,
            content,
            media_type,
            seconds_most=self._timeouts.upload_seconds,
            to_loopback=self._is_local,
        )
        return place.token

    def read(self, task_id: str) -> ProviderTask:
        """Ask for one task. Raises ReadFailedError, Busy, KeyRefused, Unreachable or TaskGoneError."""
        return self._read(
            self._wire.read(task_id),
            lambda data, answer: answers.task_from(data, self._wire.model_keys, task_id, answer.trace_id),
        )

    @property
    def reads_at_once(self) -> bool:
        """Whether `read_each` has several requests under way at one time; not through a proxy."""
        return isinstance(self._reads, KeptConnections)

    def read_each(
        self, task_ids: Sequence[str], at_once: int, goes_on: Callable[[], bool]
    ) -> Generator[tuple[int, ProviderTask | TripoError] | None, None, None]:
        """Ask for each of these with a request of its own, so many at one time, and yield each answer as it comes.

        It comes with its number among the ids; what `read` would raise is yielded in its place. None is yielded when
        no answer has come for a moment. A request is sent only if `goes_on` says so.
        """
        if isinstance(self._reads, KeptConnections):
            calls = [self._wire.read(task_id) for task_id in task_ids]
            paths = [_target(call) for call in calls]
            with closing(self._reads.ask_each(paths, self._headers, at_once, goes_on)) as replies:
                for found in replies:
                    if found is None:
                        yield None
                    else:
                        n, reply = found
                        yield n, self._read_as(calls[n], task_ids[n], reply)
            return
        for n, task_id in enumerate(task_ids):
            if not goes_on():
                return
            try:
                yield n, self.read(task_id)
            except TripoError as error:
                yield n, error

    def _read_as(self, call: Call, task_id: str, reply: Reply | Exception) -> ProviderTask | TripoError:
        """What the answer to a read, or the lack of one, says of a task."""
        try:
            return self._judged(
                call,
                verdict.READ,
                lambda data, answer: answers.task_from(data, self._wire.model_keys, task_id, answer.trace_id),
                lambda: self._answer_in(reply),
            )
        except TripoError as error:
            return error

    def _answer_in(self, reply: Reply | Exception) -> Answer:
        if isinstance(reply, Exception):
            raise reply
        return self._heeded(answer_from(*reply))

    def read_many(self, task_ids: Sequence[str]) -> ReadMany:
        """Ask for up to 100 tasks with one request. Raises as `read` does, and ValueError for more than 100.

        Where there is no such route it raises ReadFailedError, and `reads_many` is false for a while.
        """
        asked = tuple(dict.fromkeys(task_ids))
        if len(asked) > BATCH_MOST:
            raise ValueError(f"{len(asked)} task ids in one batch; {BATCH_MOST} is the most")
        if not asked:
            return ReadMany(tasks={})
        try:
            return self._read(
                self._wire.read_many(asked),
                lambda data, answer: answers.many_from(data, self._wire.model_keys, asked, answer.trace_id),
            )
        except ReadFailedError as error:
            if error.http_status in (404, 405):
                self._no_batch_until = time.monotonic() + _BATCH_PAUSE_SECONDS
            raise

    def balance(self) -> Balance:
        """Ask for the account's credits. Raises as `read` does."""
        return self._read(self._wire.balance(), lambda data, _: answers.balance_from(data))

    def usage(self, limit: int = 50, offset: int = 0) -> tuple[UsageRow, ...]:
        """A page of the account's history, newest first. Raises as `read` does.

        Raises RejectedError where the version has no history (see `has_usage`), ValueError for a senseless page.
        """
        if not 1 <= limit <= USAGE_PAGE_MOST or offset < 0:
            raise ValueError(
                f"a page is 1 to {USAGE_PAGE_MOST} rows from row 0 on, not {limit} from {offset}"
            )
        call = self._wire.usage(limit, offset)
        if call is None:
            raise RejectedError(
                f"Version {self.version[1:]} of Tripo's API has no account history.",
                suggestion="Look into the task history in Tripo's console.",
                code="usage_not_offered",
            )
        return self._read(call, lambda data, _: answers.usage_from(data))

    def likeness(self, request: Request, theirs: ProviderTask) -> Likeness:
        """Say whether a task is what this request would make; nothing is asked.

        Raises RejectedError for a request that this version cannot send, ValueError for one whose image has no name
        at the provider yet.
        """
        return likeness(request, self._wire.create(request).body or {}, theirs)

    def download(self, url: str, sink: Sink) -> Download:
        """Fetch a file through its signed link and hand it to `sink` (for example `file.write`) piece by piece.

        Raises RejectedError `file_host_refused`, LinkDeadError, FileDamagedError or ReadFailedError.
        """
        return self._files.fetch(url, sink)

    def _read(self, call: Call, value_of: ValueOf[_T]) -> _T:
        return self._ask(self._reads, call, verdict.READ, value_of)

    def _ask(
        self, http: httpx.Client | KeptConnections, call: Call, purpose: Purpose, value_of: ValueOf[_T]
    ) -> _T:
        """Send, judge, read: the value in the answer, or a typed error that is logged."""
        return self._judged(call, purpose, value_of, lambda: self._send(http, call))

    def _judged(
        self, call: Call, purpose: Purpose, value_of: ValueOf[_T], answer_of: Callable[[], Answer]
    ) -> _T:
        try:
            answer = answer_of()
        except (httpx.HTTPError, httpx.StreamError, AnswerTooLongError) as error:
            raise self._noted(call, purpose.no_answer(error), error) from error
        try:
            value = value_of(purpose.data_of(answer, self._wire.codes), answer)
        except answers.OddShapeError as error:
            raise self._noted(call, purpose.odd_answer(answer), error, answer) from error
        except TripoError as error:
            raise self._noted(call, error, answer=answer) from None
        _log.debug("%s %s: HTTP %s, trace %s", call.method, call.path, answer.http_status, answer.trace_id)
        return value

    def _noted(
        self, call: Call, error: TripoError, cause: Exception | None = None, answer: Answer | None = None
    ) -> TripoError:
        error.said = said(call, answer)
        _log.info(
            "%s %s: %s (HTTP %s, code %s, trace %s%s)",
            call.method,
            call.path,
            error.code,
            error.http_status,
            error.provider_code,
            error.trace_id,
            f", {type(cause).__name__}" if cause else "",
        )
        return error

    def _send(self, http: httpx.Client | KeptConnections, call: Call) -> Answer:
        """Send one request, once, and read its answer to the end, within bounds of size and time."""
        if isinstance(http, KeptConnections):
            typed = ("Content-Type: application/json",) if call.body is not None else ()
            return self._heeded(answer_from(*http.ask(_target(call), self._headers + typed, _json(call))))
        return self._heeded(self._send_by_httpx(http, call))

    def _heeded(self, answer: Answer) -> Answer:
        """Keep in mind what an answer says about further requests."""
        if answer.quiet_seconds is not None:
            self._quiet_until = time.monotonic() + answer.quiet_seconds
        return answer

    def _send_by_httpx(self, http: httpx.Client, call: Call) -> Answer:
        seconds = self._timeouts.upload_seconds if call.file else self._timeouts.answer_seconds
        deadline = time.monotonic() + seconds
        headers = {"Authorization": f"Bearer {self._key}"}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        request = http.build_request(
            call.method,
            self._base + _target(call),
            content=_json(call),
            files=_multipart(call.file, deadline) if call.file else None,
            headers=headers,
        )
        with closing(http.send(request, stream=True, follow_redirects=False)) as response:
            content = self._all_of(response.iter_bytes(), deadline)
            return answer_from(response.status_code, response.headers, content)

    def _all_of(self, pieces: Iterable[bytes], deadline: float) -> bytes:
        content = bytearray()
        for piece in pieces:
            content += piece
            if len(content) > self._answer_bytes_most or time.monotonic() > deadline:
                raise AnswerTooLongError
        return bytes(content)


def _created(call: Call, data: object, answer: Answer) -> Created:
    return Created(
        task_id=answers.new_id_from(data),
        trace_id=answer.trace_id,
        slots_left=answer.slots_left,
        said=said(call, answer),
    )


def _refuse_unfit(content: bytes, media_type: str) -> None:
    try:
        found = checked_image(content).media_type
    except UnfitImageError as error:
        raise RejectedError(str(error), suggestion=IMAGE_CURE, code=error.code) from None
    if found != media_type:
        raise ValueError(f"the image is {found}, not {media_type}")


def _target(call: Call) -> str:
    return f"{call.path}?{urlencode(call.query)}" if call.query else call.path


def _json(call: Call) -> bytes | None:
    return json.dumps(call.body).encode() if call.body is not None else None


def _multipart(file: Attachment, deadline: float) -> dict[str, tuple[str, TimedFile, str]]:
    return {"file": (file.name, TimedFile(file.content, deadline), file.media_type)}


def _new_http(timeouts: Timeouts, local: bool, *, keep_alive: bool = True) -> httpx.Client:
    """An HTTP client. A create gets a fresh connection: on a kept one that the server is just closing, nobody
    could say whether the order arrived."""
    return httpx.Client(
        timeout=_httpx_timeout(timeouts),
        limits=httpx.Limits(max_keepalive_connections=20 if keep_alive else 0),
        verify=_certificates(),
        trust_env=not local,  # a proxy has no way to this machine's own loopback
        headers={"User-Agent": "hatchery"},
    )


def _for_reads(base: str, timeouts: Timeouts, bytes_most: int, local: bool) -> httpx.Client | KeptConnections:
    """Reads are many: they get the lightest way, unless they must go through a proxy, which httpx knows to do."""
    if local or leads_directly():
        return KeptConnections(
            base,
            connect_seconds=timeouts.connect_seconds,
            answer_seconds=min(timeouts.read_seconds, timeouts.answer_seconds),
            bytes_most=bytes_most,
        )
    return _new_http(timeouts, local)


def _httpx_timeout(timeouts: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(
        connect=timeouts.connect_seconds,
        read=timeouts.read_seconds,
        write=timeouts.write_seconds,
        pool=timeouts.pool_seconds,
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Loaded once: it takes longer than a request."""
    return httpx.create_ssl_context()
