//! A whole invented programme of any size, event by event: entries, a panel on which everybody declares on every
//! pitch, score sheets, an unsealing and a result, as the services would have written them.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId, ScorecardId};
use plaudit_tally::{Ranking, Rules, Scorecard, tally};
use plaudit_verifier::event::Hash32;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::forge::commit;
use crate::stand::Failure;

/// How large it is.
#[derive(Clone, Copy)]
pub struct Size {
    pub pitches: usize,
    pub judges: usize,
    /// Judges a pitch.
    pub each: usize,
}

/// Place and text of an event.
type Line = (String, String);

const SERVICES: [&str; 5] = ["accounts", "awards", "panels", "scoring", "submissions"];

/// Who takes in what submissions says of a pitch.
const OF_PITCHES: &[&str] = &["awards", "panels", "scoring"];
const EVERYWHERE: &[&str] = &["accounts", "awards", "panels", "scoring"];
const OF_JUDGES: &[&str] = &["scoring", "submissions"];

const TALLY: &str = r#"{"scale":{"min":"0","max":"10","step":"0.5"},"criteria":[{"id":"people","weight":"2"},{"id":"plan","weight":"2.5"}],"aggregation":"AGGREGATION_MEAN","normalisation":"NORMALISATION_NONE","roundCriterion":2,"roundWeighted":2,"ties":[{"criterion":"plan"},{"higherMedian":true}],"leastMarks":1}"#;

/// The same for the tally.
const RULES: &str = r#"{"scale":{"min":"0","max":"10","step":"0.5"},"criteria":[{"id":"people","weight":"2"},{"id":"plan","weight":"2.5"}],"aggregation":"mean","normalisation":"none","round_criterion":2,"round_weighted":2,"round_total":null,"ties":[{"criterion":"plan"},"higher_median"],"least_marks":1}"#;

/// Its events, in an order that a log has.
pub fn programme(size: Size) -> Result<(ProgrammeId, Vec<Line>), Failure> {
    let mut story = Story {
        id: ProgrammeId::random(),
        lines: Vec::new(),
        heads: SERVICES.iter().map(|service| (*service, 0)).collect(),
        versions: HashMap::new(),
        clock: "2026-11-02T09:00:00Z".parse()?,
        ada: MemberId::random(),
        bo: MemberId::random(),
    };
    let rulebook = story.drafts(size)?;
    let pitches = story.enters(size, &rulebook)?;
    let sheets = story.judges(size, &pitches);
    story.scores(&rulebook.hash, &pitches, sheets)?;
    Ok((story.id, story.lines))
}

struct Rulebook {
    hash: Hash32,
    deadline: Timestamp,
}

/// What a judge hands in on a pitch.
struct Sheet {
    pitch: PitchId,
    member: MemberId,
    judge: JudgeId,
    /// `AssignmentMade`.
    given: String,
}

#[derive(Clone, Copy, Default)]
struct After<'a> {
    cause: Option<&'a str>,
    /// Otherwise one of its own.
    command: Option<Uuid>,
}

struct Story {
    id: ProgrammeId,
    lines: Vec<Line>,
    heads: BTreeMap<&'static str, u64>,
    /// By service and stream.
    versions: HashMap<(&'static str, String), u64>,
    clock: Timestamp,
    ada: MemberId,
    bo: MemberId,
}

impl Story {
    /// Appends an event, and answers with its place. Every service knows all that there is of the others.
    fn says(
        &mut self,
        at: &'static str,
        what: &str,
        subject: &str,
        who: &str,
        data: &str,
        after: After<'_>,
    ) -> String {
        let known = |service: &&&str| !["accounts", at].contains(service);
        let basis: Vec<String> = SERVICES
            .iter()
            .filter(known)
            .map(|service| format!("{service}/{}", self.heads[service]))
            .collect();
        let position = self.heads.entry(at).or_default();
        *position += 1;
        let place = format!("{at}/{position}");
        let version = self.versions.entry((at, subject.to_owned())).or_default();
        *version += 1;
        let package = if ["FactTaken", "HoldingsCounted"].contains(&what) { "intake" } else { at };
        let cause = after.cause.map(|cause| format!(r#""cause":"{cause}","#)).unwrap_or_default();
        let (id, command) = (Uuid::new_v4(), after.command.unwrap_or_else(Uuid::new_v4));
        let nonce = &Hash32(random()).to_string()[..22];
        let (time, programme, basis) = (self.clock, self.id, basis.join(","));
        let text = format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"{at}","type":"plaudit.{package}.v1.{what}","subject":"{subject}","time":"{time:.3}","version":{version},"programme":"{programme}","actor":"{who}","command":"{command}",{cause}"basis":"{basis}","nonce":"{nonce}","data":{data}}}"#
        );
        self.lines.push((place.clone(), text));
        self.clock += SignedDuration::from_millis(1);
        place
    }

