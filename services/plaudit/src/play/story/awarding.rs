use uuid::Uuid;

use super::{Awarded, Story, StoryError};
use crate::play::answers::{Accepted, Award, Place};
use crate::play::client::ClientError;
use crate::play::prizes::{Share, shares};
use crate::play::requests;
use crate::play::telling::money;

impl Story<'_> {
    /// The awards, from the proposals to the winners' yes.
    pub(super) async fn award(&self, pitches: &[Uuid], places: &[Place]) -> Result<Vec<Awarded>, StoryError> {
        let ranks: Vec<Option<u32>> = places.iter().map(|place| place.rank).collect();
        let mut awards = Vec::new();
        for share in shares(&self.scenario.prizes, &ranks) {
            let pitch = pitches[share.pitch];
            awards.push(self.propose(share, pitch).await?);
        }
        if awards.is_empty() {
            return Ok(awards);
        }
        for awarded in &awards {
            let approved = self.of_award(awarded.award, "/approval").await?;
            self.teller.trail(&approved, format!("{} approves it.", self.second.name()));
        }
        let announcement = self.routes.awards("/announcement");
        let announced: Accepted = self.first.post(&announcement, &requests::nothing()).await?;
        self.teller.trail(&announced, "The winners are announced.");
        for awarded in &awards {
            let winner = &self.entrants[awarded.share.pitch];
            let path = self.routes.award(awarded.award, "/acceptance");
            let accepted: Accepted = winner.post(&path, &requests::nothing()).await?;
            self.teller.trail(
                &accepted,
                format!("{} accepts for {}.", winner.name(), self.team(awarded.share.pitch)),
            );
        }
        Ok(awards)
    }

    /// Proposes what a pitch wins. How much that is, the service works out
    /// from its own ranking; it is read back rather than believed.
    async fn propose(&self, share: Share, pitch: Uuid) -> Result<Awarded, StoryError> {
        let body = requests::award(share.prize, pitch);
        let proposed: Accepted = self.first.post(&self.routes.awards("/awards"), &body).await?;
        let award: Award = self.first.get(&self.routes.award(proposed.id, "")).await?;
        let amount = money(award.amount.minor, &award.amount.currency);
        let team = self.team(share.pitch);
        let what = format!("{} proposes {amount} for {team}, rank {}.", self.first.name(), share.rank);
        self.teller.trail(&proposed, what);
        Ok(Awarded { share, award: proposed.id, minor: award.amount.minor, currency: award.amount.currency })
    }

    async fn of_award(&self, award: Uuid, rest: &str) -> Result<Accepted, ClientError> {
        self.second.post(&self.routes.award(award, rest), &requests::nothing()).await
    }
}
