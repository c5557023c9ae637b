// The page: takes files, hands them to the worker, shows the report.

const GROUPS = [
  ['The file', ['file']],
  ['The log', ['signature', 'tree', 'growth', 'witnesses']],
  ['Nothing left out', ['order', 'streams', 'times', 'facts', 'counts', 'openings']],
  ['The story', []],
];
const SIGNS = { holds: '✓', fails: '✗', hidden: '–' };
const MOST_LINES = 10;

const at = (id) => document.getElementById(id);
const sentences = JSON.parse(at('sentences').textContent);
const chosen = { file: null, other: null };
const asked = [];
let worker = null;
let shown = null;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function work(message, { onProgress, onAnswer, onProblem }) {
  worker?.terminate();
  const url = URL.createObjectURL(new Blob([at('core').textContent], { type: 'text/javascript' }));
  worker = new Worker(url);
  worker.onmessage = ({ data }) => {
    if (data.places) asked[data.asked](data.places);
    else if (data.answer) onAnswer(data.answer);
    else if (data.problem) onProblem(data.problem);
    else onProgress(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    onProblem(event.message || 'the work could not be started');
  };
  worker.postMessage(message);
}

/** Asks the worker where these lines lie in the file. */
function locate(lines) {
  return new Promise((answer) => {
    worker.postMessage({ locate: lines, asked: asked.push(answer) - 1 });
  });
}

function check() {
  if (!chosen.file) return;
  document.body.classList.add('small');
  document.querySelector('.drop-title').textContent = chosen.file.name;
  document.querySelector('label[for="file"]').textContent = 'Choose another';
  at('report').hidden = true;
  delete at('report').dataset.done;
  at('working').hidden = false;
  at('working-text').textContent = 'Reading…';
  at('bar').value = 0;
  const policy = at('policy').value.trim();
  work(
    { file: chosen.file, other: chosen.other, policy: policy ? `${policy}\n` : null, sentences },
    { onProgress, onAnswer: (answer) => show(answer, policy !== ''), onProblem },
  );
}

function onProgress({ progress, doing }) {
  at('bar').value = progress;
  if (doing) at('working-text').textContent = doing;
}

function onProblem(problem) {
  at('working-text').textContent = `This could not be checked: ${problem}. Nothing is said about the file.`;
  at('bar').hidden = true;
}

/** The whole in a sentence: what fails counts most, then what can't be shown. */
function verdictOf(report, ownPolicy) {
  const count = (outcome) => report.filter((check) => check.outcome === outcome).length;
  const [holds, fails, hidden] = ['holds', 'fails', 'hidden'].map(count);
  const checks = (n) => `${n} ${n === 1 ? 'check' : 'checks'}`;
  const key = ownPolicy ? '' : ' The log’s key was taken from the file itself.';
  if (fails > 0) {
    const links = report.filter((check) => check.outcome === 'fails').flatMap(({ check, title }, index) => {
      return [index > 0 ? ', ' : '', element('a', { href: `#check-${check}` }, title)];
    });
    return { outcome: 'fails', title: 'Something is wrong.', more: [`${checks(fails)} of ${report.length} ${fails === 1 ? 'fails' : 'fail'}: `, ...links, '.'] };
  }
  if (hidden > 0) {
    const title = holds > 0 ? 'Everything that can be shown holds.' : 'Nothing can be shown here.';
    return { outcome: holds > 0 ? 'holds' : 'hidden', title, more: [`${checks(holds)} ${holds === 1 ? 'holds' : 'hold'}; ${hidden} cannot be shown here, and each says why.${key}`] };
  }
  return { outcome: 'holds', title: 'Everything holds.', more: [`All ${checks(holds)} hold.${key}`] };
}

async function show({ report, about, copies, policyProblem }, ownPolicy) {
  if (policyProblem) {
    onProblem('the policy given above can’t be read');
    return;
  }
  shown = report;
  const verdict = verdictOf(report, ownPolicy);
  at('verdict-box').className = `verdict ${verdict.outcome}`;
  at('sign').textContent = SIGNS[verdict.outcome];
  at('verdict').textContent = verdict.title;
  at('verdict-more').replaceChildren(...verdict.more);
  at('about').replaceChildren(...about.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
  at('copies').hidden = copies.length === 0;
  at('copies-list').replaceChildren(...copies.flatMap(({ field, text }) => [element('dt', {}, field.split('.')[1].replaceAll('_', ' ')), element('dd', {}, text)]));
  const named = new Set(GROUPS.flatMap(([, checks]) => checks));
  const groups = GROUPS.map(([title, checks]) => {
    const mine = report.filter((check) => (checks.length > 0 ? checks.includes(check.check) : !named.has(check.check) && check.check !== 'against'));
    return groupOf(title, mine);
  });
  groups.unshift(groupOf('Compared with the other file', report.filter((check) => check.check === 'against')));
  at('groups').replaceChildren();
  at('working').hidden = true;
  at('report').hidden = false;
  for (const group of groups.filter(Boolean)) {
    at('groups').append(group);
    await new Promise(requestAnimationFrame);
  }
  at('open-all').setAttribute('aria-pressed', 'false');
  at('copied').textContent = '';
  at('report').dataset.done = 'true';
  at('report').focus({ preventScroll: true });
  document.title = `${verdict.title} – Check a prize for yourself`;
}

function groupOf(title, checks) {
  if (checks.length === 0) return null;
  const holds = checks.filter((check) => check.outcome === 'holds').length;
  const id = `group-${title.toLowerCase().replaceAll(/\W+/g, '-')}`;
  const heading = element('h3', { id }, title, element('span', {}, `${holds} of ${checks.length} hold${checks.length === 1 ? 's' : ''}`));
  return element('section', { class: 'group', 'aria-labelledby': id }, heading, element('ul', { class: 'checks' }, ...checks.map(checkOf)));
}

function checkOf(check) {
  const outcome = sentences.outcomes[check.outcome];
  const inside = [
    element('span', { class: 'icon', 'aria-hidden': 'true' }, SIGNS[check.outcome]),
    element('span', { class: 'check-title' }, check.title, element('span', { class: 'outcome' }, outcome)),
    element('span', { class: 'sentence' }, check.sentence),
  ];
  const item = element('li', { class: `check ${check.outcome}`, id: `check-${check.check}` });
  if (check.lines.length === 0) {
    item.append(element('div', { class: 'plain' }, ...inside));
    return item;
  }
  const details = element('details', {}, element('summary', {}, ...inside));
  details.addEventListener('toggle', () => openLines(details, check), { once: true });
  item.append(details);
  return item;
}

/** The lines that prove a check, some at a time, made when they are asked for. */
function openLines(details, check) {
  const proof = element('div', { class: 'proof' });
  const caption = element('p', { class: 'caption' }, `${check.lines.length} ${check.lines.length === 1 ? 'line proves' : 'lines prove'} it:`);
  proof.append(caption);
  let next = 0;
  const more = element('button', { type: 'button', class: 'button quiet' });
  const add = async () => {
    const lines = check.lines.slice(next, next + MOST_LINES);
    next += lines.length;
    const places = await locate(lines);
    more.before(...lines.map((line) => lineOf(line, places[line])));
    more.hidden = next >= check.lines.length;
    more.textContent = `Show ${Math.min(MOST_LINES, check.lines.length - next)} more of ${check.lines.length - next}`;
  };
  more.addEventListener('click', add);
  proof.append(more);
  add();
  details.append(proof);
}

function lineOf(line, place) {
  if (!place) return element('p', { class: 'event text' }, line);
  const details = element('details', { class: 'event' });
  details.append(element('summary', {}, element('span', { class: 'where' }, line), ` ${place.title}`));
  details.addEventListener('toggle', async () => {
    const text = await chosen.file.slice(place.from, place.from + place.length).text();
    details.append(element('pre', { tabindex: '0' }, pretty(text)));
  }, { once: true });
  return details;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function copy() {
  const report = shown.map(({ check, outcome, sentence, lines }) => ({ check, outcome, sentence, lines }));
  const text = JSON.stringify(report, null, 2);
  try {
    await navigator.clipboard.writeText(text);
    at('copied').textContent = 'Copied.';
  } catch {
    const area = element('textarea', { rows: '8', readonly: '', 'aria-label': 'The report as JSON' });
    area.value = text;
    at('copied').replaceChildren('This browser does not let the page copy; here it is: ', area);
    area.select();
  }
}

function choose(role, file) {
  if (!file) return;
  chosen[role] = file;
  if (role === 'other') {
    at('other-name').textContent = file.name;
    return;
  }
  at('bar').hidden = false;
  check();
}

for (const role of ['file', 'other']) {
  at(role).addEventListener('change', (event) => {
    choose(role, event.target.files[0]);
    event.target.value = '';
    if (role === 'other') check();
  });
}
at('again').addEventListener('click', check);
at('clear').addEventListener('click', () => {
  chosen.other = null;
  at('policy').value = '';
  at('other-name').textContent = 'none chosen';
  check();
});
at('copy').addEventListener('click', copy);
at('open-all').addEventListener('click', async () => {
  const open = at('open-all').getAttribute('aria-pressed') !== 'true';
  at('open-all').setAttribute('aria-pressed', String(open));
  for (const details of document.querySelectorAll('.check > details')) {
    details.open = open;
    // One a frame, so that none waits.
    await new Promise(requestAnimationFrame);
  }
});
// A drop anywhere counts; a second file at the same time is the one to compare with.
for (const kind of ['dragenter', 'dragover']) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    at('drop').classList.add('over');
  });
}
addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) at('drop').classList.remove('over');
});
addEventListener('drop', (event) => {
  event.preventDefault();
  at('drop').classList.remove('over');
  const [file, other] = event.dataTransfer.files;
  if (other) choose('other', other);
  choose('file', file);
});
