//! What a process manager says of itself.

use jiff::Timestamp;

use super::Timer;
use crate::event::Recorded;
use crate::read_model::Unfoldable;
use crate::scope::AnyDecision;

/// What follows from an event.
pub enum Reaction {
    /// This, now.
    Do(Box<dyn AnyDecision>),
    /// Something at an instant: `due` is asked then, with the timer of this
    /// name. A later event of the same stream may set it anew.
    At(Timestamp, &'static str),
}

/// Follows one service's events. Events of one stream are reacted to in their
/// order; those of different streams at the same time.
pub trait ProcessManager: Send + Sync + 'static {
    /// Its name: its checkpoint's, and part of its keys. Never changed.
    const NAME: &'static str;
    /// The service whose events it follows; its own for what follows there.
    const SOURCE: &'static str;

    /// What follows from an event; nothing from most.
    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable>;

    /// What a timer's time has come for.
    fn due(&self, timer: &Timer) -> Vec<Box<dyn AnyDecision>> {
        let _ = timer;
        Vec::new()
    }
}

/// A process manager of any type.
pub trait AnyManager: Send + Sync {
    /// See [`ProcessManager::NAME`].
    fn name(&self) -> &'static str;
    /// See [`ProcessManager::SOURCE`].
    fn source(&self) -> &'static str;
    /// See [`ProcessManager::react`].
    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable>;
    /// See [`ProcessManager::due`].
    fn due(&self, timer: &Timer) -> Vec<Box<dyn AnyDecision>>;
}

impl<P: ProcessManager> AnyManager for P {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn source(&self) -> &'static str {
        P::SOURCE
    }

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        ProcessManager::react(self, event)
    }

    fn due(&self, timer: &Timer) -> Vec<Box<dyn AnyDecision>> {
        ProcessManager::due(self, timer)
    }
}

/// A manager for a service's list of them.
pub fn manager<P: ProcessManager>(manager: P) -> Box<dyn AnyManager> {
    Box::new(manager)
}
