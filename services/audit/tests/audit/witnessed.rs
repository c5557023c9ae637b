//! Checkpoints that a real witness cosigns, and what happens while it is away.

use plaudit_chassis::id::ProgrammeId;
use plaudit_proto::v1::Rulebook;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::policy::Policy;
use plaudit_verifier::log::proof::Proof;
use plaudit_verifier::report::Outcome;
use plaudit_verifier::verify::verify;

use crate::partner::{Partner, cosigned};
use crate::reading::read;
use crate::stand::{ANNE, Stand, programme};

/// What the bundle that is made now says of its witnesses.
pub async fn witnesses_of_bundle(stand: &Stand, programme: ProgrammeId) -> Outcome {
    witnesses_of(&stand.gets(ANNE, programme, "/bundle").await.there())
}

fn witnesses_of(bundle: &[u8]) -> Outcome {
    let report = verify(bundle);
    let checked = report.get("witnesses").unwrap();
    println!("{}", checked.sentence);
    checked.outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_cosigns_and_the_bundle_and_its_proofs_hold_with_it() {
    let mut partner = Partner::new().await;
    partner.comes().await;
    let stand = Stand::start_witnessed(partner.policy()).await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    let log = cosigned(&stand, programme).await;
    assert_eq!(log["witnesses"][0]["name"], "partner");
    assert_eq!(log["witnesses"][0]["key"], partner.key.to_string());

    // From proofs over several tiles.
    for many in [1, 300, 700] {
        stand.joined(programme, many).await;
        stand.placed().await;
        assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Holds);
    }
    let last = read(&stand, programme).await;
    let policy = stand.gets(None, programme, "").await.json()["policy"].as_str().unwrap().to_owned();
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let proof = Proof::parse(&stand.gets(None, programme, "/proofs/7").await.there()).unwrap();
    assert_eq!(proof.verify(&last.entries[7], &policy).unwrap().witnesses(), ["partner"]);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_is_away_holds_nothing_up_and_is_asked_again() {
    let mut partner = Partner::new().await;
    let mut stand = Stand::start_witnessed(partner.policy()).await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    stand.joined(programme, 20).await;
    stand.placed().await;
    assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Fails);

    partner.comes().await;
    cosigned(&stand, programme).await;
    let note = stand.gets(None, programme, "/checkpoint").await.text();

    // What has come stays, and a client that knows nothing is corrected.
    stand.audit_stops();
    stand.audit_starts().await;
    assert_eq!(stand.gets(None, programme, "/checkpoint").await.text(), note);
    stand.joined(programme, 5).await;
    stand.placed().await;
    assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Holds);

    // Away again: proofs of what was cosigned have it, however long ago that was.
    partner.goes().await;
    for _ in 0..20 {
        stand.joined(programme, 1).await;
        stand.placed().await;
        stand.gets(ANNE, programme, "/bundle").await.there();
    }
    let policy = stand.gets(None, programme, "").await.json()["policy"].as_str().unwrap().to_owned();
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let proof = Proof::parse(&stand.gets(None, programme, "/proofs/3").await.there()).unwrap();
    assert!(policy.check(proof.note()).unwrap().quorum_reached);
    stand.end().await;
}

/// The size of the last checkpoint in a bundle's text.
fn size_of(bundle: &[u8]) -> u64 {
    let text = std::str::from_utf8(bundle).unwrap();
    let count = text.lines().find_map(|line| line.strip_prefix("events ")).unwrap();
    count.parse().unwrap()
}

/// The size of the log's last checkpoint.
async fn newest(stand: &Stand, programme: ProgrammeId) -> u64 {
    let note = stand.gets(None, programme, "/checkpoint").await.text();
    Checkpoint::parse(Note::parse(note.as_bytes()).unwrap().text()).unwrap().size()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_witness_is_away_a_bundle_ends_where_it_last_cosigned_unless_that_leaves_out_what_matters()
{
    let mut partner = Partner::new().await;
    partner.comes().await;
    let stand = Stand::start_witnessed(partner.policy()).await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.joined(programme, 300).await;
    stand.placed().await;
    let bundle = stand.gets(ANNE, programme, "/bundle").await.there();
    assert_eq!((witnesses_of(&bundle), size_of(&bundle)), (Outcome::Holds, newest(&stand, programme).await));
    let cosigned = size_of(&bundle);
    let seen = format!("accounts/{}", stand.heads().await["accounts"]);

    partner.goes().await;
    stand.joined(programme, 30).await;
    // Another programme's events are nobody's concern here.
    stand.joined(crate::stand::programme(2), 30).await;
    stand.placed().await;
    for seen in ["", &seen, "submissions/3,awards/0"] {
        let bundle = stand.gets_having_seen(ANNE, programme, "/bundle", seen).await.there();
        assert_eq!((witnesses_of(&bundle), size_of(&bundle)), (Outcome::Holds, cosigned), "{seen}");
        let report = verify(&bundle);
        assert_eq!(report.get("tree").unwrap().outcome, Outcome::Holds, "{report:?}");
    }
    assert!(newest(&stand, programme).await >= cosigned + 30, "what came is signed all the same");

    // Whoever has seen more gets more, and the file says who is missing.
    let seen = format!("accounts/{}", stand.heads().await["accounts"] - 31);
    let bundle = stand.gets_having_seen(ANNE, programme, "/bundle", &seen).await.there();
    assert_eq!((witnesses_of(&bundle), size_of(&bundle)), (Outcome::Fails, newest(&stand, programme).await));

    // Nor is a milestone left out.
    assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Holds);
    stand.rules(programme, Rulebook::default()).await;
    stand.placed().await;
    let bundle = stand.gets(ANNE, programme, "/bundle").await.there();
    assert_eq!((witnesses_of(&bundle), size_of(&bundle)), (Outcome::Fails, newest(&stand, programme).await));

    partner.comes().await;
    stand.joined(programme, 1).await;
    stand.placed().await;
    let bundle = stand.gets(ANNE, programme, "/bundle").await.there();
    assert_eq!((witnesses_of(&bundle), size_of(&bundle)), (Outcome::Holds, newest(&stand, programme).await));
    stand.end().await;
}
