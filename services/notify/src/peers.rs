//! The services that know what notify does not: who somebody is, what a
//! programme is called, who has a draft.

use std::collections::HashMap;

use plaudit_chassis::http::AskWithin;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// How they are asked.
#[derive(Clone)]
pub struct Peers {
    /// Knows who somebody is.
    pub accounts: AskWithin,
    /// Knows programmes and drafts.
    pub submissions: AskWithin,
}

/// Somebody, for as long as a letter is written.
#[derive(Clone, Deserialize)]
pub struct Person {
    member: MemberId,
    /// May be empty.
    pub name: String,
    /// Not everybody has one.
    pub address: Option<String>,
}

/// What a programme is called.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Called {
    #[serde(default)]
    programme: ProgrammeId,
    /// Forgotten, perhaps.
    pub title: Option<String>,
    /// Who has an open draft, where that was asked.
    #[serde(default)]
    pub drafting: Vec<MemberId>,
}

#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Peers {
    /// Who these members are; whoever was forgotten is missing.
    pub async fn people(&self, members: &[MemberId]) -> Result<HashMap<MemberId, Person>, String> {
        let answer = (self.accounts)("/within/members", json!({ "members": members })).await?;
        let people: Vec<Person> = items(answer)?;
        Ok(people.into_iter().map(|person| (person.member, person)).collect())
    }

    /// What these programmes are called, and, where asked, who has an open
    /// draft for them.
    pub async fn programmes(
        &self,
        programmes: &[ProgrammeId],
        drafts: bool,
    ) -> Result<HashMap<ProgrammeId, Called>, String> {
        let asked = json!({ "programmes": programmes, "drafts": drafts });
        let answer = (self.submissions)("/within/programmes", asked).await?;
        let called: Vec<Called> = items(answer)?;
        Ok(called.into_iter().map(|called| (called.programme, called)).collect())
    }
}

fn items<T: DeserializeOwned>(answer: serde_json::Value) -> Result<Vec<T>, String> {
    // The error's own words might repeat a name, and are logged.
    let read: Items<T> = serde_json::from_value(answer).map_err(|_| "an answer is not understood")?;
    Ok(read.items)
}
