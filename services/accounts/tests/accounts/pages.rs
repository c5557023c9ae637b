use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use jiff::SignedDuration;
use plaudit_chassis::id::MemberId;
use plaudit_chassis::token::Arrival;
use serde_json::json;

use crate::house::{Answer, House, shared};

const RECEIVED_AT: &str = "plaudit-received-at";
const TOO_LARGE: &str = "plaudit-too-large";

impl House {
    /// What the toy that stands for the pages was told of a request.
    fn told(&self, answer: &Answer) -> Arrival {
        self.verifier.verify_arrival(answer.body["headers"][RECEIVED_AT].as_str().unwrap()).unwrap()
    }

    /// What services are told, when pages repeat this.
    async fn received_at(&self, bearer: &str, path: &str, repeated: &str) -> jiff::Timestamp {
        let request = Request::get(path)
            .header("authorization", format!("Bearer {bearer}"))
            .header(RECEIVED_AT, repeated)
            .body(Body::empty())
            .unwrap();
        let answer = self.send(request).await;
        let token = answer.body["headers"]["authorization"].as_str().unwrap();
        self.verifier.verify("scoring", token.strip_prefix("Bearer ").unwrap()).unwrap().received_at
    }
}

#[test]
fn what_is_not_the_apis_is_the_pages() {
    let house = shared();
    house.run(async {
        let before = house.clock.now();
        let mut request = Request::post("/programmes/x/pitch?tab=a%20b")
            .header("host", "plaudit.example")
            .header("cookie", "__Host-plaudit=s")
            .header("origin", "https://plaudit.example")
            .header("authorization", "Bearer plaudit_s_x")
            .header("x-forwarded-for", "198.51.100.1")
            .header(RECEIVED_AT, "v4.public.of-their-own")
            .header(TOO_LARGE, "1")
            .body(Body::from(vec![b'x'; 2 << 20]))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 9], 1))));
        let answer = house.send(request).await;
        assert_eq!((answer.status.as_u16(), &answer.body["method"]), (200, &json!("POST")));
        assert_eq!(answer.headers["set-cookie"], "__Host-toy=1");
        assert_eq!(answer.body["path"], "/programmes/x/pitch?tab=a%20b");
        assert_eq!(answer.body["body"].as_str().unwrap().len(), 2 << 20);
        let headers = answer.body["headers"].as_object().unwrap();
        assert_eq!(headers["cookie"], "__Host-plaudit=s");
        assert_eq!(headers["host"], "plaudit.example");
        assert_eq!(headers["origin"], "https://plaudit.example");
        assert!(!headers.contains_key("authorization") && !headers.contains_key("x-forwarded-for"));
        assert!(!headers.contains_key(TOO_LARGE));
        let told = house.told(&answer);
        assert!(told.received_at >= before && told.received_at <= house.clock.now());
        assert_eq!(told.network.unwrap().to_string(), "192.0.2.9");
        assert_eq!(house.get("", "/").await.expect(200)["path"], "/");
        house.ask("OPTIONS", "", "/", None).await.expect(405);
        for path in ["/api", "/api/x", "/dev/x", "/log", "/livez/x", "/readyz/x", "//api/x"] {
            house.get("", path).await.expect(404);
        }
        let large = Request::post("/x").body(Body::from(vec![0; (25 << 20) + 1])).unwrap();
        let answer = house.send(large).await;
        assert_eq!((&answer.body["body"], &answer.body["headers"][TOO_LARGE]), (&json!(""), &json!("1")));
    });
}

#[test]
fn a_form_counts_from_when_it_had_arrived() {
    let house = House::open();
    house.run(async {
        let person = house.person("form@pages.example").await;
        let programme = house.programme(MemberId::random()).await;
        let path = format!("/api/scoring/programmes/{programme}");
        let page = house.get("", "/form").await;
        let repeated = page.body["headers"][RECEIVED_AT].as_str().unwrap();
        let told = house.told(&page).received_at;

        house.clock.advance(SignedDuration::from_secs(50));
        assert_eq!(house.received_at(&person.token, &path, repeated).await, told);
        let api = house.get(&person.token, &path).await.expect(200);
        let of_a_service = api["headers"]["authorization"].as_str().unwrap().strip_prefix("Bearer ").unwrap();
        for forged in ["", "v4.public.x", of_a_service, &repeated[..repeated.len() - 2]] {
            let now = house.clock.now();
            assert!(house.received_at(&person.token, &path, forged).await >= now, "{forged}");
        }
        house.clock.advance(SignedDuration::from_secs(11));
        let now = house.clock.now();
        assert!(house.received_at(&person.token, &path, repeated).await >= now, "too late");
    });
}

#[test]
fn limits_count_who_asks_the_pages_rather_than_the_pages() {
    let house = shared();
    house.run(async {
        let ask = async |number: usize, network: Option<[u8; 4]>| {
            let body = Body::from(json!({ "email": format!("{number}@limits.example") }).to_string());
            let mut request = Request::post("/api/accounts/sign-in").body(body).unwrap();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 1], 1))));
            if let Some(network) = network {
                let arrival = Arrival { received_at: house.clock.now(), network: Some(network.into()) };
                let token = house.minter.mint_arrival(&arrival).unwrap();
                request.headers_mut().insert(RECEIVED_AT, token.parse().unwrap());
            }
            house.send(request).await.status.as_u16()
        };
        for number in 0..60 {
            assert_eq!(ask(number, Some([198, 51, 100, 1])).await, 202);
        }
        assert_eq!(ask(60, Some([198, 51, 100, 1])).await, 429);
        assert_eq!(ask(61, Some([198, 51, 100, 2])).await, 202, "another behind the same pages");
        assert_eq!(ask(62, None).await, 202);
    });
}
