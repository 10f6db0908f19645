// Serves with nodemailer's smtp-server; the site is JSON on standard input.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'

const site = JSON.parse(readFileSync(0, 'utf8'))
let kept = 0
const options = {
  name: site.host,
  cert: readFileSync(site.cert),
  key: readFileSync(site.key),
  authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
  allowInsecureAuth: true,
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    const right = auth.username === site.user && (auth.validatePassword
      ? auth.validatePassword(site.password) // CRAM-MD5
      : auth.method === 'XOAUTH2'
        ? auth.accessToken === site.token
        : auth.password === site.password)
    done(null, right ? { user: auth.username } : { message: 'wrong', data: { status: '401', schemes: 'bearer', scope: 'mail' } })
  },
  onData(stream, session, done) {
    const chunks = []
    stream.on('data', chunk => chunks.push(chunk))
    stream.on('end', () => {
      const name = join(site.box, String(kept++))
      writeFileSync(name + '.part', Buffer.concat(chunks))
      renameSync(name + '.part', name)
      done()
    })
  },
}
for (const [secure, port] of [[false, site.clear], [true, site.implicit]]) {
  const server = new SMTPServer({ ...options, secure })
  server.on('error', () => {}) // of a connection: a client that only looked whether somebody is there
  server.listen(Number(port), '127.0.0.1')
}
