// Pages, asked for as a browser would, by everybody.

import { PEOPLE } from "./play.mjs";
import { name } from "./routes.mjs";

export const ROLES = ["nobody", ...Object.keys(PEOPLE)];

const AT_ONCE = 24;

// Which of the play's things stands for a part of a path; of pitches there are
// two, each with a row of its own.
const THINGS = {
  "/assets/{hash}/{name}": { hash: "none", name: "none.css" },
  "/programmes/{programme}/organise/setup/{step}": { step: "prize" },
  "/programmes/{programme}/organise/files/{file}": { file: "results.csv" },
  "/programmes/{programme}/organise/awards/{award}/{step}": { step: "approval" },
  "/programmes/{programme}/organise/support/{support}/{step}": { step: "acceptance" },
};
const ALWAYS = { round: "final", question: "pitch", kind: "result" };

// `[{ route, asked, parts }]`: `asked` names the row.
export function asked(routes) {
  return routes.flatMap((route) => {
    const row = (thing) => ({ route, asked: thing === "pitch" ? name(route) : `${name(route)} of the ${thing}`, thing });
    return route.path.includes("{pitch}") ? [row("pitch"), row("other")] : [row("pitch")];
  });
}

// Where a row is to be found in this play.
export function address(play, { route, thing }) {
  const own = THINGS[route.path] ?? {};
  const of = (part) => {
    if (part in own) return own[part];
    if (part in ALWAYS) return ALWAYS[part];
    if (part === "pitch") return play.ids[thing];
    if (part === "attachment") return route.path.includes("{draft}") ? play.ids.attachment : play.ids.file;
    if (part === "id") return route.path.startsWith("/programmes/") ? play.ids.programme : play.ids.nothing;
    if (part in play.ids) return play.ids[part];
    throw new Error(`${route.path}: of what {${part}}? Say so in walls/pages.mjs`);
  };
  return route.path.replace(/\{(\w+)\}/g, (_, part) => of(part));
}

// One answer, without following it. A form has nothing but its key in it, unless
// it is given.
export async function ask(play, role, method, path, headers = {}, form = null) {
  const sent = { accept: "text/html", "accept-encoding": "identity", ...headers };
  if (role !== "nobody") sent.cookie = play.people[role].cookie;
  const body = method === "POST" ? (form ?? new URLSearchParams({ _key: crypto.randomUUID() })) : undefined;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(play.house.url + path, { method, headers: sent, body, redirect: "manual" });
    const text = await answer.text();
    // Late news is no answer; anything else of a server is a fault.
    if (answer.status === 503 && tries < 5) {
      await new Promise((done) => setTimeout(done, 500));
      continue;
    }
    return { role, status: answer.status, headers: answer.headers, text };
  }
}

// Every page, as everybody gets it: `[{ row, role, answer }]`.
export async function everything(play, rows, atOnce = AT_ONCE) {
  const cells = rows.flatMap((row) => ROLES.map((role) => ({ row, role })));
  await each(cells, atOnce, async (cell) => (cell.answer = await ask(play, cell.role, "GET", address(play, cell.row))));
  return cells;
}

// The sign that stands for an answer, and where it leads on to.
export function sign(play, answer) {
  const { status, headers } = answer;
  if (status === 303) {
    const to = headers.get("location").replace(/\?.*$/, "");
    if (to === "/sign-in") return { sign: "?" };
    if (to === "/second-key") return { sign: "k" };
    return { sign: ">", to: generic(play, to) };
  }
  const signs = { 200: "Y", 401: "?", 403: "-", 404: ".", 409: "n", 410: "o", 412: "c", 422: "x", 400: "b", 415: "b" };
  return { sign: signs[status] ?? (status < 300 ? "Y" : "!") };
}

// An address with what it is of in place of ids.
export function generic(play, path) {
  const { ids } = play;
  const named = Object.entries(ids).filter(([, id]) => id.length > 30);
  const known = named.reduce((text, [thing, id]) => text.replaceAll(id, `{${thing}}`), path);
  return known.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "{new}");
}

// What does the same to many, so many at once.
export async function each(items, atOnce, act) {
  const queue = items.entries();
  const results = new Array(items.length);
  const worker = async () => {
    for (const [at, item] of queue) results[at] = await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
