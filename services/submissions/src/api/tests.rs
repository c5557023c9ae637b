use std::collections::BTreeSet;

/// What is promised to those who call this service. Under `/programmes`.
const ROUTES: &str = "
GET
POST
GET /{programme}
POST /{programme}/call/closing
POST /{programme}/call/closing/confirmation
POST /{programme}/call/deadline
POST /{programme}/call/invitees
POST /{programme}/call/opening
POST /{programme}/call/opening/confirmation
POST /{programme}/call/refusal
POST /{programme}/cancellation
POST /{programme}/conclusion
POST /{programme}/conflicts
GET /{programme}/drafts
POST /{programme}/drafts
DELETE /{programme}/drafts/{draft}
GET /{programme}/drafts/{draft}
PUT /{programme}/drafts/{draft}
GET /{programme}/drafts/{draft}/attachments
POST /{programme}/drafts/{draft}/attachments
PUT /{programme}/drafts/{draft}/attachments
DELETE /{programme}/drafts/{draft}/attachments/{attachment}
GET /{programme}/drafts/{draft}/attachments/{attachment}
PATCH /{programme}/drafts/{draft}/attachments/{attachment}
POST /{programme}/drafts/{draft}/attachments/{attachment}/completion
GET /{programme}/drafts/{draft}/attachments/{attachment}/content
POST /{programme}/drafts/{draft}/collaborators
DELETE /{programme}/drafts/{draft}/collaborators/{member}
DELETE /{programme}/drafts/{draft}/invitation
GET /{programme}/drafts/{draft}/invitation
POST /{programme}/drafts/{draft}/invitation
POST /{programme}/drafts/{draft}/submission
POST /{programme}/drafts/join
GET /{programme}/late
GET /{programme}/names
GET /{programme}/openings
GET /{programme}/openings/{position}
POST /{programme}/auditors
POST /{programme}/auditors/confirmation
POST /{programme}/auditors/dismissal
POST /{programme}/forgetting
GET /{programme}/pitches
POST /{programme}/pitches
GET /{programme}/pitches/{pitch}
POST /{programme}/pitches/{pitch}/answer
GET /{programme}/pitches/{pitch}/attachments/{attachment}
POST /{programme}/pitches/{pitch}/disqualification
POST /{programme}/pitches/{pitch}/disqualification/confirmation
POST /{programme}/pitches/{pitch}/query
POST /{programme}/pitches/{pitch}/reopening
POST /{programme}/pitches/{pitch}/reopening/confirmation
POST /{programme}/pitches/{pitch}/screening
POST /{programme}/pitches/{pitch}/submissions
POST /{programme}/pitches/{pitch}/withdrawal
POST /{programme}/roles
POST /{programme}/roles/revocation
PUT /{programme}/rulebook
POST /{programme}/rulebook/amendment
GET /{programme}/rulebook/draft
PUT /{programme}/rulebook/draft
POST /{programme}/screening/completion
";

#[test]
fn every_promised_route_is_there_and_no_other() {
    let (_, api) = super::api().split_for_parts();
    let mut served = BTreeSet::new();
    for (path, item) in api.paths.paths {
        let methods = [
            ("GET", item.get),
            ("POST", item.post),
            ("PUT", item.put),
            ("DELETE", item.delete),
            ("PATCH", item.patch),
        ];
        let rest = path.strip_prefix("/programmes").unwrap_or(&path).to_owned();
        let there = methods.into_iter().filter(|(_, operation)| operation.is_some());
        served.extend(there.map(|(method, _)| format!("{method} {rest}").trim().to_owned()));
    }
    let promised: BTreeSet<String> = ROUTES.trim().lines().map(str::to_owned).collect();
    assert_eq!(served, promised);
}
