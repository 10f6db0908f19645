# Serves with aiosmtpd; the site is JSON on standard input.
import asyncio, itertools, json, os, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

site = json.load(sys.stdin)
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(site["cert"], site["key"])
numbers = itertools.count()

def authenticate(server, session, envelope, mechanism, data):
    right = LoginPassword(site["user"].encode(), site["password"].encode())
    return AuthResult(success=data == right, handled=False, auth_data=data)

class Handler:
    async def handle_DATA(self, server, session, envelope):
        name = os.path.join(site["box"], str(next(numbers)))
        with open(name + ".part", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".part", name)
        return "250 2.0.0 kept"

def smtp(**more):
    return SMTP(Handler(), hostname=site["host"], authenticator=authenticate,
                auth_required=True, auth_require_tls=False, enable_SMTPUTF8=True, **more)

async def main():
    loop = asyncio.get_running_loop()
    clear = await loop.create_server(lambda: smtp(tls_context=context), "127.0.0.1", int(site["clear"]))
    implicit = await loop.create_server(smtp, "127.0.0.1", int(site["implicit"]), ssl=context)
    await asyncio.gather(clear.serve_forever(), implicit.serve_forever())

asyncio.run(main())
