// Learners on shift at once: each works its own eight-hour shift at all three benches, hours into it, looks and acts in
// turn with a short pause.
// Prints the median and the 99th percentile of every answer, and how long one worklist of a full
// house takes. usage: node learners.mjs http://127.0.0.1:PORT/ LEARNERS
import { ask, close, quantile } from './client.mjs'

const learners = Number(process.argv[3] || 40)
const rounds = 25

const enter = async (scenario, seed) => {
  const home = await ask('GET', '/')
  const cookie = home.headers['set-cookie'][0].split(';')[0]
  const csrf = /name="csrf" value="([^"]+)"/.exec(home.text)[1]
  const made = await ask('POST', '/shifts', cookie, { csrf, scenario, mode: 'practice', seed: String(seed) })
  return { cookie, csrf, id: made.headers.location.split('/')[2] }
}

const times = { look: [], act: [] }
const clocks = []
let wrong = 0
const work = async number => {
  const me = await enter('whole-house', number + 1)
  for (let i = 0; i < 300; i++) await ask('POST', `/shift/${me.id}/clock`, me.cookie, { csrf: me.csrf, skip: '1', request: `s${i}` })
  clocks.push((/id="clock"[^>]*>([^<]*)</.exec((await ask('GET', `/shift/${me.id}/worklist`, me.cookie)).text) || [])[1])
  await ask('POST', `/shift/${me.id}/clock`, me.cookie, { csrf: me.csrf, speed: '30', request: 'start' })
  for (let i = 0; i < rounds; i++) {
    for (const page of ['worklist', 'verification', 'qc', 'hematology', 'coagulation']) {
      const answer = await ask('GET', `/shift/${me.id}/${page}`, me.cookie)
      times.look.push(answer.ms)
      wrong += answer.status !== 200
      await new Promise(done => setTimeout(done, 150 + (number * 37 + i * 11) % 100))
    }
    const answer = await ask('POST', `/shift/${me.id}/act`, me.cookie, { csrf: me.csrf, kind: 'note', text: `round ${i}`, request: `n${i}` })
    times.act.push(answer.ms)
    wrong += answer.status !== 303
  }
}

const full = await enter('full-day', 7)
let n = 0
for (; n < 900; n++) {
  await ask('POST', `/shift/${full.id}/clock`, full.cookie, { csrf: full.csrf, skip: '1', request: `s${n}` })
  if (n % 50 === 0 && Number((/of (\d+)<\/caption>/.exec((await ask('GET', `/shift/${full.id}/worklist?show=all`, full.cookie)).text) || [])[1]) >= 200) break
}
const lists = []
for (let i = 0; i < 200; i++) lists.push((await ask('GET', `/shift/${full.id}/worklist?show=all`, full.cookie)).ms)
const size = Number(/of (\d+)<\/caption>/.exec((await ask('GET', `/shift/${full.id}/worklist?show=all`, full.cookie)).text)[1])
console.log(`worklist of a live shift with ${size} specimens: median ${quantile(lists, 0.5).toFixed(2)} ms over the socket, p99 ${quantile(lists, 0.99).toFixed(2)} ms`)

await Promise.all(Array.from({ length: learners }, (_, i) => work(i)))
console.log(`${learners} learners at once, from ${clocks.sort()[0]} to ${clocks.at(-1)} of a shift that begins at 07:00: ${times.look.length} pages median ${quantile(times.look, 0.5).toFixed(1)} ms p99 ${quantile(times.look, 0.99).toFixed(1)} ms; ${times.act.length} saved actions median ${quantile(times.act, 0.5).toFixed(1)} ms p99 ${quantile(times.act, 0.99).toFixed(1)} ms; ${wrong} wrong`)
close()
