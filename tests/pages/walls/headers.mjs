// What every answer carries, and no page has. A file needs less: nothing that it
// might ask for is there for it.

const POLICY = {
  "default-src": /^'none'$/,
  "script-src": /^'self'$/,
  "style-src": /^'self'$/,
  "img-src": /^'self'( data:)?$/,
  "form-action": /^'self'$/,
  "base-uri": /^'none'$/,
  "frame-ancestors": /^'none'$/,
};

// What is wrong with an answer.
export function carefulness({ status, headers, text }) {
  const faults = [];
  const kind = headers.get("content-type") ?? "";
  if (headers.get("x-content-type-options") !== "nosniff") faults.push("sniffable");
  if (!/\bno-store\b/.test(headers.get("cache-control") ?? "")) faults.push(`may be kept: ${headers.get("cache-control")}`);
  const policy = directives(headers.get("content-security-policy") ?? "");
  const page = kind.startsWith("text/html");
  for (const [name, wanted] of Object.entries(page ? POLICY : { "default-src": POLICY["default-src"] }))
    if (!wanted.test(policy[name] ?? "")) faults.push(`the policy says ${name} ${policy[name]}`);
  for (const [name, value] of Object.entries(policy))
    if (/unsafe|\*|https?:/.test(value)) faults.push(`the policy allows ${name} ${value}`);
  if (page) faults.push(...inline(text));
  else if (status === 200 && !kind) faults.push("of no kind");
  return faults;
}

const directives = (policy) =>
  Object.fromEntries(
    policy
      .split(";")
      .map((part) => part.trim())
      .filter(Boolean)
      .map((part) => [part.split(" ")[0], part.split(" ").slice(1).join(" ")]),
  );

function inline(text) {
  const faults = [];
  for (const [tag] of text.matchAll(/<[a-z][^>]*>/gi)) {
    if (/^<style\b/i.test(tag)) faults.push("a style of its own");
    if (/^<script\b/i.test(tag) && !/\ssrc="\/assets\//.test(tag)) faults.push(`a script of its own: ${tag}`);
    if (/\sstyle=/i.test(tag)) faults.push(`a style in ${tag}`);
    if (/\son[a-z]+=/i.test(tag)) faults.push(`a script in ${tag}`);
    if (/\s(src|href|action)="(javascript:|https?:|\/\/)/i.test(tag) && !/^<a\b/i.test(tag)) faults.push(`from elsewhere: ${tag}`);
  }
  return faults;
}
