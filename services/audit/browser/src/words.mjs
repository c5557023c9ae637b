// Sentences from templates: {name} is a parameter, {name|one|many} a number with
// the word that suits it.

export function say(template, parameters) {
  return template.replaceAll(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (_, name, one, many) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`a sentence wants ${name}: ${template}`);
    if (one === undefined) return String(value);
    return `${value} ${String(value) === '1' ? one : many}`;
  });
}
