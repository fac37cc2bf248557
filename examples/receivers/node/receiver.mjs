// A server that receives Visavis webhooks: checks signatures, takes each event once. No packages needed.
//
//     WEBHOOK_SECRET=whsec_… node receiver.mjs --port 3000
//
// It prints one line for each event that is new.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

const TOLERANCE_SECONDS = 300 // how old or new a signed time may be
const MAX_BODY_BYTES = 1_000_000

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    inbox: { type: 'string', default: 'events.txt' },
    vendor: { type: 'boolean', default: false },
  },
})

const secret = process.env.WEBHOOK_SECRET ?? ''
if (!secret.startsWith('whsec_')) {
  console.error('set WEBHOOK_SECRET to the endpoint\'s secret, whsec_…')
  process.exit(1)
}

function same(expected, given) {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}

// Standard Webhooks: HMAC-SHA256 over id.timestamp.body; the key is what follows whsec_, in base64.
function standardSignatureHolds(headers, body) {
  const id = headers['webhook-id'] ?? ''
  const timestamp = headers['webhook-timestamp'] ?? ''
  if (!/^[0-9]+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  // While a secret is being replaced there are two signatures; one that fits is enough.
  return (headers['webhook-signature'] ?? '').split(' ').some((given) => same(`v1,${digest}`, given))
}

// FaceSign's header: HMAC-SHA256 over the body; the key is the whole secret. It proves no time, so prefer the other.
function vendorSignatureHolds(headers, body) {
  const digest = createHmac('sha256', secret).update(body).digest('hex')
  return same(`sha256=${digest}`, headers['x-facesign-signature'] ?? '')
}

const taken = new Set(existsSync(options.inbox) ? readFileSync(options.inbox, 'utf8').split('\n') : [])

// Keeps an event; whether it is new. It is written when this returns, so the reply may say so.
function take(id) {
  if (taken.has(id)) return false
  appendFileSync(options.inbox, `${id}\n`)
  taken.add(id)
  return true
}

async function bytesOf(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks) // the bytes as they came: JSON that is parsed and written again has others
}

function reply(response, status, data) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(data))
}

const server = createServer(async (request, response) => {
  if (request.method !== 'POST' || request.url !== '/hook') return reply(response, 404, { error: 'POST /hook' })
  const body = await bytesOf(request)
  if (body === null) return reply(response, 413, { error: 'too large' })
  const holds = options.vendor ? vendorSignatureHolds : standardSignatureHolds
  if (!holds(request.headers, body)) return reply(response, 401, { error: 'the signature does not fit' })
  const event = JSON.parse(body)
  if (take(event.id)) {
    console.log([event.type, event.id, event.status].filter(Boolean).join(' '))
    // Here goes your work, or better: put the event into a queue and work after the reply.
  }
  reply(response, 200, { received: true })
})

server.listen(Number(options.port), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/hook`)
})
