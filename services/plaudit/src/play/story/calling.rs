use uuid::Uuid;

use super::Story;
use crate::play::answers::Accepted;
use crate::play::client::ClientError;
use crate::play::requests;

impl Story<'_> {
    /// The call, from its opening to its early closing; answers the pitches in
    /// running order, which is the order in which they first came in.
    pub(super) async fn call(&self) -> Result<Vec<Uuid>, ClientError> {
        self.of_programme(&self.first, "/call/opening").await?;
        self.of_programme(&self.second, "/call/opening/confirmation").await?;
        self.teller.say(format!(
            "{} proposes to open the call, and {} does.",
            self.first.name(),
            self.second.name()
        ));
        for entrant in &self.entrants {
            let member = self.invite(entrant.person).await?;
            let invitees = self.routes.submissions("/call/invitees");
            let _: Accepted = self.first.post(&invitees, &requests::invitee(member)).await?;
        }
        let mut pitches = Vec::with_capacity(self.entrants.len());
        for (entrant, pitch) in self.entrants.iter().zip(&self.scenario.pitches) {
            let entry = requests::entry(self.scenario, pitch);
            let submitted: Accepted = entrant.post(&self.routes.submissions("/pitches"), &entry).await?;
            pitches.push(submitted.id);
            self.teller.say(format!("  {} is in.", pitch.named()));
        }
        self.of_programme(&self.first, "/call/closing").await?;
        self.of_programme(&self.second, "/call/closing/confirmation").await?;
        self.teller.say("Everybody who was invited has entered: the two close the call.");
        Ok(pitches)
    }

    /// Every pitch of a scenario was judged, so every one is eligible.
    pub(super) async fn screen(&self, pitches: &[Uuid]) -> Result<(), ClientError> {
        for pitch in pitches {
            let _: Accepted =
                self.first.post(&self.routes.pitch(*pitch, "/screening"), &requests::eligible()).await?;
        }
        self.of_programme(&self.first, "/screening/completion").await?;
        self.teller.say(format!("Screening: {} of {} are eligible.", pitches.len(), pitches.len()));
        Ok(())
    }
}
