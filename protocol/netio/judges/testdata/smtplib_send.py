# Sends a letter with Python's smtplib; the task is JSON on standard input.
import base64, json, smtplib, ssl, sys

task = json.load(sys.stdin)
context = ssl.create_default_context(cafile=task["ca"])
at = {"host": task["host"], "port": int(task["port"]), "local_hostname": "client.example.org", "timeout": 20}
with smtplib.SMTP_SSL(context=context, **at) if task["tls"] == "implicit" else smtplib.SMTP(**at) as smtp:
    if task["tls"] == "starttls":
        smtp.starttls(context=context)
    smtp.ehlo()
    smtp.user, smtp.password = task["user"], task["password"]
    # login() would choose by itself, and try another mechanism after 535.
    method = {"PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login, "CRAM-MD5": smtp.auth_cram_md5}[task["mechanism"]]
    smtp.auth(task["mechanism"], method)
    smtp.sendmail(task["from"], [task["to"]], base64.b64decode(task["letter"]))
