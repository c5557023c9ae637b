//! Taking facts in.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_proto::intake::v1::FactTaken;
use plaudit_proto::intake::v1::fact_taken::Fact;
use plaudit_proto::panels::v1::Connection;

use super::{AnnouncementFacts, JudgeFacts, PitchFacts, ProgrammeFacts};
use crate::deciding::Deciding;
use crate::event::Recorded;
use crate::id::StreamId;
use crate::intake::{ProcessManager, Reaction};
use crate::problem::{Never, Problem};
use crate::read_model::Unfoldable;
use crate::scope::{Decision, Scope};

crate::events! {
    /// A fact on a stream of facts.
    pub enum FactEvent {
        "plaudit.intake.v1" { FactTaken }
    }
}

/// Gives an aggregate of facts its doors: one fact in, one event out, folded
/// by its own `learn`.
macro_rules! takes_facts {
    ($($name:ident = $noun:literal;)*) => {$(
        impl Aggregate for $name {
            const TYPE: &'static str = $noun;
            type Command = FactTaken;
            type Event = FactEvent;
            type Error = Never;
            type Services = Deciding;

            async fn handle(
                &mut self,
                fact: FactTaken,
                _: &Deciding,
                sink: &EventSink<Self>,
            ) -> Result<(), Never> {
                sink.write(fact.into(), self).await;
                Ok(())
            }

            fn apply(&mut self, event: FactEvent) {
                let FactEvent::FactTaken(taken) = event;
                if let Some(fact) = taken.fact {
                    self.learn(fact, &taken.actor);
                }
            }
        }
    )*};
}

takes_facts! {
    ProgrammeFacts = "programme";
    PitchFacts = "pitch";
    JudgeFacts = "judge";
    AnnouncementFacts = "pot";
}

/// Appends one fact to the stream of the same name as at its source.
struct TakeFact {
    stream: StreamId,
    fact: FactTaken,
}

impl Decision for TakeFact {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let (stream, fact) = (&self.stream, self.fact.clone());
        match stream.noun() {
            "programme" => scope.handle::<ProgrammeFacts>(stream, fact).await?,
            "pitch" => scope.handle::<PitchFacts>(stream, fact).await?,
            "pot" => scope.handle::<AnnouncementFacts>(stream, fact).await?,
            _ => scope.handle::<JudgeFacts>(stream, fact).await?,
        };
        Ok(stream.clone())
    }
}

/// The event as a fact, if it is one of those that are taken in: its message,
/// word for word, under the name that the contract has for it.
fn fact(event: &Recorded) -> Result<Option<FactTaken>, Unfoldable> {
    let mut name = event.envelope.kind().to_owned();
    name[..1].make_ascii_lowercase();
    let actor = event.envelope.actor.strip_prefix("member/").unwrap_or_default();
    let json = format!("{{\"{name}\":{},\"actor\":\"{actor}\"}}", event.envelope.data.get());
    let taken: FactTaken = serde_json::from_str(&json)?;
    let nil = matches!(&taken.fact,
        Some(Fact::InterestDeclared(declared)) if declared.connection() == Connection::None);
    Ok((taken.fact.is_some() && !nil).then_some(taken))
}

fn take(event: &Recorded, noun: &str) -> Result<Vec<Reaction>, Unfoldable> {
    let stream = event.envelope.stream.clone();
    if stream.noun() != noun {
        return Ok(Vec::new());
    }
    let taken = fact(event)?.map(|fact| Reaction::Do(Box::new(TakeFact { stream, fact })));
    Ok(taken.into_iter().collect())
}

/// Takes in what is decided about programmes: roles, rulebook, call.
pub struct TakeProgrammeFacts;

impl ProcessManager for TakeProgrammeFacts {
    const NAME: &'static str = "take_programme_facts";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        take(event, "programme")
    }
}

/// Takes in what becomes of pitches.
pub struct TakePitchFacts;

impl ProcessManager for TakePitchFacts {
    const NAME: &'static str = "take_pitch_facts";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        take(event, "pitch")
    }
}

/// Takes in that a programme's winners are announced.
pub struct TakeAnnouncement;

impl ProcessManager for TakeAnnouncement {
    const NAME: &'static str = "take_announcement";
    const SOURCE: &'static str = "awards";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        take(event, "pot")
    }
}

/// Takes in who judges what, and who stands aside.
pub struct TakeJudgeFacts;

impl ProcessManager for TakeJudgeFacts {
    const NAME: &'static str = "take_judge_facts";
    const SOURCE: &'static str = "panels";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        take(event, "judge")
    }
}
