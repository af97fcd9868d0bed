"""A real SMTP server on loopback that counts what it took, and misbehaves when told to."""

import socket
import threading
import time
from collections import Counter
from email import message_from_bytes
from email.message import Message


class MailSink:
    """Takes every message and keeps it.

    `replies` gives the answer to RCPT by the local part of the address ("550 no", "450 later"),
    `sender_reply` that to MAIL. `hangs_after` says nothing more once it took so many messages.
    `hangs_after_data` says nothing after the message until the other side gives up; `hangs`
    does not even greet. `slow` waits before it confirms, with the message taken.
    """

    def __init__(
        self,
        *,
        replies: dict[str, str] | None = None,
        sender_reply: str = "250 ok",
        hangs_after: float = float("inf"),
        hangs: bool = False,
        hangs_after_data: bool = False,
        slow: float = 0.0,
    ) -> None:
        self.replies = replies or {}
        self.sender_reply, self.hangs_after = sender_reply, hangs_after
        self.hangs, self.hangs_after_data, self.slow = hangs, hangs_after_data, slow
        self.taken: list[tuple[str, Message]] = []
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = self._socket.getsockname()[1]

    def __enter__(self) -> "MailSink":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # A thread that waits in accept() would keep a socket that is merely closed listening.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    @property
    def will_hang(self) -> bool:
        return self.hangs or self.hangs_after_data or self.hangs_after < float("inf")

    @property
    def by_address(self) -> Counter[str]:
        with self._lock:
            return Counter(address for address, _ in self.taken)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._session, args=(connection,), daemon=True).start()

    def _session(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rwb") as stream:
                self._talk(stream)
        except OSError:
            return

    def _talk(self, stream) -> None:
        def say(line: str) -> None:
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        if self.hangs:
            stream.readline()
            return
        say("220 sink")
        to = ""
        while line := stream.readline():
            verb = line[:4].upper()
            if len(self.taken) >= self.hangs_after:
                stream.readline()
                return
            if verb == b"MAIL":
                say(self.sender_reply)
            elif verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                say(self.replies.get(to.partition("@")[0], "250 ok"))
            elif verb == b"DATA":
                say("354 go on")
                self._take(stream, to)
                if self.hangs_after_data:
                    stream.readline()
                    return
                time.sleep(self.slow)
                say("250 taken")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def _take(self, stream, to: str) -> None:
        lines = []
        while (line := stream.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        with self._lock:
            self.taken.append((to, message_from_bytes(b"".join(lines))))
