//! The phases, and how the play gets to each.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::play::Play;
use crate::sights::text;
use crate::world::entry;

pub const PHASES: [&str; 12] = [
    "drafted",
    "published",
    "open",
    "closed",
    "screened",
    "assigned",
    "marking",
    "locked",
    "declared",
    "announced",
    "requested",
    "paid",
];

/// Who decide, besides Amy, and as what.
const DECIDERS: [(&str, &[&str]); 4] = [
    ("ben", &["organiser"]),
    ("conflicted", &["organiser"]),
    ("approver", &["approver"]),
    ("helper", &["helper", "teller"]),
];
/// Who come when they hear of it.
const STRANGERS: [&str; 3] = ["stranger", "supporter", "elsewhere"];
const ENTRANTS: [&str; 2] = ["entrant", "rival"];
const JUDGES: [&str; 7] = ["invited", "undeclared", "judge", "aside", "known", "second", "spare"];

fn nothing() -> Value {
    json!({})
}

impl Play {
    /// Plays on from the phase before.
    pub async fn reach(&mut self, phase: &str) {
        match phase {
            "drafted" => self.draft().await,
            "published" => self.publish().await,
            "open" => self.open().await,
            "closed" => self.close().await,
            "screened" => self.screen().await,
            "assigned" => self.assign().await,
            "marking" => self.mark().await,
            "locked" => self.lock().await,
            "declared" => self.declare_the_result().await,
            "announced" => self.announce().await,
            "requested" => self.request().await,
            "paid" => self.pay().await,
            _ => panic!("no phase {phase}"),
        }
    }

    async fn draft(&mut self) {
        let drafted = self.person("amy").does("submissions/programmes", json!({"title": "The prize"})).await;
        self.world.set("programme", drafted.id());
        self.world.set("drafted", drafted.body["position"].to_string());
        let me = self.reads("amy", "accounts/me").await;
        self.world.set("amy", me["member"].clone());
        for (role, kinds) in DECIDERS {
            self.invites(role).await;
            for kind in kinds {
                let granted = json!({"member": format!("${role}"), "role": kind});
                self.does("amy", "submissions/roles", granted).await;
            }
        }
        self.does("amy", "accounts/invitations", json!({"email": text("guests_address")})).await;
        let path = format!("submissions/programmes/{}/rulebook/draft", self.world.word("programme"));
        let rules = json!({"content": "{}"});
        let saved = self.person("amy").with_header("if-match", "0").puts(&path, rules).await;
        assert!(saved.status.is_success());
    }

    async fn publish(&mut self) {
        let rulebook = json!({"rulebook": "$rulebook", "prose": "The rules in words."});
        self.puts("amy", "submissions/rulebook", rulebook).await;
        for role in STRANGERS {
            self.comes(role).await;
        }
        for role in ENTRANTS.into_iter().chain(JUDGES).chain(["auditor"]) {
            self.invites(role).await;
        }
        for role in ENTRANTS {
            let invitee = json!({"member": format!("${role}")});
            self.does("amy", "submissions/call/invitees", invitee).await;
        }
        self.begin_a_draft().await;
        self.write_together().await;
        self.does("amy", "submissions/call/opening", nothing()).await;
    }

    /// Complete, but it is not to enter by itself.
    async fn begin_a_draft(&mut self) {
        let draft = self.does("entrant", "submissions/drafts", nothing()).await.id();
        self.world.set("draft", draft);
        let mut content = entry("Another idea", "A team", text("draft"));
        content["enter_at_deadline"] = json!(false);
        let path = format!(
            "submissions/programmes/{}/drafts/{}",
            self.world.word("programme"),
            self.world.word("draft")
        );
        let saved = self.person("entrant").with_header("if-match", "1").puts(&path, content).await;
        assert!(saved.status.is_success());
        let files = "submissions/drafts/{draft}/attachments";
        let file = json!({"name": "A plan.txt", "size": 2});
        let attachment = self.does("entrant", files, file).await.id();
        self.world.set("attachment", attachment);
        self.sends("entrant", Method::PATCH, &format!("{files}/{{attachment}}?offset=0")).await;
        self.does("entrant", &format!("{files}/{{attachment}}/completion"), nothing()).await;
        let other = self.sends("entrant", Method::PUT, &format!("{files}?name=Another.txt")).await.id();
        self.world.set("file", other);
        self.sends("entrant", Method::DELETE, &format!("{files}/{{attachment=file}}")).await;
    }

    /// Somebody joins it, and leaves.
    async fn write_together(&mut self) {
        let code = self.does("entrant", "submissions/drafts/{draft}/invitation", nothing()).await.body;
        let code = json!({"code": code["code"]});
        self.does("supporter", "submissions/drafts/join", code).await;
        let draft = self.reads("entrant", "submissions/drafts/{draft}").await;
        self.world.set("nobody", draft["collaborators"][0].clone());
        let nobody = "submissions/drafts/{draft}/collaborators/{member=nobody}";
        self.sends("entrant", Method::DELETE, nobody).await;
        self.world.set("nobody", json!(uuid::Uuid::new_v4()));
    }

