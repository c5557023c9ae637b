//! What nobody answered in time.

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::http::REQUEST_TIME;
use plaudit_chassis::id::AwardId;
use plaudit_chassis::intake::Timer;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::scope::AnyDecision;
use plaudit_chassis::{ProcessManager, Reaction};

use crate::award::{AwardEvent, LapseAward};
use crate::payout::{PayoutEvent, TAKEN_AS_RECEIVED_AFTER, TakeAsReceived};

/// Lets an award lapse that its winner has not answered: at the last instant
/// to answer, and the time that an answer may take to be carried out.
pub struct LapseAwards;

impl ProcessManager for LapseAwards {
    const NAME: &'static str = "lapse_awards";
    const SOURCE: &'static str = "awards";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let Some(AwardEvent::AwardAnnounced(announced)) = event.is::<AwardEvent>()? else {
            return Ok(Vec::new());
        };
        let on_the_way =
            SignedDuration::try_from(REQUEST_TIME).map_err(|error| Unfoldable::Wrong(error.to_string()))?;
        let over = from_proto(&announced.accept_by).checked_add(on_the_way).unwrap_or(Timestamp::MAX);
        Ok(vec![Reaction::At(over, "accept_by")])
    }

    fn due(&self, timer: &Timer) -> Vec<Box<dyn AnyDecision>> {
        vec![Box::new(LapseAward(AwardId(timer.stream.id())))]
    }
}

/// Takes a payment as received when nobody has said otherwise for fourteen
/// days.
pub struct TakePaymentsAsReceived;

impl ProcessManager for TakePaymentsAsReceived {
    const NAME: &'static str = "take_payments_as_received";
    const SOURCE: &'static str = "awards";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let Some(PayoutEvent::PayoutSent(sent)) = event.is::<PayoutEvent>()? else {
            return Ok(Vec::new());
        };
        Ok(vec![Reaction::At(from_proto(&sent.at) + TAKEN_AS_RECEIVED_AFTER, "received")])
    }

    fn due(&self, timer: &Timer) -> Vec<Box<dyn AnyDecision>> {
        vec![Box::new(TakeAsReceived(AwardId(timer.stream.id())))]
    }
}
