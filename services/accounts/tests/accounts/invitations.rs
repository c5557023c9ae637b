use jiff::SignedDuration;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_proto::v1::Role;
use serde_json::json;

use crate::house::{Answer, House, INVITATIONS};

/// Programmes that somebody organises.
async fn organised(house: &House, bearer: &str, so_many: usize) -> Vec<ProgrammeId> {
    let mut programmes = Vec::new();
    for _ in 0..so_many {
        let programme = house.programme(MemberId::random()).await;
        let me = house.get(bearer, &format!("/api/accounts/programmes/{programme}/me")).await.id("member");
        house.grant(programme, MemberId(me), Role::Organiser).await;
        programmes.push(programme);
    }
    programmes
}

async fn invites(house: &House, bearer: &str, programme: ProgrammeId, email: &str) -> Answer {
    let path = format!("/api/accounts/programmes/{programme}/invitations");
    house.post(bearer, &path, json!({ "email": email })).await
}

/// Given the limit and two programmes; when one person has invited that many,
/// in both together; then nobody new is invited in either before a day has
/// gone since the first.
#[test]
fn so_many_new_addresses_a_day_and_person_whatever_the_programme() {
    let house = House::open();
    house.run(async {
        let boss = house.person("boss@limit.example").await.token;
        let programmes = organised(&house, &boss, 2).await;
        let most = INVITATIONS.0.get() as usize;
        for guest in 0..most {
            let email = format!("guest-{guest}@limit.example");
            invites(&house, &boss, programmes[guest % 2], &email).await.expect(201);
            house.clock.advance(SignedDuration::from_hours(1));
        }
        for programme in &programmes {
            let refused = invites(&house, &boss, *programme, "more@limit.example").await;
            let wait: u32 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
            let hours = 24 - most as u32;
            assert!(wait <= hours * 3600 + 1 && wait > hours * 3600 - 600, "{wait}");
            let problem = refused.expect(429);
            assert_eq!(problem["type"], "/problems/too-many-invitations");
            assert!(problem["detail"].as_str().unwrap().contains(&format!("in {hours} h")), "{problem}");
        }
        assert!(!house.dump("members").await.contains("more@limit.example"));

        house.clock.advance(SignedDuration::from_hours(24 - most as i64));
        invites(&house, &boss, programmes[0], "more@limit.example").await.expect(201);
        invites(&house, &boss, programmes[0], "too-many@limit.example").await.expect(429);
    });
}

/// Given somebody at the limit; when they invite again whom they have invited,
/// then that is the same place as before; and others may invite.
#[test]
fn only_new_addresses_count_and_for_their_inviter_alone() {
    let house = House::open();
    house.run(async {
        let boss = house.person("boss@again.example").await.token;
        let programme = organised(&house, &boss, 1).await[0];
        let mut places = Vec::new();
        for guest in 0..INVITATIONS.0.get() {
            let email = format!("guest-{guest}@again.example");
            places.push((invites(&house, &boss, programme, &email).await.id("member"), email));
        }
        for (place, email) in places {
            assert_eq!(invites(&house, &boss, programme, &email).await.id("member"), place);
        }
        invites(&house, &boss, programme, "boss@again.example").await.expect(201);
        invites(&house, &boss, programme, "more@again.example").await.expect(429);
        let everything = house.get(&boss, "/api/accounts/me/everything").await.expect(200);
        assert_eq!(everything["invitations_given"], INVITATIONS.0.get());

        let other = house.person("other@again.example").await.token;
        let own = organised(&house, &other, 1).await[0];
        invites(&house, &other, own, "more@again.example").await.expect(201);
    });
}

/// Given two programmes; when one person sends more invitations than they may,
/// all at once; then as many as they may are given, and no more.
#[test]
fn whoever_invites_all_at_once_invites_no_more() {
    let house = House::open();
    house.run(async {
        let boss = house.person("boss@once.example").await.token;
        let programmes = organised(&house, &boss, 2).await;
        let emails: Vec<String> = (0..12).map(|guest| format!("guest-{guest}@once.example")).collect();
        let at_once =
            emails.iter().enumerate().map(|(at, email)| invites(&house, &boss, programmes[at % 2], email));
        let answers = futures_util::future::join_all(at_once).await;
        let given = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(given, INVITATIONS.0.get() as usize);
        assert!(answers.iter().all(|answer| [201, 429].contains(&answer.status.as_u16())));
    });
}
