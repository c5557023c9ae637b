//! Where submissions keeps the files that come with pitches.

use std::path::Path;

use plaudit_submissions::{Bucket, Objects};

use crate::Failure;

/// Names the folder for files, of a service by itself.
const FOLDER: &str = "PLAUDIT_SUBMISSIONS_FOLDER";

/// What names the bucket and says how to use it begins so.
pub const S3: &str = "PLAUDIT_S3_";

/// In the bucket that the environment names; without one, in this folder.
pub async fn objects(folder: &Path) -> Result<Objects, Failure> {
    match bucket(&|name| std::env::var(name).ok())? {
        None => Ok(Objects::in_folder(folder)?),
        Some(bucket) => {
            let name = bucket.name.clone();
            let wrong = |error| {
                format!(
                    "files can't be kept in the bucket {name}: {error}. Check {S3}BUCKET, {S3}ENDPOINT, \
                     {S3}REGION, {S3}KEY_ID and {S3}SECRET, and that this key may put, get, list and delete \
                     there; or unset {S3}BUCKET to keep them in a folder"
                )
            };
            let objects = Objects::in_bucket(bucket).map_err(wrong)?;
            objects.try_out().await.map_err(wrong)?;
            Ok(objects)
        }
    }
}

/// The same for a service by itself, whose folder PLAUDIT_SUBMISSIONS_FOLDER
/// names.
pub async fn objects_apart() -> Result<Objects, Failure> {
    let folder = std::env::var_os(FOLDER);
    if folder.is_none() && std::env::var_os(format!("{S3}BUCKET")).is_none() {
        return Err(format!("set {FOLDER} to a folder for files, or {S3}BUCKET to a bucket").into());
    }
    objects(Path::new(&folder.unwrap_or_default())).await
}

fn bucket(told: &dyn Fn(&str) -> Option<String>) -> Result<Option<Bucket>, Failure> {
    let told = |what: &str| told(&format!("{S3}{what}"));
    let Some(name) = told("BUCKET") else { return Ok(None) };
    let need = |what: &str, which: &str| {
        told(what).ok_or_else(|| Failure::from(format!("{S3}BUCKET is set: set {S3}{what} too, to {which}")))
    };
    Ok(Some(Bucket {
        name,
        endpoint: told("ENDPOINT"),
        region: need("REGION", "where the bucket is, such as eu-west-2")?,
        key_id: need("KEY_ID", "the id of the key that may use it")?,
        secret: need("SECRET", "the secret of that key")?,
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::bucket;

    const TOLD: [&str; 4] = ["BUCKET", "REGION", "KEY_ID", "SECRET"];

    #[test]
    fn a_bucket_is_told_in_full_or_not_at_all() {
        let without = |missing: &str| {
            bucket(&|name| {
                TOLD.into_iter().find(|what| name.ends_with(what) && *what != missing).map(Into::into)
            })
        };
        assert!(without("BUCKET").unwrap().is_none());
        assert_eq!(without("").unwrap().unwrap().secret, "SECRET");
        for missing in &TOLD[1..] {
            let wrong = without(missing).err().unwrap().to_string();
            assert!(wrong.contains(&format!("set PLAUDIT_S3_{missing} too")), "{wrong}");
        }
    }
}
