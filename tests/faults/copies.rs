//! Two copies of every service at the same time, on the same databases and
//! the same NATS, and then only the second.

use std::time::Duration;

use crate::log::SERVICES;
use crate::served::{Served, environment, free_port};
use crate::stage::{Stage, readiness};
use crate::trail::Log;

/// Both copies serve for this long.
const BOTH: Duration = Duration::from_secs(6);

pub async fn at_the_same_time(stage: &mut Stage) {
    let trail = Log::of(&stage.program, &stage.cast.programme).await;
    let edge = free_port();
    let second = Served::start(&stage.program, &SERVICES, &environment(&stage.program, &edge));
    let urls = [stage.program.url().to_owned(), format!("http://{edge}")];
    let load = stage.load_on(&urls);
    tokio::time::sleep(BOTH).await;
    assert_eq!(publishing(&urls[0]).await, SERVICES, "the first publishes");
    assert!(publishing(&urls[1]).await.is_empty(), "the second does not");
    load.stop().await;
    stage.holds("two copies served").await;
    trail.is_whole(stage).await;

    // Its servers live on, and the second copy with them.
    let load = stage.load_on(&urls);
    stage.goes_on(100).await;
    stage.program.kill();
    stage.goes_on(300).await;
    load.stop().await;
    stage.rests();
    assert_eq!(publishing(&urls[1]).await, SERVICES, "the second has taken over");
    second.stop();
    tokio::task::block_in_place(|| stage.program.start_again());
    stage.holds("the first copy was killed").await;
    trail.is_whole(stage).await;
}

/// The services that a copy publishes for.
async fn publishing(url: &str) -> Vec<&'static str> {
    let said = readiness(url).await.unwrap();
    let publishes = |service: &&str| {
        let trouble = said["services"][*service]["trouble"].as_array().unwrap();
        !trouble.iter().any(|why| why == "another copy of this service publishes")
    };
    SERVICES.into_iter().filter(publishes).collect()
}
