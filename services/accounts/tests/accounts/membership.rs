use plaudit_accounts::people::{self, NewPerson};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_proto::v1::Role;
use serde_json::{Value, json};

use crate::house::shared;

#[test]
fn who_proves_the_invited_address_is_the_invited_member() {
    let house = shared();
    house.run(async {
        let boss = house.person("boss@invite.example").await;
        let programme = house.programme(MemberId::random()).await;
        let path = |rest: &str| format!("/api/accounts/programmes/{programme}/{rest}");
        let me = MemberId(house.get(&boss.token, &path("me")).await.id("member"));
        let body = json!({ "email": "Judge@Invite.example", "name": "Judge Jo" });
        house.post(&boss.token, &path("invitations"), body.clone()).await.expect(403);
        assert!(!house.dump("members").await.contains("judge@invite.example"));
        house.grant(programme, me, Role::Organiser).await;

        let invited = house.post(&boss.token, &path("invitations"), body.clone()).await;
        assert_eq!(invited.status, 201);
        let member = MemberId(invited.id("member"));
        let again = house.post(&boss.token, &path("invitations"), body).await;
        assert_eq!(MemberId(again.id("member")), member);
        assert_eq!(house.events_of(member).await, ["MemberInvited"]);
        let listed = house.get(&boss.token, &path("members")).await.expect(200);
        assert_eq!(entry(&listed, member)["state"], "invited");
        assert_eq!(entry(&listed, member)["email"], "judge@invite.example");

        let session = house.signed_in("judge@invite.example").await;
        assert_eq!(MemberId(house.get(&session, &path("me")).await.id("member")), member);
        assert_eq!(house.events_of(member).await, ["MemberInvited", "MemberJoined"]);
        let listed = house.get(&boss.token, &path("members")).await.expect(200);
        let joined = json!({ "member": member, "name": "Judge Jo", "email": null, "state": "joined" });
        assert_eq!(*entry(&listed, member), joined);
        house.get(&session, &path("members")).await.expect(403);
    });
}

fn entry(listed: &Value, member: MemberId) -> &Value {
    let member = member.to_string();
    listed["items"].as_array().unwrap().iter().find(|item| item["member"] == member.as_str()).unwrap()
}

#[test]
fn whoever_is_there_already_keeps_their_place() {
    let house = shared();
    house.run(async {
        let people = ["boss@place.example", "early@place.example"];
        let (boss, early) = (house.person(people[0]).await, house.person(people[1]).await);
        let programme = house.programme(MemberId::random()).await;
        let path = |rest: &str| format!("/api/accounts/programmes/{programme}/{rest}");
        let organiser = MemberId(house.get(&boss.token, &path("me")).await.id("member"));
        house.grant(programme, organiser, Role::Organiser).await;
        let member = house.get(&early.token, &path("me")).await.id("member");
        let invited = house.post(&boss.token, &path("invitations"), json!({ "email": people[1] })).await;
        assert_eq!(invited.id("member"), member);
        assert_eq!(house.events_of(MemberId(member)).await, ["MemberJoined"]);
    });
}

#[test]
fn many_first_requests_at_once_are_one_member() {
    let house = shared();
    house.run(async {
        let person = house.person("many@once.example").await;
        let programme = house.programme(MemberId::random()).await;
        let path = format!("/api/accounts/programmes/{programme}/me");
        let asked = (0..12).map(|_| house.get(&person.token, &path));
        let answers = futures_util::future::join_all(asked).await;
        let members: std::collections::BTreeSet<_> =
            answers.iter().map(|answer| answer.id("member")).collect();
        assert_eq!(members.len(), 1);
        let member = MemberId(*members.first().unwrap());
        assert_eq!(house.events_of(member).await, ["MemberJoined"]);
    });
}

#[test]
fn a_join_that_was_interrupted_is_finished() {
    let house = shared();
    house.run(async {
        let person = house.person("cut@off.example").await;
        let programme = house.programme(MemberId::random()).await;
        let member = MemberId::random();
        let client = house.service().pool().get().await.unwrap();
        let row = "insert into members (member, programme, person) values ($1, $2, $3)";
        client.execute(row, &[&member.0, &programme.0, &person.person]).await.unwrap();
        let path = format!("/api/accounts/programmes/{programme}/me");
        assert_eq!(MemberId(house.get(&person.token, &path).await.id("member")), member);
        assert_eq!(house.events_of(member).await, ["MemberJoined"]);
    });
}

#[test]
fn nobody_becomes_a_member_of_nothing() {
    let house = shared();
    house.run(async {
        let person = house.person("nothing@there.example").await;
        let programme = ProgrammeId::random();
        let path = format!("/api/accounts/programmes/{programme}/me");
        house.get(&person.token, &path).await.expect(404);
        assert!(!house.dump("members").await.contains(&person.person.to_string()));
        assert!(!house.dump("readable").await.contains(&programme.to_string()));
    });
}

