//! The folder: its lock, its secrets and who may look inside.

use plaudit_servers::{DataFolder, Secrets, Servers};

use super::{folder_with_mode, mode, shared};

#[tokio::test]
async fn a_folder_in_use_is_refused_in_one_line() {
    let folder = DataFolder::temporary().unwrap();
    let refused = DataFolder::open(folder.path()).unwrap_err();
    let line = refused.to_string();
    assert!(line.contains(&format!("(process {})", std::process::id())), "{line}");
    assert!(!line.contains('\n'));
    let path = folder.path().to_owned();
    drop(folder);
    assert!(!path.exists(), "a temporary folder goes with its last holder");
}

#[tokio::test]
async fn only_the_owner_can_read_what_is_secret() {
    let house = shared().await;
    let folder = house.folder.path();
    for file in ["secrets", "postgres.log", "nats.log"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(&folder.join("nats/nats.conf")), 0o600);
    assert_eq!(mode(&folder.join("nats")), 0o700);
    assert_eq!(mode(&folder.join("postgres")), 0o700);
    assert!(!folder.join("postgres/password").exists());
}

#[test]
fn a_secret_is_made_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets");
    let secrets = Secrets::open(&path).unwrap();
    let first = secrets.secret("vault/scoring").unwrap();
    assert_ne!(first, secrets.secret("vault/panels").unwrap());
    let again = Secrets::open(&path).unwrap();
    assert_eq!(again.secret("vault/scoring").unwrap(), first);

    std::fs::write(&path, "garbage").unwrap();
    let refused = Secrets::open(&path).unwrap_err().to_string();
    assert!(refused.contains("restore it from a backup"), "{refused}");
}

#[tokio::test]
async fn root_is_told_when_postgresqls_user_cannot_enter() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let closed = folder_with_mode(0o700);
    let folder = DataFolder::open(closed.path().join("data")).unwrap();
    let refused = Servers::start(&folder).await.unwrap_err();
    let closed = closed.path().canonicalize().unwrap();
    let line = refused.to_string();
    assert!(line.contains(&format!("chmod o+x {}", closed.display())), "{line}");
}

/// An upgrade of the machine must not end in a cluster that its server can't read.
#[tokio::test]
async fn data_of_another_postgresql_is_refused_by_name() {
    let folder = DataFolder::temporary().unwrap();
    let data = folder.path().join("postgres/data");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("PG_VERSION"), "9\n").unwrap();
    let refused = Servers::start(&folder).await.unwrap_err();
    let line = refused.to_string();
    assert!(line.ends_with("install PostgreSQL 9"), "{line}");
}
