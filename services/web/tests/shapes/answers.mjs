// What the API answers, as its golden descriptions say.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export class Answers {
  constructor(folder) {
    const files = readdirSync(folder).filter((file) => file.endsWith(".openapi.json"));
    this.services = new Map(files.map((file) => [file.split(".")[0], JSON.parse(readFileSync(join(folder, file), "utf8"))]));
  }

  // A schema by its name (`scoring RoundShown`), with the service that it is of.
  named(written) {
    const [service, name] = written.split(" ");
    const schema = this.services.get(service)?.components.schemas[name];
    if (!schema) throw new Error(`there is no ${written}`);
    return { service, name: written, ...this.opened(service, schema) };
  }

  // What a path answers (`scoring/programmes/{p}/rounds/{r}`), or an entry of it
  // if it is a list.
  entry(path) {
    const [service, ...rest] = path.split("/");
    const sought = `/${rest.join("/")}`.replace(/\{\w+\}/g, "{}");
    const operations = Object.entries(this.services.get(service)?.paths ?? {});
    const [, operation] = operations.find(([known]) => known.replace(/\{\w+\}/g, "{}") === sought) ?? [];
    if (!operation?.get) throw new Error(`nothing is to be read at ${path}`);
    const answer = this.opened(service, operation.get.responses["200"].content["application/json"].schema);
    const items = answer.schema.properties?.items;
    return { service, name: path, ...(items ? this.opened(service, items.items) : answer) };
  }

  // Without what leads elsewhere: the schema itself, its name if it has one,
  // and whether there may be null instead.
  opened(service, schema, nullable = false) {
    if (schema.$ref) {
      const name = schema.$ref.split("/").at(-1);
      return { ...this.opened(service, this.services.get(service).components.schemas[name], nullable), name: `${service} ${name}` };
    }
    if (schema.allOf) return { schema: this.together(service, schema.allOf), nullable };
    const others = schema.oneOf?.filter((one) => one.type !== "null");
    if (others && others.length < schema.oneOf.length) {
      if (others.length === 1) return this.opened(service, others[0], true);
      return { schema: { ...schema, oneOf: others }, nullable: true };
    }
    if (Array.isArray(schema.type)) {
      const [type, ...more] = schema.type.filter((one) => one !== "null");
      if (more.length) throw new Error(`${schema.type} is two types`);
      return { schema: { ...schema, type }, nullable: nullable || schema.type.includes("null") };
    }
    return { schema, nullable };
  }

  // Several as one.
  together(service, all) {
    const parts = all.map((one) => this.opened(service, one).schema);
    const properties = Object.assign({}, ...parts.map((part) => part.properties));
    return { type: "object", properties, required: parts.flatMap((part) => part.required ?? []) };
  }

  // A property of what was opened.
  property(of, name) {
    const found = of.schema.properties?.[name];
    if (!found) return null;
    const required = of.schema.required?.includes(name) ?? false;
    return { service: of.service, required, ...this.opened(of.service, found) };
  }

  items(of) {
    return { service: of.service, ...this.opened(of.service, of.schema.items ?? {}) };
  }

  values(of) {
    return { service: of.service, ...this.opened(of.service, of.schema.additionalProperties ?? {}) };
  }

  // The words that may be said: each with what it holds, if it holds something.
  words(of) {
    const all = of.schema.oneOf ?? of.schema.anyOf ?? [of.schema];
    return new Map(
      all.flatMap((one) => {
        const { schema } = this.opened(of.service, one);
        if (schema.enum) return schema.enum.filter((word) => word !== null).map((word) => [word, null]);
        if ("const" in schema) return [[schema.const, null]];
        return Object.keys(schema.properties ?? {}).map((word) => [word, this.property({ service: of.service, schema }, word)]);
      }),
    );
  }
}