#[test]
fn what_is_being_drafted_is_known_to_nobody_who_was_not_asked() {
    let house = shared();
    house.run(async {
        let people = ["boss@draft.example", "asked@draft.example", "nosy@draft.example"];
        let (boss, asked) = (house.person(people[0]).await, house.person(people[1]).await);
        let nosy = house.person(people[2]).await;
        let organiser = MemberId::random();
        let drafted = house.drafted(organiser).await;
        let me = format!("/api/accounts/programmes/{drafted}/me");
        let client = house.service().pool().get().await.unwrap();
        let row = "insert into members (member, programme, person) values ($1, $2, $3)";
        client.execute(row, &[&organiser.0, &drafted.0, &boss.person]).await.unwrap();
        let invitations = format!("/api/accounts/programmes/{drafted}/invitations");
        let invited = house.post(&boss.token, &invitations, json!({ "email": people[1] })).await;
        assert_eq!(house.get(&asked.token, &me).await.id("member"), invited.id("member"));
        for path in [me, format!("/api/scoring/programmes/{drafted}/rounds/final")] {
            house.get(&nosy.token, &path).await.expect(404);
        }
        assert!(!house.dump("members").await.contains(&nosy.person.to_string()));
    });
}

#[test]
fn the_operator_makes_people_once_with_a_token_each_time() {
    let house = shared();
    house.run(async {
        let new = |email: &str| NewPerson { email: email.to_owned(), name: "Ann".to_owned() };
        let wanted = [new("a@made.example"), new("b@made.example"), new("A@made.example")];
        let made = people::create(house.service(), &wanted).await.unwrap();
        assert_eq!((made[0].person, made[0].email.as_str()), (made[2].person, "a@made.example"));
        assert_ne!(made[0].token, made[2].token);
        assert_ne!(made[0].person, made[1].person);
        for provided in &made {
            let me = house.get(&provided.token, "/api/accounts/me").await.expect(200);
            assert_eq!((&me["id"], &me["name"]), (&json!(provided.person), &json!("Ann")));
        }
        assert!(people::create(house.service(), &[new("none")]).await.is_err());
    });
}

#[test]
fn everybody_finds_the_programmes_where_they_have_a_place_or_an_invitation() {
    let house = shared();
    house.run(async {
        let (boss, guest) = (house.person("boss@places.example").await, "guest@places.example");
        let mut programmes = Vec::new();
        for _ in 0..2 {
            let programme = house.programme(MemberId::random()).await;
            let path = |rest: &str| format!("/api/accounts/programmes/{programme}/{rest}");
            let me = MemberId(house.get(&boss.token, &path("me")).await.id("member"));
            house.grant(programme, me, Role::Organiser).await;
            house.post(&boss.token, &path("invitations"), json!({ "email": guest })).await.expect(201);
            programmes.push(programme);
        }
        let session = house.signed_in(guest).await;
        let mine = "/api/accounts/me/programmes";
        let listed = house.get(&session, mine).await.expect(200);
        assert!(listed["items"].as_array().unwrap().iter().all(|place| place["joined"] == false));
        let came = house.get(&session, &format!("/api/accounts/programmes/{}/me", programmes[0])).await;
        let page = house.get(&session, &format!("{mine}?limit=1")).await.expect(200);
        let next = format!("{mine}?after={}", page["next"].as_str().unwrap());
        let rest = house.get(&session, &next).await.expect(200);
        assert!(rest["next"].is_null());
        let places: Vec<&Value> =
            [&page, &rest].iter().flat_map(|page| page["items"].as_array().unwrap()).collect();
        assert_eq!(places.len(), 2);
        for place in places {
            let first = place["programme"] == programmes[0].to_string().as_str();
            assert_eq!(place["joined"], first);
            assert_eq!(place["member"] == came.body["member"], first);
        }
        let boss_has = house.get(&boss.token, mine).await.expect(200);
        assert_eq!(boss_has["items"].as_array().unwrap().len(), 2);
        house.get("", mine).await.expect(401);
    });
}

#[test]
fn approvers_see_who_the_members_are() {
    let house = shared();
    house.run(async {
        let approver = house.person("approver@members.example").await;
        let programme = house.programme(MemberId::random()).await;
        let path = |rest: &str| format!("/api/accounts/programmes/{programme}/{rest}");
        let member = MemberId(house.get(&approver.token, &path("me")).await.id("member"));
        house.get(&approver.token, &path("members")).await.expect(403);
        house.grant(programme, member, Role::Approver).await;
        let organiser = house.person("organiser@members.example").await;
        let theirs = MemberId(house.get(&organiser.token, &path("me")).await.id("member"));
        house.grant(programme, theirs, Role::Organiser).await;
        let guest = json!({ "email": "guest@members.example", "name": "Gus" });
        let invited = MemberId(house.post(&organiser.token, &path("invitations"), guest).await.id("member"));
        for (who, address) in [(&organiser, json!("guest@members.example")), (&approver, Value::Null)] {
            let listed = house.get(&who.token, &path("members")).await.expect(200);
            assert_eq!(entry(&listed, invited)["name"], "Gus");
            assert_eq!(entry(&listed, invited)["email"], address);
        }
        house.post(&approver.token, &path("invitations"), json!({ "email": "x@y.z" })).await.expect(403);
    });
}
