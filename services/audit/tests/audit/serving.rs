//! What is served of a log, and to whom.

use std::time::{Duration, Instant};

use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_proto::submissions::v1::OrganiserConflictDeclared;
use plaudit_proto::v1::Rulebook;
use plaudit_verifier::log::policy::Policy;
use plaudit_verifier::log::proof::Proof;
use plaudit_verifier::log::tile::Tile;
use uuid::Uuid;

use crate::reading::{checkpoint, key, read};
use crate::stand::{ANNE, BELA, CARA, Stand, programme};

#[tokio::test(flavor = "multi_thread")]
async fn every_event_has_its_place_within_a_second_and_milestones_are_signed_at_once() {
    let stand = Stand::start().await;
    let (one, other) = (programme(1), programme(2));
    stand.opens(one).await;
    stand.opens(other).await;
    stand.placed().await;
    let mut longest = Duration::ZERO;
    for round in 0..20 {
        let before = stand.leaves().await;
        stand.joined(if round % 2 == 0 { one } else { other }, 1).await;
        let began = Instant::now();
        while stand.leaves().await == before {
            assert!(began.elapsed() < Duration::from_secs(1), "an event is without a place for a second");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        longest = longest.max(began.elapsed());
    }
    println!("the longest wait for a place: {longest:?}");

    // Whatever is no milestone waits for its minute; rules are one.
    let (_, waiting) = checkpoint(&stand, one, 1).await;
    stand.rules(one, Rulebook::default()).await;
    let began = Instant::now();
    let (_, signed) = loop {
        let (note, now) = checkpoint(&stand, one, 1).await;
        if now.size() > waiting.size() {
            break (note, now);
        }
        assert!(began.elapsed() < Duration::from_secs(5), "a milestone was not signed at once");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert!(signed.size() >= waiting.size() + 11, "{} after {}", signed.size(), waiting.size());
    stand.placed().await;
    let last = read(&stand, one).await;
    assert!(last.entries.iter().all(|entry| {
        let text = std::str::from_utf8(entry).unwrap();
        text.contains(&one.to_string()) && !text.contains(&other.to_string())
    }));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_bundles_and_proofs_lead_to_the_root_around_every_boundary() {
    let stand = Stand::start().await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    let policy = format!("log {}\nquorum none\n", key(programme, 1));
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let mut earlier = read(&stand, programme).await;
    for size in [255, 256, 257, 511, 512, 700] {
        stand.placed().await;
        stand.joined(programme, size - stand.leaves().await as usize).await;
        stand.placed().await;
        // Nobody has signed it yet: whoever asks for its proof has it signed.
        let accounts = stand.heads().await["accounts"];
        let proof = stand.gets(None, programme, &format!("/events/accounts/{accounts}")).await.text();
        let now = read(&stand, programme).await;
        assert_eq!(now.checkpoint.size(), size as u64);
        now.continues(&earlier);
        now.is_complete(&stand, programme).await;

        let by_event = Proof::parse(proof.as_bytes()).unwrap();
        assert_eq!(by_event.verify(now.entries.last().unwrap(), &policy).unwrap().checkpoint, now.checkpoint);
        for index in [0, 1, size / 2, size - 2, size - 1] {
            let proof = stand.gets(None, programme, &format!("/proofs/{index}")).await.text();
            let proof = Proof::parse(proof.as_bytes()).unwrap();
            assert_eq!(proof.index(), index as u64);
            proof.verify(&now.entries[index], &policy).unwrap();
            assert!(proof.verify(&now.entries[(index + 1) % size], &policy).is_err());
        }
        stand.gets(None, programme, &format!("/proofs/{size}")).await.refused(404);

        // Narrower than the checkpoint allows is there, wider is not.
        let (last, width) = (size as u64 / 256, size as u16 % 256);
        for narrower in 1..width.min(4) {
            let tile = Tile::new(0, last, narrower).unwrap();
            let whole = &now.tiles[&Tile::new(0, last, width).unwrap()];
            let part = stand.gets(None, programme, &format!("/{tile}")).await.there();
            assert_eq!(part, whole[..usize::from(narrower) * 32]);
        }
        let index = format!("{last:03}");
        let wider = if width == 255 { index.clone() } else { format!("{index}.p/{}", width + 1) };
        stand.gets(None, programme, &format!("/tile/0/{wider}")).await.refused(404);
        stand.gets(ANNE, programme, &format!("/tile/entries/{wider}")).await.refused(404);
        stand.gets(None, programme, &format!("/tile/1/000.p/{}", last + 1)).await.refused(404);
        stand.gets(None, programme, "/tile/2/000.p/1").await.refused(404);
        earlier = now;
    }
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_shelf_has_beyond_the_checkpoint_is_not_served() {
    let stand = Stand::start().await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    let size = read_to_the_end(&stand, programme).await;
    // As after a crash between tiles and signature, and another order since.
    let shelf = stand.tiles_folder().join(programme.to_string()).join("1");
    for (file, more) in [("tile/0/000", vec![7; 32]), ("tile/entries/000", vec![0, 1, 7])] {
        let mut bytes = std::fs::read(shelf.join(file)).unwrap();
        bytes.extend(more);
        std::fs::write(shelf.join(file), bytes).unwrap();
    }
    let wider = size + 1;
    stand.gets(None, programme, &format!("/tile/0/000.p/{wider}")).await.refused(404);
    stand.gets(ANNE, programme, &format!("/tile/entries/000.p/{wider}")).await.refused(404);
    read(&stand, programme).await;
    stand.end().await;
}

/// Has everything signed; how many leaves there are then.
async fn read_to_the_end(stand: &Stand, programme: ProgrammeId) -> u64 {
    stand.joined(programme, 1).await;
    stand.placed().await;
    let accounts = stand.heads().await["accounts"];
    stand.gets(None, programme, &format!("/events/accounts/{accounts}")).await.there();
    checkpoint(stand, programme, 1).await.1.size()
}

#[tokio::test(flavor = "multi_thread")]
async fn hashes_are_for_everybody_and_entries_for_them_once_the_winners_are_announced() {
    let stand = Stand::start().await;
    let (one, walled, nobodys) = (programme(1), programme(2), programme(3));
    for programme in [one, walled] {
        stand.opens(programme).await;
    }
    let pitch = Uuid::from_u128(77).to_string();
    let conflict = OrganiserConflictDeclared { member: BELA.into(), pitch, ..Default::default() };
    stand.says("submissions", walled, vec![(walled.stream(), conflict.into())]).await;
    let drafted = plaudit_proto::submissions::v1::RoleGranted {
        member: ANNE.into(),
        role: plaudit_proto::v1::Role::Organiser.into(),
    };
    stand.says("submissions", nobodys, vec![(nobodys.stream(), drafted.into())]).await;
    stand.placed().await;

    let open = ["", "/checkpoint", "/tile/0/000.p/1", "/proofs/0", "/events/submissions/1"];
    let closed = ["/tile/entries/000.p/1", "/bundle"];
    for path in open {
        stand.gets(None, one, path).await.there();
    }
    for path in closed {
        for who in [None, Some(CARA)] {
            stand.gets(who, one, path).await.refused(403);
        }
        for (programme, who) in [(one, ANNE), (one, BELA), (walled, ANNE)] {
            stand.gets(who, programme, path).await.there();
        }
        stand.gets(BELA, walled, path).await.refused(403);
    }
    // Until it has rules only its own people know of it.
    for path in open.into_iter().take(4).chain(closed) {
        stand.gets(None, nobodys, path).await.refused(404);
        stand.gets(CARA, nobodys, path).await.refused(404);
        stand.gets(ANNE, nobodys, path).await.there();
    }
    // Another programme's event is none of this one's.
    stand.gets(None, walled, "/events/submissions/1").await.refused(404);

    stand.announces(one).await;
    stand.placed().await;
    let embargo = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let embargoed = Rulebook { embargo: Some(to_proto(embargo)), ..Rulebook::default() };
    stand.rules(walled, embargoed).await;
    stand.announces(walled).await;
    stand.placed().await;
    for path in closed {
        stand.gets(None, one, path).await.there();
        // Announced, but under embargo.
        stand.gets(None, walled, path).await.refused(403);
    }
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_written_as_a_path_of_a_log_is_a_404_problem() {
    let stand = Stand::start().await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    read(&stand, programme).await;
    for path in [
        "/tile",
        "/tile/",
        "/tile/0",
        "/tile/0/0",
        "/tile/0/000",
        "/tile/0/000.p/0",
        "/tile/0/000.p/01",
        "/tile/0/000.p/256",
        "/tile/0/000.p/65536",
        "/tile/0/000.p/-1",
        "/tile/00/000.p/1",
        "/tile/-1/000.p/1",
        "/tile/64/000.p/1",
        "/tile/256/000.p/1",
        "/tile/0/x000/000.p/1",
        "/tile/0/x018/x446/x744/x073/x709/x551/615.p/1",
        "/tile/0/x999/x999/x999/x999/x999/x999/999.p/1",
        "/tile/0/..%2f0%2f000.p/1",
        "/tile/0/../0/000.p/1",
        "/tile/entries",
        "/tile/entries/",
        "/tile/entries/0",
        "/tile/entries/000.p/0",
        "/tile/entries/x018/x446/x744/x073/x709/x551/615.p/1",
        "/tile/entries/..%2f..%2f0%2f000",
        "/proofs",
        "/proofs/",
        "/proofs/-1",
        "/proofs/x",
        "/proofs/18446744073709551615",
        "/proofs/18446744073709551616",
        "/events/submissions",
        "/events/submissions/0",
        "/events/submissions/x",
        "/events/submissions/9223372036854775808",
        "/events/nobody/1",
        "/nothing",
    ] {
        stand.gets(ANNE, programme, path).await.refused(404);
    }
    for other in ["not-an-id", "0193E4A2", &Uuid::from_u128(5).to_string()] {
        stand.gets(None::<MemberId>, other, "/checkpoint").await.refused(404);
    }
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basis_at_position_0_and_services_without_events_hold_nothing_back() {
    let stand = Stand::start().await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    let bases: Vec<String> = stand
        .audit()
        .service
        .store()
        .read_after(0, 100)
        .await
        .unwrap()
        .iter()
        .map(|event| event.envelope.basis.clone())
        .collect();
    assert!(bases.iter().any(|basis| basis.contains("awards/0")), "{bases:?}");
    assert_eq!(stand.heads().await["panels"], 0);
    read_to_the_end(&stand, programme).await;
    read(&stand, programme).await.is_complete(&stand, programme).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_of_more_than_65536_leaves_has_its_tiles_too() {
    let stand = Stand::start().await;
    let programme = programme(1);
    stand.opens(programme).await;
    let began = Instant::now();
    for _ in 0..66 {
        stand.joined(programme, 1000).await;
    }
    let said = began.elapsed();
    stand.placed().await;
    println!("66,000 events said in {said:?}, all with places {:?} later", began.elapsed() - said);
    let size = read_to_the_end(&stand, programme).await;
    assert!(size > 65_536 + 256);
    let log = read(&stand, programme).await;
    assert!(log.tiles.contains_key(&Tile::new(2, 0, 1).unwrap()));
    log.is_complete(&stand, programme).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_that_grow_fast_side_by_side_are_signed_as_they_grow() {
    let stand = Stand::start().await;
    let logs = [programme(1), programme(2)];
    for log in logs {
        stand.opens(log).await;
    }
    for turn in 0..20 {
        stand.joined(logs[turn % 2], 1000).await;
    }
    stand.placed().await;
    for log in logs {
        let began = Instant::now();
        // Nobody asks, and the minute is far: only so many are left for later.
        while checkpoint(&stand, log, 1).await.1.size() <= 10_000 - 4096 {
            assert!(began.elapsed() < Duration::from_secs(5), "too many events wait for a checkpoint");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        read(&stand, log).await;
    }
    stand.end().await;
}
