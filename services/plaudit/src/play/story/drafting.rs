use jiff::Timestamp;
use uuid::Uuid;

use super::Story;
use crate::play::answers::{Accepted, Invited};
use crate::play::client::{ClientError, Speaker};
use crate::play::people::Person;
use crate::play::scenario::Scenario;
use crate::play::{requests, routes};

/// Whoever drafts a programme is its first organiser.
pub async fn draft(scenario: &Scenario, first: &Speaker<'_>) -> Result<Uuid, ClientError> {
    let drafted: Accepted = first.post(routes::PROGRAMMES, &requests::programme(scenario)).await?;
    Ok(drafted.id)
}

impl Story<'_> {
    /// A second organiser, and the rulebook.
    pub(super) async fn publish(&self) -> Result<(), ClientError> {
        let member = self.invite(self.second.person).await?;
        let role = requests::role(member, "organiser");
        let _: Accepted = self.first.post(&self.routes.submissions("/roles"), &role).await?;
        let rulebook = requests::rulebook(self.scenario, Timestamp::now());
        let _: Accepted = self.first.put(&self.routes.submissions("/rulebook"), &rulebook).await?;
        let (first, second) = (self.first.name(), self.second.name());
        self.teller.say(format!(
            "{first} drafts the programme, asks {second} to run it too, and publishes the rulebook."
        ));
        Ok(())
    }

    /// Gives somebody a place in the programme, and answers which.
    pub(super) async fn invite(&self, person: &Person) -> Result<Uuid, ClientError> {
        let invitation = requests::invitation(&person.email, &person.name);
        let invited: Invited = self.first.post(&self.routes.accounts("/invitations"), &invitation).await?;
        Ok(invited.member)
    }
}
