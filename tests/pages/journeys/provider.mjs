// A small OpenID Connect provider on loopback that believes everybody, and
// signs ES256.

import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";

const CLIENT = "plaudit";
const SECRET = "secret";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export class Provider {
  static async start() {
    const provider = new Provider();
    provider.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    provider.asked = new Map();
    provider.server = createServer((request, answer) => provider.answer(request, answer));
    await new Promise((done) => provider.server.listen(0, "127.0.0.1", done));
    provider.issuer = `http://127.0.0.1:${provider.server.address().port}`;
    return provider;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  // What an installation is told of it.
  get environment() {
    return {
      PLAUDIT_OIDC_ISSUER: this.issuer,
      PLAUDIT_OIDC_CLIENT_ID: CLIENT,
      PLAUDIT_OIDC_CLIENT_SECRET: SECRET,
      PLAUDIT_OIDC_NAME: "Fenbank",
    };
  }

  async answer(request, answer) {
    const { pathname, searchParams } = new URL(request.url, this.issuer);
    const json = (body, status = 200) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const goes = (location) => answer.writeHead(303, { location }).end();
    if (pathname === "/.well-known/openid-configuration") return json(this.configuration());
    if (pathname === "/keys") return json({ keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), use: "sig", kid: "k", alg: "ES256" }] });
    if (pathname === "/authorise") return answer.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(this.page(searchParams));
    if (pathname === "/consent") return goes(this.consent(searchParams));
    if (pathname === "/token") return this.token(request, json);
    answer.writeHead(404).end();
  }

  configuration() {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorise`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
    };
  }

  // Its own page, where somebody says who they are, or that they would rather not.
  page(asked) {
    const kept = [...asked].map(([name, value]) => `<input type="hidden" name="${name}" value="${value.replaceAll('"', "&quot;")}">`).join("");
    return `<!doctype html><html lang="en"><title>Fenbank</title><link rel="icon" href="data:,"><h1>Fenbank</h1>
<form action="/consent">${kept}<label>Address <input name="email"></label>
<button name="do" value="yes">Sign in</button><button name="do" value="unproven">Sign in, unproven</button><button name="do" value="no">Cancel</button></form>`;
  }

  // Where the browser goes back to.
  consent(said) {
    const back = new URL(said.get("redirect_uri"));
    back.searchParams.set("state", said.get("state"));
    if (said.get("do") === "no") back.searchParams.set("error", "access_denied");
    else {
      const code = randomUUID();
      this.asked.set(code, said);
      back.searchParams.set("code", code);
    }
    return back.href;
  }

  async token(request, json) {
    let body = "";
    for await (const chunk of request) body += chunk;
    const sent = new URLSearchParams(body);
    const asked = this.asked.get(sent.get("code"));
    this.asked.delete(sent.get("code"));
    const isPlaudit = request.headers.authorization === `Basic ${Buffer.from(`${CLIENT}:${SECRET}`).toString("base64")}`;
    const verifier = createHash("sha256").update(sent.get("code_verifier") ?? "").digest("base64url");
    if (!isPlaudit || asked?.get("code_challenge") !== verifier || asked.get("redirect_uri") !== sent.get("redirect_uri"))
      return json({ error: "invalid_grant" }, 400);
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer, aud: CLIENT, sub: asked.get("email"), nonce: asked.get("nonce"), iat: now, exp: now + 300,
      email: asked.get("email"), email_verified: asked.get("do") === "yes",
    };
    const text = `${part({ alg: "ES256", kid: "k", typ: "JWT" })}.${part(claims)}`;
    const signature = sign("sha256", Buffer.from(text), { key: this.keys.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
    json({ access_token: "x", token_type: "Bearer", id_token: `${text}.${signature}` });
  }
}

// From wherever `next` leads: by the provider's page, with its answer `button`.
export async function signInBy(person, next, button = "Sign in") {
  const { page, email } = person;
  await person.go(`/sign-in?next=${encodeURIComponent(next)}`);
  await person.follow("Sign in with Fenbank");
  await page.getByLabel("Address").fill(email);
  await person.press(button);
}