    /// The entrant's pitch comes in with a file, as a draft that is sent in.
    async fn enter_a_draft(&mut self) {
        let pitch = self.does("entrant", "submissions/drafts", nothing()).await.id();
        self.world.set("pitch", pitch);
        let content = entry(text("title"), text("team"), text("answers"));
        let path = format!(
            "submissions/programmes/{}/drafts/{}",
            self.world.word("programme"),
            self.world.word("pitch")
        );
        let saved = self.person("entrant").with_header("if-match", "1").puts(&path, content).await;
        assert!(saved.status.is_success());
        let files = "submissions/drafts/{draft=pitch}/attachments?name=Words.txt";
        let file = self.sends("entrant", Method::PUT, files).await.id();
        self.world.set("file", file);
        self.does("entrant", "submissions/drafts/{draft=pitch}/submission", nothing()).await;
    }

    async fn open(&mut self) {
        self.does("ben", "submissions/call/opening/confirmation", nothing()).await;
        self.enter_a_draft().await;
        let other = entry(text("other_title"), text("other_team"), text("other_answers"));
        let other = self.does("rival", "submissions/pitches", other).await.id();
        self.world.set("other", other);
        let conflict = json!({"pitch": "$pitch", "nature": text("nature_of_the_conflict")});
        self.does("conflicted", "submissions/conflicts", conflict).await;
        let auditor = json!({"member": "$auditor"});
        self.does("amy", "submissions/auditors", auditor.clone()).await;
        self.does("ben", "submissions/auditors/confirmation", auditor).await;
        self.does("amy", "submissions/auditors", json!({"member": "$nobody"})).await;
        self.does("amy", "submissions/call/closing", nothing()).await;
        let out = json!({"reason": "out_of_scope"});
        self.does("amy", "submissions/pitches/{pitch}/disqualification", out).await;
        let until = json!({"until": "2099-09-01T12:00:00Z", "reason": "our_fault"});
        self.does("amy", "submissions/pitches/{pitch}/reopening", until).await;
    }

    async fn close(&mut self) {
        self.does("ben", "submissions/call/closing/confirmation", nothing()).await;
        self.does("amy", "panels/rounds/{round}/panel", nothing()).await;
        for role in JUDGES {
            let seat = json!({"member": format!("${role}")});
            self.does("amy", "panels/rounds/{round}/panel/judges", seat).await;
        }
        for role in JUDGES.into_iter().filter(|role| *role != "invited") {
            let accepted = json!({"confidentiality": true});
            self.does(role, "panels/rounds/{round}/panel/acceptance", accepted).await;
        }
    }

    async fn screen(&mut self) {
        let question = json!({"question": text("question")});
        self.does("amy", "submissions/pitches/{pitch}/query", question).await;
        let answer = json!({"answer": text("answer")});
        self.does("entrant", "submissions/pitches/{pitch}/answer", answer).await;
        let eligible = json!({"outcome": "eligible", "words": text("words_of_screening")});
        self.does("ben", "submissions/pitches/{pitch}/screening", eligible).await;
        let eligible = json!({"outcome": "eligible"});
        self.does("amy", "submissions/pitches/{pitch=other}/screening", eligible).await;
        self.does("amy", "submissions/screening/completion", nothing()).await;
    }

    /// The pitch goes to the two judges without a connection, and so the other
    /// to the two with one, to whom nothing else can go. One more judge is
    /// there to whom an assignment could be moved.
    async fn assign(&mut self) {
        let declaration = "panels/rounds/{round}/panel/declaration";
        let connected = |connection: &str, nature: &str| {
            let connection = json!({"pitch": "$pitch", "connection": connection, "nature": text(nature)});
            json!({"connections": [connection], "none_for_the_rest": true})
        };
        let interests = json!({"interests": text("interests"), "none_for_the_rest": true});
        let declared = self.does("judge", declaration, interests).await;
        self.world.set("declared", declared.body["position"].to_string());
        self.does("second", declaration, json!({"none_for_the_rest": true})).await;
        self.does("aside", declaration, connected("stand_aside", "nature_of_the_aside")).await;
        self.does("known", declaration, connected("known", "nature_of_the_known")).await;
        self.does("amy", "panels/rounds/{round}/panel/assignments", nothing()).await;
        self.does("spare", declaration, json!({"none_for_the_rest": true})).await;
        self.does("amy", "panels/rounds/{round}/panel/readiness", nothing()).await;
    }

