//! How a file arrives: announced, part by part, completed.

use jiff::Timestamp;
use plaudit_chassis::http::{MOST_FILE, MOST_PART};
use plaudit_chassis::id::{PitchId, derive};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Ask, Problem};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::table::{MOST_EVER, Part, place, place_of_about, query};
use super::{About, Attachment, AttachmentError, Attachments, Kind};

/// The fewest bytes of a part that isn't the last.
pub const LEAST_PART: usize = 64 << 10;
/// The most characters of a name.
const MOST_NAME: usize = 200;

/// Announcements for one pitch are counted one by one.
const ONE_BY_ONE: &str = "select pg_advisory_xact_lock(hashtextextended($1, 0))";

const COUNT: &str = "select count(*) filter (where not removed), count(*), \
     count(*) filter (where id = $2) from attachments where pitch = $1";

const ADD: &str = "insert into attachments (id, programme, pitch, started_ms, size, about) \
     values ($1, $2, $3, $4, $5, $6)";

impl Attachments {
    /// A file is to come; the same one if the same command announces it again.
    /// `most`: how many the rules take.
    pub async fn announce(
        &self,
        pitch: PitchId,
        name: &str,
        size: u64,
        sha256: Option<String>,
        most: u32,
        ask: &Ask,
    ) -> Result<Attachment, Problem> {
        let id = derive("attachment", &[ask.command.as_bytes()]);
        let about = announced(name, size, sha256)?;
        let about = serde_json::to_vec(&about).map_err(Problem::internal)?;
        let about = self.store.vault().lock(&pitch.into(), &place_of_about(id), &about).await?;
        let mut client = self.store.pool().get().await.map_err(StoreError::from)?;
        let transaction = client.transaction().await.map_err(StoreError::from)?;
        transaction.execute(ONE_BY_ONE, &[&pitch.0.to_string()]).await.map_err(StoreError::from)?;
        let count = transaction.query_one(COUNT, &[&pitch.0, &id]).await.map_err(StoreError::from)?;
        let [now, ever, same] = [0, 1, 2].map(|column| count.get::<_, i64>(column));
        if same == 0 {
            match most {
                0 => return Err(AttachmentError::NoneTaken.into()),
                most if now >= i64::from(most) => return Err(AttachmentError::TooMany(most).into()),
                _ if ever >= MOST_EVER => return Err(AttachmentError::TooManyEver.into()),
                _ => {}
            }
            let (started_ms, size) = (ask.received_at.as_millisecond(), size as i64);
            let added = transaction
                .execute(ADD, &[&id, &self.programme.0, &pitch.0, &started_ms, &size, &about])
                .await;
            added.map_err(StoreError::from)?;
        }
        transaction.commit().await.map_err(StoreError::from)?;
        drop(client);
        self.need(pitch, id).await
    }

    /// A part has arrived: the next one, or one again whose answer got lost.
    pub async fn append(&self, of: &Attachment, offset: u64, bytes: &[u8]) -> Result<Attachment, Problem> {
        let end = offset.saturating_add(bytes.len() as u64);
        if end > of.size {
            return Err(AttachmentError::TooLong(of.size).into());
        }
        if offset < of.received && end <= of.received && self.has(of.id, offset, bytes.len()).await? {
            return Ok(of.clone());
        }
        if of.complete {
            return Err(AttachmentError::Complete.into());
        }
        if offset != of.received {
            return Err(AttachmentError::Offset(of.received).into());
        }
        if bytes.len() < LEAST_PART && end < of.size {
            return Err(AttachmentError::PartTooSmall.into());
        }
        let part = Part { start: offset, object: Uuid::new_v4() };
        let locked = self.store.vault().lock(&of.pitch.into(), &place(of.id, &part), bytes).await?;
        let at = super::objects::of_attachment(self.programme, of.pitch, of.id).join(part.object.to_string());
        self.objects.put(&at, locked).await?;
        let sql = "with moved as (update attachments set received = received + $3 \
             where id = $1 and received = $2 and not complete and not removed returning id) \
             insert into attachment_parts (attachment, start, length, object) \
             select id, $2, $3, $4 from moved returning start";
        let moved =
            query(&self.store, sql, &[&of.id, &(offset as i64), &(bytes.len() as i64), &part.object]).await?;
        let now = self.need(of.pitch, of.id).await?;
        if moved.is_empty() {
            // The same part came twice at once: the other one counts.
            self.objects.clear(&at).await?;
            return Err(AttachmentError::Offset(now.received).into());
        }
        Ok(now)
    }

