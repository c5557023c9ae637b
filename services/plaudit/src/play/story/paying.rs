use serde_json::Value;

use super::{Awarded, Story, StoryError};
use crate::play::answers::{Accepted, Award};
use crate::play::client::Speaker;
use crate::play::requests;
use crate::play::telling::money;

impl Story<'_> {
    /// The payment of an award, from the payee to the winner's confirmation.
    pub(super) async fn pay(&self, awarded: &Awarded) -> Result<(), StoryError> {
        if awarded.minor == 0 {
            return Ok(());
        }
        let (first, second) = (&self.first, &self.second);
        let winner = &self.entrants[awarded.share.pitch];
        let team = self.team(awarded.share.pitch);
        let amount = money(awarded.minor, &awarded.currency);
        let nothing = requests::nothing;
        let steps: [(&Speaker<'_>, &str, Value, String); 7] = [
            (
                winner,
                "payee",
                requests::payee(team),
                format!("{} names the account of {team}.", winner.name()),
            ),
            (first, "payee/check", nothing(), format!("{} has checked that it is theirs.", first.name())),
            (
                first,
                "agreement",
                requests::agreement(self.scenario),
                "What was agreed is recorded.".to_owned(),
            ),
            (first, "request", nothing(), format!("{} requests the payment of {amount}.", first.name())),
            (second, "authorisation", nothing(), format!("{} authorises it.", second.name())),
            (second, "sending", requests::sending(awarded.award), format!("{amount} is sent.")),
            (winner, "confirmation", nothing(), format!("{} confirms that it has come.", winner.name())),
        ];
        for (who, step, body, told) in steps {
            let path = self.routes.award(awarded.award, &format!("/payout/{step}"));
            let done: Accepted = who.post(&path, &body).await?;
            self.teller.trail(&done, told);
        }
        self.is_paid(awarded).await
    }

    async fn is_paid(&self, awarded: &Awarded) -> Result<(), StoryError> {
        let award: Award = self.first.get(&self.routes.award(awarded.award, "")).await?;
        let stands = (award.status.as_str(), award.payout.as_deref());
        if stands == ("accepted", Some("confirmed")) {
            return Ok(());
        }
        Err(StoryError::Surprise(format!(
            "The award was accepted and paid, but it is said to stand at {stands:?}."
        )))
    }
}
