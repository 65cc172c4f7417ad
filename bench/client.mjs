// What the load tests share: requests over kept connections, timed, and quantiles.
import http from 'node:http'

const base = new URL(process.argv[2])
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 * Number(process.argv[3] || 40) })

export const ask = (method, path, cookie, form) => new Promise((resolve, reject) => {
  const body = form ? new URLSearchParams(form).toString() : ''
  const headers = { Host: base.host, Cookie: cookie || '' }
  if (form) Object.assign(headers, { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body), Origin: base.origin })
  const start = process.hrtime.bigint()
  const request = http.request(base, { method, path, headers, agent }, answer => {
    let text = ''
    answer.on('data', part => { text += part })
    answer.on('end', () => resolve({ status: answer.statusCode, text, headers: answer.headers, ms: Number(process.hrtime.bigint() - start) / 1e6 }))
  })
  request.on('error', reject)
  request.end(body)
})

export const quantile = (values, q) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]

export const close = () => agent.destroy()
