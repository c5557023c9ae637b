//! Where the bytes of files lie: a folder, or a bucket. Every object is written
//! once, under a name of its own.

use std::path::Path as Folder;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt};
use plaudit_chassis::Problem;
use plaudit_chassis::id::{PitchId, ProgrammeId};
use uuid::Uuid;

use super::bucket::{self, Bucket};

/// Cheap to clone.
#[derive(Clone)]
pub struct Objects(Arc<dyn ObjectStore>);

/// Why the place for files can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    #[error("the folder for attachments can't be made: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the place for attachments can't be used: {0}")]
    Store(#[from] Error),
    #[error("the bucket's endpoint must be https://host or http://host, without a path: {0}")]
    Endpoint(String),
}

impl Objects {
    /// In a folder, which is made if it isn't there.
    pub fn in_folder(folder: &Folder) -> Result<Self, ObjectsError> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self(Arc::new(store)))
    }

    /// In a bucket, which is there already.
    pub fn in_bucket(bucket: Bucket) -> Result<Self, ObjectsError> {
        Ok(Self(Arc::new(bucket::open(bucket)?)))
    }

    /// Writes, reads, lists and deletes something, so that whoever starts an
    /// installation hears what is wrong, and not the first who sends a file.
    pub async fn try_out(&self) -> Result<(), ObjectsError> {
        let below = Path::from_iter(["tried", &Uuid::new_v4().to_string()]);
        let at = below.clone().join("out");
        self.0.put(&at, Bytes::from_static(b"Plaudit was here").into()).await?;
        self.0.get(&at).await?.bytes().await?;
        Ok(self.delete(&below).await?)
    }

    /// Nowhere: for a process that serves no files.
    pub fn nowhere() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Writes an object; it is there, also after a crash, when this returns.
    pub async fn put(&self, at: &Path, bytes: Vec<u8>) -> Result<(), Problem> {
        self.0.put(at, bytes.into()).await.map(drop).map_err(unreachable)
    }

    /// Reads an object.
    pub async fn get(&self, at: &Path) -> Result<Bytes, Problem> {
        self.0.get(at).await.map_err(unreachable)?.bytes().await.map_err(unreachable)
    }

    /// Deletes all that lies below; nothing is wrong if nothing does.
    pub async fn clear(&self, below: &Path) -> Result<(), Problem> {
        self.delete(below).await.map_err(unreachable)
    }

    async fn delete(&self, below: &Path) -> Result<(), Error> {
        let found: Vec<_> = self.0.list(Some(below)).map_ok(|object| object.location).try_collect().await?;
        let mut deleted = self.0.delete_stream(stream::iter(found).map(Ok).boxed());
        while let Some(one) = deleted.next().await {
            match one {
                Ok(_) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Where all objects of a pitch lie.
pub fn of_pitch(programme: ProgrammeId, pitch: PitchId) -> Path {
    Path::from_iter([programme.0.to_string(), pitch.0.to_string()])
}

/// Where those of an attachment do.
pub fn of_attachment(programme: ProgrammeId, pitch: PitchId, attachment: Uuid) -> Path {
    of_pitch(programme, pitch).join(attachment.to_string())
}

fn unreachable(error: Error) -> Problem {
    tracing::error!(%error, "the place for attachments can't be used");
    Problem::unavailable(
        "files-unavailable",
        "Files can't be kept or read just now. Send the same request again with the same Idempotency-Key.",
    )
}
