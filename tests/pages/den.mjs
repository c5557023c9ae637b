// One prize, one evening, played through pages alone by seven people: from the
// wizard to the last confirmed hour of support.

import assert from "node:assert/strict";
import { Person } from "./people.mjs";

const CAST = {
  rhiannon: ["rhiannon@organisers.example", "Rhiannon Pugh"],
  kofi: ["kofi@organisers.example", "Kofi Asante"],
  ines: ["ines@judges.example", "Ines Duarte"],
  tom: ["tom@judges.example", "Tom Okafor"],
  bronagh: ["bronagh@handover.example", "Bronagh McAteer"],
  samir: ["samir@meshwick.example", "Samir Haddad"],
  wren: ["wren@encore.example", "Wren Ellery"],
};

const PITCHES = {
  bronagh: { title: "Handover", team: "Handover Co-op", pitch: "Shops whose owners retire become the property of those who work in them.", money: "A lawyer, and a first share offer." },
  samir: { title: "Meshwick", team: "Meshwick Networks", pitch: "A street owns its own line to the internet.", money: "Forty aerials." },
  wren: { title: "Encore Commons", team: "Encore Commons", pitch: "A library of instruments that travel to those who play them.", money: "A van for a year." },
};

// Marks out of ten, by judge and pitch, in the order of the criteria.
const MARKS = {
  ines: { Handover: [9, 8, 9], Meshwick: [7, 7, 6], "Encore Commons": [8, 8, 8] },
  tom: { Handover: [8, 9, 9], Meshwick: [8, 6, 7], "Encore Commons": [8, 7, 9] },
};

const TITLE = "The Den";

export class Den {
  constructor(house, browser, inspector, { javaScriptEnabled }) {
    Object.assign(this, { house, browser, inspector, javaScriptEnabled });
  }

  async play() {
    for (const [who, [email, name]] of Object.entries(CAST))
      this[who] = await Person.of(this.browser, this.house, email, name, { javaScriptEnabled: this.javaScriptEnabled });
    await this.wizard();
    await this.call();
    await this.pitches();
    await this.close();
    await this.panel();
    await this.marks();
    await this.winners();
    await this.payment();
    await this.support();
    await this.afterwards();
    for (const who of Object.keys(CAST)) assert.deepEqual(this[who].complaints, [], who);
  }

  // Looks at a page as it stands, by the name of what it shows.
  async look(person, name) {
    if (this.inspector) await this.inspector.look(person.page, name);
  }

  path(rest = "") {
    return `/programmes/${this.id}${rest}`;
  }

  async wizard() {
    const { rhiannon, kofi } = this;
    await rhiannon.go("/");
    await this.look(rhiannon, "first page");
    await rhiannon.go("/sign-in");
    await this.look(rhiannon, "sign in");
    await rhiannon.signIn("/programmes/new");
    await this.look(rhiannon, "new programme");
    await rhiannon.press("Begin");
    await this.look(rhiannon, "new programme, wrong");
    await rhiannon.fill("What is the prize called?", TITLE);
    await rhiannon.tick("One prize, one evening");
    await rhiannon.press("Begin");
    this.id = /programmes\/([0-9a-f-]{36})/.exec(rhiannon.page.url())[1];
    await this.look(rhiannon, "setting up");
    await rhiannon.go(this.path("/organise/setup/prize"));
    await this.look(rhiannon, "the prize");
    await rhiannon.fill("What is this prize for?", "Two thousand pounds and three days of business support for one young co-operative that builds technology.");
    await rhiannon.fill("Who runs it, and how can people reach them?", "Fenbank Co-operative Trust, prize@fenbank.example");
    await rhiannon.press("Save and go on");
    for (const step of ["who", "questions", "judging", "rules"]) {
      await rhiannon.go(this.path(`/organise/setup/${step}`));
      await this.look(rhiannon, `setting up: ${step}`);
      if (step === "judging") {
        await rhiannon.page.locator("[name=quorum]").fill("2");
        const independent = rhiannon.page.getByLabel("One of them must be independent of us and of the sponsors");
        if (await independent.isChecked()) await independent.uncheck();
      }
      await rhiannon.press("Save and go on");
      assert.equal(await rhiannon.page.locator(".govuk-error-summary").count(), 0, `${step}: ${await rhiannon.text()}`);
    }
    await rhiannon.go(this.path("/organise/setup/people"));
    await this.look(rhiannon, "who runs it");
    await rhiannon.fill("Their name", kofi.name);
    await rhiannon.fill("Their email address", kofi.email);
    await rhiannon.tick("Organiser");
    await rhiannon.press("Invite");
    await rhiannon.go(this.path("/organise/setup/check"));
    await this.look(rhiannon, "check the rules");
    await rhiannon.press("Publish the rules");
    await rhiannon.go(this.path("/rules"));
    assert.match(await rhiannon.text(), /Two thousand pounds/);
    await this.look(rhiannon, "rules");
  }

