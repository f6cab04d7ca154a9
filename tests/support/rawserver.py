"""A server of raw bytes on loopback: it can do to a client what no proper server would."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.base.http import Effect, Http

KEY = 'k3y/with+signs=and"quote'
Handler = Callable[[socket.socket, bytes], None]


class RawServer:
    """Hands each request to `handler` and keeps it; the connection is closed afterwards."""

    def __init__(self, handler: Handler, tls: ssl.SSLContext | None = None) -> None:
        self.handler = handler
        self.requests: list[bytes] = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                connection.settimeout(2)
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                request = _read_request(connection)
                self.requests.append(request)
                self.handler(connection, request)
                connection.close()


def _read_request(connection: socket.socket) -> bytes:
    """A request with its body, by Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def says(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> Handler:
    """A handler that answers once; `length` lies about the size."""

    def handler(connection: socket.socket, request: bytes) -> None:
        size = len(body) if length is None else length
        head = [f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close", *headers]
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    return handler


@contextmanager
def raw_server(handler: Handler, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    server = RawServer(handler, tls)
    try:
        yield server
    finally:
        server.stop()


def self_signed(folder: Path) -> tuple[ssl.SSLContext, str]:
    """(a server's context, the path of its certificate) for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert_path, key_path)
    return context, str(cert_path)


def ask(url: str, effect: Effect = Effect.READ, **send: Any) -> Any:
    """One JSON call with a key that is hard to hide."""
    http = Http("Example", url, headers={"X-Api-Key": KEY}, secrets=(KEY,))
    try:
        method = "GET" if effect is Effect.READ else "POST"
        return http.json(effect, method, "/thing", "try", **send)
    finally:
        http.close()


def ask_of(handler: Handler, effect: Effect = Effect.READ, **send: Any) -> Any:
    """The same, of a server that answers so."""
    with raw_server(handler) as server:
        return ask(server.url, effect, **send)
