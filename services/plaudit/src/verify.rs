//! `plaudit verify`: checks a bundle or a receipt, offline, with trust in nobody.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use plaudit_verifier::against::{Seen, Verdict, compare};
use plaudit_verifier::log::policy::Policy;
use plaudit_verifier::verify::Verifier;

use crate::Failure;

/// Exits with 0 if all holds, 1 if something fails, 3 if nothing fails and something can't be shown.
#[derive(clap::Args)]
pub struct Options {
    /// A .plaudit-bundle or .plaudit-receipt.
    file: PathBuf,
    /// A policy (C2SP tlog-policy) that you have from elsewhere: the file's own is not believed then.
    #[arg(long)]
    policy: Option<PathBuf>,
    /// For machines.
    #[arg(long)]
    json: bool,
    /// Another bundle or receipt: do both stand for the same log?
    #[arg(long)]
    against: Option<PathBuf>,
}

/// So much of a file is read at once.
const PIECE: usize = 1 << 20;

/// Checks, and says what it found.
pub fn verify(options: Options) -> Result<ExitCode, Failure> {
    let policy = options.policy.as_deref().map(policy).transpose()?;
    let other = options.against.as_deref().map(stands_for).transpose()?;
    let mut verifier = Verifier::new(policy);
    if let Some(other) = &other {
        verifier = verifier.watching(other);
    }
    feed(&mut verifier, &options.file, |_| true)?;
    let compared = match (&other, &options.against) {
        (Some(other), Some(path)) => {
            let one = verifier.seen();
            let mut second = Verifier::default().watching(&one);
            feed(&mut second, path, |_| true)?;
            Some(compare(&one, other, verifier.watched(), second.watched()))
        }
        _ => None,
    };
    let report = verifier.finish();
    let mut code = report.exit_code();
    if options.json {
        println!("{}", report.to_json());
    } else {
        print!("{report}");
    }
    if let Some(compared) = compared {
        if options.json {
            eprintln!("{}", compared.sentence);
        } else {
            println!("\n{}", compared.sentence);
        }
        code = match (compared.verdict, code) {
            (Verdict::Split, _) => 1,
            (Verdict::Unshown, 0) => 3,
            (_, code) => code,
        };
    }
    Ok(ExitCode::from(code))
}

fn policy(path: &Path) -> Result<Policy, Failure> {
    let text = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    Policy::parse(&text).map_err(|error| format!("{} is no policy: {error}", path.display()).into())
}

/// What another file stands for: its head is enough, but for a receipt's event.
fn stands_for(path: &Path) -> Result<Seen, Failure> {
    let mut verifier = Verifier::default();
    feed(&mut verifier, path, |verifier| !verifier.has_seen())?;
    Ok(verifier.seen())
}

fn feed(verifier: &mut Verifier, path: &Path, goes_on: impl Fn(&Verifier) -> bool) -> Result<(), Failure> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut piece = vec![0; PIECE];
    while goes_on(verifier) {
        match file.read(&mut piece).map_err(|error| unreadable(path, &error))? {
            0 => break,
            read => verifier.push(&piece[..read]),
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    format!("{} can't be read: {error}", path.display()).into()
}
