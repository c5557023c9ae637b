// What a check found: problems in the order of the log, then what can't be shown,
// then that it holds.

import { say } from './words.mjs';

const MOST_LINES = 20;

export class Finding {
  constructor(sentences, check) {
    this.about = sentences.checks.find((about) => about.check === check);
    this.common = sentences.common;
    this.problems = [];
    this.unshown = null;
    this.held = null;
  }

  /** The check fails for this reason, by this event. Problems are found in the log's order. */
  fails(reason, event, parameters = {}) {
    const at = parameters.at ?? event?.at;
    this.failsAt(reason, at === undefined ? [] : [at], { at, ...parameters });
  }

  /** The same, with other lines than the event's own, or none. */
  failsAt(reason, lines, parameters) {
    this.problems.push({ template: this.about.fails[reason], parameters, lines });
  }

  hides(reason, parameters, lines = []) {
    this.unshown ??= { template: this.about.hidden[reason], parameters, lines };
  }

  holds(reason, parameters, lines = []) {
    this.held = { template: this.about.holds[reason], parameters, lines };
  }

  /** One of the answers that every check may give. */
  answers(outcome, reason) {
    const said = { template: this.common[reason], parameters: {}, lines: [] };
    if (outcome === 'holds') this.held = said;
    else this.unshown ??= said;
  }

  /** The programme has not come so far, or ended without it. */
  notReached(isOver) {
    this.answers(isOver ? 'holds' : 'hidden', isOver ? 'none' : 'early');
  }

  report() {
    const { check, title } = this.about;
    const outcome = this.problems.length > 0 ? 'fails' : this.unshown ? 'hidden' : 'holds';
    const said = { fails: this.problems[0], hidden: this.unshown, holds: this.held }[outcome];
    let sentence = say(said.template, said.parameters);
    if (this.problems.length > 1) sentence += say(this.common.more, { n: this.problems.length - 1 });
    const lines = outcome === 'fails' ? this.problems.flatMap((problem) => problem.lines) : said.lines;
    return { check, title, outcome, sentence, lines: [...new Set(lines)].slice(0, MOST_LINES) };
  }
}
