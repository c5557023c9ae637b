//! What every service's description has in common, said once.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, OpenApi, RefOr, Required, Response, Server};

/// The name of the one way in, in a description.
const BEARER: &str = "bearer";

/// Completes the description of a service: where the edge answers for it, that
/// commands need a key, and that every error is a problem.
pub fn describe(api: &mut OpenApi, service: &str) {
    api.info.title = format!("Plaudit: {service}");
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.info.license = None;
    api.info.contact = None;
    api.servers = Some(vec![Server::new(format!("/api/{service}"))]);
    let paths = std::mem::take(&mut api.paths.paths);
    // The rest of a path is a parameter as any other, though it may have slashes.
    api.paths.paths = paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    let bearer = bearer.description(Some("A session or API token."));
    let components = api.components.get_or_insert_with(Components::new);
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer.build()));
    for (path, item) in &mut api.paths.paths {
        for (is_write, operation) in operations(item) {
            // What people do with their own account is no command.
            if is_write && path.starts_with("/programmes") {
                takes_commands(operation);
            }
            complete(operation);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let writes = [put, post, delete, patch].into_iter().flatten().map(|operation| (true, operation));
    get.iter_mut().map(|operation| (false, operation)).chain(writes)
}

fn takes_commands(operation: &mut Operation) {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    let key = header("Idempotency-Key", Required::True, key.build())
        .description(Some("New for each new command, the same when one is repeated."));
    let version = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^\"[0-9]{1,18}\"$"));
    let version = header("If-Match", Required::False, version.build())
        .description(Some("The version, as an ETag gave it, that alone may be changed."));
    let parameters = operation.parameters.get_or_insert_default();
    for parameter in [key.build(), version.build()] {
        if !parameters.iter().any(|known| matches!(known, RefOr::T(known) if known.name == parameter.name)) {
            parameters.push(parameter.into());
        }
    }
}

fn header(name: &str, required: Required, schema: Object) -> ParameterBuilder {
    ParameterBuilder::from(Parameter::new(name))
        .parameter_in(ParameterIn::Header)
        .required(required)
        .schema(Some(schema))
}

fn complete(operation: &mut Operation) {
    // Handlers are named for their noun's file, so the names alone repeat.
    if let (Some(name), Some([noun, ..])) = (&operation.operation_id, operation.tags.as_deref()) {
        operation.operation_id = Some(format!("{}_{name}", noun.replace('-', "_")));
    }
    let public = SecurityRequirement::default();
    operation.security = Some(vec![SecurityRequirement::new(BEARER, [] as [&str; 0]), public]);
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response {
            said(status, response);
        }
    }
    if let Some(problem) = responses.get("4XX").cloned() {
        responses.entry("5XX".to_owned()).or_insert(problem);
    }
}

fn said(status: &str, response: &mut Response) {
    if !status.starts_with('4') {
        response.description = "Done.".to_owned();
        return;
    }
    response.description = "What was wrong, with which field, and what to do.".to_owned();
    if let Some(problem) = response.content.shift_remove("application/json") {
        response.content.insert("application/problem+json".to_owned(), problem);
    }
}
