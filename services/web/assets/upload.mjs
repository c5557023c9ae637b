// Sends a file in parts, and goes on where a lost connection stopped. Knows
// nothing of the page.

export const PART = 1 << 20;
const FIRST_PAUSE = 1_000;
const LAST_PAUSE = 30_000;

// `ask(what, path, options)` answers { status, body }, or null if nothing came
// back. `at(bytes)` hears of the progress, `waits()` of a lost connection.
export async function send(file, begun, { ask, at, waits, pause }) {
  let known = begun ?? (await surely(() => ask("announce", "/announcement", { name: file.name, size: file.size }), waits, pause));
  if (known.refused) return known;
  let offset = known.received;
  let wait = FIRST_PAUSE;
  at(offset);
  while (offset < file.size) {
    const part = file.slice(offset, offset + PART);
    const answer = await ask("part", `/${known.id}/part`, { offset, part });
    if (answer?.status === 200) {
      offset = answer.body.received;
      wait = FIRST_PAUSE;
    } else if (answer && answer.body?.code !== "offset-differs" && !later(answer)) {
      return { refused: answer.body?.detail || "It was refused." };
    } else {
      waits(answer?.status);
      await pause(wait);
      wait = Math.min(wait * 2, LAST_PAUSE);
      // How much has arrived is the server's to say.
      const state = await surely(() => ask("state", `/${known.id}`, {}), waits, pause);
      if (state.refused) return state;
      offset = state.received;
    }
    at(offset);
  }
  return surely(() => ask("complete", `/${known.id}/completion`, {}), waits, pause);
}

const later = ({ status }) => status === 429 || status === 401 || status >= 500;

// Asks until there is an answer: what was said, or why not.
async function surely(ask, waits, pause) {
  for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LAST_PAUSE)) {
    const answer = await ask();
    if (answer && answer.status < 300) return answer.body;
    if (answer && !later(answer)) return { refused: answer.body?.detail || "It was refused." };
    waits(answer?.status);
    await pause(wait);
  }
}
