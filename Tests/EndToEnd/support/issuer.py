"""An OpenID Connect issuer on the loopback interface: discovery, keys, authorization codes with PKCE, tokens."""

import base64
import hashlib
import json
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, CLIENT_SECRET, AUDIENCE = "board", "only-for-this-test", "dutyclock"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*words, stdin: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, input=stdin).stdout


class Key:
    """An RSA key; openssl signs, so that nothing is shared with what checks the signature."""

    def __init__(self, folder: Path, name: str):
        self.name = name
        self.file = folder / f"{name}.pem"
        openssl("genrsa", "-out", self.file, 2048)
        modulus = openssl("rsa", "-in", self.file, "-noout", "-modulus").decode().strip().split("=")[1]
        self.jwk = {"kty": "RSA", "use": "sig", "kid": name, "n": encoded(bytes.fromhex(modulus)), "e": "AQAB"}

    def sign(self, claims: dict) -> str:
        head = {"alg": "RS256", "typ": "JWT", "kid": self.name}
        text = encoded(json.dumps(head).encode()) + "." + encoded(json.dumps(claims).encode())
        return text + "." + encoded(openssl("dgst", "-sha256", "-sign", self.file, stdin=text.encode()))


class Issuer:
    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.key = Key(folder, "first")
        self.person = {"sub": "u-17", "name": "司徒静澜", "groups": ["supervisors"]}
        self.codes: dict[str, dict] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.get(self)

            def do_POST(self):
                issuer.post(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def rotate(self, name: str):
        self.key = Key(self.folder, name)

    def token(self, **claims) -> str:
        now = int(time.time())
        return self.key.sign({"iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + 600} | self.person | claims)

    # What it answers.

    def get(self, handler):
        address = urlsplit(handler.path)
        if address.path == "/realm/.well-known/openid-configuration":
            places = {"jwks_uri": "keys", "authorization_endpoint": "authorize", "token_endpoint": "token"}
            return self.answer(handler, {"issuer": self.url} | {k: f"{self.url}/{v}" for k, v in places.items()})
        if address.path == "/realm/keys":
            return self.answer(handler, {"keys": [self.key.jwk]})
        if address.path == "/realm/authorize":
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked
            handler.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            handler.send_header("location", f"{asked['redirect_uri']}?{back}")
            handler.end_headers()
            return None
        return self.answer(handler, {}, 404)

    def post(self, handler):
        body = handler.rfile.read(int(handler.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(form.get("code"), None)
        login = "Basic " + base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        challenge = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None or handler.headers["authorization"] != login or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"] or form["grant_type"] != "authorization_code"
        ):  # fmt: skip
            return self.answer(handler, {"error": "invalid_grant"}, 400)
        return self.answer(handler, {"id_token": self.token(aud=CLIENT, nonce=asked["nonce"])})

    def answer(self, handler, value: dict, status=200):
        body = json.dumps(value).encode()
        handler.send_response(status)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
