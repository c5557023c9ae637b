// The API, as somebody asks it. Every request says how far each service had
// come in what anybody was answered before.

export class Client {
  constructor(url) {
    this.url = url;
    this.positions = new Map();
  }

  // As the pages keep it in a cookie.
  written() {
    return [...this.positions].map(([service, position]) => `${service}.${position}`).join("_");
  }

  async ask(method, path, token, body, headers = {}) {
    const sent = { ...headers };
    if (token) sent.authorization = `Bearer ${token}`;
    if (this.positions.size) sent["plaudit-position"] = [...this.positions].map((pair) => pair.join("/")).join(", ");
    if (method !== "GET") {
      sent["idempotency-key"] = crypto.randomUUID();
      sent["content-type"] = "application/json";
    }
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(`${this.url}/api/${path}`, {
        method,
        headers: sent,
        body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
      });
      const text = await answer.text();
      if (answer.status === 503 && tries < 60) {
        await new Promise((done) => setTimeout(done, 250));
        continue;
      }
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      const [service, position] = (answer.headers.get("plaudit-position") ?? "").split("/");
      if (position) this.positions.set(service, Math.max(Number(position), this.positions.get(service) ?? 0));
      return text ? JSON.parse(text) : null;
    }
  }
}

// Somebody with a session for pages, and a token for the play: what needs a
// second key may be done long after they signed in.
export class Person {
  constructor(house, client, email, name) {
    Object.assign(this, { house, client, email, name });
  }

  async signIn() {
    this.session = await this.enter();
    await this.client.ask("PUT", "accounts/me", this.session, { name: this.name });
    const scopes = ["read", "write", "account", "second-key"];
    const made = await this.client.ask("POST", "accounts/me/tokens", this.session, { name: "everything", scopes });
    this.token = made.token;
  }

  // One more session.
  async enter() {
    const since = Date.now() - 1000;
    const { challenge } = await this.client.ask("POST", "accounts/sign-in", null, { email: this.email });
    const code = await this.house.code(this.email, since);
    return (await this.client.ask("POST", `accounts/sign-in/${challenge}`, null, { code })).session_token;
  }

  get cookie() {
    return `__Host-plaudit=${this.session}; __Host-plaudit-written=${this.client.written()}`;
  }
}
