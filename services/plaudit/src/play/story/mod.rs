//! One programme, from its draft to the last hour of support, a chapter a
//! file. Everybody does what they would do in a browser, one request at a
//! time; only the judges work side by side.

mod awarding;
mod calling;
mod drafting;
mod judging;
mod paying;
mod seating;
mod supporting;

use uuid::Uuid;

use super::answers::{Accepted, Place};
use super::client::{Client, ClientError, Speaker};
use super::people::Cast;
use super::prizes::Share;
use super::requests;
use super::routes::Routes;
use super::scenario::Scenario;
use super::telling::Teller;

/// Why a story stops before its end.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Something was answered that can't be.
    #[error("{0}")]
    Surprise(String),
}

/// A programme that is being played.
pub struct Story<'a> {
    scenario: &'a Scenario,
    teller: &'a Teller,
    /// Who drafts and proposes.
    first: Speaker<'a>,
    /// Who confirms.
    second: Speaker<'a>,
    entrants: Vec<Speaker<'a>>,
    judges: Vec<Speaker<'a>>,
    routes: Routes,
}

/// What is known in the end.
pub struct Ending {
    pub programme: Uuid,
    /// In running order.
    pub places: Vec<Place>,
    /// What was awarded, paid and delivered, unless something went wrong after
    /// the result.
    pub awards: Result<Vec<Awarded>, StoryError>,
}

/// An award, by the answers of the API.
#[derive(Clone, Debug)]
pub struct Awarded {
    /// As it was worked out from the ranks.
    pub share: Share,
    pub award: Uuid,
    /// What the API says that it is worth, in whole minor units.
    pub minor: u64,
    pub currency: String,
}

/// Plays it to the end.
pub async fn play<'a>(
    scenario: &'a Scenario,
    client: &'a Client,
    cast: &Cast<'a>,
    teller: &'a Teller,
) -> Result<Ending, StoryError> {
    let [first, second] = cast.organisers.map(|person| client.speaker(person));
    let routes = Routes(drafting::draft(scenario, &first).await?);
    let speakers = |people: &[&'a _]| people.iter().map(|person| client.speaker(person)).collect();
    let (entrants, judges) = (speakers(&cast.entrants), speakers(&cast.judges));
    let story = Story { scenario, teller, first, second, entrants, judges, routes };
    story.publish().await?;
    let pitches = story.call().await?;
    story.screen(&pitches).await?;
    story.seat().await?;
    let places = story.judge(&pitches).await?;
    teller.ranking(scenario, &places);
    let awards = story.give(&pitches, &places).await;
    Ok(Ending { programme: story.routes.0, places, awards })
}

impl Story<'_> {
    /// A command that needs no words, of the programme itself.
    async fn of_programme(&self, who: &Speaker<'_>, rest: &str) -> Result<Accepted, ClientError> {
        who.post(&self.routes.submissions(rest), &requests::nothing()).await
    }

    /// The team of a pitch, as people call it.
    fn team(&self, pitch: usize) -> &str {
        &self.scenario.pitches[pitch].team
    }

    /// Everything after the result.
    async fn give(&self, pitches: &[Uuid], places: &[Place]) -> Result<Vec<Awarded>, StoryError> {
        let awards = self.award(pitches, places).await?;
        for awarded in &awards {
            self.pay(awarded).await?;
            self.support(awarded).await?;
        }
        self.of_programme(&self.first, "/conclusion").await?;
        Ok(awards)
    }
}
