//! From the announcement to the last hour of support.

use deadpool_postgres::Transaction;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::id;
use plaudit_chassis::id::AwardId;
use plaudit_chassis::store::StoreError;
use plaudit_proto::awards::v1::{
    AwardAccepted, AwardAnnounced, AwardDeclined, AwardLapsed, AwardProposed, PayoutSent, SupportAccepted,
    SupportDelivered, SupportPledged, WinnersAnnounced,
};

use super::concern::{Concerned, actor, unreadable};
use crate::facts::{Award, Support};
use crate::letter::{About, Kind};

plaudit_chassis::events! {
    /// What awards says that somebody is to hear of.
    enum Said {
        "plaudit.awards.v1" {
            WinnersAnnounced, AwardProposed, AwardAnnounced, AwardAccepted, AwardDeclined, AwardLapsed,
            PayoutSent, SupportPledged, SupportAccepted, SupportDelivered,
        }
    }
}

impl Concerned {
    pub async fn awards(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
    ) -> Result<(), StoreError> {
        let Some(said) = event.is::<Said>().map_err(unreadable)? else { return Ok(()) };
        if event.envelope.stream.noun() == "support" {
            return self.support(transaction, event, said).await;
        }
        // An award and its payout have the same id.
        let award = AwardId(event.envelope.stream.id());
        match said {
            Said::WinnersAnnounced(_) => {
                self.mail(event, Kind::Result, event.envelope.time, About::default());
                return Ok(());
            }
            Said::AwardProposed(proposed) => {
                let known = Award { pitch: id(&proposed.pitch) };
                return self.shelf.put(event.envelope.programme, award.0, &known);
            }
            _ => {}
        }
        let (pitch, team) = self.winners(transaction, award.0).await?;
        let about = About { pitch: Some(pitch), award: Some(award), ..About::default() };
        match said {
            Said::AwardAnnounced(announced) => {
                let at_ms = Some(from_proto(&announced.accept_by).as_millisecond());
                self.write(event, team, Kind::Won, About { at_ms, ..about });
            }
            Said::PayoutSent(_) => self.write(event, team, Kind::PaymentSent, about),
            Said::AwardAccepted(_) => {
                self.write(event, team, Kind::AwardAccepted, about.clone());
                self.answered(transaction, event, about, "accepted").await?;
            }
            Said::AwardDeclined(_) => self.answered(transaction, event, about, "declined").await?,
            Said::AwardLapsed(_) => self.answered(transaction, event, about, "not accepted in time").await?,
            _ => {}
        }
        Ok(())
    }

    /// The organisers hear what a winner said.
    async fn answered(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
        about: About,
        word: &str,
    ) -> Result<(), StoreError> {
        let to = self.programme(transaction, event).await?.organisers(about.pitch);
        let about = About { word: Some(word.to_owned()), ..about };
        self.write(event, to, Kind::WinnerAnswered, about);
        Ok(())
    }

    async fn support(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
        said: Said,
    ) -> Result<(), StoreError> {
        let (programme, own) = (event.envelope.programme, event.envelope.stream.id());
        let mut support: Support = self.shelf.get(transaction, own).await?;
        match said {
            Said::SupportPledged(pledged) if !pledged.award.is_empty() => {
                support.award = Some(id(&pledged.award));
                self.tell_supported(transaction, event, &support, Kind::SupportPledged).await?;
            }
            Said::SupportAccepted(accepted) => {
                support.pitch = Some(id(&accepted.pitch));
                // One for a winner's award was heard of when it was pledged.
                if support.award.is_none() {
                    self.tell_supported(transaction, event, &support, Kind::SupportPledged).await?;
                }
            }
            Said::SupportDelivered(_) => {
                self.tell_supported(transaction, event, &support, Kind::SupportDelivered).await?;
            }
            _ => {}
        }
        self.shelf.put(programme, own, &support)
    }

    async fn tell_supported(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
        support: &Support,
        kind: Kind,
    ) -> Result<(), StoreError> {
        let (pitch, team) = match (support.pitch, support.award) {
            (Some(pitch), _) => (pitch, self.team(transaction, pitch).await?),
            (None, Some(award)) => self.winners(transaction, award.0).await?,
            (None, None) => return Ok(()),
        };
        // Nobody is told what they did themselves.
        let by = actor(event);
        let to: Vec<_> = team.into_iter().filter(|member| Some(*member) != by).collect();
        let about = About { pitch: Some(pitch), award: support.award, ..About::default() };
        self.write(event, to, kind, about);
        Ok(())
    }
}
