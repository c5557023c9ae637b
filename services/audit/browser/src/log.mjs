// A programme's log, made easy to ask: events by place, by service and by name.

import { memberText } from './file.mjs';

export const SERVICES = ['accounts', 'awards', 'panels', 'scoring', 'submissions'];

export class Log {
  constructor(file) {
    this.events = file.events.filter((event) => event.isRead);
    this.places = new Map();
    this.names = new Map();
    this.services = new Map();
    for (const [index, event] of this.events.entries()) {
      event.index = index;
      event.told = toldBy(event);
      if (!this.places.has(event.at)) this.places.set(event.at, event);
      push(this.names, event.name, event);
      push(this.services, event.service, event);
    }
    this.isOver = this.named('ProgrammeConcluded', 'ProgrammeCancelled').length > 0;
  }

  /** Events of these names, in the log's order. */
  named(...names) {
    if (names.length === 1) return this.names.get(names[0]) ?? [];
    return names.flatMap((name) => this.named(name)).sort((a, b) => a.index - b.index);
  }

  of(service) {
    return this.services.get(service) ?? [];
  }
}

export const placesOf = (events) => events.map(({ at }) => at);

function push(map, key, value) {
  const held = map.get(key);
  if (held) held.push(value);
  else map.set(key, [value]);
}

/** What an event says: its own message, or the fact that it takes over from elsewhere. */
function toldBy(event) {
  if (event.name !== 'FactTaken') return { name: event.name, data: event.data, isFact: false };
  const key = Object.keys(event.raw).find((name) => name !== 'actor' && event.raw[name] !== null && event.data[name]);
  if (!key) return { name: '', data: {}, json: '', isFact: true };
  return { name: key[0].toUpperCase() + key.slice(1), data: event.data[key], json: memberText(event.json, key), isFact: true };
}
