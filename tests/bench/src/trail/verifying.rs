//! `plaudit verify` beside `sha256sum`, on a bundle of a million events.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use plaudit_tests::program;
use serde_json::json;

use super::forge::Forge;
use super::programme::{Size, programme};
use crate::report::{Report, rounded};
use crate::stand::Failure;

/// A little more than a million events, about half of them declarations of interests.
const SIZE: Size = Size { pitches: 8_000, judges: 60, each: 10 };

/// Both take turns, so that a machine whose speed changes changes it for both.
const TURNS: usize = 5;

pub fn run(report: &mut Report) -> Result<(), Failure> {
    let mut file = tempfile::NamedTempFile::with_suffix(".plaudit-bundle")?;
    let events = write(&mut file)?;
    let (path, bytes) = (file.path(), file.as_file().metadata()?.len());
    let verify = || {
        let mut verify = Command::new(program::binary());
        verify.arg("verify").arg(path).stdout(Stdio::null());
        verify
    };
    let sha256sum = || {
        let mut sha256sum = Command::new("sha256sum");
        sha256sum.arg(path).stdout(Stdio::null());
        sha256sum
    };
    // The first of each also brings the file into memory.
    let peak_mb = peak(verify())?;
    timed(sha256sum())?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(timed(verify())?);
        theirs.push(timed(sha256sum())?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    report.note(
        "verify",
        json!({
            "events": events, "file_mb": bytes / 1_000_000, "outcomes": outcomes(path)?,
            "plaudit_s": rounded(ours.as_secs_f64(), 2), "sha256sum_s": rounded(theirs.as_secs_f64(), 2),
            "ratio": rounded(ours.as_secs_f64() / theirs.as_secs_f64(), 2), "peak_mb": peak_mb,
        }),
    );
    Ok(())
}

/// A public bundle with a few checkpoints, signed and cosigned.
fn write(file: &mut impl Write) -> Result<usize, Failure> {
    let (id, events) = programme(SIZE)?;
    let many = events.len();
    let forge = Forge {
        programme: id.to_string(),
        origin: format!("prizes.example.org/log/{id}"),
        events,
        openings: Vec::new(),
        sizes: vec![1_000, many / 2],
        seed: [7; 32],
        witnessed: true,
        unknown: false,
    };
    file.write_all(&forge.bundle())?;
    file.flush()?;
    Ok(many)
}

/// How long it runs.
fn timed(mut command: Command) -> Result<Duration, Failure> {
    let started = Instant::now();
    let status = command.status()?;
    let taken = started.elapsed();
    // 3: something can't be shown.
    let well = matches!(status.code(), Some(0 | 3));
    if well { Ok(taken) } else { Err(format!("{command:?}: {status}").into()) }
}

/// The most resident memory that it had, in MB. What the system notes of a process that has ended counts what was there
/// before the program was loaded, which is this one; so it is asked while it runs.
fn peak(mut command: Command) -> Result<u64, Failure> {
    let mut child = command.spawn()?;
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        peak = high_water(&child).unwrap_or(peak).max(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(peak / 1024)
}

/// In KiB; none where it is just ending.
fn high_water(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// How many checks came out how.
fn outcomes(path: &Path) -> Result<serde_json::Value, Failure> {
    let said = Command::new(program::binary()).args(["verify", "--json"]).arg(path).output()?;
    let checks: Vec<serde_json::Value> = serde_json::from_slice(&said.stdout)?;
    let many = |outcome: &str| checks.iter().filter(|check| check["outcome"] == outcome).count();
    Ok(json!({ "hold": many("holds"), "fail": many("fails"), "hidden": many("hidden") }))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
