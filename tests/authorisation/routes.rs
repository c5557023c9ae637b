//! Routes: as they are served, and as they are asked.

use std::collections::BTreeSet;

use plaudit_tests::people::Person;
use reqwest::{Method, StatusCode};

use crate::play::Play;
use crate::world::World;

const SERVICES: [&str; 7] = ["submissions", "panels", "scoring", "awards", "accounts", "audit", "notify"];

/// Every route of every service, by its name, as the services describe them.
pub async fn described(anyone: &Person) -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for service in SERVICES {
        let answer = anyone.reads(&format!("{service}/openapi.json")).await;
        for (path, methods) in answer.body["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                routes.insert(format!("{} /{service}{path}", method.to_uppercase()));
            }
        }
    }
    routes
}

/// What services tell each other, or a healthy machine, is not public.
pub async fn own_doors_are_shut(play: &Play) {
    for service in SERVICES {
        for door in ["head", "readyz", "livez", "programmes/head", "within/members", "within/programmes", ""]
        {
            for role in ["public", "amy"] {
                let answer = play.person(role).reads(&format!("{service}/{door}")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{role}, {service}/{door}: {answer:?}");
            }
        }
    }
}

/// A route, and which things of the play it is asked of.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    /// With `{pitch=other}` where the pitch is not the usual one.
    path: String,
    /// With its `?`, if there is one.
    query: String,
}

impl Route {
    /// `POST /awards/programmes/{programme}/awards`
    pub fn read(heading: &str) -> Self {
        let (method, path) = heading.split_once(" /").unwrap_or_else(|| panic!("no route: {heading}"));
        let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
        Self { method: method.parse().unwrap(), path: path.to_owned(), query: query.to_owned() }
    }

    /// As the description calls it.
    pub fn name(&self) -> String {
        let parts = self.path.split('/').map(|part| match part.split_once('=') {
            Some((name, _)) => format!("{name}}}"),
            None => part.to_owned(),
        });
        format!("{} /{}", self.method, parts.collect::<Vec<_>>().join("/"))
    }

    /// What of the play it names.
    pub fn things(&self) -> impl Iterator<Item = &str> {
        let named = self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        named.map(|part| part.split_once('=').map_or(part, |(_, thing)| thing))
    }

    /// The path that is asked for.
    pub fn path(&self, world: &World) -> String {
        let mut path = self.path.clone();
        for part in self.path.split('/').filter(|part| part.starts_with('{')) {
            let name = part.trim_matches(['{', '}']);
            let thing = name.split_once('=').map_or(name, |(_, thing)| thing);
            path = path.replace(part, &world.word(thing));
        }
        path + &self.query
    }

    pub fn reads(&self) -> bool {
        self.method == Method::GET
    }
}
