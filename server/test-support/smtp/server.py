"""A mail server for tests: prints each mail that it took as a line of JSON.

Arguments: the port and a mode. Ends when its standard input is closed, so that it never outlives its test.
"""

import asyncio
import email
import email.policy
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

HERE = pathlib.Path(__file__).parent
MODES = {"good", "starttls", "smtps", "password", "refuses", "greylists", "silent", "holds", "spam", "drags"}


class Handler:
    """Takes mails, or refuses them in the way of the mode."""

    def __init__(self, mode):
        self.mode = mode
        self.seen = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.seen += 1
        if self.mode == "refuses":
            return "550 5.1.1 no such mailbox"
        if self.mode == "greylists" and self.seen == 1:
            return "451 4.7.1 come back later"
        if self.mode == "holds" and self.seen == 1:
            print(json.dumps({"held": address}), flush=True)
            await asyncio.Event().wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mode == "spam":
            return "550 This message was classified as spam"
        if self.mode == "drags" and envelope.rcpt_tos[0].endswith("@slow.example"):
            await asyncio.sleep(0.3)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        line = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "id": message["message-id"],
            "subject": message["subject"],
            "sender": message["from"].addresses[0].display_name,
            "text": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "authenticated": bool(session.authenticated),
        }
        print(json.dumps(line), flush=True)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == b"twofold" and data.password == b"right"
    return AuthResult(success=good)


def certificate():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(HERE / "server.pem", HERE / "server.key")
    return context


async def main(port, mode):
    handler = Handler(mode)
    options = {"hostname": "localhost", "enable_SMTPUTF8": True}
    if mode == "starttls":
        options |= {"tls_context": certificate(), "require_starttls": True}
    if mode == "password":
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}

    async def hang(reader, writer):
        await asyncio.Event().wait()

    loop = asyncio.get_running_loop()
    if mode == "silent":
        server = await asyncio.start_server(hang, "127.0.0.1", port)
    else:
        context = certificate() if mode == "smtps" else None
        server = await loop.create_server(lambda: SMTP(handler, **options), "127.0.0.1", port, ssl=context)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    if sys.argv[2] not in MODES:
        sys.exit(f"{sys.argv[2]} is no mode")
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