    /// Giving up a role and getting it again lifts no wall.
    async fn mark(&mut self) {
        let role = json!({"member": "$conflicted", "role": "organiser"});
        self.does("amy", "submissions/roles/revocation", role.clone()).await;
        self.does("amy", "submissions/roles", role).await;
        self.does("amy", "scoring/rounds/{round}/opening", nothing()).await;
        let marks = |mark: &str| json!({"marks": {"merit": mark}});
        let (seal, other) = (
            "scoring/rounds/{round}/scorecards/{pitch}/seal",
            "scoring/rounds/{round}/scorecards/{pitch=other}/seal",
        );
        let sealed = self.does("judge", seal, marks(text("mark"))).await;
        self.world.set("sealed", sealed.body["position"].to_string());
        let mut second = marks(text("second_mark"));
        second["comment_to_panel"] = json!(text("second_comment_to_panel"));
        second["comment_to_entrant"] = json!(text("second_comment_to_entrant"));
        self.does("second", seal, second).await;
        let own = self.reads("second", "scoring/rounds/{round}/scorecards/{pitch}").await;
        self.world.set("seat", own["scorecards"][0]["judge"].clone());
        self.begin_a_scorecard_again().await;
        self.does("aside", other, marks(text("other_mark"))).await;
        self.does("known", other, marks("66.85")).await;
    }

    /// The judge who has handed in thinks again.
    async fn begin_a_scorecard_again(&mut self) {
        let path = format!(
            "scoring/programmes/{}/rounds/final/scorecards/{}/draft",
            self.world.word("programme"),
            self.world.word("pitch")
        );
        let draft = json!({"marks": {"merit": "7"}});
        let saved = self.person("judge").with_header("if-match", "0").puts(&path, draft).await;
        assert!(saved.status.is_success());
    }

    async fn lock(&mut self) {
        self.does("amy", "scoring/rounds/{round}/lock", nothing()).await;
        self.does("amy", "scoring/rounds/{round}/unsealing", nothing()).await;
    }

    async fn declare_the_result(&mut self) {
        self.does("ben", "scoring/rounds/{round}/unsealing/confirmation", nothing()).await;
        self.result_is_known().await;
        let award = json!({"round": "final", "prize": "first", "pitch": "$pitch"});
        let award = self.does("amy", "awards/awards", award).await;
        self.world.set("award", award.id());
        self.world.set("proposed", award.body["position"].to_string());
        self.puts("amy", "awards/announcement", json!({"at": "2099-05-01T12:00:00Z"})).await;
        let back = json!({"judge": "$seat", "reason": "clarification"});
        self.does("amy", "scoring/rounds/{round}/scorecards/{pitch}/return", back).await;
        let again = json!({"comment_to_entrant": text("second_comment_to_entrant")});
        self.does("second", "scoring/rounds/{round}/scorecards/{pitch}/comment", again).await;
    }

    /// It follows from the unsealing by itself, and awards hear of it.
    async fn result_is_known(&self) {
        for (service, list) in [("scoring", "result"), ("awards", "ranking")] {
            let path = format!("{service}/programmes/{}/rounds/final/{list}", self.world.word("programme"));
            let mut tries = 0;
            while !self.person("ben").reads(&path).await.status.is_success() {
                tries += 1;
                assert!(tries < 100, "no {list} after ten seconds");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }

    async fn announce(&mut self) {
        self.does("ben", "awards/awards/{award}/approval", nothing()).await;
        self.does("amy", "awards/announcement", nothing()).await;
        let back = json!({"reason": "made_in_error"});
        self.does("amy", "awards/awards/{award}/withdrawal", back).await;
        let pledge = json!({"what": text("support"), "quarters": 12, "unit": "hour", "award": "$award"});
        let support = self.does("supporter", "awards/support", pledge).await.id();
        self.world.set("support", support);
    }

    async fn request(&mut self) {
        self.does("entrant", "awards/awards/{award}/acceptance", nothing()).await;
        let payee = json!({"name": text("payees_name"), "account": text("account"), "sort_code": "00-00-00"});
        self.does("entrant", "awards/awards/{award}/payout/payee", payee).await;
        self.does("ben", "awards/awards/{award}/payout/payee/check", nothing()).await;
        let agreement = json!({"agreement": text("agreement")});
        self.does("amy", "awards/awards/{award}/payout/agreement", agreement).await;
        self.does("amy", "awards/awards/{award}/payout/request", nothing()).await;
        self.does("entrant", "awards/support/{support}/acceptance", nothing()).await;
        self.does("supporter", "awards/support/{support}/deliveries", json!({"quarters": 4})).await;
    }

    /// What can be done only when all is over.
    pub async fn end(&mut self) {
        self.does("ben", "submissions/conclusion", nothing()).await;
        let marks = json!({"what": {"round": "final"}, "reason": "kept_long_enough"});
        self.does("ben", "submissions/forgetting", marks).await;
    }

    async fn pay(&mut self) {
        self.does("ben", "awards/awards/{award}/payout/authorisation", nothing()).await;
        let reference = json!({"reference": text("reference")});
        self.does("ben", "awards/awards/{award}/payout/sending", reference).await;
        self.does("entrant", "awards/awards/{award}/payout/confirmation", nothing()).await;
        self.does("entrant", "awards/support/{support}/deliveries/{part}/confirmation", nothing()).await;
    }
}