  async call() {
    const { rhiannon, kofi } = this;
    await rhiannon.go(this.path("/organise"));
    await this.look(rhiannon, "dashboard, published");
    await rhiannon.go(this.path("/organise/call"));
    await this.look(rhiannon, "the call");
    await this.propose(rhiannon, /^Propose to open/);
    await kofi.signIn(this.path("/organise/call"));
    await this.look(kofi, "the call, proposed");
    await this.propose(kofi, /^(Confirm|Open)/);
    await rhiannon.go(this.path("/organise/call"));
    for (const who of ["bronagh", "samir", "wren"]) {
      await rhiannon.fill("Name", this[who].name);
      await rhiannon.fill("Email address", this[who].email);
      await rhiannon.press("Invite to enter");
    }
    await this.look(rhiannon, "the call, open");
    await rhiannon.go(this.path("/organise/people"));
    await this.look(rhiannon, "people");
  }

  // Presses the button whose name begins so; there must be one.
  async propose(person, name) {
    const button = person.page.getByRole("button", { name }).first();
    assert.ok(await button.count(), `no button ${name} at ${person.page.url()}: ${await person.text()}`);
    await person.arrive(() => button.click());
  }

  async pitches() {
    await this.bronagh.go(this.path());
    await this.look(this.bronagh, "public page, open");
    for (const who of ["bronagh", "samir", "wren"]) await this.enter(this[who], PITCHES[who]);
  }

  async enter(person, pitch) {
    await person.signIn(this.path("/pitches"));
    await this.look(person, "entrant's hub, invited");
    await person.go(this.path("/enter"));
    await this.look(person, "gate questions");
    for (const yes of await person.page.getByLabel("Yes", { exact: true }).all()) await yes.check();
    await this.propose(person, /^Begin your pitch/);
    const draft = new URL(person.page.url()).pathname;
    await this.look(person, "task list");
    await person.go(`${draft}/names`);
    await this.look(person, "names");
    await person.fill("What is your pitch called?", pitch.title);
    await person.fill("What is your team called?", pitch.team);
    await person.press("Save and continue");
    await person.go(draft);
    const questions = await person.page.locator(`a[href*="${draft}/questions/"]`).evaluateAll((links) => links.map((link) => link.pathname));
    assert.ok(questions.length > 0, await person.text());
    for (const [at, question] of questions.entries()) {
      await person.go(question);
      await this.look(person, "a question");
      await person.page.locator("textarea").first().fill(at === 0 ? pitch.pitch : pitch.money);
      await person.press("Save and continue");
    }
    await person.go(`${draft}/team`);
    await this.look(person, "team");
    await person.go(`${draft}/rules`);
    await this.look(person, "accepting the rules");
    await person.tick("We accept the rules");
    await person.press("Save and continue");
    await person.go(`${draft}/check`);
    await this.look(person, "check your answers");
    assert.match(await person.text(), new RegExp(pitch.pitch.slice(0, 20)));
    await person.press("Submit your pitch");
    person.pitch = new URL(person.page.url()).pathname;
    assert.match(await person.text(), /receipt/i);
    await this.look(person, "pitch, submitted");
    await person.go(this.path("/pitches"));
    await this.look(person, "entrant's hub");
  }

  async close() {
    const { rhiannon, kofi } = this;
    await rhiannon.go(this.path("/organise/call"));
    await this.propose(rhiannon, /^Propose to close/);
    await kofi.go(this.path("/organise/call"));
    await this.propose(kofi, /^(Confirm|Close)/);
    await rhiannon.go(this.path("/organise/screening"));
    await this.look(rhiannon, "screening");
    for (let pitch = 0; pitch < 3; pitch++) {
      await rhiannon.go(this.path("/organise/screening"));
      await this.propose(rhiannon, /^Check the next pitch/);
      await this.look(rhiannon, "screening a pitch");
      await rhiannon.press("It may go forward");
    }
    await rhiannon.go(this.path("/organise/screening"));
    await rhiannon.press("Complete the check");
    await rhiannon.go(this.path("/organise/pitches"));
    await this.look(rhiannon, "pitches");
  }

