use std::collections::BTreeMap;

use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::row;
use crate::scope::Scope;
use crate::secret::{Fresh, Kind};

/// Somebody whom the operator makes known.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Taken for proven: the operator says so.
    pub email: String,
    /// May be empty.
    pub name: String,
}

/// A person and an API token of theirs, shown this once.
#[derive(Clone, Debug)]
pub struct Provided {
    /// The person.
    pub person: Uuid,
    /// As it is kept.
    pub email: String,
    /// With every scope.
    pub token: String,
}

const UPSERT: &str = "insert into people (person, email, name, created_at) \
     select p.person, p.email, p.name, $4 from unnest($1::uuid[], $2::text[], $3::text[]) p(person, email, name) \
     on conflict (email) do update set name = \
     case when people.name = '' then excluded.name else people.name end \
     returning person, email";
const TOKENS: &str = "insert into tokens (id, person, name, scopes, token, created_at) \
     select t.id, t.person, $4, $5, t.token, $6 from unnest($1::uuid[], $2::uuid[], $3::bytea[]) t(id, person, token)";

/// Makes people, each with an API token and without any right in a programme.
/// Whoever is known already stays who they are and gets a token more. The
/// answer is in the order of the question.
pub async fn create(service: &Service, people: &[NewPerson]) -> Result<Vec<Provided>, Problem> {
    let mut wanted = Vec::with_capacity(people.len());
    for person in people {
        wanted.push((super::email(&person.email)?, super::name(&person.name)?));
    }
    make(service, &wanted).await.map_err(Problem::from)
}

async fn make(service: &Service, wanted: &[(String, String)]) -> Result<Vec<Provided>, StoreError> {
    let mut client = service.pool().get().await?;
    let transaction = client.transaction().await?;
    // One statement can't touch a row twice: each address once.
    let names: BTreeMap<&str, &str> =
        wanted.iter().rev().map(|(email, name)| (email.as_str(), name.as_str())).collect();
    let (emails, names): (Vec<&str>, Vec<&str>) = names.into_iter().unzip();
    let fresh: Vec<Uuid> = emails.iter().map(|_| Uuid::now_v7()).collect();
    let now = row::time(service.clock().now());
    let rows = transaction.query(UPSERT, &[&fresh, &emails, &names, &now]).await?;
    let persons: BTreeMap<String, Uuid> =
        rows.iter().map(|row| (row.get("email"), row.get("person"))).collect();
    let provided = wanted.iter().filter_map(|(email, _)| Some((email, *persons.get(email)?)));
    let provided: Vec<(Provided, Fresh)> = provided.map(|(email, person)| provide(email, person)).collect();
    keep_tokens(&transaction, &provided, now).await?;
    transaction.commit().await?;
    Ok(provided.into_iter().map(|(provided, _)| provided).collect())
}

fn provide(email: &str, person: Uuid) -> (Provided, Fresh) {
    let fresh = Kind::Token.fresh();
    let token = fresh.secret.clone();
    (Provided { person, email: email.to_owned(), token }, fresh)
}

async fn keep_tokens(
    transaction: &Transaction<'_>,
    provided: &[(Provided, Fresh)],
    now: std::time::SystemTime,
) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = provided.iter().map(|_| Uuid::now_v7()).collect();
    let persons: Vec<Uuid> = provided.iter().map(|(provided, _)| provided.person).collect();
    let hashes: Vec<&[u8]> = provided.iter().map(|(_, fresh)| fresh.hash.as_slice()).collect();
    let scopes = Scope::ALL.map(Scope::name).to_vec();
    transaction.execute(TOKENS, &[&ids, &persons, &hashes, &"given by the operator", &scopes, &now]).await?;
    Ok(())
}
