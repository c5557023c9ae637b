// A programme's log, made easy to ask: events by place, by service and by name, and
// what each service had been told.

export const SERVICES = ['accounts', 'awards', 'panels', 'scoring', 'submissions'];

export class Log {
  constructor(file) {
    this.file = file;
    this.events = file.events;
    this.places = new Map();
    this.names = new Map();
    this.services = new Map(SERVICES.map((service) => [service, []]));
    this.streams = new Map();
    for (const [index, event] of this.events.entries()) this.enter(event, index);
  }

  enter(event, index) {
    event.index = index;
    event.told = toldBy(event);
    if (!this.places.has(event.at)) this.places.set(event.at, event);
    push(this.names, event.name, event);
    push(this.services, event.service, event);
    push(this.streams, `${event.service} ${event.stream}`, event);
  }

  /** Events of this name, in the log's order. */
  named(...names) {
    if (names.length === 1) return this.names.get(names[0]) ?? [];
    return names.flatMap((name) => this.named(name)).sort((a, b) => a.index - b.index);
  }

  of(service) {
    return this.services.get(service) ?? [];
  }

  /** Whether the file may end in the middle of the append that this event is of. */
  mayGoOn(event) {
    return this.of(event.service).at(-1).command === event.command;
  }

  /** The events of one history, such as scorecard/<id> in scoring. */
  stream(service, stream) {
    return this.streams.get(`${service} ${stream}`) ?? [];
  }
}

function push(map, key, value) {
  const held = map.get(key);
  if (held) held.push(value);
  else map.set(key, [value]);
}

/** What an event says: its own message, or the fact that it takes in from elsewhere. */
function toldBy(event) {
  if (event.name !== 'FactTaken') return event;
  const key = Object.keys(event.raw).find((name) => name !== 'actor' && event.raw[name] !== null);
  if (!key) return { name: '', data: {}, raw: {}, member: null };
  return {
    name: key[0].toUpperCase() + key.slice(1),
    data: event.data[key],
    raw: event.raw[key],
    member: event.data.actor || null,
  };
}

/** Whether two pieces of JSON say the same, whatever the order of their names. */
export function sameJson(a, b) {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.keys(a), Object.keys(b)];
  return left.length === right.length && left.every((key) => key in b && sameJson(a[key], b[key]));
}
