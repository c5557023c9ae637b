use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::Error;

/// The user that the servers run as when we are root, for PostgreSQL refuses to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unprivileged {
    name: String,
    uid: u32,
    gid: u32,
}

impl Unprivileged {
    /// `None` when we are an ordinary user: then the servers run as who we are. A folder that already belongs to an
    /// ordinary user keeps its owner, so that what was begun as that user goes on when root starts it.
    pub fn for_folder(subfolder: &Path) -> Result<Option<Self>, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        match fs::metadata(subfolder) {
            Ok(owned) if owned.uid() != 0 => {
                Ok(Some(Self { name: format!("#{}", owned.uid()), uid: owned.uid(), gid: owned.gid() }))
            }
            _ => {
                let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
                ["postgres", "nobody"]
                    .iter()
                    .find_map(|name| in_passwd(&users, name))
                    .map(Some)
                    .ok_or(Error::NoUnprivilegedUser)
            }
        }
    }

    /// Refuses a folder with a parent that this user may not pass through, such as `/root`.
    pub fn check_can_enter(&self, folder: &Path) -> Result<(), Error> {
        for place in folder.ancestors() {
            let there = fs::metadata(place).map_err(Error::file("look at", place))?;
            if !self.may_enter(&there) {
                return Err(Error::CannotEnter { user: self.name.clone(), closed: place.to_owned() });
            }
        }
        Ok(())
    }

    fn may_enter(&self, folder: &Metadata) -> bool {
        let bit = if folder.uid() == self.uid {
            0o100
        } else if folder.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        folder.permissions().mode() & bit != 0
    }

    pub fn give(&self, path: &Path) -> Result<(), Error> {
        chown(path, Some(self.uid), Some(self.gid)).map_err(Error::file("give away", path))
    }

    /// The command will run as this user. Without root's other groups too: the standard library drops them with the
    /// user id.
    pub fn run(&self, command: &mut Command) {
        command.gid(self.gid).uid(self.uid);
    }
}

fn in_passwd(users: &str, name: &str) -> Option<Unprivileged> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Unprivileged { name: name.to_owned(), uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::in_passwd;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users =
            "postgresql:x:7:8::/:/bin/sh\npostgres:x:101:104:Admin,,,:/var/lib/postgresql:/bin/bash\n";
        let found = in_passwd(users, "postgres").map(|user| (user.uid, user.gid));
        assert_eq!(found, Some((101, 104)));
        assert_eq!(in_passwd(users, "nobody"), None);
    }
}
