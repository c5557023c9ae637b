//! A winner's certificate: one page of PDF, with a way to the proof on it.

mod drawing;
mod face;
mod pdf;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use crate::api::{Programme, Rulebook};
use crate::failure::Failure;
use crate::results::csv::file;
use crate::results::names::Names;
use crate::results::shapes::Award;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, day, money};
use pdf::Certificate;

pub fn routes() -> Router {
    Router::new().route("/programmes/{programme}/awards/{award}/certificate.pdf", get(certificate))
}

#[derive(Deserialize)]
struct Log {
    origin: String,
}

/// For the winner's team, organisers and approvers, once the award is
/// announced and stands.
async fn certificate(visitor: Visitor, Path((id, award)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let at = format!("submissions/programmes/{id}");
    let (award_at, log_at) =
        (format!("awards/programmes/{id}/awards/{award}"), format!("audit/programmes/{id}/log"));
    let (programme, award, log, names) = together!(
        visitor.api.get::<Programme>(&at),
        visitor.api.get::<Award>(&award_at),
        visitor.api.get::<Log>(&log_at),
        Names::of_pitches(&visitor.api, id),
    )?;
    // Only those concerned are told until when the winner had to answer.
    let standing = matches!(award.status.as_str(), "announced" | "accepted") && award.accept_by.is_some();
    let called =
        names.called(award.pitch).filter(|_| standing).ok_or_else(|| Failure::not_found("certificate"))?;
    let rulebook = programme.rulebook.as_ref().ok_or_else(|| Failure::not_found("certificate"))?;
    let prize = Wording::of(&programme).says(&award.prize);
    let team = called.team_name.clone().or_else(|| called.title.clone()).unwrap_or_default();
    let written = Certificate {
        programme: programme.name().to_owned(),
        prize,
        worth: worth(rulebook, &award),
        title: called.title.clone().filter(|_| called.team_name.is_some()).unwrap_or_default(),
        date: announced(rulebook, &award).map(|at| day(at, &rulebook.time_zone)).unwrap_or_default(),
        proof: format!("{}/programmes/{id}/results", public(&log.origin)),
        team,
    };
    let bytes = written.pdf().map_err(unwritable)?;
    Ok(file(&format!("{} certificate.pdf", written.team), "application/pdf", bytes))
}

/// “£2,000 and business support”.
fn worth(rulebook: &Rulebook, award: &Award) -> String {
    let support = rulebook.prizes.iter().any(|prize| prize.id == award.prize && prize.support);
    match (award.amount.minor > 0, support) {
        (true, true) => format!("{} and business support", money(&award.amount)),
        (true, false) => money(&award.amount),
        (false, true) => "Business support".to_owned(),
        (false, false) => String::new(),
    }
}

/// When it was announced: the days to accept are counted from then.
fn announced(rulebook: &Rulebook, award: &Award) -> Option<Timestamp> {
    let days = SignedDuration::from_hours(24 * i64::from(rulebook.days_to_accept));
    award.announced_at.or_else(|| award.accept_by?.checked_sub(days).ok())
}

/// The public address: the log is known by it, without its scheme.
fn public(origin: &str) -> String {
    let host = origin.split("/log/").next().unwrap_or(origin);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let here = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    format!("{}://{host}", if here { "http" } else { "https" })
}

fn unwritable(letter: char) -> Failure {
    Failure::refused(
        StatusCode::UNPROCESSABLE_ENTITY,
        "no-such-letter",
        &format!(
            "The certificate can’t be written: its typefaces have Latin, Greek and Cyrillic letters, but not “{letter}”. The page of results shows the name as it is, and can be printed."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_lies_where_the_log_does() {
        for (origin, at) in [
            ("prizes.example.org/log/0193e4a2", "https://prizes.example.org"),
            ("prizes.example.org:8443/log/0193e4a2/2", "https://prizes.example.org:8443"),
            ("127.0.0.1:8080/log/0193e4a2", "http://127.0.0.1:8080"),
            ("localhost:80/log/x", "http://localhost:80"),
        ] {
            assert_eq!(public(origin), at);
        }
    }
}