  async panel() {
    const { rhiannon, ines, tom } = this;
    await rhiannon.go(this.path("/organise"));
    this.round = /\/organise\/(?:panel|rounds)\/([a-z0-9-]+)/.exec(await rhiannon.page.content())?.[1] ?? "final";
    const panel = this.path(`/organise/panel/${this.round}`);
    await rhiannon.go(panel);
    await this.look(rhiannon, "panel, not called");
    await rhiannon.press("Call the panel together");
    for (const [judge, office] of [[ines, "Chair"], [tom, "Judge"]]) {
      await rhiannon.go(panel);
      await rhiannon.fill("Name", judge.name);
      await rhiannon.fill("Email address", judge.email);
      await rhiannon.tick(office);
      await rhiannon.press("Ask them onto the panel");
    }
    await this.look(rhiannon, "panel, asked");
    for (const judge of [ines, tom]) {
      await judge.signIn(this.path(`/judging/${this.round}`));
      await this.look(judge, "a judge's invitation");
      await judge.tick("I will keep what I read, mark and hear in confidence");
      await judge.press("Accept");
      await judge.go(this.path(`/judging/${this.round}/interests`));
      await this.look(judge, "interests");
      await this.propose(judge, /^Declare/);
      await this.look(judge, "a judge waits");
    }
    await rhiannon.go(panel);
    await this.look(rhiannon, "panel, declared");
    await this.propose(rhiannon, /^(Deal out|Give|Assign|Let)/);
    await rhiannon.go(panel);
    await this.propose(rhiannon, /ready/i);
    await rhiannon.go(this.path(`/organise/rounds/${this.round}`));
    await this.look(rhiannon, "round, not open");
    await this.propose(rhiannon, /^Open the marking/);
  }

  async marks() {
    for (const who of ["ines", "tom"]) {
      const judge = this[who];
      await judge.go(this.path("/judging"));
      await this.look(judge, "judging");
      for (const [title, marks] of Object.entries(MARKS[who])) {
        await judge.go(this.path(`/judging/${this.round}`));
        await this.look(judge, "queue");
        await judge.arrive(() => judge.page.getByRole("link", { name: new RegExp(`^${title}`) }).first().click());
        await this.look(judge, "score sheet");
        await this.mark(judge, marks);
        await judge.fill("For the panel", `${title}: look at the costs.`);
        await judge.fill("For the entrant", `What ${title} could do next: ask its members.`);
        await judge.press("Hand in");
      }
      await judge.go(this.path(`/judging/${this.round}`));
      assert.match(await judge.text(), /handed in/i);
      await this.look(judge, "queue, done");
    }
    const { rhiannon } = this;
    await rhiannon.go(this.path(`/organise/rounds/${this.round}`));
    await this.look(rhiannon, "round, all in");
  }

  // Marks every criterion of the sheet on the page.
  async mark(judge, marks) {
    const groups = judge.page.locator("fieldset:has(input[type=radio][name^='marks.'])");
    const count = await groups.count();
    assert.ok(count > 0, await judge.text());
    for (let at = 0; at < count; at++) {
      const mark = String(marks[at % marks.length]);
      const radio = groups.nth(at).locator(`input[value="${mark}"]`);
      await radio.evaluate((input) => input.labels[0].setAttribute("data-wanted", ""));
      await groups.nth(at).locator("[data-wanted]").click();
      assert.ok(await radio.isChecked());
    }
  }

  // Does something that needs a fresh proof, and gives it if asked.
  async provenly(person, act) {
    await act();
    if (/First show that it is you/.test(await person.heading())) {
      await this.look(person, "second key needed");
      const back = person.page;
      const fresh = await person.context.newPage();
      person.page = fresh;
      const since = Date.now() - 1000;
      await person.go("/second-key");
      await this.look(person, "second key");
      await this.propose(person, /^Send a code/);
      await person.fill("The code", await this.house.code(person.email, since));
      await person.press("Continue");
      await fresh.close();
      person.page = back;
      await person.press("Send it again");
    }
  }

