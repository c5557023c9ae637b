//! A small prize, played chapter by chapter, with a marker in every private
//! field that it has.

use std::sync::Mutex;
use std::time::Duration;

use plaudit_tests::people::{Answer, Person, Seen};
use plaudit_tests::program::Program;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cast::{ADDRESSES, Cast};
use crate::heaps::{Heap, heap};
use crate::marker::Markers;
use crate::requests::{nothing, one_prize, rulebook};

const DRAFTS: &[&str] = &["table submissions.drafts"];
const RULEBOOK_DRAFTS: &[&str] = &["table submissions.rulebook_drafts"];

/// A prize, its people, and what they have said.
pub struct Prize {
    pub markers: Markers,
    pub cast: Cast,
    pub programme: String,
    /// The first wins.
    pub pitches: [String; 2],
    pub award: String,
    sent: Mutex<Vec<(String, Value)>>,
}

impl Prize {
    /// The whole trail, as an organiser is given it.
    pub async fn bundle(&self) -> Heap {
        let path = format!("audit/programmes/{}/log/bundle", self.programme);
        heap("the bundle", self.cast.ada.file(&path).await)
    }

    /// The receipts of all that everybody did, without their own copies.
    pub async fn receipts(&self) -> Heap {
        let bundle = String::from_utf8(self.bundle().await.bytes).unwrap();
        let Cast { ada, ben, cleo, eva, finn, judges, .. } = &self.cast;
        let mut receipts = String::new();
        for person in [ada, ben, cleo, eva, finn].into_iter().chain(judges) {
            let me = person.reads(&self.address("accounts/programmes/{programme}/me", &[])).await;
            let actor = format!("\"actor\":\"member/{}\"", me.body["member"].as_str().unwrap());
            let own = bundle.lines().filter(|line| line.contains(&actor) && !line.starts_with("accounts/"));
            for place in own.map(|line| line.split('\t').next().unwrap()) {
                let path = format!("accounts/programmes/{{programme}}/receipts/{place}");
                let receipt = String::from_utf8(person.file(&self.address(&path, &[])).await).unwrap();
                let (before, copies) = receipt.split_once("\nopenings ").unwrap();
                let (_, after) = copies.split_once("\nproof ").unwrap();
                receipts.extend([before, after]);
            }
        }
        assert!(receipts.matches("plaudit.receipt/v1").count() > 30, "so few: {receipts}");
        heap("the receipts", receipts.into_bytes())
    }

    /// What an auditor is given, whom two people have admitted.
    pub async fn auditors_bundle(&self) -> Heap {
        let Cast { ada, ben, .. } = &self.cast;
        let me = ben.reads(&self.address("accounts/programmes/{programme}/me", &[])).await;
        let auditor = json!({ "member": me.body["member"] });
        let admit = "POST submissions/programmes/{programme}/auditors";
        self.does(ada, admit, &[], auditor.clone()).await;
        self.does(ben, &format!("{admit}/confirmation"), &[], auditor).await;
        let path = self.address("accounts/programmes/{programme}/auditors/bundle", &[]);
        heap("the auditors' bundle", ben.file(&path).await)
    }

    /// Everybody signs in, says who they are, and the first drafts it.
    pub async fn draft(program: &Program) -> Self {
        let markers = Markers::default();
        let cast = Cast::sign_in(program, &markers, &Seen::default()).await;
        let (programme, pitches, award) = Default::default();
        let sent = Mutex::default();
        let mut prize = Self { markers, cast, programme, pitches, award, sent };
        // Sign-in was without a key, and its fields are like no other.
        prize.note("POST accounts/sign-in", json!({ "email": prize.cast.ada.email }));
        prize.name_themselves().await;
        let title = prize.markers.text("a programme's title");
        let drafted =
            prize.does(&prize.cast.ada, "POST submissions/programmes", &[], json!({ "title": title })).await;
        prize.programme = drafted.id();
        prize
    }

