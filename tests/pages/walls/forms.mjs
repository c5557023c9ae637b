// Forms, sent with nothing in them by those whom they don't concern, by
// everybody in the end, and from other sites.

import { address, ask, each, ROLES, sign } from "./pages.mjs";

// Forms that are for whoever comes. To enter, one answers questions first.
const FOR_ALL = /^\/(sign-in|sign-out|second-key|account|programmes\/new|programmes\/\{id\}\/enter)\b/;

// Whom the forms of an area don't concern. What is left is asked only in the
// end: an empty form is often enough to do what a page is for.
function unconcerned(path) {
  const nobodys = ["nobody", "stranger", "auditor"];
  if (path.includes("/organise")) return [...nobodys, "entrant", "rival", "judge", "aside"];
  if (path.includes("/judging/")) return [...nobodys, "entrant", "rival", "amy", "conflicted", "approver"];
  if (/\/(drafts|pitches|awards)\//.test(path)) return [...nobodys, "judge", "aside", "amy", "conflicted", "approver"];
  return nobodys;
}

// What a form is sent as, where it is not the usual way: with a file, or a part
// of one.
function as(path) {
  if (path.endsWith("/attachments")) {
    const form = new FormData();
    form.set("_key", crypto.randomUUID());
    form.set("file", new Blob(["words"], { type: "text/plain" }), "Words.txt");
    return { form };
  }
  return { query: path.endsWith("/part") ? `?offset=0&key=${crypto.randomUUID()}` : "" };
}

async function send(play, role, row, headers) {
  const { form, query = "" } = as(row.route.path);
  return ask(play, role, "POST", address(play, row) + query, headers, form);
}

const site = (play) => ({ origin: play.house.url, "sec-fetch-site": "same-origin" });

// In the midst of judging: who is refused, and must be.
export async function foreign(play, forms, table, views) {
  const wrong = [];
  for (const row of forms) {
    const roles = FOR_ALL.test(row.route.path) ? [] : unconcerned(row.route.path);
    await each(ROLES, ROLES.length, async (role) => {
      if (!roles.includes(role)) return table.add(row.asked, role, "_");
      const answer = await send(play, role, row, site(play));
      const { sign: letter } = sign(play, answer);
      table.add(row.asked, role, letter);
      views.take(play, row, role, "refused", answer);
      if (!"?-.nxob".includes(letter)) wrong.push(`${role}: ${row.asked} answers ${answer.status}`);
    });
  }
  return wrong;
}

// In the end, by everybody; their sessions are new, so that nobody is asked for
// a second key. Signing out and leaving come last.
export async function written(play, forms, table, views) {
  await each(Object.values(play.people), 20, async (person) => (person.session = await person.enter()));
  const last = (row) => /sign-out|leave/.test(row.route.path);
  for (const row of [...forms.filter((row) => !last(row)), ...forms.filter(last)])
    for (const role of ROLES) {
      const answer = await send(play, role, row, site(play));
      const { sign: letter, to } = sign(play, answer);
      table.add(row.asked, role, letter, to);
      views.take(play, row, role, "in the end", answer);
    }
}

// From elsewhere: as browsers say so, old and new, and through frames without an
// origin. By those who may do most.
export async function forged(play, forms) {
  const elsewhere = [
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "https://evil.example" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { origin: play.house.url.replace("localhost", "other.localhost"), "sec-fetch-site": "same-site" },
  ];
  const cells = forms.flatMap((row) => elsewhere.map((headers, at) => ({ row, headers, at })));
  const wrong = await each(cells, 12, async ({ row, headers, at }) => {
    const role = row.route.path.includes("/organise") ? "amy" : row.route.path.includes("/judging") ? "judge" : "entrant";
    const { status } = await send(play, role, row, headers);
    return status === 403 ? null : `${role}: ${row.asked} from elsewhere (${at}) answers ${status}`;
  });
  return wrong.filter(Boolean);
}

