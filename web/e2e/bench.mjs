// How long the page takes, in Chromium, unthrottled: medians of 50. A time runs
// from an event's own time stamp to the task after the animation frame that
// shows what it changed; "own" is the part spent in our own code, which the
// program leaves as a performance measure (lab.Time).
import { launch, open, press, sizes } from "./harness.mjs";

const rounds = 50;

// What is measured:
//   path    where, the default scenario if it is not said
//   needs   element without which there is nothing to measure
//   prepare done once, before all
//   start   done before each round, outside the time
//   act     what the reader does
//   event   whose time stamp begins the time
//   watch   element in which the change shows
//   own     name of the performance measure of our own code
//   limits  of the median and, if it has one, of our own part, ms
const cases = [
  {
    name: "one step, by key", needs: "#step", event: "keydown", watch: "main", own: "playground:step",
    limits: [34, 8],
    start: async (page) => {
      if (!await page.isDisabled("#step")) return;
      await press(page, "Home");
      await page.waitForSelector("#back[aria-disabled=true]");
    },
    act: (page) => page.keyboard.press("ArrowRight"),
  },
  {
    name: "the default scenario again, after an edit", needs: "#slot-password", event: "input", watch: "main", own: "playground:edit",
    limits: [60],
    start: (page) => page.focus("#slot-password"),
    act: (page) => page.keyboard.press("x"),
  },
  { // the keys are derived for the store and by the client
    name: "SCRAM-SHA-512 with 4,096 iterations again, after an edit", path: "en/#scram-sha-256@13", needs: "#slot-password",
    event: "input", watch: "main", own: "playground:edit", limits: [100],
    prepare: (page) => page.selectOption("#slot-mechanism", "SCRAM-SHA-512"),
    start: (page) => page.focus("#slot-password"),
    act: (page) => page.keyboard.press("x"),
  },
];

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const ms = (time) => `${time.toFixed(1)} ms`;

// Waits in the page for the event, the change, the frame and the task after it.
function watch({ event, watch }) {
  globalThis.benched = new Promise((done) => {
    let from;
    addEventListener(event, (e) => { from = e.timeStamp; }, { capture: true, once: true });
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - from);
    new MutationObserver((changes, observer) => {
      if (from === undefined) return;
      observer.disconnect();
      requestAnimationFrame(() => channel.port2.postMessage(null));
    }).observe(document.querySelector(watch), { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

async function measure(page, { name, needs, event, watch: shown, own, limits, prepare, start, act }) {
  if (await page.locator(needs).count() === 0) return console.log(`${name}: not measured, the page has no ${needs}`);
  await prepare?.(page);
  const times = [];
  for (let i = 0; i < rounds + 5; i++) { // the first five warm up
    await start(page);
    if (i === 5) await page.evaluate((n) => performance.clearMeasures(n), own);
    await page.evaluate(watch, { event, watch: shown });
    await act(page);
    times.push(await page.evaluate(() => globalThis.benched));
  }
  const ours = await page.evaluate((n) => performance.getEntriesByName(n, "measure").map((m) => m.duration), own);
  const of = (limit) => limit ? `of at most ${limit} ms` : "";
  console.log(`${name}: median of ${rounds} ${ms(median(times.slice(5)))} ${of(limits[0])}; own code ` +
    (ours.length ? `${ms(median(ours))} ${of(limits[1])}`.trim() : `not measured, the page leaves no ${own}`));
}

const world = await launch();
try {
  const page = await open("en/", { size: sizes.wide });
  const { ready } = await page.evaluate(() => ({ ready: performance.getEntriesByName("playground:ready")[0].startTime }));
  console.log(`ready after ${ms(ready)} from the start of the visit`);
  await page.done();
  for (const { path = "en/", ...one } of cases) {
    const page = await open(path, { size: sizes.wide });
    await measure(page, one);
    await page.done();
  }
} finally {
  await world.close();
}
