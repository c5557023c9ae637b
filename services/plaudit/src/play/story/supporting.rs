use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::{Awarded, Story, StoryError};
use crate::play::answers::{Accepted, Support};
use crate::play::client::{ClientError, Speaker};
use crate::play::requests;
use crate::play::scenario::{Part, Pledge};

/// Between two parts of the support.
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Story<'_> {
    /// The business support of an award, from the pledge to the closed account.
    pub(super) async fn support(&self, awarded: &Awarded) -> Result<(), StoryError> {
        for pledge in &awarded.share.support {
            self.keep(pledge, awarded).await?;
        }
        Ok(())
    }

    async fn keep(&self, pledge: &Pledge, awarded: &Awarded) -> Result<(), StoryError> {
        let winner = &self.entrants[awarded.share.pitch];
        let body = requests::pledge(pledge, awarded.award);
        let pledged: Accepted = self.first.post(&self.routes.awards("/support"), &body).await?;
        let support = pledged.id;
        self.teller.trail(&pledged, format!("{} pledges {}.", self.first.name(), pledge.named()));
        let accepted = self.step(winner, support, "/acceptance", requests::nothing()).await?;
        self.teller.trail(&accepted, format!("{} accepts it.", winner.name()));
        let mut at = Timestamp::now();
        for (number, part) in (1..).zip(pledge.given()) {
            at += A_WEEK;
            self.deliver(support, pledge, number, &part, at, winner).await?;
        }
        let closed = self.step(&self.first, support, "/closing", requests::nothing()).await?;
        self.teller.trail(&closed, "All of it is delivered: the account is closed.");
        self.is_closed(support, pledge).await
    }

    async fn deliver(
        &self,
        support: Uuid,
        pledge: &Pledge,
        number: u32,
        part: &Part,
        at: Timestamp,
        winner: &Speaker<'_>,
    ) -> Result<(), ClientError> {
        let amount = pledge.amount(part.quarters);
        let schedule = requests::schedule(at, part.quarters);
        let scheduled = self.step(winner, support, "/schedule", schedule).await?;
        self.teller.trail(&scheduled, format!("{amount}: scheduled for {}.", at.strftime("%-d %B %Y")));
        let delivery = requests::delivery(part.quarters, part.evidence.as_ref());
        let delivered = self.step(&self.first, support, "/deliveries", delivery).await?;
        let evidence = part.evidence.as_deref().map(|words| format!(" {words}")).unwrap_or_default();
        self.teller.trail(&delivered, format!("{amount}: delivered.{evidence}"));
        let rest = format!("/deliveries/{number}/confirmation");
        let confirmed = self.step(winner, support, &rest, requests::nothing()).await?;
        self.teller.trail(&confirmed, format!("{} confirms it.", winner.name()));
        Ok(())
    }

    async fn step(
        &self,
        who: &Speaker<'_>,
        support: Uuid,
        rest: &str,
        body: Value,
    ) -> Result<Accepted, ClientError> {
        who.post(&self.routes.support(support, rest), &body).await
    }

    async fn is_closed(&self, support: Uuid, pledge: &Pledge) -> Result<(), StoryError> {
        let ledger: Vec<Support> = self.first.list(&self.routes.awards("/support")).await?;
        match ledger.iter().find(|entry| entry.id == support) {
            Some(entry) if entry.status == "closed" && entry.owed == 0 => Ok(()),
            entry => Err(StoryError::Surprise(format!(
                "All of “{}” was delivered, but the ledger says: {entry:?}.",
                pledge.what,
            ))),
        }
    }
}
