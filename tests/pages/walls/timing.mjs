// Whether one question takes longer than another, as far as a reader could
// find out; by ranks and never by seconds, so that it holds on any machine.

import { each } from "./pages.mjs";

const TIMES = 60;
const WARMING = 5;
// Of answers that are alike, one measurement in two million is beyond it.
const BEYOND = 5;

// Asks both in turn, which one first being left to chance; several at once,
// where each answer waits for something.
export async function measured(one, other, atOnce = 1) {
  const took = [[], []];
  for (let turn = 0; turn < WARMING; turn += 1) await Promise.all([one(), other()]);
  const turns = Array.from({ length: TIMES }, () => (Math.random() < 0.5 ? [0, 1] : [1, 0])).flat();
  await each(turns, atOnce, async (which) => {
    const began = performance.now();
    await [one, other][which]();
    took[which].push(performance.now() - began);
  });
  return took;
}

// What a reader learns from how long it takes: nothing, or by how much. What
// seems to differ is measured once more, lest chance accuse anybody.
export async function tells(one, other, atOnce) {
  for (let again = 0; ; again += 1) {
    const took = await measured(one, other, atOnce);
    const beyond = deviation(...took);
    if (Math.abs(beyond) < BEYOND) return null;
    const [here, there] = took.map((times) => quantile(times, 0.5).toFixed(2));
    if (again) return `${here} ms against ${there} ms, ${beyond.toFixed(1)} deviations apart`;
  }
}

// Mann and Whitney's: in how many pairs the other took longer, in standard
// deviations from half of them.
function deviation(one, other) {
  const longer = one.flatMap((here) => other.map((there) => (there > here ? 1 : there === here ? 0.5 : 0)));
  const [pairs, all] = [one.length * other.length, one.length + other.length];
  const sum = longer.reduce((total, each) => total + each, 0);
  return (sum - pairs / 2) / Math.sqrt((pairs * (all + 1)) / 12);
}

export function quantile(times, at) {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.floor(at * (sorted.length - 1))];
}

// All of an answer but what is another each time, or for another programme.
const CHANGES = ["date", "x-request-id", "content-length"];
export function look({ status, headers, text }) {
  const said = [...headers].filter(([name]) => !CHANGES.includes(name)).map((header) => header.join(": "));
  return [status, ...said.sort(), text]
    .join("\n")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "{id}")
    .replace(/\b[0-9a-f]{64}\b/g, "{hash}")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "{instant}");
}