  async winners() {
    const { rhiannon, kofi } = this;
    await rhiannon.go(this.path("/organise/finish-scoring"));
    await this.look(rhiannon, "finish scoring");
    await this.provenly(rhiannon, () => rhiannon.press("Finish scoring"));
    await this.ownSheet();
    await kofi.go(this.path("/organise/confirm-winners"));
    await this.look(kofi, "confirm winners");
    await this.provenly(kofi, () => this.propose(kofi, /^(Confirm|Open)/));
    const until = Date.now() + 30_000;
    do {
      await rhiannon.go(this.path("/results"));
      assert.ok(Date.now() < until, await rhiannon.text());
    } while (!/Handover/.test(await rhiannon.text()));
    await this.look(rhiannon, "results, to organisers");
    await this.comments();
    await rhiannon.go(this.path("/organise/awards"));
    await this.look(rhiannon, "awards, to propose");
    await this.propose(rhiannon, /^Propose Handover/);
    await kofi.go(this.path("/organise/awards"));
    await this.look(kofi, "awards, proposed");
    await this.provenly(kofi, () => this.propose(kofi, /^Approve the award to Handover/));
    await rhiannon.go(this.path("/organise/announcement"));
    await this.look(rhiannon, "announcement");
    await rhiannon.press("Announce the winners now");
    await this.wren.go(this.path());
    assert.match(await this.wren.text(), /Handover Co-op/);
    await this.look(this.wren, "public page, announced");
    for (const path of [this.path(), "/programmes", "/home"]) {
      await this.wren.go(path);
      const page = await this.wren.page.locator("body").innerText();
      assert.match(page, /The winners are announced/, path);
      assert.doesNotMatch(page, /Being judged/, path);
    }
    await this.wren.go(this.path("/results"));
    assert.match(await this.wren.text(), /Handover/);
    await this.look(this.wren, "results, to everybody");
  }

  // Locked, a judge reads what they handed in, and nothing of others.
  async ownSheet() {
    const { ines } = this;
    await ines.go(this.path(`/judging/${this.round}`));
    await this.look(ines, "queue, locked");
    await ines.follow(/^Handover$/);
    assert.match(await ines.text(), /nobody sees them but you/);
    assert.match(await ines.text(), /Handover: look at the costs\./);
    assert.doesNotMatch(await ines.text(), /Another judge/);
    assert.equal(await ines.page.locator("main form").count(), 0);
    await this.look(ines, "own sheet, locked");
  }

  // Open, the panel's words are the panel's; and one for an entrant comes back
  // to its judge, who finds others.
  async comments() {
    const { rhiannon, ines } = this;
    await rhiannon.go(this.path(`/organise/rounds/${this.round}`));
    await rhiannon.follow(/^Read what the judges wrote$/);
    await this.look(rhiannon, "what the judges wrote");
    const about = rhiannon.page.locator("section").filter({ has: rhiannon.page.getByRole("heading", { name: "Meshwick Networks" }) });
    const comment = about.locator(".plaudit-comment").filter({ hasText: `${ines.name}, for the entrant` });
    const open = async () => comment.locator("summary").click();
    await open();
    await rhiannon.arrive(() => comment.getByRole("button", { name: "Return it" }).click());
    assert.match(await rhiannon.text(), /Choose why/);
    await this.look(rhiannon, "what the judges wrote, without a reason");
    await comment.getByLabel("It is about something else").check();
    await rhiannon.arrive(() => comment.getByRole("button", { name: "Return it" }).click());
    assert.match(await comment.innerText(), /Returned\s+It is about something else\. It waits for other words\./i);
    await this.look(rhiannon, "what the judges wrote, one returned");
    const meshwick = this.samir.pitch.split("/").pop();
    await rhiannon.go(this.path(`/results/${this.round}/${meshwick}`));
    assert.match(await rhiannon.text(), /Meshwick: look at the costs\./);
    await this.look(rhiannon, "a total, to organisers");
    await ines.go(this.path(`/judging/${this.round}`));
    await this.look(ines, "queue, a comment returned");
    await ines.follow(/^“Meshwick”$/);
    assert.match(await ines.text(), /Another judge\s+Meshwick: look at the costs\./);
    await this.look(ines, "own sheet, a comment returned");
    await ines.fill("Your words to the entrant now", "Count the aerials again, street by street.");
    await ines.press("Hand in these words");
    assert.match(await ines.text(), /This is what goes to the entrant now/);
    await this.look(ines, "own sheet, open");
  }

