//! `plaudit play`: programmes from scenario folders, played through the public
//! HTTP API alone, as the people of the programme would do it. It knows no
//! service from the inside, and it doesn't know the end: a folder's
//! `expected.csv` is opened when everything else is done.

mod answers;
mod client;
mod compare;
mod error;
mod people;
mod prizes;
mod requests;
mod routes;
mod scenario;
mod story;
mod summary;
mod telling;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use plaudit_verifier::report::Outcome;
use plaudit_verifier::verify::verify;
use uuid::Uuid;

pub use error::PlayError;
pub use people::{Person, people_for, read_people};
pub use summary::{Played, Summary};

use client::{Client, ClientError, Patience, Speaker};
use people::Cast;
use scenario::{Scenario, expected};
use story::{Ending, StoryError};
use telling::Teller;

/// What to play, where, and as whom.
#[derive(Clone, Debug)]
pub struct PlayOptions {
    /// Scenario folders.
    pub dirs: Vec<PathBuf>,
    /// Where an installation answers, such as `http://localhost:8080`.
    pub url: String,
    /// Everybody whom the folders need, with API tokens.
    pub people: Vec<Person>,
    /// Where to write a JSON line a programme.
    pub out: Option<PathBuf>,
    /// How many programmes are played at the same time.
    pub jobs: usize,
    /// Where to write the bundle of the programme; a folder, if there are several.
    pub bundle: Option<PathBuf>,
}

/// Plays every folder. An error is one of the question; what goes wrong in a
/// programme is in its line of the summary.
pub async fn play(options: PlayOptions) -> Result<Summary, PlayError> {
    let scenarios: Vec<Scenario> =
        options.dirs.iter().map(|folder| Scenario::read(folder)).collect::<Result<_, _>>()?;
    let people: HashMap<&str, &Person> =
        options.people.iter().map(|person| (person.email.as_str(), person)).collect();
    let mut programmes = Vec::with_capacity(scenarios.len());
    for scenario in &scenarios {
        programmes.push((scenario, Cast::of(scenario, &people)?));
    }
    let mut out = options.out.as_ref().map(File::create).transpose().map_err(PlayError::Out)?;
    // An installation is asked itself, whatever proxy the environment names.
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let (url, alone) = (&options.url, scenarios.len() == 1);
    let bundles = options.bundle.as_deref();
    let plays = programmes.iter().map(|(scenario, cast)| {
        let client = Client::new(http.clone(), url, Patience::default());
        let bundle = bundles.map(|path| match alone {
            true => path.to_owned(),
            false => path.join(&scenario.name).with_extension("plaudit-bundle"),
        });
        async move { play_one(scenario, cast, &client, &Teller::new(alone), bundle.as_deref()).await }
    });
    let started = Instant::now();
    let mut playing = stream::iter(plays).buffer_unordered(options.jobs.max(1));
    let mut summary = Summary::default();
    while let Some(played) = playing.next().await {
        if let Some(out) = &mut out {
            played.write(out).map_err(PlayError::Out)?;
        }
        summary.programmes.push(played);
    }
    if !alone {
        println!("{summary} ({:.1} s)", started.elapsed().as_secs_f64());
    }
    Ok(summary)
}

async fn play_one(
    scenario: &Scenario,
    cast: &Cast<'_>,
    client: &Client,
    teller: &Teller,
    bundle: Option<&Path>,
) -> Played {
    let started = Instant::now();
    teller.opening(scenario);
    let ended = story::play(scenario, client, cast, teller).await;
    let seconds = started.elapsed().as_secs_f64();
    let mut played = match &ended {
        Ok(ending) => compared(scenario, ending, teller, seconds),
        Err(error) => Played::failed(scenario, error, seconds),
    };
    if let (Ok(ending), Some(path)) = (&ended, bundle) {
        let organiser = client.speaker(cast.organisers[0]);
        let written = match counted_bundle(&organiser, ending.programme).await {
            Ok(bytes) => std::fs::write(path, bytes).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match written {
            Ok(()) => teller.bundle(path),
            Err(error) => {
                played.matches = false;
                played.error = played.error.or(Some(format!("{}: {error}", path.display())));
            }
        }
    }
    if let Some(error) = &played.error {
        println!("{}: FAILED: {error}", scenario.name);
    }
    played
}

/// How long services may take to count what they hold at the end.
const COUNTING: Duration = Duration::from_secs(30);

/// The bundle, with what every service counted at the conclusion: they do so
/// by themselves, a moment after it.
async fn counted_bundle(organiser: &Speaker<'_>, programme: Uuid) -> Result<Vec<u8>, ClientError> {
    let began = Instant::now();
    loop {
        let bytes = organiser.file(&format!("/log/{programme}/bundle")).await?;
        let report = verify(&bytes);
        let counts = report.get("counts").map(|checked| checked.outcome);
        if counts != Some(Outcome::Hidden) || began.elapsed() > COUNTING {
            return Ok(bytes);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Opens what was published, now that nothing is left to do.
fn compared(scenario: &Scenario, ending: &Ending, teller: &Teller, seconds: f64) -> Played {
    let Ending { places, awards, .. } = ending;
    teller.ending(scenario, places, seconds);
    let expected = match expected::read(scenario) {
        Ok(expected) => expected,
        Err(error) => return Played::failed(scenario, error, seconds),
    };
    let pitches = compare::places(places, &expected);
    let wrong = pitches.iter().filter(|pitch| !pitch.matches);
    let mut differences: Vec<_> = wrong.cloned().map(compare::Difference::Place).collect();
    let error = match awards {
        Ok(awards) => {
            differences.extend(compare::awards(scenario, awards, &expected));
            None
        }
        Err(error) => Some(StoryError::to_string(error)),
    };
    teller.differences(scenario, &differences);
    let matches = differences.is_empty() && error.is_none();
    Played {
        programme: scenario.name.clone(),
        title: scenario.title.clone(),
        pitches,
        matches,
        seconds,
        error,
    }
}
