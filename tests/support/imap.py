"""A mailbox that speaks as much IMAP as is asked of it here, over real sockets."""

import re
import socketserver
import threading


class Mailbox:
    """`mails` by number; `seen` and `flagged` are those that were marked so; `fails` is refused, a
    command."""

    def __init__(self, password="secret"):
        self.mails, self.seen, self.flagged, self.asked = {}, set(), set(), []
        self.password, self.fails = password, ""
        mailbox = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                mailbox._talk(self.rfile, self.wfile)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        port = self._server.server_address[1]
        return f"imap://bounces%40example.com:{self.password}@127.0.0.1:{port}/Returned"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def add(self, content):
        self.mails[len(self.mails) + 1] = content

    def _talk(self, lines, out):
        out.write(b"* OK ready\r\n")
        for line in lines:
            tag, _space, rest = line.decode().strip().partition(" ")
            self.asked.append(rest)
            word = rest.upper()
            if self.fails and self.fails in word:
                out.write(f"{tag} NO refused\r\n".encode())
                continue
            for said in self._answer(word, rest):
                out.write(said)
            out.write(f"{tag} OK done\r\n".encode())
            if word.startswith("LOGOUT"):
                return

    def _fits(self, number, criteria):
        """Whether a mail is found."""
        if "UNSEEN" in criteria and number in self.seen:
            return False
        if "UNFLAGGED" in criteria and number in self.flagged:
            return False
        return "HEADER" not in criteria or b"multipart/report" in self.mails[number]

    def _heads(self, numbers):
        """The first lines of some mails; the number behind them, as some servers have it."""
        for number in numbers:
            head = self.mails[number].replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
            yield f"* {number} FETCH (BODY[HEADER.FIELDS (TO)] {{{len(head)}}}\r\n".encode()
            yield head
            yield f" UID {number})\r\n".encode()

    def _answer(self, word, rest):
        if word.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif word.startswith("SELECT"):
            yield f"* {len(self.mails)} EXISTS\r\n".encode()
        elif word.startswith("UID SEARCH"):
            found = [number for number in self.mails if self._fits(number, word)]
            yield f"* SEARCH {' '.join(map(str, found))}\r\n".encode()
        elif word.startswith("UID FETCH") and "HEADER.FIELDS" in word:
            yield from self._heads(map(int, word.split()[2].split(",")))
        elif word.startswith("UID FETCH"):
            number = int(re.search(r"FETCH (\d+)", word)[1])
            content = self.mails[number][: int(re.search(r"<0\.(\d+)>", word)[1])]
            yield f"* {number} FETCH (UID {number} BODY[]<0> {{{len(content)}}}\r\n".encode()
            yield content
            yield b")\r\n"
        elif word.startswith("UID STORE"):
            number = int(re.search(r"STORE (\d+)", word)[1])
            self.seen |= {number} if r"\SEEN" in word else set()
            self.flagged |= {number} if r"\FLAGGED" in word else set()
            yield b""
        elif word.startswith("LOGIN"):
            assert self.password in rest
            yield b""
