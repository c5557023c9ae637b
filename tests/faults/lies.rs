//! The harness is no better than what it notices: here it is lied to.

use crate::proxy;
use crate::stage::Stage;
use crate::verify::Finding;

/// Acknowledged before the commit, and never committed; and asked once, done
/// twice. Every one of them is found, and nothing else.
pub async fn are_noticed(stage: &mut Stage) {
    let (address, planted) = proxy::start(stage.program.url()).await;
    let load = stage.load_on(&[address]);
    stage.goes_on(600).await;
    load.stop().await;
    let (found, _) = stage.compared();
    let dropped = planted.dropped.lock().unwrap().clone();
    let doubled = planted.doubled.lock().unwrap().clone();
    assert!(dropped.len() > 5 && doubled.len() > 1, "lies were told: {dropped:?} {doubled:?}");
    println!(
        "  {} planted acknowledgements and {} planted repetitions, {} found",
        dropped.len(),
        doubled.len(),
        found.len(),
    );
    let mut planted: Vec<Finding> = dropped.into_iter().map(Finding::Lost).collect();
    planted.extend(doubled.into_iter().map(Finding::Unclaimed));
    planted.sort();
    assert_eq!(found, planted);
}
