use plaudit_chassis::id::MemberId;
use plaudit_proto::v1::Role;
use serde_json::json;

use crate::device::Device;
use crate::house::shared;

#[test]
fn whoever_leaves_is_gone_and_their_members_say_so() {
    let house = shared();
    house.run(async {
        let boss = house.person("boss@leave.example").await;
        let programme = house.programme(MemberId::random()).await;
        let path = |rest: &str| format!("/api/accounts/programmes/{programme}/{rest}");
        let organiser = MemberId(house.get(&boss.token, &path("me")).await.id("member"));
        house.grant(programme, organiser, Role::Organiser).await;

        let session = house.signed_in("leaver@leave.example").await;
        let person = house.get(&session, "/api/accounts/me").await.id("id");
        house
            .ask("PUT", &session, "/api/accounts/me", Some(json!({ "name": "Lee Leaver" })))
            .await
            .expect(200);
        let joined = MemberId(house.get(&session, &path("me")).await.id("member"));
        let other = house.programme(organiser).await;
        let invitation = json!({ "email": "leaver@leave.example" });
        house
            .grant(
                other,
                MemberId(
                    house
                        .get(&boss.token, &format!("/api/accounts/programmes/{other}/me"))
                        .await
                        .id("member"),
                ),
                Role::Organiser,
            )
            .await;
        let waiting = house
            .post(&boss.token, &format!("/api/accounts/programmes/{other}/invitations"), invitation)
            .await;
        let waiting = MemberId(waiting.id("member"));

        house.adds(&session, &mut Device::new()).await.expect(201);
        assert!(house.dump("passkeys").await.contains(&person.to_string()));
        let everything = house.get(&session, "/api/accounts/me/everything").await.expect(200);
        assert_eq!(everything["person"]["name"], "Lee Leaver");
        assert_eq!(everything["sessions"].as_array().unwrap().len(), 1);
        let memberships = everything["memberships"].as_array().unwrap();
        let states: Vec<_> = memberships.iter().map(|m| (m["member"].clone(), m["state"].clone())).collect();
        assert!(states.contains(&(json!(joined), json!("joined"))));
        assert!(states.contains(&(json!(waiting), json!("invited"))));

        house.ask("DELETE", &session, "/api/accounts/me", None).await.expect(204);
        house.get(&session, "/api/accounts/me").await.expect(401);
        house.get(&session, &path("me")).await.expect(401);
        assert_eq!(house.events_of(joined).await, ["MemberJoined", "MemberForgotten"]);
        assert_eq!(house.events_of(waiting).await, ["MemberInvited", "MemberForgotten"]);
        for table in ["people", "members", "sessions", "tokens", "sign_ins", "passkeys"] {
            let dump = house.dump(table).await;
            for trace in [person.to_string().as_str(), "leaver@leave.example", "Lee Leaver"] {
                assert!(!dump.contains(trace), "{table} remembers {trace}");
            }
        }
        let mails = house.get("", "/dev/mail").await.expect(200);
        assert!(!mails.to_string().contains("leaver@leave.example"));

        let back = house.signed_in("leaver@leave.example").await;
        assert_ne!(house.get(&back, "/api/accounts/me").await.id("id"), person);
        assert_ne!(MemberId(house.get(&back, &path("me")).await.id("member")), joined);
    });
}

#[test]
fn many_who_download_everything_at_once_do_not_wait_for_each_other() {
    let house = shared();
    house.run(async {
        let person = house.person("hoarder@download.example").await;
        let asked = (0..64).map(|_| house.get(&person.token, "/api/accounts/me/everything"));
        for answer in futures_util::future::join_all(asked).await {
            answer.expect(200);
        }
    });
}

#[test]
fn no_event_says_who_somebody_is() {
    let house = shared();
    house.run(async {
        let session = house.signed_in("marker-address@marker.example").await;
        house
            .ask("PUT", &session, "/api/accounts/me", Some(json!({ "name": "Marker Name" })))
            .await
            .expect(200);
        let programme = house.programme(MemberId::random()).await;
        let me = house.get(&session, &format!("/api/accounts/programmes/{programme}/me")).await.id("member");
        house.grant(programme, MemberId(me), Role::Organiser).await;
        let invitation = json!({ "email": "guest@marker.example", "name": "Marker Guest" });
        let path = format!("/api/accounts/programmes/{programme}/invitations");
        house.post(&session, &path, invitation).await.expect(201);
        let person = house.get(&session, "/api/accounts/me").await.id("id").to_string();
        house.adds(&session, &mut Device::new()).await.expect(201);
        for table in ["readable", "keys"] {
            let dump = house.dump(table).await;
            for marker in ["marker.example", "Marker", person.as_str()] {
                assert!(!dump.contains(marker), "{table} holds {marker}");
            }
        }
    });
}