    /// The same, and those who care take it in.
    fn told(
        &mut self,
        others: &[&'static str],
        at: &'static str,
        what: &str,
        subject: &str,
        who: &str,
        data: &str,
    ) -> String {
        let cause = self.says(at, what, subject, who, data, After::default());
        self.take(others, subject, &taken(what, who, data), &cause);
        cause
    }

    fn take(&mut self, others: &[&'static str], subject: &str, fact: &str, cause: &str) {
        let after = After { cause: Some(cause), command: None };
        for at in others {
            self.says(at, "FactTaken", subject, "process/take_facts", fact, after);
        }
    }

    /// Every service counts what it holds.
    fn counts(&mut self, milestone: &str, cause: &str) {
        let subject = format!("holdings/{}", self.id);
        for at in SERVICES {
            let held = self.versions.iter().filter(|((service, _), _)| *service == at);
            let lines: Vec<String> =
                held.map(|((_, stream), version)| format!("{stream} {version}")).collect();
            let (streams, as_of) = (lines.len(), self.heads[at]);
            let digest = digest_of(lines);
            let data = format!(
                r#"{{"milestone":"{milestone}","asOf":"{as_of}","streams":{streams},"digest":"{digest}"}}"#
            );
            let after = After { cause: Some(cause), command: None };
            self.says(at, "HoldingsCounted", &subject, "process/count", &data, after);
        }
    }

    /// Two organisers, the rules, the call.
    fn drafts(&mut self, size: Size) -> Result<Rulebook, Failure> {
        let (ada, bo) = (member(self.ada), member(self.bo));
        let (stream, on) = (self.id.stream().to_string(), "submissions");
        let title = format!(r#"{{"title":"{}"}}"#, seal());
        self.told(EVERYWHERE, on, "ProgrammeDrafted", &stream, &ada, &title);
        for organiser in [self.ada, self.bo] {
            let data = format!(r#"{{"member":"{organiser}","role":"ROLE_ORGANISER"}}"#);
            self.told(EVERYWHERE, on, "RoleGranted", &stream, &ada, &data);
        }
        let deadline = self.clock + SignedDuration::from_mins(10);
        let each = size.each;
        let rulebook = format!(
            r#"{{"call":"CALL_KIND_OPEN","deadline":"{deadline:.3}","graceSeconds":60,"timeZone":"Europe/London","rounds":[{{"id":"desk","kind":"ROUND_KIND_DESK","end":"ROUND_END_MARKS_ONLY","tally":{TALLY},"judgesPerPitch":{each}}}],"prizes":[{{"id":"first","rank":1,"amount":{{"minor":"500000","currency":"GBP"}}}}],"pot":{{"minor":"500000","currency":"GBP"}},"marks":"MARKS_VISIBILITY_PUBLIC","daysToAccept":14}}"#
        );
        let prose = random();
        let hash = Hash32(Sha256::new().chain_update(&rulebook).chain_update(prose).finalize().into());
        let prose = Hash32(prose);
        let data = format!(r#"{{"rulebook":{rulebook},"hash":"{hash}","prose":"{prose}"}}"#);
        self.told(EVERYWHERE, on, "RulebookPublished", &stream, &ada, &data);
        let data = format!(r#"{{"rulebookHash":"{hash}","by":"{}"}}"#, self.ada);
        self.says(on, "CallOpeningProposed", &stream, &ada, &data, After::default());
        let data = format!(
            r#"{{"proposedBy":"{}","confirmedBy":"{}","rulebookHash":"{hash}","deadline":"{deadline:.3}","graceSeconds":60}}"#,
            self.ada, self.bo
        );
        self.told(EVERYWHERE, on, "CallOpened", &stream, &bo, &data);
        Ok(Rulebook { hash, deadline })
    }

    /// The entries, in time, and the screening.
    fn enters(&mut self, size: Size, rulebook: &Rulebook) -> Result<Vec<PitchId>, Failure> {
        let (stream, on, hash) = (self.id.stream().to_string(), "submissions", rulebook.hash);
        let pitches: Vec<PitchId> = (0..size.pitches).map(|_| PitchId::random()).collect();
        for pitch in &pitches {
            let (entrant, arrived) = (MemberId::random(), self.clock);
            let data = format!(
                r#"{{"submission":1,"team":["{entrant}"],"title":"{}","teamName":"{}","answers":"{}","rulebookHash":"{hash}","receivedAt":"{arrived:.3}"}}"#,
                seal(),
                seal(),
                seal()
            );
            let pitch = pitch.stream().to_string();
            self.told(OF_PITCHES, on, "PitchSubmitted", &pitch, &member(entrant), &data);
        }
        let last = rulebook.deadline + SignedDuration::from_secs(60);
        if self.clock > rulebook.deadline {
            return Err("so many pitches don't fit into the time of this call".into());
        }
        self.clock = last + SignedDuration::from_secs(30);
        let data = format!(r#"{{"at":"{last:.3}"}}"#);
        let closed = self.told(EVERYWHERE, on, "CallClosed", &stream, "process/deadline", &data);
        self.counts("MILESTONE_CALL_CLOSED", &closed);
        let ada = member(self.ada);
        for pitch in &pitches {
            let data = format!(r#"{{"outcome":"SCREENING_ELIGIBLE","by":"{}"}}"#, self.ada);
            let pitch = pitch.stream().to_string();
            self.told(OF_PITCHES, on, "PitchScreened", &pitch, &ada, &data);
        }
        let data = format!(r#"{{"eligible":{},"digest":"{}"}}"#, pitches.len(), screened(&pitches));
        self.told(EVERYWHERE, on, "ScreeningCompleted", &stream, &ada, &data);
        Ok(pitches)
    }

    /// The panel: everybody accepts, declares, and is given as many pitches as the others.
    fn judges(&mut self, size: Size, pitches: &[PitchId]) -> Vec<Sheet> {
        let (round, on, ada) = (RoundId::of(self.id, "desk"), "panels", member(self.ada));
        let panel = round.panel().to_string();
        self.says(on, "PanelConvened", &panel, &ada, r#"{"round":"desk"}"#, After::default());
        let members: Vec<MemberId> = (0..size.judges).map(|_| MemberId::random()).collect();
        for judge in &members {
            self.sits(round, *judge, pitches);
        }
        let given = pitches.iter().enumerate().flat_map(|(index, pitch)| {
            let turns = (0..size.each).map(move |nth| index * size.each + nth);
            turns.map(|turn| (*pitch, members[turn % members.len()]))
        });
        let sheets: Vec<Sheet> = given
            .map(|(pitch, member)| {
                let given = format!(r#"{{"pitch":"{pitch}","panel":"{round}","member":"{member}"}}"#);
                Sheet { pitch, member, judge: JudgeId::of(round, member), given }
            })
            .collect();
        let (command, many) = (Uuid::new_v4(), sheets.len());
        let after = After { cause: None, command: Some(command) };
        let causes: Vec<String> = sheets
            .iter()
            .map(|sheet| {
                self.says(on, "AssignmentMade", &sheet.judge.stream().to_string(), &ada, &sheet.given, after)
            })
            .collect();
        let digest =
            digest_of(sheets.iter().map(|sheet| format!("{} {}", sheet.pitch, sheet.judge)).collect());
        let lot = format!("plaudit/lot/v1\nassignment\n{}", hexadecimal(&screened(pitches)));
        let seed = Hash32(Sha256::digest(lot).into());
        let data = format!(
            r#"{{"assignments":{many},"pitches":{},"judges":{},"judgesPerPitch":{},"digest":"{digest}","seed":"{seed}"}}"#,
            size.pitches, size.judges, size.each
        );
        self.says(on, "AssignmentsCompleted", &panel, &ada, &data, after);
        for (sheet, cause) in sheets.iter().zip(&causes) {
            let fact = taken("AssignmentMade", &ada, &sheet.given);
            self.take(OF_JUDGES, &sheet.judge.stream().to_string(), &fact, cause);
        }
        let data = format!(r#"{{"judges":{},"assignments":{many}}}"#, size.judges);
        let ready = self.says(on, "PanelReady", &panel, &ada, &data, After::default());
        let after = After { cause: Some(&ready), command: None };
        self.says("scoring", "PanelTaken", &round.stream().to_string(), "process/take", &data, after);
        for (sheet, cause) in sheets.iter().zip(&causes) {
            let data =
                format!(r#"{{"round":"{round}","pitch":"{}","judge":"{}"}}"#, sheet.pitch, sheet.judge);
            let after = After { cause: Some(cause), command: None };
            self.says("scoring", "ScorecardExpected", &sheet.stream(), "process/take", &data, after);
        }
        sheets
    }

    fn sits(&mut self, round: RoundId, judge: MemberId, pitches: &[PitchId]) {
        let (on, ada, who) = ("panels", member(self.ada), member(judge));
        let stream = JudgeId::of(round, judge).stream().to_string();
        let data = format!(r#"{{"panel":"{round}","member":"{judge}","office":"OFFICE_JUDGE"}}"#);
        self.told(OF_JUDGES, on, "JudgeInvited", &stream, &ada, &data);
        self.told(OF_JUDGES, on, "JudgeAccepted", &stream, &who, "{}");
        let after = After { cause: None, command: Some(Uuid::new_v4()) };
        for pitch in pitches {
            let data = format!(r#"{{"pitch":"{pitch}","connection":"CONNECTION_NONE"}}"#);
            self.says(on, "InterestDeclared", &stream, &who, &data, after);
        }
        // 1: no connection.
        let digest = digest_of(pitches.iter().map(|pitch| format!("{pitch} 1")).collect());
        let data = format!(r#"{{"pitches":{},"digest":"{digest}"}}"#, pitches.len());
        let cause = self.says(on, "DeclarationConfirmed", &stream, &who, &data, after);
        self.take(OF_JUDGES, &stream, &taken("DeclarationConfirmed", &who, &data), &cause);
    }

    /// Every score sheet, the lock, and the opening by two.
    fn scores(&mut self, hash: &Hash32, pitches: &[PitchId], sheets: Vec<Sheet>) -> Result<(), Failure> {
        let (round, on, many) = (RoundId::of(self.id, "desk"), "scoring", sheets.len());
        let (ada, bo, stream) = (member(self.ada), member(self.bo), round.stream().to_string());
        let data = format!(
            r#"{{"rulebookHash":"{hash}","round":"desk","tally":{TALLY},"end":"ROUND_END_MARKS_ONLY","marks":"MARKS_VISIBILITY_PUBLIC","scorecards":{many}}}"#
        );
        self.says(on, "RoundOpened", &stream, &ada, &data, After::default());
        let mut cards = Vec::with_capacity(many);
        let mut opened = Vec::with_capacity(many);
        for sheet in &sheets {
            let (salt, marks) = (random(), marks());
            let content = format!("people={}\nplan={}\n", marks[0], marks[1]);
            let commitment = commit(&salt, &sheet.stream(), "ScorecardSealed.marks", content.as_bytes());
            let (commitment, salt, arrived) = (Hash32(commitment), Hash32(salt), self.clock);
            let data = format!(
                r#"{{"sealing":1,"marks":"{commitment}","round":"{round}","receivedAt":"{arrived:.3}"}}"#
            );
            self.says(on, "ScorecardSealed", &sheet.stream(), &member(sheet.member), &data, After::default());
            let [people, plan] = &marks;
            let revealed = format!(
                r#"{{"commitment":"{commitment}","salt":"{salt}","marks":[{{"criterion":"people","mark":"{people}"}},{{"criterion":"plan","mark":"{plan}"}}]}}"#
            );
            opened.push((commitment, revealed));
            let marks = [("people", people), ("plan", plan)].map(|(criterion, mark)| {
                mark.parse().map(|mark| (criterion.to_owned(), mark)).map_err(|_| "a mark")
            });
            cards.push(Scorecard {
                pitch: sheet.pitch.to_string(),
                judge: sheet.judge.to_string(),
                marks: marks.into_iter().collect::<Result<_, _>>()?,
            });
        }
        let locked = self.says(on, "RoundLocked", &stream, &ada, "{}", After::default());
        self.counts("MILESTONE_ROUND_LOCKED", &locked);
        let data = format!(r#"{{"by":"{}"}}"#, self.ada);
        self.says(on, "UnsealingProposed", &stream, &ada, &data, After::default());
        let after = After { cause: None, command: Some(Uuid::new_v4()) };
        for (sheet, (_, revealed)) in sheets.iter().zip(&opened) {
            self.says(on, "ScorecardUnsealed", &sheet.stream(), &bo, revealed, after);
        }
        let lines = sheets.iter().zip(&opened);
        let lines =
            lines.map(|(sheet, (marks, _))| format!("{} {}", sheet.id(), hexadecimal(marks))).collect();
        let data = format!(
            r#"{{"proposedBy":"{}","confirmedBy":"{}","sealed":{many},"digest":"{}"}}"#,
            self.ada,
            self.bo,
            digest_of(lines)
        );
        self.says(on, "RoundUnsealed", &stream, &bo, &data, after);
        let names: Vec<String> = pitches.iter().map(PitchId::to_string).collect();
        let rules: Rules = serde_json::from_str(RULES)?;
        self.declares(round, hash, pitches, &tally(&rules, &names, &cards)?);
        Ok(())
    }

    /// The result, in running order.
    fn declares(&mut self, round: RoundId, hash: &Hash32, pitches: &[PitchId], ranking: &Ranking) {
        let (stream, on, by) = (round.result().to_string(), "scoring", "process/consequences");
        let after = After { cause: None, command: Some(Uuid::new_v4()) };
        let mut shared: HashMap<Option<u32>, usize> = HashMap::new();
        ranking.pitches.iter().for_each(|place| *shared.entry(place.rank()).or_default() += 1);
        let mut places: Vec<_> = ranking.pitches.iter().collect();
        places.sort_by_key(|place| place.order);
        for place in places {
            let (pitch, rank) = (&place.pitch, place.rank());
            let total = place.total().map(ToString::to_string).unwrap_or_default();
            let cards = place.criteria.first().map_or(0, |criterion| criterion.marks.len());
            let derivation = Hash32(*place.digest().as_bytes());
            let data = format!(
                r#"{{"pitch":"{pitch}","total":"{total}","rank":{},"sharedBy":{},"scorecards":{cards},"derivation":"{derivation}"}}"#,
                rank.unwrap_or_default(),
                shared[&rank]
            );
            self.says(on, "PitchRanked", &stream, by, &data, after);
        }
        let (many, derivation) = (pitches.len(), Hash32(*ranking.digest().as_bytes()));
        let data = format!(
            r#"{{"pitches":{many},"ranked":{many},"derivation":"{derivation}","rulebookHash":"{hash}","round":"desk"}}"#
        );
        let declared = self.says(on, "ResultDeclared", &stream, by, &data, after);
        self.counts("MILESTONE_RESULT_DECLARED", &declared);
    }
}

impl Sheet {
    fn id(&self) -> ScorecardId {
        ScorecardId::of(self.judge, self.pitch)
    }

    fn stream(&self) -> String {
        self.id().stream().to_string()
    }
}

fn member(member: MemberId) -> String {
    format!("member/{member}")
}

/// What a service says when it takes a fact in: under the name of the message, and by whom it was if a member.
fn taken(what: &str, who: &str, data: &str) -> String {
    let actor = who.strip_prefix("member/").map(|id| format!(r#""actor":"{id}","#)).unwrap_or_default();
    let (first, rest) = what.split_at(1);
    format!(r#"{{{actor}"{}{rest}":{data}}}"#, first.to_lowercase())
}

fn screened(pitches: &[PitchId]) -> Hash32 {
    digest_of(pitches.iter().map(PitchId::to_string).collect())
}

/// SHA-256 over sorted lines.
fn digest_of(mut lines: Vec<String>) -> Hash32 {
    lines.sort_unstable();
    let hash = lines.iter().fold(Sha256::new(), |hash, line| hash.chain_update(line).chain_update("\n"));
    Hash32(hash.finalize().into())
}

fn random() -> [u8; 32] {
    let halves = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()];
    std::array::from_fn(|at| halves[at / 16][at % 16])
}

/// Of something that nobody opens.
fn seal() -> Hash32 {
    Hash32(random())
}

/// Two marks of the scale.
fn marks() -> [String; 2] {
    let [one, two, ..] = random();
    [one, two].map(|byte| {
        let half = if byte % 21 % 2 == 1 { ".5" } else { "" };
        format!("{}{half}", byte % 21 / 2)
    })
}

fn hexadecimal(hash: &Hash32) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
