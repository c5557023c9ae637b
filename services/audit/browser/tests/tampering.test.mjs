// Files that somebody has tampered with. A log's operator may sign whatever they
// like, so every tampered log here is signed again: the story must give it away.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';

import { largeProgramme } from './large.mjs';
import { bundleOf, checkpointOf, fixture, keyOf, logOf, merged, receiptOf, withheldOf, witnessOf } from './log.mjs';
import { reportOf, SENTENCES } from './verifying.mjs';

const DEN = merged(fixture('the-den.events'));
const SHARED = merged(fixture('shared-first.events'));
const FACT = 'plaudit.intake.v1.FactTaken';

const nameOf = (event) => event.type.split('.').at(-1);
const find = (log, name, where = () => true) => log.find((line) => nameOf(line.event) === name && where(line.event));
const fails = (report) => report.filter((check) => check.outcome === 'fails').map((check) => check.check);
const sentenceOf = (report, name) => report.find((check) => check.check === name).sentence;
const bundle = (log, options = {}, more = {}) => bundleOf(logOf(log, options), { withheld: withheldOf(log, more.openings), ...more });

/** The log with what `change` does to each event's message, and to each copy that was taken in. */
function edited(log, change) {
  return log.map((line) => {
    const event = structuredClone(line.event);
    const key = event.type === FACT && Object.keys(event.data).find((name) => name !== 'actor');
    const name = key ? key[0].toUpperCase() + key.slice(1) : nameOf(event);
    change(name, key ? event.data[key] : event.data, event);
    const bytes = JSON.stringify(event);
    return { ...line, event, bytes: bytes === JSON.stringify(line.event) ? line.bytes : bytes };
  });
}

/** A small programme that goes on after its result: its log. */
function small(options) {
  return largeProgramme({ pitches: 5, judges: 4, each: 2, ...options }).log;
}

test('real programmes hold in every check', async () => {
  for (const name of ['the-den', 'median', 'shared-first', 'trimmed']) {
    const log = merged(fixture(`${name}.events`));
    const witnesses = [witnessOf('witness.example/one'), witnessOf('witness.example/two')];
    const report = await reportOf(bundle(log, { sizes: [1, 10, 99], witnesses }));
    assert.deepEqual(report.filter((check) => check.outcome !== 'holds'), [], name);
    assert.deepEqual(report.map((check) => check.check), SENTENCES.checks.map((check) => check.check));
  }
});

test('what came too late counts if two people let it in before it was ever in', async () => {
  const real = merged(fixture('eventful.events'));
  const pitch = find(real, 'PitchReopened').event.subject;
  const first = find(real, 'PitchSubmitted', ({ subject }) => subject === pitch);
  const log = edited(real.filter((line) => line !== first), (name, data, event) => {
    if (event.subject === pitch && name === 'PitchSubmitted') data.submission -= 1;
  });
  assert.ok(!fails(await reportOf(bundle(log))).includes('entries'));
  const alone = log.filter((line) => nameOf(line.event) !== 'PitchReopened');
  assert.ok(fails(await reportOf(bundle(alone))).includes('entries'));
});

test('every byte of a small bundle changed in turn is found', async () => {
  const log = DEN.slice(0, 7);
  const bytes = Buffer.from(bundle(log, { sizes: [3], witnesses: [witnessOf('witness.example/one')] }));
  const untouched = await reportOf(bytes);
  assert.deepEqual(fails(untouched), []);
  for (let at = 0; at < bytes.length; at += 1) {
    for (const flip of [0x01, 0x20, bytes[at] ^ 0x0a, bytes[at] ^ 0x0d]) {
      if (flip === 0) continue;
      const changed = Buffer.from(bytes);
      changed[at] ^= flip;
      const [file] = await reportOf(changed);
      assert.equal(file.outcome, 'fails', `byte ${at} changed by ${flip}`);
    }
  }
});

