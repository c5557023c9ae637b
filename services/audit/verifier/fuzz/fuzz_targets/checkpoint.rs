//! Checkpoints are written again as they were read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plaudit_verifier::log::checkpoint::Checkpoint;

fuzz_target!(|text: &str| {
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
        assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint));
    }
});