    async fn has(&self, id: Uuid, start: u64, length: usize) -> Result<bool, Problem> {
        let sql = "select from attachment_parts where attachment = $1 and start = $2 and length = $3";
        let found = query(&self.store, sql, &[&id, &(start as i64), &(length as i64)]).await?;
        Ok(!found.is_empty())
    }

    /// A whole file at once; nothing is sent twice where some has arrived.
    pub async fn append_all(&self, of: Attachment, bytes: &[u8]) -> Result<Attachment, Problem> {
        let mut now = of;
        while now.received < bytes.len() as u64 && !now.complete {
            let rest = &bytes[now.received as usize..];
            let part = &rest[..rest.len().min(MOST_PART)];
            now = self.append(&now, now.received, part).await?;
        }
        Ok(now)
    }

    /// Everything has arrived, at this instant: looks what it is, and refuses
    /// what isn't taken, which is then taken off.
    pub async fn complete(&self, of: &Attachment, at: Timestamp) -> Result<Attachment, Problem> {
        if of.complete {
            return Ok(of.clone());
        }
        if of.received != of.size {
            return Err(AttachmentError::Unfinished(of.received, of.size).into());
        }
        match self.look(of).await? {
            Ok(about) => {
                let about = serde_json::to_vec(&about).map_err(Problem::internal)?;
                let about = self.store.vault().lock(&of.pitch.into(), &place_of_about(of.id), &about).await?;
                let sql = "update attachments set complete = true, about = $2, completed_ms = $3 \
                     where id = $1 and not complete and not removed returning id";
                query(&self.store, sql, &[&of.id, &about, &at.as_millisecond()]).await?;
                self.need(of.pitch, of.id).await
            }
            Err(refusal) => {
                self.remove(of.pitch, of.id).await?;
                Err(refusal.into())
            }
        }
    }

    async fn look(&self, of: &Attachment) -> Result<Result<About, AttachmentError>, Problem> {
        let mut whole = Vec::with_capacity(of.size as usize);
        for part in self.parts(of.id).await? {
            whole.extend(self.open(of, &part).await?);
        }
        let about = of.about.clone();
        // Many bytes take a while: others are not to wait for it.
        tokio::task::spawn_blocking(move || looked_at(&about, &whole)).await.map_err(Problem::internal)
    }
}

fn looked_at(about: &About, whole: &[u8]) -> Result<About, AttachmentError> {
    let digest: String = Sha256::digest(whole).iter().map(|byte| format!("{byte:02x}")).collect();
    if about.sha256.as_ref().is_some_and(|announced| *announced != digest) {
        return Err(AttachmentError::OtherFile);
    }
    let kind = Kind::of(whole).ok_or(AttachmentError::NotTaken)?;
    Ok(About { name: kind.named(&about.name), kind: Some(kind), sha256: Some(digest) })
}

/// What was announced, if it makes sense.
fn announced(name: &str, size: u64, sha256: Option<String>) -> Result<About, AttachmentError> {
    let name = name.trim();
    let fits = (1..=MOST_NAME).contains(&name.chars().count());
    if !fits || name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\')) {
        return Err(AttachmentError::Name);
    }
    if !(1..=MOST_FILE as u64).contains(&size) {
        return Err(AttachmentError::Size);
    }
    let digits = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if sha256.as_ref().is_some_and(|text| !digits(text)) {
        return Err(AttachmentError::Digest);
    }
    let sha256 = sha256.map(|text| text.to_ascii_lowercase());
    Ok(About { name: name.to_owned(), kind: None, sha256 })
}
