// What a check found: problems first, then what can't be shown, then that it holds.

import { say } from './words.mjs';

export class Finding {
  constructor(sentences, check) {
    this.about = sentences.checks.find((about) => about.check === check);
    this.common = sentences.common;
    this.problems = [];
    this.unshown = [];
    this.held = null;
  }

  /** The check fails for this reason; the lines are those that prove it. */
  fails(reason, parameters, lines) {
    this.problems.push({ template: this.about.fails[reason], parameters, lines });
  }

  hides(reason, parameters, lines = []) {
    this.unshown.push({ template: this.about.hidden[reason], parameters, lines });
  }

  holds(reason, parameters, lines) {
    this.held = { template: this.about.holds[reason], parameters, lines };
  }

  /** One of the answers that every check may give. */
  answers(outcome, reason) {
    const said = { template: this.common[reason], parameters: {}, lines: [] };
    if (outcome === 'holds') this.held = said;
    else this.unshown.push(said);
  }

  get failed() {
    return this.problems.length > 0;
  }

  report() {
    const { check, title } = this.about;
    const outcome = this.failed ? 'fails' : this.unshown.length > 0 ? 'hidden' : 'holds';
    const [said] = { fails: this.problems, hidden: this.unshown, holds: [this.held] }[outcome];
    let sentence = say(said.template, said.parameters);
    if (this.problems.length > 1) sentence += say(this.common.more, { n: this.problems.length - 1 });
    return { check, title, outcome, sentence, lines: [...new Set(said.lines)] };
  }
}