  async payment() {
    const { rhiannon, kofi, bronagh } = this;
    await bronagh.go(this.path("/pitches"));
    const award = await bronagh.page.locator("a[href*='/awards/']").first().getAttribute("href");
    const own = award.replace("/awards/", "/organise/awards/");
    await bronagh.go(award);
    await this.look(bronagh, "award, announced");
    await bronagh.press("Accept the award");
    await bronagh.go(`${award}/payee`);
    await this.look(bronagh, "payee");
    await bronagh.fill("Name on the account", "Handover Co-op");
    await bronagh.fill("Sort code", "12-34-56");
    await bronagh.fill("Account number", "12345678");
    await bronagh.press("Name this account");
    await rhiannon.go(own);
    await this.look(rhiannon, "payout, payee named");
    await this.provenly(rhiannon, () => rhiannon.press("The account is the payee’s"));
    await rhiannon.go(own);
    await rhiannon.fill("What was agreed with the winner", "The prize is spent on what was pitched.");
    await rhiannon.press("Record the agreement");
    await rhiannon.go(own);
    await rhiannon.press("Request the payment");
    await kofi.go(own);
    await this.look(kofi, "payout, requested");
    await this.provenly(kofi, () => kofi.press("Authorise the payment"));
    await kofi.go(own);
    await kofi.fill("The bank’s reference", "PRIZE 1");
    await this.provenly(kofi, () => kofi.press("The money is sent"));
    await bronagh.go(`${award}/received`);
    await this.look(bronagh, "money received");
    await bronagh.press("The money has come");
    await rhiannon.go(own);
    assert.match(await rhiannon.text(), /The winner confirms that it came\s+Done by Bronagh/);
    await this.look(rhiannon, "payout, confirmed");
    this.award = award;
  }

  async support() {
    const { rhiannon, bronagh } = this;
    await rhiannon.go(this.path("/pledge"));
    await this.look(rhiannon, "pledge");
    await rhiannon.fill("What you offer", "Business advice from Fenbank");
    await rhiannon.fill("How much", "2");
    await rhiannon.tick("Hours");
    await rhiannon.page.getByLabel("For whom", { exact: true }).selectOption({ index: 1 });
    await rhiannon.press("Pledge it");
    await bronagh.go(this.award);
    const pledge = await bronagh.page.locator("a[href*='/support/']").first().getAttribute("href");
    await bronagh.go(pledge);
    await this.look(bronagh, "support, pledged");
    await bronagh.press("Accept this support");
    await rhiannon.go(this.path("/organise/support"));
    await this.look(rhiannon, "support ledger");
    const one = await rhiannon.page.locator("a[href*='/organise/support/']").first().getAttribute("href");
    await rhiannon.go(one);
    await this.look(rhiannon, "a pledge");
    await rhiannon.page.locator("[name=amount]").fill("2");
    await rhiannon.fill("Something to show for it", "Two hours on the share offer, with the whole team.");
    await rhiannon.press("Note the delivery");
    await bronagh.go(pledge);
    await this.propose(bronagh, /^Yes, it came/);
    await rhiannon.go(one);
    await rhiannon.press("Close the account");
  }

  async afterwards() {
    const { rhiannon, wren, bronagh } = this;
    await rhiannon.go(this.path("/organise"));
    await this.look(rhiannon, "dashboard, at the end");
    for (const [path, name] of [
      ["/organise/files", "files"],
      ["/organise/letters", "letters"],
      ["/trail", "trail, to organisers"],
      [`/results/${this.round}/pictures`, "pictures"],
    ]) {
      await rhiannon.go(this.path(path));
      await this.look(rhiannon, name);
    }
    await this.samir.go(this.samir.pitch);
    assert.match(await this.samir.text(), /Count the aerials again/);
    await wren.go(wren.pitch);
    assert.match(await wren.text(), /What Encore Commons could do next/);
    await this.look(wren, "feedback");
    await wren.go(this.path("/trail"));
    await this.look(wren, "trail");
    for (const path of ["/account", "/account/tokens", "/account/passkeys", "/account/leave", "/account/name", "/home", "/programmes", "/accessibility", "/privacy"]) {
      await bronagh.go(path);
      await this.look(bronagh, path);
    }
    await bronagh.go("/programmes/none");
    await this.look(bronagh, "page not found");
  }
}