    async fn name_themselves(&self) {
        for person in [&self.cast.ada, &self.cast.eva] {
            let name = self.markers.text_at_home("a person's name", &["table accounts.people"]);
            self.does(person, "PUT accounts/me", &[], json!({ "name": name })).await;
        }
        let name = self.markers.text_at_home("a token's name", &["table accounts.tokens"]);
        let token = json!({ "name": name, "scopes": ["read"] });
        let made = self.does(&self.cast.ada, "POST accounts/me/tokens", &[], token).await;
        self.markers.exactly("an API token", made.body["token"].as_str().unwrap());
    }

    /// Gives somebody a place.
    pub async fn invite(&self, email: &str) -> String {
        let name = self.markers.text_at_home("the name in an invitation", ADDRESSES);
        let body = json!({ "email": email, "name": name });
        let operation = "POST accounts/programmes/{programme}/invitations";
        let invited = self.does(&self.cast.ada, operation, &[], body).await;
        invited.body["member"].as_str().unwrap().to_owned()
    }

    /// Roles and the rulebook. Who sees marks is as said.
    pub async fn publish(&self, marks: &str) {
        // Somebody who never comes.
        self.invite(&self.markers.email("the address in an invitation", ADDRESSES)).await;
        for (person, role) in [(&self.cast.ben, "organiser"), (&self.cast.cleo, "approver")] {
            let member = self.invite(&person.email).await;
            let role = json!({ "member": member, "role": role });
            self.does(&self.cast.ada, "POST submissions/programmes/{programme}/roles", &[], role).await;
        }
        let words = |what: &str| self.markers.text_at_home(what, &["table notify.wordings"]);
        let letter = json!({ "subject": words("a letter's subject"), "text": words("a letter's text") });
        let word = "PUT notify/programmes/{programme}/letters/wordings/{kind}";
        self.does(&self.cast.ada, word, &["result"], letter).await;
        let content = self.markers.text_at_home("a rulebook in the making", RULEBOOK_DRAFTS);
        let ada = self.cast.ada.with_header("if-match", "\"0\"");
        let draft = "PUT submissions/programmes/{programme}/rulebook/draft";
        self.does(&ada, draft, &[], json!({ "content": content })).await;
        let prose = self.markers.text("a rulebook's prose");
        let body = json!({ "rulebook": rulebook(marks, &one_prize()), "prose": prose });
        self.does(&self.cast.ada, "PUT submissions/programmes/{programme}/rulebook", &[], body).await;
        self.two("submissions/programmes/{programme}/call/opening").await;
        let amendment =
            json!({ "prose": self.markers.text("an amendment's prose"), "reason": "clarification" });
        let amend = "POST submissions/programmes/{programme}/rulebook/amendment";
        self.does(&self.cast.ada, amend, &[], amendment).await;
    }

    /// The entrants are invited, and both pitches come in.
    pub async fn enter(&mut self) {
        for entrant in [&self.cast.eva, &self.cast.finn] {
            let member = json!({ "member": self.invite(&entrant.email).await });
            self.does(&self.cast.ada, "POST submissions/programmes/{programme}/call/invitees", &[], member)
                .await;
        }
        let first = self.submit_draft().await;
        let submit = "POST submissions/programmes/{programme}/pitches";
        let second = self.does(&self.cast.finn, submit, &[], self.entry("a pitch", &[])).await.id();
        let replace = format!("{submit}/{{pitch}}/submissions");
        self.does(&self.cast.finn, &replace, &[&second], self.entry("a pitch again", &[])).await;
        self.pitches = [first, second];
    }

    async fn submit_draft(&self) -> String {
        let drafts = "submissions/programmes/{programme}/drafts";
        let mut own = Vec::new();
        for (what, homes) in [("a draft", &[] as &[&str]), ("a draft that stays", DRAFTS)] {
            let draft = self.does(&self.cast.eva, &format!("POST {drafts}"), &[], nothing()).await.id();
            let mut content = self.entry(what, homes);
            content["enter_at_deadline"] = json!(false);
            let eva = self.cast.eva.with_header("if-match", "\"1\"");
            self.does(&eva, &format!("PUT {drafts}/{{draft}}"), &[&draft], content).await;
            let name = self.markers.text_at_home(&format!("the name of a file of {what}"), &[]);
            let file = json!({ "name": name, "size": 5 });
            self.does(&self.cast.eva, &format!("POST {drafts}/{{draft}}/attachments"), &[&draft], file).await;
            own.push(draft);
        }
        self.does(&self.cast.eva, &format!("POST {drafts}/{{draft}}/submission"), &[&own[0]], nothing())
            .await
            .id()
    }

