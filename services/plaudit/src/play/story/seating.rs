use super::Story;
use crate::play::answers::Accepted;
use crate::play::client::ClientError;
use crate::play::requests;
use crate::play::scenario::{Judge, Office};

impl Story<'_> {
    /// The panel, from its convening to its readiness. Judges declare before
    /// they see more than titles and teams.
    pub(super) async fn seat(&self) -> Result<(), ClientError> {
        self.of_panel("").await?;
        for (speaker, judge) in self.judges.iter().zip(&self.scenario.judges) {
            let member = self.invite(speaker.person).await?;
            let seat = requests::seat(member, judge.office, judge.independent);
            let _: Accepted = self.first.post(&self.routes.panel("/judges"), &seat).await?;
        }
        for judge in &self.judges {
            let _: Accepted = judge.post(&self.routes.panel("/acceptance"), &requests::acceptance()).await?;
        }
        for judge in &self.judges {
            let _: Accepted =
                judge.post(&self.routes.panel("/declaration"), &requests::declaration()).await?;
        }
        let names: Vec<String> = self.scenario.judges.iter().map(named).collect();
        self.teller.say(format!("The panel: {}. Each declares their interests.", names.join(", ")));
        self.of_panel("/assignments").await?;
        self.of_panel("/readiness").await?;
        Ok(())
    }

    async fn of_panel(&self, rest: &str) -> Result<Accepted, ClientError> {
        self.first.post(&self.routes.panel(rest), &requests::nothing()).await
    }
}

fn named(judge: &Judge) -> String {
    let office = match judge.office {
        Office::Chair => Some("chair"),
        Office::Deputy => Some("deputy"),
        Office::Judge => None,
    };
    let independent = judge.independent.then_some("independent");
    let parts: Vec<&str> = office.into_iter().chain(independent).collect();
    if parts.is_empty() { judge.name.clone() } else { format!("{} ({})", judge.name, parts.join(", ")) }
}