test('a file that is cut anywhere, or goes on, is found', async () => {
  const bytes = Buffer.from(bundle(DEN.slice(0, 5)));
  for (let length = 0; length < bytes.length; length += 7) {
    const report = await reportOf(bytes.subarray(0, length));
    assert.equal(report[0].outcome, 'fails', `cut at ${length}`);
    assert.match(report[0].sentence, /cut short|not written by the rules/);
    assert.equal(report[1].sentence, SENTENCES.common.unread);
  }
  assert.match(sentenceOf(await reportOf(`${bytes}\n`), 'file'), /after the file's last line/);
  assert.match(sentenceOf(await reportOf(`${bytes}x`), 'file'), /after the file's last line/);
});

test('an event dropped, moved, repeated or added is not what was signed', async () => {
  const made = logOf(DEN, { sizes: [100] });
  const cases = {
    dropped: DEN.toSpliced(50, 1),
    moved: [...DEN.slice(0, 50), DEN[51], DEN[50], ...DEN.slice(52)],
    repeated: DEN.toSpliced(50, 0, DEN[50]),
  };
  for (const [name, log] of Object.entries(cases)) {
    const report = await reportOf(bundleOf({ ...made, log }, { withheld: withheldOf(log) }));
    assert.ok(fails(report).includes('tree'), name);
    assert.ok(fails(report).includes('growth'), `${name}: an earlier checkpoint tells too`);
  }
});

test('an event dropped from a log that is signed again is missed', async () => {
  for (const [index, line] of DEN.entries()) {
    const later = DEN.slice(index + 1).some((other) => other.service === line.service && other.event.subject === line.event.subject);
    const milestone = DEN.slice(index + 1).some((other) => other.service === line.service && Number(other.event.data.asOf) >= line.position);
    if (!later && !milestone) continue;
    const log = DEN.toSpliced(index, 1);
    const found = fails(await reportOf(bundle(log)));
    assert.ok(found.includes('streams') || found.includes('counts'), `${line.at} ${nameOf(line.event)}: ${found}`);
  }
});

test('an event dropped between the announcement and the conclusion is missed at the conclusion', async () => {
  const upTo = (service, milestone) => Number(DEN.find((line) => line.service === service && line.event.data.milestone === milestone).event.data.asOf);
  const isBetween = ({ service, position }) => position > upTo(service, 'MILESTONE_ANNOUNCED') && position <= upTo(service, 'MILESTONE_CONCLUDED');
  const isLast = (line, index) => !DEN.slice(index + 1).some((other) => other.service === line.service && other.event.subject === line.event.subject);
  const between = DEN.filter((line, index) => nameOf(line.event) !== 'ProgrammeConcluded' && isBetween(line) && isLast(line, index));
  assert.ok(between.length >= 2, 'no version after them tells');
  for (const line of between) {
    const report = await reportOf(bundle(DEN.filter((other) => other !== line)));
    assert.ok(!fails(report).includes('streams') && fails(report).includes('counts'), line.at);
    assert.match(sentenceOf(report, 'counts'), /Something was left out or added\./);
  }
});

test('a count that is missing at the conclusion is waited for, a wrong one is found', async () => {
  const last = DEN.find((line) => line.service === 'panels' && line.event.data.milestone === 'MILESTONE_CONCLUDED');
  const waiting = await reportOf(bundle(DEN.filter((line) => line !== last)));
  assert.deepEqual(fails(waiting), []);
  assert.equal(sentenceOf(waiting, 'counts'), 'The counts of panels after the programme was concluded are not in the file.');
  const wrong = {
    'what panels held at that moment is not what is here': { digest: Buffer.alloc(32).toString('base64') },
    'counts for a milestone that submissions/\\d+ is not': { milestone: 'MILESTONE_CANCELLED' },
    'panels held 1 history at that moment': { streams: 1 },
  };
  for (const [words, change] of Object.entries(wrong)) {
    const log = edited(DEN, (name, data, event) => {
      if (event.id === last.event.id) Object.assign(data, change);
    });
    const report = await reportOf(bundle(log));
    assert.deepEqual(fails(report), ['counts']);
    assert.match(sentenceOf(report, 'counts'), new RegExp(words));
  }
});

test('a cancelled programme is counted too', async () => {
  const cancelled = (then) => {
    const further = (it, { ada }) => {
      const others = ['accounts', 'awards', 'panels', 'scoring'];
      then(it, it.told(others, 'submissions', 'ProgrammeCancelled', `programme/${it.id}`, ada, { reason: 'REASON_TOO_FEW_PITCHES' }), ada);
    };
    return reportOf(bundle(small({ further })));
  };
  const report = await cancelled((it, cause) => it.count('MILESTONE_CANCELLED', cause));
  assert.deepEqual(report.filter((check) => check.outcome !== 'holds'), []);
  assert.match(sentenceOf(report, 'counts'), /, the programme was cancelled\), and the 20 counts come out again/);
  const uncounted = await cancelled(() => {});
  assert.equal(sentenceOf(uncounted, 'counts'), 'The counts of accounts, awards, panels, scoring, submissions after the programme was cancelled are not in the file.');
  const later = await cancelled((it, _, ada) => it.conclude(ada));
  assert.deepEqual(fails(later), ['counts']);
  assert.match(sentenceOf(later, 'counts'), /^accounts never counted what it held after the programme was cancelled, but counted later\. And 4 more/);
});

test('an event moved or repeated in a log that is signed again is out of order', async () => {
  const index = DEN.findIndex((line) => nameOf(line.event) === 'RoundLocked');
  const [locked] = DEN.slice(index, index + 1);
  const earlier = DEN.findLastIndex((line, at) => at < index && line.service === 'scoring');
  const moved = DEN.toSpliced(index, 1).toSpliced(earlier, 0, locked);
  assert.ok(fails(await reportOf(bundle(moved))).includes('order'));
  const repeated = DEN.toSpliced(index, 0, locked);
  assert.ok(fails(await reportOf(bundle(repeated))).includes('order'));
  const cause = DEN.findIndex((line) => line.event.cause);
  const first = [DEN[cause], ...DEN.toSpliced(cause, 1)];
  assert.match(sentenceOf(await reportOf(bundle(first)), 'order'), /follows from|knowing/);
});

test('an event that is dated back is found', async () => {
  const log = edited(DEN, (name, _, event) => {
    if (nameOf(event) === 'RoundLocked') event.time = '2026-11-23T07:00:00Z';
  });
  assert.deepEqual(fails(await reportOf(bundle(log))), ['times']);
});

test('a mark altered after the lock is not what was sealed', async () => {
  const victim = find(DEN, 'ScorecardUnsealed').event.id;
  const log = edited(DEN, (name, data, event) => {
    if (event.id === victim) data.marks[0].mark = '0';
  });
  const found = fails(await reportOf(bundle(log)));
  assert.ok(found.includes('openings') && found.includes('result'), String(found));
});

test('a mark altered and sealed anew gives itself away in the counts of the unsealing', async () => {
  const { data, subject, id } = find(DEN, 'ScorecardUnsealed').event;
  const marks = data.marks.map((mark, index) => (index === 0 ? { ...mark, mark: '0' } : mark));
  const lines = marks.map(({ criterion, mark }) => `${criterion}=${mark}\n`).sort().join('');
  const hash = createHmac('sha256', Buffer.from(data.salt, 'base64')).update('plaudit/seal/v1');
  for (const part of [subject, 'ScorecardSealed.marks', lines]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    hash.update(length).update(part);
  }
  const commitment = hash.digest('base64');
  const log = edited(DEN, (name, message, event) => {
    if (event.id === id) Object.assign(message, { commitment, marks });
    if (name === 'ScorecardSealed' && event.subject === subject) message.marks = commitment;
  });
  assert.deepEqual(fails(await reportOf(bundle(log))), ['scorecards', 'result']);
});

test('a score sheet handed in after the lock is found', async () => {
  const locked = DEN.findIndex((line) => nameOf(line.event) === 'RoundLocked');
  const sealed = DEN.findLastIndex((line, index) => index < locked && nameOf(line.event) === 'ScorecardSealed');
  const places = [DEN[locked].position, DEN[sealed].position];
  const swapped = [...DEN];
  [swapped[locked], swapped[sealed]] = [
    { ...DEN[sealed], at: DEN[locked].at, position: places[0] },
    { ...DEN[locked], at: DEN[sealed].at, position: places[1] },
  ];
  const found = await reportOf(bundle(swapped));
  assert.ok(fails(found).includes('scorecards'), String(fails(found)));
  assert.match(sentenceOf(found, 'scorecards'), /after the round was locked/);
});

test('a pitch that came late is found', async () => {
  const { log } = largeProgramme({ pitches: 5, judges: 4, each: 2, late: true });
  const found = await reportOf(bundle(log));
  assert.deepEqual(fails(found), ['entries']);
  assert.match(sentenceOf(found, 'entries'), /arrived at 2026-11-02 09:11:10.\d+ UTC, after the last moment, 2026-11-02 09:11:00/);
  const closed = DEN.findIndex((line) => nameOf(line.event) === 'CallClosed');
  const pitch = DEN.findLastIndex((line, index) => index < closed && nameOf(line.event) === 'PitchSubmitted');
  const swapped = [...DEN];
  swapped[closed] = { ...DEN[pitch], at: DEN[closed].at, position: DEN[closed].position };
  swapped[pitch] = { ...DEN[closed], at: DEN[pitch].at, position: DEN[pitch].position };
  const after = await reportOf(bundle(swapped));
  assert.match(sentenceOf(after, 'entries'), /everybody who was invited had answered\. And 1 more problem/);
});

test('a pitch that was changed in what one service took over is found', async () => {
  const taken = find(DEN, 'FactTaken', (event) => event.data.pitchSubmitted).event.id;
  const log = edited(DEN, (name, data, event) => {
    if (event.id === taken) data.title = Buffer.alloc(32).toString('base64');
  });
  assert.deepEqual(fails(await reportOf(bundle(log))), ['facts']);
});

test('rules that change after the call opened are found', async () => {
  const log = edited(DEN, (name, data) => {
    if (name === 'RoundOpened') data.tally.criteria[0].weight = '9';
  });
  const found = fails(await reportOf(bundle(log)));
  assert.ok(found.includes('rules') && found.includes('result'), String(found));
  const other = edited(DEN, (name, data) => {
    if (name === 'RulebookPublished') data.rulebook.pot.minor = '900000';
  });
  assert.match(sentenceOf(await reportOf(bundle(other)), 'rules'), /hash that is not that of its rulebook/);
});

test('a winner swapped in the ranking is found, and one swapped in the award', async () => {
  const ranked = DEN.filter((line) => nameOf(line.event) === 'PitchRanked');
  const [first, second] = [1, 2].map((rank) => ranked.find((line) => line.event.data.rank === rank).event.data);
  const log = edited(DEN, (name, data) => {
    if (name !== 'PitchRanked' && name !== 'PlaceTaken') return;
    if (data.pitch === first.pitch) data.rank = 2;
    else if (data.pitch === second.pitch) data.rank = 1;
  });
  const found = fails(await reportOf(bundle(log)));
  assert.ok(found.includes('result'), String(found));
  const awarded = edited(DEN, (name, data) => {
    if (['AwardProposed', 'AmountReserved'].includes(name)) data.pitch = second.pitch;
  });
  assert.ok(fails(await reportOf(bundle(awarded))).includes('awards'));
});

test('one person who does both is found, and named by both checks', async () => {
  const second = find(DEN, 'AwardApproved').event.data.approvedBy;
  for (const [name, field] of [['AwardApproved', 'approvedBy'], ['PayoutAuthorised', 'authorisedBy'], ['RoundUnsealed', 'confirmedBy'], ['CallOpened', 'confirmedBy']]) {
    const log = edited(DEN, (kind, data, event) => {
      if (kind !== name || event.type === FACT) return;
      const first = data.proposedBy ?? data.requestedBy;
      data[field] = first;
      event.actor = `member/${first}`;
    });
    const report = await reportOf(bundle(log));
    assert.ok(fails(report).includes('people'), name);
    assert.match(sentenceOf(report, 'people'), /on the word of one person/);
  }
  const revoked = edited(DEN, (name, data) => {
    if (name === 'RoleGranted' && data.member === second) data.role = 'ROLE_HELPER';
  });
  assert.match(sentenceOf(await reportOf(bundle(revoked)), 'people'), /no right to/);
});

test('an announcement by a timer, and the moments that were set for it, are in order', async () => {
  const { command } = find(DEN, 'WinnersAnnounced').event;
  const log = edited(DEN, (name, data, event) => {
    if (event.command === command) event.actor = 'process/announce_at_moment';
    if (event.type === FACT && name === 'WinnersAnnounced') delete event.data.actor;
  });
  assert.deepEqual(fails(await reportOf(bundle(log))), []);
  const further = (it, { ada }) => {
    const pot = `pot/${it.id}`;
    it.add('awards', 'AnnouncementScheduled', pot, ada, { at: '2026-12-01T19:00:00+00:00' });
    it.add('awards', 'AnnouncementUnscheduled', pot, ada, {});
    it.conclude(ada);
  };
  const report = await reportOf(bundle(small({ further })));
  assert.deepEqual(report.filter((check) => check.outcome !== 'holds'), []);
});

/** Two people admit an auditor, who is dismissed again; with what `change` does to the admission. */
function audited(change = () => {}) {
  const further = (it, { ada, bo }) => {
    const [stream, member] = [`programme/${it.id}`, it.uuid('member')];
    const admission = { actor: bo, data: { member, proposedBy: ada, confirmedBy: bo } };
    change(admission, { ada, bo, other: it.uuid('member') });
    it.add('submissions', 'AuditorProposed', stream, ada, { member, by: ada });
    it.told(['scoring', 'panels'], 'submissions', 'AuditorAdmitted', stream, admission.actor, admission.data);
    it.told(['scoring', 'panels'], 'submissions', 'AuditorDismissed', stream, ada, { member });
    it.conclude(ada);
  };
  return small({ further });
}

test('an auditor is admitted by two people, and the one who was proposed', async () => {
  const report = await reportOf(bundle(audited()));
  assert.deepEqual(report.filter((check) => check.outcome !== 'holds'), []);
  const changes = {
    'an auditor was admitted on the word of one person': (admission, { ada }) => {
      admission.actor = ada;
      admission.data.confirmedBy = ada;
    },
    'an auditor was admitted, but not by the person it names': (admission, { other }) => {
      admission.data.confirmedBy = other;
    },
    'an auditor was admitted, but the first of the two had not proposed it': (admission, { other }) => {
      admission.data.member = other;
    },
    'an auditor was admitted, but the second of the two had no right to': (admission, { other }) => {
      admission.actor = other;
      admission.data.confirmedBy = other;
    },
  };
  for (const [words, change] of Object.entries(changes)) {
    const found = await reportOf(bundle(audited(change)));
    assert.deepEqual(fails(found), ['people'], words);
    assert.ok(sentenceOf(found, 'people').includes(words), sentenceOf(found, 'people'));
  }
});

test('an auditor whom one service took in must be the one who was admitted or dismissed', async () => {
  const log = audited();
  for (const message of ['auditorAdmitted', 'auditorDismissed']) {
    const taken = find(log, 'FactTaken', (event) => event.data[message]).event;
    const swapped = edited(log, (name, data, event) => {
      if (event.id === taken.id) data.member = taken.data.actor;
    });
    assert.deepEqual(fails(await reportOf(bundle(swapped))), ['facts'], message);
  }
});

test('what no check reads need only be JSON; what one reads must be as its contract says', async () => {
  const asking = { subject: 'SUBJECT_OF_LATER', id: 7, reason: 'REASON_OF_LATER' };
  const asked = small({ further: (it, { ada }) => it.add('submissions', 'ForgettingAsked', `programme/${it.id}`, ada, asking) });
  assert.deepEqual(fails(await reportOf(bundle(asked))), []);
  const proposed = small({ further: (it, { ada }) => it.add('submissions', 'AuditorProposed', `programme/${it.id}`, ada, { member: 7, by: ada }) });
  assert.deepEqual(fails(await reportOf(bundle(proposed))), ['file']);
});

test('more than the pot, another amount, a payment to oneself', async () => {
  const pot = edited(SHARED, (name, data) => {
    if (name === 'AwardProposed' || name === 'AmountReserved') data.amount.minor = '90000';
  });
  const found = fails(await reportOf(bundle(pot)));
  assert.ok(found.includes('money') && found.includes('awards'), String(found));
  const payee = find(DEN, 'PayeeNamed').event.data.by;
  const self = edited(DEN, (name, data, event) => {
    if (name === 'PayeeChecked') event.actor = `member/${payee}`;
  });
  assert.deepEqual(fails(await reportOf(bundle(self))), ['payment']);
});

test('a judge who had not declared, and one who marks where they stand aside', async () => {
  const aside = find(DEN, 'InterestDeclared').event;
  const log = edited(DEN, (name, data, event) => {
    if (event.id === aside.id) data.connection = 'CONNECTION_STAND_ASIDE';
  });
  const found = fails(await reportOf(bundle(log)));
  assert.ok(found.includes('declarations') && found.includes('assignments'), String(found));
});

test('what stays closed must be said, and what is shown must be what was sealed', async () => {
  const sealed = find(DEN, 'ScorecardSealed', (event) => event.data.commentToEntrant).event;
  const opening = { commitment: sealed.data.commentToEntrant, salt: Buffer.alloc(32, 7).toString('base64'), content: Buffer.from('Well done.').toString('base64') };
  const shown = await reportOf(bundle(DEN, {}, { openings: [opening], audience: 'auditors' }));
  assert.deepEqual(fails(shown), ['openings']);
  assert.match(sentenceOf(shown, 'openings'), /ScorecardSealed.comment_to_entrant of scoring/);
  const unsaid = await reportOf(bundleOf(logOf(DEN), { withheld: '' }));
  assert.deepEqual(fails(unsaid), ['openings']);
});

test('a checkpoint of another log, by another key, or cosigned by somebody unknown', async () => {
  const made = logOf(DEN, { witnesses: [witnessOf('witness.example/one')] });
  const withheld = withheldOf(DEN);
  const at = (checkpoint, policy = made.policy) => reportOf(bundleOf({ ...made, policy, checkpoints: [checkpoint] }, { withheld }));
  const elsewhere = 'other.example/log/00000000-0000-4000-8000-000000000000';
  const witnesses = [witnessOf('witness.example/one')];
  const other = await at(checkpointOf({ origin: elsewhere, leaves: made.leaves, key: keyOf(elsewhere), witnesses }));
  assert.match(sentenceOf(other, 'signature'), /another log/);
  const impostor = { ...keyOf('an impostor'), name: made.origin, id: made.key.id };
  const forged = await at(checkpointOf({ ...made, key: impostor, witnesses }));
  assert.deepEqual(fails(forged), ['signature', 'witnesses'], 'what no log has signed, nobody has cosigned');
  const unknown = await at(checkpointOf({ ...made, witnesses: [...witnesses, witnessOf('nobody.example')] }));
  assert.deepEqual(fails(unknown), ['witnesses']);
  assert.match(sentenceOf(unknown, 'witnesses'), /nobody\.example/);
  assert.deepEqual(fails(await at(checkpointOf(made))), ['witnesses'], 'nobody cosigned');
  const false_ = { ...keyOf('an impostor', 4), name: 'witness.example/one', id: witnesses[0].id };
  const cosigned = await at(checkpointOf({ ...made, witnesses: [false_] }));
  assert.match(sentenceOf(cosigned, 'witnesses'), /not the signature of witness\.example\/one/);
});

test('a policy from elsewhere counts more than the file’s own', async () => {
  const text = bundle(DEN);
  const other = keyOf('elsewhere.example/log/1').vkey;
  const found = await reportOf(text, { policy: `log ${other}\nquorum none\n` });
  assert.match(sentenceOf(found, 'signature'), /which the policy does not name/);
});

test('a browser without Ed25519 says so, and claims nothing', async () => {
  const report = await reportOf(bundle(DEN, { witnesses: [witnessOf('witness.example/one')] }), { canSign: false });
  const hidden = report.filter((check) => check.outcome === 'hidden').map((check) => check.check);
  assert.deepEqual(hidden, ['signature', 'witnesses']);
});

test('a receipt proves what was handed in, and only that', async () => {
  const salt = createHash('sha256').update('salt').digest();
  const content = Buffer.from('difference=8\n');
  const sealed = find(DEN, 'PitchSubmitted').event;
  const hash = createHmac('sha256', salt).update('plaudit/seal/v1');
  for (const part of [Buffer.from(sealed.subject), Buffer.from('PitchSubmitted.answers'), content]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    hash.update(length).update(part);
  }
  const commitment = hash.digest('base64');
  const log = edited(DEN, (name, data, event) => {
    if (name === 'PitchSubmitted' && event.subject === sealed.subject) data.answers = commitment;
  });
  const made = logOf(log);
  const opening = { commitment, salt: salt.toString('base64'), content: content.toString('base64') };
  const at = find(log, 'PitchSubmitted').at;
  const report = await reportOf(receiptOf(made, at, [opening]));
  assert.deepEqual(report.map((check) => [check.check, check.outcome]), ['file', 'signature', 'tree', 'witnesses', 'openings'].map((check) => [check, 'holds']));
  const wrong = await reportOf(receiptOf(made, at, [{ ...opening, content: Buffer.from('difference=9\n').toString('base64') }]));
  assert.deepEqual(fails(wrong), ['openings']);
  const moved = await reportOf(receiptOf({ ...made, log: made.log.map((line) => (line.at === at ? { ...line, bytes: line.bytes.replace('"submission":1', '"submission":2') } : line)) }, at, [opening]));
  assert.deepEqual(fails(moved), ['tree']);
  const against = await reportOf(receiptOf(made, at, [opening]), { other: new Blob([bundle(log)]) });
  assert.equal(against.at(-1).outcome, 'holds');
  const split = await reportOf(receiptOf(made, at, [opening]), { other: new Blob([bundle(DEN)]) });
  assert.equal(split.at(-1).outcome, 'fails');
});

test('two logs with one size and two roots are a split view', async () => {
  const log = edited(DEN, (name, data, event) => {
    if (nameOf(event) === 'ProgrammeConcluded') event.nonce = 'AAAAAAAAAAAAAAAAAAAAAA';
  });
  const split = await reportOf(bundle(DEN), { other: new Blob([bundle(log)]) });
  assert.match(split.at(-1).sentence, /^Two logs were shown: both files have a checkpoint/);
  const shorter = await reportOf(bundle(DEN.slice(0, 150)), { other: new Blob([bundle(DEN)]) });
  assert.equal(shorter.at(-1).outcome, 'holds');
  assert.match(shorter.at(-1).sentence, /smaller \(150 events\)/);
  const unrelated = await reportOf(bundle(DEN), { other: new Blob([bundle(SHARED)]) });
  assert.equal(unrelated.at(-1).outcome, 'hidden');
  assert.match(unrelated.at(-1).sentence, /different logs/);
});

test('a programme that is still on its way has nothing wrong', async () => {
  for (let size = 1; size < DEN.length; size += 3) {
    const report = await reportOf(bundle(DEN.slice(0, size)));
    assert.deepEqual(fails(report), [], `after ${size} events`);
  }
});

test('whatever a log leaves out, it is judged and never choked on', async () => {
  const seen = new Set();
  for (const { event } of [...DEN, ...SHARED]) {
    for (const field of Object.keys(event.data)) {
      const key = `${event.type} ${field}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const log = edited(event.programme === DEN[0].event.programme ? DEN : SHARED, (_, data, one) => {
        if (one.id === event.id) delete one.data[field];
      });
      const report = await reportOf(bundle(log), { canSign: false });
      assert.equal(report.length, SENTENCES.checks.length, key);
    }
  }
  assert.ok(seen.size > 120);
});

test('marks that are not published: hidden from the public, shown to auditors', async () => {
  const { log, openings } = largeProgramme({ pitches: 5, judges: 4, each: 2, published: false });
  const open = await reportOf(bundle(log));
  assert.deepEqual(fails(open), []);
  assert.equal(open.find((check) => check.check === 'result').outcome, 'hidden');
  assert.match(sentenceOf(open, 'result'), /10 score sheets are not opened in this file/);
  const shown = await reportOf(bundle(log, {}, { openings, audience: 'auditors' }));
  assert.deepEqual(fails(shown), []);
  assert.equal(shown.find((check) => check.check === 'result').outcome, 'holds');
  const swapped = edited(log, (name, data) => {
    if (name === 'PitchRanked') data.rank = 6 - data.rank;
  });
  const found = await reportOf(bundle(swapped, {}, { openings, audience: 'auditors' }));
  assert.ok(fails(found).includes('result'));
});

/** The result of a programme whose marks are not published, and of which `forget` forgets something. */
async function forgotten(forget, { isShown = () => false, changed = false } = {}) {
  let at = null;
  const further = (it, parts) => {
    it.conclude(parts.ada);
    at = forget?.(it, parts);
  };
  const { log, openings } = largeProgramme({ pitches: 5, judges: 4, each: 2, published: false, changed, further });
  const shown = openings.filter(({ commitment }) => isShown(commitment, log));
  const report = await reportOf(bundle(log, {}, { openings: shown, audience: shown.length > 0 ? 'auditors' : 'public' }));
  assert.deepEqual(fails(report), []);
  return { ...report.find((check) => check.check === 'result'), at, declared: find(log, 'ResultDeclared').at };
}

const forgetRound = (service) => (it, { round }) => {
  const data = { id: round, subject: 'SUBJECT_ROUND', openings: 16, because: 'FORGOTTEN_BECAUSE_KEPT_LONG_ENOUGH' };
  return it.add(service, 'OpeningsForgotten', `vault/${round}`, 'process/forget', data);
};
const forgetSheet = (it, { given: [{ card, opening: { commitment } }] }) =>
  it.add('scoring', 'OpeningForgotten', `scorecard/${card}`, 'process/forget', { commitment, because: 'FORGOTTEN_BECAUSE_ASKED' });

test('a result whose round was forgotten cannot be shown any more', async () => {
  const { outcome, sentence, lines, at, declared } = await forgotten(forgetRound('scoring'));
  assert.equal(outcome, 'hidden');
  assert.equal(sentence, `10 score sheets are not opened in this file, and ${at} says that what was in them was forgotten: whether ${declared} follows from them cannot be shown any more.`);
  assert.deepEqual(lines, [declared]);
});

test('a result of which one score sheet was forgotten cannot be shown any more, to auditors either', async () => {
  const open = await forgotten(forgetSheet);
  assert.ok(open.sentence.startsWith(`10 score sheets are not opened in this file, and ${open.at} says`), open.sentence);
  const isShown = (commitment, log) => commitment !== find(log, 'OpeningForgotten').event.data.commitment;
  const shown = await forgotten(forgetSheet, { isShown });
  assert.equal(shown.outcome, 'hidden');
  assert.ok(shown.sentence.startsWith(`1 score sheet is not opened in this file, and ${shown.at} says`), shown.sentence);
});

test('of two events that say what was forgotten, the first is named', async () => {
  let first = null;
  const { sentence } = await forgotten((it, parts) => {
    first = forgetRound('scoring')(it, parts);
    forgetSheet(it, parts);
  });
  assert.ok(sentence.includes(`and ${first} says`), sentence);
});

test('marks that are only unpublished are not said to be forgotten', async () => {
  const others = {
    nothing: null,
    'a round, by a service that has none of it': forgetRound('awards'),
    'another round': (it, parts) => forgetRound('scoring')(it, { ...parts, round: it.uuid('round') }),
    'a member of the same id': (it, { round }) => it.add('scoring', 'OpeningsForgotten', `vault/${round}`, 'process/forget', { id: round, subject: 'SUBJECT_MEMBER' }),
    'another seal': (it) => it.add('scoring', 'OpeningForgotten', `round/${it.uuid('round')}`, 'process/forget', { commitment: it.seal('another') }),
  };
  for (const [what, forget] of Object.entries(others)) {
    const { sentence } = await forgotten(forget);
    assert.match(sentence, /^The rulebook does not publish marks, and 10 score sheets/, what);
  }
  const { sentence } = await forgotten(null, { changed: true });
  assert.match(sentence, /^The rulebook does not publish marks/, 'what a later score sheet has replaced');
  const shown = await forgotten(null, { changed: true, isShown: () => true });
  assert.equal(shown.outcome, 'holds');
});
