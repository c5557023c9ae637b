use std::time::Duration;

use futures_util::future::try_join_all;
use uuid::Uuid;

use super::{Story, StoryError};
use crate::play::answers::{Accepted, Place, Round};
use crate::play::client::{ClientError, Speaker};
use crate::play::requests;
use crate::play::scenario::Reader;

/// How long a result may take once the marks are open.
const RESULT_WITHIN: Duration = Duration::from_secs(120);
const ASK_AGAIN: Duration = Duration::from_millis(50);

impl Story<'_> {
    /// The round, from its opening to the result; answers the places in
    /// running order.
    pub(super) async fn judge(&self, pitches: &[Uuid]) -> Result<Vec<Place>, StoryError> {
        self.of_round(&self.first, "/opening").await?;
        let judges = self.judges.iter().enumerate();
        try_join_all(judges.map(|(at, judge)| self.seal(at, judge, pitches))).await?;
        self.all_in().await?;
        self.of_round(&self.first, "/lock").await?;
        self.of_round(&self.first, "/unsealing").await?;
        self.of_round(&self.second, "/unsealing/confirmation").await?;
        let (first, second) = (self.first.name(), self.second.name());
        self.teller.say(format!("{first} locks the round; {first} and {second} open the marks."));
        self.result(pitches).await
    }

    /// One judge's marks, pitch by pitch.
    async fn seal(&self, at: usize, judge: &Speaker<'_>, pitches: &[Uuid]) -> Result<(), ClientError> {
        for (order, pitch) in pitches.iter().enumerate() {
            let card = (at, order);
            let comments = self.scenario.comments.get(&card);
            let to = |reader| comments.and_then(|comments| comments.get(&reader));
            let _: Accepted = match self.scenario.marks.get(&card) {
                Some(marks) => {
                    let marks = requests::marks(marks, to(Reader::Panel), to(Reader::Entrant));
                    judge.post(&self.routes.scorecard(*pitch, "/seal"), &marks).await?
                }
                None => {
                    let abstention = requests::abstention();
                    judge.post(&self.routes.scorecard(*pitch, "/abstention"), &abstention).await?
                }
            };
        }
        Ok(())
    }

    /// Organisers see how many scorecards are in, and no more.
    async fn all_in(&self) -> Result<(), StoryError> {
        let round: Round = self.first.get(&self.routes.round("")).await?;
        let progress = round.progress.ok_or_else(|| {
            StoryError::Surprise("The organisers aren't told how many scorecards are in.".to_owned())
        })?;
        let all = self.scenario.judges.len() * self.scenario.pitches.len();
        let sealed = self.scenario.marks.len();
        let told = (progress.expected as usize, progress.sealed as usize, progress.abstained as usize);
        if told != (all, sealed, all - sealed) {
            let what =
                format!("Of {all} scorecards {sealed} were handed in, but the round says: {progress:?}.");
            return Err(StoryError::Surprise(what));
        }
        let marks = self.scenario.marks_given();
        self.teller.say(format!(
            "{sealed} of {all} scorecards are handed in, {marks} marks: nobody else has seen one."
        ));
        Ok(())
    }

    async fn of_round(&self, who: &Speaker<'_>, rest: &str) -> Result<Accepted, ClientError> {
        who.post(&self.routes.round(rest), &requests::nothing()).await
    }

    /// Asks until the result is declared, which happens by itself.
    async fn result(&self, pitches: &[Uuid]) -> Result<Vec<Place>, StoryError> {
        let path = self.routes.round("/result");
        let asked = tokio::time::Instant::now();
        let places = loop {
            match self.first.list::<Place>(&path).await {
                Ok(places) => break places,
                Err(error) if error.is_not_found() && asked.elapsed() < RESULT_WITHIN => {
                    tokio::time::sleep(ASK_AGAIN).await;
                }
                Err(error) => return Err(error.into()),
            }
        };
        let in_order = pitches.iter().map(|pitch| {
            let place = places.iter().find(|place| place.pitch == *pitch);
            place
                .cloned()
                .ok_or_else(|| StoryError::Surprise(format!("The pitch {pitch} is not in the result.")))
        });
        in_order.collect()
    }
}
