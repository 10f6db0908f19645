// Sends a letter with nodemailer; the task is JSON on standard input.
import { readFileSync } from 'node:fs'
import { createTransport } from 'nodemailer'

const task = JSON.parse(readFileSync(0, 'utf8'))
const transport = createTransport({
  host: task.host,
  port: Number(task.port),
  name: 'client.example.org',
  secure: task.tls === 'implicit',
  requireTLS: task.tls === 'starttls',
  ignoreTLS: task.tls === 'none',
  tls: { ca: readFileSync(task.ca) },
  authMethod: task.mechanism,
  auth: task.mechanism === 'XOAUTH2'
    ? { type: 'OAuth2', user: task.user, accessToken: task.token }
    : { user: task.user, pass: task.password },
})
await transport.sendMail({
  envelope: { from: task.from, to: [task.to] },
  raw: Buffer.from(task.letter, 'base64'),
})
