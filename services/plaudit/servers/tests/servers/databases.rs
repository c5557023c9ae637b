//! Roles, databases and settings of PostgreSQL.

use plaudit_servers::{Error, SERVICES, Secrets, provision};
use url::Url;

use super::{shared, sql};

#[tokio::test]
async fn what_was_acknowledged_is_kept_by_the_settings() {
    let house = shared().await;
    let admin = sql(&house.servers.postgres_admin_url).await.unwrap();
    for (setting, expected) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("password_encryption", "scram-sha-256"),
        ("server_encoding", "UTF8"),
        ("max_connections", "300"),
    ] {
        let row = admin.query_one(&format!("SHOW {setting}"), &[]).await;
        assert_eq!(row.unwrap().get::<_, String>(0), expected, "{setting}");
    }
}

#[tokio::test]
async fn a_role_enters_no_database_but_its_own() {
    let house = shared().await;
    let servers = &house.servers;
    for own in [servers.database_url("scoring").unwrap(), servers.keys_url("scoring").unwrap()] {
        let client = sql(own).await.unwrap();
        client.batch_execute("CREATE TABLE IF NOT EXISTS mine (id int)").await.unwrap();
    }
    let mut foreign = vec!["postgres".to_owned(), "template1".to_owned()];
    for other in SERVICES.iter().filter(|service| **service != "scoring") {
        foreign.push(format!("plaudit_{other}"));
        foreign.push(format!("plaudit_{other}_keys"));
    }
    for database in foreign {
        let mut url = Url::parse(servers.database_url("scoring").unwrap()).unwrap();
        url.set_path(&database);
        let refused = sql(url.as_str()).await.err().unwrap();
        let code = refused.code().map(|code| code.code().to_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{database}: {refused}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_even_on_this_machine() {
    let house = shared().await;
    let mut url = Url::parse(house.servers.database_url("panels").unwrap()).unwrap();
    url.set_password(Some("wrong")).unwrap();
    assert!(sql(url.as_str()).await.is_err());
    url.set_password(None).unwrap();
    assert!(sql(url.as_str()).await.is_err());
}

#[tokio::test]
async fn provisioning_again_changes_nothing_but_passwords() {
    let house = shared().await;
    let admin_url = &house.servers.postgres_admin_url;
    let before = provision(admin_url, &["extra"], house.folder.secrets()).await;
    let before = before.unwrap().remove(0);
    let client = sql(&before.url).await.unwrap();
    client.batch_execute("CREATE TABLE kept (id int)").await.unwrap();

    let again = provision(admin_url, &["extra"], house.folder.secrets()).await;
    assert_eq!(again.unwrap(), std::slice::from_ref(&before));
    let other_secrets = Secrets::open(&house.folder.path().join("others")).unwrap();
    let changed = provision(admin_url, &["extra"], &other_secrets).await;
    let changed = changed.unwrap().remove(0);
    assert!(sql(&before.url).await.is_err(), "the old password is gone");
    let client = sql(&changed.url).await.unwrap();
    client.query("TABLE kept", &[]).await.unwrap();
}

#[tokio::test]
async fn two_provisionings_at_once_both_succeed() {
    let house = shared().await;
    let admin_url = &house.servers.postgres_admin_url;
    let one = || provision(admin_url, &["twice"], house.folder.secrets());
    let (left, right) = tokio::try_join!(one(), one()).unwrap();
    assert_eq!(left, right);
}

/// At a hosting company nobody is a superuser.
#[tokio::test]
async fn an_administrator_without_superuser_can_provision() {
    let house = shared().await;
    let admin = sql(&house.servers.postgres_admin_url).await.unwrap();
    admin
        .batch_execute(
            "CREATE ROLE hosted LOGIN CREATEDB CREATEROLE PASSWORD 'pw';
             GRANT CONNECT ON DATABASE postgres TO hosted",
        )
        .await
        .unwrap();
    let mut url = Url::parse(&house.servers.postgres_admin_url).unwrap();
    url.set_username("hosted").unwrap();
    url.set_password(Some("pw")).unwrap();
    for _ in 0..2 {
        let made = provision(url.as_str(), &["hosted"], house.folder.secrets()).await;
        sql(&made.unwrap()[0].keys_url).await.unwrap();
    }
}

#[tokio::test]
async fn a_service_nobody_knows_is_an_error() {
    let house = shared().await;
    let refused = house.servers.database_url("scroing").unwrap_err();
    assert!(matches!(refused, Error::UnknownService(_)));
}
