use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

/// Where packages put servers without putting them on everybody's PATH.
const USUAL_PLACES: [&str; 7] = [
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/usr/local/pgsql/bin",
    "/snap/bin",
];

/// Folders whose every entry that begins with the second part holds a version of PostgreSQL, in `bin`.
const VERSIONED_PLACES: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
];

/// An installed PostgreSQL: the folder with `postgres` and `initdb`.
#[derive(Debug)]
pub(crate) struct PostgresBinaries {
    bin: PathBuf,
}

impl PostgresBinaries {
    /// The highest version that is installed, or, for a `data` folder that exists, the version that made it: another
    /// one would refuse to read it.
    pub fn find(data: &Path) -> Result<Self, Error> {
        let mut installed: Vec<(u32, PathBuf)> = all_places()
            .into_iter()
            .filter(|bin| bin.join("initdb").is_file())
            .filter_map(|bin| Some((major_version(&bin.join("postgres"))?, bin)))
            .collect();
        installed.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let made_by =
            fs::read_to_string(data.join("PG_VERSION")).ok().and_then(|text| text.trim().parse::<u32>().ok());
        let Some(wanted) = made_by else {
            let (_, bin) = installed.into_iter().next().ok_or(Error::Missing { program: "PostgreSQL" })?;
            return Ok(Self { bin });
        };
        match installed.iter().find(|(version, _)| *version == wanted) {
            Some((_, bin)) => Ok(Self { bin: bin.clone() }),
            None if installed.is_empty() => Err(Error::Missing { program: "PostgreSQL" }),
            None => Err(Error::OtherVersion { path: data.to_owned(), wanted, found: listed(installed) }),
        }
    }

    pub fn postgres(&self) -> PathBuf {
        self.bin.join("postgres")
    }

    pub fn initdb(&self) -> PathBuf {
        self.bin.join("initdb")
    }
}

pub(crate) fn nats_server() -> Result<PathBuf, Error> {
    all_places()
        .into_iter()
        .map(|place| place.join("nats-server"))
        .find(|program| program.is_file())
        .ok_or(Error::Missing { program: "nats-server" })
}

/// PATH first: who put a server there meant it to be found.
fn all_places() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = env::split_paths(&path).filter(|place| place.is_absolute()).collect();
    places.extend(USUAL_PLACES.iter().map(PathBuf::from));
    for (parent, beginning) in VERSIONED_PLACES {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        places.extend(
            entries
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(beginning))
                .map(|entry| entry.path().join("bin")),
        );
    }
    places
}

fn major_version(postgres: &Path) -> Option<u32> {
    let answer = Command::new(postgres).arg("--version").output().ok()?;
    in_version_line(&String::from_utf8_lossy(&answer.stdout))
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, or `… 18beta1`.
fn in_version_line(line: &str) -> Option<u32> {
    let (_, version) = line.split_once("(PostgreSQL) ")?;
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

fn listed(installed: Vec<(u32, PathBuf)>) -> String {
    let mut versions: Vec<String> = installed.iter().map(|(v, _)| v.to_string()).collect();
    versions.dedup();
    versions.join(", ")
}

#[cfg(test)]
mod tests {
    use super::in_version_line;

    #[test]
    fn the_major_version_is_what_decides() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(in_version_line(debian), Some(15));
        assert_eq!(in_version_line("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(in_version_line("something else"), None);
    }
}