    /// An entry that passes the gate.
    pub fn entry(&self, what: &str, homes: &'static [&'static str]) -> Value {
        let text = |field: &str| self.markers.text_at_home(&format!("the {field} of {what}"), homes);
        json!({
            "title": text("title"),
            "team_name": text("team's name"),
            "gate": { "platform-co-op": true },
            "answers": { "what": text("answer"), "why": text("other answer") },
            "accept_rules": true,
        })
    }

    /// The call is closed, and after all questions both pitches go on.
    pub async fn screen(&self) {
        self.two("submissions/programmes/{programme}/call/closing").await;
        let Cast { ada, ben, cleo, eva, .. } = &self.cast;
        let [first, second] = &self.pitches;
        let pitch = "POST submissions/programmes/{programme}/pitches/{pitch}";
        let question = json!({ "question": self.markers.text("a question") });
        self.does(ada, &format!("{pitch}/query"), &[first], question).await;
        let answer = json!({ "answer": self.markers.text("the answer to a question") });
        self.does(eva, &format!("{pitch}/answer"), &[first], answer).await;
        let refused = json!({
            "outcome": "ineligible", "reason": "out_of_scope", "words": self.markers.text("the words of a refusal"),
        });
        let eligible =
            || json!({ "outcome": "eligible", "words": self.markers.text("the words of a screening") });
        for (who, pitched, look) in
            [(ada, first, eligible()), (ada, second, refused), (ben, second, eligible())]
        {
            self.does(who, &format!("{pitch}/screening"), &[pitched], look).await;
        }
        let conflict = json!({ "pitch": second, "nature": self.markers.text("the nature of a conflict") });
        self.does(cleo, "POST submissions/programmes/{programme}/conflicts", &[], conflict).await;
        self.does(ada, "POST submissions/programmes/{programme}/screening/completion", &[], nothing()).await;
    }

    /// Three judges, who declare.
    pub async fn seat(&self) {
        let panel = "POST panels/programmes/{programme}/rounds/{round}/panel";
        let ada = &self.cast.ada;
        self.does(ada, panel, &[], nothing()).await;
        let mut members = Vec::new();
        for judge in &self.cast.judges {
            members.push(self.invite(&judge.email).await);
            let seat = json!({ "member": members.last() });
            self.does(ada, &format!("{panel}/judges"), &[], seat).await;
            let promise = json!({ "confidentiality": true });
            self.does(judge, &format!("{panel}/acceptance"), &[], promise).await;
        }
        let known = json!([{
            "pitch": self.pitches[1], "connection": "known", "nature": self.markers.text("the nature of a connection"),
        }]);
        for (at, judge) in self.cast.judges.iter().enumerate() {
            let connections = if at == 1 { known.clone() } else { json!([]) };
            let interests = self.markers.text("a judge's interests");
            let body =
                json!({ "interests": interests, "connections": connections, "none_for_the_rest": true });
            self.does(judge, &format!("{panel}/declaration"), &[], body).await;
        }
        let allow = format!("{panel}/judges/{{member}}/allowances");
        self.does(ada, &allow, &[&members[1]], json!({ "pitch": self.pitches[1] })).await;
        self.does(ada, &format!("{panel}/assignments"), &[], nothing()).await;
        self.does(ada, &format!("{panel}/readiness"), &[], nothing()).await;
        self.does(ada, "POST scoring/programmes/{programme}/rounds/{round}/opening", &[], nothing()).await;
    }

    /// Marks that nobody else would give: between a whole number and the next.
    pub fn sheet(&self, whole: u32, what: &str) -> Value {
        let mark = |_| {
            let digits = uuid::Uuid::new_v4().as_u128() % 100_000_000_000;
            let mark = format!("{whole}.{digits:011}7");
            self.markers.exactly(what, &mark);
            mark
        };
        let [impact, team] = [0, 1].map(mark);
        json!({
            "marks": { "impact": impact, "team": team },
            "comment_to_panel": self.markers.text("a comment to the panel"),
            "comment_to_entrant": self.markers.text("a comment to the entrant"),
        })
    }

    /// The judges hand in; one stands aside afterwards, one abstains.
    pub async fn mark(&self) {
        let scorecard = "POST scoring/programmes/{programme}/rounds/{round}/scorecards/{pitch}";
        let [first, second] = &self.pitches;
        let [one, two, three] = &self.cast.judges[..] else { panic!("not three judges") };
        for (judge, pitch, whole, what) in [
            (one, first, 9, "a superseded mark"),
            (one, first, 8, "a mark"),
            (one, second, 2, "a mark"),
            (two, first, 7, "a mark"),
            (two, second, 9, "a mark that is set aside"),
            (three, first, 6, "a mark"),
        ] {
            self.does(judge, &format!("{scorecard}/seal"), &[pitch], self.sheet(whole, what)).await;
        }
        // Concealed where they lie, and gone with what is handed in.
        let draft = "PUT scoring/programmes/{programme}/rounds/{round}/scorecards/{pitch}/draft";
        for judge in [one, three] {
            let judge = judge.with_header("if-match", "\"0\"");
            self.does(&judge, draft, &[second], self.sheet(5, "a drafted mark")).await;
        }
        let words = json!({ "reason": "absent", "words": self.markers.text("the words of an abstention") });
        self.does(three, &format!("{scorecard}/abstention"), &[second], words).await;
        let nature = self.markers.text("the nature of a recusal");
        let recusal = json!({ "pitch": second, "reason": "conflict_of_interest", "nature": nature });
        self.does(two, "POST panels/programmes/{programme}/rounds/{round}/panel/recusals", &[], recusal)
            .await;
    }

    /// The marks are opened, and the result is waited for.
    pub async fn unseal(&self) {
        let round = "scoring/programmes/{programme}/rounds/{round}";
        self.does(&self.cast.ada, &format!("POST {round}/lock"), &[], nothing()).await;
        self.two(&format!("{round}/unsealing")).await;
        let result = self.address(&format!("{round}/result"), &[]);
        for _ in 0..300 {
            let answer = self.cast.ada.reads(&result).await;
            if answer.status == StatusCode::OK {
                assert_eq!(answer.body["items"].as_array().unwrap().len(), 2, "{answer:?}");
                return self.reword().await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no result");
    }

    /// A comment is returned to its judge, who finds other words.
    async fn reword(&self) {
        let scorecards = "scoring/programmes/{programme}/rounds/{round}/scorecards/{pitch}";
        let (judge, pitch) = (&self.cast.judges[0], &self.pitches[0]);
        let seen = judge.reads(&self.address(scorecards, &[pitch])).await.body;
        let own = seen["scorecards"].as_array().unwrap().iter().find(|card| card["own"] == true).unwrap();
        let returned = json!({ "judge": own["judge"], "reason": "clarification" });
        self.does(&self.cast.ada, &format!("POST {scorecards}/return"), &[pitch], returned).await;
        let words = json!({ "comment_to_entrant": self.markers.text("a reworded comment") });
        self.does(judge, &format!("POST {scorecards}/comment"), &[pitch], words).await;
    }

    /// The first pitch wins, and its team says yes.
    pub async fn award(&mut self) {
        let awards = "POST awards/programmes/{programme}/awards";
        let award = json!({ "round": "final", "prize": "first", "pitch": self.pitches[0] });
        self.award = self.does(&self.cast.ada, awards, &[], award).await.id();
        self.does(&self.cast.ben, &format!("{awards}/{{award}}/approval"), &[&self.award], nothing()).await;
        self.does(&self.cast.ada, "POST awards/programmes/{programme}/announcement", &[], nothing()).await;
        self.does(&self.cast.eva, &format!("{awards}/{{award}}/acceptance"), &[&self.award], nothing()).await;
    }

    /// It is paid.
    pub async fn pay(&self) {
        let Cast { ada, ben, eva, .. } = &self.cast;
        let account = format!("{:010}", uuid::Uuid::new_v4().as_u128() % 10_000_000_000);
        self.markers.exactly("an account's number", &account);
        self.markers.exactly("a sort code", "97-86-75");
        let name = self.markers.text("a payee's name");
        let payee = json!({ "name": name, "account": account, "sort_code": "97-86-75" });
        let agreement = json!({ "agreement": self.markers.text("an agreement") });
        let reference = json!({ "reference": self.markers.text("a bank's reference") });
        for (who, step, body) in [
            (eva, "payee", payee),
            (ada, "payee/check", nothing()),
            (ada, "agreement", agreement),
            (ada, "request", nothing()),
            (ben, "authorisation", nothing()),
            (ben, "sending", reference),
            (eva, "confirmation", nothing()),
        ] {
            let operation = format!("POST awards/programmes/{{programme}}/awards/{{award}}/payout/{step}");
            self.does(who, &operation, &[&self.award], body).await;
        }
    }

    /// Support is pledged and given, and the prize is over.
    pub async fn conclude(&self) {
        let Cast { ada, eva, .. } = &self.cast;
        let support = "POST awards/programmes/{programme}/support";
        let what = self.markers.text("a pledge");
        let pledge = json!({ "what": what, "quarters": 4, "unit": "hour", "award": self.award });
        let id = &self.does(ada, support, &[], pledge).await.id();
        let delivery = json!({ "quarters": 4, "evidence": self.markers.text("evidence") });
        self.does(eva, &format!("{support}/{{support}}/acceptance"), &[id], nothing()).await;
        let schedule = json!({ "at": "2099-02-01T12:00:00Z", "quarters": 4 });
        self.does(eva, &format!("{support}/{{support}}/schedule"), &[id], schedule).await;
        self.does(ada, &format!("{support}/{{support}}/deliveries"), &[id], delivery).await;
        let confirm = format!("{support}/{{support}}/deliveries/{{part}}/confirmation");
        self.does(eva, &confirm, &[id, "1"], nothing()).await;
        self.does(ada, &format!("{support}/{{support}}/closing"), &[id], nothing()).await;
        self.does(ada, "POST submissions/programmes/{programme}/conclusion", &[], nothing()).await;
    }

    /// One proposes, another confirms.
    async fn two(&self, what: &str) {
        self.does(&self.cast.ada, &format!("POST {what}"), &[], nothing()).await;
        self.does(&self.cast.ben, &format!("POST {what}/confirmation"), &[], nothing()).await;
    }

    /// A command that must succeed. The operation is written as the service
    /// describes it; the ids stand for what the prize itself doesn't know.
    pub async fn does(&self, who: &Person, operation: &str, ids: &[&str], body: Value) -> Answer {
        let (method, path) = operation.split_once(' ').unwrap();
        let path = self.address(path, ids);
        self.note(operation, body.clone());
        match method {
            "PUT" => who.puts(&path, body).await,
            _ => who.does(&path, body).await,
        }
    }

    /// The same, whatever comes.
    pub async fn attempts(&self, who: &Person, operation: &str, ids: &[&str], body: Vec<u8>) -> Answer {
        let (method, path) = operation.split_once(' ').unwrap();
        let key = uuid::Uuid::new_v4().to_string();
        let method: Method = method.parse().unwrap();
        who.asks(method, &self.address(path, ids), Some(&key), Some(body)).await
    }

    /// A path with its ids.
    pub fn address(&self, path: &str, ids: &[&str]) -> String {
        let mut ids = ids.iter();
        let segments = path.split('/').map(|segment| match segment {
            "{programme}" => self.programme.as_str(),
            "{round}" => "final",
            id if id.starts_with('{') => ids.next().unwrap_or_else(|| panic!("{path}: no {id}")),
            segment => segment,
        });
        segments.collect::<Vec<_>>().join("/")
    }

    fn note(&self, operation: &str, body: Value) {
        self.sent.lock().unwrap().push((operation.to_owned(), body));
    }

    /// What was said in an operation, body by body.
    pub fn said(&self, operation: &str) -> Vec<Value> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|(name, _)| name == operation).map(|(_, body)| body.clone()).collect()
    }
}
