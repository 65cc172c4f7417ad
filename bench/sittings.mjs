// Candidates at one adaptive form at once: each begins a sitting, answers items by form posts with a short pause, as a
// browser does. Prints the median and the 99th percentile of saving an answer and of the page that follows.
// usage: node sittings.mjs http://127.0.0.1:PORT/ CANDIDATES
import { ask, close, quantile } from './client.mjs'

const candidates = Number(process.argv[3] || 40)
const items = 60

const times = { answer: [], page: [] }
let wrong = 0

const sit = async number => {
  const list = await ask('GET', '/exams')
  const cookie = list.headers['set-cookie'][0].split(';')[0]
  const csrf = /name="csrf" value="([^"]+)"/.exec(list.text)[1]
  const begun = await ask('POST', '/exams', cookie, { csrf, form: 'mlt-adaptive', factor: '1', breaks: '0' })
  const path = begun.headers.location
  for (let n = 0; n < items; n++) {
    const page = await ask('GET', `${path}?n=${n + 1}`, cookie)
    times.page.push(page.ms)
    wrong += !page.text.includes(`Item ${n + 1} of 100`)
    await new Promise(done => setTimeout(done, 150 + (number * 37 + n * 11) % 100))
    const answer = await ask('POST', `${path}/act`, cookie, { csrf, do: 'answer', n: String(n), choice: String((number + n) % 4), request: `a${n}` })
    times.answer.push(answer.ms)
    wrong += answer.status !== 303
  }
}

await Promise.all(Array.from({ length: candidates }, (_, i) => sit(i)))
const told = (name, list) => `${list.length} ${name} median ${quantile(list, 0.5).toFixed(1)} ms p99 ${quantile(list, 0.99).toFixed(1)} ms`
console.log(`${candidates} candidates at once: ${told('answers', times.answer)}; ${told('pages', times.page)}; ${wrong} wrong`)
close()
