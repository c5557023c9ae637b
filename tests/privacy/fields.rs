//! The texts that the APIs take, as their descriptions say.

use plaudit_tests::people::Person;
use serde_json::Value;

use crate::heaps::SERVICES;

/// A text in the body of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// Such as `POST submissions/programmes`.
    pub operation: String,
    /// Such as `connections[].nature`; `*` is any name of a map.
    pub path: String,
}

/// Every text that isn't an id, an instant or one of some words.
pub async fn free_texts(anyone: &Person) -> Vec<Field> {
    let mut fields = Vec::new();
    for service in SERVICES {
        let api = anyone.reads(&format!("{service}/openapi.json")).await.body;
        for (path, item) in api["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                let mut paths = Vec::new();
                texts(&api, schema, "", &mut paths);
                let operation = format!("{} {service}{path}", method.to_uppercase());
                fields.extend(paths.into_iter().map(|path| Field { operation: operation.clone(), path }));
            }
        }
    }
    fields.sort();
    fields.dedup();
    fields
}

fn texts(api: &Value, schema: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return texts(api, &api["components"]["schemas"][name], path, found);
    }
    for kind in ["oneOf", "anyOf", "allOf"] {
        schema[kind].as_array().into_iter().flatten().for_each(|one| texts(api, one, path, found));
    }
    let is_text = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "string"),
        kind => kind == "string",
    };
    let is_fixed = schema.get("enum").is_some() || schema.get("const").is_some();
    if is_text && !is_fixed && !matches!(schema["format"].as_str(), Some("uuid" | "date-time")) {
        found.push(path.to_owned());
    }
    let dot = if path.is_empty() { "" } else { "." };
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        texts(api, schema, &format!("{path}{dot}{name}"), found);
    }
    if schema["additionalProperties"].is_object() {
        texts(api, &schema["additionalProperties"], &format!("{path}{dot}*"), found);
    }
    if schema.get("items").is_some() {
        texts(api, &schema["items"], &format!("{path}[]"), found);
    }
}

/// What a body says at a path.
pub fn said(body: &Value, path: &str) -> Vec<String> {
    let mut values = vec![body];
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let name = part.trim_end_matches("[]");
        values = match name {
            "*" => values.iter().filter_map(|value| value.as_object()).flat_map(|map| map.values()).collect(),
            name => values.iter().filter_map(|value| value.get(name)).collect(),
        };
        for _ in 0..part.matches("[]").count() {
            values = values.iter().filter_map(|value| value.as_array()).flatten().collect();
        }
    }
    values.into_iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

#[test]
fn a_path_leads_through_maps_and_lists() {
    let body =
        serde_json::json!({ "answers": { "a": "1", "b": "2" }, "list": [{ "x": "3" }, { "x": null }] });
    assert_eq!(said(&body, "answers.*"), ["1", "2"]);
    assert_eq!(said(&body, "list[].x"), ["3"]);
    assert!(said(&body, "nothing.here").is_empty());
}
