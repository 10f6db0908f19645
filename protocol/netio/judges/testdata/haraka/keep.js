// A Haraka plugin: keeps what users send, and delivers nothing.
const { createWriteStream, rename } = require('node:fs')

exports.hook_queue_outbound = (next, connection) => {
  const name = '${box}/' + connection.transaction.uuid
  const file = createWriteStream(name + '.part')
  file.once('close', () => rename(name + '.part', name, () => next(OK)))
  connection.transaction.message_stream.pipe(file)
}
